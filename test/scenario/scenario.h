/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A scenario: statements, one a line, played against one engine in a world of fakes
 * (test/unit/engine_fixture.h). README.md tells the language.
 */
#pragma once

#include "../unit/engine_fixture.h"

#include "wire/auth.h"
#include "wire/avp.h"

#define WORDS_MAX 48
#define VARIABLES_MAX 32
#define FARS_MAX 4
#define EVENTS_MAX 64
#define CHALLENGE_MAX 64

/* key=value, or one word alone: then text is NULL. Quotes and escapes are gone. */
struct word {
	char *key;
	char *text;
	size_t len; /* of text, which may hold NULs */
};

struct words {
	unsigned int count;
	struct word word[WORDS_MAX];
	char text[8192];
};

/* Somebody that the engine talks with, spoken for by RX and listened to by EXPECT. */
struct far {
	char name[16];
	struct addr addr;
	char secret[64];
	/* Its own ids, and the engine's as learned from what that said; 0 until then. */
	uint16_t tunnel_id;
	uint16_t session_id;
	uint16_t box_tunnel_id;
	uint16_t box_session_id;
	uint16_t ns;
	uint16_t nr;
	/* The last Challenge of the engine's, and of ours. */
	uint8_t heard[CHALLENGE_MAX];
	size_t heard_len;
	uint8_t said[CHALLENGE_MAX];
	size_t said_len;
};

struct happened {
	enum l2tp_event_type type;
	char text[256];
};

struct variable {
	char name[16];
	uint64_t value;
};

struct player {
	const char *file;
	unsigned int line;
	bool finished;
	struct world world;
	struct box *box;
	struct words words;
	/* Sections of a configuration so far, and whether the engine has it. */
	char config[4096];
	bool configured;
	struct far fars[FARS_MAX];
	struct far *far;
	/* Packets that EXPECT has seen. */
	unsigned int seen;
	struct happened events[EVENTS_MAX];
	unsigned int n_events;
	unsigned int events_seen;
	struct variable variables[VARIABLES_MAX];
	unsigned int n_variables;
};

/* words.c */
/* Ends the scenario: "file:line: what". */
_Noreturn void wrong(const struct player *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void split_words(struct player *p, const char *line);
/* A number in C's ways of writing it, or a variable. */
uint64_t word_number(const struct player *p, const struct word *word, uint64_t greatest);
struct addr word_addr(const struct player *p, const struct word *word);
/* Digits of hexadecimal, with or without 0x, into place; returns how many octets. */
size_t word_hex(const struct player *p, const struct word *word, uint8_t *out, size_t size);
/* "ENOMEM": 12. */
int word_errno(const struct player *p, const char *name);
bool word_is(const struct word *word, const char *text);
struct variable *find_variable(const struct player *p, const char *name);
/* True when the word is a variable that had no value; it has this one then. */
bool bind_variable(struct player *p, const struct word *word, uint64_t value);

/* field.c */
/* AVP_ID_MAX when no row of the AVP table has that key. */
enum avp_id find_field(const char *key);
void set_field(struct player *p, enum avp_id id, struct word *word, struct l2tp_msg *msg);
/* Compares one field with what stands in the word, or gives it to the word's variable. */
void expect_field(struct player *p, enum avp_id id, struct word *word, const struct l2tp_msg *msg);

/* far.c */
void say_far(struct player *p);
void say_rx(struct player *p);
/* What the far end learns from a message of the engine's. */
void far_hears(struct far *far, const struct sent *sent);

/* expect.c */
void say_expect(struct player *p);
void say_event(struct player *p);
void say_did(struct player *p);
/* Nothing that the engine said may be left unexpected when something new begins. */
void all_expected(struct player *p);
void on_event(struct box *box, const struct l2tp_event *event);

/* check.c */
void say_check(struct player *p);

/* count.c */
/* Returns false when the word's key is none of a message counter. */
bool check_count(struct player *p, const struct word *word);

/* admin.c */
void say_admin(struct player *p);

/* command.c */
void say_peer(struct player *p);
void say_limit(struct player *p);
void say_reload(struct player *p);
void say_open(struct player *p);
void say_close(struct player *p);
void say_tell(struct player *p);
void say_shutdown(struct player *p);
void say_kernel(struct player *p);
void say_ppp(struct player *p);
void say_socket(struct player *p);
void say_time(struct player *p);
/* That of the words tid= and sid=, or the first. */
struct l2tp_tunnel *chosen_tunnel(struct player *p);
struct l2tp_session *chosen_session(struct player *p);
/* Gives the engine its peers, once. */
void configure(struct player *p);
/* Lets happen what happens at once, kernel and PPP. */
void settle(struct player *p);
