/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the engine reports: one event a line of the log, and a line of `adit monitor`.
 */
#pragma once

#include "base/addr.h"
#include "l2tp/admin.h"
#include "l2tp/reason.h"

struct l2tp_tunnel;
struct l2tp_session;

enum l2tp_event_type {
	EVENT_TUNNEL_UP,
	/* Of a tunnel that was up, or never came up: tunnel->reason says why. Comes at once... */
	EVENT_TUNNEL_DOWN,
	/* ...and this when the last of it is gone, in the kernel and on the wire. */
	EVENT_TUNNEL_GONE,
	/* Negotiated, and the kernel carries packets; PPP is running, or there will be none. */
	EVENT_SESSION_UP,
	/* Once a network protocol: IPv4 after IPv6 is told again, with its addresses. */
	EVENT_SESSION_PPP_UP,
	/* The line of a call has other speeds: its LAC told them (CSUN), or we are that. */
	EVENT_SESSION_SPEED,
	/* The session and all of it is gone: session->reason says why. */
	EVENT_SESSION_DOWN,
	/* Somebody who may not, or cannot now, was refused before anything was kept. */
	EVENT_REFUSED,
	/* A packet that could not be used; `text` says why. The listener limits the rate. */
	EVENT_PACKET_DROPPED,
	/* An administrative state changed: `admin` and `text` say whose, the tunnel or session is
	 * the one that bears it, if it is there. */
	EVENT_ADMIN,
	EVENT_MAX,
};

struct l2tp_event {
	enum l2tp_event_type type;
	/* NULL where there is none; valid during the call. */
	const struct l2tp_tunnel *tunnel;
	const struct l2tp_session *session;
	/* Where the packet came from, for EVENT_REFUSED and EVENT_PACKET_DROPPED. */
	const struct addr *peer;
	const char *text;
	const struct admin_change *admin;
};

const char *l2tp_event_name(enum l2tp_event_type type);
