/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the access concentrator share.
 */
#pragma once

#include "base/rate.h"
#include "pppoe/ac.h"
#include "pppoe/cookie.h"

struct pppoe_ac {
	const struct pppoe_ops *ops;
	void *ctx;
	const struct pppoe_settings *settings;
	uint8_t mac[PPPOE_MAC_LEN];
	uint8_t secret[PPPOE_SECRET_LEN];
	uint64_t seed;
	struct list sessions;
	struct hash by_id;
	struct hash by_mac;
	struct hash by_request;
	struct rate by_source;
	/* Of the whole interface, for PADIs and for PADRs. */
	usec_t padi_full_at;
	usec_t padr_full_at;
	struct pppoe_stats stats;
};

/* What an answer gives back of what it answers. */
struct pppoe_request {
	/* Bits of those tags that were there. */
	uint32_t present;
	struct bytes tags[PPPOE_TAG_MAX];
	uint16_t max_payload;
};

/* Of a session. */
struct pppoe_echo {
	usec_t asked_at;
	struct pppoe_request request;
	uint8_t data[];
};

/* answer.c */
/* Views into the packet; max_payload is what is granted. */
struct pppoe_request pppoe_request_of(const struct pppoe_ac *ac, const struct pppoe_packet *packet);
/* Whether it could be said in one frame. */
bool pppoe_answer_offer(struct pppoe_ac *ac, const struct pppoe_packet *packet, usec_t now);
void pppoe_answer_confirm(struct pppoe_session *s);
/* PADS with session id 0 and this tag. */
void pppoe_answer_error(struct pppoe_ac *ac, const uint8_t mac[static PPPOE_MAC_LEN],
			const struct pppoe_request *request, enum pppoe_tag tag, const char *text);
void pppoe_answer_terminate(struct pppoe_session *s, const char *text);

/* session.c */
/* -ENOMEM. There must be an id left. */
int pppoe_session_new(struct pppoe_ac *ac, const struct pppoe_packet *packet, usec_t now,
		      struct pppoe_session **ret);
/* One that this very client asked for a moment ago. */
struct pppoe_session *pppoe_session_asked(const struct pppoe_ac *ac,
					  const struct pppoe_packet *packet, usec_t now);
/* Whether the interface, or this address, has as many as it may have; else NULL. */
const char *pppoe_limit_reached(const struct pppoe_ac *ac, const uint8_t mac[static PPPOE_MAC_LEN]);
