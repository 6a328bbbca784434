/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calling Number in all its formats, and speeds of a line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lac/private.h"

static const struct access_line told = {.circuit_id = "dslam1/3:7", .remote_id = "port 7"};
static const struct access_line only_remote = {.remote_id = "port 7"};
static const struct access_line long_words = {
	.circuit_id = "123456789012345678901234567890123456789012345678901234567890123",
	.remote_id = "port 7"};

static const struct {
	enum lac_number format, fallback;
	const char *separator;
	const struct access_line *line;
	const char *text;
} numbers[] = {
	{LAC_NUMBER_DESCRIPTIVE, LAC_NUMBER_NONE, " ", NULL, "eth1.100 42 02:00:5e:00:0a:ff"},
	{LAC_NUMBER_DESCRIPTIVE, LAC_NUMBER_NONE, "#", &told,
	 "eth1.100#42#02:00:5e:00:0a:ff#dslam1/3:7#port 7"},
	{LAC_NUMBER_DESCRIPTIVE, LAC_NUMBER_NONE, "", NULL, "eth1.1004202:00:5e:00:0a:ff"},
	{LAC_NUMBER_FIXED, LAC_NUMBER_NONE, " ", &told, "bras0000700000100"},
	{LAC_NUMBER_CIRCUIT_ID, LAC_NUMBER_MAC, " ", &told, "dslam1/3:7"},
	{LAC_NUMBER_CIRCUIT_ID, LAC_NUMBER_MAC, " ", &only_remote, "02:00:5e:00:0a:ff"},
	{LAC_NUMBER_CIRCUIT_ID, LAC_NUMBER_NONE, " ", NULL, ""},
	{LAC_NUMBER_REMOTE_ID, LAC_NUMBER_NONE, " ", &told, "port 7"},
	{LAC_NUMBER_CIRCUIT_AND_REMOTE_ID, LAC_NUMBER_NONE, "/", &told, "dslam1/3:7/port 7"},
	{LAC_NUMBER_CIRCUIT_AND_REMOTE_ID, LAC_NUMBER_NONE, "/", &only_remote, "port 7"},
	/* As much as an LNS keeps of it. */
	{LAC_NUMBER_CIRCUIT_AND_REMOTE_ID, LAC_NUMBER_NONE, "/", &long_words,
	 "123456789012345678901234567890123456789012345678901234567890123"},
	{LAC_NUMBER_MAC, LAC_NUMBER_NONE, " ", &told, "02:00:5e:00:0a:ff"},
	{LAC_NUMBER_NONE, LAC_NUMBER_MAC, " ", &told, ""},
};

static void test_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct lac_access access = {
			.pppoe.ac_name = (char *)"bras1.example",
			.calling_number = numbers[i].format,
			.calling_number_fallback = numbers[i].fallback,
		};
		const struct lac_call call = {
			.access = &access,
			.port = {.interface = "eth1.100", .index = 7, .vlan = 100},
			.pppoe_id = 42,
			.mac = {2, 0, 0x5e, 0, 10, 255},
			.line = (struct access_line *)numbers[i].line,
		};
		char text[LAC_NUMBER_MAX];

		strcpy(access.number_separator, numbers[i].separator);
		assert_string_equal(lac_calling_number(&call, text), numbers[i].text);
	}
}

/* What the line changed to, what RADIUS says, what the line said, what the configuration says, what
 * the interface is. */
static void test_speeds(void **state)
{
	static const struct lac_grant grant = {.tx_connect_speed = 4};
	struct access_line line = {
		.present = LINE_BIT(LINE_ACTUAL_UP) | LINE_BIT(LINE_ACTUAL_DOWN),
		.numbers = {13, 3},
	};
	struct lac_access access = {0};
	struct lac_call call = {.access = &access};
	uint32_t tx, rx;

	(void)state;
	lac_speeds(&call, &tx, &rx);
	assert_int_equal(tx, 0);
	assert_int_equal(rx, 0);
	call.port.speed = 1;
	lac_speeds(&call, &tx, &rx);
	assert_int_equal(tx, 1);
	assert_int_equal(rx, 1);
	access.tx_connect_speed = 2;
	lac_speeds(&call, &tx, &rx);
	assert_int_equal(tx, 2);
	assert_int_equal(rx, 1);
	call.line = &line;
	lac_speeds(&call, &tx, &rx);
	assert_int_equal(tx, 3);
	assert_int_equal(rx, 13);
	call.grant = (struct lac_grant *)&grant;
	lac_speeds(&call, &tx, &rx);
	assert_int_equal(tx, 4);
	assert_int_equal(rx, 13);
	call.tx_speed = 5;
	call.rx_speed = 15;
	lac_speeds(&call, &tx, &rx);
	assert_int_equal(tx, 5);
	assert_int_equal(rx, 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_speeds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
