/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The domain map: which section a name comes to, and names that somebody made up to do harm.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "steer/domain.h"

#define X16 "xxxxxxxxxxxxxxxx"
#define X64 X16 X16 X16 X16
#define X251 X64 X64 X64 X16 X16 X16 "xxxxxxxxxxx"

struct map {
	const char *suffix;
	const char *prefix;
	enum steer_order order;
	const char *sections[4];
};

static const struct map usual = {
	"@", "/\\", STEER_SUFFIX_FIRST, {"example.com", "default", "none"}};
static const struct map before = {
	"@", "/\\", STEER_PREFIX_FIRST, {"example.com", "corp", "default"}};
static const struct map bare = {"@", "", STEER_SUFFIX_FIRST, {"example.com"}};
static const struct map many = {"@%", "", STEER_SUFFIX_FIRST, {"example.com", "none"}};
static const struct map off = {"", "", STEER_SUFFIX_FIRST, {"example.com", "default", "none"}};
static const struct map spelled = {"@", "", STEER_SUFFIX_FIRST, {"Example.COM"}};

static const struct {
	const struct map *map;
	const char *name;
	const char *section; /* NULL: none fits */
	const char *domain;
	const char *user;
	const char *why;
} rows[] = {
	{&usual, "joe@example.com", "example.com", "example.com", "joe",
	 "domain example.com (suffix)"},
	{&usual, "joe@EXAMPLE.com", "example.com", "example.com", "joe",
	 "domain example.com (suffix)"},
	{&spelled, "joe@example.com", "example.com", "example.com", "joe",
	 "domain example.com (suffix)"},
	{&usual, "joe@elsewhere", "default", "elsewhere", "joe",
	 "domain elsewhere (suffix): section default"},
	{&usual, "joe", "none", "", "joe", "no domain in the name: section none"},
	{&usual, "", "none", "", "", "no domain in the name: section none"},
	{&usual, "example.com/joe", "example.com", "example.com", "joe",
	 "domain example.com (prefix)"},
	{&usual, "EXAMPLE.com\\joe", "example.com", "example.com", "joe",
	 "domain example.com (prefix)"},
	/* Both. */
	{&usual, "corp/joe@example.com", "example.com", "example.com", "corp/joe",
	 "domain example.com (suffix)"},
	{&before, "corp/joe@example.com", "corp", "corp", "joe@example.com",
	 "domain corp (prefix)"},
	{&before, "joe@example.com", "example.com", "example.com", "joe",
	 "domain example.com (suffix)"},
	{&before, "joe", NULL, "", "joe", "no domain in the name: there is no section none"},
	/* The last behind, the first before. */
	{&usual, "a@b@example.com", "example.com", "example.com", "a@b",
	 "domain example.com (suffix)"},
	{&usual, "example.com/a/b", "example.com", "example.com", "a/b",
	 "domain example.com (prefix)"},
	{&many, "a@b%example.com", "example.com", "example.com", "a@b",
	 "domain example.com (suffix)"},
	{&many, "a%b@example.com", "example.com", "example.com", "a%b",
	 "domain example.com (suffix)"},
	/* Nothing is no domain. */
	{&usual, "joe@", "none", "", "joe@", "no domain in the name: section none"},
	{&usual, "@", "none", "", "@", "no domain in the name: section none"},
	{&usual, "@@", "none", "", "@@", "no domain in the name: section none"},
	{&usual, "/joe", "none", "", "/joe", "no domain in the name: section none"},
	{&usual, "@example.com", "example.com", "example.com", "", "domain example.com (suffix)"},
	{&usual, "example.com/", "example.com", "example.com", "", "domain example.com (prefix)"},
	{&usual, "example.com/joe@", "example.com", "example.com", "joe@",
	 "domain example.com (prefix)"},
	/* Without delimiters nothing is looked for. */
	{&off, "joe@example.com", "none", "", "joe@example.com",
	 "no domain in the name: section none"},
	{&bare, "example.com/joe", NULL, "", "example.com/joe",
	 "no domain in the name: there is no section none"},
	{&bare, "joe@elsewhere", NULL, "elsewhere", "joe",
	 "domain elsewhere (suffix): no section, and no section default"},
	/* The special sections are not dialled by their names. */
	{&usual, "joe@none", "default", "none", "joe", "domain none (suffix): section default"},
	{&usual, "joe@DEFAULT", "default", "default", "joe",
	 "domain default (suffix): section default"},
	{&many, "joe@none", NULL, "none", "joe",
	 "domain none (suffix): no section, and no section default"},
	/* Not printable, or not ASCII. */
	{&usual, "joe@exam\nple.com", "default", "exam?ple.com", "joe",
	 "domain exam?ple.com (suffix): section default"},
	{&usual, "joe@example.com\x1b[2J", "default", "example.com?[2j", "joe",
	 "domain example.com?[2j (suffix): section default"},
	{&usual, "joe@\x7f", "default", "?", "joe", "domain ? (suffix): section default"},
	{&usual, "j\toe@example.com", "example.com", "example.com", "j\toe",
	 "domain example.com (suffix)"},
	{&usual,
	 "joe@b\xc3\xbc"
	 "cher.example",
	 "default",
	 "b\xc3\xbc"
	 "cher.example",
	 "joe", "domain b??cher.example (suffix): section default"},
	{&usual, "joe@example.com ", "default", "example.com ", "joe",
	 "domain example.com  (suffix): section default"},
	{&usual, "joe@%s%n", "default", "%s%n", "joe", "domain %s%n (suffix): section default"},
	/* Long: 253 octets of domain, 255 in all, one more. */
	{&usual, "j@" X251 "yz", "default", X251 "yz", "j",
	 "domain " X64 "xxxxxxxxxxxx... (suffix): section default"},
	{&usual, X251 "yyyy", "none", "", X251 "yyyy", "no domain in the name: section none"},
	{&usual, "joe@" X251 "y", NULL, "", "", "a name of 256 octets is too long"},
	{&usual, X251 X251 "@example.com", NULL, "", "", "a name of 514 octets is too long"},
};

static void build(const struct map *map, struct steer_domains *ret)
{
	struct steer_domain *domain;

	*ret = (struct steer_domains){.order = map->order};
	strcpy(ret->suffix, map->suffix);
	strcpy(ret->prefix, map->prefix);
	list_init(&ret->domains);
	for (size_t i = 0; i < 4 && map->sections[i]; i++) {
		domain = steer_domain_new(map->sections[i]);
		assert_non_null(domain);
		list_append(&ret->domains, &domain->node);
	}
}

static void clear(struct steer_domains *domains)
{
	struct steer_domain *domain;

	while ((domain = list_first(&domains->domains, struct steer_domain, node)))
		steer_domain_unref(domain);
}

static void names(void **state)
{
	struct steer_domains domains;
	struct steer_decision decision;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		build(rows[i].map, &domains);
		/* What was there before is of no matter. */
		memset(&decision, 0xff, sizeof(decision));
		steer_domain_decide(&domains, rows[i].name, &decision);
		print_message("# %s\n", decision.why);
		assert_string_equal(decision.why, rows[i].why);
		assert_string_equal(decision.domain_name, rows[i].domain);
		assert_string_equal(decision.user, rows[i].user);
		assert_int_equal(!decision.domain, !rows[i].section);
		if (rows[i].section)
			assert_string_equal(decision.domain->name, rows[i].section);
		clear(&domains);
	}
}

static void counted(void **state)
{
	struct steer_domain *domain = steer_domain_new("Example.com");
	struct steer_domains domains;

	(void)state;
	list_init(&domains.domains);
	list_append(&domains.domains, &domain->node);
	domain->set = steer_set_new();
	assert_ptr_equal(steer_domain_ref(domain), domain);
	steer_domain_unref(domain);
	assert_false(list_empty(&domains.domains));
	steer_domain_unref(domain);
	assert_true(list_empty(&domains.domains));
	steer_domain_unref(NULL);
	for (unsigned int n = 1; n <= 2; n++) {
		__mem_fail_after(n);
		assert_null(steer_domain_new("example.com"));
	}
	__mem_fail_after(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
