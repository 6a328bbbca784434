/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of its tunnels a call takes: preference, failover, load sharing, limits and lockout.
 *
 * A destination is an LNS, with whatever calls and tunnels there are with it, wherever it was named
 * from. A path is a tunnel to it that calls may share. Pure: `now` is the caller's, timers are in
 * his queue; who opens tunnels and places calls tells how it went.
 */
#pragma once

#include "base/hash.h"
#include "base/timer.h"
#include "l2tp/reason.h"
#include "steer/set.h"

/* Among the tunnels of one level that can be had. */
enum steer_sharing {
	STEER_ROUND_ROBIN,
	/* In proportion to max_sessions. */
	STEER_WEIGHTED,
	STEER_LEAST_SESSIONS,
	STEER_RANDOM,
};

/* What is the same tunnel for two calls to the same endpoints. */
enum steer_assignment {
	/* Tunnel-Assignment-ID (RFC 2868 3.7). */
	STEER_BY_ASSIGNMENT_ID,
	/* And the names of both ends. */
	STEER_BY_CLIENT_SERVER,
};

struct steer_settings {
	enum steer_sharing sharing;
	enum steer_assignment assignment;
	/* After a failure: the others of the same level, or the next level at once. */
	bool fail_over_within_preference;
	/* Microseconds. */
	usec_t lockout;
	/* A tunnel is opened to a destination before it is used again. */
	bool lockout_test;
	/* Destinations remembered at most. */
	unsigned int max_destinations;
};

extern const struct steer_settings steer_defaults;

enum steer_lock {
	STEER_UNLOCKED,
	STEER_LOCKED,	 /* until its time is over */
	STEER_WAIT_TEST, /* it is over; a test is to begin, with the next call's tunnel if none is
			    known */
	STEER_TESTING,	 /* a tunnel is being opened */
	STEER_PROBING,	 /* one call is let through; others come along only if they have no other */
};

struct steer;
struct steer_call;

/* What is known of an LNS. */
struct steer_destination {
	struct hash_node by_name;
	struct list node;
	char *server;
	struct addr client;
	enum steer_lock lock;
	usec_t locked_until;
	usec_t failed_at;      /* the last time; 0: never */
	struct reason failure; /* what of */
	bool failed_by_tunnel; /* the reason is of StopCCN, not of CDN */
	/* What a test would open: of the path that failed last; without a peer while none is
	 * known. */
	struct steer_tunnel known;
	bool test_runs;
	const struct steer_call *probe; /* the one that is let through, NULL for none yet */
	uint64_t turn;			/* of all choices, which was the last of this one */
	unsigned int n_sessions;
	unsigned int n_paths;
	uint64_t calls, failures, lockouts;
	struct timer timer;
	struct steer *steer;
	struct list paths;
};

struct steer_path {
	struct list node;
	struct steer_destination *destination;
	/* What it was first made of, a copy with its own references. */
	struct steer_tunnel tunnel;
	unsigned int n_sessions;
	bool up;
	bool failed; /* a call told so: no other is put on it */
	bool shut;   /* nor on one that takes none, though nothing failed */
	bool gone;
	/* Of whoever opens it; NULL until he did. One that nobody opened goes with its last call.
	 */
	void *user;
};

struct steer_ops {
	void (*random)(struct steer *steer, void *data, size_t len);
	/* Opens a tunnel and closes it again. Returns 0: steer_test_done() follows, not from
	 * inside; or -errno: the next call that looks at the destination has it tried again. */
	int (*test)(struct steer *steer, struct steer_destination *destination,
		    const struct steer_tunnel *tunnel);
	/* Lock state changed, for the log and monitors. */
	void (*event)(struct steer *steer, const struct steer_destination *destination);
};

/* A call's way through its set. It stays where it is in memory until steer_call_done(). */
struct steer_call {
	struct steer_set *set;
	struct steer_path *path; /* that it is on, or NULL */
	uint32_t tried;		 /* bit i: set->tunnels[i] was */
	uint32_t again;		 /* and this was tried anew, for its tunnel had ended under it */
	uint32_t level;		 /* index of the level that it is at */
	uint32_t at;		 /* index of the tunnel that it is on */
	char *story;		 /* what those said that were tried; NULL for none yet */
	bool last_chance;	 /* all were locked out, and one is tried all the same */
	bool had_last_chance;
	bool probing;
	bool up;
};

int steer_new(const struct steer_ops *ops, void *ctx, struct timer_queue *timers,
	      const struct steer_settings *settings, struct steer **ret);
void steer_free(struct steer *steer);
void steer_set(struct steer *steer, const struct steer_settings *settings);
void *steer_ctx(const struct steer *steer);

/* Takes a reference of the set. */
void steer_call_init(struct steer_call *call, struct steer_set *set);
/*
 * The next tunnel to try: call->path is where it goes, opened already or to be opened by the caller
 * (path->user is NULL). Returns 0, -EHOSTUNREACH when all were tried or are locked out, -ENOSPC
 * when what is left is full, or -ENOMEM; then text has for people what became of each.
 */
int steer_call_next(struct steer *steer, struct steer_call *call, usec_t now, char *text,
		    size_t size);
/* The call could not be placed on its path. is_tunnel: the reason is the tunnel's (StopCCN, no
 * answer), else the call's (CDN). Whether this locks the destination out is in a table. It lets go
 * of the path: steer_call_next() gives another. */
void steer_call_failed(struct steer *steer, struct steer_call *call, const struct reason *reason,
		       bool is_tunnel, usec_t now);
/* The call's path takes no more calls, for we end its tunnel or let it drain: no failure of the
 * destination, which the call may still try. It lets go of the path, as before, and no other call
 * is put on it. */
void steer_call_shut_out(struct steer *steer, struct steer_call *call);
/* The LNS has taken it. */
void steer_call_up(struct steer *steer, struct steer_call *call, usec_t now);
/* It ended, or is not wanted any more. Lets go of path and set. */
void steer_call_done(struct steer *steer, struct steer_call *call, usec_t now);

/* The tunnel of a path came up. */
void steer_path_up(struct steer *steer, struct steer_path *path, usec_t now);
/* Calls may be put on it again that were shut out before: whether it takes them is found out. */
void steer_path_retry(struct steer_path *path);
/* It is gone, and told so once: no call is put on it any more; it is freed when its last call let
 * go of it. What happened to its calls is told by steer_call_failed() or _done() for each. */
void steer_path_gone(struct steer *steer, struct steer_path *path, const struct reason *reason,
		     usec_t now);
void steer_test_done(struct steer *steer, struct steer_destination *destination, bool good,
		     const struct reason *reason, usec_t now);
/* By hand: used again at once. */
void steer_unlock(struct steer *steer, struct steer_destination *destination, usec_t now);
struct steer_destination *steer_find(const struct steer *steer, const char *server);
struct steer_destination *steer_next(const struct steer *steer,
				     const struct steer_destination *last);
/* What would happen to a call with this set now, one line a tunnel, without doing it. */
void steer_explain(const struct steer *steer, const struct steer_set *set, usec_t now,
		   void (*line)(void *ctx, const char *text), void *ctx);
/* Whether a result makes the destination responsible, from the table. */
bool steer_counts(const struct reason *reason, bool is_tunnel);
const char *steer_lock_name(enum steer_lock lock);
