/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls on pppox sockets and /dev/ppp.
 */
#include "netlink/pppox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_pppox.h>
#include <linux/ppp-ioctl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Kernel headers before 5.11. */
#ifndef PPPIOCBRIDGECHAN
#define PPPIOCUNBRIDGECHAN _IO('t', 52)
#define PPPIOCBRIDGECHAN _IOW('t', 53, int)
#endif

union pppol2tp_addr_any {
	struct sockaddr any;
	struct sockaddr_pppol2tp v2;
	struct sockaddr_pppol2tpin6 v2in6;
	struct sockaddr_pppol2tpv3 v3;
	struct sockaddr_pppol2tpv3in6 v3in6;
};

int pppox_l2tp_socket(int *ret_fd)
{
	int fd = socket(AF_PPPOX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, PX_PROTO_OL2TP);

	if (fd == -1)
		return -errno;
	*ret_fd = fd;
	return 0;
}

/*
 * The kernel knows which of the four structures it is given by its exact size. Fields have the same
 * names and not the same order or width. fd -1: the tunnel exists, it is found by its id.
 */
#define FILL(sa, tunnel, session)                                      \
	do {                                                           \
		(sa)->sa_family = AF_PPPOX;                            \
		(sa)->sa_protocol = PX_PROTO_OL2TP;                    \
		(sa)->pppol2tp.fd = -1;                                \
		(sa)->pppol2tp.s_tunnel = (tunnel)->tunnel_id;         \
		(sa)->pppol2tp.d_tunnel = (tunnel)->peer_tunnel_id;    \
		(sa)->pppol2tp.s_session = (session)->session_id;      \
		(sa)->pppol2tp.d_session = (session)->peer_session_id; \
	} while (0)

int pppox_l2tp_connect(int fd, const struct l2tp_nl_tunnel *tunnel,
		       const struct l2tp_nl_session *session)
{
	union pppol2tp_addr_any addr = {0};
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} peer = {0};
	socklen_t len = sizeof(peer);
	bool v6;

	if (getpeername(tunnel->fd, &peer.any, &len) == -1)
		return -errno;
	v6 = peer.any.sa_family == AF_INET6;
	if (tunnel->version == 3 && v6) {
		FILL(&addr.v3in6, tunnel, session);
		addr.v3in6.pppol2tp.addr = peer.v6;
		len = sizeof(addr.v3in6);
	} else if (tunnel->version == 3) {
		FILL(&addr.v3, tunnel, session);
		addr.v3.pppol2tp.addr = peer.v4;
		len = sizeof(addr.v3);
	} else if (v6) {
		FILL(&addr.v2in6, tunnel, session);
		addr.v2in6.pppol2tp.addr = peer.v6;
		len = sizeof(addr.v2in6);
	} else {
		FILL(&addr.v2, tunnel, session);
		addr.v2.pppol2tp.addr = peer.v4;
		len = sizeof(addr.v2);
	}
	return connect(fd, &addr.any, len) == -1 ? -errno : 0;
}

int pppox_channel(int fd, int *ret)
{
	int channel;

	if (ioctl(fd, PPPIOCGCHAN, &channel) == -1)
		return -errno;
	*ret = channel;
	return 0;
}

int ppp_attach(int channel, int *ret_fd)
{
	int fd = open("/dev/ppp", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	int err;

	if (fd == -1)
		return -errno;
	if (ioctl(fd, PPPIOCATTCHAN, &channel) == -1) {
		err = -errno;
		close(fd);
		return err;
	}
	*ret_fd = fd;
	return 0;
}

/* Bridges live in the channels, so the descriptor they are asked through need not stay. */
static int channel_ioctl(int channel, unsigned long request, int *arg)
{
	int fd = -1, err;

	err = ppp_attach(channel, &fd);
	if (err < 0)
		return err;
	if (ioctl(fd, request, arg) == -1)
		err = -errno;
	close(fd);
	return err;
}

int ppp_bridge_by(int fd, int other)
{
	return ioctl(fd, PPPIOCBRIDGECHAN, &other) == -1 ? -errno : 0;
}

int ppp_bridge(int channel, int other)
{
	return channel_ioctl(channel, PPPIOCBRIDGECHAN, &other);
}

int ppp_unbridge(int channel)
{
	return channel_ioctl(channel, PPPIOCUNBRIDGECHAN, NULL);
}
