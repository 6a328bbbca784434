/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's side of a tunnel: asked for when the peer is proven, deleted before the sessions in
 * it are, and always answered for, whatever became of the tunnel meanwhile.
 */
#include "l2tp/private.h"

const char *kernel_state_name(enum kernel_state state)
{
	static const char *const names[] = {
		[KERNEL_NONE] = "none",
		[KERNEL_CREATING] = "creating",
		[KERNEL_UP] = "up",
		[KERNEL_MODIFYING] = "modifying",
		[KERNEL_DELETING] = "deleting",
	};

	return names[state];
}

void tunnel_delete_kernel(struct l2tp_tunnel *t)
{
	/* One that is being made is deleted as soon as the kernel has answered. */
	if (t->kernel != KERNEL_UP)
		return;
	t->kernel = KERNEL_DELETING;
	t->engine->ops->tunnel_delete(t);
}

bool tunnel_create_kernel(struct l2tp_tunnel *t, usec_t now)
{
	int err = t->engine->ops->tunnel_create(t);
	struct reason reason;

	if (!err) {
		t->kernel = KERNEL_CREATING;
		return true;
	}
	reason = reason_kernel(err, "tunnel");
	tunnel_fail(t, &reason, now);
	return false;
}

void l2tp_tunnel_kernel_created(struct l2tp_tunnel *t, int err, const char *step, usec_t now)
{
	struct reason reason;

	t->kernel = err ? KERNEL_NONE : KERNEL_UP;
	if (t->core.state >= TUNNEL_CLOSING) {
		tunnel_delete_kernel(t);
		tunnel_check_done(t, now);
	} else if (err) {
		reason = reason_kernel(err, step);
		tunnel_fail(t, &reason, now);
	} else {
		tunnel_announce_up(t, now);
	}
	engine_reap(t->engine);
}

void l2tp_tunnel_kernel_deleted(struct l2tp_tunnel *t, usec_t now)
{
	struct l2tp_engine *engine = t->engine;

	t->kernel = KERNEL_NONE;
	tunnel_check_done(t, now);
	engine_reap(engine);
}
