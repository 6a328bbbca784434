/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The RADIUS codec (RFC 2865 sections 3 and 5), private to aaa: packets, attributes by a table, and
 * what the shared secret does to them.
 *
 * Attributes are written in clear first, as a body that fits any server; sealing adds the header,
 * hides what that server's secret hides, and signs. Nothing is allocated.
 */
#pragma once

#include "base/cursor.h"

#define RADIUS_HEADER_LEN 20
#define RADIUS_LEN_MAX 4096
#define RADIUS_AUTHENTICATOR_LEN 16
/* RFC 2865 5: type, length. */
#define RADIUS_ATTRIBUTE_HEADER_LEN 2
#define RADIUS_VALUE_MAX 253
/* RFC 2868 section 3. */
#define RADIUS_TAG_MAX 0x1f
/* What sealing may add: header, Message-Authenticator, padding of a hidden password. */
#define RADIUS_SEAL_LEN (RADIUS_HEADER_LEN + 18 + 16)
#define RADIUS_BODY_MAX (RADIUS_LEN_MAX - RADIUS_SEAL_LEN)

/* RFC 2865 section 3, RFC 2866 section 4, RFC 5176 section 2.3. */
enum radius_code {
	RADIUS_ACCESS_REQUEST = 1,
	RADIUS_ACCESS_ACCEPT = 2,
	RADIUS_ACCESS_REJECT = 3,
	RADIUS_ACCOUNTING_REQUEST = 4,
	RADIUS_ACCOUNTING_RESPONSE = 5,
	RADIUS_ACCESS_CHALLENGE = 11,
	RADIUS_DISCONNECT_REQUEST = 40,
	RADIUS_DISCONNECT_ACK = 41,
	RADIUS_DISCONNECT_NAK = 42,
	RADIUS_COA_REQUEST = 43,
	RADIUS_COA_ACK = 44,
	RADIUS_COA_NAK = 45,
};

/* What we know, in the order of the table. */
enum radius_attr {
	ATTR_USER_NAME,
	ATTR_USER_PASSWORD,
	ATTR_CHAP_PASSWORD,
	ATTR_NAS_IP_ADDRESS,
	ATTR_NAS_PORT,
	ATTR_SERVICE_TYPE,
	ATTR_FRAMED_PROTOCOL,
	ATTR_FRAMED_IP_ADDRESS,
	ATTR_REPLY_MESSAGE,
	ATTR_STATE,
	ATTR_CLASS,
	ATTR_SESSION_TIMEOUT,
	ATTR_CALLED_STATION_ID,
	ATTR_CALLING_STATION_ID,
	ATTR_NAS_IDENTIFIER,
	ATTR_PROXY_STATE,
	ATTR_ACCT_STATUS_TYPE,
	ATTR_ACCT_DELAY_TIME,
	ATTR_ACCT_INPUT_OCTETS,
	ATTR_ACCT_OUTPUT_OCTETS,
	ATTR_ACCT_SESSION_ID,
	ATTR_ACCT_AUTHENTIC,
	ATTR_ACCT_SESSION_TIME,
	ATTR_ACCT_INPUT_PACKETS,
	ATTR_ACCT_OUTPUT_PACKETS,
	ATTR_ACCT_TERMINATE_CAUSE,
	ATTR_ACCT_MULTI_SESSION_ID,
	ATTR_ACCT_INPUT_GIGAWORDS,
	ATTR_ACCT_OUTPUT_GIGAWORDS,
	ATTR_EVENT_TIMESTAMP,
	ATTR_CHAP_CHALLENGE,
	ATTR_NAS_PORT_TYPE,
	ATTR_TUNNEL_TYPE,
	ATTR_TUNNEL_MEDIUM_TYPE,
	ATTR_TUNNEL_CLIENT_ENDPOINT,
	ATTR_TUNNEL_SERVER_ENDPOINT,
	ATTR_ACCT_TUNNEL_CONNECTION,
	ATTR_TUNNEL_PASSWORD,
	ATTR_CONNECT_INFO,
	ATTR_MESSAGE_AUTHENTICATOR,
	ATTR_TUNNEL_PRIVATE_GROUP_ID,
	ATTR_TUNNEL_ASSIGNMENT_ID,
	ATTR_TUNNEL_PREFERENCE,
	ATTR_ACCT_INTERIM_INTERVAL,
	ATTR_ACCT_TUNNEL_PACKETS_LOST,
	ATTR_NAS_PORT_ID,
	ATTR_TUNNEL_CLIENT_AUTH_ID,
	ATTR_TUNNEL_SERVER_AUTH_ID,
	ATTR_NAS_IPV6_ADDRESS,
	ATTR_ERROR_CAUSE,
	ATTR_MS_CHAP_ERROR,
	ATTR_MS_CHAP_CHALLENGE,
	ATTR_MS_CHAP2_RESPONSE,
	ATTR_MS_CHAP2_SUCCESS,
	ATTR_AGENT_CIRCUIT_ID,
	ATTR_AGENT_REMOTE_ID,
	ATTR_ACTUAL_RATE_UP,
	ATTR_ACTUAL_RATE_DOWN,
	ATTR_MINIMUM_RATE_UP,
	ATTR_MINIMUM_RATE_DOWN,
	ATTR_ATTAINABLE_RATE_UP,
	ATTR_ATTAINABLE_RATE_DOWN,
	ATTR_MAXIMUM_RATE_UP,
	ATTR_MAXIMUM_RATE_DOWN,
	ATTR_MINIMUM_RATE_UP_LOW_POWER,
	ATTR_MINIMUM_RATE_DOWN_LOW_POWER,
	ATTR_MAXIMUM_DELAY_UP,
	ATTR_ACTUAL_DELAY_UP,
	ATTR_MAXIMUM_DELAY_DOWN,
	ATTR_ACTUAL_DELAY_DOWN,
	ATTR_ACCESS_LOOP_ENCAPSULATION,
	ATTR_IWF_SESSION,
	ATTR_ERX_TUNNEL_VIRTUAL_ROUTER,
	ATTR_ERX_TUNNEL_PASSWORD,
	ATTR_ERX_TUNNEL_TOS,
	ATTR_ERX_TUNNEL_MAX_SESSIONS,
	ATTR_ERX_DISCONNECT_CAUSE,
	ATTR_ERX_RECEIVE_WINDOW,
	ATTR_ERX_TUNNEL_GROUP,
	ATTR_ERX_TX_CONNECT_SPEED,
	ATTR_ERX_RX_CONNECT_SPEED,
	ATTR_MAX,
};

enum radius_format {
	RADIUS_TEXT, /* for people and names: no NUL in it */
	RADIUS_OCTETS,
	RADIUS_NUMBER, /* 32 bits; 24 behind a tag (RFC 2868 3.1) */
};

enum radius_flag {
	RADIUS_TAGGED = 1 << 0,
	RADIUS_HIDDEN = 1 << 1, /* as User-Password, RFC 2865 5.2 */
	RADIUS_SALTED = 1 << 2, /* as Tunnel-Password, RFC 2868 3.5 */
};

/* Which packets it means something in: RFC 2865 5.44 and the tables of the others. */
enum radius_place {
	IN_REQUEST = 1 << 0, /* Access-Request */
	IN_ACCEPT = 1 << 1,
	IN_REJECT = 1 << 2,
	IN_ACCOUNT = 1 << 3,
	/* RFC 5176 section 3 */
	IN_DISCONNECT = 1 << 4, /* Disconnect-Request */
	IN_CHANGE = 1 << 5,	/* CoA-Request */
	IN_ORDER = IN_DISCONNECT | IN_CHANGE,
};

struct radius_row {
	uint32_t vendor; /* 0: of the RFCs, else its SMI number */
	uint8_t type;
	const char *name;
	enum radius_format format;
	/* Octets of value, without tag; of a salted one with its salt. */
	uint8_t least;
	uint8_t greatest;
	unsigned int flags;  /* enum radius_flag */
	unsigned int places; /* enum radius_place */
};

extern const struct radius_row radius_rows[ATTR_MAX];

/* ATTR_MAX when there is no such row. */
enum radius_attr radius_find(uint32_t vendor, uint8_t type);

struct radius_packet {
	uint8_t code;
	uint8_t id;
	/* Up to its Length; what a datagram has behind is padding (RFC 2865 section 3). */
	struct bytes whole;
	const uint8_t *authenticator;
	struct bytes attributes;
};

/* Checks header and the lengths of all attributes. Returns 0 or -EBADMSG. */
int radius_parse(struct bytes datagram, struct radius_packet *ret);

/* One attribute, or one inside a Vendor-Specific. */
struct radius_value {
	enum radius_attr attr; /* ATTR_MAX: no row for it */
	uint8_t tag;
	struct bytes value; /* without tag */
	uint32_t number;    /* of RADIUS_NUMBER */
	/* The attribute as it stands in the packet; of a vendor's, all of the Vendor-Specific. */
	struct bytes whole;
	/* What is wrong with it, in words; NULL: nothing. */
	const char *wrong;
};

struct radius_walk {
	struct reader attributes;
	struct reader vendor_attributes;
	uint32_t vendor;
	struct bytes whole;
};

struct radius_walk radius_walk(struct bytes attributes);
/* True with a value; false at the end. */
bool radius_next(struct radius_walk *walk, struct radius_value *ret);
/* The first of its kind, whole and without anything wrong. */
bool radius_get(struct bytes attributes, enum radius_attr attr, struct radius_value *ret);

/* Writes an attribute; a value that its row does not allow fails the writer. */
void radius_put(struct writer *w, enum radius_attr attr, uint8_t tag, struct bytes value);
void radius_put_number(struct writer *w, enum radius_attr attr, uint8_t tag, uint32_t number);

/* crypt.c */
/* Octets of a hidden form: padded to blocks of 16. */
#define RADIUS_BLOCK 16
#define RADIUS_PASSWORD_MAX 128

/* RFC 2865 5.2. password is at most RADIUS_PASSWORD_MAX octets; returns octets written to out. */
size_t radius_hide(struct bytes password, struct bytes secret,
		   const uint8_t authenticator[static RADIUS_AUTHENTICATOR_LEN],
		   uint8_t out[static RADIUS_PASSWORD_MAX]);
/* RFC 2868 3.5: salt and cipher, as they stand behind the tag. Returns octets written, or
 * -EMSGSIZE. */
int radius_salt(struct bytes password, uint16_t salt, struct bytes secret,
		const uint8_t authenticator[static RADIUS_AUTHENTICATOR_LEN],
		uint8_t out[static RADIUS_VALUE_MAX]);
/* Returns 0 with a view into out, or -EBADMSG: a length that cannot be, which another secret looks
 * like. */
int radius_unsalt(struct bytes salted, struct bytes secret,
		  const uint8_t authenticator[static RADIUS_AUTHENTICATOR_LEN],
		  uint8_t out[static RADIUS_VALUE_MAX], struct bytes *ret);

/*
 * A request from its attributes. authenticator holds 16 random octets for an Access-Request
 * (RFC 2865 section 3) and gets what was made for others (RFC 2866 section 3). All but accounting
 * carry a Message-Authenticator, ahead of all else. Returns 0 or -EMSGSIZE.
 */
int radius_seal_request(struct writer *w, enum radius_code code, uint8_t id, struct bytes secret,
			struct bytes body, uint8_t authenticator[static RADIUS_AUTHENTICATOR_LEN]);
/* An answer to a request with that authenticator, signed the same way. */
int radius_seal_answer(struct writer *w, enum radius_code code, uint8_t id, struct bytes secret,
		       struct bytes body, const uint8_t request[static RADIUS_AUTHENTICATOR_LEN]);

/* Constant in time for what they compare. A Message-Authenticator that is there must be right
 * (RFC 3579 3.2); return 0, -EBADMSG for a wrong one, of either kind, or -ENODATA where it must be
 * there and is not. */
int radius_check_answer(const struct radius_packet *packet, struct bytes secret,
			const uint8_t request[static RADIUS_AUTHENTICATOR_LEN], bool must);
int radius_check_order(const struct radius_packet *packet, struct bytes secret, bool must);
