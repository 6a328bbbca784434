/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's view of a status message of the plugin.
 */
#pragma once

#include "ppp/pppd.h"
#include "ppp/status.h"

/*
 * Checks a datagram; the texts come out cleaned of what is not printable. Returns 0, or -EPROTO
 * when it is not a status message of our version.
 */
int ppp_status_read(const void *data, size_t len, struct ppp_status *ret);
/* Addresses of IPv4 when IPCP is open, else the link-local ones. */
void ppp_status_link(const struct ppp_status *status, struct pppd_link *ret);
bool pppd_link_equal(const struct pppd_link *a, const struct pppd_link *b);
