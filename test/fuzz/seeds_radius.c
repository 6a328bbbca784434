/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Seeds for fuzz_radius: attributes of tunnels, of orders, and each of the table.
 */
#include "seeds.h"

#include <stdio.h>

#include "aaa/packet.h"
#include "unit/wire_messages.h"

#define BODY_MAX 512

static const struct {
	const char *name;
	const char *body;
} bodies[] = {
	{"tunnel", "400600000003 410600000001 430b3139322e302e322e31 5306000000 0a"},
	{"two-tunnels", "400601000003 430c013139322e302e322e31 400602000003 4306026c6e73"},
	{"defaults", "400600000003 430c013139322e302e322e31 430c023139322e302e322e32"},
	{"password", "400601000003 4306016c6e73 4515018001000102030405060708090a0b0c0d0e0f"},
	{"group", "060600000005 1a0a0000130a40046162"},
	{"vendor", "1a120000130aa20600000001a30600000002"},
	{"order", "0107616c696365 2c0373 0406c0000201 3706000f4240 210361"},
	{"short", "0102 0503ff 4002"},
};

static void write_row(enum radius_attr attr)
{
	const struct radius_row *row = &radius_rows[attr];
	uint8_t octets[RADIUS_VALUE_MAX] = {0}, body[BODY_MAX];
	struct writer w = writer_init(body, sizeof(body));
	char name[32];

	octets[0] = 'a';
	writer_u8(&w, 0);
	radius_put(&w, attr, row->flags & RADIUS_TAGGED ? 1 : 0,
		   (struct bytes){octets, row->least});
	snprintf(name, sizeof(name), "row-%u-%u", row->vendor, row->type);
	seed_write("radius", name, (struct bytes){body, writer_len(&w)});
}

void seeds_radius(void)
{
	FILE *dict = dict_open("radius");

	for (size_t i = 0; i < COUNT(bodies); i++) {
		uint8_t body[BODY_MAX] = {0};
		size_t len = unhex(bodies[i].body, body + 1);

		seed_write("radius", bodies[i].name, (struct bytes){body, 1 + len});
	}
	for (unsigned int attr = 0; attr < ATTR_MAX; attr++) {
		const uint8_t word[] = {radius_rows[attr].type, 6};

		write_row((enum radius_attr)attr);
		dict_word(dict, (struct bytes){word, sizeof(word)});
	}
	fclose(dict);
}
