/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A LAC in the world of engines: box 0 has it, box 1 is an LNS. Subscribers are scripted clients of
 * PPPoE, LCP and PAP; discovery, PPP, steering and the engine are the real ones.
 */
#pragma once

#include "engine_fixture.h"
#include "engine_talker.h"
#include "lac/lac.h"

#define SUBSCRIBERS 8
#define NEWS_MAX 1024

enum fake_lac_op {
	LAC_CHANNEL_CREATE,
	LAC_CHANNEL_DELETE,
	LAC_RESOLVE,
	LAC_COUNT,
	LAC_PPPD_UP,
	LAC_PPPD_STOP,
	LAC_FRAME, /* to the LAC */
	LAC_FAKE_MAX,
};

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
};

struct lac_world {
	struct world w;
	struct lac *lac;
	struct pppoe_ac *ac;
	struct lac_settings settings;
	struct radius_settings radius;
	struct lac_access *access;
	struct lac_port port;
	struct subscriber subscribers[SUBSCRIBERS];
	struct list queue; /* of what will happen */
	usec_t last;
	/* What exists now. */
	unsigned int channels, bridges, pppds;
	uint64_t owners;
	int fails[LAC_FAKE_MAX];
	bool hold[LAC_FAKE_MAX];
	bool cannot_count; /* not even asked for */
	/* What was told, a line each. */
	char news[NEWS_MAX];
	unsigned int gone_events;
	unsigned int lock_events;
	bool drains_at_pado; /* the administrator is quicker than the client */
};

/* The domains are those of the test to add. */
void lac_world_init(struct lac_world *f);
/* Ends all that lives and asserts that nothing is left. */
void lac_world_end(struct lac_world *f);
/* A domain section whose tunnels go to these servers, "192.0.2.2 198.51.100.9", one preference
 * after the other. */
struct steer_domain *add_domain(struct lac_world *f, const char *name, enum steer_action action,
				const char *servers);
/* Says PADI and PADR, and waits until nothing is under way. */
struct subscriber *dial(struct lac_world *f, unsigned int n, const char *user);
void subscriber_padt(struct subscriber *s);
void subscriber_says(struct subscriber *s, const char *hex);
void pppd_ends(struct subscriber *s);
/* The call of a subscriber, NULL for none. */
struct lac_call *call_of(const struct subscriber *s);
/* Completes what was held. */
void lac_release(struct lac_world *f, enum fake_lac_op op);
#define expect_news(f, text) _expect_news(f, text, __FILE__, __LINE__)
void _expect_news(struct lac_world *f, const char *text, const char *file, int line);
