/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One seed: a world is made of it, lives through random commands, comes to rest, and ends.
 */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/sim/lac/lac_sim.h"

#define START (1000 * USEC_PER_SEC)
/* Longer than lockouts, tests, set-up of tunnels and all repetitions. */
#define REST (300 * USEC_PER_SEC)
/* For all that dial then, at once. */
#define DIALLING (60 * USEC_PER_SEC)
#define STOPPING (150 * USEC_PER_SEC)
#define STEPS_AT_ONCE 100000

/* What is said when the program itself is killed. */
static char last_words[128];

static void say_last_words(void)
{
	ssize_t ignored = write(STDOUT_FILENO, last_words, strlen(last_words));

	(void)ignored;
}

static void on_signal(int number)
{
	say_last_words();
	(void)signal(number, SIG_DFL);
	(void)raise(number);
}

/* Of the sanitizers, when they are linked. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

void world_begin(uint64_t seed)
{
	static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGILL, SIGALRM};

	snprintf(last_words, sizeof(last_words),
		 "FAIL seed %llu: the program died; replay: scripts/sim --lac -v %llu\n",
		 (unsigned long long)seed, (unsigned long long)seed);
	if (__sanitizer_set_death_callback) {
		__sanitizer_set_death_callback(say_last_words);
		return;
	}
	for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		(void)signal(deadly[i], on_signal);
}

void world_broken(const struct world *w, const struct box *box, const char *file, int line,
		  const char *what)
{
	const char *name = strrchr(file, '/');

	printf("FAIL seed %llu: %s at %.6f s: %s (%s:%d); replay: scripts/sim --lac -v %llu\n",
	       (unsigned long long)w->seed, box->name, (double)w->now / USEC_PER_SEC, what,
	       name ? name + 1 : file, line, (unsigned long long)w->seed);
	fflush(stdout);
	_exit(1);
}

void world_say(const struct world *w, const char *who, const char *format, ...)
{
	va_list args;

	printf("%12.6f %-10s ", (double)w->now / USEC_PER_SEC, who);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

/* SplitMix64 (Steele, Lea and Flood, 2014). */
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

void *sim_alloc(size_t size)
{
	void *ptr = calloc(1, size);

	if (!ptr)
		abort();
	return ptr;
}

struct memory *world_enter(struct box *box)
{
	struct world *w = box->world;

	if (w->loses_memory && !w->healed && box->lac && !below(w, 50)) {
		memory_fail(1 + below(w, 12), 1);
		w->totals->no_memory++;
	}
	return memory_charge(&box->memory);
}

void world_leave(struct box *box, struct memory *before)
{
	(void)box;
	memory_fail(0, 0);
	memory_charge(before);
}

static usec_t least(usec_t a, usec_t b)
{
	return a < b ? a : b;
}

static usec_t box_next(const struct box *box)
{
	usec_t next = box->engine ? timer_queue_next(&box->engine->timers) : USEC_NEVER;

	return box->lac ? least(next, timer_queue_next(&box->timers)) : next;
}

static usec_t next_timer(const struct world *w)
{
	usec_t next = USEC_NEVER;

	for (unsigned int i = 0; i < w->n_boxes; i++)
		next = least(next, box_next(&w->boxes[i]));
	return next;
}

static void run_timers(struct world *w)
{
	for (unsigned int i = 0; i < w->n_boxes; i++) {
		struct box *box = &w->boxes[i];

		if (box_next(box) > w->now)
			continue;
		if (box->engine)
			INSIDE(box, l2tp_engine_run(box->engine, w->now));
		if (box->lac)
			INSIDE(box, timer_queue_run(&box->timers, w->now));
		check_box(box);
	}
}

void world_run(struct world *w, usec_t duration)
{
	usec_t end = w->now + duration, next;
	unsigned int steps = 0;

	while ((next = least(next_timer(w), queue_next(w))) <= end) {
		steps = next > w->now ? 0 : steps + 1;
		HOLDS(&w->boxes[THE_LAC], steps < STEPS_AT_ONCE);
		w->now = next > w->now ? next : w->now;
		if (queue_next(w) <= w->now)
			queue_run(w);
		else
			run_timers(w);
	}
	w->now = end;
}

/* --- keepalives of LNSs and pppds: a PPP whose caller is gone ends --- */

static void on_echo(struct world *w, struct happening *h)
{
	struct box *box = &w->boxes[h->number];
	struct l2tp_session *s, *next;
	struct l2tp_tunnel *t;

	later(w, 20 * USEC_PER_SEC, on_echo, NULL, w, (struct bytes){0})->number = h->number;
	if (!box->engine)
		return;
	if (box->lac)
		access_echo(box);
	for (;;) {
		struct l2tp_session *gone = NULL;

		list_for_each (t, &box->engine->tunnels, node) {
			for (s = l2tp_session_next(t, NULL); s; s = next) {
				next = l2tp_session_next(t, s);
				if (s->pppd && s->core.state == SESSION_ESTABLISHED &&
				    !subscriber_behind(w, s))
					gone = s;
			}
		}
		if (!gone)
			break;
		ppp_dies(gone, 0, "no answer to echoes");
	}
}

/* --- a seed --- */

static void make_box(struct world *w, unsigned int number)
{
	struct box *box = &w->boxes[number];
	struct memory *before = memory_charge(&box->memory);

	box->world = w;
	box->number = number;
	box->addr = (struct addr){
		.family = ADDR_IPV4, .port = L2TP_PORT, .ip = {10, 0, 0, (uint8_t)(number + 1)}};
	snprintf(box->name, sizeof(box->name), "%s%u",
		 number == THE_LAC		     ? "lac"
		 : number == FIRST_LNS && w->has_lts ? "lts"
						     : "lns",
		 number);
	box->delay = 20 * USEC_PER_MSEC;
	list_init(&box->ends);
	list_init(&box->calls);
	memory_charge(before);
}

static void make(struct world *w)
{
	w->has_lts = chance(w, 40);
	w->loses_memory = chance(w, 25);
	w->n_boxes = 2 + w->has_lts + below(w, BOXES_MAX - 3);
	w->n_subscribers = chance(w, 80) ? 4 + below(w, 40) : 4 + below(w, SUBSCRIBERS_MAX - 4);
	for (unsigned int i = 0; i < w->n_boxes; i++)
		make_box(w, i);
	for (unsigned int i = 0; i < w->n_boxes; i++) {
		struct box *box = &w->boxes[i];
		struct memory *before = memory_charge(&box->memory);

		box_begin(box);
		if (i == THE_LAC || (i == FIRST_LNS && w->has_lts)) {
			access_begin(box);
			/* Now that it is known what it is. */
			box_set_peers(box);
		}
		memory_charge(before);
		later(w, below(w, 20000000), on_echo, NULL, w, (struct bytes){0})->number = i;
	}
	for (unsigned int i = 0; i < w->n_subscribers; i++)
		subscriber_init(w, i);
}

static void rest(struct world *w)
{
	command_heal(w);
	world_run(w, REST);
	for (unsigned int i = 0; i < w->n_subscribers; i++) {
		if (w->subscribers[i].state == SUB_IDLE)
			subscriber_dial(&w->subscribers[i], MANNER_STAYS);
	}
	world_run(w, DIALLING);
	check_rest(w);
}

static void stop(struct world *w)
{
	for (unsigned int i = 0; i < w->n_boxes; i++) {
		struct box *box = &w->boxes[i];

		if (!box->lac)
			continue;
		SAY(w, box->name, "stops");
		box->stopping = true;
		INSIDE(box, lac_stop(box->lac, w->now));
		INSIDE(box, l2tp_engine_shutdown(box->engine, w->now));
		check_box(box);
	}
	world_run(w, STOPPING);
	check_nothing(w);
}

static void end(struct world *w)
{
	struct account *account, *after;

	for (unsigned int i = 0; i < w->n_boxes; i++) {
		struct box *box = &w->boxes[i];
		bool was_lac = box->lac;

		if (was_lac) {
			INSIDE(box, access_free(box));
			HOLDS(box, box->timers.count + box->timers.parked == 0);
		}
		if (box->engine)
			box_die(box);
		if (was_lac) {
			timer_queue_fini(&box->timers);
			settings_free(box->settings);
		}
		HOLDS(box, box->memory.blocks == 0 && box->memory.bytes == 0);
	}
	list_for_each_safe (account, after, &w->accounts, node)
		free(account);
	queue_free(w);
}

void world_play(uint64_t seed, bool verbose, struct totals *totals)
{
	struct world *w = sim_alloc(sizeof(*w));
	unsigned int steps;

	w->seed = seed;
	w->random = seed * 0x2545f4914f6cdd1d;
	w->now = START;
	w->verbose = verbose;
	w->totals = totals;
	list_init(&w->accounts);
	make(w);
	for (steps = 30 + below(w, 90); steps; steps--) {
		command_random(w);
		world_run(w, below(w, 10000000));
	}
	if (chance(w, 70))
		rest(w);
	else
		totals->early_stops++;
	if (chance(w, 80)) {
		w->loss = w->twice = w->island = w->radius_loss = 0;
		w->healed = true;
		for (unsigned int i = 0; i < w->n_boxes; i++)
			w->boxes[i].fails = 0;
		stop(w);
	}
	end(w);
	free(w);
}
