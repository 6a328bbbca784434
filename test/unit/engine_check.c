/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What must be true of an engine at any moment, and the commands that tests give again and again,
 * each followed by the check.
 */
#include "engine_fixture.h"

static unsigned int check_sessions(const struct l2tp_tunnel *t)
{
	struct l2tp_session *s;
	unsigned int count = 0;

	for (s = l2tp_session_next(t, NULL); s; s = l2tp_session_next(t, s)) {
		count++;
		assert_ptr_equal(s->tunnel, t);
		assert_int_equal(s->kernel == KERNEL_NONE, !s->dp);
		assert_int_equal(s->ppp.running, !!s->pppd);
		assert_true(s->core.state != SESSION_ESTABLISHED || s->kernel == KERNEL_UP);
		assert_true(s->core.state != SESSION_CLOSING || s->reason.origin != ORIGIN_NONE);
		assert_true(t->core.state < TUNNEL_DRAINING || s->core.state == SESSION_CLOSING);
		/* It waits for something: a timer, the kernel or PPP. */
		assert_true(s->timer.when != USEC_NEVER || s->core.state == SESSION_ESTABLISHED ||
			    s->kernel != KERNEL_NONE || s->ppp.running);
	}
	assert_int_equal(count, t->n_sessions);
	assert_int_equal(count, t->sessions.count);
	assert_true(t->sessions_by_peer.count <= count);
	return count;
}

/* Every message that the transport gave was counted once, and what a tunnel has the sums have. */
static void check_counters(const struct l2tp_tunnel *t)
{
	struct traffic own = traffic_of_tunnel(&t->traffic);
	const struct l2tp_engine *engine = t->engine;
	uint64_t in = t->stats.rx_avp_errors;

	for (unsigned int type = 0; type < MSG_TYPE_MAX; type++) {
		in += own.messages[type].in;
		assert_true(own.messages[type].in <= engine->traffic.messages[type].in);
		assert_true(own.messages[type].out <= engine->traffic.messages[type].out);
	}
	/* An SCCRQ comes before there is a transport. */
	if (t->core.initiator || !own.messages[MSG_SCCRQ].in)
		assert_int_equal(in, t->transport.stats.rx_messages);
	else
		assert_int_equal(in, t->transport.stats.rx_messages + 1);
	for (size_t i = 0; i < sizeof(t->transport.stats) / sizeof(uint64_t); i++)
		assert_true(((const uint64_t *)&t->transport.stats)[i] <=
			    ((const uint64_t *)&engine->transport)[i]);
	assert_true(t->stats.rx_avp_errors <= engine->stats.rx_avp_errors);
	assert_true(t->stats.rx_unexpected <= engine->stats.rx_unexpected);
}

/* Every tally is held by tunnels that are there, and counts them and their sessions. */
static void check_tallies(const struct l2tp_engine *engine)
{
	unsigned int holders = 0, tunnels = 0, sessions = 0, half_open = 0;
	struct hash_node *node;

	for (node = hash_walk(&engine->usage, NULL); node; node = hash_walk(&engine->usage, node)) {
		const struct tally *tally = container_of(node, struct tally, node);

		holders += tally->holders;
		tunnels += tally->tunnels;
		sessions += tally->sessions;
	}
	assert_int_equal(holders, engine->n_tunnels);
	assert_int_equal(tunnels, engine->n_tunnels - engine->n_ending);
	assert_int_equal(sessions, engine->n_sessions);
	for (node = hash_walk(&engine->half_open, NULL); node;
	     node = hash_walk(&engine->half_open, node))
		half_open += container_of(node, struct tally, node)->holders;
	assert_int_equal(half_open, engine->n_half_open);
}

void box_check(const struct box *box)
{
	const struct l2tp_engine *engine = box->engine;
	unsigned int tunnels = 0, sessions = 0, half_open = 0;
	struct l2tp_tunnel *t;

	assert_true(list_empty(&engine->dead));
	list_for_each (t, &engine->tunnels, node) {
		tunnels++;
		half_open += t->half_open != NULL;
		sessions += check_sessions(t);
		check_counters(t);
		assert_false(t->dead);
		assert_ptr_equal(l2tp_tunnel_find(engine, t->core.tunnel_id), t);
		assert_int_equal(t->kernel == KERNEL_NONE, !t->dp);
		fake_check_tunnel(t);
		assert_true(t->core.state < TUNNEL_DRAINING || t->reason.origin != ORIGIN_NONE);
		assert_int_equal(t->half_open != NULL, t->core.state == TUNNEL_WAIT_CTL_CONN);
		assert_true(t->kernel == KERNEL_NONE || t->core.state >= TUNNEL_ESTABLISHED);
	}
	assert_int_equal(engine->n_tunnels, tunnels);
	assert_int_equal(engine->by_id.count, tunnels);
	assert_true(engine->by_peer.count <= tunnels);
	assert_int_equal(engine->n_sessions, sessions);
	assert_int_equal(engine->n_half_open, half_open);
	assert_int_equal(box->sockets, tunnels);
	check_tallies(engine);
}

struct l2tp_tunnel *first_tunnel(const struct box *box)
{
	return list_first(&box->engine->tunnels, struct l2tp_tunnel, node);
}

struct l2tp_session *first_session(const struct box *box)
{
	const struct l2tp_tunnel *t = first_tunnel(box);

	return t ? l2tp_session_next(t, NULL) : NULL;
}

struct l2tp_tunnel *open_tunnel(struct box *from, struct box *to)
{
	struct tunnel_params params = {.peer = from->peer, .remote = to->addr};
	struct l2tp_tunnel *t;

	assert_int_equal(l2tp_tunnel_open(from->engine, &params, from->world->now, &t), 0);
	box_check(from);
	return t;
}

struct l2tp_session *open_session(struct l2tp_tunnel *t)
{
	const struct session_params params = {0};
	const struct box *box = t->engine->ctx;
	struct l2tp_session *s;

	assert_int_equal(l2tp_session_open(t, &params, box->world->now, &s), 0);
	box_check(box);
	return s;
}

void close_tunnel(struct l2tp_tunnel *t)
{
	struct reason reason = reason_make(ORIGIN_LOCAL, STOPCCN_CLEAR, 0, "closed by the test");
	const struct box *box = t->engine->ctx;

	l2tp_tunnel_close(t, &reason, box->world->now);
	box_check(box);
}

void close_session(struct l2tp_session *s)
{
	struct reason reason = reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "closed by the test");
	const struct box *box = s->tunnel->engine->ctx;

	l2tp_session_close(s, &reason, box->world->now);
	box_check(box);
}
