/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which message means what to a tunnel in which state: the table of RFC 2661 section 7.2.1, row by
 * row, and the states that follow its "idle".
 */
#include "engine_fixture.h"

#include "engine_talker.h"

/* Gone, where a tunnel's state stands. */
#define GONE TUNNEL_STATE_MAX

/* A tunnel between the box and the talker, in any state. */
static struct l2tp_tunnel *tunnel_in(struct talker *talker, enum tunnel_state state)
{
	struct box *box = talker->box;
	struct l2tp_tunnel *t;

	if (state == TUNNEL_WAIT_CTL_REPLY)
		return talker_awaits(talker);
	if (state == TUNNEL_WAIT_CTL_CONN) {
		talker_say(talker, 0, MSG_SCCRQ);
		return first_tunnel(box);
	}
	t = talker_opens(talker);
	if (state == TUNNEL_DRAINING) {
		talker_calls(talker);
		box->fake[FAKE_PPP_GRACEFUL].hold = true;
		close_tunnel(t);
	} else if (state == TUNNEL_CLOSING) {
		talker->mute = true;
		close_tunnel(t);
	} else if (state == TUNNEL_CLOSED) {
		talker_say(talker, 0, MSG_STOPCCN);
	}
	world_settle(box->world);
	return t;
}

/* RFC 2661 7.2.1, with the states that follow "idle" there. */
static const struct state_row {
	enum tunnel_state state;
	enum msg_type message;
	enum tunnel_state after;
	/* Of the StopCCN or CDN that answers, 0 for none. */
	uint16_t result;
	bool unexpected;
} state_rows[] = {
	/* The peer never told its id: told at tunnel 0. */
	{TUNNEL_WAIT_CTL_REPLY, MSG_SCCRQ, GONE, STOPCCN_FSM_ERROR, true},
	{TUNNEL_WAIT_CTL_REPLY, MSG_SCCCN, GONE, STOPCCN_FSM_ERROR, true},
	{TUNNEL_WAIT_CTL_REPLY, MSG_HELLO, GONE, STOPCCN_FSM_ERROR, true},
	{TUNNEL_WAIT_CTL_REPLY, MSG_SCCRP, TUNNEL_ESTABLISHED, 0, false},
	{TUNNEL_WAIT_CTL_REPLY, MSG_STOPCCN, TUNNEL_CLOSED, 0, false},
	{TUNNEL_WAIT_CTL_REPLY, MSG_ICRQ, TUNNEL_WAIT_CTL_REPLY, 0, true},
	{TUNNEL_WAIT_CTL_CONN, MSG_SCCRQ, GONE, STOPCCN_FSM_ERROR, true},
	{TUNNEL_WAIT_CTL_CONN, MSG_SCCRP, GONE, STOPCCN_FSM_ERROR, true},
	{TUNNEL_WAIT_CTL_CONN, MSG_HELLO, GONE, STOPCCN_FSM_ERROR, true},
	{TUNNEL_WAIT_CTL_CONN, MSG_SCCCN, TUNNEL_ESTABLISHED, 0, false},
	{TUNNEL_WAIT_CTL_CONN, MSG_STOPCCN, TUNNEL_CLOSED, 0, false},
	{TUNNEL_WAIT_CTL_CONN, MSG_ICRQ, TUNNEL_WAIT_CTL_CONN, 0, true},
	{TUNNEL_ESTABLISHED, MSG_SCCRQ, GONE, STOPCCN_FSM_ERROR, true},
	{TUNNEL_ESTABLISHED, MSG_SCCRP, GONE, STOPCCN_FSM_ERROR, true},
	{TUNNEL_ESTABLISHED, MSG_SCCCN, GONE, STOPCCN_FSM_ERROR, true},
	{TUNNEL_ESTABLISHED, MSG_HELLO, TUNNEL_ESTABLISHED, 0, false},
	{TUNNEL_ESTABLISHED, MSG_STOPCCN, TUNNEL_CLOSED, 0, false},
	{TUNNEL_DRAINING, MSG_SCCRQ, TUNNEL_DRAINING, 0, true},
	{TUNNEL_DRAINING, MSG_SCCRP, TUNNEL_DRAINING, 0, true},
	{TUNNEL_DRAINING, MSG_SCCCN, TUNNEL_DRAINING, 0, true},
	{TUNNEL_DRAINING, MSG_HELLO, TUNNEL_DRAINING, 0, false},
	{TUNNEL_DRAINING, MSG_STOPCCN, TUNNEL_CLOSED, 0, false},
	{TUNNEL_DRAINING, MSG_OCRQ, TUNNEL_DRAINING, CDN_NO_FACILITIES_TEMPORARY, false},
	{TUNNEL_CLOSING, MSG_SCCRQ, TUNNEL_CLOSING, 0, true},
	{TUNNEL_CLOSING, MSG_SCCRP, TUNNEL_CLOSING, 0, true},
	{TUNNEL_CLOSING, MSG_SCCCN, TUNNEL_CLOSING, 0, true},
	{TUNNEL_CLOSING, MSG_HELLO, TUNNEL_CLOSING, 0, true},
	{TUNNEL_CLOSING, MSG_ICRQ, TUNNEL_CLOSING, 0, true},
	{TUNNEL_CLOSING, MSG_STOPCCN, TUNNEL_CLOSED, 0, false},
	{TUNNEL_CLOSED, MSG_SCCRQ, TUNNEL_CLOSED, 0, true},
	{TUNNEL_CLOSED, MSG_SCCRP, TUNNEL_CLOSED, 0, true},
	{TUNNEL_CLOSED, MSG_SCCCN, TUNNEL_CLOSED, 0, true},
	{TUNNEL_CLOSED, MSG_HELLO, TUNNEL_CLOSED, 0, true},
	{TUNNEL_CLOSED, MSG_ICRQ, TUNNEL_CLOSED, 0, true},
	{TUNNEL_CLOSED, MSG_STOPCCN, TUNNEL_CLOSED, 0, true},
};

static uint16_t result_sent(const struct box *box)
{
	if (box_count_sent(box, MSG_STOPCCN))
		return box_sent(box, MSG_STOPCCN)->msg.result_code.result;
	if (box_count_sent(box, MSG_CDN))
		return box_sent(box, MSG_CDN)->msg.result_code.result;
	return 0;
}

static void play_row(const struct state_row *row)
{
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;
	struct l2tp_tunnel *t;
	struct l2tp_msg msg;
	uint64_t unexpected;
	uint16_t id, result;

	world_init(&w, 4);
	talker_init(&talker, box);
	t = tunnel_in(&talker, row->state);
	id = t->core.tunnel_id;
	assert_int_equal(t->core.state, row->state);
	unexpected = t->stats.rx_unexpected;
	result = result_sent(box);
	talker.astray = true;
	talker.box_tunnel_id = id;
	talker.heard = MSG_ZLB;
	msg = talker_msg(&talker, row->message);
	/* A call that is not there yet. */
	if (row->message == MSG_OCRQ)
		msg.assigned_session_id = TALKER_SESSION + 1;
	talker_say_msg(&talker, 0, &msg);
	t = l2tp_tunnel_find(box->engine, id);
	if (row->after == GONE) {
		assert_null(t);
		/* Where both could be told, it was. */
		assert_int_equal(talker.heard, row->result ? MSG_STOPCCN : MSG_ZLB);
	} else {
		assert_non_null(t);
		assert_int_equal(t->core.state, row->after);
		assert_int_equal(t->stats.rx_unexpected - unexpected, row->unexpected);
	}
	if (row->result || row->state < TUNNEL_CLOSING)
		assert_int_equal(result_sent(box), row->result);
	else
		assert_int_equal(result_sent(box), result);
	world_end(&w);
}

static void test_messages_in_states(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(state_rows) / sizeof(state_rows[0]); i++) {
		print_message("# %s in %s\n", msg_type_name(state_rows[i].message),
			      tunnel_state_name(state_rows[i].state));
		play_row(&state_rows[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages_in_states),
	};

	return cmocka_run_group_tests_name("engine_tunnel_states", tests, NULL, NULL);
}
