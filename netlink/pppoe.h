/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PPPoE in the kernel: the packet socket of discovery, and sessions of PX_PROTO_OE. Functions
 * return 0 or -errno; descriptors are non-blocking and close-on-exec.
 */
#pragma once

#include <stdint.h>

/* For frames of type 0x8863 of one interface, whole, with a filter in the kernel; and its MAC
 * address. -ENODEV for no such interface, -EPROTOTYPE for one that is not Ethernet. */
int pppoe_discovery_socket(const char *interface, int *ret_fd, int *ret_index, uint8_t mac[6]);
/* A session of the kernel's: from now on frames of that MAC with that id are its own. */
int pppoe_session_socket(const char *interface, uint16_t session_id, const uint8_t mac[6],
			 int *ret_fd);
