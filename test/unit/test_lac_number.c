/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a session says of its caller: the Calling Number in each of its formats, and the speeds of
 * the line, never more than is known of either.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "lac/private.h"

#define MAC "02:00:00:0a:0b:0c"
#define X16 "xxxxxxxxxxxxxxxx"

static char ac_name[] = "access-1", short_name[] = "a";

static const struct lac_call caller = {
	.port = {.interface = "eth1.7", .index = 12, .vlan = 7, .speed = 1000000000},
	.pppoe_id = 4660,
	.mac = {2, 0, 0, 10, 11, 12},
};

static void test_number(void **state)
{
	static const struct {
		enum lac_number format;
		enum lac_number fallback;
		const char *separator;
		const char *name;
		const char *circuit_id; /* NULL: the line said nothing */
		const char *remote_id;
		const char *number;
	} cases[] = {
		{LAC_NUMBER_DESCRIPTIVE, LAC_NUMBER_NONE, " ", ac_name, NULL, NULL,
		 "eth1.7 4660 " MAC},
		{LAC_NUMBER_DESCRIPTIVE, LAC_NUMBER_NONE, "#", ac_name, "dslam 1/2", "42",
		 "eth1.7#4660#" MAC "#dslam 1/2#42"},
		/* One that is empty leaves no separator behind. */
		{LAC_NUMBER_DESCRIPTIVE, LAC_NUMBER_NONE, "#", ac_name, "", "42",
		 "eth1.7#4660#" MAC "#42"},
		/* 63 octets and no more. */
		{LAC_NUMBER_DESCRIPTIVE, LAC_NUMBER_NONE, " ", ac_name, X16 X16 X16, NULL,
		 "eth1.7 4660 " MAC " " X16 X16 "x"},
		{LAC_NUMBER_FIXED, LAC_NUMBER_NONE, " ", ac_name, NULL, NULL, "acce0001200000007"},
		{LAC_NUMBER_FIXED, LAC_NUMBER_NONE, " ", short_name, NULL, NULL,
		 "a   0001200000007"},
		{LAC_NUMBER_FIXED, LAC_NUMBER_NONE, " ", NULL, NULL, NULL, "    0001200000007"},
		{LAC_NUMBER_CIRCUIT_ID, LAC_NUMBER_MAC, " ", ac_name, "dslam 1/2", "42",
		 "dslam 1/2"},
		{LAC_NUMBER_CIRCUIT_ID, LAC_NUMBER_MAC, " ", ac_name, "", "42", MAC},
		{LAC_NUMBER_CIRCUIT_ID, LAC_NUMBER_MAC, " ", ac_name, NULL, NULL, MAC},
		{LAC_NUMBER_CIRCUIT_ID, LAC_NUMBER_NONE, " ", ac_name, NULL, NULL, ""},
		{LAC_NUMBER_REMOTE_ID, LAC_NUMBER_NONE, " ", ac_name, "dslam 1/2", "42", "42"},
		{LAC_NUMBER_REMOTE_ID, LAC_NUMBER_FIXED, " ", ac_name, NULL, NULL,
		 "acce0001200000007"},
		{LAC_NUMBER_CIRCUIT_AND_REMOTE_ID, LAC_NUMBER_NONE, "/", ac_name, "dslam", "42",
		 "dslam/42"},
		{LAC_NUMBER_CIRCUIT_AND_REMOTE_ID, LAC_NUMBER_NONE, "/", ac_name, "", "42", "42"},
		{LAC_NUMBER_MAC, LAC_NUMBER_NONE, " ", ac_name, "dslam", "42", MAC},
		/* Who wants none wants no other either. */
		{LAC_NUMBER_NONE, LAC_NUMBER_MAC, " ", ac_name, "dslam", "42", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lac_access access = {
			.pppoe.ac_name = (char *)cases[i].name,
			.calling_number = cases[i].format,
			.calling_number_fallback = cases[i].fallback,
		};
		struct access_line line = {0};
		struct lac_call call = caller;
		char text[LAC_NUMBER_MAX];

		print_message("%s\n", cases[i].number);
		strcpy(access.number_separator, cases[i].separator);
		call.access = &access;
		if (cases[i].circuit_id) {
			strcpy(line.circuit_id, cases[i].circuit_id);
			strcpy(line.remote_id, cases[i].remote_id ? cases[i].remote_id : "");
			call.line = &line;
		}
		assert_string_equal(lac_calling_number(&call, text), cases[i].number);
	}
}

/* A call that came in a tunnel has a number of its own. */
static void test_switched(void **state)
{
	char text[LAC_NUMBER_MAX] = "x";

	(void)state;
	assert_string_equal(lac_calling_number(&caller, text), "");
}

/* RADIUS comes before the line, that before the configuration, that before the interface. */
static void test_speeds(void **state)
{
	static const struct {
		uint32_t granted, down, up, configured;
		uint32_t tx, rx;
	} cases[] = {
		{0, 0, 0, 0, 1000000000, 1000000000}, {0, 0, 0, 5000, 5000, 5000},
		{0, 16000, 1000, 5000, 16000, 1000},  {0, 16000, 0, 5000, 16000, 5000},
		{300, 16000, 1000, 5000, 300, 300},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lac_access access = {
			.tx_connect_speed = cases[i].configured,
			.rx_connect_speed = cases[i].configured,
		};
		struct lac_grant grant = {
			.tx_connect_speed = cases[i].granted,
			.rx_connect_speed = cases[i].granted,
		};
		struct access_line line = {
			.present = LINE_BIT(LINE_ACTUAL_UP) | LINE_BIT(LINE_ACTUAL_DOWN),
			.numbers = {cases[i].up, cases[i].down},
		};
		struct lac_call call = caller;
		uint32_t tx, rx;

		call.access = &access;
		call.grant = &grant;
		call.line = &line;
		lac_speeds(&call, &tx, &rx);
		assert_int_equal(tx, cases[i].tx);
		assert_int_equal(rx, cases[i].rx);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_switched),
		cmocka_unit_test(test_speeds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
