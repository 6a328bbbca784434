/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the objects of the data plane share: operations, each a job of an object's queue.
 */
#pragma once

#include "netlink/dataplane.h"

struct dataplane {
	struct pool *pool;
	bool safe_close;
};

struct dp_op {
	struct pool_job job;
	/* Of the loop's thread. */
	bool outstanding;
	dp_done_fn done;
	/* Of the job. */
	int err;
	const char *step;
};

void dp_op_start(struct dataplane *dp, struct pool_queue *queue, struct dp_op *op, dp_done_fn done);
/* The object may be gone when this returns. */
void dp_op_finish(struct dp_op *op, void *user);
/* The worker's own socket. Sets `step` to what may fail. Returns 0 or -errno. */
int dp_get_netlink(struct pool_worker *worker, struct l2tp_nl **ret, const char **step);
/* Until a deletion is over; session 0: of the tunnel itself. Returns 0, -ETIMEDOUT or -errno. */
int dp_wait_until_gone(struct l2tp_nl *nl, uint32_t tunnel_id, uint32_t session_id);
