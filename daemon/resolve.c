/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Host names to addresses, without blocking the loop: getaddrinfo() on the pool.
 *
 * Names are resolved anew at each attempt to reach them, for what moved is often the reason why an
 * attempt was needed.
 */
#include "aditd.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct resolve {
	struct list node;
	struct pool_queue queue;
	struct pool_job job;
	char *host;
	enum addr_family prefer;
	struct addr addr;
	int err;
	const char *why;
	/* NULL after cancelling. */
	void (*done)(void *user, int err, const char *why, const struct addr *addr);
	void *user;
};

static void take_address(struct addr *addr, const struct sockaddr *sa)
{
	*addr = (struct addr){0};
	if (sa->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)sa;

		addr->family = ADDR_IPV4;
		memcpy(addr->ip, &in->sin_addr, 4);
	} else {
		const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)sa;

		addr->family = ADDR_IPV6;
		addr->scope = in6->sin6_scope_id;
		memcpy(addr->ip, &in6->sin6_addr, 16);
	}
}

static int family_of(enum addr_family family)
{
	switch (family) {
	case ADDR_IPV4:
		return AF_INET;
	case ADDR_IPV6:
		return AF_INET6;
	case ADDR_NONE:
		return AF_UNSPEC;
	}
	return AF_UNSPEC;
}

static void run(struct pool_job *job, struct pool_worker *worker)
{
	struct resolve *r = container_of(job, struct resolve, job);
	struct addrinfo hints = {.ai_family = family_of(r->prefer), .ai_socktype = SOCK_DGRAM};
	struct addrinfo *list = NULL, *ai;
	int err;

	(void)worker;
	err = getaddrinfo(r->host, NULL, &hints, &list);
	if (err) {
		r->err = err == EAI_MEMORY ? -ENOMEM : -EHOSTUNREACH;
		r->why = gai_strerror(err);
		return;
	}
	r->err = -EHOSTUNREACH;
	r->why = "no IPv4 or IPv6 address";
	for (ai = list; ai; ai = ai->ai_next) {
		if (ai->ai_family != AF_INET && ai->ai_family != AF_INET6)
			continue;
		take_address(&r->addr, ai->ai_addr);
		r->err = 0;
		break;
	}
	freeaddrinfo(list);
}

static void resolve_free(struct resolve *r)
{
	list_remove(&r->node);
	free(r->host);
	mem_free(r);
}

static void done(struct pool_job *job)
{
	struct resolve *r = container_of(job, struct resolve, job);
	struct resolve result = *r;

	list_remove(&r->node);
	if (r->done)
		result.done(result.user, result.err, result.why, &result.addr);
	resolve_free(r);
}

int resolve_start(struct aditd *d, const char *host, enum addr_family prefer,
		  void (*fn)(void *user, int err, const char *why, const struct addr *addr),
		  void *user, struct resolve **ret)
{
	struct resolve *r = mem_alloc(sizeof(*r));

	if (!r)
		return -ENOMEM;
	list_init(&r->node);
	r->host = strdup(host);
	if (!r->host) {
		mem_free(r);
		return -ENOMEM;
	}
	r->prefer = prefer;
	r->done = fn;
	r->user = user;
	r->job.run = run;
	r->job.done = done;
	pool_queue_init(&r->queue);
	list_append(&d->resolving, &r->node);
	pool_add(d->pool, &r->queue, &r->job);
	*ret = r;
	return 0;
}

void resolve_cancel(struct resolve *r)
{
	r->done = NULL;
}

void resolve_cancel_all(struct aditd *d)
{
	struct resolve *r;

	list_for_each (r, &d->resolving, node)
		resolve_cancel(r);
}
