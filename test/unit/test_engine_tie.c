/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SCCRQs that cross: the Tie Breaker of RFC 2661 4.4.3.
 */
#include "engine_fixture.h"

#include <string.h>

#include "engine_talker.h"

/* What the talker's SCCRQ says against ours, and what is left. */
static const struct {
	bool ours;
	bool theirs;
	/* Theirs minus ours. */
	int difference;
	enum tunnel_state ours_is; /* TUNNEL_STATE_MAX: gone */
	bool theirs_is_taken;
} rows[] = {
	{true, true, -1, TUNNEL_STATE_MAX, true},
	{true, true, 1, TUNNEL_WAIT_CTL_REPLY, false},
	{true, true, 0, TUNNEL_STATE_MAX, false},
	/* Who sent one wins over who sent none. */
	{true, false, 0, TUNNEL_WAIT_CTL_REPLY, false},
	{false, true, 1, TUNNEL_STATE_MAX, true},
	/* Nobody wants a single tunnel. */
	{false, false, 0, TUNNEL_WAIT_CTL_REPLY, true},
};

static struct l2tp_tunnel *await(struct talker *talker, bool tie)
{
	struct box *box = talker->box;
	struct tunnel_params params = {.peer = box->peer, .remote = talker->addr, .tunnel_id = 99};
	struct l2tp_tunnel *t;

	box->no_random = !tie;
	assert_int_equal(l2tp_tunnel_open(box->engine, &params, box->world->now, &t), 0);
	box->no_random = false;
	assert_int_equal(!!t->tie_breaker, tie);
	assert_int_equal(msg_has(&box_sent(box, MSG_SCCRQ)->msg, AVP_TIE_BREAKER), tie);
	return t;
}

static void test_who_wins(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world w;
		struct box *box = &w.boxes[0];
		struct talker talker;
		struct l2tp_tunnel *t;
		struct l2tp_msg msg;

		print_message("# row %zu\n", i);
		world_init(&w, 60);
		talker_init(&talker, box);
		t = await(&talker, rows[i].ours);
		box_forget(box);
		msg = talker_msg(&talker, MSG_SCCRQ);
		if (rows[i].theirs)
			MSG_SET(&msg, AVP_TIE_BREAKER, tie_breaker,
				t->tie_breaker + (uint64_t)rows[i].difference);
		/* The answer to ours never came. */
		talker.ns = talker.nr = 0;
		talker_say_msg(&talker, 0, &msg);
		t = l2tp_tunnel_find(box->engine, 99);
		assert_int_equal(t ? t->core.state : TUNNEL_STATE_MAX, rows[i].ours_is);
		assert_int_equal(box->engine->stats.tunnels_accepted, rows[i].theirs_is_taken);
		assert_int_equal(box->engine->stats.sccrq_crossed, rows[i].ours || rows[i].theirs);
		/* The loser goes without a word. */
		box_expect(box, t ? rows[i].theirs_is_taken ? "tx:SCCRP" : ""
				: rows[i].theirs_is_taken ? "ev:tunnel-down ev:tunnel-gone tx:SCCRP"
							  : "ev:tunnel-down ev:tunnel-gone");
		world_end(&w);
	}
}

/* Once the peer has answered there is nothing to decide: an SCCRQ is for one more tunnel. */
static void test_answered_is_not_crossed(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];

	(void)state;
	world_init(&w, 61);
	open_tunnel(lac, lns);
	world_settle(&w);
	open_tunnel(lns, lac);
	world_settle(&w);
	assert_int_equal(lac->events[EVENT_TUNNEL_UP], 2);
	assert_int_equal(lac->engine->stats.sccrq_crossed + lns->engine->stats.sccrq_crossed, 0);
	world_end(&w);
}

/* An SCCRQ of somebody else, or of ourselves, meets none of ours. */
static void test_not_crossed(void **state)
{
	struct world w;
	struct box *box = &w.boxes[0];
	struct talker talker;

	(void)state;
	world_init(&w, 62);
	talker_init(&talker, box);
	w.cut_off = box;
	open_tunnel(box, &w.boxes[1]);
	talker_say(&talker, 0, MSG_SCCRQ);
	assert_int_equal(box->engine->n_tunnels, 2);
	world_end(&w);

	/* Both ends of both tunnels are ours. */
	world_init(&w, 62);
	open_tunnel(box, box);
	open_tunnel(box, box);
	world_settle(&w);
	assert_int_equal(box->events[EVENT_TUNNEL_UP], 4);
	assert_int_equal(box->engine->stats.sccrq_crossed, 0);
	world_end(&w);
}

/* A refused SCCRQ wins nothing. */
static void test_refused_does_not_win(void **state)
{
	struct world w;
	struct box *box = &w.boxes[0];
	struct talker talker;
	struct l2tp_tunnel *t;
	struct l2tp_msg msg;

	(void)state;
	world_init(&w, 63);
	talker_init(&talker, box);
	t = talker_awaits(&talker);
	msg = talker_msg(&talker, MSG_SCCRQ);
	MSG_SET(&msg, AVP_TIE_BREAKER, tie_breaker, 1);
	MSG_SET(&msg, AVP_CHALLENGE, challenge, bytes_str("0123456789abcdef"));
	talker.ns = talker.nr = 0;
	talker_say_msg(&talker, 0, &msg);
	assert_int_equal(t->core.state, TUNNEL_WAIT_CTL_REPLY);
	box_expect(box, "tx:SCCRQ reply:StopCCN(4) ev:refused");
	world_end(&w);
}

static struct l2tp_tunnel *open_named(struct box *from, struct box *to, const char *name,
				      uint64_t owner)
{
	struct tunnel_params params = {
		.name = name, .peer = from->peer, .remote = to->addr, .owner = owner};
	struct l2tp_tunnel *t;

	assert_int_equal(l2tp_tunnel_open(from->engine, &params, from->world->now, &t), 0);
	return t;
}

static void check_one_side(const struct box *box, const struct box *other, uint64_t owner)
{
	const struct l2tp_tunnel *t = first_tunnel(box);

	assert_int_equal(box->engine->n_tunnels, 1);
	assert_int_equal(t->core.state, TUNNEL_ESTABLISHED);
	assert_int_equal(t->core.peer_tunnel_id, first_tunnel(other)->core.tunnel_id);
	/* Whoever's it was: all that was to be there is there. */
	assert_ptr_equal(l2tp_tunnel_find_name(box->engine, "crossed"), t);
	assert_int_equal(t->owner, owner);
	assert_int_equal(t->idle_timeout, 0);
	assert_int_equal(t->n_sessions, 2);
	assert_int_equal(box->engine->n_sessions, 2);
	assert_int_equal(box->ppps, 2);
	assert_int_equal(box->events[EVENT_SESSION_DOWN], 0);
	assert_non_null(l2tp_session_find_name(box->engine, box->name));
}

/*
 * Both open a tunnel at once and place a call in it. However the network treats the messages, one
 * tunnel is left on either side, known by the name that each gave to its own, with both calls.
 */
static void test_crossing(void **state)
{
	unsigned int won[BOXES] = {0};

	(void)state;
	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct world w;

		world_init(&w, seed);
		w.delay = 20 * USEC_PER_MSEC;
		w.jitter = seed % 3 * 30 * USEC_PER_MSEC;
		/* Either SCCRQ, and whatever follows, may be lost on the way. */
		w.loss = seed % 2 ? 20 : 0;
		w.twice = seed % 5 * 5;
		for (size_t i = 0; i < BOXES; i++) {
			struct box *box = &w.boxes[i];
			struct session_params params = {.name = box->name};
			struct l2tp_session *s;

			box->no_journal = true;
			/* RFC 2661: a single tunnel between the two, whoever opens it. */
			box->peer->max_tunnels = 1;
			box->peer->idle_timeout = 5 * USEC_PER_SEC;
			assert_int_equal(l2tp_session_open(open_named(box, &w.boxes[1 - i],
								      "crossed", 10 + i),
							   &params, w.now, &s),
					 0);
		}
		world_run(&w, 50 * USEC_PER_SEC);
		w.loss = w.twice = 0;
		world_run(&w, 100 * USEC_PER_SEC);
		check_one_side(&w.boxes[0], &w.boxes[1], 10);
		check_one_side(&w.boxes[1], &w.boxes[0], 11);
		won[first_tunnel(&w.boxes[0])->core.initiator ? 0 : 1]++;
		world_end(&w);
	}
	/* Chance decides, not who is who. */
	print_message("# %u to %u\n", won[0], won[1]);
	assert_true(won[0] > 50 && won[1] > 50);
}

/* One that is asked for from our side stays, whoever's SCCRQ made it; a peer's own does not. */
static void test_idle(void **state)
{
	struct world w;

	(void)state;
	world_init(&w, 64);
	for (size_t i = 0; i < BOXES; i++)
		open_tunnel(&w.boxes[i], &w.boxes[1 - i]);
	world_run(&w, 300 * USEC_PER_SEC);
	assert_int_equal(w.boxes[0].engine->n_tunnels, 1);
	assert_int_equal(w.boxes[1].engine->n_tunnels, 1);
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_wins),    cmocka_unit_test(test_answered_is_not_crossed),
		cmocka_unit_test(test_not_crossed), cmocka_unit_test(test_refused_does_not_win),
		cmocka_unit_test(test_crossing),    cmocka_unit_test(test_idle),
	};

	return cmocka_run_group_tests_name("engine_tie", tests, NULL, NULL);
}
