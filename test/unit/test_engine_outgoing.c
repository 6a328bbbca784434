/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Outgoing calls: RFC 2661 5.2.2 and 7.5, as LNS that asks and as LAC that is asked.
 */
#include "engine_fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine_talker.h"

#define GONE SESSION_STATE_MAX

static const struct session_params to_call = {
	.outgoing = true,
	.called_number = "5551234",
	.minimum_bps = 64000,
	.maximum_bps = 2000000,
};

static struct l2tp_session *ask(struct l2tp_tunnel *t)
{
	const struct box *box = t->engine->ctx;
	struct l2tp_session *s;

	assert_int_equal(l2tp_session_open(t, &to_call, box->world->now, &s), 0);
	return s;
}

static void test_call(void **state)
{
	struct world w;
	struct box *lns = &w.boxes[0], *lac = &w.boxes[1];
	struct l2tp_session *a, *b;

	(void)state;
	world_init(&w, 80);
	lac->peer->ppp = strdup("client");
	lac->peer->sequencing = true;
	a = ask(open_tunnel(lns, lac));
	assert_int_equal(a->core.state, SESSION_WAIT_TUNNEL);
	world_settle(&w);
	b = first_session(lac);
	box_expect(lns, "tx:SCCRQ tx:SCCCN +tunnel tunnel ev:tunnel-up tx:OCRQ +session session "
			"+numbers numbers +ppp ev:session-up ppp ev:ppp-up");
	box_expect(lac, "tx:SCCRP +tunnel tunnel ev:tunnel-up +session session tx:OCRP tx:OCCN "
			"+ppp ev:session-up ppp ev:ppp-up");
	assert_int_equal(a->core.type, CALL_LNS_OUTGOING);
	assert_int_equal(b->core.type, CALL_LAC_OUTGOING);
	assert_true(call_is_lns(a->core.type) && !call_is_lns(b->core.type));
	assert_string_equal(call_info_text(b->info, CALL_CALLED_NUMBER), "5551234");
	assert_int_equal(b->core.call_serial, a->core.call_serial);
	assert_int_equal(b->core.minimum_bps, 64000);
	assert_int_equal(b->core.maximum_bps, 2000000);
	assert_int_equal(a->core.tx_connect_speed, 2000000);
	assert_int_equal(a->core.rx_connect_speed, 2000000);
	assert_int_equal(a->core.framing, FRAMING_SYNC);
	assert_int_equal(b->core.bearer, BEARER_DIGITAL | BEARER_ANALOG);
	assert_true(a->core.sequencing && b->core.sequencing);
	assert_int_equal(lns->engine->stats.sessions_opened, 1);
	assert_int_equal(lac->engine->stats.sessions_accepted, 1);
	/* Either end tells the other what is its to tell. */
	assert_int_equal(l2tp_session_set_accm(a, &(struct accm){.send = 1}, w.now), 0);
	assert_int_equal(l2tp_session_tell_errors(b, &(struct call_errors){.crc_errors = 1}, w.now),
			 0);
	world_settle(&w);
	assert_int_equal(b->line->accm.send, 1);
	assert_int_equal(a->line->errors.crc_errors, 1);
	box_forget(lns);
	box_forget(lac);
	close_session(a);
	world_settle(&w);
	box_expect(lns, "~ppp ppp-down tx:CDN(3) -session ev:session-down");
	box_expect(lac, "!ppp ppp-down -session ev:session-down");
	world_end(&w);
}

/* What cannot even be asked. */
static void test_impossible(void **state)
{
	static const struct session_params impossible[] = {
		{.outgoing = true},
		{.outgoing = true, .called_number = ""},
		{.outgoing = true, .called_number = "1", .minimum_bps = 2, .maximum_bps = 1},
	};
	struct session_params params = to_call;
	struct world w;
	struct box *box = &w.boxes[0];
	struct talker talker;
	struct l2tp_session *s;
	struct l2tp_tunnel *t;
	struct l2tp_msg msg;

	(void)state;
	world_init(&w, 81);
	t = open_tunnel(box, &w.boxes[1]);
	for (size_t i = 0; i < sizeof(impossible) / sizeof(impossible[0]); i++)
		assert_int_equal(l2tp_session_open(t, &impossible[i], w.now, &s), -EINVAL);
	world_end(&w);

	/* RFC 2661 4.4.3: without Bearer Capabilities the peer places no calls. */
	world_init(&w, 82);
	talker_init(&talker, box);
	t = talker_awaits(&talker);
	ask(t);
	msg = talker_msg(&talker, MSG_SCCRP);
	msg.present.bits[0] &= ~((uint64_t)1 << AVP_BEARER_CAPABILITIES);
	talker_say_msg(&talker, 0, &msg);
	box_expect(box, "tx:SCCRQ tx:SCCCN +tunnel tunnel ev:tunnel-up ev:session-down");
	assert_string_equal(box->reason, "peer: no facilities available at all: it "
					 "says that it places no calls (result 5)");
	assert_int_equal(l2tp_session_open(t, &params, w.now, &s), -EOPNOTSUPP);
	assert_int_equal(t->n_sessions, 0);
	params.outgoing = false;
	assert_int_equal(l2tp_session_open(t, &params, w.now, &s), 0);
	world_end(&w);
}

/* What is asked of us as LAC, and what we answer. */
static const struct {
	const char *ppp;
	const char *number;
	uint32_t minimum;
	uint32_t maximum;
	uint32_t framing;
	enum call_policy calls;
	/* Of the CDN, 0 for none. */
	uint16_t result;
	uint16_t error;
	uint32_t speed;
} asked[] = {
	{"client", "1", 0, 64000, FRAMING_SYNC, CALL_PPP, 0, 0, 64000},
	{"client", "1", 0, 0xffffffff, FRAMING_ASYNC, CALL_PPP, 0, 0, 1000000000},
	{"client", "1", 2000000000, 0xffffffff, FRAMING_SYNC, CALL_PPP, 0, 0, 2000000000},
	{"client", "1", 0, 0, FRAMING_SYNC | FRAMING_ASYNC, CALL_PPP, 0, 0, 1000000000},
	{"client", "1", 2, 1, FRAMING_SYNC, CALL_PPP, CDN_GENERAL_ERROR, ERROR_VALUE, 0},
	{"client", "", 1, 2, FRAMING_SYNC, CALL_PPP, CDN_INVALID_DESTINATION, 0, 0},
	{NULL, "1", 1, 2, FRAMING_SYNC, CALL_PPP, CDN_NO_FACILITIES_PERMANENT, 0, 0},
	{"client", "1", 1, 2, FRAMING_SYNC, CALL_REJECT, CDN_ADMIN, 0, 0},
	{"client", "1", 1, 2, FRAMING_SYNC, CALL_SWITCH, CDN_NO_FACILITIES_PERMANENT, 0, 0},
};

static void test_asked(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		struct world w;
		struct box *box = &w.boxes[0];
		struct talker talker;
		struct l2tp_msg msg;

		print_message("# row %zu\n", i);
		world_init(&w, 83);
		box->peer->ppp = asked[i].ppp ? strdup(asked[i].ppp) : NULL;
		box->peer->calls = asked[i].calls;
		talker_init(&talker, box);
		talker_opens(&talker);
		msg = talker_msg(&talker, MSG_OCRQ);
		msg.called_number = bytes_str(asked[i].number);
		msg.minimum_bps = asked[i].minimum;
		msg.maximum_bps = asked[i].maximum;
		msg.framing_type = asked[i].framing;
		talker_say_msg(&talker, 0, &msg);
		assert_int_equal(box->engine->n_sessions, !asked[i].result);
		if (asked[i].result) {
			msg = box_sent(box, MSG_CDN)->msg;
			assert_int_equal(msg.result_code.result, asked[i].result);
			assert_int_equal(msg.result_code.error, asked[i].error);
			assert_int_equal(box->events[EVENT_REFUSED], 1);
		} else {
			msg = box_sent(box, MSG_OCCN)->msg;
			assert_int_equal(msg.tx_connect_speed, asked[i].speed);
			assert_int_equal(msg.framing_type & ~asked[i].framing, 0);
			assert_int_equal(first_session(box)->core.state, SESSION_ESTABLISHED);
		}
		world_end(&w);
	}
}

/* A call in any state: the talker is LAC, or LNS. */
static struct l2tp_session *session_in(struct talker *talker, bool lac, enum session_state state)
{
	struct box *box = talker->box;
	struct l2tp_session *s;

	if (lac) {
		box->fake[FAKE_SESSION_CREATE].hold = state == SESSION_WAIT_KERNEL;
		talker_opens(talker);
		talker_say(talker, 0, MSG_OCRQ);
		s = first_session(box);
	} else {
		box->fake[FAKE_SESSION_CREATE].hold =
			state == SESSION_WAIT_KERNEL || state == SESSION_WAIT_KERNEL_LAST;
		s = ask(talker_is_called(talker));
		world_settle(box->world);
		talker_ack(talker);
		if (state != SESSION_WAIT_REPLY)
			talker_say(talker, s->core.session_id, MSG_OCRP);
		if (state == SESSION_WAIT_KERNEL_LAST || state == SESSION_ESTABLISHED)
			talker_say(talker, s->core.session_id, MSG_OCCN);
	}
	assert_int_equal(s->core.state, state);
	return s;
}

/* RFC 2661 7.5.1 and 7.5.2, with wait-kernel and wait-kernel-last between the RFC's states. */
static const struct {
	bool lac;
	enum session_state state;
	enum msg_type message;
	enum session_state after;
	uint16_t result;
	bool unexpected;
} rows[] = {
	{false, SESSION_WAIT_REPLY, MSG_OCRP, SESSION_WAIT_CONNECT, 0, false},
	{false, SESSION_WAIT_REPLY, MSG_OCCN, GONE, CDN_GENERAL_ERROR, true},
	{false, SESSION_WAIT_REPLY, MSG_ICRP, GONE, CDN_GENERAL_ERROR, true},
	{false, SESSION_WAIT_REPLY, MSG_CDN, GONE, 0, false},
	{false, SESSION_WAIT_KERNEL, MSG_OCRP, SESSION_CLOSING, CDN_GENERAL_ERROR, true},
	{false, SESSION_WAIT_KERNEL, MSG_OCCN, SESSION_WAIT_KERNEL_LAST, 0, false},
	{false, SESSION_WAIT_KERNEL, MSG_CDN, SESSION_CLOSING, 0, false},
	{false, SESSION_WAIT_KERNEL_LAST, MSG_OCCN, SESSION_CLOSING, CDN_GENERAL_ERROR, true},
	{false, SESSION_WAIT_KERNEL_LAST, MSG_WEN, SESSION_WAIT_KERNEL_LAST, 0, false},
	{false, SESSION_WAIT_KERNEL_LAST, MSG_CDN, SESSION_CLOSING, 0, false},
	{false, SESSION_WAIT_CONNECT, MSG_OCCN, SESSION_ESTABLISHED, 0, false},
	{false, SESSION_WAIT_CONNECT, MSG_OCRP, GONE, CDN_GENERAL_ERROR, true},
	{false, SESSION_WAIT_CONNECT, MSG_ICCN, GONE, CDN_GENERAL_ERROR, true},
	{false, SESSION_WAIT_CONNECT, MSG_WEN, GONE, CDN_GENERAL_ERROR, true},
	{false, SESSION_WAIT_CONNECT, MSG_CDN, GONE, 0, false},
	{false, SESSION_ESTABLISHED, MSG_OCRP, GONE, CDN_GENERAL_ERROR, true},
	{false, SESSION_ESTABLISHED, MSG_OCCN, GONE, CDN_GENERAL_ERROR, true},
	{false, SESSION_ESTABLISHED, MSG_WEN, SESSION_ESTABLISHED, 0, false},
	{false, SESSION_ESTABLISHED, MSG_SLI, GONE, CDN_GENERAL_ERROR, true},
	{false, SESSION_ESTABLISHED, MSG_CDN, GONE, 0, false},
	{true, SESSION_WAIT_KERNEL, MSG_OCRQ, SESSION_CLOSING, CDN_GENERAL_ERROR, true},
	{true, SESSION_WAIT_KERNEL, MSG_OCCN, SESSION_CLOSING, CDN_GENERAL_ERROR, true},
	{true, SESSION_WAIT_KERNEL, MSG_CDN, SESSION_CLOSING, 0, false},
	{true, SESSION_ESTABLISHED, MSG_OCRQ, GONE, CDN_GENERAL_ERROR, true},
	{true, SESSION_ESTABLISHED, MSG_OCRP, GONE, CDN_GENERAL_ERROR, true},
	{true, SESSION_ESTABLISHED, MSG_OCCN, GONE, CDN_GENERAL_ERROR, true},
	{true, SESSION_ESTABLISHED, MSG_SLI, SESSION_ESTABLISHED, 0, false},
	{true, SESSION_ESTABLISHED, MSG_WEN, GONE, CDN_GENERAL_ERROR, true},
	{true, SESSION_ESTABLISHED, MSG_CDN, GONE, 0, false},
};

static void test_states(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world w;
		struct box *box = &w.boxes[0];
		struct talker talker;
		struct l2tp_session *s;
		struct l2tp_tunnel *t;
		uint16_t id;

		print_message("# %s: %s in %s\n", rows[i].lac ? "LAC" : "LNS",
			      msg_type_name(rows[i].message), session_state_name(rows[i].state));
		world_init(&w, 84);
		box->peer->ppp = strdup("client");
		talker_init(&talker, box);
		s = session_in(&talker, rows[i].lac, rows[i].state);
		t = s->tunnel;
		id = s->core.session_id;
		talker_say(&talker, rows[i].message == MSG_OCRQ ? 0 : id, rows[i].message);
		s = l2tp_session_find(t, id);
		if (rows[i].after == GONE)
			assert_null(s);
		else
			assert_int_equal(s->core.state, rows[i].after);
		assert_int_equal(t->stats.rx_unexpected, rows[i].unexpected);
		assert_int_equal(box_count_sent(box, MSG_CDN), rows[i].result ? 1 : 0);
		if (rows[i].result)
			assert_int_equal(box_sent(box, MSG_CDN)->msg.result_code.result,
					 rows[i].result);
		assert_int_equal(t->core.state, TUNNEL_ESTABLISHED);
		world_end(&w);
	}
}

/* OCCN overtakes our kernel, with and without numbers to wait for once more. */
static void test_connected_early(void **state)
{
	(void)state;
	for (int sequencing = 0; sequencing < 2; sequencing++) {
		struct world w;
		struct box *lns = &w.boxes[0], *lac = &w.boxes[1];

		world_init(&w, 85);
		lac->peer->ppp = strdup("client");
		lac->peer->sequencing = sequencing;
		lns->fake[FAKE_SESSION_CREATE].hold = true;
		ask(open_tunnel(lns, lac));
		world_settle(&w);
		assert_int_equal(first_session(lns)->core.state, SESSION_WAIT_KERNEL_LAST);
		box_forget(lns);
		box_release(lns, FAKE_SESSION_CREATE);
		world_settle(&w);
		box_expect(lns, sequencing ? "session +numbers numbers +ppp ev:session-up ppp "
					     "ev:ppp-up"
					   : "session +ppp ev:session-up ppp ev:ppp-up");
		world_end(&w);
	}
}

/* 7.5.2: a timer expires. */
static void test_timeouts(void **state)
{
	static const struct {
		enum session_state state;
		const char *story;
	} waits[] = {
		{SESSION_WAIT_REPLY, "tx:CDN(10) ev:session-down"},
		{SESSION_WAIT_KERNEL_LAST, "tx:CDN(10)"},
		{SESSION_WAIT_CONNECT, "tx:CDN(10) -session ev:session-down"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		struct world w;
		struct box *box = &w.boxes[0];
		struct talker talker;

		world_init(&w, 86);
		box->peer->session_setup_timeout = 20 * USEC_PER_SEC;
		talker_init(&talker, box);
		session_in(&talker, false, waits[i].state);
		box_forget(box);
		world_run(&w, 19 * USEC_PER_SEC);
		box_expect(box, "");
		world_run(&w, USEC_PER_SEC);
		talker_ack(&talker);
		box_expect(box, waits[i].story);
		world_end(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_call),
		cmocka_unit_test(test_impossible),
		cmocka_unit_test(test_asked),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_connected_early),
		cmocka_unit_test(test_timeouts),
	};

	return cmocka_run_group_tests_name("engine_outgoing", tests, NULL, NULL);
}
