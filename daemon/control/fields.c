/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rows of all objects. To show one more value is to add a row.
 *
 * Keys are the words of `ip l2tp` where it has one. Tables stand in the order of the output.
 */
#include "control/fields.h"

#include <string.h>

#include "l2tp/engine.h"
#include "netlink/l2tp.h"

#define TUNNEL(member) .source = SOURCE_TUNNEL, .offset = offsetof(struct l2tp_tunnel, member)
#define SESSION(member) .source = SOURCE_SESSION, .offset = offsetof(struct l2tp_session, member)
#define CALL(item) .source = SOURCE_CALL, .offset = item
#define LINE(member) .source = SOURCE_LINE, .offset = offsetof(struct call_line, member)
#define COUNTER(member) .source = SOURCE_COUNTERS, .offset = offsetof(struct l2tp_nl_stats, member)
#define TRAFFIC(member) .source = SOURCE_TRAFFIC, .offset = offsetof(struct traffic, member)
#define PEER(member) .source = SOURCE_PEER, .offset = offsetof(struct peer, member)
#define USAGE(member) .source = SOURCE_USAGE, .offset = offsetof(struct tally, member)
#define ENGINE(member) .source = SOURCE_ENGINE, .offset = offsetof(struct l2tp_engine, member)
#define ENDED(member) .source = SOURCE_ENDED, .offset = offsetof(struct l2tp_ended, member)
#define KEPT(member) .source = SOURCE_KEPT, .offset = offsetof(struct control_kept, member)
#define INFO(member) .source = SOURCE_INFO, .offset = offsetof(struct daemon_info, member)

/* Whole: what is told of it depends on more than one member. */
#define ADMIN .source = SOURCE_ADMIN

#define N VIEW_NORMAL
#define S VIEW_STATISTICS
#define D VIEW_DETAILS

/* Rows are read side by side. */
/* clang-format off */

/* What the kernel counts of the data of tunnels. */
#define DATA_FIELDS \
	{"data_rx_packets", FIELD_U64, S, COUNTER(rx_packets), .help = "data packets received"}, \
	{"data_rx_bytes", FIELD_U64, S, COUNTER(rx_bytes), .unit = "octets", .help = "data received"}, \
	{"data_rx_errors", FIELD_U64, S, COUNTER(rx_errors), .help = "unusable data packets"}, \
	{"data_rx_seq_discards", FIELD_U64, S, COUNTER(rx_seq_discards), \
	 .help = "data packets dropped for their sequence number"}, \
	{"data_rx_out_of_order", FIELD_U64, S, COUNTER(rx_out_of_order), \
	 .help = "data packets that came out of order"}, \
	{"data_tx_packets", FIELD_U64, S, COUNTER(tx_packets), .help = "data packets sent"}, \
	{"data_tx_bytes", FIELD_U64, S, COUNTER(tx_bytes), .unit = "octets", .help = "data sent"}, \
	{"data_tx_errors", FIELD_U64, S, COUNTER(tx_errors), \
	 .help = "data packets that could not be sent"}

static const struct field_row tunnel_fields[] = {
	{"tunnel_id", FIELD_U16, N, TUNNEL(core.tunnel_id), .help = "our id of the tunnel"},
	{"name", FIELD_ARRAY, N, TUNNEL(core.name), .help = "its name"},
	{"state", FIELD_TUNNEL_STATE, N, TUNNEL(core.state), .help = "state of RFC 2661 7.2.1, or ended"},
	{"uptime", FIELD_TUNNEL_AGE, N, TUNNEL(core.established_at), .unit = "s",
	 .help = "since it was established"},
	{"ended", FIELD_AGE, N, ENDED(ended_at), .unit = "s",
	 .help = "since it ended; it can be looked at for destruct_timeout"},
	{"encap", FIELD_CONSTANT, N, TUNNEL(core), .text = "UDP", .help = "what carries it"},
	{"local", FIELD_HOST, N, TUNNEL(core.local), .help = "our address"},
	{"peer", FIELD_HOST, N, TUNNEL(core.peer), .help = "the peer's address"},
	{"udp_sport", FIELD_PORT, N, TUNNEL(core.local), .help = "our UDP port"},
	{"udp_dport", FIELD_PORT, N, TUNNEL(core.peer), .help = "the peer's UDP port"},
	{"peer_tunnel_id", FIELD_U16, N, TUNNEL(core.peer_tunnel_id), .zero_is_none = true,
	 .help = "the peer's id of the tunnel"},
	{"peer_host_name", FIELD_ARRAY, N, TUNNEL(core.peer_host_name),
	 .help = "Host Name that the peer said"},
	{"peer_name", FIELD_STRING, N, PEER(name), .help = "name of the peer's section"},
	{"initiator", FIELD_INITIATOR, N, TUNNEL(core.initiator),
	 .help = "who opened it: local or peer"},
	{"window", FIELD_U16, N, TUNNEL(transport.config.window), .zero_is_none = true,
	 .unit = "messages",
	 .help = "Receive Window Size that we advertise"},
	{"peer_window", FIELD_U16, N, TUNNEL(core.peer_window), .zero_is_none = true,
	 .unit = "messages", .help = "Receive Window Size of the peer"},
	{"sessions", FIELD_UINT, N, TUNNEL(n_sessions), .help = "sessions in it"},
	{"last_error", FIELD_TUNNEL_REASON, N, TUNNEL(reason), .help = "why it ended"},

	{"path_mtu", FIELD_U32, D, TUNNEL(path_mtu), .zero_is_none = true, .unit = "octets",
	 .help = "MTU of the path to the peer when the tunnel came up"},
	{"peer_vendor", FIELD_ARRAY, D, TUNNEL(core.peer_vendor),
	 .help = "Vendor Name that the peer said"},
	{"peer_firmware", FIELD_U16, D, TUNNEL(core.peer_firmware), .zero_is_none = true,
	 .help = "Firmware Revision that the peer said"},
	{"peer_framing", FIELD_FRAMING, D, TUNNEL(core.peer_framing),
	 .help = "Framing Capabilities of the peer"},
	{"peer_bearer", FIELD_BEARER, D, TUNNEL(core.peer_bearer),
	 .help = "Bearer Capabilities of the peer"},
	{"authenticated", FIELD_BOOL, D, TUNNEL(authenticated),
	 .help = "whether the peer proved that it knows the secret"},
	{"kernel", FIELD_KERNEL_STATE, D, TUNNEL(kernel), .help = "what the kernel has of it"},
	{"hello_interval", FIELD_SECONDS, D, TUNNEL(transport.config.hello_interval), .unit = "s",
	 .help = "silence after which the peer is asked whether it lives"},
	{"hello_jitter", FIELD_U8, D, TUNNEL(transport.config.hello_jitter), .unit = "%",
	 .help = "part of that which chance takes off"},
	{"retry_interval", FIELD_MSEC, D, TUNNEL(transport.config.retry_first), .unit = "ms",
	 .help = "first retransmission interval"},
	{"retry_interval_max", FIELD_MSEC, D, TUNNEL(transport.config.retry_cap), .unit = "ms",
	 .help = "longest retransmission interval"},
	{"retries", FIELD_UINT, D, TUNNEL(transport.config.retries),
	 .help = "retransmissions before it is given up"},
	{"setup_retries", FIELD_UINT, D, TUNNEL(transport.config.setup_retries),
	 .zero_is_none = true, .help = "the same before it was up"},
	{"idle_timeout", FIELD_SECONDS, D, TUNNEL(idle_timeout), .zero_is_none = true, .unit = "s",
	 .help = "after which it is closed while it has no session"},
	{"destruct_timeout", FIELD_SECONDS, D, PEER(destruct_timeout), .zero_is_none = true,
	 .unit = "s", .help = "for which it can be looked at when it has ended"},
	{"max_sessions", FIELD_UINT, D, PEER(max_sessions_per_tunnel), .zero_is_none = true,
	 .help = "most sessions in it"},
	{"mark", FIELD_U32, D, PEER(mark), .zero_is_none = true,
	 .help = "firewall mark of its packets"},
	{"dscp", FIELD_U8, D, PEER(dscp), .zero_is_none = true,
	 .help = "DSCP of its control packets"},
	{"admin_state", FIELD_ADMIN_STATE, D, ADMIN, .help = "administrative state in effect"},
	{"admin_from", FIELD_ADMIN_FROM, D, ADMIN,
	 .help = "level that it comes from: system, peer or tunnel"},

	{"ns", FIELD_U16, S, TUNNEL(transport.ns), .help = "Ns of the next message"},
	{"nr", FIELD_U16, S, TUNNEL(transport.nr), .help = "Nr, the message that is expected next"},
	{"acked", FIELD_U16, S, TUNNEL(transport.acked),
	 .help = "oldest message that the peer has not acknowledged"},
	{"in_flight", FIELD_UINT, S, TUNNEL(transport.in_flight), .unit = "messages",
	 .help = "sent and not acknowledged"},
	{"queued", FIELD_UINT, S, TUNNEL(transport.queued), .unit = "messages",
	 .help = "waiting for the window"},
	{"tries", FIELD_UINT, S, TUNNEL(transport.tries),
	 .help = "retransmissions of the oldest message so far"},
	{"cwnd", FIELD_UINT, S, TUNNEL(transport.cwnd), .unit = "messages",
	 .help = "congestion window"},
	{"ssthresh", FIELD_UINT, S, TUNNEL(transport.ssthresh), .unit = "messages",
	 .help = "slow start threshold"},
	{"tx_messages", FIELD_U64, S, TUNNEL(transport.stats.tx_messages),
	 .help = "messages sent, without ZLBs and retransmissions"},
	{"tx_zlb", FIELD_U64, S, TUNNEL(transport.stats.tx_zlb), .help = "ZLBs sent"},
	{"tx_retransmits", FIELD_U64, S, TUNNEL(transport.stats.tx_retransmits),
	 .help = "messages sent again"},
	{"rx_messages", FIELD_U64, S, TUNNEL(transport.stats.rx_messages),
	 .help = "messages received in order"},
	{"rx_zlb", FIELD_U64, S, TUNNEL(transport.stats.rx_zlb), .help = "ZLBs received"},
	{"rx_duplicates", FIELD_U64, S, TUNNEL(transport.stats.rx_duplicates),
	 .help = "messages received again"},
	{"rx_out_of_order", FIELD_U64, S, TUNNEL(transport.stats.rx_out_of_order),
	 .help = "messages that came early and were kept"},
	{"rx_out_of_window", FIELD_U64, S, TUNNEL(transport.stats.rx_out_of_window),
	 .help = "messages beyond our window, dropped"},
	{"rx_no_memory", FIELD_U64, S, TUNNEL(transport.stats.rx_no_memory),
	 .help = "messages that came early and found no memory"},
	{"rx_bad_nr", FIELD_U64, S, TUNNEL(transport.stats.rx_bad_nr),
	 .help = "acknowledgements of what was never sent"},
	{"rx_given_up", FIELD_U64, S, TUNNEL(transport.stats.rx_given_up),
	 .help = "packets that came when the peer was given up"},
	{"rx_avp_errors", FIELD_U64, S, TUNNEL(stats.rx_avp_errors),
	 .help = "messages with unusable AVPs"},
	{"rx_unexpected", FIELD_U64, S, TUNNEL(stats.rx_unexpected),
	 .help = "messages that had no business in the state"},
	{"rx_ignored_avps", FIELD_U64, S, TUNNEL(stats.rx_ignored_avps),
	 .help = "AVPs that we do not know, or that a message has no use for"},
	{"sessions_opened", FIELD_U64, S, TUNNEL(stats.sessions_opened),
	 .help = "sessions that we opened"},
	{"sessions_accepted", FIELD_U64, S, TUNNEL(stats.sessions_accepted),
	 .help = "sessions that the peer opened"},
	{"sessions_refused", FIELD_U64, S, TUNNEL(stats.sessions_refused),
	 .help = "of the peer's, refused"},
	{"sessions_established", FIELD_U64, S, TUNNEL(stats.sessions_established),
	 .help = "sessions that were established"},
	{"sessions_failed", FIELD_U64, S, TUNNEL(stats.sessions_failed),
	 .help = "sessions that ended before they were established"},
	DATA_FIELDS,
	{"messages", FIELD_MESSAGES, S, TRAFFIC(messages), .text = "Messages",
	 .help = "messages by type, in and out, without repetitions"},
	{"cdn", FIELD_CDN, S, TRAFFIC(cdn), .text = "CDN result",
	 .help = "CDNs by Result Code, in (the peer's doing) and out (ours)"},
};

static const struct field_row session_fields[] = {
	{"tunnel_id", FIELD_U16, N, TUNNEL(core.tunnel_id), .help = "our id of its tunnel"},
	{"session_id", FIELD_U16, N, SESSION(core.session_id), .help = "our id of the session"},
	{"name", FIELD_ITEM_TEXT, N, CALL(CALL_NAME), .help = "its name"},
	{"tunnel_name", FIELD_ARRAY, N, TUNNEL(core.name), .help = "name of its tunnel"},
	{"peer_tunnel_id", FIELD_U16, N, TUNNEL(core.peer_tunnel_id), .zero_is_none = true,
	 .help = "the peer's id of its tunnel"},
	{"peer_session_id", FIELD_U16, N, SESSION(core.peer_session_id), .zero_is_none = true,
	 .help = "the peer's id of the session"},
	{"state", FIELD_SESSION_STATE, N, SESSION(core.state), .help = "state of RFC 2661 7.4 and 7.5, or ended"},
	{"uptime", FIELD_SESSION_AGE, N, SESSION(core.established_at), .unit = "s",
	 .help = "since it was established"},
	{"ended", FIELD_AGE, N, ENDED(ended_at), .unit = "s",
	 .help = "since it ended; it can be looked at for destruct_timeout"},
	{"type", FIELD_CALL_TYPE, N, SESSION(core.type), .help = "which end of the call we are, and who placed it"},
	{"interface", FIELD_ARRAY, N, SESSION(ppp.ifname), .help = "network interface"},
	{"user", FIELD_ITEM_TEXT, N, CALL(CALL_USER),
	 .help = "name that the user authenticated with"},
	{"ppp_local", FIELD_HOST, N, SESSION(ppp.local), .help = "our address on the PPP link"},
	{"ppp_remote", FIELD_HOST, N, SESSION(ppp.remote),
	 .help = "the other end's address on the PPP link"},
	{"called_number", FIELD_ITEM_TEXT, N, CALL(CALL_CALLED_NUMBER), .help = "number called"},
	{"calling_number", FIELD_ITEM_TEXT, N, CALL(CALL_CALLING_NUMBER),
	 .help = "number of the caller"},
	{"sub_address", FIELD_ITEM_TEXT, N, CALL(CALL_SUB_ADDRESS),
	 .help = "Sub-Address, which goes with the number called"},
	{"private_group", FIELD_ITEM_TEXT, N, CALL(CALL_PRIVATE_GROUP),
	 .help = "Private Group ID: for what network the user is"},
	{"last_error", FIELD_SESSION_REASON, N, SESSION(reason), .help = "why it ended"},

	{"peer_name", FIELD_STRING, D, PEER(name), .help = "name of the peer's section"},
	{"ppp", FIELD_STRING, D, SESSION(ppp_profile), .help = "name of its ppp section"},
	{"call_serial", FIELD_U32, D, SESSION(core.call_serial), .help = "Call Serial Number"},
	{"tx_connect_speed", FIELD_U32, D, SESSION(core.tx_connect_speed), .zero_is_none = true,
	 .unit = "bit/s", .help = "speed from the LAC to the user"},
	{"rx_connect_speed", FIELD_U32, D, SESSION(core.rx_connect_speed), .zero_is_none = true,
	 .unit = "bit/s", .help = "speed from the user to the LAC"},
	{"minimum_bps", FIELD_U32, D, SESSION(core.minimum_bps), .zero_is_none = true,
	 .unit = "bit/s", .help = "least speed that an outgoing call was asked for with"},
	{"maximum_bps", FIELD_U32, D, SESSION(core.maximum_bps), .zero_is_none = true,
	 .unit = "bit/s", .help = "greatest speed of the same"},
	{"framing", FIELD_FRAMING, D, SESSION(core.framing), .help = "Framing Type"},
	{"bearer", FIELD_BEARER, D, SESSION(core.bearer), .help = "Bearer Type"},
	{"physical_channel", FIELD_U32, D, SESSION(core.physical_channel), .zero_is_none = true,
	 .help = "Physical Channel ID"},
	{"proxy_authen_type", FIELD_PROXY_AUTHEN, D, SESSION(core.proxy_authen_type),
	 .help = "how the user authenticated to the LAC"},
	{"proxy_authen_name", FIELD_ITEM_TEXT, D, CALL(CALL_PROXY_AUTHEN_NAME),
	 .help = "the name that he gave there"},
	{"proxy_authen_challenge", FIELD_ITEM_GIVEN, D, CALL(CALL_PROXY_AUTHEN_CHALLENGE),
	 .help = "whether the LAC told its challenge"},
	{"proxy_authen_response", FIELD_ITEM_GIVEN, D, CALL(CALL_PROXY_AUTHEN_RESPONSE),
	 .help = "whether it told the answer, or the password"},
	{"initial_lcp_confreq", FIELD_ITEM_HEX, D, CALL(CALL_INITIAL_LCP_CONFREQ),
	 .help = "options of the first LCP Configure-Request of the user to the LAC"},
	{"last_sent_lcp_confreq", FIELD_ITEM_HEX, D, CALL(CALL_LAST_SENT_LCP_CONFREQ),
	 .help = "options of the last of the LAC to the user"},
	{"last_received_lcp_confreq", FIELD_ITEM_HEX, D, CALL(CALL_LAST_RECEIVED_LCP_CONFREQ),
	 .help = "options of the last of the user to the LAC"},
	{"sequencing", FIELD_BOOL, D, SESSION(core.sequencing),
	 .help = "whether data packets carry sequence numbers"},
	{"send_accm", FIELD_HEX, D, LINE(accm.send),
	 .help = "characters that the LAC escapes, as the LNS told it"},
	{"receive_accm", FIELD_HEX, D, LINE(accm.receive),
	 .help = "characters that the LAC drops, as the LNS told it"},
	{"crc_errors", FIELD_U32, D, LINE(errors.crc_errors), .zero_is_none = true,
	 .help = "frames that the LAC received with a bad checksum"},
	{"framing_errors", FIELD_U32, D, LINE(errors.framing_errors), .zero_is_none = true,
	 .help = "frames that the LAC received badly framed"},
	{"hardware_overruns", FIELD_U32, D, LINE(errors.hardware_overruns), .zero_is_none = true,
	 .help = "receiver overruns of the LAC's hardware"},
	{"buffer_overruns", FIELD_U32, D, LINE(errors.buffer_overruns), .zero_is_none = true,
	 .help = "buffer overruns of the LAC"},
	{"timeout_errors", FIELD_U32, D, LINE(errors.timeout_errors), .zero_is_none = true,
	 .help = "time-outs of the LAC's line"},
	{"alignment_errors", FIELD_U32, D, LINE(errors.alignment_errors), .zero_is_none = true,
	 .help = "alignment errors of the LAC's line"},
	{"rx_sli", FIELD_UINT, D, LINE(rx_sli), .zero_is_none = true,
	 .help = "Set-Link-Info messages of the LNS"},
	{"rx_wen", FIELD_UINT, D, LINE(rx_wen), .zero_is_none = true,
	 .help = "WAN-Error-Notify messages of the LAC"},
	{"kernel", FIELD_KERNEL_STATE, D, SESSION(kernel), .help = "what the kernel has of it"},
	{"pppd_pid", FIELD_INT, D, SESSION(ppp.pid), .zero_is_none = true,
	 .help = "process id of its pppd"},
	{"lcp_time", FIELD_DELAY, D, SESSION(ppp.lcp_open_at),
	 .since = offsetof(struct l2tp_session, core.established_at), .unit = "ms",
	 .help = "from established until LCP opened"},
	{"ppp_time", FIELD_DELAY, D, SESSION(ppp.up_at),
	 .since = offsetof(struct l2tp_session, core.established_at), .unit = "ms",
	 .help = "from established until the network came up"},
	{"admin_state", FIELD_ADMIN_STATE, D, ADMIN, .help = "administrative state in effect"},
	{"admin_from", FIELD_ADMIN_FROM, D, ADMIN,
	 .help = "level that it comes from: system, peer, tunnel or session"},

	{"rx_packets", FIELD_U64, S, COUNTER(rx_packets), .help = "data packets received"},
	{"rx_bytes", FIELD_U64, S, COUNTER(rx_bytes), .unit = "octets", .help = "data received"},
	{"rx_errors", FIELD_U64, S, COUNTER(rx_errors), .help = "unusable data packets"},
	{"rx_seq_discards", FIELD_U64, S, COUNTER(rx_seq_discards),
	 .help = "data packets dropped for their sequence number"},
	{"rx_out_of_order", FIELD_U64, S, COUNTER(rx_out_of_order),
	 .help = "data packets that came out of order"},
	{"tx_packets", FIELD_U64, S, COUNTER(tx_packets), .help = "data packets sent"},
	{"tx_bytes", FIELD_U64, S, COUNTER(tx_bytes), .unit = "octets", .help = "data sent"},
	{"tx_errors", FIELD_U64, S, COUNTER(tx_errors),
	 .help = "data packets that could not be sent"},
};

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

static const struct field_row stats_fields[] = {
	{"uptime", FIELD_AGE, N, INFO(started_at), .unit = "s",
	 .help = "since aditd started, and all counters with it at 0"},
	{"tunnels", FIELD_UINT, N, ENGINE(n_tunnels), .help = "tunnels now"},
	{"sessions", FIELD_UINT, N, ENGINE(n_sessions), .help = "sessions now"},
	{"half_open", FIELD_UINT, N, ENGINE(n_half_open),
	 .help = "tunnels of peers that have not proven anything yet"},
	{"ended", FIELD_UINT, N, ENGINE(n_ended), .zero_is_none = true,
	 .help = "ended tunnels and sessions that can be looked at"},
	{"max_tunnels", FIELD_UINT, N, ENGINE(limits.max_tunnels), .help = "most tunnels"},
	{"max_sessions", FIELD_UINT, N, ENGINE(limits.max_sessions), .help = "most sessions"},
	{"max_half_open", FIELD_UINT, N, ENGINE(limits.max_half_open),
	 .help = "most half-open tunnels"},
	{"max_half_open_per_source", FIELD_UINT, N, ENGINE(limits.max_half_open_per_source),
	 .zero_is_none = true, .help = "most of them from one source"},
	{"max_sccrq_rate", FIELD_UINT, N, ENGINE(limits.max_sccrq_rate), .zero_is_none = true,
	 .unit = "a second", .help = "most SCCRQs of one source"},
	{"rx_packets", FIELD_U64, N, ENGINE(stats.rx_packets), .help = "packets received"},
	{"rx_octets", FIELD_U64, N, ENGINE(stats.rx_octets), .unit = "octets",
	 .help = "in them, without IP and UDP"},
	{"tx_packets", FIELD_U64, N, ENGINE(stats.tx_packets), .help = "packets sent"},
	{"tx_octets", FIELD_U64, N, ENGINE(stats.tx_octets), .unit = "octets",
	 .help = "in them, without IP and UDP"},
	{"tx_failed", FIELD_U64, N, ENGINE(stats.tx_failed),
	 .help = "messages that could not be sent for lack of memory"},
	{"rx_malformed", FIELD_U64, N, ENGINE(stats.rx_malformed),
	 .help = "packets with a bad header, or for no tunnel and with bad AVPs"},
	{"rx_bad_version", FIELD_U64, N, ENGINE(stats.rx_bad_version),
	 .help = "packets of another version"},
	{"rx_data", FIELD_U64, N, ENGINE(stats.rx_data),
	 .help = "data packets that the kernel did not take"},
	{"rx_unknown_tunnel", FIELD_U64, N, ENGINE(stats.rx_unknown_tunnel),
	 .help = "packets for a tunnel that is not ours"},
	{"rx_wrong_peer", FIELD_U64, N, ENGINE(stats.rx_wrong_peer),
	 .help = "packets for somebody else's tunnel"},
	{"sccrq_refused", FIELD_U64, N, ENGINE(stats.sccrq_refused),
	 .help = "tunnels refused: from nobody we know, or over a limit"},
	{"sccrq_over_rate", FIELD_U64, N, ENGINE(stats.sccrq_over_rate),
	 .help = "SCCRQs dropped because their source sent too many"},
	{"sccrq_duplicate", FIELD_U64, N, ENGINE(stats.sccrq_duplicate),
	 .help = "SCCRQs that came again"},
	{"sccrq_crossed", FIELD_U64, N, ENGINE(stats.sccrq_crossed),
	 .help = "SCCRQs that crossed ours, decided by tie breaker"},
	{"admin_refused", FIELD_U64, N, ENGINE(stats.admin_refused),
	 .help = "tunnels and calls refused because the administrator wants none"},
	{"auth_failures", FIELD_U64, N, ENGINE(stats.auth_failures),
	 .help = "peers that did not know the secret"},
	{"rx_avp_errors", FIELD_U64, N, ENGINE(stats.rx_avp_errors),
	 .help = "messages in tunnels with unusable AVPs"},
	{"rx_unexpected", FIELD_U64, N, ENGINE(stats.rx_unexpected),
	 .help = "messages that had no business in the state"},
	{"rx_ignored_avps", FIELD_U64, N, ENGINE(stats.rx_ignored_avps),
	 .help = "AVPs that we do not know, or that a message has no use for"},
	{"tx_messages", FIELD_U64, N, ENGINE(transport.tx_messages),
	 .help = "messages sent in tunnels, without ZLBs and retransmissions"},
	{"tx_zlb", FIELD_U64, N, ENGINE(transport.tx_zlb), .help = "ZLBs sent"},
	{"tx_retransmits", FIELD_U64, N, ENGINE(transport.tx_retransmits),
	 .help = "messages sent again"},
	{"rx_messages", FIELD_U64, N, ENGINE(transport.rx_messages),
	 .help = "messages received in order"},
	{"rx_zlb", FIELD_U64, N, ENGINE(transport.rx_zlb), .help = "ZLBs received"},
	{"rx_duplicates", FIELD_U64, N, ENGINE(transport.rx_duplicates),
	 .help = "messages received again"},
	{"rx_out_of_order", FIELD_U64, N, ENGINE(transport.rx_out_of_order),
	 .help = "messages that came early and were kept"},
	{"rx_out_of_window", FIELD_U64, N, ENGINE(transport.rx_out_of_window),
	 .help = "messages beyond our window, dropped"},
	{"rx_no_memory", FIELD_U64, N, ENGINE(transport.rx_no_memory),
	 .help = "messages that came early and found no memory"},
	{"rx_bad_nr", FIELD_U64, N, ENGINE(transport.rx_bad_nr),
	 .help = "acknowledgements of what was never sent"},
	{"rx_given_up", FIELD_U64, N, ENGINE(transport.rx_given_up),
	 .help = "packets that came when their peer was given up"},
	{"tunnels_opened", FIELD_U64, N, ENGINE(stats.tunnels_opened),
	 .help = "tunnels that we opened"},
	{"tunnels_accepted", FIELD_U64, N, ENGINE(stats.tunnels_accepted),
	 .help = "tunnels that peers opened"},
	{"tunnels_established", FIELD_U64, N, ENGINE(stats.tunnels_established),
	 .help = "tunnels that were established"},
	{"tunnels_failed", FIELD_U64, N, ENGINE(stats.tunnels_failed),
	 .help = "tunnels that ended before they were established"},
	{"sessions_opened", FIELD_U64, N, ENGINE(stats.sessions_opened),
	 .help = "sessions that we opened"},
	{"sessions_accepted", FIELD_U64, N, ENGINE(stats.sessions_accepted),
	 .help = "sessions that peers opened"},
	{"sessions_refused", FIELD_U64, N, ENGINE(stats.sessions_refused),
	 .help = "of the peers', refused"},
	{"sessions_established", FIELD_U64, N, ENGINE(stats.sessions_established),
	 .help = "sessions that were established"},
	{"sessions_failed", FIELD_U64, N, ENGINE(stats.sessions_failed),
	 .help = "sessions that ended before they were established"},
	DATA_FIELDS,
	{"messages", FIELD_MESSAGES, N, TRAFFIC(messages), .text = "Messages",
	 .help = "messages by type, in and out, without repetitions"},
	{"stopccn", FIELD_STOPCCN, N, TRAFFIC(stopccn), .text = "StopCCN result",
	 .help = "StopCCNs by Result Code, in (the peers' doing) and out (ours)"},
	{"cdn", FIELD_CDN, N, TRAFFIC(cdn), .text = "CDN result",
	 .help = "CDNs by Result Code, in (the peers' doing) and out (ours)"},
};

static const struct field_row kept_fields[] = {
	{"kind", FIELD_STRING, N, KEPT(kind), .help = "tunnel or session"},
	{"name", FIELD_ARRAY, N, KEPT(name), .help = "name of its section"},
	{"tunnel", FIELD_ARRAY, N, KEPT(tunnel), .help = "name of a session's tunnel"},
	{"state", FIELD_STRING, N, KEPT(state),
	 .help = "up, opening, waiting, idle, held (by an administrative state) or closed (by hand)"},
	{"why", FIELD_ARRAY, N, KEPT(why),
	 .help = "what the last attempt failed of, or what it waits for"},
	{"next_attempt", FIELD_U32, N, KEPT(next_attempt), .zero_is_none = true, .unit = "s",
	 .help = "until it is tried again"},
};

static const struct field_row system_fields[] = {
	{"admin_state", FIELD_ADMIN_STATE, N, ADMIN, .help = "administrative state"},
	{"tunnels", FIELD_UINT, N, ENGINE(n_tunnels), .help = "tunnels now"},
	{"sessions", FIELD_UINT, N, ENGINE(n_sessions), .help = "sessions now"},
};

static const struct field_row version_fields[] = {
	{"version", FIELD_STRING, N, INFO(version), .help = "version of aditd"},
	{"pid", FIELD_INT, N, INFO(pid), .help = "its process id"},
	{"uptime", FIELD_AGE, N, INFO(started_at), .unit = "s", .help = "since it was started"},
};
/* clang-format on */

#define FIELDS(table) table, sizeof(table) / sizeof((table)[0])

const struct object_row object_table[OBJECT_MAX] = {
	[OBJECT_TUNNEL] = {"tunnel", FIELDS(tunnel_fields), "control connections"},
	[OBJECT_SESSION] = {"session", FIELDS(session_fields), "calls in tunnels"},
	[OBJECT_PEER] = {"peer", FIELDS(peer_fields), "who may call, from the configuration"},
	[OBJECT_STATS] = {"stats", FIELDS(stats_fields), "counters of the daemon as a whole"},
	[OBJECT_KEPT] = {"kept", FIELDS(kept_fields),
			 "tunnels and sessions that the configuration keeps open"},
	[OBJECT_SYSTEM] = {"system", FIELDS(system_fields),
			   "what the administrator wants of the whole"},
	[OBJECT_VERSION] = {"version", FIELDS(version_fields), "the running daemon"},
};

const struct field_row *field_find(enum object_type type, const char *key)
{
	const struct object_row *object = &object_table[type];

	for (size_t i = 0; i < object->n_fields; i++) {
		if (strcmp(object->fields[i].key, key) == 0)
			return &object->fields[i];
	}
	return NULL;
}

const char *field_json_type(enum field_type type)
{
	switch (type) {
	case FIELD_BOOL:
	case FIELD_GIVEN:
	case FIELD_ITEM_GIVEN:
		return "boolean";
	case FIELD_U8:
	case FIELD_U16:
	case FIELD_U32:
	case FIELD_U64:
	case FIELD_UINT:
	case FIELD_INT:
	case FIELD_PORT:
	case FIELD_AGE:
	case FIELD_TUNNEL_AGE:
	case FIELD_SESSION_AGE:
	case FIELD_SECONDS:
	case FIELD_MSEC:
	case FIELD_DELAY:
		return "integer";
	case FIELD_MESSAGES:
	case FIELD_STOPCCN:
	case FIELD_CDN:
		return "object";
	case FIELD_PREFIXES:
	case FIELD_FRAMING:
	case FIELD_BEARER:
		return "array";
	case FIELD_CONSTANT:
	case FIELD_HEX:
	case FIELD_ARRAY:
	case FIELD_ITEM_TEXT:
	case FIELD_ITEM_HEX:
	case FIELD_PROXY_AUTHEN:
	case FIELD_STRING:
	case FIELD_HOST:
	case FIELD_INITIATOR:
	case FIELD_TUNNEL_STATE:
	case FIELD_SESSION_STATE:
	case FIELD_KERNEL_STATE:
	case FIELD_CALL_TYPE:
	case FIELD_CHALLENGE:
	case FIELD_HIDE:
	case FIELD_CHANGE:
	case FIELD_CALLS:
	case FIELD_TUNNEL_REASON:
	case FIELD_SESSION_REASON:
	case FIELD_ADMIN_STATE:
	case FIELD_ADMIN_FROM:
		break;
	}
	return "string";
}

const char *field_view_name(enum field_view view)
{
	switch (view) {
	case VIEW_NORMAL:
		return "normal";
	case VIEW_STATISTICS:
		return "-statistics";
	case VIEW_DETAILS:
		break;
	}
	return "-details";
}
