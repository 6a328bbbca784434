/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What may happen to a box at any moment: the administrator's commands, and the world's.
 *
 * One row each, with how often it comes among the others.
 */
#include <errno.h>
#include <stdio.h>

#include "test/sim/sim.h"
#include "wire/result.h"

/* One that runs, or NULL. */
static struct box *some_box(struct world *w)
{
	struct box *box = &w->boxes[below(w, w->n_boxes)];

	return box->engine ? box : NULL;
}

static struct l2tp_tunnel *some_tunnel(struct world *w)
{
	const struct box *box = some_box(w);
	unsigned int n = box && box->engine->n_tunnels ? below(w, box->engine->n_tunnels) : 0;
	struct l2tp_tunnel *t;

	if (!box)
		return NULL;
	list_for_each (t, &box->engine->tunnels, node) {
		if (!n--)
			return t;
	}
	return NULL;
}

static struct l2tp_session *some_session(struct world *w)
{
	const struct l2tp_tunnel *t = some_tunnel(w);
	unsigned int n = t && t->n_sessions ? below(w, t->n_sessions) : 0;
	struct l2tp_session *s = t ? l2tp_session_next(t, NULL) : NULL;

	while (s && n--)
		s = l2tp_session_next(t, s);
	return s;
}

struct l2tp_tunnel *command_open_tunnel(struct box *from, struct box *to)
{
	struct world *w = from->world;
	char name[16];
	struct tunnel_params params = {
		.peer = box_peer(from, to),
		.remote = to->outside,
		/* Half of them from the listener's port. */
		.local = {.port = chance(w, 50) ? L2TP_PORT : 0},
		.name = chance(w, 40) ? name : NULL,
		.idle_timeout = below(w, 3) * 30 * USEC_PER_SEC,
	};
	struct l2tp_tunnel *t = NULL;
	int err;

	snprintf(name, sizeof(name), "t%u", below(w, 4));
	if (!params.peer)
		return NULL;
	INSIDE(from, err = l2tp_tunnel_open(from->engine, &params, w->now, &t));
	TRACE(from, "opens a tunnel to %s: %d", to->name, err);
	check_box(from);
	return err ? NULL : t;
}

struct l2tp_session *command_open_session(struct l2tp_tunnel *t, bool outgoing)
{
	struct box *box = t->engine->ctx;
	struct world *w = box->world;
	char name[16];
	const struct session_params params = {
		.name = chance(w, 40) ? name : NULL,
		.outgoing = outgoing,
		.called_number = "5551234",
		.ppp_profile = chance(w, 20) ? "special" : NULL,
	};
	struct l2tp_session *s = NULL;
	int err;

	snprintf(name, sizeof(name), "s%u", below(w, 8));
	INSIDE(box, err = l2tp_session_open(t, &params, w->now, &s));
	TRACE(box, "opens a session in %u: %d", t->core.tunnel_id, err);
	HOLDS(box, err == 0 || err == -ESHUTDOWN || err == -ENOSPC || err == -ENOMEM ||
			   err == -EEXIST || err == -EOPNOTSUPP);
	check_box(box);
	return err ? NULL : s;
}

static void do_open_tunnel(struct world *w)
{
	struct box *from = some_box(w), *to = &w->boxes[below(w, w->n_boxes)];

	if (from && w->linked[from->number][to->number])
		command_open_tunnel(from, to);
}

static void do_open_session(struct world *w)
{
	struct l2tp_tunnel *t = some_tunnel(w);
	unsigned int count = chance(w, 20) ? 1 + below(w, 12) : 1;

	for (; t && count; count--)
		command_open_session(t, chance(w, 33));
}

static void do_close_session(struct world *w)
{
	struct reason reason = reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "closed by command");
	struct l2tp_session *s = some_session(w);
	struct box *box;

	if (!s)
		return;
	box = s->tunnel->engine->ctx;
	TRACE(box, "closes session %u/%u", s->tunnel->core.tunnel_id, s->core.session_id);
	INSIDE(box, l2tp_session_close(s, &reason, w->now));
	check_box(box);
}

static void do_close_tunnel(struct world *w)
{
	struct reason reason = reason_make(ORIGIN_LOCAL, STOPCCN_CLEAR, 0, "closed by command");
	struct l2tp_tunnel *t = some_tunnel(w);
	struct box *box;

	if (!t)
		return;
	box = t->engine->ctx;
	TRACE(box, "closes tunnel %u", t->core.tunnel_id);
	INSIDE(box, l2tp_tunnel_close(t, &reason, w->now));
	check_box(box);
}

static void do_ppp_dies(struct world *w)
{
	struct l2tp_session *s = some_session(w);
	struct box *box;

	if (!s || !s->pppd)
		return;
	box = s->tunnel->engine->ctx;
	TRACE(box, "pppd dies");
	fake_ppp_dies(s);
	check_box(box);
}

static void do_tell_accm(struct world *w)
{
	struct l2tp_session *s = some_session(w);
	struct accm accm = {.send = below(w, 4), .receive = below(w, 4)};
	struct box *box;

	if (!s)
		return;
	box = s->tunnel->engine->ctx;
	INSIDE(box, (void)l2tp_session_set_accm(s, &accm, w->now));
	check_box(box);
}

static void do_tell_errors(struct world *w)
{
	struct l2tp_session *s = some_session(w);
	struct call_errors errors = {.crc_errors = below(w, 100)};
	struct box *box;

	if (!s)
		return;
	box = s->tunnel->engine->ctx;
	INSIDE(box, (void)l2tp_session_tell_errors(s, &errors, w->now));
	check_box(box);
}

/* From now on a deed fails, or not, and one takes another time. */
static void do_change_manners(struct world *w)
{
	static const int refusals[] = {-ENOMEM, -EMFILE, -EEXIST, -ENETUNREACH};
	struct box *box = &w->boxes[below(w, w->n_boxes)];
	struct manner *manner = &box->manners[below(w, DEED_MAX)];

	manner->refused = manner->fails = 0;
	if (chance(w, 20))
		manner->refused = refusals[below(w, 4)];
	else if (chance(w, 20))
		manner->fails = -EEXIST;
	if (chance(w, 10))
		box->manners[DEED_PPP_START].refused = 1;
	box->manners[below(w, DEED_MAX)].delay = below(w, 3) ? below(w, 50000) : below(w, 12000000);
}

static void do_island(struct world *w)
{
	w->island = w->island || chance(w, 30) ? 0 : below(w, 1u << w->n_boxes);
}

static void do_weather(struct world *w)
{
	w->loss = below(w, 3) ? below(w, 41) : 0;
	w->twice = below(w, 20);
	w->delay = below(w, 200) * USEC_PER_MSEC;
	w->jitter = below(w, 400) * USEC_PER_MSEC;
	w->late = !w->few_ids && chance(w, 20) ? below(w, 5) : 0;
}

static void do_rebind(struct world *w)
{
	struct box *box = &w->boxes[below(w, w->n_boxes)];

	if (!box->has_nat)
		return;
	w->totals->rebinds++;
	if (chance(w, 70))
		net_rebind(box);
	else
		net_renumber(box);
}

static void do_run_out_of_memory(struct world *w)
{
	w->lost_memory = true;
	memory_fail(1 + below(w, 60), chance(w, 70) ? 1 : 1 + below(w, 8));
}

static void do_kill(struct world *w)
{
	struct box *box = some_box(w);

	if (box)
		box_kill(box);
}

static void do_stop(struct world *w)
{
	struct box *box = some_box(w);

	if (box && !box->stopping)
		box_stop(box);
}

static void do_reload(struct world *w)
{
	struct box *box = some_box(w);

	if (box)
		box_reload(box);
}

static enum admin_state some_state(struct world *w)
{
	return chance(w, 70) ? ADMIN_ENABLED : (enum admin_state)below(w, ADMIN_STATE_MAX);
}

void box_enable(struct box *box)
{
	struct peer *peer;

	INSIDE(box, l2tp_admin_set_system(box->engine, ADMIN_ENABLED, box->world->now));
	list_for_each (peer, &box->engine->peers, node)
		INSIDE(box, l2tp_admin_set_peer(box->engine, peer->name, ADMIN_ENABLED,
						box->world->now));
	check_box(box);
}

static void do_admin_box(struct world *w)
{
	const struct box *other = &w->boxes[below(w, w->n_boxes)];
	enum admin_state state = some_state(w);
	struct box *box = some_box(w);
	const char *name = other->name;

	if (!box)
		return;
	TRACE(box, "the administrator sets %s to %s", box == other ? "the system" : name,
	      admin_state_name(state));
	if (box == other)
		INSIDE(box, l2tp_admin_set_system(box->engine, state, w->now));
	else
		INSIDE(box, (void)l2tp_admin_set_peer(box->engine, name, state, w->now));
	check_box(box);
}

static void do_admin_tunnel(struct world *w)
{
	struct l2tp_tunnel *t = some_tunnel(w);
	struct box *box;

	if (!t)
		return;
	box = t->engine->ctx;
	INSIDE(box, l2tp_admin_set_tunnel(t, some_state(w), w->now));
	check_box(box);
}

static void do_admin_session(struct world *w)
{
	struct l2tp_session *s = some_session(w);
	struct box *box;

	if (!s)
		return;
	box = s->tunnel->engine->ctx;
	INSIDE(box, l2tp_admin_set_session(s, some_state(w), w->now));
	check_box(box);
}

static const struct command {
	void (*run)(struct world *w);
	unsigned int weight;
} commands[] = {
	{do_open_tunnel, 16},
	{do_open_session, 28},
	{do_close_session, 12},
	{do_close_tunnel, 5},
	{do_ppp_dies, 5},
	{do_tell_accm, 4},
	{do_tell_errors, 2},
	{do_change_manners, 7},
	{do_island, 4},
	{do_weather, 4},
	{do_run_out_of_memory, 5},
	{do_rebind, 4},
	{do_kill, 2},
	{do_stop, 1},
	{do_reload, 2},
	{do_admin_box, 3},
	{do_admin_tunnel, 2},
	{do_admin_session, 2},
};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

void command_random(struct world *w)
{
	unsigned int all = 0, at;
	size_t i;

	for (i = 0; i < N_COMMANDS; i++)
		all += commands[i].weight;
	at = below(w, all);
	for (i = 0; at >= commands[i].weight; i++)
		at -= commands[i].weight;
	commands[i].run(w);
}
