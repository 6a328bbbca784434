/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnels of the data plane.
 */
#include <errno.h>

#include "base/mem.h"
#include "netlink/dataplane_private.h"

struct dp_tunnel {
	struct dataplane *dp;
	void *user;
	struct pool_queue queue;
	struct dp_op create;
	struct l2tp_nl_tunnel create_params;
	struct dp_op delete;
	/* Of the running job. */
	bool made;
	uint32_t tunnel_id;
};

static void tunnel_create_run(struct pool_job *job, struct pool_worker *worker)
{
	struct dp_tunnel *t = container_of(job, struct dp_tunnel, create.job);
	struct dp_op *op = &t->create;
	struct l2tp_nl *nl;

	op->err = dp_get_netlink(worker, &nl, &op->step);
	if (op->err < 0)
		return;
	op->step = "L2TP_CMD_TUNNEL_CREATE";
	op->err = t->made ? -EEXIST : l2tp_nl_tunnel_create(nl, &t->create_params);
	if (op->err < 0)
		return;
	t->made = true;
	t->tunnel_id = t->create_params.tunnel_id;
}

static void tunnel_delete_run(struct pool_job *job, struct pool_worker *worker)
{
	struct dp_tunnel *t = container_of(job, struct dp_tunnel, delete.job);
	struct dp_op *op = &t->delete;
	struct l2tp_nl *nl;

	op->err = 0;
	if (!t->made)
		return;
	op->err = dp_get_netlink(worker, &nl, &op->step);
	if (op->err < 0)
		return;
	op->step = "L2TP_CMD_TUNNEL_DELETE";
	op->err = l2tp_nl_tunnel_delete(nl, t->tunnel_id);
	if (op->err == 0) {
		op->step = "L2TP_CMD_TUNNEL_GET";
		op->err = dp_wait_until_gone(nl, t->tunnel_id, 0);
	} else if (op->err == -ENOENT) {
		op->err = 0;
	}
	if (op->err == 0)
		t->made = false;
}

static void tunnel_create_done(struct pool_job *job)
{
	struct dp_tunnel *t = container_of(job, struct dp_tunnel, create.job);

	dp_op_finish(&t->create, t->user);
}

static void tunnel_delete_done(struct pool_job *job)
{
	struct dp_tunnel *t = container_of(job, struct dp_tunnel, delete.job);

	dp_op_finish(&t->delete, t->user);
}

int dp_tunnel_new(struct dataplane *dp, void *user, struct dp_tunnel **ret)
{
	struct dp_tunnel *t = mem_alloc(sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->dp = dp;
	t->user = user;
	pool_queue_init(&t->queue);
	t->create.job = (struct pool_job){.run = tunnel_create_run, .done = tunnel_create_done};
	t->delete.job = (struct pool_job){.run = tunnel_delete_run, .done = tunnel_delete_done};
	*ret = t;
	return 0;
}

void dp_tunnel_free(struct dp_tunnel *t)
{
	mem_free(t);
}

void dp_tunnel_create(struct dp_tunnel *t, const struct l2tp_nl_tunnel *params, dp_done_fn done)
{
	if (t->create.outstanding) {
		done(t->user, -EALREADY, NULL);
		return;
	}
	t->create_params = *params;
	dp_op_start(t->dp, &t->queue, &t->create, done);
}

void dp_tunnel_delete(struct dp_tunnel *t, dp_done_fn done)
{
	if (t->delete.outstanding) {
		done(t->user, -EALREADY, NULL);
		return;
	}
	dp_op_start(t->dp, &t->queue, &t->delete, done);
}
