/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The data plane against the kernel: makes tunnels over loopback and sessions in them, and looks at
 * what the kernel says it has. Used by 10-dataplane.sh, as root in a network of its own.
 *
 * usage: dataplane                 names the cases and says what they are
 *        dataplane CASE            runs one; exit status 0, or 1 with the claim that failed
 *        dataplane rates SESSIONS  prints how fast sessions come and go with 1, 16 and 64 workers
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "dataplane_kit.h"
#include "netlink/probe.h"
#include "netlink/udp.h"

static int find_tunnel(const struct l2tp_nl_tunnel *tunnel, void *ctx)
{
	*(struct l2tp_nl_tunnel *)ctx = *tunnel;
	return 7;
}

static void claim_tunnel_is(const struct end *end)
{
	struct l2tp_nl_tunnel tunnel;
	struct addr local, peer;

	CLAIM_EQUAL(l2tp_nl_tunnel_dump(nl, find_tunnel, &tunnel), 7);
	CLAIM_EQUAL(udp_local_addr(end->params.fd, &local), 0);
	CLAIM_EQUAL(udp_local_addr(end->peer_fd, &peer), 0);
	CLAIM_EQUAL(tunnel.tunnel_id, end->params.tunnel_id);
	CLAIM_EQUAL(tunnel.peer_tunnel_id, end->params.peer_tunnel_id);
	CLAIM_EQUAL(tunnel.version, 2);
	CLAIM(addr_equal(&tunnel.local, &local));
	CLAIM(addr_equal(&tunnel.peer, &peer));
}

static void life(bool v6, bool safe_close)
{
	unsigned int fds = count_fds();
	struct call *calls;
	struct end end;

	start(16);
	__dataplane_set_safe_close(dp, safe_close);
	end_open(&end, v6, TUNNEL_ID);
	end_create(&end);
	claim_tunnel_is(&end);
	calls = calls_new(&end, 64);
	create_calls(calls, 64, &end);
	for (unsigned int i = 0; i < 64; i++) {
		CLAIM(dp_session_fd(calls[i].session) >= 0);
		CLAIM(fcntl(dp_session_fd(calls[i].session), F_GETFD) & FD_CLOEXEC);
		CLAIM(dp_session_channel(calls[i].session) >= 0);
		CLAIM(!i || dp_session_channel(calls[i].session) !=
				    dp_session_channel(calls[i - 1].session));
	}
	claim_kernel_has(1, 64);
	delete_calls(calls, 64);
	CLAIM_EQUAL(dp_session_fd(calls[0].session), -1);
	CLAIM_EQUAL(dp_session_channel(calls[0].session), -1);
	claim_kernel_has(1, 0);
	end_delete(&end);
	claim_kernel_has(0, 0);
	calls_free(calls, 64);
	end_close(&end);
	finish();
	CLAIM_EQUAL(count_fds(), fds);
}

static void case_ipv4(void)
{
	life(false, true);
}

static void case_ipv6(void)
{
	life(true, true);
}

/* 32-bit ids, and two more forms of the address of a pppox socket. */
static void case_version_3(void)
{
	struct l2tp_nl_session session;
	struct end end;
	struct call call;

	start(1);
	for (unsigned int v6 = 0; v6 < 2; v6++) {
		end_open(&end, v6, 0x12345678);
		end.params.version = 3;
		end_create(&end);
		call_init(&call, &end, 0x9abcdef0);
		create_call(&call, &end);
		CLAIM_EQUAL(l2tp_nl_session_get(nl, 0x12345678, 0x9abcdef0, &session), 0);
		CLAIM_EQUAL(session.peer_session_id, 0x9abcdef0 + 10000);
		claim_kernel_has(1, 1);
		delete_call(&call);
		end_delete(&end);
		claim_kernel_has(0, 0);
		dp_session_free(call.session);
		end_close(&end);
	}
	finish();
}

static void case_netlink_first(void)
{
	life(false, false);
}

static void case_taken(void)
{
	struct end end, other;
	struct call call, second;

	start(2);
	end_open(&end, false, TUNNEL_ID);
	end_create(&end);
	call_init(&call, &end, 1);
	create_call(&call, &end);

	end_open(&other, true, TUNNEL_ID);
	dp_tunnel_create(other.tunnel, &other.params, done);
	loop();
	claim_outcome(&other.outcome, 1, -EEXIST, "L2TP_CMD_TUNNEL_CREATE");
	call_init(&second, &end, 1);
	dp_session_create(second.session, &second.params, &end.params, done);
	loop();
	claim_outcome(&second.outcome, 1, -EEXIST, "L2TP_CMD_SESSION_CREATE");

	/* What they did not make is not theirs to delete. */
	delete_call(&second);
	end_delete(&other);
	claim_kernel_has(1, 1);
	/* Nor may a creation asked for twice unmake what the first made. */
	dp_session_create(call.session, &call.params, &end.params, done);
	loop();
	claim_outcome(&call.outcome, 1, -EEXIST, "L2TP_CMD_SESSION_CREATE");
	claim_kernel_has(1, 1);

	delete_call(&call);
	end_delete(&end);
	claim_kernel_has(0, 0);
	dp_session_free(call.session);
	dp_session_free(second.session);
	end_close(&end);
	end_close(&other);
	finish();
}

static void case_missing(void)
{
	struct l2tp_nl_session session;
	struct l2tp_nl_tunnel tunnel;
	struct call call;
	struct end end;

	start(2);
	end_open(&end, false, TUNNEL_ID);
	CLAIM_EQUAL(l2tp_nl_tunnel_get(nl, TUNNEL_ID, &tunnel), -ENOENT);
	CLAIM_EQUAL(l2tp_nl_tunnel_delete(nl, TUNNEL_ID), -ENOENT);
	call_init(&call, &end, 1);
	dp_session_create(call.session, &call.params, &end.params, done);
	loop();
	claim_outcome(&call.outcome, 1, -ENOENT, "L2TP_CMD_SESSION_CREATE");
	delete_call(&call);
	end_delete(&end);

	end_create(&end);
	CLAIM_EQUAL(l2tp_nl_session_get(nl, TUNNEL_ID, 1, &session), -ENOENT);
	CLAIM_EQUAL(l2tp_nl_session_delete(nl, TUNNEL_ID, 1), -ENOENT);
	CLAIM_EQUAL(l2tp_nl_session_modify(nl, &call.params), -ENOENT);
	dp_session_modify(call.session, &call.params, done);
	loop();
	claim_outcome(&call.outcome, 1, -ENOENT, "L2TP_CMD_SESSION_MODIFY");
	end_delete(&end);
	dp_session_free(call.session);
	end_close(&end);
	finish();
}

/* The second step fails: the first must be undone. */
static void case_unmade(void)
{
	unsigned int fds;
	struct l2tp_nl_tunnel params;
	struct call call;
	struct end end;

	start(1);
	end_open(&end, false, TUNNEL_ID);
	end_create(&end);
	call_init(&call, &end, 1);
	params = end.params;
	params.fd = -1;
	fds = count_fds();
	for (unsigned int safe_close = 0; safe_close < 2; safe_close++) {
		__dataplane_set_safe_close(dp, safe_close);
		dp_session_create(call.session, &call.params, &params, done);
		loop();
		claim_outcome(&call.outcome, 1, -EBADF, "connect(pppol2tp)");
		CLAIM_EQUAL(dp_session_fd(call.session), -1);
		claim_kernel_has(1, 0);
		CLAIM_EQUAL(count_fds(), fds);
	}
	create_call(&call, &end);
	delete_call(&call);
	end_delete(&end);
	dp_session_free(call.session);
	end_close(&end);
	finish();
}

static void case_twice(void)
{
	struct call call;
	struct end end;

	start(4);
	end_open(&end, true, TUNNEL_ID);
	end_delete(&end);
	end_create(&end);
	call_init(&call, &end, 1);
	delete_call(&call);
	create_call(&call, &end);
	delete_call(&call);
	delete_call(&call);
	create_call(&call, &end);
	claim_kernel_has(1, 1);

	/* A second request of the kind is refused at once; the first one is not disturbed. */
	dp_session_delete(call.session, done);
	dp_session_delete(call.session, done);
	claim_outcome(&call.outcome, 1, -EALREADY, NULL);
	loop();
	claim_outcome(&call.outcome, 1, 0, NULL);
	end_delete(&end);
	end_delete(&end);
	claim_kernel_has(0, 0);
	dp_session_free(call.session);
	end_close(&end);
	finish();
}

static void case_overtaken(void)
{
	unsigned int fds;
	struct call *calls;
	struct end end;

	start(8);
	end_open(&end, false, TUNNEL_ID);
	end_create(&end);
	calls = calls_new(&end, 32);
	create_calls(calls, 32, &end);
	delete_calls(calls, 32);
	fds = count_fds();

	for (unsigned int i = 0; i < 32; i++) {
		dp_session_create(calls[i].session, &calls[i].params, &end.params, done);
		dp_session_delete(calls[i].session, done);
	}
	loop();
	for (unsigned int i = 0; i < 32; i++) {
		CLAIM_EQUAL(dp_session_fd(calls[i].session), -1);
		claim_outcome(&calls[i].outcome, 2, 0, NULL);
	}
	claim_kernel_has(1, 0);
	CLAIM_EQUAL(count_fds(), fds);

	/* And of a tunnel, before the kernel has it. */
	end_delete(&end);
	dp_tunnel_create(end.tunnel, &end.params, done);
	dp_tunnel_delete(end.tunnel, done);
	loop();
	claim_outcome(&end.outcome, 2, 0, NULL);
	claim_kernel_has(0, 0);
	calls_free(calls, 32);
	end_close(&end);
	finish();
}

static void case_tunnel_first(void)
{
	unsigned int fds = count_fds();
	struct call *calls;
	struct end end;

	start(16);
	end_open(&end, false, TUNNEL_ID);
	end_create(&end);
	calls = calls_new(&end, 64);
	create_calls(calls, 64, &end);
	dp_tunnel_delete(end.tunnel, done);
	delete_calls(calls, 64);
	claim_outcome(&end.outcome, 1, 0, NULL);
	claim_kernel_has(0, 0);
	calls_free(calls, 64);
	end_close(&end);
	finish();
	CLAIM_EQUAL(count_fds(), fds);
}

/* As pppd does: the socket does not close, so closing ours deletes nothing. */
static void case_held(void)
{
	struct call calls[2];
	struct end end;
	int held[2];

	start(2);
	end_open(&end, false, TUNNEL_ID);
	end_create(&end);
	for (unsigned int i = 0; i < 2; i++) {
		__dataplane_set_safe_close(dp, i);
		call_init(&calls[i], &end, i + 1);
		create_call(&calls[i], &end);
		held[i] = dup(dp_session_fd(calls[i].session));
		CLAIM(held[i] != -1);
		claim_kernel_has(1, 1);
		delete_call(&calls[i]);
		claim_kernel_has(1, 0);
	}
	/* The id is free for another although the old socket is still there. */
	create_call(&calls[0], &end);
	close(held[0]);
	close(held[1]);
	claim_kernel_has(1, 1);
	delete_call(&calls[0]);
	end_delete(&end);
	dp_session_free(calls[0].session);
	dp_session_free(calls[1].session);
	end_close(&end);
	finish();
}

/* An administrator's `ip l2tp del`. */
static void case_foreign_delete(void)
{
	struct call calls[2];
	struct end end;

	start(2);
	end_open(&end, false, TUNNEL_ID);
	end_create(&end);
	call_init(&calls[0], &end, 1);
	call_init(&calls[1], &end, 2);
	create_call(&calls[0], &end);
	create_call(&calls[1], &end);
	CLAIM_EQUAL(l2tp_nl_session_delete(nl, TUNNEL_ID, 1), 0);
	delete_call(&calls[0]);
	CLAIM_EQUAL(l2tp_nl_tunnel_delete(nl, TUNNEL_ID), 0);
	delete_call(&calls[1]);
	end_delete(&end);
	claim_kernel_has(0, 0);
	dp_session_free(calls[0].session);
	dp_session_free(calls[1].session);
	end_close(&end);
	finish();
}

static void case_modify(void)
{
	struct l2tp_nl_session session;
	struct call call;
	struct end end;

	start(1);
	end_open(&end, true, TUNNEL_ID);
	end_create(&end);
	call_init(&call, &end, 1);
	call.params.lns_mode = true;
	call.params.reorder_timeout = 100;
	create_call(&call, &end);
	CLAIM_EQUAL(l2tp_nl_session_get(nl, TUNNEL_ID, 1, &session), 0);
	CLAIM_EQUAL(session.tunnel_id, TUNNEL_ID);
	CLAIM_EQUAL(session.session_id, 1);
	CLAIM_EQUAL(session.peer_session_id, 10001);
	CLAIM(session.lns_mode && !session.send_seq && !session.recv_seq);
	CLAIM_EQUAL(session.reorder_timeout, 100);

	session.send_seq = true;
	session.recv_seq = true;
	session.reorder_timeout = 0;
	CLAIM_EQUAL(l2tp_nl_session_modify(nl, &session), 0);
	CLAIM_EQUAL(l2tp_nl_session_get(nl, TUNNEL_ID, 1, &session), 0);
	CLAIM(session.lns_mode && session.send_seq && session.recv_seq);
	CLAIM_EQUAL(session.reorder_timeout, 0);

	/* The kernel counts in ticks: 40 ms are whole ones at 100, 250 and 1000 Hz. */
	call.params.reorder_timeout = 40;
	dp_session_modify(call.session, &call.params, done);
	loop();
	claim_outcome(&call.outcome, 1, 0, NULL);
	CLAIM_EQUAL(l2tp_nl_session_get(nl, TUNNEL_ID, 1, &session), 0);
	CLAIM(session.lns_mode && !session.send_seq && !session.recv_seq);
	CLAIM_EQUAL(session.reorder_timeout, 40);
	delete_call(&call);
	end_delete(&end);
	dp_session_free(call.session);
	end_close(&end);
	finish();
}

static void print_line(void *ctx, const char *text)
{
	(void)ctx;
	fprintf(stderr, "%s\n", text);
}

static void case_probe(void)
{
	struct kernel_probe probe;

	kernel_probe(true, &probe);
	CLAIM_EQUAL(kernel_probe_missing(&probe, print_line, NULL), 0);
}

static double now_sec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void rate(unsigned int workers, unsigned int sessions, bool safe_close)
{
	struct call *calls;
	struct end end;
	double times[3];

	start(workers);
	__dataplane_set_safe_close(dp, safe_close);
	end_open(&end, false, TUNNEL_ID);
	end_create(&end);
	calls = calls_new(&end, sessions);
	times[0] = now_sec();
	create_calls(calls, sessions, &end);
	times[1] = now_sec();
	claim_kernel_has(1, sessions);
	delete_calls(calls, sessions);
	times[2] = now_sec();
	claim_kernel_has(1, 0);
	end_delete(&end);
	calls_free(calls, sessions);
	end_close(&end);
	finish();
	printf("workers %u, %s first: create %.0f/s, delete %.0f/s\n", workers,
	       safe_close ? "socket" : "netlink", sessions / (times[1] - times[0]),
	       sessions / (times[2] - times[1]));
	fflush(stdout);
}

static void rates(unsigned int sessions)
{
	static const unsigned int workers[] = {1, 16, 64};
	struct rlimit limit;

	CLAIM_EQUAL(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = limit.rlim_max;
	CLAIM_EQUAL(setrlimit(RLIMIT_NOFILE, &limit), 0);
	CLAIM(limit.rlim_cur > sessions + 100);
	for (size_t i = 0; i < sizeof(workers) / sizeof(workers[0]); i++)
		rate(workers[i], sessions, true);
	rate(64, sessions, false);
}

static const struct {
	const char *name;
	void (*run)(void);
	const char *text;
} cases[] = {
	{"probe", case_probe, "the probe finds all that is needed"},
	{"ipv4", case_ipv4, "sessions over IPv4 come and go"},
	{"ipv6", case_ipv6, "sessions over IPv6 come and go"},
	{"version-3", case_version_3, "sessions of L2TPv3 carry PPP too"},
	{"netlink-first", case_netlink_first, "the same where the socket must be closed last"},
	{"taken", case_taken, "ids that are taken are told and left alone"},
	{"missing", case_missing, "what does not exist is told"},
	{"unmade", case_unmade, "a creation that fails leaves nothing"},
	{"twice", case_twice, "deleting twice is no error"},
	{"overtaken", case_overtaken, "a deletion may follow a creation that still runs"},
	{"tunnel-first", case_tunnel_first, "a tunnel may be deleted before its sessions"},
	{"held", case_held, "a session goes although somebody holds its socket"},
	{"foreign-delete", case_foreign_delete, "what somebody else deleted is no error"},
	{"modify", case_modify, "parameters are those that were asked for, and can be changed"},
	{"frames", case_frames, "frames are held for who attaches, and counted"},
	{"bridge", case_bridge, "two sessions are bridged in the kernel"},
	{"made-bridged", case_made_bridged, "a session is bridged to another as it is made"},
	{"bridge-fails", case_bridge_fails, "one that cannot be bridged is not made"},
	{"replay", case_replay, "frames that came before the bridge go through it"},
};

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "rates") == 0 && atoi(argv[2]) > 0) {
		rates((unsigned int)atoi(argv[2]));
		return 0;
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (argc == 1)
			printf("%s %s\n", cases[i].name, cases[i].text);
		if (argc == 2 && strcmp(argv[1], cases[i].name) == 0) {
			cases[i].run();
			return 0;
		}
	}
	return argc == 1 ? 0 : 2;
}
