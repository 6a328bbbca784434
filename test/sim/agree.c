/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of a simulation: the network is whole again, and time has passed. Each tunnel and each
 * call of one end is one of the other's; what is begun now comes up; and when all is closed,
 * nothing is left.
 */
#include <string.h>

#include "test/sim/sim.h"

/* Longer than anything that ends by itself takes: HELLO, retransmissions, lingering. */
#define LONG (300 * USEC_PER_SEC)

/* What SLI and WEN carried has arrived, unless there was no memory for it. */
static void compare_line(const struct box *box, const struct l2tp_session *s,
			 const struct l2tp_session *its)
{
	struct accm accm = l2tp_session_accm(s), its_accm = l2tp_session_accm(its);

	HOLDS(box, accm.send == its_accm.send && accm.receive == its_accm.receive);
	HOLDS(box, (s->line ? s->line->errors.crc_errors : 0) ==
			   (its->line ? its->line->errors.crc_errors : 0));
}

static void compare_session(const struct box *box, const struct l2tp_session *s,
			    const struct l2tp_tunnel *other)
{
	const struct l2tp_session *its = l2tp_session_find(other, s->core.peer_session_id);
	const struct sim_ppp *ppp = s->pppd;

	HOLDS(box, s->core.state == SESSION_ESTABLISHED);
	HOLDS(box, !ppp || (ppp->up && s->ppp.up));
	HOLDS(box, its != NULL);
	HOLDS(box, its->core.peer_session_id == s->core.session_id);
	HOLDS(box, its->core.call_serial == s->core.call_serial);
	HOLDS(box, call_is_lns(its->core.type) != call_is_lns(s->core.type));
	HOLDS(box, its->core.sequencing == s->core.sequencing);
	HOLDS(box, its->core.tx_connect_speed == s->core.tx_connect_speed);
	HOLDS(box, its->core.rx_connect_speed == s->core.rx_connect_speed);
	HOLDS(box, its->core.framing == s->core.framing);
	if (!box->world->lost_memory)
		compare_line(box, s, its);
	box->world->totals->calls_agreed++;
}

static void compare_tunnel(const struct box *box, const struct l2tp_tunnel *t)
{
	const struct box *other = net_find(box->world, &t->core.peer);
	const struct stream *hears = sim_tunnel(t)->out->hears;
	struct totals *totals = box->world->totals;
	const struct l2tp_session *s;
	const struct l2tp_tunnel *its;

	HOLDS(box, t->core.state == TUNNEL_ESTABLISHED);
	HOLDS(box, other && other->engine);
	its = l2tp_tunnel_find(other->engine, t->core.peer_tunnel_id);
	HOLDS(box, its && its->core.peer_tunnel_id == t->core.tunnel_id);
	HOLDS(box, its->core.initiator != t->core.initiator);
	/* All that was said was taken. */
	HOLDS(box, !hears || hears == sim_tunnel(its)->out);
	HOLDS(box, its->transport.ns == t->transport.nr && !its->transport.queued);
	/* With few ids a late CDN may meet the next call of that id. */
	HOLDS(box, t->n_sessions == its->n_sessions || box->world->few_ids);
	for (s = l2tp_session_next(t, NULL); s && !box->world->few_ids; s = l2tp_session_next(t, s))
		compare_session(box, s, its);
	totals->survived++;
	totals->unexpected += t->stats.rx_unexpected;
	totals->duplicates += t->transport.stats.rx_duplicates;
	totals->out_of_order += t->transport.stats.rx_out_of_order;
	totals->no_memory += t->transport.stats.rx_no_memory;
}

static void agree(struct box *box)
{
	const struct l2tp_tunnel *t;
	unsigned int without_ppp = 0;
	const struct l2tp_session *s;

	HOLDS(box, box->engine && !box->engine->shutting_down);
	HOLDS(box, box->kernel_tunnels == box->engine->n_tunnels);
	HOLDS(box, box->kernel_sessions == box->engine->n_sessions);
	list_for_each (t, &box->engine->tunnels, node) {
		compare_tunnel(box, t);
		for (s = l2tp_session_next(t, NULL); s; s = l2tp_session_next(t, s))
			without_ppp += !s->pppd;
	}
	HOLDS(box, box->ppps + without_ppp == box->engine->n_sessions);
	HOLDS(box, box->n_up == box->engine->n_sessions);
}

static void show(const struct box *box)
{
	const struct l2tp_session *s;
	const struct l2tp_tunnel *t;

	list_for_each (t, &box->engine->tunnels, node) {
		TRACE(box, "has tunnel %u, peer's %u, %s", t->core.tunnel_id,
		      t->core.peer_tunnel_id, tunnel_state_name(t->core.state));
		for (s = l2tp_session_next(t, NULL); s; s = l2tp_session_next(t, s))
			TRACE(box, "has session %u, peer's %u, %s, %s", s->core.session_id,
			      s->core.peer_session_id, call_type_name(s->core.type),
			      session_state_name(s->core.state));
	}
}

void agree_all(struct world *w)
{
	for (unsigned int i = 0; i < w->n_boxes; i++)
		show(&w->boxes[i]);
	for (unsigned int i = 0; i < w->n_boxes; i++)
		agree(&w->boxes[i]);
}

static bool same_secret(const struct peer *a, const struct peer *b)
{
	if (!a->secret || !b->secret)
		return a->secret == b->secret;
	return strcmp(a->secret, b->secret) == 0;
}

/* Whether nothing of the configuration is against a tunnel and a call. */
static bool may_call(const struct box *from, const struct box *to)
{
	const struct peer *peer = box_peer(from, to), *its = box_peer(to, from);

	return peer && its && same_secret(peer, its) && !peer->max_tunnels && !its->max_tunnels &&
	       !its->max_sessions && !its->max_sessions_per_tunnel && its->calls == CALL_PPP &&
	       (!to->answers_elsewhere || peer->port_change == CHANGE_ACCEPT) &&
	       from->engine->limits.max_tunnels == limits_default.max_tunnels &&
	       to->engine->limits.max_tunnels == limits_default.max_tunnels &&
	       from->engine->limits.max_sessions == limits_default.max_sessions &&
	       to->engine->limits.max_sessions == limits_default.max_sessions;
}

/* Returns how many sessions are to come of it. */
static unsigned int begin_call(struct box *from, struct box *to)
{
	struct l2tp_tunnel *t = command_open_tunnel(from, to);

	return t && command_open_session(t, false);
}

/*
 * What happened leaves nothing that keeps the next tunnel and call from coming up. When both begin
 * at once one tunnel wins the tie, and all calls come up in it (RFC 2661 4.4.3).
 */
void agree_on_life(struct world *w)
{
	struct box *from = &w->boxes[below(w, w->n_boxes)], *to = &w->boxes[below(w, w->n_boxes)];
	unsigned int before = from->engine->n_sessions, begun;

	if (w->few_ids || !may_call(from, to) || !may_call(to, from))
		return;
	box_enable(from);
	box_enable(to);
	w->delay = USEC_PER_SEC / 20;
	begun = begin_call(from, to);
	if (chance(w, 50))
		begun += begin_call(to, from);
	world_run(w, 5 * USEC_PER_SEC);
	HOLDS(from, from->engine->n_sessions == before + begun);
	w->delay = 0;
	world_run(w, USEC_PER_SEC);
	agree_all(w);
}

static void nothing_left(struct box *box)
{
	const struct l2tp_engine *engine = box->engine;

	HOLDS(box, engine->n_tunnels == 0 && engine->n_sessions == 0);
	HOLDS(box, box->kernel_tunnels == 0 && box->kernel_sessions == 0 && box->ppps == 0);
	HOLDS(box, engine->timers.count == 0 && engine->timers.parked == 0);
	HOLDS(box, engine->by_peer.count == 0);
	HOLDS(box, engine->tunnel_names.count == 0 && engine->session_names.count == 0);
	HOLDS(box, engine->usage.count == 0 && engine->half_open.count == 0);
	HOLDS(box, engine->n_ended == 0);
	HOLDS(box, box->n_up == 0);
}

void agree_on_nothing(struct world *w)
{
	for (unsigned int i = 0; i < w->n_boxes; i++) {
		struct box *box = &w->boxes[i];

		INSIDE(box, l2tp_engine_shutdown(box->engine, w->now));
		check_box(box);
	}
	world_run(w, LONG);
	for (unsigned int i = 0; i < w->n_boxes; i++)
		nothing_left(&w->boxes[i]);
}
