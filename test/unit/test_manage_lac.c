/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the daemon tells of its LAC: from a configuration, a lac and a RADIUS client to the words of
 * the management socket. Nobody calls.
 */
#include <errno.h>
#include <string.h>

#include "config_load.h"
#include "control_end.h"
#include "manage_lac.h"

#define CONFIG                                                                                     \
	"pppoe north { interface = {eth1, eth2} domain = here radius = yes }\n"                    \
	"pppoe south { interface = eth3 }\n"                                                       \
	"pppoe west { interface = eth4 radius = optional }\n"                                      \
	"radius first { host = 192.0.2.5 secret = s }\n"                                           \
	"radius second { host = radius.example secret = s acct_port = 0 }\n"                       \
	"destination lns1 { remote = 192.0.2.1 local = 192.0.2.9 max_sessions_per_tunnel = 50 }\n" \
	"destination lns2 { remote = lns2.example preference = 7 max_sessions = 500 }\n"           \
	"ppp pool { }\n"                                                                           \
	"domain isp.example { destination = {lns2, lns1} called_number = 4711 strip = yes }\n"     \
	"domain ask.example { action = radius }\n"                                                 \
	"domain here { ppp = pool }\n"                                                             \
	"domain none { }\n"

struct world {
	struct fixture *f;
	struct aditd d;
};

/* Of the world that is there; one test runs at a time. */
static struct world *world;

usec_t aditd_now(void)
{
	return world->f->now;
}

void pppoe_io_each(const struct aditd *d,
		   void (*each)(void *user, const struct control_pppoe *pppoe), void *user)
{
	(void)d, (void)each, (void)user;
}

static void on_random(struct lac *lac, void *data, size_t len)
{
	(void)lac;
	memset(data, 1, len);
}

static void on_destination(struct lac *lac, const struct steer_destination *destination)
{
	manage_destination_event(lac, destination);
}

static void on_radius_random(struct radius_client *client, void *data, size_t len)
{
	(void)client;
	memset(data, 1, len);
}

/* Nobody calls, so that there is no more that a lac or a client of RADIUS could want. */
static const struct lac_ops lac_ops = {.random = on_random, .destination_event = on_destination};
static const struct radius_ops radius_ops = {.random = on_radius_random};

static int setup(void **state)
{
	struct lac_params params = {.ops = &lac_ops};

	world = calloc(1, sizeof(*world));
	assert_non_null(world);
	assert_int_equal(fixture_setup((void **)&world->f), 0);
	timer_queue_init(&world->d.timers);
	world->d.config = load_good_text(CONFIG);
	world->d.control = world->f->control;
	params.ctx = &world->d;
	params.engine = world->f->engine;
	params.timers = &world->d.timers;
	params.settings = &world->d.config->lac;
	params.radius_settings = &world->d.config->radius;
	assert_int_equal(lac_new(&params, &world->d.lac), 0);
	assert_int_equal(radius_client_new(&radius_ops, NULL, &world->d.timers,
					   &world->d.config->radius, &world->d.radius),
			 0);
	lac_set_radius(world->d.lac, world->d.radius);
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	lac_free(world->d.lac);
	radius_client_free(world->d.radius);
	timer_queue_fini(&world->d.timers);
	config_free(world->d.config);
	fixture_teardown((void **)&world->f);
	free(world);
	return 0;
}

static const struct {
	const char *user;
	const char *interface;
	const char *access;
	const char *action;
	const char *domain;
	const char *radius;
	const char *radius_user;
	size_t tunnels;
} rows[] = {
	/* Of several sections none is meant when no interface is said. */
	{"joe@ISP.example", NULL, "", "tunnel", "isp.example", "not asked", "", 2},
	{"joe@isp.example", "eth3", "south", "tunnel", "isp.example", "not asked", "", 2},
	{"joe@isp.example", "eth2", "north", "tunnel", "isp.example",
	 "asked first, by section pppoe north: first, second; refused while none answers", "joe",
	 2},
	{"joe@ask.example", "eth3", "south", "reject", "",
	 "asked first, by section domain ask.example: first, second; refused while none answers",
	 "joe@ask.example", 0},
	{"joe@ask.example", "eth1", "north", "terminate", "here",
	 "asked first, by section pppoe north: first, second; refused while none answers",
	 "joe@ask.example", 0},
	{"joe@nowhere", "eth1", "north", "terminate", "here",
	 "asked first, by section pppoe north: first, second; refused while none answers",
	 "joe@nowhere", 0},
	{"joe@nowhere", "eth4", "west", "reject", "",
	 "asked first, by section pppoe west: first, second", "joe@nowhere", 0},
	{"joe@nowhere", "eth3", "south", "reject", "", "not asked", "", 0},
	{"joe", "eth3", "south", "reject", "none", "not asked", "", 0},
};

static void test_steer(void **state)
{
	static struct control_steer steer;
	char text[256];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct control_steer_request request = {rows[i].user, rows[i].interface};

		memset(&steer, 0, sizeof(steer));
		assert_int_equal(manage_test_steer(&world->d, &request, &steer, text, sizeof(text)),
				 0);
		assert_string_equal(steer.user, rows[i].user);
		assert_string_equal(steer.access, rows[i].access);
		assert_string_equal(steer.action, rows[i].action);
		assert_string_equal(steer.domain, rows[i].domain);
		assert_string_equal(steer.radius, rows[i].radius);
		assert_string_equal(steer.radius_user, rows[i].radius_user);
		assert_int_equal(steer.tunnels.n, rows[i].tunnels);
		assert_true(steer.why[0]);
	}
}

static void test_steer_words(void **state)
{
	const struct control_steer_request isp = {"joe@isp.example", NULL};
	const struct control_steer_request nowhere = {"joe", "eth9"};
	static struct control_steer steer;
	char text[256];

	(void)state;
	assert_int_equal(manage_test_steer(&world->d, &isp, &steer, text, sizeof(text)), 0);
	assert_string_equal(steer.called_number, "4711");
	assert_non_null(strstr(steer.why, "domain isp.example"));
	/* The preferred comes first, whatever the order in the file. */
	assert_non_null(strstr(steer.tunnels.text[0], "lns1"));
	assert_non_null(strstr(steer.tunnels.text[1], "lns2"));
	assert_int_equal(manage_test_steer(&world->d, &nowhere, &steer, text, sizeof(text)),
			 -ENOENT);
	assert_string_equal(text, "no pppoe section has an interface eth9");
}

static struct control_destination destinations[8];
static size_t n_destinations;

static void take_destination(void *user, const struct control_destination *destination)
{
	(void)user;
	assert_true(n_destinations < COUNT(destinations));
	destinations[n_destinations++] = *destination;
}

static void list_destinations(size_t n)
{
	n_destinations = 0;
	manage_destinations(&world->d, take_destination, NULL);
	assert_int_equal(n_destinations, n);
}

/* A call that lns1 does not answer: the destination is locked out. */
static void fail_call(const char *domain_name)
{
	struct reason reason = reason_make(ORIGIN_PEER, 0, 0, "no answer");
	struct steer *steer = lac_steer(world->d.lac);
	struct steer_call call = {0};
	char text[256];

	steer_call_init(&call, config_find_domain(world->d.config, domain_name)->set);
	assert_int_equal(steer_call_next(steer, &call, world->f->now, text, sizeof(text)), 0);
	assert_string_equal(call.path->tunnel.name, "lns1");
	steer_call_failed(steer, &call, &reason, true, world->f->now);
	steer_call_done(steer, &call, world->f->now);
}

static void test_destinations(void **state)
{
	struct end *monitor = end_new(world->f);
	char text[256] = "";

	(void)state;
	list_destinations(2);
	assert_string_equal(destinations[0].name, "lns1");
	assert_string_equal(destinations[0].server, "192.0.2.1");
	assert_int_equal(destinations[0].client.family, ADDR_IPV4);
	assert_string_equal(destinations[0].state, "unlocked");
	end_say(monitor, "{\"command\":\"monitor\"}\n");
	end_wait(monitor, 1);
	end_take_line(monitor);
	fail_call("isp.example");
	end_wait(monitor, 1);
	assert_non_null(strstr(monitor->text, "\"event\":\"destination state\""));
	assert_non_null(strstr(monitor->text, "\"name\":\"lns1\""));
	assert_non_null(strstr(monitor->text, "\"state\":\"locked\""));
	end_free(monitor);
	world->f->now += 10 * USEC_PER_SEC;
	list_destinations(2);
	assert_string_equal(destinations[0].state, "locked");
	assert_int_equal(destinations[0].time_left,
			 world->d.config->lac.steer.lockout - 10 * USEC_PER_SEC);
	assert_int_equal(destinations[0].lockouts, 1);
	assert_non_null(strstr(destinations[0].failure, "no answer"));
	assert_string_equal(destinations[1].state, "unlocked");
	assert_int_equal(manage_unlock(&world->d, "lns3", text, sizeof(text)), -ENOENT);
	assert_string_equal(text, "there is no destination lns3");
	/* One that no call was ever sent to is not locked out. */
	assert_int_equal(manage_unlock(&world->d, "LNS2", text, sizeof(text)), 0);
	list_destinations(2);
	assert_string_equal(destinations[0].state, "locked");
	assert_int_equal(manage_unlock(&world->d, "192.0.2.1", text, sizeof(text)), 0);
	list_destinations(2);
	assert_string_equal(destinations[0].state, "unlocked");
	assert_int_equal(destinations[0].time_left, 0);
}

static void take_domain(void *user, const struct control_domain *domain)
{
	unsigned int *n = user;

	if ((*n)++)
		return;
	assert_string_equal(domain->name, "isp.example");
	assert_string_equal(domain->action, "tunnel");
	assert_string_equal(domain->called_number, "4711");
	assert_true(domain->strip);
	assert_int_equal(domain->n_choices, 2);
	assert_string_equal(domain->choices[0].name, "lns1");
	assert_int_equal(domain->choices[0].max_sessions_per_tunnel, 50);
	assert_string_equal(domain->choices[0].state, "locked");
	assert_string_equal(domain->choices[1].server, "lns2.example");
	assert_int_equal(domain->choices[1].preference, 7);
	assert_int_equal(domain->choices[1].max_sessions, 500);
	assert_null(domain->choices[1].state);
}

static void test_domains(void **state)
{
	unsigned int n = 0;

	(void)state;
	fail_call("isp.example");
	assert_int_equal(manage_domains(&world->d, take_domain, &n), 0);
	assert_int_equal(n, 4);
}

static void take_radius(void *user, const struct control_radius *radius)
{
	unsigned int *n = user;

	assert_string_equal(radius->name, *n ? "second" : "first");
	assert_string_equal(radius->host, *n ? "radius.example" : "192.0.2.5");
	assert_int_equal(radius->auth_port, 1812);
	assert_int_equal(radius->acct_port, *n ? 0 : 1813);
	assert_string_equal(radius->state, "alive");
	(*n)++;
}

static void test_radius(void **state)
{
	unsigned int n = 0;

	(void)state;
	manage_radius(&world->d, take_radius, &n);
	assert_int_equal(n, 2);
	lac_set_radius(world->d.lac, NULL);
	manage_radius(&world->d, take_radius, &n);
	assert_int_equal(n, 2);
}

static void test_set_call(void **state)
{
	char text[256] = "";

	(void)state;
	assert_int_equal(manage_set_call(&world->d, "1-1", 1, 1, text, sizeof(text)), -ENOENT);
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_steer),   TEST(test_steer_words), TEST(test_destinations),
		TEST(test_domains), TEST(test_radius),	    TEST(test_set_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
