/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an administrator decides about tunnels: plain data that the configuration fills in.
 *
 * Peers are shared by the tunnels that were made with them and counted, so that a reload replaces
 * the list while living tunnels keep what they were made with.
 */
#pragma once

#include "base/addr.h"
#include "base/list.h"
#include "l2tp/admin.h"
#include "transport/transport.h"
#include "wire/msg.h"

/* Whether a tunnel is authenticated by challenge and response (RFC 2661 5.1.1). */
enum challenge_policy {
	/* Challenge the peer, and end the tunnel when it does not answer rightly. */
	CHALLENGE_REQUIRE,
	/* Challenge the peer, and end the tunnel when its answer is wrong; let in who gives none.
	 */
	CHALLENGE_OFFER,
	/* Answer the peer's challenge, send none. */
	CHALLENGE_ANSWER,
	/* Neither; a challenge of the peer's is refused (result 4). */
	CHALLENGE_NEVER,
};

/* What it means when the answer to our SCCRQ comes from elsewhere than it was sent to (RFC 2661
 * 8.1). */
enum change_policy {
	/* The tunnel speaks to there from then on. */
	CHANGE_ACCEPT,
	/* The answer counts, and the tunnel goes on with whom it asked. */
	CHANGE_IGNORE,
	/* It is nobody's answer. */
	CHANGE_REJECT,
};

/* What becomes of a call that a peer places with us. */
enum call_policy {
	CALL_REJECT,
	/* Terminated here: we are LNS. */
	CALL_PPP,
	/* Placed again in another tunnel (LTS). For the peer, and for the engine, we are LNS; what
	 * becomes of the frames is up to ppp_start(). */
	CALL_SWITCH,
};

/*
 * A peer: who may open tunnels to us, and how tunnels with it are run, whoever opens them.
 */
struct peer {
	struct list node;
	unsigned int refs;
	/* What the administrator wants of it: now, and by its section. */
	enum admin_state admin;
	enum admin_state admin_configured;
	char *name;
	/* Source addresses that are this peer; none means any address. */
	struct prefix *addresses;
	size_t n_addresses;
	/* Host Name it must say in SCCRQ; NULL for any. */
	char *host_name;
	/* Host Name we say. */
	char *local_name;
	/* Shared secret; NULL for none. */
	char *secret;
	enum challenge_policy challenge;
	enum hide_policy hide;
	enum change_policy address_change;
	enum change_policy port_change;
	enum call_policy calls;
	/* Name of the ppp section for its calls; NULL for the defaults. */
	char *ppp;
	/* Name of the domain section for calls of CALL_SWITCH that say nothing of one; NULL for
	 * none. */
	char *domain;
	/* Most tunnels and sessions with this peer, and sessions in one tunnel; 0 for no limit. */
	unsigned int max_tunnels;
	unsigned int max_sessions;
	unsigned int max_sessions_per_tunnel;
	/* Ask for (LAC) or send (LNS) sequence numbers on data, RFC 2661 5.4. */
	bool sequencing;
	/* Milliseconds a data packet that came early is held, 0 for none. */
	uint32_t reorder_timeout;
	struct transport_config transport;
	/* How long we wait for a tunnel to come up, and for a session; microseconds. */
	usec_t tunnel_setup_timeout;
	usec_t session_setup_timeout;
	/* An established tunnel without sessions that the peer opened is closed after this; 0:
	 * never. */
	usec_t idle_timeout;
	/* How long its ended tunnels and sessions can still be looked at, 0 for not at all. */
	usec_t destruct_timeout;
	/* Socket options of tunnels with it. */
	uint32_t mark;
	uint8_t dscp;
};

/* A peer with one reference and every default; name is copied. NULL when memory is out. */
struct peer *peer_new(const char *name);
/* The same with the settings of another, but not who it is and what it knows. */
struct peer *peer_new_like(const char *name, const struct peer *like);
struct peer *peer_ref(struct peer *peer);
void peer_unref(struct peer *peer);
/* Whether two peers would run a tunnel alike: all but name, references, and who and how many may
 * call. */
bool peer_same(const struct peer *a, const struct peer *b);

/* Limits of the daemon as a whole. */
struct limits {
	unsigned int max_tunnels;
	unsigned int max_sessions;
	/* Tunnels of peers that have not authenticated yet; of one source, 0 for no limit. */
	unsigned int max_half_open;
	unsigned int max_half_open_per_source;
	/* SCCRQs a second that one source may send, 0 for any number. */
	unsigned int max_sccrq_rate;
	/* Ended tunnels and sessions that are kept to be looked at. */
	unsigned int max_ended;
};

extern const struct limits limits_default;
