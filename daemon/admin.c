/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Administrative states by hand: to the engine, and to what the configuration keeps open, which
 * need not be there at the moment.
 */
#include "aditd.h"

#include <errno.h>
#include <stdio.h>

static bool set_tunnel(struct aditd *d, const struct control_admin_request *request)
{
	struct l2tp_tunnel *t = request->tunnel;
	uint16_t tunnel_id = t ? t->core.tunnel_id : 0;
	bool kept = keep_set_admin(d, request, t ? t->owner : 0);

	if (!t)
		return kept;
	/* One that is kept has its state already, and may be gone by it. */
	t = l2tp_tunnel_find(d->engine, tunnel_id);
	if (t)
		l2tp_admin_set_tunnel(t, request->state, aditd_now());
	return true;
}

static bool set_session(struct aditd *d, const struct control_admin_request *request)
{
	struct l2tp_session *s = request->session;
	uint16_t tunnel_id = s ? s->tunnel->core.tunnel_id : 0;
	uint16_t session_id = s ? s->core.session_id : 0;
	bool kept = keep_set_admin(d, request, s ? s->owner : 0);
	struct l2tp_tunnel *t;

	if (!s)
		return kept;
	t = l2tp_tunnel_find(d->engine, tunnel_id);
	s = t ? l2tp_session_find(t, session_id) : NULL;
	if (s)
		l2tp_admin_set_session(s, request->state, aditd_now());
	return true;
}

int admin_set(struct aditd *d, const struct control_admin_request *request, char *text, size_t size)
{
	bool found = true;

	switch (request->level) {
	case ADMIN_SYSTEM:
		l2tp_admin_set_system(d->engine, request->state, aditd_now());
		break;
	case ADMIN_PEER:
		found = !l2tp_admin_set_peer(d->engine, request->name, request->state, aditd_now());
		break;
	case ADMIN_TUNNEL:
		found = set_tunnel(d, request);
		break;
	case ADMIN_SESSION:
		found = set_session(d, request);
		break;
	case ADMIN_LEVEL_MAX:
		break;
	}
	if (!found) {
		snprintf(text, size, "no %s is named %s%s", admin_level_name(request->level),
			 request->name,
			 request->level == ADMIN_PEER ? "" : ", here or in the configuration");
		return -ENOENT;
	}
	keep_open_allowed(d);
	return 0;
}
