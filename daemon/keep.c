/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels and sessions of the configuration: opened, and opened again when they end.
 *
 * Each kept thing has an owner number that its tunnel or session carries, so events find their way
 * back here. After a failure the next attempt waits, twice as long each time up to a minute, with
 * a random part, so that a thousand clients of a restarted server do not come back as one.
 */
#include "aditd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/log.h"
#include "base/mem.h"
#include "wire/result.h"

#define RETRY_FIRST 1.0
#define RETRY_MAX 60.0

/* What both kinds share: when to try again. */
struct retry {
	ev_timer timer;
	double wait;
};

struct kept_tunnel {
	struct list node;
	struct aditd *d;
	/* Points into the present configuration; replaced by an equal one on reload. */
	const struct config_tunnel *config;
	struct retry retry;
	struct resolve *resolve;
	uint64_t owner;
	/* A tunnel of this owner exists, from its opening to its last trace. */
	bool exists;
	bool stopped;
};

struct kept_session {
	struct list node;
	struct aditd *d;
	const struct config_session *config;
	struct retry retry;
	uint64_t owner;
	bool exists;
	bool stopped;
};

static double jitter(double wait)
{
	uint32_t value = 0;

	/* Without random octets the wait is merely not jittered. */
	if (getrandom(&value, sizeof(value), GRND_NONBLOCK) != sizeof(value))
		value = UINT32_MAX / 2;
	return wait * (0.75 + 0.5 * value / UINT32_MAX);
}

static void retry_later(struct aditd *d, struct retry *retry)
{
	retry->wait = retry->wait ? retry->wait * 2 : RETRY_FIRST;
	if (retry->wait > RETRY_MAX)
		retry->wait = RETRY_MAX;
	ev_timer_stop(d->loop, &retry->timer);
	ev_timer_set(&retry->timer, jitter(retry->wait), 0);
	ev_timer_start(d->loop, &retry->timer);
}

static struct l2tp_tunnel *find_tunnel(struct aditd *d, uint64_t owner)
{
	struct l2tp_tunnel *t;

	list_for_each (t, &d->engine->tunnels, node) {
		if (t->owner == owner)
			return t;
	}
	return NULL;
}

static struct l2tp_session *find_session(struct aditd *d, uint64_t owner)
{
	struct l2tp_session *s;
	struct l2tp_tunnel *t;

	list_for_each (t, &d->engine->tunnels, node) {
		for (s = l2tp_session_next(t, NULL); s; s = l2tp_session_next(t, s)) {
			if (s->owner == owner)
				return s;
		}
	}
	return NULL;
}

static void open_session(struct kept_session *k)
{
	struct session_params params = {
		.name = k->config->name,
		.ppp_profile = k->config->ppp,
		.called_number = k->config->called_number,
		.calling_number = k->config->calling_number,
		.tx_connect_speed = k->config->tx_connect_speed,
		.rx_connect_speed = k->config->rx_connect_speed,
		.owner = k->owner,
	};
	struct l2tp_tunnel *t = l2tp_tunnel_find_name(k->d->engine, k->config->tunnel);
	struct l2tp_session *s;
	int err;

	/* A tunnel that is not there, or going, calls for its sessions when it comes up. */
	if (k->exists || k->stopped || !t || t->core.state != TUNNEL_ESTABLISHED)
		return;
	err = l2tp_session_open(t, &params, aditd_now(), &s);
	if (err) {
		log_warning("session %s: %s", k->config->name, strerror(-err));
		retry_later(k->d, &k->retry);
		return;
	}
	k->exists = true;
}

static void on_resolved(void *user, int err, const char *why, const struct addr *addr)
{
	struct kept_tunnel *k = user;
	struct tunnel_params params = {
		.name = k->config->name,
		.peer = k->config->peer,
		.local = k->config->local,
		.tunnel_id = k->config->tunnel_id,
		.owner = k->owner,
	};
	struct l2tp_tunnel *t;

	k->resolve = NULL;
	if (!err) {
		params.remote = *addr;
		params.remote.port = L2TP_PORT;
		err = l2tp_tunnel_open(k->d->engine, &params, aditd_now(), &t);
		why = strerror(-err);
	}
	if (err) {
		log_warning("tunnel %s to %s: %s", k->config->name, k->config->remote, why);
		retry_later(k->d, &k->retry);
		return;
	}
	k->exists = true;
}

static void open_tunnel(struct kept_tunnel *k)
{
	if (k->exists || k->stopped || k->resolve)
		return;
	/* One of the same name is still on its way out, after a reload changed it. */
	if (l2tp_tunnel_find_name(k->d->engine, k->config->name)) {
		retry_later(k->d, &k->retry);
		return;
	}
	if (resolve_start(k->d, k->config->remote, k->config->local.family, on_resolved, k,
			  &k->resolve))
		retry_later(k->d, &k->retry);
}

static void on_tunnel_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
	(void)loop, (void)revents;
	open_tunnel(timer->data);
}

static void on_session_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
	(void)loop, (void)revents;
	open_session(timer->data);
}

static void keep_tunnel(struct aditd *d, const struct config_tunnel *config)
{
	struct kept_tunnel *k = mem_alloc(sizeof(*k));

	if (!k) {
		log_error("tunnel %s: %s", config->name, strerror(ENOMEM));
		return;
	}
	k->d = d;
	k->config = config;
	k->owner = aditd_new_owner(d);
	ev_timer_init(&k->retry.timer, on_tunnel_timer, 0, 0);
	k->retry.timer.data = k;
	list_append(&d->kept_tunnels, &k->node);
	open_tunnel(k);
}

static void keep_session(struct aditd *d, const struct config_session *config)
{
	struct kept_session *k = mem_alloc(sizeof(*k));

	if (!k) {
		log_error("session %s: %s", config->name, strerror(ENOMEM));
		return;
	}
	k->d = d;
	k->config = config;
	k->owner = aditd_new_owner(d);
	ev_timer_init(&k->retry.timer, on_session_timer, 0, 0);
	k->retry.timer.data = k;
	list_append(&d->kept_sessions, &k->node);
	open_session(k);
}

static void release_tunnel(struct kept_tunnel *k)
{
	ev_timer_stop(k->d->loop, &k->retry.timer);
	if (k->resolve)
		resolve_cancel(k->resolve);
	list_remove(&k->node);
	mem_free(k);
}

static void release_session(struct kept_session *k)
{
	ev_timer_stop(k->d->loop, &k->retry.timer);
	list_remove(&k->node);
	mem_free(k);
}

static void drop_tunnel(struct kept_tunnel *k)
{
	struct reason reason =
		reason_make(ORIGIN_LOCAL, STOPCCN_CLEAR, 0, "removed from the configuration");
	struct l2tp_tunnel *t = find_tunnel(k->d, k->owner);

	if (t)
		l2tp_tunnel_close(t, &reason, aditd_now());
	release_tunnel(k);
}

static void drop_session(struct kept_session *k)
{
	struct reason reason =
		reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "removed from the configuration");
	struct l2tp_session *s = find_session(k->d, k->owner);

	if (s)
		l2tp_session_close(s, &reason, aditd_now());
	release_session(k);
}

static bool is_kept_tunnel(struct aditd *d, const struct config_tunnel *config)
{
	struct kept_tunnel *k;

	list_for_each (k, &d->kept_tunnels, node) {
		if (k->config == config)
			return true;
	}
	return false;
}

static bool is_kept_session(struct aditd *d, const struct config_session *config)
{
	struct kept_session *k;

	list_for_each (k, &d->kept_sessions, node) {
		if (k->config == config)
			return true;
	}
	return false;
}

void keep_apply(struct aditd *d, const struct config *config)
{
	struct kept_tunnel *tunnel, *next_tunnel;
	struct kept_session *session, *next_session;
	struct config_tunnel *want_tunnel;
	struct config_session *want_session;

	list_for_each_safe (session, next_session, &d->kept_sessions, node) {
		want_session = config_find_session(config, session->config->name);
		if (want_session && config_session_same(want_session, session->config))
			session->config = want_session;
		else
			drop_session(session);
	}
	list_for_each_safe (tunnel, next_tunnel, &d->kept_tunnels, node) {
		want_tunnel = config_find_tunnel(config, tunnel->config->name);
		if (want_tunnel && config_tunnel_same(want_tunnel, tunnel->config))
			tunnel->config = want_tunnel;
		else
			drop_tunnel(tunnel);
	}
	list_for_each (want_tunnel, &config->tunnels, node) {
		if (!is_kept_tunnel(d, want_tunnel))
			keep_tunnel(d, want_tunnel);
	}
	list_for_each (want_session, &config->sessions, node) {
		if (!is_kept_session(d, want_session))
			keep_session(d, want_session);
	}
}

static void open_sessions_of(struct aditd *d, const char *tunnel)
{
	struct kept_session *k;

	list_for_each (k, &d->kept_sessions, node) {
		if (strcmp(k->config->tunnel, tunnel) == 0 && !ev_is_active(&k->retry.timer))
			open_session(k);
	}
}

static void tunnel_event(struct kept_tunnel *k, const struct l2tp_event *event)
{
	if (event->type == EVENT_TUNNEL_UP) {
		k->retry.wait = 0;
	} else if (event->type == EVENT_TUNNEL_GONE) {
		/* Only now its name and its id are free again. */
		k->exists = false;
		if (!k->stopped)
			retry_later(k->d, &k->retry);
	}
}

static void session_event(struct kept_session *k, const struct l2tp_event *event)
{
	if (event->type == EVENT_SESSION_PPP_UP) {
		k->retry.wait = 0;
	} else if (event->type == EVENT_SESSION_DOWN) {
		k->exists = false;
		if (!k->stopped)
			retry_later(k->d, &k->retry);
	}
}

void keep_event(struct aditd *d, const struct l2tp_event *event)
{
	struct kept_tunnel *tunnel;
	struct kept_session *session;

	if (event->session) {
		list_for_each (session, &d->kept_sessions, node) {
			if (session->owner == event->session->owner)
				session_event(session, event);
		}
		return;
	}
	if (!event->tunnel)
		return;
	list_for_each (tunnel, &d->kept_tunnels, node) {
		if (tunnel->owner == event->tunnel->owner)
			tunnel_event(tunnel, event);
	}
	if (event->type == EVENT_TUNNEL_UP)
		open_sessions_of(d, event->tunnel->core.name);
}

int keep_resume_tunnel(struct aditd *d, const char *name, uint64_t owner)
{
	struct kept_tunnel *k;

	list_for_each (k, &d->kept_tunnels, node) {
		if (strcmp(k->config->name, name) != 0)
			continue;
		if (k->exists || k->resolve)
			return -EEXIST;
		k->owner = owner;
		k->stopped = false;
		ev_timer_stop(d->loop, &k->retry.timer);
		open_tunnel(k);
		return 0;
	}
	return -ENOENT;
}

int keep_resume_session(struct aditd *d, const char *name, uint64_t owner)
{
	struct kept_session *k;

	list_for_each (k, &d->kept_sessions, node) {
		if (strcmp(k->config->name, name) != 0)
			continue;
		if (k->exists)
			return -EEXIST;
		k->owner = owner;
		k->stopped = false;
		ev_timer_stop(d->loop, &k->retry.timer);
		open_session(k);
		return 0;
	}
	return -ENOENT;
}

void keep_pause_tunnel(struct aditd *d, uint64_t owner)
{
	struct kept_tunnel *k;

	list_for_each (k, &d->kept_tunnels, node) {
		if (k->owner == owner)
			k->stopped = true;
	}
}

void keep_pause_session(struct aditd *d, uint64_t owner)
{
	struct kept_session *k;

	list_for_each (k, &d->kept_sessions, node) {
		if (k->owner == owner)
			k->stopped = true;
	}
}

void keep_stop(struct aditd *d)
{
	struct kept_tunnel *tunnel, *next_tunnel;
	struct kept_session *session, *next_session;

	list_for_each_safe (session, next_session, &d->kept_sessions, node)
		release_session(session);
	list_for_each_safe (tunnel, next_tunnel, &d->kept_tunnels, node)
		release_tunnel(tunnel);
}
