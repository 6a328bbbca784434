/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a caller's name to a domain section.
 *
 * The name is whatever a stranger typed. A part that is empty is no domain; the names of the two
 * sections for special cases cannot be dialled; what is not printable is not shown as it is.
 */
#include "steer/domain.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define SECTION_DEFAULT "default"
#define SECTION_NONE "none"

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

struct steer_domain *steer_domain_new(const char *name)
{
	struct steer_domain *domain = mem_alloc(sizeof(*domain));
	size_t len = strlen(name);

	if (!domain)
		return NULL;
	domain->name = mem_alloc(len + 1);
	if (!domain->name) {
		mem_free(domain);
		return NULL;
	}
	for (size_t i = 0; i < len; i++)
		domain->name[i] = lower(name[i]);
	list_init(&domain->node);
	domain->refs = 1;
	return domain;
}

struct steer_domain *steer_domain_ref(struct steer_domain *domain)
{
	domain->refs++;
	return domain;
}

void steer_domain_unref(struct steer_domain *domain)
{
	if (!domain || --domain->refs)
		return;
	list_remove(&domain->node);
	steer_set_unref(domain->set);
	mem_free(domain->name);
	mem_free(domain->ppp);
	mem_free(domain->called_number);
	mem_free(domain);
}

static const struct steer_domain *find(const struct steer_domains *domains, const char *name)
{
	const struct steer_domain *domain;

	list_for_each (domain, &domains->domains, node) {
		if (strcmp(domain->name, name) == 0)
			return domain;
	}
	return NULL;
}

/* --- the parts of a name --- */

struct parts {
	struct bytes domain;
	struct bytes user;
};

static bool cut_suffix(const struct steer_domains *domains, struct bytes name, struct parts *ret)
{
	size_t at = name.len;

	while (at && !(name.data[at - 1] && strchr(domains->suffix, name.data[at - 1])))
		at--;
	if (!at || at == name.len)
		return false;
	ret->domain = (struct bytes){name.data + at, name.len - at};
	ret->user = (struct bytes){name.data, at - 1};
	return true;
}

static bool cut_prefix(const struct steer_domains *domains, struct bytes name, struct parts *ret)
{
	size_t at = 0;

	while (at < name.len && !strchr(domains->prefix, name.data[at]))
		at++;
	if (!at || at == name.len)
		return false;
	ret->domain = (struct bytes){name.data, at};
	ret->user = (struct bytes){name.data + at + 1, name.len - at - 1};
	return true;
}

/* In the order of enum steer_order, and back. */
static const struct {
	bool (*cut)(const struct steer_domains *domains, struct bytes name, struct parts *ret);
	const char *text;
} ways[] = {
	[STEER_SUFFIX_FIRST] = {cut_suffix, "suffix"},
	[STEER_PREFIX_FIRST] = {cut_prefix, "prefix"},
};

static const char *cut(const struct steer_domains *domains, struct bytes name, struct parts *ret)
{
	size_t first = domains->order == STEER_PREFIX_FIRST;

	if (ways[first].cut(domains, name, ret))
		return ways[first].text;
	if (ways[!first].cut(domains, name, ret))
		return ways[!first].text;
	*ret = (struct parts){.user = name};
	return NULL;
}

static void copy(struct bytes from, char ret[static 256])
{
	memcpy(ret, from.data, from.len);
	ret[from.len] = 0;
}

/* Control characters have no place in a domain, nor in the Called Number that is made of it. */
static void copy_domain(struct bytes from, char ret[static 256])
{
	for (size_t i = 0; i < from.len; i++) {
		ret[i] = lower((char)from.data[i]);
		if (from.data[i] < ' ' || from.data[i] == 0x7f)
			ret[i] = '?';
	}
	ret[from.len] = 0;
}

/* --- the decision --- */

static const char *printable(const char *text, char *ret, size_t size)
{
	text_copy(ret, size, bytes_str(text));
	/* Cut, and seen to be. */
	if (strlen(text) >= size)
		memcpy(ret + size - 4, "...", 4);
	return ret;
}

static void decide_named(const struct steer_domains *domains, const char *way,
			 struct steer_decision *decision)
{
	const char *name = decision->domain_name;
	bool special = strcmp(name, SECTION_DEFAULT) == 0 || strcmp(name, SECTION_NONE) == 0;
	char shown[80];

	printable(name, shown, sizeof(shown));
	decision->domain = special ? NULL : find(domains, name);
	if (decision->domain) {
		snprintf(decision->why, sizeof(decision->why), "domain %s (%s)", shown, way);
		return;
	}
	decision->domain = find(domains, SECTION_DEFAULT);
	snprintf(decision->why, sizeof(decision->why), "domain %s (%s): %s", shown, way,
		 decision->domain ? "section default" : "no section, and no section default");
}

void steer_domain_decide(const struct steer_domains *domains, const char *name,
			 struct steer_decision *ret)
{
	struct bytes whole = bytes_str(name);
	struct parts parts;
	const char *way;

	*ret = (struct steer_decision){0};
	if (whole.len >= sizeof(ret->user)) {
		snprintf(ret->why, sizeof(ret->why), "a name of %zu octets is too long", whole.len);
		return;
	}
	way = cut(domains, whole, &parts);
	copy(parts.user, ret->user);
	if (way) {
		copy_domain(parts.domain, ret->domain_name);
		decide_named(domains, way, ret);
		return;
	}
	ret->domain = find(domains, SECTION_NONE);
	snprintf(ret->why, sizeof(ret->why), "no domain in the name: %s",
		 ret->domain ? "section none" : "there is no section none");
}
