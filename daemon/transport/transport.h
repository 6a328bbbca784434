/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reliable, ordered delivery of control messages, RFC 2661 section 5.8 and appendices A and B.
 *
 * One transport a control connection. It has no socket and no clock: time comes in as an argument,
 * packets go out and messages come in order through callbacks. It knows headers, not AVPs.
 *
 * Sequence numbers are 16 bits and wrap; a ring of the receive window holds what came early. The
 * oldest unacknowledged message is sent again with doubling intervals; the send window is the
 * peer's, slowed by slow start and congestion avoidance. A message waits unsent, without a number,
 * while the window is closed.
 */
#pragma once

#include "base/cursor.h"
#include "base/list.h"
#include "base/timer.h"
#include "wire/header.h"

/* RFC 2661 5.8: what a peer that names no window can take. */
#define TRANSPORT_PEER_WINDOW_DEFAULT 4
#define TRANSPORT_WINDOW_MAX 1024
/* As many answers as a tunnel can have calls may wait for the peer's window. Beyond it the peer
 * asks faster than it acknowledges, and is not heard until it does. */
#define TRANSPORT_QUEUE_MAX 65536

struct transport;

/*
 * timed_out, hello_due and drained are the last thing the transport does in the call or timer that
 * leads to them, so their callee may end and free it; that of deliver may end it, not free it.
 */
struct transport_ops {
	/* Sends one datagram now; it is the transport's, valid during the call. */
	void (*tx)(struct transport *t, struct bytes packet);
	/*
	 * Takes one message, in order and once. `header` and `body` live during the call. The
	 * callee may send, cancel, close or set the window, but must not free the transport: it
	 * marks its own object and frees after transport_input() returned.
	 */
	void (*deliver)(struct transport *t, const struct control_header *header, struct bytes body,
			usec_t now);
	/* The retransmissions of a message ended without an answer. Called once. */
	void (*timed_out)(struct transport *t, usec_t now);
	/* The peer was silent for hello_interval: queue a HELLO now, with transport_send(). */
	void (*hello_due)(struct transport *t, usec_t now);
	/* Any number, unpredictable; asked for with each HELLO. NULL: there is no jitter. */
	uint32_t (*random)(struct transport *t);
	/* Everything sent was acknowledged; asked for with transport_close(). Called once. */
	void (*drained)(struct transport *t, usec_t now);
};

struct transport_config {
	/* First retransmission interval and its cap, microseconds. RFC 2661 5.8: 1 s and 8 s. */
	usec_t retry_first;
	usec_t retry_cap;
	/* Retransmissions before giving up; RFC 2661 5.8: 5 at least. */
	unsigned int retries;
	/* The same before the control connection is established, 0 for as many. */
	unsigned int setup_retries;
	/* Silence after which hello_due is called, 0 for never. */
	usec_t hello_interval;
	/* Up to so many percent are taken off each interval, by chance. */
	uint8_t hello_jitter;
	/* How long an acknowledgement may wait for a message to ride on. */
	usec_t ack_delay;
	/* Messages we take ahead of order: the Receive Window Size we advertise, 1 to 1024. */
	uint16_t window;
};

extern const struct transport_config transport_config_default;

struct transport_stats {
	uint64_t tx_messages; /* without ZLBs and retransmissions */
	uint64_t tx_zlb;
	uint64_t tx_retransmits;
	uint64_t rx_messages; /* delivered */
	uint64_t rx_zlb;
	uint64_t rx_duplicates;
	uint64_t rx_out_of_order;  /* kept for later */
	uint64_t rx_out_of_window; /* dropped, or came while our queue was full */
	uint64_t rx_no_memory;	   /* came early and was too much to keep: as if lost */
	uint64_t rx_bad_nr;	   /* acknowledged what was never sent */
	uint64_t rx_given_up;	   /* came after the transport had died */
};

struct early_message;

struct transport {
	const struct transport_ops *ops;
	struct timer_queue *timers;
	struct transport_config config;
	struct transport_stats stats;
	/* Counts the same for all transports of an owner; set after transport_init(), or NULL. */
	struct transport_stats *totals;

	/* Plain values, enough to go on after a restart. */
	uint32_t peer_tunnel_id;
	uint16_t ns;	/* of the next new message */
	uint16_t nr;	/* that we expect next */
	uint16_t acked; /* oldest of ours that the peer has not acknowledged */
	uint16_t peer_window;

	struct list sent;	/* unacknowledged, oldest first */
	struct list unsent;	/* no Ns yet */
	unsigned int in_flight; /* length of sent */
	unsigned int queued;	/* length of unsent */
	/* Ring of config.window that exists while something is early; early_first is nr's place. */
	struct early_message **early;
	uint16_t early_first;
	uint16_t early_count;
	size_t early_octets;
	/* Congestion window and threshold, in messages; cwnd_credit counts acks towards the next.
	 */
	unsigned int cwnd;
	unsigned int ssthresh;
	unsigned int cwnd_credit;
	/* Retransmissions of the oldest message so far. */
	unsigned int tries;

	usec_t last_heard;
	usec_t hello_wait; /* hello_interval less its jitter, this time */
	/* Messages delivered since our Nr last went out. */
	unsigned int ack_owed;
	/* The peer repeats itself: it is to hear our Nr without delay. */
	bool ack_at_once;
	bool delivering;
	bool established;
	bool closing;
	bool drained;
	bool dead;
	struct timer retry_timer;
	struct timer ack_timer;
	struct timer hello_timer;
};

/* config is copied. The transport must be ended with transport_fini(). */
void transport_init(struct transport *t, const struct transport_ops *ops,
		    const struct transport_config *config, struct timer_queue *timers, usec_t now);
/* Stops timers and frees what is queued; after it the transport is dead. Safe to call twice. */
void transport_fini(struct transport *t);

/*
 * Queues an encoded message (header and AVPs) and sends what the window allows. Its Tunnel ID and
 * Ns are written when it is first sent, the former from peer_tunnel_id, Nr whenever it is sent.
 * `session` marks its owner for transport_cancel(), 0 for the tunnel itself. Returns 0, -EINVAL
 * for what is no message (a bare header would be a ZLB), -ENOMEM, or -ESHUTDOWN once dead or
 * closing.
 */
int transport_send(struct transport *t, struct bytes packet, uint16_t session, usec_t now);
/* Drops messages of a session that were never sent; what was sent once must be delivered. Returns
 * how many were dropped. */
unsigned int transport_cancel(struct transport *t, uint16_t session);
/* One control packet of the peer, ZLBs (those without a body) included. */
void transport_input(struct transport *t, const struct control_header *header, struct bytes body,
		     usec_t now);
/*
 * The peer's Receive Window Size; 0 is taken as 1 (RFC 2661 4.4.3 forbids it, peers send it), more
 * than TRANSPORT_WINDOW_MAX as that. What a wider window lets through goes with the next send or
 * packet of the peer; a narrower one waits until enough of what is under way was acknowledged.
 */
void transport_set_peer_window(struct transport *t, uint16_t window);
/* Changes the retry and HELLO settings of a living transport (the window stays as advertised). */
void transport_set_config(struct transport *t, const struct transport_config *config, usec_t now);
/* No more will be sent after what is queued: calls drained once that is acknowledged. Goes on
 * acknowledging what the peer sends (RFC 2661 5.7: a full retransmission cycle, the caller's). */
void transport_close(struct transport *t, usec_t now);
/* The peer takes no message any more: drops what is queued or under way, and from now on only
 * acknowledges. drained is not called. */
void transport_mute(struct transport *t);
/* The control connection is up: from now on `retries` counts. */
void transport_set_established(struct transport *t);
/* The retransmissions after which it is given up, as it is now. */
unsigned int transport_retries(const struct transport *t);
/* Length of a full retransmission cycle of an established one, microseconds. */
usec_t transport_cycle(const struct transport_config *config);
/* -1, 0 or 1 as a is before, at or after b within half the number space. */
int seq_compare(uint16_t a, uint16_t b);
