/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets, kernel and PPP of a box: struct l2tp_ops in virtual time.
 *
 * Each refuses to be used as its real counterpart could not be: a session made in a tunnel that is
 * not there, something deleted twice, PPP on a channel that goes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "test/sim/sim.h"
#include "wire/result.h"

static struct box *of_tunnel(const struct l2tp_tunnel *t)
{
	return t->engine->ctx;
}

static struct box *of_session(const struct l2tp_session *s)
{
	return of_tunnel(s->tunnel);
}

static int called(struct box *box, enum deed deed)
{
	HOLDS(box, !box->freeing);
	return box->manners[deed].refused;
}

static void on_random(struct l2tp_engine *engine, void *data, size_t len)
{
	struct box *box = engine->ctx;
	struct world *w = box->world;
	uint8_t *out = data;
	uint16_t id;

	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)world_random(w);
	if (len == sizeof(id) && w->few_ids) {
		id = (uint16_t)(1 + (w->counts_ids ? box->next_id++ % w->few_ids
						   : below(w, w->few_ids)));
		memcpy(data, &id, sizeof(id));
	}
}

static int socket_open(struct l2tp_tunnel *t)
{
	struct box *box = of_tunnel(t);
	struct sim_socket *socket;
	int err = called(box, DEED_SOCKET_OPEN);

	HOLDS(box, !t->io);
	if (err)
		return err;
	socket = sim_alloc(sizeof(*socket));
	if (t->core.local.family == ADDR_NONE)
		t->core.local = (struct addr){.family = ADDR_IPV4, .port = t->core.local.port};
	memcpy(t->core.local.ip, box->home.ip, sizeof(box->home.ip));
	if (!t->core.local.port)
		t->core.local.port = box->next_port++;
	socket->connected = !t->half_open && (!t->core.initiator || t->core.peer_tunnel_id);
	socket->local = t->core.local;
	socket->peer = t->core.peer;
	sim_tunnel(t);
	t->io = socket;
	box->sockets++;
	return 0;
}

static int socket_connect(struct l2tp_tunnel *t)
{
	struct sim_socket *socket = t->io;
	int err = called(of_tunnel(t), DEED_SOCKET_CONNECT);

	HOLDS(of_tunnel(t), socket);
	if (err)
		return err;
	socket->connected = true;
	socket->peer = t->core.peer;
	return 0;
}

static void socket_close(struct l2tp_tunnel *t)
{
	struct box *box = of_tunnel(t);
	struct sim_socket *socket = t->io;

	HOLDS(box, socket);
	/* The kernel's tunnel lives in the socket. */
	HOLDS(box, box->freeing || !t->dp);
	/* Up, down and gone are told in this order, and all of them. */
	HOLDS(box, box->freeing || sim_tunnel(t)->told_gone || t->core.state == TUNNEL_IDLE);
	free(t->dp);
	t->dp = NULL;
	free(socket);
	t->io = NULL;
	box->sockets--;
}

static void socket_send(struct l2tp_tunnel *t, struct bytes packet)
{
	const struct sim_socket *socket = t->io;
	struct box *box = of_tunnel(t);

	HOLDS(box, socket && !box->freeing);
	stream_said(t, packet);
	net_send(box, &socket->local, socket->connected ? &socket->peer : &t->core.peer, packet,
		 sim_tunnel(t)->out);
}

static void on_reply(struct l2tp_engine *engine, const struct addr *local, const struct addr *peer,
		     struct bytes packet)
{
	net_send(engine->ctx, local, peer, packet, NULL);
}

static int tunnel_create(struct l2tp_tunnel *t)
{
	struct box *box = of_tunnel(t);
	const struct sim_socket *socket = t->io;
	int err = called(box, DEED_TUNNEL_CREATE);

	HOLDS(box, !t->dp && socket && socket->connected && t->core.peer_tunnel_id);
	TRACE(box, "  kernel: create tunnel %u%s", t->core.tunnel_id, err ? ": refused" : "");
	if (err)
		return err;
	t->dp = sim_alloc(sizeof(struct sim_object));
	box->kernel_tunnels++;
	queue_deed(box, DEED_TUNNEL_CREATE, t);
	return 0;
}

static void tunnel_delete(struct l2tp_tunnel *t)
{
	struct sim_object *object = t->dp;
	struct box *box = of_tunnel(t);

	called(box, DEED_TUNNEL_DELETE);
	HOLDS(box, object && object->up && !object->deleting);
	TRACE(box, "  kernel: delete tunnel %u", t->core.tunnel_id);
	object->deleting = true;
	queue_deed(box, DEED_TUNNEL_DELETE, t);
}

static int session_create(struct l2tp_session *s)
{
	struct box *box = of_session(s);
	const struct sim_object *tunnel = s->tunnel->dp;
	struct sim_object *object;
	int err = called(box, DEED_SESSION_CREATE);

	HOLDS(box, !s->dp && tunnel && tunnel->up && !tunnel->deleting);
	HOLDS(box, s->core.peer_session_id);
	TRACE(box, "  kernel: create session %u/%u%s", s->tunnel->core.tunnel_id,
	      s->core.session_id, err ? ": refused" : "");
	if (err)
		return err;
	s->dp = object = sim_alloc(sizeof(*object));
	object->numbers = s->core.sequencing;
	box->kernel_sessions++;
	queue_deed(box, DEED_SESSION_CREATE, s);
	return 0;
}

static int session_modify(struct l2tp_session *s)
{
	struct box *box = of_session(s);
	struct sim_object *object = s->dp;
	int err = called(box, DEED_SESSION_MODIFY);

	HOLDS(box, object && object->up && !object->deleting && !object->modifying);
	HOLDS(box, s->core.sequencing && !object->numbers);
	if (err)
		return err;
	object->modifying = true;
	queue_deed(box, DEED_SESSION_MODIFY, s);
	return 0;
}

static void session_delete(struct l2tp_session *s)
{
	struct box *box = of_session(s);
	struct sim_object *object = s->dp;

	called(box, DEED_SESSION_DELETE);
	HOLDS(box, object && object->up && !object->deleting && !object->modifying);
	/* PPP holds the channel. */
	HOLDS(box, !s->pppd);
	TRACE(box, "  kernel: delete session %u/%u", s->tunnel->core.tunnel_id, s->core.session_id);
	object->deleting = true;
	queue_deed(box, DEED_SESSION_DELETE, s);
}

static int ppp_start(struct l2tp_session *s)
{
	struct box *box = of_session(s);
	const struct sim_object *object = s->dp;
	int err = called(box, DEED_PPP_START);

	HOLDS(box, !s->pppd && object && object->up && !object->deleting && !object->modifying);
	/* Not one packet without a number where they are due. */
	HOLDS(box, object->numbers == s->core.sequencing);
	TRACE(box, "  pppd: start for %u/%u%s", s->tunnel->core.tunnel_id, s->core.session_id,
	      err < 0 ? ": refused"
	      : err   ? ": none"
		      : "");
	if (err)
		return err;
	s->pppd = sim_alloc(sizeof(struct sim_ppp));
	box->ppps++;
	queue_deed(box, DEED_PPP_UP, s);
	return 0;
}

static void ppp_stop(struct l2tp_session *s, enum ppp_stop how)
{
	struct box *box = of_session(s);
	struct sim_ppp *ppp = s->pppd;
	enum deed deed = how == PPP_STOP_GRACEFUL ? DEED_PPP_GRACEFUL : DEED_PPP_HANGUP;

	called(box, deed);
	HOLDS(box, ppp && (!ppp->stopping || how == PPP_STOP_HANGUP));
	TRACE(box, "  pppd: stop for %u/%u%s", s->tunnel->core.tunnel_id, s->core.session_id,
	      how == PPP_STOP_HANGUP ? " at once" : "");
	ppp->stopping = true;
	queue_cancel(box, DEED_PPP_UP, s);
	queue_cancel(box, DEED_PPP_GRACEFUL, s);
	if (queue_cancel(box, DEED_PPP_HANGUP, s))
		deed = DEED_PPP_HANGUP;
	queue_deed(box, deed, s);
}

static void ppp_ended(struct l2tp_session *s, const struct reason *reason)
{
	struct box *box = of_session(s);

	TRACE(box, "  pppd: ended for %u/%u", s->tunnel->core.tunnel_id, s->core.session_id);
	free(s->pppd);
	s->pppd = NULL;
	box->ppps--;
	INSIDE(box, l2tp_session_ppp_down(s, reason, box->world->now));
}

void fake_ppp_dies(struct l2tp_session *s)
{
	struct reason reason = reason_make(ORIGIN_PPP, CDN_CARRIER_LOST, 0, "pppd died");
	struct box *box = of_session(s);

	reason.ppp = (struct ppp_cause){.code = 8, .protocol = 0xc021, .direction = 2};
	queue_cancel(box, DEED_PPP_UP, s);
	queue_cancel(box, DEED_PPP_GRACEFUL, s);
	queue_cancel(box, DEED_PPP_HANGUP, s);
	ppp_ended(s, &reason);
}

static void ppp_stopped(struct l2tp_session *s)
{
	struct reason reason = reason_make(ORIGIN_PPP, 0, 0, "stopped");

	reason.ppp.code = 1;
	ppp_ended(s, &reason);
}

static void ppp_up(struct box *box, struct l2tp_session *s, int err)
{
	struct sim_ppp *ppp = s->pppd;

	if (err) {
		fake_ppp_dies(s);
		return;
	}
	ppp->up = true;
	INSIDE(box, l2tp_session_ppp_lcp_open(s, box->world->now));
	INSIDE(box, l2tp_session_ppp_up(s, box->world->now));
}

static void tunnel_created(struct box *box, struct l2tp_tunnel *t, int err)
{
	struct sim_object *object = t->dp;

	TRACE(box, "  kernel: tunnel %u%s", t->core.tunnel_id, err ? " failed" : "");
	object->up = !err;
	if (err) {
		free(object);
		t->dp = NULL;
		box->kernel_tunnels--;
	}
	INSIDE(box, l2tp_tunnel_kernel_created(t, err, "L2TP_CMD_TUNNEL_CREATE", box->world->now));
}

/* What was asked of a session may find its tunnel gone. */
static int unless_gone(const struct l2tp_session *s, int err)
{
	const struct sim_object *tunnel = s->tunnel->dp;

	return !err && (!tunnel || tunnel->deleting) ? -ENODEV : err;
}

static void session_created(struct box *box, struct l2tp_session *s, int err)
{
	struct sim_object *object = s->dp;

	err = unless_gone(s, err);
	TRACE(box, "  kernel: session %u/%u%s", s->tunnel->core.tunnel_id, s->core.session_id,
	      err ? " failed" : "");
	object->up = !err;
	if (err) {
		free(object);
		s->dp = NULL;
		box->kernel_sessions--;
	}
	INSIDE(box,
	       l2tp_session_kernel_created(s, err, "L2TP_CMD_SESSION_CREATE", box->world->now));
}

static void session_modified(struct box *box, struct l2tp_session *s, int err)
{
	struct sim_object *object = s->dp;

	err = unless_gone(s, err);
	object->modifying = false;
	object->numbers = !err;
	INSIDE(box,
	       l2tp_session_kernel_modified(s, err, "L2TP_CMD_SESSION_MODIFY", box->world->now));
}

static void tunnel_deleted(struct box *box, struct l2tp_tunnel *t)
{
	free(t->dp);
	t->dp = NULL;
	box->kernel_tunnels--;
	INSIDE(box, l2tp_tunnel_kernel_deleted(t, box->world->now));
}

static void session_deleted(struct box *box, struct l2tp_session *s)
{
	free(s->dp);
	s->dp = NULL;
	box->kernel_sessions--;
	INSIDE(box, l2tp_session_kernel_deleted(s, box->world->now));
}

void fake_complete(struct box *box, enum deed deed, void *target, int err)
{
	switch (deed) {
	case DEED_TUNNEL_CREATE:
		tunnel_created(box, target, err);
		break;
	case DEED_TUNNEL_DELETE:
		tunnel_deleted(box, target);
		break;
	case DEED_SESSION_CREATE:
		session_created(box, target, err);
		break;
	case DEED_SESSION_MODIFY:
		session_modified(box, target, err);
		break;
	case DEED_SESSION_DELETE:
		session_deleted(box, target);
		break;
	case DEED_PPP_UP:
		ppp_up(box, target, err);
		break;
	case DEED_PPP_GRACEFUL:
	case DEED_PPP_HANGUP:
		ppp_stopped(target);
		break;
	case DEED_PPP_START:
	case DEED_SOCKET_OPEN:
	case DEED_SOCKET_CONNECT:
	case DEED_MAX:
		HOLDS(box, !"something happens that does not by itself");
	}
	check_box(box);
}

/* Each that was told up is told down once, and nothing else is. */
static void told_session(struct box *box, const struct l2tp_session *s, bool up)
{
	unsigned int i = 0;

	while (i < box->n_up && box->up[i] != s)
		i++;
	HOLDS(box, up ? i == box->n_up : (i < box->n_up) == s->was_up);
	if (!up && i < box->n_up) {
		box->up[i] = box->up[--box->n_up];
	} else if (up) {
		if (box->n_up == box->up_room) {
			box->up_room = box->up_room * 2 + 16;
			box->up = sim_resize(box->up, box->up_room * sizeof(*box->up));
		}
		box->up[box->n_up++] = s;
	}
}

static void trace_event(const struct box *box, const struct l2tp_event *event)
{
	const struct l2tp_tunnel *t = event->tunnel;
	const struct l2tp_session *s = event->session;
	char why[256] = "";

	if (s && event->type == EVENT_SESSION_DOWN)
		reason_format(&s->reason, false, why, sizeof(why));
	else if (t && event->type == EVENT_TUNNEL_DOWN)
		reason_format(&t->reason, true, why, sizeof(why));
	TRACE(box, "  event: %s %u/%u %s%s", l2tp_event_name(event->type),
	      t ? t->core.tunnel_id : 0, s ? s->core.session_id : 0, event->text ? event->text : "",
	      why);
}

static void on_event(struct l2tp_engine *engine, const struct l2tp_event *event)
{
	struct box *box = engine->ctx;
	struct totals *totals = box->world->totals;
	struct sim_tunnel *st = event->tunnel ? sim_tunnel(event->tunnel) : NULL;
	struct l2tp_session *s = (struct l2tp_session *)event->session;

	trace_event(box, event);
	switch (event->type) {
	case EVENT_TUNNEL_UP:
		HOLDS(box, !st->told_up && !st->told_down);
		st->told_up = true;
		totals->tunnels_up++;
		break;
	case EVENT_TUNNEL_DOWN:
		HOLDS(box, !st->told_down && !st->told_gone);
		st->told_down = true;
		totals->failed += !st->told_up;
		break;
	case EVENT_TUNNEL_GONE:
		HOLDS(box, st->told_down && !st->told_gone && !event->tunnel->dp);
		st->told_gone = true;
		break;
	case EVENT_SESSION_UP:
		told_session(box, s, true);
		totals->sessions_up++;
		break;
	case EVENT_SESSION_DOWN:
		told_session(box, s, false);
		totals->failed += !s->was_up;
		HOLDS(box, box->freeing || (!s->dp && !s->pppd));
		if (box->freeing) {
			free(s->dp);
			free(s->pppd);
		}
		break;
	case EVENT_SESSION_PPP_UP:
		totals->ppp_up++;
		break;
	case EVENT_REFUSED:
		totals->refused++;
		break;
	case EVENT_SESSION_SPEED:
	case EVENT_PACKET_DROPPED:
	case EVENT_ADMIN:
	case EVENT_MAX:
		break;
	}
}

/* The process may die before it has written this out. */
static void on_dirty(struct l2tp_tunnel *t)
{
	struct sim_tunnel *st = sim_tunnel(t);

	if (chance(of_tunnel(t)->world, 10))
		return;
	st->core = t->core;
	st->has_core = true;
}

static void on_trace(struct l2tp_engine *engine, const struct l2tp_tunnel *t, bool out,
		     const struct l2tp_msg *msg)
{
	const struct box *box = engine->ctx;
	char text[MSG_TEXT_MAX];

	msg_format(msg, text, sizeof(text));
	TRACE(box, "%s %u: %s", out ? "-->" : "<--", t ? t->core.tunnel_id : 0, text);
	if (t && !out)
		stream_taken((struct l2tp_tunnel *)t, text);
}

const struct l2tp_ops sim_ops = {
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
