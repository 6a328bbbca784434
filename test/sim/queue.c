/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one queue of what will happen: completions and packets, soonest first, and in the order in
 * which they were put in where that is the same.
 */
#include <stdlib.h>
#include <string.h>

#include "test/sim/sim.h"

struct happening {
	usec_t when;
	uint64_t serial;
	struct box *box;
	/* DEED_MAX for a packet. */
	enum deed deed;
	/* NULL: it was taken back. */
	void *target;
	const struct stream *speaker;
	struct addr from;
	struct addr to;
	size_t len;
	uint8_t data[];
};

static bool is_before(const struct happening *a, const struct happening *b)
{
	return a->when != b->when ? a->when < b->when : a->serial < b->serial;
}

static void push(struct world *w, struct happening *h)
{
	size_t at = w->n_queue++;

	if (w->n_queue > w->queue_room) {
		w->queue_room = w->queue_room ? w->queue_room * 2 : 256;
		w->queue = sim_resize(w->queue, w->queue_room * sizeof(*w->queue));
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

void queue_deed(struct box *box, enum deed deed, void *target)
{
	struct happening *h = sim_alloc(sizeof(*h));
	usec_t delay = box->manners[deed].delay;

	h->box = box;
	h->deed = deed;
	h->target = target;
	/* Each takes its own time, so that they overtake each other. */
	h->when = box->world->now + (delay ? below(box->world, (unsigned int)delay) : 0);
	push(box->world, h);
}

bool queue_cancel(struct box *box, enum deed deed, const void *target)
{
	struct world *w = box->world;

	for (size_t i = 0; i < w->n_queue; i++) {
		struct happening *h = w->queue[i];

		if (h->box == box && h->deed == deed && h->target == target) {
			h->target = NULL;
			return true;
		}
	}
	return false;
}

void queue_packet(struct box *to, const struct addr *from, const struct addr *dest,
		  struct bytes packet, const struct stream *speaker, usec_t when)
{
	struct happening *h = sim_alloc(sizeof(*h) + packet.len);

	h->box = to;
	h->deed = DEED_MAX;
	h->target = to;
	h->when = when;
	h->speaker = speaker;
	h->from = *from;
	h->to = *dest;
	h->len = packet.len;
	memcpy(h->data, packet.data, packet.len);
	push(to->world, h);
}

usec_t queue_next(const struct world *w)
{
	return w->n_queue ? w->queue[0]->when : USEC_NEVER;
}

void queue_run(struct world *w)
{
	struct happening *h = pop(w);
	struct bytes packet = {h->data, h->len};

	if (h->deed == DEED_MAX)
		net_arrive(h->box, &h->from, &h->to, packet, h->speaker);
	else if (h->target)
		fake_complete(h->box, h->deed, h->target, h->box->manners[h->deed].fails);
	free(h);
}

void queue_forget(struct world *w, const struct box *box)
{
	for (size_t i = 0; i < w->n_queue; i++) {
		if (!box || (w->queue[i]->box == box && w->queue[i]->deed != DEED_MAX))
			w->queue[i]->target = NULL;
	}
	while (!box && w->n_queue)
		free(pop(w));
}
