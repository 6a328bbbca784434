/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dialers: its command line.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dialers.h"

static void usage(void)
{
	fputs("usage: dialers OPTION... INTERFACE\n"
	      "  --count N         subscribers (1)\n"
	      "  --first N         number of the first (0); two dialers need different ones\n"
	      "  --at-once N       that dial at the same time at most (all)\n"
	      "  --rate N          that begin a second at most (any)\n"
	      "  --user TEXT       their name, % being the number of each (user%@example.com)\n"
	      "  --password TEXT   (secret)\n"
	      "  --service TEXT    Service-Name asked for (empty)\n"
	      "  --circuit TEXT    Agent-Circuit-Id, % as above; --remote TEXT Agent-Remote-Id\n"
	      "  --one-mac         all have the interface's address, not one of their own\n"
	      "  --until auth      up is who sent credentials, not who heard of somebody behind\n"
	      "  --hold SECONDS    end so long after nobody dials any more (at SIGTERM)\n"
	      "  --timeout SECONDS for a dial (30)\n"
	      "  --redial SECONDS  dial again so long after a call was over (never)\n"
	      "  --hang-up HOW     padt, term (LCP first) or silent\n"
	      "  --manner HOW      good; padr: asks for ever; lcp: agrees to nothing; mute\n"
	      "  --bad-frames N    send every bad frame known N times, and nothing else; those "
	      "that\n"
	      "                    go to one address go to --ac MAC\n",
	      stderr);
	exit(2);
}

static int choice(const char *word, const char *const *words, int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	usage();
	return -1;
}

enum {
	O_FIRST,
	O_COUNT,
	O_AT_ONCE,
	O_RATE,
	O_USER,
	O_PASSWORD,
	O_SERVICE,
	O_CIRCUIT,
	O_REMOTE,
	O_AC,
	O_ONE_MAC,
	O_UNTIL,
	O_HOLD,
	O_TIMEOUT,
	O_REDIAL,
	O_HANG_UP,
	O_MANNER,
	O_BAD,
};

static const struct option long_options[] = {
	{"first", 1, NULL, O_FIRST},
	{"count", 1, NULL, O_COUNT},
	{"at-once", 1, NULL, O_AT_ONCE},
	{"rate", 1, NULL, O_RATE},
	{"user", 1, NULL, O_USER},
	{"password", 1, NULL, O_PASSWORD},
	{"service", 1, NULL, O_SERVICE},
	{"circuit", 1, NULL, O_CIRCUIT},
	{"remote", 1, NULL, O_REMOTE},
	{"ac", 1, NULL, O_AC},
	{"one-mac", 0, NULL, O_ONE_MAC},
	{"until", 1, NULL, O_UNTIL},
	{"hold", 1, NULL, O_HOLD},
	{"timeout", 1, NULL, O_TIMEOUT},
	{"redial", 1, NULL, O_REDIAL},
	{"hang-up", 1, NULL, O_HANG_UP},
	{"manner", 1, NULL, O_MANNER},
	{"bad-frames", 1, NULL, O_BAD},
	{NULL, 0, NULL, 0},
};

static usec_t seconds(const char *text)
{
	return (usec_t)(strtod(text, NULL) * (double)USEC_PER_SEC);
}

unsigned int parse_options(int argc, char **argv, struct options *o)
{
	static const char *const hang_ups[] = {"padt", "term", "silent"};
	static const char *const manners[] = {"good", "padr", "lcp", "mute"};
	static const char *const untils[] = {"answer", "auth"};
	const char **texts[] = {
		[O_USER] = &o->user,	   [O_PASSWORD] = &o->password, [O_SERVICE] = &o->service,
		[O_CIRCUIT] = &o->circuit, [O_REMOTE] = &o->remote,	[O_AC] = &o->ac};
	unsigned int *numbers[] = {[O_FIRST] = &o->first,
				   [O_COUNT] = &o->count,
				   [O_AT_ONCE] = &o->at_once,
				   [O_RATE] = &o->rate};
	usec_t *times[] = {[O_HOLD] = &o->hold, [O_TIMEOUT] = &o->timeout, [O_REDIAL] = &o->redial};
	unsigned int bad = 0;
	int c;

	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (c <= O_RATE)
			*numbers[c] = (unsigned int)strtoul(optarg, NULL, 10);
		else if (c >= O_USER && c <= O_AC)
			*texts[c] = optarg;
		else if (c == O_HOLD || c == O_TIMEOUT || c == O_REDIAL)
			*times[c] = seconds(optarg);
		else if (c == O_ONE_MAC)
			o->one_mac = true;
		else if (c == O_UNTIL)
			o->until = (enum until)choice(optarg, untils, 2);
		else if (c == O_HANG_UP)
			o->hang_up = (enum hang_up)choice(optarg, hang_ups, 3);
		else if (c == O_MANNER)
			o->manner = (enum manner)choice(optarg, manners, 4);
		else if (c == O_BAD)
			bad = (unsigned int)strtoul(optarg, NULL, 10);
		else
			usage();
	}
	if (optind + 1 != argc || o->count < 1 || o->count >= SESSIONS_MAX)
		usage();
	o->interface = argv[optind];
	return bad;
}
