/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Administrative states: what the administrator wants of the system, a peer, a tunnel or a session.
 *
 * Each has its own state; in effect is the strictest of it and those above.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/timer.h"

struct l2tp_engine;
struct l2tp_session;
struct l2tp_tunnel;
struct peer;

/* A later one is stricter. */
enum admin_state {
	ADMIN_ENABLED,
	ADMIN_DRAIN,	/* nothing new; what lives goes on */
	ADMIN_DISABLED, /* nothing at all */
	ADMIN_STATE_MAX,
};

/* From above to below. */
enum admin_level {
	ADMIN_SYSTEM,
	ADMIN_PEER,
	ADMIN_TUNNEL,
	ADMIN_SESSION,
	ADMIN_LEVEL_MAX,
};

/* What is in effect, and the highest level that asks for it; nobody has to ask for ENABLED. */
struct admin {
	enum admin_state state;
	enum admin_level from;
};

/* Of EVENT_ADMIN: whose own state is now this. */
struct admin_change {
	enum admin_level level;
	enum admin_state state;
	const char *name; /* NULL for the system, and where there is none */
};

const char *admin_state_name(enum admin_state state);
const char *admin_level_name(enum admin_level level);

struct admin l2tp_admin_of_system(const struct l2tp_engine *engine);
struct admin l2tp_admin_of_peer(const struct l2tp_engine *engine, const struct peer *peer);
struct admin l2tp_admin_of_tunnel(const struct l2tp_tunnel *t);
struct admin l2tp_admin_of_session(const struct l2tp_session *s);

/* Whether a tunnel with this peer, or a call in this tunnel, may be opened from here now; `own` is
 * what the administrator wants of it, `name` its name, NULL for none. If not, text says why. */
bool l2tp_admin_may_open(const struct l2tp_engine *engine, const struct peer *peer,
			 enum admin_state own, const char *name, char *text, size_t size);
bool l2tp_admin_may_call(const struct l2tp_tunnel *t, enum admin_state own, const char *name,
			 char *text, size_t size);

/* "the administrator drains session alice" */
void l2tp_admin_say(enum admin_level level, enum admin_state state, const char *name, char *text,
		    size_t size);

/*
 * Set the own state of one, tell it (EVENT_ADMIN) when it changed, and close what may not live any
 * more: with DISABLED all that is below, with DRAIN the tunnels below that have no session. They
 * may be freed in the call. A peer is one of the configuration or of a tunnel: returns 0, or
 * -ENOENT for a name that is neither's.
 */
void l2tp_admin_set_system(struct l2tp_engine *engine, enum admin_state state, usec_t now);
int l2tp_admin_set_peer(struct l2tp_engine *engine, const char *name, enum admin_state state,
			usec_t now);
void l2tp_admin_set_tunnel(struct l2tp_tunnel *t, enum admin_state state, usec_t now);
void l2tp_admin_set_session(struct l2tp_session *s, enum admin_state state, usec_t now);
/* Closes what may not live any more, after l2tp_engine_set_peers(). */
void l2tp_admin_apply(struct l2tp_engine *engine, usec_t now);
/* Tells of a tunnel or session that is not there at the moment. */
void l2tp_admin_tell(struct l2tp_engine *engine, const struct admin_change *change);
