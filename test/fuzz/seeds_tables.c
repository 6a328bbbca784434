/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Seeds for fuzz_config and fuzz_control, from the tables of keys and of commands.
 *
 * The files of test/unit/config are seeds too.
 */
#include <stdlib.h>
#include <string.h>

#include "config/schema.h"
#include "control/protocol.h"
#include "fuzz_control.h"
#include "seeds.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What several clients and the daemon do, in the words of fuzz_control.h. */
static const struct {
	const char *name;
	const char *text;
} stories[] = {
	{"add-show-del",
	 "{\"command\":\"add tunnel\",\"args\":{\"remote\":\"192.0.2.9\",\"name\":\"t\"}}\n\1"
	 "{\"command\":\"add session\",\"args\":{\"tunnel\":\"t\",\"name\":\"s\"}}\n\1"
	 "{\"command\":\"show session\",\"args\":{\"tunnel\":\"t\",\"details\":true}}\n"
	 "{\"command\":\"del session\",\"args\":{\"name\":\"s\"}}\n\1"
	 "{\"command\":\"del tunnel\",\"args\":{\"name\":\"t\"}}\n\1"},
	{"monitor", "{\"command\":\"monitor\"}\n\3"
		    "{\"command\":\"add tunnel\",\"args\":{\"remote\":\"refuse.example\"}}\n\1"
		    "{\"command\":\"del tunnel\",\"args\":{\"all\":true}}\n\1"},
	{"monitor-deaf", "{\"command\":\"monitor\"}\n\7\3"
			 "{\"command\":\"del tunnel\",\"args\":{\"all\":true}}\n\1\3\3\7"},
	{"counters", "\6{\"command\":\"show session\",\"args\":{\"statistics\":true}}\n\6"
		     "{\"command\":\"show tunnel\",\"args\":{\"statistics\":true}}\n"},
	{"counters-late", "\6{\"command\":\"show tunnel\",\"args\":{\"statistics\":true}}\n\2\6"},
	{"wait-too-long",
	 "{\"command\":\"add tunnel\",\"args\":{\"remote\":\"silent.example\"}}\n\2"},
	{"no-host", "{\"command\":\"add tunnel\",\"args\":{\"remote\":\"nowhere.example\"}}\n\1"},
	{"busy", "{\"command\":\"add session\",\"args\":{\"tunnel_id\":7,\"name\":\"busy\"}}\n\1"},
	{"gone-before-up",
	 "{\"command\":\"del tunnel\",\"args\":{\"tunnel_id\":7,\"wait\":\"none\"}}\n"
	 "{\"command\":\"add session\",\"args\":{\"tunnel_id\":7}}\n\1"},
	{"leaves", "{\"command\":\"add tunnel\",\"args\":{\"remote\":\"192.0.2.9\"}}\n\4\1"
		   "{\"command\":\"show stats\"}\n\5"},
	{"queued", "{\"command\":\"del session\",\"args\":{\"name\":\"dsl\"}}\n"
		   "{\"command\":\"show session\"}\n{\"command\":\"show version\"}\n\1"},
	{"reader", "\3\3{\"command\":\"reload\"}\n{\"command\":\"show peer\"}\n"},
	{"calls", "{\"command\":\"monitor\"}\n\3{\"command\":\"show call\"}\n"
		  "{\"command\":\"test steer\",\"args\":{\"user\":\"joe@isp.example\"}}\n"
		  "{\"command\":\"unlock destination\",\"args\":{\"all\":true}}\n"
		  "{\"command\":\"del call\",\"args\":{\"all\":true}}\n\1"},
	{"calls-leave", "{\"command\":\"del call\",\"args\":{\"interface\":\"eth1.100\"}}\n\4\1"
			"{\"command\":\"show call\"}\n\2"},
	{"not-json", "{\n[]\n\n7\n{\"command\":7}\n{\"command\":\"show\",\"args\":[]}\nunended"},
};

static void put_arg_value(FILE *out, const struct control_arg *arg)
{
	switch (arg->type) {
	case ARG_UINT:
		fprintf(out, "%u", arg->min > 7 ? arg->min : arg->max < 7 ? arg->max : 7);
		break;
	case ARG_TEXT:
		fputs("\"isp\"", out);
		break;
	case ARG_ADDR:
		fputs("\"192.0.2.1\"", out);
		break;
	case ARG_MAC:
		fputs("\"02:00:5e:00:00:01\"", out);
		break;
	case ARG_CHOICE:
		fprintf(out, "\"%s\"", arg->choices[0]);
		break;
	case ARG_FLAG:
		fputs("true", out);
		break;
	}
}

/* NOLINTNEXTLINE(readability-non-const-parameter): open_memstream() writes to it */
static void end_seed(const char *target, const char *name, FILE *out, char **text, size_t *size)
{
	fclose(out);
	seed_write(target, name, (struct bytes){(const uint8_t *)*text, *size});
	free(*text);
}

/* The command with each argument by itself, then with all of them. */
static void write_command(const struct control_command *command)
{
	char *text = NULL, name[64];
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; i < command->n_args; i++) {
		fprintf(out, "{\"command\":\"%s\",\"args\":{\"%s\":", command->name,
			command->args[i].name);
		put_arg_value(out, &command->args[i]);
		fputs("}}\n\1", out);
	}
	fprintf(out, "{\"command\":\"%s\"", command->name);
	for (size_t i = 0; i < command->n_args; i++) {
		fprintf(out, "%s\"%s\":", i ? "," : ",\"args\":{", command->args[i].name);
		put_arg_value(out, &command->args[i]);
	}
	fputs(command->n_args ? "}}\n\1" : "}\n\1", out);
	snprintf(name, sizeof(name), "command-%s", command->name);
	for (char *c = name; *c; c++)
		*c = *c == ' ' ? '-' : *c;
	end_seed("control", name, out, &text, &size);
}

static void quoted_word(FILE *dict, const char *word)
{
	char text[128];

	snprintf(text, sizeof(text), "\"%s\"", word);
	dict_word(dict, bytes_str(text));
}

void seeds_control(void)
{
	FILE *dict = dict_open("control");

	quoted_word(dict, "command");
	quoted_word(dict, "args");
	for (unsigned int id = 0; id < CONTROL_COMMAND_MAX; id++) {
		const struct control_command *command = &control_command_table[id];

		write_command(command);
		quoted_word(dict, command->name);
		for (size_t i = 0; i < command->n_args; i++)
			quoted_word(dict, command->args[i].name);
	}
	fclose(dict);
	for (size_t i = 0; i < COUNT(stories); i++)
		seed_write("control", stories[i].name, bytes_str(stories[i].text));
}

/* Every key of a section with its default, or with nothing to say. */
static void write_section(enum config_section section)
{
	const struct section_info *info = &config_sections[section];
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (info->name)
		fprintf(out, "%s%s {\n", info->name, info->titled ? " title" : "");
	config_key_for_each (key) {
		if (key->sections & 1u << section)
			fprintf(out, "\t%s = \"%s\"\n", key->name,
				key->standard ? key->standard : "");
	}
	if (info->name)
		fputs("}\n", out);
	end_seed("config", info->name ? info->name : "global", out, &text, &size);
}

void seeds_config(void)
{
	FILE *dict = dict_open("config");

	for (enum config_section section = 0; section < SECTION_MAX; section++) {
		write_section(section);
		if (config_sections[section].name)
			dict_word(dict, bytes_str(config_sections[section].name));
	}
	config_key_for_each (key) {
		dict_word(dict, bytes_str(key->name));
		for (const struct config_choice *c = key->choices; c && c->name; c++)
			dict_word(dict, bytes_str(c->name));
	}
	fclose(dict);
}
