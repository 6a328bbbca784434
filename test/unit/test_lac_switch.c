/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls of another LAC, placed again: the scripted peer is that LAC, box 1 the LNS.
 */
#include "lac_fixture.h"

#include <string.h>

#define LNS "192.0.2.2"
#define TALKER_HOST "198.51.100.9"

static struct talker talker;

static int setup(void **state)
{
	static struct lac_world f;

	lac_world_init(&f);
	f.w.boxes[0].peer->calls = CALL_SWITCH;
	talker_init(&talker, &f.w.boxes[0]);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	lac_world_end(*state);
	return 0;
}

/* The talker's call, with what it heard from its caller. */
static void place_as(struct lac_world *f, const char *user, const char *number)
{
	struct l2tp_msg icrq, iccn;
	struct l2tp_session *s;

	talker_opens(&talker);
	icrq = talker_msg(&talker, MSG_ICRQ);
	if (number)
		MSG_SET(&icrq, AVP_CALLED_NUMBER, called_number, bytes_str(number));
	talker_say_msg(&talker, 0, &icrq);
	s = session_of_talker(first_tunnel(&f->w.boxes[0]));
	assert_non_null(s);
	iccn = talker_msg(&talker, MSG_ICCN);
	if (user) {
		MSG_SET(&iccn, AVP_PROXY_AUTHEN_TYPE, proxy_authen_type, PPP_AUTH_PAP);
		MSG_SET(&iccn, AVP_PROXY_AUTHEN_NAME, proxy_authen_name, bytes_str(user));
		MSG_SET(&iccn, AVP_PROXY_AUTHEN_ID, proxy_authen_id, 7);
		MSG_SET(&iccn, AVP_PROXY_AUTHEN_RESPONSE, proxy_authen_response,
			bytes_str("secret"));
	}
	talker_say_msg(&talker, s->core.session_id, &iccn);
	world_run(&f->w, USEC_PER_SEC);
}

static struct lac_call *only_call(const struct lac_world *f)
{
	return lac_next(f->lac, NULL);
}

static void test_by_name(void **state)
{
	struct lac_world *f = *state;
	const struct l2tp_session *s;

	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	place_as(f, "alice@example.com", "5550100");
	assert_int_equal(only_call(f)->state, LAC_UP);
	assert_int_equal(f->bridges, 1);
	expect_news(f, "call up");
	s = first_session(&f->w.boxes[1]);
	assert_string_equal(call_info_text(s->info, CALL_PROXY_AUTHEN_NAME), "alice@example.com");
	assert_string_equal(call_info_text(s->info, CALL_CALLED_NUMBER), "5550100");
	assert_int_equal(s->core.proxy_authen_id, 7);
}

static void test_by_number(void **state)
{
	struct lac_world *f = *state;

	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	place_as(f, NULL, "example.com");
	assert_int_equal(only_call(f)->state, LAC_UP);
	assert_string_equal(only_call(f)->why, "domain example.com (called number)");
}

static void test_by_peer(void **state)
{
	struct lac_world *f = *state;

	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	f->w.boxes[0].peer->domain = strdup("example.com");
	place_as(f, NULL, "5550100");
	assert_int_equal(only_call(f)->state, LAC_UP);
	assert_string_equal(only_call(f)->why, "domain example.com (of peer peer)");
}

static void assert_refused(struct lac_world *f, uint16_t result)
{
	assert_int_equal(lac_count(f->lac), 0);
	assert_int_equal(talker.heard, MSG_CDN);
	assert_int_equal(box_sent(&f->w.boxes[0], MSG_CDN)->msg.result_code.result, result);
	assert_int_equal(f->w.boxes[0].kernel_sessions, 0);
}

static void test_nowhere_to_go(void **state)
{
	struct lac_world *f = *state;

	place_as(f, "alice@example.com", NULL);
	assert_refused(f, CDN_ADMIN);
}

static void test_cannot_end_here(void **state)
{
	struct lac_world *f = *state;

	add_domain(f, "example.com", STEER_TERMINATE, NULL);
	place_as(f, "alice@example.com", NULL);
	assert_refused(f, CDN_NO_FACILITIES_PERMANENT);
}

/* It must not leave for where it came from. */
static void test_loop(void **state)
{
	struct lac_world *f = *state;

	add_domain(f, "example.com", STEER_TUNNEL, TALKER_HOST);
	place_as(f, "alice@example.com", NULL);
	assert_int_equal(lac_count(f->lac), 0);
	assert_non_null(strstr(f->news, "the call came from " TALKER_HOST));
	assert_int_equal(box_sent(&f->w.boxes[0], MSG_CDN)->msg.result_code.result, CDN_LOOP);
}

/* Whoever hangs up, the other leg hears why. */
static void test_its_lac_hangs_up(void **state)
{
	struct lac_world *f = *state;
	struct l2tp_msg cdn;

	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	place_as(f, "alice@example.com", NULL);
	cdn = talker_msg(&talker, MSG_CDN);
	cdn.result_code.result = CDN_CARRIER_LOST;
	talker_say_msg(&talker, only_call(f)->incoming->core.session_id, &cdn);
	world_run(&f->w, USEC_PER_SEC);
	assert_int_equal(lac_count(f->lac), 0);
	assert_int_equal(box_sent(&f->w.boxes[0], MSG_CDN)->msg.result_code.result,
			 CDN_CARRIER_LOST);
	assert_int_equal(first_tunnel(&f->w.boxes[1])->n_sessions, 0);
	assert_int_equal(f->w.boxes[0].kernel_sessions, 0);
}

static void test_lns_hangs_up(void **state)
{
	struct lac_world *f = *state;

	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	place_as(f, "alice@example.com", NULL);
	close_session(first_session(&f->w.boxes[1]));
	world_run(&f->w, USEC_PER_SEC);
	assert_refused(f, CDN_ADMIN);
}

static void test_tunnel_out_goes_down(void **state)
{
	struct lac_world *f = *state;

	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	place_as(f, "alice@example.com", NULL);
	close_tunnel(first_tunnel(&f->w.boxes[1]));
	world_run(&f->w, 20 * USEC_PER_SEC);
	assert_int_equal(lac_count(f->lac), 0);
	assert_int_equal(talker.heard, MSG_CDN);
}

static void test_tunnel_in_goes_down(void **state)
{
	struct lac_world *f = *state;

	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	place_as(f, "alice@example.com", NULL);
	talker_say(&talker, 0, MSG_STOPCCN);
	world_run(&f->w, USEC_PER_SEC);
	assert_int_equal(lac_count(f->lac), 0);
	assert_int_equal(first_tunnel(&f->w.boxes[1])->n_sessions, 0);
}

static void test_by_hand(void **state)
{
	struct lac_world *f = *state;
	struct reason reason = reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "by hand");

	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	place_as(f, "alice@example.com", NULL);
	lac_close(only_call(f), &reason, f->w.now);
	world_run(&f->w, USEC_PER_SEC);
	assert_refused(f, CDN_ADMIN);
	assert_int_equal(first_tunnel(&f->w.boxes[1])->n_sessions, 0);
}

/* CDN of its LAC while the address of the next hop is asked for. */
static void test_hangs_up_early(void **state)
{
	struct lac_world *f = *state;

	f->hold[LAC_RESOLVE] = true;
	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	place_as(f, "alice@example.com", NULL);
	assert_int_equal(only_call(f)->state, LAC_PLACING);
	talker_say(&talker, only_call(f)->incoming->core.session_id, MSG_CDN);
	world_run(&f->w, USEC_PER_SEC);
	assert_int_equal(lac_count(f->lac), 0);
	assert_int_equal(f->w.boxes[0].kernel_sessions, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_by_name),
		TEST(test_by_number),
		TEST(test_by_peer),
		TEST(test_nowhere_to_go),
		TEST(test_cannot_end_here),
		TEST(test_loop),
		TEST(test_its_lac_hangs_up),
		TEST(test_lns_hangs_up),
		TEST(test_tunnel_out_goes_down),
		TEST(test_tunnel_in_goes_down),
		TEST(test_by_hand),
		TEST(test_hangs_up_early),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
