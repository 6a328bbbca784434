/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of RADIUS share: bytes in hexadecimal, and packets of a server made with our own
 * codec, which test_radius_packet.c holds against the bytes of others.
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

#include "aaa/packet.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Blanks are for the reader. Returns octets. */
static inline size_t unhex(const char *hex, uint8_t *out)
{
	size_t n = 0;

	for (; *hex; hex++) {
		unsigned int octet;

		if (*hex == ' ')
			continue;
		assert_int_equal(sscanf(hex, "%2x", &octet), 1);
		out[n++] = (uint8_t)octet;
		hex++;
	}
	return n;
}

static inline struct bytes written(const struct writer *w)
{
	assert_true(w->ok);
	return (struct bytes){w->start, writer_len(w)};
}
