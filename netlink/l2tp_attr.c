/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One row an attribute: its number, its form on the wire, its place in the struct, and the commands
 * that carry it. Attributes that have no row are skipped, those of a newer kernel among them.
 *
 * Tunnels are of UDP and managed (L2TP_ATTR_FD), sessions carry PPP.
 */
#include "netlink/l2tp_attr.h"

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/l2tp.h>
#include <stddef.h>
#include <string.h>

enum form {
	FORM_BOOL, /* u8, 0 or 1 */
	FORM_U8,
	FORM_U16,
	FORM_U32,
	FORM_U64,
	FORM_MSEC, /* u64, milliseconds; 32 bits in the struct, as in the kernel's own */
	FORM_IPV4, /* struct addr without its port */
	FORM_IPV6,
};

enum use {
	USE_CREATE = 1,
	USE_MODIFY = 2,
	USE_GET = 4,
};

struct row {
	uint16_t attr;
	enum form form;
	size_t offset;
	unsigned int uses;
};

#define TUNNEL(field) offsetof(struct l2tp_nl_tunnel, field)
#define SESSION(field) offsetof(struct l2tp_nl_session, field)
#define STATS(field) offsetof(struct l2tp_nl_stats, field)

static const struct row tunnel_rows[] = {
	{L2TP_ATTR_CONN_ID, FORM_U32, TUNNEL(tunnel_id), USE_CREATE | USE_GET},
	{L2TP_ATTR_PEER_CONN_ID, FORM_U32, TUNNEL(peer_tunnel_id), USE_CREATE | USE_GET},
	{L2TP_ATTR_PROTO_VERSION, FORM_U8, TUNNEL(version), USE_CREATE | USE_GET},
	{L2TP_ATTR_FD, FORM_U32, TUNNEL(fd), USE_CREATE},
	{L2TP_ATTR_IP_SADDR, FORM_IPV4, TUNNEL(local), USE_GET},
	{L2TP_ATTR_IP_DADDR, FORM_IPV4, TUNNEL(peer), USE_GET},
	{L2TP_ATTR_IP6_SADDR, FORM_IPV6, TUNNEL(local), USE_GET},
	{L2TP_ATTR_IP6_DADDR, FORM_IPV6, TUNNEL(peer), USE_GET},
	{L2TP_ATTR_UDP_SPORT, FORM_U16, TUNNEL(local.port), USE_GET},
	{L2TP_ATTR_UDP_DPORT, FORM_U16, TUNNEL(peer.port), USE_GET},
	{0},
};

static const struct row session_rows[] = {
	{L2TP_ATTR_CONN_ID, FORM_U32, SESSION(tunnel_id), USE_CREATE | USE_MODIFY | USE_GET},
	{L2TP_ATTR_SESSION_ID, FORM_U32, SESSION(session_id), USE_CREATE | USE_MODIFY | USE_GET},
	{L2TP_ATTR_PEER_SESSION_ID, FORM_U32, SESSION(peer_session_id), USE_CREATE | USE_GET},
	{L2TP_ATTR_LNS_MODE, FORM_BOOL, SESSION(lns_mode), USE_CREATE | USE_MODIFY | USE_GET},
	{L2TP_ATTR_SEND_SEQ, FORM_BOOL, SESSION(send_seq), USE_CREATE | USE_MODIFY | USE_GET},
	{L2TP_ATTR_RECV_SEQ, FORM_BOOL, SESSION(recv_seq), USE_CREATE | USE_MODIFY | USE_GET},
	{L2TP_ATTR_RECV_TIMEOUT, FORM_MSEC, SESSION(reorder_timeout),
	 USE_CREATE | USE_MODIFY | USE_GET},
	{0},
};

/* Nested in L2TP_ATTR_STATS. */
static const struct row stats_rows[] = {
	{L2TP_ATTR_TX_PACKETS, FORM_U64, STATS(tx_packets), USE_GET},
	{L2TP_ATTR_TX_BYTES, FORM_U64, STATS(tx_bytes), USE_GET},
	{L2TP_ATTR_TX_ERRORS, FORM_U64, STATS(tx_errors), USE_GET},
	{L2TP_ATTR_RX_PACKETS, FORM_U64, STATS(rx_packets), USE_GET},
	{L2TP_ATTR_RX_BYTES, FORM_U64, STATS(rx_bytes), USE_GET},
	{L2TP_ATTR_RX_ERRORS, FORM_U64, STATS(rx_errors), USE_GET},
	{L2TP_ATTR_RX_SEQ_DISCARDS, FORM_U64, STATS(rx_seq_discards), USE_GET},
	{L2TP_ATTR_RX_OOS_PACKETS, FORM_U64, STATS(rx_out_of_order), USE_GET},
	{0},
};

static void put_row(struct nlmsghdr *nlh, const struct row *row, const void *field)
{
	switch (row->form) {
	case FORM_BOOL:
		mnl_attr_put_u8(nlh, row->attr, *(const bool *)field);
		break;
	case FORM_U8:
		mnl_attr_put_u8(nlh, row->attr, *(const uint8_t *)field);
		break;
	case FORM_U16:
		mnl_attr_put_u16(nlh, row->attr, *(const uint16_t *)field);
		break;
	case FORM_U32:
		mnl_attr_put_u32(nlh, row->attr, *(const uint32_t *)field);
		break;
	case FORM_U64:
		mnl_attr_put_u64(nlh, row->attr, *(const uint64_t *)field);
		break;
	case FORM_MSEC:
		mnl_attr_put_u64(nlh, row->attr, *(const uint32_t *)field);
		break;
	case FORM_IPV4:
		mnl_attr_put(nlh, row->attr, 4, ((const struct addr *)field)->ip);
		break;
	case FORM_IPV6:
		mnl_attr_put(nlh, row->attr, 16, ((const struct addr *)field)->ip);
		break;
	}
}

static void put_rows(struct nlmsghdr *nlh, const struct row *rows, enum use use, const void *object)
{
	for (const struct row *row = rows; row->attr; row++) {
		if (row->uses & use)
			put_row(nlh, row, (const char *)object + row->offset);
	}
}

void l2tp_attr_put_tunnel(struct nlmsghdr *nlh, const struct l2tp_nl_tunnel *tunnel)
{
	put_rows(nlh, tunnel_rows, USE_CREATE, tunnel);
	mnl_attr_put_u16(nlh, L2TP_ATTR_ENCAP_TYPE, L2TP_ENCAPTYPE_UDP);
}

void l2tp_attr_put_session(struct nlmsghdr *nlh, const struct l2tp_nl_session *session)
{
	put_rows(nlh, session_rows, USE_CREATE, session);
	mnl_attr_put_u16(nlh, L2TP_ATTR_PW_TYPE, L2TP_PWTYPE_PPP);
}

void l2tp_attr_put_session_changes(struct nlmsghdr *nlh, const struct l2tp_nl_session *session)
{
	put_rows(nlh, session_rows, USE_MODIFY, session);
}

static size_t form_size(enum form form)
{
	switch (form) {
	case FORM_BOOL:
	case FORM_U8:
		return 1;
	case FORM_U16:
		return 2;
	case FORM_U32:
	case FORM_IPV4:
		return 4;
	case FORM_U64:
	case FORM_MSEC:
		return 8;
	case FORM_IPV6:
		return 16;
	}
	return 0;
}

static void get_addr(struct addr *addr, enum addr_family family, const void *data)
{
	addr->family = family;
	memcpy(addr->ip, data, addr_size(family));
}

/* memcpy: an attribute of 64 bits stands on a multiple of 4 only. */
static void get_row(const struct row *row, const void *data, void *field)
{
	uint64_t msec;

	switch (row->form) {
	case FORM_BOOL:
		*(bool *)field = *(const uint8_t *)data != 0;
		break;
	case FORM_U8:
	case FORM_U16:
	case FORM_U32:
	case FORM_U64:
		memcpy(field, data, form_size(row->form));
		break;
	case FORM_MSEC:
		memcpy(&msec, data, sizeof(msec));
		*(uint32_t *)field = msec > UINT32_MAX ? UINT32_MAX : (uint32_t)msec;
		break;
	case FORM_IPV4:
		get_addr(field, ADDR_IPV4, data);
		break;
	case FORM_IPV6:
		get_addr(field, ADDR_IPV6, data);
		break;
	}
}

static void get_attr(const struct nlattr *attr, const struct row *rows, void *object)
{
	const struct row *row;

	for (row = rows; row->attr && row->attr != mnl_attr_get_type(attr); row++)
		;
	if (row->attr && row->uses & USE_GET &&
	    mnl_attr_get_payload_len(attr) >= form_size(row->form))
		get_row(row, mnl_attr_get_payload(attr), (char *)object + row->offset);
}

static void get_stats(const struct nlattr *attr, struct l2tp_nl_stats *stats)
{
	const struct nlattr *nested;

	if (mnl_attr_get_type(attr) != L2TP_ATTR_STATS)
		return;
	mnl_attr_for_each_nested (nested, attr)
		get_attr(nested, stats_rows, stats);
}

void l2tp_attr_get_tunnel(const struct nlmsghdr *nlh, struct l2tp_nl_tunnel *ret)
{
	struct l2tp_nl_tunnel tunnel = {.fd = -1};
	const struct nlattr *attr;

	mnl_attr_for_each (attr, nlh, sizeof(struct genlmsghdr)) {
		get_attr(attr, tunnel_rows, &tunnel);
		get_stats(attr, &tunnel.stats);
	}
	*ret = tunnel;
}

void l2tp_attr_get_session(const struct nlmsghdr *nlh, struct l2tp_nl_session *ret)
{
	struct l2tp_nl_session session = {0};
	const struct nlattr *attr;

	mnl_attr_for_each (attr, nlh, sizeof(struct genlmsghdr)) {
		get_attr(attr, session_rows, &session);
		get_stats(attr, &session.stats);
	}
	*ret = session;
}
