/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls that end here: pppd serves the PPPoE session whose channel we gave up for it.
 *
 * LCP begins anew then, as RFC 1661 lets it at any time; the caller authenticates to pppd.
 */
#include "lac/private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "wire/result.h"

bool lac_start_pppd(struct lac_call *call, usec_t now)
{
	int err = call->lac->ops->pppd_start(call);
	struct reason reason;

	call->pppd_running = !err;
	if (!err)
		return true;
	reason = reason_make(ORIGIN_PPP, CDN_NO_FACILITIES_TEMPORARY, 0, "cannot start pppd: %s",
			     err == -EOPNOTSUPP ? "pppd = none" : strerror(-err));
	lac_keep_reason(call, &reason);
	lac_enter(call, LAC_CLOSING, now);
	return false;
}

void lac_pppd_up(struct lac_call *call, const char *interface, const char *user, usec_t now)
{
	const struct lac_signal signal = {.input = LAC_ON_PPPD_UP};

	snprintf(call->pppd_interface, sizeof(call->pppd_interface), "%s", interface);
	if (user[0])
		lac_set_text(&call->user, user);
	lac_fsm_run(call, &signal, now);
}

void lac_pppd_down(struct lac_call *call, const struct reason *reason, usec_t now)
{
	const struct lac_signal signal = {.input = LAC_ON_PPPD_DOWN, .reason = reason};

	call->pppd_running = false;
	lac_fsm_run(call, &signal, now);
}
