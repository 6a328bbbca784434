/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The timer queue: order, moving and stopping, callbacks that change the queue, failing memory,
 * and a long random run against the simplest queue there is.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/list.h"
#include "base/mem.h"
#include "base/timer.h"

struct alarm {
	struct timer timer;
	struct timer_queue *queue;
	/* Does this to another, or itself, when it fires. */
	struct timer *starts;
	usec_t starts_at;
	struct timer *stops;
	unsigned int fired;
	usec_t fired_at;
	unsigned int order;
};

static unsigned int order;

static void fire(struct timer *timer, usec_t now)
{
	struct alarm *alarm = container_of(timer, struct alarm, timer);

	assert_false(timer_running(timer));
	alarm->fired++;
	alarm->fired_at = now;
	alarm->order = ++order;
	if (alarm->starts)
		assert_int_equal(timer_start(alarm->queue, alarm->starts, alarm->starts_at), 0);
	if (alarm->stops)
		timer_stop(alarm->queue, alarm->stops);
}

static void setup(struct timer_queue *queue, struct alarm *alarms, size_t count)
{
	order = 0;
	timer_queue_init(queue);
	for (size_t i = 0; i < count; i++) {
		alarms[i] = (struct alarm){.queue = queue};
		timer_init(&alarms[i].timer, fire);
	}
}

static void test_order(void **state)
{
	struct timer_queue queue;
	struct alarm a[3];

	(void)state;
	setup(&queue, a, 3);
	assert_int_equal(timer_queue_next(&queue), USEC_NEVER);
	assert_int_equal(timer_start(&queue, &a[0].timer, 30), 0);
	assert_int_equal(timer_start(&queue, &a[1].timer, 10), 0);
	assert_int_equal(timer_start(&queue, &a[2].timer, 20), 0);
	assert_int_equal(timer_queue_next(&queue), 10);

	timer_queue_run(&queue, 9);
	assert_int_equal(order, 0);
	timer_queue_run(&queue, 10);
	assert_int_equal(a[1].fired, 1);
	assert_int_equal(timer_queue_next(&queue), 20);
	timer_queue_run(&queue, 100);
	assert_int_equal(a[2].order, 2);
	assert_int_equal(a[0].order, 3);
	assert_int_equal(a[0].fired_at, 100);
	assert_int_equal(timer_queue_next(&queue), USEC_NEVER);
	timer_queue_fini(&queue);
}

static void test_move_and_stop(void **state)
{
	struct timer_queue queue;
	struct alarm a[3];

	(void)state;
	setup(&queue, a, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(timer_start(&queue, &a[i].timer, 10 * (usec_t)(i + 1)), 0);
	/* The first becomes the last, the last the first. */
	assert_int_equal(timer_start(&queue, &a[0].timer, 40), 0);
	assert_int_equal(timer_start(&queue, &a[2].timer, 5), 0);
	assert_int_equal(queue.count, 3);
	timer_stop(&queue, &a[1].timer);
	assert_false(timer_running(&a[1].timer));
	timer_stop(&queue, &a[1].timer);
	timer_queue_run(&queue, 50);
	assert_int_equal(a[2].order, 1);
	assert_int_equal(a[0].order, 2);
	assert_int_equal(a[1].fired, 0);
	timer_queue_fini(&queue);
}

static void test_callbacks_change_the_queue(void **state)
{
	struct timer_queue queue;
	struct alarm a[4];

	(void)state;
	setup(&queue, a, 4);
	/* 0 starts 1 for now, and stops 2 which is due as well; 3 starts itself for later. */
	a[0].starts = &a[1].timer;
	a[0].starts_at = 10;
	a[0].stops = &a[2].timer;
	a[3].starts = &a[3].timer;
	a[3].starts_at = 21;
	assert_int_equal(timer_start(&queue, &a[0].timer, 10), 0);
	assert_int_equal(timer_start(&queue, &a[2].timer, 20), 0);
	assert_int_equal(timer_start(&queue, &a[3].timer, 15), 0);
	timer_queue_run(&queue, 20);
	assert_int_equal(a[0].fired, 1);
	assert_int_equal(a[1].fired, 1);
	assert_int_equal(a[2].fired, 0);
	assert_int_equal(a[3].fired, 1);
	assert_true(timer_running(&a[3].timer));
	assert_int_equal(timer_queue_next(&queue), 21);
	timer_queue_fini(&queue);
	assert_false(timer_running(&a[3].timer));
	assert_int_equal(timer_queue_next(&queue), USEC_NEVER);
}

static void test_no_memory(void **state)
{
	struct timer_queue queue;
	struct alarm a[17];

	(void)state;
	setup(&queue, a, 17);
	__mem_fail_after(1);
	assert_int_equal(timer_start(&queue, &a[0].timer, 1), -ENOMEM);
	assert_false(timer_running(&a[0].timer));
	for (size_t i = 0; i < 16; i++)
		assert_int_equal(timer_start(&queue, &a[i].timer, 1), 0);
	__mem_fail_after(1);
	/* To move one needs none; one more needs some. */
	assert_int_equal(timer_start(&queue, &a[3].timer, 2), 0);
	assert_int_equal(timer_start(&queue, &a[16].timer, 2), -ENOMEM);
	assert_int_equal(queue.count, 16);
	assert_int_equal(timer_start(&queue, &a[16].timer, 2), 0);
	timer_queue_run(&queue, 2);
	assert_int_equal(order, 17);
	timer_queue_fini(&queue);
}

#define MANY 200

static usec_t earliest(const struct alarm *a)
{
	usec_t when = USEC_NEVER;

	for (size_t i = 0; i < MANY; i++) {
		if (timer_running(&a[i].timer) && a[i].timer.when < when)
			when = a[i].timer.when;
	}
	return when;
}

static void test_random(void **state)
{
	static struct alarm a[MANY];
	struct timer_queue queue;
	uint32_t seed = 0x5097d2bb;
	usec_t now = 0, next;

	(void)state;
	setup(&queue, a, MANY);
	for (unsigned int step = 0; step < 20000; step++) {
		seed = seed * 1664525 + 1013904223;
		struct timer *timer = &a[seed >> 16 & 0x7f].timer;

		if (seed >> 28 < 10) {
			assert_int_equal(timer_start(&queue, timer, now + (seed >> 8 & 0xff)), 0);
		} else if (seed >> 28 < 14) {
			timer_stop(&queue, timer);
		} else if ((next = earliest(a)) != USEC_NEVER) {
			now = next > now ? next : now;
			timer_queue_run(&queue, now);
		}
		assert_int_equal(timer_queue_next(&queue), earliest(a));
	}
	assert_in_range(order, 1000, 20000);
	timer_queue_fini(&queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_move_and_stop),
		cmocka_unit_test(test_callbacks_change_the_queue),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
