/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The management socket: `adit` and others look at the daemon and steer it.
 *
 * It reads the engine and changes it only through its ops. The protocol is in protocol.h. Runs on
 * the loop and never blocks it: clients are bounded in number, input and output, long answers go
 * out as the client takes them.
 */
#pragma once

#include <ev.h>

#include "control/lac.h"
#include "control/protocol.h"
#include "l2tp/engine.h"
#include "netlink/l2tp.h"

struct control;

/* Every owner that is given to open_tunnel() and open_session() has this bit; others must not. */
#define CONTROL_OWNER ((uint64_t)1 << 63)

/* What `add tunnel` asks for. NULL, 0 and ADDR_NONE are what was not said. */
struct control_tunnel_request {
	const char *name;
	/* Address or host name; NULL: a tunnel section of that name is meant. */
	const char *remote;
	uint16_t remote_port;
	/* Address and port to send from. */
	struct addr local;
	uint16_t tunnel_id;
	/* A peer section; without one the following are the peer's settings. */
	const char *peer;
	const char *host_name;
	const char *secret;
	bool has_hello_interval;
	usec_t hello_interval;
};

/* What `add session` asks for. */
struct control_session_request {
	/* NULL: a session section of the name in params is meant. */
	struct l2tp_tunnel *tunnel;
	struct session_params params;
};

/* What `drain`, `enable` and `disable` ask for. */
struct control_admin_request {
	enum admin_level level;
	enum admin_state state;
	/* Of a peer; of a tunnel or session that need not be there; else NULL. */
	const char *name;
	/* Those that are. */
	struct l2tp_tunnel *tunnel;
	struct l2tp_session *session;
};

/* Of what `test steer` asks. interface is NULL when it was not said. */
struct control_steer_request {
	const char *user;
	const char *interface;
};

/*
 * What the daemon does for the socket. All are needed. Where there is a text it may be left empty
 * on success; on failure it says what is wrong, one fault a line, or is left empty for errno's own
 * words. Requests live during the call.
 */
struct control_ops {
	usec_t (*now)(void *ctx);
	/*
	 * Opens a tunnel with this owner. Returns 0 when it is under way, even if the host name has
	 * yet to be resolved (when that fails: control_failed()), or -errno.
	 */
	int (*open_tunnel)(void *ctx, const struct control_tunnel_request *request, uint64_t owner,
			   char *text, size_t size);
	int (*open_session)(void *ctx, const struct control_session_request *request, char *text,
			    size_t size);
	/* The administrator wants it gone, and not to be opened again. */
	void (*close_tunnel)(void *ctx, struct l2tp_tunnel *t);
	void (*close_session)(void *ctx, struct l2tp_session *s);
	/* Returns 0, or -ENOENT for what is neither there nor in the configuration. */
	int (*set_admin)(void *ctx, const struct control_admin_request *request, char *text,
			 size_t size);
	/* Tells how each tunnel and session of the configuration fares. */
	void (*kept)(void *ctx, void (*each)(void *user, const struct control_kept *kept),
		     void *user);
	/* The same of the LAC: its calls, interfaces, domains, destinations and RADIUS servers. */
	void (*calls)(void *ctx, void (*each)(void *user, const struct control_call *call),
		      void *user);
	void (*pppoe)(void *ctx, void (*each)(void *user, const struct control_pppoe *pppoe),
		      void *user);
	/* Returns 0 or -ENOMEM. */
	int (*domains)(void *ctx, void (*each)(void *user, const struct control_domain *domain),
		       void *user);
	void (*destinations)(void *ctx,
			     void (*each)(void *user,
					  const struct control_destination *destination),
			     void *user);
	void (*radius)(void *ctx, void (*each)(void *user, const struct control_radius *radius),
		       void *user);
	/* One call by its id. Returns 0, or -ENOENT for one that is not, or no longer. */
	int (*find_call)(void *ctx, const char *id, struct control_call *ret);
	/* The administrator wants it gone: control_call_gone() tells when it is. */
	void (*close_call)(void *ctx, const char *id);
	/* Its line has other speeds, bit/s, to and from the caller, 0 for as it was. Returns 0,
	 * -ENOENT for one that is not, or no longer, -EOPNOTSUPP with words when its LNS cannot be
	 * told, or -ENOMEM, with all as it was. */
	int (*set_call)(void *ctx, const char *id, uint32_t tx, uint32_t rx, char *text,
			size_t size);
	/* What would become of a call, without it; ret is zeroed. Returns 0, or -ENOENT with words
	 * for an interface where nobody can dial in. */
	int (*test_steer)(void *ctx, const struct control_steer_request *request,
			  struct control_steer *ret, char *text, size_t size);
	/* Lets calls go to a destination again that is locked out, by the name of its section or
	 * its server; NULL for all. Returns 0, or -ENOENT with words. */
	int (*unlock)(void *ctx, const char *destination, char *text, size_t size);
	int (*reload)(void *ctx, char *text, size_t size);
	/* 0: what matters, 1: each step, 2: each control message. */
	int (*set_debug)(void *ctx, unsigned int level);
	/*
	 * Asks the kernel for the counters of one session, of all of a tunnel (session_id 0) or of
	 * all (both 0), without waiting: the answer comes with control_counters().
	 */
	void (*counters)(void *ctx, uint16_t tunnel_id, uint16_t session_id, uint64_t ticket);
	/* The same for the counters of one tunnel, or of all (0); they come with session_id 0. */
	void (*tunnel_counters)(void *ctx, uint16_t tunnel_id, uint64_t ticket);
};

/*
 * Listens at path, which is copied; its folder is made when it is not there, a socket that nobody
 * serves is replaced. loop, engine and ops must outlive it. Returns 0, -EADDRINUSE when somebody
 * serves it or it is no socket, -ENOMEM, or what socket(2), bind(2) and their like gave.
 */
int control_new(struct ev_loop *loop, const struct l2tp_engine *engine, const char *path,
		const struct control_ops *ops, void *ctx, struct control **ret);
/* Drops the clients and removes the socket. Takes NULL. */
void control_free(struct control *control);

/* To be called for every event of the engine: feeds monitors, answers who waits. */
void control_event(struct control *control, const struct l2tp_event *event, usec_t now);
/* What happens to calls ("call up", in a word or two) and to the locks of destinations: for
 * monitors. */
void control_call_event(struct control *control, const char *event, const struct control_call *call,
			usec_t now);
void control_destination_event(struct control *control,
			       const struct control_destination *destination, usec_t now);
/* The last of a call is gone: for who waits for that. */
void control_call_gone(struct control *control, const char *id);
/* What this owner asked for cannot be, and no tunnel or session was made that could tell why. */
void control_failed(struct control *control, uint64_t owner, int err, const char *text);
/* The answer to ops->counters(): err is 0 or -errno; sessions in any order, copied. */
void control_counters(struct control *control, uint64_t ticket, int err,
		      const struct l2tp_nl_session *sessions, size_t n);
