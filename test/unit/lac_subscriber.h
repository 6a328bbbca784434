/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Subscribers of a LAC's world: scripted clients of PPPoE, LCP, PAP and MS-CHAPv2, on one
 * interface.
 */
#pragma once

#include "engine_fixture.h"
#include "lac/lac.h"
#include "pppoe/packet.h"

#define SUBSCRIBERS 8

struct lac_world;

struct subscriber {
	struct lac_world *f;
	uint8_t mac[6];
	const char *user;
	const char *password;
	const char *circuit; /* what the access node says of his line; NULL for nothing */
	uint16_t id;	     /* of its PPPoE session, 0 for none */
	/* What it heard. */
	unsigned int pado, pads, padt, acks, naks, term_requests, echo_replies;
	char terminate_text[128];
	char chap_text[128]; /* of a Failure */
	char error[128];     /* of PADS or PADT */
	bool lcp_acked;
	bool asked;
	bool mute; /* says nothing in PPP */
	bool deaf; /* to LCP's Terminate-Request, and to what is of a session before */
};

/* Says PADI and PADR, and waits until nothing is under way. */
struct subscriber *dial(struct lac_world *f, unsigned int n, const char *user);
void subscriber_padt(struct subscriber *s);
void subscriber_says(struct subscriber *s, const char *hex);
/* The call of a subscriber, NULL for none. */
struct lac_call *call_of(const struct subscriber *s);

/* --- for the rest of the world --- */

/* Of the interface that they dial in on. */
extern const uint8_t ac_mac[6];
void subscribers_init(struct lac_world *f);
struct subscriber *subscriber_of_mac(struct lac_world *f, const uint8_t *mac);
/* A PPP frame, from the protocol number on. */
void subscriber_hears(struct subscriber *s, struct bytes frame);
void subscriber_hears_discovery(struct subscriber *s, const struct pppoe_packet *packet);
