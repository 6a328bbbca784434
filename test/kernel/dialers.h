/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of dialers, the subscribers that dial in over PPPoE, are to each other.
 */
#pragma once

#include <netpacket/packet.h>

#include "base/cursor.h"
#include "base/timer.h"

#define MAC_LEN 6
#define FRAME_MAX 1522
#define SESSIONS_MAX 65536

#define ETHER_DISCOVERY 0x8863
#define ETHER_SESSION 0x8864

#define PPP_LCP 0xc021
#define PPP_PAP 0xc023
#define PPP_CHAP 0xc223

enum hang_up { HANG_UP_PADT, HANG_UP_TERM, HANG_UP_SILENT };

enum manner {
	MANNER_GOOD,
	MANNER_PADR, /* asks for a session again and again */
	MANNER_LCP,  /* asks for ever, agrees to nothing */
	MANNER_MUTE, /* says nothing once it has a session */
};

/* What makes a subscriber up. */
enum until {
	UNTIL_ANSWER, /* somebody behind the LAC spoke */
	UNTIL_AUTH,   /* the credentials are out */
};

struct options {
	const char *interface;
	unsigned int first; /* number of the first */
	unsigned int count;
	unsigned int at_once; /* that dial at the same time; 0: all */
	unsigned int rate;    /* that begin a second; 0: any */
	const char *user;     /* "%" is the number of the subscriber, here and below */
	const char *password;
	const char *service;
	const char *circuit;
	const char *remote;
	const char *ac; /* MAC address, for bad frames */
	bool one_mac;
	bool once; /* ends when nobody dials any more */
	usec_t hold;
	usec_t timeout;
	usec_t redial; /* 0: never */
	enum hang_up hang_up;
	enum manner manner;
	enum until until;
};

enum dial_state {
	DIAL_IDLE,
	DIAL_PADI,
	DIAL_PADR,
	DIAL_LCP,
	DIAL_AUTH,
	DIAL_UP,
	DIAL_TERMINATING,
	DIAL_ENDED,
	DIAL_STATE_MAX,
};

struct dialers;

struct ppp_client {
	uint8_t id;
	bool ours_acked, theirs_acked;
	bool no_mru, no_magic; /* rejected */
	uint16_t auth;	       /* protocol asked of us; 0 for none */
	uint32_t magic, peer_magic;
	bool answered; /* the credentials are out */
	char user[128];
};

struct subscriber {
	struct dialers *dialers;
	unsigned int number;
	uint8_t mac[MAC_LEN], ac[MAC_LEN];
	uint16_t session;
	enum dial_state state;
	struct timer timer; /* the next try, or dialling again */
	usec_t started, deadline;
	usec_t spent; /* till it was up */
	uint8_t cookie[128];
	size_t cookie_len;
	uint8_t relay[16]; /* Relay-Session-Id, RFC 2516: 12 octets at most */
	size_t relay_len;
	struct ppp_client ppp;
};

/* Why calls failed or ended, and how many. */
struct tally {
	char text[128];
	unsigned int count;
};

#define TALLIES_MAX 64

struct dialers {
	struct options options;
	int fd;
	struct sockaddr_ll link;
	uint8_t mac[MAC_LEN]; /* of the interface */
	struct timer_queue timers;
	struct subscriber *subscribers;
	struct subscriber **by_session; /* SESSIONS_MAX */
	unsigned int next;		/* that has never dialled */
	unsigned int in_state[DIAL_STATE_MAX];
	unsigned int dials, came_up;
	unsigned int rx_pado, rx_pads, rx_padt;
	usec_t began, last_up;
	struct tally tallies[TALLIES_MAX];
};

/* dialers.c */
void dialers_send(struct dialers *d, const struct writer *frame);
void subscriber_state(struct subscriber *s, enum dial_state state);
void subscriber_up(struct subscriber *s, usec_t now);
/* It is over, of its own or the other end's; nothing is sent. */
void subscriber_over(struct subscriber *s, const char *what, struct bytes text, usec_t now);
void subscriber_retry(struct subscriber *s, usec_t after, usec_t now);
uint32_t random_u32(void);
/* Copies text with each "%" replaced by the number. */
void expand(char *ret, size_t size, const char *text, unsigned int number);

/* dialers_options.c: returns how often each bad frame is to be sent, 0 for none. */
unsigned int parse_options(int argc, char **argv, struct options *o);

/* dialers_pppoe.c */
void pppoe_start(struct subscriber *s, usec_t now);
void pppoe_again(struct subscriber *s, usec_t now);
void pppoe_padt(struct subscriber *s);
/* The header of a session's frame; patched by pppoe_session_send(). */
void pppoe_session_begin(const struct subscriber *s, struct writer *w, uint16_t protocol);
void pppoe_session_send(struct subscriber *s, struct writer *w);
void pppoe_input(struct dialers *d, struct bytes frame, usec_t now);

/* dialers_ppp.c */
void ppp_start(struct subscriber *s, usec_t now);
void ppp_again(struct subscriber *s, usec_t now);
void ppp_terminate(struct subscriber *s);
/* From the protocol number on. */
void ppp_input(struct subscriber *s, struct reader r, usec_t now);

/* dialers_bad.c: sends every bad frame that it knows, and prints how many and what answered. */
int bad_frames(struct dialers *d, unsigned int times);
