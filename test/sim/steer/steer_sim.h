/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls against LNSs that die, fill up, answer late, refuse and return, in virtual time.
 */
#pragma once

#include "base/timer.h"
#include "steer/steer.h"
#include "test/sim/memory.h"

#define LNSS_MAX 8
#define SETS_MAX 12

struct world;

enum mood {
	MOOD_WELL,
	MOOD_SILENT, /* dead, or cut off */
	MOOD_LATE,   /* answers when nobody waits any more */
	MOOD_REFUSES_TUNNELS,
	MOOD_REFUSES_CALLS,  /* with a result that counts */
	MOOD_REFUSES_CALLER, /* with one that does not */
	MOOD_MAX,
};

struct lns {
	struct world *world;
	unsigned int number;
	enum mood mood;
	unsigned int epoch; /* how often it has died */
	unsigned int room;  /* sessions it takes; 0: any number */
	unsigned int held;  /* that it has */
	usec_t latency;
	/* What the configuration says of it. */
	unsigned int max_sessions, max_sessions_per_tunnel, max_tunnels;
	/* What the fakes hold; steer is to say the same. */
	unsigned int n_calls, n_tunnels;
	bool failed; /* ever, in a way that counts */
	usec_t failed_at;
	struct steer_destination *tested;
	struct timer mood_timer, test_timer;
};

struct tunnel {
	struct list node;
	struct lns *lns;
	struct steer_path *path;
	unsigned int epoch;
	unsigned int n_calls;
	struct list calls;
	struct timer timer;
};

struct call {
	struct list node; /* of the world */
	struct list on;	  /* of the tunnel */
	struct world *world;
	struct steer_call steer;
	struct tunnel *tunnel;
	bool up;
	unsigned int epoch;
	/* Times it failed at each, and at one that was locked out. */
	unsigned int failures[LNSS_MAX];
	unsigned int tunnels_lost[LNSS_MAX]; /* of those, under it while they were up */
	bool last_chance;
	struct timer timer;
};

struct totals {
	uint64_t calls, up, failed_over, refused, hidden, full, tunnels, shared, lockouts, probes,
		tests, last_chances;
};

struct world {
	uint64_t seed, random;
	bool verbose;
	bool no_memory; /* at times */
	usec_t now;
	unsigned int n_lnss, n_sets;
	struct lns lnss[LNSS_MAX];
	struct steer_set *sets[SETS_MAX];
	struct timer_queue timers; /* of the fakes */
	struct timer_queue steer_timers;
	struct steer_settings settings;
	struct steer *steer;
	struct list calls, tunnels;
	unsigned int left; /* calls to come */
	struct timer arrivals, command;
	struct memory memory;
	struct totals *totals;
};

uint64_t world_random(struct world *w, uint64_t n);
__attribute__((noreturn, format(printf, 4, 5))) void world_fail(const struct world *w,
								const char *file, int line,
								const char *format, ...);
__attribute__((format(printf, 2, 3))) void world_say(const struct world *w, const char *format,
						     ...);
#define HOLDS(world, condition)                                            \
	do {                                                               \
		if (!(condition))                                          \
			world_fail(world, __FILE__, __LINE__, #condition); \
	} while (0)

struct lns *lns_of(struct world *w, const struct steer_destination *destination);
/* lns.c */
void lns_begin(struct lns *lns);
/* Which answer a tunnel, or a call, gets now: 0, or -1 with a reason; 1 for none. */
int lns_answers_tunnel(struct lns *lns, struct reason *ret);
int lns_answers_call(struct lns *lns, struct reason *ret);
struct steer_set *lns_make_set(struct world *w);
/* tunnel.c */
void tunnel_open(struct call *call);
void tunnel_join(struct call *call);
void tunnel_leave(struct call *call);
void tunnel_lns_died(struct lns *lns);
/* call.c */
void call_begin(struct world *w, struct steer_set *set);
void call_on_tunnel_up(struct call *call);
void call_lost_tunnel(struct call *call, const struct reason *reason);
void call_end(struct call *call);
/* check.c */
void check_step(struct world *w);
void check_placed(struct call *call, const enum steer_lock locks[LNSS_MAX],
		  const struct steer_call *was);
void check_refused(struct call *call, const char *text);
/* fair.c */
void fair_play(uint64_t seed);
/* world.c */
void world_play(uint64_t seed, bool verbose, struct totals *totals);
