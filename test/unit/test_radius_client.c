/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The RADIUS client in virtual time: repetition, failover, dead time, identifiers, answers that do
 * not count, records.
 */
#include <errno.h>

#include "aaa/client.h"
#include "base/mem.h"
#include "l2tp/reason.h"
#include "radius_kit.h"

#define SERVERS 3
#define SENT_MAX 4096

struct sent {
	const struct radius_server *server;
	bool acct;
	unsigned int socket;
	uint8_t packet[512];
	size_t len;
};

struct world {
	struct radius_settings settings;
	struct radius_server servers[SERVERS];
	struct timer_queue timers;
	struct radius_client *client;
	usec_t now;
	struct sent sent[SENT_MAX];
	size_t n_sent;
	unsigned int events;
	char event[256];
	/* What done() said. */
	unsigned int done;
	struct radius_answer answer;
	uint8_t random;
};

static struct world w;

static void on_random(struct radius_client *client, void *data, size_t len)
{
	(void)client;
	memset(data, ++w.random, len);
}

static uint32_t on_time(struct radius_client *client)
{
	(void)client;
	return 1000000 + (uint32_t)(w.now / USEC_PER_SEC);
}

static void on_send(struct radius_client *client, const struct radius_server *server, bool acct,
		    unsigned int socket, struct bytes packet)
{
	struct sent *sent = &w.sent[w.n_sent++];

	(void)client;
	assert_true(w.n_sent <= SENT_MAX);
	sent->server = server;
	sent->acct = acct;
	sent->socket = socket;
	sent->len = packet.len;
	assert_true(packet.len <= sizeof(sent->packet));
	memcpy(sent->packet, packet.data, packet.len);
}

static void on_event(struct radius_client *client, const struct radius_server *server,
		     const char *text)
{
	(void)client;
	w.events++;
	snprintf(w.event, sizeof(w.event), "%s%s%s", server ? server->name : "", server ? ": " : "",
		 text);
}

static const struct radius_ops ops = {
	.random = on_random,
	.time = on_time,
	.send = on_send,
	.event = on_event,
};

static void on_done(void *user, const struct radius_answer *answer, usec_t now)
{
	(void)user;
	assert_int_equal(now, w.now);
	w.done++;
	w.answer = *answer;
	w.answer.set = NULL;
}

static void set_servers(unsigned int n)
{
	static char names[][8] = {"one", "two", "three"};

	list_init(&w.settings.servers);
	for (unsigned int i = 0; i < n; i++) {
		w.servers[i] = (struct radius_server){
			.name = names[i],
			.host = names[i],
			.auth_port = 1812,
			.acct_port = 1813,
			.secret = names[i],
			.timeout = 2 * USEC_PER_SEC,
			.tries = 3,
			.dead_time = 60 * USEC_PER_SEC,
		};
		list_append(&w.settings.servers, &w.servers[i].node);
	}
}

static int setup_of(unsigned int n)
{
	memset(&w, 0, sizeof(w));
	w.now = USEC_PER_SEC;
	set_servers(n);
	timer_queue_init(&w.timers);
	assert_int_equal(radius_client_new(&ops, &w, &w.timers, &w.settings, &w.client), 0);
	assert_ptr_equal(radius_client_ctx(w.client), &w);
	return 0;
}

static int setup(void **state)
{
	(void)state;
	return setup_of(2);
}

static int teardown(void **state)
{
	(void)state;
	radius_client_free(w.client);
	assert_int_equal(timer_queue_next(&w.timers), USEC_NEVER);
	timer_queue_fini(&w.timers);
	return 0;
}

static void pass(usec_t time)
{
	usec_t end = w.now + time;

	while (timer_queue_next(&w.timers) <= end) {
		w.now = timer_queue_next(&w.timers);
		timer_queue_run(&w.timers, w.now);
	}
	w.now = end;
}

static const struct ppp_credentials pap = {.type = PPP_AUTH_PAP,
					   .response = {(const uint8_t *)"password", 8}};
static const struct radius_user alice = {.user_name = "alice", .credentials = &pap};

static struct radius_request *ask(void)
{
	struct radius_request *request = NULL;

	assert_int_equal(radius_access(w.client, &alice, on_done, NULL, w.now, &request), 0);
	assert_non_null(request);
	return request;
}

static const struct sent *last(void)
{
	assert_true(w.n_sent > 0);
	return &w.sent[w.n_sent - 1];
}

/* Answers a packet as its server would, or as somebody with another secret. */
static void reply_as(const struct sent *sent, enum radius_code code, const char *secret)
{
	uint8_t bytes[256];
	struct writer out = writer_init(bytes, sizeof(bytes));

	assert_int_equal(radius_seal_answer(&out, code, sent->packet[1], bytes_str(secret),
					    (struct bytes){0}, sent->packet + 4),
			 0);
	radius_input(w.client, sent->server, sent->acct, sent->socket, written(&out), w.now);
}

static void reply(const struct sent *sent, enum radius_code code)
{
	reply_as(sent, code, sent->server->secret);
}

static const struct radius_server_state *state_of(unsigned int i)
{
	const struct radius_server_state *state = NULL;

	do {
		state = radius_server_next(w.client, state);
		assert_non_null(state);
	} while (state->server != &w.servers[i]);
	return state;
}

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

static bool sent_value(const struct sent *sent, enum radius_attr attr, struct radius_value *ret)
{
	return radius_get(
		(struct bytes){sent->packet + RADIUS_HEADER_LEN, sent->len - RADIUS_HEADER_LEN},
		attr, ret);
}

static uint32_t sent_number(const struct sent *sent, enum radius_attr attr)
{
	struct radius_value value;

	if (!sent_value(sent, attr, &value))
		return UINT32_MAX;
	return value.number;
}

/* Acct-Delay-Time grows with the next server, under another identifier and authenticator. */
static void test_account(void **state)
{
	struct radius_record record = {.type = RADIUS_START, .who = alice};
	struct radius_packet packet;

	(void)state;
	record.who.credentials = NULL;
	assert_int_equal(radius_account(w.client, &record, w.now), 0);
	assert_true(last()->acct);
	assert_int_equal(radius_parse((struct bytes){last()->packet, last()->len}, &packet), 0);
	assert_int_equal(radius_check_order(&packet, bytes_str("one"), false), 0);
	assert_int_equal(sent_number(last(), ATTR_ACCT_DELAY_TIME), 0);
	assert_int_equal(sent_number(last(), ATTR_EVENT_TIMESTAMP), 1000001);
	pass(6 * USEC_PER_SEC);
	assert_int_equal(w.n_sent, 4);
	assert_memory_equal(w.sent[2].packet, w.sent[0].packet, w.sent[0].len);
	assert_int_equal(sent_number(last(), ATTR_ACCT_DELAY_TIME), 6);
	assert_int_equal(sent_number(last(), ATTR_EVENT_TIMESTAMP), 1000001);
	assert_true(state_of(0)->acct_dead);
	assert_false(state_of(0)->dead);
	reply(last(), RADIUS_ACCOUNTING_RESPONSE);
	assert_int_equal(state_of(1)->stats.acct_responses, 1);
	pass(100 * USEC_PER_SEC);
	assert_int_equal(w.n_sent, 4);
	assert_int_equal(state_of(0)->stats.acct_timeouts, 1);
}

static void test_record_lost(void **state)
{
	(void)state;
	assert_int_equal(
		radius_account(w.client, &(struct radius_record){.type = RADIUS_ON}, w.now), 0);
	pass(12 * USEC_PER_SEC);
	assert_string_equal(w.event, "accounting: a record is lost: no server answered");
	w.settings.max_pending = 1;
	radius_account(w.client, &(struct radius_record){.type = RADIUS_ON}, w.now);
	assert_int_equal(
		radius_account(w.client, &(struct radius_record){.type = RADIUS_ON}, w.now),
		-ENOBUFS);
	assert_string_equal(w.event, "accounting: a record is lost: too many wait");
	/* Records that wait do not keep callers out. */
	ask();
}

/* What each type of record has: RFC 2866 section 5.13, RFC 2867 section 3. */
static const struct {
	enum radius_record_type type;
	bool who, tunnel, counters, lost, cause;
} records[] = {
	{RADIUS_START, true, true, false, false, false},
	{RADIUS_STOP, true, true, true, false, true},
	{RADIUS_INTERIM, true, true, true, false, false},
	{RADIUS_ON, false, false, false, false, false},
	{RADIUS_OFF, false, false, false, false, true},
	{RADIUS_TUNNEL_START, true, true, false, false, false},
	{RADIUS_TUNNEL_STOP, true, true, true, true, true},
	{RADIUS_TUNNEL_REJECT, true, true, false, false, true},
	{RADIUS_TUNNEL_LINK_START, true, true, false, false, false},
	{RADIUS_TUNNEL_LINK_STOP, true, true, true, true, true},
	{RADIUS_TUNNEL_LINK_REJECT, true, true, false, false, true},
};

static void test_records(void **state)
{
	struct reason reason = reason_make(ORIGIN_LOCAL, 3, 0, "closed");
	struct peer *peer = peer_new("lns");
	char server[] = "lns.example.net", assignment[] = "a";
	struct steer_tunnel tunnel = {.server = server, .assignment_id = assignment, .peer = peer};

	(void)state;
	for (size_t i = 0; i < COUNT(records); i++) {
		struct radius_record record = {
			.type = records[i].type,
			.who = {.user_name = "alice", .acct_session_id = "1"},
			.tunnel = &tunnel,
			.tunnel_connection = "77",
			.tunnel_packets_lost = 5,
			.octets_in = 0x300000004,
			.octets_out = 0x500000006,
			.packets_in = 0x1ffffffff,
			.reason = &reason,
		};

		assert_int_equal(radius_account(w.client, &record, w.now), 0);
		assert_int_equal(sent_number(last(), ATTR_ACCT_STATUS_TYPE), records[i].type);
		assert_int_equal(sent_number(last(), ATTR_USER_NAME) == 0, records[i].who);
		assert_int_equal(sent_number(last(), ATTR_TUNNEL_TYPE) == 3, records[i].tunnel);
		assert_int_equal(sent_number(last(), ATTR_ACCT_TUNNEL_CONNECTION) == 0,
				 records[i].tunnel);
		assert_int_equal(sent_number(last(), ATTR_ACCT_INPUT_OCTETS),
				 records[i].counters ? 4 : UINT32_MAX);
		assert_int_equal(sent_number(last(), ATTR_ACCT_INPUT_GIGAWORDS),
				 records[i].counters ? 3 : UINT32_MAX);
		assert_int_equal(sent_number(last(), ATTR_ACCT_OUTPUT_GIGAWORDS),
				 records[i].counters ? 5 : UINT32_MAX);
		assert_int_equal(sent_number(last(), ATTR_ACCT_TUNNEL_PACKETS_LOST),
				 records[i].lost ? 5 : UINT32_MAX);
		assert_int_equal(sent_number(last(), ATTR_ACCT_TERMINATE_CAUSE) != UINT32_MAX,
				 records[i].cause);
	}
	peer_unref(peer);
}

static const struct {
	struct reason reason;
	uint32_t cause;
	const char *text; /* ERX 51, or NULL */
} ends[] = {
	{{.origin = ORIGIN_NONE}, 10, NULL},
	{{.origin = ORIGIN_LOCAL, .result = 3}, 6, NULL},
	{{.origin = ORIGIN_LOCAL, .result = 1}, 2, NULL},
	{{.origin = ORIGIN_LOCAL, .result = 2}, 9, NULL},
	{{.origin = ORIGIN_LOCAL, .result = 10}, 10, NULL},
	{{.origin = ORIGIN_KERNEL, .result = 2}, 9, NULL},
	{{.origin = ORIGIN_PPP}, 1, NULL},
	{{.origin = ORIGIN_PPP, .result = 1}, 2, NULL},
	{{.origin = ORIGIN_PEER, .result = 3}, 18, NULL},
	{{.origin = ORIGIN_PEER, .result = 3, .text = "bye", .ppp = {16, 0xc223, 1}},
	 17,
	 "16 0xc223 1 bye"},
	{{.origin = ORIGIN_PEER, .ppp = {3, 0, 1}}, 1, "3 0x0000 1"},
	{{.origin = ORIGIN_PEER, .ppp = {21, 0x8021, 2}}, 18, "21 0x8021 2"},
};

static void test_terminate_causes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ends); i++) {
		struct radius_record record = {.type = RADIUS_STOP, .reason = &ends[i].reason};
		struct radius_value value;

		assert_int_equal(radius_account(w.client, &record, w.now), 0);
		assert_int_equal(sent_number(last(), ATTR_ACCT_TERMINATE_CAUSE), ends[i].cause);
		assert_int_equal(sent_value(last(), ATTR_ERX_DISCONNECT_CAUSE, &value),
				 ends[i].text != NULL);
		if (ends[i].text)
			assert_true(bytes_equal(value.value, bytes_str(ends[i].text)));
	}
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

#define WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

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
		WORLD(test_account),	   WORLD(test_record_lost),
		WORLD(test_records),	   WORLD(test_terminate_causes),
		WORLD(test_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
