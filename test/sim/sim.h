/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Boxes that run the engine, each LAC and LNS at once, in a world of virtual time: a network that
 * loses, doubles, delays, cuts and renumbers, kernels and PPPs that are slow and fail, and an
 * administrator who does anything at any moment. README.md says what is modelled.
 *
 * All randomness comes from one seed. The first thing that is not as it must be ends the program,
 * with the line that plays it again.
 */
#pragma once

#include "l2tp/engine.h"
#include "test/sim/memory.h"

#define BOXES_MAX 6
#define MAPPINGS_MAX 64
#define STALE_MAX 64

struct world;

/* What a box does for its engine, now or later. */
enum deed {
	DEED_TUNNEL_CREATE,
	DEED_TUNNEL_DELETE,
	DEED_SESSION_CREATE,
	DEED_SESSION_MODIFY,
	DEED_SESSION_DELETE,
	DEED_PPP_START,
	DEED_PPP_UP,
	DEED_PPP_GRACEFUL,
	DEED_PPP_HANGUP,
	DEED_SOCKET_OPEN,
	DEED_SOCKET_CONNECT,
	DEED_MAX,
};

/* How a deed goes, until the next change of mind. */
struct manner {
	int refused; /* -errno in the call itself; of PPP also 1: without PPP of ours */
	int fails;   /* -errno with the completion */
	usec_t delay;
};

/* Everything that one end of a tunnel says, in the order of its sequence numbers. */
struct utterance {
	uint64_t octets; /* hash of what follows the header */
	uint64_t text;	 /* hash of what the receiver's trace must say */
	usec_t sent_at;	 /* last */
};

struct stream {
	struct list node;
	const struct box *box;
	uint16_t tunnel_id;
	uint16_t first; /* Ns */
	/* Whom this end listens to: decided by the first message it took. */
	const struct stream *hears;
	/* Of a tunnel that a predecessor left: it says StopCCN, in its stead. */
	bool stale;
	struct utterance *said;
	size_t n_said;
	size_t room;
};

struct sim_socket {
	struct addr local;
	struct addr peer;
	bool connected;
};

/* What is known of a tunnel beside the engine; found through its state_slot. */
struct sim_tunnel {
	struct list node;
	bool told_up;
	bool told_down;
	bool told_gone;
	struct stream *out;
	uint64_t taken; /* place behind the last message delivered */
	uint64_t sent;	/* packets */
	/* Since when the oldest message under way is the oldest. */
	uint16_t oldest;
	usec_t oldest_since;
	/* As it was last written out; has_core once it was. */
	struct tunnel_core core;
	bool has_core;
};

/* A tunnel or a session of the kernel. */
struct sim_object {
	bool up;
	bool modifying;
	bool numbers;
	bool deleting;
};

struct sim_ppp {
	bool up;
	bool stopping;
};

struct mapping {
	uint16_t inside;
	uint16_t outside;
};

struct box {
	struct world *world;
	unsigned int number;
	char name[16];
	struct l2tp_engine *engine; /* NULL while it is down */
	unsigned int life;	    /* counts its engines */
	struct memory memory;
	struct addr home;    /* what it thinks it is */
	struct addr outside; /* where others find it */
	bool has_nat;
	/* What it says from port 1701 comes from another, where it listens too (RFC 2661 8.1). */
	bool answers_elsewhere;
	struct mapping mappings[MAPPINGS_MAX];
	unsigned int n_mappings;
	struct manner manners[DEED_MAX];
	unsigned int sockets, kernel_tunnels, kernel_sessions, ppps;
	/* Sessions that were told to be up and not yet to be down. */
	const struct l2tp_session **up;
	unsigned int n_up, up_room;
	/* It dies or is freed: nothing may be asked of the world. */
	bool freeing;
	/* It was told to shut down, and begins anew some time after it is done. */
	bool stopping;
	usec_t begins_at; /* while it is down */
	struct tunnel_core stale[STALE_MAX];
	unsigned int n_stale;
	uint16_t next_port;
	unsigned int next_id;
};

/* What came of all: that there is enough life in it is part of the test. */
struct totals {
	uint64_t tunnels_up, sessions_up, ppp_up, survived, failed, refused, restarts, stale_told,
		rebinds, retransmits, duplicates, out_of_order, unexpected, delivered, packets,
		no_memory, calls_agreed;
};

struct happening;

struct world {
	uint64_t seed;
	uint64_t random;
	usec_t now;
	bool verbose;
	bool healed;
	struct box boxes[BOXES_MAX];
	unsigned int n_boxes;
	/* Who knows whom. */
	bool linked[BOXES_MAX][BOXES_MAX];
	/* Percent; microseconds. */
	unsigned int loss, twice, late;
	usec_t delay, jitter;
	/* Nothing goes between the boxes with a bit set and the others. */
	unsigned int island;
	/* Somebody said StopCCN without a tunnel of his own. */
	bool strangers;
	/* An allocation may have failed. */
	bool lost_memory;
	/* Ids are drawn from 1 to this, so that they meet; 0 for all. Nothing of before may come
	 * late then: L2TPv2 has only its ids to tell one tunnel from the next. */
	unsigned int few_ids;
	/* From the first on, in each life, as real peers do. */
	bool counts_ids;
	/* Longest time between two commands. */
	unsigned int pause;
	struct happening **queue; /* a heap */
	size_t n_queue, queue_room;
	uint64_t serial;
	uint16_t next_outside_port;
	uint8_t next_outside_host;
	struct list streams;
	struct list tunnels; /* of struct sim_tunnel, those that are gone too */
	/* Whose packet is being taken, NULL for one that no tunnel sent. */
	const struct stream *speaker;
	struct totals *totals;
};

/* world.c */
void world_play(uint64_t seed, bool verbose, struct totals *totals);
uint64_t world_random(struct world *w);
unsigned int below(struct world *w, unsigned int limit);
/* True in `percent` of a hundred. */
bool chance(struct world *w, unsigned int percent);
void world_run(struct world *w, usec_t duration);

/* trouble.c */
void sim_begin(uint64_t seed);
void sim_broken(const struct world *w, const struct box *box, const char *file, int line,
		const char *what) __attribute__((noreturn));
void sim_trace(const struct world *w, const struct box *box, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Something that must be true of a box. */
#define HOLDS(box, condition) \
	((condition) ? (void)0 : sim_broken((box)->world, (box), __FILE__, __LINE__, #condition))
#define TRACE(box, ...) \
	((box)->world->verbose ? sim_trace((box)->world, (box), __VA_ARGS__) : (void)0)
/* A call of the engine, which pays for it. */
#define INSIDE(box, call)                                               \
	do {                                                            \
		struct memory *_before = memory_charge(&(box)->memory); \
		call;                                                   \
		memory_charge(_before);                                 \
	} while (0)
/* Memory of the world's own, zeroed: it never fails. */
void *sim_alloc(size_t size);
void *sim_resize(void *ptr, size_t size);

/* queue.c */
/* Completes a deed for `target` of this box, as its manners say. */
void queue_deed(struct box *box, enum deed deed, void *target);
/* Takes back what was to happen to target; true when there was something. */
bool queue_cancel(struct box *box, enum deed deed, const void *target);
void queue_packet(struct box *to, const struct addr *from, const struct addr *dest,
		  struct bytes packet, const struct stream *speaker, usec_t when);
usec_t queue_next(const struct world *w);
/* Lets the next thing happen. */
void queue_run(struct world *w);
/* Forgets all that would happen to the engine of this box; NULL for whatever would happen. */
void queue_forget(struct world *w, const struct box *box);

/* net.c */
void net_send(struct box *box, const struct addr *from, const struct addr *to, struct bytes packet,
	      const struct stream *speaker);
void net_arrive(struct box *box, const struct addr *from, const struct addr *to,
		struct bytes packet, const struct stream *speaker);
/* The NAT before a box forgets its ports, or gets another address. */
void net_rebind(struct box *box);
void net_renumber(struct box *box);
struct box *net_find(struct world *w, const struct addr *outside);

/* fakes.c */
extern const struct l2tp_ops sim_ops;
void fake_complete(struct box *box, enum deed deed, void *target, int err);
void fake_ppp_dies(struct l2tp_session *s);

/* stream.c */
/* The record of a tunnel, made when it is first asked for. */
struct sim_tunnel *sim_tunnel(const struct l2tp_tunnel *t);
/* What a packet for this tunnel led to: to be asked before and after. */
struct reaction {
	uint64_t duplicates, sent;
};
struct reaction stream_listen(const struct l2tp_tunnel *t);
void stream_reacted(const struct l2tp_tunnel *t, const struct reaction *before);
void stream_said(struct l2tp_tunnel *t, struct bytes packet);
void stream_taken(struct l2tp_tunnel *t, const char *text);
void stream_check(const struct l2tp_tunnel *t);
void stream_free_all(struct world *w);

/* life.c */
void box_begin(struct box *box);
/* The process dies; what it had written out of its tunnels is kept for its successor. */
void box_kill(struct box *box);
void box_free(struct box *box);
void box_stop(struct box *box);
/* Begins those that are due. */
void life_run(struct world *w);
usec_t life_next(const struct world *w);
/* New settings for who lives on: the peers of its configuration are read again. */
void box_reload(struct box *box);
struct peer *box_peer(const struct box *box, const struct box *other);

/* command.c */
void command_random(struct world *w);
struct l2tp_tunnel *command_open_tunnel(struct box *from, struct box *to);
/* Whatever the administrator did, everything may go on. */
void box_enable(struct box *box);
struct l2tp_session *command_open_session(struct l2tp_tunnel *t, bool outgoing);

/* check.c: what is true after everything that happens. */
void check_box(struct box *box);
/* agree.c: what is true when all came to rest, and when all has ended. */
void agree_all(struct world *w);
void agree_on_life(struct world *w);
void agree_on_nothing(struct world *w);
