/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels and sessions of the configuration: opened, and opened again when they end.
 *
 * What holds for both; what each of the two does in its own way is in keep_kind.c.
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

void keep_retry_later(struct kept *k)
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

static int set_owner(struct kept *k, uint64_t owner)
{
	hash_remove(&k->d->kept_by_owner, &k->by_owner);
	k->owner = owner;
	return hash_insert(&k->d->kept_by_owner, &k->by_owner, owner);
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
		keep(d, &keep_tunnels, tunnel, tunnel->admin);
	list_for_each (session, &config->sessions, node)
		keep(d, &keep_sessions, session, session->admin);
	keep_open_allowed(d);
}

static void open_sessions_of(struct aditd *d, const char *tunnel)
{
	struct kept *k;

	list_for_each (k, &d->kept, node) {
		if (k->kind == &keep_sessions && strcmp(k->session->tunnel, tunnel) == 0 &&
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
		k->idle = k->kind == &keep_tunnels && event->tunnel->was_idle;
		if (!k->stopped && !k->idle)
			keep_retry_later(k);
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
