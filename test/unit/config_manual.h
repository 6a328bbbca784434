/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a key stands in the manual page: what it may be, what it does, and what it is by default.
 */
#pragma once

#include <stdio.h>

#include "config/schema.h"

#define MANUAL_ENTRY_MAX 1024

static inline void manual_entry(const struct config_key *key, char text[static MANUAL_ENTRY_MAX])
{
	char type[SCHEMA_TEXT_MAX];

	if (key->type == TYPE_REFUSED)
		snprintf(text, MANUAL_ENTRY_MAX, "**%s**\n:   Refused: %s.\n", key->name,
			 key->help);
	else if (key->flags & KEY_REQUIRED)
		snprintf(text, MANUAL_ENTRY_MAX, "**%s** = %s\n:   %s Required.\n", key->name,
			 schema_describe(key, type), key->help);
	else
		snprintf(text, MANUAL_ENTRY_MAX, "**%s** = %s\n:   %s Default: %s.\n", key->name,
			 schema_describe(key, type), key->help,
			 key->standard_words ? key->standard_words : key->standard);
}
