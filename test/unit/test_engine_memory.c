/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory runs out at any single allocation of a tunnel, of a call, and of their end: nothing
 * crashes or leaks, the two sides come to agree, and what follows works.
 */
#include "engine_fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* More allocations than anything here needs. */
#define ENOUGH 2000

static void set_up(struct world *w, unsigned int seed)
{
	world_init(w, seed);
	for (size_t i = 0; i < BOXES; i++) {
		box_secret(&w->boxes[i], "secret");
		w->boxes[i].peer->challenge = CHALLENGE_REQUIRE;
		w->boxes[i].peer->hide = HIDE_ALWAYS;
		w->boxes[i].peer->destruct_timeout = 5 * USEC_PER_SEC;
		w->boxes[i].engine->limits.max_ended = 3;
	}
}

/* Opens a tunnel and a call, as far as there is memory. */
static void place_call(struct world *w)
{
	struct l2tp_msg proxy = {.type = MSG_ICCN};
	const struct session_params session = {.name = "s",
					       .ppp_profile = "p",
					       .called_number = "1",
					       .private_group = "red",
					       .proxy = &proxy};
	struct tunnel_params params = {
		.name = "t", .peer = w->boxes[0].peer, .remote = w->boxes[1].addr};
	const unsigned int *events = w->boxes[0].events;
	unsigned int down = events[EVENT_TUNNEL_DOWN], session_down = events[EVENT_SESSION_DOWN];
	struct l2tp_session *s;
	struct l2tp_tunnel *t;

	if (l2tp_tunnel_open(w->boxes[0].engine, &params, w->now, &t) != 0) {
		/* Whoever asked knows; nobody else is told. */
		assert_int_equal(w->boxes[0].engine->n_tunnels, 0);
		assert_int_equal(events[EVENT_TUNNEL_DOWN], down);
		return;
	}
	MSG_SET(&proxy, AVP_PROXY_AUTHEN_NAME, proxy_authen_name, bytes_str("joe"));
	/* Before the tunnel is up, and after. */
	if (l2tp_session_open(t, &session, w->now, &s) != 0)
		assert_int_equal(events[EVENT_SESSION_DOWN], session_down);
	world_settle(w);
	t = first_tunnel(&w->boxes[0]);
	if (t && t->core.state == TUNNEL_ESTABLISHED &&
	    l2tp_session_open(t, &(struct session_params){0}, w->now, &s) == 0)
		assert_int_equal(s->core.state, SESSION_WAIT_REPLY);
	world_settle(w);
}

/* A tunnel, two calls, their end and that of the tunnel. */
static void story(struct world *w, bool hard)
{
	struct reason reason = reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "closed by the test");
	struct l2tp_session *s;
	struct l2tp_tunnel *t;

	place_call(w);
	s = first_session(&w->boxes[0]);
	if (s)
		l2tp_session_close(s, &reason, w->now);
	world_settle(w);
	t = first_tunnel(&w->boxes[hard ? 1 : 0]);
	if (t)
		l2tp_tunnel_close(t, &reason, w->now);
	world_settle(w);
}

/* Whatever one side has, the other has too, when all timeouts are over. */
static void agree(struct world *w)
{
	struct l2tp_engine *a = w->boxes[0].engine, *b = w->boxes[1].engine;

	world_run(w, 200 * USEC_PER_SEC);
	assert_int_equal(a->n_tunnels, b->n_tunnels);
	assert_int_equal(a->n_sessions, b->n_sessions);
	assert_int_equal(a->n_half_open, 0);
	assert_int_equal(b->n_half_open, 0);
	assert_int_equal(w->boxes[0].kernel_sessions, a->n_sessions);
	assert_int_equal(w->boxes[1].kernel_sessions, b->n_sessions);
}

/* The number of the first allocation that was not reached: how many there are, and one. */
static unsigned int for_each_allocation(void (*play)(struct world *w), bool *succeeded)
{
	unsigned int n;

	for (n = 1; n < ENOUGH; n++) {
		struct world w;
		void *probe;

		set_up(&w, n);
		__mem_fail_after(n);
		play(&w);
		agree(&w);
		/* When it was not reached, it still waits for the next. */
		probe = mem_alloc(1);
		__mem_fail_after(0);
		if (!probe) {
			*succeeded = w.boxes[0].events[EVENT_SESSION_PPP_UP] == 2 &&
				     w.boxes[1].events[EVENT_SESSION_PPP_UP] == 2;
			world_end(&w);
			return n;
		}
		mem_free(probe);
		world_end(&w);
	}
	fail_msg("%u allocations were not enough", n);
	return n;
}

static void soft_story(struct world *w)
{
	story(w, false);
}

static void hard_story(struct world *w)
{
	story(w, true);
}

static void lasting_story(struct world *w)
{
	w->boxes[1].peer->idle_timeout = 0;
	place_call(w);
}

/* SCCRQs cross, each with a call that waits: the one of the loser moves to the other tunnel. */
static void crossing_story(struct world *w)
{
	for (size_t i = 0; i < BOXES; i++) {
		struct box *box = &w->boxes[i];
		struct tunnel_params params = {
			.name = "t", .peer = box->peer, .remote = w->boxes[!i].addr};
		struct l2tp_session *s;
		struct l2tp_tunnel *t;

		if (l2tp_tunnel_open(box->engine, &params, w->now, &t) == 0 &&
		    l2tp_session_open(t, &(struct session_params){0}, w->now, &s) == 0)
			assert_int_equal(s->core.state, SESSION_WAIT_TUNNEL);
	}
	world_settle(w);
}

/* What a predecessor left cannot even be closed. */
static void stale_story(struct world *w)
{
	const struct tunnel_core core = {
		.name = "stale",
		.tunnel_id = 3,
		.peer_tunnel_id = 4,
		.peer = w->boxes[1].addr,
		.state = TUNNEL_ESTABLISHED,
		.ns = 7,
		.nr = 8,
	};
	struct box *box = &w->boxes[0];

	if (l2tp_tunnel_clear_stale(box->engine, &core, box->peer, w->now) != 0)
		assert_int_equal(box->engine->n_tunnels, 0);
	box_check(box);
}

static void test_stale(void **state)
{
	bool succeeded;

	(void)state;
	assert_in_range(for_each_allocation(stale_story, &succeeded), 4, ENOUGH);
}

static void check(void (*play)(struct world *w))
{
	bool succeeded;
	unsigned int n = for_each_allocation(play, &succeeded);

	print_message("# %u allocations\n", n - 1);
	assert_in_range(n, 20, ENOUGH);
	assert_true(succeeded);
}

static void test_closed_by_lac(void **state)
{
	(void)state;
	check(soft_story);
}

static void test_closed_by_lns(void **state)
{
	(void)state;
	check(hard_story);
}

static void test_crossing(void **state)
{
	(void)state;
	check(crossing_story);
}

static void test_lasting(void **state)
{
	(void)state;
	check(lasting_story);
}

/* After it ran out, the next attempt works: nothing is left half-way that stands in its way. */
static void test_next_attempt(void **state)
{
	(void)state;
	for (unsigned int n = 1; n < 40; n++) {
		unsigned int before;
		struct world w;

		set_up(&w, n);
		__mem_fail_after(n);
		story(&w, false);
		world_run(&w, 200 * USEC_PER_SEC);
		__mem_fail_after(0);
		before = w.boxes[0].events[EVENT_SESSION_PPP_UP];
		place_call(&w);
		assert_int_equal(w.boxes[0].events[EVENT_SESSION_PPP_UP] - before, 2);
		world_end(&w);
	}
}

/* What ends something is said when there is memory again: nothing else would tell the peer. */
static void test_last_words(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct l2tp_session *s;
	struct l2tp_tunnel *t;

	(void)state;
	world_init(&w, 1);
	t = open_tunnel(lac, lns);
	s = open_session(t);
	world_settle(&w);
	box_forget(lac);
	lac->fake[FAKE_SESSION_DELETE].hold = true;
	__mem_fail_after(1);
	close_session(s);
	world_settle(&w);
	box_expect(lac, "~ppp ppp-down -session");
	assert_int_equal(lns->engine->n_sessions, 1);
	assert_int_equal(lac->engine->stats.tx_failed, 1);
	assert_int_equal(lac->engine->traffic.messages[MSG_CDN].out, 0);
	world_run(&w, USEC_PER_SEC);
	box_expect(lac, "tx:CDN(3)");
	assert_int_equal(lac->engine->traffic.cdn[CDN_ADMIN].out, 1);
	box_release(lac, FAKE_SESSION_DELETE);
	world_settle(&w);
	box_expect(lac, "ev:session-down");
	assert_int_equal(lns->engine->n_sessions, 0);

	__mem_fail_after(1);
	close_tunnel(t);
	world_settle(&w);
	box_expect(lac, "ev:tunnel-down -tunnel");
	assert_int_equal(first_tunnel(lns)->core.state, TUNNEL_ESTABLISHED);
	world_run(&w, USEC_PER_SEC);
	box_expect(lac, "tx:StopCCN(1) ev:tunnel-gone");
	assert_int_equal(first_tunnel(lns)->core.state, TUNNEL_CLOSED);
	assert_int_equal(lac->engine->stats.tx_failed, 2);
	world_end(&w);
}

static void test_engine_new(void **state)
{
	struct l2tp_engine *engine;
	struct box box = {0};

	(void)state;
	__mem_fail_after(1);
	assert_int_equal(l2tp_engine_new(&fake_ops, &box, &limits_default, &engine), -ENOMEM);
	l2tp_engine_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crossing),      cmocka_unit_test(test_closed_by_lac),
		cmocka_unit_test(test_closed_by_lns), cmocka_unit_test(test_lasting),
		cmocka_unit_test(test_next_attempt),  cmocka_unit_test(test_stale),
		cmocka_unit_test(test_last_words),    cmocka_unit_test(test_engine_new),
	};

	return cmocka_run_group_tests_name("engine_memory", tests, NULL, NULL);
}
