/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Speeds that change while a call lives: CSUN and CSURQ, RFC 5515 section 4.
 *
 * A LAC that said Connect Speed Update Enable in ICRQ tells other speeds as they come, and answers
 * who asks; of other calls nothing is said, and nothing believed. What changes before the call is
 * connected stands in ICCN or OCCN. One message speaks of many calls, by the ids of its receiver.
 * What is beyond AVP_LIST_MAX in one message is not read.
 */
#include "l2tp/private.h"

#include <errno.h>

static bool has_updates(const struct l2tp_session *s, bool as_lns)
{
	return s && s->core.speed_updates && call_is_lns(s->core.type) == as_lns &&
	       (s->core.state == SESSION_WAIT_NUMBERS || s->core.state == SESSION_ESTABLISHED);
}

static bool set_speeds(struct session_core *core, uint32_t tx, uint32_t rx)
{
	bool changed = (tx && tx != core->tx_connect_speed) || (rx && rx != core->rx_connect_speed);

	/* No line has a speed of 0: it is one that nobody knows. */
	core->tx_connect_speed = tx ? tx : core->tx_connect_speed;
	core->rx_connect_speed = rx ? rx : core->rx_connect_speed;
	return changed;
}

bool tunnel_accept_csun(struct l2tp_tunnel *t, const struct l2tp_msg *msg, usec_t now)
{
	(void)now;
	for (unsigned int i = 0; i < msg->connect_speed_update.n; i++) {
		struct speed_update update = msg_speed_update(msg, i);
		struct l2tp_session *s = l2tp_session_find(t, update.session_id);

		if (!has_updates(s, true))
			TUNNEL_COUNT(t, rx_unexpected);
		else if (set_speeds(&s->core, update.tx, update.rx))
			engine_event(t->engine, EVENT_SESSION_SPEED, t, s, &t->core.peer, NULL);
	}
	return true;
}

static struct speed_update update_of(const struct l2tp_session *s)
{
	return (struct speed_update){.session_id = s->core.peer_session_id,
				     .tx = s->core.tx_connect_speed,
				     .rx = s->core.rx_connect_speed};
}

/* RFC 5515 4.2: nothing is said of calls that are not here, or that no updates were promised of. */
bool tunnel_accept_csurq(struct l2tp_tunnel *t, const struct l2tp_msg *msg, usec_t now)
{
	uint8_t data[AVP_LIST_MAX][SPEED_UPDATE_LEN];
	struct l2tp_msg reply = {.type = MSG_CSUN};

	for (unsigned int i = 0; i < msg->connect_speed_update.n; i++) {
		uint16_t session_id = msg_speed_update(msg, i).session_id;
		const struct l2tp_session *s = l2tp_session_find(t, session_id);
		struct speed_update update;

		if (!has_updates(s, false)) {
			TUNNEL_COUNT(t, rx_unexpected);
			continue;
		}
		update = update_of(s);
		msg_add_speed_update(&reply, &update, data[i]);
	}
	/* Without memory for the answer the peer has none, and may ask again. */
	if (reply.connect_speed_update.n)
		tunnel_send(t, NULL, &reply, now);
	return true;
}

static int send_update(const struct l2tp_session *s, usec_t now)
{
	const struct speed_update update = update_of(s);
	struct l2tp_msg msg = {.type = MSG_CSUN};
	uint8_t data[SPEED_UPDATE_LEN];

	msg_add_speed_update(&msg, &update, data);
	return tunnel_send(s->tunnel, NULL, &msg, now);
}

int l2tp_session_tell_line(struct l2tp_session *s, const struct access_line *line,
			   uint32_t tx_connect_speed, uint32_t rx_connect_speed, usec_t now)
{
	uint32_t tx = s->core.tx_connect_speed, rx = s->core.rx_connect_speed;
	int err;

	if (call_is_lns(s->core.type) || s->core.state == SESSION_CLOSING)
		return -EINVAL;
	err = line ? session_set_line(s, line) : 0;
	if (err || !set_speeds(&s->core, tx_connect_speed, rx_connect_speed) ||
	    s->core.state != SESSION_ESTABLISHED)
		return err;
	err = s->core.speed_updates ? send_update(s, now) : 0;
	if (err) {
		/* Else they would not be told when they are set again. */
		set_speeds(&s->core, tx, rx);
		return err;
	}
	engine_event(s->tunnel->engine, EVENT_SESSION_SPEED, s->tunnel, s, NULL, NULL);
	return 0;
}
