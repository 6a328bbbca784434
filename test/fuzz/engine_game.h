/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of fuzz_engine share: the game, and the arguments of moves.
 */
#pragma once

#include "fuzz.h"
#include "fuzz_engine.h"
#include "unit/engine_talker.h"

#define SECRET "secret"
/* The Host Name of a peer section. */
#define NAMED "named"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A stranger. Its talker counts; what it says is put together here. */
struct source {
	struct talker talker;
	uint8_t challenge[64];
	size_t challenge_len;
	uint64_t tie_breaker;
};

struct game {
	struct world world;
	struct reader in;
	struct source sources[ENGINE_SOURCES];
	bool secret;
	/* Of what "lns" sent. */
	unsigned int listened;
};

extern struct game game;

static inline uint8_t argument(void)
{
	return reader_u8(&game.in);
}

/* NULL where there is none. */
struct l2tp_session *nth_session(const struct l2tp_tunnel *t, unsigned int n);

/* engine_sources.c */
void source_start(struct source *source, uint16_t tunnel_id);
/* Lets all sources hear what "lns" said since last time, as far as it is still known. */
void listen_all(void);
void move_raw(void);
void move_body(void);
void move_say(void);
void move_ack(void);
void move_restart(void);
void move_overhear(void);
