/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Links and routes: what every machine has, the loopback device.
 */
#include <errno.h>
#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "netlink/link.h"

static uint32_t loopback_mtu(void)
{
	struct ifreq request = {.ifr_name = "lo"};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(ioctl(fd, SIOCGIFMTU, &request), 0);
	close(fd);
	return (uint32_t)request.ifr_mtu;
}

static void test_path_mtu(void **state)
{
	static const char *const peers[] = {"127.0.0.1", "127.0.0.2", "::1"};
	uint32_t expected = loopback_mtu();
	struct addr peer, none = {0};
	struct link_nl *nl;
	uint32_t mtu = 1;

	(void)state;
	assert_int_equal(link_nl_open(&nl), 0);
	assert_int_equal(link_nl_path_mtu(nl, &none, 0, &mtu), -EAFNOSUPPORT);
	for (size_t i = 0; i < sizeof(peers) / sizeof(peers[0]); i++) {
		/* After an error the socket must still be in step. */
		assert_int_equal(addr_parse("ff0e::", &peer), 0);
		peer.scope = 0x7ffffff0;
		mtu = 1;
		assert_true(link_nl_path_mtu(nl, &peer, 0, &mtu) < 0);
		assert_int_equal(mtu, 1);
		assert_int_equal(addr_parse(peers[i], &peer), 0);
		assert_int_equal(link_nl_path_mtu(nl, &peer, 7, &mtu), 0);
		assert_int_equal(mtu, expected);
	}
	link_nl_close(nl);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_path_mtu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
