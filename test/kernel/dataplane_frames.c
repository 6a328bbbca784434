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

/* Frames are told apart by their last octet. */
static void send_numbered(const struct end *end, uint32_t session_id, uint8_t number)
{
	uint8_t packet[6 + sizeof(lcp_frame)];
	struct writer w = writer_init(packet, sizeof(packet));

	writer_u16(&w, 0x0002);
	writer_u16(&w, (uint16_t)end->params.tunnel_id);
	writer_u16(&w, (uint16_t)session_id);
	writer_bytes(&w, (struct bytes){lcp_frame, sizeof(lcp_frame) - 1});
	writer_u8(&w, number);
	CLAIM(w.ok);
	CLAIM_EQUAL(udp_send(end->peer_fd, (struct bytes){packet, sizeof(packet)}, NULL, NULL), 0);
}

static void send_frame(const struct end *end, uint32_t session_id)
{
	send_numbered(end, session_id, lcp_frame[sizeof(lcp_frame) - 1]);
}

static void wait_readable(int fd)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	CLAIM_EQUAL(poll(&poll_fd, 1, 5000), 1);
}

static void claim_number_arrives(const struct end *end, uint32_t peer_session_id, uint8_t number)
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
	CLAIM(bytes_equal(reader_bytes(&r, sizeof(lcp_frame) - 1),
			  (struct bytes){lcp_frame, sizeof(lcp_frame) - 1}));
	CLAIM_EQUAL(reader_u8(&r), number);
}

static void claim_frame_arrives(const struct end *end, uint32_t peer_session_id)
{
	claim_number_arrives(end, peer_session_id, lcp_frame[sizeof(lcp_frame) - 1]);
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

static void bridge_to(struct call *call, int channel)
{
	const struct dp_leg leg = {.channel = channel, .fd = -1};

	dp_session_set_bridge(call->session, &leg);
}

/* Two tunnels and a session in each, as those of a switched call; not in the kernel yet. */
static void legs_open(struct end *ends, struct call *calls)
{
	for (unsigned int i = 0; i < 2; i++) {
		end_open(&ends[i], i, TUNNEL_ID + i);
		end_create(&ends[i]);
		call_init(&calls[i], &ends[i], i + 1);
	}
}

static void legs_close(struct end *ends, struct call *calls)
{
	for (unsigned int i = 0; i < 2; i++) {
		end_delete(&ends[i]);
		dp_session_free(calls[i].session);
		end_close(&ends[i]);
	}
	claim_kernel_has(0, 0);
}

/* As a call that is switched: the second leg is made joined to the first. */
void case_made_bridged(void)
{
	struct end ends[2];
	struct call calls[2];

	start(2);
	legs_open(ends, calls);
	create_call(&calls[0], &ends[0]);
	for (unsigned int safe_close = 0; safe_close < 2; safe_close++) {
		int channel = dp_session_channel(calls[0].session);

		__dataplane_set_safe_close(dp, safe_close);
		bridge_to(&calls[1], channel);
		create_call(&calls[1], &ends[1]);
		send_frame(&ends[0], 1);
		claim_frame_arrives(&ends[1], 10002);
		send_frame(&ends[1], 2);
		claim_frame_arrives(&ends[0], 10001);
		delete_call(&calls[1]);
		/* The other channel is there as before, and free. */
		CLAIM_EQUAL(ppp_unbridge(channel), -EINVAL);
		claim_kernel_has(2, 1);
	}
	delete_call(&calls[0]);
	legs_close(ends, calls);
	finish();
}

static void claim_bridge_fails(struct call *call, const struct end *end, int channel, int err)
{
	unsigned int fds = count_fds();

	bridge_to(call, channel);
	dp_session_create(call->session, &call->params, &end->params, done);
	loop();
	claim_outcome(&call->outcome, 1, err, "PPPIOCBRIDGECHAN");
	CLAIM_EQUAL(dp_session_fd(call->session), -1);
	CLAIM_EQUAL(dp_session_channel(call->session), -1);
	CLAIM_EQUAL(count_fds(), fds);
}

void case_bridge_fails(void)
{
	struct call calls[2], third;
	struct end ends[2];
	int channel;

	start(2);
	legs_open(ends, calls);
	call_init(&third, &ends[0], 3);
	create_call(&calls[0], &ends[0]);
	channel = dp_session_channel(calls[0].session);
	delete_call(&calls[0]);
	claim_bridge_fails(&calls[1], &ends[1], channel, -ENXIO);
	claim_kernel_has(2, 0);

	create_call(&calls[0], &ends[0]);
	channel = dp_session_channel(calls[0].session);
	bridge_to(&calls[1], channel);
	create_call(&calls[1], &ends[1]);
	/* One that is taken is left to whom it has. */
	claim_bridge_fails(&third, &ends[0], channel, -EALREADY);
	claim_kernel_has(2, 2);
	send_frame(&ends[0], 1);
	claim_frame_arrives(&ends[1], 10002);
	delete_calls(calls, 2);
	dp_session_free(third.session);
	legs_close(ends, calls);
	finish();
}

static void replay(struct call *call, int err, const char *step)
{
	dp_session_replay(call->session, done);
	loop();
	claim_outcome(&call->outcome, 1, err, step);
}

void case_replay(void)
{
	struct end ends[2];
	struct call calls[2];
	uint8_t frame[64];
	int channel, watch;

	start(2);
	legs_open(ends, calls);
	create_call(&calls[0], &ends[0]);
	channel = dp_session_channel(calls[0].session);
	replay(&calls[1], -ENOENT, "PPPIOCATTCHAN");
	CLAIM_EQUAL(ppp_attach(channel, &watch), 0);
	for (uint8_t number = 10; number < 13; number++)
		send_numbered(&ends[0], 1, number);
	wait_readable(watch);
	bridge_to(&calls[1], channel);
	create_call(&calls[1], &ends[1]);
	replay(&calls[1], 0, NULL);
	for (uint8_t number = 10; number < 13; number++)
		claim_number_arrives(&ends[1], 10002, number);
	CLAIM_EQUAL(read(watch, frame, sizeof(frame)), -1);
	CLAIM_EQUAL(errno, EAGAIN);
	/* With nothing left it is no error, and what follows takes the bridge. */
	replay(&calls[1], 0, NULL);
	send_numbered(&ends[0], 1, 13);
	claim_number_arrives(&ends[1], 10002, 13);
	CLAIM_EQUAL(close(watch), 0);
	delete_call(&calls[0]);
	replay(&calls[1], -ENXIO, "PPPIOCATTCHAN");
	delete_call(&calls[1]);
	legs_close(ends, calls);
	finish();
}
