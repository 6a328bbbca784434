/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RADIUS packets: an octet with the code of an answer, then attributes.
 *
 * No fuzzer guesses MD5, so the attributes are sealed here: as the answer that a request of ours
 * waits for, and as orders. The same octets come raw as well, on every socket.
 */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aaa/private.h"

#define SECRET "secret"

static struct world {
	struct radius_server server;
	struct timer_queue timers;
	uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN];
	uint8_t id;
	unsigned int done, answers;
} w;

static void on_random(struct radius_client *client, void *data, size_t len)
{
	(void)client;
	memset(data, 7, len);
}

static uint32_t on_time(struct radius_client *client)
{
	(void)client;
	return 1000000;
}

static void on_send(struct radius_client *client, const struct radius_server *server, bool acct,
		    unsigned int socket, struct bytes packet)
{
	(void)client, (void)server, (void)acct, (void)socket;
	w.id = packet.data[1];
	memcpy(w.authenticator, packet.data + 4, sizeof(w.authenticator));
}

static void on_reply(struct radius_client *client, const struct addr *local,
		     const struct addr *peer, struct bytes packet)
{
	struct radius_packet parsed;

	(void)client, (void)local, (void)peer;
	w.answers++;
	assert_int_equal(radius_parse(packet, &parsed), 0);
}

static bool on_is_server(struct radius_client *client, const struct radius_server *server,
			 const struct addr *peer)
{
	(void)client, (void)server, (void)peer;
	return true;
}

static unsigned int on_disconnect(struct radius_client *client, const struct radius_user *who)
{
	(void)client;
	return who->nas_port_id == NULL;
}

static int on_change(struct radius_client *client, const struct radius_user *who, uint32_t tx,
		     uint32_t rx)
{
	(void)client;
	assert_true(tx || rx);
	return who->nas_port_id ? -ENOENT : 0;
}

static void on_event(struct radius_client *client, const struct radius_server *server,
		     const char *text)
{
	(void)client, (void)server;
	assert_true(text[0]);
}

static const struct radius_ops ops = {
	.random = on_random,
	.time = on_time,
	.send = on_send,
	.reply = on_reply,
	.is_server = on_is_server,
	.disconnect = on_disconnect,
	.change = on_change,
	.event = on_event,
};

/* Yes with a set that is whole, or no with the reason. */
static void on_done(void *user, const struct radius_answer *answer, usec_t now)
{
	const struct steer_set *set = answer->set;

	(void)user, (void)now;
	w.done++;
	assert_true(answer->err == 0 || answer->err == -EBADMSG);
	assert_true(answer->accepted || (answer->why[0] && !set));
	assert_true(!set || (set->n >= 1 && set->n <= STEER_TUNNELS_MAX));
	for (size_t i = 0; set && i < set->n; i++) {
		assert_true(set->tunnels[i].server[0]);
		assert_non_null(set->tunnels[i].peer);
		assert_true(set->tunnels[i].preference < 1 << 24);
	}
}

/* Every octet is of one attribute, inside vendors' too. */
static void check_walk(struct bytes attributes)
{
	struct radius_walk walk = radius_walk(attributes);
	const uint8_t *at = attributes.data;
	struct radius_value value;

	while (radius_next(&walk, &value)) {
		if (value.whole.data != at - value.whole.len)
			assert_ptr_equal(value.whole.data, at);
		at = value.whole.data + value.whole.len;
		assert_true(value.wrong || value.attr == ATTR_MAX ||
			    (value.value.len >= radius_rows[value.attr].least &&
			     value.value.len <= radius_rows[value.attr].greatest));
	}
	assert_ptr_equal(at, attributes.data + attributes.len);
}

static void give(struct radius_client *client, struct bytes packet)
{
	const struct addr addr = {.family = ADDR_IPV4};
	uint8_t *copy = fuzz_copy(packet.data, packet.len);
	struct bytes exact = {copy, packet.len};

	radius_input(client, &w.server, false, 0, exact, 1);
	radius_input(client, &w.server, true, 0, exact, 1);
	radius_order(client, &addr, &addr, exact, 1);
	free(copy);
}

static void ask(struct radius_client *client)
{
	const struct ppp_credentials c = {.type = PPP_AUTH_PAP,
					  .response = {(const uint8_t *)"password", 8}};
	const struct radius_user who = {.user_name = "alice", .credentials = &c};

	assert_int_equal(radius_access(client, &who, on_done, NULL, 0, NULL), 0);
}

static void play(struct radius_client *client, uint8_t code, struct bytes attributes)
{
	static const enum radius_code codes[] = {RADIUS_ACCESS_ACCEPT, RADIUS_ACCESS_REJECT,
						 RADIUS_ACCESS_CHALLENGE};
	static const enum radius_code orders[] = {RADIUS_DISCONNECT_REQUEST, RADIUS_COA_REQUEST};
	uint8_t packet[2 * RADIUS_LEN_MAX], authenticator[RADIUS_AUTHENTICATOR_LEN];
	struct writer out = writer_init(packet, sizeof(packet));

	if (radius_seal_answer(&out, codes[code % 3], w.id, bytes_str(SECRET), attributes,
			       w.authenticator))
		return;
	give(client, (struct bytes){packet, writer_len(&out)});
	assert_int_equal(w.done, 1);
	/* Once more: nobody waits for it. */
	give(client, (struct bytes){packet, writer_len(&out)});
	assert_int_equal(w.done, 1);
	for (unsigned int i = 0; i < 2; i++) {
		out = writer_init(packet, sizeof(packet));
		assert_int_equal(radius_seal_request(&out, orders[i], 1, bytes_str(SECRET),
						     attributes, authenticator),
				 0);
		give(client, (struct bytes){packet, writer_len(&out)});
		assert_true(w.answers <= i + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char name[] = "one", secret[] = SECRET;
	struct radius_settings settings = {.dynauth_port = 3799};
	struct radius_client *client;
	struct radius_packet parsed;
	uint8_t raw[RADIUS_HEADER_LEN + RADIUS_BODY_MAX] = {2};

	if (size < 1 || size > RADIUS_BODY_MAX)
		return 0;
	memset(&w, 0, sizeof(w));
	w.server = (struct radius_server){.name = name,
					  .host = name,
					  .auth_port = 1,
					  .acct_port = 2,
					  .secret = secret,
					  .tries = 1};
	list_init(&settings.servers);
	list_append(&settings.servers, &w.server.node);
	timer_queue_init(&w.timers);
	assert_int_equal(radius_client_new(&ops, NULL, &w.timers, &settings, &client), 0);
	ask(client);
	give(client, (struct bytes){data, size});
	/* A header before it, so that its structure decides. */
	raw[2] = (uint8_t)((RADIUS_HEADER_LEN + size - 1) >> 8);
	raw[3] = (uint8_t)(RADIUS_HEADER_LEN + size - 1);
	memcpy(raw + RADIUS_HEADER_LEN, data + 1, size - 1);
	if (radius_parse((struct bytes){raw, RADIUS_HEADER_LEN + size - 1}, &parsed) == 0) {
		check_walk(parsed.attributes);
		play(client, data[0], parsed.attributes);
	}
	radius_client_free(client);
	timer_queue_fini(&w.timers);
	return 0;
}
