/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program `adit`: its words in, its text, JSON and exit code out.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_run.h"

#define TUNNEL_7                                                  \
	"Tunnel 7, encap UDP, named isp, established for 3m12s\n" \
	"  From 192.0.2.1 to 192.0.2.2\n"                         \
	"  Peer tunnel 4711, host name lns.example\n"             \
	"  UDP source / dest ports: 1701/1701\n"                  \
	"  Peer section isp, opened by local\n"                   \
	"  Receive window: 32, peer's 16\n"                       \
	"  Sessions: 1\n"
#define TUNNEL_8                                         \
	"Tunnel 8, encap UDP, closed\n"                  \
	"  From 2001:db8::1 to 2001:db8::2\n"            \
	"  Peer tunnel 3, host name \\x1b[31mred\\xff\n" \
	"  UDP source / dest ports: 1701/65335\n"        \
	"  Peer section guest, opened by peer\n"         \
	"  Receive window: 32\n"                         \
	"  Sessions: 0\n"                                \
	"  Last error: local: wrong secret (result 4)\n"
#define SESSION_9                                                   \
	"Session 9 in tunnel 7, named dsl, established for 1m30s\n" \
	"  Peer session 21, tunnel 4711\n"                          \
	"  Tunnel named isp\n"                                      \
	"  Call type: lac-incoming\n"                               \
	"  Interface name: ppp0\n"                                  \
	"  User: joe@example\n"                                     \
	"  PPP from 10.0.0.1 to 10.0.0.2\n"                         \
	"  Called number: 5551\n"

static const struct row shows[] = {
	{"show tunnel", 0, TUNNEL_7 TUNNEL_8, ""},
	{"show", 0, TUNNEL_7 TUNNEL_8, ""},
	{"s t", 0, TUNNEL_7 TUNNEL_8, ""},
	{"list tunnels", 0, TUNNEL_7 TUNNEL_8, ""},
	{"tunnel", 0, TUNNEL_7 TUNNEL_8, ""},
	{"tunnel show name isp", 0, TUNNEL_7, ""},
	{"sh tun tunnel_id 8", 0, TUNNEL_8, ""},
	{"show tunnel peer isp", 0, TUNNEL_7, ""},
	{"show tunnel peer nobody", 0, "", ""},
	{"-o show tunnel tunnel_id 8", 0,
	 "Tunnel 8, encap UDP, closed\\  From 2001:db8::1 to 2001:db8::2\\"
	 "  Peer tunnel 3, host name \\x1b[31mred\\xff\\"
	 "  UDP source / dest ports: 1701/65335\\"
	 "  Peer section guest, opened by peer\\"
	 "  Receive window: 32\\"
	 "  Sessions: 0\\  Last error: local: wrong secret (result 4)\n",
	 ""},
	{"-s -d show tunnel name isp", 0,
	 TUNNEL_7
	 "  Administrative state: enabled\n"
	 "  Retransmission: 1000 to 8000 ms, 5 times\n"
	 "  Ns 1, Nr 0, acknowledged 0, in flight 1 (tries 0), queued 0\n"
	 "  Congestion window 1, threshold 4\n"
	 "  RX: 0 messages, 0 ZLB, 0 duplicate, 0 early, 0 out of window\n"
	 "  RX errors: 0 AVP, 0 unexpected, 0 bad Nr, 0 no memory, 0 given up\n"
	 "  AVPs ignored: 0\n"
	 "  TX: 1 messages, 0 ZLB, 0 retransmitted\n"
	 "  Sessions: 1 opened, 0 accepted, 0 established, 0 failed, 0 refused\n"
	 "  Data RX: 42 packets, 4200 octets, 2 errors, 3 discarded, 4 out of order\n"
	 "  Data TX: 21 packets, 2100 octets, 1 errors\n"
	 "  Peer vendor: Example Networks\n"
	 "  Peer firmware: 1680\n"
	 "  Peer framing: sync, async\n"
	 "  Peer bearer: digital\n"
	 "  Authenticated: yes\n"
	 "  Kernel: up\n"
	 "  Hello interval: 1m\n"
	 "  Hello jitter: 10 %\n"
	 "  Messages                in         out\n"
	 "    SCCRQ                  0           1\n"
	 "    SCCRP                  0           0\n"
	 "    SCCCN                  0           0\n"
	 "    StopCCN                0           0\n"
	 "    HELLO                  0           0\n"
	 "    OCRQ                   0           0\n"
	 "    OCRP                   0           0\n"
	 "    OCCN                   0           0\n"
	 "    ICRQ                   0           0\n"
	 "    ICRP                   0           0\n"
	 "    ICCN                   0           0\n"
	 "    CDN                    1           0\n"
	 "    WEN                    0           0\n"
	 "    SLI                    0           0\n"
	 "    CSUN                   0           0\n"
	 "    CSURQ                  0           0\n"
	 "  CDN result              in         out\n"
	 "    0                      0           0  any other result code\n"
	 "    1                      0           0  carrier lost: the subscriber's line went down\n"
	 "    2                      0           0  general error, see the error code\n"
	 "    3                      0           0  disconnected for administrative reasons\n"
	 "    4                      0           0  no facilities available now, try later\n"
	 "    5                      0           0  no facilities available at all\n"
	 "    6                      0           0  invalid destination\n"
	 "    7                      0           0  no carrier detected\n"
	 "    8                      1           0  busy signal detected\n"
	 "    9                      0           0  no dial tone\n"
	 "    10                     0           0  call not established in time\n"
	 "    11                     0           0  connected, but no appropriate framing was "
	 "detected\n"
	 "    12                     0           0  mismatching session service value (RFC 3308)\n",
	 ""},
	{"show session", 0, SESSION_9, ""},
	{"show session details", 0,
	 SESSION_9 "  Administrative state: enabled\n"
		   "  Connect speed: 100000000/40000000 bit/s\n"
		   "  ACCM: send 0x000a0000, receive 0xffffffff, SLI received 1\n"
		   "  WEN received: 2, CRC errors 4, alignment errors 5\n"
		   "  LCP open after 40 ms, network up after 75 ms\n"
		   "  Peer name: isp\n"
		   "  Call serial: 42\n"
		   "  Framing: sync\n"
		   "  Bearer: digital\n"
		   "  Sequencing: no\n"
		   "  Kernel: up\n"
		   "  Pppd pid: 1234\n",
	 ""},
	{"-statistics show session tunnel_id 7 session_id 9", 0,
	 SESSION_9 "  RX: 22 packets, 2200 octets, 1 errors, 0 discarded, 0 out of order\n"
		   "  TX: 11 packets, 1100 octets, 0 errors\n",
	 ""},
	{"show session user nobody", 0, "", ""},
	{"show peer", 0,
	 "Peer isp, calls: reject\n"
	 "  Addresses: 192.0.2.0/24, 2001:db8::/32\n"
	 "  Its host name: lns.example\n"
	 "  Our host name: lac\n"
	 "  Secret configured: yes\n"
	 "  Tunnels: 1, sessions: 1\n"
	 "Peer guest, calls: reject\n"
	 "  Our host name: lac\n"
	 "  Secret configured: no\n"
	 "  Tunnels: 1, sessions: 0\n",
	 ""},
	{"show version", 0, "aditd " ADIT_VERSION ", process 77, up for 1m\n", ""},
	{"show stats", 0,
	 "Counted for 1m, since aditd started\n"
	 "Tunnels: 2 of 1024\n"
	 "  Half open: 0 of 256\n"
	 "  Opened 2, accepted 0, established 0, failed 0, refused 0\n"
	 "  Refused for an administrative state, calls too: 0\n"
	 "  Authentication failures: 0\n"
	 "Sessions: 1 of 32768\n"
	 "  Opened 1, accepted 0, established 0, failed 0, refused 0\n"
	 "Packets received: 0, 0 octets\n"
	 "  Malformed 0, bad version 0, data 0\n"
	 "  Unknown tunnel 0, wrong peer 0, SCCRQ repeated 0, crossed 0\n"
	 "  In tunnels: 0 messages, 0 ZLB, 0 duplicate, 0 early, 0 out of window\n"
	 "  Errors: 0 AVP, 0 unexpected, 0 bad Nr, 0 no memory, 0 given up\n"
	 "  AVPs ignored: 0\n"
	 "Packets sent: 2, 232 octets\n"
	 "  In tunnels: 2 messages, 0 ZLB, 0 retransmitted\n"
	 "  Not sent for lack of memory: 0\n"
	 "Messages                  in         out\n"
	 "  SCCRQ                    0           2\n"
	 "  StopCCN                  1           3\n"
	 "  CDN             5000000000           2\n"
	 "StopCCN result            in         out\n"
	 "  0                        1           0  any other result code\n"
	 "  4                        0           3  not authorized to open a tunnel: check names "
	 "and secret\n"
	 "CDN result                in         out\n"
	 "  2                        1           2  general error, see the error code\n"
	 "  8               4999999999           0  busy signal detected\n",
	 ""},
	{"-s show stats", 0,
	 "Counted for 1m, since aditd started\n"
	 "Tunnels: 2 of 1024\n"
	 "  Half open: 0 of 256\n"
	 "  Opened 2, accepted 0, established 0, failed 0, refused 0\n"
	 "  Refused for an administrative state, calls too: 0\n"
	 "  Authentication failures: 0\n"
	 "Sessions: 1 of 32768\n"
	 "  Opened 1, accepted 0, established 0, failed 0, refused 0\n"
	 "Packets received: 0, 0 octets\n"
	 "  Malformed 0, bad version 0, data 0\n"
	 "  Unknown tunnel 0, wrong peer 0, SCCRQ repeated 0, crossed 0\n"
	 "  In tunnels: 0 messages, 0 ZLB, 0 duplicate, 0 early, 0 out of window\n"
	 "  Errors: 0 AVP, 0 unexpected, 0 bad Nr, 0 no memory, 0 given up\n"
	 "  AVPs ignored: 0\n"
	 "Packets sent: 2, 232 octets\n"
	 "  In tunnels: 2 messages, 0 ZLB, 0 retransmitted\n"
	 "  Not sent for lack of memory: 0\n"
	 "Data of living tunnels:\n"
	 "  RX: 47 packets, 4200 octets, 2 errors, 3 discarded, 4 out of order\n"
	 "  TX: 21 packets, 2100 octets, 1 errors\n"
	 "Messages                  in         out\n"
	 "  SCCRQ                    0           2\n"
	 "  StopCCN                  1           3\n"
	 "  CDN             5000000000           2\n"
	 "StopCCN result            in         out\n"
	 "  0                        1           0  any other result code\n"
	 "  4                        0           3  not authorized to open a tunnel: check names "
	 "and secret\n"
	 "CDN result                in         out\n"
	 "  2                        1           2  general error, see the error code\n"
	 "  8               4999999999           0  busy signal detected\n",
	 ""},
	{"-j show version", 0, "[{\"version\":\"" ADIT_VERSION "\",\"pid\":77,\"uptime\":60}]\n",
	 ""},
	{"-j -p show version", 0,
	 "[\n    {\n        \"version\": \"" ADIT_VERSION
	 "\",\n        \"pid\": 77,\n        \"uptime\": 60\n    }\n]\n",
	 ""},
	{"-j -d show peer name guest", 0,
	 "[{\"name\":\"guest\",\"local_name\":\"lac\",\"secret\":false,\"calls\":\"reject\","
	 "\"tunnels\":1,\"sessions\":0,\"challenge\":\"never\",\"hide\":\"never\","
	 "\"address_change\":\"accept\",\"port_change\":\"accept\",\"sequencing\":false,\"window\":"
	 "32,\"retry_interval\":1000,"
	 "\"retry_interval_max\":8000,\"retries\":5,\"hello_interval\":60,\"hello_jitter\":10,"
	 "\"tunnel_setup_timeout\":60,\"session_setup_timeout\":60,\"idle_timeout\":60,"
	 "\"admin_state\":\"enabled\"}]\n",
	 ""},
	{"-json show session user nobody", 0, "[]\n", ""},
	{"-p -j show session user nobody", 0, "[]\n", ""},
};

static void test_show(void **state)
{
	CHECK_ROWS(*state, shows);
}

/* Text has a home for every value: each placeholder is a field, each list two objects long. */
static void check_key(void *ctx, const char *key)
{
	const enum object_type *type = ctx;

	if (!field_find(*type, key))
		fail_msg("layout of %s: no field %s", object_table[*type]->name, key);
}

static void test_layout_keys(void **state)
{
	(void)state;
	for (enum object_type type = 0; type < OBJECT_MAX; type++)
		__layout_keys(type, check_key, &type);
}

#define OPENED_99                                             \
	"Tunnel 99, encap UDP, named x, established for 0s\n" \
	"  From 192.0.2.1 to 192.0.2.5\n"                     \
	"  Peer tunnel 100\n"                                 \
	"  UDP source / dest ports: 1701/1701\n"              \
	"  Peer section guest, opened by local\n"             \
	"  Receive window: 32\n"                              \
	"  Sessions: 0\n"

static const struct row changes[] = {
	{"add tunnel name x tunnel_id 99 remote 192.0.2.5", 0, OPENED_99, ""},
	{"del tunnel name x", 0, "", ""},
	{"-j del tunnel tunnel_id 8", 0, "", ""},
	{"show tunnel tunnel_id 8", 2, "", "aditd answers: no tunnel has tunnel_id 8\n"},
	{"tunnel add remote 192.0.2.5 encap UDP tunnel_id 99 nowait udp_dport 1702", 0,
	 "Tunnel 99, encap UDP, wait-ctl-reply\n"
	 "  From 192.0.2.1 to 192.0.2.5\n"
	 "  UDP source / dest ports: 1701/1702\n"
	 "  Peer section guest, opened by local\n"
	 "  Receive window: 32\n"
	 "  Sessions: 0\n",
	 ""},
	{"-j add session lns isp session_id 3", 0,
	 "[{\"tunnel_id\":7,\"session_id\":3,\"tunnel_name\":\"isp\",\"peer_tunnel_id\":4711,"
	 "\"peer_session_id\":200,\"state\":\"established\",\"uptime\":0,"
	 "\"type\":\"lac-incoming\",\"interface\":\"ppp7\"}]\n",
	 ""},
	{"-j add session tunnel isp session_id 4 type outgoing called_number 5552"
	 " minimum_bps 64000 maximum_bps 128000",
	 0,
	 "[{\"tunnel_id\":7,\"session_id\":4,\"tunnel_name\":\"isp\",\"peer_tunnel_id\":4711,"
	 "\"peer_session_id\":200,\"state\":\"established\",\"uptime\":0,"
	 "\"type\":\"lns-outgoing\",\"interface\":\"ppp7\",\"called_number\":\"5552\"}]\n",
	 ""},
	{"-j add session tunnel isp session_id 5 sub_address 7 private_group red physical_channel "
	 "9",
	 0,
	 "[{\"tunnel_id\":7,\"session_id\":5,\"tunnel_name\":\"isp\",\"peer_tunnel_id\":4711,"
	 "\"peer_session_id\":200,\"state\":\"established\",\"uptime\":0,"
	 "\"type\":\"lac-incoming\",\"interface\":\"ppp7\",\"sub_address\":\"7\","
	 "\"private_group\":\"red\"}]\n",
	 ""},
	{"del session tunnel_id 7 all", 0, "", ""},
	{"debug 1", 0, "", ""},
	{"debug level 0", 0, "", ""},
	{"reload", 0, "", ""},
	{"add tunnel remote refuse.example", 2, "",
	 "aditd answers: peer: not authorized to open a tunnel: check names and secret: "
	 "who are you (result 4)\n"},
	{"-j add tunnel remote nowhere.example", 2, "[]\n",
	 "aditd answers: nowhere.example: no such host\n"},
	{"add tunnel remote silent.example timeout 1", 2, "",
	 "aditd answers: not up after 1 s; aditd goes on trying\n"},
	{"add session tunnel isp name busy", 2, "",
	 "aditd answers: peer: busy signal detected (result 8)\n"},
};

static void test_changes(void **state)
{
	struct fixture *f = *state;
	const struct row faults = {"reload", 2, "",
				   "aditd answers: adit.conf:1: bad\nadit.conf:2: \\x1bworse\n"};
	const struct row changed = {"reload", 0, "one tunnel changed\n", ""};

	CHECK_ROWS(f, changes);
	f->reload_text = "one tunnel changed";
	check_rows(f, &changed, 1);
	f->reload_err = -EINVAL;
	f->reload_text = "adit.conf:1: bad\nadit.conf:2: \033worse";
	check_rows(f, &faults, 1);
}

/* What is in effect is the strictest of a thing and all above it. */
static const struct row admins[] = {
	{"show system", 0, "System enabled\n  Tunnels: 2, sessions: 1\n", ""},
	{"drain peer isp", 0, "", ""},
	{"-j -d show tunnel tunnel_id 7", 0, NULL, "",
	 .part = "\"admin_state\":\"drain\",\"admin_from\":\"peer\"}]\n"},
	{"drain session tunnel isp session_id 9", 0, "", ""},
	{"-j -d show session", 0, NULL, "",
	 .part = "\"admin_state\":\"drain\",\"admin_from\":\"peer\"}]\n"},
	{"enable peer name isp", 0, "", ""},
	{"-d show session", 0, NULL, "", .part = "  Administrative state: drain, from session\n"},
	{"enable session name dsl", 0, "", ""},
	{"drain tunnel tunnel_id 7", 0, "", ""},
	{"-d show session", 0, NULL, "", .part = "  Administrative state: drain, from tunnel\n"},
	{"add session tunnel isp", 2, "",
	 "aditd answers: Cannot send after transport endpoint shutdown\n"},
	{"drain system", 0, "", ""},
	{"-d show tunnel tunnel_id 7", 0, NULL, "",
	 .part = "  Administrative state: drain, from system\n"},
	{"-d show peer name isp", 0, NULL, "",
	 .part = "  Administrative state: drain, from system\n"},
	{"-j show system", 0, NULL, "", .part = "[{\"admin_state\":\"drain\""},
	{"enable system", 0, "", ""},
	{"show kept", 0,
	 "tunnel isp, waiting, tried again in 12s: no answer after 5 retransmissions\n"
	 "session dsl in tunnel isp, up\n",
	 ""},
	{"-j show kept name dsl", 0,
	 "[{\"kind\":\"session\",\"name\":\"dsl\",\"tunnel\":\"isp\",\"state\":\"up\"}]\n", ""},
	{"show kept name nothing", 2, "",
	 "aditd answers: the configuration keeps nothing that is named nothing\n"},
	{"-j show system", 0, "[{\"admin_state\":\"enabled\",\"tunnels\":2,\"sessions\":1}]\n", ""},
	{"-d show peer name isp", 0, NULL, "", .part = "  Administrative state: enabled\n"},
	{"disable tunnel name kept", 0, "", ""},
	{"disable session name kept", 0, "", ""},
};

static void test_admin(void **state)
{
	CHECK_ROWS(*state, admins);
}

static const struct row batches[] = {
	{"-b -", 0, "aditd " ADIT_VERSION ", process 77, up for 1m\n" TUNNEL_8, "",
	 "# first\n\n  show version   # the daemon\r\nshow tunnel \"tunnel_id\" '8'"},
	{"-b -", 2, "", "aditd answers: no tunnel is named a b\nCommand failed -:2\n",
	 "\nshow tunnel name \"a b\"\nshow version\n"},
	{"-force -b -", 1, "aditd " ADIT_VERSION ", process 77, up for 1m\n",
	 "Error: unknown word \"nothing\"; try \"adit help\"\nCommand failed -:1\n"
	 "aditd answers: no tunnel has tunnel_id 99\nCommand failed -:2\n",
	 "nothing\nshow tunnel tunnel_id 99\nshow version\n"},
	{"-b -", 1, "",
	 "Error: a quote without its end, or more than 64 words\nCommand failed -:1\n",
	 "show tunnel name \"isp\nshow version\n"},
	{"-j -b -", 0, "[]\n[{\"version\":\"" ADIT_VERSION "\",\"pid\":77,\"uptime\":60}]\n", "",
	 "show session user nobody\nshow version\n"},
};

static void test_batch(void **state)
{
	CHECK_ROWS(*state, batches);
}

static void test_secret_file(void **state)
{
	struct fixture *f = *state;
	char path[128], words[256];
	struct row row = {words, 2, "", "aditd answers: a tunnel of that name exists\n", NULL};
	FILE *file;

	snprintf(path, sizeof(path), "%s/secret", f->folder);
	file = fopen(path, "w");
	fputs("xyzzy plugh\nsecond line\n", file);
	fclose(file);
	snprintf(words, sizeof(words), "add tunnel remote twice.example secret_file %s", path);
	check_rows(f, &row, 1);
	assert_string_equal(f->calls, "open_tunnel twice.example port 0 secret xyzzy plugh\n");
	unlink(path);
}

static const struct row helps[] = {
	{"-V", 0, "adit " ADIT_VERSION "\n", ""},
	{"help monitor", 0, "Usage: adit monitor\n       tell what happens, as it happens\n", ""},
	{"show peer help", 0,
	 "Usage: adit show peer [ ARGUMENTS ]\n"
	 "       list the peers of the configuration\n"
	 "\n"
	 "  name NAME                only this one\n"
	 "  details                  everything that is known, as option -d\n",
	 ""},
	{"help fields version", 0,
	 "version: the running daemon\n"
	 "  version                    string             normal       version of aditd\n"
	 "  pid                        integer            normal       its process id\n"
	 "  uptime                     integer  s         normal       since it was started\n",
	 ""},
	{"help words add", 0, "tunnel\nsession\n", ""},
	{"help words -j show", 0,
	 "tunnel\nsession\ncall\npppoe\ndomain\n"
	 "destination\nradius\npeer\nstats\nkept\nsystem\nversion\n",
	 ""},
	{"help words del session tunnel_id", 0, "7\n8\n", ""},
	{"help words drain", 0, "tunnel\nsession\npeer\nsystem\n", ""},
	{"help words disable peer name", 0, "isp\nguest\n", ""},
	{"help words enable session", 0, "tunnel_id\ntunnel\nsession_id\nname\n", ""},
	{"help words show tunnel name", 0, "isp\n", ""},
	{"help words show peer name", 0, "isp\nguest\n", ""},
	{"help words add tunnel name", 0, "", ""},
	{"help words add tunnel wait", 0, "none\nup\n", ""},
	{"help words show tunnel name tunnel_id", 0, "tunnel_id\npeer\nstatistics\ndetails\n", ""},
	{"help words show peer", 0, "name\ndetails\n", ""},
	{"help words drain peer", 0, "isp\nguest\nname\n", ""},
	{"-c /nonexistent help words del tunnel name", 0, "", ""},
};

static void test_help(void **state)
{
	CHECK_ROWS(*state, helps);
}

/* Every verb and option is in the usage, which is on standard error when nobody asked. */
static void test_usage(void **state)
{
	struct run *asked = malloc(sizeof(*asked)), *needed = malloc(sizeof(*needed));

	run_start(asked, "help", NULL, 0);
	assert_int_equal(run_finish(*state, asked), 0);
	run_start(needed, "", NULL, 0);
	assert_int_equal(run_finish(*state, needed), 1);
	assert_string_equal(asked->text[0], needed->text[1]);
	assert_string_equal(asked->text[1], "");
	for (size_t i = 0; i < CONTROL_COMMAND_MAX; i++)
		assert_non_null(strstr(asked->text[0], control_command_table[i].name));
	free(asked);
	free(needed);
}

static void tell_events(struct fixture *f)
{
	struct l2tp_tunnel *t = l2tp_tunnel_find(f->engine, 7);
	struct l2tp_event dropped = {
		.type = EVENT_PACKET_DROPPED,
		.peer = &t->core.peer,
		.text = "not \033 L2TP",
	};

	fixture_event(f, EVENT_TUNNEL_UP, t, NULL);
	fixture_event(f, EVENT_TUNNEL_DOWN, l2tp_tunnel_find(f->engine, 8), NULL);
	fixture_event(f, EVENT_SESSION_PPP_UP, t, l2tp_session_find(t, 9));
	control_event(f->control, &dropped, f->now);
	l2tp_admin_set_peer(f->engine, "guest", ADMIN_DRAIN, f->now);
	l2tp_admin_set_session(l2tp_session_find(t, 9), ADMIN_DRAIN, f->now);
}

static void test_monitor(void **state)
{
	static const char *const lines[] = {
		"tunnel up: tunnel 7 (isp), peer 192.0.2.2 (lns.example)\n",
		("tunnel down: tunnel 8, peer 2001:db8::2 (\\x1b[31mred\\xff)"
		 ": local: wrong secret (result 4)\n"),
		"ppp up: session 9 in tunnel 7 (dsl), ppp0, user joe@example\n",
		"packet dropped: 192.0.2.2:1701: not \\x1b L2TP\n",
		"admin state: peer guest: drain\n",
		"admin state: session 9 (dsl): drain\n",
	};

	check_monitor(*state, tell_events, lines, sizeof(lines) / sizeof(lines[0]));
}

/* One is of a peer, which is no object of the event; the other of a session, which is. */
static bool is_admin_state(const json_t *json)
{
	const char *level = json_string_value(json_object_get(json, "level"));
	bool of_peer = level && strcmp(level, "peer") == 0;

	if (strcmp(json_string_value(json_object_get(json, "event")), "admin state") != 0)
		return false;
	assert_non_null(level);
	assert_string_equal(json_string_value(json_object_get(json, "name")),
			    of_peer ? "guest" : "dsl");
	assert_string_equal(json_string_value(json_object_get(json, "admin_state")), "drain");
	assert_int_equal(!json_object_get(json, "session"), of_peer);
	return true;
}

static void test_monitor_json(void **state)
{
	struct fixture *f = *state;
	struct run *run = malloc(sizeof(*run));
	char *line, *save = NULL;
	json_t *json;
	int n = 0, told = 0;

	run_start(run, "-j monitor", NULL, 0);
	run_wait_monitoring(f);
	tell_events(f);
	for (int i = 0; i < 50; i++)
		fixture_run(f);
	client_free(list_first(&f->control->clients, struct client, node));
	assert_int_equal(run_finish(f, run), 2);
	for (line = strtok_r(run->text[0], "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		json = json_loads(line, 0, NULL);
		assert_non_null(json_object_get(json, "event"));
		told += is_admin_state(json);
		json_decref(json);
		n++;
	}
	assert_int_equal(n, 7);
	assert_int_equal(told, 2);
	free(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, cli_setup, fixture_teardown)
		TEST(test_show),  TEST(test_layout_keys), TEST(test_changes),
		TEST(test_batch), TEST(test_secret_file), TEST(test_help),
		TEST(test_usage), TEST(test_monitor),	  TEST(test_monitor_json),
		TEST(test_admin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
