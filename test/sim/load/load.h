/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine under load: one engine, as many sessions as one likes, and peers that know just enough
 * of the wire format to answer. What is measured is the time inside the engine's entry points; what
 * the peers and the fake kernel cost is not in it.
 */
#pragma once

#include "l2tp/engine.h"

/* Calls of the engine that are timed as one. */
#define BATCH 256
#define PACKET_MAX 256

/* Processor time in an entry point of the engine. */
struct meter {
	uint64_t calls;
	uint64_t ns;
	uint64_t longest; /* call */
};

struct far;

struct packet {
	struct far *far;
	uint16_t len;
	uint8_t data[PACKET_MAX];
};

/* The other end of a tunnel. */
struct far {
	struct addr addr;
	struct l2tp_tunnel *tunnel;
	uint16_t tunnel_id; /* the engine's */
	uint16_t ns, nr;
	/* By its own session ids, from 1: the engine's. */
	uint16_t *session_ids;
	/* That it gives next, where the engine begins. */
	uint16_t next_id;
};

struct load {
	struct l2tp_engine *engine;
	struct peer *peer;
	struct addr local;
	usec_t now;
	uint64_t random;
	struct far *fars;
	unsigned int n_fars;
	unsigned int per_far; /* sessions */
	bool as_lac;	      /* the engine begins */
	struct packet *in, *out;
	size_t n_in, n_out, out_room;
	/* Whom the kernel owes an answer. */
	struct l2tp_session **made, **deleted;
	size_t n_made, n_deleted;
	struct l2tp_tunnel **tunnels_made;
	size_t n_tunnels_made;
	struct l2tp_session **closing;
	struct far **opening;
	struct meter meter;
};

/* box.c */
void load_begin(struct load *load, unsigned int n_fars, unsigned int per_far, bool as_lac);
void load_end(struct load *load);
uint64_t load_random(struct load *load);
/* Gives the engine what is in `in`, and the answers of the kernel, until both are through. */
void load_deliver(struct load *load);
/* Lets time pass, with acknowledgements and HELLOs answered. */
void load_pass(struct load *load, usec_t duration);

/* far.c */
void far_request_tunnel(struct load *load, struct far *far);
void far_request_call(struct load *load, struct far *far, uint16_t id);
void far_disconnect(struct load *load, struct far *far, uint16_t id);
/* Answers what the engine said. */
void far_answer(struct load *load);

/* meter.c */
/* Calls `call` for 0 to n-1. */
void meter_run(struct meter *meter, struct load *load, size_t n,
	       void (*call)(struct load *load, size_t i));
double meter_us(const struct meter *meter, uint64_t per);
