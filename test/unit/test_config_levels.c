/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys that may stand at several levels: what stands outside of sections is where every peer
 * starts, its own section goes over it, and a tunnel's over that. Each such row of the table is
 * tried.
 */
#include <errno.h>
#include <inttypes.h>

#include "config/build.h"
#include "config_load.h"

/* The n-th value that is not the default, as text and as it is stored. */
static int64_t value_of(const struct config_key *key, unsigned int n, char *text, size_t size)
{
	static const char *const changes[] = {"accept", "ignore", "reject"};
	int64_t standard = 0;

	switch (key->type) {
	case TYPE_CHOICE:
		snprintf(text, size, "%s", changes[n]);
		return n;
	case TYPE_TIME:
		assert_int_equal(sscanf(key->standard, "%" SCNd64, &standard), 1);
		snprintf(text, size, "%llds", (long long)standard + n);
		return (standard + n) * USEC_PER_SEC;
	case TYPE_NUMBER:
	case TYPE_MILLISECONDS:
		assert_int_equal(sscanf(key->standard, "%" SCNd64, &standard), 1);
		snprintf(text, size, "%lld", (long long)standard + n);
		return standard + n;
	case TYPE_YES_NO:
	case TYPE_SPEED:
	case TYPE_TEXT:
	case TYPE_PATH:
	case TYPE_FILE:
	case TYPE_HOST:
	case TYPE_ADDRESS:
	case TYPE_IPV4:
	case TYPE_PREFIX:
	case TYPE_NAME:
	case TYPE_WORDS:
	case TYPE_REFUSED:
		break;
	}
	fail_msg("%s is of a type that no level is known of", key->name);
	return 0;
}

static int64_t stored(const struct config_key *key, const struct peer *peer)
{
	int64_t value = 0;

	/* Little-endian or not: each size as what it is. */
	switch (key->size) {
	case 1:
		return *((const uint8_t *)peer + key->offset);
	case 2:
		return *(const uint16_t *)((const char *)peer + key->offset);
	case 4:
		return *(const uint32_t *)((const char *)peer + key->offset);
	default:
		memcpy(&value, (const char *)peer + key->offset, sizeof(value));
		return value;
	}
}

static void check_levels(const struct config_key *key)
{
	bool in_tunnel = key->sections & IN(TUNNEL);
	char outside[32], own[32], tunnel[32], text[512];
	int64_t global = value_of(key, 2, outside, sizeof(outside));
	int64_t peer = value_of(key, 1, own, sizeof(own));
	int64_t last = value_of(key, 0, tunnel, sizeof(tunnel));
	struct config *config;

	snprintf(text, sizeof(text),
		 "%s = %s peer p { } peer q { %s = %s } tunnel t { remote = a } "
		 "tunnel u { remote = a peer = q } tunnel v { remote = a peer = q %s%s%s }",
		 key->name, outside, key->name, own, in_tunnel ? key->name : "mark", " = ",
		 in_tunnel ? tunnel : "1");
	config = load_good_text(text);
	assert_int_equal(stored(key, config->defaults), global);
	assert_int_equal(stored(key, find_peer(config, "p")), global);
	assert_int_equal(stored(key, find_peer(config, "q")), peer);
	assert_int_equal(stored(key, config_find_tunnel(config, "t")->peer), global);
	assert_int_equal(stored(key, config_find_tunnel(config, "u")->peer), peer);
	assert_int_equal(stored(key, config_find_tunnel(config, "v")->peer),
			 in_tunnel ? last : peer);
	config_free(config);
}

static void test_levels(void **state)
{
	size_t n = 0;

	(void)state;
	config_key_for_each (key) {
		if (key->target != SECTION_PEER || !(key->sections & IN(GLOBAL)))
			continue;
		print_message("# %s\n", key->name);
		check_levels(key);
		n++;
	}
	assert_true(n >= 15);
}

/* The daemon's own limits are not those of a peer, though some have the same name. */
static void test_same_name(void **state)
{
	struct config *config =
		load_good_text("max_sessions = 9 max_tunnels = 8 "
			       "peer p { max_sessions = 7 max_tunnels = 6 } peer q { }");

	(void)state;
	assert_int_equal(config->limits.max_sessions, 9);
	assert_int_equal(config->limits.max_tunnels, 8);
	assert_int_equal(find_peer(config, "p")->max_sessions, 7);
	assert_int_equal(find_peer(config, "p")->max_tunnels, 6);
	assert_int_equal(find_peer(config, "q")->max_sessions, 0);
	assert_int_equal(find_peer(config, "q")->max_tunnels, 0);
	config_free(config);
}

/* What is wrong outside of sections is told once, however many peers start from it. */
static void test_faults(void **state)
{
	static const struct {
		const char *text;
		const char *fault;
	} rows[] = {
		{"retry_first = 9 peer a { } peer b { } tunnel t { remote = a }",
		 "text:1: retry_first = 9: retry_first must not be longer than retry_cap"},
		{"retry_cap = 5 peer a { } peer b { retry_first = 6 }",
		 "text:1: peer b: retry_first = 6: retry_first must not be longer than retry_cap"},
		{"window = 1025 peer a { } peer b { }", "text:1: window = 1025: at most 1024"},
		{"window = 0 peer a { }", "text:1: window = 0: at least 1"},
		{"secret = x", "text:1: secret: no such key here; it belongs in peer, tunnel, "
			       "radius, destination"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lines lines = {0};
		struct config *config;

		assert_int_equal(config_load_text("text", rows[i].text, take_line, &lines, &config),
				 -EINVAL);
		assert_int_equal(lines.count, 1);
		assert_string_equal(lines.text[0], rows[i].fault);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_same_name),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
