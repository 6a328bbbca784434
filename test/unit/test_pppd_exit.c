/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pppd's exit statuses in the words and codes of L2TP.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ppp/pppd_exit.h"
#include "wire/result.h"

/* As the kernel lays it out for wait(). */
#define EXITED(status) ((status) << 8)
#define SIGNALED(number) (number)

#define LCP_UP (PPP_LCP_SEEN | PPP_LCP_OPEN)

static const struct {
	int wait_status;
	enum pppd_ending ending;
	struct ppp_status last;
	uint16_t result;
	uint16_t error;
	const char *text;
} reasons[] = {
	{EXITED(0), PPPD_BY_ITSELF, {0}, CDN_ADMIN, 0, "closed by the PPP peer"},
	{EXITED(1),
	 PPPD_BY_ITSELF,
	 {0},
	 CDN_GENERAL_ERROR,
	 ERROR_VENDOR,
	 "pppd failed, its log says why"},
	{EXITED(2),
	 PPPD_BY_ITSELF,
	 {0},
	 CDN_NO_FACILITIES_PERMANENT,
	 0,
	 "pppd does not accept its options"},
	{EXITED(4),
	 PPPD_BY_ITSELF,
	 {0},
	 CDN_NO_FACILITIES_PERMANENT,
	 0,
	 "the kernel does not support PPP"},
	{EXITED(5), PPPD_ASKED, {0}, CDN_ADMIN, 0, "pppd was told to end"},
	{EXITED(10),
	 PPPD_BY_ITSELF,
	 {0},
	 CDN_GENERAL_ERROR,
	 ERROR_VENDOR,
	 "PPP negotiation failed: no recognizable LCP packets were received"},
	{EXITED(10),
	 PPPD_BY_ITSELF,
	 {.facts = LCP_UP | PPP_AUTHENTICATED},
	 CDN_GENERAL_ERROR,
	 ERROR_VENDOR,
	 "PPP negotiation failed: no network control protocol is available"},
	{EXITED(10),
	 PPPD_BY_ITSELF,
	 {.facts = LCP_UP | PPP_PEER_CLOSED},
	 CDN_GENERAL_ERROR,
	 ERROR_VENDOR,
	 "PPP negotiation failed: closed by the peer"},
	{EXITED(11), PPPD_BY_ITSELF, {0}, CDN_ADMIN, 0, "the peer failed to authenticate"},
	{EXITED(15),
	 PPPD_BY_ITSELF,
	 {0},
	 CDN_CARRIER_LOST,
	 0,
	 "the peer does not answer LCP echoes"},
	{EXITED(16), PPPD_BY_ITSELF, {0}, CDN_CARRIER_LOST, 0, "the session's socket was closed"},
	/* What the plugin saw wins over what pppd makes of a closed socket. */
	{EXITED(16),
	 PPPD_BY_ITSELF,
	 {.facts = PPP_ENDED, .exit_status = 0},
	 CDN_ADMIN,
	 0,
	 "closed by the PPP peer"},
	{EXITED(16),
	 PPPD_BY_ITSELF,
	 {.facts = PPP_ENDED, .exit_status = 15},
	 CDN_CARRIER_LOST,
	 0,
	 "the peer does not answer LCP echoes"},
	{EXITED(19), PPPD_BY_ITSELF, {0}, CDN_ADMIN, 0, "the peer refused our authentication"},
	{EXITED(127), PPPD_BY_ITSELF, {0}, CDN_GENERAL_ERROR, ERROR_VENDOR, "pppd crashed"},
	{EXITED(22),
	 PPPD_BY_ITSELF,
	 {0},
	 CDN_GENERAL_ERROR,
	 ERROR_VENDOR,
	 "pppd ended with status 22"},
	{EXITED(255),
	 PPPD_BY_ITSELF,
	 {0},
	 CDN_GENERAL_ERROR,
	 ERROR_VENDOR,
	 "pppd ended with status 255"},
	{EXITED(0),
	 PPPD_BY_ITSELF,
	 {.facts = PPP_ENDED, .exit_status = -1},
	 CDN_GENERAL_ERROR,
	 ERROR_VENDOR,
	 "pppd ended with status -1"},
	{SIGNALED(SIGSEGV),
	 PPPD_BY_ITSELF,
	 {0},
	 CDN_GENERAL_ERROR,
	 ERROR_VENDOR,
	 "pppd was killed by signal 11 (Segmentation fault)"},
	{SIGNALED(SIGTERM),
	 PPPD_BY_ITSELF,
	 {0},
	 CDN_GENERAL_ERROR,
	 ERROR_VENDOR,
	 "pppd was killed by signal 15 (Terminated)"},
	/* Asked before it had its handlers. */
	{SIGNALED(SIGTERM), PPPD_ASKED, {0}, CDN_ADMIN, 0, "pppd was told to end"},
	{SIGNALED(SIGHUP), PPPD_ASKED, {0}, CDN_ADMIN, 0, "pppd was told to end"},
	{SIGNALED(SIGKILL),
	 PPPD_ASKED,
	 {0},
	 CDN_GENERAL_ERROR,
	 ERROR_VENDOR,
	 "pppd was killed by signal 9 (Killed)"},
	{SIGNALED(SIGKILL),
	 PPPD_KILLED,
	 {0},
	 CDN_ADMIN,
	 0,
	 "pppd did not end in time and was killed"},
	/* It ended just when we killed it. */
	{EXITED(5), PPPD_KILLED, {0}, CDN_ADMIN, 0, "pppd was told to end"},
};

static void test_reasons(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		struct reason reason = pppd_exit_reason(reasons[i].wait_status, reasons[i].ending,
							&reasons[i].last);

		assert_int_equal(reason.origin, ORIGIN_PPP);
		assert_string_equal(reason.text, reasons[i].text);
		assert_int_equal(reason.result, reasons[i].result);
		assert_int_equal(reason.error, reasons[i].error);
	}
}

/* RFC 3145 section 3. */
static const struct {
	int status;
	uint16_t facts;
	uint16_t code;
	uint16_t protocol;
	uint8_t direction;
} disconnects[] = {
	{0, LCP_UP | PPP_PEER_CLOSED, 3, 0, 1},
	{1, 0, 0, 0, 0},
	{5, LCP_UP, 1, 0, 0},
	{10, 0, 6, 0xc021, 0},
	{10, PPP_LCP_SEEN, 5, 0xc021, 0},
	{10, LCP_UP, 13, 0, 0},
	{10, LCP_UP | PPP_AUTHENTICATED, 18, 0x8021, 0},
	{10, PPP_LCP_SEEN | PPP_PEER_CLOSED, 3, 0, 1},
	{11, LCP_UP, 16, 0, 1},
	{15, LCP_UP, 8, 0xc021, 0},
	{17, PPP_LCP_SEEN, 7, 0xc021, 0},
	{19, LCP_UP, 16, 0, 2},
	{1000, 0, 0, 0, 0},
	{-1, 0, 0, 0, 0},
};

static void test_disconnects(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(disconnects) / sizeof(disconnects[0]); i++) {
		const struct ppp_status last = {.facts = disconnects[i].facts | PPP_ENDED,
						.exit_status = disconnects[i].status};
		struct reason reason = pppd_exit_reason(EXITED(0), PPPD_BY_ITSELF, &last);

		assert_int_equal(pppd_exit_disconnect(disconnects[i].status, disconnects[i].facts),
				 disconnects[i].code);
		assert_int_equal(reason.ppp.code, disconnects[i].code);
		assert_int_equal(reason.ppp.protocol, disconnects[i].protocol);
		assert_int_equal(reason.ppp.direction, disconnects[i].direction);
	}
}

static void test_spawn_reasons(void **state)
{
	struct reason reason;

	(void)state;
	reason = pppd_spawn_reason(-ENOENT, "/usr/sbin/pppd");
	assert_int_equal(reason.origin, ORIGIN_PPP);
	assert_int_equal(reason.result, CDN_NO_FACILITIES_PERMANENT);
	assert_string_equal(reason.text, "cannot run /usr/sbin/pppd: No such file or directory");
	reason = pppd_spawn_reason(-EAGAIN, "/usr/sbin/pppd");
	assert_int_equal(reason.result, CDN_NO_FACILITIES_TEMPORARY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_disconnects),
		cmocka_unit_test(test_spawn_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
