/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the LAC needs from the world: the kernel's end of PPPoE sessions, frames of channels that
 * are not bridged yet, addresses, counters, and pppd for calls that end here.
 *
 * The kernel's commands run on the pool; a call lives until every completion it is owed came.
 */
#include "aditd.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"

/* Frames taken from one channel before others have their turn. */
#define READ_BURST 16
/* RFC 1661 has no greatest frame; this is what jumbo Ethernet carries. */
#define FRAME_MAX 9216

/* A channel of the kernel's that a caller came in by. */
struct access_io {
	struct list node;
	struct aditd *d;
	struct lac_call *call;
	struct dp_access *dp;
	ev_io io;
	bool deleting;
};

/* A name that the LAC waits for. */
struct access_resolve {
	struct list node;
	struct aditd *d;
	void *token;
	struct resolve *resolve;
};

struct access_counting {
	struct pool_queue queue;
	struct pool_job job;
	struct lac_call *call;
	uint16_t tunnel_id;
	uint16_t session_id;
	struct l2tp_nl_session session;
	int err;
};

static struct aditd *of_call(const struct lac_call *call)
{
	return lac_ctx(call->lac);
}

static void on_random(struct lac *lac, void *data, size_t len)
{
	(void)lac;
	aditd_random(data, len);
}

static uint64_t on_new_owner(struct lac *lac)
{
	return aditd_new_owner(lac_ctx(lac));
}

static void access_free(struct access_io *a)
{
	a->call->io = NULL;
	ev_io_stop(a->d->loop, &a->io);
	list_remove(&a->node);
	dp_access_free(a->dp);
	mem_free(a);
}

/* Returns whether there may be more. */
static bool take_frame(struct access_io *a)
{
	static uint8_t frame[FRAME_MAX];
	ssize_t len = read(a->io.fd, frame, sizeof(frame));

	if (len > 0) {
		lac_access_input(a->call, (struct bytes){frame, (size_t)len}, aditd_now());
		return true;
	}
	if (len == -1 && (errno == EAGAIN || errno == EINTR))
		return false;
	/* Its interface is gone; discovery hears of that, too. */
	ev_io_stop(a->d->loop, &a->io);
	return false;
}

static void on_readable(struct ev_loop *loop, ev_io *io, int revents)
{
	struct access_io *a = io->data;

	(void)loop, (void)revents;
	for (int i = 0; i < READ_BURST; i++) {
		if (!take_frame(a))
			break;
	}
}

static void on_created(void *user, int err, const char *step)
{
	struct access_io *a = user;
	struct lac_call *call = a->call;

	if (err && !a->deleting)
		access_free(a);
	if (!err && !a->deleting) {
		ev_io_set(&a->io, dp_access_leg(a->dp).fd, EV_READ);
		ev_io_start(a->d->loop, &a->io);
	}
	lac_access_created(call, err, step, aditd_now());
}

static int on_access_create(struct lac_call *call)
{
	struct dp_access_params params = {.interface = call->port.interface,
					  .session_id = call->pppoe_id};
	struct aditd *d = of_call(call);
	struct access_io *a = mem_alloc(sizeof(*a));
	int err;

	if (!a)
		return -ENOMEM;
	err = dp_access_new(d->dataplane, a, &a->dp);
	if (err) {
		mem_free(a);
		return err;
	}
	a->d = d;
	a->call = call;
	a->io.data = a;
	ev_io_init(&a->io, on_readable, -1, EV_READ);
	list_append(&d->accesses, &a->node);
	call->io = a;
	memcpy(params.mac, call->mac, sizeof(params.mac));
	dp_access_create(a->dp, &params, on_created);
	return 0;
}

static void on_deleted(void *user, int err, const char *step)
{
	struct access_io *a = user;
	struct lac_call *call = a->call;

	if (err)
		log_warning("call %s: cannot let go of the channel: %s: %s", call->id,
			    step ? step : "kernel", strerror(-err));
	access_free(a);
	lac_access_deleted(call, aditd_now());
}

static void on_access_delete(struct lac_call *call)
{
	struct access_io *a = call->io;

	a->deleting = true;
	ev_io_stop(a->d->loop, &a->io);
	dp_access_delete(a->dp, on_deleted);
}

static void on_access_send(struct lac_call *call, struct bytes frame)
{
	struct access_io *a = call->io;

	if (a->deleting || a->io.fd == -1)
		return;
	if (write(a->io.fd, frame.data, frame.len) == -1)
		log_debug("call %s: send: %s", call->id, strerror(errno));
}

/* Its session is deleted before the descriptor is closed: see daemon/lac/call.c. */
struct dp_leg access_leg(const struct lac_call *call)
{
	const struct access_io *a = call->io;

	return a ? dp_access_leg(a->dp) : dp_no_leg;
}

static void on_replayed(void *user, int err, const char *step)
{
	const struct l2tp_session *s = user;

	/* They would have been sent again by whoever waits for an answer. */
	if (err)
		log_debug("session %u/%u: frames that waited: %s: %s", s->tunnel->core.tunnel_id,
			  s->core.session_id, step ? step : "kernel", strerror(-err));
}

/* Most callers wait for an answer: then the pool need not be asked. */
static bool is_readable(int fd)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};

	return poll(&pfd, 1, 0) != 0;
}

static void on_replay(struct lac_call *call)
{
	struct access_io *a = call->io;

	if (a)
		ev_io_stop(a->d->loop, &a->io);
	if (a && !is_readable(access_leg(call).fd))
		return;
	dp_session_replay(call->session->dp, on_replayed);
}

/* --- names --- */

static void on_resolved(void *user, int err, const char *why, const struct addr *addr)
{
	struct access_resolve *r = user;
	struct aditd *d = r->d;
	void *token = r->token;

	list_remove(&r->node);
	mem_free(r);
	lac_resolved(d->lac, token, err, why, addr, aditd_now());
}

static int on_resolve(struct lac *lac, const char *host, enum addr_family prefer, void *token)
{
	struct aditd *d = lac_ctx(lac);
	struct access_resolve *r = mem_alloc(sizeof(*r));
	int err;

	if (!r)
		return -ENOMEM;
	r->d = d;
	r->token = token;
	list_append(&d->lac_resolving, &r->node);
	err = resolve_start(d, host, prefer, on_resolved, r, &r->resolve);
	if (!err)
		return 0;
	list_remove(&r->node);
	mem_free(r);
	return err;
}

static void on_resolve_cancel(struct lac *lac, const void *token)
{
	struct aditd *d = lac_ctx(lac);
	struct access_resolve *r, *after;

	list_for_each_safe (r, after, &d->lac_resolving, node) {
		if (r->token != token)
			continue;
		resolve_cancel(r->resolve);
		list_remove(&r->node);
		mem_free(r);
	}
}

/* --- counters --- */

static void run_count(struct pool_job *job, struct pool_worker *worker)
{
	struct access_counting *c = container_of(job, struct access_counting, job);
	struct l2tp_nl *nl;

	c->err = pool_worker_nl(worker, &nl);
	if (!c->err)
		c->err = l2tp_nl_session_get(nl, c->tunnel_id, c->session_id, &c->session);
}

/* What the kernel sends into the tunnel came from the caller. */
static void on_counted(struct pool_job *job)
{
	struct access_counting *c = container_of(job, struct access_counting, job);
	const struct l2tp_nl_stats *stats = &c->session.stats;
	const struct lac_count count = {
		.packets_in = stats->tx_packets,
		.octets_in = stats->tx_bytes,
		.packets_out = stats->rx_packets,
		.octets_out = stats->rx_bytes,
	};
	struct lac_call *call = c->call;
	int err = c->err;

	mem_free(c);
	lac_counted(call, err, &count, aditd_now());
}

static int on_count(struct lac_call *call)
{
	struct access_counting *c = mem_alloc(sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->call = call;
	c->tunnel_id = call->session->tunnel->core.tunnel_id;
	c->session_id = call->session->core.session_id;
	c->job.run = run_count;
	c->job.done = on_counted;
	pool_queue_init(&c->queue);
	pool_add(of_call(call)->pool, &c->queue, &c->job);
	return 0;
}

/* --- pppd --- */

static void on_pppd_lcp_open(void *user)
{
	(void)user;
}

static void on_pppd_accm(void *user, const struct accm *accm)
{
	(void)user, (void)accm;
}

static void on_pppd_up(void *user, const struct pppd_link *link)
{
	lac_pppd_up(user, link->ifname, link->user, aditd_now());
}

static void on_pppd_down(void *user, const struct reason *reason)
{
	struct lac_call *call = user;

	call->pppd = NULL;
	lac_pppd_down(call, reason, aditd_now());
}

static void on_pppd_log(void *user, const char *line)
{
	const struct lac_call *call = user;

	log_debug("call %s: pppd: %s", call->id, line);
}

static const struct pppd_ops pppd_ops = {
	.lcp_open = on_pppd_lcp_open,
	.accm = on_pppd_accm,
	.up = on_pppd_up,
	.down = on_pppd_down,
	.log = on_pppd_log,
};

static int on_pppd_start(struct lac_call *call)
{
	struct aditd *d = of_call(call);
	struct pppd_pppoe pppoe = {.interface = call->port.interface, .session_id = call->pppoe_id};
	struct pppd_params params = {
		.pppoe = &pppoe,
		.pppox_fd = -1,
		.lns_mode = true,
		.mtu = call->mtu,
		.called_number = call->called_number,
		.proxy_authen_name = call->user,
		.debug = log_enabled(LOG_DEBUG),
	};
	struct pppd *p;
	int err;

	memcpy(pppoe.mac, call->mac, sizeof(pppoe.mac));
	if (strcmp(d->config->pppd_path, CONFIG_PPPD_NONE) == 0)
		return -EOPNOTSUPP;
	if (call->domain && call->domain->ppp) {
		params.profile = config_find_ppp(d->config, call->domain->ppp);
		/* A reload may have taken it away meanwhile. */
		if (!params.profile)
			return -ENOENT;
	}
	err = pppd_start(d->launcher, &params, &pppd_ops, call, &p);
	if (!err)
		call->pppd = p;
	return err;
}

static void on_pppd_stop(struct lac_call *call, enum ppp_stop how)
{
	if (call->pppd)
		pppd_stop(call->pppd, how);
}

static void on_event(const struct lac_call *call, enum lac_news news, const char *text)
{
	report_call(call, news, text);
	manage_call_event(call, news, text);
}

static void on_destination(struct lac *lac, const struct steer_destination *destination)
{
	report_destination(destination);
	manage_destination_event(lac, destination);
}

static const struct lac_ops access_ops = {
	.random = on_random,
	.new_owner = on_new_owner,
	.access_create = on_access_create,
	.access_delete = on_access_delete,
	.access_send = on_access_send,
	.replay = on_replay,
	.pppd_start = on_pppd_start,
	.pppd_stop = on_pppd_stop,
	.resolve = on_resolve,
	.resolve_cancel = on_resolve_cancel,
	.count = on_count,
	.event = on_event,
	.destination_event = on_destination,
};

int access_start(struct aditd *d)
{
	const struct lac_params params = {
		.ops = &access_ops,
		.ctx = d,
		.engine = d->engine,
		.timers = &d->timers,
		.settings = &d->config->lac,
		.radius_settings = &d->config->radius,
	};

	return lac_new(&params, &d->lac);
}

void access_stop(struct aditd *d)
{
	struct access_io *a, *after;

	list_for_each_safe (a, after, &d->accesses, node)
		access_free(a);
	lac_free(d->lac);
	d->lac = NULL;
}
