/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control header: datagrams paired with what they are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/header.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Ids and sequence numbers that no test should mistake for each other. */
#define IDS 0x12, 0x34, 0x56, 0x78
#define SEQ 0x00, 0x01, 0xff, 0xfe

static const struct {
	const char *name;
	size_t len;
	uint8_t packet[20];
	enum packet_kind kind;
	struct control_header header;
	size_t body_len;
} packets[] = {
	{"ZLB",
	 12,
	 {0xc8, 0x02, 0, 12, IDS, SEQ},
	 PACKET_CONTROL,
	 {2, 12, 0x1234, 0x5678, 1, 0xfffe},
	 0},
	{"with a body",
	 20,
	 {0xc8, 0x02, 0, 20, IDS, SEQ, 0x80, 8, 0, 0, 0, 0, 0, 6},
	 PACKET_CONTROL,
	 {2, 20, 0x1234, 0x5678, 1, 0xfffe},
	 8},
	{"octets beyond Length",
	 20,
	 {0xc8, 0x02, 0, 14, IDS, SEQ, 1, 2, 3},
	 PACKET_CONTROL,
	 {2, 14, 0x1234, 0x5678, 1, 0xfffe},
	 2},
	{"reserved bits are ignored",
	 12,
	 {0xfc, 0xf2, 0, 12, IDS, SEQ},
	 PACKET_CONTROL,
	 {2, 12, 0x1234, 0x5678, 1, 0xfffe},
	 0},
	{"L2TPv3 over UDP",
	 12,
	 {0xc8, 0x03, 0, 12, IDS, SEQ},
	 PACKET_CONTROL,
	 {3, 12, 0x12345678, 0, 1, 0xfffe},
	 0},
	{"L2TPv3 has no O and P",
	 12,
	 {0xcb, 0x03, 0, 12, IDS, SEQ},
	 PACKET_CONTROL,
	 {3, 12, 0x12345678, 0, 1, 0xfffe},
	 0},
	{"Length beyond the datagram", 12, {0xc8, 0x02, 0, 13, IDS, SEQ}, PACKET_MALFORMED, {0}, 0},
	{"Length far beyond", 12, {0xc8, 0x02, 0xff, 0xff, IDS, SEQ}, PACKET_MALFORMED, {0}, 0},
	{"Length below a header", 12, {0xc8, 0x02, 0, 11, IDS, SEQ}, PACKET_MALFORMED, {0}, 0},
	{"Length 0", 12, {0xc8, 0x02, 0, 0, IDS, SEQ}, PACKET_MALFORMED, {0}, 0},
	{"no L bit", 12, {0x88, 0x02, 0, 12, IDS, SEQ}, PACKET_MALFORMED, {0}, 0},
	{"no S bit", 12, {0xc0, 0x02, 0, 12, IDS, SEQ}, PACKET_MALFORMED, {0}, 0},
	{"O bit", 12, {0xca, 0x02, 0, 12, IDS, SEQ}, PACKET_MALFORMED, {0}, 0},
	{"P bit", 12, {0xc9, 0x02, 0, 12, IDS, SEQ}, PACKET_MALFORMED, {0}, 0},
	{"L2TPv3 without S bit", 12, {0xc0, 0x03, 0, 12, IDS, SEQ}, PACKET_MALFORMED, {0}, 0},
	{"data", 8, {0x00, 0x02, IDS, 0xff, 0x03}, PACKET_DATA, {0}, 0},
	{"data with everything", 14, {0x4b, 0x02, 0, 14, IDS, SEQ, 0, 0}, PACKET_DATA, {0}, 0},
	{"L2TPv3 data", 8, {0x00, 0x03, 0, 0, IDS}, PACKET_DATA, {0}, 0},
	{"L2F", 12, {0xc8, 0x01, 0, 12, IDS, SEQ}, PACKET_BAD_VERSION, {0}, 0},
	{"version 4", 12, {0xc8, 0x04, 0, 12, IDS, SEQ}, PACKET_BAD_VERSION, {0}, 0},
	{"version 0", 12, {0xc8, 0x00, 0, 12, IDS, SEQ}, PACKET_BAD_VERSION, {0}, 0},
	{"nothing", 0, {0}, PACKET_MALFORMED, {0}, 0},
	{"one octet", 1, {0xc8}, PACKET_MALFORMED, {0}, 0},
};

static void test_parse(void **state)
{
	static const struct control_header untouched = {.version = 99};
	struct control_header header;
	struct bytes body;

	(void)state;
	for (size_t i = 0; i < COUNT(packets); i++) {
		uint8_t *data = malloc(packets[i].len ? packets[i].len : 1);

		print_message("# %s\n", packets[i].name);
		assert_non_null(data);
		memcpy(data, packets[i].packet, packets[i].len);
		header = untouched;
		body = (struct bytes){NULL, 99};
		assert_int_equal(packet_parse((struct bytes){data, packets[i].len}, &header, &body),
				 packets[i].kind);
		if (packets[i].kind == PACKET_CONTROL) {
			assert_int_equal(header.version, packets[i].header.version);
			assert_int_equal(header.length, packets[i].header.length);
			assert_int_equal(header.tunnel_id, packets[i].header.tunnel_id);
			assert_int_equal(header.session_id, packets[i].header.session_id);
			assert_int_equal(header.ns, packets[i].header.ns);
			assert_int_equal(header.nr, packets[i].header.nr);
			assert_ptr_equal(body.data, data + CONTROL_HEADER_LEN);
			assert_int_equal(body.len, packets[i].body_len);
		} else {
			assert_int_equal(header.version, untouched.version);
			assert_int_equal(body.len, 99);
		}
		free(data);
	}
}

static void test_truncated(void **state)
{
	struct control_header header;
	struct bytes body;

	(void)state;
	/* A control header cut anywhere is malformed. */
	for (size_t len = 0; len < CONTROL_HEADER_LEN; len++) {
		uint8_t *data = malloc(len ? len : 1);

		assert_non_null(data);
		memcpy(data, packets[0].packet, len);
		assert_int_equal(packet_parse((struct bytes){data, len}, &header, &body),
				 PACKET_MALFORMED);
		free(data);
	}
}

static void test_write(void **state)
{
	static const uint8_t v2[] = {0xc8, 0x02, 0, 15, IDS, SEQ, 'a', 'b', 'c'};
	static const uint8_t v3[] = {0xc8, 0x03, 0, 12, IDS, SEQ};
	uint8_t out[sizeof(v2)];
	struct writer w = writer_init(out, sizeof(out));

	(void)state;
	control_header_write(&w, &(struct control_header){
					 .version = 2, .tunnel_id = 0x1234, .session_id = 0x5678});
	writer_bytes(&w, bytes_str("abc"));
	control_header_finish(&w);
	control_header_set_seq(out, 1, 0xfffe);
	assert_true(w.ok);
	assert_int_equal(writer_len(&w), sizeof(v2));
	assert_memory_equal(out, v2, sizeof(v2));

	w = writer_init(out, sizeof(out));
	control_header_write(&w, &(struct control_header){.version = 3,
							  .length = 12,
							  .tunnel_id = 0x12345678,
							  .ns = 1,
							  .nr = 0xfffe});
	assert_true(w.ok);
	assert_int_equal(writer_len(&w), sizeof(v3));
	assert_memory_equal(out, v3, sizeof(v3));
}

static void test_no_room(void **state)
{
	uint8_t out[CONTROL_HEADER_LEN - 1];
	struct writer w = writer_init(out, sizeof(out));
	uint8_t *large = calloc(1, UINT16_MAX + 1);

	(void)state;
	control_header_write(&w, &(struct control_header){.version = 2});
	control_header_finish(&w);
	assert_false(w.ok);

	/* Length has 16 bits. */
	assert_non_null(large);
	w = writer_init(large, UINT16_MAX + 1);
	w.pos = w.end - 1;
	control_header_finish(&w);
	assert_true(w.ok);
	assert_memory_equal(large + 2, "\xff\xff", 2);
	w.pos = w.end;
	control_header_finish(&w);
	assert_false(w.ok);
	free(large);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
