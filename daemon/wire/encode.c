/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Message to bytes: RFC 2661 sections 4.1 to 4.4.
 *
 * The order is always the same: Message Type, the Random Vector when something is hidden, then
 * the other AVPs as the table has them. The Error Code is always sent with the Result Code: there
 * are peers that refuse the short form (RFC 2661 4.4.2 allows both).
 */
#include <errno.h>

#include "wire/auth.h"
#include "wire/avp.h"

static bool hides(const struct avp_row *row, const struct msg_encode_params *params)
{
	/* RFC 2661 4.3: the H bit needs a shared secret. */
	if (!params->secret.len || !(row->flags & AVP_H))
		return false;
	return params->hide == HIDE_ALWAYS ||
	       (params->hide == HIDE_SENSITIVE && row->flags & AVP_PERSONAL);
}

/* Returns 0, or -EINVAL for a value that no AVP of the kind can carry. */
static int put_avp(struct writer *w, const struct avp_row *row,
		   const struct msg_encode_params *params, struct bytes value)
{
	bool hide = hides(row, params);
	size_t len = AVP_HEADER_LEN + (hide ? AVP_HIDDEN_LEN : 0) + value.len;

	if (value.len < row->least || value.len > row->greatest || len > AVP_LEN_MAX)
		return -EINVAL;

	writer_u16(w, (uint16_t)((row->flags & AVP_M ? AVP_BIT_MANDATORY : 0) |
				 (hide ? AVP_BIT_HIDDEN : 0) | len));
	writer_u16(w, row->vendor);
	writer_u16(w, row->attribute);
	if (hide)
		avp_hide(w, row->attribute, params->secret, params->random_vector, value, 0);
	else
		writer_bytes(w, value);
	return 0;
}

static int put_list(struct writer *w, const struct avp_row *row,
		    const struct msg_encode_params *params, const struct avp_list *list)
{
	int ret = 0;

	for (unsigned int i = 0; i < list->n && ret == 0; i++)
		ret = put_avp(w, row, params, list->values[i]);
	return ret;
}

static int put_field(struct writer *w, const struct avp_row *row,
		     const struct msg_encode_params *params, const struct l2tp_msg *msg)
{
	const void *field = (const char *)msg + row->offset;
	uint8_t value[AVP_VALUE_MAX];
	struct writer v = writer_init(value, sizeof(value));

	if (row->flags & AVP_LIST)
		return put_list(w, row, params, field);
	avp_codecs[row->format].write(&v, field);
	if (!v.ok)
		return -EINVAL;
	return put_avp(w, row, params, (struct bytes){value, writer_len(&v)});
}

/* Whether anything will be hidden, or -EINVAL when a mandatory AVP is missing. */
static int survey(const struct l2tp_msg *msg, const struct msg_encode_params *params)
{
	bool hiding = false;

	for (unsigned int id = AVP_MESSAGE_TYPE + 1; id < AVP_ID_MAX; id++) {
		if (msg_has(msg, (enum avp_id)id))
			hiding |= hides(&avp_rows[id], params);
		else if (avp_rows[id].required & 1u << msg->type)
			return -EINVAL;
	}
	return hiding;
}

static int put_body(struct writer *w, const struct l2tp_msg *msg,
		    const struct msg_encode_params *params, bool hiding)
{
	struct avp_row type_row = avp_rows[AVP_MESSAGE_TYPE];
	int ret;

	if (msg_rows[msg->type].is_optional)
		type_row.flags &= ~(unsigned int)AVP_M;
	ret = put_field(w, &type_row, params, msg);
	if (ret == 0 && hiding)
		ret = put_avp(w, &avp_rows[AVP_RANDOM_VECTOR], params, params->random_vector);
	for (unsigned int id = AVP_MESSAGE_TYPE + 1; id < AVP_ID_MAX && ret == 0; id++) {
		if (id != AVP_RANDOM_VECTOR && msg_has(msg, (enum avp_id)id))
			ret = put_field(w, &avp_rows[id], params, msg);
	}
	return ret;
}

int msg_encode(const struct l2tp_msg *msg, uint32_t tunnel_id, uint16_t session_id,
	       const struct msg_encode_params *params, struct writer *w)
{
	const struct control_header header = {
		.version = 2,
		.tunnel_id = tunnel_id,
		.session_id = session_id,
	};
	/* A writer of its own: the caller's is moved on success only. */
	struct writer out = writer_init(w->pos, (size_t)(w->end - w->pos));
	int hiding, ret;

	if (!msg_type_known(msg->type))
		return -EINVAL;
	hiding = survey(msg, params);
	if (hiding < 0)
		return hiding;
	if (hiding && !params->random_vector.len)
		return -EINVAL;

	control_header_write(&out, &header);
	ret = put_body(&out, msg, params, hiding);
	if (ret < 0)
		return ret;
	control_header_finish(&out);
	if (!w->ok || !out.ok)
		return -ENOSPC;
	w->pos = out.pos;
	return 0;
}
