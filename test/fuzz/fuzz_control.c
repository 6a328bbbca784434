/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Three clients of the management socket, saying anything: fuzz_control.h has the language.
 *
 * Whatever they say, each line of an answer is a JSON object, and nobody hears more answers than
 * lines were said, unless it monitors. Time does not pass by itself.
 */
#include "fuzz_control.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "fuzz.h"
#include "unit/control_fixture.h"

/* Little enough that the fixture has room for whatever they ask of it. */
#define INPUT_MAX 3072
#define CLIENTS 3
/* Rounds of the loop: more than anything takes without time, and such that nothing is left. */
#define ROUNDS_MAX 10000
#define SILENT_ROUNDS 3
/* More than any object takes. */
#define LINE_MAX_HEARD 16384

struct end {
	int fd;
	bool deaf;
	bool shut;
	bool monitors;
	unsigned int lines;
	unsigned int answers;
	size_t len;
	char line[LINE_MAX_HEARD];
};

static struct fixture *fixture;
static struct end ends[CLIENTS];
static unsigned int speaker;

static void hear_line(struct end *end, const char *line, size_t len)
{
	json_t *json = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);

	assert_true(json_is_object(json));
	if (json_object_get(json, "event"))
		end->monitors = true;
	else if (json_object_get(json, "status"))
		end->answers++;
	/* A line that is never ended counts too. */
	assert_true(end->monitors || end->answers <= end->lines + 1);
	json_decref(json);
}

/* Whether there was anything to hear. */
static bool hear(struct end *end)
{
	char *line = end->line, *newline;
	ssize_t n;

	if (end->fd == -1 || end->deaf)
		return false;
	n = recv(end->fd, end->line + end->len, sizeof(end->line) - end->len, MSG_DONTWAIT);
	if (n <= 0)
		return false;
	end->len += (size_t)n;
	while ((newline = memchr(line, '\n', end->len))) {
		hear_line(end, line, (size_t)(newline - line));
		end->len -= (size_t)(newline + 1 - line);
		line = newline + 1;
	}
	memmove(end->line, line, end->len);
	assert_true(end->len < sizeof(end->line));
	return true;
}

/* Lets the daemon do what it can without time. */
static void turn(void)
{
	unsigned int silent = 0, rounds = 0;

	while (silent < SILENT_ROUNDS) {
		bool heard = false;

		assert_true(rounds++ < ROUNDS_MAX);
		ev_run(fixture->loop, EVRUN_NOWAIT);
		for (size_t i = 0; i < CLIENTS; i++)
			heard |= hear(&ends[i]);
		silent = heard ? 0 : silent + 1;
	}
}

static void end_open(struct end *end)
{
	const struct ucred cred = {.pid = 1};
	int fds[2];

	memset(end, 0, sizeof(*end));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds),
			 0);
	end->fd = fds[0];
	assert_int_equal(client_new(fixture->control, fds[1],
				    end == &ends[CLIENTS - 1] ? ACCESS_READ : ACCESS_FULL, &cred),
			 0);
}

static void end_close(struct end *end)
{
	if (end->fd != -1)
		close(end->fd);
	end->fd = -1;
}

static void say(struct end *end, const char *text, size_t len)
{
	if (end->fd == -1)
		end_open(end);
	for (size_t i = 0; i < len; i++)
		end->lines += text[i] == '\n';
	while (len && !end->shut) {
		ssize_t n = send(end->fd, text, len, MSG_NOSIGNAL);

		/* Dropped, or too slow. */
		if (n == -1)
			break;
		text += n;
		len -= (size_t)n;
		turn();
	}
}

static void complete(void)
{
	if (!fixture->n_later)
		return;
	ev_timer_stop(fixture->loop, &fixture->timer);
	ev_invoke(fixture->loop, &fixture->timer, EV_TIMER);
}

/* Of all clients: theirs may be of the same second. */
static void time_out(void)
{
	struct client *client, *after;

	list_for_each_safe (client, after, &fixture->control->clients, node) {
		struct request *r = client->request;

		if (r && ev_is_active(&r->timer)) {
			ev_timer_stop(fixture->loop, &r->timer);
			ev_invoke(fixture->loop, &r->timer, EV_TIMER);
		}
	}
}

static void happen(enum control_happening what)
{
	struct end *end = &ends[speaker];

	switch (what) {
	case CONTROL_COMPLETE:
		complete();
		break;
	case CONTROL_TIMEOUT:
		time_out();
		break;
	case CONTROL_NEXT:
		speaker = (speaker + 1) % CLIENTS;
		break;
	case CONTROL_LEAVE:
		end_close(end);
		break;
	case CONTROL_SHUT:
		if (end->fd != -1)
			shutdown(end->fd, SHUT_WR);
		end->shut = true;
		break;
	case CONTROL_HOLD:
		fixture->hold_counters = !fixture->hold_counters;
		if (!fixture->hold_counters)
			control_counters(fixture->control, fixture->counters_ticket, 0, NULL, 0);
		break;
	case CONTROL_DEAF:
		end->deaf = !end->deaf;
		break;
	}
	turn();
}

static bool is_happening(char c)
{
	return c >= CONTROL_COMPLETE && c <= CONTROL_DEAF;
}

static void play(const char *text, size_t size)
{
	for (size_t start = 0, i = 0; i < size; start = i) {
		while (i < size && !is_happening(text[i]) && (i == start || text[i - 1] != '\n'))
			i++;
		if (i > start)
			say(&ends[speaker], text + start, i - start);
		else
			happen((enum control_happening)text[i++]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *state;

	if (size > INPUT_MAX)
		return 0;
	log_set_level(LOG_EMERG);
	/* Thousands of sockets a second are nothing for a disk. */
	if (access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0);
	assert_int_equal(fixture_setup(&state), 0);
	fixture = state;
	speaker = 0;
	for (size_t i = 0; i < CLIENTS; i++)
		ends[i].fd = -1;
	play((const char *)data, size);
	for (size_t i = 0; i < CLIENTS; i++)
		ends[i].deaf = false;
	turn();
	for (size_t i = 0; i < CLIENTS; i++)
		end_close(&ends[i]);
	turn();
	fixture_teardown(&state);
	return 0;
}
