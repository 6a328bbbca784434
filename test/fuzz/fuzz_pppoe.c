/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PPPoE discovery, RFC 2516, as a game: fuzz_pppoe.h has its moves.
 *
 * Whatever clients send, an answer is a frame that parses, goes to the client that asked, and gives
 * back what he wants given back; ids are good and unique; limits hold; nobody has a session without
 * a cookie of ours.
 */
#include "fuzz_pppoe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fuzz.h"
#include "pppoe/ac.h"
#include "pppoe/cookie.h"

#define START (3600 * USEC_PER_SEC)
#define MOVES_MAX 400
#define SESSIONS_MAX 3
#define SESSIONS_MAX_PER_MAC 2

static const uint8_t ac_mac[PPPOE_MAC_LEN] = {2, 0, 0, 0, 0, 1};
static char ac_name[] = "ac", gold[] = "gold", tin[] = "tin";
static char *service_names[] = {gold, tin};

static struct game {
	struct reader in;
	uint8_t flags;
	struct pppoe_settings settings;
	struct pppoe_ac *ac;
	usec_t now;
	uint64_t random;
	/* What came last, for who looks at the answer. */
	struct bytes frame;
	uint8_t secret[PPPOE_SECRET_LEN];
} game;

/* Known octets, so that an input always plays the same. */
static void on_random(struct pppoe_ac *ac, void *data, size_t len)
{
	(void)ac;
	if (len == PPPOE_SECRET_LEN) {
		memset(data, 0x5a, len);
		memcpy(game.secret, data, len);
		return;
	}
	memset(data, 0, len);
	game.random++;
	memcpy(data, &game.random, len < sizeof(game.random) ? len : sizeof(game.random));
}

/* The tags of a frame of ours, one by one; Service-Name may be there more than once. */
static unsigned int count_tags(struct bytes frame, uint16_t type)
{
	struct reader r = reader_init(frame.data, frame.len);
	unsigned int count = 0;

	reader_skip(&r, 18);
	assert_int_equal(reader_u16(&r), frame.len - 20);
	while (reader_left(&r)) {
		count += reader_u16(&r) == type;
		reader_skip(&r, reader_u16(&r));
	}
	assert_true(r.ok);
	return count;
}

static void check_echo(struct bytes answer, const struct pppoe_packet *asked)
{
	assert_int_equal(count_tags(answer, 0x0103), pppoe_has(asked, PPPOE_HOST_UNIQ));
	assert_int_equal(count_tags(answer, 0x0110), pppoe_has(asked, PPPOE_RELAY_SESSION_ID));
}

static void on_send(struct pppoe_ac *ac, struct bytes frame)
{
	uint8_t *copy = fuzz_copy(frame.data, frame.len);
	struct bytes answer = {copy, frame.len};
	struct pppoe_packet asked = {0};
	uint16_t id;

	(void)ac;
	assert_true(answer.len >= 20 && answer.len <= PPPOE_FRAME_MAX);
	assert_memory_equal(copy + PPPOE_MAC_LEN, ac_mac, PPPOE_MAC_LEN);
	assert_false(copy[0] & 1);
	id = (uint16_t)(copy[16] << 8 | copy[17]);
	switch ((enum pppoe_code)copy[15]) {
	case PPPOE_PADO:
		assert_int_equal(id, 0);
		assert_int_equal(pppoe_parse(game.frame, &asked), 0);
		assert_int_equal(asked.code, PPPOE_PADI);
		assert_memory_equal(copy, asked.source, PPPOE_MAC_LEN);
		assert_int_equal(count_tags(answer, 0x0104), 1);
		assert_true(count_tags(answer, 0x0101) >= 1);
		check_echo(answer, &asked);
		break;
	case PPPOE_PADS:
		assert_int_equal(count_tags(answer, 0x0101), 1);
		assert_int_equal(count_tags(answer, 0x0201) + count_tags(answer, 0x0202), !id);
		assert_true(!id || pppoe_session_find(game.ac, id));
		break;
	case PPPOE_PADT:
		assert_non_null(pppoe_session_find(game.ac, id));
		break;
	case PPPOE_PADI:
	case PPPOE_PADR:
	default:
		fail();
	}
	free(copy);
}

static void on_requested(struct pppoe_session *s, usec_t now)
{
	struct pppoe_packet asked;

	assert_int_equal(now, game.now);
	assert_int_equal(pppoe_parse(game.frame, &asked), 0);
	assert_int_equal(asked.code, PPPOE_PADR);
	assert_memory_equal(s->mac, asked.source, PPPOE_MAC_LEN);
	assert_true(pppoe_cookie_is_good(game.secret, s->mac, now, asked.tags[PPPOE_AC_COOKIE]));
	assert_int_equal(s->line != NULL, asked.has_line);
	assert_true(s->max_payload >= PPPOE_MTU);
	assert_true(s->max_payload <= PPPOE_MTU || s->max_payload <= game.settings.max_payload);
	if (game.flags & PPPOE_EAGER)
		pppoe_session_accept(s);
}

static void on_closed(struct pppoe_session *s, const char *text, usec_t now)
{
	assert_int_equal(now, game.now);
	assert_true(s->peer_done);
	for (; *text; text++)
		assert_true(*text >= ' ' && *text <= '~');
	if (game.flags & PPPOE_EAGER)
		pppoe_session_close(s, "no");
}

static const struct pppoe_ops ops = {
	.random = on_random,
	.send = on_send,
	.requested = on_requested,
	.closed = on_closed,
};

static void check_sessions(void)
{
	unsigned int count = 0;
	struct pppoe_session *s;

	for (s = pppoe_session_next(game.ac, NULL); s; s = pppoe_session_next(game.ac, s)) {
		count++;
		assert_true(s->id && s->id <= PPPOE_SESSION_ID_MAX);
		assert_ptr_equal(pppoe_session_find(game.ac, s->id), s);
	}
	assert_int_equal(pppoe_ac_count(game.ac), count);
	if (game.flags & PPPOE_WITH_LIMITS)
		assert_true(count <= SESSIONS_MAX);
}

static struct pppoe_session *nth_session(uint8_t n)
{
	struct pppoe_session *s = pppoe_session_next(game.ac, NULL);

	while (n-- && s)
		s = pppoe_session_next(game.ac, s);
	return s;
}

static void input(struct bytes frame)
{
	uint8_t *copy = fuzz_copy(frame.data, frame.len);

	game.frame = (struct bytes){copy, frame.len};
	pppoe_ac_input(game.ac, game.frame, game.now);
	free(copy);
}

static void move_frame(void)
{
	uint8_t code = reader_u8(&game.in);
	uint8_t client[PPPOE_MAC_LEN] = {2, 0, 0, 0, 0, reader_u8(&game.in)};
	uint8_t frame[PPPOE_FRAME_MAX], cookie[PPPOE_COOKIE_LEN];
	uint16_t id = reader_u16(&game.in);
	struct bytes tags = reader_bytes(&game.in, reader_u8(&game.in));
	struct writer w = writer_init(frame, sizeof(frame));

	pppoe_cookie(game.secret, client, game.now, cookie);
	pppoe_write_header(&w, ac_mac, client, (enum pppoe_code)code, id);
	pppoe_write_tag(&w, PPPOE_AC_COOKIE, (struct bytes){cookie, sizeof(cookie)});
	writer_bytes(&w, tags);
	pppoe_write_end(&w);
	input((struct bytes){frame, writer_len(&w)});
}

static void move_session(enum pppoe_move move)
{
	struct pppoe_session *s = nth_session(reader_u8(&game.in));

	if (!s)
		return;
	if (move == PPPOE_CLOSE)
		pppoe_session_close(s, "the end");
	else if (s->accepted || s->peer_done)
		return;
	else if (move == PPPOE_ACCEPT)
		pppoe_session_accept(s);
	else
		pppoe_session_refuse(s, "no");
}

static void play(void)
{
	enum pppoe_move move = reader_u8(&game.in) % PPPOE_MOVE_MAX;

	switch (move) {
	case PPPOE_RAW:
		input(reader_bytes(&game.in, reader_u16(&game.in)));
		break;
	case PPPOE_FRAME:
		move_frame();
		break;
	case PPPOE_TIME:
		game.now += reader_u8(&game.in) * USEC_PER_SEC;
		break;
	case PPPOE_ACCEPT:
	case PPPOE_REFUSE:
	case PPPOE_CLOSE:
		move_session(move);
		break;
	case PPPOE_DOWN:
		pppoe_ac_down(game.ac, "gone", game.now);
		break;
	case PPPOE_STOP:
		pppoe_ac_stop(game.ac, "bye", game.now);
		break;
	case PPPOE_MEMORY:
		__mem_fail_after(reader_u8(&game.in));
		break;
	case PPPOE_MOVE_MAX:
		break;
	}
}

static void begin(void)
{
	game.flags = reader_u8(&game.in);
	game.now = START;
	game.settings.ac_name = ac_name;
	if (game.flags & PPPOE_WITH_SERVICES) {
		game.settings.service_names = service_names;
		game.settings.n_service_names = 2;
	}
	if (game.flags & PPPOE_WITH_LIMITS) {
		game.settings.max_sessions = SESSIONS_MAX;
		game.settings.max_sessions_per_mac = SESSIONS_MAX_PER_MAC;
	}
	if (game.flags & PPPOE_WITH_RATES) {
		game.settings.max_padi_rate = 3;
		game.settings.max_padi_rate_per_mac = 2;
	}
	game.settings.max_payload = game.flags & PPPOE_WITH_JUMBO ? 1500 : PPPOE_MTU;
	assert_int_equal(pppoe_ac_new(&ops, NULL, &game.settings, ac_mac, &game.ac), 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pppoe_session *s;

	game = (struct game){.in = reader_init(data, size)};
	begin();
	for (unsigned int i = 0; i < MOVES_MAX && reader_left(&game.in); i++) {
		play();
		check_sessions();
	}
	__mem_fail_after(0);
	while ((s = pppoe_session_next(game.ac, NULL)))
		pppoe_session_close(s, NULL);
	pppoe_ac_free(game.ac);
	return 0;
}
