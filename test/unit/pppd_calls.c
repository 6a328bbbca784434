/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The launcher with a fake pppd.
 */
#include "pppd_calls.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

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

void stop(struct call *call, enum ppp_stop how)
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

const struct pppd_ops call_ops = {
	.lcp_open = on_lcp_open,
	.accm = on_accm,
	.up = on_up,
	.down = on_down,
	.log = on_log,
};

int pppd_setup(void **state)
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

int pppd_teardown(void **state)
{
	struct fixture *f = *state;

	pppd_launcher_free(f->launcher);
	close(f->pppox_fd);
	free(f);
	/* No zombie, and no child that still runs. */
	return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD ? 0 : -1;
}

int try_start(struct fixture *f, struct call *call, const char *words)
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
	rc = pppd_start(f->launcher, &params, &call_ops, call, &call->pppd);
	inside = false;
	ppp_profile_unref(profile);
	return rc;
}

struct call *start(struct fixture *f, int i, const char *words)
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

void run_until(struct fixture *f, const unsigned int *count, unsigned int value)
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

void run_for(struct fixture *f, double seconds)
{
	ev_timer timer;

	ev_now_update(f->loop);
	ev_timer_init(&timer, on_pause_end, seconds, 0.);
	ev_timer_start(f->loop, &timer);
	ev_run(f->loop, 0);
	ev_timer_stop(f->loop, &timer);
}
