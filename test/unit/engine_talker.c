/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scripted peer.
 */
#include "engine_talker.h"

#include <string.h>

#include "wire/auth.h"

void talker_init(struct talker *talker, struct box *box)
{
	*talker = (struct talker){
		.box = box,
		.addr = {.family = ADDR_IPV4, .port = L2TP_PORT, .ip = {198, 51, 100, 9}},
		.to = box->addr,
		.tunnel_id = 77,
	};
	box->world->talker = talker;
}

static void learn(struct talker *talker, const struct sent *sent)
{
	if (sent->msg.type == MSG_SCCRQ || sent->msg.type == MSG_SCCRP)
		talker->box_tunnel_id = sent->msg.assigned_tunnel_id;
	talker->to = sent->from;
	talker->heard = sent->msg.type;
}

void talker_hears(struct talker *talker, const struct sent *sent)
{
	if (talker->mute || !addr_equal(&talker->addr, &sent->to) || sent->msg.type == MSG_ZLB)
		return;
	/* What it does not expect was said before. */
	if (sent->header.ns != talker->nr)
		return;
	talker->nr++;
	learn(talker, sent);
}

/* Appends an AVP of vendor 0, attribute 1000, with the M bit. */
static void poison(struct writer *w)
{
	writer_u16(w, 0x8000 | 6);
	writer_u16(w, 0);
	writer_u16(w, 1000);
	control_header_finish(w);
}

/* Message Type is the first AVP. */
static void distort(struct talker *talker, struct writer *w)
{
	if (talker->poison)
		poison(w);
	if (talker->disguise)
		writer_patch_u16(w, CONTROL_HEADER_LEN + 6, talker->disguise);
	if (talker->optional)
		writer_patch_u16(w, CONTROL_HEADER_LEN, 8);
	talker->poison = talker->optional = false;
	talker->disguise = 0;
}

void talker_say_msg(struct talker *talker, uint16_t session_id, const struct l2tp_msg *msg)
{
	const struct msg_encode_params params = {.secret = bytes_str(talker->secret)};
	uint8_t packet[MSG_LEN_MAX];
	struct writer w = writer_init(packet, sizeof(packet));
	bool unconnected = msg->type == MSG_SCCRQ && !talker->astray;
	uint16_t tunnel_id = unconnected ? 0 : talker->box_tunnel_id;

	assert_int_equal(msg_encode(msg, tunnel_id, session_id, &params, &w), 0);
	distort(talker, &w);
	control_header_set_seq(packet, talker->ns++, talker->nr);
	box_input(talker->box, &talker->addr, (struct bytes){packet, writer_len(&w)});
	world_settle(talker->box->world);
	talker_ack(talker);
}

void talker_ack(struct talker *talker)
{
	const struct control_header header = {
		.version = 2,
		.length = CONTROL_HEADER_LEN,
		.tunnel_id = talker->box_tunnel_id,
		.ns = talker->ns,
	};
	uint8_t packet[CONTROL_HEADER_LEN];
	struct writer w;
	uint16_t nr;

	/* Each acknowledgement may let more through. */
	do {
		nr = talker->nr;
		if (talker->mute || !talker->box_tunnel_id)
			return;
		w = writer_init(packet, sizeof(packet));
		control_header_write(&w, &header);
		control_header_set_seq(packet, talker->ns, nr);
		box_input(talker->box, &talker->addr, (struct bytes){packet, sizeof(packet)});
		world_settle(talker->box->world);
	} while (talker->nr != nr);
}

/* 0 for none. */
static uint16_t some_session(const struct talker *talker)
{
	const struct l2tp_tunnel *t = l2tp_tunnel_find(talker->box->engine, talker->box_tunnel_id);
	const struct l2tp_session *s = t ? l2tp_session_next(t, NULL) : NULL;

	return s ? s->core.session_id : 0;
}

struct l2tp_msg talker_msg(const struct talker *talker, enum msg_type type)
{
	struct l2tp_msg msg = {.type = type};

	MSG_SET(&msg, AVP_PROTOCOL_VERSION, protocol_version, 0x0100);
	MSG_SET(&msg, AVP_FRAMING_CAPABILITIES, framing_capabilities, FRAMING_SYNC);
	MSG_SET(&msg, AVP_BEARER_CAPABILITIES, bearer_capabilities, BEARER_DIGITAL);
	MSG_SET(&msg, AVP_HOST_NAME, host_name, bytes_str("talker"));
	MSG_SET(&msg, AVP_ASSIGNED_TUNNEL_ID, assigned_tunnel_id, talker->tunnel_id);
	if (type == MSG_SCCRQ || type == MSG_SCCRP)
		return msg;
	msg.present = (struct avp_set){0};
	if (type == MSG_STOPCCN)
		avp_add(&msg.present, AVP_ASSIGNED_TUNNEL_ID);
	if (type == MSG_STOPCCN || type == MSG_CDN) {
		msg.result_code.result = 1;
		avp_add(&msg.present, AVP_RESULT_CODE);
	}
	if (type == MSG_ICRQ || type == MSG_ICRP || type == MSG_CDN || type == MSG_OCRQ ||
	    type == MSG_OCRP)
		MSG_SET(&msg, AVP_ASSIGNED_SESSION_ID, assigned_session_id, TALKER_SESSION);
	if (type == MSG_ICRQ || type == MSG_OCRQ)
		MSG_SET(&msg, AVP_CALL_SERIAL_NUMBER, call_serial_number, 7);
	if (type == MSG_OCRQ) {
		MSG_SET(&msg, AVP_MINIMUM_BPS, minimum_bps, 1);
		MSG_SET(&msg, AVP_MAXIMUM_BPS, maximum_bps, 2);
		MSG_SET(&msg, AVP_BEARER_TYPE, bearer_type, BEARER_DIGITAL);
		MSG_SET(&msg, AVP_CALLED_NUMBER, called_number, bytes_str("1"));
	}
	if (type == MSG_OCRQ || type == MSG_ICCN || type == MSG_OCCN)
		MSG_SET(&msg, AVP_FRAMING_TYPE, framing_type, FRAMING_SYNC);
	if (type == MSG_ICCN || type == MSG_OCCN)
		MSG_SET(&msg, AVP_TX_CONNECT_SPEED, tx_connect_speed, 64000);
	if (type == MSG_WEN)
		avp_add(&msg.present, AVP_CALL_ERRORS);
	if (type == MSG_SLI)
		avp_add(&msg.present, AVP_ACCM);
	if (type == MSG_CSUN || type == MSG_CSURQ) {
		static uint8_t data[SPEED_UPDATE_LEN];
		const struct speed_update update = {some_session(talker), 64000, 128000};

		msg_add_speed_update(&msg, &update, data);
	}
	return msg;
}

void talker_say(struct talker *talker, uint16_t session_id, enum msg_type type)
{
	struct l2tp_msg msg = talker_msg(talker, type);

	talker_say_msg(talker, session_id, &msg);
}

struct l2tp_tunnel *talker_opens(struct talker *talker)
{
	struct l2tp_tunnel *t;

	talker_say(talker, 0, MSG_SCCRQ);
	t = first_tunnel(talker->box);
	assert_non_null(t);
	assert_int_equal(t->core.state, TUNNEL_WAIT_CTL_CONN);
	talker_say(talker, 0, MSG_SCCCN);
	assert_int_equal(t->core.state, TUNNEL_ESTABLISHED);
	return t;
}

struct l2tp_tunnel *talker_awaits(struct talker *talker)
{
	struct box *box = talker->box;
	struct tunnel_params params = {.peer = box->peer, .remote = talker->addr};
	struct l2tp_tunnel *t;

	assert_int_equal(l2tp_tunnel_open(box->engine, &params, box->world->now, &t), 0);
	assert_int_equal(talker->heard, MSG_SCCRQ);
	return t;
}

struct l2tp_tunnel *talker_is_called(struct talker *talker)
{
	struct l2tp_tunnel *t = talker_awaits(talker);

	talker_say(talker, 0, MSG_SCCRP);
	assert_int_equal(t->core.state, TUNNEL_ESTABLISHED);
	return t;
}

struct l2tp_session *talker_calls(struct talker *talker)
{
	struct l2tp_tunnel *t = first_tunnel(talker->box);
	struct l2tp_session *s;

	talker_say(talker, 0, MSG_ICRQ);
	s = session_of_talker(t);
	assert_non_null(s);
	talker_say(talker, s->core.session_id, MSG_ICCN);
	assert_int_equal(s->core.state, SESSION_ESTABLISHED);
	return s;
}

/* A call that lives goes before one that is on its way out, which may have had the same id. */
struct l2tp_session *session_of_talker(const struct l2tp_tunnel *t)
{
	struct l2tp_session *s, *found = NULL;

	for (s = l2tp_session_next(t, NULL); s; s = l2tp_session_next(t, s)) {
		if (s->core.peer_session_id == TALKER_SESSION &&
		    (!found || found->core.state == SESSION_CLOSING))
			found = s;
	}
	return found;
}
