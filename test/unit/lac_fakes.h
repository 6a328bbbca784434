/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the daemon would do for a LAC: kernel channels, names, counters and pppds, now or later.
 */
#pragma once

#include "lac/lac.h"
#include "lac_subscriber.h"
#include "pppoe/ac.h"

#define NEWS_MAX 1024

enum fake_lac_op {
	LAC_CHANNEL_CREATE,
	LAC_CHANNEL_DELETE,
	LAC_RESOLVE,
	LAC_COUNT,
	LAC_PPPD_UP,
	LAC_PPPD_STOP,
	LAC_FRAME, /* to the LAC */
	LAC_FAKE_MAX,
};

/* Completes what was held. */
void lac_release(struct lac_world *f, enum fake_lac_op op);
void pppd_ends(struct subscriber *s);
#define expect_news(f, text) _expect_news(f, text, __FILE__, __LINE__)
void _expect_news(struct lac_world *f, const char *text, const char *file, int line);

/* --- for the rest of the world --- */

extern const struct lac_ops fake_lac_ops;
extern const struct pppoe_ops fake_pppoe_ops;
/* What a subscriber says reaches the LAC a little later. */
void lac_take_frame(struct subscriber *s, struct bytes frame);
