/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions: incoming and outgoing calls of RFC 2661 sections 5.2, 5.6, 7.4 and 7.5, as LAC and as
 * LNS.
 */
#pragma once

#include "l2tp/call_info.h"
#include "l2tp/tunnel.h"

enum session_state {
	SESSION_IDLE,
	SESSION_WAIT_TUNNEL, /* ours: the tunnel is not up yet; the peer's: not in the kernel yet */
	SESSION_WAIT_REPLY,  /* ICRQ or OCRQ sent */
	SESSION_WAIT_KERNEL, /* the data plane is being made, before the peer may send */
	SESSION_WAIT_KERNEL_LAST, /* the same, and OCCN came before it was done */
	SESSION_WAIT_CONNECT,	  /* LNS: ICRP sent, or OCRP received */
	SESSION_WAIT_NUMBERS,	  /* LNS: connected, the kernel learns to number the data */
	SESSION_ESTABLISHED,
	SESSION_CLOSING, /* PPP is hanging up, or the kernel is still at it */
	SESSION_STATE_MAX,
};

/* The four kinds of call of RFC 2661 section 7. */
enum call_type {
	CALL_LAC_INCOMING, /* we are LAC and have a caller: ICRQ sent */
	CALL_LNS_INCOMING, /* we are LNS: ICRQ received */
	CALL_LNS_OUTGOING, /* we are LNS and want a number called: OCRQ sent */
	CALL_LAC_OUTGOING, /* we are LAC: OCRQ received */
	CALL_TYPE_MAX,
};

/* Without a pointer, as struct tunnel_core; the texts are in struct call_info. */
struct session_core {
	uint16_t session_id;
	uint16_t peer_session_id;
	enum session_state state;
	enum call_type type;
	uint32_t call_serial;
	uint32_t tx_connect_speed; /* bit/s */
	uint32_t rx_connect_speed;
	uint32_t minimum_bps; /* of an outgoing call, as the LNS asked */
	uint32_t maximum_bps;
	uint32_t framing;
	uint32_t bearer;
	uint32_t physical_channel;  /* 0: not told */
	uint16_t proxy_authen_type; /* RFC 2661 4.4.5; 0: no proxy authentication */
	uint8_t proxy_authen_id;
	bool sequencing;    /* sequence numbers on data were asked for */
	bool speed_updates; /* the LAC said that it will tell speeds as they change, RFC 5515 */
	usec_t established_at;
};

/* What the ends told each other of the LAC's line since: WEN and SLI, RFC 2661 4.4.6. */
struct call_line {
	/* As the LNS told the LAC. */
	struct accm accm;
	/* As the LAC told the LNS. */
	struct call_errors errors;
	unsigned int rx_wen;
	unsigned int rx_sli;
	usec_t errors_told_at; /* when we sent WEN, 0: never */
};

/* What PPP told of itself. */
struct session_ppp {
	char ifname[16];
	struct addr local;
	struct addr remote;
	bool up;
	bool running;
	/* When the link was started, LCP opened, and the network came up; 0 until then. */
	usec_t started_at;
	usec_t lcp_open_at;
	usec_t up_at;
	int pid;
};

struct l2tp_session {
	struct hash_node by_id;
	struct hash_node by_peer_id;
	struct hash_node by_name; /* in no table when it has none */
	struct l2tp_tunnel *tunnel;
	struct session_core core;
	struct call_info *info; /* NULL while there is nothing in it */
	struct call_line *line; /* NULL until something was told */
	struct session_ppp ppp;
	enum kernel_state kernel;
	bool cdn_sent;
	/* The peer knows it is over, or is not there any more: no CDN is due. */
	bool peer_done;
	bool was_up;		/* EVENT_SESSION_UP was sent */
	enum admin_state admin; /* what the administrator wants of this very session */
	struct reason reason;
	struct timer timer;
	char *ppp_profile; /* NULL for the defaults */
	void *dp;
	void *pppd;
	uint64_t owner;
};

struct session_params {
	const char *name;
	/* PPP options by the name of their section; NULL for the peer's. */
	const char *ppp_profile;
	const char *called_number;
	const char *calling_number;
	const char *sub_address;
	/* As LAC: for what network the user is. */
	const char *private_group;
	/* As LAC: for the LNS's log; 0 is none. */
	uint32_t physical_channel;
	/* As LAC: proxy LCP and authentication (RFC 2661 4.4.5), set as in the ICCN that they go
	 * out in; NULL for none. What is longer than call_info_max() is left out. Copied. */
	const struct l2tp_msg *proxy;
	/* As LAC: what is known of the subscriber's line, and whether its speeds are told as they
	 * change (RFC 5515); NULL for nothing. Copied. */
	const struct access_line *line;
	bool speed_updates;
	/* As LAC: those who switched the call, us included; NULL for nobody. Copied. */
	const struct avp_list *tsa_ids;
	/* As LAC: Bearer Type; 0 is digital. Or none is told. */
	uint32_t bearer;
	bool without_bearer;
	/* 0 for a random one. */
	uint16_t session_id;
	/* Bit/s; 0 is replaced by a sane speed: real peers refuse 0. */
	uint32_t tx_connect_speed;
	uint32_t rx_connect_speed;
	/* As LNS: the peer is to call called_number, which must be there, at a speed from
	 * minimum_bps to maximum_bps, whose 0 is no limit. Else we are LAC. */
	bool outgoing;
	uint32_t minimum_bps;
	uint32_t maximum_bps;
	uint64_t owner;
};

/* Places a call as LAC, or asks for one as LNS; it waits for the tunnel when that is not up yet.
 * Returns 0, -EINVAL for an outgoing call without a number or with no possible speed, -EOPNOTSUPP
 * when the peer said that it places none, -EEXIST, -ENOSPC over a limit, -ESHUTDOWN when the tunnel
 * is closing or an administrative state is against it, -EMSGSIZE when too many switched the call
 * before, or -ENOMEM. */
int l2tp_session_open(struct l2tp_tunnel *t, const struct session_params *params, usec_t now,
		      struct l2tp_session **ret);
/* Hangs up: PPP first and gracefully, then CDN with the reason, then the kernel. It may be freed in
 * the call. */
void l2tp_session_close(struct l2tp_session *s, const struct reason *reason, usec_t now);

/* As LNS: PPP agreed on an ACCM, the LAC is to use it (SLI). Nothing is said of what it knows.
 * Returns 0, -EINVAL for a call that has no LAC to tell or is not established, or why it could not
 * be sent. */
int l2tp_session_set_accm(struct l2tp_session *s, const struct accm *accm, usec_t now);
/* What the LAC was told last: all ones when nothing (RFC 2661 4.4.6). */
struct accm l2tp_session_accm(const struct l2tp_session *s);
/* As LAC: counted since the call began (WEN). For a LAC with a line of its own: the kernel's
 * channels have no such errors, so aditd has nothing to tell. Returns as above, or -EAGAIN within a
 * minute of the last (RFC 2661 6.13). */
int l2tp_session_tell_errors(struct l2tp_session *s, const struct call_errors *errors, usec_t now);

/* As LAC: what the access node says of the line now, and its speeds, bit/s, 0 for as they were.
 * Another speed goes to the LNS (CSUN) when the call began with speed_updates; one that is not
 * connected yet will say it in ICCN. Returns 0, -EINVAL for a call that we are LNS of or that ends,
 * -ENOMEM, or why it could not be sent: then the speeds are as they were. */
int l2tp_session_tell_line(struct l2tp_session *s, const struct access_line *line,
			   uint32_t tx_connect_speed, uint32_t rx_connect_speed, usec_t now);
/* What was told of the line (RFC 5515 section 5); false when nothing. */
bool l2tp_session_line(const struct l2tp_session *s, struct access_line *ret);
/* Who switched the call before it came here, the first one first; of calls that are switched only.
 * Views that live until s->info changes. */
void l2tp_session_tsa_ids(const struct l2tp_session *s, struct avp_list *ret);

struct l2tp_session *l2tp_session_find(const struct l2tp_tunnel *t, uint16_t session_id);
struct l2tp_session *l2tp_session_find_name(const struct l2tp_engine *engine, const char *name);
/* Walks the sessions of a tunnel: NULL first, NULL at the end; the current one may be freed only
 * after the next was asked for. */
struct l2tp_session *l2tp_session_next(const struct l2tp_tunnel *t,
				       const struct l2tp_session *last);
const char *session_state_name(enum session_state state);
const char *call_type_name(enum call_type type);
/* Whether we are the LNS of it: PPP ends here. */
bool call_is_lns(enum call_type type);

void l2tp_session_kernel_created(struct l2tp_session *s, int err, const char *step, usec_t now);
/* The session is still there whatever err is. */
void l2tp_session_kernel_modified(struct l2tp_session *s, int err, const char *step, usec_t now);
void l2tp_session_kernel_deleted(struct l2tp_session *s, usec_t now);
/* LCP opened; a network protocol came up, or more became known of it (the caller filled in
 * s->ppp and the user in s->info). */
void l2tp_session_ppp_lcp_open(struct l2tp_session *s, usec_t now);
void l2tp_session_ppp_up(struct l2tp_session *s, usec_t now);
/* PPP ended, for whatever cause; `reason` becomes the session's unless it had one. */
void l2tp_session_ppp_down(struct l2tp_session *s, const struct reason *reason, usec_t now);
