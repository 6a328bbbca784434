/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What would become of a call, without a call: for `adit test steer`.
 */
#include <stdio.h>

#include "steer/private.h"

/* The level that the choice of a call falls on is of interest, not the lot. */
static uint32_t draw_first(void *ctx, uint32_t n)
{
	(void)ctx;
	(void)n;
	return 0;
}

static const char *const sharings[] = {
	[STEER_ROUND_ROBIN] = "its turn",
	[STEER_WEIGHTED] = "least filled",
	[STEER_LEAST_SESSIONS] = "fewest sessions",
	[STEER_RANDOM] = "by lot",
};

/* What marks the tunnel with that number, or nothing. */
static const char *mark(const struct steer *steer, const struct steer_prospect *prospects, int at,
			int chosen, bool last)
{
	if (chosen < 0)
		return "";
	if (last)
		return at == chosen ? ", taken: all are locked out, and it failed first" : "";
	if (steer->settings.sharing == STEER_RANDOM)
		return prospects[at].level == prospects[chosen].level &&
				       prospects[at].standing == prospects[chosen].standing
			       ? ", taken by lot"
			       : "";
	return at == chosen ? ", taken: " : "";
}

void steer_explain(const struct steer *steer, const struct steer_set *set, usec_t now,
		   void (*line)(void *ctx, const char *text), void *ctx)
{
	struct steer_prospect prospects[STEER_TUNNELS_MAX];
	char text[512], words[256];
	const char *marked;
	bool last;
	int chosen;

	steer_look(steer, set, 0, prospects);
	chosen =
		steer_choose(&steer->settings, prospects, set->n, 0, true, draw_first, NULL, &last);
	for (size_t i = 0; i < set->n; i++) {
		marked = mark(steer, prospects, (int)i, chosen, last);
		steer_standing_text(&prospects[i], now, words, sizeof(words));
		snprintf(text, sizeof(text), "preference %u: %s (%s): %s%s%s",
			 set->tunnels[i].preference, set->tunnels[i].name, set->tunnels[i].server,
			 words, marked,
			 (int)i == chosen && !last && steer->settings.sharing != STEER_RANDOM
				 ? sharings[steer->settings.sharing]
				 : "");
		line(ctx, text);
	}
}
