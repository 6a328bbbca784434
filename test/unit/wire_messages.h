/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One message of each type (RFC 2661 section 6, RFC 5515), with all that it may carry, as a struct
 * and as the bytes that were written down by hand from sections 4.1 and 4.4; and what the tests of
 * the codec share.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/msg.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define IN(id) ((uint64_t)1 << (id))
#define STR(text)                                         \
	{                                                 \
		(const uint8_t *)(text), sizeof(text) - 1 \
	}

/* All AVPs of a line: rows that follow each other. */
#define WIRE_LINE ((IN(AVP_LINE_IWF_SESSION) << 1) - IN(AVP_LINE_CIRCUIT_ID))

struct wire_message {
	struct l2tp_msg msg;
	/* AVPs in hexadecimal; blanks are for the reader. */
	const char *body;
};

/* clang-format off */
static const struct wire_message wire_messages[] = {
	{{.type = MSG_SCCRQ,
	  .present = {{IN(AVP_PROTOCOL_VERSION) | IN(AVP_FRAMING_CAPABILITIES) | IN(AVP_HOST_NAME) |
		       IN(AVP_ASSIGNED_TUNNEL_ID)}},
	  .protocol_version = 0x0100,
	  .framing_capabilities = FRAMING_SYNC | FRAMING_ASYNC,
	  .host_name = STR("lac"),
	  .assigned_tunnel_id = 0xabcd},
	 "8008 0000 0000 0001  8008 0000 0002 0100  800a 0000 0003 00000003"
	 "8009 0000 0007 6c6163  8008 0000 0009 abcd"},

	{{.type = MSG_SCCRQ,
	  .present = {{IN(AVP_PROTOCOL_VERSION) | IN(AVP_FRAMING_CAPABILITIES) |
		       IN(AVP_BEARER_CAPABILITIES) | IN(AVP_TIE_BREAKER) |
		       IN(AVP_FIRMWARE_REVISION) | IN(AVP_HOST_NAME) | IN(AVP_VENDOR_NAME) |
		       IN(AVP_ASSIGNED_TUNNEL_ID) | IN(AVP_RECEIVE_WINDOW_SIZE) |
		       IN(AVP_CHALLENGE)}},
	  .protocol_version = 0x0100,
	  .framing_capabilities = FRAMING_SYNC,
	  .bearer_capabilities = BEARER_ANALOG,
	  .tie_breaker = 0x0102030405060708,
	  .firmware_revision = 0x0110,
	  .host_name = STR("lac.example.net"),
	  .vendor_name = STR("adit"),
	  .assigned_tunnel_id = 1,
	  .receive_window_size = 16,
	  .challenge = STR("\x01\x02\x03")},
	 "8008 0000 0000 0001  8008 0000 0002 0100  800a 0000 0003 00000001"
	 "800a 0000 0004 00000002  000e 0000 0005 0102030405060708  0008 0000 0006 0110"
	 "8015 0000 0007 6c61632e6578616d706c652e6e6574  000a 0000 0008 61646974"
	 "8008 0000 0009 0001  8008 0000 000a 0010  8009 0000 000b 010203"},

	{{.type = MSG_SCCRP,
	  .present = {{IN(AVP_PROTOCOL_VERSION) | IN(AVP_FRAMING_CAPABILITIES) |
		       IN(AVP_BEARER_CAPABILITIES) | IN(AVP_FIRMWARE_REVISION) |
		       IN(AVP_HOST_NAME) | IN(AVP_VENDOR_NAME) | IN(AVP_ASSIGNED_TUNNEL_ID) |
		       IN(AVP_RECEIVE_WINDOW_SIZE) | IN(AVP_CHALLENGE) |
		       IN(AVP_CHALLENGE_RESPONSE)}},
	  .protocol_version = 0x0100,
	  .framing_capabilities = FRAMING_ASYNC,
	  .bearer_capabilities = 0,
	  .firmware_revision = 1,
	  .host_name = STR("lns"),
	  .vendor_name = STR(""),
	  .assigned_tunnel_id = 0xffff,
	  .receive_window_size = 4,
	  .challenge = STR("\xff"),
	  .challenge_response = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}},
	 "8008 0000 0000 0002  8008 0000 0002 0100  800a 0000 0003 00000002"
	 "800a 0000 0004 00000000  0008 0000 0006 0001  8009 0000 0007 6c6e73"
	 "0006 0000 0008  8008 0000 0009 ffff  8008 0000 000a 0004  8007 0000 000b ff"
	 "8016 0000 000d 000102030405060708090a0b0c0d0e0f"},

	{{.type = MSG_SCCCN,
	  .present = {{IN(AVP_CHALLENGE_RESPONSE)}},
	  .challenge_response = {15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}},
	 "8008 0000 0000 0003  8016 0000 000d 0f0e0d0c0b0a09080706050403020100"},

	{{.type = MSG_STOPCCN,
	  .present = {{IN(AVP_RESULT_CODE) | IN(AVP_ASSIGNED_TUNNEL_ID)}},
	  .result_code = {2, 8, STR("AVP 99")},
	  .assigned_tunnel_id = 7},
	 "8008 0000 0000 0004  8010 0000 0001 0002 0008 415650203939  8008 0000 0009 0007"},

	{{.type = MSG_HELLO}, "8008 0000 0000 0006"},

	{{.type = MSG_OCRQ,
	  .present = {{IN(AVP_ASSIGNED_SESSION_ID) | IN(AVP_CALL_SERIAL_NUMBER) |
		       IN(AVP_MINIMUM_BPS) | IN(AVP_MAXIMUM_BPS) | IN(AVP_BEARER_TYPE) |
		       IN(AVP_FRAMING_TYPE) | IN(AVP_CALLED_NUMBER) | IN(AVP_SUB_ADDRESS)}},
	  .assigned_session_id = 0x0102,
	  .call_serial_number = 0x01020304,
	  .minimum_bps = 64000,
	  .maximum_bps = 128000,
	  .bearer_type = BEARER_DIGITAL | BEARER_ANALOG,
	  .framing_type = FRAMING_SYNC,
	  .called_number = STR("100"),
	  .sub_address = STR("7")},
	 "8008 0000 0000 0007  8008 0000 000e 0102  800a 0000 000f 01020304"
	 "800a 0000 0010 0000fa00  800a 0000 0011 0001f400  800a 0000 0012 00000003"
	 "800a 0000 0013 00000001  8009 0000 0015 313030  8007 0000 0017 37"},

	{{.type = MSG_OCRP,
	  .present = {{IN(AVP_ASSIGNED_SESSION_ID) | IN(AVP_PHYSICAL_CHANNEL_ID)}},
	  .assigned_session_id = 0x8000,
	  .physical_channel_id = 0xdeadbeef},
	 "8008 0000 0000 0008  8008 0000 000e 8000  000a 0000 0019 deadbeef"},

	{{.type = MSG_OCCN,
	  .present = {{IN(AVP_FRAMING_TYPE) | IN(AVP_TX_CONNECT_SPEED) | IN(AVP_RX_CONNECT_SPEED) |
		       IN(AVP_SEQUENCING_REQUIRED)}},
	  .framing_type = FRAMING_ASYNC,
	  .tx_connect_speed = 1000000000,
	  .rx_connect_speed = 1},
	 "8008 0000 0000 0009  800a 0000 0013 00000002  800a 0000 0018 3b9aca00"
	 "000a 0000 0026 00000001  8006 0000 0027"},

	{{.type = MSG_ICRQ,
	  .present = {{IN(AVP_ASSIGNED_SESSION_ID) | IN(AVP_CALL_SERIAL_NUMBER) |
		       IN(AVP_BEARER_TYPE) | IN(AVP_CALLED_NUMBER) | IN(AVP_CALLING_NUMBER) |
		       IN(AVP_SUB_ADDRESS) | IN(AVP_PHYSICAL_CHANNEL_ID)}},
	  .assigned_session_id = 3,
	  .call_serial_number = 0xffffffff,
	  .bearer_type = 0,
	  .called_number = STR("8888"),
	  .calling_number = STR("eth 1/2:3.4"),
	  .sub_address = STR(""),
	  .physical_channel_id = 1},
	 "8008 0000 0000 000a  8008 0000 000e 0003  800a 0000 000f ffffffff"
	 "800a 0000 0012 00000000  800a 0000 0015 38383838"
	 "8011 0000 0016 65746820312f323a332e34  8006 0000 0017  000a 0000 0019 00000001"},

	{{.type = MSG_ICRP,
	  .present = {{IN(AVP_ASSIGNED_SESSION_ID)}},
	  .assigned_session_id = 4},
	 "8008 0000 0000 000b  8008 0000 000e 0004"},

	{{.type = MSG_ICCN,
	  .present = {{IN(AVP_FRAMING_TYPE) | IN(AVP_TX_CONNECT_SPEED) |
		       IN(AVP_INITIAL_LCP_CONFREQ) | IN(AVP_LAST_SENT_LCP_CONFREQ) |
		       IN(AVP_LAST_RECEIVED_LCP_CONFREQ) | IN(AVP_PROXY_AUTHEN_TYPE) |
		       IN(AVP_PROXY_AUTHEN_NAME) | IN(AVP_PROXY_AUTHEN_CHALLENGE) |
		       IN(AVP_PROXY_AUTHEN_ID) | IN(AVP_PROXY_AUTHEN_RESPONSE) |
		       IN(AVP_PRIVATE_GROUP_ID) | IN(AVP_RX_CONNECT_SPEED) |
		       IN(AVP_SEQUENCING_REQUIRED)}},
	  .framing_type = FRAMING_SYNC,
	  .tx_connect_speed = 0,
	  .initial_lcp_confreq = STR("\x01\x04\x05\xd4"),
	  .last_sent_lcp_confreq = STR("\x03\x05\xc2\x23\x05"),
	  .last_received_lcp_confreq = STR("\x01\x04\x05\xd4\x05\x06\x11\x22\x33\x44"),
	  .proxy_authen_type = 2,
	  .proxy_authen_name = STR("user@isp"),
	  .proxy_authen_challenge = STR("\xaa\xbb"),
	  .proxy_authen_id = 0xfe,
	  .proxy_authen_response = STR("\xcc\xdd\xee"),
	  .private_group_id = STR("vpn1"),
	  .rx_connect_speed = 56000},
	 "8008 0000 0000 000c  800a 0000 0013 00000001  800a 0000 0018 00000000"
	 "000a 0000 001a 010405d4  000b 0000 001b 0305c22305"
	 "0010 0000 001c 010405d4050611223344  0008 0000 001d 0002"
	 "000e 0000 001e 7573657240697370  0008 0000 001f aabb  0008 0000 0020 00fe"
	 "0009 0000 0021 ccddee  000a 0000 0025 76706e31  000a 0000 0026 0000dac0"
	 "8006 0000 0027"},

	{{.type = MSG_CDN,
	  .present = {{IN(AVP_RESULT_CODE) | IN(AVP_CAUSE_CODE) | IN(AVP_ASSIGNED_SESSION_ID) |
		       IN(AVP_PPP_DISCONNECT_CAUSE)}},
	  .result_code = {1, 0, STR("")},
	  .cause_code = {16, 0x45, STR("bye")},
	  .assigned_session_id = 0x1000,
	  .ppp_disconnect_cause = {16, 0xc223, 1, STR("no such user")}},
	 "8008 0000 0000 000e  800a 0000 0001 0001 0000  800c 0000 000c 0010 45 627965"
	 "8008 0000 000e 1000  0017 0000 002e 0010 c223 01 6e6f20737563682075736572"},

	{{.type = MSG_WEN,
	  .present = {{IN(AVP_CALL_ERRORS)}},
	  .call_errors = {1, 2, 3, 0x01000000, 5, 6}},
	 "8008 0000 0000 000f  8020 0000 0022 0000 00000001 00000002 00000003 01000000"
	 "00000005 00000006"},

	{{.type = MSG_SLI,
	  .present = {{IN(AVP_ACCM)}},
	  .accm = {0x000a0000, 0xffffffff}},
	 "8008 0000 0000 0010  8010 0000 0023 0000 000a0000 ffffffff"},

	{{.type = MSG_ICRQ,
	  .present = {{IN(AVP_ASSIGNED_SESSION_ID) | IN(AVP_CALL_SERIAL_NUMBER) | IN(AVP_TSA_ID) |
		       IN(AVP_SPEED_UPDATE_ENABLE) | WIRE_LINE}},
	  .assigned_session_id = 3,
	  .call_serial_number = 1,
	  .tsa_id = {2, {STR("lts1"), STR("x")}},
	  .line = {.circuit_id = "dslam eth 1/2",
		   .remote_id = "42",
		   .numbers = {1000, 2000, 3, 4, 5, 6, 7, 0xffffffff, 9, 10, 11, 12, 13, 14},
		   .encapsulation = {1, 2, 3},
		   .type = 5,
		   .iwf_session = true}},
	 "8008 0000 0000 000a  8008 0000 000e 0003  800a 0000 000f 00000001"
	 "000a 0000 005d 6c747331  0007 0000 005d 78  0006 0000 0062"
	 "0013 0de9 0001 64736c616d2065746820312f32  0008 0de9 0002 3432"
	 "000e 0de9 0081 00000000000003e8  000e 0de9 0082 00000000000007d0"
	 "000e 0de9 0083 0000000000000003  000e 0de9 0084 0000000000000004"
	 "000e 0de9 0085 0000000000000005  000e 0de9 0086 0000000000000006"
	 "000e 0de9 0087 0000000000000007  000e 0de9 0088 00000000ffffffff"
	 "000e 0de9 0089 0000000000000009  000e 0de9 008a 000000000000000a"
	 "000a 0de9 008b 0000000b  000a 0de9 008c 0000000c"
	 "000a 0de9 008d 0000000d  000a 0de9 008e 0000000e"
	 "0009 0de9 0090 010203  000a 0de9 0091 05000000  000a 0de9 00fe 00000001"},

	{{.type = MSG_CSUN,
	  .present = {{IN(AVP_CONNECT_SPEED_UPDATE)}},
	  .connect_speed_update = {2, {{(const uint8_t *)"\0\0\x01\x02\0\0\xfa\0\0\1\xf4\0", 12},
				       {(const uint8_t *)"\0\0\0\7\0\0\0\1\0\0\0\2", 12}}}},
	 "0008 0000 0000 001c  0012 0000 0061 0000 0102 0000fa00 0001f400"
	 "0012 0000 0061 0000 0007 00000001 00000002"},

	{{.type = MSG_CSURQ,
	  .present = {{IN(AVP_CONNECT_SPEED_UPDATE)}},
	  .connect_speed_update = {1, {{(const uint8_t *)"\0\0\0\7\0\0\0\0\0\0\0\0", 12}}}},
	 "0008 0000 0000 001d  0012 0000 0061 0000 0007 00000000 00000000"},
};
/* clang-format on */

/* Reads hexadecimal digits and skips blanks. Returns the count of octets. */
static inline size_t unhex(const char *hex, uint8_t *out)
{
	size_t len = 0;

	while (*hex) {
		unsigned int octet;

		if (*hex == ' ') {
			hex++;
			continue;
		}
		assert_int_equal(sscanf(hex, "%2x", &octet), 1);
		out[len++] = (uint8_t)octet;
		hex += 2;
	}
	return len;
}

/*
 * Decodes from a copy of its exact size, and with a scratch buffer of it, so that a sanitizer sees
 * every octet too far. The copies live until the next call.
 */
static inline int decode_exact(const void *body, size_t len, struct bytes secret,
			       struct l2tp_msg *msg, struct msg_error *error)
{
	static uint8_t *copy, *scratch;

	free(copy);
	free(scratch);
	copy = malloc(len ? len : 1);
	scratch = malloc(len ? len : 1);
	assert_non_null(copy);
	assert_non_null(scratch);
	if (len)
		memcpy(copy, body, len);
	return msg_decode((struct bytes){copy, len},
			  &(struct msg_decode_params){
				  .secret = secret, .scratch = scratch, .scratch_size = len},
			  msg, error);
}

#define assert_bytes_equal(a, b)                                          \
	do {                                                              \
		assert_int_equal((a).len, (b).len);                       \
		if ((a).len)                                              \
			assert_memory_equal((a).data, (b).data, (a).len); \
	} while (0)

static inline void assert_list_equal(const struct avp_list *a, const struct avp_list *b)
{
	assert_int_equal(a->n, b->n);
	for (unsigned int i = 0; i < a->n; i++)
		assert_bytes_equal(a->values[i], b->values[i]);
}

static inline void assert_line_equal(const struct access_line *a, const struct access_line *b)
{
	assert_string_equal(a->circuit_id, b->circuit_id);
	assert_string_equal(a->remote_id, b->remote_id);
	assert_memory_equal(a->numbers, b->numbers, sizeof(a->numbers));
	assert_memory_equal(a->encapsulation, b->encapsulation, sizeof(a->encapsulation));
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->iwf_session, b->iwf_session);
}

static inline void assert_msg_equal(const struct l2tp_msg *a, const struct l2tp_msg *b)
{
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->present.bits[0], b->present.bits[0]);
	assert_int_equal(a->present.bits[1], b->present.bits[1]);
	assert_int_equal(a->result_code.result, b->result_code.result);
	assert_int_equal(a->result_code.error, b->result_code.error);
	assert_bytes_equal(a->result_code.message, b->result_code.message);
	assert_int_equal(a->protocol_version, b->protocol_version);
	assert_int_equal(a->framing_capabilities, b->framing_capabilities);
	assert_int_equal(a->bearer_capabilities, b->bearer_capabilities);
	assert_int_equal(a->tie_breaker, b->tie_breaker);
	assert_int_equal(a->firmware_revision, b->firmware_revision);
	assert_bytes_equal(a->host_name, b->host_name);
	assert_bytes_equal(a->vendor_name, b->vendor_name);
	assert_int_equal(a->assigned_tunnel_id, b->assigned_tunnel_id);
	assert_int_equal(a->receive_window_size, b->receive_window_size);
	assert_bytes_equal(a->challenge, b->challenge);
	assert_int_equal(a->cause_code.code, b->cause_code.code);
	assert_int_equal(a->cause_code.message_type, b->cause_code.message_type);
	assert_bytes_equal(a->cause_code.advisory, b->cause_code.advisory);
	assert_memory_equal(a->challenge_response, b->challenge_response, 16);
	assert_int_equal(a->assigned_session_id, b->assigned_session_id);
	assert_int_equal(a->call_serial_number, b->call_serial_number);
	assert_int_equal(a->minimum_bps, b->minimum_bps);
	assert_int_equal(a->maximum_bps, b->maximum_bps);
	assert_int_equal(a->bearer_type, b->bearer_type);
	assert_int_equal(a->framing_type, b->framing_type);
	assert_bytes_equal(a->called_number, b->called_number);
	assert_bytes_equal(a->calling_number, b->calling_number);
	assert_bytes_equal(a->sub_address, b->sub_address);
	assert_int_equal(a->tx_connect_speed, b->tx_connect_speed);
	assert_int_equal(a->physical_channel_id, b->physical_channel_id);
	assert_bytes_equal(a->initial_lcp_confreq, b->initial_lcp_confreq);
	assert_bytes_equal(a->last_sent_lcp_confreq, b->last_sent_lcp_confreq);
	assert_bytes_equal(a->last_received_lcp_confreq, b->last_received_lcp_confreq);
	assert_int_equal(a->proxy_authen_type, b->proxy_authen_type);
	assert_bytes_equal(a->proxy_authen_name, b->proxy_authen_name);
	assert_bytes_equal(a->proxy_authen_challenge, b->proxy_authen_challenge);
	assert_int_equal(a->proxy_authen_id, b->proxy_authen_id);
	assert_bytes_equal(a->proxy_authen_response, b->proxy_authen_response);
	assert_memory_equal(&a->call_errors, &b->call_errors, sizeof(a->call_errors));
	assert_memory_equal(&a->accm, &b->accm, sizeof(a->accm));
	assert_bytes_equal(a->private_group_id, b->private_group_id);
	assert_int_equal(a->rx_connect_speed, b->rx_connect_speed);
	assert_int_equal(a->ppp_disconnect_cause.code, b->ppp_disconnect_cause.code);
	assert_int_equal(a->ppp_disconnect_cause.control_protocol,
			 b->ppp_disconnect_cause.control_protocol);
	assert_int_equal(a->ppp_disconnect_cause.direction, b->ppp_disconnect_cause.direction);
	assert_bytes_equal(a->ppp_disconnect_cause.message, b->ppp_disconnect_cause.message);
	assert_list_equal(&a->tsa_id, &b->tsa_id);
	assert_list_equal(&a->connect_speed_update, &b->connect_speed_update);
	assert_line_equal(&a->line, &b->line);
	assert_int_equal(a->unknown_avps, b->unknown_avps);
	assert_int_equal(a->misplaced_avps, b->misplaced_avps);
	assert_int_equal(a->malformed_avps, b->malformed_avps);
}
