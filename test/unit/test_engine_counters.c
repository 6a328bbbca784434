/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters of the engine: both ends tell the same story, and it outlives the tunnels.
 */
#include "engine_fixture.h"

#include <string.h>

static void assert_mirrored(const struct in_out *ours, const struct in_out *theirs, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		assert_int_equal(ours[i].out, theirs[i].in);
		assert_int_equal(ours[i].in, theirs[i].out);
	}
}

static uint64_t sum(const struct in_out *columns, unsigned int n, bool out)
{
	uint64_t total = 0;

	while (n--)
		total += out ? columns[n].out : columns[n].in;
	return total;
}

static void assert_both_agree(const struct world *w)
{
	const struct l2tp_engine *lac = w->boxes[0].engine, *lns = w->boxes[1].engine;

	assert_mirrored(lac->traffic.messages, lns->traffic.messages, MSG_TYPE_MAX);
	assert_mirrored(lac->traffic.stopccn, lns->traffic.stopccn, STOPCCN_RESULT_MAX);
	assert_mirrored(lac->traffic.cdn, lns->traffic.cdn, CDN_RESULT_MAX);
	for (int i = 0; i < BOXES; i++) {
		const struct l2tp_engine *engine = w->boxes[i].engine;
		const struct traffic *traffic = &engine->traffic;

		assert_int_equal(sum(traffic->messages, MSG_TYPE_MAX, true),
				 engine->transport.tx_messages);
		assert_int_equal(sum(traffic->messages, MSG_TYPE_MAX, false),
				 engine->transport.rx_messages + engine->stats.tunnels_accepted);
		assert_int_equal(engine->stats.tx_packets,
				 engine->transport.tx_messages + engine->transport.tx_zlb +
					 engine->transport.tx_retransmits);
		assert_int_equal(sum(traffic->stopccn, STOPCCN_RESULT_MAX, true),
				 traffic->messages[MSG_STOPCCN].out);
		assert_int_equal(sum(traffic->cdn, CDN_RESULT_MAX, true),
				 traffic->messages[MSG_CDN].out);
	}
}

static void run_calls(struct world *w)
{
	for (int i = 0; i < 3; i++) {
		struct l2tp_tunnel *t = open_tunnel(&w->boxes[i % 2], &w->boxes[(i + 1) % 2]);

		open_session(t);
		open_session(t);
		world_run(w, 200 * USEC_PER_SEC);
		close_session(l2tp_session_next(t, NULL));
		world_run(w, 100 * USEC_PER_SEC);
		close_tunnel(t);
		world_run(w, 100 * USEC_PER_SEC);
	}
}

static void test_sums_outlive_tunnels(void **state)
{
	const struct l2tp_engine *lac;
	struct world w;

	(void)state;
	world_init(&w, 1);
	run_calls(&w);
	lac = w.boxes[0].engine;
	assert_int_equal(lac->n_tunnels, 0);
	assert_both_agree(&w);
	assert_int_equal(lac->traffic.messages[MSG_SCCRQ].out, 2);
	assert_int_equal(lac->traffic.messages[MSG_SCCRQ].in, 1);
	assert_int_equal(lac->traffic.messages[MSG_ICRQ].out, 4);
	assert_int_equal(lac->traffic.messages[MSG_ICCN].in, 2);
	assert_true(lac->traffic.messages[MSG_HELLO].out > 0);
	assert_int_equal(lac->traffic.cdn[CDN_ADMIN].out, 4);
	assert_int_equal(lac->traffic.cdn[CDN_ADMIN].in, 2);
	assert_int_equal(lac->traffic.stopccn[STOPCCN_CLEAR].out, 2);
	assert_int_equal(lac->stats.tunnels_established, 3);
	assert_int_equal(lac->stats.sessions_established, 6);
	assert_int_equal(lac->transport.tx_retransmits, 0);
	world_end(&w);
}

/* A message that is repeated is counted once, whatever the network does to it. */
static void test_losses(void **state)
{
	struct world w;

	(void)state;
	for (uint64_t seed = 1; seed <= 5; seed++) {
		world_init(&w, seed);
		w.loss = 20;
		w.twice = 20;
		run_calls(&w);
		assert_true(w.boxes[0].engine->transport.tx_retransmits +
				    w.boxes[1].engine->transport.tx_retransmits >
			    0);
		assert_true(w.boxes[0].engine->transport.rx_duplicates > 0);
		assert_both_agree(&w);
		world_end(&w);
	}
}

/* A tunnel's counters are narrow ones, and wrap as those of SNMP do; the sums go on. */
static void test_wrap(void **state)
{
	struct tunnel_traffic own = {.messages[MSG_HELLO] = {.in = UINT32_MAX, .out = 7}};
	struct traffic all = {.messages[MSG_HELLO] = {.in = UINT32_MAX, .out = 7}};
	const struct l2tp_msg msg = {.type = MSG_HELLO};

	(void)state;
	tunnel_traffic_count(&own, false, &msg);
	traffic_count(&all, false, &msg);
	assert_int_equal(own.messages[MSG_HELLO].in, 0);
	assert_int_equal(own.messages[MSG_HELLO].out, 7);
	assert_int_equal(traffic_of_tunnel(&own).messages[MSG_HELLO].out, 7);
	assert_int_equal(all.messages[MSG_HELLO].in, (uint64_t)UINT32_MAX + 1);
}

/* An end of each kind finds its column, and those without one share the first. */
static void test_columns(void **state)
{
	struct tunnel_traffic own = {0};
	struct traffic all = {0};
	struct l2tp_msg msg = {.type = MSG_CDN};

	(void)state;
	for (unsigned int result = 0; result <= UINT16_MAX; result++) {
		msg.result_code.result = (uint16_t)result;
		msg.type = MSG_CDN;
		traffic_count(&all, true, &msg);
		tunnel_traffic_count(&own, false, &msg);
		msg.type = MSG_STOPCCN;
		traffic_count(&all, false, &msg);
	}
	for (unsigned int result = 1; result < CDN_RESULT_MAX; result++) {
		assert_int_equal(all.cdn[result].out, 1);
		assert_int_equal(own.cdn[result].in, 1);
	}
	for (unsigned int result = 1; result < STOPCCN_RESULT_MAX; result++)
		assert_int_equal(all.stopccn[result].in, 1);
	assert_int_equal(all.cdn[0].out, 65536 - (CDN_RESULT_MAX - 1));
	assert_int_equal(own.cdn[0].in, 65536 - (CDN_RESULT_MAX - 1));
	assert_int_equal(all.stopccn[0].in, 65536 - (STOPCCN_RESULT_MAX - 1));
	assert_int_equal(all.messages[MSG_CDN].out, 65536);
	assert_int_equal(all.messages[MSG_STOPCCN].in, 65536);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums_outlive_tunnels),
		cmocka_unit_test(test_losses),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
