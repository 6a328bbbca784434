/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RADIUS: who may call and where the call goes (RFC 2865, 2868, 2869), accounts of it (RFC 2866,
 * 2867), and orders to change or end it (RFC 5176).
 *
 * Pure but for what radius_ops does: packets are bytes, timers are in a queue of the caller's. A
 * request goes to the first server that lives, and on to the next when its tries are used up; a
 * server that did not answer is left alone for its dead time, then one request tries it again, and
 * when all are dead, the one that is longest. Every Access-Request carries a Message-Authenticator
 * and no answer to it without one counts; accounting has none by RFC 2866, its authenticators are
 * made with the secret both ways.
 */
#pragma once

#include "aaa/user.h"
#include "base/addr.h"
#include "base/cursor.h"
#include "base/list.h"
#include "base/timer.h"

/* A `radius` section. */
struct radius_server {
	struct list node;
	char *name;
	char *host; /* address or name, resolved by whoever sends */
	uint16_t auth_port;
	uint16_t acct_port; /* 0: no accounting there */
	char *secret;
	usec_t timeout; /* of one try */
	unsigned int tries;
	usec_t dead_time;
};

/* Of all servers together; what stands outside of the sections, with the prefix radius_. */
struct radius_settings {
	struct list servers; /* of struct radius_server, in order of use */
	char *nas_identifier;
	struct addr nas_address; /* ADDR_NONE: none is told */
	usec_t interim;		 /* 0: no interim updates but what the answer asks for */
	bool tunnel_accounting;	 /* RFC 2867 Tunnel-Start, -Stop, -Reject */
	bool link_accounting;	 /* and Tunnel-Link-Start, -Stop, -Reject */
	uint16_t dynauth_port;	 /* RFC 5176, 0: orders are not taken */
	/* Requests that wait for answers, and records; 0 for no limit. */
	unsigned int max_pending;
	/* What the peers of an answer's tunnels begin as; NULL: as peer_new(). */
	struct peer *base;
};

struct radius_client;
struct radius_request;

struct radius_ops {
	void (*random)(struct radius_client *client, void *data, size_t len);
	/* Wall clock, seconds, for Event-Timestamp. */
	uint32_t (*time)(struct radius_client *client);
	/*
	 * Sends to a server, from the socket with that number: identifiers are 8 bits, so there is
	 * more than one when many requests wait (RFC 2865 section 3); whoever implements it opens
	 * sockets as they are first used. Failures are soft.
	 */
	void (*send)(struct radius_client *client, const struct radius_server *server, bool acct,
		     unsigned int socket, struct bytes packet);
	/* The answer to an order (RFC 5176), to where it came from. */
	void (*reply)(struct radius_client *client, const struct addr *local,
		      const struct addr *peer, struct bytes packet);
	/* Whether an order that came from there is of that server. */
	bool (*is_server)(struct radius_client *client, const struct radius_server *server,
			  const struct addr *peer);
	/* An order to end calls: those that fit all that is told. Returns how many will. */
	unsigned int (*disconnect)(struct radius_client *client, const struct radius_user *who);
	/* An order to tell other speeds of the one call that fits, bit/s, to and from the caller, 0
	 * for as it was. Returns 0, -ENOENT when none fits, -ENOTUNIQ when several do, -EOPNOTSUPP
	 * when nobody could hear of it, or -ENOMEM. */
	int (*change)(struct radius_client *client, const struct radius_user *who, uint32_t tx,
		      uint32_t rx);
	/* For the log; rate is the caller's to limit. */
	void (*event)(struct radius_client *client, const struct radius_server *server,
		      const char *text);
};

struct radius_stats {
	uint64_t requests, retransmits, accepts, rejects, challenges, timeouts;
	uint64_t rx_bad_authenticator, rx_malformed, rx_unexpected;
	uint64_t acct_requests, acct_responses, acct_timeouts;
	uint64_t disconnects, disconnects_refused;
	uint64_t changes, changes_refused;
};

/* settings must outlive the client, or be followed by others. Returns 0 or -ENOMEM. */
int radius_client_new(const struct radius_ops *ops, void *ctx, struct timer_queue *timers,
		      const struct radius_settings *settings, struct radius_client **ret);
void radius_client_free(struct radius_client *client);
/* After a reload: what waits for a server that is gone goes on to another. Returns 0, or -ENOMEM
 * with all as it was. */
int radius_client_set(struct radius_client *client, const struct radius_settings *settings,
		      usec_t now);
void *radius_client_ctx(const struct radius_client *client);
/* Requests and records that are on their way. */
unsigned int radius_pending(const struct radius_client *client);

/* done() follows, never from inside; answer is valid during it. What no packet can say, a password
 * that is too long for one, is answered -EMSGSIZE there. Returns 0, -ENOENT without servers,
 * -ENOBUFS over max_pending, or -ENOMEM. */
int radius_access(struct radius_client *client, const struct radius_user *who,
		  void (*done)(void *user, const struct radius_answer *answer, usec_t now),
		  void *user, usec_t now, struct radius_request **ret);
/* done() does not follow. */
void radius_cancel(struct radius_request *request);
/* Sends a record and forgets it: it is repeated until a server has it or all failed. Acct-Delay-
 * Time grows meanwhile. Returns as above, or -EMSGSIZE; an event tells of records that are lost. */
int radius_account(struct radius_client *client, const struct radius_record *record, usec_t now);

/* One datagram of the server, on that socket; or an order, on the dynauth port. */
void radius_input(struct radius_client *client, const struct radius_server *server, bool acct,
		  unsigned int socket, struct bytes datagram, usec_t now);
void radius_order(struct radius_client *client, const struct addr *local, const struct addr *peer,
		  struct bytes datagram, usec_t now);

/* What `show radius` shows: NULL first, NULL at the end. */
struct radius_server_state {
	const struct radius_server *server;
	bool dead; /* for access */
	usec_t dead_until;
	bool acct_dead;
	usec_t acct_dead_until;
	unsigned int pending;
	usec_t round_trip; /* smoothed; 0: none yet */
	struct radius_stats stats;
};
const struct radius_server_state *radius_server_next(const struct radius_client *client,
						     const struct radius_server_state *last);
