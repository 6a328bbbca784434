/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is told of a peer of the configuration.
 */
#include "control/rows.h"

/* Rows are read side by side. */
/* clang-format off */
static const struct field_row peer_fields[] = {
	{"name", FIELD_STRING, N, PEER(name), .help = "name of the section"},
	{"addresses", FIELD_PREFIXES, N, PEER(addresses),
	 .help = "where it calls from; none is anywhere"},
	{"host_name", FIELD_STRING, N, PEER(host_name), .help = "Host Name that it must say"},
	{"local_name", FIELD_STRING, N, PEER(local_name), .help = "Host Name that we say"},
	{"secret", FIELD_GIVEN, N, PEER(secret), .help = "whether a secret is configured"},
	{"calls", FIELD_CALLS, N, PEER(calls), .help = "what becomes of its calls"},
	{"tunnels", FIELD_UINT, N, USAGE(tunnels), .help = "tunnels with it"},
	{"sessions", FIELD_UINT, N, USAGE(sessions), .help = "sessions with it"},

	{"max_tunnels", FIELD_UINT, D, PEER(max_tunnels), .zero_is_none = true,
	 .help = "most tunnels with it"},
	{"max_sessions", FIELD_UINT, D, PEER(max_sessions), .zero_is_none = true,
	 .help = "most sessions with it"},
	{"max_sessions_per_tunnel", FIELD_UINT, D, PEER(max_sessions_per_tunnel),
	 .zero_is_none = true, .help = "most sessions in one tunnel"},
	{"challenge", FIELD_CHALLENGE, D, PEER(challenge),
	 .help = "whether tunnels are authenticated"},
	{"hide", FIELD_HIDE, D, PEER(hide), .help = "which AVPs are sent hidden"},
	{"address_change", FIELD_CHANGE, D, PEER(address_change),
	 .help = "what an answer from another address means"},
	{"port_change", FIELD_CHANGE, D, PEER(port_change),
	 .help = "what an answer from another port means"},
	{"ppp", FIELD_STRING, D, PEER(ppp), .help = "name of the ppp section for its calls"},
	{"sequencing", FIELD_BOOL, D, PEER(sequencing),
	 .help = "whether data packets are to carry sequence numbers"},
	{"reorder_timeout", FIELD_U32, D, PEER(reorder_timeout), .zero_is_none = true, .unit = "ms",
	 .help = "how long data packets that came early are held"},
	{"window", FIELD_U16, D, PEER(transport.window), .unit = "messages",
	 .help = "Receive Window Size that we advertise"},
	{"retry_interval", FIELD_MSEC, D, PEER(transport.retry_first), .unit = "ms",
	 .help = "first retransmission interval"},
	{"retry_interval_max", FIELD_MSEC, D, PEER(transport.retry_cap), .unit = "ms",
	 .help = "longest retransmission interval"},
	{"retries", FIELD_UINT, D, PEER(transport.retries),
	 .help = "retransmissions before a tunnel that was up is given up"},
	{"setup_retries", FIELD_UINT, D, PEER(transport.setup_retries), .zero_is_none = true,
	 .help = "the same for a tunnel that is being set up"},
	{"hello_interval", FIELD_SECONDS, D, PEER(transport.hello_interval), .unit = "s",
	 .help = "silence after which it is asked whether it lives"},
	{"hello_jitter", FIELD_U8, D, PEER(transport.hello_jitter), .unit = "%",
	 .help = "part of that which chance takes off"},
	{"tunnel_setup_timeout", FIELD_SECONDS, D, PEER(tunnel_setup_timeout), .unit = "s",
	 .help = "longest wait for a tunnel to come up"},
	{"session_setup_timeout", FIELD_SECONDS, D, PEER(session_setup_timeout), .unit = "s",
	 .help = "longest wait for a session to come up"},
	{"idle_timeout", FIELD_SECONDS, D, PEER(idle_timeout), .zero_is_none = true, .unit = "s",
	 .help = "after which a tunnel without sessions is closed"},
	{"destruct_timeout", FIELD_SECONDS, D, PEER(destruct_timeout), .zero_is_none = true,
	 .unit = "s", .help = "for which ended tunnels and sessions can be looked at"},
	{"mark", FIELD_U32, D, PEER(mark), .zero_is_none = true,
	 .help = "firewall mark of its tunnels' packets"},
	{"dscp", FIELD_U8, D, PEER(dscp), .zero_is_none = true,
	 .help = "DSCP of its tunnels' control packets"},
	{"admin_state", FIELD_ADMIN_STATE, D, ADMIN, .help = "administrative state in effect"},
	{"admin_from", FIELD_ADMIN_FROM, D, ADMIN,
	 .help = "level that it comes from: system or peer"},
};
/* clang-format on */

const struct object_row peer_object = {"peer", FIELDS(peer_fields),
				       "who may call, from the configuration"};
