/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A LAC's part of PPP (RFC 2661 5.2.1, "proxy"): LCP with a caller, and who he says he is.
 *
 * It ends where the caller's credentials are known: whether they are right is the LNS's to judge,
 * or RADIUS's. What was said is kept as it was on the wire, for the proxy AVPs of ICCN (RFC 2661
 * 4.4.5). Pure: frames are bytes that begin with the PPP protocol number, timers are in a queue of
 * the caller's.
 */
#pragma once

#include "base/cursor.h"
#include "base/timer.h"
#include "l2tp/reason.h"
#include "ppp/auth.h"
#include "wire/msg.h"

struct ppp_proxy_settings {
	/* The MRU we ask for, octets. */
	uint16_t mru;
	/* What the caller may authenticate with, the best first; none: he need not. */
	enum ppp_auth auths[PPP_AUTHS_MAX];
	size_t n_auths;
	/* Our name in a CHAP Challenge. */
	char *name;
	/* RFC 1661 4.6, and the whole of it: a caller who is not done by then is hung up. */
	usec_t restart;
	unsigned int max_configure;
	unsigned int max_terminate;
	unsigned int max_failure;
	usec_t timeout;
};

extern const struct ppp_proxy_settings ppp_proxy_defaults;

struct ppp_proxy;

struct ppp_proxy_ops {
	void (*random)(void *user, void *data, size_t len);
	/* A frame from the protocol number on; lives during the call. */
	void (*send)(void *user, struct bytes frame);
	/* These three come from the timer queue, never from inside a call of the user's, and may
	 * free the proxy.
	 *
	 * LCP is open and the caller has said who he is, or need not: ppp_proxy_accept() or
	 * ppp_proxy_reject() follows, or he is handed on as he is and waits. */
	void (*authenticating)(void *user, usec_t now);
	/* After authenticating() the caller began LCP anew: the credentials and the CONFREQs that
	 * were told are void, and so is what was asked or begun with them. authenticating() follows
	 * again, or down(). May be NULL. */
	void (*restarted)(void *user, usec_t now);
	/* It is over: by the caller, by a limit, or as asked. Nothing is sent any more. */
	void (*down)(void *user, const struct reason *reason, usec_t now);
};

/* settings must outlive it; mtu is what the access link carries, octets of PPP payload. Returns 0
 * or -ENOMEM. */
int ppp_proxy_new(const struct ppp_proxy_ops *ops, void *user, struct timer_queue *timers,
		  const struct ppp_proxy_settings *settings, uint16_t mtu, struct ppp_proxy **ret);
/* Wiped. Takes NULL; no down() follows. */
void ppp_proxy_free(struct ppp_proxy *p);
/* The lower layer is up: Configure-Request goes out. */
void ppp_proxy_start(struct ppp_proxy *p, usec_t now);
void ppp_proxy_input(struct ppp_proxy *p, struct bytes frame, usec_t now);
/* Valid from authenticating() until restarted() or down(). */
const struct ppp_credentials *ppp_proxy_credentials(const struct ppp_proxy *p);
/* Tells the caller that he is who he says (PAP Ack, CHAP Success; MS-CHAPv2 with the
 * authenticator's "S=..." as text). Only where we are the one who authenticates. */
void ppp_proxy_accept(struct ppp_proxy *p, const char *text, usec_t now);
/* That he is not (PAP Nak, CHAP Failure), then LCP Terminate; down() follows. */
void ppp_proxy_reject(struct ppp_proxy *p, const char *text, usec_t now);
/* LCP Terminate-Request with the text in its data; down() with this reason follows. */
void ppp_proxy_terminate(struct ppp_proxy *p, const struct reason *reason, usec_t now);
/* Puts the proxy AVPs of ICCN into a message, as views that live as long as p and its next input:
 * the CONFREQs "starting at the first option" (RFC 2661 4.4.5). Of MS-CHAPv2, for which that has no
 * type, nothing is told: the LNS asks the caller again. Before authenticating() nothing is. */
void ppp_proxy_tell(const struct ppp_proxy *p, struct l2tp_msg *msg);
