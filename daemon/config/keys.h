/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tables of keys share: private to the files that hold rows.
 */
#pragma once

#include "config/build.h"

#define MEMBER(type, field) \
	.offset = offsetof(struct type, field), .size = sizeof(((struct type *)NULL)->field)

#define UINT32_LIMIT INT64_C(4294967295)
#define SECONDS(n) ((n)*USEC_PER_SEC)
#define MSECS(n) ((n)*USEC_PER_MSEC)
/* One less than what the engine keeps of a name. */
#define NAME_LEN (L2TP_NAME_MAX - 1)

/* What a tunnel and a destination have of their own, and share with the peer that they name. */
#define PEERS (IN(PEER) | IN(TUNNEL) | IN(DESTINATION))

struct config_table {
	const struct config_key *keys;
	size_t n;
};

#define TABLE(name) \
	const struct config_table name = {name##_rows, sizeof(name##_rows) / sizeof(name##_rows[0])}

extern const struct config_table keys_l2tp;
extern const struct config_table keys_ppp;
extern const struct config_table keys_calls;
extern const struct config_table keys_lac;
extern const struct config_table keys_radius;

extern const struct config_choice config_admin_choices[];
