/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Intrusive hash table, and SipHash-2-4 (Aumasson and Bernstein, 2012) to fill it.
 *
 * Growing moves all nodes at once, which is paid once per doubling. When there is no memory to
 * grow, the table goes on with longer chains: a slower look-up is better than a lost call.
 */
#include "base/hash.h"

#include <errno.h>

#include "base/mem.h"

#define BUCKETS_FIRST 16

void hash_init(struct hash *table)
{
	*table = (struct hash){0};
}

void hash_fini(struct hash *table)
{
	mem_free(table->buckets);
	hash_init(table);
}

static int rebuild(struct hash *table, size_t size)
{
	struct hash_node **buckets;
	struct hash_node *node, *next;

	if (size > SIZE_MAX / sizeof(*buckets))
		return -ENOMEM;
	buckets = mem_alloc(size * sizeof(*buckets));
	if (!buckets)
		return -ENOMEM;

	for (size_t i = 0; table->buckets && i <= table->mask; i++) {
		for (node = table->buckets[i]; node; node = next) {
			next = node->next;
			node->next = buckets[node->hash & (size - 1)];
			buckets[node->hash & (size - 1)] = node;
		}
	}
	mem_free(table->buckets);
	table->buckets = buckets;
	table->mask = size - 1;
	return 0;
}

int hash_insert(struct hash *table, struct hash_node *node, uint64_t hash)
{
	struct hash_node **bucket;

	if (!table->buckets) {
		if (rebuild(table, BUCKETS_FIRST) < 0)
			return -ENOMEM;
	} else if (table->count > table->mask) {
		(void)rebuild(table, (table->mask + 1) * 2);
	}

	bucket = &table->buckets[hash & table->mask];
	node->hash = hash;
	node->next = *bucket;
	*bucket = node;
	table->count++;
	return 0;
}

void hash_remove(struct hash *table, struct hash_node *node)
{
	struct hash_node **link;

	if (!table->buckets)
		return;

	for (link = &table->buckets[node->hash & table->mask]; *link; link = &(*link)->next) {
		if (*link != node)
			continue;
		*link = node->next;
		node->next = NULL;
		table->count--;
		return;
	}
}

static struct hash_node *first_with(struct hash_node *node, uint64_t hash)
{
	while (node && node->hash != hash)
		node = node->next;
	return node;
}

struct hash_node *hash_find(const struct hash *table, uint64_t hash)
{
	if (!table->buckets)
		return NULL;
	return first_with(table->buckets[hash & table->mask], hash);
}

struct hash_node *hash_find_next(const struct hash_node *node)
{
	return first_with(node->next, node->hash);
}

struct hash_node *hash_walk(const struct hash *table, const struct hash_node *last)
{
	size_t i = 0;

	if (!table->buckets)
		return NULL;

	if (last) {
		if (last->next)
			return last->next;
		i = (last->hash & table->mask) + 1;
	}
	for (; i <= table->mask; i++) {
		if (table->buckets[i])
			return table->buckets[i];
	}
	return NULL;
}

struct sip {
	uint64_t v0, v1, v2, v3;
};

static uint64_t rotate_left(uint64_t value, unsigned int by)
{
	return value << by | value >> (64 - by);
}

static void sip_rounds(struct sip *s, unsigned int count)
{
	while (count--) {
		s->v0 += s->v1;
		s->v1 = rotate_left(s->v1, 13) ^ s->v0;
		s->v0 = rotate_left(s->v0, 32);
		s->v2 += s->v3;
		s->v3 = rotate_left(s->v3, 16) ^ s->v2;
		s->v0 += s->v3;
		s->v3 = rotate_left(s->v3, 21) ^ s->v0;
		s->v2 += s->v1;
		s->v1 = rotate_left(s->v1, 17) ^ s->v2;
		s->v2 = rotate_left(s->v2, 32);
	}
}

static void sip_word(struct sip *s, uint64_t word)
{
	s->v3 ^= word;
	sip_rounds(s, 2);
	s->v0 ^= word;
}

/* Little-endian by definition of SipHash, of at most 8 octets. */
static uint64_t load(const uint8_t *data, size_t len)
{
	uint64_t word = 0;

	while (len--)
		word = word << 8 | data[len];
	return word;
}

uint64_t hash_bytes(const void *data, size_t len, uint64_t seed)
{
	/* The 128-bit key of SipHash from one 64-bit seed: the second half is its complement. */
	struct sip s = {
		.v0 = 0x736f6d6570736575 ^ seed,
		.v1 = 0x646f72616e646f6d ^ ~seed,
		.v2 = 0x6c7967656e657261 ^ seed,
		.v3 = 0x7465646279746573 ^ ~seed,
	};
	const uint8_t *at = data;
	size_t left = len;

	for (; left >= 8; left -= 8, at += 8)
		sip_word(&s, load(at, 8));
	sip_word(&s, load(at, left) | (uint64_t)len << 56);
	s.v2 ^= 0xff;
	sip_rounds(&s, 4);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

uint64_t hash_u64(uint64_t value, uint64_t seed)
{
	uint8_t octets[8];

	/* Octet by octet, so that the result does not depend on the machine. */
	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)(value >> (8 * i));
	return hash_bytes(octets, sizeof(octets), seed);
}
