/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests: from a line to a command that may run, and the one line that ends its answer.
 *
 * A request is checked whole, against the rows of protocol.c, before its command sees it.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "control/private.h"

/* Of what a client sent, in a message or a log line. */
#define QUOTE_MAX 64

static void send_error(struct client *client, int err, const char *text)
{
	const char *code = strerrorname_np(err < 0 ? -err : err);

	client_send(client, json_pack("{s:s, s:s, s:o}", "status", "error", "code",
				      code ? code : "EIO", "message", text_json(text)));
}

void request_free(struct request *r)
{
	ev_timer_stop(r->client->control->loop, &r->timer);
	r->client->request = NULL;
	walk_free(&r->walk);
	mem_free(r->counters);
	json_decref(r->args);
	mem_free(r);
}

struct request *request_find(struct control *control, uint64_t ticket)
{
	struct client *client;

	list_for_each (client, &control->clients, node) {
		if (client->request && client->request->ticket == ticket)
			return client->request;
	}
	return NULL;
}

void request_done(struct request *r, const char *text)
{
	struct client *client = r->client;

	if (text && *text)
		client_send(client,
			    json_pack("{s:s, s:o}", "status", "ok", "message", text_json(text)));
	else
		client_send(client, json_pack("{s:s}", "status", "ok"));
	request_free(r);
	client_wake(client);
}

void request_fail(struct request *r, int err, const char *format, ...)
{
	struct client *client = r->client;
	char text[CONTROL_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	send_error(client, err, *text ? text : strerror(err < 0 ? -err : err));
	request_free(r);
	client_wake(client);
}

const char *request_text(const struct request *r, const char *name)
{
	return json_string_value(json_object_get(r->args, name));
}

uint32_t request_uint(const struct request *r, const char *name)
{
	return (uint32_t)json_integer_value(json_object_get(r->args, name));
}

bool request_has(const struct request *r, const char *name)
{
	const json_t *value = json_object_get(r->args, name);

	return value && !json_is_false(value);
}

bool request_waits(const struct request *r)
{
	const char *wait = request_text(r, "wait");

	return !wait || strcmp(wait, "none") != 0;
}

static uint32_t timeout_of(const struct request *r)
{
	return request_has(r, "timeout") ? request_uint(r, "timeout") : CONTROL_TIMEOUT_DEFAULT;
}

static void on_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct request *r = container_of(w, struct request, timer);

	(void)loop;
	(void)revents;
	switch (r->stage) {
	case REQUEST_COUNTERS:
		r->counters_err = -ETIMEDOUT;
		r->stage = REQUEST_WALK;
		client_wake(r->client);
		break;
	case REQUEST_UP:
		request_fail(r, -ETIMEDOUT, "not up after %u s; aditd goes on trying",
			     timeout_of(r));
		break;
	case REQUEST_GONE:
		request_fail(r, -ETIMEDOUT, "not gone after %u s; aditd goes on closing",
			     timeout_of(r));
		break;
	case REQUEST_RUNNING:
	case REQUEST_WALK:
		break;
	}
}

void request_start_timer(struct request *r, double seconds)
{
	ev_timer_set(&r->timer, seconds, 0.);
	ev_timer_start(r->client->control->loop, &r->timer);
}

void request_wait(struct request *r, enum request_stage stage)
{
	r->stage = stage;
	request_start_timer(r, timeout_of(r));
}

/* Who changes what is worth a line; secrets are not. */
static void log_change(const struct client *client, const char *command, const json_t *args)
{
	json_t *shown = args ? json_copy((json_t *)args) : json_object();
	char *text;

	json_object_del(shown, "secret");
	text = json_dumps(shown, JSON_COMPACT);
	log_write(LOG_INFO, NULL, "control: user %u, process %d: %s %s", client->cred.uid,
		  client->cred.pid, command, text ? text : "");
	mem_free(text);
	json_decref(shown);
}

/* What is wrong with a request, with its errno; 0 and its parts when nothing is. */
static int check(const struct client *client, const json_t *json, enum control_command_id *ret_id,
		 char *text, size_t size)
{
	const char *name = json_string_value(json_object_get(json, "command"));
	json_t *args = json_object_get(json, "args");
	enum control_command_id id;
	const char *key;
	json_t *value;

	json_object_foreach ((json_t *)json, key, value) {
		if (strcmp(key, "command") == 0 || strcmp(key, "args") == 0)
			continue;
		snprintf(text, size, "a request has no member %.*s", QUOTE_MAX, key);
		return -EINVAL;
	}
	if (!name) {
		snprintf(text, size, "a request must have a text \"command\"");
		return -EINVAL;
	}
	id = control_command_find(name);
	if (id == CONTROL_COMMAND_MAX) {
		snprintf(text, size, "unknown command %.*s", QUOTE_MAX, name);
		return -EOPNOTSUPP;
	}
	if (control_command_table[id].changes && client->access != ACCESS_FULL) {
		snprintf(text, size, "%s is for root only", name);
		return -EACCES;
	}
	*ret_id = id;
	return control_args_check(&control_command_table[id], args, text, size);
}

void request_begin(struct client *client, const char *line, size_t len)
{
	enum control_command_id id = CONTROL_COMMAND_MAX;
	char text[CONTROL_TEXT_MAX];
	struct request *r;
	json_error_t error;
	json_t *json, *args;
	int err;

	json = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);
	if (!json) {
		snprintf(text, sizeof(text), "not JSON: %s", error.text);
		send_error(client, -EBADMSG, text);
		return;
	}
	if (!json_is_object(json)) {
		json_decref(json);
		send_error(client, -EBADMSG, "a request must be a JSON object");
		return;
	}
	err = check(client, json, &id, text, sizeof(text));
	if (err) {
		json_decref(json);
		send_error(client, err, text);
		return;
	}
	r = mem_alloc(sizeof(*r));
	if (!r) {
		json_decref(json);
		client_doom(client, "out of memory");
		return;
	}
	args = json_object_get(json, "args");
	r->client = client;
	r->id = id;
	r->args = json_incref(args);
	r->ticket = CONTROL_OWNER | ++client->control->last_ticket;
	r->views = VIEW_NORMAL;
	ev_init(&r->timer, on_timer);
	client->request = r;
	if (control_command_table[id].changes)
		log_change(client, control_command_table[id].name, args);
	json_decref(json);
	command_run(r);
}
