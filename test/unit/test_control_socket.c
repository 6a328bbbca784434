/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The management socket itself: where it lies, who may connect and how many.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control_end.h"

static const struct {
	struct ucred cred;
	gid_t groups[3];
	size_t n_groups;
	enum access access;
} accesses[] = {
	{{1, 0, 0}, {0}, 0, ACCESS_FULL},	  {{1, 0, 5}, {0}, 0, ACCESS_FULL},
	{{1, 500, 5}, {0}, 0, ACCESS_FULL},	  {{1, 501, 7}, {0}, 0, ACCESS_READ},
	{{1, 501, 5}, {5, 6, 7}, 3, ACCESS_READ}, {{1, 501, 5}, {5, 6, 7}, 2, ACCESS_NONE},
	{{1, 501, 5}, {0}, 0, ACCESS_NONE},
};

static void test_access(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(accesses) / sizeof(accesses[0]); i++)
		assert_int_equal(__control_access(&accesses[i].cred, accesses[i].groups,
						  accesses[i].n_groups, 500, 7),
				 accesses[i].access);
}

/* Who may only read gets answers, and changes nothing. */
static void test_read_only(void **state)
{
	static const char *const changes[] = {
		"add tunnel", "add session", "del tunnel", "del session", "reload", "debug",
	};
	struct fixture *f = *state;
	struct ucred cred = {1, 501, 7};
	char request[256], answer[256];
	struct end *end;
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	assert_int_equal(client_new(f->control, fds[0], ACCESS_READ, &cred), 0);
	end = end_of(f, fds[1]);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		snprintf(request, sizeof(request), "{\"command\":\"%s\",\"args\":{\"all\":true}}\n",
			 changes[i]);
		snprintf(answer, sizeof(answer), ERROR("EACCES", "%s is for root only"),
			 changes[i]);
		end_say(end, request);
		end_expect(end, answer);
	}
	end_say(end, SHOW_NONE);
	end_expect(end, OK);
	end_say(end, "{\"command\":\"monitor\"}\n");
	end_take_line(end);
	calls_expect(f, "");
	end_free(end);
}

static void test_too_many_clients(void **state)
{
	struct end *ends[CONTROL_CLIENTS_MAX + 1];

	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		ends[i] = end_new(*state);
		end_say(ends[i], SHOW_NONE);
		end_expect(ends[i], OK);
	}
	ends[CONTROL_CLIENTS_MAX] = end_new(*state);
	end_expect(ends[CONTROL_CLIENTS_MAX], ERROR("EBUSY", "too many clients"));
	end_expect_closed(ends[CONTROL_CLIENTS_MAX]);
	end_free(ends[0]);
	ends[0] = end_new(*state);
	end_say(ends[0], SHOW_NONE);
	end_expect(ends[0], OK);
	for (size_t i = 0; i <= CONTROL_CLIENTS_MAX; i++)
		end_free(ends[i]);
}

static void test_path(void **state)
{
	struct fixture *f = *state;
	char path[sizeof(f->path) + 16], too_long[256];
	struct control *second = NULL;
	struct stat inode;
	int fd;

	assert_int_equal(stat(f->path, &inode), 0);
	assert_int_equal(inode.st_mode & 07777, 0660);
	assert_int_equal(control_new(f->loop, f->engine, f->path, f->control->ops, f, &second),
			 -EADDRINUSE);

	/* Nobody answers any more: the successor takes the path, the predecessor leaves it. */
	close(f->control->fd);
	ev_io_stop(f->loop, &f->control->accept);
	f->control->fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(control_new(f->loop, f->engine, f->path, f->control->ops, f, &second), 0);
	control_free(f->control);
	f->control = second;
	assert_int_equal(access(f->path, F_OK), 0);

	snprintf(path, sizeof(path), "%s.file", f->path);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_not_equal(fd, -1);
	close(fd);
	assert_int_equal(control_new(f->loop, f->engine, path, f->control->ops, f, &second),
			 -EADDRINUSE);
	assert_int_equal(access(path, F_OK), 0);
	unlink(path);
	snprintf(path, sizeof(path), "%s/a/b/control", f->folder);
	assert_int_equal(control_new(f->loop, f->engine, path, f->control->ops, f, &second),
			 -ENOENT);
	memset(too_long, 'x', sizeof(too_long));
	too_long[sizeof(too_long) - 1] = '\0';
	assert_int_equal(control_new(f->loop, f->engine, too_long, f->control->ops, f, &second),
			 -ENAMETOOLONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
		TEST(test_access),
		TEST(test_read_only),
		TEST(test_too_many_clients),
		TEST(test_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
