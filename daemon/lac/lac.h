/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls that come from somewhere and go on in a tunnel: a subscriber of PPPoE, or the call of
 * another LAC that is switched (LTS).
 *
 * One struct lac_call from its beginning to its end, and one table of what each state makes of what
 * happens. PPPoE: the kernel's channel is made, LCP and authentication are done (ppp/proxy.h), the
 * domain map or RADIUS says where to, steer chooses tunnel after tunnel until an LNS takes the
 * call, and the kernel bridges the two channels before ICCN goes out. From then on no packet of the
 * call is ours. Pure: what takes time is in lac_ops, tunnels and sessions are the engine's.
 *
 * For the engine the bridge is the PPP of a session: its ppp_start() and ppp_stop() come here for
 * sessions that lac_owns().
 */
#pragma once

#include "aaa/client.h"
#include "l2tp/engine.h"
#include "lac/settings.h"
#include "ppp/proxy.h"
#include "pppoe/ac.h"
#include "steer/steer.h"

enum lac_state {
	LAC_ACCESS,	    /* the kernel makes the caller's channel */
	LAC_NEGOTIATING,    /* LCP and authentication */
	LAC_AUTHORIZING,    /* RADIUS is asked */
	LAC_PLACING,	    /* tunnels are tried */
	LAC_UP,		    /* bridged */
	LAC_LOCAL_STARTING, /* it ends here: the channel is given up for pppd */
	LAC_LOCAL,	    /* pppd has it */
	LAC_TERMINATING,    /* LCP Terminate, or pppd, is on its way */
	LAC_CLOSING,	    /* the kernel still works */
	LAC_STATE_MAX,
};

struct lac;
struct lac_call;

/* Completions follow from the loop, never from inside. */
struct lac_ops {
	void (*random)(struct lac *lac, void *data, size_t len);
	/* The kernel's end of a PPPoE session -> lac_access_created(), or -errno at once. */
	int (*access_create)(struct lac_call *call);
	/* -> lac_access_deleted() */
	void (*access_delete)(struct lac_call *call);
	/* A PPP frame to the caller, from the protocol number on. Failures are soft. */
	void (*access_send)(struct lac_call *call, struct bytes frame);
	/* Frames that waited in either channel while the call was placed are passed on. */
	void (*replay)(struct lac_call *call);
	/* pppd on a PPPoE session whose channel we gave up -> lac_pppd_up(), lac_pppd_down(). */
	int (*pppd_start)(struct lac_call *call);
	void (*pppd_stop)(struct lac_call *call, enum ppp_stop how);
	/* An address for a server's name -> lac_resolved(); an address at once is no exception. */
	int (*resolve)(struct lac *lac, const char *host, enum addr_family prefer, void *token);
	void (*resolve_cancel)(struct lac *lac, void *token);
	/* Packets and octets of a call so far -> lac_counted(), for accounting. */
	void (*count)(struct lac_call *call);
	/* Something worth telling: came, was placed where, failed of what, ended of what. */
	void (*event)(const struct lac_call *call, const char *text);
};
