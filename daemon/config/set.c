/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One value: read by its type, held against its limits, put where the table says.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "config/build.h"
#include "config/value.h"

/* "peer lns1: ", and nothing for what stands outside of sections. Returns its length. */
static size_t section_prefix(const struct section *section, char text[static SCHEMA_TEXT_MAX])
{
	const char *name = config_sections[section->kind].name;

	text[0] = '\0';
	if (!name)
		return 0;
	if (section->title)
		return (size_t)snprintf(text, SCHEMA_TEXT_MAX, "%s %.64s: ", name, section->title);
	return (size_t)snprintf(text, SCHEMA_TEXT_MAX, "%s: ", name);
}

void build_fault(struct builder *b, const struct given *given, const struct given_value *value,
		 const char *format, ...)
{
	char prefix[SCHEMA_TEXT_MAX];
	size_t len = section_prefix(b->section, prefix);
	va_list args;

	if (value && !(given->key->flags & KEY_SECRET))
		snprintf(prefix + len, sizeof(prefix) - len, "%s = %.64s: ", given->key->name,
			 value->text);
	else
		snprintf(prefix + len, sizeof(prefix) - len, "%s: ", given->key->name);
	va_start(args, format);
	fault_addv(b->faults, value ? value->place : given->place, prefix, format, args);
	va_end(args);
}

void build_section_fault(struct builder *b, const struct section *section, const char *format, ...)
{
	char prefix[SCHEMA_TEXT_MAX];
	va_list args;

	section_prefix(section, prefix);
	va_start(args, format);
	fault_addv(b->faults, section->place, prefix, format, args);
	va_end(args);
}

static void wrong_value(struct builder *b, const struct given *given,
			const struct given_value *value)
{
	char text[SCHEMA_TEXT_MAX];

	build_fault(b, given, value, "must be %s", schema_describe(given->key, text));
}

static void store_number(const struct config_key *key, void *object, int64_t number)
{
	void *member = (char *)object + key->offset;

	switch (key->size) {
	case 1:
		*(uint8_t *)member = (uint8_t)number;
		break;
	case 2:
		*(uint16_t *)member = (uint16_t)number;
		break;
	case 4:
		*(uint32_t *)member = (uint32_t)number;
		break;
	case 8:
		*(int64_t *)member = number;
		break;
	}
}

static void store_text(struct builder *b, const struct config_key *key, void *object,
		       const char *text)
{
	char **member = (char **)((char *)object + key->offset);
	char *copy;

	if (key->option) {
		ppp_add_option(b, object, key, text);
		return;
	}
	/* A key that is only looked at, such as the peer of a tunnel. */
	if (!key->size)
		return;
	copy = text_dup(b->faults, text);
	if (!copy)
		return;
	mem_free(*member);
	*member = copy;
}

static void set_yes_no(struct builder *b, void *object, const struct given *given,
		       const struct given_value *value)
{
	bool yes;

	if (value_yes_no(value->text, &yes) < 0)
		wrong_value(b, given, value);
	else if (given->key->option)
		ppp_add_option(b, object, given->key, yes ? "" : "no");
	else
		store_number(given->key, object, yes);
}

static int read_number(const struct config_key *key, const char *text, int64_t *ret)
{
	if (key->type == TYPE_TIME)
		return value_time(text, USEC_PER_SEC, ret);
	if (key->type == TYPE_MILLISECONDS)
		return value_time(text, USEC_PER_MSEC, ret);
	if (key->type == TYPE_SPEED)
		return value_speed(text, ret);
	return value_number(text, ret);
}

static void set_number(struct builder *b, void *object, const struct given *given,
		       const struct given_value *value)
{
	const struct config_key *key = given->key;
	char text[SCHEMA_TEXT_MAX];
	int64_t number;
	int err = read_number(key, value->text, &number);

	if (err == -ERANGE || (!err && number > key->max)) {
		build_fault(b, given, value, "at most %s", schema_limit(key, key->max, text));
	} else if (err) {
		wrong_value(b, given, value);
	} else if (number < key->min) {
		build_fault(b, given, value, "at least %s", schema_limit(key, key->min, text));
	} else if (key->option) {
		snprintf(text, sizeof(text), "%lld", (long long)number);
		ppp_add_option(b, object, key, text);
	} else {
		store_number(key, object,
			     key->type == TYPE_MILLISECONDS ? number / USEC_PER_MSEC : number);
	}
}

static const struct config_choice *find_choice(const struct config_key *key, const char *text)
{
	for (const struct config_choice *choice = key->choices; choice && choice->name; choice++) {
		if (strcmp(choice->name, text) == 0)
			return choice;
	}
	return NULL;
}

bool build_text(struct builder *b, const struct given *given, const struct given_value *value)
{
	const struct config_key *key = given->key;
	int64_t len = (int64_t)strlen(value->text);
	bool ok = true;

	if (!len) {
		build_fault(b, given, value, "is empty; leave the key out");
		return false;
	}
	if (key->type == TYPE_PATH)
		ok = *value->text == '/' || find_choice(key, value->text);
	else if (key->type == TYPE_HOST)
		ok = value_host(value->text) == 0;
	if (!ok)
		wrong_value(b, given, value);
	else if (len > key->max)
		build_fault(b, given, value, "at most %lld characters", (long long)key->max);
	return ok && len <= key->max;
}

static void set_text(struct builder *b, void *object, const struct given *given,
		     const struct given_value *value)
{
	if (build_text(b, given, value))
		store_text(b, given->key, object, value->text);
}

static void set_address(struct builder *b, void *object, const struct given *given,
			const struct given_value *value)
{
	const struct config_key *key = given->key;
	struct addr *member = (struct addr *)((char *)object + key->offset);
	struct addr addr;

	if (addr_parse(value->text, &addr) < 0 ||
	    (key->type == TYPE_IPV4 && addr.family != ADDR_IPV4)) {
		wrong_value(b, given, value);
	} else if (key->option) {
		ppp_add_option(b, object, key, value->text);
	} else {
		addr.port = member->port;
		*member = addr;
	}
}

bool build_choice(struct builder *b, const struct given *given, const struct given_value *value,
		  int *ret)
{
	const struct config_choice *choice = find_choice(given->key, value->text);

	if (!choice) {
		wrong_value(b, given, value);
		return false;
	}
	*ret = choice->value;
	return true;
}

static void set_choice(struct builder *b, void *object, const struct given *given,
		       const struct given_value *value)
{
	int choice;

	if (!build_choice(b, given, value, &choice))
		return;
	if (given->key->option)
		ppp_add_option(b, object, given->key, value->text);
	else
		store_number(given->key, object, choice);
}

bool build_names(struct builder *b, const struct given *given, const struct given_value *value)
{
	const char *kind = config_sections[given->key->names].name;
	struct guess guess = guess_of(value->text);
	const struct section *section;

	if (parsed_find(b->parsed, given->key->names, value->text))
		return true;
	if (b->parsed->incomplete)
		return false;
	list_for_each (section, &b->parsed->sections, node) {
		if (section->kind == given->key->names && section->title)
			guess_consider(&guess, section->title);
	}
	if (guess.meant)
		build_fault(b, given, value,
			    "there is no %s section of this name; did you mean %s?", kind,
			    guess.meant);
	else
		build_fault(b, given, value, "there is no %s section of this name", kind);
	return false;
}

static void set_name(struct builder *b, void *object, const struct given *given,
		     const struct given_value *value)
{
	if (build_names(b, given, value))
		store_text(b, given->key, object, value->text);
}

static void set_value(struct builder *b, void *object, const struct given *given,
		      const struct given_value *value)
{
	if (given->key->set) {
		given->key->set(b, object, given, value);
		return;
	}
	switch (given->key->type) {
	case TYPE_YES_NO:
		set_yes_no(b, object, given, value);
		break;
	case TYPE_NUMBER:
	case TYPE_SPEED:
	case TYPE_TIME:
	case TYPE_MILLISECONDS:
		set_number(b, object, given, value);
		break;
	case TYPE_TEXT:
	case TYPE_PATH:
	case TYPE_HOST:
		set_text(b, object, given, value);
		break;
	case TYPE_ADDRESS:
	case TYPE_IPV4:
		set_address(b, object, given, value);
		break;
	case TYPE_CHOICE:
		set_choice(b, object, given, value);
		break;
	case TYPE_NAME:
		set_name(b, object, given, value);
		break;
	case TYPE_REFUSED:
		build_fault(b, given, NULL, "%s", given->key->help);
		break;
	/* These have functions; an include was done while reading. */
	case TYPE_FILE:
	case TYPE_PREFIX:
	case TYPE_WORDS:
		break;
	}
}

static void set_given(struct builder *b, void *object, const struct given *given)
{
	const struct config_key *key = given->key;
	size_t most = key->flags & KEY_LIST ? key->most : 1;

	if (most && given->n_values > most) {
		build_fault(b, given, NULL, "takes %zu value%s, not %zu", most,
			    most == 1 ? "" : "s at most", given->n_values);
		return;
	}
	for (size_t i = 0; i < given->n_values; i++)
		set_value(b, object, given, &given->values[i]);
}

void build_values(struct builder *b, const struct section *section,
		  void *const objects[static SECTION_MAX])
{
	b->section = section;
	config_key_for_each (key) {
		const struct given *given;

		if (!(key->sections & 1u << section->kind) || !objects[key->target])
			continue;
		given = section_given(section, key->name);
		if (given)
			set_given(b, objects[key->target], given);
		else if (key->flags & KEY_REQUIRED)
			build_section_fault(b, section, "%s is missing", key->name);
	}
}

void build_standard(struct builder *b, const struct config_key *key, void *object)
{
	struct given_value value = {.text = (char *)key->standard};
	struct given given = {.key = key, .values = &value, .n_values = 1};

	set_value(b, object, &given, &value);
}
