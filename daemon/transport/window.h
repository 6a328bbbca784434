/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many messages may be under way: the peer's window and RFC 2661 appendix A.
 */
#pragma once

#include "transport/transport.h"

/* A transport that has sent nothing yet, to a peer that named no window. */
void window_init(struct transport *t);
/* How many more messages may be sent now. */
unsigned int window_room(const struct transport *t);
/* An acknowledgement of something new came in. */
void window_grow(struct transport *t);
/* A message has to be sent again, for the first time. */
void window_cut(struct transport *t);
