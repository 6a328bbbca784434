/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adit show: lists objects. The options -s and -d are arguments to aditd, which leaves out what
 * nobody wants to see.
 */
#include <stdlib.h>

#include "cli/cli.h"

/* An option becomes an argument; an argument holds like the option, for this command. */
static void merge(const struct control_command *command, json_t *args, const char *name,
		  bool *option)
{
	if (*option && control_arg_find(command, name))
		json_object_set_new(args, name, json_true());
	else if (json_is_true(json_object_get(args, name)))
		*option = true;
}

int show_run(struct cli *cli, const struct control_command *command, json_t *args)
{
	bool statistics = cli->statistics;
	bool details = cli->details;
	char *message;
	int code;

	merge(command, args, "statistics", &cli->statistics);
	merge(command, args, "details", &cli->details);
	output_begin(cli);
	code = link_call(cli, command, args, output_line, &message);
	output_end(cli);
	cli->statistics = statistics;
	cli->details = details;
	free(message);
	return code;
}
