/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words for Q.931 cause values.
 */
#pragma once

#include <stdint.h>

/* Never NULL; a static string. */
const char *q931_cause_text(uint16_t cause);
