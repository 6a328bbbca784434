/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Peers: defaults, references, and what makes two of them the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "l2tp/settings.h"

static char *text(const char *value)
{
	char *copy = mem_alloc(strlen(value) + 1);

	assert_non_null(copy);
	return strcpy(copy, value);
}

static void test_new(void **state)
{
	char name[] = "lns1";
	struct peer *peer = peer_new(name);

	(void)state;
	assert_non_null(peer);
	/* It is a copy. */
	name[0] = 'x';
	assert_string_equal(peer->name, "lns1");
	assert_int_equal(peer->refs, 1);
	assert_true(list_empty(&peer->node));
	assert_null(peer->secret);
	assert_null(peer->host_name);
	assert_int_equal(peer->n_addresses, 0);
	/* Nobody's calls are taken, and nothing is claimed to be authenticated, unasked. */
	assert_int_equal(peer->challenge, CHALLENGE_NEVER);
	assert_int_equal(peer->hide, HIDE_NEVER);
	assert_int_equal(peer->calls, CALL_REJECT);
	/* RFC 2661 5.8: five retransmissions, one second doubling to eight. */
	assert_true(peer->transport.retries >= 5);
	assert_int_equal(peer->transport.retry_first, USEC_PER_SEC);
	assert_int_equal(peer->transport.retry_cap, 8 * USEC_PER_SEC);
	/* Else a lost tunnel would be given up before its last retransmission. */
	assert_true(peer->tunnel_setup_timeout > transport_cycle(&peer->transport));
	peer_unref(peer);
}

static void test_references(void **state)
{
	struct peer *peer = peer_new("a");
	struct list peers;

	(void)state;
	assert_non_null(peer);
	list_init(&peers);
	list_append(&peers, &peer->node);
	assert_ptr_equal(peer_ref(peer), peer);
	assert_int_equal(peer->refs, 2);
	peer_unref(peer);
	assert_int_equal(peer->refs, 1);
	assert_false(list_empty(&peers));
	/* The last one takes it out of its list; what it owns goes too, or a sanitizer tells. */
	peer->secret = text("secret");
	peer->host_name = text("host");
	peer->local_name = text("local");
	peer->ppp = text("ppp");
	peer->domain = text("domain");
	peer->addresses = mem_alloc(sizeof(*peer->addresses));
	peer_unref(peer);
	assert_true(list_empty(&peers));
	peer_unref(NULL);
}

/* Settings are taken over, who it is and what it knows are not. */
static void test_new_like(void **state)
{
	struct peer *like = peer_new("defaults"), *peer;
	struct list peers;

	(void)state;
	assert_non_null(like);
	list_init(&peers);
	list_append(&peers, &like->node);
	peer_ref(like);
	like->secret = text("secret");
	like->host_name = text("host");
	like->local_name = text("local");
	like->ppp = text("ppp");
	like->domain = text("domain");
	like->addresses = mem_alloc(sizeof(*like->addresses));
	like->n_addresses = 1;
	like->idle_timeout = 7;
	like->transport.window = 9;
	peer = peer_new_like("a", like);
	assert_non_null(peer);
	assert_string_equal(peer->name, "a");
	assert_int_equal(peer->refs, 1);
	assert_true(list_empty(&peer->node));
	assert_null(peer->secret);
	assert_null(peer->host_name);
	assert_null(peer->local_name);
	assert_null(peer->ppp);
	assert_null(peer->domain);
	assert_null(peer->addresses);
	assert_int_equal(peer->n_addresses, 0);
	assert_int_equal(peer->idle_timeout, 7);
	assert_int_equal(peer->transport.window, 9);
	peer_unref(peer);
	peer_unref(like);
	peer_unref(like);
}

static void test_no_memory(void **state)
{
	(void)state;
	for (unsigned int n = 1; n <= 2; n++) {
		__mem_fail_after(n);
		assert_null(peer_new("a"));
	}
	__mem_fail_after(0);
}

static void change_name(struct peer *peer)
{
	mem_free(peer->name);
	peer->name = text("another");
}

static void change_references(struct peer *peer)
{
	peer->host_name = text("host");
	peer->addresses = mem_alloc(sizeof(*peer->addresses));
	peer->n_addresses = 1;
	peer->max_tunnels = 3;
}

static void change_local_name(struct peer *peer)
{
	peer->local_name = text("local");
}

static void change_secret(struct peer *peer)
{
	peer->secret = text("secret");
}

static void change_ppp(struct peer *peer)
{
	peer->ppp = text("ppp");
}

static void change_domain(struct peer *peer)
{
	peer->domain = text("domain");
}

#define CHANGE(field, value)                          \
	static void change_##field(struct peer *peer) \
	{                                             \
		peer->field = value;                  \
	}
#define CHANGE_TRANSPORT(field)                       \
	static void change_##field(struct peer *peer) \
	{                                             \
		peer->transport.field++;              \
	}

CHANGE(challenge, CHALLENGE_ANSWER)
CHANGE(hide, HIDE_ALWAYS)
CHANGE(address_change, CHANGE_REJECT)
CHANGE(port_change, CHANGE_IGNORE)
CHANGE(calls, CALL_PPP)
CHANGE(max_sessions, 1)
CHANGE(max_sessions_per_tunnel, 1)
CHANGE(sequencing, true)
CHANGE(reorder_timeout, 1)
CHANGE(tunnel_setup_timeout, 1)
CHANGE(session_setup_timeout, 1)
CHANGE(idle_timeout, 1)
CHANGE(destruct_timeout, 1)
CHANGE(mark, 1)
CHANGE(dscp, 1)
CHANGE_TRANSPORT(retry_first)
CHANGE_TRANSPORT(retry_cap)
CHANGE_TRANSPORT(retries)
CHANGE_TRANSPORT(setup_retries)
CHANGE_TRANSPORT(hello_interval)
CHANGE_TRANSPORT(hello_jitter)
CHANGE_TRANSPORT(ack_delay)
CHANGE_TRANSPORT(window)

static void test_same(void **state)
{
	static const struct {
		const char *what;
		void (*change)(struct peer *peer);
		bool same;
	} cases[] = {
		{"name", change_name, true},
		{"who may call", change_references, true},
		{"local_name", change_local_name, false},
		{"secret", change_secret, false},
		{"ppp", change_ppp, false},
		{"domain", change_domain, false},
		{"challenge", change_challenge, false},
		{"hide", change_hide, false},
		{"address_change", change_address_change, false},
		{"port_change", change_port_change, false},
		{"calls", change_calls, false},
		{"max_sessions", change_max_sessions, false},
		{"max_sessions_per_tunnel", change_max_sessions_per_tunnel, false},
		{"sequencing", change_sequencing, false},
		{"reorder_timeout", change_reorder_timeout, false},
		{"tunnel_setup_timeout", change_tunnel_setup_timeout, false},
		{"session_setup_timeout", change_session_setup_timeout, false},
		{"idle_timeout", change_idle_timeout, false},
		{"destruct_timeout", change_destruct_timeout, false},
		{"mark", change_mark, false},
		{"dscp", change_dscp, false},
		{"retry_first", change_retry_first, false},
		{"retry_cap", change_retry_cap, false},
		{"retries", change_retries, false},
		{"setup_retries", change_setup_retries, false},
		{"hello_interval", change_hello_interval, false},
		{"hello_jitter", change_hello_jitter, false},
		{"ack_delay", change_ack_delay, false},
		{"window", change_window, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct peer *a = peer_new("a");
		struct peer *b = peer_new("a");

		assert_non_null(a);
		assert_non_null(b);
		assert_true(peer_same(a, b));
		cases[i].change(b);
		if (peer_same(a, b) != cases[i].same || peer_same(b, a) != cases[i].same)
			fail_msg("peers that differ in %s", cases[i].what);
		peer_unref(a);
		peer_unref(b);
	}
}

static void test_same_text(void **state)
{
	struct peer *a = peer_new("a");
	struct peer *b = peer_new("a");

	(void)state;
	assert_non_null(a);
	assert_non_null(b);
	a->secret = text("secret");
	b->secret = text("secret");
	assert_true(peer_same(a, b));
	b->secret[0] = 'S';
	assert_false(peer_same(a, b));
	peer_unref(a);
	peer_unref(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new),	 cmocka_unit_test(test_references),
		cmocka_unit_test(test_new_like), cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_same),	 cmocka_unit_test(test_same_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
