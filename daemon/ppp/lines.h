/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines out of a stream of bytes, in bounded memory.
 */
#pragma once

#include <stddef.h>

/* With the NUL; what a line has beyond is dropped. */
#define LINE_SIZE 512

struct line_buffer {
	char text[LINE_SIZE];
	size_t len;
};

/* Called without the newline, with what is not printable replaced; never for an empty line. */
typedef void (*line_fn)(void *ctx, const char *line);

void lines_feed(struct line_buffer *buffer, const char *data, size_t len, line_fn each, void *ctx);
/* The stream ended: what is left is a line too. */
void lines_flush(struct line_buffer *buffer, line_fn each, void *ctx);
