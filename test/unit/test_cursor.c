/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cursors: each operation where exactly enough is left, where one octet is missing, and after
 * a failure. Sources are of their exact size, so that a sanitizer sees an overread.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cursor.h"

static const uint8_t octets[] = {0x81, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x88, 0x09};

static uint8_t *exact(size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, octets, len);
	return copy;
}

static uint64_t read_u8(struct reader *r)
{
	return reader_u8(r);
}

static uint64_t read_u16(struct reader *r)
{
	return reader_u16(r);
}

static uint64_t read_u32(struct reader *r)
{
	return reader_u32(r);
}

static const struct {
	uint64_t (*read)(struct reader *r);
	size_t size;
	uint64_t value;
} numbers[] = {
	{read_u8, 1, 0x81},
	{read_u16, 2, 0x8102},
	{read_u32, 4, 0x81020304},
	{reader_u64, 8, 0x8102030405060788},
};

static void test_read_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		for (size_t len = numbers[i].size - 1; len <= numbers[i].size + 1; len++) {
			uint8_t *data = exact(len);
			struct reader r = reader_init(data, len);
			bool enough = len >= numbers[i].size;

			assert_int_equal(numbers[i].read(&r), enough ? numbers[i].value : 0);
			assert_int_equal(r.ok, enough);
			assert_int_equal(reader_left(&r), enough ? len - numbers[i].size : 0);
			free(data);
		}
	}
}

static void test_read_error_sticks(void **state)
{
	struct reader r = reader_init(octets, 3);

	(void)state;
	assert_int_equal(reader_u32(&r), 0);
	assert_false(r.ok);
	/* Three octets are there, but nothing is given any more. */
	assert_int_equal(reader_u8(&r), 0);
	assert_int_equal(reader_rest(&r).len, 0);
	assert_int_equal(reader_left(&r), 0);
	assert_false(r.ok);
}

static void test_read_bytes(void **state)
{
	struct reader r = reader_init(octets, sizeof(octets));
	struct bytes b;

	(void)state;
	b = reader_bytes(&r, 2);
	assert_ptr_equal(b.data, octets);
	assert_int_equal(b.len, 2);
	b = reader_bytes(&r, 0);
	assert_int_equal(b.len, 0);
	reader_skip(&r, 3);
	b = reader_rest(&r);
	assert_ptr_equal(b.data, octets + 5);
	assert_int_equal(b.len, sizeof(octets) - 5);
	assert_true(r.ok);
	b = reader_rest(&r);
	assert_int_equal(b.len, 0);
	assert_true(r.ok);

	r = reader_init(octets, sizeof(octets));
	b = reader_bytes(&r, sizeof(octets) + 1);
	assert_null(b.data);
	assert_int_equal(b.len, 0);
	assert_false(r.ok);

	r = reader_init(octets, sizeof(octets));
	reader_skip(&r, SIZE_MAX);
	assert_false(r.ok);
}

static void test_read_sub(void **state)
{
	struct reader r = reader_init(octets, 4);
	struct reader sub = reader_sub(&r, 2);

	(void)state;
	assert_int_equal(reader_u16(&sub), 0x8102);
	assert_int_equal(reader_left(&sub), 0);
	reader_u8(&sub);
	assert_false(sub.ok);
	/* The failure of the part is not one of the whole. */
	assert_true(r.ok);
	assert_int_equal(reader_u16(&r), 0x0304);

	r = reader_init(octets, 4);
	sub = reader_sub(&r, 5);
	assert_false(sub.ok);
	assert_false(r.ok);
	assert_int_equal(reader_u8(&sub), 0);
}

static void test_read_nothing(void **state)
{
	struct reader r = reader_init(NULL, 0);

	(void)state;
	assert_true(r.ok);
	assert_int_equal(reader_left(&r), 0);
	assert_int_equal(reader_rest(&r).len, 0);
	assert_true(r.ok);
	reader_u8(&r);
	assert_false(r.ok);
	r = reader_init(NULL, 1);
	assert_false(r.ok);
}

static void test_write(void **state)
{
	static const uint8_t expected[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09,
					   0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 'a',  'b',  'c'};
	uint8_t out[sizeof(expected)];

	(void)state;
	/* One octet too few, then enough. */
	for (size_t size = sizeof(out) - 1; size <= sizeof(out); size++) {
		uint8_t *data = malloc(size);
		struct writer w = writer_init(data, size);

		assert_non_null(data);
		writer_u8(&w, 0x01);
		writer_u16(&w, 0x0203);
		writer_u32(&w, 0x04050607);
		writer_u64(&w, 0x08090a0b0c0d0e0f);
		writer_bytes(&w, bytes_str("abc"));
		assert_int_equal(w.ok, size == sizeof(out));
		assert_int_equal(writer_len(&w), w.ok ? sizeof(expected) : 15);
		assert_memory_equal(data, expected, writer_len(&w));
		free(data);
	}
}

static void test_write_error_sticks(void **state)
{
	uint8_t out[3] = {0};
	struct writer w = writer_init(out, sizeof(out));

	(void)state;
	writer_u32(&w, 0x01020304);
	assert_false(w.ok);
	writer_u8(&w, 0xff);
	assert_int_equal(writer_len(&w), 0);
	assert_int_equal(out[0], 0);
	writer_patch_u16(&w, 0, 0xffff);
	assert_int_equal(out[0], 0);
}

static void test_patch(void **state)
{
	uint8_t out[4] = {0};
	struct writer w = writer_init(out, sizeof(out));

	(void)state;
	writer_u16(&w, 0x1111);
	writer_u8(&w, 0x22);
	writer_patch_u16(&w, 1, 0xabcd);
	assert_true(w.ok);
	assert_memory_equal(out, ((uint8_t[]){0x11, 0xab, 0xcd, 0}), 4);
	/* Room that was not written yet cannot be overwritten. */
	writer_patch_u16(&w, 2, 0xabcd);
	assert_false(w.ok);

	w = writer_init(out, sizeof(out));
	writer_u32(&w, 0);
	writer_patch_u16(&w, SIZE_MAX, 0xabcd);
	assert_false(w.ok);
}

static void test_bytes(void **state)
{
	(void)state;
	assert_true(bytes_equal(bytes_str("lac"), bytes_str("lac")));
	assert_false(bytes_equal(bytes_str("lac"), bytes_str("lns")));
	assert_false(bytes_equal(bytes_str("lac"), bytes_str("la")));
	assert_true(bytes_equal(bytes_str(""), bytes_str(NULL)));
	assert_int_equal(bytes_str("adit").len, 4);
	assert_null(bytes_str(NULL).data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_numbers),
		cmocka_unit_test(test_read_error_sticks),
		cmocka_unit_test(test_read_bytes),
		cmocka_unit_test(test_read_sub),
		cmocka_unit_test(test_read_nothing),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_write_error_sticks),
		cmocka_unit_test(test_patch),
		cmocka_unit_test(test_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
