/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels: the control connection of RFC 2661 sections 5.1, 5.5 to 5.7 and 7.2.
 */
#pragma once

#include "base/hash.h"
#include "l2tp/reason.h"
#include "l2tp/settings.h"
#include "l2tp/tally.h"
#include "l2tp/traffic.h"

#define L2TP_NAME_MAX 64

/* Octets of a Challenge of ours. */
#define L2TP_CHALLENGE_LEN 16

struct l2tp_engine;
struct l2tp_session;

/* RFC 2661 7.2.1, and what follows it: the RFC's "idle" is a tunnel that does not exist. */
enum tunnel_state {
	TUNNEL_IDLE,	       /* made, and nothing said yet */
	TUNNEL_WAIT_CTL_REPLY, /* SCCRQ sent */
	TUNNEL_WAIT_CTL_CONN,  /* SCCRP sent */
	TUNNEL_ESTABLISHED,
	TUNNEL_DRAINING, /* closing from our side: its sessions hang up first */
	TUNNEL_CLOSING,	 /* StopCCN sent, to be acknowledged */
	TUNNEL_CLOSED,	 /* answers only the peer's retransmissions, for a cycle (5.7) */
	TUNNEL_STATE_MAX,
};

/* What our side of the kernel has of an object. */
enum kernel_state {
	KERNEL_NONE,
	KERNEL_CREATING,
	KERNEL_UP,
	KERNEL_MODIFYING, /* a session only */
	KERNEL_DELETING,
};

/*
 * What has to outlive the process, without a pointer: the daemon writes it out as it changes and
 * a successor reads it back.
 */
struct tunnel_core {
	char name[L2TP_NAME_MAX]; /* empty when it has none */
	uint16_t tunnel_id;
	uint16_t peer_tunnel_id; /* 0 until the peer told */
	struct addr local;
	struct addr peer;
	enum tunnel_state state;
	bool initiator;
	uint16_t ns;
	uint16_t nr;
	char peer_host_name[L2TP_NAME_MAX];
	char peer_vendor[L2TP_NAME_MAX];
	uint16_t peer_firmware;
	uint32_t peer_framing;
	uint32_t peer_bearer;
	uint16_t peer_window;
	usec_t established_at;
};

struct tunnel_stats {
	uint64_t rx_avp_errors;
	uint64_t rx_unexpected;	  /* a message that has no business in this state */
	uint64_t rx_ignored_avps; /* that we do not know, or that the message has no use for */
	uint64_t sessions_opened;
	uint64_t sessions_accepted;
	uint64_t sessions_refused;
	uint64_t sessions_established;
	uint64_t sessions_failed;
};

struct l2tp_tunnel {
	struct list node;
	struct hash_node by_id;
	struct hash_node by_peer;
	struct hash_node by_name; /* in no table when it has none */
	struct list setup_node;	  /* among those that wait for the same message of their peers */
	struct l2tp_engine *engine;
	struct peer *peer;
	struct tally *usage;	 /* of the peer, in the engine's table */
	struct tally *half_open; /* of the source while it counts as such, else NULL */
	struct tunnel_core core;
	struct tunnel_stats stats;
	struct tunnel_traffic traffic;
	struct transport transport;
	struct hash sessions;	      /* of struct l2tp_session, by session id */
	struct hash sessions_by_peer; /* by the peer's session id, once known */
	unsigned int n_sessions;
	enum kernel_state kernel;
	/* Octets a packet to the peer may have; 0 when nobody knows. Whoever makes the kernel's
	 * tunnel fills it in. */
	uint32_t path_mtu;
	bool socket_open;
	bool dropped;	/* while it was half-open: not worth a record */
	bool was_up;	/* EVENT_TUNNEL_UP was sent */
	bool down_told; /* EVENT_TUNNEL_DOWN was sent */
	/* It ended because it had no session for idle_timeout. */
	bool was_idle;
	enum admin_state admin; /* what the administrator wants of this very tunnel */
	/* The peer proved that it knows the secret. */
	bool authenticated;
	/* Nothing more is to be said or heard; freed when the kernel and the sessions are done. */
	bool finished;
	/* In engine->dead, freed when the engine's entry point returns. */
	bool dead;
	/* After which it is closed while it has no session, 0 for never: the peer's setting, or
	 * that of whoever on our side asked for it, whose SCCRQ made it in the end. */
	usec_t idle_timeout;
	uint64_t tie_breaker;		       /* of our SCCRQ; 0 when none was sent */
	uint8_t challenge[L2TP_CHALLENGE_LEN]; /* that we sent */
	struct reason reason;
	struct timer timer; /* of the state: set-up, idle, linger */
	/* The layers above may hang their own object here; they free it in socket_close(). */
	void *io;
	void *dp;
	void *state_slot;
	/* Chosen by who asked for the tunnel, 0 if nobody did; events tell it apart. */
	uint64_t owner;
};

struct tunnel_params {
	/* NULL for none. */
	const char *name;
	struct peer *peer;
	struct addr remote;
	/* Where to send from; family ADDR_NONE and port 0 leave it to routing and the kernel. */
	struct addr local;
	/* 0 for a random one. */
	uint16_t tunnel_id;
	/* The peer's is not asked: 0 keeps it open without a session. */
	usec_t idle_timeout;
	uint64_t owner;
};

/* Opens a tunnel: SCCRQ goes out. Returns 0, -EEXIST for a name or an id in use, -ENOSPC over a
 * limit, -ESHUTDOWN when the daemon stops or an administrative state is against it, -ENOMEM, or why
 * its socket could not be opened. */
int l2tp_tunnel_open(struct l2tp_engine *engine, const struct tunnel_params *params, usec_t now,
		     struct l2tp_tunnel **ret);
/* Closes an existing one: sessions hang up, then StopCCN with the reason. It may be freed in the
 * call, and so may others that had nothing left to wait for. */
void l2tp_tunnel_close(struct l2tp_tunnel *t, const struct reason *reason, usec_t now);
/* Says StopCCN for a tunnel of a predecessor that the peer still believes in. Returns as open. */
int l2tp_tunnel_clear_stale(struct l2tp_engine *engine, const struct tunnel_core *core,
			    struct peer *peer, usec_t now);

struct l2tp_tunnel *l2tp_tunnel_find(const struct l2tp_engine *engine, uint16_t tunnel_id);
struct l2tp_tunnel *l2tp_tunnel_find_name(const struct l2tp_engine *engine, const char *name);
const char *tunnel_state_name(enum tunnel_state state);
const char *kernel_state_name(enum kernel_state state);

/* Completions of struct l2tp_ops. err is 0 or -errno, step the kernel call that failed. */
void l2tp_tunnel_kernel_created(struct l2tp_tunnel *t, int err, const char *step, usec_t now);
void l2tp_tunnel_kernel_deleted(struct l2tp_tunnel *t, usec_t now);
