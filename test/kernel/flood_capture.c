/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The capture that a flood replays: a file of tcpdump's, in the classic format with microseconds,
 * of an Ethernet.
 */
#include "flood.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC 0xa1b2c3d4
#define FILE_HEADER_LEN 24
#define ETHERNET_LEN 14
#define UDP 17
#define MESSAGES_MAX 20000

/* Of each packet; numbers are in the byte order of the machine that wrote the file. */
struct record {
	uint32_t seconds;
	uint32_t microseconds;
	uint32_t len;
	uint32_t original_len;
};

/* Returns whether this frame is a control message to the server. */
static bool parse_frame(struct reader r, uint32_t server, struct overheard *ret)
{
	uint16_t flags;
	uint8_t first;

	reader_skip(&r, ETHERNET_LEN);
	first = reader_u8(&r);
	reader_skip(&r, 8);
	if (first >> 4 != 4 || reader_u8(&r) != UDP)
		return false;
	reader_skip(&r, 2);
	ret->source.ip = reader_u32(&r);
	if (reader_u32(&r) != server)
		return false;
	reader_skip(&r, (size_t)(first & 0x0f) * 4 - 20);
	ret->source.port = reader_u16(&r);
	reader_skip(&r, 2);
	ret->len = (size_t)reader_u16(&r) - 8;
	reader_skip(&r, 2);
	if (!r.ok || ret->len > sizeof(ret->payload) || ret->len > reader_left(&r))
		return false;
	memcpy(ret->payload, r.pos, ret->len);

	flags = reader_u16(&r);
	reader_skip(&r, 2);
	ret->tunnel_id = reader_u16(&r);
	ret->session_id = reader_u16(&r);
	ret->ns = reader_u16(&r);
	return r.ok && (flags & 0xc80f) == 0xc802;
}

static void parse_file(FILE *file, uint32_t server, struct flood_capture *capture)
{
	struct record record;
	uint8_t frame[2048];

	while (capture->count < MESSAGES_MAX && fread(&record, sizeof(record), 1, file) == 1) {
		struct overheard *message = &capture->messages[capture->count];

		if (record.len > sizeof(frame) || fread(frame, record.len, 1, file) != 1)
			return;
		if (!parse_frame(reader_init(frame, record.len), server, message))
			continue;
		capture->count++;
		if (message->tunnel_id)
			capture->for_tunnel[capture->n_for_tunnel++] = message;
	}
}

int flood_capture_read(const char *path, uint32_t server, struct flood_capture *ret)
{
	uint32_t header[FILE_HEADER_LEN / sizeof(uint32_t)];
	FILE *file = fopen(path, "re");
	int err = 0;

	if (!file)
		return -errno;
	*ret = (struct flood_capture){
		.messages = calloc(MESSAGES_MAX, sizeof(*ret->messages)),
		.for_tunnel = calloc(MESSAGES_MAX, sizeof(struct overheard *)),
	};
	if (!ret->messages || !ret->for_tunnel)
		err = -ENOMEM;
	else if (fread(header, sizeof(header), 1, file) != 1 || header[0] != MAGIC)
		err = -EPROTO;
	else
		parse_file(file, server, ret);
	fclose(file);
	return err;
}
