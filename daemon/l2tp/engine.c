/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine: from a datagram to the tunnel it belongs to, or to the refusal it deserves.
 *
 * A stranger's packet costs a look-up and at most one answer. Only an SCCRQ from a peer of the
 * configuration, within every limit, makes us remember anything (RFC 2661 5.1, 7.2.1).
 */
#include "l2tp/private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "wire/result.h"

/* How often a random id may collide before we say that there is none. */
#define ID_ATTEMPTS 64

void engine_event(struct l2tp_engine *engine, enum l2tp_event_type type,
		  const struct l2tp_tunnel *t, const struct l2tp_session *s,
		  const struct addr *peer, const char *text)
{
	struct l2tp_event event = {
		.type = type, .tunnel = t, .session = s, .peer = peer, .text = text};

	engine->ops->event(engine, &event);
}

int l2tp_engine_new(const struct l2tp_ops *ops, void *ctx, const struct limits *limits,
		    struct l2tp_engine **ret)
{
	struct l2tp_engine *engine = mem_alloc(sizeof(*engine));

	if (!engine)
		return -ENOMEM;
	engine->ops = ops;
	engine->ctx = ctx;
	engine->limits = *limits;
	timer_queue_init(&engine->timers);
	list_init(&engine->peers);
	list_init(&engine->tunnels);
	list_init(&engine->dead);
	hash_init(&engine->by_id);
	hash_init(&engine->by_peer);
	ops->random(engine, &engine->seed, sizeof(engine->seed));
	/* Unique in a control connection is what RFC 2661 4.4.4 asks; a random start also keeps
	 * calls apart over a restart. */
	ops->random(engine, &engine->call_serial, sizeof(engine->call_serial));
	*ret = engine;
	return 0;
}

static void drop_peers(struct l2tp_engine *engine)
{
	struct peer *peer, *after;

	list_for_each_safe (peer, after, &engine->peers, node) {
		list_remove(&peer->node);
		peer_unref(peer);
	}
}

void l2tp_engine_free(struct l2tp_engine *engine)
{
	struct l2tp_tunnel *t, *after;

	if (!engine)
		return;
	list_for_each_safe (t, after, &engine->tunnels, node)
		tunnel_free(t);
	engine_reap(engine);
	drop_peers(engine);
	hash_fini(&engine->by_id);
	hash_fini(&engine->by_peer);
	timer_queue_fini(&engine->timers);
	mem_free(engine);
}

void engine_reap(struct l2tp_engine *engine)
{
	struct l2tp_tunnel *t, *after;

	list_for_each_safe (t, after, &engine->dead, node)
		tunnel_free(t);
}

void l2tp_engine_set_peers(struct l2tp_engine *engine, struct list *peers)
{
	struct peer *peer, *after;

	drop_peers(engine);
	list_for_each_safe (peer, after, peers, node) {
		list_remove(&peer->node);
		list_append(&engine->peers, &peer->node);
	}
}

struct peer *l2tp_engine_find_peer(const struct l2tp_engine *engine, const char *name)
{
	struct peer *peer;

	list_for_each (peer, &engine->peers, node) {
		if (strcmp(peer->name, name) == 0)
			return peer;
	}
	return NULL;
}

struct bytes peer_secret(const struct peer *peer)
{
	return bytes_str(peer ? peer->secret : NULL);
}

uint64_t engine_peer_key(const struct l2tp_engine *engine, const struct addr *peer,
			 uint16_t peer_tunnel_id)
{
	uint8_t key[20] = {0};
	struct writer w = writer_init(key, sizeof(key));

	writer_bytes(&w, (struct bytes){peer->ip, sizeof(peer->ip)});
	writer_u16(&w, peer->port);
	writer_u16(&w, peer_tunnel_id);
	return hash_bytes(key, sizeof(key), engine->seed);
}

struct l2tp_tunnel *l2tp_tunnel_find(const struct l2tp_engine *engine, uint16_t tunnel_id)
{
	struct hash_node *node = hash_find(&engine->by_id, hash_u64(tunnel_id, engine->seed));

	for (; node; node = hash_find_next(node)) {
		struct l2tp_tunnel *t = container_of(node, struct l2tp_tunnel, by_id);

		if (t->core.tunnel_id == tunnel_id)
			return t;
	}
	return NULL;
}

struct l2tp_tunnel *l2tp_tunnel_find_name(const struct l2tp_engine *engine, const char *name)
{
	struct l2tp_tunnel *t;

	list_for_each (t, &engine->tunnels, node) {
		if (t->core.name[0] && strcmp(t->core.name, name) == 0)
			return t;
	}
	return NULL;
}

uint16_t engine_new_tunnel_id(struct l2tp_engine *engine)
{
	/* Random, because the kernel accepts data for a guessed id from anybody, and because the
	 * id space is shared with `ip l2tp` and with other daemons. */
	for (int i = 0; i < ID_ATTEMPTS; i++) {
		uint16_t id;

		engine->ops->random(engine, &id, sizeof(id));
		if (id && !l2tp_tunnel_find(engine, id))
			return id;
	}
	return 0;
}

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

/* Peers are asked in the order of the configuration: source address first, then Host Name. */
static struct peer *match_peer(struct l2tp_engine *engine, const struct addr *source,
			       struct bytes host_name)
{
	struct peer *peer;

	list_for_each (peer, &engine->peers, node) {
		if (peer_matches(peer, source, host_name))
			return peer;
	}
	return NULL;
}

static void dropped(struct l2tp_engine *engine, struct l2tp_tunnel *t, const struct addr *peer,
		    uint64_t *counter, const char *text)
{
	(*counter)++;
	engine_event(engine, EVENT_PACKET_DROPPED, t, NULL, peer, text);
}

static void refuse(struct l2tp_engine *engine, const struct addr *local, const struct addr *peer,
		   uint16_t peer_tunnel_id, const struct reason *reason)
{
	engine->stats.sccrq_refused++;
	engine_reply_stopccn(engine, local, peer, peer_tunnel_id, reason);
	engine_event(engine, EVENT_REFUSED, NULL, NULL, peer, reason->text);
}

/* Whether another tunnel may be made for this peer now; *ret says why not. */
static bool may_accept(struct l2tp_engine *engine, const struct peer *peer, struct reason *ret)
{
	if (engine->shutting_down) {
		*ret = reason_make(ORIGIN_LOCAL, STOPCCN_SHUTTING_DOWN, 0, "shutting down");
		return false;
	}
	if (engine->n_tunnels >= engine->limits.max_tunnels) {
		*ret = reason_make(ORIGIN_LOCAL, STOPCCN_GENERAL_ERROR, ERROR_RESOURCES,
				   "max_tunnels %u reached", engine->limits.max_tunnels);
		return false;
	}
	if (engine->n_half_open >= engine->limits.max_half_open) {
		*ret = reason_make(ORIGIN_LOCAL, STOPCCN_GENERAL_ERROR, ERROR_RESOURCES,
				   "max_half_open %u reached", engine->limits.max_half_open);
		return false;
	}
	if (peer->max_tunnels && peer->n_tunnels >= peer->max_tunnels) {
		*ret = reason_make(ORIGIN_LOCAL, STOPCCN_GENERAL_ERROR, ERROR_RESOURCES,
				   "max_tunnels %u of peer %s reached", peer->max_tunnels,
				   peer->name);
		return false;
	}
	return true;
}

/*
 * The tunnel that an SCCRQ already made. One whose SCCCN arrived a full retransmission cycle ago
 * does not count: nobody sends that SCCRQ any more, so it is a peer that restarted and counts its
 * tunnel ids from the start again. The old tunnel dies of its HELLO.
 */
static struct l2tp_tunnel *find_repeated(struct l2tp_engine *engine, const struct addr *peer,
					 uint16_t peer_tunnel_id, usec_t now)
{
	struct hash_node *node =
		hash_find(&engine->by_peer, engine_peer_key(engine, peer, peer_tunnel_id));

	for (; node; node = hash_find_next(node)) {
		struct l2tp_tunnel *t = container_of(node, struct l2tp_tunnel, by_peer);

		if (t->core.initiator || t->core.peer_tunnel_id != peer_tunnel_id ||
		    !addr_equal(&t->core.peer, peer))
			continue;
		if (t->core.state == TUNNEL_ESTABLISHED &&
		    now - t->core.established_at > transport_cycle(&t->transport.config))
			continue;
		return t;
	}
	return NULL;
}

static void accept_tunnel(struct l2tp_engine *engine, struct peer *config, const struct addr *local,
			  const struct addr *peer, const struct control_header *header,
			  const struct l2tp_msg *msg, usec_t now)
{
	struct l2tp_tunnel *t;
	struct reason reason;
	int err;

	err = tunnel_new(engine, NULL, config, 0, now, &t);
	if (err) {
		reason = reason_kernel(err, "SCCRQ");
		refuse(engine, local, peer, msg->assigned_tunnel_id, &reason);
		return;
	}
	t->core.local = *local;
	t->core.peer = *peer;
	tunnel_set_peer_id(t, msg->assigned_tunnel_id);
	err = engine->ops->socket_open(t);
	if (err) {
		reason = reason_kernel(err, "tunnel socket");
		refuse(engine, local, peer, msg->assigned_tunnel_id, &reason);
		tunnel_free(t);
		return;
	}
	t->socket_open = true;
	engine->stats.tunnels_accepted++;
	/* Its SCCRQ is received: what follows goes through the transport, in order. */
	t->transport.nr = header->ns + 1;
	tunnel_accept_sccrq(t, msg, now);
}

static void handle_sccrq(struct l2tp_engine *engine, const struct addr *local,
			 const struct addr *peer, const struct control_header *header,
			 const struct l2tp_msg *msg, usec_t now)
{
	struct reason reason;
	struct peer *config;

	config = match_peer(engine, peer, msg->host_name);
	if (!config) {
		reason = reason_make(ORIGIN_LOCAL, STOPCCN_NOT_AUTHORIZED, 0,
				     "no such peer is configured here");
		refuse(engine, local, peer, msg->assigned_tunnel_id, &reason);
		return;
	}
	if (msg->protocol_version >> 8 != 1) {
		/* RFC 2661 4.4.2: the Error Code is the highest version we speak. */
		reason = reason_make(ORIGIN_LOCAL, STOPCCN_BAD_VERSION, 0x0100,
				     "protocol version %u.%u is not supported, 1.0 is",
				     msg->protocol_version >> 8, msg->protocol_version & 0xff);
		refuse(engine, local, peer, msg->assigned_tunnel_id, &reason);
		return;
	}
	if (!may_accept(engine, config, &reason)) {
		refuse(engine, local, peer, msg->assigned_tunnel_id, &reason);
		return;
	}
	accept_tunnel(engine, config, local, peer, header, msg, now);
}

/* A hidden AVP can only be read with the secret, and whose it is the Host Name says. */
static struct bytes secret_for(struct l2tp_engine *engine, const struct addr *source,
			       struct bytes body)
{
	return peer_secret(match_peer(engine, source, msg_peek_host_name(body)));
}

/* A message for tunnel 0: only SCCRQ may come so (RFC 2661 3.1). */
static void input_unconnected(struct l2tp_engine *engine, const struct addr *local,
			      const struct addr *peer, const struct control_header *header,
			      struct bytes body, usec_t now)
{
	uint8_t scratch[MSG_LEN_MAX];
	struct msg_decode_params params = {.secret = secret_for(engine, peer, body),
					   .scratch = scratch,
					   .scratch_size = sizeof(scratch)};
	struct msg_error error;
	struct l2tp_tunnel *repeated;
	struct l2tp_msg msg;
	struct reason reason;

	if (!body.len || body.len > sizeof(scratch)) {
		dropped(engine, NULL, peer, &engine->stats.rx_malformed,
			"a message for tunnel 0 that is no SCCRQ");
		return;
	}
	if (msg_decode(body, &params, &msg, &error)) {
		dropped(engine, NULL, peer, &engine->stats.rx_malformed, error.text);
		if (error.type == MSG_SCCRQ && error.fatal && error.assigned_tunnel_id &&
		    match_peer(engine, peer, (struct bytes){0})) {
			reason = reason_make(ORIGIN_LOCAL, STOPCCN_GENERAL_ERROR, error.error, "%s",
					     error.text);
			engine_reply_stopccn(engine, local, peer, error.assigned_tunnel_id,
					     &reason);
		}
		return;
	}
	if (msg.type != MSG_SCCRQ) {
		dropped(engine, NULL, peer, &engine->stats.rx_malformed,
			"a message for tunnel 0 that is no SCCRQ");
		return;
	}
	trace_message(engine, NULL, false, &msg);
	repeated = find_repeated(engine, peer, msg.assigned_tunnel_id, now);
	if (repeated) {
		engine->stats.sccrq_duplicate++;
		transport_input(&repeated->transport, header, body, now);
		return;
	}
	handle_sccrq(engine, local, peer, header, &msg, now);
}

/*
 * As initiator we asked one address and port, and the answer may come from another (RFC 2661 8.1
 * allows the port; NAT and many-homed peers change the address). It is taken once, from the SCCRP,
 * before anything was established; the tunnel then speaks to where it came from.
 */
static bool adopt_address(struct l2tp_tunnel *t, const struct control_header *header,
			  const struct addr *peer, struct bytes body)
{
	uint8_t scratch[MSG_LEN_MAX];
	struct msg_decode_params params = {.secret = peer_secret(t->peer),
					   .scratch = scratch,
					   .scratch_size = sizeof(scratch)};
	struct msg_error error;
	struct l2tp_msg msg;

	if (t->core.state != TUNNEL_WAIT_CTL_REPLY || header->ns != t->transport.nr)
		return false;
	if (!body.len || body.len > sizeof(scratch) || msg_decode(body, &params, &msg, &error))
		return false;
	if (msg.type != MSG_SCCRP &&
	    !(msg.type == MSG_STOPCCN && addr_same_host(&t->core.peer, peer)))
		return false;
	t->core.peer = *peer;
	return true;
}

static void input_control(struct l2tp_engine *engine, const struct addr *local,
			  const struct addr *peer, const struct control_header *header,
			  struct bytes body, usec_t now)
{
	struct l2tp_tunnel *t;

	if (header->version != 2 || header->tunnel_id > UINT16_MAX) {
		dropped(engine, NULL, peer, &engine->stats.rx_bad_version,
			"an L2TPv3 message; this is L2TPv2");
		return;
	}
	if (!header->tunnel_id) {
		input_unconnected(engine, local, peer, header, body, now);
		return;
	}
	t = l2tp_tunnel_find(engine, header->tunnel_id);
	if (!t || t->dead) {
		dropped(engine, NULL, peer, &engine->stats.rx_unknown_tunnel,
			"no such tunnel here");
		return;
	}
	if (!addr_equal(&t->core.peer, peer) && !adopt_address(t, header, peer, body)) {
		dropped(engine, t, peer, &engine->stats.rx_wrong_peer,
			"the tunnel is another peer's");
		return;
	}
	transport_input(&t->transport, header, body, now);
	tunnel_dirty(t);
}

void l2tp_engine_input(struct l2tp_engine *engine, const struct addr *local,
		       const struct addr *peer, struct bytes packet, usec_t now)
{
	struct control_header header;
	struct bytes body;

	engine->stats.rx_packets++;
	switch (packet_parse(packet, &header, &body)) {
	case PACKET_CONTROL:
		input_control(engine, local, peer, &header, body, now);
		break;
	case PACKET_DATA:
		/* Of a session that just went, or is not there yet: never worth an answer. */
		dropped(engine, NULL, peer, &engine->stats.rx_data, "a data packet");
		break;
	case PACKET_MALFORMED:
		dropped(engine, NULL, peer, &engine->stats.rx_malformed, "no valid L2TP header");
		break;
	case PACKET_BAD_VERSION:
		dropped(engine, NULL, peer, &engine->stats.rx_bad_version,
			"a version that is not L2TP's");
		break;
	}
	engine_reap(engine);
}

void l2tp_engine_run(struct l2tp_engine *engine, usec_t now)
{
	timer_queue_run(&engine->timers, now);
	engine_reap(engine);
}

void l2tp_engine_shutdown(struct l2tp_engine *engine, usec_t now)
{
	struct reason reason =
		reason_make(ORIGIN_LOCAL, STOPCCN_SHUTTING_DOWN, 0, "the daemon is shutting down");
	struct l2tp_tunnel *t, *after;

	engine->shutting_down = true;
	list_for_each_safe (t, after, &engine->tunnels, node)
		l2tp_tunnel_close(t, &reason, now);
	engine_reap(engine);
}
