/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Discovery frames in hexadecimal, and what the tests of PPPoE share.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pppoe/packet.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Of the access concentrator, and of a client. */
#define AC_MAC "020000000001"
#define CLIENT "0200000000c1"
#define OTHER "0200000000c2"
#define EVERYBODY "ffffffffffff"
#define TO_AC AC_MAC CLIENT "8863 11"
#define TO_ALL EVERYBODY CLIENT "8863 11"
#define TO_CLIENT CLIENT AC_MAC "8863 11"

/* Octets of hexadecimal digits, blanks between them left out; as many as there are. */
static inline size_t from_hex(const char *text, uint8_t *out, size_t size)
{
	size_t n = 0;

	for (; *text; text++) {
		unsigned int octet;

		if (*text == ' ')
			continue;
		assert_true(n < size);
		assert_int_equal(sscanf(text, "%2x", &octet), 1);
		out[n++] = (uint8_t)octet;
		text++;
	}
	return n;
}

static inline char *to_hex(struct bytes bytes, char *text, size_t size)
{
	assert_true(2 * bytes.len < size);
	for (size_t i = 0; i < bytes.len; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes.data[i]);
	text[2 * bytes.len] = '\0';
	return text;
}

static inline void assert_hex(struct bytes bytes, const char *expected)
{
	char want[2 * PPPOE_FRAME_MAX + 1], text[2 * PPPOE_FRAME_MAX + 1];
	size_t n = 0;

	for (; *expected; expected++) {
		if (*expected != ' ')
			want[n++] = *expected;
	}
	want[n] = '\0';
	assert_string_equal(to_hex(bytes, text, sizeof(text)), want);
}
