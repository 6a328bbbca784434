/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Orders to end calls, Disconnect-Request, and to change them, CoA-Request (RFC 5176).
 *
 * An order counts when it comes from the address of a server of ours, is signed with its secret and
 * has a Message-Authenticator (3.4 leaves it open, we demand it), and is not old: an
 * Event-Timestamp must be of the last or next 300 seconds (6.3). All else is dropped without a
 * word, as section 3.5 and 6.3 want. One that comes again gets the answer that it got. Attributes
 * that are no identification, and change nothing that can change, refuse it (section 3), and of
 * what it says all must fit a call. It is obeyed whole or not at all.
 *
 * What can change is the speeds of a call's line, for its LNS to hear: Actual-Data-Rate-Upstream
 * and -Downstream (RFC 4679), or ERX-Tx- and -Rx-Connect-Speed, which go before them as in an
 * Accept. They are those of one line, so of several calls that fit none changes.
 *
 * What is left out: Authorize Only (3.2), and all other changes. They are refused.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "aaa/private.h"

#define TIMESTAMP_WINDOW 300

/* Its answer may be longer by an Error-Cause. */
#define ORDER_LEN_MAX (RADIUS_LEN_MAX - 6)

/* RFC 5176 3.5. */
enum error_cause {
	ERROR_CAUSE_NONE = 0,
	ERROR_CAUSE_UNSUPPORTED_ATTRIBUTE = 401,
	ERROR_CAUSE_MISSING_ATTRIBUTE = 402,
	ERROR_CAUSE_NAS_MISMATCH = 403,
	ERROR_CAUSE_INVALID_REQUEST = 404,
	ERROR_CAUSE_UNSUPPORTED_SERVICE = 405,
	ERROR_CAUSE_PROHIBITED = 501,
	ERROR_CAUSE_NO_SESSION = 503,
	ERROR_CAUSE_NO_RESOURCES = 506,
	ERROR_CAUSE_SEVERAL_SESSIONS = 508,
};

struct order_kind;

struct order {
	const struct order_kind *kind;
	struct radius_client *client;
	const struct addr *local;
	struct radius_user who;
	/* With their NULs, for who. */
	char texts[6][RADIUS_VALUE_MAX + 1];
	bool identifies;
	bool fits_none; /* NAS-Port 0 is nobody's */
	bool is_other_nas;
	/* Bit/s, to and from the caller; 0: not told. */
	uint32_t tx, rx;
	enum error_cause error;
};

struct order_kind {
	enum radius_code request, ack, nak;
	enum radius_place place;
	enum error_cause (*obey)(const struct order *order);
	/* Of struct radius_stats. */
	size_t obeyed, refused;
};

/* Session identification, section 3: texts. */
static const struct {
	enum radius_attr attr;
	size_t offset;
} texts[] = {
	{ATTR_USER_NAME, offsetof(struct radius_user, user_name)},
	{ATTR_CALLED_STATION_ID, offsetof(struct radius_user, called_station_id)},
	{ATTR_CALLING_STATION_ID, offsetof(struct radius_user, calling_station_id)},
	{ATTR_ACCT_SESSION_ID, offsetof(struct radius_user, acct_session_id)},
	{ATTR_ACCT_MULTI_SESSION_ID, offsetof(struct radius_user, acct_multi_session_id)},
	{ATTR_NAS_PORT_ID, offsetof(struct radius_user, nas_port_id)},
};

#define N_TEXTS (sizeof(texts) / sizeof(texts[0]))

static void take_text(struct order *order, const struct radius_value *value)
{
	for (size_t i = 0; i < N_TEXTS; i++) {
		if (texts[i].attr != value->attr)
			continue;
		memcpy(order->texts[i], value->value.data, value->value.len);
		order->texts[i][value->value.len] = '\0';
		*(const char **)((char *)&order->who + texts[i].offset) = order->texts[i];
		order->identifies = true;
	}
}

/* The speeds of a line: those above count before those below. */
static const struct {
	enum radius_attr attr;
	size_t offset;
} speeds[] = {
	{ATTR_ERX_TX_CONNECT_SPEED, offsetof(struct order, tx)},
	{ATTR_ERX_RX_CONNECT_SPEED, offsetof(struct order, rx)},
	{ATTR_ACTUAL_RATE_DOWN, offsetof(struct order, tx)},
	{ATTR_ACTUAL_RATE_UP, offsetof(struct order, rx)},
};

#define N_SPEEDS (sizeof(speeds) / sizeof(speeds[0]))

static bool is_speed(enum radius_attr attr)
{
	for (size_t i = 0; i < N_SPEEDS; i++) {
		if (speeds[i].attr == attr)
			return true;
	}
	return false;
}

static void take_speeds(struct order *order, struct bytes attributes)
{
	for (size_t i = 0; i < N_SPEEDS; i++) {
		uint32_t *speed = (uint32_t *)((char *)order + speeds[i].offset);
		struct radius_value value;

		if (!*speed && radius_get(attributes, speeds[i].attr, &value))
			*speed = value.number;
	}
}

static bool is_our_address(const struct order *order, enum addr_family family, struct bytes ip)
{
	const struct addr *addr = &order->client->settings->nas_address;
	struct addr told = {.family = family};

	if (addr->family == ADDR_NONE)
		addr = order->local;
	memcpy(told.ip, ip.data, ip.len);
	return addr_same_host(&told, addr);
}

static bool is_our_name(const struct order *order, struct bytes name)
{
	const char *ours = order->client->settings->nas_identifier;

	return bytes_equal(name, bytes_str(ours ? ours : RADIUS_NAS_IDENTIFIER));
}

static void take_value(struct order *order, const struct radius_value *value)
{
	if (value->attr == ATTR_NAS_IP_ADDRESS) {
		order->is_other_nas |= !is_our_address(order, ADDR_IPV4, value->value);
	} else if (value->attr == ATTR_NAS_IPV6_ADDRESS) {
		order->is_other_nas |= !is_our_address(order, ADDR_IPV6, value->value);
	} else if (value->attr == ATTR_NAS_IDENTIFIER) {
		order->is_other_nas |= !is_our_name(order, value->value);
	} else if (value->attr == ATTR_NAS_PORT) {
		order->who.nas_port = value->number;
		order->identifies = true;
		order->fits_none |= !value->number;
	} else if (value->attr == ATTR_FRAMED_IP_ADDRESS) {
		order->who.framed_address.family = ADDR_IPV4;
		memcpy(order->who.framed_address.ip, value->value.data, value->value.len);
		order->identifies = true;
	} else {
		take_text(order, value);
	}
}

/* Whether it has no business in such an order, or is not what it should be. */
static enum error_cause check_value(const struct order *order, const struct radius_value *value,
				    uint64_t seen[static 2])
{
	/* Authorize Only is for CoA, section 3.2, and nothing that we do. */
	if (value->attr == ATTR_SERVICE_TYPE)
		return ERROR_CAUSE_UNSUPPORTED_SERVICE;
	if (value->attr == ATTR_MAX)
		return value->wrong ? ERROR_CAUSE_INVALID_REQUEST
				    : ERROR_CAUSE_UNSUPPORTED_ATTRIBUTE;
	if (!(radius_rows[value->attr].places & order->kind->place))
		return ERROR_CAUSE_UNSUPPORTED_ATTRIBUTE;
	/* No line has a speed of 0. */
	if (value->wrong || (is_speed(value->attr) && !value->number))
		return ERROR_CAUSE_INVALID_REQUEST;
	if (value->attr != ATTR_PROXY_STATE && seen[value->attr / 64] & 1ull << value->attr % 64)
		return ERROR_CAUSE_INVALID_REQUEST;
	seen[value->attr / 64] |= 1ull << value->attr % 64;
	return ERROR_CAUSE_NONE;
}

static void read_order(struct order *order, struct bytes attributes)
{
	struct radius_walk walk = radius_walk(attributes);
	struct radius_value value;
	uint64_t seen[2] = {0};

	while (radius_next(&walk, &value) && !order->error) {
		order->error = check_value(order, &value, seen);
		if (!order->error)
			take_value(order, &value);
	}
	if (order->error)
		return;
	take_speeds(order, attributes);
	if (order->is_other_nas)
		order->error = ERROR_CAUSE_NAS_MISMATCH;
	else if (!order->identifies)
		order->error = ERROR_CAUSE_MISSING_ATTRIBUTE;
	else if (order->fits_none)
		order->error = ERROR_CAUSE_NO_SESSION;
}

static bool is_fresh(struct radius_client *client, struct bytes attributes)
{
	struct radius_value value;

	if (!radius_get(attributes, ATTR_EVENT_TIMESTAMP, &value))
		return true;
	return llabs((long long)value.number - client->ops->time(client)) <= TIMESTAMP_WINDOW;
}

static struct radius_host *signer(struct radius_client *client, const struct addr *peer,
				  const struct radius_packet *packet)
{
	struct radius_host *host, *found = NULL;

	list_for_each (host, &client->hosts, node) {
		const struct radius_server *server = host->state.server;

		if (!client->ops->is_server(client, server, peer))
			continue;
		if (!radius_check_order(packet, bytes_str(server->secret), true))
			return host;
		found = host;
	}
	if (found) {
		found->state.stats.rx_bad_authenticator++;
		radius_event(client, found,
			     "an order does not count: it is not signed with our "
			     "secret, or has no Message-Authenticator");
	}
	return NULL;
}

/* Section 3.1: Proxy-State goes back as it came. */
static void put_proxy_state(struct writer *w, struct bytes attributes)
{
	struct radius_walk walk = radius_walk(attributes);
	struct radius_value value;

	while (radius_next(&walk, &value)) {
		if (value.attr == ATTR_PROXY_STATE)
			writer_bytes(w, value.whole);
	}
}

static void answer(const struct radius_host *host, const struct radius_packet *packet,
		   enum radius_code code, enum error_cause error, struct radius_order *ret)
{
	uint8_t body[RADIUS_LEN_MAX];
	struct writer b = writer_init(body, sizeof(body));
	struct writer w = writer_init(ret->answer, sizeof(ret->answer));

	if (error)
		radius_put_number(&b, ATTR_ERROR_CAUSE, 0, error);
	put_proxy_state(&b, packet->attributes);
	if (!b.ok ||
	    radius_seal_answer(&w, code, packet->id, bytes_str(host->state.server->secret),
			       (struct bytes){body, writer_len(&b)}, packet->authenticator))
		return;
	ret->answer_len = writer_len(&w);
}

static struct radius_order *find_answered(struct radius_client *client, const struct addr *peer,
					  const struct radius_packet *packet)
{
	for (size_t i = 0; i < RADIUS_ORDERS; i++) {
		struct radius_order *order = &client->orders[i];

		/* The authenticator is over all of it, the identifier included. */
		if (order->used && addr_equal(&order->peer, peer) &&
		    memcmp(order->authenticator, packet->authenticator, RADIUS_AUTHENTICATOR_LEN) ==
			    0)
			return order;
	}
	return NULL;
}

static struct radius_order *remember(struct radius_client *client, const struct addr *peer,
				     const struct radius_packet *packet)
{
	struct radius_order *order = &client->orders[client->next_order++ % RADIUS_ORDERS];

	*order = (struct radius_order){.used = true, .peer = *peer};
	memcpy(order->authenticator, packet->authenticator, RADIUS_AUTHENTICATOR_LEN);
	return order;
}

static enum error_cause obey_disconnect(const struct order *order)
{
	return order->client->ops->disconnect(order->client, &order->who) ? ERROR_CAUSE_NONE
									  : ERROR_CAUSE_NO_SESSION;
}

static enum error_cause obey_change(const struct order *order)
{
	/* Whatever it wants changed, it is none of what can. */
	if (!order->tx && !order->rx)
		return ERROR_CAUSE_UNSUPPORTED_ATTRIBUTE;
	switch (-order->client->ops->change(order->client, &order->who, order->tx, order->rx)) {
	case 0:
		return ERROR_CAUSE_NONE;
	case ENOENT:
		return ERROR_CAUSE_NO_SESSION;
	case ENOTUNIQ:
		return ERROR_CAUSE_SEVERAL_SESSIONS;
	case EOPNOTSUPP:
		return ERROR_CAUSE_PROHIBITED;
	default:
		return ERROR_CAUSE_NO_RESOURCES;
	}
}

static const struct order_kind kinds[] = {
	{RADIUS_DISCONNECT_REQUEST, RADIUS_DISCONNECT_ACK, RADIUS_DISCONNECT_NAK, IN_DISCONNECT,
	 obey_disconnect, offsetof(struct radius_stats, disconnects),
	 offsetof(struct radius_stats, disconnects_refused)},
	{RADIUS_COA_REQUEST, RADIUS_COA_ACK, RADIUS_COA_NAK, IN_CHANGE, obey_change,
	 offsetof(struct radius_stats, changes), offsetof(struct radius_stats, changes_refused)},
};

/* NULL when the packet is no order. */
static const struct order_kind *kind_of(uint8_t code)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i].request == code)
			return &kinds[i];
	}
	return NULL;
}

static void count(struct radius_stats *stats, size_t offset)
{
	++*(uint64_t *)((char *)stats + offset);
}

static void obey(struct order *order, struct radius_host *host, const struct radius_packet *packet,
		 struct radius_order *ret)
{
	const struct order_kind *kind = order->kind;

	read_order(order, packet->attributes);
	if (!order->error)
		order->error = kind->obey(order);
	count(&host->state.stats, order->error ? kind->refused : kind->obeyed);
	answer(host, packet, order->error ? kind->nak : kind->ack, order->error, ret);
}

void radius_order(struct radius_client *client, const struct addr *local, const struct addr *peer,
		  struct bytes datagram, usec_t now)
{
	struct order said = {.client = client, .local = local};
	struct radius_packet packet;
	struct radius_order *order;
	struct radius_host *host;

	(void)now;
	if (radius_parse(datagram, &packet) || packet.whole.len > ORDER_LEN_MAX)
		return;
	said.kind = kind_of(packet.code);
	if (!said.kind)
		return;
	host = signer(client, peer, &packet);
	if (!host)
		return;
	if (!is_fresh(client, packet.attributes)) {
		radius_event(client, host, "an order does not count: its Event-Timestamp is old");
		return;
	}
	order = find_answered(client, peer, &packet);
	if (!order) {
		order = remember(client, peer, &packet);
		obey(&said, host, &packet, order);
	}
	if (order->answer_len)
		client->ops->reply(client, local, peer,
				   (struct bytes){order->answer, order->answer_len});
}
