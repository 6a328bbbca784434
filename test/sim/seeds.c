/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plays the seeds of the command line.
 */
#include "test/sim/seeds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A seed takes milliseconds. */
#define SECONDS_A_SEED 60

static void play(const struct seeds *seeds, uint64_t seed, bool verbose)
{
	alarm(SECONDS_A_SEED);
	seeds->play(seed, verbose);
	alarm(0);
}

/* That there was enough life in them is part of the test. */
static int report(const struct seeds *seeds, uint64_t played)
{
	int bad = 0;

	for (size_t i = 0; i < seeds->n_totals; i++) {
		const struct seeds_total *total = &seeds->totals[i];
		bool enough = played < 100 || *total->count * 100 >= played * total->least;

		printf("# %10llu %s%s\n", (unsigned long long)*total->count, total->name,
		       enough ? "" : ": too few");
		bad += !enough;
	}
	return bad;
}

static uint64_t number(const struct seeds *seeds, const char *text)
{
	char *end;
	uint64_t value = strtoull(text, &end, 10);

	if (*end || !*text) {
		fprintf(stderr, "%s: %s: not a number\n", seeds->program, text);
		exit(2);
	}
	return value;
}

int seeds_main(const struct seeds *seeds, int argc, char **argv)
{
	uint64_t count, first;
	int bad;

	if (argc == 3 && strcmp(argv[1], "-v") == 0) {
		play(seeds, number(seeds, argv[2]), true);
		return report(seeds, 1);
	}
	if (argc != 3) {
		fprintf(stderr, "usage: %s -v SEED | %s COUNT FIRST\n", seeds->program,
			seeds->program);
		return 2;
	}
	count = number(seeds, argv[1]);
	first = number(seeds, argv[2]);
	printf("1..1\n");
	fflush(stdout);
	for (uint64_t seed = first; seed < first + count; seed++)
		play(seeds, seed, false);
	bad = report(seeds, count);
	printf("%sok 1 - seeds %llu to %llu\n", bad ? "not " : "", (unsigned long long)first,
	       (unsigned long long)(first + count - 1));
	return bad != 0;
}
