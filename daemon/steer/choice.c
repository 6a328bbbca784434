/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which tunnel of its set a call takes next.
 *
 * The levels are gone through from the call's own on, and after the last from the first again: so
 * a tunnel that was passed over, because the next level came first or because it was full at that
 * moment, is not lost. Within a level the load is shared among those that can be had. When there
 * are none in any level, one that is being probed is as good as the others are bad: the call goes
 * along with the probe. When that is not to be had either, the one that failed first of those that
 * are locked out is tried, once for a call.
 */
#include <stdio.h>

#include "steer/private.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* --- how each of them stands --- */

static enum steer_standing stand(const struct steer_prospect *prospect)
{
	const struct steer_destination *destination = prospect->destination;
	unsigned int most = steer_max_sessions(prospect->tunnel);
	unsigned int most_tunnels = prospect->tunnel->peer->max_tunnels;

	if (!destination)
		return STANDING_FREE;
	if (most && destination->n_sessions >= most)
		return STANDING_FULL;
	if (!prospect->path && most_tunnels && destination->n_paths >= most_tunnels)
		return STANDING_NO_TUNNELS;
	switch (destination->lock) {
	case STEER_UNLOCKED:
		break;
	case STEER_LOCKED:
	case STEER_WAIT_TEST:
	case STEER_TESTING:
		return STANDING_LOCKED;
	case STEER_PROBING:
		return destination->probe ? STANDING_PROBED : STANDING_FREE;
	}
	return STANDING_FREE;
}

void steer_look(const struct steer *steer, const struct steer_set *set, uint32_t tried,
		struct steer_prospect prospects[static STEER_TUNNELS_MAX])
{
	for (size_t i = 0; i < set->n; i++) {
		struct steer_prospect *prospect = &prospects[i];

		*prospect = (struct steer_prospect){.tunnel = &set->tunnels[i]};
		prospect->level = steer_level(set, i);
		prospect->destination = steer_destination_find(steer, prospect->tunnel);
		if (prospect->destination)
			prospect->path =
				steer_path_find(steer, prospect->destination, prospect->tunnel);
		prospect->standing = (tried & 1U << i) ? STANDING_TRIED : stand(prospect);
	}
}

static void say_lock(const struct steer_prospect *prospect, usec_t now, char *text, size_t size)
{
	const struct steer_destination *destination = prospect->destination;
	usec_t left = destination->locked_until - now;
	char reason[160];

	reason_format(&destination->failure, destination->failed_by_tunnel, reason, sizeof(reason));
	if (destination->lock == STEER_LOCKED)
		snprintf(text, size, "locked out for %lld s more after: %s",
			 (long long)(left > 0 ? (left + USEC_PER_SEC - 1) / USEC_PER_SEC : 0),
			 reason);
	else
		snprintf(text, size, "locked out until a test succeeds, after: %s", reason);
}

const char *steer_standing_text(const struct steer_prospect *prospect, usec_t now, char *text,
				size_t size)
{
	const struct steer_destination *destination = prospect->destination;

	switch (prospect->standing) {
	case STANDING_FREE:
		if (destination && destination->lock == STEER_PROBING)
			snprintf(text, size, "to be probed with one call");
		else
			snprintf(text, size, "%u sessions, tunnel %s",
				 destination ? destination->n_sessions : 0,
				 !prospect->path      ? "to be opened"
				 : prospect->path->up ? "up"
						      : "being opened");
		break;
	case STANDING_PROBED:
		snprintf(text, size, "being probed with one call");
		break;
	case STANDING_LOCKED:
		say_lock(prospect, now, text, size);
		break;
	case STANDING_FULL:
		snprintf(text, size, "full: %u of %u sessions", destination->n_sessions,
			 steer_max_sessions(prospect->tunnel));
		break;
	case STANDING_NO_TUNNELS:
		snprintf(text, size, "full: %u of %u tunnels, with %u sessions each",
			 destination->n_paths, prospect->tunnel->peer->max_tunnels,
			 steer_max_sessions_per_tunnel(prospect->tunnel));
		break;
	case STANDING_TRIED:
		snprintf(text, size, "tried");
		break;
	}
	return text;
}

/* --- one among several --- */

static uint64_t sessions_of(const struct steer_prospect *prospect)
{
	return prospect->destination ? prospect->destination->n_sessions : 0;
}

static uint64_t path_sessions_of(const struct steer_prospect *prospect)
{
	return prospect->path ? prospect->path->n_sessions : 0;
}

static uint64_t turn_of(const struct steer_prospect *prospect)
{
	return prospect->destination ? prospect->destination->turn : 0;
}

/* Both that never had a call come in the order of the set. Two tunnels to one destination: the one
 * with fewer calls. */
static bool waits_longer(const struct steer_prospect *a, const struct steer_prospect *b)
{
	if (turn_of(a) != turn_of(b))
		return turn_of(a) < turn_of(b);
	return a->destination && path_sessions_of(a) < path_sessions_of(b);
}

static bool has_fewer(const struct steer_prospect *a, const struct steer_prospect *b)
{
	if (sessions_of(a) != sessions_of(b))
		return sessions_of(a) < sessions_of(b);
	return waits_longer(a, b);
}

struct field {
	const struct steer_prospect *of[STEER_TUNNELS_MAX];
	uint32_t n;
	/* Of one without a limit: as much as the greatest has. */
	unsigned int weight;
};

static const struct steer_prospect *by_turn(const struct field *field)
{
	const struct steer_prospect *best = field->of[0];

	for (uint32_t i = 1; i < field->n; i++)
		best = waits_longer(field->of[i], best) ? field->of[i] : best;
	return best;
}

static const struct steer_prospect *by_sessions(const struct field *field)
{
	const struct steer_prospect *best = field->of[0];

	for (uint32_t i = 1; i < field->n; i++)
		best = has_fewer(field->of[i], best) ? field->of[i] : best;
	return best;
}

/* The one that is filled to the least part: cross-multiplied, there is no fraction. */
static const struct steer_prospect *by_weight(const struct field *field)
{
	const struct steer_prospect *best = NULL, *at;
	uint64_t best_weight = 1, weight, ours, its;

	for (uint32_t i = 0; i < field->n; i++) {
		at = field->of[i];
		weight = steer_max_sessions(at->tunnel);
		weight = weight ? weight : field->weight;
		ours = sessions_of(at) * best_weight;
		its = best ? sessions_of(best) * weight : UINT64_MAX;
		if (ours < its || (ours == its && waits_longer(at, best))) {
			best = at;
			best_weight = weight;
		}
	}
	return best;
}

static bool gather(const struct steer_prospect *prospects, size_t n, uint32_t level,
		   enum steer_standing standing, struct field *ret)
{
	unsigned int most;

	*ret = (struct field){.weight = 1};
	for (size_t i = 0; i < n; i++) {
		if (prospects[i].level != level || prospects[i].standing != standing)
			continue;
		most = steer_max_sessions(prospects[i].tunnel);
		ret->weight = most > ret->weight ? most : ret->weight;
		ret->of[ret->n++] = &prospects[i];
	}
	return ret->n;
}

static const struct steer_prospect *share(enum steer_sharing sharing, const struct field *field,
					  uint32_t (*draw)(void *ctx, uint32_t n), void *ctx)
{
	switch (sharing) {
	case STEER_ROUND_ROBIN:
		break;
	case STEER_WEIGHTED:
		return by_weight(field);
	case STEER_LEAST_SESSIONS:
		return by_sessions(field);
	case STEER_RANDOM:
		return field->of[draw(ctx, field->n)];
	}
	return by_turn(field);
}

/* --- all of them --- */

static int first_locked(const struct steer_prospect *prospects, size_t n)
{
	int first = -1;

	for (size_t i = 0; i < n; i++) {
		if (prospects[i].standing != STANDING_LOCKED)
			continue;
		if (first < 0 ||
		    prospects[i].destination->failed_at < prospects[first].destination->failed_at)
			first = (int)i;
	}
	return first;
}

int steer_choose(const struct steer_settings *settings, const struct steer_prospect *prospects,
		 size_t n, uint32_t level, bool may_last, uint32_t (*draw)(void *ctx, uint32_t n),
		 void *ctx, bool *ret_last)
{
	static const enum steer_standing order[] = {STANDING_FREE, STANDING_PROBED};
	uint32_t n_levels = prospects[n - 1].level + 1;
	struct field field;

	*ret_last = false;
	for (size_t i = 0; i < COUNT(order); i++) {
		for (uint32_t k = 0; k < n_levels; k++) {
			if (gather(prospects, n, (level + k) % n_levels, order[i], &field))
				return (int)(share(settings->sharing, &field, draw, ctx) -
					     prospects);
		}
	}
	*ret_last = may_last;
	return may_last ? first_locked(prospects, n) : -1;
}
