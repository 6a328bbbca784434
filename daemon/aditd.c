/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon: the one event loop, signals, and the order in which the parts start and stop.
 *
 * The engine knows no loop: before each wait its next timer is set in libev and what changed is
 * written to the state. Kernel commands run on the pool and join the loop through an ev_async.
 */
#include "aditd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

#include "base/log.h"
#include "base/mem.h"
#include "wire/result.h"

/* A pppd that does not end when asked is killed after this. */
#define PPPD_KILL_AFTER (10 * USEC_PER_SEC)

/* Peers get this long, in seconds, to acknowledge our StopCCN before we leave without. */
#define STOP_TIMEOUT 15.0

usec_t aditd_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (usec_t)ts.tv_sec * USEC_PER_SEC + ts.tv_nsec / 1000;
}

uint64_t aditd_new_owner(struct aditd *d)
{
	return ++d->last_owner;
}

static void kernel_random(uint8_t *out, size_t len)
{
	while (len) {
		ssize_t got = getrandom(out, len, 0);

		if (got <= 0)
			continue;
		out += got;
		len -= (size_t)got;
	}
}

/* A call needs few octets several times: they are asked for in one go, and forgotten once given. */
void aditd_random(void *data, size_t len)
{
	static uint8_t stock[256];
	static size_t left;

	if (len > sizeof(stock)) {
		kernel_random(data, len);
		return;
	}
	if (len > left) {
		kernel_random(stock, sizeof(stock));
		left = sizeof(stock);
	}
	left -= len;
	memcpy(data, stock + left, len);
	explicit_bzero(stock + left, len);
}

static void on_random(struct l2tp_engine *engine, void *data, size_t len)
{
	(void)engine;
	aditd_random(data, len);
}

static void on_dirty(struct l2tp_tunnel *t)
{
	struct aditd *d = t->engine->ctx;

	state_mark(d->state, t);
}

static void on_event(struct l2tp_engine *engine, const struct l2tp_event *event)
{
	struct aditd *d = engine->ctx;

	report_event(event);
	keep_event(d, event);
	if (d->lac)
		lac_event(d->lac, event, aditd_now());
	if (d->control)
		control_event(d->control, event, aditd_now());
}

static const struct l2tp_ops engine_ops = {
	.random = on_random,
	.socket_open = io_socket_open,
	.socket_connect = io_socket_connect,
	.socket_close = io_socket_close,
	.socket_send = io_socket_send,
	.reply = io_reply,
	.tunnel_create = calls_tunnel_create,
	.tunnel_delete = calls_tunnel_delete,
	.session_create = calls_session_create,
	.session_modify = calls_session_modify,
	.session_delete = calls_session_delete,
	.ppp_start = calls_ppp_start,
	.ppp_stop = calls_ppp_stop,
	.event = on_event,
	.dirty = on_dirty,
	.trace = report_trace,
};

static void notify_systemd(const char *state)
{
#ifdef HAVE_SYSTEMD
	sd_notify(0, state);
#else
	(void)state;
#endif
}

static void wake(void *ctx)
{
	struct aditd *d = ctx;

	ev_async_send(d->loop, &d->pool_async);
}

static void on_pool(struct ev_loop *loop, ev_async *w, int revents)
{
	struct aditd *d = w->data;

	(void)loop, (void)revents;
	pool_reap(d->pool);
}

static void on_engine_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct aditd *d = w->data;

	(void)loop, (void)revents;
	l2tp_engine_run(d->engine, aditd_now());
	timer_queue_run(&d->timers, aditd_now());
}

static usec_t next_timer(const struct aditd *d)
{
	usec_t engine = timer_queue_next(&d->engine->timers), own = timer_queue_next(&d->timers);

	if (!list_empty(&d->engine->dead))
		return 0;
	return engine < own ? engine : own;
}

/* Nobody is there any more who could be told, and RADIUS has every record. */
static bool is_empty(const struct aditd *d)
{
	return list_empty(&d->engine->tunnels) && list_empty(&d->engine->dead) &&
	       !lac_count(d->lac);
}

/* The last account is that nothing more comes. */
static bool is_done(const struct aditd *d)
{
	if (!is_empty(d))
		return false;
	lac_account_off(d->lac, aditd_now());
	return !radius_is_busy(d);
}

static void on_prepare(struct ev_loop *loop, ev_prepare *w, int revents)
{
	struct aditd *d = w->data;
	usec_t now, next;
	int err;

	(void)revents;
	err = state_flush(d->state);
	if (err)
		log_error("cannot write the state: %s", strerror(-err));
	if (d->stopping && is_done(d)) {
		ev_break(loop, EVBREAK_ALL);
		return;
	}
	ev_timer_stop(loop, &d->engine_timer);
	next = next_timer(d);
	if (next == USEC_NEVER)
		return;
	now = aditd_now();
	ev_now_update(loop);
	ev_timer_set(&d->engine_timer, next > now ? (double)(next - now) / (double)USEC_PER_SEC : 0,
		     0);
	ev_timer_start(loop, &d->engine_timer);
}

static void on_stop_timeout(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct aditd *d = w->data;

	(void)revents;
	log_warning("leaving %u tunnels whose peers did not answer", d->engine->n_tunnels);
	ev_break(loop, EVBREAK_ALL);
}

static void on_stop(struct ev_loop *loop, ev_signal *w, int revents)
{
	struct aditd *d = w->data;

	(void)revents;
	if (d->stopping) {
		ev_break(loop, EVBREAK_ALL);
		return;
	}
	log_notice("stopping: closing %u tunnels with %u sessions", d->engine->n_tunnels,
		   d->engine->n_sessions);
	notify_systemd("STOPPING=1");
	d->stopping = true;
	keep_stop(d);
	lac_stop(d->lac, aditd_now());
	radius_stop_resolving(d);
	resolve_cancel_all(d);
	l2tp_engine_shutdown(d->engine, aditd_now());
	ev_timer_set(&d->stop_timer, STOP_TIMEOUT, 0);
	ev_timer_start(loop, &d->stop_timer);
}

static void on_reload(struct ev_loop *loop, ev_signal *w, int revents)
{
	struct aditd *d = w->data;
	char text[512];

	(void)loop, (void)revents;
	/* What is wrong with the file was logged line by line. */
	if (aditd_reload(d, text, sizeof(text)))
		log_error("the running configuration stays as it is");
}

struct first_fault {
	char *text;
	size_t size;
};

static void log_fault(void *ctx, const char *line)
{
	struct first_fault *first = ctx;

	log_error("%s", line);
	if (!first->text[0])
		snprintf(first->text, first->size, "%s", line);
}

/* What the launcher reads lives in the configuration of the moment. */
static void set_pppd(struct aditd *d)
{
	d->pppd_settings = (struct pppd_settings){
		.path = d->config->pppd_path,
		.pppol2tp = "pppol2tp.so",
		.pppoe = "rp-pppoe.so",
		.plugin = d->plugin_path,
		.max_starting = d->config->max_pppd_starting,
		.kill_after = PPPD_KILL_AFTER,
	};
}

static void apply(struct aditd *d, struct config *config)
{
	struct config *old = d->config;

	d->config = config;
	set_pppd(d);
	d->engine->limits = config->limits;
	/* What was set by hand holds until the configuration says something else. */
	if (config->admin != old->admin)
		l2tp_admin_set_system(d->engine, config->admin, aditd_now());
	l2tp_engine_set_peers(d->engine, &config->peers);
	l2tp_admin_apply(d->engine, aditd_now());
	keep_apply(d, config);
	lac_set(d->lac, &config->lac, &config->radius);
	if (radius_apply(d))
		log_error("radius: memory is out");
	pppoe_io_apply(d);
	config_free(old);
}

int aditd_reload(struct aditd *d, char *text, size_t size)
{
	struct first_fault first = {text, size};
	struct config *config;
	int err;

	text[0] = '\0';
	if (d->stopping)
		return -ESHUTDOWN;
	err = config_load(d->config_path, log_fault, &first, &config);
	if (err)
		return err;
	err = io_listen(d, config);
	if (err)
		snprintf(text, size, "some addresses cannot be listened on: %s", strerror(-err));
	apply(d, config);
	log_notice("configuration reloaded from %s", d->config_path);
	return err;
}

static void clear_stale(void *ctx, const struct tunnel_core *core)
{
	struct aditd *d = ctx;
	struct peer *peer = peer_new("stale");
	int err = -ENOMEM;

	if (peer)
		err = l2tp_tunnel_clear_stale(d->engine, core, peer, aditd_now());
	if (err)
		log_warning("tunnel %u of before to %s: cannot be cleared: %s", core->tunnel_id,
			    core->peer_host_name, strerror(-err));
	else
		log_notice("tunnel %u to %s was left by a daemon that died: telling the peer",
			   core->tunnel_id, core->peer_host_name);
	peer_unref(peer);
}

static void warn_missing(void *ctx, const char *text)
{
	(void)ctx;
	log_error("%s", text);
}

/* A socket and a pppox socket with its dup for pppd, for each of many calls. */
static void raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static int start_parts(struct aditd *d)
{
	const struct config *config = d->config;
	const char *step;
	int err;

	step = "the state";
	if (mkdir(config->state_path, 0750) && errno != EEXIST)
		err = -errno;
	else
		err = state_open(config->state_path, &d->state);
	if (!err) {
		step = "the workers";
		err = pool_new(config->workers, wake, d, &d->pool);
	}
	if (!err)
		err = dataplane_new(d->pool, &d->dataplane);
	if (!err) {
		step = "pppd";
		set_pppd(d);
		err = pppd_launcher_new(d->loop, &d->pppd_settings, &d->launcher);
	}
	if (!err) {
		step = "the engine";
		err = l2tp_engine_new(&engine_ops, d, &config->limits, &d->engine);
	}
	if (!err) {
		step = "the access concentrator";
		err = access_start(d);
	}
	if (!err) {
		step = "RADIUS";
		err = radius_apply(d);
	}
	if (!err) {
		step = config->control_path;
		err = control_new(d->loop, d->engine, config->control_path, &manage_ops, d,
				  &d->control);
	}
	if (err == -EADDRINUSE)
		log_error("another aditd serves %s", config->control_path);
	else if (err)
		log_error("cannot start %s: %s", step, strerror(-err));
	return err;
}

static void start_watchers(struct aditd *d)
{
	ev_async_init(&d->pool_async, on_pool);
	ev_timer_init(&d->engine_timer, on_engine_timer, 0, 0);
	ev_timer_init(&d->stop_timer, on_stop_timeout, 0, 0);
	ev_prepare_init(&d->prepare, on_prepare);
	ev_signal_init(&d->sigint, on_stop, SIGINT);
	ev_signal_init(&d->sigterm, on_stop, SIGTERM);
	ev_signal_init(&d->sighup, on_reload, SIGHUP);
	d->pool_async.data = d->engine_timer.data = d->stop_timer.data = d->prepare.data = d;
	d->sigint.data = d->sigterm.data = d->sighup.data = d;
	ev_async_start(d->loop, &d->pool_async);
	ev_prepare_start(d->loop, &d->prepare);
	ev_signal_start(d->loop, &d->sigint);
	ev_signal_start(d->loop, &d->sigterm);
	ev_signal_start(d->loop, &d->sighup);
}

/* In the opposite order of starting; whatever is still there goes without a word to its peer. */
static void stop_parts(struct aditd *d)
{
	keep_stop(d);
	control_free(d->control);
	d->control = NULL;
	radius_stop_resolving(d);
	if (d->pool)
		resolve_cancel_all(d);
	/* Callers first: their pppds are asked to end. */
	pppoe_io_stop(d);
	pppd_launcher_free(d->launcher);
	io_unlisten_all(d);
	/* What the kernel still works on belongs to tunnels and sessions of the engine. */
	if (d->pool)
		pool_drain(d->pool);
	access_stop(d);
	radius_stop(d);
	if (d->engine)
		calls_abandon(d->engine);
	l2tp_engine_free(d->engine);
	timer_queue_fini(&d->timers);
	dataplane_free(d->dataplane);
	pool_free(d->pool);
	state_flush(d->state);
	state_close(d->state);
	config_free(d->config);
}

int aditd_run(struct aditd *d)
{
	int err;

	(void)signal(SIGPIPE, SIG_IGN);
	raise_file_limit();
	list_init(&d->listeners);
	list_init(&d->kept);
	hash_init(&d->kept_by_owner);
	list_init(&d->resolving);
	list_init(&d->accesses);
	list_init(&d->lac_resolving);
	timer_queue_init(&d->timers);
	d->loop = ev_default_loop(EVFLAG_AUTO);
	if (!d->loop) {
		log_error("no event loop");
		return 1;
	}
	start_watchers(d);
	pppoe_io_init(d);
	kernel_probe(!list_empty(&d->config->lac.accesses), &d->probe);
	kernel_probe_missing(&d->probe, warn_missing, NULL);
	err = start_parts(d);
	if (!err)
		err = io_listen(d, d->config);
	if (!err) {
		state_take(d->state, clear_stale, d);
		l2tp_admin_set_system(d->engine, d->config->admin, aditd_now());
		l2tp_engine_set_peers(d->engine, &d->config->peers);
		keep_apply(d, d->config);
		pppoe_io_apply(d);
		log_notice("aditd " ADIT_VERSION " ready on kernel %s", d->probe.release);
		notify_systemd("READY=1");
		ev_run(d->loop, 0);
		log_notice("stopped");
	}
	stop_parts(d);
	ev_loop_destroy(d->loop);
	return err ? 1 : 0;
}
