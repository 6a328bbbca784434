/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adit -batch: one command a line, words in quotes where they have blanks, # starts a comment.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

#define WORDS_MAX 64

/* Cuts a line into words, in place. Returns how many, or -1 when there is no end to a quote or the
 * words are too many. */
static int split(char *line, char *words[static WORDS_MAX])
{
	int n = 0;

	for (;;) {
		char *end;

		line += strspn(line, " \t\r\n");
		if (!*line || *line == '#')
			return n;
		if (n == WORDS_MAX)
			return -1;
		if (*line == '"' || *line == '\'') {
			end = strchr(line + 1, *line);
			if (!end)
				return -1;
			line++;
		} else {
			end = line + strcspn(line, " \t\r\n");
		}
		words[n++] = line;
		if (!*end)
			return n;
		*end = '\0';
		line = end + 1;
	}
}

static int run_line(struct cli *cli, char *line)
{
	char *words[WORDS_MAX];
	int n = split(line, words);

	if (n == -1) {
		output_error("a quote without its end, or more than %d words", WORDS_MAX);
		return EXIT_USAGE;
	}
	return n ? cli_run(cli, n, words) : EXIT_OK;
}

int batch_run(struct cli *cli, const char *path)
{
	bool standard_input = strcmp(path, "-") == 0;
	FILE *file = standard_input ? stdin : fopen(path, "re");
	unsigned int number = 0;
	int code, result = EXIT_OK;
	char *line = NULL;
	size_t room = 0;

	if (!file) {
		output_error("%s: %s", path, strerror(errno));
		return EXIT_USAGE;
	}
	while ((result == EXIT_OK || cli->force) && getline(&line, &room, file) != -1) {
		number++;
		code = run_line(cli, line);
		if (code == EXIT_OK)
			continue;
		fprintf(stderr, "Command failed %s:%u\n", path, number);
		if (result == EXIT_OK)
			result = code;
	}
	free(line);
	if (!standard_input)
		(void)fclose(file);
	return result;
}
