/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words for the cause values of Q.931, which a LAC passes on from its line (RFC 2661 4.4.2, Q.931
 * Cause Code AVP). The values are those of ITU-T Q.850, section 2.2.3.
 */
#include "wire/cause.h"

#include <stddef.h>

static const char *const causes[128] = {
	[1] = "unassigned number",
	[2] = "no route to the transit network",
	[3] = "no route to the destination",
	[4] = "send special information tone",
	[5] = "misdialled trunk prefix",
	[6] = "channel unacceptable",
	[7] = "call awarded and delivered in an established channel",
	[8] = "pre-emption",
	[9] = "pre-emption, circuit reserved for reuse",
	[14] = "excess digits, the call goes on",
	[16] = "normal call clearing",
	[17] = "user busy",
	[18] = "no user responding",
	[19] = "no answer from the user, who was alerted",
	[20] = "subscriber absent",
	[21] = "call rejected",
	[22] = "number changed",
	[23] = "redirection to a new destination",
	[25] = "exchange routing error",
	[26] = "non-selected user clearing",
	[27] = "destination out of order",
	[28] = "invalid number format",
	[29] = "facility rejected",
	[30] = "response to a status enquiry",
	[31] = "normal, unspecified",
	[34] = "no circuit or channel available",
	[38] = "network out of order",
	[39] = "permanent frame mode connection out of service",
	[40] = "permanent frame mode connection operational",
	[41] = "temporary failure",
	[42] = "switching equipment congestion",
	[43] = "access information discarded",
	[44] = "requested circuit or channel not available",
	[46] = "precedence call blocked",
	[47] = "resource unavailable, unspecified",
	[49] = "quality of service unavailable",
	[50] = "requested facility not subscribed",
	[53] = "outgoing calls barred within the closed user group",
	[55] = "incoming calls barred within the closed user group",
	[57] = "bearer capability not authorized",
	[58] = "bearer capability not available now",
	[62] = "inconsistent access information and subscriber class",
	[63] = "service or option not available, unspecified",
	[65] = "bearer capability not implemented",
	[66] = "channel type not implemented",
	[69] = "requested facility not implemented",
	[70] = "only restricted digital bearers are available",
	[79] = "service or option not implemented, unspecified",
	[81] = "invalid call reference",
	[82] = "identified channel does not exist",
	[83] = "a suspended call exists, but not this call identity",
	[84] = "call identity in use",
	[85] = "no call suspended",
	[86] = "the call of that identity has been cleared",
	[87] = "user is no member of the closed user group",
	[88] = "incompatible destination",
	[90] = "non-existent closed user group",
	[91] = "invalid transit network selection",
	[95] = "invalid message, unspecified",
	[96] = "mandatory information element missing",
	[97] = "message type non-existent or not implemented",
	[98] = "message not compatible with the call state",
	[99] = "information element non-existent or not implemented",
	[100] = "invalid contents of an information element",
	[101] = "message not compatible with the call state or not implemented",
	[102] = "recovery on timer expiry",
	[103] = "parameter non-existent or not implemented, passed on",
	[110] = "message with an unrecognized parameter discarded",
	[111] = "protocol error, unspecified",
	[127] = "interworking, unspecified",
};

const char *q931_cause_text(uint16_t cause)
{
	const char *text = cause < sizeof(causes) / sizeof(causes[0]) ? causes[cause] : NULL;

	return text ? text : "reserved cause";
}
