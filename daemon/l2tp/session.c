/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The life of a session: what each state implies, and the order in which it comes apart.
 *
 * The data plane is ready before the message that lets the peer send: as LNS the kernel's session
 * is made at ICRQ and ICRP goes out when it is there, as LAC it is made at ICRP, before ICCN. PPP
 * starts when the call is established; frames that came first wait in the kernel's channel.
 *
 * The end has a fixed order, for each step uses what the next takes away: PPP hangs up, CDN is
 * said, the kernel's session is deleted, the session is freed.
 */
#include "l2tp/private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "wire/result.h"

/* Until memory is asked for again. */
#define CDN_RETRY USEC_PER_SEC

static const char *const state_names[SESSION_STATE_MAX] = {
	[SESSION_IDLE] = "idle",
	[SESSION_WAIT_TUNNEL] = "wait-tunnel",
	[SESSION_WAIT_REPLY] = "wait-reply",
	[SESSION_WAIT_KERNEL] = "wait-kernel",
	[SESSION_WAIT_KERNEL_LAST] = "wait-kernel-last",
	[SESSION_WAIT_CONNECT] = "wait-connect",
	[SESSION_WAIT_NUMBERS] = "wait-numbers",
	[SESSION_ESTABLISHED] = "established",
	[SESSION_CLOSING] = "closing",
};

const char *session_state_name(enum session_state state)
{
	return state < SESSION_STATE_MAX ? state_names[state] : "unknown";
}

static struct l2tp_session *of_id(struct hash_node *node)
{
	return node ? container_of(node, struct l2tp_session, by_id) : NULL;
}

struct l2tp_session *l2tp_session_find(const struct l2tp_tunnel *t, uint16_t session_id)
{
	/* The peer chose neither these ids nor their hash: no two nodes share one. */
	return of_id(hash_find(&t->sessions, hash_u64(session_id, t->engine->seed)));
}

struct l2tp_session *session_find_peer_id(const struct l2tp_tunnel *t, uint16_t peer_session_id)
{
	struct hash_node *node =
		hash_find(&t->sessions_by_peer, hash_u64(peer_session_id, t->engine->seed));

	return node ? container_of(node, struct l2tp_session, by_peer_id) : NULL;
}

struct l2tp_session *l2tp_session_next(const struct l2tp_tunnel *t, const struct l2tp_session *last)
{
	return of_id(hash_walk(&t->sessions, last ? &last->by_id : NULL));
}

struct l2tp_session *l2tp_session_find_name(const struct l2tp_engine *engine, const char *name)
{
	struct hash_node *node = hash_find(&engine->session_names, engine_name_key(engine, name));

	for (; node; node = hash_find_next(node)) {
		struct l2tp_session *s = container_of(node, struct l2tp_session, by_name);

		if (strcmp(call_info_text(s->info, CALL_NAME), name) == 0)
			return s;
	}
	return NULL;
}

static bool is_session(const void *tunnel, uint16_t id)
{
	return l2tp_session_find(tunnel, id);
}

uint16_t tunnel_new_session_id(struct l2tp_tunnel *t)
{
	return engine_new_id(t->engine, is_session, t);
}

/* As a tunnel's it always runs, if need be until USEC_NEVER. */
static int start_timer(struct l2tp_session *s, usec_t when)
{
	return timer_start(&s->tunnel->engine->timers, &s->timer, when);
}

/*
 * Without memory for its CDN a session waits: nothing else would tell the peer, whose side of the
 * call might live as long as the tunnel.
 */
static bool peer_was_told(struct l2tp_session *s, usec_t now)
{
	if (s->peer_done || s->cdn_sent || session_send_cdn(s, now) != -ENOMEM)
		return true;
	start_timer(s, now + CDN_RETRY);
	return false;
}

/* Goes one step further towards the end, if nothing of the present one is left to wait for. */
static void go_on_ending(struct l2tp_session *s, usec_t now)
{
	bool told;

	if (s->ppp.running)
		return;
	told = peer_was_told(s, now);
	if (s->kernel == KERNEL_UP) {
		s->kernel = KERNEL_DELETING;
		s->tunnel->engine->ops->session_delete(s);
	}
	if (s->kernel == KERNEL_NONE && told)
		session_free(s, now);
}

static void on_timer(struct timer *timer, usec_t now)
{
	struct l2tp_session *s = container_of(timer, struct l2tp_session, timer);
	struct reason reason =
		reason_make(ORIGIN_PEER, CDN_TIMEOUT, 0, "the call did not come up within %u s",
			    (unsigned int)(s->tunnel->peer->session_setup_timeout / USEC_PER_SEC));

	start_timer(s, USEC_NEVER);
	if (s->core.state == SESSION_CLOSING)
		go_on_ending(s, now);
	else
		session_end(s, &reason, PPP_STOP_HANGUP, now);
}

int session_new(struct l2tp_tunnel *t, enum call_type type, uint16_t session_id,
		struct l2tp_session **ret)
{
	struct l2tp_engine *engine = t->engine;
	struct l2tp_session *s;
	int err;

	if (!session_id)
		session_id = tunnel_new_session_id(t);
	if (!session_id)
		return -ENOSPC;
	s = mem_alloc(sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->tunnel = t;
	timer_init(&s->timer, on_timer);
	err = start_timer(s, USEC_NEVER);
	if (!err)
		err = hash_insert(&t->sessions, &s->by_id, hash_u64(session_id, engine->seed));
	if (err) {
		timer_stop(&engine->timers, &s->timer);
		mem_free(s);
		return err;
	}
	s->core.session_id = session_id;
	s->core.type = type;
	t->n_sessions++;
	t->usage->sessions++;
	engine->n_sessions++;
	*ret = s;
	return 0;
}

void session_move(struct l2tp_session *s, struct l2tp_tunnel *to)
{
	struct l2tp_tunnel *from = s->tunnel;
	uint64_t key = hash_u64(s->core.session_id, to->engine->seed);

	if (s->core.state != SESSION_WAIT_TUNNEL || l2tp_session_find(to, s->core.session_id))
		return;
	hash_remove(&from->sessions, &s->by_id);
	if (hash_insert(&to->sessions, &s->by_id, key)) {
		/* Where it just was there is a place for it. */
		hash_insert(&from->sessions, &s->by_id, key);
		return;
	}
	from->n_sessions--;
	from->usage->sessions--;
	to->n_sessions++;
	to->usage->sessions++;
	s->tunnel = to;
}

void session_set_peer_id(struct l2tp_session *s, uint16_t peer_session_id)
{
	struct l2tp_tunnel *t = s->tunnel;

	s->core.peer_session_id = peer_session_id;
	/* Only a CDN that comes before our id reached the peer needs this table; without memory
	 * for it that call ends by its timeout. */
	hash_insert(&t->sessions_by_peer, &s->by_peer_id,
		    hash_u64(peer_session_id, t->engine->seed));
}

void session_forget_peer_id(struct l2tp_session *s)
{
	hash_remove(&s->tunnel->sessions_by_peer, &s->by_peer_id);
}

void session_set_peer_done(struct l2tp_session *s)
{
	s->peer_done = true;
	session_forget_peer_id(s);
}

void session_discard(struct l2tp_session *s)
{
	struct l2tp_tunnel *t = s->tunnel;

	transport_cancel(&t->transport, s->core.session_id);
	timer_stop(&t->engine->timers, &s->timer);
	hash_remove(&t->sessions, &s->by_id);
	hash_remove(&t->engine->session_names, &s->by_name);
	session_forget_peer_id(s);
	t->n_sessions--;
	t->usage->sessions--;
	t->engine->n_sessions--;
	mem_free(s->ppp_profile);
	call_info_free(s->info);
	mem_free(s->line);
	mem_free(s);
}

void session_free(struct l2tp_session *s, usec_t now)
{
	struct l2tp_tunnel *t = s->tunnel;
	struct l2tp_engine *engine = t->engine;

	if (!s->was_up)
		TUNNEL_COUNT(t, sessions_failed);
	engine_event(engine, EVENT_SESSION_DOWN, t, s, &t->core.peer, NULL);
	/* But for those that go with the engine itself. */
	if (!t->dead)
		ended_keep_session(s, now);
	session_discard(s);
	tunnel_check_done(t, now);
}

void session_enter(struct l2tp_session *s, enum session_state state, usec_t now)
{
	struct l2tp_tunnel *t = s->tunnel;

	s->core.state = state;
	switch (state) {
	case SESSION_WAIT_TUNNEL:
	case SESSION_WAIT_REPLY:
	case SESSION_WAIT_KERNEL:
	case SESSION_WAIT_KERNEL_LAST:
	case SESSION_WAIT_CONNECT:
	case SESSION_WAIT_NUMBERS:
		if (s->timer.when == USEC_NEVER)
			start_timer(s, now + t->peer->session_setup_timeout);
		break;
	case SESSION_ESTABLISHED:
		start_timer(s, USEC_NEVER);
		s->core.established_at = now;
		break;
	case SESSION_CLOSING:
		start_timer(s, USEC_NEVER);
		break;
	case SESSION_IDLE:
	case SESSION_STATE_MAX:
		break;
	}
}

void session_end(struct l2tp_session *s, const struct reason *reason, enum ppp_stop how, usec_t now)
{
	bool known_to_peer = s->core.peer_session_id || s->core.state == SESSION_WAIT_REPLY;

	if (s->core.state == SESSION_CLOSING) {
		/* Ending already, but what was waited for may have become pointless. */
		if (how == PPP_STOP_HANGUP && s->ppp.running)
			s->tunnel->engine->ops->ppp_stop(s, how);
		go_on_ending(s, now);
		return;
	}
	s->reason = *reason;
	if (!known_to_peer)
		session_set_peer_done(s);
	session_enter(s, SESSION_CLOSING, now);
	if (s->ppp.running)
		s->tunnel->engine->ops->ppp_stop(s, how);
	/* A peer that must hear of a fault need not wait for PPP. It is tried again below. */
	if (how == PPP_STOP_HANGUP && !s->peer_done)
		session_send_cdn(s, now);
	go_on_ending(s, now);
}

static void kernel_failed(struct l2tp_session *s, int err, const char *step, usec_t now)
{
	struct reason reason = reason_kernel(err, step);

	session_end(s, &reason, PPP_STOP_HANGUP, now);
}

bool session_create_kernel(struct l2tp_session *s, usec_t now)
{
	int err = s->tunnel->engine->ops->session_create(s);

	if (!err) {
		s->kernel = KERNEL_CREATING;
		return true;
	}
	kernel_failed(s, err, "session", now);
	return false;
}

/* Returns false when it failed at once, and with it the session. */
static bool start_ppp(struct l2tp_session *s, usec_t now)
{
	struct reason reason;
	int err;

	s->ppp.started_at = now;
	s->ppp.running = true;
	err = s->tunnel->engine->ops->ppp_start(s);
	s->ppp.running = !err;
	if (err >= 0)
		return true;
	reason = reason_make(ORIGIN_PPP, CDN_NO_FACILITIES_TEMPORARY, 0, "cannot start PPP: %s",
			     strerror(-err));
	session_end(s, &reason, PPP_STOP_HANGUP, now);
	return false;
}

static void establish(struct l2tp_session *s, usec_t now)
{
	struct l2tp_tunnel *t = s->tunnel;

	session_enter(s, SESSION_ESTABLISHED, now);
	if (!start_ppp(s, now))
		return;
	s->was_up = true;
	TUNNEL_COUNT(t, sessions_established);
	engine_event(t->engine, EVENT_SESSION_UP, t, s, &t->core.peer, NULL);
}

static void number_data(struct l2tp_session *s, usec_t now)
{
	int err = s->tunnel->engine->ops->session_modify(s);

	if (err) {
		kernel_failed(s, err, "session", now);
		return;
	}
	s->kernel = KERNEL_MODIFYING;
	session_enter(s, SESSION_WAIT_NUMBERS, now);
}

void session_connected(struct l2tp_session *s, usec_t now)
{
	if (s->core.sequencing)
		number_data(s, now);
	else
		establish(s, now);
}

bool session_sent(struct l2tp_session *s, int err, enum msg_type type, usec_t now)
{
	struct reason reason;

	if (!err)
		return true;
	reason = reason_kernel(err, msg_type_name(type));
	session_end(s, &reason, PPP_STOP_HANGUP, now);
	return false;
}

void session_tunnel_ready(struct l2tp_session *s, usec_t now)
{
	const struct call_kind *kind = &call_kinds[s->core.type];
	struct reason reason;
	int err;

	if (s->core.state != SESSION_WAIT_TUNNEL)
		return;
	if (!kind->send_request) {
		if (session_create_kernel(s, now))
			session_enter(s, SESSION_WAIT_KERNEL, now);
		return;
	}
	err = kind->send_request(s, now);
	if (err == -EOPNOTSUPP) {
		reason = reason_make(ORIGIN_PEER, CDN_NO_FACILITIES_PERMANENT, 0,
				     "it says that it places no calls");
		session_end(s, &reason, PPP_STOP_HANGUP, now);
	} else if (session_sent(s, err, kind->request, now)) {
		session_enter(s, SESSION_WAIT_REPLY, now);
	}
}

/* The kernel said yes: the peer may be told that it may send. */
static void data_plane_ready(struct l2tp_session *s, usec_t now)
{
	const struct call_kind *kind = &call_kinds[s->core.type];

	if (s->core.state == SESSION_WAIT_KERNEL_LAST)
		session_connected(s, now);
	else if (kind->send_ready && !session_sent(s, kind->send_ready(s, now), kind->ready, now))
		return;
	else if (kind->when_ready == SESSION_ESTABLISHED)
		establish(s, now);
	else
		session_enter(s, kind->when_ready, now);
}

void l2tp_session_kernel_created(struct l2tp_session *s, int err, const char *step, usec_t now)
{
	struct l2tp_engine *engine = s->tunnel->engine;

	s->kernel = err ? KERNEL_NONE : KERNEL_UP;
	if (s->core.state == SESSION_CLOSING)
		go_on_ending(s, now);
	else if (err)
		kernel_failed(s, err, step, now);
	else
		data_plane_ready(s, now);
	engine_reap(engine);
}

void l2tp_session_kernel_modified(struct l2tp_session *s, int err, const char *step, usec_t now)
{
	struct l2tp_engine *engine = s->tunnel->engine;

	s->kernel = KERNEL_UP;
	if (s->core.state == SESSION_CLOSING)
		go_on_ending(s, now);
	else if (err)
		kernel_failed(s, err, step, now);
	else
		establish(s, now);
	engine_reap(engine);
}

void l2tp_session_kernel_deleted(struct l2tp_session *s, usec_t now)
{
	struct l2tp_engine *engine = s->tunnel->engine;

	s->kernel = KERNEL_NONE;
	go_on_ending(s, now);
	engine_reap(engine);
}

void l2tp_session_ppp_lcp_open(struct l2tp_session *s, usec_t now)
{
	if (!s->ppp.lcp_open_at)
		s->ppp.lcp_open_at = now;
}

void l2tp_session_ppp_up(struct l2tp_session *s, usec_t now)
{
	if (!s->ppp.up)
		s->ppp.up_at = now;
	s->ppp.up = true;
	engine_event(s->tunnel->engine, EVENT_SESSION_PPP_UP, s->tunnel, s, &s->tunnel->core.peer,
		     NULL);
}

void l2tp_session_ppp_down(struct l2tp_session *s, const struct reason *reason, usec_t now)
{
	struct l2tp_engine *engine = s->tunnel->engine;

	s->ppp.running = false;
	s->ppp.up = false;
	/* What we wanted stays the reason; how PPP took it is told beside it (RFC 3145). */
	if (s->reason.origin != ORIGIN_PEER && !s->reason.ppp.code)
		s->reason.ppp = reason->ppp;
	if (s->core.state != SESSION_CLOSING)
		session_end(s, reason, PPP_STOP_HANGUP, now);
	else
		go_on_ending(s, now);
	engine_reap(engine);
}

void l2tp_session_close(struct l2tp_session *s, const struct reason *reason, usec_t now)
{
	struct l2tp_engine *engine = s->tunnel->engine;

	session_end(s, reason, PPP_STOP_GRACEFUL, now);
	engine_reap(engine);
}
