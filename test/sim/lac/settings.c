/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an administrator writes, drawn anew at each reload.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sim/lac/lac_sim.h"

/* peer_unref() and the like free it as their own. */
char *sim_text(const char *text)
{
	return strcpy(mem_alloc(strlen(text) + 1), text);
}

struct peer *settings_peer(struct box *box, const char *name)
{
	struct peer *peer = peer_new(name);

	peer->local_name = sim_text(box->name);
	peer->challenge = CHALLENGE_NEVER;
	peer->tunnel_setup_timeout = 20 * USEC_PER_SEC;
	peer->session_setup_timeout = 15 * USEC_PER_SEC;
	peer->transport.hello_interval = 20 * USEC_PER_SEC;
	return peer;
}

static void add_tunnel(struct box *box, struct steer_set *set, unsigned int number)
{
	struct world *w = box->world;
	struct steer_tunnel *tunnel = steer_set_add(set);
	char name[16], text[ADDR_TEXT_MAX];

	snprintf(name, sizeof(name), "lns%u", number);
	tunnel->name = sim_text(name);
	tunnel->server =
		sim_text(chance(w, 50) ? name : addr_format_host(&w->boxes[number].addr, text));
	tunnel->peer = settings_peer(box, name);
	tunnel->peer->idle_timeout = (1 + below(w, 60)) * USEC_PER_SEC;
	tunnel->preference = below(w, 3);
	if (!w->healed && chance(w, 20))
		tunnel->max_sessions = 1 + below(w, 60);
	if (!w->healed && chance(w, 20))
		tunnel->max_sessions_per_tunnel = 1 + below(w, 20);
}

/* The LAC's may lead through the LTS; the LTS's lead on to LNSs. */
static struct steer_set *new_set(struct box *box)
{
	struct world *w = box->world;
	struct steer_set *set = steer_set_new();
	unsigned int first = FIRST_LNS + (box->number == THE_LAC ? 0 : 1);
	char text[160];

	for (unsigned int i = first; i < w->n_boxes; i++) {
		if (chance(w, 60))
			add_tunnel(box, set, i);
	}
	if (!set->n)
		add_tunnel(box, set, first + below(w, w->n_boxes - first));
	HOLDS(box, steer_set_finish(set, text, sizeof(text)) == 0);
	return set;
}

static void add_domain(struct box *box, struct lac_settings *settings, const char *name)
{
	struct steer_domain *domain = steer_domain_new(name);
	struct world *w = box->world;

	domain->action = chance(w, 75)	 ? STEER_TUNNEL
			 : chance(w, 40) ? STEER_TERMINATE
			 : chance(w, 50) ? STEER_RADIUS
					 : STEER_REJECT;
	/* Somebody is always served. */
	if (strcmp(name, "d0") == 0)
		domain->action = STEER_TUNNEL;
	if (domain->action == STEER_TUNNEL)
		domain->set = new_set(box);
	list_append(&settings->domains.domains, &domain->node);
}

static struct lac_access *new_access(struct box *box)
{
	struct lac_access *access = lac_access_new("street");
	struct world *w = box->world;

	access->pppoe.ac_name = sim_text("ac");
	access->pppoe.max_sessions_per_mac = 3;
	access->pppoe.max_padi_rate = 0;
	access->pppoe.max_padi_rate_per_mac = 0;
	access->ppp.auths[0] = chance(w, 50) ? PPP_AUTH_PAP : PPP_AUTH_CHAP;
	access->ppp.n_auths = 1;
	access->ppp.name = sim_text("lac");
	access->radius =
		chance(w, 60) ? LAC_RADIUS_NO : (enum lac_radius)below(w, LAC_RADIUS_OPTIONAL + 1);
	access->default_domain = chance(w, 50) ? sim_text("d0") : NULL;
	return access;
}

static void set_radius(struct box *box, struct sim_settings *settings)
{
	struct world *w = box->world;
	static char names[2][4] = {"one", "two"}, host[] = "radius", secret[] = "secret";
	unsigned int n = chance(w, 50) ? 1 : 2;

	list_init(&settings->radius.servers);
	settings->radius.base = settings_peer(box, "radius");
	settings->radius.interim = chance(w, 50) ? 20 * USEC_PER_SEC : 0;
	settings->radius.link_accounting = chance(w, 50);
	/* Of a tunnel that begins under one configuration and ends under another there may be half.
	 */
	settings->radius.tunnel_accounting = true;
	for (unsigned int i = 0; i < n; i++) {
		settings->servers[i] = (struct radius_server){
			.name = names[i],
			.host = host,
			.auth_port = 1812,
			.acct_port = 1813,
			.secret = secret,
			.timeout = 2 * USEC_PER_SEC,
			.tries = 1 + below(w, 3),
			.dead_time = below(w, 60) * USEC_PER_SEC,
		};
		list_append(&settings->radius.servers, &settings->servers[i].node);
	}
}

struct sim_settings *settings_new(struct box *box)
{
	struct sim_settings *settings = sim_alloc(sizeof(*settings));
	struct world *w = box->world;
	char name[8];

	list_init(&settings->lac.accesses);
	list_init(&settings->lac.domains.domains);
	strcpy(settings->lac.domains.suffix, "@");
	settings->lac.steer = steer_defaults;
	settings->lac.steer.lockout = (5 + below(w, 60)) * USEC_PER_SEC;
	settings->lac.steer.lockout_test = chance(w, 50);
	settings->lac.steer.fail_over_within_preference = chance(w, 50);
	settings->lac.steer.sharing = (enum steer_sharing)below(w, STEER_RANDOM + 1);
	for (unsigned int i = 0; i < DOMAINS; i++) {
		snprintf(name, sizeof(name), "d%u", i);
		add_domain(box, &settings->lac, name);
	}
	settings->access = new_access(box);
	set_radius(box, settings);
	return settings;
}

void settings_free(struct sim_settings *settings)
{
	struct steer_domain *domain, *after;

	list_for_each_safe (domain, after, &settings->lac.domains.domains, node) {
		list_remove(&domain->node);
		steer_domain_unref(domain);
	}
	lac_access_unref(settings->access);
	peer_unref(settings->radius.base);
	free(settings);
}

void settings_apply(struct box *box)
{
	struct sim_settings *old = box->settings;

	SAY(box->world, box->name, "reads its configuration again");
	box->world->totals->reloads++;
	memory_fail(0, 0);
	box->settings = settings_new(box);
	lac_set(box->lac, &box->settings->lac, &box->settings->radius);
	HOLDS(box, radius_client_set(box->radius, &box->settings->radius, box->world->now) == 0);
	if (box->ac)
		pppoe_ac_set(box->ac, &box->settings->access->pppoe);
	settings_free(old);
}
