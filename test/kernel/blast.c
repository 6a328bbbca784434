/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sends small UDP packets as Ethernet frames, as fast as it can, plain or inside a PPPoE session
 * (RFC 2516): what a subscriber costs who forwards them is measured at the other end.
 *
 * usage: blast INTERFACE FROM-MAC TO-MAC SECONDS [SESSION]
 *
 * Prints how many went out. They go to 198.18.99.1, which nobody has.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/cursor.h"

#define BATCH 64
#define PAYLOAD 64
#define IP_LEN 20
#define UDP_LEN 8
#define PPP_IP 0x0021
#define ETHER_PPPOE_SESSION 0x8864
#define FROM 0xc6330002u /* 198.51.0.2 */
#define TO 0xc6126301u

static void die(const char *what)
{
	fprintf(stderr, "blast: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint16_t checksum(const uint8_t *data, size_t len)
{
	struct reader r = reader_init(data, len);
	uint32_t sum = 0;

	while (reader_left(&r))
		sum += reader_u16(&r);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void write_packet(struct writer *w)
{
	static const uint8_t payload[PAYLOAD];
	size_t start = writer_len(w);

	writer_u16(w, 0x4500);
	writer_u16(w, IP_LEN + UDP_LEN + PAYLOAD);
	writer_u32(w, 0);
	writer_u16(w, 64 << 8 | IPPROTO_UDP);
	writer_u16(w, 0);
	writer_u32(w, FROM);
	writer_u32(w, TO);
	writer_patch_u16(w, start + 10, checksum(w->start + start, IP_LEN));
	writer_u16(w, 9);
	writer_u16(w, 9);
	writer_u16(w, UDP_LEN + PAYLOAD);
	writer_u16(w, 0); /* RFC 768: no checksum */
	writer_bytes(w, (struct bytes){payload, PAYLOAD});
}

static void write_mac(struct writer *w, const char *text)
{
	const struct ether_addr *mac = ether_aton(text);

	if (!mac) {
		fprintf(stderr, "blast: no MAC address: %s\n", text);
		exit(2);
	}
	writer_bytes(w, (struct bytes){mac->ether_addr_octet, ETH_ALEN});
}

/* session: 0 for none. */
static size_t write_frame(uint8_t *frame, size_t size, char **argv, uint16_t session)
{
	struct writer w = writer_init(frame, size);

	write_mac(&w, argv[3]);
	write_mac(&w, argv[2]);
	if (session) {
		writer_u16(&w, ETHER_PPPOE_SESSION);
		writer_u16(&w, 0x1100);
		writer_u16(&w, session);
		writer_u16(&w, 2 + IP_LEN + UDP_LEN + PAYLOAD);
		writer_u16(&w, PPP_IP);
	} else {
		writer_u16(&w, ETHERTYPE_IP);
	}
	write_packet(&w);
	return writer_len(&w);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	static uint8_t frame[1514];
	struct mmsghdr messages[BATCH] = {0};
	struct sockaddr_ll link = {.sll_family = AF_PACKET};
	struct iovec iov;
	unsigned long sent = 0;
	double end;
	int fd;

	if (argc < 5 || argc > 6) {
		fprintf(stderr, "usage: blast INTERFACE FROM-MAC TO-MAC SECONDS [SESSION]\n");
		return 2;
	}
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	link.sll_ifindex = (int)if_nametoindex(argv[1]);
	if (fd == -1 || !link.sll_ifindex)
		die(argv[1]);
	iov = (struct iovec){frame, write_frame(frame, sizeof(frame), argv,
						argc == 6 ? (uint16_t)atoi(argv[5]) : 0)};
	for (int i = 0; i < BATCH; i++)
		messages[i].msg_hdr = (struct msghdr){.msg_iov = &iov,
						      .msg_iovlen = 1,
						      .msg_name = &link,
						      .msg_namelen = sizeof(link)};
	end = now() + atof(argv[4]);
	while (now() < end) {
		int n = sendmmsg(fd, messages, BATCH, 0);

		if (n == -1 && errno != ENOBUFS)
			die("sendmmsg");
		sent += n > 0 ? (unsigned long)n : 0;
	}
	printf("%lu\n", sent);
	return 0;
}
