/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What RADIUS is told of a caller, what it answers, and what is accounted.
 */
#pragma once

#include "base/addr.h"
#include "base/cursor.h"
#include "base/timer.h"
#include "l2tp/reason.h"
#include "ppp/proxy.h"
#include "steer/set.h"
#include "wire/line.h"

/* Who it is about. NULL, 0 and empty are what is not known, or not told. */
struct radius_user {
	const char *user_name;
	/* What he proves it with; NULL in accounting and orders. */
	const struct ppp_credentials *credentials;
	/* "eth1.100:42": interface and session; NAS-Port-Id. */
	const char *nas_port_id;
	uint32_t nas_port;
	uint32_t nas_port_type; /* RFC 2865 5.41: 15 Ethernet, 5 virtual */
	const char *calling_station_id;
	const char *called_station_id;
	const char *connect_info;
	const char *acct_session_id;
	const char *acct_multi_session_id;
	const struct access_line *line; /* RFC 4679 */
	struct bytes class;
	struct addr framed_address; /* of an order */
};

/* Room for Class attributes, as they came. */
#define RADIUS_CLASS_MAX 512

struct radius_answer {
	/* 0: the server decided; -ETIMEDOUT, -EBADMSG for an Accept that contradicts itself,
	 * -EMSGSIZE for a caller who cannot be told of. */
	int err;
	bool accepted;
	/* Why not, for the log: the attribute that is wrong, what the server says. */
	char why[160];
	/* Reply-Message for the caller, or MS-CHAP2-Success's "S=...", or empty. */
	char message[254];
	/* Where the call goes: NULL when the answer has no tunnel. A reference is the caller's to
	 * take. Peers in it begin as copies of `base` of the client. */
	struct steer_set *set;
	/* Tunnel-Group (ERX 64): a domain section whose tunnels are meant; or empty. */
	char domain[64];
	char user[254];		   /* User-Name of the answer, or empty */
	uint32_t session_timeout;  /* seconds, 0: none */
	uint32_t interim;	   /* seconds, 0: not told */
	uint32_t tx_connect_speed; /* bit/s, ERX 162 and 163, 0: not told */
	uint32_t rx_connect_speed;
	uint8_t class[RADIUS_CLASS_MAX]; /* attributes whole, type and length included */
	size_t class_len;
};

/* Acct-Status-Type, RFC 2866 5.1 and RFC 2867 section 3. */
enum radius_record_type {
	RADIUS_START = 1,
	RADIUS_STOP = 2,
	RADIUS_INTERIM = 3,
	RADIUS_ON = 7,
	RADIUS_OFF = 8,
	RADIUS_TUNNEL_START = 9,
	RADIUS_TUNNEL_STOP = 10,
	RADIUS_TUNNEL_REJECT = 11,
	RADIUS_TUNNEL_LINK_START = 12,
	RADIUS_TUNNEL_LINK_STOP = 13,
	RADIUS_TUNNEL_LINK_REJECT = 14,
};

struct radius_record {
	enum radius_record_type type;
	struct radius_user who;
	/* The tunnel, RFC 2867; NULL for a record that is of none. */
	const struct steer_tunnel *tunnel;
	struct addr tunnel_local, tunnel_peer;
	char tunnel_connection[32]; /* Acct-Tunnel-Connection: unique of both ends */
	uint64_t tunnel_packets_lost;
	/* Seconds, octets, packets; in is from the caller. */
	uint32_t session_time;
	uint64_t octets_in, octets_out, packets_in, packets_out;
	const struct reason *reason; /* of a stop or reject */
};
