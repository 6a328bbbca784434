/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one check of arguments against the rows of commands: the daemon's when a request comes in,
 * the CLI's before it sends one.
 */
#include "control/protocol.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/addr.h"

enum control_command_id control_command_find(const char *name)
{
	enum control_command_id id;

	for (id = 0; id < CONTROL_COMMAND_MAX; id++) {
		if (strcmp(control_command_table[id].name, name) == 0)
			break;
	}
	return id;
}

const struct control_arg *control_arg_find(const struct control_command *command, const char *name)
{
	for (size_t i = 0; i < command->n_args; i++) {
		if (strcmp(command->args[i].name, name) == 0)
			return &command->args[i];
	}
	return NULL;
}

static int check_uint(const struct control_arg *arg, const json_t *value, char *text, size_t size)
{
	if (json_is_integer(value) && json_integer_value(value) >= arg->min &&
	    json_integer_value(value) <= arg->max)
		return 0;
	snprintf(text, size, "%s must be a number from %u to %u", arg->name, arg->min, arg->max);
	return -EINVAL;
}

static int check_text(const struct control_arg *arg, const json_t *value, char *text, size_t size)
{
	const char *string = json_string_value(value);
	size_t len = json_string_length(value);

	if (!string || len < arg->min || len > arg->max) {
		snprintf(text, size, "%s must be a text of %u to %u octets", arg->name, arg->min,
			 arg->max);
		return -EINVAL;
	}
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)string[i] >= 0x20 && string[i] != 0x7f)
			continue;
		snprintf(text, size, "%s must have no control characters", arg->name);
		return -EINVAL;
	}
	return 0;
}

static int check_addr(const struct control_arg *arg, const json_t *value, char *text, size_t size)
{
	const char *string = json_string_value(value);
	struct addr addr;

	if (string && addr_parse(string, &addr) == 0)
		return 0;
	snprintf(text, size, "%s must be an IPv4 or IPv6 address", arg->name);
	return -EINVAL;
}

static bool is_mac(const char *text)
{
	for (size_t i = 0; i < 17; i++) {
		if (i % 3 == 2 ? text[i] != ':' : !isxdigit((unsigned char)text[i]))
			return false;
	}
	return !text[17];
}

static int check_mac(const struct control_arg *arg, const json_t *value, char *text, size_t size)
{
	const char *string = json_string_value(value);

	if (string && is_mac(string))
		return 0;
	snprintf(text, size, "%s must be a MAC address such as 02:00:5e:00:00:01", arg->name);
	return -EINVAL;
}

static int check_choice(const struct control_arg *arg, const json_t *value, char *text, size_t size)
{
	const char *string = json_string_value(value);
	size_t len;

	for (size_t i = 0; string && arg->choices[i]; i++) {
		if (strcmp(arg->choices[i], string) == 0)
			return 0;
	}
	len = (size_t)snprintf(text, size, "%s must be one of:", arg->name);
	for (size_t i = 0; arg->choices[i] && len < size; i++)
		len += (size_t)snprintf(text + len, size - len, " %s", arg->choices[i]);
	return -EINVAL;
}

int control_arg_check(const struct control_arg *arg, const json_t *value, char *text, size_t size)
{
	switch (arg->type) {
	case ARG_UINT:
		return check_uint(arg, value, text, size);
	case ARG_TEXT:
		return check_text(arg, value, text, size);
	case ARG_ADDR:
		return check_addr(arg, value, text, size);
	case ARG_MAC:
		return check_mac(arg, value, text, size);
	case ARG_CHOICE:
		return check_choice(arg, value, text, size);
	case ARG_FLAG:
		break;
	}
	if (json_is_boolean(value))
		return 0;
	snprintf(text, size, "%s must be true or false", arg->name);
	return -EINVAL;
}

/* Whether one of these is there; without any there is nothing to ask. */
static int check_one_of(const char *const *names, size_t max, const json_t *args, char *text,
			size_t size)
{
	size_t len = 0, n;

	for (n = 0; n < max && names[n]; n++) {
		const json_t *value = json_object_get(args, names[n]);

		if (value && !json_is_false(value))
			return 0;
	}
	for (size_t i = 0; i < n && len < size; i++) {
		const char *between = i + 1 == n ? " or " : ", ";

		len += (size_t)snprintf(text + len, size - len, "%s%s", i ? between : "", names[i]);
	}
	if (len && len < size)
		snprintf(text + len, size - len, " is missing");
	return n ? -EINVAL : 0;
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Whether the arguments that a command cannot do without are there. */
static int check_needed(const struct control_command *command, const json_t *args, char *text,
			size_t size)
{
	int err = check_one_of(command->one_of, COUNT(command->one_of), args, text, size);

	if (err)
		return err;
	return check_one_of(command->and_one_of, COUNT(command->and_one_of), args, text, size);
}

int control_args_check(const struct control_command *command, const json_t *args, char *text,
		       size_t size)
{
	const struct control_arg *arg;
	const char *name;
	json_t *value;
	int err;

	if (!args)
		return check_needed(command, NULL, text, size);
	if (!json_is_object(args)) {
		snprintf(text, size, "args must be an object");
		return -EINVAL;
	}
	json_object_foreach ((json_t *)args, name, value) {
		arg = control_arg_find(command, name);
		if (!arg) {
			snprintf(text, size, "%s has no argument %.64s", command->name, name);
			return -EINVAL;
		}
		err = control_arg_check(arg, value, text, size);
		if (err)
			return err;
	}
	return check_needed(command, args, text, size);
}
