/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an Access-Accept says of tunnels (RFC 2868), and each way in which it can contradict itself:
 * the call is refused, with the attribute named.
 */
#include <errno.h>

#include "aaa/private.h"
#include "radius_kit.h"

#define SECRET bytes_str("xyzzy5461")

static const uint8_t request_authenticator[RADIUS_AUTHENTICATOR_LEN] = {1, 2, 3};

struct put {
	enum radius_attr attr; /* ATTR_MAX: the end */
	uint8_t tag;
	const char *text; /* NULL for a number */
	uint32_t number;
};

#define TEXT(attr, tag, text)      \
	{                          \
		attr, tag, text, 0 \
	}
#define NUMBER(attr, tag, number)       \
	{                               \
		attr, tag, NULL, number \
	}
#define END                          \
	{                            \
		ATTR_MAX, 0, NULL, 0 \
	}

static size_t build(const struct put *puts, uint8_t *body, size_t size)
{
	struct writer w = writer_init(body, size);

	for (; puts->attr != ATTR_MAX; puts++) {
		struct bytes text = bytes_str(puts->text);
		uint8_t salted[RADIUS_VALUE_MAX];

		if (puts->text && radius_rows[puts->attr].flags & RADIUS_SALTED) {
			int len = radius_salt(text, 77, SECRET, request_authenticator, salted);

			text = (struct bytes){salted, (size_t)len};
		}
		if (puts->text)
			radius_put(&w, puts->attr, puts->tag, text);
		else
			radius_put_number(&w, puts->attr, puts->tag, puts->number);
	}
	return written(&w).len;
}

static void read_code(enum radius_code code, const struct put *puts, const struct peer *base,
		      struct radius_answer *ret)
{
	uint8_t body[RADIUS_BODY_MAX], bytes[RADIUS_LEN_MAX];
	struct bytes attributes = {body, build(puts, body, sizeof(body))};
	struct writer w = writer_init(bytes, sizeof(bytes));
	struct radius_packet packet;

	assert_int_equal(radius_seal_answer(&w, code, 1, SECRET, attributes, request_authenticator),
			 0);
	assert_int_equal(radius_parse(written(&w), &packet), 0);
	assert_int_equal(radius_check_answer(&packet, SECRET, request_authenticator, true), 0);
	radius_read_answer(&packet, SECRET, request_authenticator, base, ret);
}

static void read_accept(const struct put *puts, const struct peer *base, struct radius_answer *ret)
{
	read_code(RADIUS_ACCESS_ACCEPT, puts, base, ret);
}

static void test_no_tunnel(void **state)
{
	static const struct put puts[] = {
		NUMBER(ATTR_SERVICE_TYPE, 0, 2),
		NUMBER(ATTR_FRAMED_PROTOCOL, 0, 1),
		TEXT(ATTR_USER_NAME, 0, "canonical"),
		TEXT(ATTR_REPLY_MESSAGE, 0, "hello "),
		TEXT(ATTR_REPLY_MESSAGE, 0, "you"),
		TEXT(ATTR_CLASS, 0, "gold"),
		TEXT(ATTR_CLASS, 0, "x"),
		NUMBER(ATTR_SESSION_TIMEOUT, 0, 3600),
		NUMBER(ATTR_ACCT_INTERIM_INTERVAL, 0, 60),
		NUMBER(ATTR_ERX_TX_CONNECT_SPEED, 0, 100000),
		NUMBER(ATTR_ERX_RX_CONNECT_SPEED, 0, 40000),
		END,
	};
	struct radius_answer answer;

	(void)state;
	read_accept(puts, NULL, &answer);
	assert_int_equal(answer.err, 0);
	assert_true(answer.accepted);
	assert_null(answer.set);
	assert_string_equal(answer.user, "canonical");
	assert_string_equal(answer.message, "hello you");
	assert_int_equal(answer.class_len, 9);
	assert_memory_equal(answer.class, "\x19\x06gold\x19\x03x", 9);
	assert_int_equal(answer.session_timeout, 3600);
	assert_int_equal(answer.interim, 60);
	assert_int_equal(answer.tx_connect_speed, 100000);
	assert_int_equal(answer.rx_connect_speed, 40000);
}

static struct peer *base_peer(void)
{
	struct peer *base = peer_new("base");

	assert_non_null(base);
	base->local_name = strdup("our-name");
	base->secret = strdup("our-secret");
	base->max_tunnels = 7;
	base->hide = HIDE_SENSITIVE;
	return base;
}

/* Two tunnels with all that they may have, and defaults without a tag. */
static void test_tunnels(void **state)
{
	static const struct put puts[] = {
		NUMBER(ATTR_SERVICE_TYPE, 0, 5),
		NUMBER(ATTR_TUNNEL_TYPE, 0, 3),
		NUMBER(ATTR_TUNNEL_MEDIUM_TYPE, 0, 1),
		TEXT(ATTR_TUNNEL_PASSWORD, 0, "common"),
		NUMBER(ATTR_ERX_TUNNEL_MAX_SESSIONS, 0, 50),
		NUMBER(ATTR_ERX_RECEIVE_WINDOW, 0, 8),
		NUMBER(ATTR_ERX_TUNNEL_TOS, 0, 0xb8),
		TEXT(ATTR_TUNNEL_SERVER_ENDPOINT, 9, "192.0.2.9"),
		NUMBER(ATTR_TUNNEL_PREFERENCE, 9, 20),
		TEXT(ATTR_TUNNEL_SERVER_ENDPOINT, 2, "lns.example.net"),
		TEXT(ATTR_TUNNEL_CLIENT_ENDPOINT, 2, "192.0.2.1"),
		TEXT(ATTR_TUNNEL_PASSWORD, 2, "its own"),
		TEXT(ATTR_TUNNEL_PRIVATE_GROUP_ID, 2, "red"),
		TEXT(ATTR_TUNNEL_ASSIGNMENT_ID, 2, "one"),
		TEXT(ATTR_TUNNEL_CLIENT_AUTH_ID, 2, "lac"),
		TEXT(ATTR_TUNNEL_SERVER_AUTH_ID, 2, "lns"),
		NUMBER(ATTR_TUNNEL_PREFERENCE, 2, 0xffffff),
		END,
	};
	struct peer *base = base_peer();
	const struct steer_tunnel *t;
	struct radius_answer answer;

	(void)state;
	read_accept(puts, base, &answer);
	assert_int_equal(answer.err, 0);
	assert_non_null(answer.set);
	assert_int_equal(answer.set->n, 2);
	t = &answer.set->tunnels[0];
	assert_int_equal(t->tag, 9);
	assert_string_equal(t->server, "192.0.2.9");
	assert_string_equal(t->name, "192.0.2.9");
	assert_int_equal(t->client.family, ADDR_NONE);
	assert_null(t->assignment_id);
	assert_null(t->private_group);
	assert_int_equal(t->preference, 20);
	assert_int_equal(t->max_sessions_per_tunnel, 50);
	assert_string_equal(t->peer->secret, "common");
	assert_string_equal(t->peer->local_name, "our-name");
	assert_null(t->peer->host_name);
	assert_int_equal(t->peer->transport.window, 8);
	assert_int_equal(t->peer->dscp, 46);
	assert_int_equal(t->peer->max_tunnels, 7);
	assert_int_equal(t->peer->hide, HIDE_SENSITIVE);
	assert_int_equal(t->peer->challenge, CHALLENGE_REQUIRE);
	t = &answer.set->tunnels[1];
	assert_int_equal(t->tag, 2);
	assert_string_equal(t->server, "lns.example.net");
	assert_int_equal(t->client.family, ADDR_IPV4);
	assert_string_equal(t->assignment_id, "one");
	assert_string_equal(t->private_group, "red");
	assert_int_equal(t->preference, 0xffffff);
	assert_string_equal(t->peer->secret, "its own");
	assert_string_equal(t->peer->local_name, "lac");
	assert_string_equal(t->peer->host_name, "lns");
	steer_set_unref(answer.set);
	assert_int_equal(base->refs, 1);
	peer_unref(base);
}

/* What has no tag is a tunnel itself where there is no other; without a secret none is used. */
static void test_untagged(void **state)
{
	static const struct put puts[] = {
		NUMBER(ATTR_TUNNEL_TYPE, 0, 3),
		TEXT(ATTR_TUNNEL_SERVER_ENDPOINT, 0, "2001:db8::1"),
		NUMBER(ATTR_TUNNEL_MEDIUM_TYPE, 0, 2),
		END,
	};
	struct radius_answer answer;

	(void)state;
	read_accept(puts, NULL, &answer);
	assert_int_equal(answer.err, 0);
	assert_int_equal(answer.set->n, 1);
	assert_int_equal(answer.set->tunnels[0].tag, 0);
	assert_null(answer.set->tunnels[0].peer->secret);
	assert_int_equal(answer.set->tunnels[0].peer->challenge, CHALLENGE_NEVER);
	steer_set_unref(answer.set);
}

static void test_erx_password(void **state)
{
	static const struct put puts[] = {
		NUMBER(ATTR_TUNNEL_TYPE, 1, 3),
		TEXT(ATTR_TUNNEL_SERVER_ENDPOINT, 1, "192.0.2.1"),
		TEXT(ATTR_ERX_TUNNEL_PASSWORD, 1, "in clear"),
		END,
	};
	struct radius_answer answer;

	(void)state;
	read_accept(puts, NULL, &answer);
	assert_int_equal(answer.err, 0);
	assert_string_equal(answer.set->tunnels[0].peer->secret, "in clear");
	steer_set_unref(answer.set);
}

static void test_group(void **state)
{
	static const struct put puts[] = {
		NUMBER(ATTR_SERVICE_TYPE, 0, 5),
		TEXT(ATTR_ERX_TUNNEL_GROUP, 0, "wholesale"),
		END,
	};
	struct radius_answer answer;

	(void)state;
	read_accept(puts, NULL, &answer);
	assert_int_equal(answer.err, 0);
	assert_string_equal(answer.domain, "wholesale");
	assert_null(answer.set);
}

/* All 31 of them, at 8 levels; a ninth is one too many. */
static void test_most(void **state)
{
	static struct put puts[4 * 31 + 1];
	struct radius_answer answer;

	(void)state;
	for (uint8_t i = 0; i < 31; i++) {
		uint8_t tag = (uint8_t)(i + 1);

		puts[3 * i] = (struct put)NUMBER(ATTR_TUNNEL_TYPE, tag, 3);
		puts[3 * i + 1] = (struct put)TEXT(ATTR_TUNNEL_SERVER_ENDPOINT, tag, "192.0.2.1");
		puts[3 * i + 2] = (struct put)NUMBER(ATTR_TUNNEL_PREFERENCE, tag, i % 8);
	}
	puts[3 * 31] = (struct put)END;
	read_accept(puts, NULL, &answer);
	assert_int_equal(answer.err, 0);
	assert_int_equal(answer.set->n, 31);
	steer_set_unref(answer.set);
	puts[2].number = 8;
	read_accept(puts, NULL, &answer);
	assert_int_equal(answer.err, -EBADMSG);
	assert_null(answer.set);
	assert_string_equal(answer.why, "Tunnel-Preference: 9 that differ, more than 8");
}

#define L2TP(tag) NUMBER(ATTR_TUNNEL_TYPE, tag, 3)
#define AT(tag) TEXT(ATTR_TUNNEL_SERVER_ENDPOINT, tag, "192.0.2.1")

static const struct {
	struct put puts[6];
	const char *why;
} contradictions[] = {
	{{L2TP(1), END}, "Tunnel-Server-Endpoint of tag 1: it is missing"},
	{{L2TP(1), AT(2), END}, "Tunnel-Server-Endpoint of tag 1: it is missing"},
	{{L2TP(0), END}, "Tunnel-Server-Endpoint: it is missing"},
	{{AT(1), END}, "Tunnel-Type of tag 1: it is missing"},
	{{NUMBER(ATTR_TUNNEL_TYPE, 1, 1), AT(1), END}, "Tunnel-Type of tag 1: 1 is not L2TP (3)"},
	{{NUMBER(ATTR_TUNNEL_TYPE, 1, 13), AT(1), END}, "Tunnel-Type of tag 1: 13 is not L2TP (3)"},
	{{L2TP(1), AT(1), NUMBER(ATTR_TUNNEL_MEDIUM_TYPE, 1, 3), END},
	 "Tunnel-Medium-Type of tag 1: 3 is not IPv4 (1) or IPv6 (2)"},
	{{L2TP(1), AT(1), NUMBER(ATTR_TUNNEL_MEDIUM_TYPE, 1, 2), END},
	 "Tunnel-Server-Endpoint of tag 1: it does not fit Tunnel-Medium-Type"},
	{{L2TP(1), TEXT(ATTR_TUNNEL_SERVER_ENDPOINT, 1, "2001:db8::1"),
	  NUMBER(ATTR_TUNNEL_MEDIUM_TYPE, 1, 1), END},
	 "Tunnel-Server-Endpoint of tag 1: it does not fit Tunnel-Medium-Type"},
	{{L2TP(1), TEXT(ATTR_TUNNEL_SERVER_ENDPOINT, 1, "192.0.2.1 lns"), END},
	 "Tunnel-Server-Endpoint of tag 1: neither address nor host name"},
	{{L2TP(1), AT(1), TEXT(ATTR_TUNNEL_CLIENT_ENDPOINT, 1, "lac.example.net"), END},
	 "Tunnel-Client-Endpoint of tag 1: not an address"},
	{{L2TP(1), AT(1), TEXT(ATTR_TUNNEL_CLIENT_ENDPOINT, 1, "2001:db8::1"), END},
	 "Tunnel-Client-Endpoint of tag 1: it does not fit Tunnel-Server-Endpoint"},
	{{L2TP(1), TEXT(ATTR_TUNNEL_SERVER_ENDPOINT, 1, "lns"),
	  NUMBER(ATTR_TUNNEL_MEDIUM_TYPE, 1, 2), TEXT(ATTR_TUNNEL_CLIENT_ENDPOINT, 1, "192.0.2.2"),
	  END},
	 "Tunnel-Client-Endpoint of tag 1: it does not fit Tunnel-Medium-Type"},
	{{L2TP(1), AT(1), AT(1), END}, "Tunnel-Server-Endpoint of tag 1: it is there twice"},
	{{L2TP(1), AT(1), TEXT(ATTR_TUNNEL_PASSWORD, 1, "a"),
	  TEXT(ATTR_ERX_TUNNEL_PASSWORD, 1, "b"), END},
	 "ERX-Tunnel-Password of tag 1: it is there twice"},
	{{L2TP(1), AT(1), TEXT(ATTR_TUNNEL_PASSWORD, 1, ""), END},
	 "Tunnel-Password of tag 1: it is empty"},
	{{L2TP(1), AT(1), TEXT(ATTR_ERX_TUNNEL_VIRTUAL_ROUTER, 1, "red"), END},
	 "ERX-Tunnel-Virtual-Router of tag 1: virtual routers are not supported"},
	{{L2TP(1), AT(1), NUMBER(ATTR_ERX_TUNNEL_TOS, 0, 256), END},
	 "ERX-Tunnel-Tos of tag 1: 256 is more than an octet"},
	{{L2TP(1), AT(1), NUMBER(ATTR_ERX_RECEIVE_WINDOW, 0, 0), END},
	 "ERX-L2tp-Recv-Window-Size of tag 1: 0 is not of 1 to 1024"},
	{{L2TP(1), AT(1), NUMBER(ATTR_ERX_RECEIVE_WINDOW, 0, 1025), END},
	 "ERX-L2tp-Recv-Window-Size of tag 1: 1025 is not of 1 to 1024"},
	{{L2TP(1), AT(1), TEXT(ATTR_ERX_TUNNEL_GROUP, 0, "group"), END},
	 "ERX-Tunnel-Group: it is there beside tunnel attributes"},
	{{NUMBER(ATTR_SERVICE_TYPE, 0, 5), END},
	 "Service-Type: Outbound, and no tunnel to go out by"},
	{{NUMBER(ATTR_SERVICE_TYPE, 0, 6), END},
	 "Service-Type: neither Framed (2) nor Outbound (5)"},
	{{NUMBER(ATTR_FRAMED_PROTOCOL, 0, 2), END}, "Framed-Protocol: not PPP (1)"},
	{{NUMBER(ATTR_ACCT_INTERIM_INTERVAL, 0, 59), END}, "Acct-Interim-Interval: less than 60 s"},
};

static void test_contradictions(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(contradictions); i++) {
		struct radius_answer answer;

		read_accept(contradictions[i].puts, NULL, &answer);
		assert_string_equal(answer.why, contradictions[i].why);
		assert_int_equal(answer.err, -EBADMSG);
		assert_false(answer.accepted);
		assert_null(answer.set);
	}
}

/* What our writer does not write. */
static const struct {
	const char *body;
	const char *why;
} malformed[] = {
	{"4006 20000003", "Tunnel-Type: its tag is not of 1 to 31"},
	{"5306 ff000003", "Tunnel-Preference: its tag is not of 1 to 31"},
	{"5305 010003", "Tunnel-Preference: it is too short"},
	{"4303 01", "Tunnel-Server-Endpoint: it is too short"},
	{"4305 016100", "Tunnel-Server-Endpoint: there is a NUL in it"},
	{"1b05 000003", "Session-Timeout: it is too short"},
	{"1a0a 0000130a 4005 6162",
	 "Vendor-Specific: the inside of a Vendor-Specific does not fit"},
	{"4006 01000003 4306 01616263 4516 01 8001 000102030405060708090a0b0c0d0e0f 10",
	 "Tunnel-Password of tag 1: it does not decrypt, perhaps the secrets differ"},
	{"4006 01000003 4306 01616263 4515 01 8001 000102030405060708090a0b0c0d0e0f",
	 "Tunnel-Password of tag 1: it does not decrypt, perhaps the secrets differ"},
};

static void read_hex(enum radius_code code, const char *body, struct radius_answer *ret)
{
	uint8_t bytes[128] = {(uint8_t)code}, *exact;
	size_t len = RADIUS_HEADER_LEN + unhex(body, bytes + RADIUS_HEADER_LEN);
	struct radius_packet packet;

	bytes[3] = (uint8_t)len;
	/* So that the sanitizers see an octet too much. */
	exact = malloc(len);
	assert_non_null(exact);
	memcpy(exact, bytes, len);
	assert_int_equal(radius_parse((struct bytes){exact, len}, &packet), 0);
	radius_read_answer(&packet, SECRET, request_authenticator, NULL, ret);
	free(exact);
}

static void test_malformed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(malformed); i++) {
		struct radius_answer answer;

		read_hex(RADIUS_ACCESS_ACCEPT, malformed[i].body, &answer);
		assert_string_equal(answer.why, malformed[i].why);
		assert_int_equal(answer.err, -EBADMSG);
		assert_null(answer.set);
	}
}

/* A no with something in it that is not well-formed: an MS-CHAP-Error without its identifier. */
static void test_malformed_refusal(void **state)
{
	struct radius_answer answer;

	(void)state;
	read_hex(RADIUS_ACCESS_REJECT, "1a08 00000137 0202", &answer);
	assert_int_equal(answer.err, 0);
	assert_false(answer.accepted);
	assert_string_equal(answer.why, "rejected");
	assert_string_equal(answer.message, "");
}

static void test_class_too_long(void **state)
{
	static struct put puts[] = {TEXT(ATTR_CLASS, 0, NULL), TEXT(ATTR_CLASS, 0, NULL),
				    TEXT(ATTR_CLASS, 0, "1"), END};
	static char longest[254];
	struct radius_answer answer;

	(void)state;
	memset(longest, 'c', 253);
	puts[0].text = puts[1].text = longest;
	puts[2].attr = ATTR_MAX;
	read_accept(puts, NULL, &answer);
	assert_int_equal(answer.err, 0);
	assert_int_equal(answer.class_len, 510);
	puts[2].attr = ATTR_CLASS;
	read_accept(puts, NULL, &answer);
	assert_string_equal(answer.why, "Class: more of it than 512 octets");
}

static const struct {
	enum radius_code code;
	struct put puts[4];
	const char *why;
	const char *message;
} refusals[] = {
	{RADIUS_ACCESS_REJECT, {END}, "rejected", ""},
	{RADIUS_ACCESS_REJECT,
	 {TEXT(ATTR_REPLY_MESSAGE, 0, "go\naway"), END},
	 "rejected: go away",
	 "go away"},
	{RADIUS_ACCESS_REJECT,
	 {TEXT(ATTR_MS_CHAP_ERROR, 0,
	       "\x01"
	       "E=691 R=0"),
	  TEXT(ATTR_REPLY_MESSAGE, 0, "no"), END},
	 "rejected: E=691 R=0",
	 "E=691 R=0"},
	{RADIUS_ACCESS_CHALLENGE,
	 {TEXT(ATTR_REPLY_MESSAGE, 0, "say more"), END},
	 "challenged: say more",
	 "say more"},
};

static void test_refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refusals); i++) {
		struct radius_answer answer;

		read_code(refusals[i].code, refusals[i].puts, NULL, &answer);
		assert_int_equal(answer.err, 0);
		assert_false(answer.accepted);
		assert_string_equal(answer.why, refusals[i].why);
		assert_string_equal(answer.message, refusals[i].message);
	}
}

static void test_ms_chap(void **state)
{
	static const struct put puts[] = {
		TEXT(ATTR_MS_CHAP2_SUCCESS, 0, "\x01S=0123456789ABCDEF0123456789ABCDEF01234567"),
		TEXT(ATTR_REPLY_MESSAGE, 0, "welcome"),
		END,
	};
	struct radius_answer answer;

	(void)state;
	read_accept(puts, NULL, &answer);
	assert_true(answer.accepted);
	assert_string_equal(answer.message, "S=0123456789ABCDEF0123456789ABCDEF01234567");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_tunnel),      cmocka_unit_test(test_tunnels),
		cmocka_unit_test(test_untagged),       cmocka_unit_test(test_erx_password),
		cmocka_unit_test(test_group),	       cmocka_unit_test(test_most),
		cmocka_unit_test(test_contradictions), cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_class_too_long), cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_ms_chap),	       cmocka_unit_test(test_malformed_refusal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
