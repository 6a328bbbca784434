/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A LAC's part of PPP against a scripted caller, in virtual time: LCP, PAP, CHAP and MS-CHAPv2,
 * what ICCN is told, renegotiation, hanging up, limits. Frames are hex from the protocol number on.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "ppp/proxy.h"
#include "wire/result.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define START (3600 * USEC_PER_SEC)

struct rig {
	/* By itself on the heap, so that a checker sees who touches it when it is gone. */
	struct ppp_proxy *proxy;
	struct ppp_proxy_settings settings;
	struct timer_queue timers;
	usec_t now;
	uint8_t random;
	bool frees; /* authenticating() and down() do */
	bool inside;
	struct reason reason;
	char events[8192];
};

static void event(struct rig *rig, const char *text)
{
	size_t used = strlen(rig->events);

	assert_true(used + strlen(text) + 2 < sizeof(rig->events));
	snprintf(rig->events + used, sizeof(rig->events) - used, "%s%s", used ? " " : "", text);
}

static void on_random(void *user, void *data, size_t len)
{
	memset(data, ++((struct rig *)user)->random, len);
}

static void on_send(void *user, struct bytes frame)
{
	char text[1024];
	size_t used = 0;

	assert_true(frame.len >= 6 && frame.len < 500);
	for (size_t i = 0; i < frame.len; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%02x", frame.data[i]);
	event(user, text);
}

/* Never from inside a call of ours. */
static void noticed(struct rig *rig, const char *what)
{
	assert_false(rig->inside);
	event(rig, what);
	if (!rig->frees)
		return;
	ppp_proxy_free(rig->proxy);
	rig->proxy = NULL;
}

static void on_authenticating(void *user, usec_t now)
{
	assert_int_equal(now, ((struct rig *)user)->now);
	noticed(user, "authenticating");
}

static void on_restarted(void *user, usec_t now)
{
	(void)now;
	noticed(user, "restarted");
}

static void on_down(void *user, const struct reason *reason, usec_t now)
{
	(void)now;
	((struct rig *)user)->reason = *reason;
	noticed(user, "down");
}

static const struct ppp_proxy_ops ops = {
	.random = on_random,
	.send = on_send,
	.authenticating = on_authenticating,
	.restarted = on_restarted,
	.down = on_down,
};

static struct rig *rig_new(enum ppp_auth first, size_t n_auths)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	assert_non_null(rig);
	timer_queue_init(&rig->timers);
	rig->now = START;
	rig->settings = ppp_proxy_defaults;
	rig->settings.auths[0] = first;
	rig->settings.n_auths = n_auths;
	rig->settings.name = strdup("lac");
	assert_int_equal(ppp_proxy_new(&ops, rig, &rig->timers, &rig->settings, 1492, &rig->proxy),
			 0);
	return rig;
}

static void rig_free(struct rig *rig)
{
	ppp_proxy_free(rig->proxy);
	assert_int_equal(rig->timers.count + rig->timers.parked, 0);
	timer_queue_fini(&rig->timers);
	free(rig->settings.name);
	free(rig);
}

static void pass(struct rig *rig, usec_t time)
{
	rig->now += time;
	timer_queue_run(&rig->timers, rig->now);
}

static void input_only(struct rig *rig, const char *hex)
{
	size_t len = strlen(hex) / 2;
	uint8_t *exact = malloc(len);

	assert_non_null(exact);
	for (size_t i = 0; i < len; i++) {
		unsigned int octet;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &octet), 1);
		exact[i] = (uint8_t)octet;
	}
	rig->inside = true;
	ppp_proxy_input(rig->proxy, (struct bytes){exact, len}, rig->now);
	rig->inside = false;
	free(exact);
}

static void input(struct rig *rig, const char *hex)
{
	input_only(rig, hex);
	pass(rig, 0);
}

#define assert_events(rig, text)                          \
	do {                                              \
		assert_string_equal((rig)->events, text); \
		(rig)->events[0] = '\0';                  \
	} while (0)

static void assert_cause(const struct rig *rig, uint16_t result, uint16_t code, uint16_t protocol,
			 uint8_t direction)
{
	assert_int_equal(rig->reason.origin, ORIGIN_PPP);
	assert_int_equal(rig->reason.result, result);
	assert_int_equal(rig->reason.ppp.code, code);
	assert_int_equal(rig->reason.ppp.protocol, protocol);
	assert_int_equal(rig->reason.ppp.direction, direction);
	assert_true(rig->reason.text[0]);
}

#define MRU "010405d4"
#define MAGIC "050601010101"
#define PAP_OPTION "0304c023"
#define CHAP_OPTION "0305c22305"
#define MSCHAP_OPTION "0305c22381"

#define REQUEST_PAP "c02101010012" MRU PAP_OPTION MAGIC
#define REQUEST_CHAP "c02101010013" MRU CHAP_OPTION MAGIC
#define REQUEST_MSCHAP "c02101010013" MRU MSCHAP_OPTION MAGIC
#define ACK_PAP "c02102010012" MRU PAP_OPTION MAGIC
#define ACK_CHAP "c02102010013" MRU CHAP_OPTION MAGIC
#define ACK_MSCHAP "c02102010013" MRU MSCHAP_OPTION MAGIC
#define CALLER_REQUEST "c0210107000a050677777777"
#define CALLER_ACKED "c0210207000a050677777777"

static struct rig *rig_opened(enum ppp_auth auth, const char *request, const char *ack)
{
	struct rig *rig = rig_new(auth, 1);

	ppp_proxy_start(rig->proxy, rig->now);
	assert_events(rig, request);
	input(rig, CALLER_REQUEST);
	assert_events(rig, CALLER_ACKED);
	input(rig, ack);
	return rig;
}

/* "joe", "pw" */
#define PAP_REQUEST "c0230109000b036a6f65027077"

static struct rig *rig_pap(void)
{
	struct rig *rig = rig_opened(PPP_AUTH_PAP, REQUEST_PAP, ACK_PAP);

	assert_events(rig, "");
	input(rig, PAP_REQUEST);
	assert_events(rig, "authenticating");
	return rig;
}

static void assert_view(struct bytes view, const char *hex)
{
	char text[256] = "";

	for (size_t i = 0; i < view.len; i++)
		snprintf(text + 2 * i, sizeof(text) - 2 * i, "%02x", view.data[i]);
	assert_string_equal(text, hex);
}

static void test_pap(void **state)
{
	struct rig *rig = rig_pap();
	const struct ppp_credentials *c = ppp_proxy_credentials(rig->proxy);
	struct l2tp_msg msg = {0};

	(void)state;
	assert_int_equal(c->type, PPP_AUTH_PAP);
	assert_string_equal(c->user, "joe");
	assert_int_equal(c->id, 9);
	assert_view(c->response, "7077");
	assert_int_equal(c->challenge.len, 0);
	/* Again, with another identifier; another password is too late. */
	input(rig, "c023010a000b036a6f65027077");
	input(rig, "c023010b000b036a6f65027078");
	assert_events(rig, "");
	assert_int_equal(c->id, 10);
	ppp_proxy_tell(rig->proxy, &msg);
	assert_view(msg.initial_lcp_confreq, "050677777777");
	assert_view(msg.last_received_lcp_confreq, "050677777777");
	assert_view(msg.last_sent_lcp_confreq, MRU PAP_OPTION MAGIC);
	assert_int_equal(msg.proxy_authen_type, 3);
	assert_view(msg.proxy_authen_name, "6a6f65");
	assert_view(msg.proxy_authen_response, "7077");
	assert_int_equal(msg.proxy_authen_id, 10);
	assert_true(msg_has(&msg, AVP_PROXY_AUTHEN_ID));
	assert_false(msg_has(&msg, AVP_PROXY_AUTHEN_CHALLENGE));
	ppp_proxy_accept(rig->proxy, "hi", rig->now);
	assert_events(rig, "c023020a0007026869");
	input(rig, "c023010c000b036a6f65027077");
	assert_events(rig, "c023020c0007026869");
	rig_free(rig);
}

#define CHALLENGE \
	"10"      \
	"02020202020202020202020202020202"
#define VALUE "000102030405060708090a0b0c0d0e0f"

static void test_chap(void **state)
{
	struct rig *rig = rig_opened(PPP_AUTH_CHAP, REQUEST_CHAP, ACK_CHAP);
	const struct ppp_credentials *c = ppp_proxy_credentials(rig->proxy);
	struct l2tp_msg msg = {0};

	(void)state;
	assert_events(rig, "c22301010018" CHALLENGE "6c6163");
	pass(rig, 3 * USEC_PER_SEC);
	assert_events(rig, "c22301010018" CHALLENGE "6c6163");
	/* Wrong identifier, wrong length of the Value, a Value that is not there. */
	input(rig, "c22302020018"
		   "10" VALUE "6a6f65");
	input(rig, "c22302010017"
		   "0f"
		   "000102030405060708090a0b0c0d0e"
		   "6a6f65");
	input(rig, "c22302010008"
		   "10"
		   "000102");
	input(rig, "c22301010018"
		   "10" VALUE "6a6f65");
	assert_events(rig, "");
	input(rig, "c22302010018"
		   "10" VALUE "6a6f65");
	assert_events(rig, "authenticating");
	assert_string_equal(c->user, "joe");
	assert_view(c->response, VALUE);
	ppp_proxy_tell(rig->proxy, &msg);
	assert_int_equal(msg.proxy_authen_type, 2);
	assert_int_equal(msg.proxy_authen_id, 1);
	assert_view(msg.proxy_authen_challenge, "02020202020202020202020202020202");
	assert_view(msg.proxy_authen_response, VALUE);
	/* No more of the Challenge; the answer again, once there is one. */
	input(rig, "c22302010018"
		   "10" VALUE "6a6f65");
	pass(rig, 300 * USEC_PER_SEC);
	assert_events(rig, "");
	ppp_proxy_accept(rig->proxy, "", rig->now);
	input(rig, "c22302010018"
		   "10" VALUE "6a6f65");
	assert_events(rig, "c22303010004 c22303010004");
	rig_free(rig);
}

#define MSVALUE                                           \
	VALUE "0000000000000000" VALUE "0001020304050607" \
	      "00"

static void test_mschap(void **state)
{
	static const char *const cases[][2] = {
		/* The text of RADIUS, as it is. */
		{"E=648 R=0", "c2230401000d453d36343820523d30"},
		{"no", "c22304010040"
		       /* E=691 R=0 C=02.. V=3 M=no */
		       "453d36393120523d3020433d"
		       "30323032303230323032303230323032303230323032303230323032303230"
		       "3220563d33204d3d6e6f"},
	};

	(void)state;
	for (size_t i = 0; i <= ARRAY_SIZE(cases); i++) {
		struct rig *rig = rig_opened(PPP_AUTH_MSCHAP_V2, REQUEST_MSCHAP, ACK_MSCHAP);
		struct l2tp_msg msg = {0};

		rig->events[0] = '\0';
		input(rig, "c22302010018"
			   "10" VALUE "6a6f65");
		assert_events(rig, "");
		input(rig, "c22302010039"
			   "31" MSVALUE "6a6f65");
		assert_events(rig, "authenticating");
		assert_view(ppp_proxy_credentials(rig->proxy)->response, MSVALUE);
		ppp_proxy_tell(rig->proxy, &msg);
		assert_true(msg_has(&msg, AVP_LAST_SENT_LCP_CONFREQ));
		assert_false(msg_has(&msg, AVP_PROXY_AUTHEN_TYPE));
		assert_false(msg_has(&msg, AVP_PROXY_AUTHEN_NAME));
		if (i < ARRAY_SIZE(cases)) {
			ppp_proxy_reject(rig->proxy, cases[i][0], rig->now);
			assert_memory_equal(rig->events, cases[i][1], 8);
			assert_non_null(strstr(rig->events, cases[i][1] + 12));
		} else {
			ppp_proxy_accept(rig->proxy, "S=AB", rig->now);
			assert_events(rig, "c22303010008533d4142");
		}
		rig_free(rig);
	}
}

static void test_none(void **state)
{
	struct rig *rig = rig_new(PPP_AUTH_NONE, 0);
	struct l2tp_msg msg = {0};

	(void)state;
	ppp_proxy_start(rig->proxy, rig->now);
	assert_events(rig, "c0210101000e" MRU MAGIC);
	input(rig, "c0210201000e" MRU MAGIC);
	ppp_proxy_tell(rig->proxy, &msg);
	assert_false(msg_has(&msg, AVP_LAST_SENT_LCP_CONFREQ));
	input(rig, CALLER_REQUEST);
	assert_events(rig, CALLER_ACKED " authenticating");
	ppp_proxy_tell(rig->proxy, &msg);
	assert_int_equal(msg.proxy_authen_type, 4);
	assert_false(msg_has(&msg, AVP_PROXY_AUTHEN_NAME));
	ppp_proxy_accept(rig->proxy, NULL, rig->now);
	assert_events(rig, "");
	rig_free(rig);
}

static void test_rejected(void **state)
{
	struct rig *rig = rig_pap();

	(void)state;
	ppp_proxy_reject(rig->proxy, "no", rig->now);
	assert_memory_equal(rig->events,
			    "c0230309"
			    "0007026e6f c02105",
			    24);
	rig->events[0] = '\0';
	input(rig, "c02106020004");
	assert_events(rig, "down");
	assert_cause(rig, CDN_ADMIN, 16, 0xc023, 1);
	input(rig, CALLER_REQUEST);
	pass(rig, 100 * USEC_PER_SEC);
	assert_events(rig, "");
	rig_free(rig);
}

static void test_terminated_by_us(void **state)
{
	const struct reason reason = reason_make(ORIGIN_LOCAL, CDN_BUSY, 0, "full");
	struct rig *rig = rig_pap();

	(void)state;
	ppp_proxy_terminate(rig->proxy, &reason, rig->now);
	ppp_proxy_terminate(rig->proxy, &reason, rig->now);
	assert_events(rig, "c0210502000866756c6c");
	pass(rig, 3 * USEC_PER_SEC);
	assert_events(rig, "c0210502000866756c6c");
	pass(rig, 3 * USEC_PER_SEC);
	assert_events(rig, "down");
	assert_int_equal(rig->reason.result, CDN_BUSY);
	assert_string_equal(rig->reason.text, "full");
	rig_free(rig);
	/* Before there was anything to end. */
	rig = rig_new(PPP_AUTH_PAP, 1);
	ppp_proxy_terminate(rig->proxy, &reason, rig->now);
	assert_events(rig, "");
	pass(rig, 0);
	assert_events(rig, "down");
	ppp_proxy_start(rig->proxy, rig->now);
	assert_events(rig, "");
	rig_free(rig);
}

static void test_hangs_up(void **state)
{
	struct rig *rig = rig_pap();

	(void)state;
	input(rig, "c02105280007627965");
	assert_events(rig, "c02106280004 down");
	assert_cause(rig, CDN_ADMIN, 3, 0, 1);
	assert_string_equal(rig->reason.text, "the caller hung up: bye");
	rig_free(rig);
	/* In the middle of LCP, with something in the text that is none. */
	rig = rig_new(PPP_AUTH_PAP, 1);
	ppp_proxy_start(rig->proxy, rig->now);
	rig->events[0] = '\0';
	input(rig, "c021052800061b0a");
	assert_events(rig, "c02106280004 down");
	assert_string_equal(rig->reason.text, "the caller hung up: ??");
	rig_free(rig);
}

static void test_renegotiation(void **state)
{
	struct rig *rig = rig_pap();
	struct l2tp_msg msg = {0};

	(void)state;
	/* An echo is no reason. */
	input(rig, "c02109010008"
		   "77777777");
	assert_events(rig, "c0210a010008"
			   "01010101");
	input(rig, "c0210108000a050688888888");
	assert_events(rig, "c02101020012" MRU PAP_OPTION "050602020202"
			   " c0210208000a050688888888 restarted");
	ppp_proxy_tell(rig->proxy, &msg);
	assert_false(msg_has(&msg, AVP_PROXY_AUTHEN_TYPE));
	assert_string_equal(ppp_proxy_credentials(rig->proxy)->user, "");
	input(rig, PAP_REQUEST);
	assert_events(rig, "");
	input(rig, "c02102020012" MRU PAP_OPTION "050602020202");
	input(rig, PAP_REQUEST);
	assert_events(rig, "authenticating");
	ppp_proxy_tell(rig->proxy, &msg);
	assert_view(msg.initial_lcp_confreq, "050677777777");
	assert_view(msg.last_received_lcp_confreq, "050688888888");
	rig_free(rig);
}

/* Between what the caller said and that we tell of it he begins anew: nobody is told. */
static void test_untold(void **state)
{
	struct rig *rig = rig_opened(PPP_AUTH_PAP, REQUEST_PAP, ACK_PAP);

	(void)state;
	input_only(rig, PAP_REQUEST);
	input_only(rig, CALLER_REQUEST);
	rig->events[0] = '\0';
	pass(rig, 0);
	assert_events(rig, "");
	rig_free(rig);
}

static void test_silence(void **state)
{
	struct rig *rig = rig_new(PPP_AUTH_PAP, 1);

	(void)state;
	ppp_proxy_start(rig->proxy, rig->now);
	for (unsigned int i = 0; i < 9; i++)
		pass(rig, 3 * USEC_PER_SEC);
	assert_int_equal(strlen(rig->events), 10 * (sizeof(REQUEST_PAP) - 1) + 9);
	rig->events[0] = '\0';
	pass(rig, 3 * USEC_PER_SEC);
	assert_events(rig, "down");
	assert_cause(rig, CDN_NO_FRAMING, 6, 0xc021, 0);
	rig_free(rig);
}

static void test_no_authentication(void **state)
{
	struct rig *rig = rig_opened(PPP_AUTH_PAP, REQUEST_PAP, ACK_PAP);

	(void)state;
	pass(rig, 60 * USEC_PER_SEC - 1);
	assert_events(rig, "");
	pass(rig, 1);
	assert_memory_equal(rig->events, "c02105", 6);
	pass(rig, 3 * USEC_PER_SEC);
	pass(rig, 3 * USEC_PER_SEC);
	assert_cause(rig, CDN_ADMIN, 13, 0xc023, 0);
	rig_free(rig);
	/* CHAP asks ten times. */
	rig = rig_opened(PPP_AUTH_CHAP, REQUEST_CHAP, ACK_CHAP);
	for (unsigned int i = 0; i < 12; i++)
		pass(rig, 3 * USEC_PER_SEC);
	assert_cause(rig, CDN_ADMIN, 13, 0xc223, 0);
	rig_free(rig);
}

static void test_refuses(void **state)
{
	struct rig *rig = rig_new(PPP_AUTH_PAP, 1);

	(void)state;
	ppp_proxy_start(rig->proxy, rig->now);
	rig->events[0] = '\0';
	input(rig, "c02104010008" PAP_OPTION);
	assert_memory_equal(rig->events, "c02105", 6);
	input(rig, "c02106020004");
	assert_cause(rig, CDN_ADMIN, 15, 0xc023, 1);
	rig_free(rig);
}

static void test_bad_names(void **state)
{
	static const char *const requests[] = {
		"c0230109000b036a0065027077",
		NULL,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(requests); i++) {
		struct rig *rig = rig_opened(PPP_AUTH_PAP, REQUEST_PAP, ACK_PAP);
		char longer[2 * (2 + 4 + 1 + 254 + 1) + 1] = "c02301090104fe";

		memset(longer + 14, '6', 2 * 254);
		memcpy(longer + 14 + 2 * 254, "00", 2);
		input(rig, requests[i] ? requests[i] : longer);
		assert_memory_equal(rig->events, "c0230309000d08626164206e616d65 c02105", 37);
		input(rig, "c02106020004");
		assert_cause(rig, CDN_ADMIN, 16, 0xc023, 1);
		rig_free(rig);
	}
}

static void test_protocols(void **state)
{
	static const struct {
		const char *frame;
		bool rejected;
	} cases[] = {
		{"80210101000a030600000000", false}, /* IPCP */
		{"8057010100040000", false},	     /* IPv6CP */
		{"80fd01010004", false},	     /* CCP */
		{"00214500", false},
		{"c025", false}, /* quality */
		{"c22301010004", false},
		{"c22701010005", false},
		{"c02d01010004", true},
		{"4021", true},
		{"8022", true}, /* no protocol number */
		{"8121", true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rig *rig = rig_new(PPP_AUTH_PAP, 1);

		ppp_proxy_start(rig->proxy, rig->now);
		rig->events[0] = '\0';
		input(rig, cases[i].frame);
		input(rig, "c0");
		assert_events(rig, "");
		rig_free(rig);
		rig = rig_opened(PPP_AUTH_PAP, REQUEST_PAP, ACK_PAP);
		input(rig, cases[i].frame);
		if (!cases[i].rejected)
			assert_events(rig, "");
		else
			assert_memory_equal(rig->events, "c02108", 6);
		rig_free(rig);
	}
}

/* Somebody who sends for ever, each time something that has to be answered. */
static void test_flood(void **state)
{
	struct rig *rig = rig_new(PPP_AUTH_PAP, 1);
	unsigned int packets = 0;

	(void)state;
	ppp_proxy_start(rig->proxy, rig->now);
	while (!strstr(rig->events, "down") && packets++ < 5000) {
		rig->events[0] = '\0';
		input(rig, "c0210107000a050600000000");
	}
	assert_true(packets <= 1000);
	assert_cause(rig, CDN_ADMIN, 1, 0, 0);
	rig_free(rig);
}

/* The user may free the proxy in each of the three. */
static void test_frees(void **state)
{
	struct rig *rig = rig_opened(PPP_AUTH_PAP, REQUEST_PAP, ACK_PAP);

	(void)state;
	rig->frees = true;
	input(rig, PAP_REQUEST);
	assert_null(rig->proxy);
	rig_free(rig);
	rig = rig_pap();
	rig->frees = true;
	input(rig, CALLER_REQUEST);
	assert_null(rig->proxy);
	rig_free(rig);
	rig = rig_pap();
	rig->frees = true;
	input(rig, "c02105280004");
	assert_null(rig->proxy);
	rig_free(rig);
}

static void test_memory(void **state)
{
	struct timer_queue timers;
	struct ppp_proxy *proxy = NULL;
	unsigned int n = 0;
	int err;

	(void)state;
	do {
		timer_queue_init(&timers);
		__mem_fail_after(++n);
		err = ppp_proxy_new(&ops, NULL, &timers, &ppp_proxy_defaults, 1492, &proxy);
		__mem_fail_after(0);
		if (err)
			assert_int_equal(err, -ENOMEM);
		else
			ppp_proxy_free(proxy);
		assert_int_equal(timers.count + timers.parked, 0);
		timer_queue_fini(&timers);
	} while (err);
	assert_true(n > 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pap),
		cmocka_unit_test(test_chap),
		cmocka_unit_test(test_mschap),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_rejected),
		cmocka_unit_test(test_terminated_by_us),
		cmocka_unit_test(test_hangs_up),
		cmocka_unit_test(test_renegotiation),
		cmocka_unit_test(test_untold),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_no_authentication),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_bad_names),
		cmocka_unit_test(test_protocols),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_frees),
		cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
