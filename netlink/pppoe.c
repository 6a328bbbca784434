/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packet sockets for discovery, pppox sockets for sessions (RFC 2516).
 *
 * A packet socket also gets the frames of the VLANs of its interface, without their tag: of those
 * that have an interface with its index, of others as if they were to somebody else's address. The
 * filter lets none of them through.
 */
#include "netlink/pppoe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_packet.h>
#include <linux/if_pppox.h>
#include <linux/if_vlan.h>
#include <linux/sockios.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define MBIT 1000000

/*
 * Octets of discovery frames that wait to be read. A street that loses its power says PADT, or
 * PADI again, within milliseconds, and a PADT that is lost leaves a call up that nobody is in. The
 * kernel counts some 800 octets for a frame and twice what it is told: this holds 5,000.
 */
#define DISCOVERY_BUFFER (2 << 20)

/* Where the code of a discovery frame stands, and those that clients send. */
#define CODE_OFFSET 15
#define PADI 0x09
#define PADR 0x19
#define PADT 0xa7

/* Kernel headers before 5.0. */
#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

static int get(int fd, unsigned long request, const char *interface, struct ifreq *ret)
{
	memset(ret, 0, sizeof(*ret));
	snprintf(ret->ifr_name, sizeof(ret->ifr_name), "%s", interface);
	return ioctl(fd, request, ret) == -1 ? -errno : 0;
}

/* A driver that cannot say is no error. */
static uint32_t speed_of(int fd, const char *interface)
{
	struct ethtool_cmd command = {.cmd = ETHTOOL_GSET};
	struct ifreq ifr = {0};
	uint32_t mbits;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", interface);
	ifr.ifr_data = (void *)&command;
	if (ioctl(fd, SIOCETHTOOL, &ifr) == -1)
		return 0;
	mbits = ethtool_cmd_speed(&command);
	if (mbits == (uint32_t)SPEED_UNKNOWN)
		return 0;
	return mbits > UINT32_MAX / MBIT ? UINT32_MAX : mbits * MBIT;
}

static uint16_t vlan_of(int fd, const char *interface)
{
	struct vlan_ioctl_args args = {.cmd = GET_VLAN_VID_CMD};

	snprintf(args.device1, sizeof(args.device1), "%s", interface);
	return ioctl(fd, SIOCGIFVLAN, &args) == -1 ? 0 : (uint16_t)args.u.VID;
}

static int read_link(int fd, const char *interface, struct pppoe_link *ret)
{
	struct pppoe_link link = {0};
	struct ifreq ifr;
	int err;

	err = get(fd, SIOCGIFINDEX, interface, &ifr);
	if (err)
		return err;
	link.index = ifr.ifr_ifindex;
	err = get(fd, SIOCGIFHWADDR, interface, &ifr);
	if (err)
		return err;
	if (ifr.ifr_hwaddr.sa_family != ARPHRD_ETHER)
		return -EPROTOTYPE;
	memcpy(link.mac, ifr.ifr_hwaddr.sa_data, sizeof(link.mac));
	err = get(fd, SIOCGIFMTU, interface, &ifr);
	if (err)
		return err;
	link.mtu = (unsigned int)ifr.ifr_mtu;
	err = get(fd, SIOCGIFFLAGS, interface, &ifr);
	if (err)
		return err;
	if (!(ifr.ifr_flags & IFF_UP))
		return -ENETDOWN;
	link.vlan = vlan_of(fd, interface);
	link.speed = speed_of(fd, interface);
	*ret = link;
	return 0;
}

int pppoe_link_get(const char *interface, struct pppoe_link *ret)
{
	int fd, err;

	if (strlen(interface) >= IFNAMSIZ)
		return -ENODEV;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return -errno;
	err = read_link(fd, interface, ret);
	close(fd);
	return err;
}

bool pppoe_link_same(const struct pppoe_link *a, const struct pppoe_link *b)
{
	return a->index == b->index && a->mtu == b->mtu &&
	       memcmp(a->mac, b->mac, sizeof(a->mac)) == 0;
}

static int set_filter(int fd, int index)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_IFINDEX)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)index, 0, 7),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OTHERHOST, 5, 0),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, CODE_OFFSET),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PADI, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PADR, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PADT, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program = {sizeof(code) / sizeof(code[0]), code};

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == -1)
		return -errno;
	return 0;
}

int pppoe_discovery_socket(const struct pppoe_link *link, int *ret_fd)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_PPP_DISC),
		.sll_ifindex = link->index,
	};
	const int one = 1, buffer = DISCOVERY_BUFFER;
	int fd, err;

	/* Protocol 0: it hears nothing until it is bound, with everything else done. */
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -errno;
	err = set_filter(fd, link->index);
	if (!err && (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer)) == -1 ||
		     setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one)) == -1 ||
		     bind(fd, (struct sockaddr *)&address, sizeof(address)) == -1))
		err = -errno;
	if (err) {
		close(fd);
		return err;
	}
	*ret_fd = fd;
	return 0;
}

int pppoe_session_socket(const char *interface, uint16_t session_id, const uint8_t mac[6],
			 int *ret_fd)
{
	struct sockaddr_pppox address = {.sa_family = AF_PPPOX, .sa_protocol = PX_PROTO_OE};
	int fd, err;

	if (strlen(interface) >= sizeof(address.sa_addr.pppoe.dev))
		return -ENODEV;
	address.sa_addr.pppoe.sid = htons(session_id);
	memcpy(address.sa_addr.pppoe.remote, mac, sizeof(address.sa_addr.pppoe.remote));
	snprintf(address.sa_addr.pppoe.dev, sizeof(address.sa_addr.pppoe.dev), "%s", interface);
	fd = socket(AF_PPPOX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, PX_PROTO_OE);
	if (fd == -1)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == -1) {
		err = -errno;
		close(fd);
		return err;
	}
	*ret_fd = fd;
	return 0;
}
