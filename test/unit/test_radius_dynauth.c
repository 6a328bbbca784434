/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Orders to end and to change calls, RFC 5176: who may give them, what they may say, and what is
 * answered.
 */
#include <errno.h>

#include "aaa/private.h"
#include "radius_kit.h"

#define SECRET "xyzzy5461"
#define NOW 1000000

static struct {
	struct radius_settings settings;
	struct radius_server server;
	struct timer_queue timers;
	struct radius_client *client;
	bool is_server;
	/* What the LAC was asked, how many calls fit, and what becomes of a change. */
	unsigned int asked, calls;
	int change_err;
	char text[512];
	/* What was answered. */
	unsigned int answers;
	uint8_t answer[RADIUS_LEN_MAX];
	size_t answer_len;
	unsigned int events;
} w;

static uint32_t on_time(struct radius_client *client)
{
	(void)client;
	return NOW;
}

static void on_reply(struct radius_client *client, const struct addr *local,
		     const struct addr *peer, struct bytes packet)
{
	(void)client, (void)local, (void)peer;
	w.answers++;
	memcpy(w.answer, packet.data, packet.len);
	w.answer_len = packet.len;
}

static bool on_is_server(struct radius_client *client, const struct radius_server *server,
			 const struct addr *peer)
{
	(void)client;
	assert_ptr_equal(server, &w.server);
	assert_int_equal(peer->family, ADDR_IPV4);
	return w.is_server;
}

static const char *or_none(const char *text)
{
	return text ? text : "-";
}

static void note(const struct radius_user *who)
{
	char address[ADDR_TEXT_MAX] = "-";

	w.asked++;
	if (who->framed_address.family)
		addr_format(&who->framed_address, address);
	snprintf(w.text, sizeof(w.text), "%s %s %s %s %s %s %u %s", or_none(who->user_name),
		 or_none(who->acct_session_id), or_none(who->acct_multi_session_id),
		 or_none(who->calling_station_id), or_none(who->called_station_id),
		 or_none(who->nas_port_id), who->nas_port, address);
}

static unsigned int on_disconnect(struct radius_client *client, const struct radius_user *who)
{
	(void)client;
	note(who);
	return w.calls;
}

static int on_change(struct radius_client *client, const struct radius_user *who, uint32_t tx,
		     uint32_t rx)
{
	size_t len;

	(void)client;
	note(who);
	len = strlen(w.text);
	snprintf(w.text + len, sizeof(w.text) - len, " tx %u rx %u", tx, rx);
	return w.change_err;
}

static void on_event(struct radius_client *client, const struct radius_server *server,
		     const char *text)
{
	(void)client, (void)server, (void)text;
	w.events++;
}

static const struct radius_ops ops = {
	.time = on_time,
	.reply = on_reply,
	.is_server = on_is_server,
	.disconnect = on_disconnect,
	.change = on_change,
	.event = on_event,
};

static int setup(void **state)
{
	static char name[] = "one", secret[] = SECRET, nas[] = "lac.example";

	(void)state;
	memset(&w, 0, sizeof(w));
	w.is_server = true;
	w.calls = 1;
	w.server = (struct radius_server){
		.name = name, .host = name, .auth_port = 1812, .secret = secret};
	w.settings.nas_identifier = nas;
	list_init(&w.settings.servers);
	list_append(&w.settings.servers, &w.server.node);
	timer_queue_init(&w.timers);
	assert_int_equal(radius_client_new(&ops, NULL, &w.timers, &w.settings, &w.client), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	radius_client_free(w.client);
	timer_queue_fini(&w.timers);
	return 0;
}

static void give(struct bytes packet)
{
	struct addr local, peer;

	assert_int_equal(addr_parse("192.0.2.1", &local), 0);
	assert_int_equal(addr_parse("192.0.2.9", &peer), 0);
	peer.port = 4000;
	radius_order(w.client, &local, &peer, packet, 0);
}

static struct bytes seal(enum radius_code code, uint8_t id, const char *body, const char *secret,
			 uint8_t *packet)
{
	uint8_t octets[RADIUS_LEN_MAX], authenticator[RADIUS_AUTHENTICATOR_LEN];
	struct writer out = writer_init(packet, RADIUS_LEN_MAX);
	size_t len = unhex(body, octets);

	assert_int_equal(radius_seal_request(&out, code, id, bytes_str(secret),
					     (struct bytes){octets, len}, authenticator),
			 0);
	return written(&out);
}

/* The answer's code, its Error-Cause (0: none) in *ret_cause; checked as its receiver would. */
static unsigned int answer_to(struct bytes packet, uint32_t *ret_cause)
{
	struct radius_packet parsed;
	struct radius_value value = {.number = 0};

	assert_int_equal(radius_parse((struct bytes){w.answer, w.answer_len}, &parsed), 0);
	assert_int_equal(radius_check_answer(&parsed, bytes_str(SECRET), packet.data + 4, true), 0);
	assert_int_equal(parsed.id, packet.data[1]);
	*ret_cause = radius_get(parsed.attributes, ATTR_ERROR_CAUSE, &value) ? value.number : 0;
	return parsed.code;
}

#define ALICE "0107616c696365 "
/* 1000 and 2000 bit/s of the DSL Forum, 3000 and 4000 of ERX. */
#define RATE_UP " 1a0c00000de9 8106000003e8 "
#define RATE_DOWN " 1a0c00000de9 8206000007d0 "
#define ERX_TX " 1a0c0000130a a20600000bb8 "
#define ERX_RX " 1a0c0000130a a30600000fa0 "

static const struct {
	const char *name;
	enum radius_code code;
	const char *body;
	unsigned int calls;
	enum radius_code answer;
	uint32_t cause;
	const char *asked; /* NULL: nobody is */
} orders[] = {
	{"a name", RADIUS_DISCONNECT_REQUEST, ALICE, 1, RADIUS_DISCONNECT_ACK, 0,
	 "alice - - - - - 0 -"},
	{"all that there is", RADIUS_DISCONNECT_REQUEST,
	 ALICE "2c0373 32036d 1f0363 1e0364 570370 050600000007 0806c0000205", 2,
	 RADIUS_DISCONNECT_ACK, 0, "alice s m c d p 7 192.0.2.5"},
	{"no such call", RADIUS_DISCONNECT_REQUEST, ALICE, 0, RADIUS_DISCONNECT_NAK, 503,
	 "alice - - - - - 0 -"},
	{"nobody", RADIUS_DISCONNECT_REQUEST, "", 1, RADIUS_DISCONNECT_NAK, 402, NULL},
	{"nobody of ours", RADIUS_DISCONNECT_REQUEST, "0406c0000201", 1, RADIUS_DISCONNECT_NAK, 402,
	 NULL},
	{"our name and address", RADIUS_DISCONNECT_REQUEST,
	 ALICE "0406c0000201 200d6c61632e6578616d706c65", 1, RADIUS_DISCONNECT_ACK, 0,
	 "alice - - - - - 0 -"},
	{"another's address", RADIUS_DISCONNECT_REQUEST, ALICE "0406c0000202", 1,
	 RADIUS_DISCONNECT_NAK, 403, NULL},
	{"another's IPv6 address", RADIUS_DISCONNECT_REQUEST,
	 ALICE "5f12 20010db8000000000000000000000001", 1, RADIUS_DISCONNECT_NAK, 403, NULL},
	{"another's name", RADIUS_DISCONNECT_REQUEST, ALICE "20036c", 1, RADIUS_DISCONNECT_NAK, 403,
	 NULL},
	{"an attribute that identifies nothing", RADIUS_DISCONNECT_REQUEST, ALICE "1b0600000001", 1,
	 RADIUS_DISCONNECT_NAK, 401, NULL},
	{"an attribute nobody knows", RADIUS_DISCONNECT_REQUEST, ALICE "c80361", 1,
	 RADIUS_DISCONNECT_NAK, 401, NULL},
	{"a vendor's", RADIUS_DISCONNECT_REQUEST, ALICE "1a0a0000130a40046162", 1,
	 RADIUS_DISCONNECT_NAK, 401, NULL},
	{"Service-Type", RADIUS_DISCONNECT_REQUEST, ALICE "060600000011", 1, RADIUS_DISCONNECT_NAK,
	 405, NULL},
	{"a name twice", RADIUS_DISCONNECT_REQUEST, ALICE ALICE, 1, RADIUS_DISCONNECT_NAK, 404,
	 NULL},
	{"a number too short", RADIUS_DISCONNECT_REQUEST, ALICE "050400 07", 1,
	 RADIUS_DISCONNECT_NAK, 404, NULL},
	{"the oldest that is fresh", RADIUS_DISCONNECT_REQUEST, ALICE "3706000f4114", 1,
	 RADIUS_DISCONNECT_ACK, 0, "alice - - - - - 0 -"},
	{"a clock that is ahead", RADIUS_DISCONNECT_REQUEST, ALICE "3706000f436c", 1,
	 RADIUS_DISCONNECT_ACK, 0, "alice - - - - - 0 -"},
	{"why", RADIUS_DISCONNECT_REQUEST, ALICE "310600000006", 1, RADIUS_DISCONNECT_ACK, 0,
	 "alice - - - - - 0 -"},
	{"a rate", RADIUS_DISCONNECT_REQUEST, ALICE RATE_UP, 1, RADIUS_DISCONNECT_NAK, 401, NULL},
	{"a vendor's that does not fit", RADIUS_DISCONNECT_REQUEST, ALICE "1a0900000de9810600", 1,
	 RADIUS_DISCONNECT_NAK, 404, NULL},
};

static const struct {
	const char *name;
	const char *body;
	int err;
	uint32_t cause;
	const char *asked; /* NULL: nobody is */
} changes[] = {
	{"both rates", ALICE RATE_UP RATE_DOWN, 0, 0, "alice - - - - - 0 - tx 2000 rx 1000"},
	{"both rates of one Vendor-Specific", ALICE "1a12 00000de9 8106000003e8 8206000007d0", 0, 0,
	 "alice - - - - - 0 - tx 2000 rx 1000"},
	{"the rate upstream", "2c0373" RATE_UP, 0, 0, "- s - - - - 0 - tx 0 rx 1000"},
	{"the rate downstream", ALICE RATE_DOWN, 0, 0, "alice - - - - - 0 - tx 2000 rx 0"},
	{"both connect speeds", ALICE ERX_RX ERX_TX, 0, 0, "alice - - - - - 0 - tx 3000 rx 4000"},
	{"a connect speed before a rate", ALICE RATE_UP RATE_DOWN ERX_TX, 0, 0,
	 "alice - - - - - 0 - tx 3000 rx 1000"},
	{"the greatest", ALICE "1a0c00000de9 8206ffffffff", 0, 0,
	 "alice - - - - - 0 - tx 4294967295 rx 0"},
	{"all that there is",
	 ALICE "2c0373 32036d 1f0363 1e0364 570370 050600000007 0806c0000205 0406c0000201 "
	       "210361 3706000f4240" RATE_UP,
	 0, 0, "alice s m c d p 7 192.0.2.5 tx 0 rx 1000"},
	{"no such call", ALICE RATE_UP, -ENOENT, 503, "alice - - - - - 0 - tx 0 rx 1000"},
	{"several calls", ALICE RATE_UP, -ENOTUNIQ, 508, "alice - - - - - 0 - tx 0 rx 1000"},
	{"a call that cannot tell", ALICE RATE_UP, -EOPNOTSUPP, 501,
	 "alice - - - - - 0 - tx 0 rx 1000"},
	{"no memory", ALICE RATE_UP, -ENOMEM, 506, "alice - - - - - 0 - tx 0 rx 1000"},
	{"nobody", RATE_UP, 0, 402, NULL},
	{"port 0", "050600000000" RATE_UP, 0, 503, NULL},
	{"another NAS", ALICE "20036c" RATE_UP, 0, 403, NULL},
	{"nothing that can change", ALICE, 0, 401, NULL},
	{"what cannot change", ALICE RATE_UP "1b0600000001", 0, 401, NULL},
	{"another of the line's", ALICE RATE_UP "1a0c00000de9 8306000003e8", 0, 401, NULL},
	{"another of the vendor's", ALICE ERX_TX "1a0c0000130a 200600000001", 0, 401, NULL},
	{"why it ends", ALICE RATE_UP "310600000006", 0, 401, NULL},
	{"Authorize Only", ALICE RATE_UP "060600000011", 0, 405, NULL},
	{"a rate of 0", ALICE RATE_DOWN "1a0c00000de9 810600000000", 0, 404, NULL},
	{"a connect speed of 0", ALICE RATE_UP RATE_DOWN "1a0c0000130a a20600000000", 0, 404, NULL},
	{"a rate too short", ALICE "1a0b00000de9 81050003e8", 0, 404, NULL},
	{"a rate too long", ALICE "1a0e00000de9 8108000000000001", 0, 404, NULL},
	{"a rate that does not fit", ALICE "1a0900000de9 810600", 0, 404, NULL},
	{"a rate twice", ALICE RATE_UP RATE_UP, 0, 404, NULL},
};

static void test_orders(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(orders); i++) {
		uint8_t packet[RADIUS_LEN_MAX];
		struct bytes order =
			seal(orders[i].code, (uint8_t)i, orders[i].body, SECRET, packet);
		uint32_t cause;

		print_message("# %s\n", orders[i].name);
		w.asked = w.answers = 0;
		w.calls = orders[i].calls;
		give(order);
		assert_int_equal(w.answers, 1);
		assert_int_equal(answer_to(order, &cause), orders[i].answer);
		assert_int_equal(cause, orders[i].cause);
		assert_int_equal(w.asked, orders[i].asked != NULL);
		if (orders[i].asked)
			assert_string_equal(w.text, orders[i].asked);
	}
	assert_int_equal(radius_server_next(w.client, NULL)->stats.disconnects, 6);
	assert_int_equal(radius_server_next(w.client, NULL)->stats.disconnects_refused,
			 COUNT(orders) - 6);
}

static void test_changes(void **state)
{
	const struct radius_stats *stats;
	unsigned int obeyed = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		uint8_t packet[RADIUS_LEN_MAX];
		struct bytes order =
			seal(RADIUS_COA_REQUEST, (uint8_t)i, changes[i].body, SECRET, packet);
		uint32_t cause;

		print_message("# %s\n", changes[i].name);
		w.asked = w.answers = 0;
		w.change_err = changes[i].err;
		give(order);
		assert_int_equal(w.answers, 1);
		assert_int_equal(answer_to(order, &cause),
				 changes[i].cause ? RADIUS_COA_NAK : RADIUS_COA_ACK);
		assert_int_equal(cause, changes[i].cause);
		assert_int_equal(w.asked, changes[i].asked != NULL);
		if (changes[i].asked)
			assert_string_equal(w.text, changes[i].asked);
		obeyed += !changes[i].cause;
	}
	stats = &radius_server_next(w.client, NULL)->stats;
	assert_int_equal(stats->changes, obeyed);
	assert_int_equal(stats->changes_refused, COUNT(changes) - obeyed);
	assert_int_equal(stats->disconnects + stats->disconnects_refused, 0);
}

/* Dropped without a word. */
static void test_dropped(void **state)
{
	static const struct {
		const char *name;
		enum radius_code code;
		const char *body;
		const char *secret;
		bool is_server;
	} cases[] = {
		{"no server of ours", RADIUS_DISCONNECT_REQUEST, ALICE, SECRET, false},
		{"another secret", RADIUS_DISCONNECT_REQUEST, ALICE, "secret", true},
		{"no Message-Authenticator", RADIUS_ACCOUNTING_REQUEST, ALICE, SECRET, true},
		{"301 seconds old", RADIUS_DISCONNECT_REQUEST, ALICE "3706000f4113", SECRET, true},
		{"301 seconds ahead", RADIUS_DISCONNECT_REQUEST, ALICE "3706000f436d", SECRET,
		 true},
		{"CoA of no server of ours", RADIUS_COA_REQUEST, ALICE RATE_UP, SECRET, false},
		{"CoA of another secret", RADIUS_COA_REQUEST, ALICE RATE_UP, "secret", true},
		{"CoA 301 seconds old", RADIUS_COA_REQUEST, ALICE RATE_UP "3706000f4113", SECRET,
		 true},
		{"an answer to a CoA", RADIUS_COA_ACK, ALICE RATE_UP, SECRET, true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t packet[RADIUS_LEN_MAX];
		struct bytes order =
			seal(cases[i].code, (uint8_t)i, cases[i].body, cases[i].secret, packet);

		print_message("# %s\n", cases[i].name);
		w.is_server = cases[i].is_server;
		give(order);
		assert_int_equal(w.answers, 0);
		assert_int_equal(w.asked, 0);
	}
}

/* Signed as accounting is: the code is ours to change, then its authenticator must be made anew. */
static void test_unsigned(void **state)
{
	/* Disconnect-Request, id 1, User-Name alice, MD5 with 16 zeros and the secret "xyzzy5461".
	 */
	static const char order[] = "2801001b 8c10cd39a44e0eef781ae0f2e038fe1a 0107616c696365";
	uint8_t packet[64];
	size_t len = unhex(order, packet);

	(void)state;
	give((struct bytes){packet, len});
	assert_int_equal(w.answers, 0);
	assert_int_equal(w.events, 1);
	assert_int_equal(radius_server_next(w.client, NULL)->stats.rx_bad_authenticator, 1);
}

static void test_garbage(void **state)
{
	uint8_t packet[64] = {RADIUS_DISCONNECT_REQUEST, 1, 0, 21};

	(void)state;
	for (size_t len = 0; len <= 22; len++)
		give((struct bytes){packet, len});
	assert_int_equal(w.answers, 0);
}

/* What comes again gets the same answer, and ends nothing twice (RFC 5176 2.3). */
static void test_repeated(void **state)
{
	uint8_t packet[RADIUS_LEN_MAX], first[RADIUS_LEN_MAX];
	struct bytes order = seal(RADIUS_DISCONNECT_REQUEST, 1, ALICE, SECRET, packet);
	size_t len;

	(void)state;
	give(order);
	len = w.answer_len;
	memcpy(first, w.answer, len);
	w.calls = 0;
	give(order);
	assert_int_equal(w.asked, 1);
	assert_int_equal(w.answers, 2);
	assert_int_equal(w.answer_len, len);
	assert_memory_equal(w.answer, first, len);
	/* The same words under another identifier are another order. */
	give(seal(RADIUS_DISCONNECT_REQUEST, 2, ALICE, SECRET, packet));
	assert_int_equal(w.asked, 2);
	/* So many are remembered. */
	for (uint8_t id = 3; id < 3 + RADIUS_ORDERS; id++)
		give(seal(RADIUS_DISCONNECT_REQUEST, id, ALICE, SECRET, packet));
	give(seal(RADIUS_DISCONNECT_REQUEST, 2, ALICE, SECRET, packet));
	assert_int_equal(w.asked, 3 + RADIUS_ORDERS);
}

static void test_change_repeated(void **state)
{
	uint8_t packet[RADIUS_LEN_MAX];
	struct bytes order = seal(RADIUS_COA_REQUEST, 1, ALICE RATE_UP, SECRET, packet);
	uint32_t cause;

	(void)state;
	give(order);
	w.change_err = -ENOENT;
	give(order);
	assert_int_equal(w.asked, 1);
	assert_int_equal(w.answers, 2);
	assert_int_equal(answer_to(order, &cause), RADIUS_COA_ACK);
}

static void test_proxy_state(void **state)
{
	uint8_t packet[RADIUS_LEN_MAX];
	struct radius_packet parsed;
	struct radius_walk walk;
	struct radius_value value;
	unsigned int n = 0;

	(void)state;
	give(seal(RADIUS_DISCONNECT_REQUEST, 1, ALICE "210361 21046263", SECRET, packet));
	assert_int_equal(radius_parse((struct bytes){w.answer, w.answer_len}, &parsed), 0);
	assert_int_equal(parsed.code, RADIUS_DISCONNECT_ACK);
	for (walk = radius_walk(parsed.attributes); radius_next(&walk, &value);) {
		if (value.attr != ATTR_PROXY_STATE)
			continue;
		assert_true(bytes_equal(value.value, bytes_str(n ? "bc" : "a")));
		n++;
	}
	assert_int_equal(n, 2);
}

/* All that can come back does: no order is obeyed that could not be answered. */
static void test_longest(void **state)
{
	static char body[2 * RADIUS_LEN_MAX];
	static const size_t lens[] = {RADIUS_LEN_MAX - 6, RADIUS_LEN_MAX - 5};

	(void)state;
	for (size_t i = 0; i < COUNT(lens); i++) {
		uint8_t packet[RADIUS_LEN_MAX];
		/* Behind header and Message-Authenticator. */
		size_t left = lens[i] - RADIUS_HEADER_LEN - 18;
		char *at = body;
		struct bytes order;

		while (left) {
			size_t len = left > 200 + 2 ? 200 : left;

			at += sprintf(at, "21%02zx%0*d", len, (int)(2 * (len - 2)), 0);
			left -= len;
		}
		order = seal(RADIUS_DISCONNECT_REQUEST, 1, body, SECRET, packet);
		assert_int_equal(order.len, lens[i]);
		give(order);
		assert_int_equal(w.answers, 1);
	}
}

#define WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD(test_orders),   WORLD(test_changes),	   WORLD(test_dropped),
		WORLD(test_unsigned), WORLD(test_change_repeated), WORLD(test_garbage),
		WORLD(test_repeated), WORLD(test_proxy_state),	   WORLD(test_longest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
