/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program aditd: its options.
 */
#include "aditd.h"

#include <getopt.h>
#include <stdio.h>

#include "base/log.h"
#include "base/mem.h"

static void print_fault(void *ctx, const char *line)
{
	(void)ctx;
	fprintf(stderr, "%s\n", line);
}

static void usage(FILE *out)
{
	fprintf(out,
		"Usage: aditd [OPTION]...\n"
		"The control plane of L2TP: negotiates tunnels and programs the kernel.\n"
		"\n"
		"  -c, --config FILE       configuration, " CONFIG_PATH_DEFAULT " by default\n"
		"      --check [FILE]      check the configuration and exit: 0 when it is good\n"
		"  -d, --debug             log each step and each control message\n"
		"      --pppd-plugin FILE  path of the pppd plugin adit.so\n"
		"  -V, --version           print the version and exit\n"
		"  -h, --help              print this and exit\n"
		"\n"
		"Stays in the foreground; logs to the journal or to standard error.\n"
		"SIGHUP reloads the configuration; SIGTERM closes every tunnel and exits.\n");
}

static int check(const char *path)
{
	struct config *config;
	int err = config_load(path, print_fault, NULL, &config);

	if (err)
		return 1;
	config_free(config);
	printf("%s: good\n", path);
	return 0;
}

int main(int argc, char **argv)
{
	enum { OPT_CHECK = 256, OPT_PLUGIN };
	static const struct option options[] = {
		{"config", required_argument, NULL, 'c'},
		{"check", optional_argument, NULL, OPT_CHECK},
		{"debug", no_argument, NULL, 'd'},
		{"pppd-plugin", required_argument, NULL, OPT_PLUGIN},
		{"version", no_argument, NULL, 'V'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct aditd d = {.config_path = CONFIG_PATH_DEFAULT, .plugin_path = PPPD_PLUGIN_PATH};
	bool only_check = false;
	int level = LOG_INFO, option;

	while ((option = getopt_long(argc, argv, "c:dVh", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			d.config_path = optarg;
			break;
		case OPT_CHECK:
			only_check = true;
			if (optarg)
				d.config_path = optarg;
			break;
		case 'd':
			level = LOG_DEBUG;
			break;
		case OPT_PLUGIN:
			d.plugin_path = optarg;
			break;
		case 'V':
			printf("aditd " ADIT_VERSION "\n");
			return 0;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 1;
		}
	}
	/* `aditd --check FILE`, as one writes it. */
	if (only_check && optind + 1 == argc)
		d.config_path = argv[optind++];
	if (optind != argc) {
		fprintf(stderr, "aditd: what is \"%s\"?\n", argv[optind]);
		usage(stderr);
		return 1;
	}
	if (only_check)
		return check(d.config_path);
	mem_init();
	log_init(level);
	if (config_load(d.config_path, print_fault, NULL, &d.config))
		return 1;
	return aditd_run(&d);
}
