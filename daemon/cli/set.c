/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adit set: changes what lives, silently when it went well.
 */
#include "cli/cli.h"

int set_run(struct cli *cli, const struct control_command *command, json_t *args)
{
	return link_do(cli, command, args);
}
