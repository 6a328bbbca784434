/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two real pppds against each other: joins two kernel L2TPv2 sessions over loopback by hand, as the
 * control plane would, and starts a pppd on each through the launcher. Prints one line an event:
 * "<milliseconds> <lns|client> <event>". Used by 20-pppd.sh.
 *
 * usage: pppd_pair ADIT.SO ACTION [LNS WORD...] -- [CLIENT WORD...]
 *
 * ACTION is what happens a moment after both are up: `none`, or letters, a second apart:
 * g stops the LNS gracefully, h by hang-up, x takes the client away without a word.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <ev.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netlink/l2tp.h"
#include "netlink/pppox.h"
#include "ppp/pppd.h"

#define PPPD "/usr/sbin/pppd"

struct end {
	const char *name;
	struct l2tp_nl_tunnel tunnel;
	struct l2tp_nl_session session;
	struct ppp_profile *profile;
	struct pppd *pppd;
	int pppox_fd;
	bool up;
};

static struct ev_loop *loop;
static struct pppd_launcher *launcher;
static struct end lns = {.name = "lns"}, client = {.name = "client"};
static const char *action;
static ev_timer action_timer;
static double started;

static void __attribute__((noreturn)) die(const char *what, int err)
{
	fprintf(stderr, "pppd_pair: %s: %s\n", what, strerror(-err));
	exit(1);
}

static void print_event(const struct end *end, const char *event, const char *text)
{
	printf("%.0f %s %s%s%s\n", (ev_time() - started) * 1000, end->name, event, text ? " " : "",
	       text ? text : "");
	fflush(stdout);
}

/* What a LAC's machine looks like that lost its power. */
static void take_client_away(void)
{
	kill(pppd_pid(client.pppd), SIGKILL);
	close(client.pppox_fd);
}

static void on_action(struct ev_loop *l, ev_timer *timer, int revents)
{
	(void)revents;
	switch (*action++) {
	case 'g':
		print_event(&lns, "stop graceful", NULL);
		pppd_stop(lns.pppd, PPP_STOP_GRACEFUL);
		break;
	case 'h':
		print_event(&lns, "stop hangup", NULL);
		pppd_stop(lns.pppd, PPP_STOP_HANGUP);
		break;
	case 'x':
		take_client_away();
		break;
	default:
		break;
	}
	if (!*action)
		ev_timer_stop(l, timer);
}

static void on_lcp_open(void *user)
{
	print_event(user, "lcp-open", NULL);
}

static void on_accm(void *user, const struct accm *accm)
{
	char text[64];

	snprintf(text, sizeof(text), "send=%08x receive=%08x", accm->send, accm->receive);
	print_event(user, "accm", text);
}

static void on_up(void *user, const struct pppd_link *link)
{
	char local[ADDR_TEXT_MAX], remote[ADDR_TEXT_MAX], text[300];
	struct end *end = user;

	snprintf(text, sizeof(text), "%s user=%s local=%s remote=%s", link->ifname, link->user,
		 addr_format(&link->local, local), addr_format(&link->remote, remote));
	print_event(end, "up", text);
	end->up = true;
	if (lns.up && client.up && strcmp(action, "none") != 0 && !ev_is_active(&action_timer))
		ev_timer_again(loop, &action_timer);
}

static void on_down(void *user, const struct reason *reason)
{
	char text[300];
	struct end *end = user;

	print_event(end, "down", reason_format(reason, false, text, sizeof(text)));
	end->pppd = NULL;
	if (!lns.pppd && !client.pppd)
		ev_break(loop, EVBREAK_ALL);
}

static void on_log(void *user, const char *line)
{
	print_event(user, "log", line);
}

static const struct pppd_ops ops = {
	.lcp_open = on_lcp_open,
	.accm = on_accm,
	.up = on_up,
	.down = on_down,
	.log = on_log,
};

static void open_sockets(void)
{
	struct sockaddr_in addr[2];
	int fd[2];

	for (int i = 0; i < 2; i++) {
		socklen_t len = sizeof(addr[i]);

		addr[i] = (struct sockaddr_in){.sin_family = AF_INET,
					       .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
		fd[i] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (fd[i] == -1 || bind(fd[i], (struct sockaddr *)&addr[i], len) == -1 ||
		    getsockname(fd[i], (struct sockaddr *)&addr[i], &len) == -1)
			die("socket", -errno);
	}
	for (int i = 0; i < 2; i++)
		if (connect(fd[i], (struct sockaddr *)&addr[!i], sizeof(addr[i])) == -1)
			die("connect", -errno);
	lns.tunnel.fd = fd[0];
	client.tunnel.fd = fd[1];
}

static void make_session(struct l2tp_nl *nl, struct end *end)
{
	int channel, rc;

	rc = l2tp_nl_tunnel_create(nl, &end->tunnel);
	if (rc)
		die("tunnel", rc);
	rc = l2tp_nl_session_create(nl, &end->session);
	if (rc)
		die("session", rc);
	rc = pppox_l2tp_socket(&end->pppox_fd);
	if (!rc)
		rc = pppox_l2tp_connect(end->pppox_fd, &end->tunnel, &end->session);
	if (!rc)
		rc = pppox_channel(end->pppox_fd, &channel);
	if (rc)
		die("pppox", rc);
}

static void make_sessions(void)
{
	struct l2tp_nl *nl;
	int rc = l2tp_nl_open(&nl);

	if (rc)
		die("netlink", rc);
	lns.tunnel.tunnel_id = client.tunnel.peer_tunnel_id = 11;
	client.tunnel.tunnel_id = lns.tunnel.peer_tunnel_id = 22;
	lns.session.tunnel_id = 11;
	client.session.tunnel_id = 22;
	lns.session.session_id = client.session.peer_session_id = 111;
	client.session.session_id = lns.session.peer_session_id = 222;
	lns.tunnel.version = client.tunnel.version = 2;
	lns.session.lns_mode = true;
	make_session(nl, &lns);
	make_session(nl, &client);
	l2tp_nl_close(nl);
}

static void start(struct end *end)
{
	struct pppd_params params = {
		.profile = end->profile,
		.pppox_fd = end->pppox_fd,
		.lns_mode = end == &lns,
		.tunnel_id = (uint16_t)end->tunnel.tunnel_id,
		.session_id = (uint16_t)end->session.session_id,
		.mtu = 1400,
		.called_number = "5550100",
		.calling_number = end == &lns ? "5550199" : "",
		.peer_name = "the \"other\" end",
	};
	int rc;

	addr_parse("127.0.0.1", &params.peer_addr);
	rc = pppd_start(launcher, &params, &ops, end, &end->pppd);
	if (rc)
		die("pppd_start", rc);
	if (end == &lns)
		/* The client's, for `x`, must be the last holder of its socket. */
		close(end->pppox_fd);
}

static char **take_words(struct end *end, char **word)
{
	end->profile = ppp_profile_new(end->name);
	while (*word && strcmp(*word, "--") != 0)
		if (ppp_profile_add(end->profile, *word++))
			die("profile", -ENOMEM);
	return *word ? word + 1 : word;
}

int main(int argc, char **argv)
{
	struct pppd_settings settings = {
		.path = PPPD,
		.pppol2tp = "pppol2tp.so",
		.max_starting = 2,
		.kill_after = 15 * USEC_PER_SEC,
	};

	if (argc < 3)
		return 2;
	settings.plugin = argv[1];
	action = argv[2];
	take_words(&client, take_words(&lns, argv + 3));
	loop = ev_default_loop(0);
	started = ev_time();
	ev_timer_init(&action_timer, on_action, 1., 1.);
	open_sockets();
	make_sessions();
	if (pppd_launcher_new(loop, &settings, &launcher))
		return 1;
	start(&lns);
	start(&client);
	ev_run(loop, 0);
	pppd_launcher_free(launcher);
	ppp_profile_unref(lns.profile);
	ppp_profile_unref(client.profile);
	return 0;
}
