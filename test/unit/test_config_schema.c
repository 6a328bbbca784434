/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of keys: whole in itself, the same as the defaults in the code, and as the manual.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "config/build.h"
#include "config/text.h"
#include "config_manual.h"

static void test_rows(void **state)
{
	(void)state;
	config_key_for_each (key) {
		bool stored = key->size || key->set || key->option;
		bool include = key->type == TYPE_FILE && key->sections == IN(GLOBAL);
		bool reference = key->type == TYPE_NAME && key->names == SECTION_PEER;

		if (!key->name || !key->help || !key->sections)
			fail_msg("%s is not filled in", key->name ? key->name : "a row");
		if (!stored && key->type != TYPE_REFUSED && !include && !reference)
			fail_msg("%s goes nowhere", key->name);
		if (!key->standard && !key->standard_words && key->type != TYPE_REFUSED &&
		    !(key->flags & KEY_REQUIRED))
			fail_msg("%s has no default", key->name);
		if (key->type == TYPE_CHOICE && !key->choices)
			fail_msg("%s: choices", key->name);
		if (key->min > key->max && !key->set && !key->choices)
			fail_msg("%s: limits", key->name);
		for (enum config_section s = 0; s < SECTION_MAX; s++) {
			if (key->sections & 1u << s && schema_key(s, key->name) != key)
				fail_msg("%s is twice in a section", key->name);
		}
	}
}

static bool value_fits(const struct config_key *key, size_t size)
{
	switch (key->type) {
	case TYPE_YES_NO:
		return size == sizeof(bool);
	case TYPE_NUMBER:
	case TYPE_SPEED:
		/* The greatest value must not lose its upper bits. */
		return size == 8 || key->max >> (size * 8) == 0;
	case TYPE_TIME:
		return size == sizeof(usec_t);
	case TYPE_MILLISECONDS:
		return size == sizeof(uint32_t);
	case TYPE_TEXT:
	case TYPE_PATH:
	case TYPE_HOST:
	case TYPE_NAME:
		return size == sizeof(char *);
	case TYPE_ADDRESS:
		return size == sizeof(struct addr);
	case TYPE_CHOICE:
		return size == sizeof(int);
	case TYPE_FILE:
	case TYPE_IPV4:
	case TYPE_PREFIX:
	case TYPE_WORDS:
	case TYPE_REFUSED:
		return false;
	}
	return false;
}

static void test_sizes(void **state)
{
	(void)state;
	config_key_for_each (key) {
		if (key->size && !value_fits(key, key->size))
			fail_msg("%s does not fit where it goes", key->name);
	}
}

/* Setting each default that the table has onto a fresh object must change nothing. */
static void check_standards(enum config_section section, void *object, const void *fresh,
			    size_t size)
{
	struct faults faults;
	struct builder b = {.faults = &faults};
	size_t n = 0;

	faults_init(&faults);
	config_key_for_each (key) {
		if (key->target != section || !key->standard)
			continue;
		build_standard(&b, key, object);
		if (memcmp(object, fresh, size) != 0)
			fail_msg("the default of %s is another than %s", key->name, key->standard);
		n++;
	}
	assert_true(n > 0);
	assert_true(list_empty(&faults.list));
}

static void test_standards(void **state)
{
	struct config_listen listen = {.addr = {.family = ADDR_IPV4, .port = 1701}};
	struct config_listen fresh_listen = listen;
	struct config_session session = {0}, fresh_session = {0};
	struct config_tunnel tunnel = {0}, fresh_tunnel = {0};
	struct lac_access *access = lac_access_new("a");
	struct lac_access fresh_access;
	struct peer *peer = peer_new("a");
	struct peer fresh;

	(void)state;
	assert_non_null(peer);
	fresh = *peer;
	check_standards(SECTION_PEER, peer, &fresh, sizeof(fresh));
	peer_unref(peer);
	check_standards(SECTION_LISTEN, &listen, &fresh_listen, sizeof(listen));
	check_standards(SECTION_TUNNEL, &tunnel, &fresh_tunnel, sizeof(tunnel));
	check_standards(SECTION_SESSION, &session, &fresh_session, sizeof(session));
	assert_non_null(access);
	fresh_access = *access;
	check_standards(SECTION_PPPOE, access, &fresh_access, sizeof(fresh_access));
	lac_access_unref(access);
}

static bool takes_limit(const struct config_key *key, int64_t limit)
{
	struct section section = {.kind = SECTION_GLOBAL};
	struct config_key changed = *key;
	struct faults faults;
	struct builder b = {.faults = &faults, .section = &section};
	char text[SCHEMA_TEXT_MAX];
	uint64_t number = 0;
	bool taken;

	if (key->type == TYPE_TIME || key->type == TYPE_MILLISECONDS)
		snprintf(text, sizeof(text), "%lldms", (long long)(limit / USEC_PER_MSEC));
	else
		snprintf(text, sizeof(text), "%lld", (long long)limit);
	changed.standard = text;
	changed.offset = 0;
	changed.option = NULL;
	changed.size = sizeof(number);
	faults_init(&faults);
	build_standard(&b, &changed, &number);
	taken = list_empty(&faults.list);
	if (taken && key->type == TYPE_MILLISECONDS)
		assert_int_equal(number, limit / USEC_PER_MSEC);
	else if (taken)
		assert_int_equal(number, limit);
	faults_fini(&faults);
	return taken;
}

static void test_limits(void **state)
{
	size_t n = 0;

	(void)state;
	config_key_for_each (key) {
		bool time = key->type == TYPE_TIME || key->type == TYPE_MILLISECONDS;
		int64_t step = time ? USEC_PER_MSEC : 1;

		if (!time && key->type != TYPE_NUMBER && key->type != TYPE_SPEED)
			continue;
		if (!takes_limit(key, key->min) || !takes_limit(key, key->max) ||
		    takes_limit(key, key->min - step) || takes_limit(key, key->max + step))
			fail_msg("%s does not take just what it says", key->name);
		n++;
	}
	assert_true(n > 20);
}

static void test_guesses(void **state)
{
	static const struct {
		enum config_section section;
		const char *written;
		const char *meant;
	} cases[] = {
		{SECTION_PEER, "hello_intervall", "hello_interval"},
		{SECTION_PEER, "hellointerval", "hello_interval"},
		{SECTION_PEER, "adress", "address"},
		{SECTION_PEER, "sekret", "secret"},
		{SECTION_PEER, "hide", "hide"},
		{SECTION_PEER, "marc", "mark"},
		{SECTION_PEER, "bananas", NULL},
		{SECTION_PEER, "x", NULL},
		{SECTION_PEER, "", NULL},
		{SECTION_LISTEN, "prt", "port"},
		{SECTION_PPP, "passwort", NULL},
		{SECTION_PEER,
		 "a_word_of_much_more_than_sixty_four_letters_is_like_no_key_that_there_is", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *meant = schema_suggest_key(cases[i].section, cases[i].written);

		if (cases[i].meant ? !meant || strcmp(meant, cases[i].meant) != 0 : meant != NULL)
			fail_msg("%s was taken for %s", cases[i].written,
				 meant ? meant : "nothing");
	}
}

static char *read_source_file(const char *name)
{
	const char *root = getenv("SOURCE_ROOT");
	struct source *source = mem_alloc(sizeof(*source) + 1);
	char path[512], *text = NULL;

	assert_non_null(root);
	assert_non_null(source);
	snprintf(path, sizeof(path), "%s/%s", root, name);
	if (text_read(path, source, &text) < 0)
		fail_msg("%s cannot be read", path);
	mem_free(source);
	return text;
}

static void test_manual(void **state)
{
	char *manual = read_source_file("daemon/config/adit.conf.5.md");
	size_t missing = 0;

	(void)state;
	config_key_for_each (key) {
		char entry[MANUAL_ENTRY_MAX];

		manual_entry(key, entry);
		assert_true(strlen(entry) < sizeof(entry) - 1);
		if (!strstr(manual, entry)) {
			print_message("adit.conf.5.md misses:\n%s\n", entry);
			missing++;
		}
	}
	mem_free(manual);
	assert_int_equal(missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),	  cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_standards), cmocka_unit_test(test_limits),
		cmocka_unit_test(test_guesses),	  cmocka_unit_test(test_manual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
