/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the manuals and README.md tell against what is so: RADIUS attributes and results that lock a
 * destination out against their tables, row by row and none more, and each configuration that is
 * shown against the checks of aditd --check.
 */
#include "config_load.h"

#include "aaa/packet.h"
#include "steer/steer.h"
#include "wire/result.h"

#define ENTRY_MAX 256
#define CODES 40

static char *read_source(const char *name)
{
	char path[512];

	assert_non_null(getenv("SOURCE_ROOT"));
	snprintf(path, sizeof(path), "%s/%s", getenv("SOURCE_ROOT"), name);
	return read_text(path);
}

/* --- tables --- */

/* Rows of the table under this head, which are to be counted off. */
struct table {
	char *manual;
	char *rows;
	char *end;
	size_t count;
	size_t wrong;
};

static struct table find_table(const char *head)
{
	struct table table = {.manual = read_source("daemon/aditd.8.md")};
	char *at = strstr(table.manual, head);

	if (!at)
		fail_msg("aditd.8.md has no table \"%s\"", head);
	/* The line of dashes follows. */
	at = strchr(at + strlen(head) + 1, '\n');
	assert_non_null(at);
	table.rows = table.end = at + 1;
	while (*table.end == '|') {
		table.end = strchr(table.end, '\n') + 1;
		table.count++;
	}
	return table;
}

static void expect_row(struct table *table, const char *row)
{
	const char *at = strstr(table->rows, row);

	if (!at || at >= table->end) {
		print_message("aditd.8.md misses: %s", row);
		table->wrong++;
	}
	table->count--;
}

static void end_table(struct table *table)
{
	mem_free(table->manual);
	assert_int_equal(table->wrong, 0);
	/* Rows that nothing asked for. */
	assert_int_equal(table->count, 0);
}

static const char *vendor_name(uint32_t vendor)
{
	return vendor == 311 ? "Microsoft " : vendor == 3561 ? "DSL Forum " : vendor ? "ERX " : "";
}

static void test_attributes(void **state)
{
	static const struct {
		enum radius_place place;
		const char *name;
	} places[] = {
		{IN_REQUEST, "request"}, {IN_ACCEPT, "Accept"},		{IN_REJECT, "Reject"},
		{IN_ACCOUNT, "record"},	 {IN_DISCONNECT, "Disconnect"}, {IN_CHANGE, "CoA"},
	};
	struct table table = find_table("| attribute | number | in |\n");

	(void)state;
	for (size_t i = 0; i < ATTR_MAX; i++) {
		const struct radius_row *row = &radius_rows[i];
		char where[64] = "", entry[ENTRY_MAX];

		for (size_t j = 0; j < COUNT(places); j++) {
			if (!(row->places & places[j].place))
				continue;
			if (where[0])
				strcat(where, ", ");
			strcat(where, places[j].name);
		}
		/* Of answers to orders, and of Challenges that are refused. */
		if (!where[0])
			continue;
		snprintf(entry, sizeof(entry), "| %s | %s%u | %s |\n", row->name,
			 vendor_name(row->vendor), row->type, where);
		expect_row(&table, entry);
	}
	end_table(&table);
}

static bool locks_out(enum reason_origin origin, uint16_t result, uint16_t error, bool is_tunnel)
{
	struct reason reason = reason_make(origin, result, error, "because");

	return steer_counts(&reason, is_tunnel);
}

static void expect_result(struct table *table, bool is_tunnel, uint16_t result, uint16_t error)
{
	bool received = locks_out(ORIGIN_PEER, result, error, is_tunnel);
	bool sent = locks_out(ORIGIN_LOCAL, result, error, is_tunnel);
	const char *text = is_tunnel ? stopccn_result_text(result) : cdn_result_text(result);
	char code[32] = "", entry[ENTRY_MAX];

	if (!received && !sent)
		return;
	if (!result)
		text = "no answer in time";
	else if (result == CDN_GENERAL_ERROR)
		text = l2tp_error_text(error);
	if (result == CDN_GENERAL_ERROR)
		snprintf(code, sizeof(code), "%u, error %u", result, error);
	else if (result)
		snprintf(code, sizeof(code), "%u", result);
	snprintf(entry, sizeof(entry), "| %s | %s | %s | %s |\n", is_tunnel ? "StopCCN" : "CDN",
		 result ? code : "none", text,
		 received && sent ? "either"
		 : received	  ? "the LNS"
				  : "aditd");
	expect_row(table, entry);
}

static void test_lockouts(void **state)
{
	struct table table = find_table("| message | result | which is | said by |\n");

	(void)state;
	for (unsigned int call = 0; call < 2; call++) {
		for (uint16_t code = 0; code < CODES; code++) {
			if (code != CDN_GENERAL_ERROR)
				expect_result(&table, !call, code, 0);
			expect_result(&table, !call, CDN_GENERAL_ERROR, code);
		}
	}
	end_table(&table);
}

/* --- examples --- */

/* An example is indented by four blanks, or between lines of ```. Copies it without them. Returns
 * what follows, or NULL when there is none. */
static const char *next_example(const char *at, char *to)
{
	bool fenced = false, inside = false, blank_before = true;

	for (; *at; at = strchr(at, '\n') + 1) {
		size_t len = strcspn(at, "\n") + 1;
		bool indented = strncmp(at, "    ", 4) == 0;

		if (strncmp(at, "```", 3) == 0) {
			if (fenced)
				return *to = '\0', at + len;
			fenced = true;
		} else if (fenced) {
			memcpy(to, at, len);
			to += len;
		} else if (indented && (inside || blank_before)) {
			inside = true;
			memcpy(to, at + 4, len - 4);
			to += len - 4;
		} else if (inside && len > 1) {
			return *to = '\0', at;
		}
		blank_before = len == 1;
	}
	*to = '\0';
	return inside ? at : NULL;
}

/* Not a command, nor what aditd answers, nor a file of another program. */
static bool is_configuration(const char *text)
{
	return strstr(text, " {\n") && text[0] != '#';
}

static size_t check_examples(const char *name)
{
	char *text = read_source(name);
	char *example = mem_alloc(strlen(text) + 1);
	const char *at = text;
	size_t n = 0;

	assert_non_null(example);
	while ((at = next_example(at, example))) {
		if (!is_configuration(example))
			continue;
		config_free(load_good_text(example));
		n++;
	}
	mem_free(example);
	mem_free(text);
	return n;
}

static void test_examples(void **state)
{
	(void)state;
	assert_int_equal(check_examples("README.md"), 4);
	assert_int_equal(check_examples("daemon/config/adit.conf.5.md"), 3);
	assert_int_equal(check_examples("daemon/aditd.8.md"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_lockouts),
		cmocka_unit_test(test_examples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
