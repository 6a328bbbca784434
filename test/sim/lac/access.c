/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a LAC asks of the world: struct lac_ops, and the interface that subscribers dial in by.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sim/lac/lac_sim.h"
#include "wire/result.h"

static const uint8_t ac_mac[6] = {2, 0, 0, 0, 0, 1};

static struct box *of_lac(const struct lac *lac)
{
	return lac_ctx(lac);
}

static struct box *of_call(const struct lac_call *call)
{
	return of_lac(call->lac);
}

static void random_octets(struct world *w, void *data, size_t len)
{
	uint8_t *out = data;

	while (len--)
		*out++ = (uint8_t)world_random(w);
}

static void on_random(struct lac *lac, void *data, size_t len)
{
	random_octets(of_lac(lac)->world, data, len);
}

static uint64_t on_new_owner(struct lac *lac)
{
	return ++of_lac(lac)->owners;
}

struct sim_call *sim_call_of(struct box *box, const struct lac_call *call)
{
	struct sim_call *sc;

	list_for_each (sc, &box->calls, node) {
		if (sc->call == call)
			return sc;
	}
	sc = sim_alloc(sizeof(*sc));
	sc->call = call;
	sc->state = call->state;
	sc->since = box->world->now;
	list_append(&box->calls, &sc->node);
	box->world->totals->calls++;
	return sc;
}

/* --- channels --- */

static void access_deleted(struct world *w, struct happening *h)
{
	struct lac_call *call = h->target;

	HOLDS(h->box, call->io || call->channel == KERNEL_DELETING);
	if (call->io)
		end_free(call->io);
	call->io = NULL;
	INSIDE(h->box, lac_access_deleted(call, w->now));
}

static void access_created(struct world *w, struct happening *h)
{
	struct lac_call *call = h->target;
	struct end *end = call->io;
	bool deleting = end->deleting;
	int err = kernel_fails(h->box) ? -EBUSY : 0;

	end->up = !err;
	if (err) {
		end_free(end);
		call->io = NULL;
	}
	/* The object's queue keeps the order. */
	if (deleting)
		later(w, kernel_delay(h->box), access_deleted, h->box, call, (struct bytes){0});
	INSIDE(h->box, lac_access_created(call, err, err ? "connect(pppoe)" : NULL, w->now));
}

static int on_access_create(struct lac_call *call)
{
	struct box *box = of_call(call);
	struct end *end;

	HOLDS(box, !call->io);
	if (kernel_fails(box))
		return -ENOMEM;
	end = end_new(box);
	end->call = call;
	call->io = end;
	later(box->world, kernel_delay(box), access_created, box, call, (struct bytes){0});
	return 0;
}

static void on_access_delete(struct lac_call *call)
{
	struct box *box = of_call(call);
	struct end *end = call->io;

	HOLDS(box, end && !end->deleting);
	/* A bridged session would send into it. */
	HOLDS(box, !end->joined);
	end->deleting = true;
	if (end->up)
		later(box->world, kernel_delay(box), access_deleted, box, call, (struct bytes){0});
}

static void on_access_send(struct lac_call *call, struct bytes frame)
{
	struct box *box = of_call(call);
	const struct end *end = call->io;

	HOLDS(box, end && end->up && !end->deleting);
	/* One that it is joined with is on its way out: he began anew. */
	HOLDS(box, !end->joined || end->joined->session->core.state == SESSION_CLOSING);
	check_told(box, call);
	ether_to_subscriber(box->world, call->mac, frame, false, call->pppoe_id);
}

static void on_replay(struct lac_call *call)
{
	const struct end *end = call->session->dp;

	HOLDS(of_call(call), end && end->up && end->joined);
}

struct end *access_end(struct box *box, const uint8_t mac[static 6], uint16_t id)
{
	struct end *end;

	list_for_each (end, &box->ends, node) {
		if (end->call && end->up && !end->deleting && end->call->pppoe_id == id &&
		    memcmp(end->call->mac, mac, 6) == 0)
			return end;
	}
	return NULL;
}

/* --- names, counters --- */

static void resolved(struct world *w, struct happening *h)
{
	const char *host = (const char *)h->data;
	struct addr addr = {0};
	int err = kernel_fails(h->box) ? -EHOSTUNREACH : 0;

	if (strncmp(host, "lns", 3) == 0)
		addr = w->boxes[atoi(host + 3)].addr;
	else
		HOLDS(h->box, addr_parse(host, &addr) == 0);
	addr.port = 0;
	INSIDE(h->box, lac_resolved(h->box->lac, h->target, err, "no such name", &addr, w->now));
}

static int on_resolve(struct lac *lac, const char *host, enum addr_family prefer, void *token)
{
	struct box *box = of_lac(lac);

	(void)prefer;
	/* Nobody would hear the answer. */
	HOLDS(box, !box->stopping);
	if (kernel_fails(box))
		return -ENOMEM;
	later(box->world, kernel_delay(box), resolved, box, token,
	      (struct bytes){(const uint8_t *)host, strlen(host) + 1});
	return 0;
}

static void on_resolve_cancel(struct lac *lac, const void *token)
{
	HOLDS(of_lac(lac), forget(of_lac(lac)->world, resolved, token));
}

static void counted(struct world *w, struct happening *h)
{
	const struct lac_count count = {.packets_in = 3, .octets_in = 300};
	int err = kernel_fails(h->box) ? -ENOENT : 0;

	INSIDE(h->box, lac_counted(h->target, err, &count, w->now));
}

static int on_count(struct lac_call *call)
{
	struct box *box = of_call(call);

	HOLDS(box, call->session && !is_due(box->world, counted, call));
	if (kernel_fails(box))
		return -ENOMEM;
	later(box->world, kernel_delay(box), counted, box, call, (struct bytes){0});
	return 0;
}

/* --- pppd of calls that end here --- */

static void pppd_over(struct world *w, struct happening *h)
{
	struct reason reason = reason_make(ORIGIN_PPP, CDN_ADMIN, 0, "pppd ended");
	struct lac_call *call = h->target;

	free(call->pppd);
	call->pppd = NULL;
	h->box->pppds--;
	INSIDE(h->box, lac_pppd_down(call, &reason, w->now));
}

static void pppd_up(struct world *w, struct happening *h)
{
	if (kernel_fails(h->box)) {
		pppd_over(w, h);
		return;
	}
	w->totals->local++;
	INSIDE(h->box, lac_pppd_up(h->target, "ppp7", "somebody", w->now));
}

static int on_pppd_start(struct lac_call *call)
{
	struct box *box = of_call(call);

	/* pppd's own socket is on the same session. */
	HOLDS(box, !call->io && !call->pppd);
	if (kernel_fails(box))
		return -EAGAIN;
	call->pppd = sim_alloc(1);
	box->pppds++;
	later(box->world, kernel_delay(box), pppd_up, box, call, (struct bytes){0});
	return 0;
}

static void on_pppd_stop(struct lac_call *call, enum ppp_stop how)
{
	struct box *box = of_call(call);

	(void)how;
	HOLDS(box, call->pppd);
	forget(box->world, pppd_up, call);
	if (!is_due(box->world, pppd_over, call))
		later(box->world, kernel_delay(box), pppd_over, box, call, (struct bytes){0});
}

void access_echo(struct box *box)
{
	struct lac_call *call;

	for (call = lac_next(box->lac, NULL); call; call = lac_next(box->lac, call)) {
		if (call->pppd && !subscriber_in(box->world, call))
			on_pppd_stop(call, PPP_STOP_HANGUP);
	}
}

static void on_event(const struct lac_call *call, enum lac_news news, const char *text)
{
	struct box *box = of_call(call);

	SAY(box->world, box->name, "  call %s of %s: %s: %s", call->id,
	    call->user ? call->user : "?", lac_news_name(news), text);
	check_news(box, call, news, text);
}

static void on_destination(struct lac *lac, const struct steer_destination *destination)
{
	struct box *box = of_lac(lac);

	SAY(box->world, box->name, "  destination %s is %s", destination->server,
	    steer_lock_name(destination->lock));
	box->world->totals->lockouts += destination->lock == STEER_LOCKED;
}

const struct lac_ops sim_lac_ops = {
	.random = on_random,
	.new_owner = on_new_owner,
	.access_create = on_access_create,
	.access_delete = on_access_delete,
	.access_send = on_access_send,
	.replay = on_replay,
	.pppd_start = on_pppd_start,
	.pppd_stop = on_pppd_stop,
	.resolve = on_resolve,
	.resolve_cancel = on_resolve_cancel,
	.count = on_count,
	.event = on_event,
	.destination_event = on_destination,
};

/* --- the interface --- */

static void on_ac_random(struct pppoe_ac *ac, void *data, size_t len)
{
	random_octets(((struct box *)pppoe_ac_ctx(ac))->world, data, len);
}

/* A client is told of an end once, and not after he told it himself. */
static void on_ac_send(struct pppoe_ac *ac, struct bytes frame)
{
	struct box *box = pppoe_ac_ctx(ac);
	struct world *w = box->world;
	struct pppoe_packet packet;

	HOLDS(box, pppoe_parse(frame, &packet) == 0);
	if (packet.code == PPPOE_PADS && packet.session_id) {
		w->n_open += !w->open[packet.session_id];
		w->open[packet.session_id] = true;
	}
	if (packet.code == PPPOE_PADT) {
		HOLDS(box, w->open[packet.session_id]);
		w->open[packet.session_id] = false;
		w->n_open--;
		w->totals->padts++;
	}
	ether_to_subscriber(w, packet.destination, frame, true, 0);
}

static void on_requested(struct pppoe_session *s, usec_t now)
{
	struct box *box = pppoe_ac_ctx(s->ac);

	lac_pppoe_requested(box->lac, box->settings->access, &box->port, s, now);
}

static const struct pppoe_ops ac_ops = {
	.random = on_ac_random,
	.send = on_ac_send,
	.requested = on_requested,
	.closed = lac_pppoe_closed,
};

void access_port_begin(struct box *box)
{
	HOLDS(box,
	      pppoe_ac_new(&ac_ops, box, &box->settings->access->pppoe, ac_mac, &box->ac) == 0);
}

void access_begin(struct box *box)
{
	struct lac_params params = {.ops = &sim_lac_ops, .ctx = box, .engine = box->engine};

	list_init(&box->calls);
	timer_queue_init(&box->timers);
	box->settings = settings_new(box);
	params.timers = &box->timers;
	params.settings = &box->settings->lac;
	params.radius_settings = &box->settings->radius;
	HOLDS(box, lac_new(&params, &box->lac) == 0);
	HOLDS(box, radius_client_new(&sim_radius_ops, box, &box->timers, &box->settings->radius,
				     &box->radius) == 0);
	lac_set_radius(box->lac, box->radius);
	box->port = (struct lac_port){.interface = "eth1", .index = 3, .speed = 1000000000};
	if (box->number == THE_LAC)
		access_port_begin(box);
}

void access_free(struct box *box)
{
	struct end *end, *next;
	struct sim_call *sc, *after;
	struct lac_call *call;

	/* What the daemon does when its time is over: the kernel's answers come first. */
	if (box->ac)
		pppoe_ac_stop(box->ac, "the access concentrator stops", box->world->now);
	for (call = lac_next(box->lac, NULL); call; call = lac_next(box->lac, call)) {
		free(call->pppd);
		call->pppd = call->io = NULL;
	}
	list_for_each_safe (end, next, &box->ends, node) {
		if (end->call)
			end_free(end);
	}
	lac_free(box->lac);
	/* Names it took back itself; the rest goes with the box. */
	HOLDS(box, !awaits(box->world, resolved, box));
	radius_client_free(box->radius);
	pppoe_ac_free(box->ac);
	list_for_each_safe (sc, after, &box->calls, node)
		free(sc);
	list_init(&box->calls);
	box->lac = NULL;
	box->ac = NULL;
	box->radius = NULL;
}
