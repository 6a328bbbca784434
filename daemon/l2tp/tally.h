/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much somebody has of us: tunnels that hold a tally in common, found by a key.
 *
 * The key is a hash with a secret seed (base/hash.h) of whoever is counted, a peer's name or a
 * source address: two that share it share a limit, which nobody can bring about. A tally lives as
 * long as something holds it, so their number is bounded by that of the tunnels.
 */
#pragma once

#include "base/hash.h"

struct tally {
	struct hash_node node;
	unsigned int holders;
	/* Of a peer: tunnels that are not ending, sessions, and half-open tunnels. */
	unsigned int tunnels;
	unsigned int sessions;
	unsigned int half_open;
};

/* The tally of the key, held once more. Returns 0 or -ENOMEM. */
int tally_take(struct hash *table, uint64_t key, struct tally **ret);
/* The last one frees it. */
void tally_give(struct hash *table, struct tally *tally);
/* NULL when nothing holds one. */
const struct tally *tally_find(const struct hash *table, uint64_t key);
