/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Control messages by type, and the ends of tunnels and calls by Result Code, both ways.
 *
 * A message is counted once: in when it was decoded and is no repetition, out when it was queued.
 * "In" of a Result Code is what a peer gave as reason, "out" what it was told, so the two say who
 * ended what. Each is counted in its tunnel and in the engine at once, so that the engine's sums
 * keep what was of tunnels that are gone. A tunnel's counters are those of SNMP (Counter32,
 * RFC 2578 7.1.6): nothing sets them back, and they wrap; the engine's are wide enough not to.
 */
#pragma once

#include "wire/msg.h"
#include "wire/result.h"

struct in_out {
	uint64_t in;
	uint64_t out;
};

struct traffic {
	struct in_out messages[MSG_TYPE_MAX];
	/* Codes without a place of their own are counted as 0, which is reserved. */
	struct in_out stopccn[STOPCCN_RESULT_MAX];
	struct in_out cdn[CDN_RESULT_MAX];
};

struct in_out32 {
	uint32_t in;
	uint32_t out;
};

/* Of one tunnel, and short for it: a tunnel ends by one StopCCN, and its reason is kept. */
struct tunnel_traffic {
	struct in_out32 messages[MSG_TYPE_MAX];
	struct in_out32 cdn[CDN_RESULT_MAX];
};

void traffic_count(struct traffic *traffic, bool out, const struct l2tp_msg *msg);
void tunnel_traffic_count(struct tunnel_traffic *traffic, bool out, const struct l2tp_msg *msg);
/* The same values in the form of the engine's. */
struct traffic traffic_of_tunnel(const struct tunnel_traffic *traffic);
