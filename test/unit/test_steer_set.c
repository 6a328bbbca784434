/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets: what one is refused of, its order, and one form for each server.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "steer/private.h"

static char *text_of(const char *text)
{
	char *copy;

	if (!text)
		return NULL;
	copy = mem_alloc(strlen(text) + 1);
	assert_non_null(copy);
	return strcpy(copy, text);
}

static struct steer_tunnel *add(struct steer_set *set, const char *name, const char *server,
				uint32_t preference)
{
	struct steer_tunnel *tunnel = steer_set_add(set);

	assert_non_null(tunnel);
	tunnel->name = text_of(name);
	tunnel->server = text_of(server);
	tunnel->preference = preference;
	tunnel->peer = peer_new("p");
	assert_non_null(tunnel->peer);
	return tunnel;
}

#define X16 "xxxxxxxxxxxxxxxx"
#define X64 X16 X16 X16 X16

static const struct {
	const char *server;
	const char *form; /* NULL: refused */
} servers[] = {
	{"192.0.2.1", "192.0.2.1"},
	{"2001:DB8:0::1", "2001:db8::1"},
	{"LNS.Example.com", "lns.example.com"},
	{"a_b-c.example", "a_b-c.example"},
	{X64 X64 X64 X16 X16 X16 "xxxxxxxxxxxxxxx", X64 X64 X64 X16 X16 X16 "xxxxxxxxxxxxxxx"},
	{X64 X64 X64 X64, NULL},
	{"", NULL},
	{"two words", NULL},
	{"lns\n", NULL},
	{"lns\x7f", NULL},
	{"l\xc3\xbcns", NULL},
};

static void forms(void **state)
{
	struct steer_set *set;
	char text[160];

	(void)state;
	for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
		set = steer_set_new();
		add(set, NULL, servers[i].server, 0);
		if (servers[i].form) {
			assert_int_equal(steer_set_finish(set, text, sizeof(text)), 0);
			assert_string_equal(set->tunnels[0].server, servers[i].form);
			assert_string_equal(set->tunnels[0].name, servers[i].form);
		} else {
			assert_int_equal(steer_set_finish(set, text, sizeof(text)), -EINVAL);
		}
		steer_set_unref(set);
	}
}

static void sorted(void **state)
{
	static const uint32_t given[] = {5, 0, 0xffffff, 5, 0, 7};
	static const char *const order[] = {"n1", "n4", "n0", "n3", "n5", "n2"};
	static const uint32_t levels[] = {0, 0, 1, 1, 2, 3};
	struct steer_set *set = steer_set_new();
	char text[160], name[8];

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		snprintf(name, sizeof(name), "n%zu", i);
		add(set, name, "192.0.2.1", given[i]);
	}
	assert_int_equal(steer_set_finish(set, text, sizeof(text)), 0);
	for (size_t i = 0; i < 6; i++) {
		assert_string_equal(set->tunnels[i].name, order[i]);
		assert_int_equal(steer_level(set, i), levels[i]);
	}
	steer_set_unref(set);
}

static void limits(void **state)
{
	struct steer_set *set = steer_set_new();
	char text[160];

	(void)state;
	assert_int_equal(steer_set_finish(set, text, sizeof(text)), -EINVAL);
	assert_string_equal(text, "no tunnel");
	for (unsigned int i = 0; i < STEER_TUNNELS_MAX; i++)
		add(set, NULL, "192.0.2.1", i % STEER_LEVELS_MAX);
	assert_null(steer_set_add(set));
	assert_int_equal(steer_set_finish(set, text, sizeof(text)), 0);
	set->tunnels[30].preference = 100;
	assert_int_equal(steer_set_finish(set, text, sizeof(text)), -EINVAL);
	assert_string_equal(text, "9 preferences, of 8 at most");
	mem_free(set->tunnels[0].server);
	set->tunnels[0].server = NULL;
	assert_int_equal(steer_set_finish(set, text, sizeof(text)), -EINVAL);
	assert_string_equal(text, "192.0.2.1 has no server");
	steer_set_unref(set);

	set = steer_set_new();
	peer_unref(add(set, "lns1", "192.0.2.1", 0)->peer);
	set->tunnels[0].peer = NULL;
	assert_int_equal(steer_set_finish(set, text, sizeof(text)), -EINVAL);
	assert_string_equal(text, "lns1 has no peer");
	steer_set_unref(steer_set_ref(set));
	steer_set_unref(set);
	steer_set_unref(NULL);
}

static void no_memory(void **state)
{
	struct steer_set *set = steer_set_new();
	struct steer_tunnel copy, *tunnel = add(set, NULL, "LNS", 0);
	unsigned int n = 1;
	char text[160];

	(void)state;
	for (; n <= 2; n++) {
		__mem_fail_after(n);
		assert_int_equal(steer_set_finish(set, text, sizeof(text)), -ENOMEM);
		assert_string_equal(text, "no memory");
	}
	__mem_fail_after(0);
	assert_int_equal(steer_set_finish(set, text, sizeof(text)), 0);
	tunnel->assignment_id = text_of("gold");
	tunnel->private_group = text_of("group");
	for (n = 1; n <= 4; n++) {
		__mem_fail_after(n);
		assert_int_equal(steer_tunnel_copy(tunnel, &copy), -ENOMEM);
		assert_int_equal(tunnel->peer->refs, 1);
	}
	__mem_fail_after(1);
	assert_null(steer_set_new());
	assert_int_equal(steer_tunnel_copy(tunnel, &copy), 0);
	steer_set_unref(set);
	assert_string_equal(copy.assignment_id, "gold");
	assert_string_equal(copy.private_group, "group");
	assert_int_equal(copy.peer->refs, 1);
	steer_tunnel_clear(&copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms),
		cmocka_unit_test(sorted),
		cmocka_unit_test(limits),
		cmocka_unit_test(no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
