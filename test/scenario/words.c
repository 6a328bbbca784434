/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line into words, and words into numbers, addresses and octets.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

void wrong(const struct player *p, const char *format, ...)
{
	char text[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fail_msg("%s:%u: %s", p->file, p->line, text);
	abort();
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One character, or \xNN, or a backslash and what it takes the meaning from. */
static char take_char(const struct player *p, const char **line)
{
	const char *at = *line;

	if (*at != '\\') {
		*line = at + 1;
		return *at;
	}
	if (at[1] == 'x' && digit(at[2]) >= 0 && digit(at[3]) >= 0) {
		*line = at + 4;
		return (char)(digit(at[2]) << 4 | digit(at[3]));
	}
	if (!at[1])
		wrong(p, "a backslash ends the line");
	*line = at + 2;
	return at[1];
}

static const char *take_word(const struct player *p, const char *line, char **out,
			     struct word *word)
{
	bool quoted = false;

	word->key = *out;
	word->text = NULL;
	while (*line && (quoted || (*line != ' ' && *line != '\t' && *line != '\n'))) {
		if (*line == '"') {
			quoted = !quoted;
			line++;
		} else if (*line == '=' && !quoted && !word->text) {
			*(*out)++ = '\0';
			word->text = *out;
			line++;
		} else {
			*(*out)++ = take_char(p, &line);
		}
	}
	if (quoted)
		wrong(p, "a quotation mark is missing");
	if (word->text)
		word->len = (size_t)(*out - word->text);
	*(*out)++ = '\0';
	return line;
}

void split_words(struct player *p, const char *line)
{
	struct words *words = &p->words;
	char *out = words->text;

	words->count = 0;
	if (strlen(line) >= sizeof(words->text) / 2)
		wrong(p, "the line is too long");
	for (;;) {
		line += strspn(line, " \t\n");
		if (!*line || *line == '#')
			return;
		if (words->count == WORDS_MAX)
			wrong(p, "more than %d words", WORDS_MAX);
		line = take_word(p, line, &out, &words->word[words->count++]);
	}
}

struct variable *find_variable(const struct player *p, const char *name)
{
	for (unsigned int i = 0; i < p->n_variables; i++) {
		if (strcmp(p->variables[i].name, name) == 0)
			return (struct variable *)&p->variables[i];
	}
	return NULL;
}

bool bind_variable(struct player *p, const struct word *word, uint64_t value)
{
	struct variable *variable;

	if (word->text[0] != '$' || find_variable(p, word->text + 1))
		return false;
	if (p->n_variables == VARIABLES_MAX)
		wrong(p, "more than %d variables", VARIABLES_MAX);
	variable = &p->variables[p->n_variables++];
	snprintf(variable->name, sizeof(variable->name), "%s", word->text + 1);
	variable->value = value;
	return true;
}

uint64_t word_number(const struct player *p, const struct word *word, uint64_t greatest)
{
	const struct variable *variable;
	uint64_t value;
	char *end;

	if (!word->text || !word->text[0])
		wrong(p, "%s: a number is missing", word->key);
	if (word->text[0] == '$') {
		variable = find_variable(p, word->text + 1);
		if (!variable)
			wrong(p, "%s has no value yet", word->text);
		return variable->value;
	}
	value = strtoull(word->text, &end, 0);
	if (*end || value > greatest)
		wrong(p, "%s=%s: must be a number up to %llu", word->key, word->text,
		      (unsigned long long)greatest);
	return value;
}

/* "192.0.2.1" has port 1701, "192.0.2.1:5" its own. */
struct addr word_addr(const struct player *p, const struct word *word)
{
	char host[64];
	struct addr addr;
	const char *colon;

	if (!word->text)
		wrong(p, "%s: an address is missing", word->key);
	colon = strrchr(word->text, ':');
	snprintf(host, sizeof(host), "%.*s",
		 (int)(colon ? (size_t)(colon - word->text) : strlen(word->text)), word->text);
	if (addr_parse(host, &addr))
		wrong(p, "%s=%s: must be an address of IPv4, perhaps with a port", word->key,
		      word->text);
	addr.port = colon ? (uint16_t)strtoul(colon + 1, NULL, 10) : L2TP_PORT;
	return addr;
}

size_t word_hex(const struct player *p, const struct word *word, uint8_t *out, size_t size)
{
	const char *text = word->text;
	size_t len = 0;

	if (!text)
		wrong(p, "%s: octets are missing", word->key);
	if (text[0] == '0' && text[1] == 'x')
		text += 2;
	for (; text[0]; text += 2) {
		if (digit(text[0]) < 0 || digit(text[1]) < 0)
			wrong(p, "%s=%s: must be octets in hexadecimal", word->key, word->text);
		if (len == size)
			wrong(p, "%s: more than %zu octets", word->key, size);
		out[len++] = (uint8_t)(digit(text[0]) << 4 | digit(text[1]));
	}
	return len;
}

int word_errno(const struct player *p, const char *name)
{
	for (int i = 1; i < 134; i++) {
		const char *known = strerrorname_np(i);

		if (known && strcmp(known, name) == 0)
			return i;
	}
	wrong(p, "%s is no error", name);
}

bool word_is(const struct word *word, const char *text)
{
	return strcmp(word->key, text) == 0;
}
