/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which results lock a destination out: every code of RFC 2661 4.4.2, said by either end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "steer/steer.h"
#include "wire/result.h"

#define CODES 40

/* Codes that count; the rest do not. Ends with -1. */
static const struct {
	bool is_tunnel;
	enum reason_origin origin;
	bool of_error; /* codes are Error Codes of a General Error, else Result Codes */
	int codes[12];
} rows[] = {
	{true, ORIGIN_PEER, false, {0, 4, 5, 6, -1}},
	{true, ORIGIN_LOCAL, false, {4, 5, -1}},
	{true, ORIGIN_PEER, true, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1}},
	{true, ORIGIN_LOCAL, true, {2, 3, 8, -1}},
	{false, ORIGIN_PEER, false, {4, 5, 8, 10, -1}},
	{false, ORIGIN_LOCAL, false, {-1}},
	{false, ORIGIN_PEER, true, {4, 7, 9, 10, 11, 12, -1}},
	{false, ORIGIN_LOCAL, true, {-1}},
	{true, ORIGIN_KERNEL, false, {-1}},
	{true, ORIGIN_KERNEL, true, {-1}},
	{false, ORIGIN_KERNEL, false, {-1}},
	{false, ORIGIN_KERNEL, true, {-1}},
	{false, ORIGIN_PPP, false, {-1}},
	{false, ORIGIN_PPP, true, {-1}},
	{true, ORIGIN_NONE, false, {-1}},
};

static bool is_listed(const int *codes, int code)
{
	for (; *codes >= 0; codes++)
		if (*codes == code)
			return true;
	return false;
}

static void codes(void **state)
{
	struct reason reason;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (int code = 0; code < CODES; code++) {
			if (!rows[i].of_error && code == CDN_GENERAL_ERROR)
				continue;
			reason = reason_make(rows[i].origin,
					     rows[i].of_error ? CDN_GENERAL_ERROR : (uint16_t)code,
					     rows[i].of_error ? (uint16_t)code : 0, "because");
			print_message("# %s %d: %s\n", rows[i].is_tunnel ? "tunnel" : "call", code,
				      reason_origin_text(reason.origin));
			assert_int_equal(steer_counts(&reason, rows[i].is_tunnel),
					 is_listed(rows[i].codes, code));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
