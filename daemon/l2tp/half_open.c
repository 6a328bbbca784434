/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Half-open tunnels: SCCRP is sent, and the peer has proven nothing, not even that it is where its
 * SCCRQ says (RFC 2661 9.1 names the danger and leaves the defence to us).
 *
 * There are never more than max_half_open of them, and one more takes the place of the oldest.
 * While somebody floods us with SCCRQs from addresses that are not his, a peer that is there
 * answers within a round trip and comes through; a table that stays full until its timeouts would
 * keep everybody out for as long as the flood lasts. A place is taken only from peer sections that
 * have at least as many as the newcomer's, so those whom a section fits because it fits everybody
 * are in each other's way, and not in the way of a LAC that has a section of its own. Likewise one
 * more of a source that has max_half_open_per_source takes the place of that source's oldest: whose
 * address it is, and who only writes it on his packets, nobody knows yet.
 */
#include "l2tp/private.h"

#include <string.h>

#include "wire/result.h"

int half_open_enter(struct l2tp_tunnel *t)
{
	struct l2tp_engine *engine = t->engine;
	int err = tally_take(&engine->half_open, engine_source_key(engine, &t->core.peer),
			     &t->half_open);

	if (err)
		return err;
	list_append(&engine->half_open_tunnels, &t->setup_node);
	engine->n_half_open++;
	t->usage->half_open++;
	return 0;
}

void half_open_leave(struct l2tp_tunnel *t)
{
	if (!t->half_open)
		return;
	tally_give(&t->engine->half_open, t->half_open);
	t->half_open = NULL;
	list_remove(&t->setup_node);
	t->engine->n_half_open--;
	t->usage->half_open--;
}

/* The oldest that has to go for one more of this peer's. */
static struct l2tp_tunnel *oldest_for_peer(struct l2tp_engine *engine, const struct peer *peer)
{
	unsigned int has = l2tp_engine_usage(engine, peer->name).half_open;
	struct l2tp_tunnel *t;

	list_for_each (t, &engine->half_open_tunnels, setup_node) {
		if (t->usage->half_open > has || strcmp(t->peer->name, peer->name) == 0)
			return t;
	}
	return NULL;
}

/* The oldest of a source that has as many as it may have, else NULL. */
static struct l2tp_tunnel *oldest_of_source(struct l2tp_engine *engine, const struct addr *source)
{
	unsigned int limit = engine->limits.max_half_open_per_source;
	const struct tally *tally =
		tally_find(&engine->half_open, engine_source_key(engine, source));
	struct l2tp_tunnel *t;

	if (!limit || !tally || tally->holders < limit)
		return NULL;
	list_for_each (t, &engine->half_open_tunnels, setup_node) {
		if (t->half_open == tally)
			return t;
	}
	return NULL;
}

void half_open_drop(struct l2tp_tunnel *t, const struct reason *reason, usec_t now)
{
	const struct control_header header = {
		.tunnel_id = t->core.tunnel_id,
		.ns = (uint16_t)(t->transport.nr - 1),
		.nr = t->transport.ns,
	};

	engine_reply_stopccn(t->engine, &t->core.local, &t->core.peer, &header,
			     t->core.peer_tunnel_id, reason);
	t->dropped = true;
	tunnel_lost(t, reason, now);
}

static void displace(struct l2tp_tunnel *t, const char *limit, unsigned int value, usec_t now)
{
	struct reason reason = reason_make(ORIGIN_LOCAL, STOPCCN_GENERAL_ERROR, ERROR_RESOURCES,
					   "%s %u reached, and others came after it", limit, value);

	half_open_drop(t, &reason, now);
}

void half_open_make_room(struct l2tp_engine *engine, const struct peer *peer,
			 const struct addr *source, usec_t now)
{
	const struct limits *limits = &engine->limits;
	struct l2tp_tunnel *t;

	while ((t = oldest_of_source(engine, source)))
		displace(t, "max_half_open_per_source", limits->max_half_open_per_source, now);
	while (engine->n_half_open >= limits->max_half_open && (t = oldest_for_peer(engine, peer)))
		displace(t, "max_half_open", limits->max_half_open, now);
}
