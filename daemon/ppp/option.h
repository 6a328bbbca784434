/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configuration Options of PPP control protocols (RFC 1661 section 6): type, length, value.
 */
#pragma once

#include "base/cursor.h"

#define PPP_OPTION_HEADER_LEN 2

struct ppp_option {
	uint8_t type;
	struct bytes value;
	struct bytes whole; /* with type and length */
};

/* Takes the next one. False at the end, with r->ok false when it is not well-formed. */
bool ppp_option_next(struct reader *r, struct ppp_option *ret);
/* All of it is options: each has a length that is true. */
bool ppp_options_valid(struct bytes options);
/* The first of a type; false when there is none. */
bool ppp_option_find(struct bytes options, uint8_t type, struct ppp_option *ret);
/* Each option of `part` stands in `all` as it is, in the same order (RFC 1661 5.4). */
bool ppp_options_within(struct bytes part, struct bytes all);
