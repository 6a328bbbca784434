/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The port where orders of RADIUS come in.
 */
#pragma once

#include "aditd.h"

struct radius_orders {
	struct aditd *d;
	/* Of our own address, or of either family. */
	struct order_port {
		struct radius_orders *orders;
		ev_io ev; /* fd -1: not open */
		struct addr addr;
	} ports[2];
};

void radius_orders_init(struct radius_orders *orders, struct aditd *d);
/* Where the configuration wants them now; one that cannot be opened is logged. */
void radius_orders_set(struct radius_orders *orders, const struct radius_settings *settings);
/* From the address that the order came to. */
void radius_orders_reply(const struct radius_orders *orders, const struct addr *local,
			 const struct addr *peer, struct bytes packet);
void radius_orders_close(struct radius_orders *orders);
