/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the client share: requests, and servers as the client sees them.
 */
#pragma once

#include "aaa/client.h"
#include "aaa/packet.h"
#include "base/hash.h"

/* Identifiers of one socket, RFC 2865 section 3. */
#define RADIUS_IDS 256
#define NO_SLOT UINT32_MAX

/* Access or accounting of a server: another port, perhaps another process. */
struct radius_lane {
	bool dead;
	usec_t dead_since;
	usec_t dead_until;
	usec_t heard_at; /* the last good answer; 0: none yet */
	/* The one that tries whether it lives again. */
	struct radius_request *probe;
	/* By socket and identifier. */
	struct radius_request **slots;
	unsigned int n_sockets;
	unsigned int next_slot;
	unsigned int n_pending;
};

struct radius_host {
	struct list node;
	struct radius_server_state state;
	struct radius_lane lanes[2]; /* access, accounting */
};

/* Records that are on their way: all of them, or those of a tunnel. */
struct radius_scope {
	struct hash_node node;
	unsigned int n_records;
	/* The one that goes first and the one that goes last: Accounting-On and -Off, Tunnel-Start
	 * and -Stop; NULL when it is not on its way. */
	struct radius_request *opening, *closing;
};

struct radius_request {
	struct list node;
	struct radius_client *client;
	struct timer timer;
	bool acct;
	/* Where it is; NULL between servers. */
	struct radius_host *host;
	uint32_t slot;
	unsigned int tries;
	bool last_chance; /* all were dead */
	bool untellable;  /* no packet can say it: it fails at once */
	usec_t born_at;
	usec_t sent_at; /* the first time to this server */
	uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN];
	void (*done)(void *user, const struct radius_answer *answer, usec_t now);
	void *user;
	/* Attributes in clear, and what was made of them for the server of the moment. */
	uint8_t *body;
	size_t body_len;
	uint8_t *packet;
	size_t packet_len;
	/* sequence.c: of a record, the one of its session that goes before it, and after it. */
	struct radius_request *ahead, *behind;
	struct hash_node of_session; /* in the table where none is behind */
	struct radius_scope *tunnel; /* NULL: of none */
	bool waits;
};

/* Orders answered last, for those that come again (RFC 5176 2.3). */
#define RADIUS_ORDERS 16

struct radius_order {
	bool used;
	struct addr peer;
	uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN];
	uint8_t answer[RADIUS_LEN_MAX];
	size_t answer_len;
};

struct radius_client {
	const struct radius_ops *ops;
	void *ctx;
	struct timer_queue *timers;
	const struct radius_settings *settings;
	struct list hosts;
	struct list requests;
	unsigned int n_pending[2]; /* access, accounting */
	struct radius_scope scope;
	struct hash tunnels;  /* of struct radius_scope */
	struct hash sessions; /* the last record of each */
	struct radius_order orders[RADIUS_ORDERS];
	unsigned int next_order;
};

/* server.c */
void radius_event(struct radius_client *client, const struct radius_host *host, const char *format,
		  ...) __attribute__((format(printf, 3, 4)));
struct radius_lane *radius_lane(struct radius_request *request);
bool radius_serves(const struct radius_host *host, bool acct);
/* The server for a request after the one that it is at; NULL when there is none left. */
struct radius_host *radius_choose(struct radius_request *request, usec_t now);
/* A place at the request's server: socket and identifier. Returns 0 or -ENOMEM. */
int radius_slot_take(struct radius_request *request);
void radius_slot_leave(struct radius_request *request);
void radius_host_died(struct radius_host *host, bool acct, usec_t now);
void radius_host_lives(struct radius_host *host, struct radius_request *request, usec_t now);
struct radius_host *radius_host_new(const struct radius_server *server);
void radius_host_free(struct radius_host *host);
bool radius_server_same(const struct radius_server *a, const struct radius_server *b);

/* exchange.c */
/* Nobody is told; records behind it have their turn. */
void radius_request_free(struct radius_request *request, usec_t now);
/* A record, its body without what the client adds, of which it takes a copy. Returns as
 * radius_access(). */
int radius_tell(struct radius_client *client, const struct radius_record *record, struct bytes body,
		usec_t now);

/* sequence.c */
/* A record before it is sent; it is not to be sent while it `waits`: its timer fires when it may.
 * Returns 0 or -ENOMEM; it must leave in either case. */
int radius_sequence_join(struct radius_request *request, const struct radius_record *record);
void radius_sequence_leave(struct radius_request *request, usec_t now);

/* request.c: what is told of a caller */
/* RFC 2865 4.1: an address or a name of ours must be told. */
#define RADIUS_NAS_IDENTIFIER "adit"
/* Who asks, and about whom, in access and accounting. */
void radius_put_nas(struct writer *w, const struct radius_settings *settings);
void radius_put_user(struct writer *w, const struct radius_user *who);
/* And what he proves it with; false when that cannot be told. */
bool radius_put_credentials(struct writer *w, const struct ppp_credentials *credentials);

/* answer.c */
/* The inside of an Access-Accept, -Reject or -Challenge that was proven to be the server's. */
void radius_read_answer(const struct radius_packet *packet, struct bytes secret,
			const uint8_t request[static RADIUS_AUTHENTICATOR_LEN],
			const struct peer *base, struct radius_answer *ret);

/* answer_tunnel.c: RFC 2868 */
/* The set of an Accept's tunnels. Returns 0, with NULL when there is none, -EBADMSG with the
 * attribute and what is wrong in `why`, or -ENOMEM. */
int radius_read_tunnels(struct bytes attributes, struct bytes secret,
			const uint8_t request[static RADIUS_AUTHENTICATOR_LEN],
			const struct peer *base, char *why, size_t size, struct steer_set **ret);
