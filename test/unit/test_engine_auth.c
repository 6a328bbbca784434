/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnel authentication (RFC 2661 5.1.1) and hidden AVPs (4.3) between two engines.
 */
#include "engine_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "engine_talker.h"

#define UP_LAC "tx:SCCRQ tx:SCCCN +tunnel tunnel ev:tunnel-up"
#define UP_LNS "tx:SCCRP +tunnel tunnel ev:tunnel-up"
/* The LAC finds out from SCCRP. */
#define LAC_REFUSES "tx:SCCRQ tx:StopCCN(4) ev:tunnel-down ev:tunnel-gone"
#define LNS_REFUSED "tx:SCCRP ev:tunnel-down"
/* The LNS finds out from SCCCN; the LAC thought that it was up. */
#define LNS_REFUSES "tx:SCCRP tx:StopCCN(4) ev:tunnel-down ev:tunnel-gone"
#define LAC_REFUSED_LATE "tx:SCCRQ tx:SCCCN +tunnel tunnel ev:tunnel-up ev:tunnel-down -tunnel"
/* The LNS finds out from SCCRQ, and keeps nothing. */
#define LNS_REPLIES "reply:StopCCN(4) ev:refused"
#define LAC_REFUSED "tx:SCCRQ ev:tunnel-down"

struct side {
	const char *secret;
	enum challenge_policy challenge;
};

static const struct auth_row {
	struct side lac, lns;
	const char *lac_story, *lns_story;
	/* Who proved itself to us. */
	bool lac_satisfied, lns_satisfied;
	unsigned int lac_failures, lns_failures;
} rows[] = {
#define NEVER CHALLENGE_NEVER
#define ANSWER CHALLENGE_ANSWER
#define REQUIRE CHALLENGE_REQUIRE
#define OFFER CHALLENGE_OFFER
	{{NULL, NEVER}, {NULL, NEVER}, UP_LAC, UP_LNS, false, false, 0, 0},
	{{"s", ANSWER}, {"s", ANSWER}, UP_LAC, UP_LNS, false, false, 0, 0},
	{{"s", NEVER}, {"other", NEVER}, UP_LAC, UP_LNS, false, false, 0, 0},
	{{"s", REQUIRE}, {"s", REQUIRE}, UP_LAC, UP_LNS, true, true, 0, 0},
	{{"s", REQUIRE}, {"s", ANSWER}, UP_LAC, UP_LNS, true, false, 0, 0},
	{{"s", ANSWER}, {"s", REQUIRE}, UP_LAC, UP_LNS, false, true, 0, 0},
	{{"s", REQUIRE}, {"other", ANSWER}, LAC_REFUSES, LNS_REFUSED, false, false, 1, 0},
	{{"s", REQUIRE}, {"other", REQUIRE}, LAC_REFUSES, LNS_REFUSED, false, false, 1, 0},
	{{"s", REQUIRE}, {NULL, NEVER}, LAC_REFUSED, LNS_REPLIES, false, false, 0, 1},
	{{"s", REQUIRE}, {"s", NEVER}, LAC_REFUSED, LNS_REPLIES, false, false, 0, 1},
	{{"other", ANSWER}, {"s", REQUIRE}, LAC_REFUSED_LATE, LNS_REFUSES, false, false, 0, 1},
	{{NULL, NEVER}, {"s", REQUIRE}, LAC_REFUSES, LNS_REFUSED, false, false, 1, 0},
	{{"s", NEVER}, {"s", REQUIRE}, LAC_REFUSES, LNS_REFUSED, false, false, 1, 0},
	{{"s", OFFER}, {"s", ANSWER}, UP_LAC, UP_LNS, true, false, 0, 0},
	{{"s", OFFER}, {"s", OFFER}, UP_LAC, UP_LNS, true, true, 0, 0},
	{{"s", OFFER}, {"other", ANSWER}, LAC_REFUSES, LNS_REFUSED, false, false, 1, 0},
	{{NULL, NEVER}, {"s", ANSWER}, UP_LAC, UP_LNS, false, false, 0, 0},
};

static void set_side(struct box *box, const struct side *side)
{
	box_secret(box, side->secret);
	box->peer->challenge = side->challenge;
}

static void test_policies(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct auth_row *row = &rows[i];
		struct world w;
		struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
		struct l2tp_tunnel *t;

		print_message("# row %zu\n", i);
		world_init(&w, i);
		set_side(lac, &row->lac);
		set_side(lns, &row->lns);
		t = open_tunnel(lac, lns);
		world_settle(&w);
		box_expect(lac, row->lac_story);
		box_expect(lns, row->lns_story);
		assert_int_equal(lac->engine->stats.auth_failures, row->lac_failures);
		assert_int_equal(lns->engine->stats.auth_failures, row->lns_failures);
		if (row->lac_satisfied)
			assert_true(t->authenticated);
		if (first_tunnel(lns))
			assert_int_equal(first_tunnel(lns)->authenticated, row->lns_satisfied);
		world_end(&w);
	}
}

/* Whoever does not answer is refused like one that answers wrongly. */
static void test_no_answer(void **state)
{
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;

	(void)state;
	world_init(&w, 20);
	box_secret(box, "secret");
	box->peer->challenge = CHALLENGE_REQUIRE;
	talker_init(&talker, box);
	talker_say(&talker, 0, MSG_SCCRQ);
	talker_say(&talker, 0, MSG_SCCCN);
	box_expect(box, "tx:SCCRP tx:StopCCN(4) ev:tunnel-down ev:tunnel-gone");
	assert_string_equal(box->reason, "local: the peer did not answer the challenge (result 4)");
	assert_int_equal(box->fake[FAKE_TUNNEL_CREATE].calls, 0);
	world_end(&w);

	world_init(&w, 21);
	box_secret(box, "secret");
	box->peer->challenge = CHALLENGE_REQUIRE;
	talker_init(&talker, box);
	talker_awaits(&talker);
	talker_say(&talker, 0, MSG_SCCRP);
	box_expect(box, "tx:SCCRQ tx:StopCCN(4) ev:tunnel-down ev:tunnel-gone");
	assert_int_equal(box->fake[FAKE_TUNNEL_CREATE].calls, 0);
	world_end(&w);
}

/* The response of one tunnel is worth nothing in another. */
static void test_challenges_differ(void **state)
{
	struct world w;
	struct box *box = &w.boxes[1];
	struct talker talker;
	uint8_t first[16];

	(void)state;
	world_init(&w, 22);
	box_secret(box, "secret");
	box->peer->challenge = CHALLENGE_REQUIRE;
	talker_init(&talker, box);
	talker_say(&talker, 0, MSG_SCCRQ);
	assert_int_equal(box_sent(box, MSG_SCCRP)->msg.challenge.len, sizeof(first));
	memcpy(first, box_sent(box, MSG_SCCRP)->msg.challenge.data, sizeof(first));
	talker.tunnel_id++;
	talker.ns = talker.nr = 0;
	talker_say(&talker, 0, MSG_SCCRQ);
	assert_memory_not_equal(box_sent(box, MSG_SCCRP)->msg.challenge.data, first, sizeof(first));
	world_end(&w);
}

static bool packet_contains(const struct sent *sent, const char *text)
{
	return memmem(sent->packet, sent->header.length, text, strlen(text));
}

/* Hidden both ways, through a call and its end. */
static void test_hidden(void **state)
{
	const struct session_params params = {.called_number = "5551234",
					      .calling_number = "alice"};
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct l2tp_session *s;

	(void)state;
	for (enum hide_policy hide = HIDE_NEVER; hide <= HIDE_ALWAYS; hide++) {
		const struct side side = {"secret", CHALLENGE_REQUIRE};

		world_init(&w, 23);
		set_side(lac, &side);
		set_side(lns, &side);
		lac->peer->hide = lns->peer->hide = hide;
		lac->call_on_up = &params;
		open_tunnel(lac, lns);
		world_settle(&w);
		s = first_session(lns);
		assert_non_null(s);
		assert_int_equal(s->core.state, SESSION_ESTABLISHED);
		assert_string_equal(call_info_text(s->info, CALL_CALLED_NUMBER), "5551234");
		assert_string_equal(call_info_text(s->info, CALL_CALLING_NUMBER), "alice");
		assert_true(packet_contains(box_sent(lac, MSG_ICRQ), "alice") ==
			    (hide == HIDE_NEVER));
		assert_true(packet_contains(box_sent(lns, MSG_SCCRP), "adit") ==
			    (hide != HIDE_ALWAYS));
		close_session(first_session(lac));
		world_settle(&w);
		assert_null(first_session(lns));
		world_end(&w);
	}
}

/* With another secret nothing hidden can be read: what cannot be read is refused. */
static void test_hidden_wrong_secret(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];

	(void)state;
	world_init(&w, 24);
	set_side(lac, &(struct side){"secret", CHALLENGE_ANSWER});
	set_side(lns, &(struct side){"other", CHALLENGE_ANSWER});
	lac->peer->hide = HIDE_ALWAYS;
	open_tunnel(lac, lns);
	world_run(&w, 40 * USEC_PER_SEC);
	assert_int_equal(lns->engine->stats.tunnels_accepted, 0);
	assert_int_equal(lac->engine->n_tunnels, 0);
	assert_int_equal(lac->fake[FAKE_TUNNEL_CREATE].calls, 0);
	assert_int_equal(lns->fake[FAKE_TUNNEL_CREATE].calls, 0);
	world_end(&w);
}

/* Two peers behind one address: the Host Name, which is never hidden, says whose secret reads. */
static void test_secret_by_host_name(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct peer *other = peer_new("other");
	struct list peers;

	(void)state;
	world_init(&w, 25);
	other->host_name = strdup("somebody");
	other->secret = strdup("something");
	box_secret(lac, "secret");
	box_secret(lns, "secret");
	lac->peer->hide = HIDE_ALWAYS;
	lns->peer->host_name = strdup("lac");
	list_init(&peers);
	list_append(&peers, &other->node);
	list_remove(&lns->peer->node);
	list_append(&peers, &lns->peer->node);
	l2tp_engine_set_peers(lns->engine, &peers);
	open_tunnel(lac, lns);
	world_settle(&w);
	box_expect(lac, UP_LAC);
	box_expect(lns, UP_LNS);
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policies),
		cmocka_unit_test(test_no_answer),
		cmocka_unit_test(test_challenges_differ),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_hidden_wrong_secret),
		cmocka_unit_test(test_secret_by_host_name),
	};

	return cmocka_run_group_tests_name("engine_auth", tests, NULL, NULL);
}
