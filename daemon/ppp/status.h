/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the plugin inside pppd tells the daemon: the private protocol between plugin.c and link.c.
 *
 * Each message is one datagram with the whole state, so none depends on another, and one that
 * was lost to a full socket is made good by the next. Both ends are built together; the version
 * only catches a plugin left behind by an upgrade. Included by the plugin, where pppd's headers
 * have a `bool` of their own: nothing here may bring in <stdbool.h>.
 */
#pragma once

#include <stdint.h>

#define PPP_STATUS_VERSION 2
/* Variables of this prefix in pppd's environment are those of its scripts, too. */
#define PPP_VARIABLE_PREFIX "ADIT_"
/* pppd's option that carries the socket; giving it is what wakes the plugin up. */
#define PPP_STATUS_OPTION "adit-status-fd"

/* Facts about the link. All but those of IPv4 and IPv6 stay true once they became so. */
enum ppp_fact {
	PPP_LCP_SEEN = 1 << 0, /* the peer sent an LCP packet */
	PPP_LCP_OPEN = 1 << 1,
	PPP_AUTHENTICATED = 1 << 2, /* or nobody had to */
	PPP_IPV4_UP = 1 << 3,	    /* IPCP is open: local4 and remote4 are known */
	PPP_IPV6_UP = 1 << 4,	    /* IPv6CP is open: local6 and remote6 are known */
	PPP_PEER_CLOSED = 1 << 5,   /* the peer sent an LCP Terminate-Request */
	PPP_ENDED = 1 << 6,	    /* exit_status is known */
};

struct ppp_status {
	uint16_t version;
	uint16_t facts;
	uint32_t ifindex;
	/*
	 * What pppd meant to exit with when the link ended. It may read the closed socket once
	 * more, take that for a modem's hang-up and exit with 16 instead.
	 */
	int32_t exit_status;
	/*
	 * Control characters that are escaped on the way to the other end of PPP, and from there,
	 * as LCP agreed; of use once it is open. All ones where it said nothing (RFC 1662 7.1).
	 */
	uint32_t send_accm;
	uint32_t receive_accm;
	/* Network byte order; zero while unknown. */
	uint8_t local4[4];
	uint8_t remote4[4];
	/* Link-local addresses. */
	uint8_t local6[16];
	uint8_t remote6[16];
	/* NUL-terminated; empty while unknown. */
	char ifname[16];
	/* Who authenticated: the peer to us, else we to the peer. */
	char user[64];
};

_Static_assert(sizeof(struct ppp_status) == 140, "no padding: it crosses a process boundary");
