/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the control socket asks of the daemon: tunnels and sessions by hand, reload, counters.
 */
#include "manage_lac.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/log.h"
#include "base/mem.h"
#include "wire/result.h"

/* A tunnel asked for by hand whose remote name is being resolved. */
struct opening {
	struct aditd *d;
	struct peer *peer;
	char name[L2TP_NAME_MAX];
	struct addr local;
	uint16_t remote_port;
	uint16_t tunnel_id;
	uint64_t owner;
	struct resolve *resolve;
};

static usec_t on_now(void *ctx)
{
	(void)ctx;
	return aditd_now();
}

static void opening_free(struct opening *o)
{
	peer_unref(o->peer);
	mem_free(o);
}

static int open_at(const struct opening *o, const struct addr *remote)
{
	struct tunnel_params params = {
		.name = o->name[0] ? o->name : NULL,
		.peer = o->peer,
		.local = o->local,
		.remote = *remote,
		.tunnel_id = o->tunnel_id,
		.owner = o->owner,
	};
	struct l2tp_tunnel *t;

	params.remote.port = o->remote_port;
	return l2tp_tunnel_open(o->d->engine, &params, aditd_now(), &t);
}

static void on_resolved(void *user, int err, const char *why, const struct addr *addr)
{
	struct opening *o = user;

	if (!err) {
		err = open_at(o, addr);
		why = "";
	}
	if (err && o->d->control)
		control_failed(o->d->control, o->owner, err, why);
	opening_free(o);
}

static char *host_name(void)
{
	struct utsname name;

	return strdup(uname(&name) ? "adit" : name.nodename);
}

static bool set_string(char **field, const char *value)
{
	free(*field);
	*field = strdup(value);
	return *field != NULL;
}

/* A peer made of what the command line said, and the configuration says of all peers. */
static struct peer *make_peer(const struct peer *defaults,
			      const struct control_tunnel_request *request)
{
	struct peer *peer =
		peer_new_like(request->name ? request->name : request->remote, defaults);

	if (!peer)
		return NULL;
	if (!peer->local_name)
		peer->local_name = host_name();
	if (!peer->local_name ||
	    (request->host_name && !set_string(&peer->local_name, request->host_name)) ||
	    (request->secret && !set_string(&peer->secret, request->secret))) {
		peer_unref(peer);
		return NULL;
	}
	peer->challenge = peer->secret ? CHALLENGE_REQUIRE : CHALLENGE_ANSWER;
	if (request->has_hello_interval)
		peer->transport.hello_interval = request->hello_interval;
	return peer;
}

static int choose_peer(struct aditd *d, const struct control_tunnel_request *request,
		       struct peer **ret, char *text, size_t size)
{
	if (!request->peer) {
		*ret = make_peer(d->config->defaults, request);
		return *ret ? 0 : -ENOMEM;
	}
	*ret = l2tp_engine_find_peer(d->engine, request->peer);
	if (!*ret) {
		snprintf(text, size, "there is no peer %s in the configuration", request->peer);
		return -ENOENT;
	}
	peer_ref(*ret);
	return 0;
}

static int on_open_tunnel(void *ctx, const struct control_tunnel_request *request, uint64_t owner,
			  char *text, size_t size)
{
	struct aditd *d = ctx;
	struct opening *o;
	struct addr remote;
	int err;

	if (!request->remote) {
		err = keep_resume_tunnel(d, request->name, owner, text, size);
		if (err == -ENOENT)
			snprintf(text, size, "there is no tunnel %s in the configuration",
				 request->name);
		return err;
	}
	if (request->name && l2tp_tunnel_find_name(d->engine, request->name)) {
		snprintf(text, size, "a tunnel %s exists", request->name);
		return -EEXIST;
	}
	if (request->tunnel_id && l2tp_tunnel_find(d->engine, request->tunnel_id)) {
		snprintf(text, size, "tunnel id %u is in use", request->tunnel_id);
		return -EEXIST;
	}
	o = mem_alloc(sizeof(*o));
	if (!o)
		return -ENOMEM;
	err = choose_peer(d, request, &o->peer, text, size);
	if (!err && !l2tp_admin_may_open(d->engine, o->peer, ADMIN_ENABLED, NULL, text, size)) {
		peer_unref(o->peer);
		err = -ESHUTDOWN;
	}
	if (err) {
		mem_free(o);
		return err;
	}
	o->d = d;
	o->local = request->local;
	o->remote_port = request->remote_port ? request->remote_port : L2TP_PORT;
	o->tunnel_id = request->tunnel_id;
	o->owner = owner;
	if (request->name)
		snprintf(o->name, sizeof(o->name), "%s", request->name);
	/* With an address it is there when this returns, for commands that follow at once. */
	if (addr_parse(request->remote, &remote) == 0) {
		err = open_at(o, &remote);
		opening_free(o);
		return err;
	}
	err = resolve_start(d, request->remote, request->local.family, on_resolved, o, &o->resolve);
	if (err)
		opening_free(o);
	return err;
}

static int on_open_session(void *ctx, const struct control_session_request *request, char *text,
			   size_t size)
{
	struct aditd *d = ctx;
	const struct session_params *params = &request->params;
	struct l2tp_session *s;
	int err;

	if (!request->tunnel) {
		err = keep_resume_session(d, params->name, params->owner, text, size);
		if (err == -ENOENT)
			snprintf(text, size, "there is no session %s in the configuration",
				 params->name);
		return err;
	}
	if (params->ppp_profile && !config_find_ppp(d->config, params->ppp_profile)) {
		snprintf(text, size, "there is no ppp section %s in the configuration",
			 params->ppp_profile);
		return -ENOENT;
	}
	if (!l2tp_admin_may_call(request->tunnel, ADMIN_ENABLED, NULL, text, size))
		return -ESHUTDOWN;
	err = l2tp_session_open(request->tunnel, params, aditd_now(), &s);
	if (err == -EEXIST)
		snprintf(text, size, "a session of that name or id exists");
	else if (err == -ENOSPC)
		snprintf(text, size, "the limit of sessions is reached");
	else if (err == -ESHUTDOWN)
		snprintf(text, size, "the tunnel is closing");
	else if (err == -EOPNOTSUPP)
		snprintf(text, size, "the peer says that it places no calls");
	return err;
}

static void on_close_tunnel(void *ctx, struct l2tp_tunnel *t)
{
	struct reason reason =
		reason_make(ORIGIN_LOCAL, STOPCCN_CLEAR, 0, "closed by the administrator");

	keep_pause(ctx, t->owner);
	l2tp_tunnel_close(t, &reason, aditd_now());
}

static void on_close_session(void *ctx, struct l2tp_session *s)
{
	struct reason reason =
		reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "closed by the administrator");

	keep_pause(ctx, s->owner);
	l2tp_session_close(s, &reason, aditd_now());
}

static int on_set_admin(void *ctx, const struct control_admin_request *request, char *text,
			size_t size)
{
	return admin_set(ctx, request, text, size);
}

static void on_kept(void *ctx, void (*each)(void *user, const struct control_kept *kept),
		    void *user)
{
	keep_each(ctx, each, user);
}

static int on_reload(void *ctx, char *text, size_t size)
{
	return aditd_reload(ctx, text, size);
}

static int on_set_debug(void *ctx, unsigned int level)
{
	static const int priorities[] = {LOG_NOTICE, LOG_INFO, LOG_DEBUG};

	(void)ctx;
	log_set_level(priorities[level < 2 ? level : 2]);
	return 0;
}

/* The kernel's counters, read on a worker. */
struct counting {
	struct pool_queue queue;
	struct pool_job job;
	struct aditd *d;
	uint16_t tunnel_id;
	uint16_t session_id;
	uint64_t ticket;
	bool tunnels;
	struct l2tp_nl_session *sessions;
	size_t count;
	size_t room;
	int err;
};

static int count_session(const struct l2tp_nl_session *session, void *ctx)
{
	struct counting *c = ctx;

	if (c->tunnel_id && session->tunnel_id != c->tunnel_id)
		return 0;
	if (c->count == c->room) {
		size_t room = c->room ? c->room * 2 : 64;
		void *grown = mem_resize(c->sessions, room * sizeof(*c->sessions));

		if (!grown)
			return -ENOMEM;
		c->sessions = grown;
		c->room = room;
	}
	c->sessions[c->count++] = *session;
	return 0;
}

/* A tunnel's own counters stand under session 0, which no session has. */
static int count_tunnel(const struct l2tp_nl_tunnel *tunnel, void *ctx)
{
	struct l2tp_nl_session own = {.tunnel_id = tunnel->tunnel_id, .stats = tunnel->stats};

	return count_session(&own, ctx);
}

static int count_tunnels(struct counting *c, struct l2tp_nl *nl)
{
	struct l2tp_nl_tunnel tunnel;
	int err;

	if (!c->tunnel_id)
		return l2tp_nl_tunnel_dump(nl, count_tunnel, c);
	err = l2tp_nl_tunnel_get(nl, c->tunnel_id, &tunnel);
	return err ? err : count_tunnel(&tunnel, c);
}

static void run_counting(struct pool_job *job, struct pool_worker *worker)
{
	struct counting *c = container_of(job, struct counting, job);
	struct l2tp_nl_session session;
	struct l2tp_nl *nl;

	c->err = pool_worker_nl(worker, &nl);
	if (c->err)
		return;
	if (c->tunnels) {
		c->err = count_tunnels(c, nl);
		return;
	}
	if (!c->session_id) {
		c->err = l2tp_nl_session_dump(nl, count_session, c);
		return;
	}
	c->err = l2tp_nl_session_get(nl, c->tunnel_id, c->session_id, &session);
	if (!c->err)
		c->err = count_session(&session, c);
}

static void counted(struct pool_job *job)
{
	struct counting *c = container_of(job, struct counting, job);

	if (c->d->control)
		control_counters(c->d->control, c->ticket, c->err, c->sessions, c->count);
	mem_free(c->sessions);
	mem_free(c);
}

static void ask_counters(struct aditd *d, bool tunnels, uint16_t tunnel_id, uint16_t session_id,
			 uint64_t ticket)
{
	struct counting *c = mem_alloc(sizeof(*c));

	if (!c) {
		control_counters(d->control, ticket, -ENOMEM, NULL, 0);
		return;
	}
	c->d = d;
	c->tunnels = tunnels;
	c->tunnel_id = tunnel_id;
	c->session_id = session_id;
	c->ticket = ticket;
	c->job.run = run_counting;
	c->job.done = counted;
	pool_queue_init(&c->queue);
	pool_add(d->pool, &c->queue, &c->job);
}

static void on_counters(void *ctx, uint16_t tunnel_id, uint16_t session_id, uint64_t ticket)
{
	ask_counters(ctx, false, tunnel_id, session_id, ticket);
}

static void on_tunnel_counters(void *ctx, uint16_t tunnel_id, uint64_t ticket)
{
	ask_counters(ctx, true, tunnel_id, 0, ticket);
}

const struct control_ops manage_ops = {
	.now = on_now,
	.open_tunnel = on_open_tunnel,
	.open_session = on_open_session,
	.close_tunnel = on_close_tunnel,
	.close_session = on_close_session,
	.set_admin = on_set_admin,
	.kept = on_kept,
	.calls = manage_calls,
	.find_call = manage_find_call,
	.close_call = manage_close_call,
	.set_call = manage_set_call,
	.pppoe = manage_pppoe,
	.domains = manage_domains,
	.destinations = manage_destinations,
	.unlock = manage_unlock,
	.radius = manage_radius,
	.test_steer = manage_test_steer,
	.reload = on_reload,
	.set_debug = on_set_debug,
	.counters = on_counters,
	.tunnel_counters = on_tunnel_counters,
};
