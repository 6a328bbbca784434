/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A LAC in the world of engines: box 0 has it, box 1 is an LNS. Subscribers are scripted clients of
 * PPPoE, LCP and PAP; discovery, PPP, steering and the engine are the real ones.
 */
#pragma once

#include "engine_fixture.h"
#include "engine_talker.h"
#include "lac/lac.h"
#include "lac_fakes.h"
#include "lac_subscriber.h"

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
