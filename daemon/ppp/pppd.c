/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The launcher: which pppd may start when, what each tells, and that each ends.
 *
 * A pppd waits in a queue until fewer than max_starting others are between their start and LCP
 * open, since a fork, three shared objects and a network device each make a thousand calls at once
 * a storm. A peer that never answers LCP must not hold its place in that for as long as pppd keeps
 * trying, else a handful of such calls would keep everybody out: after STARTING_LIMIT it no longer
 * counts.
 *
 * An object lives until down(). libev reaps the child and calls us in the same step, so a pid that
 * is not 0 is our child's and nobody else's.
 */
#include "ppp/pppd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "ppp/lines.h"
#include "ppp/link.h"
#include "ppp/pppd_args.h"
#include "ppp/pppd_exit.h"
#include "ppp/pppd_spawn.h"
#include "wire/result.h"

/* Seconds. */
#define STARTING_LIMIT 5.0
/* What a pipe can hold: more than this cannot be left of a process that is gone. */
#define DRAIN_MAX 65536

struct pppd_launcher {
	struct ev_loop *loop;
	const struct pppd_settings *settings;
	/* To be started, oldest first. */
	struct list waiting;
	struct list running;
	/* Never ran, or could not: their down() is due. */
	struct list ended;
	ev_timer end_timer;
	unsigned int starting;
	unsigned int count;
};

enum pppd_state {
	PPPD_WAITING,
	PPPD_RUNNING,
	PPPD_ENDED,
};

struct pppd {
	struct list node;
	struct pppd_launcher *launcher;
	const struct pppd_ops *ops;
	void *user;
	enum pppd_state state;
	/* Counted in launcher->starting. */
	bool starting;
	struct words argv;
	struct words envp;
	/* Only while it waits. */
	int pppox_fd;
	/* 0 before and after the process. */
	int pid;
	int log_fd;
	int status_fd;
	ev_io log_io;
	ev_io status_io;
	ev_child child;
	ev_timer start_timer;
	ev_timer kill_timer;
	enum pppd_ending ending;
	struct line_buffer lines;
	/* As last told. */
	struct ppp_status status;
	struct pppd_link link;
	struct accm accm;
	bool accm_told;
	/* Of one that never ran. */
	struct reason reason;
};

static void start_waiting(struct pppd_launcher *launcher);

static void release_slot(struct pppd *p)
{
	if (!p->starting)
		return;
	p->starting = false;
	p->launcher->starting--;
	ev_timer_stop(p->launcher->loop, &p->start_timer);
}

static void pppd_free(struct pppd *p)
{
	struct ev_loop *loop = p->launcher->loop;

	release_slot(p);
	list_remove(&p->node);
	p->launcher->count--;
	ev_io_stop(loop, &p->log_io);
	ev_io_stop(loop, &p->status_io);
	ev_child_stop(loop, &p->child);
	ev_timer_stop(loop, &p->kill_timer);
	if (p->pppox_fd >= 0)
		close(p->pppox_fd);
	if (p->log_fd >= 0)
		close(p->log_fd);
	if (p->status_fd >= 0)
		close(p->status_fd);
	words_free(&p->argv);
	words_free(&p->envp);
	mem_free(p);
}

static void tell_down(struct pppd *p, const struct reason *reason)
{
	struct pppd_launcher *launcher = p->launcher;

	p->ops->down(p->user, reason);
	pppd_free(p);
	start_waiting(launcher);
}

static void on_end_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
	struct pppd_launcher *launcher = container_of(timer, struct pppd_launcher, end_timer);
	struct list due;
	struct pppd *p;

	(void)loop;
	(void)revents;
	/* Those that end while we are at it wait for the next round: the loop must go on. */
	list_init(&due);
	while ((p = list_first(&launcher->ended, struct pppd, node))) {
		list_remove(&p->node);
		list_append(&due, &p->node);
	}
	while ((p = list_first(&due, struct pppd, node)))
		tell_down(p, &p->reason);
}

/* down() must not come from inside a call of the user's. */
static void end_later(struct pppd *p, const struct reason *reason)
{
	struct pppd_launcher *launcher = p->launcher;

	p->state = PPPD_ENDED;
	p->reason = *reason;
	if (p->pppox_fd >= 0)
		close(p->pppox_fd);
	p->pppox_fd = -1;
	list_remove(&p->node);
	list_append(&launcher->ended, &p->node);
	if (!ev_is_active(&launcher->end_timer)) {
		ev_timer_set(&launcher->end_timer, 0., 0.);
		ev_timer_start(launcher->loop, &launcher->end_timer);
	}
}

static void emit_line(void *ctx, const char *line)
{
	struct pppd *p = ctx;

	p->ops->log(p->user, line);
}

/* Returns how many octets were read; 0 when there is nothing, or the stream has ended. */
static size_t read_log(struct pppd *p)
{
	char data[4096];
	ssize_t len;

	len = read(p->log_fd, data, sizeof(data));
	if (len > 0) {
		lines_feed(&p->lines, data, (size_t)len, emit_line, p);
		return (size_t)len;
	}
	if (len == 0 || (errno != EAGAIN && errno != EINTR))
		ev_io_stop(p->launcher->loop, &p->log_io);
	return 0;
}

static void on_log(struct ev_loop *loop, ev_io *io, int revents)
{
	(void)loop;
	(void)revents;
	read_log(container_of(io, struct pppd, log_io));
}

static void tell_accm(struct pppd *p)
{
	const struct accm accm = {.send = p->status.send_accm, .receive = p->status.receive_accm};

	if (!(p->status.facts & PPP_LCP_OPEN) ||
	    (p->accm_told && accm.send == p->accm.send && accm.receive == p->accm.receive))
		return;
	p->accm = accm;
	p->accm_told = true;
	p->ops->accm(p->user, &accm);
}

static void handle_status(struct pppd *p, const struct ppp_status *status)
{
	uint16_t fresh = status->facts & ~p->status.facts;
	struct pppd_link link;

	p->status = *status;
	if (fresh & PPP_LCP_OPEN) {
		release_slot(p);
		p->ops->lcp_open(p->user);
	}
	tell_accm(p);
	/* One of two networks going down is no news: with the last of them goes the link. */
	if (!(fresh & (PPP_IPV4_UP | PPP_IPV6_UP)))
		return;
	ppp_status_link(status, &link);
	if (pppd_link_equal(&link, &p->link))
		return;
	p->link = link;
	p->ops->up(p->user, &p->link);
}

/* Returns false when there is nothing more to read. */
static bool read_status(struct pppd *p)
{
	/* One octet more than a message has, to see one that is too long. */
	char data[sizeof(struct ppp_status) + 1];
	struct ppp_status status;
	ssize_t len;

	len = recv(p->status_fd, data, sizeof(data), 0);
	if (len > 0) {
		if (ppp_status_read(data, (size_t)len, &status))
			p->ops->log(p->user, "adit.so is of another version than aditd");
		else
			handle_status(p, &status);
		return true;
	}
	if (len == 0 || (errno != EAGAIN && errno != EINTR))
		ev_io_stop(p->launcher->loop, &p->status_io);
	return false;
}

static void on_status(struct ev_loop *loop, ev_io *io, int revents)
{
	struct pppd *p = container_of(io, struct pppd, status_io);
	struct pppd_launcher *launcher = p->launcher;

	(void)loop;
	(void)revents;
	read_status(p);
	start_waiting(launcher);
}

static void drain(struct pppd *p)
{
	size_t total = 0, len;

	while (read_status(p))
		;
	while (total < DRAIN_MAX && (len = read_log(p)))
		total += len;
	lines_flush(&p->lines, emit_line, p);
}

static void on_child(struct ev_loop *loop, ev_child *child, int revents)
{
	struct pppd *p = container_of(child, struct pppd, child);
	struct reason reason;

	(void)revents;
	ev_child_stop(loop, child);
	p->pid = 0;
	drain(p);
	reason = pppd_exit_reason(child->rstatus, p->ending, &p->status);
	tell_down(p, &reason);
}

static void on_start_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
	struct pppd *p = container_of(timer, struct pppd, start_timer);

	(void)loop;
	(void)revents;
	release_slot(p);
	start_waiting(p->launcher);
}

static void on_kill_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
	struct pppd *p = container_of(timer, struct pppd, kill_timer);

	(void)loop;
	(void)revents;
	p->ending = PPPD_KILLED;
	kill(p->pid, SIGKILL);
}

static void watch(struct pppd *p, const struct pppd_child *child)
{
	struct pppd_launcher *launcher = p->launcher;

	p->state = PPPD_RUNNING;
	p->pid = child->pid;
	p->log_fd = child->log_fd;
	p->status_fd = child->status_fd;
	list_append(&launcher->running, &p->node);
	ev_io_set(&p->log_io, p->log_fd, EV_READ);
	ev_io_start(launcher->loop, &p->log_io);
	ev_io_set(&p->status_io, p->status_fd, EV_READ);
	ev_io_start(launcher->loop, &p->status_io);
	ev_child_set(&p->child, p->pid, 0);
	ev_child_start(launcher->loop, &p->child);
	p->starting = true;
	launcher->starting++;
	ev_timer_set(&p->start_timer, STARTING_LIMIT, 0.);
	ev_timer_start(launcher->loop, &p->start_timer);
}

static void launch(struct pppd *p)
{
	const char *path = p->launcher->settings->path;
	struct pppd_child child;
	struct reason reason;
	int rc;

	list_remove(&p->node);
	rc = pppd_spawn(path, p->argv.word, p->envp.word, p->pppox_fd, &child);
	if (rc) {
		reason = pppd_spawn_reason(rc, path);
		end_later(p, &reason);
		return;
	}
	if (p->pppox_fd >= 0)
		close(p->pppox_fd);
	p->pppox_fd = -1;
	watch(p, &child);
}

static void start_waiting(struct pppd_launcher *launcher)
{
	struct pppd *p;

	while (launcher->starting < launcher->settings->max_starting &&
	       (p = list_first(&launcher->waiting, struct pppd, node)))
		launch(p);
}

int pppd_launcher_new(struct ev_loop *loop, const struct pppd_settings *settings,
		      struct pppd_launcher **ret)
{
	struct pppd_launcher *launcher = mem_alloc(sizeof(*launcher));

	if (!launcher)
		return -ENOMEM;
	launcher->loop = loop;
	launcher->settings = settings;
	list_init(&launcher->waiting);
	list_init(&launcher->running);
	list_init(&launcher->ended);
	ev_init(&launcher->end_timer, on_end_timer);
	*ret = launcher;
	return 0;
}

static void free_all(struct list *list)
{
	struct pppd *p;

	while ((p = list_first(list, struct pppd, node)))
		pppd_free(p);
}

void pppd_launcher_free(struct pppd_launcher *launcher)
{
	struct pppd *p;

	if (!launcher)
		return;
	/* All are killed before the first is waited for: closing a network device takes time. */
	list_for_each (p, &launcher->running, node)
		kill(p->pid, SIGKILL);
	list_for_each (p, &launcher->running, node)
		while (waitpid(p->pid, NULL, 0) == -1 && errno == EINTR)
			;
	free_all(&launcher->running);
	free_all(&launcher->waiting);
	free_all(&launcher->ended);
	ev_timer_stop(launcher->loop, &launcher->end_timer);
	mem_free(launcher);
}

unsigned int pppd_launcher_count(const struct pppd_launcher *launcher)
{
	return launcher->count;
}

static int prepare(struct pppd *p, const struct pppd_params *params)
{
	int rc;

	rc = pppd_args_build(p->launcher->settings, params, &p->argv);
	if (rc)
		return rc;
	rc = pppd_env_build(params, &p->envp);
	if (rc)
		return rc;
	if (params->pppoe)
		return 0;
	p->pppox_fd = fcntl(params->pppox_fd, F_DUPFD_CLOEXEC, 0);
	return p->pppox_fd == -1 ? -errno : 0;
}

int pppd_start(struct pppd_launcher *launcher, const struct pppd_params *params,
	       const struct pppd_ops *ops, void *user, struct pppd **ret)
{
	struct pppd *p = mem_alloc(sizeof(*p));
	int rc;

	if (!p)
		return -ENOMEM;
	p->launcher = launcher;
	p->ops = ops;
	p->user = user;
	p->state = PPPD_WAITING;
	p->pppox_fd = -1;
	p->log_fd = -1;
	p->status_fd = -1;
	ev_init(&p->log_io, on_log);
	ev_init(&p->status_io, on_status);
	ev_init(&p->child, on_child);
	ev_init(&p->start_timer, on_start_timer);
	ev_init(&p->kill_timer, on_kill_timer);
	list_append(&launcher->waiting, &p->node);
	launcher->count++;
	rc = prepare(p, params);
	if (rc) {
		pppd_free(p);
		return rc;
	}
	*ret = p;
	start_waiting(launcher);
	return 0;
}

static void ask_to_end(struct pppd *p, enum ppp_stop how)
{
	struct pppd_launcher *launcher = p->launcher;

	/* Reaped; down() follows. */
	if (!p->pid)
		return;
	if (p->ending == PPPD_BY_ITSELF)
		p->ending = PPPD_ASKED;
	kill(p->pid, how == PPP_STOP_HANGUP ? SIGHUP : SIGTERM);
	if (ev_is_active(&p->kill_timer) || p->ending == PPPD_KILLED)
		return;
	ev_timer_set(&p->kill_timer,
		     (ev_tstamp)launcher->settings->kill_after / (ev_tstamp)USEC_PER_SEC, 0.);
	ev_timer_start(launcher->loop, &p->kill_timer);
}

void pppd_stop(struct pppd *p, enum ppp_stop how)
{
	struct reason reason;

	switch (p->state) {
	case PPPD_WAITING:
		reason = reason_make(ORIGIN_PPP, CDN_ADMIN, 0, "cancelled before pppd was started");
		end_later(p, &reason);
		break;
	case PPPD_RUNNING:
		ask_to_end(p, how);
		break;
	case PPPD_ENDED:
		break;
	}
}

int pppd_pid(const struct pppd *p)
{
	return p->pid;
}
