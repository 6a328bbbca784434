/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ppp section: keys become words for pppd's command line.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "config/build.h"
#include "config/value.h"

static void add_word(struct builder *b, struct ppp_profile *profile, const char *before,
		     const char *word)
{
	size_t len = strlen(before);
	char *text = room_for(b->faults, len + strlen(word) + 1);

	if (!text)
		return;
	strcpy(text, before);
	strcpy(text + len, word);
	if (ppp_profile_add(profile, text) < 0)
		b->faults->no_memory = true;
	mem_free(text);
}

void ppp_add_option(struct builder *b, struct ppp_profile *profile, const struct config_key *key,
		    const char *value)
{
	size_t len = strlen(key->option);

	if (key->type == TYPE_YES_NO) {
		add_word(b, profile, value, key->option);
	} else if (key->option[len - 1] == '-') {
		add_word(b, profile, key->option, value);
	} else {
		add_word(b, profile, "", key->option);
		add_word(b, profile, "", value);
	}
}

/* pppd takes both addresses as one word, "local:remote", either of which may be empty. */
void ppp_set_address(struct builder *b, void *object, const struct given *given,
		     const struct given_value *value)
{
	struct ppp_profile *profile = object;
	bool local = strcmp(given->key->name, "local_address") == 0;
	char text[2 * ADDR_TEXT_MAX + 1] = "";
	char *pair;
	struct addr addr;

	if (addr_parse(value->text, &addr) < 0 || addr.family != ADDR_IPV4) {
		build_fault(b, given, value, "must be an IPv4 address");
		return;
	}
	addr_format_host(&addr, text);
	if (local) {
		strcat(text, ":");
		add_word(b, profile, "", text);
		return;
	}
	pair = profile->n_options ? profile->options[profile->n_options - 1] : NULL;
	if (!pair || pair[strlen(pair) - 1] != ':') {
		add_word(b, profile, ":", text);
		return;
	}
	profile->n_options--;
	add_word(b, profile, pair, text);
	mem_free(pair);
}

void ppp_set_options(struct builder *b, void *object, const struct given *given,
		     const struct given_value *value)
{
	char *word = room_for(b->faults, strlen(value->text) + 1);
	const char *rest = value->text;
	int more;

	if (!word)
		return;
	while ((more = value_next_word(&rest, word)) > 0) {
		if (strcmp(word, "password") == 0) {
			build_fault(b, given, value, "password: %s",
				    schema_key(SECTION_PPP, "password")->help);
			break;
		}
		add_word(b, object, "", word);
	}
	if (more < 0)
		build_fault(b, given, value, "a quote is never closed");
	explicit_bzero(word, strlen(value->text));
	mem_free(word);
}

/* pppd runs in another folder: the path is made absolute. */
void ppp_set_options_file(struct builder *b, void *object, const struct given *given,
			  const struct given_value *value)
{
	struct ppp_profile *profile = object;
	char *path, *absolute = NULL;

	if (!b->parsed->files) {
		build_fault(b, given, value, "no file can be read from here");
		return;
	}
	path = source_path(value->place.source, value->text, b->faults);
	if (!path)
		return;
	absolute = realpath(path, NULL);
	if (absolute && access(absolute, R_OK) == 0) {
		mem_free(profile->options_file);
		profile->options_file = text_dup(b->faults, absolute);
	} else {
		build_fault(b, given, value, "cannot read: %s", strerror(errno));
	}
	free(absolute);
	mem_free(path);
}
