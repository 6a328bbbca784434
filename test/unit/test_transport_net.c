/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two transports over a network that loses, doubles, delays and reorders, in virtual time.
 *
 * All randomness comes from a seed, so a failure names the seed and repeats. Whatever the network
 * does short of a partition, each side gets all messages of the other, in order, once, within a
 * bounded time, and both end drained; in a partition both notice, once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/list.h"
#include "transport/transport.h"

#define MESSAGES 200
#define PACKET_MAX 64

struct net;

struct end {
	struct transport t;
	struct net *net;
	struct end *peer;
	/* Messages are numbered in their bodies. */
	unsigned int sent;
	unsigned int received;
	unsigned int hellos;
	unsigned int timeouts;
	unsigned int drains;
	usec_t ended;
	struct timer talk;
};

struct net {
	struct timer_queue timers;
	usec_t now;
	uint64_t random;
	/* Percent. */
	unsigned int loss;
	unsigned int twice;
	usec_t delay;
	usec_t jitter;
	usec_t last_arrival;
	struct end ends[2];
};

/* A packet under way: its timer is its arrival. */
struct packet {
	struct timer arrival;
	struct end *to;
	size_t len;
	uint8_t data[PACKET_MAX];
};

static uint64_t seed_now;

#define check(condition)                                                                     \
	do {                                                                                 \
		if (!(condition))                                                            \
			fail_msg("seed %u: not so: %s", (unsigned int)seed_now, #condition); \
	} while (0)

/* SplitMix64: any seed is a good one. */
static uint64_t random_next(struct net *net)
{
	uint64_t z = net->random += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static unsigned int random_below(struct net *net, unsigned int limit)
{
	return (unsigned int)(random_next(net) % limit);
}

static bool chance(struct net *net, unsigned int percent)
{
	return random_below(net, 100) < percent;
}

static void packet_arrives(struct timer *timer, usec_t now)
{
	struct packet *packet = container_of(timer, struct packet, arrival);
	struct control_header header;
	struct bytes body;

	check(packet_parse((struct bytes){packet->data, packet->len}, &header, &body) ==
	      PACKET_CONTROL);
	transport_input(&packet->to->t, &header, body, now);
	free(packet);
}

static void put_on_wire(struct net *net, struct end *to, struct bytes data)
{
	struct packet *packet;
	usec_t arrival = net->now + net->delay;

	if (chance(net, net->loss))
		return;
	packet = malloc(sizeof(*packet));
	check(packet && data.len <= sizeof(packet->data));
	if (net->jitter)
		arrival += random_below(net, (unsigned int)net->jitter);
	else if (arrival <= net->last_arrival)
		arrival = net->last_arrival + 1; /* timers of one moment have no order */
	net->last_arrival = arrival;
	packet->to = to;
	packet->len = data.len;
	memcpy(packet->data, data.data, data.len);
	timer_init(&packet->arrival, packet_arrives);
	check(timer_start(&net->timers, &packet->arrival, arrival) == 0);
}

static void end_tx(struct transport *t, struct bytes packet)
{
	struct end *end = container_of(t, struct end, t);

	check(t->in_flight == (uint16_t)(t->ns - t->acked));
	check(t->in_flight <= t->peer_window && t->cwnd <= t->peer_window);
	put_on_wire(end->net, end->peer, packet);
	if (chance(end->net, end->net->twice))
		put_on_wire(end->net, end->peer, packet);
}

static int end_send(struct end *end, uint32_t number, usec_t now)
{
	const struct control_header header = {.version = 2};
	uint8_t data[PACKET_MAX];
	struct writer w = writer_init(data, sizeof(data));
	unsigned int padding = random_below(end->net, 32);

	control_header_write(&w, &header);
	writer_u32(&w, number);
	while (padding-- > 0)
		writer_u8(&w, (uint8_t)number);
	control_header_finish(&w);
	return transport_send(&end->t, (struct bytes){data, writer_len(&w)}, 0, now);
}

#define HELLO UINT32_MAX

static void end_deliver(struct transport *t, const struct control_header *header, struct bytes body,
			usec_t now)
{
	struct end *end = container_of(t, struct end, t);
	struct reader r = reader_init(body.data, body.len);
	uint32_t number = reader_u32(&r);

	check(r.ok && now == end->net->now);
	check((uint16_t)(header->ns + 1) == t->nr);
	if (number == HELLO)
		return;
	check(number == end->received);
	while (reader_left(&r) > 0)
		check(reader_u8(&r) == (uint8_t)number);
	end->received++;
	/* Some are answered at once, as the engine does. */
	if (end->sent < MESSAGES && chance(end->net, 30))
		check(end_send(end, end->sent++, now) == 0);
}

static void end_timed_out(struct transport *t, usec_t now)
{
	container_of(t, struct end, t)->timeouts++;
	container_of(t, struct end, t)->ended = now;
}

static void end_hello_due(struct transport *t, usec_t now)
{
	struct end *end = container_of(t, struct end, t);

	end->hellos++;
	check(t->in_flight == 0 && t->queued == 0);
	check(end_send(end, HELLO, now) == 0);
}

static void end_drained(struct transport *t, usec_t now)
{
	check(t->in_flight == 0 && t->queued == 0);
	container_of(t, struct end, t)->drains++;
	container_of(t, struct end, t)->ended = now;
}

static const struct transport_ops ops = {
	.tx = end_tx,
	.deliver = end_deliver,
	.timed_out = end_timed_out,
	.hello_due = end_hello_due,
	.drained = end_drained,
};

/* Messages come in bursts, with pauses in which HELLOs may become due. */
static void end_talks(struct timer *timer, usec_t now)
{
	struct end *end = container_of(timer, struct end, talk);
	unsigned int burst = 1 + random_below(end->net, 40);
	usec_t pause = chance(end->net, 10) ? 20 * USEC_PER_SEC : 300 * USEC_PER_MSEC;

	if (end->t.dead)
		return;
	while (burst-- > 0 && end->sent < MESSAGES)
		check(end_send(end, end->sent++, now) == 0);
	if (end->sent == MESSAGES)
		transport_close(&end->t, now);
	else
		check(timer_start(&end->net->timers, timer, now + pause) == 0);
}

static void end_start(struct end *end, struct end *peer, const struct transport_config *config)
{
	end->peer = peer;
	transport_init(&end->t, &ops, config, &end->net->timers, end->net->now);
	timer_init(&end->talk, end_talks);
	check(timer_start(&end->net->timers, &end->talk, end->net->now) == 0);
}

static void net_start(struct net *net, uint64_t seed, unsigned int retries)
{
	struct transport_config config = transport_config_default;
	struct end *a = &net->ends[0], *b = &net->ends[1];

	seed_now = seed;
	*net = (struct net){.random = seed};
	timer_queue_init(&net->timers);
	net->twice = random_below(net, 20);
	net->delay = random_below(net, 100) * USEC_PER_MSEC;
	net->jitter = random_below(net, 200) * USEC_PER_MSEC;
	a->net = b->net = net;

	config.retries = retries;
	config.hello_interval = 15 * USEC_PER_SEC;
	config.window = (uint16_t)(1 + random_below(net, 40));
	end_start(a, b, &config);
	config.window = (uint16_t)(1 + random_below(net, 40));
	end_start(b, a, &config);
	transport_set_peer_window(&a->t, b->t.config.window);
	/* Some peers never heard of windows. */
	transport_set_peer_window(&b->t, chance(net, 20) ? 200 : a->t.config.window);

	/* Half of the seeds meet the wrap of the numbers, in either direction. */
	if (seed % 2) {
		a->t.ns = a->t.acked = b->t.nr = (uint16_t)(65535 - random_below(net, 100));
		b->t.ns = b->t.acked = a->t.nr = (uint16_t)(32767 - random_below(net, 100));
	}
}

/* Until nothing is left to happen; returns when that was. */
static usec_t net_run(struct net *net)
{
	while (timer_queue_next(&net->timers) != USEC_NEVER) {
		check(timer_queue_next(&net->timers) < 24 * 3600 * USEC_PER_SEC);
		net->now = timer_queue_next(&net->timers);
		timer_queue_run(&net->timers, net->now);
	}
	return net->now;
}

static void net_end(struct net *net)
{
	for (size_t i = 0; i < 2; i++)
		transport_fini(&net->ends[i].t);
	timer_queue_fini(&net->timers);
}

struct totals {
	usec_t longest;
	uint64_t retransmits;
	uint64_t duplicates;
	uint64_t early;
	uint64_t outside;
	unsigned int hellos;
};

static void all_arrived(const struct end *end, struct totals *totals)
{
	const struct transport_stats *stats = &end->t.stats;

	check(end->received == MESSAGES);
	check(end->timeouts == 0);
	check(end->drains == 1);
	check(!end->t.early);
	check(stats->tx_messages == MESSAGES + end->hellos);
	check(stats->rx_messages == end->peer->t.stats.tx_messages);
	check(stats->rx_bad_nr == 0);
	totals->retransmits += stats->tx_retransmits;
	totals->duplicates += stats->rx_duplicates;
	totals->early += stats->rx_out_of_order;
	totals->outside += stats->rx_out_of_window;
	totals->hellos += end->hellos;
}

static void run_seeds(uint64_t first, unsigned int count, unsigned int loss_max,
		      struct totals *totals)
{
	struct net net;
	usec_t took;

	*totals = (struct totals){0};
	for (uint64_t seed = first; seed < first + count; seed++) {
		net_start(&net, seed, 40);
		net.loss = random_below(&net, loss_max + 1);
		took = net_run(&net);
		all_arrived(&net.ends[0], totals);
		all_arrived(&net.ends[1], totals);
		net_end(&net);
		if (took > totals->longest)
			totals->longest = took;
	}
	print_message("# longest %d s, %u retransmits, %u duplicates, %u early, %u outside, %u "
		      "hellos\n",
		      (int)(totals->longest / USEC_PER_SEC), (unsigned int)totals->retransmits,
		      (unsigned int)totals->duplicates, (unsigned int)totals->early,
		      (unsigned int)totals->outside, totals->hellos);
}

static void test_loss_up_to_30(void **state)
{
	struct totals totals;

	(void)state;
	run_seeds(1, 2000, 30, &totals);
	/* That the network did its worst is part of the test. */
	assert_true(totals.retransmits > 10000 && totals.duplicates > 10000);
	assert_true(totals.early > 10000 && totals.outside > 1000 && totals.hellos > 100);
	assert_true(totals.longest < 1800 * USEC_PER_SEC);
}

static void test_loss_up_to_40(void **state)
{
	struct totals totals;

	(void)state;
	run_seeds(10001, 100, 40, &totals);
	assert_true(totals.longest < 3600 * USEC_PER_SEC);
}

static void test_no_loss(void **state)
{
	struct net net;
	struct totals totals = {0};

	(void)state;
	net_start(&net, 3, 5);
	net.twice = 0;
	net.jitter = 0;
	net.delay = 20 * USEC_PER_MSEC;
	transport_set_peer_window(&net.ends[1].t, net.ends[0].t.config.window);
	net_run(&net);
	all_arrived(&net.ends[0], &totals);
	all_arrived(&net.ends[1], &totals);
	assert_int_equal(totals.retransmits + totals.duplicates + totals.early + totals.outside, 0);
	net_end(&net);
}

static void test_partition(void **state)
{
	const usec_t when = 2 * USEC_PER_SEC;
	unsigned int timeouts = 0;
	usec_t bound;
	struct net net;

	(void)state;
	for (uint64_t seed = 1; seed <= 100; seed++) {
		net_start(&net, seed, transport_config_default.retries);
		while (timer_queue_next(&net.timers) <= when) {
			net.now = timer_queue_next(&net.timers);
			timer_queue_run(&net.timers, net.now);
		}
		net.loss = 100;
		net_run(&net);
		/* What was under way still arrives, then silence, a HELLO, and its repetitions. */
		bound = when + net.delay + net.jitter + net.ends[0].t.config.hello_interval +
			transport_cycle(&transport_config_default);
		for (size_t i = 0; i < 2; i++) {
			check(net.ends[i].timeouts + net.ends[i].drains == 1);
			check(net.ends[i].ended <= bound);
			timeouts += net.ends[i].timeouts;
		}
		net_end(&net);
	}
	assert_true(timeouts > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_loss),
		cmocka_unit_test(test_loss_up_to_30),
		cmocka_unit_test(test_loss_up_to_40),
		cmocka_unit_test(test_partition),
	};

	return cmocka_run_group_tests_name("transport_net", tests, NULL, NULL);
}
