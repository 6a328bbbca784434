/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What RADIUS makes of a call: each thing that an answer may say, and no answer.
 */
#include "lac_radius.h"

static const struct put to_lns[] = {
	{ATTR_TUNNEL_TYPE, 3, NULL},
	{ATTR_TUNNEL_MEDIUM_TYPE, 1, NULL},
	{ATTR_TUNNEL_SERVER_ENDPOINT, 0, LNS},
	{ATTR_SESSION_TIMEOUT, 100, NULL},
	{ATTR_ACCT_INTERIM_INTERVAL, 60, NULL},
	{ATTR_ERX_TX_CONNECT_SPEED, 5000000, NULL},
	{ATTR_ERX_RX_CONNECT_SPEED, 700000, NULL},
	{ATTR_TUNNEL_PRIVATE_GROUP_ID, 0, "blue"},
	{ATTR_TUNNEL_CLIENT_AUTH_ID, 0, "lac.blue"},
};

static void test_tunnel_of_the_answer(void **state)
{
	struct server *server = *state;
	const struct lac_call *call =
		server_call(server, 0, "alice@example.com", to_lns, COUNT(to_lns));
	const struct box *box = &server->f.w.boxes[0];

	assert_string_equal(call->why, "RADIUS");
	assert_int_equal(call->session->core.tx_connect_speed, 5000000);
	assert_int_equal(call->session->core.rx_connect_speed, 700000);
	/* The LNS says whether he is who he says. */
	assert_int_equal(server->f.subscribers[0].acks, 0);
	assert_true(bytes_equal(box_sent(box, MSG_SCCRQ)->msg.host_name, bytes_str("lac.blue")));
	assert_true(bytes_equal(box_sent(box, MSG_ICCN)->msg.private_group_id, bytes_str("blue")));
}

/* What the access line says is told. */
static void test_request(void **state)
{
	struct server *server = *state;
	const struct heard *asked;
	char port[40];

	server->f.subscribers[0].circuit = "dslam 1/2";
	server_call(server, 0, "alice@example.com", to_lns, COUNT(to_lns));
	asked = server_asked(server);
	assert_string_equal(heard_text(asked, ATTR_USER_NAME), "alice@example.com");
	assert_string_equal(heard_text(asked, ATTR_CALLED_STATION_ID), "example.com");
	assert_string_equal(heard_text(asked, ATTR_AGENT_CIRCUIT_ID), "dslam 1/2");
	assert_int_equal(heard_number(asked, ATTR_ACTUAL_RATE_DOWN), 20000000);
	assert_string_equal(heard_text(asked, ATTR_CONNECT_INFO), "20000000/1000000000");
	assert_non_null(strstr(heard_text(asked, ATTR_CALLING_STATION_ID), "02:00:5e:00:00:00"));
	snprintf(port, sizeof(port), "eth1:%u", server->f.subscribers[0].id);
	assert_string_equal(heard_text(asked, ATTR_NAS_PORT_ID), port);
	assert_int_equal(heard_number(asked, ATTR_NAS_PORT),
			 3u << 16 | server->f.subscribers[0].id);
	assert_int_equal(heard_number(asked, ATTR_NAS_PORT_TYPE), 15);
	assert_string_equal(heard_text(asked, ATTR_ACCT_SESSION_ID),
			    call_of(&server->f.subscribers[0])->id);
	assert_true(heard_text(asked, ATTR_USER_PASSWORD)[0]);
}

/* The name is the server's to say. */
static void test_user_of_the_answer(void **state)
{
	static const struct put puts[] = {{ATTR_TUNNEL_TYPE, 3, NULL},
					  {ATTR_TUNNEL_MEDIUM_TYPE, 1, NULL},
					  {ATTR_TUNNEL_SERVER_ENDPOINT, 0, LNS},
					  {ATTR_USER_NAME, 0, "customer-7"}};
	struct server *server = *state;

	server_call(server, 0, "alice@example.com", puts, COUNT(puts));
	assert_string_equal(call_of(&server->f.subscribers[0])->user, "customer-7");
	assert_string_equal(heard_text(server_record(server, RADIUS_START, 0), ATTR_USER_NAME),
			    "customer-7");
}

/* RFC 2661 has no type for it: the LNS hears nothing of it and asks again. */
static void test_mschap_v2(void **state)
{
	struct server *server = *state;
	const struct l2tp_msg *iccn;

	server->f.access->ppp.auths[0] = PPP_AUTH_MSCHAP_V2;
	server_call(server, 0, "alice@example.com", to_lns, COUNT(to_lns));
	assert_int_equal(heard_text(server_asked(server), ATTR_MS_CHAP2_RESPONSE)[0], 1);
	iccn = &box_sent(&server->f.w.boxes[0], MSG_ICCN)->msg;
	assert_false(msg_has(iccn, AVP_PROXY_AUTHEN_TYPE));
	assert_false(msg_has(iccn, AVP_PROXY_AUTHEN_RESPONSE));
	assert_true(msg_has(iccn, AVP_LAST_SENT_LCP_CONFREQ));
	/* Where PPP ends here it is pppd that asks again. */
	server_says(server, RADIUS_ACCESS_ACCEPT, NULL, 0);
	dial(&server->f, 1, "bob@example.com");
	server_answer(server);
	assert_int_equal(call_of(&server->f.subscribers[1])->state, LAC_LOCAL);
}

static void test_mschap_v2_rejected(void **state)
{
	static const struct put puts[] = {
		{ATTR_MS_CHAP_ERROR, 0, "\001E=691 R=0 C=00112233445566778899aabbccddeeff V=3"}};
	struct server *server = *state;

	server->f.access->ppp.auths[0] = PPP_AUTH_MSCHAP_V2;
	server_says(server, RADIUS_ACCESS_REJECT, puts, COUNT(puts));
	dial(&server->f, 0, "alice@example.com");
	server_answer(server);
	assert_int_equal(strncmp(server->f.subscribers[0].chap_text, "E=691 R=0 ", 10), 0);
	assert_int_equal(server->f.subscribers[0].padt, 1);
}

static void test_session_timeout(void **state)
{
	struct server *server = *state;

	server_call(server, 0, "alice@example.com", to_lns, COUNT(to_lns));
	server_run(server, 90 * USEC_PER_SEC);
	assert_int_equal(server->f.subscribers[0].padt, 0);
	server_run(server, 10 * USEC_PER_SEC);
	assert_int_equal(server->f.subscribers[0].padt, 1);
	assert_non_null(strstr(server->f.news, "Session-Timeout"));
}

/* The same of one that ends here. */
static void test_session_timeout_here(void **state)
{
	static const struct put puts[] = {{ATTR_SESSION_TIMEOUT, 100, NULL}};
	struct server *server = *state;

	server_says(server, RADIUS_ACCESS_ACCEPT, puts, COUNT(puts));
	dial(&server->f, 0, "alice@example.com");
	server_answer(server);
	assert_int_equal(call_of(&server->f.subscribers[0])->state, LAC_LOCAL);
	server_run(server, 90 * USEC_PER_SEC);
	assert_int_equal(lac_count(server->f.lac), 1);
	server_run(server, 10 * USEC_PER_SEC);
	assert_int_equal(lac_count(server->f.lac), 0);
	assert_non_null(strstr(server->f.news, "Session-Timeout"));
}

static void test_rejected(void **state)
{
	static const struct put puts[] = {{ATTR_REPLY_MESSAGE, 0, "no money"}};
	struct server *server = *state;

	/* The map would have let him in. */
	add_domain(&server->f, "example.com", STEER_TUNNEL, LNS);
	server_says(server, RADIUS_ACCESS_REJECT, puts, COUNT(puts));
	dial(&server->f, 0, "alice@example.com");
	server_answer(server);
	assert_int_equal(server->f.subscribers[0].naks, 1);
	assert_int_equal(server->f.subscribers[0].padt, 1);
	assert_int_equal(lac_count(server->f.lac), 0);
	assert_non_null(strstr(server->f.news, "RADIUS: rejected: no money"));
}

static void test_contradiction(void **state)
{
	static const struct put puts[] = {{ATTR_TUNNEL_TYPE, 3, NULL},
					  {ATTR_TUNNEL_MEDIUM_TYPE, 1, NULL}};
	struct server *server = *state;

	server_says(server, RADIUS_ACCESS_ACCEPT, puts, COUNT(puts));
	dial(&server->f, 0, "alice@example.com");
	server_answer(server);
	assert_int_equal(lac_count(server->f.lac), 0);
	assert_int_equal(server->f.subscribers[0].padt, 1);
	assert_non_null(strstr(server->f.news, "Tunnel-Server-Endpoint"));
}

static void test_tunnel_group(void **state)
{
	static const struct put puts[] = {{ATTR_ERX_TUNNEL_GROUP, 0, "wholesale"}};
	struct server *server = *state;

	server_says(server, RADIUS_ACCESS_ACCEPT, puts, COUNT(puts));
	dial(&server->f, 0, "alice@example.com");
	server_answer(server);
	assert_non_null(strstr(server->f.news, "there is no such domain section"));
	assert_int_equal(lac_count(server->f.lac), 0);
	add_domain(&server->f, "wholesale", STEER_TUNNEL, LNS);
	dial(&server->f, 1, "alice@example.com");
	server_answer(server);
	assert_int_equal(call_of(&server->f.subscribers[1])->state, LAC_UP);
}

/* An Accept that says no more leaves it to the map; without an entry PPP ends here. */
static void test_accept_without_tunnel(void **state)
{
	struct server *server = *state;

	server_says(server, RADIUS_ACCESS_ACCEPT, NULL, 0);
	dial(&server->f, 0, "alice@example.com");
	server_answer(server);
	assert_int_equal(call_of(&server->f.subscribers[0])->state, LAC_LOCAL);
	add_domain(&server->f, "example.com", STEER_TUNNEL, LNS);
	dial(&server->f, 1, "bob@example.com");
	server_answer(server);
	assert_int_equal(call_of(&server->f.subscribers[1])->state, LAC_UP);
}

/* Refused while nobody answers, whatever the map says. */
static void test_needed_and_nobody_answers(void **state)
{
	struct server *server = *state;

	server->f.access->radius = LAC_RADIUS_YES;
	add_domain(&server->f, "example.com", STEER_TUNNEL, LNS);
	dial(&server->f, 0, "alice@example.com");
	server_run(server, 20 * USEC_PER_SEC);
	assert_int_equal(server->f.subscribers[0].term_requests, 1);
	assert_string_equal(server->f.subscribers[0].terminate_text, "try again later");
	assert_int_equal(server->f.subscribers[0].padt, 1);
	assert_int_equal(lac_count(server->f.lac), 0);
	assert_non_null(strstr(server->f.news, "no server answered"));
}

/* A domain whose calls RADIUS decides about has no other who does, the default of its interface
 * included. */
static void test_domain_needs_it(void **state)
{
	struct server *server = *state;

	server->f.access->radius = LAC_RADIUS_NO;
	server->f.access->default_domain = strdup("wholesale");
	add_domain(&server->f, "example.com", STEER_RADIUS, NULL);
	add_domain(&server->f, "wholesale", STEER_TUNNEL, LNS);
	dial(&server->f, 0, "alice@example.com");
	server_run(server, 20 * USEC_PER_SEC);
	assert_int_equal(server->f.subscribers[0].padt, 1);
	assert_int_equal(lac_count(server->f.lac), 0);
}

/* One request may wait: who comes next cannot ask. */
static void test_cannot_be_asked(void **state)
{
	static const struct {
		enum lac_radius radius;
		bool is_up;
		const char *news;
	} cases[] = {
		{LAC_RADIUS_YES, false, "radius_max_pending"},
		{LAC_RADIUS_OPTIONAL, true, "call up"},
	};
	struct server *server = *state;
	struct subscriber *s;

	add_domain(&server->f, "example.com", STEER_TUNNEL, LNS);
	server->f.radius.max_pending = 1;
	server->section.timeout = 30 * USEC_PER_SEC;
	dial(&server->f, 0, "alice@example.com");
	for (unsigned int i = 0; i < COUNT(cases); i++) {
		server->f.access->radius = cases[i].radius;
		server->f.news[0] = '\0';
		s = dial(&server->f, 1 + i, "bob@example.com");
		server_run(server, 5 * USEC_PER_SEC);
		assert_int_equal(call_of(s) && call_of(s)->state == LAC_UP, cases[i].is_up);
		assert_non_null(strstr(server->f.news, cases[i].news));
	}
	assert_int_equal(server_times_asked(server), 1);
}

static void test_nobody_answers(void **state)
{
	struct server *server = *state;

	add_domain(&server->f, "example.com", STEER_TUNNEL, LNS);
	dial(&server->f, 0, "alice@example.com");
	dial(&server->f, 1, "bob@elsewhere");
	server_run(server, 20 * USEC_PER_SEC);
	assert_int_equal(call_of(&server->f.subscribers[0])->state, LAC_UP);
	assert_null(call_of(&server->f.subscribers[1]));
	assert_int_equal(server->f.subscribers[1].padt, 1);
	assert_non_null(strstr(server->f.news, "RADIUS does not decide: no server answered"));
}

/* Only the domains that say so are asked for, and without what is stripped. */
static void test_asked_for_a_domain(void **state)
{
	struct server *server = *state;

	server->f.access->radius = LAC_RADIUS_NO;
	add_domain(&server->f, "example.com", STEER_RADIUS, NULL)->strip = true;
	add_domain(&server->f, "example.net", STEER_TUNNEL, LNS);
	dial(&server->f, 0, "bob@example.net");
	assert_int_equal(server_times_asked(server), 0);
	server_says(server, RADIUS_ACCESS_ACCEPT, to_lns, COUNT(to_lns));
	dial(&server->f, 1, "alice@example.com");
	assert_string_equal(heard_text(server_asked(server), ATTR_USER_NAME), "alice");
	server_answer(server);
	assert_int_equal(call_of(&server->f.subscribers[1])->state, LAC_UP);
}

static void test_hangs_up_while_asked(void **state)
{
	struct server *server = *state;

	server_says(server, RADIUS_ACCESS_ACCEPT, to_lns, COUNT(to_lns));
	dial(&server->f, 0, "alice@example.com");
	subscriber_padt(&server->f.subscribers[0]);
	server_run(server, USEC_PER_SEC);
	server_answer(server);
	assert_int_equal(lac_count(server->f.lac), 0);
	assert_int_equal(server->f.channels, 0);
}

/* A call of another LAC that says nothing of its caller: RADIUS knows it by the number called. */
static void test_switched_without_name(void **state)
{
	static struct talker talker;
	struct server *server = *state;
	struct lac_world *f = &server->f;
	const struct l2tp_session *s;
	struct l2tp_msg msg;

	add_domain(f, "5550100", STEER_RADIUS, NULL);
	f->w.boxes[0].peer->calls = CALL_SWITCH;
	talker_init(&talker, &f->w.boxes[0]);
	talker_opens(&talker);
	msg = talker_msg(&talker, MSG_ICRQ);
	MSG_SET(&msg, AVP_CALLED_NUMBER, called_number, bytes_str("5550100"));
	talker_say_msg(&talker, 0, &msg);
	s = session_of_talker(first_tunnel(&f->w.boxes[0]));
	assert_non_null(s);
	msg = talker_msg(&talker, MSG_ICCN);
	talker_say_msg(&talker, s->core.session_id, &msg);
	server_run(server, USEC_PER_SEC);
	assert_string_equal(heard_text(server_asked(server), ATTR_CALLED_STATION_ID), "5550100");
	assert_string_equal(heard_text(server_asked(server), ATTR_USER_PASSWORD), "");
	server_says(server, RADIUS_ACCESS_ACCEPT, to_lns, COUNT(to_lns));
	server_answer(server);
	assert_int_equal(lac_next(f->lac, NULL)->state, LAC_UP);
	assert_int_equal(heard_number(server_record(server, RADIUS_START, 0), ATTR_NAS_PORT_TYPE),
			 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, server_setup, server_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_tunnel_of_the_answer),  TEST(test_request),
		TEST(test_user_of_the_answer),	  TEST(test_mschap_v2),
		TEST(test_mschap_v2_rejected),	  TEST(test_session_timeout),
		TEST(test_session_timeout_here),  TEST(test_rejected),
		TEST(test_contradiction),	  TEST(test_tunnel_group),
		TEST(test_accept_without_tunnel), TEST(test_needed_and_nobody_answers),
		TEST(test_domain_needs_it),	  TEST(test_cannot_be_asked),
		TEST(test_nobody_answers),	  TEST(test_asked_for_a_domain),
		TEST(test_hangs_up_while_asked),  TEST(test_switched_without_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
