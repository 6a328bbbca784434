/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The automaton against the table of RFC 1661 4.1, which stands here as the RFC prints it, and what
 * the table does not say: the Restart timer, its counters, identifiers, and packets to discard.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/list.h"
#include "ppp/fsm.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define START (3600 * USEC_PER_SEC)

/* States from 0 to 9, with the footnotes left out. */
static const struct {
	enum ppp_event event;
	const char *low, *high;
} table[] = {
	{PPP_UP, "2 irc,scr/6 - - - -", "- - - -"},
	{PPP_DOWN, "- - 0 tls/1 0 1", "1 1 1 tld/1"},
	{PPP_OPEN, "tls/1 1 irc,scr/6 3 5 5", "6 7 8 9"},
	{PPP_CLOSE, "0 tlf/0 2 2 4 4", "irc,str/4 irc,str/4 irc,str/4 tld,irc,str/4"},
	{PPP_TO_PLUS, "- - - - str/4 str/5", "scr/6 scr/6 scr/8 -"},
	{PPP_TO_MINUS, "- - - - tlf/2 tlf/3", "tlf/3 tlf/3 tlf/3 -"},
	{PPP_RCR_PLUS, "- - sta/2 irc,scr,sca/8 4 5", "sca/8 sca,tlu/9 sca/8 tld,scr,sca/8"},
	{PPP_RCR_MINUS, "- - sta/2 irc,scr,scn/6 4 5", "scn/6 scn/7 scn/6 tld,scr,scn/6"},
	{PPP_RCA, "- - sta/2 sta/3 4 5", "irc/7 scr/6 irc,tlu/9 tld,scr/6"},
	{PPP_RCN, "- - sta/2 sta/3 4 5", "irc,scr/6 scr/6 irc,scr/8 tld,scr/6"},
	{PPP_RTR, "- - sta/2 sta/3 sta/4 sta/5", "sta/6 sta/6 sta/6 tld,zrc,sta/5"},
	{PPP_RTA, "- - 2 3 tlf/2 tlf/3", "6 6 8 tld,scr/6"},
	{PPP_RUC, "- - scj/2 scj/3 scj/4 scj/5", "scj/6 scj/7 scj/8 scj/9"},
	{PPP_RXJ_PLUS, "- - 2 3 4 5", "6 6 8 9"},
	{PPP_RXJ_MINUS, "- - tlf/2 tlf/3 tlf/2 tlf/3", "tlf/3 tlf/3 tlf/3 tld,irc,str/5"},
	{PPP_RXR, "- - 2 3 4 5", "6 7 8 ser/9"},
};

static const char *const action_names[] = {
	"tld", "irc", "zrc", "scr", "str", "sca", "scn", "sta", "scj", "ser", "tls", "tlf", "tlu",
};

struct rig {
	struct ppp_fsm fsm;
	struct timer_queue timers;
	usec_t now;
	bool good; /* what the judge thinks */
	uint8_t wish;
	char events[512];
	uint8_t last_id; /* of the last packet sent */
};

static void event(struct rig *rig, const char *text)
{
	size_t used = strlen(rig->events);

	assert_true(used + strlen(text) + 2 < sizeof(rig->events));
	snprintf(rig->events + used, sizeof(rig->events) - used, "%s%s", used ? " " : "", text);
}

static struct rig *rig_of(struct ppp_fsm *fsm)
{
	return container_of(fsm, struct rig, fsm);
}

static void on_send(struct ppp_fsm *fsm, struct bytes frame)
{
	static const char *const names[] = {"?",   "scr", "sca", "scn", "scn", "str",
					    "sta", "scj", "spj", "?",	"ser"};

	assert_true(frame.len >= 6);
	assert_int_equal(frame.data[0] << 8 | frame.data[1], 0x8021);
	assert_int_equal(frame.data[4] << 8 | frame.data[5], frame.len - 2);
	assert_true(frame.data[2] < ARRAY_SIZE(names));
	rig_of(fsm)->last_id = frame.data[3];
	event(rig_of(fsm), names[frame.data[2]]);
}

static void on_restarted(struct ppp_fsm *fsm)
{
	rig_of(fsm)->wish = 1;
}

static void on_request(struct ppp_fsm *fsm, struct writer *w)
{
	writer_u8(w, 200);
	writer_u8(w, 3);
	writer_u8(w, rig_of(fsm)->wish);
}

static enum ppp_code on_judge(struct ppp_fsm *fsm, struct bytes options, struct writer *w)
{
	if (rig_of(fsm)->good)
		return PPP_CONFIGURE_ACK;
	writer_bytes(w, options);
	return PPP_CONFIGURE_NAK;
}

static void on_agreed(struct ppp_fsm *fsm)
{
	(void)fsm;
}

static void on_refused(struct ppp_fsm *fsm, enum ppp_code code, struct bytes options, usec_t now)
{
	(void)code;
	(void)options;
	(void)now;
	rig_of(fsm)->wish++;
}

static int on_extended(struct ppp_fsm *fsm, const struct ppp_packet *packet, usec_t now)
{
	(void)fsm;
	(void)now;
	return packet->code == PPP_ECHO_REQUEST ? PPP_RXR : PPP_RUC;
}

static void on_echo(struct ppp_fsm *fsm, const struct ppp_packet *packet)
{
	ppp_fsm_send(fsm, PPP_ECHO_REPLY, packet->id, packet->data);
}

static void on_up(struct ppp_fsm *fsm, usec_t now)
{
	(void)now;
	event(rig_of(fsm), "tlu");
}

static void on_down(struct ppp_fsm *fsm, usec_t now)
{
	(void)now;
	event(rig_of(fsm), "tld");
}

static void on_finished(struct ppp_fsm *fsm, usec_t now)
{
	(void)now;
	event(rig_of(fsm), "tlf");
}

static const struct ppp_fsm_ops ops = {
	.protocol = 0x8021,
	.send = on_send,
	.restarted = on_restarted,
	.request = on_request,
	.judge = on_judge,
	.agreed = on_agreed,
	.refused = on_refused,
	.extended = on_extended,
	.echo = on_echo,
	.up = on_up,
	.down = on_down,
	.finished = on_finished,
};

static const struct ppp_counts counts = {3 * USEC_PER_SEC, 4, 2, 5};

static struct rig *rig_new(void)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	assert_non_null(rig);
	timer_queue_init(&rig->timers);
	assert_int_equal(ppp_fsm_init(&rig->fsm, &ops, &counts, &rig->timers), 0);
	rig->now = START;
	rig->good = true;
	return rig;
}

static void rig_free(struct rig *rig)
{
	ppp_fsm_fini(&rig->fsm);
	timer_queue_fini(&rig->timers);
	free(rig);
}

static void input(struct rig *rig, uint8_t code, uint8_t id, const void *data, size_t len)
{
	uint8_t packet[64];
	struct writer w = writer_init(packet, sizeof(packet));

	writer_u8(&w, code);
	writer_u8(&w, id);
	writer_u16(&w, (uint16_t)(4 + len));
	writer_bytes(&w, (struct bytes){data, len});
	ppp_fsm_input(&rig->fsm, (struct bytes){packet, writer_len(&w)}, rig->now);
}

#define assert_events(rig, text)                          \
	do {                                              \
		assert_string_equal((rig)->events, text); \
		(rig)->events[0] = '\0';                  \
	} while (0)

/* "tld,irc,str/5" */
static struct ppp_transition parse(char *cell)
{
	struct ppp_transition t = {.legal = strcmp(cell, "-") != 0};
	char *slash = strchr(cell, '/'), *save, *name;

	if (!t.legal)
		return t;
	t.next = (enum ppp_state)atoi(slash ? slash + 1 : cell);
	if (!slash)
		return t;
	*slash = '\0';
	for (name = strtok_r(cell, ",", &save); name; name = strtok_r(NULL, ",", &save))
		for (size_t i = 0; i < ARRAY_SIZE(action_names); i++)
			if (!strcmp(name, action_names[i]))
				t.actions |= (uint16_t)(1u << i);
	return t;
}

static void each_cell(void (*check)(enum ppp_event event, enum ppp_state state,
				    const struct ppp_transition *wanted))
{
	assert_int_equal(ARRAY_SIZE(table), PPP_EVENT_MAX);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		char text[256], *save, *cell;
		unsigned int state = 0;

		snprintf(text, sizeof(text), "%s %s", table[i].low, table[i].high);
		for (cell = strtok_r(text, " ", &save); cell;
		     cell = strtok_r(NULL, " ", &save), state++) {
			struct ppp_transition wanted = parse(cell);

			check(table[i].event, (enum ppp_state)state, &wanted);
		}
		assert_int_equal(state, PPP_STATE_MAX);
	}
}

static void check_row(enum ppp_event event, enum ppp_state state,
		      const struct ppp_transition *wanted)
{
	const struct ppp_transition *row = &ppp_transitions[event][state];

	if (row->legal != wanted->legal || row->actions != wanted->actions ||
	    row->next != wanted->next)
		fail_msg("event %d in state %d: %d %x/%d, not %d %x/%d", event, state, row->legal,
			 row->actions, row->next, wanted->legal, wanted->actions, wanted->next);
}

static void test_table(void **state)
{
	(void)state;
	each_cell(check_row);
}

/* Done for true: what is sent and called, the timer, the counter. */
static void check_done(enum ppp_event number, enum ppp_state state,
		       const struct ppp_transition *wanted)
{
	static const uint8_t options[] = {1, 4, 5, 6};
	const struct ppp_packet packet = {number == PPP_RTR ? PPP_TERMINATE_REQUEST : 1,
					  77,
					  {options, sizeof(options)},
					  {options, sizeof(options)}};
	struct rig *rig = rig_new();
	/* irc and zrc show in the counter, tls is nobody's, this protocol's ser sends a packet. */
	unsigned int shown = wanted->actions & ~(PPP_IRC | PPP_ZRC | PPP_TLS);
	bool ran = state >= PPP_CLOSING && state <= PPP_ACK_SENT;
	bool runs = wanted->next >= PPP_CLOSING && wanted->next <= PPP_ACK_SENT &&
		    (ran || wanted->actions & (PPP_SCR | PPP_STR | PPP_ZRC));
	char text[64] = "";

	rig->fsm.state = state;
	rig->fsm.restarts = 3;
	if (ran)
		assert_int_equal(timer_start(&rig->timers, &rig->fsm.timer, START + 1), 0);
	rig->fsm.packet = &packet;
	rig->fsm.answer = number == PPP_RCR_PLUS ? PPP_CONFIGURE_ACK : PPP_CONFIGURE_NAK;
	assert_int_equal(ppp_fsm_event(&rig->fsm, number, START), wanted->legal);
	assert_int_equal(rig->fsm.state, wanted->legal ? wanted->next : state);
	for (size_t i = 0; i < ARRAY_SIZE(action_names); i++)
		if (shown & 1u << i)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
				 text[0] ? " " : "", action_names[i]);
	assert_string_equal(rig->events, text);
	if (wanted->legal)
		assert_int_equal(timer_queue_next(&rig->timers) != USEC_NEVER, runs);
	rig->fsm.packet = NULL;
	rig_free(rig);
}

static void test_actions(void **state)
{
	(void)state;
	each_cell(check_done);
}

static struct rig *rig_requesting(void)
{
	struct rig *rig = rig_new();

	ppp_fsm_event(&rig->fsm, PPP_OPEN, rig->now);
	ppp_fsm_event(&rig->fsm, PPP_UP, rig->now);
	assert_events(rig, "scr");
	assert_int_equal(rig->fsm.state, PPP_REQ_SENT);
	return rig;
}

static void pass(struct rig *rig, usec_t time)
{
	rig->now += time;
	timer_queue_run(&rig->timers, rig->now);
}

static const uint8_t peer_options[] = {9, 2};

static struct rig *rig_opened(void)
{
	struct rig *rig = rig_requesting();

	input(rig, PPP_CONFIGURE_ACK, rig->fsm.request_id, (uint8_t[]){200, 3, 1}, 3);
	input(rig, PPP_CONFIGURE_REQUEST, 1, peer_options, 2);
	assert_events(rig, "sca tlu");
	assert_int_equal(rig->fsm.state, PPP_OPENED);
	assert_int_equal(timer_queue_next(&rig->timers), USEC_NEVER);
	return rig;
}

static void test_configure_counter(void **state)
{
	struct rig *rig = rig_requesting();
	uint8_t id = rig->last_id;

	(void)state;
	pass(rig, 3 * USEC_PER_SEC - 1);
	assert_events(rig, "");
	pass(rig, 1);
	pass(rig, 3 * USEC_PER_SEC);
	pass(rig, 3 * USEC_PER_SEC);
	assert_events(rig, "scr scr scr");
	assert_int_equal(rig->last_id, id);
	pass(rig, 3 * USEC_PER_SEC);
	assert_events(rig, "tlf");
	assert_int_equal(rig->fsm.state, PPP_STOPPED);
	assert_int_equal(timer_queue_next(&rig->timers), USEC_NEVER);
	rig_free(rig);
}

static void test_terminate_counter(void **state)
{
	struct rig *rig = rig_opened();
	uint8_t id;

	(void)state;
	ppp_fsm_event(&rig->fsm, PPP_CLOSE, rig->now);
	assert_events(rig, "tld str");
	id = rig->last_id;
	pass(rig, 3 * USEC_PER_SEC);
	assert_events(rig, "str");
	assert_int_equal(rig->last_id, id);
	pass(rig, 3 * USEC_PER_SEC);
	assert_events(rig, "tlf");
	assert_int_equal(rig->fsm.state, PPP_CLOSED);
	rig_free(rig);
}

static void test_pause_after_terminate(void **state)
{
	struct rig *rig = rig_opened();

	(void)state;
	input(rig, PPP_TERMINATE_REQUEST, 9, NULL, 0);
	assert_events(rig, "tld sta");
	assert_int_equal(rig->last_id, 9);
	input(rig, PPP_TERMINATE_REQUEST, 10, NULL, 0);
	assert_events(rig, "sta");
	pass(rig, 3 * USEC_PER_SEC);
	assert_events(rig, "tlf");
	rig_free(rig);
}

/* What does not answer our request, as it is, changes nothing; nor a second time. */
static void test_answers(void **state)
{
	static const struct {
		uint8_t code, id_offset;
		uint8_t data[6];
		size_t len;
	} wrong[] = {
		{PPP_CONFIGURE_ACK, 1, {200, 3, 1}, 3},
		{PPP_CONFIGURE_ACK, 0, {200, 3, 2}, 3},
		{PPP_CONFIGURE_ACK, 0, {200, 3, 1}, 2},
		{PPP_CONFIGURE_ACK, 0, {0}, 0},
		{PPP_CONFIGURE_NAK, 255, {200, 3, 1}, 3},
		{PPP_CONFIGURE_NAK, 0, {200, 4, 1}, 3},
		{PPP_CONFIGURE_NAK, 0, {200, 1, 1}, 3},
		{PPP_CONFIGURE_REJECT, 0, {200, 3, 2}, 3},
		{PPP_CONFIGURE_REJECT, 0, {0}, 0},
		{PPP_CONFIGURE_REJECT, 0, {201, 2}, 2},
		{PPP_CONFIGURE_REJECT, 0, {200, 3, 1, 200, 3, 1}, 6},
	};
	struct rig *rig = rig_requesting();
	uint8_t id = rig->fsm.request_id;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		input(rig, wrong[i].code, (uint8_t)(id + wrong[i].id_offset), wrong[i].data,
		      wrong[i].len);
		assert_events(rig, "");
		assert_int_equal(rig->fsm.state, PPP_REQ_SENT);
		assert_int_equal(rig->fsm.discarded, i + 1);
	}
	input(rig, PPP_CONFIGURE_NAK, id, (uint8_t[]){200, 3, 7}, 3);
	assert_events(rig, "scr");
	assert_int_equal(rig->fsm.request_id, (uint8_t)(id + 1));
	/* The Nak once more. */
	input(rig, PPP_CONFIGURE_NAK, id, (uint8_t[]){200, 3, 7}, 3);
	assert_events(rig, "");
	input(rig, PPP_CONFIGURE_ACK, (uint8_t)(id + 1), (uint8_t[]){200, 3, 2}, 3);
	assert_int_equal(rig->fsm.state, PPP_ACK_RCVD);
	input(rig, PPP_CONFIGURE_ACK, (uint8_t)(id + 1), (uint8_t[]){200, 3, 2}, 3);
	assert_int_equal(rig->fsm.state, PPP_ACK_RCVD);
	rig_free(rig);
}

static void test_packets(void **state)
{
	/* Short, false lengths, options that go beyond, and one with padding at the end. */
	static const struct {
		uint8_t bytes[16];
		size_t len;
		const char *events;
	} cases[] = {
		{{1}, 0, ""},
		{{1, 1, 0}, 3, ""},
		{{1, 1, 0, 3}, 4, ""},
		{{1, 1, 0, 9, 9, 2}, 6, ""},
		{{1, 1, 255, 255, 9, 2}, 6, ""},
		{{1, 1, 0, 5, 9}, 5, ""},
		{{1, 1, 0, 6, 9, 1}, 6, ""},
		{{1, 1, 0, 6, 9, 0}, 6, ""},
		{{1, 1, 0, 6, 9, 3, 9}, 7, ""},
		{{7, 1, 0, 4}, 4, ""},
		{{1, 1, 0, 6, 9, 2, 0, 0, 0}, 9, "tld scr sca"},
		{{99, 1, 0, 4}, 4, "scj"},
		{{0, 1, 0, 4}, 4, "scj"},
		{{7, 1, 0, 5, 1}, 5, "tld str"},
		{{7, 1, 0, 5, 9}, 5, ""},
		{{9, 1, 0, 4}, 4, "ser"},
		{{6, 1, 0, 4}, 4, "tld scr"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rig *rig = rig_opened();

		ppp_fsm_input(&rig->fsm, (struct bytes){cases[i].bytes, cases[i].len}, rig->now);
		if (strcmp(rig->events, cases[i].events) != 0)
			fail_msg("packet %zu: \"%s\"", i, rig->events);
		rig_free(rig);
	}
}

/* A negotiation that begins anew forgets what the peer had talked us out of. */
static void test_wishes_come_back(void **state)
{
	struct rig *rig = rig_requesting();

	(void)state;
	input(rig, PPP_CONFIGURE_NAK, rig->fsm.request_id, (uint8_t[]){200, 3, 7}, 3);
	assert_int_equal(rig->fsm.request[2], 2);
	input(rig, PPP_CONFIGURE_ACK, rig->fsm.request_id, (uint8_t[]){200, 3, 2}, 3);
	input(rig, PPP_CONFIGURE_REQUEST, 1, peer_options, 2);
	assert_int_equal(rig->fsm.state, PPP_OPENED);
	input(rig, PPP_CONFIGURE_REQUEST, 2, peer_options, 2);
	assert_int_equal(rig->fsm.state, PPP_ACK_SENT);
	assert_int_equal(rig->fsm.request[2], 1);
	rig_free(rig);
}

static void test_naks_are_counted(void **state)
{
	struct rig *rig = rig_requesting();

	(void)state;
	rig->good = false;
	for (uint8_t i = 1; i <= 3; i++) {
		input(rig, PPP_CONFIGURE_REQUEST, i, peer_options, 2);
		assert_int_equal(rig->fsm.failures, i);
		assert_int_equal(rig->last_id, i);
	}
	rig->good = true;
	input(rig, PPP_CONFIGURE_REQUEST, 4, peer_options, 2);
	assert_int_equal(rig->fsm.failures, 0);
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_actions),
		cmocka_unit_test(test_configure_counter),
		cmocka_unit_test(test_terminate_counter),
		cmocka_unit_test(test_pause_after_terminate),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_packets),
		cmocka_unit_test(test_wishes_come_back),
		cmocka_unit_test(test_naks_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
