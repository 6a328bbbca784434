/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Challenge responses and hidden values against vectors of another implementation of MD5 and of
 * RFC 2661 section 4.3, made with:
 *
 *   hashlib.md5(bytes([type]) + secret + challenge)
 *   hashlib.md5(attribute + secret + random_vector), then hashlib.md5(secret + previous_block)
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/auth.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	enum msg_type type;
	const char *secret;
	const char *challenge;
	const char *response;
} responses[] = {
	{MSG_SCCRP, "secret", "challenge-0123456",
	 "\x2a\xc8\x5c\xd1\xba\x3b\x74\x61\xce\x55\x32\xc1\x57\x2d\x5c\x0a"},
	{MSG_SCCCN, "secret", "challenge-0123456",
	 "\x90\x87\x32\xa6\x37\x0b\xec\x01\x70\xfa\x73\xc6\xe1\x1b\x80\x63"},
	{MSG_SCCRP, "", "", "\x9e\x68\x8c\x58\xa5\x48\x7b\x8e\xaf\x69\xc9\xe1\x00\x5a\xd0\xbf"},
};

static void test_challenge(void **state)
{
	uint8_t response[CHALLENGE_RESPONSE_LEN];

	(void)state;
	for (size_t i = 0; i < COUNT(responses); i++) {
		struct bytes secret = bytes_str(responses[i].secret);
		struct bytes challenge = bytes_str(responses[i].challenge);

		challenge_response(responses[i].type, secret, challenge, response);
		assert_memory_equal(response, responses[i].response, sizeof(response));
		assert_true(challenge_verify(responses[i].type, secret, challenge, response));
		for (size_t octet = 0; octet < sizeof(response); octet++) {
			response[octet] ^= 0x80;
			assert_false(
				challenge_verify(responses[i].type, secret, challenge, response));
			response[octet] ^= 0x80;
		}
		assert_false(challenge_verify(responses[i].type, bytes_str("Secret"), challenge,
					      response));
		assert_false(challenge_verify(MSG_SCCRQ, secret, challenge, response));
	}
}

static const uint8_t vector[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
static const struct bytes random_vector = {vector, sizeof(vector)};

/* The subformat ends before, at and after the end of a block, and goes over several. */
static const struct {
	uint16_t attribute;
	const char *value;
	size_t len;
	size_t padding;
	const char *hidden;
} hidings[] = {
	{9, "\x00\x07", 2, 0, "be6a1dc0"},
	{39, "", 0, 0, "cef9"},
	{30, "A value that", 12, 2, "b02be63a73d083957c76b3991432adf9"},
	{30, "A value that ", 13, 0, "b02ae63a73d083957c76b39914328d"},
	{30, "A value that n", 14, 0, "b029e63a73d083957c76b39914328d97"},
	{30, "A value that ne", 15, 0, "b028e63a73d083957c76b39914328d97a5"},
	{33, "A value that needs more than t", 30, 0,
	 "f26591cfc301b1f1720ab0899612a440215b028461a7ca0316c2ef1255e6f82e"},
	{33, "A value that needs more than th", 31, 0,
	 "f26491cfc301b1f1720ab0899612a44000b0a444dc5eaac8a470d6ec39d609a915"},
	{33, "A value that needs more than three blocks of sixteen octets.", 60, 0,
	 "f24791cfc301b1f1720ab0899612a440b203ecf9564aab44a8f47c96d928ccb737572f16"
	 "7da4b950d7c0d7801e673fa2cd2274c8b274c958a4e568c1415b"},
	{22, "A value th", 10, 37,
	 "75cf46d6e449d93e2dc5037e1f6119f45be4378f4d87df98c1ea68a1c364fdf49a751cdb"
	 "b3ae70bae28c86ce2f9f845297"},
};

static size_t unhex(const char *hex, uint8_t *out)
{
	size_t len = strlen(hex) / 2;

	for (size_t i = 0; i < len; i++) {
		unsigned int octet;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &octet), 1);
		out[i] = (uint8_t)octet;
	}
	return len;
}

static void test_hide(void **state)
{
	uint8_t expected[128], out[128];
	size_t len;

	(void)state;
	for (size_t i = 0; i < COUNT(hidings); i++) {
		/* Padding is not what happens to stand behind the value. */
		uint8_t *copy = malloc(hidings[i].len + 1);
		struct bytes value = {copy, hidings[i].len};
		struct writer w = writer_init(out, sizeof(out));

		assert_non_null(copy);
		memcpy(copy, hidings[i].value, hidings[i].len);
		copy[hidings[i].len] = 0xff;
		len = unhex(hidings[i].hidden, expected);
		avp_hide(&w, hidings[i].attribute, bytes_str("secret"), random_vector, value,
			 hidings[i].padding);
		assert_true(w.ok);
		assert_int_equal(writer_len(&w), len);
		assert_memory_equal(out, expected, len);

		/* One octet of room too few. */
		w = writer_init(out, len - 1);
		avp_hide(&w, hidings[i].attribute, bytes_str("secret"), random_vector, value,
			 hidings[i].padding);
		assert_false(w.ok);
		free(copy);
	}
}

static void test_reveal(void **state)
{
	struct bytes value;
	uint8_t *hidden, *out;
	size_t len;

	(void)state;
	for (size_t i = 0; i < COUNT(hidings); i++) {
		len = strlen(hidings[i].hidden) / 2;
		hidden = malloc(len);
		out = malloc(len);
		assert_non_null(hidden);
		assert_non_null(out);
		unhex(hidings[i].hidden, hidden);
		assert_int_equal(avp_reveal(hidings[i].attribute, bytes_str("secret"),
					    random_vector, (struct bytes){hidden, len}, out,
					    &value),
				 0);
		assert_int_equal(value.len, hidings[i].len);
		assert_memory_equal(value.data, hidings[i].value, value.len);
		free(hidden);
		free(out);
	}
}

/* Whatever the secret, the attribute or the vector: another one reveals nothing. */
static void test_reveal_wrong(void **state)
{
	static const uint8_t other[] = {1};
	uint8_t hidden[128], out[128];
	struct bytes value = {NULL, 99}, in = {hidden, 0};

	(void)state;
	in.len = unhex(hidings[0].hidden, hidden);
	assert_int_equal(avp_reveal(9, bytes_str("Secret"), random_vector, in, out, &value),
			 -EBADMSG);
	assert_int_equal(avp_reveal(14, bytes_str("secret"), random_vector, in, out, &value),
			 -EBADMSG);
	assert_int_equal(
		avp_reveal(9, bytes_str("secret"), (struct bytes){other, 1}, in, out, &value),
		-EBADMSG);
	assert_int_equal(value.len, 99);
}

/* The original length against the room: less (padding), equal, one more. */
static void test_reveal_length(void **state)
{
	uint8_t hidden[128], out[128];
	struct bytes value;
	size_t len;

	(void)state;
	len = unhex(hidings[0].hidden, hidden);
	assert_int_equal(len, 4);
	assert_int_equal(avp_reveal(9, bytes_str("secret"), random_vector,
				    (struct bytes){hidden, len + 1}, out, &value),
			 0);
	assert_int_equal(value.len, 2);
	assert_int_equal(avp_reveal(9, bytes_str("secret"), random_vector,
				    (struct bytes){hidden, len - 1}, out, &value),
			 -EBADMSG);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(avp_reveal(9, bytes_str("secret"), random_vector,
					    (struct bytes){hidden, i}, out, &value),
				 -EBADMSG);
}

static void test_hide_too_long(void **state)
{
	uint8_t out[4];
	struct writer w = writer_init(out, sizeof(out));

	(void)state;
	/* Two octets cannot tell this length; nothing may be written, or read. */
	avp_hide(&w, 9, bytes_str("secret"), random_vector, (struct bytes){out, UINT16_MAX + 1}, 0);
	assert_false(w.ok);
	assert_int_equal(writer_len(&w), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_challenge),     cmocka_unit_test(test_hide),
		cmocka_unit_test(test_reveal),	      cmocka_unit_test(test_reveal_wrong),
		cmocka_unit_test(test_reveal_length), cmocka_unit_test(test_hide_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
