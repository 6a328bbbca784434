/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The launcher with a fake pppd: start and end, pacing, signals, what the child inherits, what it
 * tells, and that nothing of it is left.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "ppp/pppd.h"
#include "wire/result.h"

#define CALLS_MAX 8

/* One pppd and what was heard of it. */
struct call {
	struct pppd *pppd;
	unsigned int lcp_opens;
	unsigned int accms;
	struct accm accm;
	unsigned int ups;
	unsigned int downs;
	struct pppd_link link;
	struct reason reason;
	/* Its lines, each with a newline behind it. */
	char log[4096];
	/* All events in their order, a letter each. */
	char order[64];
	/* When this appears in the log, stop it so; NULL for never. */
	const char *stop_at;
	enum ppp_stop stop_how;
};

struct fixture {
	struct ev_loop *loop;
	struct pppd_settings settings;
	struct pppd_launcher *launcher;
	int pppox_fd;
	struct call calls[CALLS_MAX];
};

/* Set while a function of the launcher runs: nothing may be called back meanwhile. */
static bool inside;

static void note(struct call *call, char event)
{
	size_t len = strlen(call->order);

	assert_false(inside);
	assert_true(len < sizeof(call->order) - 1);
	call->order[len] = event;
}

static void on_lcp_open(void *user)
{
	struct call *call = user;

	note(call, 'l');
	call->lcp_opens++;
}

static void on_accm(void *user, const struct accm *accm)
{
	struct call *call = user;

	call->accms++;
	call->accm = *accm;
}

static void on_up(void *user, const struct pppd_link *link)
{
	struct call *call = user;

	note(call, 'u');
	call->ups++;
	call->link = *link;
}

static void on_down(void *user, const struct reason *reason)
{
	struct call *call = user;

	note(call, 'd');
	call->downs++;
	call->reason = *reason;
	call->pppd = NULL;
}

static void stop(struct call *call, enum ppp_stop how)
{
	inside = true;
	pppd_stop(call->pppd, how);
	inside = false;
}

static void on_log(void *user, const char *line)
{
	struct call *call = user;
	size_t len = strlen(call->log);

	assert_false(inside);
	snprintf(call->log + len, sizeof(call->log) - len, "%s\n", line);
	if (call->stop_at && !strcmp(call->stop_at, line))
		stop(call, call->stop_how);
}

static const struct pppd_ops ops = {
	.lcp_open = on_lcp_open,
	.accm = on_accm,
	.up = on_up,
	.down = on_down,
	.log = on_log,
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->loop = ev_default_loop(0);
	f->settings = (struct pppd_settings){
		.path = FAKE_PPPD,
		.pppol2tp = "pppol2tp.so",
		.plugin = "adit.so",
		.max_starting = CALLS_MAX,
		.kill_after = 5 * USEC_PER_SEC,
	};
	f->pppox_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	*state = f;
	return pppd_launcher_new(f->loop, &f->settings, &f->launcher);
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	pppd_launcher_free(f->launcher);
	close(f->pppox_fd);
	free(f);
	/* No zombie, and no child that still runs. */
	return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD ? 0 : -1;
}

/* Words with blanks between. */
static int try_start(struct fixture *f, struct call *call, const char *words)
{
	struct ppp_profile *profile = ppp_profile_new("test");
	struct pppd_params params = {
		.profile = profile,
		.pppox_fd = f->pppox_fd,
		.tunnel_id = 7,
		.session_id = 9,
		.called_number = "5550100",
	};
	char copy[300], *rest = copy, *word;
	int rc;

	snprintf(copy, sizeof(copy), "%s", words);
	while ((word = strsep(&rest, " ")))
		assert_int_equal(ppp_profile_add(profile, word), 0);
	inside = true;
	rc = pppd_start(f->launcher, &params, &ops, call, &call->pppd);
	inside = false;
	ppp_profile_unref(profile);
	return rc;
}

static struct call *start(struct fixture *f, int i, const char *words)
{
	assert_int_equal(try_start(f, &f->calls[i], words), 0);
	return &f->calls[i];
}

static void on_deadline(struct ev_loop *loop, ev_timer *timer, int revents)
{
	(void)timer;
	(void)revents;
	ev_break(loop, EVBREAK_ALL);
	fail_msg("waited for too long");
}

/* Runs the loop until *count has reached `value`. */
static void run_until(struct fixture *f, const unsigned int *count, unsigned int value)
{
	ev_timer deadline;

	ev_timer_init(&deadline, on_deadline, 20., 0.);
	ev_timer_start(f->loop, &deadline);
	while (*count < value)
		ev_run(f->loop, EVRUN_ONCE);
	ev_timer_stop(f->loop, &deadline);
}

static void on_pause_end(struct ev_loop *loop, ev_timer *timer, int revents)
{
	(void)timer;
	(void)revents;
	ev_break(loop, EVBREAK_ONE);
}

/* Runs the loop for a while. */
static void run_for(struct fixture *f, double seconds)
{
	ev_timer timer;

	ev_now_update(f->loop);
	ev_timer_init(&timer, on_pause_end, seconds, 0.);
	ev_timer_start(f->loop, &timer);
	ev_run(f->loop, 0);
	ev_timer_stop(f->loop, &timer);
}

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

static void test_foreign_plugin(void **state)
{
	struct fixture *f = *state;
	struct call *call = start(f, 0, "fake-garbage x fake-lcp fake-exit 0");

	run_until(f, &call->downs, 1);
	assert_string_equal(call->order, "ld");
	assert_string_equal(call->log, "adit.so is of another version than aditd\n");
}

/* teardown() sees that nothing survives. */
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
		rc = pppd_start(f->launcher, &params, &ops, call, &call->pppd);
		assert_true(rc == 0 || rc == -ENOMEM);
		assert_int_equal(pppd_launcher_count(f->launcher), rc ? 0 : 1);
	} while (rc);
	__mem_fail_after(0);
	assert_true(n > 10);
	run_until(f, &call->downs, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_life),	   TEST(test_up_again),	      TEST(test_endings),
		TEST(test_not_there),	   TEST(test_bad_socket),     TEST(test_stop),
		TEST(test_stop_the_deaf),  TEST(test_pacing_by_exit), TEST(test_pacing_by_lcp),
		TEST(test_pacing_by_time), TEST(test_cancel),	      TEST(test_inheritance),
		TEST(test_accm),	   TEST(test_environment),    TEST(test_log),
		TEST(test_foreign_plugin), TEST(test_free_kills),     TEST(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
