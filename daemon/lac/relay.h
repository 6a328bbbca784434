/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnel switching (LTS): what the outgoing leg of a call says of what came in on the other.
 */
#pragma once

#include "l2tp/engine.h"
#include "lac/settings.h"

/* params is for l2tp_session_open(); what it points to is here, in the incoming session, or in what
 * was given: it lives until any of them changes. */
struct relay {
	struct session_params params;
	struct l2tp_msg proxy;
	struct access_line line;
	struct avp_list tsa_ids;
};

/*
 * `own` is what a LAC here would say of the call: what is regenerated comes from it, and name,
 * ppp_profile, session_id and owner. AVPs that were hidden on their way here are hidden again as
 * the outgoing tunnel's peer says.
 */
void relay_build(const struct l2tp_session *in, const struct lac_switch *policy,
		 const struct session_params *own, struct relay *ret);

/* The LAC told other speeds of the line (CSUN): they go on to the LNS where speeds are relayed, and
 * updates were promised. Returns as l2tp_session_tell_line(). */
int relay_new_speeds(const struct l2tp_session *in, const struct lac_switch *policy,
		     struct l2tp_session *out, usec_t now);

/*
 * Whether a call must not leave for that address: it is where it came from, or too many have
 * switched it. One that was switched here before does not even come in (l2tp/tsa.c). *ret says why,
 * for the CDN.
 */
bool relay_is_loop(const struct l2tp_session *in, const struct addr *to, struct reason *ret);
