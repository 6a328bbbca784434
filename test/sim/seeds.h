/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A simulator as a program: what its command line says is played, and what came of it is told.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What happened in all seeds together. */
struct seeds_total {
	const char *name;
	const uint64_t *count;
	/* At least so many in a hundred seeds. */
	unsigned int least;
};

struct seeds {
	const char *program;
	void (*play)(uint64_t seed, bool verbose);
	const struct seeds_total *totals;
	size_t n_totals;
};

/*
 * PROGRAM -v SEED: one seed, and all that happens in it.
 * PROGRAM COUNT FIRST: that many, from that one on. As TAP; the totals are said at the end.
 *
 * Returns the exit status: 1 when there was too little of something, 2 for a bad command line.
 */
int seeds_main(const struct seeds *seeds, int argc, char **argv);
