/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Seeds for fuzz_transport: games that reach each part of the transport.
 */
#include "fuzz_transport.h"
#include "seeds.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define OCTETS(...)                                                                    \
	{                                                                              \
		(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}) \
	}
/* Flags, hello interval, first Ns, first Nr. */
#define HEAD(flags, hello, ns, nr) flags, 8, 5, hello, (ns) >> 8, (ns)&255, (nr) >> 8, (nr)&255
#define SEND(side, n, what) TRANSPORT_SEND, side, (n)-1, TRANSPORT_DO_##what
#define RX(ns, nr, what) TRANSPORT_RX, (ns)&255, (nr)&255, TRANSPORT_DO_##what + TRANSPORT_DO_MAX
#define ZLB(nr) TRANSPORT_RX, 0, (nr)&255, 0
#define TIME(ticks) TRANSPORT_TIME, ticks
#define ARRIVE TRANSPORT_ARRIVE, 0

static const struct {
	const char *name;
	struct bytes input;
} games[] = {
	{"pair", OCTETS(HEAD(TRANSPORT_PAIR, 0, 0, 0), SEND(0, 3, ANSWER), ARRIVE, ARRIVE, ARRIVE,
			TIME(3), ARRIVE, ARRIVE, SEND(1, 20, NOTHING), ARRIVE, ARRIVE)},
	{"pair-loses", OCTETS(HEAD(TRANSPORT_PAIR, 0, 65534, 65530), SEND(0, 6, ANSWER),
			      SEND(1, 6, NOTHING), TRANSPORT_LOSE, 0, TIME(25), ARRIVE,
			      TRANSPORT_DOUBLE, 0, TIME(50), TRANSPORT_ARRIVE, 1, TIME(3), ARRIVE)},
	{"pair-closes",
	 OCTETS(HEAD(TRANSPORT_PAIR | TRANSPORT_FREES, 60, 0, 0), SEND(0, 2, NOTHING), ARRIVE,
		SEND(1, 1, CLOSE), ARRIVE, TRANSPORT_CLOSE, 0, ARRIVE, ARRIVE, TIME(4), ARRIVE)},
	{"pair-window", OCTETS(HEAD(TRANSPORT_PAIR, 0, 0, 0), TRANSPORT_WINDOW, 0, 8,
			       SEND(0, 30, WINDOW), ARRIVE, TIME(3), ARRIVE, ARRIVE, ARRIVE,
			       TRANSPORT_WINDOW, 0, 0, TRANSPORT_CANCEL, 0, TIME(3), ARRIVE)},
	{"pair-parts", OCTETS(HEAD(TRANSPORT_PAIR, 2, 0, 0), SEND(0, 1, NOTHING), TIME(255),
			      TIME(255), TIME(255), TIME(255))},
	{"alone-early",
	 OCTETS(HEAD(0, 0, 0, 65533), RX(2, 0, NOTHING), RX(1, 0, NOTHING), RX(2, 0, NOTHING),
		RX(9, 0, NOTHING), RX(0, 0, ANSWER), RX(-1, 0, NOTHING), ZLB(0), TIME(4))},
	{"alone-false-nr", OCTETS(HEAD(0, 0, 65535, 0), SEND(0, 4, NOTHING), ZLB(0), ZLB(1),
				  ZLB(-1), ZLB(-3), ZLB(0), TIME(30))},
	{"alone-muted", OCTETS(HEAD(0, 60, 0, 0), SEND(0, 3, NOTHING), RX(0, 0, MUTE),
			       RX(0, 0, NOTHING), TIME(10))},
	{"alone-ends",
	 OCTETS(HEAD(TRANSPORT_FREES, 0, 0, 0), SEND(0, 1, NOTHING), RX(0, 0, CLOSE))},
	{"alone-dies",
	 OCTETS(HEAD(0, 0, 0, 0), RX(1, 0, NOTHING), RX(0, 0, FINI), RX(0, 0, NOTHING))},
	{"alone-hello", OCTETS(HEAD(TRANSPORT_FREES, 1, 0, 0), ZLB(0), TIME(19), TIME(19))},
	{"alone-memory",
	 OCTETS(HEAD(0, 1, 0, 0), TRANSPORT_MEMORY, 1, SEND(0, 1, NOTHING), TRANSPORT_MEMORY, 2,
		SEND(0, 1, NOTHING), TRANSPORT_MEMORY, 1, RX(2, 0, NOTHING), TRANSPORT_MEMORY, 2,
		RX(2, 0, NOTHING), TRANSPORT_MEMORY, 1, RX(0, 0, NOTHING))},
	{"alone-config", OCTETS(HEAD(0, 10, 0, 0), SEND(0, 1, NOTHING), TIME(100), ZLB(0),
				TRANSPORT_CONFIG, 0, 2, 1, TIME(100), TRANSPORT_MUTE, TIME(100))},
};

void seeds_transport(void)
{
	for (size_t i = 0; i < COUNT(games); i++)
		seed_write("transport", games[i].name, games[i].input);
}
