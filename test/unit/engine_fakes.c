/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sockets, the kernel and the PPP of a box: struct l2tp_ops as tests want it.
 *
 * Each fake asserts what its real counterpart would suffer from: a session made in a tunnel that is
 * not there, something deleted twice, PPP without a channel. They allocate outside of mem_alloc(),
 * whose failures are meant for the engine.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine_fixture.h"

/* A tunnel's socket. */
struct fake_socket {
	struct list node;
	struct addr local;
	struct addr peer;
	bool connected;
};

/* A tunnel or a session of the kernel. */
struct fake_object {
	bool up;
	bool modifying;
	bool numbers;
	bool deleting;
};

struct fake_ppp {
	bool up;
};

static struct box *of_tunnel(const struct l2tp_tunnel *t)
{
	return t->engine->ctx;
}

static struct box *of_session(const struct l2tp_session *s)
{
	return of_tunnel(s->tunnel);
}

static int called(struct box *box, enum fake_op op)
{
	assert_false(box->freeing);
	box->fake[op].calls++;
	return box->fake[op].fails;
}

static void *new_zeroed(size_t size)
{
	void *ptr = calloc(1, size);

	assert_non_null(ptr);
	return ptr;
}

static void on_random(struct l2tp_engine *engine, void *data, size_t len)
{
	struct box *box = engine->ctx;
	uint8_t *out = data;

	while (len--)
		*out++ = box->no_random ? 0 : (uint8_t)world_random(box->world);
}

static int socket_open(struct l2tp_tunnel *t)
{
	struct box *box = of_tunnel(t);
	struct fake_socket *socket;
	int err = called(box, FAKE_SOCKET_OPEN);

	assert_null(t->io);
	if (err)
		return err;
	socket = new_zeroed(sizeof(*socket));
	if (t->core.local.family == ADDR_NONE)
		t->core.local =
			(struct addr){.family = box->addr.family, .port = t->core.local.port};
	memcpy(t->core.local.ip, box->addr.ip, sizeof(box->addr.ip));
	if (!t->core.local.port)
		t->core.local.port = box->next_port++;
	socket->connected = !t->half_open && (!t->core.initiator || t->core.peer_tunnel_id);
	socket->local = t->core.local;
	socket->peer = t->core.peer;
	t->io = socket;
	box->sockets++;
	return 0;
}

static int socket_connect(struct l2tp_tunnel *t)
{
	struct fake_socket *socket = t->io;
	int err = called(of_tunnel(t), FAKE_SOCKET_CONNECT);

	assert_non_null(socket);
	if (err)
		return err;
	socket->connected = true;
	socket->peer = t->core.peer;
	return 0;
}

static void socket_close(struct l2tp_tunnel *t)
{
	struct box *box = of_tunnel(t);

	assert_non_null(t->io);
	/* The kernel's tunnel lives in the socket. */
	assert_true(box->freeing || !t->dp);
	free(t->dp);
	t->dp = NULL;
	free(t->io);
	t->io = NULL;
	box->sockets--;
}

static void socket_send(struct l2tp_tunnel *t, struct bytes packet)
{
	const struct fake_socket *socket = t->io;
	struct control_header header;
	struct bytes body;
	bool repeated;

	assert_non_null(socket);
	assert_int_equal(packet_parse(packet, &header, &body), PACKET_CONTROL);
	repeated = body.len && t->transport.tries && header.ns == t->transport.acked;
	world_packet(of_tunnel(t), repeated ? SENT_AGAIN : SENT_FIRST, &socket->local,
		     socket->connected ? &socket->peer : &t->core.peer, packet);
}

static void on_reply(struct l2tp_engine *engine, const struct addr *local, const struct addr *peer,
		     struct bytes packet)
{
	world_packet(engine->ctx, SENT_REPLY, local, peer, packet);
}

bool fake_hears(const struct box *box, const struct addr *from, const struct addr *to)
{
	const struct fake_socket *socket;
	struct l2tp_tunnel *t;

	if (!addr_same_host(&box->addr, to))
		return false;
	if (to->port == box->addr.port)
		return true;
	list_for_each (t, &box->engine->tunnels, node) {
		socket = t->io;
		if (socket && socket->local.port == to->port &&
		    (!socket->connected || addr_equal(&socket->peer, from)))
			return true;
	}
	return false;
}

void fake_check_tunnel(const struct l2tp_tunnel *t)
{
	const struct fake_socket *socket = t->io;

	assert_non_null(socket);
	/* The peer's other tunnels would lose their data to it. */
	assert_false(t->half_open && socket->connected);
	assert_true(!socket->connected || addr_equal(&socket->peer, &t->core.peer));
}

static int tunnel_create(struct l2tp_tunnel *t)
{
	struct box *box = of_tunnel(t);
	const struct fake_socket *socket = t->io;
	int err = called(box, FAKE_TUNNEL_CREATE);

	assert_null(t->dp);
	assert_true(socket && socket->connected);
	assert_int_not_equal(t->core.peer_tunnel_id, 0);
	box_note(box, "+tunnel");
	if (err)
		return err;
	t->dp = new_zeroed(sizeof(struct fake_object));
	box->kernel_tunnels++;
	world_later(box, FAKE_TUNNEL_CREATE, t);
	return 0;
}

static void tunnel_delete(struct l2tp_tunnel *t)
{
	struct fake_object *object = t->dp;

	called(of_tunnel(t), FAKE_TUNNEL_DELETE);
	assert_true(object && object->up && !object->deleting);
	box_note(of_tunnel(t), "-tunnel");
	object->deleting = true;
	world_later(of_tunnel(t), FAKE_TUNNEL_DELETE, t);
}

static int session_create(struct l2tp_session *s)
{
	struct box *box = of_session(s);
	const struct fake_object *tunnel = s->tunnel->dp;
	int err = called(box, FAKE_SESSION_CREATE);

	assert_null(s->dp);
	assert_true(tunnel && tunnel->up && !tunnel->deleting);
	assert_int_not_equal(s->core.peer_session_id, 0);
	box_note(box, "+session");
	if (err)
		return err;
	s->dp = new_zeroed(sizeof(struct fake_object));
	((struct fake_object *)s->dp)->numbers = s->core.sequencing;
	box->kernel_sessions++;
	world_later(box, FAKE_SESSION_CREATE, s);
	return 0;
}

static int session_modify(struct l2tp_session *s)
{
	struct box *box = of_session(s);
	struct fake_object *object = s->dp;
	int err = called(box, FAKE_SESSION_MODIFY);

	assert_true(object && object->up && !object->deleting && !object->modifying);
	/* There is nothing else to be changed. */
	assert_true(s->core.sequencing && !object->numbers);
	box_note(box, "+numbers");
	if (err)
		return err;
	object->modifying = true;
	world_later(box, FAKE_SESSION_MODIFY, s);
	return 0;
}

static void session_delete(struct l2tp_session *s)
{
	struct fake_object *object = s->dp;

	called(of_session(s), FAKE_SESSION_DELETE);
	assert_true(object && object->up && !object->deleting && !object->modifying);
	/* PPP holds the channel. */
	assert_null(s->pppd);
	box_note(of_session(s), "-session");
	object->deleting = true;
	world_later(of_session(s), FAKE_SESSION_DELETE, s);
}

static int ppp_start(struct l2tp_session *s)
{
	struct box *box = of_session(s);
	const struct fake_object *object = s->dp;
	int err = called(box, FAKE_PPP_START);

	assert_null(s->pppd);
	assert_true(object && object->up && !object->deleting && !object->modifying);
	/* Not one packet without a number where they are due. */
	assert_int_equal(object->numbers, s->core.sequencing);
	box_note(box, "+ppp");
	if (err)
		return err;
	s->pppd = new_zeroed(sizeof(struct fake_ppp));
	box->ppps++;
	world_later(box, FAKE_PPP_UP, s);
	return 0;
}

static void ppp_stop(struct l2tp_session *s, enum ppp_stop how)
{
	struct box *box = of_session(s);
	enum fake_op op = how == PPP_STOP_GRACEFUL ? FAKE_PPP_GRACEFUL : FAKE_PPP_HANGUP;

	called(box, op);
	assert_non_null(s->pppd);
	box_note(box, how == PPP_STOP_GRACEFUL ? "~ppp" : "!ppp");
	world_cancel(box, FAKE_PPP_UP, s);
	world_cancel(box, FAKE_PPP_GRACEFUL, s);
	if (world_cancel(box, FAKE_PPP_HANGUP, s))
		op = FAKE_PPP_HANGUP;
	world_later(box, op, s);
}

static void ppp_ended(struct l2tp_session *s, const struct reason *reason)
{
	struct box *box = of_session(s);

	box_note(box, "ppp-down");
	free(s->pppd);
	s->pppd = NULL;
	box->ppps--;
	l2tp_session_ppp_down(s, reason, box->world->now);
}

void fake_ppp_dies(struct l2tp_session *s)
{
	struct reason reason = reason_make(ORIGIN_PPP, CDN_CARRIER_LOST, 0, "pppd died");

	reason.ppp = (struct ppp_cause){.code = 8, .protocol = 0xc021, .direction = 2};
	world_cancel(of_session(s), FAKE_PPP_UP, s);
	world_cancel(of_session(s), FAKE_PPP_GRACEFUL, s);
	world_cancel(of_session(s), FAKE_PPP_HANGUP, s);
	ppp_ended(s, &reason);
}

static void ppp_stopped(struct l2tp_session *s)
{
	struct reason reason = reason_make(ORIGIN_PPP, 0, 0, "stopped");

	reason.ppp.code = 1;
	ppp_ended(s, &reason);
}

static void ppp_up(struct l2tp_session *s, int err)
{
	struct fake_ppp *ppp = s->pppd;

	if (err) {
		fake_ppp_dies(s);
		return;
	}
	ppp->up = true;
	box_note(of_session(s), "ppp");
	l2tp_session_ppp_lcp_open(s, of_session(s)->world->now);
	l2tp_session_ppp_up(s, of_session(s)->world->now);
}

static void tunnel_created(struct box *box, struct l2tp_tunnel *t, int err)
{
	struct fake_object *object = t->dp;

	box_note(box, err ? "tunnel-failed" : "tunnel");
	object->up = !err;
	if (err) {
		free(object);
		t->dp = NULL;
		box->kernel_tunnels--;
	}
	l2tp_tunnel_kernel_created(t, err, err ? "L2TP_CMD_TUNNEL_CREATE" : NULL, box->world->now);
}

static void session_created(struct box *box, struct l2tp_session *s, int err)
{
	const struct fake_object *tunnel = s->tunnel->dp;
	struct fake_object *object = s->dp;

	/* The tunnel may be gone before the kernel comes to the session. */
	if (!err && (!tunnel || tunnel->deleting))
		err = -ENODEV;
	box_note(box, err ? "session-failed" : "session");
	object->up = !err;
	if (err) {
		free(object);
		s->dp = NULL;
		box->kernel_sessions--;
	}
	l2tp_session_kernel_created(s, err, err ? "L2TP_CMD_SESSION_CREATE" : NULL,
				    box->world->now);
}

static void session_modified(struct box *box, struct l2tp_session *s, int err)
{
	const struct fake_object *tunnel = s->tunnel->dp;
	struct fake_object *object = s->dp;

	if (!err && (!tunnel || tunnel->deleting))
		err = -ENODEV;
	box_note(box, err ? "numbers-failed" : "numbers");
	object->modifying = false;
	object->numbers = !err;
	l2tp_session_kernel_modified(s, err, err ? "L2TP_CMD_SESSION_MODIFY" : NULL,
				     box->world->now);
}

static void tunnel_deleted(struct box *box, struct l2tp_tunnel *t)
{
	free(t->dp);
	t->dp = NULL;
	box->kernel_tunnels--;
	l2tp_tunnel_kernel_deleted(t, box->world->now);
}

static void session_deleted(struct box *box, struct l2tp_session *s)
{
	free(s->dp);
	s->dp = NULL;
	box->kernel_sessions--;
	l2tp_session_kernel_deleted(s, box->world->now);
}

void fake_happens(struct box *box, enum fake_op op, void *target, int err)
{
	switch (op) {
	case FAKE_TUNNEL_CREATE:
		tunnel_created(box, target, err);
		break;
	case FAKE_TUNNEL_DELETE:
		tunnel_deleted(box, target);
		break;
	case FAKE_SESSION_CREATE:
		session_created(box, target, err);
		break;
	case FAKE_SESSION_MODIFY:
		session_modified(box, target, err);
		break;
	case FAKE_SESSION_DELETE:
		session_deleted(box, target);
		break;
	case FAKE_PPP_UP:
		ppp_up(target, err);
		break;
	case FAKE_PPP_GRACEFUL:
	case FAKE_PPP_HANGUP:
		ppp_stopped(target);
		break;
	case FAKE_PPP_START:
	case FAKE_SOCKET_OPEN:
	case FAKE_SOCKET_CONNECT:
	case FAKE_PACKET:
	case FAKE_OP_MAX:
		fail_msg("%d does not happen by itself", (int)op);
	}
}

static void note_event(struct box *box, const struct l2tp_event *event)
{
	char word[64];

	snprintf(word, sizeof(word), "%s", l2tp_event_name(event->type));
	for (char *c = word; *c; c++)
		*c = *c == ' ' ? '-' : *c;
	box_note(box, "ev:%s", word);
}

static void on_event(struct l2tp_engine *engine, const struct l2tp_event *event)
{
	struct box *box = engine->ctx;
	struct l2tp_session *s;

	box->events[event->type]++;
	note_event(box, event);
	if (event->session)
		reason_format(&event->session->reason, false, box->reason, sizeof(box->reason));
	else if (event->tunnel)
		reason_format(&event->tunnel->reason, true, box->reason, sizeof(box->reason));
	if (box->listener)
		box->listener(box, event);
	if (event->type == EVENT_SESSION_DOWN && box->freeing) {
		free(event->session->pppd);
		free(event->session->dp);
	}
	if (event->type == EVENT_TUNNEL_UP && box->call_on_up)
		assert_int_equal(
			l2tp_session_open(l2tp_tunnel_find(engine, event->tunnel->core.tunnel_id),
					  box->call_on_up, box->world->now, &s),
			0);
}

static void on_dirty(struct l2tp_tunnel *t)
{
	assert_int_equal(t->core.ns, t->transport.ns);
	assert_int_equal(t->core.nr, t->transport.nr);
}

static void on_trace(struct l2tp_engine *engine, const struct l2tp_tunnel *t, bool out,
		     const struct l2tp_msg *msg)
{
	char text[MSG_TEXT_MAX];

	(void)engine, (void)t, (void)out;
	assert_true(msg_format(msg, text, sizeof(text))[0]);
}

const struct l2tp_ops fake_ops = {
	.random = on_random,
	.socket_open = socket_open,
	.socket_connect = socket_connect,
	.socket_close = socket_close,
	.socket_send = socket_send,
	.reply = on_reply,
	.tunnel_create = tunnel_create,
	.tunnel_delete = tunnel_delete,
	.session_create = session_create,
	.session_modify = session_modify,
	.session_delete = session_delete,
	.ppp_start = ppp_start,
	.ppp_stop = ppp_stop,
	.event = on_event,
	.dirty = on_dirty,
	.trace = on_trace,
};
