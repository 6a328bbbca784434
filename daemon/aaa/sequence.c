/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which records wait for which.
 *
 * Datagrams are lost and sent again, so of two records on their way together the second may come
 * first. A Start behind its Stop is a session that never ends in the server's books, and one behind
 * Accounting-Off, or before Accounting-On, is ended or forgotten with those of before (RFC 2866
 * 4.1). So the records of one session go one after the other, each when the one before was answered
 * or given up. All wait for Accounting-On, and Accounting-Off waits for all; so it is with
 * Tunnel-Start and Tunnel-Stop (RFC 2867 3.1, 3.2) and the links of that tunnel, which have its
 * Acct-Multi-Session-Id. Sessions do not wait for each other.
 *
 * Acct-Delay-Time tells how long a record waited here, too.
 */
#include <errno.h>
#include <string.h>

#include "aaa/private.h"
#include "base/mem.h"

/* Among these a record that opens goes before, and one that closes behind all others. */
static bool may_go(const struct radius_request *request, const struct radius_scope *scope)
{
	if (scope->opening && scope->opening != request)
		return false;
	return scope->closing != request || scope->n_records == 1;
}

static bool is_turn(const struct radius_request *request)
{
	return !request->ahead && may_go(request, &request->client->scope) &&
	       (!request->tunnel || may_go(request, request->tunnel));
}

static void wake(struct radius_request *request, usec_t now)
{
	if (!request->waits || !is_turn(request))
		return;
	request->waits = false;
	/* It is parked, so that moving it cannot fail. */
	timer_start(request->client->timers, &request->timer, now);
}

static uint64_t hash_text(const char *text)
{
	return hash_bytes(text, strlen(text), 0);
}

/* Two sessions of the same hash wait for each other, which harms nobody; tunnels too. */
static int follow(struct radius_request *request, uint64_t session)
{
	struct hash *sessions = &request->client->sessions;
	struct hash_node *node = hash_find(sessions, session);
	int err;

	err = hash_insert(sessions, &request->of_session, session);
	if (err || !node)
		return err;
	hash_remove(sessions, node);
	request->ahead = container_of(node, struct radius_request, of_session);
	request->ahead->behind = request;
	return 0;
}

static int enter_tunnel(struct radius_request *request, uint64_t tunnel)
{
	struct hash *tunnels = &request->client->tunnels;
	struct hash_node *node = hash_find(tunnels, tunnel);
	struct radius_scope *scope;
	int err;

	if (node) {
		request->tunnel = container_of(node, struct radius_scope, node);
		return 0;
	}
	scope = mem_alloc(sizeof(*scope));
	if (!scope)
		return -ENOMEM;
	err = hash_insert(tunnels, &scope->node, tunnel);
	if (err)
		mem_free(scope);
	else
		request->tunnel = scope;
	return err;
}

static void enter(struct radius_request *request, struct radius_scope *scope, bool opens,
		  bool closes)
{
	scope->n_records++;
	if (opens && !scope->opening)
		scope->opening = request;
	if (closes && !scope->closing)
		scope->closing = request;
}

static void wake_all(const struct radius_client *client, usec_t now)
{
	struct radius_request *request;

	list_for_each (request, &client->requests, node)
		wake(request, now);
}

static void leave(struct radius_request *request, struct radius_scope *scope, usec_t now)
{
	bool opened = scope->opening == request;

	scope->n_records--;
	if (opened)
		scope->opening = NULL;
	if (scope->closing == request)
		scope->closing = NULL;
	if (opened)
		wake_all(request->client, now);
	else if (scope->closing)
		wake(scope->closing, now);
}

static void leave_tunnel(struct radius_request *request, usec_t now)
{
	struct radius_scope *scope = request->tunnel;

	leave(request, scope, now);
	request->tunnel = NULL;
	if (scope->n_records)
		return;
	hash_remove(&request->client->tunnels, &scope->node);
	mem_free(scope);
}

int radius_sequence_join(struct radius_request *request, const struct radius_record *record)
{
	const char *session = record->who.acct_session_id;
	const char *tunnel = record->who.acct_multi_session_id;
	enum radius_record_type type = record->type;
	int err;

	enter(request, &request->client->scope, type == RADIUS_ON, type == RADIUS_OFF);
	err = timer_start(request->client->timers, &request->timer, USEC_NEVER);
	if (!err && tunnel)
		err = enter_tunnel(request, hash_text(tunnel));
	if (request->tunnel)
		enter(request, request->tunnel, type == RADIUS_TUNNEL_START,
		      type == RADIUS_TUNNEL_STOP);
	if (!err && session)
		err = follow(request, hash_text(session));
	request->waits = !err && !is_turn(request);
	return err;
}

void radius_sequence_leave(struct radius_request *request, usec_t now)
{
	struct radius_request *behind = request->behind;

	hash_remove(&request->client->sessions, &request->of_session);
	if (request->ahead)
		request->ahead->behind = NULL;
	if (behind) {
		behind->ahead = NULL;
		wake(behind, now);
	}
	if (request->tunnel)
		leave_tunnel(request, now);
	leave(request, &request->client->scope, now);
}
