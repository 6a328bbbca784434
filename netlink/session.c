/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions of the data plane: a session of the kernel's, its pppox socket and its channel, which
 * may be bridged to another.
 *
 * Two ways to delete one. On kernels where closing a bound channel is safe the socket is closed
 * first, which deletes the session: workers wait for their grace periods side by side.
 * SESSION_DELETE holds the generic netlink lock while it waits (Linux 6.1), one after the other for
 * the whole box. Elsewhere it must come first all the same, because it stops reception before the
 * channel goes (CVE-2026-68398). A socket that pppd holds a copy of closes nothing, so the kernel
 * is asked afterwards whether the session is really gone.
 */
#include <errno.h>
#include <unistd.h>

#include "base/mem.h"
#include "netlink/dataplane_private.h"
#include "netlink/pppox.h"

/* RFC 1661 has no greatest frame; this is what jumbo Ethernet carries. */
#define FRAME_MAX 9216
#define REPLAY_MAX 64

/* What the kernel holds for a session; of the running job. */
struct session_state {
	bool made;
	uint32_t tunnel_id;
	uint32_t session_id;
	int fd;
	int channel;
};

struct dp_session {
	struct dataplane *dp;
	void *user;
	struct pool_queue queue;
	struct dp_op create;
	struct l2tp_nl_session create_params;
	struct l2tp_nl_tunnel create_tunnel;
	struct dp_op modify;
	struct l2tp_nl_session modify_params;
	struct dp_op replay;
	struct dp_op delete;
	struct session_state state;
	/* What the loop's thread may use. */
	int fd;
	int channel;
	/* Set before the creation is asked for. */
	struct dp_leg other;
};

static void close_channel(struct session_state *state)
{
	if (state->fd != -1)
		close(state->fd);
	state->fd = -1;
	state->channel = -1;
}

static int delete_session(struct l2tp_nl *nl, const struct session_state *state, const char **step)
{
	int err;

	*step = "L2TP_CMD_SESSION_DELETE";
	err = l2tp_nl_session_delete(nl, state->tunnel_id, state->session_id);
	if (err == -ENOENT)
		return 0;
	if (err < 0)
		return err;
	*step = "L2TP_CMD_SESSION_GET";
	return dp_wait_until_gone(nl, state->tunnel_id, state->session_id);
}

/* The socket is closed whatever fails; a session that may be left stays `made`, to try again. */
static int unmake_session(struct l2tp_nl *nl, struct session_state *state, bool safe_close,
			  const char **step)
{
	struct l2tp_nl_session session;
	int err = 0;

	if (safe_close) {
		close_channel(state);
		*step = "L2TP_CMD_SESSION_GET";
		err = l2tp_nl_session_get(nl, state->tunnel_id, state->session_id, &session);
	}
	if (err == 0)
		err = delete_session(nl, state, step);
	else if (err == -ENOENT)
		err = 0;
	close_channel(state);
	if (err == 0)
		state->made = false;
	return err;
}

static int bridge(const struct dp_leg *leg, int channel)
{
	return leg->fd == -1 ? ppp_bridge(leg->channel, channel) : ppp_bridge_by(leg->fd, channel);
}

static int make_session(struct l2tp_nl *nl, struct dp_session *s, const char **step)
{
	const struct l2tp_nl_session *params = &s->create_params;
	struct session_state *state = &s->state;
	int err;

	*step = "L2TP_CMD_SESSION_CREATE";
	err = state->made ? -EEXIST : l2tp_nl_session_create(nl, params);
	if (err < 0)
		return err;
	state->made = true;
	state->tunnel_id = params->tunnel_id;
	state->session_id = params->session_id;

	*step = "socket(pppol2tp)";
	err = pppox_l2tp_socket(&state->fd);
	if (err == 0) {
		*step = "connect(pppol2tp)";
		err = pppox_l2tp_connect(state->fd, &s->create_tunnel, params);
	}
	if (err == 0) {
		*step = "PPPIOCGCHAN";
		err = pppox_channel(state->fd, &state->channel);
	}
	if (err == 0 && s->other.channel != -1) {
		*step = "PPPIOCBRIDGECHAN";
		err = bridge(&s->other, state->channel);
	}
	if (err < 0) {
		const char *unmake_step;

		/* What made the creation fail is told; if this fails too, deletion tries again. */
		unmake_session(nl, state, s->dp->safe_close, &unmake_step);
	}
	return err;
}

static void session_create_run(struct pool_job *job, struct pool_worker *worker)
{
	struct dp_session *s = container_of(job, struct dp_session, create.job);
	struct dp_op *op = &s->create;
	struct l2tp_nl *nl;

	op->err = dp_get_netlink(worker, &nl, &op->step);
	if (op->err == 0)
		op->err = make_session(nl, s, &op->step);
}

static void session_modify_run(struct pool_job *job, struct pool_worker *worker)
{
	struct dp_session *s = container_of(job, struct dp_session, modify.job);
	struct dp_op *op = &s->modify;
	struct l2tp_nl *nl;

	op->err = dp_get_netlink(worker, &nl, &op->step);
	if (op->err < 0)
		return;
	op->step = "L2TP_CMD_SESSION_MODIFY";
	op->err = -ENOENT;
	if (!s->state.made)
		return;
	s->modify_params.tunnel_id = s->state.tunnel_id;
	s->modify_params.session_id = s->state.session_id;
	op->err = l2tp_nl_session_modify(nl, &s->modify_params);
}

/* Both descriptors are of channels and do not block; `to` is opened when there is something. */
static int pass_frames(int from, int to_channel, const char **step)
{
	uint8_t frame[FRAME_MAX];
	int to = -1, err = 0;
	ssize_t len;

	for (unsigned int n = 0; n < REPLAY_MAX && !err; n++) {
		*step = "read(/dev/ppp)";
		len = read(from, frame, sizeof(frame));
		if (len == -1) {
			err = errno == EAGAIN ? 0 : -errno;
			break;
		}
		*step = "PPPIOCATTCHAN";
		if (to == -1)
			err = ppp_attach(to_channel, &to);
		if (err)
			break;
		*step = "write(/dev/ppp)";
		if (write(to, frame, (size_t)len) == -1)
			err = -errno;
	}
	if (to != -1)
		close(to);
	return err;
}

static int replay(const struct dp_leg *leg, int to_channel, const char **step)
{
	int from = leg->fd, err;

	*step = "PPPIOCATTCHAN";
	if (from == -1) {
		err = ppp_attach(leg->channel, &from);
		if (err)
			return err;
	}
	err = pass_frames(from, to_channel, step);
	if (from != leg->fd)
		close(from);
	return err;
}

static void session_replay_run(struct pool_job *job, struct pool_worker *worker)
{
	struct dp_session *s = container_of(job, struct dp_session, replay.job);
	struct dp_op *op = &s->replay;

	(void)worker;
	op->step = "PPPIOCATTCHAN";
	op->err = -ENOENT;
	if (s->state.channel != -1 && s->other.channel != -1)
		op->err = replay(&s->other, s->state.channel, &op->step);
}

static void session_delete_run(struct pool_job *job, struct pool_worker *worker)
{
	struct dp_session *s = container_of(job, struct dp_session, delete.job);
	struct dp_op *op = &s->delete;
	struct l2tp_nl *nl;

	op->err = 0;
	if (!s->state.made)
		return;
	op->err = dp_get_netlink(worker, &nl, &op->step);
	if (op->err == 0)
		op->err = unmake_session(nl, &s->state, s->dp->safe_close, &op->step);
	else
		close_channel(&s->state);
}

static void session_create_done(struct pool_job *job)
{
	struct dp_session *s = container_of(job, struct dp_session, create.job);

	/* With a deletion outstanding the state is its job's already. */
	if (s->create.err == 0 && !s->delete.outstanding) {
		s->fd = s->state.fd;
		s->channel = s->state.channel;
	}
	dp_op_finish(&s->create, s->user);
}

static void session_modify_done(struct pool_job *job)
{
	struct dp_session *s = container_of(job, struct dp_session, modify.job);

	dp_op_finish(&s->modify, s->user);
}

static void session_replay_done(struct pool_job *job)
{
	struct dp_session *s = container_of(job, struct dp_session, replay.job);

	dp_op_finish(&s->replay, s->user);
}

static void session_delete_done(struct pool_job *job)
{
	struct dp_session *s = container_of(job, struct dp_session, delete.job);

	dp_op_finish(&s->delete, s->user);
}

int dp_session_new(struct dataplane *dp, void *user, struct dp_session **ret)
{
	struct dp_session *s = mem_alloc(sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->dp = dp;
	s->user = user;
	pool_queue_init(&s->queue);
	s->create.job = (struct pool_job){.run = session_create_run, .done = session_create_done};
	s->modify.job = (struct pool_job){.run = session_modify_run, .done = session_modify_done};
	s->replay.job = (struct pool_job){.run = session_replay_run, .done = session_replay_done};
	s->delete.job = (struct pool_job){.run = session_delete_run, .done = session_delete_done};
	s->state.fd = -1;
	s->state.channel = -1;
	s->fd = -1;
	s->channel = -1;
	s->other = dp_no_leg;
	*ret = s;
	return 0;
}

void dp_session_free(struct dp_session *s)
{
	mem_free(s);
}

void dp_session_create(struct dp_session *s, const struct l2tp_nl_session *params,
		       const struct l2tp_nl_tunnel *tunnel, dp_done_fn done)
{
	if (s->create.outstanding) {
		done(s->user, -EALREADY, NULL);
		return;
	}
	s->create_params = *params;
	s->create_tunnel = *tunnel;
	dp_op_start(s->dp, &s->queue, &s->create, done);
}

void dp_session_modify(struct dp_session *s, const struct l2tp_nl_session *params, dp_done_fn done)
{
	if (s->modify.outstanding) {
		done(s->user, -EALREADY, NULL);
		return;
	}
	s->modify_params = *params;
	dp_op_start(s->dp, &s->queue, &s->modify, done);
}

void dp_session_delete(struct dp_session *s, dp_done_fn done)
{
	if (s->delete.outstanding) {
		done(s->user, -EALREADY, NULL);
		return;
	}
	s->fd = -1;
	s->channel = -1;
	dp_op_start(s->dp, &s->queue, &s->delete, done);
}

int dp_session_fd(const struct dp_session *s)
{
	return s->fd;
}

int dp_session_channel(const struct dp_session *s)
{
	return s->channel;
}

void dp_session_set_bridge(struct dp_session *s, const struct dp_leg *other)
{
	s->other = *other;
}

void dp_session_replay(struct dp_session *s, dp_done_fn done)
{
	if (s->replay.outstanding)
		done(s->user, -EALREADY, NULL);
	else
		dp_op_start(s->dp, &s->queue, &s->replay, done);
}
