/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines out of a stream: however it is cut, however long they are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ppp/lines.h"

/* Lines as they came, each with a '|' behind it. */
static char seen[4096];

static void note(void *ctx, const char *line)
{
	size_t len = strlen(seen);

	assert_ptr_equal(ctx, seen);
	snprintf(seen + len, sizeof(seen) - len, "%s|", line);
}

static void feed(const char *data, size_t len, size_t step)
{
	struct line_buffer buffer = {0};

	seen[0] = '\0';
	for (size_t i = 0; i < len; i += step)
		lines_feed(&buffer, data + i, step < len - i ? step : len - i, note, seen);
	lines_flush(&buffer, note, seen);
	lines_flush(&buffer, note, seen);
}

#define DATA(text) text, sizeof(text) - 1

static const struct {
	const char *data;
	size_t len;
	const char *lines;
} cases[] = {
	{DATA(""), ""},
	{DATA("one\n"), "one|"},
	{DATA("one\ntwo\n"), "one|two|"},
	{DATA("one\ntwo"), "one|two|"},
	{DATA("\n\none\n\n"), "one|"},
	{DATA("a\0b\tc\x1b[0m\x7f\xc3\n"), "a?b?c?[0m??|"},
	{DATA("one\r\n"), "one?|"},
};

static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t step = 1; step <= cases[i].len + 1; step++) {
			feed(cases[i].data, cases[i].len, step);
			assert_string_equal(seen, cases[i].lines);
		}
}

static void test_long_lines(void **state)
{
	static const size_t lengths[] = {LINE_SIZE - 2, LINE_SIZE - 1, LINE_SIZE, 3 * LINE_SIZE};
	char data[3 * LINE_SIZE + 10];

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		size_t len = lengths[i], kept = len < LINE_SIZE ? len : LINE_SIZE - 1;

		memset(data, 'x', len);
		memcpy(data + len, "\nnext\n", 6);
		feed(data, len + 6, len + 6);
		assert_int_equal(strspn(seen, "x"), kept);
		assert_string_equal(seen + kept, "|next|");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_long_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
