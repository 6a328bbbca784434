/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records of what ended, each with its own timer, oldest first.
 */
#include "l2tp/ended.h"

#include <assert.h>
#include <stdio.h>

#include "base/mem.h"
#include "l2tp/private.h"

static void ended_free(struct l2tp_ended *e)
{
	assert(e);
	list_remove(&e->node);
	hash_remove(&e->engine->ended_by_serial, &e->by_serial);
	timer_stop(&e->engine->timers, &e->timer);
	e->engine->n_ended--;
	mem_free(e);
}

static void on_timer(struct timer *timer, usec_t now)
{
	(void)now;
	ended_free(container_of(timer, struct l2tp_ended, timer));
}

void ended_drop_all(struct l2tp_engine *engine)
{
	struct l2tp_ended *e, *after;

	list_for_each_safe (e, after, &engine->ended, node)
		ended_free(e);
}

/* Where there is no memory for it, or no wish, NULL. */
static struct l2tp_ended *ended_new(const struct l2tp_tunnel *t, usec_t now)
{
	usec_t timeout = t->peer->destruct_timeout;
	struct l2tp_engine *engine = t->engine;
	struct l2tp_ended *e;

	if (!timeout || !engine->limits.max_ended || engine->shutting_down)
		return NULL;
	while (engine->n_ended >= engine->limits.max_ended)
		ended_free(list_first(&engine->ended, struct l2tp_ended, node));
	e = mem_alloc(sizeof(*e));
	if (!e)
		return NULL;
	timer_init(&e->timer, on_timer);
	e->serial = ++engine->ended_serial;
	if (hash_insert(&engine->ended_by_serial, &e->by_serial, e->serial) ||
	    timer_start(&engine->timers, &e->timer, now + timeout)) {
		hash_remove(&engine->ended_by_serial, &e->by_serial);
		mem_free(e);
		return NULL;
	}
	e->engine = engine;
	e->ended_at = now;
	e->tunnel_id = t->core.tunnel_id;
	e->peer_tunnel_id = t->core.peer_tunnel_id;
	e->initiator = t->core.initiator;
	e->local = t->core.local;
	e->peer = t->core.peer;
	snprintf(e->tunnel_name, sizeof(e->tunnel_name), "%s", t->core.name);
	snprintf(e->peer_name, sizeof(e->peer_name), "%s", t->peer->name);
	snprintf(e->peer_host_name, sizeof(e->peer_host_name), "%s", t->core.peer_host_name);
	list_append(&engine->ended, &e->node);
	engine->n_ended++;
	return e;
}

void ended_keep_tunnel(const struct l2tp_tunnel *t, usec_t now)
{
	struct l2tp_ended *e = ended_new(t, now);

	if (!e)
		return;
	snprintf(e->name, sizeof(e->name), "%s", t->core.name);
	e->reason = t->reason;
}

void ended_keep_session(const struct l2tp_session *s, usec_t now)
{
	struct l2tp_ended *e = ended_new(s->tunnel, now);

	if (!e)
		return;
	snprintf(e->name, sizeof(e->name), "%s", call_info_text(s->info, CALL_NAME));
	e->session_id = s->core.session_id;
	e->peer_session_id = s->core.peer_session_id;
	e->type = s->core.type;
	e->reason = s->reason;
}

const struct l2tp_ended *l2tp_ended_find(const struct l2tp_engine *engine, uint64_t serial)
{
	struct hash_node *node = hash_find(&engine->ended_by_serial, serial);

	return node ? container_of(node, struct l2tp_ended, by_serial) : NULL;
}
