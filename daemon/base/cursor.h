/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cursors over byte strings, the only way this project reads or writes packets.
 *
 * A cursor remembers its first error: after it, every read gives zero and every write is lost, so
 * that a decoder reads a whole structure straight through and asks `ok` once, at the end.
 * All integers are in network byte order. Neither cursor owns the memory it walks.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A view of bytes that somebody else owns. */
struct bytes {
	const uint8_t *data;
	size_t len;
};

struct reader {
	const uint8_t *pos;
	const uint8_t *end;
	bool ok;
};

struct writer {
	uint8_t *start;
	uint8_t *pos;
	uint8_t *end;
	bool ok;
};

bool bytes_equal(struct bytes a, struct bytes b);
/* A view of a C string, without its NUL; NULL gives the empty view. */
struct bytes bytes_str(const char *text);

struct reader reader_init(const void *data, size_t len);
size_t reader_left(const struct reader *r);
uint8_t reader_u8(struct reader *r);
uint16_t reader_u16(struct reader *r);
uint32_t reader_u32(struct reader *r);
uint64_t reader_u64(struct reader *r);
/* Gives a view into the source; an empty one when fewer than len octets are left. */
struct bytes reader_bytes(struct reader *r, size_t len);
struct bytes reader_rest(struct reader *r);
void reader_skip(struct reader *r, size_t len);
/* Cuts the next len octets off as a cursor of their own; it starts failed when they are not there.
 */
struct reader reader_sub(struct reader *r, size_t len);

struct writer writer_init(void *data, size_t size);
size_t writer_len(const struct writer *w);
void writer_u8(struct writer *w, uint8_t value);
void writer_u16(struct writer *w, uint16_t value);
void writer_u32(struct writer *w, uint32_t value);
void writer_u64(struct writer *w, uint64_t value);
void writer_bytes(struct writer *w, struct bytes value);
/* Overwrites two octets already written, offset octets from the start: lengths known afterwards. */
void writer_patch_u16(struct writer *w, size_t offset, uint16_t value);
