/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The list of faults, kept sorted by file and line.
 */
#include "config/fault.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#define FAULT_TEXT_MAX 512

struct fault {
	struct list node;
	struct place place;
	char text[];
};

void faults_init(struct faults *faults)
{
	list_init(&faults->list);
	faults->no_memory = false;
	faults->muted = false;
}

void faults_fini(struct faults *faults)
{
	struct fault *fault, *after;

	list_for_each_safe (fault, after, &faults->list, node) {
		list_remove(&fault->node);
		mem_free(fault);
	}
}

void *room_for(struct faults *faults, size_t size)
{
	void *room = mem_alloc(size);

	if (!room)
		faults->no_memory = true;
	return room;
}

char *text_dup(struct faults *faults, const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = room_for(faults, size);

	return copy ? memcpy(copy, text, size) : NULL;
}

static int place_compare(struct place a, struct place b)
{
	if (a.source != b.source)
		return a.source->order < b.source->order ? -1 : 1;
	return a.line < b.line ? -1 : a.line > b.line;
}

static void make_printable(char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == '\x7f')
			*text = '?';
	}
}

void fault_addv(struct faults *faults, struct place place, const char *prefix, const char *format,
		va_list args)
{
	char text[FAULT_TEXT_MAX];
	struct fault *fault, *other;
	struct list *before = &faults->list;
	size_t len = (size_t)snprintf(text, sizeof(text), "%.256s", prefix);

	if (faults->muted)
		return;
	vsnprintf(text + len, sizeof(text) - len, format, args);
	make_printable(text);

	list_for_each (other, &faults->list, node) {
		int order = place_compare(other->place, place);

		if (order == 0 && strcmp(other->text, text) == 0)
			return;
		if (order > 0) {
			before = &other->node;
			break;
		}
	}
	fault = room_for(faults, sizeof(*fault) + strlen(text) + 1);
	if (!fault)
		return;
	fault->place = place;
	strcpy(fault->text, text);
	list_append(before, &fault->node);
}

void fault_add(struct faults *faults, struct place place, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fault_addv(faults, place, "", format, args);
	va_end(args);
}

void faults_tell(const struct faults *faults, void (*tell)(void *ctx, const char *line), void *ctx)
{
	const struct fault *fault;

	list_for_each (fault, &faults->list, node) {
		char line[FAULT_TEXT_MAX * 2];

		if (fault->place.line)
			snprintf(line, sizeof(line), "%s:%u: %s", fault->place.source->name,
				 fault->place.line, fault->text);
		else
			snprintf(line, sizeof(line), "%s: %s", fault->place.source->name,
				 fault->text);
		tell(ctx, line);
	}
}
