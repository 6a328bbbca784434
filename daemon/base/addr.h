/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An IPv4 or IPv6 address with a port, and a network prefix, as plain comparable values.
 *
 * The protocol layers know endpoints only in this form; sockaddr structures stay where sockets are.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum addr_family {
	ADDR_NONE = 0,
	ADDR_IPV4 = 4,
	ADDR_IPV6 = 6,
};

/* Room for the longest text addr_format() and prefix_format() write, with its NUL. */
#define ADDR_TEXT_MAX 72

struct addr {
	enum addr_family family;
	/* Host byte order; 0 is "none" or "any". */
	uint16_t port;
	/* Interface index of a link-local IPv6 address, else 0. */
	uint32_t scope;
	/* Network byte order; IPv4 in the first four octets, the rest zero. */
	uint8_t ip[16];
};

struct prefix {
	enum addr_family family;
	/* 0 to 32, or 0 to 128. */
	uint8_t len;
	uint8_t ip[16];
};

/* Octets of an address of that family: 4, 16, or 0. */
size_t addr_size(enum addr_family family);
bool addr_equal(const struct addr *a, const struct addr *b);
bool addr_same_host(const struct addr *a, const struct addr *b);
bool addr_is_any(const struct addr *a);
/* Reads a literal address without port ("192.0.2.1", "2001:db8::1"). Returns 0 or -EINVAL. */
int addr_parse(const char *text, struct addr *ret);
/* Writes "192.0.2.1" or "2001:db8::1"; with a port "192.0.2.1:1701" or "[2001:db8::1]:1701". */
const char *addr_format(const struct addr *addr, char text[static ADDR_TEXT_MAX]);
const char *addr_format_host(const struct addr *addr, char text[static ADDR_TEXT_MAX]);

/* Reads "192.0.2.0/24", or a bare address as a host prefix; bits beyond the length must be 0.
 * Returns 0 or -EINVAL. */
int prefix_parse(const char *text, struct prefix *ret);
const char *prefix_format(const struct prefix *prefix, char text[static ADDR_TEXT_MAX]);
bool prefix_contains(const struct prefix *prefix, const struct addr *addr);
