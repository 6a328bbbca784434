/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What settings of the transport mean to its timers: the jitter of HELLOs, and how often a message
 * is sent again before and after the control connection is up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "transport/transport.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Not 0, which would hide who forgets when it began. */
#define START (3600 * USEC_PER_SEC)

static const struct transport_config base_config = {
	.retry_first = USEC_PER_SEC,
	.retry_cap = 8 * USEC_PER_SEC,
	.retries = 5,
	.window = 4,
};

static uint32_t chance;

static uint32_t jitter_random(struct transport *t)
{
	(void)t;
	return chance;
}

static void jitter_hello(struct transport *t, usec_t now)
{
	(void)t, (void)now;
}

static const struct transport_ops silent = {.hello_due = jitter_hello};

static void test_hello_jitter(void **state)
{
	static const struct transport_ops random = {.hello_due = jitter_hello,
						    .random = jitter_random};
	static const struct {
		const struct transport_ops *ops;
		uint8_t jitter;
		uint32_t random;
		int seconds;
	} rows[] = {
		{&random, 10, 0, 60},
		{&random, 10, UINT32_MAX, 54},
		{&random, 10, UINT32_MAX / 2, 57},
		{&random, 90, UINT32_MAX, 6},
		{&random, 0, UINT32_MAX, 60},
		{&silent, 10, UINT32_MAX, 60},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct transport_config config = base_config;
		struct timer_queue timers;
		struct transport t;
		usec_t first;

		timer_queue_init(&timers);
		config.hello_interval = 60 * USEC_PER_SEC;
		config.hello_jitter = rows[i].jitter;
		chance = rows[i].random;
		transport_init(&t, rows[i].ops, &config, &timers, START);
		first = timer_queue_next(&timers);
		assert_in_range(first - START, rows[i].seconds * USEC_PER_SEC,
				rows[i].seconds * USEC_PER_SEC + 1);
		/* Each time anew. */
		chance = 0;
		timer_queue_run(&timers, first);
		assert_int_equal(timer_queue_next(&timers), first + 60 * USEC_PER_SEC);
		transport_fini(&t);
		timer_queue_fini(&timers);
	}
}

static void test_retries_of_setup(void **state)
{
	static const struct {
		unsigned int setup, established, before, after;
	} rows[] = {{0, 5, 5, 5}, {2, 5, 2, 5}, {7, 5, 7, 5}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct transport_config config = base_config;
		struct timer_queue timers;
		struct transport t;

		timer_queue_init(&timers);
		config.setup_retries = rows[i].setup;
		config.retries = rows[i].established;
		transport_init(&t, &silent, &config, &timers, 0);
		assert_int_equal(transport_retries(&t), rows[i].before);
		transport_set_established(&t);
		assert_int_equal(transport_retries(&t), rows[i].after);
		transport_fini(&t);
		timer_queue_fini(&timers);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hello_jitter),
		cmocka_unit_test(test_retries_of_setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
