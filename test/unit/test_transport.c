/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reliable control channel, exactly: scripts of what comes in and what must come of it.
 * They stand in transport_scripts.h, with the words they are written in.
 *
 * What the delivery of some messages does is in rig_deliver(). Lossy networks are in
 * test_transport_net.c.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/list.h"
#include "base/mem.h"
#include "transport/transport.h"
#include "transport_scripts.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const struct transport_config base_config = {
	.retry_first = USEC_PER_SEC,
	.retry_cap = 8 * USEC_PER_SEC,
	.retries = 5,
	.hello_interval = 0,
	.ack_delay = 100 * USEC_PER_MSEC,
	.window = 4,
};

/* Not 0, which would hide who forgets when it began. */
#define START (3600 * USEC_PER_SEC)

struct rig {
	/* By itself on the heap, so that a checker sees who touches it when it is gone. */
	struct transport *t;
	struct timer_queue timers;
	usec_t now;
	/* Callbacks that may free the transport do so. */
	bool frees;
	/* hello_due sends nothing. */
	bool mute;
	bool in_timer;
	usec_t stamped;
	char events[1024];
	size_t used;
};

/* The callbacks are given the transport only. */
static struct rig rig;

/* NOLINTNEXTLINE(misc-no-recursion): once, for the stamp */
static void __attribute__((format(printf, 1, 2))) event(const char *format, ...)
{
	va_list args;

	if (rig.in_timer && rig.stamped != rig.now) {
		rig.stamped = rig.now;
		event("@%d", (int)((rig.now - START) / USEC_PER_MSEC));
	}
	if (rig.used > 0)
		rig.events[rig.used++] = ' ';
	va_start(args, format);
	rig.used += (size_t)vsnprintf(rig.events + rig.used, sizeof(rig.events) - rig.used, format,
				      args);
	va_end(args);
	assert_true(rig.used < sizeof(rig.events) - 1);
}

static void rig_free(void)
{
	transport_fini(rig.t);
	free(rig.t);
	rig.t = NULL;
}

static void rig_send(char name, uint16_t session)
{
	const struct control_header header = {.version = 2, .tunnel_id = 9, .session_id = session};
	uint8_t packet[CONTROL_HEADER_LEN + 1];
	struct writer w = writer_init(packet, sizeof(packet));
	int err;

	control_header_write(&w, &header);
	writer_u8(&w, (uint8_t)name);
	control_header_finish(&w);
	assert_true(w.ok);
	err = transport_send(rig.t, (struct bytes){packet, sizeof(packet)}, session, rig.now);
	if (err < 0)
		event("=%s", strerrorname_np(-err));
}

static void rig_tx(struct transport *t, struct bytes packet)
{
	struct control_header header;
	struct bytes body;
	char id[16] = "";

	assert_ptr_equal(t, rig.t);
	assert_int_equal(packet_parse(packet, &header, &body), PACKET_CONTROL);
	assert_int_equal(header.version, 2);
	assert_int_equal(header.length, packet.len);
	if (header.tunnel_id)
		snprintf(id, sizeof(id), "#%u", header.tunnel_id);
	event("%c:%u/%u%s", body.len ? body.data[0] : '-', header.ns, header.nr, id);
}

static void rig_deliver(struct transport *t, const struct control_header *header, struct bytes body,
			usec_t now)
{
	(void)header;
	assert_ptr_equal(t, rig.t);
	assert_int_equal(now, rig.now);
	assert_int_equal(body.len, 1);
	event("<%c", body.data[0]);
	switch (body.data[0]) {
	case 'r':
		rig_send('R', 0);
		break;
	case 'c':
		transport_close(t, now);
		break;
	case 'z':
		transport_mute(t);
		break;
	case 'f':
		transport_fini(t);
		break;
	case 'w':
		transport_set_peer_window(t, 8);
		break;
	case 'x':
		transport_cancel(t, 7);
		break;
	default:
		break;
	}
}

static void rig_timed_out(struct transport *t, usec_t now)
{
	assert_ptr_equal(t, rig.t);
	assert_int_equal(now, rig.now);
	event("timed-out");
	if (rig.frees)
		rig_free();
}

static void rig_hello_due(struct transport *t, usec_t now)
{
	assert_ptr_equal(t, rig.t);
	assert_int_equal(now, rig.now);
	event("hello");
	if (rig.frees)
		rig_free();
	else if (!rig.mute)
		rig_send('H', 0);
}

static void rig_drained(struct transport *t, usec_t now)
{
	assert_ptr_equal(t, rig.t);
	assert_int_equal(now, rig.now);
	event("drained");
	if (rig.frees)
		rig_free();
}

static const struct transport_ops rig_ops = {
	.tx = rig_tx,
	.deliver = rig_deliver,
	.timed_out = rig_timed_out,
	.hello_due = rig_hello_due,
	.drained = rig_drained,
};

static void do_send(const char *args)
{
	unsigned int session = 0;
	char names[32];

	assert_true(sscanf(args, "%31s %u", names, &session) >= 1);
	for (const char *name = names; *name; name++)
		rig_send(*name, (uint16_t)session);
}

static void do_fill(const char *args)
{
	for (int i = 0; i < atoi(args); i++)
		rig_send('Q', 0);
}

static void do_rx(const char *args)
{
	struct control_header header = {.version = 2, .tunnel_id = 5};
	uint8_t body;

	assert_int_equal(sscanf(args, "%c %hu/%hu", &body, &header.ns, &header.nr), 3);
	header.length = CONTROL_HEADER_LEN + (body != '-');
	transport_input(rig.t, &header, (struct bytes){&body, body != '-'}, rig.now);
}

static void do_until(const char *args)
{
	usec_t end = START + atoi(args) * USEC_PER_MSEC;

	rig.in_timer = true;
	rig.stamped = USEC_NEVER;
	while (timer_queue_next(&rig.timers) <= end) {
		if (rig.now < timer_queue_next(&rig.timers))
			rig.now = timer_queue_next(&rig.timers);
		timer_queue_run(&rig.timers, rig.now);
	}
	rig.in_timer = false;
	rig.now = end;
}

static void do_window(const char *args)
{
	transport_set_peer_window(rig.t, (uint16_t)atoi(args));
}

static void do_cancel(const char *args)
{
	transport_cancel(rig.t, (uint16_t)atoi(args));
}

static void do_close(const char *args)
{
	(void)args;
	transport_close(rig.t, rig.now);
}

static void do_only_ack(const char *args)
{
	(void)args;
	transport_mute(rig.t);
}

/* From here on a transport that has sent and taken that many messages before. */
static void do_seq(const char *args)
{
	assert_int_equal(sscanf(args, "%hu %hu", &rig.t->ns, &rig.t->nr), 2);
	rig.t->acked = rig.t->ns;
}

static void do_peer(const char *args)
{
	rig.t->peer_tunnel_id = (uint32_t)atoi(args);
}

static void do_hello(const char *args)
{
	struct transport_config config = rig.t->config;

	config.hello_interval = atoi(args) * USEC_PER_MSEC;
	config.window = 77;
	transport_set_config(rig.t, &config, rig.now);
}

static void do_nomem(const char *args)
{
	__mem_fail_after((unsigned int)atoi(args));
}

static void do_frees(const char *args)
{
	(void)args;
	rig.frees = true;
}

static void do_mute(const char *args)
{
	(void)args;
	rig.mute = true;
}

static void do_cwnd(const char *args)
{
	(void)args;
	event("%u of %u", rig.t->cwnd, rig.t->ssthresh);
}

static void do_ring(const char *args)
{
	(void)args;
	event("%s", rig.t->early ? "ring" : "none");
}

static void do_stats(const char *args)
{
	static const struct {
		const char *name;
		size_t offset;
	} rows[] = {
		{"tx", offsetof(struct transport_stats, tx_messages)},
		{"tx_zlb", offsetof(struct transport_stats, tx_zlb)},
		{"again", offsetof(struct transport_stats, tx_retransmits)},
		{"rx", offsetof(struct transport_stats, rx_messages)},
		{"rx_zlb", offsetof(struct transport_stats, rx_zlb)},
		{"dup", offsetof(struct transport_stats, rx_duplicates)},
		{"early", offsetof(struct transport_stats, rx_out_of_order)},
		{"outside", offsetof(struct transport_stats, rx_out_of_window)},
		{"nomem", offsetof(struct transport_stats, rx_no_memory)},
		{"bad_nr", offsetof(struct transport_stats, rx_bad_nr)},
	};
	uint64_t value;

	(void)args;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		memcpy(&value, (char *)&rig.t->stats + rows[i].offset, sizeof(value));
		if (value)
			event("%s=%u", rows[i].name, (unsigned int)value);
	}
}

static const struct {
	const char *name;
	void (*run)(const char *args);
} commands[] = {
	{"send", do_send},	   {"fill", do_fill},	  {"rx", do_rx},
	{"until", do_until},	   {"window", do_window}, /* of the peer */
	{"cancel", do_cancel},				  /* a session's unsent messages */
	{"close", do_close},	   {"seq", do_seq},	  /* own Ns, own Nr */
	{"only-ack", do_only_ack},			  /* transport_mute() */
	{"peer", do_peer},				  /* its Tunnel ID is known */
	{"hello", do_hello},				  /* a new interval */
	{"nomem", do_nomem},				  /* the n-th allocation from here fails */
	{"frees", do_frees},				  /* callbacks free the transport */
	{"mute", do_mute},				  /* no HELLO is sent when one is due */
	{"cwnd", do_cwnd},   /* gives the congestion window and its threshold */
	{"ring", do_ring},   /* gives whether there is a reorder ring */
	{"stats", do_stats}, /* gives the counters that are not 0 */
};

static void run_step(const struct step *step)
{
	size_t len = strcspn(step->command, " ");
	const char *args = step->command + len + (step->command[len] == ' ');

	rig.used = 0;
	rig.events[0] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strlen(commands[i].name) != len ||
		    strncmp(commands[i].name, step->command, len) != 0)
			continue;
		commands[i].run(args);
		return;
	}
	fail_msg("no such command: %s", step->command);
}

static void run_script(void **state)
{
	const struct script *script = *state;
	struct transport_config config = base_config;

	if (script->retry_first)
		config.retry_first = script->retry_first * USEC_PER_MSEC;
	if (script->retries)
		config.retries = (unsigned int)script->retries;
	if (script->window)
		config.window = script->window < 0 ? 0 : (uint16_t)script->window;
	config.hello_interval = script->hello * USEC_PER_MSEC;

	rig = (struct rig){.t = malloc(sizeof(*rig.t)), .now = START};
	assert_non_null(rig.t);
	timer_queue_init(&rig.timers);
	__mem_fail_after(script->no_memory);
	transport_init(rig.t, &rig_ops, &config, &rig.timers, rig.now);

	for (const struct step *step = script->steps; step->command; step++) {
		run_step(step);
		if (strcmp(rig.events, step->events) != 0)
			fail_msg("step %d, %s: expected \"%s\", got \"%s\"",
				 (int)(step - script->steps) + 1, step->command, step->events,
				 rig.events);
	}

	__mem_fail_after(0);
	if (rig.t) {
		transport_fini(rig.t);
		rig_free();
	}
	assert_int_equal(timer_queue_next(&rig.timers), USEC_NEVER);
	timer_queue_fini(&rig.timers);
}

static void test_seq_compare(void **state)
{
	/* RFC 2661 5.8: the preceding 32767 values are less; its example is 15. */
	static const struct {
		uint16_t a, b;
		int result;
	} rows[] = {
		{15, 15, 0},	   {0, 15, -1},	      {32784, 15, -1}, {65535, 15, -1},
		{32783, 15, -1},   {32782, 15, 1},    {16, 15, 1},     {0, 65535, 1},
		{65535, 0, -1},	   {32767, 0, 1},     {32768, 0, -1},  {32769, 0, -1},
		{65535, 32768, 1}, {65535, 65535, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(seq_compare(rows[i].a, rows[i].b), rows[i].result);
}

static void test_cycle(void **state)
{
	static const struct {
		int first, cap;
		unsigned int retries;
		int cycle;
	} rows[] = {
		{1000, 8000, 5, 31000}, {1000, 8000, 0, 1000},	{1000, 60000, 5, 63000},
		{3000, 8000, 2, 17000}, {9000, 8000, 2, 27000}, {1000, 8000, 10, 71000},
	};
	struct transport_config config = transport_config_default;

	(void)state;
	assert_int_equal(transport_cycle(&config), 31 * USEC_PER_SEC);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		config.retry_first = rows[i].first * USEC_PER_MSEC;
		config.retry_cap = rows[i].cap * USEC_PER_MSEC;
		config.retries = rows[i].retries;
		assert_int_equal(transport_cycle(&config), rows[i].cycle * USEC_PER_MSEC);
	}
}

static void test_send_what_is_no_message(void **state)
{
	static const uint8_t packet[UINT16_MAX + 1];
	static const size_t lengths[] = {0, CONTROL_HEADER_LEN, sizeof(packet)};
	struct timer_queue timers;
	struct transport t;

	(void)state;
	timer_queue_init(&timers);
	transport_init(&t, &rig_ops, &base_config, &timers, 0);
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++)
		assert_int_equal(transport_send(&t, (struct bytes){packet, lengths[i]}, 0, 0),
				 -EINVAL);
	assert_int_equal(timer_queue_next(&timers), USEC_NEVER);
	transport_fini(&t);
	timer_queue_fini(&timers);
}

static void input_early(struct transport *t, uint16_t ns, size_t len)
{
	static const uint8_t body[4096];
	const struct control_header header = {
		.version = 2, .length = (uint16_t)(CONTROL_HEADER_LEN + len), .ns = ns};

	transport_input(t, &header, (struct bytes){body, len}, 0);
}

/* What came early is bounded in octets: of a window of four, four times 512. */
static void test_early_octets(void **state)
{
	struct timer_queue timers;
	struct transport t;

	(void)state;
	timer_queue_init(&timers);
	transport_init(&t, &rig_ops, &base_config, &timers, 0);
	input_early(&t, 1, 2000);
	input_early(&t, 2, 49);
	input_early(&t, 3, 48);
	assert_int_equal(t.stats.rx_out_of_order, 2);
	assert_int_equal(t.stats.rx_no_memory, 1);
	assert_int_equal(t.early_octets, 2048);
	transport_fini(&t);
	assert_int_equal(t.early_octets, 0);
	timer_queue_fini(&timers);
}

#define PLAIN_TESTS 4

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(scripts) + PLAIN_TESTS] = {
		cmocka_unit_test(test_seq_compare),
		cmocka_unit_test(test_cycle),
		cmocka_unit_test(test_send_what_is_no_message),
		cmocka_unit_test(test_early_octets),
	};

	for (size_t i = 0; i < ARRAY_SIZE(scripts); i++)
		tests[PLAIN_TESTS + i] = (struct CMUnitTest){
			.name = scripts[i].name,
			.test_func = run_script,
			.initial_state = (void *)&scripts[i],
		};
	return cmocka_run_group_tests_name("transport", tests, NULL, NULL);
}
