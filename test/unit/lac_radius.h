/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A RADIUS server for the world of a LAC: the real client, and a server that says what the test
 * says, acknowledges every record and keeps what it heard.
 */
#pragma once

#include "lac_fixture.h"

#include "radius_kit.h"

#define HEARD_MAX 32
#define LNS "192.0.2.2"

/* A packet of the client. */
struct heard {
	bool acct;
	bool due; /* it was not answered */
	uint8_t id;
	unsigned int socket;
	uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN];
	uint8_t body[1024];
	size_t len;
};

struct server {
	struct lac_world f;
	struct radius_server section;
	struct radius_client *client;
	/* The answer to whoever asks. */
	enum radius_code code;
	uint8_t body[256];
	size_t body_len;
	/* In the order in which they came. */
	struct heard heard[HEARD_MAX];
	unsigned int n_heard;
	/* The last answer to an order: 0 for none, and its Error-Cause. */
	uint8_t order_code;
	uint32_t order_error;
};

struct put {
	enum radius_attr attr;
	uint32_t number;
	const char *text; /* NULL: it is a number */
};

/* For setup and teardown of cmocka. Access sections have radius = optional. */
int server_setup(void **state);
int server_teardown(void **state);
/* Runs the world and acknowledges the records of it. */
void server_run(struct server *server, usec_t duration);
/* What it will say. */
void server_says(struct server *server, enum radius_code code, const struct put *puts, size_t n);
/* Says it to the last who asked. */
void server_answer(struct server *server);
/* A caller who is placed by an answer of these attributes. */
struct lac_call *server_call(struct server *server, unsigned int n, const char *user,
			     const struct put *puts, size_t n_puts);
/* Sends a Disconnect-Request of these. */
void server_order(struct server *server, const struct put *puts, size_t n);
/* The same for a CoA-Request. */
void server_change(struct server *server, const struct put *puts, size_t n);

/* The last Access-Request. */
const struct heard *server_asked(const struct server *server);
unsigned int server_times_asked(const struct server *server);
/* The n-th record of that type, from 0; NULL for none. */
const struct heard *server_record(const struct server *server, enum radius_record_type type,
				  unsigned int n);
/* Asserts that these are the types of all records, in this order. */
void server_expect(const struct server *server, const enum radius_record_type *types, size_t n);
/* UINT32_MAX when it is not there. */
uint32_t heard_number(const struct heard *heard, enum radius_attr attr);
/* Empty when it is not there; lives until the next but seven. */
const char *heard_text(const struct heard *heard, enum radius_attr attr);
