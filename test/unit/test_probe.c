/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is read out of a kernel's names, and what is said of a kernel that lacks something.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include <cmocka.h>

#include "netlink/probe.h"

#define DEBIAN "#1 SMP PREEMPT_DYNAMIC Debian "

static const struct {
	const char *release;
	const char *version;
	bool safe;
} kernels[] = {
	/* Debian's release has no third number that means anything. */
	{"6.1.0-49-amd64", DEBIAN "6.1.182-1 (2026-07-01)", false},
	{"6.1.0-50-amd64", DEBIAN "6.1.183-1 (2026-08-01)", true},
	{"6.1.0-51-amd64", DEBIAN "6.1.192-1 (2026-09-01)", true},
	{"6.12.101+deb13-amd64", DEBIAN "6.12.101-1 (2026-08-01)", true},
	{"7.0.1+deb14-amd64", DEBIAN "7.0.1-1~exp1 (2026-08-01)", true},
	{"6.1.0-51-amd64", "#1 SMP", false},
	/* The first that has the fix, and the one before, of each branch. */
	{"5.15.215", "#1 SMP", false},
	{"5.15.216", "#1 SMP", true},
	{"6.6.147-gentoo", "#1 SMP", false},
	{"6.6.148-gentoo", "#1 SMP", true},
	{"6.12.100", "#1 SMP", false},
	{"6.12.101", "#1 SMP", true},
	{"6.18.41", "#1 SMP", false},
	{"6.18.42", "#1 SMP", true},
	{"6.18", "#1 SMP", false},
	/* Every later one has it, no other does. */
	{"6.19", "#1 SMP", true},
	{"6.19.0-rc1", "#1 SMP", true},
	{"7.1.2", "#1 SMP", true},
	{"6.17.300", "#1 SMP", false},
	{"5.14.0-503.el9.x86_64", "#1 SMP", false},
	{"5.10.999", "#1 SMP", false},
	{"4.19.300", "#1 SMP", false},
	{"", "", false},
	{"next", "Debian sid", false},
};

static void test_safe_close(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++) {
		if (kernel_channel_close_is_safe(kernels[i].release, kernels[i].version) !=
		    kernels[i].safe)
			fail_msg("%s, %s", kernels[i].release, kernels[i].version);
	}
}

static const struct {
	struct kernel_probe probe;
	const char *lines;
	int missing;
} probes[] = {
	{{.l2tp_netlink = true,
	  .ppp = true,
	  .pppol2tp = true,
	  .net_admin = true,
	  .release = "6.1.0-51-amd64"},
	 "",
	 0},
	{{.l2tp_netlink = true,
	  .net_admin = true,
	  .modules = true,
	  .ppp_err = -ENOENT,
	  .pppol2tp_err = -EPROTONOSUPPORT,
	  .release = "6.1.0-51-cloud-amd64"},
	 "ppp_generic: module not found; Debian's cloud kernel does not have it: install "
	 "linux-image-amd64\n"
	 "l2tp_ppp: module not found; Debian's cloud kernel does not have it: install "
	 "linux-image-amd64\n",
	 2},
	{{.l2tp_netlink = true,
	  .ppp = true,
	  .net_admin = true,
	  .modules = true,
	  .pppol2tp_err = -EPROTONOSUPPORT,
	  .release = "6.12.1"},
	 "l2tp_ppp: module not found; kernel 6.12.1 needs CONFIG_PPPOL2TP\n",
	 1},
	{{.ppp = true,
	  .pppol2tp = true,
	  .net_admin = true,
	  .l2tp_netlink_err = -ENOENT,
	  .release = "6.12.1"},
	 "l2tp_netlink: module not found; there is no /lib/modules/6.12.1: in a container load it "
	 "on the host, else boot a kernel with CONFIG_L2TP\n",
	 1},
	{{.l2tp_netlink = true, .pppol2tp = true, .ppp_err = -EPERM, .release = "6.1.0-51-cloud"},
	 "CAP_NET_ADMIN: not held; run as root or grant it to the service\n"
	 "ppp_generic: Operation not permitted; needs CAP_NET_ADMIN and access to /dev/ppp\n",
	 2},
	{{.l2tp_netlink = true,
	  .ppp = true,
	  .pppol2tp = true,
	  .net_admin = true,
	  .modules = true,
	  .callers = true,
	  .pppoe_err = -EPROTONOSUPPORT,
	  .release = "5.10.0-30-amd64"},
	 "pppoe: module not found; kernel 5.10.0-30-amd64 needs CONFIG_PPPOE\n"
	 "CAP_NET_RAW: not held; without it no caller of PPPoE is heard\n"
	 "PPPIOCBRIDGECHAN: kernel 5.10.0-30-amd64 does not have it; calls are passed on by Linux "
	 "5.11 and later\n",
	 3},
	{{.l2tp_netlink = true,
	  .ppp = true,
	  .pppol2tp = true,
	  .pppoe = true,
	  .net_admin = true,
	  .net_raw = true,
	  .bridge = true,
	  .callers = true,
	  .release = "6.1.0-51-amd64"},
	 "",
	 0},
};

static void append_line(void *ctx, const char *text)
{
	strcat(ctx, text);
	strcat(ctx, "\n");
}

static void test_missing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		char lines[1024] = "";

		assert_int_equal(kernel_probe_missing(&probes[i].probe, append_line, lines),
				 probes[i].missing);
		assert_string_equal(lines, probes[i].lines);
	}
}

/* Whatever the machine is: what is said to be there has no error, what is not has one. */
static void test_this_kernel(void **state)
{
	struct kernel_probe probe;
	struct utsname uts;
	char lines[1024] = "";

	(void)state;
	kernel_probe(true, &probe);
	assert_int_equal(uname(&uts), 0);
	assert_string_equal(probe.release, uts.release);
	assert_int_equal(probe.l2tp_netlink, probe.l2tp_netlink_err == 0);
	assert_int_equal(probe.pppol2tp, probe.pppol2tp_err == 0);
	assert_int_equal(probe.ppp, probe.ppp_err == 0);
	assert_int_equal(probe.pppoe, probe.pppoe_err == 0);
	assert_int_equal(kernel_probe_missing(&probe, append_line, lines),
			 !probe.l2tp_netlink + !probe.pppol2tp + !probe.ppp + !probe.pppoe +
				 !probe.net_admin + !probe.net_raw + !probe.bridge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_safe_close),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_this_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
