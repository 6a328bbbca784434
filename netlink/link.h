/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Links, addresses and routes through libnl-route: short requests that do not wait.
 *
 * libnl-route's own names begin with rtnl_, so ours do not.
 */
#pragma once

#include <stdint.h>

#include "base/addr.h"

struct link_nl;

int link_nl_open(struct link_nl **ret);
/* Takes NULL. */
void link_nl_close(struct link_nl *nl);

/*
 * MTU of the path to an address as routing sees it now: the route's metric, else its device's.
 * mark: the SO_MARK that packets will carry, 0 for none. -ENETUNREACH and others: no route.
 */
int link_nl_path_mtu(struct link_nl *nl, const struct addr *peer, uint32_t mark, uint32_t *ret);
