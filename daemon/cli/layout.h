/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the looks of objects are written: lines with {key} for values, and [groups] that are left
 * out when a value in them is not there. A line is such a group itself.
 */
#pragma once

#include "cli/cli.h"

struct line {
	unsigned int view;
	const char *text;
};

extern const struct line *const layouts[OBJECT_MAX];
/* One line each, of `adit monitor`; empty for what no event is of. */
extern const char *const short_lines[OBJECT_MAX];
