/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A management socket with an engine behind it, and a daemon that does what a test says.
 *
 * Two tunnels and a session are there from the start. What is opened or closed comes up or goes a
 * moment later, from the loop; special host names and session names behave otherwise.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "control/private.h"
#include "l2tp/private.h"

#define LATER_MAX 64

enum later_what {
	LATER_TUNNEL_UP,
	LATER_TUNNEL_REFUSED,
	LATER_NO_HOST,
	LATER_SESSION_UP,
	LATER_SESSION_BUSY,
	LATER_TUNNEL_GONE,
	LATER_SESSION_GONE,
	LATER_CALL_GONE,
};

struct later {
	enum later_what what;
	uint64_t owner;
	uint16_t tunnel_id;
	uint16_t session_id;
	const char *call_id;
};

struct fixture {
	struct ev_loop *loop;
	struct l2tp_engine *engine;
	struct control *control;
	char folder[64];
	char path[96];
	usec_t now;
	uint8_t random;
	ev_timer timer;
	struct later later[LATER_MAX];
	unsigned int n_later;
	/* What was asked of the daemon, one line a call. */
	char calls[4096];
	/* Of the last call of counters(), and whether the answer is left to the test. */
	uint64_t counters_ticket;
	bool hold_counters;
	int counters_err;
	/* Bit i: the i-th call of the LAC ended; and whether its LNS was unlocked. */
	unsigned int ended_calls;
	/* Both calls are the first one's user's. */
	bool same_user;
	bool unlocked;
	/* Told by reload(). */
	int reload_err;
	const char *reload_text;
};

/* control_engine.c */
extern const struct l2tp_ops fixture_engine_ops;

int fixture_setup(void **state);
int fixture_teardown(void **state);
/* Some of the loop's work, and a moment of patience. */
void fixture_run(struct fixture *f);
void fixture_event(struct fixture *f, enum l2tp_event_type type, const struct l2tp_tunnel *t,
		   const struct l2tp_session *s);
/* A tunnel as it is after the handshake; sessions likewise. */
struct l2tp_tunnel *fixture_tunnel(struct fixture *f, const char *name, uint16_t tunnel_id);
struct l2tp_session *fixture_session(struct fixture *f, struct l2tp_tunnel *t, const char *name,
				     uint16_t session_id);
/* Has that call of the LAC end, a moment later. */
void fixture_later_call(struct fixture *f, const char *call_id);

/* control_lac.c */
void fixture_lac_ops(struct control_ops *ops);
void fixture_call_gone(struct fixture *f, const char *id);
void fixture_call_event(struct fixture *f, const char *id, const char *event);
