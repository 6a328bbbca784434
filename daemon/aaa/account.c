/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records: RFC 2866 of sessions, RFC 2867 of tunnels and links, RFC 2869 5.1 and 5.2 for counters
 * beyond 32 bits, and a reason of ours as Acct-Terminate-Cause (RFC 2866 5.10).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "aaa/private.h"
#include "wire/result.h"

#define BIT(type) (1u << RADIUS_##type)
/* Ends of anything, and what counts. */
#define STOPS (BIT(STOP) | BIT(TUNNEL_STOP) | BIT(TUNNEL_LINK_STOP))
#define REJECTS (BIT(TUNNEL_REJECT) | BIT(TUNNEL_LINK_REJECT))
#define COUNTED (STOPS | BIT(INTERIM))
#define OF_A_CALL (BIT(START) | COUNTED | BIT(TUNNEL_LINK_START) | REJECTS | BIT(TUNNEL_START))
#define OF_ALL (BIT(ON) | BIT(OFF))
#define LOSES (BIT(TUNNEL_STOP) | BIT(TUNNEL_LINK_STOP))
#define ENDS (STOPS | REJECTS | BIT(OFF))

/* RFC 2868 3.1 and 3.2. */
#define TYPE_L2TP 3
#define MEDIUM_IPV4 1
#define MEDIUM_IPV6 2

/* RFC 2866 5.10. */
enum terminate_cause {
	CAUSE_USER_REQUEST = 1,
	CAUSE_LOST_CARRIER = 2,
	CAUSE_LOST_SERVICE = 3,
	CAUSE_SESSION_TIMEOUT = 5,
	CAUSE_ADMIN_RESET = 6,
	CAUSE_NAS_ERROR = 9,
	CAUSE_NAS_REQUEST = 10,
	CAUSE_SERVICE_UNAVAILABLE = 15,
	CAUSE_USER_ERROR = 17,
	CAUSE_HOST_REQUEST = 18,
};

/* Of RFC 3145 section 3, where they tell more than the Result Code. */
static const struct {
	uint16_t code;
	enum terminate_cause cause;
} ppp_causes[] = {
	{1, CAUSE_ADMIN_RESET},	 {3, CAUSE_USER_REQUEST}, {6, CAUSE_LOST_CARRIER},
	{8, CAUSE_LOST_CARRIER}, {13, CAUSE_USER_ERROR},  {15, CAUSE_USER_ERROR},
	{16, CAUSE_USER_ERROR},	 {17, CAUSE_USER_ERROR},
};

/* The first row that fits; a result of 0 is any. */
static const struct {
	enum reason_origin origin;
	uint16_t result;
	enum terminate_cause cause;
} causes[] = {
	{ORIGIN_NONE, 0, CAUSE_NAS_REQUEST},
	{ORIGIN_KERNEL, 0, CAUSE_NAS_ERROR},
	{ORIGIN_PPP, CDN_CARRIER_LOST, CAUSE_LOST_CARRIER},
	{ORIGIN_PPP, CDN_TIMEOUT, CAUSE_SESSION_TIMEOUT},
	{ORIGIN_PPP, 0, CAUSE_USER_REQUEST},
	{ORIGIN_LOCAL, CDN_CARRIER_LOST, CAUSE_LOST_CARRIER},
	{ORIGIN_LOCAL, CDN_GENERAL_ERROR, CAUSE_NAS_ERROR},
	{ORIGIN_LOCAL, CDN_ADMIN, CAUSE_ADMIN_RESET},
	{ORIGIN_LOCAL, CDN_NO_FACILITIES_TEMPORARY, CAUSE_NAS_ERROR},
	{ORIGIN_LOCAL, CDN_NO_FACILITIES_PERMANENT, CAUSE_NAS_ERROR},
	{ORIGIN_LOCAL, CDN_TIMEOUT, CAUSE_NAS_REQUEST},
	{ORIGIN_LOCAL, 0, CAUSE_NAS_REQUEST},
	{ORIGIN_PEER, 0, CAUSE_HOST_REQUEST},
};

static uint32_t terminate_cause(const struct radius_record *record)
{
	const struct reason *reason = record->reason;

	/* A call or tunnel that never was. */
	if (REJECTS & 1u << record->type)
		return CAUSE_SERVICE_UNAVAILABLE;
	for (size_t i = 0; i < sizeof(ppp_causes) / sizeof(ppp_causes[0]); i++) {
		if (ppp_causes[i].code == reason->ppp.code)
			return ppp_causes[i].cause;
	}
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
		if (causes[i].origin == reason->origin &&
		    (!causes[i].result || causes[i].result == reason->result))
			return causes[i].cause;
	}
	return CAUSE_LOST_SERVICE;
}

/* "16 0xc021 1 text": the fields of RFC 3145 section 2. */
static void put_disconnect(struct writer *w, const struct reason *reason)
{
	char text[192];
	int len;

	len = snprintf(text, sizeof(text), "%u 0x%04x %u", reason->ppp.code, reason->ppp.protocol,
		       reason->ppp.direction);
	if (reason->text[0])
		len += snprintf(text + len, sizeof(text) - (size_t)len, " %s", reason->text);
	radius_put(w, ATTR_ERX_DISCONNECT_CAUSE, 0,
		   (struct bytes){(const uint8_t *)text, (size_t)len});
}

static void put_reason(struct writer *w, const struct radius_record *record)
{
	if (!record->reason)
		return;
	radius_put_number(w, ATTR_ACCT_TERMINATE_CAUSE, 0, terminate_cause(record));
	if (record->reason->ppp.code)
		put_disconnect(w, record->reason);
}

static void put_counters(struct writer *w, const struct radius_record *record)
{
	radius_put_number(w, ATTR_ACCT_SESSION_TIME, 0, record->session_time);
	radius_put_number(w, ATTR_ACCT_INPUT_OCTETS, 0, (uint32_t)record->octets_in);
	radius_put_number(w, ATTR_ACCT_OUTPUT_OCTETS, 0, (uint32_t)record->octets_out);
	radius_put_number(w, ATTR_ACCT_INPUT_GIGAWORDS, 0, (uint32_t)(record->octets_in >> 32));
	radius_put_number(w, ATTR_ACCT_OUTPUT_GIGAWORDS, 0, (uint32_t)(record->octets_out >> 32));
	radius_put_number(w, ATTR_ACCT_INPUT_PACKETS, 0, (uint32_t)record->packets_in);
	radius_put_number(w, ATTR_ACCT_OUTPUT_PACKETS, 0, (uint32_t)record->packets_out);
}

static void put_lost(struct writer *w, const struct radius_record *record)
{
	uint64_t lost = record->tunnel_packets_lost;

	radius_put_number(w, ATTR_ACCT_TUNNEL_PACKETS_LOST, 0,
			  lost > UINT32_MAX ? UINT32_MAX : (uint32_t)lost);
}

static void put_text(struct writer *w, enum radius_attr attr, const char *text)
{
	struct bytes value = bytes_str(text);

	if (value.len >= radius_rows[attr].least && value.len <= radius_rows[attr].greatest)
		radius_put(w, attr, 0, value);
}

static void put_endpoint(struct writer *w, enum radius_attr attr, const struct addr *addr,
			 const char *instead)
{
	char text[ADDR_TEXT_MAX];

	put_text(w, attr, addr->family == ADDR_NONE ? instead : addr_format_host(addr, text));
}

static void put_tunnel(struct writer *w, const struct radius_record *record)
{
	const struct steer_tunnel *tunnel = record->tunnel;

	if (!tunnel)
		return;
	radius_put_number(w, ATTR_TUNNEL_TYPE, 0, TYPE_L2TP);
	radius_put_number(w, ATTR_TUNNEL_MEDIUM_TYPE, 0,
			  record->tunnel_peer.family == ADDR_IPV6 ? MEDIUM_IPV6 : MEDIUM_IPV4);
	put_endpoint(w, ATTR_TUNNEL_CLIENT_ENDPOINT, &record->tunnel_local, NULL);
	put_endpoint(w, ATTR_TUNNEL_SERVER_ENDPOINT, &record->tunnel_peer, tunnel->server);
	put_text(w, ATTR_TUNNEL_PRIVATE_GROUP_ID, tunnel->private_group);
	put_text(w, ATTR_TUNNEL_ASSIGNMENT_ID, tunnel->assignment_id);
	put_text(w, ATTR_TUNNEL_CLIENT_AUTH_ID, tunnel->peer->local_name);
	put_text(w, ATTR_TUNNEL_SERVER_AUTH_ID, tunnel->peer->host_name);
	put_text(w, ATTR_ACCT_TUNNEL_CONNECTION, record->tunnel_connection);
}

/* RFC 2866 5.13: in every request, of a session or not. */
static void put_session_id(struct writer *w, const struct radius_record *record)
{
	put_text(w, ATTR_ACCT_SESSION_ID, record->who.acct_session_id);
}

static void put_who(struct writer *w, const struct radius_record *record)
{
	radius_put_user(w, &record->who);
}

/* What each type of record has, in this order. */
static const struct {
	unsigned int types; /* bits of enum radius_record_type */
	void (*put)(struct writer *w, const struct radius_record *record);
} fields[] = {
	{OF_ALL, put_session_id}, {OF_A_CALL, put_who}, {OF_A_CALL, put_tunnel},
	{COUNTED, put_counters},  {LOSES, put_lost},	{ENDS, put_reason},
};

static int send_record(struct radius_client *client, const struct radius_record *record, usec_t now)
{
	uint8_t body[RADIUS_BODY_MAX];
	struct writer w = writer_init(body, sizeof(body));

	/* The first: the client writes it anew when the record goes to another server. */
	radius_put_number(&w, ATTR_ACCT_DELAY_TIME, 0, 0);
	radius_put_number(&w, ATTR_ACCT_STATUS_TYPE, 0, record->type);
	radius_put_number(&w, ATTR_EVENT_TIMESTAMP, 0, client->ops->time(client));
	radius_put_nas(&w, client->settings);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (fields[i].types & 1u << record->type)
			fields[i].put(&w, record);
	}
	if (!w.ok)
		return -EMSGSIZE;
	return radius_tell(client, record, (struct bytes){body, writer_len(&w)}, now);
}

int radius_account(struct radius_client *client, const struct radius_record *record, usec_t now)
{
	int err = send_record(client, record, now);

	/* Callers have nobody to tell. */
	if (err && err != -ENOENT)
		radius_event(client, NULL, "accounting: a record is lost: %s",
			     err == -ENOBUFS ? "too many wait" : strerror(-err));
	return err;
}
