/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Orders to end calls (RFC 5176): an order ends the calls that fit all that it says, and no others.
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, server_setup, server_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_each_selects),
		TEST(test_none_fits),
		TEST(test_one_is_wrong),
		TEST(test_all_that_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
