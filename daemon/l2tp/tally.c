/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tallies in a hash table.
 */
#include "l2tp/tally.h"

#include <errno.h>

#include "base/list.h"
#include "base/mem.h"

static struct tally *find(const struct hash *table, uint64_t key)
{
	struct hash_node *node = hash_find(table, key);

	return node ? container_of(node, struct tally, node) : NULL;
}

int tally_take(struct hash *table, uint64_t key, struct tally **ret)
{
	struct tally *tally = find(table, key);

	if (!tally) {
		tally = mem_alloc(sizeof(*tally));
		if (!tally || hash_insert(table, &tally->node, key)) {
			mem_free(tally);
			return -ENOMEM;
		}
	}
	tally->holders++;
	*ret = tally;
	return 0;
}

void tally_give(struct hash *table, struct tally *tally)
{
	if (--tally->holders)
		return;
	hash_remove(table, &tally->node);
	mem_free(tally);
}

const struct tally *tally_find(const struct hash *table, uint64_t key)
{
	return find(table, key);
}
