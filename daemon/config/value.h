/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values from text, and words from a line of pppd options. Pure; each returns 0 or -EINVAL, and
 * -ERANGE for a number beyond its result.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/timer.h"

int value_yes_no(const char *text, bool *ret);
/* Decimal, or hexadecimal after 0x. */
int value_number(const char *text, int64_t *ret);
/* Bit/s: "10000000", "10M". */
int value_speed(const char *text, int64_t *ret);
/* "1500ms", "90s", "5m", "1h"; a bare number counts in `unit`. */
int value_time(const char *text, usec_t unit, usec_t *ret);
/* A host name of the DNS, or an address. */
int value_host(const char *text);
/* The title of a section: at most `max` letters, digits, '.', '_' and '-'. */
int value_title(const char *text, size_t max);

/*
 * The next word of *text as pppd reads its option files: separated by blanks, in quotes of either
 * kind or not, with a backslash before what is meant literally, until a # at the start of a word.
 * Writes the word to `word`, which has room for all of *text, and moves *text behind it. Returns 1
 * for a word, 0 at the end.
 */
int value_next_word(const char **text, char *word);
