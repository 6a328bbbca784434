/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls that came in a tunnel and leave in another: for their LAC we are the LNS, for their LNS the
 * LAC. The kernel bridges the channels of the two sessions.
 *
 * RFC 2661 has no word of it. Which of its AVPs a call keeps, and how circles are seen, is in
 * relay.h; here is how it begins.
 */
#include "lac/private.h"

#include <errno.h>

bool lac_is_switched(const struct l2tp_session *s)
{
	return s->core.type == CALL_LNS_INCOMING && s->tunnel->peer->calls == CALL_SWITCH;
}

int lac_switch(struct lac *lac, struct l2tp_session *s, usec_t now)
{
	struct lac_call *call;
	int err;

	if (lac_busy(lac))
		return -EBUSY;
	err = lac_call_new(lac, LAC_SWITCHED, now, &call);
	if (err)
		return err;
	call->incoming_owner = lac->ops->new_owner(lac);
	err = hash_insert(&lac->by_incoming, &call->by_incoming, call->incoming_owner);
	if (err) {
		lac_call_free(call);
		return err;
	}
	s->owner = call->incoming_owner;
	call->incoming = s;
	call->state = LAC_NEGOTIATING;
	/* Its LAC has negotiated already. */
	call->named = true;
	lac_wake(call, now);
	return 0;
}
