/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Discovery frames as bytes, and what they say: RFC 2516 sections 4 and 5 and appendix A, the
 * PPP-Max-Payload of RFC 4638, the vendor tag of TR-101 with the line's values (RFC 4679 section
 * 3.3). Pure.
 */
#pragma once

#include "base/cursor.h"
#include "wire/line.h"

#define PPPOE_MAC_LEN 6
/* Of a discovery frame, without VLAN tags and checksum: RFC 2516 section 4. */
#define PPPOE_FRAME_MAX 1514
#define PPPOE_ETHER_TYPE 0x8863
#define PPPOE_SESSION_ID_MAX 0xfffe

enum pppoe_code {
	PPPOE_PADI = 0x09,
	PPPOE_PADO = 0x07,
	PPPOE_PADR = 0x19,
	PPPOE_PADS = 0x65,
	PPPOE_PADT = 0xa7,
};

/* Rows of the table of tags; their numbers are in it. */
enum pppoe_tag {
	PPPOE_SERVICE_NAME,
	PPPOE_AC_NAME,
	PPPOE_HOST_UNIQ,
	PPPOE_AC_COOKIE,
	PPPOE_RELAY_SESSION_ID,
	PPPOE_MAX_PAYLOAD,
	PPPOE_SERVICE_NAME_ERROR,
	PPPOE_AC_SYSTEM_ERROR,
	PPPOE_GENERIC_ERROR,
	PPPOE_TAG_MAX,
};

struct pppoe_packet {
	uint8_t destination[PPPOE_MAC_LEN];
	uint8_t source[PPPOE_MAC_LEN];
	uint8_t code;
	uint16_t session_id;
	/* Bit n: tags[n] was there; views into the frame. */
	uint32_t present;
	struct bytes tags[PPPOE_TAG_MAX];
	bool has_line;
	struct access_line line;
};

/* Any frame of that type, with a code known or not; what stands behind the payload is padding.
 * Returns 0, or -EBADMSG for false lengths, another version or type, a tag of the table or of
 * TR-101 that is there twice or has an impossible length. */
int pppoe_parse(struct bytes frame, struct pppoe_packet *ret);
bool pppoe_has(const struct pppoe_packet *packet, enum pppoe_tag tag);
/* The number of PPP-Max-Payload, 0 without one. */
uint16_t pppoe_max_payload(const struct pppoe_packet *packet);

/* Header, tags, then the end, which puts the length in. */
void pppoe_write_header(struct writer *w, const uint8_t destination[static PPPOE_MAC_LEN],
			const uint8_t source[static PPPOE_MAC_LEN], enum pppoe_code code,
			uint16_t session_id);
void pppoe_write_tag(struct writer *w, enum pppoe_tag tag, struct bytes value);
void pppoe_write_end(struct writer *w);

/* The value of a Vendor-Specific tag, from the vendor id on, into a line: 0 with *ret_is_line
 * false for another vendor's, or -EBADMSG. */
int pppoe_parse_line(struct bytes value, struct access_line *ret, bool *ret_is_line);
