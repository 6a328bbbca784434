/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How tunnels end: RFC 2661 sections 5.5, 5.7 and 7.2.1, and in which order they come apart.
 */
#include "engine_fixture.h"

#include <errno.h>
#include <string.h>

#include "engine_talker.h"

static const usec_t cycle = 31 * USEC_PER_SEC;

/* Two boxes with a tunnel and calls in it, and empty journals. */
static struct l2tp_tunnel *tunnel_with_calls(struct world *w, unsigned int calls)
{
	struct l2tp_tunnel *t = open_tunnel(&w->boxes[0], &w->boxes[1]);

	while (calls--)
		open_session(t);
	world_settle(w);
	box_forget(&w->boxes[0]);
	box_forget(&w->boxes[1]);
	return t;
}

static void test_stopccn_is_answered_for_a_cycle(void **state)
{
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;
	struct l2tp_tunnel *t;
	unsigned int zlbs;

	(void)state;
	world_init(&w, 1);
	box->peer->transport.hello_interval = 10 * USEC_PER_SEC;
	talker_init(&talker, box);
	t = talker_opens(&talker);
	talker_calls(&talker);
	box_forget(box);
	talker.mute = true;
	talker_say(&talker, 0, MSG_STOPCCN);
	/* The tunnel goes before its sessions, for the kernel takes them with it. */
	box_expect(box, "ev:tunnel-down -tunnel !ppp ppp-down -session ev:session-down");
	assert_int_equal(t->core.state, TUNNEL_CLOSED);
	assert_int_equal(t->kernel, KERNEL_NONE);
	assert_string_equal(box->reason, "peer: the tunnel went down");
	for (int i = 0; i < 3; i++) {
		world_run(&w, 8 * USEC_PER_SEC);
		zlbs = box_count_sent(box, MSG_ZLB);
		talker.ns--;
		talker_say(&talker, 0, MSG_STOPCCN);
		assert_int_equal(box_count_sent(box, MSG_ZLB), zlbs + 1);
	}
	/* No HELLO to a peer that is gone. */
	box_expect(box, "");
	world_run(&w, 7 * USEC_PER_SEC);
	box_expect(box, "ev:tunnel-gone");
	assert_int_equal(box->engine->n_tunnels, 0);
	world_end(&w);
}

/* What we had said and the peer will never answer is dropped, and shortens no cycle. */
static void test_stopccn_with_messages_under_way(void **state)
{
	struct world w;
	struct box *box = &w.boxes[0];
	struct talker talker;
	struct l2tp_tunnel *t;
	unsigned int icrqs;

	(void)state;
	world_init(&w, 2);
	talker_init(&talker, box);
	t = talker_is_called(&talker);
	talker.mute = true;
	for (int i = 0; i < 8; i++)
		open_session(t);
	/* They are said again, until the peer ends it all. */
	world_run(&w, 20 * USEC_PER_SEC);
	talker_say(&talker, 0, MSG_STOPCCN);
	assert_int_equal(t->n_sessions, 0);
	assert_int_equal(t->transport.queued + t->transport.in_flight, 0);
	box_forget(box);
	icrqs = box_count_sent(box, MSG_ICRQ);
	world_run(&w, cycle - USEC_PER_SEC);
	assert_int_equal(box_count_sent(box, MSG_ICRQ), icrqs);
	box_expect(box, "");
	world_run(&w, USEC_PER_SEC);
	box_expect(box, "ev:tunnel-gone");
	world_end(&w);
}

static void test_silent_peer(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct l2tp_tunnel *t;

	(void)state;
	world_init(&w, 3);
	t = tunnel_with_calls(&w, 2);
	/* While both are there, HELLOs keep it so. */
	world_run(&w, 600 * USEC_PER_SEC);
	assert_int_equal(t->core.state, TUNNEL_ESTABLISHED);
	assert_in_range(box_count_sent(lac, MSG_HELLO) + box_count_sent(lns, MSG_HELLO), 8, 22);
	box_forget(lac);
	box_forget(lns);
	w.cut_off = lns;
	world_run(&w, 60 * USEC_PER_SEC + cycle);
	box_expect(lac, "tx:HELLO ev:tunnel-down -tunnel !ppp !ppp ppp-down -session ppp-down "
			"-session ev:session-down ev:session-down ev:tunnel-gone");
	assert_string_equal(lac->reason, "peer: no answer after 5 retransmissions");
	assert_int_equal(lac->engine->n_tunnels, 0);
	assert_int_equal(lns->engine->n_tunnels, 0);
	world_end(&w);
}

static void test_hello_can_be_off(void **state)
{
	struct world w;

	(void)state;
	world_init(&w, 4);
	w.boxes[0].peer->transport.hello_interval = w.boxes[1].peer->transport.hello_interval = 0;
	tunnel_with_calls(&w, 1);
	world_run(&w, 3600 * USEC_PER_SEC);
	box_expect(&w.boxes[0], "");
	box_expect(&w.boxes[1], "");
	world_end(&w);
}

static void test_idle(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct l2tp_tunnel *t;

	(void)state;
	/* Who was called closes it, an idle timeout after the last session. */
	world_init(&w, 5);
	lac->peer->idle_timeout = lns->peer->idle_timeout = 30 * USEC_PER_SEC;
	t = open_tunnel(lac, lns);
	world_run(&w, 20 * USEC_PER_SEC);
	open_session(t);
	world_run(&w, 100 * USEC_PER_SEC);
	close_session(first_session(lac));
	world_run(&w, 29 * USEC_PER_SEC);
	assert_int_equal(t->core.state, TUNNEL_ESTABLISHED);
	box_forget(lac);
	box_forget(lns);
	world_run(&w, 2 * USEC_PER_SEC);
	box_expect(lns, "tx:StopCCN(1) ev:tunnel-down -tunnel ev:tunnel-gone");
	box_expect(lac, "ev:tunnel-down -tunnel");
	assert_string_equal(lns->reason, "local: idle: no session for 30 s (result 1)");
	world_end(&w);

	/* Never a call at all; and 0 is never. */
	for (int seconds = 0; seconds <= 30; seconds += 30) {
		world_init(&w, 5);
		lns->peer->idle_timeout = seconds * USEC_PER_SEC;
		t = open_tunnel(lac, lns);
		world_run(&w, 31 * USEC_PER_SEC);
		assert_int_equal(t->core.state, seconds ? TUNNEL_CLOSED : TUNNEL_ESTABLISHED);
		world_end(&w);
	}
}

static void test_close_drains(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];

	(void)state;
	world_init(&w, 6);
	close_tunnel(tunnel_with_calls(&w, 2));
	world_settle(&w);
	box_expect(lac, "~ppp ~ppp ppp-down tx:CDN(3) -session ppp-down tx:CDN(3) -session "
			"ev:session-down ev:session-down tx:StopCCN(1) ev:tunnel-down -tunnel "
			"ev:tunnel-gone");
	assert_int_equal(lns->engine->n_sessions, 0);
	assert_int_equal(first_tunnel(lns)->core.state, TUNNEL_CLOSED);
	world_end(&w);
}

static void test_close_does_not_wait_for_ever(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct l2tp_tunnel *t;

	(void)state;
	world_init(&w, 7);
	t = tunnel_with_calls(&w, 1);
	lac->fake[FAKE_PPP_GRACEFUL].hold = true;
	close_tunnel(t);
	/* Twice is once. */
	close_tunnel(t);
	assert_int_equal(t->core.state, TUNNEL_DRAINING);
	world_run(&w, 7 * USEC_PER_SEC);
	box_expect(lac, "~ppp");
	world_run(&w, 2 * USEC_PER_SEC);
	box_expect(lac, "tx:StopCCN(1) ev:tunnel-down -tunnel !ppp ppp-down -session "
			"ev:session-down ev:tunnel-gone");
	box_expect(lns, "ev:tunnel-down -tunnel !ppp ppp-down -session ev:session-down");
	assert_int_equal(lac->engine->n_tunnels, 0);
	world_end(&w);
}

/* In a draining tunnel a call that comes is refused, and the peer's StopCCN ends the waiting. */
static void test_draining(void **state)
{
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;
	struct l2tp_tunnel *t;
	struct l2tp_msg msg;

	(void)state;
	world_init(&w, 8);
	talker_init(&talker, box);
	t = talker_opens(&talker);
	talker_calls(&talker);
	box->fake[FAKE_PPP_GRACEFUL].hold = true;
	close_tunnel(t);
	box_forget(box);
	msg = talker_msg(&talker, MSG_ICRQ);
	msg.assigned_session_id++;
	talker_say_msg(&talker, 0, &msg);
	box_expect(box, "ev:refused tx:CDN(4)");
	talker_say(&talker, 0, MSG_STOPCCN);
	box_expect(box, "ev:tunnel-down -tunnel !ppp ppp-down -session ev:session-down");
	world_run(&w, cycle);
	assert_string_equal(box->reason, "local: closed by the test (result 1)");
	world_end(&w);
}

static void test_crossing(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];

	(void)state;
	world_init(&w, 9);
	tunnel_with_calls(&w, 0);
	close_tunnel(first_tunnel(lac));
	close_tunnel(first_tunnel(lns));
	world_settle(&w);
	box_expect(lac, "tx:StopCCN(1) ev:tunnel-down -tunnel");
	box_expect(lns, "tx:StopCCN(1) ev:tunnel-down -tunnel");
	assert_int_equal(first_tunnel(lac)->core.state, TUNNEL_CLOSED);
	world_run(&w, cycle);
	box_expect(lac, "ev:tunnel-gone");
	box_expect(lns, "ev:tunnel-gone");
	world_end(&w);
}

/* StopCCN that nobody acknowledges is said for a cycle. */
static void test_unanswered_stopccn(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0];

	(void)state;
	world_init(&w, 10);
	tunnel_with_calls(&w, 0);
	w.cut_off = lac;
	close_tunnel(first_tunnel(lac));
	world_run(&w, cycle);
	box_expect(lac, "tx:StopCCN(1) ev:tunnel-down -tunnel ev:tunnel-gone");
	assert_int_equal(box_count_sent(lac, MSG_STOPCCN), 6);
	assert_string_equal(lac->reason, "local: closed by the test (result 1)");
	world_end(&w);
}

/* Closed while the kernel is at something: its answer is waited for. */
static const struct {
	enum fake_op held;
	int fails_later;
	const char *before;
	const char *after;
} pending[] = {
	{FAKE_TUNNEL_CREATE, 0, "tx:StopCCN(1) ev:tunnel-down", "tunnel -tunnel ev:tunnel-gone"},
	{FAKE_TUNNEL_CREATE, -EEXIST, "tx:StopCCN(1) ev:tunnel-down",
	 "tunnel-failed ev:tunnel-gone"},
	{FAKE_TUNNEL_DELETE, 0, "tx:StopCCN(1) ev:tunnel-down -tunnel", "ev:tunnel-gone"},
};

static void test_close_while_kernel_is_busy(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pending) / sizeof(pending[0]); i++) {
		struct world w;
		struct box *lac = &w.boxes[0];
		struct l2tp_tunnel *t;

		world_init(&w, 11);
		lac->fake[pending[i].held].hold = true;
		lac->fake[pending[i].held].fails_later = pending[i].fails_later;
		t = open_tunnel(lac, &w.boxes[1]);
		world_settle(&w);
		box_forget(lac);
		close_tunnel(t);
		world_run(&w, 10 * USEC_PER_SEC);
		box_expect(lac, pending[i].before);
		assert_int_equal(lac->engine->n_tunnels, 1);
		box_release(lac, pending[i].held);
		world_settle(&w);
		box_expect(lac, pending[i].after);
		assert_int_equal(lac->engine->n_tunnels, 0);
		world_end(&w);
	}
}

/* Calls that wait for the tunnel end with it. */
static void test_close_while_calls_wait(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct l2tp_tunnel *t;

	(void)state;
	world_init(&w, 12);
	t = open_tunnel(lac, lns);
	open_session(t);
	open_session(t);
	close_tunnel(t);
	box_expect(lac, "tx:SCCRQ ev:tunnel-down ev:session-down ev:session-down ev:tunnel-gone");
	assert_int_equal(lac->engine->n_tunnels, 0);
	world_end(&w);

	/* On the other side they came before its kernel had the tunnel. */
	world_init(&w, 12);
	lns->fake[FAKE_TUNNEL_CREATE].hold = true;
	t = open_tunnel(lac, lns);
	open_session(t);
	open_session(t);
	world_settle(&w);
	box_expect(lns, "tx:SCCRP +tunnel");
	close_tunnel(first_tunnel(lns));
	box_release(lns, FAKE_TUNNEL_CREATE);
	world_settle(&w);
	/* StopCCN waits until the window lets it through. */
	box_expect(lns, "tx:CDN(3) ev:session-down tx:CDN(3) ev:session-down ev:tunnel-down "
			"tunnel -tunnel tx:StopCCN(1) ev:tunnel-gone");
	assert_null(first_session(lac));
	world_end(&w);
}

/* Every kind of unfinished business at once. */
static void test_shutdown(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct l2tp_tunnel *t;

	(void)state;
	world_init(&w, 13);
	t = open_tunnel(lac, lns);
	open_session(t);
	world_settle(&w);
	lac->fake[FAKE_SESSION_CREATE].hold = true;
	open_session(t);
	world_settle(&w);
	lac->fake[FAKE_TUNNEL_CREATE].hold = true;
	open_session(open_tunnel(lac, lns));
	world_settle(&w);
	open_session(open_tunnel(lac, lns));
	assert_int_equal(lac->engine->n_tunnels, 3);
	l2tp_engine_shutdown(lac->engine, w.now);
	box_check(lac);
	/* What waits for an answer of nobody is gone. */
	assert_int_equal(lac->engine->n_tunnels, 2);
	box_release(lac, FAKE_SESSION_CREATE);
	box_release(lac, FAKE_TUNNEL_CREATE);
	world_settle(&w);
	assert_int_equal(lac->engine->n_tunnels, 0);
	assert_int_equal(box_sent(lac, MSG_STOPCCN)->msg.result_code.result, STOPCCN_SHUTTING_DOWN);
	assert_string_equal(lac->reason, "local: the daemon is shutting down (result 6)");
	world_end(&w);
}

/* A predecessor's tunnel: the peer hears StopCCN where it left off. */
static void test_clear_stale(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct tunnel_core core;

	(void)state;
	world_init(&w, 14);
	core = tunnel_with_calls(&w, 2)->core;
	/* The old one is out of the way without a word, as after a crash. */
	w.cut_off = lac;
	l2tp_engine_shutdown(lac->engine, w.now);
	world_run(&w, 60 * USEC_PER_SEC);
	assert_int_equal(lac->engine->n_tunnels, 0);
	w.cut_off = NULL;
	lac->engine->shutting_down = false;
	box_forget(lac);
	box_forget(lns);
	assert_int_equal(first_tunnel(lns)->core.state, TUNNEL_ESTABLISHED);

	assert_int_equal(l2tp_tunnel_clear_stale(lac->engine, &core, lac->peer, w.now), 0);
	box_check(lac);
	/* It is there already. */
	assert_int_equal(l2tp_tunnel_clear_stale(lac->engine, &core, lac->peer, w.now), -EINVAL);
	world_settle(&w);
	box_expect(lac, "tx:StopCCN(1) ev:tunnel-down ev:tunnel-gone");
	assert_int_equal(box_sent(lac, MSG_STOPCCN)->header.ns, core.ns);
	assert_int_equal(box_sent(lac, MSG_STOPCCN)->header.nr, core.nr);
	assert_string_equal(lac->reason, "local: the daemon was restarted (result 1)");
	assert_int_equal(first_tunnel(lns)->core.state, TUNNEL_CLOSED);
	assert_int_equal(lns->engine->n_sessions, 0);
	assert_int_equal(lac->engine->stats.tunnels_failed, 0);

	core.peer_tunnel_id = 0;
	assert_int_equal(l2tp_tunnel_clear_stale(lac->engine, &core, lac->peer, w.now), -EINVAL);
	core.peer_tunnel_id = 1;
	core.tunnel_id = 0;
	assert_int_equal(l2tp_tunnel_clear_stale(lac->engine, &core, lac->peer, w.now), -EINVAL);
	core.tunnel_id = 1;
	lac->fake[FAKE_SOCKET_OPEN].fails = -EADDRINUSE;
	assert_int_equal(l2tp_tunnel_clear_stale(lac->engine, &core, lac->peer, w.now),
			 -EADDRINUSE);
	assert_int_equal(lac->engine->n_tunnels, 0);
	world_end(&w);
}

/*
 * Ended as a whole, in the middle of anything: memory and sockets are free, nothing is said, and
 * the kernel and PPP, whose completions nobody would take, are asked nothing.
 */
static void test_free_at_any_moment(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0];

	(void)state;
	for (usec_t when = 0; when < 12 * USEC_PER_MSEC; when += 250) {
		for (int closing = 0; closing < 3; closing++) {
			world_init(&w, 15);
			for (int op = 0; op < FAKE_OP_MAX; op++)
				lac->fake[op].delay = 400;
			lac->fake[FAKE_PPP_GRACEFUL].hold = closing == 2;
			open_session(open_tunnel(lac, &w.boxes[1]));
			open_tunnel(&w.boxes[1], lac);
			world_run(&w, when);
			if (closing)
				l2tp_engine_shutdown(lac->engine, w.now);
			world_run(&w, when / 4);
			world_abort(&w);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stopccn_is_answered_for_a_cycle),
		cmocka_unit_test(test_stopccn_with_messages_under_way),
		cmocka_unit_test(test_silent_peer),
		cmocka_unit_test(test_hello_can_be_off),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_close_drains),
		cmocka_unit_test(test_close_does_not_wait_for_ever),
		cmocka_unit_test(test_draining),
		cmocka_unit_test(test_crossing),
		cmocka_unit_test(test_unanswered_stopccn),
		cmocka_unit_test(test_close_while_kernel_is_busy),
		cmocka_unit_test(test_close_while_calls_wait),
		cmocka_unit_test(test_shutdown),
		cmocka_unit_test(test_clear_stale),
		cmocka_unit_test(test_free_at_any_moment),
	};

	return cmocka_run_group_tests_name("engine_end", tests, NULL, NULL);
}
