/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels that calls need: opened when the first call wants them, shared by those that follow,
 * closed by the engine when they were idle for long enough.
 *
 * The engine's tunnel is known by its owner number and its id, never by a pointer: one that loses a
 * tie (RFC 2661 7.1) goes on as another object. The trial tunnels of locked destinations are opened
 * the same way and left to be idle.
 */
#include "lac/private.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "wire/result.h"

/* One that was only to show that its destination lives. */
#define TRIAL_IDLE_TIMEOUT USEC_PER_SEC

struct lac_tunnel *lac_tunnel_find(const struct lac *lac, uint64_t owner)
{
	struct hash_node *node = owner ? hash_find(&lac->tunnels, owner) : NULL;

	return node ? container_of(node, struct lac_tunnel, by_owner) : NULL;
}

struct l2tp_tunnel *lac_tunnel_of(const struct lac_tunnel *lt)
{
	struct l2tp_tunnel *t =
		lt->tunnel_id ? l2tp_tunnel_find(lt->lac->engine, lt->tunnel_id) : NULL;

	return t && t->owner == lt->owner ? t : NULL;
}

void lac_tunnel_free(struct lac_tunnel *lt)
{
	struct lac *lac = lt->lac;

	if (lt->resolving)
		lac->ops->resolve_cancel(lac, lt);
	if (lt->path)
		lt->path->user = NULL;
	hash_remove(&lac->tunnels, &lt->by_owner);
	peer_unref(lt->peer);
	mem_free(lt->user);
	mem_free(lt);
}

/* --- the calls in it --- */

void lac_tunnel_join(struct lac_call *call, struct lac_tunnel *lt)
{
	call->tunnel = lt;
	lt->n_calls++;
}

static void account_end(const struct lac_tunnel *lt, usec_t now)
{
	lac_account_tunnel(lt, lt->up_at ? RADIUS_TUNNEL_STOP : RADIUS_TUNNEL_REJECT, &lt->reason,
			   now);
}

/* What was counted of a call is counted of its tunnel, too; the last one has the sum told. */
static void take_count(struct lac_tunnel *lt, const struct lac_count *count, usec_t now)
{
	lt->count.packets_in += count->packets_in;
	lt->count.octets_in += count->octets_in;
	lt->count.packets_out += count->packets_out;
	lt->count.octets_out += count->octets_out;
	if (!--lt->n_up && lt->gone)
		account_end(lt, now);
}

static void release(struct lac_tunnel *lt)
{
	if (!--lt->n_calls && lt->gone)
		lac_tunnel_free(lt);
}

void lac_tunnel_leave(struct lac_call *call, usec_t now)
{
	struct lac_tunnel *lt = call->tunnel;

	list_remove(&call->in_tunnel);
	call->tunnel = NULL;
	if (!lt)
		return;
	if (call->up_at)
		take_count(lt, &call->count, now);
	release(lt);
}

void lac_tunnel_give_up(struct lac_tunnel *lt)
{
	struct lac_call *call, *after;

	if (lt->resolving)
		lt->lac->ops->resolve_cancel(lt->lac, lt);
	lt->resolving = false;
	list_for_each_safe (call, after, &lt->waiting, in_tunnel)
		list_remove(&call->in_tunnel);
	lt->gone = true;
	if (!lt->n_calls)
		lac_tunnel_free(lt);
}

/* It is not there, or not any more: those that wait for it go elsewhere. */
static void tunnel_gone(struct lac_tunnel *lt, const struct reason *reason, usec_t now)
{
	struct lac *lac = lt->lac;
	struct steer_destination *tested = lt->tested;
	struct steer_path *path = lt->path;
	struct lac_call *call, *after;

	lt->gone = true;
	lt->reason = *reason;
	/* Calls that are up have counts yet to come, and keep the path that the account names. */
	if (!lt->n_up) {
		account_end(lt, now);
		lt->path = NULL;
	}
	if (path) {
		path->user = NULL;
		steer_path_gone(lac->steer, path, reason, now);
	}
	lt->n_calls++;
	list_for_each_safe (call, after, &lt->waiting, in_tunnel)
		lac_place_failed(call, reason, true, now);
	release(lt);
	if (tested)
		steer_test_done(lac->steer, tested, false, reason, now);
}

static struct lac_tunnel *tunnel_new(struct lac *lac, const struct steer_tunnel *spec)
{
	struct lac_tunnel *lt = mem_alloc(sizeof(*lt));

	if (!lt)
		return NULL;
	lt->lac = lac;
	lt->peer = peer_ref(spec->peer);
	lt->local = spec->client;
	list_init(&lt->waiting);
	lt->owner = lac->ops->new_owner(lac);
	if (hash_insert(&lac->tunnels, &lt->by_owner, lt->owner)) {
		peer_unref(lt->peer);
		mem_free(lt);
		return NULL;
	}
	return lt;
}

int lac_tunnel_new(struct lac_call *call)
{
	struct steer_path *path = call->steer.path;
	struct lac *lac = call->lac;
	struct lac_tunnel *lt = tunnel_new(lac, &path->tunnel);
	int err;

	if (!lt)
		return -ENOMEM;
	err = lac->ops->resolve(lac, path->tunnel.server, lt->local.family, lt);
	if (err) {
		lac_tunnel_free(lt);
		return err;
	}
	lt->resolving = true;
	lt->path = path;
	path->user = lt;
	lac_set_text(&lt->user, call->user);
	lac_tunnel_join(call, lt);
	list_append(&lt->waiting, &call->in_tunnel);
	return 0;
}

static int test(struct steer *steer, struct steer_destination *destination,
		const struct steer_tunnel *spec)
{
	struct lac *lac = steer_ctx(steer);
	struct lac_tunnel *lt;
	int err;

	/* lac_stop() has forgotten the names that were waited for. */
	if (lac->stopping)
		return -ESHUTDOWN;
	lt = tunnel_new(lac, spec);
	if (!lt)
		return -ENOMEM;
	lt->tested = destination;
	err = lac->ops->resolve(lac, spec->server, lt->local.family, lt);
	lt->resolving = !err;
	if (err)
		lac_tunnel_free(lt);
	return err;
}

static int open_tunnel(struct lac_tunnel *lt, const struct addr *addr, usec_t now,
		       struct l2tp_tunnel **ret)
{
	struct tunnel_params params = {
		.peer = lt->peer,
		.remote = *addr,
		.local = lt->local,
		.idle_timeout = lt->tested ? TRIAL_IDLE_TIMEOUT : lt->peer->idle_timeout,
		.owner = lt->owner,
	};

	int err;

	params.remote.port = L2TP_PORT;
	err = l2tp_tunnel_open(lt->lac->engine, &params, now, ret);
	if (!err) {
		lt->tunnel_id = (*ret)->core.tunnel_id;
		lt->local = (*ret)->core.local;
		lt->remote = (*ret)->core.peer;
	}
	return err;
}

static void place_waiting(struct lac_tunnel *lt, struct l2tp_tunnel *t, usec_t now)
{
	struct lac_call *call, *after;

	list_for_each_safe (call, after, &lt->waiting, in_tunnel)
		lac_place_in(call, t, now);
}

void lac_resolved(struct lac *lac, void *token, int err, const char *why, const struct addr *addr,
		  usec_t now)
{
	struct lac_tunnel *lt = token;
	struct l2tp_tunnel *t = NULL;
	struct reason reason;

	(void)lac;
	lt->resolving = false;
	if (!err) {
		err = open_tunnel(lt, addr, now, &t);
		why = strerror(-err);
	}
	if (err) {
		reason = reason_make(ORIGIN_LOCAL, STOPCCN_GENERAL_ERROR, 0, "%s", why);
		tunnel_gone(lt, &reason, now);
		return;
	}
	place_waiting(lt, t, now);
}

static void tunnel_up(struct lac_tunnel *lt, const struct tunnel_core *core, usec_t now)
{
	struct steer_destination *tested = lt->tested;
	struct l2tp_tunnel *t;

	lt->tunnel_id = core->tunnel_id;
	lt->peer_id = core->peer_tunnel_id;
	lt->local = core->local;
	lt->remote = core->peer;
	lt->tested = NULL;
	lt->up_at = now;
	lac_account_tunnel(lt, RADIUS_TUNNEL_START, NULL, now);
	if (lt->path)
		steer_path_up(lt->lac->steer, lt->path, now);
	t = lac_tunnel_of(lt);
	if (t)
		place_waiting(lt, t, now);
	if (tested)
		steer_test_done(lt->lac->steer, tested, true, NULL, now);
}

void lac_tunnel_event(struct lac *lac, const struct l2tp_event *event, usec_t now)
{
	struct lac_tunnel *lt = lac_tunnel_find(lac, event->tunnel->owner);

	if (!lt || lt->gone)
		return;
	if (event->type == EVENT_TUNNEL_UP)
		tunnel_up(lt, &event->tunnel->core, now);
	else if (event->type == EVENT_TUNNEL_DOWN)
		tunnel_gone(lt, &event->tunnel->reason, now);
	else if (event->type == EVENT_ADMIN && lt->path)
		steer_path_retry(lt->path);
}

static void on_random(struct steer *steer, void *data, size_t len)
{
	struct lac *lac = steer_ctx(steer);

	lac->ops->random(lac, data, len);
}

static void on_destination(struct steer *steer, const struct steer_destination *destination)
{
	struct lac *lac = steer_ctx(steer);

	lac->ops->destination_event(lac, destination);
}

const struct steer_ops lac_steer_ops = {
	.random = on_random,
	.test = test,
	.event = on_destination,
};
