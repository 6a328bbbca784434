/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adit add: opens a tunnel or places a call, and prints what came of it.
 */
#include <stdlib.h>

#include "cli/cli.h"

int add_run(struct cli *cli, const struct control_command *command, json_t *args)
{
	char *message;
	int code;

	output_begin(cli);
	code = link_call(cli, command, args, output_line, &message);
	output_end(cli);
	free(message);
	return code;
}
