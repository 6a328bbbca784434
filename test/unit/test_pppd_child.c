/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The launcher and one pppd: what the child inherits, and what is made of all that it tells.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pppd_calls.h"

/* Signals in a line of /proc/PID/status but 32 and 33, which belong to the C library. */
static unsigned long long signals_in(const char *log, const char *line)
{
	const char *found = strstr(log, line);

	assert_non_null(found);
	return strtoull(found + strlen(line), NULL, 16) & ~(3ULL << 31);
}

/* In the parent: a leaky descriptor, a blocked and an ignored signal. In the child: none of it. */
static void test_inheritance(void **state)
{
	struct fixture *f = *state;
	char link[100], expected[300];
	struct call *call;
	sigset_t set, old;
	ssize_t len;
	int leak;

	leak = dup(f->pppox_fd);
	assert_int_equal(fcntl(leak, F_SETFD, 0), 0);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &old);
	signal(SIGHUP, SIG_IGN);
	call = start(f, 0, "fake-fds fake-signals");
	run_until(f, &call->downs, 1);
	signal(SIGHUP, SIG_DFL);
	sigprocmask(SIG_SETMASK, &old, NULL);
	close(leak);

	snprintf(expected, sizeof(expected), "/proc/self/fd/%d", f->pppox_fd);
	len = readlink(expected, link, sizeof(link) - 1);
	assert_true(len > 0);
	link[len] = '\0';
	snprintf(expected, sizeof(expected), "fd 3 %s\n", link);
	assert_non_null(strstr(call->log, "fd 0 /dev/null\n"));
	assert_non_null(strstr(call->log, "fd 1 pipe:"));
	assert_non_null(strstr(call->log, "fd 2 pipe:"));
	assert_non_null(strstr(call->log, expected));
	assert_non_null(strstr(call->log, "fd 4 socket:"));
	for (int fd = 5; fd < 100; fd++) {
		snprintf(expected, sizeof(expected), "fd %d ", fd);
		assert_null(strstr(call->log, expected));
	}
	assert_int_equal(signals_in(call->log, "SigBlk:"), 0);
	assert_int_equal(signals_in(call->log, "SigIgn:"), 0);
	assert_non_null(strstr(call->log, "session own\n"));
}

static void test_environment(void **state)
{
	struct fixture *f = *state;
	struct call *call;

	setenv("LD_PRELOAD_TEST", "1", 1);
	call = start(f, 0, "fake-env");
	run_until(f, &call->downs, 1);
	unsetenv("LD_PRELOAD_TEST");
	assert_string_equal(call->log,
			    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
			    "ADIT_TUNNEL_ID=7\nADIT_SESSION_ID=9\nADIT_CALL_SERIAL=\n"
			    "ADIT_CALLED_NUMBER=5550100\nADIT_CALLING_NUMBER=\n"
			    "ADIT_SUB_ADDRESS=\nADIT_PRIVATE_GROUP=\n"
			    "ADIT_PROXY_AUTHEN_NAME=\nADIT_TX_SPEED=\nADIT_RX_SPEED=\n"
			    "ADIT_PHYSICAL_CHANNEL=\nADIT_CIRCUIT_ID=\nADIT_REMOTE_ID=\n"
			    "ADIT_ACTUAL_RATE_UP=\nADIT_ACTUAL_RATE_DOWN=\n"
			    "ADIT_PEER_NAME=\nADIT_PEER_ADDR=\n");
}

static void test_log(void **state)
{
	struct fixture *f = *state;
	struct call *call;

	/* The end of a line may never come; what stands in the pipe is read before down(). */
	call = start(f, 0, "fake-print one fake-print-raw two fake-exit 0");
	run_until(f, &call->downs, 1);
	assert_string_equal(call->log, "one\ntwo\n");
}

static void test_up_again(void **state)
{
	struct fixture *f = *state;
	struct call *call;

	/* The same once more is no news, another user is. */
	call = start(f, 0, "fake-lcp fake-up a fake-up a fake-network-down fake-up a fake-exit 0");
	run_until(f, &call->downs, 1);
	assert_string_equal(call->order, "lud");
	call = start(f, 1, "fake-lcp fake-up a fake-network-down fake-up b fake-exit 0");
	run_until(f, &call->downs, 1);
	assert_string_equal(call->order, "luud");
	assert_string_equal(call->link.user, "b");
}

/* The ACCM is told when LCP is open, and again only when it is another. */
static void test_accm(void **state)
{
	struct fixture *f = *state;

	start(f, 0,
	      "fake-accm 1 fake-print before fake-lcp fake-up joe fake-accm 1 fake-accm a0000 "
	      "fake-exit 0");
	run_until(f, &f->calls[0].downs, 1);
	assert_int_equal(f->calls[0].accms, 2);
	assert_int_equal(f->calls[0].accm.send, 0xa0000);
	assert_int_equal(f->calls[0].accm.receive, 7);
	start(f, 1, "fake-accm 1 fake-exit 0");
	run_until(f, &f->calls[1].downs, 1);
	assert_int_equal(f->calls[1].accms, 0);
}

static void test_foreign_plugin(void **state)
{
	struct fixture *f = *state;
	struct call *call = start(f, 0, "fake-garbage x fake-lcp fake-exit 0");

	run_until(f, &call->downs, 1);
	assert_string_equal(call->order, "ld");
	assert_string_equal(call->log, "adit.so is of another version than aditd\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_inheritance), TEST(test_environment), TEST(test_log),
		TEST(test_up_again),	TEST(test_accm),	TEST(test_foreign_plugin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
