/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels that begin with us: SCCRQ (RFC 2661 5.1), and StopCCN for those that a predecessor left.
 */
#include "l2tp/private.h"

#include <errno.h>

#include "wire/result.h"

static int start_open(struct l2tp_tunnel *t, usec_t now)
{
	struct l2tp_msg msg = {.type = MSG_SCCRQ};
	int err = t->engine->ops->socket_open(t);

	if (err)
		return err;
	t->socket_open = true;
	err = tie_expect(t);
	if (err)
		return err;
	tunnel_describe_self(t, &msg);
	t->engine->ops->random(t->engine, &t->tie_breaker, sizeof(t->tie_breaker));
	if (t->tie_breaker)
		MSG_SET(&msg, AVP_TIE_BREAKER, tie_breaker, t->tie_breaker);
	err = tunnel_send(t, NULL, &msg, now);
	if (err)
		return err;
	t->engine->stats.tunnels_opened++;
	tunnel_enter(t, TUNNEL_WAIT_CTL_REPLY, now);
	return 0;
}

int l2tp_tunnel_open(struct l2tp_engine *engine, const struct tunnel_params *params, usec_t now,
		     struct l2tp_tunnel **ret)
{
	struct l2tp_tunnel *t;
	int err;

	if (engine->shutting_down ||
	    l2tp_admin_of_peer(engine, params->peer).state != ADMIN_ENABLED)
		return -ESHUTDOWN;
	if (engine->n_tunnels - engine->n_ending >= engine->limits.max_tunnels ||
	    (params->peer->max_tunnels &&
	     l2tp_engine_usage(engine, params->peer->name).tunnels >= params->peer->max_tunnels))
		return -ENOSPC;
	if (params->name && l2tp_tunnel_find_name(engine, params->name))
		return -EEXIST;
	if (params->tunnel_id && l2tp_tunnel_find(engine, params->tunnel_id))
		return -EEXIST;
	err = tunnel_new(engine, params->name, params->peer, params->tunnel_id, now, &t);
	if (err)
		return err;
	admin_join_peer(t);
	t->core.initiator = true;
	t->idle_timeout = params->idle_timeout;
	t->core.local = params->local;
	t->core.peer = params->remote;
	t->owner = params->owner;
	err = start_open(t, now);
	if (err) {
		tunnel_free(t);
		return err;
	}
	*ret = t;
	return 0;
}

int l2tp_tunnel_clear_stale(struct l2tp_engine *engine, const struct tunnel_core *core,
			    struct peer *peer, usec_t now)
{
	struct l2tp_tunnel *t;
	int err;

	if (!core->tunnel_id || !core->peer_tunnel_id || l2tp_tunnel_find(engine, core->tunnel_id))
		return -EINVAL;
	err = tunnel_new(engine, core->name, peer, core->tunnel_id, now, &t);
	if (err)
		return err;
	t->core = *core;
	t->core.state = TUNNEL_ESTABLISHED;
	err = engine->ops->socket_open(t);
	if (err) {
		tunnel_free(t);
		return err;
	}
	t->socket_open = true;
	t->was_up = true;
	t->transport.ns = t->transport.acked = core->ns;
	t->transport.nr = core->nr;
	transport_set_established(&t->transport);
	tunnel_set_peer_id(t, core->peer_tunnel_id);
	t->reason = reason_make(ORIGIN_LOCAL, STOPCCN_CLEAR, 0, "the daemon was restarted");
	tunnel_enter(t, TUNNEL_CLOSING, now);
	engine_reap(engine);
	return 0;
}
