/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls as LAC and as LNS: RFC 2661 section 5.2.1, and the order between messages, the kernel and
 * PPP. The tables of states are in test_engine_call_states.c, how calls end in
 * test_engine_hangup.c.
 */
#include "engine_fixture.h"

#include <errno.h>
#include <string.h>

#define TUNNEL_LAC "tx:SCCRQ tx:SCCCN +tunnel tunnel ev:tunnel-up "
#define TUNNEL_LNS "tx:SCCRP +tunnel tunnel ev:tunnel-up "

static void test_call(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct l2tp_session *a, *b;

	(void)state;
	world_init(&w, 1);
	/* Placed before there is a tunnel to place it in. */
	a = open_session(open_tunnel(lac, lns));
	assert_int_equal(a->core.state, SESSION_WAIT_TUNNEL);
	world_settle(&w);
	b = first_session(lns);
	box_expect(lac, TUNNEL_LAC "tx:ICRQ +session session tx:ICCN +ppp ev:session-up ppp "
				   "ev:ppp-up");
	box_expect(lns, TUNNEL_LNS "+session session tx:ICRP +ppp ev:session-up ppp ev:ppp-up");
	assert_int_equal(a->core.session_id, b->core.peer_session_id);
	assert_int_equal(b->core.session_id, a->core.peer_session_id);
	assert_int_equal(a->core.call_serial, b->core.call_serial);
	assert_int_equal(a->core.type, CALL_LAC_INCOMING);
	assert_int_equal(b->core.type, CALL_LNS_INCOMING);
	assert_int_not_equal(b->core.tx_connect_speed, 0);
	assert_int_equal(b->core.framing, FRAMING_SYNC);
	assert_int_equal(b->core.bearer, BEARER_DIGITAL);
	assert_false(b->core.sequencing);
	assert_true(a->ppp.up && a->ppp.lcp_open_at && a->ppp.up_at);
	assert_int_equal(lac->engine->stats.sessions_opened, 1);
	assert_int_equal(lns->engine->stats.sessions_accepted, 1);
	assert_int_equal(a->tunnel->stats.sessions_opened, 1);
	assert_int_equal(b->tunnel->stats.sessions_accepted, 1);

	close_session(a);
	world_settle(&w);
	box_expect(lac, "~ppp ppp-down tx:CDN(3) -session ev:session-down");
	box_expect(lns, "!ppp ppp-down -session ev:session-down");
	assert_int_equal(lac->engine->stats.sessions_failed, 0);
	assert_int_equal(lns->engine->stats.sessions_failed, 0);
	world_end(&w);
}

static void test_parameters(void **state)
{
	struct session_params params = {
		.name = "dsl",
		.ppp_profile = "fast",
		.called_number = "5551234",
		.calling_number = "al\nice",
		.session_id = 1234,
		.tx_connect_speed = 100000000,
		.rx_connect_speed = 20000000,
		.owner = 9,
	};
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct l2tp_session *a, *b;
	struct l2tp_tunnel *t;

	(void)state;
	world_init(&w, 2);
	lac->peer->sequencing = true;
	t = open_tunnel(lac, lns);
	world_settle(&w);
	assert_int_equal(l2tp_session_open(t, &params, w.now, &a), 0);
	world_settle(&w);
	b = first_session(lns);
	assert_int_equal(a->core.session_id, 1234);
	assert_int_equal(a->owner, 9);
	assert_string_equal(call_info_text(a->info, CALL_NAME), "dsl");
	assert_string_equal(a->ppp_profile, "fast");
	assert_ptr_equal(l2tp_session_find_name(lac->engine, "dsl"), a);
	assert_ptr_equal(l2tp_session_find(t, 1234), a);
	assert_string_equal(call_info_text(b->info, CALL_CALLED_NUMBER), "5551234");
	assert_string_equal(call_info_text(b->info, CALL_CALLING_NUMBER), "al?ice");
	assert_int_equal(b->core.tx_connect_speed, 100000000);
	assert_int_equal(b->core.rx_connect_speed, 20000000);
	assert_true(b->core.sequencing);
	assert_null(b->ppp_profile);

	/* Its name and its id are taken. */
	assert_int_equal(l2tp_session_open(t, &params, w.now, &b), -EEXIST);
	params.session_id = 0;
	assert_int_equal(l2tp_session_open(t, &params, w.now, &b), -EEXIST);
	params.session_id = 1234;
	params.name = NULL;
	assert_int_equal(l2tp_session_open(t, &params, w.now, &b), -EEXIST);
	assert_int_equal(lac->engine->stats.sessions_opened, 1);
	/* An empty name is none. */
	params.session_id = 0;
	params.name = "";
	assert_int_equal(l2tp_session_open(t, &params, w.now, &b), 0);
	assert_int_equal(l2tp_session_open(t, &params, w.now, &b), 0);
	/* Free again when the session is gone. */
	close_session(a);
	world_settle(&w);
	params.name = "dsl";
	assert_null(l2tp_session_find_name(lac->engine, "dsl"));
	assert_int_equal(l2tp_session_open(t, &params, w.now, &b), 0);
	world_end(&w);
}

/* RFC 2661 5.4: the LAC asks for numbers; the LNS sends them before it sends anything. */
static void test_sequencing(void **state)
{
	static const struct {
		int fails;
		int fails_later;
		const char *lns;
	} rows[] = {
		{0, 0, "+numbers numbers +ppp ev:session-up ppp ev:ppp-up"},
		{-ENOMEM, 0, "+numbers tx:CDN(2/4) -session ev:session-down"},
		{0, -EBUSY, "+numbers numbers-failed tx:CDN(2/4) -session ev:session-down"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world w;
		struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
		struct l2tp_tunnel *t;

		world_init(&w, 14);
		/* What the LNS would want says nothing: only a LAC can ask. */
		lac->peer->sequencing = true;
		t = open_tunnel(lac, lns);
		world_settle(&w);
		box_forget(lns);
		lns->fake[FAKE_SESSION_MODIFY].fails = rows[i].fails;
		lns->fake[FAKE_SESSION_MODIFY].fails_later = rows[i].fails_later;
		open_session(t);
		world_settle(&w);
		assert_true(msg_has(&box_sent(lac, MSG_ICCN)->msg, AVP_SEQUENCING_REQUIRED));
		assert_int_equal(strncmp(lns->journal, "+session session tx:ICRP ", 25), 0);
		memmove(lns->journal, lns->journal + 25, strlen(lns->journal + 25) + 1);
		box_expect(lns, rows[i].lns);
		assert_int_equal(lac->engine->n_sessions, i == 0);
		world_end(&w);
	}
}

/* The call ends while the kernel is still at it. */
static void test_end_while_sequencing(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];

	(void)state;
	world_init(&w, 15);
	lac->peer->sequencing = true;
	lns->fake[FAKE_SESSION_MODIFY].hold = true;
	open_session(open_tunnel(lac, lns));
	world_settle(&w);
	assert_int_equal(first_session(lns)->core.state, SESSION_WAIT_NUMBERS);
	box_forget(lns);
	close_tunnel(first_tunnel(lac));
	world_run(&w, 10 * USEC_PER_SEC);
	box_expect(lns, "ev:tunnel-down -tunnel");
	assert_int_equal(first_session(lns)->core.state, SESSION_CLOSING);
	box_release(lns, FAKE_SESSION_MODIFY);
	world_settle(&w);
	box_expect(lns, "numbers-failed -session ev:session-down");
	world_end(&w);
}

/* The kernel is asked, and only then the peer told that it may send. */
static void test_kernel_comes_first(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct l2tp_session *s;

	(void)state;
	world_init(&w, 3);
	lac->fake[FAKE_SESSION_CREATE].hold = true;
	lns->fake[FAKE_SESSION_CREATE].hold = true;
	lns->fake[FAKE_TUNNEL_CREATE].hold = true;
	s = open_session(open_tunnel(lac, lns));
	world_settle(&w);
	box_expect(lac, TUNNEL_LAC "tx:ICRQ");
	/* Not even its tunnel is there. */
	box_expect(lns, "tx:SCCRP +tunnel");
	assert_int_equal(first_session(lns)->core.state, SESSION_WAIT_TUNNEL);
	box_release(lns, FAKE_TUNNEL_CREATE);
	world_settle(&w);
	box_expect(lns, "tunnel ev:tunnel-up +session");
	assert_int_equal(first_session(lns)->core.state, SESSION_WAIT_KERNEL);
	box_release(lns, FAKE_SESSION_CREATE);
	world_settle(&w);
	box_expect(lns, "session tx:ICRP");
	assert_int_equal(first_session(lns)->core.state, SESSION_WAIT_CONNECT);
	box_expect(lac, "+session");
	assert_int_equal(s->core.state, SESSION_WAIT_KERNEL);
	box_release(lac, FAKE_SESSION_CREATE);
	world_settle(&w);
	box_expect(lac, "session tx:ICCN +ppp ev:session-up ppp ev:ppp-up");
	box_expect(lns, "+ppp ev:session-up ppp ev:ppp-up");
	world_end(&w);
}

/* A listener may place calls from inside of the event that the tunnel is up. */
static void test_call_from_event(void **state)
{
	const struct session_params params = {0};
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];

	(void)state;
	world_init(&w, 4);
	lac->call_on_up = &params;
	open_session(open_tunnel(lac, lns));
	world_settle(&w);
	assert_int_equal(lac->events[EVENT_SESSION_PPP_UP], 2);
	assert_int_equal(lns->events[EVENT_SESSION_PPP_UP], 2);
	world_end(&w);
}

/* What our side of a call can suffer, and what the other side is told. */
static const struct {
	bool lac;
	enum fake_op op;
	int fails;
	int fails_later;
	const char *story;
	const char *reason;
	/* Of the other side. */
	const char *heard;
} failures[] = {
	{true, FAKE_SESSION_CREATE, -ENOBUFS, 0, "tx:ICRQ +session tx:CDN(2/4) ev:session-down",
	 "kernel: session: No buffer space available (result 2, error 4)",
	 "session: No buffer space available"},
	{true, FAKE_SESSION_CREATE, 0, -EEXIST,
	 "tx:ICRQ +session session-failed tx:CDN(2/4) ev:session-down",
	 "kernel: L2TP_CMD_SESSION_CREATE: File exists (result 2, error 4)",
	 "L2TP_CMD_SESSION_CREATE: File exists"},
	{true, FAKE_PPP_START, -ENOENT, 0,
	 "tx:ICRQ +session session tx:ICCN +ppp tx:CDN(4) -session ev:session-down",
	 "ppp: cannot start PPP: No such file or directory (result 4)", "cannot start PPP"},
	{true, FAKE_PPP_UP, 0, -EIO,
	 "tx:ICRQ +session session tx:ICCN +ppp ev:session-up ppp-down tx:CDN(1) -session "
	 "ev:session-down",
	 "ppp: pppd died (result 1)", "pppd died"},
	{false, FAKE_SESSION_CREATE, -ENOBUFS, 0, "+session tx:CDN(2/4) ev:session-down",
	 "kernel: session: No buffer space available (result 2, error 4)",
	 "session: No buffer space available"},
	{false, FAKE_SESSION_CREATE, 0, -EEXIST,
	 "+session session-failed tx:CDN(2/4) ev:session-down",
	 "kernel: L2TP_CMD_SESSION_CREATE: File exists (result 2, error 4)",
	 "L2TP_CMD_SESSION_CREATE: File exists"},
	{false, FAKE_PPP_START, -ENOENT, 0,
	 "+session session tx:ICRP +ppp tx:CDN(4) -session ev:session-down",
	 "ppp: cannot start PPP: No such file or directory (result 4)", "cannot start PPP"},
	{false, FAKE_PPP_UP, 0, -EIO,
	 "+session session tx:ICRP +ppp ev:session-up ppp-down tx:CDN(1) -session "
	 "ev:session-down",
	 "ppp: pppd died (result 1)", "pppd died"},
};

static void test_local_failures(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		struct world w;
		struct box *box = &w.boxes[failures[i].lac ? 0 : 1];
		struct box *other = &w.boxes[failures[i].lac ? 1 : 0];
		struct l2tp_tunnel *t;

		world_init(&w, 5);
		t = open_tunnel(&w.boxes[0], &w.boxes[1]);
		world_settle(&w);
		box_forget(box);
		box->fake[failures[i].op].fails = failures[i].fails;
		box->fake[failures[i].op].fails_later = failures[i].fails_later;
		/* PPP comes up slowly on the other side, or it would be up before it hears. */
		other->fake[FAKE_PPP_UP].delay = USEC_PER_SEC;
		open_session(t);
		world_settle(&w);
		box_expect(box, failures[i].story);
		assert_string_equal(box->reason, failures[i].reason);
		assert_non_null(strstr(other->reason, failures[i].heard));
		assert_null(first_session(&w.boxes[0]));
		assert_null(first_session(&w.boxes[1]));
		assert_int_equal(t->core.state, TUNNEL_ESTABLISHED);
		world_end(&w);
	}
}

/* Nobody cares for traces and for what changed: that is allowed. */
static void test_without_listeners(void **state)
{
	struct l2tp_ops ops = fake_ops;
	struct world w;
	struct l2tp_session *s;

	(void)state;
	world_init(&w, 15);
	ops.dirty = NULL;
	ops.trace = NULL;
	w.boxes[0].engine->ops = w.boxes[1].engine->ops = &ops;
	s = open_session(open_tunnel(&w.boxes[0], &w.boxes[1]));
	world_settle(&w);
	assert_true(s->ppp.up);
	world_end(&w);
}

/* The session is carried by somebody else: ppp_start() says 1. */
static void test_without_ppp(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct l2tp_session *s;

	(void)state;
	world_init(&w, 6);
	lac->fake[FAKE_PPP_START].fails = 1;
	s = open_session(open_tunnel(lac, lns));
	world_settle(&w);
	assert_int_equal(s->core.state, SESSION_ESTABLISHED);
	box_forget(lac);
	close_session(s);
	world_settle(&w);
	box_expect(lac, "tx:CDN(3) -session ev:session-down");
	world_end(&w);
}

static void calls_rejected(struct box *box)
{
	box->peer->calls = CALL_REJECT;
}

static void peer_sessions(struct box *box)
{
	box->peer->max_sessions = 1;
}

static void all_sessions(struct box *box)
{
	box->engine->limits.max_sessions = 1;
}

static const struct {
	void (*prepare)(struct box *box);
	const char *story;
} refusals[] = {
	{calls_rejected, "ev:refused tx:CDN(3)"},
	{peer_sessions, "ev:refused tx:CDN(4/4)"},
	{all_sessions, "ev:refused tx:CDN(4/4)"},
};

static void test_refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct world w;
		struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
		struct l2tp_tunnel *t;

		world_init(&w, 7);
		t = open_tunnel(lac, lns);
		open_session(t);
		world_settle(&w);
		refusals[i].prepare(lns);
		box_forget(lac);
		box_forget(lns);
		open_session(t);
		world_settle(&w);
		box_expect(lac, "tx:ICRQ ev:session-down");
		box_expect(lns, refusals[i].story);
		assert_int_equal(lns->engine->stats.sessions_failed, 1);
		assert_int_equal(lac->engine->stats.sessions_failed, 1);
		assert_int_equal(t->n_sessions, 1);
		world_end(&w);
	}
}

static void test_open_limits(void **state)
{
	const struct session_params params = {0};
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct l2tp_session *s;
	struct l2tp_tunnel *t;

	(void)state;
	world_init(&w, 8);
	t = open_tunnel(lac, lns);
	open_session(t);
	lac->engine->limits.max_sessions = 1;
	assert_int_equal(l2tp_session_open(t, &params, w.now, &s), -ENOSPC);
	lac->engine->limits.max_sessions = 2;
	lac->peer->max_sessions = 1;
	assert_int_equal(l2tp_session_open(t, &params, w.now, &s), -ENOSPC);
	lac->peer->max_sessions = 2;
	world_settle(&w);
	close_tunnel(t);
	assert_int_equal(l2tp_session_open(t, &params, w.now, &s), -ESHUTDOWN);
	assert_int_equal(lac->engine->stats.sessions_opened, 1);
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_call),
		cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_sequencing),
		cmocka_unit_test(test_end_while_sequencing),
		cmocka_unit_test(test_kernel_comes_first),
		cmocka_unit_test(test_call_from_event),
		cmocka_unit_test(test_local_failures),
		cmocka_unit_test(test_without_listeners),
		cmocka_unit_test(test_without_ppp),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_open_limits),
	};

	return cmocka_run_group_tests_name("engine_session", tests, NULL, NULL);
}
