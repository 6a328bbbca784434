/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim [-v] SEED: one seed, with -v and all that happens in it.
 * sim COUNT FIRST: that many, from that one on. As TAP; what came of them is said at the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/sim/sim.h"

/* A seed takes a millisecond. */
#define SECONDS_A_SEED 60

static void play(uint64_t seed, bool verbose, struct totals *totals)
{
	sim_begin(seed);
	alarm(SECONDS_A_SEED);
	world_play(seed, verbose, totals);
	alarm(0);
}

static const struct row {
	const char *name;
	size_t offset;
	/* At least so many in a hundred seeds. */
	unsigned int least;
} rows[] = {
	{"tunnels up", offsetof(struct totals, tunnels_up), 200},
	{"sessions up", offsetof(struct totals, sessions_up), 300},
	{"PPP up", offsetof(struct totals, ppp_up), 200},
	{"failed", offsetof(struct totals, failed), 200},
	{"refused", offsetof(struct totals, refused), 50},
	{"packets", offsetof(struct totals, packets), 5000},
	{"messages delivered", offsetof(struct totals, delivered), 1000},
	{"retransmissions", offsetof(struct totals, retransmits), 500},
	{"duplicates", offsetof(struct totals, duplicates), 50},
	{"out of order", offsetof(struct totals, out_of_order), 20},
	{"no memory for the early", offsetof(struct totals, no_memory), 0},
	{"unexpected", offsetof(struct totals, unexpected), 1},
	{"restarts", offsetof(struct totals, restarts), 50},
	{"stale tunnels told", offsetof(struct totals, stale_told), 20},
	{"NATs that forgot", offsetof(struct totals, rebinds), 20},
	{"tunnels in agreement", offsetof(struct totals, survived), 50},
	{"calls in agreement", offsetof(struct totals, calls_agreed), 100},
};

/* That there was enough life in them is part of the test. */
static int report(const struct totals *totals, uint64_t seeds)
{
	int bad = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const uint64_t *value = (const uint64_t *)((const char *)totals + rows[i].offset);
		bool enough = seeds < 100 || *value * 100 >= seeds * rows[i].least;

		printf("# %10llu %s%s\n", (unsigned long long)*value, rows[i].name,
		       enough ? "" : ": too few");
		bad += !enough;
	}
	return bad;
}

static uint64_t number(const char *text)
{
	char *end;
	uint64_t value = strtoull(text, &end, 10);

	if (*end || !*text) {
		fprintf(stderr, "sim: %s: not a number\n", text);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	struct totals totals = {0};
	uint64_t count, first;
	int bad;

	if (argc == 3 && strcmp(argv[1], "-v") == 0) {
		play(number(argv[2]), true, &totals);
		return report(&totals, 1);
	}
	if (argc != 3) {
		fprintf(stderr, "usage: sim -v SEED | sim COUNT FIRST\n");
		return 2;
	}
	count = number(argv[1]);
	first = number(argv[2]);
	printf("1..1\n");
	fflush(stdout);
	for (uint64_t seed = first; seed < first + count; seed++)
		play(seed, false, &totals);
	bad = report(&totals, count);
	printf("%sok 1 - seeds %llu to %llu\n", bad ? "not " : "", (unsigned long long)first,
	       (unsigned long long)(first + count - 1));
	return bad != 0;
}
