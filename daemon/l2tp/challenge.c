/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whom we challenge, and with what (RFC 2661 5.1.1).
 *
 * One secret serves both directions, and SCCRP answers either end's Challenge in the same way. So
 * whoever we ask could ask us our own question in an SCCRQ and have the answer that he owes us. A
 * Challenge of ours therefore ends in a keyed hash of its random octets: it is known again without
 * being kept, and without a look at any tunnel.
 */
#include "l2tp/private.h"

#include <string.h>

#include "wire/auth.h"

#define RANDOM_LEN (L2TP_CHALLENGE_LEN - sizeof(uint64_t))

static uint64_t mark_of(const struct l2tp_engine *engine, const uint8_t *random)
{
	return hash_bytes(random, RANDOM_LEN, engine->challenge_seed);
}

void tunnel_make_challenge(struct l2tp_tunnel *t)
{
	struct l2tp_engine *engine = t->engine;
	uint64_t mark;

	engine->ops->random(engine, t->challenge, RANDOM_LEN);
	mark = mark_of(engine, t->challenge);
	memcpy(t->challenge + RANDOM_LEN, &mark, sizeof(mark));
}

bool engine_made_challenge(const struct l2tp_engine *engine, struct bytes challenge)
{
	uint64_t mark;

	if (challenge.len != L2TP_CHALLENGE_LEN)
		return false;
	mark = mark_of(engine, challenge.data);
	return memcmp(challenge.data + RANDOM_LEN, &mark, sizeof(mark)) == 0;
}

bool peer_can_answer(const struct peer *peer)
{
	return peer->secret && peer->challenge != CHALLENGE_NEVER;
}

bool peer_is_challenged(const struct peer *peer)
{
	return peer->secret &&
	       (peer->challenge == CHALLENGE_REQUIRE || peer->challenge == CHALLENGE_OFFER);
}

bool tunnel_is_answered(const struct l2tp_tunnel *t, const struct l2tp_msg *msg)
{
	struct bytes challenge = {t->challenge, sizeof(t->challenge)};

	return msg_has(msg, AVP_CHALLENGE_RESPONSE) &&
	       challenge_verify(msg->type, peer_secret(t->peer), challenge,
				msg->challenge_response);
}
