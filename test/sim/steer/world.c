/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A world made of one seed.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "test/sim/steer/steer_sim.h"

#define CALLS 10000

/* SplitMix64 (Steele, Lea and Flood, 2014). */
uint64_t world_random(struct world *w, uint64_t n)
{
	uint64_t z = w->random += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (z ^ z >> 31) % n;
}

void world_fail(const struct world *w, const char *file, int line, const char *format, ...)
{
	va_list args;

	printf("FAIL seed %llu at %.6f s: ", (unsigned long long)w->seed,
	       (double)w->now / (double)USEC_PER_SEC);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf(" (%s:%d); replay: scripts/sim --steer -v %llu\n", file, line,
	       (unsigned long long)w->seed);
	fflush(stdout);
	abort();
}

void world_say(const struct world *w, const char *format, ...)
{
	va_list args;

	if (!w->verbose)
		return;
	printf("%12.6f ", (double)w->now / (double)USEC_PER_SEC);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

struct lns *lns_of(struct world *w, const struct steer_destination *destination)
{
	return &w->lnss[destination->server[3] - '0'];
}

/* --- what steer asks of the world --- */

static void fake_random(struct steer *steer, void *data, size_t len)
{
	struct world *w = steer_ctx(steer);
	uint8_t *octets = data;

	while (len--)
		*octets++ = (uint8_t)world_random(w, 256);
}

static void test_over(struct timer *timer, usec_t now)
{
	struct lns *lns = container_of(timer, struct lns, test_timer);
	struct steer_destination *destination = lns->tested;
	struct reason reason = reason_make(ORIGIN_PEER, 0, 0, "no answer");
	bool good = lns_answers_tunnel(lns, &reason) == 0;

	lns->tested = NULL;
	if (!good)
		lns->failed_at = now;
	steer_test_done(lns->world->steer, destination, good, &reason, now);
}

static int fake_test(struct steer *steer, struct steer_destination *destination,
		     const struct steer_tunnel *tunnel)
{
	struct world *w = steer_ctx(steer);
	struct lns *lns = lns_of(w, destination);

	HOLDS(w, !lns->tested);
	HOLDS(w, tunnel->peer);
	if (w->no_memory && !world_random(w, 4))
		return -ENOMEM;
	lns->tested = destination;
	w->totals->tests++;
	timer_start(&w->timers, &lns->test_timer, w->now + lns->latency);
	return 0;
}

static void fake_event(struct steer *steer, const struct steer_destination *destination)
{
	struct world *w = steer_ctx(steer);

	w->totals->lockouts += destination->lock == STEER_LOCKED;
	world_say(w, "%s is %s", destination->server, steer_lock_name(destination->lock));
}

static const struct steer_ops ops = {
	.random = fake_random,
	.test = fake_test,
	.event = fake_event,
};

/* --- what happens --- */

static void calls_come(struct timer *timer, usec_t now)
{
	struct world *w = container_of(timer, struct world, arrivals);
	unsigned int n = world_random(w, 50) ? 1 : 200;
	struct steer_set *set;

	for (; n && w->left; n--, w->left--) {
		/* Of the file, or of an answer of RADIUS to this call. */
		set = world_random(w, 4) ? steer_set_ref(w->sets[world_random(w, w->n_sets)])
					 : lns_make_set(w);
		call_begin(w, set);
		steer_set_unref(set);
	}
	if (w->left)
		timer_start(&w->timers, timer, now + (usec_t)world_random(w, 4 * USEC_PER_SEC));
}

/* The administrator. */
static void command(struct timer *timer, usec_t now)
{
	struct world *w = container_of(timer, struct world, command);
	struct steer_destination *at = NULL;

	switch (world_random(w, 4)) {
	case 0:
		w->settings.fail_over_within_preference ^= true;
		break;
	case 1:
		w->settings.sharing = (enum steer_sharing)world_random(w, STEER_RANDOM + 1);
		break;
	case 2:
		w->settings.lockout_test ^= true;
		break;
	default:
		while ((at = steer_next(w->steer, at))) {
			if (!world_random(w, 3))
				steer_unlock(w->steer, at, now);
		}
	}
	steer_set(w->steer, &w->settings);
	if (w->left)
		timer_start(&w->timers, timer,
			    now + (usec_t)(1 + world_random(w, 2000)) * USEC_PER_SEC);
}

static void begin(struct world *w)
{
	w->settings = steer_defaults;
	w->settings.lockout = (usec_t)(1 + world_random(w, 300)) * USEC_PER_SEC;
	w->settings.sharing = (enum steer_sharing)world_random(w, STEER_RANDOM + 1);
	w->settings.fail_over_within_preference = world_random(w, 2);
	w->settings.lockout_test = world_random(w, 2);
	w->no_memory = world_random(w, 8) == 0;
	w->left = CALLS;
	w->now = (usec_t)world_random(w, 1000) * USEC_PER_SEC;
	list_init(&w->calls);
	list_init(&w->tunnels);
	timer_queue_init(&w->timers);
	timer_queue_init(&w->steer_timers);
	w->n_lnss = 1 + (unsigned int)world_random(w, LNSS_MAX);
	for (unsigned int i = 0; i < w->n_lnss; i++) {
		w->lnss[i].world = w;
		w->lnss[i].number = i;
		timer_init(&w->lnss[i].test_timer, test_over);
		lns_begin(&w->lnss[i]);
	}
	w->n_sets = 1 + (unsigned int)world_random(w, SETS_MAX);
	for (unsigned int i = 0; i < w->n_sets; i++)
		w->sets[i] = lns_make_set(w);
	HOLDS(w, steer_new(&ops, w, &w->steer_timers, &w->settings, &w->steer) == 0);
	timer_init(&w->arrivals, calls_come);
	timer_start(&w->timers, &w->arrivals, w->now);
	timer_init(&w->command, command);
	timer_start(&w->timers, &w->command, w->now + 1000 * USEC_PER_SEC);
}

static bool is_over(const struct world *w)
{
	return !w->left && list_empty(&w->calls) && list_empty(&w->tunnels);
}

static void end(struct world *w)
{
	const struct steer_destination *at = NULL;

	while ((at = steer_next(w->steer, at))) {
		HOLDS(w, at->n_sessions == 0 && at->n_paths == 0);
		HOLDS(w, list_empty(&at->paths) && !at->probe);
	}
	steer_free(w->steer);
	HOLDS(w, w->steer_timers.count == 0);
	for (unsigned int i = 0; i < w->n_sets; i++) {
		HOLDS(w, w->sets[i]->refs == 1);
		for (size_t k = 0; k < w->sets[i]->n; k++)
			HOLDS(w, w->sets[i]->tunnels[k].peer->refs == 1);
		steer_set_unref(w->sets[i]);
	}
	timer_queue_fini(&w->steer_timers);
	timer_queue_fini(&w->timers);
	HOLDS(w, w->memory.blocks == 0 && w->memory.bytes == 0);
}

void world_play(uint64_t seed, bool verbose, struct totals *totals)
{
	struct world *w = calloc(1, sizeof(*w));
	struct memory *before;
	usec_t ours, its;

	if (!w)
		abort();
	w->seed = w->random = seed;
	w->verbose = verbose;
	w->totals = totals;
	before = memory_charge(&w->memory);
	begin(w);
	while (!is_over(w)) {
		ours = timer_queue_next(&w->timers);
		its = timer_queue_next(&w->steer_timers);
		w->now = ours < its ? ours : its;
		HOLDS(w, w->now != USEC_NEVER);
		timer_queue_run(&w->steer_timers, w->now);
		timer_queue_run(&w->timers, w->now);
		check_step(w);
	}
	end(w);
	memory_charge(before);
	free(w);
}
