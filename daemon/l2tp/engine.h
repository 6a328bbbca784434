/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine: every tunnel and session of one daemon, and what a packet means to them.
 *
 * Pure: no system call, no clock, no global. `now` is always the caller's.
 */
#pragma once

#include "base/hash.h"
#include "base/rate.h"
#include "l2tp/ended.h"
#include "l2tp/ops.h"
#include "l2tp/session.h"
#include "l2tp/settings.h"
#include "l2tp/tally.h"
#include "l2tp/traffic.h"
#include "l2tp/tunnel.h"

/* What no tunnel could count, and the sums of what tunnels count, those that are gone included. */
struct engine_stats {
	uint64_t rx_packets;
	uint64_t rx_octets; /* UDP payload, as tx_octets is */
	uint64_t tx_packets;
	uint64_t tx_octets;
	uint64_t tx_failed;    /* messages that could not be made or queued */
	uint64_t rx_malformed; /* header, or AVPs of a message for no tunnel */
	uint64_t rx_bad_version;
	uint64_t rx_data;	    /* data packets that reached user space */
	uint64_t rx_unknown_tunnel; /* for an id we never gave, or no longer have */
	uint64_t rx_wrong_peer;	    /* for a tunnel of somebody else's */
	uint64_t sccrq_refused;	    /* from nobody we know, or over a limit */
	uint64_t sccrq_over_rate;   /* more of one source than it may send */
	uint64_t sccrq_duplicate;   /* a retransmitted SCCRQ */
	uint64_t sccrq_crossed;	    /* met one of ours, and one of the two had to go */
	uint64_t admin_refused;	    /* tunnels and calls, for the sake of an admin state */
	uint64_t auth_failures;
	uint64_t rx_avp_errors; /* of messages in tunnels */
	uint64_t rx_unexpected;
	uint64_t rx_ignored_avps;
	uint64_t tunnels_opened;
	uint64_t tunnels_accepted;
	uint64_t tunnels_established;
	uint64_t tunnels_failed; /* ended before they were established */
	uint64_t sessions_opened;
	uint64_t sessions_accepted;
	uint64_t sessions_refused; /* the peer's, before anything was kept */
	uint64_t sessions_established;
	uint64_t sessions_failed;
};

struct l2tp_engine {
	const struct l2tp_ops *ops;
	void *ctx;
	struct timer_queue timers;
	struct engine_stats stats;
	struct transport_stats transport; /* of all tunnels, as `stats` */
	struct traffic traffic;
	struct limits limits;
	struct list peers;	       /* of struct peer, in the order of the configuration */
	struct list tunnels;	       /* of struct l2tp_tunnel, oldest first */
	struct list half_open_tunnels; /* of them, those that wait for SCCCN, oldest first */
	struct list asking_tunnels;    /* and those that wait for SCCRP */
	struct list ended;	       /* of struct l2tp_ended, oldest first */
	struct list dead;	       /* tunnels to be freed when no callback is on the stack */
	struct hash by_id;
	/* By peer address and peer's tunnel id: a repeated SCCRQ finds its tunnel. Those that do
	 * not know it yet by host: an SCCRQ that crosses theirs finds them. */
	struct hash by_peer;
	struct hash tunnel_names;
	struct hash session_names;
	/* Of struct tally: what peers have, by name, and half-open tunnels, by source. */
	struct hash usage;
	struct hash half_open;
	struct rate sccrq_rate; /* by source */
	unsigned int n_tunnels;
	unsigned int n_ending; /* of them, on their way out: no limit counts them */
	unsigned int n_sessions;
	unsigned int n_half_open;
	unsigned int n_ended;
	uint64_t ended_serial;
	struct hash ended_by_serial;
	uint32_t call_serial;
	uint64_t seed;
	uint64_t challenge_seed;
	char tsa_id[TSA_ID_MAX + 1];
	enum admin_state admin; /* of the system */
	bool shutting_down;
};

/* ops must outlive the engine; ctx is the caller's. Returns 0 or -ENOMEM. */
int l2tp_engine_new(const struct l2tp_ops *ops, void *ctx, const struct limits *limits,
		    struct l2tp_engine **ret);
/* Frees everything at once, telling no peer. The orderly way is l2tp_engine_shutdown() first. */
void l2tp_engine_free(struct l2tp_engine *engine);

/* Replaces the peers by those of the list, which is empty afterwards. Administrative states stay
 * where the sections say the same of them as before; l2tp_admin_apply() is due then. */
void l2tp_engine_set_peers(struct l2tp_engine *engine, struct list *peers);
/* Our name among those who switch calls, which must be unlike all others'; a random one unless this
 * was called. It is cut at TSA_ID_MAX. */
void l2tp_engine_set_tsa_id(struct l2tp_engine *engine, const char *tsa_id);
struct peer *l2tp_engine_find_peer(const struct l2tp_engine *engine, const char *name);
/* What the peers of that name have now; a reload changes nothing about it. */
struct tally l2tp_engine_usage(const struct l2tp_engine *engine, const char *name);

/*
 * One datagram from peer to local (family ADDR_NONE: unknown). On which socket it came does not
 * matter: little is certain of where packets land while sockets are bound and connected.
 */
void l2tp_engine_input(struct l2tp_engine *engine, const struct addr *local,
		       const struct addr *peer, struct bytes packet, usec_t now);

/* Runs what is due; timer_queue_next(&engine->timers) says when to come again. */
void l2tp_engine_run(struct l2tp_engine *engine, usec_t now);

/* Closes every tunnel (StopCCN 6, RFC 2661 4.4.2). Done when the engine has no tunnel left. */
void l2tp_engine_shutdown(struct l2tp_engine *engine, usec_t now);
