/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What must be true, in the view of the fakes.
 */
#include "test/sim/steer/steer_sim.h"

static bool is_locked(enum steer_lock lock)
{
	return lock == STEER_LOCKED || lock == STEER_WAIT_TEST || lock == STEER_TESTING;
}

static bool is_full(const struct lns *lns)
{
	const struct tunnel *tunnel;

	if (lns->max_sessions && lns->n_calls >= lns->max_sessions)
		return true;
	if (!lns->max_tunnels || lns->n_tunnels < lns->max_tunnels)
		return false;
	list_for_each (tunnel, &lns->world->tunnels, node) {
		if (tunnel->lns == lns && (!lns->max_sessions_per_tunnel ||
					   tunnel->n_calls < lns->max_sessions_per_tunnel))
			return false;
	}
	return true;
}

static void check_destination(struct world *w, const struct steer_destination *destination)
{
	const struct lns *lns = lns_of(w, destination);
	const struct steer_path *path;
	unsigned int sum = 0;

	HOLDS(w, destination->n_sessions == lns->n_calls);
	HOLDS(w, destination->n_paths == lns->n_tunnels);
	HOLDS(w, !lns->max_sessions || lns->n_calls <= lns->max_sessions);
	HOLDS(w, !lns->max_tunnels || lns->n_tunnels <= lns->max_tunnels);
	list_for_each (path, &destination->paths, node) {
		HOLDS(w, path->user);
		HOLDS(w, path->n_sessions == ((struct tunnel *)path->user)->n_calls);
		HOLDS(w, !lns->max_sessions_per_tunnel ||
				 path->n_sessions <= lns->max_sessions_per_tunnel);
		sum += path->n_sessions;
	}
	HOLDS(w, sum == lns->n_calls);
	/* Who never failed is not locked out, nor is one for longer than its last failure says. */
	HOLDS(w, destination->lock == STEER_UNLOCKED || lns->failed);
	HOLDS(w, destination->lock != STEER_LOCKED ||
			 destination->locked_until <= lns->failed_at + w->settings.lockout);
	HOLDS(w, !destination->probe || destination->lock == STEER_PROBING);
}

void check_step(struct world *w)
{
	const struct steer_destination *at = NULL;
	unsigned int probes[LNSS_MAX] = {0};
	const struct call *call;

	while ((at = steer_next(w->steer, at)))
		check_destination(w, at);
	if (world_random(w, 64))
		return;
	list_for_each (call, &w->calls, node) {
		if (call->steer.path && call->steer.path->destination->probe == &call->steer)
			HOLDS(w, ++probes[call->tunnel->lns->number] == 1);
	}
}

/* It goes along with a probe: then there is none that it could have had to itself. */
static void check_joined_probe(struct call *call, const struct steer_call *was)
{
	struct world *w = call->world;
	const struct steer_set *set = call->steer.set;
	const struct steer_destination *at;

	for (uint32_t i = 0; i < set->n; i++) {
		at = steer_find(w->steer, set->tunnels[i].server);
		if (i != call->steer.at && !(was->tried & 1U << i))
			HOLDS(w, is_full(&w->lnss[set->tunnels[i].server[3] - '0']) ||
					 (at && (is_locked(at->lock) || at->probe)));
	}
}

/* One is locked out: so were all others of the call, less those that it had tried or are full. */
static void check_last_chance(struct call *call, const enum steer_lock locks[LNSS_MAX],
			      const struct steer_call *was)
{
	struct world *w = call->world;
	const struct steer_set *set = call->steer.set;

	HOLDS(w, !call->last_chance);
	call->last_chance = true;
	for (uint32_t i = 0; i < set->n; i++) {
		const struct lns *lns = &w->lnss[set->tunnels[i].server[3] - '0'];

		if (i != call->steer.at && !(was->tried & 1U << i))
			HOLDS(w, is_locked(locks[lns->number]) || is_full(lns));
	}
}

void check_placed(struct call *call, const enum steer_lock locks[LNSS_MAX],
		  const struct steer_call *was)
{
	struct world *w = call->world;
	const struct lns *lns = lns_of(w, call->steer.path->destination);

	world_say(w, "call %p goes to lns%u%s%s", (void *)call, lns->number,
		  call->steer.probing ? ", as a probe" : "",
		  call->steer.last_chance ? ", the last chance" : "");
	HOLDS(w, !(was->tried & 1U << call->steer.at));
	HOLDS(w, call->steer.last_chance == is_locked(locks[lns->number]));
	HOLDS(w, !call->steer.path->failed && !call->steer.path->gone);
	if (!call->steer.probing && call->steer.path->destination->lock == STEER_PROBING)
		check_joined_probe(call, was);
	if (call->steer.last_chance)
		check_last_chance(call, locks, was);
}

/*
 * A call is refused only when each of its LNSs failed it, is full, or is locked out for a failure
 * of its own that is not longer ago than the lockout, and one that was locked out has been tried.
 */
void check_refused(struct call *call, const char *text)
{
	struct world *w = call->world;
	const struct steer_set *set = call->steer.set;
	const struct steer_destination *destination;

	HOLDS(w, text[0]);
	for (size_t i = 0; i < set->n; i++) {
		struct lns *lns = &w->lnss[set->tunnels[i].server[3] - '0'];
		unsigned int again = call->tunnels_lost[lns->number] > 0;

		if (call->failures[lns->number] > again || is_full(lns))
			continue;
		destination = steer_find(w->steer, set->tunnels[i].server);
		HOLDS(w, destination && is_locked(destination->lock) && call->last_chance);
		HOLDS(w, destination->lock != STEER_LOCKED ||
				 w->now < lns->failed_at + w->settings.lockout);
		/* That is what a lockout costs. */
		w->totals->hidden += lns->mood == MOOD_WELL;
	}
}
