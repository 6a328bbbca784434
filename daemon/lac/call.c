/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How calls begin and come apart.
 *
 * The end has a fixed order: the caller hears PADT at once, what the kernel counted is asked for,
 * the session in the tunnel hangs up (CDN) and is deleted, then the caller's channel, then the call
 * is freed. The session goes before the caller's channel: without its bridge it would hold frames
 * in a channel that nobody serves.
 */
#include "lac/private.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "wire/result.h"

void lac_set_text(char **field, const char *text)
{
	char *copy = text && text[0] ? text_new(bytes_str(text)) : NULL;

	mem_free(*field);
	*field = copy;
}

void lac_keep_reason(struct lac_call *call, const struct reason *reason)
{
	if (call->reason.origin == ORIGIN_NONE)
		call->reason = *reason;
}

static void on_wake(struct timer *timer, usec_t now)
{
	struct lac_call *call = container_of(timer, struct lac_call, wake);
	const struct lac_signal signal = {.input = call->ppp_ended ? LAC_ON_PPP_DOWN
						   : call->named   ? LAC_ON_NAME
								   : LAC_ON_TURN};

	timer_start(call->lac->timers, timer, USEC_NEVER);
	call->ppp_ended = call->named = false;
	lac_fsm_run(call, &signal, now);
}

static void on_limit(struct timer *timer, usec_t now)
{
	struct lac_call *call = container_of(timer, struct lac_call, limit);
	/* RFC 3145 2.2: 3 of direction 2 is "session or idle timeout". */
	struct reason reason =
		reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "RADIUS allowed it %u s (Session-Timeout)",
			    call->grant->session_timeout);

	timer_start(call->lac->timers, timer, USEC_NEVER);
	reason.ppp = (struct ppp_cause){.code = 3, .direction = 2};
	lac_close(call, &reason, now);
}

static void on_interim(struct timer *timer, usec_t now)
{
	struct lac_call *call = container_of(timer, struct lac_call, interim);

	timer_start(call->lac->timers, timer, USEC_NEVER);
	call->counting = call->lac->ops->count(call) == 0;
	/* What was counted before is told again. */
	if (!call->counting)
		lac_account_interim(call, now);
}

void lac_wake(struct lac_call *call, usec_t now)
{
	timer_start(call->lac->timers, &call->wake, now);
}

void lac_format_id(const struct lac *lac, uint64_t owner, char text[static LAC_CALL_ID_LEN])
{
	snprintf(text, LAC_CALL_ID_LEN, "%08" PRIx32 "-%08" PRIx64, lac->boot, owner);
}

int lac_call_new(struct lac *lac, enum lac_kind kind, usec_t now, struct lac_call **ret)
{
	struct lac_call *call = mem_alloc(sizeof(*call));
	int err;

	if (!call)
		return -ENOMEM;
	call->lac = lac;
	call->kind = kind;
	call->began_at = now;
	list_init(&call->in_tunnel);
	timer_init(&call->wake, on_wake);
	timer_init(&call->limit, on_limit);
	timer_init(&call->interim, on_interim);
	/* From now on they can be moved without memory. */
	err = timer_start(lac->timers, &call->wake, USEC_NEVER);
	if (!err)
		err = timer_start(lac->timers, &call->limit, USEC_NEVER);
	if (!err)
		err = timer_start(lac->timers, &call->interim, USEC_NEVER);
	call->owner = lac->ops->new_owner(lac);
	if (!err)
		err = hash_insert(&lac->by_owner, &call->by_owner, call->owner);
	if (err) {
		timer_stop(lac->timers, &call->wake);
		timer_stop(lac->timers, &call->limit);
		timer_stop(lac->timers, &call->interim);
		mem_free(call);
		return err;
	}
	lac_format_id(lac, call->owner, call->id);
	list_append(&lac->calls, &call->node);
	lac->n_calls++;
	*ret = call;
	return 0;
}

void lac_cancel_request(struct lac_call *call)
{
	if (call->request)
		radius_cancel(call->request);
	call->request = NULL;
}

/* PADT, or a PADS that refuses. */
static void leave_caller(struct lac_call *call)
{
	struct pppoe_session *s = call->pppoe;

	call->pppoe = NULL;
	if (!s)
		return;
	s->user = NULL;
	if (s->accepted || s->peer_done)
		pppoe_session_close(s, NULL);
	else
		pppoe_session_refuse(s, call->reason.text);
}

void lac_call_free(struct lac_call *call)
{
	struct lac *lac = call->lac;

	lac_cancel_request(call);
	leave_caller(call);
	timer_stop(lac->timers, &call->wake);
	timer_stop(lac->timers, &call->limit);
	timer_stop(lac->timers, &call->interim);
	list_remove(&call->in_tunnel);
	hash_remove(&lac->by_owner, &call->by_owner);
	hash_remove(&lac->by_incoming, &call->by_incoming);
	list_remove(&call->node);
	lac->n_calls--;
	ppp_proxy_free(call->proxy);
	lac_access_unref(call->access);
	steer_domain_unref(call->domain);
	mem_free(call->line);
	mem_free(call->user);
	mem_free(call->called_number);
	mem_free(call->grant);
	mem_free(call);
}

void lac_let_go_of_destination(struct lac_call *call, usec_t now)
{
	lac_tunnel_leave(call, now);
	if (call->steered)
		steer_call_done(call->lac->steer, &call->steer, now);
	call->steered = false;
}

/* The engine's session ends with the reason of the call, unless it has one of its own. It may be
 * gone when this returns. */
static void end_session(struct l2tp_session *s, const struct reason *reason, usec_t now)
{
	if (s->ppp.running)
		l2tp_session_ppp_down(s, reason, now);
	else if (s->core.state != SESSION_CLOSING)
		l2tp_session_close(s, reason, now);
}

void lac_hang_up(struct lac_call *call, const struct reason *reason, usec_t now)
{
	if (call->session)
		end_session(call->session, reason, now);
	if (call->incoming)
		end_session(call->incoming, reason, now);
}

void lac_begin_closing(struct lac_call *call, usec_t now)
{
	struct lac *lac = call->lac;
	char text[256];

	lac->ops->event(call, call->up_at ? LAC_NEWS_ENDED : LAC_NEWS_FAILED,
			reason_format(&call->reason, false, text, sizeof(text)));
	lac_cancel_request(call);
	/* No tunnel that comes up from here on is for this call. */
	list_remove(&call->in_tunnel);
	timer_start(lac->timers, &call->limit, USEC_NEVER);
	timer_start(lac->timers, &call->interim, USEC_NEVER);
	leave_caller(call);
	/* What PPP told of meanwhile must not take the place of the turn. */
	call->named = call->ppp_ended = false;
	/* The rest when nothing of the engine, of PPP or of PPPoE is on the stack. */
	lac_wake(call, now);
}

/* Returns whether there is something to wait for. */
static bool ends_sessions(struct lac_call *call, usec_t now)
{
	if (call->counting)
		return true;
	if (call->session && !call->counted && lac_wants_count(call)) {
		call->counted = true;
		call->counting = call->lac->ops->count(call) == 0;
		if (call->counting)
			return true;
	}
	lac_hang_up(call, &call->reason, now);
	return call->session || call->incoming;
}

void lac_go_on_closing(struct lac_call *call, usec_t now)
{
	struct lac *lac = call->lac;

	if (call->proxy)
		lac_end_ppp(call);
	if (ends_sessions(call, now))
		return;
	lac_account_down(call, now);
	lac_let_go_of_destination(call, now);
	if (call->pppd_running)
		return;
	if (call->channel == KERNEL_UP || call->channel == KERNEL_CREATING) {
		call->channel = KERNEL_DELETING;
		lac->ops->access_delete(call);
	}
	if (call->channel != KERNEL_NONE)
		return;
	lac->ops->event(call, LAC_NEWS_GONE, "");
	lac_call_free(call);
}
