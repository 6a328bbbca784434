/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A LAC's proxy and a caller over a link that loses, doubles, delays and reorders, in virtual time.
 *
 * All randomness comes from a seed, so a failure names the seed and repeats. Whatever the link
 * does, within a bounded time the LAC has the caller's own credentials, or both have given up; with
 * no losses it always has them. The caller speaks LCP by the same automaton, but wants its own
 * things: some that are rejected, another MRU, another way to authenticate.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/list.h"
#include "ppp/fsm.h"
#include "ppp/option.h"
#include "ppp/proxy.h"

#define SEEDS 2000
#define FRAME_MAX 256

struct caller {
	struct ppp_fsm fsm;
	struct timer timer; /* PAP is repeated */
	bool wants_pfc;
	uint16_t mru;
	enum ppp_auth auth; /* the only one it knows */
	uint8_t pap_id;
	bool believed;
};

struct net {
	struct ppp_proxy_settings settings;
	struct ppp_proxy *proxy;
	struct caller caller;
	struct timer_queue timers;
	usec_t now;
	uint64_t random;
	unsigned int loss, twice; /* percent */
	usec_t delay, jitter, last_arrival;
	unsigned int under_way, frames;
	unsigned int authenticating, downs;
};

/* A frame under way: its timer is its arrival. */
struct frame {
	struct timer arrival;
	struct net *net;
	bool to_caller;
	size_t len;
	uint8_t data[FRAME_MAX];
};

static unsigned int seed_now;

#define check(condition)                                                       \
	do {                                                                   \
		if (!(condition))                                              \
			fail_msg("seed %u: not so: %s", seed_now, #condition); \
	} while (0)

/* SplitMix64: any seed is a good one. */
static uint64_t random_next(struct net *net)
{
	uint64_t z = net->random += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static unsigned int below(struct net *net, unsigned int limit)
{
	return (unsigned int)(random_next(net) % limit);
}

static struct net *net_of(struct ppp_fsm *fsm)
{
	return container_of(fsm, struct net, caller.fsm);
}

static void caller_input(struct net *net, struct bytes frame);

static void on_arrival(struct timer *timer, usec_t now)
{
	struct frame *frame = container_of(timer, struct frame, arrival);
	struct bytes bytes = {frame->data, frame->len};

	frame->net->under_way--;
	if (frame->to_caller)
		caller_input(frame->net, bytes);
	else if (frame->net->proxy)
		ppp_proxy_input(frame->net->proxy, bytes, now);
	free(frame);
}

static void put(struct net *net, bool to_caller, struct bytes bytes)
{
	usec_t arrival = net->now + net->delay;
	struct frame *frame;

	net->frames++;
	if (below(net, 100) < net->loss)
		return;
	frame = malloc(sizeof(*frame));
	check(frame && bytes.len <= sizeof(frame->data));
	if (net->jitter)
		arrival += below(net, (unsigned int)net->jitter);
	else if (arrival <= net->last_arrival)
		arrival = net->last_arrival + 1; /* timers of one moment have no order */
	net->last_arrival = arrival;
	frame->net = net;
	frame->to_caller = to_caller;
	frame->len = bytes.len;
	memcpy(frame->data, bytes.data, bytes.len);
	timer_init(&frame->arrival, on_arrival);
	check(timer_start(&net->timers, &frame->arrival, arrival) == 0);
	net->under_way++;
}

static void transmit(struct net *net, bool to_caller, struct bytes bytes)
{
	put(net, to_caller, bytes);
	if (below(net, 100) < net->twice)
		put(net, to_caller, bytes);
}

static void caller_frame(struct net *net, uint16_t protocol, uint8_t code, uint8_t id,
			 struct bytes data)
{
	uint8_t frame[FRAME_MAX];
	struct writer w = writer_init(frame, sizeof(frame));

	writer_u16(&w, protocol);
	writer_u8(&w, code);
	writer_u8(&w, id);
	writer_u16(&w, (uint16_t)(4 + data.len));
	writer_bytes(&w, data);
	transmit(net, false, (struct bytes){frame, writer_len(&w)});
}

static void send_pap(struct net *net)
{
	static const uint8_t data[] = {3, 'j', 'o', 'e', 2, 'p', 'w'};

	caller_frame(net, 0xc023, 1, ++net->caller.pap_id, (struct bytes){data, sizeof(data)});
	check(timer_start(&net->timers, &net->caller.timer, net->now + 3 * USEC_PER_SEC) == 0);
}

static void on_pap_timer(struct timer *timer, usec_t now)
{
	(void)now;
	send_pap(container_of(timer, struct net, caller.timer));
}

/* As the Value, the Challenge turned round. */
static void answer_challenge(struct net *net, const struct ppp_packet *packet)
{
	uint8_t data[20];

	if (packet->code != 1 || packet->data.len < 17)
		return;
	data[0] = 16;
	for (size_t i = 0; i < 16; i++)
		data[1 + i] = packet->data.data[16 - i];
	memcpy(data + 17, "joe", 3);
	caller_frame(net, 0xc223, 2, packet->id, (struct bytes){data, sizeof(data)});
}

static void caller_input(struct net *net, struct bytes frame)
{
	struct bytes rest = {frame.data + 2, frame.len - 2};
	uint16_t protocol = (uint16_t)(frame.data[0] << 8 | frame.data[1]);
	struct ppp_packet packet;

	check(ppp_packet_read(rest, &packet) == 0);
	if (protocol == 0xc021) {
		ppp_fsm_input(&net->caller.fsm, rest, net->now);
		return;
	}
	check(protocol == ppp_auth_row(net->caller.auth)->protocol);
	if (net->caller.fsm.state != PPP_OPENED)
		return;
	if (protocol == 0xc223 && net->caller.auth == PPP_AUTH_CHAP)
		answer_challenge(net, &packet);
	if (packet.code == (protocol == 0xc023 ? 2 : 3)) {
		net->caller.believed = true;
		timer_stop(&net->timers, &net->caller.timer);
	}
}

static void fsm_send(struct ppp_fsm *fsm, struct bytes frame)
{
	transmit(net_of(fsm), false, frame);
}

static void fsm_restarted(struct ppp_fsm *fsm)
{
	net_of(fsm)->caller.wants_pfc = true;
}

static void fsm_request(struct ppp_fsm *fsm, struct writer *w)
{
	struct caller *caller = &net_of(fsm)->caller;

	writer_u32(w, 0x01040000u | caller->mru);
	if (caller->wants_pfc)
		writer_u16(w, 0x0702);
}

/* All but another way to authenticate, for which it names its own. */
static enum ppp_code fsm_judge(struct ppp_fsm *fsm, struct bytes options, struct writer *w)
{
	const struct ppp_auth_row *row = ppp_auth_row(net_of(fsm)->caller.auth);
	struct ppp_option option;

	if (!ppp_option_find(options, 3, &option) || ppp_auth_of_option(option.value) == row)
		return PPP_CONFIGURE_ACK;
	writer_u8(w, 3);
	writer_u8(w, 2 + row->option_len);
	writer_u16(w, row->protocol);
	if (row->option_len > 2)
		writer_u8(w, row->algorithm);
	return PPP_CONFIGURE_NAK;
}

static void fsm_agreed(struct ppp_fsm *fsm)
{
	(void)fsm;
}

static void fsm_refused(struct ppp_fsm *fsm, enum ppp_code code, struct bytes options, usec_t now)
{
	struct caller *caller = &net_of(fsm)->caller;
	struct ppp_option option;

	(void)now;
	if (ppp_option_find(options, 1, &option) && option.value.len == 2)
		caller->mru = (uint16_t)(option.value.data[0] << 8 | option.value.data[1]);
	if (code == PPP_CONFIGURE_REJECT && ppp_option_find(options, 7, &option))
		caller->wants_pfc = false;
}

static void fsm_up(struct ppp_fsm *fsm, usec_t now)
{
	(void)now;
	if (net_of(fsm)->caller.auth == PPP_AUTH_PAP)
		send_pap(net_of(fsm));
}

static void fsm_down(struct ppp_fsm *fsm, usec_t now)
{
	(void)now;
	timer_stop(&net_of(fsm)->timers, &net_of(fsm)->caller.timer);
}

static void fsm_finished(struct ppp_fsm *fsm, usec_t now)
{
	(void)fsm;
	(void)now;
}

static const struct ppp_fsm_ops caller_ops = {
	.protocol = 0xc021,
	.send = fsm_send,
	.restarted = fsm_restarted,
	.request = fsm_request,
	.judge = fsm_judge,
	.agreed = fsm_agreed,
	.refused = fsm_refused,
	.up = fsm_up,
	.down = fsm_down,
	.finished = fsm_finished,
};

static void proxy_random(void *user, void *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		((uint8_t *)data)[i] = (uint8_t)random_next(user);
}

static void proxy_send(void *user, struct bytes frame)
{
	transmit(user, true, frame);
}

static void proxy_authenticating(void *user, usec_t now)
{
	struct net *net = user;
	const struct ppp_credentials *c = ppp_proxy_credentials(net->proxy);

	net->authenticating++;
	check(net->downs == 0);
	check(c->type == net->caller.auth && !strcmp(c->user, "joe"));
	if (c->type == PPP_AUTH_PAP)
		check(bytes_equal(c->response, bytes_str("pw")));
	for (size_t i = 0; i < c->challenge.len; i++)
		check(c->response.data[i] == c->challenge.data[15 - i]);
	ppp_proxy_accept(net->proxy, "", now);
}

static void proxy_restarted(void *user, usec_t now)
{
	struct net *net = user;

	(void)now;
	check(net->authenticating > 0 && net->downs == 0);
}

static void proxy_down(void *user, const struct reason *reason, usec_t now)
{
	struct net *net = user;

	(void)now;
	check(reason->origin == ORIGIN_PPP && reason->text[0]);
	net->downs++;
}

static const struct ppp_proxy_ops proxy_ops = {
	.random = proxy_random,
	.send = proxy_send,
	.authenticating = proxy_authenticating,
	.restarted = proxy_restarted,
	.down = proxy_down,
};

static void run_until(struct net *net, usec_t end)
{
	usec_t next;

	while ((next = timer_queue_next(&net->timers)) <= end) {
		net->now = next;
		timer_queue_run(&net->timers, next);
	}
	net->now = end;
}

static void begin(struct net *net, unsigned int seed)
{
	static const struct ppp_counts counts = {3 * USEC_PER_SEC, 10, 2, 5};

	seed_now = seed;
	memset(net, 0, sizeof(*net));
	timer_queue_init(&net->timers);
	net->random = seed;
	net->now = USEC_PER_SEC;
	net->settings = ppp_proxy_defaults;
	net->settings.timeout = 300 * USEC_PER_SEC;
	net->caller.auth = below(net, 2) ? PPP_AUTH_PAP : PPP_AUTH_CHAP;
	net->caller.mru = below(net, 2) ? 1500 : 1400;
	timer_init(&net->caller.timer, on_pap_timer);
	check(ppp_fsm_init(&net->caller.fsm, &caller_ops, &counts, &net->timers) == 0);
	check(ppp_proxy_new(&proxy_ops, net, &net->timers, &net->settings, 1492, &net->proxy) == 0);
	net->delay = (usec_t)below(net, 400) * USEC_PER_MSEC;
}

static void end(struct net *net)
{
	ppp_proxy_free(net->proxy);
	net->proxy = NULL;
	ppp_fsm_event(&net->caller.fsm, PPP_DOWN, net->now);
	run_until(net, net->now + 60 * USEC_PER_SEC);
	check(net->under_way == 0);
	timer_stop(&net->timers, &net->caller.timer);
	ppp_fsm_fini(&net->caller.fsm);
	check(net->timers.count + net->timers.parked == 0);
	timer_queue_fini(&net->timers);
}

static void dial(struct net *net, usec_t time)
{
	ppp_fsm_event(&net->caller.fsm, PPP_OPEN, net->now);
	ppp_fsm_event(&net->caller.fsm, PPP_UP, net->now);
	ppp_proxy_start(net->proxy, net->now);
	run_until(net, net->now + time);
}

static void test_clean(void **state)
{
	struct net net;

	(void)state;
	for (unsigned int seed = 1; seed <= SEEDS / 4; seed++) {
		begin(&net, seed);
		dial(&net, 20 * USEC_PER_SEC);
		check(net.authenticating == 1 && net.downs == 0 && net.caller.believed);
		check(net.caller.mru <= 1492 && !net.caller.wants_pfc);
		check(net.frames < 25);
		end(&net);
	}
}

/* In the end both are agreed, or both are gone; neither talks for ever. */
static void test_bad(void **state)
{
	unsigned int up = 0, frames;
	struct net net;

	(void)state;
	for (unsigned int seed = 1; seed <= SEEDS; seed++) {
		begin(&net, seed);
		net.loss = below(&net, 30);
		net.twice = below(&net, 20);
		net.jitter = (usec_t)below(&net, 2) * USEC_PER_SEC;
		dial(&net, 600 * USEC_PER_SEC);
		check(net.authenticating > 0 || net.downs == 1);
		check(net.downs <= 1);
		check(net.downs || net.caller.fsm.state == PPP_OPENED);
		/* Nobody asks again for a Success that was lost, RFC 1994 4.2. */
		check(net.downs || net.caller.believed || net.caller.auth == PPP_AUTH_CHAP);
		up += !net.downs;
		frames = net.frames;
		run_until(&net, net.now + 100 * USEC_PER_SEC);
		check(net.frames == frames || net.downs);
		end(&net);
	}
	/* Hardly any is given up. */
	if (up < SEEDS * 9 / 10)
		fail_msg("only %u of %u came up", up, SEEDS);
}

static void test_partition(void **state)
{
	struct net net;

	(void)state;
	for (unsigned int seed = 1; seed <= 20; seed++) {
		begin(&net, seed);
		net.loss = 100;
		dial(&net, 31 * USEC_PER_SEC);
		check(net.authenticating == 0 && net.downs == 1);
		check(net.frames == 20);
		check(timer_queue_next(&net.timers) == USEC_NEVER);
		end(&net);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_partition),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
