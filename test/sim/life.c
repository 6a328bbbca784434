/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lives of a box: it begins with a configuration, reads it again, stops in order or dies, and
 * begins anew at the same address, where others still believe in its tunnels.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sim/sim.h"

#define FIRST_PORT 40000

/* peer_unref() frees it as the engine's own. */
static char *copy(const char *text)
{
	size_t size = strlen(text) + 1;
	char *ptr = mem_alloc(size);

	memcpy(ptr, text, size);
	return ptr;
}

/* Mostly the same on both sides, or there would not be much to see. */
static const char *secret_of(const struct box *box, const struct box *other)
{
	struct world *w = box->world;
	unsigned int low = box->number < other->number ? box->number : other->number;
	unsigned int high = box->number ^ other->number ^ low;

	if ((w->seed >> 5) % 16 == 0 && box->number == high)
		return "another";
	return (w->seed >> (low + high)) % 2 ? "secret" : NULL;
}

static void tell_apart(struct peer *peer, const struct box *other)
{
	if (!other->has_nat && chance(other->world, 50)) {
		peer->addresses = mem_alloc(sizeof(*peer->addresses));
		peer->n_addresses = 1;
		peer->addresses[0] = (struct prefix){.family = ADDR_IPV4, .len = 32};
		memcpy(peer->addresses[0].ip, other->outside.ip, sizeof(other->outside.ip));
	} else {
		peer->host_name = copy(other->name);
	}
}

static enum change_policy some_policy(struct world *w)
{
	return chance(w, 80) ? CHANGE_ACCEPT : (enum change_policy)below(w, CHANGE_REJECT + 1);
}

static enum challenge_policy some_challenge(struct world *w)
{
	return (enum challenge_policy)below(w, CHALLENGE_NEVER);
}

static struct peer *new_peer(const struct box *box, const struct box *other)
{
	struct world *w = box->world;
	const char *secret = secret_of(box, other);
	struct peer *peer = peer_new(other->name);

	tell_apart(peer, other);
	peer->local_name = copy(box->name);
	/* Who answers outgoing calls. */
	peer->ppp = chance(w, 90) ? copy("client") : NULL;
	peer->secret = secret ? copy(secret) : NULL;
	peer->challenge = secret ? some_challenge(w) : CHALLENGE_NEVER;
	peer->hide = (enum hide_policy)below(w, HIDE_ALWAYS + 1);
	peer->calls = chance(w, 95) ? CALL_PPP : CALL_REJECT;
	peer->sequencing = chance(w, 30);
	peer->max_tunnels = chance(w, 80) ? 0 : 1 + below(w, 3);
	peer->max_sessions_per_tunnel = chance(w, 80) ? 0 : 1 + below(w, 3);
	peer->max_sessions = chance(w, 80) ? 0 : 1 + below(w, 3);
	peer->idle_timeout = below(w, 3) * 20 * USEC_PER_SEC;
	peer->destruct_timeout = below(w, 3) * 20 * USEC_PER_SEC;
	peer->address_change = some_policy(w);
	peer->port_change = some_policy(w);
	peer->admin_configured = chance(w, 97) ? ADMIN_ENABLED : ADMIN_DRAIN;
	peer->transport.setup_retries = below(w, 4);
	peer->transport.hello_jitter = (uint8_t)below(w, 50);
	peer->transport.window = (uint16_t)(1 + below(w, chance(w, 50) ? 4 : 40));
	peer->transport.retries = 5 + below(w, 6);
	peer->transport.hello_interval = (5 + below(w, 56)) * USEC_PER_SEC;
	return peer;
}

static void read_peers(struct box *box)
{
	const struct world *w = box->world;
	struct list peers;

	list_init(&peers);
	for (unsigned int i = 0; i < w->n_boxes; i++) {
		if (w->linked[box->number][i])
			list_append(&peers, &new_peer(box, &w->boxes[i])->node);
	}
	l2tp_engine_set_peers(box->engine, &peers);
}

static void tell_stale(struct box *box)
{
	struct peer *peer = peer_new("stale");

	for (unsigned int i = 0; i < box->n_stale; i++) {
		box->world->totals->stale_told++;
		TRACE(box, "tells of tunnel %u of before", box->stale[i].tunnel_id);
		/* Refused when two had one id, which only a core written late can. */
		(void)l2tp_tunnel_clear_stale(box->engine, &box->stale[i], peer, box->world->now);
	}
	peer_unref(peer);
	box->n_stale = 0;
}

static void begin(struct box *box)
{
	struct world *w = box->world;
	struct limits limits = limits_default;

	if (chance(w, 10))
		limits.max_half_open = 1 + below(w, 4);
	if (chance(w, 10))
		limits.max_tunnels = 1 + below(w, 4);
	if (chance(w, 10))
		limits.max_sessions = 1 + below(w, 6);
	if (chance(w, 10))
		limits.max_half_open_per_source = 1 + below(w, 3);
	if (chance(w, 10))
		limits.max_sccrq_rate = 1 + below(w, 5);
	limits.max_ended = chance(w, 50) ? limits.max_ended : below(w, 10);
	HOLDS(box, l2tp_engine_new(&sim_ops, box, &limits, &box->engine) == 0);
	if (!box->world->healed && chance(w, 50))
		box->n_stale = 0;
	tell_stale(box);
	read_peers(box);
}

void box_begin(struct box *box)
{
	TRACE(box, "begins");
	memory_fail(0, 0);
	box->life++;
	box->next_port = FIRST_PORT;
	box->next_id = 0;
	box->stopping = false;
	INSIDE(box, begin(box));
	check_box(box);
}

void box_reload(struct box *box)
{
	TRACE(box, "reads its configuration again");
	memory_fail(0, 0);
	INSIDE(box, read_peers(box));
	INSIDE(box, l2tp_admin_apply(box->engine, box->world->now));
	check_box(box);
}

struct peer *box_peer(const struct box *box, const struct box *other)
{
	return l2tp_engine_find_peer(box->engine, other->name);
}

void box_free(struct box *box)
{
	struct l2tp_engine *engine = box->engine;

	if (!engine)
		return;
	/* The fakes refuse what is asked of them from here. */
	box->freeing = true;
	INSIDE(box, l2tp_engine_free(engine));
	box->freeing = false;
	box->engine = NULL;
	queue_forget(box->world, box);
	HOLDS(box, box->sockets == 0);
	HOLDS(box, box->memory.blocks == 0 && box->memory.bytes == 0);
	HOLDS(box, box->n_up == 0);
	box->kernel_tunnels = box->kernel_sessions = box->ppps = 0;
}

/* As the daemon's records are: what was ended is written out as that. */
static void remember(struct box *box)
{
	const struct l2tp_tunnel *t;

	box->n_stale = 0;
	list_for_each (t, &box->engine->tunnels, node) {
		const struct sim_tunnel *st = sim_tunnel(t);

		if (st->has_core && st->core.peer_tunnel_id && box->n_stale < STALE_MAX)
			box->stale[box->n_stale++] = st->core;
	}
}

static void go_down(struct box *box)
{
	struct world *w = box->world;

	box_free(box);
	box->begins_at = w->now + below(w, chance(w, 70) ? 5000000 : 200000000);
}

void box_kill(struct box *box)
{
	TRACE(box, "dies");
	box->world->totals->restarts++;
	remember(box);
	go_down(box);
}

void box_stop(struct box *box)
{
	TRACE(box, "stops");
	box->stopping = true;
	INSIDE(box, l2tp_engine_shutdown(box->engine, box->world->now));
	check_box(box);
}

void life_run(struct world *w)
{
	for (unsigned int i = 0; i < w->n_boxes; i++) {
		struct box *box = &w->boxes[i];

		if (!box->engine && box->begins_at <= w->now) {
			box_begin(box);
		} else if (box->engine && box->stopping && !box->engine->n_tunnels) {
			TRACE(box, "has stopped");
			HOLDS(box, box->kernel_tunnels + box->kernel_sessions + box->ppps == 0);
			go_down(box);
		}
	}
}

usec_t life_next(const struct world *w)
{
	usec_t next = USEC_NEVER;

	for (unsigned int i = 0; i < w->n_boxes; i++) {
		const struct box *box = &w->boxes[i];

		if (!box->engine && box->begins_at < next)
			next = box->begins_at;
		else if (box->engine && box->stopping && !box->engine->n_tunnels)
			next = w->now;
	}
	return next;
}
