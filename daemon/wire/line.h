/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the access node says of a subscriber's line: the vendor-specific tag of TR-101 (vendor
 * 3561), the same values as RFC 4679's RADIUS attributes and RFC 5515's AVPs, by the same numbers.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Octets of a Circuit-ID or Remote-ID (TR-101 R-124), with a NUL. */
#define LINE_TEXT_MAX 64

/* Sub-tags, by their number on the wire; numeric ones are bit/s, or ms for delays. */
enum line_value {
	LINE_CIRCUIT_ID = 0x01,
	LINE_REMOTE_ID = 0x02,
	LINE_ACTUAL_UP = 0x81,
	LINE_ACTUAL_DOWN = 0x82,
	LINE_MINIMUM_UP = 0x83,
	LINE_MINIMUM_DOWN = 0x84,
	LINE_ATTAINABLE_UP = 0x85,
	LINE_ATTAINABLE_DOWN = 0x86,
	LINE_MAXIMUM_UP = 0x87,
	LINE_MAXIMUM_DOWN = 0x88,
	LINE_MINIMUM_UP_LOW_POWER = 0x89,
	LINE_MINIMUM_DOWN_LOW_POWER = 0x8a,
	LINE_MAXIMUM_DELAY_UP = 0x8b,
	LINE_ACTUAL_DELAY_UP = 0x8c,
	LINE_MAXIMUM_DELAY_DOWN = 0x8d,
	LINE_ACTUAL_DELAY_DOWN = 0x8e,
	LINE_ENCAPSULATION = 0x90,
	LINE_TYPE = 0x91,
	LINE_IWF_SESSION = 0xfe,
};

#define LINE_NUMBER_FIRST LINE_ACTUAL_UP
#define LINE_NUMBER_MAX (LINE_ACTUAL_DELAY_DOWN - LINE_ACTUAL_UP + 1)
/* Of a number that was told, in `present`. */
#define LINE_BIT(value) (UINT32_C(1) << ((value)-LINE_NUMBER_FIRST))

struct access_line {
	/* Bit n: numbers[n] was told, n counting from LINE_ACTUAL_UP. */
	uint32_t present;
	uint32_t numbers[LINE_NUMBER_MAX];
	uint8_t encapsulation[3];
	bool has_encapsulation;
	bool iwf_session;
	/* Transmission system, RFC 5515 5.18; 0: not told. */
	uint8_t type;
	/* Cleaned of what is not printable; empty when not told. */
	char circuit_id[LINE_TEXT_MAX];
	char remote_id[LINE_TEXT_MAX];
};

/* Whether it was told, and what. line may be NULL. */
bool access_line_number(const struct access_line *line, enum line_value value, uint32_t *ret);
