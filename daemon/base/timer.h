/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Timer queue: a binary heap of timers that live inside their objects.
 *
 * A timer may run until USEC_NEVER: it keeps its place, so that moving it cannot fail, but is not
 * in the heap and costs nothing there. A million objects that wait for nothing are free.
 *
 * Time is a number of microseconds on a clock that never goes back; the queue reads no clock.
 * Whoever drives it asks timer_queue_next() when to come back and calls timer_queue_run() then.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Microseconds. */
typedef int64_t usec_t;

#define USEC_PER_MSEC ((usec_t)1000)
#define USEC_PER_SEC ((usec_t)1000000)
/* Later than any moment: "no timer". */
#define USEC_NEVER INT64_MAX

struct timer;
/* Called once when the moment has come, with the timer already stopped; it may start it again. */
typedef void (*timer_fn)(struct timer *timer, usec_t now);

struct timer {
	usec_t when;
	timer_fn fire;
	/* Place in the heap, counted from 1; 0 while stopped, TIMER_PARKED until USEC_NEVER. */
	size_t slot;
};

#define TIMER_PARKED SIZE_MAX

struct timer_place {
	usec_t when; /* the timer's, to be compared without a look at it */
	struct timer *timer;
};

struct timer_queue {
	struct timer_place *heap;
	size_t count; /* in the heap */
	size_t parked;
	size_t room; /* for both */
};

void timer_queue_init(struct timer_queue *queue);
/* Stops what still runs and frees the heap. Those until USEC_NEVER are the caller's to stop before.
 */
void timer_queue_fini(struct timer_queue *queue);
/* USEC_NEVER when nothing is running. */
usec_t timer_queue_next(const struct timer_queue *queue);
/* Fires everything due at `now`, in order; timers started for <= now meanwhile fire too. */
void timer_queue_run(struct timer_queue *queue, usec_t now);

void timer_init(struct timer *timer, timer_fn fire);
/* Starts or moves a timer. Returns 0 or -ENOMEM (a timer that runs is moved without memory). */
int timer_start(struct timer_queue *queue, struct timer *timer, usec_t when);
void timer_stop(struct timer_queue *queue, struct timer *timer);
static inline bool timer_running(const struct timer *timer)
{
	return timer->slot != 0;
}
