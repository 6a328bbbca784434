/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rows of all commands and of their arguments.
 */
#include "control/protocol.h"

/* Names live in arrays of 64 octets throughout (L2TP_NAME_MAX). */
#define NAME_MAX_LEN 63
#define HOST_MAX_LEN 253
#define USER_MAX_LEN 253
#define INTERFACE_MAX_LEN 15
#define CALL_ID_MAX_LEN 23

static const char *const wait_choices[] = {"none", "up", NULL};
static const char *const type_choices[] = {"incoming", "outgoing", NULL};
static const char *const gone_choices[] = {"none", "gone", NULL};

/* Rows are read side by side. */
/* clang-format off */
#define WAIT_UP \
	{"wait", ARG_CHOICE, .choices = wait_choices, .value = "none|up", \
	 .help = "for nothing, or until it is up (the default)"}
#define WAIT_GONE \
	{"wait", ARG_CHOICE, .choices = gone_choices, .value = "none|gone", \
	 .help = "for nothing, or until it is gone (the default)"}
#define TIMEOUT \
	{"timeout", ARG_UINT, 1, 3600, .value = "SECONDS", \
	 .help = "longest wait, by default 60 seconds"}
#define TUNNEL_ID {"tunnel_id", ARG_UINT, 1, 65535, .value = "ID", .help = "our id of the tunnel"}
#define SESSION_ID \
	{"session_id", ARG_UINT, 1, 65535, .value = "ID", .help = "our id of the session"}
#define TUNNEL_NAME \
	{"tunnel", ARG_TEXT, 1, NAME_MAX_LEN, .value = "NAME", .help = "name of the tunnel"}
#define NAME {"name", ARG_TEXT, 1, NAME_MAX_LEN, .value = "NAME", .help = "its name"}
#define STATISTICS {"statistics", ARG_FLAG, .help = "counters too, as option -s"}
#define DETAILS {"details", ARG_FLAG, .help = "everything that is known, as option -d"}

static const struct control_arg add_tunnel_args[] = {
	{"remote", ARG_TEXT, 1, HOST_MAX_LEN, .value = "ADDR|HOST", .help = "the peer to call"},
	{"local", ARG_ADDR, .value = "ADDR", .help = "address to send from"},
	{"tunnel_id", ARG_UINT, 1, 65535, .value = "ID",
	 .help = "our id of the tunnel, by default a random one"},
	{"name", ARG_TEXT, 1, NAME_MAX_LEN, .value = "NAME",
	 .help = "its name; without remote: of a tunnel section"},
	{"peer", ARG_TEXT, 1, NAME_MAX_LEN, .value = "NAME",
	 .help = "section with the settings for this peer"},
	{"host_name", ARG_TEXT, 1, NAME_MAX_LEN, .value = "NAME",
	 .help = "Host Name that we say, when there is no peer section"},
	{"secret", ARG_TEXT, 1, 255, .value = "SECRET",
	 .help = "shared secret, when there is no peer section"},
	{"hello_interval", ARG_UINT, 0, 3600, .value = "SECONDS",
	 .help = "silence after which the peer is asked whether it lives, 0 for never"},
	{"udp_sport", ARG_UINT, 1, 65535, .value = "PORT", .help = "our UDP port"},
	{"udp_dport", ARG_UINT, 1, 65535, .value = "PORT",
	 .help = "the peer's UDP port, by default 1701"},
	WAIT_UP,
	TIMEOUT,
};

static const struct control_arg add_session_args[] = {
	TUNNEL_ID,
	TUNNEL_NAME,
	{"session_id", ARG_UINT, 1, 65535, .value = "ID",
	 .help = "our id of the session, by default a random one"},
	{"name", ARG_TEXT, 1, NAME_MAX_LEN, .value = "NAME",
	 .help = "its name; without a tunnel: of a session section"},
	{"ppp", ARG_TEXT, 1, NAME_MAX_LEN, .value = "PROFILE",
	 .help = "ppp section with the options of its PPP link"},
	{"type", ARG_CHOICE, .choices = type_choices, .value = "incoming|outgoing",
	 .help = "as LAC place a call (the default), or as LNS have the peer place one"},
	{"called_number", ARG_TEXT, 1, NAME_MAX_LEN, .value = "NUMBER",
	 .help = "Called Number to send; an outgoing call has to have one"},
	{"minimum_bps", ARG_UINT, 1, UINT32_MAX, .value = "BPS",
	 .help = "least speed of an outgoing call, bit/s"},
	{"maximum_bps", ARG_UINT, 1, UINT32_MAX, .value = "BPS",
	 .help = "greatest speed of an outgoing call, bit/s"},
	{"calling_number", ARG_TEXT, 1, NAME_MAX_LEN, .value = "NUMBER",
	 .help = "Calling Number to send"},
	{"sub_address", ARG_TEXT, 1, NAME_MAX_LEN, .value = "ADDRESS",
	 .help = "Sub-Address to send, beside the number called"},
	{"private_group", ARG_TEXT, 1, NAME_MAX_LEN, .value = "GROUP",
	 .help = "Private Group ID to send: for what network the user is"},
	{"physical_channel", ARG_UINT, 1, UINT32_MAX, .value = "ID",
	 .help = "Physical Channel ID to send, for the peer's log"},
	{"tx_connect_speed", ARG_UINT, 1, UINT32_MAX, .value = "BPS",
	 .help = "speed to the user to announce, bit/s"},
	{"rx_connect_speed", ARG_UINT, 1, UINT32_MAX, .value = "BPS",
	 .help = "speed from the user to announce, bit/s"},
	WAIT_UP,
	TIMEOUT,
};

static const struct control_arg del_tunnel_args[] = {
	TUNNEL_ID, NAME, {"all", ARG_FLAG, .help = "every tunnel"}, WAIT_GONE, TIMEOUT,
};

static const struct control_arg del_session_args[] = {
	TUNNEL_ID,
	TUNNEL_NAME,
	SESSION_ID,
	NAME,
	{"all", ARG_FLAG, .help = "every session of the tunnel"},
	WAIT_GONE,
	TIMEOUT,
};

static const struct control_arg show_tunnel_args[] = {
	TUNNEL_ID,
	NAME,
	{"peer", ARG_TEXT, 1, NAME_MAX_LEN, .value = "NAME", .help = "only those with this peer"},
	STATISTICS,
	DETAILS,
};

static const struct control_arg show_session_args[] = {
	TUNNEL_ID,
	TUNNEL_NAME,
	SESSION_ID,
	NAME,
	{"user", ARG_TEXT, 1, NAME_MAX_LEN, .value = "NAME", .help = "only those of this user"},
	{"interface", ARG_TEXT, 1, INTERFACE_MAX_LEN, .value = "NAME", .help = "only that of this interface"},
	STATISTICS,
	DETAILS,
};

static const struct control_arg show_peer_args[] = {
	{"name", ARG_TEXT, 1, NAME_MAX_LEN, .value = "NAME", .help = "only this one"},
	DETAILS,
};

static const struct control_arg show_stats_args[] = {
	{"statistics", ARG_FLAG, .help = "the kernel's counters of living tunnels too, as option -s"},
	{"details", ARG_FLAG, .help = "types and codes that were never seen too, as option -d"},
};

/* Which calls are meant; del takes at least one of them. */
#define CALL_ARGS \
	{"call_id", ARG_TEXT, 1, CALL_ID_MAX_LEN, .value = "ID", .help = "the one with this id"}, \
	{"user", ARG_TEXT, 1, USER_MAX_LEN, .value = "NAME", .help = "those of this user"}, \
	{"interface", ARG_TEXT, 1, INTERFACE_MAX_LEN, .value = "NAME", \
	 .help = "those that came in on this interface"}, \
	{"mac", ARG_MAC, .value = "MAC", .help = "those of this MAC address"}, \
	{"destination", ARG_TEXT, 1, HOST_MAX_LEN, .value = "NAME", \
	 .help = "those to this destination"}

static const struct control_arg show_call_args[] = {CALL_ARGS, DETAILS};

static const struct control_arg del_call_args[] = {
	CALL_ARGS, {"all", ARG_FLAG, .help = "every call of the LAC"}, WAIT_GONE, TIMEOUT,
};

/* A line is one caller's. */
static const struct control_arg set_call_args[] = {
	{"call_id", ARG_TEXT, 1, CALL_ID_MAX_LEN, .value = "ID", .help = "the one with this id"},
	{"user", ARG_TEXT, 1, USER_MAX_LEN, .value = "NAME", .help = "the one of this user"},
	{"tx_speed", ARG_UINT, 1, UINT32_MAX, .value = "BPS",
	 .help = "speed of the line to the user, bit/s"},
	{"rx_speed", ARG_UINT, 1, UINT32_MAX, .value = "BPS",
	 .help = "speed of the line from the user, bit/s"},
};

static const struct control_arg show_pppoe_args[] = {
	{"interface", ARG_TEXT, 1, INTERFACE_MAX_LEN, .value = "NAME", .help = "only this one"},
	STATISTICS,
};

static const struct control_arg show_domain_args[] = {
	{"name", ARG_TEXT, 1, HOST_MAX_LEN, .value = "NAME", .help = "only this one"},
	DETAILS,
};

static const struct control_arg show_destination_args[] = {
	{"name", ARG_TEXT, 1, HOST_MAX_LEN, .value = "NAME",
	 .help = "only this one, by its section or server"},
	STATISTICS,
};

static const struct control_arg show_radius_args[] = {
	{"name", ARG_TEXT, 1, NAME_MAX_LEN, .value = "NAME", .help = "only this one"},
	STATISTICS,
};

static const struct control_arg test_steer_args[] = {
	{"user", ARG_TEXT, 1, USER_MAX_LEN, .value = "USER", .help = "name that the caller gives"},
	{"interface", ARG_TEXT, 1, INTERFACE_MAX_LEN, .value = "NAME",
	 .help = "where he dials in; its pppoe section may say more"},
};

static const struct control_arg unlock_destination_args[] = {
	{"name", ARG_TEXT, 1, HOST_MAX_LEN, .value = "NAME",
	 .help = "name of its section, or its server"},
	{"all", ARG_FLAG, .help = "every destination that is locked out"},
};

static const struct control_arg show_kept_args[] = {
	{"name", ARG_TEXT, 1, NAME_MAX_LEN, .value = "NAME", .help = "only what has this name"},
};

static const struct control_arg debug_args[] = {
	{"level", ARG_UINT, 0, 2, .value = "LEVEL",
	 .help = "0: what matters, 1: each step, 2: each control message"},
};

static const struct control_arg admin_peer_args[] = {
	{"name", ARG_TEXT, 1, NAME_MAX_LEN, .value = "NAME", .help = "name of its section"},
};

static const struct control_arg admin_tunnel_args[] = {
	TUNNEL_ID,
	{"name", ARG_TEXT, 1, NAME_MAX_LEN, .value = "NAME",
	 .help = "its name; one of a tunnel section need not be up"},
};

static const struct control_arg admin_session_args[] = {
	TUNNEL_ID,
	TUNNEL_NAME,
	SESSION_ID,
	{"name", ARG_TEXT, 1, NAME_MAX_LEN, .value = "NAME",
	 .help = "its name; one of a session section need not be up"},
};

#define ARGS(table) table, sizeof(table) / sizeof((table)[0])
#define NO_ARGS NULL, 0

const struct control_command control_command_table[CONTROL_COMMAND_MAX] = {
	[CONTROL_ADD_TUNNEL] = {"add tunnel", true, ARGS(add_tunnel_args), {"remote", "name"},
				"open a tunnel"},
	[CONTROL_ADD_SESSION] = {"add session", true, ARGS(add_session_args),
				 {"tunnel_id", "tunnel", "name"}, "place a call through a tunnel"},
	[CONTROL_DEL_TUNNEL] = {"del tunnel", true, ARGS(del_tunnel_args),
				{"tunnel_id", "name", "all"},
				"close a tunnel and the sessions in it"},
	[CONTROL_DEL_SESSION] = {"del session", true, ARGS(del_session_args),
				 {"session_id", "name", "all"}, "hang up"},
	[CONTROL_DEL_CALL] = {"del call", true, ARGS(del_call_args),
			      {"call_id", "user", "interface", "mac", "destination", "all"},
			      "hang up callers", "user"},
	[CONTROL_SET_CALL] = {"set call", true, ARGS(set_call_args), {"call_id", "user"},
			      "tell a call's LNS other speeds of the caller's line", "user",
			      {"tx_speed", "rx_speed"}},
	[CONTROL_SHOW_TUNNEL] = {"show tunnel", false, ARGS(show_tunnel_args), {NULL},
				 "list tunnels"},
	[CONTROL_SHOW_SESSION] = {"show session", false, ARGS(show_session_args), {NULL},
				  "list sessions"},
	[CONTROL_SHOW_CALL] = {"show call", false, ARGS(show_call_args), {NULL},
			       "list the LAC's calls, with both legs", "user"},
	[CONTROL_SHOW_PPPOE] = {"show pppoe", false, ARGS(show_pppoe_args), {NULL},
				"list the interfaces where callers dial in", "interface"},
	[CONTROL_SHOW_DOMAIN] = {"show domain", false, ARGS(show_domain_args), {NULL},
				 "list the domain map", "name"},
	[CONTROL_SHOW_DESTINATION] = {"show destination", false, ARGS(show_destination_args),
				      {NULL}, "list the LNSs that calls go to, and their locks",
				      "name"},
	[CONTROL_SHOW_RADIUS] = {"show radius", false, ARGS(show_radius_args), {NULL},
				 "list the RADIUS servers", "name"},
	[CONTROL_TEST_STEER] = {"test steer", false, ARGS(test_steer_args), {"user"},
				"what would become of a call, and why", "user"},
	[CONTROL_UNLOCK_DESTINATION] = {"unlock destination", true, ARGS(unlock_destination_args),
					{"name", "all"}, "let calls go to a destination again",
					"name"},
	[CONTROL_SHOW_PEER] = {"show peer", false, ARGS(show_peer_args), {NULL},
			       "list the peers of the configuration"},
	[CONTROL_SHOW_STATS] = {"show stats", false, ARGS(show_stats_args), {NULL},
				"counters of the whole daemon"},
	[CONTROL_SHOW_KEPT] = {"show kept", false, ARGS(show_kept_args), {NULL},
			       "how what the configuration keeps open fares", "name"},
	[CONTROL_SHOW_SYSTEM] = {"show system", false, NO_ARGS, {NULL},
				 "the system's administrative state"},
	[CONTROL_SHOW_VERSION] = {"show version", false, NO_ARGS, {NULL},
				  "what runs, and since when"},
	[CONTROL_MONITOR] = {"monitor", false, NO_ARGS, {NULL},
			     "tell what happens, as it happens"},
	[CONTROL_RELOAD] = {"reload", true, NO_ARGS, {NULL}, "read the configuration again"},
	[CONTROL_DEBUG] = {"debug", true, ARGS(debug_args), {"level"}, "set how much is logged", "level"},
	[CONTROL_DRAIN_SYSTEM] = {"drain system", true, NO_ARGS, {NULL},
				 "no new tunnels and calls; those that live go on"},
	[CONTROL_DRAIN_PEER] = {"drain peer", true, ARGS(admin_peer_args), {"name"},
				 "no new tunnels and calls with a peer", "name"},
	[CONTROL_DRAIN_TUNNEL] = {"drain tunnel", true, ARGS(admin_tunnel_args), {"tunnel_id", "name"},
				 "no new calls in a tunnel; it ends with the last"},
	[CONTROL_DRAIN_SESSION] = {"drain session", true, ARGS(admin_session_args),
				 {"session_id", "name"}, "do not place a call again when it ends"},
	[CONTROL_ENABLE_SYSTEM] = {"enable system", true, NO_ARGS, {NULL},
				 "let tunnels and calls begin again"},
	[CONTROL_ENABLE_PEER] = {"enable peer", true, ARGS(admin_peer_args), {"name"},
				 "let tunnels and calls with a peer begin again", "name"},
	[CONTROL_ENABLE_TUNNEL] = {"enable tunnel", true, ARGS(admin_tunnel_args), {"tunnel_id", "name"},
				 "let a tunnel be opened, and calls in it begin"},
	[CONTROL_ENABLE_SESSION] = {"enable session", true, ARGS(admin_session_args),
				 {"session_id", "name"}, "let a call be placed again"},
	[CONTROL_DISABLE_SYSTEM] = {"disable system", true, NO_ARGS, {NULL},
				 "close all tunnels, and keep them closed"},
	[CONTROL_DISABLE_PEER] = {"disable peer", true, ARGS(admin_peer_args), {"name"},
				 "close all tunnels with a peer, and keep them closed", "name"},
	[CONTROL_DISABLE_TUNNEL] = {"disable tunnel", true, ARGS(admin_tunnel_args), {"tunnel_id", "name"},
				 "close a tunnel, and keep it closed"},
	[CONTROL_DISABLE_SESSION] = {"disable session", true, ARGS(admin_session_args),
				 {"session_id", "name"}, "hang up, and keep it so"},
};
/* clang-format on */
