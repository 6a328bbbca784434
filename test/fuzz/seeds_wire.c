/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Seeds for fuzz_message and fuzz_hidden: the messages of the unit tests, and oddities of peers.
 */
#include "seeds.h"

#include "unit/wire_messages.h"
#include "wire/avp.h"

#define SECRET "secret"
#define BODY_MAX 512

/* Bodies that are unusual, right or wrong. */
static const struct {
	const char *name;
	const char *body;
} odd[] = {
	{"zero-padding", "8008 0000 0000 0006 0000 0000 0000"},
	{"hello-as-optional", "0008 0000 0000 0006"},
	{"unknown-message", "0008 0000 0000 0063"},
	{"unknown-optional-avp", "8008 0000 0000 0006 0008 0009 0001 abcd"},
	{"unknown-mandatory-avp", "8008 0000 0000 0006 8008 0009 0001 abcd"},
	{"reserved-bits", "8008 0000 0000 0006 0408 0000 0007 6162"},
	{"result-code-2", "8008 0000 0000 0004 8008 0000 0009 0007 8008 0000 0001 0001"},
	{"result-code-3", "8008 0000 0000 0004 8008 0000 0009 0007 8009 0000 0001 0001 00"},
	{"hidden-without-vector", "8008 0000 0000 0003 c016 0000 000d "
				  "000102030405060708090a0b0c0d0e0f"},
	{"twice", "8008 0000 0000 000b 8008 0000 000e 0004 8008 0000 000e 0005"},
	{"zero-id", "8008 0000 0000 000b 8008 0000 000e 0000"},
	{"too-long", "8008 0000 0000 000b 80ff 0000 000e 0004"},
	{"too-short", "8008 0000 0000 000b 8005 0000 000e 0004"},
	{"missing", "8008 0000 0000 0001 8008 0000 0002 0100"},
};

/* Packets whose header is unusual. */
static const struct {
	const char *name;
	const char *packet;
} odd_headers[] = {
	{"zlb", "c802 000c 0001 0002 0003 0004"},
	{"data", "4002 000a 0001 0002 ff03"},
	{"data-sequenced", "4802 000e 0001 0002 0003 0004 ff03"},
	{"l2tpv3", "c803 0014 00000000 0000 0000 8008 0000 0000 0006"},
	{"l2f", "c001 000c 0001 0002 0003 0004"},
	{"no-length", "8802 0001 0002 0003 0004 8008 0000 0000 0006"},
	{"offset-bit", "ca02 0014 0001 0000 0000 0000 8008 0000 0000 0006"},
	{"length-beyond", "c802 0020 0001 0000 0000 0000 8008 0000 0000 0006"},
	{"octets-behind", "c802 0014 0001 0000 0000 0000 8008 0000 0000 0006 ffff"},
};

static void write_packet(const char *name, struct bytes body)
{
	const struct control_header header = {.version = 2, .tunnel_id = 1, .ns = 1, .nr = 1};
	uint8_t packet[CONTROL_HEADER_LEN + BODY_MAX];
	struct writer w = writer_init(packet, sizeof(packet));

	control_header_write(&w, &header);
	writer_bytes(&w, body);
	control_header_finish(&w);
	seed_write("message", name, (struct bytes){packet, writer_len(&w)});
}

/* Behind Message Type a Random Vector, and the H bit for all others. */
static void write_hidden(const char *name, struct bytes body)
{
	uint8_t input[2 * BODY_MAX];
	struct writer w = writer_init(input, sizeof(input));
	struct reader r = reader_init(body.data, body.len);

	writer_u8(&w, sizeof(SECRET) - 1);
	writer_bytes(&w, bytes_str(SECRET));
	writer_bytes(&w, reader_bytes(&r, AVP_HEADER_LEN + 2));
	writer_u16(&w, AVP_BIT_MANDATORY | (AVP_HEADER_LEN + 4));
	writer_u16(&w, 0);
	writer_u16(&w, avp_rows[AVP_RANDOM_VECTOR].attribute);
	writer_u32(&w, 0x12345678);
	while (reader_left(&r) >= AVP_HEADER_LEN) {
		uint16_t flags = reader_u16(&r);

		writer_u16(&w, flags | AVP_BIT_HIDDEN);
		writer_bytes(&w, reader_bytes(&r, (flags & AVP_LEN_MASK) - 2u));
	}
	seed_write("hidden", name, (struct bytes){input, writer_len(&w)});
}

/* The head of each AVP as it is sent, with room for the least value. */
static void write_dict(const char *target)
{
	FILE *dict = dict_open(target);

	for (unsigned int id = 0; id < AVP_ID_MAX; id++) {
		const struct avp_row *row = &avp_rows[id];
		uint8_t head[AVP_HEADER_LEN];
		struct writer w = writer_init(head, sizeof(head));

		writer_u16(&w, (uint16_t)((row->flags & AVP_M ? AVP_BIT_MANDATORY : 0) |
					  (unsigned int)(AVP_HEADER_LEN + row->least)));
		writer_u16(&w, row->vendor);
		writer_u16(&w, row->attribute);
		dict_word(dict, (struct bytes){head, sizeof(head)});
	}
	for (unsigned int type = 0; type < MSG_TYPE_MAX; type++) {
		const uint8_t avp[] = {0x80, 8, 0, 0, 0, 0, 0, (uint8_t)type};

		if (msg_type_known(type))
			dict_word(dict, (struct bytes){avp, sizeof(avp)});
	}
	fclose(dict);
}

void seeds_wire(void)
{
	uint8_t data[BODY_MAX];
	char name[64];

	for (size_t i = 0; i < COUNT(wire_messages); i++) {
		struct bytes body = {data, unhex(wire_messages[i].body, data)};

		snprintf(name, sizeof(name), "%02zu-%s", i,
			 msg_type_name(wire_messages[i].msg.type));
		write_packet(name, body);
		write_hidden(name, body);
	}
	for (size_t i = 0; i < COUNT(odd); i++)
		write_packet(odd[i].name, (struct bytes){data, unhex(odd[i].body, data)});
	for (size_t i = 0; i < COUNT(odd_headers); i++)
		seed_write("message", odd_headers[i].name,
			   (struct bytes){data, unhex(odd_headers[i].packet, data)});
	write_dict("message");
	write_dict("hidden");
	write_dict("engine");
}
