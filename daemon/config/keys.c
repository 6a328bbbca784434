/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of keys. Rows stand in the order of the manual page, which is also the one in which
 * they take effect: the options of pppd that are given as such come last.
 */
#include <net/if.h>
#include <sys/un.h>

#include "config/build.h"

#define MEMBER(type, field) \
	.offset = offsetof(struct type, field), .size = sizeof(((struct type *)NULL)->field)

#define UINT32_LIMIT INT64_C(4294967295)
#define SECONDS(n) ((n)*USEC_PER_SEC)
#define MSECS(n) ((n)*USEC_PER_MSEC)
/* One less than what the engine keeps of a name. */
#define NAME_LEN (L2TP_NAME_MAX - 1)

const struct section_info config_sections[SECTION_MAX] = {
	[SECTION_GLOBAL] = {NULL, false, "The daemon as a whole"},
	[SECTION_LISTEN] = {"listen", false, "Where tunnels of others are accepted"},
	[SECTION_PPP] = {"ppp", true, "How pppd runs the PPP of a call"},
	[SECTION_PEER] = {"peer", true, "Who may call, and how tunnels with it are run"},
	[SECTION_TUNNEL] = {"tunnel", true, "A tunnel that is opened and kept open"},
	[SECTION_SESSION] = {"session", true, "A call that is placed, as LAC, and kept up"},
};

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
	{"reject", CALL_REJECT},
	{NULL},
};

static const struct config_choice admin_choices[] = {
	{"enabled", ADMIN_ENABLED},
	{"drain", ADMIN_DRAIN},
	{"disabled", ADMIN_DISABLED},
	{NULL},
};

/* Protocols that pppd has require- and refuse- options for. */
static const struct config_choice session_choices[] = {
	{"incoming", CONFIG_CALL_INCOMING},
	{"outgoing", CONFIG_CALL_OUTGOING},
	{NULL},
};

static const struct config_choice auth_choices[] = {
	{"pap"}, {"chap"}, {"mschap"}, {"mschap-v2"}, {"eap"}, {NULL},
};

#define BOTH (IN(PEER) | IN(TUNNEL))
/* Of a peer; outside of sections it is what every peer starts from. */
#define ALL (IN(GLOBAL) | BOTH)

/* clang-format off */
const struct config_key config_keys[] = {
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
	  .type = TYPE_CHOICE, .standard = "enabled", .choices = admin_choices,
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
	{ .name = "host_name", .sections = IN(PEER), .target = SECTION_PEER, .type = TYPE_TEXT,
	  .min = 1, .max = NAME_LEN, .standard_words = "any name", MEMBER(peer, host_name),
	  .help = "The Host Name that the peer has to give (RFC 2661 section 4.4.3)." },
	{ .name = "local_name", .sections = BOTH, .target = SECTION_PEER, .type = TYPE_TEXT,
	  .min = 1, .max = NAME_LEN, .standard_words = "the name of the system",
	  MEMBER(peer, local_name),
	  .help = "The Host Name that we give." },
	{ .name = "secret", .sections = BOTH, .target = SECTION_PEER, .type = TYPE_TEXT,
	  .flags = KEY_SECRET, .min = 1, .max = 255, .standard_words = "none",
	  MEMBER(peer, secret),
	  .help = "The secret shared with the peer: tunnels are authenticated and AVPs hidden with "
		  "it. Write it in single quotes, in which a backslash and ${ are just text." },
	{ .name = "secret_file", .sections = BOTH, .target = SECTION_PEER, .type = TYPE_FILE,
	  .max = 255, .standard_words = "none", .set = peer_set_secret_file,
	  .help = "A file whose first line is the secret. It starts at the folder of the file it is "
		  "named in, and must not be readable by others." },
	{ .name = "challenge", .sections = BOTH, .target = SECTION_PEER, .type = TYPE_CHOICE,
	  .standard_words = "require with a secret, never without one",
	  .choices = challenge_choices, MEMBER(peer, challenge),
	  .help = "Whether tunnels are authenticated. require: the peer is challenged, and the "
		  "tunnel ends if it does not answer rightly. offer: the same, but who does not "
		  "answer at all is let in. answer: the peer's challenge is answered, none is "
		  "sent. never: neither; a challenge of the peer's is refused." },
	{ .name = "hide", .sections = BOTH, .target = SECTION_PEER, .type = TYPE_CHOICE,
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
	  .help = "What becomes of the peer's calls. ppp: they end here, at a pppd; we are LNS." },
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
	{ .name = "sequencing", .sections = BOTH, .target = SECTION_PEER, .type = TYPE_YES_NO,
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
	  .type = TYPE_CHOICE, .standard = "enabled", .choices = admin_choices,
	  MEMBER(peer, admin_configured),
	  .help = "The same for tunnels and calls with this peer." },
	{ .name = "mark", .sections = BOTH, .target = SECTION_PEER, .type = TYPE_NUMBER,
	  .flags = KEY_HEX, .max = UINT32_LIMIT, .standard = "0", MEMBER(peer, mark),
	  .help = "The mark of the packets of its tunnels, for the firewall and policy routing." },
	{ .name = "dscp", .sections = BOTH, .target = SECTION_PEER, .type = TYPE_NUMBER,
	  .max = 63, .standard = "0", MEMBER(peer, dscp),
	  .help = "The DSCP of the control packets of its tunnels; data packets go without one." },

	/* ppp */
	{ .name = "local_address", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_IPV4,
	  .standard_words = "left to pppd", .set = ppp_set_address, .option = ":",
	  .help = "Our address inside the call." },
	{ .name = "remote_address", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_IPV4,
	  .standard_words = "left to pppd", .set = ppp_set_address, .option = ":",
	  .help = "The address that the other side gets." },
	{ .name = "mtu", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_NUMBER,
	  .min = 128, .max = 16384, .standard_words = "left to pppd", .option = "mtu",
	  .help = "The largest packet we send inside the call." },
	{ .name = "mru", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_NUMBER,
	  .min = 128, .max = 16384, .standard_words = "left to pppd", .option = "mru",
	  .help = "The largest packet we ask the other side to send." },
	{ .name = "user", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_TEXT,
	  .min = 1, .max = 255, .standard_words = "the name of the system", .option = "user",
	  .help = "Who we are when the other side authenticates us; the password is that of this "
		  "name in /etc/ppp/chap-secrets or pap-secrets." },
	{ .name = "password", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_REFUSED,
	  .flags = KEY_SECRET,
	  .help = "put it into /etc/ppp/chap-secrets: everybody on the system can read the command "
		  "line of pppd" },
	{ .name = "require", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_CHOICE,
	  .flags = KEY_LIST, .standard_words = "left to pppd", .choices = auth_choices,
	  .option = "require-",
	  .help = "The other side has to authenticate itself by one of these." },
	{ .name = "refuse", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_CHOICE,
	  .flags = KEY_LIST, .standard_words = "left to pppd", .choices = auth_choices,
	  .option = "refuse-",
	  .help = "We do not authenticate ourselves by any of these." },
	{ .name = "dns", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_IPV4,
	  .flags = KEY_LIST, .most = 2, .standard_words = "none", .option = "ms-dns",
	  .help = "Name servers that the other side is told." },
	{ .name = "default_route", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_YES_NO,
	  .standard_words = "left to pppd", .option = "defaultroute",
	  .help = "Whether the default route goes through the call." },
	{ .name = "options_file", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_FILE,
	  .max = 255, .standard_words = "none", .set = ppp_set_options_file,
	  .help = "An options file for pppd to read." },
	{ .name = "options", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_WORDS,
	  .flags = KEY_LIST | KEY_SECRET, .standard_words = "none", .set = ppp_set_options,
	  .help = "Options of pppd(8), each text split into words as a line of an options file. They "
		  "come after what the other keys say." },

	/* tunnel */
	{ .name = "remote", .sections = IN(TUNNEL), .target = SECTION_TUNNEL, .type = TYPE_HOST,
	  .flags = KEY_REQUIRED, .max = 253, MEMBER(config_tunnel, remote),
	  .help = "The LNS; a name is looked up at each attempt." },
	{ .name = "peer", .sections = IN(TUNNEL), .target = SECTION_TUNNEL, .type = TYPE_NAME,
	  .names = SECTION_PEER, .standard_words = "a peer with all defaults",
	  .help = "The peer section to start from; keys of the tunnel itself go over it." },
	{ .name = "local", .sections = IN(TUNNEL), .target = SECTION_TUNNEL, .type = TYPE_ADDRESS,
	  .standard_words = "left to routing", MEMBER(config_tunnel, local),
	  .help = "Our address." },
	{ .name = "source_port", .sections = IN(TUNNEL), .target = SECTION_TUNNEL,
	  .type = TYPE_NUMBER, .max = UINT16_MAX, .standard = "0",
	  MEMBER(config_tunnel, local.port),
	  .help = "Our UDP port; 0 is any free one. Some servers want 1701." },
	{ .name = "tunnel_id", .sections = IN(TUNNEL), .target = SECTION_TUNNEL,
	  .type = TYPE_NUMBER, .max = UINT16_MAX, .standard = "0",
	  MEMBER(config_tunnel, tunnel_id),
	  .help = "Our Tunnel ID; 0 is a random one, as it should be." },
	{ .name = "idle_timeout", .sections = IN(TUNNEL), .target = SECTION_TUNNEL,
	  .type = TYPE_TIME, .max = SECONDS(86400), .standard = "0",
	  MEMBER(config_tunnel, idle_timeout),
	  .help = "The tunnel is closed when it had no session for so long, and opened again when "
		  "a session section needs it, or by hand; 0 keeps it open." },

	{ .name = "admin_state", .sections = IN(TUNNEL), .target = SECTION_TUNNEL,
	  .type = TYPE_CHOICE, .standard = "enabled", .choices = admin_choices,
	  MEMBER(config_tunnel, admin),
	  .help = "The same for this tunnel and its calls. Neither drain nor disabled opens it." },

	/* session */
	{ .name = "tunnel", .sections = IN(SESSION), .target = SECTION_SESSION, .type = TYPE_NAME,
	  .names = SECTION_TUNNEL, .flags = KEY_REQUIRED, MEMBER(config_session, tunnel),
	  .help = "The tunnel that the call goes through." },
	{ .name = "ppp", .sections = IN(SESSION), .target = SECTION_SESSION, .type = TYPE_NAME,
	  .names = SECTION_PPP, .standard_words = "that of the tunnel's peer",
	  MEMBER(config_session, ppp),
	  .help = "How pppd runs the call." },
	{ .name = "type", .sections = IN(SESSION), .target = SECTION_SESSION, .type = TYPE_CHOICE,
	  .standard = "incoming", .choices = session_choices, MEMBER(config_session, type),
	  .help = "Whether we place the call, as LAC, or have the peer place it, as LNS: an "
		  "outgoing call needs a called_number, and the peer tells the speeds." },
	{ .name = "called_number", .sections = IN(SESSION), .target = SECTION_SESSION,
	  .type = TYPE_TEXT, .min = 1, .max = NAME_LEN, .standard_words = "none",
	  MEMBER(config_session, called_number),
	  .help = "What the call says it called (RFC 2661 section 4.4.4)." },
	{ .name = "calling_number", .sections = IN(SESSION), .target = SECTION_SESSION,
	  .type = TYPE_TEXT, .min = 1, .max = NAME_LEN, .standard_words = "none",
	  MEMBER(config_session, calling_number),
	  .help = "Where the call says it comes from." },
	{ .name = "tx_connect_speed", .sections = IN(SESSION), .target = SECTION_SESSION,
	  .type = TYPE_SPEED, .max = UINT32_LIMIT, .standard = "0",
	  MEMBER(config_session, tx_connect_speed),
	  .help = "The speed towards the subscriber; 0 says a sane one." },
	{ .name = "rx_connect_speed", .sections = IN(SESSION), .target = SECTION_SESSION,
	  .type = TYPE_SPEED, .max = UINT32_LIMIT, .standard = "0",
	  MEMBER(config_session, rx_connect_speed),
	  .help = "The speed from the subscriber; 0 says that it is the same." },
	{ .name = "sub_address", .sections = IN(SESSION), .target = SECTION_SESSION,
	  .type = TYPE_TEXT, .min = 1, .max = NAME_LEN, .standard_words = "none",
	  MEMBER(config_session, sub_address),
	  .help = "More of the address, beside the number called." },
	{ .name = "private_group", .sections = IN(SESSION), .target = SECTION_SESSION,
	  .type = TYPE_TEXT, .min = 1, .max = NAME_LEN, .standard_words = "none",
	  MEMBER(config_session, private_group),
	  .help = "The Private Group ID: tells the LNS for what network the user is." },
	{ .name = "minimum_bps", .sections = IN(SESSION), .target = SECTION_SESSION,
	  .type = TYPE_SPEED, .max = UINT32_LIMIT, .standard = "0",
	  MEMBER(config_session, minimum_bps),
	  .help = "The least speed of an outgoing call." },
	{ .name = "maximum_bps", .sections = IN(SESSION), .target = SECTION_SESSION,
	  .type = TYPE_SPEED, .max = UINT32_LIMIT, .standard = "0",
	  MEMBER(config_session, maximum_bps),
	  .help = "The greatest; 0 is no limit." },
	{ .name = "admin_state", .sections = IN(SESSION), .target = SECTION_SESSION,
	  .type = TYPE_CHOICE, .standard = "enabled", .choices = admin_choices,
	  MEMBER(config_session, admin),
	  .help = "The same for this call. Neither drain nor disabled places it." },
};
/* clang-format on */

const size_t n_config_keys = sizeof(config_keys) / sizeof(config_keys[0]);
