/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The speeds of a caller's line: what a session says of them when it begins (RFC 2661 4.4.4), and
 * when they change (RFC 5515 section 4).
 *
 * The kernel does not know how fast a DSL line trains, and PPPoE has no word for it after PADR: the
 * administrator or RADIUS tells it. A call that is up has told its LNS in ICRQ whether it will hear
 * of changes; one that is not yet placed tells the speeds of then.
 */
#include "lac/private.h"

#include <errno.h>

static uint32_t first_of(const uint32_t *values, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (values[i])
			return values[i];
	}
	return 0;
}

void lac_speeds(const struct lac_call *call, uint32_t *ret_tx, uint32_t *ret_rx)
{
	uint32_t up = 0, down = 0;

	access_line_number(call->line, LINE_ACTUAL_UP, &up);
	access_line_number(call->line, LINE_ACTUAL_DOWN, &down);
	/* RFC 2661 4.4.4: transmit is from the LAC to the caller. */
	*ret_tx = first_of((const uint32_t[]){call->tx_speed,
					      call->grant ? call->grant->tx_connect_speed : 0, down,
					      call->access ? call->access->tx_connect_speed : 0,
					      call->port.speed},
			   5);
	*ret_rx = first_of((const uint32_t[]){call->rx_speed,
					      call->grant ? call->grant->rx_connect_speed : 0, up,
					      call->access ? call->access->rx_connect_speed : 0,
					      call->port.speed},
			   5);
}

/* Its own session that the LNS has, or will have: not one that is on its way out. */
static struct l2tp_session *session_of(const struct lac_call *call)
{
	struct l2tp_session *s = call->session;

	return s && s->core.state != SESSION_CLOSING ? s : NULL;
}

const char *lac_cannot_tell(const struct lac_call *call)
{
	const struct l2tp_session *s = session_of(call);

	if (call->kind == LAC_SWITCHED)
		return "the speeds of a switched call come from the LAC before it";
	if (call->state == LAC_LOCAL_STARTING || call->state == LAC_LOCAL)
		return "the call ends here: there is no LNS to tell";
	if (call->state >= LAC_TERMINATING)
		return "the call is ending";
	if (s && s->core.state == SESSION_ESTABLISHED && !s->core.speed_updates)
		return "the LNS was not told that speeds would be updated: line_avps was not set "
		       "when the call came in";
	return NULL;
}

/* What the line told of itself goes with it. */
static void set_rate(struct access_line *line, enum line_value value, uint32_t rate)
{
	if (rate && line->present & LINE_BIT(value))
		line->numbers[value - LINE_NUMBER_FIRST] = rate;
}

int lac_set_speeds(struct lac_call *call, uint32_t tx, uint32_t rx, usec_t now)
{
	struct l2tp_session *s = session_of(call);
	struct access_line line = {0};
	int err = 0;

	if (lac_cannot_tell(call))
		return -EOPNOTSUPP;
	if (call->line)
		line = *call->line;
	set_rate(&line, LINE_ACTUAL_DOWN, tx);
	set_rate(&line, LINE_ACTUAL_UP, rx);
	if (s)
		err = l2tp_session_tell_line(
			s, call->line && call->access->line_avps ? &line : NULL, tx, rx, now);
	if (err)
		return err;
	if (call->line)
		*call->line = line;
	call->tx_speed = tx ? tx : call->tx_speed;
	call->rx_speed = rx ? rx : call->rx_speed;
	return 0;
}
