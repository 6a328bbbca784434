/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Status messages of the plugin: which are taken, and what they mean.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ppp/link.h"

static const struct ppp_status good = {
	.version = PPP_STATUS_VERSION,
	.facts = PPP_LCP_SEEN | PPP_LCP_OPEN | PPP_AUTHENTICATED | PPP_IPV4_UP | PPP_IPV6_UP,
	.ifindex = 9,
	.local4 = {198, 51, 100, 1},
	.remote4 = {198, 51, 100, 2},
	.local6 = {0xfe, 0x80, [15] = 1},
	.remote6 = {0xfe, 0x80, [15] = 2},
	.ifname = "ppp0",
	.user = "alice",
};

static void test_read(void **state)
{
	char data[sizeof(good) + 1];
	struct ppp_status status;

	(void)state;
	memset(data, 0, sizeof(data));
	memcpy(data, &good, sizeof(good));
	assert_int_equal(ppp_status_read(data, sizeof(good), &status), 0);
	assert_memory_equal(&status, &good, sizeof(good));
	assert_int_equal(ppp_status_read(data, sizeof(good) - 1, &status), -EPROTO);
	assert_int_equal(ppp_status_read(data, sizeof(good) + 1, &status), -EPROTO);
	assert_int_equal(ppp_status_read(data, 0, &status), -EPROTO);
}

static void test_read_refuses(void **state)
{
	struct ppp_status bad, status = {.version = 77};

	(void)state;
	bad = good;
	bad.version++;
	assert_int_equal(ppp_status_read(&bad, sizeof(bad), &status), -EPROTO);
	bad = good;
	bad.facts |= 0x8000;
	assert_int_equal(ppp_status_read(&bad, sizeof(bad), &status), -EPROTO);
	bad = good;
	memset(bad.ifname, 'x', sizeof(bad.ifname));
	assert_int_equal(ppp_status_read(&bad, sizeof(bad), &status), -EPROTO);
	bad = good;
	memset(bad.user, 'x', sizeof(bad.user));
	assert_int_equal(ppp_status_read(&bad, sizeof(bad), &status), -EPROTO);
	assert_int_equal(status.version, 77);
}

static void test_read_cleans(void **state)
{
	struct ppp_status hostile = good, status;

	(void)state;
	strcpy(hostile.user, "al\nice\x1b\xc3\xa4");
	assert_int_equal(ppp_status_read(&hostile, sizeof(hostile), &status), 0);
	assert_string_equal(status.user, "al?ice???");
}

static const struct {
	uint16_t facts;
	const char *local;
	const char *remote;
} links[] = {
	{PPP_IPV4_UP | PPP_IPV6_UP, "198.51.100.1", "198.51.100.2"},
	{PPP_IPV4_UP, "198.51.100.1", "198.51.100.2"},
	{PPP_IPV6_UP, "fe80::1", "fe80::2"},
	{0, NULL, NULL},
};

static void assert_addr(const struct addr *addr, const char *text)
{
	struct addr expected = {0};

	if (text)
		assert_int_equal(addr_parse(text, &expected), 0);
	if (expected.family == ADDR_IPV6)
		expected.scope = good.ifindex;
	assert_int_equal(addr->family, expected.family);
	assert_true(addr_equal(addr, &expected));
}

static void test_link(void **state)
{
	struct pppd_link link;

	(void)state;
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		struct ppp_status status = good;

		status.facts = links[i].facts;
		ppp_status_link(&status, &link);
		assert_string_equal(link.ifname, "ppp0");
		assert_string_equal(link.user, "alice");
		assert_addr(&link.local, links[i].local);
		assert_addr(&link.remote, links[i].remote);
	}
}

static void test_link_equal(void **state)
{
	struct pppd_link a, b;

	(void)state;
	ppp_status_link(&good, &a);
	b = a;
	assert_true(pppd_link_equal(&a, &b));
	strcpy(b.ifname, "ppp1");
	assert_false(pppd_link_equal(&a, &b));
	b = a;
	strcpy(b.user, "bob");
	assert_false(pppd_link_equal(&a, &b));
	b = a;
	b.local.ip[3]++;
	assert_false(pppd_link_equal(&a, &b));
	b = a;
	b.remote.family = ADDR_NONE;
	assert_false(pppd_link_equal(&a, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),	    cmocka_unit_test(test_read_refuses),
		cmocka_unit_test(test_read_cleans), cmocka_unit_test(test_link),
		cmocka_unit_test(test_link_equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
