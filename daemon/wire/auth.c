/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MD5 over a shared secret: tunnel authentication (RFC 2661 4.4.3 and 5.1.1, with the arithmetic
 * of CHAP, RFC 1994 section 4.1) and AVP hiding (RFC 2661 4.3).
 */
#include "wire/auth.h"

#include <errno.h>
#include <nettle/md5.h>
#include <nettle/memops.h>

#define BLOCK MD5_DIGEST_SIZE

/* What the hidden form begins with: the length of the value. */
#define LENGTH_LEN 2

static void md5_bytes(struct md5_ctx *md5, struct bytes bytes)
{
	if (bytes.len)
		md5_update(md5, bytes.len, bytes.data);
}

void challenge_response(enum msg_type type, struct bytes secret, struct bytes challenge,
			uint8_t ret[static CHALLENGE_RESPONSE_LEN])
{
	/* The Message Type takes the place of CHAP's one-octet identifier. */
	const uint8_t id = (uint8_t)type;
	struct md5_ctx md5;

	md5_init(&md5);
	md5_update(&md5, 1, &id);
	md5_bytes(&md5, secret);
	md5_bytes(&md5, challenge);
	md5_digest(&md5, CHALLENGE_RESPONSE_LEN, ret);
}

bool challenge_verify(enum msg_type type, struct bytes secret, struct bytes challenge,
		      const uint8_t response[static CHALLENGE_RESPONSE_LEN])
{
	uint8_t expected[CHALLENGE_RESPONSE_LEN];

	challenge_response(type, secret, challenge, expected);
	return memeql_sec(expected, response, CHALLENGE_RESPONSE_LEN);
}

/* b1 = MD5(attribute, secret, random vector) */
static void first_mask(uint16_t attribute, struct bytes secret, struct bytes random_vector,
		       uint8_t mask[static BLOCK])
{
	const uint8_t number[2] = {(uint8_t)(attribute >> 8), (uint8_t)attribute};
	struct md5_ctx md5;

	md5_init(&md5);
	md5_update(&md5, sizeof(number), number);
	md5_bytes(&md5, secret);
	md5_bytes(&md5, random_vector);
	md5_digest(&md5, BLOCK, mask);
}

/* b(i) = MD5(secret, c(i-1)): over the ciphertext, so both directions ask for the same masks. */
static void next_mask(struct bytes secret, const uint8_t cipher[static BLOCK],
		      uint8_t mask[static BLOCK])
{
	struct md5_ctx md5;

	md5_init(&md5);
	md5_bytes(&md5, secret);
	md5_update(&md5, BLOCK, cipher);
	md5_digest(&md5, BLOCK, mask);
}

/* Octet i of the Hidden AVP Subformat: length, value, padding. */
static uint8_t subformat_at(struct bytes value, size_t i)
{
	if (i == 0)
		return (uint8_t)(value.len >> 8);
	if (i == 1)
		return (uint8_t)value.len;
	return i - LENGTH_LEN < value.len ? value.data[i - LENGTH_LEN] : 0;
}

void avp_hide(struct writer *w, uint16_t attribute, struct bytes secret, struct bytes random_vector,
	      struct bytes value, size_t padding)
{
	uint8_t mask[BLOCK], cipher[BLOCK];
	size_t total = LENGTH_LEN + value.len + padding;

	if (value.len > UINT16_MAX) {
		w->ok = false;
		return;
	}
	first_mask(attribute, secret, random_vector, mask);
	for (size_t i = 0; i < total && w->ok; i++) {
		if (i && i % BLOCK == 0)
			next_mask(secret, cipher, mask);
		cipher[i % BLOCK] = subformat_at(value, i) ^ mask[i % BLOCK];
		writer_u8(w, cipher[i % BLOCK]);
	}
}

int avp_reveal(uint16_t attribute, struct bytes secret, struct bytes random_vector,
	       struct bytes hidden, uint8_t *out, struct bytes *ret)
{
	uint8_t mask[BLOCK];
	size_t len;

	if (hidden.len < LENGTH_LEN)
		return -EBADMSG;

	first_mask(attribute, secret, random_vector, mask);
	for (size_t i = 0; i < hidden.len; i++) {
		if (i && i % BLOCK == 0)
			next_mask(secret, hidden.data + i - BLOCK, mask);
		out[i] = hidden.data[i] ^ mask[i % BLOCK];
	}

	/* With another secret these two octets are as good as random. */
	len = (size_t)out[0] << 8 | out[1];
	if (len > hidden.len - LENGTH_LEN)
		return -EBADMSG;
	*ret = (struct bytes){out + LENGTH_LEN, len};
	return 0;
}
