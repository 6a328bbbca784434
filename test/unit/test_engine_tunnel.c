/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels, from SCCRQ to established: RFC 2661 sections 5.1 and 5.8. The table of states is in
 * test_engine_tunnel_states.c, authentication in test_engine_auth.c, what strangers send in
 * test_engine_input.c, the end in test_engine_end.c.
 */
#include "engine_fixture.h"

#include <errno.h>
#include <string.h>

#include "engine_talker.h"

static void test_up_and_down(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct l2tp_tunnel *t;

	(void)state;
	world_init(&w, 1);
	t = open_tunnel(lac, lns);
	world_settle(&w);
	box_expect(lac, "tx:SCCRQ tx:SCCCN +tunnel tunnel ev:tunnel-up");
	box_expect(lns, "tx:SCCRP +tunnel tunnel ev:tunnel-up");
	assert_int_equal(lac->engine->stats.tunnels_opened, 1);
	assert_int_equal(lns->engine->stats.tunnels_accepted, 1);
	close_tunnel(t);
	world_settle(&w);
	box_expect(lac, "tx:StopCCN(1) ev:tunnel-down -tunnel ev:tunnel-gone");
	assert_int_equal(lac->engine->n_tunnels, 0);
	/* The peer answers repetitions for a cycle (5.7), and has nothing in the kernel. */
	box_expect(lns, "ev:tunnel-down -tunnel");
	assert_string_equal(lns->reason,
			    "peer: tunnel closed on request: closed by the test (result 1)");
	world_run(&w, transport_cycle(&transport_config_default));
	box_expect(lns, "ev:tunnel-gone");
	assert_int_equal(lac->engine->stats.tunnels_failed, 0);
	assert_int_equal(lns->engine->stats.tunnels_failed, 0);
	world_end(&w);
}

static void test_each_knows_the_other(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct tunnel_core *a, *b;

	(void)state;
	world_init(&w, 2);
	lns->peer->transport.window = 17;
	a = &open_tunnel(lac, lns)->core;
	world_settle(&w);
	b = &first_tunnel(lns)->core;
	assert_true(a->initiator && !b->initiator);
	assert_int_not_equal(a->tunnel_id, 0);
	assert_int_equal(a->tunnel_id, b->peer_tunnel_id);
	assert_int_equal(b->tunnel_id, a->peer_tunnel_id);
	assert_true(addr_equal(&a->local, &b->peer) && addr_equal(&b->local, &a->peer));
	assert_string_equal(a->peer_host_name, "lns");
	assert_string_equal(b->peer_host_name, "lac");
	assert_string_equal(a->peer_vendor, "adit");
	assert_int_equal(a->peer_window, 17);
	assert_int_equal(b->peer_window, transport_config_default.window);
	assert_int_equal(a->peer_framing, FRAMING_SYNC | FRAMING_ASYNC);
	assert_int_equal(a->peer_bearer, BEARER_DIGITAL | BEARER_ANALOG);
	world_end(&w);
}

static void test_repeated_sccrq(void **state)
{
	struct world w;
	struct box *box;
	struct talker talker;
	uint16_t ns;

	(void)state;
	world_init(&w, 3);
	box = &w.boxes[1];
	talker_init(&talker, box);
	talker_say(&talker, 0, MSG_SCCRQ);
	for (int i = 0; i < 3; i++) {
		ns = talker.ns;
		talker.ns = 0;
		talker_say(&talker, 0, MSG_SCCRQ);
		talker.ns = ns;
	}
	assert_int_equal(box->engine->n_tunnels, 1);
	assert_int_equal(box->engine->stats.sccrq_duplicate, 3);
	box_expect(box, "tx:SCCRP");
	/* The same id at another port is another peer. */
	talker.addr.port++;
	talker.ns = talker.nr = 0;
	talker_say(&talker, 0, MSG_SCCRQ);
	assert_int_equal(box->engine->n_tunnels, 2);
	world_end(&w);
}

/* Where the answer to our SCCRQ comes from, and whether it is taken. */
static const struct {
	enum msg_type message;
	uint8_t host;
	uint16_t port;
	bool adopted;
} answers[] = {
	{MSG_SCCRP, 9, L2TP_PORT, true},  {MSG_SCCRP, 9, 54321, true},
	{MSG_SCCRP, 10, L2TP_PORT, true}, {MSG_SCCRP, 10, 54321, true},
	{MSG_STOPCCN, 9, 54321, true},	  {MSG_STOPCCN, 10, L2TP_PORT, false},
	{MSG_SCCCN, 9, 54321, false},	  {MSG_HELLO, 10, L2TP_PORT, false},
};

static void test_address_of_the_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct world w;
		struct box *box = &w.boxes[0];
		struct talker talker;
		struct l2tp_tunnel *t;

		world_init(&w, 5);
		talker_init(&talker, box);
		t = talker_awaits(&talker);
		talker.addr.ip[3] = answers[i].host;
		talker.addr.port = answers[i].port;
		talker.mute = !answers[i].adopted;
		talker_say(&talker, 0, answers[i].message);
		assert_int_equal(addr_equal(&t->core.peer, &talker.addr), answers[i].adopted);
		assert_int_equal(box->engine->stats.rx_wrong_peer, answers[i].adopted ? 0 : 1);
		if (!answers[i].adopted)
			assert_int_equal(t->core.state, TUNNEL_WAIT_CTL_REPLY);
		if (answers[i].message == MSG_SCCRP)
			assert_true(addr_equal(&box_sent(box, MSG_SCCCN)->to, &talker.addr));
		world_end(&w);
	}
}

static void test_address_is_taken_once(void **state)
{
	struct world w;
	struct box *box = &w.boxes[0];
	struct talker talker;
	struct l2tp_tunnel *t;
	struct addr first;

	(void)state;
	world_init(&w, 6);
	talker_init(&talker, box);
	t = talker_awaits(&talker);
	/* Not for a message that is not the first. */
	talker.addr.port = 1000;
	talker.mute = true;
	talker.ns = 1;
	talker_say(&talker, 0, MSG_SCCRP);
	assert_int_equal(t->core.peer.port, L2TP_PORT);
	talker.mute = false;
	talker.ns = 0;
	talker.addr.port = 2000;
	talker_say(&talker, 0, MSG_SCCRP);
	first = talker.addr;
	assert_true(addr_equal(&t->core.peer, &first));
	/* Neither another port nor another address, whatever they say. */
	talker.mute = true;
	assert_int_equal(box->engine->stats.rx_wrong_peer, 1);
	talker.addr.port = 3000;
	talker_say(&talker, 0, MSG_STOPCCN);
	talker.ns--;
	talker.addr = first;
	talker.addr.ip[3]++;
	talker_say(&talker, 0, MSG_SCCRP);
	assert_int_equal(box->engine->stats.rx_wrong_peer, 3);
	assert_true(addr_equal(&t->core.peer, &first));
	assert_int_equal(t->core.state, TUNNEL_ESTABLISHED);
	world_end(&w);
}

static void test_wrong_source(void **state)
{
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;
	struct l2tp_tunnel *t;

	(void)state;
	world_init(&w, 7);
	talker_init(&talker, box);
	talker_say(&talker, 0, MSG_SCCRQ);
	t = first_tunnel(box);
	box_forget(box);
	talker.mute = true;
	talker.addr.port++;
	talker_say(&talker, 0, MSG_SCCCN);
	assert_int_equal(t->core.state, TUNNEL_WAIT_CTL_CONN);
	assert_int_equal(box->engine->stats.rx_wrong_peer, 1);
	assert_int_equal(t->transport.nr, 1);
	box_expect(box, "ev:packet-dropped");
	world_end(&w);
}

static void test_setup_timeouts(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct talker talker;

	(void)state;
	/* Nobody answers: the transport gives up before the timer does. */
	world_init(&w, 8);
	w.cut_off = lns;
	open_tunnel(lac, lns);
	world_run(&w, transport_cycle(&transport_config_default));
	box_expect(lac, "tx:SCCRQ ev:tunnel-down ev:tunnel-gone");
	assert_string_equal(lac->reason, "peer: no answer after 5 retransmissions");
	assert_int_equal(box_count_sent(lac, MSG_SCCRQ), 6);
	assert_int_equal(lac->engine->stats.tunnels_failed, 1);
	world_end(&w);

	/* SCCRQ is acknowledged, and SCCRP does not come. No HELLO before the tunnel is up. */
	world_init(&w, 8);
	lac->peer->transport.hello_interval = 5 * USEC_PER_SEC;
	talker_init(&talker, lac);
	talker_awaits(&talker);
	talker.box_tunnel_id = first_tunnel(lac)->core.tunnel_id;
	talker_ack(&talker);
	world_run(&w, 61 * USEC_PER_SEC);
	talker_ack(&talker);
	box_expect(lac, "tx:SCCRQ tx:StopCCN(1) ev:tunnel-down ev:tunnel-gone");
	assert_string_equal(lac->reason, "peer: the tunnel did not come up within 60 s");
	world_end(&w);

	/* SCCRP is acknowledged, and SCCCN does not come. */
	world_init(&w, 8);
	lns->peer->transport.hello_interval = 5 * USEC_PER_SEC;
	talker_init(&talker, lns);
	talker_say(&talker, 0, MSG_SCCRQ);
	assert_int_equal(lns->engine->n_half_open, 1);
	world_run(&w, 59 * USEC_PER_SEC);
	box_expect(lns, "tx:SCCRP");
	world_run(&w, 2 * USEC_PER_SEC);
	talker_ack(&talker);
	box_expect(lns, "tx:StopCCN(1) ev:tunnel-down ev:tunnel-gone");
	assert_int_equal(lns->engine->n_half_open, 0);
	world_end(&w);
}

static void test_names_and_ids(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct tunnel_params params;
	struct l2tp_tunnel *t, *other;

	(void)state;
	world_init(&w, 9);
	params = (struct tunnel_params){
		.name = "one", .tunnel_id = 5, .peer = lac->peer, .remote = lns->addr, .owner = 3};
	assert_int_equal(l2tp_tunnel_open(lac->engine, &params, w.now, &t), 0);
	assert_int_equal(t->core.tunnel_id, 5);
	assert_int_equal(t->owner, 3);
	assert_ptr_equal(l2tp_tunnel_find_name(lac->engine, "one"), t);
	assert_ptr_equal(l2tp_tunnel_find(lac->engine, 5), t);
	assert_null(l2tp_tunnel_find_name(lac->engine, "two"));
	params.tunnel_id = 6;
	assert_int_equal(l2tp_tunnel_open(lac->engine, &params, w.now, &other), -EEXIST);
	params.name = "two";
	params.tunnel_id = 5;
	assert_int_equal(l2tp_tunnel_open(lac->engine, &params, w.now, &other), -EEXIST);
	params.tunnel_id = 6;
	assert_int_equal(l2tp_tunnel_open(lac->engine, &params, w.now, &other), 0);
	assert_int_equal(lac->engine->stats.tunnels_opened, 2);
	world_settle(&w);
	assert_int_equal(lns->engine->n_tunnels, 2);
	/* Free again when the last of it is gone. */
	close_tunnel(other);
	assert_int_equal(l2tp_tunnel_open(lac->engine, &params, w.now, &other), -EEXIST);
	world_settle(&w);
	assert_null(l2tp_tunnel_find_name(lac->engine, "two"));
	assert_int_equal(l2tp_tunnel_open(lac->engine, &params, w.now, &other), 0);
	assert_ptr_equal(l2tp_tunnel_find_name(lac->engine, "two"), other);
	/* An empty name is none. */
	params.name = "";
	params.tunnel_id = 0;
	assert_int_equal(l2tp_tunnel_open(lac->engine, &params, w.now, &other), 0);
	assert_int_equal(l2tp_tunnel_open(lac->engine, &params, w.now, &other), 0);
	world_end(&w);
}

static void test_open_limits(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct tunnel_params params;
	struct l2tp_tunnel *t;

	(void)state;
	world_init(&w, 10);
	params = (struct tunnel_params){.peer = lac->peer, .remote = lns->addr};
	open_tunnel(lac, lns);
	lac->engine->limits.max_tunnels = 1;
	assert_int_equal(l2tp_tunnel_open(lac->engine, &params, w.now, &t), -ENOSPC);
	lac->engine->limits.max_tunnels = 2;
	lac->peer->max_tunnels = 1;
	assert_int_equal(l2tp_tunnel_open(lac->engine, &params, w.now, &t), -ENOSPC);
	lac->peer->max_tunnels = 2;
	lac->fake[FAKE_SOCKET_OPEN].fails = -EADDRINUSE;
	assert_int_equal(l2tp_tunnel_open(lac->engine, &params, w.now, &t), -EADDRINUSE);
	lac->engine->shutting_down = true;
	assert_int_equal(l2tp_tunnel_open(lac->engine, &params, w.now, &t), -ESHUTDOWN);
	assert_int_equal(lac->engine->n_tunnels, 1);
	assert_int_equal(lac->engine->stats.tunnels_opened, 1);
	world_end(&w);
}

/* What fails on our side while a tunnel comes up, and the peer hears of it at once. */
static const struct {
	bool initiator;
	enum fake_op op;
	bool later;
	const char *story;
	const char *reason;
} failures[] = {
	{true, FAKE_SOCKET_CONNECT, false, "tx:SCCRQ tx:StopCCN(2/4) ev:tunnel-down ev:tunnel-gone",
	 "kernel: connect: No buffer space available (result 2, error 4)"},
	{true, FAKE_TUNNEL_CREATE, false,
	 "tx:SCCRQ tx:SCCCN +tunnel tx:StopCCN(2/4) ev:tunnel-down ev:tunnel-gone",
	 "kernel: tunnel: No buffer space available (result 2, error 4)"},
	{true, FAKE_TUNNEL_CREATE, true,
	 "tx:SCCRQ tx:SCCCN +tunnel tunnel-failed tx:StopCCN(2/4) ev:tunnel-down ev:tunnel-gone",
	 "kernel: L2TP_CMD_TUNNEL_CREATE: No buffer space available (result 2, error 4)"},
	{false, FAKE_SOCKET_OPEN, false, "reply:StopCCN(2/4) ev:refused", ""},
	{false, FAKE_SOCKET_CONNECT, false,
	 "tx:SCCRP tx:StopCCN(2/4) ev:tunnel-down ev:tunnel-gone",
	 "kernel: connect: No buffer space available (result 2, error 4)"},
	{false, FAKE_TUNNEL_CREATE, false,
	 "tx:SCCRP +tunnel tx:StopCCN(2/4) ev:tunnel-down ev:tunnel-gone",
	 "kernel: tunnel: No buffer space available (result 2, error 4)"},
	{false, FAKE_TUNNEL_CREATE, true,
	 "tx:SCCRP +tunnel tunnel-failed tx:StopCCN(2/4) ev:tunnel-down ev:tunnel-gone",
	 "kernel: L2TP_CMD_TUNNEL_CREATE: No buffer space available (result 2, error 4)"},
};

static void test_local_failures(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		struct world w;
		struct box *box = &w.boxes[failures[i].initiator ? 0 : 1];

		world_init(&w, 11);
		if (failures[i].later)
			box->fake[failures[i].op].fails_later = -ENOBUFS;
		else
			box->fake[failures[i].op].fails = -ENOBUFS;
		open_tunnel(&w.boxes[0], &w.boxes[1]);
		world_settle(&w);
		box_expect(box, failures[i].story);
		assert_string_equal(box->reason, failures[i].reason);
		assert_int_equal(box->engine->n_tunnels, 0);
		/* The other side knows. */
		assert_int_equal(first_tunnel(&w.boxes[!failures[i].initiator ? 0 : 1])->core.state,
				 TUNNEL_CLOSED);
		world_end(&w);
	}
}

/* RFC 2661 7.2.1: "If the version is earlier and not supported, a StopCCN MUST be sent". */
static void test_version_of_the_answer(void **state)
{
	static const struct {
		uint16_t version;
		const char *story;
	} rows[] = {
		{0x0000, "tx:SCCRQ tx:StopCCN(5/256) ev:tunnel-down ev:tunnel-gone"},
		{0x0101, "tx:SCCRQ tx:SCCCN +tunnel tunnel ev:tunnel-up"},
		{0x0200, "tx:SCCRQ tx:StopCCN(5/256) ev:tunnel-down ev:tunnel-gone"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world w;
		struct talker talker;
		struct l2tp_msg msg;

		world_init(&w, 12);
		talker_init(&talker, &w.boxes[0]);
		talker_awaits(&talker);
		msg = talker_msg(&talker, MSG_SCCRP);
		msg.protocol_version = rows[i].version;
		talker_say_msg(&talker, 0, &msg);
		box_expect(&w.boxes[0], rows[i].story);
		world_end(&w);
	}
}

/* No more messages are under way than the peer can take. */
static void test_window_of_the_peer(void **state)
{
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;
	struct l2tp_msg msg;
	struct l2tp_tunnel *t;

	(void)state;
	world_init(&w, 14);
	talker_init(&talker, box);
	msg = talker_msg(&talker, MSG_SCCRQ);
	MSG_SET(&msg, AVP_RECEIVE_WINDOW_SIZE, receive_window_size, 1);
	talker_say_msg(&talker, 0, &msg);
	talker_say(&talker, 0, MSG_SCCCN);
	t = first_tunnel(box);
	assert_int_equal(t->core.peer_window, 1);
	for (int i = 0; i < 3; i++) {
		open_session(t);
		assert_int_equal(t->transport.in_flight, 1);
	}
	talker_ack(&talker);
	assert_int_equal(t->transport.in_flight, 0);
	assert_int_equal(talker.nr, 1 + 3);
	world_end(&w);
}

/* Every id can be had, once; then there is none, for our calls and for the peer's. */
static void test_all_ids(void **state)
{
	const struct session_params call = {0};
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;
	struct l2tp_session *s;
	struct l2tp_tunnel *t;

	(void)state;
	world_init(&w, 13);
	talker_init(&talker, box);
	t = talker_opens(&talker);
	/* Calls that wait for the kernel's tunnel say nothing. */
	t->was_up = false;
	for (unsigned int i = 1; i <= UINT16_MAX; i++)
		assert_int_equal(l2tp_session_open(t, &call, w.now, &s), 0);
	for (unsigned int id = 1; id <= UINT16_MAX; id++)
		assert_non_null(l2tp_session_find(t, (uint16_t)id));
	assert_int_equal(t->n_sessions, UINT16_MAX);
	assert_int_equal(l2tp_session_open(t, &call, w.now, &s), -ENOSPC);
	box_forget(box);
	talker_say(&talker, 0, MSG_ICRQ);
	box_expect(box, "ev:refused");
	/* The one that is free is found, wherever it is. */
	close_session(l2tp_session_find(t, 4711));
	assert_int_equal(l2tp_session_open(t, &call, w.now, &s), 0);
	assert_int_equal(s->core.session_id, 4711);
	box->no_journal = true;
	world_abort(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_up_and_down),
		cmocka_unit_test(test_each_knows_the_other),
		cmocka_unit_test(test_repeated_sccrq),
		cmocka_unit_test(test_address_of_the_answer),
		cmocka_unit_test(test_address_is_taken_once),
		cmocka_unit_test(test_wrong_source),
		cmocka_unit_test(test_setup_timeouts),
		cmocka_unit_test(test_names_and_ids),
		cmocka_unit_test(test_open_limits),
		cmocka_unit_test(test_local_failures),
		cmocka_unit_test(test_version_of_the_answer),
		cmocka_unit_test(test_window_of_the_peer),
		cmocka_unit_test(test_all_ids),
	};

	return cmocka_run_group_tests_name("engine_tunnel", tests, NULL, NULL);
}
