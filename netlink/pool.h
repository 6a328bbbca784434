/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pool of threads for kernel commands that wait, and the ordered queues they serve.
 *
 * Several kernel calls wait for an RCU grace period, about 16 ms each; the waits of different
 * sessions overlap when different threads make them. Jobs of one queue run one after the other in
 * the order they were added; queues run side by side. A job's run() is called on a worker and must
 * touch nothing that the loop's thread owns; its done() is called on the loop's thread, from
 * pool_reap(), in the queue's order.
 *
 * Every function here but pool_worker_nl() belongs to the loop's thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"

struct l2tp_nl;
struct pool;
struct pool_worker;

struct pool_job {
	struct list node;
	struct pool_queue *queue;
	/* On a worker; `worker` gives access to what a thread keeps (its netlink socket). */
	void (*run)(struct pool_job *job, struct pool_worker *worker);
	/* On the loop's thread; the job is out of the queue and may be freed or added again. */
	void (*done)(struct pool_job *job);
};

struct pool_queue {
	struct list jobs;
	struct list ready;
	bool busy;
	/* Jobs added and not yet done; of the loop's thread, the fields above are the pool's. */
	size_t pending;
};

/*
 * Starts the threads: 1 to 256 workers. wake() is called from any thread when pool_reap() has
 * something to do; it must be as safe as ev_async_send(). Returns 0, -EINVAL, -ENOMEM, or what made
 * a thread fail.
 */
int pool_new(unsigned int workers, void (*wake)(void *ctx), void *ctx, struct pool **ret);
/* Waits until every queued job is done, those that their done() adds too. */
void pool_drain(struct pool *pool);
/* Drains it and ends the threads. */
void pool_free(struct pool *pool);
void pool_queue_init(struct pool_queue *queue);
/* No job was added that is not done; inside the last job's done() that is so already. */
bool pool_queue_idle(const struct pool_queue *queue);
void pool_add(struct pool *pool, struct pool_queue *queue, struct pool_job *job);
/* Calls done() of every finished job. */
void pool_reap(struct pool *pool);
/* Jobs added and not yet done. */
size_t pool_pending(const struct pool *pool);

/*
 * The worker's own netlink socket, for run(). It is opened at the first use, so that a daemon on a
 * kernel without L2TP starts and can say what is missing; an attempt that failed is made again.
 */
int pool_worker_nl(struct pool_worker *worker, struct l2tp_nl **ret);
