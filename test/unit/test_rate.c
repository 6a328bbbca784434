/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Token buckets: what a source may do, and that the table neither grows nor forgets whom it slows
 * down.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/rate.h"

/* Asks `times` times at once; how often the answer was yes. */
static unsigned int take(struct rate *rate, uint64_t key, unsigned int per_second, usec_t now,
			 unsigned int times)
{
	unsigned int allowed = 0;

	while (times--)
		allowed += rate_allow(rate, key, per_second, now);
	return allowed;
}

#define END (-1)

static const struct {
	const char *what;
	unsigned int per_second;
	struct {
		int after; /* milliseconds since the last */
		unsigned int times;
		unsigned int allowed;
	} steps[8];
} scripts[] = {
	{"a second's worth at once, then none", 10, {{0, 10, 10}, {0, 5, 0}, {END}}},
	{"refused ones cost nothing", 10, {{0, 1000, 10}, {100, 2, 1}, {END}}},
	{"one comes back each interval",
	 10,
	 {{0, 10, 10}, {99, 1, 0}, {1, 1, 1}, {100, 1, 1}, {END}}},
	{"never more than a second's worth", 10, {{0, 10, 10}, {60000, 20, 10}, {END}}},
	{"at its rate for ever", 4, {{0, 4, 4}, {250, 1, 1}, {250, 1, 1}, {250, 2, 1}, {END}}},
	{"one a second", 1, {{0, 2, 1}, {999, 1, 0}, {1, 2, 1}, {END}}},
	{"the greatest", 1000000, {{0, 2000000, 1000000}, {1, 1001, 1000}, {END}}},
	{"not even in microseconds", 3, {{0, 4, 3}, {333, 1, 0}, {1, 1, 1}, {END}}},
};

static void play(size_t i, usec_t start)
{
	usec_t now = start;
	struct rate rate;

	rate_init(&rate);
	for (unsigned int s = 0; scripts[i].steps[s].after != END; s++) {
		unsigned int allowed;

		now += scripts[i].steps[s].after * USEC_PER_MSEC;
		allowed = take(&rate, 7, scripts[i].per_second, now, scripts[i].steps[s].times);
		if (allowed != scripts[i].steps[s].allowed)
			fail_msg("%s: %u in step %u", scripts[i].what, allowed, s);
	}
	rate_fini(&rate);
}

/* At any time: when the clock begins, and as late as it can be told. */
static void test_scripts(void **state)
{
	static const usec_t starts[] = {0, 1, 3600 * USEC_PER_SEC, INT64_MAX - 100 * USEC_PER_SEC};

	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		for (size_t s = 0; s < sizeof(starts) / sizeof(starts[0]); s++)
			play(i, starts[s]);
	}
}

static void test_sources_are_apart(void **state)
{
	struct rate rate;

	(void)state;
	rate_init(&rate);
	assert_int_equal(take(&rate, hash_u64(1, 5), 10, 0, 20), 10);
	assert_int_equal(take(&rate, hash_u64(2, 5), 10, 0, 20), 10);
	/* 0 is a key as any other. */
	assert_int_equal(take(&rate, 0, 10, 0, 20), 10);
	rate_fini(&rate);
}

/* The rate of a reload holds from then on, for buckets that are there too. */
static void test_rate_changes(void **state)
{
	struct rate rate;

	(void)state;
	rate_init(&rate);
	assert_int_equal(take(&rate, 7, 10, 0, 20), 10);
	assert_int_equal(take(&rate, 7, 100, 100 * USEC_PER_MSEC, 20), 10);
	assert_int_equal(take(&rate, 7, 2, 1100 * USEC_PER_MSEC, 20), 2);
	rate_fini(&rate);
}

/*
 * 20,000 sources a second that nobody saw before: the one that was slowed down is not forgotten,
 * a quiet one is not slowed down, and no memory is asked for after the first time.
 */
static void test_flood_of_sources(void **state)
{
	const uint64_t heavy = hash_u64(1, 9), quiet = hash_u64(2, 9);
	unsigned int n_heavy = 0;
	struct rate rate;
	usec_t now = 0;

	(void)state;
	rate_init(&rate);
	assert_int_equal(take(&rate, heavy, 10, now, 100), 10);
	__mem_fail_after(1);
	for (uint64_t i = 0; i < 200000; i++) {
		now += 50;
		assert_true(rate_allow(&rate, hash_u64(100 + i, 9), 10, now));
		n_heavy += rate_allow(&rate, heavy, 10, now);
		if (i % 4000 == 0)
			assert_true(rate_allow(&rate, quiet, 10, now));
	}
	__mem_fail_after(0);
	/* Ten seconds, at ten a second. */
	assert_in_range(n_heavy, 99, 101);
	rate_fini(&rate);
}

/* Without its table nobody is refused, and it is asked for again. */
static void test_no_memory(void **state)
{
	struct rate rate;

	(void)state;
	rate_init(&rate);
	__mem_fail_after(1);
	assert_true(rate_allow(&rate, 1, 1, 0));
	assert_int_equal(take(&rate, 1, 1, 0, 5), 1);
	rate_fini(&rate);
	rate_fini(&rate);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scripts),	     cmocka_unit_test(test_sources_are_apart),
		cmocka_unit_test(test_rate_changes), cmocka_unit_test(test_flood_of_sources),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
