/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adit unlock: lets calls go to destinations again, silently when it went well.
 */
#include "cli/cli.h"

int unlock_run(struct cli *cli, const struct control_command *command, json_t *args)
{
	return link_do(cli, command, args);
}
