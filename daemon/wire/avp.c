/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The AVP table: RFC 2661 section 4.4 (formats, lengths, M and H bits) and section 6 (which
 * message carries what), RFC 3145 (PPP Disconnect Cause Code), RFC 5515 (what a LAC knows of the
 * subscriber's line, by the Broadband Forum's vendor number, and its speeds as they change), and
 * the TSA ID of draft-ietf-l2tpext-tunnel-switching, which IANA has given a number.
 *
 * RFC 2661 fixes the M bit of each AVP; none is sent mandatory that may be optional, because
 * there are peers that drop a call for any M bit they do not expect.
 *
 * What comes from drafts only (Packet Processing Delay, attribute 20) and the vendors' own AVPs
 * have no row: they are unknown, and their M bit decides.
 */
#include "wire/avp.h"

/* The columns key and offset. */
#define FIELD(member) #member, offsetof(struct l2tp_msg, member)
#define NO_FIELD(key) key, 0
#define LINE_FIELD(key, member) key, offsetof(struct l2tp_msg, line.member)
#define LINE_NUMBER(key, value) LINE_FIELD(key, numbers[(value)-LINE_NUMBER_FIRST])

/* The Broadband Forum, once ADSL Forum. */
#define LINE 3561

#define ANY AVP_VALUE_MAX

#define SCCRQ (1u << MSG_SCCRQ)
#define SCCRP (1u << MSG_SCCRP)
#define SCCCN (1u << MSG_SCCCN)
#define STOPCCN (1u << MSG_STOPCCN)
#define HELLO (1u << MSG_HELLO)
#define OCRQ (1u << MSG_OCRQ)
#define OCRP (1u << MSG_OCRP)
#define OCCN (1u << MSG_OCCN)
#define ICRQ (1u << MSG_ICRQ)
#define ICRP (1u << MSG_ICRP)
#define ICCN (1u << MSG_ICCN)
#define CDN (1u << MSG_CDN)
#define WEN (1u << MSG_WEN)
#define SLI (1u << MSG_SLI)
#define CSUN (1u << MSG_CSUN)
#define CSURQ (1u << MSG_CSURQ)
#define ALL                                                                                        \
	(SCCRQ | SCCRP | SCCCN | STOPCCN | HELLO | OCRQ | OCRP | OCCN | ICRQ | ICRP | ICCN | CDN | \
	 WEN | SLI | CSUN | CSURQ)

/*
 * Columns: vendor, attribute, name, field; format, least, greatest, flags; required, optional,
 * nonzero. An assigned id of 0 is refused where it would be used to reach the peer. StopCCN and
 * CDN end things: what they say counts, even from a peer that had not assigned anything yet.
 */
/* clang-format off */
const struct avp_row avp_rows[AVP_ID_MAX] = {
	[AVP_MESSAGE_TYPE] = {0, 0, "Message Type", "message_type", offsetof(struct l2tp_msg, type),
		FORMAT_MESSAGE_TYPE, 2, 2, AVP_M, ALL, 0, 0},
	[AVP_RESULT_CODE] = {0, 1, "Result Code", FIELD(result_code),
		FORMAT_RESULT_CODE, 2, ANY, AVP_M, STOPCCN | CDN, 0, 0},
	[AVP_PROTOCOL_VERSION] = {0, 2, "Protocol Version", FIELD(protocol_version),
		FORMAT_VERSION, 2, 2, AVP_M, SCCRQ | SCCRP, 0, 0},
	[AVP_FRAMING_CAPABILITIES] = {0, 3, "Framing Capabilities", FIELD(framing_capabilities),
		FORMAT_MASK, 4, 4, AVP_M | AVP_H, SCCRQ | SCCRP, 0, 0},
	[AVP_BEARER_CAPABILITIES] = {0, 4, "Bearer Capabilities", FIELD(bearer_capabilities),
		FORMAT_MASK, 4, 4, AVP_M | AVP_H, 0, SCCRQ | SCCRP, 0},
	[AVP_TIE_BREAKER] = {0, 5, "Tie Breaker", FIELD(tie_breaker),
		FORMAT_U64, 8, 8, 0, 0, SCCRQ, 0},
	[AVP_FIRMWARE_REVISION] = {0, 6, "Firmware Revision", FIELD(firmware_revision),
		FORMAT_U16, 2, 2, AVP_H, 0, SCCRQ | SCCRP, 0},
	[AVP_HOST_NAME] = {0, 7, "Host Name", FIELD(host_name),
		FORMAT_STRING, 1, ANY, AVP_M, SCCRQ | SCCRP, 0, 0},
	[AVP_VENDOR_NAME] = {0, 8, "Vendor Name", FIELD(vendor_name),
		FORMAT_STRING, 0, ANY, AVP_H, 0, SCCRQ | SCCRP, 0},
	[AVP_ASSIGNED_TUNNEL_ID] = {0, 9, "Assigned Tunnel ID", FIELD(assigned_tunnel_id),
		FORMAT_U16, 2, 2, AVP_M | AVP_H, SCCRQ | SCCRP | STOPCCN, 0,
		SCCRQ | SCCRP},
	[AVP_RECEIVE_WINDOW_SIZE] = {0, 10, "Receive Window Size", FIELD(receive_window_size),
		FORMAT_U16, 2, 2, AVP_M, 0, SCCRQ | SCCRP, 0},
	[AVP_CHALLENGE] = {0, 11, "Challenge", FIELD(challenge),
		FORMAT_BYTES, 1, ANY, AVP_M | AVP_H | AVP_SECRET, 0, SCCRQ | SCCRP, 0},
	[AVP_CAUSE_CODE] = {0, 12, "Q.931 Cause Code", FIELD(cause_code),
		FORMAT_CAUSE_CODE, 3, ANY, AVP_M, 0, CDN, 0},
	[AVP_CHALLENGE_RESPONSE] = {0, 13, "Challenge Response", FIELD(challenge_response),
		FORMAT_FIXED16, 16, 16, AVP_M | AVP_H | AVP_SECRET, 0, SCCRP | SCCCN, 0},
	[AVP_ASSIGNED_SESSION_ID] = {0, 14, "Assigned Session ID", FIELD(assigned_session_id),
		FORMAT_U16, 2, 2, AVP_M | AVP_H, OCRQ | OCRP | ICRQ | ICRP | CDN, 0,
		OCRQ | OCRP | ICRQ | ICRP},
	[AVP_CALL_SERIAL_NUMBER] = {0, 15, "Call Serial Number", FIELD(call_serial_number),
		FORMAT_U32, 4, 4, AVP_M | AVP_H, OCRQ | ICRQ, 0, 0},
	[AVP_MINIMUM_BPS] = {0, 16, "Minimum BPS", FIELD(minimum_bps),
		FORMAT_U32, 4, 4, AVP_M | AVP_H, OCRQ, 0, 0},
	[AVP_MAXIMUM_BPS] = {0, 17, "Maximum BPS", FIELD(maximum_bps),
		FORMAT_U32, 4, 4, AVP_M | AVP_H, OCRQ, 0, 0},
	[AVP_BEARER_TYPE] = {0, 18, "Bearer Type", FIELD(bearer_type),
		FORMAT_MASK, 4, 4, AVP_M | AVP_H, OCRQ, ICRQ, 0},
	[AVP_FRAMING_TYPE] = {0, 19, "Framing Type", FIELD(framing_type),
		FORMAT_MASK, 4, 4, AVP_M | AVP_H, OCRQ | OCCN | ICCN, 0, 0},
	[AVP_CALLED_NUMBER] = {0, 21, "Called Number", FIELD(called_number),
		FORMAT_STRING, 0, ANY, AVP_M | AVP_H | AVP_PERSONAL, OCRQ, ICRQ, 0},
	[AVP_CALLING_NUMBER] = {0, 22, "Calling Number", FIELD(calling_number),
		FORMAT_STRING, 0, ANY, AVP_M | AVP_H | AVP_PERSONAL, 0, ICRQ, 0},
	[AVP_SUB_ADDRESS] = {0, 23, "Sub-Address", FIELD(sub_address),
		FORMAT_STRING, 0, ANY, AVP_M | AVP_H | AVP_PERSONAL, 0, OCRQ | ICRQ, 0},
	[AVP_TX_CONNECT_SPEED] = {0, 24, "(Tx) Connect Speed", FIELD(tx_connect_speed),
		FORMAT_U32, 4, 4, AVP_M | AVP_H, OCCN | ICCN, 0, 0},
	[AVP_PHYSICAL_CHANNEL_ID] = {0, 25, "Physical Channel ID", FIELD(physical_channel_id),
		FORMAT_U32, 4, 4, AVP_H, 0, OCRP | ICRQ, 0},
	[AVP_INITIAL_LCP_CONFREQ] = {0, 26, "Initial Received LCP CONFREQ",
		FIELD(initial_lcp_confreq),
		FORMAT_BYTES, 0, ANY, AVP_H | AVP_PERSONAL, 0, ICCN, 0},
	[AVP_LAST_SENT_LCP_CONFREQ] = {0, 27, "Last Sent LCP CONFREQ",
		FIELD(last_sent_lcp_confreq),
		FORMAT_BYTES, 0, ANY, AVP_H | AVP_PERSONAL, 0, ICCN, 0},
	[AVP_LAST_RECEIVED_LCP_CONFREQ] = {0, 28, "Last Received LCP CONFREQ",
		FIELD(last_received_lcp_confreq),
		FORMAT_BYTES, 0, ANY, AVP_H | AVP_PERSONAL, 0, ICCN, 0},
	[AVP_PROXY_AUTHEN_TYPE] = {0, 29, "Proxy Authen Type", FIELD(proxy_authen_type),
		FORMAT_U16, 2, 2, AVP_H | AVP_PERSONAL, 0, ICCN, 0},
	[AVP_PROXY_AUTHEN_NAME] = {0, 30, "Proxy Authen Name", FIELD(proxy_authen_name),
		FORMAT_STRING, 0, ANY, AVP_H | AVP_PERSONAL, 0, ICCN, 0},
	[AVP_PROXY_AUTHEN_CHALLENGE] = {0, 31, "Proxy Authen Challenge",
		FIELD(proxy_authen_challenge),
		FORMAT_BYTES, 1, ANY, AVP_H | AVP_PERSONAL | AVP_SECRET, 0, ICCN, 0},
	[AVP_PROXY_AUTHEN_ID] = {0, 32, "Proxy Authen ID", FIELD(proxy_authen_id),
		FORMAT_AUTH_ID, 2, 2, AVP_H | AVP_PERSONAL, 0, ICCN, 0},
	[AVP_PROXY_AUTHEN_RESPONSE] = {0, 33, "Proxy Authen Response",
		FIELD(proxy_authen_response),
		FORMAT_BYTES, 0, ANY, AVP_H | AVP_PERSONAL | AVP_SECRET, 0, ICCN, 0},
	[AVP_CALL_ERRORS] = {0, 34, "Call Errors", FIELD(call_errors),
		FORMAT_CALL_ERRORS, 26, 26, AVP_M | AVP_H, WEN, 0, 0},
	[AVP_ACCM] = {0, 35, "ACCM", FIELD(accm),
		FORMAT_ACCM, 10, 10, AVP_M | AVP_H, SLI, 0, 0},
	[AVP_RANDOM_VECTOR] = {0, 36, "Random Vector", NO_FIELD("random_vector"),
		FORMAT_RANDOM_VECTOR, 0, ANY, AVP_M, 0, ALL, 0},
	[AVP_PRIVATE_GROUP_ID] = {0, 37, "Private Group ID", FIELD(private_group_id),
		FORMAT_STRING, 0, ANY, AVP_H | AVP_PERSONAL, 0, ICCN, 0},
	[AVP_RX_CONNECT_SPEED] = {0, 38, "Rx Connect Speed", FIELD(rx_connect_speed),
		FORMAT_U32, 4, 4, AVP_H, 0, OCCN | ICCN, 0},
	[AVP_SEQUENCING_REQUIRED] = {0, 39, "Sequencing Required", NO_FIELD("sequencing_required"),
		FORMAT_PRESENCE, 0, 0, AVP_M, 0, OCCN | ICCN, 0},
	[AVP_PPP_DISCONNECT_CAUSE] = {0, 46, "PPP Disconnect Cause Code",
		FIELD(ppp_disconnect_cause),
		FORMAT_PPP_DISCONNECT_CAUSE, 5, ANY, AVP_H, 0, CDN, 0},
	[AVP_TSA_ID] = {0, 93, "TSA ID", FIELD(tsa_id),
		FORMAT_TEXTS, 1, TSA_ID_MAX, AVP_H | AVP_LIST, 0, ICRQ, 0},
	[AVP_CONNECT_SPEED_UPDATE] = {0, 97, "Connect Speed Update", FIELD(connect_speed_update),
		FORMAT_SPEED_UPDATES, SPEED_UPDATE_LEN, SPEED_UPDATE_LEN, AVP_H | AVP_LIST,
		CSUN | CSURQ, 0, 0},
	[AVP_SPEED_UPDATE_ENABLE] = {0, 98, "Connect Speed Update Enable",
		NO_FIELD("speed_update_enable"),
		FORMAT_PRESENCE, 0, 0, AVP_H, 0, ICRQ, 0},
	[AVP_LINE_CIRCUIT_ID] = {LINE, LINE_CIRCUIT_ID, "Access Line Agent-Circuit-Id",
		LINE_FIELD("line_circuit_id", circuit_id),
		FORMAT_LINE_TEXT, 2, LINE_TEXT_MAX - 1, AVP_H | AVP_PERSONAL, 0, ICRQ, 0},
	[AVP_LINE_REMOTE_ID] = {LINE, LINE_REMOTE_ID, "Access Line Agent-Remote-Id",
		LINE_FIELD("line_remote_id", remote_id),
		FORMAT_LINE_TEXT, 2, LINE_TEXT_MAX - 1, AVP_H | AVP_PERSONAL, 0, ICRQ, 0},
	[AVP_LINE_ACTUAL_UP] = {LINE, LINE_ACTUAL_UP, "Access Line Actual-Data-Rate-Upstream",
		LINE_NUMBER("line_actual_up", LINE_ACTUAL_UP),
		FORMAT_LINE_RATE, 8, 8, AVP_H, 0, ICRQ, 0},
	[AVP_LINE_ACTUAL_DOWN] = {LINE, LINE_ACTUAL_DOWN, "Access Line Actual-Data-Rate-Downstream",
		LINE_NUMBER("line_actual_down", LINE_ACTUAL_DOWN),
		FORMAT_LINE_RATE, 8, 8, AVP_H, 0, ICRQ, 0},
	[AVP_LINE_MINIMUM_UP] = {LINE, LINE_MINIMUM_UP, "Access Line Minimum-Data-Rate-Upstream",
		LINE_NUMBER("line_minimum_up", LINE_MINIMUM_UP),
		FORMAT_LINE_RATE, 8, 8, AVP_H, 0, ICRQ, 0},
	[AVP_LINE_MINIMUM_DOWN] = {LINE, LINE_MINIMUM_DOWN, "Access Line Minimum-Data-Rate-Downstream",
		LINE_NUMBER("line_minimum_down", LINE_MINIMUM_DOWN),
		FORMAT_LINE_RATE, 8, 8, AVP_H, 0, ICRQ, 0},
	[AVP_LINE_ATTAINABLE_UP] = {LINE, LINE_ATTAINABLE_UP, "Access Line Attainable-Data-Rate-Upstream",
		LINE_NUMBER("line_attainable_up", LINE_ATTAINABLE_UP),
		FORMAT_LINE_RATE, 8, 8, AVP_H, 0, ICRQ, 0},
	[AVP_LINE_ATTAINABLE_DOWN] = {LINE, LINE_ATTAINABLE_DOWN, "Access Line Attainable-Data-Rate-Downstream",
		LINE_NUMBER("line_attainable_down", LINE_ATTAINABLE_DOWN),
		FORMAT_LINE_RATE, 8, 8, AVP_H, 0, ICRQ, 0},
	[AVP_LINE_MAXIMUM_UP] = {LINE, LINE_MAXIMUM_UP, "Access Line Maximum-Data-Rate-Upstream",
		LINE_NUMBER("line_maximum_up", LINE_MAXIMUM_UP),
		FORMAT_LINE_RATE, 8, 8, AVP_H, 0, ICRQ, 0},
	[AVP_LINE_MAXIMUM_DOWN] = {LINE, LINE_MAXIMUM_DOWN, "Access Line Maximum-Data-Rate-Downstream",
		LINE_NUMBER("line_maximum_down", LINE_MAXIMUM_DOWN),
		FORMAT_LINE_RATE, 8, 8, AVP_H, 0, ICRQ, 0},
	[AVP_LINE_MINIMUM_UP_LOW_POWER] = {LINE, LINE_MINIMUM_UP_LOW_POWER, "Access Line Minimum-Data-Rate-Upstream-Low-Power",
		LINE_NUMBER("line_minimum_up_low_power", LINE_MINIMUM_UP_LOW_POWER),
		FORMAT_LINE_RATE, 8, 8, AVP_H, 0, ICRQ, 0},
	[AVP_LINE_MINIMUM_DOWN_LOW_POWER] = {LINE, LINE_MINIMUM_DOWN_LOW_POWER, "Access Line Minimum-Data-Rate-Downstream-Low-Power",
		LINE_NUMBER("line_minimum_down_low_power", LINE_MINIMUM_DOWN_LOW_POWER),
		FORMAT_LINE_RATE, 8, 8, AVP_H, 0, ICRQ, 0},
	[AVP_LINE_MAXIMUM_DELAY_UP] = {LINE, LINE_MAXIMUM_DELAY_UP, "Access Line Maximum-Interleaving-Delay-Upstream",
		LINE_NUMBER("line_maximum_delay_up", LINE_MAXIMUM_DELAY_UP),
		FORMAT_U32, 4, 4, AVP_H, 0, ICRQ, 0},
	[AVP_LINE_ACTUAL_DELAY_UP] = {LINE, LINE_ACTUAL_DELAY_UP, "Access Line Actual-Interleaving-Delay-Upstream",
		LINE_NUMBER("line_actual_delay_up", LINE_ACTUAL_DELAY_UP),
		FORMAT_U32, 4, 4, AVP_H, 0, ICRQ, 0},
	[AVP_LINE_MAXIMUM_DELAY_DOWN] = {LINE, LINE_MAXIMUM_DELAY_DOWN, "Access Line Maximum-Interleaving-Delay-Downstream",
		LINE_NUMBER("line_maximum_delay_down", LINE_MAXIMUM_DELAY_DOWN),
		FORMAT_U32, 4, 4, AVP_H, 0, ICRQ, 0},
	[AVP_LINE_ACTUAL_DELAY_DOWN] = {LINE, LINE_ACTUAL_DELAY_DOWN, "Access Line Actual-Interleaving-Delay-Downstream",
		LINE_NUMBER("line_actual_delay_down", LINE_ACTUAL_DELAY_DOWN),
		FORMAT_U32, 4, 4, AVP_H, 0, ICRQ, 0},
	[AVP_LINE_ENCAPSULATION] = {LINE, LINE_ENCAPSULATION,
		"Access Line Access-Loop-Encapsulation",
		LINE_FIELD("line_encapsulation", encapsulation),
		FORMAT_LINE_ENCAPSULATION, 3, 3, AVP_H, 0, ICRQ, 0},
	[AVP_LINE_TYPE] = {LINE, LINE_TYPE, "ANCP Access Line Type",
		LINE_FIELD("line_type", type),
		FORMAT_LINE_TYPE, 4, 4, AVP_H, 0, ICRQ, 0},
	[AVP_LINE_IWF_SESSION] = {LINE, LINE_IWF_SESSION, "Access Line IWF-Session",
		LINE_FIELD("line_iwf_session", iwf_session),
		FORMAT_LINE_FLAG, 4, 4, AVP_H, 0, ICRQ, 0},
};
/* clang-format on */

enum avp_id avp_find(uint16_t vendor, uint16_t attribute)
{
	unsigned int id;

	for (id = 0; id < AVP_ID_MAX; id++) {
		if (avp_rows[id].attribute == attribute && avp_rows[id].vendor == vendor)
			break;
	}
	return (enum avp_id)id;
}
