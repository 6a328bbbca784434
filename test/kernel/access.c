/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PPPoE against the kernel: sessions and their channels on one end of a cable, frames as a client
 * would send them on the other. Used by 50-pppoe.sh, as root in a network of its own with veth
 * interfaces pe0 and pe1 and a VLAN 100 on both.
 *
 * usage: access          names the cases and says what they are
 *        access CASE     runs one; exit status 0, or 1 with the claim that failed
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cursor.h"
#include "dataplane_kit.h"
#include "netlink/pppoe.h"
#include "netlink/pppox.h"
#include "netlink/udp.h"

#define OURS "pe0"
#define THEIRS "pe1"
#define SESSION_ID 0x1234
#define SHORT_MSEC 300

/* From the PPP protocol number on: an LCP Echo-Request. */
static const uint8_t lcp[] = {0xc0, 0x21, 9, 1, 0, 8, 1, 2, 3, 4};

/* A client on the other end of the cable. */
struct client {
	int fd;
	struct pppoe_link link;
};

static const struct dp_access_params params = {.interface = OURS, .session_id = SESSION_ID};

static struct client client_open(const char *interface, uint16_t ether_type)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ether_type)};
	struct client client;

	CLAIM_EQUAL(pppoe_link_get(interface, &client.link), 0);
	address.sll_ifindex = client.link.index;
	client.fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ether_type));
	CLAIM(client.fd != -1);
	CLAIM_EQUAL(bind(client.fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return client;
}

/* A frame to the other end: Ethernet's and PPPoE's header (RFC 2516 section 4), and what follows.
 */
static size_t make_frame(const struct client *client, const uint8_t to[6], uint16_t ether_type,
			 uint8_t code, uint8_t *frame, size_t size)
{
	struct writer w = writer_init(frame, size);

	writer_bytes(&w, (struct bytes){to, 6});
	writer_bytes(&w, (struct bytes){client->link.mac, 6});
	writer_u16(&w, ether_type);
	writer_u8(&w, 0x11);
	writer_u8(&w, code);
	writer_u16(&w, ether_type == ETH_P_PPP_SES ? SESSION_ID : 0);
	writer_u16(&w, sizeof(lcp));
	writer_bytes(&w, (struct bytes){lcp, sizeof(lcp)});
	CLAIM(w.ok);
	return writer_len(&w);
}

static void client_send(const struct client *client, const uint8_t to[6], uint16_t ether_type,
			uint8_t code)
{
	uint8_t frame[64];
	size_t len = make_frame(client, to, ether_type, code, frame, sizeof(frame));

	CLAIM_EQUAL(write(client->fd, frame, len), (long)len);
}

static bool readable(int fd, int msec)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	return poll(&poll_fd, 1, msec) == 1;
}

/* The client hears what was written to its session, and nothing before it. */
static void claim_client_hears(const struct client *client, const uint8_t from[6])
{
	uint8_t frame[128];
	ssize_t len;

	CLAIM(readable(client->fd, 5000));
	len = read(client->fd, frame, sizeof(frame));
	CLAIM(len >= 20 + (ssize_t)sizeof(lcp));
	CLAIM_EQUAL(memcmp(frame, client->link.mac, 6), 0);
	CLAIM_EQUAL(memcmp(frame + 6, from, 6), 0);
	CLAIM_EQUAL(memcmp(frame + 12, "\x88\x64\x11\0\x12\x34\0\x0a", 8), 0);
	CLAIM_EQUAL(memcmp(frame + 20, lcp, sizeof(lcp)), 0);
}

static void claim_channel_hears(int fd)
{
	uint8_t frame[128];

	CLAIM(readable(fd, 5000));
	CLAIM_EQUAL(read(fd, frame, sizeof(frame)), sizeof(lcp));
	CLAIM_EQUAL(memcmp(frame, lcp, sizeof(lcp)), 0);
}

static void set_up(const char *interface, bool up)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq ifr = {0};

	CLAIM(fd != -1);
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", interface);
	CLAIM_EQUAL(ioctl(fd, SIOCGIFFLAGS, &ifr), 0);
	ifr.ifr_flags = (short)(up ? ifr.ifr_flags | IFF_UP : ifr.ifr_flags & ~IFF_UP);
	CLAIM_EQUAL(ioctl(fd, SIOCSIFFLAGS, &ifr), 0);
	close(fd);
}

static void create(struct dp_access *a, const struct dp_access_params *p, struct outcome *outcome,
		   int err, const char *step)
{
	dp_access_create(a, p, done);
	loop();
	claim_outcome(outcome, 1, err, step);
}

static void delete (struct dp_access *a, struct outcome *outcome)
{
	dp_access_delete(a, done);
	CLAIM_EQUAL(dp_access_leg(a).fd, -1);
	CLAIM_EQUAL(dp_access_leg(a).channel, -1);
	loop();
	claim_outcome(outcome, 1, 0, NULL);
}

static struct dp_access_params params_for(const struct client *client)
{
	struct dp_access_params p = params;

	memcpy(p.mac, client->link.mac, sizeof(p.mac));
	return p;
}

static void case_session(void)
{
	struct client client = client_open(THEIRS, ETH_P_PPP_SES);
	struct dp_access_params p = params_for(&client);
	unsigned int fds = count_fds();
	struct outcome outcome = {0};
	struct pppoe_link link;
	struct dp_access *a;

	start(2);
	CLAIM_EQUAL(pppoe_link_get(OURS, &link), 0);
	CLAIM_EQUAL(dp_access_new(dp, &outcome, &a), 0);
	for (unsigned int i = 0; i < 2; i++) {
		CLAIM_EQUAL(dp_access_leg(a).fd, -1);
		create(a, &p, &outcome, 0, NULL);
		CLAIM(dp_access_leg(a).channel >= 0);
		CLAIM(fcntl(dp_access_leg(a).fd, F_GETFD) & FD_CLOEXEC);
		CLAIM(fcntl(dp_access_leg(a).fd, F_GETFL) & O_NONBLOCK);
		client_send(&client, link.mac, ETH_P_PPP_SES, 0);
		claim_channel_hears(dp_access_leg(a).fd);
		CLAIM_EQUAL(write(dp_access_leg(a).fd, lcp, sizeof(lcp)), sizeof(lcp));
		claim_client_hears(&client, link.mac);
		delete (a, &outcome);
		delete (a, &outcome);
	}
	dp_access_free(a);
	finish();
	CLAIM_EQUAL(count_fds(), fds);
	close(client.fd);
}

static void case_refused(void)
{
	struct client client = client_open(THEIRS, ETH_P_PPP_SES);
	struct dp_access_params p = params_for(&client), missing = p, endless = p;
	struct outcome outcome = {0}, second = {0};
	struct dp_access *a, *b;
	unsigned int fds;

	start(2);
	missing.interface = "pe9";
	endless.interface = "a-name-that-no-interface-has";
	CLAIM_EQUAL(dp_access_new(dp, &outcome, &a), 0);
	CLAIM_EQUAL(dp_access_new(dp, &second, &b), 0);
	fds = count_fds();
	create(a, &missing, &outcome, -ENODEV, "connect(pppoe)");
	create(a, &endless, &outcome, -ENODEV, NULL);
	set_up(OURS, false);
	create(a, &p, &outcome, -ENODEV, "connect(pppoe)");
	set_up(OURS, true);
	CLAIM_EQUAL(count_fds(), fds);
	create(a, &p, &outcome, 0, NULL);
	create(b, &p, &second, -EALREADY, "connect(pppoe)");
	/* What it did not make is not its to delete. */
	delete (b, &second);
	CLAIM_EQUAL(write(dp_access_leg(a).fd, lcp, sizeof(lcp)), sizeof(lcp));
	CLAIM(readable(client.fd, 5000));
	/* Nor may a creation asked for twice unmake what the first made. */
	create(a, &p, &outcome, -EEXIST, "socket(pppoe)");
	CLAIM_EQUAL(write(dp_access_leg(a).fd, lcp, sizeof(lcp)), sizeof(lcp));
	delete (a, &outcome);
	create(b, &p, &second, 0, NULL);
	delete (b, &second);
	dp_access_free(a);
	dp_access_free(b);
	finish();
	close(client.fd);
}

static void case_overtaken(void)
{
	struct client client = client_open(THEIRS, ETH_P_PPP_SES);
	struct dp_access_params p = params_for(&client);
	unsigned int fds = count_fds();
	struct outcome outcome = {0};
	struct dp_access *a;

	start(1);
	CLAIM_EQUAL(dp_access_new(dp, &outcome, &a), 0);
	dp_access_create(a, &p, done);
	dp_access_create(a, &p, done);
	claim_outcome(&outcome, 1, -EALREADY, NULL);
	dp_access_delete(a, done);
	dp_access_delete(a, done);
	claim_outcome(&outcome, 1, -EALREADY, NULL);
	loop();
	claim_outcome(&outcome, 2, 0, NULL);
	CLAIM_EQUAL(dp_access_leg(a).fd, -1);
	dp_access_free(a);
	finish();
	CLAIM_EQUAL(count_fds(), fds);
	close(client.fd);
}

/* With its interface the session ends, which the kernel tells nobody but who reads. */
static void case_unplugged(void)
{
	struct client client = client_open(THEIRS, ETH_P_PPP_SES);
	struct dp_access_params p = params_for(&client);
	unsigned int fds = count_fds();
	struct outcome outcome = {0};
	struct dp_access *a;

	start(1);
	CLAIM_EQUAL(dp_access_new(dp, &outcome, &a), 0);
	create(a, &p, &outcome, 0, NULL);
	set_up(OURS, false);
	CLAIM(readable(dp_access_leg(a).fd, 5000));
	delete (a, &outcome);
	set_up(OURS, true);
	create(a, &p, &outcome, 0, NULL);
	delete (a, &outcome);
	dp_access_free(a);
	finish();
	CLAIM_EQUAL(count_fds(), fds);
	close(client.fd);
}

/* A LAC's call: what the client sends goes into the tunnel, what comes out of it to the client. */
static void case_bridged(void)
{
	struct client client = client_open(THEIRS, ETH_P_PPP_SES);
	struct dp_access_params p = params_for(&client);
	struct outcome outcome = {0};
	struct addr from, to;
	struct pppoe_link link;
	struct dp_access *a;
	struct dp_leg leg;
	uint8_t packet[64];
	struct call call;
	struct end end;
	bool cut;
	int len;

	start(2);
	CLAIM_EQUAL(pppoe_link_get(OURS, &link), 0);
	CLAIM_EQUAL(dp_access_new(dp, &outcome, &a), 0);
	create(a, &p, &outcome, 0, NULL);
	end_open(&end, false, TUNNEL_ID);
	end_create(&end);
	call_init(&call, &end, 1);
	leg = dp_access_leg(a);
	dp_session_set_bridge(call.session, &leg);
	create_call(&call, &end);
	client_send(&client, link.mac, ETH_P_PPP_SES, 0);
	CLAIM(readable(end.peer_fd, 5000));
	len = udp_recv(end.peer_fd, packet, sizeof(packet), &from, &to, &cut);
	CLAIM_EQUAL(len, 8 + sizeof(lcp));
	CLAIM_EQUAL(memcmp(packet + 8, lcp, sizeof(lcp)), 0);
	/* The same packet back, with our ids. */
	packet[2] = TUNNEL_ID >> 8;
	packet[3] = TUNNEL_ID & 0xff;
	packet[4] = 0;
	packet[5] = 1;
	CLAIM_EQUAL(udp_send(end.peer_fd, (struct bytes){packet, (size_t)len}, NULL, NULL), 0);
	claim_client_hears(&client, link.mac);
	CLAIM(!readable(dp_access_leg(a).fd, 0));
	/* The channel's end first: then the session has nobody, and is still to be deleted. */
	delete (a, &outcome);
	delete_call(&call);
	end_delete(&end);
	dp_access_free(a);
	dp_session_free(call.session);
	end_close(&end);
	finish();
	close(client.fd);
}

static void case_many(void)
{
	struct client client = client_open(THEIRS, ETH_P_PPP_SES);
	struct dp_access_params p = params_for(&client);
	unsigned int fds = count_fds();
	struct outcome outcome = {0};
	struct dp_access *a[64];

	start(16);
	for (unsigned int i = 0; i < 64; i++) {
		p.session_id = (uint16_t)(i + 1);
		CLAIM_EQUAL(dp_access_new(dp, &outcome, &a[i]), 0);
		dp_access_create(a[i], &p, done);
	}
	loop();
	claim_outcome(&outcome, 64, 0, NULL);
	for (unsigned int i = 0; i < 64; i++) {
		CLAIM(dp_access_leg(a[i]).fd >= 0);
		CLAIM(!i || dp_access_leg(a[i]).channel != dp_access_leg(a[i - 1]).channel);
		dp_access_delete(a[i], done);
	}
	loop();
	claim_outcome(&outcome, 64, 0, NULL);
	for (unsigned int i = 0; i < 64; i++)
		dp_access_free(a[i]);
	finish();
	CLAIM_EQUAL(count_fds(), fds);
	close(client.fd);
}

/* Which frames the access concentrator of an interface gets to see. */
static void case_filter(void)
{
	static const struct {
		const char *from;
		uint8_t code;
		bool at_port, at_vlan;
	} rows[] = {
		{THEIRS, 0x09, true, false},	     {THEIRS, 0x19, true, false},
		{THEIRS, 0xa7, true, false},	     {THEIRS, 0x07, false, false},
		{THEIRS, 0x65, false, false},	     {THEIRS, 0x00, false, false},
		{THEIRS ".100", 0x09, false, true},  {THEIRS ".100", 0x07, false, false},
		{THEIRS ".200", 0x09, false, false},
	};
	struct pppoe_link port, vlan;
	int port_fd, vlan_fd;

	CLAIM_EQUAL(pppoe_link_get(OURS, &port), 0);
	CLAIM_EQUAL(pppoe_link_get(OURS ".100", &vlan), 0);
	CLAIM_EQUAL(pppoe_discovery_socket(&port, &port_fd), 0);
	CLAIM_EQUAL(pppoe_discovery_socket(&vlan, &vlan_fd), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct client client = client_open(rows[i].from, ETH_P_PPP_DISC);
		uint8_t frame[64], heard[64];
		size_t len = make_frame(&client, port.mac, ETH_P_PPP_DISC, rows[i].code, frame,
					sizeof(frame));

		printf("code %02x from %s\n", rows[i].code, rows[i].from);
		CLAIM_EQUAL(write(client.fd, frame, len), (long)len);
		CLAIM_EQUAL(readable(port_fd, SHORT_MSEC), rows[i].at_port);
		CLAIM_EQUAL(readable(vlan_fd, 0), rows[i].at_vlan);
		if (rows[i].at_port || rows[i].at_vlan) {
			CLAIM_EQUAL(read(rows[i].at_port ? port_fd : vlan_fd, heard, sizeof(heard)),
				    (long)len);
			CLAIM_EQUAL(memcmp(heard, frame, len), 0);
		}
		close(client.fd);
	}
	set_up(OURS, false);
	CLAIM_EQUAL(read(port_fd, &port, sizeof(port)), -1);
	CLAIM_EQUAL(errno, ENETDOWN);
	CLAIM_EQUAL(pppoe_link_get(OURS, &port), -ENETDOWN);
	set_up(OURS, true);
	close(port_fd);
	close(vlan_fd);
}

static void case_link(void)
{
	struct pppoe_link link, other;

	CLAIM_EQUAL(pppoe_link_get(OURS, &link), 0);
	CLAIM_EQUAL(link.vlan, 0);
	CLAIM_EQUAL(link.mtu, 1500);
	/* What veth says of itself: 10 Gbit/s, more than the field holds. */
	CLAIM_EQUAL(link.speed, UINT32_MAX);
	CLAIM_EQUAL(pppoe_link_get(OURS ".100", &other), 0);
	CLAIM_EQUAL(other.vlan, 100);
	CLAIM(!pppoe_link_same(&link, &other));
	CLAIM(pppoe_link_same(&link, &link));
	CLAIM_EQUAL(pppoe_link_get("pe9", &link), -ENODEV);
	CLAIM_EQUAL(pppoe_link_get("a-name-that-no-interface-has", &link), -ENODEV);
	CLAIM_EQUAL(pppoe_link_get("lo", &link), -EPROTOTYPE);
}

static const struct {
	const char *name;
	void (*run)(void);
	const char *text;
} cases[] = {
	{"link", case_link, "what an interface is"},
	{"filter", case_filter, "an access concentrator hears clients of its own interface"},
	{"frames", case_session, "frames of a PPPoE session come and go through its channel"},
	{"refused", case_refused, "sessions that cannot be leave nothing"},
	{"overtaken", case_overtaken, "a deletion may follow a creation that still runs"},
	{"unplugged", case_unplugged, "a session ends with its interface"},
	{"bridge", case_bridged, "a PPPoE session is bridged to one of L2TP"},
	{"many", case_many, "many come and go at once"},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (argc == 1)
			printf("%s %s\n", cases[i].name, cases[i].text);
		if (argc == 2 && strcmp(argv[1], cases[i].name) == 0) {
			cases[i].run();
			return 0;
		}
	}
	return argc == 1 ? 0 : 2;
}
