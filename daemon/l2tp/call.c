/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The four kinds of call, and what is said at each of their steps: RFC 2661 6.6 to 6.11.
 *
 * A call that we place begins with a message when the tunnel is up. Each kind says something when
 * its data plane is ready, or waits for the peer to: that is all that differs in session.c.
 *
 * As LAC of an outgoing call there is no line to dial: the call is answered by the PPP that runs
 * here, as soon as it is taken. So wait-cs-answer of 7.5.1 is over before it begins, and OCRP and
 * OCCN go out together.
 */
#include "l2tp/private.h"

#include <errno.h>

/* RFC 2661 4.4.3: no framing may be asked for that the peer does not have. */
static uint32_t framing_for(const struct tunnel_core *core)
{
	if (core->peer_framing & FRAMING_ASYNC && !(core->peer_framing & FRAMING_SYNC))
		return FRAMING_ASYNC;
	return FRAMING_SYNC;
}

static int send_icrq(struct l2tp_session *s, usec_t now)
{
	struct l2tp_msg msg = {.type = MSG_ICRQ};
	const struct session_core *core = &s->core;

	s->core.framing = framing_for(&s->tunnel->core);
	MSG_SET(&msg, AVP_ASSIGNED_SESSION_ID, assigned_session_id, core->session_id);
	MSG_SET(&msg, AVP_CALL_SERIAL_NUMBER, call_serial_number, core->call_serial);
	if (core->bearer)
		MSG_SET(&msg, AVP_BEARER_TYPE, bearer_type, core->bearer);
	session_tell(s, &msg);
	return tunnel_send(s->tunnel, s, &msg, now);
}

static int send_icrp(struct l2tp_session *s, usec_t now)
{
	struct l2tp_msg msg = {.type = MSG_ICRP};

	MSG_SET(&msg, AVP_ASSIGNED_SESSION_ID, assigned_session_id, s->core.session_id);
	return tunnel_send(s->tunnel, s, &msg, now);
}

/* ICCN and OCCN say the same. */
static int send_connected(struct l2tp_session *s, enum msg_type type, usec_t now)
{
	struct l2tp_msg msg = {.type = type};
	const struct session_core *core = &s->core;

	MSG_SET(&msg, AVP_TX_CONNECT_SPEED, tx_connect_speed, core->tx_connect_speed);
	MSG_SET(&msg, AVP_FRAMING_TYPE, framing_type, core->framing);
	if (core->rx_connect_speed != core->tx_connect_speed)
		MSG_SET(&msg, AVP_RX_CONNECT_SPEED, rx_connect_speed, core->rx_connect_speed);
	if (core->sequencing)
		avp_add(&msg.present, AVP_SEQUENCING_REQUIRED);
	session_tell(s, &msg);
	return tunnel_send(s->tunnel, s, &msg, now);
}

static int send_iccn(struct l2tp_session *s, usec_t now)
{
	return send_connected(s, MSG_ICCN, now);
}

static int send_ocrq(struct l2tp_session *s, usec_t now)
{
	struct l2tp_msg msg = {.type = MSG_OCRQ};
	const struct session_core *core = &s->core;

	/* RFC 2661 4.4.3: no bearer may be asked for that the peer does not have. */
	s->core.bearer = s->tunnel->core.peer_bearer & (BEARER_DIGITAL | BEARER_ANALOG);
	s->core.framing = s->tunnel->core.peer_framing & (FRAMING_SYNC | FRAMING_ASYNC);
	if (!s->core.bearer || !s->core.framing)
		return -EOPNOTSUPP;
	MSG_SET(&msg, AVP_ASSIGNED_SESSION_ID, assigned_session_id, core->session_id);
	MSG_SET(&msg, AVP_CALL_SERIAL_NUMBER, call_serial_number, core->call_serial);
	MSG_SET(&msg, AVP_MINIMUM_BPS, minimum_bps, core->minimum_bps);
	MSG_SET(&msg, AVP_MAXIMUM_BPS, maximum_bps, core->maximum_bps);
	MSG_SET(&msg, AVP_BEARER_TYPE, bearer_type, core->bearer);
	MSG_SET(&msg, AVP_FRAMING_TYPE, framing_type, core->framing);
	session_tell(s, &msg);
	return tunnel_send(s->tunnel, s, &msg, now);
}

static int send_ocrp(struct l2tp_session *s, usec_t now)
{
	struct l2tp_msg msg = {.type = MSG_OCRP};

	MSG_SET(&msg, AVP_ASSIGNED_SESSION_ID, assigned_session_id, s->core.session_id);
	return tunnel_send(s->tunnel, s, &msg, now);
}

static int send_occn(struct l2tp_session *s, usec_t now)
{
	int err = send_ocrp(s, now);

	return err ? err : send_connected(s, MSG_OCCN, now);
}

const struct call_kind call_kinds[CALL_TYPE_MAX] = {
	[CALL_LAC_INCOMING] =
		{
			.name = "lac-incoming",
			.send_request = send_icrq,
			.request = MSG_ICRQ,
			.send_ready = send_iccn,
			.ready = MSG_ICCN,
			.when_ready = SESSION_ESTABLISHED,
		},
	[CALL_LNS_INCOMING] =
		{
			.name = "lns-incoming",
			.is_lns = true,
			.send_ready = send_icrp,
			.ready = MSG_ICRP,
			.when_ready = SESSION_WAIT_CONNECT,
		},
	[CALL_LNS_OUTGOING] =
		{
			.name = "lns-outgoing",
			.is_lns = true,
			.send_request = send_ocrq,
			.request = MSG_OCRQ,
			.when_ready = SESSION_WAIT_CONNECT,
		},
	[CALL_LAC_OUTGOING] =
		{
			.name = "lac-outgoing",
			.send_ready = send_occn,
			.ready = MSG_OCCN,
			.when_ready = SESSION_ESTABLISHED,
		},
};

const char *call_type_name(enum call_type type)
{
	return type < CALL_TYPE_MAX ? call_kinds[type].name : "unknown";
}

bool call_is_lns(enum call_type type)
{
	return call_kinds[type].is_lns;
}
