/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The codec of discovery frames: a row a tag.
 */
#include "pppoe/packet.h"

#include <errno.h>
#include <string.h>

#define VERSION_AND_TYPE 0x11
/* Ethernet's and PPPoE's: where the payload begins, and where its length stands. */
#define HEADER_LEN 20
#define LENGTH_OFFSET 18

#define END_OF_LIST 0x0000
#define VENDOR_SPECIFIC 0x0105

struct tag_row {
	uint16_t type;
	uint16_t least;
	uint16_t most;
};

static const struct tag_row tag_rows[PPPOE_TAG_MAX] = {
	[PPPOE_SERVICE_NAME] = {0x0101, 0, UINT16_MAX},
	[PPPOE_AC_NAME] = {0x0102, 0, UINT16_MAX},
	[PPPOE_HOST_UNIQ] = {0x0103, 0, UINT16_MAX},
	[PPPOE_AC_COOKIE] = {0x0104, 0, UINT16_MAX},
	[PPPOE_RELAY_SESSION_ID] = {0x0110, 0, UINT16_MAX},
	[PPPOE_MAX_PAYLOAD] = {0x0120, 2, 2},
	[PPPOE_SERVICE_NAME_ERROR] = {0x0201, 0, UINT16_MAX},
	[PPPOE_AC_SYSTEM_ERROR] = {0x0202, 0, UINT16_MAX},
	[PPPOE_GENERIC_ERROR] = {0x0203, 0, UINT16_MAX},
};

static enum pppoe_tag tag_of(uint16_t type)
{
	enum pppoe_tag tag = 0;

	while (tag < PPPOE_TAG_MAX && tag_rows[tag].type != type)
		tag++;
	return tag;
}

/* One that is known must be the only one of its kind: which of two would be meant? */
static int take_tag(struct pppoe_packet *packet, enum pppoe_tag tag, struct bytes value)
{
	const struct tag_row *row = &tag_rows[tag];

	if (packet->present & UINT32_C(1) << tag || value.len < row->least || value.len > row->most)
		return -EBADMSG;
	packet->present |= UINT32_C(1) << tag;
	packet->tags[tag] = value;
	return 0;
}

/* An access node takes away what a subscriber says of his line himself (TR-101 R-119); where a
 * second one came through, neither can be believed. */
static int take_vendor(struct pppoe_packet *packet, struct bytes value)
{
	struct access_line line;
	bool is_line;
	int err = pppoe_parse_line(value, &line, &is_line);

	if (err || !is_line)
		return err;
	if (packet->has_line)
		return -EBADMSG;
	packet->has_line = true;
	packet->line = line;
	return 0;
}

static int take_tags(struct pppoe_packet *packet, struct reader *r)
{
	while (reader_left(r)) {
		uint16_t type = reader_u16(r);
		struct bytes value = reader_bytes(r, reader_u16(r));
		enum pppoe_tag tag = tag_of(type);
		int err = 0;

		if (!r->ok)
			return -EBADMSG;
		if (type == END_OF_LIST)
			return value.len ? -EBADMSG : 0;
		if (type == VENDOR_SPECIFIC)
			err = take_vendor(packet, value);
		else if (tag < PPPOE_TAG_MAX)
			err = take_tag(packet, tag, value);
		if (err)
			return err;
	}
	return 0;
}

static void read_mac(struct reader *r, uint8_t mac[static PPPOE_MAC_LEN])
{
	struct bytes value = reader_bytes(r, PPPOE_MAC_LEN);

	if (value.len)
		memcpy(mac, value.data, value.len);
}

int pppoe_parse(struct bytes frame, struct pppoe_packet *ret)
{
	struct reader r = reader_init(frame.data, frame.len), payload;
	struct pppoe_packet packet = {0};
	uint16_t ether_type;
	uint8_t version;
	int err;

	read_mac(&r, packet.destination);
	read_mac(&r, packet.source);
	ether_type = reader_u16(&r);
	version = reader_u8(&r);
	packet.code = reader_u8(&r);
	packet.session_id = reader_u16(&r);
	payload = reader_sub(&r, reader_u16(&r));
	if (!payload.ok || reader_left(&payload) > PPPOE_FRAME_MAX - HEADER_LEN ||
	    ether_type != PPPOE_ETHER_TYPE || version != VERSION_AND_TYPE)
		return -EBADMSG;
	err = take_tags(&packet, &payload);
	if (err)
		return err;
	*ret = packet;
	return 0;
}

bool pppoe_has(const struct pppoe_packet *packet, enum pppoe_tag tag)
{
	return packet->present & UINT32_C(1) << tag;
}

uint16_t pppoe_max_payload(const struct pppoe_packet *packet)
{
	struct bytes value = packet->tags[PPPOE_MAX_PAYLOAD];

	return value.len ? (uint16_t)(value.data[0] << 8 | value.data[1]) : 0;
}

void pppoe_write_header(struct writer *w, const uint8_t destination[static PPPOE_MAC_LEN],
			const uint8_t source[static PPPOE_MAC_LEN], enum pppoe_code code,
			uint16_t session_id)
{
	writer_bytes(w, (struct bytes){destination, PPPOE_MAC_LEN});
	writer_bytes(w, (struct bytes){source, PPPOE_MAC_LEN});
	writer_u16(w, PPPOE_ETHER_TYPE);
	writer_u8(w, VERSION_AND_TYPE);
	writer_u8(w, (uint8_t)code);
	writer_u16(w, session_id);
	writer_u16(w, 0);
}

void pppoe_write_tag(struct writer *w, enum pppoe_tag tag, struct bytes value)
{
	if (value.len > UINT16_MAX) {
		w->ok = false;
		return;
	}
	writer_u16(w, tag_rows[tag].type);
	writer_u16(w, (uint16_t)value.len);
	writer_bytes(w, value);
}

void pppoe_write_end(struct writer *w)
{
	if (w->ok)
		writer_patch_u16(w, LENGTH_OFFSET, (uint16_t)(writer_len(w) - HEADER_LEN));
}
