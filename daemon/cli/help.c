/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Help, all of it out of tables: what adit can do, what a command takes, what objects have.
 */
#include <assert.h>
#include <string.h>

#include "cli/cli.h"

/* Of what `help fields` prints, its indentation included. */
#define KEY_WIDTH 28

void help_usage(FILE *out)
{
	fputs("Usage: adit [ OPTIONS ] VERB [ OBJECT ] [ ARGUMENTS ]\n"
	      "       adit [ -force ] -batch FILE\n"
	      "       adit help [ VERB [ OBJECT ] | fields [ OBJECT ] ]\n"
	      "\n"
	      "VERB and OBJECT:\n",
	      out);
	for (size_t i = 0; i < CONTROL_COMMAND_MAX; i++)
		fprintf(out, "  %-20s %s\n", control_command_table[i].name,
			control_command_table[i].help);
	fputc('\n', out);
	options_usage(out);
}

static void print_argument(FILE *out, const char *name, const char *value, const char *help)
{
	char left[64];

	snprintf(left, sizeof(left), "%s%s%s", name, value ? " " : "", value ? value : "");
	fprintf(out, "  %-24s %s\n", left, help);
}

/* Whether a command line has another word for an argument that it refuses. */
static bool is_refused(const struct control_command *command, const char *name)
{
	const struct word *word = word_find(command, name);

	return word && word->action == WORD_REFUSE;
}

void help_command(FILE *out, const struct control_command *command)
{
	bool words = command->n_args != 0;

	fprintf(out, "Usage: adit %s%s\n", command->name, words ? " [ ARGUMENTS ]" : "");
	fprintf(out, "       %s\n", command->help);
	if (words)
		fputc('\n', out);
	for (size_t i = 0; i < command->n_args; i++) {
		const struct control_arg *arg = &command->args[i];

		if (!is_refused(command, arg->name))
			print_argument(out, arg->name, arg->value, arg->help);
	}
	for (size_t i = 0; i < word_count; i++) {
		const struct word *word = &word_table[i];
		const struct control_arg *arg =
			word->arg ? control_arg_find(command, word->arg) : NULL;

		if (!word_is_for(word, command))
			continue;
		switch (word->action) {
		case WORD_MEANS:
			assert(arg);
			print_argument(out, word->name, arg->value, word->text);
			break;
		case WORD_FILE:
		case WORD_ONLY:
			print_argument(out, word->name, word->value, word->text);
			break;
		case WORD_SETS:
			print_argument(out, word->name, NULL, word->text);
			break;
		case WORD_REFUSE:
			break;
		}
	}
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the rows, which are ours */
static void print_rows(const struct object_row *object, int indent)
{
	for (size_t i = 0; i < object->n_fields; i++) {
		const struct field_row *row = &object->fields[i];

		printf("%*s%-*s %-8s %-9s %-12s %s\n", indent, "", KEY_WIDTH - indent, row->key,
		       field_json_type(row->type), row->unit ? row->unit : "",
		       field_view_name(row->view), row->help);
		if (row->of)
			print_rows(row->of, indent + 2);
	}
}

static void print_fields(const struct object_row *object)
{
	printf("%s: %s\n", object->name, object->help);
	print_rows(object, 2);
}

static int help_fields(int argc, char **argv)
{
	const struct object_row *object = argc ? object_find(NULL, argv[0]) : NULL;

	if (argc && !object) {
		output_error("unknown object \"%s\"", argv[0]);
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < OBJECT_MAX; i++) {
		if (object && object != object_table[i])
			continue;
		if (!object && i)
			putchar('\n');
		print_fields(object_table[i]);
	}
	return EXIT_OK;
}

/* Of a verb and an object in either order, or of all a verb's or object's commands. */
static int help_commands(int argc, char **argv)
{
	const struct object_row *object = NULL;
	const struct verb *verb = NULL;
	const char *space;
	bool found = false;

	for (int i = 0; i < argc && i < 2; i++) {
		if (!verb)
			verb = verb_find(argv[i]);
		if (!object && (!verb || i))
			object = object_find(verb, argv[i]);
	}
	for (size_t i = 0; i < CONTROL_COMMAND_MAX && (verb || object); i++) {
		const struct control_command *command = &control_command_table[i];

		space = strchr(command->name, ' ');
		if (verb && (strncmp(command->name, verb->name, strlen(verb->name)) != 0))
			continue;
		if (object && (!space || strcmp(space + 1, object->name) != 0))
			continue;
		if (found)
			putchar('\n');
		help_command(stdout, command);
		found = true;
	}
	if (!found) {
		output_error("no help for \"%s\"; try \"adit help\"", argv[0]);
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

int help_run(struct cli *cli, int argc, char **argv)
{
	if (!argc) {
		help_usage(stdout);
		return EXIT_OK;
	}
	if (strcmp(argv[0], "fields") == 0)
		return help_fields(argc - 1, argv + 1);
	if (strcmp(argv[0], "words") == 0) {
		complete_words(cli, argc - 1, argv + 1);
		return EXIT_OK;
	}
	return help_commands(argc, argv);
}
