/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A LAC's part of PPP against a scripted caller: renegotiation, hanging up, silence, what else he
 * may send, limits.
 */
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "ppp_rig.h"
#include "wire/result.h"

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
		err = ppp_proxy_new(&rig_ops, NULL, &timers, &ppp_proxy_defaults, 1492, &proxy);
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
		cmocka_unit_test(test_terminated_by_us),
		cmocka_unit_test(test_hangs_up),
		cmocka_unit_test(test_renegotiation),
		cmocka_unit_test(test_untold),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_protocols),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_frees),
		cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
