/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What RADIUS is told of calls in tunnels: accounts (RFC 2866) with the tunnel they are in, and the
 * records of RFC 2867 of links and tunnels where the configuration wants them.
 *
 * Calls that end at a pppd here are that pppd's to account for.
 */
#include "lac/private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "wire/result.h"

/* RFC 2865 5.41 */
#define NAS_PORT_ETHERNET 15
#define NAS_PORT_VIRTUAL 5

static bool has_accounting(const struct lac *lac)
{
	const struct radius_server *server;

	if (!lac->radius)
		return false;
	list_for_each (server, &lac->radius_settings->servers, node) {
		if (server->acct_port)
			return true;
	}
	return false;
}

bool lac_wants_count(const struct lac_call *call)
{
	return call->account;
}

static void describe_speeds(const struct lac_call *call, char *text, size_t size)
{
	uint32_t tx, rx;

	text[0] = '\0';
	lac_speeds(call, &tx, &rx);
	if (tx)
		snprintf(text, size, "%u/%u", tx, rx);
}

void lac_user(const struct lac_call *call, struct lac_user_texts *texts, struct radius_user *ret)
{
	snprintf(texts->port, sizeof(texts->port), "%s:%u", call->port.interface, call->pppoe_id);
	lac_calling_number(call, texts->calling);
	describe_speeds(call, texts->connect_info, sizeof(texts->connect_info));
	*ret = (struct radius_user){
		.user_name = call->user,
		.nas_port_id = call->access ? texts->port : NULL,
		.nas_port = call->port.index << 16 | call->pppoe_id,
		.nas_port_type = call->access ? NAS_PORT_ETHERNET : NAS_PORT_VIRTUAL,
		.calling_station_id = texts->calling,
		.called_station_id = call->called_number,
		.connect_info = texts->connect_info,
		.acct_session_id = call->id,
		.line = call->line,
	};
	if (call->tunnel) {
		lac_format_id(call->lac, call->tunnel->owner, texts->multi_session_id);
		ret->acct_multi_session_id = texts->multi_session_id;
	}
	if (call->grant)
		ret->class = (struct bytes){call->grant->class, call->grant->class_len};
}

/*
 * RFC 2867 4.1 leaves Acct-Tunnel-Connection to us: what both ends know of a tunnel, its ids at the
 * LAC and at the LNS, and of a call its serial number behind them (RFC 2661 4.4.3).
 */
static void add_tunnel(const struct lac_tunnel *lt, const struct steer_path *path,
		       const struct l2tp_session *s, struct radius_record *record)
{
	const size_t size = sizeof(record->tunnel_connection);
	int len = 0;

	record->tunnel = &path->tunnel;
	record->tunnel_local = lt->local;
	record->tunnel_peer = lt->remote;
	if (lt->tunnel_id)
		len = snprintf(record->tunnel_connection, size, "%u-%u", lt->tunnel_id,
			       lt->peer_id);
	if (s)
		snprintf(record->tunnel_connection + len, size - (size_t)len, "-%" PRIu32,
			 s->core.call_serial);
}

static void add_count(const struct lac_count *count, struct radius_record *record)
{
	record->octets_in = count->octets_in;
	record->octets_out = count->octets_out;
	record->packets_in = count->packets_in;
	record->packets_out = count->packets_out;
}

static void send_record(const struct lac_call *call, enum radius_record_type type,
			const struct reason *reason, usec_t now)
{
	struct radius_record record = {.type = type, .reason = reason};
	struct lac_user_texts texts = {0};

	lac_user(call, &texts, &record.who);
	if (call->tunnel)
		add_tunnel(call->tunnel, call->steer.path, call->session, &record);
	if (call->up_at)
		record.session_time = (uint32_t)((now - call->up_at) / USEC_PER_SEC);
	add_count(&call->count, &record);
	/* Nobody waits for it; the client counts what it could not send. */
	(void)radius_account(call->lac->radius, &record, now);
}

static void plan_interim(struct lac_call *call, usec_t now)
{
	usec_t interval = call->lac->radius_settings->interim;

	if (call->grant && call->grant->interim)
		interval = call->grant->interim * USEC_PER_SEC;
	timer_start(call->lac->timers, &call->interim, interval ? now + interval : USEC_NEVER);
}

void lac_account_up(struct lac_call *call, usec_t now)
{
	if (!has_accounting(call->lac))
		return;
	call->account = true;
	send_record(call, RADIUS_START, NULL, now);
	if (call->lac->radius_settings->link_accounting)
		send_record(call, RADIUS_TUNNEL_LINK_START, NULL, now);
	plan_interim(call, now);
}

void lac_account_interim(struct lac_call *call, usec_t now)
{
	if (!call->account)
		return;
	send_record(call, RADIUS_INTERIM, NULL, now);
	plan_interim(call, now);
}

void lac_account_down(struct lac_call *call, usec_t now)
{
	if (!call->account || !call->lac->radius)
		return;
	call->account = false;
	if (call->lac->radius_settings->link_accounting)
		send_record(call, RADIUS_TUNNEL_LINK_STOP, &call->reason, now);
	send_record(call, RADIUS_STOP, &call->reason, now);
}

void lac_account_rejected(struct lac_call *call, const struct reason *reason, usec_t now)
{
	/* RFC 2867 3.6: a link "in an existing tunnel"; one that never was has a Tunnel-Reject. */
	if (call->tunnel && call->tunnel->up_at && has_accounting(call->lac) &&
	    call->lac->radius_settings->link_accounting)
		send_record(call, RADIUS_TUNNEL_LINK_REJECT, reason, now);
}

void lac_account_tunnel(const struct lac_tunnel *lt, enum radius_record_type type,
			const struct reason *reason, usec_t now)
{
	struct radius_record record = {.type = type, .reason = reason};
	char id[LAC_CALL_ID_LEN];

	if (!lt->path || !has_accounting(lt->lac) || !lt->lac->radius_settings->tunnel_accounting)
		return;
	lac_format_id(lt->lac, lt->owner, id);
	record.who = (struct radius_user){
		.user_name = lt->user,
		.acct_session_id = id,
		.acct_multi_session_id = id,
		.nas_port_type = NAS_PORT_VIRTUAL,
	};
	add_tunnel(lt, lt->path, NULL, &record);
	add_count(&lt->count, &record);
	if (lt->up_at)
		record.session_time = (uint32_t)((now - lt->up_at) / USEC_PER_SEC);
	(void)radius_account(lt->lac->radius, &record, now);
}

static void send_of_all(const struct lac *lac, enum radius_record_type type,
			const struct reason *reason, usec_t now)
{
	struct radius_record record = {.type = type, .reason = reason};
	char id[LAC_CALL_ID_LEN];

	/* No call and no tunnel has the number 0. */
	lac_format_id(lac, 0, id);
	record.who.acct_session_id = id;
	(void)radius_account(lac->radius, &record, now);
}

void lac_account_on(struct lac *lac, usec_t now)
{
	if (lac->accounting || !has_accounting(lac))
		return;
	lac->accounting = true;
	send_of_all(lac, RADIUS_ON, NULL, now);
}

void lac_account_off(struct lac *lac, usec_t now)
{
	struct reason reason = reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "the daemon is stopping");

	if (!lac->accounting)
		return;
	lac->accounting = false;
	if (has_accounting(lac))
		send_of_all(lac, RADIUS_OFF, &reason, now);
}
