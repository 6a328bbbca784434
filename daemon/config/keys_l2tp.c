/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys of the daemon as a whole, of where it listens, and of peers.
 */
#include <net/if.h>
#include <sys/un.h>

#include "config/keys.h"

static const struct config_choice pppd_choices[] = {
	{CONFIG_PPPD_NONE},
	{NULL},
};

static const struct config_choice challenge_choices[] = {
	{"require", CHALLENGE_REQUIRE},
	{"offer", CHALLENGE_OFFER},
	{"answer", CHALLENGE_ANSWER},
	{"never", CHALLENGE_NEVER},
	{NULL},
};

static const struct config_choice hide_choices[] = {
	{"never", HIDE_NEVER},
	{"sensitive", HIDE_SENSITIVE},
	{"always", HIDE_ALWAYS},
	{NULL},
};

static const struct config_choice change_choices[] = {
	{"accept", CHANGE_ACCEPT},
	{"ignore", CHANGE_IGNORE},
	{"reject", CHANGE_REJECT},
	{NULL},
};

static const struct config_choice call_choices[] = {
	{"ppp", CALL_PPP},
	{"switch", CALL_SWITCH},
	{"reject", CALL_REJECT},
	{NULL},
};

const struct config_choice config_admin_choices[] = {
	{"enabled", ADMIN_ENABLED},
	{"drain", ADMIN_DRAIN},
	{"disabled", ADMIN_DISABLED},
	{NULL},
};

/* Of a peer; outside of sections it is what every peer starts from. */
#define ALL (IN(GLOBAL) | PEERS)

/* clang-format off */
static const struct config_key keys_l2tp_rows[] = {
	/* Global. */
	{ .name = "control", .sections = IN(GLOBAL), .target = SECTION_GLOBAL, .type = TYPE_PATH,
	  .max = sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1,
	  .standard = "/run/adit/control", MEMBER(config, control_path),
	  .help = "The socket through which adit(8) talks to the daemon." },
	{ .name = "state", .sections = IN(GLOBAL), .target = SECTION_GLOBAL, .type = TYPE_PATH,
	  .max = 255, .standard = "/run/adit", MEMBER(config, state_path),
	  .help = "The folder for what the daemon has to know again after a crash." },
	{ .name = "pppd", .sections = IN(GLOBAL), .target = SECTION_GLOBAL, .type = TYPE_PATH,
	  .max = 255, .standard = "/usr/sbin/pppd", .choices = pppd_choices,
	  MEMBER(config, pppd_path),
	  .help = "The pppd to start, one for each call. none starts nothing: sessions have their "
		  "channel in the kernel, and PPP is up to somebody else." },
	{ .name = "workers", .sections = IN(GLOBAL), .target = SECTION_GLOBAL, .type = TYPE_NUMBER,
	  .min = 1, .max = 256, .standard = "64", MEMBER(config, workers),
	  .help = "How many commands may be waiting in the kernel at once. The kernel takes some "
		  "16 ms for many of them; the waits of different sessions overlap." },
	{ .name = "max_pppd_starting", .sections = IN(GLOBAL), .target = SECTION_GLOBAL,
	  .type = TYPE_NUMBER, .min = 1, .max = 1024, .standard = "32",
	  MEMBER(config, max_pppd_starting),
	  .help = "How many pppd may be between start and LCP at once; more calls wait." },
	{ .name = "max_tunnels", .sections = IN(GLOBAL), .target = SECTION_GLOBAL,
	  .type = TYPE_NUMBER, .min = 1, .max = UINT16_MAX, .standard = "16384",
	  MEMBER(config, limits.max_tunnels),
	  .help = "Most tunnels in all." },
	{ .name = "max_sessions", .sections = IN(GLOBAL), .target = SECTION_GLOBAL,
	  .type = TYPE_NUMBER, .min = 1, .max = 1 << 24, .standard = "262144",
	  MEMBER(config, limits.max_sessions),
	  .help = "Most sessions in all." },
	{ .name = "max_half_open", .sections = IN(GLOBAL), .target = SECTION_GLOBAL,
	  .type = TYPE_NUMBER, .min = 1, .max = UINT16_MAX, .standard = "1024",
	  MEMBER(config, limits.max_half_open),
	  .help = "Most tunnels of peers that have not authenticated yet; one more takes the "
		  "place of the oldest." },
	{ .name = "max_half_open_per_source", .sections = IN(GLOBAL), .target = SECTION_GLOBAL,
	  .type = TYPE_NUMBER, .max = UINT16_MAX, .standard = "256",
	  MEMBER(config, limits.max_half_open_per_source),
	  .help = "Most of them from one source address; of IPv6, from one /64; one more takes the place "
		  "of its oldest. 0 is no limit." },
	{ .name = "max_sccrq_rate", .sections = IN(GLOBAL), .target = SECTION_GLOBAL,
	  .type = TYPE_NUMBER, .max = 1000000, .standard = "1000",
	  MEMBER(config, limits.max_sccrq_rate),
	  .help = "How many requests for a tunnel (SCCRQ) one source address, or one /64 of IPv6, "
		  "may send a second; more are dropped without an answer. 0 is no limit." },
	{ .name = "max_ended", .sections = IN(GLOBAL), .target = SECTION_GLOBAL,
	  .type = TYPE_NUMBER, .max = 1 << 20, .standard = "1024",
	  MEMBER(config, limits.max_ended),
	  .help = "Most ended tunnels and sessions that are kept for destruct_timeout; then the "
		  "oldest are forgotten. One takes about 600 octets." },
	{ .name = "admin_state", .sections = IN(GLOBAL), .target = SECTION_GLOBAL,
	  .type = TYPE_CHOICE, .standard = "enabled", .choices = config_admin_choices,
	  MEMBER(config, admin),
	  .help = "What the administrator wants of the whole. drain: no new tunnels and no new "
		  "calls; calls that live go on. disabled: no tunnels at all." },
	{ .name = "include", .sections = IN(GLOBAL), .target = SECTION_GLOBAL, .type = TYPE_FILE,
	  .flags = KEY_LIST, .standard_words = "nothing",
	  .help = "More files to read, which may be patterns such as \"conf.d/*.conf\"; they start "
		  "at the folder of the file they are named in. Each is read once." },

	/* listen */
	{ .name = "address", .sections = IN(LISTEN), .target = SECTION_LISTEN,
	  .type = TYPE_ADDRESS, .standard = "0.0.0.0", MEMBER(config_listen, addr),
	  .help = "The address of ours to listen on; 0.0.0.0 is any of IPv4, :: any of IPv6." },
	{ .name = "port", .sections = IN(LISTEN), .target = SECTION_LISTEN, .type = TYPE_NUMBER,
	  .min = 1, .max = UINT16_MAX, .standard = "1701", MEMBER(config_listen, addr.port),
	  .help = "The UDP port." },
	{ .name = "device", .sections = IN(LISTEN), .target = SECTION_LISTEN, .type = TYPE_TEXT,
	  .min = 1, .max = IFNAMSIZ - 1, .standard_words = "any",
	  MEMBER(config_listen, device),
	  .help = "Only on this interface, or inside this VRF." },
	{ .name = "dscp", .sections = IN(LISTEN), .target = SECTION_LISTEN, .type = TYPE_NUMBER,
	  .max = 63, .standard = "0", MEMBER(config_listen, dscp),
	  .help = "The DSCP of control packets that answer from here without a tunnel." },

	/* peer, and what a tunnel shares with it */
	{ .name = "address", .sections = IN(PEER), .target = SECTION_PEER, .type = TYPE_PREFIX,
	  .flags = KEY_LIST, .standard_words = "any address", .set = peer_set_address,
	  .help = "Where the peer calls from." },
	{ .name = "host_name", .sections = IN(PEER) | IN(DESTINATION), .target = SECTION_PEER, .type = TYPE_TEXT,
	  .min = 1, .max = NAME_LEN, .standard_words = "any name", MEMBER(peer, host_name),
	  .help = "The Host Name that the peer has to give (RFC 2661 section 4.4.3)." },
	{ .name = "local_name", .sections = PEERS, .target = SECTION_PEER, .type = TYPE_TEXT,
	  .min = 1, .max = NAME_LEN, .standard_words = "the name of the system",
	  MEMBER(peer, local_name),
	  .help = "The Host Name that we give." },
	{ .name = "secret", .sections = PEERS, .target = SECTION_PEER, .type = TYPE_TEXT,
	  .flags = KEY_SECRET, .min = 1, .max = 255, .standard_words = "none",
	  MEMBER(peer, secret),
	  .help = "The secret shared with the peer: tunnels are authenticated and AVPs hidden with "
		  "it. Write it in single quotes, in which a backslash and ${ are just text." },
	{ .name = "secret_file", .sections = PEERS, .target = SECTION_PEER, .type = TYPE_FILE,
	  .max = 255, .standard_words = "none", .set = peer_set_secret_file,
	  .help = "A file whose first line is the secret. It starts at the folder of the file it is "
		  "named in, and must not be readable by others." },
	{ .name = "challenge", .sections = PEERS, .target = SECTION_PEER, .type = TYPE_CHOICE,
	  .standard_words = "require with a secret, never without one",
	  .choices = challenge_choices, MEMBER(peer, challenge),
	  .help = "Whether tunnels are authenticated. require: the peer is challenged, and the "
		  "tunnel ends if it does not answer rightly. offer: the same, but who does not "
		  "answer at all is let in. answer: the peer's challenge is answered, none is "
		  "sent. never: neither; a challenge of the peer's is refused." },
	{ .name = "hide", .sections = PEERS, .target = SECTION_PEER, .type = TYPE_CHOICE,
	  .standard = "never", .choices = hide_choices, MEMBER(peer, hide),
	  .help = "Which AVPs are hidden from others on the way. sensitive: numbers, names and what "
		  "PPP authentication said. always: whatever may be hidden." },
	{ .name = "address_change", .sections = ALL, .target = SECTION_PEER, .type = TYPE_CHOICE,
	  .standard = "accept", .choices = change_choices, MEMBER(peer, address_change),
	  .help = "What it means when a tunnel that we open is answered from another address than "
		  "was asked. accept: the tunnel goes on with that one, once and before it is up; "
		  "a peer that is challenged has to have answered rightly. ignore: the answer "
		  "counts, and the tunnel goes on with the address that was asked. reject: it is "
		  "no answer." },
	{ .name = "port_change", .sections = ALL, .target = SECTION_PEER, .type = TYPE_CHOICE,
	  .standard = "accept", .choices = change_choices, MEMBER(peer, port_change),
	  .help = "The same for its UDP port, which RFC 2661 section 8.1 lets the peer choose." },
	{ .name = "calls", .sections = IN(PEER), .target = SECTION_PEER, .type = TYPE_CHOICE,
	  .standard_words = "ppp for a peer with a ppp key, else reject",
	  .choices = call_choices, MEMBER(peer, calls),
	  .help = "What becomes of the peer's calls. ppp: they end here, at a pppd; we are LNS. "
		  "switch: they leave in another tunnel, as the domain sections say; we are LTS." },
	{ .name = "domain", .sections = IN(PEER), .target = SECTION_PEER, .type = TYPE_NAME,
	  .names = SECTION_DOMAIN, .standard_words = "calls that no domain section fits are refused",
	  MEMBER(peer, domain),
	  .help = "The domain section for calls to be switched that no other fits." },
	{ .name = "ppp", .sections = IN(PEER), .target = SECTION_PEER, .type = TYPE_NAME,
	  .names = SECTION_PPP, .standard_words = "pppd with no options but ours",
	  MEMBER(peer, ppp),
	  .help = "How pppd runs the peer's calls. An outgoing call that it asks us for is answered "
		  "by this, as PPP client, and refused without it." },
	{ .name = "max_tunnels", .sections = IN(PEER), .target = SECTION_PEER, .type = TYPE_NUMBER,
	  .max = UINT16_MAX, .standard = "0", MEMBER(peer, max_tunnels),
	  .help = "Most tunnels with the peer; 0 is no limit." },
	{ .name = "max_sessions", .sections = IN(PEER), .target = SECTION_PEER,
	  .type = TYPE_NUMBER, .max = 1 << 24, .standard = "0", MEMBER(peer, max_sessions),
	  .help = "Most sessions with the peer, in all its tunnels; 0 is no limit." },
	{ .name = "max_sessions_per_tunnel", .sections = ALL, .target = SECTION_PEER,
	  .type = TYPE_NUMBER, .max = UINT16_MAX, .standard = "0",
	  MEMBER(peer, max_sessions_per_tunnel),
	  .help = "Most sessions in one tunnel; 0 is no limit." },
	{ .name = "sequencing", .sections = PEERS, .target = SECTION_PEER, .type = TYPE_YES_NO,
	  .standard = "no", MEMBER(peer, sequencing),
	  .help = "Number the data packets (RFC 2661 section 5.4): a LAC asks for it, an LNS does "
		  "it." },
	{ .name = "reorder_timeout", .sections = ALL, .target = SECTION_PEER,
	  .type = TYPE_MILLISECONDS, .max = SECONDS(10), .standard = "0",
	  MEMBER(peer, reorder_timeout),
	  .help = "How long the kernel keeps a numbered data packet that came too early." },
	{ .name = "hello_interval", .sections = ALL, .target = SECTION_PEER, .type = TYPE_TIME,
	  .max = SECONDS(3600), .standard = "60s", MEMBER(peer, transport.hello_interval),
	  .help = "A peer that was silent for so long is asked whether it lives; 0 asks never." },
	{ .name = "hello_jitter", .sections = ALL, .target = SECTION_PEER, .type = TYPE_NUMBER,
	  .max = 90, .standard = "10", MEMBER(peer, transport.hello_jitter),
	  .help = "Up to so many percent are taken off each hello_interval, by chance, so that "
		  "tunnels that came up together do not ask together." },
	{ .name = "retry_first", .sections = ALL, .target = SECTION_PEER, .type = TYPE_TIME,
	  .min = MSECS(100), .max = SECONDS(60), .standard = "1s",
	  MEMBER(peer, transport.retry_first),
	  .help = "How long a control message waits for its acknowledgement before it is sent "
		  "again; the time doubles from one to the next." },
	{ .name = "retry_cap", .sections = ALL, .target = SECTION_PEER, .type = TYPE_TIME,
	  .min = MSECS(100), .max = SECONDS(60), .standard = "8s",
	  MEMBER(peer, transport.retry_cap),
	  .help = "No wait is longer than this." },
	{ .name = "retries", .sections = ALL, .target = SECTION_PEER, .type = TYPE_NUMBER,
	  .min = 1, .max = 30, .standard = "5", MEMBER(peer, transport.retries),
	  .help = "After so many more tries the peer of a tunnel that was up is taken for dead. RFC "
		  "2661 section 5.8 asks for 5 at least." },
	{ .name = "setup_retries", .sections = ALL, .target = SECTION_PEER, .type = TYPE_NUMBER,
	  .max = 30, .standard = "0", MEMBER(peer, transport.setup_retries),
	  .help = "The same while a tunnel is being set up, where fewer find out sooner that nobody "
		  "is there; 0 is as many as retries." },
	{ .name = "window", .sections = ALL, .target = SECTION_PEER, .type = TYPE_NUMBER,
	  .min = 1, .max = TRANSPORT_WINDOW_MAX, .standard = "32", MEMBER(peer, transport.window),
	  .help = "The Receive Window Size we advertise: control messages that the peer may send "
		  "before it hears from us." },
	{ .name = "tunnel_setup_timeout", .sections = ALL, .target = SECTION_PEER,
	  .type = TYPE_TIME, .min = SECONDS(1), .max = SECONDS(600), .standard = "60s",
	  MEMBER(peer, tunnel_setup_timeout),
	  .help = "A tunnel that is not up by then is given up." },
	{ .name = "session_setup_timeout", .sections = ALL, .target = SECTION_PEER,
	  .type = TYPE_TIME, .min = SECONDS(1), .max = SECONDS(600), .standard = "60s",
	  MEMBER(peer, session_setup_timeout),
	  .help = "The same for a session." },
	{ .name = "idle_timeout", .sections = IN(GLOBAL) | IN(PEER), .target = SECTION_PEER, .type = TYPE_TIME,
	  .max = SECONDS(86400), .standard = "60s", MEMBER(peer, idle_timeout),
	  .help = "A tunnel that the peer opened is closed when it had no session for so long; 0 "
		  "keeps it." },
	{ .name = "destruct_timeout", .sections = ALL, .target = SECTION_PEER, .type = TYPE_TIME,
	  .max = SECONDS(86400), .standard = "0", MEMBER(peer, destruct_timeout),
	  .help = "How long adit show still tells of a tunnel or session that ended, and why; 0 is "
		  "not at all. It keeps no id, no name and no place from others." },
	{ .name = "admin_state", .sections = IN(PEER), .target = SECTION_PEER,
	  .type = TYPE_CHOICE, .standard = "enabled", .choices = config_admin_choices,
	  MEMBER(peer, admin_configured),
	  .help = "The same for tunnels and calls with this peer." },
	{ .name = "mark", .sections = PEERS, .target = SECTION_PEER, .type = TYPE_NUMBER,
	  .flags = KEY_HEX, .max = UINT32_LIMIT, .standard = "0", MEMBER(peer, mark),
	  .help = "The mark of the packets of its tunnels, for the firewall and policy routing." },
	{ .name = "dscp", .sections = PEERS, .target = SECTION_PEER, .type = TYPE_NUMBER,
	  .max = 63, .standard = "0", MEMBER(peer, dscp),
	  .help = "The DSCP of the control packets of its tunnels; data packets go without one." },
};
/* clang-format on */

TABLE(keys_l2tp);
