/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values from text: numbers, times, speeds, names, and words of pppd's option files.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "config/value.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int time_in_seconds(const char *text, int64_t *ret)
{
	return value_time(text, USEC_PER_SEC, ret);
}

static int time_in_milliseconds(const char *text, int64_t *ret)
{
	return value_time(text, USEC_PER_MSEC, ret);
}

static void test_numbers(void **state)
{
	static const struct {
		int (*read)(const char *text, int64_t *ret);
		const char *text;
		int err;
		int64_t value;
	} cases[] = {
		{value_number, "0", 0, 0},
		{value_number, "42", 0, 42},
		{value_number, "007", 0, 7},
		{value_number, "0x10", 0, 16},
		{value_number, "0XfF", 0, 255},
		{value_number, "9223372036854775807", 0, INT64_MAX},
		{value_number, "9223372036854775808", -ERANGE, 0},
		{value_number, "0xffffffffffffffff", -ERANGE, 0},
		{value_number, "", -EINVAL, 0},
		{value_number, "0x", -EINVAL, 0},
		{value_number, "0xg", -EINVAL, 0},
		{value_number, "1a", -EINVAL, 0},
		{value_number, "-1", -EINVAL, 0},
		{value_number, "+1", -EINVAL, 0},
		{value_number, " 1", -EINVAL, 0},
		{value_number, "1.5", -EINVAL, 0},
		{value_number, "1k", -EINVAL, 0},
		{value_number, "99999999999999999999x", -EINVAL, 0},
		{value_speed, "640k", 0, 640000},
		{value_speed, "10M", 0, 10000000},
		{value_speed, "1G", 0, 1000000000},
		{value_speed, "1m", -EINVAL, 0},
		{value_speed, "9223372036854775807k", -ERANGE, 0},
		{time_in_seconds, "1", 0, 1000000},
		{time_in_seconds, "1s", 0, 1000000},
		{time_in_seconds, "1 s", 0, 1000000},
		{time_in_seconds, "500ms", 0, 500000},
		{time_in_seconds, "2m", 0, 120000000},
		{time_in_seconds, "1h", 0, 3600000000},
		{time_in_seconds, "1d", -EINVAL, 0},
		{time_in_seconds, "ms", -EINVAL, 0},
		{time_in_seconds, "1s ", -EINVAL, 0},
		{time_in_seconds, "9223372036854775807", -ERANGE, 0},
		{time_in_milliseconds, "100", 0, 100000},
		{time_in_milliseconds, "1s", 0, 1000000},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t value = 12345;
		int err = cases[i].read(cases[i].text, &value);

		if (err != cases[i].err)
			fail_msg("%s: %d instead of %d", cases[i].text, err, cases[i].err);
		/* Written on success only. */
		assert_int_equal(value, err ? 12345 : cases[i].value);
	}
}

static void test_yes_no(void **state)
{
	static const struct {
		const char *text;
		int err;
		bool value;
	} cases[] = {
		{"yes", 0, true},  {"true", 0, true},	{"on", 0, true},       {"Yes", 0, true},
		{"no", 0, false},  {"false", 0, false}, {"off", 0, false},     {"", -EINVAL, false},
		{"y", -EINVAL, 0}, {"1", -EINVAL, 0},	{"maybe", -EINVAL, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool value = !cases[i].value;

		assert_int_equal(value_yes_no(cases[i].text, &value), cases[i].err);
		if (!cases[i].err)
			assert_int_equal(value, cases[i].value);
	}
}

static void test_names(void **state)
{
	static const struct {
		const char *text;
		int host;
		int title;
	} cases[] = {
		{"lns", 0, 0},
		{"lns-1.example.net", 0, -EINVAL},
		{"a.b", 0, 0},
		{"a_b", 0, 0},
		{"lns.", 0, 0},
		{"192.0.2.1", 0, -EINVAL},
		{"2001:db8::1", 0, -EINVAL},
		{"1.2", -EINVAL, 0},
		{"256.1.1.1", -EINVAL, -EINVAL},
		{"", -EINVAL, -EINVAL},
		{".a", -EINVAL, 0},
		{"a..b", -EINVAL, 0},
		{"a b", -EINVAL, -EINVAL},
		{"a/b", -EINVAL, -EINVAL},
		{"\xc3\xa4", -EINVAL, -EINVAL},
		{"12345678", -EINVAL, 0},
		{"123456789", -EINVAL, -EINVAL},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0, -EINVAL},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", -EINVAL,
		 -EINVAL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (value_host(cases[i].text) != cases[i].host)
			fail_msg("%s as a host", cases[i].text);
		if (value_title(cases[i].text, 8) != cases[i].title)
			fail_msg("%s as a title of at most 8", cases[i].text);
	}
}

static void test_words(void **state)
{
	static const struct {
		const char *text;
		int end; /* what comes after the words */
		const char *words[5];
	} cases[] = {
		{"", 0, {NULL}},
		{"  \t", 0, {NULL}},
		{"noccp", 0, {"noccp"}},
		{" mtu  1400\t", 0, {"mtu", "1400"}},
		{"name 'the lns'", 0, {"name", "the lns"}},
		{"name \"it's\"", 0, {"name", "it's"}},
		{"a\"b c\"d", 0, {"ab cd"}},
		{"a\\ b c", 0, {"a b", "c"}},
		{"\"a\\\"b\"", 0, {"a\"b"}},
		{"'' x", 0, {"", "x"}},
		{"a # b", 0, {"a"}},
		{"a#b", 0, {"a#b"}},
		{"# a", 0, {NULL}},
		{"a '# b'", 0, {"a", "# b"}},
		{"a 'b", -EINVAL, {"a"}},
		{"a \"b", -EINVAL, {"a"}},
		{"a\\", -EINVAL, {NULL}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *rest = cases[i].text;
		char word[64];
		size_t n = 0;
		int more;

		while ((more = value_next_word(&rest, word)) > 0) {
			assert_non_null(cases[i].words[n]);
			assert_string_equal(word, cases[i].words[n]);
			n++;
		}
		if (more != cases[i].end || cases[i].words[n])
			fail_msg("\"%s\": %d after %zu words", cases[i].text, more, n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_yes_no),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
