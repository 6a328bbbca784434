/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accounts: what each type of record has, which of them wait for which, and what becomes of those
 * that nobody takes.
 */
#include <errno.h>

#include "base/mem.h"
#include "l2tp/reason.h"
#include "radius_world.h"

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
		reply(last(), RADIUS_ACCOUNTING_RESPONSE);
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

/* What one record of a session is, as it goes out. */
static void tell(enum radius_record_type type, const char *session)
{
	const struct radius_record record = {
		.type = type,
		.who = {.user_name = "alice", .acct_session_id = session},
	};

	assert_int_equal(radius_account(w.client, &record, w.now), 0);
}

/* The types of all that was sent since, in order, a letter each. */
static void assert_sent(size_t *since, const char *types)
{
	static const char letters[] = {
		[RADIUS_START] = 'b',	    [RADIUS_STOP] = 'e',
		[RADIUS_INTERIM] = 'i',	    [RADIUS_ON] = '(',
		[RADIUS_OFF] = ')',	    [RADIUS_TUNNEL_START] = 'B',
		[RADIUS_TUNNEL_STOP] = 'E', [RADIUS_TUNNEL_LINK_START] = 'l',
	};
	char sent[64] = "";

	pass(0);
	for (size_t n = 0; *since < w.n_sent; (*since)++)
		sent[n++] = letters[sent_number(&w.sent[*since], ATTR_ACCT_STATUS_TYPE)];
	assert_string_equal(sent, types);
}

/* A Stop that overtakes its Start would leave a session that never ends. */
static void test_session_in_order(void **state)
{
	const struct sent *start;
	size_t n = 0;

	(void)state;
	tell(RADIUS_START, "1");
	start = last();
	tell(RADIUS_TUNNEL_LINK_START, "1");
	tell(RADIUS_INTERIM, "1");
	tell(RADIUS_STOP, "1");
	/* Others do not wait for it. */
	tell(RADIUS_START, "2");
	assert_sent(&n, "bb");
	pass(2 * USEC_PER_SEC);
	assert_sent(&n, "bb");
	reply(start, RADIUS_ACCOUNTING_RESPONSE);
	assert_sent(&n, "l");
	assert_int_equal(sent_number(last(), ATTR_ACCT_DELAY_TIME), 2);
	reply(last(), RADIUS_ACCOUNTING_RESPONSE);
	assert_sent(&n, "i");
	reply(last(), RADIUS_ACCOUNTING_RESPONSE);
	assert_sent(&n, "e");
	reply(last(), RADIUS_ACCOUNTING_RESPONSE);
	assert_sent(&n, "");
	/* A session that begins anew waits for nothing of before. */
	tell(RADIUS_START, "1");
	assert_sent(&n, "b");
}

/* One that is lost holds up nobody. */
static void test_order_after_loss(void **state)
{
	size_t n = 0;

	(void)state;
	tell(RADIUS_START, "1");
	tell(RADIUS_STOP, "1");
	pass(12 * USEC_PER_SEC - 1);
	assert_sent(&n, "bbbbbb");
	pass(1);
	assert_int_equal(w.events, 3);
	assert_sent(&n, "e");
	reply(last(), RADIUS_ACCOUNTING_RESPONSE);
	assert_int_equal(radius_pending(w.client), 0);
}

/* Of a session in a tunnel, or of a tunnel. */
static void tell_in(enum radius_record_type type, const char *session, const char *tunnel)
{
	const struct radius_record record = {
		.type = type,
		.who = {.acct_session_id = session, .acct_multi_session_id = tunnel},
	};

	assert_int_equal(radius_account(w.client, &record, w.now), 0);
}

/* RFC 2867 3.1, 3.2: a tunnel is there before its links, and they are over when it is. */
static void test_tunnel_around_links(void **state)
{
	size_t n = 0;

	(void)state;
	tell_in(RADIUS_TUNNEL_START, "7", "7");
	tell_in(RADIUS_START, "1", "7");
	tell_in(RADIUS_START, "2", "7");
	tell_in(RADIUS_START, "3", "8");
	assert_sent(&n, "Bb");
	reply(&w.sent[0], RADIUS_ACCOUNTING_RESPONSE);
	assert_sent(&n, "bb");
	reply(&w.sent[n - 2], RADIUS_ACCOUNTING_RESPONSE);
	tell_in(RADIUS_STOP, "1", "7");
	tell_in(RADIUS_TUNNEL_STOP, "7", "7");
	tell_in(RADIUS_STOP, "2", "7");
	assert_sent(&n, "e");
	reply(&w.sent[n - 2], RADIUS_ACCOUNTING_RESPONSE);
	assert_sent(&n, "e");
	reply(last(), RADIUS_ACCOUNTING_RESPONSE);
	assert_sent(&n, "");
	reply(&w.sent[n - 2], RADIUS_ACCOUNTING_RESPONSE);
	assert_sent(&n, "E");
	reply(last(), RADIUS_ACCOUNTING_RESPONSE);
	assert_sent(&n, "");
	/* The one of the other tunnel. */
	assert_int_equal(radius_pending(w.client), 1);
}

/* RFC 2866 4.1: what was before Accounting-On is over, and all is over with Accounting-Off. */
static void test_on_is_first_and_off_last(void **state)
{
	size_t n = 0, tunnel;

	(void)state;
	tell(RADIUS_ON, "0");
	tell_in(RADIUS_TUNNEL_START, "7", "7");
	tell(RADIUS_START, "1");
	tell(RADIUS_STOP, "1");
	assert_sent(&n, "(");
	/* Callers are asked about meanwhile. */
	ask();
	assert_false(last()->acct);
	n++;
	reply(&w.sent[0], RADIUS_ACCOUNTING_RESPONSE);
	assert_sent(&n, "Bb");
	tunnel = n - 2;
	tell(RADIUS_OFF, "0");
	tell_in(RADIUS_TUNNEL_STOP, "7", "7");
	assert_sent(&n, "");
	reply(&w.sent[n - 1], RADIUS_ACCOUNTING_RESPONSE);
	assert_sent(&n, "e");
	reply(last(), RADIUS_ACCOUNTING_RESPONSE);
	assert_sent(&n, "");
	reply(&w.sent[tunnel], RADIUS_ACCOUNTING_RESPONSE);
	assert_sent(&n, "E");
	reply(last(), RADIUS_ACCOUNTING_RESPONSE);
	assert_sent(&n, ")");
	reply(last(), RADIUS_ACCOUNTING_RESPONSE);
	assert_int_equal(radius_pending(w.client), 1);
}

/* While records wait a reload may take their server. */
static void test_order_over_reload(void **state)
{
	struct radius_settings settings = w.settings;
	struct radius_server two = w.servers[1];
	size_t n = 0;

	(void)state;
	tell(RADIUS_START, "1");
	tell(RADIUS_STOP, "1");
	tell(RADIUS_OFF, "0");
	list_init(&settings.servers);
	list_append(&settings.servers, &two.node);
	assert_int_equal(radius_client_set(w.client, &settings, w.now), 0);
	assert_sent(&n, "bb");
	assert_ptr_equal(last()->server, &two);
	reply(last(), RADIUS_ACCOUNTING_RESPONSE);
	assert_sent(&n, "e");
	reply(last(), RADIUS_ACCOUNTING_RESPONSE);
	assert_sent(&n, ")");
	assert_int_equal(radius_client_set(w.client, &w.settings, w.now), 0);
}

static void test_record_memory(void **state)
{
	const struct radius_record record = {
		.type = RADIUS_STOP,
		.who = {.acct_session_id = "1", .acct_multi_session_id = "7"},
	};
	unsigned int n = 1;
	int err;

	(void)state;
	do {
		__mem_fail_after(n++);
		err = radius_account(w.client, &record, w.now);
		__mem_fail_after(0);
		assert_true(err == 0 || err == -ENOMEM);
	} while (err);
	assert_true(n > 6);
	/* None that failed is waited for. */
	assert_int_equal(radius_pending(w.client), 1);
	assert_int_equal(w.n_sent, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD(test_account),
		WORLD(test_record_lost),
		WORLD(test_records),
		WORLD(test_terminate_causes),
		WORLD(test_session_in_order),
		WORLD(test_order_after_loss),
		WORLD(test_tunnel_around_links),
		WORLD(test_on_is_first_and_off_last),
		WORLD(test_order_over_reload),
		WORLD(test_record_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
