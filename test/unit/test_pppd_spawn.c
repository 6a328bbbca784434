/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors of the child, when those of the parent stand in each other's way.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "ppp/pppd_spawn.h"

static size_t read_all(int fd, char *data, size_t size)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
	size_t total = 0;
	ssize_t len;

	for (;;) {
		assert_int_equal(poll(&poll_fd, 1, 10000), 1);
		len = read(fd, data + total, size - 1 - total);
		assert_true(len >= 0);
		if (!len)
			break;
		total += (size_t)len;
	}
	data[total] = '\0';
	return total;
}

static void assert_child_has(int pppox_fd)
{
	char *argv[] = {(char *)"pppd", (char *)"fake-fds", NULL}, *envp[] = {NULL};
	char log[4096], expected[100];
	struct pppd_child child;
	struct stat st;
	int wait_status;

	assert_int_equal(pppd_spawn(FAKE_PPPD, argv, envp, pppox_fd, &child), 0);
	assert_true(fcntl(child.log_fd, F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(child.status_fd, F_GETFD) & FD_CLOEXEC);
	read_all(child.log_fd, log, sizeof(log));
	assert_int_equal(waitpid(child.pid, &wait_status, 0), child.pid);
	assert_int_equal(wait_status, 0);
	close(child.log_fd);
	close(child.status_fd);

	if (pppox_fd == -1) {
		assert_null(strstr(log, "fd 3 "));
		return;
	}
	assert_int_equal(fstat(pppox_fd, &st), 0);
	snprintf(expected, sizeof(expected), "fd 3 socket:[%lu]\n", (unsigned long)st.st_ino);
	assert_non_null(strstr(log, expected));
	assert_non_null(strstr(log, "fd 0 /dev/null\n"));
	assert_non_null(strstr(log, "fd 1 pipe:"));
	assert_non_null(strstr(log, "fd 2 pipe:"));
	assert_non_null(strstr(log, "fd 4 socket:"));
	assert_null(strstr(log, "fd 5 "));
}

/* One that makes its own socket gets none, not even one that somebody left open for it. */
static void test_no_socket(void **state)
{
	int stray = socket(AF_UNIX, SOCK_DGRAM, 0);

	(void)state;
	assert_true(stray >= 0);
	if (stray != 3) {
		assert_int_equal(dup3(stray, 3, 0), 3);
		close(stray);
	}
	assert_child_has(-1);
	close(3);
}

/* 20: the log's and the status socket's ends are at 3 to 6, in the places of others. */
static void test_places(void **state)
{
	static const int places[] = {3, 4, 5, 20};
	int socket_fd;

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		socket_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		assert_true(socket_fd >= 0);
		if (socket_fd != places[i]) {
			assert_int_equal(dup3(socket_fd, places[i], O_CLOEXEC), places[i]);
			close(socket_fd);
		}
		assert_child_has(places[i]);
		close(places[i]);
	}
}

static void test_failures(void **state)
{
	char *argv[] = {(char *)"pppd", NULL}, *envp[] = {NULL};
	struct pppd_child child = {.pid = 77};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), next;

	(void)state;
	assert_int_equal(pppd_spawn("/nonexistent", argv, envp, fd, &child), -ENOENT);
	assert_int_equal(pppd_spawn("/", argv, envp, fd, &child), -EACCES);
	assert_int_equal(pppd_spawn(FAKE_PPPD, argv, envp, 1000000, &child), -EBADF);
	assert_int_equal(child.pid, 77);
	/* Nothing stayed open, nothing stayed alive. */
	next = dup(fd);
	assert_int_equal(next, fd + 1);
	close(next);
	close(fd);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_no_socket),
		cmocka_unit_test(test_failures),
	};

	/* Whatever the test's runner left open. */
	close_range(3, ~0U, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
