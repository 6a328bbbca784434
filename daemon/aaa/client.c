/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The client: its servers, of which those that stay through a reload keep their state, and what is
 * on its way to them.
 */
#include <errno.h>

#include "aaa/private.h"
#include "base/mem.h"

static void free_hosts(struct list *hosts)
{
	struct radius_host *host, *after;

	list_for_each_safe (host, after, hosts, node)
		radius_host_free(host);
}

static int make_hosts(const struct radius_settings *settings, struct list *ret)
{
	const struct radius_server *server;
	struct radius_host *host;

	list_init(ret);
	list_for_each (server, &settings->servers, node) {
		host = radius_host_new(server);
		if (!host) {
			free_hosts(ret);
			return -ENOMEM;
		}
		list_append(ret, &host->node);
	}
	return 0;
}

/* A server that is the same keeps its state: the old host takes the new one's place. */
static void keep_host(struct radius_host *host, struct list *fresh)
{
	struct radius_host *other;

	list_for_each (other, fresh, node) {
		if (!radius_server_same(host->state.server, other->state.server))
			continue;
		host->state.server = other->state.server;
		list_remove(&host->node);
		list_append(&other->node, &host->node);
		radius_host_free(other);
		return;
	}
}

static void let_go(struct radius_client *client, const struct radius_host *host, usec_t now)
{
	struct radius_request *request;

	list_for_each (request, &client->requests, node) {
		if (request->host != host)
			continue;
		radius_slot_leave(request);
		request->host = NULL;
		request->last_chance = false;
		/* It runs, so that moving it cannot fail. */
		timer_start(client->timers, &request->timer, now);
	}
}

int radius_client_set(struct radius_client *client, const struct radius_settings *settings,
		      usec_t now)
{
	struct radius_host *host, *after;
	struct list fresh;
	int err;

	err = make_hosts(settings, &fresh);
	list_for_each_safe (host, after, &client->hosts, node)
		keep_host(host, &fresh);
	list_for_each (host, &client->hosts, node)
		let_go(client, host, now);
	free_hosts(&client->hosts);
	list_for_each_safe (host, after, &fresh, node) {
		list_remove(&host->node);
		list_append(&client->hosts, &host->node);
	}
	client->settings = settings;
	return err;
}

int radius_client_new(const struct radius_ops *ops, void *ctx, struct timer_queue *timers,
		      const struct radius_settings *settings, struct radius_client **ret)
{
	struct radius_client *client = mem_alloc(sizeof(*client));
	int err;

	if (!client)
		return -ENOMEM;
	client->ops = ops;
	client->ctx = ctx;
	client->timers = timers;
	list_init(&client->hosts);
	list_init(&client->requests);
	hash_init(&client->tunnels);
	hash_init(&client->sessions);
	err = radius_client_set(client, settings, 0);
	if (err)
		mem_free(client);
	else
		*ret = client;
	return err;
}

void radius_client_free(struct radius_client *client)
{
	struct radius_request *request, *after;

	if (!client)
		return;
	list_for_each_safe (request, after, &client->requests, node)
		radius_request_free(request, 0);
	hash_fini(&client->tunnels);
	hash_fini(&client->sessions);
	free_hosts(&client->hosts);
	mem_free(client);
}

void *radius_client_ctx(const struct radius_client *client)
{
	return client->ctx;
}

const struct radius_server_state *radius_server_next(const struct radius_client *client,
						     const struct radius_server_state *last)
{
	const struct list *at = &client->hosts;

	if (last)
		at = &container_of(last, struct radius_host, state)->node;
	at = at->next;
	return at == &client->hosts ? NULL : &container_of(at, struct radius_host, node)->state;
}

unsigned int radius_pending(const struct radius_client *client)
{
	return client->n_pending[0] + client->n_pending[1];
}
