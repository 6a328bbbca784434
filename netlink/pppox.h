/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets of PPP over L2TP (AF_PPPOX) and channels of the generic PPP driver (/dev/ppp).
 *
 * A connected pppol2tp socket becomes a PPP channel when its number is asked for; the channel is
 * then joined to a network interface by pppd, or bridged to another channel. All descriptors are
 * non-blocking and close-on-exec. Functions return 0 or -errno.
 */
#pragma once

#include "netlink/l2tp.h"

int pppox_l2tp_socket(int *ret_fd);
/*
 * Binds the socket to a session that netlink made; a session that is not there would be made now,
 * with default options. tunnel->fd is the tunnel's connected socket. -EEXIST: it has a socket.
 */
int pppox_l2tp_connect(int fd, const struct l2tp_nl_tunnel *tunnel,
		       const struct l2tp_nl_session *session);
/*
 * Makes a connected pppox socket a channel and gives its number; frames are held in the channel
 * from now on. Closing it while frames arrive is safe on some kernels only: see probe.h.
 */
int pppox_channel(int fd, int *ret);

/* Opens /dev/ppp and attaches it to a channel: reads and writes are PPP frames of that channel. */
int ppp_attach(int channel, int *ret_fd);
/*
 * Makes the kernel pass frames between two channels, both ways, until one of them is closed; the
 * other is not told. -EALREADY: one has a bridge or an interface. -ENOTTY: kernel before 5.11.
 */
int ppp_bridge(int channel, int other);
/* The same with a descriptor that is attached to a channel already. */
int ppp_bridge_by(int fd, int other);
/* Ends the bridge of a channel. -EINVAL: it has none. */
int ppp_unbridge(int channel);
