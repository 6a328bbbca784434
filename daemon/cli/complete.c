/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `adit help words WORD...`: what may follow these words, one candidate a line, for completion in
 * shells. Ids and names come from a running aditd; without one there are none.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

/* Where the values of an argument are to be found: of all commands whose names end so. */
struct value_source {
	const char *arg;
	const char *end;
	enum control_command_id command;
	const char *object;
	const char *field;
};

static const struct value_source value_sources[] = {
	{"tunnel_id", "", CONTROL_SHOW_TUNNEL, "tunnel", "tunnel_id"},
	{"tunnel", "", CONTROL_SHOW_TUNNEL, "tunnel", "name"},
	{"lns", "", CONTROL_SHOW_TUNNEL, "tunnel", "name"},
	{"session_id", "", CONTROL_SHOW_SESSION, "session", "session_id"},
	{"user", "session", CONTROL_SHOW_SESSION, "session", "user"},
	{"interface", "session", CONTROL_SHOW_SESSION, "session", "interface"},
	{"call_id", "", CONTROL_SHOW_CALL, "call", "call_id"},
	{"user", "call", CONTROL_SHOW_CALL, "call", "user"},
	{"mac", "call", CONTROL_SHOW_CALL, "call", "mac"},
	{"destination", "call", CONTROL_SHOW_DESTINATION, "destination", "name"},
	{"interface", "call", CONTROL_SHOW_PPPOE, "pppoe", "interface"},
	{"interface", "pppoe", CONTROL_SHOW_PPPOE, "pppoe", "interface"},
	{"interface", "steer", CONTROL_SHOW_PPPOE, "pppoe", "interface"},
	{"peer", "", CONTROL_SHOW_PEER, "peer", "name"},
	{"name", "destination", CONTROL_SHOW_DESTINATION, "destination", "name"},
	{"name", "domain", CONTROL_SHOW_DOMAIN, "domain", "name"},
	{"name", "radius", CONTROL_SHOW_RADIUS, "radius", "name"},
	{"name", "kept", CONTROL_SHOW_KEPT, "kept", "name"},
	{"name", "tunnel", CONTROL_SHOW_TUNNEL, "tunnel", "name"},
	{"name", "session", CONTROL_SHOW_SESSION, "session", "name"},
	{"name", "peer", CONTROL_SHOW_PEER, "peer", "name"},
};

/* The source that the lines being read are for; one completion runs in a process. */
static const struct value_source *wanted;

static void print_value(struct cli *cli, const json_t *line)
{
	const json_t *value = json_object_get(json_object_get(line, wanted->object), wanted->field);

	(void)cli;
	if (value) {
		value_print(stdout, NULL, value);
		putchar('\n');
	}
}

/* Nobody who presses TAB wants to read that aditd does not run. */
static void ask_quietly(struct cli *cli)
{
	json_t *args = json_object();
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	char *message;

	if (null != -1) {
		dup2(null, STDERR_FILENO);
		close(null);
	}
	link_call(cli, &control_command_table[wanted->command], args, print_value, &message);
	free(message);
	json_decref(args);
}

static bool is_source(const struct value_source *source, const struct control_command *command,
		      const char *name)
{
	size_t len = strlen(command->name), end = strlen(source->end);

	/* What is being added has a name that is new. */
	if (strcmp(name, "name") == 0 && strncmp(command->name, "add", 3) == 0)
		return false;
	return strcmp(source->arg, name) == 0 && len >= end &&
	       strcmp(command->name + len - end, source->end) == 0;
}

static void complete_value(struct cli *cli, const struct control_command *command, const char *name)
{
	const struct control_arg *arg = control_arg_find(command, name);

	for (size_t i = 0; arg && arg->choices && arg->choices[i]; i++)
		puts(arg->choices[i]);
	wanted = NULL;
	for (size_t i = 0; i < sizeof(value_sources) / sizeof(value_sources[0]); i++) {
		if (is_source(&value_sources[i], command, name))
			wanted = &value_sources[i];
	}
	if (wanted)
		ask_quietly(cli);
	wanted = NULL;
}

static bool takes_value(const struct control_command *command, const char *name)
{
	const struct control_arg *arg = control_arg_find(command, name);
	const struct word *word = word_find(command, name);

	return (arg && arg->type != ARG_FLAG) ||
	       (word && word->action != WORD_SETS && word->action != WORD_REFUSE);
}

/*
 * Walks names and their values. Whether `name` is among the names; the name at the end that still
 * wants its value is put into *ret_open.
 */
static bool given(const struct control_command *command, const char *name, int argc, char **argv,
		  const char **ret_open)
{
	bool found = false;

	*ret_open = NULL;
	for (int i = 0; i < argc; i++) {
		found = found || strcmp(argv[i], name) == 0;
		if (!takes_value(command, argv[i]))
			continue;
		if (i + 1 == argc)
			*ret_open = argv[i];
		i++;
	}
	return found;
}

static void complete_argument(struct cli *cli, const struct control_command *command, int argc,
			      char **argv)
{
	const struct word *word;
	const char *open;

	given(command, "", argc, argv, &open);
	if (open) {
		complete_value(cli, command, open);
		return;
	}
	if (!argc && command->bare)
		complete_value(cli, command, command->bare);
	for (size_t i = 0; i < command->n_args; i++) {
		const char *name = command->args[i].name;

		word = word_find(command, name);
		if (!given(command, name, argc, argv, &open) &&
		    !(word && word->action == WORD_REFUSE))
			puts(name);
	}
	for (size_t i = 0; i < word_count; i++) {
		word = &word_table[i];
		if (word->action != WORD_REFUSE && word_is_for(word, command) &&
		    !given(command, word->name, argc, argv, &open))
			puts(word->name);
	}
}

static void complete_first(void)
{
	for (size_t i = 0; i < verb_count; i++)
		puts(verb_table[i].name);
	puts("help");
	options_print(stdout);
}

void complete_words(struct cli *cli, int argc, char **argv)
{
	const struct object_row *object;
	const struct verb *verb;
	int options = options_parse(cli, argc, argv);

	if (options < 0)
		return;
	argc -= options;
	argv += options;
	verb = argc ? verb_find(argv[0]) : NULL;
	if (!argc) {
		complete_first();
	} else if (verb && command_of(verb, "")) {
		complete_argument(cli, command_of(verb, ""), argc - 1, argv + 1);
	} else if (verb && argc == 1) {
		for (size_t i = 0; i < OBJECT_MAX; i++) {
			if (command_of(verb, object_table[i]->name))
				puts(object_table[i]->name);
		}
	} else if (verb) {
		object = object_find(verb, argv[1]);
		if (object && command_of(verb, object->name))
			complete_argument(cli, command_of(verb, object->name), argc - 2, argv + 2);
	}
}
