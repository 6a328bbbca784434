/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the ends of a call tell each other of it: when it begins who calls whom, on what line, and
 * what the LAC learnt of the user (RFC 2661 4.4.4 and 4.4.5) and his line (RFC 5515); while it
 * lives errors of the line (WEN, 6.13), which the LAC counts, and the ACCM (SLI, 6.14), which the
 * LNS negotiates.
 *
 * Nothing here acts on any of it. The kernel's channels are synchronous and escape nothing, so as
 * LAC an ACCM is kept for who asks, as are the errors of a LAC with a line.
 */
#include "l2tp/private.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"

/* RFC 2661 6.13: "should only be sent when an error occurs, and not more than once every 60
 * seconds". */
#define WEN_INTERVAL (60 * USEC_PER_SEC)

enum proxy_authen_type {
	PROXY_CHAP = 2,
	PROXY_PAP = 3,
	PROXY_MSCHAP = 5,
	PROXY_EAP = 7, /* assigned since, by IANA */
};

/* RFC 2661 4.4.5: with these the Proxy Authen ID must be there. */
static bool has_authen_id(uint16_t type)
{
	return type == PROXY_CHAP || type == PROXY_PAP || type == PROXY_MSCHAP || type == PROXY_EAP;
}

int session_set_line(struct l2tp_session *s, const struct access_line *line)
{
	return call_info_set(&s->info, CALL_ACCESS_LINE,
			     (struct bytes){(const uint8_t *)line, sizeof(*line)});
}

bool l2tp_session_line(const struct l2tp_session *s, struct access_line *ret)
{
	struct bytes value = call_info_get(s->info, CALL_ACCESS_LINE);

	/* It stands at any address. */
	if (value.len == sizeof(*ret))
		memcpy(ret, value.data, sizeof(*ret));
	return value.len;
}

/* What is known when the call begins (RFC 5515 sections 3 and 6.2). */
static void tell_request(const struct l2tp_session *s, struct l2tp_msg *msg)
{
	struct access_line line;

	if (l2tp_session_line(s, &line))
		msg_set_line(msg, &line);
	if (s->core.speed_updates)
		avp_add(&msg->present, AVP_SPEED_UPDATE_ENABLE);
	l2tp_session_tsa_ids(s, &msg->tsa_id);
	if (msg->tsa_id.n)
		avp_add(&msg->present, AVP_TSA_ID);
}

int session_learn(struct l2tp_session *s, const struct l2tp_msg *msg)
{
	struct session_core *core = &s->core;
	struct access_line line;
	int err;

	if (msg_has(msg, AVP_PHYSICAL_CHANNEL_ID))
		core->physical_channel = msg->physical_channel_id;
	if (msg_has(msg, AVP_PROXY_AUTHEN_TYPE))
		core->proxy_authen_type = msg->proxy_authen_type;
	if (msg_has(msg, AVP_PROXY_AUTHEN_ID))
		core->proxy_authen_id = msg->proxy_authen_id;
	if (msg_has(msg, AVP_SPEED_UPDATE_ENABLE))
		core->speed_updates = true;
	err = call_info_learn(&s->info, msg);
	if (!err && msg_line(msg, &line))
		err = session_set_line(s, &line);
	if (!err && msg_has(msg, AVP_TSA_ID) && s->tunnel->peer->calls == CALL_SWITCH)
		err = session_set_tsa_ids(s, &msg->tsa_id);
	return err;
}

void session_tell(const struct l2tp_session *s, struct l2tp_msg *msg)
{
	const struct session_core *core = &s->core;

	if (core->physical_channel && msg_may_carry(msg->type, AVP_PHYSICAL_CHANNEL_ID))
		MSG_SET(msg, AVP_PHYSICAL_CHANNEL_ID, physical_channel_id, core->physical_channel);
	if (core->proxy_authen_type && msg_may_carry(msg->type, AVP_PROXY_AUTHEN_TYPE)) {
		MSG_SET(msg, AVP_PROXY_AUTHEN_TYPE, proxy_authen_type, core->proxy_authen_type);
		if (has_authen_id(core->proxy_authen_type))
			MSG_SET(msg, AVP_PROXY_AUTHEN_ID, proxy_authen_id, core->proxy_authen_id);
	}
	if (msg->type == MSG_ICRQ)
		tell_request(s, msg);
	call_info_tell(s->info, msg);
}

/* RFC 2661 4.4.6: what a LAC uses until it is told otherwise. */
static const struct accm accm_default = {.send = UINT32_MAX, .receive = UINT32_MAX};

/* Most calls never need it. NULL without memory. */
static struct call_line *line_of(struct l2tp_session *s)
{
	if (s->line)
		return s->line;
	s->line = mem_alloc(sizeof(*s->line));
	if (s->line)
		s->line->accm = accm_default;
	return s->line;
}

struct accm l2tp_session_accm(const struct l2tp_session *s)
{
	return s->line ? s->line->accm : accm_default;
}

/* No call ends because there is no memory for what nobody acts on. */
bool session_accept_wen(struct l2tp_session *s, const struct l2tp_msg *msg, usec_t now)
{
	struct call_line *line = line_of(s);

	(void)now;
	if (!line)
		return true;
	line->rx_wen++;
	line->errors = msg->call_errors;
	return true;
}

bool session_accept_sli(struct l2tp_session *s, const struct l2tp_msg *msg, usec_t now)
{
	struct call_line *line = line_of(s);

	(void)now;
	if (!line)
		return true;
	line->rx_sli++;
	line->accm = msg->accm;
	return true;
}

int l2tp_session_set_accm(struct l2tp_session *s, const struct accm *accm, usec_t now)
{
	struct l2tp_msg msg = {.type = MSG_SLI};
	struct accm known = l2tp_session_accm(s);
	int err;

	if (!call_is_lns(s->core.type) || s->core.state != SESSION_ESTABLISHED)
		return -EINVAL;
	if (accm->send == known.send && accm->receive == known.receive)
		return 0;
	if (!line_of(s))
		return -ENOMEM;
	MSG_SET(&msg, AVP_ACCM, accm, *accm);
	err = tunnel_send(s->tunnel, s, &msg, now);
	if (!err)
		s->line->accm = *accm;
	return err;
}

int l2tp_session_tell_errors(struct l2tp_session *s, const struct call_errors *errors, usec_t now)
{
	struct l2tp_msg msg = {.type = MSG_WEN};
	int err;

	if (call_is_lns(s->core.type) || s->core.state != SESSION_ESTABLISHED)
		return -EINVAL;
	if (!line_of(s))
		return -ENOMEM;
	if (s->line->errors_told_at && now - s->line->errors_told_at < WEN_INTERVAL)
		return -EAGAIN;
	MSG_SET(&msg, AVP_CALL_ERRORS, call_errors, *errors);
	err = tunnel_send(s->tunnel, s, &msg, now);
	if (err)
		return err;
	s->line->errors = *errors;
	s->line->errors_told_at = now;
	return 0;
}
