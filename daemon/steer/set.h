/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a call may go: up to 31 tunnels of RFC 2868, each with a preference.
 *
 * Sets are shared by the configuration or a RADIUS answer that made them and by the calls that are
 * on their way, and counted.
 */
#pragma once

#include "base/addr.h"
#include "l2tp/settings.h"

/* RFC 2868 section 3: tags 0x01 to 0x1F. */
#define STEER_TUNNELS_MAX 31
/* Preferences that differ, in one set. */
#define STEER_LEVELS_MAX 8

struct steer_tunnel {
	/* Of the answer; 0 from the configuration. */
	uint8_t tag;
	/* Name of the destination section, else the server as it was written. */
	char *name;
	/* Tunnel-Server-Endpoint: address or host name. With it and `client` the destination is
	 * known from others. */
	char *server;
	/* Tunnel-Client-Endpoint; family ADDR_NONE leaves it to routing. */
	struct addr client;
	/* Tunnel-Assignment-ID, Tunnel-Private-Group-ID; NULL for none. */
	char *assignment_id;
	char *private_group;
	/* Less is better; RFC 2868 3.8: 24 bits. */
	uint32_t preference;
	/* Most sessions in one tunnel, and with the destination in all; 0 for no limit. */
	unsigned int max_sessions_per_tunnel;
	unsigned int max_sessions;
	/* How the tunnel is run: local_name is Tunnel-Client-Auth-ID, host_name is
	 * Tunnel-Server-Auth-ID, secret is Tunnel-Password. */
	struct peer *peer;
};

struct steer_set {
	unsigned int refs;
	size_t n;
	struct steer_tunnel tunnels[STEER_TUNNELS_MAX];
};

/* Empty, with one reference. NULL when memory is out. */
struct steer_set *steer_set_new(void);
struct steer_set *steer_set_ref(struct steer_set *set);
/* Takes NULL. */
void steer_set_unref(struct steer_set *set);
/* A place for one more, zeroed: its texts are to be of mem_alloc(), its peer a reference. NULL when
 * it is full. */
struct steer_tunnel *steer_set_add(struct steer_set *set);
/* The set sorted by preference. Returns 0, or -EINVAL with words: no tunnel, more levels than
 * STEER_LEVELS_MAX, no server. */
int steer_set_finish(struct steer_set *set, char *text, size_t size);
