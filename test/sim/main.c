/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Boxes that run the real engine, as a program: what a seed is, and the figures that show life.
 */
#include "test/sim/seeds.h"
#include "test/sim/sim.h"

static struct totals totals;

static const struct seeds_total rows[] = {
	{"tunnels up", &totals.tunnels_up, 200},
	{"sessions up", &totals.sessions_up, 300},
	{"PPP up", &totals.ppp_up, 200},
	{"failed", &totals.failed, 200},
	{"refused", &totals.refused, 50},
	{"packets", &totals.packets, 5000},
	{"messages delivered", &totals.delivered, 1000},
	{"retransmissions", &totals.retransmits, 500},
	{"duplicates", &totals.duplicates, 50},
	{"out of order", &totals.out_of_order, 20},
	{"no memory for the early", &totals.no_memory, 0},
	{"unexpected", &totals.unexpected, 1},
	{"restarts", &totals.restarts, 50},
	{"stale tunnels told", &totals.stale_told, 20},
	{"NATs that forgot", &totals.rebinds, 20},
	{"tunnels in agreement", &totals.survived, 50},
	{"calls in agreement", &totals.calls_agreed, 100},
};

static void play(uint64_t seed, bool verbose)
{
	sim_begin(seed);
	world_play(seed, verbose, &totals);
}

int main(int argc, char **argv)
{
	const struct seeds seeds = {
		.program = "sim",
		.play = play,
		.totals = rows,
		.n_totals = sizeof(rows) / sizeof(rows[0]),
	};

	return seeds_main(&seeds, argc, argv);
}
