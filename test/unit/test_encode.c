/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Encoding: what is refused, what hiding leaves readable, and hidden messages that decode to what
 * they were (RFC 2661 4.3).
 */
#include <errno.h>

#include "wire/auth.h"
#include "wire/avp.h"
#include "wire/result.h"
#include "wire_messages.h"

static const uint8_t vector[] = {0xf0, 0xe1, 0xd2, 0xc3, 0xb4, 0xa5, 0x96, 0x87,
				 0x78, 0x69, 0x5a, 0x4b, 0x3c, 0x2d, 0x1e, 0x0f};

static const struct msg_encode_params plain = {.hide = HIDE_NEVER};
static const struct msg_encode_params sensitive = {
	STR("secret"), HIDE_SENSITIVE, {vector, sizeof(vector)}};
static const struct msg_encode_params always = {
	STR("secret"), HIDE_ALWAYS, {vector, sizeof(vector)}};

static struct bytes body_of(const uint8_t *packet, const struct writer *w)
{
	return (struct bytes){packet + CONTROL_HEADER_LEN, writer_len(w) - CONTROL_HEADER_LEN};
}

static void test_hidden_round_trip(void **state)
{
	static const struct msg_encode_params *const policies[] = {&plain, &sensitive, &always};
	struct msg_error error = {0};
	struct l2tp_msg msg;
	uint8_t out[1024];
	struct bytes body;
	struct writer w;

	(void)state;
	for (size_t i = 0; i < COUNT(wire_messages); i++) {
		for (size_t p = 0; p < COUNT(policies); p++) {
			w = writer_init(out, sizeof(out));
			assert_int_equal(msg_encode(&wire_messages[i].msg, 1, 2, policies[p], &w),
					 0);
			body = body_of(out, &w);
			assert_int_equal(decode_exact(body.data, body.len, bytes_str("secret"),
						      &msg, &error),
					 0);
			assert_msg_equal(&msg, &wire_messages[i].msg);
		}
	}
}

/* Which AVPs of a message are hidden, and whether a Random Vector stands before the first. */
static uint64_t hidden_set(struct bytes body, bool *ret_vector_first)
{
	struct reader r = reader_init(body.data, body.len);
	uint64_t hidden = 0;
	bool has_vector = false;

	*ret_vector_first = true;
	while (reader_left(&r)) {
		uint16_t flags = reader_u16(&r);
		uint16_t vendor = reader_u16(&r);
		enum avp_id id = avp_find(vendor, reader_u16(&r));

		reader_skip(&r, (flags & AVP_LEN_MASK) - (size_t)AVP_HEADER_LEN);
		assert_true(r.ok);
		has_vector |= id == AVP_RANDOM_VECTOR;
		if (flags & AVP_BIT_HIDDEN) {
			hidden |= IN(id);
			*ret_vector_first &= has_vector;
		}
	}
	return hidden;
}

static const struct {
	enum msg_type type;
	uint64_t sensitive;
	uint64_t always;
} policies[] = {
	{MSG_SCCCN, 0, IN(AVP_CHALLENGE_RESPONSE)},
	{MSG_STOPCCN, 0, IN(AVP_ASSIGNED_TUNNEL_ID)},
	{MSG_HELLO, 0, 0},
	{MSG_ICRQ, IN(AVP_CALLED_NUMBER) | IN(AVP_CALLING_NUMBER) | IN(AVP_SUB_ADDRESS),
	 IN(AVP_CALLED_NUMBER) | IN(AVP_CALLING_NUMBER) | IN(AVP_SUB_ADDRESS) |
		 IN(AVP_ASSIGNED_SESSION_ID) | IN(AVP_CALL_SERIAL_NUMBER) | IN(AVP_BEARER_TYPE) |
		 IN(AVP_PHYSICAL_CHANNEL_ID)},
	{MSG_ICCN,
	 IN(AVP_INITIAL_LCP_CONFREQ) | IN(AVP_LAST_SENT_LCP_CONFREQ) |
		 IN(AVP_LAST_RECEIVED_LCP_CONFREQ) | IN(AVP_PROXY_AUTHEN_TYPE) |
		 IN(AVP_PROXY_AUTHEN_NAME) | IN(AVP_PROXY_AUTHEN_CHALLENGE) |
		 IN(AVP_PROXY_AUTHEN_ID) | IN(AVP_PROXY_AUTHEN_RESPONSE) | IN(AVP_PRIVATE_GROUP_ID),
	 IN(AVP_INITIAL_LCP_CONFREQ) | IN(AVP_LAST_SENT_LCP_CONFREQ) |
		 IN(AVP_LAST_RECEIVED_LCP_CONFREQ) | IN(AVP_PROXY_AUTHEN_TYPE) |
		 IN(AVP_PROXY_AUTHEN_NAME) | IN(AVP_PROXY_AUTHEN_CHALLENGE) |
		 IN(AVP_PROXY_AUTHEN_ID) | IN(AVP_PROXY_AUTHEN_RESPONSE) |
		 IN(AVP_PRIVATE_GROUP_ID) | IN(AVP_FRAMING_TYPE) | IN(AVP_TX_CONNECT_SPEED) |
		 IN(AVP_RX_CONNECT_SPEED)},
	{MSG_CDN, 0, IN(AVP_ASSIGNED_SESSION_ID) | IN(AVP_PPP_DISCONNECT_CAUSE)},
};

static const struct l2tp_msg *message(enum msg_type type)
{
	for (size_t i = 0; i < COUNT(wire_messages); i++) {
		if (wire_messages[i].msg.type == type)
			return &wire_messages[i].msg;
	}
	fail();
	return NULL;
}

static void test_policies(void **state)
{
	struct msg_encode_params no_secret = always, never = always;
	uint8_t out[1024];
	bool vector_first;
	struct writer w;

	(void)state;
	no_secret.secret = bytes_str("");
	never.hide = HIDE_NEVER;
	for (size_t i = 0; i < COUNT(policies); i++) {
		const struct {
			const struct msg_encode_params *params;
			uint64_t hidden;
		} rows[] = {
			{&plain, 0},
			{&never, 0},
			{&sensitive, policies[i].sensitive},
			{&always, policies[i].always},
			/* 4.3: the H bit only where a secret is shared. */
			{&no_secret, 0},
		};

		for (size_t j = 0; j < COUNT(rows); j++) {
			w = writer_init(out, sizeof(out));
			assert_int_equal(
				msg_encode(message(policies[i].type), 1, 2, rows[j].params, &w), 0);
			assert_int_equal(hidden_set(body_of(out, &w), &vector_first),
					 rows[j].hidden);
			assert_true(vector_first);
		}
	}
}

/* StopCCN with its tunnel id hidden, to the octet; the hidden value is MD5's, not ours:
 * md5(0009 "secret" f0e1d2c3b4a5968778695a4b3c2d1e0f) begins 06b74756. */
static void test_hidden_bytes(void **state)
{
	static const struct l2tp_msg msg = {
		.type = MSG_STOPCCN,
		.present = {{IN(AVP_RESULT_CODE) | IN(AVP_ASSIGNED_TUNNEL_ID)}},
		.result_code = {6, 0, {0}},
		.assigned_tunnel_id = 0x0102,
	};
	uint8_t expected[64], out[64];
	struct writer w = writer_init(out, sizeof(out));
	size_t len = unhex("c802 003e 0005 0000 0000 0000  8008 0000 0000 0004"
			   "8016 0000 0024 f0e1d2c3b4a5968778695a4b3c2d1e0f"
			   "800a 0000 0001 0006 0000  c00a 0000 0009 06b54654",
			   expected);

	(void)state;
	assert_int_equal(msg_encode(&msg, 5, 0, &always, &w), 0);
	assert_int_equal(writer_len(&w), len);
	assert_memory_equal(out, expected, len);
}

static void test_wrong_secret(void **state)
{
	struct msg_error error = {0};
	struct l2tp_msg msg;
	uint8_t out[1024];
	struct writer w = writer_init(out, sizeof(out));
	struct bytes body;

	(void)state;
	assert_int_equal(msg_encode(message(MSG_STOPCCN), 1, 0, &always, &w), 0);
	body = body_of(out, &w);
	assert_int_equal(decode_exact(body.data, body.len, bytes_str("Secret"), &msg, &error),
			 -EBADMSG);
	assert_string_equal(error.text,
			    "Assigned Tunnel ID: cannot be revealed, the shared secrets differ");
	assert_int_equal(error.error, ERROR_VENDOR);
	assert_true(error.fatal);
	assert_int_equal(error.assigned_tunnel_id, 0);
}

static void put_plain(struct writer *w, uint16_t flags, uint16_t attribute, struct bytes value)
{
	writer_u16(w, (uint16_t)(flags | (value.len + AVP_HEADER_LEN)));
	writer_u16(w, 0);
	writer_u16(w, attribute);
	writer_bytes(w, value);
}

static void put_hidden(struct writer *w, uint16_t attribute, struct bytes random_vector,
		       struct bytes value, size_t padding)
{
	writer_u16(w, (uint16_t)(0x4000 | (AVP_HEADER_LEN + 2 + value.len + padding)));
	writer_u16(w, 0);
	writer_u16(w, attribute);
	avp_hide(w, attribute, bytes_str("secret"), random_vector, value, padding);
}

/* Several Random Vectors (the most recent one counts), padding, no M bit, a hidden AVP that may
 * not be hidden, an empty hidden value. */
static void test_foreign_hiding(void **state)
{
	static const uint8_t first[] = {1, 2, 3}, second[] = {4}, speed[] = {0, 0, 0, 9};
	const struct bytes rv1 = {first, 3}, rv2 = {second, 1};
	struct msg_error error = {0};
	struct l2tp_msg msg;
	uint8_t out[512];
	struct writer w = writer_init(out, sizeof(out));

	(void)state;
	put_plain(&w, 0x8000, 0, (struct bytes){(const uint8_t *)"\0\x0c", 2});
	put_plain(&w, 0x8000, 36, rv1);
	put_hidden(&w, 19, rv1, (struct bytes){speed, 4}, 37);
	put_hidden(&w, 30, rv1, bytes_str("a name that is longer than two blocks of 16"), 0);
	put_plain(&w, 0x8000, 36, rv2);
	put_hidden(&w, 24, rv2, (struct bytes){speed, 4}, 1);
	put_hidden(&w, 37, rv2, bytes_str(""), 16);
	put_hidden(&w, 39, rv2, bytes_str(""), 0);
	assert_true(w.ok);
	assert_int_equal(decode_exact(out, writer_len(&w), bytes_str("secret"), &msg, &error), 0);
	assert_int_equal(msg.framing_type, 9);
	assert_int_equal(msg.tx_connect_speed, 9);
	assert_true(bytes_equal(msg.proxy_authen_name,
				bytes_str("a name that is longer than two blocks of 16")));
	assert_true(msg_has(&msg, AVP_PRIVATE_GROUP_ID));
	assert_int_equal(msg.private_group_id.len, 0);
	assert_true(msg_has(&msg, AVP_SEQUENCING_REQUIRED));
	assert_int_equal(msg.unknown_avps + msg.misplaced_avps + msg.malformed_avps, 0);
	assert_false(msg_has(&msg, AVP_RANDOM_VECTOR));
}

/* The lengths of an AVP are those of the revealed value. */
static void test_hidden_length(void **state)
{
	const struct bytes rv = {vector, sizeof(vector)};
	struct msg_error error = {0};
	struct l2tp_msg msg;
	uint8_t out[512];
	struct writer w = writer_init(out, sizeof(out));
	size_t before;

	(void)state;
	put_plain(&w, 0x8000, 0, (struct bytes){(const uint8_t *)"\0\x0b", 2});
	put_plain(&w, 0x8000, 36, rv);
	before = writer_len(&w);
	put_hidden(&w, 14, rv, (struct bytes){(const uint8_t *)"\0\0\x07", 3}, 0);
	assert_int_equal(decode_exact(out, writer_len(&w), bytes_str("secret"), &msg, &error),
			 -EBADMSG);
	assert_string_equal(error.text, "Assigned Session ID: 3 octets where 2 are due");

	/* Too short for its own length, whatever the secret. */
	w.pos = w.start + before;
	put_plain(&w, 0xc000, 14, (struct bytes){(const uint8_t *)"\0", 1});
	assert_int_equal(decode_exact(out, writer_len(&w), bytes_str("secret"), &msg, &error),
			 -EBADMSG);
	assert_int_equal(error.error, ERROR_VENDOR);

	/* A scratch buffer that is one octet too small for both hidden AVPs. */
	w.pos = w.start;
	put_plain(&w, 0x8000, 0, (struct bytes){(const uint8_t *)"\0\x0a", 2});
	put_plain(&w, 0x8000, 36, rv);
	put_hidden(&w, 14, rv, (struct bytes){(const uint8_t *)"\0\x07", 2}, 0);
	put_hidden(&w, 15, rv, (struct bytes){(const uint8_t *)"\0\0\0\x08", 4}, 0);
	for (size_t size = 9; size <= 10; size++) {
		uint8_t *scratch = malloc(size);
		const struct msg_decode_params params = {STR("secret"), scratch, size};

		assert_non_null(scratch);
		assert_int_equal(
			msg_decode((struct bytes){out, writer_len(&w)}, &params, &msg, &error),
			size == 10 ? 0 : -EBADMSG);
		free(scratch);
	}
	assert_int_equal(msg.assigned_session_id, 7);
	assert_int_equal(msg.call_serial_number, 8);
	assert_int_equal(error.error, ERROR_RESOURCES);
	assert_string_equal(error.text, "Call Serial Number: no room to reveal it");
}

/* A message that lacks one mandatory AVP is a bug, and so is one that nobody knows. */
static void test_missing(void **state)
{
	uint8_t out[1024];
	struct writer w = writer_init(out, sizeof(out));
	unsigned int missing = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(wire_messages); i++) {
		for (unsigned int id = AVP_MESSAGE_TYPE + 1; id < AVP_ID_MAX; id++) {
			struct l2tp_msg msg = wire_messages[i].msg;

			if (!(avp_rows[id].required >> msg.type & 1))
				continue;
			msg.present.bits[0] &= ~IN(id);
			assert_int_equal(msg_encode(&msg, 1, 2, &plain, &w), -EINVAL);
			missing++;
		}
	}
	assert_true(missing > 20);
	assert_int_equal(msg_encode(&(struct l2tp_msg){.type = MSG_ZLB}, 1, 2, &plain, &w),
			 -EINVAL);
	assert_int_equal(msg_encode(&(struct l2tp_msg){.type = (enum msg_type)5}, 1, 2, &plain, &w),
			 -EINVAL);
	assert_int_equal(
		msg_encode(&(struct l2tp_msg){.type = (enum msg_type)99}, 1, 2, &plain, &w),
		-EINVAL);
	/* Hiding without a Random Vector. */
	assert_int_equal(msg_encode(message(MSG_ICRQ), 1, 2,
				    &(struct msg_encode_params){.secret = STR("secret"),
								.hide = HIDE_SENSITIVE},
				    &w),
			 -EINVAL);
	assert_true(w.ok);
	assert_int_equal(writer_len(&w), 0);
}

/* The longest value that an AVP can carry, in clear and hidden, and one octet more. */
static void test_longest_value(void **state)
{
	static const uint8_t long_name[AVP_VALUE_MAX + 1] = {1};
	uint8_t out[2048];
	struct writer w;
	struct l2tp_msg msg = *message(MSG_ICCN);

	(void)state;
	for (size_t hide = 0; hide < 2; hide++) {
		for (size_t more = 0; more < 2; more++) {
			msg.proxy_authen_name.data = long_name;
			msg.proxy_authen_name.len = AVP_VALUE_MAX - 2 * hide + more;
			w = writer_init(out, sizeof(out));
			assert_int_equal(msg_encode(&msg, 1, 2, hide ? &sensitive : &plain, &w),
					 more ? -EINVAL : 0);
		}
	}
	/* And the shortest: a Host Name has at least one octet. */
	msg = *message(MSG_SCCRQ);
	msg.host_name.len = 0;
	assert_int_equal(msg_encode(&msg, 1, 2, &plain, &w), -EINVAL);
}

/* Every size that is too small, and the one that is enough; the writer moves on success only. */
static void test_no_room(void **state)
{
	const struct l2tp_msg *msg = message(MSG_ICCN);
	uint8_t expected[1024];
	struct writer w = writer_init(expected, sizeof(expected));
	size_t len;

	(void)state;
	assert_int_equal(msg_encode(msg, 1, 2, &always, &w), 0);
	len = writer_len(&w);
	for (size_t size = 0; size <= len; size++) {
		uint8_t *out = malloc(size ? size : 1);

		assert_non_null(out);
		w = writer_init(out, size);
		assert_int_equal(msg_encode(msg, 1, 2, &always, &w), size < len ? -ENOSPC : 0);
		assert_int_equal(writer_len(&w), size < len ? 0 : len);
		free(out);
	}
	w = writer_init(expected, sizeof(expected));
	w.ok = false;
	assert_int_equal(msg_encode(msg, 1, 2, &plain, &w), -ENOSPC);
}

/* Two messages in one buffer: each has a Length of its own. */
static void test_append(void **state)
{
	uint8_t out[64], expected[64];
	struct writer w = writer_init(out, sizeof(out));
	size_t len = unhex("c802 0014 0001 0000 0000 0000 8008 0000 0000 0006"
			   "c802 0014 0002 0000 0000 0000 8008 0000 0000 0006",
			   expected);

	(void)state;
	assert_int_equal(msg_encode(message(MSG_HELLO), 1, 0, &plain, &w), 0);
	assert_int_equal(msg_encode(message(MSG_HELLO), 2, 0, &plain, &w), 0);
	assert_int_equal(writer_len(&w), len);
	assert_memory_equal(out, expected, len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hidden_round_trip), cmocka_unit_test(test_policies),
		cmocka_unit_test(test_hidden_bytes),	  cmocka_unit_test(test_wrong_secret),
		cmocka_unit_test(test_foreign_hiding),	  cmocka_unit_test(test_hidden_length),
		cmocka_unit_test(test_missing),		  cmocka_unit_test(test_longest_value),
		cmocka_unit_test(test_no_room),		  cmocka_unit_test(test_append),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
