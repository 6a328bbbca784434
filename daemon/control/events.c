/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events of the engine: to monitors as lines, to waiting requests as their answer.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "control/private.h"

json_t *event_header(struct control *control, const char *name)
{
	return json_pack("{s:s, s:f}", "event", name, "time", ev_now(control->loop));
}

void monitor_begin(struct request *r)
{
	struct client *client = r->client;
	json_t *json = event_header(client->control, "monitor start");

	if (json)
		json_object_set_new(json, "version", json_string(client->control->info.version));
	client_send(client, json);
	client->monitoring = true;
	request_free(r);
	client_wake(client);
}

static json_t *tunnel_json(const struct l2tp_tunnel *t, unsigned int views, usec_t now)
{
	struct sources sources = sources_tunnel(t);

	return object_json(OBJECT_TUNNEL, views, &sources, now);
}

static json_t *session_json(const struct l2tp_session *s, unsigned int views, usec_t now)
{
	struct sources sources = sources_session(s, NULL);

	return object_json(OBJECT_SESSION, views, &sources, now);
}

static void add_admin(json_t *json, const struct admin_change *change)
{
	json_object_set_new(json, "level", json_string(admin_level_name(change->level)));
	if (change->name)
		json_object_set_new(json, "name", text_json(change->name));
	json_object_set_new(json, "admin_state", json_string(admin_state_name(change->state)));
}

static json_t *event_json(struct control *control, const struct l2tp_event *event, usec_t now)
{
	json_t *json = event_header(control, l2tp_event_name(event->type));
	char text[ADDR_TEXT_MAX];

	if (!json)
		return NULL;
	if (event->session)
		json_object_set_new(json, "session",
				    session_json(event->session, VIEW_NORMAL, now));
	else if (event->tunnel)
		json_object_set_new(json, "tunnel", tunnel_json(event->tunnel, VIEW_NORMAL, now));
	if (event->peer)
		json_object_set_new(json, "from", json_string(addr_format(event->peer, text)));
	if (event->text)
		json_object_set_new(json, "text", text_json(event->text));
	if (event->admin)
		add_admin(json, event->admin);
	return json;
}

bool has_monitors(const struct control *control)
{
	const struct client *client;

	list_for_each (client, &control->clients, node) {
		if (client->monitoring)
			return true;
	}
	return false;
}

void monitors_tell(struct control *control, json_t *event)
{
	struct client *client;

	list_for_each (client, &control->clients, node) {
		if (client->monitoring)
			client_send(client, json_incref(event));
	}
	json_decref(event);
}

void request_send_tunnel(struct request *r, const struct l2tp_tunnel *t)
{
	struct control *control = r->client->control;

	client_send(r->client,
		    json_pack("{s:o}", "tunnel",
			      tunnel_json(t, VIEW_NORMAL, control->ops->now(control->ctx))));
}

void request_send_session(struct request *r, const struct l2tp_session *s)
{
	struct control *control = r->client->control;

	client_send(r->client,
		    json_pack("{s:o}", "session",
			      session_json(s, VIEW_NORMAL, control->ops->now(control->ctx))));
}

/* What a program may tell apart; people have the text. */
static int reason_errno(const struct reason *reason)
{
	switch (reason->origin) {
	case ORIGIN_PEER:
		/* Result codes are the peer's words, so without one it said nothing. */
		return reason->result ? -ECONNREFUSED : -EHOSTUNREACH;
	case ORIGIN_KERNEL:
		return -EIO;
	case ORIGIN_NONE:
	case ORIGIN_LOCAL:
	case ORIGIN_PPP:
		break;
	}
	return -ECONNABORTED;
}

static void fail_with_reason(struct request *r, const struct reason *reason, bool is_tunnel)
{
	char text[512];

	request_fail(r, reason_errno(reason), "%s",
		     reason_format(reason, is_tunnel, text, sizeof(text)));
}

static void answer_add_tunnel(struct request *r, const struct l2tp_event *event)
{
	const struct l2tp_tunnel *t = event->tunnel;

	if (!t || event->session || t->owner != r->ticket)
		return;
	if (event->type == EVENT_TUNNEL_UP) {
		request_send_tunnel(r, t);
		request_done(r, NULL);
	} else if (event->type == EVENT_TUNNEL_DOWN || event->type == EVENT_TUNNEL_GONE) {
		fail_with_reason(r, &t->reason, true);
	}
}

static void answer_add_session(struct request *r, const struct l2tp_event *event)
{
	const struct l2tp_session *s = event->session;

	if (!s || s->owner != r->ticket)
		return;
	/* Where nobody of ours speaks PPP, the call is as up as it will be. */
	if (event->type == EVENT_SESSION_PPP_UP ||
	    (event->type == EVENT_SESSION_UP && !s->ppp.running)) {
		request_send_session(r, s);
		request_done(r, NULL);
	} else if (event->type == EVENT_SESSION_DOWN) {
		fail_with_reason(r, &s->reason, false);
	}
}

static void answer_gone(struct request *r, const struct l2tp_event *event)
{
	const struct l2tp_session *s = event->session;
	const struct l2tp_tunnel *t = event->tunnel;
	enum l2tp_event_type end =
		r->walk.type == OBJECT_TUNNEL ? EVENT_TUNNEL_GONE : EVENT_SESSION_DOWN;

	if (event->type != end || !t)
		return;
	if (walk_gone(&r->walk, t->core.tunnel_id, s ? s->core.session_id : 0))
		request_done(r, NULL);
}

void control_event(struct control *control, const struct l2tp_event *event, usec_t now)
{
	struct client *client;

	if (has_monitors(control))
		monitors_tell(control, event_json(control, event, now));
	list_for_each (client, &control->clients, node) {
		struct request *r = client->request;

		if (!r)
			continue;
		if (r->stage == REQUEST_UP && r->id == CONTROL_ADD_TUNNEL)
			answer_add_tunnel(r, event);
		else if (r->stage == REQUEST_UP)
			answer_add_session(r, event);
		else if (r->stage == REQUEST_GONE)
			answer_gone(r, event);
	}
}

void control_failed(struct control *control, uint64_t owner, int err, const char *text)
{
	struct request *r = request_find(control, owner);

	if (r && r->stage == REQUEST_UP)
		request_fail(r, err, "%s", text ? text : "");
}
