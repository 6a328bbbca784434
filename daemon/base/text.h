/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts that somebody else chose, made safe for logs, JSON and the environment of scripts:
 * printable ASCII stands for itself, each octet of anything else is '?'. And copies of texts.
 */
#pragma once

#include "base/cursor.h"

/* Of a C string, in its place. */
void text_clean(char *text);
/* Octets as a C string of size octets, which is not 0; what does not fit is cut off. */
void text_copy(char *text, size_t size, struct bytes from);
/* Octets as they are, and a NUL, in memory of mem_alloc(); NULL when it is out. */
char *text_new(struct bytes from);
