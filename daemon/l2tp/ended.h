/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels and sessions that are no more, kept to be looked at for destruct_timeout.
 *
 * A record says who it was and why it ended. It holds nothing else: the ids and the name are free
 * for others, no limit counts it, and the engine has limits.max_ended of them at most, of which the
 * oldest makes room.
 */
#pragma once

#include "l2tp/session.h"

struct l2tp_ended {
	struct list node;
	struct hash_node by_serial;
	struct l2tp_engine *engine;
	struct timer timer;
	uint64_t serial; /* from 1, never again the same */
	usec_t ended_at;
	uint16_t tunnel_id;
	uint16_t peer_tunnel_id;
	uint16_t session_id; /* 0: it was a tunnel */
	uint16_t peer_session_id;
	enum call_type type;
	bool initiator;
	struct addr local;
	struct addr peer;
	struct reason reason;
	char name[L2TP_NAME_MAX]; /* its own; empty for none */
	char tunnel_name[L2TP_NAME_MAX];
	char peer_name[L2TP_NAME_MAX];
	char peer_host_name[L2TP_NAME_MAX];
};

/* NULL when it is not kept any more. */
const struct l2tp_ended *l2tp_ended_find(const struct l2tp_engine *engine, uint64_t serial);
