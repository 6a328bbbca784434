/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adit debug: sets how much aditd logs.
 */
#include "cli/cli.h"

int debug_run(struct cli *cli, const struct control_command *command, json_t *args)
{
	return link_do(cli, command, args);
}
