/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The messages that came ahead of order, kept until those before them arrive.
 */
#pragma once

#include "transport/transport.h"

struct early_message {
	struct control_header header;
	size_t len;
	uint8_t body[];
};

/*
 * Keeps a copy of a message whose Ns is `ahead` of nr, 1 to config.window - 1. Returns 0, -EEXIST
 * when it is there already, or -ENOMEM.
 */
int early_put(struct transport *t, uint16_t ahead, const struct control_header *header,
	      struct bytes body);
/* Follows nr, which moved on by one. */
void early_advance(struct transport *t);
/* Gives the message that nr now names to the caller, who frees it; NULL if it has not come. */
struct early_message *early_take(struct transport *t);
void early_clear(struct transport *t);
