/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The optional values of a call, one row each.
 */
#include "l2tp/call_info.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* Of an item: what it is and its length in front, a NUL behind. */
#define FRONT 3
#define AROUND (FRONT + 1)

#define TEXT_MAX 63
/* A name of RADIUS (RFC 2865 5.1), and the values of CHAP (RFC 1994 4.1), have at most so many. */
#define AUTHEN_MAX 255
/* Options of LCP take about 40 octets; twelve in all were ever assigned. */
#define CONFREQ_MAX 255

/* Sixteen of the longest, with their lengths: whoever switches further goes in circles. */
#define TSA_IDS_MAX (16 * (1 + TSA_ID_MAX))

#define FIELD(member) offsetof(struct l2tp_msg, member)
#define NO_AVP AVP_ID_MAX

static const struct item_row {
	bool is_text;
	uint16_t max;
	/* In which AVP it comes and goes, NO_AVP for what no peer tells. */
	enum avp_id avp;
	size_t offset;
} rows[CALL_ITEM_MAX] = {
	[CALL_NAME] = {true, TEXT_MAX, NO_AVP, 0},
	[CALL_CALLED_NUMBER] = {true, TEXT_MAX, AVP_CALLED_NUMBER, FIELD(called_number)},
	[CALL_CALLING_NUMBER] = {true, TEXT_MAX, AVP_CALLING_NUMBER, FIELD(calling_number)},
	[CALL_SUB_ADDRESS] = {true, TEXT_MAX, AVP_SUB_ADDRESS, FIELD(sub_address)},
	[CALL_PRIVATE_GROUP] = {true, TEXT_MAX, AVP_PRIVATE_GROUP_ID, FIELD(private_group_id)},
	[CALL_PROXY_AUTHEN_NAME] = {true, AUTHEN_MAX, AVP_PROXY_AUTHEN_NAME,
				    FIELD(proxy_authen_name)},
	[CALL_USER] = {true, TEXT_MAX, NO_AVP, 0},
	[CALL_INITIAL_LCP_CONFREQ] = {false, CONFREQ_MAX, AVP_INITIAL_LCP_CONFREQ,
				      FIELD(initial_lcp_confreq)},
	[CALL_LAST_SENT_LCP_CONFREQ] = {false, CONFREQ_MAX, AVP_LAST_SENT_LCP_CONFREQ,
					FIELD(last_sent_lcp_confreq)},
	[CALL_LAST_RECEIVED_LCP_CONFREQ] = {false, CONFREQ_MAX, AVP_LAST_RECEIVED_LCP_CONFREQ,
					    FIELD(last_received_lcp_confreq)},
	[CALL_PROXY_AUTHEN_CHALLENGE] = {false, AUTHEN_MAX, AVP_PROXY_AUTHEN_CHALLENGE,
					 FIELD(proxy_authen_challenge)},
	[CALL_PROXY_AUTHEN_RESPONSE] = {false, AUTHEN_MAX, AVP_PROXY_AUTHEN_RESPONSE,
					FIELD(proxy_authen_response)},
	/* More than one AVP each: session_info.c and tsa.c have them. */
	[CALL_ACCESS_LINE] = {false, sizeof(struct access_line), NO_AVP, 0},
	[CALL_TSA_IDS] = {false, TSA_IDS_MAX, NO_AVP, 0},
};

static uint16_t len_at(const struct call_info *info, size_t at)
{
	return (uint16_t)(info->data[at + 1] << 8 | info->data[at + 2]);
}

/* Where an item begins, or info->len. */
static size_t find(const struct call_info *info, enum call_item item)
{
	size_t at = 0;

	while (at < info->len && info->data[at] != item)
		at += AROUND + len_at(info, at);
	return at;
}

static void drop(struct call_info *info, enum call_item item)
{
	size_t at = find(info, item), len;

	if (at == info->len)
		return;
	len = AROUND + len_at(info, at);
	memmove(info->data + at, info->data + at + len, info->len - at - len);
	explicit_bzero(info->data + info->len - len, len);
	info->len -= (uint16_t)len;
}

/* Room for so many octets more. No copy of a secret is left behind, as resizing would. */
static int reserve(struct call_info **info, size_t more)
{
	size_t room = (*info ? (*info)->len : 0) + more;
	struct call_info *bigger;

	if (!more || (*info && room <= (*info)->room))
		return 0;
	bigger = mem_alloc(sizeof(*bigger) + room);
	if (!bigger)
		return -ENOMEM;
	bigger->room = (uint16_t)room;
	if (*info) {
		bigger->len = (*info)->len;
		memcpy(bigger->data, (*info)->data, bigger->len);
	}
	call_info_free(*info);
	*info = bigger;
	return 0;
}

/* The room is there. */
static void append(struct call_info *info, enum call_item item, struct bytes value)
{
	uint8_t *at = info->data + info->len;

	at[0] = (uint8_t)item;
	at[1] = (uint8_t)(value.len >> 8);
	at[2] = (uint8_t)value.len;
	if (rows[item].is_text)
		text_copy((char *)at + FRONT, value.len + 1, value);
	else
		memcpy(at + FRONT, value.data, value.len);
	at[FRONT + value.len] = '\0';
	info->len += (uint16_t)(AROUND + value.len);
}

/* What is kept of a value: nothing of an opaque one that is too long. */
static struct bytes kept(enum call_item item, struct bytes value)
{
	if (value.len > rows[item].max)
		value.len = rows[item].is_text ? rows[item].max : 0;
	return value;
}

size_t call_info_max(enum call_item item)
{
	return rows[item].max;
}

int call_info_set(struct call_info **info, enum call_item item, struct bytes value)
{
	struct bytes keep = kept(item, value);
	int err;

	if (value.len && !keep.len)
		return -EMSGSIZE;
	err = reserve(info, keep.len ? AROUND + keep.len : 0);
	if (err)
		return err;
	if (*info)
		drop(*info, item);
	if (keep.len)
		append(*info, item, keep);
	return 0;
}

struct bytes call_info_get(const struct call_info *info, enum call_item item)
{
	size_t at = info ? find(info, item) : 0;

	if (!info || at == info->len)
		return (struct bytes){0};
	return (struct bytes){info->data + at + FRONT, len_at(info, at)};
}

const char *call_info_text(const struct call_info *info, enum call_item item)
{
	struct bytes value = call_info_get(info, item);

	return value.len ? (const char *)value.data : "";
}

static struct bytes value_in(const struct l2tp_msg *msg, enum call_item item)
{
	const void *field = (const char *)msg + rows[item].offset;

	if (rows[item].avp == NO_AVP || !msg_has(msg, rows[item].avp))
		return (struct bytes){0};
	return kept(item, *(const struct bytes *)field);
}

int call_info_learn(struct call_info **info, const struct l2tp_msg *msg)
{
	size_t more = 0;
	struct bytes value;
	int err;

	for (enum call_item item = 0; item < CALL_ITEM_MAX; item++) {
		value = value_in(msg, item);
		more += value.len ? AROUND + value.len : 0;
	}
	err = reserve(info, more);
	for (enum call_item item = 0; !err && item < CALL_ITEM_MAX; item++) {
		value = value_in(msg, item);
		if (!value.len)
			continue;
		drop(*info, item);
		append(*info, item, value);
	}
	return err;
}

void call_info_tell(const struct call_info *info, struct l2tp_msg *msg)
{
	for (enum call_item item = 0; item < CALL_ITEM_MAX; item++) {
		struct bytes value = call_info_get(info, item);
		void *field = (char *)msg + rows[item].offset;

		if (!value.len || rows[item].avp == NO_AVP ||
		    !msg_may_carry(msg->type, rows[item].avp))
			continue;
		*(struct bytes *)field = value;
		avp_add(&msg->present, rows[item].avp);
	}
}

void call_info_free(struct call_info *info)
{
	if (info)
		explicit_bzero(info->data, info->len);
	mem_free(info);
}
