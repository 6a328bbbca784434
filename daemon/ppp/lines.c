/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines out of a stream of bytes.
 */
#include "ppp/lines.h"

#include "base/text.h"

void lines_flush(struct line_buffer *buffer, line_fn each, void *ctx)
{
	if (!buffer->len)
		return;
	buffer->text[buffer->len] = '\0';
	buffer->len = 0;
	text_clean(buffer->text);
	each(ctx, buffer->text);
}

void lines_feed(struct line_buffer *buffer, const char *data, size_t len, line_fn each, void *ctx)
{
	for (size_t i = 0; i < len; i++) {
		if (data[i] == '\n')
			lines_flush(buffer, each, ctx);
		else if (buffer->len < LINE_SIZE - 1)
			/* A NUL would hide the rest of the line. */
			buffer->text[buffer->len++] = (char)(data[i] ? data[i] : '?');
	}
}
