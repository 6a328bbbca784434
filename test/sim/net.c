/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The network: loss, doubling, delay, islands, and NATs that forget.
 *
 * A box behind a NAT has an address that only it knows. The NAT lets in whatever comes to a port
 * that it gave out (a full cone), and always port 1701, so that such a box can be called too; from
 * inside, each port becomes another. When it forgets, the next packet gets a port of its own.
 */
#include "test/sim/sim.h"

#define NAT_FIRST_PORT 20000
#define OTHER_PORT 1702

struct box *net_find(struct world *w, const struct addr *outside)
{
	for (unsigned int i = 0; i < w->n_boxes; i++) {
		if (addr_same_host(&w->boxes[i].outside, outside))
			return &w->boxes[i];
	}
	return NULL;
}

static uint16_t map_out(struct box *box, uint16_t inside)
{
	struct world *w = box->world;
	struct mapping *m;

	if (inside == L2TP_PORT)
		return box->answers_elsewhere ? OTHER_PORT : inside;
	if (!box->has_nat)
		return inside;
	for (unsigned int i = 0; i < box->n_mappings; i++) {
		if (box->mappings[i].inside == inside)
			return box->mappings[i].outside;
	}
	/* A full table forgets the oldest, as real ones do. */
	if (box->n_mappings == MAPPINGS_MAX) {
		for (unsigned int i = 1; i < MAPPINGS_MAX; i++)
			box->mappings[i - 1] = box->mappings[i];
		box->n_mappings--;
	}
	m = &box->mappings[box->n_mappings++];
	m->inside = inside;
	m->outside = (uint16_t)(NAT_FIRST_PORT + w->next_outside_port++ % 40000);
	return m->outside;
}

/* 0 where the NAT lets nothing in. */
static uint16_t map_in(const struct box *box, uint16_t outside)
{
	if (outside == OTHER_PORT && box->answers_elsewhere)
		return L2TP_PORT;
	if (!box->has_nat || outside == L2TP_PORT)
		return outside;
	for (unsigned int i = 0; i < box->n_mappings; i++) {
		if (box->mappings[i].outside == outside)
			return box->mappings[i].inside;
	}
	return 0;
}

void net_rebind(struct box *box)
{
	TRACE(box, "its NAT forgets %u ports", box->n_mappings);
	box->n_mappings = 0;
}

void net_renumber(struct box *box)
{
	box->outside.ip[3] = box->world->next_outside_host++;
	TRACE(box, "its NAT is at 198.51.100.%u now", box->outside.ip[3]);
}

static bool is_cut(const struct world *w, const struct box *a, const struct box *b)
{
	return (w->island >> a->number & 1) != (w->island >> b->number & 1);
}

static usec_t some_delay(struct world *w)
{
	usec_t delay = w->delay + (w->jitter ? below(w, (unsigned int)w->jitter) : 0);

	/* Now and then one takes the long way round. */
	if (w->late && chance(w, w->late))
		delay += below(w, 20 * USEC_PER_SEC);
	return delay;
}

void net_send(struct box *box, const struct addr *from, const struct addr *to, struct bytes packet,
	      const struct stream *speaker)
{
	struct world *w = box->world;
	struct addr source = box->outside;
	struct box *dest = net_find(w, to);

	w->totals->packets++;
	source.port = map_out(box, from->port);
	if (!dest || is_cut(w, box, dest) || chance(w, w->loss))
		return;
	queue_packet(dest, &source, to, packet, speaker, w->now + some_delay(w));
	if (chance(w, w->twice))
		queue_packet(dest, &source, to, packet, speaker, w->now + some_delay(w));
}

/* Whether a datagram finds a socket: the listener's, or a tunnel's. */
static bool hears(const struct box *box, const struct addr *from, uint16_t port)
{
	struct l2tp_tunnel *t;

	if (port == L2TP_PORT)
		return true;
	list_for_each (t, &box->engine->tunnels, node) {
		const struct sim_socket *socket = t->io;

		if (socket && socket->local.port == port &&
		    (!socket->connected || addr_equal(&socket->peer, from)))
			return true;
	}
	return false;
}

/* The tunnel that a packet names. */
static struct l2tp_tunnel *find_tunnel(const struct box *box, struct bytes packet)
{
	struct control_header header;
	struct bytes body;

	if (packet_parse(packet, &header, &body) != PACKET_CONTROL)
		return NULL;
	return l2tp_tunnel_find(box->engine, (uint16_t)header.tunnel_id);
}

/*
 * Of one tunnel's end, for another that got its id. Where ids are few these meet as they never do
 * in the world, and L2TPv2 cannot tell them apart: the network loses them.
 */
static bool is_stray(const struct l2tp_tunnel *t, const struct stream *speaker)
{
	const struct stream *out = t ? sim_tunnel(t)->out : NULL;

	if (!out || !speaker)
		return false;
	return (out->hears && out->hears != speaker) || (speaker->hears && speaker->hears != out);
}

static void take(struct box *box, const struct addr *from, const struct addr *local,
		 struct bytes packet, const struct stream *speaker)
{
	const struct l2tp_tunnel *t = find_tunnel(box, packet);
	uint16_t tunnel_id = t ? t->core.tunnel_id : 0;
	struct world *w = box->world;
	struct reaction before;

	if (w->few_ids && is_stray(t, speaker))
		return;
	if (t)
		before = stream_listen(t);
	w->speaker = speaker;
	w->strangers |= !speaker || speaker->stale;
	INSIDE(box, l2tp_engine_input(box->engine, local, from, packet, w->now));
	w->speaker = NULL;
	if (t && t == l2tp_tunnel_find(box->engine, tunnel_id))
		stream_reacted(t, &before);
	check_box(box);
}

void net_arrive(struct box *box, const struct addr *from, const struct addr *to,
		struct bytes packet, const struct stream *speaker)
{
	struct addr local = box->home;

	local.port = map_in(box, to->port);
	if (box->engine && addr_same_host(&box->outside, to) && local.port &&
	    hears(box, from, local.port))
		take(box, from, &local, packet, speaker);
}
