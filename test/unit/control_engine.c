/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the engine behind the socket finds below it: a world in which everything succeeds at once
 * and nothing happens. What it tells goes to the socket.
 */
#include <string.h>

#include "control_fixture.h"

static struct fixture *of_engine(struct l2tp_engine *engine)
{
	return engine->ctx;
}

static void on_random(struct l2tp_engine *engine, void *data, size_t len)
{
	memset(data, 0, len);
	*(uint8_t *)data = of_engine(engine)->random++;
}

static int on_socket_open(struct l2tp_tunnel *t)
{
	if (t->core.local.family == ADDR_NONE)
		addr_parse("192.0.2.1", &t->core.local);
	if (!t->core.local.port)
		t->core.local.port = 1701;
	return 0;
}

static int on_socket_connect(struct l2tp_tunnel *t)
{
	(void)t;
	return 0;
}

static void on_tunnel(struct l2tp_tunnel *t)
{
	(void)t;
}

static void on_socket_send(struct l2tp_tunnel *t, struct bytes packet)
{
	(void)t;
	(void)packet;
}

static int on_tunnel_create(struct l2tp_tunnel *t)
{
	(void)t;
	return 0;
}

static int on_session_create(struct l2tp_session *s)
{
	(void)s;
	return 0;
}

static void on_session(struct l2tp_session *s)
{
	(void)s;
}

static int on_ppp_start(struct l2tp_session *s)
{
	(void)s;
	return 0;
}

static void on_ppp_stop(struct l2tp_session *s, enum ppp_stop how)
{
	(void)s;
	(void)how;
}

static void on_event(struct l2tp_engine *engine, const struct l2tp_event *event)
{
	struct fixture *f = of_engine(engine);

	if (f->control)
		control_event(f->control, event, f->now);
}

const struct l2tp_ops fixture_engine_ops = {
	.random = on_random,
	.socket_open = on_socket_open,
	.socket_connect = on_socket_connect,
	.socket_close = on_tunnel,
	.socket_send = on_socket_send,
	.tunnel_create = on_tunnel_create,
	.tunnel_delete = on_tunnel,
	.session_create = on_session_create,
	.session_delete = on_session,
	.ppp_start = on_ppp_start,
	.ppp_stop = on_ppp_stop,
	.event = on_event,
};
