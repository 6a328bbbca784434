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
#include <string.h>
#include <sys/random.h>

#include "base/log.h"
#include "base/mem.h"
#include "wire/result.h"

/* Seconds. */
#define RETRY_FIRST 1.0
#define RETRY_MAX 60.0

struct kept;

/* What tunnels and sessions do differently. */
struct keep_kind {
	void (*open)(struct kept *k);
	void (*close)(struct kept *k);
	/* Its section in another configuration, when that says the same; else NULL. */
	const void *(*same_in)(const struct kept *k, const struct config *config);
	/* The event after which nothing of it is left, and its name and id are free again. */
	enum l2tp_event_type gone;
};

struct kept {
	struct list node;
	struct hash_node by_owner;
	struct aditd *d;
	const struct keep_kind *kind;
	/* Its section in the present configuration; after a reload the one that says the same. */
	union {
		const void *config;
		const struct config_tunnel *tunnel;
		const struct config_session *session;
	};
	struct resolve *resolve; /* of a tunnel's remote */
	ev_timer retry;
	double wait;
	uint64_t owner;
	bool exists;  /* from its opening until it is gone */
	bool stopped; /* by hand */
	bool idle;    /* closed because nobody used it, until somebody does */
};

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

static void open_now(struct kept *k)
{
	k->idle = false;
	if (!k->exists && !k->stopped && !k->resolve)
		k->kind->open(k);
}

static void on_retry(struct ev_loop *loop, ev_timer *timer, int revents)
{
	(void)loop, (void)revents;
	open_now(timer->data);
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
	struct l2tp_tunnel *t;

	k->resolve = NULL;
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

static void tunnel_close(struct kept *k)
{
	struct reason reason =
		reason_make(ORIGIN_LOCAL, STOPCCN_CLEAR, 0, "removed from the configuration");
	struct l2tp_tunnel *t = l2tp_tunnel_find_name(k->d->engine, k->tunnel->name);

	if (t && t->owner == k->owner)
		l2tp_tunnel_close(t, &reason, aditd_now());
}

static const void *tunnel_same_in(const struct kept *k, const struct config *config)
{
	const struct config_tunnel *want = config_find_tunnel(config, k->tunnel->name);

	return want && config_tunnel_same(want, k->tunnel) ? want : NULL;
}

static const struct keep_kind tunnels = {
	.open = tunnel_open,
	.close = tunnel_close,
	.same_in = tunnel_same_in,
	.gone = EVENT_TUNNEL_GONE,
};

/* --- sessions --- */

/* A tunnel that was closed because nobody used it: now somebody does. */
static void wake_tunnel(struct aditd *d, const char *name)
{
	struct kept *k;

	list_for_each (k, &d->kept, node) {
		if (k->kind == &tunnels && k->idle && strcmp(k->tunnel->name, name) == 0) {
			open_now(k);
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
	retry_later(k);
}

static void session_close(struct kept *k)
{
	struct reason reason =
		reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "removed from the configuration");
	struct l2tp_session *s = l2tp_session_find_name(k->d->engine, k->session->name);

	if (s && s->owner == k->owner)
		l2tp_session_close(s, &reason, aditd_now());
}

static const void *session_same_in(const struct kept *k, const struct config *config)
{
	const struct config_session *want = config_find_session(config, k->session->name);

	return want && config_session_same(want, k->session) ? want : NULL;
}

static const struct keep_kind sessions = {
	.open = session_open,
	.close = session_close,
	.same_in = session_same_in,
	.gone = EVENT_SESSION_DOWN,
};

/* --- both --- */

static int set_owner(struct kept *k, uint64_t owner)
{
	hash_remove(&k->d->kept_by_owner, &k->by_owner);
	k->owner = owner;
	return hash_insert(&k->d->kept_by_owner, &k->by_owner, owner);
}

static struct kept *find_owner(struct aditd *d, uint64_t owner)
{
	struct hash_node *node = owner ? hash_find(&d->kept_by_owner, owner) : NULL;

	return node ? container_of(node, struct kept, by_owner) : NULL;
}

static struct kept *find_config(struct aditd *d, const void *config)
{
	struct kept *k;

	list_for_each (k, &d->kept, node) {
		if (k->config == config)
			return k;
	}
	return NULL;
}

static void keep(struct aditd *d, const struct keep_kind *kind, const void *config)
{
	struct kept *k = find_config(d, config);

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
	ev_timer_init(&k->retry, on_retry, 0, 0);
	k->retry.data = k;
	list_append(&d->kept, &k->node);
	/* Only the very first can fail; without it a tunnel is opened, but not opened again. */
	if (set_owner(k, aditd_new_owner(d)))
		log_error("cannot keep what the configuration asks for: %s", strerror(ENOMEM));
	open_now(k);
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

void keep_apply(struct aditd *d, const struct config *config)
{
	const struct config_session *session;
	const struct config_tunnel *tunnel;
	struct kept *k, *after;

	list_for_each_safe (k, after, &d->kept, node) {
		const void *same = k->kind->same_in(k, config);

		if (same) {
			k->config = same;
		} else {
			k->kind->close(k);
			release(k);
		}
	}
	list_for_each (tunnel, &config->tunnels, node)
		keep(d, &tunnels, tunnel);
	list_for_each (session, &config->sessions, node)
		keep(d, &sessions, session);
}

static void open_sessions_of(struct aditd *d, const char *tunnel)
{
	struct kept *k;

	list_for_each (k, &d->kept, node) {
		if (k->kind == &sessions && strcmp(k->session->tunnel, tunnel) == 0 &&
		    !ev_is_active(&k->retry))
			open_now(k);
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
	struct kept *k = find_owner(d, owner);

	if (k && is_well(event))
		k->wait = 0;
	if (k && event->type == k->kind->gone) {
		k->exists = false;
		k->idle = k->kind == &tunnels && event->tunnel->was_idle;
		if (!k->stopped && !k->idle)
			retry_later(k);
	}
	if (event->type == EVENT_TUNNEL_UP && event->tunnel)
		open_sessions_of(d, event->tunnel->core.name);
}

void keep_pause(struct aditd *d, uint64_t owner)
{
	struct kept *k = find_owner(d, owner);

	if (k)
		k->stopped = true;
}

static int resume(struct kept *k, uint64_t owner)
{
	int err;

	if (k->exists || k->resolve)
		return -EEXIST;
	err = set_owner(k, owner);
	if (err)
		return err;
	k->stopped = false;
	ev_timer_stop(k->d->loop, &k->retry);
	open_now(k);
	return 0;
}

int keep_resume_tunnel(struct aditd *d, const char *name, uint64_t owner)
{
	struct kept *k = find_config(d, config_find_tunnel(d->config, name));

	return k ? resume(k, owner) : -ENOENT;
}

int keep_resume_session(struct aditd *d, const char *name, uint64_t owner)
{
	struct kept *k = find_config(d, config_find_session(d->config, name));

	return k ? resume(k, owner) : -ENOENT;
}

void keep_stop(struct aditd *d)
{
	struct kept *k, *after;

	list_for_each_safe (k, after, &d->kept, node)
		release(k);
	hash_fini(&d->kept_by_owner);
}
