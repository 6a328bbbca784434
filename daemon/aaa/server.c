/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Servers: which one a request goes to, which are dead, and who has which identifier.
 *
 * A server is dead when a request used up its tries there and nobody was answered meanwhile (RFC
 * 2865 2.5 and 2.6 leave it to us). Others go past it until its dead time is over, then one takes
 * the risk, with a single try. When all are dead a request is tried all the same at the one that
 * died first.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "aaa/private.h"
#include "base/mem.h"

void radius_event(struct radius_client *client, const struct radius_host *host, const char *format,
		  ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	client->ops->event(client, host ? host->state.server : NULL, text);
}

struct radius_lane *radius_lane(struct radius_request *request)
{
	return &request->host->lanes[request->acct];
}

bool radius_serves(const struct radius_host *host, bool acct)
{
	return acct ? host->state.server->acct_port : host->state.server->auth_port;
}

static bool lane_usable(const struct radius_lane *lane, usec_t now)
{
	return !lane->dead || (lane->dead_until <= now && !lane->probe);
}

static struct radius_host *longest_dead(struct radius_request *request)
{
	struct radius_host *host, *best = NULL;

	list_for_each (host, &request->client->hosts, node) {
		if (radius_serves(host, request->acct) &&
		    (!best ||
		     host->lanes[request->acct].dead_since < best->lanes[request->acct].dead_since))
			best = host;
	}
	return best;
}

struct radius_host *radius_choose(struct radius_request *request, usec_t now)
{
	struct list *hosts = &request->client->hosts;
	struct list *at = request->host ? &request->host->node : hosts;

	if (request->last_chance)
		return NULL;
	for (at = at->next; at != hosts; at = at->next) {
		struct radius_host *host = list_entry(at, struct radius_host, node);
		struct radius_lane *lane = &host->lanes[request->acct];

		if (!radius_serves(host, request->acct) || !lane_usable(lane, now))
			continue;
		if (lane->dead)
			lane->probe = request;
		return host;
	}
	if (request->host)
		return NULL;
	request->last_chance = true;
	return longest_dead(request);
}

static int more_slots(struct radius_lane *lane)
{
	size_t old = (size_t)lane->n_sockets * RADIUS_IDS;
	struct radius_request **slots;

	slots = mem_resize(lane->slots, (old + RADIUS_IDS) * sizeof(struct radius_request *));
	if (!slots)
		return -ENOMEM;
	memset(slots + old, 0, RADIUS_IDS * sizeof(struct radius_request *));
	lane->slots = slots;
	lane->next_slot = (unsigned int)old;
	lane->n_sockets++;
	return 0;
}

int radius_slot_take(struct radius_request *request)
{
	struct radius_lane *lane = radius_lane(request);
	unsigned int n = lane->n_sockets * RADIUS_IDS;

	if (lane->n_pending == n) {
		int err = more_slots(lane);

		if (err)
			return err;
		n += RADIUS_IDS;
	}
	/* In turn, so that an identifier rests as long as can be before it means something else. */
	while (lane->slots[lane->next_slot])
		lane->next_slot = (lane->next_slot + 1) % n;
	request->slot = lane->next_slot;
	lane->slots[request->slot] = request;
	lane->next_slot = (lane->next_slot + 1) % n;
	lane->n_pending++;
	request->host->state.pending++;
	return 0;
}

void radius_slot_leave(struct radius_request *request)
{
	struct radius_lane *lane;

	if (!request->host)
		return;
	lane = radius_lane(request);
	if (lane->probe == request)
		lane->probe = NULL;
	if (request->slot == NO_SLOT)
		return;
	lane->slots[request->slot] = NULL;
	lane->n_pending--;
	request->host->state.pending--;
	request->slot = NO_SLOT;
}

static void tell_state(struct radius_host *host)
{
	host->state.dead = host->lanes[0].dead;
	host->state.dead_until = host->lanes[0].dead_until;
	host->state.acct_dead = host->lanes[1].dead;
	host->state.acct_dead_until = host->lanes[1].dead_until;
}

void radius_host_died(struct radius_host *host, bool acct, usec_t now)
{
	struct radius_lane *lane = &host->lanes[acct];

	if (!lane->dead)
		lane->dead_since = now;
	lane->dead = true;
	lane->dead_until = now + host->state.server->dead_time;
	tell_state(host);
}

/* RFC 6298's weights; what was sent more than once tells nothing (Karn). */
static void measure(struct radius_host *host, const struct radius_request *request, usec_t now)
{
	usec_t sample = now - request->sent_at;

	if (request->tries != 1)
		return;
	if (!host->state.round_trip)
		host->state.round_trip = sample;
	else
		host->state.round_trip += (sample - host->state.round_trip) / 8;
}

void radius_host_lives(struct radius_host *host, struct radius_request *request, usec_t now)
{
	struct radius_lane *lane = &host->lanes[request->acct];
	bool was_dead = lane->dead;

	lane->heard_at = now;
	lane->dead = false;
	measure(host, request, now);
	tell_state(host);
	if (was_dead)
		radius_event(request->client, host, "%s answers again",
			     request->acct ? "accounting" : "access");
}

struct radius_host *radius_host_new(const struct radius_server *server)
{
	struct radius_host *host = mem_alloc(sizeof(*host));

	if (!host)
		return NULL;
	list_init(&host->node);
	host->state.server = server;
	return host;
}

void radius_host_free(struct radius_host *host)
{
	list_remove(&host->node);
	for (int i = 0; i < 2; i++)
		mem_free(host->lanes[i].slots);
	mem_free(host);
}

bool radius_server_same(const struct radius_server *a, const struct radius_server *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->host, b->host) == 0 &&
	       a->auth_port == b->auth_port && a->acct_port == b->acct_port &&
	       strcmp(a->secret, b->secret) == 0;
}
