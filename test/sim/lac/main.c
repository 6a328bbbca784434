/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A LAC as a whole, as a program: what a seed is, and the figures that show life.
 */
#include "test/sim/lac/lac_sim.h"
#include "test/sim/seeds.h"

static struct totals totals;

static const struct seeds_total rows[] = {
	{"subscribers dial", &totals.dials, 3000},
	{"calls", &totals.calls, 3000},
	{"calls up", &totals.up, 1000},
	{"at a pppd", &totals.local, 50},
	{"destinations that failed a call", &totals.moved, 200},
	{"calls without a tunnel", &totals.refused, 50},
	{"ended when up", &totals.ended, 500},
	{"ended before", &totals.failed, 500},
	{"LCP begun anew", &totals.restarts, 200},
	{"switched", &totals.switched, 50},
	{"requests of RADIUS", &totals.requests, 500},
	{"records", &totals.accounts, 500},
	{"lockouts", &totals.lockouts, 100},
	{"reloads", &totals.reloads, 100},
	{"LNSs that died", &totals.deaths, 50},
	{"bridges", &totals.bridges, 1000},
	{"failures of kernels", &totals.kernel_failures, 100},
	{"no memory", &totals.no_memory, 0},
	{"stopped in the middle", &totals.early_stops, 10},
	{"PADTs", &totals.padts, 300},
	{"up in the end", &totals.came_back, 1000},
};

static void play(uint64_t seed, bool verbose)
{
	world_begin(seed);
	world_play(seed, verbose, &totals);
}

int main(int argc, char **argv)
{
	const struct seeds seeds = {
		.program = "sim_lac",
		.play = play,
		.totals = rows,
		.n_totals = sizeof(rows) / sizeof(rows[0]),
	};

	return seeds_main(&seeds, argc, argv);
}
