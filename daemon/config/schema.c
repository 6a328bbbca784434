/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is asked of the table of keys.
 */
#include "config/schema.h"

#include <stdio.h>
#include <string.h>
#include <sys/param.h>

#include "base/timer.h"

#define WORD_MAX 64

enum config_section schema_section(const char *name)
{
	for (enum config_section s = 0; s < SECTION_MAX; s++) {
		if (config_sections[s].name && strcmp(config_sections[s].name, name) == 0)
			return s;
	}
	return SECTION_MAX;
}

const struct config_key *schema_key(enum config_section section, const char *name)
{
	config_key_for_each (key) {
		if (key->sections & 1u << section && strcmp(key->name, name) == 0)
			return key;
	}
	return NULL;
}

/* Letters to add, drop or change to make one word of the other (Levenshtein). */
static size_t edit_distance(const char *a, const char *b)
{
	size_t len = strlen(b);
	size_t row[WORD_MAX + 1];

	if (strlen(a) > WORD_MAX || len > WORD_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= len; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < len; j++) {
			size_t change = diagonal + (a[i] != b[j]);

			diagonal = row[j + 1];
			row[j + 1] = MIN(change, MIN(diagonal, row[j]) + 1);
		}
	}
	return row[len];
}

struct guess guess_of(const char *written)
{
	size_t len = strlen(written);

	/* More than a third of the word wrong is another word, and so is nothing right. */
	return (struct guess){.written = written, .distance = MIN(len / 3 + 2, len)};
}

void guess_consider(struct guess *guess, const char *word)
{
	size_t distance = edit_distance(guess->written, word);

	if (distance < guess->distance) {
		guess->distance = distance;
		guess->meant = word;
	}
}

const char *schema_suggest_key(enum config_section section, const char *name)
{
	struct guess guess = guess_of(name);

	config_key_for_each (key) {
		if (key->sections & 1u << section && key->type != TYPE_REFUSED)
			guess_consider(&guess, key->name);
	}
	return guess.meant;
}

const char *schema_suggest_section(const char *name)
{
	struct guess guess = guess_of(name);

	for (enum config_section s = 0; s < SECTION_MAX; s++) {
		if (config_sections[s].name)
			guess_consider(&guess, config_sections[s].name);
	}
	return guess.meant;
}

static const char *time_format(int64_t usec, char text[static SCHEMA_TEXT_MAX])
{
	if (usec % USEC_PER_SEC)
		snprintf(text, SCHEMA_TEXT_MAX, "%lld ms", (long long)(usec / USEC_PER_MSEC));
	else
		snprintf(text, SCHEMA_TEXT_MAX, "%lld s", (long long)(usec / USEC_PER_SEC));
	return text;
}

const char *schema_limit(const struct config_key *key, int64_t limit,
			 char text[static SCHEMA_TEXT_MAX])
{
	if (key->type == TYPE_TIME || key->type == TYPE_MILLISECONDS)
		return time_format(limit, text);
	snprintf(text, SCHEMA_TEXT_MAX, key->flags & KEY_HEX && limit ? "0x%llx" : "%lld",
		 (long long)limit);
	return text;
}

static void describe_choices(const struct config_key *key, char text[static SCHEMA_TEXT_MAX])
{
	size_t len = (size_t)snprintf(text, SCHEMA_TEXT_MAX, "one of");

	for (const struct config_choice *c = key->choices; c->name && len < SCHEMA_TEXT_MAX; c++)
		len += (size_t)snprintf(text + len, SCHEMA_TEXT_MAX - len, "%s %s",
					c == key->choices ? "" : ",", c->name);
}

static void describe_range(const struct config_key *key, const char *what,
			   char text[static SCHEMA_TEXT_MAX])
{
	char min[SCHEMA_TEXT_MAX], max[SCHEMA_TEXT_MAX];

	snprintf(text, SCHEMA_TEXT_MAX, "%s from %.32s to %.32s", what,
		 schema_limit(key, key->min, min), schema_limit(key, key->max, max));
}

const char *schema_describe(const struct config_key *key, char text[static SCHEMA_TEXT_MAX])
{
	switch (key->type) {
	case TYPE_YES_NO:
		return strcpy(text, "yes or no");
	case TYPE_NUMBER:
		describe_range(key, "a number", text);
		return text;
	case TYPE_SPEED:
		return strcpy(text, "a number of bit/s below 4295M, which may end in k, M or G");
	case TYPE_TIME:
		describe_range(key, "a time", text);
		return text;
	case TYPE_MILLISECONDS:
		describe_range(key, "a time", text);
		return strcat(text, ", in milliseconds");
	case TYPE_TEXT:
		snprintf(text, SCHEMA_TEXT_MAX, "a text of at most %lld characters",
			 (long long)key->max);
		return text;
	case TYPE_PATH:
		snprintf(text, SCHEMA_TEXT_MAX, "a path that begins with /%s%s",
			 key->choices ? ", or " : "", key->choices ? key->choices->name : "");
		return text;
	case TYPE_FILE:
		return strcpy(text,
			      key->flags & KEY_LIST ? "names of files" : "the name of a file");
	case TYPE_HOST:
		return strcpy(text, "an address or a host name");
	case TYPE_ADDRESS:
		return strcpy(text, "an IPv4 or IPv6 address");
	case TYPE_IPV4:
		return strcpy(text, key->flags & KEY_LIST ? "IPv4 addresses" : "an IPv4 address");
	case TYPE_PREFIX:
		return strcpy(text, "addresses, or prefixes such as 192.0.2.0/24");
	case TYPE_CHOICE:
		describe_choices(key, text);
		return text;
	case TYPE_NAME:
		snprintf(text, SCHEMA_TEXT_MAX, "the name of a %s section",
			 config_sections[key->names].name);
		return text;
	case TYPE_WORDS:
		return strcpy(text, "texts");
	case TYPE_REFUSED:
		break;
	}
	return strcpy(text, "refused");
}
