/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Timer queue: a binary heap, the earliest timer on top, slots counted from 1.
 *
 * Each timer knows its slot, so it can be moved and stopped in logarithmic time. The heap never
 * shrinks: what a box needed once it will need again.
 */
#include "base/timer.h"

#include <errno.h>

#include "base/mem.h"

#define ROOM_FIRST 16

static void place(struct timer_queue *queue, struct timer *timer, size_t slot)
{
	queue->heap[slot - 1] = (struct timer_place){timer->when, timer};
	timer->slot = slot;
}

static void move(struct timer_queue *queue, size_t from, size_t to)
{
	queue->heap[to - 1] = queue->heap[from - 1];
	queue->heap[to - 1].timer->slot = to;
}

static void sift_up(struct timer_queue *queue, struct timer *timer, size_t slot)
{
	while (slot > 1 && timer->when < queue->heap[slot / 2 - 1].when) {
		move(queue, slot / 2, slot);
		slot /= 2;
	}
	place(queue, timer, slot);
}

static void sift_down(struct timer_queue *queue, struct timer *timer, size_t slot)
{
	size_t child;

	while ((child = slot * 2) <= queue->count) {
		if (child < queue->count && queue->heap[child].when < queue->heap[child - 1].when)
			child++;
		if (timer->when <= queue->heap[child - 1].when)
			break;
		move(queue, child, slot);
		slot = child;
	}
	place(queue, timer, slot);
}

static void settle(struct timer_queue *queue, struct timer *timer, size_t slot)
{
	if (slot > 1 && timer->when < queue->heap[slot / 2 - 1].when)
		sift_up(queue, timer, slot);
	else
		sift_down(queue, timer, slot);
}

void timer_queue_init(struct timer_queue *queue)
{
	*queue = (struct timer_queue){0};
}

void timer_queue_fini(struct timer_queue *queue)
{
	for (size_t i = 0; i < queue->count; i++)
		queue->heap[i].timer->slot = 0;
	mem_free(queue->heap);
	timer_queue_init(queue);
}

usec_t timer_queue_next(const struct timer_queue *queue)
{
	return queue->count ? queue->heap[0].when : USEC_NEVER;
}

void timer_queue_run(struct timer_queue *queue, usec_t now)
{
	struct timer *timer;

	/* The heap is asked anew each time: a callback may start, move, stop or free any timer. */
	while (queue->count && queue->heap[0].when <= now) {
		timer = queue->heap[0].timer;
		timer_stop(queue, timer);
		timer->fire(timer, now);
	}
}

void timer_init(struct timer *timer, timer_fn fire)
{
	*timer = (struct timer){.when = USEC_NEVER, .fire = fire};
}

static int make_room(struct timer_queue *queue)
{
	size_t room = queue->room ? queue->room * 2 : ROOM_FIRST;
	struct timer_place *heap;

	if (queue->count + queue->parked < queue->room)
		return 0;
	if (room > SIZE_MAX / sizeof(*heap))
		return -ENOMEM;
	heap = mem_resize(queue->heap, room * sizeof(*heap));
	if (!heap)
		return -ENOMEM;
	queue->heap = heap;
	queue->room = room;
	return 0;
}

static void push(struct timer_queue *queue, struct timer *timer)
{
	if (timer->when == USEC_NEVER) {
		queue->parked++;
		timer->slot = TIMER_PARKED;
	} else {
		queue->count++;
		sift_up(queue, timer, queue->count);
	}
}

int timer_start(struct timer_queue *queue, struct timer *timer, usec_t when)
{
	if (!timer_running(timer) && make_room(queue) < 0)
		return -ENOMEM;
	if (timer_running(timer) && timer->slot != TIMER_PARKED && when != USEC_NEVER) {
		timer->when = when;
		settle(queue, timer, timer->slot);
		return 0;
	}
	/* Its place stays free for it. */
	timer_stop(queue, timer);
	timer->when = when;
	push(queue, timer);
	return 0;
}

void timer_stop(struct timer_queue *queue, struct timer *timer)
{
	struct timer *last;
	size_t slot = timer->slot;

	timer->slot = 0;
	if (slot == TIMER_PARKED)
		queue->parked--;
	if (!slot || slot == TIMER_PARKED)
		return;

	last = queue->heap[queue->count - 1].timer;
	queue->count--;
	if (last != timer)
		settle(queue, last, slot);
}
