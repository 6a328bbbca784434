/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adit, the command line: words in the grammar of `ip l2tp` become requests to aditd.
 *
 * Verbs stand in one table (verb.c), their objects and arguments in those of the protocol
 * (control/protocol.c), what is shown of objects in those of fields.c and layout.c. Usage texts,
 * completion and the checks of arguments come from these rows.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "control/protocol.h"

/* As those of ip(8). */
enum exit_code {
	EXIT_OK = 0,
	EXIT_USAGE = 1,	  /* what was typed makes no sense */
	EXIT_REFUSED = 2, /* aditd could not be asked, or did not do it */
};

struct cli {
	bool json;
	bool pretty;
	bool statistics;
	bool details;
	bool oneline;
	bool force;
	const char *batch;
	const char *control;
	/* Connection to aditd, -1 for none yet; and what came over it. */
	int fd;
	char *in;
	size_t in_len;
	size_t in_room;
	/* Objects printed since output_begin(). */
	unsigned int listed;
};

struct verb {
	const char *name;
	/* Other spellings, NULL for none; each must be given whole. */
	const char *const *aliases;
	/* Object that is meant when none is named. */
	const char *object;
	int (*run)(struct cli *cli, const struct control_command *command, json_t *args);
	const char *help;
};

extern const struct verb verb_table[];
extern const size_t verb_count;

/* Runs one command, its words without the program's name and options. Returns an exit code. */
int cli_run(struct cli *cli, int argc, char **argv);
/* Runs the commands of a file, "-" for standard input. */
int batch_run(struct cli *cli, const char *path);

/* verb.c */
/* The verb or object that a word means: NULL for none, or when it could mean several. */
const struct verb *verb_find(const char *word);
/* An object that the verb goes with comes before others; verb NULL for any. */
const struct object_row *object_find(const struct verb *verb, const char *word);
/* The command of a verb and an object ("" for none); NULL when the verb has no such object. */
const struct control_command *command_of(const struct verb *verb, const char *object);

/* One file a verb or its kin: each runs a checked command and returns an exit code. */
int add_run(struct cli *cli, const struct control_command *command, json_t *args);
int del_run(struct cli *cli, const struct control_command *command, json_t *args);
int set_run(struct cli *cli, const struct control_command *command, json_t *args);
int show_run(struct cli *cli, const struct control_command *command, json_t *args);
int test_run(struct cli *cli, const struct control_command *command, json_t *args);
int unlock_run(struct cli *cli, const struct control_command *command, json_t *args);
int monitor_run(struct cli *cli, const struct control_command *command, json_t *args);
int reload_run(struct cli *cli, const struct control_command *command, json_t *args);
int admin_run(struct cli *cli, const struct control_command *command, json_t *args);
int debug_run(struct cli *cli, const struct control_command *command, json_t *args);

/* help.c: to standard output when asked for, to standard error when needed. */
int help_run(struct cli *cli, int argc, char **argv);
void help_usage(FILE *out);
void help_command(FILE *out, const struct control_command *command);

/* complete.c: prints what may stand after these words. */
void complete_words(struct cli *cli, int argc, char **argv);

/* options.c */
/* Takes the options off the front. Returns how many words that were, or -1 after an error. */
int options_parse(struct cli *cli, int argc, char **argv);
void options_usage(FILE *out);
void options_print(FILE *out);

/* words.c */
/* Words of a command line that are no argument of the protocol. */
enum word_action {
	WORD_MEANS,  /* another spelling of an argument */
	WORD_SETS,   /* an argument and its value in one word */
	WORD_FILE,   /* takes a file name; its first line is the argument's value */
	WORD_ONLY,   /* takes one value, which is a matter of course */
	WORD_REFUSE, /* of `ip l2tp`, or a bad idea: says why not */
};

struct word {
	const char *name;
	/* The commands it belongs to: all whose names start so. */
	const char *command;
	enum word_action action;
	const char *arg;
	const char *value;
	const char *text;
};

extern const struct word word_table[];
extern const size_t word_count;
const struct word *word_find(const struct control_command *command, const char *name);
bool word_is_for(const struct word *word, const struct control_command *command);
/* Turns words into the arguments of a command. Returns 0, or -EINVAL after an error message. */
int words_parse(const struct control_command *command, int argc, char **argv, json_t **ret);

/* suggest.c */
/* Candidates for a mistyped word: the nearest of those offered. */
struct suggestion {
	const char *word;
	const char *best;
	unsigned int distance;
};

void suggest_offer(struct suggestion *suggestion, const char *candidate);
/* NULL when nothing is near. */
const char *suggest_best(const struct suggestion *suggestion);

/* link.c */
/* Sends a request. Returns 0, or -errno after an error message. */
int link_request(struct cli *cli, const struct control_command *command, json_t *args);
/* Reads one line, waiting at most that long (-1: for ever). Returns as link_request(). */
int link_read(struct cli *cli, int timeout_ms, json_t **ret);
void link_close(struct cli *cli);
/* Tells what a status that is "error" says. */
void link_print_refusal(const json_t *line);
/*
 * Sends a request and hands each object of the answer on. Returns an exit code, errors told;
 * *ret_message is the message of a status that is "ok", to be freed, or NULL.
 */
int link_call(struct cli *cli, const struct control_command *command, json_t *args,
	      void (*each)(struct cli *cli, const json_t *line), char **ret_message);
/* The same for a command whose answer has no objects: prints the message that came, if any. */
int link_do(struct cli *cli, const struct control_command *command, json_t *args);

/* output.c: lists of objects, as text or as one JSON array. */
void output_begin(struct cli *cli);
/* One line of an answer, {"tunnel": {...}}. */
void output_line(struct cli *cli, const json_t *line);
void output_end(struct cli *cli);
/* Whether all that was printed so far has left the program; else the user was told. */
bool output_flush(void);
/* To standard error: "Error: ...", a newline is added. */
void output_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* layout.c */
/* An object in as many lines as its layout has. */
void layout_print(FILE *out, enum object_type type, const json_t *object, unsigned int views);
/* The short form of `adit monitor`. */
void layout_print_short(FILE *out, enum object_type type, const json_t *object);
/* Calls each() for all placeholders of an object's layout; for tests. */
void __layout_keys(enum object_type type, void (*each)(void *ctx, const char *key), void *ctx);

/* table.c */
/* A nested object of counters, in and out, under its title. */
void table_print(FILE *out, int indent, const char *title, const json_t *table);

/* value.c */
/* A value in words: durations as 3m12s, flags as yes and no, unprintable octets as \xNN. */
void value_print(FILE *out, const struct field_row *row, const json_t *value);
/* "lns1, server 192.0.2.1, preference 1": an object in one line, its first member bare. */
void value_print_object(FILE *out, const struct object_row *rows, const json_t *object);
void value_print_text(FILE *out, const char *text);
