/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adit: the program.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

/* Those that end the program at once; "-h" is nothing else's beginning. */
static bool is_option(const char *word, const char *name)
{
	if (word[0] != '-' || !word[1])
		return false;
	word += word[1] == '-' ? 2 : 1;
	return *word && strncmp(word, name, strlen(word)) == 0;
}

/* Output that was lost is a failure, for a script that reads it. */
static int exit_code(int code)
{
	return !output_flush() && code == EXIT_OK ? EXIT_REFUSED : code;
}

int main(int argc, char **argv)
{
	const char *control = getenv("ADIT_CONTROL");
	struct cli cli = {
		.control = control && *control ? control : CONTROL_PATH_DEFAULT,
		.fd = -1,
	};
	int n, code;

	for (int i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (is_option(argv[i], "help")) {
			help_usage(stdout);
			return exit_code(EXIT_OK);
		}
		if (is_option(argv[i], "Version")) {
			puts("adit " ADIT_VERSION);
			return exit_code(EXIT_OK);
		}
	}
	n = options_parse(&cli, argc - 1, argv + 1);
	if (n < 0)
		return EXIT_USAGE;
	argc -= n + 1;
	argv += n + 1;
	if (cli.batch) {
		code = batch_run(&cli, cli.batch);
	} else if (argc) {
		code = cli_run(&cli, argc, argv);
	} else {
		help_usage(stderr);
		code = EXIT_USAGE;
	}
	link_close(&cli);
	free(cli.in);
	return exit_code(code);
}
