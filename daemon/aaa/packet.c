/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RADIUS packets to attributes and back: RFC 2865 sections 3 and 5, tags by RFC 2868 section 3.
 *
 * Where the RFCs leave a choice:
 * - A packet any of whose attributes does not fit into it is no packet.
 * - The number of a tagged attribute has a tag always, so one out of range is wrong. Of a string
 *   it is the first octet then, and a tag of zero is dropped. Tunnel-Password has one always, and
 *   out of range it means zero (3.5).
 * - The inside of a Vendor-Specific is looked at for vendors of the table alone (5.26), and must
 *   fit in it.
 */
#include "aaa/packet.h"

#include <errno.h>
#include <string.h>

#define VENDOR_SPECIFIC 26
#define VENDOR_LEN 4

static bool lengths_fit(struct bytes attributes)
{
	struct reader r = reader_init(attributes.data, attributes.len);

	while (reader_left(&r)) {
		uint8_t len;

		reader_skip(&r, 1);
		len = reader_u8(&r);
		if (len < RADIUS_ATTRIBUTE_HEADER_LEN)
			return false;
		reader_skip(&r, len - RADIUS_ATTRIBUTE_HEADER_LEN);
		if (!r.ok)
			return false;
	}
	return true;
}

int radius_parse(struct bytes datagram, struct radius_packet *ret)
{
	struct reader r = reader_init(datagram.data, datagram.len);
	struct radius_packet packet;
	size_t len;

	packet.code = reader_u8(&r);
	packet.id = reader_u8(&r);
	len = reader_u16(&r);
	packet.authenticator = reader_bytes(&r, RADIUS_AUTHENTICATOR_LEN).data;
	if (!r.ok || len < RADIUS_HEADER_LEN || len > RADIUS_LEN_MAX || len > datagram.len)
		return -EBADMSG;
	packet.attributes = reader_bytes(&r, len - RADIUS_HEADER_LEN);
	packet.whole = (struct bytes){datagram.data, len};
	if (!lengths_fit(packet.attributes))
		return -EBADMSG;
	*ret = packet;
	return 0;
}

struct radius_walk radius_walk(struct bytes attributes)
{
	return (struct radius_walk){
		.attributes = reader_init(attributes.data, attributes.len),
		.vendor_attributes = reader_init(NULL, 0),
	};
}

static bool vendor_known(uint32_t vendor)
{
	for (unsigned int attr = 0; attr < ATTR_MAX; attr++) {
		if (radius_rows[attr].vendor == vendor)
			return true;
	}
	return false;
}

static uint8_t take_tag(const struct radius_row *row, struct reader *r, struct radius_value *value)
{
	uint8_t tag = *r->pos;

	if (tag > RADIUS_TAG_MAX && row->format == RADIUS_NUMBER)
		value->wrong = "its tag is not of 1 to 31";
	if (tag <= RADIUS_TAG_MAX || row->format == RADIUS_NUMBER || row->flags & RADIUS_SALTED)
		reader_skip(r, 1);
	return tag <= RADIUS_TAG_MAX ? tag : 0;
}

static void read_value(const struct radius_row *row, struct bytes bytes, struct radius_value *value)
{
	struct reader r = reader_init(bytes.data, bytes.len);

	if (row->flags & RADIUS_TAGGED && bytes.len)
		value->tag = take_tag(row, &r, value);
	value->value = (struct bytes){r.pos, reader_left(&r)};
	if (value->value.len < row->least)
		value->wrong = "it is too short";
	else if (value->value.len > row->greatest)
		value->wrong = "it is too long";
	else if (row->format == RADIUS_TEXT && memchr(value->value.data, 0, value->value.len))
		value->wrong = "there is a NUL in it";
	else if (row->format == RADIUS_NUMBER && !(row->flags & RADIUS_TAGGED))
		value->number = reader_u32(&r);
	else if (row->format == RADIUS_NUMBER)
		value->number = (uint32_t)reader_u8(&r) << 16 | reader_u16(&r);
}

static void set_value(uint32_t vendor, uint8_t type, struct bytes bytes, struct bytes whole,
		      struct radius_value *ret)
{
	*ret = (struct radius_value){.attr = radius_find(vendor, type), .whole = whole};
	if (ret->attr == ATTR_MAX)
		ret->value = bytes;
	else
		read_value(&radius_rows[ret->attr], bytes, ret);
}

/* The next inside a Vendor-Specific; what does not fit ends it, as an attribute without a row. */
static void next_of_vendor(struct radius_walk *walk, struct radius_value *ret)
{
	struct reader *r = &walk->vendor_attributes;
	uint8_t type = reader_u8(r);
	uint8_t len = reader_u8(r);
	struct bytes bytes = {0};

	if (r->ok && len >= RADIUS_ATTRIBUTE_HEADER_LEN)
		bytes = reader_bytes(r, len - RADIUS_ATTRIBUTE_HEADER_LEN);
	if (!r->ok || len < RADIUS_ATTRIBUTE_HEADER_LEN) {
		walk->vendor_attributes = reader_init(NULL, 0);
		*ret = (struct radius_value){
			.attr = ATTR_MAX,
			.whole = walk->whole,
			.wrong = "the inside of a Vendor-Specific does not fit"};
		return;
	}
	set_value(walk->vendor, type, bytes, walk->whole, ret);
}

bool radius_next(struct radius_walk *walk, struct radius_value *ret)
{
	struct reader *r = &walk->attributes;

	while (!reader_left(&walk->vendor_attributes)) {
		const uint8_t *start = r->pos;
		uint8_t type, len;
		struct bytes bytes;

		if (!reader_left(r))
			return false;
		type = reader_u8(r);
		len = reader_u8(r);
		bytes = reader_bytes(r, (size_t)len - RADIUS_ATTRIBUTE_HEADER_LEN);
		if (!r->ok)
			return false;
		walk->whole = (struct bytes){start, len};
		walk->vendor = 0;
		if (type == VENDOR_SPECIFIC && bytes.len > VENDOR_LEN) {
			walk->vendor_attributes = reader_init(bytes.data, bytes.len);
			walk->vendor = reader_u32(&walk->vendor_attributes);
			if (walk->vendor && vendor_known(walk->vendor))
				break;
			walk->vendor_attributes = reader_init(NULL, 0);
		}
		set_value(0, type, bytes, walk->whole, ret);
		return true;
	}
	next_of_vendor(walk, ret);
	return true;
}

bool radius_get(struct bytes attributes, enum radius_attr attr, struct radius_value *ret)
{
	struct radius_walk walk = radius_walk(attributes);
	struct radius_value value;

	while (radius_next(&walk, &value)) {
		if (value.attr == attr && !value.wrong) {
			*ret = value;
			return true;
		}
	}
	return false;
}

void radius_put(struct writer *w, enum radius_attr attr, uint8_t tag, struct bytes value)
{
	const struct radius_row *row = &radius_rows[attr];
	size_t len = RADIUS_ATTRIBUTE_HEADER_LEN + !!(row->flags & RADIUS_TAGGED) + value.len;

	if (value.len < row->least || value.len > row->greatest || tag > RADIUS_TAG_MAX) {
		w->ok = false;
		return;
	}
	if (row->vendor) {
		writer_u8(w, VENDOR_SPECIFIC);
		writer_u8(w, (uint8_t)(RADIUS_ATTRIBUTE_HEADER_LEN + VENDOR_LEN + len));
		writer_u32(w, row->vendor);
	}
	writer_u8(w, row->type);
	writer_u8(w, (uint8_t)len);
	if (row->flags & RADIUS_TAGGED)
		writer_u8(w, tag);
	writer_bytes(w, value);
}

void radius_put_number(struct writer *w, enum radius_attr attr, uint8_t tag, uint32_t number)
{
	const uint8_t octets[] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
				  (uint8_t)(number >> 8), (uint8_t)number};
	size_t len = radius_rows[attr].least;

	radius_put(w, attr, tag, (struct bytes){octets + sizeof(octets) - len, len});
}
