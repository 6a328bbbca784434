/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The L2TP header, RFC 2661 section 3.1.
 */
#pragma once

#include "base/cursor.h"

#define L2TP_PORT 1701

/* Octets of a control header: T, L and S are set, O is clear, so its length is fixed. */
#define CONTROL_HEADER_LEN 12

struct control_header {
	/* 2, or 3 for an L2TPv3 peer that is to be refused in words of its own (RFC 3931 4.7.3). */
	uint8_t version;
	/* Of the whole message, header included. */
	uint16_t length;
	/* The receiver's id: 0 before it is known. */
	uint32_t tunnel_id;
	uint16_t session_id;
	uint16_t ns;
	uint16_t nr;
};

enum packet_kind {
	/* T bit set, structure right; the header is filled in. */
	PACKET_CONTROL,
	/* T bit clear: belongs to the kernel, reached us by accident. */
	PACKET_DATA,
	/* Shorter than a header, a length that is false, or header bits RFC 2661 3.1 forbids. */
	PACKET_MALFORMED,
	/* A version that is neither 2 nor 3. */
	PACKET_BAD_VERSION,
};

/*
 * Classifies one datagram. For PACKET_CONTROL the header and the body (AVPs; empty for a ZLB) are
 * given; octets beyond Length are padding and left out (RFC 2661 3.1 allows none to be trusted).
 */
enum packet_kind packet_parse(struct bytes packet, struct control_header *ret_header,
			      struct bytes *ret_body);

/* Writes a header with T, L and S; the length may be patched by control_header_finish(). */
void control_header_write(struct writer *w, const struct control_header *header);
/* Sets Length of the message that starts at w->start to what was written. */
void control_header_finish(struct writer *w);
/* Sets Ns or Nr of an encoded message that is about to be sent (again). */
void control_header_set_seq(uint8_t *packet, uint16_t ns, uint16_t nr);
