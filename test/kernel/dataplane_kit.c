/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels over loopback and sessions in them, for the cases of dataplane.c.
 */
#include "dataplane_kit.h"

#include <dirent.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "netlink/udp.h"

#define PATIENCE_MSEC 100000

static const struct udp_options plain;
struct dataplane *dp;
struct l2tp_nl *nl;
static struct pool *pool;
static int wake_fd;

static void wake(void *ctx)
{
	uint64_t one = 1;

	(void)ctx;
	CLAIM(write(wake_fd, &one, sizeof(one)) == sizeof(one));
}

void loop(void)
{
	struct pollfd poll_fd = {.fd = wake_fd, .events = POLLIN};
	uint64_t count;

	while (pool_pending(pool)) {
		CLAIM_EQUAL(poll(&poll_fd, 1, PATIENCE_MSEC), 1);
		CLAIM(read(wake_fd, &count, sizeof(count)) == sizeof(count));
		pool_reap(pool);
	}
}

void done(void *user, int err, const char *step)
{
	struct outcome *outcome = user;

	outcome->calls++;
	outcome->err = err;
	outcome->step = step;
}

void claim_outcome(struct outcome *outcome, unsigned int calls, int err, const char *step)
{
	if (outcome->err != err)
		fprintf(stderr, "%s: %s\n", outcome->step ? outcome->step : "?",
			strerror(-outcome->err));
	CLAIM_EQUAL(outcome->calls, calls);
	CLAIM_EQUAL(outcome->err, err);
	CLAIM(step ? outcome->step && strcmp(outcome->step, step) == 0 : !outcome->step);
	*outcome = (struct outcome){0};
}

unsigned int count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int count = 0;

	CLAIM(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

void start(unsigned int workers)
{
	wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	CLAIM(wake_fd != -1);
	CLAIM_EQUAL(l2tp_nl_open(&nl), 0);
	CLAIM_EQUAL(pool_new(workers, wake, NULL, &pool), 0);
	CLAIM_EQUAL(dataplane_new(pool, &dp), 0);
}

void finish(void)
{
	pool_free(pool);
	dataplane_free(dp);
	l2tp_nl_close(nl);
	close(wake_fd);
}

static int count_tunnel(const struct l2tp_nl_tunnel *tunnel, void *ctx)
{
	unsigned int *count = ctx;

	(void)tunnel;
	(*count)++;
	return 0;
}

static int count_session(const struct l2tp_nl_session *session, void *ctx)
{
	unsigned int *count = ctx;

	(void)session;
	(*count)++;
	return 0;
}

void claim_kernel_has(unsigned int tunnels, unsigned int sessions)
{
	unsigned int tunnel_count = 0, session_count = 0;

	CLAIM_EQUAL(l2tp_nl_tunnel_dump(nl, count_tunnel, &tunnel_count), 0);
	CLAIM_EQUAL(l2tp_nl_session_dump(nl, count_session, &session_count), 0);
	CLAIM_EQUAL(tunnel_count, tunnels);
	CLAIM_EQUAL(session_count, sessions);
}

static const char *const hosts[2][2] = {{"127.0.0.1", "127.0.0.2"}, {"::1", "::1"}};

void end_open(struct end *end, bool v6, uint32_t tunnel_id)
{
	struct addr local, peer;

	*end = (struct end){
		.params = {.tunnel_id = tunnel_id, .peer_tunnel_id = PEER_TUNNEL_ID, .version = 2},
	};
	CLAIM_EQUAL(addr_parse(hosts[v6][0], &local), 0);
	CLAIM_EQUAL(addr_parse(hosts[v6][1], &peer), 0);
	CLAIM_EQUAL(udp_open(&peer, NULL, &plain, &end->peer_fd), 0);
	CLAIM_EQUAL(udp_local_addr(end->peer_fd, &peer), 0);
	CLAIM_EQUAL(udp_open(&local, &peer, &plain, &end->params.fd), 0);
	CLAIM_EQUAL(udp_local_addr(end->params.fd, &local), 0);
	CLAIM_EQUAL(udp_connect(end->peer_fd, &local), 0);
	CLAIM_EQUAL(dp_tunnel_new(dp, &end->outcome, &end->tunnel), 0);
}

void end_close(struct end *end)
{
	dp_tunnel_free(end->tunnel);
	close(end->params.fd);
	close(end->peer_fd);
}

void end_create(struct end *end)
{
	dp_tunnel_create(end->tunnel, &end->params, done);
	loop();
	claim_outcome(&end->outcome, 1, 0, NULL);
}

void end_delete(struct end *end)
{
	dp_tunnel_delete(end->tunnel, done);
	loop();
	claim_outcome(&end->outcome, 1, 0, NULL);
}

void call_init(struct call *call, const struct end *end, uint32_t session_id)
{
	*call = (struct call){
		.params = {.tunnel_id = end->params.tunnel_id,
			   .session_id = session_id,
			   .peer_session_id = session_id + 10000},
	};
	CLAIM_EQUAL(dp_session_new(dp, &call->outcome, &call->session), 0);
}

void create_call(struct call *call, const struct end *end)
{
	dp_session_create(call->session, &call->params, &end->params, done);
	loop();
	claim_outcome(&call->outcome, 1, 0, NULL);
}

void delete_call(struct call *call)
{
	dp_session_delete(call->session, done);
	loop();
	claim_outcome(&call->outcome, 1, 0, NULL);
}

struct call *calls_new(const struct end *end, unsigned int count)
{
	struct call *calls = calloc(count, sizeof(*calls));

	CLAIM(calls);
	for (unsigned int i = 0; i < count; i++)
		call_init(&calls[i], end, i + 1);
	return calls;
}

void calls_free(struct call *calls, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		dp_session_free(calls[i].session);
	free(calls);
}

void create_calls(struct call *calls, unsigned int count, const struct end *end)
{
	for (unsigned int i = 0; i < count; i++)
		dp_session_create(calls[i].session, &calls[i].params, &end->params, done);
	loop();
	for (unsigned int i = 0; i < count; i++)
		claim_outcome(&calls[i].outcome, 1, 0, NULL);
}

void delete_calls(struct call *calls, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		dp_session_delete(calls[i].session, done);
	loop();
	for (unsigned int i = 0; i < count; i++)
		claim_outcome(&calls[i].outcome, 1, 0, NULL);
}
