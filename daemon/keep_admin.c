/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Administrative states of what the configuration keeps open: they hold while it is not there, and
 * nothing is opened, or tried again and again, that they are against.
 */
#include "keep.h"

#include <stdio.h>

bool keep_tunnel_may_open(const struct kept *k, char *text, size_t size)
{
	return l2tp_admin_may_open(k->d->engine, k->tunnel->peer, k->admin, k->tunnel->name, text,
				   size);
}

void keep_tunnel_set_admin(const struct kept *k)
{
	struct admin_change change = {ADMIN_TUNNEL, k->admin, k->tunnel->name};
	struct l2tp_tunnel *t = keep_tunnel_of(k);

	if (t)
		l2tp_admin_set_tunnel(t, k->admin, aditd_now());
	else
		l2tp_admin_tell(k->d->engine, &change);
}

/* What is against a tunnel that is not there is against the tunnel: it is not told again here. */
bool keep_session_may_open(const struct kept *k, char *text, size_t size)
{
	const struct l2tp_tunnel *t = l2tp_tunnel_find_name(k->d->engine, k->session->tunnel);

	if (t)
		return l2tp_admin_may_call(t, k->admin, k->session->name, text, size);
	l2tp_admin_say(ADMIN_SESSION, k->admin, k->session->name, text, size);
	return k->admin == ADMIN_ENABLED;
}

void keep_session_set_admin(const struct kept *k)
{
	struct admin_change change = {ADMIN_SESSION, k->admin, k->session->name};
	struct l2tp_session *s = keep_session_of(k);

	if (s)
		l2tp_admin_set_session(s, k->admin, aditd_now());
	else
		l2tp_admin_tell(k->d->engine, &change);
}

void keep_put_admin(struct kept *k, enum admin_state state)
{
	if (k->admin == state)
		return;
	k->admin = state;
	k->kind->set_admin(k);
}

bool keep_set_admin(struct aditd *d, const struct control_admin_request *request, uint64_t owner)
{
	struct kept *k = keep_find_owner(d, owner);

	if (!k && request->name)
		k = keep_find(d, request->level == ADMIN_TUNNEL
					 ? (void *)config_find_tunnel(d->config, request->name)
					 : config_find_session(d->config, request->name));
	if (!k)
		return false;
	/* Who asks for it by hand does not want to wait. */
	k->wait = 0;
	ev_timer_stop(d->loop, &k->retry);
	keep_put_admin(k, request->state);
	return true;
}

void keep_open_allowed(struct aditd *d)
{
	struct kept *k;

	list_for_each (k, &d->kept, node) {
		if (!ev_is_active(&k->retry) && !k->idle)
			keep_open(k);
	}
}
