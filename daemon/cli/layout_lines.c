/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The looks of objects: the lines of each, in the language of layout.h, and the short form that
 * monitors print.
 */
#include "cli/layout.h"

static const struct line tunnel_lines[] = {
	{VIEW_NORMAL, "Tunnel {tunnel_id}, encap {encap}[, named {name}], {state}[ for {uptime}]"
		      "[ {ended} ago]"},
	{VIEW_NORMAL, "  From {local} to {peer}"},
	{VIEW_NORMAL, "  Peer tunnel {peer_tunnel_id}[, host name {peer_host_name}]"},
	{VIEW_NORMAL, "  UDP source / dest ports: {udp_sport}/{udp_dport}"},
	{VIEW_NORMAL, "  Peer section {peer_name}, opened by {initiator}"},
	{VIEW_NORMAL, "  Receive window: {window}[, peer's {peer_window}]"},
	{VIEW_NORMAL, "  Sessions: {sessions}"},
	{VIEW_NORMAL, "  Last error: {last_error}"},
	{VIEW_DETAILS, "  Administrative state: {admin_state}[, from {admin_from}]"},
	{VIEW_DETAILS, "  Path MTU: {path_mtu} octets"},
	{VIEW_DETAILS, "  Retransmission: {retry_interval} to {retry_interval_max} ms,"
		       " {retries} times[, {setup_retries} before it is up]"},
	{VIEW_STATISTICS, "  Ns {ns}, Nr {nr}, acknowledged {acked}, in flight {in_flight}"
			  " (tries {tries}), queued {queued}"},
	{VIEW_STATISTICS, "  Congestion window {cwnd}, threshold {ssthresh}"},
	{VIEW_STATISTICS, "  RX: {rx_messages} messages, {rx_zlb} ZLB, {rx_duplicates} duplicate,"
			  " {rx_out_of_order} early, {rx_out_of_window} out of window"},
	{VIEW_STATISTICS, "  RX errors: {rx_avp_errors} AVP, {rx_unexpected} unexpected,"
			  " {rx_bad_nr} bad Nr, {rx_no_memory} no memory, {rx_given_up} given up"},
	{VIEW_STATISTICS, "  AVPs ignored: {rx_ignored_avps}"},
	{VIEW_STATISTICS,
	 "  TX: {tx_messages} messages, {tx_zlb} ZLB, {tx_retransmits} retransmitted"},
	{VIEW_STATISTICS, "  Sessions: {sessions_opened} opened, {sessions_accepted} accepted,"
			  " {sessions_established} established, {sessions_failed} failed,"
			  " {sessions_refused} refused"},
	{VIEW_STATISTICS, "  Data RX: {data_rx_packets} packets, {data_rx_bytes} octets,"
			  " {data_rx_errors} errors, {data_rx_seq_discards} discarded,"
			  " {data_rx_out_of_order} out of order"},
	{VIEW_STATISTICS, "  Data TX: {data_tx_packets} packets, {data_tx_bytes} octets,"
			  " {data_tx_errors} errors"},
	{0, NULL},
};

static const struct line session_lines[] = {
	{VIEW_NORMAL, "Session {session_id} in tunnel {tunnel_id}[, named {name}], {state}"
		      "[ for {uptime}][ {ended} ago]"},
	{VIEW_NORMAL, "  Peer session {peer_session_id}, tunnel {peer_tunnel_id}"},
	{VIEW_NORMAL, "  Tunnel named {tunnel_name}"},
	{VIEW_NORMAL, "  Call type: {type}"},
	{VIEW_NORMAL, "  Interface name: {interface}"},
	{VIEW_NORMAL, "  User: {user}"},
	{VIEW_NORMAL, "  PPP from {ppp_local}[ to {ppp_remote}]"},
	{VIEW_NORMAL, "  Called number: {called_number}"},
	{VIEW_NORMAL, "  Calling number: {calling_number}"},
	{VIEW_NORMAL, "  Sub-address: {sub_address}"},
	{VIEW_NORMAL, "  Private group: {private_group}"},
	{VIEW_NORMAL, "  Last error: {last_error}"},
	{VIEW_DETAILS, "  Administrative state: {admin_state}[, from {admin_from}]"},
	{VIEW_DETAILS, "  Connect speed: {tx_connect_speed}[/{rx_connect_speed}] bit/s"},
	{VIEW_DETAILS, "  Proxy authentication: {proxy_authen_type}[, name {proxy_authen_name}]"
		       "[, challenge given: {proxy_authen_challenge}]"
		       "[, response given: {proxy_authen_response}]"},
	{VIEW_DETAILS, "  Proxy LCP, first received: {initial_lcp_confreq}"},
	{VIEW_DETAILS, "  Proxy LCP, last sent: {last_sent_lcp_confreq}"},
	{VIEW_DETAILS, "  Proxy LCP, last received: {last_received_lcp_confreq}"},
	{VIEW_DETAILS, "  ACCM: send {send_accm}, receive {receive_accm}[, SLI received {rx_sli}]"},
	{VIEW_DETAILS,
	 "  WEN received: {rx_wen}[, CRC errors {crc_errors}]"
	 "[, framing errors {framing_errors}][, hardware overruns {hardware_overruns}]"
	 "[, buffer overruns {buffer_overruns}][, time-outs {timeout_errors}]"
	 "[, alignment errors {alignment_errors}]"},
	{VIEW_DETAILS, "  LCP open after {lcp_time} ms[, network up after {ppp_time} ms]"},
	{VIEW_STATISTICS, "  RX: {rx_packets} packets, {rx_bytes} octets, {rx_errors} errors,"
			  " {rx_seq_discards} discarded, {rx_out_of_order} out of order"},
	{VIEW_STATISTICS, "  TX: {tx_packets} packets, {tx_bytes} octets, {tx_errors} errors"},
	{0, NULL},
};

static const struct line call_lines[] = {
	{VIEW_NORMAL, "Call {call_id}[, {user}], from"
		      "[ {interface} {mac} PPPoE {pppoe_id}]"
		      "[ tunnel {from_tunnel_id} session {from_session_id}][ ({from_peer})]"
		      "[ to {destination}][ tunnel {tunnel_id} session {session_id}]"
		      "[ to {ppp_interface}], {state}[ for {uptime}][: {last_error}]"},
	{VIEW_DETAILS, "  Peer: {peer}[, its tunnel {peer_tunnel_id}][ session {peer_session_id}]"},
	{VIEW_DETAILS, "  Domain section: {domain}[, tunnels tried: {tried}]"},
	{VIEW_DETAILS, "  Connect speed: {tx_connect_speed}[/{rx_connect_speed}] bit/s"},
	{0, NULL},
};

static const struct line pppoe_lines[] = {
	{VIEW_NORMAL, "PPPoE on {interface}[, {state}][, section {name}][: {last_error}]"},
	{VIEW_NORMAL, "  Sessions: {sessions}[ of {max_sessions}][, our MAC address {mac}]"},
	{VIEW_STATISTICS, "  RX: {rx_padi} PADI, {rx_padr} PADR, {rx_padt} PADT"},
	{VIEW_STATISTICS, "  RX errors: {rx_malformed} malformed, {rx_unexpected} unexpected,"
			  " {rx_bad_cookie} bad cookie, {rx_over_rate} over rate"},
	{VIEW_STATISTICS, "  TX: {tx_pado} PADO, {tx_pads} PADS, {tx_padt} PADT"},
	{VIEW_STATISTICS, "  Refused: {refused_service} service, {refused_limit} limit,"
			  " {refused_system} system"},
	{VIEW_STATISTICS, "  Sessions: {sessions_opened} opened, {sessions_closed} closed"},
	{0, NULL},
};

static const struct line domain_lines[] = {
	{VIEW_NORMAL, "Domain {name}, {action}[, ppp section {ppp}]"
		      "[, called number {called_number}]"},
	{VIEW_DETAILS, "  Domain stripped for RADIUS: {strip}"},
	{0, NULL},
};

static const struct line destination_lines[] = {
	{VIEW_NORMAL, "Destination {name}, {state}[, {time_left} left]"},
	{VIEW_NORMAL, "  Server: {server}[, from {client}]"},
	{VIEW_NORMAL, "  Sessions: {sessions}, tunnels: {tunnels}"},
	{VIEW_NORMAL, "  Failed {failed} ago[: {last_error}]"},
	{VIEW_STATISTICS, "  Calls: {calls}, failures: {failures}, lockouts: {lockouts}"},
	{0, NULL},
};

static const struct line radius_lines[] = {
	{VIEW_NORMAL, "RADIUS server {name}, {state}[, {time_left} left]"},
	{VIEW_NORMAL, "  Host: {host}[, authentication port {auth_port}]"
		      "[, accounting port {acct_port}]"},
	{VIEW_NORMAL, "  Pending: {pending}[, round trip {round_trip} us]"},
	{VIEW_STATISTICS, "  Access: {requests} requests, {accepts} accepts, {rejects} rejects,"
			  " {challenges} challenges, {timeouts} timed out"},
	{VIEW_STATISTICS, "  Accounting: {acct_requests} requests, {acct_responses} responses,"
			  " {acct_timeouts} timed out"},
	{VIEW_STATISTICS, "  Sent again: {retransmits}"},
	{VIEW_STATISTICS, "  RX errors: {rx_bad_authenticator} bad authenticator,"
			  " {rx_malformed} malformed, {rx_unexpected} unexpected"},
	{VIEW_STATISTICS, "  Disconnect: {disconnects} obeyed, {disconnects_refused} refused"},
	{VIEW_STATISTICS, "  CoA: {changes} obeyed, {changes_refused} refused"},
	{0, NULL},
};

static const struct line steer_lines[] = {
	{VIEW_NORMAL, "Call of {user}[ on {interface}]: {action}"},
	{VIEW_NORMAL, "  Section pppoe: {pppoe}"},
	{VIEW_NORMAL, "  Why: {why}"},
	{VIEW_NORMAL, "  Section domain: {domain}[, called number {called_number}]"},
	{VIEW_NORMAL, "  RADIUS: {radius}[, for user {radius_user}]"},
	{VIEW_NORMAL, "  Section ppp: {ppp}"},
	{0, NULL},
};

static const struct line peer_lines[] = {
	{VIEW_NORMAL, "Peer {name}, calls: {calls}"},
	{VIEW_NORMAL, "  Addresses: {addresses}"},
	{VIEW_NORMAL, "  Its host name: {host_name}"},
	{VIEW_NORMAL, "  Our host name: {local_name}"},
	{VIEW_NORMAL, "  Secret configured: {secret}"},
	{VIEW_NORMAL, "  Tunnels: {tunnels}, sessions: {sessions}"},
	{VIEW_DETAILS, "  Administrative state: {admin_state}[, from {admin_from}]"},
	{VIEW_DETAILS, "  Challenge: {challenge}, hidden AVPs: {hide}"},
	{VIEW_DETAILS, "  Answer from another address: {address_change}, port: {port_change}"},
	{VIEW_DETAILS, "  Retransmission: {retry_interval} to {retry_interval_max} ms,"
		       " {retries} times[, {setup_retries} before it is up]"},
	{0, NULL},
};

static const struct line stats_lines[] = {
	{VIEW_NORMAL, "Counted for {uptime}, since aditd started"},
	{VIEW_NORMAL, "Tunnels: {tunnels} of {max_tunnels}"},
	{VIEW_NORMAL, "  Half open: {half_open} of {max_half_open}"
		      "[, {max_half_open_per_source} of one source]"},
	{VIEW_NORMAL, "  Opened {tunnels_opened}, accepted {tunnels_accepted},"
		      " established {tunnels_established}, failed {tunnels_failed},"
		      " refused {sccrq_refused}"
		      "[, over {max_sccrq_rate} of one source a second {sccrq_over_rate}]"},
	{VIEW_NORMAL, "  Refused for an administrative state, calls too: {admin_refused}"},
	{VIEW_NORMAL, "  Authentication failures: {auth_failures}"},
	{VIEW_NORMAL, "Sessions: {sessions} of {max_sessions}"},
	{VIEW_NORMAL, "  Opened {sessions_opened}, accepted {sessions_accepted},"
		      " established {sessions_established}, failed {sessions_failed},"
		      " refused {sessions_refused}"},
	{VIEW_NORMAL, "Packets received: {rx_packets}, {rx_octets} octets"},
	{VIEW_NORMAL, "  Malformed {rx_malformed}, bad version {rx_bad_version}, data {rx_data}"},
	{VIEW_NORMAL, "  Unknown tunnel {rx_unknown_tunnel}, wrong peer {rx_wrong_peer},"
		      " SCCRQ repeated {sccrq_duplicate}, crossed {sccrq_crossed}"},
	{VIEW_NORMAL, "  In tunnels: {rx_messages} messages, {rx_zlb} ZLB,"
		      " {rx_duplicates} duplicate, {rx_out_of_order} early,"
		      " {rx_out_of_window} out of window"},
	{VIEW_NORMAL, "  Errors: {rx_avp_errors} AVP, {rx_unexpected} unexpected,"
		      " {rx_bad_nr} bad Nr, {rx_no_memory} no memory, {rx_given_up} given up"},
	{VIEW_NORMAL, "  AVPs ignored: {rx_ignored_avps}"},
	{VIEW_NORMAL, "Packets sent: {tx_packets}, {tx_octets} octets"},
	{VIEW_NORMAL, "  In tunnels: {tx_messages} messages, {tx_zlb} ZLB,"
		      " {tx_retransmits} retransmitted"},
	{VIEW_NORMAL, "  Not sent for lack of memory: {tx_failed}"},
	{VIEW_STATISTICS, "Data of living tunnels:"},
	{VIEW_STATISTICS, "  RX: {data_rx_packets} packets, {data_rx_bytes} octets,"
			  " {data_rx_errors} errors, {data_rx_seq_discards} discarded,"
			  " {data_rx_out_of_order} out of order"},
	{VIEW_STATISTICS, "  TX: {data_tx_packets} packets, {data_tx_bytes} octets,"
			  " {data_tx_errors} errors"},
	{0, NULL},
};

static const struct line kept_lines[] = {
	{VIEW_NORMAL, "{kind} {name}[ in tunnel {tunnel}], {state}[, tried again in {next_attempt}]"
		      "[: {why}]"},
	{0, NULL},
};

static const struct line system_lines[] = {
	{VIEW_NORMAL, "System {admin_state}"},
	{VIEW_NORMAL, "  Tunnels: {tunnels}, sessions: {sessions}"},
	{0, NULL},
};

static const struct line version_lines[] = {
	{VIEW_NORMAL, "aditd {version}, process {pid}, up for {uptime}"},
	{0, NULL},
};

const struct line *const layouts[OBJECT_MAX] = {
	[OBJECT_TUNNEL] = tunnel_lines,	  [OBJECT_SESSION] = session_lines,
	[OBJECT_CALL] = call_lines,	  [OBJECT_PPPOE] = pppoe_lines,
	[OBJECT_DOMAIN] = domain_lines,	  [OBJECT_DESTINATION] = destination_lines,
	[OBJECT_RADIUS] = radius_lines,	  [OBJECT_STEER] = steer_lines,
	[OBJECT_PEER] = peer_lines,	  [OBJECT_STATS] = stats_lines,
	[OBJECT_KEPT] = kept_lines,	  [OBJECT_SYSTEM] = system_lines,
	[OBJECT_VERSION] = version_lines,
};

const char *const short_lines[OBJECT_MAX] = {
	[OBJECT_TUNNEL] = "tunnel {tunnel_id}[ ({name})], peer {peer}[ ({peer_host_name})]"
			  "[: {last_error}]",
	[OBJECT_SESSION] = "session {session_id} in tunnel {tunnel_id}[ ({name})]"
			   "[, {interface}][, user {user}][: {last_error}]",
	[OBJECT_CALL] = "call {call_id}[, {user}], from"
			"[ {interface} {mac} PPPoE {pppoe_id}]"
			"[ tunnel {from_tunnel_id} session {from_session_id}][ ({from_peer})]"
			"[ to {destination}][ tunnel {tunnel_id} session {session_id}]"
			"[ to {ppp_interface}][: {last_error}]",
	[OBJECT_PPPOE] = "",
	[OBJECT_DOMAIN] = "",
	[OBJECT_DESTINATION] = "destination {name}, {state}[, {time_left} left][: {last_error}]",
	[OBJECT_RADIUS] = "",
	[OBJECT_STEER] = "",
	[OBJECT_PEER] = "",
	[OBJECT_STATS] = "",
	[OBJECT_KEPT] = "",
	[OBJECT_SYSTEM] = "",
	[OBJECT_VERSION] = "",
};
