/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A RADIUS client in virtual time, with up to three servers, whose packets are kept and answered by
 * hand.
 */
#pragma once

#include "aaa/client.h"
#include "radius_kit.h"

#define SERVERS 3
#define SENT_MAX 4096

/* A packet that the client sent. */
struct sent {
	const struct radius_server *server;
	bool acct;
	unsigned int socket;
	uint8_t packet[512];
	size_t len;
};

struct radius_world {
	struct radius_settings settings;
	struct radius_server servers[SERVERS];
	struct timer_queue timers;
	struct radius_client *client;
	usec_t now;
	struct sent sent[SENT_MAX];
	size_t n_sent;
	unsigned int events;
	char event[256];
	/* What done() said. */
	unsigned int done;
	struct radius_answer answer;
	uint8_t random;
};

extern struct radius_world w;

extern const struct radius_user alice;

/* As setup of CMocka, two servers; and with so many. */
int setup(void **state);
int setup_of(unsigned int n);
int teardown(void **state);
/* Timers fire meanwhile. */
void pass(usec_t time);
/* An Access-Request of alice's. */
struct radius_request *ask(void);
/* What it does with the answer; keeps it. */
void on_done(void *user, const struct radius_answer *answer, usec_t now);
/* The packet that was sent last. */
const struct sent *last(void);
/* Answers a packet as its server would, or as somebody with another secret. */
void reply_as(const struct sent *sent, enum radius_code code, const char *secret);
void reply(const struct sent *sent, enum radius_code code);
const struct radius_server_state *state_of(unsigned int i);
/* Of a packet that was sent; the first attribute of that kind. */
bool sent_value(const struct sent *sent, enum radius_attr attr, struct radius_value *ret);
/* UINT32_MAX: it has none. */
uint32_t sent_number(const struct sent *sent, enum radius_attr attr);

#define WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
