/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the cases of dataplane.c are made of: a pool and a loop, tunnels over loopback, sessions in
 * them, and claims that end the program.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "netlink/dataplane.h"

#define TUNNEL_ID 4711
#define PEER_TUNNEL_ID 1147

#define CLAIM(claim)                                                                \
	do {                                                                        \
		if (!(claim)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __func__, __LINE__, #claim); \
			exit(1);                                                    \
		}                                                                   \
	} while (0)

#define CLAIM_EQUAL(value, expected)                                                            \
	do {                                                                                    \
		long value_ = (value), expected_ = (expected);                                  \
		if (value_ != expected_) {                                                      \
			fprintf(stderr, "%s:%d: %s is %ld, expected %ld\n", __func__, __LINE__, \
				#value, value_, expected_);                                     \
			exit(1);                                                                \
		}                                                                               \
	} while (0)

/* What done() told, of one tunnel or session. */
struct outcome {
	unsigned int calls;
	int err;
	const char *step;
};

struct end {
	struct l2tp_nl_tunnel params;
	struct dp_tunnel *tunnel;
	struct outcome outcome;
	int peer_fd;
};

struct call {
	struct l2tp_nl_session params;
	struct dp_session *session;
	struct outcome outcome;
};

extern struct dataplane *dp;
extern struct l2tp_nl *nl;

/* The pool and what hangs on it; loop() returns when nothing is outstanding. */
void start(unsigned int workers);
void finish(void);
void loop(void);

void done(void *user, int err, const char *step);
/* Claims what was told since the last time. */
void claim_outcome(struct outcome *outcome, unsigned int calls, int err, const char *step);
unsigned int count_fds(void);
/* Exactly so many, as dumps show them. */
void claim_kernel_has(unsigned int tunnels, unsigned int sessions);

/* Opens both sockets; the peer's is only a socket. */
void end_open(struct end *end, bool v6, uint32_t tunnel_id);
void end_close(struct end *end);
/* Each waits, and claims that it went well. */
void end_create(struct end *end);
void end_delete(struct end *end);
void create_call(struct call *call, const struct end *end);
void delete_call(struct call *call);

/* Sessions 1 to count. */
void call_init(struct call *call, const struct end *end, uint32_t session_id);
struct call *calls_new(const struct end *end, unsigned int count);
void calls_free(struct call *calls, unsigned int count);
void create_calls(struct call *calls, unsigned int count, const struct end *end);
void delete_calls(struct call *calls, unsigned int count);

/* Of dataplane_frames.c. */
void case_frames(void);
void case_bridge(void);
void case_made_bridged(void);
void case_bridge_fails(void);
void case_replay(void);
