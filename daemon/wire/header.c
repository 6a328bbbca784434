/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The L2TP control header: RFC 2661 section 3.1, and RFC 3931 section 3.2.1 for the form that
 * L2TPv3 has over UDP (there one 32-bit Control Connection ID stands for the two ids).
 *
 * Data packets are the kernel's business; here they are only told apart.
 */
#include "wire/header.h"

#define FLAG_TYPE 0x8000u
#define FLAG_LENGTH 0x4000u
#define FLAG_SEQUENCE 0x0800u
#define FLAG_OFFSET 0x0200u
#define FLAG_PRIORITY 0x0100u
#define VERSION_MASK 0x000fu

#define FLAGS_CONTROL (FLAG_TYPE | FLAG_LENGTH | FLAG_SEQUENCE)

#define LENGTH_OFFSET 2
#define NS_OFFSET 8

/* Reserved bits are ignored; in L2TPv3 those of O and P are reserved. */
static bool flags_valid(uint16_t flags, uint8_t version)
{
	if ((flags & FLAGS_CONTROL) != FLAGS_CONTROL)
		return false;
	return version == 3 || !(flags & (FLAG_OFFSET | FLAG_PRIORITY));
}

enum packet_kind packet_parse(struct bytes packet, struct control_header *ret_header,
			      struct bytes *ret_body)
{
	struct reader r = reader_init(packet.data, packet.len);
	struct control_header header = {0};
	uint16_t flags = reader_u16(&r);
	struct bytes body;

	if (!r.ok)
		return PACKET_MALFORMED;
	header.version = flags & VERSION_MASK;
	if (header.version != 2 && header.version != 3)
		return PACKET_BAD_VERSION;
	if (!(flags & FLAG_TYPE))
		return PACKET_DATA;
	if (!flags_valid(flags, header.version))
		return PACKET_MALFORMED;

	header.length = reader_u16(&r);
	if (header.version == 3) {
		header.tunnel_id = reader_u32(&r);
	} else {
		header.tunnel_id = reader_u16(&r);
		header.session_id = reader_u16(&r);
	}
	header.ns = reader_u16(&r);
	header.nr = reader_u16(&r);
	if (!r.ok || header.length < CONTROL_HEADER_LEN)
		return PACKET_MALFORMED;

	body = reader_bytes(&r, header.length - (size_t)CONTROL_HEADER_LEN);
	if (!r.ok)
		return PACKET_MALFORMED;
	*ret_header = header;
	*ret_body = body;
	return PACKET_CONTROL;
}

void control_header_write(struct writer *w, const struct control_header *header)
{
	writer_u16(w, (uint16_t)(FLAGS_CONTROL | header->version));
	writer_u16(w, header->length);
	if (header->version == 3) {
		writer_u32(w, header->tunnel_id);
	} else {
		writer_u16(w, (uint16_t)header->tunnel_id);
		writer_u16(w, header->session_id);
	}
	writer_u16(w, header->ns);
	writer_u16(w, header->nr);
}

void control_header_finish(struct writer *w)
{
	size_t len = writer_len(w);

	if (len > UINT16_MAX)
		w->ok = false;
	writer_patch_u16(w, LENGTH_OFFSET, (uint16_t)len);
}

void control_header_set_seq(uint8_t *packet, uint16_t ns, uint16_t nr)
{
	struct writer w = writer_init(packet + NS_OFFSET, CONTROL_HEADER_LEN - NS_OFFSET);

	writer_u16(&w, ns);
	writer_u16(&w, nr);
}
