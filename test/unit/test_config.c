/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a configuration becomes: each key where it belongs, defaults, and what a reload leaves.
 */
#include <sys/utsname.h>

#include "config_load.h"

static void assert_addr(const struct addr *addr, const char *want)
{
	char text[ADDR_TEXT_MAX];

	assert_string_equal(addr_format(addr, text), want);
}

static void test_global(void **state)
{
	struct config *config = load_good_file("full.conf");

	(void)state;
	assert_string_equal(config->control_path, "/run/c");
	assert_string_equal(config->state_path, "/run/s");
	assert_string_equal(config->pppd_path, "/opt/pppd");
	assert_int_equal(config->workers, 1);
	assert_int_equal(config->max_pppd_starting, 2);
	assert_int_equal(config->limits.max_tunnels, 3);
	assert_int_equal(config->limits.max_sessions, 4);
	assert_int_equal(config->limits.max_half_open, 5);
	config_free(config);
}

static void test_defaults(void **state)
{
	struct config *config =
		load_good_text("listen { } peer a { } peer b { ppp = p } ppp p { }");
	struct config_listen *listen = list_first(&config->listens, struct config_listen, node);
	struct utsname system;

	(void)state;
	assert_string_equal(config->control_path, "/run/adit/control");
	assert_string_equal(config->state_path, "/run/adit");
	assert_string_equal(config->pppd_path, "/usr/sbin/pppd");
	assert_int_equal(config->workers, 64);
	assert_int_equal(config->max_pppd_starting, 32);
	assert_memory_equal(&config->limits, &limits_default, sizeof(limits_default));
	assert_addr(&listen->addr, "0.0.0.0:1701");
	assert_null(listen->device);
	uname(&system);
	assert_string_equal(find_peer(config, "a")->local_name, system.nodename);
	assert_int_equal(find_peer(config, "a")->calls, CALL_REJECT);
	assert_int_equal(find_peer(config, "b")->calls, CALL_PPP);
	assert_int_equal(config_find_ppp(config, "p")->n_options, 0);
	config_free(config);

	config = load_good_text("pppd = none");
	assert_string_equal(config->pppd_path, CONFIG_PPPD_NONE);
	config_free(config);
}

static void test_listen(void **state)
{
	struct config *config = load_good_file("full.conf");
	struct config_listen *listen = list_first(&config->listens, struct config_listen, node);

	(void)state;
	assert_addr(&listen->addr, "[2001:db8::1]:1702");
	assert_string_equal(listen->device, "vrf-blue");
	assert_int_equal(listen->dscp, 48);
	config_free(config);

	/* The port may come before the address. */
	config = load_good_text("listen { port = 7 address = 192.0.2.1 } listen { address = :: }");
	listen = list_first(&config->listens, struct config_listen, node);
	assert_addr(&listen->addr, "192.0.2.1:7");
	listen = list_entry(listen->node.next, struct config_listen, node);
	assert_addr(&listen->addr, "[::]:1701");
	config_free(config);
}

static void test_peer(void **state)
{
	struct config *config = load_good_file("full.conf");
	const struct peer *peer = find_peer(config, "north");
	char text[ADDR_TEXT_MAX];

	(void)state;
	assert_int_equal(peer->n_addresses, 2);
	assert_string_equal(prefix_format(&peer->addresses[0], text), "192.0.2.0/24");
	assert_string_equal(prefix_format(&peer->addresses[1], text), "2001:db8::/32");
	assert_string_equal(peer->host_name, "lac one");
	assert_string_equal(peer->local_name, "lns");
	assert_string_equal(peer->secret, "hunter2");
	assert_int_equal(peer->challenge, CHALLENGE_ANSWER);
	assert_int_equal(peer->hide, HIDE_SENSITIVE);
	assert_int_equal(peer->calls, CALL_REJECT);
	assert_string_equal(peer->ppp, "pool");
	assert_int_equal(peer->max_tunnels, 6);
	assert_int_equal(peer->max_sessions, 7);
	assert_true(peer->sequencing);
	assert_int_equal(peer->reorder_timeout, 100);
	assert_int_equal(peer->transport.hello_interval, 60 * USEC_PER_SEC);
	assert_int_equal(peer->transport.retry_first, 500 * USEC_PER_MSEC);
	assert_int_equal(peer->transport.retry_cap, 4 * USEC_PER_SEC);
	assert_int_equal(peer->transport.retries, 8);
	assert_int_equal(peer->transport.window, 16);
	assert_int_equal(peer->tunnel_setup_timeout, 9 * USEC_PER_SEC);
	assert_int_equal(peer->session_setup_timeout, 10 * USEC_PER_SEC);
	assert_int_equal(peer->idle_timeout, 3600 * USEC_PER_SEC);
	assert_int_equal(peer->mark, 0xdeadbeef);
	assert_int_equal(peer->dscp, 46);
	config_free(config);
}

static void test_ppp(void **state)
{
	static const struct {
		const char *name;
		const char *words[32];
	} cases[] = {
		{"pool",
		 {"192.0.2.1:192.0.2.10",
		  "mtu",
		  "1400",
		  "mru",
		  "1401",
		  "user",
		  "u@example.net",
		  "require-chap",
		  "require-mschap-v2",
		  "refuse-pap",
		  "ms-dns",
		  "192.0.2.53",
		  "ms-dns",
		  "192.0.2.54",
		  "nodefaultroute",
		  "lcp-echo-interval",
		  "20",
		  "name",
		  "the lns",
		  "a b",
		  "noccp"}},
		{"half", {":192.0.2.11", "defaultroute"}},
	};
	struct config *config = load_good_file("full.conf");

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct ppp_profile *profile = config_find_ppp(config, cases[i].name);
		size_t n = 0;

		assert_non_null(profile);
		for (; n < profile->n_options; n++) {
			assert_non_null(cases[i].words[n]);
			assert_string_equal(profile->options[n], cases[i].words[n]);
		}
		assert_null(cases[i].words[n]);
		assert_null(profile->options_file);
	}
	assert_null(config_find_ppp(config, "none"));
	config_free(config);
}

static void test_tunnels(void **state)
{
	struct config *config = load_good_file("full.conf");
	const struct peer *north = find_peer(config, "north");
	const struct config_tunnel *shared = config_find_tunnel(config, "shared");
	const struct config_tunnel *changed = config_find_tunnel(config, "changed");
	const struct config_tunnel *own = config_find_tunnel(config, "own");
	const struct peer *peer = changed->peer;

	(void)state;
	assert_string_equal(shared->remote, "lns.example.net");
	assert_ptr_equal(shared->peer, north);
	assert_int_equal(north->refs, 2);
	assert_int_equal(shared->local.family, ADDR_NONE);
	assert_int_equal(shared->local.port, 0);

	assert_addr(&changed->local, "[2001:db8::3]:1701");
	assert_int_equal(changed->tunnel_id, 7);
	/* Its own keys, over those of the peer, over the defaults. */
	assert_string_equal(peer->name, "north");
	assert_string_equal(peer->secret, "other");
	assert_int_equal(peer->challenge, CHALLENGE_REQUIRE);
	assert_int_equal(peer->transport.hello_interval, 0);
	assert_string_equal(peer->local_name, "lns");
	assert_int_equal(peer->transport.retries, 8);
	assert_int_equal(peer->transport.ack_delay, transport_config_default.ack_delay);
	assert_string_equal(north->secret, "hunter2");

	assert_string_equal(own->peer->name, "own");
	assert_string_equal(own->peer->secret, "hunter2");
	assert_int_equal(own->peer->challenge, CHALLENGE_REQUIRE);
	assert_int_equal(own->peer->transport.hello_interval, 60 * USEC_PER_SEC);
	assert_null(config_find_tunnel(config, "none"));
	config_free(config);
}

static void test_sessions(void **state)
{
	struct config *config = load_good_file("full.conf");
	const struct config_session *session = config_find_session(config, "call");

	(void)state;
	assert_non_null(session);
	assert_string_equal(session->tunnel, "own");
	assert_string_equal(session->ppp, "half");
	assert_string_equal(session->called_number, "+4930123");
	assert_string_equal(session->calling_number, "4930456");
	assert_int_equal(session->tx_connect_speed, 10000000);
	assert_int_equal(session->rx_connect_speed, 640000);
	assert_int_equal(session->type, CONFIG_CALL_INCOMING);
	assert_string_equal(session->sub_address, "7");
	assert_string_equal(session->private_group, "red");
	session = config_find_session(config, "dialled");
	assert_int_equal(session->type, CONFIG_CALL_OUTGOING);
	assert_int_equal(session->minimum_bps, 64000);
	assert_int_equal(session->maximum_bps, 2000000);
	assert_null(config_find_session(config, "none"));
	config_free(config);
}

#define TUNNEL "tunnel t { remote = a local = 192.0.2.1 source_port = 7 tunnel_id = 1 mark = 1 }\n"
#define SESSION                                                                                    \
	"ppp p { } ppp q { } session s { tunnel = t ppp = p called_number = 1 calling_number = 2 " \
	"tx_connect_speed = 3 rx_connect_speed = 4 }"
#define OUTGOING(more) TUNNEL "session s { tunnel = t type = outgoing called_number = 1 " more "}"

struct reload_case {
	const char *text;
	bool tunnel_same;
	bool session_same;
};

static void assert_reload(const char *before, const struct reload_case *cases, size_t n)
{
	struct config *old = load_good_text(before);

	for (size_t i = 0; i < n; i++) {
		struct config *new = load_good_text(cases[i].text);
		bool tunnel = config_tunnel_same(config_find_tunnel(old, "t"),
						 config_find_tunnel(new, "t"));
		bool session = config_session_same(config_find_session(old, "s"),
						   config_find_session(new, "s"));

		if (tunnel != cases[i].tunnel_same || session != cases[i].session_same)
			fail_msg("case %zu: tunnel %d, session %d", i, tunnel, session);
		config_free(new);
	}
	config_free(old);
	config_free(NULL);
}

static void test_reload(void **state)
{
	static const struct reload_case cases[] = {
		{TUNNEL SESSION, true, true},
		{"workers = 1 listen { } peer z { }" TUNNEL SESSION, true, true},
		{"hello_interval = 60 " TUNNEL SESSION, true, true},
		{"hello_interval = 61 " TUNNEL SESSION, false, true},
		{"max_sessions = 5 max_sccrq_rate = 1 " TUNNEL SESSION, true, true},
		{"tunnel t { remote = a local = 192.0.2.1 source_port = 7 tunnel_id = 1 mark = 1 "
		 "idle_timeout = 9 }" SESSION,
		 false, true},
		{"peer p { mark = 1 } tunnel t { remote = a local = 192.0.2.1 source_port = 7 "
		 "tunnel_id = 1 peer = p }" SESSION,
		 true, true},
		{"tunnel t { remote = b local = 192.0.2.1 source_port = 7 tunnel_id = 1 mark = 1 "
		 "}" SESSION,
		 false, true},
		{"tunnel t { remote = a local = 192.0.2.2 source_port = 7 tunnel_id = 1 mark = 1 "
		 "}" SESSION,
		 false, true},
		{"tunnel t { remote = a local = 192.0.2.1 source_port = 8 tunnel_id = 1 mark = 1 "
		 "}" SESSION,
		 false, true},
		{"tunnel t { remote = a local = 192.0.2.1 source_port = 7 tunnel_id = 2 mark = 1 "
		 "}" SESSION,
		 false, true},
		{"tunnel t { remote = a local = 192.0.2.1 source_port = 7 tunnel_id = 1 }" SESSION,
		 false, true},
		{TUNNEL "tunnel u { remote = a } ppp p { } session s { tunnel = u ppp = p "
			"called_number = 1 calling_number = 2 tx_connect_speed = 3 "
			"rx_connect_speed = 4 }",
		 true, false},
		{TUNNEL "ppp q { } session s { tunnel = t ppp = q called_number = 1 "
			"calling_number = 2 tx_connect_speed = 3 rx_connect_speed = 4 }",
		 true, false},
		{TUNNEL "session s { tunnel = t called_number = 1 calling_number = 2 "
			"tx_connect_speed = 3 rx_connect_speed = 4 }",
		 true, false},
		{TUNNEL "ppp p { } session s { tunnel = t ppp = p called_number = 9 "
			"calling_number = 2 tx_connect_speed = 3 rx_connect_speed = 4 }",
		 true, false},
		{TUNNEL "ppp p { } session s { tunnel = t ppp = p called_number = 1 "
			"calling_number = 9 tx_connect_speed = 3 rx_connect_speed = 4 }",
		 true, false},
		{TUNNEL "ppp p { } session s { tunnel = t ppp = p called_number = 1 "
			"calling_number = 2 tx_connect_speed = 9 rx_connect_speed = 4 }",
		 true, false},
		{TUNNEL "ppp p { } session s { tunnel = t ppp = p called_number = 1 "
			"calling_number = 2 tx_connect_speed = 3 }",
		 true, false},
	};
	(void)state;
	assert_reload(TUNNEL SESSION, cases, COUNT(cases));
}

/* The same of what an outgoing call is asked for with, and of what else an incoming one says. */
static void test_reload_calls(void **state)
{
	static const struct reload_case outgoing[] = {
		{OUTGOING("minimum_bps = 1 maximum_bps = 2"), true, true},
		{OUTGOING("minimum_bps = 2 maximum_bps = 2"), true, false},
		{OUTGOING("minimum_bps = 1 maximum_bps = 3"), true, false},
		{OUTGOING("minimum_bps = 1 maximum_bps = 2 sub_address = 1"), true, false},
		{TUNNEL "session s { tunnel = t called_number = 1 }", true, false},
	};
	static const struct reload_case incoming[] = {
		{TUNNEL "session s { tunnel = t private_group = a }", true, true},
		{TUNNEL "session s { tunnel = t private_group = b }", true, false},
		{TUNNEL "session s { tunnel = t }", true, false},
	};

	(void)state;
	assert_reload(outgoing[0].text, outgoing, COUNT(outgoing));
	assert_reload(incoming[0].text, incoming, COUNT(incoming));
}

/* A peer taken over by the engine outlives the configuration. */
static void test_peer_outlives_config(void **state)
{
	struct config *config = load_good_text("peer a { secret = x }");
	struct peer *peer = peer_ref(find_peer(config, "a"));

	(void)state;
	config_free(config);
	assert_string_equal(peer->secret, "x");
	assert_true(list_empty(&peer->node));
	peer_unref(peer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_global),	     cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_listen),	     cmocka_unit_test(test_peer),
		cmocka_unit_test(test_ppp),	     cmocka_unit_test(test_tunnels),
		cmocka_unit_test(test_sessions),     cmocka_unit_test(test_reload),
		cmocka_unit_test(test_reload_calls), cmocka_unit_test(test_peer_outlives_config),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
