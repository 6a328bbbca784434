/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Link Control Protocol (RFC 1661 sections 5 and 6) on a channel of PPPoE (RFC 2516 section 7,
 * RFC 4638), as the end that asks the other who he is.
 */
#pragma once

#include "ppp/auth.h"
#include "ppp/fsm.h"

#define PPP_PROTOCOL_LCP 0xc021

/* What the vendors' and the RFCs' tables call them. */
enum lcp_option {
	LCP_MRU = 1,
	LCP_ACCM = 2,
	LCP_AUTH = 3,
	LCP_QUALITY = 4,
	LCP_MAGIC = 5,
	LCP_PFC = 7,
	LCP_ACFC = 8,
	LCP_FCS = 9,
	LCP_PADDING = 10,
	LCP_NUMBERED = 11,
	LCP_CALLBACK = 13,
	LCP_COMPOUND = 15,
	LCP_MRRU = 17,
	LCP_SHORT_SEQUENCE = 18,
	LCP_ENDPOINT = 19,
	LCP_LINK_DISCRIMINATOR = 23,
};

/* Never NULL: "option" for one that we do not know. */
const char *lcp_option_name(uint8_t type);

/* Octets; where RFC 1661 says nothing, the least that IPv4 needs and some more. */
#define LCP_MRU_MIN 128
/* Times that our own magic number comes back before we call it a loop. */
#define LCP_LOOPS_MAX 5

/* Why LCP cannot go on, or that it was ended. */
enum lcp_failure {
	LCP_LOOPED,	/* we hear ourselves */
	LCP_NO_AUTH,	/* the peer refused each way to authenticate, or the one it agreed to */
	LCP_REJECTED,	/* the peer knows no LCP */
	LCP_TERMINATED, /* by the peer */
};

struct lcp;

struct lcp_ops {
	void (*random)(struct lcp *lcp, void *data, size_t len);
	void (*send)(struct lcp *lcp, struct bytes frame);
	void (*up)(struct lcp *lcp, usec_t now);
	void (*down)(struct lcp *lcp, usec_t now);
	/* Close it, or forget it; text is a peer's with LCP_TERMINATED. */
	void (*failed)(struct lcp *lcp, enum lcp_failure why, struct bytes text, usec_t now);
	/* There is nothing more to be sent or awaited. */
	void (*finished)(struct lcp *lcp, usec_t now);
};

struct lcp_settings {
	struct ppp_counts counts;
	/* What we ask for, and what the link carries: no more is agreed to in either direction. */
	uint16_t mru;
	uint16_t mtu;
	/* The peer authenticates with the first of these that he agrees to; none: he need not. */
	const enum ppp_auth *auths;
	size_t n_auths;
};

/* The options of a Configure-Request as they were on the wire. */
struct lcp_confreq {
	bool known;
	uint16_t len;
	uint8_t options[PPP_OPTIONS_MAX];
};

struct lcp {
	struct ppp_fsm fsm;
	const struct lcp_ops *ops;
	struct lcp_settings settings;
	/* What we ask for now. */
	uint16_t mru;
	bool wants_mru, wants_magic;
	uint32_t magic;
	size_t auth;	      /* index, n_auths when none is left */
	unsigned int refused; /* bit n: auths[n] was */
	/* The peer's; the magic number is 0 when he has none. */
	uint32_t peer_magic;
	uint32_t naked_magic; /* what we put into our last Nak of his magic number */
	unsigned int loops;
	usec_t next_protocol_reject;
	/* For the proxy AVPs, RFC 2661 4.4.5; heard: a Configure-Request has come. */
	bool heard;
	struct lcp_confreq initial_received, last_received;
};

/* Returns 0 or -ENOMEM. settings is copied, its auths must live as long. */
int lcp_init(struct lcp *lcp, const struct lcp_ops *ops, const struct lcp_settings *settings,
	     struct timer_queue *timers);
void lcp_fini(struct lcp *lcp);
/* Open, and the lower layer is up. */
void lcp_start(struct lcp *lcp, usec_t now);
/* text, of Terminate-Request, must live until it is finished; it may be NULL. */
void lcp_close(struct lcp *lcp, const char *text, usec_t now);
/* From the code on. */
void lcp_input(struct lcp *lcp, struct bytes packet, usec_t now);
/* A frame of a protocol that nobody here speaks, from the protocol number on. One a second. */
void lcp_protocol_reject(struct lcp *lcp, struct bytes frame, usec_t now);
/* What the peer agreed to. */
enum ppp_auth lcp_auth(const struct lcp *lcp);

/* For the table of options. */
enum lcp_verdict {
	LCP_TAKE,
	LCP_NAK, /* a value that would do was written */
	LCP_REFUSE,
};
enum lcp_verdict lcp_judge_option(struct lcp *lcp, uint8_t type, struct bytes value,
				  struct writer *nak);
