/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine's surroundings under load: packets go into an array, the kernel says yes to all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "test/sim/load/load.h"

#define START (1000 * USEC_PER_SEC)

/* The engine may say several things in answer to one, and time out for many at once. */
#define OUT_FIRST (BATCH * 4)

static struct load *of(const struct l2tp_engine *engine)
{
	return engine->ctx;
}

/* xorshift64*: as cheap as the buffer of random octets that the daemon draws from. */
uint64_t load_random(struct load *load)
{
	load->random ^= load->random >> 12;
	load->random ^= load->random << 25;
	load->random ^= load->random >> 27;
	return load->random * 0x2545f4914f6cdd1d;
}

static void on_random(struct l2tp_engine *engine, void *data, size_t len)
{
	uint8_t *out = data;

	while (len) {
		uint64_t value = load_random(of(engine)) >> 8;
		size_t part = len < 4 ? len : 4;

		memcpy(out, &value, part);
		out += part;
		len -= part;
	}
}

static struct far *find_far(struct load *load, const struct addr *addr)
{
	return &load->fars[addr->ip[1] << 16 | addr->ip[2] << 8 | addr->ip[3]];
}

static int socket_open(struct l2tp_tunnel *t)
{
	struct load *load = of(t->engine);

	t->core.local = load->local;
	t->io = find_far(load, &t->core.peer);
	((struct far *)t->io)->tunnel = t;
	return 0;
}

static int socket_connect(struct l2tp_tunnel *t)
{
	(void)t;
	return 0;
}

static void socket_close(struct l2tp_tunnel *t)
{
	t->io = NULL;
}

static void socket_send(struct l2tp_tunnel *t, struct bytes packet)
{
	struct load *load = of(t->engine);
	struct packet *out;

	if (load->n_out == load->out_room) {
		load->out_room *= 2;
		load->out = realloc(load->out, load->out_room * sizeof(*load->out));
		if (!load->out)
			abort();
	}
	out = &load->out[load->n_out++];
	out->far = find_far(load, &t->core.peer);
	out->len = (uint16_t)packet.len;
	memcpy(out->data, packet.data, packet.len);
}

static void on_reply(struct l2tp_engine *engine, const struct addr *local, const struct addr *peer,
		     struct bytes packet)
{
	(void)engine, (void)local, (void)peer, (void)packet;
	fputs("load: a peer was refused\n", stderr);
	abort();
}

static int tunnel_create(struct l2tp_tunnel *t)
{
	struct load *load = of(t->engine);

	load->tunnels_made[load->n_tunnels_made++] = t;
	return 0;
}

static void tunnel_delete(struct l2tp_tunnel *t)
{
	(void)t;
}

static int session_create(struct l2tp_session *s)
{
	struct load *load = of(s->tunnel->engine);

	load->made[load->n_made++] = s;
	return 0;
}

static int session_modify(struct l2tp_session *s)
{
	(void)s;
	return 0;
}

static void session_delete(struct l2tp_session *s)
{
	struct load *load = of(s->tunnel->engine);

	load->deleted[load->n_deleted++] = s;
}

static int ppp_start(struct l2tp_session *s)
{
	(void)s;
	return 1;
}

static void ppp_stop(struct l2tp_session *s, enum ppp_stop how)
{
	(void)s, (void)how;
}

static void on_event(struct l2tp_engine *engine, const struct l2tp_event *event)
{
	(void)engine, (void)event;
}

static const struct l2tp_ops ops = {
	.random = on_random,
	.socket_open = socket_open,
	.socket_connect = socket_connect,
	.socket_close = socket_close,
	.socket_send = socket_send,
	.reply = on_reply,
	.tunnel_create = tunnel_create,
	.tunnel_delete = tunnel_delete,
	.session_create = session_create,
	.session_modify = session_modify,
	.session_delete = session_delete,
	.ppp_start = ppp_start,
	.ppp_stop = ppp_stop,
	.event = on_event,
};

static void call_input(struct load *load, size_t i)
{
	const struct packet *packet = &load->in[i];

	l2tp_engine_input(load->engine, &load->local, &packet->far->addr,
			  (struct bytes){packet->data, packet->len}, load->now);
}

static void call_tunnel_created(struct load *load, size_t i)
{
	l2tp_tunnel_kernel_created(load->tunnels_made[i], 0, NULL, load->now);
}

static void call_session_created(struct load *load, size_t i)
{
	l2tp_session_kernel_created(load->made[i], 0, NULL, load->now);
}

static void call_session_deleted(struct load *load, size_t i)
{
	l2tp_session_kernel_deleted(load->deleted[i], load->now);
}

static void call_run(struct load *load, size_t i)
{
	(void)i;
	l2tp_engine_run(load->engine, load->now);
}

void load_deliver(struct load *load)
{
	while (load->n_in || load->n_out) {
		far_answer(load);
		meter_run(&load->meter, load, load->n_in, call_input);
		load->n_in = 0;
		meter_run(&load->meter, load, load->n_tunnels_made, call_tunnel_created);
		load->n_tunnels_made = 0;
		meter_run(&load->meter, load, load->n_made, call_session_created);
		load->n_made = 0;
		meter_run(&load->meter, load, load->n_deleted, call_session_deleted);
		load->n_deleted = 0;
	}
}

void load_pass(struct load *load, usec_t duration)
{
	usec_t end = load->now + duration, next;

	while ((next = timer_queue_next(&load->engine->timers)) <= end) {
		load->now = next > load->now ? next : load->now;
		meter_run(&load->meter, load, 1, call_run);
		load_deliver(load);
	}
	load->now = end;
}

static void *new_array(size_t n, size_t size)
{
	void *ptr = calloc(n, size);

	if (!ptr)
		abort();
	return ptr;
}

static char *copy(const char *text)
{
	char *ptr = mem_alloc(strlen(text) + 1);

	if (!ptr)
		abort();
	return strcpy(ptr, text);
}

static void make_fars(struct load *load)
{
	load->fars = new_array(load->n_fars, sizeof(*load->fars));
	for (unsigned int i = 0; i < load->n_fars; i++) {
		struct far *far = &load->fars[i];

		far->session_ids = new_array(load->per_far + 1, sizeof(*far->session_ids));
		far->next_id = 1;
		far->addr = (struct addr){.family = ADDR_IPV4, .port = L2TP_PORT, .ip = {10}};
		far->addr.ip[1] = (uint8_t)(i >> 16);
		far->addr.ip[2] = (uint8_t)(i >> 8);
		far->addr.ip[3] = (uint8_t)i;
	}
}

void load_begin(struct load *load, unsigned int n_fars, unsigned int per_far, bool as_lac)
{
	const struct limits limits = {.max_tunnels = UINT16_MAX + 1,
				      .max_sessions = UINT32_MAX,
				      .max_half_open = UINT32_MAX};
	struct list peers;

	*load = (struct load){
		.now = START,
		.random = 1,
		.n_fars = n_fars,
		.per_far = per_far,
		.as_lac = as_lac,
		.local = {.family = ADDR_IPV4, .port = L2TP_PORT, .ip = {192, 0, 2, 1}},
		.in = new_array(OUT_FIRST, sizeof(struct packet)),
		.out = new_array(OUT_FIRST, sizeof(struct packet)),
		.out_room = OUT_FIRST,
		.made = new_array(OUT_FIRST, sizeof(struct l2tp_session *)),
		.deleted = new_array(OUT_FIRST, sizeof(struct l2tp_session *)),
		.tunnels_made = new_array(OUT_FIRST, sizeof(struct l2tp_tunnel *)),
		.closing = new_array(BATCH, sizeof(struct l2tp_session *)),
		.opening = new_array(BATCH, sizeof(struct far *)),
	};
	make_fars(load);
	if (l2tp_engine_new(&ops, load, &limits, &load->engine))
		abort();
	load->peer = peer_new("load");
	if (!load->peer)
		abort();
	load->peer->local_name = copy("adit");
	load->peer->calls = CALL_PPP;
	load->peer->idle_timeout = 0;
	list_init(&peers);
	list_append(&peers, &load->peer->node);
	l2tp_engine_set_peers(load->engine, &peers);
}

void load_end(struct load *load)
{
	l2tp_engine_free(load->engine);
	for (unsigned int i = 0; i < load->n_fars; i++)
		free(load->fars[i].session_ids);
	free(load->fars);
	free(load->in);
	free(load->out);
	free(load->made);
	free(load->deleted);
	free(load->tunnels_made);
	free(load->closing);
	free(load->opening);
}
