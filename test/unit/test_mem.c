/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The allocator: memory is zeroed, and tests can make the n-th allocation fail.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

static void test_zeroed(void **state)
{
	static const uint8_t zero[64];
	uint8_t *ptr;

	(void)state;
	/* The second block is likely to be the first one again. */
	for (int i = 0; i < 2; i++) {
		ptr = mem_alloc(sizeof(zero));
		assert_non_null(ptr);
		assert_memory_equal(ptr, zero, sizeof(zero));
		memset(ptr, 0xff, sizeof(zero));
		mem_free(ptr);
	}
	mem_free(NULL);
}

static void test_resize(void **state)
{
	uint8_t *ptr = mem_resize(NULL, 4);

	(void)state;
	assert_non_null(ptr);
	memcpy(ptr, "adit", 4);
	ptr = mem_resize(ptr, 4096);
	assert_non_null(ptr);
	assert_memory_equal(ptr, "adit", 4);
	mem_free(ptr);
}

static void test_fail_after(void **state)
{
	void *first, *third;

	(void)state;
	__mem_fail_after(2);
	first = mem_alloc(1);
	assert_non_null(first);
	assert_null(mem_resize(first, 100));
	/* Only that one, and the block that could not grow is still there. */
	third = mem_resize(first, 100);
	assert_non_null(third);
	mem_free(third);

	__mem_fail_after(1);
	__mem_fail_after(0);
	first = mem_alloc(1);
	assert_non_null(first);
	mem_free(first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zeroed),
		cmocka_unit_test(test_resize),
		cmocka_unit_test(test_fail_after),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
