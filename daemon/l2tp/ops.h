/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the engine needs from the world: sockets, the kernel's data plane, PPP, and listeners.
 *
 * The daemon implements it with libev, netlink and pppd; tests and simulations with fakes in
 * virtual time. Calls that return void complete later, through the function named beside them,
 * never from inside the call. The engine keeps an object until every completion it is owed came.
 */
#pragma once

#include "base/cursor.h"
#include "l2tp/event.h"

struct l2tp_engine;
struct l2tp_msg;

enum ppp_stop {
	/* Terminate the PPP link properly: the peer still listens. */
	PPP_STOP_GRACEFUL,
	/* The link is gone: nothing more can be said through it. */
	PPP_STOP_HANGUP,
};

struct l2tp_ops {
	/* Unpredictable octets. */
	void (*random)(struct l2tp_engine *engine, void *data, size_t len);

	/*
	 * Lets the tunnel send from t->core.local; fills that in. Returns 0 or -errno. One that we
	 * open gets a socket of its own. A half-open one speaks through the listener: what a peer
	 * sends goes to the latest socket that is connected to it, data of its other tunnels too,
	 * and anybody can write its address on an SCCRQ.
	 */
	int (*socket_open)(struct l2tp_tunnel *t);
	/* The peer is proven: a socket of the tunnel's own, connected to t->core.peer. */
	int (*socket_connect)(struct l2tp_tunnel *t);
	void (*socket_close)(struct l2tp_tunnel *t);
	/* Sends to t->core.peer. Failures are soft: the transport sends again. */
	void (*socket_send)(struct l2tp_tunnel *t, struct bytes packet);
	/* Answers a packet without keeping anything: from `local`, where it was sent to, to `peer`.
	 */
	void (*reply)(struct l2tp_engine *engine, const struct addr *local, const struct addr *peer,
		      struct bytes packet);

	/* -> l2tp_tunnel_kernel_created(), unless it returns an -errno at once. */
	int (*tunnel_create)(struct l2tp_tunnel *t);
	/* -> l2tp_tunnel_kernel_deleted(). Takes the kernel's sessions of the tunnel with it. */
	void (*tunnel_delete)(struct l2tp_tunnel *t);
	/* -> l2tp_session_kernel_created(), unless it returns an -errno at once. */
	int (*session_create)(struct l2tp_session *s);
	/* Tells the kernel's session that s->core.sequencing is true now: it sends numbers, and as
	 * LNS takes no data without. -> l2tp_session_kernel_modified(), unless it returns an -errno
	 * at once. */
	int (*session_modify)(struct l2tp_session *s);
	/* -> l2tp_session_kernel_deleted() */
	void (*session_delete)(struct l2tp_session *s);

	/* Starts PPP on the session's channel -> l2tp_session_ppp_up(), l2tp_session_ppp_down().
	 * Returns 0, 1 when the session is to be without PPP of ours, or -errno when it could not
	 * even begin. */
	int (*ppp_start)(struct l2tp_session *s);
	/* -> l2tp_session_ppp_down() */
	void (*ppp_stop)(struct l2tp_session *s, enum ppp_stop how);

	/* Something worth telling happened. */
	void (*event)(struct l2tp_engine *engine, const struct l2tp_event *event);
	/* The tunnel's core changed: it may be written out. NULL: nobody cares. */
	void (*dirty)(struct l2tp_tunnel *t);
	/* A control message on its way in or out, for the debug log: msg_format() has its words.
	 * NULL: nobody listens. */
	void (*trace)(struct l2tp_engine *engine, const struct l2tp_tunnel *t, bool out,
		      const struct l2tp_msg *msg);
};
