/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * LCP: what is answered to which options, what we ask for and what comes of a refusal, echoes,
 * loops, rejects. Options are written in hex, packets are without the protocol number.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/list.h"
#include "ppp/lcp.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define START (3600 * USEC_PER_SEC)

struct rig {
	struct lcp lcp;
	struct timer_queue timers;
	usec_t now;
	uint8_t random;
	/* The packets that were sent, in hex, and what was called. */
	char events[4096];
};

static struct rig *rig_of(struct lcp *lcp)
{
	return container_of(lcp, struct rig, lcp);
}

static void event(struct rig *rig, const char *text)
{
	size_t used = strlen(rig->events);

	assert_true(used + strlen(text) + 2 < sizeof(rig->events));
	snprintf(rig->events + used, sizeof(rig->events) - used, "%s%s", used ? " " : "", text);
}

/* 01010101, 02020202, ... */
static void on_random(struct lcp *lcp, void *data, size_t len)
{
	memset(data, ++rig_of(lcp)->random, len);
}

static void on_send(struct lcp *lcp, struct bytes frame)
{
	char text[2048];
	size_t used = 0;

	assert_true(frame.len >= 6 && frame.len < 1000);
	assert_int_equal(frame.data[0] << 8 | frame.data[1], 0xc021);
	assert_int_equal(frame.data[4] << 8 | frame.data[5], frame.len - 2);
	/* Code and data; identifiers are the automaton's. */
	used += (size_t)snprintf(text, sizeof(text), "%u", frame.data[2]);
	if (frame.len > 6)
		used += (size_t)snprintf(text + used, sizeof(text) - used, ":");
	for (size_t i = 6; i < frame.len; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%02x", frame.data[i]);
	event(rig_of(lcp), text);
}

static void on_up(struct lcp *lcp, usec_t now)
{
	(void)now;
	event(rig_of(lcp), "up");
}

static void on_down(struct lcp *lcp, usec_t now)
{
	(void)now;
	event(rig_of(lcp), "down");
}

static void on_failed(struct lcp *lcp, enum lcp_failure why, struct bytes text, usec_t now)
{
	static const char *const names[] = {"looped", "no-auth", "rejected", "terminated"};

	(void)text;
	event(rig_of(lcp), names[why]);
	if (why != LCP_TERMINATED && why != LCP_REJECTED)
		lcp_close(lcp, "bye", now);
}

static void on_finished(struct lcp *lcp, usec_t now)
{
	(void)now;
	event(rig_of(lcp), "finished");
}

static const struct lcp_ops ops = {
	.random = on_random,
	.send = on_send,
	.up = on_up,
	.down = on_down,
	.failed = on_failed,
	.finished = on_finished,
};

static const enum ppp_auth auths[] = {PPP_AUTH_MSCHAP_V2, PPP_AUTH_CHAP, PPP_AUTH_PAP};

static struct rig *rig_new(uint16_t mtu)
{
	const struct lcp_settings settings = {
		.counts = {3 * USEC_PER_SEC, 10, 2, 2},
		.mru = 1500,
		.mtu = mtu,
		.auths = auths,
		.n_auths = ARRAY_SIZE(auths),
	};
	struct rig *rig = calloc(1, sizeof(*rig));

	assert_non_null(rig);
	timer_queue_init(&rig->timers);
	rig->now = START;
	assert_int_equal(lcp_init(&rig->lcp, &ops, &settings, &rig->timers), 0);
	lcp_start(&rig->lcp, rig->now);
	return rig;
}

static void rig_free(struct rig *rig)
{
	lcp_fini(&rig->lcp);
	assert_int_equal(rig->timers.count + rig->timers.parked, 0);
	timer_queue_fini(&rig->timers);
	free(rig);
}

static size_t from_hex(const char *text, uint8_t *ret, size_t size)
{
	size_t len = 0;
	unsigned int octet;

	for (; sscanf(text, "%2x", &octet) == 1; text += 2) {
		assert_true(len < size);
		ret[len++] = (uint8_t)octet;
	}
	return len;
}

static void input(struct rig *rig, uint8_t code, uint8_t id, const char *hex)
{
	uint8_t packet[1024];
	size_t len = 4 + from_hex(hex, packet + 4, sizeof(packet) - 4);
	uint8_t *exact = malloc(len);

	assert_non_null(exact);
	packet[0] = code;
	packet[1] = id;
	packet[2] = (uint8_t)(len >> 8);
	packet[3] = (uint8_t)len;
	memcpy(exact, packet, len);
	lcp_input(&rig->lcp, (struct bytes){exact, len}, rig->now);
	free(exact);
}

#define assert_events(rig, text)                          \
	do {                                              \
		assert_string_equal((rig)->events, text); \
		(rig)->events[0] = '\0';                  \
	} while (0)

#define FIRST "1:010405d40305c22381050601010101"

static void test_judged(void **state)
{
	static const struct {
		uint16_t mtu;
		const char *options, *answer;
	} cases[] = {
		{1492, "", "2"},
		/* MRU: RFC 2516 section 7, RFC 4638 5.1. */
		{1492, "010405d4", "2:010405d4"},
		{1492, "010405dc", "3:010405d4"},
		{1500, "010405dc", "2:010405dc"},
		{1492, "01040000", "3:01040080"},
		{1492, "01040080", "2:01040080"},
		{1492, "0103ff", "3:010405d4"},
		{1492, "0102", "3:010405d4"},
		/* Magic number: zero, wrong length, ours. */
		{1492, "0506deadbeef", "2:0506deadbeef"},
		{1492, "050600000000", "3:050602020202"},
		{1492, "0503aa", "3:050602020202"},
		{1492, "050601010101", "3:050602020202"},
		{1492, "0305c22305050601010101", "3:050602020202"},
		/* RFC 2516 section 7, and what is not ours to agree to. */
		{1492, "020600000000", "4:020600000000"},
		{1492, "0702", "4:0702"},
		{1492, "0802", "4:0802"},
		{1492, "090307", "4:090307"},
		{1492, "0304c023", "4:0304c023"},
		{1492, "0408c02500000000", "4:0408c02500000000"},
		{1492, "0d0306", "4:0d0306"},
		{1492, "110405dc1202130304", "4:110405dc1202130304"},
		{1492, "17040001", "4:17040001"},
		{1492, "ff021402", "4:ff021402"},
		{1492, "0002", "4:0002"},
		/* A Reject has only what is rejected, a Nak waits for the next time. */
		{1492, "010405dc020600000000050600000000", "4:020600000000"},
		{1492, "010405dc050600000000", "3:010405d4050602020202"},
		{1492, "010405d4050612345678", "2:010405d4050612345678"},
		/* Twice the same. */
		{1492, "010405d4010405d4", "4:010405d4"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rig *rig = rig_new(cases[i].mtu);

		rig->events[0] = '\0';
		input(rig, PPP_CONFIGURE_REQUEST, 1, cases[i].options);
		if (strcmp(rig->events, cases[i].answer) != 0)
			fail_msg("\"%s\" is answered %s", cases[i].options, rig->events);
		rig_free(rig);
	}
}

/* RFC 1661 4.6: in the end what would be a Nak is a Reject. */
static void test_max_failure(void **state)
{
	struct rig *rig = rig_new(1492);

	(void)state;
	assert_events(rig, FIRST);
	for (uint8_t i = 1; i <= 3; i++)
		input(rig, PPP_CONFIGURE_REQUEST, i, "010405dc");
	assert_events(rig, "3:010405d4 3:010405d4 4:010405dc");
	input(rig, PPP_CONFIGURE_REQUEST, 4, "");
	input(rig, PPP_CONFIGURE_REQUEST, 5, "010405dc");
	assert_events(rig, "2 3:010405d4");
	rig_free(rig);
}

static void test_refused(void **state)
{
	/* Answers to our requests, one after the other, and the request that follows each. */
	static const struct {
		struct {
			uint8_t code;
			const char *options;
		} steps[4];
		const char *events;
	} cases[] = {
		/* The peer names one; it has none of those before it; it does not say. */
		{{{3, "0304c023"}}, "1:010405d40304c023050601010101"},
		{{{3, "0305c22305"}}, "1:010405d40305c22305050601010101"},
		{{{3, "0304c227"}}, "1:010405d40305c22305050601010101"},
		{{{3, "0305c22380"}}, "1:010405d40305c22305050601010101"},
		{{{4, "0305c22381"}}, "1:010405d40305c22305050601010101"},
		{{{3, "0304c023"}, {4, "0304c023"}},
		 "1:010405d40304c023050601010101 1:010405d40305c22305050601010101"},
		/* Not the one again that it refused. */
		{{{3, "0305c22305"}, {3, "0305c22381"}},
		 "1:010405d40305c22305050601010101 1:010405d40304c023050601010101"},
		{{{4, "0305c22381"}, {4, "0305c22305"}, {4, "0304c023"}},
		 "1:010405d40305c22305050601010101 1:010405d40304c023050601010101 "
		 "no-auth 5:627965"},
		/* MRU: within limits, beyond them, rejected. */
		{{{3, "01040578"}}, "1:010405780305c22381050601010101"},
		{{{3, "010405dc"}}, "1:010405d40305c22381050601010101"},
		{{{3, "01040001"}}, "1:010405d40305c22381050601010101"},
		{{{3, "010301"}}, "1:010405d40305c22381050601010101"},
		{{{4, "010405d4"}}, "1:0305c22381050601010101"},
		{{{4, "050601010101"}}, "1:010405d40305c22381"},
		{{{3, "050612345678"}}, "1:010405d40305c22381050602020202"},
		/* What was never asked for. */
		{{{3, "0702"}}, FIRST},
		{{{4, "010405d40305c22381050601010101"}}, "1:0305c22305"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rig *rig = rig_new(1492);

		assert_events(rig, FIRST);
		for (size_t k = 0; k < 4 && cases[i].steps[k].code; k++)
			input(rig, cases[i].steps[k].code, rig->lcp.fsm.request_id,
			      cases[i].steps[k].options);
		if (strcmp(rig->events, cases[i].events) != 0)
			fail_msg("case %zu: %s", i, rig->events);
		rig_free(rig);
	}
}

static struct rig *rig_opened(void)
{
	struct rig *rig = rig_new(1492);

	input(rig, PPP_CONFIGURE_ACK, rig->lcp.fsm.request_id, "010405d40305c22381050601010101");
	input(rig, PPP_CONFIGURE_REQUEST, 1, "01040100050612345678");
	assert_events(rig, FIRST " 2:01040100050612345678 up");
	return rig;
}

static void test_codes(void **state)
{
	static const struct {
		uint8_t code;
		const char *data, *events;
	} cases[] = {
		{PPP_ECHO_REQUEST, "12345678aabb", "10:01010101aabb"},
		{PPP_ECHO_REQUEST, "00000000", "10:01010101"},
		/* Ours, that came back; and too short for a magic number. */
		{PPP_ECHO_REQUEST, "01010101aabb", ""},
		{PPP_ECHO_REQUEST, "123456", ""},
		{PPP_ECHO_REPLY, "12345678", ""},
		{PPP_DISCARD_REQUEST, "12345678aa", ""},
		{PPP_PROTOCOL_REJECT, "80210101", ""},
		{PPP_PROTOCOL_REJECT, "80", ""},
		{PPP_PROTOCOL_REJECT, "c0210101", "down 5 rejected"},
		{PPP_PROTOCOL_REJECT, "c2230101", "no-auth down 5:627965"},
		{PPP_PROTOCOL_REJECT, "c0230101", ""},
		{PPP_CODE_REJECT, "0c010004", ""},
		{PPP_CODE_REJECT, "01010004", "down 5 rejected"},
		{12, "12345678", "7:0c07000812345678"},
		{PPP_TERMINATE_REQUEST, "41", "down 6 terminated"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rig *rig = rig_opened();

		input(rig, cases[i].code, 7, cases[i].data);
		if (strcmp(rig->events, cases[i].events) != 0)
			fail_msg("case %zu: %s", i, rig->events);
		rig_free(rig);
	}
}

/* What we hear is what we say: five rounds are enough to be sure. */
static void test_loop(void **state)
{
	struct rig *rig = rig_new(1492);

	(void)state;
	for (unsigned int i = 0; i < 20 && rig->lcp.fsm.state == PPP_REQ_SENT; i++) {
		char request[64] = "", nak[32];
		size_t used = 0;

		for (size_t k = 0; k < rig->lcp.fsm.request_len; k++)
			used += (size_t)snprintf(request + used, sizeof(request) - used, "%02x",
						 rig->lcp.fsm.request[k]);
		rig->events[0] = '\0';
		input(rig, PPP_CONFIGURE_REQUEST, rig->lcp.fsm.request_id, request);
		assert_int_equal(rig->events[0], '3');
		snprintf(nak, sizeof(nak), "%s", rig->events + 2);
		rig->events[0] = '\0';
		input(rig, PPP_CONFIGURE_NAK, rig->lcp.fsm.request_id, nak);
		if (i < LCP_LOOPS_MAX - 1)
			assert_int_equal(rig->events[0], '1');
		else
			assert_events(rig, "looped 5:627965");
	}
	assert_int_equal(rig->lcp.fsm.state, PPP_CLOSING);
	rig_free(rig);
}

/* A frame that is too long for the peer is cut (RFC 1661 5.7), and one a second is enough. */
static void test_protocol_reject(void **state)
{
	static const uint8_t frame[600] = {0xc0, 0x99, 1, 2};
	struct rig *rig = rig_opened();

	(void)state;
	lcp_protocol_reject(&rig->lcp, (struct bytes){frame, sizeof(frame)}, rig->now);
	assert_memory_equal(rig->events, "8:c0990102", 10);
	assert_int_equal(strlen(rig->events), 2 + 2 * (256 - 4));
	rig->events[0] = '\0';
	lcp_protocol_reject(&rig->lcp, (struct bytes){frame, 4}, rig->now + USEC_PER_SEC - 1);
	assert_events(rig, "");
	lcp_protocol_reject(&rig->lcp, (struct bytes){frame, 4}, rig->now + USEC_PER_SEC);
	assert_events(rig, "8:c0990102");
	lcp_close(&rig->lcp, NULL, rig->now);
	assert_events(rig, "down 5");
	lcp_protocol_reject(&rig->lcp, (struct bytes){frame, 4}, rig->now + 3 * USEC_PER_SEC);
	assert_events(rig, "");
	rig_free(rig);
}

static void test_echo_is_cut(void **state)
{
	struct rig *rig = rig_opened();
	char data[601];

	(void)state;
	memset(data, '1', sizeof(data) - 1);
	data[sizeof(data) - 1] = '\0';
	input(rig, PPP_ECHO_REQUEST, 1, data);
	/* 300 octets came, it takes 256. */
	assert_memory_equal(rig->events, "10:010101011111", 15);
	assert_int_equal(strlen(rig->events), 3 + 2 * (256 - 4));
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judged),	    cmocka_unit_test(test_max_failure),
		cmocka_unit_test(test_refused),	    cmocka_unit_test(test_codes),
		cmocka_unit_test(test_loop),	    cmocka_unit_test(test_protocol_reject),
		cmocka_unit_test(test_echo_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
