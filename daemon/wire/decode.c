/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes to message: RFC 2661 sections 4.1 to 4.4.
 *
 * Where the RFC leaves a choice:
 * - The first AVP of a kind counts, unless there may be many. Later copies are misplaced: they
 *   cannot change a value that was already checked.
 * - A known AVP where it has no use is not looked into, so that nothing about it can be wrong.
 * - A malformed AVP without the M bit is skipped as if it were unknown (7.1), unless its message
 *   must have it.
 * - What has no Error Code of its own (an AVP is missing, a hidden one cannot be revealed) is
 *   Error Code 6 with a text, as 4.4.2 asks for.
 * - After an error the walk goes on as long as the structure holds: the answer to a broken SCCRQ
 *   or ICRQ needs the id that its sender assigned.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "wire/auth.h"
#include "wire/avp.h"
#include "wire/result.h"

struct avp {
	bool mandatory;
	bool hidden;
	bool reserved;
	uint16_t vendor;
	uint16_t attribute;
	struct bytes value;
};

struct decoder {
	const struct msg_decode_params *params;
	uint8_t *scratch;
	size_t scratch_left;
	/* The most recent one; it never outlives the message (4.3). */
	struct bytes random_vector;
	bool has_random_vector;
	/* Like msg.present, and with the AVPs that were found broken. */
	struct avp_set seen;
	struct l2tp_msg msg;
	struct msg_error error;
	bool failed;
};

/* Keeps the first error only. */
__attribute__((format(printf, 3, 4))) static void fail(struct decoder *d, enum l2tp_error error,
						       const char *format, ...)
{
	va_list args;

	if (d->failed)
		return;
	d->failed = true;
	/* RFC 2661 4.2: nothing hangs on a message that may be ignored as a whole. */
	d->error.fatal = !msg_rows[d->msg.type].is_optional;
	d->error.error = error;
	va_start(args, format);
	vsnprintf(d->error.text, sizeof(d->error.text), format, args);
	va_end(args);
}

static bool all_zero(struct bytes bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		if (bytes.data[i])
			return false;
	}
	return true;
}

/* Returns 1 with an AVP, 0 at the end or where only zero padding is left, or -EBADMSG. */
static int avp_next(struct reader *r, struct avp *ret)
{
	struct avp avp;
	uint16_t flags;
	size_t len;

	if (all_zero((struct bytes){r->pos, reader_left(r)}))
		return 0;

	flags = reader_u16(r);
	avp.mandatory = flags & AVP_BIT_MANDATORY;
	avp.hidden = flags & AVP_BIT_HIDDEN;
	avp.reserved = flags & AVP_BITS_RESERVED;
	avp.vendor = reader_u16(r);
	avp.attribute = reader_u16(r);
	len = flags & AVP_LEN_MASK;
	if (len < AVP_HEADER_LEN)
		return -EBADMSG;
	avp.value = reader_bytes(r, len - AVP_HEADER_LEN);
	if (!r->ok)
		return -EBADMSG;
	*ret = avp;
	return 1;
}

/* Replaces a hidden value by the revealed one. False when there is nothing to go on with. */
static bool reveal(struct decoder *d, const struct avp_row *row, const struct avp *avp,
		   struct bytes *value)
{
	struct bytes hidden = *value;

	if (!d->has_random_vector) {
		fail(d, ERROR_VENDOR, "%s: hidden, and no Random Vector before it", row->name);
		return false;
	}
	if (!d->params->secret.len) {
		if (avp->mandatory)
			fail(d, ERROR_VENDOR, "%s: hidden, and no shared secret is configured",
			     row->name);
		else
			d->msg.unknown_avps++;
		return false;
	}
	if (hidden.len > d->scratch_left) {
		fail(d, ERROR_RESOURCES, "%s: no room to reveal it", row->name);
		return false;
	}
	if (avp_reveal(row->attribute, d->params->secret, d->random_vector, hidden, d->scratch,
		       value) < 0) {
		fail(d, ERROR_VENDOR, "%s: cannot be revealed, the shared secrets differ",
		     row->name);
		return false;
	}
	d->scratch += hidden.len;
	d->scratch_left -= hidden.len;
	return true;
}

static void wrong_length(struct decoder *d, const struct avp_row *row, size_t len)
{
	bool less = len < row->least;
	const char *bound = less ? "at least " : "at most ";

	fail(d, ERROR_LENGTH, "%s: %zu octets where %s%u are due", row->name, len,
	     row->least == row->greatest ? "" : bound, less ? row->least : row->greatest);
}

static bool value_valid(struct decoder *d, const struct avp_row *row, struct bytes value)
{
	if (value.len < row->least || value.len > row->greatest) {
		wrong_length(d, row, value.len);
		return false;
	}
	if (row->nonzero & 1u << d->msg.type && all_zero(value)) {
		fail(d, ERROR_VALUE, "%s: 0 is not allowed", row->name);
		return false;
	}
	return true;
}

/* RFC 2661 4.1: the M bit of what we do not know decides. */
static void unknown_avp(struct decoder *d, const struct avp *avp)
{
	if (avp->mandatory)
		fail(d, ERROR_UNKNOWN_MANDATORY, "unknown mandatory AVP: vendor %u, attribute %u%s",
		     avp->vendor, avp->attribute, avp->reserved ? ", reserved bits set" : "");
	else
		d->msg.unknown_avps++;
}

static void random_vector(struct decoder *d, const struct avp *avp)
{
	if (avp->hidden) {
		fail(d, ERROR_VALUE, "Random Vector: must not be hidden");
		return;
	}
	d->random_vector = avp->value;
	d->has_random_vector = true;
}

static void take_known(struct decoder *d, enum avp_id id, const struct avp *avp)
{
	const struct avp_row *row = &avp_rows[id];
	struct bytes value = avp->value;
	struct reader r;

	if (avp->hidden && !reveal(d, row, avp, &value))
		return;
	avp_add(&d->seen, id);
	if (!value_valid(d, row, value))
		return;

	r = reader_init(value.data, value.len);
	avp_codecs[row->format].read(&r, (char *)&d->msg + row->offset);
	avp_add(&d->msg.present, id);
}

/* Whether there is still room in the message for an AVP of this kind. */
static bool is_wanted(const struct decoder *d, enum avp_id id)
{
	const struct avp_row *row = &avp_rows[id];
	const void *field = (const char *)&d->msg + row->offset;

	if (!((row->required | row->optional) & 1u << d->msg.type))
		return false;
	if (row->flags & AVP_LIST)
		return ((const struct avp_list *)field)->n < AVP_LIST_MAX;
	return !avp_in(&d->seen, id);
}

static void take_avp(struct decoder *d, const struct avp *avp)
{
	enum avp_id id = avp_find(avp->vendor, avp->attribute);
	const struct avp_row *row;
	bool sound = !d->failed;

	if (avp->reserved || id == AVP_ID_MAX) {
		unknown_avp(d, avp);
		return;
	}
	if (id == AVP_RANDOM_VECTOR) {
		random_vector(d, avp);
		return;
	}

	row = &avp_rows[id];
	if (!is_wanted(d, id)) {
		d->msg.misplaced_avps++;
		return;
	}
	take_known(d, id, avp);
	if (sound && d->failed && !avp->mandatory && !(row->required & 1u << d->msg.type)) {
		d->failed = false;
		d->msg.malformed_avps++;
	}
}

/* RFC 2661 4.4.1: Message Type comes first, never hidden; its M bit speaks for the message. */
static void take_message_type(struct decoder *d, const struct avp *avp)
{
	struct reader r = reader_init(avp->value.data, avp->value.len);
	uint16_t type;

	if (avp->vendor || avp->attribute != avp_rows[AVP_MESSAGE_TYPE].attribute) {
		fail(d, ERROR_VALUE, "Message Type: the first AVP is vendor %u, attribute %u",
		     avp->vendor, avp->attribute);
		return;
	}
	if (avp->hidden || avp->reserved) {
		fail(d, ERROR_VALUE, "Message Type: must not be hidden or have reserved bits");
		return;
	}
	if (!value_valid(d, &avp_rows[AVP_MESSAGE_TYPE], avp->value))
		return;

	type = reader_u16(&r);
	d->error.type = (enum msg_type)type;
	if (!msg_type_known(type)) {
		fail(d, ERROR_UNKNOWN_MANDATORY, "unknown message type %u", type);
		d->error.fatal = avp->mandatory;
		return;
	}
	d->msg.type = (enum msg_type)type;
	avp_add(&d->seen, AVP_MESSAGE_TYPE);
}

static void check_complete(struct decoder *d)
{
	for (unsigned int id = 0; id < AVP_ID_MAX; id++) {
		if (avp_rows[id].required & 1u << d->msg.type && !avp_in(&d->seen, (enum avp_id)id))
			fail(d, ERROR_VENDOR, "%s: missing in %s", avp_rows[id].name,
			     msg_type_name(d->msg.type));
	}
}

static void decode_body(struct decoder *d, struct bytes body)
{
	struct reader r = reader_init(body.data, body.len);
	const uint8_t *at = r.pos;
	struct avp avp;
	int ret;

	ret = avp_next(&r, &avp);
	if (ret == 0) {
		fail(d, ERROR_LENGTH, "no AVP in the message");
		/* A ZLB, whatever its Length says. */
		d->error.fatal = false;
		return;
	}
	if (ret > 0)
		take_message_type(d, &avp);
	if (ret > 0 && d->failed)
		return;

	while (ret > 0) {
		at = r.pos;
		ret = avp_next(&r, &avp);
		if (ret > 0)
			take_avp(d, &avp);
	}
	if (ret < 0)
		fail(d, ERROR_LENGTH, "AVP at octet %zu of %zu does not fit",
		     (size_t)(at - body.data), body.len);
	else
		check_complete(d);
}

int msg_decode(struct bytes body, const struct msg_decode_params *params, struct l2tp_msg *ret,
	       struct msg_error *ret_error)
{
	struct decoder d = {
		.params = params,
		.scratch = params->scratch,
		.scratch_left = params->scratch_size,
	};

	decode_body(&d, body);
	if (!d.failed) {
		*ret = d.msg;
		return 0;
	}
	d.error.assigned_tunnel_id = d.msg.assigned_tunnel_id;
	d.error.assigned_session_id = d.msg.assigned_session_id;
	*ret_error = d.error;
	return -EBADMSG;
}

uint16_t msg_peek_type(struct bytes body)
{
	struct reader r = reader_init(body.data, body.len);
	struct avp avp;

	if (avp_next(&r, &avp) <= 0 || avp.vendor || avp.attribute || avp.hidden ||
	    avp.value.len != sizeof(uint16_t))
		return MSG_ZLB;
	r = reader_init(avp.value.data, avp.value.len);
	return reader_u16(&r);
}

struct bytes msg_peek_host_name(struct bytes body)
{
	struct reader r = reader_init(body.data, body.len);
	struct avp avp;

	while (avp_next(&r, &avp) > 0) {
		if (avp_find(avp.vendor, avp.attribute) == AVP_HOST_NAME && !avp.hidden &&
		    !avp.reserved)
			return avp.value;
	}
	return (struct bytes){0};
}
