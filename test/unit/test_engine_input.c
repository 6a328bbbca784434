/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes in from outside of any tunnel: who is refused with which words (RFC 2661 4.4.2), and
 * that a stranger leaves nothing behind.
 */
#include "engine_fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "engine_talker.h"

static void add_prefix(struct box *box, const char *text)
{
	box->peer->addresses = mem_resize(box->peer->addresses,
					  (box->peer->n_addresses + 1) * sizeof(struct prefix));
	assert_int_equal(prefix_parse(text, &box->peer->addresses[box->peer->n_addresses++]), 0);
}

static void no_such_address(struct box *box, struct l2tp_msg *msg)
{
	(void)msg;
	add_prefix(box, "192.0.2.0/24");
	add_prefix(box, "198.51.100.0/29");
}

static void known_address(struct box *box, struct l2tp_msg *msg)
{
	(void)msg;
	add_prefix(box, "192.0.2.0/24");
	add_prefix(box, "198.51.100.8/30");
}

static void other_host_name(struct box *box, struct l2tp_msg *msg)
{
	(void)msg;
	box->peer->host_name = strdup("walker");
}

static void known_host_name(struct box *box, struct l2tp_msg *msg)
{
	(void)msg;
	box->peer->host_name = strdup("talker");
}

static void no_peers(struct box *box, struct l2tp_msg *msg)
{
	struct list none;

	(void)msg;
	list_init(&none);
	l2tp_engine_set_peers(box->engine, &none);
}

static void version_2(struct box *box, struct l2tp_msg *msg)
{
	(void)box;
	msg->protocol_version = 0x0200;
}

static void version_0(struct box *box, struct l2tp_msg *msg)
{
	(void)box;
	msg->protocol_version = 0x0001;
}

/* A revision may differ (RFC 2661 4.4.3). */
static void revision_1(struct box *box, struct l2tp_msg *msg)
{
	(void)box;
	msg->protocol_version = 0x0101;
}

static void challenge(struct box *box, struct l2tp_msg *msg)
{
	(void)box;
	MSG_SET(msg, AVP_CHALLENGE, challenge, bytes_str("who are you?"));
}

static void challenge_never(struct box *box, struct l2tp_msg *msg)
{
	challenge(box, msg);
	box_secret(box, "secret");
	box->peer->challenge = CHALLENGE_NEVER;
}

static void no_tunnels(struct box *box, struct l2tp_msg *msg)
{
	(void)msg;
	box->engine->limits.max_tunnels = 0;
}

static void shutting_down(struct box *box, struct l2tp_msg *msg)
{
	(void)msg;
	l2tp_engine_shutdown(box->engine, box->world->now);
}

static void ordinary(struct box *box, struct l2tp_msg *msg)
{
	(void)box, (void)msg;
}

static const struct {
	void (*prepare)(struct box *box, struct l2tp_msg *msg);
	const char *story;
	bool authentication;
} requests[] = {
	{ordinary, "tx:SCCRP", false},
	{known_address, "tx:SCCRP", false},
	{known_host_name, "tx:SCCRP", false},
	{revision_1, "tx:SCCRP", false},
	{no_peers, "reply:StopCCN(4) ev:refused", false},
	{no_such_address, "reply:StopCCN(4) ev:refused", false},
	{other_host_name, "reply:StopCCN(4) ev:refused", false},
	{version_2, "reply:StopCCN(5/256) ev:refused", false},
	{version_0, "reply:StopCCN(5/256) ev:refused", false},
	{challenge, "reply:StopCCN(4) ev:refused", true},
	{challenge_never, "reply:StopCCN(4) ev:refused", true},
	{no_tunnels, "reply:StopCCN(2/4) ev:refused", false},
	{shutting_down, "reply:StopCCN(6) ev:refused", false},
};

static void test_requests(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		struct world w;
		struct box *box = &w.boxes[1];
		struct talker talker;
		struct l2tp_msg msg;
		const struct sent *sent;
		bool accepted = !strcmp(requests[i].story, "tx:SCCRP");

		world_init(&w, 1);
		talker_init(&talker, box);
		msg = talker_msg(&talker, MSG_SCCRQ);
		requests[i].prepare(box, &msg);
		talker_say_msg(&talker, 0, &msg);
		box_expect(box, requests[i].story);
		assert_int_equal(box->engine->n_tunnels, accepted);
		assert_int_equal(box->engine->stats.sccrq_refused, !accepted);
		assert_int_equal(box->engine->stats.auth_failures, requests[i].authentication);
		sent = box_sent(box, accepted ? MSG_SCCRP : MSG_STOPCCN);
		assert_int_equal(sent->header.tunnel_id, talker.tunnel_id);
		assert_int_equal(sent->header.nr, 1);
		assert_true(addr_equal(&sent->from, &box->addr));
		assert_int_not_equal(sent->msg.assigned_tunnel_id, 0);
		world_end(&w);
	}
}

static void test_limits_count(void **state)
{
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;

	(void)state;
	world_init(&w, 2);
	talker_init(&talker, box);
	box->engine->limits.max_half_open = 2;
	box->peer->max_tunnels = 3;
	for (uint16_t i = 0; i < 3; i++) {
		talker.ns = talker.nr = 0;
		talker.tunnel_id = 100 + i;
		talker_say(&talker, 0, MSG_SCCRQ);
	}
	/* Two wait for SCCCN, for the third took the place of the first. */
	assert_int_equal(box->engine->n_half_open, 2);
	assert_int_equal(box->engine->stats.sccrq_refused, 0);
	talker.tunnel_id = 102;
	talker.box_tunnel_id =
		list_entry(box->engine->tunnels.prev, struct l2tp_tunnel, node)->core.tunnel_id;
	talker.ns = talker.nr = 1;
	talker_say(&talker, 0, MSG_SCCCN);
	assert_int_equal(box->engine->n_half_open, 1);
	for (uint16_t i = 0; i < 2; i++) {
		talker.ns = talker.nr = 0;
		talker.tunnel_id = 110 + i;
		talker_say(&talker, 0, MSG_SCCRQ);
	}
	/* The limit of its peer refuses the second of these, and nobody gives way to it. */
	assert_int_equal(box->engine->stats.sccrq_refused, 1);
	assert_int_equal(box->engine->n_half_open, 2);
	assert_int_equal(l2tp_engine_usage(box->engine, box->peer->name).tunnels, 3);
	/* One that is closing does not count for its peer. */
	box->engine->limits.max_half_open = 10;
	box_forget(box);
	talker.tunnel_id = 120;
	talker.ns = talker.nr = 0;
	talker_say(&talker, 0, MSG_SCCRQ);
	box_expect(box, "reply:StopCCN(2/4) ev:refused");
	talker.mute = true;
	close_tunnel(first_tunnel(box));
	talker.mute = false;
	box_forget(box);
	talker.tunnel_id = 121;
	talker.ns = talker.nr = 0;
	talker_say(&talker, 0, MSG_SCCRQ);
	box_expect(box, "tx:SCCRP");
	world_end(&w);
}

/* Datagrams that make no sense, as bytes, and where they are counted. */
static const struct {
	const char *bytes;
	size_t len;
	size_t counter;
} garbage[] = {
#define COUNTS(counter) offsetof(struct engine_stats, counter)
	{"", 0, COUNTS(rx_malformed)},
	{"\xc8\x02", 2, COUNTS(rx_malformed)},
	/* T and L, no S. */
	{"\xc0\x02\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x00", 12, COUNTS(rx_malformed)},
	/* Length beyond the datagram. */
	{"\xc8\x02\x00\x0d\x00\x00\x00\x00\x00\x00\x00\x00", 12, COUNTS(rx_malformed)},
	/* L2F's version. */
	{"\xc8\x01\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x00", 12, COUNTS(rx_bad_version)},
	{"\xc8\x03\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x00", 12, COUNTS(rx_bad_version)},
	/* Data. */
	{"\x00\x02\x00\x05\x00\x06\xff\x03", 8, COUNTS(rx_data)},
	/* A ZLB for tunnel 0, and for one that nobody has. */
	{"\xc8\x02\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x00", 12, COUNTS(rx_malformed)},
	{"\xc8\x02\x00\x0c\x12\x34\x00\x00\x00\x00\x00\x00", 12, COUNTS(rx_unknown_tunnel)},
	/* HELLO for tunnel 0, and for one that nobody has. */
	{"\xc8\x02\x00\x14\x00\x00\x00\x00\x00\x00\x00\x00\x80\x08\x00\x00\x00\x00\x00\x06", 20,
	 COUNTS(rx_malformed)},
	{"\xc8\x02\x00\x14\x12\x34\x00\x00\x00\x00\x00\x00\x80\x08\x00\x00\x00\x00\x00\x06", 20,
	 COUNTS(rx_unknown_tunnel)},
	/* SCCRQ without anything that it must carry. */
	{"\xc8\x02\x00\x14\x00\x00\x00\x00\x00\x00\x00\x00\x80\x08\x00\x00\x00\x00\x00\x01", 20,
	 COUNTS(rx_malformed)},
};

static void test_garbage(void **state)
{
	struct world w;
	struct box *box = &w.boxes[1];
	const struct addr from = {.family = ADDR_IPV4, .port = 7, .ip = {203, 0, 113, 1}};

	(void)state;
	world_init(&w, 3);
	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		struct engine_stats stats = box->engine->stats;

		box_input(box, &from,
			  (struct bytes){(const uint8_t *)garbage[i].bytes, garbage[i].len});
		stats.rx_packets++;
		stats.rx_octets += garbage[i].len;
		++*(uint64_t *)((char *)&stats + garbage[i].counter);
		assert_memory_equal(&box->engine->stats, &stats, sizeof(stats));
	}
	/* It answered nothing, and remembers nothing. */
	assert_int_equal(box->n_sent, 0);
	assert_int_equal(box->engine->n_tunnels, 0);
	world_end(&w);
}

static void test_broken_sccrq(void **state)
{
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;

	(void)state;
	world_init(&w, 4);
	talker_init(&talker, box);
	talker.poison = true;
	talker_say(&talker, 0, MSG_SCCRQ);
	box_expect(box, "ev:packet-dropped reply:StopCCN(2/8)");
	assert_int_equal(box_sent(box, MSG_STOPCCN)->header.tunnel_id, talker.tunnel_id);
	/* A stranger is not worth the words. */
	no_peers(box, NULL);
	talker.poison = true;
	talker_say(&talker, 0, MSG_SCCRQ);
	box_expect(box, "ev:packet-dropped");
	assert_int_equal(box->engine->n_tunnels, 0);
	world_end(&w);
}

/* RFC 2661 4.4.3: a StopCCN may come before its sender knows our id. */
static void test_early_stopccn(void **state)
{
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;

	(void)state;
	world_init(&w, 5);
	talker_init(&talker, box);
	talker_say(&talker, 0, MSG_SCCRQ);
	box_forget(box);
	for (int i = 0; i < 2; i++) {
		/* The second is a repetition: acknowledged, and nothing more. */
		talker.ns = 1;
		talker.box_tunnel_id = 0;
		talker_say(&talker, 0, MSG_STOPCCN);
		assert_int_equal(box_sent(box, MSG_ZLB)->header.nr, 2);
		assert_int_equal(box_sent(box, MSG_ZLB)->header.tunnel_id, talker.tunnel_id);
	}
	box_expect(box, "ev:tunnel-down");
	assert_int_equal(first_tunnel(box)->core.state, TUNNEL_CLOSED);
	/* Somebody else's ends nothing. */
	talker.addr.port++;
	talker_say(&talker, 0, MSG_STOPCCN);
	box_expect(box, "ev:packet-dropped");
	assert_int_equal(box->engine->stats.rx_unknown_tunnel, 1);
	world_end(&w);
}

/* RFC 2661 7.2.1: SCCRP in state idle is answered by StopCCN. */
static void test_late_sccrp(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct tunnel_params params;
	struct l2tp_tunnel *t;

	(void)state;
	world_init(&w, 6);
	/* From the listener's port, or nobody would hear it. */
	params = (struct tunnel_params){
		.peer = lac->peer, .remote = lns->addr, .local = {.port = L2TP_PORT}};
	assert_int_equal(l2tp_tunnel_open(lac->engine, &params, w.now, &t), 0);
	close_tunnel(t);
	assert_int_equal(lac->engine->n_tunnels, 0);
	world_settle(&w);
	box_expect(lac,
		   "tx:SCCRQ ev:tunnel-down ev:tunnel-gone ev:packet-dropped reply:StopCCN(1)");
	box_expect(lns, "tx:SCCRP ev:tunnel-down");
	assert_int_equal(first_tunnel(lns)->core.state, TUNNEL_CLOSED);
	/* Nobody's SCCRP gets nothing. */
	no_peers(lac, NULL);
	assert_int_equal(l2tp_tunnel_open(lac->engine, &params, w.now, &t), 0);
	close_tunnel(t);
	world_settle(&w);
	box_expect(lac, "tx:SCCRQ ev:tunnel-down ev:tunnel-gone ev:packet-dropped");
	world_end(&w);
}

/* A peer that begins anew with the ids it had. */
static void test_restarted_peer(void **state)
{
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;
	struct l2tp_tunnel *old, *new;
	usec_t cycle = transport_cycle(&transport_config_default);

	(void)state;
	world_init(&w, 7);
	box->peer->transport.hello_interval = 0;
	talker_init(&talker, box);
	old = talker_opens(&talker);
	talker_calls(&talker);
	/* For a cycle it may be a repetition that was long under way. */
	talker.ns = talker.nr = 0;
	talker_say(&talker, 0, MSG_SCCRQ);
	assert_int_equal(box->engine->n_tunnels, 1);
	world_run(&w, cycle);
	talker.ns = talker.nr = 0;
	box_forget(box);
	talker_say(&talker, 0, MSG_SCCRQ);
	box_expect(box, "tx:SCCRP");
	/* Anybody could have sent that: the old one lives until the new one is proven. */
	assert_int_equal(old->core.state, TUNNEL_ESTABLISHED);
	new = l2tp_tunnel_find(box->engine, talker.box_tunnel_id);
	assert_ptr_not_equal(old, new);
	talker_say(&talker, 0, MSG_SCCCN);
	box_expect(box, "ev:tunnel-down -tunnel !ppp +tunnel ppp-down -session tunnel ev:tunnel-up "
			"ev:session-down ev:tunnel-gone");
	assert_ptr_equal(first_tunnel(box), new);
	assert_int_equal(box->engine->n_tunnels, 1);
	world_end(&w);
}

/* It said StopCCN, and comes back with the same id while we still answer its repetitions. */
static void test_returning_peer(void **state)
{
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;
	struct l2tp_tunnel *old;

	(void)state;
	world_init(&w, 8);
	talker_init(&talker, box);
	old = talker_opens(&talker);
	talker_say(&talker, 0, MSG_STOPCCN);
	assert_int_equal(old->core.state, TUNNEL_CLOSED);
	box_forget(box);
	talker.ns = talker.nr = 0;
	talker_say(&talker, 0, MSG_SCCRQ);
	box_expect(box, "tx:SCCRP");
	talker_say(&talker, 0, MSG_SCCCN);
	assert_int_equal(box->engine->n_tunnels, 1);
	assert_int_equal(first_tunnel(box)->core.state, TUNNEL_ESTABLISHED);
	world_end(&w);
}

/* The peers of a reload are for what comes; what is there keeps its own. */
static void test_reload(void **state)
{
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;
	struct l2tp_tunnel *t;
	struct peer *peer = peer_new("new");
	struct list peers;

	(void)state;
	world_init(&w, 9);
	talker_init(&talker, box);
	t = talker_opens(&talker);
	list_init(&peers);
	list_append(&peers, &peer->node);
	peer->local_name = strdup("renamed");
	l2tp_engine_set_peers(box->engine, &peers);
	assert_true(list_empty(&peers));
	assert_ptr_equal(l2tp_engine_find_peer(box->engine, "new"), peer);
	assert_null(l2tp_engine_find_peer(box->engine, "peer"));
	assert_ptr_equal(t->peer, box->peer);
	talker_calls(&talker);
	talker.tunnel_id = 78;
	talker.ns = talker.nr = 0;
	talker_say(&talker, 0, MSG_SCCRQ);
	assert_memory_equal(box_sent(box, MSG_SCCRP)->msg.host_name.data, "renamed", 7);
	assert_int_equal(l2tp_engine_usage(box->engine, "new").tunnels, 1);
	assert_int_equal(l2tp_engine_usage(box->engine, box->peer->name).tunnels, 1);
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),       cmocka_unit_test(test_limits_count),
		cmocka_unit_test(test_garbage),	       cmocka_unit_test(test_broken_sccrq),
		cmocka_unit_test(test_early_stopccn),  cmocka_unit_test(test_late_sccrp),
		cmocka_unit_test(test_restarted_peer), cmocka_unit_test(test_returning_peer),
		cmocka_unit_test(test_reload),
	};

	return cmocka_run_group_tests_name("engine_input", tests, NULL, NULL);
}
