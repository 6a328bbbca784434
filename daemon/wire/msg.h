/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Control messages as typed structs (RFC 2661 sections 4, 5.8 and 6, RFC 5515), and their codec.
 *
 * A message is decoded whole, and checked against the one AVP table, before anybody acts on it;
 * encoding walks the same table. Values are views: into the packet, or into the scratch buffer
 * that held a hidden AVP while it was revealed. They live as long as both do.
 */
#pragma once

#include "base/cursor.h"
#include "wire/header.h"
#include "wire/line.h"

/* The largest message we send or take: what fits a UDP datagram on any sane path. */
#define MSG_LEN_MAX 4096

/* RFC 2661 section 3.2. The numbers are those of the Message Type AVP. */
enum msg_type {
	MSG_ZLB = 0, /* no message at all: a header that only acknowledges */
	MSG_SCCRQ = 1,
	MSG_SCCRP = 2,
	MSG_SCCCN = 3,
	MSG_STOPCCN = 4,
	MSG_HELLO = 6,
	MSG_OCRQ = 7,
	MSG_OCRP = 8,
	MSG_OCCN = 9,
	MSG_ICRQ = 10,
	MSG_ICRP = 11,
	MSG_ICCN = 12,
	MSG_CDN = 14,
	MSG_WEN = 15,
	MSG_SLI = 16,
	MSG_CSUN = 28,
	MSG_CSURQ = 29,
	MSG_TYPE_MAX,
};

/* One value a row of the AVP table (wire/avp.c); not the attribute number, which needs a vendor. */
enum avp_id {
	AVP_MESSAGE_TYPE,
	AVP_RESULT_CODE,
	AVP_PROTOCOL_VERSION,
	AVP_FRAMING_CAPABILITIES,
	AVP_BEARER_CAPABILITIES,
	AVP_TIE_BREAKER,
	AVP_FIRMWARE_REVISION,
	AVP_HOST_NAME,
	AVP_VENDOR_NAME,
	AVP_ASSIGNED_TUNNEL_ID,
	AVP_RECEIVE_WINDOW_SIZE,
	AVP_CHALLENGE,
	AVP_CAUSE_CODE,
	AVP_CHALLENGE_RESPONSE,
	AVP_ASSIGNED_SESSION_ID,
	AVP_CALL_SERIAL_NUMBER,
	AVP_MINIMUM_BPS,
	AVP_MAXIMUM_BPS,
	AVP_BEARER_TYPE,
	AVP_FRAMING_TYPE,
	AVP_CALLED_NUMBER,
	AVP_CALLING_NUMBER,
	AVP_SUB_ADDRESS,
	AVP_TX_CONNECT_SPEED,
	AVP_PHYSICAL_CHANNEL_ID,
	AVP_INITIAL_LCP_CONFREQ,
	AVP_LAST_SENT_LCP_CONFREQ,
	AVP_LAST_RECEIVED_LCP_CONFREQ,
	AVP_PROXY_AUTHEN_TYPE,
	AVP_PROXY_AUTHEN_NAME,
	AVP_PROXY_AUTHEN_CHALLENGE,
	AVP_PROXY_AUTHEN_ID,
	AVP_PROXY_AUTHEN_RESPONSE,
	AVP_CALL_ERRORS,
	AVP_ACCM,
	AVP_RANDOM_VECTOR,
	AVP_PRIVATE_GROUP_ID,
	AVP_RX_CONNECT_SPEED,
	AVP_SEQUENCING_REQUIRED,
	AVP_PPP_DISCONNECT_CAUSE, /* RFC 3145 */
	AVP_TSA_ID,		  /* draft-ietf-l2tpext-tunnel-switching */
	AVP_CONNECT_SPEED_UPDATE, /* RFC 5515 section 6 */
	AVP_SPEED_UPDATE_ENABLE,
	AVP_LINE_CIRCUIT_ID, /* and section 5 */
	AVP_LINE_REMOTE_ID,
	AVP_LINE_ACTUAL_UP,
	AVP_LINE_ACTUAL_DOWN,
	AVP_LINE_MINIMUM_UP,
	AVP_LINE_MINIMUM_DOWN,
	AVP_LINE_ATTAINABLE_UP,
	AVP_LINE_ATTAINABLE_DOWN,
	AVP_LINE_MAXIMUM_UP,
	AVP_LINE_MAXIMUM_DOWN,
	AVP_LINE_MINIMUM_UP_LOW_POWER,
	AVP_LINE_MINIMUM_DOWN_LOW_POWER,
	AVP_LINE_MAXIMUM_DELAY_UP,
	AVP_LINE_ACTUAL_DELAY_UP,
	AVP_LINE_MAXIMUM_DELAY_DOWN,
	AVP_LINE_ACTUAL_DELAY_DOWN,
	AVP_LINE_ENCAPSULATION,
	AVP_LINE_TYPE,
	AVP_LINE_IWF_SESSION,
	AVP_ID_MAX,
};

struct avp_set {
	uint64_t bits[2];
};

static inline bool avp_in(const struct avp_set *set, enum avp_id id)
{
	return set->bits[id / 64] >> (id % 64) & 1;
}

static inline void avp_add(struct avp_set *set, enum avp_id id)
{
	set->bits[id / 64] |= (uint64_t)1 << (id % 64);
}

static inline void avp_remove(struct avp_set *set, enum avp_id id)
{
	set->bits[id / 64] &= ~((uint64_t)1 << (id % 64));
}

/* Framing Capabilities and Framing Type, RFC 2661 4.4.3 and 4.4.4. */
#define FRAMING_SYNC 0x1u
#define FRAMING_ASYNC 0x2u
/* Bearer Capabilities and Bearer Type. */
#define BEARER_DIGITAL 0x1u
#define BEARER_ANALOG 0x2u

/* What a LAC counted since a call began (WEN, RFC 2661 4.4.6). */
struct call_errors {
	uint32_t crc_errors;
	uint32_t framing_errors;
	uint32_t hardware_overruns;
	uint32_t buffer_overruns;
	uint32_t timeout_errors;
	uint32_t alignment_errors;
};

/* Which control characters a LAC escapes, and drops, on an asynchronous link (SLI, 4.4.6). */
struct accm {
	uint32_t send;
	uint32_t receive;
};

/* AVPs that a message may carry many of; what is beyond this is left out. */
#define AVP_LIST_MAX 32

struct avp_list {
	unsigned int n;
	struct bytes values[AVP_LIST_MAX];
};

/* Octets of a Connect Speed Update of L2TPv2, and of a TSA ID at most. */
#define SPEED_UPDATE_LEN 12
#define TSA_ID_MAX 64

/* RFC 5515 6.1: of a call, by the receiver's id of it; bit/s, 0 in a request. */
struct speed_update {
	uint16_t session_id;
	uint32_t tx;
	uint32_t rx;
};

/*
 * A field is meaningful only when its AVP is in `present`. Use MSG_SET() to set both, msg_has() to
 * ask. The names of fields are those of the table, of the log and of scenarios.
 */
struct l2tp_msg {
	enum msg_type type;
	struct avp_set present;

	struct {
		uint16_t result;
		/* 0 when the AVP carried none (RFC 2661 4.4.2: the field is optional). */
		uint16_t error;
		struct bytes message;
	} result_code;
	uint16_t protocol_version; /* version in the high octet, revision in the low: 0x0100 */
	uint32_t framing_capabilities;
	uint32_t bearer_capabilities;
	uint64_t tie_breaker;
	uint16_t firmware_revision;
	struct bytes host_name;
	struct bytes vendor_name;
	uint16_t assigned_tunnel_id;
	uint16_t receive_window_size;
	struct bytes challenge;
	struct {
		uint16_t code;
		uint8_t message_type;
		struct bytes advisory;
	} cause_code;
	uint8_t challenge_response[16];
	uint16_t assigned_session_id;
	uint32_t call_serial_number;
	uint32_t minimum_bps;
	uint32_t maximum_bps;
	uint32_t bearer_type;
	uint32_t framing_type;
	struct bytes called_number;
	struct bytes calling_number;
	struct bytes sub_address;
	uint32_t tx_connect_speed;
	uint32_t physical_channel_id;
	struct bytes initial_lcp_confreq;
	struct bytes last_sent_lcp_confreq;
	struct bytes last_received_lcp_confreq;
	uint16_t proxy_authen_type;
	struct bytes proxy_authen_name;
	struct bytes proxy_authen_challenge;
	uint8_t proxy_authen_id;
	struct bytes proxy_authen_response;
	struct call_errors call_errors;
	struct accm accm;
	struct bytes private_group_id;
	uint32_t rx_connect_speed;
	struct {
		uint16_t code;
		uint16_t control_protocol;
		uint8_t direction;
		struct bytes message;
	} ppp_disconnect_cause;
	/* Those who switched the call, the first one first. */
	struct avp_list tsa_id;
	/* See msg_speed_update(). */
	struct avp_list connect_speed_update;
	/* See msg_line(): what of it was told is in `present`, as with all AVPs. */
	struct access_line line;

	/* Optional AVPs skipped because we do not know them. */
	unsigned int unknown_avps;
	/* Known AVPs that this message type has no use for; ignored (real peers send them). */
	unsigned int misplaced_avps;
	/* AVPs without the M bit that could not be read, RFC 2661 7.1. */
	unsigned int malformed_avps;
};

/* The AVPs whose very presence is the value have no field: Sequencing Required. */
static inline bool msg_has(const struct l2tp_msg *msg, enum avp_id id)
{
	return avp_in(&msg->present, id);
}

/* MSG_SET(&msg, AVP_HOST_NAME, host_name, bytes_str("lns")) */
#define MSG_SET(msg, id, field, value)        \
	do {                                  \
		(msg)->field = (value);       \
		avp_add(&(msg)->present, id); \
	} while (0)

/* All that a message tells of the line; false when that is nothing. */
bool msg_line(const struct l2tp_msg *msg, struct access_line *ret);
/* All that is known of the line goes into a message. */
void msg_set_line(struct l2tp_msg *msg, const struct access_line *line);
struct speed_update msg_speed_update(const struct l2tp_msg *msg, unsigned int i);
/* Adds one; data lives as long as the message. Returns false when there is no room. */
bool msg_add_speed_update(struct l2tp_msg *msg, const struct speed_update *update,
			  uint8_t data[static SPEED_UPDATE_LEN]);

/* Which AVPs are sent hidden (RFC 2661 4.3), when a secret and hiding are both there. */
enum hide_policy {
	HIDE_NEVER,
	/* What identifies or authenticates a person: numbers, names, proxy LCP and authentication.
	 */
	HIDE_SENSITIVE,
	/* Whatever the RFC allows. */
	HIDE_ALWAYS,
};

struct msg_decode_params {
	/* Shared secret for hidden AVPs; empty when none is known: a hidden AVP is then an error
	 * if its M bit is set, else skipped. */
	struct bytes secret;
	/* Where revealed AVPs are put; at least as large as the message. */
	uint8_t *scratch;
	size_t scratch_size;
};

/* Why a message could not be used, in the form the answer needs it. */
struct msg_error {
	/* The type when it could still be read, else MSG_ZLB. */
	enum msg_type type;
	/* False: the message is only to be ignored (unknown optional message type). */
	bool fatal;
	/* For the Result Code AVP: General Error with this Error Code. */
	uint16_t error;
	/* Whether Assigned Tunnel/Session ID were read before the failure, and what they were: the
	 * answer to a broken SCCRQ or ICRQ still has to reach its sender. */
	uint16_t assigned_tunnel_id;
	uint16_t assigned_session_id;
	/* English, names the AVP: "Assigned Tunnel ID: 3 octets where 2 are due". */
	char text[120];
};

/*
 * Decodes a body with at least one AVP (a ZLB has none and is no message). Returns 0 or -EBADMSG
 * with *ret_error filled; *ret is written on success only.
 *
 * Structure is checked strictly, M and H bits of AVPs we know leniently, the M bit of AVPs we do
 * not know is obeyed (RFC 2661 4.1). Oddities of real peers are taken as meant: trailing zero
 * padding, Result Codes of any length from 2, hidden AVPs padded beyond their original length.
 */
int msg_decode(struct bytes body, const struct msg_decode_params *params, struct l2tp_msg *ret,
	       struct msg_error *ret_error);

/* The Message Type that a body begins with, MSG_ZLB when it begins with none; costs nothing. */
uint16_t msg_peek_type(struct bytes body);
/*
 * The Host Name that a body carries, or an empty view. It is never hidden (RFC 2661 4.4.3), so it
 * can be read before the peer and its secret are known, that is before msg_decode().
 */
struct bytes msg_peek_host_name(struct bytes body);

struct msg_encode_params {
	struct bytes secret;
	enum hide_policy hide;
	/* Random Vector for this message, used when something is hidden; 16 octets are usual. */
	struct bytes random_vector;
};

/*
 * Appends header (Ns and Nr 0: the transport sets them) and all present AVPs, Message Type first.
 * msg->type decides nothing but the Message Type AVP: what a message must carry is checked here
 * as when decoding. Returns 0, -ENOSPC, or -EINVAL when a mandatory AVP is missing (a bug).
 */
int msg_encode(const struct l2tp_msg *msg, uint32_t tunnel_id, uint16_t session_id,
	       const struct msg_encode_params *params, struct writer *w);

/* "SCCRQ", "ICCN"; "message 99" words for a type without a row are the caller's. Never NULL. */
const char *msg_type_name(enum msg_type type);
/* Type of a name in any case, or MSG_TYPE_MAX. */
enum msg_type msg_type_parse(const char *name);
/* Whether the table lets a message of this type carry the AVP. */
bool msg_may_carry(enum msg_type type, enum avp_id id);
/* True for a message about one call, false for one about the tunnel and for unknown types. */
bool msg_is_session(enum msg_type type);

/* Room for a line of msg_format() that is seldom cut. */
#define MSG_TEXT_MAX 1024

/*
 * One line for the debug log, from the table: "SCCRQ protocol_version=1.0 host_name=lac ...".
 * Secrets (challenge, responses, proxy authentication) are printed as lengths. Text is cut at
 * size; unprintable octets of strings are escaped \xNN. Returns text.
 */
const char *msg_format(const struct l2tp_msg *msg, char *text, size_t size);
