/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adit monitor: one line an event, until it is interrupted or aditd goes away.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"

/* Local time, as `ip -ts monitor` prints it. */
static void print_time(double seconds)
{
	time_t whole = (time_t)seconds;
	long usec = (long)((seconds - (double)whole) * 1e6);
	char text[32];
	struct tm tm;

	localtime_r(&whole, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	printf("[%s.%06ld] ", text, usec);
}

static void print_event(const char *event, const json_t *line)
{
	const char *text = json_string_value(json_object_get(line, "text"));
	const char *from = json_string_value(json_object_get(line, "from"));

	print_time(json_number_value(json_object_get(line, "time")));
	value_print_text(stdout, event);
	fputs(": ", stdout);
	/* What there are words for they tell better. */
	for (enum object_type type = 0; !text && type < OBJECT_MAX; type++) {
		const json_t *object = json_object_get(line, object_table[type]->name);

		if (object) {
			layout_print_short(stdout, type, object);
			return;
		}
	}
	value_print_text(stdout, from ? from : "");
	fputs(from && text ? ": " : "", stdout);
	value_print_text(stdout, text ? text : "");
	fputc('\n', stdout);
}

int monitor_run(struct cli *cli, const struct control_command *command, json_t *args)
{
	const char *event = "";
	json_t *line;

	if (link_request(cli, command, args) < 0)
		return EXIT_REFUSED;
	while (event && link_read(cli, -1, &line) == 0) {
		event = json_string_value(json_object_get(line, "event"));
		if (!event) {
			link_print_refusal(line);
		} else if (cli->json) {
			json_dumpf(line, stdout, JSON_COMPACT);
			fputc('\n', stdout);
		} else if (strcmp(event, "monitor start") != 0) {
			print_event(event, line);
		}
		json_decref(line);
		if (!output_flush())
			break;
	}
	return EXIT_REFUSED;
}
