/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What would become of a call, for `adit test steer`: the same decisions as for a real one, up to
 * where it would cost something.
 */
#include "manage_lac.h"

#include <errno.h>
#include <string.h>

static const char *const action_names[] = {
	[STEER_REJECT] = "reject",
	[STEER_TUNNEL] = "tunnel",
	[STEER_TERMINATE] = "terminate",
	[STEER_RADIUS] = "radius",
};

const char *manage_action_name(enum steer_action action)
{
	return action_names[action];
}

/* The section of an interface, or the only one there is for none. */
static const struct lac_access *find_access(const struct aditd *d, const char *interface)
{
	const struct lac_access *access, *only = NULL;
	unsigned int n = 0;

	list_for_each (access, &d->config->lac.accesses, node) {
		n++;
		only = access;
		for (size_t i = 0; interface && i < access->n_interfaces; i++) {
			if (strcmp(access->interfaces[i], interface) == 0)
				return access;
		}
	}
	return !interface && n == 1 ? only : NULL;
}

static void add_line(void *ctx, const char *text)
{
	struct control_lines *lines = ctx;

	if (lines->n < STEER_TUNNELS_MAX)
		COPY(lines->text[lines->n++], text);
}

/* Who would be asked, in the order of use. */
static void describe_servers(const struct aditd *d, char *text, size_t size)
{
	const struct radius_client *client = lac_radius(d->lac);
	const struct radius_server_state *state = NULL;
	size_t len = 0;

	text[0] = '\0';
	while ((state = radius_server_next(client, state)) && len < size)
		len += (size_t)snprintf(text + len, size - len, "%s%s%s", len ? ", " : "",
					state->server->name, state->dead ? " (dead)" : "");
}

static void describe_radius(const struct aditd *d, const struct lac_access *access,
			    const struct lac_decision *decision, const char *user,
			    struct control_steer *ret)
{
	const struct steer_domain *domain = decision->map.domain;
	const char *needs = decision->needs_radius ? "; refused while none answers" : "";
	char servers[160];

	if (!decision->asks_radius) {
		strcpy(ret->radius, "not asked");
		return;
	}
	describe_servers(d, servers, sizeof(servers));
	if (access && access->radius != LAC_RADIUS_NO)
		snprintf(ret->radius, sizeof(ret->radius), "asked first, by section pppoe %s: %s%s",
			 access->name, servers, needs);
	else
		snprintf(ret->radius, sizeof(ret->radius),
			 "asked first, by section domain %s: %s%s", domain->name, servers, needs);
	COPY(ret->radius_user, domain && domain->strip ? decision->map.user : user);
}

static void describe_domain(const struct aditd *d, const struct lac_decision *decision,
			    struct control_steer *ret)
{
	const struct steer_domain *domain = decision->domain;

	ret->action = manage_action_name(domain ? domain->action : STEER_REJECT);
	COPY(ret->why, decision->why);
	if (!domain)
		return;
	COPY(ret->domain, domain->name);
	COPY(ret->ppp, domain->ppp);
	if (domain->action != STEER_TUNNEL)
		return;
	COPY(ret->called_number,
	     domain->called_number ? domain->called_number : decision->map.domain_name);
	steer_explain(lac_steer(d->lac), domain->set, aditd_now(), add_line, &ret->tunnels);
}

int manage_test_steer(void *ctx, const struct control_steer_request *request,
		      struct control_steer *ret, char *text, size_t size)
{
	const struct aditd *d = ctx;
	const struct lac_access *access = find_access(d, request->interface);
	struct lac_decision decision;

	if (request->interface && !access) {
		snprintf(text, size, "no pppoe section has an interface %s", request->interface);
		return -ENOENT;
	}
	lac_decide_name(d->lac, access, request->user, &decision);
	COPY(ret->user, request->user);
	COPY(ret->interface, request->interface);
	COPY(ret->access, access ? access->name : NULL);
	describe_radius(d, access, &decision, request->user, ret);
	describe_domain(d, &decision, ret);
	return 0;
}
