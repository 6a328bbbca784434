/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls that the peer begins: ICRQ (RFC 2661 5.2.1, 7.4.2) and OCRQ (5.2.2, 7.5.1), and whether
 * they are taken.
 */
#include "l2tp/private.h"

#include "wire/result.h"

static bool call_allowed(const struct l2tp_tunnel *t, struct reason *ret)
{
	const struct l2tp_engine *engine = t->engine;
	const struct peer *peer = t->peer;

	if (engine->shutting_down || t->core.state != TUNNEL_ESTABLISHED) {
		*ret = reason_make(ORIGIN_LOCAL, CDN_NO_FACILITIES_TEMPORARY, 0,
				   "the tunnel is closing");
	} else if (peer->calls == CALL_REJECT) {
		*ret = reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "calls of peer %s are not taken",
				   peer->name);
	} else if (peer->max_sessions_per_tunnel &&
		   t->n_sessions >= peer->max_sessions_per_tunnel) {
		*ret = reason_make(ORIGIN_LOCAL, CDN_NO_FACILITIES_TEMPORARY, ERROR_RESOURCES,
				   "max_sessions_per_tunnel %u reached",
				   peer->max_sessions_per_tunnel);
	} else if (peer->max_sessions && t->usage->sessions >= peer->max_sessions) {
		*ret = reason_make(ORIGIN_LOCAL, CDN_NO_FACILITIES_TEMPORARY, ERROR_RESOURCES,
				   "max_sessions %u of peer %s reached", peer->max_sessions,
				   peer->name);
	} else if (engine->n_sessions >= engine->limits.max_sessions) {
		*ret = reason_make(ORIGIN_LOCAL, CDN_NO_FACILITIES_TEMPORARY, ERROR_RESOURCES,
				   "max_sessions %u reached", engine->limits.max_sessions);
	} else {
		return true;
	}
	return false;
}

/* RFC 2661 7.4.2, 7.5.1: a request for a call that is there ends the call. */
static bool ends_existing(struct l2tp_tunnel *t, const struct l2tp_msg *msg, usec_t now)
{
	struct l2tp_session *s = session_find_peer_id(t, msg->assigned_session_id);
	struct reason reason;

	if (!s)
		return false;
	TUNNEL_COUNT(t, rx_unexpected);
	reason = reason_make(ORIGIN_LOCAL, CDN_GENERAL_ERROR, ERROR_SESSION_ID,
			     "another %s for session id %u", msg_type_name(msg->type),
			     msg->assigned_session_id);
	session_end(s, &reason, PPP_STOP_HANGUP, now);
	return true;
}

static void refuse_call(struct l2tp_tunnel *t, const struct l2tp_msg *msg,
			const struct reason *reason, usec_t now)
{
	TUNNEL_COUNT(t, sessions_refused);
	TUNNEL_COUNT(t, sessions_failed);
	engine_event(t->engine, EVENT_REFUSED, t, NULL, &t->core.peer, reason->text);
	tunnel_send_cdn(t, msg->assigned_session_id, reason, now);
}

/* What RFC 2661 5.2.2 and 7.5.1 leave to us: whether there is somebody who answers. */
static bool outgoing_allowed(const struct peer *peer, const struct l2tp_msg *msg,
			     struct reason *ret)
{
	if (peer->calls == CALL_SWITCH) {
		*ret = reason_make(ORIGIN_LOCAL, CDN_NO_FACILITIES_PERMANENT, 0,
				   "calls of peer %s are switched, and outgoing ones cannot be",
				   peer->name);
	} else if (!peer->ppp) {
		*ret = reason_make(ORIGIN_LOCAL, CDN_NO_FACILITIES_PERMANENT, 0,
				   "outgoing calls of peer %s have no ppp section", peer->name);
	} else if (!msg->called_number.len) {
		*ret = reason_make(ORIGIN_LOCAL, CDN_INVALID_DESTINATION, 0,
				   "an outgoing call to no number");
	} else if (msg->minimum_bps > msg->maximum_bps) {
		*ret = reason_make(ORIGIN_LOCAL, CDN_GENERAL_ERROR, ERROR_VALUE,
				   "no speed is at least %u and at most %u bit/s", msg->minimum_bps,
				   msg->maximum_bps);
	} else {
		return true;
	}
	return false;
}

static uint32_t speed_between(uint32_t minimum, uint32_t maximum)
{
	uint32_t speed = CONNECT_SPEED_DEFAULT < maximum ? CONNECT_SPEED_DEFAULT : maximum;

	speed = speed < minimum ? minimum : speed;
	/* Real peers refuse a call of 0 bit/s, even one they asked for. */
	return speed ? speed : CONNECT_SPEED_DEFAULT;
}

/* What the LNS asked for is what it gets, as far as it left us a choice. */
static void learn_outgoing(struct session_core *core, const struct peer *peer,
			   const struct l2tp_msg *msg)
{
	core->minimum_bps = msg->minimum_bps;
	core->maximum_bps = msg->maximum_bps;
	core->tx_connect_speed = core->rx_connect_speed =
		speed_between(msg->minimum_bps, msg->maximum_bps);
	core->framing = msg->framing_type & FRAMING_ASYNC && !(msg->framing_type & FRAMING_SYNC)
				? FRAMING_ASYNC
				: FRAMING_SYNC;
	core->sequencing = peer->sequencing;
}

/* Returns 0 or -ENOMEM. */
static int learn_request(struct l2tp_session *s, const struct l2tp_msg *msg)
{
	struct session_core *core = &s->core;

	core->call_serial = msg->call_serial_number;
	core->bearer = msg_has(msg, AVP_BEARER_TYPE) ? msg->bearer_type : 0;
	return session_learn(s, msg);
}

static int accept_session(struct l2tp_tunnel *t, enum call_type type, const struct l2tp_msg *msg,
			  struct l2tp_session **ret)
{
	struct l2tp_session *s;
	int err = session_new(t, type, 0, &s);

	if (err)
		return err;
	err = learn_request(s, msg);
	if (err) {
		session_discard(s);
		return err;
	}
	session_set_peer_id(s, msg->assigned_session_id);
	*ret = s;
	return 0;
}

void call_accept(struct l2tp_tunnel *t, enum call_type type, const struct l2tp_msg *msg, usec_t now)
{
	struct l2tp_session *s;
	struct reason reason;
	int err;

	if (ends_existing(t, msg, now))
		return;
	if (!call_allowed(t, &reason) || admin_refuses_call(t, &reason) ||
	    (type == CALL_LAC_OUTGOING && !outgoing_allowed(t->peer, msg, &reason)) ||
	    (t->peer->calls == CALL_SWITCH && tsa_is_loop(t->engine, msg, &reason))) {
		refuse_call(t, msg, &reason, now);
		return;
	}
	err = accept_session(t, type, msg, &s);
	if (err) {
		reason = reason_kernel(err, msg_type_name(msg->type));
		refuse_call(t, msg, &reason, now);
		return;
	}
	if (type == CALL_LAC_OUTGOING)
		learn_outgoing(&s->core, t->peer, msg);
	TUNNEL_COUNT(t, sessions_accepted);
	session_enter(s, SESSION_WAIT_TUNNEL, now);
	if (t->was_up)
		session_tunnel_ready(s, now);
}
