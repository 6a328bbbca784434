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
