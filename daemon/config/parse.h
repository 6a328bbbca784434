/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From files to sections with keys and values, all still text, each with its place.
 */
#pragma once

#include "config/fault.h"
#include "config/schema.h"

struct given_value {
	char *text;
	struct place place;
};

/* A key that was given. */
struct given {
	struct list node;
	const struct config_key *key;
	struct place place; /* of its first value */
	struct given_value *values;
	size_t n_values;
};

struct section {
	struct list node;
	enum config_section kind;
	char *title; /* NULL for the sections that have none */
	struct place place;
	struct list given;
};

/* A file that another one names, or a pattern of several. */
struct include {
	struct list node;
	struct place place;
	char pattern[];
};

struct parsed {
	struct list sources;
	struct list sections; /* in the order of the files */
	struct section *global;
	struct list includes; /* of struct include, to be read yet */
	struct faults *faults;
	unsigned int n_sources;
	/* Whether other files may be read; else what names one is a fault. */
	bool files;
	/* Not all was understood: what a section names may be in the rest. */
	bool incomplete;
};

/* Ends with faults->no_memory set when memory was out; parsed_fini() is due in any case. */
void parsed_init(struct parsed *parsed, struct faults *faults, bool files);
void parsed_fini(struct parsed *parsed);

/* Read a file and what it includes, or a text. What is wrong goes to the faults. */
void parse_file(struct parsed *parsed, const char *path);
void parse_text(struct parsed *parsed, const char *name, const char *text);

/* Takes part in no list yet. NULL after faults->no_memory was set. */
struct section *section_new(struct faults *faults, enum config_section kind, const char *title,
			    struct place place);
void section_free(struct section *section);
/* NULL if not given, or if there is no such section. */
struct given *section_given(const struct section *section, const char *key);
struct section *parsed_find(const struct parsed *parsed, enum config_section kind,
			    const char *title);
/* The path of a file that is named in another. To be freed with mem_free(). */
char *source_path(const struct source *source, const char *name, struct faults *faults);
