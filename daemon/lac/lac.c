/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The LAC as a whole: its tables, and how what happens elsewhere finds the call that it is about.
 */
#include "lac/private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lac/relay.h"
#include "wire/result.h"

static const char *const news_names[LAC_NEWS_MAX] = {
	[LAC_NEWS_UP] = "call up",	 [LAC_NEWS_MOVED] = "call moved",
	[LAC_NEWS_ENDED] = "call ended", [LAC_NEWS_FAILED] = "call failed",
	[LAC_NEWS_GONE] = "call gone",
};

const char *lac_news_name(enum lac_news news)
{
	return news < LAC_NEWS_MAX ? news_names[news] : "unknown";
}

int lac_new(const struct lac_params *params, struct lac **ret)
{
	struct lac *lac = mem_alloc(sizeof(*lac));
	int err;

	if (!lac)
		return -ENOMEM;
	lac->ops = params->ops;
	lac->ctx = params->ctx;
	lac->engine = params->engine;
	lac->timers = params->timers;
	lac->settings = params->settings;
	lac->radius_settings = params->radius_settings;
	list_init(&lac->calls);
	hash_init(&lac->by_owner);
	hash_init(&lac->by_incoming);
	hash_init(&lac->tunnels);
	lac->ops->random(lac, &lac->boot, sizeof(lac->boot));
	err = steer_new(&lac_steer_ops, lac, lac->timers, &lac->settings->steer, &lac->steer);
	if (err) {
		mem_free(lac);
		return err;
	}
	*ret = lac;
	return 0;
}

static struct lac_tunnel *any_tunnel(const struct lac *lac)
{
	struct hash_node *node = hash_walk(&lac->tunnels, NULL);

	return node ? container_of(node, struct lac_tunnel, by_owner) : NULL;
}

void lac_free(struct lac *lac)
{
	struct lac_call *call, *after;
	struct lac_tunnel *t;

	if (!lac)
		return;
	lac->radius = NULL;
	list_for_each_safe (call, after, &lac->calls, node) {
		lac_let_go_of_destination(call, 0);
		lac_call_free(call);
	}
	while ((t = any_tunnel(lac)))
		lac_tunnel_free(t);
	steer_free(lac->steer);
	hash_fini(&lac->by_owner);
	hash_fini(&lac->by_incoming);
	hash_fini(&lac->tunnels);
	mem_free(lac);
}

void lac_set(struct lac *lac, const struct lac_settings *settings,
	     const struct radius_settings *radius_settings)
{
	lac->settings = settings;
	lac->radius_settings = radius_settings;
	steer_set(lac->steer, &settings->steer);
}

void lac_set_radius(struct lac *lac, struct radius_client *radius)
{
	lac->radius = radius;
}

struct radius_client *lac_radius(const struct lac *lac)
{
	return lac->radius;
}

void *lac_ctx(const struct lac *lac)
{
	return lac->ctx;
}

struct steer *lac_steer(const struct lac *lac)
{
	return lac->steer;
}

const struct lac_settings *lac_settings(const struct lac *lac)
{
	return lac->settings;
}

unsigned int lac_count(const struct lac *lac)
{
	return lac->n_calls;
}

const char *lac_busy(const struct lac *lac)
{
	if (lac->stopping || l2tp_admin_of_system(lac->engine).state != ADMIN_ENABLED)
		return "no calls are taken now";
	if (lac->settings->max_calls && lac->n_calls >= lac->settings->max_calls)
		return "no more calls are taken";
	return NULL;
}

struct lac_call *lac_next(const struct lac *lac, const struct lac_call *last)
{
	const struct list *next = last ? last->node.next : lac->calls.next;

	return next == &lac->calls ? NULL : list_entry(next, struct lac_call, node);
}

static struct lac_call *of_owner(const struct lac *lac, uint64_t owner)
{
	struct hash_node *node = owner ? hash_find(&lac->by_owner, owner) : NULL;

	return node ? container_of(node, struct lac_call, by_owner) : NULL;
}

static struct lac_call *of_incoming(const struct lac *lac, uint64_t owner)
{
	struct hash_node *node = owner ? hash_find(&lac->by_incoming, owner) : NULL;

	return node ? container_of(node, struct lac_call, by_incoming) : NULL;
}

struct lac_call *lac_find(const struct lac *lac, const char *id)
{
	const char *owner = strchr(id, '-');
	struct lac_call *call = owner ? of_owner(lac, strtoull(owner + 1, NULL, 16)) : NULL;

	return call && strcmp(call->id, id) == 0 ? call : NULL;
}

struct lac_call *lac_call_of(const struct lac *lac, const struct l2tp_session *s)
{
	struct lac_call *call = of_owner(lac, s->owner);

	return call ? call : of_incoming(lac, s->owner);
}

bool lac_owns(const struct lac *lac, const struct l2tp_session *s)
{
	return lac_call_of(lac, s) || lac_is_switched(s);
}

int lac_session_start(struct lac *lac, struct l2tp_session *s, usec_t now)
{
	const struct lac_signal signal = {.input = LAC_ON_CONNECTED};
	struct lac_call *call = of_owner(lac, s->owner);

	if (!call && lac_is_switched(s))
		return lac_switch(lac, s, now);
	/* Its end was decided while ICCN was on its way. */
	if (!call || call->state != LAC_PLACING)
		return -ECANCELED;
	call->session = s;
	lac_fsm_run(call, &signal, now);
	return 0;
}

void lac_session_stop(struct lac *lac, struct l2tp_session *s, enum ppp_stop how, usec_t now)
{
	struct lac_call *call = lac_call_of(lac, s);
	const struct lac_signal signal = {.input = LAC_ON_SESSION_ENDS, .reason = &s->reason};

	(void)how;
	if (call)
		lac_fsm_run(call, &signal, now);
}

static void session_down(struct lac *lac, const struct l2tp_session *s, usec_t now)
{
	struct lac_call *call = lac_call_of(lac, s);
	struct lac_signal signal = {.input = LAC_ON_LOST, .reason = &s->reason};

	if (!call)
		return;
	if (call->session == s)
		call->session = NULL;
	else if (call->incoming == s)
		call->incoming = NULL;
	/* No CDN said it: its tunnel came down (RFC 2661 5.7). */
	if (s->tunnel->down_told && !s->reason.result) {
		signal.is_tunnel = true;
		signal.reason = &s->tunnel->reason;
	}
	lac_fsm_run(call, &signal, now);
}

static void session_speed(struct lac *lac, const struct l2tp_session *s, usec_t now)
{
	struct lac_call *call = lac_call_of(lac, s);

	/* Without memory for it the LNS goes on with what it knows, and may ask (RFC 5515 4.2). */
	if (call && call->incoming == s && call->session)
		relay_new_speeds(s, &lac->settings->relay, call->session, now);
}

static void end_all(struct lac *lac, const char *why, usec_t now)
{
	struct reason reason = reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "%s", why);
	struct lac_call *call, *after;

	reason.ppp = (struct ppp_cause){.code = 1};
	list_for_each_safe (call, after, &lac->calls, node)
		lac_close(call, &reason, now);
}

/* Tunnels and their sessions the engine closes itself; calls may have none, or not yet. */
static void admin_changed(struct lac *lac, const struct admin_change *change, usec_t now)
{
	if (change->level == ADMIN_SYSTEM && change->state == ADMIN_DISABLED)
		end_all(lac, "the administrator disabled the system", now);
}

void lac_event(struct lac *lac, const struct l2tp_event *event, usec_t now)
{
	switch (event->type) {
	case EVENT_TUNNEL_UP:
	case EVENT_TUNNEL_DOWN:
		lac_tunnel_event(lac, event, now);
		break;
	case EVENT_SESSION_DOWN:
		session_down(lac, event->session, now);
		break;
	case EVENT_SESSION_SPEED:
		session_speed(lac, event->session, now);
		break;
	case EVENT_ADMIN:
		admin_changed(lac, event->admin, now);
		if (event->tunnel && !event->session)
			lac_tunnel_event(lac, event, now);
		break;
	case EVENT_TUNNEL_GONE:
	case EVENT_SESSION_UP:
	case EVENT_SESSION_PPP_UP:
	case EVENT_REFUSED:
	case EVENT_PACKET_DROPPED:
	case EVENT_MAX:
		break;
	}
}

void lac_counted(struct lac_call *call, int err, const struct lac_count *count, usec_t now)
{
	const struct lac_signal signal = {.input = LAC_ON_COUNTED};

	call->counting = false;
	if (!err)
		call->count = *count;
	lac_fsm_run(call, &signal, now);
}

void lac_close(struct lac_call *call, const struct reason *reason, usec_t now)
{
	const struct lac_signal signal = {.input = LAC_ON_CLOSE, .reason = reason};

	lac_fsm_run(call, &signal, now);
}

static bool text_fits(const char *wanted, const char *is)
{
	return !wanted || !wanted[0] || (is && strcmp(wanted, is) == 0);
}

static bool fits(const struct lac_call *call, const struct radius_user *who)
{
	struct lac_user_texts texts = {0};
	struct radius_user is;

	lac_user(call, &texts, &is);
	/* Addresses are the LNS's to know, or pppd's. */
	return who->framed_address.family == ADDR_NONE && text_fits(who->user_name, is.user_name) &&
	       text_fits(who->acct_session_id, is.acct_session_id) &&
	       text_fits(who->acct_multi_session_id, is.acct_multi_session_id) &&
	       text_fits(who->nas_port_id, is.nas_port_id) &&
	       (!who->nas_port || who->nas_port == is.nas_port) &&
	       text_fits(who->calling_station_id, is.calling_station_id) &&
	       text_fits(who->called_station_id, is.called_station_id);
}

static bool is_meant(const struct lac_call *call, const struct radius_user *who)
{
	return call->state < LAC_TERMINATING && fits(call, who);
}

unsigned int lac_disconnect(struct lac *lac, const struct radius_user *who, usec_t now)
{
	/* RFC 5176 3.5, RFC 2866 5.10: 6 Admin Reset. */
	struct reason reason = reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "disconnected by RADIUS");
	struct lac_call *call, *after;
	unsigned int n = 0;

	reason.ppp = (struct ppp_cause){.code = 1};
	list_for_each_safe (call, after, &lac->calls, node) {
		if (!is_meant(call, who))
			continue;
		lac_close(call, &reason, now);
		n++;
	}
	return n;
}

int lac_change(struct lac *lac, const struct radius_user *who, uint32_t tx, uint32_t rx, usec_t now)
{
	struct lac_call *call, *found = NULL;

	list_for_each (call, &lac->calls, node) {
		if (!is_meant(call, who))
			continue;
		if (found)
			return -ENOTUNIQ;
		found = call;
	}
	return found ? lac_set_speeds(found, tx, rx, now) : -ENOENT;
}

/* Nobody waits for the addresses of tunnels that are not open yet. */
static void forget_names(struct lac *lac)
{
	struct hash_node *node = hash_walk(&lac->tunnels, NULL), *next;

	for (; node; node = next) {
		struct lac_tunnel *t = container_of(node, struct lac_tunnel, by_owner);

		next = hash_walk(&lac->tunnels, node);
		if (t->resolving)
			lac_tunnel_give_up(t);
	}
}

void lac_stop(struct lac *lac, usec_t now)
{
	lac->stopping = true;
	end_all(lac, "the daemon is stopping", now);
	forget_names(lac);
}
