/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls: from tunnel to tunnel as steer says, until one takes them or there are no more.
 */
#include <errno.h>
#include <stdlib.h>

#include "test/sim/steer/steer_sim.h"
#include "wire/result.h"

#define CALL_TIMEOUT (20 * USEC_PER_SEC)

void call_end(struct call *call)
{
	struct world *w = call->world;

	if (call->up && call->tunnel && call->epoch == call->tunnel->lns->epoch)
		call->tunnel->lns->held--;
	timer_stop(&w->timers, &call->timer);
	tunnel_leave(call);
	steer_call_done(w->steer, &call->steer, w->now);
	list_remove(&call->node);
	free(call);
}

static void locks_now(struct world *w, enum steer_lock locks[LNSS_MAX])
{
	const struct steer_destination *at = NULL;

	for (unsigned int i = 0; i < LNSS_MAX; i++)
		locks[i] = STEER_UNLOCKED;
	while ((at = steer_next(w->steer, at)))
		locks[lns_of(w, at)->number] = at->lock;
}

static void next(struct call *call)
{
	struct world *w = call->world;
	struct steer_call was = call->steer;
	enum steer_lock locks[LNSS_MAX];
	char text[1024];
	int err;

	timer_queue_run(&w->steer_timers, w->now);
	if (w->no_memory && world_random(w, 8) == 0)
		memory_fail(1 + (unsigned int)world_random(w, 6), 1);
	err = steer_call_next(w->steer, &call->steer, w->now, text, sizeof(text));
	memory_fail(0, 0);
	if (err < 0) {
		w->totals->refused++;
		w->totals->full += err == -ENOSPC;
		world_say(w, "call %p is refused: %s", (void *)call, text);
		HOLDS(w, !call->steer.path);
		if (!w->no_memory)
			check_refused(call, text);
		call_end(call);
		return;
	}
	locks_now(w, locks);
	check_placed(call, locks, &was);
	w->totals->probes += call->steer.probing;
	w->totals->last_chances += call->steer.last_chance;
	w->totals->shared += call->steer.path->user != NULL;
	if (!call->steer.path->user)
		tunnel_open(call);
	tunnel_join(call);
	if (call->steer.path->up)
		call_on_tunnel_up(call);
}

static void failed(struct call *call, const struct reason *reason, bool is_tunnel)
{
	struct world *w = call->world;
	struct lns *lns = call->tunnel->lns;

	world_say(w, "call %p failed at lns%u, %s result %u", (void *)call, lns->number,
		  is_tunnel ? "tunnel" : "call", reason->result);
	call->failures[lns->number]++;
	call->tunnels_lost[lns->number] += is_tunnel && call->steer.path->up;
	if (steer_counts(reason, is_tunnel)) {
		lns->failed = true;
		lns->failed_at = w->now;
	}
	timer_stop(&w->timers, &call->timer);
	tunnel_leave(call);
	w->totals->failed_over++;
	steer_call_failed(w->steer, &call->steer, reason, is_tunnel, w->now);
	next(call);
}

void call_lost_tunnel(struct call *call, const struct reason *reason)
{
	if (call->up)
		call_end(call);
	else
		failed(call, reason, true);
}

static void hangs_up(struct timer *timer, usec_t now)
{
	(void)now;
	call_end(container_of(timer, struct call, timer));
}

static void answered(struct timer *timer, usec_t now)
{
	struct call *call = container_of(timer, struct call, timer);
	struct lns *lns = call->tunnel->lns;
	struct world *w = call->world;
	struct reason reason;
	int answer = call->tunnel->epoch != lns->epoch ? 1 : lns_answers_call(lns, &reason);

	if (answer > 0) {
		reason = reason_make(ORIGIN_PEER, CDN_TIMEOUT, 0, "the call did not come up");
		answer = -1;
	}
	if (answer < 0) {
		failed(call, &reason, false);
		return;
	}
	call->up = true;
	call->epoch = lns->epoch;
	w->totals->up++;
	steer_call_up(w->steer, &call->steer, now);
	timer->fire = hangs_up;
	timer_start(&w->timers, timer, now + (usec_t)(1 + world_random(w, 900)) * USEC_PER_SEC);
}

void call_on_tunnel_up(struct call *call)
{
	struct lns *lns = call->tunnel->lns;
	struct world *w = call->world;
	bool late = lns->mood == MOOD_SILENT || lns->mood == MOOD_LATE ||
		    call->tunnel->epoch != lns->epoch;

	/* Some hang up before they are through. */
	timer_init(&call->timer, world_random(w, 50) ? answered : hangs_up);
	timer_start(&w->timers, &call->timer, w->now + (late ? CALL_TIMEOUT : lns->latency));
}

void call_begin(struct world *w, struct steer_set *set)
{
	struct call *call = calloc(1, sizeof(*call));

	HOLDS(w, call);
	call->world = w;
	list_init(&call->on);
	list_append(&w->calls, &call->node);
	timer_init(&call->timer, hangs_up);
	steer_call_init(&call->steer, set);
	w->totals->calls++;
	next(call);
}
