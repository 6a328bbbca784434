/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the control socket asks of the LAC, and hears of it: calls, where they may go, who is asked.
 */
#include "manage_lac.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "wire/result.h"

/* --- calls --- */

static void describe_caller(const struct lac_call *call, struct control_call *ret)
{
	const struct l2tp_session *from = call->incoming;

	lac_speeds(call, &ret->tx_connect_speed, &ret->rx_connect_speed);
	if (call->kind == LAC_PPPOE) {
		COPY(ret->interface, call->port.interface);
		memcpy(ret->mac, call->mac, sizeof(ret->mac));
		ret->pppoe_id = call->pppoe_id;
	} else if (from) {
		ret->from_tunnel_id = from->tunnel->core.tunnel_id;
		ret->from_session_id = from->core.session_id;
		ret->tx_connect_speed = from->core.tx_connect_speed;
		ret->rx_connect_speed = from->core.rx_connect_speed;
		COPY(ret->from_peer, from->tunnel->core.peer_host_name);
	}
	if (call->line) {
		COPY(ret->circuit_id, call->line->circuit_id);
		COPY(ret->remote_id, call->line->remote_id);
	}
}

static void describe_way(const struct lac_call *call, struct control_call *ret)
{
	const struct l2tp_session *to = call->session;

	if (call->steered) {
		COPY(ret->destination, call->steer.path ? call->steer.path->tunnel.name : NULL);
		ret->tried = (unsigned int)__builtin_popcount(call->steer.tried);
	}
	if (to) {
		ret->tunnel_id = to->tunnel->core.tunnel_id;
		ret->session_id = to->core.session_id;
		ret->peer_tunnel_id = to->tunnel->core.peer_tunnel_id;
		ret->peer_session_id = to->core.peer_session_id;
		ret->peer = to->tunnel->core.peer;
	}
	COPY(ret->ppp_interface, call->pppd_interface);
	COPY(ret->domain, call->domain ? call->domain->name : NULL);
}

static void describe_call(const struct lac_call *call, struct control_call *ret)
{
	*ret = (struct control_call){
		.state = lac_state_name(call->state),
		.began_at = call->began_at,
		.up_at = call->up_at,
	};
	COPY(ret->id, call->id);
	COPY(ret->user, call->user);
	describe_caller(call, ret);
	describe_way(call, ret);
	if (call->reason.origin != ORIGIN_NONE)
		reason_format(&call->reason, false, ret->why, sizeof(ret->why));
}

void manage_calls(void *ctx, void (*each)(void *user, const struct control_call *call), void *user)
{
	const struct aditd *d = ctx;
	const struct lac_call *call;
	struct control_call told;

	for (call = lac_next(d->lac, NULL); call; call = lac_next(d->lac, call)) {
		describe_call(call, &told);
		each(user, &told);
	}
}

int manage_find_call(void *ctx, const char *id, struct control_call *ret)
{
	const struct aditd *d = ctx;
	const struct lac_call *call = lac_find(d->lac, id);

	if (!call)
		return -ENOENT;
	describe_call(call, ret);
	return 0;
}

void manage_close_call(void *ctx, const char *id)
{
	struct reason reason =
		reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "closed by the administrator");
	const struct aditd *d = ctx;
	struct lac_call *call = lac_find(d->lac, id);

	if (call)
		lac_close(call, &reason, aditd_now());
}

int manage_set_call(void *ctx, const char *id, uint32_t tx, uint32_t rx, char *text, size_t size)
{
	const struct aditd *d = ctx;
	struct lac_call *call = lac_find(d->lac, id);
	const char *why = call ? lac_cannot_tell(call) : NULL;

	if (!call)
		return -ENOENT;
	if (why)
		snprintf(text, size, "the speeds cannot be set: %s", why);
	return lac_set_speeds(call, tx, rx, aditd_now());
}

/* What the log says of a destination begins with its name, which stands beside it here. */
static const char *without_name(const char *text, const char *name)
{
	size_t len = strlen(name);

	return len && strncmp(text, name, len) == 0 && strncmp(text + len, ": ", 2) == 0
		       ? text + len + 2
		       : text;
}

void manage_call_event(const struct lac_call *call, enum lac_news news, const char *text)
{
	const struct aditd *d = lac_ctx(call->lac);
	struct control_call told;

	if (!d->control)
		return;
	if (news == LAC_NEWS_GONE) {
		control_call_gone(d->control, call->id);
		return;
	}
	describe_call(call, &told);
	COPY(told.why, without_name(text, told.destination));
	control_call_event(d->control, lac_news_name(news), &told, aditd_now());
}

/* --- interfaces --- */

void manage_pppoe(void *ctx, void (*each)(void *user, const struct control_pppoe *pppoe),
		  void *user)
{
	pppoe_io_each(ctx, each, user);
}

/* --- destinations --- */

/* Two clients of one server are two destinations. */
static bool is_of(const struct steer_destination *destination, const struct steer_tunnel *tunnel)
{
	return strcmp(destination->server, tunnel->server) == 0 &&
	       addr_same_host(&destination->client, &tunnel->client);
}

static const struct steer_destination *destination_of(const struct aditd *d,
						      const struct steer_tunnel *tunnel)
{
	const struct steer *steer = lac_steer(d->lac);
	const struct steer_destination *destination = steer_next(steer, NULL);

	while (destination && !is_of(destination, tunnel))
		destination = steer_next(steer, destination);
	return destination;
}

static const struct steer_tunnel *section_of(const struct aditd *d,
					     const struct steer_destination *destination)
{
	const struct config_destination *section;

	list_for_each (section, &d->config->destinations, node) {
		if (is_of(destination, &section->tunnel))
			return &section->tunnel;
	}
	return NULL;
}

static void describe_lock(const struct steer_destination *destination,
			  struct control_destination *ret)
{
	usec_t now = aditd_now();

	ret->state = steer_lock_name(destination->lock);
	if (destination->lock == STEER_LOCKED && destination->locked_until > now)
		ret->time_left = destination->locked_until - now;
	ret->sessions = destination->n_sessions;
	ret->tunnels = destination->n_paths;
	ret->calls = destination->calls;
	ret->failures = destination->failures;
	ret->lockouts = destination->lockouts;
	ret->failed_at = destination->failed_at;
	if (destination->failed_at)
		reason_format(&destination->failure, destination->failed_by_tunnel, ret->failure,
			      sizeof(ret->failure));
}

/* Either may be NULL: a section that no call was sent to, an LNS that only RADIUS names. */
static void describe_destination(const struct steer_tunnel *section,
				 const struct steer_destination *destination,
				 struct control_destination *ret)
{
	*ret = (struct control_destination){.state = steer_lock_name(STEER_UNLOCKED)};
	if (section) {
		ret->client = section->client;
		COPY(ret->name, section->name);
		COPY(ret->server, section->server);
	}
	if (destination) {
		ret->client = destination->client;
		COPY(ret->server, destination->server);
		if (!section)
			COPY(ret->name, destination->server);
		describe_lock(destination, ret);
	}
}

void manage_destinations(void *ctx,
			 void (*each)(void *user, const struct control_destination *destination),
			 void *user)
{
	const struct aditd *d = ctx;
	const struct steer *steer = lac_steer(d->lac);
	const struct steer_destination *destination;
	const struct config_destination *section;
	struct control_destination told;

	list_for_each (section, &d->config->destinations, node) {
		describe_destination(&section->tunnel, destination_of(d, &section->tunnel), &told);
		each(user, &told);
	}
	for (destination = steer_next(steer, NULL); destination;
	     destination = steer_next(steer, destination)) {
		if (section_of(d, destination))
			continue;
		describe_destination(NULL, destination, &told);
		each(user, &told);
	}
}

void manage_destination_event(struct lac *lac, const struct steer_destination *destination)
{
	const struct aditd *d = lac_ctx(lac);
	struct control_destination told;

	if (!d->control)
		return;
	describe_destination(section_of(d, destination), destination, &told);
	control_destination_event(d->control, &told, aditd_now());
}

/* Whether a section is named so that no call was ever sent to. */
static bool is_unused_section(const struct aditd *d, const char *name)
{
	const struct config_destination *section;

	list_for_each (section, &d->config->destinations, node) {
		if (strcasecmp(section->tunnel.name, name) == 0 ||
		    strcasecmp(section->tunnel.server, name) == 0)
			return true;
	}
	return false;
}

int manage_unlock(void *ctx, const char *name, char *text, size_t size)
{
	struct aditd *d = ctx;
	struct steer *steer = lac_steer(d->lac);
	struct steer_destination *destination;
	const struct steer_tunnel *section;
	bool found = !name || is_unused_section(d, name);

	for (destination = steer_next(steer, NULL); destination;
	     destination = steer_next(steer, destination)) {
		section = section_of(d, destination);
		if (name && strcasecmp(destination->server, name) != 0 &&
		    !(section && strcasecmp(section->name, name) == 0))
			continue;
		found = true;
		if (destination->lock != STEER_UNLOCKED)
			steer_unlock(steer, destination, aditd_now());
	}
	if (!found)
		snprintf(text, size, "there is no destination %s", name);
	return found ? 0 : -ENOENT;
}

/* --- domains --- */

static void describe_choice(const struct aditd *d, const struct steer_tunnel *tunnel,
			    struct control_choice *ret)
{
	const struct steer_destination *destination = destination_of(d, tunnel);

	*ret = (struct control_choice){
		.preference = tunnel->preference,
		.max_sessions = tunnel->max_sessions,
		.max_sessions_per_tunnel = tunnel->max_sessions_per_tunnel,
		.state = destination ? steer_lock_name(destination->lock) : NULL,
	};
	COPY(ret->name, tunnel->name);
	COPY(ret->server, tunnel->server);
}

static void describe_domain(const struct aditd *d, const struct steer_domain *domain,
			    struct control_domain *ret)
{
	const struct steer_set *set = domain->set;

	*ret = (struct control_domain){
		.action = manage_action_name(domain->action),
		.strip = domain->strip,
		.n_choices = set ? set->n : 0,
	};
	COPY(ret->name, domain->name);
	COPY(ret->ppp, domain->ppp);
	COPY(ret->called_number, domain->called_number);
	for (size_t i = 0; set && i < set->n; i++)
		describe_choice(d, &set->tunnels[i], &ret->choices[i]);
}

int manage_domains(void *ctx, void (*each)(void *user, const struct control_domain *domain),
		   void *user)
{
	const struct aditd *d = ctx;
	const struct steer_domain *domain;
	struct control_domain *told =
		mem_alloc(sizeof(*told) + STEER_TUNNELS_MAX * sizeof(told->choices[0]));

	if (!told)
		return -ENOMEM;
	list_for_each (domain, &d->config->lac.domains.domains, node) {
		describe_domain(d, domain, told);
		each(user, told);
	}
	mem_free(told);
	return 0;
}

/* --- RADIUS --- */

void manage_radius(void *ctx, void (*each)(void *user, const struct control_radius *radius),
		   void *user)
{
	const struct aditd *d = ctx;
	const struct radius_client *client = lac_radius(d->lac);
	const struct radius_server_state *state = NULL;

	while (client && (state = radius_server_next(client, state))) {
		struct control_radius told = {
			.auth_port = state->server->auth_port,
			.acct_port = state->server->acct_port,
			.state = state->dead ? "dead" : "alive",
			.pending = state->pending,
			.round_trip = state->round_trip,
			.stats = state->stats,
		};

		COPY(told.name, state->server->name);
		COPY(told.host, state->server->host);
		if (state->dead && state->dead_until > aditd_now())
			told.time_left = state->dead_until - aditd_now();
		each(user, &told);
	}
}
