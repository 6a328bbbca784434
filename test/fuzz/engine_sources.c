/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The strangers of fuzz_engine: what they hear, and the packets that they send to "lns".
 */
#include "engine_game.h"

#include <stdlib.h>
#include <string.h>

#include "wire/auth.h"
#include "wire/avp.h"

static struct box *const lns = &game.world.boxes[1];

static struct source *source_argument(void)
{
	return &game.sources[argument() % ENGINE_SOURCES];
}

void source_start(struct source *source, uint16_t tunnel_id)
{
	static const struct addr addrs[ENGINE_SOURCES] = {
		{.family = ADDR_IPV4, .port = L2TP_PORT, .ip = {198, 51, 100, 9}},
		{.family = ADDR_IPV4, .port = 40001, .ip = {198, 51, 100, 9}},
		{.family = ADDR_IPV4, .port = L2TP_PORT, .ip = {203, 0, 113, 5}},
		{.family = ADDR_IPV4, .port = L2TP_PORT, .ip = {192, 0, 2, 1}},
	};

	*source = (struct source){0};
	talker_init(&source->talker, lns);
	/* The world knows one talker only; ours listen by themselves. */
	game.world.talker = NULL;
	source->talker.addr = addrs[source - game.sources];
	source->talker.secret = game.secret ? SECRET : NULL;
	source->talker.tunnel_id = tunnel_id;
}

static void source_hears(struct source *source, const struct sent *sent)
{
	uint16_t nr = source->talker.nr;

	talker_hears(&source->talker, sent);
	if (nr == source->talker.nr)
		return;
	if (msg_has(&sent->msg, AVP_TIE_BREAKER))
		source->tie_breaker = sent->msg.tie_breaker;
	if (!msg_has(&sent->msg, AVP_CHALLENGE))
		return;
	source->challenge_len = sent->msg.challenge.len < sizeof(source->challenge)
					? sent->msg.challenge.len
					: sizeof(source->challenge);
	memcpy(source->challenge, sent->msg.challenge.data, source->challenge_len);
}

void listen_all(void)
{
	if (lns->n_sent - game.listened > SENT_MAX)
		game.listened = lns->n_sent - SENT_MAX;
	for (; game.listened != lns->n_sent; game.listened++) {
		for (size_t i = 0; i < ENGINE_SOURCES; i++)
			source_hears(&game.sources[i], lns->sent[game.listened % SENT_MAX]);
	}
}

/* The tunnel that a packet is for, if it is up and another's than the source's. */
static struct l2tp_tunnel *foreign_tunnel(const struct source *source, struct bytes packet)
{
	struct control_header header;
	struct l2tp_tunnel *t;
	struct bytes body;

	if (packet_parse(packet, &header, &body) != PACKET_CONTROL || header.version != 2)
		return NULL;
	t = l2tp_tunnel_find(lns->engine, (uint16_t)header.tunnel_id);
	if (!t || t->core.state < TUNNEL_ESTABLISHED ||
	    addr_equal(&t->core.peer, &source->talker.addr))
		return NULL;
	return t;
}

/* What a stranger sends does nothing to the tunnel of somebody else. */
static void hit(const struct source *source, struct bytes packet)
{
	uint8_t *copy = fuzz_copy(packet.data, packet.len);
	struct l2tp_tunnel *foreign = foreign_tunnel(source, packet);
	struct tunnel_core core;

	packet.data = copy;
	if (foreign)
		core = foreign->core;
	box_input(lns, &source->talker.addr, packet);
	if (foreign) {
		assert_ptr_equal(l2tp_tunnel_find(lns->engine, core.tunnel_id), foreign);
		assert_int_equal(foreign->core.state, core.state);
		assert_int_equal(foreign->transport.nr, core.nr);
		assert_true(addr_equal(&foreign->core.peer, &core.peer));
	}
	free(copy);
}

static int signed4(uint8_t bits)
{
	return (bits & 15) - ((bits & 8) << 1);
}

/* Ns is used up when it is the right one and the packet is a message. */
static void set_numbers(struct source *source, uint8_t *packet, uint8_t numbers, bool message)
{
	struct talker *talker = &source->talker;
	int ns = signed4(numbers >> 4), nr = signed4(numbers);

	control_header_set_seq(packet, (uint16_t)(talker->ns + ns), (uint16_t)(talker->nr + nr));
	if (message && !ns)
		talker->ns++;
}

/* The session of "lns" that a message is for. */
static uint16_t session_id_of(const struct source *source, uint8_t which)
{
	const struct l2tp_tunnel *t = l2tp_tunnel_find(lns->engine, source->talker.box_tunnel_id);
	const struct l2tp_session *s = nth_session(t, which);

	if (which >= ENGINE_NO_SESSION)
		return which - ENGINE_NO_SESSION;
	return s ? s->core.session_id : 0;
}

void move_raw(void)
{
	const struct source *source = source_argument();
	size_t len = argument();

	if (len > reader_left(&game.in))
		len = reader_left(&game.in);
	hit(source, reader_bytes(&game.in, len));
}

void move_body(void)
{
	struct source *source = source_argument();
	uint8_t numbers = argument();
	struct control_header header = {
		.version = 2,
		.tunnel_id = source->talker.box_tunnel_id,
		.session_id = session_id_of(source, argument()),
	};
	size_t len = argument();
	uint8_t packet[CONTROL_HEADER_LEN + UINT8_MAX];
	struct writer w = writer_init(packet, sizeof(packet));

	if (len > reader_left(&game.in))
		len = reader_left(&game.in);
	control_header_write(&w, &header);
	writer_bytes(&w, reader_bytes(&game.in, len));
	control_header_finish(&w);
	set_numbers(source, packet, numbers, len);
	hit(source, (struct bytes){packet, writer_len(&w)});
}

static void elaborate_connect(const struct source *source, struct l2tp_msg *msg, uint8_t how)
{
	static const uint64_t ties[] = {0, 1, UINT64_MAX};
	unsigned int tie = how & (ENGINE_TIE_LOW | ENGINE_TIE_HIGH);

	if (tie)
		MSG_SET(msg, AVP_TIE_BREAKER, tie_breaker,
			tie < COUNT(ties) ? ties[tie] : source->tie_breaker);
	if (how & ENGINE_VERSION_2)
		msg->protocol_version = 0x0200;
	if (how & ENGINE_NAMED)
		msg->host_name = bytes_str(NAMED);
	if (how & ENGINE_WINDOW_0)
		MSG_SET(msg, AVP_RECEIVE_WINDOW_SIZE, receive_window_size, 0);
	if (how & ENGINE_BEARER)
		MSG_SET(msg, AVP_BEARER_CAPABILITIES, bearer_capabilities, BEARER_DIGITAL);
}

/* Adds what the flags say to the least that the message must have. */
static void elaborate_request(struct l2tp_msg *msg)
{
	static const struct access_line line = {.circuit_id = "eth 1/2", .present = 1};

	msg_set_line(msg, &line);
	avp_add(&msg->present, AVP_SPEED_UPDATE_ENABLE);
	msg->tsa_id.values[msg->tsa_id.n++] = bytes_str("lts");
	avp_add(&msg->present, AVP_TSA_ID);
}

static void elaborate(const struct source *source, struct l2tp_msg *msg, uint8_t how)
{
	enum msg_type type = msg->type;

	if (how & ENGINE_SAY_CHALLENGE && (type == MSG_ICCN || type == MSG_OCCN))
		avp_add(&msg->present, AVP_SEQUENCING_REQUIRED);
	else if (how & ENGINE_SAY_CHALLENGE && type == MSG_ICRQ)
		elaborate_request(msg);
	else if (how & ENGINE_SAY_CHALLENGE && type == MSG_OCRQ)
		msg->minimum_bps = msg->maximum_bps + 1;
	else if (how & ENGINE_SAY_CHALLENGE)
		MSG_SET(msg, AVP_CHALLENGE, challenge, bytes_str("who are you"));
	if (how & ENGINE_SAY_RESPONSE) {
		challenge_response(type, bytes_str(how & ENGINE_SAY_FALSE ? "guess" : SECRET),
				   (struct bytes){source->challenge, source->challenge_len},
				   msg->challenge_response);
		avp_add(&msg->present, AVP_CHALLENGE_RESPONSE);
	}
	if (how & ENGINE_SAY_RESULT && type == MSG_OCRQ)
		msg->called_number.len = 0;
	if (how & ENGINE_SAY_RESULT && msg_has(msg, AVP_RESULT_CODE)) {
		msg->result_code.result = 2;
		msg->result_code.error = 4;
		msg->result_code.message = bytes_str("full \x1b[1m");
	}
}

static void say(struct source *source, uint8_t numbers, uint16_t session_id,
		const struct l2tp_msg *msg, uint8_t how)
{
	static const uint8_t vector[16] = {1};
	struct msg_encode_params params = {
		.secret = bytes_str(source->talker.secret),
		.hide = how & ENGINE_SAY_HIDDEN ? HIDE_ALWAYS : HIDE_NEVER,
		.random_vector = {vector, sizeof(vector)},
	};
	uint8_t packet[MSG_LEN_MAX];
	struct writer w = writer_init(packet, sizeof(packet));
	uint16_t tunnel_id = msg->type == MSG_SCCRQ ? 0 : source->talker.box_tunnel_id;

	assert_int_equal(msg_encode(msg, tunnel_id, session_id, &params, &w), 0);
	if (how & ENGINE_SAY_POISON) {
		writer_u16(&w, 0x8000 | 6);
		writer_u16(&w, 0);
		writer_u16(&w, 1000);
		control_header_finish(&w);
	}
	/* Message Type is the first AVP. */
	if (how & ENGINE_SAY_UNKNOWN)
		writer_patch_u16(&w, CONTROL_HEADER_LEN + 6, 99);
	if (how & ENGINE_SAY_OPTIONAL)
		writer_patch_u16(&w, CONTROL_HEADER_LEN, 8);
	set_numbers(source, packet, numbers, true);
	hit(source, (struct bytes){packet, writer_len(&w)});
}

void move_say(void)
{
	struct source *source = source_argument();
	uint8_t numbers = argument(), session = argument();
	uint8_t kind = argument();
	/* Few numbers have a message; those from above are far beyond the others. */
	enum msg_type type = kind < 0xf0 ? (enum msg_type)(kind % (MSG_SLI + 1))
			     : kind & 1	 ? MSG_CSUN
					 : MSG_CSURQ;
	uint8_t how = argument();
	struct l2tp_msg msg;

	if (!msg_type_known(type))
		return;
	msg = talker_msg(&source->talker, type);
	/* So that one talker may have several calls. */
	if (msg_has(&msg, AVP_ASSIGNED_SESSION_ID))
		msg.assigned_session_id = (uint16_t)(TALKER_SESSION + session % ENGINE_NO_SESSION);
	if (msg_has(&msg, AVP_HOST_NAME))
		elaborate_connect(source, &msg, session);
	elaborate(source, &msg, how);
	say(source, numbers, session_id_of(source, session), &msg, how);
}

void move_ack(void)
{
	struct source *source = source_argument();
	const struct control_header header = {
		.version = 2,
		.length = CONTROL_HEADER_LEN,
		.tunnel_id = source->talker.box_tunnel_id,
	};
	uint8_t packet[CONTROL_HEADER_LEN];
	struct writer w = writer_init(packet, sizeof(packet));

	control_header_write(&w, &header);
	set_numbers(source, packet, argument(), false);
	hit(source, (struct bytes){packet, sizeof(packet)});
}

void move_restart(void)
{
	struct source *source = source_argument();
	uint8_t tunnel_id = argument();

	source_start(source, tunnel_id ? tunnel_id : source->talker.tunnel_id);
}

void move_overhear(void)
{
	struct source *source = source_argument();
	const struct source *other = source_argument();
	struct addr addr = source->talker.addr;

	if (source == other)
		return;
	*source = *other;
	source->talker.addr = addr;
}
