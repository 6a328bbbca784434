/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Boxes: an engine each, their sockets, and the network between them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sim/lac/lac_sim.h"

#define FIRST_PORT 40000

struct sim_socket {
	struct addr local;
};

static struct box *of_tunnel(const struct l2tp_tunnel *t)
{
	return t->engine->ctx;
}

bool is_lns(const struct box *box)
{
	return !box->lac;
}

struct box *box_at(struct world *w, const struct addr *addr)
{
	for (unsigned int i = 0; i < w->n_boxes; i++) {
		if (addr_same_host(&w->boxes[i].addr, addr))
			return &w->boxes[i];
	}
	return NULL;
}

struct l2tp_session *far_end(struct world *w, const struct l2tp_session *s)
{
	const struct box *box = box_at(w, &s->tunnel->core.peer);
	const struct l2tp_tunnel *t;

	if (!box || !box->engine)
		return NULL;
	t = l2tp_tunnel_find(box->engine, s->tunnel->core.peer_tunnel_id);
	if (!t || t->core.peer_tunnel_id != s->tunnel->core.tunnel_id)
		return NULL;
	return l2tp_session_find(t, s->core.peer_session_id);
}

/* --- struct l2tp_ops --- */

static void on_random(struct l2tp_engine *engine, void *data, size_t len)
{
	struct box *box = engine->ctx;
	uint8_t *out = data;

	while (len--)
		*out++ = (uint8_t)world_random(box->world);
}

static int socket_open(struct l2tp_tunnel *t)
{
	struct box *box = of_tunnel(t);
	struct sim_socket *socket = sim_alloc(sizeof(*socket));

	HOLDS(box, !t->io);
	if (t->core.local.family == ADDR_NONE)
		t->core.local = (struct addr){.family = ADDR_IPV4, .port = t->core.local.port};
	memcpy(t->core.local.ip, box->addr.ip, sizeof(box->addr.ip));
	if (!t->core.local.port)
		t->core.local.port = box->next_port++;
	socket->local = t->core.local;
	t->io = socket;
	box->sockets++;
	return 0;
}

static int socket_connect(struct l2tp_tunnel *t)
{
	HOLDS(of_tunnel(t), t->io);
	return 0;
}

static void socket_close(struct l2tp_tunnel *t)
{
	struct box *box = of_tunnel(t);

	HOLDS(box, t->io && (box->freeing || !t->dp));
	free(t->dp);
	free(t->io);
	t->io = t->dp = NULL;
	box->sockets--;
}

static void packet_arrives(struct world *w, struct happening *h)
{
	struct box *box = h->box;

	if (!box->engine || w->island & 1u << box->number)
		return;
	INSIDE(box, l2tp_engine_input(box->engine, &h->to, &h->from,
				      (struct bytes){h->data, h->len}, w->now));
}

static void send_packet(struct box *box, const struct addr *from, const struct addr *to,
			struct bytes packet)
{
	struct world *w = box->world;
	struct box *dest = box_at(w, to);
	unsigned int copies = chance(w, w->twice) ? 2 : 1;
	struct happening *h;

	HOLDS(box, !box->freeing);
	if (!dest || w->island & 1u << box->number)
		return;
	while (copies--) {
		if (chance(w, w->loss))
			continue;
		h = later(w, USEC_PER_MSEC + below(w, (unsigned int)w->jitter + 1), packet_arrives,
			  dest, w, packet);
		h->from = *from;
		h->to = *to;
	}
}

static void socket_send(struct l2tp_tunnel *t, struct bytes packet)
{
	const struct sim_socket *socket = t->io;

	send_packet(of_tunnel(t), &socket->local, &t->core.peer, packet);
}

static void on_reply(struct l2tp_engine *engine, const struct addr *local, const struct addr *peer,
		     struct bytes packet)
{
	send_packet(engine->ctx, local, peer, packet);
}

static void on_event(struct l2tp_engine *engine, const struct l2tp_event *event)
{
	struct box *box = engine->ctx;
	struct l2tp_session *s = (struct l2tp_session *)event->session;

	SAY(box->world, box->name, "  event: %s %u/%u %s", l2tp_event_name(event->type),
	    event->tunnel ? event->tunnel->core.tunnel_id : 0, s ? s->core.session_id : 0,
	    event->text ? event->text : "");
	if (event->type == EVENT_SESSION_DOWN && box->freeing) {
		if (s->dp)
			end_free(s->dp);
		free(s->pppd);
		s->dp = s->pppd = NULL;
	}
	if (box->lac && !box->freeing)
		lac_event(box->lac, event, box->world->now);
}

static void on_trace(struct l2tp_engine *engine, const struct l2tp_tunnel *t, bool out,
		     const struct l2tp_msg *msg)
{
	const struct box *box = engine->ctx;
	char text[MSG_TEXT_MAX];

	SAY(box->world, box->name, "%s %u: %s", out ? "-->" : "<--", t ? t->core.tunnel_id : 0,
	    msg_format(msg, text, sizeof(text)));
}

static const struct l2tp_ops ops = {
	.random = on_random,
	.socket_open = socket_open,
	.socket_connect = socket_connect,
	.socket_close = socket_close,
	.socket_send = socket_send,
	.reply = on_reply,
	.tunnel_create = kernel_tunnel_create,
	.tunnel_delete = kernel_tunnel_delete,
	.session_create = kernel_session_create,
	.session_modify = kernel_session_modify,
	.session_delete = kernel_session_delete,
	.ppp_start = ppp_start,
	.ppp_stop = ppp_stop,
	.event = on_event,
	.trace = on_trace,
};

/* --- life --- */

void box_set_peers(struct box *box)
{
	struct peer *peer = settings_peer(box, "anybody");
	struct list peers;

	list_init(&peers);
	if (box->lac) {
		/* The LAC takes no calls, the LTS passes them on. */
		peer->calls = box->number == THE_LAC ? CALL_REJECT : CALL_SWITCH;
		peer->domain = sim_text("d0");
	} else {
		peer->calls = box->refuses ? CALL_REJECT : CALL_PPP;
		box->engine->limits.max_sessions =
			box->max_sessions ? box->max_sessions : limits_default.max_sessions;
	}
	list_append(&peers, &peer->node);
	l2tp_engine_set_peers(box->engine, &peers);
}

void box_begin(struct box *box)
{
	struct world *w = box->world;

	SAY(w, box->name, "begins");
	box->next_port = FIRST_PORT;
	HOLDS(box, l2tp_engine_new(&ops, box, &limits_default, &box->engine) == 0);
	box_set_peers(box);
}

void box_die(struct box *box)
{
	SAY(box->world, box->name, "dies");
	box->freeing = true;
	INSIDE(box, l2tp_engine_free(box->engine));
	box->freeing = false;
	box->engine = NULL;
	forget_box(box->world, box);
	box->kernel_tunnels = box->ppps = 0;
	HOLDS(box, box->sockets == 0 && list_empty(&box->ends));
}
