/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Result Codes, Error Codes and PPP Disconnect Causes, with the words for them:
 * RFC 2661 section 4.4.2, RFC 3145, and the IANA registry.
 */
#pragma once

#include <stdint.h>

enum stopccn_result {
	STOPCCN_CLEAR = 1,	   /* general request to clear the control connection */
	STOPCCN_GENERAL_ERROR = 2, /* the Error Code says which */
	STOPCCN_ALREADY_EXISTS = 3,
	STOPCCN_NOT_AUTHORIZED = 4,
	STOPCCN_BAD_VERSION = 5,
	STOPCCN_SHUTTING_DOWN = 6,
	STOPCCN_FSM_ERROR = 7,
	STOPCCN_SERVICE = 8, /* mismatching service value, RFC 3308 */
	STOPCCN_RESULT_MAX,
};

enum cdn_result {
	CDN_CARRIER_LOST = 1,
	CDN_GENERAL_ERROR = 2, /* the Error Code says which */
	CDN_ADMIN = 3,
	CDN_NO_FACILITIES_TEMPORARY = 4,
	CDN_NO_FACILITIES_PERMANENT = 5,
	CDN_INVALID_DESTINATION = 6,
	CDN_NO_CARRIER = 7,
	CDN_BUSY = 8,
	CDN_NO_DIAL_TONE = 9,
	CDN_TIMEOUT = 10,
	CDN_NO_FRAMING = 11,
	CDN_SERVICE = 12, /* mismatching service value, RFC 3308 */
	CDN_RESULT_MAX,	  /* those that follow are L2TPv3's, but for: */
	CDN_LOOP = 26,	  /* draft-ietf-l2tpext-tunnel-switching */
};

enum l2tp_error {
	ERROR_NONE = 0,
	ERROR_NO_CONNECTION = 1, /* no control connection exists yet for this pair */
	ERROR_LENGTH = 2,
	ERROR_VALUE = 3, /* out of range, or a reserved field was non-zero */
	ERROR_RESOURCES = 4,
	ERROR_SESSION_ID = 5, /* the Session ID is invalid in this context */
	ERROR_VENDOR = 6,     /* vendor specific error */
	ERROR_TRY_ANOTHER = 7,
	ERROR_UNKNOWN_MANDATORY = 8, /* unknown AVP with the M bit set */
};

/* Words for a code; never NULL: unknown codes give "reserved" words. Static strings. */
const char *stopccn_result_text(uint16_t result);
const char *cdn_result_text(uint16_t result);
const char *l2tp_error_text(uint16_t error);
/* RFC 3145 section 3: words for a PPP disconnect code. */
const char *ppp_disconnect_text(uint16_t code);
