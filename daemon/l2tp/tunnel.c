/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The life of a tunnel: opening, what each state implies, and the order in which it comes apart.
 *
 * Which message leads where stands in tunnel_fsm.c. Here tunnel_enter() does all that a change of
 * state implies. A tunnel ends in steps that may finish in any order: StopCCN acknowledged (or the
 * peer's acknowledged for a full retransmission cycle, RFC 2661 5.7), the kernel's tunnel deleted,
 * every session gone. tunnel_check_done() is asked after each and frees the tunnel after the last.
 */
#include "l2tp/private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "wire/result.h"

/* How long sessions may take to hang up before StopCCN goes out over them. */
#define DRAIN_TIMEOUT (8 * USEC_PER_SEC)

/* Until memory is asked for again. */
#define STOPCCN_RETRY USEC_PER_SEC

/* A daemon that stops answers the peer's StopCCN, but does not wait for its repetitions. */
#define SHUTDOWN_LINGER (USEC_PER_SEC / 2)

static const char *const state_names[TUNNEL_STATE_MAX] = {
	[TUNNEL_IDLE] = "idle",
	[TUNNEL_WAIT_CTL_REPLY] = "wait-ctl-reply",
	[TUNNEL_WAIT_CTL_CONN] = "wait-ctl-conn",
	[TUNNEL_ESTABLISHED] = "established",
	[TUNNEL_DRAINING] = "draining",
	[TUNNEL_CLOSING] = "closing",
	[TUNNEL_CLOSED] = "closed",
};

const char *tunnel_state_name(enum tunnel_state state)
{
	return state < TUNNEL_STATE_MAX ? state_names[state] : "unknown";
}

static struct l2tp_tunnel *of_transport(struct transport *transport)
{
	return container_of(transport, struct l2tp_tunnel, transport);
}

static void on_tx(struct transport *transport, struct bytes packet)
{
	struct l2tp_tunnel *t = of_transport(transport);

	t->engine->stats.tx_packets++;
	t->engine->stats.tx_octets += packet.len;
	t->engine->ops->socket_send(t, packet);
}

static void on_timed_out(struct transport *transport, usec_t now)
{
	struct l2tp_tunnel *t = of_transport(transport);
	struct reason reason = reason_make(ORIGIN_PEER, 0, 0, "no answer after %u retransmissions",
					   transport_retries(transport));

	tunnel_lost(t, &reason, now);
}

static void on_hello_due(struct transport *transport, usec_t now)
{
	struct l2tp_tunnel *t = of_transport(transport);
	struct l2tp_msg msg = {.type = MSG_HELLO};

	/* Before it is up there is nothing to keep alive, and perhaps no id to say it to. */
	if (t->core.state == TUNNEL_ESTABLISHED || t->core.state == TUNNEL_DRAINING)
		tunnel_send(t, NULL, &msg, now);
}

static uint32_t on_random(struct transport *transport)
{
	struct l2tp_engine *engine = of_transport(transport)->engine;
	uint32_t value;

	engine->ops->random(engine, &value, sizeof(value));
	return value;
}

static void on_drained(struct transport *transport, usec_t now)
{
	struct l2tp_tunnel *t = of_transport(transport);

	if (t->core.state == TUNNEL_CLOSING) {
		t->finished = true;
		tunnel_check_done(t, now);
	}
}

static const struct transport_ops transport_ops = {
	.tx = on_tx,
	.deliver = tunnel_deliver,
	.timed_out = on_timed_out,
	.hello_due = on_hello_due,
	.random = on_random,
	.drained = on_drained,
};

void tunnel_dirty(struct l2tp_tunnel *t)
{
	t->core.ns = t->transport.ns;
	t->core.nr = t->transport.nr;
	/* What strangers began is not worth remembering. */
	if (t->engine->ops->dirty && (t->core.initiator || t->core.established_at))
		t->engine->ops->dirty(t);
}

/*
 * The timer always runs, if need be until USEC_NEVER: one that runs is moved without memory, and
 * its own callback finds the place that it just left. So no tunnel is ever without its timeout.
 */
static int start_timer(struct l2tp_tunnel *t, usec_t when)
{
	return timer_start(&t->engine->timers, &t->timer, when);
}

/* Tunnels that end have their limit too: beyond it nobody's last words are waited for, so that what
 * strangers with a wrong secret cost is bounded, and keeps nobody else out. */
static bool is_crowded(const struct l2tp_tunnel *t)
{
	return t->engine->n_ending > t->engine->limits.max_tunnels;
}

/* Without memory for it a tunnel waits: nothing else would tell the peer before a HELLO does. */
static void say_stopccn(struct l2tp_tunnel *t, usec_t now)
{
	if (tunnel_send_stopccn(t, now) == -ENOMEM)
		start_timer(t, now + STOPCCN_RETRY);
	else
		transport_close(&t->transport, now);
}

static void on_timer(struct timer *timer, usec_t now)
{
	struct l2tp_tunnel *t = container_of(timer, struct l2tp_tunnel, timer);
	struct reason reason;

	start_timer(t, USEC_NEVER);
	switch (t->core.state) {
	case TUNNEL_WAIT_CTL_REPLY:
	case TUNNEL_WAIT_CTL_CONN:
		reason = reason_make(ORIGIN_PEER, 0, 0, "the tunnel did not come up within %u s",
				     (unsigned int)(t->peer->tunnel_setup_timeout / USEC_PER_SEC));
		tunnel_fail(t, &reason, now);
		break;
	case TUNNEL_ESTABLISHED:
		if (t->n_sessions)
			break;
		reason = reason_make(ORIGIN_LOCAL, STOPCCN_CLEAR, 0, "idle: no session for %u s",
				     (unsigned int)(t->idle_timeout / USEC_PER_SEC));
		t->was_idle = true;
		tunnel_fail(t, &reason, now);
		break;
	case TUNNEL_DRAINING:
		tunnel_enter(t, TUNNEL_CLOSING, now);
		break;
	case TUNNEL_CLOSED:
		t->finished = true;
		tunnel_check_done(t, now);
		break;
	case TUNNEL_CLOSING:
		if (is_crowded(t)) {
			t->finished = true;
			tunnel_check_done(t, now);
		} else {
			say_stopccn(t, now);
		}
		break;
	case TUNNEL_IDLE:
	case TUNNEL_STATE_MAX:
		break;
	}
}

int tunnel_new(struct l2tp_engine *engine, const char *name, struct peer *peer, uint16_t tunnel_id,
	       usec_t now, struct l2tp_tunnel **ret)
{
	struct l2tp_tunnel *t;
	int err;

	if (!tunnel_id)
		tunnel_id = engine_new_tunnel_id(engine);
	if (!tunnel_id)
		return -ENOSPC;
	t = mem_alloc(sizeof(*t));
	if (!t)
		return -ENOMEM;
	t->engine = engine;
	list_init(&t->setup_node);
	timer_init(&t->timer, on_timer);
	err = start_timer(t, USEC_NEVER);
	if (!err)
		err = hash_insert(&engine->by_id, &t->by_id, hash_u64(tunnel_id, engine->seed));
	if (!err)
		err = tunnel_set_name(t, name);
	if (!err)
		err = tally_take(&engine->usage, engine_name_key(engine, peer->name), &t->usage);
	if (err) {
		hash_remove(&engine->tunnel_names, &t->by_name);
		hash_remove(&engine->by_id, &t->by_id);
		timer_stop(&engine->timers, &t->timer);
		mem_free(t);
		return err;
	}
	t->peer = peer_ref(peer);
	t->idle_timeout = peer->idle_timeout;
	t->usage->tunnels++;
	t->core.tunnel_id = tunnel_id;
	hash_init(&t->sessions);
	hash_init(&t->sessions_by_peer);
	transport_init(&t->transport, &transport_ops, &peer->transport, &engine->timers, now);
	t->transport.totals = &engine->transport;
	list_append(&engine->tunnels, &t->node);
	engine->n_tunnels++;
	*ret = t;
	return 0;
}

static void leave_peer(struct l2tp_tunnel *t)
{
	if (t->core.state >= TUNNEL_DRAINING)
		return;
	t->usage->tunnels--;
	t->engine->n_ending++;
}

void tunnel_free(struct l2tp_tunnel *t)
{
	struct l2tp_engine *engine = t->engine;
	struct l2tp_session *s;

	/* Nothing follows from the end of its sessions any more. */
	t->dead = true;
	while ((s = l2tp_session_next(t, NULL)))
		session_free(s, 0);
	half_open_leave(t);
	leave_peer(t);
	engine->n_ending--;
	if (t->socket_open)
		engine->ops->socket_close(t);
	transport_fini(&t->transport);
	timer_stop(&engine->timers, &t->timer);
	hash_remove(&engine->by_id, &t->by_id);
	hash_remove(&engine->by_peer, &t->by_peer);
	hash_remove(&engine->tunnel_names, &t->by_name);
	hash_fini(&t->sessions);
	hash_fini(&t->sessions_by_peer);
	list_remove(&t->setup_node);
	list_remove(&t->node);
	engine->n_tunnels--;
	tally_give(&engine->usage, t->usage);
	peer_unref(t->peer);
	mem_free(t);
}

void tunnel_set_peer_id(struct l2tp_tunnel *t, uint16_t peer_tunnel_id)
{
	struct l2tp_engine *engine = t->engine;

	t->core.peer_tunnel_id = peer_tunnel_id;
	t->transport.peer_tunnel_id = peer_tunnel_id;
	hash_remove(&engine->by_peer, &t->by_peer);
	/* The table can only fail while it is empty, and then a repeated SCCRQ costs a second
	 * half-open tunnel: no reason to refuse the first. */
	hash_insert(&engine->by_peer, &t->by_peer,
		    engine_peer_key(engine, &t->core.peer, peer_tunnel_id));
}

void tunnel_announce_up(struct l2tp_tunnel *t, usec_t now)
{
	struct l2tp_session *s, *next;

	if (t->core.state != TUNNEL_ESTABLISHED || t->kernel != KERNEL_UP || t->was_up)
		return;
	t->was_up = true;
	t->engine->stats.tunnels_established++;
	engine_event(t->engine, EVENT_TUNNEL_UP, t, NULL, &t->core.peer, NULL);
	for (s = l2tp_session_next(t, NULL); s; s = next) {
		next = l2tp_session_next(t, s);
		session_tunnel_ready(s, now);
	}
}

static void announce_down(struct l2tp_tunnel *t)
{
	if (t->down_told)
		return;
	t->down_told = true;
	if (!t->was_up)
		t->engine->stats.tunnels_failed++;
	engine_event(t->engine, EVENT_TUNNEL_DOWN, t, NULL, &t->core.peer, NULL);
}

/* StopCCN clears every session of the tunnel without a CDN for each (RFC 2661 5.7). */
static void hang_up_sessions(struct l2tp_tunnel *t, usec_t now)
{
	struct reason reason = reason_make(t->reason.origin, 0, 0, "the tunnel went down%s%s",
					   t->reason.text[0] ? ": " : "", t->reason.text);
	struct l2tp_session *s, *next;

	for (s = l2tp_session_next(t, NULL); s; s = next) {
		next = l2tp_session_next(t, s);
		s->peer_done = true;
		session_end(s, &reason, PPP_STOP_HANGUP, now);
	}
}

static void close_sessions(struct l2tp_tunnel *t, usec_t now)
{
	struct reason reason = t->reason;
	struct l2tp_session *s, *next;

	reason.result = CDN_ADMIN;
	reason.error = 0;
	for (s = l2tp_session_next(t, NULL); s; s = next) {
		next = l2tp_session_next(t, s);
		session_end(s, &reason, PPP_STOP_GRACEFUL, now);
	}
}

static void start_idle_timer(struct l2tp_tunnel *t, usec_t now)
{
	if (t->core.state == TUNNEL_ESTABLISHED && !t->n_sessions && t->idle_timeout)
		start_timer(t, now + t->idle_timeout);
}

/* How long the peer's retransmissions are answered after its StopCCN (RFC 2661 5.7). */
static usec_t linger(const struct l2tp_tunnel *t)
{
	if (is_crowded(t))
		return 0;
	return t->engine->shutting_down ? SHUTDOWN_LINGER : transport_cycle(&t->transport.config);
}

void tunnel_enter(struct l2tp_tunnel *t, enum tunnel_state state, usec_t now)
{
	if (state != TUNNEL_WAIT_CTL_CONN)
		half_open_leave(t);
	if (t->core.state == TUNNEL_WAIT_CTL_REPLY)
		list_remove(&t->setup_node);
	if (state >= TUNNEL_DRAINING)
		leave_peer(t);
	t->core.state = state;
	start_timer(t, USEC_NEVER);
	switch (state) {
	case TUNNEL_WAIT_CTL_REPLY:
		list_append(&t->engine->asking_tunnels, &t->setup_node);
		start_timer(t, now + t->peer->tunnel_setup_timeout);
		break;
	case TUNNEL_WAIT_CTL_CONN:
		start_timer(t, now + t->peer->tunnel_setup_timeout);
		break;
	case TUNNEL_ESTABLISHED:
		t->core.established_at = now;
		transport_set_established(&t->transport);
		start_idle_timer(t, now);
		tunnel_announce_up(t, now);
		break;
	case TUNNEL_DRAINING:
		start_timer(t, now + DRAIN_TIMEOUT);
		close_sessions(t, now);
		break;
	case TUNNEL_CLOSING:
		say_stopccn(t, now);
		if (is_crowded(t))
			start_timer(t, now);
		announce_down(t);
		tunnel_delete_kernel(t);
		hang_up_sessions(t, now);
		break;
	case TUNNEL_CLOSED:
		transport_mute(&t->transport);
		start_timer(t, now + linger(t));
		announce_down(t);
		tunnel_delete_kernel(t);
		hang_up_sessions(t, now);
		break;
	case TUNNEL_IDLE:
	case TUNNEL_STATE_MAX:
		break;
	}
	tunnel_dirty(t);
}

void tunnel_check_done(struct l2tp_tunnel *t, usec_t now)
{
	if (t->dead)
		return;
	if (t->core.state == TUNNEL_DRAINING && !t->n_sessions) {
		tunnel_enter(t, TUNNEL_CLOSING, now);
		return;
	}
	if (t->core.state < TUNNEL_DRAINING) {
		start_idle_timer(t, now);
		admin_apply_tunnel(t, now);
		return;
	}
	if (!t->finished || t->n_sessions || t->kernel != KERNEL_NONE)
		return;
	t->dead = true;
	timer_stop(&t->engine->timers, &t->timer);
	engine_event(t->engine, EVENT_TUNNEL_GONE, t, NULL, &t->core.peer, NULL);
	if (!t->dropped)
		ended_keep_tunnel(t, now);
	list_remove(&t->node);
	list_append(&t->engine->dead, &t->node);
}

void tunnel_fail(struct l2tp_tunnel *t, const struct reason *reason, usec_t now)
{
	if (t->reason.origin == ORIGIN_NONE)
		t->reason = *reason;
	/* A peer that acknowledged our SCCRQ hears of it at tunnel 0 (RFC 2661 4.4.3). One that may
	 * never have seen it does not: that it has a tunnel its SCCRP would tell. */
	if (!t->core.peer_tunnel_id && t->transport.in_flight) {
		t->finished = true;
		tunnel_enter(t, TUNNEL_CLOSED, now);
	} else {
		tunnel_enter(t, TUNNEL_CLOSING, now);
	}
	tunnel_check_done(t, now);
}

void tunnel_stopped(struct l2tp_tunnel *t, const struct reason *reason, usec_t now)
{
	if (t->core.state == TUNNEL_CLOSED)
		return;
	if (t->reason.origin == ORIGIN_NONE)
		t->reason = *reason;
	tunnel_enter(t, TUNNEL_CLOSED, now);
}

void tunnel_lost(struct l2tp_tunnel *t, const struct reason *reason, usec_t now)
{
	transport_fini(&t->transport);
	t->finished = true;
	tunnel_stopped(t, reason, now);
	tunnel_check_done(t, now);
}

void tunnel_close(struct l2tp_tunnel *t, const struct reason *reason, usec_t now)
{
	if (t->core.state == TUNNEL_CLOSED && t->engine->shutting_down && !t->dead)
		start_timer(t, now + linger(t));
	if (t->core.state >= TUNNEL_DRAINING)
		return;
	/* A daemon that stops does not wait for those who may not even be there. */
	if (t->half_open && t->engine->shutting_down) {
		half_open_drop(t, reason, now);
		return;
	}
	t->reason = *reason;
	if (t->core.state == TUNNEL_ESTABLISHED && t->n_sessions) {
		tunnel_enter(t, TUNNEL_DRAINING, now);
		tunnel_check_done(t, now);
		return;
	}
	tunnel_fail(t, reason, now);
}

void l2tp_tunnel_close(struct l2tp_tunnel *t, const struct reason *reason, usec_t now)
{
	struct l2tp_engine *engine = t->engine;

	tunnel_close(t, reason, now);
	engine_reap(engine);
}
