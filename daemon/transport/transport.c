/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reliable control channel, RFC 2661 sections 5.5, 5.7 and 5.8, appendices A and B.
 *
 * A message goes from `unsent` to `sent`, where it gets its Ns, and is freed when the peer's Nr
 * passes it. One timer watches the oldest in `sent`: it alone is sent again, and the clock starts
 * anew when something was acknowledged, so that losses further on show in turn. Acknowledging is
 * counted in `ack_owed` and paid by whatever goes out next; the acknowledgement timer only makes
 * sure that something does.
 *
 * State is always complete before a callback runs, since the callee may come back in.
 *
 * Left out: fast retransmission. The RFC knows none, and of the peers we read none has it.
 */
#include "transport/transport.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "transport/early.h"
#include "transport/window.h"

#define TUNNEL_ID_OFFSET 4

#define COUNT(t, counter)                       \
	do {                                    \
		(t)->stats.counter++;           \
		if ((t)->totals)                \
			(t)->totals->counter++; \
	} while (0)

/* A message of ours until it is acknowledged. */
struct slot {
	struct list link;
	uint16_t session;
	uint16_t ns;
	uint16_t len;
	uint8_t packet[];
};

const struct transport_config transport_config_default = {
	.retry_first = USEC_PER_SEC,
	.retry_cap = 8 * USEC_PER_SEC,
	.retries = 5,
	.hello_interval = 60 * USEC_PER_SEC,
	.hello_jitter = 10,
	.ack_delay = 50 * USEC_PER_MSEC,
	.window = 32,
};

/* How long to wait for an answer after the message was sent again `tries` times. */
static usec_t retry_interval(const struct transport_config *config, unsigned int tries)
{
	usec_t interval = config->retry_first;

	while (tries-- > 0 && interval < config->retry_cap)
		interval = interval < config->retry_cap / 2 ? interval * 2 : config->retry_cap;
	return interval;
}

usec_t transport_cycle(const struct transport_config *config)
{
	usec_t sum = 0;

	for (unsigned int tries = 0; tries <= config->retries; tries++)
		sum += retry_interval(config, tries);
	return sum;
}

static void free_slots(struct list *head)
{
	struct slot *slot, *after;

	list_for_each_safe (slot, after, head, link)
		mem_free(slot);
	list_init(head);
}

static void drop_messages(struct transport *t)
{
	free_slots(&t->sent);
	free_slots(&t->unsent);
	t->in_flight = 0;
	t->queued = 0;
}

/* Only a dead transport sends nothing more: one that is closing still has acknowledging to do. */
static void die(struct transport *t)
{
	t->dead = true;
	timer_stop(t->timers, &t->retry_timer);
	timer_stop(t->timers, &t->ack_timer);
	timer_stop(t->timers, &t->hello_timer);
	drop_messages(t);
	early_clear(t);
}

static void give_up(struct transport *t, usec_t now)
{
	die(t);
	t->ops->timed_out(t, now);
}

/* Every packet that leaves carries Nr, so whatever was owed is paid with it. */
static void ack_paid(struct transport *t)
{
	t->ack_owed = 0;
	t->ack_at_once = false;
	timer_stop(t->timers, &t->ack_timer);
}

static void send_slot(struct transport *t, struct slot *slot)
{
	control_header_set_seq(slot->packet, slot->ns, t->nr);
	ack_paid(t);
	t->ops->tx(t, (struct bytes){.data = slot->packet, .len = slot->len});
}

/* RFC 2661 5.8: a ZLB shows the Ns of the next message but does not use it up. */
static void send_zlb(struct transport *t)
{
	const struct control_header header = {
		.version = 2,
		.length = CONTROL_HEADER_LEN,
		.tunnel_id = t->peer_tunnel_id,
		.ns = t->ns,
		.nr = t->nr,
	};
	uint8_t packet[CONTROL_HEADER_LEN];
	struct writer w = writer_init(packet, sizeof(packet));

	control_header_write(&w, &header);
	ack_paid(t);
	COUNT(t, tx_zlb);
	t->ops->tx(t, (struct bytes){.data = packet, .len = writer_len(&w)});
}

/*
 * An acknowledgement waits for a message to ride on, but not
 *  - for a peer that repeats itself: ours was lost, and the peer slows down meanwhile;
 *  - when half of our window is unacknowledged: a peer that has filled the window stalls until it
 *    hears from us, one that is told halfway never has to;
 *  - when nothing more of ours is to come;
 *  - when there is no memory for waiting.
 * The timer runs from the first message that is owed: later ones must not put it off.
 */
static void acknowledge(struct transport *t, usec_t now)
{
	bool at_once;

	if (t->ack_owed == 0 && !t->ack_at_once)
		return;
	at_once = t->ack_at_once || t->ack_owed * 2 >= t->config.window ||
		  (t->closing && t->queued == 0);
	if (!at_once && timer_running(&t->ack_timer))
		return;
	if (at_once || timer_start(t->timers, &t->ack_timer, now + t->config.ack_delay) < 0)
		send_zlb(t);
}

static void ack_timer_fired(struct timer *timer, usec_t now)
{
	(void)now;
	send_zlb(container_of(timer, struct transport, ack_timer));
}

static void transmit_new(struct transport *t)
{
	struct slot *slot;
	struct writer w;

	while (t->queued > 0 && window_room(t) > 0) {
		slot = list_first(&t->unsent, struct slot, link);
		list_remove(&slot->link);
		t->queued--;
		list_append(&t->sent, &slot->link);
		t->in_flight++;
		slot->ns = t->ns++;
		w = writer_init(slot->packet + TUNNEL_ID_OFFSET, sizeof(uint16_t));
		writer_u16(&w, (uint16_t)t->peer_tunnel_id);
		COUNT(t, tx_messages);
		send_slot(t, slot);
	}
}

void transport_set_established(struct transport *t)
{
	t->established = true;
}

unsigned int transport_retries(const struct transport *t)
{
	if (t->established || !t->config.setup_retries)
		return t->config.retries;
	return t->config.setup_retries;
}

static void retry_timer_fired(struct timer *timer, usec_t now)
{
	struct transport *t = container_of(timer, struct transport, retry_timer);
	struct slot *oldest = list_first(&t->sent, struct slot, link);

	/* The timer runs while something is unacknowledged, and only then. */
	assert(oldest);
	/* Refused the timer, we would never notice the silence of the peer: better to end now. */
	if (t->tries >= transport_retries(t) ||
	    timer_start(t->timers, timer, now + retry_interval(&t->config, t->tries + 1)) < 0) {
		give_up(t, now);
		return;
	}
	/* Only the first is news of congestion; the next would make the threshold forget. */
	if (t->tries == 0)
		window_cut(t);
	t->tries++;
	COUNT(t, tx_retransmits);
	send_slot(t, oldest);
}

/* Tunnels that came up together, as after a restart, do not say HELLO together for ever. */
static void hello_choose_wait(struct transport *t)
{
	usec_t most = t->config.hello_interval / 100 * t->config.hello_jitter;
	uint32_t random = most && t->ops->random ? t->ops->random(t) : 0;

	t->hello_wait = t->config.hello_interval - (usec_t)((double)most * random / UINT32_MAX);
}

/*
 * A failure is no harm: the next packet of the peer tries again. And in the timer's own callback,
 * where no packet might follow, the heap has the place that the timer just left.
 */
static void hello_schedule(struct transport *t, usec_t when)
{
	if (!t->config.hello_interval || t->closing || t->dead)
		timer_stop(t->timers, &t->hello_timer);
	else
		(void)timer_start(t->timers, &t->hello_timer, when);
}

/* Runs an interval after the last time it was looked at, not moved with each packet (5.5). */
static void hello_timer_fired(struct timer *timer, usec_t now)
{
	struct transport *t = container_of(timer, struct transport, hello_timer);
	usec_t due = t->last_heard + t->hello_wait;

	if (due > now) {
		hello_schedule(t, due);
		return;
	}
	hello_choose_wait(t);
	hello_schedule(t, now + t->hello_wait);
	/* What is under way asks the peer for a sign of life already. */
	if (t->in_flight == 0)
		t->ops->hello_due(t, now);
}

/* Nothing of ours is left; the last thing done in a call, since the callee may free us. */
static void settle(struct transport *t, usec_t now)
{
	if (t->in_flight + t->queued > 0)
		return;
	timer_stop(t->timers, &t->retry_timer);
	if (!t->closing || t->drained)
		return;
	t->drained = true;
	t->ops->drained(t, now);
}

/*
 * Nr acknowledges all before it. One from before what is acknowledged already is a packet that the
 * network delayed; one past what we sent is a mistake of the peer, and only the number is ignored.
 */
static void take_nr(struct transport *t, uint16_t nr, usec_t now)
{
	uint16_t count = (uint16_t)(nr - t->acked);
	struct slot *slot;

	if (count > t->in_flight) {
		if (seq_compare(nr, t->acked) > 0)
			COUNT(t, rx_bad_nr);
		return;
	}
	if (count == 0)
		return;

	t->acked = nr;
	t->in_flight -= count;
	while (count-- > 0) {
		slot = list_first(&t->sent, struct slot, link);
		list_remove(&slot->link);
		mem_free(slot);
	}
	t->tries = 0;
	window_grow(t);
	/* The next oldest has its whole interval from here. Moving the timer cannot fail: it runs
	 * while anything is queued. */
	(void)timer_start(t->timers, &t->retry_timer, now + t->config.retry_first);
}

static void deliver(struct transport *t, const struct control_header *header, struct bytes body,
		    usec_t now)
{
	/* First, so that an answer sent by the callee acknowledges the message. */
	t->nr++;
	early_advance(t);
	t->ack_owed++;
	COUNT(t, rx_messages);
	t->ops->deliver(t, header, body, now);
}

static void deliver_all(struct transport *t, const struct control_header *header, struct bytes body,
			usec_t now)
{
	struct early_message *message;

	t->delivering = true;
	deliver(t, header, body, now);
	while ((message = early_take(t))) {
		body = (struct bytes){.data = message->body, .len = message->len};
		deliver(t, &message->header, body, now);
		mem_free(message);
	}
	t->delivering = false;
}

static void repeated(struct transport *t)
{
	COUNT(t, rx_duplicates);
	t->ack_at_once = true;
}

static void take_message(struct transport *t, const struct control_header *header,
			 struct bytes body, usec_t now)
{
	uint16_t ahead = (uint16_t)(header->ns - t->nr);

	if (t->queued >= TRANSPORT_QUEUE_MAX) {
		t->stats.rx_out_of_window++;
		return;
	}
	if (seq_compare(header->ns, t->nr) < 0) {
		repeated(t);
		return;
	}
	if (ahead == 0) {
		deliver_all(t, header, body, now);
		return;
	}
	/* A peer that does not keep to our window sends it again later. */
	if (ahead >= t->config.window) {
		COUNT(t, rx_out_of_window);
		return;
	}
	switch (early_put(t, ahead, header, body)) {
	case 0:
		COUNT(t, rx_out_of_order);
		break;
	case -EEXIST:
		repeated(t);
		break;
	default:
		COUNT(t, rx_no_memory);
		break;
	}
}

void transport_input(struct transport *t, const struct control_header *header, struct bytes body,
		     usec_t now)
{
	if (t->dead) {
		COUNT(t, rx_given_up);
		return;
	}
	t->last_heard = now;
	if (!timer_running(&t->hello_timer))
		hello_schedule(t, now + t->hello_wait);
	take_nr(t, header->nr, now);
	if (body.len > 0)
		take_message(t, header, body, now);
	else
		COUNT(t, rx_zlb);
	if (t->dead)
		return;

	/* In this order, so that what the acknowledgement let through carries ours. */
	transmit_new(t);
	acknowledge(t, now);
	settle(t, now);
}

int transport_send(struct transport *t, struct bytes packet, uint16_t session, usec_t now)
{
	struct slot *slot;
	int err;

	if (t->dead || t->closing)
		return -ESHUTDOWN;
	if (packet.len <= CONTROL_HEADER_LEN || packet.len > UINT16_MAX)
		return -EINVAL;
	slot = mem_alloc(sizeof(*slot) + packet.len);
	if (!slot)
		return -ENOMEM;
	/* Here, where it can be refused: once something is queued, the timer only moves. */
	if (!timer_running(&t->retry_timer)) {
		err = timer_start(t->timers, &t->retry_timer, now + t->config.retry_first);
		if (err < 0) {
			mem_free(slot);
			return err;
		}
	}

	slot->session = session;
	slot->len = (uint16_t)packet.len;
	memcpy(slot->packet, packet.data, packet.len);
	list_append(&t->unsent, &slot->link);
	t->queued++;
	transmit_new(t);
	return 0;
}

/* What was sent has a number the peer waits for; what was not leaves no gap. */
unsigned int transport_cancel(struct transport *t, uint16_t session)
{
	unsigned int queued = t->queued;
	struct slot *slot, *after;

	list_for_each_safe (slot, after, &t->unsent, link) {
		if (slot->session != session)
			continue;
		list_remove(&slot->link);
		mem_free(slot);
		t->queued--;
	}
	return queued - t->queued;
}

void transport_close(struct transport *t, usec_t now)
{
	if (t->dead)
		return;
	t->closing = true;
	timer_stop(t->timers, &t->hello_timer);
	if (t->delivering)
		return;
	acknowledge(t, now);
	settle(t, now);
}

void transport_mute(struct transport *t)
{
	if (t->dead)
		return;
	t->closing = true;
	t->drained = true;
	t->acked = t->ns;
	drop_messages(t);
	timer_stop(t->timers, &t->retry_timer);
	timer_stop(t->timers, &t->hello_timer);
}

static uint16_t valid_window(uint16_t window)
{
	if (window == 0)
		return 1;
	return window < TRANSPORT_WINDOW_MAX ? window : TRANSPORT_WINDOW_MAX;
}

void transport_set_config(struct transport *t, const struct transport_config *config, usec_t now)
{
	uint16_t window = t->config.window;

	(void)now;
	t->config = *config;
	t->config.window = window;
	/* In the past when the peer was silent for longer than that: due at once, then. */
	hello_choose_wait(t);
	hello_schedule(t, t->last_heard + t->hello_wait);
}

void transport_init(struct transport *t, const struct transport_ops *ops,
		    const struct transport_config *config, struct timer_queue *timers, usec_t now)
{
	*t = (struct transport){
		.ops = ops,
		.timers = timers,
		.config = *config,
		.last_heard = now,
	};
	t->config.window = valid_window(config->window);
	list_init(&t->sent);
	list_init(&t->unsent);
	window_init(t);
	timer_init(&t->retry_timer, retry_timer_fired);
	timer_init(&t->ack_timer, ack_timer_fired);
	timer_init(&t->hello_timer, hello_timer_fired);
	hello_choose_wait(t);
	hello_schedule(t, now + t->hello_wait);
}

void transport_fini(struct transport *t)
{
	die(t);
}
