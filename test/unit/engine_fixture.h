/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A world for engines: a clock, a network, and for each engine a kernel and a PPP that do what the
 * test says, and complain of an engine that uses them wrongly.
 *
 * Everything that the daemon would do later happens in virtual time, in one queue, and everything
 * random comes from one seed. What an engine does is written into a journal, one word a deed, so
 * that a test compares a whole story with the expected one:
 *
 *   tx:SCCRQ tx:StopCCN(2/8)    a message, sent for the first time; result and error code
 *   reply:StopCCN(4)            sent without a tunnel
 *   +tunnel tunnel -tunnel      asked to create, created, asked to delete: the kernel's tunnel
 *   +numbers numbers            asked to number the session's data, does so
 *   ~ppp !ppp ppp-down          stop gracefully, hang up, ended
 *   ev:tunnel-up                an event
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "l2tp/engine.h"
#include "wire/result.h"

#define BOXES 2
#define SENT_MAX 64
#define JOURNAL_MAX 4096

/* What a box does for its engine, now or later. */
enum fake_op {
	FAKE_TUNNEL_CREATE,
	FAKE_TUNNEL_DELETE,
	FAKE_SESSION_CREATE,
	FAKE_SESSION_MODIFY,
	FAKE_SESSION_DELETE,
	FAKE_PPP_START,
	FAKE_PPP_UP,
	FAKE_PPP_GRACEFUL,
	FAKE_PPP_HANGUP,
	FAKE_SOCKET_OPEN,
	FAKE_SOCKET_CONNECT,
	FAKE_PACKET,
	FAKE_OP_MAX,
};

struct fake_control {
	/* -errno: refused in the call itself. */
	int fails;
	/* -errno: the completion brings it. */
	int fails_later;
	/* Does not complete until box_release(). */
	bool hold;
	usec_t delay;
	unsigned int calls;
};

enum sending {
	SENT_FIRST,
	SENT_AGAIN,
	/* By nobody's tunnel. */
	SENT_REPLY,
};

/* A control packet that a box sent. */
struct sent {
	usec_t when;
	struct addr from;
	struct addr to;
	struct control_header header;
	enum sending sending;
	/* Of type MSG_ZLB when it only acknowledges. */
	struct l2tp_msg msg;
	uint8_t packet[MSG_LEN_MAX];
	uint8_t scratch[MSG_LEN_MAX];
};

struct world;
struct talker;

struct box {
	struct world *world;
	struct l2tp_engine *engine;
	const char *name;
	struct addr addr;
	/* The only one of its configuration, unless a test sets others. Counted here too. */
	struct peer *peer;
	struct fake_control fake[FAKE_OP_MAX];
	/* What exists now. */
	unsigned int sockets;
	unsigned int kernel_tunnels;
	unsigned int kernel_sessions;
	unsigned int ppps;
	unsigned int events[EVENT_MAX];
	/* Of the last event of its type: words of the reason. */
	char reason[256];
	/* Hears every event as it comes, NULL for nobody. */
	void (*listener)(struct box *box, const struct l2tp_event *event);
	/* A call is placed as soon as the tunnel is up, from inside the event. */
	const struct session_params *call_on_up;
	/* Its random octets are all 0. */
	bool no_random;
	bool freeing;
	char journal[JOURNAL_MAX];
	bool no_journal;
	struct sent *sent[SENT_MAX]; /* a ring */
	unsigned int n_sent;
	uint16_t next_port;
};

struct world {
	usec_t now;
	uint64_t random;
	struct list queue; /* of what will happen, soonest first */
	struct box boxes[BOXES];
	struct talker *talker;
	/* Percent, and microseconds. */
	unsigned int loss;
	unsigned int twice;
	usec_t delay;
	usec_t jitter;
	/* Nothing gets through from or to this box; NULL for none. */
	const struct box *cut_off;
};

/* Two boxes, "lac" and "lns", that know each other as peers and take calls of each other. */
void world_init(struct world *w, uint64_t seed);
/* Lets all that is open come to its end, asserts that nothing is left of it, and frees. */
void world_end(struct world *w);
/* Frees at once, in the middle of things. */
void world_abort(struct world *w);
void world_run(struct world *w, usec_t duration);
/* Until nothing is under way but the engines' own timers. */
void world_settle(struct world *w);
uint64_t world_random(struct world *w);
unsigned int world_below(struct world *w, unsigned int limit);

void box_secret(struct box *box, const char *secret);
/* Completes what was held of an operation; it is not held any more. */
void box_release(struct box *box, enum fake_op op);
/* The newest message of a type, repetitions included; asserts that there is one. */
const struct sent *box_sent(const struct box *box, enum msg_type type);
/* How many of the last SENT_MAX packets were messages of this type. */
unsigned int box_count_sent(const struct box *box, enum msg_type type);
/* Asserts that the journal since last time reads so, and begins a new page. */
#define box_expect(box, story) _box_expect(box, story, __FILE__, __LINE__)
void _box_expect(struct box *box, const char *story, const char *file, int line);
void box_forget(struct box *box);
void box_note(struct box *box, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Asserts that counters, tables and fakes of an engine say the same. */
void box_check(const struct box *box);

/* pppd ended by itself. */
void fake_ppp_dies(struct l2tp_session *s);
/* A packet for a box from anywhere, now. */
void box_input(struct box *box, const struct addr *from, struct bytes packet);

extern const struct l2tp_ops fake_ops;
/* fakes to world */
void world_packet(struct box *box, enum sending sending, const struct addr *from,
		  const struct addr *to, struct bytes packet);
void world_later(struct box *box, enum fake_op op, void *target);
/* Takes back what was to happen to target; true when there was something. */
bool world_cancel(struct box *box, enum fake_op op, const void *target);
/* world to fakes */
void fake_happens(struct box *box, enum fake_op op, void *target, int err);
/* Whether a datagram finds a socket of this box: its own listener, or a tunnel's. */
bool fake_hears(const struct box *box, const struct addr *from, const struct addr *to);
/* Asserts that a socket that was connected speaks to the tunnel's peer still. */
void fake_check_tunnel(const struct l2tp_tunnel *t);

/* What tests do again and again. */
struct l2tp_tunnel *open_tunnel(struct box *from, struct box *to);
struct l2tp_session *open_session(struct l2tp_tunnel *t);
void close_tunnel(struct l2tp_tunnel *t);
void close_session(struct l2tp_session *s);
/* The first tunnel of an engine, and of that tunnel the first session; NULL for none. */
struct l2tp_tunnel *first_tunnel(const struct box *box);
struct l2tp_session *first_session(const struct box *box);
