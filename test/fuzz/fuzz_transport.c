/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reliable control channel, RFC 2661 section 5.8, as a game: fuzz_transport.h has its moves.
 *
 * Whatever happens, a transport counts right, never lets a timer be missing, sends each Ns first
 * in order and again only the oldest, and delivers in order, each message once. Two of them agree
 * in the end, unless one gave up.
 */
#include "fuzz_transport.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fuzz.h"
#include "transport/transport.h"

#define START (3600 * USEC_PER_SEC)
#define MOVES_MAX 400
#define UNDER_WAY_MAX 256
#define MESSAGE_LEN (CONTROL_HEADER_LEN + 3)
/* Whose unsent messages are cancelled. */
#define SESSION 7

struct side {
	/* By itself on the heap, so that a checker sees who touches it when it is gone. */
	struct transport *t;
	struct side *peer;
	uint16_t next_ns;
	uint16_t next_nr;
	/* Messages are numbered; those cancelled were never sent. */
	unsigned int sent;
	unsigned int cancelled;
	unsigned int received;
	unsigned int last_number;
	unsigned int timeouts;
	unsigned int drains;
};

struct packet {
	struct side *to;
	size_t len;
	uint8_t data[MESSAGE_LEN];
};

/* The callbacks are given the transport only. */
static struct game {
	struct reader in;
	struct timer_queue timers;
	usec_t now;
	bool frees;
	bool memory_fails;
	struct side sides[2];
	struct packet net[UNDER_WAY_MAX]; /* oldest first */
	unsigned int n_net;
} game;

static struct side *side_of(const struct transport *t)
{
	return t == game.sides[0].t ? &game.sides[0] : &game.sides[1];
}

static void side_free(struct side *side)
{
	transport_fini(side->t);
	free(side->t);
	side->t = NULL;
}

static void side_send(struct side *side, uint8_t what)
{
	const struct control_header header = {.version = 2, .tunnel_id = 9, .session_id = SESSION};
	uint8_t packet[MESSAGE_LEN];
	struct writer w = writer_init(packet, sizeof(packet));
	int err;

	control_header_write(&w, &header);
	writer_u16(&w, (uint16_t)(side->sent + 1));
	writer_u8(&w, what);
	control_header_finish(&w);
	assert_true(w.ok);
	err = transport_send(side->t, (struct bytes){packet, sizeof(packet)}, SESSION, game.now);
	if (!err)
		side->sent++;
	else if (err != -ENOMEM || !game.memory_fails)
		assert_true(err == -ESHUTDOWN && (side->t->dead || side->t->closing));
}

static void side_cancel(struct side *side)
{
	unsigned int queued = side->t->queued;

	transport_cancel(side->t, SESSION);
	side->cancelled += queued - side->t->queued;
}

static void on_tx(struct transport *t, struct bytes bytes)
{
	struct side *side = side_of(t);
	struct control_header header;
	struct packet *packet;
	struct bytes body;

	assert_int_equal(packet_parse(bytes, &header, &body), PACKET_CONTROL);
	assert_int_equal(header.length, bytes.len);
	assert_int_equal(header.nr, t->nr);
	if (!body.len)
		assert_int_equal(header.ns, t->ns);
	else if (header.ns == side->next_ns)
		side->next_ns++;
	else
		assert_int_equal(header.ns, t->acked);
	if (!side->peer || game.n_net == UNDER_WAY_MAX)
		return;
	packet = &game.net[game.n_net++];
	packet->to = side->peer;
	packet->len = bytes.len;
	memcpy(packet->data, bytes.data, bytes.len);
}

static void check_number(struct side *side, struct bytes body)
{
	struct reader r = reader_init(body.data, body.len);
	unsigned int number = reader_u16(&r);

	assert_true(number > side->last_number);
	side->last_number = number;
}

static void on_deliver(struct transport *t, const struct control_header *header, struct bytes body,
		       usec_t now)
{
	struct side *side = side_of(t);
	unsigned int what = body.data[body.len - 1] % TRANSPORT_DO_MAX;

	assert_int_equal(now, game.now);
	assert_int_equal(header->ns, side->next_nr);
	side->next_nr++;
	side->received++;
	if (side->peer)
		check_number(side, body);
	if (side->peer && what > TRANSPORT_DO_CANCEL)
		return;
	switch ((enum transport_do)what) {
	case TRANSPORT_DO_ANSWER:
		side_send(side, TRANSPORT_DO_NOTHING);
		break;
	case TRANSPORT_DO_CLOSE:
		transport_close(t, now);
		break;
	case TRANSPORT_DO_WINDOW:
		transport_set_peer_window(t, (uint16_t)side->received);
		break;
	case TRANSPORT_DO_CANCEL:
		side_cancel(side);
		break;
	case TRANSPORT_DO_MUTE:
		transport_mute(t);
		break;
	case TRANSPORT_DO_FINI:
		transport_fini(t);
		break;
	case TRANSPORT_DO_NOTHING:
	case TRANSPORT_DO_MAX:
		break;
	}
}

static void on_timed_out(struct transport *t, usec_t now)
{
	struct side *side = side_of(t);

	assert_int_equal(now, game.now);
	assert_int_equal(side->timeouts++, 0);
	if (game.frees)
		side_free(side);
}

static void on_hello_due(struct transport *t, usec_t now)
{
	struct side *side = side_of(t);

	assert_int_equal(now, game.now);
	assert_int_equal(t->in_flight, 0);
	if (game.frees)
		side_free(side);
	else
		side_send(side, TRANSPORT_DO_NOTHING);
}

static void on_drained(struct transport *t, usec_t now)
{
	struct side *side = side_of(t);

	assert_int_equal(now, game.now);
	assert_int_equal(side->drains++, 0);
	assert_int_equal(t->in_flight + t->queued, 0);
	if (game.frees)
		side_free(side);
}

static const struct transport_ops ops = {
	.tx = on_tx,
	.deliver = on_deliver,
	.timed_out = on_timed_out,
	.hello_due = on_hello_due,
	.drained = on_drained,
};

static unsigned int length(const struct list *head)
{
	unsigned int n = 0;

	for (const struct list *node = head->next; node != head; node = node->next)
		n++;
	return n;
}

static void check(const struct transport *t)
{
	assert_int_equal(length(&t->sent), t->in_flight);
	assert_int_equal(length(&t->unsent), t->queued);
	assert_true(t->cwnd >= 1 && t->cwnd <= t->peer_window);
	assert_int_equal(!t->early, !t->early_count);
	assert_true(t->early_count < t->config.window);
	assert_false(t->delivering);
	if (t->dead) {
		assert_int_equal(t->in_flight + t->queued + t->early_count, 0);
		assert_false(timer_running(&t->retry_timer) || timer_running(&t->ack_timer) ||
			     timer_running(&t->hello_timer));
		return;
	}
	assert_int_equal((uint16_t)(t->ns - t->acked), t->in_flight);
	assert_int_equal(timer_running(&t->retry_timer), t->in_flight + t->queued > 0);
	assert_false(t->ack_at_once);
	assert_true(!t->ack_owed || timer_running(&t->ack_timer));
	/* What may be sent is not kept. */
	assert_true(!t->queued || t->in_flight);
}

/* --- moves --- */

static uint8_t argument(void)
{
	return reader_u8(&game.in);
}

/* NULL when it is gone already. */
static struct side *side_argument(void)
{
	struct side *side = &game.sides[argument() & 1];

	if (!game.sides[0].peer)
		side = &game.sides[0];
	return side->t ? side : NULL;
}

static void move_send(void)
{
	struct side *side = side_argument();
	unsigned int n = argument() % 32u;
	uint8_t what = argument();

	for (unsigned int i = 0; i <= n && side; i++)
		side_send(side, what);
}

static void move_rx(void)
{
	const struct transport *t = game.sides[0].t;
	int8_t ns = (int8_t)argument(), nr = (int8_t)argument();
	uint8_t *body = fuzz_copy(&(uint8_t){argument()}, 1);
	size_t len = *body ? 1 : 0;
	struct control_header header = {.version = 2,
					.length = (uint16_t)(CONTROL_HEADER_LEN + len)};

	if (t && !game.sides[0].peer) {
		header.ns = (uint16_t)(t->nr + ns);
		header.nr = (uint16_t)(t->ns + nr);
		transport_input(game.sides[0].t, &header, (struct bytes){body, len}, game.now);
	}
	free(body);
}

static void pass_to(usec_t end)
{
	if (end < game.now)
		end = game.now;
	while (timer_queue_next(&game.timers) <= end) {
		if (game.now < timer_queue_next(&game.timers))
			game.now = timer_queue_next(&game.timers);
		timer_queue_run(&game.timers, game.now);
	}
	game.now = end;
}

static void move_time(void)
{
	pass_to(game.now + argument() * 50 * USEC_PER_MSEC);
}

static void arrive(struct packet packet)
{
	struct control_header header;
	struct bytes body;

	if (!packet.to->t)
		return;
	assert_int_equal(packet_parse((struct bytes){packet.data, packet.len}, &header, &body),
			 PACKET_CONTROL);
	transport_input(packet.to->t, &header, body, game.now);
}

static struct packet take_packet(unsigned int which)
{
	struct packet packet = game.net[which];

	game.n_net--;
	memmove(&game.net[which], &game.net[which + 1], (game.n_net - which) * sizeof(game.net[0]));
	return packet;
}

static void move_arrive(void)
{
	unsigned int which = argument();

	if (game.n_net)
		arrive(take_packet(which % game.n_net));
}

static void move_lose(void)
{
	unsigned int which = argument();

	if (game.n_net)
		take_packet(which % game.n_net);
}

static void move_double(void)
{
	unsigned int which = argument();

	if (game.n_net)
		arrive(game.net[which % game.n_net]);
}

static void move_window(void)
{
	struct side *side = side_argument();
	uint8_t window = argument();

	if (side)
		transport_set_peer_window(side->t, window);
}

static void move_cancel(void)
{
	struct side *side = side_argument();

	if (side)
		side_cancel(side);
}

static void move_close(void)
{
	struct side *side = side_argument();

	if (side)
		transport_close(side->t, game.now);
}

static void move_mute(void)
{
	if (game.sides[0].t && !game.sides[0].peer)
		transport_mute(game.sides[0].t);
}

static void move_config(void)
{
	struct side *side = side_argument();
	uint8_t hello = argument(), retries = argument();
	struct transport_config config = transport_config_default;

	config.hello_interval = hello * USEC_PER_SEC;
	config.retries = retries % 16;
	if (side)
		transport_set_config(side->t, &config, game.now);
}

static void move_memory(void)
{
	uint8_t which = argument();

	if (game.sides[0].peer)
		return;
	__mem_fail_after(which);
	game.memory_fails = true;
}

static void (*const moves[TRANSPORT_OP_MAX])(void) = {
	[TRANSPORT_SEND] = move_send,	  [TRANSPORT_RX] = move_rx,
	[TRANSPORT_TIME] = move_time,	  [TRANSPORT_ARRIVE] = move_arrive,
	[TRANSPORT_LOSE] = move_lose,	  [TRANSPORT_DOUBLE] = move_double,
	[TRANSPORT_WINDOW] = move_window, [TRANSPORT_CANCEL] = move_cancel,
	[TRANSPORT_CLOSE] = move_close,	  [TRANSPORT_MUTE] = move_mute,
	[TRANSPORT_CONFIG] = move_config, [TRANSPORT_MEMORY] = move_memory,
};

static void check_sides(void)
{
	for (size_t i = 0; i < 2; i++) {
		if (game.sides[i].t)
			check(game.sides[i].t);
	}
}

static bool idle(const struct side *side)
{
	return side->t->in_flight + side->t->queued == 0;
}

/* From here on the network is perfect. */
static void agree(void)
{
	struct side *a = &game.sides[0], *b = &game.sides[1];

	while (a->t && b->t && !a->t->dead && !b->t->dead && (!idle(a) || !idle(b) || game.n_net)) {
		if (game.n_net)
			arrive(take_packet(0));
		else
			pass_to(timer_queue_next(&game.timers));
		check_sides();
	}
	if (!a->t || !b->t || a->t->dead || b->t->dead)
		return;
	assert_int_equal(a->sent - a->cancelled, b->received);
	assert_int_equal(b->sent - b->cancelled, a->received);
}

static void set_up(void)
{
	uint8_t flags = argument();
	struct transport_config config = transport_config_default;
	uint16_t ns, nr;

	game.now = START;
	timer_queue_init(&game.timers);
	game.frees = flags & TRANSPORT_FREES;
	config.window = argument();
	config.retries = argument() % 16;
	config.hello_interval = argument() * USEC_PER_SEC;
	ns = reader_u16(&game.in);
	nr = reader_u16(&game.in);
	for (size_t i = 0; i < (flags & TRANSPORT_PAIR ? 2 : 1); i++) {
		struct side *side = &game.sides[i];

		side->t = malloc(sizeof(*side->t));
		assert_non_null(side->t);
		transport_init(side->t, &ops, &config, &game.timers, game.now);
		side->t->ns = side->t->acked = side->next_ns = i ? nr : ns;
		side->t->nr = side->next_nr = i ? ns : nr;
		if (flags & TRANSPORT_PAIR)
			side->peer = &game.sides[!i];
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	memset(&game, 0, sizeof(game));
	game.in = reader_init(data, size);
	set_up();
	for (unsigned int i = 0; i < MOVES_MAX && reader_left(&game.in); i++) {
		moves[argument() % TRANSPORT_OP_MAX]();
		check_sides();
	}
	__mem_fail_after(0);
	if (game.sides[0].peer)
		agree();
	for (size_t i = 0; i < 2; i++) {
		if (game.sides[i].t)
			side_free(&game.sides[i]);
	}
	assert_int_equal(timer_queue_next(&game.timers), USEC_NEVER);
	timer_queue_fini(&game.timers);
	return 0;
}
