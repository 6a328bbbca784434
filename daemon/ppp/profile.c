/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Profiles: the `ppp` sections of the configuration, shared by the configuration that names them
 * and by whoever still uses one that a reload has taken out.
 */
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "ppp/pppd.h"

struct ppp_profile *ppp_profile_new(const char *name)
{
	struct ppp_profile *profile = mem_alloc(sizeof(*profile));

	if (!profile)
		return NULL;
	list_init(&profile->node);
	profile->refs = 1;
	profile->name = text_new(bytes_str(name));
	if (!profile->name) {
		mem_free(profile);
		return NULL;
	}
	return profile;
}

int ppp_profile_add(struct ppp_profile *profile, const char *word)
{
	char **options;
	char *copy = text_new(bytes_str(word));

	if (!copy)
		return -ENOMEM;
	options = mem_resize(profile->options, (profile->n_options + 1) * sizeof(*options));
	if (!options) {
		mem_free(copy);
		return -ENOMEM;
	}
	options[profile->n_options++] = copy;
	profile->options = options;
	return 0;
}

struct ppp_profile *ppp_profile_ref(struct ppp_profile *profile)
{
	profile->refs++;
	return profile;
}

void ppp_profile_unref(struct ppp_profile *profile)
{
	if (!profile || --profile->refs)
		return;
	list_remove(&profile->node);
	for (size_t i = 0; i < profile->n_options; i++)
		mem_free(profile->options[i]);
	mem_free(profile->options);
	mem_free(profile->options_file);
	mem_free(profile->name);
	mem_free(profile);
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

bool ppp_profile_same(const struct ppp_profile *a, const struct ppp_profile *b)
{
	if (!same_text(a->name, b->name) || !same_text(a->options_file, b->options_file) ||
	    a->n_options != b->n_options)
		return false;
	for (size_t i = 0; i < a->n_options; i++)
		if (strcmp(a->options[i], b->options[i]) != 0)
			return false;
	return true;
}
