/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The language of fuzz_pppoe: an octet of settings, then moves, each an octet with its arguments.
 */
#pragma once

enum pppoe_move {
	/* Two octets of length, and as many of a frame. */
	PPPOE_RAW,
	/* Code, client, two octets of session id, an octet of length and as many of tags; an
	 * AC-Cookie that is good stands before them. */
	PPPOE_FRAME,
	/* Seconds. */
	PPPOE_TIME,
	/* Which session, counted from the oldest. */
	PPPOE_ACCEPT,
	PPPOE_REFUSE,
	PPPOE_CLOSE,
	PPPOE_DOWN,
	PPPOE_STOP,
	/* Which allocation fails. */
	PPPOE_MEMORY,
	PPPOE_MOVE_MAX,
};

/* Settings. */
#define PPPOE_WITH_SERVICES 1
#define PPPOE_WITH_LIMITS 2
#define PPPOE_WITH_RATES 4
#define PPPOE_WITH_JUMBO 8
/* Whose sessions are accepted, and closed, from inside of callbacks. */
#define PPPOE_EAGER 16
