/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values as text. Strings come from strangers (host names, user names): nothing of them reaches
 * the terminal but what can be read.
 */
#include <string.h>

#include "cli/cli.h"

void value_print_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)text[0];
		unsigned char next = (unsigned char)text[1];

		/* U+0080 to U+009F are controls too: some terminals obey them. */
		if (c == 0xc2 && next >= 0x80 && next < 0xa0) {
			fprintf(out, "\\x%02x", next);
			text++;
		} else if (c < 0x20 || c == 0x7f) {
			fprintf(out, "\\x%02x", c);
		} else {
			fputc(c, out);
		}
	}
}

/* The two largest units, as "3m12s": enough for people, and JSON has the seconds. */
static void print_duration(FILE *out, json_int_t seconds)
{
	static const struct {
		json_int_t seconds;
		char name;
	} units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
	const size_t n = sizeof(units) / sizeof(units[0]);
	size_t i = 0;

	while (i < n - 1 && seconds < units[i].seconds)
		i++;
	fprintf(out, "%lld%c", (long long)(seconds / units[i].seconds), units[i].name);
	seconds %= units[i].seconds;
	if (i < n - 1 && seconds / units[i + 1].seconds)
		fprintf(out, "%lld%c", (long long)(seconds / units[i + 1].seconds),
			units[i + 1].name);
}

/* NOLINTNEXTLINE(misc-no-recursion): jansson bounds the depth of what it reads */
void value_print(FILE *out, const struct field_row *row, const json_t *value)
{
	size_t i;
	const json_t *item;

	if (json_is_boolean(value)) {
		fputs(json_is_true(value) ? "yes" : "no", out);
	} else if (json_is_integer(value) && row && row->unit && strcmp(row->unit, "s") == 0) {
		print_duration(out, json_integer_value(value));
	} else if (json_is_integer(value)) {
		fprintf(out, "%lld", (long long)json_integer_value(value));
	} else if (json_is_string(value)) {
		value_print_text(out, json_string_value(value));
	} else if (json_is_array(value)) {
		json_array_foreach (value, i, item) {
			if (i)
				fputs(", ", out);
			value_print(out, row, item);
		}
	}
}

void value_print_object(FILE *out, const struct object_row *rows, const json_t *object)
{
	bool first = true;

	for (size_t i = 0; i < rows->n_fields; i++) {
		const struct field_row *row = &rows->fields[i];
		const json_t *value = json_object_get(object, row->key);

		if (!value)
			continue;
		if (!first)
			fputs(", ", out);
		for (const char *c = first ? "" : row->key; *c; c++)
			fputc(*c == '_' ? ' ' : *c, out);
		if (!first)
			fputc(' ', out);
		value_print(out, row, value);
		first = false;
	}
}
