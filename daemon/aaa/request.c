/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a server is told of a caller: RFC 2865 section 5, RFC 2869 section 5, RFC 4679; and what he
 * proves himself with, PAP and CHAP (RFC 2865 5.2, 5.3, 5.40) or MS-CHAPv2 (RFC 2548 2.3).
 */
#include <string.h>

#include "aaa/private.h"

/* RFC 2865 5.6 and 5.7. */
#define SERVICE_FRAMED 2
#define PROTOCOL_PPP 1

/* Of MS-CHAPv2: the Value of a Response (RFC 2759 section 4), in the order of RFC 2548 2.3.2. */
#define MS_CHAP2_VALUE_LEN 49
#define MS_CHAP2_FLAGS_AT 48
#define CHAP_VALUE_LEN 16

/* What is too long for an attribute is not told at all. */
static void put_text(struct writer *w, enum radius_attr attr, const char *text)
{
	struct bytes value = bytes_str(text);

	if (value.len >= radius_rows[attr].least && value.len <= radius_rows[attr].greatest)
		radius_put(w, attr, 0, value);
}

void radius_put_nas(struct writer *w, const struct radius_settings *settings)
{
	const struct addr *addr = &settings->nas_address;

	if (addr->family == ADDR_IPV4)
		radius_put(w, ATTR_NAS_IP_ADDRESS, 0, (struct bytes){addr->ip, 4});
	else if (addr->family == ADDR_IPV6)
		radius_put(w, ATTR_NAS_IPV6_ADDRESS, 0, (struct bytes){addr->ip, 16});
	if (settings->nas_identifier)
		put_text(w, ATTR_NAS_IDENTIFIER, settings->nas_identifier);
	else if (addr->family == ADDR_NONE)
		put_text(w, ATTR_NAS_IDENTIFIER, RADIUS_NAS_IDENTIFIER);
}

static const struct {
	enum radius_attr attr;
	enum line_value value;
} line_numbers[] = {
	{ATTR_ACTUAL_RATE_UP, LINE_ACTUAL_UP},
	{ATTR_ACTUAL_RATE_DOWN, LINE_ACTUAL_DOWN},
	{ATTR_MINIMUM_RATE_UP, LINE_MINIMUM_UP},
	{ATTR_MINIMUM_RATE_DOWN, LINE_MINIMUM_DOWN},
	{ATTR_ATTAINABLE_RATE_UP, LINE_ATTAINABLE_UP},
	{ATTR_ATTAINABLE_RATE_DOWN, LINE_ATTAINABLE_DOWN},
	{ATTR_MAXIMUM_RATE_UP, LINE_MAXIMUM_UP},
	{ATTR_MAXIMUM_RATE_DOWN, LINE_MAXIMUM_DOWN},
	{ATTR_MINIMUM_RATE_UP_LOW_POWER, LINE_MINIMUM_UP_LOW_POWER},
	{ATTR_MINIMUM_RATE_DOWN_LOW_POWER, LINE_MINIMUM_DOWN_LOW_POWER},
	{ATTR_MAXIMUM_DELAY_UP, LINE_MAXIMUM_DELAY_UP},
	{ATTR_ACTUAL_DELAY_UP, LINE_ACTUAL_DELAY_UP},
	{ATTR_MAXIMUM_DELAY_DOWN, LINE_MAXIMUM_DELAY_DOWN},
	{ATTR_ACTUAL_DELAY_DOWN, LINE_ACTUAL_DELAY_DOWN},
};

static void put_line(struct writer *w, const struct access_line *line)
{
	put_text(w, ATTR_AGENT_CIRCUIT_ID, line->circuit_id);
	put_text(w, ATTR_AGENT_REMOTE_ID, line->remote_id);
	for (size_t i = 0; i < sizeof(line_numbers) / sizeof(line_numbers[0]); i++) {
		unsigned int n = line_numbers[i].value - LINE_NUMBER_FIRST;

		if (line->present & 1u << n)
			radius_put_number(w, line_numbers[i].attr, 0, line->numbers[n]);
	}
	if (line->has_encapsulation)
		radius_put(w, ATTR_ACCESS_LOOP_ENCAPSULATION, 0,
			   (struct bytes){line->encapsulation, sizeof(line->encapsulation)});
	if (line->iwf_session)
		radius_put(w, ATTR_IWF_SESSION, 0, (struct bytes){0});
}

void radius_put_user(struct writer *w, const struct radius_user *who)
{
	put_text(w, ATTR_USER_NAME, who->user_name);
	radius_put_number(w, ATTR_SERVICE_TYPE, 0, SERVICE_FRAMED);
	radius_put_number(w, ATTR_FRAMED_PROTOCOL, 0, PROTOCOL_PPP);
	put_text(w, ATTR_NAS_PORT_ID, who->nas_port_id);
	if (who->nas_port)
		radius_put_number(w, ATTR_NAS_PORT, 0, who->nas_port);
	if (who->nas_port_type)
		radius_put_number(w, ATTR_NAS_PORT_TYPE, 0, who->nas_port_type);
	put_text(w, ATTR_CALLING_STATION_ID, who->calling_station_id);
	put_text(w, ATTR_CALLED_STATION_ID, who->called_station_id);
	put_text(w, ATTR_CONNECT_INFO, who->connect_info);
	put_text(w, ATTR_ACCT_SESSION_ID, who->acct_session_id);
	put_text(w, ATTR_ACCT_MULTI_SESSION_ID, who->acct_multi_session_id);
	if (who->framed_address.family == ADDR_IPV4)
		radius_put(w, ATTR_FRAMED_IP_ADDRESS, 0, (struct bytes){who->framed_address.ip, 4});
	if (who->line)
		put_line(w, who->line);
	writer_bytes(w, who->class);
}

static bool put_chap(struct writer *w, const struct ppp_credentials *c)
{
	uint8_t value[1 + CHAP_VALUE_LEN] = {c->id};

	if (c->response.len < CHAP_VALUE_LEN)
		return false;
	memcpy(value + 1, c->response.data, CHAP_VALUE_LEN);
	radius_put(w, ATTR_CHAP_PASSWORD, 0, (struct bytes){value, sizeof(value)});
	radius_put(w, ATTR_CHAP_CHALLENGE, 0, c->challenge);
	return true;
}

/* Ident and flags go ahead of what PPP has them around. */
static bool put_ms_chap2(struct writer *w, const struct ppp_credentials *c)
{
	uint8_t value[2 + MS_CHAP2_VALUE_LEN - 1] = {c->id};

	if (c->response.len < MS_CHAP2_VALUE_LEN)
		return false;
	value[1] = c->response.data[MS_CHAP2_FLAGS_AT];
	memcpy(value + 2, c->response.data, MS_CHAP2_VALUE_LEN - 1);
	radius_put(w, ATTR_MS_CHAP_CHALLENGE, 0, c->challenge);
	radius_put(w, ATTR_MS_CHAP2_RESPONSE, 0, (struct bytes){value, sizeof(value)});
	return true;
}

bool radius_put_credentials(struct writer *w, const struct ppp_credentials *c)
{
	if (!c)
		return true;
	switch (c->type) {
	case PPP_AUTH_NONE:
		return true;
	case PPP_AUTH_PAP:
		radius_put(w, ATTR_USER_PASSWORD, 0, c->response);
		return true;
	case PPP_AUTH_CHAP:
		return put_chap(w, c);
	case PPP_AUTH_MSCHAP_V2:
		return put_ms_chap2(w, c);
	}
	return false;
}
