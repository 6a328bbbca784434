/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the ends of a living call tell each other: errors of the line (WEN, RFC 2661 6.13), which
 * the LAC counts, and the ACCM (SLI, 6.14), which the LNS negotiates.
 *
 * Nothing here acts on either. The kernel's channels are synchronous and escape nothing, so as LAC
 * an ACCM is kept for who asks, as are the errors of a LAC with a line.
 */
#include "l2tp/private.h"

#include <errno.h>

/* RFC 2661 6.13: "should only be sent when an error occurs, and not more than once every 60
 * seconds". */
#define WEN_INTERVAL (60 * USEC_PER_SEC)

bool session_accept_wen(struct l2tp_session *s, const struct l2tp_msg *msg, usec_t now)
{
	(void)now;
	s->rx_wen++;
	s->core.errors = msg->call_errors;
	return true;
}

bool session_accept_sli(struct l2tp_session *s, const struct l2tp_msg *msg, usec_t now)
{
	(void)now;
	s->rx_sli++;
	s->core.accm = msg->accm;
	return true;
}

int l2tp_session_set_accm(struct l2tp_session *s, const struct accm *accm, usec_t now)
{
	struct l2tp_msg msg = {.type = MSG_SLI};
	int err;

	if (!call_is_lns(s->core.type) || s->core.state != SESSION_ESTABLISHED)
		return -EINVAL;
	if (accm->send == s->core.accm.send && accm->receive == s->core.accm.receive)
		return 0;
	MSG_SET(&msg, AVP_ACCM, accm, *accm);
	err = tunnel_send(s->tunnel, s, &msg, now);
	if (!err)
		s->core.accm = *accm;
	return err;
}

int l2tp_session_tell_errors(struct l2tp_session *s, const struct call_errors *errors, usec_t now)
{
	struct l2tp_msg msg = {.type = MSG_WEN};
	int err;

	if (call_is_lns(s->core.type) || s->core.state != SESSION_ESTABLISHED)
		return -EINVAL;
	if (s->errors_told_at && now - s->errors_told_at < WEN_INTERVAL)
		return -EAGAIN;
	MSG_SET(&msg, AVP_CALL_ERRORS, call_errors, *errors);
	err = tunnel_send(s->tunnel, s, &msg, now);
	if (err)
		return err;
	s->core.errors = *errors;
	s->errors_told_at = now;
	return 0;
}
