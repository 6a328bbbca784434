/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reasons in words.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "l2tp/reason.h"
#include "wire/result.h"

static const struct {
	struct reason reason;
	bool is_tunnel;
	const char *text;
} rows[] = {
	{{.origin = ORIGIN_NONE, .result = 0, .error = 0, .text = ""}, true, "none"},
	{{.origin = ORIGIN_NONE, .result = STOPCCN_CLEAR, .error = 0, .text = "said nevertheless"},
	 true,
	 "none"},
	/* Our own words say it all; the code is what the peer gets. */
	{{.origin = ORIGIN_LOCAL,
	  .result = STOPCCN_FSM_ERROR,
	  .error = 0,
	  .text = "SCCRP in state established"},
	 true,
	 "local: SCCRP in state established (result 7)"},
	{{.origin = ORIGIN_KERNEL,
	  .result = CDN_GENERAL_ERROR,
	  .error = ERROR_RESOURCES,
	  .text = "session: File exists"},
	 false,
	 "kernel: session: File exists (result 2, error 4)"},
	{{.origin = ORIGIN_PPP, .result = CDN_CARRIER_LOST, .error = 0, .text = "pppd died"},
	 false,
	 "ppp: pppd died (result 1)"},
	/* Without words of ours those of the code. */
	{{.origin = ORIGIN_LOCAL, .result = STOPCCN_NOT_AUTHORIZED, .error = 0, .text = ""},
	 true,
	 "local: not authorized to open a tunnel: check names and secret (result 4)"},
	{{.origin = ORIGIN_LOCAL, .result = CDN_BUSY, .error = 0, .text = ""},
	 false,
	 "local: busy signal detected (result 8)"},
	/* A peer's words stand beside what its code means. */
	{{.origin = ORIGIN_PEER, .result = STOPCCN_SHUTTING_DOWN, .error = 0, .text = "bye"},
	 true,
	 "peer: the sender is shutting down: bye (result 6)"},
	{{.origin = ORIGIN_PEER, .result = CDN_ADMIN, .error = 0, .text = ""},
	 false,
	 "peer: disconnected for administrative reasons (result 3)"},
	{{.origin = ORIGIN_PEER,
	  .result = CDN_GENERAL_ERROR,
	  .error = ERROR_UNKNOWN_MANDATORY,
	  .text = ""},
	 false,
	 "peer: an AVP with the M bit is unknown (result 2, error 8)"},
	{{.origin = ORIGIN_PEER, .result = CDN_GENERAL_ERROR, .error = 0, .text = ""},
	 false,
	 "peer: general error, see the error code (result 2)"},
	{{.origin = ORIGIN_PEER, .result = 4711, .error = 0, .text = ""},
	 true,
	 "peer: reserved result code (result 4711)"},
	/* It said nothing at all. */
	{{.origin = ORIGIN_PEER,
	  .result = 0,
	  .error = 0,
	  .text = "no answer after 5 retransmissions"},
	 true,
	 "peer: no answer after 5 retransmissions"},
	{{.origin = ORIGIN_PEER, .result = 0, .error = 0, .text = ""},
	 false,
	 "peer: no reason given"},
	/* RFC 3145. */
	{{.origin = ORIGIN_PEER, .result = CDN_ADMIN, .ppp = {.code = 16, .direction = 1}},
	 false,
	 "peer: disconnected for administrative reasons (result 3); PPP: authentication failed: "
	 "bad name, password or secret (disconnect 16, at its peer)"},
	{{.origin = ORIGIN_PEER,
	  .result = CDN_ADMIN,
	  .text = "bye",
	  .ppp = {.code = 3, .direction = 2}},
	 false,
	 "peer: disconnected for administrative reasons: bye (result 3); PPP: normal disconnect by "
	 "LCP Terminate-Request (disconnect 3, at itself)"},
	{{.origin = ORIGIN_PPP, .result = CDN_ADMIN, .text = "wrong password", .ppp = {.code = 16}},
	 false,
	 "ppp: wrong password (result 3)"},
};

static void test_format(void **state)
{
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_ptr_equal(
			reason_format(&rows[i].reason, rows[i].is_tunnel, text, sizeof(text)),
			text);
		assert_string_equal(text, rows[i].text);
	}
}

static void test_format_is_cut(void **state)
{
	const struct reason reason = {
		.origin = ORIGIN_LOCAL, .result = 1, .error = 0, .text = "a long story"};
	char text[12];

	(void)state;
	assert_string_equal(reason_format(&reason, true, text, sizeof(text)), "local: a lo");
}

static void test_make(void **state)
{
	struct reason reason = reason_make(ORIGIN_LOCAL, 3, 4, "%s %u", "number", 5);

	(void)state;
	assert_int_equal(reason.origin, ORIGIN_LOCAL);
	assert_int_equal(reason.result, 3);
	assert_int_equal(reason.error, 4);
	assert_int_equal(reason.cause, 0);
	assert_string_equal(reason.text, "number 5");
	reason = reason_make(ORIGIN_LOCAL, 1, 0, "%0300u", 1);
	assert_int_equal(strlen(reason.text), sizeof(reason.text) - 1);
}

static void test_kernel(void **state)
{
	struct reason reason = reason_kernel(-EEXIST, "L2TP_CMD_TUNNEL_CREATE");

	(void)state;
	assert_int_equal(reason.origin, ORIGIN_KERNEL);
	assert_int_equal(reason.result, STOPCCN_GENERAL_ERROR);
	assert_int_equal(reason.result, CDN_GENERAL_ERROR);
	assert_int_equal(reason.error, ERROR_RESOURCES);
	assert_string_equal(reason.text, "L2TP_CMD_TUNNEL_CREATE: File exists");
	reason = reason_kernel(-EPERM, NULL);
	assert_string_equal(reason.text, "kernel: Operation not permitted");
}

static void test_origins(void **state)
{
	static const char *const names[] = {
		[ORIGIN_NONE] = "none",	    [ORIGIN_LOCAL] = "local", [ORIGIN_PEER] = "peer",
		[ORIGIN_KERNEL] = "kernel", [ORIGIN_PPP] = "ppp",
	};

	(void)state;
	for (int i = ORIGIN_NONE; i <= ORIGIN_PPP; i++)
		assert_string_equal(reason_origin_text((enum reason_origin)i), names[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_format),	cmocka_unit_test(test_format_is_cut),
		cmocka_unit_test(test_make),	cmocka_unit_test(test_kernel),
		cmocka_unit_test(test_origins),
	};

	return cmocka_run_group_tests_name("reason", tests, NULL, NULL);
}
