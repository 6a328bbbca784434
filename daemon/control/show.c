/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands that show: each lists in a walk what there is to tell, and the walk goes out as fast
 * as the client reads. Counters are asked of the kernel first, and without them it goes out too.
 */
#include <errno.h>
#include <string.h>

#include "control/private.h"

/* Longest wait for the kernel's counters, seconds. */
#define COUNTERS_TIMEOUT 10.

void request_show(struct request *r, enum object_type type, int err)
{
	if (err) {
		request_fail(r, err, "%s", "");
		return;
	}
	r->walk.type = type;
	r->stage = REQUEST_WALK;
	if (request_has(r, "statistics"))
		r->views |= VIEW_STATISTICS;
	if (request_has(r, "details"))
		r->views |= VIEW_DETAILS;
	client_wake(r->client);
}

/* The walk begins when the kernel has answered, or was given up. */
static void ask_tunnel_counters(struct request *r, uint16_t tunnel_id)
{
	struct control *control = r->client->control;

	r->stage = REQUEST_COUNTERS;
	request_start_timer(r, COUNTERS_TIMEOUT);
	control->ops->tunnel_counters(control->ctx, tunnel_id, r->ticket);
}

/* Whether the arguments name a tunnel that lives; if they name none at all, it does. */
static bool names_living(const struct request *r, const char *name_key)
{
	const struct l2tp_engine *engine = r->client->control->engine;
	const char *name = request_text(r, name_key);

	return (!name || l2tp_tunnel_find_name(engine, name)) &&
	       (!request_has(r, "tunnel_id") ||
		l2tp_tunnel_find(engine, (uint16_t)request_uint(r, "tunnel_id")));
}

void command_show_tunnel(struct request *r)
{
	const char *peer = request_text(r, "peer");
	struct l2tp_tunnel *only, *t;
	int err = ended_add(r, OBJECT_TUNNEL, "name");

	if (err || (r->walk.n && !names_living(r, "name"))) {
		request_show(r, OBJECT_TUNNEL, err);
		return;
	}
	if (!request_find_tunnel(r, "name", &only))
		return;
	list_for_each (t, &r->client->control->engine->tunnels, node) {
		if ((only && t != only) || (peer && strcmp(t->peer->name, peer) != 0))
			continue;
		err = walk_add(&r->walk, t->core.tunnel_id, 0, NULL);
		if (err)
			break;
	}
	walk_sort(&r->walk);
	request_show(r, OBJECT_TUNNEL, err);
	if (!err && r->walk.n && request_has(r, "statistics"))
		ask_tunnel_counters(r, only ? only->core.tunnel_id : 0);
}

static bool session_matches(const struct request *r, const struct l2tp_session *s)
{
	const char *interface = request_text(r, "interface");
	const char *name = request_text(r, "name");
	const char *user = request_text(r, "user");

	return !(interface && strcmp(s->ppp.ifname, interface) != 0) &&
	       !(name && strcmp(call_info_text(s->info, CALL_NAME), name) != 0) &&
	       !(user && strcmp(call_info_text(s->info, CALL_USER), user) != 0) &&
	       !(request_has(r, "session_id") &&
		 s->core.session_id != request_uint(r, "session_id"));
}

void command_show_session(struct request *r)
{
	struct control *control = r->client->control;
	struct l2tp_tunnel *only, *t;
	struct l2tp_session *s;
	int err = ended_add(r, OBJECT_SESSION, "tunnel");

	if (err || (r->walk.n && !names_living(r, "tunnel"))) {
		request_show(r, OBJECT_SESSION, err);
		return;
	}
	if (!request_find_tunnel(r, "tunnel", &only))
		return;
	list_for_each (t, &control->engine->tunnels, node) {
		if (only && t != only)
			continue;
		for (s = l2tp_session_next(t, NULL); s && !err; s = l2tp_session_next(t, s)) {
			if (session_matches(r, s))
				err = walk_add(&r->walk, t->core.tunnel_id, s->core.session_id,
					       NULL);
		}
	}
	if (!err && !r->walk.n && (request_has(r, "session_id") || request_has(r, "name"))) {
		request_fail(r, -ENOENT, "no such session");
		return;
	}
	walk_sort(&r->walk);
	request_show(r, OBJECT_SESSION, err);
	if (err || !r->walk.n || !request_has(r, "statistics"))
		return;
	r->stage = REQUEST_COUNTERS;
	request_start_timer(r, COUNTERS_TIMEOUT);
	control->ops->counters(control->ctx, only ? only->core.tunnel_id : 0,
			       only ? (uint16_t)request_uint(r, "session_id") : 0, r->ticket);
}

void command_show_peer(struct request *r)
{
	const char *name = request_text(r, "name");
	struct peer *peer;
	int err = 0;

	list_for_each (peer, &r->client->control->engine->peers, node) {
		if (name && strcmp(peer->name, name) != 0)
			continue;
		err = walk_add(&r->walk, 0, 0, peer);
		if (err)
			break;
	}
	if (!err && name && !r->walk.n)
		request_fail(r, -ENOENT, "no peer is named %s", name);
	else
		request_show(r, OBJECT_PEER, err);
}

void command_show_stats(struct request *r)
{
	int err = walk_add(&r->walk, 0, 0, NULL);

	request_show(r, OBJECT_STATS, err);
	if (!err && request_has(r, "statistics"))
		ask_tunnel_counters(r, 0);
}

struct kept_walk {
	struct request *r;
	const char *name; /* NULL for all */
	int err;
};

static void add_kept(void *user, const struct control_kept *kept)
{
	struct kept_walk *kw = user;

	if (kw->err || (kw->name && strcmp(kept->name, kw->name) != 0))
		return;
	kw->err = walk_add_told(&kw->r->walk, kept, sizeof(*kept));
}

void command_show_kept(struct request *r)
{
	struct control *control = r->client->control;
	struct kept_walk kw = {.r = r, .name = request_text(r, "name")};

	control->ops->kept(control->ctx, add_kept, &kw);
	if (!kw.err && kw.name && !r->walk.n)
		request_fail(r, -ENOENT, "the configuration keeps nothing that is named %s",
			     kw.name);
	else
		request_show(r, OBJECT_KEPT, kw.err);
}

void command_show_system(struct request *r)
{
	request_show(r, OBJECT_SYSTEM, walk_add(&r->walk, 0, 0, NULL));
}

void command_show_version(struct request *r)
{
	request_show(r, OBJECT_VERSION, walk_add(&r->walk, 0, 0, NULL));
}
