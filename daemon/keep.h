/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files about kept tunnels and sessions share; the rest of the daemon has aditd.h.
 */
#pragma once

#include "aditd.h"

/* Words for why something may not be opened. */
#define KEEP_WHY_MAX 128
/* The same of what went wrong: a reason of RFC 2661 4.4.2 in words. */
#define KEEP_FAILURE_MAX 192

struct kept;

/* What tunnels and sessions do differently. */
struct keep_kind {
	const char *name;
	const char *(*name_of)(const struct kept *k);
	const char *(*tunnel_of)(const struct kept *k); /* NULL for a tunnel */
	void (*open)(struct kept *k);
	void (*close)(struct kept *k);
	/* Whether its administrative state and those above let it be opened; if not, why. */
	bool (*may_open)(const struct kept *k, char *text, size_t size);
	/* Its administrative state becomes that of what is open of it, or is told. */
	void (*set_admin)(const struct kept *k);
	/* The section of its name in another configuration, or NULL; what that says of it. */
	const void *(*find_in)(const struct kept *k, const struct config *config);
	bool (*is_same)(const struct kept *k, const void *section);
	enum admin_state (*admin_of)(const void *section);
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
	enum admin_state admin;
	bool exists;  /* from its opening until it is gone */
	bool stopped; /* by hand */
	bool idle;    /* closed because nobody used it, until somebody does */
	bool well;    /* up, with all that belongs to it */
	/* What the last attempt failed of, since it was well; or empty. */
	char failure[KEEP_FAILURE_MAX];
};

/* keep.c */
/* Opens it if it is not open, and nothing is against it. */
void keep_open(struct kept *k);
/* The next attempt, after one that failed. */
void keep_retry_later(struct kept *k);
/* That of a section, or with an owner; NULL for none. */
struct kept *keep_find(struct aditd *d, const void *config);
struct kept *keep_find_owner(struct aditd *d, uint64_t owner);

/* keep_kind.c */
extern const struct keep_kind keep_tunnels;
extern const struct keep_kind keep_sessions;
/* What is open of it, or NULL. */
struct l2tp_tunnel *keep_tunnel_of(const struct kept *k);
struct l2tp_session *keep_session_of(const struct kept *k);

/* keep_admin.c */
/* Its own administrative state. What was held back by another is not opened here. */
void keep_put_admin(struct kept *k, enum admin_state state);
/* Of struct keep_kind. */
bool keep_tunnel_may_open(const struct kept *k, char *text, size_t size);
bool keep_session_may_open(const struct kept *k, char *text, size_t size);
void keep_tunnel_set_admin(const struct kept *k);
void keep_session_set_admin(const struct kept *k);
