/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every message type both ways: struct to the exact bytes, and bytes to the struct; the names of
 * the types; and the table itself against RFC 2661.
 */
#include "wire/avp.h"
#include "wire_messages.h"

static void test_encode(void **state)
{
	static const struct msg_encode_params plain = {.hide = HIDE_NEVER};
	uint8_t expected[512], out[512];
	struct writer w;
	size_t len;

	(void)state;
	for (size_t i = 0; i < COUNT(wire_messages); i++) {
		const struct wire_message *m = &wire_messages[i];

		print_message("# %s\n", msg_type_name(m->msg.type));
		len = CONTROL_HEADER_LEN + unhex(m->body, expected + CONTROL_HEADER_LEN);
		unhex("c802 0000 1234 5678 0000 0000", expected);
		expected[2] = (uint8_t)(len >> 8);
		expected[3] = (uint8_t)len;

		w = writer_init(out, sizeof(out));
		assert_int_equal(msg_encode(&m->msg, 0x1234, 0x5678, &plain, &w), 0);
		assert_int_equal(writer_len(&w), len);
		assert_memory_equal(out, expected, len);
	}
}

static void test_decode(void **state)
{
	struct msg_error error;
	struct l2tp_msg msg;
	uint8_t body[512];
	size_t len;

	(void)state;
	for (size_t i = 0; i < COUNT(wire_messages); i++) {
		const struct wire_message *m = &wire_messages[i];

		print_message("# %s\n", msg_type_name(m->msg.type));
		len = unhex(m->body, body);
		assert_int_equal(decode_exact(body, len, bytes_str(""), &msg, &error), 0);
		assert_msg_equal(&msg, &m->msg);
	}
}

/* RFC 2661 section 6: what each message must carry, besides the Message Type. */
static const struct {
	enum msg_type type;
	uint64_t required;
} rfc_required[] = {
	{MSG_SCCRQ, IN(AVP_PROTOCOL_VERSION) | IN(AVP_HOST_NAME) | IN(AVP_FRAMING_CAPABILITIES) |
			    IN(AVP_ASSIGNED_TUNNEL_ID)},
	{MSG_SCCRP, IN(AVP_PROTOCOL_VERSION) | IN(AVP_HOST_NAME) | IN(AVP_FRAMING_CAPABILITIES) |
			    IN(AVP_ASSIGNED_TUNNEL_ID)},
	{MSG_SCCCN, 0},
	{MSG_STOPCCN, IN(AVP_ASSIGNED_TUNNEL_ID) | IN(AVP_RESULT_CODE)},
	{MSG_HELLO, 0},
	{MSG_OCRQ, IN(AVP_ASSIGNED_SESSION_ID) | IN(AVP_CALL_SERIAL_NUMBER) | IN(AVP_MINIMUM_BPS) |
			   IN(AVP_MAXIMUM_BPS) | IN(AVP_BEARER_TYPE) | IN(AVP_FRAMING_TYPE) |
			   IN(AVP_CALLED_NUMBER)},
	{MSG_OCRP, IN(AVP_ASSIGNED_SESSION_ID)},
	{MSG_OCCN, IN(AVP_TX_CONNECT_SPEED) | IN(AVP_FRAMING_TYPE)},
	{MSG_ICRQ, IN(AVP_ASSIGNED_SESSION_ID) | IN(AVP_CALL_SERIAL_NUMBER)},
	{MSG_ICRP, IN(AVP_ASSIGNED_SESSION_ID)},
	{MSG_ICCN, IN(AVP_TX_CONNECT_SPEED) | IN(AVP_FRAMING_TYPE)},
	{MSG_CDN, IN(AVP_RESULT_CODE) | IN(AVP_ASSIGNED_SESSION_ID)},
	{MSG_WEN, IN(AVP_CALL_ERRORS)},
	{MSG_SLI, IN(AVP_ACCM)},
	/* RFC 5515 section 4. */
	{MSG_CSUN, IN(AVP_CONNECT_SPEED_UPDATE)},
	{MSG_CSURQ, IN(AVP_CONNECT_SPEED_UPDATE)},
};

static void test_required(void **state)
{
	uint32_t types = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(rfc_required); i++) {
		uint64_t required = 0, allowed = IN(AVP_MESSAGE_TYPE) | IN(AVP_RANDOM_VECTOR);
		uint64_t in_table = 0;

		types |= 1u << rfc_required[i].type;
		for (unsigned int id = 0; id < AVP_ID_MAX; id++) {
			const struct avp_row *row = &avp_rows[id];

			required |= (uint64_t)(row->required >> rfc_required[i].type & 1) << id;
			in_table |=
				(uint64_t)((row->required | row->optional) >> rfc_required[i].type &
					   1)
				<< id;
		}
		assert_int_equal(required, rfc_required[i].required | IN(AVP_MESSAGE_TYPE));
		/* The messages of these tests have all that section 6 allows. */
		for (size_t j = 0; j < COUNT(wire_messages); j++) {
			if (wire_messages[j].msg.type == rfc_required[i].type)
				allowed |= wire_messages[j].msg.present.bits[0];
		}
		assert_int_equal(in_table, allowed);
	}
	for (unsigned int type = 0; type < MSG_TYPE_MAX; type++)
		assert_int_equal(types >> type & 1, msg_type_known(type));
}

/* The tables against what RFC 2661 4.4 says of each attribute: "M", "-" and whether it may be
 * hidden "H", "-", in the order of numbers; 46 from RFC 3145, 97 and 98 and those of the Broadband
 * Forum from RFC 5515, 93 from the draft. */
static const struct {
	uint16_t vendor;
	uint16_t attribute;
	const char *bits;
} rfc_bits[] = {
	{0, 0, "M-"},	   {0, 1, "M-"},      {0, 2, "M-"},	 {0, 3, "MH"},
	{0, 4, "MH"},	   {0, 5, "--"},      {0, 6, "-H"},	 {0, 7, "M-"},
	{0, 8, "-H"},	   {0, 9, "MH"},      {0, 10, "M-"},	 {0, 11, "MH"},
	{0, 12, "M-"},	   {0, 13, "MH"},     {0, 14, "MH"},	 {0, 15, "MH"},
	{0, 16, "MH"},	   {0, 17, "MH"},     {0, 18, "MH"},	 {0, 19, "MH"},
	{0, 21, "MH"},	   {0, 22, "MH"},     {0, 23, "MH"},	 {0, 24, "MH"},
	{0, 25, "-H"},	   {0, 26, "-H"},     {0, 27, "-H"},	 {0, 28, "-H"},
	{0, 29, "-H"},	   {0, 30, "-H"},     {0, 31, "-H"},	 {0, 32, "-H"},
	{0, 33, "-H"},	   {0, 34, "MH"},     {0, 35, "MH"},	 {0, 36, "M-"},
	{0, 37, "-H"},	   {0, 38, "-H"},     {0, 39, "M-"},	 {0, 46, "-H"},
	{0, 93, "-H"},	   {0, 97, "-H"},     {0, 98, "-H"},	 {3561, 1, "-H"},
	{3561, 2, "-H"},   {3561, 129, "-H"}, {3561, 130, "-H"}, {3561, 131, "-H"},
	{3561, 132, "-H"}, {3561, 133, "-H"}, {3561, 134, "-H"}, {3561, 135, "-H"},
	{3561, 136, "-H"}, {3561, 137, "-H"}, {3561, 138, "-H"}, {3561, 139, "-H"},
	{3561, 140, "-H"}, {3561, 141, "-H"}, {3561, 142, "-H"}, {3561, 144, "-H"},
	{3561, 145, "-H"}, {3561, 254, "-H"},
};

static void test_table(void **state)
{
	(void)state;
	assert_int_equal(COUNT(rfc_bits), AVP_ID_MAX);
	for (size_t i = 0; i < COUNT(rfc_bits); i++) {
		enum avp_id id = avp_find(rfc_bits[i].vendor, rfc_bits[i].attribute);
		const struct avp_row *row;

		assert_int_not_equal(id, AVP_ID_MAX);
		row = &avp_rows[id];
		print_message("# %s\n", row->name);
		assert_int_equal(!!(row->flags & AVP_M), rfc_bits[i].bits[0] == 'M');
		assert_int_equal(!!(row->flags & AVP_H), rfc_bits[i].bits[1] == 'H');
		/* Only what may be hidden can be on the list of what is. */
		assert_true(row->flags & AVP_H || !(row->flags & AVP_PERSONAL));
		assert_int_equal(row->required & row->optional, 0);
		assert_int_equal(row->nonzero & ~(row->required | row->optional), 0);
		assert_true(row->least <= row->greatest && row->greatest <= AVP_VALUE_MAX);
	}
	assert_int_equal(avp_find(0, 20), AVP_ID_MAX);
	assert_int_equal(avp_find(0, 129), AVP_ID_MAX);
	assert_int_equal(avp_find(9, 7), AVP_ID_MAX);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(msg_type_name(MSG_STOPCCN), "StopCCN");
	assert_string_equal(msg_type_name(MSG_ZLB), "ZLB");
	assert_string_equal(msg_type_name((enum msg_type)5), "unknown message");
	assert_string_equal(msg_type_name((enum msg_type)13), "unknown message");
	assert_string_equal(msg_type_name(MSG_TYPE_MAX), "unknown message");
	assert_string_equal(msg_type_name((enum msg_type)65535), "unknown message");
	for (unsigned int type = 0; type < MSG_TYPE_MAX; type++) {
		if (msg_type_known(type))
			assert_int_equal(msg_type_parse(msg_type_name((enum msg_type)type)), type);
	}
	assert_int_equal(msg_type_parse("stopccn"), MSG_STOPCCN);
	assert_int_equal(msg_type_parse("zlb"), MSG_ZLB);
	assert_int_equal(msg_type_parse("SCCR"), MSG_TYPE_MAX);
	assert_int_equal(msg_type_parse(""), MSG_TYPE_MAX);
}

static void test_level(void **state)
{
	(void)state;
	assert_false(msg_is_session(MSG_ZLB));
	assert_false(msg_is_session(MSG_SCCRQ));
	assert_false(msg_is_session(MSG_HELLO));
	assert_false(msg_is_session((enum msg_type)13));
	assert_true(msg_is_session(MSG_OCRQ));
	assert_true(msg_is_session(MSG_ICRQ));
	assert_true(msg_is_session(MSG_CDN));
	assert_true(msg_is_session(MSG_SLI));
	assert_false(msg_is_session((enum msg_type)99));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encode),	 cmocka_unit_test(test_decode),
		cmocka_unit_test(test_required), cmocka_unit_test(test_table),
		cmocka_unit_test(test_names),	 cmocka_unit_test(test_level),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
