/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "Did you mean": the nearest known word by edit distance.
 */
#include <string.h>

#include "cli/cli.h"

#define WORD_MAX 32
/* More edits than this and it is another word. */
#define DISTANCE_MAX 2

static unsigned int least(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Levenshtein's distance, one row of the matrix at a time. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[WORD_MAX + 1];
	size_t len = strlen(b);

	if (strlen(a) > WORD_MAX || len > WORD_MAX)
		return WORD_MAX;
	for (unsigned int j = 0; j <= len; j++)
		row[j] = j;
	for (unsigned int i = 1; a[i - 1]; i++) {
		unsigned int diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= len; j++) {
			unsigned int above = row[j];

			row[j] =
				least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[len];
}

void suggest_offer(struct suggestion *suggestion, const char *candidate)
{
	unsigned int d = distance(suggestion->word, candidate);

	if (d > DISTANCE_MAX || d >= strlen(candidate))
		return;
	if (suggestion->best && suggestion->distance <= d)
		return;
	suggestion->best = candidate;
	suggestion->distance = d;
}

const char *suggest_best(const struct suggestion *suggestion)
{
	return suggestion->best;
}
