/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The connection to aditd: one, kept for the commands of a batch.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/cli.h"

/* Milliseconds for what aditd answers at once. */
#define ANSWER_TIMEOUT 30000
/* Of an answer's line; more is nothing that aditd sends. */
#define ANSWER_MAX ((size_t)16 * 1024 * 1024)

void link_close(struct cli *cli)
{
	if (cli->fd != -1)
		close(cli->fd);
	cli->fd = -1;
	cli->in_len = 0;
}

/* What errno means to somebody who wants to reach the daemon. */
static void connect_error(const struct cli *cli, int err)
{
	switch (err) {
	case ENOENT:
	case ECONNREFUSED:
		fprintf(stderr, "adit: aditd is not running (cannot connect to %s: %s)\n",
			cli->control, strerror(err));
		break;
	case EACCES:
	case EPERM:
		fprintf(stderr,
			"adit: cannot connect to %s: %s (needs root, or the socket's group)\n",
			cli->control, strerror(err));
		break;
	default:
		fprintf(stderr, "adit: cannot connect to %s: %s\n", cli->control, strerror(err));
		break;
	}
}

static int link_open(struct cli *cli)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd, err = 0;

	if (cli->fd != -1)
		return 0;
	if (strlen(cli->control) >= sizeof(addr.sun_path)) {
		connect_error(cli, ENAMETOOLONG);
		return -ENAMETOOLONG;
	}
	strcpy(addr.sun_path, cli->control);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1 || connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == -1)
		err = -errno;
	if (err) {
		connect_error(cli, -err);
		if (fd != -1)
			close(fd);
		return err;
	}
	cli->fd = fd;
	cli->in_len = 0;
	return 0;
}

static int lost(struct cli *cli, int err)
{
	if (err)
		fprintf(stderr, "adit: connection to aditd: %s\n", strerror(err));
	else
		fprintf(stderr, "adit: aditd closed the connection\n");
	link_close(cli);
	return err ? -err : -ECONNRESET;
}

int link_request(struct cli *cli, const struct control_command *command, json_t *args)
{
	json_t *json = json_pack("{s:s, s:O}", "command", command->name, "args", args);
	char *line = json ? json_dumps(json, JSON_COMPACT) : NULL;
	int err = line ? link_open(cli) : -ENOMEM;
	size_t len = line ? strlen(line) : 0;
	size_t sent = 0;
	ssize_t n;

	if (line)
		line[len++] = '\n'; /* in place of the NUL */
	while (!err && sent < len) {
		n = send(cli->fd, line + sent, len - sent, MSG_NOSIGNAL);
		if (n >= 0)
			sent += (size_t)n;
		else if (errno == EPIPE)
			break; /* why it is closed is there to be read */
		else if (errno != EINTR)
			err = lost(cli, errno);
	}
	free(line);
	json_decref(json);
	return err;
}

static int fill(struct cli *cli, int timeout_ms)
{
	struct pollfd pollfd = {.fd = cli->fd, .events = POLLIN};
	ssize_t n;
	char *in;

	if (cli->in_len == cli->in_room) {
		size_t room = cli->in_room ? cli->in_room * 2 : 4096;

		in = room <= ANSWER_MAX ? realloc(cli->in, room) : NULL;
		if (!in)
			return lost(cli, ENOBUFS);
		cli->in = in;
		cli->in_room = room;
	}
	n = poll(&pollfd, 1, timeout_ms);
	if (n == 0) {
		fprintf(stderr, "adit: aditd does not answer\n");
		link_close(cli);
		return -ETIMEDOUT;
	}
	if (n > 0)
		n = read(cli->fd, cli->in + cli->in_len, cli->in_room - cli->in_len);
	if (n == 0)
		return lost(cli, 0);
	if (n == -1)
		return errno == EINTR ? 0 : lost(cli, errno);
	cli->in_len += (size_t)n;
	return 0;
}

int link_read(struct cli *cli, int timeout_ms, json_t **ret)
{
	json_error_t error;
	json_t *json;
	size_t seen = 0;
	char *end;
	int err;

	while (!(end = cli->in_len ? memchr(cli->in + seen, '\n', cli->in_len - seen) : NULL)) {
		seen = cli->in_len;
		err = fill(cli, timeout_ms);
		if (err)
			return err;
	}
	json = json_loadb(cli->in, (size_t)(end - cli->in), 0, &error);
	cli->in_len -= (size_t)(end + 1 - cli->in);
	memmove(cli->in, end + 1, cli->in_len);
	if (!json_is_object(json)) {
		fprintf(stderr, "adit: aditd sent what is no answer: %s\n",
			json ? "not an object" : error.text);
		json_decref(json);
		link_close(cli);
		return -EBADMSG;
	}
	*ret = json;
	return 0;
}

/* aditd ends the waiting itself; the rest is for one that hangs. */
static int answer_timeout(const struct control_command *command, const json_t *args)
{
	const json_t *timeout = json_object_get(args, "timeout");

	if (!control_arg_find(command, "timeout"))
		return ANSWER_TIMEOUT;
	return ANSWER_TIMEOUT +
	       1000 * (int)(timeout ? json_integer_value(timeout) : CONTROL_TIMEOUT_DEFAULT);
}

/* Faults of a configuration come one a line. */
static void print_lines(FILE *out, const char *message)
{
	const char *end;

	for (; *message; message = *end ? end + 1 : end) {
		char *part;

		end = message + strcspn(message, "\n");
		part = strndup(message, (size_t)(end - message));
		if (part)
			value_print_text(out, part);
		free(part);
		fputc('\n', out);
	}
}

void link_print_refusal(const json_t *line)
{
	const char *message = json_string_value(json_object_get(line, "message"));
	const char *code = json_string_value(json_object_get(line, "code"));

	fputs("aditd answers: ", stderr);
	print_lines(stderr, message ? message : code ? code : "no reason given");
}

int link_call(struct cli *cli, const struct control_command *command, json_t *args,
	      void (*each)(struct cli *cli, const json_t *line), char **ret_message)
{
	int timeout = answer_timeout(command, args);
	const char *status, *message;
	json_t *line = NULL;
	int code = EXIT_OK;
	bool done = false;

	*ret_message = NULL;
	if (link_request(cli, command, args) < 0)
		return EXIT_REFUSED;
	while (!done) {
		if (link_read(cli, timeout, &line) < 0)
			return EXIT_REFUSED;
		status = json_string_value(json_object_get(line, "status"));
		done = status != NULL;
		if (!done) {
			each(cli, line);
		} else if (strcmp(status, "ok") == 0) {
			message = json_string_value(json_object_get(line, "message"));
			*ret_message = message ? strdup(message) : NULL;
		} else {
			link_print_refusal(line);
			code = EXIT_REFUSED;
		}
		json_decref(line);
	}
	return code;
}

static void no_objects(struct cli *cli, const json_t *line)
{
	(void)cli;
	(void)line;
}

int link_do(struct cli *cli, const struct control_command *command, json_t *args)
{
	char *message;
	int code = link_call(cli, command, args, no_objects, &message);

	if (message)
		print_lines(stdout, message);
	free(message);
	return code;
}
