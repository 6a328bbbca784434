/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks the kernel for each facility the way the daemon will use it: modules may be built in, and a
 * module that is loaded may be out of a container's reach.
 */
#include "netlink/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/if_pppox.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "netlink/l2tp.h"
#include "netlink/pppox.h"

static int ask_l2tp_netlink(void)
{
	struct l2tp_nl *nl;
	int err = l2tp_nl_open(&nl);

	if (err == 0)
		l2tp_nl_close(nl);
	return err;
}

static int ask_pppol2tp(void)
{
	int fd;
	int err = pppox_l2tp_socket(&fd);

	if (err == 0)
		close(fd);
	return err;
}

static int ask_pppoe(void)
{
	int fd = socket(AF_PPPOX, SOCK_STREAM | SOCK_CLOEXEC, PX_PROTO_OE);

	if (fd == -1)
		return -errno;
	close(fd);
	return 0;
}

static int ask_ppp(void)
{
	int fd = open("/dev/ppp", O_RDWR | O_CLOEXEC);

	if (fd == -1)
		return -errno;
	close(fd);
	return 0;
}

struct facility {
	/* Loaded in this order; the last one is the facility's own. */
	const char *modules[3];
	const char *option;
	int (*ask)(void);
	size_t has;
	size_t err;
	bool callers; /* needed for them only */
};

#define PROBE(field) \
	offsetof(struct kernel_probe, field), offsetof(struct kernel_probe, field##_err)

static const struct facility facilities[] = {
	{{"l2tp_netlink"}, "CONFIG_L2TP", ask_l2tp_netlink, PROBE(l2tp_netlink)},
	{{"ppp_generic"}, "CONFIG_PPP", ask_ppp, PROBE(ppp)},
	{{"pppox", "l2tp_ppp"}, "CONFIG_PPPOL2TP", ask_pppol2tp, PROBE(pppol2tp)},
	{{"pppox", "pppoe"}, "CONFIG_PPPOE", ask_pppoe, PROBE(pppoe), .callers = true},
};

#define FACILITIES (sizeof(facilities) / sizeof(facilities[0]))

static bool *has_of(struct kernel_probe *probe, const struct facility *facility)
{
	return (bool *)((char *)probe + facility->has);
}

static int *err_of(struct kernel_probe *probe, const struct facility *facility)
{
	return (int *)((char *)probe + facility->err);
}

static const char *own_module(const struct facility *facility)
{
	return facility->modules[1] ? facility->modules[1] : facility->modules[0];
}

/* What modprobe thinks is not asked: what counts is what the kernel answers afterwards. */
static void load_module(const char *name)
{
	/* Daemons run without /sbin in PATH. */
	static const char *const programs[] = {"/sbin/modprobe", "/usr/sbin/modprobe", "modprobe"};
	char program[] = "modprobe", quiet[] = "-q", module[32];
	char *argv[] = {program, quiet, module, NULL};
	posix_spawn_file_actions_t actions;
	int err = ENOENT;
	pid_t pid;

	snprintf(module, sizeof(module), "%s", name);
	if (posix_spawn_file_actions_init(&actions))
		return;
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]) && err == ENOENT; i++)
		err = posix_spawnp(&pid, programs[i], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	while (err == 0 && waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		;
}

static void ask_facility(struct kernel_probe *probe, const struct facility *facility)
{
	int err = facility->ask();

	if (err < 0 && err != -EPERM && err != -EACCES) {
		for (const char *const *module = facility->modules; *module; module++)
			load_module(*module);
		err = facility->ask();
	}
	*has_of(probe, facility) = err == 0;
	*err_of(probe, facility) = err;
}

static bool have_capability(unsigned int capability)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};

	if (syscall(SYS_capget, &header, data) == -1)
		return false;
	return data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability);
}

/* The ioctl can be asked of a channel only, and there is none yet. */
static bool have_bridge(const char *release)
{
	unsigned int major, minor;

	/* NOLINTNEXTLINE(cert-err34-c): the kernel's own numbers */
	return sscanf(release, "%u.%u", &major, &minor) == 2 &&
	       (major > 5 || (major == 5 && minor >= 11));
}

bool kernel_channel_close_is_safe(const char *release, const char *version)
{
	static const struct {
		unsigned int major, minor, patch;
	} fixed[] = {
		{5, 15, 216}, {6, 1, 183}, {6, 6, 148}, {6, 12, 101}, {6, 18, 42},
	};
	const char *debian = strstr(version, "Debian ");
	unsigned int major, minor, patch = 0;

	/* "6.1.0-49-amd64" and "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-1 (2026-08-20)" */
	/* NOLINTNEXTLINE(cert-err34-c): the kernel's own numbers */
	if (sscanf(debian ? debian + strlen("Debian ") : release, "%u.%u.%u", &major, &minor,
		   &patch) < 2)
		return false;
	if (major > 6 || (major == 6 && minor >= 19))
		return true;
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		if (major == fixed[i].major && minor == fixed[i].minor)
			return patch >= fixed[i].patch;
	}
	return false;
}

void kernel_probe(bool callers, struct kernel_probe *ret)
{
	struct kernel_probe probe = {0};
	char path[sizeof("/lib/modules/") + sizeof(probe.release)];
	struct utsname uts = {0};

	uname(&uts);
	snprintf(probe.release, sizeof(probe.release), "%.64s", uts.release);
	snprintf(path, sizeof(path), "/lib/modules/%s", probe.release);
	probe.modules = access(path, F_OK) == 0;
	probe.safe_channel_close = kernel_channel_close_is_safe(uts.release, uts.version);
	probe.net_admin = have_capability(CAP_NET_ADMIN);
	probe.net_raw = have_capability(CAP_NET_RAW);
	probe.bridge = have_bridge(uts.release);
	probe.callers = callers;
	for (size_t i = 0; i < FACILITIES; i++) {
		if (callers || !facilities[i].callers)
			ask_facility(&probe, &facilities[i]);
	}
	*ret = probe;
}

static void explain(const struct kernel_probe *probe, const struct facility *facility, int err,
		    char *text, size_t size)
{
	const char *module = own_module(facility);

	if (err == -EPERM || err == -EACCES)
		snprintf(text, size, "%s: %s; needs CAP_NET_ADMIN%s", module, strerror(-err),
			 facility->ask == ask_ppp ? " and access to /dev/ppp" : "");
	else if (strstr(probe->release, "cloud"))
		snprintf(text, size,
			 "%s: module not found; Debian's cloud kernel does not have it: install "
			 "linux-image-amd64",
			 module);
	else if (!probe->modules)
		snprintf(
			text, size,
			"%s: module not found; there is no /lib/modules/%s: in a container load it "
			"on the host, else boot a kernel with %s",
			module, probe->release, facility->option);
	else
		snprintf(text, size, "%s: module not found; kernel %s needs %s", module,
			 probe->release, facility->option);
}

static int missing_for_callers(const struct kernel_probe *probe,
			       void (*line)(void *ctx, const char *text), void *ctx)
{
	char text[256];
	int missing = 0;

	if (!probe->net_raw) {
		line(ctx, "CAP_NET_RAW: not held; without it no caller of PPPoE is heard");
		missing++;
	}
	if (!probe->bridge) {
		snprintf(text, sizeof(text),
			 "PPPIOCBRIDGECHAN: kernel %s does not have it; calls are passed on by "
			 "Linux "
			 "5.11 and later",
			 probe->release);
		line(ctx, text);
		missing++;
	}
	return missing;
}

int kernel_probe_missing(const struct kernel_probe *probe,
			 void (*line)(void *ctx, const char *text), void *ctx)
{
	struct kernel_probe copy = *probe;
	char text[256];
	int missing = 0;

	if (!probe->net_admin) {
		line(ctx, "CAP_NET_ADMIN: not held; run as root or grant it to the service");
		missing++;
	}
	for (size_t i = 0; i < FACILITIES; i++) {
		if (*has_of(&copy, &facilities[i]) || (facilities[i].callers && !probe->callers))
			continue;
		explain(probe, &facilities[i], *err_of(&copy, &facilities[i]), text, sizeof(text));
		line(ctx, text);
		missing++;
	}
	if (probe->callers)
		missing += missing_for_callers(probe, line, ctx);
	return missing;
}
