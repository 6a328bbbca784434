/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the sections about callers become: pppoe, domain, destination, steering, switch, radius.
 */
#include <sys/utsname.h>

#include "config_load.h"

static const struct lac_access *first_access(const struct config *config)
{
	assert_false(list_empty(&config->lac.accesses));
	return list_first(&config->lac.accesses, struct lac_access, node);
}

static void test_pppoe(void **state)
{
	struct config *config = load_good_file("lac.conf");
	const struct lac_access *access = first_access(config);

	(void)state;
	assert_string_equal(access->name, "north");
	assert_int_equal(access->n_interfaces, 2);
	assert_string_equal(access->interfaces[0], "eth1");
	assert_string_equal(access->interfaces[1], "eth1.100");
	assert_string_equal(access->pppoe.ac_name, "bras one");
	assert_int_equal(access->pppoe.n_service_names, 2);
	assert_string_equal(access->pppoe.service_names[1], "video");
	assert_int_equal(access->pppoe.max_sessions, 100);
	assert_int_equal(access->pppoe.max_sessions_per_mac, 2);
	assert_int_equal(access->pppoe.max_padi_rate, 300);
	assert_int_equal(access->pppoe.max_padi_rate_per_mac, 3);
	assert_int_equal(access->pppoe.max_payload, 1500);
	assert_int_equal(access->ppp.mru, 1500);
	assert_int_equal(access->ppp.n_auths, 3);
	assert_int_equal(access->ppp.auths[0], PPP_AUTH_MSCHAP_V2);
	assert_int_equal(access->ppp.auths[1], PPP_AUTH_PAP);
	assert_int_equal(access->ppp.auths[2], PPP_AUTH_CHAP);
	assert_string_equal(access->ppp.name, "asks");
	assert_int_equal(access->ppp.restart, 2 * USEC_PER_SEC);
	assert_int_equal(access->ppp.max_configure, 4);
	assert_int_equal(access->ppp.max_terminate, 3);
	assert_int_equal(access->ppp.max_failure, 6);
	assert_int_equal(access->ppp.timeout, 20 * USEC_PER_SEC);
	assert_string_equal(access->default_domain, "here");
	assert_int_equal(access->radius, LAC_RADIUS_OPTIONAL);
	assert_int_equal(access->calling_number, LAC_NUMBER_CIRCUIT_AND_REMOTE_ID);
	assert_int_equal(access->calling_number_fallback, LAC_NUMBER_MAC);
	assert_string_equal(access->number_separator, " # ");
	assert_int_equal(access->tx_connect_speed, 100000000);
	assert_int_equal(access->rx_connect_speed, 40000000);
	assert_true(access->line_avps);
	assert_int_equal(config->lac.max_calls, 1000);
	config_free(config);
}

static void test_pppoe_defaults(void **state)
{
	struct config *config = load_good_text("domain d { } pppoe a { interface = eth0 } "
					       "pppoe b { interface = eth1 auth = none }");
	const struct lac_access *access = first_access(config);
	struct utsname system;

	(void)state;
	uname(&system);
	assert_string_equal(access->pppoe.ac_name, system.nodename);
	assert_string_equal(access->ppp.name, system.nodename);
	/* The tunnels that RADIUS names start from it. */
	assert_string_equal(config->lns->local_name, system.nodename);
	assert_int_equal(access->pppoe.n_service_names, 0);
	assert_int_equal(access->pppoe.max_payload, PPPOE_MTU);
	assert_int_equal(access->ppp.n_auths, 2);
	assert_int_equal(access->ppp.auths[0], PPP_AUTH_CHAP);
	assert_int_equal(access->ppp.auths[1], PPP_AUTH_PAP);
	assert_int_equal(access->ppp.mru, ppp_proxy_defaults.mru);
	assert_int_equal(access->ppp.restart, ppp_proxy_defaults.restart);
	assert_int_equal(access->ppp.max_configure, ppp_proxy_defaults.max_configure);
	assert_int_equal(access->ppp.max_terminate, ppp_proxy_defaults.max_terminate);
	assert_int_equal(access->ppp.max_failure, ppp_proxy_defaults.max_failure);
	assert_int_equal(access->ppp.timeout, ppp_proxy_defaults.timeout);
	assert_null(access->default_domain);
	assert_int_equal(access->radius, LAC_RADIUS_NO);
	assert_string_equal(access->number_separator, " ");
	access = list_entry(access->node.next, struct lac_access, node);
	assert_int_equal(access->ppp.n_auths, 0);
	config_free(config);
}

static void test_domains(void **state)
{
	struct config *config = load_good_file("lac.conf");
	const struct steer_domain *domain = config_find_domain(config, "Example.com");
	const struct steer_tunnel *tunnel;

	(void)state;
	assert_non_null(domain);
	assert_int_equal(domain->action, STEER_TUNNEL);
	assert_string_equal(domain->called_number, "4711");
	assert_true(domain->strip);
	assert_int_equal(domain->set->n, 2);
	/* By preference, not as they stand in the list. */
	tunnel = &domain->set->tunnels[0];
	assert_string_equal(tunnel->name, "lns1");
	assert_string_equal(tunnel->server, "192.0.2.1");
	assert_int_equal(tunnel->preference, 0);
	assert_int_equal(tunnel->client.family, ADDR_IPV4);
	assert_string_equal(tunnel->assignment_id, "blue");
	assert_string_equal(tunnel->private_group, "vpn");
	assert_int_equal(tunnel->max_sessions, 500);
	assert_int_equal(tunnel->max_sessions_per_tunnel, 50);
	assert_string_equal(tunnel->peer->secret, "hunter2");
	assert_string_equal(tunnel->peer->local_name, "client");
	assert_string_equal(tunnel->peer->host_name, "server");
	assert_int_equal(tunnel->peer->challenge, CHALLENGE_REQUIRE);
	tunnel = &domain->set->tunnels[1];
	assert_string_equal(tunnel->name, "lns2");
	assert_int_equal(tunnel->preference, 7);
	assert_string_equal(tunnel->peer->name, "wholesale");

	domain = config_find_domain(config, "here");
	assert_int_equal(domain->action, STEER_TERMINATE);
	assert_string_equal(domain->ppp, "pool");
	assert_int_equal(config_find_domain(config, "none")->action, STEER_REJECT);
	assert_int_equal(config_find_domain(config, "default")->action, STEER_RADIUS);
	config_free(config);
}

/* How often a tunnel is tried, of the first destination of the first domain. */
static unsigned int setup_retries_of(const char *text)
{
	struct config *config = load_good_text(text);
	const struct steer_domain *domain =
		list_first(&config->lac.domains.domains, struct steer_domain, node);
	unsigned int retries = domain->set->tunnels[0].peer->transport.setup_retries;

	config_free(config);
	return retries;
}

#define ONE_DOMAIN "domain d { destination = l } destination l { remote = x "

/* A caller waits meanwhile: fewer than for tunnels that nobody waits for. */
static void test_patience(void **state)
{
	(void)state;
	assert_int_equal(setup_retries_of(ONE_DOMAIN "}"), 2);
	assert_int_equal(setup_retries_of(ONE_DOMAIN "peer = p } peer p { }"), 2);
	assert_int_equal(setup_retries_of(ONE_DOMAIN "peer = p } peer p { setup_retries = 4 }"), 4);
	assert_int_equal(setup_retries_of(ONE_DOMAIN "setup_retries = 5 }"), 5);
	assert_int_equal(setup_retries_of("setup_retries = 0 " ONE_DOMAIN "}"), 0);
	assert_int_equal(setup_retries_of("setup_retries = 7 " ONE_DOMAIN "}"), 7);
}

static void test_steering(void **state)
{
	struct config *config = load_good_file("lac.conf");
	const struct lac_settings *lac = &config->lac;

	(void)state;
	assert_string_equal(lac->domains.suffix, "@%");
	assert_string_equal(lac->domains.prefix, "/");
	assert_int_equal(lac->domains.order, STEER_PREFIX_FIRST);
	assert_int_equal(lac->steer.sharing, STEER_WEIGHTED);
	assert_int_equal(lac->steer.assignment, STEER_BY_CLIENT_SERVER);
	assert_true(lac->steer.fail_over_within_preference);
	assert_int_equal(lac->steer.lockout, 60 * USEC_PER_SEC);
	assert_true(lac->steer.lockout_test);
	assert_int_equal(lac->steer.max_destinations, 64);
	assert_int_equal(lac->relay.calling_number, LAC_DROP);
	assert_int_equal(lac->relay.speeds, LAC_REGENERATE);
	assert_int_equal(lac->relay.proxy, LAC_RELAY);
	config_free(config);

	config = load_good_text("");
	assert_memory_equal(&config->lac.steer, &steer_defaults, sizeof(steer_defaults));
	assert_string_equal(config->lac.domains.suffix, "@");
	assert_string_equal(config->lac.domains.prefix, "");
	assert_int_equal(config->lac.relay.line, LAC_RELAY);
	config_free(config);
}

static void test_radius(void **state)
{
	struct config *config = load_good_file("lac.conf");
	const struct radius_settings *radius = &config->radius;
	const struct radius_server *server =
		list_first(&radius->servers, struct radius_server, node);
	char text[ADDR_TEXT_MAX];

	(void)state;
	assert_string_equal(radius->nas_identifier, "nas");
	assert_string_equal(addr_format(&radius->nas_address, text), "192.0.2.9");
	assert_int_equal(radius->interim, 600 * USEC_PER_SEC);
	assert_true(radius->tunnel_accounting);
	assert_true(radius->link_accounting);
	assert_int_equal(radius->dynauth_port, 3799);
	assert_int_equal(radius->max_pending, 99);
	assert_string_equal(server->name, "first");
	assert_string_equal(server->host, "radius.example.net");
	assert_string_equal(server->secret, "hunter2");
	assert_int_equal(server->auth_port, 1645);
	assert_int_equal(server->acct_port, 0);
	assert_int_equal(server->timeout, USEC_PER_SEC);
	assert_int_equal(server->tries, 2);
	assert_int_equal(server->dead_time, 5 * USEC_PER_SEC);
	server = list_entry(server->node.next, struct radius_server, node);
	assert_string_equal(server->name, "second");
	assert_int_equal(server->auth_port, 1812);
	assert_int_equal(server->acct_port, 1813);
	assert_int_equal(server->timeout, 3 * USEC_PER_SEC);
	assert_int_equal(server->tries, 3);
	assert_int_equal(server->dead_time, 60 * USEC_PER_SEC);
	config_free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pppoe),	 cmocka_unit_test(test_pppoe_defaults),
		cmocka_unit_test(test_domains),	 cmocka_unit_test(test_patience),
		cmocka_unit_test(test_steering), cmocka_unit_test(test_radius),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
