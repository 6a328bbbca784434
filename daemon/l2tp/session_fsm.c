/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a message means to a call: the tables of RFC 2661 sections 7.4.1 (LAC, incoming call), 7.4.2
 * (LNS, incoming call), 7.5.1 (LAC, outgoing call) and 7.5.2 (LNS, outgoing call).
 *
 * Rows as in tunnel_fsm.c. Between "message received" and "next state" of the RFC stands the
 * kernel here (wait-kernel, wait-numbers): no call is answered before its data plane is there, and
 * none is established before that numbers its data when it should. As LNS of an outgoing call the
 * kernel is asked at OCRP, and OCCN may be here before it is done (wait-kernel-last). How calls
 * begin is in call_accept.c and session_open.c.
 */
#include "l2tp/private.h"

#include "wire/result.h"

/* Without memory for what is told of a call there is none for the call. */
static bool learn(struct l2tp_session *s, const struct l2tp_msg *msg, usec_t now)
{
	return session_sent(s, session_learn(s, msg), msg->type, now);
}

static bool accept_reply(struct l2tp_session *s, const struct l2tp_msg *msg, usec_t now)
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
	if (!learn(s, msg, now))
		return false;
	return session_create_kernel(s, now);
}

static bool accept_connected(struct l2tp_session *s, const struct l2tp_msg *msg, usec_t now)
{
	s->core.tx_connect_speed = msg->tx_connect_speed;
	s->core.rx_connect_speed =
		msg_has(msg, AVP_RX_CONNECT_SPEED) ? msg->rx_connect_speed : msg->tx_connect_speed;
	s->core.framing = msg->framing_type;
	s->core.sequencing = msg_has(msg, AVP_SEQUENCING_REQUIRED);
	return learn(s, msg, now);
}

#define IN(state) (1u << (state))
/* The LAC said that it is, and may say more. */
#define CONNECTED (IN(SESSION_WAIT_NUMBERS) | IN(SESSION_ESTABLISHED))
/* The state stays. */
#define SAME SESSION_STATE_MAX

static const struct rule {
	enum call_type type;
	unsigned int states;
	enum msg_type message;
	bool (*action)(struct l2tp_session *s, const struct l2tp_msg *msg, usec_t now);
	enum session_state next;
} rules[] = {
	{CALL_LAC_INCOMING, IN(SESSION_WAIT_REPLY), MSG_ICRP, accept_reply, SESSION_WAIT_KERNEL},
	/* "At any time during the life of the call" (6.14): the LNS's began with its ICRP. */
	{CALL_LAC_INCOMING, IN(SESSION_WAIT_KERNEL) | IN(SESSION_ESTABLISHED), MSG_SLI,
	 session_accept_sli, SAME},
	{CALL_LNS_INCOMING, IN(SESSION_WAIT_CONNECT), MSG_ICCN, accept_connected,
	 SESSION_ESTABLISHED},
	{CALL_LNS_INCOMING, CONNECTED, MSG_WEN, session_accept_wen, SAME},
	{CALL_LNS_OUTGOING, IN(SESSION_WAIT_REPLY), MSG_OCRP, accept_reply, SESSION_WAIT_KERNEL},
	{CALL_LNS_OUTGOING, IN(SESSION_WAIT_KERNEL), MSG_OCCN, accept_connected,
	 SESSION_WAIT_KERNEL_LAST},
	{CALL_LNS_OUTGOING, IN(SESSION_WAIT_CONNECT), MSG_OCCN, accept_connected,
	 SESSION_ESTABLISHED},
	{CALL_LNS_OUTGOING, IN(SESSION_WAIT_KERNEL_LAST) | CONNECTED, MSG_WEN, session_accept_wen,
	 SAME},
	{CALL_LAC_OUTGOING, IN(SESSION_ESTABLISHED), MSG_SLI, session_accept_sli, SAME},
};

static void run_rule(struct l2tp_session *s, const struct rule *rule, const struct l2tp_msg *msg,
		     usec_t now)
{
	if (!rule->action(s, msg, now) || rule->next == SAME)
		return;
	if (rule->next == SESSION_ESTABLISHED)
		session_connected(s, now);
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
	TUNNEL_COUNT(s->tunnel, rx_unexpected);
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

/* A message for a session that is not here: gone a moment ago, or never was. */
static void no_session(struct l2tp_tunnel *t, const struct l2tp_msg *msg, usec_t now)
{
	struct reason reason;

	if (msg->type != MSG_ICRP && msg->type != MSG_OCRP) {
		tunnel_ignore(t, msg, "for a call that is not here");
		return;
	}
	TUNNEL_COUNT(t, rx_unexpected);
	reason = reason_make(ORIGIN_LOCAL, CDN_GENERAL_ERROR, ERROR_SESSION_ID,
			     "no such session here");
	tunnel_send_cdn(t, msg->assigned_session_id, &reason, now);
}

void session_message(struct l2tp_tunnel *t, uint16_t session_id, const struct l2tp_msg *msg,
		     usec_t now)
{
	struct l2tp_session *s = session_id ? l2tp_session_find(t, session_id) : NULL;

	if (msg->type == MSG_ICRQ) {
		call_accept(t, CALL_LNS_INCOMING, msg, now);
	} else if (msg->type == MSG_OCRQ) {
		call_accept(t, CALL_LAC_OUTGOING, msg, now);
	} else if (msg->type == MSG_CDN) {
		/* RFC 2661 4.4.4: before the peer knows our id it names the call by its own. */
		if (!s)
			s = session_find_peer_id(t, msg->assigned_session_id);
		if (s)
			accept_cdn(s, msg, now);
		else
			TUNNEL_COUNT(t, rx_unexpected);
	} else if (s) {
		run_machine(s, msg, now);
	} else {
		no_session(t, msg, now);
	}
}
