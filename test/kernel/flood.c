/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A flood of L2TP packets out of one network interface, at a steady rate and never faster. Sources
 * are forged, so this needs an AF_PACKET socket, and is for a namespace of its own.
 *
 * usage: flood INTERFACE MAC ADDRESS CAPTURE RATE SECONDS
 *
 * RATE packets a second for SECONDS to the L2TP port of ADDRESS, which has this MAC; CAPTURE is
 * what tcpdump overheard of the LAC (flood_capture.c), the kinds of packets are in flood_kinds.c.
 * Prints how many of each kind went out, and how many a second.
 */
#include "flood.h"

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

#include "wire/header.h"

#define IP_LEN 20
#define UDP_LEN 8
#define SHARES 20
/* Sent in one go at most. One that falls behind by more than this does not catch up. */
#define BATCH 64
#define TICK_NS 1000000

struct target {
	int fd;
	struct sockaddr_ll link;
	uint32_t ip;
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static uint16_t ip_checksum(struct reader r)
{
	uint32_t sum = 0;

	while (reader_left(&r))
		sum += reader_u16(&r);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* RFC 768 allows no checksum, and a sender in a hurry has none. */
static size_t wrap(const struct target *target, const struct flood_packet *packet, uint8_t *frame,
		   size_t size)
{
	struct writer w = writer_init(frame, size);

	writer_u16(&w, 0x4500);
	writer_u16(&w, (uint16_t)(IP_LEN + UDP_LEN + packet->len));
	writer_u32(&w, 0);
	writer_u16(&w, 64 << 8 | IPPROTO_UDP);
	writer_u16(&w, 0);
	writer_u32(&w, packet->source.ip);
	writer_u32(&w, target->ip);
	writer_patch_u16(&w, 10, ip_checksum(reader_init(frame, IP_LEN)));
	writer_u16(&w, packet->source.port);
	writer_u16(&w, L2TP_PORT);
	writer_u16(&w, (uint16_t)(UDP_LEN + packet->len));
	writer_u16(&w, 0);
	writer_bytes(&w, (struct bytes){packet->payload, packet->len});
	return writer_len(&w);
}

static size_t any_kind(void)
{
	unsigned int share = flood_random() % SHARES;
	size_t kind = 0;

	while (share >= flood_kinds[kind].share)
		share -= flood_kinds[kind++].share;
	return kind;
}

/* Returns how many went out. */
static unsigned int send_batch(const struct target *target, const struct flood_capture *capture,
			       unsigned int count, unsigned long *sent_of)
{
	static uint8_t frames[BATCH][IP_LEN + UDP_LEN + FLOOD_PAYLOAD_MAX];
	struct mmsghdr messages[BATCH] = {0};
	struct iovec iov[BATCH];
	size_t kinds[BATCH];
	int sent;

	for (unsigned int i = 0; i < count; i++) {
		struct flood_packet packet;

		kinds[i] = any_kind();
		flood_kinds[kinds[i]].make(capture, &packet);
		iov[i] = (struct iovec){frames[i],
					wrap(target, &packet, frames[i], sizeof(frames[i]))};
		messages[i].msg_hdr = (struct msghdr){.msg_iov = &iov[i],
						      .msg_iovlen = 1,
						      .msg_name = (void *)&target->link,
						      .msg_namelen = sizeof(target->link)};
	}
	sent = sendmmsg(target->fd, messages, count, 0);
	for (int i = 0; i < sent; i++)
		sent_of[kinds[i]]++;
	return sent > 0 ? (unsigned int)sent : 0;
}

static void flood(const struct target *target, const struct flood_capture *capture,
		  unsigned int rate, unsigned int seconds, unsigned long *sent_of)
{
	const struct timespec tick = {.tv_nsec = TICK_NS};
	uint64_t start = now_ns(), end = start + seconds * 1000000000ULL, now = start;
	uint64_t sent = 0, due;

	for (; now < end; now = now_ns()) {
		due = (now - start) * rate / 1000000000;
		if (due > sent + rate)
			sent = due - rate;
		if (due == sent) {
			nanosleep(&tick, NULL);
			continue;
		}
		sent += send_batch(target, capture, due - sent < BATCH ? due - sent : BATCH,
				   sent_of);
	}
}

static int open_target(char **argv, struct target *ret)
{
	struct ether_addr mac;
	struct in_addr ip;

	if (!ether_aton_r(argv[1], &mac) || inet_pton(AF_INET, argv[2], &ip) != 1)
		return -EINVAL;
	ret->ip = ntohl(ip.s_addr);
	ret->link = (struct sockaddr_ll){
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETHERTYPE_IP),
		.sll_ifindex = (int)if_nametoindex(argv[0]),
		.sll_halen = sizeof(mac),
	};
	memcpy(ret->link.sll_addr, &mac, sizeof(mac));
	ret->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return ret->fd == -1 ? -errno : 0;
}

int main(int argc, char **argv)
{
	unsigned long sent_of[SHARES] = {0}, sent = 0;
	unsigned int rate = argc == 7 ? (unsigned int)atoi(argv[5]) : 0;
	unsigned int seconds = argc == 7 ? (unsigned int)atoi(argv[6]) : 0;
	struct flood_capture capture;
	struct target target;
	int err;

	if (!rate || !seconds) {
		fprintf(stderr, "usage: flood INTERFACE MAC ADDRESS CAPTURE RATE SECONDS\n");
		return 2;
	}
	err = open_target(argv + 1, &target);
	if (!err)
		err = flood_capture_read(argv[4], target.ip, &capture);
	if (!err && !capture.n_for_tunnel)
		err = -ENODATA;
	if (err) {
		fprintf(stderr, "flood: %s\n", strerror(-err));
		return 1;
	}
	flood_seed(1);
	flood(&target, &capture, rate, seconds, sent_of);
	free(capture.messages);
	free(capture.for_tunnel);
	for (size_t i = 0; i < flood_n_kinds; i++) {
		printf("%s: %lu\n", flood_kinds[i].name, sent_of[i]);
		sent += sent_of[i];
	}
	printf("sent %lu, %lu a second\n", sent, sent / seconds);
	return 0;
}
