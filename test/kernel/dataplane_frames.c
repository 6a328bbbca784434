/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cases of dataplane.c in which packets flow.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "dataplane_kit.h"
#include "netlink/pppox.h"
#include "netlink/udp.h"

/* A data packet without options (RFC 2661 section 3.1) with an LCP Echo-Request. */
static const uint8_t lcp_frame[] = {0xff, 0x03, 0xc0, 0x21, 9, 1, 0, 8, 1, 2, 3, 4};

static void send_frame(const struct end *end, uint32_t session_id)
{
	uint8_t packet[6 + sizeof(lcp_frame)];
	struct writer w = writer_init(packet, sizeof(packet));

	writer_u16(&w, 0x0002);
	writer_u16(&w, (uint16_t)end->params.tunnel_id);
	writer_u16(&w, (uint16_t)session_id);
	writer_bytes(&w, (struct bytes){lcp_frame, sizeof(lcp_frame)});
	CLAIM(w.ok);
	CLAIM_EQUAL(udp_send(end->peer_fd, (struct bytes){packet, sizeof(packet)}, NULL, NULL), 0);
}

static void wait_readable(int fd)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	CLAIM_EQUAL(poll(&poll_fd, 1, 5000), 1);
}

static void claim_frame_arrives(const struct end *end, uint32_t peer_session_id)
{
	struct addr peer, local;
	uint8_t packet[64];
	struct reader r;
	bool cut;
	int len;

	wait_readable(end->peer_fd);
	len = udp_recv(end->peer_fd, packet, sizeof(packet), &peer, &local, &cut);
	CLAIM_EQUAL(len, 6 + sizeof(lcp_frame));
	r = reader_init(packet, (size_t)len);
	CLAIM_EQUAL(reader_u16(&r), 0x0002);
	CLAIM_EQUAL(reader_u16(&r), PEER_TUNNEL_ID);
	CLAIM_EQUAL(reader_u16(&r), peer_session_id);
	CLAIM(bytes_equal(reader_rest(&r), (struct bytes){lcp_frame, sizeof(lcp_frame)}));
}

void case_frames(void)
{
	struct l2tp_nl_session session;
	struct l2tp_nl_tunnel tunnel;
	uint8_t frame[64];
	struct call call;
	struct end end;
	int channel_fd;

	start(1);
	end_open(&end, false, TUNNEL_ID);
	end_create(&end);
	call_init(&call, &end, 1);
	create_call(&call, &end);
	/* It arrives before anybody attaches, and is held. */
	send_frame(&end, 1);
	CLAIM_EQUAL(ppp_attach(dp_session_channel(call.session), &channel_fd), 0);
	wait_readable(channel_fd);
	CLAIM_EQUAL(read(channel_fd, frame, sizeof(frame)), sizeof(lcp_frame) - 2);
	CLAIM_EQUAL(memcmp(frame, lcp_frame + 2, sizeof(lcp_frame) - 2), 0);
	CLAIM_EQUAL(write(channel_fd, frame, sizeof(lcp_frame) - 2), sizeof(lcp_frame) - 2);
	claim_frame_arrives(&end, 10001);

	CLAIM_EQUAL(l2tp_nl_session_get(nl, TUNNEL_ID, 1, &session), 0);
	CLAIM_EQUAL(session.stats.rx_packets, 1);
	CLAIM_EQUAL(session.stats.tx_packets, 1);
	CLAIM(session.stats.rx_bytes && session.stats.tx_bytes);
	CLAIM_EQUAL(session.stats.rx_errors, 0);
	CLAIM_EQUAL(l2tp_nl_tunnel_get(nl, TUNNEL_ID, &tunnel), 0);
	CLAIM_EQUAL(tunnel.stats.rx_packets, 1);
	CLAIM_EQUAL(tunnel.stats.tx_packets, 1);
	CLAIM_EQUAL(tunnel.stats.rx_bytes, session.stats.rx_bytes);
	CLAIM_EQUAL(close(channel_fd), 0);
	CLAIM_EQUAL(ppp_attach(-1, &channel_fd), -ENXIO);
	delete_call(&call);
	end_delete(&end);
	dp_session_free(call.session);
	end_close(&end);
	finish();
}

/* Tunnel switching: what comes in one tunnel leaves in the other. */
void case_bridge(void)
{
	struct end ends[2];
	struct call calls[2];
	int channels[2];

	start(2);
	for (unsigned int i = 0; i < 2; i++) {
		end_open(&ends[i], i, TUNNEL_ID + i);
		end_create(&ends[i]);
		call_init(&calls[i], &ends[i], i + 1);
		create_call(&calls[i], &ends[i]);
		channels[i] = dp_session_channel(calls[i].session);
	}
	CLAIM_EQUAL(ppp_unbridge(channels[0]), -EINVAL);
	CLAIM_EQUAL(ppp_bridge(channels[0], channels[1]), 0);
	CLAIM_EQUAL(ppp_bridge(channels[1], channels[0]), -EALREADY);
	send_frame(&ends[0], 1);
	claim_frame_arrives(&ends[1], 10002);
	send_frame(&ends[1], 2);
	claim_frame_arrives(&ends[0], 10001);
	CLAIM_EQUAL(ppp_unbridge(channels[1]), 0);
	CLAIM_EQUAL(ppp_bridge(channels[1], channels[0]), 0);
	delete_calls(calls, 2);
	for (unsigned int i = 0; i < 2; i++) {
		end_delete(&ends[i]);
		dp_session_free(calls[i].session);
		end_close(&ends[i]);
	}
	claim_kernel_has(0, 0);
	finish();
}
