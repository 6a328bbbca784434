/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Both ends of one tunnel in one engine: a box that calls itself.
 */
#include "engine_fixture.h"

#include "wire/result.h"

static struct l2tp_session *session_of(struct box *box, enum call_type type)
{
	struct l2tp_session *s;
	struct l2tp_tunnel *t;

	list_for_each (t, &box->engine->tunnels, node) {
		for (s = l2tp_session_next(t, NULL); s; s = l2tp_session_next(t, s)) {
			if (s->core.type == type)
				return s;
		}
	}
	return NULL;
}

static void begin(struct world *w, struct l2tp_tunnel **ret)
{
	struct box *box = &w->boxes[0];

	world_init(w, 90);
	box_secret(box, "secret");
	box->peer->challenge = CHALLENGE_REQUIRE;
	box->peer->hide = HIDE_ALWAYS;
	*ret = open_tunnel(box, box);
	world_settle(w);
	assert_int_equal(box->events[EVENT_TUNNEL_UP], 2);
	assert_true((*ret)->authenticated);
}

/* Authenticated, hidden, and hung up by either end. */
static void test_call(void **state)
{
	struct l2tp_session *lac, *lns;
	struct l2tp_tunnel *t;
	struct world w;

	(void)state;
	begin(&w, &t);
	for (unsigned int by_lns = 0; by_lns < 2; by_lns++) {
		open_session(t);
		world_settle(&w);
		lac = session_of(&w.boxes[0], CALL_LAC_INCOMING);
		lns = session_of(&w.boxes[0], CALL_LNS_INCOMING);
		assert_non_null(lac);
		assert_non_null(lns);
		assert_int_equal(lac->core.state, SESSION_ESTABLISHED);
		assert_int_equal(lns->core.state, SESSION_ESTABLISHED);
		assert_int_equal(lac->core.peer_session_id, lns->core.session_id);
		assert_int_equal(lns->core.peer_session_id, lac->core.session_id);
		close_session(by_lns ? lns : lac);
		world_settle(&w);
		assert_int_equal(w.boxes[0].engine->n_sessions, 0);
		assert_int_equal(w.boxes[0].engine->n_tunnels, 2);
	}
	close_tunnel(t);
	world_end(&w);
}

/* A call that is switched into a tunnel to ourselves would come in again for ever. */
static void test_switched(void **state)
{
	struct avp_list ids = {1};
	const struct session_params params = {.tsa_ids = &ids};
	struct l2tp_session *s;
	struct l2tp_tunnel *t;
	struct world w;

	(void)state;
	begin(&w, &t);
	w.boxes[0].peer->calls = CALL_SWITCH;
	ids.values[0] = bytes_str(w.boxes[0].engine->tsa_id);
	assert_int_equal(l2tp_session_open(t, &params, w.now, &s), 0);
	world_settle(&w);
	assert_int_equal(box_sent(&w.boxes[0], MSG_CDN)->msg.result_code.result, CDN_LOOP);
	assert_int_equal(w.boxes[0].engine->n_sessions, 0);
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_call),
		cmocka_unit_test(test_switched),
	};

	return cmocka_run_group_tests_name("engine_self", tests, NULL, NULL);
}
