/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keys of the configuration: one row each, and whatever knows keys reads it from there.
 *
 * The parser asks which keys a section has, the setter where a value goes and what it may be, the
 * faults what would have been right, and the manual page is held against the same rows by a test.
 * To add a key is to add a row; one whose value needs more than a type brings a function.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum config_section {
	SECTION_GLOBAL,
	SECTION_LISTEN,
	SECTION_PPP,
	SECTION_PEER,
	SECTION_TUNNEL,
	SECTION_SESSION,
	SECTION_RADIUS,
	SECTION_DESTINATION,
	SECTION_DOMAIN,
	SECTION_PPPOE,
	SECTION_STEERING,
	SECTION_SWITCH,
	SECTION_MAX,
};

#define IN(section) (1u << SECTION_##section)

struct section_info {
	const char *name; /* NULL for what stands outside of sections */
	const char *help;
	bool titled;
	bool single; /* there is one at most */
};

enum config_type {
	TYPE_YES_NO,	   /* bool */
	TYPE_NUMBER,	   /* unsigned of any width */
	TYPE_SPEED,	   /* the same, in bit/s */
	TYPE_TIME,	   /* usec_t */
	TYPE_MILLISECONDS, /* uint32_t */
	TYPE_TEXT,	   /* char * */
	TYPE_PATH,	   /* char *, absolute */
	TYPE_FILE,	   /* relative to the file it stands in; has a function */
	TYPE_HOST,	   /* char *, an address or a name of the DNS */
	TYPE_ADDRESS,	   /* struct addr, of which the port is left alone */
	TYPE_IPV4,
	TYPE_PREFIX, /* has a function */
	TYPE_CHOICE, /* an enum */
	TYPE_NAME,   /* char *, the title of a section */
	TYPE_WORDS,  /* has a function */
	TYPE_REFUSED /* not to be used, and `help` says what instead */
};

struct config_choice {
	const char *name; /* NULL ends them */
	int value;
};

enum config_flags {
	KEY_LIST = 1,	  /* takes several values */
	KEY_REQUIRED = 2, /* there is no section without it */
	KEY_SECRET = 4,	  /* its value is never shown */
	KEY_HEX = 8,	  /* its limits are easier read so */
};

struct builder;
struct given;
struct given_value;

struct config_key {
	const char *name;
	unsigned int sections; /* IN(PEER) | IN(TUNNEL): where it may stand */
	enum config_section target;
	enum config_type type;
	unsigned int flags;
	/* Limits: of a number as it is, of a time in microseconds, of a text in characters. */
	int64_t min;
	int64_t max;
	unsigned int most; /* values of a list; 0: any number */
	/* What it is without being given: a value that could have been given, or in words. */
	const char *standard;
	const char *standard_words;
	/* Where it goes in the target's struct, unless it has a function or is a word for pppd. */
	size_t offset;
	size_t size;
	const struct config_choice *choices; /* for a TYPE_PATH: words that may stand instead */
	enum config_section names;	     /* of which a TYPE_NAME is one */
	/* Takes one value at a time; adds a fault if it must. */
	void (*set)(struct builder *b, void *object, const struct given *given,
		    const struct given_value *value);
	/*
	 * The option of pppd that it becomes: "mtu" is followed by the value as its own word, "ms-"
	 * goes before it in the same word, a TYPE_YES_NO gets "no" before it; NULL for none.
	 */
	const char *option;
	const char *help; /* for the manual: half a sentence, or more */
};

extern const struct section_info config_sections[SECTION_MAX];
/* Walks all rows: NULL first, NULL at the end. */
const struct config_key *config_key_next(const struct config_key *last);
size_t config_key_count(void);

#define config_key_for_each(key)                                            \
	for (const struct config_key *(key) = config_key_next(NULL); (key); \
	     (key) = config_key_next(key))

/* SECTION_MAX for none of that name. */
enum config_section schema_section(const char *name);
/* NULL for none. */
const struct config_key *schema_key(enum config_section section, const char *name);

/* Which of several words was meant, if any is like what was written. */
struct guess {
	const char *written;
	const char *meant; /* NULL while none is alike */
	size_t distance;
};

struct guess guess_of(const char *written);
void guess_consider(struct guess *guess, const char *word);

/* The guess among a section's keys, or among sections; NULL for none. */
const char *schema_suggest_key(enum config_section section, const char *name);
const char *schema_suggest_section(const char *name);

#define SCHEMA_TEXT_MAX 256

/* What a value of the key has to be: "a time from 100 ms to 60 s", "one of ppp, reject". */
const char *schema_describe(const struct config_key *key, char text[static SCHEMA_TEXT_MAX]);
/* A limit in the unit of the key: "60 s". */
const char *schema_limit(const struct config_key *key, int64_t limit,
			 char text[static SCHEMA_TEXT_MAX]);
