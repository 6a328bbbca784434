/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sections become objects, kind by kind: what is named before what names it.
 */
#include "config/build.h"

#include <string.h>

#include "base/mem.h"
#include "config/value.h"
#include "wire/header.h"

/* 1, 2 and 4 seconds: the next destination has its turn after seven. */
#define LNS_SETUP_RETRIES 2

void build_standards(struct builder *b, enum config_section target, void *object)
{
	config_key_for_each (key) {
		if (key->target == target && key->standard)
			build_standard(b, key, object);
	}
}

/* While a caller waits for his call to be placed, his own patience is some thirty seconds. */
static void build_lns(struct builder *b, const struct section *global)
{
	struct peer *lns = build_peer_new(b, "destination");

	b->config->lns = lns;
	if (!lns)
		return;
	/* What RADIUS says of a tunnel has no section behind it: it goes over this. */
	lns->local_name = build_system_name(b);
	if (!section_given(global, "setup_retries"))
		lns->transport.setup_retries = LNS_SETUP_RETRIES;
}

static void build_global(struct builder *b)
{
	const struct section *global = b->parsed->global;
	void *objects[SECTION_MAX] = {
		[SECTION_GLOBAL] = b->config,
		[SECTION_PEER] = b->config->defaults,
	};

	b->section = global;
	build_standards(b, SECTION_GLOBAL, b->config);
	build_standards(b, SECTION_STEERING, &b->config->lac);
	build_standards(b, SECTION_SWITCH, &b->config->lac.relay);
	build_values(b, global, objects);
	if (!b->config->radius.nas_identifier)
		b->config->radius.nas_identifier = build_system_name(b);
	check_retry(b, NULL, global, b->config->defaults);
	build_lns(b, global);
}

static void build_listen(struct builder *b, const struct section *section)
{
	struct config_listen *listen = room_for(b->faults, sizeof(*listen));
	void *objects[SECTION_MAX] = {[SECTION_LISTEN] = listen};

	if (!listen)
		return;
	listen->addr = (struct addr){.family = ADDR_IPV4, .port = L2TP_PORT};
	list_append(&b->config->listens, &listen->node);
	build_values(b, section, objects);
}

static void build_ppp(struct builder *b, const struct section *section)
{
	struct ppp_profile *profile = ppp_profile_new(section->title);
	void *objects[SECTION_MAX] = {[SECTION_PPP] = profile};

	if (!profile) {
		b->faults->no_memory = true;
		return;
	}
	list_append(&b->config->ppps, &profile->node);
	build_values(b, section, objects);
}

struct peer *build_peer_new(struct builder *b, const char *name)
{
	struct peer *peer = peer_new_like(name, b->config->defaults);

	if (!peer)
		b->faults->no_memory = true;
	return peer;
}

static void build_peer_section(struct builder *b, const struct section *section)
{
	struct peer *peer = build_peer_new(b, section->title);

	if (!peer)
		return;
	list_append(&b->config->peers, &peer->node);
	build_peer(b, NULL, section, peer);
}

static struct peer *find_peer(const struct config *config, const char *name)
{
	struct peer *peer;

	list_for_each (peer, &config->peers, node) {
		if (strcmp(peer->name, name) == 0)
			return peer;
	}
	return NULL;
}

static bool has_keys_of_peer(const struct section *section)
{
	const struct given *given;

	list_for_each (given, &section->given, node) {
		if (given->key->target == SECTION_PEER)
			return true;
	}
	return false;
}

/* The section of the peer that it names, or NULL. */
static const struct section *base_of(const struct builder *b, const struct section *section)
{
	const struct given *given = section_given(section, "peer");

	return given ? parsed_find(b->parsed, SECTION_PEER, given->values[0].text) : NULL;
}

struct peer *build_peer_from(struct builder *b, const struct section *section,
			     const struct peer *start)
{
	const struct given *given = section_given(section, "peer");
	const struct section *base = base_of(b, section);
	struct peer *peer = peer_new_like(base ? base->title : section->title, start);

	if (!peer) {
		b->faults->no_memory = true;
		return NULL;
	}
	/* A peer that is not there was complained about; with it the rest might be right. */
	b->faults->muted = given && !base;
	build_peer(b, base, section, peer);
	b->faults->muted = false;
	return peer;
}

/* The peer that the section names, if it changes nothing about it; else one of its own. */
static struct peer *tunnel_peer(struct builder *b, const struct section *section)
{
	const struct section *base = base_of(b, section);
	struct peer *peer = NULL;

	if (base && !has_keys_of_peer(section))
		peer = find_peer(b->config, base->title);
	return peer ? peer_ref(peer) : build_peer_from(b, section, b->config->defaults);
}

static void build_tunnel(struct builder *b, const struct section *section)
{
	struct config_tunnel *tunnel = room_for(b->faults, sizeof(*tunnel));
	void *objects[SECTION_MAX] = {[SECTION_TUNNEL] = tunnel};

	if (!tunnel)
		return;
	tunnel->name = text_dup(b->faults, section->title);
	list_append(&b->config->tunnels, &tunnel->node);
	build_values(b, section, objects);
	tunnel->peer = tunnel_peer(b, section);
}

static void build_session(struct builder *b, const struct section *section)
{
	struct config_session *session = room_for(b->faults, sizeof(*session));
	void *objects[SECTION_MAX] = {[SECTION_SESSION] = session};

	if (!session)
		return;
	session->name = text_dup(b->faults, section->title);
	list_append(&b->config->sessions, &session->node);
	build_values(b, section, objects);
}

/* The first of its kind. */
static const struct section *first_of(const struct parsed *parsed, enum config_section kind)
{
	const struct section *section;

	list_for_each (section, &parsed->sections, node) {
		if (section->kind == kind)
			return section;
	}
	return NULL;
}

static bool title_fits(struct builder *b, const struct section *section)
{
	const struct section *first;

	if (config_sections[section->kind].single) {
		first = first_of(b->parsed, section->kind);
		if (first != section)
			build_section_fault(b, section, "there is one already, at %s:%u",
					    first->place.source->name, first->place.line);
		return first == section;
	}
	if (!config_sections[section->kind].titled)
		return true;
	if (value_title(section->title, L2TP_NAME_MAX - 1) < 0) {
		build_section_fault(b, section,
				    "a name has 1 to %d letters, digits, dots, - and _, and "
				    "nothing else",
				    L2TP_NAME_MAX - 1);
		return false;
	}
	first = parsed_find(b->parsed, section->kind, section->title);
	if (first != section) {
		build_section_fault(b, section, "there is one of this name already, at %s:%u",
				    first->place.source->name, first->place.line);
		return false;
	}
	return true;
}

void build_config(const struct parsed *parsed, struct faults *faults, struct config *config)
{
	static void (*const build[SECTION_MAX])(struct builder *, const struct section *) = {
		[SECTION_LISTEN] = build_listen,
		[SECTION_PPP] = build_ppp,
		[SECTION_PEER] = build_peer_section,
		[SECTION_TUNNEL] = build_tunnel,
		[SECTION_SESSION] = build_session,
		[SECTION_RADIUS] = build_radius,
		[SECTION_DESTINATION] = build_destination,
		[SECTION_DOMAIN] = build_domain,
		[SECTION_PPPOE] = build_pppoe,
		[SECTION_STEERING] = build_steering,
		[SECTION_SWITCH] = build_switch,
	};
	struct builder b = {.config = config, .parsed = parsed, .faults = faults};
	const struct section *section;

	build_global(&b);
	for (enum config_section kind = SECTION_GLOBAL + 1; kind < SECTION_MAX; kind++) {
		list_for_each (section, &parsed->sections, node) {
			if (faults->no_memory)
				return;
			if (section->kind == kind && title_fits(&b, section))
				build[kind](&b, section);
		}
	}
	check_config(&b);
}
