/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts that somebody else chose.
 */
#include "base/text.h"

#include <string.h>

#include "base/mem.h"

static char printable(char c)
{
	if (c < ' ' || c > '~')
		return '?';
	return c;
}

void text_clean(char *text)
{
	for (; *text; text++)
		*text = printable(*text);
}

void text_copy(char *text, size_t size, struct bytes from)
{
	size_t len = from.len < size ? from.len : size - 1;

	for (size_t i = 0; i < len; i++)
		text[i] = printable((char)from.data[i]);
	text[len] = '\0';
}

char *text_new(struct bytes from)
{
	char *copy = mem_alloc(from.len + 1);

	if (copy && from.len)
		memcpy(copy, from.data, from.len);
	return copy;
}
