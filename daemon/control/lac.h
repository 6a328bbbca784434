/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the daemon tells of its LAC: calls with both their legs, where they come in, where they may
 * go, and who is asked.
 *
 * Plain values, copied while a list goes out; a text that is empty is not told.
 */
#pragma once

#include "aaa/client.h"
#include "base/addr.h"
#include "l2tp/tunnel.h"
#include "pppoe/ac.h"
#include "steer/set.h"

/* An Acct-Session-Id. */
#define CONTROL_CALL_ID_MAX 24
/* What fits an interface's name, and a user's (RFC 2865 5.1). */
#define CONTROL_INTERFACE_MAX 16
#define CONTROL_USER_MAX 256
/* Host names and domains. */
#define CONTROL_HOST_MAX 256
/* A line for people. */
#define CONTROL_LINE_TEXT_MAX 256
/* One that has names of hosts in it. */
#define CONTROL_STEER_TEXT_MAX 512

/* A call that came in and goes on. */
struct control_call {
	char id[CONTROL_CALL_ID_MAX];
	const char *state; /* a word */
	char user[CONTROL_USER_MAX];
	/* The caller's leg, of PPPoE: interface, MAC, session... */
	char interface[CONTROL_INTERFACE_MAX];
	uint8_t mac[PPPOE_MAC_LEN];
	uint16_t pppoe_id;
	char circuit_id[LINE_TEXT_MAX];
	char remote_id[LINE_TEXT_MAX];
	/* Of his line, bit/s, to and from him; 0: not known. */
	uint32_t tx_connect_speed;
	uint32_t rx_connect_speed;
	/* ...or a call of another LAC that is switched: our ids of it, 0 for none. */
	uint16_t from_tunnel_id;
	uint16_t from_session_id;
	char from_peer[CONTROL_HOST_MAX];
	/* The leg to the LNS, our ids and its own; 0 while there is none. */
	char destination[CONTROL_HOST_MAX];
	struct addr peer;
	uint16_t tunnel_id;
	uint16_t session_id;
	uint16_t peer_tunnel_id;
	uint16_t peer_session_id;
	/* The network interface of a call that ends here. */
	char ppp_interface[CONTROL_INTERFACE_MAX];
	/* Domain section that decided. */
	char domain[CONTROL_HOST_MAX];
	unsigned int tried; /* tunnels, so far */
	usec_t began_at;
	usec_t up_at; /* 0: not yet */
	/* What the last attempt failed of, or the call ended of. */
	char why[CONTROL_LINE_TEXT_MAX];
};

/* An interface where callers dial in. */
struct control_pppoe {
	char interface[CONTROL_INTERFACE_MAX];
	char name[L2TP_NAME_MAX]; /* of its section */
	const char *state;	  /* a word */
	char why[CONTROL_LINE_TEXT_MAX];
	uint8_t mac[PPPOE_MAC_LEN]; /* all zero while it is not known */
	unsigned int sessions;
	unsigned int max_sessions; /* 0: no limit of its own */
	struct pppoe_stats stats;
};

/* An LNS that calls may go to. */
struct control_destination {
	char name[CONTROL_HOST_MAX]; /* of its section, else the server */
	char server[CONTROL_HOST_MAX];
	struct addr client; /* address that we send from; ADDR_NONE for any */
	const char *state;  /* "unlocked", or how far it is from that */
	usec_t time_left;   /* that it is locked yet; 0 for none */
	unsigned int sessions;
	unsigned int tunnels;
	uint64_t calls, failures, lockouts;
	usec_t failed_at; /* the last time, 0: never */
	char failure[CONTROL_LINE_TEXT_MAX];
};

/* One of the tunnels that a domain's calls may take. */
struct control_choice {
	char name[CONTROL_HOST_MAX];
	char server[CONTROL_HOST_MAX];
	uint32_t preference;
	unsigned int max_sessions; /* 0 for no limit */
	unsigned int max_sessions_per_tunnel;
	const char *state; /* of the destination; NULL when it was never used */
};

/* A section of the domain map. */
struct control_domain {
	char name[CONTROL_HOST_MAX];
	const char *action;
	char ppp[L2TP_NAME_MAX];
	char called_number[CONTROL_HOST_MAX];
	bool strip;
	size_t n_choices;
	struct control_choice choices[];
};

/* A RADIUS server. */
struct control_radius {
	char name[L2TP_NAME_MAX];
	char host[CONTROL_HOST_MAX];
	uint16_t auth_port;
	uint16_t acct_port;
	const char *state; /* "alive" or "dead" */
	usec_t time_left;  /* that it is left alone yet */
	unsigned int pending;
	usec_t round_trip; /* 0: none yet */
	struct radius_stats stats;
};

/* Texts, one a line. */
struct control_lines {
	size_t n;
	char text[STEER_TUNNELS_MAX][CONTROL_STEER_TEXT_MAX];
};

/* What would become of a call. */
struct control_steer {
	char user[CONTROL_USER_MAX];
	char interface[CONTROL_INTERFACE_MAX];
	char access[L2TP_NAME_MAX]; /* pppoe section of the interface */
	const char *action;	    /* a word */
	/* Domain section that decides, and by which part of the name. */
	char domain[CONTROL_HOST_MAX];
	char why[CONTROL_LINE_TEXT_MAX];
	/* What RADIUS would be asked, and for which user. */
	char radius[CONTROL_LINE_TEXT_MAX];
	char radius_user[CONTROL_USER_MAX];
	char ppp[L2TP_NAME_MAX];
	char called_number[CONTROL_HOST_MAX];
	/* Its tunnels in the order in which they would be tried, and what is against each. */
	struct control_lines tunnels;
};
