/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The RADIUS client in virtual time: repetition, failover, dead time, identifiers, answers that do
 * not count.
 */
#include <errno.h>

#include "base/mem.h"
#include "radius_world.h"

static void test_accept(void **state)
{
	(void)state;
	ask();
	assert_int_equal(w.n_sent, 1);
	assert_ptr_equal(last()->server, &w.servers[0]);
	assert_int_equal(last()->packet[0], RADIUS_ACCESS_REQUEST);
	/* Ahead of all that an attacker may choose. */
	assert_int_equal(last()->packet[RADIUS_HEADER_LEN], 80);
	assert_int_equal(state_of(0)->pending, 1);
	pass(USEC_PER_SEC);
	reply(last(), RADIUS_ACCESS_ACCEPT);
	assert_int_equal(w.done, 1);
	assert_true(w.answer.accepted);
	assert_int_equal(state_of(0)->pending, 0);
	assert_int_equal(state_of(0)->round_trip, USEC_PER_SEC);
	assert_int_equal(state_of(0)->stats.requests, 1);
	assert_int_equal(state_of(0)->stats.accepts, 1);
	pass(100 * USEC_PER_SEC);
	assert_int_equal(w.n_sent, 1);
}

static void test_reject(void **state)
{
	(void)state;
	ask();
	reply(last(), RADIUS_ACCESS_REJECT);
	assert_int_equal(w.done, 1);
	assert_false(w.answer.accepted);
	assert_int_equal(w.answer.err, 0);
	ask();
	reply(last(), RADIUS_ACCESS_CHALLENGE);
	assert_int_equal(w.done, 2);
	assert_false(w.answer.accepted);
	assert_int_equal(state_of(0)->stats.rejects, 1);
	assert_int_equal(state_of(0)->stats.challenges, 1);
}

/* The same octets again; then the next server, with its own secret; then no more. */
static void test_failover(void **state)
{
	(void)state;
	ask();
	pass(6 * USEC_PER_SEC);
	assert_int_equal(w.n_sent, 4);
	for (size_t i = 1; i < 3; i++) {
		assert_int_equal(w.sent[i].len, w.sent[0].len);
		assert_memory_equal(w.sent[i].packet, w.sent[0].packet, w.sent[0].len);
	}
	assert_ptr_equal(last()->server, &w.servers[1]);
	assert_memory_not_equal(last()->packet + 4, w.sent[0].packet + 4, 16);
	assert_true(state_of(0)->dead);
	assert_int_equal(state_of(0)->dead_until, w.now + 60 * USEC_PER_SEC);
	assert_string_equal(
		w.event, "one: access does not answer (or has another secret), left alone for 60s");
	reply(last(), RADIUS_ACCESS_ACCEPT);
	assert_int_equal(w.done, 1);
	assert_int_equal(state_of(0)->stats.retransmits, 2);
	assert_int_equal(state_of(0)->stats.timeouts, 1);
}

static void test_nobody_answers(void **state)
{
	(void)state;
	ask();
	pass(12 * USEC_PER_SEC);
	assert_int_equal(w.n_sent, 6);
	assert_int_equal(w.done, 1);
	assert_int_equal(w.answer.err, -ETIMEDOUT);
	assert_string_equal(w.answer.why, "no server answered");
	/* All are dead: the one that died first is asked all the same. */
	ask();
	assert_ptr_equal(last()->server, &w.servers[0]);
	reply(last(), RADIUS_ACCESS_ACCEPT);
	assert_int_equal(w.done, 2);
	assert_true(w.answer.accepted);
	assert_false(state_of(0)->dead);
	assert_string_equal(w.event, "one: access answers again");
}

/* A dead server costs its timeouts, and those of one call. */
static void test_dead_time(void **state)
{
	(void)state;
	ask();
	pass(6 * USEC_PER_SEC);
	reply(last(), RADIUS_ACCESS_ACCEPT);
	for (int i = 0; i < 10; i++) {
		pass(5 * USEC_PER_SEC);
		ask();
		assert_ptr_equal(last()->server, &w.servers[1]);
		reply(last(), RADIUS_ACCESS_ACCEPT);
	}
	/* Its time is over: one tries it, once, others go past it. */
	pass(10 * USEC_PER_SEC);
	ask();
	assert_ptr_equal(last()->server, &w.servers[0]);
	ask();
	assert_ptr_equal(last()->server, &w.servers[1]);
	reply(last(), RADIUS_ACCESS_ACCEPT);
	pass(2 * USEC_PER_SEC);
	assert_ptr_equal(last()->server, &w.servers[1]);
	reply(last(), RADIUS_ACCESS_ACCEPT);
	assert_int_equal(w.done, 13);
	assert_true(state_of(0)->dead);
	/* And the next time it answers. */
	pass(60 * USEC_PER_SEC);
	ask();
	assert_ptr_equal(last()->server, &w.servers[0]);
	reply(last(), RADIUS_ACCESS_ACCEPT);
	assert_false(state_of(0)->dead);
	ask();
	assert_ptr_equal(last()->server, &w.servers[0]);
}

/* Those that wait at a server when it is found dead do not use up their tries. */
static void test_dead_for_all(void **state)
{
	(void)state;
	ask();
	pass(3 * USEC_PER_SEC);
	ask();
	pass(3 * USEC_PER_SEC);
	assert_true(state_of(0)->dead);
	pass(USEC_PER_SEC);
	assert_ptr_equal(w.sent[w.n_sent - 1].server, &w.servers[1]);
	assert_int_equal(state_of(0)->pending, 0);
	assert_int_equal(state_of(1)->pending, 2);
}

/* It answers others: one request that it does not like does not make it dead. */
static void test_silent_to_one(void **state)
{
	const struct sent *other;

	(void)state;
	ask();
	pass(USEC_PER_SEC);
	ask();
	other = last();
	reply(other, RADIUS_ACCESS_ACCEPT);
	pass(6 * USEC_PER_SEC);
	assert_false(state_of(0)->dead);
	assert_ptr_equal(last()->server, &w.servers[1]);
}

static void test_answers_that_do_not_count(void **state)
{
	const struct sent *sent;
	uint8_t bytes[64] = {0};

	(void)state;
	ask();
	sent = last();
	reply_as(sent, RADIUS_ACCESS_ACCEPT, "another secret");
	assert_int_equal(state_of(0)->stats.rx_bad_authenticator, 1);
	assert_string_equal(w.event,
			    "one: an answer does not count: it is not signed with our secret");
	/* Signed as accounting is, without a Message-Authenticator. */
	{
		struct writer out = writer_init(bytes, sizeof(bytes));

		radius_seal_answer(&out, RADIUS_ACCOUNTING_RESPONSE, sent->packet[1],
				   bytes_str("one"), (struct bytes){0}, sent->packet + 4);
		radius_input(w.client, sent->server, false, 0, written(&out), w.now);
	}
	assert_int_equal(state_of(0)->stats.rx_unexpected, 1);
	/* Not one that waits, or not there. */
	radius_input(w.client, sent->server, true, 0, (struct bytes){bytes, 20}, w.now);
	radius_input(w.client, sent->server, false, 1, (struct bytes){bytes, 20}, w.now);
	assert_int_equal(state_of(0)->stats.rx_unexpected, 3);
	radius_input(w.client, sent->server, false, 0, (struct bytes){bytes, 19}, w.now);
	assert_int_equal(state_of(0)->stats.rx_malformed, 1);
	assert_int_equal(w.done, 0);
	reply(sent, RADIUS_ACCESS_ACCEPT);
	assert_int_equal(w.done, 1);
	/* Late, and twice. */
	reply(sent, RADIUS_ACCESS_ACCEPT);
	assert_int_equal(w.done, 1);
	assert_int_equal(state_of(0)->stats.rx_unexpected, 4);
}

/* 256 identifiers a socket; no identifier means two requests at once. */
static void test_many(void **state)
{
	static bool seen[3][RADIUS_VALUE_MAX + 3];

	(void)state;
	w.settings.max_pending = 600;
	for (int i = 0; i < 600; i++)
		ask();
	for (size_t i = 0; i < 600; i++) {
		assert_true(w.sent[i].socket < 3);
		assert_false(seen[w.sent[i].socket][w.sent[i].packet[1]]);
		seen[w.sent[i].socket][w.sent[i].packet[1]] = true;
	}
	assert_int_equal(radius_access(w.client, &alice, on_done, NULL, w.now, NULL), -ENOBUFS);
	for (size_t i = 0; i < 600; i++)
		reply(&w.sent[i], RADIUS_ACCESS_ACCEPT);
	assert_int_equal(w.done, 600);
	assert_int_equal(state_of(0)->stats.accepts, 600);
	/* An identifier rests before it comes again. */
	ask();
	assert_int_equal(last()->socket * 256 + last()->packet[1], 600);
}

static void test_cancel(void **state)
{
	struct radius_request *request = ask();

	(void)state;
	radius_cancel(request);
	assert_int_equal(state_of(0)->pending, 0);
	reply(last(), RADIUS_ACCESS_ACCEPT);
	pass(100 * USEC_PER_SEC);
	assert_int_equal(w.done, 0);
	assert_int_equal(w.n_sent, 1);
}

static void test_no_server(void **state)
{
	(void)state;
	radius_client_free(w.client);
	setup_of(0);
	assert_int_equal(radius_access(w.client, &alice, on_done, NULL, w.now, NULL), -ENOENT);
	radius_client_free(w.client);
	setup_of(1);
	w.servers[0].acct_port = 0;
	assert_int_equal(
		radius_account(w.client, &(struct radius_record){.type = RADIUS_ON}, w.now),
		-ENOENT);
	ask();
}

/* A password longer than User-Password takes, a response that is none. */
static void test_untellable(void **state)
{
	static uint8_t octets[RADIUS_PASSWORD_MAX + 1];
	static const struct {
		enum ppp_auth type;
		size_t len;
		int err;
	} cases[] = {
		{PPP_AUTH_PAP, RADIUS_PASSWORD_MAX, 0},
		{PPP_AUTH_PAP, RADIUS_PASSWORD_MAX + 1, -EMSGSIZE},
		{PPP_AUTH_PAP, 0, 0},
		{PPP_AUTH_CHAP, 16, 0},
		{PPP_AUTH_CHAP, 15, -EMSGSIZE},
		{PPP_AUTH_MSCHAP_V2, 49, 0},
		{PPP_AUTH_MSCHAP_V2, 48, -EMSGSIZE},
		{PPP_AUTH_NONE, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct ppp_credentials c = {.type = cases[i].type,
						  .challenge = {octets, 16},
						  .response = {octets, cases[i].len}};
		const struct radius_user who = {.user_name = "bob", .credentials = &c};
		struct radius_request *request;
		unsigned int done = w.done;

		assert_int_equal(radius_access(w.client, &who, on_done, NULL, w.now, &request), 0);
		assert_int_equal(w.done, done);
		pass(0);
		assert_int_equal(w.done, done + (cases[i].err != 0));
		if (cases[i].err)
			assert_int_equal(w.answer.err, cases[i].err);
	}
}

/* A reload: the same server keeps its state; who waits for one that is gone goes on. */
static void test_reload(void **state)
{
	struct radius_settings settings = w.settings;
	struct radius_server two = w.servers[1];
	char secret[] = "two", changed_secret[] = "changed";

	(void)state;
	ask();
	pass(6 * USEC_PER_SEC);
	assert_ptr_equal(last()->server, &w.servers[1]);
	ask();
	assert_int_equal(state_of(1)->stats.requests, 2);
	list_init(&settings.servers);
	list_append(&settings.servers, &two.node);
	assert_int_equal(radius_client_set(w.client, &settings, w.now), 0);
	assert_ptr_equal(radius_server_next(w.client, NULL)->server, &two);
	assert_int_equal(radius_server_next(w.client, NULL)->stats.requests, 2);
	assert_null(radius_server_next(w.client, radius_server_next(w.client, NULL)));
	/* The secret is another: it is another server. */
	two.secret = changed_secret;
	{
		struct radius_settings changed = settings;
		struct radius_server again = two;

		two.secret = secret;
		list_init(&changed.servers);
		list_append(&changed.servers, &again.node);
		assert_int_equal(radius_client_set(w.client, &changed, w.now), 0);
		pass(0);
		assert_int_equal(w.n_sent, 7);
		assert_ptr_equal(last()->server, &again);
		reply(last(), RADIUS_ACCESS_ACCEPT);
		assert_int_equal(w.done, 1);
		assert_int_equal(radius_client_set(w.client, &w.settings, w.now), 0);
	}
}

static void test_memory(void **state)
{
	unsigned int n = 1;
	int err;

	(void)state;
	do {
		struct radius_request *request;

		__mem_fail_after(n++);
		err = radius_access(w.client, &alice, on_done, NULL, w.now, &request);
		__mem_fail_after(0);
		assert_true(err == 0 || err == -ENOMEM);
	} while (err);
	assert_true(n > 4);
	assert_int_equal(state_of(0)->pending, 1);
	assert_int_equal(w.n_sent, 1);
}

/* All that an access line knows, as it is told (RFC 4679). */
static void test_line(void **state)
{
	const struct access_line line = {
		.present = LINE_BIT(LINE_ACTUAL_UP) | LINE_BIT(LINE_ACTUAL_DELAY_DOWN),
		.numbers = {[0] = 1000000, [LINE_ACTUAL_DELAY_DOWN - LINE_NUMBER_FIRST] = 8},
		.encapsulation = {1, 2, 3},
		.has_encapsulation = true,
		.iwf_session = true,
		.circuit_id = "olt 1/2/3",
		.remote_id = "0123",
	};
	const struct radius_user who = {.user_name = "alice",
					.line = &line,
					.nas_port_type = 15,
					.nas_port_id = "eth1.100:42"};
	struct radius_value value;

	(void)state;
	assert_int_equal(radius_access(w.client, &who, on_done, NULL, w.now, NULL), 0);
	assert_true(sent_value(last(), ATTR_AGENT_CIRCUIT_ID, &value));
	assert_true(bytes_equal(value.value, bytes_str("olt 1/2/3")));
	assert_true(sent_value(last(), ATTR_AGENT_REMOTE_ID, &value));
	assert_int_equal(sent_number(last(), ATTR_ACTUAL_RATE_UP), 1000000);
	assert_int_equal(sent_number(last(), ATTR_ACTUAL_RATE_DOWN), UINT32_MAX);
	assert_int_equal(sent_number(last(), ATTR_ACTUAL_DELAY_DOWN), 8);
	assert_true(sent_value(last(), ATTR_ACCESS_LOOP_ENCAPSULATION, &value));
	assert_memory_equal(value.value.data, "\1\2\3", 3);
	assert_true(sent_value(last(), ATTR_IWF_SESSION, &value));
	assert_int_equal(sent_number(last(), ATTR_NAS_PORT_TYPE), 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD(test_accept),	   WORLD(test_reject),
		WORLD(test_failover),	   WORLD(test_nobody_answers),
		WORLD(test_dead_time),	   WORLD(test_dead_for_all),
		WORLD(test_silent_to_one), WORLD(test_answers_that_do_not_count),
		WORLD(test_many),	   WORLD(test_cancel),
		WORLD(test_no_server),	   WORLD(test_untellable),
		WORLD(test_reload),	   WORLD(test_memory),
		WORLD(test_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
