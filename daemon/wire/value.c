/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How values of AVPs are read and written, by format: RFC 2661 section 4.4, RFC 5515.
 *
 * Lengths were checked against the row before a value is read. Each format stands here once for
 * both ways, so that what one of them leaves out shows beside the other.
 */
#include <string.h>

#include "base/text.h"
#include "wire/avp.h"

static void read_nothing(struct reader *r, void *field)
{
	(void)r;
	(void)field;
}

static void write_nothing(struct writer *w, const void *field)
{
	(void)w;
	(void)field;
}

static void write_message_type(struct writer *w, const void *field)
{
	const enum msg_type *type = field;

	writer_u16(w, (uint16_t)*type);
}

static void read_u16(struct reader *r, void *field)
{
	*(uint16_t *)field = reader_u16(r);
}

static void write_u16(struct writer *w, const void *field)
{
	writer_u16(w, *(const uint16_t *)field);
}

static void read_u32(struct reader *r, void *field)
{
	*(uint32_t *)field = reader_u32(r);
}

static void write_u32(struct writer *w, const void *field)
{
	writer_u32(w, *(const uint32_t *)field);
}

static void read_u64(struct reader *r, void *field)
{
	*(uint64_t *)field = reader_u64(r);
}

static void write_u64(struct writer *w, const void *field)
{
	writer_u64(w, *(const uint64_t *)field);
}

static void read_bytes(struct reader *r, void *field)
{
	*(struct bytes *)field = reader_rest(r);
}

static void write_bytes(struct writer *w, const void *field)
{
	writer_bytes(w, *(const struct bytes *)field);
}

static void read_fixed16(struct reader *r, void *field)
{
	struct bytes value = reader_bytes(r, 16);

	if (r->ok)
		memcpy(field, value.data, value.len);
}

static void write_fixed16(struct writer *w, const void *field)
{
	writer_bytes(w, (struct bytes){field, 16});
}

static void read_auth_id(struct reader *r, void *field)
{
	reader_skip(r, 1);
	*(uint8_t *)field = reader_u8(r);
}

static void write_auth_id(struct writer *w, const void *field)
{
	writer_u16(w, *(const uint8_t *)field);
}

/* Error Code and Message are optional, and peers send every length from 2 octets up. */
static void read_result_code(struct reader *r, void *field)
{
	typeof(((struct l2tp_msg *)0)->result_code) *value = field;

	value->result = reader_u16(r);
	if (reader_left(r) >= 2)
		value->error = reader_u16(r);
	else
		reader_skip(r, reader_left(r));
	value->message = reader_rest(r);
}

static void write_result_code(struct writer *w, const void *field)
{
	const typeof(((struct l2tp_msg *)0)->result_code) *value = field;

	writer_u16(w, value->result);
	writer_u16(w, value->error);
	writer_bytes(w, value->message);
}

static void read_cause_code(struct reader *r, void *field)
{
	typeof(((struct l2tp_msg *)0)->cause_code) *value = field;

	value->code = reader_u16(r);
	value->message_type = reader_u8(r);
	value->advisory = reader_rest(r);
}

static void write_cause_code(struct writer *w, const void *field)
{
	const typeof(((struct l2tp_msg *)0)->cause_code) *value = field;

	writer_u16(w, value->code);
	writer_u8(w, value->message_type);
	writer_bytes(w, value->advisory);
}

static void read_call_errors(struct reader *r, void *field)
{
	typeof(((struct l2tp_msg *)0)->call_errors) *value = field;

	reader_skip(r, 2);
	value->crc_errors = reader_u32(r);
	value->framing_errors = reader_u32(r);
	value->hardware_overruns = reader_u32(r);
	value->buffer_overruns = reader_u32(r);
	value->timeout_errors = reader_u32(r);
	value->alignment_errors = reader_u32(r);
}

static void write_call_errors(struct writer *w, const void *field)
{
	const typeof(((struct l2tp_msg *)0)->call_errors) *value = field;

	writer_u16(w, 0);
	writer_u32(w, value->crc_errors);
	writer_u32(w, value->framing_errors);
	writer_u32(w, value->hardware_overruns);
	writer_u32(w, value->buffer_overruns);
	writer_u32(w, value->timeout_errors);
	writer_u32(w, value->alignment_errors);
}

static void read_accm(struct reader *r, void *field)
{
	typeof(((struct l2tp_msg *)0)->accm) *value = field;

	reader_skip(r, 2);
	value->send = reader_u32(r);
	value->receive = reader_u32(r);
}

static void write_accm(struct writer *w, const void *field)
{
	const typeof(((struct l2tp_msg *)0)->accm) *value = field;

	writer_u16(w, 0);
	writer_u32(w, value->send);
	writer_u32(w, value->receive);
}

static void read_ppp_disconnect_cause(struct reader *r, void *field)
{
	typeof(((struct l2tp_msg *)0)->ppp_disconnect_cause) *value = field;

	value->code = reader_u16(r);
	value->control_protocol = reader_u16(r);
	value->direction = reader_u8(r);
	value->message = reader_rest(r);
}

static void write_ppp_disconnect_cause(struct writer *w, const void *field)
{
	const typeof(((struct l2tp_msg *)0)->ppp_disconnect_cause) *value = field;

	writer_u16(w, value->code);
	writer_u16(w, value->control_protocol);
	writer_u8(w, value->direction);
	writer_bytes(w, value->message);
}

static void read_list(struct reader *r, void *field)
{
	struct avp_list *list = field;

	list->values[list->n++] = reader_rest(r);
}

static void read_line_text(struct reader *r, void *field)
{
	text_copy(field, LINE_TEXT_MAX, reader_rest(r));
}

static void write_line_text(struct writer *w, const void *field)
{
	writer_bytes(w, bytes_str(field));
}

/* RFC 5515 has room for rates that nothing else that is told of lines can name. */
static void read_line_rate(struct reader *r, void *field)
{
	uint64_t rate = reader_u64(r);

	*(uint32_t *)field = rate > UINT32_MAX ? UINT32_MAX : (uint32_t)rate;
}

static void write_line_rate(struct writer *w, const void *field)
{
	writer_u64(w, *(const uint32_t *)field);
}

static void read_line_encapsulation(struct reader *r, void *field)
{
	struct bytes value = reader_rest(r);

	memcpy(field, value.data, value.len);
}

static void write_line_encapsulation(struct writer *w, const void *field)
{
	writer_bytes(w, (struct bytes){field, 3});
}

static void read_line_type(struct reader *r, void *field)
{
	*(uint8_t *)field = reader_u8(r);
}

static void write_line_type(struct writer *w, const void *field)
{
	writer_u32(w, (uint32_t) * (const uint8_t *)field << 24);
}

static void read_line_flag(struct reader *r, void *field)
{
	*(bool *)field = reader_u32(r);
}

static void write_line_flag(struct writer *w, const void *field)
{
	writer_u32(w, *(const bool *)field);
}

const struct avp_codec avp_codecs[FORMAT_MAX] = {
	[FORMAT_MESSAGE_TYPE] = {read_nothing, write_message_type}, /* read ahead of all others */
	[FORMAT_U16] = {read_u16, write_u16},
	[FORMAT_U32] = {read_u32, write_u32},
	[FORMAT_U64] = {read_u64, write_u64},
	[FORMAT_MASK] = {read_u32, write_u32},
	[FORMAT_VERSION] = {read_u16, write_u16},
	[FORMAT_STRING] = {read_bytes, write_bytes},
	[FORMAT_BYTES] = {read_bytes, write_bytes},
	[FORMAT_FIXED16] = {read_fixed16, write_fixed16},
	[FORMAT_AUTH_ID] = {read_auth_id, write_auth_id},
	[FORMAT_PRESENCE] = {read_nothing, write_nothing},
	[FORMAT_RANDOM_VECTOR] = {read_nothing, write_nothing}, /* decode.c and encode.c do */
	[FORMAT_RESULT_CODE] = {read_result_code, write_result_code},
	[FORMAT_CAUSE_CODE] = {read_cause_code, write_cause_code},
	[FORMAT_CALL_ERRORS] = {read_call_errors, write_call_errors},
	[FORMAT_ACCM] = {read_accm, write_accm},
	[FORMAT_PPP_DISCONNECT_CAUSE] = {read_ppp_disconnect_cause, write_ppp_disconnect_cause},
	[FORMAT_TEXTS] = {read_list, write_nothing}, /* each value by encode.c's put_list() */
	[FORMAT_SPEED_UPDATES] = {read_list, write_nothing},
	[FORMAT_LINE_TEXT] = {read_line_text, write_line_text},
	[FORMAT_LINE_RATE] = {read_line_rate, write_line_rate},
	[FORMAT_LINE_ENCAPSULATION] = {read_line_encapsulation, write_line_encapsulation},
	[FORMAT_LINE_TYPE] = {read_line_type, write_line_type},
	[FORMAT_LINE_FLAG] = {read_line_flag, write_line_flag},
};
