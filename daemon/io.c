/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets of the control plane: a listener an address, and one socket a tunnel.
 *
 * A tunnel that a peer opens has none before the peer is proven: the listener speaks for it.
 * A tunnel's socket belongs to the kernel's data plane once the tunnel is up; control packets
 * still come out of it here. Which socket a packet came from says nothing certain (between bind
 * and connect a new socket catches others' packets), so all of them go to the engine alike.
 */
#include "aditd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "netlink/udp.h"

/* Datagrams taken from one socket before others have their turn. */
#define READ_BURST 64

struct listener {
	struct list node;
	struct aditd *d;
	ev_io io;
	struct addr addr;
	char *device;
	uint8_t dscp;
	bool wanted;
};

struct tunnel_socket {
	ev_io io;
	struct l2tp_tunnel *tunnel;
	bool connected;
	/* Set to true when the socket is closed; on the stack of who reads it right now. */
	bool *closed;
};

static struct aditd *of_engine(struct l2tp_engine *engine)
{
	return engine->ctx;
}

/* Reads one datagram into the engine. Returns whether there may be more. */
static bool take_packet(struct aditd *d, int fd, const struct addr *bound)
{
	/* One octet more than we take, so that a longer one is seen to be longer. */
	static uint8_t packet[MSG_LEN_MAX + 1];
	struct addr peer, local;
	bool cut;
	int len = udp_recv(fd, packet, sizeof(packet), &peer, &local, &cut);

	if (len < 0) {
		/* An ICMP error that somebody sent is a hint at most, never the end of a tunnel. */
		if (len != -EAGAIN && len != -EINTR)
			log_debug("receive: %s", strerror(-len));
		return len != -EAGAIN;
	}
	if (local.family == ADDR_NONE)
		local = *bound;
	l2tp_engine_input(d->engine, &local, &peer, (struct bytes){packet, (size_t)len},
			  aditd_now());
	return true;
}

static void on_listener(struct ev_loop *loop, ev_io *io, int revents)
{
	struct listener *l = io->data;

	(void)loop, (void)revents;
	for (int i = 0; i < READ_BURST; i++) {
		if (!take_packet(l->d, io->fd, &l->addr))
			break;
	}
}

static void on_tunnel_socket(struct ev_loop *loop, ev_io *io, int revents)
{
	struct tunnel_socket *socket = io->data;
	struct aditd *d = of_engine(socket->tunnel->engine);
	struct addr local = socket->tunnel->core.local;
	bool closed = false;

	(void)loop, (void)revents;
	socket->closed = &closed;
	for (int i = 0; i < READ_BURST && !closed; i++) {
		if (!take_packet(d, io->fd, &local))
			break;
	}
	if (!closed)
		socket->closed = NULL;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static struct listener *find_listener(struct aditd *d, const struct config_listen *want)
{
	struct listener *l;

	list_for_each (l, &d->listeners, node) {
		if (addr_equal(&l->addr, &want->addr) && same_text(l->device, want->device) &&
		    l->dscp == want->dscp)
			return l;
	}
	return NULL;
}

static void listener_free(struct listener *l)
{
	list_remove(&l->node);
	ev_io_stop(l->d->loop, &l->io);
	close(l->io.fd);
	free(l->device);
	mem_free(l);
}

static int listener_new(struct aditd *d, const struct config_listen *want)
{
	struct udp_options options = {.device = want->device};
	struct listener *l = mem_alloc(sizeof(*l));
	int fd, err;

	if (!l)
		return -ENOMEM;
	err = udp_listen(&want->addr, &options, &fd);
	if (err) {
		mem_free(l);
		return err;
	}
	l->d = d;
	l->addr = want->addr;
	l->device = want->device ? strdup(want->device) : NULL;
	l->dscp = want->dscp;
	l->wanted = true;
	l->io.data = l;
	ev_io_init(&l->io, on_listener, fd, EV_READ);
	/* Whoever has a tunnel is heard before those who want one. */
	ev_set_priority(&l->io, EV_MINPRI);
	ev_io_start(d->loop, &l->io);
	list_append(&d->listeners, &l->node);
	return 0;
}

int io_listen(struct aditd *d, const struct config *config)
{
	struct config_listen *want;
	struct listener *l, *after;
	char text[ADDR_TEXT_MAX];
	int err, first = 0;

	list_for_each (l, &d->listeners, node)
		l->wanted = false;
	list_for_each (want, &config->listens, node) {
		l = find_listener(d, want);
		if (l)
			l->wanted = true;
	}
	list_for_each_safe (l, after, &d->listeners, node) {
		if (!l->wanted)
			listener_free(l);
	}
	list_for_each (want, &config->listens, node) {
		if (find_listener(d, want))
			continue;
		err = listener_new(d, want);
		if (!err) {
			log_info("listening on %s", addr_format(&want->addr, text));
			continue;
		}
		log_error("cannot listen on %s: %s", addr_format(&want->addr, text),
			  strerror(-err));
		first = first ? first : err;
	}
	return first;
}

void io_unlisten_all(struct aditd *d)
{
	struct listener *l, *after;

	list_for_each_safe (l, after, &d->listeners, node)
		listener_free(l);
}

int io_tunnel_fd(const struct l2tp_tunnel *t)
{
	const struct tunnel_socket *socket = t->io;

	return socket->io.fd;
}

/* Bound to t->core.local, and connected to the peer if that is told. */
static int open_fd(struct l2tp_tunnel *t, bool connect)
{
	struct udp_options options = {.mark = t->peer->mark};
	struct tunnel_socket *socket = t->io;
	struct addr local = t->core.local;
	int fd, err;

	if (local.family == ADDR_NONE) {
		local.family = t->core.peer.family;
		memset(local.ip, 0, sizeof(local.ip));
	}
	err = udp_open(&local, connect ? &t->core.peer : NULL, &options, &fd);
	if (err)
		return err;
	udp_local_addr(fd, &t->core.local);
	socket->connected = connect;
	ev_io_set(&socket->io, fd, EV_READ);
	ev_io_start(of_engine(t->engine)->loop, &socket->io);
	return 0;
}

int io_socket_open(struct l2tp_tunnel *t)
{
	struct tunnel_socket *socket = mem_alloc(sizeof(*socket));
	int err;

	if (!socket)
		return -ENOMEM;
	socket->tunnel = t;
	socket->io.data = socket;
	ev_io_init(&socket->io, on_tunnel_socket, -1, EV_READ);
	t->io = socket;
	if (t->half_open)
		return 0;
	/* The answer to an SCCRQ may come from another port than we asked: connected later. */
	err = open_fd(t, !t->core.initiator || t->core.peer_tunnel_id);
	if (err) {
		mem_free(socket);
		t->io = NULL;
	}
	return err;
}

int io_socket_connect(struct l2tp_tunnel *t)
{
	struct tunnel_socket *socket = t->io;
	int err;

	if (socket->io.fd == -1)
		return open_fd(t, true);
	err = udp_connect(socket->io.fd, &t->core.peer);
	if (err)
		return err;
	socket->connected = true;
	return udp_local_addr(socket->io.fd, &t->core.local);
}

void io_socket_close(struct l2tp_tunnel *t)
{
	struct tunnel_socket *socket = t->io;
	struct aditd *d = of_engine(t->engine);

	if (socket->closed)
		*socket->closed = true;
	if (socket->io.fd != -1) {
		ev_io_stop(d->loop, &socket->io);
		close(socket->io.fd);
	}
	mem_free(socket);
	t->io = NULL;
	state_forget(d->state, t);
}

/* The listener that hears packets to this address. */
static const struct listener *listener_at(const struct aditd *d, const struct addr *local)
{
	const struct listener *l;

	list_for_each (l, &d->listeners, node) {
		if (l->addr.family == local->family && l->addr.port == local->port &&
		    (addr_is_any(&l->addr) || addr_same_host(&l->addr, local)))
			return l;
	}
	return NULL;
}

/* For a tunnel without a socket of its own. */
static void send_from_listener(const struct l2tp_tunnel *t, struct bytes packet)
{
	const struct udp_how how = {
		.local = &t->core.local, .dscp = t->peer->dscp, .mark = t->peer->mark};
	const struct listener *l = listener_at(of_engine(t->engine), &t->core.local);
	int err = l ? udp_send(l->io.fd, packet, &t->core.peer, &how) : -EADDRNOTAVAIL;

	if (err)
		log_debug("tunnel %u: send: %s", t->core.tunnel_id, strerror(-err));
}

static void send_from_socket(const struct l2tp_tunnel *t, struct bytes packet)
{
	const struct tunnel_socket *socket = t->io;
	const struct udp_how how = {.connected = socket->connected, .dscp = t->peer->dscp};
	int err = udp_send(socket->io.fd, packet, &t->core.peer, &how);

	/* The first send after an ICMP error returns that error and sends nothing. */
	if (err == -ECONNREFUSED || err == -EHOSTUNREACH)
		err = udp_send(socket->io.fd, packet, &t->core.peer, &how);
	if (err)
		log_debug("tunnel %u: send: %s", t->core.tunnel_id, strerror(-err));
}

void io_socket_send(struct l2tp_tunnel *t, struct bytes packet)
{
	const struct tunnel_socket *socket = t->io;

	if (socket->io.fd != -1)
		send_from_socket(t, packet);
	else
		send_from_listener(t, packet);
}

void io_reply(struct l2tp_engine *engine, const struct addr *local, const struct addr *peer,
	      struct bytes packet)
{
	const struct listener *l = listener_at(of_engine(engine), local);
	struct udp_how how = {.local = local};
	int err;

	if (!l)
		return;
	how.dscp = l->dscp;
	err = udp_send(l->io.fd, packet, peer, &how);
	if (err)
		log_debug("reply: %s", strerror(-err));
}
