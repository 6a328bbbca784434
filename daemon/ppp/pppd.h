/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pppd, one process a session: started on the session's pppox socket, watched, and ended with it.
 *
 * The child gets /dev/null as input, a pipe of ours as output (its log), the pppox socket and one
 * end of a status socket, and nothing else. Inside pppd our small plugin adit.so tells what the
 * link does over the status socket: interface, phases, user, addresses; and makes a hang-up
 * immediate when the link is already gone. Starts are paced.
 */
#pragma once

#include <ev.h>

#include "base/list.h"
#include "base/timer.h"
#include "l2tp/ops.h"
#include "wire/line.h"
#include "wire/msg.h"

/* A `ppp` section of the configuration. */
struct ppp_profile {
	struct list node;
	unsigned int refs;
	char *name;
	/* Words for pppd's command line, as in an options file: "require-chap", "mtu", "1400". */
	char **options;
	size_t n_options;
	/* pppd's own options file to read (`file`), NULL for none. */
	char *options_file;
};

/* Text in a profile is freed with mem_free(). */
struct ppp_profile *ppp_profile_new(const char *name);
/* Appends a copy of a word to its options. Returns 0 or -ENOMEM. */
int ppp_profile_add(struct ppp_profile *profile, const char *word);
struct ppp_profile *ppp_profile_ref(struct ppp_profile *profile);
void ppp_profile_unref(struct ppp_profile *profile);
bool ppp_profile_same(const struct ppp_profile *a, const struct ppp_profile *b);

struct pppd_settings {
	const char *path;     /* of pppd */
	const char *pppol2tp; /* name or path of pppol2tp.so */
	const char *pppoe;    /* and of rp-pppoe.so */
	const char *plugin;   /* path of our adit.so */
	/* At least 1: how many may be between their start and LCP open, or exit, or 5 seconds. */
	unsigned int max_starting;
	/* Microseconds after which a pppd asked to end is killed. */
	usec_t kill_after;
};

struct pppd_launcher;
struct pppd;

struct pppd_link {
	char ifname[16];
	char user[64];
	struct addr local;
	struct addr remote;
};

struct pppd_ops {
	void (*lcp_open)(void *user);
	/* What LCP agreed on: after lcp_open(), and again when it agrees anew on something else. */
	void (*accm)(void *user, const struct accm *accm);
	/* IPCP or IPv6CP opened; called again when more becomes known. */
	void (*up)(void *user, const struct pppd_link *link);
	/*
	 * The process is gone and everything of it; *p is freed on return. The reason is pppd's
	 * exit status in words, and the CDN Result Code that fits it.
	 */
	void (*down)(void *user, const struct reason *reason);
	/* One line of its log. */
	void (*log)(void *user, const char *line);
};

/* A PPPoE session whose discovery is over. */
struct pppd_pppoe {
	const char *interface;
	uint16_t session_id;
	uint8_t mac[6];
};

struct pppd_params {
	const struct ppp_profile *profile; /* NULL: no options beyond ours */
	/* What it runs on: a socket that stays the caller's, or a PPPoE session for which it makes
	 * its own; then pppox_fd is -1, and the ids are 0. */
	const struct pppd_pppoe *pppoe;
	int pppox_fd;
	bool lns_mode; /* terminates a call; else we are the client */
	uint16_t tunnel_id;
	uint16_t session_id;
	unsigned int mtu; /* 0: leave to pppd */
	/* For the environment of its scripts, without what is unprintable; NULL or 0 where nobody
	 * told.
	 */
	const char *called_number;
	const char *calling_number;
	const char *sub_address;
	const char *private_group;
	const char *proxy_authen_name;
	const struct access_line *access_line;
	uint32_t call_serial;
	uint32_t tx_speed; /* bit/s */
	uint32_t rx_speed;
	uint32_t physical_channel;
	const char *peer_name;
	struct addr peer_addr;
	bool debug;
};

/* The loop, which must be libev's default loop, and the settings must outlive it. Returns 0 or
 * -ENOMEM. */
int pppd_launcher_new(struct ev_loop *loop, const struct pppd_settings *settings,
		      struct pppd_launcher **ret);
/* Kills and reaps what still lives; calls nobody's down(). */
void pppd_launcher_free(struct pppd_launcher *launcher);
/* Processes alive or waiting to be started. */
unsigned int pppd_launcher_count(const struct pppd_launcher *launcher);

/* Queues a start. params is copied, its fd duplicated. Returns 0 or -errno; ops->down() tells when
 * pppd cannot be run. Call it on the thread that lives as long as the daemon. */
int pppd_start(struct pppd_launcher *launcher, const struct pppd_params *params,
	       const struct pppd_ops *ops, void *user, struct pppd **ret);
/* Asks it to end; down() follows, never from inside the call. May be called again, harder. */
void pppd_stop(struct pppd *p, enum ppp_stop how);
/* 0 while it waits to be started. */
int pppd_pid(const struct pppd *p);
