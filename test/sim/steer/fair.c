/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fairness: LNSs of one level that all are well, and what each of them gets.
 */
#include <stdlib.h>

#include "test/sim/steer/steer_sim.h"

#define ROUNDS 40

static void fake_random(struct steer *steer, void *data, size_t len)
{
	struct world *w = steer_ctx(steer);
	uint8_t *octets = data;

	while (len--)
		*octets++ = (uint8_t)world_random(w, 256);
}

static const struct steer_ops ops = {.random = fake_random};

static void place(struct world *w, struct steer_set *set, unsigned int calls)
{
	struct steer_call *all = calloc(calls, sizeof(*all));
	char text[256];

	HOLDS(w, all);
	for (unsigned int i = 0; i < calls; i++) {
		steer_call_init(&all[i], set);
		HOLDS(w, steer_call_next(w->steer, &all[i], 0, text, sizeof(text)) == 0);
	}
	for (unsigned int i = 0; i < set->n; i++) {
		const struct steer_destination *destination =
			steer_find(w->steer, set->tunnels[i].server);
		unsigned int got = destination->n_sessions;
		unsigned int due = calls / w->n_lnss;

		if (w->settings.sharing == STEER_WEIGHTED)
			due = set->tunnels[i].max_sessions * ROUNDS / 100;
		if (w->settings.sharing == STEER_RANDOM)
			HOLDS(w, got > due / 4 && got < due * 3);
		else
			HOLDS(w, got + 1 >= due && got <= due + 1);
		HOLDS(w, destination->n_paths == 1);
	}
	for (unsigned int i = 0; i < calls; i++)
		steer_call_done(w->steer, &all[i], 0);
	free(all);
}

/* All are filled to the same part, if they are filled in proportion. */
void fair_play(uint64_t seed)
{
	struct world w = {.seed = seed, .random = seed, .settings = steer_defaults};
	struct steer_set *set;
	unsigned int calls = 0;

	w.n_lnss = 2 + (unsigned int)world_random(&w, LNSS_MAX - 1);
	w.settings.sharing = (enum steer_sharing)world_random(&w, STEER_RANDOM + 1);
	for (unsigned int i = 0; i < w.n_lnss; i++) {
		w.lnss[i].world = &w;
		w.lnss[i].number = i;
		if (w.settings.sharing == STEER_WEIGHTED)
			w.lnss[i].max_sessions = 100 * (1 + (unsigned int)world_random(&w, 5));
		calls += w.lnss[i].max_sessions * ROUNDS / 100;
	}
	timer_queue_init(&w.steer_timers);
	HOLDS(&w, steer_new(&ops, &w, &w.steer_timers, &w.settings, &w.steer) == 0);
	do {
		set = lns_make_set(&w);
		for (unsigned int i = 0; i < set->n; i++)
			set->tunnels[i].preference = 0;
		if (set->n == w.n_lnss)
			break;
		steer_set_unref(set);
	} while (true);
	place(&w, set, calls ? calls : ROUNDS * w.n_lnss);
	steer_set_unref(set);
	steer_free(w.steer);
	timer_queue_fini(&w.steer_timers);
}
