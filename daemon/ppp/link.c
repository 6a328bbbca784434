/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads status messages. They come from a process of ours, but that process talks to strangers:
 * its messages are checked like any other input.
 */
#include "ppp/link.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"

#define ALL_FACTS                                                                      \
	(PPP_LCP_SEEN | PPP_LCP_OPEN | PPP_AUTHENTICATED | PPP_IPV4_UP | PPP_IPV6_UP | \
	 PPP_PEER_CLOSED | PPP_ENDED)

static bool is_terminated(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

int ppp_status_read(const void *data, size_t len, struct ppp_status *ret)
{
	struct ppp_status status;

	if (len != sizeof(status))
		return -EPROTO;
	memcpy(&status, data, sizeof(status));
	if (status.version != PPP_STATUS_VERSION || status.facts & ~ALL_FACTS)
		return -EPROTO;
	if (!is_terminated(status.ifname, sizeof(status.ifname)) ||
	    !is_terminated(status.user, sizeof(status.user)))
		return -EPROTO;
	text_clean(status.ifname);
	text_clean(status.user);
	*ret = status;
	return 0;
}

static struct addr ipv4(const uint8_t ip[static 4])
{
	struct addr addr = {.family = ADDR_IPV4};

	memcpy(addr.ip, ip, 4);
	return addr;
}

static struct addr ipv6(const uint8_t ip[static 16], uint32_t ifindex)
{
	struct addr addr = {.family = ADDR_IPV6, .scope = ifindex};

	memcpy(addr.ip, ip, 16);
	return addr;
}

void ppp_status_link(const struct ppp_status *status, struct pppd_link *ret)
{
	struct pppd_link link = {0};

	memcpy(link.ifname, status->ifname, sizeof(link.ifname));
	memcpy(link.user, status->user, sizeof(link.user));
	if (status->facts & PPP_IPV4_UP) {
		link.local = ipv4(status->local4);
		link.remote = ipv4(status->remote4);
	} else if (status->facts & PPP_IPV6_UP) {
		link.local = ipv6(status->local6, status->ifindex);
		link.remote = ipv6(status->remote6, status->ifindex);
	}
	*ret = link;
}

static bool same_addr(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && addr_equal(a, b);
}

bool pppd_link_equal(const struct pppd_link *a, const struct pppd_link *b)
{
	return !strcmp(a->ifname, b->ifname) && !strcmp(a->user, b->user) &&
	       same_addr(&a->local, &b->local) && same_addr(&a->remote, &b->remote);
}
