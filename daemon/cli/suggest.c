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

/* Levenshtein's distance, where two letters that changed places are one edit; of the matrix three
 * rows at a time. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int rows[3][WORD_MAX + 1];
	size_t len = strlen(b);

	if (strlen(a) > WORD_MAX || len > WORD_MAX)
		return WORD_MAX;
	for (unsigned int j = 0; j <= len; j++)
		rows[0][j] = j;
	for (unsigned int i = 1; a[i - 1]; i++) {
		unsigned int *row = rows[i % 3];
		const unsigned int *above = rows[(i - 1) % 3], *before = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= len; j++) {
			row[j] = least(above[j] + 1, row[j - 1] + 1,
				       above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
	}
	return rows[strlen(a) % 3][len];
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
