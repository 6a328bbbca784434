/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a server said: Access-Accept, Access-Reject, Access-Challenge (RFC 2865 4.2 to 4.4, and
 * RFC 2869 5.16, RFC 2548 2.3, RFC 2809 for the calls that are tunneled).
 *
 * A Challenge is a Reject for us (4.4). An Accept of which anything is malformed or contradicts
 * itself is none, and `why` has the attribute.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "aaa/private.h"

/* RFC 2865 5.6 and 5.7. */
#define SERVICE_FRAMED 2
#define SERVICE_OUTBOUND 5
#define PROTOCOL_PPP 1

/* RFC 2869 5.16. */
#define INTERIM_LEAST 60

struct reading {
	struct radius_answer *answer;
	bool outbound;
	int err;
};

/* What people may read in a log or send to a caller. */
static void append_text(char *text, size_t size, struct bytes from)
{
	size_t at = strlen(text);

	for (size_t i = 0; i < from.len && at + 1 < size; i++) {
		uint8_t c = from.data[i];

		text[at] = (char)c;
		if (c < ' ' || c == 0x7f)
			text[at] = ' ';
		at++;
	}
	text[at] = '\0';
}

static void set_text(char *text, size_t size, struct bytes from)
{
	text[0] = '\0';
	append_text(text, size, from);
}

static void refuse(struct reading *r, const struct radius_value *value, const char *what)
{
	if (r->err)
		return;
	r->err = -EBADMSG;
	snprintf(r->answer->why, sizeof(r->answer->why), "%s: %s",
		 value->attr < ATTR_MAX ? radius_rows[value->attr].name : "Vendor-Specific", what);
}

static void read_service(struct reading *r, const struct radius_value *value)
{
	r->outbound = value->number == SERVICE_OUTBOUND;
	if (value->number != SERVICE_FRAMED && !r->outbound)
		refuse(r, value, "neither Framed (2) nor Outbound (5)");
}

static void read_protocol(struct reading *r, const struct radius_value *value)
{
	if (value->number != PROTOCOL_PPP)
		refuse(r, value, "not PPP (1)");
}

static void read_message(struct reading *r, const struct radius_value *value)
{
	append_text(r->answer->message, sizeof(r->answer->message), value->value);
}

/* Behind an identifier that is the Response's; it goes to the caller as it is, ahead of words. */
static void read_ms_chap(struct reading *r, const struct radius_value *value)
{
	set_text(r->answer->message, sizeof(r->answer->message),
		 (struct bytes){value->value.data + 1, value->value.len - 1});
}

static void read_user(struct reading *r, const struct radius_value *value)
{
	set_text(r->answer->user, sizeof(r->answer->user), value->value);
}

static void read_class(struct reading *r, const struct radius_value *value)
{
	struct radius_answer *answer = r->answer;

	if (value->whole.len > sizeof(answer->class) - answer->class_len) {
		refuse(r, value, "more of it than 512 octets");
		return;
	}
	memcpy(answer->class + answer->class_len, value->whole.data, value->whole.len);
	answer->class_len += value->whole.len;
}

static void read_session_timeout(struct reading *r, const struct radius_value *value)
{
	r->answer->session_timeout = value->number;
}

static void read_interim(struct reading *r, const struct radius_value *value)
{
	if (value->number < INTERIM_LEAST)
		refuse(r, value, "less than 60 s");
	r->answer->interim = value->number;
}

static void read_tx_speed(struct reading *r, const struct radius_value *value)
{
	r->answer->tx_connect_speed = value->number;
}

static void read_rx_speed(struct reading *r, const struct radius_value *value)
{
	r->answer->rx_connect_speed = value->number;
}

static void read_group(struct reading *r, const struct radius_value *value)
{
	set_text(r->answer->domain, sizeof(r->answer->domain), value->value);
}

/* In the order in which they are looked at: MS-CHAP's words are to be the last. */
static const struct {
	enum radius_attr attr;
	void (*read)(struct reading *r, const struct radius_value *value);
} readers[] = {
	{ATTR_SERVICE_TYPE, read_service},
	{ATTR_FRAMED_PROTOCOL, read_protocol},
	{ATTR_USER_NAME, read_user},
	{ATTR_CLASS, read_class},
	{ATTR_SESSION_TIMEOUT, read_session_timeout},
	{ATTR_ACCT_INTERIM_INTERVAL, read_interim},
	{ATTR_ERX_TX_CONNECT_SPEED, read_tx_speed},
	{ATTR_ERX_RX_CONNECT_SPEED, read_rx_speed},
	{ATTR_ERX_TUNNEL_GROUP, read_group},
	{ATTR_REPLY_MESSAGE, read_message},
	{ATTR_MS_CHAP2_SUCCESS, read_ms_chap},
	{ATTR_MS_CHAP_ERROR, read_ms_chap},
};

static void check_form(struct reading *r, struct bytes attributes, unsigned int place)
{
	struct radius_walk walk = radius_walk(attributes);
	struct radius_value value;

	while (radius_next(&walk, &value)) {
		if (value.wrong &&
		    (value.attr == ATTR_MAX || radius_rows[value.attr].places & place))
			refuse(r, &value, value.wrong);
	}
}

static void read_all(struct reading *r, struct bytes attributes, unsigned int place)
{
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]) && !r->err; i++) {
		struct radius_walk walk = radius_walk(attributes);
		struct radius_value value;

		if (!(radius_rows[readers[i].attr].places & place))
			continue;
		while (radius_next(&walk, &value)) {
			/* An Accept was refused for it before; a no is one all the same. */
			if (value.attr == readers[i].attr && !value.wrong)
				readers[i].read(r, &value);
		}
	}
}

static void check_where(struct reading *r)
{
	struct radius_answer *answer = r->answer;

	if (answer->set && answer->domain[0])
		refuse(r, &(struct radius_value){.attr = ATTR_ERX_TUNNEL_GROUP},
		       "it is there beside tunnel attributes");
	else if (r->outbound && !answer->set && !answer->domain[0])
		refuse(r, &(struct radius_value){.attr = ATTR_SERVICE_TYPE},
		       "Outbound, and no tunnel to go out by");
}

static void read_accept(struct reading *r, const struct radius_packet *packet, struct bytes secret,
			const uint8_t *request, const struct peer *base)
{
	struct radius_answer *answer = r->answer;

	check_form(r, packet->attributes, IN_ACCEPT);
	read_all(r, packet->attributes, IN_ACCEPT);
	if (!r->err) {
		r->err = radius_read_tunnels(packet->attributes, secret, request, base, answer->why,
					     sizeof(answer->why), &answer->set);
		if (r->err == -ENOMEM)
			snprintf(answer->why, sizeof(answer->why), "memory is out");
	}
	if (!r->err)
		check_where(r);
	if (r->err) {
		steer_set_unref(answer->set);
		answer->set = NULL;
		answer->err = r->err;
		return;
	}
	answer->accepted = true;
}

/* Whatever else is in it, it is no. */
static void read_reject(struct reading *r, const struct radius_packet *packet)
{
	struct radius_answer *answer = r->answer;
	const char *text = packet->code == RADIUS_ACCESS_REJECT ? "rejected" : "challenged";
	size_t len;

	read_all(r, packet->attributes, IN_REJECT);
	len = (size_t)snprintf(answer->why, sizeof(answer->why), "%s", text);
	if (answer->message[0])
		snprintf(answer->why + len, sizeof(answer->why) - len, ": %.*s",
			 (int)(sizeof(answer->why) - len - 3), answer->message);
}

void radius_read_answer(const struct radius_packet *packet, struct bytes secret,
			const uint8_t request[static RADIUS_AUTHENTICATOR_LEN],
			const struct peer *base, struct radius_answer *ret)
{
	struct reading r = {.answer = ret};

	memset(ret, 0, sizeof(*ret));
	if (packet->code == RADIUS_ACCESS_ACCEPT)
		read_accept(&r, packet, secret, request, base);
	else
		read_reject(&r, packet);
}
