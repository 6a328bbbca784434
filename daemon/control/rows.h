/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tables of fields are written with, one file an object or its kin.
 */
#pragma once

#include "control/fields.h"
#include "l2tp/engine.h"
#include "netlink/l2tp.h"

#define TUNNEL(member) .source = SOURCE_TUNNEL, .offset = offsetof(struct l2tp_tunnel, member)
#define SESSION(member) .source = SOURCE_SESSION, .offset = offsetof(struct l2tp_session, member)
#define CALL(item) .source = SOURCE_CALL, .offset = item
#define ACCESS_LINE(value) .source = SOURCE_CALL, .offset = value
#define LINE(member) .source = SOURCE_LINE, .offset = offsetof(struct call_line, member)
#define COUNTER(member) .source = SOURCE_COUNTERS, .offset = offsetof(struct l2tp_nl_stats, member)
#define TRAFFIC(member) .source = SOURCE_TRAFFIC, .offset = offsetof(struct traffic, member)
#define PEER(member) .source = SOURCE_PEER, .offset = offsetof(struct peer, member)
#define USAGE(member) .source = SOURCE_USAGE, .offset = offsetof(struct tally, member)
#define ENGINE(member) .source = SOURCE_ENGINE, .offset = offsetof(struct l2tp_engine, member)
#define ENDED(member) .source = SOURCE_ENDED, .offset = offsetof(struct l2tp_ended, member)
#define KEPT(member) .source = SOURCE_TOLD, .offset = offsetof(struct control_kept, member)
#define INFO(member) .source = SOURCE_INFO, .offset = offsetof(struct daemon_info, member)

/* Whole: what is told of it depends on more than one member. */
#define ADMIN .source = SOURCE_ADMIN

#define N VIEW_NORMAL
#define S VIEW_STATISTICS
#define D VIEW_DETAILS

#define FIELDS(table) table, sizeof(table) / sizeof((table)[0])

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
/* clang-format on */

extern const struct object_row tunnel_object;
extern const struct object_row session_object;
extern const struct object_row call_object;
extern const struct object_row pppoe_object;
extern const struct object_row domain_object;
extern const struct object_row destination_object;
extern const struct object_row radius_object;
extern const struct object_row steer_object;
extern const struct object_row peer_object;
extern const struct object_row stats_object;
