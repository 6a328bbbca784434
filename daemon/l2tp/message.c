/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages on their way out: encoding, hiding, tracing, and the ones that end things.
 */
#include "l2tp/private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "wire/result.h"

#define VENDOR_NAME "adit"
/* High octet major, low octet minor: RFC 2661 4.4.3 leaves the encoding to the vendor. */
#define FIRMWARE_REVISION 0x0001

/* Octets of a Random Vector; RFC 2661 4.3 advises 16 at least. */
#define RANDOM_VECTOR_LEN 16

void trace_message(struct l2tp_engine *engine, const struct l2tp_tunnel *t, bool out,
		   const struct l2tp_msg *msg)
{
	if (engine->ops->trace)
		engine->ops->trace(engine, t, out, msg);
}

void count_received(struct l2tp_engine *engine, const struct l2tp_msg *msg)
{
	traffic_count(&engine->traffic, false, msg);
	engine->stats.rx_ignored_avps += msg->unknown_avps + msg->misplaced_avps;
}

void tunnel_count_received(struct l2tp_tunnel *t, const struct l2tp_msg *msg)
{
	tunnel_traffic_count(&t->traffic, false, msg);
	t->stats.rx_ignored_avps += msg->unknown_avps + msg->misplaced_avps;
}

void tunnel_ignore(struct l2tp_tunnel *t, const struct l2tp_msg *msg, const char *why)
{
	char text[64];

	TUNNEL_COUNT(t, rx_unexpected);
	snprintf(text, sizeof(text), "%s %s", msg_type_name(msg->type), why);
	engine_event(t->engine, EVENT_PACKET_DROPPED, t, NULL, &t->core.peer, text);
}

static void count_sent(struct l2tp_engine *engine, struct l2tp_tunnel *t,
		       const struct l2tp_msg *msg, int err)
{
	/* A transport that is closing takes nothing because there is nothing more to say. */
	engine->stats.tx_failed += err && err != -ESHUTDOWN;
	if (err)
		return;
	traffic_count(&engine->traffic, true, msg);
	if (t)
		tunnel_traffic_count(&t->traffic, true, msg);
}

static int encode(struct l2tp_engine *engine, const struct peer *peer, const struct l2tp_msg *msg,
		  uint16_t tunnel_id, uint16_t session_id, struct writer *w)
{
	uint8_t vector[RANDOM_VECTOR_LEN];
	struct msg_encode_params params = {
		.secret = peer_secret(peer),
		.hide = peer && peer->secret ? peer->hide : HIDE_NEVER,
	};

	if (params.hide != HIDE_NEVER) {
		engine->ops->random(engine, vector, sizeof(vector));
		params.random_vector = (struct bytes){vector, sizeof(vector)};
	}
	return msg_encode(msg, tunnel_id, session_id, &params, w);
}

int tunnel_send(struct l2tp_tunnel *t, const struct l2tp_session *s, struct l2tp_msg *msg,
		usec_t now)
{
	uint8_t packet[MSG_LEN_MAX];
	struct writer w = writer_init(packet, sizeof(packet));
	int err;

	trace_message(t->engine, t, true, msg);
	err = encode(t->engine, t->peer, msg, t->core.peer_tunnel_id,
		     s ? s->core.peer_session_id : 0, &w);
	if (!err)
		err = transport_send(&t->transport, (struct bytes){packet, writer_len(&w)},
				     s ? s->core.session_id : 0, now);
	count_sent(t->engine, t, msg, err);
	tunnel_dirty(t);
	return err;
}

static void set_result(struct l2tp_msg *msg, const struct reason *reason)
{
	msg->result_code.result = reason->result;
	msg->result_code.error = reason->error;
	msg->result_code.message = bytes_str(reason->text);
	avp_add(&msg->present, AVP_RESULT_CODE);
	if (reason->cause) {
		msg->cause_code.code = reason->cause;
		avp_add(&msg->present, AVP_CAUSE_CODE);
	}
	/* RFC 3145 2: of a CDN only. */
	if (msg->type == MSG_CDN && reason->ppp.code) {
		msg->ppp_disconnect_cause.code = reason->ppp.code;
		msg->ppp_disconnect_cause.control_protocol = reason->ppp.protocol;
		msg->ppp_disconnect_cause.direction = reason->ppp.direction;
		avp_add(&msg->present, AVP_PPP_DISCONNECT_CAUSE);
	}
}

/* Of a Q.931 cause, behind what the Result Code says. */
static void add_advisory(struct reason *reason, struct bytes advisory)
{
	size_t len = strlen(reason->text);
	size_t left = sizeof(reason->text) - len;

	if (!advisory.len || left < sizeof("; x"))
		return;
	if (len)
		len += (size_t)snprintf(reason->text + len, left, "; ");
	text_copy(reason->text + len, sizeof(reason->text) - len, advisory);
}

struct reason reason_received(const struct l2tp_msg *msg)
{
	struct reason reason = {
		.origin = ORIGIN_PEER,
		.result = msg->result_code.result,
		.error = msg->result_code.error,
		.cause = msg_has(msg, AVP_CAUSE_CODE) ? msg->cause_code.code : 0,
	};

	text_copy(reason.text, sizeof(reason.text), msg->result_code.message);
	if (msg_has(msg, AVP_CAUSE_CODE))
		add_advisory(&reason, msg->cause_code.advisory);
	if (msg_has(msg, AVP_PPP_DISCONNECT_CAUSE)) {
		reason.ppp.code = msg->ppp_disconnect_cause.code;
		reason.ppp.protocol = msg->ppp_disconnect_cause.control_protocol;
		reason.ppp.direction = msg->ppp_disconnect_cause.direction;
		if (!reason.text[0])
			text_copy(reason.text, sizeof(reason.text),
				  msg->ppp_disconnect_cause.message);
	}
	return reason;
}

/* Codes that a peer, the kernel or PPP gave us are told on as what they are to the other side. */
static struct reason for_peer(const struct reason *reason, uint16_t fallback)
{
	struct reason told = *reason;

	if (!told.result)
		told.result = fallback;
	return told;
}

int tunnel_send_stopccn(struct l2tp_tunnel *t, usec_t now)
{
	struct reason told = for_peer(&t->reason, STOPCCN_CLEAR);
	struct l2tp_msg msg = {.type = MSG_STOPCCN};

	MSG_SET(&msg, AVP_ASSIGNED_TUNNEL_ID, assigned_tunnel_id, t->core.tunnel_id);
	set_result(&msg, &told);
	return tunnel_send(t, NULL, &msg, now);
}

void engine_reply_stopccn(struct l2tp_engine *engine, const struct addr *local,
			  const struct addr *peer, const struct control_header *header,
			  uint16_t peer_tunnel_id, const struct reason *reason)
{
	uint8_t packet[MSG_LEN_MAX];
	struct writer w = writer_init(packet, sizeof(packet));
	struct l2tp_msg msg = {.type = MSG_STOPCCN};
	int err;

	/* The id that the peer knows us by (RFC 2661 4.4.3). When it knows none: the AVP must not
	 * be 0, and an id of nobody's cannot do harm. */
	MSG_SET(&msg, AVP_ASSIGNED_TUNNEL_ID, assigned_tunnel_id,
		header->tunnel_id ? (uint16_t)header->tunnel_id : engine_new_tunnel_id(engine));
	set_result(&msg, reason);
	if (!msg.assigned_tunnel_id)
		err = -ENOSPC;
	else
		err = encode(engine, NULL, &msg, peer_tunnel_id, 0, &w);
	count_sent(engine, NULL, &msg, err);
	if (err)
		return;
	/* What the peer expects from us next, and an acknowledgement of what it said. */
	control_header_set_seq(packet, header->nr, header->ns + 1);
	trace_message(engine, NULL, true, &msg);
	engine->stats.tx_packets++;
	engine->stats.tx_octets += writer_len(&w);
	engine->ops->reply(engine, local, peer, (struct bytes){packet, writer_len(&w)});
}

/* A CDN is the session's message, but its session may be gone before it is acknowledged. */
static int send_cdn(struct l2tp_tunnel *t, uint16_t session_id, uint16_t peer_session_id,
		    const struct reason *reason, usec_t now)
{
	uint8_t packet[MSG_LEN_MAX];
	struct writer w = writer_init(packet, sizeof(packet));
	struct l2tp_msg msg = {.type = MSG_CDN};
	struct reason told = for_peer(reason, CDN_ADMIN);
	int err;

	MSG_SET(&msg, AVP_ASSIGNED_SESSION_ID, assigned_session_id, session_id);
	set_result(&msg, &told);
	trace_message(t->engine, t, true, &msg);
	err = encode(t->engine, t->peer, &msg, t->core.peer_tunnel_id, peer_session_id, &w);
	if (!err)
		err = transport_send(&t->transport, (struct bytes){packet, writer_len(&w)}, 0, now);
	count_sent(t->engine, t, &msg, err);
	tunnel_dirty(t);
	return err;
}

void tunnel_send_cdn(struct l2tp_tunnel *t, uint16_t peer_session_id, const struct reason *reason,
		     usec_t now)
{
	uint16_t nobody = tunnel_new_session_id(t);

	/* One that is lost for lack of memory is not missed for long: its call never came up. */
	if (nobody)
		send_cdn(t, nobody, peer_session_id, reason, now);
}

int session_send_cdn(struct l2tp_session *s, usec_t now)
{
	bool unsaid = transport_cancel(&s->tunnel->transport, s->core.session_id);
	int err = 0;

	/* A call whose request never went out is none that the peer could clear. */
	if (!unsaid || s->core.peer_session_id)
		err = send_cdn(s->tunnel, s->core.session_id, s->core.peer_session_id, &s->reason,
			       now);
	if (err)
		return err;
	s->cdn_sent = true;
	session_forget_peer_id(s);
	return 0;
}

void tunnel_describe_self(struct l2tp_tunnel *t, struct l2tp_msg *msg)
{
	MSG_SET(msg, AVP_PROTOCOL_VERSION, protocol_version, 0x0100);
	MSG_SET(msg, AVP_FRAMING_CAPABILITIES, framing_capabilities, FRAMING_SYNC | FRAMING_ASYNC);
	MSG_SET(msg, AVP_BEARER_CAPABILITIES, bearer_capabilities, BEARER_DIGITAL | BEARER_ANALOG);
	MSG_SET(msg, AVP_FIRMWARE_REVISION, firmware_revision, FIRMWARE_REVISION);
	MSG_SET(msg, AVP_HOST_NAME, host_name, bytes_str(t->peer->local_name));
	MSG_SET(msg, AVP_VENDOR_NAME, vendor_name, bytes_str(VENDOR_NAME));
	MSG_SET(msg, AVP_ASSIGNED_TUNNEL_ID, assigned_tunnel_id, t->core.tunnel_id);
	MSG_SET(msg, AVP_RECEIVE_WINDOW_SIZE, receive_window_size, t->transport.config.window);
	if (peer_is_challenged(t->peer)) {
		struct bytes challenge = {t->challenge, sizeof(t->challenge)};

		tunnel_make_challenge(t);
		MSG_SET(msg, AVP_CHALLENGE, challenge, challenge);
	}
}
