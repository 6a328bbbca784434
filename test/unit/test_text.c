/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts that somebody else chose: nothing gets past but printable ASCII, nothing past the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"

static const struct {
	const char *given;
	const char *clean;
	const char *cut; /* to five octets, the NUL among them */
} rows[] = {
	{"", "", ""},
	{"a ~", "a ~", "a ~"},
	{"abcdef", "abcdef", "abcd"},
	{"ab\x1b\x7f", "ab??", "ab??"},
	{"\xc3\xa4\n\t\x80\xff", "??????", "????"},
};

static void test_clean(void **state)
{
	char text[16];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		strcpy(text, rows[i].given);
		text_clean(text);
		assert_string_equal(text, rows[i].clean);
	}
}

static void test_copy(void **state)
{
	static const uint8_t nul[] = {'a', 0, 'b'};
	char text[5];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		text_copy(text, sizeof(text), bytes_str(rows[i].given));
		assert_string_equal(text, rows[i].cut);
	}
	text_copy(text, sizeof(text), (struct bytes){nul, sizeof(nul)});
	assert_string_equal(text, "a?b");
	text_copy(text, sizeof(text), (struct bytes){0});
	assert_string_equal(text, "");
	text_copy(text, 1, bytes_str("a"));
	assert_string_equal(text, "");
}

static void test_new(void **state)
{
	char *text;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		text = text_new(bytes_str(rows[i].given));
		assert_string_equal(text, rows[i].given);
		mem_free(text);
	}
	text = text_new((struct bytes){0});
	assert_string_equal(text, "");
	mem_free(text);
	__mem_fail_after(1);
	assert_null(text_new(bytes_str("a")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
