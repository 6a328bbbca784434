/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PPP without pppd, so that a machine of two slow processors can have hundreds of links: joins the
 * two ends of each session, which aditd made with `pppd = none`, to network interfaces.
 *
 * usage: units NAMESPACE NAMESPACE COUNT
 *
 * Takes the first COUNT channels of each namespace, finds out by a frame sent through each session
 * which two belong together, and gives both ends a unit of the same number, so the interfaces are
 * ppp0 to ppp(COUNT - 1) in both. Says "ready", and keeps them until it is ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/ppp-ioctl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "netlink/pppox.h"

#define COUNT_MAX 1000
/* Channels are numbered from 1 in each namespace; those of sessions that are gone leave gaps. */
#define CHANNEL_MAX 10000
#define ANSWER_MS 10000

/* LCP Discard-Request (RFC 1661 5.9), which every PPP ignores; we read the number out of it. */
struct marker {
	uint8_t head[6];
	uint8_t number[4];
};

static const struct marker marker = {.head = {0xc0, 0x21, 11, 1, 0, 8}};

static void die(const char *what)
{
	fprintf(stderr, "units: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void enter(const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1 || setns(fd, CLONE_NEWNET) == -1)
		die(path);
	close(fd);
}

static void attach(const char *name, struct pollfd *channels, int count)
{
	int found = 0;

	enter(name);
	for (int i = 1; i < CHANNEL_MAX && found < count; i++) {
		if (ppp_attach(i, &channels[found].fd))
			continue;
		channels[found++].events = POLLIN;
	}
	if (found < count) {
		fprintf(stderr, "units: %s has %d channels, not %d\n", name, found, count);
		exit(1);
	}
}

static void send_markers(const struct pollfd *channels, int count)
{
	for (int i = 0; i < count; i++) {
		struct marker frame = marker;

		frame.number[2] = (uint8_t)(i >> 8);
		frame.number[3] = (uint8_t)i;
		if (write(channels[i].fd, &frame, sizeof(frame)) != sizeof(frame))
			die("write");
	}
}

/* Which number came out of a channel, or -1 for any other frame. */
static int read_marker(int fd)
{
	struct marker frame;

	if (read(fd, &frame, sizeof(frame)) != sizeof(frame) ||
	    memcmp(frame.head, marker.head, sizeof(frame.head)) != 0)
		return -1;
	return frame.number[2] << 8 | frame.number[3];
}

/* peer_of[i]: which channel of the other namespace is the far end of ours number i. */
static void find_peers(struct pollfd *channels, int count, int *peer_of)
{
	int left = count;

	while (left > 0) {
		if (poll(channels, (nfds_t)count, ANSWER_MS) <= 0) {
			fprintf(stderr, "units: %d sessions carry nothing\n", left);
			exit(1);
		}
		for (int i = 0; i < count; i++) {
			int number =
				channels[i].revents & POLLIN ? read_marker(channels[i].fd) : -1;

			if (number < 0 || number >= count)
				continue;
			peer_of[number] = i;
			left--;
		}
	}
}

static void make_unit(int channel_fd, int number)
{
	int unit = number, fd = open("/dev/ppp", O_RDWR | O_CLOEXEC);

	if (fd == -1 || ioctl(fd, PPPIOCNEWUNIT, &unit) == -1)
		die("PPPIOCNEWUNIT");
	if (ioctl(channel_fd, PPPIOCCONNECT, &unit) == -1)
		die("PPPIOCCONNECT");
}

int main(int argc, char **argv)
{
	static struct pollfd near[COUNT_MAX], far[COUNT_MAX];
	static int peer_of[COUNT_MAX];
	int count = argc == 4 ? atoi(argv[3]) : 0;
	struct rlimit limit;

	if (count < 1 || count > COUNT_MAX) {
		fprintf(stderr, "usage: units NAMESPACE NAMESPACE COUNT\n");
		return 2;
	}
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	attach(argv[1], near, count);
	attach(argv[2], far, count);
	send_markers(near, count);
	find_peers(far, count, peer_of);
	for (int i = 0; i < count; i++)
		make_unit(far[peer_of[i]].fd, i);
	enter(argv[1]);
	for (int i = 0; i < count; i++)
		make_unit(near[i].fd, i);
	printf("ready\n");
	fflush(stdout);
	pause();
	return 0;
}
