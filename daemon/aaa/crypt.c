/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the shared secret does: hiding of passwords (RFC 2865 5.2, RFC 2868 3.5), authenticators
 * (RFC 2865 section 3, RFC 2866 section 3, RFC 5176 2.3) and Message-Authenticator (RFC 3579 3.2).
 *
 * MD5 of octets that an attacker chose in part can be forged: the Message-Authenticator, an HMAC,
 * is what proves an answer, and stands first so that nothing of an attacker's is before it.
 */
#include <errno.h>
#include <nettle/hmac.h>
#include <nettle/md5.h>
#include <nettle/memops.h>
#include <string.h>

#include "aaa/packet.h"

#define SALT_LEN 2
/* RFC 2868 3.5: the top bit of a salt is set. */
#define SALT_BIT 0x8000

/* b1 = MD5(secret, authenticator, salt), b(i) = MD5(secret, c(i-1)) */
static void mask(struct bytes secret, struct bytes a, struct bytes b, uint8_t *ret)
{
	struct md5_ctx md5;

	md5_init(&md5);
	md5_update(&md5, secret.len, secret.data);
	md5_update(&md5, a.len, a.data);
	if (b.len)
		md5_update(&md5, b.len, b.data);
	md5_digest(&md5, MD5_DIGEST_SIZE, ret);
	explicit_bzero(&md5, sizeof(md5));
}

/* In place; len is of whole blocks. The masks are over the cipher in both directions. */
static void cipher(uint8_t *data, size_t len, bool reveal, struct bytes secret,
		   const uint8_t *authenticator, struct bytes salt)
{
	struct bytes over = {authenticator, RADIUS_AUTHENTICATOR_LEN};
	uint8_t block[RADIUS_BLOCK], last[RADIUS_BLOCK];

	for (size_t at = 0; at < len; at += RADIUS_BLOCK) {
		mask(secret, over, salt, block);
		salt.len = 0;
		if (reveal)
			memcpy(last, data + at, RADIUS_BLOCK);
		for (size_t i = 0; i < RADIUS_BLOCK; i++)
			data[at + i] ^= block[i];
		if (!reveal)
			memcpy(last, data + at, RADIUS_BLOCK);
		over = (struct bytes){last, RADIUS_BLOCK};
	}
	explicit_bzero(block, sizeof(block));
}

size_t radius_hide(struct bytes password, struct bytes secret,
		   const uint8_t authenticator[static RADIUS_AUTHENTICATOR_LEN],
		   uint8_t out[static RADIUS_PASSWORD_MAX])
{
	size_t len = (password.len + RADIUS_BLOCK - 1) / RADIUS_BLOCK * RADIUS_BLOCK;

	/* No password is one of a block too. */
	if (!len)
		len = RADIUS_BLOCK;
	memset(out, 0, len);
	if (password.len)
		memcpy(out, password.data, password.len);
	cipher(out, len, false, secret, authenticator, (struct bytes){0});
	return len;
}

int radius_salt(struct bytes password, uint16_t salt, struct bytes secret,
		const uint8_t authenticator[static RADIUS_AUTHENTICATOR_LEN],
		uint8_t out[static RADIUS_VALUE_MAX])
{
	size_t len = (1 + password.len + RADIUS_BLOCK - 1) / RADIUS_BLOCK * RADIUS_BLOCK;

	if (SALT_LEN + len > radius_rows[ATTR_TUNNEL_PASSWORD].greatest)
		return -EMSGSIZE;
	salt |= SALT_BIT;
	out[0] = (uint8_t)(salt >> 8);
	out[1] = (uint8_t)salt;
	memset(out + SALT_LEN, 0, len);
	out[SALT_LEN] = (uint8_t)password.len;
	if (password.len)
		memcpy(out + SALT_LEN + 1, password.data, password.len);
	cipher(out + SALT_LEN, len, false, secret, authenticator, (struct bytes){out, SALT_LEN});
	return (int)(SALT_LEN + len);
}

int radius_unsalt(struct bytes salted, struct bytes secret,
		  const uint8_t authenticator[static RADIUS_AUTHENTICATOR_LEN],
		  uint8_t out[static RADIUS_VALUE_MAX], struct bytes *ret)
{
	size_t len;

	if (salted.len < SALT_LEN + RADIUS_BLOCK || salted.len > RADIUS_VALUE_MAX)
		return -EBADMSG;
	len = salted.len - SALT_LEN;
	if (len % RADIUS_BLOCK)
		return -EBADMSG;
	memcpy(out, salted.data + SALT_LEN, len);
	cipher(out, len, true, secret, authenticator, (struct bytes){salted.data, SALT_LEN});
	if (out[0] > len - 1)
		return -EBADMSG;
	/* What pads the last block is zero; with another secret it hardly is. */
	for (size_t i = 1 + (size_t)out[0]; i < len; i++) {
		if (out[i])
			return -EBADMSG;
	}
	*ret = (struct bytes){out + 1, out[0]};
	return 0;
}

static void authenticator_of(struct bytes packet, struct bytes secret, uint8_t *ret)
{
	struct md5_ctx md5;

	md5_init(&md5);
	md5_update(&md5, packet.len, packet.data);
	md5_update(&md5, secret.len, secret.data);
	md5_digest(&md5, RADIUS_AUTHENTICATOR_LEN, ret);
	explicit_bzero(&md5, sizeof(md5));
}

static void hmac_of(struct bytes packet, struct bytes secret, uint8_t *ret)
{
	struct hmac_md5_ctx hmac;

	hmac_md5_set_key(&hmac, secret.len, secret.data);
	hmac_md5_update(&hmac, packet.len, packet.data);
	hmac_md5_digest(&hmac, MD5_DIGEST_SIZE, ret);
	explicit_bzero(&hmac, sizeof(hmac));
}

static void put_hidden(struct writer *w, const struct radius_value *value, struct bytes secret,
		       const uint8_t *authenticator)
{
	uint8_t hidden[RADIUS_PASSWORD_MAX];
	size_t len;

	if (value->wrong) {
		w->ok = false;
		return;
	}
	len = radius_hide(value->value, secret, authenticator, hidden);
	radius_put(w, value->attr, 0, (struct bytes){hidden, len});
}

static void put_body(struct writer *w, struct bytes body, struct bytes secret,
		     const uint8_t *authenticator)
{
	struct radius_walk walk = radius_walk(body);
	const uint8_t *last = NULL;
	struct radius_value value;

	while (radius_next(&walk, &value)) {
		if (value.attr < ATTR_MAX && radius_rows[value.attr].flags & RADIUS_HIDDEN)
			put_hidden(w, &value, secret, authenticator);
		else if (value.whole.data != last) /* a vendor's may have several in it */
			writer_bytes(w, value.whole);
		last = value.whole.data;
	}
}

/* The packet with a Message-Authenticator of zero where it has one. */
static int put_packet(struct writer *w, enum radius_code code, uint8_t id, bool sign,
		      struct bytes secret, struct bytes body, const uint8_t *authenticator)
{
	static const uint8_t zero[MD5_DIGEST_SIZE];

	writer_u8(w, (uint8_t)code);
	writer_u8(w, id);
	writer_u16(w, 0);
	writer_bytes(w, (struct bytes){authenticator, RADIUS_AUTHENTICATOR_LEN});
	if (sign)
		radius_put(w, ATTR_MESSAGE_AUTHENTICATOR, 0, (struct bytes){zero, sizeof(zero)});
	put_body(w, body, secret, authenticator);
	if (!w->ok || writer_len(w) > RADIUS_LEN_MAX)
		return -EMSGSIZE;
	writer_patch_u16(w, 2, (uint16_t)writer_len(w));
	if (sign)
		hmac_of((struct bytes){w->start, writer_len(w)}, secret,
			w->start + RADIUS_HEADER_LEN + RADIUS_ATTRIBUTE_HEADER_LEN);
	return 0;
}

int radius_seal_request(struct writer *w, enum radius_code code, uint8_t id, struct bytes secret,
			struct bytes body, uint8_t authenticator[static RADIUS_AUTHENTICATOR_LEN])
{
	static const uint8_t zero[RADIUS_AUTHENTICATOR_LEN];
	bool access = code == RADIUS_ACCESS_REQUEST;
	int err;

	err = put_packet(w, code, id, code != RADIUS_ACCOUNTING_REQUEST, secret, body,
			 access ? authenticator : zero);
	if (err || access)
		return err;
	authenticator_of((struct bytes){w->start, writer_len(w)}, secret, authenticator);
	memcpy(w->start + RADIUS_HEADER_LEN - RADIUS_AUTHENTICATOR_LEN, authenticator,
	       RADIUS_AUTHENTICATOR_LEN);
	return 0;
}

int radius_seal_answer(struct writer *w, enum radius_code code, uint8_t id, struct bytes secret,
		       struct bytes body, const uint8_t request[static RADIUS_AUTHENTICATOR_LEN])
{
	uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN];
	int err;

	err = put_packet(w, code, id, code != RADIUS_ACCOUNTING_RESPONSE, secret, body, request);
	if (err)
		return err;
	authenticator_of((struct bytes){w->start, writer_len(w)}, secret, authenticator);
	memcpy(w->start + RADIUS_HEADER_LEN - RADIUS_AUTHENTICATOR_LEN, authenticator,
	       RADIUS_AUTHENTICATOR_LEN);
	return 0;
}

/* Whether packet, with `over` for its authenticator, was signed with the secret. */
static int check(const struct radius_packet *packet, struct bytes secret, const uint8_t *over,
		 bool must)
{
	uint8_t copy[RADIUS_LEN_MAX], expected[MD5_DIGEST_SIZE];
	struct bytes all = {copy, packet->whole.len};
	struct radius_value signature;

	memcpy(copy, packet->whole.data, packet->whole.len);
	memcpy(copy + RADIUS_HEADER_LEN - RADIUS_AUTHENTICATOR_LEN, over, RADIUS_AUTHENTICATOR_LEN);
	authenticator_of(all, secret, expected);
	if (!memeql_sec(expected, packet->authenticator, RADIUS_AUTHENTICATOR_LEN))
		return -EBADMSG;
	if (!radius_get(packet->attributes, ATTR_MESSAGE_AUTHENTICATOR, &signature))
		return must ? -ENODATA : 0;
	memset(copy + (signature.value.data - packet->whole.data), 0, MD5_DIGEST_SIZE);
	hmac_of(all, secret, expected);
	return memeql_sec(expected, signature.value.data, MD5_DIGEST_SIZE) ? 0 : -EBADMSG;
}

int radius_check_answer(const struct radius_packet *packet, struct bytes secret,
			const uint8_t request[static RADIUS_AUTHENTICATOR_LEN], bool must)
{
	return check(packet, secret, request, must);
}

int radius_check_order(const struct radius_packet *packet, struct bytes secret, bool must)
{
	static const uint8_t zero[RADIUS_AUTHENTICATOR_LEN];

	return check(packet, secret, zero, must);
}
