/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UDP sockets, RFC 2661 section 8.1.
 *
 * The listener and the tunnels share an address and a port, the kernel gives a packet to the socket
 * that is connected to its sender, else to the listener. SO_REUSEADDR allows that; SO_REUSEPORT
 * must not be used, since several kernels then choose among connected sockets wrongly.
 *
 * A tunnel's socket also carries the kernel's data packets, which are dropped while user space
 * holds its lock: so it gets all its options at the start and none later, and the local address of
 * a packet comes with the packet rather than from getsockname().
 */
#include "netlink/udp.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union sockaddr_any {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* Room for the three control messages sent, and for the two received. */
union control {
	struct cmsghdr align;
	char buf[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(struct sockaddr_in6)) +
		 CMSG_SPACE(sizeof(uint32_t))];
};

static socklen_t addr_to_sockaddr(const struct addr *addr, union sockaddr_any *sa)
{
	*sa = (union sockaddr_any){0};
	switch (addr->family) {
	case ADDR_IPV4:
		sa->v4.sin_family = AF_INET;
		sa->v4.sin_port = htons(addr->port);
		memcpy(&sa->v4.sin_addr, addr->ip, 4);
		return sizeof(sa->v4);
	case ADDR_IPV6:
		sa->v6.sin6_family = AF_INET6;
		sa->v6.sin6_port = htons(addr->port);
		sa->v6.sin6_scope_id = addr->scope;
		memcpy(&sa->v6.sin6_addr, addr->ip, 16);
		return sizeof(sa->v6);
	case ADDR_NONE:
		break;
	}
	return 0;
}

static void addr_from_sockaddr(const union sockaddr_any *sa, struct addr *ret)
{
	struct addr addr = {0};

	if (sa->any.sa_family == AF_INET) {
		addr.family = ADDR_IPV4;
		addr.port = ntohs(sa->v4.sin_port);
		memcpy(addr.ip, &sa->v4.sin_addr, 4);
	} else if (sa->any.sa_family == AF_INET6) {
		addr.family = ADDR_IPV6;
		addr.port = ntohs(sa->v6.sin6_port);
		addr.scope = sa->v6.sin6_scope_id;
		memcpy(addr.ip, &sa->v6.sin6_addr, 16);
	}
	*ret = addr;
}

static int set_int(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value)) == -1 ? -errno : 0;
}

struct int_option {
	int level;
	int name;
	int value;
};

/*
 * The kernel sends data packets without DF whatever the socket says. Control packets go without it
 * too: a message larger than the path's MTU (a certificate in proxy LCP, many AVPs) arrives in
 * fragments rather than never, and forged ICMP cannot shrink what we send. IPv6 fragments at the
 * source in any mode.
 */
static int set_family_options(int fd, enum addr_family family)
{
	const struct int_option v4[] = {
		{SOL_IP, IP_PKTINFO, 1},
		{SOL_IP, IP_RECVORIGDSTADDR, 1},
		{SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT},
	};
	const struct int_option v6[] = {
		{SOL_IPV6, IPV6_V6ONLY, 1},
		{SOL_IPV6, IPV6_RECVPKTINFO, 1},
		{SOL_IPV6, IPV6_RECVORIGDSTADDR, 1},
	};
	const struct int_option *options = family == ADDR_IPV4 ? v4 : v6;
	int err = 0;

	_Static_assert(sizeof(v4) == sizeof(v6), "one count for both tables");
	for (size_t i = 0; i < sizeof(v4) / sizeof(v4[0]) && err == 0; i++)
		err = set_int(fd, options[i].level, options[i].name, options[i].value);
	return err;
}

static int set_options(int fd, enum addr_family family, const struct udp_options *options)
{
	int err = set_int(fd, SOL_SOCKET, SO_REUSEADDR, 1);

	if (err == 0)
		err = set_family_options(fd, family);
	if (err == 0 && options->mark)
		err = set_int(fd, SOL_SOCKET, SO_MARK, (int)options->mark);
	if (err == 0 && options->device &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, options->device,
		       (socklen_t)strlen(options->device)) == -1)
		err = -errno;
	return err;
}

/* Everything that takes time stands before bind(): between it and connect() packets of all stray
 * in. */
static int open_socket(const struct addr *local, const struct addr *peer,
		       const struct udp_options *options, int *ret_fd)
{
	union sockaddr_any local_sa, peer_sa = {0};
	socklen_t local_len = addr_to_sockaddr(local, &local_sa);
	socklen_t peer_len = peer ? addr_to_sockaddr(peer, &peer_sa) : 0;
	int err, fd;

	if (!local_len || (peer && peer->family != local->family))
		return -EAFNOSUPPORT;
	fd = socket(local_sa.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_UDP);
	if (fd == -1)
		return -errno;
	err = set_options(fd, local->family, options);
	if (err < 0)
		goto out;
	if (bind(fd, &local_sa.any, local_len) == -1 ||
	    (peer && connect(fd, &peer_sa.any, peer_len) == -1))
		err = -errno;
out:
	if (err < 0) {
		close(fd);
		return err;
	}
	*ret_fd = fd;
	return 0;
}

int udp_listen(const struct addr *local, const struct udp_options *options, int *ret_fd)
{
	return open_socket(local, NULL, options, ret_fd);
}

int udp_open(const struct addr *local, const struct addr *peer, const struct udp_options *options,
	     int *ret_fd)
{
	struct addr any = {.port = local->port};

	if (local->family != ADDR_NONE)
		return open_socket(local, peer, options, ret_fd);
	if (!peer)
		return -EAFNOSUPPORT;
	any.family = peer->family;
	return open_socket(&any, peer, options, ret_fd);
}

int udp_connect(int fd, const struct addr *peer)
{
	union sockaddr_any sa;
	socklen_t len = addr_to_sockaddr(peer, &sa);

	if (!len)
		return -EAFNOSUPPORT;
	return connect(fd, &sa.any, len) == -1 ? -errno : 0;
}

int udp_local_addr(int fd, struct addr *ret)
{
	union sockaddr_any sa = {0};
	socklen_t len = sizeof(sa);

	if (getsockname(fd, &sa.any, &len) == -1)
		return -errno;
	addr_from_sockaddr(&sa, ret);
	return 0;
}

static bool is_link_local(const struct in6_addr *ip)
{
	return IN6_IS_ADDR_LINKLOCAL(ip) || IN6_IS_ADDR_MC_LINKLOCAL(ip);
}

/* The packet-info message has the address to answer from, the other one the port. */
static void read_local(struct msghdr *msg, struct addr *ret)
{
	struct addr local = {0};
	union sockaddr_any dst = {0};
	struct in6_pktinfo info6;
	struct in_pktinfo info4;

	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg)) {
		if (cmsg->cmsg_level == SOL_IP && cmsg->cmsg_type == IP_PKTINFO) {
			memcpy(&info4, CMSG_DATA(cmsg), sizeof(info4));
			local.family = ADDR_IPV4;
			memcpy(local.ip, &info4.ipi_spec_dst, 4);
		} else if (cmsg->cmsg_level == SOL_IPV6 && cmsg->cmsg_type == IPV6_PKTINFO) {
			memcpy(&info6, CMSG_DATA(cmsg), sizeof(info6));
			local.family = ADDR_IPV6;
			memcpy(local.ip, &info6.ipi6_addr, 16);
			if (is_link_local(&info6.ipi6_addr))
				local.scope = info6.ipi6_ifindex;
		} else if (cmsg->cmsg_level == SOL_IP && cmsg->cmsg_type == IP_ORIGDSTADDR) {
			memcpy(&dst.v4, CMSG_DATA(cmsg), sizeof(dst.v4));
			local.port = ntohs(dst.v4.sin_port);
		} else if (cmsg->cmsg_level == SOL_IPV6 && cmsg->cmsg_type == IPV6_ORIGDSTADDR) {
			memcpy(&dst.v6, CMSG_DATA(cmsg), sizeof(dst.v6));
			local.port = ntohs(dst.v6.sin6_port);
		}
	}
	*ret = local;
}

int udp_recv(int fd, void *data, size_t size, struct addr *ret_peer, struct addr *ret_local,
	     bool *ret_cut)
{
	union sockaddr_any peer = {0};
	union control control;
	struct iovec iov = {.iov_base = data, .iov_len = size};
	struct msghdr msg = {
		.msg_name = &peer,
		.msg_namelen = sizeof(peer),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t len;

	do {
		len = recvmsg(fd, &msg, MSG_DONTWAIT);
	} while (len == -1 && errno == EINTR);
	if (len == -1)
		return -errno;
	addr_from_sockaddr(&peer, ret_peer);
	read_local(&msg, ret_local);
	*ret_cut = msg.msg_flags & MSG_TRUNC;
	return (int)len;
}

/* Behind those that are there already. */
static void put_cmsg(struct msghdr *msg, union control *control, int level, int type,
		     const void *data, size_t len)
{
	struct cmsghdr *cmsg = (struct cmsghdr *)(control->buf + msg->msg_controllen);

	msg->msg_control = control;
	msg->msg_controllen += CMSG_SPACE(len);
	cmsg->cmsg_level = level;
	cmsg->cmsg_type = type;
	cmsg->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(cmsg), data, len);
}

static void put_local(struct msghdr *msg, union control *control, const struct addr *local)
{
	struct in6_pktinfo info6 = {.ipi6_ifindex = local->scope};
	struct in_pktinfo info4 = {0};

	switch (local->family) {
	case ADDR_NONE:
		break;
	case ADDR_IPV4:
		memcpy(&info4.ipi_spec_dst, local->ip, 4);
		put_cmsg(msg, control, SOL_IP, IP_PKTINFO, &info4, sizeof(info4));
		break;
	case ADDR_IPV6:
		memcpy(&info6.ipi6_addr, local->ip, 16);
		put_cmsg(msg, control, SOL_IPV6, IPV6_PKTINFO, &info6, sizeof(info6));
		break;
	}
}

/* With the packet, not on the socket: the kernel puts a tunnel socket's own value on data too. */
static void put_dscp(struct msghdr *msg, union control *control, enum addr_family family,
		     uint8_t dscp)
{
	int value = dscp << 2;

	switch (family) {
	case ADDR_NONE:
		break;
	case ADDR_IPV4:
		put_cmsg(msg, control, SOL_IP, IP_TOS, &value, sizeof(value));
		break;
	case ADDR_IPV6:
		put_cmsg(msg, control, SOL_IPV6, IPV6_TCLASS, &value, sizeof(value));
		break;
	}
}

int udp_send(int fd, struct bytes packet, const struct addr *peer, const struct udp_how *how)
{
	union sockaddr_any sa;
	union control control = {0};
	struct iovec iov = {.iov_base = (void *)packet.data, .iov_len = packet.len};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	ssize_t len;

	if (peer && !(how && how->connected)) {
		msg.msg_name = &sa;
		msg.msg_namelen = addr_to_sockaddr(peer, &sa);
		if (!msg.msg_namelen)
			return -EAFNOSUPPORT;
	}
	if (how && how->local)
		put_local(&msg, &control, how->local);
	if (how && how->dscp && peer)
		put_dscp(&msg, &control, peer->family, how->dscp);
	if (how && how->mark)
		put_cmsg(&msg, &control, SOL_SOCKET, SO_MARK, &how->mark, sizeof(how->mark));
	do {
		len = sendmsg(fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	} while (len == -1 && errno == EINTR);
	return len == -1 ? -errno : 0;
}
