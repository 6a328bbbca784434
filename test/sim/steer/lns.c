/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * LNSs and their moods.
 */
#include <stdio.h>
#include <string.h>

#include "test/sim/steer/steer_sim.h"
#include "wire/result.h"

static void change_mood(struct timer *timer, usec_t now)
{
	struct lns *lns = container_of(timer, struct lns, mood_timer);
	struct world *w = lns->world;
	enum mood before = lns->mood;

	lns->mood = world_random(w, 2) ? MOOD_WELL : (enum mood)world_random(w, MOOD_MAX);
	world_say(w, "lns%u is in mood %d", lns->number, lns->mood);
	if (before != MOOD_SILENT && lns->mood == MOOD_SILENT) {
		lns->epoch++;
		lns->held = 0;
		tunnel_lns_died(lns);
	}
	timer_start(&w->timers, timer, now + (usec_t)(1 + world_random(w, 600)) * USEC_PER_SEC);
}

void lns_begin(struct lns *lns)
{
	struct world *w = lns->world;

	lns->latency = (usec_t)(1 + world_random(w, 2000)) * USEC_PER_MSEC;
	lns->room = world_random(w, 3) ? 0 : 1 + (unsigned int)world_random(w, 300);
	lns->max_sessions = world_random(w, 3) ? 0 : 1 + (unsigned int)world_random(w, 400);
	lns->max_sessions_per_tunnel =
		world_random(w, 3) ? 0 : 1 + (unsigned int)world_random(w, 60);
	lns->max_tunnels = world_random(w, 4) ? 0 : 1 + (unsigned int)world_random(w, 4);
	timer_init(&lns->mood_timer, change_mood);
	timer_start(&w->timers, &lns->mood_timer,
		    w->now + (usec_t)world_random(w, 300) * USEC_PER_SEC);
}

static int fails(struct reason *reason, uint16_t result, uint16_t error)
{
	*reason = reason_make(ORIGIN_PEER, result, error, "%s", "");
	return -1;
}

int lns_answers_tunnel(struct lns *lns, struct reason *ret)
{
	switch (lns->mood) {
	case MOOD_SILENT:
	case MOOD_LATE:
		return 1;
	case MOOD_REFUSES_TUNNELS:
		return fails(ret, STOPCCN_SHUTTING_DOWN, 0);
	case MOOD_WELL:
	case MOOD_REFUSES_CALLS:
	case MOOD_REFUSES_CALLER:
	case MOOD_MAX:
		break;
	}
	return 0;
}

int lns_answers_call(struct lns *lns, struct reason *ret)
{
	switch (lns->mood) {
	case MOOD_SILENT:
	case MOOD_LATE:
		return 1;
	case MOOD_REFUSES_CALLS:
		return fails(ret, CDN_GENERAL_ERROR, ERROR_RESOURCES);
	case MOOD_REFUSES_CALLER:
		return fails(ret, CDN_ADMIN, 0);
	case MOOD_WELL:
	case MOOD_REFUSES_TUNNELS:
	case MOOD_MAX:
		break;
	}
	if (lns->room && lns->held >= lns->room)
		return fails(ret, CDN_NO_FACILITIES_TEMPORARY, 0);
	lns->held++;
	return 0;
}

static char *text_of(const char *text)
{
	return strcpy(mem_alloc(strlen(text) + 1), text);
}

static void add(struct world *w, struct steer_set *set, const struct lns *lns)
{
	struct steer_tunnel *tunnel = steer_set_add(set);
	char name[16];

	snprintf(name, sizeof(name), "lns%u", lns->number);
	tunnel->name = text_of(name);
	tunnel->server = text_of(name);
	tunnel->peer = peer_new(name);
	tunnel->peer->max_tunnels = lns->max_tunnels;
	tunnel->preference = (uint32_t)world_random(w, 3);
	tunnel->max_sessions = lns->max_sessions;
	tunnel->max_sessions_per_tunnel = lns->max_sessions_per_tunnel;
}

/* Each of the LNSs once at most: what a call met at it tells what steer may think of it. */
struct steer_set *lns_make_set(struct world *w)
{
	struct steer_set *set = steer_set_new();
	unsigned int first = (unsigned int)world_random(w, w->n_lnss);
	char text[160];

	for (unsigned int i = 0; i < w->n_lnss; i++) {
		if (!i || world_random(w, 2))
			add(w, set, &w->lnss[(first + i) % w->n_lnss]);
	}
	HOLDS(w, steer_set_finish(set, text, sizeof(text)) == 0);
	return set;
}
