/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands that act on a LAC's calls and destinations, and what happens to these, for monitors
 * and for who waits.
 */
#include "control/lac.h"

#include <errno.h>
#include <stdio.h>

#include "base/mem.h"
#include "control/private.h"

struct choosing {
	struct request *r;
	int err;
};

static void add_call(void *user, const struct control_call *call)
{
	struct choosing *c = user;

	if (!c->err && call_matches(c->r, call))
		c->err = walk_add_call(&c->r->walk, call->id);
}

/* Those that are meant, into the walk. */
static int choose_calls(struct request *r)
{
	struct control *control = r->client->control;
	struct choosing c = {.r = r};

	r->walk.type = OBJECT_CALL;
	control->ops->calls(control->ctx, add_call, &c);
	return c.err;
}

/* Hangs up what stands in the walk. The request may be answered, and its walk gone, meanwhile: so
 * each is looked for anew. */
static void hang_up(struct request *r)
{
	struct control *control = r->client->control;
	uint64_t ticket = r->ticket;
	char id[CONTROL_CALL_ID_MAX];

	r->stage = REQUEST_GONE;
	for (size_t i = 0; r && i < r->walk.n; i++) {
		snprintf(id, sizeof(id), "%s", r->walk.items[i].call_id);
		control->ops->close_call(control->ctx, id);
		r = request_find(control, ticket);
	}
}

/* How many of the arguments say which calls are meant. */
static unsigned int selecting(const struct request *r)
{
	return request_has(r, "call_id") + request_has(r, "user") + request_has(r, "interface") +
	       request_has(r, "mac") + request_has(r, "destination");
}

/* Ends a request whose arguments fit no call; of one argument it can say more. */
static void fail_no_call(struct request *r)
{
	const char *user = request_text(r, "user"), *id = request_text(r, "call_id");

	if (selecting(r) != 1 || (!user && !id))
		request_fail(r, -ENOENT, "there is no such call");
	else if (user)
		request_fail(r, -ENOENT, "no call is of a user %s; an id goes with call_id", user);
	else
		request_fail(r, -ENOENT, "no call has call_id %s", id);
}

void command_del_call(struct request *r)
{
	struct control *control = r->client->control;
	uint64_t ticket = r->ticket;
	int err;

	if (request_has(r, "all") && selecting(r)) {
		request_fail(r, -EINVAL, "all means every call, and nothing can be beside it");
		return;
	}
	err = choose_calls(r);
	if (err) {
		request_fail(r, err, "%s", "");
		return;
	}
	if (!r->walk.n && !request_has(r, "all")) {
		fail_no_call(r);
		return;
	}
	walk_sort(&r->walk);
	hang_up(r);
	r = request_find(control, ticket);
	if (!r)
		return;
	if (r->walk.left && request_waits(r))
		request_wait(r, REQUEST_GONE);
	else
		request_done(r, NULL);
}

/* Of the only call in the walk. */
static void set_speeds(struct request *r)
{
	struct control *control = r->client->control;
	uint64_t ticket = r->ticket;
	char text[CONTROL_TEXT_MAX] = "", id[CONTROL_CALL_ID_MAX];
	int err;

	snprintf(id, sizeof(id), "%s", r->walk.items[0].call_id);
	err = control->ops->set_call(control->ctx, id, request_uint(r, "tx_speed"),
				     request_uint(r, "rx_speed"), text, sizeof(text));
	/* It is told in an event, and a monitor that does not read them is dropped. */
	r = request_find(control, ticket);
	if (r)
		request_answer(r, err, text);
}

void command_set_call(struct request *r)
{
	int err = choose_calls(r);

	if (err)
		request_fail(r, err, "%s", "");
	else if (!r->walk.n)
		fail_no_call(r);
	else if (r->walk.n > 1)
		request_fail(r, -ENOTUNIQ, "%zu calls are of user %s; say which by call_id",
			     r->walk.n, request_text(r, "user"));
	else
		set_speeds(r);
}

void command_test_steer(struct request *r)
{
	struct control *control = r->client->control;
	const struct control_steer_request request = {
		.user = request_text(r, "user"),
		.interface = request_text(r, "interface"),
	};
	char text[CONTROL_TEXT_MAX] = "";
	struct control_steer *steer = mem_alloc(sizeof(*steer));
	int err =
		steer ? control->ops->test_steer(control->ctx, &request, steer, text, sizeof(text))
		      : -ENOMEM;

	if (err) {
		request_fail(r, err, "%s", text);
	} else {
		err = walk_add_told(&r->walk, steer, sizeof(*steer));
		request_show(r, OBJECT_STEER, err);
	}
	mem_free(steer);
}

void command_unlock_destination(struct request *r)
{
	struct control *control = r->client->control;
	const char *name = request_text(r, "name");
	char text[CONTROL_TEXT_MAX] = "";
	uint64_t ticket = r->ticket;
	int err;

	if (name && request_has(r, "all")) {
		request_fail(r, -EINVAL, "only one of name and all can be");
		return;
	}
	err = control->ops->unlock(control->ctx, name, text, sizeof(text));
	/* It is told in events, and a monitor that does not read them is dropped. */
	r = request_find(control, ticket);
	if (r)
		request_answer(r, err, text);
}

/* An event with the object that the daemon told; NULL is memory that was not there. */
static json_t *event_with(struct control *control, const char *event, enum object_type type,
			  const void *told, usec_t now)
{
	struct sources sources = {.at = {[SOURCE_TOLD] = told}};
	json_t *json = event_header(control, event);

	if (json)
		json_object_set_new(json, object_table[type]->name,
				    object_json(type, VIEW_NORMAL, &sources, now));
	return json;
}

void control_call_event(struct control *control, const char *event, const struct control_call *call,
			usec_t now)
{
	if (has_monitors(control))
		monitors_tell(control, event_with(control, event, OBJECT_CALL, call, now));
}

void control_call_gone(struct control *control, const char *id)
{
	struct client *client;

	list_for_each (client, &control->clients, node) {
		struct request *r = client->request;

		if (r && r->stage == REQUEST_GONE && walk_gone_call(&r->walk, id))
			request_done(r, NULL);
	}
}

void control_destination_event(struct control *control,
			       const struct control_destination *destination, usec_t now)
{
	if (has_monitors(control))
		monitors_tell(control, event_with(control, "destination state", OBJECT_DESTINATION,
						  destination, now));
}
