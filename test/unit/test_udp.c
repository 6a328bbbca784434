/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets over loopback: who gets which packet, what is known of it, and which options are set.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "netlink/udp.h"

static const struct udp_options plain;

static struct addr addr_of(const char *text, uint16_t port)
{
	struct addr addr;

	assert_int_equal(addr_parse(text, &addr), 0);
	addr.port = port;
	return addr;
}

static int listen_on(const char *text, struct addr *ret)
{
	struct addr any = addr_of(text, 0);
	int fd;

	assert_int_equal(udp_listen(&any, &plain, &fd), 0);
	assert_int_equal(udp_local_addr(fd, ret), 0);
	assert_int_not_equal(ret->port, 0);
	return fd;
}

static int open_to(const char *text, uint16_t port, const struct addr *peer)
{
	struct addr local = addr_of(text, port);
	int fd;

	assert_int_equal(udp_open(&local, peer, &plain, &fd), 0);
	return fd;
}

/* Receives exactly this text; -EAGAIN would mean it went elsewhere. */
static void expect(int fd, const char *text, struct addr *peer, struct addr *local)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
	struct addr ignored;
	char buf[64];
	bool cut;
	int len;

	assert_int_equal(poll(&poll_fd, 1, 1000), 1);
	len = udp_recv(fd, buf, sizeof(buf), peer ? peer : &ignored, local ? local : &ignored,
		       &cut);
	assert_int_equal(len, strlen(text));
	assert_memory_equal(buf, text, strlen(text));
	assert_false(cut);
}

static void expect_nothing(int fd)
{
	struct addr peer, local;
	char buf[8];
	bool cut;

	assert_int_equal(udp_recv(fd, buf, sizeof(buf), &peer, &local, &cut), -EAGAIN);
}

static void send_text(int fd, const char *text, const struct addr *peer, const struct addr *local)
{
	const struct udp_how how = {.local = local};

	assert_int_equal(udp_send(fd, bytes_str(text), peer, &how), 0);
}

static void assert_addr(const struct addr *addr, const struct addr *expected)
{
	char text[ADDR_TEXT_MAX], expected_text[ADDR_TEXT_MAX];

	assert_string_equal(addr_format(addr, text), addr_format(expected, expected_text));
	assert_true(addr_equal(addr, expected));
}

static const struct {
	const char *any;
	const char *to;
} local_cases[] = {
	{"0.0.0.0", "127.0.0.1"},
	{"0.0.0.0", "127.0.0.2"},
	{"127.0.0.3", "127.0.0.3"},
	{"::", "::1"},
};

static void test_local_address(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(local_cases) / sizeof(local_cases[0]); i++) {
		struct addr listen_addr, to, from, peer, local;
		int listener = listen_on(local_cases[i].any, &listen_addr);
		int fd = open_to(local_cases[i].any, 0, NULL);

		to = addr_of(local_cases[i].to, listen_addr.port);
		send_text(fd, "hello", &to, NULL);
		expect(listener, "hello", &peer, &local);
		assert_addr(&local, &to);
		assert_int_equal(udp_local_addr(fd, &from), 0);
		assert_int_equal(peer.port, from.port);
		close(fd);
		close(listener);
	}
}

/* An answer must come from the address that was asked, or the peer does not take it. */
static void test_answer_from_chosen_address(void **state)
{
	struct addr listen_addr, to, from, peer, local, host;
	int listener, fd;

	(void)state;
	listener = listen_on("0.0.0.0", &listen_addr);
	to = addr_of("127.0.0.2", listen_addr.port);
	fd = open_to("127.0.0.9", 0, &to);
	send_text(fd, "question", NULL, NULL);
	expect(listener, "question", &peer, &local);
	send_text(listener, "answer", &peer, &local);
	expect(fd, "answer", &from, NULL);
	assert_addr(&from, &to);

	host = addr_of("127.0.0.7", 0);
	send_text(listener, "from elsewhere", &peer, &host);
	expect_nothing(fd);
	close(fd);
	close(listener);
}

static const struct {
	const char *any;
	const char *here;
	const char *peer;
	const char *other;
} sharing_cases[] = {
	{"0.0.0.0", "127.0.0.1", "127.0.0.2", "127.0.0.3"},
	{"127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1"},
	{"::", "::1", "::1", "::1"},
};

static void test_tunnel_beside_listener(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sharing_cases) / sizeof(sharing_cases[0]); i++) {
		struct addr listen_addr, here, peer_addr, other_addr, from, local;
		int listener = listen_on(sharing_cases[i].any, &listen_addr);
		int peer = open_to(sharing_cases[i].peer, 0, NULL);
		int other = open_to(sharing_cases[i].other, 0, NULL);
		int tunnel;

		here = addr_of(sharing_cases[i].here, listen_addr.port);
		assert_int_equal(udp_local_addr(peer, &peer_addr), 0);
		assert_int_equal(udp_local_addr(other, &other_addr), 0);
		tunnel = open_to(sharing_cases[i].here, here.port, &peer_addr);

		send_text(peer, "mine", &here, NULL);
		send_text(other, "strange", &here, NULL);
		expect(tunnel, "mine", &from, &local);
		assert_addr(&from, &peer_addr);
		assert_addr(&local, &here);
		expect_nothing(tunnel);
		expect(listener, "strange", &from, &local);
		assert_addr(&from, &other_addr);
		expect_nothing(listener);

		send_text(tunnel, "yours", NULL, NULL);
		expect(peer, "yours", &from, NULL);
		assert_addr(&from, &here);
		close(tunnel);
		close(other);
		close(peer);
		close(listener);
	}
}

static void test_connect_later(void **state)
{
	struct addr listen_addr, peer_addr, from;
	int peer, fd;

	(void)state;
	peer = listen_on("127.0.0.2", &peer_addr);
	fd = open_to("127.0.0.1", 0, NULL);
	assert_int_equal(udp_send(fd, bytes_str("x"), NULL, NULL), -EDESTADDRREQ);
	assert_int_equal(udp_connect(fd, &peer_addr), 0);
	assert_int_equal(udp_local_addr(fd, &listen_addr), 0);
	send_text(fd, "now", NULL, NULL);
	expect(peer, "now", &from, NULL);
	assert_addr(&from, &listen_addr);
	close(fd);
	close(peer);
}

static void test_local_by_routing(void **state)
{
	struct addr none = {0}, peer_addr, local, expected;
	int peer, fd;

	(void)state;
	peer = listen_on("::1", &peer_addr);
	assert_int_equal(udp_open(&none, &peer_addr, &plain, &fd), 0);
	assert_int_equal(udp_local_addr(fd, &local), 0);
	expected = addr_of("::1", local.port);
	assert_addr(&local, &expected);
	close(fd);
	close(peer);
}

static void test_cut(void **state)
{
	static const struct {
		size_t sent;
		int got;
		bool cut;
	} cases[] = {
		{15, 15, false}, {16, 16, false}, {17, 16, true}, {1400, 16, true}, {0, 0, false}};
	static const uint8_t data[1400];
	struct addr listen_addr, peer, local;
	int listener, fd;

	(void)state;
	listener = listen_on("127.0.0.1", &listen_addr);
	fd = open_to("127.0.0.1", 0, &listen_addr);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bytes packet = {data, cases[i].sent};
		uint8_t buf[16];
		bool cut = !cases[i].cut;

		assert_int_equal(udp_send(fd, packet, NULL, NULL), 0);
		assert_int_equal(udp_recv(listener, buf, sizeof(buf), &peer, &local, &cut),
				 cases[i].got);
		assert_int_equal(cut, cases[i].cut);
	}
	close(fd);
	close(listener);
}

/* RFC 2661 leaves ICMP to us: the caller learns of it and the socket works on. */
static void test_icmp_is_soft(void **state)
{
	struct addr peer_addr, peer, local;
	int listener, fd;
	char buf[8];
	bool cut;

	(void)state;
	listener = listen_on("127.0.0.1", &peer_addr);
	fd = open_to("127.0.0.1", 0, &peer_addr);
	close(listener);
	send_text(fd, "lost", NULL, NULL);
	assert_int_equal(udp_recv(fd, buf, sizeof(buf), &peer, &local, &cut), -ECONNREFUSED);
	expect_nothing(fd);
	assert_int_equal(udp_listen(&peer_addr, &plain, &listener), 0);
	send_text(fd, "found", NULL, NULL);
	expect(listener, "found", NULL, NULL);
	close(fd);
	close(listener);
}

static int int_option(int fd, int level, int name)
{
	socklen_t len = sizeof(int);
	int value;

	assert_int_equal(getsockopt(fd, level, name, &value, &len), 0);
	return value;
}

static void test_options(void **state)
{
	struct addr v4 = addr_of("127.0.0.1", 0), v6 = addr_of("::1", 0);
	int fd;

	(void)state;
	assert_int_equal(udp_listen(&v4, &plain, &fd), 0);
	assert_int_equal(int_option(fd, SOL_IP, IP_MTU_DISCOVER), IP_PMTUDISC_DONT);
	assert_int_equal(int_option(fd, SOL_SOCKET, SO_REUSEADDR), 1);
	assert_int_equal(int_option(fd, SOL_SOCKET, SO_REUSEPORT), 0);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	close(fd);
	assert_int_equal(udp_open(&v6, NULL, &plain, &fd), 0);
	assert_int_equal(int_option(fd, SOL_IPV6, IPV6_V6ONLY), 1);
	assert_int_equal(int_option(fd, SOL_SOCKET, SO_REUSEADDR), 1);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	close(fd);
}

/* The octet that a packet came with. */
static int received_tos(int fd, bool v6)
{
	char text[16], control[CMSG_SPACE(sizeof(int)) * 8];
	struct iovec iov = {.iov_base = text, .iov_len = sizeof(text)};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	int tos = -1;

	assert_true(recvmsg(fd, &msg, 0) > 0);
	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg)) {
		if (!v6 && cmsg->cmsg_level == SOL_IP && cmsg->cmsg_type == IP_TOS)
			tos = *(uint8_t *)CMSG_DATA(cmsg);
		if (v6 && cmsg->cmsg_level == SOL_IPV6 && cmsg->cmsg_type == IPV6_TCLASS)
			memcpy(&tos, CMSG_DATA(cmsg), sizeof(tos));
	}
	return tos;
}

static const struct {
	const char *peer;
	const char *here; /* where it is said to come from, NULL for not */
	bool connected;
	uint8_t dscp;
} dscp_cases[] = {
	{"127.0.0.1", NULL, false, 46},
	{"127.0.0.1", NULL, true, 46},
	{"127.0.0.1", NULL, true, 0},
	{"127.0.0.1", "127.0.0.7", false, 63},
	{"127.0.0.1", "127.0.0.7", false, 0},
	{"::1", NULL, false, 46},
	{"::1", NULL, true, 46},
	{"::1", "::1", false, 63},
};

/* RFC 3308 is about data packets: each control packet brings its own, and the socket, from which
 * the kernel takes that of data, has none. */
static void test_dscp_of_packet(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(dscp_cases) / sizeof(dscp_cases[0]); i++) {
		bool v6 = dscp_cases[i].peer[0] == ':';
		struct addr here = addr_of(dscp_cases[i].here ? dscp_cases[i].here : "0.0.0.0", 0);
		struct udp_how how = {.connected = dscp_cases[i].connected,
				      .local = dscp_cases[i].here ? &here : NULL,
				      .dscp = dscp_cases[i].dscp};
		int one = 1, peer, fd;
		struct addr to;

		peer = listen_on(dscp_cases[i].peer, &to);
		assert_int_equal(setsockopt(peer, v6 ? SOL_IPV6 : SOL_IP,
					    v6 ? IPV6_RECVTCLASS : IP_RECVTOS, &one, sizeof(one)),
				 0);
		fd = open_to(v6 ? "::" : "0.0.0.0", 0, how.connected ? &to : NULL);
		assert_int_equal(udp_send(fd, bytes_str("x"), &to, &how), 0);
		assert_int_equal(received_tos(peer, v6), dscp_cases[i].dscp << 2);
		assert_int_equal(int_option(fd, v6 ? SOL_IPV6 : SOL_IP, v6 ? IPV6_TCLASS : IP_TOS),
				 0);
		close(fd);
		close(peer);
	}
}

/* As initiator with source port 1701: until the answer names its port the tunnel's socket is not
 * connected, and packets for others may land in either; both are read, and none is lost. */
static void test_unconnected_beside_listener(void **state)
{
	struct addr here, peer_addr, from, local;
	struct pollfd fds[2] = {{.events = POLLIN}, {.events = POLLIN}};
	int peer, other;

	(void)state;
	fds[0].fd = listen_on("127.0.0.1", &here);
	peer = listen_on("127.0.0.2", &peer_addr);
	other = open_to("127.0.0.3", 0, NULL);
	fds[1].fd = open_to("127.0.0.1", here.port, NULL);
	send_text(fds[1].fd, "sccrq", &peer_addr, NULL);
	expect(peer, "sccrq", &from, NULL);
	assert_addr(&from, &here);
	send_text(peer, "hello", &here, NULL);
	assert_int_equal(poll(fds, 2, 1000), 1);
	expect(fds[0].revents ? fds[0].fd : fds[1].fd, "hello", &from, &local);
	assert_addr(&from, &peer_addr);
	assert_addr(&local, &here);
	/* Connected, it takes what is its own, and the listener the rest. */
	assert_int_equal(udp_connect(fds[1].fd, &peer_addr), 0);
	send_text(peer, "mine", &here, NULL);
	expect(fds[1].fd, "mine", NULL, NULL);
	send_text(other, "strange", &here, NULL);
	expect(fds[0].fd, "strange", NULL, NULL);
	close(other);
	close(peer);
	close(fds[0].fd);
	close(fds[1].fd);
}

static void test_privileged_options(void **state)
{
	const struct udp_options mark = {.mark = 0x80000001};
	const struct udp_options device = {.device = "lo"};
	struct addr v4 = addr_of("127.0.0.1", 0);
	char name[16];
	socklen_t len = sizeof(name);
	int fd, err;

	(void)state;
	err = udp_listen(&v4, &mark, &fd);
	if (err == -EPERM)
		skip();
	assert_int_equal(err, 0);
	assert_int_equal(int_option(fd, SOL_SOCKET, SO_MARK), (int)mark.mark);
	close(fd);
	assert_int_equal(udp_listen(&v4, &device, &fd), 0);
	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &len), 0);
	assert_string_equal(name, "lo");
	close(fd);
}

static void test_errors(void **state)
{
	const struct udp_options bad_device = {.device = "no-such-dev"};
	struct addr v4 = addr_of("127.0.0.1", 0), v6 = addr_of("::1", 1701), none = {0};
	struct addr foreign = addr_of("192.0.2.1", 0);
	int fd = -2;

	(void)state;
	assert_int_equal(udp_listen(&none, &plain, &fd), -EAFNOSUPPORT);
	assert_int_equal(udp_open(&none, NULL, &plain, &fd), -EAFNOSUPPORT);
	assert_int_equal(udp_open(&v4, &v6, &plain, &fd), -EAFNOSUPPORT);
	assert_true(udp_listen(&v4, &bad_device, &fd) < 0);
	assert_int_equal(udp_listen(&foreign, &plain, &fd), -EADDRNOTAVAIL);
	assert_int_equal(fd, -2);
}

/* A port that somebody holds without address reuse is not shared. */
static void test_port_taken(void **state)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct addr taken;
	int holder, fd;

	(void)state;
	holder = socket(AF_INET, SOCK_DGRAM, 0);
	assert_int_equal(bind(holder, (struct sockaddr *)&sa, sizeof(sa)), 0);
	assert_int_equal(udp_local_addr(holder, &taken), 0);
	assert_int_equal(udp_listen(&taken, &plain, &fd), -EADDRINUSE);
	close(holder);
	assert_int_equal(udp_listen(&taken, &plain, &fd), 0);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_local_address),
		cmocka_unit_test(test_answer_from_chosen_address),
		cmocka_unit_test(test_tunnel_beside_listener),
		cmocka_unit_test(test_connect_later),
		cmocka_unit_test(test_local_by_routing),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_icmp_is_soft),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_dscp_of_packet),
		cmocka_unit_test(test_unconnected_beside_listener),
		cmocka_unit_test(test_privileged_options),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_port_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
