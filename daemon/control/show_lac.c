/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands that show what a LAC has. Calls are listed by their ids and looked up when their
 * turn comes, for there may be many; of the rest there is little, which is copied.
 */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "control/private.h"

/* A list that is being written down; name is what the argument says, NULL for all. */
struct listing {
	struct request *r;
	const char *name;
	int err;
};

static struct listing listing_of(struct request *r, const char *arg)
{
	return (struct listing){.r = r, .name = request_text(r, arg)};
}

/* Domains and host names have no case (RFC 4343); sections are not told apart by it. */
static bool is_wanted(const struct listing *l, const char *name)
{
	return !l->err && (!l->name || strcasecmp(l->name, name) == 0);
}

/* A list that has to have something in it, for it was asked for by name. */
static void listing_show(const struct listing *l, enum object_type type, const char *nothing)
{
	if (!l->err && l->name && !l->r->walk.n)
		request_fail(l->r, -ENOENT, "%s %s", nothing, l->name);
	else
		request_show(l->r, type, l->err);
}

static bool is_text(const struct request *r, const char *arg, const char *text)
{
	const char *wanted = request_text(r, arg);

	return !wanted || strcasecmp(wanted, text) == 0;
}

bool call_matches(const struct request *r, const struct control_call *call)
{
	const char *user = request_text(r, "user");
	char mac[MAC_TEXT_MAX];

	return is_text(r, "call_id", call->id) && !(user && strcmp(user, call->user) != 0) &&
	       is_text(r, "interface", call->interface) &&
	       is_text(r, "mac", mac_format(call->mac, mac)) &&
	       is_text(r, "destination", call->destination);
}

static void add_call(void *user, const struct control_call *call)
{
	struct listing *l = user;

	if (!l->err && call_matches(l->r, call))
		l->err = walk_add_call(&l->r->walk, call->id);
}

void command_show_call(struct request *r)
{
	struct control *control = r->client->control;
	struct listing l = {.r = r};

	control->ops->calls(control->ctx, add_call, &l);
	if (!l.err && !r->walk.n && request_has(r, "call_id")) {
		request_fail(r, -ENOENT, "no call has call_id %s", request_text(r, "call_id"));
		return;
	}
	walk_sort(&r->walk);
	request_show(r, OBJECT_CALL, l.err);
}

static void add_pppoe(void *user, const struct control_pppoe *pppoe)
{
	struct listing *l = user;

	if (is_wanted(l, pppoe->interface))
		l->err = walk_add_told(&l->r->walk, pppoe, sizeof(*pppoe));
}

void command_show_pppoe(struct request *r)
{
	struct control *control = r->client->control;
	struct listing l = listing_of(r, "interface");

	control->ops->pppoe(control->ctx, add_pppoe, &l);
	listing_show(&l, OBJECT_PPPOE, "nobody can dial in on");
}

static void add_domain(void *user, const struct control_domain *domain)
{
	struct listing *l = user;

	if (is_wanted(l, domain->name))
		l->err = walk_add_told(&l->r->walk, domain,
				       sizeof(*domain) +
					       domain->n_choices * sizeof(domain->choices[0]));
}

void command_show_domain(struct request *r)
{
	struct control *control = r->client->control;
	struct listing l = listing_of(r, "name");
	int err;

	err = control->ops->domains(control->ctx, add_domain, &l);
	if (!l.err)
		l.err = err;
	listing_show(&l, OBJECT_DOMAIN, "there is no domain section");
}

static void add_destination(void *user, const struct control_destination *destination)
{
	struct listing *l = user;

	if (is_wanted(l, destination->name) || is_wanted(l, destination->server))
		l->err = walk_add_told(&l->r->walk, destination, sizeof(*destination));
}

void command_show_destination(struct request *r)
{
	struct control *control = r->client->control;
	struct listing l = listing_of(r, "name");

	control->ops->destinations(control->ctx, add_destination, &l);
	listing_show(&l, OBJECT_DESTINATION, "there is no destination");
}

static void add_radius(void *user, const struct control_radius *radius)
{
	struct listing *l = user;

	if (is_wanted(l, radius->name))
		l->err = walk_add_told(&l->r->walk, radius, sizeof(*radius));
}

void command_show_radius(struct request *r)
{
	struct control *control = r->client->control;
	struct listing l = listing_of(r, "name");

	control->ops->radius(control->ctx, add_radius, &l);
	listing_show(&l, OBJECT_RADIUS, "there is no radius section");
}
