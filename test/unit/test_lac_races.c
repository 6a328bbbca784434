/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls to which two things happen at once. Most of these were found by the simulation of the LAC
 * (test/sim/lac).
 */
#include "lac_fixture.h"

#define LNS "192.0.2.2"
#define NOBODY "203.0.113.77"

static int setup(void **state)
{
	static struct lac_world f;

	lac_world_init(&f);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	lac_world_end(*state);
	return 0;
}

/* LCP begins anew while the tunnel is on its way: nobody failed, and nothing is left of before. */
static void test_restart_before_the_tunnel(void **state)
{
	struct lac_world *f = *state;
	struct subscriber *s;

	add_domain(f, "example.com", STEER_TUNNEL, NOBODY);
	f->w.boxes[0].peer->tunnel_setup_timeout = 10 * USEC_PER_SEC;
	s = dial(f, 0, "alice@example.com");
	assert_int_equal(call_of(s)->state, LAC_PLACING);
	assert_non_null(call_of(s)->session);
	s->asked = s->lcp_acked = false;
	subscriber_says(s, "c021 01 09 000a 0506 11223355");
	world_run(&f->w, USEC_PER_SEC);
	assert_int_equal(call_of(s)->state, LAC_PLACING);
	expect_news(f, "");
	subscriber_padt(s);
	world_run(&f->w, 30 * USEC_PER_SEC);
	expect_news(f, "call failed: ppp: the subscriber hung up (PADT) (result 1)");
}

/* A call that waits for an address is no tunnel's any more once its end began. */
static void test_hangs_up_while_stopping(void **state)
{
	struct lac_world *f = *state;
	struct subscriber *s;
	struct lac_call *call;

	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	f->hold[LAC_RESOLVE] = true;
	s = dial(f, 0, "alice@example.com");
	call = call_of(s);
	assert_int_equal(call->state, LAC_PLACING);
	subscriber_padt(s);
	assert_int_equal(call->state, LAC_CLOSING);
	assert_true(list_empty(&call->in_tunnel));
	lac_stop(f->lac, f->w.now);
	world_run(&f->w, USEC_PER_SEC);
	assert_int_equal(lac_count(f->lac), 0);
}

/* Nobody would hear what the test of a destination led to. */
static void test_no_test_when_stopping(void **state)
{
	struct lac_world *f = *state;

	add_domain(f, "example.com", STEER_TUNNEL, NOBODY);
	f->settings.steer.lockout_test = true;
	f->settings.steer.lockout = 30 * USEC_PER_SEC;
	lac_set(f->lac, &f->settings, &f->radius);
	f->w.boxes[0].peer->tunnel_setup_timeout = 5 * USEC_PER_SEC;
	dial(f, 0, "alice@example.com");
	world_run(&f->w, 10 * USEC_PER_SEC);
	assert_int_equal(f->lock_events, 1);
	lac_stop(f->lac, f->w.now);
	f->hold[LAC_RESOLVE] = true;
	world_run(&f->w, 60 * USEC_PER_SEC);
	assert_true(list_empty(&f->queue));
}

/* A LAC hangs up with the very packet behind ICCN: its call did not even begin to be placed. */
static void test_switched_and_hung_up_at_once(void **state)
{
	const struct session_params params = {.called_number = "example.com"};
	struct lac_world *f = *state;
	struct l2tp_session *s;
	struct l2tp_tunnel *t;

	add_domain(f, "example.com", STEER_TUNNEL, NOBODY);
	f->w.boxes[0].peer->calls = CALL_SWITCH;
	f->w.delay = 5 * USEC_PER_MSEC;
	t = open_tunnel(&f->w.boxes[1], &f->w.boxes[0]);
	world_run(&f->w, USEC_PER_SEC);
	assert_int_equal(l2tp_session_open(t, &params, f->w.now, &s), 0);
	while (s->core.state != SESSION_ESTABLISHED)
		world_run(&f->w, USEC_PER_MSEC);
	/* CDN overtakes ICCN, and waits for it. */
	f->w.delay = 0;
	close_session(s);
	world_run(&f->w, 10 * USEC_PER_SEC);
	assert_int_equal(lac_count(f->lac), 0);
	assert_int_equal(f->w.boxes[0].engine->n_sessions, 0);
	assert_int_equal(f->gone_events, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_restart_before_the_tunnel),
		TEST(test_hangs_up_while_stopping),
		TEST(test_no_test_when_stopping),
		TEST(test_switched_and_hung_up_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
