/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any datagram as a control message: header and AVPs, RFC 2661 sections 3.1 and 4.
 *
 * What decodes must encode, decode again to the same message, and encode again to the same octets;
 * the debug log must be able to tell of it.
 */
#include "fuzz.h"

#include <errno.h>

#include "unit/wire_messages.h"
#include "wire/avp.h"
#include "wire/result.h"

#define PACKET_MAX (2 * MSG_LEN_MAX)
#define TUNNEL_ID 0x1234
#define SESSION_ID 0x5678

static const struct bytes no_secret;

static void check_text(const struct l2tp_msg *msg)
{
	static const size_t sizes[] = {1, 2, 30, 31, 100, 1024};

	for (size_t i = 0; i < COUNT(sizes); i++) {
		char *text = malloc(sizes[i]);

		assert_non_null(text);
		assert_ptr_equal(msg_format(msg, text, sizes[i]), text);
		assert_true(strnlen(text, sizes[i]) < sizes[i]);
		for (const char *c = text; *c; c++)
			assert_true(*c >= ' ' && *c <= '~');
		free(text);
	}
}

static void check_error(const struct msg_error *error)
{
	assert_true(error->text[0]);
	assert_non_null(memchr(error->text, '\0', sizeof(error->text)));
	assert_true(error->error >= ERROR_NO_CONNECTION && error->error <= ERROR_UNKNOWN_MANDATORY);
	assert_non_null(msg_type_name(error->type));
}

static size_t encode(const struct l2tp_msg *msg, uint8_t *packet, size_t size)
{
	const struct msg_encode_params params = {.hide = HIDE_NEVER};
	struct writer w = writer_init(packet, size);

	assert_int_equal(msg_encode(msg, TUNNEL_ID, SESSION_ID, &params, &w), 0);
	return writer_len(&w);
}

/* In exactly the room that it needs, and in one octet less. */
static void check_encode_exact(const struct l2tp_msg *msg, const uint8_t *packet, size_t len)
{
	const struct msg_encode_params params = {.hide = HIDE_NEVER};
	uint8_t *exact = malloc(len);
	struct writer w = writer_init(exact, len - 1);

	assert_non_null(exact);
	assert_int_equal(msg_encode(msg, TUNNEL_ID, SESSION_ID, &params, &w), -ENOSPC);
	assert_int_equal(encode(msg, exact, len), len);
	assert_memory_equal(exact, packet, len);
	free(exact);
}

static void check_again(const struct l2tp_msg *first)
{
	uint8_t packet[PACKET_MAX];
	struct l2tp_msg msg = *first, again;
	struct control_header header;
	struct msg_error error;
	struct bytes body;
	size_t len = encode(first, packet, sizeof(packet));

	assert_int_equal(packet_parse((struct bytes){packet, len}, &header, &body), PACKET_CONTROL);
	assert_int_equal(header.length, len);
	assert_int_equal(header.tunnel_id, TUNNEL_ID);
	assert_int_equal(header.session_id, SESSION_ID);
	/* Its views are into this packet, not into the copies that decode_exact() makes. */
	assert_int_equal(msg_decode(body, &(struct msg_decode_params){0}, &again, &error), 0);
	msg.unknown_avps = msg.misplaced_avps = msg.malformed_avps = 0;
	assert_msg_equal(&again, &msg);
	check_encode_exact(&again, packet, len);
}

static void check_body(struct bytes body)
{
	struct bytes host_name = msg_peek_host_name(body);
	struct l2tp_msg msg;
	struct msg_error error;

	if (decode_exact(body.data, body.len, no_secret, &msg, &error) < 0) {
		check_error(&error);
		return;
	}
	assert_true(msg_type_known(msg.type));
	if (msg_has(&msg, AVP_HOST_NAME))
		assert_bytes_equal(host_name, msg.host_name);
	check_text(&msg);
	check_again(&msg);
}

static void check_header(const struct control_header *header, struct bytes packet,
			 struct bytes body)
{
	assert_true(header->version == 2 || header->version == 3);
	assert_true(header->length >= CONTROL_HEADER_LEN && header->length <= packet.len);
	assert_int_equal(body.len, header->length - CONTROL_HEADER_LEN);
	assert_ptr_equal(body.data, packet.data + CONTROL_HEADER_LEN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct control_header header;
	struct bytes packet, body;
	uint8_t *copy;

	if (size > MSG_LEN_MAX)
		return 0;
	copy = fuzz_copy(data, size);
	packet = (struct bytes){copy, size};
	if (packet_parse(packet, &header, &body) == PACKET_CONTROL) {
		check_header(&header, packet, body);
		check_body(body);
	} else if (size > CONTROL_HEADER_LEN) {
		/* A false header is no reason to leave the rest alone. */
		check_body((struct bytes){copy + CONTROL_HEADER_LEN, size - CONTROL_HEADER_LEN});
	}
	free(copy);
	return 0;
}
