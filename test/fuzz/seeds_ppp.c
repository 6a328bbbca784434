/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Seeds for fuzz_ppp: callers that come far.
 */
#include "seeds.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define OCTETS(...)                                                                    \
	{                                                                              \
		(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}) \
	}
/* How he may authenticate, and what is made of it: 1 PAP, 3 all, 8 accept, 16 reject. */
#define LCP(code, id, len) (len) + 6, 0xc0, 0x21, code, id, 0, (len) + 4
#define REQUEST LCP(1, 1, 10), 1, 4, 5, 0xd4, 5, 6, 9, 9, 9, 9
#define ACK 255, 0
#define PAP 13, 0xc0, 0x23, 1, 1, 0, 11, 3, 'j', 'o', 'e', 2, 'p', 'w'
#define SIXTEEN 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
#define CHAP 26, 0xc2, 0x23, 2, 1, 0, 24, 16, SIXTEEN, 'j', 'o', 'e'

static const struct {
	const char *name;
	struct bytes input;
} callers[] = {
	{"pap", OCTETS(9, REQUEST, ACK, PAP, PAP, LCP(9, 2, 6), 9, 9, 9, 9, 1, 2, LCP(5, 3, 0))},
	{"pap-rejected", OCTETS(17, REQUEST, ACK, PAP, 0, 1, LCP(6, 2, 0))},
	{"chap", OCTETS(11, REQUEST, LCP(3, 1, 5), 3, 5, 0xc2, 0x23, 5, ACK, 0, 3, CHAP, CHAP)},
	{"none", OCTETS(0, REQUEST, ACK, 0, 9, REQUEST, ACK)},
	{"rejected", OCTETS(4, LCP(1, 1, 16), 2, 6, 0, 0, 0, 0, 7, 2, 8, 2, 1, 4, 5, 0xdc, 3, 2,
			    LCP(4, 1, 4), 1, 4, 5, 0xd4, LCP(4, 1, 4), 1, 4, 5, 0xdc)},
	{"codes", OCTETS(1, REQUEST, ACK, LCP(8, 1, 3), 0xc0, 0x23, 1, LCP(7, 1, 4), 12, 1, 0, 4,
			 LCP(12, 1, 0), LCP(11, 1, 4), 0, 0, 0, 0, 4, 0xc0, 0x99, 1, 1)},
	{"silent", OCTETS(2, 0, 255)},
};

void seeds_ppp(void)
{
	for (size_t i = 0; i < COUNT(callers); i++)
		seed_write("ppp", callers[i].name, callers[i].input);
}
