/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The data plane of tunnels and sessions: kernel objects through the pool, and pppd.
 *
 * The engine keeps a tunnel or a session until every completion it is owed came, so the pointers
 * handed to the pool stay good.
 */
#include "aditd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"

static struct aditd *of_tunnel(const struct l2tp_tunnel *t)
{
	return t->engine->ctx;
}

static struct l2tp_nl_tunnel tunnel_params(const struct l2tp_tunnel *t)
{
	return (struct l2tp_nl_tunnel){
		.tunnel_id = t->core.tunnel_id,
		.peer_tunnel_id = t->core.peer_tunnel_id,
		.version = 2,
		.fd = io_tunnel_fd(t),
		.local = t->core.local,
		.peer = t->core.peer,
	};
}

static void tunnel_ready(struct l2tp_tunnel *t)
{
	l2tp_tunnel_kernel_created(t, 0, NULL, aditd_now());
}

static void tunnel_created(void *user, int err, const char *step)
{
	struct l2tp_tunnel *t = user;

	if (!err) {
		mtu_learn(t, tunnel_ready);
		return;
	}
	dp_tunnel_free(t->dp);
	t->dp = NULL;
	l2tp_tunnel_kernel_created(t, err, step, aditd_now());
}

int calls_tunnel_create(struct l2tp_tunnel *t)
{
	struct l2tp_nl_tunnel params = tunnel_params(t);
	struct dp_tunnel *dp;
	int err = dp_tunnel_new(of_tunnel(t)->dataplane, t, &dp);

	if (err)
		return err;
	t->dp = dp;
	dp_tunnel_create(dp, &params, tunnel_created);
	return 0;
}

static void tunnel_deleted(void *user, int err, const char *step)
{
	struct l2tp_tunnel *t = user;

	if (err)
		log_warning("tunnel %u: cannot delete it in the kernel: %s: %s", t->core.tunnel_id,
			    step ? step : "kernel", strerror(-err));
	dp_tunnel_free(t->dp);
	t->dp = NULL;
	l2tp_tunnel_kernel_deleted(t, aditd_now());
}

void calls_tunnel_delete(struct l2tp_tunnel *t)
{
	dp_tunnel_delete(t->dp, tunnel_deleted);
}

static void session_created(void *user, int err, const char *step)
{
	struct l2tp_session *s = user;

	if (err) {
		dp_session_free(s->dp);
		s->dp = NULL;
	}
	l2tp_session_kernel_created(s, err, step, aditd_now());
}

static struct l2tp_nl_session session_params(const struct l2tp_session *s)
{
	return (struct l2tp_nl_session){
		.tunnel_id = s->tunnel->core.tunnel_id,
		.session_id = s->core.session_id,
		.peer_session_id = s->core.peer_session_id,
		.lns_mode = call_is_lns(s->core.type),
		/* RFC 2661 5.4: a LAC asks for numbers from the first packet on, an LNS sends them
		 * once it was asked. */
		.send_seq = s->core.sequencing,
		.reorder_timeout = s->tunnel->peer->reorder_timeout,
	};
}

/* Where the caller of a session came in. */
static struct dp_leg bridge_of(const struct l2tp_session *s)
{
	const struct lac_call *call = lac_call_of(of_tunnel(s->tunnel)->lac, s);

	if (!call || call->incoming == s)
		return dp_no_leg;
	if (!call->incoming)
		return access_leg(call);
	return (struct dp_leg){.channel = dp_session_channel(call->incoming->dp), .fd = -1};
}

int calls_session_create(struct l2tp_session *s)
{
	struct l2tp_nl_tunnel tunnel = tunnel_params(s->tunnel);
	struct l2tp_nl_session params = session_params(s);
	const struct dp_leg other = bridge_of(s);
	struct dp_session *dp;
	int err = dp_session_new(of_tunnel(s->tunnel)->dataplane, s, &dp);

	if (err)
		return err;
	s->dp = dp;
	dp_session_set_bridge(dp, &other);
	dp_session_create(dp, &params, &tunnel, session_created);
	return 0;
}

static void session_modified(void *user, int err, const char *step)
{
	l2tp_session_kernel_modified(user, err, step, aditd_now());
}

int calls_session_modify(struct l2tp_session *s)
{
	struct l2tp_nl_session params = session_params(s);

	dp_session_modify(s->dp, &params, session_modified);
	return 0;
}

static void session_deleted(void *user, int err, const char *step)
{
	struct l2tp_session *s = user;

	if (err)
		log_warning("session %u/%u: cannot delete it in the kernel: %s: %s",
			    s->tunnel->core.tunnel_id, s->core.session_id, step ? step : "kernel",
			    strerror(-err));
	dp_session_free(s->dp);
	s->dp = NULL;
	l2tp_session_kernel_deleted(s, aditd_now());
}

void calls_session_delete(struct l2tp_session *s)
{
	dp_session_delete(s->dp, session_deleted);
}

static void on_lcp_open(void *user)
{
	l2tp_session_ppp_lcp_open(user, aditd_now());
}

/* A LAC with an asynchronous line has to know it (RFC 2661 6.14). */
static void on_accm(void *user, const struct accm *accm)
{
	struct l2tp_session *s = user;
	int err;

	if (!call_is_lns(s->core.type) || s->core.state != SESSION_ESTABLISHED)
		return;
	err = l2tp_session_set_accm(s, accm, aditd_now());
	if (err)
		log_warning("session %u/%u: cannot tell the peer the ACCM: %s",
			    s->tunnel->core.tunnel_id, s->core.session_id, strerror(-err));
}

static void on_ppp_up(void *user, const struct pppd_link *link)
{
	struct l2tp_session *s = user;

	snprintf(s->ppp.ifname, sizeof(s->ppp.ifname), "%s", link->ifname);
	if (call_info_set(&s->info, CALL_USER, bytes_str(link->user)))
		log_warning("session %u/%u: no memory for the user's name",
			    s->tunnel->core.tunnel_id, s->core.session_id);
	s->ppp.local = link->local;
	s->ppp.remote = link->remote;
	s->ppp.pid = pppd_pid(s->pppd);
	l2tp_session_ppp_up(s, aditd_now());
}

static void on_ppp_down(void *user, const struct reason *reason)
{
	struct l2tp_session *s = user;

	s->pppd = NULL;
	s->ppp.pid = 0;
	l2tp_session_ppp_down(s, reason, aditd_now());
}

static void on_ppp_log(void *user, const char *line)
{
	report_pppd(user, line);
}

static const struct pppd_ops pppd_ops = {
	.lcp_open = on_lcp_open,
	.accm = on_accm,
	.up = on_ppp_up,
	.down = on_ppp_down,
	.log = on_ppp_log,
};

int calls_ppp_start(struct l2tp_session *s)
{
	const struct l2tp_tunnel *t = s->tunnel;
	struct aditd *d = of_tunnel(t);
	const char *name = s->ppp_profile ? s->ppp_profile : t->peer->ppp;
	struct pppd_params params = {
		.pppox_fd = dp_session_fd(s->dp),
		.lns_mode = call_is_lns(s->core.type),
		.tunnel_id = t->core.tunnel_id,
		.session_id = s->core.session_id,
		.mtu = mtu_of_session(s),
		.called_number = call_info_text(s->info, CALL_CALLED_NUMBER),
		.calling_number = call_info_text(s->info, CALL_CALLING_NUMBER),
		.sub_address = call_info_text(s->info, CALL_SUB_ADDRESS),
		.private_group = call_info_text(s->info, CALL_PRIVATE_GROUP),
		.proxy_authen_name = call_info_text(s->info, CALL_PROXY_AUTHEN_NAME),
		.call_serial = s->core.call_serial,
		.tx_speed = s->core.tx_connect_speed,
		.rx_speed = s->core.rx_connect_speed,
		.physical_channel = s->core.physical_channel,
		.peer_name = t->core.peer_host_name,
		.peer_addr = t->core.peer,
		.debug = log_enabled(LOG_DEBUG),
	};
	struct access_line line;
	struct pppd *p;
	int err;

	if (lac_owns(d->lac, s))
		return lac_session_start(d->lac, s, aditd_now());
	if (l2tp_session_line(s, &line))
		params.access_line = &line;
	if (strcmp(d->config->pppd_path, CONFIG_PPPD_NONE) == 0)
		return 1;
	if (name) {
		params.profile = config_find_ppp(d->config, name);
		/* A reload may have taken the section away after the tunnel was made. */
		if (!params.profile) {
			log_error("session %u/%u: there is no ppp section %s any more",
				  params.tunnel_id, params.session_id, name);
			return -ENOENT;
		}
	}
	err = pppd_start(d->launcher, &params, &pppd_ops, s, &p);
	if (err)
		return err;
	s->pppd = p;
	return 0;
}

void calls_ppp_stop(struct l2tp_session *s, enum ppp_stop how)
{
	struct aditd *d = of_tunnel(s->tunnel);

	if (lac_owns(d->lac, s))
		lac_session_stop(d->lac, s, how, aditd_now());
	else
		pppd_stop(s->pppd, how);
}

void calls_abandon(struct l2tp_engine *engine)
{
	struct l2tp_session *s;
	struct l2tp_tunnel *t;

	list_for_each (t, &engine->tunnels, node) {
		for (s = l2tp_session_next(t, NULL); s; s = l2tp_session_next(t, s)) {
			dp_session_free(s->dp);
			s->dp = NULL;
		}
		dp_tunnel_free(t->dp);
		t->dp = NULL;
	}
}
