/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The access concentrator: frames in, frames out (RFC 2516 section 5). The scripts are in
 * pppoe_scripts.h.
 */
#include <errno.h>

#include "base/mem.h"
#include "pppoe_scripts.h"

#define SESSIONS_MAX 4

static struct fixture {
	struct pppoe_ac *ac;
	char cookie[2 * 16 + 1];
	/* Frames since the last step, and what the owner was told. */
	char sent[4 * PPPOE_FRAME_MAX];
	char told[256];
	struct pppoe_session *sessions[SESSIONS_MAX];
	size_t n_sessions;
	bool close_in_callback;
	usec_t now;
} fixture;

static void on_random(struct pppoe_ac *ac, void *data, size_t len)
{
	(void)ac;
	memset(data, 0x11, len);
}

static void on_send(struct pppoe_ac *ac, struct bytes frame)
{
	static const char tag[] = "01040010";
	size_t len = strlen(fixture.sent);
	const char *cookie;

	assert_ptr_equal(pppoe_ac_ctx(ac), &fixture);
	to_hex(frame, fixture.sent + len, sizeof(fixture.sent) - len);
	cookie = strstr(fixture.sent + len, tag);
	if (frame.data[15] == PPPOE_PADO && cookie)
		snprintf(fixture.cookie, sizeof(fixture.cookie), "%s", cookie + strlen(tag));
}

static void on_requested(struct pppoe_session *s, usec_t now)
{
	assert_int_equal(now, fixture.now);
	strcat(fixture.told, "requested");
	assert_true(fixture.n_sessions < SESSIONS_MAX);
	fixture.sessions[fixture.n_sessions++] = s;
}

static void on_closed(struct pppoe_session *s, const char *text, usec_t now)
{
	assert_int_equal(now, fixture.now);
	assert_true(s->peer_done);
	sprintf(fixture.told + strlen(fixture.told), "closed %04x %s", s->id, text);
	if (fixture.close_in_callback)
		pppoe_session_close(s, "not to be sent");
}

static const struct pppoe_ops ops = {
	.random = on_random,
	.send = on_send,
	.requested = on_requested,
	.closed = on_closed,
};

/* Puts cookie and lengths in. */
static size_t expand(const char *text, uint8_t *out, size_t size)
{
	char hex[4 * PPPOE_FRAME_MAX] = "", *length = NULL;
	size_t n = 0, len;

	for (; *text; text++) {
		if (*text == 'K')
			n += (size_t)sprintf(hex + n, "%s", fixture.cookie);
		else if (*text != ' ' && *text != '_')
			hex[n++] = *text;
		if (*text == '_' && !length) {
			length = hex + n;
			n += (size_t)sprintf(length, "0000");
		}
	}
	hex[n] = '\0';
	len = from_hex(hex, out, size);
	if (length) {
		size_t at = (size_t)(length - hex) / 2;

		out[at] = (uint8_t)((len - at - 2) >> 8);
		out[at + 1] = (uint8_t)(len - at - 2);
	}
	return len;
}

static void receive(const char *text)
{
	uint8_t frame[PPPOE_FRAME_MAX], *copy;
	size_t len = expand(text, frame, sizeof(frame));

	copy = malloc(len);
	assert_non_null(copy);
	memcpy(copy, frame, len);
	pppoe_ac_input(fixture.ac, (struct bytes){copy, len}, fixture.now);
	free(copy);
}

static struct pppoe_session *last_session(void)
{
	assert_true(fixture.n_sessions > 0);
	return fixture.sessions[fixture.n_sessions - 1];
}

static void act(const struct step *step)
{
	switch (step->what) {
	case RX:
		receive(step->in);
		break;
	case ACCEPT:
		pppoe_session_accept(last_session());
		break;
	case REFUSE:
		pppoe_session_refuse(last_session(), step->in);
		fixture.n_sessions--;
		break;
	case LEAVE:
		pppoe_session_leaves(last_session());
		break;
	case CLOSE:
		pppoe_session_close(last_session(), step->in);
		fixture.n_sessions--;
		break;
	case DOWN:
		pppoe_ac_down(fixture.ac, step->in, fixture.now);
		break;
	case STOP:
		pppoe_ac_stop(fixture.ac, step->in, fixture.now);
		break;
	case END:
		break;
	}
}

static void play_step(const struct step *step)
{
	uint8_t expected[PPPOE_FRAME_MAX];
	char text[2 * PPPOE_FRAME_MAX + 1];
	size_t len;

	fixture.now += step->after * USEC_PER_MSEC;
	fixture.sent[0] = fixture.told[0] = '\0';
	act(step);
	len = expand(step->out, expected, sizeof(expected));
	assert_string_equal(fixture.sent,
			    to_hex((struct bytes){expected, len}, text, sizeof(text)));
	assert_string_equal(fixture.told, step->told);
	assert_int_equal(pppoe_ac_count(fixture.ac), fixture.n_sessions);
}

static void begin(const struct pppoe_settings *settings)
{
	static const uint8_t mac[] = {2, 0, 0, 0, 0, 1};

	fixture = (struct fixture){.now = 600 * USEC_PER_SEC};
	assert_int_equal(pppoe_ac_new(&ops, &fixture, settings, mac, &fixture.ac), 0);
}

static void test_scripts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(scripts); i++) {
		const struct pppoe_stats *stats;

		print_message("# %s\n", scripts[i].name);
		begin(scripts[i].settings);
		for (const struct step *step = scripts[i].steps; step->what != END; step++)
			play_step(step);
		stats = pppoe_ac_stats(fixture.ac);
		assert_int_equal(*(const uint64_t *)((const char *)stats + scripts[i].counter),
				 scripts[i].count);
		assert_int_equal(pppoe_ac_count(fixture.ac), 0);
		pppoe_ac_free(fixture.ac);
	}
}

static void test_session(void **state)
{
	struct pppoe_session *s;
	uint32_t rate;

	(void)state;
	begin(&jumbo);
	receive(PADI);
	receive(TO_AC "19 0000 ____ 0101 0003 6100 62 0104 0010 K 0120 0002 05da"
		      "0105 000c 00000de9 8204 00989680 0101");
	assert_int_equal(fixture.n_sessions, 0);
	receive(TO_AC "19 0000 ____ 0101 0003 6100 62 0104 0010 K 0120 0002 05da"
		      "0105 000d 00000de9 8204 00989680 0101 63");
	s = last_session();
	assert_ptr_equal(s->ac, fixture.ac);
	assert_int_equal(s->id, 0x1112);
	assert_memory_equal(s->mac, "\x02\0\0\0\0\xc1", 6);
	assert_int_equal(s->max_payload, 1498);
	assert_string_equal(s->service_name, "a?b");
	assert_non_null(s->line);
	assert_string_equal(s->line->circuit_id, "c");
	assert_true(access_line_number(s->line, LINE_ACTUAL_DOWN, &rate));
	assert_int_equal(rate, 10000000);
	assert_false(s->accepted);
	assert_ptr_equal(pppoe_session_find(fixture.ac, 0x1112), s);
	assert_null(pppoe_session_find(fixture.ac, 0x1113));
	assert_ptr_equal(pppoe_session_next(fixture.ac, NULL), s);
	assert_null(pppoe_session_next(fixture.ac, s));
	pppoe_session_close(s, NULL);
	pppoe_ac_free(fixture.ac);
}

/* closed() may free the session that it is told of. */
static void test_down_frees(void **state)
{
	(void)state;
	begin(&plain);
	receive(PADI);
	receive(PADR);
	receive(PADR "0103 0001 01");
	receive(PADR "0103 0001 02");
	fixture.close_in_callback = true;
	pppoe_ac_down(fixture.ac, "", fixture.now);
	assert_int_equal(pppoe_ac_count(fixture.ac), 0);
	pppoe_ac_free(fixture.ac);
}

/* A reload: other settings from the next frame on. */
static void test_set(void **state)
{
	(void)state;
	begin(&plain);
	receive(PADI);
	pppoe_ac_set(fixture.ac, &with_services);
	fixture.sent[0] = '\0';
	receive(TO_ALL "09 0000 ____ 0101 0002 7a7a");
	assert_string_equal(fixture.sent, "");
	pppoe_ac_free(fixture.ac);
}

/* A PADI that fills a frame is answered as far as there is room, or not at all. */
static void test_room(void **state)
{
	static const struct {
		size_t uniq_len;
		size_t out_len; /* 0: no answer */
	} rows[] = {
		/* 20 + AC-Name 6 + Service-Name 4 + cookie 20 + 4 + n, then gold 8 and tin 7 */
		{1000, 20 + 34 + 1000 + 15}, {1445, 20 + 34 + 1445 + 15},
		{1446, 20 + 34 + 1446 + 8},  {1453, 20 + 34 + 1453 + 7},
		{1460, 20 + 34 + 1460},	     {1461, 0},
	};
	uint8_t frame[PPPOE_FRAME_MAX] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		static const uint8_t client[] = {2, 0, 0, 0, 0, 0xc1}, fill[1500];
		struct writer w = writer_init(frame, sizeof(frame));

		begin(&with_services);
		pppoe_write_header(&w, frame, client, PPPOE_PADI, 0);
		pppoe_write_tag(&w, PPPOE_SERVICE_NAME, (struct bytes){0});
		pppoe_write_tag(&w, PPPOE_HOST_UNIQ, (struct bytes){fill, rows[i].uniq_len});
		pppoe_write_end(&w);
		pppoe_ac_input(fixture.ac, (struct bytes){frame, writer_len(&w)}, fixture.now);
		assert_int_equal(strlen(fixture.sent) / 2, rows[i].out_len);
		assert_int_equal(pppoe_ac_stats(fixture.ac)->rx_malformed, !rows[i].out_len);
		pppoe_ac_free(fixture.ac);
	}
}

/* Whatever allocation fails: no session, or all of it. */
static void test_no_memory(void **state)
{
	static const uint8_t mac[PPPOE_MAC_LEN];
	unsigned int failed = 0;
	struct pppoe_ac *ac;

	(void)state;
	__mem_fail_after(1);
	assert_int_equal(pppoe_ac_new(&ops, NULL, &plain, mac, &ac), -ENOMEM);
	for (unsigned int n = 1;; n++) {
		begin(&plain);
		receive(PADI);
		fixture.sent[0] = '\0';
		__mem_fail_after(n);
		receive(PADR "0105 0007 00000de9 0101 63");
		__mem_fail_after(0);
		if (fixture.n_sessions) {
			pppoe_session_close(last_session(), NULL);
			pppoe_ac_free(fixture.ac);
			break;
		}
		failed++;
		assert_non_null(strstr(fixture.sent, "0202000d6f7574206f66206d656d6f7279"));
		assert_int_equal(pppoe_ac_count(fixture.ac), 0);
		assert_int_equal(pppoe_ac_stats(fixture.ac)->refused_system, 1);
		pppoe_ac_free(fixture.ac);
	}
	assert_int_equal(failed, 6);
}

/* Many of one client: found again one by one, each with an id of its own. */
static void test_many(void **state)
{
	struct pppoe_session *s;
	char padr[256];

	(void)state;
	begin(&plain);
	receive(PADI);
	for (unsigned int i = 0; i < 600; i++) {
		snprintf(padr, sizeof(padr), PADR "0103 0002 %04x", i);
		fixture.n_sessions = 0;
		fixture.told[0] = '\0';
		receive(padr);
		assert_int_equal(fixture.n_sessions, 1);
		assert_int_equal(last_session()->id, 0x1112 + i);
	}
	while ((s = pppoe_session_next(fixture.ac, NULL)))
		pppoe_session_close(s, NULL);
	pppoe_ac_free(fixture.ac);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scripts),	   cmocka_unit_test(test_session),
		cmocka_unit_test(test_down_frees), cmocka_unit_test(test_set),
		cmocka_unit_test(test_room),	   cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
