/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adit reload: aditd reads its configuration again; faults come back as its answer.
 */
#include "cli/cli.h"

int reload_run(struct cli *cli, const struct control_command *command, json_t *args)
{
	return link_do(cli, command, args);
}
