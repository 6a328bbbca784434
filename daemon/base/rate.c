/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Token buckets in sets of a few places.
 */
#include "base/rate.h"

#include <stddef.h>

#include "base/mem.h"

/* Places that one key may have. */
#define WAYS 4

struct rate_bucket {
	uint64_t key;
	/* When it is full; in the past it is. */
	usec_t full_at;
};

void rate_init(struct rate *rate)
{
	rate->buckets = NULL;
}

void rate_fini(struct rate *rate)
{
	mem_free(rate->buckets);
	rate->buckets = NULL;
}

/* The key's own bucket, or the fullest of its places made into one. */
static struct rate_bucket *bucket_of(struct rate *rate, uint64_t key, usec_t now)
{
	struct rate_bucket *set = rate->buckets + key % (RATE_PLACES / WAYS) * WAYS;
	struct rate_bucket *fullest = set;

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].full_at < fullest->full_at)
			fullest = &set[i];
	}
	*fullest = (struct rate_bucket){.key = key, .full_at = now};
	return fullest;
}

bool rate_take(usec_t *full_at, unsigned int per_second, usec_t now)
{
	usec_t after = *full_at > now ? *full_at : now;

	after += USEC_PER_SEC / per_second;
	if (after - now > USEC_PER_SEC)
		return false;
	*full_at = after;
	return true;
}

bool rate_allow(struct rate *rate, uint64_t key, unsigned int per_second, usec_t now)
{
	if (!rate->buckets)
		rate->buckets = mem_alloc(RATE_PLACES * sizeof(*rate->buckets));
	if (!rate->buckets)
		return true;
	return rate_take(&bucket_of(rate, key, now)->full_at, per_second, now);
}
