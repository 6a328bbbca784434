/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One seed: a world is made of it, lives through random commands, comes to rest, and ends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sim/sim.h"

#define START (1000 * USEC_PER_SEC)

/* Longer than HELLO and its repetitions, any timeout of set-up, and lingering after both. */
#define REST (400 * USEC_PER_SEC)

/* More than any world does in one moment, or in all. */
#define STEPS_AT_ONCE 100000

/* SplitMix64: any seed is a good one. */
uint64_t world_random(struct world *w)
{
	uint64_t z = w->random += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

unsigned int below(struct world *w, unsigned int limit)
{
	return (unsigned int)(world_random(w) % limit);
}

bool chance(struct world *w, unsigned int percent)
{
	return percent && below(w, 100) < percent;
}

static usec_t next_timer(const struct world *w)
{
	usec_t next = USEC_NEVER;

	for (unsigned int i = 0; i < w->n_boxes; i++) {
		const struct l2tp_engine *engine = w->boxes[i].engine;
		usec_t when = engine ? timer_queue_next(&engine->timers) : USEC_NEVER;

		next = when < next ? when : next;
	}
	return next;
}

static void run_timers(struct world *w)
{
	for (unsigned int i = 0; i < w->n_boxes; i++) {
		struct box *box = &w->boxes[i];

		if (!box->engine || timer_queue_next(&box->engine->timers) > w->now)
			continue;
		INSIDE(box, l2tp_engine_run(box->engine, w->now));
		check_box(box);
		/* What is due now was done now. */
		HOLDS(box, timer_queue_next(&box->engine->timers) > w->now);
	}
}

static usec_t least(usec_t a, usec_t b)
{
	return a < b ? a : b;
}

void world_run(struct world *w, usec_t duration)
{
	usec_t end = w->now + duration, next;
	unsigned int steps = 0;

	while ((next = least(least(next_timer(w), queue_next(w)), life_next(w))) <= end) {
		steps = next > w->now ? 0 : steps + 1;
		HOLDS(&w->boxes[0], steps < STEPS_AT_ONCE);
		w->now = next > w->now ? next : w->now;
		if (queue_next(w) <= w->now)
			queue_run(w);
		else if (next_timer(w) <= w->now)
			run_timers(w);
		else
			life_run(w);
	}
	w->now = end;
}

static void link_boxes(struct world *w)
{
	for (unsigned int i = 0; i < w->n_boxes; i++) {
		for (unsigned int j = 0; j < i; j++)
			w->linked[i][j] = w->linked[j][i] = j + 1 == i || chance(w, 60);
	}
}

static void make_box(struct world *w, unsigned int number)
{
	struct box *box = &w->boxes[number];

	box->world = w;
	box->number = number;
	snprintf(box->name, sizeof(box->name), "box%u", number);
	box->has_nat = chance(w, 30);
	box->answers_elsewhere = chance(w, 15);
	box->home = (struct addr){
		.family = ADDR_IPV4, .port = L2TP_PORT, .ip = {10, 0, 0, (uint8_t)number}};
	box->outside = (struct addr){.family = ADDR_IPV4,
				     .port = L2TP_PORT,
				     .ip = {198, 51, 100, w->next_outside_host++}};
	if (!box->has_nat)
		box->home = box->outside;
}

static void make(struct world *w)
{
	w->n_boxes = chance(w, 50) ? 2 : 2 + below(w, BOXES_MAX - 1);
	w->few_ids = chance(w, 70) ? 0 : 8 + below(w, 100);
	w->counts_ids = chance(w, 50);
	w->pause = (chance(w, 80) ? 5 : 60) * (unsigned int)USEC_PER_SEC;
	for (unsigned int i = 0; i < w->n_boxes; i++)
		make_box(w, i);
	link_boxes(w);
	w->loss = below(w, 4) ? below(w, 41) : 0;
	w->twice = below(w, 20);
	w->late = !w->few_ids && chance(w, 20) ? below(w, 5) : 0;
	w->delay = below(w, 100) * USEC_PER_MSEC;
	w->jitter = below(w, 200) * USEC_PER_MSEC;
	for (unsigned int i = 0; i < w->n_boxes; i++)
		box_begin(&w->boxes[i]);
}

/* The peace in which it shows what is left. */
static void come_to_rest(struct world *w)
{
	w->healed = true;
	w->loss = w->twice = w->late = w->island = 0;
	w->delay = w->jitter = 0;
	memory_fail(0, 0);
	for (unsigned int i = 0; i < w->n_boxes; i++) {
		memset(w->boxes[i].manners, 0, sizeof(w->boxes[i].manners));
		TRACE(&w->boxes[i], "rests");
	}
	world_run(w, REST);
}

static void end(struct world *w)
{
	for (unsigned int i = 0; i < w->n_boxes; i++) {
		box_free(&w->boxes[i]);
		free(w->boxes[i].up);
	}
	queue_forget(w, NULL);
	stream_free_all(w);
	free(w->queue);
}

void world_play(uint64_t seed, bool verbose, struct totals *totals)
{
	struct world w = {
		.seed = seed,
		.random = seed * 0x2545f4914f6cdd1d,
		.now = START,
		.verbose = verbose,
		.totals = totals,
		.next_outside_host = 1,
	};
	unsigned int steps;

	list_init(&w.streams);
	list_init(&w.tunnels);
	make(&w);
	steps = 30 + below(&w, 60);
	while (steps--) {
		command_random(&w);
		world_run(&w, below(&w, w.pause / (below(&w, 3) ? 10 : 1)));
	}
	come_to_rest(&w);
	agree_all(&w);
	agree_on_life(&w);
	agree_on_nothing(&w);
	end(&w);
}
