/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "control_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "wire/result.h"

static void note(struct fixture *f, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void note(struct fixture *f, const char *format, ...)
{
	size_t len = strlen(f->calls);
	va_list args;

	va_start(args, format);
	vsnprintf(f->calls + len, sizeof(f->calls) - len, format, args);
	va_end(args);
}

static void do_later(struct fixture *f, enum later_what what, uint64_t owner, uint16_t tunnel_id,
		     uint16_t session_id)
{
	assert_true(f->n_later < LATER_MAX);
	f->later[f->n_later++] = (struct later){what, owner, tunnel_id, session_id, NULL};
	if (!ev_is_active(&f->timer)) {
		ev_timer_set(&f->timer, 0.002, 0.);
		ev_timer_start(f->loop, &f->timer);
	}
}

void fixture_later_call(struct fixture *f, const char *call_id)
{
	do_later(f, LATER_CALL_GONE, 0, 0, 0);
	f->later[f->n_later - 1].call_id = call_id;
}

void fixture_event(struct fixture *f, enum l2tp_event_type type, const struct l2tp_tunnel *t,
		   const struct l2tp_session *s)
{
	struct l2tp_event event = {
		.type = type,
		.tunnel = t,
		.session = s,
		.peer = &t->core.peer,
	};

	control_event(f->control, &event, f->now);
}

static void tunnel_up(struct fixture *f, struct l2tp_tunnel *t)
{
	t->core.state = TUNNEL_ESTABLISHED;
	t->core.established_at = f->now;
	t->core.peer_tunnel_id = 100;
	fixture_event(f, EVENT_TUNNEL_UP, t, NULL);
}

static void session_up(struct fixture *f, struct l2tp_session *s)
{
	s->core.state = SESSION_ESTABLISHED;
	s->core.established_at = f->now;
	s->core.peer_session_id = 200;
	s->ppp.running = true;
	fixture_event(f, EVENT_SESSION_UP, s->tunnel, s);
	strcpy(s->ppp.ifname, "ppp7");
	fixture_event(f, EVENT_SESSION_PPP_UP, s->tunnel, s);
	/* There is no pppd whose end the engine could wait for. */
	s->ppp.running = false;
}

static void happen(struct fixture *f, const struct later *later)
{
	struct l2tp_tunnel *t = l2tp_tunnel_find(f->engine, later->tunnel_id);
	struct l2tp_session *s = t ? l2tp_session_find(t, later->session_id) : NULL;

	/* Another request may have ended it meanwhile. */
	if ((later->tunnel_id && !t) || (later->session_id && !s))
		return;
	/* Or an administrative state is about to. */
	if ((later->what == LATER_TUNNEL_UP && t->core.state >= TUNNEL_DRAINING) ||
	    (later->what == LATER_SESSION_UP && s->core.state == SESSION_CLOSING))
		return;
	switch (later->what) {
	case LATER_TUNNEL_UP:
		tunnel_up(f, t);
		break;
	case LATER_TUNNEL_REFUSED:
		t->reason = reason_make(ORIGIN_PEER, STOPCCN_NOT_AUTHORIZED, 0, "who are you");
		fixture_event(f, EVENT_TUNNEL_DOWN, t, NULL);
		break;
	case LATER_NO_HOST:
		control_failed(f->control, later->owner, -EHOSTUNREACH,
			       "nowhere.example: no such host");
		break;
	case LATER_SESSION_UP:
		session_up(f, s);
		break;
	case LATER_SESSION_BUSY:
		s->reason = reason_make(ORIGIN_PEER, CDN_BUSY, 0, "%s", "");
		session_free(s, f->now);
		break;
	case LATER_TUNNEL_GONE:
		t->reason = reason_make(ORIGIN_LOCAL, STOPCCN_CLEAR, 0, "closed");
		fixture_event(f, EVENT_TUNNEL_DOWN, t, NULL);
		fixture_event(f, EVENT_TUNNEL_GONE, t, NULL);
		tunnel_free(t);
		break;
	case LATER_SESSION_GONE:
		session_free(s, f->now);
		break;
	case LATER_CALL_GONE:
		fixture_call_gone(f, later->call_id);
		break;
	}
}

static void on_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct fixture *f = container_of(w, struct fixture, timer);
	struct later later[LATER_MAX];
	unsigned int n = f->n_later;

	(void)loop;
	(void)revents;
	memcpy(later, f->later, sizeof(later));
	f->n_later = 0;
	for (unsigned int i = 0; i < n; i++)
		happen(f, &later[i]);
}

static usec_t on_now(void *ctx)
{
	return ((struct fixture *)ctx)->now;
}

static int on_open_tunnel(void *ctx, const struct control_tunnel_request *request, uint64_t owner,
			  char *text, size_t size)
{
	struct fixture *f = ctx;
	struct tunnel_params params = {
		.name = request->name,
		.peer = l2tp_engine_find_peer(f->engine, request->peer ? request->peer : "guest"),
		.local = request->local,
		.tunnel_id = request->tunnel_id,
		.owner = owner,
	};
	const char *remote = request->remote ? request->remote : "section";
	struct l2tp_tunnel *t;
	int err;

	assert_true(owner & CONTROL_OWNER);
	note(f, "open_tunnel %s port %u%s%s%s%s", remote, request->remote_port,
	     request->host_name ? " host_name " : "", request->host_name ? request->host_name : "",
	     request->secret ? " secret " : "", request->secret ? request->secret : "");
	if (request->has_hello_interval)
		note(f, " hello %d", (int)(request->hello_interval / USEC_PER_SEC));
	note(f, "\n");
	if (strcmp(remote, "twice.example") == 0) {
		snprintf(text, size, "a tunnel of that name exists");
		return -EEXIST;
	}
	if (strcmp(remote, "full.example") == 0)
		return -ENOSPC;
	if (strcmp(remote, "nowhere.example") == 0) {
		do_later(f, LATER_NO_HOST, owner, 0, 0);
		return 0;
	}
	if (addr_parse(remote, &params.remote) < 0)
		addr_parse("192.0.2.99", &params.remote);
	params.remote.port = request->remote_port ? request->remote_port : 1701;
	err = l2tp_tunnel_open(f->engine, &params, f->now, &t);
	if (err)
		return err;
	if (strcmp(remote, "at-once.example") == 0)
		tunnel_up(f, t);
	else if (strcmp(remote, "refuse.example") == 0)
		do_later(f, LATER_TUNNEL_REFUSED, owner, t->core.tunnel_id, 0);
	else if (strcmp(remote, "silent.example") != 0)
		do_later(f, LATER_TUNNEL_UP, owner, t->core.tunnel_id, 0);
	return 0;
}

static int on_open_session(void *ctx, const struct control_session_request *request, char *text,
			   size_t size)
{
	struct fixture *f = ctx;
	const struct session_params *params = &request->params;
	struct l2tp_session *s;
	int err;

	note(f, "open_session in %s\n", request->tunnel ? request->tunnel->core.name : "section");
	if (!request->tunnel) {
		snprintf(text, size, "there is no session %s in the configuration", params->name);
		return -ENOENT;
	}
	err = l2tp_session_open(request->tunnel, params, f->now, &s);
	if (err)
		return err;
	do_later(f,
		 params->name && strcmp(params->name, "busy") == 0 ? LATER_SESSION_BUSY
								   : LATER_SESSION_UP,
		 params->owner, s->tunnel->core.tunnel_id, s->core.session_id);
	return 0;
}

static void on_close_tunnel(void *ctx, struct l2tp_tunnel *t)
{
	struct fixture *f = ctx;

	note(f, "close_tunnel %u\n", t->core.tunnel_id);
	do_later(f, LATER_TUNNEL_GONE, 0, t->core.tunnel_id, 0);
}

static void on_close_session(void *ctx, struct l2tp_session *s)
{
	struct fixture *f = ctx;

	note(f, "close_session %u/%u\n", s->tunnel->core.tunnel_id, s->core.session_id);
	do_later(f, LATER_SESSION_GONE, 0, s->tunnel->core.tunnel_id, s->core.session_id);
}

static int on_set_admin(void *ctx, const struct control_admin_request *request, char *text,
			size_t size)
{
	struct fixture *f = ctx;

	note(f, "set_admin %s %s%s%s\n", admin_level_name(request->level),
	     admin_state_name(request->state), request->name ? " " : "",
	     request->name ? request->name : "");
	if (request->level == ADMIN_SYSTEM)
		l2tp_admin_set_system(f->engine, request->state, f->now);
	else if (request->tunnel)
		l2tp_admin_set_tunnel(request->tunnel, request->state, f->now);
	else if (request->session)
		l2tp_admin_set_session(request->session, request->state, f->now);
	else if (request->level == ADMIN_PEER &&
		 !l2tp_admin_set_peer(f->engine, request->name, request->state, f->now))
		return 0;
	/* A section of the configuration, whose tunnel or session is not there. */
	else if (strcmp(request->name, "kept") != 0) {
		snprintf(text, size, "no %s is named %s", admin_level_name(request->level),
			 request->name);
		return -ENOENT;
	}
	return 0;
}

static void on_kept(void *ctx, void (*each)(void *user, const struct control_kept *kept),
		    void *user)
{
	static const struct control_kept kept[] = {
		{"tunnel", "waiting", "isp", .why = "no answer after 5 retransmissions",
		 .next_attempt = 12},
		{"session", "up", "dsl", "isp"},
	};

	(void)ctx;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		each(user, &kept[i]);
}

static int on_reload(void *ctx, char *text, size_t size)
{
	struct fixture *f = ctx;

	note(f, "reload\n");
	snprintf(text, size, "%s", f->reload_text);
	return f->reload_err;
}

static int on_set_debug(void *ctx, unsigned int level)
{
	note(ctx, "set_debug %u\n", level);
	return 0;
}

static void on_counters(void *ctx, uint16_t tunnel_id, uint16_t session_id, uint64_t ticket)
{
	struct fixture *f = ctx;
	struct l2tp_nl_session sessions[] = {
		{.tunnel_id = 7, .session_id = 10, .stats = {.tx_packets = 99}},
		{.tunnel_id = 7,
		 .session_id = 9,
		 .stats = {.tx_packets = 11,
			   .tx_bytes = 1100,
			   .rx_packets = 22,
			   .rx_bytes = 2200,
			   .rx_errors = 1}},
		{.tunnel_id = 1, .session_id = 9, .stats = {.tx_packets = 98}},
	};

	note(f, "counters %u/%u\n", tunnel_id, session_id);
	f->counters_ticket = ticket;
	if (!f->hold_counters)
		control_counters(f->control, ticket, f->counters_err, sessions,
				 f->counters_err ? 0 : 3);
}

static void on_tunnel_counters(void *ctx, uint16_t tunnel_id, uint64_t ticket)
{
	struct fixture *f = ctx;
	struct l2tp_nl_session tunnels[] = {
		{.tunnel_id = 8, .stats = {.rx_packets = 5}},
		/* Another daemon's. */
		{.tunnel_id = 9, .stats = {.tx_packets = 1000}},
		{.tunnel_id = 7,
		 .stats = {.tx_packets = 21,
			   .tx_bytes = 2100,
			   .tx_errors = 1,
			   .rx_packets = 42,
			   .rx_bytes = 4200,
			   .rx_errors = 2,
			   .rx_seq_discards = 3,
			   .rx_out_of_order = 4}},
	};

	note(f, "tunnel_counters %u\n", tunnel_id);
	f->counters_ticket = ticket;
	if (!f->hold_counters)
		control_counters(f->control, ticket, f->counters_err, tunnels,
				 f->counters_err ? 0 : 3);
}

static struct control_ops control_ops = {
	.now = on_now,
	.open_tunnel = on_open_tunnel,
	.open_session = on_open_session,
	.close_tunnel = on_close_tunnel,
	.close_session = on_close_session,
	.set_admin = on_set_admin,
	.kept = on_kept,
	.reload = on_reload,
	.set_debug = on_set_debug,
	.counters = on_counters,
	.tunnel_counters = on_tunnel_counters,
};

struct l2tp_tunnel *fixture_tunnel(struct fixture *f, const char *name, uint16_t tunnel_id)
{
	struct tunnel_params params = {
		.name = name,
		.peer = l2tp_engine_find_peer(f->engine, "isp"),
		.tunnel_id = tunnel_id,
	};
	struct l2tp_tunnel *t;

	addr_parse("192.0.2.2", &params.remote);
	params.remote.port = 1701;
	assert_int_equal(l2tp_tunnel_open(f->engine, &params, f->now, &t), 0);
	t->core.state = TUNNEL_ESTABLISHED;
	t->core.established_at = f->now - 192 * USEC_PER_SEC;
	t->core.peer_tunnel_id = 4711;
	t->core.peer_window = 16;
	t->core.peer_firmware = 1680;
	t->core.peer_framing = FRAMING_SYNC | FRAMING_ASYNC;
	t->core.peer_bearer = BEARER_DIGITAL;
	t->kernel = KERNEL_UP;
	t->authenticated = true;
	strcpy(t->core.peer_host_name, "lns.example");
	strcpy(t->core.peer_vendor, "Example Networks");
	return t;
}

struct l2tp_session *fixture_session(struct fixture *f, struct l2tp_tunnel *t, const char *name,
				     uint16_t session_id)
{
	struct session_params params = {
		.name = name,
		.called_number = "5551",
		.session_id = session_id,
		.tx_connect_speed = 100000000,
		.rx_connect_speed = 40000000,
	};
	struct l2tp_session *s;

	assert_int_equal(l2tp_session_open(t, &params, f->now, &s), 0);
	s->core.state = SESSION_ESTABLISHED;
	s->core.established_at = f->now - 90 * USEC_PER_SEC;
	s->core.peer_session_id = 21;
	s->core.framing = FRAMING_SYNC;
	s->line = mem_alloc(sizeof(*s->line));
	assert_non_null(s->line);
	s->line->accm = (struct accm){.send = 0x000a0000, .receive = UINT32_MAX};
	s->line->errors.crc_errors = 4;
	s->line->errors.alignment_errors = 5;
	s->line->rx_sli = 1;
	s->line->rx_wen = 2;
	s->kernel = KERNEL_UP;
	s->ppp.pid = 1234;
	s->ppp.lcp_open_at = s->core.established_at + 40 * USEC_PER_MSEC;
	s->ppp.up_at = s->core.established_at + 75 * USEC_PER_MSEC;
	strcpy(s->ppp.ifname, "ppp0");
	assert_int_equal(call_info_set(&s->info, CALL_USER, bytes_str("joe@example")), 0);
	addr_parse("10.0.0.1", &s->ppp.local);
	addr_parse("10.0.0.2", &s->ppp.remote);
	return s;
}

static char *copy(const char *text)
{
	char *text_copy = mem_alloc(strlen(text) + 1);

	assert_non_null(text_copy);
	return strcpy(text_copy, text);
}

static void add_peers(struct fixture *f)
{
	struct peer *isp = peer_new("isp"), *guest = peer_new("guest");
	struct list peers;

	guest->local_name = copy("lac");
	isp->host_name = copy("lns.example");
	isp->local_name = copy("lac");
	isp->secret = copy("s3cret");
	isp->challenge = CHALLENGE_REQUIRE;
	isp->max_sessions = 5000;
	isp->addresses = mem_alloc(2 * sizeof(*isp->addresses));
	isp->n_addresses = 2;
	prefix_parse("192.0.2.0/24", &isp->addresses[0]);
	prefix_parse("2001:db8::/32", &isp->addresses[1]);
	list_init(&peers);
	list_append(&peers, &isp->node);
	list_append(&peers, &guest->node);
	l2tp_engine_set_peers(f->engine, &peers);
}

/* A tunnel that never came up, of a peer that would like to write on our terminal. */
static void add_bad_tunnel(struct fixture *f)
{
	struct tunnel_params params = {
		.peer = l2tp_engine_find_peer(f->engine, "guest"),
		.tunnel_id = 8,
	};
	struct l2tp_tunnel *t;

	addr_parse("2001:db8::1", &params.local);
	addr_parse("2001:db8::2", &params.remote);
	params.remote.port = 65335;
	assert_int_equal(l2tp_tunnel_open(f->engine, &params, f->now, &t), 0);
	strcpy(t->core.peer_host_name, "\033[31mred\xff");
	t->core.peer_tunnel_id = 3;
	t->core.initiator = false;
	t->core.state = TUNNEL_CLOSED;
	t->reason = reason_make(ORIGIN_LOCAL, STOPCCN_NOT_AUTHORIZED, 0, "wrong secret");
}

/* As if there had been more before than the tunnels tell. */
static void add_traffic(struct fixture *f, struct l2tp_tunnel *t)
{
	struct traffic *all = &f->engine->traffic;

	t->traffic.messages[MSG_CDN] = (struct in_out32){.in = 1};
	t->traffic.cdn[CDN_BUSY].in = 1;
	all->messages[MSG_CDN] = (struct in_out){.in = 5000000000, .out = 2};
	all->cdn[CDN_BUSY] = (struct in_out){.in = 4999999999};
	all->cdn[CDN_GENERAL_ERROR] = (struct in_out){.in = 1, .out = 2};
	all->messages[MSG_STOPCCN] = (struct in_out){.in = 1, .out = 3};
	all->stopccn[0].in = 1;
	all->stopccn[STOPCCN_NOT_AUTHORIZED].out = 3;
}

int fixture_setup(void **state)
{
	static const struct limits limits = {
		.max_tunnels = 1024,
		.max_sessions = 32768,
		.max_half_open = 256,
	};
	struct fixture *f = mem_alloc(sizeof(*f));
	const char *tmp = getenv("TMPDIR");
	struct l2tp_tunnel *t;

	assert_non_null(f);
	f->loop = ev_loop_new(EVFLAG_AUTO);
	f->now = 1000 * USEC_PER_SEC;
	f->random = 40;
	f->reload_text = "";
	ev_init(&f->timer, on_timer);
	snprintf(f->folder, sizeof(f->folder), "%s/adit-test-XXXXXX", tmp ? tmp : "/tmp");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/run/control", f->folder);
	assert_int_equal(l2tp_engine_new(&fixture_engine_ops, f, &limits, &f->engine), 0);
	add_peers(f);
	t = fixture_tunnel(f, "isp", 7);
	fixture_session(f, t, "dsl", 9);
	add_bad_tunnel(f);
	add_traffic(f, t);
	f->now -= 60 * USEC_PER_SEC;
	fixture_lac_ops(&control_ops);
	assert_int_equal(control_new(f->loop, f->engine, f->path, &control_ops, f, &f->control), 0);
	f->now += 60 * USEC_PER_SEC;
	f->control->info.pid = 77;
	*state = f;
	return 0;
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;
	char folder[128];

	control_free(f->control);
	f->control = NULL;
	l2tp_engine_free(f->engine);
	ev_timer_stop(f->loop, &f->timer);
	/* No watcher is left. */
	assert_int_equal(ev_run(f->loop, EVRUN_NOWAIT), 0);
	ev_loop_destroy(f->loop);
	assert_int_equal(access(f->path, F_OK), -1);
	snprintf(folder, sizeof(folder), "%s/run", f->folder);
	rmdir(folder);
	assert_int_equal(rmdir(f->folder), 0);
	mem_free(f);
	return 0;
}

void fixture_run(struct fixture *f)
{
	ev_run(f->loop, EVRUN_NOWAIT);
	usleep(500);
}
