/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration as data: read from the file, checked whole, before anything acts on it.
 */
#pragma once

#include "aaa/client.h"
#include "base/list.h"
#include "l2tp/settings.h"
#include "lac/settings.h"
#include "ppp/pppd.h"

#define CONFIG_PPPD_NONE "none"

#define CONFIG_PATH_DEFAULT "/etc/adit/adit.conf"

struct config_listen {
	struct list node;
	struct addr addr; /* any address and port 1701 by default */
	char *device;	  /* or VRF; NULL for none */
	uint8_t dscp;
};

/* A tunnel that we open and keep open. */
struct config_tunnel {
	struct list node;
	char *name;
	struct peer *peer; /* its own section's, or one made of the tunnel's own keys */
	char *remote;	   /* address or host name, resolved at each attempt */
	struct addr local;
	uint16_t tunnel_id;  /* 0: random */
	usec_t idle_timeout; /* 0: kept open without a session */
	enum admin_state admin;
};

/* An LNS that calls may go to. */
struct config_destination {
	struct list node;
	struct steer_tunnel tunnel; /* its name is the section's */
};

enum config_call {
	CONFIG_CALL_INCOMING, /* we place it */
	CONFIG_CALL_OUTGOING, /* the peer is asked to */
};

/* A call that we place, as LAC, or have the peer place, as LNS, and keep up. */
struct config_session {
	struct list node;
	char *name;
	char *tunnel; /* name of a config_tunnel */
	char *ppp;    /* name of a ppp section, or NULL */
	char *called_number;
	char *calling_number;
	char *sub_address;
	char *private_group;
	uint32_t tx_connect_speed;
	uint32_t rx_connect_speed;
	enum config_call type;
	uint32_t minimum_bps;
	uint32_t maximum_bps; /* 0: no limit */
	enum admin_state admin;
};

struct config {
	char *control_path;
	char *state_path; /* folder for what outlives a crash */
	/* CONFIG_PPPD_NONE: sessions get no PPP of ours, only the kernel's channel. */
	char *pppd_path;
	unsigned int workers;
	unsigned int max_pppd_starting;
	struct limits limits;
	struct peer *defaults;	/* what every peer starts from */
	struct peer *lns;	/* and what destinations do, those that RADIUS names too */
	enum admin_state admin; /* of the system */
	struct list listens;
	struct list peers; /* struct peer */
	struct list ppps;  /* struct ppp_profile */
	struct list tunnels;
	struct list sessions;
	struct list destinations;
	/* Their lists of accesses, domains and servers are ours. */
	struct lac_settings lac;
	struct radius_settings radius;
};

/*
 * Reads and checks a file. Every fault found is told through `fault` as one line without newline:
 * "adit.conf:12: peer lns1: hello_interval = 99999: at most 3600 s". Returns 0, -EINVAL after a
 * fault was told, or -ENOMEM. An empty file is valid: listens nowhere, knows nobody.
 */
int config_load(const char *path, void (*fault)(void *ctx, const char *line), void *ctx,
		struct config **ret);
void config_free(struct config *config);

/* Whether a kept tunnel or session is the same in two configurations, so that a reload leaves it;
 * its administrative state is set without touching the rest. */
bool config_tunnel_same(const struct config_tunnel *a, const struct config_tunnel *b);
bool config_session_same(const struct config_session *a, const struct config_session *b);
struct config_tunnel *config_find_tunnel(const struct config *config, const char *name);
struct config_session *config_find_session(const struct config *config, const char *name);
struct steer_domain *config_find_domain(const struct config *config, const char *name);
struct ppp_profile *config_find_ppp(const struct config *config, const char *name);
