/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verbs, and how a command is found from its first words.
 *
 * As with ip(8) a word may be cut short while it stays clear what is meant. Verb and object may
 * come in either order: `adit show tunnel`, `adit tunnel show`, `adit tunnel`.
 */
#include <assert.h>
#include <string.h>

#include "cli/cli.h"

static const char *const del_aliases[] = {"delete", NULL};
static const char *const set_aliases[] = {"change", NULL};
static const char *const show_aliases[] = {"s", "list", "lst", NULL};
static const char *const no_aliases[] = {NULL};

const struct verb verb_table[] = {
	{"add", no_aliases, NULL, add_run, "open a tunnel, place a call"},
	{"del", del_aliases, NULL, del_run, "close a tunnel, hang up"},
	{"show", show_aliases, "tunnel", show_run, "list what there is"},
	{"test", no_aliases, NULL, test_run, "tell what would happen, and why"},
	{"set", set_aliases, NULL, set_run, "change what lives"},
	{"unlock", no_aliases, NULL, unlock_run, "use what is locked out again"},
	{"monitor", no_aliases, NULL, monitor_run, "tell what happens, as it happens"},
	{"reload", no_aliases, NULL, reload_run, "read the configuration again"},
	{"debug", no_aliases, NULL, debug_run, "set how much aditd logs"},
	{"drain", no_aliases, NULL, admin_run, "let nothing new begin"},
	{"enable", no_aliases, NULL, admin_run, "let things begin again"},
	{"disable", no_aliases, NULL, admin_run, "close, and keep closed"},
};
const size_t verb_count = sizeof(verb_table) / sizeof(verb_table[0]);

static bool is_alias(const struct verb *verb, const char *word)
{
	for (const char *const *alias = verb->aliases; *alias; alias++) {
		if (strcmp(*alias, word) == 0)
			return true;
	}
	return false;
}

/* Whether word is the beginning of name, or name in the plural. */
static bool begins(const char *word, const char *name)
{
	size_t len = strlen(name);

	return strncmp(word, name, strlen(word)) == 0 ||
	       (strncmp(word, name, len) == 0 && strcmp(word + len, "s") == 0);
}

const struct verb *verb_find(const char *word)
{
	const struct verb *found = NULL;

	for (size_t i = 0; i < verb_count; i++) {
		const struct verb *verb = &verb_table[i];

		if (is_alias(verb, word))
			return verb;
		if (strncmp(word, verb->name, strlen(word)) != 0)
			continue;
		if (found)
			return NULL;
		found = verb;
	}
	return found;
}

const struct control_command *command_of(const struct verb *verb, const char *object)
{
	enum control_command_id id;
	char name[64];

	snprintf(name, sizeof(name), "%s%s%s", verb->name, *object ? " " : "", object);
	id = control_command_find(name);
	return id == CONTROL_COMMAND_MAX ? NULL : &control_command_table[id];
}

static const struct object_row *find_among(const struct verb *verb, const char *word)
{
	const struct object_row *found = NULL;

	for (size_t i = 0; i < OBJECT_MAX; i++) {
		if (!begins(word, object_table[i]->name) ||
		    (verb && !command_of(verb, object_table[i]->name)))
			continue;
		if (strcmp(word, object_table[i]->name) == 0)
			return object_table[i];
		if (found)
			return NULL;
		found = object_table[i];
	}
	return found;
}

const struct object_row *object_find(const struct verb *verb, const char *word)
{
	const struct object_row *found = verb ? find_among(verb, word) : NULL;

	return found ? found : find_among(NULL, word);
}

/* word: what was said in place of an object, NULL for nothing. */
static int no_such_object(const struct verb *verb, const char *word)
{
	if (command_of(verb, "")) {
		output_error("\"%s\" takes no object", verb->name);
		return EXIT_USAGE;
	}
	fprintf(stderr, "Error: \"%s\" goes with:", verb->name);
	for (size_t i = 0; i < OBJECT_MAX; i++) {
		if (command_of(verb, object_table[i]->name))
			fprintf(stderr, " %s", object_table[i]->name);
	}
	if (word)
		fprintf(stderr, "; not with %s", word);
	fputc('\n', stderr);
	return EXIT_USAGE;
}

/* "d" could be del or debug: tells them, or what is near to a mistyped word; with a verb only what
 * goes with it. */
static int unknown_word(const char *word, bool verbs, bool objects, const struct verb *verb)
{
	struct suggestion suggestion = {.word = word};
	const char *several[2] = {NULL, NULL};
	size_t n = 0;

	for (size_t i = 0; i < (verbs ? verb_count : 0); i++) {
		suggest_offer(&suggestion, verb_table[i].name);
		if (strncmp(word, verb_table[i].name, strlen(word)) == 0 && n < 2)
			several[n++] = verb_table[i].name;
	}
	for (size_t i = 0; i < (objects ? OBJECT_MAX : 0); i++) {
		if (verb && !command_of(verb, object_table[i]->name))
			continue;
		suggest_offer(&suggestion, object_table[i]->name);
		if (strncmp(word, object_table[i]->name, strlen(word)) == 0 && n < 2)
			several[n++] = object_table[i]->name;
	}
	if (n == 2)
		output_error("\"%s\" could be \"%s\" or \"%s\"", word, several[0], several[1]);
	else if (suggest_best(&suggestion))
		output_error("unknown word \"%s\"; did you mean \"%s\"?", word,
			     suggest_best(&suggestion));
	else if (verb)
		no_such_object(verb, word);
	else
		output_error("unknown word \"%s\"; try \"adit help\"", word);
	return EXIT_USAGE;
}

/* Whether a first word that was cut short could mean several things. */
static bool is_unclear(const char *word)
{
	unsigned int n = 0;

	for (size_t i = 0; i < verb_count; i++) {
		if (strcmp(word, verb_table[i].name) == 0 || is_alias(&verb_table[i], word))
			return false;
		n += begins(word, verb_table[i].name);
	}
	/* Of objects alone one may still be the only one that goes with the verb. */
	if (!n)
		return false;
	for (size_t i = 0; i < OBJECT_MAX; i++) {
		if (strcmp(word, object_table[i]->name) == 0)
			return false;
		n += begins(word, object_table[i]->name);
	}
	return n > 1;
}

/* Whether a word may be a verb that was cut too short, or mistyped. */
static bool is_near_verb(const char *word)
{
	struct suggestion suggestion = {.word = word};

	for (size_t i = 0; i < verb_count; i++) {
		if (strncmp(word, verb_table[i].name, strlen(word)) == 0)
			return true;
		suggest_offer(&suggestion, verb_table[i].name);
	}
	return suggest_best(&suggestion);
}

/* What is done with an object when no verb says it: it is shown, if it can be. */
static const struct verb *verb_of(const struct object_row *object)
{
	const struct verb *verb = verb_find("show");

	for (size_t i = 0; i < verb_count && !command_of(verb, object->name); i++)
		verb = &verb_table[i];
	return verb;
}

/* What the first words mean, and how many they are; EXIT_OK or an exit code after an error. */
static int find_command(int argc, char **argv, const struct verb **ret_verb,
			const struct control_command **ret_command, int *ret_used)
{
	const struct control_command *command;
	const struct object_row *object = NULL;
	const struct verb *verb = verb_find(argv[0]);
	int used = 1;

	if (is_unclear(argv[0]))
		return unknown_word(argv[0], true, true, NULL);
	if (!verb) {
		verb = argc > used ? verb_find(argv[used]) : NULL;
		object = object_find(verb, argv[0]);
		if (!object)
			return unknown_word(argv[0], true, true, NULL);
		if (verb)
			used++;
		else if (argc > used && is_near_verb(argv[used]))
			return unknown_word(argv[used], true, false, NULL);
		else
			verb = verb_of(object);
	} else if (!command_of(verb, "") && argc > used) {
		object = object_find(verb, argv[used]);
		if (!object)
			return unknown_word(argv[used], false, true, verb);
		used++;
	}
	command = command_of(verb, object ? object->name : verb->object ? verb->object : "");
	if (!command)
		return no_such_object(verb, object ? object->name : NULL);
	*ret_verb = verb;
	*ret_command = command;
	*ret_used = used < argc ? used : argc;
	return EXIT_OK;
}

int cli_run(struct cli *cli, int argc, char **argv)
{
	const struct control_command *command = NULL;
	const struct verb *verb = NULL;
	int code, used = 0;
	json_t *args;

	if (strcmp(argv[0], "help") == 0)
		return help_run(cli, argc - 1, argv + 1);
	if (strcmp(argv[argc - 1], "help") == 0)
		return help_run(cli, argc - 1, argv);
	code = find_command(argc, argv, &verb, &command, &used);
	if (code != EXIT_OK)
		return code;
	assert(verb && command);
	if (words_parse(command, argc - used, argv + used, &args) < 0)
		return EXIT_USAGE;
	code = verb->run(cli, command, args);
	json_decref(args);
	return code;
}
