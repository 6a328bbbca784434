/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels of an Access-Accept: RFC 2868 section 3, with what ERX attributes add.
 *
 * Attributes of one tag are one tunnel; what has no tag holds for those that leave it out, and is
 * a tunnel itself when there is no other. Nothing is guessed or clamped: an answer that does not
 * say where to, or says what cannot be, is refused with the attribute's name. So is one that says
 * the same thing twice, for which of the two was meant?
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "aaa/private.h"
#include "base/mem.h"
#include "base/text.h"

/* RFC 2868 3.1 and 3.2. */
#define TYPE_L2TP 3
#define MEDIUM_IPV4 1
#define MEDIUM_IPV6 2

enum part {
	PART_TYPE,
	PART_MEDIUM,
	PART_CLIENT,
	PART_SERVER,
	PART_PASSWORD,
	PART_GROUP,
	PART_ASSIGNMENT,
	PART_PREFERENCE,
	PART_CLIENT_AUTH,
	PART_SERVER_AUTH,
	PART_VIRTUAL_ROUTER,
	PART_TOS,
	PART_MAX_SESSIONS,
	PART_WINDOW,
	PART_MAX,
};

static const struct {
	enum radius_attr attr;
	enum part part;
	bool is_tunnel; /* there is a tunnel when it is there */
} parts[] = {
	{ATTR_TUNNEL_TYPE, PART_TYPE, true},
	{ATTR_TUNNEL_MEDIUM_TYPE, PART_MEDIUM, true},
	{ATTR_TUNNEL_CLIENT_ENDPOINT, PART_CLIENT, true},
	{ATTR_TUNNEL_SERVER_ENDPOINT, PART_SERVER, true},
	{ATTR_TUNNEL_PASSWORD, PART_PASSWORD, true},
	{ATTR_TUNNEL_PRIVATE_GROUP_ID, PART_GROUP, true},
	{ATTR_TUNNEL_ASSIGNMENT_ID, PART_ASSIGNMENT, true},
	{ATTR_TUNNEL_PREFERENCE, PART_PREFERENCE, true},
	{ATTR_TUNNEL_CLIENT_AUTH_ID, PART_CLIENT_AUTH, true},
	{ATTR_TUNNEL_SERVER_AUTH_ID, PART_SERVER_AUTH, true},
	{ATTR_ERX_TUNNEL_VIRTUAL_ROUTER, PART_VIRTUAL_ROUTER, true},
	{ATTR_ERX_TUNNEL_PASSWORD, PART_PASSWORD, true},
	{ATTR_ERX_TUNNEL_TOS, PART_TOS, false},
	{ATTR_ERX_TUNNEL_MAX_SESSIONS, PART_MAX_SESSIONS, false},
	{ATTR_ERX_RECEIVE_WINDOW, PART_WINDOW, false},
};

#define N_PARTS (sizeof(parts) / sizeof(parts[0]))

struct draft {
	bool is_tunnel;
	uint32_t seen; /* bits of enum part */
	struct {
		enum radius_attr attr;
		struct bytes text;
		uint32_t number;
	} parts[PART_MAX];
};

struct drafts {
	struct draft tags[RADIUS_TAG_MAX + 1];
	struct bytes secret;
	const uint8_t *request;
	const struct peer *base;
	char *why;
	size_t size;
};

__attribute__((format(printf, 4, 5))) static int refuse(struct drafts *d, enum radius_attr attr,
							unsigned int tag, const char *format, ...)
{
	int len = snprintf(d->why, d->size, "%s", radius_rows[attr].name);
	va_list args;

	if (tag)
		len += snprintf(d->why + len, d->size - (size_t)len, " of tag %u", tag);
	len += snprintf(d->why + len, d->size - (size_t)len, ": ");
	va_start(args, format);
	vsnprintf(d->why + len, d->size - (size_t)len, format, args);
	va_end(args);
	return -EBADMSG;
}

static int take(struct drafts *d, const struct radius_value *value)
{
	struct draft *draft = &d->tags[value->tag];
	size_t i;

	for (i = 0; i < N_PARTS && parts[i].attr != value->attr; i++)
		;
	if (i == N_PARTS)
		return 0;
	if (draft->seen & 1u << parts[i].part)
		return refuse(d, value->attr, value->tag, "it is there twice");
	draft->seen |= 1u << parts[i].part;
	draft->is_tunnel |= parts[i].is_tunnel;
	draft->parts[parts[i].part].attr = value->attr;
	draft->parts[parts[i].part].text = value->value;
	draft->parts[parts[i].part].number = value->number;
	return 0;
}

/* Those without a tag are the defaults. */
static struct draft with_defaults(const struct drafts *d, unsigned int tag)
{
	struct draft draft = d->tags[tag];

	for (unsigned int part = 0; part < PART_MAX; part++) {
		if (!(draft.seen & 1u << part))
			draft.parts[part] = d->tags[0].parts[part];
	}
	draft.seen |= d->tags[0].seen;
	return draft;
}

static bool has(const struct draft *draft, enum part part)
{
	return draft->seen & 1u << part;
}

static int copy_text(struct bytes text, char **ret)
{
	*ret = text_new(text);
	return *ret ? 0 : -ENOMEM;
}

static int copy_part(const struct draft *draft, enum part part, char **ret)
{
	return has(draft, part) ? copy_text(draft->parts[part].text, ret) : 0;
}

static int check_kind(struct drafts *d, unsigned int tag, const struct draft *draft)
{
	uint32_t type = draft->parts[PART_TYPE].number;
	uint32_t medium = draft->parts[PART_MEDIUM].number;

	if (!has(draft, PART_TYPE))
		return refuse(d, ATTR_TUNNEL_TYPE, tag, "it is missing");
	if (type != TYPE_L2TP)
		return refuse(d, ATTR_TUNNEL_TYPE, tag, "%u is not L2TP (3)", type);
	if (has(draft, PART_MEDIUM) && medium != MEDIUM_IPV4 && medium != MEDIUM_IPV6)
		return refuse(d, ATTR_TUNNEL_MEDIUM_TYPE, tag, "%u is not IPv4 (1) or IPv6 (2)",
			      medium);
	if (!has(draft, PART_SERVER))
		return refuse(d, ATTR_TUNNEL_SERVER_ENDPOINT, tag, "it is missing");
	if (has(draft, PART_VIRTUAL_ROUTER))
		return refuse(d, ATTR_ERX_TUNNEL_VIRTUAL_ROUTER, tag,
			      "virtual routers are not supported");
	return 0;
}

static bool is_host_name(const char *name)
{
	for (; *name; name++) {
		if (!isalnum((unsigned char)*name) && !strchr("-._", *name))
			return false;
	}
	return true;
}

static bool fits_medium(const struct draft *draft, const struct addr *addr)
{
	enum addr_family family =
		draft->parts[PART_MEDIUM].number == MEDIUM_IPV6 ? ADDR_IPV6 : ADDR_IPV4;

	return !has(draft, PART_MEDIUM) || addr->family == ADDR_NONE || addr->family == family;
}

static int read_endpoints(struct drafts *d, unsigned int tag, const struct draft *draft,
			  struct steer_tunnel *tunnel)
{
	struct addr server = {0};
	char *text = NULL;
	int err;

	err = copy_part(draft, PART_SERVER, &tunnel->server);
	if (!err)
		err = copy_part(draft, PART_SERVER, &tunnel->name);
	if (!err)
		err = copy_part(draft, PART_CLIENT, &text);
	if (err)
		return err;
	if (addr_parse(tunnel->server, &server) && !is_host_name(tunnel->server))
		err = refuse(d, ATTR_TUNNEL_SERVER_ENDPOINT, tag, "neither address nor host name");
	else if (!fits_medium(draft, &server))
		err = refuse(d, ATTR_TUNNEL_SERVER_ENDPOINT, tag,
			     "it does not fit Tunnel-Medium-Type");
	else if (text && addr_parse(text, &tunnel->client))
		err = refuse(d, ATTR_TUNNEL_CLIENT_ENDPOINT, tag, "not an address");
	else if (!fits_medium(draft, &tunnel->client))
		err = refuse(d, ATTR_TUNNEL_CLIENT_ENDPOINT, tag,
			     "it does not fit Tunnel-Medium-Type");
	else if (text && server.family && server.family != tunnel->client.family)
		err = refuse(d, ATTR_TUNNEL_CLIENT_ENDPOINT, tag,
			     "it does not fit Tunnel-Server-Endpoint");
	mem_free(text);
	return err;
}

static int read_password(struct drafts *d, unsigned int tag, const struct draft *draft, char **ret)
{
	enum radius_attr attr = draft->parts[PART_PASSWORD].attr;
	struct bytes clear = draft->parts[PART_PASSWORD].text;
	uint8_t out[RADIUS_VALUE_MAX];
	int err = 0;

	if (!has(draft, PART_PASSWORD))
		return 0;
	if (radius_rows[attr].flags & RADIUS_SALTED &&
	    radius_unsalt(clear, d->secret, d->request, out, &clear))
		err = refuse(d, attr, tag, "it does not decrypt, perhaps the secrets differ");
	else if (!clear.len)
		err = refuse(d, attr, tag, "it is empty");
	else if (memchr(clear.data, 0, clear.len))
		err = refuse(d, attr, tag, "there is a NUL in it");
	else
		err = copy_text(clear, ret);
	explicit_bzero(out, sizeof(out));
	return err;
}

static int read_names(struct drafts *d, unsigned int tag, const struct draft *draft,
		      struct peer *peer)
{
	const struct peer *base = d->base;
	int err;

	err = copy_part(draft, PART_CLIENT_AUTH, &peer->local_name);
	if (!err && !peer->local_name && base && base->local_name)
		err = copy_text(bytes_str(base->local_name), &peer->local_name);
	if (!err)
		err = copy_part(draft, PART_SERVER_AUTH, &peer->host_name);
	if (!err)
		err = read_password(d, tag, draft, &peer->secret);
	if (!err && !peer->secret && base && base->secret)
		err = copy_text(bytes_str(base->secret), &peer->secret);
	if (err)
		return err;
	/* As the configuration has it for a peer that says nothing of it. */
	if (!peer->secret) {
		peer->challenge = CHALLENGE_NEVER;
		peer->hide = HIDE_NEVER;
	} else if (peer->challenge == CHALLENGE_NEVER) {
		peer->challenge = CHALLENGE_REQUIRE;
	}
	return 0;
}

static int read_numbers(struct drafts *d, unsigned int tag, const struct draft *draft,
			struct steer_tunnel *tunnel)
{
	uint32_t tos = draft->parts[PART_TOS].number;
	uint32_t window = draft->parts[PART_WINDOW].number;

	if (tos > UINT8_MAX)
		return refuse(d, ATTR_ERX_TUNNEL_TOS, tag, "%u is more than an octet", tos);
	if (has(draft, PART_WINDOW) && (window < 1 || window > TRANSPORT_WINDOW_MAX))
		return refuse(d, ATTR_ERX_RECEIVE_WINDOW, tag, "%u is not of 1 to %u", window,
			      TRANSPORT_WINDOW_MAX);
	if (has(draft, PART_TOS))
		tunnel->peer->dscp = (uint8_t)(tos >> 2);
	if (has(draft, PART_WINDOW))
		tunnel->peer->transport.window = (uint16_t)window;
	tunnel->preference = draft->parts[PART_PREFERENCE].number;
	tunnel->max_sessions_per_tunnel = draft->parts[PART_MAX_SESSIONS].number;
	return 0;
}

static int read_tunnel(struct drafts *d, unsigned int tag, struct steer_set *set)
{
	struct draft draft = with_defaults(d, tag);
	struct steer_tunnel *tunnel;
	int err;

	err = check_kind(d, tag, &draft);
	if (err)
		return err;
	tunnel = steer_set_add(set);
	if (!tunnel)
		return -ENOMEM;
	tunnel->tag = (uint8_t)tag;
	err = read_endpoints(d, tag, &draft, tunnel);
	if (err)
		return err;
	tunnel->peer = d->base ? peer_new_like(tunnel->server, d->base) : peer_new(tunnel->server);
	if (!tunnel->peer)
		return -ENOMEM;
	err = read_names(d, tag, &draft, tunnel->peer);
	if (!err)
		err = read_numbers(d, tag, &draft, tunnel);
	if (!err)
		err = copy_part(&draft, PART_GROUP, &tunnel->private_group);
	if (!err)
		err = copy_part(&draft, PART_ASSIGNMENT, &tunnel->assignment_id);
	return err;
}

static int check_levels(struct drafts *d, const struct steer_set *set)
{
	unsigned int levels = 0;

	for (size_t i = 0; i < set->n; i++) {
		size_t j = 0;

		while (set->tunnels[j].preference != set->tunnels[i].preference)
			j++;
		levels += i == j;
	}
	if (levels > STEER_LEVELS_MAX)
		return refuse(d, ATTR_TUNNEL_PREFERENCE, 0, "%u that differ, more than %u", levels,
			      STEER_LEVELS_MAX);
	return 0;
}

static int read_set(struct drafts *d, struct steer_set *set)
{
	unsigned int n = 0;
	int err = 0;

	for (unsigned int tag = 1; tag <= RADIUS_TAG_MAX && !err; tag++) {
		if (!d->tags[tag].is_tunnel)
			continue;
		err = read_tunnel(d, tag, set);
		n++;
	}
	if (!n)
		err = read_tunnel(d, 0, set);
	if (!err)
		err = check_levels(d, set);
	if (!err && steer_set_finish(set, d->why, d->size))
		err = -EBADMSG;
	return err;
}

int radius_read_tunnels(struct bytes attributes, struct bytes secret,
			const uint8_t request[static RADIUS_AUTHENTICATOR_LEN],
			/* NOLINTNEXTLINE(readability-non-const-parameter): d writes to it */
			const struct peer *base, char *why, size_t size, struct steer_set **ret)
{
	struct drafts d = {
		.secret = secret, .request = request, .base = base, .why = why, .size = size};
	struct radius_walk walk = radius_walk(attributes);
	struct radius_value value;
	struct steer_set *set = NULL;
	bool any = false;
	int err = 0;

	while (!err && radius_next(&walk, &value))
		err = take(&d, &value);
	for (unsigned int tag = 0; tag <= RADIUS_TAG_MAX; tag++)
		any |= d.tags[tag].is_tunnel;
	if (!err && any) {
		set = steer_set_new();
		err = set ? read_set(&d, set) : -ENOMEM;
	}
	if (err) {
		steer_set_unref(set);
		return err;
	}
	*ret = set;
	return 0;
}
