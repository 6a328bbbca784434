/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sections about callers: what their keys become, and what they mean together.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "config/build.h"

/* --- destination --- */

void build_destination(struct builder *b, const struct section *section)
{
	struct config_destination *destination = room_for(b->faults, sizeof(*destination));
	void *objects[SECTION_MAX] = {[SECTION_DESTINATION] = destination};
	struct steer_tunnel *tunnel;
	const struct given *given;
	struct addr remote;

	if (!destination)
		return;
	tunnel = &destination->tunnel;
	tunnel->name = text_dup(b->faults, section->title);
	list_append(&b->config->destinations, &destination->node);
	build_values(b, section, objects);
	tunnel->peer = build_peer_from(b, section, b->config->lns);
	if (tunnel->peer)
		tunnel->max_sessions_per_tunnel = tunnel->peer->max_sessions_per_tunnel;
	given = section_given(section, "local");
	if (given && tunnel->server && addr_parse(tunnel->server, &remote) == 0 &&
	    tunnel->client.family != ADDR_NONE && tunnel->client.family != remote.family)
		build_fault(b, given, &given->values[0],
			    "remote is of the other kind of addresses, IPv4 or IPv6");
}

static const struct steer_tunnel *find_destination(const struct config *config, const char *name)
{
	const struct config_destination *destination;

	list_for_each (destination, &config->destinations, node) {
		if (destination->tunnel.name && strcmp(destination->tunnel.name, name) == 0)
			return &destination->tunnel;
	}
	return NULL;
}

/* --- domain --- */

static char *copy_text(struct builder *b, const char *text)
{
	return text ? text_dup(b->faults, text) : NULL;
}

static void add_tunnel(struct builder *b, struct steer_set *set, const struct steer_tunnel *from)
{
	struct steer_tunnel *tunnel = steer_set_add(set);

	/* The key takes no more values than a set has places. */
	if (!tunnel)
		return;
	*tunnel = *from;
	tunnel->name = copy_text(b, from->name);
	tunnel->server = copy_text(b, from->server);
	tunnel->assignment_id = copy_text(b, from->assignment_id);
	tunnel->private_group = copy_text(b, from->private_group);
	tunnel->peer = from->peer ? peer_ref(from->peer) : NULL;
}

void domain_add_destination(struct builder *b, void *object, const struct given *given,
			    const struct given_value *value)
{
	struct steer_domain *domain = object;
	const struct steer_tunnel *tunnel;

	if (!build_names(b, given, value))
		return;
	tunnel = find_destination(b->config, value->text);
	for (size_t i = 0; domain->set && i < domain->set->n; i++) {
		if (strcmp(domain->set->tunnels[i].name, value->text) == 0) {
			build_fault(b, given, value, "stands there twice");
			return;
		}
	}
	if (!domain->set)
		domain->set = steer_set_new();
	if (!domain->set)
		b->faults->no_memory = true;
	else if (tunnel)
		add_tunnel(b, domain->set, tunnel);
}

/* `key`, or the section without it. */
static void fault_at(struct builder *b, const struct section *section, const char *key,
		     const char *text)
{
	const struct given *given = section_given(section, key);

	if (given)
		build_fault(b, given, &given->values[0], "%s", text);
	else
		build_section_fault(b, section, "%s: %s", key, text);
}

static void finish_set(struct builder *b, const struct section *section, struct steer_set *set)
{
	char text[160];

	/* What is wrong with a destination was told where it stands. */
	if (list_empty(&b->faults->list) && steer_set_finish(set, text, sizeof(text)) < 0)
		fault_at(b, section, "destination", text);
}

static void check_domain(struct builder *b, const struct section *section,
			 struct steer_domain *domain)
{
	bool has_set = section_given(section, "destination");

	if (!section_given(section, "action"))
		domain->action = has_set			 ? STEER_TUNNEL
				 : section_given(section, "ppp") ? STEER_TERMINATE
								 : STEER_REJECT;
	if (domain->action == STEER_TUNNEL && !has_set)
		fault_at(b, section, "action", "needs a destination key");
	if (domain->action != STEER_TUNNEL && has_set)
		fault_at(b, section, "destination", "is for action = tunnel");
	if (domain->action != STEER_TERMINATE && section_given(section, "ppp"))
		fault_at(b, section, "ppp", "is for action = terminate");
	if (domain->action == STEER_RADIUS && list_empty(&b->config->radius.servers))
		fault_at(b, section, "action", "there is no radius section");
	if (domain->action == STEER_TERMINATE &&
	    strcmp(b->config->pppd_path, CONFIG_PPPD_NONE) == 0)
		fault_at(b, section, section_given(section, "action") ? "action" : "ppp",
			 "no call can end here: pppd = none");
	if (domain->set)
		finish_set(b, section, domain->set);
}

void build_domain(struct builder *b, const struct section *section)
{
	struct steer_domain *other, *domain = steer_domain_new(section->title);
	void *objects[SECTION_MAX] = {[SECTION_DOMAIN] = domain};

	if (!domain) {
		b->faults->no_memory = true;
		return;
	}
	list_for_each (other, &b->config->lac.domains.domains, node) {
		if (strcasecmp(other->name, section->title) == 0)
			build_section_fault(b, section,
					    "there is one of this name already, but for upper and "
					    "lower case");
	}
	list_append(&b->config->lac.domains.domains, &domain->node);
	build_values(b, section, objects);
	check_domain(b, section, domain);
}

/* --- pppoe --- */

static void add_text(struct builder *b, char ***list, size_t *n, const char *text)
{
	char **more = mem_resize(*list, (*n + 1) * sizeof(**list));

	if (!more) {
		b->faults->no_memory = true;
		return;
	}
	*list = more;
	more[*n] = text_dup(b->faults, text);
	if (more[*n])
		++*n;
}

/* The section that has the interface already, or NULL. */
static const struct lac_access *access_of(const struct config *config, const char *interface)
{
	const struct lac_access *access;

	list_for_each (access, &config->lac.accesses, node) {
		for (size_t i = 0; i < access->n_interfaces; i++) {
			if (strcmp(access->interfaces[i], interface) == 0)
				return access;
		}
	}
	return NULL;
}

void access_add_interface(struct builder *b, void *object, const struct given *given,
			  const struct given_value *value)
{
	const struct lac_access *other = access_of(b->config, value->text);
	struct lac_access *access = object;

	if (!build_text(b, given, value))
		return;
	if (strpbrk(value->text, "/ \t:"))
		build_fault(b, given, value, "is no name of an interface");
	else if (other)
		build_fault(b, given, value, "pppoe %s has it already", other->name);
	else
		add_text(b, &access->interfaces, &access->n_interfaces, value->text);
}

void access_add_service(struct builder *b, void *object, const struct given *given,
			const struct given_value *value)
{
	struct pppoe_settings *pppoe = &((struct lac_access *)object)->pppoe;

	if (build_text(b, given, value))
		add_text(b, &pppoe->service_names, &pppoe->n_service_names, value->text);
}

void access_add_auth(struct builder *b, void *object, const struct given *given,
		     const struct given_value *value)
{
	struct ppp_proxy_settings *ppp = &((struct lac_access *)object)->ppp;
	int auth;

	if (!build_choice(b, given, value, &auth))
		return;
	if (auth == PPP_AUTH_NONE) {
		if (given->n_values > 1)
			build_fault(b, given, value, "goes with no other");
		return;
	}
	for (size_t i = 0; i < ppp->n_auths; i++) {
		if (ppp->auths[i] == (enum ppp_auth)auth) {
			build_fault(b, given, value, "stands there twice");
			return;
		}
	}
	if (ppp->n_auths < PPP_AUTHS_MAX)
		ppp->auths[ppp->n_auths++] = (enum ppp_auth)auth;
}

void access_set_separator(struct builder *b, void *object, const struct given *given,
			  const struct given_value *value)
{
	struct lac_access *access = object;

	if (build_text(b, given, value))
		strcpy(access->number_separator, value->text);
}

static void check_pppoe(struct builder *b, const struct section *section,
			const struct lac_access *access)
{
	char text[64];

	snprintf(text, sizeof(text), "is more than max_payload, which is %u",
		 access->pppoe.max_payload);
	if (access->ppp.mru > access->pppoe.max_payload)
		fault_at(b, section, "mru", text);
	if (access->radius != LAC_RADIUS_NO && list_empty(&b->config->radius.servers))
		fault_at(b, section, "radius", "there is no radius section");
	if (access->radius == LAC_RADIUS_NO && !access->default_domain &&
	    list_empty(&b->config->lac.domains.domains))
		build_section_fault(b, section,
				    "every call would be hung up: there is no domain section");
}

void build_pppoe(struct builder *b, const struct section *section)
{
	struct lac_access *access = lac_access_new(section->title);
	void *objects[SECTION_MAX] = {[SECTION_PPPOE] = access};

	if (!access) {
		b->faults->no_memory = true;
		return;
	}
	/* In the list only then: an interface is no other section's when it is its own. */
	if (section_given(section, "auth"))
		access->ppp.n_auths = 0;
	build_values(b, section, objects);
	list_append(&b->config->lac.accesses, &access->node);
	if (!access->pppoe.ac_name)
		access->pppoe.ac_name = build_system_name(b);
	if (!access->ppp.name)
		access->ppp.name = build_system_name(b);
	check_pppoe(b, section, access);
}

/* --- steering, switch --- */

static void set_delimiters(struct builder *b, char member[static 8], const struct given *given,
			   const struct given_value *value)
{
	if (!build_text(b, given, value))
		return;
	for (const char *c = value->text; *c; c++) {
		if (*c <= ' ' || *c > '~' || strchr(".-_", *c)) {
			build_fault(b, given, value, "has a character that cannot part names");
			return;
		}
	}
	strcpy(member, value->text);
}

void steering_set_suffix(struct builder *b, void *object, const struct given *given,
			 const struct given_value *value)
{
	set_delimiters(b, ((struct lac_settings *)object)->domains.suffix, given, value);
}

void steering_set_prefix(struct builder *b, void *object, const struct given *given,
			 const struct given_value *value)
{
	set_delimiters(b, ((struct lac_settings *)object)->domains.prefix, given, value);
}

void build_steering(struct builder *b, const struct section *section)
{
	void *objects[SECTION_MAX] = {[SECTION_STEERING] = &b->config->lac};

	build_values(b, section, objects);
}

void build_switch(struct builder *b, const struct section *section)
{
	void *objects[SECTION_MAX] = {[SECTION_SWITCH] = &b->config->lac.relay};

	build_values(b, section, objects);
}

/* --- radius --- */

void radius_set_secret_file(struct builder *b, void *object, const struct given *given,
			    const struct given_value *value)
{
	struct radius_server *server = object;

	build_secret_file(b, given, value, &server->secret);
}

void build_radius(struct builder *b, const struct section *section)
{
	struct radius_server *server = room_for(b->faults, sizeof(*server));
	void *objects[SECTION_MAX] = {[SECTION_RADIUS] = server};

	if (!server)
		return;
	server->name = text_dup(b->faults, section->title);
	list_append(&b->config->radius.servers, &server->node);
	build_standards(b, SECTION_RADIUS, server);
	build_values(b, section, objects);
	if (!section_given(section, "secret") && !section_given(section, "secret_file"))
		build_section_fault(b, section, "secret is missing");
	else if (section_given(section, "secret") && section_given(section, "secret_file"))
		fault_at(b, section, "secret_file", "there is a secret already");
}
