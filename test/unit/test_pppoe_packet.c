/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Discovery frames: what is in them, and which are none.
 */
#include <errno.h>

#include "pppoe_frames.h"

/* In memory of its exact size, so that a sanitizer sees every octet too far. */
static int parse_exact(struct bytes frame, struct pppoe_packet *ret, uint8_t **ret_copy)
{
	*ret_copy = malloc(frame.len ? frame.len : 1);
	assert_non_null(*ret_copy);
	if (frame.len)
		memcpy(*ret_copy, frame.data, frame.len);
	return pppoe_parse((struct bytes){*ret_copy, frame.len}, ret);
}

static const struct {
	const char *what;
	const char *frame;
	int err;
} frames[] = {
	{"a PADI", TO_ALL "09 0000 0004 0101 0000", 0},
	{"padding behind the payload", TO_ALL "09 0000 0004 0101 0000 00000000 00000000", 0},
	{"no payload", TO_AC "a7 0001 0000", 0},
	{"an unknown code", TO_AC "42 0001 0000", 0},
	{"an unknown tag", TO_ALL "09 0000 000a 0101 0000 7777 0002 abcd", 0},
	{"an unknown tag twice", TO_ALL "09 0000 000c 0101 0000 7777 0000 7777 0000", 0},
	{"End-Of-List ends it", TO_ALL "09 0000 000a 0101 0000 0000 0000 0101", 0},
	{"End-Of-List with a value", TO_ALL "09 0000 0009 0101 0000 0000 0001 ff", -EBADMSG},
	{"nothing", "", -EBADMSG},
	{"half an address", "0200", -EBADMSG},
	{"no length", TO_ALL "09 0000", -EBADMSG},
	{"length beyond the frame", TO_ALL "09 0000 0005 0101 0000", -EBADMSG},
	{"another type of frame", AC_MAC CLIENT "8864 1109 0000 0004 0101 0000", -EBADMSG},
	{"another version", AC_MAC CLIENT "8863 2109 0000 0004 0101 0000", -EBADMSG},
	{"another type of PPPoE", AC_MAC CLIENT "8863 1209 0000 0004 0101 0000", -EBADMSG},
	{"half a tag", TO_ALL "09 0000 0006 0101 0000 0103", -EBADMSG},
	{"a tag beyond the payload", TO_ALL "09 0000 0008 0101 0000 0103 0001 aa", -EBADMSG},
	{"Service-Name twice", TO_ALL "09 0000 0008 0101 0000 0101 0000", -EBADMSG},
	{"Host-Uniq twice", TO_ALL "09 0000 000c 0103 0002 aaaa 0103 0002 aaaa", -EBADMSG},
	{"AC-Cookie twice", TO_AC "19 0000 0008 0104 0000 0104 0000", -EBADMSG},
	{"Relay-Session-Id twice", TO_ALL "09 0000 0008 0110 0000 0110 0000", -EBADMSG},
	{"PPP-Max-Payload", TO_ALL "09 0000 0006 0120 0002 05dc", 0},
	{"PPP-Max-Payload of one octet", TO_ALL "09 0000 0005 0120 0001 05", -EBADMSG},
	{"PPP-Max-Payload of four", TO_ALL "09 0000 0008 0120 0004 000005dc", -EBADMSG},
	{"Vendor-Specific without a vendor", TO_ALL "09 0000 0006 0105 0002 0000", -EBADMSG},
	{"two of the Broadband Forum", TO_ALL "09 0000 0010 0105 0004 00000de9 0105 0004 00000de9",
	 -EBADMSG},
	{"two of others", TO_ALL "09 0000 0010 0105 0004 00000001 0105 0004 00000001", 0},
	{"a sub-tag beyond the tag", TO_ALL "09 0000 000b 0105 0007 00000de9 0102 61", -EBADMSG},
	{"a sub-tag without length", TO_ALL "09 0000 0009 0105 0005 00000de9 01", -EBADMSG},
	{"Circuit-ID twice", TO_ALL "09 0000 000e 0105 000a 00000de9 0101 61 0101 62", -EBADMSG},
	{"an unknown sub-tag twice", TO_ALL "09 0000 000c 0105 0008 00000de9 4400 4400", 0},
};

static void test_frames(void **state)
{
	uint8_t frame[PPPOE_FRAME_MAX], *copy;
	struct pppoe_packet packet;

	(void)state;
	for (size_t i = 0; i < COUNT(frames); i++) {
		size_t len = from_hex(frames[i].frame, frame, sizeof(frame));

		print_message("# %s\n", frames[i].what);
		assert_int_equal(parse_exact((struct bytes){frame, len}, &packet, &copy),
				 frames[i].err);
		free(copy);
	}
}

static void test_fields(void **state)
{
	uint8_t frame[PPPOE_FRAME_MAX];
	struct pppoe_packet packet;
	size_t len = from_hex(TO_AC "19 0000 002f 0101 0002 6973 0102 0001 61 0103 0003 000102"
				    "0104 0002 beef 0110 000c 112233445566778899aabbcc"
				    "0120 0002 05dc 0203",
			      frame, sizeof(frame));

	(void)state;
	frame[19] = (uint8_t)(len - 20 - 2);
	assert_int_equal(pppoe_parse((struct bytes){frame, len}, &packet), 0);
	assert_int_equal(packet.code, PPPOE_PADR);
	assert_int_equal(packet.session_id, 0);
	assert_memory_equal(packet.destination, "\x02\0\0\0\0\x01", 6);
	assert_memory_equal(packet.source, "\x02\0\0\0\0\xc1", 6);
	assert_true(bytes_equal(packet.tags[PPPOE_SERVICE_NAME], bytes_str("is")));
	assert_true(bytes_equal(packet.tags[PPPOE_AC_NAME], bytes_str("a")));
	assert_hex(packet.tags[PPPOE_HOST_UNIQ], "000102");
	assert_hex(packet.tags[PPPOE_AC_COOKIE], "beef");
	assert_hex(packet.tags[PPPOE_RELAY_SESSION_ID], "112233445566778899aabbcc");
	assert_int_equal(pppoe_max_payload(&packet), 1500);
	assert_false(pppoe_has(&packet, PPPOE_GENERIC_ERROR));
	assert_false(packet.has_line);
}

/* RFC 4679 section 3.3, in the order of the sub-tags. */
static void test_line(void **state)
{
	static const enum line_value none[] = {LINE_MINIMUM_UP_LOW_POWER, LINE_ENCAPSULATION,
					       LINE_CIRCUIT_ID, LINE_IWF_SESSION};
	static const struct {
		enum line_value value;
		uint32_t expected;
	} numbers[] = {
		{LINE_ACTUAL_UP, 1000000},
		{LINE_ACTUAL_DOWN, 16000000},
		{LINE_MINIMUM_UP, 1},
		{LINE_MINIMUM_DOWN, 2},
		{LINE_ATTAINABLE_UP, 3},
		{LINE_ATTAINABLE_DOWN, 4},
		{LINE_MAXIMUM_UP, 5},
		{LINE_MAXIMUM_DOWN, 6},
		{LINE_MAXIMUM_DELAY_UP, 7},
		{LINE_ACTUAL_DELAY_UP, 8},
		{LINE_MAXIMUM_DELAY_DOWN, 9},
		{LINE_ACTUAL_DELAY_DOWN, 0xffffffff},
		{LINE_MINIMUM_DOWN_LOW_POWER, 10},
	};
	uint8_t value[256];
	size_t len = from_hex("00000de9 0104 61 07 62 80  0203 787a 0a"
			      "8104 000f4240 8204 00f42400 8304 00000001 8404 00000002"
			      "8504 00000003 8604 00000004 8704 00000005 8804 00000006"
			      "8903 000001 8a04 0000000a"
			      "8b04 00000007 8c04 00000008 8d04 00000009 8e04 ffffffff"
			      "9003 010203 9102 ffff fe00",
			      value, sizeof(value));
	struct access_line line;
	uint32_t number = 0;
	bool is_line;

	(void)state;
	assert_int_equal(pppoe_parse_line((struct bytes){value, len}, &line, &is_line), 0);
	assert_true(is_line);
	assert_string_equal(line.circuit_id, "a?b?");
	assert_string_equal(line.remote_id, "xz?");
	for (size_t i = 0; i < COUNT(numbers); i++) {
		assert_true(access_line_number(&line, numbers[i].value, &number));
		assert_int_equal(number, numbers[i].expected);
	}
	for (size_t i = 0; i < COUNT(none); i++)
		assert_false(access_line_number(&line, none[i], &number));
	assert_false(access_line_number(NULL, LINE_ACTUAL_UP, &number));
	assert_true(line.has_encapsulation);
	assert_memory_equal(line.encapsulation, "\1\2\3", 3);
	assert_true(line.iwf_session);
}

/* TR-101: at most 63 octets; what is longer is no name of a line, and is not cut to one either. */
static void test_line_texts(void **state)
{
	uint8_t value[4 + 2 + LINE_TEXT_MAX] = {0, 0, 0x0d, 0xe9, LINE_REMOTE_ID};
	struct access_line line;
	bool is_line;

	(void)state;
	for (size_t len = 0; len <= LINE_TEXT_MAX; len++) {
		value[5] = (uint8_t)len;
		memset(value + 6, 'r', len);
		assert_int_equal(pppoe_parse_line((struct bytes){value, 6 + len}, &line, &is_line),
				 0);
		assert_int_equal(strlen(line.remote_id), len < LINE_TEXT_MAX ? len : 0);
		assert_string_equal(line.circuit_id, "");
	}
}

static void test_other_vendor(void **state)
{
	static const uint8_t value[] = {0, 0, 0, 9, 1, 200};
	struct access_line line;
	bool is_line = true;

	(void)state;
	assert_int_equal(pppoe_parse_line((struct bytes){value, sizeof(value)}, &line, &is_line),
			 0);
	assert_false(is_line);
}

/* A value of that many octets in one tag. */
static int parse_long(size_t value_len, size_t behind)
{
	static const uint8_t value[9000];
	size_t len = 20 + 4 + value_len + behind;
	uint8_t *frame = calloc(1, len);
	struct pppoe_packet packet;
	struct writer w;
	int err;

	assert_non_null(frame);
	w = writer_init(frame, len);
	pppoe_write_header(&w, frame, frame, PPPOE_PADI, 0);
	pppoe_write_tag(&w, PPPOE_HOST_UNIQ, (struct bytes){value, value_len});
	pppoe_write_end(&w);
	assert_true(w.ok);
	err = pppoe_parse((struct bytes){frame, len}, &packet);
	free(frame);
	return err;
}

static void test_longest(void **state)
{
	(void)state;
	assert_int_equal(parse_long(1490, 0), 0);
	assert_int_equal(parse_long(1490, 100), 0);
	assert_int_equal(parse_long(1491, 0), -EBADMSG);
	assert_int_equal(parse_long(9000, 0), -EBADMSG);
}

static void test_write(void **state)
{
	static const uint8_t destination[] = {2, 0, 0, 0, 0, 0xc1}, source[] = {2, 0, 0, 0, 0, 1};
	uint8_t frame[36];
	struct writer w = writer_init(frame, sizeof(frame));

	(void)state;
	pppoe_write_header(&w, destination, source, PPPOE_PADS, 0x1234);
	pppoe_write_tag(&w, PPPOE_SERVICE_NAME, (struct bytes){0});
	pppoe_write_tag(&w, PPPOE_GENERIC_ERROR, bytes_str("no"));
	pppoe_write_end(&w);
	assert_true(w.ok);
	assert_hex((struct bytes){frame, writer_len(&w)},
		   TO_CLIENT "65 1234 000a 0101 0000 0203 0002 6e6f");
	pppoe_write_tag(&w, PPPOE_HOST_UNIQ, bytes_str("far too long"));
	pppoe_write_end(&w);
	assert_false(w.ok);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frames),	     cmocka_unit_test(test_fields),
		cmocka_unit_test(test_line),	     cmocka_unit_test(test_line_texts),
		cmocka_unit_test(test_other_vendor), cmocka_unit_test(test_longest),
		cmocka_unit_test(test_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
