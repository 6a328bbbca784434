/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PPP over Ethernet as access concentrator: the discovery stage of RFC 2516, of one interface.
 *
 * Pure: frames come and go as bytes, `now` is the caller's. A PADI leaves nothing behind: the
 * AC-Cookie of the PADO proves that whoever sends the PADR can be answered. A session is one only
 * when its owner has the kernel's end of it: PADS goes out then, for the first PPP frame may follow
 * it at once.
 */
#pragma once

#include "base/cursor.h"
#include "base/hash.h"
#include "base/list.h"
#include "base/timer.h"
#include "pppoe/packet.h"

/* RFC 2516 section 7: 1500 less the headers; more only by RFC 4638. */
#define PPPOE_MTU 1492

/* What a `pppoe` section says of discovery. */
struct pppoe_settings {
	/* AC-Name; NULL: the name of the system, which whoever fills this in puts here. */
	char *ac_name;
	/* Service-Names offered beside the empty one; a PADI for another is not answered. None:
	 * whatever is asked for is one (RFC 2516 section 9). */
	char **service_names;
	size_t n_service_names;
	/* Most sessions on the interface, and of one MAC address on it; 0 for no limit but that of
	 * the ids. */
	unsigned int max_sessions;
	unsigned int max_sessions_per_mac;
	/* PADIs answered, and PADRs with a good cookie looked at, a second: of the interface, of
	 * one MAC; 0 for any, 1000000 at most. */
	unsigned int max_padi_rate;
	unsigned int max_padi_rate_per_mac;
	/* Largest PPP-Max-Payload granted (RFC 4638); at most PPPOE_MTU grants none. */
	uint16_t max_payload;
};

struct pppoe_ac;
struct pppoe_session;

struct pppoe_ops {
	void (*random)(struct pppoe_ac *ac, void *data, size_t len);
	/* Sends a whole Ethernet frame. Failures are soft: the client asks again. */
	void (*send)(struct pppoe_ac *ac, struct bytes frame);
	/* Why no client can be served now, NULL when one can: PADIs are not answered then, so that
	 * clients find another access concentrator. May be NULL. */
	const char *(*busy)(const struct pppoe_ac *ac);
	/* A client asks for a session (PADR): pppoe_session_accept() or _refuse() is to follow,
	 * from inside the call or later. Its owner may hang itself onto s->user. */
	void (*requested)(struct pppoe_session *s, usec_t now);
	/* The client ended it (PADT); text is its Generic-Error, or empty. Nothing is sent any
	 * more; pppoe_session_close() is still due. */
	void (*closed)(struct pppoe_session *s, const char *text, usec_t now);
};

struct pppoe_stats {
	uint64_t rx_padi, rx_padr, rx_padt;
	uint64_t tx_pado, tx_pads, tx_padt;
	uint64_t rx_malformed;	/* short, false lengths, tags beyond the end, doubled tags */
	uint64_t rx_unexpected; /* codes that an AC has no use for, ids it never gave */
	uint64_t rx_bad_cookie;
	uint64_t rx_over_rate;
	uint64_t refused_service; /* PADS with Service-Name-Error, or PADIs not answered for it */
	uint64_t refused_limit;
	uint64_t refused_system; /* PADS with AC-System-Error, or PADIs not answered for it */
	uint64_t sessions_opened;
	uint64_t sessions_closed;
};

struct pppoe_session {
	struct hash_node by_id;
	struct hash_node by_mac;
	struct hash_node by_request;
	struct list node;
	struct pppoe_ac *ac;
	/* Network meaning of RFC 2516: 1 to 0xfffe. */
	uint16_t id;
	uint8_t mac[PPPOE_MAC_LEN];
	/* As granted: PPPOE_MTU, or more by PPP-Max-Payload. */
	uint16_t max_payload;
	char service_name[64];	  /* cleaned of what is not printable */
	struct access_line *line; /* tags of TR-101 / RFC 4679; NULL when there were none */
	bool accepted;		  /* PADS was sent */
	bool peer_done;		  /* PADT came */
	bool leaving;		  /* pppoe_session_leaves() */
	bool line_gone;		  /* no PADT came, the interface went (pppoe_ac_down(), _stop()) */
	/* For answers: what was asked, and when; private. */
	void *echo;
	void *user;
};

/* mac is the interface's own; settings and ops must outlive it (a reload sets others with
 * pppoe_ac_set()). Returns 0 or -ENOMEM. */
int pppoe_ac_new(const struct pppoe_ops *ops, void *ctx, const struct pppoe_settings *settings,
		 const uint8_t mac[static PPPOE_MAC_LEN], struct pppoe_ac **ret);
/* All sessions must be closed. Takes NULL. */
void pppoe_ac_free(struct pppoe_ac *ac);
void pppoe_ac_set(struct pppoe_ac *ac, const struct pppoe_settings *settings);
void *pppoe_ac_ctx(const struct pppoe_ac *ac);
const struct pppoe_stats *pppoe_ac_stats(const struct pppoe_ac *ac);
unsigned int pppoe_ac_count(const struct pppoe_ac *ac);
/* A whole Ethernet frame of type 0x8863, without VLAN tags. */
void pppoe_ac_input(struct pppoe_ac *ac, struct bytes frame, usec_t now);
/* The interface is gone: every session is told closed, as by a PADT with this text. */
void pppoe_ac_down(struct pppoe_ac *ac, const char *text, usec_t now);
/* It is not ours to serve any more: the same, and the clients get the PADT. */
void pppoe_ac_stop(struct pppoe_ac *ac, const char *text, usec_t now);
struct pppoe_session *pppoe_session_find(const struct pppoe_ac *ac, uint16_t id);
/* In the order in which they came; NULL first. */
struct pppoe_session *pppoe_session_next(const struct pppoe_ac *ac,
					 const struct pppoe_session *last);
/* Sends PADS. */
void pppoe_session_accept(struct pppoe_session *s);
/* Sends PADS with session id 0 and AC-System-Error, and frees it. */
void pppoe_session_refuse(struct pppoe_session *s, const char *text);
/* Its owner will close it, and says good-bye in PPP before: a client who asks again means another
 * session, not one whose PADS he missed. It counts until it is closed. */
void pppoe_session_leaves(struct pppoe_session *s);
/* Sends PADT, with text as Generic-Error when there is one, unless the client did or knows of no
 * session yet; frees it. text may be NULL. */
void pppoe_session_close(struct pppoe_session *s, const char *text);
