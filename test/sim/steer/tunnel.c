/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels: opened by the first call, there for all, closed when they are idle or their LNS is dead.
 */
#include <stdlib.h>

#include "test/sim/steer/steer_sim.h"
#include "wire/result.h"

#define SETUP_TIMEOUT (30 * USEC_PER_SEC)
#define IDLE_TIMEOUT (20 * USEC_PER_SEC)

static void end(struct tunnel *tunnel, const struct reason *reason)
{
	struct lns *lns = tunnel->lns;
	struct world *w = lns->world;
	struct call *call;

	world_say(w, "tunnel to lns%u ends with %u calls, origin %d result %u", lns->number,
		  tunnel->n_calls, reason->origin, reason->result);
	timer_stop(&w->timers, &tunnel->timer);
	list_remove(&tunnel->node);
	lns->n_tunnels--;
	if (steer_counts(reason, true)) {
		lns->failed = true;
		lns->failed_at = w->now;
	}
	steer_path_gone(w->steer, tunnel->path, reason, w->now);
	tunnel->path = NULL;
	while ((call = list_first(&tunnel->calls, struct call, on)))
		call_lost_tunnel(call, reason);
	free(tunnel);
}

static void idle_or_dead(struct timer *timer, usec_t now)
{
	struct tunnel *tunnel = container_of(timer, struct tunnel, timer);
	struct reason reason;

	(void)now;
	if (tunnel->epoch != tunnel->lns->epoch)
		reason = reason_make(ORIGIN_PEER, 0, 0, "no answer after 5 retransmissions");
	else if (!tunnel->n_calls)
		reason = reason_make(ORIGIN_LOCAL, STOPCCN_CLEAR, 0, "idle");
	else
		return;
	end(tunnel, &reason);
}

static void answered(struct timer *timer, usec_t now)
{
	struct tunnel *tunnel = container_of(timer, struct tunnel, timer);
	struct world *w = tunnel->lns->world;
	struct call *call, *after;
	struct reason reason;
	int answer =
		tunnel->epoch != tunnel->lns->epoch ? 1 : lns_answers_tunnel(tunnel->lns, &reason);

	if (answer > 0) {
		reason = reason_make(ORIGIN_PEER, 0, 0, "the tunnel did not come up");
		answer = -1;
	}
	if (answer < 0) {
		end(tunnel, &reason);
		return;
	}
	steer_path_up(w->steer, tunnel->path, now);
	timer->fire = idle_or_dead;
	if (!tunnel->n_calls)
		timer_start(&w->timers, timer, now + IDLE_TIMEOUT);
	list_for_each_safe (call, after, &tunnel->calls, on)
		call_on_tunnel_up(call);
}

/* There was none to join: in the fakes' own view. */
static void none_to_join(const struct lns *lns)
{
	const struct tunnel *other;

	list_for_each (other, &lns->world->tunnels, node) {
		HOLDS(lns->world, other->lns != lns || other->path->failed ||
					  (lns->max_sessions_per_tunnel &&
					   other->n_calls >= lns->max_sessions_per_tunnel));
	}
}

void tunnel_open(struct call *call)
{
	struct lns *lns = lns_of(call->world, call->steer.path->destination);
	struct world *w = lns->world;
	struct tunnel *tunnel = calloc(1, sizeof(*tunnel));
	struct reason reason;

	HOLDS(w, tunnel);
	none_to_join(lns);
	tunnel->lns = lns;
	tunnel->epoch = lns->epoch;
	tunnel->path = call->steer.path;
	tunnel->path->user = tunnel;
	list_init(&tunnel->calls);
	list_append(&w->tunnels, &tunnel->node);
	lns->n_tunnels++;
	w->totals->tunnels++;
	timer_init(&tunnel->timer, answered);
	timer_start(&w->timers, &tunnel->timer,
		    w->now + (lns_answers_tunnel(lns, &reason) > 0 ? SETUP_TIMEOUT : lns->latency));
	world_say(w, "tunnel to lns%u is opened", lns->number);
}

void tunnel_join(struct call *call)
{
	struct tunnel *tunnel = call->steer.path->user;

	call->tunnel = tunnel;
	tunnel->n_calls++;
	tunnel->lns->n_calls++;
	list_append(&tunnel->calls, &call->on);
}

void tunnel_leave(struct call *call)
{
	struct tunnel *tunnel = call->tunnel;
	struct world *w = call->world;

	if (!tunnel)
		return;
	call->tunnel = NULL;
	list_remove(&call->on);
	tunnel->lns->n_calls--;
	if (--tunnel->n_calls == 0 && tunnel->path && tunnel->path->up &&
	    tunnel->epoch == tunnel->lns->epoch)
		timer_start(&w->timers, &tunnel->timer, w->now + IDLE_TIMEOUT);
}

/* HELLO finds out, some time later. */
void tunnel_lns_died(struct lns *lns)
{
	struct world *w = lns->world;
	struct tunnel *tunnel;

	list_for_each (tunnel, &w->tunnels, node) {
		if (tunnel->lns == lns && tunnel->path->up)
			timer_start(&w->timers, &tunnel->timer,
				    w->now + (usec_t)(1 + world_random(w, 60)) * USEC_PER_SEC);
	}
}
