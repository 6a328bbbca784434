/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "control_end.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

struct end *end_of(struct fixture *f, int fd)
{
	struct end *end = calloc(1, sizeof(*end));

	end->f = f;
	end->fd = fd;
	end->room = 1024;
	end->text = calloc(1, end->room);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return end;
}

static int connect_to(const char *path)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0)
		return fd;
	close(fd);
	return -1;
}

struct end *end_new(struct fixture *f)
{
	int fd = connect_to(f->path);

	assert_int_not_equal(fd, -1);
	return end_of(f, fd);
}

void end_free(struct end *end)
{
	close(end->fd);
	for (int i = 0; i < 20; i++)
		fixture_run(end->f);
	free(end->text);
	free(end);
}

void end_read(struct end *end)
{
	ssize_t n;

	if (end->room - end->len < 65536) {
		end->room = end->room * 2 + 65536;
		end->text = realloc(end->text, end->room);
	}
	n = recv(end->fd, end->text + end->len, end->room - end->len - 1, MSG_DONTWAIT);
	if (n > 0)
		end->len += (size_t)n;
	else if (n == 0 || errno != EAGAIN)
		end->eof = true;
	end->text[end->len] = '\0';
}

void end_write(struct end *end, const char *data, size_t len)
{
	while (len) {
		ssize_t n = send(end->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n > 0) {
			data += n;
			len -= (size_t)n;
		} else {
			assert_int_equal(errno, EAGAIN);
		}
		fixture_run(end->f);
	}
}

void end_say(struct end *end, const char *text)
{
	end_write(end, text, strlen(text));
}

void end_wait(struct end *end, size_t len)
{
	for (int i = 0; i < PATIENCE && end->len < len && !end->eof; i++) {
		fixture_run(end->f);
		end_read(end);
	}
}

void end_take_line(struct end *end)
{
	char *newline;

	for (int i = 0; i < PATIENCE && !strchr(end->text, '\n') && !end->eof; i++) {
		fixture_run(end->f);
		end_read(end);
	}
	newline = strchr(end->text, '\n');
	assert_non_null(newline);
	end->len -= (size_t)(newline + 1 - end->text);
	memmove(end->text, newline + 1, end->len + 1);
}

void end_expect(struct end *end, const char *text)
{
	size_t len = strlen(text);

	end_wait(end, len);
	if (strcmp(text, NOT_JSON) == 0) {
		assert_memory_equal(end->text, NOT_JSON, len);
		end_take_line(end);
		return;
	}
	if (end->len > len && strncmp(end->text, text, len) == 0) {
		memmove(end->text, end->text + len, end->len - len + 1);
		end->len -= len;
		return;
	}
	assert_string_equal(end->text, text);
	end->len = 0;
	end->text[0] = '\0';
}

void end_expect_closed(struct end *end)
{
	end_wait(end, SIZE_MAX);
	assert_string_equal(end->text, "");
	assert_true(end->eof);
}

void end_expect_silence(struct end *end)
{
	for (int i = 0; i < 20; i++) {
		fixture_run(end->f);
		end_read(end);
	}
	assert_string_equal(end->text, "");
	assert_false(end->eof);
}

void calls_expect(struct fixture *f, const char *calls)
{
	assert_string_equal(f->calls, calls);
	f->calls[0] = '\0';
}
