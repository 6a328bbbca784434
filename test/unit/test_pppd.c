/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The life of pppds: start and end, pacing, signals, and that nothing of them is left.
 */
#include <errno.h>

#include "base/mem.h"
#include "pppd_calls.h"
#include "wire/result.h"

static void test_life(void **state)
{
	struct fixture *f = *state;
	struct call *call = start(f, 0,
				  "fake-print hello fake-lcp fake-up alice fake-network-down "
				  "fake-print-error bye fake-exit 0");
	char local[ADDR_TEXT_MAX], remote[ADDR_TEXT_MAX];

	assert_int_equal(pppd_launcher_count(f->launcher), 1);
	assert_true(pppd_pid(call->pppd) > 0);
	run_until(f, &call->downs, 1);
	assert_string_equal(call->order, "lud");
	assert_string_equal(call->log, "hello\nbye\n");
	assert_string_equal(call->link.ifname, "ppp7");
	assert_string_equal(call->link.user, "alice");
	assert_string_equal(addr_format(&call->link.local, local), "198.51.100.1");
	assert_string_equal(addr_format(&call->link.remote, remote), "198.51.100.2");
	assert_int_equal(call->reason.origin, ORIGIN_PPP);
	assert_string_equal(call->reason.text, "closed by the PPP peer");
	assert_int_equal(pppd_launcher_count(f->launcher), 0);
}

static const struct {
	const char *words;
	uint16_t result;
	const char *text;
} endings[] = {
	{"fake-exit 2", CDN_NO_FACILITIES_PERMANENT, "pppd does not accept its options"},
	{"fake-exit 11", CDN_ADMIN, "the peer failed to authenticate"},
	{"fake-ended 12 fake-exit 16", CDN_ADMIN, "idle for too long"},
	{"fake-exit 10", CDN_GENERAL_ERROR,
	 "PPP negotiation failed: no recognizable LCP packets were received"},
	{"fake-lcp fake-exit 10", CDN_GENERAL_ERROR,
	 "PPP negotiation failed: authentication timed out"},
	{"fake-raise 9", CDN_GENERAL_ERROR, "pppd was killed by signal 9 (Killed)"},
};

static void test_endings(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		struct call *call = start(f, (int)i, endings[i].words);

		run_until(f, &call->downs, 1);
		assert_string_equal(call->reason.text, endings[i].text);
		assert_int_equal(call->reason.result, endings[i].result);
	}
}

static void test_not_there(void **state)
{
	struct fixture *f = *state;
	struct call *call;

	f->settings.path = "/nonexistent/pppd";
	call = start(f, 0, "fake-wait");
	assert_int_equal(pppd_pid(call->pppd), 0);
	assert_int_equal(call->downs, 0);
	stop(call, PPP_STOP_GRACEFUL);
	run_until(f, &call->downs, 1);
	assert_string_equal(call->reason.text,
			    "cannot run /nonexistent/pppd: No such file or directory");
	assert_int_equal(pppd_launcher_count(f->launcher), 0);
	f->settings.path = FAKE_PPPD;
	call = start(f, 1, "fake-exit 0");
	run_until(f, &call->downs, 1);
}

static void test_bad_socket(void **state)
{
	struct fixture *f = *state;
	int fd = f->pppox_fd;

	f->pppox_fd = -1;
	assert_int_equal(try_start(f, &f->calls[0], "fake-exit 0"), -EBADF);
	assert_int_equal(pppd_launcher_count(f->launcher), 0);
	f->pppox_fd = fd;
}

static const struct {
	enum ppp_stop how;
	const char *log;
} stops[] = {
	{PPP_STOP_GRACEFUL, "listening\ngot TERM\n"},
	{PPP_STOP_HANGUP, "listening\ngot HUP\n"},
};

static void test_stop(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
		struct call *call = start(f, (int)i, "fake-listen");

		call->stop_at = "listening";
		call->stop_how = stops[i].how;
		run_until(f, &call->downs, 1);
		assert_string_equal(call->log, stops[i].log);
		assert_string_equal(call->reason.text, "pppd was told to end");
	}
}

static void test_stop_the_deaf(void **state)
{
	struct fixture *f = *state;
	struct call *call;

	f->settings.kill_after = 100 * USEC_PER_MSEC;
	call = start(f, 0, "fake-deaf");
	call->stop_at = "deaf";
	call->stop_how = PPP_STOP_GRACEFUL;
	run_until(f, &call->downs, 1);
	assert_string_equal(call->reason.text, "pppd did not end in time and was killed");
}

static void test_pacing_by_exit(void **state)
{
	struct fixture *f = *state;

	f->settings.max_starting = 2;
	for (int i = 0; i < 4; i++)
		start(f, i, "fake-wait");
	assert_int_equal(pppd_launcher_count(f->launcher), 4);
	assert_true(pppd_pid(f->calls[0].pppd) > 0 && pppd_pid(f->calls[1].pppd) > 0);
	assert_true(!pppd_pid(f->calls[2].pppd) && !pppd_pid(f->calls[3].pppd));
	stop(&f->calls[0], PPP_STOP_GRACEFUL);
	run_until(f, &f->calls[0].downs, 1);
	assert_true(pppd_pid(f->calls[2].pppd) > 0);
	assert_int_equal(pppd_pid(f->calls[3].pppd), 0);
}

static void test_pacing_by_lcp(void **state)
{
	struct fixture *f = *state;

	f->settings.max_starting = 1;
	for (int i = 0; i < 3; i++)
		start(f, i, "fake-lcp fake-wait");
	assert_int_equal(pppd_pid(f->calls[1].pppd), 0);
	run_until(f, &f->calls[2].lcp_opens, 1);
	assert_true(pppd_pid(f->calls[0].pppd) > 0 && pppd_pid(f->calls[1].pppd) > 0);
}

/* A peer that is silent does not keep others out. */
static void test_pacing_by_time(void **state)
{
	struct fixture *f = *state;

	f->settings.max_starting = 1;
	start(f, 0, "fake-wait");
	start(f, 1, "fake-exit 0");
	run_for(f, 4.);
	assert_int_equal(pppd_pid(f->calls[1].pppd), 0);
	run_until(f, &f->calls[1].downs, 1);
	assert_int_equal(f->calls[0].downs, 0);
}

static void test_cancel(void **state)
{
	struct fixture *f = *state;

	f->settings.max_starting = 1;
	for (int i = 0; i < 3; i++)
		start(f, i, "fake-wait");
	stop(&f->calls[1], PPP_STOP_GRACEFUL);
	stop(&f->calls[1], PPP_STOP_HANGUP);
	assert_int_equal(f->calls[1].downs, 0);
	run_until(f, &f->calls[1].downs, 1);
	assert_string_equal(f->calls[1].reason.text, "cancelled before pppd was started");
	assert_int_equal(f->calls[1].reason.result, CDN_ADMIN);
	assert_int_equal(pppd_launcher_count(f->launcher), 2);
	stop(&f->calls[0], PPP_STOP_HANGUP);
	run_until(f, &f->calls[0].downs, 1);
	assert_true(pppd_pid(f->calls[2].pppd) > 0);
}

/* pppd_teardown() sees that nothing survives. */
static void test_free_kills(void **state)
{
	struct fixture *f = *state;

	f->settings.max_starting = 2;
	start(f, 0, "fake-deaf");
	start(f, 1, "fake-wait");
	start(f, 2, "fake-wait");
	stop(start(f, 3, "fake-wait"), PPP_STOP_GRACEFUL);
}

static void test_no_memory(void **state)
{
	struct fixture *f = *state;
	struct pppd_params params = {.pppox_fd = f->pppox_fd, .tunnel_id = 1, .session_id = 1};
	struct call *call = &f->calls[0];
	unsigned int n = 0;
	int rc;

	do {
		__mem_fail_after(++n);
		rc = pppd_start(f->launcher, &params, &call_ops, call, &call->pppd);
		assert_true(rc == 0 || rc == -ENOMEM);
		assert_int_equal(pppd_launcher_count(f->launcher), rc ? 0 : 1);
	} while (rc);
	__mem_fail_after(0);
	assert_true(n > 10);
	run_until(f, &call->downs, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_life),	   TEST(test_endings),	     TEST(test_not_there),
		TEST(test_bad_socket),	   TEST(test_stop),	     TEST(test_stop_the_deaf),
		TEST(test_pacing_by_exit), TEST(test_pacing_by_lcp), TEST(test_pacing_by_time),
		TEST(test_cancel),	   TEST(test_free_kills),    TEST(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
