/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attributes of the "l2tp" family: structs paired with the octets of messages. The octets are those
 * of a little-endian machine; on others the cases are skipped, because netlink is host order.
 */
#include <endian.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "netlink/l2tp_attr.h"

static char buf[1024] __attribute__((aligned(8)));

static struct nlmsghdr *message(void)
{
	struct nlmsghdr *nlh;

	memset(buf, 0, sizeof(buf));
	nlh = mnl_nlmsg_put_header(buf);
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	return nlh;
}

static void assert_attributes(const struct nlmsghdr *nlh, const uint8_t *expected, size_t len)
{
	size_t headers = sizeof(struct nlmsghdr) + sizeof(struct genlmsghdr);

	if (BYTE_ORDER != LITTLE_ENDIAN)
		skip();
	assert_int_equal(nlh->nlmsg_len - headers, len);
	assert_memory_equal((const char *)nlh + headers, expected, len);
}

static struct nlmsghdr *message_of(const uint8_t *attributes, size_t len)
{
	struct nlmsghdr *nlh = message();

	if (BYTE_ORDER != LITTLE_ENDIAN)
		skip();
	memcpy(mnl_nlmsg_get_payload_tail(nlh), attributes, len);
	nlh->nlmsg_len += (uint32_t)len;
	return nlh;
}

/* The numbers of linux/l2tp.h, written out: a wrong one is not an error to the kernel. */
static const uint8_t tunnel_create[] = {
	8, 0, 9,  0, 0x34, 0x12, 0, 0, /* CONN_ID */
	8, 0, 10, 0, 0xff, 0xff, 0, 0, /* PEER_CONN_ID */
	5, 0, 7,  0, 2,	   0,	 0, 0, /* PROTO_VERSION */
	8, 0, 23, 0, 17,   0,	 0, 0, /* FD */
	6, 0, 2,  0, 0,	   0,	 0, 0, /* ENCAP_TYPE: UDP */
};

static void test_tunnel_create(void **state)
{
	const struct l2tp_nl_tunnel tunnel = {
		.tunnel_id = 0x1234,
		.peer_tunnel_id = 0xffff,
		.version = 2,
		.fd = 17,
		.local = {.family = ADDR_IPV4, .port = 1701, .ip = {127, 0, 0, 1}},
	};
	struct nlmsghdr *nlh = message();

	(void)state;
	l2tp_attr_put_tunnel(nlh, &tunnel);
	assert_attributes(nlh, tunnel_create, sizeof(tunnel_create));
}

static const uint8_t session_create[] = {
	8,  0, 9,  0, 1, 0,    0, 0,		 /* CONN_ID */
	8,  0, 11, 0, 2, 0,    0, 0,		 /* SESSION_ID */
	8,  0, 12, 0, 3, 0,    0, 0,		 /* PEER_SESSION_ID */
	5,  0, 20, 0, 1, 0,    0, 0,		 /* LNS_MODE */
	5,  0, 19, 0, 1, 0,    0, 0,		 /* SEND_SEQ */
	5,  0, 18, 0, 0, 0,    0, 0,		 /* RECV_SEQ */
	12, 0, 22, 0, 4, 0x01, 0, 0, 0, 0, 0, 0, /* RECV_TIMEOUT, 64 bits */
	6,  0, 1,  0, 7, 0,    0, 0,		 /* PW_TYPE: PPP */
};

static const uint8_t session_modify[] = {
	8,  0, 9,  0, 1, 0,    0, 0,		 /* CONN_ID */
	8,  0, 11, 0, 2, 0,    0, 0,		 /* SESSION_ID */
	5,  0, 20, 0, 1, 0,    0, 0,		 /* LNS_MODE */
	5,  0, 19, 0, 1, 0,    0, 0,		 /* SEND_SEQ */
	5,  0, 18, 0, 0, 0,    0, 0,		 /* RECV_SEQ */
	12, 0, 22, 0, 4, 0x01, 0, 0, 0, 0, 0, 0, /* RECV_TIMEOUT */
};

static const struct l2tp_nl_session session = {
	.tunnel_id = 1,
	.session_id = 2,
	.peer_session_id = 3,
	.lns_mode = true,
	.send_seq = true,
	.reorder_timeout = 260,
	.stats = {.tx_packets = 99},
};

static void test_session_create(void **state)
{
	struct nlmsghdr *nlh = message();

	(void)state;
	l2tp_attr_put_session(nlh, &session);
	assert_attributes(nlh, session_create, sizeof(session_create));
}

static void test_session_modify(void **state)
{
	struct nlmsghdr *nlh = message();

	(void)state;
	l2tp_attr_put_session_changes(nlh, &session);
	assert_attributes(nlh, session_modify, sizeof(session_modify));
}

static const uint8_t tunnel_get_v4[] = {
	5, 0, 7,  0, 3,	   0,	 0,    0,    /* PROTO_VERSION */
	8, 0, 9,  0, 0x78, 0x56, 0x34, 0x12, /* CONN_ID */
	8, 0, 10, 0, 1,	   0,	 0,    0,    /* PEER_CONN_ID */
	6, 0, 26, 0, 0xa5, 0x06, 0,    0,    /* UDP_SPORT 1701, host order */
	6, 0, 27, 0, 0xa6, 0x06, 0,    0,    /* UDP_DPORT */
	8, 0, 24, 0, 192,  0,	 2,    1,    /* IP_SADDR */
	8, 0, 25, 0, 192,  0,	 2,    2,    /* IP_DADDR */
	5, 0, 21, 0, 1,	   0,	 0,    0,    /* USING_IPSEC, not ours */
	8, 0, 23, 0, 9,	   0,	 0,    0,    /* FD, of nobody in an answer */
	6, 0, 99, 0, 1,	   2,	 0,    0,    /* of a newer kernel */
};

static const uint8_t tunnel_get_v6[] = {
	20, 0, 31, 0, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, /* IP6_SADDR */
	20, 0, 32, 0, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, /* IP6_DADDR */
	8,  0, 9,  0, 7,    0, 0,   0,
};

/* Too short to be what its number says. */
static const uint8_t tunnel_get_short[] = {
	6, 0, 9, 0, 7, 0, 0, 0, 4, 0, 7, 0, 8, 0, 24, 0, 192, 0, 2, 1,
};

static const struct {
	const uint8_t *attributes;
	size_t len;
	struct l2tp_nl_tunnel expected;
} tunnel_cases[] = {
	{tunnel_get_v4,
	 sizeof(tunnel_get_v4),
	 {.tunnel_id = 0x12345678,
	  .peer_tunnel_id = 1,
	  .version = 3,
	  .fd = -1,
	  .local = {.family = ADDR_IPV4, .port = 1701, .ip = {192, 0, 2, 1}},
	  .peer = {.family = ADDR_IPV4, .port = 1702, .ip = {192, 0, 2, 2}}}},
	{tunnel_get_v6,
	 sizeof(tunnel_get_v6),
	 {.tunnel_id = 7,
	  .fd = -1,
	  .local = {.family = ADDR_IPV6, .ip = {0x20, 1, 0xd, 0xb8, [15] = 1}},
	  .peer = {.family = ADDR_IPV6, .ip = {0x20, 1, 0xd, 0xb8, [15] = 2}}}},
	{tunnel_get_short,
	 sizeof(tunnel_get_short),
	 {.fd = -1, .local = {.family = ADDR_IPV4, .ip = {192, 0, 2, 1}}}},
};

static void test_tunnel_get(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(tunnel_cases) / sizeof(tunnel_cases[0]); i++) {
		const struct l2tp_nl_tunnel *expected = &tunnel_cases[i].expected;
		struct l2tp_nl_tunnel tunnel;

		l2tp_attr_get_tunnel(message_of(tunnel_cases[i].attributes, tunnel_cases[i].len),
				     &tunnel);
		assert_int_equal(tunnel.tunnel_id, expected->tunnel_id);
		assert_int_equal(tunnel.peer_tunnel_id, expected->peer_tunnel_id);
		assert_int_equal(tunnel.version, expected->version);
		assert_int_equal(tunnel.fd, expected->fd);
		assert_true(addr_equal(&tunnel.local, &expected->local));
		assert_true(addr_equal(&tunnel.peer, &expected->peer));
	}
}

/* 64 bits stand on multiples of 4, the padding attribute (9) of the kernel between. */
static const uint8_t session_get[] = {
	8,  0, 9,  0, 1, 0, 0, 0,	      /* CONN_ID */
	8,  0, 11, 0, 2, 0, 0, 0,	      /* SESSION_ID */
	8,  0, 12, 0, 3, 0, 0, 0,	      /* PEER_SESSION_ID */
	5,  0, 18, 0, 1, 0, 0, 0,	      /* RECV_SEQ */
	12, 0, 22, 0, 0, 0, 0, 0, 1, 0, 0, 0, /* RECV_TIMEOUT beyond 32 bits */
	56, 0, 30, 0,			      /* STATS */
	12, 0, 1,  0, 5, 0, 0, 0, 0, 0, 0, 1, /* TX_PACKETS */
	4,  0, 9,  0,			      /* padding */
	12, 0, 4,  0, 6, 0, 0, 0, 0, 0, 0, 0, /* RX_PACKETS */
	12, 0, 7,  0, 8, 0, 0, 0, 0, 0, 0, 0, /* RX_OOS_PACKETS */
	12, 0, 11, 0, 9, 0, 0, 0, 0, 0, 0, 0, /* RX_COOKIE_DISCARDS, not ours */
};

static void test_session_get(void **state)
{
	struct l2tp_nl_session got;

	(void)state;
	l2tp_attr_get_session(message_of(session_get, sizeof(session_get)), &got);
	assert_int_equal(got.tunnel_id, 1);
	assert_int_equal(got.session_id, 2);
	assert_int_equal(got.peer_session_id, 3);
	assert_false(got.lns_mode);
	assert_false(got.send_seq);
	assert_true(got.recv_seq);
	assert_int_equal(got.reorder_timeout, UINT32_MAX);
	assert_int_equal(got.stats.tx_packets, 0x100000000000005);
	assert_int_equal(got.stats.rx_packets, 6);
	assert_int_equal(got.stats.rx_out_of_order, 8);
	assert_int_equal(got.stats.rx_errors, 0);
}

static const uint8_t tunnel_get_stats[] = {
	8,  0, 9,  0, 7, 0, 0, 0,	      /* CONN_ID */
	28, 0, 30, 0,			      /* STATS */
	12, 0, 2,  0, 9, 0, 0, 0, 0, 0, 0, 1, /* TX_BYTES */
	12, 0, 5,  0, 8, 0, 0, 0, 0, 0, 0, 0, /* RX_BYTES */
};

static void test_tunnel_stats(void **state)
{
	struct l2tp_nl_tunnel got;

	(void)state;
	l2tp_attr_get_tunnel(message_of(tunnel_get_stats, sizeof(tunnel_get_stats)), &got);
	assert_int_equal(got.tunnel_id, 7);
	assert_int_equal(got.stats.tx_bytes, 0x100000000000009);
	assert_int_equal(got.stats.rx_bytes, 8);
	assert_int_equal(got.stats.tx_packets, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tunnel_create),  cmocka_unit_test(test_session_create),
		cmocka_unit_test(test_session_modify), cmocka_unit_test(test_tunnel_get),
		cmocka_unit_test(test_session_get),    cmocka_unit_test(test_tunnel_stats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
