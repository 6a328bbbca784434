/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon as a whole: what its own files share. Nothing below includes this.
 */
#pragma once

#include <ev.h>

#include "config/config.h"
#include "control/control.h"
#include "l2tp/engine.h"
#include "lac/lac.h"
#include "netlink/dataplane.h"
#include "netlink/pool.h"
#include "netlink/probe.h"
#include "ppp/pppd.h"

struct state_db;

struct aditd {
	struct ev_loop *loop;
	const char *config_path;
	const char *plugin_path;
	struct config *config;
	struct l2tp_engine *engine;
	struct pool *pool;
	struct dataplane *dataplane;
	struct pppd_launcher *launcher;
	struct pppd_settings pppd_settings;
	struct control *control;
	struct state_db *state;
	struct kernel_probe probe;
	struct list listeners; /* of io.c */
	struct list kept;      /* of keep.c */
	struct hash kept_by_owner;
	struct list resolving; /* of resolve.c */
	struct lac *lac;
	struct list accesses;	   /* of access.c */
	struct list lac_resolving; /* of access.c */
	struct radius_client *radius;
	struct list pppoe_ports;   /* of pppoe_io.c */
	struct timer_queue timers; /* of all that is no engine's */
	uint64_t last_owner;
	bool stopping;

	ev_async pool_async;
	ev_timer engine_timer;
	ev_prepare prepare;
	ev_signal sigint, sigterm, sighup;
	ev_timer stop_timer;
	ev_timer pppoe_timer;
};

/* Runs until it is told to stop. d holds the configuration and the paths, the rest is zero; the
 * configuration is freed. Returns the exit status: 0, or 1 when it could not start. */
int aditd_run(struct aditd *d);
/* CLOCK_MONOTONIC in microseconds: the engine's clock. */
usec_t aditd_now(void);
uint64_t aditd_new_owner(struct aditd *d);
/* Unpredictable octets. */
void aditd_random(void *data, size_t len);

/* io.c: sockets */
/* Opens what the configuration names and is not open yet, closes what it no longer names.
 * Returns 0 or the first -errno; what could be opened is open. */
int io_listen(struct aditd *d, const struct config *config);
void io_unlisten_all(struct aditd *d);
int io_tunnel_fd(const struct l2tp_tunnel *t);
int io_socket_open(struct l2tp_tunnel *t);
int io_socket_connect(struct l2tp_tunnel *t);
void io_socket_close(struct l2tp_tunnel *t);
void io_socket_send(struct l2tp_tunnel *t, struct bytes packet);
void io_reply(struct l2tp_engine *engine, const struct addr *local, const struct addr *peer,
	      struct bytes packet);

/* calls.c: the kernel's part of tunnels and sessions, and their pppd */
int calls_tunnel_create(struct l2tp_tunnel *t);
void calls_tunnel_delete(struct l2tp_tunnel *t);
int calls_session_create(struct l2tp_session *s);
int calls_session_modify(struct l2tp_session *s);
void calls_session_delete(struct l2tp_session *s);
int calls_ppp_start(struct l2tp_session *s);
void calls_ppp_stop(struct l2tp_session *s, enum ppp_stop how);
/* Lets go of what the kernel has, without a word to it: nothing may be outstanding. The kernel
 * takes it down with the sockets. */
void calls_abandon(struct l2tp_engine *engine);

/* access.c: the world of the LAC */
/* Returns 0 or -ENOMEM. */
int access_start(struct aditd *d);
/* Lets go of what the kernel has; nothing may be outstanding. */
void access_stop(struct aditd *d);
/* Where a PPPoE caller came in. */
struct dp_leg access_leg(const struct lac_call *call);

/* pppoe_io.c: interfaces on which callers dial in */
void pppoe_io_init(struct aditd *d);
/* Serves what the configuration names, as it says now; what it no longer names is left, and its
 * sessions are closed. */
void pppoe_io_apply(struct aditd *d);
/* Leaves all of them, while d->lac is still there. */
void pppoe_io_stop(struct aditd *d);
/* Tells how each fares. */
void pppoe_io_each(const struct aditd *d,
		   void (*each)(void *user, const struct control_pppoe *pppoe), void *user);

/* mtu.c: how large a session's packets may be */
/* Fills in t->path_mtu, then calls done(), from the loop. */
void mtu_learn(struct l2tp_tunnel *t, void (*done)(struct l2tp_tunnel *t));
/* Octets of a packet inside the call; 0 when the path is not known. */
unsigned int mtu_of_session(const struct l2tp_session *s);

/* report.c: events and messages in the log */
void report_event(const struct l2tp_event *event);
void report_trace(struct l2tp_engine *engine, const struct l2tp_tunnel *t, bool out,
		  const struct l2tp_msg *msg);
void report_pppd(const struct l2tp_session *s, const char *line);
void report_call(const struct lac_call *call, enum lac_news news, const char *text);
void report_destination(const struct steer_destination *destination);

/* resolve.c: names to addresses, on the pool */
struct resolve;
/* done() follows from the loop, with 0 and an address, or -errno and words. A literal address
 * takes the same way. Returns 0 or -ENOMEM. */
int resolve_start(struct aditd *d, const char *host, enum addr_family prefer,
		  void (*fn)(void *user, int err, const char *why, const struct addr *addr),
		  void *user, struct resolve **ret);
/* fn() will not be called. */
void resolve_cancel(struct resolve *resolve);
void resolve_cancel_all(struct aditd *d);

/* keep.c: tunnels and sessions of the configuration, opened and kept open */
/* Applies the difference between what is kept and what `config` names. */
void keep_apply(struct aditd *d, const struct config *config);
void keep_event(struct aditd *d, const struct l2tp_event *event);
/* The administrator closed it by hand: it is not opened again... */
void keep_pause(struct aditd *d, uint64_t owner);
/* ...until asked for by name: from now on with this owner. Returns 0, -ENOENT for no such section,
 * -EEXIST when it is open, or -ESHUTDOWN with the reason in text when an administrative state is
 * against it. */
int keep_resume_tunnel(struct aditd *d, const char *name, uint64_t owner, char *text, size_t size);
int keep_resume_session(struct aditd *d, const char *name, uint64_t owner, char *text, size_t size);
/* The tunnel or session of that owner, or of the request's name, takes the state. Whether there is
 * one in the configuration. */
bool keep_set_admin(struct aditd *d, const struct control_admin_request *request, uint64_t owner);
/* Tells how each fares. */
void keep_each(struct aditd *d, void (*each)(void *user, const struct control_kept *kept),
	       void *user);
/* Opens what administrative states may have held back until now. */
void keep_open_allowed(struct aditd *d);
void keep_stop(struct aditd *d);

/* admin.c: administrative states by hand */
/* Returns 0, or -ENOENT with words for what is not there. */
int admin_set(struct aditd *d, const struct control_admin_request *request, char *text,
	      size_t size);

/* manage_lac.c: what the control socket hears of the LAC */
void manage_call_event(const struct lac_call *call, enum lac_news news, const char *text);
void manage_destination_event(struct lac *lac, const struct steer_destination *destination);

/* manage.c: what the control socket asks for beyond the engine */
extern const struct control_ops manage_ops;
/* SIGHUP and `adit reload`. Returns 0, or -EINVAL with the first fault in text. */
int aditd_reload(struct aditd *d, char *text, size_t size);

/* radius.c: sockets of RADIUS */
/* Servers and settings of the configuration, at the start and at each reload. Returns 0 or -ENOMEM:
 * then some servers are not asked until the next. */
int radius_apply(struct aditd *d);
/* Whether somebody waits for an answer, or a record was not yet taken. */
bool radius_is_busy(const struct aditd *d);
/* No names are looked up from now on: ahead of resolve_cancel_all(). */
void radius_stop_resolving(struct aditd *d);
void radius_stop(struct aditd *d);

/* state.c: what outlives a crash */
/* Returns 0 or -errno; path is a folder that exists. */
int state_open(const char *path, struct state_db **ret);
void state_close(struct state_db *state);
/* Calls each() for every tunnel that a predecessor left, then forgets them. */
void state_take(struct state_db *state, void (*each)(void *ctx, const struct tunnel_core *core),
		void *ctx);
void state_mark(struct state_db *state, struct l2tp_tunnel *t);
void state_forget(struct state_db *state, struct l2tp_tunnel *t);
/* Writes what was marked, in one transaction; returns 0 or -errno. */
int state_flush(struct state_db *state);
