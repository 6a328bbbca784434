/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables of counters with a column for in and one for out: a line a member of a nested object.
 */
#include "cli/cli.h"

#define NAME_WIDTH 16
#define NUMBER_WIDTH 12

static long long number(const json_t *counters, const char *name)
{
	return json_integer_value(json_object_get(counters, name));
}

void table_print(FILE *out, int indent, const char *title, const json_t *table)
{
	const json_t *counters, *text;
	const char *name;

	fprintf(out, "%*s%-*s%*s%*s\n", indent, "", NAME_WIDTH - indent, title, NUMBER_WIDTH, "in",
		NUMBER_WIDTH, "out");
	json_object_foreach ((json_t *)table, name, counters) {
		fprintf(out, "%*s%-*s%*lld%*lld", indent + 2, "", NAME_WIDTH - indent - 2, name,
			NUMBER_WIDTH, number(counters, "in"), NUMBER_WIDTH,
			number(counters, "out"));
		text = json_object_get(counters, "text");
		if (text)
			fprintf(out, "  %s", json_string_value(text));
		fputc('\n', out);
	}
}
