/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A caller of a LAC: any frames at any time.
 *
 * The first octet chooses how he may authenticate and what the LAC does when he did. Then each
 * frame is its length, an octet, and its octets; length 0 is followed by seconds that pass, and
 * length 255 by one octet, n: a Configure-Ack of what was asked for last, with n more options.
 * Whatever comes, what is sent is well-formed, the proxy AVPs can be encoded, and it ends in time.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "ppp/fsm.h"
#include "ppp/option.h"
#include "ppp/proxy.h"

#define NAME "lac"

struct game {
	struct ppp_proxy *proxy;
	struct timer_queue timers;
	usec_t now;
	uint8_t choice;
	uint8_t random;
	/* The last Configure-Request, with its header. */
	uint8_t request[512];
	size_t request_len;
	bool told, ended;
};

static void on_random(void *user, void *data, size_t len)
{
	memset(data, ++((struct game *)user)->random, len);
}

static void on_send(void *user, struct bytes frame)
{
	struct bytes rest = {frame.data + 2, frame.len - 2};
	struct game *game = user;
	struct ppp_packet packet;

	assert_false(game->ended);
	assert_true(frame.len >= 6 && frame.len <= 2 + 1500);
	assert_int_equal(ppp_packet_read(rest, &packet), 0);
	assert_int_equal(packet.whole.len, rest.len);
	if (frame.data[0] != 0xc0 || frame.data[1] != 0x21)
		return;
	if (packet.code >= PPP_CONFIGURE_REQUEST && packet.code <= PPP_CONFIGURE_REJECT)
		assert_true(ppp_options_valid(packet.data));
	if (packet.code == PPP_CONFIGURE_REQUEST && rest.len <= sizeof(game->request)) {
		memcpy(game->request, rest.data, rest.len);
		game->request_len = rest.len;
	}
}

static void on_authenticating(void *user, usec_t now)
{
	struct game *game = user;
	const struct ppp_credentials *c = ppp_proxy_credentials(game->proxy);
	struct l2tp_msg msg = {.type = MSG_ICCN};

	assert_false(game->told || game->ended);
	game->told = true;
	assert_true(strlen(c->user) <= PPP_USER_MAX);
	ppp_proxy_tell(game->proxy, &msg);
	assert_true(msg_has(&msg, AVP_LAST_SENT_LCP_CONFREQ));
	assert_true(ppp_options_valid(msg.last_sent_lcp_confreq));
	assert_true(ppp_options_valid(msg.last_received_lcp_confreq));
	assert_true(ppp_options_valid(msg.initial_lcp_confreq));
	if (game->choice & 8)
		ppp_proxy_accept(game->proxy, "welcome", now);
	else if (game->choice & 16)
		ppp_proxy_reject(game->proxy, "no", now);
}

static void on_restarted(void *user, usec_t now)
{
	struct game *game = user;

	(void)now;
	assert_true(game->told && !game->ended);
	game->told = false;
}

static void on_down(void *user, const struct reason *reason, usec_t now)
{
	struct game *game = user;

	(void)now;
	assert_false(game->ended);
	assert_true(reason->origin == ORIGIN_PPP && reason->text[0]);
	game->ended = true;
}

static const struct ppp_proxy_ops ops = {
	.random = on_random,
	.send = on_send,
	.authenticating = on_authenticating,
	.restarted = on_restarted,
	.down = on_down,
};

static void pass(struct game *game, usec_t time)
{
	usec_t end = game->now + time, next;

	while ((next = timer_queue_next(&game->timers)) <= end) {
		game->now = next > game->now ? next : game->now;
		timer_queue_run(&game->timers, game->now);
	}
	game->now = end;
}

static void hear(struct game *game, struct bytes frame)
{
	uint8_t *copy = fuzz_copy(frame.data, frame.len);

	ppp_proxy_input(game->proxy, (struct bytes){copy, frame.len}, game->now);
	free(copy);
	pass(game, 0);
}

static void hear_ack(struct game *game, size_t more)
{
	uint8_t frame[2 + sizeof(game->request) + 2 * 255];
	struct writer w = writer_init(frame, sizeof(frame));

	writer_u16(&w, 0xc021);
	writer_bytes(&w, (struct bytes){game->request, game->request_len});
	for (size_t i = 0; i < more; i++)
		writer_u16(&w, 0x0702);
	frame[2] = PPP_CONFIGURE_ACK;
	writer_patch_u16(&w, 4, (uint16_t)(writer_len(&w) - 2));
	assert_true(w.ok);
	hear(game, (struct bytes){frame, writer_len(&w)});
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r = reader_init(data, size);
	struct ppp_proxy_settings settings = ppp_proxy_defaults;
	char name[] = NAME;
	struct game game = {.choice = reader_u8(&r), .now = USEC_PER_SEC};

	settings.name = name;
	settings.auths[0] = PPP_AUTH_PAP;
	settings.auths[1] = PPP_AUTH_CHAP;
	settings.auths[2] = PPP_AUTH_MSCHAP_V2;
	settings.n_auths = game.choice & 3;
	timer_queue_init(&game.timers);
	assert_int_equal(ppp_proxy_new(&ops, &game, &game.timers, &settings,
				       game.choice & 4 ? 1500 : 1492, &game.proxy),
			 0);
	ppp_proxy_start(game.proxy, game.now);
	while (reader_left(&r)) {
		uint8_t len = reader_u8(&r);

		if (len == 0)
			pass(&game, reader_u8(&r) * USEC_PER_SEC);
		else if (len == 255)
			hear_ack(&game, reader_u8(&r));
		else
			hear(&game,
			     reader_bytes(&r, len < reader_left(&r) ? len : reader_left(&r)));
	}
	/* Who says nothing more waits for an LNS, or is gone. */
	pass(&game, 600 * USEC_PER_SEC);
	assert_true(game.told || game.ended);
	ppp_proxy_free(game.proxy);
	assert_int_equal(game.timers.count + game.timers.parked, 0);
	timer_queue_fini(&game.timers);
	return 0;
}
