/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of events, as the log and `adit monitor` say them.
 */
#include "l2tp/event.h"

static const char *const event_names[EVENT_MAX] = {
	[EVENT_TUNNEL_UP] = "tunnel up",	   [EVENT_TUNNEL_DOWN] = "tunnel down",
	[EVENT_TUNNEL_GONE] = "tunnel gone",	   [EVENT_SESSION_UP] = "session up",
	[EVENT_SESSION_PPP_UP] = "ppp up",	   [EVENT_SESSION_DOWN] = "session down",
	[EVENT_SESSION_SPEED] = "session speed",   [EVENT_REFUSED] = "refused",
	[EVENT_PACKET_DROPPED] = "packet dropped", [EVENT_ADMIN] = "admin state",
};

const char *l2tp_event_name(enum l2tp_event_type type)
{
	return type < EVENT_MAX ? event_names[type] : "unknown";
}
