/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls of a LAC against LNSs, as a program: what a seed is, and the figures that show life.
 */
#include "test/sim/seeds.h"
#include "test/sim/steer/steer_sim.h"

static struct totals totals;

static const struct seeds_total rows[] = {
	{"calls", &totals.calls, 1000000},
	{"calls up", &totals.up, 300000},
	{"failed over", &totals.failed_over, 100000},
	{"refused", &totals.refused, 50000},
	{"of those, for lack of room", &totals.full, 10000},
	{"locked out when well", &totals.hidden, 100},
	{"tunnels opened", &totals.tunnels, 10000},
	{"calls that joined one", &totals.shared, 500000},
	{"lockouts", &totals.lockouts, 3000},
	{"probes", &totals.probes, 2000},
	{"tests", &totals.tests, 1000},
	{"last chances", &totals.last_chances, 20000},
};

static void play(uint64_t seed, bool verbose)
{
	fair_play(seed);
	world_play(seed, verbose, &totals);
}

int main(int argc, char **argv)
{
	const struct seeds seeds = {
		.program = "sim_steer",
		.play = play,
		.totals = rows,
		.n_totals = sizeof(rows) / sizeof(rows[0]),
	};

	return seeds_main(&seeds, argc, argv);
}
