/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines whose speeds change: what the LNS of a call hears of it, and when it cannot hear.
 */
#include "lac_fixture.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"

#define LNS "192.0.2.2"
#define TALKER "198.51.100.9"

static int setup(void **state)
{
	static struct lac_world f;

	lac_world_init(&f);
	f.access->line_avps = true;
	f.subscribers[0].circuit = "dslam 1/2";
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	lac_world_end(*state);
	return 0;
}

static struct lac_call *dial_up(struct lac_world *f)
{
	struct lac_call *call;

	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	call = call_of(dial(f, 0, "alice@example.com"));
	assert_non_null(call);
	assert_int_equal(call->state, LAC_UP);
	return call;
}

static void set(struct lac_world *f, struct lac_call *call, uint32_t tx, uint32_t rx)
{
	assert_null(lac_cannot_tell(call));
	assert_int_equal(lac_set_speeds(call, tx, rx, f->w.now), 0);
	world_run(&f->w, USEC_PER_SEC);
}

static void expect_speeds(const struct lac_call *call, uint32_t tx, uint32_t rx)
{
	uint32_t is_tx, is_rx;

	lac_speeds(call, &is_tx, &is_rx);
	assert_int_equal(is_tx, tx);
	assert_int_equal(is_rx, rx);
}

static void expect_at_lns(const struct lac_world *f, uint32_t tx, uint32_t rx)
{
	const struct l2tp_session *s = first_session(&f->w.boxes[1]);

	assert_int_equal(s->core.tx_connect_speed, tx);
	assert_int_equal(s->core.rx_connect_speed, rx);
}

/* One speed alone leaves the other as it was, and what does not change is not told. */
static void test_told(void **state)
{
	struct lac_world *f = *state;
	struct box *box = &f->w.boxes[0];
	struct lac_call *call = dial_up(f);
	const struct l2tp_msg *csun;
	struct access_line line;

	assert_true(msg_has(&box_sent(box, MSG_ICRQ)->msg, AVP_SPEED_UPDATE_ENABLE));
	expect_at_lns(f, 20000000, 1000000000);
	set(f, call, 7000000, 0);
	csun = &box_sent(box, MSG_CSUN)->msg;
	assert_int_equal(csun->connect_speed_update.n, 1);
	assert_int_equal(msg_speed_update(csun, 0).session_id, call->session->core.peer_session_id);
	assert_int_equal(msg_speed_update(csun, 0).tx, 7000000);
	assert_int_equal(msg_speed_update(csun, 0).rx, 1000000000);
	expect_at_lns(f, 7000000, 1000000000);
	expect_speeds(call, 7000000, 1000000000);
	assert_int_equal(box->events[EVENT_SESSION_SPEED], 1);
	/* What the line told of itself is now this; of the other way it told nothing. */
	assert_true(l2tp_session_line(call->session, &line));
	assert_int_equal(line.numbers[LINE_ACTUAL_DOWN - LINE_NUMBER_FIRST], 7000000);
	assert_int_equal(call->line->numbers[LINE_ACTUAL_DOWN - LINE_NUMBER_FIRST], 7000000);
	set(f, call, 0, 600000);
	expect_at_lns(f, 7000000, 600000);
	expect_speeds(call, 7000000, 600000);
	assert_int_equal(call->line->present, LINE_BIT(LINE_ACTUAL_DOWN));
	assert_int_equal(box_count_sent(box, MSG_CSUN), 2);
	set(f, call, 7000000, 600000);
	assert_int_equal(box_count_sent(box, MSG_CSUN), 2);
}

/* Of a line that said nothing there is no more to tell than its speeds. */
static void test_silent_line(void **state)
{
	struct lac_world *f = *state;
	struct access_line line;
	struct lac_call *call;

	f->subscribers[0].circuit = NULL;
	call = dial_up(f);
	set(f, call, UINT32_MAX, 1);
	expect_at_lns(f, UINT32_MAX, 1);
	assert_null(call->line);
	assert_false(l2tp_session_line(call->session, &line));
}

static void expect_refused(struct lac_world *f, struct lac_call *call, const char *why)
{
	uint32_t tx, rx;

	lac_speeds(call, &tx, &rx);
	assert_string_equal(lac_cannot_tell(call), why);
	assert_int_equal(lac_set_speeds(call, 5, 6, f->w.now), -EOPNOTSUPP);
	expect_speeds(call, tx, rx);
	assert_int_equal(box_count_sent(&f->w.boxes[0], MSG_CSUN), 0);
}

#define UNTOLD                                                                                    \
	"the LNS was not told that speeds would be updated: line_avps was not set when the call " \
	"came in"

/* What counts is what the LNS heard then. */
static void test_not_promised(void **state)
{
	struct lac_world *f = *state;
	struct lac_call *call;

	f->access->line_avps = false;
	call = dial_up(f);
	assert_false(msg_has(&box_sent(&f->w.boxes[0], MSG_ICRQ)->msg, AVP_SPEED_UPDATE_ENABLE));
	f->access->line_avps = true;
	expect_refused(f, call, UNTOLD);
	expect_at_lns(f, 20000000, 1000000000);
}

static void test_ends_here(void **state)
{
	struct lac_world *f = *state;
	struct lac_call *call;

	add_domain(f, "example.com", STEER_TERMINATE, NULL);
	f->hold[LAC_CHANNEL_DELETE] = true;
	call = call_of(dial(f, 0, "alice@example.com"));
	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(call->state, i ? LAC_LOCAL : LAC_LOCAL_STARTING);
		expect_refused(f, call, "the call ends here: there is no LNS to tell");
		lac_release(f, LAC_CHANNEL_DELETE);
		world_run(&f->w, USEC_PER_SEC);
	}
}

static void test_ending(void **state)
{
	struct lac_world *f = *state;
	struct lac_call *call = dial_up(f);

	f->hold[LAC_CHANNEL_DELETE] = true;
	subscriber_padt(&f->subscribers[0]);
	world_run(&f->w, USEC_PER_SEC);
	assert_int_equal(call->state, LAC_CLOSING);
	expect_refused(f, call, "the call is ending");
}

static void test_switched(void **state)
{
	const struct session_params params = {.called_number = "example.com",
					      .speed_updates = true};
	struct lac_world *f = *state;
	struct l2tp_session *s;

	add_domain(f, "example.com", STEER_TUNNEL, "203.0.113.77");
	f->w.boxes[0].peer->calls = CALL_SWITCH;
	assert_int_equal(l2tp_session_open(open_tunnel(&f->w.boxes[1], &f->w.boxes[0]), &params,
					   f->w.now, &s),
			 0);
	world_run(&f->w, USEC_PER_SEC);
	expect_refused(f, lac_next(f->lac, NULL),
		       "the speeds of a switched call come from the LAC before it");
}

/* Whoever gets the call in the end hears of the new ones, promised or not, and of nothing else. */
static void test_before_it_is_up(void **state)
{
	/* The tunnel is there from the first on. */
	static const enum fake_lac_op held[] = {LAC_RESOLVE, LAC_CHANNEL_CREATE, LAC_FRAME};
	struct lac_world *f = *state;
	const struct box *box = &f->w.boxes[0];
	struct subscriber *s;

	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++) {
		f->access->line_avps = i % 2;
		f->hold[held[i]] = true;
		s = dial(f, 0, "alice@example.com");
		assert_null(call_of(s)->session);
		set(f, call_of(s), 7000000, 800000);
		lac_release(f, held[i]);
		world_run(&f->w, 5 * USEC_PER_SEC);
		assert_int_equal(call_of(s)->state, LAC_UP);
		assert_int_equal(box_sent(box, MSG_ICCN)->msg.tx_connect_speed, 7000000);
		assert_int_equal(box_sent(box, MSG_ICCN)->msg.rx_connect_speed, 800000);
		subscriber_padt(s);
		world_run(&f->w, USEC_PER_SEC);
	}
	assert_int_equal(box_count_sent(box, MSG_CSUN), 0);
}

/* The first LNS heard the old ones of the line, and hangs up: the next hears the new ones. */
static void test_next_destination(void **state)
{
	static struct talker talker;
	struct lac_world *f = *state;
	const struct l2tp_msg *icrq = NULL;
	struct access_line line;
	struct subscriber *s;

	add_domain(f, "example.com", STEER_TUNNEL, TALKER " " LNS);
	talker_init(&talker, &f->w.boxes[0]);
	s = dial(f, 0, "alice@example.com");
	talker_say(&talker, 0, MSG_SCCRP);
	assert_int_equal(talker.heard, MSG_ICRQ);
	assert_non_null(call_of(s)->session);
	set(f, call_of(s), 7000000, 800000);
	talker_say(&talker, first_session(&f->w.boxes[0])->core.session_id, MSG_CDN);
	world_run(&f->w, USEC_PER_SEC);
	assert_int_equal(call_of(s)->state, LAC_UP);
	icrq = &box_sent(&f->w.boxes[0], MSG_ICRQ)->msg;
	assert_true(msg_line(icrq, &line));
	assert_int_equal(line.numbers[LINE_ACTUAL_DOWN - LINE_NUMBER_FIRST], 7000000);
	expect_at_lns(f, 7000000, 800000);
	/* And of the next ones in a CSUN. */
	set(f, call_of(s), 9000000, 0);
	expect_at_lns(f, 9000000, 800000);
	assert_int_equal(box_count_sent(&f->w.boxes[0], MSG_CSUN), 1);
}

/* A caller that begins LCP anew has the same line; the session of before has ended. */
static void test_begins_again(void **state)
{
	struct lac_world *f = *state;
	struct subscriber *s;

	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	f->w.boxes[0].fake[FAKE_SESSION_CREATE].hold = true;
	s = dial(f, 0, "alice@example.com");
	s->asked = s->lcp_acked = false;
	subscriber_says(s, "c021 01 06 000a 0506 11223344");
	world_run(&f->w, 10 * USEC_PER_MSEC);
	assert_int_equal(call_of(s)->state, LAC_NEGOTIATING);
	assert_int_equal(call_of(s)->session->core.state, SESSION_CLOSING);
	set(f, call_of(s), 7000000, 0);
	box_release(&f->w.boxes[0], FAKE_SESSION_CREATE);
	world_run(&f->w, 5 * USEC_PER_SEC);
	assert_int_equal(call_of(s)->state, LAC_UP);
	expect_at_lns(f, 7000000, 1000000000);
}

/* Without memory for what the line says now, or for the message, nothing has changed. */
static void test_no_memory(void **state)
{
	struct lac_world *f = *state;
	struct lac_call *call = dial_up(f);

	for (unsigned int n = 1; n <= 2; n++) {
		__mem_fail_after(n);
		assert_int_equal(lac_set_speeds(call, 5, 6, f->w.now), -ENOMEM);
		__mem_fail_after(0);
		expect_speeds(call, 20000000, 1000000000);
		assert_int_equal(call->line->numbers[LINE_ACTUAL_DOWN - LINE_NUMBER_FIRST],
				 20000000);
	}
	set(f, call, 5, 6);
	expect_at_lns(f, 5, 6);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_told),
		TEST(test_silent_line),
		TEST(test_not_promised),
		TEST(test_ends_here),
		TEST(test_ending),
		TEST(test_switched),
		TEST(test_before_it_is_up),
		TEST(test_next_destination),
		TEST(test_begins_again),
		TEST(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
