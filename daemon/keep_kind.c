/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is kept open: tunnels, to a remote whose name may have to be looked up, and sessions, when
 * their tunnel is up. How each is opened, closed and found, in the engine and in a configuration.
 */
#include "keep.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "wire/result.h"

/* --- tunnels --- */

static void on_resolved(void *user, int err, const char *why, const struct addr *addr)
{
	struct kept *k = user;
	struct tunnel_params params = {
		.name = k->tunnel->name,
		.peer = k->tunnel->peer,
		.local = k->tunnel->local,
		.tunnel_id = k->tunnel->tunnel_id,
		.idle_timeout = k->tunnel->idle_timeout,
		.owner = k->owner,
	};
	char text[KEEP_WHY_MAX];
	struct l2tp_tunnel *t;

	k->resolve = NULL;
	if (!k->kind->may_open(k, text, sizeof(text)))
		return;
	if (!err) {
		params.remote = *addr;
		params.remote.port = L2TP_PORT;
		/* Before it is opened: what is told of it then is already ours. */
		k->exists = true;
		err = l2tp_tunnel_open(k->d->engine, &params, aditd_now(), &t);
		why = strerror(-err);
	}
	if (!err)
		return;
	k->exists = false;
	log_warning("tunnel %s to %s: %s", k->tunnel->name, k->tunnel->remote, why);
	snprintf(k->failure, sizeof(k->failure), "%s: %s", k->tunnel->remote, why);
	keep_retry_later(k);
}

static void tunnel_open(struct kept *k)
{
	/* One of the same name is still on its way out, after a reload changed it. */
	if (l2tp_tunnel_find_name(k->d->engine, k->tunnel->name) ||
	    resolve_start(k->d, k->tunnel->remote, k->tunnel->local.family, on_resolved, k,
			  &k->resolve))
		keep_retry_later(k);
}

struct l2tp_tunnel *keep_tunnel_of(const struct kept *k)
{
	struct l2tp_tunnel *t = l2tp_tunnel_find_name(k->d->engine, k->tunnel->name);

	return t && t->owner == k->owner ? t : NULL;
}

static void tunnel_close(struct kept *k)
{
	struct reason reason =
		reason_make(ORIGIN_LOCAL, STOPCCN_CLEAR, 0, "removed from the configuration");
	struct l2tp_tunnel *t = keep_tunnel_of(k);

	if (t)
		l2tp_tunnel_close(t, &reason, aditd_now());
}

static const void *tunnel_find_in(const struct kept *k, const struct config *config)
{
	return config_find_tunnel(config, k->tunnel->name);
}

static bool tunnel_is_same(const struct kept *k, const void *section)
{
	return config_tunnel_same(section, k->tunnel);
}

static enum admin_state tunnel_admin_of(const void *section)
{
	return ((const struct config_tunnel *)section)->admin;
}

static const char *tunnel_name_of(const struct kept *k)
{
	return k->tunnel->name;
}

const struct keep_kind keep_tunnels = {
	.name = "tunnel",
	.name_of = tunnel_name_of,
	.open = tunnel_open,
	.close = tunnel_close,
	.may_open = keep_tunnel_may_open,
	.set_admin = keep_tunnel_set_admin,
	.find_in = tunnel_find_in,
	.is_same = tunnel_is_same,
	.admin_of = tunnel_admin_of,
	.gone = EVENT_TUNNEL_GONE,
};

/* --- sessions --- */

/* A tunnel that was closed because nobody used it: now somebody does. */
static void wake_tunnel(struct aditd *d, const char *name)
{
	struct kept *k;

	list_for_each (k, &d->kept, node) {
		if (k->kind == &keep_tunnels && k->idle && strcmp(k->tunnel->name, name) == 0) {
			keep_open(k);
			return;
		}
	}
}

static void session_open(struct kept *k)
{
	struct session_params params = {
		.name = k->session->name,
		.ppp_profile = k->session->ppp,
		.called_number = k->session->called_number,
		.calling_number = k->session->calling_number,
		.sub_address = k->session->sub_address,
		.private_group = k->session->private_group,
		.tx_connect_speed = k->session->tx_connect_speed,
		.rx_connect_speed = k->session->rx_connect_speed,
		.outgoing = k->session->type == CONFIG_CALL_OUTGOING,
		.minimum_bps = k->session->minimum_bps,
		.maximum_bps = k->session->maximum_bps,
		.owner = k->owner,
	};
	struct l2tp_tunnel *t = l2tp_tunnel_find_name(k->d->engine, k->session->tunnel);
	struct l2tp_session *s;
	int err;

	if (!t)
		wake_tunnel(k->d, k->session->tunnel);
	/* A tunnel that is not there, or going, calls for its sessions when it comes up. */
	if (!t || t->core.state != TUNNEL_ESTABLISHED)
		return;
	k->exists = true;
	err = l2tp_session_open(t, &params, aditd_now(), &s);
	if (!err)
		return;
	k->exists = false;
	log_warning("session %s: %s", k->session->name, strerror(-err));
	snprintf(k->failure, sizeof(k->failure), "%s", strerror(-err));
	keep_retry_later(k);
}

struct l2tp_session *keep_session_of(const struct kept *k)
{
	struct l2tp_session *s = l2tp_session_find_name(k->d->engine, k->session->name);

	return s && s->owner == k->owner ? s : NULL;
}

static void session_close(struct kept *k)
{
	struct reason reason =
		reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "removed from the configuration");
	struct l2tp_session *s = keep_session_of(k);

	if (s)
		l2tp_session_close(s, &reason, aditd_now());
}

static const void *session_find_in(const struct kept *k, const struct config *config)
{
	return config_find_session(config, k->session->name);
}

static bool session_is_same(const struct kept *k, const void *section)
{
	return config_session_same(section, k->session);
}

static enum admin_state session_admin_of(const void *section)
{
	return ((const struct config_session *)section)->admin;
}

static const char *session_name_of(const struct kept *k)
{
	return k->session->name;
}

static const char *session_tunnel_of(const struct kept *k)
{
	return k->session->tunnel;
}

const struct keep_kind keep_sessions = {
	.name = "session",
	.tunnel_of = session_tunnel_of,
	.name_of = session_name_of,
	.open = session_open,
	.close = session_close,
	.may_open = keep_session_may_open,
	.set_admin = keep_session_set_admin,
	.find_in = session_find_in,
	.is_same = session_is_same,
	.admin_of = session_admin_of,
	.gone = EVENT_SESSION_DOWN,
};
