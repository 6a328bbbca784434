/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cursors over byte strings: bounds are checked here and nowhere else.
 */
#include "base/cursor.h"

#include <string.h>

bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

struct bytes bytes_str(const char *text)
{
	if (!text)
		return (struct bytes){0};
	return (struct bytes){(const uint8_t *)text, strlen(text)};
}

struct reader reader_init(const void *data, size_t len)
{
	static const uint8_t nothing[1];
	const uint8_t *start = data ? data : nothing;

	/* A NULL start would make pointer arithmetic undefined. */
	return (struct reader){.pos = start, .end = start + (data ? len : 0), .ok = data || !len};
}

size_t reader_left(const struct reader *r)
{
	return r->ok ? (size_t)(r->end - r->pos) : 0;
}

/* The next len octets, or NULL and a failed cursor. */
static const uint8_t *take(struct reader *r, size_t len)
{
	const uint8_t *at = r->pos;

	if (!r->ok || (size_t)(r->end - r->pos) < len) {
		r->ok = false;
		return NULL;
	}
	r->pos += len;
	return at;
}

static uint64_t take_number(struct reader *r, size_t len)
{
	const uint8_t *at = take(r, len);
	uint64_t value = 0;

	for (size_t i = 0; at && i < len; i++)
		value = value << 8 | at[i];
	return value;
}

uint8_t reader_u8(struct reader *r)
{
	return (uint8_t)take_number(r, 1);
}

uint16_t reader_u16(struct reader *r)
{
	return (uint16_t)take_number(r, 2);
}

uint32_t reader_u32(struct reader *r)
{
	return (uint32_t)take_number(r, 4);
}

uint64_t reader_u64(struct reader *r)
{
	return take_number(r, 8);
}

struct bytes reader_bytes(struct reader *r, size_t len)
{
	const uint8_t *at = take(r, len);

	return at ? (struct bytes){at, len} : (struct bytes){0};
}

struct bytes reader_rest(struct reader *r)
{
	return reader_bytes(r, reader_left(r));
}

void reader_skip(struct reader *r, size_t len)
{
	take(r, len);
}

struct reader reader_sub(struct reader *r, size_t len)
{
	const uint8_t *at = take(r, len);

	if (!at)
		return (struct reader){.pos = r->end, .end = r->end, .ok = false};
	return (struct reader){.pos = at, .end = at + len, .ok = true};
}

struct writer writer_init(void *data, size_t size)
{
	uint8_t *start = data;

	return (struct writer){.start = start, .pos = start, .end = start + size, .ok = true};
}

size_t writer_len(const struct writer *w)
{
	return (size_t)(w->pos - w->start);
}

static uint8_t *room(struct writer *w, size_t len)
{
	uint8_t *at = w->pos;

	if (!w->ok || (size_t)(w->end - w->pos) < len) {
		w->ok = false;
		return NULL;
	}
	w->pos += len;
	return at;
}

static void put_number(struct writer *w, uint64_t value, size_t len)
{
	uint8_t *at = room(w, len);

	for (size_t i = len; at && i-- > 0; value >>= 8)
		at[i] = (uint8_t)value;
}

void writer_u8(struct writer *w, uint8_t value)
{
	put_number(w, value, 1);
}

void writer_u16(struct writer *w, uint16_t value)
{
	put_number(w, value, 2);
}

void writer_u32(struct writer *w, uint32_t value)
{
	put_number(w, value, 4);
}

void writer_u64(struct writer *w, uint64_t value)
{
	put_number(w, value, 8);
}

void writer_bytes(struct writer *w, struct bytes value)
{
	uint8_t *at = room(w, value.len);

	if (at && value.len)
		memcpy(at, value.data, value.len);
}

void writer_patch_u16(struct writer *w, size_t offset, uint16_t value)
{
	size_t len = writer_len(w);

	if (!w->ok || offset > len || len - offset < 2) {
		w->ok = false;
		return;
	}
	w->start[offset] = (uint8_t)(value >> 8);
	w->start[offset + 1] = (uint8_t)value;
}
