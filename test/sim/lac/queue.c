/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one queue of what will happen, soonest first, and in the order in which it was put in where
 * that is the same.
 */
#include <stdlib.h>
#include <string.h>

#include "test/sim/lac/lac_sim.h"

static bool is_before(const struct happening *a, const struct happening *b)
{
	return a->when != b->when ? a->when < b->when : a->serial < b->serial;
}

static void push(struct world *w, struct happening *h)
{
	size_t at = w->n_queue++;

	if (w->n_queue > w->queue_room) {
		w->queue_room = w->queue_room ? w->queue_room * 2 : 256;
		w->queue = realloc(w->queue, w->queue_room * sizeof(*w->queue));
		if (!w->queue)
			abort();
	}
	h->serial = w->serial++;
	for (; at && is_before(h, w->queue[(at - 1) / 2]); at = (at - 1) / 2)
		w->queue[at] = w->queue[(at - 1) / 2];
	w->queue[at] = h;
}

static struct happening *pop(struct world *w)
{
	struct happening *first = w->queue[0], *last = w->queue[--w->n_queue];
	size_t at = 0, child;

	while ((child = at * 2 + 1) < w->n_queue) {
		if (child + 1 < w->n_queue && is_before(w->queue[child + 1], w->queue[child]))
			child++;
		if (is_before(last, w->queue[child]))
			break;
		w->queue[at] = w->queue[child];
		at = child;
	}
	w->queue[at] = last;
	return first;
}

struct happening *later(struct world *w, usec_t delay, happen_fn run, struct box *box, void *target,
			struct bytes data)
{
	struct happening *h = sim_alloc(sizeof(*h) + data.len);

	h->when = w->now + delay;
	h->run = run;
	h->box = box;
	h->target = target;
	h->len = data.len;
	if (data.len)
		memcpy(h->data, data.data, data.len);
	push(w, h);
	return h;
}

static struct happening *find(const struct world *w, happen_fn run, const void *target)
{
	for (size_t i = 0; i < w->n_queue; i++) {
		if (w->queue[i]->run == run && w->queue[i]->target == target)
			return w->queue[i];
	}
	return NULL;
}

bool is_due(const struct world *w, happen_fn run, const void *target)
{
	return find(w, run, target);
}

bool forget(struct world *w, happen_fn run, const void *target)
{
	struct happening *h = find(w, run, target);

	if (h)
		h->target = NULL;
	return h;
}

bool awaits(const struct world *w, happen_fn run, const struct box *box)
{
	for (size_t i = 0; i < w->n_queue; i++) {
		if (w->queue[i]->run == run && w->queue[i]->box == box && w->queue[i]->target)
			return true;
	}
	return false;
}

void forget_box(struct world *w, const struct box *box)
{
	for (size_t i = 0; i < w->n_queue; i++) {
		if (w->queue[i]->box == box)
			w->queue[i]->target = NULL;
	}
}

usec_t queue_next(const struct world *w)
{
	return w->n_queue ? w->queue[0]->when : USEC_NEVER;
}

void queue_run(struct world *w)
{
	struct happening *h = pop(w);

	if (h->target) {
		h->run(w, h);
		if (h->box && h->box->engine)
			check_box(h->box);
	}
	free(h);
}

void queue_free(struct world *w)
{
	while (w->n_queue)
		free(pop(w));
	free(w->queue);
}
