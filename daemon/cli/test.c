/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adit test: what would happen, printed as `adit show` prints what there is.
 */
#include "cli/cli.h"

int test_run(struct cli *cli, const struct control_command *command, json_t *args)
{
	return show_run(cli, command, args);
}
