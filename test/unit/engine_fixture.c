/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The world itself: the one queue of what will happen, the network, the boxes and their journals.
 */
#include "engine_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine_talker.h"

#define START (1000 * USEC_PER_SEC)
#define FIRST_PORT 40000

/* Longer than anything that ends by itself takes: HELLO, retransmissions, lingering. */
#define LONG (300 * USEC_PER_SEC)

/* Something of the future: a completion, or a packet's arrival. */
struct happening {
	struct list node;
	struct box *box;
	usec_t when;
	enum fake_op op;
	void *target;
	struct addr from;
	struct addr to;
	size_t len;
	uint8_t data[];
};

/* SplitMix64: any seed is a good one. */
uint64_t world_random(struct world *w)
{
	uint64_t z = w->random += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

unsigned int world_below(struct world *w, unsigned int limit)
{
	return (unsigned int)(world_random(w) % limit);
}

static struct happening *happening_new(struct box *box, enum fake_op op, size_t len)
{
	struct happening *h = calloc(1, sizeof(*h) + len);

	assert_non_null(h);
	h->box = box;
	h->op = op;
	h->len = len;
	return h;
}

static void enqueue(struct world *w, struct happening *h, usec_t when)
{
	struct list *at = w->queue.prev;

	h->when = when;
	while (at != &w->queue && list_entry(at, struct happening, node)->when > when)
		at = at->prev;
	list_prepend(at, &h->node);
}

void world_later(struct box *box, enum fake_op op, void *target)
{
	const struct fake_control *control = &box->fake[op];
	struct happening *h = happening_new(box, op, 0);

	h->target = target;
	enqueue(box->world, h, control->hold ? USEC_NEVER : box->world->now + control->delay);
}

bool world_cancel(struct box *box, enum fake_op op, const void *target)
{
	struct happening *h, *after;

	list_for_each_safe (h, after, &box->world->queue, node) {
		if (h->box != box || h->op != op || h->target != target)
			continue;
		list_remove(&h->node);
		free(h);
		return true;
	}
	return false;
}

void box_release(struct box *box, enum fake_op op)
{
	struct world *w = box->world;
	struct happening *h, *after;

	box->fake[op].hold = false;
	list_for_each_safe (h, after, &w->queue, node) {
		if (h->box != box || h->op != op || h->when != USEC_NEVER)
			continue;
		list_remove(&h->node);
		enqueue(w, h, w->now);
	}
}

void box_note(struct box *box, const char *format, ...)
{
	size_t len = strlen(box->journal);
	va_list args;

	if (box->no_journal)
		return;
	if (len)
		box->journal[len++] = ' ';
	assert_true(len + 64 < sizeof(box->journal));
	va_start(args, format);
	vsnprintf(box->journal + len, sizeof(box->journal) - len, format, args);
	va_end(args);
}

void box_forget(struct box *box)
{
	box->journal[0] = '\0';
}

void _box_expect(struct box *box, const char *story, const char *file, int line)
{
	char journal[JOURNAL_MAX];

	if (strcmp(box->journal, story) != 0) {
		print_error("%s:%d: %s did  %s\n", file, line, box->name, box->journal);
		print_error("%s:%d: %s should %s\n", file, line, box->name, story);
	}
	strcpy(journal, box->journal);
	box_forget(box);
	assert_string_equal(journal, story);
}

static void note_sent(struct box *box, const struct sent *sent)
{
	const char *how = sent->sending == SENT_REPLY ? "reply" : "tx";
	const char *name = msg_type_name(sent->msg.type);
	uint16_t result = sent->msg.result_code.result, error = sent->msg.result_code.error;

	if (sent->msg.type == MSG_ZLB || sent->sending == SENT_AGAIN)
		return;
	if (!msg_has(&sent->msg, AVP_RESULT_CODE))
		box_note(box, "%s:%s", how, name);
	else if (error)
		box_note(box, "%s:%s(%u/%u)", how, name, result, error);
	else
		box_note(box, "%s:%s(%u)", how, name, result);
}

/* What we send can be read, whatever was sent. */
static const struct sent *record(struct box *box, enum sending sending, const struct addr *from,
				 const struct addr *to, struct bytes packet)
{
	struct sent **place = &box->sent[box->n_sent++ % SENT_MAX];
	struct sent *sent = *place ? *place : malloc(sizeof(*sent));
	struct msg_decode_params params = {.secret = bytes_str(box->peer->secret)};
	struct msg_error error;
	struct bytes body;

	assert_non_null(sent);
	*place = sent;
	sent->when = box->world->now;
	sent->from = *from;
	sent->to = *to;
	sent->sending = sending;
	assert_true(packet.len <= sizeof(sent->packet));
	memcpy(sent->packet, packet.data, packet.len);
	assert_int_equal(
		packet_parse((struct bytes){sent->packet, packet.len}, &sent->header, &body),
		PACKET_CONTROL);
	params.scratch = sent->scratch;
	params.scratch_size = sizeof(sent->scratch);
	sent->msg = (struct l2tp_msg){.type = MSG_ZLB};
	if (body.len)
		assert_int_equal(msg_decode(body, &params, &sent->msg, &error), 0);
	return sent;
}

const struct sent *box_sent(const struct box *box, enum msg_type type)
{
	for (unsigned int back = 1; back <= SENT_MAX && back <= box->n_sent; back++) {
		const struct sent *sent = box->sent[(box->n_sent - back) % SENT_MAX];

		if (sent->msg.type == type)
			return sent;
	}
	fail_msg("%s sent no %s", box->name, msg_type_name(type));
	return NULL;
}

unsigned int box_count_sent(const struct box *box, enum msg_type type)
{
	unsigned int count = 0;

	for (unsigned int back = 1; back <= SENT_MAX && back <= box->n_sent; back++) {
		if (box->sent[(box->n_sent - back) % SENT_MAX]->msg.type == type)
			count++;
	}
	return count;
}

static struct box *find_box(struct world *w, const struct addr *addr)
{
	for (size_t i = 0; i < BOXES; i++) {
		if (addr_same_host(&w->boxes[i].addr, addr))
			return &w->boxes[i];
	}
	return NULL;
}

static void put_on_wire(struct box *to, const struct addr *from, const struct addr *dest,
			struct bytes packet)
{
	struct world *w = to->world;
	struct happening *h = happening_new(to, FAKE_PACKET, packet.len);

	h->from = *from;
	h->to = *dest;
	memcpy(h->data, packet.data, packet.len);
	enqueue(w, h,
		w->now + w->delay + (w->jitter ? world_below(w, (unsigned int)w->jitter) : 0));
}

void world_packet(struct box *box, enum sending sending, const struct addr *from,
		  const struct addr *to, struct bytes packet)
{
	struct world *w = box->world;
	const struct sent *sent = record(box, sending, from, to, packet);
	struct box *dest = find_box(w, to);

	note_sent(box, sent);
	if (!dest) {
		if (w->talker)
			talker_hears(w->talker, sent);
		return;
	}
	if (w->cut_off == box || w->cut_off == dest)
		return;
	if (w->loss && world_below(w, 100) < w->loss)
		return;
	put_on_wire(dest, from, to, packet);
	if (w->twice && world_below(w, 100) < w->twice)
		put_on_wire(dest, from, to, packet);
}

void box_input(struct box *box, const struct addr *from, struct bytes packet)
{
	l2tp_engine_input(box->engine, &box->addr, from, packet, box->world->now);
	box_check(box);
}

static void arrive(struct happening *h)
{
	if (!fake_hears(h->box, &h->from, &h->to))
		return;
	l2tp_engine_input(h->box->engine, &h->to, &h->from, (struct bytes){h->data, h->len},
			  h->box->world->now);
}

static void happen(struct happening *h)
{
	list_remove(&h->node);
	if (h->op == FAKE_PACKET)
		arrive(h);
	else
		fake_happens(h->box, h->op, h->target, h->box->fake[h->op].fails_later);
	box_check(h->box);
	free(h);
}

static struct happening *next_happening(struct world *w)
{
	return list_first(&w->queue, struct happening, node);
}

static usec_t next_timer(struct world *w)
{
	usec_t next = USEC_NEVER;

	for (size_t i = 0; i < BOXES; i++) {
		usec_t when = timer_queue_next(&w->boxes[i].engine->timers);

		next = when < next ? when : next;
	}
	return next;
}

/* Does what is next if that is not after `end`. */
static bool step(struct world *w, usec_t end)
{
	struct happening *h = next_happening(w);
	usec_t timer = next_timer(w);

	if (h && h->when <= end && h->when <= timer) {
		w->now = h->when > w->now ? h->when : w->now;
		happen(h);
		return true;
	}
	if (timer > end)
		return false;
	w->now = timer > w->now ? timer : w->now;
	for (size_t i = 0; i < BOXES; i++) {
		l2tp_engine_run(w->boxes[i].engine, w->now);
		box_check(&w->boxes[i]);
	}
	return true;
}

void world_run(struct world *w, usec_t duration)
{
	usec_t end = w->now + duration;

	while (step(w, end))
		;
	w->now = end;
}

void world_settle(struct world *w)
{
	struct happening *h;

	while ((h = next_happening(w)) && h->when != USEC_NEVER)
		assert_true(step(w, h->when));
	/* Acknowledgements that wait for company. */
	world_run(w, 100 * USEC_PER_MSEC);
}

void box_secret(struct box *box, const char *secret)
{
	free(box->peer->secret);
	box->peer->secret = secret ? strdup(secret) : NULL;
}

static void box_init(struct box *box, struct world *w, const char *name, uint8_t host)
{
	struct list peers;

	*box = (struct box){.world = w, .name = name, .next_port = FIRST_PORT};
	box->addr = (struct addr){.family = ADDR_IPV4, .port = L2TP_PORT, .ip = {192, 0, 2, host}};
	assert_int_equal(l2tp_engine_new(&fake_ops, box, &limits_default, &box->engine), 0);
	box->peer = peer_new("peer");
	assert_non_null(box->peer);
	box->peer->transport.hello_jitter = 0;
	box->peer->local_name = strdup(name);
	box->peer->calls = CALL_PPP;
	list_init(&peers);
	list_append(&peers, &box->peer->node);
	l2tp_engine_set_peers(box->engine, &peers);
	peer_ref(box->peer);
}

void world_init(struct world *w, uint64_t seed)
{
	*w = (struct world){.now = START, .random = seed, .delay = USEC_PER_MSEC};
	list_init(&w->queue);
	box_init(&w->boxes[0], w, "lac", 1);
	box_init(&w->boxes[1], w, "lns", 2);
}

static void box_fini(struct box *box)
{
	unsigned int sent = box->n_sent;

	/* The fakes assert that nothing is asked of them from here. */
	box->freeing = true;
	l2tp_engine_free(box->engine);
	assert_int_equal(box->n_sent, sent);
	assert_int_equal(box->sockets, 0);
	/* Nobody but us keeps it. */
	assert_int_equal(box->peer->refs, 1);
	peer_unref(box->peer);
	for (size_t i = 0; i < SENT_MAX; i++)
		free(box->sent[i]);
}

void world_abort(struct world *w)
{
	struct happening *h, *after;

	for (size_t i = 0; i < BOXES; i++)
		box_fini(&w->boxes[i]);
	list_for_each_safe (h, after, &w->queue, node)
		free(h);
}

void world_end(struct world *w)
{
	for (size_t i = 0; i < BOXES; i++) {
		struct box *box = &w->boxes[i];

		for (int op = 0; op < FAKE_OP_MAX; op++)
			box_release(box, (enum fake_op)op);
		l2tp_engine_shutdown(box->engine, w->now);
		box_check(box);
	}
	world_run(w, LONG);
	assert_true(list_empty(&w->queue));
	for (size_t i = 0; i < BOXES; i++) {
		struct box *box = &w->boxes[i];

		assert_int_equal(box->engine->n_tunnels, 0);
		assert_int_equal(box->kernel_tunnels, 0);
		assert_int_equal(box->kernel_sessions, 0);
		assert_int_equal(box->ppps, 0);
		assert_int_equal(timer_queue_next(&box->engine->timers), USEC_NEVER);
		/* Whatever began was told to have ended. */
		assert_int_equal(box->events[EVENT_TUNNEL_DOWN], box->events[EVENT_TUNNEL_GONE]);
		assert_true(box->events[EVENT_TUNNEL_UP] <= box->events[EVENT_TUNNEL_DOWN]);
		assert_true(box->events[EVENT_SESSION_UP] <= box->events[EVENT_SESSION_DOWN]);
	}
	world_abort(w);
}
