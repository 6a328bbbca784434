/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One file's text, read with libconfuse.
 */
#pragma once

#include "config/parse.h"

/* Appends its sections, global keys and includes to what was parsed. Changes the text. Not to be
 * called from two threads: libconfuse is not made for it. */
void reader_read(struct parsed *parsed, const struct source *source, char *text);
