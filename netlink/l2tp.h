/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's "l2tp" generic netlink family over libmnl: one request, its answer, blocking.
 *
 * Every call may wait for the kernel (session deletion waits for an RCU grace period), so the
 * daemon makes them on pool workers only, each with a socket of its own.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

struct l2tp_nl;

/* Opens a socket and finds the family. -ENOENT: the kernel has no l2tp_netlink (module missing). */
int l2tp_nl_open(struct l2tp_nl **ret);
/* Takes NULL. */
void l2tp_nl_close(struct l2tp_nl *nl);

struct l2tp_nl_stats {
	uint64_t tx_packets;
	uint64_t tx_bytes;
	uint64_t tx_errors;
	uint64_t rx_packets;
	uint64_t rx_bytes;
	uint64_t rx_errors;
	uint64_t rx_seq_discards;
	uint64_t rx_out_of_order;
};

struct l2tp_nl_tunnel {
	uint32_t tunnel_id;
	uint32_t peer_tunnel_id;
	uint8_t version; /* 2 or 3 */
	/* On creation: the bound and connected UDP socket. Not filled in by dumps (-1). */
	int fd;
	/* Dumps and gets only. */
	struct addr local;
	struct addr peer;
	struct l2tp_nl_stats stats; /* of all its sessions, those that are gone included */
};

struct l2tp_nl_session {
	uint32_t tunnel_id;
	uint32_t session_id;
	uint32_t peer_session_id;
	/* The sequence-number rules of both sides: see the chapter in l2tp.c. */
	bool lns_mode;
	bool send_seq;
	bool recv_seq;
	/* Milliseconds a frame that came early is held; 0 for none. */
	uint32_t reorder_timeout;
	/* Dumps and gets only. */
	struct l2tp_nl_stats stats;
};

/*
 * Each returns 0 or -errno as the kernel gave it: -EEXIST for an id in use. The one exception: an
 * object that does not exist is -ENOENT, where the kernel says -ENODEV. Tunnels are deleted later
 * than the answer comes, since Linux 6.12 sessions too; l2tp_nl_*_get() tells when they are gone.
 */
int l2tp_nl_tunnel_create(struct l2tp_nl *nl, const struct l2tp_nl_tunnel *tunnel);
int l2tp_nl_tunnel_delete(struct l2tp_nl *nl, uint32_t tunnel_id);
int l2tp_nl_tunnel_get(struct l2tp_nl *nl, uint32_t tunnel_id, struct l2tp_nl_tunnel *ret);
int l2tp_nl_session_create(struct l2tp_nl *nl, const struct l2tp_nl_session *session);
int l2tp_nl_session_modify(struct l2tp_nl *nl, const struct l2tp_nl_session *session);
int l2tp_nl_session_delete(struct l2tp_nl *nl, uint32_t tunnel_id, uint32_t session_id);
int l2tp_nl_session_get(struct l2tp_nl *nl, uint32_t tunnel_id, uint32_t session_id,
			struct l2tp_nl_session *ret);

/*
 * Calls each() for every object of the network namespace; a non-zero answer stops the walk and is
 * returned. each() must not use nl. -EINTR: the kernel's list changed meanwhile, ask again.
 */
int l2tp_nl_tunnel_dump(struct l2tp_nl *nl,
			int (*each)(const struct l2tp_nl_tunnel *tunnel, void *ctx), void *ctx);
int l2tp_nl_session_dump(struct l2tp_nl *nl,
			 int (*each)(const struct l2tp_nl_session *session, void *ctx), void *ctx);
