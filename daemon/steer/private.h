/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of steer/ are to each other.
 */
#pragma once

#include "steer/steer.h"

struct steer {
	const struct steer_ops *ops;
	void *ctx;
	struct timer_queue *timers;
	struct steer_settings settings;
	struct hash by_name;
	struct list destinations; /* the one that was used last is the last */
	unsigned int n_destinations;
	uint64_t seed; /* of by_name */
	uint64_t turn;
};

/* --- set.c --- */

/* Texts copied and a reference of the peer. Returns 0 or -ENOMEM. */
int steer_tunnel_copy(const struct steer_tunnel *from, struct steer_tunnel *ret);
void steer_tunnel_clear(struct steer_tunnel *tunnel);
/* Which of the set's levels a tunnel is of, from 0. */
uint32_t steer_level(const struct steer_set *set, size_t i);
/* Room for a server as it is compared: an address as addr_format_host() writes it, a name in lower
 * case. */
#define STEER_SERVER_MAX 256
/* Returns 0, or -EINVAL for what is neither. */
int steer_server_name(const char *text, char ret[static STEER_SERVER_MAX]);

/* --- destination.c --- */

/* NULL when nothing is known of it. */
struct steer_destination *steer_destination_find(const struct steer *steer,
						 const struct steer_tunnel *tunnel);
/* It, or a new one in the place of whichever was not used for longest. Returns 0, -ENOMEM, or
 * -ENOSPC when all are in use. */
int steer_destination_get(struct steer *steer, const struct steer_tunnel *tunnel,
			  struct steer_destination **ret);
void steer_destination_free(struct steer_destination *destination);
/* Forgets idle ones until there are no more than `most`. */
void steer_destinations_limit(struct steer *steer, unsigned int most);
/* The path to it that a call may join: not gone, not full; NULL for none. */
struct steer_path *steer_path_find(const struct steer *steer,
				   const struct steer_destination *destination,
				   const struct steer_tunnel *tunnel);
int steer_path_new(struct steer_destination *destination, const struct steer_tunnel *tunnel,
		   struct steer_path **ret);
void steer_path_free(struct steer_path *path);
/* Off the list of its destination; no more calls for it. */
void steer_path_leave(struct steer_path *path);
/* The stricter of the tunnel's limit and its peer's, 0 for none. */
unsigned int steer_max_sessions(const struct steer_tunnel *tunnel);
unsigned int steer_max_sessions_per_tunnel(const struct steer_tunnel *tunnel);

/* --- lock.c --- */

void steer_lock_init(struct steer_destination *destination);
/* What time alone changes, should the timer be late; and a test that waited for a tunnel to be
 * known begins with this one. */
void steer_lock_refresh(struct steer_destination *destination, const struct steer_tunnel *tunnel,
			usec_t now);
/* It failed on that path. anew: after a call that was let through although it was locked out. */
void steer_lock_failed(struct steer_destination *destination, const struct steer_tunnel *tunnel,
		       const struct reason *reason, bool is_tunnel, bool anew, usec_t now);
void steer_lock_open(struct steer_destination *destination);

/* --- choice.c --- */

enum steer_standing {
	STANDING_FREE,	 /* it can be had */
	STANDING_PROBED, /* one call finds out whether it is back */
	STANDING_LOCKED,
	STANDING_FULL,	     /* of sessions */
	STANDING_NO_TUNNELS, /* its tunnels are full, and it may have no more */
	STANDING_TRIED,
};

/* What there is to a tunnel of a set right now. */
struct steer_prospect {
	const struct steer_tunnel *tunnel;
	struct steer_destination *destination; /* NULL: nothing is known of it */
	struct steer_path *path;	       /* NULL: one would be opened */
	enum steer_standing standing;
	uint32_t level;
};

/* One for each tunnel of the set. */
void steer_look(const struct steer *steer, const struct steer_set *set, uint32_t tried,
		struct steer_prospect prospects[static STEER_TUNNELS_MAX]);
/* Which of them a call takes that is at `level`, or -1. `draw` gives a number below n; ret_last:
 * it is locked out and tried all the same, which may_last must allow. */
int steer_choose(const struct steer_settings *settings, const struct steer_prospect *prospects,
		 size_t n, uint32_t level, bool may_last, uint32_t (*draw)(void *ctx, uint32_t n),
		 void *ctx, bool *ret_last);
/* What stands against it, or how it stands: "locked out for 120 s more after ...". */
const char *steer_standing_text(const struct steer_prospect *prospect, usec_t now, char *text,
				size_t size);
