/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets of RADIUS on which servers speak first: orders about calls, and our replies (RFC 5176).
 * Who may give them is the client's to say.
 */
#include "radius_orders.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "aaa/client.h"
#include "aaa/packet.h"
#include "base/log.h"
#include "netlink/udp.h"

/* Datagrams taken from one socket before others have their turn. */
#define READ_BURST 64

static bool take_order(const struct order_port *port)
{
	static uint8_t packet[RADIUS_LEN_MAX];
	struct addr peer, local;
	bool cut;
	int len = udp_recv(port->ev.fd, packet, sizeof(packet), &peer, &local, &cut);

	if (len < 0)
		return len != -EAGAIN;
	if (local.family == ADDR_NONE)
		local = port->addr;
	radius_order(port->orders->d->radius, &local, &peer, (struct bytes){packet, (size_t)len},
		     aditd_now());
	return true;
}

static void on_order(struct ev_loop *loop, ev_io *ev, int revents)
{
	(void)loop, (void)revents;
	for (int i = 0; i < READ_BURST && take_order(ev->data); i++)
		;
}

static void close_port(struct order_port *port)
{
	if (port->ev.fd == -1)
		return;
	ev_io_stop(port->orders->d->loop, &port->ev);
	close(port->ev.fd);
	ev_io_set(&port->ev, -1, EV_READ);
}

static void set_port(struct order_port *port, const struct addr *addr)
{
	char text[ADDR_TEXT_MAX];
	int fd, err;

	if (port->ev.fd != -1 && addr_equal(&port->addr, addr))
		return;
	close_port(port);
	port->addr = *addr;
	if (addr->family == ADDR_NONE)
		return;
	err = udp_listen(addr, &(struct udp_options){0}, &fd);
	if (err == -EADDRNOTAVAIL)
		err = udp_listen(&(struct addr){.family = addr->family, .port = addr->port},
				 &(struct udp_options){0}, &fd);
	if (err) {
		log_error("radius: cannot listen on %s: %s", addr_format(addr, text),
			  strerror(-err));
		return;
	}
	ev_io_set(&port->ev, fd, EV_READ);
	ev_io_start(port->orders->d->loop, &port->ev);
}

void radius_orders_set(struct radius_orders *orders, const struct radius_settings *settings)
{
	struct addr addrs[2] = {{.family = ADDR_IPV4}, {.family = ADDR_IPV6}};

	if (settings->nas_address.family != ADDR_NONE) {
		addrs[0] = settings->nas_address;
		addrs[1] = (struct addr){0};
	}
	for (size_t i = 0; i < 2; i++) {
		addrs[i].port = settings->dynauth_port;
		if (!settings->dynauth_port || list_empty(&settings->servers))
			addrs[i] = (struct addr){0};
		set_port(&orders->ports[i], &addrs[i]);
	}
}

void radius_orders_reply(const struct radius_orders *orders, const struct addr *local,
			 const struct addr *peer, struct bytes packet)
{
	const struct udp_how how = {.local = local};

	for (size_t i = 0; i < 2; i++) {
		const struct order_port *port = &orders->ports[i];
		int err;

		if (port->ev.fd == -1 || port->addr.family != peer->family)
			continue;
		err = udp_send(port->ev.fd, packet, peer, &how);
		if (err)
			log_debug("radius: reply: %s", strerror(-err));
	}
}

void radius_orders_init(struct radius_orders *orders, struct aditd *d)
{
	orders->d = d;
	for (size_t i = 0; i < 2; i++) {
		orders->ports[i].orders = orders;
		ev_io_init(&orders->ports[i].ev, on_order, -1, EV_READ);
		orders->ports[i].ev.data = &orders->ports[i];
	}
}

void radius_orders_close(struct radius_orders *orders)
{
	for (size_t i = 0; i < 2; i++)
		close_port(&orders->ports[i]);
}
