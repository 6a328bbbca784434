/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The life of a subscriber's call: where it goes, and all the ways in which it ends.
 */
#include "lac_fixture.h"

#include <errno.h>
#include <string.h>

#define LNS "192.0.2.2"
#define TALKER "198.51.100.9"
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

static void dial_up(struct lac_world *f, const char *servers)
{
	struct subscriber *s;

	add_domain(f, "example.com", STEER_TUNNEL, servers);
	s = dial(f, 0, "alice@example.com");
	assert_non_null(call_of(s));
	assert_int_equal(call_of(s)->state, LAC_UP);
}

static void test_placed(void **state)
{
	struct lac_world *f = *state;
	const struct l2tp_session *s;
	const struct sent *iccn, *icrq;

	dial_up(f, LNS);
	expect_news(f, "call up");
	assert_int_equal(f->bridges, 1);
	s = first_session(&f->w.boxes[1]);
	assert_string_equal(call_info_text(s->info, CALL_PROXY_AUTHEN_NAME), "alice@example.com");
	assert_string_equal(call_info_text(s->info, CALL_CALLED_NUMBER), "example.com");
	icrq = box_sent(&f->w.boxes[0], MSG_ICRQ);
	assert_true(bytes_equal(icrq->msg.called_number, bytes_str("example.com")));
	assert_memory_equal(icrq->msg.calling_number.data, "eth1 ", 5);
	iccn = box_sent(&f->w.boxes[0], MSG_ICCN);
	assert_int_equal(iccn->msg.proxy_authen_type, PPP_AUTH_PAP);
	assert_int_equal(iccn->msg.tx_connect_speed, 1000000000);
	/* The LNS authenticates. */
	assert_int_equal(f->subscribers[0].acks, 0);
}

static void test_subscriber_hangs_up(void **state)
{
	struct lac_world *f = *state;
	const struct sent *cdn;

	dial_up(f, LNS);
	subscriber_padt(&f->subscribers[0]);
	world_run(&f->w, USEC_PER_SEC);
	expect_news(f, "call up\ncall ended: ppp: the subscriber hung up (PADT) (result 1)");
	assert_int_equal(f->gone_events, 1);
	cdn = box_sent(&f->w.boxes[0], MSG_CDN);
	assert_int_equal(cdn->msg.result_code.result, CDN_CARRIER_LOST);
	assert_int_equal(cdn->msg.ppp_disconnect_cause.code, 3);
	assert_int_equal(f->subscribers[0].padt, 0);
	assert_int_equal(lac_count(f->lac), 0);
	assert_int_equal(f->channels, 0);
	assert_int_equal(f->w.boxes[0].kernel_sessions, 0);
}

static void test_line_goes(void **state)
{
	struct lac_world *f = *state;

	dial_up(f, LNS);
	pppoe_ac_down(f->ac, "Network is down", f->w.now);
	f->subscribers[0].id = 0;
	world_run(&f->w, USEC_PER_SEC);
	expect_news(f, "call up\ncall ended: ppp: the line is gone: Network is down (result 1)");
	assert_int_equal(box_sent(&f->w.boxes[0], MSG_CDN)->msg.result_code.result,
			 CDN_CARRIER_LOST);
	assert_int_equal(lac_count(f->lac), 0);
}

static void test_lns_hangs_up(void **state)
{
	struct lac_world *f = *state;

	dial_up(f, LNS);
	close_session(first_session(&f->w.boxes[1]));
	world_run(&f->w, USEC_PER_SEC);
	assert_int_equal(f->subscribers[0].padt, 1);
	assert_int_equal(lac_count(f->lac), 0);
	assert_int_equal(f->channels, 0);
}

static void test_tunnel_goes_down(void **state)
{
	struct lac_world *f = *state;

	dial_up(f, LNS);
	close_tunnel(first_tunnel(&f->w.boxes[1]));
	world_run(&f->w, 20 * USEC_PER_SEC);
	assert_int_equal(f->subscribers[0].padt, 1);
	assert_int_equal(lac_count(f->lac), 0);
}

static void test_administrator_closes_session(void **state)
{
	struct lac_world *f = *state;

	dial_up(f, LNS);
	close_session(first_session(&f->w.boxes[0]));
	world_run(&f->w, USEC_PER_SEC);
	assert_int_equal(f->subscribers[0].padt, 1);
	assert_int_equal(lac_count(f->lac), 0);
	assert_int_equal(first_tunnel(&f->w.boxes[1])->n_sessions, 0);
}

static void test_one_tunnel_for_many(void **state)
{
	struct lac_world *f = *state;

	dial_up(f, LNS);
	for (unsigned int i = 1; i < SUBSCRIBERS; i++)
		dial(f, i, "bob@EXAMPLE.com");
	assert_int_equal(f->w.boxes[0].engine->n_tunnels, 1);
	assert_int_equal(f->w.boxes[0].engine->n_sessions, SUBSCRIBERS);
	assert_int_equal(f->bridges, SUBSCRIBERS);
}

/* The first destination is silent: LCP is answered meanwhile, and the second takes the call. */
static void test_next_destination(void **state)
{
	struct lac_world *f = *state;
	struct subscriber *s;

	add_domain(f, "example.com", STEER_TUNNEL, NOBODY " " LNS);
	f->w.boxes[0].peer->tunnel_setup_timeout = 5 * USEC_PER_SEC;
	s = dial(f, 0, "alice@example.com");
	assert_int_equal(call_of(s)->state, LAC_PLACING);
	subscriber_says(s, "c021 09 01 0008 11223344");
	world_run(&f->w, 3 * USEC_PER_SEC);
	assert_int_equal(s->echo_replies, 1);
	world_run(&f->w, 10 * USEC_PER_SEC);
	assert_int_equal(call_of(s)->state, LAC_UP);
	assert_int_equal(s->term_requests, 0);
	assert_non_null(strstr(f->news, "call moved: " NOBODY ": "));
	assert_int_equal(f->lock_events, 1);
	/* The next one does not try it. */
	dial(f, 1, "bob@example.com");
	assert_int_equal(call_of(&f->subscribers[1])->state, LAC_UP);
}

static void test_cdn_leads_to_the_next(void **state)
{
	struct lac_world *f = *state;
	/* The world still talks to it while it ends. */
	static struct talker talker;
	struct subscriber *s;

	add_domain(f, "example.com", STEER_TUNNEL, TALKER " " LNS);
	talker_init(&talker, &f->w.boxes[0]);
	s = dial(f, 0, "alice@example.com");
	talker_say(&talker, 0, MSG_SCCRP);
	assert_int_equal(talker.heard, MSG_ICRQ);
	talker_say(&talker, first_session(&f->w.boxes[0])->core.session_id, MSG_CDN);
	world_run(&f->w, USEC_PER_SEC);
	assert_int_equal(call_of(s)->state, LAC_UP);
	assert_int_equal(s->padt, 0);
	assert_non_null(strstr(f->news, "call moved: " TALKER));
}

/* Its tunnel is up, but we ourselves cannot: it is told of which one, as when a peer says so. */
static void test_our_limit_is_told(void **state)
{
	struct lac_world *f = *state;

	dial_up(f, LNS);
	f->w.boxes[0].engine->limits.max_sessions = 1;
	f->news[0] = '\0';
	dial(f, 1, "bob@example.com");
	world_run(&f->w, 5 * USEC_PER_SEC);
	assert_int_equal(f->subscribers[1].term_requests, 1);
	assert_non_null(strstr(f->news, "call moved: " LNS ": local: "));
	assert_int_equal(f->lock_events, 0);
	assert_int_equal(lac_count(f->lac), 1);
}

/* Its only LNS is there, and takes it by another tunnel than the one that drains or goes. */
static void test_tunnel_that_takes_no_calls(void **state)
{
	struct lac_world *f = *state;
	struct l2tp_tunnel *t;

	dial_up(f, LNS);
	t = first_tunnel(&f->w.boxes[0]);
	l2tp_admin_set_tunnel(t, ADMIN_DRAIN, f->w.now);
	dial(f, 1, "bob@example.com");
	world_run(&f->w, USEC_PER_SEC);
	assert_non_null(call_of(&f->subscribers[1]));
	assert_int_equal(call_of(&f->subscribers[1])->state, LAC_UP);
	assert_int_equal(f->w.boxes[0].engine->n_tunnels, 2);
	assert_int_equal(t->n_sessions, 1);
	expect_news(f, "call up\ncall up");
	/* Enabled again it has its part of them: it is the oldest. */
	l2tp_admin_set_tunnel(t, ADMIN_ENABLED, f->w.now);
	dial(f, 2, "carol@example.com");
	world_run(&f->w, USEC_PER_SEC);
	assert_int_equal(t->n_sessions, 2);
}

static void test_no_tunnel_at_all(void **state)
{
	struct lac_world *f = *state;
	struct subscriber *s;

	add_domain(f, "example.com", STEER_TUNNEL, NOBODY " 203.0.113.78");
	f->w.boxes[0].peer->tunnel_setup_timeout = 5 * USEC_PER_SEC;
	s = dial(f, 0, "alice@example.com");
	world_run(&f->w, 30 * USEC_PER_SEC);
	assert_int_equal(s->term_requests, 1);
	assert_string_equal(s->terminate_text, "no tunnel could be had");
	assert_int_equal(s->padt, 1);
	assert_non_null(strstr(f->news, "call failed: local: no tunnel could be had: "));
	assert_non_null(strstr(f->news, NOBODY));
	assert_non_null(strstr(f->news, "203.0.113.78"));
	assert_int_equal(lac_count(f->lac), 0);
	assert_int_equal(f->channels, 0);
}

static void test_name_without_address(void **state)
{
	struct lac_world *f = *state;

	f->fails[LAC_RESOLVE] = -EHOSTUNREACH;
	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	dial(f, 0, "alice@example.com");
	world_run(&f->w, 5 * USEC_PER_SEC);
	assert_int_equal(f->subscribers[0].term_requests, 1);
	assert_non_null(strstr(f->news, "no such name"));
}

static void test_rejected(void **state)
{
	struct lac_world *f = *state;

	add_domain(f, "example.com", STEER_REJECT, NULL);
	for (unsigned int i = 0; i < 2; i++) {
		dial(f, i, i ? "bob" : "alice@example.com");
		world_run(&f->w, 5 * USEC_PER_SEC);
		assert_int_equal(f->subscribers[i].naks, 1);
		assert_int_equal(f->subscribers[i].padt, 1);
	}
	assert_int_equal(lac_count(f->lac), 0);
}

/* He tries another name at once, and does not get the session that is being ended. */
static void test_redial_after_refusal(void **state)
{
	struct lac_world *f = *state;
	struct subscriber *s = &f->subscribers[0];
	uint16_t refused;

	add_domain(f, "example.org", STEER_REJECT, NULL);
	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	s->deaf = true;
	dial(f, 0, "alice@example.org");
	assert_int_equal(s->naks, 1);
	refused = s->id;
	assert_int_equal(lac_count(f->lac), 1);
	dial(f, 0, "alice@example.com");
	assert_int_not_equal(s->id, refused);
	assert_int_equal(call_of(s)->state, LAC_UP);
	world_run(&f->w, 10 * USEC_PER_SEC);
	assert_int_equal(call_of(s)->state, LAC_UP);
	assert_int_equal(lac_count(f->lac), 1);
}

static void test_default_domain(void **state)
{
	struct lac_world *f = *state;

	f->access->default_domain = strdup("wholesale");
	add_domain(f, "wholesale", STEER_TUNNEL, LNS);
	dial(f, 0, "bob");
	assert_int_equal(call_of(&f->subscribers[0])->state, LAC_UP);
}

static void test_ends_here(void **state)
{
	struct lac_world *f = *state;
	struct subscriber *s;

	add_domain(f, "example.com", STEER_TERMINATE, NULL);
	s = dial(f, 0, "alice@example.com");
	assert_int_equal(call_of(s)->state, LAC_LOCAL);
	assert_int_equal(f->channels, 0);
	expect_news(f, "call up");
	subscriber_padt(s);
	world_run(&f->w, USEC_PER_SEC);
	assert_int_equal(f->pppds, 0);
	assert_int_equal(lac_count(f->lac), 0);
	/* pppd ends by itself. */
	s = dial(f, 1, "alice@example.com");
	pppd_ends(s);
	world_run(&f->w, USEC_PER_SEC);
	assert_int_equal(s->padt, 1);
	assert_int_equal(lac_count(f->lac), 0);
}

static void test_pppd_cannot_start(void **state)
{
	struct lac_world *f = *state;

	f->fails[LAC_PPPD_UP] = -ENOENT;
	add_domain(f, "example.com", STEER_TERMINATE, NULL);
	dial(f, 0, "alice@example.com");
	assert_int_equal(f->subscribers[0].padt, 1);
	assert_int_equal(lac_count(f->lac), 0);
}

static void test_channel_cannot_be_made(void **state)
{
	struct lac_world *f = *state;

	f->fails[LAC_CHANNEL_CREATE] = -EEXIST;
	dial(f, 0, "alice@example.com");
	assert_int_equal(f->subscribers[0].pads, 1);
	assert_int_equal(f->subscribers[0].id, 0);
	assert_string_equal(f->subscribers[0].error, "connect(PPPoE): File exists");
	assert_int_equal(lac_count(f->lac), 0);
}

static void test_limit_of_calls(void **state)
{
	struct lac_world *f = *state;

	f->settings.max_calls = 1;
	dial_up(f, LNS);
	dial(f, 1, "bob@example.com");
	assert_int_equal(f->subscribers[1].pado, 0);
	assert_string_equal(lac_busy(f->lac), "no more calls are taken");
}

/* Clients find another access concentrator; what lives goes on until it is disabled. */
static void test_drains(void **state)
{
	struct lac_world *f = *state;
	struct l2tp_engine *engine = f->w.boxes[0].engine;

	add_domain(f, "here", STEER_TERMINATE, NULL);
	dial_up(f, LNS);
	dial(f, 1, "bob@here");
	l2tp_admin_set_system(engine, ADMIN_DRAIN, f->w.now);
	dial(f, 2, "carol@example.com");
	assert_int_equal(f->subscribers[2].pado, 0);
	assert_int_equal(lac_count(f->lac), 2);
	l2tp_admin_set_system(engine, ADMIN_DISABLED, f->w.now);
	world_run(&f->w, 5 * USEC_PER_SEC);
	assert_int_equal(lac_count(f->lac), 0);
	assert_int_equal(f->subscribers[0].padt, 1);
	assert_int_equal(f->pppds, 0);
	l2tp_admin_set_system(engine, ADMIN_ENABLED, f->w.now);
	dial(f, 2, "carol@example.com");
	assert_int_equal(call_of(&f->subscribers[2])->state, LAC_UP);
	f->drains_at_pado = true;
	dial(f, 3, "dave@example.com");
	assert_int_equal(f->subscribers[3].id, 0);
	assert_string_equal(f->subscribers[3].error, "no calls are taken now");
}

/* PADT, or the administrator, in each state before the call is up: nothing stays. */
static void test_ends_early(void **state)
{
	static const enum fake_lac_op held[] = {LAC_CHANNEL_CREATE, LAC_FRAME, LAC_RESOLVE,
						LAC_CHANNEL_DELETE};
	struct lac_world *f = *state;
	struct reason reason = reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "by hand");

	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	add_domain(f, "here", STEER_TERMINATE, NULL);
	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]) * 2; i++) {
		enum fake_lac_op op = held[i / 2];
		struct subscriber *s;

		f->hold[op] = true;
		s = dial(f, 0, op == LAC_CHANNEL_DELETE ? "alice@here" : "alice@example.com");
		assert_non_null(call_of(s));
		if (i % 2 == 0 && s->id)
			subscriber_padt(s);
		else
			lac_close(call_of(s), &reason, f->w.now);
		world_run(&f->w, USEC_PER_SEC);
		lac_release(f, op);
		world_run(&f->w, 30 * USEC_PER_SEC);
		assert_int_equal(lac_count(f->lac), 0);
		assert_int_equal(f->channels, 0);
		assert_int_equal(f->pppds, 0);
	}
}

/* The same while the session is on its way. */
static void test_ends_while_placed(void **state)
{
	struct lac_world *f = *state;
	struct reason reason = reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "by hand");

	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	for (unsigned int i = 0; i < 2; i++) {
		struct subscriber *s;

		f->w.boxes[0].fake[FAKE_SESSION_CREATE].hold = true;
		s = dial(f, i, "alice@example.com");
		assert_int_equal(call_of(s)->state, LAC_PLACING);
		if (i)
			subscriber_padt(s);
		else
			lac_close(call_of(s), &reason, f->w.now);
		world_run(&f->w, USEC_PER_SEC);
		box_release(&f->w.boxes[0], FAKE_SESSION_CREATE);
		world_run(&f->w, 10 * USEC_PER_SEC);
		assert_int_equal(lac_count(f->lac), 0);
		assert_int_equal(f->channels, 0);
	}
}

/* A caller that begins LCP anew has said nothing yet: its call is placed again, with what it says
 * then. */
static void test_begins_again(void **state)
{
	struct lac_world *f = *state;
	struct subscriber *s;

	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	add_domain(f, "example.net", STEER_TUNNEL, LNS);
	for (unsigned int i = 0; i < 2; i++) {
		f->hold[LAC_RESOLVE] = !i;
		f->w.boxes[0].fake[FAKE_SESSION_CREATE].hold = i;
		s = dial(f, i, "alice@example.com");
		assert_int_equal(call_of(s)->state, LAC_PLACING);
		assert_int_equal(call_of(s)->session != NULL, i);
		s->user = "alice@example.net";
		subscriber_says(s, "c021 01 06 000a 0506 11223344");
		world_run(&f->w, USEC_PER_SEC);
		lac_release(f, LAC_RESOLVE);
		box_release(&f->w.boxes[0], FAKE_SESSION_CREATE);
		world_run(&f->w, 5 * USEC_PER_SEC);
		assert_int_equal(call_of(s)->state, LAC_UP);
		assert_string_equal(call_of(s)->user, "alice@example.net");
		assert_string_equal(call_of(s)->why, "domain example.net (suffix)");
	}
	assert_int_equal(f->w.boxes[0].engine->n_sessions, 2);
}

/* Both ends open a tunnel at once (RFC 2661 7.1): calls go over to that which is left. */
static void test_tie(void **state)
{
	struct lac_world *f = *state;
	unsigned int lost = 0;

	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	for (unsigned int i = 0; i < 6; i++) {
		struct tunnel_params params = {.peer = f->w.boxes[1].peer,
					       .remote = f->w.boxes[0].addr};
		struct l2tp_tunnel *t;

		f->w.delay = 400 * USEC_PER_MSEC;
		assert_int_equal(l2tp_tunnel_open(f->w.boxes[1].engine, &params, f->w.now, &t), 0);
		dial(f, 0, "alice@example.com");
		dial(f, 1, "bob@example.com");
		world_run(&f->w, 10 * USEC_PER_SEC);
		assert_int_equal(call_of(&f->subscribers[0])->state, LAC_UP);
		assert_int_equal(call_of(&f->subscribers[1])->state, LAC_UP);
		t = call_of(&f->subscribers[0])->session->tunnel;
		assert_ptr_equal(call_of(&f->subscribers[1])->session->tunnel, t);
		lost += !t->core.initiator;
		subscriber_padt(&f->subscribers[0]);
		subscriber_padt(&f->subscribers[1]);
		world_run(&f->w, 5 * USEC_PER_SEC);
		close_tunnel(t);
		world_run(&f->w, 60 * USEC_PER_SEC);
		f->news[0] = '\0';
	}
	/* Both ends have won at times. */
	assert_in_range(lost, 1, 5);
}

static void test_silent_caller(void **state)
{
	struct lac_world *f = *state;

	add_domain(f, "example.com", STEER_TUNNEL, LNS);
	f->subscribers[0].mute = true;
	dial(f, 0, "alice@example.com");
	world_run(&f->w, 120 * USEC_PER_SEC);
	assert_int_equal(f->subscribers[0].padt, 1);
	assert_int_equal(lac_count(f->lac), 0);
}

static void test_redial(void **state)
{
	struct lac_world *f = *state;

	dial_up(f, LNS);
	for (unsigned int i = 0; i < 5; i++) {
		subscriber_padt(&f->subscribers[0]);
		dial(f, 0, "alice@example.com");
		assert_int_equal(call_of(&f->subscribers[0])->state, LAC_UP);
	}
	assert_int_equal(f->w.boxes[0].engine->n_tunnels, 1);
}

static void test_found(void **state)
{
	struct lac_world *f = *state;
	struct lac_call *call;

	dial_up(f, LNS);
	call = call_of(&f->subscribers[0]);
	assert_ptr_equal(lac_find(f->lac, call->id), call);
	assert_null(lac_find(f->lac, "1-1"));
	assert_null(lac_find(f->lac, "nonsense"));
	assert_ptr_equal(lac_call_of(f->lac, call->session), call);
}

static void test_disconnect(void **state)
{
	static const struct {
		struct radius_user who;
		unsigned int n;
	} cases[] = {
		{{.user_name = "bob@example.com"}, 0},
		{{.user_name = "alice@example.com", .nas_port_id = "eth2:1"}, 0},
		{{.user_name = "alice@example.com", .framed_address = {.family = ADDR_IPV4}}, 0},
		{{.user_name = "alice@example.com"}, 1},
	};
	struct lac_world *f = *state;

	dial_up(f, LNS);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(lac_disconnect(f->lac, &cases[i].who, f->w.now), cases[i].n);
	world_run(&f->w, USEC_PER_SEC);
	assert_int_equal(f->subscribers[0].padt, 1);
	assert_int_equal(lac_count(f->lac), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_placed),
		TEST(test_subscriber_hangs_up),
		TEST(test_line_goes),
		TEST(test_lns_hangs_up),
		TEST(test_tunnel_goes_down),
		TEST(test_administrator_closes_session),
		TEST(test_one_tunnel_for_many),
		TEST(test_next_destination),
		TEST(test_cdn_leads_to_the_next),
		TEST(test_our_limit_is_told),
		TEST(test_tunnel_that_takes_no_calls),
		TEST(test_no_tunnel_at_all),
		TEST(test_name_without_address),
		TEST(test_rejected),
		TEST(test_redial_after_refusal),
		TEST(test_default_domain),
		TEST(test_ends_here),
		TEST(test_pppd_cannot_start),
		TEST(test_channel_cannot_be_made),
		TEST(test_limit_of_calls),
		TEST(test_drains),
		TEST(test_ends_early),
		TEST(test_ends_while_placed),
		TEST(test_begins_again),
		TEST(test_tie),
		TEST(test_silent_caller),
		TEST(test_redial),
		TEST(test_found),
		TEST(test_disconnect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
