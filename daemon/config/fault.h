/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults of a configuration: all that were found, told in the order of the file.
 *
 * They are found in several passes (text, syntax, values, references), but who mends the file
 * reads it from top to bottom. Lack of memory is remembered here too, so that the passes need not
 * hand it through every call: whoever reads a configuration looks once, at the end.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>

#include "base/list.h"

/* The folder of a file is where relative paths in it start. */
struct source {
	struct list node;
	unsigned int order; /* in which the files were read */
	unsigned long long device;
	unsigned long long inode;
	char name[]; /* as the user wrote it */
};

struct place {
	const struct source *source;
	unsigned int line; /* 0: the file as a whole */
};

struct faults {
	struct list list;
	bool no_memory;
	/* While set, nothing is added: it would only follow from what was told already. */
	bool muted;
};

void faults_init(struct faults *faults);
void faults_fini(struct faults *faults);
/* The text says what is wrong and, after a colon, what would be right. Control characters in it
 * become '?'; a fault told already is not told twice. */
void fault_add(struct faults *faults, struct place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same behind a prefix, of which 256 characters count. */
void fault_addv(struct faults *faults, struct place place, const char *prefix, const char *format,
		va_list args) __attribute__((format(printf, 4, 0)));
void faults_tell(const struct faults *faults, void (*tell)(void *ctx, const char *line), void *ctx);

/* A copy, or NULL after faults->no_memory was set. */
char *text_dup(struct faults *faults, const char *text);
/* Zeroed memory on the same terms. */
void *room_for(struct faults *faults, size_t size);
