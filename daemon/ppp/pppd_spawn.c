/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starts a process with exactly the file descriptors that pppd_args.h names.
 *
 * posix_spawn() and not fork(): the daemon has threads, after which a forked child may call next
 * to nothing, and it may be large, whose page tables a fork copies. It also returns the errno of
 * a failed exec. The child gets a session of its own, so that signals to the daemon's process
 * group do not reach it, and default signal handling, whatever the daemon ignores or blocks.
 */
#include "ppp/pppd_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ppp/pppd_args.h"

struct pair {
	int ours;
	int childs;
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags == -1 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) == -1)
		return -errno;
	return 0;
}

/* The child's copies are put in place one after the other: none may stand in another's place. */
static int move_up(int *fd)
{
	int high;

	if (*fd > PPPD_FD_LAST)
		return 0;
	high = fcntl(*fd, F_DUPFD_CLOEXEC, PPPD_FD_LAST + 1);
	if (high == -1)
		return -errno;
	close(*fd);
	*fd = high;
	return 0;
}

static int open_log(struct pair *ret)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) == -1)
		return -errno;
	ret->ours = fds[0];
	ret->childs = fds[1];
	return 0;
}

static int open_status(struct pair *ret)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) == -1)
		return -errno;
	ret->ours = fds[0];
	ret->childs = fds[1];
	return 0;
}

static int prepare(struct pair *pair)
{
	int rc = set_nonblocking(pair->ours);

	return rc ? rc : move_up(&pair->childs);
}

/* These return errno, not -1. */
static int place_fds(posix_spawn_file_actions_t *actions, int log, int pppox, int status)
{
	const struct {
		int from;
		int to;
	} moves[] = {
		{log, STDOUT_FILENO},
		{log, STDERR_FILENO},
		{pppox, PPPD_FD_PPPOX},
		{status, PPPD_FD_STATUS},
	};
	int err = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);

	for (size_t i = 0; !err && i < sizeof(moves) / sizeof(moves[0]); i++)
		err = moves[i].from == -1 ? posix_spawn_file_actions_addclose(actions, moves[i].to)
					  : posix_spawn_file_actions_adddup2(actions, moves[i].from,
									     moves[i].to);
	if (!err)
		err = posix_spawn_file_actions_addclosefrom_np(actions, PPPD_FD_LAST + 1);
	return err;
}

static int set_attributes(posix_spawnattr_t *attr)
{
	sigset_t all, none;
	int err;

	sigfillset(&all);
	sigemptyset(&none);
	err = posix_spawnattr_setsigdefault(attr, &all);
	if (!err)
		err = posix_spawnattr_setsigmask(attr, &none);
	if (!err)
		err = posix_spawnattr_setflags(
			attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
	return err;
}

static int spawn(const char *path, char *const argv[], char *const envp[], int log, int pppox,
		 int status, pid_t *ret)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	int err;

	err = posix_spawn_file_actions_init(&actions);
	if (err)
		return -err;
	err = posix_spawnattr_init(&attr);
	if (err)
		goto out_actions;
	err = place_fds(&actions, log, pppox, status);
	if (!err)
		err = set_attributes(&attr);
	if (!err)
		err = posix_spawn(ret, path, &actions, &attr, argv, envp);
	posix_spawnattr_destroy(&attr);
out_actions:
	posix_spawn_file_actions_destroy(&actions);
	return -err;
}

int pppd_spawn(const char *path, char *const argv[], char *const envp[], int pppox_fd,
	       struct pppd_child *ret)
{
	struct pair log = {-1, -1}, status = {-1, -1};
	int pppox = -1;
	pid_t pid;
	int rc;

	if (pppox_fd != -1) {
		pppox = fcntl(pppox_fd, F_DUPFD_CLOEXEC, PPPD_FD_LAST + 1);
		if (pppox == -1)
			return -errno;
	}
	rc = open_log(&log);
	if (!rc)
		rc = open_status(&status);
	if (!rc)
		rc = prepare(&log);
	if (!rc)
		rc = prepare(&status);
	if (!rc)
		rc = spawn(path, argv, envp, log.childs, pppox, status.childs, &pid);
	close_fd(&pppox);
	close_fd(&log.childs);
	close_fd(&status.childs);
	if (rc) {
		close_fd(&log.ours);
		close_fd(&status.ours);
		return rc;
	}
	*ret = (struct pppd_child){.pid = pid, .log_fd = log.ours, .status_fd = status.ours};
	return 0;
}
