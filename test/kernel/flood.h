/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a flood is made of: control messages overheard from a real LAC, and kinds of packets made
 * from them or from nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"

#define FLOOD_PAYLOAD_MAX 1400

/* Where a packet says it comes from; host byte order. */
struct flood_source {
	uint32_t ip;
	uint16_t port;
};

/* A control message of the LAC's, with its header's fields beside it. */
struct overheard {
	struct flood_source source;
	uint16_t tunnel_id;
	uint16_t session_id;
	uint16_t ns;
	size_t len;
	uint8_t payload[FLOOD_PAYLOAD_MAX];
};

struct flood_capture {
	struct overheard *messages;
	size_t count;
	/* Those for a tunnel, not the SCCRQs; what forgeries are made of. */
	struct overheard **for_tunnel;
	size_t n_for_tunnel;
};

struct flood_packet {
	struct flood_source source;
	size_t len;
	uint8_t payload[FLOOD_PAYLOAD_MAX];
};

struct flood_kind {
	const char *name;
	/* In twentieths of all packets. */
	unsigned int share;
	void (*make)(const struct flood_capture *capture, struct flood_packet *ret);
};

extern const struct flood_kind flood_kinds[];
extern const size_t flood_n_kinds;

/* The same numbers from the same seed. */
void flood_seed(uint64_t seed);
uint32_t flood_random(void);

/* Reads what tcpdump wrote: L2TPv2 control messages over IPv4 to `server`. Returns 0 or -errno. */
int flood_capture_read(const char *path, uint32_t server, struct flood_capture *ret);
