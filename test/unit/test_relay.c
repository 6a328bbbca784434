/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Switched calls: what the outgoing leg says of the incoming one by each policy, and loops.
 */
#include "engine_fixture.h"

#include <errno.h>
#include <string.h>

#include "lac/relay.h"
#include "wire/result.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct access_line line = {
	.present = LINE_BIT(LINE_ACTUAL_UP),
	.numbers = {64000},
	.circuit_id = "dslam eth 1/2",
	.type = 5,
};

static const struct access_line own_line = {.remote_id = "of the switch"};

/* A call from box 0 that box 1 is to switch. */
static struct l2tp_session *begin(struct world *w)
{
	struct l2tp_msg proxy = {.type = MSG_ICCN};
	struct avp_list ids = {1, {bytes_str("before")}};
	const struct session_params params = {
		.called_number = "called",
		.calling_number = "calling",
		.sub_address = "sub",
		.private_group = "group",
		.physical_channel = 9,
		.bearer = BEARER_ANALOG,
		.tx_connect_speed = 1000,
		.rx_connect_speed = 2000,
		.proxy = &proxy,
		.line = &line,
		.speed_updates = true,
		.tsa_ids = &ids,
	};
	struct l2tp_session *s;

	world_init(w, 80);
	w->boxes[1].peer->calls = CALL_SWITCH;
	MSG_SET(&proxy, AVP_PROXY_AUTHEN_TYPE, proxy_authen_type, 3);
	MSG_SET(&proxy, AVP_PROXY_AUTHEN_ID, proxy_authen_id, 7);
	MSG_SET(&proxy, AVP_PROXY_AUTHEN_NAME, proxy_authen_name, bytes_str("joe"));
	MSG_SET(&proxy, AVP_PROXY_AUTHEN_RESPONSE, proxy_authen_response, bytes_str("password"));
	assert_int_equal(
		l2tp_session_open(open_tunnel(&w->boxes[0], &w->boxes[1]), &params, w->now, &s), 0);
	world_settle(w);
	s = first_session(&w->boxes[1]);
	assert_non_null(s);
	assert_int_equal(s->core.state, SESSION_ESTABLISHED);
	return s;
}

static const struct session_params own = {
	.called_number = "own called",
	.calling_number = "own calling",
	.sub_address = "own sub",
	.private_group = "own group",
	.physical_channel = 99,
	.bearer = BEARER_DIGITAL,
	.tx_connect_speed = 11,
	.rx_connect_speed = 22,
	.line = &own_line,
	.owner = 1234,
};

/* The call leaves box 1 for box 0, whose tunnel hides what it can; what it said there. */
static struct l2tp_session *leave(struct world *w, struct l2tp_session *in, enum lac_relay how,
				  const struct sent **ret_icrq, const struct sent **ret_iccn)
{
	const struct lac_switch policy = {how, how, how, how, how, how, how, how, how};
	struct l2tp_session *s;
	struct l2tp_tunnel *t;
	struct relay relay;

	box_secret(&w->boxes[0], "secret");
	box_secret(&w->boxes[1], "secret");
	w->boxes[1].peer->hide = HIDE_ALWAYS;
	t = open_tunnel(&w->boxes[1], &w->boxes[0]);
	world_settle(w);
	relay_build(in, &policy, &own, &relay);
	assert_int_equal(relay.params.owner, 1234);
	assert_int_equal(l2tp_session_open(t, &relay.params, w->now, &s), 0);
	world_settle(w);
	assert_int_equal(s->core.state, SESSION_ESTABLISHED);
	*ret_icrq = box_sent(&w->boxes[1], MSG_ICRQ);
	*ret_iccn = box_sent(&w->boxes[1], MSG_ICCN);
	return s;
}

/* What was hidden on its way here, or was not, is hidden as the other tunnel's peer says. */
static bool is_hidden(const struct sent *sent, const char *text)
{
	return !memmem(sent->packet, sizeof(sent->packet), text, strlen(text));
}

#define assert_text(bytes, text) assert_true(bytes_equal(bytes, bytes_str(text)))

static void test_relay(void **state)
{
	const struct sent *icrq, *iccn;
	struct access_line told;
	struct l2tp_session *in;
	struct world w;

	(void)state;
	in = begin(&w);
	leave(&w, in, LAC_RELAY, &icrq, &iccn);
	assert_text(icrq->msg.called_number, "called");
	assert_text(icrq->msg.calling_number, "calling");
	assert_text(icrq->msg.sub_address, "sub");
	assert_int_equal(icrq->msg.physical_channel_id, 9);
	assert_int_equal(icrq->msg.bearer_type, BEARER_ANALOG);
	assert_true(msg_has(&icrq->msg, AVP_SPEED_UPDATE_ENABLE));
	assert_true(msg_line(&icrq->msg, &told));
	assert_memory_equal(&told, &line, sizeof(line));
	assert_text(iccn->msg.private_group_id, "group");
	assert_int_equal(iccn->msg.tx_connect_speed, 1000);
	assert_int_equal(iccn->msg.rx_connect_speed, 2000);
	assert_int_equal(iccn->msg.proxy_authen_type, 3);
	assert_int_equal(iccn->msg.proxy_authen_id, 7);
	assert_text(iccn->msg.proxy_authen_name, "joe");
	assert_text(iccn->msg.proxy_authen_response, "password");
	assert_true(is_hidden(iccn, "password"));
	assert_true(is_hidden(icrq, "dslam"));
	world_end(&w);
}

static void test_regenerate(void **state)
{
	const struct sent *icrq, *iccn;
	struct access_line told;
	struct l2tp_session *in;
	struct world w;

	(void)state;
	in = begin(&w);
	leave(&w, in, LAC_REGENERATE, &icrq, &iccn);
	assert_text(icrq->msg.called_number, "own called");
	assert_text(icrq->msg.calling_number, "own calling");
	assert_text(icrq->msg.sub_address, "own sub");
	assert_int_equal(icrq->msg.physical_channel_id, 99);
	assert_int_equal(icrq->msg.bearer_type, BEARER_DIGITAL);
	assert_false(msg_has(&icrq->msg, AVP_SPEED_UPDATE_ENABLE));
	assert_true(msg_line(&icrq->msg, &told));
	assert_memory_equal(&told, &own_line, sizeof(line));
	assert_text(iccn->msg.private_group_id, "own group");
	assert_int_equal(iccn->msg.tx_connect_speed, 11);
	assert_int_equal(iccn->msg.rx_connect_speed, 22);
	assert_false(msg_has(&iccn->msg, AVP_PROXY_AUTHEN_TYPE));
	world_end(&w);
}

static void test_drop(void **state)
{
	static const enum avp_id dropped[] = {
		AVP_CALLED_NUMBER,     AVP_CALLING_NUMBER,	  AVP_SUB_ADDRESS,
		AVP_BEARER_TYPE,       AVP_PHYSICAL_CHANNEL_ID,	  AVP_SPEED_UPDATE_ENABLE,
		AVP_LINE_CIRCUIT_ID,   AVP_PRIVATE_GROUP_ID,	  AVP_PROXY_AUTHEN_TYPE,
		AVP_PROXY_AUTHEN_NAME, AVP_PROXY_AUTHEN_RESPONSE,
	};
	const struct sent *icrq, *iccn;
	struct l2tp_session *in;
	struct world w;

	(void)state;
	in = begin(&w);
	leave(&w, in, LAC_DROP, &icrq, &iccn);
	for (size_t i = 0; i < COUNT(dropped); i++) {
		assert_false(msg_has(&icrq->msg, dropped[i]));
		assert_false(msg_has(&iccn->msg, dropped[i]));
	}
	/* ICCN has to have one: a sane one, not that of the call. */
	assert_true(iccn->msg.tx_connect_speed > 2000);
	/* Who switched the call is never left out. */
	assert_int_equal(icrq->msg.tsa_id.n, 2);
	assert_text(icrq->msg.tsa_id.values[0], "before");
	assert_text(icrq->msg.tsa_id.values[1], w.boxes[1].engine->tsa_id);
	world_end(&w);
}

/* Other speeds of the line go on, once, as the policy says. */
static void test_speeds(void **state)
{
	const struct lac_switch relayed = {.speeds = LAC_RELAY}, dropped = {.speeds = LAC_DROP};
	const struct sent *icrq, *iccn;
	struct l2tp_session *in, *out;
	struct world w;

	(void)state;
	in = begin(&w);
	out = leave(&w, in, LAC_RELAY, &icrq, &iccn);
	assert_int_equal(
		l2tp_session_tell_line(first_session(&w.boxes[0]), NULL, 7000, 8000, w.now), 0);
	world_settle(&w);
	assert_int_equal(in->core.tx_connect_speed, 7000);
	assert_int_equal(relay_new_speeds(in, &dropped, out, w.now), 0);
	assert_int_equal(out->core.tx_connect_speed, 1000);
	assert_int_equal(relay_new_speeds(in, &relayed, out, w.now), 0);
	assert_int_equal(relay_new_speeds(in, &relayed, out, w.now), 0);
	world_settle(&w);
	assert_int_equal(out->core.rx_connect_speed, 8000);
	assert_int_equal(box_count_sent(&w.boxes[1], MSG_CSUN), 1);
	world_end(&w);
}

/* They are not lost while the other leg is on its way. */
static void test_speeds_early(void **state)
{
	const struct lac_switch relayed = {.speeds = LAC_RELAY};
	struct l2tp_session *in, *out;
	struct relay relay;
	struct world w;

	(void)state;
	in = begin(&w);
	relay_build(in, &relayed, &own, &relay);
	assert_int_equal(l2tp_session_open(open_tunnel(&w.boxes[1], &w.boxes[0]), &relay.params,
					   w.now, &out),
			 0);
	in->core.tx_connect_speed = 7000;
	assert_int_equal(relay_new_speeds(in, &relayed, out, w.now), 0);
	world_settle(&w);
	assert_int_equal(box_sent(&w.boxes[1], MSG_ICCN)->msg.tx_connect_speed, 7000);
	assert_int_equal(box_count_sent(&w.boxes[1], MSG_CSUN), 0);
	world_end(&w);
}

static void test_not_back(void **state)
{
	struct reason reason = {0};
	struct l2tp_session *in;
	struct addr other;
	struct world w;

	(void)state;
	in = begin(&w);
	assert_int_equal(addr_parse("203.0.113.77", &other), 0);
	assert_false(relay_is_loop(in, &other, &reason));
	assert_int_equal(reason.result, 0);
	other = w.boxes[0].addr;
	other.port = 9;
	assert_true(relay_is_loop(in, &other, &reason));
	assert_int_equal(reason.result, CDN_LOOP);
	world_end(&w);
}

/* Back where it was switched before it is refused, and so is one that was switched too often. */
static void test_circle(void **state)
{
	struct avp_list ids = {0};
	const struct session_params params = {.tsa_ids = &ids};
	struct l2tp_session *s;
	struct l2tp_tunnel *t;
	struct world w;

	(void)state;
	world_init(&w, 81);
	w.boxes[1].peer->calls = CALL_SWITCH;
	l2tp_engine_set_tsa_id(w.boxes[1].engine, "here");
	t = open_tunnel(&w.boxes[0], &w.boxes[1]);
	ids.values[ids.n++] = bytes_str("there");
	ids.values[ids.n++] = bytes_str("here");
	assert_int_equal(l2tp_session_open(t, &params, w.now, &s), 0);
	world_settle(&w);
	assert_int_equal(box_sent(&w.boxes[1], MSG_CDN)->msg.result_code.result, CDN_LOOP);
	assert_null(first_session(&w.boxes[1]));

	ids.values[1] = bytes_str("hereabouts");
	assert_int_equal(l2tp_session_open(t, &params, w.now, &s), 0);
	world_settle(&w);
	assert_int_equal(s->core.state, SESSION_ESTABLISHED);
	close_session(s);
	world_settle(&w);

	while (ids.n < AVP_LIST_MAX)
		ids.values[ids.n++] = bytes_str("x");
	assert_int_equal(l2tp_session_open(t, &params, w.now, &s), 0);
	world_settle(&w);
	assert_null(first_session(&w.boxes[1]));

	/* Of one whose ids nobody could keep nothing goes out. */
	for (unsigned int i = 0; i < AVP_LIST_MAX; i++)
		ids.values[i] = bytes_str("0123456789012345678901234567890123456789");
	assert_int_equal(l2tp_session_open(t, &params, w.now, &s), -EMSGSIZE);

	for (unsigned int i = 0; i < AVP_LIST_MAX; i++)
		ids.values[i] = (struct bytes){(const uint8_t *)&own, TSA_ID_MAX + 1};
	assert_int_equal(l2tp_session_open(t, &params, w.now, &s), -EMSGSIZE);

	/* Who does not switch does not mind. */
	w.boxes[1].peer->calls = CALL_PPP;
	ids.n = 1;
	ids.values[0] = bytes_str("here");
	assert_int_equal(l2tp_session_open(t, &params, w.now, &s), 0);
	world_settle(&w);
	assert_int_equal(s->core.state, SESSION_ESTABLISHED);
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_relay),	     cmocka_unit_test(test_regenerate),
		cmocka_unit_test(test_drop),	     cmocka_unit_test(test_speeds),
		cmocka_unit_test(test_speeds_early), cmocka_unit_test(test_not_back),
		cmocka_unit_test(test_circle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
