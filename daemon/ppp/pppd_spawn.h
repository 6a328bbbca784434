/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starts a process with exactly the file descriptors that pppd_args.h names.
 */
#pragma once

#include <sys/types.h>

struct pppd_child {
	pid_t pid;
	/* Our ends, non-blocking and close-on-exec: a stream, and datagrams. */
	int log_fd;
	int status_fd;
};

/*
 * Must be called on the thread that lives as long as the daemon: pppd is told when that ends.
 * pppox_fd stays the caller's; -1 for none. Returns 0 or -errno, that of a failed exec included.
 */
int pppd_spawn(const char *path, char *const argv[], char *const envp[], int pppox_fd,
	       struct pppd_child *ret);
