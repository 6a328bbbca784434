/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A LAC's part of PPP: LCP (lcp.h), then who the caller is (auth.h), then patience, until the call
 * is the LNS's (RFC 2661 5.2.1).
 *
 * What the caller may cost is bounded: the time until he has said who he is, and the packets that
 * are looked at all in all. Packets of network protocols are discarded, as RFC 1661 3.5 demands
 * before the authentication is over. What the user is told comes from a timer that is due at once.
 */
#include "ppp/proxy.h"

#include <errno.h>
#include <string.h>

#include "base/list.h"
#include "base/mem.h"
#include "base/text.h"
#include "ppp/lcp.h"
#include "wire/result.h"

/* Some lossy minutes of negotiation, and an echo a second while the call is placed. */
#define PACKETS_MAX 500

/* RFC 3145 section 3. */
enum {
	CAUSE_ADMIN = 1,
	CAUSE_NORMAL = 3,
	CAUSE_LCP_TIMEOUT = 5,
	CAUSE_NO_LCP = 6,
	CAUSE_LOOPED = 7,
	CAUSE_AUTH_TIMEOUT = 13,
	CAUSE_NO_AUTH = 15,
	CAUSE_AUTH_FAILED = 16,
	AT_PEER = 1,
};

#define PROTOCOL_LQR 0xc025
#define PROTOCOL_EAP 0xc227

const struct ppp_proxy_settings ppp_proxy_defaults = {
	.mru = 1492,
	.auths = {PPP_AUTH_CHAP, PPP_AUTH_PAP},
	.n_auths = 2,
	.restart = 3 * USEC_PER_SEC,
	.max_configure = 10,
	.max_terminate = 2,
	.max_failure = 5,
	.timeout = 60 * USEC_PER_SEC,
};

/* What the user is yet to be told, in this order. */
enum notice {
	NOTICE_RESTARTED = 1 << 0,
	NOTICE_AUTHENTICATING = 1 << 1,
	NOTICE_DOWN = 1 << 2,
};

struct ppp_proxy {
	const struct ppp_proxy_ops *ops;
	void *user;
	struct timer_queue *timers;
	const struct ppp_proxy_settings *settings;
	struct lcp lcp;
	struct ppp_authenticator auth;
	struct timer deadline; /* until the caller has said who he is */
	struct timer notice;
	unsigned int notices;
	bool told;   /* authenticating() was called and no restarted() since */
	bool ending; /* `reason` says why */
	bool ended;
	struct reason reason;
	unsigned int packets;
};

static struct ppp_proxy *proxy_of_lcp(struct lcp *lcp)
{
	return container_of(lcp, struct ppp_proxy, lcp);
}

static struct ppp_proxy *proxy_of_auth(struct ppp_authenticator *a)
{
	return container_of(a, struct ppp_proxy, auth);
}

/* They have places in the queue since the beginning, so this cannot fail. */
static void set_timer(struct ppp_proxy *p, struct timer *timer, usec_t when)
{
	(void)timer_start(p->timers, timer, when);
}

static void notify(struct ppp_proxy *p, enum notice notice, usec_t now)
{
	p->notices |= notice;
	set_timer(p, &p->notice, now);
}

static struct reason make_reason(uint16_t result, uint16_t cause, uint16_t protocol,
				 const char *text)
{
	struct reason reason = reason_make(ORIGIN_PPP, result, 0, "%s", text);

	reason.ppp = (struct ppp_cause){.code = cause, .protocol = protocol};
	return reason;
}

/* The first reason is the one that counts. */
static void set_reason(struct ppp_proxy *p, struct reason reason)
{
	if (!p->ending)
		p->reason = reason;
	p->ending = true;
}

/* Nothing more is sent or heard. */
static void end(struct ppp_proxy *p, usec_t now)
{
	if (p->ended)
		return;
	p->ended = true;
	ppp_authenticator_stop(&p->auth);
	set_timer(p, &p->deadline, USEC_NEVER);
	p->notices = 0;
	notify(p, NOTICE_DOWN, now);
}

/* By LCP Terminate-Request, for as long as it takes; where LCP has nothing to end, at once. */
static void terminate(struct ppp_proxy *p, struct reason reason, usec_t now)
{
	if (p->ending)
		return;
	set_reason(p, reason);
	p->notices = 0;
	set_timer(p, &p->notice, USEC_NEVER);
	set_timer(p, &p->deadline, USEC_NEVER);
	lcp_close(&p->lcp, p->reason.text, now);
	if (p->lcp.fsm.state != PPP_CLOSING)
		end(p, now);
}

static void lcp_random(struct lcp *lcp, void *data, size_t len)
{
	struct ppp_proxy *p = proxy_of_lcp(lcp);

	p->ops->random(p->user, data, len);
}

static void send_frame(struct ppp_proxy *p, struct bytes frame)
{
	if (!p->ended)
		p->ops->send(p->user, frame);
}

static void lcp_send(struct lcp *lcp, struct bytes frame)
{
	send_frame(proxy_of_lcp(lcp), frame);
}

static void lcp_up(struct lcp *lcp, usec_t now)
{
	struct ppp_proxy *p = proxy_of_lcp(lcp);

	if (!p->ending)
		ppp_authenticator_start(&p->auth, lcp_auth(lcp), now);
}

static void lcp_down(struct lcp *lcp, usec_t now)
{
	struct ppp_proxy *p = proxy_of_lcp(lcp);

	ppp_authenticator_stop(&p->auth);
	p->notices &= ~(unsigned int)NOTICE_AUTHENTICATING;
	if (p->ending || p->ended)
		return;
	set_timer(p, &p->deadline, now + p->settings->timeout);
	if (p->told)
		notify(p, NOTICE_RESTARTED, now);
	p->told = false;
}

static void hung_up(struct ppp_proxy *p, struct bytes data, usec_t now)
{
	char said[64];
	struct reason reason;

	text_copy(said, sizeof(said), data);
	reason = reason_make(ORIGIN_PPP, CDN_ADMIN, 0, "the caller hung up%s%s",
			     said[0] ? ": " : "", said);
	reason.ppp = (struct ppp_cause){.code = CAUSE_NORMAL, .direction = AT_PEER};
	set_reason(p, reason);
	/* RFC 2516 section 7: when LCP terminates the session is not used any more. */
	end(p, now);
}

static void lcp_failed(struct lcp *lcp, enum lcp_failure why, struct bytes text, usec_t now)
{
	struct ppp_proxy *p = proxy_of_lcp(lcp);
	struct reason reason;

	switch (why) {
	case LCP_LOOPED:
		terminate(p,
			  make_reason(CDN_CARRIER_LOST, CAUSE_LOOPED, PPP_PROTOCOL_LCP,
				      "the link is looped back"),
			  now);
		break;
	case LCP_NO_AUTH:
		reason = make_reason(
			CDN_ADMIN, CAUSE_NO_AUTH,
			ppp_auth_row(p->settings->auths[p->settings->n_auths - 1])->protocol,
			"the caller refuses to authenticate");
		reason.ppp.direction = AT_PEER;
		terminate(p, reason, now);
		break;
	case LCP_REJECTED:
		/* The automaton ends it. */
		set_reason(p, make_reason(CDN_NO_FRAMING, 0, 0, "the caller rejects LCP"));
		break;
	case LCP_TERMINATED:
		hung_up(p, text, now);
		break;
	}
}

static void lcp_finished(struct lcp *lcp, usec_t now)
{
	struct ppp_proxy *p = proxy_of_lcp(lcp);

	if (lcp->heard)
		set_reason(p, make_reason(CDN_NO_FRAMING, CAUSE_LCP_TIMEOUT, PPP_PROTOCOL_LCP,
					  "LCP was not agreed on"));
	else
		set_reason(p, make_reason(CDN_NO_FRAMING, CAUSE_NO_LCP, PPP_PROTOCOL_LCP,
					  "the caller does not speak LCP"));
	end(p, now);
}

static const struct lcp_ops lcp_ops = {
	.random = lcp_random,
	.send = lcp_send,
	.up = lcp_up,
	.down = lcp_down,
	.failed = lcp_failed,
	.finished = lcp_finished,
};

static void auth_random(struct ppp_authenticator *a, void *data, size_t len)
{
	struct ppp_proxy *p = proxy_of_auth(a);

	p->ops->random(p->user, data, len);
}

static void auth_send(struct ppp_authenticator *a, struct bytes frame)
{
	send_frame(proxy_of_auth(a), frame);
}

static void auth_taken(struct ppp_authenticator *a, usec_t now)
{
	struct ppp_proxy *p = proxy_of_auth(a);

	set_timer(p, &p->deadline, USEC_NEVER);
	notify(p, NOTICE_AUTHENTICATING, now);
}

/* RFC 3145 3.3. */
static struct reason auth_reason(const struct ppp_proxy *p, uint16_t cause, const char *text)
{
	struct reason reason =
		make_reason(CDN_ADMIN, cause, ppp_auth_row(lcp_auth(&p->lcp))->protocol, text);

	if (cause == CAUSE_AUTH_FAILED)
		reason.ppp.direction = AT_PEER;
	return reason;
}

static void auth_failed(struct ppp_authenticator *a, const char *why, usec_t now)
{
	struct ppp_proxy *p = proxy_of_auth(a);
	bool heard = a->state == PPP_AUTH_REJECTED;

	terminate(p, auth_reason(p, heard ? CAUSE_AUTH_FAILED : CAUSE_AUTH_TIMEOUT, why), now);
}

static const struct ppp_authenticator_ops auth_ops = {
	.random = auth_random,
	.send = auth_send,
	.taken = auth_taken,
	.failed = auth_failed,
};

static void on_deadline(struct timer *timer, usec_t now)
{
	struct ppp_proxy *p = container_of(timer, struct ppp_proxy, deadline);

	set_timer(p, timer, USEC_NEVER);
	if (p->lcp.fsm.state == PPP_OPENED)
		terminate(p, auth_reason(p, CAUSE_AUTH_TIMEOUT, "the caller does not authenticate"),
			  now);
	else
		terminate(p,
			  make_reason(CDN_NO_FRAMING,
				      p->lcp.heard ? CAUSE_LCP_TIMEOUT : CAUSE_NO_LCP,
				      PPP_PROTOCOL_LCP, "LCP was not agreed on in time"),
			  now);
}

/* One notice each time, the last thing that is done: the user may free the proxy in it. */
static void on_notice(struct timer *timer, usec_t now)
{
	struct ppp_proxy *p = container_of(timer, struct ppp_proxy, notice);
	unsigned int first = p->notices & -p->notices;
	struct reason reason;

	p->notices &= ~first;
	set_timer(p, timer, p->notices ? now : USEC_NEVER);
	if (first == NOTICE_RESTARTED && p->ops->restarted)
		p->ops->restarted(p->user, now);
	if (first == NOTICE_AUTHENTICATING) {
		p->told = true;
		p->ops->authenticating(p->user, now);
	}
	if (first == NOTICE_DOWN) {
		reason = p->reason;
		p->ops->down(p->user, &reason, now);
	}
}

/* RFC 1661 section 2: what a protocol number says of itself. */
static bool is_discarded(uint16_t protocol)
{
	bool valid = protocol & 1 && !(protocol & 0x100);
	bool network = protocol < 0x4000 || (protocol >= 0x8000 && protocol < 0xc000);

	/* The other ways to authenticate, late or early, are not unknown. */
	return valid && (network || protocol == PROTOCOL_LQR || protocol == PROTOCOL_EAP ||
			 protocol == ppp_auth_row(PPP_AUTH_PAP)->protocol ||
			 protocol == ppp_auth_row(PPP_AUTH_CHAP)->protocol);
}

void ppp_proxy_input(struct ppp_proxy *p, struct bytes frame, usec_t now)
{
	struct reader r = reader_init(frame.data, frame.len);
	uint16_t protocol = reader_u16(&r);
	struct bytes packet = reader_rest(&r);

	if (!r.ok || p->ended)
		return;
	if (++p->packets > PACKETS_MAX) {
		terminate(
			p,
			make_reason(CDN_ADMIN, CAUSE_ADMIN, 0, "the caller sent too many packets"),
			now);
		/* Of Terminate-Ack, and no more of his requests. */
		if (p->packets >= 2 * PACKETS_MAX)
			end(p, now);
	}
	if (protocol == PPP_PROTOCOL_LCP)
		lcp_input(&p->lcp, packet, now);
	else if (p->lcp.fsm.state != PPP_OPENED)
		return;
	else if (protocol == ppp_auth_row(p->auth.credentials.type)->protocol)
		ppp_authenticator_input(&p->auth, packet, now);
	else if (!is_discarded(protocol))
		lcp_protocol_reject(&p->lcp, frame, now);
}

void ppp_proxy_start(struct ppp_proxy *p, usec_t now)
{
	if (p->ending || p->lcp.fsm.state != PPP_INITIAL)
		return;
	set_timer(p, &p->deadline, now + p->settings->timeout);
	lcp_start(&p->lcp, now);
}

const struct ppp_credentials *ppp_proxy_credentials(const struct ppp_proxy *p)
{
	return &p->auth.credentials;
}

void ppp_proxy_accept(struct ppp_proxy *p, const char *text, usec_t now)
{
	(void)now;
	if (!p->ending)
		ppp_authenticator_answer(&p->auth, true, text);
}

void ppp_proxy_reject(struct ppp_proxy *p, const char *text, usec_t now)
{
	if (p->ending)
		return;
	ppp_authenticator_answer(&p->auth, false, text);
	terminate(p, auth_reason(p, CAUSE_AUTH_FAILED, "the caller failed to authenticate"), now);
}

void ppp_proxy_terminate(struct ppp_proxy *p, const struct reason *reason, usec_t now)
{
	terminate(p, *reason, now);
}

static struct bytes view(const uint8_t *data, size_t len)
{
	return (struct bytes){data, len};
}

static void tell_confreqs(const struct lcp *lcp, struct l2tp_msg *msg)
{
	if (lcp->initial_received.known) {
		MSG_SET(msg, AVP_INITIAL_LCP_CONFREQ, initial_lcp_confreq,
			view(lcp->initial_received.options, lcp->initial_received.len));
	}
	MSG_SET(msg, AVP_LAST_SENT_LCP_CONFREQ, last_sent_lcp_confreq,
		view(lcp->fsm.request, lcp->fsm.request_len));
	if (lcp->last_received.known) {
		MSG_SET(msg, AVP_LAST_RECEIVED_LCP_CONFREQ, last_received_lcp_confreq,
			view(lcp->last_received.options, lcp->last_received.len));
	}
}

/* RFC 2661 4.4.5: which of them go with which type. */
static void tell_authentication(const struct ppp_credentials *c, struct l2tp_msg *msg)
{
	if (c->type == PPP_AUTH_MSCHAP_V2)
		return;
	MSG_SET(msg, AVP_PROXY_AUTHEN_TYPE, proxy_authen_type, (uint16_t)c->type);
	if (c->type == PPP_AUTH_NONE)
		return;
	MSG_SET(msg, AVP_PROXY_AUTHEN_NAME, proxy_authen_name, bytes_str(c->user));
	MSG_SET(msg, AVP_PROXY_AUTHEN_ID, proxy_authen_id, c->id);
	MSG_SET(msg, AVP_PROXY_AUTHEN_RESPONSE, proxy_authen_response, c->response);
	if (c->type != PPP_AUTH_CHAP)
		return;
	MSG_SET(msg, AVP_PROXY_AUTHEN_CHALLENGE, proxy_authen_challenge, c->challenge);
}

void ppp_proxy_tell(const struct ppp_proxy *p, struct l2tp_msg *msg)
{
	if (!p->told || p->ending)
		return;
	tell_confreqs(&p->lcp, msg);
	tell_authentication(&p->auth.credentials, msg);
}

int ppp_proxy_new(const struct ppp_proxy_ops *ops, void *user, struct timer_queue *timers,
		  const struct ppp_proxy_settings *settings, uint16_t mtu, struct ppp_proxy **ret)
{
	struct ppp_proxy *p = mem_alloc(sizeof(*p));
	struct lcp_settings lcp = {
		.counts = {.restart = settings->restart,
			   .max_configure = settings->max_configure,
			   .max_terminate = settings->max_terminate,
			   .max_failure = settings->max_failure},
		.mru = settings->mru,
		.mtu = mtu,
		.auths = settings->auths,
		.n_auths = settings->n_auths,
	};
	int err;

	if (!p)
		return -ENOMEM;
	p->ops = ops;
	p->user = user;
	p->timers = timers;
	p->settings = settings;
	timer_init(&p->deadline, on_deadline);
	timer_init(&p->notice, on_notice);
	err = lcp_init(&p->lcp, &lcp_ops, &lcp, timers);
	if (!err)
		err = ppp_authenticator_init(&p->auth, &auth_ops, timers, settings->name,
					     settings->restart, settings->max_configure);
	if (!err)
		err = timer_start(timers, &p->deadline, USEC_NEVER);
	if (!err)
		err = timer_start(timers, &p->notice, USEC_NEVER);
	if (err) {
		ppp_proxy_free(p);
		return err;
	}
	*ret = p;
	return 0;
}

void ppp_proxy_free(struct ppp_proxy *p)
{
	if (!p)
		return;
	timer_stop(p->timers, &p->notice);
	timer_stop(p->timers, &p->deadline);
	ppp_authenticator_fini(&p->auth);
	lcp_fini(&p->lcp);
	explicit_bzero(p, sizeof(*p));
	mem_free(p);
}
