/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Administrative states, and what they do to tunnels and calls.
 *
 * Which codes of RFC 2661 4.4.2 say it:
 *
 *	new tunnel, drain	StopCCN 2, Error Code 7 "Try another". It is there to guide a LAC by
 *				the policy of the LNS. 6 would say that all of us goes, and our
 *				tunnels that live on are of the same peer; 4 that it may not come.
 *	new tunnel, disabled	StopCCN 6, "being shut down"
 *	new call, drain		CDN 4, lack of facilities, "temporary condition": the LAC may place
 *				the call elsewhere. 3 would be a verdict about the call.
 *	end of a tunnel		drained: StopCCN 1, a request to clear; disabled: StopCCN 6
 *	end of a call		CDN 3, "administrative reasons"
 */
#include "l2tp/admin.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "l2tp/private.h"
#include "wire/result.h"

static const struct {
	const char *name;
	const char *did; /* what the administrator did to come here */
} states[ADMIN_STATE_MAX] = {
	[ADMIN_ENABLED] = {"enabled", "enabled"},
	[ADMIN_DRAIN] = {"drain", "drains"},
	[ADMIN_DISABLED] = {"disabled", "disabled"},
};

static const char *const level_names[ADMIN_LEVEL_MAX] = {
	[ADMIN_SYSTEM] = "system",
	[ADMIN_PEER] = "peer",
	[ADMIN_TUNNEL] = "tunnel",
	[ADMIN_SESSION] = "session",
};

const char *admin_state_name(enum admin_state state)
{
	return state < ADMIN_STATE_MAX ? states[state].name : "unknown";
}

const char *admin_level_name(enum admin_level level)
{
	return level < ADMIN_LEVEL_MAX ? level_names[level] : "unknown";
}

/* --- what is in effect --- */

static struct admin strictest(struct admin above, enum admin_level level, enum admin_state own)
{
	return own > above.state ? (struct admin){own, level} : above;
}

/* Tunnels hold the peer that they were made with; the state is that of the name. */
static enum admin_state state_of_name(const struct l2tp_engine *engine, const struct peer *peer)
{
	const struct peer *listed = l2tp_engine_find_peer(engine, peer->name);

	return listed ? listed->admin : peer->admin;
}

struct admin l2tp_admin_of_system(const struct l2tp_engine *engine)
{
	return (struct admin){engine->admin, ADMIN_SYSTEM};
}

struct admin l2tp_admin_of_peer(const struct l2tp_engine *engine, const struct peer *peer)
{
	return strictest(l2tp_admin_of_system(engine), ADMIN_PEER, state_of_name(engine, peer));
}

/* Of a peer that a tunnel or the configuration's list holds: its state is up to date. */
static struct admin of_held_peer(const struct l2tp_engine *engine, const struct peer *peer)
{
	return strictest(l2tp_admin_of_system(engine), ADMIN_PEER, peer->admin);
}

struct admin l2tp_admin_of_tunnel(const struct l2tp_tunnel *t)
{
	return strictest(of_held_peer(t->engine, t->peer), ADMIN_TUNNEL, t->admin);
}

struct admin l2tp_admin_of_session(const struct l2tp_session *s)
{
	return strictest(l2tp_admin_of_tunnel(s->tunnel), ADMIN_SESSION, s->admin);
}

/* --- in words --- */

/* "tunnel 7 (isp)", "tunnel isp"; an id of 0 is unknown. */
static void name_object(enum admin_level level, unsigned int id, const char *name, char *text,
			size_t size)
{
	const char *what = level_names[level];

	if (level == ADMIN_SYSTEM)
		snprintf(text, size, "%s", what);
	else if (!id)
		snprintf(text, size, "%s %s", what, name ? name : "");
	else if (name && name[0])
		snprintf(text, size, "%s %u (%s)", what, id, name);
	else
		snprintf(text, size, "%s %u", what, id);
}

/* What bears a state: the ids and names of all levels, 0 and NULL where it has none. */
struct bearer {
	const struct peer *peer;
	unsigned int id[ADMIN_LEVEL_MAX];
	const char *name[ADMIN_LEVEL_MAX];
};

static struct bearer bearer_peer(const struct peer *peer)
{
	return (struct bearer){.name = {[ADMIN_PEER] = peer->name}};
}

static struct bearer bearer_tunnel(const struct l2tp_tunnel *t)
{
	struct bearer bearer = bearer_peer(t->peer);

	bearer.id[ADMIN_TUNNEL] = t->core.tunnel_id;
	bearer.name[ADMIN_TUNNEL] = t->core.name;
	return bearer;
}

static struct bearer bearer_session(const struct l2tp_session *s)
{
	struct bearer bearer = bearer_tunnel(s->tunnel);

	bearer.id[ADMIN_SESSION] = s->core.session_id;
	bearer.name[ADMIN_SESSION] = call_info_text(s->info, CALL_NAME);
	return bearer;
}

/* "the administrator drains peer isp" */
static void say_why(struct admin admin, const struct bearer *bearer, char *text, size_t size)
{
	char object[L2TP_NAME_MAX + 24];

	name_object(admin.from, bearer->id[admin.from], bearer->name[admin.from], object,
		    sizeof(object));
	snprintf(text, size, "the administrator %s %s%s", states[admin.state].did,
		 admin.from == ADMIN_SYSTEM ? "the " : "", object);
}

void l2tp_admin_say(enum admin_level level, enum admin_state state, const char *name, char *text,
		    size_t size)
{
	struct bearer bearer = {0};

	bearer.name[level] = name;
	say_why((struct admin){state, level}, &bearer, text, size);
}

void l2tp_admin_tell(struct l2tp_engine *engine, const struct admin_change *change)
{
	char object[L2TP_NAME_MAX + 24], text[sizeof(object) + 16];
	struct l2tp_event event = {.type = EVENT_ADMIN, .admin = change, .text = text};

	name_object(change->level, 0, change->name, object, sizeof(object));
	snprintf(text, sizeof(text), "%s: %s", object, admin_state_name(change->state));
	engine->ops->event(engine, &event);
}

/* The same of one that is there. */
static void tell(struct l2tp_engine *engine, enum admin_level level, enum admin_state state,
		 const struct l2tp_tunnel *t, const struct l2tp_session *s)
{
	struct bearer bearer = s ? bearer_session(s) : bearer_tunnel(t);
	char object[L2TP_NAME_MAX + 24], text[sizeof(object) + 16];
	const char *name = bearer.name[level];
	struct admin_change change = {level, state, name[0] ? name : NULL};
	struct l2tp_event event = {
		.type = EVENT_ADMIN, .tunnel = t, .session = s, .admin = &change, .text = text};

	name_object(level, bearer.id[level], name, object, sizeof(object));
	snprintf(text, sizeof(text), "%s: %s", object, admin_state_name(state));
	engine->ops->event(engine, &event);
}

/* --- whether there may be something new --- */

bool l2tp_admin_may_open(const struct l2tp_engine *engine, const struct peer *peer,
			 enum admin_state own, const char *name, char *text, size_t size)
{
	struct admin admin = strictest(l2tp_admin_of_peer(engine, peer), ADMIN_TUNNEL, own);
	struct bearer bearer;

	if (admin.state == ADMIN_ENABLED)
		return true;
	bearer = bearer_peer(peer);
	bearer.name[ADMIN_TUNNEL] = name;
	say_why(admin, &bearer, text, size);
	return false;
}

bool l2tp_admin_may_call(const struct l2tp_tunnel *t, enum admin_state own, const char *name,
			 char *text, size_t size)
{
	struct admin admin = strictest(l2tp_admin_of_tunnel(t), ADMIN_SESSION, own);
	struct bearer bearer;

	if (admin.state == ADMIN_ENABLED)
		return true;
	bearer = bearer_tunnel(t);
	bearer.name[ADMIN_SESSION] = name;
	say_why(admin, &bearer, text, size);
	return false;
}

bool admin_refuses_tunnel(struct l2tp_engine *engine, const struct peer *peer, struct reason *ret)
{
	bool drain = of_held_peer(engine, peer).state == ADMIN_DRAIN;
	char text[sizeof(ret->text)];

	if (l2tp_admin_may_open(engine, peer, ADMIN_ENABLED, NULL, text, sizeof(text)))
		return false;
	engine->stats.admin_refused++;
	*ret = reason_make(ORIGIN_LOCAL, drain ? STOPCCN_GENERAL_ERROR : STOPCCN_SHUTTING_DOWN,
			   drain ? ERROR_TRY_ANOTHER : 0, "%s", text);
	return true;
}

bool admin_refuses_call(const struct l2tp_tunnel *t, struct reason *ret)
{
	char text[sizeof(ret->text)];

	if (l2tp_admin_may_call(t, ADMIN_ENABLED, NULL, text, sizeof(text)))
		return false;
	t->engine->stats.admin_refused++;
	*ret = reason_make(ORIGIN_LOCAL, CDN_NO_FACILITIES_TEMPORARY, 0, "%s", text);
	return true;
}

/* --- what may not live any more --- */

void admin_apply_tunnel(struct l2tp_tunnel *t, usec_t now)
{
	struct admin admin = l2tp_admin_of_tunnel(t);
	struct bearer bearer;
	struct reason reason;
	char text[sizeof(reason.text)];

	if (t->core.state >= TUNNEL_DRAINING || admin.state == ADMIN_ENABLED)
		return;
	bearer = bearer_tunnel(t);
	say_why(admin, &bearer, text, sizeof(text));
	if (admin.state == ADMIN_DISABLED)
		reason = reason_make(ORIGIN_LOCAL, STOPCCN_SHUTTING_DOWN, 0, "%s", text);
	else if (!t->n_sessions)
		reason = reason_make(ORIGIN_LOCAL, STOPCCN_CLEAR, 0, "%s", text);
	else
		return;
	tunnel_close(t, &reason, now);
}

void l2tp_admin_apply(struct l2tp_engine *engine, usec_t now)
{
	struct l2tp_tunnel *t, *after;

	list_for_each_safe (t, after, &engine->tunnels, node)
		admin_apply_tunnel(t, now);
	engine_reap(engine);
}

void l2tp_admin_set_system(struct l2tp_engine *engine, enum admin_state state, usec_t now)
{
	struct admin_change change = {.level = ADMIN_SYSTEM, .state = state};

	if (engine->admin == state)
		return;
	engine->admin = state;
	l2tp_admin_tell(engine, &change);
	l2tp_admin_apply(engine, now);
}

/* All peers of that name; how many there are, and whether one of them had another state. */
static unsigned int set_named(struct l2tp_engine *engine, const char *name, enum admin_state state,
			      bool *ret_changed)
{
	struct peer *listed = l2tp_engine_find_peer(engine, name);
	unsigned int found = listed != NULL;
	struct l2tp_tunnel *t;

	*ret_changed = listed && listed->admin != state;
	if (listed)
		listed->admin = state;
	list_for_each (t, &engine->tunnels, node) {
		if (strcmp(t->peer->name, name) != 0)
			continue;
		found++;
		*ret_changed |= t->peer->admin != state;
		t->peer->admin = state;
	}
	return found;
}

int l2tp_admin_set_peer(struct l2tp_engine *engine, const char *name, enum admin_state state,
			usec_t now)
{
	struct admin_change change = {.level = ADMIN_PEER, .state = state, .name = name};
	bool changed;

	if (!set_named(engine, name, state, &changed))
		return -ENOENT;
	if (!changed)
		return 0;
	l2tp_admin_tell(engine, &change);
	l2tp_admin_apply(engine, now);
	return 0;
}

void l2tp_admin_set_tunnel(struct l2tp_tunnel *t, enum admin_state state, usec_t now)
{
	struct l2tp_engine *engine = t->engine;

	if (t->admin == state)
		return;
	t->admin = state;
	tell(engine, ADMIN_TUNNEL, state, t, NULL);
	admin_apply_tunnel(t, now);
	engine_reap(engine);
}

void l2tp_admin_set_session(struct l2tp_session *s, enum admin_state state, usec_t now)
{
	struct l2tp_engine *engine = s->tunnel->engine;
	struct bearer bearer = bearer_session(s);
	struct reason reason = {.origin = ORIGIN_LOCAL, .result = CDN_ADMIN};

	if (s->admin == state)
		return;
	s->admin = state;
	tell(engine, ADMIN_SESSION, state, s->tunnel, s);
	if (state != ADMIN_DISABLED)
		return;
	say_why((struct admin){state, ADMIN_SESSION}, &bearer, reason.text, sizeof(reason.text));
	session_end(s, &reason, PPP_STOP_GRACEFUL, now);
	engine_reap(engine);
}

/* --- peers that are replaced, and tunnels that are made --- */

void admin_join_peer(struct l2tp_tunnel *t)
{
	t->peer->admin = state_of_name(t->engine, t->peer);
}

/* The peer of that name before: of the list, or of tunnels that outlived their section. */
static const struct peer *find_before(const struct l2tp_engine *engine, const struct list *old,
				      const char *name)
{
	const struct l2tp_tunnel *t;
	const struct peer *peer;

	list_for_each (peer, old, node) {
		if (strcmp(peer->name, name) == 0)
			return peer;
	}
	list_for_each (t, &engine->tunnels, node) {
		if (strcmp(t->peer->name, name) == 0)
			return t->peer;
	}
	return NULL;
}

void admin_inherit(struct l2tp_engine *engine, const struct list *old)
{
	struct peer *peer;

	list_for_each (peer, &engine->peers, node) {
		const struct peer *before = find_before(engine, old, peer->name);
		struct admin_change change = {.level = ADMIN_PEER, .name = peer->name};
		bool changed;

		/* What was set by hand holds until the configuration says something else. */
		change.state = peer->admin_configured;
		if (before && before->admin_configured == peer->admin_configured)
			change.state = before->admin;
		peer->admin = before ? before->admin : ADMIN_ENABLED;
		if (change.state == peer->admin)
			continue;
		set_named(engine, peer->name, change.state, &changed);
		l2tp_admin_tell(engine, &change);
	}
}
