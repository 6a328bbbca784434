/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Intrusive hash table with chains, keyed by a 64-bit hash that the caller computes.
 *
 * The table only finds candidates: a caller walks the nodes that carry a hash and compares its own
 * keys. It doubles when it holds more nodes than buckets, so a look-up costs the same for ten
 * entries and for a million. Keys that a stranger chooses are hashed with a secret seed.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct hash_node {
	struct hash_node *next;
	uint64_t hash;
};

struct hash {
	struct hash_node **buckets;
	size_t mask;
	size_t count;
};

/* An empty table; it allocates at the first insertion. */
void hash_init(struct hash *table);
/* Frees the buckets; nodes belong to their objects and are left alone. */
void hash_fini(struct hash *table);
/* Returns 0 or -ENOMEM; only the first insertion into an empty table can fail. */
int hash_insert(struct hash *table, struct hash_node *node, uint64_t hash);
/* Unlinks a node that is in the table; one that is not is left alone. */
void hash_remove(struct hash *table, struct hash_node *node);
/* The first node with this hash, and after a node the next with the same hash; NULL at the end. */
struct hash_node *hash_find(const struct hash *table, uint64_t hash);
struct hash_node *hash_find_next(const struct hash_node *node);
/* Walks all nodes in no particular order: pass NULL first, then the last node given. */
struct hash_node *hash_walk(const struct hash *table, const struct hash_node *last);

/* A keyed mix of a byte string, good enough that a stranger without the seed cannot aim. */
uint64_t hash_bytes(const void *data, size_t len, uint64_t seed);
uint64_t hash_u64(uint64_t value, uint64_t seed);
