/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UDP sockets of the control plane: one listener an address, one connected socket a tunnel.
 *
 * All are non-blocking and close-on-exec: a child that inherited a tunnel's socket would keep the
 * kernel's tunnel alive after the daemon.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"

struct udp_options {
	/* SO_MARK, 0 for none. */
	uint32_t mark;
	/* Device or VRF to bind to, NULL for none. Not owned. */
	const char *device;
};

/* Opens a socket that takes packets for any peer and tells the address each was sent to.
 * Returns 0 or -errno (-EADDRINUSE: somebody else has the port without address reuse). */
int udp_listen(const struct addr *local, const struct udp_options *options, int *ret_fd);
/*
 * Opens a tunnel's socket bound to local (family ADDR_NONE: whatever routing picks; port 0:
 * ephemeral). With `peer` it is connected in the same step, nothing between, so that little of
 * others' traffic strays in; what did is the caller's to read and dispatch. One of the two must
 * have a family; the port of a local address without family is used.
 */
int udp_open(const struct addr *local, const struct addr *peer, const struct udp_options *options,
	     int *ret_fd);
int udp_connect(int fd, const struct addr *peer);
int udp_local_addr(int fd, struct addr *ret);

/*
 * Reads one datagram: its octets, source, and the address it was sent to (port as bound; family
 * ADDR_NONE when the kernel did not tell). Returns the length, or -errno (-EAGAIN: none). A
 * datagram larger than size is cut and *ret_cut is set. On a connected socket an ICMP error that
 * came for an earlier packet is returned once (-ECONNREFUSED, -EHOSTUNREACH, ...): read on.
 */
int udp_recv(int fd, void *data, size_t size, struct addr *ret_peer, struct addr *ret_local,
	     bool *ret_cut);
/* How one packet is sent. */
struct udp_how {
	/* The socket is connected to the peer, who need not be named once more. */
	bool connected;
	/* Its host part is where the packet comes from; NULL: routing picks. */
	const struct addr *local;
	/*
	 * DSCP, 0 to 63. It goes with each packet, never on the socket: what stands on a tunnel's
	 * socket the kernel puts on data packets too, and theirs is a matter of RFC 3308.
	 */
	uint8_t dscp;
	/* SO_MARK in the place of the socket's own, 0 to leave that. */
	uint32_t mark;
};

/*
 * Sends to a peer; NULL for either is a connected socket, and nothing special. Returns 0 or -errno;
 * an ICMP error that came for an earlier packet may be returned in place of sending this one.
 */
int udp_send(int fd, struct bytes packet, const struct addr *peer, const struct udp_how *how);
