/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Orders to end and to change calls (RFC 5176): an order is for those that fit all that it says,
 * and no others.
 */
#include "lac_radius.h"

static const struct put to_lns[] = {
	{ATTR_TUNNEL_TYPE, 3, NULL},
	{ATTR_TUNNEL_MEDIUM_TYPE, 1, NULL},
	{ATTR_TUNNEL_SERVER_ENDPOINT, 0, LNS},
	{ATTR_TUNNEL_ASSIGNMENT_ID, 0, "first"},
};
static const struct put to_other_tunnel[] = {
	{ATTR_TUNNEL_TYPE, 3, NULL},
	{ATTR_TUNNEL_MEDIUM_TYPE, 1, NULL},
	{ATTR_TUNNEL_SERVER_ENDPOINT, 0, LNS},
	{ATTR_TUNNEL_ASSIGNMENT_ID, 0, "second"},
};

#define N_CALLS 2
#define TEXT_MAX (RADIUS_VALUE_MAX + 1)

static const enum radius_attr texts[] = {
	ATTR_USER_NAME,	      ATTR_CALLED_STATION_ID,	  ATTR_CALLING_STATION_ID,
	ATTR_ACCT_SESSION_ID, ATTR_ACCT_MULTI_SESSION_ID, ATTR_NAS_PORT_ID};

/* Alice and Bob, of whom no attribute is the same: what their accounts say is what a server knows
 * them by. */
static void both_up(struct server *server)
{
	server_call(server, 0, "alice@example.com", to_lns, COUNT(to_lns));
	server_call(server, 1, "bob@example.net", to_other_tunnel, COUNT(to_other_tunnel));
	assert_int_equal(lac_count(server->f.lac), N_CALLS);
}

static const struct heard *account_of(const struct server *server, unsigned int call)
{
	return server_record(server, RADIUS_START, call);
}

static void expect_ended(const struct server *server, unsigned int call)
{
	for (unsigned int i = 0; i < N_CALLS; i++)
		assert_int_equal(call_of(&server->f.subscribers[i]) == NULL, i == call);
	assert_int_equal(server->order_code, RADIUS_DISCONNECT_ACK);
}

/* Each attribute by itself picks its call out. */
static void test_each_selects(void **state)
{
	struct server *server = *state;

	for (size_t i = 0; i <= COUNT(texts); i++) {
		struct put put = {.attr = ATTR_NAS_PORT};
		unsigned int call = i % N_CALLS;

		server->n_heard = 0;
		both_up(server);
		if (i < COUNT(texts)) {
			put.attr = texts[i];
			put.text = heard_text(account_of(server, call), texts[i]);
			assert_true(put.text[0]);
		} else {
			put.number = heard_number(account_of(server, call), ATTR_NAS_PORT);
		}
		server_order(server, &put, 1);
		expect_ended(server, call);
		subscriber_padt(&server->f.subscribers[!call]);
		server_run(server, USEC_PER_SEC);
		assert_int_equal(lac_count(server->f.lac), 0);
	}
}

/* Nobody is called, or numbered, so. */
static void test_none_fits(void **state)
{
	static const struct put nobody[] = {
		{ATTR_USER_NAME, 0, "carol"},
		{ATTR_CALLED_STATION_ID, 0, "example.org"},
		{ATTR_CALLING_STATION_ID, 0, "eth1"},
		{ATTR_ACCT_SESSION_ID, 0, "00000000-00000000"},
		{ATTR_ACCT_MULTI_SESSION_ID, 0, "00000000-00000000"},
		{ATTR_NAS_PORT_ID, 0, "eth1:0"},
		{ATTR_NAS_PORT, 1, NULL},
		{ATTR_NAS_PORT, 0, NULL},
		{ATTR_FRAMED_IP_ADDRESS, 0xc0000207, NULL},
	};
	struct server *server = *state;

	both_up(server);
	for (size_t i = 0; i < COUNT(nobody); i++) {
		server_order(server, &nobody[i], 1);
		assert_int_equal(server->order_code, RADIUS_DISCONNECT_NAK);
		assert_int_equal(server->order_error, 503);
		assert_int_equal(lac_count(server->f.lac), N_CALLS);
	}
}

/* All must fit: of one call's attributes each in turn is the other call's. */
static void test_one_is_wrong(void **state)
{
	char values[N_CALLS][COUNT(texts)][TEXT_MAX];
	struct server *server = *state;
	struct put puts[COUNT(texts)];

	both_up(server);
	for (size_t i = 0; i < N_CALLS * COUNT(texts); i++)
		snprintf(values[i / COUNT(texts)][i % COUNT(texts)], TEXT_MAX, "%s",
			 heard_text(account_of(server, (unsigned int)(i / COUNT(texts))),
				    texts[i % COUNT(texts)]));
	for (size_t wrong = 0; wrong <= COUNT(texts); wrong++) {
		for (size_t i = 0; i < COUNT(texts); i++)
			puts[i] = (struct put){texts[i], 0, values[i == wrong][i]};
		server_order(server, puts, COUNT(puts));
		if (wrong == COUNT(texts))
			break;
		assert_int_equal(server->order_code, RADIUS_DISCONNECT_NAK);
		assert_int_equal(server->order_error, 503);
		assert_int_equal(lac_count(server->f.lac), N_CALLS);
	}
	expect_ended(server, 0);
	assert_int_equal(
		heard_number(server_record(server, RADIUS_STOP, 0), ATTR_ACCT_TERMINATE_CAUSE), 6);
}

/* What fits more than one ends them all. */
static void test_all_that_fit(void **state)
{
	struct server *server = *state;
	const struct put put = {ATTR_USER_NAME, 0, "alice@example.com"};

	server_call(server, 0, "alice@example.com", to_lns, COUNT(to_lns));
	server_call(server, 1, "alice@example.com", to_lns, COUNT(to_lns));
	server_call(server, 2, "bob@example.com", to_lns, COUNT(to_lns));
	server_order(server, &put, 1);
	assert_int_equal(lac_count(server->f.lac), 1);
	assert_non_null(call_of(&server->f.subscribers[2]));
}

/* Other speeds of a line: of the one call that fits. */
static void test_change(void **state)
{
	static const struct {
		struct put who;
		enum radius_code code;
		uint32_t error;
	} cases[] = {
		{{ATTR_USER_NAME, 0, "bob@example.net"}, RADIUS_COA_ACK, 0},
		{{ATTR_USER_NAME, 0, "alice@example.com"}, RADIUS_COA_NAK, 508},
		{{ATTR_USER_NAME, 0, "carol"}, RADIUS_COA_NAK, 503},
		{{ATTR_NAS_PORT, 0, NULL}, RADIUS_COA_NAK, 503},
	};
	struct server *server = *state;
	struct box *box = &server->f.w.boxes[0];
	const struct l2tp_session *s;

	server->f.access->line_avps = true;
	server_call(server, 0, "alice@example.com", to_lns, COUNT(to_lns));
	server_call(server, 1, "bob@example.net", to_lns, COUNT(to_lns));
	server_call(server, 2, "alice@example.com", to_lns, COUNT(to_lns));
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct put puts[] = {cases[i].who,
					   {ATTR_ACTUAL_RATE_DOWN, 7000000, NULL},
					   {ATTR_ACTUAL_RATE_UP, 800000, NULL}};

		server_change(server, puts, COUNT(puts));
		assert_int_equal(server->order_code, cases[i].code);
		assert_int_equal(server->order_error, cases[i].error);
	}
	assert_int_equal(box_count_sent(box, MSG_CSUN), 1);
	s = call_of(&server->f.subscribers[1])->session;
	assert_int_equal(msg_speed_update(&box_sent(box, MSG_CSUN)->msg, 0).session_id,
			 s->core.peer_session_id);
	assert_int_equal(s->core.tx_connect_speed, 7000000);
	assert_int_equal(s->core.rx_connect_speed, 800000);
}

/* Accounts tell what the line does now; one whose LNS cannot be told does as before. */
static void test_change_accounted(void **state)
{
	const struct put puts[] = {{ATTR_USER_NAME, 0, "alice@example.com"},
				   {ATTR_ERX_TX_CONNECT_SPEED, 7000000, NULL}};
	struct server *server = *state;

	server->f.subscribers[0].circuit = "dslam 1/2";
	for (unsigned int i = 0; i < 2; i++) {
		const struct heard *stop;

		server->n_heard = 0;
		server->f.access->line_avps = !i;
		server_call(server, 0, "alice@example.com", to_lns, COUNT(to_lns));
		server_change(server, puts, COUNT(puts));
		assert_int_equal(server->order_code, i ? RADIUS_COA_NAK : RADIUS_COA_ACK);
		assert_int_equal(server->order_error, i ? 501 : 0);
		subscriber_padt(&server->f.subscribers[0]);
		server_run(server, USEC_PER_SEC);
		stop = server_record(server, RADIUS_STOP, 0);
		assert_non_null(stop);
		assert_int_equal(heard_number(stop, ATTR_ACTUAL_RATE_DOWN), i ? 20000000 : 7000000);
		assert_string_equal(heard_text(stop, ATTR_CONNECT_INFO),
				    i ? "20000000/1000000000" : "7000000/1000000000");
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, server_setup, server_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_each_selects), TEST(test_none_fits), TEST(test_one_is_wrong),
		TEST(test_all_that_fit), TEST(test_change),    TEST(test_change_accounted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
