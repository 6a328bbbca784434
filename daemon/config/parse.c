/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files and what they include, read one after the other into one list of sections.
 */
#include "config/parse.h"

#include <errno.h>
#include <glob.h>
#include <string.h>

#include "base/mem.h"
#include "config/reader.h"
#include "config/text.h"

struct section *section_new(struct faults *faults, enum config_section kind, const char *title,
			    struct place place)
{
	struct section *section = room_for(faults, sizeof(*section));

	if (!section)
		return NULL;
	list_init(&section->node);
	list_init(&section->given);
	section->kind = kind;
	section->place = place;
	if (title) {
		section->title = text_dup(faults, title);
		if (!section->title) {
			mem_free(section);
			return NULL;
		}
	}
	return section;
}

struct given *section_given(const struct section *section, const char *key)
{
	struct given *given;

	if (!section)
		return NULL;
	list_for_each (given, &section->given, node) {
		if (strcmp(given->key->name, key) == 0)
			return given;
	}
	return NULL;
}

static void text_wipe(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	mem_free(text);
}

static void given_free(struct given *given)
{
	for (size_t i = 0; i < given->n_values; i++)
		text_wipe(given->values[i].text);
	mem_free(given->values);
	list_remove(&given->node);
	mem_free(given);
}

void section_free(struct section *section)
{
	struct given *given, *after;

	if (!section)
		return;
	list_for_each_safe (given, after, &section->given, node)
		given_free(given);
	list_remove(&section->node);
	mem_free(section->title);
	mem_free(section);
}

struct section *parsed_find(const struct parsed *parsed, enum config_section kind,
			    const char *title)
{
	struct section *section;

	list_for_each (section, &parsed->sections, node) {
		if (section->kind == kind && section->title && strcmp(section->title, title) == 0)
			return section;
	}
	return NULL;
}

static struct source *source_add(struct parsed *parsed, const char *name)
{
	struct source *source = room_for(parsed->faults, sizeof(*source) + strlen(name) + 1);

	if (!source)
		return NULL;
	strcpy(source->name, name);
	source->order = parsed->n_sources++;
	list_append(&parsed->sources, &source->node);
	return source;
}

static bool source_is_new(const struct parsed *parsed, const struct source *source)
{
	const struct source *other;

	list_for_each (other, &parsed->sources, node) {
		if (other != source && other->device == source->device &&
		    other->inode == source->inode)
			return false;
	}
	return true;
}

char *source_path(const struct source *source, const char *name, struct faults *faults)
{
	const char *slash = strrchr(source->name, '/');
	size_t folder = slash && *name != '/' ? (size_t)(slash + 1 - source->name) : 0;
	char *path = room_for(faults, folder + strlen(name) + 1);

	if (!path)
		return NULL;
	memcpy(path, source->name, folder);
	strcpy(path + folder, name);
	return path;
}

/* `include` is what named the file, NULL for the first one. */
static void read_file(struct parsed *parsed, const char *path, const struct include *include)
{
	struct source *source = source_add(parsed, path);
	char *text;
	int err;

	if (!source)
		return;
	err = text_read(path, source, &text);
	if (err == -ENOMEM) {
		parsed->faults->no_memory = true;
		return;
	}
	if (err) {
		parsed->incomplete = true;
		if (include)
			fault_add(parsed->faults, include->place, "include = %s: cannot read: %s",
				  path, strerror(-err));
		else
			fault_add(parsed->faults, (struct place){source, 0}, "cannot read: %s",
				  strerror(-err));
		return;
	}
	if (source_is_new(parsed, source))
		reader_read(parsed, source, text);
	else
		fault_add(parsed->faults, include->place, "include = %s: was read before", path);
	text_wipe(text);
}

static void read_include(struct parsed *parsed, const struct include *include)
{
	char *pattern;
	glob_t found;
	int err;

	if (!parsed->files) {
		fault_add(parsed->faults, include->place, "include: no file can be read from here");
		parsed->incomplete = true;
		return;
	}
	pattern = source_path(include->place.source, include->pattern, parsed->faults);
	if (!pattern)
		return;
	/* A pattern may match nothing; what is none comes back as it is, to be missed when read. */
	err = glob(pattern, GLOB_NOMAGIC, NULL, &found);
	if (err == GLOB_NOSPACE)
		parsed->faults->no_memory = true;
	if (!err) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			read_file(parsed, found.gl_pathv[i], include);
	}
	globfree(&found);
	mem_free(pattern);
}

static void read_includes(struct parsed *parsed)
{
	struct include *include;

	while ((include = list_first(&parsed->includes, struct include, node)) &&
	       !parsed->faults->no_memory) {
		list_remove(&include->node);
		read_include(parsed, include);
		mem_free(include);
	}
}

void parse_file(struct parsed *parsed, const char *path)
{
	if (!parsed->global)
		return;
	read_file(parsed, path, NULL);
	read_includes(parsed);
}

void parse_text(struct parsed *parsed, const char *name, const char *text)
{
	struct source *source = parsed->global ? source_add(parsed, name) : NULL;
	char *copy = source ? text_dup(parsed->faults, text) : NULL;

	if (!copy)
		return;
	reader_read(parsed, source, copy);
	text_wipe(copy);
	read_includes(parsed);
}

void parsed_init(struct parsed *parsed, struct faults *faults, bool files)
{
	*parsed = (struct parsed){.faults = faults, .files = files};
	list_init(&parsed->sources);
	list_init(&parsed->sections);
	list_init(&parsed->includes);
	parsed->global = section_new(faults, SECTION_GLOBAL, NULL, (struct place){0});
}

void parsed_fini(struct parsed *parsed)
{
	struct section *section, *after_section;
	struct source *source, *after_source;
	struct include *include, *after_include;

	list_for_each_safe (section, after_section, &parsed->sections, node)
		section_free(section);
	section_free(parsed->global);
	list_for_each_safe (source, after_source, &parsed->sources, node) {
		list_remove(&source->node);
		mem_free(source);
	}
	list_for_each_safe (include, after_include, &parsed->includes, node) {
		list_remove(&include->node);
		mem_free(include);
	}
}
