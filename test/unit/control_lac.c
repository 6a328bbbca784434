/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A LAC as the management socket sees it: two calls, one of PPPoE and one that is switched, an
 * interface that is there and one that is not, an LNS that is locked out.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "control_fixture.h"

#define LEFT (290 * USEC_PER_SEC)

static void note(struct fixture *f, const char *what, const char *name)
{
	size_t len = strlen(f->calls);

	snprintf(f->calls + len, sizeof(f->calls) - len, "%s %s\n", what, name);
}

static const struct control_call calls[] = {
	{
		.id = "5e0c12ab-00000011",
		.state = "up",
		.user = "joe@isp.example",
		.interface = "eth1.100",
		.mac = {2, 0, 0x5e, 0, 0, 1},
		.pppoe_id = 42,
		.circuit_id = "dslam7 atm 1/2",
		.destination = "lns1",
		.tunnel_id = 7,
		.session_id = 9,
		.peer_tunnel_id = 4711,
		.peer_session_id = 21,
		.domain = "isp.example",
		.tried = 2,
		.tx_connect_speed = 16000000,
		.rx_connect_speed = 1000000,
		.began_at = 905 * USEC_PER_SEC,
		.up_at = 910 * USEC_PER_SEC,
	},
	{
		.id = "5e0c12ab-00000012",
		.state = "placing",
		.user = "\033[31mred\xff",
		.from_tunnel_id = 8,
		.from_session_id = 3,
		.from_peer = "lac.example",
		.destination = "192.0.2.9",
		.began_at = 999 * USEC_PER_SEC,
		.why = "peer: busy signal detected (result 8)",
	},
};
#define CALLS (sizeof(calls) / sizeof(calls[0]))

static bool is_there(const struct fixture *f, const struct control_call *call)
{
	return !(f->ended_calls & 1u << (call - calls));
}

static void on_calls(void *ctx, void (*each)(void *user, const struct control_call *call),
		     void *user)
{
	const struct fixture *f = ctx;

	for (size_t i = 0; i < CALLS; i++) {
		struct control_call call = calls[i];

		if (f->same_user)
			memcpy(call.user, calls[0].user, sizeof(call.user));
		if (is_there(f, &calls[i]))
			each(user, &call);
	}
}

static int on_find_call(void *ctx, const char *id, struct control_call *ret)
{
	for (size_t i = 0; i < CALLS; i++) {
		if (strcmp(calls[i].id, id) != 0 || !is_there(ctx, &calls[i]))
			continue;
		*ret = calls[i];
		return 0;
	}
	return -ENOENT;
}

/* The first takes its time, the other is gone at once. */
static void on_close_call(void *ctx, const char *id)
{
	struct fixture *f = ctx;

	note(f, "close_call", id);
	if (strcmp(id, calls[0].id) == 0)
		fixture_later_call(f, calls[0].id);
	else
		fixture_call_gone(f, id);
}

/* As of a call that is switched, unless it is the first. */
static int on_set_call(void *ctx, const char *id, uint32_t tx, uint32_t rx, char *text, size_t size)
{
	struct fixture *f = ctx;
	char what[64];

	snprintf(what, sizeof(what), "set_call tx %u rx %u", tx, rx);
	note(f, what, id);
	if (strcmp(id, calls[0].id) == 0)
		return 0;
	snprintf(text, size, "the speeds come from the LAC before it");
	return -EOPNOTSUPP;
}

void fixture_call_gone(struct fixture *f, const char *id)
{
	struct control_call call;

	if (on_find_call(f, id, &call) < 0)
		return;
	f->ended_calls |= strcmp(id, calls[0].id) == 0 ? 1 : 2;
	snprintf(call.why, sizeof(call.why), "local: closed by the administrator (result 3)");
	control_call_event(f->control, "call ended", &call, f->now);
	control_call_gone(f->control, call.id);
}

void fixture_call_event(struct fixture *f, const char *id, const char *event)
{
	struct control_call call;

	assert_int_equal(on_find_call(f, id, &call), 0);
	control_call_event(f->control, event, &call, f->now);
}

static void on_pppoe(void *ctx, void (*each)(void *user, const struct control_pppoe *pppoe),
		     void *user)
{
	static const struct control_pppoe list[] = {
		{"eth1.100", "access", "open", .mac = {2, 0, 0x5e, 0, 0, 0xff}, .sessions = 1,
		 .max_sessions = 8000,
		 .stats = {.rx_padi = 3,
			   .tx_pado = 2,
			   .rx_padr = 1,
			   .tx_pads = 1,
			   .rx_over_rate = 1,
			   .sessions_opened = 1}},
		{"eth2", "access", "absent", .why = "No such device"},
	};

	(void)ctx;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		each(user, &list[i]);
}

static int on_domains(void *ctx, void (*each)(void *user, const struct control_domain *domain),
		      void *user)
{
	static const struct control_choice choices[] = {
		{"lns1", "192.0.2.2", 1, 100, 50, "unlocked"},
		{"lns2.example", "lns2.example", 2, .state = "locked"},
		{"lns3", "192.0.2.9", 16777215},
	};
	static const struct control_domain none = {"none", "reject"};
	struct control_domain *domain = calloc(1, sizeof(*domain) + sizeof(choices));

	(void)ctx;
	assert_non_null(domain);
	*domain = (struct control_domain){"isp.example", "tunnel", .called_number = "5551",
					  .strip = true, .n_choices = 3};
	memcpy(domain->choices, choices, sizeof(choices));
	each(user, domain);
	free(domain);
	each(user, &none);
	return 0;
}

static struct control_destination destination_of(const struct fixture *f, size_t i)
{
	struct control_destination list[] = {
		{"lns1", "192.0.2.2", .state = "unlocked", .sessions = 1, .tunnels = 1, .calls = 5},
		{"lns2.example", "lns2.example", .state = f->unlocked ? "unlocked" : "locked",
		 .time_left = f->unlocked ? 0 : LEFT, .failures = 1, .lockouts = 1,
		 .failed_at = f->now - 10 * USEC_PER_SEC,
		 .failure = "local: no answer after 5 retransmissions (result 2)"},
	};

	addr_parse("192.0.2.1", &list[0].client);
	return list[i];
}

static void on_destinations(void *ctx,
			    void (*each)(void *user, const struct control_destination *destination),
			    void *user)
{
	for (size_t i = 0; i < 2; i++) {
		struct control_destination destination = destination_of(ctx, i);

		each(user, &destination);
	}
}

static void on_radius(void *ctx, void (*each)(void *user, const struct control_radius *radius),
		      void *user)
{
	static const struct control_radius list[] = {
		{"first", "192.0.2.5", 1812, 1813, "dead", .time_left = 12 * USEC_PER_SEC,
		 .stats = {.requests = 3, .retransmits = 6, .timeouts = 3}},
		{"second", "radius.example", 1812, 0, "alive", .pending = 1, .round_trip = 850,
		 .stats = {.requests = 4,
			   .accepts = 2,
			   .rejects = 1,
			   .changes = 3,
			   .changes_refused = 1}},
	};

	(void)ctx;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		each(user, &list[i]);
}

static int on_test_steer(void *ctx, const struct control_steer_request *request,
			 struct control_steer *ret, char *text, size_t size)
{
	(void)ctx;
	if (request->interface && strcmp(request->interface, "eth9") == 0) {
		snprintf(text, size, "nobody can dial in on eth9");
		return -ENOENT;
	}
	snprintf(ret->user, sizeof(ret->user), "%s", request->user);
	snprintf(ret->interface, sizeof(ret->interface), "%s",
		 request->interface ? request->interface : "");
	snprintf(ret->radius, sizeof(ret->radius), "not asked");
	if (!strchr(request->user, '@')) {
		ret->action = "reject";
		snprintf(ret->why, sizeof(ret->why), "no domain in the name, and no section none");
		return 0;
	}
	ret->action = "tunnel";
	snprintf(ret->why, sizeof(ret->why), "domain isp.example (suffix)");
	snprintf(ret->domain, sizeof(ret->domain), "isp.example");
	ret->tunnels.n = 2;
	snprintf(ret->tunnels.text[0], sizeof(ret->tunnels.text[0]), "lns1, preference 1: first");
	snprintf(ret->tunnels.text[1], sizeof(ret->tunnels.text[1]),
		 "lns2.example, preference 2: locked out for 4m50s");
	return 0;
}

static int on_unlock(void *ctx, const char *destination, char *text, size_t size)
{
	struct fixture *f = ctx;
	struct control_destination locked;

	note(f, "unlock", destination ? destination : "all");
	if (destination && strcasecmp(destination, "lns2.example") != 0) {
		snprintf(text, size, "there is no destination %s", destination);
		return -ENOENT;
	}
	f->unlocked = true;
	locked = destination_of(f, 1);
	control_destination_event(f->control, &locked, f->now);
	return 0;
}

void fixture_lac_ops(struct control_ops *ops)
{
	ops->calls = on_calls;
	ops->find_call = on_find_call;
	ops->close_call = on_close_call;
	ops->set_call = on_set_call;
	ops->pppoe = on_pppoe;
	ops->domains = on_domains;
	ops->destinations = on_destinations;
	ops->radius = on_radius;
	ops->test_steer = on_test_steer;
	ops->unlock = on_unlock;
}
