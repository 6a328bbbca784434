/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The values of an access line, by their numbers (RFC 4679 section 3.3, RFC 5515 section 5).
 */
#include "wire/line.h"

bool access_line_number(const struct access_line *line, enum line_value value, uint32_t *ret)
{
	unsigned int n = (unsigned int)value - LINE_NUMBER_FIRST;

	if (!line || n >= LINE_NUMBER_MAX || !(line->present & UINT32_C(1) << n))
		return false;
	*ret = line->numbers[n];
	return true;
}
