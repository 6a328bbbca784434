/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands in for pppd in test_pppd and test_pppd_spawn: does what the words of its command line
 * that begin with "fake-" say, in their order, and ignores the rest.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ppp/status.h"

static struct ppp_status status = {.version = PPP_STATUS_VERSION};

static void send_status(void)
{
	if (send(4, &status, sizeof(status), MSG_NOSIGNAL) != sizeof(status))
		_exit(99);
}

static void do_print(const char *value)
{
	printf("%s\n", value);
	fflush(stdout);
}

static void do_print_raw(const char *value)
{
	printf("%s", value);
	fflush(stdout);
}

static void do_print_error(const char *value)
{
	fprintf(stderr, "%s\n", value);
}

static void do_lcp(const char *value)
{
	(void)value;
	status.facts |= PPP_LCP_SEEN | PPP_LCP_OPEN;
	strcpy(status.ifname, "ppp7");
	send_status();
}

static void do_accm(const char *value)
{
	status.send_accm = (uint32_t)strtoul(value, NULL, 16);
	status.receive_accm = 7;
	send_status();
}

static void do_up(const char *value)
{
	status.facts |= PPP_AUTHENTICATED | PPP_IPV4_UP;
	memcpy(status.local4, (uint8_t[]){198, 51, 100, 1}, 4);
	memcpy(status.remote4, (uint8_t[]){198, 51, 100, 2}, 4);
	snprintf(status.user, sizeof(status.user), "%s", value);
	send_status();
}

static void do_network_down(const char *value)
{
	(void)value;
	status.facts &= ~PPP_IPV4_UP;
	send_status();
}

/* The link ended with this status, whatever the process will end with. */
static void do_ended(const char *value)
{
	status.facts |= PPP_ENDED;
	status.exit_status = atoi(value);
	send_status();
}

static void do_garbage(const char *value)
{
	send(4, value, strlen(value), MSG_NOSIGNAL);
}

static void do_exit(const char *value)
{
	exit(atoi(value));
}

static void do_raise(const char *value)
{
	raise(atoi(value));
}

static void do_wait(const char *value)
{
	(void)value;
	for (;;)
		pause();
}

static void do_deaf(const char *value)
{
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	do_print("deaf");
	do_wait(value);
}

static void tell_signal(int number)
{
	const char *text = number == SIGHUP ? "got HUP\n" : "got TERM\n";

	if (write(STDOUT_FILENO, text, strlen(text)) == -1)
		_exit(98);
	_exit(5);
}

static void do_listen(const char *value)
{
	signal(SIGTERM, tell_signal);
	signal(SIGHUP, tell_signal);
	do_print("listening");
	do_wait(value);
}

/* One line each, "N target", but for the folder's own. */
static void do_fds(const char *value)
{
	char path[300], target[300];
	struct dirent *entry;
	ssize_t len;
	DIR *dir = opendir("/proc/self/fd");

	(void)value;
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || atoi(entry->d_name) == dirfd(dir))
			continue;
		snprintf(path, sizeof(path), "/proc/self/fd/%s", entry->d_name);
		len = readlink(path, target, sizeof(target) - 1);
		target[len < 0 ? 0 : len] = '\0';
		printf("fd %s %s\n", entry->d_name, target);
	}
	closedir(dir);
	fflush(stdout);
}

static void do_signals(const char *value)
{
	char line[300];
	FILE *file = fopen("/proc/self/status", "r");

	(void)value;
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, "SigBlk:", 7) || !strncmp(line, "SigIgn:", 7))
			printf("%.7s %s", line, line + 8);
	printf("session %s\n", getsid(0) == getpid() ? "own" : "shared");
	fflush(stdout);
}

static void do_env(const char *value)
{
	(void)value;
	for (char **variable = environ; *variable; variable++)
		printf("%s\n", *variable);
	fflush(stdout);
}

static const struct {
	const char *word;
	void (*run)(const char *value);
	int has_value;
} actions[] = {
	{"fake-print", do_print, 1},
	{"fake-print-raw", do_print_raw, 1},
	{"fake-print-error", do_print_error, 1},
	{"fake-lcp", do_lcp, 0},
	{"fake-accm", do_accm, 1},
	{"fake-up", do_up, 1},
	{"fake-network-down", do_network_down, 0},
	{"fake-ended", do_ended, 1},
	{"fake-garbage", do_garbage, 1},
	{"fake-exit", do_exit, 1},
	{"fake-raise", do_raise, 1},
	{"fake-wait", do_wait, 0},
	{"fake-deaf", do_deaf, 0},
	{"fake-listen", do_listen, 0},
	{"fake-fds", do_fds, 0},
	{"fake-signals", do_signals, 0},
	{"fake-env", do_env, 0},
};

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		for (size_t j = 0; j < sizeof(actions) / sizeof(actions[0]); j++)
			if (!strcmp(argv[i], actions[j].word))
				actions[j].run(actions[j].has_value ? argv[i + 1] : NULL);
	return 0;
}
