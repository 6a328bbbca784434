/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the transport promises (RFC 2661 5.8), seen from outside: what one end delivers is what the
 * other said, in its order and once each; what is said again is the same; what waits for an answer
 * is said again in time.
 *
 * A sender's packets carry the stream they belong to, as no real packet can. A listener that took
 * a message from one stream takes none from another: packets of tunnels that are no more, and of
 * those that never came up, do not get through. Only StopCCN is said in another's stead: for a
 * tunnel that a predecessor left, or by a box that has none.
 */
#include <stdlib.h>
#include <string.h>

#include "test/sim/sim.h"

static uint64_t hash_text(const char *text)
{
	return hash_bytes(text, strlen(text), 1);
}

static struct stream *stream_new(struct box *box, const struct l2tp_tunnel *t)
{
	struct stream *stream = sim_alloc(sizeof(*stream));

	stream->box = box;
	stream->tunnel_id = t->core.tunnel_id;
	/* One that a predecessor left goes on where that stopped. */
	stream->stale = t->core.state == TUNNEL_ESTABLISHED;
	stream->first = t->core.ns;
	/* The SCCRQ that is just being taken made it. */
	if (!t->core.initiator && !stream->stale)
		stream->hears = box->world->speaker;
	list_append(&box->world->streams, &stream->node);
	return stream;
}

struct sim_tunnel *sim_tunnel(const struct l2tp_tunnel *t)
{
	struct sim_tunnel *st = t->state_slot;
	struct box *box = t->engine->ctx;

	if (st)
		return st;
	st = sim_alloc(sizeof(*st));
	st->out = stream_new(box, t);
	st->oldest = t->core.ns;
	list_append(&box->world->tunnels, &st->node);
	((struct l2tp_tunnel *)t)->state_slot = st;
	return st;
}

void stream_free_all(struct world *w)
{
	struct stream *stream, *after;
	struct sim_tunnel *st, *next;

	list_for_each_safe (st, next, &w->tunnels, node)
		free(st);
	list_init(&w->tunnels);
	list_for_each_safe (stream, after, &w->streams, node) {
		free(stream->said);
		free(stream);
	}
	list_init(&w->streams);
}

/* What the receiver will say of it. */
static uint64_t read_as(const struct l2tp_tunnel *t, struct bytes body)
{
	const struct box *box = t->engine->ctx;
	uint8_t scratch[MSG_LEN_MAX];
	struct msg_decode_params params = {.secret = bytes_str(t->peer->secret),
					   .scratch = scratch,
					   .scratch_size = sizeof(scratch)};
	struct msg_error error;
	struct l2tp_msg msg;
	char text[1024];

	/* We read what we write. */
	HOLDS(box, msg_decode(body, &params, &msg, &error) == 0);
	return hash_text(msg_format(&msg, text, sizeof(text)));
}

static void said_new(const struct l2tp_tunnel *t, struct stream *stream, struct bytes body)
{
	struct utterance *said;

	if (stream->n_said == stream->room) {
		stream->room = stream->room * 2 + 8;
		stream->said = sim_resize(stream->said, stream->room * sizeof(*stream->said));
	}
	said = &stream->said[stream->n_said++];
	said->octets = hash_bytes(body.data, body.len, 1);
	said->text = read_as(t, body);
	said->sent_at = stream->box->world->now;
}

void stream_said(struct l2tp_tunnel *t, struct bytes packet)
{
	struct sim_tunnel *st = sim_tunnel(t);
	struct stream *stream = st->out;
	struct control_header header;
	struct bytes body;
	uint16_t place;

	st->sent++;
	HOLDS(stream->box, packet_parse(packet, &header, &body) == PACKET_CONTROL);
	HOLDS(stream->box, header.tunnel_id == t->core.peer_tunnel_id);
	HOLDS(stream->box, header.nr == t->transport.nr);
	place = (uint16_t)(header.ns - stream->first);
	if (!body.len) {
		HOLDS(stream->box, place == (uint16_t)stream->n_said);
		return;
	}
	HOLDS(stream->box, place <= stream->n_said);
	if (place == stream->n_said) {
		said_new(t, stream, body);
		return;
	}
	HOLDS(stream->box, stream->said[place].octets == hash_bytes(body.data, body.len, 1));
	stream->said[place].sent_at = stream->box->world->now;
	stream->box->world->totals->retransmits++;
}

void stream_taken(struct l2tp_tunnel *t, const char *text)
{
	struct sim_tunnel *st = sim_tunnel(t);
	const struct box *box = t->engine->ctx;
	const struct stream *speaker = box->world->speaker;
	uint64_t place;

	/* Of one that a predecessor left nobody knows where it was. */
	if (st->out->stale)
		return;
	box->world->totals->delivered++;
	if (!st->out->hears && speaker && !speaker->stale)
		st->out->hears = speaker;
	if (strncmp(text, "StopCCN", 7) == 0 && box->world->strangers)
		return;
	HOLDS(box, st->out->hears);
	/* Its SCCRQ came before there was a tunnel; those without a trace could not be read. */
	place = t->transport.stats.rx_messages - (t->core.initiator ? 1 : 0);
	HOLDS(box, place >= st->taken);
	HOLDS(box, place < st->out->hears->n_said);
	HOLDS(box, st->out->hears->said[place].text == hash_text(text));
	HOLDS(box, (uint16_t)(st->out->hears->first + place + 1) == t->transport.nr);
	st->taken = place + 1;
}

struct reaction stream_listen(const struct l2tp_tunnel *t)
{
	const struct sim_tunnel *st = sim_tunnel(t);

	return (struct reaction){.duplicates = t->transport.stats.rx_duplicates, .sent = st->sent};
}

/* A peer that repeats itself has not heard us: it is answered at once (RFC 2661 5.8). */
void stream_reacted(const struct l2tp_tunnel *t, const struct reaction *before)
{
	const struct sim_tunnel *st = sim_tunnel(t);

	HOLDS(st->out->box, t->transport.dead || st->sent > before->sent ||
				    t->transport.stats.rx_duplicates == before->duplicates);
}

/* Something of ours that waits for its acknowledgement is said again, until it is given up. */
void stream_check(const struct l2tp_tunnel *t)
{
	struct sim_tunnel *st = sim_tunnel(t);
	const struct transport *transport = &t->transport;
	const struct box *box = t->engine->ctx;
	const struct utterance *oldest;
	usec_t now = box->world->now;
	uint16_t place;

	if (st->oldest != transport->acked || !transport->in_flight) {
		st->oldest = transport->acked;
		st->oldest_since = now;
	}
	/* What is owed is paid, even if nothing else is to be said. */
	HOLDS(box, transport->dead || !transport->ack_owed || timer_running(&transport->ack_timer));
	HOLDS(box, transport->in_flight <= transport->peer_window ||
			   transport->in_flight <= TRANSPORT_PEER_WINDOW_DEFAULT);
	if (transport->dead || !transport->in_flight)
		return;
	HOLDS(box, timer_running(&transport->retry_timer));
	place = (uint16_t)(transport->acked - st->out->first);
	HOLDS(box, place < st->out->n_said);
	oldest = &st->out->said[place];
	HOLDS(box, now - oldest->sent_at <= transport->config.retry_cap ||
			   now - st->oldest_since <= transport->config.retry_first);
}
