/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Peers and limits with their defaults. What a default is, is decided here; the configuration only
 * says it again in its table, and a test compares the two.
 */
#include "l2tp/settings.h"

#include <string.h>

#include "base/mem.h"

/*
 * Enough for what one box carries, little enough that a flood of SCCRQs ends before memory and
 * file descriptors do. A half-open tunnel lives for tunnel_setup_timeout at most, and no one source
 * has all the places. A LAC that restarts opens its tunnels anew as fast as it can: it is not to be
 * slowed down, somebody who does nothing but open tunnels is.
 */
const struct limits limits_default = {
	.max_tunnels = 16384,
	.max_sessions = 262144,
	.max_half_open = 1024,
	.max_half_open_per_source = 256,
	.max_sccrq_rate = 1000,
	.max_ended = 1024,
};

struct peer *peer_new(const char *name)
{
	struct peer *peer = mem_alloc(sizeof(*peer));
	size_t size = strlen(name) + 1;

	if (!peer)
		return NULL;
	peer->name = mem_alloc(size);
	if (!peer->name) {
		mem_free(peer);
		return NULL;
	}
	memcpy(peer->name, name, size);
	list_init(&peer->node);
	peer->refs = 1;
	peer->challenge = CHALLENGE_NEVER;
	peer->hide = HIDE_NEVER;
	peer->address_change = CHANGE_ACCEPT;
	peer->port_change = CHANGE_ACCEPT;
	peer->calls = CALL_REJECT;
	peer->transport = transport_config_default;
	peer->tunnel_setup_timeout = 60 * USEC_PER_SEC;
	peer->session_setup_timeout = 60 * USEC_PER_SEC;
	peer->idle_timeout = 60 * USEC_PER_SEC;
	return peer;
}

struct peer *peer_new_like(const char *name, const struct peer *like)
{
	struct peer *peer = peer_new(name);
	char *own_name;

	if (!peer)
		return NULL;
	own_name = peer->name;
	*peer = *like;
	list_init(&peer->node);
	peer->refs = 1;
	peer->name = own_name;
	peer->addresses = NULL;
	peer->n_addresses = 0;
	peer->host_name = peer->local_name = peer->secret = peer->ppp = peer->domain = NULL;
	return peer;
}

struct peer *peer_ref(struct peer *peer)
{
	peer->refs++;
	return peer;
}

void peer_unref(struct peer *peer)
{
	if (!peer || --peer->refs)
		return;
	list_remove(&peer->node);
	if (peer->secret)
		explicit_bzero(peer->secret, strlen(peer->secret));
	mem_free(peer->secret);
	mem_free(peer->name);
	mem_free(peer->addresses);
	mem_free(peer->host_name);
	mem_free(peer->local_name);
	mem_free(peer->ppp);
	mem_free(peer->domain);
	mem_free(peer);
}

static bool text_same(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return strcmp(a, b) == 0;
}

static bool transport_same(const struct transport_config *a, const struct transport_config *b)
{
	return a->retry_first == b->retry_first && a->retry_cap == b->retry_cap &&
	       a->setup_retries == b->setup_retries && a->retries == b->retries &&
	       a->hello_interval == b->hello_interval && a->hello_jitter == b->hello_jitter &&
	       a->ack_delay == b->ack_delay && a->window == b->window;
}

bool peer_same(const struct peer *a, const struct peer *b)
{
	return text_same(a->local_name, b->local_name) && text_same(a->secret, b->secret) &&
	       a->challenge == b->challenge && a->hide == b->hide && a->calls == b->calls &&
	       a->address_change == b->address_change && a->port_change == b->port_change &&
	       text_same(a->ppp, b->ppp) && text_same(a->domain, b->domain) &&
	       a->max_sessions == b->max_sessions &&
	       a->max_sessions_per_tunnel == b->max_sessions_per_tunnel &&
	       a->sequencing == b->sequencing && a->reorder_timeout == b->reorder_timeout &&
	       transport_same(&a->transport, &b->transport) &&
	       a->tunnel_setup_timeout == b->tunnel_setup_timeout &&
	       a->session_setup_timeout == b->session_setup_timeout &&
	       a->idle_timeout == b->idle_timeout && a->destruct_timeout == b->destruct_timeout &&
	       a->mark == b->mark && a->dscp == b->dscp;
}
