/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The MTU that is left for a session: the path's less what the tunnel puts before a packet.
 *
 * The path is asked for once a tunnel, on the pool, when the kernel's tunnel is there.
 */
#include "aditd.h"

#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "netlink/link.h"

/* Octets before the user's packet: IP, UDP, the kernel's L2TPv2 data header (without Length,
 * RFC 2661 3.1), its Ns and Nr when packets are numbered, and PPP's address, control, protocol. */
#define IPV4_HEADER 20
#define IPV6_HEADER 40
#define UDP_HEADER 8
#define L2TP_HEADER 6
#define L2TP_SEQUENCE 4
#define PPP_HEADER 4

/* The least that IPv4 hosts must take: below it the path's MTU is not worth believing. */
#define MTU_MIN 576

struct asking {
	struct pool_queue queue;
	struct pool_job job;
	struct l2tp_tunnel *tunnel;
	void (*done)(struct l2tp_tunnel *t);
	struct addr peer;
	uint32_t mark;
	uint32_t mtu;
	int err;
};

static void run(struct pool_job *job, struct pool_worker *worker)
{
	struct asking *a = container_of(job, struct asking, job);
	struct link_nl *nl;

	(void)worker;
	a->err = link_nl_open(&nl);
	if (a->err)
		return;
	a->err = link_nl_path_mtu(nl, &a->peer, a->mark, &a->mtu);
	link_nl_close(nl);
}

static void finish(struct pool_job *job)
{
	struct asking *a = container_of(job, struct asking, job);
	struct l2tp_tunnel *t = a->tunnel;
	void (*done)(struct l2tp_tunnel *) = a->done;

	if (a->err)
		log_warning("tunnel %u: no MTU for its path: %s", t->core.tunnel_id,
			    strerror(-a->err));
	else
		t->path_mtu = a->mtu;
	mem_free(a);
	done(t);
}

void mtu_learn(struct l2tp_tunnel *t, void (*done)(struct l2tp_tunnel *t))
{
	struct aditd *d = t->engine->ctx;
	struct asking *a = mem_alloc(sizeof(*a));

	if (!a) {
		done(t);
		return;
	}
	a->tunnel = t;
	a->done = done;
	a->peer = t->core.peer;
	a->mark = t->peer->mark;
	a->job.run = run;
	a->job.done = finish;
	pool_queue_init(&a->queue);
	pool_add(d->pool, &a->queue, &a->job);
}

unsigned int mtu_of_session(const struct l2tp_session *s)
{
	const struct l2tp_tunnel *t = s->tunnel;
	uint32_t overhead = UDP_HEADER + L2TP_HEADER + PPP_HEADER;

	overhead += t->core.peer.family == ADDR_IPV6 ? IPV6_HEADER : IPV4_HEADER;
	if (s->core.sequencing)
		overhead += L2TP_SEQUENCE;
	if (t->path_mtu < MTU_MIN)
		return 0;
	/* Larger packets than Ethernet's gain nothing on the links behind, loopback's least. */
	return t->path_mtu - overhead < 1500 ? t->path_mtu - overhead : 1500;
}
