/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which results make the destination responsible, so that it is locked out: RFC 2661 4.4.2.
 *
 * A destination is at fault when it is not there, or says of itself that it cannot. It is not when
 * it refuses this caller, when a tunnel ends as tunnels do, or when we are the cause: the next call
 * may well get through. Either way the call itself goes on to another destination.
 */
#include "steer/steer.h"

#include "wire/result.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Whether it counts when the peer said it, and when we did. */
struct row {
	bool received;
	bool sent;
};

static const struct row stopccn_results[] = {
	/* Nothing was said: no answer in time. */
	[0] = {true, false},
	/* An idle tunnel that is closed, by either end. */
	[STOPCCN_CLEAR] = {false, false},
	/* STOPCCN_GENERAL_ERROR: stopccn_errors. */
	[STOPCCN_ALREADY_EXISTS] = {false, false},
	/* Names or secrets do not fit, whoever found out. */
	[STOPCCN_NOT_AUTHORIZED] = {true, true},
	[STOPCCN_BAD_VERSION] = {true, true},
	[STOPCCN_SHUTTING_DOWN] = {true, false},
	[STOPCCN_FSM_ERROR] = {false, false},
	[STOPCCN_SERVICE] = {false, false},
};

static const struct row cdn_results[] = {
	/* The tunnel went: its own result tells. */
	[0] = {false, false},
	[CDN_CARRIER_LOST] = {false, false},
	/* CDN_GENERAL_ERROR: cdn_errors. */
	/* It does not want this caller. */
	[CDN_ADMIN] = {false, false},
	[CDN_NO_FACILITIES_TEMPORARY] = {true, false},
	[CDN_NO_FACILITIES_PERMANENT] = {true, false},
	/* Of the number that was called. */
	[CDN_INVALID_DESTINATION] = {false, false},
	[CDN_NO_CARRIER] = {false, false},
	[CDN_BUSY] = {true, false},
	[CDN_NO_DIAL_TONE] = {false, false},
	/* It did not answer the call in time, though the tunnel lives. */
	[CDN_TIMEOUT] = {true, false},
	[CDN_NO_FRAMING] = {false, false},
	[CDN_SERVICE] = {false, false},
};

/* With a General Error. What it says of a tunnel is true for all tunnels with it. */
static const struct row stopccn_errors[] = {
	[ERROR_NONE] = {true, false},
	[ERROR_NO_CONNECTION] = {true, false},
	/* What it sent cannot be read. */
	[ERROR_LENGTH] = {true, true},
	[ERROR_VALUE] = {true, true},
	/* Sent: our own resources. */
	[ERROR_RESOURCES] = {true, false},
	[ERROR_SESSION_ID] = {true, false},
	[ERROR_VENDOR] = {true, false},
	[ERROR_TRY_ANOTHER] = {true, false},
	[ERROR_UNKNOWN_MANDATORY] = {true, true},
	[9] = {true, false}, /* try another, from a list */
};

/* Of one call, only what is not about this call. */
static const struct row cdn_errors[] = {
	[ERROR_RESOURCES] = {true, false},
	[ERROR_TRY_ANOTHER] = {true, false},
	[9] = {true, false},  /* try another, from a list */
	[10] = {true, false}, /* of a tunnel switch: its next hop unreachable, */
	[11] = {true, false}, /* busy, */
	[12] = {true, false}, /* itself busy */
};

static struct row find(const struct row *rows, size_t n, uint16_t code)
{
	return code < n ? rows[code] : (struct row){false, false};
}

bool steer_counts(const struct reason *reason, bool is_tunnel)
{
	bool by_error = reason->result == CDN_GENERAL_ERROR;
	struct row row;

	if (is_tunnel)
		row = by_error ? find(stopccn_errors, COUNT(stopccn_errors), reason->error)
			       : find(stopccn_results, COUNT(stopccn_results), reason->result);
	else
		row = by_error ? find(cdn_errors, COUNT(cdn_errors), reason->error)
			       : find(cdn_results, COUNT(cdn_results), reason->result);
	switch (reason->origin) {
	case ORIGIN_PEER:
		return row.received;
	case ORIGIN_LOCAL:
		return row.sent;
	case ORIGIN_NONE:
	case ORIGIN_KERNEL:
	case ORIGIN_PPP:
		break;
	}
	return false;
}
