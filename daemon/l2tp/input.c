/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a datagram to the tunnel it belongs to, or to the refusal it deserves.
 *
 * A stranger's packet costs a look-up and at most one answer. Only an SCCRQ from a peer of the
 * configuration, within every limit, makes us remember anything (RFC 2661 5.1, 7.2.1).
 */
#include "l2tp/private.h"

#include "wire/result.h"

/* A control message outside of any transport, and when and how it came. */
struct arrival {
	struct l2tp_engine *engine;
	const struct addr *local;
	const struct addr *peer;
	const struct control_header *header;
	struct bytes body;
	usec_t now;
};

static bool peer_has_address(const struct peer *peer, const struct addr *source)
{
	if (!peer->n_addresses)
		return true;
	for (size_t i = 0; i < peer->n_addresses; i++) {
		if (prefix_contains(&peer->addresses[i], source))
			return true;
	}
	return false;
}

static bool peer_matches(const struct peer *peer, const struct addr *source, struct bytes host_name)
{
	if (!peer_has_address(peer, source))
		return false;
	return !peer->host_name || bytes_equal(bytes_str(peer->host_name), host_name);
}

/*
 * Who sent a message that begins a tunnel. Peers are asked in the order of the configuration:
 * source address first, then Host Name, which is never hidden: whose secret reads the hidden AVPs
 * is known before they are read.
 */
static struct peer *match_peer(const struct arrival *in)
{
	struct bytes host_name = msg_peek_host_name(in->body);
	struct peer *peer;

	list_for_each (peer, &in->engine->peers, node) {
		if (peer_matches(peer, in->peer, host_name))
			return peer;
	}
	return NULL;
}

static void dropped(const struct arrival *in, struct l2tp_tunnel *t, uint64_t *counter,
		    const char *text)
{
	(*counter)++;
	engine_event(in->engine, EVENT_PACKET_DROPPED, t, NULL, in->peer, text);
}

/* A number that no honest peer sends is told of; the transport has counted and ignored it. */
static void to_transport(const struct arrival *in, struct l2tp_tunnel *t)
{
	const struct transport_stats *stats = &t->transport.stats;
	uint64_t out_of_window = stats->rx_out_of_window, bad_nr = stats->rx_bad_nr;

	transport_input(&t->transport, in->header, in->body, in->now);
	if (stats->rx_out_of_window != out_of_window)
		engine_event(in->engine, EVENT_PACKET_DROPPED, t, NULL, in->peer,
			     "a message beyond our window");
	if (stats->rx_bad_nr != bad_nr)
		engine_event(in->engine, EVENT_PACKET_DROPPED, t, NULL, in->peer,
			     "its Nr acknowledges what was never sent");
}

static void refuse(const struct arrival *in, uint16_t peer_tunnel_id, const struct reason *reason)
{
	in->engine->stats.sccrq_refused++;
	engine_reply_stopccn(in->engine, in->local, in->peer, in->header, peer_tunnel_id, reason);
	engine_event(in->engine, EVENT_REFUSED, NULL, NULL, in->peer, reason->text);
}

/* Whether another tunnel may be made for this peer now, in the place of `fewer` others; *ret says
 * why not. */
static bool within_limits(const struct arrival *in, const struct peer *peer, unsigned int fewer,
			  struct reason *ret)
{
	const struct l2tp_engine *engine = in->engine;

	if (engine->shutting_down) {
		*ret = reason_make(ORIGIN_LOCAL, STOPCCN_SHUTTING_DOWN, 0, "shutting down");
		return false;
	}
	if (engine->n_tunnels - engine->n_ending - fewer >= engine->limits.max_tunnels) {
		*ret = reason_make(ORIGIN_LOCAL, STOPCCN_GENERAL_ERROR, ERROR_RESOURCES,
				   "max_tunnels %u reached", engine->limits.max_tunnels);
		return false;
	}
	if (peer->max_tunnels &&
	    l2tp_engine_usage(engine, peer->name).tunnels >= peer->max_tunnels + fewer) {
		*ret = reason_make(ORIGIN_LOCAL, STOPCCN_GENERAL_ERROR, ERROR_RESOURCES,
				   "max_tunnels %u of peer %s reached", peer->max_tunnels,
				   peer->name);
		return false;
	}
	return true;
}

/*
 * Whether an SCCRQ asks us what we asked somebody. That of a tunnel of this box to itself does so
 * too, rightly: it comes from that tunnel's own address.
 */
static bool is_reflected(const struct arrival *in, const struct l2tp_msg *msg)
{
	const struct l2tp_tunnel *t;

	if (!msg_has(msg, AVP_CHALLENGE) || addr_same_host(in->local, in->peer) ||
	    !engine_made_challenge(in->engine, msg->challenge))
		return false;
	t = l2tp_tunnel_find(in->engine, msg->assigned_tunnel_id);
	return !t || !addr_same_host(&t->core.local, in->peer);
}

/* Whether an SCCRQ is acceptable, in the words of RFC 2661 7.2.1; *ret says why not. */
static bool acceptable(const struct arrival *in, const struct peer *peer,
		       const struct l2tp_msg *msg, struct reason *ret)
{
	if (!peer) {
		*ret = reason_make(ORIGIN_LOCAL, STOPCCN_NOT_AUTHORIZED, 0,
				   "no such peer is configured here");
		return false;
	}
	if (msg->protocol_version >> 8 != 1) {
		/* RFC 2661 4.4.2: the Error Code is the highest version we speak. */
		*ret = reason_make(ORIGIN_LOCAL, STOPCCN_BAD_VERSION, 0x0100,
				   "protocol version %u.%u is not supported, 1.0 is",
				   msg->protocol_version >> 8, msg->protocol_version & 0xff);
		return false;
	}
	/* Before anything is kept: whoever sent this need not even have the address it names. */
	if (msg_has(msg, AVP_CHALLENGE) && !peer_can_answer(peer)) {
		in->engine->stats.auth_failures++;
		*ret = reason_make(ORIGIN_LOCAL, STOPCCN_NOT_AUTHORIZED, 0,
				   "the peer demands a secret, and none is configured for it");
		return false;
	}
	if (is_reflected(in, msg)) {
		in->engine->stats.auth_failures++;
		*ret = reason_make(ORIGIN_LOCAL, STOPCCN_NOT_AUTHORIZED, 0,
				   "the challenge is our own");
		return false;
	}
	return true;
}

static struct l2tp_tunnel *next_of_peer(struct hash_node *node, const struct addr *peer,
					uint16_t peer_tunnel_id)
{
	for (; node; node = hash_find_next(node)) {
		struct l2tp_tunnel *t = container_of(node, struct l2tp_tunnel, by_peer);

		if (!t->core.initiator && t->core.peer_tunnel_id == peer_tunnel_id &&
		    addr_equal(&t->core.peer, peer))
			return t;
	}
	return NULL;
}

static struct l2tp_tunnel *first_of_peer(const struct l2tp_engine *engine, const struct addr *peer,
					 uint16_t peer_tunnel_id)
{
	uint64_t key = engine_peer_key(engine, peer, peer_tunnel_id);

	return next_of_peer(hash_find(&engine->by_peer, key), peer, peer_tunnel_id);
}

/*
 * Whether an SCCRQ with the tunnel's own peer and id is a new one. It is when the peer itself has
 * ended the tunnel, and when the tunnel is up for a full retransmission cycle: nobody repeats an
 * SCCRQ then, so this is a peer that restarted and counts its tunnel ids from the start again.
 */
static bool is_outlived(const struct l2tp_tunnel *t, usec_t now)
{
	if (t->core.state == TUNNEL_CLOSED)
		return true;
	return (t->core.state == TUNNEL_ESTABLISHED || t->core.state == TUNNEL_DRAINING) &&
	       now - t->core.established_at > transport_cycle(&t->transport.config);
}

/* The tunnel that an SCCRQ already made. */
static struct l2tp_tunnel *find_repeated(const struct arrival *in, uint16_t peer_tunnel_id)
{
	struct l2tp_tunnel *t = first_of_peer(in->engine, in->peer, peer_tunnel_id);

	while (t && is_outlived(t, in->now))
		t = next_of_peer(hash_find_next(&t->by_peer), in->peer, peer_tunnel_id);
	return t;
}

/*
 * The peer proved that it opened this tunnel, so it knows nothing of others under the same id.
 * What they would say, from a HELLO to StopCCN, would be taken for this tunnel's.
 */
void engine_end_predecessors(const struct l2tp_tunnel *t, usec_t now)
{
	struct reason reason = reason_make(ORIGIN_PEER, 0, 0, "the peer restarted");
	const struct tunnel_core *core = &t->core;
	struct l2tp_tunnel *other = first_of_peer(t->engine, &core->peer, core->peer_tunnel_id);
	struct l2tp_tunnel *next;

	for (; other; other = next) {
		next = next_of_peer(hash_find_next(&other->by_peer), &core->peer,
				    core->peer_tunnel_id);
		if (other != t)
			tunnel_lost(other, &reason, now);
	}
}

static void accept_tunnel(const struct arrival *in, struct peer *peer, const struct l2tp_msg *msg)
{
	struct l2tp_engine *engine = in->engine;
	struct l2tp_tunnel *t;
	struct reason reason;
	int err;

	half_open_make_room(in->engine, peer, in->peer, in->now);
	err = tunnel_new(engine, NULL, peer, 0, in->now, &t);
	if (err) {
		reason = reason_kernel(err, "SCCRQ");
		refuse(in, msg->assigned_tunnel_id, &reason);
		return;
	}
	t->core.local = *in->local;
	t->core.peer = *in->peer;
	tunnel_set_peer_id(t, msg->assigned_tunnel_id);
	err = half_open_enter(t);
	if (!err)
		err = engine->ops->socket_open(t);
	if (err) {
		reason = reason_kernel(err, "tunnel socket");
		refuse(in, msg->assigned_tunnel_id, &reason);
		tunnel_free(t);
		return;
	}
	t->socket_open = true;
	engine->stats.tunnels_accepted++;
	tunnel_count_received(t, msg);
	/* Its SCCRQ is received: what follows goes through the transport, in order. */
	t->transport.nr = in->header->ns + 1;
	tie_discard(engine, in->peer, msg, t, in->now);
	tunnel_accept_sccrq(t, msg, in->now);
}

/*
 * What is said to tunnel 0 was said before anything of ours was heard: it can be a copy of what was
 * taken, and acknowledges nothing. More is not believed, for its sender shows less than our id.
 */
static void repeat(const struct arrival *in, struct l2tp_tunnel *t)
{
	struct control_header header = *in->header;

	in->engine->stats.sccrq_duplicate++;
	header.nr = t->transport.acked;
	if (seq_compare(header.ns, t->transport.nr) < 0)
		transport_input(&t->transport, &header, in->body, in->now);
}

/* A peer that closes and opens again under one id is remembered once, or the search for its id
 * would become long. */
static void forget_closed(const struct arrival *in, uint16_t peer_tunnel_id)
{
	struct l2tp_tunnel *t = first_of_peer(in->engine, in->peer, peer_tunnel_id);
	struct l2tp_tunnel *next;
	bool remembered = false;

	for (; t; t = next) {
		next = next_of_peer(hash_find_next(&t->by_peer), in->peer, peer_tunnel_id);
		if (t->core.state != TUNNEL_CLOSED)
			continue;
		t->finished = t->finished || remembered;
		remembered = true;
		tunnel_check_done(t, in->now);
	}
}

static void handle_sccrq(const struct arrival *in, struct peer *peer, const struct l2tp_msg *msg)
{
	struct l2tp_tunnel *repeated = find_repeated(in, msg->assigned_tunnel_id);
	struct l2tp_engine *engine = in->engine;
	struct reason reason;
	unsigned int lost;
	enum tie tie;

	if (repeated) {
		repeat(in, repeated);
		return;
	}
	count_received(engine, msg);
	if (!acceptable(in, peer, msg, &reason)) {
		refuse(in, msg->assigned_tunnel_id, &reason);
		return;
	}
	if (admin_refuses_tunnel(engine, peer, &reason)) {
		refuse(in, msg->assigned_tunnel_id, &reason);
		return;
	}
	tie = tie_judge(engine, in->peer, msg, &lost);
	engine->stats.sccrq_crossed += tie != TIE_NONE;
	if (tie == TIE_EQUAL)
		tie_discard(engine, in->peer, msg, NULL, in->now);
	/* Not a word: the peer will see that ours won, or sees as we do that neither did. */
	if (tie == TIE_WON || tie == TIE_EQUAL)
		return;
	forget_closed(in, msg->assigned_tunnel_id);
	if (within_limits(in, peer, lost, &reason))
		accept_tunnel(in, peer, msg);
	else
		refuse(in, msg->assigned_tunnel_id, &reason);
}

/* The tunnel of a peer that does not know our id yet: one that lives, or the last that it ended. */
static struct l2tp_tunnel *find_unproven(const struct arrival *in, uint16_t peer_tunnel_id)
{
	struct l2tp_tunnel *t = first_of_peer(in->engine, in->peer, peer_tunnel_id);
	struct l2tp_tunnel *closed = NULL;

	for (; t; t = next_of_peer(hash_find_next(&t->by_peer), in->peer, peer_tunnel_id)) {
		if (t->core.established_at)
			continue;
		if (t->core.state != TUNNEL_CLOSED)
			return t;
		closed = t;
	}
	return closed;
}

/* RFC 2661 4.4.3: a peer that ends a tunnel before it knows our id names it by its own. One that
 * said SCCCN knows it. */
static void handle_early_stopccn(const struct arrival *in, const struct l2tp_msg *msg)
{
	struct l2tp_tunnel *t = find_unproven(in, msg->assigned_tunnel_id);

	if (t)
		to_transport(in, t);
	else
		dropped(in, NULL, &in->engine->stats.rx_unknown_tunnel, "no such tunnel here");
}

static void refuse_malformed(const struct arrival *in, const struct peer *peer,
			     const struct msg_error *error)
{
	struct reason reason;

	dropped(in, NULL, &in->engine->stats.rx_malformed, error->text);
	if (!peer || error->type != MSG_SCCRQ || !error->fatal || !error->assigned_tunnel_id)
		return;
	reason = reason_make(ORIGIN_LOCAL, STOPCCN_GENERAL_ERROR, error->error, "%s", error->text);
	engine_reply_stopccn(in->engine, in->local, in->peer, in->header, error->assigned_tunnel_id,
			     &reason);
}

/* Before anything is looked up or computed for it, and without an answer: that would be one packet
 * for each of a flood, to whom the flood says it comes from. */
static bool too_many(const struct arrival *in)
{
	struct l2tp_engine *engine = in->engine;
	unsigned int limit = engine->limits.max_sccrq_rate;

	return limit && msg_peek_type(in->body) == MSG_SCCRQ &&
	       !rate_allow(&engine->sccrq_rate, engine_source_key(engine, in->peer), limit,
			   in->now);
}

/* Messages for tunnel 0, and those for tunnels that are not here. */
static void input_unconnected(const struct arrival *in)
{
	struct l2tp_engine *engine = in->engine;
	uint8_t scratch[MSG_LEN_MAX];
	struct msg_decode_params params = {.scratch = scratch, .scratch_size = sizeof(scratch)};
	struct msg_error error;
	struct l2tp_msg msg;
	struct peer *peer;

	if (!in->body.len || in->body.len > sizeof(scratch)) {
		dropped(in, NULL, &engine->stats.rx_malformed, "no message for tunnel 0");
		return;
	}
	if (too_many(in)) {
		dropped(in, NULL, &engine->stats.sccrq_over_rate,
			"it sends more SCCRQs a second than max_sccrq_rate");
		return;
	}
	peer = match_peer(in);
	params.secret = peer_secret(peer);
	if (msg_decode(in->body, &params, &msg, &error)) {
		refuse_malformed(in, peer, &error);
		return;
	}
	trace_message(engine, NULL, false, &msg);
	if (msg.type == MSG_SCCRQ)
		handle_sccrq(in, peer, &msg);
	else if (msg.type == MSG_STOPCCN)
		handle_early_stopccn(in, &msg);
	else
		dropped(in, NULL, &engine->stats.rx_malformed,
			"a message for tunnel 0 that begins or ends none");
}

/*
 * A tunnel that we gave up before its SCCRP came left nobody to tell the peer, who would wait for
 * our SCCCN: RFC 2661 7.2.1 answers an SCCRP in state idle with StopCCN.
 */
static void input_unknown(const struct arrival *in)
{
	struct peer *peer = match_peer(in);
	uint8_t scratch[MSG_LEN_MAX];
	struct msg_decode_params params = {
		.secret = peer_secret(peer), .scratch = scratch, .scratch_size = sizeof(scratch)};
	struct msg_error error;
	struct l2tp_msg msg;
	struct reason reason;

	/* The acknowledgement of a StopCCN that we sent so: nothing to tell of. */
	if (!in->body.len) {
		in->engine->stats.rx_unknown_tunnel++;
		return;
	}
	dropped(in, NULL, &in->engine->stats.rx_unknown_tunnel, "no such tunnel here");
	if (!peer || in->body.len > sizeof(scratch) ||
	    msg_decode(in->body, &params, &msg, &error) || msg.type != MSG_SCCRP)
		return;
	reason = reason_make(ORIGIN_LOCAL, STOPCCN_CLEAR, 0, "the tunnel was given up meanwhile");
	engine_reply_stopccn(in->engine, in->local, in->peer, in->header, msg.assigned_tunnel_id,
			     &reason);
}

static void input_control(const struct arrival *in)
{
	struct engine_stats *stats = &in->engine->stats;
	struct l2tp_tunnel *t;
	const char *why;

	if (in->header->version != 2 || in->header->tunnel_id > UINT16_MAX) {
		dropped(in, NULL, &stats->rx_bad_version, "an L2TPv3 message; this is L2TPv2");
		return;
	}
	if (!in->header->tunnel_id) {
		input_unconnected(in);
		return;
	}
	t = l2tp_tunnel_find(in->engine, (uint16_t)in->header->tunnel_id);
	if (!t) {
		input_unknown(in);
		return;
	}
	if (!addr_equal(&t->core.peer, in->peer) &&
	    !tunnel_adopt(t, in->peer, in->header, in->body, &why)) {
		dropped(in, t, &stats->rx_wrong_peer, why);
		return;
	}
	to_transport(in, t);
	tunnel_dirty(t);
}

void l2tp_engine_input(struct l2tp_engine *engine, const struct addr *local,
		       const struct addr *peer, struct bytes packet, usec_t now)
{
	struct control_header header;
	struct arrival in = {
		.engine = engine, .local = local, .peer = peer, .header = &header, .now = now};

	engine->stats.rx_packets++;
	engine->stats.rx_octets += packet.len;
	switch (packet_parse(packet, &header, &in.body)) {
	case PACKET_CONTROL:
		input_control(&in);
		break;
	case PACKET_DATA:
		/* Of a session that just went, or is not there yet: never worth an answer. */
		dropped(&in, NULL, &engine->stats.rx_data, "a data packet");
		break;
	case PACKET_MALFORMED:
		dropped(&in, NULL, &engine->stats.rx_malformed, "no valid L2TP header");
		break;
	case PACKET_BAD_VERSION:
		dropped(&in, NULL, &engine->stats.rx_bad_version, "a version that is not L2TP's");
		break;
	}
	engine_reap(engine);
}
