/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses and prefixes as text and as values. inet_pton() and inet_ntop() only translate; they
 * make no system call.
 */
#include "base/addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

size_t addr_size(enum addr_family family)
{
	switch (family) {
	case ADDR_NONE:
		return 0;
	case ADDR_IPV4:
		return 4;
	case ADDR_IPV6:
		return 16;
	}
	return 0;
}

bool addr_same_host(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && a->scope == b->scope &&
	       memcmp(a->ip, b->ip, addr_size(a->family)) == 0;
}

bool addr_equal(const struct addr *a, const struct addr *b)
{
	return addr_same_host(a, b) && a->port == b->port;
}

bool addr_is_any(const struct addr *a)
{
	static const uint8_t zero[16];

	return memcmp(a->ip, zero, addr_size(a->family)) == 0;
}

int addr_parse(const char *text, struct addr *ret)
{
	struct addr addr = {0};

	if (inet_pton(AF_INET, text, addr.ip) == 1)
		addr.family = ADDR_IPV4;
	else if (inet_pton(AF_INET6, text, addr.ip) == 1)
		addr.family = ADDR_IPV6;
	else
		return -EINVAL;
	*ret = addr;
	return 0;
}

static const char *ip_format(enum addr_family family, const uint8_t ip[static 16],
			     char text[static INET6_ADDRSTRLEN])
{
	switch (family) {
	case ADDR_IPV4:
		return inet_ntop(AF_INET, ip, text, INET6_ADDRSTRLEN);
	case ADDR_IPV6:
		return inet_ntop(AF_INET6, ip, text, INET6_ADDRSTRLEN);
	case ADDR_NONE:
		break;
	}
	return strcpy(text, "none");
}

const char *addr_format_host(const struct addr *addr, char text[static ADDR_TEXT_MAX])
{
	char ip[INET6_ADDRSTRLEN];

	ip_format(addr->family, addr->ip, ip);
	if (addr->scope)
		snprintf(text, ADDR_TEXT_MAX, "%s%%%u", ip, addr->scope);
	else
		snprintf(text, ADDR_TEXT_MAX, "%s", ip);
	return text;
}

const char *addr_format(const struct addr *addr, char text[static ADDR_TEXT_MAX])
{
	char host[ADDR_TEXT_MAX];

	addr_format_host(addr, host);
	if (!addr->port || addr->family == ADDR_NONE)
		return strcpy(text, host);
	/* 64 is room enough: an address has at most 45 characters, a scope 11. */
	snprintf(text, ADDR_TEXT_MAX, addr->family == ADDR_IPV6 ? "[%.60s]:%u" : "%.60s:%u", host,
		 addr->port);
	return text;
}

static bool bit_set(const uint8_t *ip, size_t bit)
{
	return ip[bit / 8] >> (7 - bit % 8) & 1;
}

/* A number of at most max, in decimal digits only: strtoul() would take signs and blanks. */
static int len_parse(const char *text, size_t max, uint8_t *ret)
{
	size_t len = 0;

	if (!*text || strlen(text) > 3)
		return -EINVAL;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -EINVAL;
		len = len * 10 + (size_t)(*text - '0');
	}
	if (len > max)
		return -EINVAL;
	*ret = (uint8_t)len;
	return 0;
}

int prefix_parse(const char *text, struct prefix *ret)
{
	const char *slash = strchr(text, '/');
	struct prefix prefix = {0};
	char host[INET6_ADDRSTRLEN];
	struct addr addr;
	size_t host_len = slash ? (size_t)(slash - text) : strlen(text);
	size_t bits;

	if (host_len >= sizeof(host))
		return -EINVAL;
	memcpy(host, text, host_len);
	host[host_len] = '\0';
	if (addr_parse(host, &addr) < 0)
		return -EINVAL;

	bits = addr_size(addr.family) * 8;
	prefix.family = addr.family;
	prefix.len = (uint8_t)bits;
	memcpy(prefix.ip, addr.ip, sizeof(prefix.ip));
	if (slash && len_parse(slash + 1, bits, &prefix.len) < 0)
		return -EINVAL;
	for (size_t i = prefix.len; i < bits; i++) {
		if (bit_set(prefix.ip, i))
			return -EINVAL;
	}
	*ret = prefix;
	return 0;
}

const char *prefix_format(const struct prefix *prefix, char text[static ADDR_TEXT_MAX])
{
	char ip[INET6_ADDRSTRLEN];

	snprintf(text, ADDR_TEXT_MAX, "%s/%u", ip_format(prefix->family, prefix->ip, ip),
		 prefix->len);
	return text;
}

bool prefix_contains(const struct prefix *prefix, const struct addr *addr)
{
	size_t octets = prefix->len / 8;
	unsigned int rest = prefix->len % 8;

	if (prefix->family == ADDR_NONE || prefix->family != addr->family)
		return false;
	if (memcmp(prefix->ip, addr->ip, octets) != 0)
		return false;
	return !rest || (prefix->ip[octets] ^ addr->ip[octets]) >> (8 - rest) == 0;
}
