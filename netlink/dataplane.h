/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel objects of tunnels and sessions, made and unmade in the order that works, on the pool.
 *
 * What is asked here completes later, from pool_reap() on the loop's thread. Each object has its
 * own ordered queue, so a deletion asked for while a creation runs follows it. Objects are freed
 * by the caller when the deletion is done and never before.
 *
 * One creation, one change and one deletion of an object may be outstanding. Another of the same
 * kind is refused: its done() is called at once, with -EALREADY. Deleting what does not exist, or a
 * second time, is no error; what a creation did not make is never deleted, even if it has the same
 * id.
 */
#pragma once

#include <stdint.h>

#include "netlink/l2tp.h"
#include "netlink/pool.h"

struct dataplane;
struct dp_tunnel;
struct dp_session;

/* One side of a bridge. */
struct dp_leg {
	int channel; /* -1: there is none */
	/* Of /dev/ppp, attached to the channel; -1: none, one is opened for each use. */
	int fd;
};

extern const struct dp_leg dp_no_leg;

/*
 * err: 0 or -errno, -ENOENT of a creation's first step being a kernel without L2TP or, for a
 * session, without that tunnel; `step` names the kernel call that failed, for the log, else NULL.
 */
typedef void (*dp_done_fn)(void *user, int err, const char *step);

/* Takes over closing nothing: the pool is the caller's and must outlive the dataplane. */
int dataplane_new(struct pool *pool, struct dataplane **ret);
void dataplane_free(struct dataplane *dp);
/* For tests: see kernel_channel_close_is_safe() for what the kernel would be asked. */
void __dataplane_set_safe_close(struct dataplane *dp, bool safe);

int dp_tunnel_new(struct dataplane *dp, void *user, struct dp_tunnel **ret);
/* Takes NULL; nothing may be outstanding. */
void dp_tunnel_free(struct dp_tunnel *t);
/* The fd stays the caller's and must stay open until the tunnel was deleted. */
void dp_tunnel_create(struct dp_tunnel *t, const struct l2tp_nl_tunnel *params, dp_done_fn done);
/*
 * Deletes the tunnel, its sessions in the kernel with it; done when it is gone and its id is free.
 * A tunnel that is not there is no error.
 */
void dp_tunnel_delete(struct dp_tunnel *t, dp_done_fn done);

int dp_session_new(struct dataplane *dp, void *user, struct dp_session **ret);
/* Takes NULL; nothing may be outstanding. */
void dp_session_free(struct dp_session *s);
/*
 * SESSION_CREATE, then a pppox socket, connect() and PPPIOCGCHAN: after it frames that arrive are
 * held in the channel until somebody attaches. On failure everything made so far is unmade.
 * tunnel->fd must stay open until done.
 */
void dp_session_create(struct dp_session *s, const struct l2tp_nl_session *params,
		       const struct l2tp_nl_tunnel *tunnel, dp_done_fn done);
/*
 * SESSION_MODIFY with the flags and the time-out of params; ids are those of the creation, which
 * must have been asked for. -ENOENT when there is no session.
 */
void dp_session_modify(struct dp_session *s, const struct l2tp_nl_session *params, dp_done_fn done);
/*
 * Unmakes all of it; done when the session is gone from the kernel, even if somebody holds a dup()
 * of its socket. When the tunnel was deleted before, only the socket is left to close.
 */
void dp_session_delete(struct dp_session *s, dp_done_fn done);
/*
 * The pppox socket once created and until deletion is asked for, else -1. It stays the session's:
 * dup() to hand it on.
 */
int dp_session_fd(const struct dp_session *s);
/* The PPP channel number (PPPIOCGCHAN) while there is a socket, else -1. */
int dp_session_channel(const struct dp_session *s);

/*
 * The end of a call where it came from: a PPPoE session of the kernel's, its channel, and a
 * descriptor of /dev/ppp through which PPP frames are read and written until the channel is bridged
 * to a session. Rules as above.
 */
struct dp_access;
struct dp_access_params {
	const char *interface;
	uint16_t session_id;
	uint8_t mac[6];
};

int dp_access_new(struct dataplane *dp, void *user, struct dp_access **ret);
/* Takes NULL; nothing may be outstanding. */
void dp_access_free(struct dp_access *a);
/* params is copied. -ENODEV: the interface is not there, or down; -EALREADY: it has such a session.
 * On failure nothing is left. */
void dp_access_create(struct dp_access *a, const struct dp_access_params *params, dp_done_fn done);
/* Closes the descriptor too: nobody may watch it any more. */
void dp_access_delete(struct dp_access *a, dp_done_fn done);
/* Once created and until deletion is asked for; else dp_no_leg. */
struct dp_leg dp_access_leg(const struct dp_access *a);
/*
 * To be called before dp_session_create(): the last step of the creation bridges the session's
 * channel to this one, so that no frame can come for a channel that nobody serves. When it is gone
 * or has a bridge or an interface the creation fails as a whole. Deletion dissolves the bridge; the
 * other channel may have another one then. Its descriptor must stay open until then.
 */
void dp_session_set_bridge(struct dp_session *s, const struct dp_leg *other);
/*
 * Frames that came for the other channel before it was bridged to the session's wait in it: sends
 * them into the session, at most 64, in order. -ENOENT when there is no session, or no bridge. One
 * may be outstanding.
 */
void dp_session_replay(struct dp_session *s, dp_done_fn done);
