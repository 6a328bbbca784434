/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of the configuration have in common: loading, and taking the faults.
 */
#pragma once

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "config/load.h"
#include "config/text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LINES_MAX 64
#define LINE_MAX_SIZE 1024

struct lines {
	size_t count;
	char text[LINES_MAX][LINE_MAX_SIZE];
};

static inline void take_line(void *ctx, const char *line)
{
	struct lines *lines = ctx;

	assert_null(strchr(line, '\n'));
	/* The secret, or the rest of one, in every file that has any. */
	if (strstr(line, "hunter2"))
		fail_msg("a secret was told: %s", line);
	if (lines->count < LINES_MAX)
		snprintf(lines->text[lines->count++], LINE_MAX_SIZE, "%s", line);
}

static inline void ignore_line(void *ctx, const char *line)
{
	(void)ctx;
	assert_null(strchr(line, '\n'));
}

static inline const char *config_dir(void)
{
	static char path[256];

	assert_non_null(getenv("SOURCE_ROOT"));
	snprintf(path, sizeof(path), "%s/test/unit/config", getenv("SOURCE_ROOT"));
	return path;
}

static inline char *read_text(const char *path)
{
	struct source *source = mem_alloc(sizeof(*source) + 1);
	char *text = NULL;

	assert_non_null(source);
	assert_int_equal(text_read(path, source, &text), 0);
	mem_free(source);
	return text;
}

static inline struct config *load_good(const char *path)
{
	struct lines *lines = calloc(1, sizeof(*lines));
	struct config *config = NULL;

	assert_non_null(lines);
	if (config_load(path, take_line, lines, &config) != 0)
		fail_msg("%s", lines->count ? lines->text[0] : path);
	assert_int_equal(lines->count, 0);
	free(lines);
	return config;
}

static inline struct config *load_good_file(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/good/%s", config_dir(), name);
	return load_good(path);
}

static inline struct config *load_good_text(const char *text)
{
	struct lines *lines = calloc(1, sizeof(*lines));
	struct config *config = NULL;

	assert_non_null(lines);
	if (config_load_text("text", text, take_line, lines, &config) != 0)
		fail_msg("%s: %s", text, lines->count ? lines->text[0] : "no memory");
	free(lines);
	return config;
}

static inline struct peer *find_peer(const struct config *config, const char *name)
{
	struct peer *peer;

	list_for_each (peer, &config->peers, node) {
		if (strcmp(peer->name, name) == 0)
			return peer;
	}
	fail_msg("no peer %s", name);
	return NULL;
}
