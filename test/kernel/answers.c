/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The LNS's end of PPP for calls whose aditd was told `pppd = none`: as many as come, and no more
 * of PPP than shows that a call goes all the way. Each channel of this network namespace gets an
 * LCP Configure-Request until it is answered; requests of the other end are granted, PAP is let in.
 *
 * usage: answers, which says how many channels answered, whenever that grew, until SIGTERM
 *
 * Channels are numbered as they come, and nobody tells of new ones: the next numbers are tried.
 */
#include <errno.h>
#include <linux/ppp_defs.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "netlink/pppox.h"

#include "base/cursor.h"

#define CHANNELS_MAX 4096
/* How far ahead new numbers are looked for. */
#define AHEAD 64
#define TICK_MS 20
#define RETRY_MS 200
#define FRAME_MAX 1600
#define PROTO_LCP 0xc021
#define PROTO_PAP 0xc023

enum { CONF_REQ = 1, CONF_ACK = 2, TERM_REQ = 5, TERM_ACK = 6, ECHO_REQ = 9, ECHO_REPLY = 10 };

struct channel {
	int number;
	bool answered;
	uint8_t id;
};

static struct pollfd fds[CHANNELS_MAX];
static struct channel channels[CHANNELS_MAX];
static int n_channels;
static int next_number = 1;
static unsigned int n_answered;

/* Failures are soft: the channel may be gone, and who asked asks again. */
static void send_packet(int i, uint16_t protocol, uint8_t code, uint8_t id, struct bytes data)
{
	uint8_t frame[FRAME_MAX];
	struct writer w = writer_init(frame, sizeof(frame));

	writer_u16(&w, protocol);
	writer_u8(&w, code);
	writer_u8(&w, id);
	writer_u16(&w, (uint16_t)(4 + data.len));
	writer_bytes(&w, data);
	if (write(fds[i].fd, frame, writer_len(&w)) == -1 && errno == EBADF) {
		perror("answers: write");
		exit(1);
	}
}

/* With a magic number (RFC 1661 6.4) that no subscriber's LAC had, for it tells who asks. */
static void send_request(int i)
{
	uint8_t data[6];
	struct writer w = writer_init(data, sizeof(data));

	writer_u16(&w, 5 << 8 | 6);
	writer_u32(&w, 0xad170000u + (uint32_t)channels[i].number);
	send_packet(i, PROTO_LCP, CONF_REQ, ++channels[i].id, (struct bytes){data, sizeof(data)});
}

static void on_lcp(int i, uint8_t code, uint8_t id, struct bytes data)
{
	switch (code) {
	case CONF_REQ:
		send_packet(i, PROTO_LCP, CONF_ACK, id, data);
		break;
	case CONF_ACK:
		n_answered += !channels[i].answered;
		channels[i].answered = true;
		break;
	case TERM_REQ:
		send_packet(i, PROTO_LCP, TERM_ACK, id, (struct bytes){0});
		break;
	case ECHO_REQ:
		send_packet(i, PROTO_LCP, ECHO_REPLY, id, data);
		break;
	default:
		break;
	}
}

/* Returns false when the channel is gone. */
static bool receive(int i)
{
	uint8_t frame[FRAME_MAX];
	ssize_t len = read(fds[i].fd, frame, sizeof(frame));
	struct reader r;
	uint16_t protocol, length;
	uint8_t code, id;

	if (len <= 0)
		return len == -1 && (errno == EAGAIN || errno == EINTR);
	r = reader_init(frame, (size_t)len);
	protocol = reader_u16(&r);
	code = reader_u8(&r);
	id = reader_u8(&r);
	length = reader_u16(&r);
	if (!r.ok || length < 4 || length - 4u > reader_left(&r))
		return true;
	if (protocol == PROTO_LCP)
		on_lcp(i, code, id, reader_bytes(&r, length - 4u));
	else if (protocol == PROTO_PAP && code == 1)
		send_packet(i, PROTO_PAP, 2, id, (struct bytes){(const uint8_t *)"", 1});
	return true;
}

static void forget(int i)
{
	close(fds[i].fd);
	n_channels--;
	fds[i] = fds[n_channels];
	channels[i] = channels[n_channels];
}

static bool take(int number)
{
	int fd;

	if (n_channels == CHANNELS_MAX || ppp_attach(number, &fd))
		return false;
	fds[n_channels] = (struct pollfd){.fd = fd, .events = POLLIN};
	channels[n_channels++] = (struct channel){.number = number};
	send_request(n_channels - 1);
	return true;
}

static void look_for_more(void)
{
	for (int n = next_number; n < next_number + AHEAD; n++) {
		if (!take(n))
			continue;
		/* Those before it may have come since they were tried. */
		while (next_number < n)
			take(next_number++);
		next_number++;
	}
}

static void ask_again(void)
{
	for (int i = 0; i < n_channels; i++)
		if (!channels[i].answered)
			send_request(i);
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int main(void)
{
	unsigned int told = 0;
	int64_t asked = 0;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	for (;;) {
		look_for_more();
		poll(fds, (nfds_t)n_channels, TICK_MS);
		for (int i = n_channels - 1; i >= 0; i--)
			if (fds[i].revents && !receive(i))
				forget(i);
		if (now_ms() - asked >= RETRY_MS) {
			ask_again();
			asked = now_ms();
		}
		if (n_answered == told)
			continue;
		told = n_answered;
		printf("%u answered\n", told);
		fflush(stdout);
	}
}
