/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * WEN and SLI: RFC 2661 6.13 and 6.14. In which states they may come is a matter of
 * test_engine_call_states.c.
 */
#include "engine_fixture.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"

static const struct call_errors some_errors = {1, 2, 3, 4, 5, 0xfffffff6};

/* A call from one box to the other. */
static void begin(struct world *w, struct l2tp_session **ret_lac, struct l2tp_session **ret_lns)
{
	world_init(w, 70);
	*ret_lac = open_session(open_tunnel(&w->boxes[0], &w->boxes[1]));
	world_settle(w);
	*ret_lns = first_session(&w->boxes[1]);
	assert_non_null(*ret_lns);
	box_forget(&w->boxes[0]);
	box_forget(&w->boxes[1]);
}

static void assert_accm(const struct l2tp_session *s, const struct accm *due)
{
	struct accm accm = l2tp_session_accm(s);

	assert_memory_equal(&accm, due, sizeof(accm));
}

static void test_accm(void **state)
{
	const struct accm accm = {.send = 0x000a0000, .receive = 7}, all = {UINT32_MAX, UINT32_MAX};
	struct l2tp_session *a, *b;
	struct world w;

	(void)state;
	begin(&w, &a, &b);
	assert_accm(a, &all);
	assert_accm(b, &all);
	/* It knows that. */
	assert_int_equal(l2tp_session_set_accm(b, &all, w.now), 0);
	box_expect(&w.boxes[1], "");
	assert_int_equal(l2tp_session_set_accm(b, &accm, w.now), 0);
	assert_int_equal(l2tp_session_set_accm(b, &accm, w.now), 0);
	world_settle(&w);
	box_expect(&w.boxes[1], "tx:SLI");
	box_expect(&w.boxes[0], "");
	assert_accm(a, &accm);
	assert_accm(b, &accm);
	/* It may change as long as the call lives (6.14). */
	assert_int_equal(l2tp_session_set_accm(b, &all, w.now), 0);
	world_settle(&w);
	assert_accm(a, &all);
	assert_int_equal(a->line->rx_sli, 2);
	/* Not the LAC's to say. */
	assert_int_equal(l2tp_session_set_accm(a, &accm, w.now), -EINVAL);
	world_end(&w);
}

static void test_errors(void **state)
{
	const struct call_errors more = {10, 20, 30, 40, 50, 60};
	struct l2tp_session *a, *b;
	struct world w;

	(void)state;
	begin(&w, &a, &b);
	assert_int_equal(l2tp_session_tell_errors(a, &some_errors, w.now), 0);
	assert_int_equal(l2tp_session_tell_errors(a, &more, w.now), -EAGAIN);
	world_settle(&w);
	box_expect(&w.boxes[0], "tx:WEN");
	assert_memory_equal(&b->line->errors, &some_errors, sizeof(some_errors));
	assert_memory_equal(&a->line->errors, &some_errors, sizeof(some_errors));
	/* Counters stand for the whole call: the last WEN is all there is to know. */
	world_run(&w, 60 * USEC_PER_SEC);
	assert_int_equal(l2tp_session_tell_errors(a, &more, w.now), 0);
	world_settle(&w);
	assert_memory_equal(&b->line->errors, &more, sizeof(more));
	assert_int_equal(b->line->rx_wen, 2);
	/* Not the LNS's to say. */
	assert_int_equal(l2tp_session_tell_errors(b, &more, w.now), -EINVAL);
	world_end(&w);
}

/* As it is kept where it was received: readable, and no rate that has no room (RFC 5515). */
static void test_line(void **state)
{
	const struct access_line line = {
		.present = LINE_BIT(LINE_ACTUAL_DOWN),
		.numbers = {1, UINT32_MAX},
		.circuit_id = "dslam\x01\xc3\xa4 1/2",
		.remote_id = "x", /* one octet is none (5.2) */
		.encapsulation = {1, 2, 3},
		.has_encapsulation = true,
	};
	const struct session_params params = {.line = &line};
	struct access_line kept;
	struct l2tp_session *s;
	struct world w;

	(void)state;
	world_init(&w, 71);
	assert_int_equal(
		l2tp_session_open(open_tunnel(&w.boxes[0], &w.boxes[1]), &params, w.now, &s), 0);
	world_settle(&w);
	assert_true(l2tp_session_line(first_session(&w.boxes[1]), &kept));
	assert_string_equal(kept.circuit_id, "dslam??? 1/2");
	assert_string_equal(kept.remote_id, "");
	assert_int_equal(kept.present, line.present);
	assert_int_equal(kept.numbers[0], 0);
	assert_int_equal(kept.numbers[1], UINT32_MAX);
	assert_true(kept.has_encapsulation);
	assert_memory_equal(kept.encapsulation, line.encapsulation, 3);
	assert_false(kept.iwf_session);
	world_end(&w);

	world_init(&w, 72);
	s = open_session(open_tunnel(&w.boxes[0], &w.boxes[1]));
	world_settle(&w);
	assert_false(l2tp_session_line(first_session(&w.boxes[1]), &kept));
	world_end(&w);
}

/* Before the call is connected they are what ICCN says. Where there is no memory for the line, or
 * for the message, the speeds are as they were. */
static void test_speeds(void **state)
{
	const struct access_line line = {.circuit_id = "eth"};
	const struct session_params params = {.speed_updates = true, .tx_connect_speed = 1000};
	struct l2tp_session *s, *far;
	struct access_line kept;
	struct world w;

	(void)state;
	world_init(&w, 73);
	assert_int_equal(
		l2tp_session_open(open_tunnel(&w.boxes[0], &w.boxes[1]), &params, w.now, &s), 0);
	assert_int_equal(l2tp_session_tell_line(s, NULL, 1500, 0, w.now), 0);
	world_settle(&w);
	far = first_session(&w.boxes[1]);
	assert_int_equal(far->core.tx_connect_speed, 1500);
	assert_int_equal(far->core.rx_connect_speed, 1000);
	assert_int_equal(w.boxes[0].events[EVENT_SESSION_SPEED], 0);
	for (unsigned int n = 1; n <= 2; n++) {
		__mem_fail_after(n);
		assert_int_equal(l2tp_session_tell_line(s, &line, 2000, 0, w.now), -ENOMEM);
		__mem_fail_after(0);
		assert_int_equal(s->core.tx_connect_speed, 1500);
	}
	assert_int_equal(l2tp_session_tell_line(far, NULL, 1, 1, w.now), -EINVAL);
	assert_int_equal(l2tp_session_tell_line(s, &line, 2000, 3000, w.now), 0);
	world_settle(&w);
	assert_true(l2tp_session_line(s, &kept));
	assert_string_equal(kept.circuit_id, "eth");
	assert_int_equal(far->core.tx_connect_speed, 2000);
	assert_int_equal(far->core.rx_connect_speed, 3000);
	assert_int_equal(w.boxes[0].events[EVENT_SESSION_SPEED], 1);
	assert_int_equal(w.boxes[1].events[EVENT_SESSION_SPEED], 1);
	world_end(&w);
}

static void test_many_speeds(void **state)
{
	uint8_t data[AVP_LIST_MAX + 1][SPEED_UPDATE_LEN];
	struct l2tp_msg msg = {.type = MSG_CSUN};

	(void)state;
	for (uint16_t i = 0; i <= AVP_LIST_MAX; i++) {
		const struct speed_update update = {.session_id = i, .tx = 2u * i, .rx = 3u * i};

		assert_int_equal(msg_add_speed_update(&msg, &update, data[i]), i < AVP_LIST_MAX);
	}
	assert_int_equal(msg.connect_speed_update.n, AVP_LIST_MAX);
	assert_int_equal(msg_speed_update(&msg, 31).session_id, 31);
	assert_int_equal(msg_speed_update(&msg, 31).tx, 62);
	assert_int_equal(msg_speed_update(&msg, 31).rx, 93);
}

/* There is a call to speak of only while it is established. */
static void test_not_established(void **state)
{
	const struct accm accm = {.send = 1};
	struct l2tp_session *a, *b;
	struct world w;

	(void)state;
	begin(&w, &a, &b);
	w.boxes[0].fake[FAKE_PPP_GRACEFUL].hold = true;
	w.boxes[1].fake[FAKE_PPP_GRACEFUL].hold = true;
	w.cut_off = &w.boxes[0];
	close_session(a);
	close_session(b);
	assert_int_equal(l2tp_session_tell_errors(a, &some_errors, w.now), -EINVAL);
	assert_int_equal(l2tp_session_tell_line(a, NULL, 1, 1, w.now), -EINVAL);
	assert_int_equal(l2tp_session_set_accm(b, &accm, w.now), -EINVAL);
	w.cut_off = NULL;
	world_end(&w);
}

/*
 * What is kept of a line has memory of its own. The n-th allocation fails, from what says it to
 * what hears it: no call ends. Returns whether it was said, and whether it was heard.
 */
static void say(bool accm, unsigned int n, bool *ret_said, bool *ret_heard)
{
	struct l2tp_session *a, *b;
	const struct l2tp_session *hears;
	struct world w;

	begin(&w, &a, &b);
	hears = accm ? a : b;
	__mem_fail_after(n);
	if (accm)
		*ret_said = l2tp_session_set_accm(b, &(struct accm){.send = 1}, w.now) == 0;
	else
		*ret_said = l2tp_session_tell_errors(a, &some_errors, w.now) == 0;
	world_run(&w, 10 * USEC_PER_SEC);
	__mem_fail_after(0);
	*ret_heard = hears->line && (hears->line->rx_sli || hears->line->rx_wen);
	assert_int_equal(a->core.state, SESSION_ESTABLISHED);
	assert_int_equal(b->core.state, SESSION_ESTABLISHED);
	world_end(&w);
}

static void test_no_memory(void **state)
{
	(void)state;
	for (int accm = 0; accm < 2; accm++) {
		unsigned int unsaid = 0, unheard = 0;

		for (unsigned int n = 1; n <= 10; n++) {
			bool said, heard;

			say(accm, n, &said, &heard);
			unsaid += !said;
			unheard += said && !heard;
		}
		/* Without a message, or a place for what it says; without a place for what it said.
		 */
		assert_in_range(unsaid, 2, 4);
		assert_int_equal(unheard, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accm),	    cmocka_unit_test(test_errors),
		cmocka_unit_test(test_line),	    cmocka_unit_test(test_speeds),
		cmocka_unit_test(test_many_speeds), cmocka_unit_test(test_not_established),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests_name("engine_info", tests, NULL, NULL);
}
