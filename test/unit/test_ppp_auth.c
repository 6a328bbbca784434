/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who the caller is, asked by a LAC in PAP, CHAP and MS-CHAPv2: what he may say, what ICCN is told
 * of it, and what he hears when it was not good enough.
 */
#include <string.h>

#include "ppp_rig.h"
#include "wire/result.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pap),	 cmocka_unit_test(test_chap),
		cmocka_unit_test(test_mschap),	 cmocka_unit_test(test_none),
		cmocka_unit_test(test_rejected), cmocka_unit_test(test_no_authentication),
		cmocka_unit_test(test_refuses),	 cmocka_unit_test(test_bad_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
