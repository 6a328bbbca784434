/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text that somebody else chose, made safe for logs, JSON and the environment of scripts.
 */
#pragma once

/* Replaces whatever is not printable ASCII by '?'. */
static inline void text_clean(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}
