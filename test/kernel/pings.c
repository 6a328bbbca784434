/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ICMP echo through many links from one process: to each of COUNT addresses once a second, evenly
 * spread over it.
 *
 * usage: pings FIRST-ADDRESS COUNT
 *
 * Ends on SIGTERM: waits for what is under way, and prints "sent N received N slowest N ms".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define GRACE_MS 10000
#define PAYLOAD 32

static volatile sig_atomic_t ending;

struct echo {
	struct icmphdr header;
	uint32_t target;
	int64_t sent_at;
	uint8_t rest[PAYLOAD];
} __attribute__((packed));

struct totals {
	unsigned long sent;
	unsigned long received;
	int64_t slowest;
};

static void on_term(int signal)
{
	(void)signal;
	ending = 1;
}

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static uint16_t checksum(const void *data, size_t len)
{
	const uint8_t *at = data;
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)(at[i] << 8 | at[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

static void send_echo(int fd, in_addr_t first, uint32_t target, struct totals *totals)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(ntohl(first) + target)};
	struct echo echo = {.header.type = ICMP_ECHO, .target = target, .sent_at = now_us()};

	_Static_assert(sizeof(echo) % 2 == 0, "the checksum takes pairs of octets");
	echo.header.un.echo.id = (uint16_t)getpid();
	echo.header.checksum = checksum(&echo, sizeof(echo));
	if (sendto(fd, &echo, sizeof(echo), 0, (struct sockaddr *)&to, sizeof(to)) == -1)
		fprintf(stderr, "pings: number %u: %s\n", target, strerror(errno));
	totals->sent++;
}

static void take_reply(int fd, struct totals *totals)
{
	uint8_t packet[sizeof(struct iphdr) + 40 + sizeof(struct echo)];
	ssize_t len = recv(fd, packet, sizeof(packet), MSG_DONTWAIT);
	struct echo echo;
	size_t offset;
	int64_t spent;

	if (len < (ssize_t)sizeof(struct iphdr))
		return;
	offset = (size_t)(packet[0] & 0x0f) * 4;
	if ((size_t)len < offset + sizeof(echo))
		return;
	memcpy(&echo, packet + offset, sizeof(echo));
	if (echo.header.type != ICMP_ECHOREPLY || echo.header.un.echo.id != (uint16_t)getpid())
		return;
	spent = now_us() - echo.sent_at;
	totals->received++;
	totals->slowest = spent > totals->slowest ? spent : totals->slowest;
}

static void take_replies_until(int fd, int64_t deadline, struct totals *totals)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	for (;;) {
		int64_t left = deadline - now_us();

		if (left <= 0)
			return;
		if (poll(&poll_fd, 1, (int)(left / 1000 + 1)) > 0)
			take_reply(fd, totals);
	}
}

int main(int argc, char **argv)
{
	int count = argc == 3 ? atoi(argv[2]) : 0, size = 1 << 20;
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	struct totals totals = {0};
	int64_t next = now_us();
	in_addr_t first;

	if (count < 1) {
		fprintf(stderr, "usage: pings FIRST-ADDRESS COUNT\n");
		return 2;
	}
	if (fd == -1) {
		perror("pings: socket");
		return 1;
	}
	first = inet_addr(argv[1]);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	signal(SIGTERM, on_term);
	for (uint32_t target = 0; !ending; target = (target + 1) % (uint32_t)count) {
		send_echo(fd, first, target, &totals);
		next += 1000000 / count;
		take_replies_until(fd, next, &totals);
	}
	next = now_us() + GRACE_MS * 1000;
	while (totals.received < totals.sent && now_us() < next)
		take_replies_until(fd, now_us() + 10000, &totals);
	printf("sent %lu received %lu slowest %ld ms\n", totals.sent, totals.received,
	       (long)(totals.slowest / 1000));
	return 0;
}
