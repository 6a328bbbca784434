/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What must be true of an engine at any moment: counters, lists and tables say the same, each
 * object is where it belongs, and whatever is unfinished waits for something that will come.
 */
#include <string.h>

#include "test/sim/sim.h"

static void check_session(const struct box *box, const struct l2tp_session *s)
{
	const char *name = call_info_text(s->info, CALL_NAME);
	const struct l2tp_tunnel *t = s->tunnel;

	HOLDS(box, s->core.session_id && l2tp_session_find(t, s->core.session_id) == s);
	HOLDS(box, (s->kernel == KERNEL_NONE) == !s->dp);
	HOLDS(box, s->ppp.running == !!s->pppd);
	HOLDS(box, !s->pppd || s->dp);
	HOLDS(box, s->core.state != SESSION_ESTABLISHED || s->kernel == KERNEL_UP);
	HOLDS(box, (s->core.state == SESSION_ESTABLISHED) <= s->was_up);
	HOLDS(box, s->core.state != SESSION_CLOSING || s->reason.origin != ORIGIN_NONE);
	HOLDS(box, t->core.state < TUNNEL_DRAINING || s->core.state == SESSION_CLOSING);
	HOLDS(box, t->kernel != KERNEL_NONE || s->kernel == KERNEL_NONE ||
			   s->core.state == SESSION_CLOSING);
	HOLDS(box, !name[0] || l2tp_session_find_name(t->engine, name) == s);
	/* It waits for something: a timer, the kernel or PPP. */
	HOLDS(box, timer_running(&s->timer));
	HOLDS(box, s->timer.when != USEC_NEVER || s->core.state == SESSION_ESTABLISHED ||
			   s->kernel != KERNEL_NONE || s->ppp.running);
}

static unsigned int check_sessions(const struct box *box, const struct l2tp_tunnel *t)
{
	const struct l2tp_session *s;
	unsigned int count = 0;

	for (s = l2tp_session_next(t, NULL); s; s = l2tp_session_next(t, s)) {
		count++;
		HOLDS(box, s->tunnel == t);
		check_session(box, s);
	}
	HOLDS(box, count == t->n_sessions && count == t->sessions.count);
	HOLDS(box, t->sessions_by_peer.count <= count);
	return count;
}

/* An end waits for the peer, the kernel, or a timer of its own. */
static bool waits(const struct l2tp_tunnel *t)
{
	return t->timer.when != USEC_NEVER || t->n_sessions || t->kernel == KERNEL_CREATING ||
	       t->kernel == KERNEL_DELETING || timer_running(&t->transport.retry_timer) ||
	       timer_running(&t->transport.hello_timer);
}

static void check_tunnel(const struct box *box, const struct l2tp_tunnel *t)
{
	const struct sim_tunnel *st = sim_tunnel(t);
	const struct sim_socket *socket = t->io;

	HOLDS(box, !t->dead && t->core.state != TUNNEL_IDLE);
	HOLDS(box, t->core.tunnel_id && l2tp_tunnel_find(box->engine, t->core.tunnel_id) == t);
	HOLDS(box, !t->core.name[0] || l2tp_tunnel_find_name(box->engine, t->core.name) == t);
	HOLDS(box, (t->kernel == KERNEL_NONE) == !t->dp);
	HOLDS(box, t->socket_open && socket);
	/* The peer's other tunnels would lose their data to it. */
	HOLDS(box, !t->half_open || !socket->connected);
	HOLDS(box, !socket->connected || addr_equal(&socket->peer, &t->core.peer));
	HOLDS(box, t->core.state < TUNNEL_DRAINING || t->reason.origin != ORIGIN_NONE);
	HOLDS(box, !!t->half_open == (t->core.state == TUNNEL_WAIT_CTL_CONN));
	HOLDS(box, t->kernel == KERNEL_NONE || t->core.state >= TUNNEL_ESTABLISHED);
	HOLDS(box, t->core.state != TUNNEL_ESTABLISHED || t->was_up == (t->kernel == KERNEL_UP));
	HOLDS(box, st->out->stale || t->was_up == st->told_up);
	HOLDS(box, t->down_told == st->told_down);
	HOLDS(box, t->core.state < TUNNEL_CLOSING || t->down_told);
	HOLDS(box, timer_running(&t->timer) && waits(t));
	stream_check(t);
}

/* A peer that restarted and counts from the start again has its new tunnel only. */
static void check_successors(const struct box *box, const struct l2tp_tunnel *t)
{
	const struct l2tp_tunnel *other;

	list_for_each (other, &box->engine->tunnels, node)
		HOLDS(box, other == t || other->core.initiator || t->core.initiator ||
				   other->core.state != TUNNEL_ESTABLISHED ||
				   t->core.state != TUNNEL_ESTABLISHED ||
				   other->core.peer_tunnel_id != t->core.peer_tunnel_id ||
				   !addr_equal(&other->core.peer, &t->core.peer));
}

static void check_peers(const struct box *box)
{
	const struct peer *peer;
	const struct l2tp_tunnel *t;

	list_for_each (peer, &box->engine->peers, node) {
		struct tally usage = l2tp_engine_usage(box->engine, peer->name);
		unsigned int refs = 1, tunnels = 0, sessions = 0;

		list_for_each (t, &box->engine->tunnels, node) {
			refs += t->peer == peer;
			if (strcmp(t->peer->name, peer->name) != 0)
				continue;
			tunnels += t->core.state < TUNNEL_DRAINING;
			sessions += t->n_sessions;
			HOLDS(box, t->peer->admin == peer->admin);
		}
		HOLDS(box, usage.tunnels == tunnels && usage.sessions == sessions);
		HOLDS(box, peer->refs == refs);
	}
}

/* What the administrator does not want is gone, or on its way out. */
static void check_admin(const struct box *box, const struct l2tp_tunnel *t)
{
	enum admin_state state = l2tp_admin_of_tunnel(t).state;
	const struct l2tp_session *s;

	if (t->core.state >= TUNNEL_DRAINING)
		return;
	HOLDS(box, state != ADMIN_DISABLED);
	HOLDS(box, state != ADMIN_DRAIN || t->n_sessions);
	for (s = l2tp_session_next(t, NULL); s; s = l2tp_session_next(t, s))
		HOLDS(box, s->admin != ADMIN_DISABLED || s->core.state == SESSION_CLOSING);
}

/* Tallies are held by tunnels that are there; records of what ended are no more than they may. */
static void check_tables(const struct box *box)
{
	const struct l2tp_engine *engine = box->engine;
	unsigned int holders = 0, half_open = 0;
	struct hash_node *node;

	for (node = hash_walk(&engine->usage, NULL); node; node = hash_walk(&engine->usage, node))
		holders += container_of(node, struct tally, node)->holders;
	for (node = hash_walk(&engine->half_open, NULL); node;
	     node = hash_walk(&engine->half_open, node))
		half_open += container_of(node, struct tally, node)->holders;
	HOLDS(box, holders == engine->n_tunnels && half_open == engine->n_half_open);
	HOLDS(box, engine->n_ended <= engine->limits.max_ended);
	HOLDS(box, engine->n_ended == engine->ended_by_serial.count);
}

void check_box(struct box *box)
{
	const struct l2tp_engine *engine = box->engine;
	unsigned int tunnels = 0, sessions = 0, half_open = 0, ending = 0;
	const struct l2tp_tunnel *t;

	HOLDS(box, list_empty(&engine->dead));
	list_for_each (t, &engine->tunnels, node) {
		tunnels++;
		half_open += t->half_open != NULL;
		ending += t->core.state >= TUNNEL_DRAINING;
		sessions += check_sessions(box, t);
		check_tunnel(box, t);
		check_admin(box, t);
		if (box->world->few_ids)
			check_successors(box, t);
	}
	check_peers(box);
	check_tables(box);
	HOLDS(box, engine->n_tunnels == tunnels && engine->by_id.count == tunnels);
	HOLDS(box, engine->by_peer.count <= tunnels);
	HOLDS(box, engine->n_sessions == sessions);
	HOLDS(box, engine->n_half_open == half_open);
	HOLDS(box, engine->n_ending == ending);
	HOLDS(box, box->sockets == tunnels);
	HOLDS(box, timer_queue_next(&engine->timers) >= box->world->now);
}
