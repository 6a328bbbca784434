/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands drain, enable and disable: which object they mean, and its new state.
 *
 * A name may be that of a section whose tunnel or session is not there: the daemon knows them.
 */
#include <errno.h>

#include "control/private.h"

static const struct {
	enum admin_state state;
	enum admin_level level;
} commands[CONTROL_COMMAND_MAX] = {
	[CONTROL_DRAIN_SYSTEM] = {ADMIN_DRAIN, ADMIN_SYSTEM},
	[CONTROL_DRAIN_PEER] = {ADMIN_DRAIN, ADMIN_PEER},
	[CONTROL_DRAIN_TUNNEL] = {ADMIN_DRAIN, ADMIN_TUNNEL},
	[CONTROL_DRAIN_SESSION] = {ADMIN_DRAIN, ADMIN_SESSION},
	[CONTROL_ENABLE_SYSTEM] = {ADMIN_ENABLED, ADMIN_SYSTEM},
	[CONTROL_ENABLE_PEER] = {ADMIN_ENABLED, ADMIN_PEER},
	[CONTROL_ENABLE_TUNNEL] = {ADMIN_ENABLED, ADMIN_TUNNEL},
	[CONTROL_ENABLE_SESSION] = {ADMIN_ENABLED, ADMIN_SESSION},
	[CONTROL_DISABLE_SYSTEM] = {ADMIN_DISABLED, ADMIN_SYSTEM},
	[CONTROL_DISABLE_PEER] = {ADMIN_DISABLED, ADMIN_PEER},
	[CONTROL_DISABLE_TUNNEL] = {ADMIN_DISABLED, ADMIN_TUNNEL},
	[CONTROL_DISABLE_SESSION] = {ADMIN_DISABLED, ADMIN_SESSION},
};

/* These return false after ending the request. */
static bool find_tunnel(struct request *r, struct control_admin_request *request)
{
	if (request->name && request_has(r, "tunnel_id")) {
		request_fail(r, -EINVAL, "only one of tunnel_id and name can be");
		return false;
	}
	if (!request->name)
		return request_find_tunnel(r, "name", &request->tunnel);
	request->tunnel = l2tp_tunnel_find_name(r->client->control->engine, request->name);
	return true;
}

static bool find_session(struct request *r, struct control_admin_request *request)
{
	bool in_tunnel = request_has(r, "tunnel_id") || request_has(r, "tunnel");
	struct l2tp_tunnel *t = NULL;

	if (request->name && (in_tunnel || request_has(r, "session_id"))) {
		request_fail(r, -EINVAL, "%s",
			     in_tunnel ? "a name needs no tunnel"
				       : "only one of session_id and name can be");
		return false;
	}
	if (request->name) {
		request->session =
			l2tp_session_find_name(r->client->control->engine, request->name);
		return true;
	}
	if (!in_tunnel) {
		request_fail(r, -EINVAL,
			     "tunnel_id or tunnel is needed: session ids are per tunnel");
		return false;
	}
	if (!request_find_tunnel(r, "tunnel", &t))
		return false;
	request->session = request_find_session(r, t);
	return request->session != NULL;
}

void command_admin(struct request *r)
{
	struct control *control = r->client->control;
	struct control_admin_request request = {
		.level = commands[r->id].level,
		.state = commands[r->id].state,
		.name = request_text(r, "name"),
	};
	char text[CONTROL_TEXT_MAX] = "";
	uint64_t ticket = r->ticket;
	int err;

	if (request.level == ADMIN_TUNNEL && !find_tunnel(r, &request))
		return;
	if (request.level == ADMIN_SESSION && !find_session(r, &request))
		return;
	err = control->ops->set_admin(control->ctx, &request, text, sizeof(text));
	/* It is told in events, and a monitor that does not read them is dropped. */
	r = request_find(control, ticket);
	if (r)
		request_answer(r, err, text);
}
