/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kinds of sections, and the tables of their keys. Rows stand in the order of the manual page,
 * which is also the one in which they take effect.
 */
#include "config/keys.h"

const struct section_info config_sections[SECTION_MAX] = {
	[SECTION_GLOBAL] = {NULL, "The daemon as a whole"},
	[SECTION_LISTEN] = {"listen", "Where tunnels of others are accepted"},
	[SECTION_PPP] = {"ppp", "How pppd runs the PPP of a call", .titled = true},
	[SECTION_PEER] = {"peer", "Who may call, and how tunnels with it are run", .titled = true},
	[SECTION_TUNNEL] = {"tunnel", "A tunnel that is opened and kept open", .titled = true},
	[SECTION_SESSION] = {"session", "A call that is placed, as LAC, and kept up",
			     .titled = true},
	[SECTION_RADIUS] = {"radius", "A RADIUS server", .titled = true},
	[SECTION_DESTINATION] = {"destination", "An LNS that calls may go to", .titled = true},
	[SECTION_DOMAIN] = {"domain", "What becomes of the calls of a domain", .titled = true},
	[SECTION_PPPOE] = {"pppoe", "Where callers dial in", .titled = true},
	[SECTION_STEERING] = {"steering", "How a call finds its tunnel", .single = true},
	[SECTION_SWITCH] = {"switch", "What a call keeps that goes from tunnel to tunnel",
			    .single = true},
};

static const struct config_table *const tables[] = {
	&keys_l2tp, &keys_ppp, &keys_calls, &keys_lac, &keys_radius,
};

#define N_TABLES (sizeof(tables) / sizeof(tables[0]))

const struct config_key *config_key_next(const struct config_key *last)
{
	if (!last)
		return tables[0]->keys;
	for (size_t i = 0; i < N_TABLES; i++) {
		size_t row = (size_t)(last - tables[i]->keys);

		if (last < tables[i]->keys || row >= tables[i]->n)
			continue;
		if (row + 1 < tables[i]->n)
			return last + 1;
		return i + 1 < N_TABLES ? tables[i + 1]->keys : NULL;
	}
	return NULL;
}

size_t config_key_count(void)
{
	size_t n = 0;

	for (size_t i = 0; i < N_TABLES; i++)
		n += tables[i]->n;
	return n;
}
