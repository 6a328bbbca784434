/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often each of many sources may come: a token bucket a source, in a table that never grows.
 *
 * A bucket holds one second's worth of tokens. It is kept as the moment at which it will be full
 * again (the generic cell rate algorithm), so that a full bucket is one that says nothing: it may
 * make room for another at any time. Of the few places that a key has, the fullest goes; so who
 * was slowed down stays known while sources that came once pass by in any number. Somebody with
 * more addresses than there are places gains a second's worth for each, which is no more than
 * each address is granted anyway.
 *
 * The key is a hash with a secret seed (base/hash.h): nobody can aim at a place.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/timer.h"

struct rate_bucket;

struct rate {
	struct rate_bucket *buckets; /* NULL until the first is needed */
};

/* An empty table; it allocates once, RATE_PLACES buckets, at the first question. */
void rate_init(struct rate *rate);
void rate_fini(struct rate *rate);

#define RATE_PLACES 1024

/* Takes a token of the key's bucket, which gets `per_second` of them a second, 1 to 1000000.
 * Returns whether there was one; without memory for the table there always is. */
bool rate_allow(struct rate *rate, uint64_t key, unsigned int per_second, usec_t now);
/* The same of one bucket that is the caller's, kept as the moment when it is full; 0 is full. */
bool rate_take(usec_t *full_at, unsigned int per_second, usec_t now);
