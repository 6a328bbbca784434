/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words for codes: RFC 2661 section 4.4.2, RFC 3145 section 3, and what the IANA registry has
 * added since. They say what happened and, where it is known, what to look at.
 */
#include "wire/result.h"

#include <stddef.h>

#define TEXT(table, code) \
	((code) < sizeof(table) / sizeof((table)[0]) && (table)[code] ? (table)[code] : NULL)

static const char *const stopccn_results[] = {
	[STOPCCN_CLEAR] = "tunnel closed on request",
	[STOPCCN_GENERAL_ERROR] = "general error, see the error code",
	[STOPCCN_ALREADY_EXISTS] = "a tunnel to this peer exists already",
	[STOPCCN_NOT_AUTHORIZED] = "not authorized to open a tunnel: check names and secret",
	[STOPCCN_BAD_VERSION] = "protocol version not supported",
	[STOPCCN_SHUTTING_DOWN] = "the sender is shutting down",
	[STOPCCN_FSM_ERROR] = "message out of order (finite state machine error)",
	[STOPCCN_SERVICE] = "mismatching control connection service value (RFC 3308)",
};

static const char *const cdn_results[] = {
	[CDN_CARRIER_LOST] = "carrier lost: the subscriber's line went down",
	[CDN_GENERAL_ERROR] = "general error, see the error code",
	[CDN_ADMIN] = "disconnected for administrative reasons",
	[CDN_NO_FACILITIES_TEMPORARY] = "no facilities available now, try later",
	[CDN_NO_FACILITIES_PERMANENT] = "no facilities available at all",
	[CDN_INVALID_DESTINATION] = "invalid destination",
	[CDN_NO_CARRIER] = "no carrier detected",
	[CDN_BUSY] = "busy signal detected",
	[CDN_NO_DIAL_TONE] = "no dial tone",
	[CDN_TIMEOUT] = "call not established in time",
	[CDN_NO_FRAMING] = "connected, but no appropriate framing was detected",
	[CDN_SERVICE] = "mismatching session service value (RFC 3308)",
	[13] = "lost the tie breaker (L2TPv3)",
	[14] = "pseudowire type not supported (L2TPv3)",
	[15] = "sequencing required without a valid L2-specific sublayer (L2TPv3)",
	[16] = "finite state machine error or timeout (L2TPv3)",
	[17] = "frame relay circuit is no longer provisioned",
	[18] = "frame relay circuit was inactive for too long",
	[19] = "frame relay header lengths differ",
	[20] = "HDLC link is no longer provisioned",
	[21] = "HDLC link was inactive for too long",
	[22] = "the peer cannot emulate OAM cells",
	[23] = "interface MTUs differ",
	[24] = "no such forwarder",
	[25] = "not authorized for this forwarder",
	[26] = "tunnel switching loop detected",
	[27] = "attachment circuit is bound to another provider edge",
	[28] = "attachment circuit is bound to another remote circuit",
	[30] = "refused because of TDM pseudowire parameters",
	[31] = "sequencing not supported",
};

static const char *const errors[] = {
	[ERROR_NONE] = "no general error",
	[ERROR_NO_CONNECTION] = "no control connection exists yet",
	[ERROR_LENGTH] = "a length is wrong",
	[ERROR_VALUE] = "a value is out of range or a reserved field is not zero",
	[ERROR_RESOURCES] = "not enough resources now",
	[ERROR_SESSION_ID] = "the session id is invalid here",
	[ERROR_VENDOR] = "vendor-specific error, see the message",
	[ERROR_TRY_ANOTHER] = "try another LNS",
	[ERROR_UNKNOWN_MANDATORY] = "an AVP with the M bit is unknown",
	[9] = "try another LNS from the list in the message",
	[10] = "next hop unreachable",
	[11] = "next hop busy",
	[12] = "tunnel switch busy",
};

static const char *const ppp_causes[] = {
	[0] = "no information available",
	[1] = "administrative disconnect",
	[2] = "the LNS expects proxy LCP information that the LAC did not send",
	[3] = "normal disconnect by LCP Terminate-Request",
	[4] = "compulsory encryption was refused",
	[5] = "LCP timed out",
	[6] = "no recognizable LCP packets were received",
	[7] = "LCP magic number error, the link may be looped back",
	[8] = "no answer to LCP Echo-Requests",
	[9] = "unexpected endpoint discriminator for the multilink bundle",
	[10] = "unexpected MRRU for the multilink bundle",
	[11] = "unexpected short sequence number option for the multilink bundle",
	[12] = "compulsory call-back was refused",
	[13] = "authentication timed out",
	[14] = "unexpected authenticated name for the multilink bundle",
	[15] = "no acceptable authentication protocol",
	[16] = "authentication failed: bad name, password or secret",
	[17] = "network control protocol timed out",
	[18] = "no network control protocol is available",
	[19] = "no agreement on addresses",
	[20] = "the user may not use any address",
};

const char *stopccn_result_text(uint16_t result)
{
	const char *text = TEXT(stopccn_results, result);

	return text ? text : "reserved result code";
}

const char *cdn_result_text(uint16_t result)
{
	const char *text = TEXT(cdn_results, result);

	return text ? text : "reserved result code";
}

const char *l2tp_error_text(uint16_t error)
{
	const char *text = TEXT(errors, error);

	return text ? text : "reserved error code";
}

const char *ppp_disconnect_text(uint16_t code)
{
	const char *text = TEXT(ppp_causes, code);

	return text ? text : "reserved disconnect code";
}
