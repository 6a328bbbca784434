/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim_steer [-v] SEED: one seed, with -v and all that happens in it.
 * sim_steer COUNT FIRST: that many, from that one on. As TAP; what came of them is said at the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/sim/steer/steer_sim.h"

#define SECONDS_A_SEED 60

static void play(uint64_t seed, bool verbose, struct totals *totals)
{
	alarm(SECONDS_A_SEED);
	fair_play(seed);
	world_play(seed, verbose, totals);
	alarm(0);
}

static const struct row {
	const char *name;
	size_t offset;
	/* At least so many in a hundred seeds. */
	unsigned int least;
} rows[] = {
	{"calls", offsetof(struct totals, calls), 1000000},
	{"calls up", offsetof(struct totals, up), 300000},
	{"failed over", offsetof(struct totals, failed_over), 100000},
	{"refused", offsetof(struct totals, refused), 50000},
	{"of those, for lack of room", offsetof(struct totals, full), 10000},
	{"locked out when well", offsetof(struct totals, hidden), 100},
	{"tunnels opened", offsetof(struct totals, tunnels), 10000},
	{"calls that joined one", offsetof(struct totals, shared), 500000},
	{"lockouts", offsetof(struct totals, lockouts), 3000},
	{"probes", offsetof(struct totals, probes), 2000},
	{"tests", offsetof(struct totals, tests), 1000},
	{"last chances", offsetof(struct totals, last_chances), 20000},
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
		fprintf(stderr, "sim_steer: %s: not a number\n", text);
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
		fprintf(stderr, "usage: sim_steer -v SEED | sim_steer COUNT FIRST\n");
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
