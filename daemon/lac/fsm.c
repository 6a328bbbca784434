/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The life of a call: what each state makes of what happens, one row each.
 *
 * An action that has no next state in its row takes the call on itself, or leaves it where it is.
 * What no row has does not matter in that state: a session that is lost while nobody waits for it,
 * LCP that ends after the call did.
 */
#include "lac/private.h"

#include "base/mem.h"
#include "wire/result.h"

static const char *const state_names[LAC_STATE_MAX] = {
	[LAC_ACCESS] = "access",
	[LAC_NEGOTIATING] = "negotiating",
	[LAC_AUTHORIZING] = "authorizing",
	[LAC_PLACING] = "placing",
	[LAC_UP] = "up",
	[LAC_LOCAL_STARTING] = "local-starting",
	[LAC_LOCAL] = "local",
	[LAC_TERMINATING] = "terminating",
	[LAC_CLOSING] = "closing",
};

const char *lac_state_name(enum lac_state state)
{
	return state < LAC_STATE_MAX ? state_names[state] : "unknown";
}

void lac_enter(struct lac_call *call, enum lac_state state, usec_t now)
{
	call->state = state;
	if (state == LAC_TERMINATING && call->pppoe)
		pppoe_session_leaves(call->pppoe);
	if (state == LAC_CLOSING)
		lac_begin_closing(call, now);
}

/* The kernel has the session: now the client may send into it (RFC 2516 5.4). */
static bool answer_caller(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	(void)signal;
	pppoe_session_accept(call->pppoe);
	lac_start_ppp(call, now);
	return true;
}

static bool note_reason(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	(void)now;
	if (signal->reason)
		lac_keep_reason(call, signal->reason);
	return true;
}

static bool decide(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	(void)signal;
	/* It has one number for its session: the old one goes first. */
	call->named = call->session;
	if (!call->session)
		lac_decide(call, now);
	return true;
}

/* LCP began anew: what was asked for or begun with what the caller said before is void. */
static bool begin_again(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	struct reason reason =
		reason_make(ORIGIN_PPP, CDN_CARRIER_LOST, 0, "the caller began LCP anew");

	(void)signal;
	lac_cancel_request(call);
	mem_free(call->grant);
	call->grant = NULL;
	/* First, for a session may be lost at once: that is no failure of its destination. */
	lac_enter(call, LAC_NEGOTIATING, now);
	if (call->session)
		lac_hang_up(call, &reason, now);
	else
		lac_let_go_of_destination(call, now);
	return false;
}

/* Of one that began again: the session of before is gone. */
static bool decide_at_last(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	(void)signal;
	lac_let_go_of_destination(call, now);
	if (call->named)
		lac_wake(call, now);
	return true;
}

static bool take_answer(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	lac_take_answer(call, signal->answer, now);
	return true;
}

static bool place(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	(void)signal;
	/* It may be woken for the sake of one that it does not wait for any more. */
	if (!call->steer.path)
		lac_place(call, now);
	return true;
}

static bool try_next(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	lac_place_failed(call, signal->reason, signal->is_tunnel, now);
	return true;
}

/* RFC 2865 5.27, wherever the call ends. */
static void start_limit(struct lac_call *call, usec_t now)
{
	if (call->grant && call->grant->session_timeout)
		timer_start(call->lac->timers, &call->limit,
			    now + call->grant->session_timeout * USEC_PER_SEC);
}

static bool go_up(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	struct lac *lac = call->lac;

	(void)signal;
	call->up_at = now;
	call->tunnel->n_up++;
	steer_call_up(lac->steer, &call->steer, now);
	lac_end_ppp(call);
	lac->ops->replay(call);
	start_limit(call, now);
	lac_account_up(call, now);
	lac->ops->event(call, LAC_NEWS_UP, "");
	return true;
}

/* The caller is still there: he hears why. */
static bool say_why(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	lac_keep_reason(call, signal->reason);
	lac_say_why(call, call->reason.text, now);
	return false;
}

static bool start_pppd(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	(void)signal;
	return lac_start_pppd(call, now);
}

static bool tell_local(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	(void)signal;
	if (!call->up_at) {
		call->up_at = now;
		start_limit(call, now);
		call->lac->ops->event(call, LAC_NEWS_UP, "");
	}
	return true;
}

static bool hang_up_pppd(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	(void)now;
	lac_keep_reason(call, signal->reason);
	call->lac->ops->pppd_stop(call, PPP_STOP_HANGUP);
	return true;
}

static bool stop_pppd(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	(void)now;
	lac_keep_reason(call, signal->reason);
	call->lac->ops->pppd_stop(call, PPP_STOP_GRACEFUL);
	return true;
}

/* His PADT leaves nobody to hear LCP. */
static bool stop_waiting(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	lac_keep_reason(call, signal->reason);
	if (!call->pppd_running)
		return true;
	call->lac->ops->pppd_stop(call, PPP_STOP_HANGUP);
	(void)now;
	return false;
}

static bool hang_up(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	(void)signal;
	lac_hang_up(call, &call->reason, now);
	return true;
}

/* The engine is at it. */
static bool go_on_later(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	(void)signal;
	lac_wake(call, now);
	return true;
}

static bool go_on(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	(void)signal;
	lac_go_on_closing(call, now);
	return true;
}

static bool let_go(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	(void)signal;
	lac_let_go_of_destination(call, now);
	return true;
}

static bool count(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	(void)signal;
	lac_account_interim(call, now);
	return true;
}

#define IN(state) (1u << (state))
/* PPP with the caller is ours. */
#define TALKING (IN(LAC_NEGOTIATING) | IN(LAC_AUTHORIZING) | IN(LAC_PLACING))
#define STAYS LAC_STATE_MAX

static const struct rule {
	unsigned int states;
	enum lac_input input;
	/* false: the call is elsewhere already, or stays. */
	bool (*action)(struct lac_call *call, const struct lac_signal *signal, usec_t now);
	enum lac_state next;
} rules[] = {
	{IN(LAC_ACCESS), LAC_ON_CHANNEL, answer_caller, LAC_NEGOTIATING},
	{IN(LAC_ACCESS), LAC_ON_NO_CHANNEL, note_reason, LAC_CLOSING},
	{IN(LAC_ACCESS), LAC_ON_CALLER_GONE, note_reason, LAC_CLOSING},
	{IN(LAC_ACCESS), LAC_ON_CLOSE, note_reason, LAC_CLOSING},

	{IN(LAC_NEGOTIATING), LAC_ON_NAME, decide, STAYS},
	{IN(LAC_NEGOTIATING), LAC_ON_LOST, decide_at_last, STAYS},
	{IN(LAC_AUTHORIZING) | IN(LAC_PLACING), LAC_ON_RESTART, begin_again, STAYS},
	{IN(LAC_AUTHORIZING), LAC_ON_ANSWER, take_answer, STAYS},
	{IN(LAC_PLACING), LAC_ON_TURN, place, STAYS},
	{IN(LAC_PLACING), LAC_ON_LOST, try_next, STAYS},
	{IN(LAC_PLACING), LAC_ON_CONNECTED, go_up, LAC_UP},
	{TALKING, LAC_ON_PPP_DOWN, note_reason, LAC_CLOSING},
	{TALKING, LAC_ON_CALLER_GONE, note_reason, LAC_CLOSING},
	{TALKING, LAC_ON_SESSION_ENDS, note_reason, LAC_CLOSING},
	{TALKING, LAC_ON_CLOSE, say_why, STAYS},

	{IN(LAC_UP), LAC_ON_COUNTED, count, STAYS},
	{IN(LAC_UP), LAC_ON_SESSION_ENDS, note_reason, LAC_CLOSING},
	{IN(LAC_UP), LAC_ON_CALLER_GONE, note_reason, LAC_CLOSING},
	{IN(LAC_UP), LAC_ON_CLOSE, note_reason, LAC_CLOSING},

	{IN(LAC_LOCAL_STARTING), LAC_ON_CHANNEL_GONE, start_pppd, LAC_LOCAL},
	{IN(LAC_LOCAL_STARTING), LAC_ON_CALLER_GONE, note_reason, LAC_CLOSING},
	{IN(LAC_LOCAL_STARTING), LAC_ON_CLOSE, note_reason, LAC_CLOSING},
	{IN(LAC_LOCAL), LAC_ON_PPPD_UP, tell_local, STAYS},
	{IN(LAC_LOCAL), LAC_ON_PPPD_DOWN, note_reason, LAC_CLOSING},
	{IN(LAC_LOCAL), LAC_ON_CALLER_GONE, hang_up_pppd, LAC_TERMINATING},
	{IN(LAC_LOCAL), LAC_ON_CLOSE, stop_pppd, LAC_TERMINATING},

	{IN(LAC_TERMINATING), LAC_ON_PPP_DOWN, note_reason, LAC_CLOSING},
	{IN(LAC_TERMINATING), LAC_ON_PPPD_DOWN, note_reason, LAC_CLOSING},
	{IN(LAC_TERMINATING), LAC_ON_CALLER_GONE, stop_waiting, LAC_CLOSING},
	{IN(LAC_TERMINATING), LAC_ON_TURN, hang_up, STAYS},
	{IN(LAC_TERMINATING), LAC_ON_LOST, let_go, STAYS},

	{IN(LAC_CLOSING), LAC_ON_TURN, go_on, STAYS},
	{IN(LAC_CLOSING), LAC_ON_COUNTED, go_on, STAYS},
	{IN(LAC_CLOSING), LAC_ON_LOST, go_on_later, STAYS},
	{IN(LAC_CLOSING), LAC_ON_CHANNEL_GONE, go_on, STAYS},
	{IN(LAC_CLOSING), LAC_ON_PPPD_DOWN, go_on, STAYS},
};

void lac_fsm_run(struct lac_call *call, const struct lac_signal *signal, usec_t now)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const struct rule *rule = &rules[i];

		if (rule->input != signal->input || !(rule->states & IN(call->state)))
			continue;
		if (rule->action(call, signal, now) && rule->next != STAYS)
			lac_enter(call, rule->next, now);
		return;
	}
}
