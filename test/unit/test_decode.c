/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decoding what is broken or odd: each error with its Error Code and its words, and the oddities
 * of real peers that are taken as meant.
 */
#include <errno.h>

#include "wire/auth.h"
#include "wire/avp.h"
#include "wire/result.h"
#include "wire_messages.h"

#define SCCRQ "8008 0000 0000 0001"
#define SCCRQ_REST "8008 0000 0002 0100 800a 0000 0003 00000003 8007 0000 0007 61"
#define TUNNEL_ID "8008 0000 0009 0007"
#define ICRQ "8008 0000 0000 000a"
#define SESSION_ID "8008 0000 000e 0009"
#define SERIAL "800a 0000 000f 00000001"

static const struct {
	const char *body;
	enum msg_type type;
	bool fatal;
	uint16_t error;
	uint16_t tunnel_id;
	uint16_t session_id;
	const char *text;
} broken[] = {
	/* No message at all. */
	{"", MSG_ZLB, false, ERROR_LENGTH, 0, 0, "no AVP in the message"},
	{"0000000000000000", MSG_ZLB, false, ERROR_LENGTH, 0, 0, "no AVP in the message"},

	/* 4.4.1: the Message Type comes first, as it is. */
	{"8008 0000 0002 0100" SCCRQ, MSG_ZLB, true, ERROR_VALUE, 0, 0,
	 "Message Type: the first AVP is vendor 0, attribute 2"},
	{"8008 0009 0000 0001", MSG_ZLB, true, ERROR_VALUE, 0, 0,
	 "Message Type: the first AVP is vendor 9, attribute 0"},
	{"c008 0000 0000 0001", MSG_ZLB, true, ERROR_VALUE, 0, 0,
	 "Message Type: must not be hidden or have reserved bits"},
	{"8408 0000 0000 0001", MSG_ZLB, true, ERROR_VALUE, 0, 0,
	 "Message Type: must not be hidden or have reserved bits"},
	{"8007 0000 0000 01", MSG_ZLB, true, ERROR_LENGTH, 0, 0,
	 "Message Type: 1 octets where 2 are due"},
	{"8009 0000 0000 000100", MSG_ZLB, true, ERROR_LENGTH, 0, 0,
	 "Message Type: 3 octets where 2 are due"},

	/* 4.4.1: its M bit decides what an unknown type means. */
	{"8008 0000 0000 0063", (enum msg_type)99, true, ERROR_UNKNOWN_MANDATORY, 0, 0,
	 "unknown message type 99"},
	{"0008 0000 0000 0063", (enum msg_type)99, false, ERROR_UNKNOWN_MANDATORY, 0, 0,
	 "unknown message type 99"},
	{"8008 0000 0000 0000", MSG_ZLB, true, ERROR_UNKNOWN_MANDATORY, 0, 0,
	 "unknown message type 0"},
	{"8008 0000 0000 0005", (enum msg_type)5, true, ERROR_UNKNOWN_MANDATORY, 0, 0,
	 "unknown message type 5"},
	{"8008 0000 0000 000d", (enum msg_type)13, true, ERROR_UNKNOWN_MANDATORY, 0, 0,
	 "unknown message type 13"},
	{"0008 0000 0000 0011", (enum msg_type)17, false, ERROR_UNKNOWN_MANDATORY, 0, 0,
	 "unknown message type 17"},
	{"0008 0000 0000 ffff", (enum msg_type)65535, false, ERROR_UNKNOWN_MANDATORY, 0, 0,
	 "unknown message type 65535"},

	/* Structure: what came before a break still counts for the answer. */
	{SCCRQ TUNNEL_ID "8005 0000 0007 61", MSG_SCCRQ, true, ERROR_LENGTH, 7, 0,
	 "AVP at octet 16 of 23 does not fit"},
	{SCCRQ TUNNEL_ID "8000 0000 0007 61", MSG_SCCRQ, true, ERROR_LENGTH, 7, 0,
	 "AVP at octet 16 of 23 does not fit"},
	{SCCRQ TUNNEL_ID "8008 0000 0007 61", MSG_SCCRQ, true, ERROR_LENGTH, 7, 0,
	 "AVP at octet 16 of 23 does not fit"},
	{SCCRQ TUNNEL_ID "83ff 0000 0007 61", MSG_SCCRQ, true, ERROR_LENGTH, 7, 0,
	 "AVP at octet 16 of 23 does not fit"},
	{SCCRQ TUNNEL_ID "0000 0000 0000 01", MSG_SCCRQ, true, ERROR_LENGTH, 7, 0,
	 "AVP at octet 16 of 23 does not fit"},
	{SCCRQ TUNNEL_ID "80", MSG_SCCRQ, true, ERROR_LENGTH, 7, 0,
	 "AVP at octet 16 of 17 does not fit"},
	{SCCRQ TUNNEL_ID "8006 0000 00", MSG_SCCRQ, true, ERROR_LENGTH, 7, 0,
	 "AVP at octet 16 of 21 does not fit"},
	{"80", MSG_ZLB, true, ERROR_LENGTH, 0, 0, "AVP at octet 0 of 1 does not fit"},

	/* 4.1: unknown and mandatory. The id comes after it. */
	{SCCRQ "8007 0000 0014 00" SCCRQ_REST TUNNEL_ID, MSG_SCCRQ, true, ERROR_UNKNOWN_MANDATORY,
	 7, 0, "unknown mandatory AVP: vendor 0, attribute 20"},
	{SCCRQ "8007 0009 0007 61" SCCRQ_REST TUNNEL_ID, MSG_SCCRQ, true, ERROR_UNKNOWN_MANDATORY,
	 7, 0, "unknown mandatory AVP: vendor 9, attribute 7"},
	{SCCRQ SCCRQ_REST TUNNEL_ID "8406 0000 0008", MSG_SCCRQ, true, ERROR_UNKNOWN_MANDATORY, 7,
	 0, "unknown mandatory AVP: vendor 0, attribute 8, reserved bits set"},
	{ICRQ "c007 ffff ffff 00" SESSION_ID SERIAL, MSG_ICRQ, true, ERROR_UNKNOWN_MANDATORY, 0, 9,
	 "unknown mandatory AVP: vendor 65535, attribute 65535"},
	/* The first of two errors is told. */
	{ICRQ "8007 0000 000f 00"
	      "8006 0000 0063" SESSION_ID,
	 MSG_ICRQ, true, ERROR_LENGTH, 0, 9, "Call Serial Number: 1 octets where 4 are due"},

	/* Lengths and values of AVPs that we know. */
	{SCCRQ SCCRQ_REST "8009 0000 0009 000700", MSG_SCCRQ, true, ERROR_LENGTH, 0, 0,
	 "Assigned Tunnel ID: 3 octets where 2 are due"},
	{SCCRQ TUNNEL_ID "8006 0000 0007", MSG_SCCRQ, true, ERROR_LENGTH, 7, 0,
	 "Host Name: 0 octets where at least 1 are due"},
	{SCCRQ SCCRQ_REST "8008 0000 0009 0000", MSG_SCCRQ, true, ERROR_VALUE, 0, 0,
	 "Assigned Tunnel ID: 0 is not allowed"},
	{ICRQ "8008 0000 000e 0000" SERIAL, MSG_ICRQ, true, ERROR_VALUE, 0, 0,
	 "Assigned Session ID: 0 is not allowed"},
	{"8008 0000 0000 0004 8007 0000 0001 01" TUNNEL_ID, MSG_STOPCCN, true, ERROR_LENGTH, 7, 0,
	 "Result Code: 1 octets where at least 2 are due"},
	/* A good copy does not heal a broken one. */
	{ICRQ "8008 0000 000e 0000" SESSION_ID SERIAL, MSG_ICRQ, true, ERROR_VALUE, 0, 0,
	 "Assigned Session ID: 0 is not allowed"},

	/* Hidden, with no secret at hand. */
	{SCCRQ SCCRQ_REST "c008 0000 0009 0102", MSG_SCCRQ, true, ERROR_VENDOR, 0, 0,
	 "Assigned Tunnel ID: hidden, and no Random Vector before it"},
	{SCCRQ SCCRQ_REST "000a 0000 0024 01020304"
			  "c00a 0000 0009 01020304",
	 MSG_SCCRQ, true, ERROR_VENDOR, 0, 0,
	 "Assigned Tunnel ID: hidden, and no shared secret is configured"},
	{SCCRQ "c008 0000 0024 0102" SCCRQ_REST TUNNEL_ID, MSG_SCCRQ, true, ERROR_VALUE, 7, 0,
	 "Random Vector: must not be hidden"},
};

static void test_broken(void **state)
{
	static const struct l2tp_msg untouched = {.unknown_avps = 99};
	struct l2tp_msg msg = untouched;
	struct msg_error error;
	uint8_t body[256];
	size_t len;

	(void)state;
	for (size_t i = 0; i < COUNT(broken); i++) {
		print_message("# %s\n", broken[i].body);
		len = unhex(broken[i].body, body);
		assert_int_equal(decode_exact(body, len, bytes_str(""), &msg, &error), -EBADMSG);
		assert_string_equal(error.text, broken[i].text);
		assert_int_equal(error.type, broken[i].type);
		assert_int_equal(error.fatal, broken[i].fatal);
		assert_int_equal(error.error, broken[i].error);
		assert_int_equal(error.assigned_tunnel_id, broken[i].tunnel_id);
		assert_int_equal(error.assigned_session_id, broken[i].session_id);
		assert_memory_equal(&msg, &untouched, sizeof(msg));
	}
}

/* What real peers send and is taken as meant. */
static const struct {
	const char *body;
	struct l2tp_msg msg;
} odd[] = {
	/* Zero padding behind the last AVP. */
	{"8008 0000 0000 0006 00", {.type = MSG_HELLO}},
	{"8008 0000 0000 0006 000000000000000000", {.type = MSG_HELLO}},

	/* Unknown, not mandatory: by number, by vendor, by reserved bits, hidden. */
	{"8008 0000 0000 0006 0008 0000 0014 0001 0006 0009 0000 3c06 0000 0008 4007 0001 0001 00",
	 {.type = MSG_HELLO, .unknown_avps = 4}},

	/* Known, but of no use here, and so not looked into: lengths, hiding, a second type. */
	{"8008 0000 0000 0006 8007 0000 0009 00 c006 0000 0007 8008 0000 0000 0001",
	 {.type = MSG_HELLO, .misplaced_avps = 3}},

	/* The M bit of what we know does not matter. */
	{"0008 0000 0000 000b 0008 0000 000e 0004",
	 {.type = MSG_ICRP, .present = {{IN(AVP_ASSIGNED_SESSION_ID)}}, .assigned_session_id = 4}},
	{"8008 0000 0000 0008 8008 0000 000e 0004 800a 0000 0019 00000001",
	 {.type = MSG_OCRP,
	  .present = {{IN(AVP_ASSIGNED_SESSION_ID) | IN(AVP_PHYSICAL_CHANNEL_ID)}},
	  .assigned_session_id = 4,
	  .physical_channel_id = 1}},

	/* The first copy counts, a later one is not looked into. */
	{"8008 0000 0000 000b 8008 0000 000e 0004 8008 0000 000e 0005 8006 0000 000e",
	 {.type = MSG_ICRP,
	  .present = {{IN(AVP_ASSIGNED_SESSION_ID)}},
	  .assigned_session_id = 4,
	  .misplaced_avps = 2}},

	/* Result Codes of every length; ids of 0 in messages that end things. */
	{"8008 0000 0000 0004 8008 0000 0001 0001 8008 0000 0009 0000",
	 {.type = MSG_STOPCCN,
	  .present = {{IN(AVP_RESULT_CODE) | IN(AVP_ASSIGNED_TUNNEL_ID)}},
	  .result_code = {1, 0, {0}}}},
	{"8008 0000 0000 0004 8009 0000 0001 0001ff 8008 0000 0009 0001",
	 {.type = MSG_STOPCCN,
	  .present = {{IN(AVP_RESULT_CODE) | IN(AVP_ASSIGNED_TUNNEL_ID)}},
	  .result_code = {1, 0, {0}},
	  .assigned_tunnel_id = 1}},
	{"8008 0000 0000 000e 800a 0000 0001 00020006 8008 0000 000e 0000",
	 {.type = MSG_CDN,
	  .present = {{IN(AVP_RESULT_CODE) | IN(AVP_ASSIGNED_SESSION_ID)}},
	  .result_code = {2, 6, {0}}}},
	{"8008 0000 0000 000e 800b 0000 0001 0002000678 8008 0000 000e 0001",
	 {.type = MSG_CDN,
	  .present = {{IN(AVP_RESULT_CODE) | IN(AVP_ASSIGNED_SESSION_ID)}},
	  .result_code = {2, 6, STR("x")},
	  .assigned_session_id = 1}},

	/* A window of 0, and a version that is not ours to judge. */
	{SCCRQ "8008 0000 0002 ffff 800a 0000 0003 fffffffc 8007 0000 0007 00" TUNNEL_ID
	       "8008 0000 000a 0000",
	 {.type = MSG_SCCRQ,
	  .present = {{IN(AVP_PROTOCOL_VERSION) | IN(AVP_FRAMING_CAPABILITIES) | IN(AVP_HOST_NAME) |
		       IN(AVP_ASSIGNED_TUNNEL_ID) | IN(AVP_RECEIVE_WINDOW_SIZE)}},
	  .protocol_version = 0xffff,
	  .framing_capabilities = 0xfffffffc,
	  .host_name = STR("\0"),
	  .assigned_tunnel_id = 7}},

	/* Reserved octets that are not zero. */
	{"8008 0000 0000 0010 8010 0000 0023 ffff 00000001 00000002",
	 {.type = MSG_SLI, .present = {{IN(AVP_ACCM)}}, .accm = {1, 2}}},
	{"8008 0000 0000 000c 800a 0000 0013 00000001 800a 0000 0018 00000000"
	 "0008 0000 0020 ff07",
	 {.type = MSG_ICCN,
	  .present = {{IN(AVP_FRAMING_TYPE) | IN(AVP_TX_CONNECT_SPEED) | IN(AVP_PROXY_AUTHEN_ID)}},
	  .framing_type = 1,
	  .proxy_authen_id = 7}},

	/* Hidden with no secret at hand, and not mandatory. */
	{"8008 0000 0000 0008 8008 0000 000e 0004 8007 0000 0024 01"
	 "400c 0000 0019 010203040506",
	 {.type = MSG_OCRP,
	  .present = {{IN(AVP_ASSIGNED_SESSION_ID)}},
	  .assigned_session_id = 4,
	  .unknown_avps = 1}},
};

static void test_odd(void **state)
{
	struct msg_error error = {0};
	struct l2tp_msg msg;
	uint8_t body[256];
	size_t len;

	(void)state;
	for (size_t i = 0; i < COUNT(odd); i++) {
		print_message("# %s\n", odd[i].body);
		len = unhex(odd[i].body, body);
		assert_int_equal(decode_exact(body, len, bytes_str(""), &msg, &error), 0);
		assert_msg_equal(&msg, &odd[i].msg);
	}
}

/* The octets of a body without one attribute. */
static size_t without(const uint8_t *body, size_t len, uint16_t vendor, uint16_t attribute,
		      uint8_t *out)
{
	const uint8_t name[] = {(uint8_t)(vendor >> 8), (uint8_t)vendor, (uint8_t)(attribute >> 8),
				(uint8_t)attribute};
	size_t out_len = 0, avp_len;

	for (size_t at = 0; at < len; at += avp_len) {
		avp_len = (size_t)(body[at] & 3) << 8 | body[at + 1];
		if (memcmp(body + at + 2, name, sizeof(name)) != 0) {
			memcpy(out + out_len, body + at, avp_len);
			out_len += avp_len;
		}
	}
	return out_len;
}

/* RFC 5515 section 4: sent without the M bit of Message Type. */
static bool is_optional(enum msg_type type)
{
	return type == MSG_CSUN || type == MSG_CSURQ;
}

static void test_missing(void **state)
{
	struct msg_error error;
	struct l2tp_msg msg;
	uint8_t body[512], cut[512];
	char text[120];
	size_t len;

	(void)state;
	for (size_t i = 0; i < COUNT(wire_messages); i++) {
		enum msg_type type = wire_messages[i].msg.type;

		for (unsigned int id = AVP_MESSAGE_TYPE + 1; id < AVP_ID_MAX; id++) {
			if (!msg_has(&wire_messages[i].msg, (enum avp_id)id))
				continue;
			len = unhex(wire_messages[i].body, body);
			len = without(body, len, avp_rows[id].vendor, avp_rows[id].attribute, cut);
			if (!(avp_rows[id].required >> type & 1)) {
				assert_int_equal(
					decode_exact(cut, len, bytes_str(""), &msg, &error), 0);
				assert_false(msg_has(&msg, (enum avp_id)id));
				continue;
			}
			assert_int_equal(decode_exact(cut, len, bytes_str(""), &msg, &error),
					 -EBADMSG);
			snprintf(text, sizeof(text), "%s: missing in %s", avp_rows[id].name,
				 msg_type_name(type));
			assert_string_equal(error.text, text);
			assert_int_equal(error.error, ERROR_VENDOR);
			assert_int_equal(error.fatal, !is_optional(type));
		}
	}
}

/* An id of 0 cannot be answered to; where nothing is to be answered, it does not matter. */
static void test_zero_ids(void **state)
{
	uint8_t body[512], cut[512];
	struct msg_error error;
	struct l2tp_msg msg;
	size_t len, avp;

	(void)state;
	for (size_t i = 0; i < COUNT(wire_messages); i++) {
		enum msg_type type = wire_messages[i].msg.type;
		bool ends = type == MSG_STOPCCN || type == MSG_CDN;
		const char *zero;

		if (msg_has(&wire_messages[i].msg, AVP_ASSIGNED_TUNNEL_ID))
			zero = "8008 0000 0009 0000";
		else if (msg_has(&wire_messages[i].msg, AVP_ASSIGNED_SESSION_ID))
			zero = "8008 0000 000e 0000";
		else
			continue;
		unhex(zero, cut);
		len = unhex(wire_messages[i].body, body);
		len = without(body, len, 0, cut[5], cut);
		avp = unhex(zero, cut + len);
		assert_int_equal(decode_exact(cut, len + avp, bytes_str(""), &msg, &error),
				 ends ? 0 : -EBADMSG);
		if (!ends)
			assert_int_equal(error.error, ERROR_VALUE);
	}
}

/* Each AVP in each message that carries it: its least and greatest length, and one beyond. */
static void test_lengths(void **state)
{
	uint8_t body[512], cut[512 + AVP_LEN_MAX];
	struct msg_error error;
	struct l2tp_msg msg;
	size_t base;

	(void)state;
	for (size_t i = 0; i < COUNT(wire_messages); i++) {
		for (unsigned int id = AVP_MESSAGE_TYPE + 1; id < AVP_ID_MAX; id++) {
			const struct avp_row *row = &avp_rows[id];
			const size_t lengths[] = {row->least - 1u, row->least, row->greatest,
						  row->greatest + 1u};

			if (!msg_has(&wire_messages[i].msg, (enum avp_id)id))
				continue;
			base = unhex(wire_messages[i].body, body);
			base = without(body, base, row->vendor, row->attribute, cut);
			for (size_t j = 0; j < COUNT(lengths); j++) {
				size_t len = lengths[j] + AVP_HEADER_LEN;
				bool fits = j == 1 || j == 2;
				struct writer w = writer_init(cut + base, sizeof(cut) - base);

				/* Shorter than nothing, or longer than can be written. */
				if (lengths[j] > AVP_VALUE_MAX)
					continue;
				writer_u16(&w, (uint16_t)(0x8000 | len));
				writer_u16(&w, row->vendor);
				writer_u16(&w, row->attribute);
				memset(w.pos, 1, lengths[j]);
				assert_int_equal(
					decode_exact(cut, base + len, bytes_str(""), &msg, &error),
					fits ? 0 : -EBADMSG);
				if (fits) {
					assert_true(msg_has(&msg, (enum avp_id)id));
					continue;
				}
				assert_int_equal(error.error, ERROR_LENGTH);
				assert_memory_equal(error.text, row->name, strlen(row->name));
			}
		}
	}
}

/*
 * Each message cut at each octet. Where it still decodes, it is because the cut left a whole
 * message and at most zeros behind it: what it says, encoded again, is what was there.
 */
static void test_truncated(void **state)
{
	static const struct msg_encode_params plain = {.hide = HIDE_NEVER};
	unsigned int decoded = 0, failed = 0;
	struct msg_error error;
	struct l2tp_msg msg;
	uint8_t body[512], out[512];
	struct writer w;
	size_t len;

	(void)state;
	for (size_t i = 0; i < COUNT(wire_messages); i++) {
		len = unhex(wire_messages[i].body, body);
		for (size_t cut = 0; cut < len; cut++) {
			error = (struct msg_error){0};
			if (decode_exact(body, cut, bytes_str(""), &msg, &error) < 0) {
				failed++;
				if (is_optional(wire_messages[i].msg.type))
					assert_true(!error.fatal || cut < AVP_HEADER_LEN + 2);
				else
					assert_int_equal(error.fatal, cut > 0);
				assert_int_not_equal(error.text[0], 0);
				continue;
			}
			decoded++;
			w = writer_init(out, sizeof(out));
			assert_int_equal(msg_encode(&msg, 0, 0, &plain, &w), 0);
			assert_in_range(writer_len(&w), CONTROL_HEADER_LEN + 8,
					CONTROL_HEADER_LEN + cut);
			assert_memory_equal(out + CONTROL_HEADER_LEN, body,
					    writer_len(&w) - CONTROL_HEADER_LEN);
			for (size_t at = writer_len(&w) - CONTROL_HEADER_LEN; at < cut; at++)
				assert_int_equal(body[at], 0);
		}
	}
	assert_in_range(decoded, 10, 100);
	assert_in_range(failed, 500, 2000);
}

static void test_peek_host_name(void **state)
{
	static const struct {
		const char *body;
		const char *name;
	} rows[] = {
		{SCCRQ TUNNEL_ID "8009 0000 0007 6c6163", "lac"},
		/* It needs neither the rest nor the structure behind it. */
		{SCCRQ "0009 0000 0007 6c6163 80", "lac"},
		{SCCRQ "c00a 0000 0009 01020304 8009 0000 0007 6c6163", "lac"},
		{SCCRQ "c009 0000 0007 6c6163", ""},
		{SCCRQ "8409 0000 0007 6c6163", ""},
		{SCCRQ "8009 0009 0007 6c6163", ""},
		{SCCRQ "800a 0000 0007 6c6163", ""},
		{SCCRQ TUNNEL_ID, ""},
		{"", ""},
	};
	uint8_t body[64];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bytes name =
			msg_peek_host_name((struct bytes){body, unhex(rows[i].body, body)});

		assert_true(bytes_equal(name, bytes_str(rows[i].name)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_broken),	       cmocka_unit_test(test_odd),
		cmocka_unit_test(test_missing),	       cmocka_unit_test(test_zero_ids),
		cmocka_unit_test(test_lengths),	       cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_peek_host_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
