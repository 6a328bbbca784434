/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks a caller who he is: the authenticator's side of PAP (RFC 1334 section 2), CHAP with MD5
 * (RFC 1994) and MS-CHAPv2 (RFC 2759).
 *
 * It takes down what the caller says and judges nothing: it holds no secrets to judge by. Whoever
 * can (RADIUS) has ppp_authenticator_answer() tell the caller, as often as he asks; or the call
 * goes on to an LNS, which does.
 */
#pragma once

#include "base/cursor.h"
#include "base/timer.h"

/* Proxy Authen Type, RFC 2661 4.4.5. */
enum ppp_auth {
	PPP_AUTH_NONE = 4,
	PPP_AUTH_CHAP = 2,
	PPP_AUTH_PAP = 3,
	/* No number was ever assigned: an LNS cannot be told, and asks the caller itself. */
	PPP_AUTH_MSCHAP_V2 = 0x10000,
};

#define PPP_AUTHS_MAX 3
#define PPP_USER_MAX 253
#define PPP_CHALLENGE_LEN 16
/* A password of PAP; Values of CHAP are shorter. */
#define PPP_RESPONSE_MAX 255

struct ppp_credentials {
	enum ppp_auth type;
	/* As the caller wrote it, with a NUL, not printable perhaps. */
	char user[PPP_USER_MAX + 1];
	uint8_t id;
	struct bytes challenge; /* empty for PAP */
	/* The password of PAP, the Value of CHAP: 16 octets, 49 of MS-CHAPv2. A secret. */
	struct bytes response;
};

struct ppp_auth_row {
	enum ppp_auth auth;
	const char *name; /* "pap", "chap", "mschap-v2", "none" */
	/* The value of LCP's Authentication-Protocol: protocol number, and CHAP's algorithm. */
	uint16_t protocol;
	uint8_t algorithm;
	uint8_t option_len; /* octets of that value */
	uint8_t value_len;  /* of a CHAP Response */
};

const struct ppp_auth_row *ppp_auth_row(enum ppp_auth auth);
/* By an option's value; NULL for what we do not know. */
const struct ppp_auth_row *ppp_auth_of_option(struct bytes value);
const char *ppp_auth_name(enum ppp_auth auth);

struct ppp_authenticator;

struct ppp_authenticator_ops {
	void (*random)(struct ppp_authenticator *a, void *data, size_t len);
	void (*send)(struct ppp_authenticator *a, struct bytes frame);
	/* The credentials are there, once after each start. */
	void (*taken)(struct ppp_authenticator *a, usec_t now);
	/* They never come (CHAP's retries are over), or cannot be used. */
	void (*failed)(struct ppp_authenticator *a, const char *why, usec_t now);
};

enum ppp_authenticator_state {
	PPP_AUTH_IDLE,
	PPP_AUTH_ASKING,
	PPP_AUTH_TAKEN,
	PPP_AUTH_ACCEPTED,
	PPP_AUTH_REJECTED,
};

struct ppp_authenticator {
	const struct ppp_authenticator_ops *ops;
	struct timer_queue *timers;
	struct timer timer;
	const char *name;
	usec_t interval;
	unsigned int retries;
	enum ppp_authenticator_state state;
	unsigned int left;
	uint8_t last_id;
	struct ppp_credentials credentials;
	uint8_t challenge[PPP_CHALLENGE_LEN];
	uint8_t response[PPP_RESPONSE_MAX];
	/* What the caller was told, to be told again. */
	char text[256];
	unsigned int discarded;
};

/* name is ours in a Challenge, which goes out `retries` times, `interval` apart. timers and name
 * must outlive it. Returns 0 or -ENOMEM. */
int ppp_authenticator_init(struct ppp_authenticator *a, const struct ppp_authenticator_ops *ops,
			   struct timer_queue *timers, const char *name, usec_t interval,
			   unsigned int retries);
/* Wiped. */
void ppp_authenticator_fini(struct ppp_authenticator *a);
/* LCP is up. For PPP_AUTH_NONE credentials without a name are taken at once. */
void ppp_authenticator_start(struct ppp_authenticator *a, enum ppp_auth auth, usec_t now);
/* LCP is down: forgets what it knew. */
void ppp_authenticator_stop(struct ppp_authenticator *a);
/* A packet of the protocol that was agreed, from its code on. */
void ppp_authenticator_input(struct ppp_authenticator *a, struct bytes bytes, usec_t now);
/* Tells the caller whether he is believed. Of use once, when the credentials are taken. */
void ppp_authenticator_answer(struct ppp_authenticator *a, bool accept, const char *text);
