/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages with hidden AVPs, RFC 2661 section 4.3.
 *
 * No fuzzer guesses MD5, so the input is in clear: an octet with the length of the secret, the
 * secret, and a body in which the AVPs with the H bit are yet to be hidden. What comes of the
 * hidden form must be what comes of the clear one.
 */
#include "fuzz.h"

#include <errno.h>

#include "unit/wire_messages.h"
#include "wire/auth.h"
#include "wire/avp.h"

#define SECRET_MAX 24
#define BODY_MAX 2048
/* Hiding adds two octets and padding to AVPs of six or more. */
#define HIDDEN_MAX (4 * BODY_MAX)

struct hider {
	struct bytes secret;
	struct bytes random_vector;
	/* Octets after a value, to be hidden with it. */
	size_t padding;
	/* Something was hidden that must not be, or before there was a Random Vector. */
	bool wrongly;
	struct writer hidden;
	struct writer clear;
};

static void put_header(struct writer *w, uint16_t flags, size_t len, uint16_t vendor,
		       uint16_t attribute)
{
	writer_u16(w, (uint16_t)((flags & ~(unsigned int)AVP_LEN_MASK) | len));
	writer_u16(w, vendor);
	writer_u16(w, attribute);
}

/* The first AVP, Message Type, and the Random Vector are never hidden. */
static void hide_avp(struct hider *h, uint16_t flags, uint16_t vendor, uint16_t attribute,
		     struct bytes value)
{
	bool vector = !vendor && attribute == avp_rows[AVP_RANDOM_VECTOR].attribute;
	size_t len = AVP_HEADER_LEN + AVP_HIDDEN_LEN + value.len + h->padding;
	bool hide = flags & AVP_BIT_HIDDEN && len <= AVP_LEN_MAX;

	flags &= (uint16_t)~AVP_BIT_HIDDEN;
	put_header(&h->clear, flags, AVP_HEADER_LEN + value.len, vendor, attribute);
	writer_bytes(&h->clear, value);
	if (!hide) {
		put_header(&h->hidden, flags, AVP_HEADER_LEN + value.len, vendor, attribute);
		writer_bytes(&h->hidden, value);
		if (vector && !(flags & AVP_BITS_RESERVED))
			h->random_vector = value;
		return;
	}
	h->wrongly |= vector || !h->random_vector.data || writer_len(&h->hidden) == 0;
	put_header(&h->hidden, flags | AVP_BIT_HIDDEN, len, vendor, attribute);
	avp_hide(&h->hidden, attribute, h->secret, h->random_vector, value, h->padding);
}

/* Up to the first AVP that does not fit. */
static void hide_body(struct hider *h, struct bytes body)
{
	struct reader r = reader_init(body.data, body.len);

	while (reader_left(&r) >= AVP_HEADER_LEN) {
		uint16_t flags = reader_u16(&r);
		uint16_t vendor = reader_u16(&r);
		uint16_t attribute = reader_u16(&r);
		size_t len = flags & AVP_LEN_MASK;
		struct bytes value;

		if (len < AVP_HEADER_LEN || len - AVP_HEADER_LEN > reader_left(&r))
			break;
		value = reader_bytes(&r, len - AVP_HEADER_LEN);
		hide_avp(h, flags, vendor, attribute, value);
	}
	assert_true(h->hidden.ok && h->clear.ok);
}

static struct bytes written(const struct writer *w)
{
	return (struct bytes){w->start, writer_len(w)};
}

/* Whatever the secret and the room to reveal, there is an answer. */
static int decode(struct bytes body, struct bytes secret, size_t room, struct l2tp_msg *ret)
{
	uint8_t *copy = fuzz_copy(body.data, body.len);
	uint8_t *scratch = malloc(room);
	const struct msg_decode_params params = {
		.secret = secret, .scratch = scratch, .scratch_size = room};
	struct msg_error error = {.text = ""};
	char text[256];
	int err;

	assert_non_null(scratch);
	err = msg_decode((struct bytes){copy, body.len}, &params, ret, &error);
	if (err)
		assert_true(error.text[0] && error.error);
	else
		msg_format(ret, text, sizeof(text));
	free(scratch);
	free(copy);
	return err;
}

/* Hidden by ourselves, all that may be, it is the same message. */
static void check_encode(const struct l2tp_msg *msg, struct bytes secret, struct bytes vector)
{
	const struct msg_encode_params params = {
		.secret = secret, .hide = HIDE_ALWAYS, .random_vector = vector};
	uint8_t packet[HIDDEN_MAX];
	struct writer w = writer_init(packet, sizeof(packet));
	struct l2tp_msg first = *msg, again;
	struct msg_error error;

	/* The longest values leave no room for the length that is hidden with them. */
	if (msg_encode(msg, 1, 2, &params, &w) == -EINVAL)
		return;
	assert_int_equal(decode_exact(packet + CONTROL_HEADER_LEN,
				      writer_len(&w) - CONTROL_HEADER_LEN, secret, &again, &error),
			 0);
	first.unknown_avps = first.misplaced_avps = first.malformed_avps = 0;
	assert_msg_equal(&again, &first);
}

static void check_message(const struct hider *h)
{
	static const uint8_t vector[] = "sixteen octets..";
	uint8_t scratch[HIDDEN_MAX];
	struct bytes hidden = written(&h->hidden), clear = written(&h->clear);
	struct l2tp_msg msg, plain;
	struct msg_error error;
	bool good, understood;

	decode(hidden, (struct bytes){0}, hidden.len, &msg);
	decode(hidden, bytes_str("another secret"), hidden.len, &msg);
	decode(hidden, h->secret, hidden.len / 2, &msg);
	good = decode_exact(hidden.data, hidden.len, h->secret, &msg, &error) == 0;
	/* Not by decode_exact(): that of msg would go. */
	understood = msg_decode(clear,
				&(struct msg_decode_params){.scratch = scratch,
							    .scratch_size = sizeof(scratch)},
				&plain, &error) == 0;
	if (h->wrongly)
		return;
	assert_int_equal(good, understood);
	if (!good)
		return;
	assert_msg_equal(&msg, &plain);
	check_encode(&plain, h->secret, (struct bytes){vector, sizeof(vector) - 1});
}

/* Whatever is revealed can be hidden again, with the same padding. */
static void check_revealed(struct bytes secret, struct bytes value, size_t len)
{
	uint8_t hidden[BODY_MAX], out[BODY_MAX];
	struct writer w = writer_init(hidden, len);
	struct bytes again;

	avp_hide(&w, 7, secret, secret, value, len - AVP_HIDDEN_LEN - value.len);
	assert_true(w.ok);
	assert_int_equal(writer_len(&w), len);
	assert_int_equal(avp_reveal(7, secret, secret, written(&w), out, &again), 0);
	assert_bytes_equal(again, value);
}

/* Any octets as a hidden value; it has the length that the cipher makes of them. */
static void check_reveal(struct bytes secret, struct bytes hidden)
{
	uint8_t *out = malloc(hidden.len);
	struct bytes value;

	assert_non_null(out);
	if (avp_reveal(7, secret, secret, hidden, out, &value) == 0) {
		assert_ptr_equal(value.data, out + AVP_HIDDEN_LEN);
		assert_true(value.len <= hidden.len - AVP_HIDDEN_LEN);
		check_revealed(secret, value, hidden.len);
	} else if (hidden.len >= AVP_HIDDEN_LEN) {
		assert_true((size_t)(out[0] << 8 | out[1]) > hidden.len - AVP_HIDDEN_LEN);
	}
	free(out);
}

/* The same with lengths about the true one: what is flipped in the cipher is flipped in clear. */
static void check_reveal_lengths(struct bytes secret, struct bytes hidden)
{
	uint8_t *copy = fuzz_copy(hidden.data, hidden.len);
	uint8_t *out = malloc(hidden.len);
	struct bytes value;

	assert_non_null(out);
	if (hidden.len < AVP_HIDDEN_LEN)
		goto out;
	for (size_t len = hidden.len - AVP_HIDDEN_LEN; len <= hidden.len + 1; len++) {
		/* Clear as it is now, whether that was taken or not. */
		(void)avp_reveal(7, secret, secret, (struct bytes){copy, hidden.len}, out, &value);
		copy[0] ^= (uint8_t)(out[0] ^ len >> 8);
		copy[1] ^= (uint8_t)(out[1] ^ len);
		check_reveal(secret, (struct bytes){copy, hidden.len});
	}
out:
	free(out);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r = reader_init(data, size);
	uint8_t hidden[HIDDEN_MAX], clear[BODY_MAX];
	struct hider h = {
		.hidden = writer_init(hidden, sizeof(hidden)),
		.clear = writer_init(clear, sizeof(clear)),
	};
	struct bytes body;
	uint8_t first;

	if (size > BODY_MAX)
		return 0;
	first = reader_u8(&r);
	h.padding = first / (SECRET_MAX + 1);
	h.secret = reader_bytes(&r, first % (SECRET_MAX + 1));
	body = reader_rest(&r);
	if (!h.secret.len)
		h.secret = bytes_str("secret");
	check_reveal(h.secret, body);
	check_reveal_lengths(h.secret, body);
	hide_body(&h, body);
	check_message(&h);
	return 0;
}
