/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A call on its way through the tunnels that it may take, one after the other.
 *
 * Whatever keeps one from taking it - no address, no tunnel, a limit, CDN - leads to the next,
 * while PPP with the caller stands still: he notices nothing. When none is left he is told, and the
 * log says what each answered.
 */
#include "lac/private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lac/relay.h"
#include "wire/result.h"

#define STORY_MAX 512

static struct reason local_reason(int err)
{
	return reason_make(ORIGIN_LOCAL, CDN_NO_FACILITIES_TEMPORARY, 0, "%s", strerror(-err));
}

static int open_session(struct lac_call *call, struct l2tp_tunnel *t, struct reason *ret_reason,
			usec_t now)
{
	const struct steer_tunnel *tunnel = &call->steer.path->tunnel;
	struct l2tp_msg proxy = {.type = MSG_ICCN};
	char calling[LAC_NUMBER_MAX];
	struct session_params own = {
		.called_number = call->called_number,
		.calling_number = lac_calling_number(call, calling),
		.private_group = tunnel->private_group,
		.physical_channel = call->pppoe_id,
		.owner = call->owner,
	};
	struct relay relay;
	int err;

	lac_speeds(call, &own.tx_connect_speed, &own.rx_connect_speed);
	if (call->access && call->access->line_avps) {
		own.line = call->line;
		own.speed_updates = true;
	}
	if (call->incoming) {
		if (relay_is_loop(call->incoming, &t->core.peer, ret_reason)) {
			call->looped = true;
			return -ELOOP;
		}
		relay_build(call->incoming, &call->lac->settings->relay, &own, &relay);
		err = l2tp_session_open(t, &relay.params, now, &call->session);
	} else {
		ppp_proxy_tell(call->proxy, &proxy);
		own.proxy = &proxy;
		err = l2tp_session_open(t, &own, now, &call->session);
	}
	if (err)
		*ret_reason = local_reason(err);
	return err;
}

/* Puts the call on its path. Returns 0 when there is something to wait for, or -errno. */
static int use_path(struct lac_call *call, struct reason *ret_reason, usec_t now)
{
	struct lac_tunnel *lt = call->steer.path->user;
	struct l2tp_tunnel *t;
	int err;

	if (!lt) {
		err = lac_tunnel_new(call);
		*ret_reason = local_reason(err);
		return err;
	}
	lac_tunnel_join(call, lt);
	t = lac_tunnel_of(lt);
	if (t)
		return open_session(call, t, ret_reason, now);
	list_append(&lt->waiting, &call->in_tunnel);
	return 0;
}

/* We end it, or the administrator lets it drain: it takes no more calls, and its LNS may be had by
 * another tunnel. Where the peer or all of us drains there is no other. */
static bool is_leaving(const struct steer_path *path)
{
	const struct lac_tunnel *lt = path->user;
	const struct l2tp_tunnel *t = lt ? lac_tunnel_of(lt) : NULL;
	struct admin admin;

	if (!t)
		return false;
	admin = l2tp_admin_of_tunnel(t);
	return t->core.state >= TUNNEL_DRAINING ||
	       (admin.state != ADMIN_ENABLED && admin.from == ADMIN_TUNNEL);
}

static void leave_path(struct lac_call *call, const struct reason *reason, bool is_tunnel,
		       usec_t now)
{
	char text[256], why[192];

	snprintf(text, sizeof(text), "%s: %s", call->steer.path->tunnel.name,
		 reason_format(reason, is_tunnel, why, sizeof(why)));
	call->lac->ops->event(call, LAC_NEWS_MOVED, text);
	lac_account_rejected(call, reason, now);
	lac_tunnel_leave(call, now);
	steer_call_failed(call->lac->steer, &call->steer, reason, is_tunnel, now);
}

static void give_up(struct lac_call *call, int err, const char *story, usec_t now)
{
	uint16_t result = call->looped	   ? CDN_LOOP
			  : err == -ENOSPC ? CDN_NO_FACILITIES_TEMPORARY
					   : CDN_INVALID_DESTINATION;
	struct reason reason =
		reason_make(ORIGIN_LOCAL, result, 0, "no tunnel could be had: %s", story);

	lac_refuse(call, &reason, "no tunnel could be had", now);
}

void lac_place(struct lac_call *call, usec_t now)
{
	struct steer *steer = call->lac->steer;
	char story[STORY_MAX] = "";
	struct reason reason;
	int err;

	/* steer tries each of the set once, and no path that a call was shut out from again. */
	for (;;) {
		err = steer_call_next(steer, &call->steer, now, story, sizeof(story));
		if (err)
			break;
		if (is_leaving(call->steer.path)) {
			steer_call_shut_out(steer, &call->steer);
			continue;
		}
		err = use_path(call, &reason, now);
		if (!err)
			return;
		leave_path(call, &reason, false, now);
	}
	give_up(call, err, story, now);
}

void lac_place_failed(struct lac_call *call, const struct reason *reason, bool is_tunnel,
		      usec_t now)
{
	if (call->steer.path)
		leave_path(call, reason, is_tunnel, now);
	lac_wake(call, now);
}

void lac_place_in(struct lac_call *call, struct l2tp_tunnel *t, usec_t now)
{
	struct reason reason;

	list_remove(&call->in_tunnel);
	if (open_session(call, t, &reason, now))
		lac_place_failed(call, &reason, false, now);
}
