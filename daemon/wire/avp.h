/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The AVP table and the message table, private to the codec: decode.c, encode.c and format.c each
 * walk the same rows. To add an AVP is to add an id and a field to wire/msg.h and a row to avp.c.
 */
#pragma once

#include "wire/msg.h"

/* RFC 2661 4.1: flags and length, vendor, attribute. */
#define AVP_HEADER_LEN 6
/* Length is a number of 10 bits and counts the header. */
#define AVP_LEN_MAX 1023
#define AVP_VALUE_MAX (AVP_LEN_MAX - AVP_HEADER_LEN)
/* The hidden form carries the original length in front of the value (4.3). */
#define AVP_HIDDEN_LEN 2

#define AVP_BIT_MANDATORY 0x8000u
#define AVP_BIT_HIDDEN 0x4000u
#define AVP_BITS_RESERVED 0x3c00u
#define AVP_LEN_MASK 0x03ffu

/* How a value stands on the wire, in struct l2tp_msg, and in text. */
enum avp_format {
	FORMAT_MESSAGE_TYPE,
	FORMAT_U16,
	FORMAT_U32,
	FORMAT_U64,
	FORMAT_MASK,	      /* uint32_t of single bits */
	FORMAT_VERSION,	      /* uint16_t: version, revision */
	FORMAT_STRING,	      /* struct bytes meant for people */
	FORMAT_BYTES,	      /* struct bytes */
	FORMAT_FIXED16,	      /* uint8_t[16] */
	FORMAT_AUTH_ID,	      /* uint8_t behind a reserved octet */
	FORMAT_PRESENCE,      /* no value, no field */
	FORMAT_RANDOM_VECTOR, /* no field: the codec's own */
	FORMAT_RESULT_CODE,
	FORMAT_CAUSE_CODE,
	FORMAT_CALL_ERRORS,
	FORMAT_ACCM,
	FORMAT_PPP_DISCONNECT_CAUSE,
	FORMAT_TEXTS,	      /* struct avp_list of texts */
	FORMAT_SPEED_UPDATES, /* struct avp_list of values of RFC 5515 6.1 */
	FORMAT_LINE_TEXT,     /* char[LINE_TEXT_MAX] */
	FORMAT_LINE_RATE,     /* uint32_t, 64 bits on the wire */
	FORMAT_LINE_ENCAPSULATION,
	FORMAT_LINE_TYPE, /* uint8_t before three reserved octets */
	FORMAT_LINE_FLAG, /* bool, 32 bits on the wire */
	FORMAT_MAX,
};

enum avp_flag {
	AVP_M = 1 << 0,	       /* we send it with the M bit */
	AVP_H = 1 << 1,	       /* the RFC lets it be hidden */
	AVP_PERSONAL = 1 << 2, /* hidden under HIDE_SENSITIVE */
	AVP_SECRET = 1 << 3,   /* its value never goes to a log */
	AVP_LIST = 1 << 4,     /* there may be many in one message */
};

struct avp_row {
	uint16_t vendor;
	uint16_t attribute;
	/* As the RFC calls it. */
	const char *name;
	/* The name of its field in struct l2tp_msg, and where that is. */
	const char *key;
	size_t offset;
	enum avp_format format;
	/* Octets of value, before hiding. */
	uint16_t least;
	uint16_t greatest;
	/* enum avp_flag */
	unsigned int flags;
	/* Bits of 1 << enum msg_type: messages that must carry it, that may, and those among both
	 * where zero is no value. */
	uint32_t required;
	uint32_t optional;
	uint32_t nonzero;
};

/* Indexed by enum avp_id. */
extern const struct avp_row avp_rows[AVP_ID_MAX];

/* How a value goes from the wire into its field, and back. */
struct avp_codec {
	void (*read)(struct reader *r, void *field);
	void (*write)(struct writer *w, const void *field);
};

/* value.c, indexed by enum avp_format. */
extern const struct avp_codec avp_codecs[FORMAT_MAX];

enum msg_level {
	MSG_LEVEL_NONE, /* a number without a message */
	MSG_LEVEL_TUNNEL,
	MSG_LEVEL_SESSION,
};

struct msg_row {
	const char *name;
	enum msg_level level;
	/* The Message Type is sent without the M bit: who does not know it ignores the message. */
	bool is_optional;
};

/* Indexed by enum msg_type. */
extern const struct msg_row msg_rows[MSG_TYPE_MAX];

/* True for the types that have a Message Type AVP value and a row; MSG_ZLB has neither. */
bool msg_type_known(unsigned int type);
/* A value of FORMAT_SPEED_UPDATES, whose length was checked. */
struct speed_update speed_update_of(struct bytes value);
/* AVP_ID_MAX when there is no such row. */
enum avp_id avp_find(uint16_t vendor, uint16_t attribute);
