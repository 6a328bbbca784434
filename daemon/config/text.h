/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of a configuration file, made fit for libconfuse.
 *
 * libconfuse 3.3 counts a line for the end of each comment besides the line break itself, takes
 * the end of the file for the end of a string, a comment or a section, drops a + or * that is not
 * in quotes, and puts environment variables into values, secrets included. So comments are blanked
 * out before it sees the text, and the rest is refused.
 */
#pragma once

#include "config/fault.h"

/* Lines of the braces that open sections, in order: libconfuse tells only where one ends. */
struct section_lines {
	unsigned int *lines;
	size_t count;
	size_t room;
};

/*
 * Blanks comments in place and fills in `sections` (to be freed with section_lines_fini(), in any
 * case). False after a fault was added or memory was out.
 */
bool text_prepare(char *text, const struct source *source, struct faults *faults,
		  struct section_lines *sections);
void section_lines_fini(struct section_lines *sections);

/* Reads a whole file. Returns 0 or -errno, -EFBIG beyond 16 MiB, -EILSEQ with a NUL in it. The
 * text is the caller's to mem_free(). */
int text_read(const char *path, struct source *source, char **ret);
