/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PPPoE in the kernel: the packet socket of discovery, and sessions of PX_PROTO_OE. Functions
 * return 0 or -errno; descriptors are non-blocking and close-on-exec.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* An Ethernet interface, or a VLAN of one. */
struct pppoe_link {
	int index;
	uint8_t mac[6];
	uint16_t vlan; /* 0 for none */
	unsigned int mtu;
	uint32_t speed; /* bit/s, UINT32_MAX for more; 0 when the driver does not know */
};

/* -ENODEV for no such interface, -EPROTOTYPE for one that is not Ethernet, -ENETDOWN for one that
 * is down. */
int pppoe_link_get(const char *interface, struct pppoe_link *ret);
/* Whether the kernel's sessions on it go on: it ends them when the address or the MTU changes. */
bool pppoe_link_same(const struct pppoe_link *a, const struct pppoe_link *b);
/* For what an access concentrator is to get of frames of type 0x8863 on that interface, whole, by a
 * filter in the kernel. A read gives -ENETDOWN when it goes down. */
int pppoe_discovery_socket(const struct pppoe_link *link, int *ret_fd);
/* A session of the kernel's: from now on frames of that MAC with that id are its own. -EALREADY:
 * there is one. */
int pppoe_session_socket(const char *interface, uint16_t session_id, const uint8_t mac[6],
			 int *ret_fd);
