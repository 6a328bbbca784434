/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim_lac [-v] SEED: one seed, with -v and all that happens in it.
 * sim_lac COUNT FIRST: that many, from that one on. As TAP; what came of them is said at the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/sim/lac/lac_sim.h"

#define SECONDS_A_SEED 60

static void play(uint64_t seed, bool verbose, struct totals *totals)
{
	world_begin(seed);
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
	{"subscribers dial", offsetof(struct totals, dials), 3000},
	{"calls", offsetof(struct totals, calls), 3000},
	{"calls up", offsetof(struct totals, up), 1000},
	{"at a pppd", offsetof(struct totals, local), 50},
	{"destinations that failed a call", offsetof(struct totals, moved), 200},
	{"calls without a tunnel", offsetof(struct totals, refused), 50},
	{"ended when up", offsetof(struct totals, ended), 500},
	{"ended before", offsetof(struct totals, failed), 500},
	{"LCP begun anew", offsetof(struct totals, restarts), 200},
	{"switched", offsetof(struct totals, switched), 50},
	{"requests of RADIUS", offsetof(struct totals, requests), 500},
	{"records", offsetof(struct totals, accounts), 500},
	{"lockouts", offsetof(struct totals, lockouts), 100},
	{"reloads", offsetof(struct totals, reloads), 100},
	{"LNSs that died", offsetof(struct totals, deaths), 50},
	{"bridges", offsetof(struct totals, bridges), 1000},
	{"failures of kernels", offsetof(struct totals, kernel_failures), 100},
	{"no memory", offsetof(struct totals, no_memory), 0},
	{"stopped in the middle", offsetof(struct totals, early_stops), 10},
	{"PADTs", offsetof(struct totals, padts), 300},
	{"up in the end", offsetof(struct totals, came_back), 1000},
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
		fprintf(stderr, "sim_lac: %s: not a number\n", text);
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
		fprintf(stderr, "usage: sim_lac -v SEED | sim_lac COUNT FIRST\n");
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
