/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log: what a line looks like on standard error, levels, and the budget of lines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"

/* Runs write() with standard error in a pipe; gives what came. */
static void captured(void (*write)(void), char *text, size_t size)
{
	int fds[2], saved = dup(STDERR_FILENO);
	ssize_t len;

	assert_int_equal(pipe(fds), 0);
	fflush(stderr);
	dup2(fds[1], STDERR_FILENO);
	close(fds[1]);
	write();
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	len = read(fds[0], text, size - 1);
	close(fds[0]);
	text[len > 0 ? len : 0] = '\0';
}

static void write_lines(void)
{
	struct log_fields fields = {0};

	log_field(&fields, "ADIT_TUNNEL_ID", "%d", 7);
	log_write(LOG_NOTICE, &fields, "tunnel %d up", 7);
	log_debug("nobody wants to know");
	log_warning("a warning");
}

static void test_lines(void **state)
{
	char text[512], *second;

	(void)state;
	unsetenv("JOURNAL_STREAM");
	log_init(LOG_INFO);
	captured(write_lines, text, sizeof(text));
	/* "2026-01-31 12:00:00.123 aditd notice: tunnel 7 up" */
	assert_int_equal(strcspn(text, "a"), 24);
	second = strchr(text, '\n');
	assert_non_null(second);
	*second++ = '\0';
	assert_string_equal(text + 24, "aditd notice: tunnel 7 up");
	assert_string_equal(second + 24, "aditd warning: a warning\n");
}

static void write_debug(void)
{
	log_debug("now they do");
}

static void test_level(void **state)
{
	char text[512];

	(void)state;
	log_init(LOG_NOTICE);
	assert_false(log_enabled(LOG_INFO));
	assert_true(log_enabled(LOG_NOTICE));
	log_set_level(LOG_DEBUG);
	captured(write_debug, text, sizeof(text));
	assert_string_equal(text + 24, "aditd debug: now they do\n");
}

/* Who writes to standard error has no use for them. */
static void test_no_fields(void **state)
{
	struct log_fields fields = {0};

	(void)state;
	log_field(&fields, "ADIT_USER", "alice");
	assert_int_equal(fields.count, 0);
}

#ifdef HAVE_SYSTEMD
/* Fields beyond the last are left out, values beyond their room are cut. */
static void test_fields(void **state)
{
	struct log_fields fields = {0};
	char value[2 * LOG_FIELD_LEN];

	(void)state;
	setenv("JOURNAL_STREAM", "8:1", 1);
	log_init(LOG_INFO);
	memset(value, 'x', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	for (int i = 0; i < LOG_FIELDS_MAX + 2; i++)
		log_field(&fields, "ADIT_USER", "%s", value);
	assert_int_equal(fields.count, LOG_FIELDS_MAX);
	assert_int_equal(strlen(fields.text[LOG_FIELDS_MAX - 1]), LOG_FIELD_LEN - 1);
	assert_memory_equal(fields.text[0], "ADIT_USER=xxx", 13);
	unsetenv("JOURNAL_STREAM");
	log_init(LOG_INFO);
}
#endif

static void test_limit(void **state)
{
	struct log_limit limit = {.burst = 3, .seconds = 10};
	unsigned int suppressed = 99;

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_true(log_limit_allow(&limit, 100 + i, &suppressed));
		assert_int_equal(suppressed, 0);
	}
	for (int i = 0; i < 5; i++)
		assert_false(log_limit_allow(&limit, 105, &suppressed));
	assert_false(log_limit_allow(&limit, 109, &suppressed));
	assert_true(log_limit_allow(&limit, 110, &suppressed));
	assert_int_equal(suppressed, 6);
	assert_true(log_limit_allow(&limit, 110, &suppressed));
	assert_int_equal(suppressed, 0);
	/* A clock that starts at 0 is a clock too. */
	limit = (struct log_limit){.burst = 1, .seconds = 10};
	assert_true(log_limit_allow(&limit, 0, &suppressed));
	assert_false(log_limit_allow(&limit, 0, &suppressed));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),	  cmocka_unit_test(test_level),
		cmocka_unit_test(test_no_fields),
#ifdef HAVE_SYSTEMD
		cmocka_unit_test(test_fields),
#endif
		cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
