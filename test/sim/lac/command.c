/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What people, machines and the weather do, at any moment.
 */
#include "test/sim/lac/lac_sim.h"
#include "wire/result.h"

static struct box *some_lac(struct world *w)
{
	return &w->boxes[w->has_lts && chance(w, 30) ? FIRST_LNS : THE_LAC];
}

static struct box *some_lns(struct world *w)
{
	unsigned int first = FIRST_LNS + w->has_lts;

	return &w->boxes[first + below(w, w->n_boxes - first)];
}

static void dial(struct world *w)
{
	unsigned int n = chance(w, 10) ? w->n_subscribers : 1 + below(w, 8);

	while (n--) {
		struct subscriber *s = &w->subscribers[below(w, w->n_subscribers)];
		enum manner manner =
			chance(w, 50) ? MANNER_STAYS : (enum manner)below(w, MANNER_MAX);

		/* Some dial again without a word. */
		if (s->state == SUB_IDLE || chance(w, 5))
			subscriber_dial(s, manner);
	}
}

static void some_hang_up(struct world *w)
{
	/* PADT, at the same moment. */
	for (unsigned int i = 0; i < w->n_subscribers; i++) {
		struct subscriber *s = &w->subscribers[i];

		if (s->state == SUB_OPEN && chance(w, 30)) {
			s->manner = MANNER_VANISHES;
			subscriber_dial(s, MANNER_STAYS);
		}
	}
}

static void lns_dies(struct world *w)
{
	struct box *box = some_lns(w);

	if (box->engine) {
		box_die(box);
		w->totals->deaths++;
	} else {
		box_begin(box);
	}
}

static void lns_changes_mood(struct world *w)
{
	struct box *box = some_lns(w);

	box->refuses |= chance(w, 20);
	box->max_sessions = chance(w, 40) ? 1 + below(w, 30) : 0;
	if (!box->engine)
		return;
	box_set_peers(box);
	INSIDE(box, l2tp_admin_apply(box->engine, w->now));
	INSIDE(box, l2tp_admin_set_system(box->engine, chance(w, 80) ? ADMIN_ENABLED : ADMIN_DRAIN,
					  w->now));
}

static struct l2tp_tunnel *some_tunnel(struct box *box)
{
	unsigned int n = box->engine && box->engine->n_tunnels
				 ? below(box->world, box->engine->n_tunnels)
				 : 0;
	struct l2tp_tunnel *t;

	if (!box->engine)
		return NULL;
	list_for_each (t, &box->engine->tunnels, node) {
		if (!n--)
			return t;
	}
	return NULL;
}

static void close_tunnel(struct world *w)
{
	struct box *box = &w->boxes[below(w, w->n_boxes)];
	struct reason reason = reason_make(ORIGIN_LOCAL, STOPCCN_CLEAR, 0, "by hand");
	struct l2tp_tunnel *t = some_tunnel(box);

	if (!t)
		return;
	INSIDE(box, l2tp_tunnel_close(t, &reason, w->now));
	check_box(box);
}

static void drain_tunnel(struct world *w)
{
	struct box *box = some_lac(w);
	struct l2tp_tunnel *t = some_tunnel(box);

	if (!t)
		return;
	INSIDE(box, l2tp_admin_set_tunnel(t, chance(w, 70) ? ADMIN_DRAIN : ADMIN_ENABLED, w->now));
	check_box(box);
}

static void close_session(struct world *w)
{
	struct box *box = &w->boxes[below(w, w->n_boxes)];
	struct reason reason = reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "by hand");
	struct l2tp_tunnel *t = some_tunnel(box);
	struct l2tp_session *s = t ? l2tp_session_next(t, NULL) : NULL;

	if (!s)
		return;
	INSIDE(box, l2tp_session_close(s, &reason, w->now));
	check_box(box);
}

static void end_ppp(struct world *w)
{
	struct box *box = some_lns(w);
	struct l2tp_tunnel *t = some_tunnel(box);
	struct l2tp_session *s = t ? l2tp_session_next(t, NULL) : NULL;

	if (!s || !s->pppd)
		return;
	ppp_dies(s, CDN_ADMIN, "authentication failed");
	check_box(box);
}

static void close_call(struct world *w)
{
	struct box *box = some_lac(w);
	struct reason reason = reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "by hand");
	unsigned int n = lac_count(box->lac) ? below(w, lac_count(box->lac)) : 0;
	struct lac_call *call = lac_next(box->lac, NULL);

	while (call && n--)
		call = lac_next(box->lac, call);
	if (!call)
		return;
	INSIDE(box, lac_close(call, &reason, w->now));
	check_box(box);
}

static void disconnect(struct world *w)
{
	struct box *box = some_lac(w);
	const struct radius_user who = {.called_station_id = "d1"};

	INSIDE(box, lac_disconnect(box->lac, &who, w->now));
	check_box(box);
}

static void reload(struct world *w)
{
	struct box *box = some_lac(w);

	settings_apply(box);
	check_box(box);
}

static void unlock(struct world *w)
{
	struct box *box = some_lac(w);
	struct steer *steer = lac_steer(box->lac);
	struct steer_destination *at = NULL;

	while ((at = steer_next(steer, at))) {
		if (chance(w, 30))
			INSIDE(box, steer_unlock(steer, at, w->now));
	}
	check_box(box);
}

static void port_goes(struct world *w)
{
	struct box *box = &w->boxes[THE_LAC];

	/* Nobody is told, or everybody. */
	if (chance(w, 50)) {
		for (unsigned int i = 0; i < 65536; i++)
			w->open[i] = false;
		w->n_open = 0;
		INSIDE(box, pppoe_ac_down(box->ac, "the interface went down", w->now));
	} else {
		INSIDE(box, pppoe_ac_stop(box->ac, "it is not served any more", w->now));
	}
	check_box(box);
	HOLDS(box, pppoe_ac_count(box->ac) == 0);
}

static void weather(struct world *w)
{
	w->loss = chance(w, 50) ? 0 : below(w, 30);
	w->twice = chance(w, 50) ? 0 : below(w, 20);
	w->jitter = below(w, 300) * USEC_PER_MSEC;
	w->island = chance(w, 70) ? 0 : 1u << some_lns(w)->number;
	w->radius_loss = chance(w, 60) ? 0 : below(w, 101);
}

static void kernel_mood(struct world *w)
{
	for (unsigned int i = 0; i < w->n_boxes; i++) {
		struct box *box = &w->boxes[i];

		box->fails = chance(w, 80) ? 0 : below(w, 30);
		box->delay = (chance(w, 80) ? below(w, 50) : below(w, 3000)) * USEC_PER_MSEC;
	}
}

static const struct {
	unsigned int weight;
	void (*run)(struct world *w);
} commands[] = {
	{40, dial},	   {1, some_hang_up},  {3, lns_dies},	  {4, lns_changes_mood},
	{2, close_tunnel}, {4, close_session}, {4, end_ppp},	  {4, close_call},
	{1, disconnect},   {2, reload},	       {2, unlock},	  {1, port_goes},
	{4, weather},	   {3, kernel_mood},   {2, drain_tunnel},
};

void command_random(struct world *w)
{
	unsigned int sum = 0, at;

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		sum += commands[i].weight;
	at = below(w, sum);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (at < commands[i].weight) {
			commands[i].run(w);
			return;
		}
		at -= commands[i].weight;
	}
}

void command_heal(struct world *w)
{
	struct l2tp_tunnel *t;

	w->healed = true;
	w->loss = w->twice = w->island = w->radius_loss = 0;
	w->jitter = 0;
	memory_fail(0, 0);
	for (unsigned int i = 0; i < w->n_boxes; i++) {
		struct box *box = &w->boxes[i];

		box->fails = 0;
		box->delay = 20 * USEC_PER_MSEC;
		/* Tunnels stay as they were made. */
		if (box->refuses && box->engine)
			box_die(box);
		box->refuses = false;
		box->max_sessions = 0;
		if (!box->engine)
			box_begin(box);
		box_set_peers(box);
		INSIDE(box, l2tp_admin_set_system(box->engine, ADMIN_ENABLED, w->now));
		list_for_each (t, &box->engine->tunnels, node)
			INSIDE(box, l2tp_admin_set_tunnel(t, ADMIN_ENABLED, w->now));
		if (box->lac)
			settings_apply(box);
	}
}
