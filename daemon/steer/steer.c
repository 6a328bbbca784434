/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls on their way: from tunnel to tunnel until an LNS takes them.
 *
 * After a failure a call goes on in the next level at once, or, if so configured, with the others
 * of its level first. Each tunnel of the set is tried once; but one that was up and ended under the
 * call did not refuse it, and may be opened anew for it, once.
 */
#include "steer/steer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "steer/private.h"

/* What is told of a call's failures: 31 of them in a few words, or some in many. */
#define STORY_MAX 1024

const struct steer_settings steer_defaults = {
	.sharing = STEER_ROUND_ROBIN,
	.assignment = STEER_BY_ASSIGNMENT_ID,
	.lockout = 300 * USEC_PER_SEC,
	.max_destinations = 4096,
};

int steer_new(const struct steer_ops *ops, void *ctx, struct timer_queue *timers,
	      const struct steer_settings *settings, struct steer **ret)
{
	struct steer *steer = mem_alloc(sizeof(*steer));

	if (!steer)
		return -ENOMEM;
	steer->ops = ops;
	steer->ctx = ctx;
	steer->timers = timers;
	steer->settings = *settings;
	list_init(&steer->destinations);
	ops->random(steer, &steer->seed, sizeof(steer->seed));
	*ret = steer;
	return 0;
}

void steer_free(struct steer *steer)
{
	struct steer_destination *destination;

	if (!steer)
		return;
	while ((destination = list_first(&steer->destinations, struct steer_destination, node)))
		steer_destination_free(destination);
	hash_fini(&steer->by_name);
	mem_free(steer);
}

void steer_set(struct steer *steer, const struct steer_settings *settings)
{
	steer->settings = *settings;
	steer_destinations_limit(steer, settings->max_destinations);
}

void *steer_ctx(const struct steer *steer)
{
	return steer->ctx;
}

/* --- what became of a call so far --- */

__attribute__((format(printf, 4, 5))) static void add(char *text, size_t size, const char *between,
						      const char *format, ...)
{
	size_t len = strlen(text);
	va_list args;

	if (len && len < size)
		len += (size_t)snprintf(text + len, size - len, "%s", between);
	if (len >= size)
		return;
	va_start(args, format);
	vsnprintf(text + len, size - len, format, args);
	va_end(args);
}

static void remember(struct steer_call *call, const char *words)
{
	if (!call->story)
		call->story = mem_alloc(STORY_MAX);
	/* Without memory there is less to tell, no more. */
	if (call->story)
		add(call->story, STORY_MAX, "; ", "%s: %s", call->set->tunnels[call->at].name,
		    words);
}

static void tell(const struct steer_call *call, const struct steer_prospect *prospects, usec_t now,
		 char *text, size_t size)
{
	char words[256];

	if (!size)
		return;
	snprintf(text, size, "%s", call->story ? call->story : "");
	for (size_t i = 0; i < call->set->n; i++) {
		if (prospects[i].standing != STANDING_TRIED)
			add(text, size, "; ", "%s: %s", prospects[i].tunnel->name,
			    steer_standing_text(&prospects[i], now, words, sizeof(words)));
	}
	/* Cut in the middle, and seen to be. */
	if (size > 4 && strlen(text) == size - 1)
		strcpy(text + size - 4, "...");
}

/* --- on a path and off again --- */

void steer_call_init(struct steer_call *call, struct steer_set *set)
{
	*call = (struct steer_call){.set = steer_set_ref(set)};
}

static void put_on(struct steer_call *call, struct steer_path *path)
{
	struct steer_destination *destination = path->destination;
	struct steer *steer = destination->steer;

	call->path = path;
	path->n_sessions++;
	destination->n_sessions++;
	destination->calls++;
	destination->turn = ++steer->turn;
	if (destination->lock == STEER_PROBING && !destination->probe) {
		destination->probe = call;
		call->probing = true;
	}
	/* The one that is used last is evicted last. */
	list_remove(&destination->node);
	list_append(&steer->destinations, &destination->node);
}

static void take_off(struct steer_call *call)
{
	struct steer_path *path = call->path;

	if (!path)
		return;
	if (path->destination->probe == call)
		path->destination->probe = NULL;
	call->path = NULL;
	call->probing = false;
	path->n_sessions--;
	path->destination->n_sessions--;
	if (path->n_sessions || (path->user && !path->gone))
		return;
	steer_path_leave(path);
	steer_path_free(path);
}

/* --- the next tunnel --- */

static uint32_t draw(void *ctx, uint32_t n)
{
	struct steer *steer = ctx;
	uint32_t value;

	/* The top of the range, where some values would come more often, is drawn again. */
	do
		steer->ops->random(steer, &value, sizeof(value));
	while (value >= UINT32_MAX - UINT32_MAX % n);
	return value % n;
}

static void refresh(struct steer *steer, const struct steer_call *call, usec_t now)
{
	struct steer_destination *destination;

	for (size_t i = 0; i < call->set->n; i++) {
		destination = steer_destination_find(steer, &call->set->tunnels[i]);
		if (destination)
			steer_lock_refresh(destination, &call->set->tunnels[i], now);
	}
}

static int place(struct steer *steer, struct steer_call *call,
		 const struct steer_prospect *prospect)
{
	struct steer_destination *destination = prospect->destination;
	struct steer_path *path = prospect->path;
	int err = 0;

	if (!destination)
		err = steer_destination_get(steer, prospect->tunnel, &destination);
	if (!err && !path)
		err = steer_path_new(destination, prospect->tunnel, &path);
	if (!err)
		put_on(call, path);
	return err;
}

static int nowhere(const struct steer_call *call, const struct steer_prospect *prospects)
{
	for (size_t i = 0; i < call->set->n; i++) {
		if (prospects[i].standing == STANDING_FULL ||
		    prospects[i].standing == STANDING_NO_TUNNELS)
			return -ENOSPC;
	}
	return -EHOSTUNREACH;
}

/* Returns 0, -EAGAIN when it was none and there may be others, or why there are no more. */
static int try_next(struct steer *steer, struct steer_call *call, usec_t now, char *text,
		    size_t size)
{
	struct steer_prospect prospects[STEER_TUNNELS_MAX];
	bool last;
	int at, err;

	steer_look(steer, call->set, call->tried, prospects);
	at = steer_choose(&steer->settings, prospects, call->set->n, call->level,
			  !call->had_last_chance, draw, steer, &last);
	if (at < 0) {
		tell(call, prospects, now, text, size);
		return nowhere(call, prospects);
	}
	err = place(steer, call, &prospects[at]);
	if (err == -ENOMEM) {
		snprintf(text, size, "no memory");
		return err;
	}
	call->at = (uint32_t)at;
	call->level = prospects[at].level;
	call->tried |= 1U << at;
	call->last_chance = last;
	call->had_last_chance |= last;
	if (err < 0) {
		remember(call, "max_destinations reached, and all are in use");
		return -EAGAIN;
	}
	return 0;
}

int steer_call_next(struct steer *steer, struct steer_call *call, usec_t now, char *text,
		    size_t size)
{
	int err;

	refresh(steer, call, now);
	/* Ends, for each that it was not is one that was tried. */
	do
		err = try_next(steer, call, now, text, size);
	while (err == -EAGAIN);
	return err;
}

/* --- how it went --- */

void steer_call_failed(struct steer *steer, struct steer_call *call, const struct reason *reason,
		       bool is_tunnel, usec_t now)
{
	struct steer_path *path = call->path;
	uint32_t bit = 1U << call->at;
	char words[256];

	if (!path)
		return;
	/* A path that was told to be gone counted then, whatever number of calls it had. */
	if (steer_counts(reason, is_tunnel) && (!is_tunnel || !path->failed || call->last_chance))
		steer_lock_failed(path->destination, &path->tunnel, reason, is_tunnel,
				  call->last_chance, now);
	remember(call, reason_format(reason, is_tunnel, words, sizeof(words)));
	if (is_tunnel) {
		path->failed = true;
		if (path->up && !(call->again & bit)) {
			call->again |= bit;
			call->tried &= ~bit;
		}
	}
	if (!steer->settings.fail_over_within_preference)
		call->level++;
	take_off(call);
}

void steer_call_shut_out(struct steer *steer, struct steer_call *call)
{
	(void)steer;
	if (!call->path)
		return;
	call->path->shut = true;
	call->path->destination->calls--;
	/* As if it had not been chosen. */
	call->tried &= ~(1U << call->at);
	call->had_last_chance &= !call->last_chance;
	call->last_chance = false;
	take_off(call);
}

void steer_call_up(struct steer *steer, struct steer_call *call, usec_t now)
{
	struct steer_destination *destination;

	(void)steer;
	(void)now;
	if (!call->path || call->up)
		return;
	call->up = true;
	destination = call->path->destination;
	/* A call that was on its way before the lockout began does not show that it is over. */
	if (destination->lock == STEER_PROBING || call->last_chance)
		steer_lock_open(destination);
	if (call->probing)
		call->probing = false;
	if (destination->probe == call)
		destination->probe = NULL;
}

void steer_call_done(struct steer *steer, struct steer_call *call, usec_t now)
{
	(void)steer;
	(void)now;
	take_off(call);
	steer_set_unref(call->set);
	mem_free(call->story);
	*call = (struct steer_call){0};
}

void steer_path_up(struct steer *steer, struct steer_path *path, usec_t now)
{
	(void)steer;
	(void)now;
	path->up = true;
}

void steer_path_retry(struct steer_path *path)
{
	path->shut = false;
}

void steer_path_gone(struct steer *steer, struct steer_path *path, const struct reason *reason,
		     usec_t now)
{
	(void)steer;
	if (!path->failed && steer_counts(reason, true))
		steer_lock_failed(path->destination, &path->tunnel, reason, true, false, now);
	path->failed = true;
	steer_path_leave(path);
	if (!path->n_sessions)
		steer_path_free(path);
}

/* --- to look at them --- */

struct steer_destination *steer_find(const struct steer *steer, const char *server)
{
	struct steer_destination *destination;
	char name[STEER_SERVER_MAX];

	if (steer_server_name(server, name) < 0)
		return NULL;
	list_for_each (destination, &steer->destinations, node) {
		if (strcmp(destination->server, name) == 0)
			return destination;
	}
	return NULL;
}

struct steer_destination *steer_next(const struct steer *steer,
				     const struct steer_destination *last)
{
	struct list *next = last ? last->node.next : steer->destinations.next;

	return next == &steer->destinations ? NULL
					    : list_entry(next, struct steer_destination, node);
}
