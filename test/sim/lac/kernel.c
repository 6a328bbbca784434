/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernels: tunnels, sessions and channels, joined two by two, and the PPP of LNSs.
 *
 * What is asked for completes late and may fail; what the real kernel would take amiss is.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "test/sim/lac/lac_sim.h"
#include "wire/result.h"

static struct box *of_tunnel(const struct l2tp_tunnel *t)
{
	return t->engine->ctx;
}

static struct box *of_session(const struct l2tp_session *s)
{
	return of_tunnel(s->tunnel);
}

usec_t kernel_delay(struct box *box)
{
	return box->delay ? below(box->world, (unsigned int)box->delay) : 0;
}

bool kernel_fails(struct box *box)
{
	bool fails = chance(box->world, box->fails);

	box->world->totals->kernel_failures += fails;
	return fails;
}

struct end *end_new(struct box *box)
{
	struct end *end = sim_alloc(sizeof(*end));

	end->box = box;
	end->number = ++box->last_end;
	list_append(&box->ends, &end->node);
	return end;
}

struct end *end_find(struct box *box, unsigned int number)
{
	struct end *end;

	list_for_each (end, &box->ends, node) {
		if (end->number == number)
			return end;
	}
	return NULL;
}

/* Whichever of two goes first dissolves the bridge. */
void end_free(struct end *end)
{
	if (end->joined)
		end->joined->joined = NULL;
	list_remove(&end->node);
	free(end);
}

/* --- tunnels --- */

static void tunnel_created(struct world *w, struct happening *h)
{
	struct l2tp_tunnel *t = h->target;
	int err = kernel_fails(h->box) ? -ENOBUFS : 0;

	if (err) {
		free(t->dp);
		t->dp = NULL;
		h->box->kernel_tunnels--;
	}
	INSIDE(h->box, l2tp_tunnel_kernel_created(t, err, "L2TP_CMD_TUNNEL_CREATE", w->now));
}

int kernel_tunnel_create(struct l2tp_tunnel *t)
{
	struct box *box = of_tunnel(t);

	HOLDS(box, !t->dp && !box->freeing);
	if (kernel_fails(box))
		return -ENOMEM;
	t->dp = sim_alloc(1);
	box->kernel_tunnels++;
	later(box->world, kernel_delay(box), tunnel_created, box, t, (struct bytes){0});
	return 0;
}

static void tunnel_deleted(struct world *w, struct happening *h)
{
	struct l2tp_tunnel *t = h->target;

	free(t->dp);
	t->dp = NULL;
	h->box->kernel_tunnels--;
	INSIDE(h->box, l2tp_tunnel_kernel_deleted(t, w->now));
}

void kernel_tunnel_delete(struct l2tp_tunnel *t)
{
	struct box *box = of_tunnel(t);

	HOLDS(box, t->dp && !box->freeing && !is_due(box->world, tunnel_deleted, t));
	later(box->world, kernel_delay(box), tunnel_deleted, box, t, (struct bytes){0});
}

/* --- sessions --- */

/* As the daemon does: the end that the caller of a session came in by, 0 for none. */
static unsigned int wanted_by(const struct l2tp_session *s)
{
	struct box *box = of_session(s);
	const struct lac_call *call = box->lac ? lac_call_of(box->lac, s) : NULL;
	const struct end *end;

	if (!call || call->incoming == s)
		return 0;
	end = call->incoming ? call->incoming->dp : call->io;
	return end && !end->deleting ? end->number : 0;
}

static int join(struct end *end)
{
	struct end *other;

	if (!end->wanted)
		return 0;
	other = end_find(end->box, end->wanted);
	if (!other || !other->up || other->deleting)
		return -ENXIO;
	/* Nobody is in two calls. */
	HOLDS(end->box, !other->joined);
	end->joined = other;
	other->joined = end;
	end->box->world->totals->bridges++;
	return 0;
}

static void session_created(struct world *w, struct happening *h)
{
	struct l2tp_session *s = h->target;
	struct end *end = s->dp;
	int err = kernel_fails(h->box) ? -EEXIST : join(end);

	end->up = !err;
	if (err) {
		end_free(end);
		s->dp = NULL;
	}
	INSIDE(h->box, l2tp_session_kernel_created(s, err, "L2TP_CMD_SESSION_CREATE", w->now));
}

int kernel_session_create(struct l2tp_session *s)
{
	struct box *box = of_session(s);
	struct end *end;

	HOLDS(box, !s->dp && s->tunnel->dp && !box->freeing);
	if (kernel_fails(box))
		return -ENOMEM;
	s->dp = end = end_new(box);
	end->session = s;
	end->wanted = wanted_by(s);
	later(box->world, kernel_delay(box), session_created, box, s, (struct bytes){0});
	return 0;
}

int kernel_session_modify(struct l2tp_session *s)
{
	struct box *box = of_session(s);

	/* Nobody asks for sequence numbers here. */
	HOLDS(box, !s->core.sequencing);
	return -EOPNOTSUPP;
}

static void session_deleted(struct world *w, struct happening *h)
{
	struct l2tp_session *s = h->target;

	end_free(s->dp);
	s->dp = NULL;
	INSIDE(h->box, l2tp_session_kernel_deleted(s, w->now));
}

void kernel_session_delete(struct l2tp_session *s)
{
	struct box *box = of_session(s);
	struct end *end = s->dp;

	HOLDS(box, end && end->up && !end->deleting && !s->pppd && !box->freeing);
	end->deleting = true;
	later(box->world, kernel_delay(box), session_deleted, box, s, (struct bytes){0});
}

/* --- PPP of an LNS --- */

static void ppp_came_up(struct world *w, struct happening *h)
{
	struct l2tp_session *s = h->target;

	INSIDE(h->box, l2tp_session_ppp_up(s, w->now));
}

static void ppp_over(struct l2tp_session *s, const struct reason *reason)
{
	struct box *box = of_session(s);

	free(s->pppd);
	s->pppd = NULL;
	box->ppps--;
	INSIDE(box, l2tp_session_ppp_down(s, reason, box->world->now));
}

static void ppp_stopped(struct world *w, struct happening *h)
{
	struct reason reason = reason_make(ORIGIN_PPP, 0, 0, "stopped");

	(void)w;
	ppp_over(h->target, &reason);
}

void ppp_dies(struct l2tp_session *s, uint16_t result, const char *why)
{
	struct reason reason = reason_make(ORIGIN_PPP, result, 0, "%s", why);
	struct world *w = of_session(s)->world;

	forget(w, ppp_came_up, s);
	forget(w, ppp_stopped, s);
	ppp_over(s, &reason);
}

int ppp_start(struct l2tp_session *s)
{
	struct box *box = of_session(s);

	if (box->lac && lac_owns(box->lac, s))
		return lac_session_start(box->lac, s, box->world->now);
	HOLDS(box, !s->pppd && s->dp);
	if (kernel_fails(box))
		return -EAGAIN;
	s->pppd = sim_alloc(1);
	box->ppps++;
	later(box->world, kernel_delay(box), ppp_came_up, box, s, (struct bytes){0});
	return 0;
}

void ppp_stop(struct l2tp_session *s, enum ppp_stop how)
{
	struct box *box = of_session(s);

	if (box->lac && lac_owns(box->lac, s)) {
		lac_session_stop(box->lac, s, how, box->world->now);
		return;
	}
	HOLDS(box, s->pppd);
	forget(box->world, ppp_came_up, s);
	if (!is_due(box->world, ppp_stopped, s))
		later(box->world, kernel_delay(box), ppp_stopped, box, s, (struct bytes){0});
}
