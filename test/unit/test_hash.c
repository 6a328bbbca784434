/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hash table through growth, equal hashes and failing memory, and the hash function against
 * a second implementation's values.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/mem.h"

#define COUNT 1000

static void test_grow(void **state)
{
	static struct hash_node nodes[COUNT];
	struct hash table;

	(void)state;
	hash_init(&table);
	assert_null(hash_find(&table, 1));
	assert_null(hash_walk(&table, NULL));
	for (size_t i = 0; i < COUNT; i++) {
		assert_int_equal(hash_insert(&table, &nodes[i], hash_u64(i, 7)), 0);
		assert_true(table.count <= table.mask + 1);
	}
	assert_int_equal(table.count, COUNT);
	for (size_t i = 0; i < COUNT; i++)
		assert_ptr_equal(hash_find(&table, hash_u64(i, 7)), &nodes[i]);
	assert_null(hash_find(&table, hash_u64(COUNT, 7)));

	for (size_t i = 0; i < COUNT; i += 2)
		hash_remove(&table, &nodes[i]);
	assert_int_equal(table.count, COUNT / 2);
	for (size_t i = 0; i < COUNT; i++)
		assert_ptr_equal(hash_find(&table, hash_u64(i, 7)), i % 2 ? &nodes[i] : NULL);
	/* Not there any more: left alone. */
	hash_remove(&table, &nodes[0]);
	assert_int_equal(table.count, COUNT / 2);
	hash_fini(&table);
	assert_int_equal(table.count, 0);
	hash_remove(&table, &nodes[1]);
}

static void test_equal_hashes(void **state)
{
	struct hash_node same[3], other, *node;
	unsigned int seen = 0;
	struct hash table;

	(void)state;
	hash_init(&table);
	/* 16 and 32 share a bucket with 0 in a table of 16. */
	assert_int_equal(hash_insert(&table, &same[0], 16), 0);
	assert_int_equal(hash_insert(&table, &other, 32), 0);
	assert_int_equal(hash_insert(&table, &same[1], 16), 0);
	assert_int_equal(hash_insert(&table, &same[2], 16), 0);
	for (node = hash_find(&table, 16); node; node = hash_find_next(node)) {
		assert_in_range((size_t)(node - same), 0, 2);
		seen |= 1u << (node - same);
	}
	assert_int_equal(seen, 7);
	assert_ptr_equal(hash_find(&table, 32), &other);
	assert_null(hash_find_next(&other));
	assert_null(hash_find(&table, 0));
	hash_fini(&table);
}

static void test_walk(void **state)
{
	static struct hash_node nodes[COUNT];
	static unsigned char visits[COUNT];
	struct hash_node *node = NULL;
	struct hash table;

	(void)state;
	hash_init(&table);
	for (size_t i = 0; i < COUNT; i++)
		assert_int_equal(hash_insert(&table, &nodes[i], ~(uint64_t)(i % 500)), 0);
	while ((node = hash_walk(&table, node)))
		visits[node - nodes]++;
	for (size_t i = 0; i < COUNT; i++)
		assert_int_equal(visits[i], 1);
	hash_fini(&table);
}

static void test_no_memory(void **state)
{
	struct hash_node nodes[40];
	struct hash table;

	(void)state;
	hash_init(&table);
	__mem_fail_after(1);
	assert_int_equal(hash_insert(&table, &nodes[0], 0), -ENOMEM);
	assert_int_equal(table.count, 0);
	assert_null(hash_walk(&table, NULL));

	/* Without memory to grow it goes on, and catches up later. */
	for (size_t i = 0; i < 40; i++) {
		__mem_fail_after(i == 16 ? 1 : 0);
		assert_int_equal(hash_insert(&table, &nodes[i], i), 0);
	}
	__mem_fail_after(0);
	assert_int_equal(table.mask, 63);
	for (size_t i = 0; i < 40; i++)
		assert_ptr_equal(hash_find(&table, i), &nodes[i]);
	hash_fini(&table);
}

/* SipHash-2-4 with the key (seed, ~seed), computed by another implementation. */
static const struct {
	const char *data;
	uint64_t seed;
	uint64_t hash;
} vectors[] = {
	{"", 0x0, 0x4d0617e48cf8737b},
	{"a", 0x0, 0xdee0179dc49d16a0},
	{"1234567", 0x1, 0x8205df5cc84c4ea4},
	{"12345678", 0x1, 0x882b58c7e0cb27e1},
	{"123456789", 0x1, 0x78734fd2604e1b2d},
	{"lns.example.net", 0x123456789abcdef, 0x8e05e7933b6f76d9},
};

static void test_hash_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		assert_int_equal(
			hash_bytes(vectors[i].data, strlen(vectors[i].data), vectors[i].seed),
			vectors[i].hash);
	/* Octets 1 to 8, low octet first. */
	assert_int_equal(hash_u64(0x0807060504030201, 3),
			 hash_bytes("\x01\x02\x03\x04\x05\x06\x07\x08", 8, 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grow),	   cmocka_unit_test(test_equal_hashes),
		cmocka_unit_test(test_walk),	   cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_hash_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
