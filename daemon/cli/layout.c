/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects as text, by the lines of layout_lines.c. The looks are those of `ip l2tp`.
 *
 * A field that no line mentions is printed on a line of its own, so that a new row in fields.c
 * shows without one here.
 */
#include "cli/layout.h"

#include <stdlib.h>
#include <string.h>

#define KEY_MAX 32

/* The key of the placeholder at p, which is moved behind it. */
static const char *take_key(const char **p, char key[static KEY_MAX])
{
	size_t len = strcspn(*p + 1, "}");

	snprintf(key, KEY_MAX, "%.*s", (int)len, *p + 1);
	*p += len + 2;
	return key;
}

/*
 * Prints up to the end of the group at *p, all of it or nothing; returns whether every value was
 * there. The line as a whole is a group that ends with its text.
 */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as the layouts, which are ours */
static bool print_group(FILE *out, const char **p, enum object_type type, const json_t *object)
{
	char *text = NULL;
	size_t size;
	FILE *group = open_memstream(&text, &size);
	bool complete = group != NULL;
	char key[KEY_MAX];

	while (group && **p && **p != ']') {
		if (**p == '{') {
			const json_t *value = json_object_get(object, take_key(p, key));

			if (value)
				value_print(group, field_find(type, key), value);
			else
				complete = false;
		} else if (**p == '[') {
			(*p)++;
			print_group(group, p, type, object);
			(*p)++;
		} else {
			fputc(*(*p)++, group);
		}
	}
	if (!group || fclose(group) != 0)
		complete = false;
	if (complete)
		fputs(text, out);
	free(text);
	return complete;
}

static void print_line(FILE *out, const char *line, enum object_type type, const json_t *object)
{
	if (print_group(out, &line, type, object))
		fputc('\n', out);
}

static bool mentioned(enum object_type type, const char *key)
{
	char placeholder[KEY_MAX + 2];

	snprintf(placeholder, sizeof(placeholder), "{%s}", key);
	for (const struct line *line = layouts[type]; line->text; line++) {
		if (strstr(line->text, placeholder))
			return true;
	}
	return false;
}

/* "  Kernel: up" from the row alone. */
static void print_field(FILE *out, const struct field_row *row, const json_t *value)
{
	fputs("  ", out);
	for (const char *c = row->key; *c; c++)
		fputc(*c == '_' ? ' ' : c == row->key ? *c - 'a' + 'A' : *c, out);
	fputs(": ", out);
	value_print(out, row, value);
	if (row->unit && strcmp(row->unit, "s") != 0)
		fprintf(out, " %s", row->unit);
	fputc('\n', out);
}

/* An array under a title, a line an item. */
static void print_list(FILE *out, const struct field_row *row, const json_t *list)
{
	const json_t *item;
	size_t i;

	json_array_foreach (list, i, item) {
		fprintf(out, "  %s: ", row->text);
		if (row->of)
			value_print_object(out, row->of, item);
		else
			value_print(out, row, item);
		fputc('\n', out);
	}
}

void layout_print(FILE *out, enum object_type type, const json_t *object, unsigned int views)
{
	const struct object_row *rows = object_table[type];

	for (const struct line *line = layouts[type]; line->text; line++) {
		if (line->view & views)
			print_line(out, line->text, type, object);
	}
	for (size_t i = 0; i < rows->n_fields; i++) {
		const struct field_row *row = &rows->fields[i];
		const json_t *value = json_object_get(object, row->key);

		if (!value || !(row->view & views) || mentioned(type, row->key))
			continue;
		if (json_is_object(value))
			table_print(out, type == OBJECT_STATS ? 0 : 2, row->text, value);
		else if (row->text && json_is_array(value))
			print_list(out, row, value);
		else
			print_field(out, row, value);
	}
}

void layout_print_short(FILE *out, enum object_type type, const json_t *object)
{
	print_line(out, short_lines[type], type, object);
}

static void each_key(const char *text, void (*each)(void *ctx, const char *key), void *ctx)
{
	char key[KEY_MAX];

	while ((text = strchr(text, '{')))
		each(ctx, take_key(&text, key));
}

void __layout_keys(enum object_type type, void (*each)(void *ctx, const char *key), void *ctx)
{
	for (const struct line *line = layouts[type]; line->text; line++)
		each_key(line->text, each, ctx);
	each_key(short_lines[type], each, ctx);
}
