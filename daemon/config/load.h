/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way in for tests and fuzzers.
 */
#pragma once

#include "config/config.h"

/*
 * As config_load(), of a text whose faults are told as those of the file `name`. It opens no file:
 * what would have to read one (include, secret_file, options_file) is a fault.
 */
int config_load_text(const char *name, const char *text, void (*fault)(void *ctx, const char *line),
		     void *ctx, struct config **ret);
