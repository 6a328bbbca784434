/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs of the program `adit` against the socket of a fixture, whose loop turns meanwhile.
 */
#pragma once

#include "cli/cli.h"
#include "control_fixture.h"

#define TEXT_MAX 65536
/* Exit code of a program that could not be started. */
#define NOT_RUN 127

/* A run of the program. */
struct run {
	pid_t pid;
	int fds[2]; /* its output and its errors */
	char text[2][TEXT_MAX];
	size_t len[2];
	int status;
	bool done;
};

struct row {
	const char *words;
	int code;
	const char *out;
	const char *err;
	const char *input;
	/* What the output has somewhere, when `out` is NULL. */
	const char *part;
};

/* Starts it with the words of a line, which have no blanks. uid 0: with our own rights. */
void run_start(struct run *run, const char *line, const char *input, uid_t uid);
/* Until it has ended; returns its exit code. */
int run_finish(struct fixture *f, struct run *run);
/* Runs all, asserting exit code, output and errors of each. */
void check_rows(struct fixture *f, const struct row *rows, size_t n);
#define CHECK_ROWS(f, rows) check_rows(f, rows, sizeof(rows) / sizeof((rows)[0]))

/* Until a program that was started monitors. */
void run_wait_monitoring(struct fixture *f);
/* Runs `adit monitor`, and asserts the lines that it prints of what tell() has happen, without
 * their times. */
void check_monitor(struct fixture *f, void (*tell)(struct fixture *f), const char *const *lines,
		   size_t n);

/* A fixture whose socket the program finds by itself. */
int cli_setup(void **state);
