/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The RADIUS codec against the bytes of RFC 2865 section 7, against vectors of another
 * implementation of MD5 and HMAC (Python's hashlib and hmac, by the formulas of RFC 2868 3.5 and
 * RFC 3579 3.2), and against what does not fit.
 */
#include <errno.h>

#include "radius_kit.h"

#define SECRET bytes_str("xyzzy5461")

/* RFC 2865 7.1 to 7.3: a request with its answer. */
static const struct {
	const char *request;
	const char *password; /* of PAP */
	const char *answer;
	uint8_t code;
	size_t n_attributes;
} examples[] = {
	{"01000038 0f403f9473978057bd83d5cb98f4227a 01066e656d6f"
	 "02120dbe708d93d413ce3196e43f782a0aee 0406c0a80110 050600000003",
	 "arctangent",
	 "02000026 86fe220e7624ba2a1005f6bf9b55e0b2 060600000001 0f0600000000 0e06c0a80103", 2, 3},
	{"01010047 2aee86f08d0d55969ca5978e0d3367a2 0108666c6f707379"
	 "031316e97557c316185895f293ff634407727504 06c0a80110 050600000014 060600000002"
	 "070600000001",
	 NULL,
	 "02010038 15efbc7dab26cfa3dc34d9c03c8601a4 060600000002 070600000001 0806fffffffe"
	 "0a0600000002 0d0600000001 0c06000005dc",
	 2, 6},
	{"01020039 f3a47a1f6a6d76710b947ab93041a039 01076d6f707379"
	 "021233657573778289b570885e15084825c5 0406c0a80110 050600000007",
	 "challenge",
	 "0b02004e 36f3c8764ae8c71157403c0c71ff9c45"
	 "12304368616c6c656e67652033323736393433302e2020456e74657220726573706f6e736520"
	 "61742070726f6d70742e 180a3332373639343330",
	 11, 2},
	{"01030043 b122556d428a13d0d6253807c457ecf0 01076d6f707379"
	 "0212692c1f205fc081b919b95195f561a581 0406c0a80110 050600000007"
	 "18103332373639343330",
	 "99101462", "03030014 a42f4fca45916c4e09c8340f9e746aa0", 3, 0},
};

static void test_examples(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		uint8_t request[128], answer[128], hidden[RADIUS_PASSWORD_MAX];
		struct radius_packet asked, packet;
		struct radius_value value;
		struct radius_walk walk;
		size_t len, n = 0;

		len = unhex(examples[i].request, request);
		/* The last one's State is shorter than its length says: as it is in the RFC. */
		if (radius_parse((struct bytes){request, len}, &asked))
			assert_int_equal(i, 3);
		else if (examples[i].password) {
			assert_true(radius_get(asked.attributes, ATTR_USER_PASSWORD, &value));
			assert_int_equal(radius_hide(bytes_str(examples[i].password), SECRET,
						     asked.authenticator, hidden),
					 value.value.len);
			assert_memory_equal(hidden, value.value.data, value.value.len);
		}
		len = unhex(examples[i].answer, answer);
		assert_int_equal(radius_parse((struct bytes){answer, len}, &packet), 0);
		assert_int_equal(packet.code, examples[i].code);
		assert_int_equal(radius_check_answer(&packet, SECRET, request + 4, false), 0);
		assert_int_equal(radius_check_answer(&packet, SECRET, request + 4, true), -ENODATA);
		assert_int_equal(
			radius_check_answer(&packet, bytes_str("xyzzy5462"), request + 4, false),
			-EBADMSG);
		for (walk = radius_walk(packet.attributes); radius_next(&walk, &value);)
			n++;
		assert_int_equal(n, examples[i].n_attributes);
	}
}

/* What is no packet at all, and the least changes that make one. */
static const struct {
	const char *name;
	const char *bytes;
	int err;
} structures[] = {
	{"nothing", "", -EBADMSG},
	{"cut header", "02000014 00000000000000000000000000 0000", -EBADMSG},
	{"least", "02000014 00000000000000000000000000000000", 0},
	{"length less than a header", "02000013 00000000000000000000000000000000", -EBADMSG},
	{"length of more", "02000015 00000000000000000000000000000000", -EBADMSG},
	{"padding", "02000014 00000000000000000000000000000000 ff", 0},
	{"attribute of length 0", "02000016 00000000000000000000000000000000 0100", -EBADMSG},
	{"attribute of length 1", "02000016 00000000000000000000000000000000 0101", -EBADMSG},
	{"empty attribute", "02000016 00000000000000000000000000000000 0102", 0},
	{"attribute too long", "02000017 00000000000000000000000000000000 010461", -EBADMSG},
	{"type alone", "02000015 00000000000000000000000000000000 01", -EBADMSG},
};

static void test_structure(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(structures); i++) {
		uint8_t bytes[64];
		struct radius_packet packet;
		size_t len = unhex(structures[i].bytes, bytes);

		print_message("# %s\n", structures[i].name);
		assert_int_equal(radius_parse((struct bytes){bytes, len}, &packet),
				 structures[i].err);
	}
}

static void test_longest(void **state)
{
	static uint8_t bytes[RADIUS_LEN_MAX + 1];
	struct radius_packet packet;

	(void)state;
	memset(bytes, 2, sizeof(bytes));
	bytes[2] = 0x10;
	bytes[3] = 0;
	assert_int_equal(radius_parse((struct bytes){bytes, RADIUS_LEN_MAX}, &packet), 0);
	bytes[3] = 1;
	assert_int_equal(radius_parse((struct bytes){bytes, RADIUS_LEN_MAX + 1}, &packet),
			 -EBADMSG);
}

/* One attribute and what becomes of it: RFC 2868 3.1 to 3.6 on tags. */
static const struct {
	const char *bytes;
	enum radius_attr attr;
	uint8_t tag;
	const char *value;
	uint32_t number;
	const char *wrong;
} values[] = {
	{"0103 61", ATTR_USER_NAME, 0, "61", 0, NULL},
	{"0102", ATTR_USER_NAME, 0, "", 0, "it is too short"},
	{"0104 6100", ATTR_USER_NAME, 0, "6100", 0, "there is a NUL in it"},
	{"0506 00000003", ATTR_NAS_PORT, 0, "00000003", 3, NULL},
	{"0505 000003", ATTR_NAS_PORT, 0, "000003", 0, "it is too short"},
	{"0507 0000000003", ATTR_NAS_PORT, 0, "0000000003", 0, "it is too long"},
	{"4006 00000003", ATTR_TUNNEL_TYPE, 0, "000003", 3, NULL},
	{"4006 01000003", ATTR_TUNNEL_TYPE, 1, "000003", 3, NULL},
	{"4006 1f010203", ATTR_TUNNEL_TYPE, 31, "010203", 0x10203, NULL},
	{"4006 20000003", ATTR_TUNNEL_TYPE, 0, "000003", 3, "its tag is not of 1 to 31"},
	{"4005 010003", ATTR_TUNNEL_TYPE, 1, "0003", 0, "it is too short"},
	{"4002", ATTR_TUNNEL_TYPE, 0, "", 0, "it is too short"},
	{"4305 016162", ATTR_TUNNEL_SERVER_ENDPOINT, 1, "6162", 0, NULL},
	{"4305 006162", ATTR_TUNNEL_SERVER_ENDPOINT, 0, "6162", 0, NULL},
	{"4305 1f6162", ATTR_TUNNEL_SERVER_ENDPOINT, 31, "6162", 0, NULL},
	{"4305 206162", ATTR_TUNNEL_SERVER_ENDPOINT, 0, "206162", 0, NULL},
	{"4303 01", ATTR_TUNNEL_SERVER_ENDPOINT, 1, "", 0, "it is too short"},
	{"4516 21 8001 000102030405060708090a0b0c0d0e0f 10", ATTR_TUNNEL_PASSWORD, 0,
	 "8001000102030405060708090a0b0c0d0e0f10", 0, NULL},
	{"4507 01 80010203", ATTR_TUNNEL_PASSWORD, 1, "80010203", 0, "it is too short"},
	{"1a0a 0000130a 4004 6162", ATTR_ERX_TUNNEL_GROUP, 0, "6162", 0, NULL},
	{"1a0b 0000130a 0905 026162", ATTR_ERX_TUNNEL_PASSWORD, 2, "6162", 0, NULL},
	{"1a0b 0000130a 4004 6162 00", ATTR_ERX_TUNNEL_GROUP, 0, "6162", 0, NULL},
	{"1a0a 0000130a 4005 6162", ATTR_MAX, 0, "", 0,
	 "the inside of a Vendor-Specific does not fit"},
	{"1a0a 0000130a 4001 6162", ATTR_MAX, 0, "", 0,
	 "the inside of a Vendor-Specific does not fit"},
	{"1a0a 00000000 0104 6162", ATTR_MAX, 0, "0000000001046162", 0, NULL},
	{"1a0a 00000009 0104 6162", ATTR_MAX, 0, "0000000901046162", 0, NULL},
	{"1a06 0000130a", ATTR_MAX, 0, "0000130a", 0, NULL},
	{"1a02", ATTR_MAX, 0, "", 0, NULL},
	{"c804 6162", ATTR_MAX, 0, "6162", 0, NULL},
};

static void test_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		uint8_t bytes[64], expected[64];
		size_t len = unhex(values[i].bytes, bytes);
		size_t expected_len = unhex(values[i].value, expected);
		struct radius_walk walk = radius_walk((struct bytes){bytes, len});
		struct radius_value value;

		print_message("# %s\n", values[i].bytes);
		assert_true(radius_next(&walk, &value));
		assert_int_equal(value.attr, values[i].attr);
		assert_int_equal(value.tag, values[i].tag);
		assert_int_equal(value.number, values[i].number);
		assert_int_equal(value.value.len, expected_len);
		if (expected_len)
			assert_memory_equal(value.value.data, expected, expected_len);
		if (values[i].wrong)
			assert_string_equal(value.wrong, values[i].wrong);
		else
			assert_null(value.wrong);
	}
}

/* Two of a vendor in one Vendor-Specific, RFC 2865 5.26. */
static void test_vendor_several(void **state)
{
	uint8_t bytes[64];
	size_t len = unhex("1a12 0000130a a206 00000001 a306 00000002 0103 61", bytes);
	struct radius_walk walk = radius_walk((struct bytes){bytes, len});
	struct radius_value value;

	(void)state;
	assert_true(radius_next(&walk, &value));
	assert_int_equal(value.attr, ATTR_ERX_TX_CONNECT_SPEED);
	assert_int_equal(value.number, 1);
	assert_true(radius_next(&walk, &value));
	assert_int_equal(value.attr, ATTR_ERX_RX_CONNECT_SPEED);
	assert_int_equal(value.number, 2);
	assert_true(radius_next(&walk, &value));
	assert_int_equal(value.attr, ATTR_USER_NAME);
	assert_false(radius_next(&walk, &value));
}

/* Every row can be written and read back, at both ends of its lengths, and not beyond. */
static void test_rows(void **state)
{
	(void)state;
	for (unsigned int attr = 0; attr < ATTR_MAX; attr++) {
		const struct radius_row *row = &radius_rows[attr];
		uint8_t octets[256], out[300];
		const uint8_t lens[] = {row->least, row->greatest};
		uint8_t tag = row->flags & RADIUS_TAGGED ? 5 : 0;

		memset(octets, 'a', sizeof(octets));
		assert_int_equal(radius_find(row->vendor, row->type), attr);
		for (size_t i = 0; i < COUNT(lens); i++) {
			struct writer w = writer_init(out, sizeof(out));
			struct radius_value value;

			radius_put(&w, (enum radius_attr)attr, tag,
				   (struct bytes){octets, lens[i]});
			assert_true(radius_get(written(&w), (enum radius_attr)attr, &value));
			assert_int_equal(value.value.len, lens[i]);
			assert_int_equal(value.tag, tag);
			assert_int_equal(value.whole.len, writer_len(&w));
		}
		for (size_t len = row->greatest + 1u; len < sizeof(octets); len++) {
			struct writer w = writer_init(out, sizeof(out));

			radius_put(&w, (enum radius_attr)attr, tag, (struct bytes){octets, len});
			assert_false(w.ok);
		}
	}
}

/* secret "xyzzy5461", authenticator 00..0f, salt 8a5b */
static const struct {
	const char *password;
	const char *salted;
} saltings[] = {
	{"tunnel-secret", "8a5bdfc0a9a1e9e07dd07db4b809cf81333a"},
	{"", "8a5bd2b4dccf878511fd0ed1db7baaf5333a"},
	{"fifteen octets.", "8a5bddd2b5a9f3e074932ebeb80fcf814014"},
	{"sixteen octets..",
	 "8a5bc2c7b5b7f3e074932ebeb80fcf814014e744b3c29f127ab6cb0e9074f69c9d98"},
};

static void test_salt(void **state)
{
	uint8_t authenticator[16], out[RADIUS_VALUE_MAX], expected[RADIUS_VALUE_MAX];
	struct bytes clear;

	(void)state;
	for (uint8_t i = 0; i < 16; i++)
		authenticator[i] = i;
	for (size_t i = 0; i < COUNT(saltings); i++) {
		size_t len = unhex(saltings[i].salted, expected);

		assert_int_equal(radius_salt(bytes_str(saltings[i].password), 0x0a5b, SECRET,
					     authenticator, out),
				 len);
		assert_memory_equal(out, expected, len);
		assert_int_equal(radius_unsalt((struct bytes){expected, len}, SECRET, authenticator,
					       out, &clear),
				 0);
		assert_int_equal(clear.len, strlen(saltings[i].password));
		assert_memory_equal(clear.data, saltings[i].password, clear.len);
		/* Not of whole blocks, or none. */
		assert_int_equal(radius_unsalt((struct bytes){expected, len - 1}, SECRET,
					       authenticator, out, &clear),
				 -EBADMSG);
		assert_int_equal(radius_unsalt((struct bytes){expected, 2}, SECRET, authenticator,
					       out, &clear),
				 -EBADMSG);
		/* Another secret, or authenticator: a length or padding that cannot be. */
		assert_int_equal(radius_unsalt((struct bytes){expected, len}, bytes_str("xyzzy"),
					       authenticator, out, &clear),
				 -EBADMSG);
		/* The length octet, one more than the block. */
		expected[2] ^= (uint8_t)strlen(saltings[i].password) ^ (uint8_t)(len - 2);
		assert_int_equal(radius_unsalt((struct bytes){expected, len}, SECRET, authenticator,
					       out, &clear),
				 -EBADMSG);
	}
}

static void test_salt_longest(void **state)
{
	uint8_t authenticator[16] = {1}, out[RADIUS_VALUE_MAX], again[RADIUS_VALUE_MAX];
	uint8_t password[240];
	struct bytes clear;

	(void)state;
	memset(password, 'p', sizeof(password));
	assert_int_equal(radius_salt((struct bytes){password, 239}, 1, SECRET, authenticator, out),
			 242);
	assert_int_equal(
		radius_unsalt((struct bytes){out, 242}, SECRET, authenticator, again, &clear), 0);
	assert_int_equal(clear.len, 239);
	assert_int_equal(radius_salt((struct bytes){password, 240}, 1, SECRET, authenticator, out),
			 -EMSGSIZE);
}

/* Sealed packets of each kind against another implementation: id 7, User-Name "alice",
 * User-Password "password" where it is an Access-Request with authenticator 00..0f. */
static const struct {
	enum radius_code code;
	const char *packet;
} sealings[] = {
	{RADIUS_ACCESS_REQUEST, "0107003f000102030405060708090a0b0c0d0e0f50126c994081246720acb84c74"
				"009b8d9cad0107616c69636502123060999bb979389853c96a316a88996b"},
	{RADIUS_ACCOUNTING_REQUEST, "0407001bddacc5bee8434243ff4444a9fa9b3cf20107616c696365"},
	{RADIUS_DISCONNECT_REQUEST, "2807002d7f57e4197cc298a238c45dcfcfbc72db5012e2591bcdb27f3277a3"
				    "82f4675e39c00b0107616c696365"},
	{RADIUS_ACCESS_ACCEPT, "0207002d68ba6e4606dd068b15c4b4f54e7d67605012aaf36e75910c7b77431abc7"
			       "90fa5279b0107616c696365"},
};

static void test_seal(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sealings); i++) {
		enum radius_code code = sealings[i].code;
		uint8_t body[64], packet[256], expected[256], authenticator[16];
		struct writer b = writer_init(body, sizeof(body));
		struct writer w = writer_init(packet, sizeof(packet));
		size_t len = unhex(sealings[i].packet, expected);
		struct radius_packet parsed;

		for (uint8_t j = 0; j < 16; j++)
			authenticator[j] = j;
		radius_put(&b, ATTR_USER_NAME, 0, bytes_str("alice"));
		if (code == RADIUS_ACCESS_REQUEST)
			radius_put(&b, ATTR_USER_PASSWORD, 0, bytes_str("password"));
		if (code == RADIUS_ACCESS_ACCEPT)
			assert_int_equal(
				radius_seal_answer(&w, code, 7, SECRET, written(&b), authenticator),
				0);
		else
			assert_int_equal(radius_seal_request(&w, code, 7, SECRET, written(&b),
							     authenticator),
					 0);
		assert_int_equal(writer_len(&w), len);
		assert_memory_equal(packet, expected, len);
		assert_int_equal(radius_parse(written(&w), &parsed), 0);
		if (code == RADIUS_DISCONNECT_REQUEST)
			assert_int_equal(radius_check_order(&parsed, SECRET, true), 0);
		if (code == RADIUS_ACCOUNTING_REQUEST) {
			assert_int_equal(radius_check_order(&parsed, SECRET, false), 0);
			assert_int_equal(radius_check_order(&parsed, SECRET, true), -ENODATA);
		}
	}
}

/* Any bit of an answer that is not as the server sent it. */
static void test_forged(void **state)
{
	uint8_t body[64], packet[256], authenticator[16] = {9};
	struct writer b = writer_init(body, sizeof(body));
	struct writer w = writer_init(packet, sizeof(packet));

	(void)state;
	radius_put(&b, ATTR_REPLY_MESSAGE, 0, bytes_str("hello"));
	assert_int_equal(
		radius_seal_answer(&w, RADIUS_ACCESS_ACCEPT, 7, SECRET, written(&b), authenticator),
		0);
	for (size_t bit = 0; bit < writer_len(&w) * 8; bit++) {
		struct radius_packet parsed;

		packet[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (!radius_parse(written(&w), &parsed))
			assert_int_equal(radius_check_answer(&parsed, SECRET, authenticator, true),
					 -EBADMSG);
		packet[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

/* An answer whose Response Authenticator is right and whose Message-Authenticator is not: what one
 * can make who finds collisions of MD5. */
static void test_message_authenticator(void **state)
{
	static const char *const bodies[] = {"50120000000000000000000000000000 0000", "5003ff"};
	static const int errors[] = {-EBADMSG, -ENODATA};

	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		uint8_t body[64], packet[256], request[16] = {9};
		struct writer w = writer_init(packet, sizeof(packet));
		size_t len = unhex(bodies[i], body);
		struct radius_packet parsed;

		/* Of accounting, which is not signed by itself. */
		assert_int_equal(radius_seal_answer(&w, RADIUS_ACCOUNTING_RESPONSE, 7, SECRET,
						    (struct bytes){body, len}, request),
				 0);
		assert_int_equal(radius_parse(written(&w), &parsed), 0);
		assert_int_equal(radius_check_answer(&parsed, SECRET, request, true), errors[i]);
	}
}

static void test_too_long(void **state)
{
	static uint8_t body[RADIUS_LEN_MAX], packet[RADIUS_LEN_MAX + 100];
	struct writer b = writer_init(body, sizeof(body));
	struct writer w = writer_init(packet, sizeof(packet));
	uint8_t authenticator[16] = {0};
	uint8_t octets[RADIUS_VALUE_MAX] = {0};

	(void)state;
	for (int i = 0; i < 16; i++)
		radius_put(&b, ATTR_CLASS, 0, (struct bytes){octets, sizeof(octets)});
	assert_int_equal(radius_seal_request(&w, RADIUS_ACCESS_REQUEST, 0, SECRET, written(&b),
					     authenticator),
			 -EMSGSIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_structure),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_vendor_several),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_salt),
		cmocka_unit_test(test_salt_longest),
		cmocka_unit_test(test_seal),
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_message_authenticator),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
