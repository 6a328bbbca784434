/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands: one function each, in one table beside that of protocol.c; those that show stand in
 * show.c, those of the administrative state in admin.c.
 *
 * A function ends its request or leaves it waiting. What it calls of the daemon's may answer the
 * request through an event before it returns, so it is looked up again afterwards.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "control/private.h"

/* Ends a request whose argument names a tunnel that is not there. */
static void fail_no_tunnel(struct request *r, const char *key)
{
	if (strcmp(key, "tunnel_id") == 0)
		request_fail(r, -ENOENT, "no tunnel has tunnel_id %u", request_uint(r, key));
	else
		request_fail(r, -ENOENT, "no tunnel is named %s", request_text(r, key));
}

bool request_find_tunnel(struct request *r, const char *name_key, struct l2tp_tunnel **ret)
{
	const struct l2tp_engine *engine = r->client->control->engine;
	const char *name = request_text(r, name_key);
	struct l2tp_tunnel *t = NULL;

	if (name) {
		t = l2tp_tunnel_find_name(engine, name);
		if (!t) {
			fail_no_tunnel(r, name_key);
			return false;
		}
	}
	if (request_has(r, "tunnel_id")) {
		struct l2tp_tunnel *by_id = l2tp_tunnel_find(engine, request_uint(r, "tunnel_id"));

		if (!by_id) {
			fail_no_tunnel(r, "tunnel_id");
			return false;
		}
		if (t && t != by_id) {
			request_fail(r, -EINVAL, "tunnel_id %u is not the tunnel named %s",
				     by_id->core.tunnel_id, name);
			return false;
		}
		t = by_id;
	}
	*ret = t;
	return true;
}

/* The end of an `add` after the daemon was asked. */
static void opened(struct control *control, uint64_t ticket, int err, const char *text)
{
	struct request *r = request_find(control, ticket);
	struct l2tp_session *s;
	struct l2tp_tunnel *t;

	if (!r)
		return;
	if (err) {
		request_fail(r, err, "%s", text);
		return;
	}
	if (request_waits(r)) {
		request_wait(r, REQUEST_UP);
		return;
	}
	list_for_each (t, &control->engine->tunnels, node) {
		if (r->id == CONTROL_ADD_TUNNEL && t->owner == ticket)
			request_send_tunnel(r, t);
		for (s = l2tp_session_next(t, NULL); s; s = l2tp_session_next(t, s)) {
			if (s->owner == ticket)
				request_send_session(r, s);
		}
	}
	request_done(r, text);
}

static void add_tunnel(struct request *r)
{
	struct control *control = r->client->control;
	uint64_t ticket = r->ticket;
	struct control_tunnel_request request = {
		.name = request_text(r, "name"),
		.remote = request_text(r, "remote"),
		.remote_port = (uint16_t)request_uint(r, "udp_dport"),
		.tunnel_id = (uint16_t)request_uint(r, "tunnel_id"),
		.peer = request_text(r, "peer"),
		.host_name = request_text(r, "host_name"),
		.secret = request_text(r, "secret"),
		.has_hello_interval = request_has(r, "hello_interval"),
		.hello_interval = request_uint(r, "hello_interval") * USEC_PER_SEC,
	};
	const char *local = request_text(r, "local");
	char text[CONTROL_TEXT_MAX] = "";
	int err;

	if (request.peer && (request.host_name || request.secret || request.has_hello_interval)) {
		request_fail(r, -EINVAL,
			     "a peer section already has host_name, secret and hello_interval");
		return;
	}
	if (local)
		addr_parse(local, &request.local);
	request.local.port = (uint16_t)request_uint(r, "udp_sport");
	r->stage = REQUEST_UP;
	err = control->ops->open_tunnel(control->ctx, &request, ticket, text, sizeof(text));
	opened(control, ticket, err, text);
}

/* Ends a request for a call that cannot be, with what is wrong with it. */
static bool outgoing_possible(struct request *r, const struct control_session_request *request)
{
	const struct session_params *params = &request->params;
	const char *why = NULL;

	if (!params->outgoing && (params->minimum_bps || params->maximum_bps))
		why = "minimum_bps and maximum_bps are of outgoing calls";
	else if (params->outgoing && (params->tx_connect_speed || params->rx_connect_speed))
		why = "the peer tells the speed of an outgoing call";
	else if (params->outgoing && (params->private_group || params->physical_channel))
		why = "private_group and physical_channel are a LAC's to tell";
	else if (params->outgoing && !params->called_number)
		why = "an outgoing call needs a called_number";
	else if (params->outgoing && !request->tunnel)
		why = "an outgoing call needs a tunnel_id or a tunnel";
	else if (params->maximum_bps && params->minimum_bps > params->maximum_bps)
		why = "minimum_bps is more than maximum_bps";
	if (why)
		request_fail(r, -EINVAL, "%s", why);
	return !why;
}

static void add_session(struct request *r)
{
	struct control *control = r->client->control;
	uint64_t ticket = r->ticket;
	const char *type = request_text(r, "type");
	struct control_session_request request = {
		.params.name = request_text(r, "name"),
		.params.ppp_profile = request_text(r, "ppp"),
		.params.called_number = request_text(r, "called_number"),
		.params.calling_number = request_text(r, "calling_number"),
		.params.sub_address = request_text(r, "sub_address"),
		.params.private_group = request_text(r, "private_group"),
		.params.physical_channel = request_uint(r, "physical_channel"),
		.params.session_id = (uint16_t)request_uint(r, "session_id"),
		.params.tx_connect_speed = request_uint(r, "tx_connect_speed"),
		.params.rx_connect_speed = request_uint(r, "rx_connect_speed"),
		.params.outgoing = type && strcmp(type, "outgoing") == 0,
		.params.minimum_bps = request_uint(r, "minimum_bps"),
		.params.maximum_bps = request_uint(r, "maximum_bps"),
		.params.owner = ticket,
	};
	char text[CONTROL_TEXT_MAX] = "";
	int err;

	if (!request_find_tunnel(r, "tunnel", &request.tunnel))
		return;
	if (!outgoing_possible(r, &request))
		return;
	r->stage = REQUEST_UP;
	err = control->ops->open_session(control->ctx, &request, text, sizeof(text));
	opened(control, ticket, err, text);
}

/* Closes what stands in the walk, and waits until the last of it is gone. */
static void close_all(struct request *r)
{
	struct control *control = r->client->control;
	bool tunnels = r->walk.type == OBJECT_TUNNEL;
	struct walk_item *items;
	uint64_t ticket = r->ticket;
	size_t n = r->walk.n;

	if (!n) {
		request_done(r, NULL);
		return;
	}
	/* The request may be answered, and its walk gone, while there are still some to close. */
	items = mem_alloc(n * sizeof(*items));
	if (!items) {
		request_fail(r, -ENOMEM, "%s", "");
		return;
	}
	walk_sort(&r->walk);
	memcpy(items, r->walk.items, n * sizeof(*items));
	r->stage = REQUEST_GONE;
	for (size_t i = 0; i < n; i++) {
		struct l2tp_tunnel *t = l2tp_tunnel_find(control->engine, items[i].tunnel_id);
		struct l2tp_session *s = t ? l2tp_session_find(t, items[i].session_id) : NULL;

		if (t && tunnels)
			control->ops->close_tunnel(control->ctx, t);
		else if (s)
			control->ops->close_session(control->ctx, s);
	}
	mem_free(items);
	r = request_find(control, ticket);
	if (!r)
		return;
	if (request_waits(r))
		request_wait(r, REQUEST_GONE);
	else
		request_done(r, NULL);
}

static int add_sessions(struct walk *walk, const struct l2tp_tunnel *t)
{
	const struct l2tp_session *s;
	int err = 0;

	for (s = l2tp_session_next(t, NULL); s && !err; s = l2tp_session_next(t, s))
		err = walk_add(walk, t->core.tunnel_id, s->core.session_id, NULL);
	return err;
}

static void del_tunnel(struct request *r)
{
	unsigned int given =
		request_has(r, "all") + request_has(r, "tunnel_id") + request_has(r, "name");
	struct l2tp_tunnel *t = NULL;
	int err = 0;

	if (given != 1) {
		request_fail(r, -EINVAL, "only one of tunnel_id, name and all can be");
		return;
	}
	if (!request_find_tunnel(r, "name", &t))
		return;
	r->walk.type = OBJECT_TUNNEL;
	if (t) {
		err = walk_add(&r->walk, t->core.tunnel_id, 0, NULL);
	} else {
		list_for_each (t, &r->client->control->engine->tunnels, node) {
			err = walk_add(&r->walk, t->core.tunnel_id, 0, NULL);
			if (err)
				break;
		}
	}
	if (err)
		request_fail(r, err, "%s", "");
	else
		close_all(r);
}

struct l2tp_session *request_find_session(struct request *r, const struct l2tp_tunnel *t)
{
	const char *name = request_text(r, "name");
	struct l2tp_session *s;

	if (name) {
		s = l2tp_session_find_name(r->client->control->engine, name);
		if (!s)
			request_fail(r, -ENOENT, "no session is named %s", name);
		return s;
	}
	assert(t);
	s = l2tp_session_find(t, (uint16_t)request_uint(r, "session_id"));
	if (!s)
		request_fail(r, -ENOENT, "no session of tunnel %u has session_id %u",
			     t->core.tunnel_id, request_uint(r, "session_id"));
	return s;
}

static void del_session(struct request *r)
{
	unsigned int given =
		request_has(r, "all") + request_has(r, "session_id") + request_has(r, "name");
	struct l2tp_tunnel *t = NULL;
	struct l2tp_session *s;
	int err;

	if (given != 1) {
		request_fail(r, -EINVAL, "only one of session_id, name and all can be");
		return;
	}
	if (!request_find_tunnel(r, "tunnel", &t))
		return;
	if (!t == !request_has(r, "name")) {
		request_fail(r, -EINVAL, "%s",
			     t ? "a name needs no tunnel"
			       : "tunnel_id or tunnel is needed: session ids are per tunnel");
		return;
	}
	r->walk.type = OBJECT_SESSION;
	if (request_has(r, "all")) {
		assert(t);
		err = add_sessions(&r->walk, t);
	} else {
		s = request_find_session(r, t);
		if (!s)
			return;
		err = walk_add(&r->walk, s->tunnel->core.tunnel_id, s->core.session_id, NULL);
	}
	if (err)
		request_fail(r, err, "%s", "");
	else
		close_all(r);
}

void request_answer(struct request *r, int err, const char *text)
{
	if (err)
		request_fail(r, err, "%s", text);
	else
		request_done(r, text);
}

static void reload(struct request *r)
{
	struct control *control = r->client->control;
	char text[CONTROL_TEXT_MAX] = "";
	uint64_t ticket = r->ticket;
	int err = control->ops->reload(control->ctx, text, sizeof(text));

	r = request_find(control, ticket);
	if (r)
		request_answer(r, err, text);
}

static void debug(struct request *r)
{
	struct control *control = r->client->control;

	request_answer(r, control->ops->set_debug(control->ctx, request_uint(r, "level")), "");
}

static void (*const handlers[CONTROL_COMMAND_MAX])(struct request *r) = {
	[CONTROL_ADD_TUNNEL] = add_tunnel,
	[CONTROL_ADD_SESSION] = add_session,
	[CONTROL_DEL_TUNNEL] = del_tunnel,
	[CONTROL_DEL_SESSION] = del_session,
	[CONTROL_SHOW_TUNNEL] = command_show_tunnel,
	[CONTROL_SHOW_SESSION] = command_show_session,
	[CONTROL_DEL_CALL] = command_del_call,
	[CONTROL_SET_CALL] = command_set_call,
	[CONTROL_SHOW_CALL] = command_show_call,
	[CONTROL_SHOW_PPPOE] = command_show_pppoe,
	[CONTROL_SHOW_DOMAIN] = command_show_domain,
	[CONTROL_SHOW_DESTINATION] = command_show_destination,
	[CONTROL_SHOW_RADIUS] = command_show_radius,
	[CONTROL_TEST_STEER] = command_test_steer,
	[CONTROL_UNLOCK_DESTINATION] = command_unlock_destination,
	[CONTROL_SHOW_PEER] = command_show_peer,
	[CONTROL_SHOW_STATS] = command_show_stats,
	[CONTROL_SHOW_KEPT] = command_show_kept,
	[CONTROL_SHOW_SYSTEM] = command_show_system,
	[CONTROL_SHOW_VERSION] = command_show_version,
	[CONTROL_MONITOR] = monitor_begin,
	[CONTROL_RELOAD] = reload,
	[CONTROL_DEBUG] = debug,
	[CONTROL_DRAIN_SYSTEM] = command_admin,
	[CONTROL_DRAIN_PEER] = command_admin,
	[CONTROL_DRAIN_TUNNEL] = command_admin,
	[CONTROL_DRAIN_SESSION] = command_admin,
	[CONTROL_ENABLE_SYSTEM] = command_admin,
	[CONTROL_ENABLE_PEER] = command_admin,
	[CONTROL_ENABLE_TUNNEL] = command_admin,
	[CONTROL_ENABLE_SESSION] = command_admin,
	[CONTROL_DISABLE_SYSTEM] = command_admin,
	[CONTROL_DISABLE_PEER] = command_admin,
	[CONTROL_DISABLE_TUNNEL] = command_admin,
	[CONTROL_DISABLE_SESSION] = command_admin,
};

void command_run(struct request *r)
{
	handlers[r->id](r);
}
