/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists of objects: text in the layouts, or one JSON array as iproute2 prints it.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

#define INDENT 4

void output_error(const char *format, ...)
{
	va_list args;

	fputs("Error: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

bool output_flush(void)
{
	int err = fflush(stdout) == 0 ? 0 : errno;

	/* A write may have failed before, with an errno of its own that is gone. */
	if (!ferror(stdout))
		return true;
	output_error("the output is not complete: %s", strerror(err ? err : EIO));
	return false;
}

void output_begin(struct cli *cli)
{
	cli->listed = 0;
	if (cli->json)
		fputc('[', stdout);
}

void output_end(struct cli *cli)
{
	if (cli->json)
		fputs(cli->pretty && cli->listed ? "\n]\n" : "]\n", stdout);
	/* What goes wrong here is told once, before the program ends. */
	(void)fflush(stdout);
}

/* Indents every line, for the array around it is ours. */
static void print_pretty(const json_t *object)
{
	char *text = json_dumps(object, JSON_INDENT(INDENT));

	fprintf(stdout, "\n%*s", INDENT, "");
	for (const char *c = text; c && *c; c++) {
		fputc(*c, stdout);
		if (*c == '\n')
			fprintf(stdout, "%*s", INDENT, "");
	}
	free(text);
}

static void print_json(const struct cli *cli, const json_t *object)
{
	if (cli->listed)
		fputc(',', stdout);
	if (cli->pretty)
		print_pretty(object);
	else
		json_dumpf(object, stdout, JSON_COMPACT);
}

/* -oneline: one line an object, its line feeds as backslashes like those of ip(8). */
static void print_oneline(enum object_type type, const json_t *object, unsigned int views)
{
	char *text = NULL;
	size_t size;
	FILE *lines = open_memstream(&text, &size);

	if (!lines)
		return;
	layout_print(lines, type, object, views);
	if (fclose(lines) != 0) {
		free(text);
		return;
	}
	for (char *c = text; *c; c++) {
		if (*c == '\n' && c[1])
			*c = '\\';
	}
	fputs(text, stdout);
	free(text);
}

void output_line(struct cli *cli, const json_t *line)
{
	unsigned int views = VIEW_NORMAL | (cli->statistics ? VIEW_STATISTICS : 0) |
			     (cli->details ? VIEW_DETAILS : 0);

	for (enum object_type type = 0; type < OBJECT_MAX; type++) {
		const json_t *object = json_object_get(line, object_table[type]->name);

		if (!object)
			continue;
		if (cli->json)
			print_json(cli, object);
		else if (cli->oneline)
			print_oneline(type, object, views);
		else
			layout_print(stdout, type, object, views);
		cli->listed++;
	}
}
