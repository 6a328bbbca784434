/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels and sessions of the configuration: opened, and opened again when they end.
 *
 * Each kept thing has an owner number that its tunnel or session carries, so events find their way
 * back here. After a failure the next attempt waits, twice as long each time up to a minute, with
 * a random part, so that a thousand clients of a restarted server do not come back as one.
 */
#include "keep.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/log.h"
#include "base/mem.h"
#include "wire/result.h"

/* Seconds. */
#define RETRY_FIRST 1.0
#define RETRY_MAX 60.0

static double jitter(double wait)
{
	uint32_t value = 0;

	/* Without random octets the wait is merely not jittered. */
	if (getrandom(&value, sizeof(value), GRND_NONBLOCK) != sizeof(value))
		value = UINT32_MAX / 2;
	return wait * (0.75 + 0.5 * value / UINT32_MAX);
}

static void retry_later(struct kept *k)
{
	k->wait = k->wait > 0 ? k->wait * 2 : RETRY_FIRST;
	if (k->wait > RETRY_MAX)
		k->wait = RETRY_MAX;
	ev_timer_stop(k->d->loop, &k->retry);
	ev_timer_set(&k->retry, jitter(k->wait), 0);
	ev_timer_start(k->d->loop, &k->retry);
}

void keep_open(struct kept *k)
{
	char why[KEEP_WHY_MAX];

	k->idle = false;
	/* What an administrative state holds back waits for keep_open_allowed(). */
	if (!k->exists && !k->stopped && !k->resolve && k->kind->may_open(k, why, sizeof(why)))
		k->kind->open(k);
}

static void on_retry(struct ev_loop *loop, ev_timer *timer, int revents)
{
	(void)loop, (void)revents;
	keep_open(timer->data);
}

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
	retry_later(k);
}

static void tunnel_open(struct kept *k)
{
	/* One of the same name is still on its way out, after a reload changed it. */
	if (l2tp_tunnel_find_name(k->d->engine, k->tunnel->name) ||
	    resolve_start(k->d, k->tunnel->remote, k->tunnel->local.family, on_resolved, k,
			  &k->resolve))
		retry_later(k);
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

static const struct keep_kind tunnels = {
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
		if (k->kind == &tunnels && k->idle && strcmp(k->tunnel->name, name) == 0) {
			keep_open(k);
			return;
		}
	}
}

struct kept *keep_find(struct aditd *d, const void *config)
{
	struct kept *k;

	list_for_each (k, &d->kept, node) {
		if (k->config == config)
			return k;
	}
	return NULL;
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
	retry_later(k);
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

static const struct keep_kind sessions = {
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

/* --- both --- */

static int set_owner(struct kept *k, uint64_t owner)
{
	hash_remove(&k->d->kept_by_owner, &k->by_owner);
	k->owner = owner;
	return hash_insert(&k->d->kept_by_owner, &k->by_owner, owner);
}

struct kept *keep_find_owner(struct aditd *d, uint64_t owner)
{
	struct hash_node *node = owner ? hash_find(&d->kept_by_owner, owner) : NULL;

	return node ? container_of(node, struct kept, by_owner) : NULL;
}

static void keep(struct aditd *d, const struct keep_kind *kind, const void *config,
		 enum admin_state admin)
{
	struct kept *k = keep_find(d, config);

	if (k)
		return;
	k = mem_alloc(sizeof(*k));
	if (!k) {
		log_error("cannot keep what the configuration asks for: %s", strerror(ENOMEM));
		return;
	}
	k->d = d;
	k->kind = kind;
	k->config = config;
	k->admin = admin;
	ev_timer_init(&k->retry, on_retry, 0, 0);
	k->retry.data = k;
	list_append(&d->kept, &k->node);
	/* Only the very first can fail; without it a tunnel is opened, but not opened again. */
	if (set_owner(k, aditd_new_owner(d)))
		log_error("cannot keep what the configuration asks for: %s", strerror(ENOMEM));
	keep_open(k);
}

static void release(struct kept *k)
{
	ev_timer_stop(k->d->loop, &k->retry);
	if (k->resolve)
		resolve_cancel(k->resolve);
	hash_remove(&k->d->kept_by_owner, &k->by_owner);
	list_remove(&k->node);
	mem_free(k);
}

static void reload_kept(struct kept *k, const struct config *config)
{
	const struct keep_kind *kind = k->kind;
	const void *section = kind->find_in(k, config);
	enum admin_state admin = k->admin;
	struct aditd *d = k->d;

	/* What was set by hand holds until the configuration says something else. */
	if (section && kind->admin_of(section) != kind->admin_of(k->config))
		admin = kind->admin_of(section);
	if (section && kind->is_same(k, section)) {
		k->config = section;
		keep_put_admin(k, admin);
		return;
	}
	kind->close(k);
	release(k);
	if (section)
		keep(d, kind, section, admin);
}

void keep_apply(struct aditd *d, const struct config *config)
{
	const struct config_session *session;
	const struct config_tunnel *tunnel;
	struct kept *k, *after;

	list_for_each_safe (k, after, &d->kept, node)
		reload_kept(k, config);
	list_for_each (tunnel, &config->tunnels, node)
		keep(d, &tunnels, tunnel, tunnel->admin);
	list_for_each (session, &config->sessions, node)
		keep(d, &sessions, session, session->admin);
	keep_open_allowed(d);
}

static void open_sessions_of(struct aditd *d, const char *tunnel)
{
	struct kept *k;

	list_for_each (k, &d->kept, node) {
		if (k->kind == &sessions && strcmp(k->session->tunnel, tunnel) == 0 &&
		    !ev_is_active(&k->retry))
			keep_open(k);
	}
}

static bool is_well(const struct l2tp_event *event)
{
	return event->type == EVENT_TUNNEL_UP || event->type == EVENT_SESSION_PPP_UP ||
	       (event->type == EVENT_SESSION_UP && event->session && !event->session->ppp.running);
}

void keep_event(struct aditd *d, const struct l2tp_event *event)
{
	uint64_t owner = event->session	 ? event->session->owner
			 : event->tunnel ? event->tunnel->owner
					 : 0;
	struct kept *k = keep_find_owner(d, owner);

	if (k && is_well(event)) {
		k->wait = 0;
		k->well = true;
		k->failure[0] = '\0';
	}
	if (k && event->type == k->kind->gone) {
		k->exists = k->well = false;
		if (event->session)
			reason_format(&event->session->reason, false, k->failure,
				      sizeof(k->failure));
		else
			reason_format(&event->tunnel->reason, true, k->failure, sizeof(k->failure));
		k->idle = k->kind == &tunnels && event->tunnel->was_idle;
		if (!k->stopped && !k->idle)
			retry_later(k);
	}
	if (event->type == EVENT_TUNNEL_UP && event->tunnel)
		open_sessions_of(d, event->tunnel->core.name);
}

static const char *state_of(const struct kept *k)
{
	char why[KEEP_WHY_MAX];

	if (k->exists || k->resolve)
		return k->well ? "up" : "opening";
	if (k->stopped)
		return "closed";
	if (!k->kind->may_open(k, why, sizeof(why)))
		return "held";
	return k->idle ? "idle" : "waiting";
}

static void describe(const struct kept *k, struct control_kept *ret)
{
	const char *tunnel = k->kind->tunnel_of ? k->kind->tunnel_of(k) : "";

	*ret = (struct control_kept){.kind = k->kind->name, .state = state_of(k)};
	snprintf(ret->name, sizeof(ret->name), "%s", k->kind->name_of(k));
	snprintf(ret->tunnel, sizeof(ret->tunnel), "%s", tunnel);
	if (k->exists || k->resolve || k->stopped ||
	    k->kind->may_open(k, ret->why, sizeof(ret->why)))
		snprintf(ret->why, sizeof(ret->why), "%s", k->failure);
	if (ev_is_active(&k->retry))
		ret->next_attempt =
			1 + (uint32_t)ev_timer_remaining(k->d->loop, (ev_timer *)&k->retry);
	else if (!ret->why[0] && tunnel[0] && !l2tp_tunnel_find_name(k->d->engine, tunnel))
		snprintf(ret->why, sizeof(ret->why), "its tunnel is not up");
}

void keep_each(struct aditd *d, void (*each)(void *user, const struct control_kept *kept),
	       void *user)
{
	struct control_kept kept;
	const struct kept *k;

	list_for_each (k, &d->kept, node) {
		describe(k, &kept);
		each(user, &kept);
	}
}

void keep_pause(struct aditd *d, uint64_t owner)
{
	struct kept *k = keep_find_owner(d, owner);

	if (k)
		k->stopped = true;
}

static int resume(struct kept *k, uint64_t owner, char *text, size_t size)
{
	int err;

	if (k->exists || k->resolve)
		return -EEXIST;
	if (!k->kind->may_open(k, text, size))
		return -ESHUTDOWN;
	err = set_owner(k, owner);
	if (err)
		return err;
	k->stopped = false;
	ev_timer_stop(k->d->loop, &k->retry);
	keep_open(k);
	return 0;
}

int keep_resume_tunnel(struct aditd *d, const char *name, uint64_t owner, char *text, size_t size)
{
	struct kept *k = keep_find(d, config_find_tunnel(d->config, name));

	return k ? resume(k, owner, text, size) : -ENOENT;
}

int keep_resume_session(struct aditd *d, const char *name, uint64_t owner, char *text, size_t size)
{
	struct kept *k = keep_find(d, config_find_session(d->config, name));
	const struct kept *tunnel;

	if (k && !l2tp_tunnel_find_name(d->engine, k->session->tunnel)) {
		/* Who asks for it need not wait for a tunnel that does not come. */
		tunnel = keep_find(d, config_find_tunnel(d->config, k->session->tunnel));
		if (tunnel && !tunnel->kind->may_open(tunnel, text, size))
			return -ESHUTDOWN;
	}
	return k ? resume(k, owner, text, size) : -ENOENT;
}

void keep_stop(struct aditd *d)
{
	struct kept *k, *after;

	list_for_each_safe (k, after, &d->kept, node)
		release(k);
	hash_fini(&d->kept_by_owner);
}
