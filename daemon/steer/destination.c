/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of destinations, and the paths to each: the tunnels that calls may share.
 *
 * An answer of RADIUS can name any number of LNSs, so the table is bounded: the one that was not
 * used for longest makes room. One that has calls, tunnels or a test on its way stays.
 */
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "steer/private.h"

static uint64_t hash_of(const struct steer *steer, const struct steer_tunnel *tunnel)
{
	uint64_t client = hash_bytes(tunnel->client.ip, sizeof(tunnel->client.ip), steer->seed);

	return hash_bytes(tunnel->server, strlen(tunnel->server), steer->seed ^ client);
}

struct steer_destination *steer_destination_find(const struct steer *steer,
						 const struct steer_tunnel *tunnel)
{
	struct hash_node *node = hash_find(&steer->by_name, hash_of(steer, tunnel));
	struct steer_destination *destination;

	for (; node; node = hash_find_next(node)) {
		destination = container_of(node, struct steer_destination, by_name);
		if (addr_same_host(&destination->client, &tunnel->client) &&
		    strcmp(destination->server, tunnel->server) == 0)
			return destination;
	}
	return NULL;
}

static bool is_idle(const struct steer_destination *destination)
{
	return !destination->n_sessions && !destination->n_paths && !destination->test_runs;
}

/* A lock is worth keeping for as long as there are others to forget. */
static struct steer_destination *oldest_idle(const struct steer *steer)
{
	struct steer_destination *destination, *locked = NULL;

	list_for_each (destination, &steer->destinations, node) {
		if (!is_idle(destination))
			continue;
		if (destination->lock == STEER_UNLOCKED)
			return destination;
		if (!locked)
			locked = destination;
	}
	return locked;
}

void steer_destinations_limit(struct steer *steer, unsigned int most)
{
	struct steer_destination *victim;

	while (steer->n_destinations > most && (victim = oldest_idle(steer)))
		steer_destination_free(victim);
}

int steer_destination_get(struct steer *steer, const struct steer_tunnel *tunnel,
			  struct steer_destination **ret)
{
	struct steer_destination *destination = steer_destination_find(steer, tunnel);
	size_t size = strlen(tunnel->server) + 1;

	if (destination) {
		*ret = destination;
		return 0;
	}
	steer_destinations_limit(steer, steer->settings.max_destinations - 1);
	if (steer->n_destinations >= steer->settings.max_destinations)
		return -ENOSPC;
	destination = mem_alloc(sizeof(*destination));
	if (!destination)
		return -ENOMEM;
	destination->server = mem_alloc(size);
	if (!destination->server ||
	    hash_insert(&steer->by_name, &destination->by_name, hash_of(steer, tunnel)) < 0) {
		mem_free(destination->server);
		mem_free(destination);
		return -ENOMEM;
	}
	memcpy(destination->server, tunnel->server, size);
	destination->client = tunnel->client;
	destination->steer = steer;
	list_init(&destination->paths);
	steer_lock_init(destination);
	list_append(&steer->destinations, &destination->node);
	steer->n_destinations++;
	*ret = destination;
	return 0;
}

void steer_destination_free(struct steer_destination *destination)
{
	struct steer *steer = destination->steer;
	struct steer_path *path;

	while ((path = list_first(&destination->paths, struct steer_path, node))) {
		steer_path_leave(path);
		steer_path_free(path);
	}
	timer_stop(steer->timers, &destination->timer);
	hash_remove(&steer->by_name, &destination->by_name);
	list_remove(&destination->node);
	steer->n_destinations--;
	steer_tunnel_clear(&destination->known);
	mem_free(destination->server);
	mem_free(destination);
}

/* --- limits --- */

static unsigned int stricter(unsigned int a, unsigned int b)
{
	if (!a || !b)
		return a ? a : b;
	return a < b ? a : b;
}

/* The engine keeps the peer's: a call beyond it would only be refused later. */
unsigned int steer_max_sessions(const struct steer_tunnel *tunnel)
{
	return stricter(tunnel->max_sessions, tunnel->peer->max_sessions);
}

unsigned int steer_max_sessions_per_tunnel(const struct steer_tunnel *tunnel)
{
	return stricter(tunnel->max_sessions_per_tunnel, tunnel->peer->max_sessions_per_tunnel);
}

/* --- paths --- */

static bool text_same(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return strcmp(a, b) == 0;
}

static bool shares(const struct steer_settings *settings, const struct steer_tunnel *a,
		   const struct steer_tunnel *b)
{
	/* A tunnel proves its secret once: who names another has not. */
	if (!text_same(a->assignment_id, b->assignment_id) ||
	    !text_same(a->peer->secret, b->peer->secret))
		return false;
	switch (settings->assignment) {
	case STEER_BY_ASSIGNMENT_ID:
		break;
	case STEER_BY_CLIENT_SERVER:
		return text_same(a->peer->local_name, b->peer->local_name) &&
		       text_same(a->peer->host_name, b->peer->host_name);
	}
	return true;
}

struct steer_path *steer_path_find(const struct steer *steer,
				   const struct steer_destination *destination,
				   const struct steer_tunnel *tunnel)
{
	unsigned int most = steer_max_sessions_per_tunnel(tunnel);
	struct steer_path *path;

	/* The oldest with room: few tunnels that are full, not many that are half empty. */
	list_for_each (path, &destination->paths, node) {
		if (!path->failed && !path->shut && (!most || path->n_sessions < most) &&
		    shares(&steer->settings, &path->tunnel, tunnel))
			return path;
	}
	return NULL;
}

int steer_path_new(struct steer_destination *destination, const struct steer_tunnel *tunnel,
		   struct steer_path **ret)
{
	struct steer_path *path = mem_alloc(sizeof(*path));

	if (!path)
		return -ENOMEM;
	if (steer_tunnel_copy(tunnel, &path->tunnel) < 0) {
		mem_free(path);
		return -ENOMEM;
	}
	path->destination = destination;
	list_append(&destination->paths, &path->node);
	destination->n_paths++;
	*ret = path;
	return 0;
}

void steer_path_leave(struct steer_path *path)
{
	if (path->gone)
		return;
	path->gone = true;
	list_remove(&path->node);
	path->destination->n_paths--;
}

void steer_path_free(struct steer_path *path)
{
	steer_tunnel_clear(&path->tunnel);
	mem_free(path);
}
