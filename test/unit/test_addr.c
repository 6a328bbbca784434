/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses and prefixes: text to value and back, what is refused, and which address is inside.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/addr.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *text;
	int ret;
	struct addr addr;
	/* With port 1701. */
	const char *with_port;
} addrs[] = {
	{"192.0.2.1", 0, {.family = ADDR_IPV4, .ip = {192, 0, 2, 1}}, "192.0.2.1:1701"},
	{"0.0.0.0", 0, {.family = ADDR_IPV4}, "0.0.0.0:1701"},
	{"2001:db8::1",
	 0,
	 {.family = ADDR_IPV6, .ip = {0x20, 0x01, 0x0d, 0xb8, [15] = 1}},
	 "[2001:db8::1]:1701"},
	{"::", 0, {.family = ADDR_IPV6}, "[::]:1701"},
	{"", -EINVAL, {0}, NULL},
	{"192.0.2", -EINVAL, {0}, NULL},
	{"192.0.2.256", -EINVAL, {0}, NULL},
	{"192.0.2.1:1701", -EINVAL, {0}, NULL},
	{"192.0.2.1 ", -EINVAL, {0}, NULL},
	{"[2001:db8::1]", -EINVAL, {0}, NULL},
	{"2001:db8::1::", -EINVAL, {0}, NULL},
	{"lns.example.net", -EINVAL, {0}, NULL},
};

static void test_addr_text(void **state)
{
	char text[ADDR_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(addrs); i++) {
		struct addr addr = {.family = ADDR_IPV4, .port = 99, .ip = {9, 9, 9, 9}};
		struct addr before = addr;

		assert_int_equal(addr_parse(addrs[i].text, &addr), addrs[i].ret);
		if (addrs[i].ret) {
			assert_memory_equal(&addr, &before, sizeof(addr));
			continue;
		}
		assert_true(addr_equal(&addr, &addrs[i].addr));
		assert_string_equal(addr_format(&addr, text), addrs[i].text);
		addr.port = 1701;
		assert_string_equal(addr_format(&addr, text), addrs[i].with_port);
		assert_string_equal(addr_format_host(&addr, text), addrs[i].text);
	}
}

static void test_longest_text(void **state)
{
	struct addr addr;
	char text[ADDR_TEXT_MAX];

	(void)state;
	/* The one form that has more than 39 characters of address. */
	assert_int_equal(addr_parse("::ffff:255.255.255.255", &addr), 0);
	addr.port = 65535;
	addr.scope = UINT32_MAX;
	assert_string_equal(addr_format(&addr, text), "[::ffff:255.255.255.255%4294967295]:65535");
	memset(addr.ip, 0xff, sizeof(addr.ip));
	assert_string_equal(addr_format(&addr, text),
			    "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:65535");
	assert_string_equal(addr_format_host(&addr, text),
			    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295");
	assert_string_equal(addr_format(&(struct addr){.port = 1}, text), "none");
}

static void test_addr_compare(void **state)
{
	struct addr a, b;

	(void)state;
	assert_int_equal(addr_parse("fe80::1", &a), 0);
	b = a;
	b.port = 1701;
	assert_true(addr_same_host(&a, &b));
	assert_false(addr_equal(&a, &b));
	b = a;
	b.scope = 2;
	assert_false(addr_same_host(&a, &b));
	assert_int_equal(addr_parse("fe80::2", &b), 0);
	assert_false(addr_same_host(&a, &b));
	/* The same octets, another family. */
	a = (struct addr){.family = ADDR_IPV4};
	b = (struct addr){.family = ADDR_IPV6};
	assert_false(addr_equal(&a, &b));
	assert_true(addr_is_any(&a));
	assert_true(addr_is_any(&b));
	b.ip[15] = 1;
	assert_false(addr_is_any(&b));
	assert_int_equal(addr_size(ADDR_NONE), 0);
	assert_int_equal(addr_size(ADDR_IPV4), 4);
	assert_int_equal(addr_size(ADDR_IPV6), 16);
}

static const struct {
	const char *text;
	int ret;
	/* NULL: as it was written. */
	const char *again;
} prefixes[] = {
	{"192.0.2.0/24", 0, NULL},
	{"192.0.2.1", 0, "192.0.2.1/32"},
	{"192.0.2.1/32", 0, NULL},
	{"192.0.2.128/25", 0, NULL},
	{"0.0.0.0/0", 0, NULL},
	{"::/0", 0, NULL},
	{"2001:db8::/32", 0, NULL},
	{"2001:db8::1", 0, "2001:db8::1/128"},
	{"2001:db8::1/128", 0, NULL},
	{"10.0.0.0/9", 0, NULL},
	{"192.0.2.0/33", -EINVAL, NULL},
	{"2001:db8::/129", -EINVAL, NULL},
	{"192.0.2.1/24", -EINVAL, NULL},
	{"192.0.2.128/24", -EINVAL, NULL},
	{"2001:db8::1/64", -EINVAL, NULL},
	{"192.0.2.0/", -EINVAL, NULL},
	{"192.0.2.0/+24", -EINVAL, NULL},
	{"192.0.2.0/ 24", -EINVAL, NULL},
	{"192.0.2.0/24x", -EINVAL, NULL},
	{"192.0.2.0/-1", -EINVAL, NULL},
	/* As digits these would be 20. */
	{"0.0.0.0/1:", -EINVAL, NULL},
	{"192.0.2.0/4294967320", -EINVAL, NULL},
	{"192.0.2.0/0024", -EINVAL, NULL},
	{"/24", -EINVAL, NULL},
	{"", -EINVAL, NULL},
	/* 45 characters are the most that an address has, 46 the first too many. */
	{"1111:2222:3333:4444:5555:6666:255.255.255.255", 0,
	 "1111:2222:3333:4444:5555:6666:ffff:ffff/128"},
	{"1111:2222:3333:4444:5555:6666:7777:8888:9999:0", -EINVAL, NULL},
	{"1111:2222:3333:4444:5555:6666:7777:8888:9999:0000/64", -EINVAL, NULL},
};

static void test_prefix_text(void **state)
{
	char text[ADDR_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(prefixes); i++) {
		struct prefix prefix = {.family = ADDR_IPV4, .len = 7};
		struct prefix before = prefix;

		assert_int_equal(prefix_parse(prefixes[i].text, &prefix), prefixes[i].ret);
		if (prefixes[i].ret)
			assert_memory_equal(&prefix, &before, sizeof(prefix));
		else
			assert_string_equal(prefix_format(&prefix, text),
					    prefixes[i].again ? prefixes[i].again
							      : prefixes[i].text);
	}
}

static const struct {
	const char *prefix;
	const char *addr;
	bool inside;
} members[] = {
	{"192.0.2.0/24", "192.0.1.255", false},
	{"192.0.2.0/24", "192.0.2.0", true},
	{"192.0.2.0/24", "192.0.2.255", true},
	{"192.0.2.0/24", "192.0.3.0", false},
	{"192.0.2.64/26", "192.0.2.63", false},
	{"192.0.2.64/26", "192.0.2.64", true},
	{"192.0.2.64/26", "192.0.2.127", true},
	{"192.0.2.64/26", "192.0.2.128", false},
	{"192.0.2.1", "192.0.2.1", true},
	{"192.0.2.1", "192.0.2.0", false},
	{"0.0.0.0/0", "255.255.255.255", true},
	{"0.0.0.0/0", "::1", false},
	{"::/0", "192.0.2.1", false},
	{"2001:db8::/33", "2001:db8:7fff::", true},
	{"2001:db8::/33", "2001:db8:8000::", false},
	{"2001:db8::1", "2001:db8::1", true},
	{"2001:db8::1", "2001:db8::2", false},
};

static void test_prefix_contains(void **state)
{
	struct prefix prefix;
	struct addr addr;

	(void)state;
	for (size_t i = 0; i < COUNT(members); i++) {
		assert_int_equal(prefix_parse(members[i].prefix, &prefix), 0);
		assert_int_equal(addr_parse(members[i].addr, &addr), 0);
		assert_int_equal(prefix_contains(&prefix, &addr), members[i].inside);
	}
	assert_false(prefix_contains(&(struct prefix){0}, &(struct addr){0}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addr_text),	cmocka_unit_test(test_longest_text),
		cmocka_unit_test(test_addr_compare),	cmocka_unit_test(test_prefix_text),
		cmocka_unit_test(test_prefix_contains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
