/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adit.so, aditd's plugin for pppd 2.4: tells the daemon what the link does, and ends with it.
 *
 * The option `adit-status-fd N` names a socket to the daemon and wakes the plugin up; without it
 * the plugin does nothing. Then
 *
 *  - every change of the link's state goes to the daemon as one status message (status.h): LCP
 *    open and what it agreed on, who authenticated, interface and addresses when IPCP or IPv6CP
 * come up, and once more at the end;
 *  - pppd gets SIGHUP when the daemon dies, for then the tunnel has gone from the kernel;
 *  - SIGHUP, which says that the link is gone, ends pppd at once, where it would otherwise send
 *    Terminate-Requests for six seconds to a peer who cannot hear them. SIGTERM still closes the
 *    link properly;
 *  - the scripts of pppd (ip-up and so on) find what is known of the call in their environment:
 *    the variables ADIT_* of the daemon (pppd_args.c), which aditd(8) lists.
 */
#include <net/ppp_defs.h>

#include <pppd/pppd.h>

#include <pppd/eui64.h>
#include <pppd/fsm.h>
#include <pppd/ipcp.h>
#include <pppd/ipv6cp.h>
#include <pppd/lcp.h>

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "ppp/status.h"

/* pppd looks for these two. */
extern char pppd_version[];
void plugin_init(void);

char pppd_version[] = VERSION;

static int status_fd = -1;
static struct ppp_status current = {.version = PPP_STATUS_VERSION};
static volatile sig_atomic_t hangup_received;
static void (*next_snoop_recv)(unsigned char *packet, int len);

/* Returns 0 or -errno. A message lost to a full socket is no harm: the next says it again. */
static int tell(void)
{
	if (send(status_fd, &current, sizeof(current), MSG_DONTWAIT | MSG_NOSIGNAL) == -1)
		return errno == EAGAIN ? 0 : -errno;
	return 0;
}

static void note_interface(void)
{
	strlcpy(current.ifname, ifname, sizeof(current.ifname));
	current.ifindex = if_nametoindex(ifname);
}

/* As pppd itself sets its asynchronous devices up. */
static void note_accm(void)
{
	const lcp_options *got = &lcp_gotoptions[0], *his = &lcp_hisoptions[0];

	current.send_accm = his->neg_asyncmap ? his->asyncmap : UINT32_MAX;
	current.receive_accm = got->neg_asyncmap ? got->asyncmap : UINT32_MAX;
}

static void note_user(void)
{
	if (peer_authname[0])
		strlcpy(current.user, peer_authname, sizeof(current.user));
	else if (auth_done[0] & (PAP_WITHPEER | CHAP_WITHPEER | EAP_WITHPEER))
		strlcpy(current.user, user, sizeof(current.user));
}

/* The layout of an LCP packet in pppd's buffer: address, control, protocol, code, ... */
static void on_packet(unsigned char *packet, int len)
{
	if (len > PPP_HDRLEN && PPP_PROTOCOL(packet) == PPP_LCP) {
		current.facts |= PPP_LCP_SEEN;
		if (packet[PPP_HDRLEN] == TERMREQ)
			current.facts |= PPP_PEER_CLOSED;
	}
	if (next_snoop_recv)
		next_snoop_recv(packet, len);
}

/*
 * lcp_close() announces the phase and then closes. With no Terminate-Request to repeat it is done
 * at once. When an earlier, graceful close is still waiting for the peer's Terminate-Ack, we give
 * it one in the peer's name.
 */
static void skip_goodbye(void)
{
	fsm *lcp = &lcp_fsm[0];
	u_char ack[] = {TERMACK, lcp->reqid, 0, HEADERLEN};

	lcp->maxtermtransmits = 0;
	if (lcp->state == CLOSING || lcp->state == STOPPING)
		fsm_input(lcp, ack, sizeof(ack));
}

static void on_phase(void *ctx, int new)
{
	(void)ctx;
	if (new == PHASE_SERIALCONN && tell())
		/* It died before we had asked to be told of that. */
		fatal("aditd is gone");
	if (new == PHASE_AUTHENTICATE) {
		current.facts |= PPP_LCP_OPEN;
		note_accm();
		note_interface();
		tell();
	}
	if (new == PHASE_TERMINATE && hangup_received)
		skip_goodbye();
	if (new == PHASE_DISCONNECT) {
		current.exit_status = status;
		current.facts |= PPP_ENDED;
	}
}

/* In a signal handler. */
static void on_signal(void *ctx, int number)
{
	(void)ctx;
	if (number == SIGHUP)
		hangup_received = 1;
}

static void on_auth(void *ctx, int unit)
{
	(void)ctx;
	(void)unit;
	current.facts |= PPP_AUTHENTICATED;
	note_user();
	tell();
}

static void on_ip_up(void *ctx, int unit)
{
	(void)ctx;
	(void)unit;
	memcpy(current.local4, &ipcp_gotoptions[0].ouraddr, sizeof(current.local4));
	memcpy(current.remote4, &ipcp_hisoptions[0].hisaddr, sizeof(current.remote4));
	current.facts |= PPP_IPV4_UP;
	/* The ip-pre-up script may have renamed it. */
	note_interface();
	tell();
}

static void on_ip_down(void *ctx, int unit)
{
	(void)ctx;
	(void)unit;
	current.facts &= ~PPP_IPV4_UP;
	tell();
}

static void set_link_local(uint8_t ip[static 16], const eui64_t *id)
{
	memset(ip, 0, 16);
	ip[0] = 0xfe;
	ip[1] = 0x80;
	memcpy(ip + 8, id, sizeof(*id));
}

static void on_ipv6_up(void *ctx, int unit)
{
	(void)ctx;
	(void)unit;
	set_link_local(current.local6, &ipv6cp_gotoptions[0].ourid);
	set_link_local(current.remote6, &ipv6cp_hisoptions[0].hisid);
	current.facts |= PPP_IPV6_UP;
	note_interface();
	tell();
}

static void on_ipv6_down(void *ctx, int unit)
{
	(void)ctx;
	(void)unit;
	current.facts &= ~PPP_IPV6_UP;
	tell();
}

static void on_exit_notify(void *ctx, int result)
{
	(void)ctx;
	(void)result;
	tell();
}

static void export_variables(void)
{
	char name[64];

	for (char **entry = environ; *entry; entry++) {
		size_t len = strcspn(*entry, "=");

		if (strncmp(*entry, PPP_VARIABLE_PREFIX, strlen(PPP_VARIABLE_PREFIX)) != 0 ||
		    len >= sizeof(name) || !(*entry)[len])
			continue;
		memcpy(name, *entry, len);
		name[len] = '\0';
		script_setenv(name, *entry + len + 1, 0);
	}
}

static void connect_hooks(void)
{
	add_notifier(&phasechange, on_phase, NULL);
	add_notifier(&sigreceived, on_signal, NULL);
	add_notifier(&auth_up_notifier, on_auth, NULL);
	add_notifier(&ip_up_notifier, on_ip_up, NULL);
	add_notifier(&ip_down_notifier, on_ip_down, NULL);
	add_notifier(&ipv6_up_notifier, on_ipv6_up, NULL);
	add_notifier(&ipv6_down_notifier, on_ipv6_down, NULL);
	add_notifier(&exitnotify, on_exit_notify, NULL);
	next_snoop_recv = snoop_recv_hook;
	snoop_recv_hook = on_packet;
}

/* The option's parser. Returns 1 when it is good, else 0 with pppd told why. */
static int set_status_fd(char **argv)
{
	int fd, type;
	socklen_t len = sizeof(type);

	if (status_fd >= 0) {
		option_error(PPP_STATUS_OPTION " is given twice");
		return 0;
	}
	if (!int_option(*argv, &fd))
		return 0;
	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == -1 || type != SOCK_SEQPACKET) {
		option_error(PPP_STATUS_OPTION " %d is no socket of aditd", fd);
		return 0;
	}
	/* Scripts must not hold it. */
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) == -1 || prctl(PR_SET_PDEATHSIG, SIGHUP) == -1) {
		option_error(PPP_STATUS_OPTION ": %m");
		return 0;
	}
	status_fd = fd;
	export_variables();
	connect_hooks();
	return 1;
}

static option_t options[] = {
	{PPP_STATUS_OPTION, o_special, (void *)set_status_fd, "Status socket of aditd",
	 OPT_PRIV | OPT_NOPRINT},
	{NULL},
};

void plugin_init(void)
{
	add_options(options);
}
