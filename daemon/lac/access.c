/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The subscriber's end of a call: the PPPoE session, its channel, and PPP on it until the call goes
 * on elsewhere.
 *
 * PADS goes out when the kernel has the session (RFC 2516 5.4): the client's first frame may follow
 * it at once. What PPP tells is acted on from the wake timer, when none of its functions is on the
 * stack: the proxy may be freed then.
 */
#include "lac/private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "wire/result.h"

static void on_ppp_random(void *user, void *data, size_t len)
{
	struct lac_call *call = user;

	call->lac->ops->random(call->lac, data, len);
}

static void on_ppp_send(void *user, struct bytes frame)
{
	struct lac_call *call = user;

	if (call->channel == KERNEL_UP)
		call->lac->ops->access_send(call, frame);
}

static void on_authenticating(void *user, usec_t now)
{
	struct lac_call *call = user;

	call->named = true;
	lac_wake(call, now);
}

static void on_restarted(void *user, usec_t now)
{
	const struct lac_signal signal = {.input = LAC_ON_RESTART};
	struct lac_call *call = user;

	call->named = false;
	lac_fsm_run(call, &signal, now);
}

static void on_ppp_down(void *user, const struct reason *reason, usec_t now)
{
	struct lac_call *call = user;

	lac_keep_reason(call, reason);
	call->ppp_ended = true;
	lac_wake(call, now);
}

static const struct ppp_proxy_ops ppp_ops = {
	.random = on_ppp_random,
	.send = on_ppp_send,
	.authenticating = on_authenticating,
	.restarted = on_restarted,
	.down = on_ppp_down,
};

void lac_start_ppp(struct lac_call *call, usec_t now)
{
	ppp_proxy_start(call->proxy, now);
}

void lac_end_ppp(struct lac_call *call)
{
	ppp_proxy_free(call->proxy);
	call->proxy = NULL;
}

void lac_say_why(struct lac_call *call, const char *text, usec_t now)
{
	struct reason told = call->reason;

	lac_cancel_request(call);
	lac_tunnel_leave(call, now);
	if (call->kind == LAC_SWITCHED) {
		lac_enter(call, LAC_CLOSING, now);
		return;
	}
	/* The caller hears less than the log. */
	snprintf(told.text, sizeof(told.text), "%s", text);
	lac_enter(call, LAC_TERMINATING, now);
	call->named = false;
	lac_wake(call, now);
	ppp_proxy_terminate(call->proxy, &told, now);
}

/* Returns NULL, or why the caller cannot be had. */
static const char *take_caller(struct lac_call *call, struct lac_access *access,
			       const struct lac_port *port, struct pppoe_session *s)
{
	call->access = lac_access_ref(access);
	call->port = *port;
	call->pppoe_id = s->id;
	call->mtu = s->max_payload;
	memcpy(call->mac, s->mac, sizeof(call->mac));
	if (s->line) {
		call->line = mem_alloc(sizeof(*call->line));
		if (!call->line)
			return strerror(ENOMEM);
		*call->line = *s->line;
	}
	if (ppp_proxy_new(&ppp_ops, call, call->lac->timers, &access->ppp, s->max_payload,
			  &call->proxy))
		return strerror(ENOMEM);
	return NULL;
}

void lac_pppoe_requested(struct lac *lac, struct lac_access *access, const struct lac_port *port,
			 struct pppoe_session *s, usec_t now)
{
	struct lac_call *call;
	const char *why;
	int err;

	why = lac_busy(lac);
	if (why) {
		pppoe_session_refuse(s, why);
		return;
	}
	err = lac_call_new(lac, LAC_PPPOE, now, &call);
	if (err) {
		pppoe_session_refuse(s, strerror(-err));
		return;
	}
	why = take_caller(call, access, port, s);
	if (!why) {
		err = lac->ops->access_create(call);
		why = err ? strerror(-err) : NULL;
	}
	if (why) {
		pppoe_session_refuse(s, why);
		lac_call_free(call);
		return;
	}
	call->channel = KERNEL_CREATING;
	call->pppoe = s;
	s->user = call;
}

void lac_pppoe_closed(struct pppoe_session *s, const char *text, usec_t now)
{
	struct lac_call *call = s->user;
	/* RFC 3145 2.2: 3 of direction 1 is a normal end, wanted by the one who called. */
	struct reason reason =
		reason_make(ORIGIN_PPP, CDN_CARRIER_LOST, 0, "%s%s%s",
			    s->line_gone ? "the line is gone" : "the subscriber hung up (PADT)",
			    text[0] ? ": " : "", text);
	const struct lac_signal signal = {.input = LAC_ON_CALLER_GONE, .reason = &reason};

	if (!call) {
		pppoe_session_close(s, NULL);
		return;
	}
	if (!s->line_gone)
		reason.ppp = (struct ppp_cause){.code = 3, .direction = 1};
	s->user = NULL;
	call->pppoe = NULL;
	pppoe_session_close(s, NULL);
	lac_fsm_run(call, &signal, now);
}

void lac_access_created(struct lac_call *call, int err, const char *step, usec_t now)
{
	struct reason reason = reason_kernel(err, step);
	const struct lac_signal signal = {.input = err ? LAC_ON_NO_CHANNEL : LAC_ON_CHANNEL,
					  .reason = &reason};

	/* A deletion that was asked for meanwhile follows. */
	if (call->channel == KERNEL_CREATING)
		call->channel = err ? KERNEL_NONE : KERNEL_UP;
	lac_fsm_run(call, &signal, now);
}

void lac_access_input(struct lac_call *call, struct bytes frame, usec_t now)
{
	if (call->proxy)
		ppp_proxy_input(call->proxy, frame, now);
}

void lac_access_deleted(struct lac_call *call, usec_t now)
{
	const struct lac_signal signal = {.input = LAC_ON_CHANNEL_GONE};

	call->channel = KERNEL_NONE;
	lac_fsm_run(call, &signal, now);
}
