/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libconfuse reads the syntax; its callbacks collect what was given, and where.
 *
 * Every key is declared to it as a list of texts, and read by a callback that never fails: so it
 * goes on after a bad value. It does not go on after a name that it does not know. Such a name is
 * declared too, as one to complain about, and the text read again, until nothing new comes up;
 * only then is anything collected.
 */
#include "config/reader.h"

#include <confuse.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "config/text.h"

/* Who misspells more than this has other worries. */
#define UNKNOWN_MAX 100

struct unknown {
	struct list node;
	enum config_section section;
	unsigned int line; /* where it was met first */
	char name[];
};

struct reader {
	struct parsed *parsed;
	struct faults *faults;
	const struct source *source;
	struct section_lines lines;
	struct list unknown;
	unsigned int n_unknown;
	bool found_unknown;
	/* Else it is looked for unknown names only. */
	bool collecting;
	/* The section that is open, NULL outside; how many were before it. */
	struct section *open;
	size_t n_sections;
	/* The last key, if its value is not to be shown: what follows may be the rest of it. */
	const struct config_key *secret;
	unsigned int secret_line;
};

/* libconfuse hands its callbacks nothing of ours, and its scanner is one for all anyway. */
static struct reader *reader;

static enum config_section section_of(const cfg_t *cfg)
{
	enum config_section section = schema_section(cfg->name);

	return section == SECTION_MAX ? SECTION_GLOBAL : section;
}

static struct place place_here(const cfg_t *cfg)
{
	return (struct place){reader->source, (unsigned int)cfg->line};
}

/* The section that libconfuse is in, made at the first we hear of it. */
static struct section *section_open(enum config_section kind, const char *title)
{
	struct place place = {reader->source, 0};

	if (kind == SECTION_GLOBAL)
		return reader->parsed->global;
	if (reader->open)
		return reader->open;
	if (reader->n_sections < reader->lines.count)
		place.line = reader->lines.lines[reader->n_sections];
	reader->open = section_new(reader->faults, kind, title, place);
	if (reader->open)
		list_append(&reader->parsed->sections, &reader->open->node);
	return reader->open;
}

/* "peer lns1: ", or nothing for what is outside of sections. */
static const char *where(const cfg_t *cfg, char text[static SCHEMA_TEXT_MAX])
{
	if (section_of(cfg) == SECTION_GLOBAL)
		text[0] = '\0';
	else if (cfg->title)
		snprintf(text, SCHEMA_TEXT_MAX, "%s %.64s: ", cfg->name, cfg->title);
	else
		snprintf(text, SCHEMA_TEXT_MAX, "%s: ", cfg->name);
	return text;
}

/* What follows a secret may be the rest of it, written without quotes: it is not told. */
static bool tail_of_secret(cfg_t *cfg, unsigned int line)
{
	char text[SCHEMA_TEXT_MAX];

	if (!reader->secret || reader->secret_line != line)
		return false;
	fault_add(reader->faults, (struct place){reader->source, line},
		  "%s%s: something follows the value; write it in single quotes", where(cfg, text),
		  reader->secret->name);
	return true;
}

/* Where else a key could stand, as "in peer, tunnel". */
static void other_sections(const char *name, char text[static SCHEMA_TEXT_MAX])
{
	size_t len = 0;

	text[0] = '\0';
	if (schema_key(SECTION_GLOBAL, name))
		len = (size_t)snprintf(text, SCHEMA_TEXT_MAX, "outside of sections");
	for (enum config_section s = SECTION_GLOBAL + 1; s < SECTION_MAX; s++) {
		bool first = !strstr(text, "in ");

		if (!schema_key(s, name))
			continue;
		len += (size_t)snprintf(text + len, SCHEMA_TEXT_MAX - len, "%s%s%s",
					len ? ", " : "", first ? "in " : "",
					config_sections[s].name);
	}
}

static void unknown_key(cfg_t *cfg, const char *name)
{
	const char *meant = schema_suggest_key(section_of(cfg), name);
	char prefix[SCHEMA_TEXT_MAX], others[SCHEMA_TEXT_MAX];

	if (tail_of_secret(cfg, (unsigned int)cfg->line))
		return;
	where(cfg, prefix);
	other_sections(name, others);
	if (others[0])
		fault_add(reader->faults, place_here(cfg),
			  "%s%.64s: no such key here; it belongs %s", prefix, name, others);
	else if (meant)
		fault_add(reader->faults, place_here(cfg), "%s%.64s: no such key; did you mean %s?",
			  prefix, name, meant);
	else
		fault_add(reader->faults, place_here(cfg), "%s%.64s: no such key", prefix, name);
}

/* A name without = behind it, which would be a section if there were one of that name. */
static void unknown_section(cfg_t *cfg, const struct unknown *unknown)
{
	const char *meant = schema_suggest_section(unknown->name);
	struct place place = {reader->source, unknown->line};
	char prefix[SCHEMA_TEXT_MAX];

	if (tail_of_secret(cfg, unknown->line))
		return;
	where(cfg, prefix);
	if (schema_section(unknown->name) != SECTION_MAX)
		fault_add(reader->faults, place,
			  "%s%s is a section of its own: is a } missing before it?", prefix,
			  unknown->name);
	else if (reader->secret)
		fault_add(reader->faults, place, "%sa word without = after it", prefix);
	else if (section_of(cfg) != SECTION_GLOBAL)
		fault_add(reader->faults, place, "%s%.64s: = is missing after it", prefix,
			  unknown->name);
	else if (meant)
		fault_add(reader->faults, place, "%.64s: no such section; did you mean %s?",
			  unknown->name, meant);
	else
		fault_add(reader->faults, place, "%.64s: no such section", unknown->name);
}

static void given_add_value(struct given *given, const char *text, struct place place)
{
	struct given_value *values;
	char *copy = text_dup(reader->faults, text);

	if (!copy)
		return;
	values = mem_resize(given->values, (given->n_values + 1) * sizeof(*values));
	if (!values) {
		reader->faults->no_memory = true;
		mem_free(copy);
		return;
	}
	values[given->n_values++] = (struct given_value){copy, place};
	given->values = values;
}

static void collect(struct section *section, const struct config_key *key, const char *text,
		    bool again, cfg_t *cfg)
{
	struct given *given = section_given(section, key->name);
	char prefix[SCHEMA_TEXT_MAX];

	if (given && again) {
		fault_add(reader->faults, place_here(cfg), "%s%s: was given before, in line %u",
			  where(cfg, prefix), key->name, given->place.line);
		return;
	}
	if (!given) {
		given = room_for(reader->faults, sizeof(*given));
		if (!given)
			return;
		given->key = key;
		given->place = place_here(cfg);
		list_append(&section->given, &given->node);
	}
	given_add_value(given, text, place_here(cfg));
}

static void include_later(cfg_t *cfg, const char *pattern)
{
	struct include *include = room_for(reader->faults, sizeof(*include) + strlen(pattern) + 1);

	if (!include)
		return;
	include->place = place_here(cfg);
	strcpy(include->pattern, pattern);
	list_append(&reader->parsed->includes, &include->node);
}

static int on_value(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	enum config_section kind = section_of(cfg);
	const struct config_key *key = schema_key(kind, opt->name);
	struct section *section;

	/* It keeps no value: a secret would stay in its memory. */
	*(const char **)result = "";
	if (!reader->collecting)
		return 0;
	section = section_open(kind, cfg->title);
	if (!section)
		return 0;
	if (!key)
		unknown_key(cfg, opt->name);
	else if (key->type == TYPE_FILE && kind == SECTION_GLOBAL)
		include_later(cfg, value);
	else
		collect(section, key, value, opt->nvalues == 1, cfg);
	reader->secret = key && key->flags & KEY_SECRET ? key : NULL;
	reader->secret_line = (unsigned int)cfg->line;
	return 0;
}

/* "key = {}" sets nothing, and for the addresses of a peer that would be: everybody. */
static void find_empty_lists(cfg_t *cfg)
{
	char prefix[SCHEMA_TEXT_MAX];

	for (const cfg_opt_t *opt = cfg->opts; opt->name; opt++) {
		if (opt->type == CFGT_STR && opt->flags & CFGF_MODIFIED && !opt->nvalues)
			fault_add(reader->faults, place_here(cfg),
				  "%s%s = {}: is empty; leave the key out", where(cfg, prefix),
				  opt->name);
	}
}

/*
 * The section that was closed: the last one, or, after a title that was there before, the one that
 * libconfuse replaced in its place.
 */
static cfg_t *section_closed(const cfg_t *cfg, cfg_opt_t *opt)
{
	unsigned int last = cfg_opt_size(opt) - 1;

	for (unsigned int i = 0; i < last; i++) {
		if (cfg_opt_getnsec(opt, last - i)->line == cfg->line)
			return cfg_opt_getnsec(opt, last - i);
	}
	return cfg_opt_getnsec(opt, 0);
}

static int on_section_end(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *section = section_closed(cfg, opt);

	if (!reader->collecting)
		return 0;
	section_open(section_of(section), section->title);
	find_empty_lists(section);
	reader->open = NULL;
	reader->n_sections++;
	reader->secret = NULL;
	return 0;
}

static const struct unknown *unknown_find(enum config_section section, const char *name)
{
	const struct unknown *unknown;

	list_for_each (unknown, &reader->unknown, node) {
		if (unknown->section == section && strcmp(unknown->name, name) == 0)
			return unknown;
	}
	return NULL;
}

static void unknown_add(const cfg_t *cfg, const char *name)
{
	enum config_section section = section_of(cfg);
	struct unknown *unknown;

	if (unknown_find(section, name) || schema_key(section, name) ||
	    reader->n_unknown == UNKNOWN_MAX)
		return;
	unknown = room_for(reader->faults, sizeof(*unknown) + strlen(name) + 1);
	if (!unknown)
		return;
	unknown->section = section;
	unknown->line = (unsigned int)cfg->line;
	strcpy(unknown->name, name);
	list_append(&reader->unknown, &unknown->node);
	reader->n_unknown++;
	reader->found_unknown = true;
}

/* What libconfuse says, by its format, and how we say it. Each has one argument or none. */
static const struct {
	const char *theirs;
	const char *ours;
	bool argument;
} messages[] = {
	{"missing equal sign after option '%s'", ": = is missing after it", true},
	{"missing title for section '%s'", ": its name is missing, as in: NAME { ... }", true},
	{"missing opening brace for section '%s'", ": { is missing after it", true},
	{"no such option '%s'", ": no such key", true},
	{"unexpected closing brace", "this } closes nothing", false},
	{"premature end of file", "the file ends too early", false},
};

__attribute__((format(printf, 2, 0))) static void syntax_fault(cfg_t *cfg, const char *format,
							       va_list args)
{
	char prefix[SCHEMA_TEXT_MAX], text[SCHEMA_TEXT_MAX];

	if (tail_of_secret(cfg, (unsigned int)cfg->line))
		return;
	where(cfg, prefix);
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		if (strcmp(format, messages[i].theirs) != 0)
			continue;
		fault_add(reader->faults, place_here(cfg), "%s%.64s%s", prefix,
			  messages[i].argument ? va_arg(args, const char *) : "", messages[i].ours);
		return;
	}
	/* The rest, of which "unexpected token" is one, may hold a part of a value. */
	vsnprintf(text, sizeof(text), format, args);
	fault_add(reader->faults, place_here(cfg), "%s%.128s", prefix,
		  reader->secret ? "syntax error after a value that is not shown" : text);
}

__attribute__((format(printf, 2, 0))) static void on_error(cfg_t *cfg, const char *format,
							   va_list args)
{
	bool no_such = strcmp(format, "no such option '%s'") == 0;
	bool no_equal = strcmp(format, "missing equal sign after option '%s'") == 0;
	const struct unknown *unknown = NULL;
	const char *name = NULL;
	va_list copy;

	if (no_such || no_equal) {
		va_copy(copy, args);
		name = va_arg(copy, const char *);
		va_end(copy);
	}
	if (!reader->collecting) {
		if (no_such)
			unknown_add(cfg, name);
		return;
	}
	if (no_equal)
		unknown = unknown_find(section_of(cfg), name);
	if (unknown)
		unknown_section(cfg, unknown);
	else
		syntax_fault(cfg, format, args);
}

/* The keys of a section as libconfuse wants them, with room for `more` and the end. */
static cfg_opt_t *declare_keys(enum config_section section, size_t more)
{
	size_t room = config_key_count() + reader->n_unknown + more + 1;
	cfg_opt_t *opts = room_for(reader->faults, room * sizeof(*opts));
	const struct unknown *unknown;
	size_t n = 0;

	if (!opts)
		return NULL;
	config_key_for_each (key) {
		if (key->sections & 1u << section)
			opts[n++] = (cfg_opt_t)CFG_STR_LIST_CB(key->name, NULL, CFGF_NODEFAULT,
							       on_value);
	}
	list_for_each (unknown, &reader->unknown, node) {
		if (unknown->section == section)
			opts[n++] = (cfg_opt_t)CFG_STR_LIST_CB(unknown->name, NULL, CFGF_NODEFAULT,
							       on_value);
	}
	/* The rest is zero, which ends them. */
	return opts;
}

/* Everything, to be copied by cfg_init(). */
static cfg_t *declare(void)
{
	cfg_opt_t *opts[SECTION_MAX] = {NULL};
	cfg_opt_t *end;
	cfg_t *cfg = NULL;

	for (enum config_section s = 0; s < SECTION_MAX; s++) {
		opts[s] = declare_keys(s, s == SECTION_GLOBAL ? SECTION_MAX : 0);
		if (!opts[s])
			goto out;
	}
	end = opts[SECTION_GLOBAL];
	while (end->name)
		end++;
	for (enum config_section s = SECTION_GLOBAL + 1; s < SECTION_MAX; s++, end++) {
		cfg_flag_t flags = CFGF_MULTI;

		if (config_sections[s].titled)
			flags |= CFGF_TITLE;
		*end = (cfg_opt_t)CFG_SEC(config_sections[s].name, opts[s], flags);
		end->validcb = on_section_end;
	}
	cfg = cfg_init(opts[SECTION_GLOBAL], CFGF_NONE);
	if (!cfg)
		reader->faults->no_memory = true;
out:
	for (enum config_section s = 0; s < SECTION_MAX; s++)
		mem_free(opts[s]);
	return cfg;
}

/* There may be more: what is half known is dropped, and what is missing is no fault. */
static void break_off(void)
{
	reader->parsed->incomplete = true;
	section_free(reader->open);
	reader->open = NULL;
}

/* One walk of libconfuse over the text. */
static void walk_text(const char *text, bool collecting)
{
	cfg_t *cfg = declare();
	bool understood;

	if (!cfg)
		return;
	reader->collecting = collecting;
	reader->found_unknown = false;
	cfg_set_error_function(cfg, on_error);
	understood = cfg_parse_buf(cfg, text) == CFG_SUCCESS;
	if (collecting && understood)
		find_empty_lists(cfg);
	else if (collecting)
		break_off();
	/* It did not say why: out of memory, or something that it does not expect itself. */
	if (!understood && collecting && list_empty(&reader->faults->list))
		fault_add(reader->faults, place_here(cfg), "cannot be understood");
	cfg_free(cfg);
}

static void read_text(char *text)
{
	if (!text_prepare(text, reader->source, reader->faults, &reader->lines)) {
		break_off();
		return;
	}
	do {
		walk_text(text, false);
	} while (reader->found_unknown && !reader->faults->no_memory);
	walk_text(text, true);
}

void reader_read(struct parsed *parsed, const struct source *source, char *text)
{
	struct reader r = {.parsed = parsed, .faults = parsed->faults, .source = source};
	struct unknown *unknown, *after;

	list_init(&r.unknown);
	reader = &r;
	read_text(text);
	reader = NULL;

	section_lines_fini(&r.lines);
	list_for_each_safe (unknown, after, &r.unknown, node) {
		list_remove(&unknown->node);
		mem_free(unknown);
	}
}
