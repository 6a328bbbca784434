/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The option negotiation automaton of PPP (RFC 1661 section 4), once for LCP and all NCPs.
 *
 * A protocol embeds struct ppp_fsm and says in its ops what it wants, what it thinks of what the
 * peer wants, and which codes it knows beyond the seven that all have. Pure: time is an argument,
 * the Restart timer lives in a queue of the caller's, packets go out through a callback.
 *
 * A hook may ask for any event, except down() and restarted(), which are called while a
 * transition is under way, and must not free the automaton.
 */
#pragma once

#include "base/cursor.h"
#include "base/timer.h"

/* RFC 1661 4.2, in the order of the table. */
enum ppp_state {
	PPP_INITIAL,
	PPP_STARTING,
	PPP_CLOSED,
	PPP_STOPPED,
	PPP_CLOSING,
	PPP_STOPPING,
	PPP_REQ_SENT,
	PPP_ACK_RCVD,
	PPP_ACK_SENT,
	PPP_OPENED,
	PPP_STATE_MAX,
};

/* RFC 1661 4.3. */
enum ppp_event {
	PPP_UP,
	PPP_DOWN,
	PPP_OPEN,
	PPP_CLOSE,
	PPP_TO_PLUS,
	PPP_TO_MINUS,
	PPP_RCR_PLUS,
	PPP_RCR_MINUS,
	PPP_RCA,
	PPP_RCN,
	PPP_RTR,
	PPP_RTA,
	PPP_RUC,
	PPP_RXJ_PLUS,
	PPP_RXJ_MINUS,
	PPP_RXR,
	PPP_EVENT_MAX,
};

/* RFC 1661 4.4, in the order in which they are done: what leaves a state, packets, what enters. */
enum ppp_action {
	PPP_TLD = 1 << 0,
	PPP_IRC = 1 << 1,
	PPP_ZRC = 1 << 2,
	PPP_SCR = 1 << 3,
	PPP_STR = 1 << 4,
	PPP_SCA = 1 << 5,
	PPP_SCN = 1 << 6,
	PPP_STA = 1 << 7,
	PPP_SCJ = 1 << 8,
	PPP_SER = 1 << 9,
	PPP_TLS = 1 << 10,
	PPP_TLF = 1 << 11,
	PPP_TLU = 1 << 12,
};

/* RFC 1661 section 5: the first seven are every control protocol's, the rest LCP's. */
enum ppp_code {
	PPP_CONFIGURE_REQUEST = 1,
	PPP_CONFIGURE_ACK = 2,
	PPP_CONFIGURE_NAK = 3,
	PPP_CONFIGURE_REJECT = 4,
	PPP_TERMINATE_REQUEST = 5,
	PPP_TERMINATE_ACK = 6,
	PPP_CODE_REJECT = 7,
	PPP_PROTOCOL_REJECT = 8,
	PPP_ECHO_REQUEST = 9,
	PPP_ECHO_REPLY = 10,
	PPP_DISCARD_REQUEST = 11,
};

/* Octets: protocol number; code, identifier and length; the default of the MRU; the most that we
 * ever ask for or keep of options. */
#define PPP_PROTOCOL_LEN 2
#define PPP_PACKET_HEADER_LEN 4
#define PPP_DEFAULT_MRU 1500
#define PPP_OPTIONS_MAX 256
/* The longest control packet that is looked at: what a jumbo frame carries. */
#define PPP_PACKET_MAX 9216

/* The table, for whoever holds it beside the RFC. */
struct ppp_transition {
	bool legal;
	uint16_t actions;
	enum ppp_state next;
};

extern const struct ppp_transition ppp_transitions[PPP_EVENT_MAX][PPP_STATE_MAX];

/* RFC 1661 4.6. */
struct ppp_counts {
	usec_t restart;
	unsigned int max_configure;
	unsigned int max_terminate;
	unsigned int max_failure;
};

struct ppp_packet {
	uint8_t code;
	uint8_t id;
	struct bytes data;  /* without header and padding */
	struct bytes whole; /* with its header */
};

struct ppp_fsm;

struct ppp_fsm_ops {
	uint16_t protocol;
	/* A frame from the protocol number on; lives during the call. */
	void (*send)(struct ppp_fsm *fsm, struct bytes frame);
	/* A negotiation begins: wishes that the peer talked us out of come back. */
	void (*restarted)(struct ppp_fsm *fsm);
	/* The options that we want now. */
	void (*request)(struct ppp_fsm *fsm, struct writer *w);
	/* What we think of the peer's options, which are well-formed: Ack, Nak or Reject, and for
	 * the last two the options of the answer. */
	enum ppp_code (*judge)(struct ppp_fsm *fsm, struct bytes options, struct writer *w);
	/* The peer agreed with what we want. */
	void (*agreed)(struct ppp_fsm *fsm);
	/* Nak or Reject of what we want, well-formed; of a Reject each option is one we asked for.
	 * Changes what request() gives next. */
	void (*refused)(struct ppp_fsm *fsm, enum ppp_code code, struct bytes options, usec_t now);
	/* A code beyond the seven. Returns the event that it is: PPP_RUC when it is unknown; or
	 * -EBADMSG when it is to be discarded. */
	int (*extended)(struct ppp_fsm *fsm, const struct ppp_packet *packet, usec_t now);
	/* Answers an Echo-Request (ser); for those that know one. */
	void (*echo)(struct ppp_fsm *fsm, const struct ppp_packet *packet);
	/* Terminate-Request has come and was answered. */
	void (*terminated)(struct ppp_fsm *fsm, struct bytes data, usec_t now);
	/* The peer rejected what we cannot do without (RXJ-). */
	void (*rejected)(struct ppp_fsm *fsm, usec_t now);
	void (*up)(struct ppp_fsm *fsm, usec_t now);	   /* tlu */
	void (*down)(struct ppp_fsm *fsm, usec_t now);	   /* tld */
	void (*finished)(struct ppp_fsm *fsm, usec_t now); /* tlf */
};

struct ppp_fsm {
	const struct ppp_fsm_ops *ops;
	struct timer_queue *timers;
	struct timer timer; /* Restart */
	struct ppp_counts counts;
	enum ppp_state state;
	unsigned int restarts; /* the Restart counter */
	unsigned int failures; /* Naks sent since the last Ack */
	uint8_t last_id;
	/* Of the Configure-Request last sent; an answer to it is awaited. */
	uint8_t request_id;
	bool awaited;
	uint8_t request[PPP_OPTIONS_MAX];
	size_t request_len;
	/* The most that the peer takes, octets. */
	uint16_t peer_mru;
	/* What goes into Terminate-Request; a static string or one that lives as long. */
	const char *farewell;
	/* Only while a packet is dealt with: it, and our answer. */
	const struct ppp_packet *packet;
	enum ppp_code answer;
	struct bytes answer_options;
	/* Packets that were malformed, out of sequence or of no use, and were discarded. */
	unsigned int discarded;
};

/* timers must outlive it. Returns 0 or -ENOMEM. */
int ppp_fsm_init(struct ppp_fsm *fsm, const struct ppp_fsm_ops *ops,
		 const struct ppp_counts *counts, struct timer_queue *timers);
void ppp_fsm_fini(struct ppp_fsm *fsm);
/* One of Up, Down, Open, Close from outside, all others from the packets and the timer. An event
 * that the table calls illegal changes nothing and is false. */
bool ppp_fsm_event(struct ppp_fsm *fsm, enum ppp_event event, usec_t now);
/* A packet of the protocol, from its code on. */
void ppp_fsm_input(struct ppp_fsm *fsm, struct bytes bytes, usec_t now);
/* A packet of ours with a new identifier, or as an answer with the peer's. */
uint8_t ppp_fsm_new_id(struct ppp_fsm *fsm);
void ppp_fsm_send(struct ppp_fsm *fsm, uint8_t code, uint8_t id, struct bytes data);

/* Reads a packet's header: octets beyond its Length are padding (RFC 1661 section 5). Returns 0 or
 * -EBADMSG. */
int ppp_packet_read(struct bytes bytes, struct ppp_packet *ret);
