/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether objects go together that are right one by one.
 *
 * It looks at sections rather than at objects where the place of a fault matters: the n-th listen
 * section is the n-th of the list, and named objects are found by name.
 */
#include <string.h>

#include "config/build.h"

static const struct section *next_section(const struct parsed *parsed, enum config_section kind,
					  const struct section *last)
{
	const struct list *node = last ? last->node.next : parsed->sections.next;

	for (; node != &parsed->sections; node = node->next) {
		const struct section *section = list_entry(node, struct section, node);

		if (section->kind == kind)
			return section;
	}
	return NULL;
}

/* Bound to different devices, or to different addresses neither of which is any. */
static bool listens_overlap(const struct config_listen *a, const struct config_listen *b)
{
	if (!a->device != !b->device || (a->device && strcmp(a->device, b->device) != 0))
		return false;
	if (a->addr.family != b->addr.family || a->addr.port != b->addr.port)
		return false;
	return addr_same_host(&a->addr, &b->addr) || addr_is_any(&a->addr) || addr_is_any(&b->addr);
}

static void check_listens(struct builder *b)
{
	const struct section *section = NULL;
	const struct config_listen *listen, *other;
	char text[ADDR_TEXT_MAX];

	list_for_each (listen, &b->config->listens, node) {
		const struct section *first = NULL;

		section = next_section(b->parsed, SECTION_LISTEN, section);
		list_for_each (other, &b->config->listens, node) {
			if (other == listen)
				break;
			first = next_section(b->parsed, SECTION_LISTEN, first);
			if (!listens_overlap(listen, other))
				continue;
			build_section_fault(b, section, "%s is listened on already, at %s:%u",
					    addr_format(&listen->addr, text),
					    first->place.source->name, first->place.line);
			break;
		}
	}
}

static void object_fault(struct builder *b, enum config_section kind, const char *name,
			 const char *key, const char *text)
{
	const struct given *given;

	b->section = parsed_find(b->parsed, kind, name);
	given = section_given(b->section, key);
	if (given)
		build_fault(b, given, &given->values[0], "%s", text);
}

static void check_tunnels(struct builder *b)
{
	const struct config_tunnel *tunnel, *other;
	struct addr remote;

	list_for_each (tunnel, &b->config->tunnels, node) {
		if (tunnel->remote && addr_parse(tunnel->remote, &remote) == 0 &&
		    tunnel->local.family != ADDR_NONE && tunnel->local.family != remote.family)
			object_fault(b, SECTION_TUNNEL, tunnel->name, "local",
				     "remote is of the other kind of addresses, IPv4 or IPv6");
		list_for_each (other, &b->config->tunnels, node) {
			if (other == tunnel)
				break;
			if (tunnel->tunnel_id && tunnel->tunnel_id == other->tunnel_id)
				object_fault(b, SECTION_TUNNEL, tunnel->name, "tunnel_id",
					     "another tunnel has it");
		}
	}
}

/* What is wrong with one that the peer is asked for, and at which of its keys; NULL for nothing. */
static const char *outgoing_fault(const struct config_session *session, const char **ret_key)
{
	*ret_key = "type";
	if (!session->called_number)
		return "an outgoing call needs a called_number";
	*ret_key = session->tx_connect_speed ? "tx_connect_speed" : "rx_connect_speed";
	if (session->tx_connect_speed || session->rx_connect_speed)
		return "the peer tells the speed of an outgoing call";
	*ret_key = "private_group";
	if (session->private_group)
		return "is a LAC's to tell";
	*ret_key = "minimum_bps";
	if (session->maximum_bps && session->minimum_bps > session->maximum_bps)
		return "is more than maximum_bps";
	return NULL;
}

static const char *incoming_fault(const struct config_session *session, const char **ret_key)
{
	*ret_key = session->minimum_bps ? "minimum_bps" : "maximum_bps";
	return session->minimum_bps || session->maximum_bps ? "is of outgoing calls" : NULL;
}

static void check_sessions(struct builder *b)
{
	const struct config_session *session;
	const char *key, *why;

	list_for_each (session, &b->config->sessions, node) {
		why = session->type == CONFIG_CALL_OUTGOING ? outgoing_fault(session, &key)
							    : incoming_fault(session, &key);
		if (why)
			object_fault(b, SECTION_SESSION, session->name, key, why);
	}
}

void check_config(struct builder *b)
{
	if (b->faults->no_memory)
		return;
	check_listens(b);
	check_tunnels(b);
	check_sessions(b);
}
