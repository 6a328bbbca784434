/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of some calls only: texts, and what a LAC learnt of a user before the call (RFC
 * 2661 4.4.4 and 4.4.5).
 *
 * A session without any of it has none of this. One that has keeps all of it in one block of values
 * in their true length, without a pointer, so that it can be written out and read back whole.
 *
 * What a peer can make us keep of a call is bounded: a text is cut at its greatest length, an
 * opaque value that is longer than its own is not kept at all, for a part of one is none. All items
 * at their greatest fit CALL_INFO_LEN_MAX.
 */
#pragma once

#include "wire/msg.h"

enum call_item {
	/* Texts, printable: */
	CALL_NAME, /* of the session */
	CALL_CALLED_NUMBER,
	CALL_CALLING_NUMBER,
	CALL_SUB_ADDRESS,
	CALL_PRIVATE_GROUP,
	CALL_PROXY_AUTHEN_NAME,
	CALL_USER, /* as PPP authenticated him */
	/* Octets: */
	CALL_INITIAL_LCP_CONFREQ,
	CALL_LAST_SENT_LCP_CONFREQ,
	CALL_LAST_RECEIVED_LCP_CONFREQ,
	CALL_PROXY_AUTHEN_CHALLENGE,
	CALL_PROXY_AUTHEN_RESPONSE, /* a secret: never to be shown or logged */
	CALL_ACCESS_LINE,	    /* struct access_line; see l2tp_session_line() */
	CALL_TSA_IDS,		    /* see l2tp_session_tsa_ids() */
	CALL_ITEM_MAX,
};

#define CALL_INFO_LEN_MAX 3328

struct call_info {
	/* Octets of data in use, and there. */
	uint16_t len;
	uint16_t room;
	/* Items in no order: enum call_item, two octets of length, the value, a NUL. */
	uint8_t data[];
};

/* Octets of the value that are kept at most. */
size_t call_info_max(enum call_item item);
/* What must be kept of a value: all of it, or what a text is cut to. Returns 0, -ENOMEM, or
 * -EMSGSIZE when an opaque value is too long. An empty value takes the item away. */
int call_info_set(struct call_info **info, enum call_item item, struct bytes value);
/* The value, which lives until the next call_info_set(); empty when there is none. info may be
 * NULL. */
struct bytes call_info_get(const struct call_info *info, enum call_item item);
/* The same of a text, "" when there is none. */
const char *call_info_text(const struct call_info *info, enum call_item item);
/* All that a message says of a call; what is too long is left out. Returns 0 or -ENOMEM. */
int call_info_learn(struct call_info **info, const struct l2tp_msg *msg);
/* Puts into a message what there is for its type (RFC 2661 6.6 to 6.11), as views. */
void call_info_tell(const struct call_info *info, struct l2tp_msg *msg);
/* Wiped, because of the secret. NULL is fine. */
void call_info_free(struct call_info *info);
