/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Seeds for fuzz_pppoe: games that reach each part of discovery.
 */
#include "fuzz_pppoe.h"
#include "seeds.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define OCTETS(...)                                                                    \
	{                                                                              \
		(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}) \
	}
#define PADI(client, ...) PPPOE_FRAME, 0x09, client, 0, 0, __VA_ARGS__
#define PADR(client, ...) PPPOE_FRAME, 0x19, client, 0, 0, __VA_ARGS__
#define PADT(client, id, ...) PPPOE_FRAME, 0xa7, client, 0, id, __VA_ARGS__
#define ANY 4, 1, 1, 0, 0
#define TIN 7, 1, 1, 0, 3, 't', 'i', 'n'
#define UNIQ 9, 1, 1, 0, 0, 1, 3, 0, 1, 7
#define RELAYED 15, 1, 1, 0, 0, 1, 3, 0, 1, 7, 1, 0x10, 0, 2, 5, 6
#define LARGE 10, 1, 1, 0, 0, 1, 0x20, 0, 2, 5, 220
#define LINE                                                                                      \
	36, 1, 1, 0, 0, 1, 5, 0, 28, 0, 0, 0x0d, 0xe9, 1, 2, 'c', '1', 2, 1, 'r', 0x81, 4, 0, 15, \
		66, 64, 0x90, 3, 1, 2, 3, 0xfe, 0, 0x44, 0, 0x82, 0
#define ERROR 6, 2, 3, 0, 2, 'n', 'o'

static const struct {
	const char *name;
	struct bytes input;
} games[] = {
	{"session",
	 OCTETS(0, PADI(1, ANY), PADR(1, ANY), PPPOE_ACCEPT, 0, PADT(1, 3, ERROR), PPPOE_CLOSE, 0)},
	{"ends", OCTETS(0, PADR(1, RELAYED), PPPOE_ACCEPT, 0, PPPOE_CLOSE, 0)},
	{"refused", OCTETS(0, PADR(1, UNIQ), PPPOE_REFUSE, 0, PADR(1, UNIQ), PPPOE_CLOSE, 0)},
	{"eager", OCTETS(PPPOE_EAGER, PADR(1, ANY), PADR(2, ANY), PADT(1, 3, 0), PPPOE_DOWN)},
	{"again", OCTETS(PPPOE_EAGER, PADR(1, UNIQ), PADR(1, UNIQ), PPPOE_TIME, 20, PADR(1, UNIQ),
			 PPPOE_STOP)},
	{"services", OCTETS(PPPOE_WITH_SERVICES, PADI(1, ANY), PADI(1, TIN), PADI(1, UNIQ),
			    PADR(1, TIN), PPPOE_ACCEPT, 0)},
	{"limits", OCTETS(PPPOE_WITH_LIMITS, PADR(1, ANY), PADR(1, UNIQ), PADR(1, RELAYED),
			  PADR(2, ANY), PADR(3, ANY), PADI(3, ANY), PPPOE_STOP)},
	{"rates", OCTETS(PPPOE_WITH_RATES, PADI(1, ANY), PADI(1, ANY), PADI(1, ANY), PADI(2, ANY),
			 PADI(3, ANY), PPPOE_TIME, 1, PADI(1, ANY))},
	{"jumbo", OCTETS(PPPOE_WITH_JUMBO | PPPOE_EAGER, PADI(1, LARGE), PADR(1, LARGE))},
	{"line", OCTETS(PPPOE_EAGER, PADI(1, LINE), PADR(1, LINE))},
	{"memory", OCTETS(0, PPPOE_MEMORY, 1, PADR(1, ANY), PPPOE_MEMORY, 2, PADR(1, ANY),
			  PPPOE_MEMORY, 3, PADR(1, LINE))},
	{"raw", OCTETS(0, PPPOE_RAW, 0, 26, 255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 9, 0x88,
		       0x63, 0x11, 9, 0, 0, 0, 4, 1, 1, 0, 0, 0, 0)},
};

void seeds_pppoe(void)
{
	for (size_t i = 0; i < COUNT(games); i++)
		seed_write("pppoe", games[i].name, games[i].input);
}
