/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words for codes: the last code of each registry has some, the first beyond has not, no code is
 * without any, and no two codes share them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/cause.h"
#include "wire/result.h"

static const struct {
	const char *(*text)(uint16_t code);
	uint16_t first;
	uint16_t last;
	/* A code in between that nobody has assigned; 0 for none. */
	uint16_t hole;
	const char *reserved;
} tables[] = {
	{stopccn_result_text, 1, 8, 0, "reserved result code"},
	{cdn_result_text, 1, 31, 29, "reserved result code"},
	{l2tp_error_text, 0, 12, 0, "reserved error code"},
	{ppp_disconnect_text, 0, 20, 0, "reserved disconnect code"},
};

static void test_tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		for (uint16_t code = tables[i].first; code <= tables[i].last; code++) {
			const char *text = tables[i].text(code);

			if (tables[i].hole && code == tables[i].hole) {
				assert_string_equal(text, tables[i].reserved);
				continue;
			}
			assert_string_not_equal(text, tables[i].reserved);
			for (uint16_t other = tables[i].first; other < code; other++)
				assert_string_not_equal(text, tables[i].text(other));
		}
		if (tables[i].first > 0)
			assert_string_equal(tables[i].text(0), tables[i].reserved);
		assert_string_equal(tables[i].text(tables[i].last + 1), tables[i].reserved);
		assert_string_equal(tables[i].text(UINT16_MAX), tables[i].reserved);
	}
}

static void test_words(void **state)
{
	(void)state;
	assert_non_null(strstr(stopccn_result_text(STOPCCN_NOT_AUTHORIZED), "not authorized"));
	assert_non_null(strstr(cdn_result_text(CDN_CARRIER_LOST), "carrier"));
	assert_non_null(strstr(l2tp_error_text(ERROR_UNKNOWN_MANDATORY), "M bit"));
	assert_non_null(strstr(ppp_disconnect_text(16), "password"));
}

/* Of Q.931's causes there are words for those that Q.850 assigns, each its own. */
static void test_causes(void **state)
{
	static const uint16_t reserved[] = {0, 10, 15, 24, 33, 126, 128, 255, UINT16_MAX};

	(void)state;
	assert_string_equal(q931_cause_text(1), "unassigned number");
	assert_string_equal(q931_cause_text(17), "user busy");
	assert_string_equal(q931_cause_text(127), "interworking, unspecified");
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		assert_string_equal(q931_cause_text(reserved[i]), "reserved cause");
	for (uint16_t a = 0; a < 128; a++)
		for (uint16_t b = 0; b < a; b++)
			if (strcmp(q931_cause_text(a), "reserved cause") != 0)
				assert_string_not_equal(q931_cause_text(a), q931_cause_text(b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_causes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
