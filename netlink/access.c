/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The access side of a call: a PPPoE session of the kernel's, its PPP channel, and a descriptor of
 * /dev/ppp on it.
 *
 * All of it is there before PADS goes out, so no frame of the caller comes before there is a place
 * for it. Nothing stops reception before the socket is closed, as SESSION_DELETE does for L2TP, and
 * nothing has to: the PPPoE driver hands frames over under the socket's lock, which closing holds,
 * so they cannot meet (CVE-2026-68398 is of drivers that do not). What is attached to the channel
 * goes first, so that nobody reads from a channel without an end.
 */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "netlink/dataplane_private.h"
#include "netlink/pppoe.h"
#include "netlink/pppox.h"

struct access_state {
	int socket;
	struct dp_leg leg;
};

struct dp_access {
	struct dataplane *dp;
	void *user;
	struct pool_queue queue;
	struct dp_op create;
	struct dp_op delete;
	/* What the creation was asked for. */
	char interface[IFNAMSIZ];
	struct dp_access_params params;
	/* Of the running job. */
	struct access_state state;
	/* What the loop's thread may use. */
	struct dp_leg leg;
};

static const struct access_state nothing = {.socket = -1, .leg = {-1, -1}};

static void unmake_access(struct access_state *state)
{
	if (state->leg.fd != -1)
		close(state->leg.fd);
	if (state->socket != -1)
		close(state->socket);
	*state = nothing;
}

static int make_access(const struct dp_access_params *params, struct access_state *state,
		       const char **step)
{
	int err;

	*step = "connect(pppoe)";
	err = pppoe_session_socket(params->interface, params->session_id, params->mac,
				   &state->socket);
	if (err < 0)
		return err;
	*step = "PPPIOCGCHAN";
	err = pppox_channel(state->socket, &state->leg.channel);
	if (err == 0) {
		*step = "PPPIOCATTCHAN";
		err = ppp_attach(state->leg.channel, &state->leg.fd);
	}
	if (err < 0)
		unmake_access(state);
	return err;
}

static void access_create_run(struct pool_job *job, struct pool_worker *worker)
{
	struct dp_access *a = container_of(job, struct dp_access, create.job);

	(void)worker;
	a->create.step = "socket(pppoe)";
	a->create.err = -EEXIST;
	if (a->state.socket == -1)
		a->create.err = make_access(&a->params, &a->state, &a->create.step);
}

static void access_delete_run(struct pool_job *job, struct pool_worker *worker)
{
	struct dp_access *a = container_of(job, struct dp_access, delete.job);

	(void)worker;
	unmake_access(&a->state);
	a->delete.err = 0;
}

static void access_create_done(struct pool_job *job)
{
	struct dp_access *a = container_of(job, struct dp_access, create.job);

	/* With a deletion outstanding the state is its job's already. */
	if (a->create.err == 0 && !a->delete.outstanding) {
		a->leg = a->state.leg;
	}
	dp_op_finish(&a->create, a->user);
}

static void access_delete_done(struct pool_job *job)
{
	struct dp_access *a = container_of(job, struct dp_access, delete.job);

	dp_op_finish(&a->delete, a->user);
}

int dp_access_new(struct dataplane *dp, void *user, struct dp_access **ret)
{
	struct dp_access *a = mem_alloc(sizeof(*a));

	if (!a)
		return -ENOMEM;
	a->dp = dp;
	a->user = user;
	pool_queue_init(&a->queue);
	a->create.job = (struct pool_job){.run = access_create_run, .done = access_create_done};
	a->delete.job = (struct pool_job){.run = access_delete_run, .done = access_delete_done};
	a->state = nothing;
	a->leg = dp_no_leg;
	*ret = a;
	return 0;
}

void dp_access_free(struct dp_access *a)
{
	mem_free(a);
}

void dp_access_create(struct dp_access *a, const struct dp_access_params *params, dp_done_fn done)
{
	if (a->create.outstanding) {
		done(a->user, -EALREADY, NULL);
		return;
	}
	if (strlen(params->interface) >= sizeof(a->interface)) {
		done(a->user, -ENODEV, NULL);
		return;
	}
	a->params = *params;
	snprintf(a->interface, sizeof(a->interface), "%s", params->interface);
	a->params.interface = a->interface;
	dp_op_start(a->dp, &a->queue, &a->create, done);
}

void dp_access_delete(struct dp_access *a, dp_done_fn done)
{
	if (a->delete.outstanding) {
		done(a->user, -EALREADY, NULL);
		return;
	}
	a->leg = dp_no_leg;
	dp_op_start(a->dp, &a->queue, &a->delete, done);
}

struct dp_leg dp_access_leg(const struct dp_access *a)
{
	return a->leg;
}
