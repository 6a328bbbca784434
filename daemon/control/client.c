/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A client: lines in, lines out, and nothing that one client does costs more than its share.
 *
 * Input is bounded by one line, one request runs at a time, and a walk pauses when the client is
 * slow to read. Events cannot wait: a monitor that does not read them is dropped.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "control/private.h"

/* An answer that is generated pauses here... */
#define OUT_PAUSE ((size_t)64 * 1024)
/* ...and who has left this much unread is dropped. */
#define OUT_MAX ((size_t)1024 * 1024)

void client_free(struct client *client)
{
	struct control *control = client->control;

	if (client->request)
		request_free(client->request);
	ev_io_stop(control->loop, &client->io);
	ev_clear_pending(control->loop, &client->io);
	close(client->fd);
	list_remove(&client->node);
	control->n_clients--;
	mem_free(client->out);
	mem_free(client);
}

void client_wake(struct client *client)
{
	if (client->busy)
		return;
	ev_feed_event(client->control->loop, &client->io, EV_CUSTOM);
}

void client_doom(struct client *client, const char *why)
{
	if (client->doomed)
		return;
	client->doomed = true;
	log_write(LOG_WARNING, NULL, "control: client process %d dropped: %s", client->cred.pid,
		  why);
	client_wake(client);
}

bool client_has_room(const struct client *client)
{
	return !client->doomed && client->out_len < OUT_PAUSE;
}

static bool make_room(struct client *client, size_t len)
{
	size_t room = client->out_room ? client->out_room : 4096;
	char *out;

	if (client->out_start) {
		memmove(client->out, client->out + client->out_start, client->out_len);
		client->out_start = 0;
	}
	while (room < client->out_len + len)
		room *= 2;
	if (room == client->out_room)
		return true;
	out = mem_resize(client->out, room);
	if (!out)
		return false;
	client->out = out;
	client->out_room = room;
	return true;
}

void client_send_text(struct client *client, const char *line, size_t len)
{
	if (client->doomed)
		return;
	if (client->out_len > OUT_MAX) {
		client_doom(client, "it does not read what it asked for");
		return;
	}
	if (client->out_start + client->out_len + len + 1 > client->out_room &&
	    !make_room(client, len + 1)) {
		client_doom(client, "out of memory");
		return;
	}
	memcpy(client->out + client->out_start + client->out_len, line, len);
	client->out_len += len;
	client->out[client->out_start + client->out_len++] = '\n';
	client_wake(client);
}

void client_send(struct client *client, json_t *line)
{
	char *text = line ? json_dumps(line, JSON_COMPACT) : NULL;

	if (text)
		client_send_text(client, text, strlen(text));
	else
		client_doom(client, "out of memory");
	mem_free(text);
	json_decref(line);
}

/* An error outside of any request. */
static void send_fault(struct client *client, const char *code, const char *text)
{
	client_send(client,
		    json_pack("{s:s, s:s, s:s}", "status", "error", "code", code, "message", text));
}

/* Whether the other end is closed altogether, and not only for writing. */
static bool hung_up(int fd)
{
	struct pollfd pollfd = {.fd = fd};

	return poll(&pollfd, 1, 0) == 1 && pollfd.revents & POLLHUP;
}

static void receive(struct client *client)
{
	ssize_t len = recv(client->fd, client->in + client->in_len,
			   sizeof(client->in) - client->in_len, 0);

	if (len > 0) {
		/* Nothing more is expected of a monitor. */
		if (!client->monitoring)
			client->in_len += (size_t)len;
		return;
	}
	if (len == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	/* Leaving is not worth a log line, so no client_doom(). */
	client->eof = true;
	if (len == -1 || hung_up(client->fd))
		client->doomed = true;
}

static void drop_input(struct client *client, size_t len)
{
	client->in_len -= len;
	memmove(client->in, client->in + len, client->in_len);
}

/* What is there without a newline: too long, unfinished for ever, or to be continued. */
static void handle_partial_line(struct client *client)
{
	if (client->skipping) {
		client->in_len = 0;
	} else if (client->in_len == sizeof(client->in)) {
		client->skipping = true;
		client->in_len = 0;
		send_fault(client, "EMSGSIZE", "a request must not be longer than 65536 octets");
	} else if (client->eof && client->in_len) {
		client->in_len = 0;
		send_fault(client, "EBADMSG", "the last line has no end");
	}
}

static void handle_lines(struct client *client)
{
	size_t done = 0;

	while (!client->request && !client->monitoring && !client->doomed) {
		char *line = client->in + done;
		char *end = memchr(line, '\n', client->in_len - done);

		if (!end)
			break;
		done = (size_t)(end + 1 - client->in);
		if (client->skipping)
			client->skipping = false;
		else if (end != line)
			request_begin(client, line, (size_t)(end - line));
	}
	drop_input(client, done);
	if (client->monitoring)
		client->in_len = 0;
	else if (!client->request && !memchr(client->in, '\n', client->in_len))
		handle_partial_line(client);
}

static void transmit(struct client *client)
{
	ssize_t len;

	if (!client->out_len)
		return;
	len = send(client->fd, client->out + client->out_start, client->out_len,
		   MSG_DONTWAIT | MSG_NOSIGNAL);
	if (len > 0) {
		client->out_len -= (size_t)len;
		client->out_start = client->out_len ? client->out_start + (size_t)len : 0;
	} else if (len == -1 && errno != EAGAIN && errno != EINTR) {
		client->doomed = true;
	}
}

static bool walking(const struct client *client)
{
	return client->request && client->request->stage == REQUEST_WALK;
}

static bool line_waiting(const struct client *client)
{
	return !client->request && memchr(client->in, '\n', client->in_len);
}

/*
 * Reads while there is room for more than it has said already, writes while there is something.
 * Work that is left comes back through the loop, so that others have their turn.
 */
static void watch(struct client *client)
{
	int events = 0;

	if (!client->eof && client->in_len < sizeof(client->in))
		events |= EV_READ;
	if (client->out_len || walking(client) || line_waiting(client))
		events |= EV_WRITE;
	if ((client->io.events & (EV_READ | EV_WRITE)) == events && ev_is_active(&client->io))
		return;
	ev_io_stop(client->control->loop, &client->io);
	ev_io_set(&client->io, client->fd, events);
	if (events)
		ev_io_start(client->control->loop, &client->io);
}

static void on_io(struct ev_loop *loop, ev_io *w, int revents)
{
	struct client *client = container_of(w, struct client, io);

	(void)loop;
	client->busy = true;
	if (revents & EV_READ)
		receive(client);
	handle_lines(client);
	if (walking(client))
		walk_send(client->request);
	transmit(client);
	client->busy = false;
	if (client->doomed || (client->eof && !client->monitoring && !client->request &&
			       !client->out_len && !client->in_len))
		client_free(client);
	else
		watch(client);
}

int client_new(struct control *control, int fd, enum access access, const struct ucred *cred)
{
	struct client *client = mem_alloc(sizeof(*client));

	if (!client) {
		close(fd);
		return -ENOMEM;
	}
	client->control = control;
	client->fd = fd;
	client->access = access;
	client->cred = *cred;
	list_append(&control->clients, &client->node);
	control->n_clients++;
	ev_io_init(&client->io, on_io, fd, EV_READ);
	ev_io_start(control->loop, &client->io);
	return 0;
}
