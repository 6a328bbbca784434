/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine: the tables of tunnels and peers, their beginning and their end. What a datagram
 * means is in input.c.
 */
#include "l2tp/private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "wire/result.h"

/* How often a random id may collide before one is searched for. */
#define ID_ATTEMPTS 16

void engine_event(struct l2tp_engine *engine, enum l2tp_event_type type,
		  const struct l2tp_tunnel *t, const struct l2tp_session *s,
		  const struct addr *peer, const char *text)
{
	struct l2tp_event event = {
		.type = type, .tunnel = t, .session = s, .peer = peer, .text = text};

	engine->ops->event(engine, &event);
}

int l2tp_engine_new(const struct l2tp_ops *ops, void *ctx, const struct limits *limits,
		    struct l2tp_engine **ret)
{
	struct l2tp_engine *engine = mem_alloc(sizeof(*engine));

	if (!engine)
		return -ENOMEM;
	engine->ops = ops;
	engine->ctx = ctx;
	engine->limits = *limits;
	timer_queue_init(&engine->timers);
	list_init(&engine->peers);
	list_init(&engine->tunnels);
	list_init(&engine->half_open_tunnels);
	list_init(&engine->asking_tunnels);
	list_init(&engine->ended);
	list_init(&engine->dead);
	hash_init(&engine->by_id);
	hash_init(&engine->by_peer);
	hash_init(&engine->tunnel_names);
	hash_init(&engine->session_names);
	hash_init(&engine->ended_by_serial);
	hash_init(&engine->usage);
	hash_init(&engine->half_open);
	rate_init(&engine->sccrq_rate);
	ops->random(engine, &engine->seed, sizeof(engine->seed));
	/* Unique in a control connection is what RFC 2661 4.4.4 asks; a random start also keeps
	 * calls apart over a restart. */
	ops->random(engine, &engine->call_serial, sizeof(engine->call_serial));
	ops->random(engine, &engine->challenge_seed, sizeof(engine->challenge_seed));
	tsa_make_id(engine);
	*ret = engine;
	return 0;
}

static void drop_peers(struct list *peers)
{
	struct peer *peer, *after;

	list_for_each_safe (peer, after, peers, node) {
		list_remove(&peer->node);
		peer_unref(peer);
	}
}

void l2tp_engine_free(struct l2tp_engine *engine)
{
	struct l2tp_tunnel *t, *after;

	if (!engine)
		return;
	list_for_each_safe (t, after, &engine->tunnels, node)
		tunnel_free(t);
	engine_reap(engine);
	ended_drop_all(engine);
	drop_peers(&engine->peers);
	hash_fini(&engine->by_id);
	hash_fini(&engine->by_peer);
	hash_fini(&engine->tunnel_names);
	hash_fini(&engine->session_names);
	hash_fini(&engine->ended_by_serial);
	hash_fini(&engine->usage);
	hash_fini(&engine->half_open);
	rate_fini(&engine->sccrq_rate);
	timer_queue_fini(&engine->timers);
	mem_free(engine);
}

void engine_reap(struct l2tp_engine *engine)
{
	struct l2tp_tunnel *t, *after;

	list_for_each_safe (t, after, &engine->dead, node)
		tunnel_free(t);
}

static void move_peers(struct list *from, struct list *to)
{
	struct peer *peer, *after;

	list_for_each_safe (peer, after, from, node) {
		list_remove(&peer->node);
		list_append(to, &peer->node);
	}
}

void l2tp_engine_set_peers(struct l2tp_engine *engine, struct list *peers)
{
	struct list old;

	list_init(&old);
	move_peers(&engine->peers, &old);
	move_peers(peers, &engine->peers);
	admin_inherit(engine, &old);
	drop_peers(&old);
}

struct peer *l2tp_engine_find_peer(const struct l2tp_engine *engine, const char *name)
{
	struct peer *peer;

	list_for_each (peer, &engine->peers, node) {
		if (strcmp(peer->name, name) == 0)
			return peer;
	}
	return NULL;
}

struct tally l2tp_engine_usage(const struct l2tp_engine *engine, const char *name)
{
	const struct tally *tally = tally_find(&engine->usage, engine_name_key(engine, name));

	return tally ? *tally : (struct tally){0};
}

struct bytes peer_secret(const struct peer *peer)
{
	return bytes_str(peer ? peer->secret : NULL);
}

uint64_t engine_peer_key(const struct l2tp_engine *engine, const struct addr *peer,
			 uint16_t peer_tunnel_id)
{
	uint8_t key[20] = {0};
	struct writer w = writer_init(key, sizeof(key));

	writer_bytes(&w, (struct bytes){peer->ip, sizeof(peer->ip)});
	writer_u16(&w, peer->port);
	writer_u16(&w, peer_tunnel_id);
	return hash_bytes(key, sizeof(key), engine->seed);
}

uint64_t engine_source_key(const struct l2tp_engine *engine, const struct addr *source)
{
	/* Whoever has one address of IPv6 has a whole /64 to choose from. */
	size_t len = source->family == ADDR_IPV6 ? 8 : 4;

	return hash_bytes(source->ip, len, engine->seed + source->family);
}

struct l2tp_tunnel *l2tp_tunnel_find(const struct l2tp_engine *engine, uint16_t tunnel_id)
{
	struct hash_node *node = hash_find(&engine->by_id, hash_u64(tunnel_id, engine->seed));

	for (; node; node = hash_find_next(node)) {
		struct l2tp_tunnel *t = container_of(node, struct l2tp_tunnel, by_id);

		if (t->core.tunnel_id == tunnel_id)
			return t;
	}
	return NULL;
}

uint64_t engine_name_key(const struct l2tp_engine *engine, const char *name)
{
	return hash_bytes(name, strlen(name), engine->seed);
}

struct l2tp_tunnel *l2tp_tunnel_find_name(const struct l2tp_engine *engine, const char *name)
{
	struct hash_node *node = hash_find(&engine->tunnel_names, engine_name_key(engine, name));

	for (; node; node = hash_find_next(node)) {
		struct l2tp_tunnel *t = container_of(node, struct l2tp_tunnel, by_name);

		if (strcmp(t->core.name, name) == 0)
			return t;
	}
	return NULL;
}

int tunnel_set_name(struct l2tp_tunnel *t, const char *name)
{
	if (!name || !name[0])
		return 0;
	snprintf(t->core.name, sizeof(t->core.name), "%s", name);
	return hash_insert(&t->engine->tunnel_names, &t->by_name,
			   engine_name_key(t->engine, t->core.name));
}

void tunnel_take_name(struct l2tp_tunnel *t, struct l2tp_tunnel *from)
{
	/* The other's node is still in the table, so this cannot fail. */
	if (!from->core.name[0] || tunnel_set_name(t, from->core.name))
		return;
	hash_remove(&t->engine->tunnel_names, &from->by_name);
	from->core.name[0] = '\0';
}

uint16_t engine_new_id(struct l2tp_engine *engine, bool (*is_taken)(const void *owner, uint16_t id),
		       const void *owner)
{
	uint16_t id = 0, step;

	/* Random, because the kernel accepts data for a guessed id from anybody, and because the
	 * id space is shared with `ip l2tp` and with other daemons. */
	for (int i = 0; i < ID_ATTEMPTS; i++) {
		engine->ops->random(engine, &id, sizeof(id));
		if (id && !is_taken(owner, id))
			return id;
	}
	/* Nearly all are taken. An odd step comes past each, and being another each time it makes
	 * no heaps as one of 1 would. */
	engine->ops->random(engine, &step, sizeof(step));
	for (unsigned int i = 0; i <= UINT16_MAX; i++) {
		id = (uint16_t)(id + (step | 1));
		if (id && !is_taken(owner, id))
			return id;
	}
	return 0;
}

static bool is_tunnel(const void *engine, uint16_t id)
{
	return l2tp_tunnel_find(engine, id);
}

uint16_t engine_new_tunnel_id(struct l2tp_engine *engine)
{
	return engine_new_id(engine, is_tunnel, engine);
}

void l2tp_engine_run(struct l2tp_engine *engine, usec_t now)
{
	timer_queue_run(&engine->timers, now);
	engine_reap(engine);
}

void l2tp_engine_shutdown(struct l2tp_engine *engine, usec_t now)
{
	struct reason reason =
		reason_make(ORIGIN_LOCAL, STOPCCN_SHUTTING_DOWN, 0, "the daemon is shutting down");
	struct l2tp_tunnel *t, *after;

	engine->shutting_down = true;
	ended_drop_all(engine);
	list_for_each_safe (t, after, &engine->tunnels, node)
		tunnel_close(t, &reason, now);
	engine_reap(engine);
}
