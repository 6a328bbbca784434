/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two engines that call each other at random over a network that loses, doubles, delays and
 * reorders, with kernels and PPPs that are slow, fail and die, and with memory that runs out.
 *
 * box_check() holds after everything that happens. When all has come to rest, each tunnel and call
 * of one side is one of the other's; when all is closed, nothing is left. All randomness comes from
 * a seed, which a failure names.
 */
#include "engine_fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SEEDS 400
#define STEPS 60

/* Longer than HELLO and its repetitions, and any timeout of set-up. */
#define REST (200 * USEC_PER_SEC)

struct totals {
	uint64_t tunnels;
	uint64_t sessions;
	uint64_t survived;
	uint64_t ppp_up;
	uint64_t failed;
	uint64_t retransmits;
	uint64_t duplicates;
	uint64_t unexpected;
};

static uint64_t seed_now;

static struct box *some_box(struct world *w)
{
	return &w->boxes[world_below(w, BOXES)];
}

static struct l2tp_tunnel *some_tunnel(struct world *w)
{
	struct box *box = some_box(w);
	unsigned int n = box->engine->n_tunnels ? world_below(w, box->engine->n_tunnels) : 0;
	struct l2tp_tunnel *t;

	list_for_each (t, &box->engine->tunnels, node) {
		if (!n--)
			return t;
	}
	return NULL;
}

static struct l2tp_session *some_session(struct world *w)
{
	struct l2tp_tunnel *t = some_tunnel(w);
	unsigned int n = t && t->n_sessions ? world_below(w, t->n_sessions) : 0;
	struct l2tp_session *s = t ? l2tp_session_next(t, NULL) : NULL;

	while (s && n--)
		s = l2tp_session_next(t, s);
	return s;
}

static void do_open_tunnel(struct world *w)
{
	struct box *from = some_box(w);
	struct tunnel_params params = {
		.peer = from->peer,
		.remote = w->boxes[from == w->boxes].addr,
		/* Half of them from the listener's port. */
		.local = {.port = world_below(w, 2) ? L2TP_PORT : 0},
	};
	struct l2tp_tunnel *t;

	/* May fail: the socket, or a limit. */
	(void)l2tp_tunnel_open(from->engine, &params, w->now, &t);
}

static void do_open_session(struct world *w)
{
	const struct session_params params = {
		.outgoing = world_below(w, 3) == 0,
		.called_number = "5551234",
	};
	struct l2tp_tunnel *t = some_tunnel(w);
	struct l2tp_session *s;
	int err;

	if (!t)
		return;
	err = l2tp_session_open(t, &params, w->now, &s);
	assert_true(err == 0 || err == -ESHUTDOWN || err == -ENOSPC || err == -ENOMEM);
	if (!err && params.outgoing)
		assert_int_equal(s->core.type, CALL_LNS_OUTGOING);
}

static void do_close_session(struct world *w)
{
	struct l2tp_session *s = some_session(w);

	if (s)
		close_session(s);
}

static void do_close_tunnel(struct world *w)
{
	struct l2tp_tunnel *t = some_tunnel(w);

	if (t)
		close_tunnel(t);
}

static void do_ppp_dies(struct world *w)
{
	struct l2tp_session *s = some_session(w);

	if (s && s->pppd)
		fake_ppp_dies(s);
}

/* From now on an operation fails, or not, and takes another time. */
static void do_change_fake(struct world *w)
{
	static const enum fake_op ops[] = {
		FAKE_TUNNEL_CREATE, FAKE_SESSION_CREATE, FAKE_PPP_START,      FAKE_PPP_UP,
		FAKE_SOCKET_OPEN,   FAKE_SOCKET_CONNECT, FAKE_SESSION_MODIFY,
	};
	struct box *box = some_box(w);
	struct fake_control *fake = &box->fake[ops[world_below(w, sizeof(ops) / sizeof(ops[0]))]];
	unsigned int how = world_below(w, 6);

	fake->fails = how == 0 ? -ENOMEM : 0;
	fake->fails_later = how == 1 ? -EEXIST : 0;
	box->fake[world_below(w, FAKE_PPP_HANGUP + 1)].delay =
		world_below(w, 3) ? world_below(w, 50000) : world_below(w, 12000000);
}

static void do_partition(struct world *w)
{
	w->cut_off = w->cut_off || world_below(w, 4) ? NULL : some_box(w);
}

/* One of the next allocations of either engine fails. */
static void do_run_out_of_memory(struct world *w)
{
	__mem_fail_after(1 + world_below(w, 40));
}

static void (*const commands[])(struct world *w) = {
	do_open_tunnel, do_open_session,      do_open_session,	do_open_session, do_open_session,
	do_open_tunnel, do_close_session,     do_close_session, do_close_tunnel, do_ppp_dies,
	do_change_fake, do_run_out_of_memory, do_partition,
};

static void begin(struct world *w, uint64_t seed)
{
	static const char *const secrets[] = {NULL, "secret", "secret", "other"};
	unsigned int same = world_below(w, 8);

	world_init(w, seed);
	w->loss = world_below(w, 31);
	w->twice = world_below(w, 20);
	w->delay = world_below(w, 100) * USEC_PER_MSEC;
	w->jitter = world_below(w, 200) * USEC_PER_MSEC;
	for (size_t i = 0; i < BOXES; i++) {
		struct box *box = &w->boxes[i];

		box->no_journal = true;
		/* Who answers outgoing calls. */
		box->peer->ppp = strdup("client");
		/* Mostly the same on both sides, or there would not be much to see. */
		box_secret(box, secrets[same ? same % 2 : world_below(w, 4)]);
		box->peer->challenge =
			box->peer->secret ? world_below(w, 2) ? CHALLENGE_ANSWER : CHALLENGE_REQUIRE
					  : CHALLENGE_NEVER;
		box->peer->hide = (enum hide_policy)world_below(w, HIDE_ALWAYS + 1);
		box->peer->sequencing = world_below(w, 2);
		box->peer->max_tunnels = world_below(w, 4) ? 0 : 2;
		box->peer->max_sessions = world_below(w, 4) ? 0 : 3;
		box->peer->idle_timeout = world_below(w, 2) * 40 * USEC_PER_SEC;
		box->peer->transport.window = (uint16_t)(1 + world_below(w, 10));
		box->peer->transport.retries = 5 + world_below(w, 6);
	}
}

/* The peace in which it shows what is left. */
static void come_to_rest(struct world *w)
{
	w->loss = w->twice = 0;
	w->cut_off = NULL;
	__mem_fail_after(0);
	for (size_t i = 0; i < BOXES; i++) {
		for (int op = 0; op < FAKE_OP_MAX; op++) {
			w->boxes[i].fake[op].fails = w->boxes[i].fake[op].fails_later = 0;
			w->boxes[i].fake[op].delay = 0;
		}
	}
	world_run(w, 2 * REST);
}

static void compare_sessions(const struct l2tp_tunnel *t, const struct l2tp_tunnel *other)
{
	const struct l2tp_session *s, *its;

	assert_int_equal(t->n_sessions, other->n_sessions);
	for (s = l2tp_session_next(t, NULL); s; s = l2tp_session_next(t, s)) {
		assert_int_equal(s->core.state, SESSION_ESTABLISHED);
		assert_true(s->ppp.up);
		its = l2tp_session_find(other, s->core.peer_session_id);
		assert_non_null(its);
		assert_int_equal(its->core.peer_session_id, s->core.session_id);
		assert_int_equal(its->core.call_serial, s->core.call_serial);
		assert_int_not_equal(call_is_lns(its->core.type), call_is_lns(s->core.type));
		assert_int_equal(its->core.sequencing, s->core.sequencing);
	}
}

static void compare(const struct box *box, const struct box *other, struct totals *totals)
{
	const struct l2tp_tunnel *t, *its;

	assert_int_equal(box->engine->n_tunnels, other->engine->n_tunnels);
	assert_int_equal(box->kernel_tunnels, box->engine->n_tunnels);
	assert_int_equal(box->kernel_sessions, box->engine->n_sessions);
	assert_int_equal(box->ppps, box->engine->n_sessions);
	list_for_each (t, &box->engine->tunnels, node) {
		assert_int_equal(t->core.state, TUNNEL_ESTABLISHED);
		its = l2tp_tunnel_find(other->engine, t->core.peer_tunnel_id);
		assert_non_null(its);
		assert_int_equal(its->core.peer_tunnel_id, t->core.tunnel_id);
		assert_int_not_equal(its->core.initiator, t->core.initiator);
		compare_sessions(t, its);
		totals->survived++;
		totals->unexpected += t->stats.rx_unexpected;
		totals->retransmits += t->transport.stats.tx_retransmits;
		totals->duplicates += t->transport.stats.rx_duplicates;
	}
}

static void count(const struct box *box, struct totals *totals)
{
	const struct engine_stats *stats = &box->engine->stats;

	totals->tunnels += box->events[EVENT_TUNNEL_UP];
	totals->sessions += box->events[EVENT_SESSION_UP];
	totals->ppp_up += box->events[EVENT_SESSION_PPP_UP];
	totals->failed += stats->tunnels_failed + stats->sessions_failed;
	/* Every one that was begun has ended, or is there. */
	assert_int_equal(stats->tunnels_opened + stats->tunnels_accepted,
			 box->engine->n_tunnels + box->events[EVENT_TUNNEL_GONE]);
	assert_int_equal(stats->sessions_opened + stats->sessions_accepted,
			 box->engine->n_sessions + box->events[EVENT_SESSION_DOWN]);
}

static void play(uint64_t seed, struct totals *totals)
{
	struct world w = {.random = ~seed};

	begin(&w, seed);
	for (int step = 0; step < STEPS; step++) {
		commands[world_below(&w, sizeof(commands) / sizeof(commands[0]))](&w);
		world_run(&w,
			  world_below(&w, 3) ? world_below(&w, 500000) : world_below(&w, 5000000));
	}
	come_to_rest(&w);
	compare(&w.boxes[0], &w.boxes[1], totals);
	compare(&w.boxes[1], &w.boxes[0], totals);
	count(&w.boxes[0], totals);
	count(&w.boxes[1], totals);
	world_end(&w);
}

/* After a failure this is where the seed is said. */
static int tell_seed(void **state)
{
	(void)state;
	if (seed_now <= SEEDS)
		print_message("# seed %u\n", (unsigned int)seed_now);
	return 0;
}

static void test_random_lives(void **state)
{
	struct totals totals = {0};

	(void)state;
	for (seed_now = 1; seed_now <= SEEDS; seed_now++)
		play(seed_now, &totals);
	print_message("# %u tunnels up, %u survived; %u calls, %u with PPP; %u failed\n",
		      (unsigned int)totals.tunnels, (unsigned int)totals.survived,
		      (unsigned int)totals.sessions, (unsigned int)totals.ppp_up,
		      (unsigned int)totals.failed);
	print_message("# %u retransmits, %u duplicates, %u unexpected\n",
		      (unsigned int)totals.retransmits, (unsigned int)totals.duplicates,
		      (unsigned int)totals.unexpected);
	/* That there was enough life in them is part of the test. */
	assert_true(totals.tunnels > 2 * SEEDS && totals.survived > SEEDS);
	assert_true(totals.sessions > 2 * SEEDS && totals.ppp_up > 2 * SEEDS);
	assert_true(totals.failed > SEEDS);
	assert_true(totals.retransmits > SEEDS && totals.duplicates > SEEDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_random_lives, tell_seed),
	};

	return cmocka_run_group_tests_name("engine_sim", tests, NULL, NULL);
}
