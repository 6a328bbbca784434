/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a message means to a call: the tables of RFC 2661 sections 7.4.1 (LAC, incoming call) and
 * 7.4.2 (LNS, incoming call).
 *
 * Rows as in tunnel_fsm.c. Between "message received" and "next state" of the RFC stands the
 * kernel here (wait-kernel, wait-numbers): no call is answered before its data plane is there, and
 * none is established before that numbers its data when it should. Outgoing
 * calls (7.5) have no rows: a request for one is refused.
 */
#include "l2tp/private.h"

#include <string.h>

#include "wire/result.h"

int session_send_icrq(struct l2tp_session *s, usec_t now)
{
	struct l2tp_msg msg = {.type = MSG_ICRQ};
	const struct session_core *core = &s->core;

	MSG_SET(&msg, AVP_ASSIGNED_SESSION_ID, assigned_session_id, core->session_id);
	MSG_SET(&msg, AVP_CALL_SERIAL_NUMBER, call_serial_number, core->call_serial);
	MSG_SET(&msg, AVP_BEARER_TYPE, bearer_type, core->bearer);
	if (core->called_number[0])
		MSG_SET(&msg, AVP_CALLED_NUMBER, called_number, bytes_str(core->called_number));
	if (core->calling_number[0])
		MSG_SET(&msg, AVP_CALLING_NUMBER, calling_number, bytes_str(core->calling_number));
	return tunnel_send(s->tunnel, s, &msg, now);
}

int session_send_icrp(struct l2tp_session *s, usec_t now)
{
	struct l2tp_msg msg = {.type = MSG_ICRP};

	MSG_SET(&msg, AVP_ASSIGNED_SESSION_ID, assigned_session_id, s->core.session_id);
	return tunnel_send(s->tunnel, s, &msg, now);
}

int session_send_iccn(struct l2tp_session *s, usec_t now)
{
	struct l2tp_msg msg = {.type = MSG_ICCN};
	const struct session_core *core = &s->core;

	MSG_SET(&msg, AVP_TX_CONNECT_SPEED, tx_connect_speed, core->tx_connect_speed);
	MSG_SET(&msg, AVP_FRAMING_TYPE, framing_type, core->framing);
	if (core->rx_connect_speed != core->tx_connect_speed)
		MSG_SET(&msg, AVP_RX_CONNECT_SPEED, rx_connect_speed, core->rx_connect_speed);
	if (core->sequencing)
		avp_add(&msg.present, AVP_SEQUENCING_REQUIRED);
	return tunnel_send(s->tunnel, s, &msg, now);
}

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
	} else if (peer->max_sessions && t->n_sessions >= peer->max_sessions) {
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

/* RFC 2661 7.4.2: an ICRQ for a call that is there ends the call. */
static bool ends_existing(struct l2tp_tunnel *t, const struct l2tp_msg *msg, usec_t now)
{
	struct l2tp_session *s = session_find_peer_id(t, msg->assigned_session_id);
	struct reason reason;

	if (!s)
		return false;
	t->stats.rx_unexpected++;
	reason = reason_make(ORIGIN_LOCAL, CDN_GENERAL_ERROR, ERROR_SESSION_ID,
			     "another ICRQ for session id %u", msg->assigned_session_id);
	session_end(s, &reason, PPP_STOP_HANGUP, now);
	return true;
}

static void refuse_call(struct l2tp_tunnel *t, const struct l2tp_msg *msg,
			const struct reason *reason, usec_t now)
{
	t->stats.sessions_failed++;
	t->engine->stats.sessions_failed++;
	engine_event(t->engine, EVENT_REFUSED, t, NULL, &t->core.peer, reason->text);
	tunnel_send_cdn(t, msg->assigned_session_id, reason, now);
}

static void accept_icrq(struct l2tp_tunnel *t, const struct l2tp_msg *msg, usec_t now)
{
	struct l2tp_session *s;
	struct reason reason;
	int err;

	if (ends_existing(t, msg, now))
		return;
	if (!call_allowed(t, &reason)) {
		refuse_call(t, msg, &reason, now);
		return;
	}
	err = session_new(t, CALL_LNS_INCOMING, 0, &s);
	if (err) {
		reason = reason_kernel(err, "ICRQ");
		refuse_call(t, msg, &reason, now);
		return;
	}
	session_set_peer_id(s, msg->assigned_session_id);
	s->core.call_serial = msg->call_serial_number;
	s->core.bearer = msg_has(msg, AVP_BEARER_TYPE) ? msg->bearer_type : 0;
	if (msg_has(msg, AVP_PHYSICAL_CHANNEL_ID))
		s->core.physical_channel = msg->physical_channel_id;
	copy_text(s->core.called_number, sizeof(s->core.called_number), msg->called_number);
	copy_text(s->core.calling_number, sizeof(s->core.calling_number), msg->calling_number);
	t->engine->stats.sessions_accepted++;
	t->stats.sessions_accepted++;
	session_enter(s, SESSION_WAIT_TUNNEL, now);
	if (t->was_up)
		session_tunnel_ready(s, now);
}

static bool accept_icrp(struct l2tp_session *s, const struct l2tp_msg *msg, usec_t now)
{
	struct reason reason;

	if (session_find_peer_id(s->tunnel, msg->assigned_session_id)) {
		reason = reason_make(ORIGIN_LOCAL, CDN_GENERAL_ERROR, ERROR_SESSION_ID,
				     "session id %u is in use", msg->assigned_session_id);
		/* CDN names the call by our id: the peer's is that of a call that lives. */
		session_end(s, &reason, PPP_STOP_HANGUP, now);
		return false;
	}
	session_set_peer_id(s, msg->assigned_session_id);
	return session_create_kernel(s, now);
}

static bool accept_iccn(struct l2tp_session *s, const struct l2tp_msg *msg, usec_t now)
{
	(void)now;
	s->core.tx_connect_speed = msg->tx_connect_speed;
	s->core.rx_connect_speed =
		msg_has(msg, AVP_RX_CONNECT_SPEED) ? msg->rx_connect_speed : msg->tx_connect_speed;
	s->core.framing = msg->framing_type;
	s->core.sequencing = msg_has(msg, AVP_SEQUENCING_REQUIRED);
	return true;
}

#define IN(state) (1u << (state))
/* The LAC said that it is, and may say more. */
#define CONNECTED (IN(SESSION_WAIT_NUMBERS) | IN(SESSION_ESTABLISHED))
#define SAME SESSION_STATE_MAX

static const struct rule {
	enum call_type type;
	unsigned int states;
	enum msg_type message;
	bool (*action)(struct l2tp_session *s, const struct l2tp_msg *msg, usec_t now);
	enum session_state next;
} rules[] = {
	{CALL_LAC_INCOMING, IN(SESSION_WAIT_REPLY), MSG_ICRP, accept_icrp, SESSION_WAIT_KERNEL},
	{CALL_LAC_INCOMING, IN(SESSION_ESTABLISHED), MSG_SLI, session_accept_sli, SAME},
	{CALL_LNS_INCOMING, IN(SESSION_WAIT_CONNECT), MSG_ICCN, accept_iccn, SESSION_ESTABLISHED},
	{CALL_LNS_INCOMING, CONNECTED, MSG_WEN, session_accept_wen, SAME},
};

static void run_rule(struct l2tp_session *s, const struct rule *rule, const struct l2tp_msg *msg,
		     usec_t now)
{
	if (!rule->action(s, msg, now) || rule->next == SAME)
		return;
	if (rule->next == SESSION_ESTABLISHED && s->core.sequencing)
		session_number_data(s, now);
	else if (rule->next == SESSION_ESTABLISHED)
		session_establish(s, now);
	else
		session_enter(s, rule->next, now);
}

static void run_machine(struct l2tp_session *s, const struct l2tp_msg *msg, usec_t now)
{
	struct reason reason;

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const struct rule *rule = &rules[i];

		if (rule->type == s->core.type && rule->message == msg->type &&
		    (rule->states & IN(s->core.state))) {
			run_rule(s, rule, msg, now);
			return;
		}
	}
	s->tunnel->stats.rx_unexpected++;
	if (s->core.state == SESSION_CLOSING)
		return;
	/* CDN has no Result Code for this: the text has to say it (RFC 2661 4.4.2). */
	reason = reason_make(ORIGIN_LOCAL, CDN_GENERAL_ERROR, ERROR_VENDOR, "%s in state %s",
			     msg_type_name(msg->type), session_state_name(s->core.state));
	session_end(s, &reason, PPP_STOP_HANGUP, now);
}

static void accept_cdn(struct l2tp_session *s, const struct l2tp_msg *msg, usec_t now)
{
	struct reason reason = reason_received(msg);

	session_set_peer_done(s);
	session_end(s, &reason, PPP_STOP_HANGUP, now);
}

static void refuse_outgoing(struct l2tp_tunnel *t, const struct l2tp_msg *msg, usec_t now)
{
	struct reason reason = reason_make(ORIGIN_LOCAL, CDN_NO_FACILITIES_PERMANENT, 0,
					   "outgoing calls are not taken here");

	engine_event(t->engine, EVENT_REFUSED, t, NULL, &t->core.peer, reason.text);
	tunnel_send_cdn(t, msg->assigned_session_id, &reason, now);
}

/* A message for a session that is not here: gone a moment ago, or never was. */
static void no_session(struct l2tp_tunnel *t, const struct l2tp_msg *msg, usec_t now)
{
	struct reason reason;

	t->stats.rx_unexpected++;
	if (msg->type != MSG_ICRP)
		return;
	reason = reason_make(ORIGIN_LOCAL, CDN_GENERAL_ERROR, ERROR_SESSION_ID,
			     "no such session here");
	tunnel_send_cdn(t, msg->assigned_session_id, &reason, now);
}

void session_message(struct l2tp_tunnel *t, uint16_t session_id, const struct l2tp_msg *msg,
		     usec_t now)
{
	struct l2tp_session *s = session_id ? l2tp_session_find(t, session_id) : NULL;

	if (msg->type == MSG_ICRQ) {
		accept_icrq(t, msg, now);
	} else if (msg->type == MSG_OCRQ) {
		refuse_outgoing(t, msg, now);
	} else if (msg->type == MSG_CDN) {
		/* RFC 2661 4.4.4: before the peer knows our id it names the call by its own. */
		if (!s)
			s = session_find_peer_id(t, msg->assigned_session_id);
		if (s)
			accept_cdn(s, msg, now);
		else
			t->stats.rx_unexpected++;
	} else if (s) {
		run_machine(s, msg, now);
	} else {
		no_session(t, msg, now);
	}
}
