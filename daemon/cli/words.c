/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words to arguments, by the rows of the protocol, and the words that only a command line has.
 *
 * What `ip l2tp` sets by hand and L2TP negotiates is refused with the reason, so that a habit or a
 * script does not go on believing in a value that was never used.
 */
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/cli.h"

/* Rows are read side by side. */
/* clang-format off */
const struct word word_table[] = {
	{"nowait", "add", WORD_SETS, "wait", "none", "do not wait until it is up"},
	{"nowait", "del", WORD_SETS, "wait", "none", "do not wait until it is gone"},
	{"secret_file", "add tunnel", WORD_FILE, "secret", "FILE",
	 "file whose first line is the shared secret"},
	{"lns", "add session", WORD_MEANS, "tunnel", NULL, "the same as tunnel"},
	{"tx_connect_speed", "set call", WORD_MEANS, "tx_speed", NULL, "the same as tx_speed"},
	{"rx_connect_speed", "set call", WORD_MEANS, "rx_speed", NULL, "the same as rx_speed"},
	{"encap", "add tunnel", WORD_ONLY, NULL, "udp", "L2TPv2 runs over UDP only"},
	{"secret", "add tunnel", WORD_REFUSE, NULL, NULL,
	 "every user could read it in the list of processes; use secret_file FILE"},
	{"peer_tunnel_id", "add tunnel", WORD_REFUSE, NULL, NULL,
	 "it is negotiated: the peer chooses its own id"},
	{"peer_session_id", "add session", WORD_REFUSE, NULL, NULL,
	 "it is negotiated: the peer chooses its own id"},
	{"udp_csum", "add tunnel", WORD_REFUSE, NULL, NULL, "UDP checksums are always on"},
	{"udp6_csum_tx", "add tunnel", WORD_REFUSE, NULL, NULL, "UDP checksums are always on"},
	{"udp6_csum_rx", "add tunnel", WORD_REFUSE, NULL, NULL, "UDP checksums are always on"},
	{"cookie", "add session", WORD_REFUSE, NULL, NULL, "L2TPv2 has no cookies"},
	{"peer_cookie", "add session", WORD_REFUSE, NULL, NULL, "L2TPv2 has no cookies"},
	{"l2spec_type", "add session", WORD_REFUSE, NULL, NULL,
	 "L2TPv2 has no layer 2 specific sublayer"},
	{"offset", "add session", WORD_REFUSE, NULL, NULL, "data packets are sent without offset"},
	{"peer_offset", "add session", WORD_REFUSE, NULL, NULL,
	 "data packets are sent without offset"},
	{"seq", "add session", WORD_REFUSE, NULL, NULL,
	 "it is negotiated; set sequencing in the peer's section"},
	{"remote", "add session", WORD_REFUSE, NULL, NULL,
	 "a session runs in a tunnel; add the tunnel first"},
	{"id", "", WORD_REFUSE, NULL, NULL, "say tunnel_id, session_id or call_id"},
};
/* clang-format on */
const size_t word_count = sizeof(word_table) / sizeof(word_table[0]);

bool word_is_for(const struct word *word, const struct control_command *command)
{
	return strncmp(command->name, word->command, strlen(word->command)) == 0;
}

const struct word *word_find(const struct control_command *command, const char *name)
{
	for (size_t i = 0; i < word_count; i++) {
		const struct word *word = &word_table[i];

		if (strcmp(word->name, name) == 0 && word_is_for(word, command))
			return word;
	}
	return NULL;
}

static bool is_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text);
}

/* The value of a file: its first line. NULL after an error message. */
static json_t *read_secret(const char *path)
{
	json_t *value = NULL;
	size_t room = 0;
	char *line = NULL;
	ssize_t len;
	FILE *file = fopen(path, "re");

	if (!file) {
		output_error("%s: %s", path, strerror(errno));
		return NULL;
	}
	len = getline(&line, &room, file);
	if (len > 0) {
		line[strcspn(line, "\r\n")] = '\0';
		value = json_string(line);
		explicit_bzero(line, (size_t)len);
	}
	if (!value)
		output_error("%s: its first line must be a secret in UTF-8", path);
	free(line);
	(void)fclose(file);
	return value;
}

/* A word in the form of its argument; what does not fit is left for the check to refuse. */
static json_t *make_value(const struct control_arg *arg, const char *text)
{
	if (arg->type == ARG_UINT && is_number(text) && strlen(text) < 18)
		return json_integer(strtoll(text, NULL, 10));
	return json_string(text);
}

/* Takes the value over. */
static int set_arg(const struct control_arg *arg, json_t *value, const char *said, json_t *args)
{
	char text[256];
	int err = value ? control_arg_check(arg, value, text, sizeof(text)) : -EINVAL;

	if (!value)
		output_error("%s must be UTF-8", arg->name);
	else if (err)
		output_error("%s, not \"%s\"", text, said);
	if (!err && json_object_get(args, arg->name)) {
		output_error("%s is given twice", arg->name);
		err = -EINVAL;
	}
	if (err)
		json_decref(value);
	else
		json_object_set_new(args, arg->name, value);
	return err;
}

/* A value without its name is the commonest slip: "del tunnel 7", "add tunnel 192.0.2.1". What was
 * said already it cannot be. */
static const char *name_for(const struct control_command *command, const char *value,
			    const json_t *args)
{
	static const char *const numbers[] = {"session_id", "tunnel_id", NULL};
	static const char *const texts[] = {"remote", "name", "user", "interface", NULL};
	const char *const *names = is_number(value) ? numbers : texts;
	const char *object = strchr(command->name, ' ');

	for (; *names; names++) {
		bool session_id = strcmp(*names, "session_id") == 0;

		if (control_arg_find(command, *names) && !json_object_get(args, *names) &&
		    (!session_id || (object && strcmp(object, " session") == 0)))
			return *names;
	}
	return NULL;
}

/* The word that a mistyped one was meant to be, or NULL. */
static const char *near_word(const struct control_command *command, const char *name)
{
	struct suggestion suggestion = {.word = name};

	for (size_t i = 0; i < command->n_args; i++)
		suggest_offer(&suggestion, command->args[i].name);
	for (size_t i = 0; i < word_count; i++) {
		if (word_is_for(&word_table[i], command) && word_table[i].action != WORD_REFUSE)
			suggest_offer(&suggestion, word_table[i].name);
	}
	return suggest_best(&suggestion);
}

static void unknown_argument(const struct control_command *command, const char *name,
			     const json_t *args)
{
	const char *missing = name_for(command, name, args);
	const char *near = near_word(command, name);

	if (name[0] == '-')
		output_error("options stand in front: adit %s %s", name, command->name);
	else if (near)
		output_error("\"%s\" has no argument \"%s\"; did you mean \"%s\"?", command->name,
			     name, near);
	else if (missing)
		output_error("\"%s\" has no argument \"%s\"; did you mean \"%s %s\"?",
			     command->name, name, missing, name);
	else
		output_error("\"%s\" has no argument \"%s\"; try \"adit help %s\"", command->name,
			     name, command->name);
}

/* Whether a first word is the value of the argument that needs no name: not when it looks like an
 * argument's name that was mistyped, with a value behind it. */
static bool is_bare(const struct control_command *command, int argc, char **argv,
		    const json_t *args)
{
	return command->bare && !json_object_size(args) && argv[0][0] != '-' &&
	       (argc == 1 || !near_word(command, argv[0]));
}

static int value_missing(const char *name, const char *value)
{
	output_error("%s needs a value: %s", name, value);
	return -EINVAL;
}

/* Returns how many words were taken, or -EINVAL. */
static int take_only(const struct word *word, const char *value)
{
	if (!value)
		return value_missing(word->name, word->value);
	if (strcasecmp(value, word->value) == 0)
		return 2;
	output_error("%s %s is not accepted: %s", word->name, value, word->text);
	return -EINVAL;
}

static int take_word(const struct control_command *command, const struct word *word, int argc,
		     char **argv, json_t *args)
{
	const struct control_arg *arg = word->arg ? control_arg_find(command, word->arg) : NULL;
	const char *value = argc > 1 ? argv[1] : NULL;
	json_t *secret;

	switch (word->action) {
	case WORD_REFUSE:
		output_error("%s is not accepted: %s", word->name, word->text);
		return -EINVAL;
	case WORD_SETS:
		assert(arg);
		return set_arg(arg, json_string(word->value), word->value, args) ? -EINVAL : 1;
	case WORD_ONLY:
		return take_only(word, value);
	case WORD_MEANS:
	case WORD_FILE:
		break;
	}
	assert(arg);
	if (!value)
		return value_missing(word->name, word->value ? word->value : arg->value);
	if (word->action == WORD_MEANS)
		return set_arg(arg, make_value(arg, value), value, args) ? -EINVAL : 2;
	secret = read_secret(value);
	if (!secret)
		return -EINVAL;
	return set_arg(arg, secret, "the content of the file", args) ? -EINVAL : 2;
}

/* Returns how many words were taken, or -EINVAL. */
static int take_argument(const struct control_command *command, int argc, char **argv, json_t *args)
{
	const struct word *word = word_find(command, argv[0]);
	const struct control_arg *arg = control_arg_find(command, argv[0]);

	if (word)
		return take_word(command, word, argc, argv, args);
	if (arg && arg->type == ARG_FLAG)
		return set_arg(arg, json_true(), argv[0], args) ? -EINVAL : 1;
	if (arg && argc < 2)
		return value_missing(arg->name, arg->value);
	if (arg)
		return set_arg(arg, make_value(arg, argv[1]), argv[1], args) ? -EINVAL : 2;
	if (is_bare(command, argc, argv, args)) {
		arg = control_arg_find(command, command->bare);
		assert(arg);
		return set_arg(arg, make_value(arg, argv[0]), argv[0], args) ? -EINVAL : 1;
	}
	unknown_argument(command, argv[0], args);
	return -EINVAL;
}

int words_parse(const struct control_command *command, int argc, char **argv, json_t **ret)
{
	json_t *args = json_object();
	char text[256];

	for (int i = 0; i < argc;) {
		int taken = take_argument(command, argc - i, argv + i, args);

		if (taken < 0) {
			json_decref(args);
			return -EINVAL;
		}
		i += taken;
	}
	if (control_args_check(command, args, text, sizeof(text)) < 0) {
		output_error("%s", text);
		json_decref(args);
		return -EINVAL;
	}
	*ret = args;
	return 0;
}
