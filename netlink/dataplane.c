/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's objects of the data plane share: operations as jobs of the pool, and waiting
 * for what the kernel deletes later.
 *
 * Of each object some fields belong to the loop's thread and some to the job that runs; jobs of one
 * object never overlap, and the pool's lock orders them. What a creation was asked for is copied
 * into its job, so that nothing of the loop's is read on a worker.
 */
#include "netlink/dataplane_private.h"

#include <errno.h>
#include <sys/utsname.h>
#include <time.h>

#include "base/mem.h"
#include "netlink/probe.h"

/* A tunnel's work item deletes a thousand sessions one grace period after the other. */
#define GONE_TIMEOUT_SEC 60
#define GONE_POLL_FIRST_NSEC 1000000
#define GONE_POLL_MAX_NSEC 50000000

const struct dp_leg dp_no_leg = {.channel = -1, .fd = -1};

int dataplane_new(struct pool *pool, struct dataplane **ret)
{
	struct dataplane *dp = mem_alloc(sizeof(*dp));
	struct utsname uts;

	if (!dp)
		return -ENOMEM;
	dp->pool = pool;
	dp->safe_close = uname(&uts) == 0 && kernel_channel_close_is_safe(uts.release, uts.version);
	*ret = dp;
	return 0;
}

void dataplane_free(struct dataplane *dp)
{
	mem_free(dp);
}

void __dataplane_set_safe_close(struct dataplane *dp, bool safe)
{
	dp->safe_close = safe;
}

void dp_op_start(struct dataplane *dp, struct pool_queue *queue, struct dp_op *op, dp_done_fn done)
{
	op->outstanding = true;
	op->done = done;
	pool_add(dp->pool, queue, &op->job);
}

void dp_op_finish(struct dp_op *op, void *user)
{
	op->outstanding = false;
	op->done(user, op->err, op->err < 0 ? op->step : NULL);
}

int dp_get_netlink(struct pool_worker *worker, struct l2tp_nl **ret, const char **step)
{
	*step = "CTRL_CMD_GETFAMILY(l2tp)";
	return pool_worker_nl(worker, ret);
}

/* The kernel tells nobody when deferred deletions end. */
int dp_wait_until_gone(struct l2tp_nl *nl, uint32_t tunnel_id, uint32_t session_id)
{
	struct timespec pause = {.tv_nsec = GONE_POLL_FIRST_NSEC};
	struct l2tp_nl_session session;
	struct l2tp_nl_tunnel tunnel;
	struct timespec now;
	time_t deadline;
	int err;

	clock_gettime(CLOCK_MONOTONIC, &now);
	deadline = now.tv_sec + GONE_TIMEOUT_SEC;
	for (;;) {
		err = session_id ? l2tp_nl_session_get(nl, tunnel_id, session_id, &session)
				 : l2tp_nl_tunnel_get(nl, tunnel_id, &tunnel);
		if (err == -ENOENT)
			return 0;
		if (err < 0)
			return err;
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec >= deadline)
			return -ETIMEDOUT;
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
		if (pause.tv_nsec * 2 <= GONE_POLL_MAX_NSEC)
			pause.tv_nsec *= 2;
	}
}
