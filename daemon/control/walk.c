/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walks: the objects that a request is about, and their way out to the client.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "control/private.h"

int walk_add(struct walk *walk, uint16_t tunnel_id, uint16_t session_id, struct peer *peer)
{
	struct walk_item *items;
	size_t room;

	if (walk->n == walk->room) {
		room = walk->room ? walk->room * 2 : 16;
		items = mem_resize(walk->items, room * sizeof(*items));
		if (!items)
			return -ENOMEM;
		walk->items = items;
		walk->room = room;
	}
	walk->items[walk->n++] = (struct walk_item){
		.tunnel_id = tunnel_id,
		.session_id = session_id,
		.peer = peer ? peer_ref(peer) : NULL,
	};
	walk->left++;
	return 0;
}

int walk_add_told(struct walk *walk, const void *told, size_t size)
{
	void *copy = mem_alloc(size);
	int err = copy ? walk_add(walk, 0, 0, NULL) : -ENOMEM;

	if (err) {
		mem_free(copy);
		return err;
	}
	memcpy(copy, told, size);
	walk->items[walk->n - 1].told = copy;
	return 0;
}

int walk_add_call(struct walk *walk, const char *call_id)
{
	size_t size = strlen(call_id) + 1;
	char *copy = mem_alloc(size);
	int err = copy ? walk_add(walk, 0, 0, NULL) : -ENOMEM;

	if (err) {
		mem_free(copy);
		return err;
	}
	walk->items[walk->n - 1].call_id = memcpy(copy, call_id, size);
	return 0;
}

static int compare_items(const void *a, const void *b)
{
	const struct walk_item *x = a, *y = b;

	if (x->tunnel_id != y->tunnel_id)
		return x->tunnel_id < y->tunnel_id ? -1 : 1;
	if (x->session_id != y->session_id)
		return x->session_id < y->session_id ? -1 : 1;
	if (x->call_id && y->call_id)
		return strcmp(x->call_id, y->call_id);
	/* One that lives comes before those that had its ids. */
	return (x->ended > y->ended) - (x->ended < y->ended);
}

void walk_sort(struct walk *walk)
{
	if (walk->n)
		qsort(walk->items, walk->n, sizeof(*walk->items), compare_items);
}

void walk_free(struct walk *walk)
{
	for (size_t i = 0; i < walk->n; i++) {
		if (walk->items[i].peer)
			peer_unref(walk->items[i].peer);
		mem_free(walk->items[i].call_id);
		mem_free(walk->items[i].told);
	}
	mem_free(walk->items);
	*walk = (struct walk){0};
}

static bool mark_gone(struct walk *walk, const struct walk_item *key)
{
	struct walk_item *item;

	if (!walk->n)
		return false;
	item = bsearch(key, walk->items, walk->n, sizeof(*key), compare_items);
	if (!item || item->gone)
		return false;
	item->gone = true;
	return --walk->left == 0;
}

bool walk_gone(struct walk *walk, uint16_t tunnel_id, uint16_t session_id)
{
	struct walk_item key = {.tunnel_id = tunnel_id, .session_id = session_id};

	return mark_gone(walk, &key);
}

bool walk_gone_call(struct walk *walk, const char *call_id)
{
	struct walk_item key = {.call_id = (char *)call_id};

	return mark_gone(walk, &key);
}

static int compare_counters(const void *a, const void *b)
{
	const struct l2tp_nl_session *x = a, *y = b;

	if (x->tunnel_id != y->tunnel_id)
		return x->tunnel_id < y->tunnel_id ? -1 : 1;
	return (x->session_id > y->session_id) - (x->session_id < y->session_id);
}

static const struct l2tp_nl_stats *find_counters(const struct request *r,
						 const struct walk_item *item)
{
	struct l2tp_nl_session key = {
		.tunnel_id = item->tunnel_id,
		.session_id = item->session_id,
	};
	const struct l2tp_nl_session *found;

	if (!r->n_counters)
		return NULL;
	found = bsearch(&key, r->counters, r->n_counters, sizeof(key), compare_counters);
	return found ? &found->stats : NULL;
}

static bool is_one_tunnel(const struct request *r)
{
	return r->walk.type == OBJECT_TUNNEL &&
	       (request_has(r, "tunnel_id") || request_has(r, "name"));
}

void control_counters(struct control *control, uint64_t ticket, int err,
		      const struct l2tp_nl_session *sessions, size_t n)
{
	struct request *r = request_find(control, ticket);

	if (!r || r->stage != REQUEST_COUNTERS)
		return;
	ev_timer_stop(control->loop, &r->timer);
	/* A single one that is not in the kernel, not yet or no longer, has no counters. */
	if (err == -ENOENT && (request_has(r, "session_id") || is_one_tunnel(r)))
		err = 0;
	if (!err && n) {
		r->counters = mem_alloc(n * sizeof(*sessions));
		if (r->counters) {
			memcpy(r->counters, sessions, n * sizeof(*sessions));
			qsort(r->counters, n, sizeof(*sessions), compare_counters);
			r->n_counters = n;
		} else {
			err = -ENOMEM;
		}
	}
	r->counters_err = err;
	r->stage = REQUEST_WALK;
	client_wake(r->client);
}

/* Of all our tunnels in the kernel; there may be others' too. False when nobody asked. */
static bool sum_counters(const struct request *r, struct l2tp_nl_stats *sum)
{
	*sum = (struct l2tp_nl_stats){0};
	if (!request_has(r, "statistics") || r->counters_err)
		return false;
	for (size_t i = 0; i < r->n_counters; i++) {
		const struct l2tp_nl_stats *stats = &r->counters[i].stats;

		if (!l2tp_tunnel_find(r->client->control->engine,
				      (uint16_t)r->counters[i].tunnel_id))
			continue;
		sum->tx_packets += stats->tx_packets;
		sum->tx_bytes += stats->tx_bytes;
		sum->tx_errors += stats->tx_errors;
		sum->rx_packets += stats->rx_packets;
		sum->rx_bytes += stats->rx_bytes;
		sum->rx_errors += stats->rx_errors;
		sum->rx_seq_discards += stats->rx_seq_discards;
		sum->rx_out_of_order += stats->rx_out_of_order;
	}
	return true;
}

/* What is told of a tunnel or a session; false when it is not there any more. */
static bool call_sources(const struct request *r, const struct walk_item *item,
			 struct traffic *traffic, struct sources *ret)
{
	const struct l2tp_tunnel *t = l2tp_tunnel_find(r->client->control->engine, item->tunnel_id);
	const struct l2tp_session *s =
		t && item->session_id ? l2tp_session_find(t, item->session_id) : NULL;

	if (s) {
		*ret = sources_session(s, find_counters(r, item));
		return true;
	}
	if (!t || r->walk.type == OBJECT_SESSION)
		return false;
	*traffic = traffic_of_tunnel(&t->traffic);
	*ret = sources_tunnel(t);
	ret->at[SOURCE_COUNTERS] = find_counters(r, item);
	ret->at[SOURCE_TRAFFIC] = traffic;
	return true;
}

/* The JSON of an item, or NULL with *gone set when it is not there any more. */
static json_t *item_json(struct request *r, const struct walk_item *item, usec_t now, bool *gone)
{
	struct control *control = r->client->control;
	const struct l2tp_engine *engine = control->engine;
	struct sources sources = {0};
	struct tally usage;
	struct l2tp_nl_stats sum;
	struct traffic traffic;
	struct control_call call;
	json_t *json;

	*gone = false;
	if (item->ended) {
		json = ended_json(r, item->ended, now);
		*gone = !json;
		return json;
	}
	switch (r->walk.type) {
	case OBJECT_TUNNEL:
	case OBJECT_SESSION:
		*gone = !call_sources(r, item, &traffic, &sources);
		if (*gone)
			return NULL;
		break;
	case OBJECT_PEER:
		usage = l2tp_engine_usage(engine, item->peer->name);
		sources.at[SOURCE_PEER] = item->peer;
		sources.at[SOURCE_USAGE] = &usage;
		sources.admin = l2tp_admin_of_peer(engine, item->peer);
		break;
	case OBJECT_CALL:
		*gone = control->ops->find_call(control->ctx, item->call_id, &call) < 0;
		if (*gone)
			return NULL;
		sources.at[SOURCE_TOLD] = &call;
		break;
	case OBJECT_PPPOE:
	case OBJECT_DOMAIN:
	case OBJECT_DESTINATION:
	case OBJECT_RADIUS:
	case OBJECT_STEER:
	case OBJECT_KEPT:
		sources.at[SOURCE_TOLD] = item->told;
		break;
	case OBJECT_SYSTEM:
		sources.at[SOURCE_ENGINE] = engine;
		sources.admin = l2tp_admin_of_system(engine);
		break;
	case OBJECT_STATS:
		sources.at[SOURCE_ENGINE] = engine;
		sources.at[SOURCE_INFO] = &control->info;
		sources.at[SOURCE_TRAFFIC] = &engine->traffic;
		if (sum_counters(r, &sum))
			sources.at[SOURCE_COUNTERS] = &sum;
		break;
	case OBJECT_VERSION:
		sources.at[SOURCE_INFO] = &control->info;
		break;
	case OBJECT_MAX:
		break;
	}
	return object_json(r->walk.type, r->views, &sources, now);
}

void walk_send(struct request *r)
{
	struct client *client = r->client;
	struct control *control = client->control;
	usec_t now = control->ops->now(control->ctx);
	bool gone;

	while (r->walk.next < r->walk.n && client_has_room(client)) {
		json_t *json = item_json(r, &r->walk.items[r->walk.next++], now, &gone);

		if (!gone)
			client_send(client,
				    json_pack("{s:o}", object_table[r->walk.type]->name, json));
	}
	if (r->walk.next < r->walk.n)
		return;
	if (r->counters_err)
		request_fail(r, r->counters_err, "the kernel's counters could not be read: %s",
			     strerror(-r->counters_err));
	else
		request_done(r, NULL);
}
