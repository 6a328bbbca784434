/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which message means what to a call in which state (RFC 2661 7.4.1, 7.4.2), what becomes of those
 * that cannot be read (4.1, 7.1), and of calls that stop half-way.
 */
#include "engine_fixture.h"

#include "engine_talker.h"

/* Gone, where a session's state stands. */
#define GONE SESSION_STATE_MAX

/* A call with the talker, in any state; the box is LAC or LNS. */
static struct l2tp_session *session_in(struct talker *talker, bool lac, enum session_state state)
{
	struct box *box = talker->box;
	struct l2tp_session *s;

	box->fake[FAKE_SESSION_CREATE].hold = state == SESSION_WAIT_KERNEL;
	box->fake[FAKE_SESSION_MODIFY].hold = true;
	if (lac) {
		s = open_session(talker_is_called(talker));
		world_settle(box->world);
		talker_ack(talker);
		if (state != SESSION_WAIT_REPLY)
			talker_say(talker, s->core.session_id, MSG_ICRP);
	} else {
		talker_opens(talker);
		talker_say(talker, 0, MSG_ICRQ);
		s = first_session(box);
		if (state == SESSION_WAIT_NUMBERS) {
			struct l2tp_msg msg = talker_msg(talker, MSG_ICCN);

			avp_add(&msg.present, AVP_SEQUENCING_REQUIRED);
			talker_say_msg(talker, s->core.session_id, &msg);
		}
		if (state == SESSION_ESTABLISHED || state == SESSION_CLOSING)
			talker_say(talker, s->core.session_id, MSG_ICCN);
	}
	if (state == SESSION_CLOSING) {
		box->fake[FAKE_PPP_GRACEFUL].hold = true;
		close_session(s);
	}
	assert_int_equal(s->core.state, state);
	return s;
}

/* RFC 2661 7.4.1 and 7.4.2, with wait-kernel and closing between the RFC's states. */
static const struct state_row {
	bool lac;
	enum session_state state;
	enum msg_type message;
	enum session_state after;
	/* Of the CDN that answers, 0 for none. */
	uint16_t result;
	bool unexpected;
} state_rows[] = {
	{true, SESSION_WAIT_REPLY, MSG_ICRP, SESSION_ESTABLISHED, 0, false},
	{true, SESSION_WAIT_REPLY, MSG_ICCN, GONE, CDN_GENERAL_ERROR, true},
	{true, SESSION_WAIT_REPLY, MSG_CDN, GONE, 0, false},
	{true, SESSION_WAIT_REPLY, MSG_WEN, GONE, CDN_GENERAL_ERROR, true},
	{true, SESSION_WAIT_KERNEL, MSG_ICRP, SESSION_CLOSING, CDN_GENERAL_ERROR, true},
	{true, SESSION_WAIT_KERNEL, MSG_CDN, SESSION_CLOSING, 0, false},
	{true, SESSION_ESTABLISHED, MSG_ICRP, GONE, CDN_GENERAL_ERROR, true},
	{true, SESSION_ESTABLISHED, MSG_ICCN, GONE, CDN_GENERAL_ERROR, true},
	{true, SESSION_ESTABLISHED, MSG_CDN, GONE, 0, false},
	{true, SESSION_ESTABLISHED, MSG_SLI, SESSION_ESTABLISHED, 0, false},
	{true, SESSION_ESTABLISHED, MSG_WEN, GONE, CDN_GENERAL_ERROR, true},
	{true, SESSION_CLOSING, MSG_ICRP, SESSION_CLOSING, 0, true},
	{true, SESSION_CLOSING, MSG_SLI, SESSION_CLOSING, 0, true},
	{true, SESSION_CLOSING, MSG_CDN, GONE, 0, false},
	{false, SESSION_WAIT_KERNEL, MSG_ICCN, SESSION_CLOSING, CDN_GENERAL_ERROR, true},
	{false, SESSION_WAIT_KERNEL, MSG_CDN, SESSION_CLOSING, 0, false},
	{false, SESSION_WAIT_CONNECT, MSG_ICCN, SESSION_ESTABLISHED, 0, false},
	{false, SESSION_WAIT_CONNECT, MSG_ICRP, GONE, CDN_GENERAL_ERROR, true},
	{false, SESSION_WAIT_CONNECT, MSG_CDN, GONE, 0, false},
	{false, SESSION_WAIT_CONNECT, MSG_WEN, GONE, CDN_GENERAL_ERROR, true},
	{false, SESSION_WAIT_NUMBERS, MSG_ICCN, SESSION_CLOSING, CDN_GENERAL_ERROR, true},
	{false, SESSION_WAIT_NUMBERS, MSG_CDN, SESSION_CLOSING, 0, false},
	{false, SESSION_WAIT_NUMBERS, MSG_WEN, SESSION_WAIT_NUMBERS, 0, false},
	{false, SESSION_ESTABLISHED, MSG_ICRP, GONE, CDN_GENERAL_ERROR, true},
	{false, SESSION_ESTABLISHED, MSG_ICCN, GONE, CDN_GENERAL_ERROR, true},
	{false, SESSION_ESTABLISHED, MSG_CDN, GONE, 0, false},
	{false, SESSION_ESTABLISHED, MSG_WEN, SESSION_ESTABLISHED, 0, false},
	{false, SESSION_ESTABLISHED, MSG_SLI, GONE, CDN_GENERAL_ERROR, true},
	{false, SESSION_CLOSING, MSG_ICCN, SESSION_CLOSING, 0, true},
	{false, SESSION_CLOSING, MSG_CDN, GONE, 0, false},
	/* "Receive ICRQ": one for the call that is there. */
	{false, SESSION_WAIT_KERNEL, MSG_ICRQ, SESSION_CLOSING, CDN_GENERAL_ERROR, true},
	{false, SESSION_WAIT_CONNECT, MSG_ICRQ, GONE, CDN_GENERAL_ERROR, true},
	{false, SESSION_ESTABLISHED, MSG_ICRQ, GONE, CDN_GENERAL_ERROR, true},
	{false, SESSION_CLOSING, MSG_ICRQ, GONE, CDN_ADMIN, true},
};

static void play_row(const struct state_row *row)
{
	struct world w;
	struct box *box = &w.boxes[0];
	struct talker talker;
	struct l2tp_session *s;
	struct l2tp_tunnel *t;
	uint16_t id;

	world_init(&w, 9);
	talker_init(&talker, box);
	s = session_in(&talker, row->lac, row->state);
	t = s->tunnel;
	id = s->core.session_id;
	box_forget(box);
	talker_say(&talker, row->message == MSG_ICRQ ? 0 : id, row->message);
	s = l2tp_session_find(t, id);
	if (row->after == GONE)
		assert_null(s);
	else
		assert_int_equal(s->core.state, row->after);
	assert_int_equal(t->stats.rx_unexpected, row->unexpected);
	assert_int_equal(box_count_sent(box, MSG_CDN), row->result ? 1 : 0);
	if (row->result)
		assert_int_equal(box_sent(box, MSG_CDN)->msg.result_code.result, row->result);
	assert_int_equal(t->core.state, TUNNEL_ESTABLISHED);
	world_end(&w);
}

static void test_messages_in_states(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(state_rows) / sizeof(state_rows[0]); i++) {
		print_message("# %s: %s in %s\n", state_rows[i].lac ? "LAC" : "LNS",
			      msg_type_name(state_rows[i].message),
			      session_state_name(state_rows[i].state));
		play_row(&state_rows[i]);
	}
}

/* A tunnel without calls, and a message about one. */
static const struct {
	enum msg_type message;
	const char *story;
	bool poison;
} strays[] = {
	{MSG_ICRP, "tx:CDN(2/5)", false},
	{MSG_ICCN, "ev:packet-dropped", false},
	{MSG_CDN, "", false},
	{MSG_WEN, "ev:packet-dropped", false},
	{MSG_SLI, "ev:packet-dropped", false},
	{MSG_OCRQ, "ev:refused tx:CDN(5)", false},
	{MSG_OCRP, "tx:CDN(2/5)", false},
	{MSG_OCCN, "ev:packet-dropped", false},
	/* RFC 2661 4.1: an unknown AVP with the M bit ends the call, here before it began. */
	{MSG_ICRQ, "ev:packet-dropped tx:CDN(2/8)", true},
	{MSG_ICRP, "ev:packet-dropped tx:CDN(2/8)", true},
	{MSG_ICCN, "ev:packet-dropped", true},
	{MSG_CDN, "ev:packet-dropped", true},
	/* And the tunnel, when it is in a message of the tunnel. */
	{MSG_HELLO, "ev:packet-dropped tx:StopCCN(2/8) ev:tunnel-down -tunnel ev:tunnel-gone",
	 true},
	{MSG_STOPCCN, "ev:packet-dropped ev:tunnel-down -tunnel", true},
};

static void test_strays(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(strays) / sizeof(strays[0]); i++) {
		struct world w;
		struct box *box = &w.boxes[1];
		struct talker talker;

		world_init(&w, 10);
		talker_init(&talker, box);
		talker_opens(&talker);
		box_forget(box);
		talker.poison = strays[i].poison;
		talker_say(&talker, 4242, strays[i].message);
		box_expect(box, strays[i].story);
		assert_int_equal(box->engine->n_sessions, 0);
		if (talker.heard == MSG_CDN)
			assert_int_equal(box_sent(box, MSG_CDN)->header.session_id, TALKER_SESSION);
		world_end(&w);
	}
}

/* A broken message about a call that is there. */
static void test_broken_call_messages(void **state)
{
	static const enum msg_type types[] = {MSG_ICRP, MSG_ICCN, MSG_CDN, MSG_WEN};

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct world w;
		struct box *box = &w.boxes[1];
		struct talker talker;
		struct l2tp_session *s;

		world_init(&w, 11);
		talker_init(&talker, box);
		s = session_in(&talker, false, SESSION_ESTABLISHED);
		box_forget(box);
		talker.poison = true;
		talker_say(&talker, s->core.session_id, types[i]);
		/* Nobody answers a CDN with a CDN. */
		box_expect(box, types[i] == MSG_CDN
					? "ev:packet-dropped !ppp ppp-down -session ev:session-down"
					: "ev:packet-dropped !ppp tx:CDN(2/8) ppp-down -session "
					  "ev:session-down");
		assert_int_equal(first_tunnel(box)->stats.rx_avp_errors, 1);
		assert_int_equal(first_tunnel(box)->core.state, TUNNEL_ESTABLISHED);
		world_end(&w);
	}
}

/* A broken CDN of a peer that does not know our id yet. */
static void test_broken_early_cdn(void **state)
{
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;

	(void)state;
	world_init(&w, 17);
	talker_init(&talker, box);
	session_in(&talker, false, SESSION_WAIT_KERNEL);
	box_forget(box);
	talker.poison = true;
	talker_say(&talker, 0, MSG_CDN);
	box_release(box, FAKE_SESSION_CREATE);
	world_settle(&w);
	box_expect(box, "ev:packet-dropped session -session ev:session-down");
	world_end(&w);
}

/* RFC 2661 4.4.1: the M bit of an unknown Message Type ends the tunnel, whatever its number. */
static void test_unknown_message_types(void **state)
{
	static const uint16_t types[] = {5, 13, 17, 99, 0xffff};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(types) / sizeof(types[0]); i++) {
		struct world w;
		struct box *box = &w.boxes[1];
		struct talker talker;
		struct l2tp_session *s;

		world_init(&w, 15);
		talker_init(&talker, box);
		s = session_in(&talker, false, SESSION_ESTABLISHED);
		box_forget(box);
		talker.disguise = types[i / 2];
		talker.optional = i % 2;
		talker_say(&talker, s->core.session_id, MSG_HELLO);
		box_expect(box, i % 2 ? "ev:packet-dropped"
				      : "ev:packet-dropped tx:StopCCN(2/8) ev:tunnel-down -tunnel "
					"!ppp ppp-down -session ev:session-down ev:tunnel-gone");
		world_end(&w);
	}
}

/* Longer than any message we take. */
static void test_long_message(void **state)
{
	static uint8_t packet[MSG_LEN_MAX + 100];
	struct writer w = writer_init(packet, sizeof(packet));
	struct control_header header = {.version = 2, .length = sizeof(packet)};
	struct world world;
	struct box *box = &world.boxes[1];
	struct talker talker;

	(void)state;
	world_init(&world, 16);
	talker_init(&talker, box);
	talker_opens(&talker);
	box_forget(box);
	header.tunnel_id = talker.box_tunnel_id;
	control_header_write(&w, &header);
	box_input(box, &talker.addr, (struct bytes){packet, sizeof(packet)});
	control_header_set_seq(packet, talker.ns++, talker.nr);
	box_input(box, &talker.addr, (struct bytes){packet, sizeof(packet)});
	talker_ack(&talker);
	box_expect(box, "ev:packet-dropped tx:StopCCN(2/2) ev:tunnel-down -tunnel ev:tunnel-gone");
	/* And for no tunnel. */
	header.tunnel_id = 0;
	w = writer_init(packet, sizeof(packet));
	control_header_write(&w, &header);
	box_input(box, &talker.addr, (struct bytes){packet, sizeof(packet)});
	box_expect(box, "ev:packet-dropped");
	world_end(&world);
}

/* Broken messages while the tunnel itself comes up. */
static void test_broken_tunnel_messages(void **state)
{
	struct world w;
	struct box *box = &w.boxes[0];
	struct talker talker;

	(void)state;
	world_init(&w, 12);
	talker_init(&talker, box);
	talker_awaits(&talker);
	talker.poison = true;
	talker_say(&talker, 0, MSG_SCCRP);
	/* Its sender hears of it, though the SCCRP was not taken. */
	assert_int_equal(talker.heard, MSG_STOPCCN);
	box_expect(box, "tx:SCCRQ ev:packet-dropped tx:StopCCN(2/8) ev:tunnel-down ev:tunnel-gone");
	world_end(&w);

	world_init(&w, 12);
	talker_init(&talker, box);
	talker_say(&talker, 0, MSG_SCCRQ);
	talker.poison = true;
	talker_say(&talker, 0, MSG_SCCCN);
	box_expect(box, "tx:SCCRP ev:packet-dropped tx:StopCCN(2/8) ev:tunnel-down ev:tunnel-gone");
	world_end(&w);
}

static void test_setup_timeouts(void **state)
{
	static const struct {
		bool lac;
		enum session_state state;
		const char *story;
	} rows[] = {
		{true, SESSION_WAIT_REPLY, "tx:CDN(10) ev:session-down"},
		{true, SESSION_WAIT_KERNEL, "tx:CDN(10)"},
		{false, SESSION_WAIT_KERNEL, "tx:CDN(10)"},
		{false, SESSION_WAIT_CONNECT, "tx:CDN(10) -session ev:session-down"},
		{false, SESSION_WAIT_NUMBERS, "tx:CDN(10)"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world w;
		struct box *box = &w.boxes[0];
		struct talker talker;
		struct l2tp_tunnel *t;

		world_init(&w, 13);
		box->peer->session_setup_timeout = 20 * USEC_PER_SEC;
		talker_init(&talker, box);
		t = session_in(&talker, rows[i].lac, rows[i].state)->tunnel;
		box_forget(box);
		world_run(&w, 19 * USEC_PER_SEC);
		box_expect(box, "");
		world_run(&w, USEC_PER_SEC);
		talker_ack(&talker);
		box_expect(box, rows[i].story);
		/* The kernel's answer comes late, and is not forgotten. */
		box_release(box, FAKE_SESSION_CREATE);
		box_release(box, FAKE_SESSION_MODIFY);
		world_settle(&w);
		assert_int_equal(t->n_sessions, 0);
		assert_int_equal(t->stats.sessions_failed, 1);
		world_end(&w);
	}
}

/* The tunnel does not come up in time. */
static void test_tunnel_timeout(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0];

	(void)state;
	world_init(&w, 14);
	lac->peer->session_setup_timeout = 20 * USEC_PER_SEC;
	w.cut_off = lac;
	open_session(open_tunnel(lac, &w.boxes[1]));
	world_run(&w, 20 * USEC_PER_SEC);
	box_expect(lac, "tx:SCCRQ ev:session-down");
	assert_string_equal(lac->reason, "peer: call not established in time: the call did not "
					 "come up within 20 s (result 10)");
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages_in_states),
		cmocka_unit_test(test_strays),
		cmocka_unit_test(test_broken_call_messages),
		cmocka_unit_test(test_broken_early_cdn),
		cmocka_unit_test(test_unknown_message_types),
		cmocka_unit_test(test_long_message),
		cmocka_unit_test(test_broken_tunnel_messages),
		cmocka_unit_test(test_setup_timeouts),
		cmocka_unit_test(test_tunnel_timeout),
	};

	return cmocka_run_group_tests_name("engine_call_states", tests, NULL, NULL);
}
