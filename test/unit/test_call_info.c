/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The optional values of a call: kept in their true length, bounded, printable where they are
 * texts, and learnt from and told in the messages that may carry them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "l2tp/engine.h"

/* What a call costs that has a number called, one calling, and nothing else: with what malloc adds
 * to either block. */
#define PLAIN_SESSION_MAX 600
#define MALLOC_ADDS 16

static const uint8_t octets[CALL_INFO_LEN_MAX] = {0, 1, 2, '\n', 0xff};

static struct bytes view(size_t len)
{
	assert_in_range(len, 0, sizeof(octets));
	return (struct bytes){octets, len};
}

static void test_texts(void **state)
{
	static const struct {
		const char *value;
		const char *kept;
	} cases[] = {
		{"5551234", "5551234"},
		{"", ""},
		{"a\nb\x7f\xc3\xa4\x1b[2J", "a?b????[2J"},
		{"x=1\r\nPATH=/evil", "x=1??PATH=/evil"},
		{"0123456789012345678901234567890123456789012345678901234567890123456789",
		 "012345678901234567890123456789012345678901234567890123456789012"},
	};
	struct call_info *info = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(
			call_info_set(&info, CALL_CALLED_NUMBER, bytes_str(cases[i].value)), 0);
		assert_string_equal(call_info_text(info, CALL_CALLED_NUMBER), cases[i].kept);
		assert_string_equal(call_info_text(info, CALL_CALLING_NUMBER), "");
	}
	call_info_free(info);
}

/* Each of many, set, changed and taken away beside the others. */
static void test_beside(void **state)
{
	struct call_info *info = NULL;

	(void)state;
	assert_string_equal(call_info_text(NULL, CALL_NAME), "");
	for (enum call_item item = 0; item < CALL_ITEM_MAX; item++)
		assert_int_equal(call_info_set(&info, item, view(item + 1)), 0);
	for (enum call_item item = 0; item < CALL_ITEM_MAX; item += 2)
		assert_int_equal(call_info_set(&info, item, view(40 - item)), 0);
	for (enum call_item item = 0; item < CALL_ITEM_MAX; item += 3)
		assert_int_equal(call_info_set(&info, item, view(0)), 0);
	for (enum call_item item = 0; item < CALL_ITEM_MAX; item++) {
		size_t due = item % 3 == 0 ? 0 : item % 2 ? item + 1 : 40 - item;

		assert_int_equal(call_info_get(info, item).len, due);
	}
	for (enum call_item item = 0; item < CALL_ITEM_MAX; item++)
		assert_int_equal(call_info_set(&info, item, view(0)), 0);
	assert_int_equal(info->len, 0);
	call_info_free(info);
}

/* Opaque values stay as they are; one that is too long leaves what was there. */
static void test_octets(void **state)
{
	size_t max = call_info_max(CALL_INITIAL_LCP_CONFREQ);
	struct call_info *info = NULL;

	(void)state;
	assert_int_equal(call_info_set(&info, CALL_INITIAL_LCP_CONFREQ, view(max)), 0);
	assert_true(bytes_equal(call_info_get(info, CALL_INITIAL_LCP_CONFREQ), view(max)));
	assert_int_equal(call_info_set(&info, CALL_INITIAL_LCP_CONFREQ, view(max + 1)), -EMSGSIZE);
	assert_true(bytes_equal(call_info_get(info, CALL_INITIAL_LCP_CONFREQ), view(max)));
	call_info_free(info);
}

static void test_bound(void **state)
{
	struct call_info *info = NULL;

	(void)state;
	for (int round = 0; round < 3; round++)
		for (enum call_item item = 0; item < CALL_ITEM_MAX; item++)
			assert_int_equal(call_info_set(&info, item, view(call_info_max(item))), 0);
	print_message("# struct call_info: at most %zu octets\n", sizeof(*info) + info->len);
	assert_true(info->len <= CALL_INFO_LEN_MAX);
	/* Nothing was wasted on the way. */
	assert_true(info->room <= CALL_INFO_LEN_MAX + call_info_max(CALL_TSA_IDS));
	call_info_free(info);
}

static void test_memory(void **state)
{
	struct call_info *info = NULL;

	(void)state;
	__mem_fail_after(1);
	assert_int_equal(call_info_set(&info, CALL_NAME, bytes_str("a")), -ENOMEM);
	assert_null(info);
	assert_int_equal(call_info_set(&info, CALL_NAME, bytes_str("a")), 0);
	__mem_fail_after(1);
	assert_int_equal(call_info_set(&info, CALL_NAME, bytes_str("longer")), -ENOMEM);
	assert_string_equal(call_info_text(info, CALL_NAME), "a");
	__mem_fail_after(0);
	call_info_free(info);
}

static struct l2tp_msg full_message(enum msg_type type)
{
	struct l2tp_msg msg = {.type = type};

	MSG_SET(&msg, AVP_CALLED_NUMBER, called_number, bytes_str("5551234"));
	MSG_SET(&msg, AVP_CALLING_NUMBER, calling_number, bytes_str("al\nice"));
	MSG_SET(&msg, AVP_SUB_ADDRESS, sub_address, bytes_str("7"));
	MSG_SET(&msg, AVP_PRIVATE_GROUP_ID, private_group_id, bytes_str("red"));
	MSG_SET(&msg, AVP_PROXY_AUTHEN_NAME, proxy_authen_name, bytes_str("joe"));
	MSG_SET(&msg, AVP_PROXY_AUTHEN_RESPONSE, proxy_authen_response, view(16));
	MSG_SET(&msg, AVP_INITIAL_LCP_CONFREQ, initial_lcp_confreq, view(256));
	MSG_SET(&msg, AVP_LAST_SENT_LCP_CONFREQ, last_sent_lcp_confreq, view(14));
	return msg;
}

static void test_learn(void **state)
{
	struct l2tp_msg msg = full_message(MSG_ICCN), none = {.type = MSG_ICRQ};
	struct call_info *info = NULL;

	(void)state;
	assert_int_equal(call_info_learn(&info, &none), 0);
	assert_null(info);
	__mem_fail_after(1);
	assert_int_equal(call_info_learn(&info, &msg), -ENOMEM);
	assert_null(info);
	/* Twice: the later counts. */
	assert_int_equal(call_info_learn(&info, &msg), 0);
	msg.private_group_id = bytes_str("blue");
	assert_int_equal(call_info_learn(&info, &msg), 0);
	assert_string_equal(call_info_text(info, CALL_CALLING_NUMBER), "al?ice");
	assert_string_equal(call_info_text(info, CALL_PRIVATE_GROUP), "blue");
	assert_true(bytes_equal(call_info_get(info, CALL_PROXY_AUTHEN_RESPONSE), view(16)));
	/* One octet too long. */
	assert_int_equal(call_info_get(info, CALL_INITIAL_LCP_CONFREQ).len, 0);
	assert_int_equal(call_info_get(info, CALL_LAST_SENT_LCP_CONFREQ).len, 14);
	call_info_free(info);
}

/* RFC 2661 6.6 to 6.11: each message says its own. */
static void test_tell(void **state)
{
	static const struct {
		enum msg_type type;
		enum avp_id avp;
		bool told;
	} cases[] = {
		{MSG_ICRQ, AVP_CALLED_NUMBER, true},
		{MSG_ICRQ, AVP_CALLING_NUMBER, true},
		{MSG_ICRQ, AVP_SUB_ADDRESS, true},
		{MSG_ICRQ, AVP_PRIVATE_GROUP_ID, false},
		{MSG_OCRQ, AVP_CALLED_NUMBER, true},
		{MSG_OCRQ, AVP_SUB_ADDRESS, true},
		{MSG_OCRQ, AVP_CALLING_NUMBER, false},
		{MSG_ICCN, AVP_CALLED_NUMBER, false},
		{MSG_ICCN, AVP_PRIVATE_GROUP_ID, true},
		{MSG_ICCN, AVP_PROXY_AUTHEN_NAME, true},
		{MSG_ICCN, AVP_PROXY_AUTHEN_RESPONSE, true},
		{MSG_ICCN, AVP_PROXY_AUTHEN_CHALLENGE, false},
		{MSG_ICCN, AVP_LAST_SENT_LCP_CONFREQ, true},
		{MSG_OCCN, AVP_PRIVATE_GROUP_ID, false},
		{MSG_OCCN, AVP_PROXY_AUTHEN_NAME, false},
	};
	struct l2tp_msg learnt = full_message(MSG_ICCN);
	struct call_info *info = NULL;

	(void)state;
	assert_int_equal(call_info_learn(&info, &learnt), 0);
	assert_int_equal(call_info_set(&info, CALL_USER, bytes_str("joe")), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct l2tp_msg msg = {.type = cases[i].type};

		call_info_tell(info, &msg);
		if (msg_has(&msg, cases[i].avp) != cases[i].told)
			fail_msg("%s, AVP row %u", msg_type_name(msg.type), cases[i].avp);
	}
	call_info_free(info);
}

static void test_size(void **state)
{
	struct l2tp_msg msg = {.type = MSG_ICRQ};
	struct call_info *info = NULL;
	size_t total;

	(void)state;
	MSG_SET(&msg, AVP_CALLED_NUMBER, called_number, bytes_str("+49 30 901820"));
	MSG_SET(&msg, AVP_CALLING_NUMBER, calling_number, bytes_str("bras7 eth 1/2:3.4096"));
	assert_int_equal(call_info_learn(&info, &msg), 0);
	total = sizeof(struct l2tp_session) + MALLOC_ADDS + sizeof(*info) + info->room +
		MALLOC_ADDS;
	print_message("# struct l2tp_session: %zu octets, with two numbers %zu\n",
		      sizeof(struct l2tp_session), total);
	assert_true(total <= PLAIN_SESSION_MAX);
	call_info_free(info);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),  cmocka_unit_test(test_beside),
		cmocka_unit_test(test_octets), cmocka_unit_test(test_bound),
		cmocka_unit_test(test_memory), cmocka_unit_test(test_learn),
		cmocka_unit_test(test_tell),   cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
