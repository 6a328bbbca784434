/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers with suffixes, names, and words of pppd's option files (pppd(8), "OPTIONS FILES").
 */
#include "config/value.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/addr.h"

struct suffix {
	const char *name;
	int64_t factor;
};

int value_yes_no(const char *text, bool *ret)
{
	static const struct {
		const char *name;
		bool value;
	} words[] = {{"yes", true},    {"no", false}, {"true", true},
		     {"false", false}, {"on", true},  {"off", false}};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(text, words[i].name) == 0) {
			*ret = words[i].value;
			return 0;
		}
	}
	return -EINVAL;
}

static int digit_value(char c, int base)
{
	int digit = -1;

	if (isdigit((unsigned char)c))
		digit = c - '0';
	else if (isxdigit((unsigned char)c))
		digit = tolower((unsigned char)c) - 'a' + 10;
	return digit < base ? digit : -1;
}

/* Digits only, for strtoll() takes signs and blanks; *end is behind them. */
static int number_read(const char *text, const char **end, int64_t *ret)
{
	int base = 10;
	int64_t number = 0;
	bool over = false;
	const char *start;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
	}
	for (start = text; digit_value(*text, base) >= 0; text++) {
		over |= __builtin_mul_overflow(number, base, &number);
		over |= __builtin_add_overflow(number, digit_value(*text, base), &number);
	}
	if (text == start)
		return -EINVAL;
	*end = text;
	*ret = number;
	return over ? -ERANGE : 0;
}

static int number_with_suffix(const char *text, const struct suffix *suffixes, int64_t bare,
			      int64_t *ret)
{
	int64_t number, factor = bare;
	const char *end;
	int err = number_read(text, &end, &number);

	if (err == -EINVAL)
		return err;
	while (*end == ' ' || *end == '\t')
		end++;
	if (*end) {
		while (suffixes->name && strcmp(suffixes->name, end) != 0)
			suffixes++;
		if (!suffixes->name)
			return -EINVAL;
		factor = suffixes->factor;
	}
	if (err || __builtin_mul_overflow(number, factor, &number))
		return -ERANGE;
	*ret = number;
	return 0;
}

int value_number(const char *text, int64_t *ret)
{
	static const struct suffix none[] = {{NULL}};

	return number_with_suffix(text, none, 1, ret);
}

int value_speed(const char *text, int64_t *ret)
{
	static const struct suffix suffixes[] = {
		{"k", 1000}, {"M", 1000000}, {"G", 1000000000}, {NULL}};

	return number_with_suffix(text, suffixes, 1, ret);
}

int value_time(const char *text, usec_t unit, usec_t *ret)
{
	static const struct suffix suffixes[] = {
		{"ms", USEC_PER_MSEC},
		{"s", USEC_PER_SEC},
		{"m", 60 * USEC_PER_SEC},
		{"h", 3600 * USEC_PER_SEC},
		{NULL},
	};

	return number_with_suffix(text, suffixes, unit, ret);
}

int value_host(const char *text)
{
	struct addr addr;
	size_t label = 0;

	if (addr_parse(text, &addr) == 0)
		return 0;
	/* What looks like an address and is none is no name either. */
	if (!*text || text[strspn(text, "0123456789.")] == '\0')
		return -EINVAL;
	for (; *text; text++) {
		if (*text == '.') {
			if (!label)
				return -EINVAL;
			label = 0;
			continue;
		}
		if (!isalnum((unsigned char)*text) && *text != '-' && *text != '_')
			return -EINVAL;
		/* RFC 1035 2.3.4 */
		if (++label > 63)
			return -EINVAL;
	}
	return 0;
}

int value_title(const char *text, size_t max)
{
	size_t len = 0;

	for (; text[len]; len++) {
		if (!isalnum((unsigned char)text[len]) && !strchr("._-", text[len]))
			return -EINVAL;
	}
	return len > 0 && len <= max ? 0 : -EINVAL;
}

int value_next_word(const char **text, char *word)
{
	const char *at = *text;
	char quote = '\0';

	while (isspace((unsigned char)*at))
		at++;
	if (!*at || *at == '#') {
		*text = at + strlen(at);
		return 0;
	}
	for (; *at && (quote || !isspace((unsigned char)*at)); at++) {
		if (*at == '\\') {
			if (!*++at)
				return -EINVAL;
			*word++ = *at;
		} else if (*at == quote) {
			quote = '\0';
		} else if (!quote && (*at == '"' || *at == '\'')) {
			quote = *at;
		} else {
			*word++ = *at;
		}
	}
	if (quote)
		return -EINVAL;
	*word = '\0';
	*text = at;
	return 1;
}
