/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line and the environment that pppd gets.
 */
#pragma once

#include "ppp/pppd.h"

/* File descriptors in pppd; 0 is /dev/null, 1 and 2 are the log. */
#define PPPD_FD_PPPOX 3
#define PPPD_FD_STATUS 4
#define PPPD_FD_LAST PPPD_FD_STATUS

/* Words that end with NULL, as exec wants them. */
struct words {
	char **word;
	size_t count;
};

void words_free(struct words *words);

/* Each returns 0 or -ENOMEM. */
int pppd_args_build(const struct pppd_settings *settings, const struct pppd_params *params,
		    struct words *ret);
int pppd_env_build(const struct pppd_params *params, struct words *ret);
