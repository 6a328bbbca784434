/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a message means to a tunnel: the table of RFC 2661 section 7.2.1, and tunnel
 * authentication (5.1.1).
 *
 * A row names a state, a message, what is done, and the state that follows when it went well. An
 * action that fails has ended the tunnel itself. A message without a row in the tunnel's state is
 * an error of the state machine, answered with StopCCN 7. Speeds of calls (RFC 5515) come for many
 * calls at once, so the tunnel takes them. Messages of calls go on to session_fsm.c,
 * SCCRQs come from input.c and, when they cross ours, through tie.c.
 */
#include "l2tp/private.h"

#include <string.h>

#include "base/text.h"
#include "wire/auth.h"
#include "wire/result.h"

static void learn_peer(struct l2tp_tunnel *t, const struct l2tp_msg *msg)
{
	struct tunnel_core *core = &t->core;

	text_copy(core->peer_host_name, sizeof(core->peer_host_name), msg->host_name);
	text_copy(core->peer_vendor, sizeof(core->peer_vendor), msg->vendor_name);
	core->peer_framing = msg->framing_capabilities;
	if (msg_has(msg, AVP_BEARER_CAPABILITIES))
		core->peer_bearer = msg->bearer_capabilities;
	if (msg_has(msg, AVP_FIRMWARE_REVISION))
		core->peer_firmware = msg->firmware_revision;
	core->peer_window = msg_has(msg, AVP_RECEIVE_WINDOW_SIZE) ? msg->receive_window_size
								  : TRANSPORT_PEER_WINDOW_DEFAULT;
	transport_set_peer_window(&t->transport, core->peer_window);
}

static bool refuse_peer(struct l2tp_tunnel *t, const char *why, usec_t now)
{
	struct reason reason = reason_make(ORIGIN_LOCAL, STOPCCN_NOT_AUTHORIZED, 0, "%s", why);

	t->engine->stats.auth_failures++;
	tunnel_fail(t, &reason, now);
	return false;
}

/* The answer to the challenge that the peer put into `msg`, for the message that we send next. */
static bool answer_challenge(struct l2tp_tunnel *t, const struct l2tp_msg *msg,
			     enum msg_type carrier, struct l2tp_msg *reply, usec_t now)
{
	if (!msg_has(msg, AVP_CHALLENGE))
		return true;
	if (!peer_can_answer(t->peer))
		return refuse_peer(t, "the peer demands a secret, and none is configured for it",
				   now);
	challenge_response(carrier, peer_secret(t->peer), msg->challenge,
			   reply->challenge_response);
	avp_add(&reply->present, AVP_CHALLENGE_RESPONSE);
	return true;
}

/* Whether the peer answered the challenge that we sent; `msg` is what carries the answer. */
static bool check_response(struct l2tp_tunnel *t, const struct l2tp_msg *msg, usec_t now)
{
	if (!peer_is_challenged(t->peer))
		return true;
	if (!msg_has(msg, AVP_CHALLENGE_RESPONSE))
		return t->peer->challenge == CHALLENGE_OFFER ||
		       refuse_peer(t, "the peer did not answer the challenge", now);
	if (!tunnel_is_answered(t, msg))
		return refuse_peer(t, "the peer has another secret", now);
	t->authenticated = true;
	return true;
}

/* Without its answer the peer would wait for us, and we for the peer. */
static bool send_or_fail(struct l2tp_tunnel *t, struct l2tp_msg *msg, usec_t now)
{
	int err = tunnel_send(t, NULL, msg, now);
	struct reason reason;

	if (!err)
		return true;
	reason = reason_kernel(err, msg_type_name(msg->type));
	tunnel_fail(t, &reason, now);
	return false;
}

void tunnel_accept_sccrq(struct l2tp_tunnel *t, const struct l2tp_msg *msg, usec_t now)
{
	struct l2tp_msg reply = {.type = MSG_SCCRP};

	learn_peer(t, msg);
	/* Answers to our messages come to a tunnel in this state only. */
	tunnel_enter(t, TUNNEL_WAIT_CTL_CONN, now);
	tunnel_describe_self(t, &reply);
	if (answer_challenge(t, msg, MSG_SCCRP, &reply, now))
		send_or_fail(t, &reply, now);
}

/* The peer is there and no impostor: from here on what it sends may come to this tunnel. */
static bool connect_socket(struct l2tp_tunnel *t, usec_t now)
{
	int err = t->engine->ops->socket_connect(t);
	struct reason reason;

	if (!err)
		return true;
	reason = reason_kernel(err, "connect");
	tunnel_fail(t, &reason, now);
	return false;
}

static bool accept_sccrp(struct l2tp_tunnel *t, const struct l2tp_msg *msg, usec_t now)
{
	struct l2tp_msg reply = {.type = MSG_SCCCN};
	struct reason reason;

	tunnel_set_peer_id(t, msg->assigned_tunnel_id);
	learn_peer(t, msg);
	if (msg->protocol_version >> 8 != 1) {
		reason = reason_make(ORIGIN_LOCAL, STOPCCN_BAD_VERSION, 0x0100,
				     "the peer speaks protocol version %u.%u",
				     msg->protocol_version >> 8, msg->protocol_version & 0xff);
		tunnel_fail(t, &reason, now);
		return false;
	}
	if (!check_response(t, msg, now) || !answer_challenge(t, msg, MSG_SCCCN, &reply, now))
		return false;
	return connect_socket(t, now) && send_or_fail(t, &reply, now) &&
	       tunnel_create_kernel(t, now);
}

static bool accept_scccn(struct l2tp_tunnel *t, const struct l2tp_msg *msg, usec_t now)
{
	if (!check_response(t, msg, now))
		return false;
	engine_end_predecessors(t, now);
	return connect_socket(t, now) && tunnel_create_kernel(t, now);
}

/* HELLO asks for nothing but the acknowledgement that the transport gives (RFC 2661 6.5). */
static bool accept_hello(struct l2tp_tunnel *t, const struct l2tp_msg *msg, usec_t now)
{
	(void)t, (void)msg, (void)now;
	return true;
}

static bool accept_stopccn(struct l2tp_tunnel *t, const struct l2tp_msg *msg, usec_t now)
{
	struct reason reason = reason_received(msg);

	if (!t->core.peer_tunnel_id && msg_has(msg, AVP_ASSIGNED_TUNNEL_ID))
		tunnel_set_peer_id(t, msg->assigned_tunnel_id);
	tunnel_stopped(t, &reason, now);
	return true;
}

#define IN(state) (1u << (state))
#define ALIVE                                                                            \
	(IN(TUNNEL_WAIT_CTL_REPLY) | IN(TUNNEL_WAIT_CTL_CONN) | IN(TUNNEL_ESTABLISHED) | \
	 IN(TUNNEL_DRAINING))

/* The state stays, or the action has chosen it. */
#define SAME TUNNEL_STATE_MAX

static const struct rule {
	unsigned int states;
	enum msg_type message;
	bool (*action)(struct l2tp_tunnel *t, const struct l2tp_msg *msg, usec_t now);
	enum tunnel_state next;
} rules[] = {
	{IN(TUNNEL_WAIT_CTL_REPLY), MSG_SCCRP, accept_sccrp, TUNNEL_ESTABLISHED},
	{IN(TUNNEL_WAIT_CTL_CONN), MSG_SCCCN, accept_scccn, TUNNEL_ESTABLISHED},
	{IN(TUNNEL_ESTABLISHED) | IN(TUNNEL_DRAINING), MSG_HELLO, accept_hello, SAME},
	{IN(TUNNEL_ESTABLISHED) | IN(TUNNEL_DRAINING), MSG_CSUN, tunnel_accept_csun, SAME},
	{IN(TUNNEL_ESTABLISHED) | IN(TUNNEL_DRAINING), MSG_CSURQ, tunnel_accept_csurq, SAME},
	{ALIVE | IN(TUNNEL_CLOSING), MSG_STOPCCN, accept_stopccn, SAME},
};

static void tunnel_message(struct l2tp_tunnel *t, const struct l2tp_msg *msg, usec_t now)
{
	struct reason reason;

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const struct rule *rule = &rules[i];

		if (rule->message != msg->type || !(rule->states & IN(t->core.state)))
			continue;
		if (rule->action(t, msg, now) && rule->next != SAME)
			tunnel_enter(t, rule->next, now);
		return;
	}
	TUNNEL_COUNT(t, rx_unexpected);
	/* What a tunnel on its way out still receives was sent before the peer knew. */
	if (t->core.state >= TUNNEL_DRAINING)
		return;
	reason = reason_make(ORIGIN_LOCAL, STOPCCN_FSM_ERROR, 0, "%s in state %s",
			     msg_type_name(msg->type), tunnel_state_name(t->core.state));
	tunnel_fail(t, &reason, now);
}

static void bad_tunnel_message(struct l2tp_tunnel *t, const struct msg_error *error,
			       const struct reason *reason, usec_t now)
{
	/* A StopCCN that we cannot read still means that the peer is gone. */
	if (error->type == MSG_STOPCCN) {
		tunnel_stopped(t, reason, now);
		return;
	}
	/* The sender of a broken SCCRP has to hear of it too. */
	if (error->type == MSG_SCCRP && !t->core.peer_tunnel_id && error->assigned_tunnel_id)
		tunnel_set_peer_id(t, error->assigned_tunnel_id);
	tunnel_fail(t, reason, now);
}

static void bad_call_message(struct l2tp_tunnel *t, const struct control_header *header,
			     const struct msg_error *error, const struct reason *reason, usec_t now)
{
	struct l2tp_session *s = l2tp_session_find(t, header->session_id);

	if (!s && error->type == MSG_CDN)
		s = session_find_peer_id(t, error->assigned_session_id);
	/* Neither does a CDN want an answer because it cannot be read. */
	if (s && error->type == MSG_CDN)
		session_set_peer_done(s);
	if (s)
		session_end(s, reason, PPP_STOP_HANGUP, now);
	else if (error->assigned_session_id && error->type != MSG_CDN)
		tunnel_send_cdn(t, error->assigned_session_id, reason, now);
}

static bool takes_calls(const struct l2tp_tunnel *t)
{
	return t->core.state == TUNNEL_ESTABLISHED || t->core.state == TUNNEL_DRAINING;
}

/* A message that could not be decoded, RFC 2661 4.1 and 7.1: its call ends, or the tunnel. */
static void bad_message(struct l2tp_tunnel *t, const struct control_header *header,
			const struct msg_error *error, usec_t now)
{
	struct reason reason =
		reason_make(ORIGIN_LOCAL, STOPCCN_GENERAL_ERROR, error->error, "%s", error->text);

	TUNNEL_COUNT(t, rx_avp_errors);
	engine_event(t->engine, EVENT_PACKET_DROPPED, t, NULL, &t->core.peer, error->text);
	if (!error->fatal || t->core.state >= TUNNEL_CLOSING)
		return;
	if (!msg_is_session(error->type))
		bad_tunnel_message(t, error, &reason, now);
	else if (takes_calls(t))
		bad_call_message(t, header, error, &reason, now);
}

void tunnel_deliver(struct transport *transport, const struct control_header *header,
		    struct bytes body, usec_t now)
{
	struct l2tp_tunnel *t = container_of(transport, struct l2tp_tunnel, transport);
	uint8_t scratch[MSG_LEN_MAX];
	struct msg_decode_params params = {.secret = peer_secret(t->peer),
					   .scratch = scratch,
					   .scratch_size = sizeof(scratch)};
	struct msg_error error = {.fatal = true, .error = ERROR_LENGTH};
	struct l2tp_msg msg;

	if (body.len > sizeof(scratch)) {
		strcpy(error.text, "message too long");
		bad_message(t, header, &error, now);
		return;
	}
	if (msg_decode(body, &params, &msg, &error)) {
		bad_message(t, header, &error, now);
		return;
	}
	trace_message(t->engine, t, false, &msg);
	count_received(t->engine, &msg);
	tunnel_count_received(t, &msg);
	if (!msg_is_session(msg.type))
		tunnel_message(t, &msg, now);
	else if (takes_calls(t))
		session_message(t, header->session_id, &msg, now);
	else if (t->core.state < TUNNEL_DRAINING)
		tunnel_ignore(t, &msg, "before the tunnel is up");
	else
		TUNNEL_COUNT(t, rx_unexpected);
}
