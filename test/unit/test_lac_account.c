/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accounts of calls (RFC 2866), of tunnels and of links in them (RFC 2867): which records there
 * are, in which order, and what each says.
 */
#include "lac_radius.h"

#define NOBODY "203.0.113.77"

static const struct put to_lns[] = {
	{ATTR_TUNNEL_TYPE, 3, NULL},
	{ATTR_TUNNEL_MEDIUM_TYPE, 1, NULL},
	{ATTR_TUNNEL_SERVER_ENDPOINT, 0, LNS},
	{ATTR_TUNNEL_ASSIGNMENT_ID, 0, "blue"},
	{ATTR_ACCT_INTERIM_INTERVAL, 60, NULL},
	{ATTR_CLASS, 0, "gold"},
};

#define EXPECT(server, ...)                                                   \
	do {                                                                  \
		static const enum radius_record_type types[] = {__VA_ARGS__}; \
                                                                              \
		server_expect(server, types, COUNT(types));                   \
	} while (0)

static struct lac_call *alice(struct server *server)
{
	return server_call(server, 0, "alice@example.com", to_lns, COUNT(to_lns));
}

static void ends(struct server *server, unsigned int n)
{
	subscriber_padt(&server->f.subscribers[n]);
	server_run(server, USEC_PER_SEC);
}

static void test_call(void **state)
{
	struct server *server = *state;
	const struct heard *record;
	char id[LAC_CALL_ID_LEN];

	server->f.radius.link_accounting = true;
	strcpy(id, alice(server)->id);
	server_run(server, 65 * USEC_PER_SEC);
	ends(server, 0);
	assert_int_equal(lac_count(server->f.lac), 0);
	EXPECT(server, RADIUS_START, RADIUS_TUNNEL_LINK_START, RADIUS_INTERIM,
	       RADIUS_TUNNEL_LINK_STOP, RADIUS_STOP);
	for (unsigned int i = 0; i < server->n_heard; i++) {
		record = &server->heard[i];
		assert_string_equal(heard_text(record, ATTR_ACCT_SESSION_ID), id);
		assert_string_equal(heard_text(record, ATTR_USER_NAME), "alice@example.com");
		assert_string_equal(heard_text(record, ATTR_CLASS), record->acct ? "gold" : "");
	}
	record = server_record(server, RADIUS_STOP, 0);
	assert_in_range(heard_number(record, ATTR_ACCT_SESSION_TIME), 67, 69);
	assert_int_equal(heard_number(record, ATTR_ACCT_INPUT_PACKETS), 3);
	assert_int_equal(heard_number(record, ATTR_ACCT_INPUT_OCTETS), 300);
	/* RFC 2866 5.10: User Request. */
	assert_int_equal(heard_number(record, ATTR_ACCT_TERMINATE_CAUSE), 1);
}

/* Updates go on while nothing can be counted. */
static void test_interim_without_count(void **state)
{
	struct server *server = *state;

	alice(server);
	server_run(server, 65 * USEC_PER_SEC);
	server->f.cannot_count = true;
	server_run(server, 120 * USEC_PER_SEC);
	EXPECT(server, RADIUS_START, RADIUS_INTERIM, RADIUS_INTERIM, RADIUS_INTERIM);
	assert_int_equal(
		heard_number(server_record(server, RADIUS_INTERIM, 2), ATTR_ACCT_INPUT_PACKETS), 3);
}

/* Every record of a tunnel and of its links says the same of it, by which they are found. */
static void expect_same_tunnel(const struct server *server, const struct l2tp_tunnel *t)
{
	char connection[32];
	size_t len;

	len = (size_t)snprintf(connection, sizeof(connection), "%u-%u", t->core.tunnel_id,
			       t->core.peer_tunnel_id);
	for (unsigned int i = 0; i < server->n_heard; i++) {
		const struct heard *record = &server->heard[i];
		const char *said = heard_text(record, ATTR_ACCT_TUNNEL_CONNECTION);
		uint32_t type = heard_number(record, ATTR_ACCT_STATUS_TYPE);

		if (!record->acct)
			continue;
		assert_string_equal(heard_text(record, ATTR_TUNNEL_CLIENT_ENDPOINT), "192.0.2.1");
		assert_string_equal(heard_text(record, ATTR_TUNNEL_SERVER_ENDPOINT), LNS);
		assert_string_equal(heard_text(record, ATTR_TUNNEL_ASSIGNMENT_ID), "blue");
		assert_string_equal(heard_text(record, ATTR_ACCT_MULTI_SESSION_ID),
				    heard_text(server_record(server, RADIUS_TUNNEL_START, 0),
					       ATTR_ACCT_SESSION_ID));
		assert_memory_equal(said, connection, len);
		/* A link has its serial number behind that. */
		assert_int_equal(said[len],
				 type == RADIUS_TUNNEL_START || type == RADIUS_TUNNEL_STOP ? 0
											   : '-');
	}
}

static void test_tunnel(void **state)
{
	struct server *server = *state;
	const struct heard *stop;

	server->f.radius.tunnel_accounting = server->f.radius.link_accounting = true;
	alice(server);
	server_call(server, 1, "bob@example.com", to_lns, COUNT(to_lns));
	assert_string_not_equal(
		heard_text(server_record(server, RADIUS_START, 0), ATTR_ACCT_TUNNEL_CONNECTION),
		heard_text(server_record(server, RADIUS_START, 1), ATTR_ACCT_TUNNEL_CONNECTION));
	ends(server, 0);
	ends(server, 1);
	close_tunnel(first_tunnel(&server->f.w.boxes[1]));
	server_run(server, USEC_PER_SEC);
	EXPECT(server, RADIUS_TUNNEL_START, RADIUS_START, RADIUS_TUNNEL_LINK_START, RADIUS_START,
	       RADIUS_TUNNEL_LINK_START, RADIUS_TUNNEL_LINK_STOP, RADIUS_STOP,
	       RADIUS_TUNNEL_LINK_STOP, RADIUS_STOP, RADIUS_TUNNEL_STOP);
	stop = server_record(server, RADIUS_TUNNEL_STOP, 0);
	assert_string_equal(heard_text(stop, ATTR_USER_NAME), "alice@example.com");
	assert_int_equal(heard_number(stop, ATTR_ACCT_INPUT_PACKETS), 6);
	assert_int_equal(heard_number(stop, ATTR_ACCT_INPUT_OCTETS), 600);
	assert_in_range(heard_number(stop, ATTR_ACCT_SESSION_TIME), 7, 10);
	/* RFC 2866 5.10: Host Request. */
	assert_int_equal(heard_number(stop, ATTR_ACCT_TERMINATE_CAUSE), 18);
}

/* The calls in it are counted before the tunnel is told of. */
static void test_tunnel_ends_under_calls(void **state)
{
	struct server *server = *state;

	server->f.radius.tunnel_accounting = server->f.radius.link_accounting = true;
	alice(server);
	server_call(server, 1, "bob@example.com", to_lns, COUNT(to_lns));
	expect_same_tunnel(server, first_tunnel(&server->f.w.boxes[0]));
	close_tunnel(first_tunnel(&server->f.w.boxes[1]));
	server_run(server, 2 * USEC_PER_SEC);
	assert_int_equal(lac_count(server->f.lac), 0);
	EXPECT(server, RADIUS_TUNNEL_START, RADIUS_START, RADIUS_TUNNEL_LINK_START, RADIUS_START,
	       RADIUS_TUNNEL_LINK_START, RADIUS_TUNNEL_LINK_STOP, RADIUS_TUNNEL_LINK_STOP,
	       RADIUS_STOP, RADIUS_STOP, RADIUS_TUNNEL_STOP);
	assert_int_equal(
		heard_number(server_record(server, RADIUS_TUNNEL_STOP, 0), ATTR_ACCT_INPUT_PACKETS),
		6);
}

/* One that never came up is rejected itself; a link of it there never was. */
static void test_tunnel_rejected(void **state)
{
	static const struct put puts[] = {{ATTR_TUNNEL_TYPE, 3, NULL},
					  {ATTR_TUNNEL_MEDIUM_TYPE, 1, NULL},
					  {ATTR_TUNNEL_SERVER_ENDPOINT, 0, NOBODY}};
	struct server *server = *state;
	const struct heard *reject;

	server->f.radius.tunnel_accounting = server->f.radius.link_accounting = true;
	server->f.w.boxes[0].peer->tunnel_setup_timeout = 5 * USEC_PER_SEC;
	server_says(server, RADIUS_ACCESS_ACCEPT, puts, COUNT(puts));
	dial(&server->f, 0, "alice@example.com");
	server_answer(server);
	server_run(server, 10 * USEC_PER_SEC);
	assert_int_equal(server->f.subscribers[0].padt, 1);
	EXPECT(server, RADIUS_TUNNEL_REJECT);
	reject = server_record(server, RADIUS_TUNNEL_REJECT, 0);
	assert_string_equal(heard_text(reject, ATTR_TUNNEL_SERVER_ENDPOINT), NOBODY);
	assert_string_equal(heard_text(reject, ATTR_USER_NAME), "alice@example.com");
	/* RFC 2866 5.10: Service Unavailable. */
	assert_int_equal(heard_number(reject, ATTR_ACCT_TERMINATE_CAUSE), 15);
}

/* CDN in a tunnel that is up. */
static void test_link_rejected(void **state)
{
	struct server *server = *state;

	server->f.radius.tunnel_accounting = server->f.radius.link_accounting = true;
	alice(server);
	server->f.w.boxes[1].peer->calls = CALL_REJECT;
	server_says(server, RADIUS_ACCESS_ACCEPT, to_lns, COUNT(to_lns));
	dial(&server->f, 1, "bob@example.com");
	server_answer(server);
	assert_null(call_of(&server->f.subscribers[1]));
	assert_null(server_record(server, RADIUS_TUNNEL_REJECT, 0));
	assert_null(server_record(server, RADIUS_START, 1));
	assert_string_equal(
		heard_text(server_record(server, RADIUS_TUNNEL_LINK_REJECT, 0), ATTR_USER_NAME),
		"bob@example.com");
}

static void test_not_asked_for(void **state)
{
	struct server *server = *state;

	alice(server);
	ends(server, 0);
	close_tunnel(first_tunnel(&server->f.w.boxes[1]));
	server_run(server, USEC_PER_SEC);
	EXPECT(server, RADIUS_START, RADIUS_STOP);
}

/* RFC 2866 5.1 and 5.13: of no call, and with an Acct-Session-Id all the same. */
static void test_on_and_off(void **state)
{
	struct server *server = *state;

	server->section.acct_port = 0;
	lac_account_on(server->f.lac, server->f.w.now);
	lac_account_off(server->f.lac, server->f.w.now);
	assert_int_equal(server->n_heard, 0);
	server->section.acct_port = 1813;
	for (unsigned int i = 0; i < 2; i++)
		lac_account_on(server->f.lac, server->f.w.now);
	server_run(server, USEC_PER_SEC);
	alice(server);
	ends(server, 0);
	for (unsigned int i = 0; i < 2; i++)
		lac_account_off(server->f.lac, server->f.w.now);
	server_run(server, USEC_PER_SEC);
	EXPECT(server, RADIUS_ON, RADIUS_START, RADIUS_STOP, RADIUS_OFF);
	assert_true(heard_text(server_record(server, RADIUS_ON, 0), ATTR_ACCT_SESSION_ID)[0]);
	assert_string_equal(heard_text(server_record(server, RADIUS_OFF, 0), ATTR_USER_NAME), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, server_setup, server_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_call),
		TEST(test_interim_without_count),
		TEST(test_tunnel),
		TEST(test_tunnel_ends_under_calls),
		TEST(test_tunnel_rejected),
		TEST(test_link_rejected),
		TEST(test_not_asked_for),
		TEST(test_on_and_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
