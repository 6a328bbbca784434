/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Message to one line of text, for the debug log.
 *
 * What a peer sent never reaches a log raw: only printable ASCII stands for itself, and secrets
 * are shown by their length alone.
 */
#include <stdarg.h>
#include <stdio.h>

#include "wire/avp.h"

/* A text that is cut at its end; pos is always where the NUL stands. */
struct text {
	char *pos;
	size_t left;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *t, const char *format, ...)
{
	va_list args;
	size_t len;

	va_start(args, format);
	len = (size_t)vsnprintf(t->pos, t->left, format, args);
	va_end(args);
	if (len >= t->left)
		len = t->left - 1;
	t->pos += len;
	t->left -= len;
}

static bool is_plain(uint8_t c)
{
	return c > ' ' && c <= '~' && c != '"' && c != '\\';
}

/* Quoted where it would not read as one word. */
static void put_string(struct text *t, struct bytes string)
{
	bool quote = string.len == 0;

	for (size_t i = 0; i < string.len; i++)
		quote |= !is_plain(string.data[i]);
	if (quote)
		put(t, "\"");
	for (size_t i = 0; i < string.len; i++) {
		if (is_plain(string.data[i]) || string.data[i] == ' ')
			put(t, "%c", string.data[i]);
		else
			put(t, "\\x%02x", string.data[i]);
	}
	if (quote)
		put(t, "\"");
}

static void put_hex(struct text *t, struct bytes bytes)
{
	put(t, "0x");
	for (size_t i = 0; i < bytes.len; i++)
		put(t, "%02x", bytes.data[i]);
}

/* A trailing text of a compound value, when there is one. */
static void put_suffix(struct text *t, struct bytes string)
{
	if (!string.len)
		return;
	put(t, "/");
	put_string(t, string);
}

static void print_u16(struct text *t, const void *field)
{
	put(t, "%u", *(const uint16_t *)field);
}

static void print_u32(struct text *t, const void *field)
{
	put(t, "%u", *(const uint32_t *)field);
}

static void print_u64(struct text *t, const void *field)
{
	put(t, "0x%016llx", (unsigned long long)*(const uint64_t *)field);
}

static void print_mask(struct text *t, const void *field)
{
	put(t, "0x%x", *(const uint32_t *)field);
}

static void print_version(struct text *t, const void *field)
{
	uint16_t version = *(const uint16_t *)field;

	put(t, "%u.%u", version >> 8, version & 0xff);
}

static void print_string(struct text *t, const void *field)
{
	put_string(t, *(const struct bytes *)field);
}

static void print_bytes(struct text *t, const void *field)
{
	put_hex(t, *(const struct bytes *)field);
}

static void print_fixed16(struct text *t, const void *field)
{
	put_hex(t, (struct bytes){field, 16});
}

static void print_auth_id(struct text *t, const void *field)
{
	put(t, "%u", *(const uint8_t *)field);
}

static void print_result_code(struct text *t, const void *field)
{
	const typeof(((struct l2tp_msg *)0)->result_code) *value = field;

	put(t, "%u/%u", value->result, value->error);
	put_suffix(t, value->message);
}

static void print_cause_code(struct text *t, const void *field)
{
	const typeof(((struct l2tp_msg *)0)->cause_code) *value = field;

	put(t, "%u/%u", value->code, value->message_type);
	put_suffix(t, value->advisory);
}

static void print_call_errors(struct text *t, const void *field)
{
	const typeof(((struct l2tp_msg *)0)->call_errors) *value = field;

	put(t, "%u/%u/%u/%u/%u/%u", value->crc_errors, value->framing_errors,
	    value->hardware_overruns, value->buffer_overruns, value->timeout_errors,
	    value->alignment_errors);
}

static void print_accm(struct text *t, const void *field)
{
	const typeof(((struct l2tp_msg *)0)->accm) *value = field;

	put(t, "0x%x/0x%x", value->send, value->receive);
}

static void print_ppp_disconnect_cause(struct text *t, const void *field)
{
	const typeof(((struct l2tp_msg *)0)->ppp_disconnect_cause) *value = field;

	put(t, "%u/0x%04x/%u", value->code, value->control_protocol, value->direction);
	put_suffix(t, value->message);
}

static void print_texts(struct text *t, const void *field)
{
	const struct avp_list *list = field;

	for (unsigned int i = 0; i < list->n; i++) {
		put(t, "%s", i ? "," : "");
		put_string(t, list->values[i]);
	}
}

static void print_speed_updates(struct text *t, const void *field)
{
	const struct avp_list *list = field;

	for (unsigned int i = 0; i < list->n; i++) {
		struct speed_update update = speed_update_of(list->values[i]);

		put(t, "%s%u/%u/%u", i ? "," : "", update.session_id, update.tx, update.rx);
	}
}

static void print_line_text(struct text *t, const void *field)
{
	put_string(t, bytes_str(field));
}

static void print_line_encapsulation(struct text *t, const void *field)
{
	const uint8_t *value = field;

	put(t, "%u/%u/%u", value[0], value[1], value[2]);
}

static void print_line_flag(struct text *t, const void *field)
{
	put(t, "%u", *(const bool *)field);
}

static void (*const print_value[FORMAT_MAX])(struct text *t, const void *field) = {
	[FORMAT_U16] = print_u16,
	[FORMAT_U32] = print_u32,
	[FORMAT_U64] = print_u64,
	[FORMAT_MASK] = print_mask,
	[FORMAT_VERSION] = print_version,
	[FORMAT_STRING] = print_string,
	[FORMAT_BYTES] = print_bytes,
	[FORMAT_FIXED16] = print_fixed16,
	[FORMAT_AUTH_ID] = print_auth_id,
	[FORMAT_RESULT_CODE] = print_result_code,
	[FORMAT_CAUSE_CODE] = print_cause_code,
	[FORMAT_CALL_ERRORS] = print_call_errors,
	[FORMAT_ACCM] = print_accm,
	[FORMAT_PPP_DISCONNECT_CAUSE] = print_ppp_disconnect_cause,
	[FORMAT_TEXTS] = print_texts,
	[FORMAT_SPEED_UPDATES] = print_speed_updates,
	[FORMAT_LINE_TEXT] = print_line_text,
	[FORMAT_LINE_RATE] = print_u32,
	[FORMAT_LINE_ENCAPSULATION] = print_line_encapsulation,
	[FORMAT_LINE_TYPE] = print_auth_id,
	[FORMAT_LINE_FLAG] = print_line_flag,
};

static void put_avp(struct text *t, const struct avp_row *row, const struct l2tp_msg *msg)
{
	const void *field = (const char *)msg + row->offset;
	size_t len;

	put(t, " %s", row->key);
	if (!print_value[row->format])
		return;
	put(t, "=");
	if (row->flags & AVP_SECRET) {
		/* All secrets are strings of octets; a fixed one is as long as it must be. */
		len = row->least == row->greatest ? row->least : ((const struct bytes *)field)->len;
		put(t, "<%zu octets>", len);
		return;
	}
	print_value[row->format](t, field);
}

/* NOLINTNEXTLINE(readability-non-const-parameter): t writes to it */
const char *msg_format(const struct l2tp_msg *msg, char *text, size_t size)
{
	struct text t = {text, size};

	if (!size)
		return text;

	put(&t, "%s", msg_type_name(msg->type));
	for (unsigned int id = AVP_MESSAGE_TYPE + 1; id < AVP_ID_MAX; id++) {
		if (msg_has(msg, (enum avp_id)id))
			put_avp(&t, &avp_rows[id], msg);
	}
	if (msg->unknown_avps)
		put(&t, " unknown_avps=%u", msg->unknown_avps);
	if (msg->misplaced_avps)
		put(&t, " misplaced_avps=%u", msg->misplaced_avps);
	if (msg->malformed_avps)
		put(&t, " malformed_avps=%u", msg->malformed_avps);
	return text;
}
