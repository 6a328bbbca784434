/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is told of a LAC: calls, the interfaces where they come in, where they may go, and who is
 * asked.
 */
#include "control/lac.h"
#include "control/rows.h"

#define OF(type, member) .source = SOURCE_TOLD, .offset = offsetof(struct control_##type, member)

/* Rows are read side by side. */
/* clang-format off */
static const struct field_row call_fields[] = {
	{"call_id", FIELD_ARRAY, N, OF(call, id),
	 .help = "id of the call, and its Acct-Session-Id for RADIUS"},
	{"state", FIELD_STRING, N, OF(call, state),
	 .help = "access, negotiating, authorizing, placing, up, local, terminating or closing"},
	{"uptime", FIELD_AGE, N, OF(call, up_at), .unit = "s", .help = "since it came up"},
	{"user", FIELD_ARRAY, N, OF(call, user), .help = "name that the caller gave"},
	{"interface", FIELD_ARRAY, N, OF(call, interface), .help = "where it came in by PPPoE"},
	{"mac", FIELD_MAC, N, OF(call, mac), .help = "the caller's MAC address"},
	{"pppoe_id", FIELD_U16, N, OF(call, pppoe_id), .zero_is_none = true,
	 .help = "id of the PPPoE session"},
	{"from_tunnel_id", FIELD_U16, N, OF(call, from_tunnel_id), .zero_is_none = true,
	 .help = "tunnel that a switched call came in by, our id"},
	{"from_session_id", FIELD_U16, N, OF(call, from_session_id), .zero_is_none = true,
	 .help = "its session there, our id"},
	{"from_peer", FIELD_ARRAY, N, OF(call, from_peer),
	 .help = "Host Name of the LAC that a switched call came from"},
	{"destination", FIELD_ARRAY, N, OF(call, destination), .help = "LNS that it goes to"},
	{"peer", FIELD_HOST, N, OF(call, peer), .help = "the LNS's address"},
	{"tunnel_id", FIELD_U16, N, OF(call, tunnel_id), .zero_is_none = true,
	 .help = "tunnel that it goes through, our id"},
	{"session_id", FIELD_U16, N, OF(call, session_id), .zero_is_none = true,
	 .help = "its session there, our id"},
	{"ppp_interface", FIELD_ARRAY, N, OF(call, ppp_interface),
	 .help = "network interface of a call that ends here"},
	{"last_error", FIELD_ARRAY, N, OF(call, why),
	 .help = "what the last attempt to place it failed of, or it ended of"},

	{"peer_tunnel_id", FIELD_U16, D, OF(call, peer_tunnel_id), .zero_is_none = true,
	 .help = "the LNS's id of the tunnel"},
	{"peer_session_id", FIELD_U16, D, OF(call, peer_session_id), .zero_is_none = true,
	 .help = "the LNS's id of the session"},
	{"domain", FIELD_ARRAY, D, OF(call, domain), .help = "domain section that decided"},
	{"tried", FIELD_UINT, D, OF(call, tried), .zero_is_none = true,
	 .help = "tunnels that were tried for it"},
	{"age", FIELD_AGE, D, OF(call, began_at), .unit = "s", .help = "since it came in"},
	{"tx_connect_speed", FIELD_U32, D, OF(call, tx_connect_speed), .zero_is_none = true,
	 .unit = "bit/s", .help = "speed of the line to the user"},
	{"rx_connect_speed", FIELD_U32, D, OF(call, rx_connect_speed), .zero_is_none = true,
	 .unit = "bit/s", .help = "speed of the line from the user"},
	{"circuit_id", FIELD_ARRAY, D, OF(call, circuit_id),
	 .help = "Agent Circuit ID of the caller's line"},
	{"remote_id", FIELD_ARRAY, D, OF(call, remote_id),
	 .help = "Agent Remote ID of the caller's line"},
};

static const struct field_row pppoe_fields[] = {
	{"interface", FIELD_ARRAY, N, OF(pppoe, interface), .help = "its name"},
	{"state", FIELD_STRING, N, OF(pppoe, state),
	 .help = "open, absent (no such interface, or it is down) or leaving (not in the configuration any more)"},
	{"name", FIELD_ARRAY, N, OF(pppoe, name), .help = "name of its pppoe section"},
	{"mac", FIELD_MAC, N, OF(pppoe, mac), .help = "our MAC address"},
	{"sessions", FIELD_UINT, N, OF(pppoe, sessions), .help = "sessions now"},
	{"max_sessions", FIELD_UINT, N, OF(pppoe, max_sessions), .zero_is_none = true,
	 .help = "most sessions"},
	{"last_error", FIELD_ARRAY, N, OF(pppoe, why), .help = "why it is not open"},

	{"rx_padi", FIELD_U64, S, OF(pppoe, stats.rx_padi), .help = "PADIs received"},
	{"rx_padr", FIELD_U64, S, OF(pppoe, stats.rx_padr), .help = "PADRs received"},
	{"rx_padt", FIELD_U64, S, OF(pppoe, stats.rx_padt), .help = "PADTs received"},
	{"tx_pado", FIELD_U64, S, OF(pppoe, stats.tx_pado), .help = "PADOs sent"},
	{"tx_pads", FIELD_U64, S, OF(pppoe, stats.tx_pads), .help = "PADSs sent"},
	{"tx_padt", FIELD_U64, S, OF(pppoe, stats.tx_padt), .help = "PADTs sent"},
	{"rx_malformed", FIELD_U64, S, OF(pppoe, stats.rx_malformed),
	 .help = "frames that are short, or whose lengths or tags are wrong"},
	{"rx_unexpected", FIELD_U64, S, OF(pppoe, stats.rx_unexpected),
	 .help = "codes that an access concentrator has no use for, ids it never gave"},
	{"rx_bad_cookie", FIELD_U64, S, OF(pppoe, stats.rx_bad_cookie),
	 .help = "PADRs whose AC-Cookie is not ours"},
	{"rx_over_rate", FIELD_U64, S, OF(pppoe, stats.rx_over_rate),
	 .help = "frames dropped because too many came in a second"},
	{"refused_service", FIELD_U64, S, OF(pppoe, stats.refused_service),
	 .help = "clients that asked for a service that is not offered"},
	{"refused_limit", FIELD_U64, S, OF(pppoe, stats.refused_limit),
	 .help = "clients refused over a limit of sessions"},
	{"refused_system", FIELD_U64, S, OF(pppoe, stats.refused_system),
	 .help = "clients refused because the session could not be made"},
	{"sessions_opened", FIELD_U64, S, OF(pppoe, stats.sessions_opened),
	 .help = "sessions that came up"},
	{"sessions_closed", FIELD_U64, S, OF(pppoe, stats.sessions_closed),
	 .help = "sessions that ended"},
};

static const struct field_row destination_fields[] = {
	{"name", FIELD_ARRAY, N, OF(destination, name),
	 .help = "name of its section, else the server"},
	{"server", FIELD_ARRAY, N, OF(destination, server),
	 .help = "the LNS's address or host name, as it was written"},
	{"client", FIELD_HOST, N, OF(destination, client), .help = "address that we send from"},
	{"state", FIELD_STRING, N, OF(destination, state),
	 .help = "unlocked, locked, wait-test, testing (a tunnel) or probing (with one call)"},
	{"time_left", FIELD_SECONDS, N, OF(destination, time_left), .zero_is_none = true,
	 .unit = "s", .help = "for which it is locked yet"},
	{"sessions", FIELD_UINT, N, OF(destination, sessions), .help = "calls on their way to it, or up"},
	{"tunnels", FIELD_UINT, N, OF(destination, tunnels), .help = "tunnels to it"},
	{"failed", FIELD_AGE, N, OF(destination, failed_at), .unit = "s",
	 .help = "since it failed the last time"},
	{"last_error", FIELD_ARRAY, N, OF(destination, failure), .help = "what it failed of then"},

	{"calls", FIELD_U64, S, OF(destination, calls), .help = "calls that it took"},
	{"failures", FIELD_U64, S, OF(destination, failures), .help = "calls and tunnels that it refused, or left without an answer"},
	{"lockouts", FIELD_U64, S, OF(destination, lockouts), .help = "times that it was locked out"},
};

static const struct field_row choice_fields[] = {
	{"name", FIELD_ARRAY, N, OF(choice, name), .help = "name of its section, else the server"},
	{"server", FIELD_ARRAY, N, OF(choice, server), .help = "address or host name"},
	{"preference", FIELD_U32, N, OF(choice, preference), .help = "less is better"},
	{"max_sessions", FIELD_UINT, N, OF(choice, max_sessions), .zero_is_none = true,
	 .help = "most sessions with the destination"},
	{"max_sessions_per_tunnel", FIELD_UINT, N, OF(choice, max_sessions_per_tunnel),
	 .zero_is_none = true, .help = "most sessions in one tunnel"},
	{"state", FIELD_STRING, N, OF(choice, state), .help = "its lock, once a call was sent there"},
};
static const struct object_row choice_object = {"choice", FIELDS(choice_fields), "a tunnel of a domain"};

static const struct field_row domain_fields[] = {
	{"name", FIELD_ARRAY, N, OF(domain, name), .help = "name of the section"},
	{"action", FIELD_STRING, N, OF(domain, action),
	 .help = "what becomes of its calls: tunnel, terminate, reject or radius"},
	{"ppp", FIELD_ARRAY, N, OF(domain, ppp), .help = "ppp section for calls that end here"},
	{"called_number", FIELD_ARRAY, N, OF(domain, called_number),
	 .help = "Called Number that is sent in place of the domain"},
	{"strip", FIELD_BOOL, D, OF(domain, strip),
	 .help = "whether RADIUS is asked for the name without the domain"},
	{"destinations", FIELD_CHOICES, N, OF(domain, choices), .of = &choice_object,
	 .text = "Destination", .help = "where its calls may go, the preferred first"},
};

static const struct field_row radius_fields[] = {
	{"name", FIELD_ARRAY, N, OF(radius, name), .help = "name of the section"},
	{"host", FIELD_ARRAY, N, OF(radius, host), .help = "its address or host name"},
	{"state", FIELD_STRING, N, OF(radius, state), .help = "alive, or dead: left alone for a time"},
	{"time_left", FIELD_SECONDS, N, OF(radius, time_left), .zero_is_none = true, .unit = "s",
	 .help = "for which it is left alone yet"},
	{"auth_port", FIELD_U16, N, OF(radius, auth_port), .zero_is_none = true,
	 .help = "UDP port for authentication"},
	{"acct_port", FIELD_U16, N, OF(radius, acct_port), .zero_is_none = true,
	 .help = "UDP port for accounting"},
	{"pending", FIELD_UINT, N, OF(radius, pending), .help = "requests that wait for its answer"},
	{"round_trip", FIELD_U64, N, OF(radius, round_trip), .zero_is_none = true, .unit = "us",
	 .help = "time that its answers take, smoothed"},

	{"requests", FIELD_U64, S, OF(radius, stats.requests), .help = "Access-Requests sent"},
	{"retransmits", FIELD_U64, S, OF(radius, stats.retransmits), .help = "requests sent again"},
	{"accepts", FIELD_U64, S, OF(radius, stats.accepts), .help = "Access-Accepts"},
	{"rejects", FIELD_U64, S, OF(radius, stats.rejects), .help = "Access-Rejects"},
	{"challenges", FIELD_U64, S, OF(radius, stats.challenges), .help = "Access-Challenges"},
	{"timeouts", FIELD_U64, S, OF(radius, stats.timeouts), .help = "Access-Requests never answered"},
	{"rx_bad_authenticator", FIELD_U64, S, OF(radius, stats.rx_bad_authenticator),
	 .help = "packets that do not prove that the secret is known"},
	{"rx_malformed", FIELD_U64, S, OF(radius, stats.rx_malformed), .help = "unusable packets"},
	{"rx_unexpected", FIELD_U64, S, OF(radius, stats.rx_unexpected),
	 .help = "answers that nobody waited for"},
	{"acct_requests", FIELD_U64, S, OF(radius, stats.acct_requests),
	 .help = "Accounting-Requests sent"},
	{"acct_responses", FIELD_U64, S, OF(radius, stats.acct_responses),
	 .help = "Accounting-Responses"},
	{"acct_timeouts", FIELD_U64, S, OF(radius, stats.acct_timeouts),
	 .help = "Accounting-Requests never answered"},
	{"disconnects", FIELD_U64, S, OF(radius, stats.disconnects),
	 .help = "Disconnect-Requests obeyed"},
	{"disconnects_refused", FIELD_U64, S, OF(radius, stats.disconnects_refused),
	 .help = "Disconnect-Requests refused"},
	{"changes", FIELD_U64, S, OF(radius, stats.changes), .help = "CoA-Requests obeyed"},
	{"changes_refused", FIELD_U64, S, OF(radius, stats.changes_refused),
	 .help = "CoA-Requests refused"},
};

static const struct field_row steer_fields[] = {
	{"user", FIELD_ARRAY, N, OF(steer, user), .help = "the caller's name"},
	{"interface", FIELD_ARRAY, N, OF(steer, interface), .help = "where he dials in"},
	{"pppoe", FIELD_ARRAY, N, OF(steer, access), .help = "pppoe section of that"},
	{"action", FIELD_STRING, N, OF(steer, action),
	 .help = "what would become of the call: tunnel, terminate, reject or radius"},
	{"why", FIELD_ARRAY, N, OF(steer, why), .help = "by which part of the name"},
	{"domain", FIELD_ARRAY, N, OF(steer, domain), .help = "domain section that decides"},
	{"radius", FIELD_ARRAY, N, OF(steer, radius), .help = "whether and what RADIUS would be asked"},
	{"radius_user", FIELD_ARRAY, N, OF(steer, radius_user),
	 .help = "user that it would be asked about"},
	{"ppp", FIELD_ARRAY, N, OF(steer, ppp), .help = "ppp section of a call that ends here"},
	{"called_number", FIELD_ARRAY, N, OF(steer, called_number), .help = "Called Number to send"},
	{"tunnels", FIELD_LINES, N, OF(steer, tunnels), .text = "Tunnel",
	 .help = "in the order in which they would be tried, and what is against each"},
};
/* clang-format on */

const struct object_row call_object = {"call", FIELDS(call_fields),
				       "calls of the LAC, with both legs"};
const struct object_row pppoe_object = {"pppoe", FIELDS(pppoe_fields),
					"interfaces where callers dial in"};
const struct object_row destination_object = {"destination", FIELDS(destination_fields),
					      "LNSs that calls may go to"};
const struct object_row domain_object = {"domain", FIELDS(domain_fields), "the domain map"};
const struct object_row radius_object = {"radius", FIELDS(radius_fields), "RADIUS servers"};
const struct object_row steer_object = {"steer", FIELDS(steer_fields),
					"what would become of a call"};
