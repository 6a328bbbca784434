/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interfaces on which callers dial in: a packet socket and an access concentrator for each.
 *
 * An interface may come and go, and so may its address or its MTU, with which the kernel ends all
 * sessions on it: a timer looks after each of them, since most systems have many more VLANs than
 * news of them.
 */
#include "aditd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "netlink/pppoe.h"
#include "pppoe/ac.h"

/* Frames taken from one interface before others have their turn. */
#define READ_BURST 64
/* Seconds between two looks at the interfaces. */
#define LOOK_EVERY 3.0
/* What PPPoE takes of an Ethernet payload: its header, and the PPP protocol number. */
#define OVERHEAD 8

struct port {
	struct list node;
	struct aditd *d;
	/* NULL: it is left, and waits for its last session. */
	struct lac_access *access;
	char *interface;
	struct pppoe_link link;
	/* Of the section, within what the interface can carry. */
	struct pppoe_settings settings;
	struct pppoe_ac *ac;
	ev_io io; /* fd -1 while the interface is not there */
	int reported;
	char why[64]; /* it is not there */
	bool wanted;
};

static void on_random(struct pppoe_ac *ac, void *data, size_t len)
{
	(void)ac;
	aditd_random(data, len);
}

static void on_send(struct pppoe_ac *ac, struct bytes frame)
{
	const struct port *port = pppoe_ac_ctx(ac);

	if (port->io.fd == -1)
		return;
	if (write(port->io.fd, frame.data, frame.len) == -1)
		log_debug("%s: send: %s", port->interface, strerror(errno));
}

static const char *on_busy(const struct pppoe_ac *ac)
{
	const struct port *port = pppoe_ac_ctx(ac);

	return lac_busy(port->d->lac);
}

static void on_requested(struct pppoe_session *s, usec_t now)
{
	const struct port *port = pppoe_ac_ctx(s->ac);
	struct lac_port told = {
		.index = (unsigned int)port->link.index,
		.vlan = port->link.vlan,
		.speed = port->link.speed,
	};

	snprintf(told.interface, sizeof(told.interface), "%s", port->interface);
	lac_pppoe_requested(port->d->lac, port->access, &told, s, now);
}

static void on_closed(struct pppoe_session *s, const char *text, usec_t now)
{
	lac_pppoe_closed(s, text, now);
}

static const struct pppoe_ops ops = {
	.random = on_random,
	.send = on_send,
	.busy = on_busy,
	.requested = on_requested,
	.closed = on_closed,
};

static void set_settings(struct port *port)
{
	unsigned int most = port->link.mtu > OVERHEAD ? port->link.mtu - OVERHEAD : 0;

	port->settings = port->access->pppoe;
	if (port->settings.max_payload > most)
		port->settings.max_payload = (uint16_t)most;
}

/* What was configured and cannot be, RFC 4638. */
static void warn_of_mtu(const struct port *port)
{
	unsigned int wanted = port->access->pppoe.max_payload;

	if (port->settings.max_payload < wanted)
		log_warning("%s: its MTU of %u lets sessions carry %u octets; max_payload = %u "
			    "needs an MTU of %u",
			    port->interface, port->link.mtu, port->settings.max_payload, wanted,
			    wanted + OVERHEAD);
}

/* In words of what is to be done, where errno has its own. */
static const char *link_error(int err)
{
	switch (-err) {
	case ENODEV:
		return "there is no such interface";
	case EPROTOTYPE:
		return "it is not an Ethernet interface";
	case ENETDOWN:
		return "the interface is down";
	case EPERM:
		return "not permitted, needs CAP_NET_RAW";
	default:
		return strerror(-err);
	}
}

static void close_socket(struct port *port)
{
	if (port->io.fd == -1)
		return;
	ev_io_stop(port->d->loop, &port->io);
	close(port->io.fd);
	port->io.fd = -1;
}

/* Sessions first: they may have something to say yet. */
static void port_free(struct port *port)
{
	list_remove(&port->node);
	close_socket(port);
	pppoe_ac_free(port->ac);
	if (port->access)
		lac_access_unref(port->access);
	mem_free(port->interface);
	mem_free(port);
}

/* Said once, until something else is to be said. */
static void report(struct port *port, int err, const char *text)
{
	if (port->reported == err)
		return;
	port->reported = err;
	snprintf(port->why, sizeof(port->why), "%s", err ? text : "");
	if (err)
		log_warning("%s: no callers are answered: %s", port->interface, text);
	else
		log_info("answering callers on %s", port->interface);
}

static void port_down(struct port *port, int err, const char *text)
{
	close_socket(port);
	report(port, err, text);
	pppoe_ac_down(port->ac, text, aditd_now());
}

/* Returns whether there may be more. */
static bool take_frame(struct port *port)
{
	/* One octet more than a frame has, so that a longer one is seen to be longer. */
	static uint8_t frame[PPPOE_FRAME_MAX + 1];
	ssize_t len = read(port->io.fd, frame, sizeof(frame));

	if (len == -1 && (errno == ENETDOWN || errno == ENXIO || errno == ENODEV)) {
		port_down(port, -errno, link_error(-errno));
		return false;
	}
	if (len == -1) {
		if (errno != EAGAIN && errno != EINTR)
			log_debug("%s: receive: %s", port->interface, strerror(errno));
		return errno != EAGAIN;
	}
	pppoe_ac_input(port->ac, (struct bytes){frame, (size_t)len}, aditd_now());
	return true;
}

static void on_frames(struct ev_loop *loop, ev_io *io, int revents)
{
	struct port *port = io->data;

	(void)loop, (void)revents;
	for (int i = 0; i < READ_BURST && take_frame(port); i++)
		;
}

/* With an access concentrator of its own each time: its address may be another. */
static int open_link(struct port *port, const struct pppoe_link *link)
{
	struct pppoe_ac *ac;
	int fd, err;

	err = pppoe_discovery_socket(link, &fd);
	if (err)
		return err;
	err = pppoe_ac_new(&ops, port, &port->settings, link->mac, &ac);
	if (err) {
		close(fd);
		return err;
	}
	pppoe_ac_free(port->ac);
	port->ac = ac;
	port->link = *link;
	set_settings(port);
	ev_io_set(&port->io, fd, EV_READ);
	/* Callers that are there already are served before new ones. */
	ev_set_priority(&port->io, EV_MINPRI);
	ev_io_start(port->d->loop, &port->io);
	return 0;
}

static void port_open(struct port *port)
{
	struct pppoe_link link;
	int err;

	/* The kernel has sessions of before yet. */
	if (port->ac && pppoe_ac_count(port->ac))
		return;
	err = pppoe_link_get(port->interface, &link);
	if (!err)
		err = open_link(port, &link);
	report(port, err, link_error(err));
	if (!err)
		warn_of_mtu(port);
}

static void port_look(struct port *port)
{
	struct pppoe_link link;
	int err;

	if (port->io.fd == -1) {
		port_open(port);
		return;
	}
	err = pppoe_link_get(port->interface, &link);
	if (err)
		port_down(port, err, link_error(err));
	else if (!pppoe_link_same(&port->link, &link))
		port_down(port, -ESTALE, "its address or MTU changed");
	else
		return;
	port_open(port);
}

static void on_timer(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct aditd *d = w->data;
	struct port *port, *after;

	(void)loop, (void)revents;
	list_for_each_safe (port, after, &d->pppoe_ports, node) {
		if (port->access)
			port_look(port);
		else if (!pppoe_ac_count(port->ac))
			port_free(port);
	}
}

static struct port *find_port(const struct aditd *d, const char *interface)
{
	struct port *port;

	list_for_each (port, &d->pppoe_ports, node) {
		if (port->access && strcmp(port->interface, interface) == 0)
			return port;
	}
	return NULL;
}

static int port_new(struct aditd *d, const char *interface, struct port **ret)
{
	struct port *port = mem_alloc(sizeof(*port));
	size_t size = strlen(interface) + 1;

	if (!port)
		return -ENOMEM;
	port->interface = mem_alloc(size);
	if (!port->interface) {
		mem_free(port);
		return -ENOMEM;
	}
	memcpy(port->interface, interface, size);
	port->d = d;
	port->io.data = port;
	ev_io_init(&port->io, on_frames, -1, EV_READ);
	/* No error, and not said yet. */
	port->reported = 1;
	list_append(&d->pppoe_ports, &port->node);
	*ret = port;
	return 0;
}

static void port_apply(struct aditd *d, struct lac_access *access, const char *interface)
{
	struct port *port = find_port(d, interface);
	struct lac_access *old;
	int err = 0;

	if (!port)
		err = port_new(d, interface, &port);
	if (err) {
		log_error("%s: %s", interface, strerror(-err));
		return;
	}
	old = port->access;
	port->access = lac_access_ref(access);
	if (old)
		lac_access_unref(old);
	port->wanted = true;
	set_settings(port);
	if (port->io.fd == -1)
		port_open(port);
	else
		warn_of_mtu(port);
}

static void port_leave(struct port *port)
{
	if (port->ac)
		pppoe_ac_stop(port->ac, "the interface is not served any more", aditd_now());
	close_socket(port);
	if (!port->ac || !pppoe_ac_count(port->ac)) {
		port_free(port);
		return;
	}
	lac_access_unref(port->access);
	port->access = NULL;
}

void pppoe_io_init(struct aditd *d)
{
	list_init(&d->pppoe_ports);
	ev_timer_init(&d->pppoe_timer, on_timer, LOOK_EVERY, LOOK_EVERY);
	d->pppoe_timer.data = d;
}

void pppoe_io_apply(struct aditd *d)
{
	struct lac_access *access;
	struct port *port, *after;

	list_for_each (port, &d->pppoe_ports, node)
		port->wanted = false;
	list_for_each (access, &d->config->lac.accesses, node) {
		for (size_t i = 0; i < access->n_interfaces; i++)
			port_apply(d, access, access->interfaces[i]);
	}
	list_for_each_safe (port, after, &d->pppoe_ports, node) {
		if (port->access && !port->wanted)
			port_leave(port);
	}
	if (list_empty(&d->pppoe_ports))
		ev_timer_stop(d->loop, &d->pppoe_timer);
	else
		ev_timer_start(d->loop, &d->pppoe_timer);
}

void pppoe_io_stop(struct aditd *d)
{
	struct port *port, *after;

	ev_timer_stop(d->loop, &d->pppoe_timer);
	list_for_each_safe (port, after, &d->pppoe_ports, node) {
		if (port->ac)
			pppoe_ac_stop(port->ac, "the access concentrator stops", aditd_now());
		port_free(port);
	}
}

static void describe(const struct port *port, struct control_pppoe *ret)
{
	*ret = (struct control_pppoe){
		.state = !port->access	     ? "leaving"
			 : port->io.fd != -1 ? "open"
					     : "absent",
		.max_sessions = port->settings.max_sessions,
	};
	snprintf(ret->interface, sizeof(ret->interface), "%s", port->interface);
	if (port->access)
		snprintf(ret->name, sizeof(ret->name), "%s", port->access->name);
	snprintf(ret->why, sizeof(ret->why), "%s", port->why);
	if (!port->ac)
		return;
	memcpy(ret->mac, port->link.mac, sizeof(ret->mac));
	ret->sessions = pppoe_ac_count(port->ac);
	ret->stats = *pppoe_ac_stats(port->ac);
}

void pppoe_io_each(const struct aditd *d,
		   void (*each)(void *user, const struct control_pppoe *pppoe), void *user)
{
	struct control_pppoe told;
	const struct port *port;

	list_for_each (port, &d->pppoe_ports, node) {
		describe(port, &told);
		each(user, &told);
	}
}
