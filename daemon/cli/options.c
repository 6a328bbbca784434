/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options, those of ip(8) where it has them: one or two dashes, cut short at will.
 */
#include <stddef.h>
#include <string.h>

#include "cli/cli.h"

struct option_row {
	const char *name;
	/* As the usage shows what may be left out. */
	const char *shown;
	/* Of a bool in struct cli; of a const char * when there is a value. */
	size_t offset;
	const char *value;
	const char *help;
};

static const struct option_row option_table[] = {
	{"json", "-j[son]", offsetof(struct cli, json), NULL, "print JSON, one array"},
	{"pretty", "-p[retty]", offsetof(struct cli, pretty), NULL, "indent the JSON"},
	{"statistics", "-s[tatistics]", offsetof(struct cli, statistics), NULL, "counters too"},
	{"details", "-d[etails]", offsetof(struct cli, details), NULL, "everything that is known"},
	{"oneline", "-o[neline]", offsetof(struct cli, oneline), NULL,
	 "one line an object, line feeds as \\"},
	{"batch", "-b[atch]", offsetof(struct cli, batch), "FILE",
	 "run the commands of a file, - for standard input"},
	{"force", "-force", offsetof(struct cli, force), NULL,
	 "go on with the batch when a command fails"},
	{"control", "-c[ontrol]", offsetof(struct cli, control), "PATH",
	 "socket of aditd (else $ADIT_CONTROL, else " CONTROL_PATH_DEFAULT ")"},
};

#define OPTION_COUNT (sizeof(option_table) / sizeof(option_table[0]))

static const struct option_row *option_find(const char *name)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (*name && strncmp(name, option_table[i].name, strlen(name)) == 0)
			return &option_table[i];
	}
	return NULL;
}

static int unknown_option(const char *word, const char *name)
{
	struct suggestion suggestion = {.word = name};

	for (size_t i = 0; i < OPTION_COUNT; i++)
		suggest_offer(&suggestion, option_table[i].name);
	if (suggest_best(&suggestion))
		output_error("unknown option \"%s\"; did you mean \"-%s\"?", word,
			     suggest_best(&suggestion));
	else
		output_error("unknown option \"%s\"; try \"adit -help\"", word);
	return -1;
}

int options_parse(struct cli *cli, int argc, char **argv)
{
	int i = 0;

	while (i < argc && argv[i][0] == '-' && argv[i][1]) {
		const char *name = argv[i] + (argv[i][1] == '-' ? 2 : 1);
		const struct option_row *row = option_find(name);
		char *at = (char *)cli + (row ? row->offset : 0);

		if (!row)
			return unknown_option(argv[i], name);
		i++;
		if (!row->value) {
			*(bool *)at = true;
		} else if (i == argc) {
			output_error("-%s needs a value: %s", row->name, row->value);
			return -1;
		} else {
			*(const char **)at = argv[i++];
		}
	}
	return i;
}

void options_usage(FILE *out)
{
	fputs("Options:\n", out);
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_row *row = &option_table[i];
		char left[40];

		snprintf(left, sizeof(left), "%s%s%s", row->shown, row->value ? " " : "",
			 row->value ? row->value : "");
		fprintf(out, "  %-18s %s\n", left, row->help);
	}
	fputs("  -V[ersion]         print the version of adit\n"
	      "  -h[elp]            print this\n",
	      out);
}

void options_print(FILE *out)
{
	for (size_t i = 0; i < OPTION_COUNT; i++)
		fprintf(out, "-%s\n", option_table[i].name);
	fputs("-Version\n-help\n", out);
}
