/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processor time, not the clock on the wall: others may use this machine too. The longest call is
 * told by the wall, since asking for processor time costs as much as a call, but is never more than
 * the processor time of its few neighbours and itself.
 */
#include <time.h>

#include "test/sim/load/load.h"

#define NEIGHBOURS 32

static uint64_t read_clock(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

void meter_run(struct meter *meter, struct load *load, size_t n,
	       void (*call)(struct load *load, size_t i))
{
	for (size_t i = 0; i < n;) {
		size_t end = i + NEIGHBOURS < n ? i + NEIGHBOURS : n;
		uint64_t cpu = read_clock(CLOCK_THREAD_CPUTIME_ID);
		uint64_t wall = read_clock(CLOCK_MONOTONIC), longest = 0, then;

		meter->calls += end - i;
		for (; i < end; i++) {
			call(load, i);
			then = wall;
			wall = read_clock(CLOCK_MONOTONIC);
			longest = wall - then > longest ? wall - then : longest;
		}
		cpu = read_clock(CLOCK_THREAD_CPUTIME_ID) - cpu;
		meter->ns += cpu;
		longest = longest < cpu ? longest : cpu;
		meter->longest = longest > meter->longest ? longest : meter->longest;
	}
}

double meter_us(const struct meter *meter, uint64_t per)
{
	return per ? (double)meter->ns / 1000 / (double)per : 0;
}
