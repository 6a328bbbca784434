/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How calls end: by either side, by PPP, by the kernel, at any moment (RFC 2661 section 5.6). The
 * order is always PPP, CDN, the kernel; and what is owed is waited for.
 */
#include "engine_fixture.h"

#include <string.h>

#include "engine_talker.h"

/* Two boxes with a call between them, and empty journals. */
static struct l2tp_session *call(struct world *w)
{
	struct l2tp_session *s = open_session(open_tunnel(&w->boxes[0], &w->boxes[1]));

	world_settle(w);
	assert_int_equal(s->core.state, SESSION_ESTABLISHED);
	assert_int_equal(first_session(&w->boxes[1])->core.state, SESSION_ESTABLISHED);
	box_forget(&w->boxes[0]);
	box_forget(&w->boxes[1]);
	return s;
}

static void test_either_side(void **state)
{
	(void)state;
	for (int side = 0; side < BOXES; side++) {
		struct world w;
		struct box *box = &w.boxes[side], *other = &w.boxes[1 - side];

		world_init(&w, 1);
		call(&w);
		close_session(first_session(box));
		/* Twice is once. */
		close_session(first_session(box));
		world_settle(&w);
		box_expect(box, "~ppp ppp-down tx:CDN(3) -session ev:session-down");
		box_expect(other, "!ppp ppp-down -session ev:session-down");
		assert_string_equal(box->reason, "local: closed by the test (result 3)");
		assert_string_equal(other->reason, "peer: disconnected for administrative reasons: "
						   "closed by the test (result 3); "
						   "PPP: administrative disconnect "
						   "(disconnect 1)");
		assert_int_equal(first_tunnel(box)->core.state, TUNNEL_ESTABLISHED);
		world_end(&w);
	}
}

static void test_ppp_dies(void **state)
{
	(void)state;
	for (int side = 0; side < BOXES; side++) {
		struct world w;
		struct box *box = &w.boxes[side], *other = &w.boxes[1 - side];
		struct l2tp_msg msg;

		world_init(&w, 2);
		call(&w);
		fake_ppp_dies(first_session(box));
		world_settle(&w);
		box_expect(box, "ppp-down tx:CDN(1) -session ev:session-down");
		box_expect(other, "!ppp ppp-down -session ev:session-down");
		assert_string_equal(box->reason, "ppp: pppd died (result 1)");
		/* RFC 3145, both ways. */
		msg = box_sent(box, MSG_CDN)->msg;
		assert_true(msg_has(&msg, AVP_PPP_DISCONNECT_CAUSE));
		assert_int_equal(msg.ppp_disconnect_cause.code, 8);
		assert_int_equal(msg.ppp_disconnect_cause.control_protocol, 0xc021);
		assert_int_equal(msg.ppp_disconnect_cause.direction, 2);
		assert_non_null(strstr(other->reason, "(disconnect 8, at itself)"));
		world_end(&w);
	}
}

/* Both end it in the same moment. */
static void test_crossing(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];

	(void)state;
	world_init(&w, 3);
	call(&w);
	fake_ppp_dies(first_session(lac));
	fake_ppp_dies(first_session(lns));
	world_settle(&w);
	box_expect(lac, "ppp-down tx:CDN(1) -session ev:session-down");
	box_expect(lns, "ppp-down tx:CDN(1) -session ev:session-down");
	world_end(&w);

	world_init(&w, 3);
	call(&w);
	lac->fake[FAKE_SESSION_DELETE].hold = lns->fake[FAKE_SESSION_DELETE].hold = true;
	close_session(first_session(lac));
	close_session(first_session(lns));
	world_settle(&w);
	box_expect(lac, "~ppp ppp-down tx:CDN(3) -session");
	box_expect(lns, "~ppp ppp-down tx:CDN(3) -session");
	box_release(lac, FAKE_SESSION_DELETE);
	box_release(lns, FAKE_SESSION_DELETE);
	world_settle(&w);
	box_expect(lac, "ev:session-down");
	box_expect(lns, "ev:session-down");
	world_end(&w);
}

/* A slow PPP is hung up when the peer does not listen any more. */
static void test_cdn_while_ppp_stops(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];

	(void)state;
	world_init(&w, 4);
	call(&w);
	lac->fake[FAKE_PPP_GRACEFUL].hold = true;
	close_session(first_session(lac));
	world_settle(&w);
	box_expect(lac, "~ppp");
	fake_ppp_dies(first_session(lns));
	world_settle(&w);
	box_expect(lac, "!ppp ppp-down -session ev:session-down");
	box_expect(lns, "ppp-down tx:CDN(1) -session ev:session-down");
	/* What it was closed for stays the reason. */
	assert_string_equal(lac->reason, "local: closed by the test (result 3)");
	world_end(&w);
}

/* Closed on either side in each state on the way up, with the kernel slow or not. */
static const struct {
	int side;
	/* Held on that side. */
	enum fake_op held;
	/* Until then it runs. */
	unsigned int msec;
	const char *story;
	const char *other;
} early[] = {
	/* Nobody knows of it yet. */
	{0, FAKE_TUNNEL_CREATE, 10, "ev:session-down tunnel ev:tunnel-up", ""},
	/* ICRQ is under way; CDN names the call by our id. */
	{0, FAKE_PACKET, 0, "tx:ICRQ tx:CDN(3) ev:session-down",
	 "+session session -session ev:session-down"},
	{0, FAKE_SESSION_CREATE, 10, "tx:ICRQ +session tx:CDN(3) session -session ev:session-down",
	 "+session session tx:ICRP -session ev:session-down"},
	{1, FAKE_TUNNEL_CREATE, 10, "tx:CDN(3) ev:session-down tunnel ev:tunnel-up",
	 "tx:ICRQ ev:session-down"},
	{1, FAKE_SESSION_CREATE, 10, "+session tx:CDN(3) session -session ev:session-down",
	 "tx:ICRQ ev:session-down"},
};

static void test_early(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(early) / sizeof(early[0]); i++) {
		struct world w;
		struct box *box = &w.boxes[early[i].side], *other = &w.boxes[1 - early[i].side];
		struct l2tp_tunnel *t;

		print_message("# row %zu\n", i);
		world_init(&w, 5);
		box->fake[early[i].held].hold = true;
		t = open_tunnel(&w.boxes[0], &w.boxes[1]);
		world_settle(&w);
		box_forget(box);
		box_forget(other);
		open_session(t);
		world_run(&w, early[i].msec * USEC_PER_MSEC);
		close_session(first_session(box));
		world_settle(&w);
		box_release(box, early[i].held);
		world_settle(&w);
		box_expect(box, early[i].story);
		box_expect(other, early[i].other);
		assert_null(first_session(box));
		assert_null(first_session(other));
		assert_int_equal(box->engine->stats.sessions_failed, 1);
		world_end(&w);
	}
}

/* RFC 2661 4.4.4: a CDN of a peer that does not know our id yet names the call by its own. */
static void test_cdn_with_session_0(void **state)
{
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;

	(void)state;
	world_init(&w, 6);
	talker_init(&talker, box);
	talker_opens(&talker);
	box->fake[FAKE_SESSION_CREATE].hold = true;
	talker_say(&talker, 0, MSG_ICRQ);
	box_forget(box);
	talker_say(&talker, 0, MSG_CDN);
	box_expect(box, "");
	assert_int_equal(first_session(box)->core.state, SESSION_CLOSING);
	/* It may give the id to another call at once, whatever the kernel is at. */
	talker_say(&talker, 0, MSG_ICRQ);
	box_expect(box, "+session");
	assert_int_equal(box->engine->n_sessions, 2);
	box_release(box, FAKE_SESSION_CREATE);
	world_settle(&w);
	talker_ack(&talker);
	box_expect(box, "session -session session tx:ICRP ev:session-down");
	talker_say(&talker, session_of_talker(first_tunnel(box))->core.session_id, MSG_ICCN);
	assert_int_equal(first_session(box)->core.state, SESSION_ESTABLISHED);
	/* Repeated, it names nothing. */
	talker_say(&talker, first_session(box)->core.session_id, MSG_CDN);
	assert_null(first_session(box));
	talker_say(&talker, 0, MSG_CDN);
	assert_int_equal(first_tunnel(box)->stats.rx_unexpected, 1);
	world_end(&w);
}

/* What the peer never heard of is not said after all, and no number is missing. */
static void test_unsent_is_dropped(void **state)
{
	struct world w;
	struct box *box = &w.boxes[0];
	struct talker talker;
	struct l2tp_tunnel *t;
	unsigned int said;
	uint16_t ids[8];

	(void)state;
	world_init(&w, 7);
	talker_init(&talker, box);
	t = talker_is_called(&talker);
	talker.mute = true;
	box_forget(box);
	for (size_t i = 0; i < 8; i++)
		ids[i] = open_session(t)->core.session_id;
	/* The window lets some through. */
	assert_in_range(t->transport.queued, 1, 7);
	said = 8 - t->transport.queued;
	for (size_t i = 0; i < 8; i++)
		close_session(l2tp_session_find(t, ids[i]));
	assert_int_equal(t->n_sessions, 0);
	talker.mute = false;
	world_run(&w, 2 * USEC_PER_SEC);
	for (int i = 0; i < 20; i++) {
		talker_ack(&talker);
		world_run(&w, 2 * USEC_PER_SEC);
	}
	assert_int_equal(t->transport.in_flight + t->transport.queued, 0);
	assert_int_equal(talker.nr, t->transport.ns);
	assert_int_equal(talker.heard, MSG_CDN);
	/* SCCRQ, SCCCN, the ICRQs that went out, and a CDN for each of these. */
	assert_int_equal(talker.nr, 2 + 2 * said);
	assert_int_equal(t->core.state, TUNNEL_ESTABLISHED);
	world_end(&w);
}

/* The same while the call is still there: ICCN waits, and the call ends. */
static void test_unsent_iccn(void **state)
{
	struct world w;
	struct box *box = &w.boxes[0];
	struct talker talker;
	struct l2tp_session *s;
	struct l2tp_tunnel *t;

	(void)state;
	world_init(&w, 11);
	talker_init(&talker, box);
	t = talker_is_called(&talker);
	talker.mute = true;
	s = open_session(t);
	for (int i = 0; i < 8; i++)
		open_session(t);
	box->fake[FAKE_SESSION_DELETE].hold = true;
	talker_say(&talker, s->core.session_id, MSG_ICRP);
	assert_int_equal(s->core.state, SESSION_ESTABLISHED);
	fake_ppp_dies(s);
	assert_int_equal(s->core.state, SESSION_CLOSING);
	talker.mute = false;
	for (int i = 0; i < 20; i++) {
		talker_ack(&talker);
		world_run(&w, 2 * USEC_PER_SEC);
	}
	assert_int_equal(t->transport.queued, 0);
	assert_int_equal(box_count_sent(box, MSG_ICCN), 0);
	/* SCCRQ, SCCCN, nine ICRQs and the CDN. */
	assert_int_equal(talker.nr, 2 + 9 + 1);
	assert_int_equal(talker.heard, MSG_CDN);
	world_end(&w);
}

/* And when it is the peer that ends a call before our ICRP went out. */
static void test_unsent_icrp(void **state)
{
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;
	struct l2tp_tunnel *t;

	(void)state;
	world_init(&w, 13);
	talker_init(&talker, box);
	t = talker_opens(&talker);
	talker.mute = true;
	for (int i = 0; i < 8; i++)
		open_session(t);
	talker_say(&talker, 0, MSG_ICRQ);
	assert_int_equal(session_of_talker(t)->core.state, SESSION_WAIT_CONNECT);
	talker_say(&talker, 0, MSG_CDN);
	assert_null(session_of_talker(t));
	talker.mute = false;
	for (int i = 0; i < 20; i++) {
		talker_ack(&talker);
		world_run(&w, 2 * USEC_PER_SEC);
	}
	/* SCCRP and eight ICRQs. */
	assert_int_equal(talker.nr, 1 + 8);
	assert_int_equal(box_count_sent(box, MSG_ICRP), 0);
	world_end(&w);
}

/* Our CDN frees the peer's id too, however long the kernel takes. */
static void test_id_is_free_after_our_cdn(void **state)
{
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;

	(void)state;
	world_init(&w, 12);
	talker_init(&talker, box);
	talker_opens(&talker);
	talker_calls(&talker);
	box->fake[FAKE_SESSION_DELETE].hold = true;
	close_session(first_session(box));
	world_settle(&w);
	talker_ack(&talker);
	assert_int_equal(talker.heard, MSG_CDN);
	box_forget(box);
	talker_calls(&talker);
	box_expect(box, "+session session tx:ICRP +ppp ev:session-up ppp ev:ppp-up");
	assert_int_equal(box->engine->n_sessions, 2);
	world_end(&w);
}

/* The peer gives one id to two calls: the second ends, named by our id, and the first lives. */
static void test_id_given_twice(void **state)
{
	struct world w;
	struct box *box = &w.boxes[0];
	struct talker talker;
	struct l2tp_session *first, *second;
	const struct sent *cdn;
	uint16_t id;

	(void)state;
	world_init(&w, 8);
	talker_init(&talker, box);
	talker_is_called(&talker);
	first = open_session(first_tunnel(box));
	second = open_session(first_tunnel(box));
	id = second->core.session_id;
	talker_ack(&talker);
	talker_say(&talker, first->core.session_id, MSG_ICRP);
	talker_say(&talker, id, MSG_ICRP);
	assert_int_equal(first->core.state, SESSION_ESTABLISHED);
	assert_int_equal(box->engine->n_sessions, 1);
	cdn = box_sent(box, MSG_CDN);
	assert_int_equal(cdn->header.session_id, 0);
	assert_int_equal(cdn->msg.assigned_session_id, id);
	assert_int_equal(cdn->msg.result_code.error, ERROR_SESSION_ID);
	world_end(&w);
}

/* What the peer tells of a call and of its end. */
static void test_details(void **state)
{
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;
	struct l2tp_session *s;
	struct l2tp_msg msg;

	(void)state;
	world_init(&w, 9);
	talker_init(&talker, box);
	talker_opens(&talker);
	msg = talker_msg(&talker, MSG_ICRQ);
	MSG_SET(&msg, AVP_PHYSICAL_CHANNEL_ID, physical_channel_id, 0x01020304);
	MSG_SET(&msg, AVP_BEARER_TYPE, bearer_type, BEARER_ANALOG);
	talker_say_msg(&talker, 0, &msg);
	s = first_session(box);
	assert_int_equal(s->core.physical_channel, 0x01020304);
	assert_int_equal(s->core.bearer, BEARER_ANALOG);
	assert_int_equal(s->core.call_serial, 7);
	box->fake[FAKE_SESSION_DELETE].hold = true;
	msg = talker_msg(&talker, MSG_CDN);
	msg.result_code.result = CDN_BUSY;
	msg.result_code.message = bytes_str("try later");
	msg.cause_code.code = 17;
	avp_add(&msg.present, AVP_CAUSE_CODE);
	talker_say_msg(&talker, s->core.session_id, &msg);
	assert_int_equal(s->reason.origin, ORIGIN_PEER);
	assert_int_equal(s->reason.cause, 17);
	box_release(box, FAKE_SESSION_DELETE);
	world_settle(&w);
	assert_string_equal(box->reason, "peer: busy signal detected: try later (result 8); "
					 "Q.931: user busy (cause 17)");
	world_end(&w);
}

/* When the Result Code comes without words, those of the PPP Disconnect Cause are the text. */
static void test_disconnect_message(void **state)
{
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;
	struct l2tp_msg msg;

	(void)state;
	world_init(&w, 18);
	talker_init(&talker, box);
	talker_opens(&talker);
	msg = talker_msg(&talker, MSG_CDN);
	msg.ppp_disconnect_cause.code = 16;
	msg.ppp_disconnect_cause.direction = 1;
	msg.ppp_disconnect_cause.message = bytes_str("no such user");
	avp_add(&msg.present, AVP_PPP_DISCONNECT_CAUSE);
	talker_say_msg(&talker, talker_calls(&talker)->core.session_id, &msg);
	assert_non_null(strstr(box->reason, ": no such user (result 1); PPP: authentication "
					    "failed: bad name, password or secret (disconnect 16, "
					    "at its peer)"));
	world_end(&w);
}

/* A Q.931 cause of ours is told as such. */
static void test_cause_code(void **state)
{
	struct reason reason = reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "closed");
	struct world w;

	(void)state;
	world_init(&w, 10);
	reason.cause = 16;
	l2tp_session_close(call(&w), &reason, w.now);
	world_settle(&w);
	assert_int_equal(box_sent(&w.boxes[0], MSG_CDN)->msg.cause_code.code, 16);
	assert_int_equal(w.boxes[1].events[EVENT_SESSION_DOWN], 1);
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_either_side),
		cmocka_unit_test(test_ppp_dies),
		cmocka_unit_test(test_crossing),
		cmocka_unit_test(test_cdn_while_ppp_stops),
		cmocka_unit_test(test_early),
		cmocka_unit_test(test_cdn_with_session_0),
		cmocka_unit_test(test_unsent_is_dropped),
		cmocka_unit_test(test_unsent_iccn),
		cmocka_unit_test(test_unsent_icrp),
		cmocka_unit_test(test_id_is_free_after_our_cdn),
		cmocka_unit_test(test_id_given_twice),
		cmocka_unit_test(test_details),
		cmocka_unit_test(test_disconnect_message),
		cmocka_unit_test(test_cause_code),
	};

	return cmocka_run_group_tests_name("engine_hangup", tests, NULL, NULL);
}
