/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets of RADIUS: connected ones to each server, as many as its client asks for. Where orders
 * come in is radius_orders.c.
 *
 * A connected socket takes packets of its server alone, and a port of its own for each 256 requests
 * is what RFC 2865 section 3 wants. Names are resolved when the configuration is applied, and again
 * from time to time.
 */
#include "aditd.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "aaa/client.h"
#include "aaa/packet.h"
#include "base/log.h"
#include "base/mem.h"
#include "lac/lac.h"
#include "netlink/udp.h"
#include "radius_orders.h"

/* Datagrams taken from one socket before others have their turn. */
#define READ_BURST 64
/* Seconds until a name is looked up again, and when that failed. */
#define RESOLVE_AGAIN 300.0
#define RESOLVE_RETRY 10.0

struct radius_io {
	struct aditd *d;
	struct list remotes;
	struct radius_orders orders;
};

/* A server, and where it is. */
struct remote {
	struct list node;
	struct radius_io *io;
	const struct radius_server *server;
	struct addr addr; /* family ADDR_NONE: not known yet */
	struct resolve *resolve;
	ev_timer again;
	struct list sockets;
};

struct remote_socket {
	struct list node;
	struct remote *remote;
	ev_io ev;
	bool acct;
	unsigned int number;
};

static void socket_close(struct remote_socket *socket)
{
	ev_io_stop(socket->remote->io->d->loop, &socket->ev);
	close(socket->ev.fd);
	list_remove(&socket->node);
	mem_free(socket);
}

static void close_sockets(struct remote *remote)
{
	struct remote_socket *socket, *after;

	list_for_each_safe (socket, after, &remote->sockets, node)
		socket_close(socket);
}

/* Returns whether there may be more. */
static bool take_answer(const struct remote_socket *socket)
{
	static uint8_t packet[RADIUS_LEN_MAX];
	struct aditd *d = socket->remote->io->d;
	struct addr peer, local;
	bool cut;
	int len = udp_recv(socket->ev.fd, packet, sizeof(packet), &peer, &local, &cut);

	if (len < 0)
		return len != -EAGAIN;
	radius_input(d->radius, socket->remote->server, socket->acct, socket->number,
		     (struct bytes){packet, (size_t)len}, aditd_now());
	return true;
}

static void on_socket(struct ev_loop *loop, ev_io *ev, int revents)
{
	const struct remote_socket *socket = ev->data;

	(void)loop, (void)revents;
	for (int i = 0; i < READ_BURST && take_answer(socket); i++)
		;
}

static struct remote_socket *socket_find(const struct remote *remote, bool acct,
					 unsigned int number)
{
	struct remote_socket *socket;

	list_for_each (socket, &remote->sockets, node) {
		if (socket->acct == acct && socket->number == number)
			return socket;
	}
	return NULL;
}

static int socket_open(struct remote *remote, bool acct, unsigned int number,
		       struct remote_socket **ret)
{
	const struct radius_settings *settings = &remote->io->d->config->radius;
	struct addr local = {.family = remote->addr.family}, peer = remote->addr;
	struct remote_socket *socket = mem_alloc(sizeof(*socket));
	int fd, err;

	if (!socket)
		return -ENOMEM;
	if (settings->nas_address.family == peer.family)
		local = settings->nas_address;
	peer.port = acct ? remote->server->acct_port : remote->server->auth_port;
	err = udp_open(&local, &peer, &(struct udp_options){0}, &fd);
	/* What we are told to say that we are need not be an address of this box. */
	if (err == -EADDRNOTAVAIL)
		err = udp_open(&(struct addr){.family = peer.family}, &peer,
			       &(struct udp_options){0}, &fd);
	if (err) {
		mem_free(socket);
		return err;
	}
	socket->remote = remote;
	socket->acct = acct;
	socket->number = number;
	list_append(&remote->sockets, &socket->node);
	ev_io_init(&socket->ev, on_socket, fd, EV_READ);
	socket->ev.data = socket;
	ev_io_start(remote->io->d->loop, &socket->ev);
	*ret = socket;
	return 0;
}

static struct remote *remote_of(const struct radius_io *io, const struct radius_server *server)
{
	struct remote *remote;

	list_for_each (remote, &io->remotes, node) {
		if (remote->server == server)
			return remote;
	}
	return NULL;
}

static int send_to(struct remote *remote, bool acct, unsigned int number, struct bytes packet)
{
	const struct udp_how how = {.connected = true};
	struct remote_socket *socket;
	int err;

	if (!remote || remote->addr.family == ADDR_NONE)
		return -EHOSTUNREACH;
	socket = socket_find(remote, acct, number);
	if (!socket) {
		err = socket_open(remote, acct, number, &socket);
		if (err)
			return err;
	}
	err = udp_send(socket->ev.fd, packet, NULL, &how);
	/* The first send after an ICMP error returns that error and sends nothing. */
	if (err == -ECONNREFUSED)
		err = udp_send(socket->ev.fd, packet, NULL, &how);
	return err;
}

static struct radius_io *io_of(struct radius_client *client)
{
	return radius_client_ctx(client);
}

static void on_send(struct radius_client *client, const struct radius_server *server, bool acct,
		    unsigned int number, struct bytes packet)
{
	int err = send_to(remote_of(io_of(client), server), acct, number, packet);

	if (err)
		log_debug("radius %s: send: %s", server->name, strerror(-err));
}

static void on_random(struct radius_client *client, void *data, size_t len)
{
	(void)client;
	aditd_random(data, len);
}

static uint32_t on_time(struct radius_client *client)
{
	(void)client;
	return (uint32_t)time(NULL);
}

static void on_reply(struct radius_client *client, const struct addr *local,
		     const struct addr *peer, struct bytes packet)
{
	radius_orders_reply(&io_of(client)->orders, local, peer, packet);
}

static bool on_is_server(struct radius_client *client, const struct radius_server *server,
			 const struct addr *peer)
{
	const struct remote *remote = remote_of(io_of(client), server);

	return remote && addr_same_host(&remote->addr, peer);
}

static unsigned int on_disconnect(struct radius_client *client, const struct radius_user *who)
{
	return lac_disconnect(io_of(client)->d->lac, who, aditd_now());
}

static int on_change(struct radius_client *client, const struct radius_user *who, uint32_t tx,
		     uint32_t rx)
{
	return lac_change(io_of(client)->d->lac, who, tx, rx, aditd_now());
}

static void on_event(struct radius_client *client, const struct radius_server *server,
		     const char *text)
{
	/* Whoever can send packets can cause lines. */
	static struct log_limit limit = {.burst = 20, .seconds = 60, .left = 20};
	unsigned int suppressed;

	(void)client;
	if (!log_limit_allow(&limit, aditd_now() / USEC_PER_SEC, &suppressed))
		return;
	if (suppressed)
		log_warning("radius: %u lines were not written", suppressed);
	log_warning("radius%s%s: %s", server ? " " : "", server ? server->name : "", text);
}

static const struct radius_ops radius_ops = {
	.random = on_random,
	.time = on_time,
	.send = on_send,
	.reply = on_reply,
	.is_server = on_is_server,
	.disconnect = on_disconnect,
	.change = on_change,
	.event = on_event,
};

/* --- where servers are --- */

static void set_addr(struct remote *remote, const struct addr *addr)
{
	if (!addr_same_host(&remote->addr, addr))
		close_sockets(remote);
	remote->addr = *addr;
}

static void on_resolved(void *user, int err, const char *why, const struct addr *addr)
{
	struct remote *remote = user;

	remote->resolve = NULL;
	if (err)
		log_warning("radius %s: %s: %s", remote->server->name, remote->server->host, why);
	else
		set_addr(remote, addr);
	ev_timer_set(&remote->again, err ? RESOLVE_RETRY : RESOLVE_AGAIN, 0);
	ev_timer_start(remote->io->d->loop, &remote->again);
}

static void resolve_remote(struct remote *remote)
{
	struct addr addr;
	int err;

	if (!addr_parse(remote->server->host, &addr)) {
		set_addr(remote, &addr);
		return;
	}
	err = resolve_start(remote->io->d, remote->server->host,
			    remote->io->d->config->radius.nas_address.family, on_resolved, remote,
			    &remote->resolve);
	if (err)
		on_resolved(remote, err, strerror(-err), NULL);
}

static void on_again(struct ev_loop *loop, ev_timer *w, int revents)
{
	(void)loop, (void)revents;
	resolve_remote(w->data);
}

static void remote_free(struct remote *remote)
{
	close_sockets(remote);
	if (remote->resolve)
		resolve_cancel(remote->resolve);
	ev_timer_stop(remote->io->d->loop, &remote->again);
	list_remove(&remote->node);
	mem_free(remote);
}

static int remote_add(struct radius_io *io, const struct radius_server *server)
{
	struct remote *remote = mem_alloc(sizeof(*remote));

	if (!remote)
		return -ENOMEM;
	remote->io = io;
	remote->server = server;
	list_init(&remote->sockets);
	ev_timer_init(&remote->again, on_again, 0, 0);
	remote->again.data = remote;
	list_append(&io->remotes, &remote->node);
	resolve_remote(remote);
	return 0;
}

/* Sockets of a server that stays are left open: answers are on their way. */
static bool is_same(const struct radius_server *a, const struct radius_server *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->host, b->host) == 0 &&
	       a->auth_port == b->auth_port && a->acct_port == b->acct_port;
}

static int set_remotes(struct radius_io *io, const struct radius_settings *settings)
{
	struct remote *remote, *after;
	const struct radius_server *server;
	int err = 0;

	list_for_each_safe (remote, after, &io->remotes, node) {
		const struct radius_server *stays = NULL;

		list_for_each (server, &settings->servers, node) {
			if (is_same(remote->server, server))
				stays = server;
		}
		remote->server = stays;
		if (!stays)
			remote_free(remote);
	}
	list_for_each (server, &settings->servers, node) {
		if (!err && !remote_of(io, server))
			err = remote_add(io, server);
	}
	return err;
}

/* --- the client and its sockets --- */

static int io_new(struct aditd *d, struct radius_io **ret)
{
	struct radius_io *io = mem_alloc(sizeof(*io));

	if (!io)
		return -ENOMEM;
	io->d = d;
	list_init(&io->remotes);
	radius_orders_init(&io->orders, d);
	*ret = io;
	return 0;
}

static int start(struct aditd *d)
{
	const struct radius_settings *settings = &d->config->radius;
	struct radius_io *io;
	int err;

	err = io_new(d, &io);
	if (err)
		return err;
	err = radius_client_new(&radius_ops, io, &d->timers, settings, &d->radius);
	if (err) {
		mem_free(io);
		return err;
	}
	lac_set_radius(d->lac, d->radius);
	return 0;
}

int radius_apply(struct aditd *d)
{
	struct radius_settings *settings = &d->config->radius;
	int err, missing;

	/* What a tunnel that RADIUS names is like, but for what RADIUS says of it. */
	settings->base = d->config->lns;
	if (!d->radius) {
		err = start(d);
		if (err)
			return err;
	}
	missing = set_remotes(io_of(d->radius), settings);
	err = radius_client_set(d->radius, settings, aditd_now());
	radius_orders_set(&io_of(d->radius)->orders, settings);
	lac_account_on(d->lac, aditd_now());
	return err ? err : missing;
}

bool radius_is_busy(const struct aditd *d)
{
	return d->radius && radius_pending(d->radius);
}

void radius_stop_resolving(struct aditd *d)
{
	struct remote *remote;

	if (!d->radius)
		return;
	list_for_each (remote, &io_of(d->radius)->remotes, node) {
		ev_timer_stop(d->loop, &remote->again);
		if (remote->resolve)
			resolve_cancel(remote->resolve);
		remote->resolve = NULL;
	}
}

void radius_stop(struct aditd *d)
{
	struct remote *remote, *after;
	struct radius_io *io;

	if (!d->radius)
		return;
	io = io_of(d->radius);
	radius_orders_close(&io->orders);
	list_for_each_safe (remote, after, &io->remotes, node)
		remote_free(remote);
	radius_client_free(d->radius);
	d->radius = NULL;
	mem_free(io);
}
