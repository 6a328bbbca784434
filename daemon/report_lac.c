/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Callers in the log: one line when a call is placed, one for each destination that did not take
 * it, one when it ends.
 *
 * Calls that never came up are what anybody on the access network can cause: their lines have a
 * budget.
 */
#include "aditd.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/log.h"

#define WHO_TEXT_MAX 384
#define WHERE_TEXT_MAX 384

/* Of lines about calls that failed: so many in so many seconds. */
#define LINE_BURST 20
#define LINE_SECONDS 10

/* "alice@example.com (02:00:5e:00:00:01 on eth1, session 7)" */
static const char *who(const struct lac_call *call, char *text, size_t size)
{
	const char *user = call->user ? call->user : "nobody yet";
	const uint8_t *mac = call->mac;

	if (call->kind == LAC_SWITCHED && call->incoming)
		snprintf(text, size, "%s (session %u in tunnel %u)", user,
			 call->incoming->core.session_id, call->incoming->tunnel->core.tunnel_id);
	else if (call->kind == LAC_SWITCHED)
		snprintf(text, size, "%s (switched)", user);
	else
		snprintf(text, size, "%s (%02x:%02x:%02x:%02x:%02x:%02x on %s, PPPoE session %u)",
			 user, mac[0], mac[1], mac[2], mac[3], mac[4], mac[5], call->port.interface,
			 call->pppoe_id);
	return text;
}

static const char *where(const struct lac_call *call, char *text, size_t size)
{
	const struct l2tp_session *s = call->session;
	char addr[ADDR_TEXT_MAX];

	if (s)
		snprintf(text, size, "%s at %s, session %u in tunnel %u",
			 call->steer.path ? call->steer.path->tunnel.name : "an LNS",
			 addr_format_host(&s->tunnel->core.peer, addr), s->core.session_id,
			 s->tunnel->core.tunnel_id);
	else
		snprintf(text, size, "pppd on %s", call->pppd_interface);
	return text;
}

static struct log_fields fields_of(const struct lac_call *call)
{
	struct log_fields fields = {0};

	log_field(&fields, "ADIT_CALL", "%s", call->id);
	if (call->user)
		log_field(&fields, "ADIT_USER", "%s", call->user);
	if (call->session) {
		log_field(&fields, "ADIT_TUNNEL_ID", "%u", call->session->tunnel->core.tunnel_id);
		log_field(&fields, "ADIT_SESSION_ID", "%u", call->session->core.session_id);
	}
	return fields;
}

static bool failures_allowed(unsigned int *ret_suppressed)
{
	static struct log_limit limit = {.burst = LINE_BURST, .seconds = LINE_SECONDS};

	return log_limit_allow(&limit, aditd_now() / USEC_PER_SEC, ret_suppressed);
}

static void report_failed(const struct lac_call *call, const char *text)
{
	const struct log_fields fields = fields_of(call);
	char from[WHO_TEXT_MAX], more[48] = "";
	unsigned int suppressed;

	if (!failures_allowed(&suppressed))
		return;
	if (suppressed)
		snprintf(more, sizeof(more), " (and %u more before)", suppressed);
	log_write(LOG_WARNING, &fields, "call of %s failed: %s%s", who(call, from, sizeof(from)),
		  text, more);
}

void report_call(const struct lac_call *call, enum lac_news news, const char *text)
{
	const struct log_fields fields = fields_of(call);
	char from[WHO_TEXT_MAX], to[WHERE_TEXT_MAX];

	who(call, from, sizeof(from));
	switch (news) {
	case LAC_NEWS_UP:
		log_write(LOG_NOTICE, &fields, "call of %s up: %s; %s", from,
			  where(call, to, sizeof(to)), call->why);
		break;
	case LAC_NEWS_MOVED:
		log_write(LOG_WARNING, &fields, "call of %s not taken by %s", from, text);
		break;
	case LAC_NEWS_ENDED:
		log_write(LOG_NOTICE, &fields, "call of %s down after %" PRId64 " s: %s", from,
			  (aditd_now() - call->up_at) / USEC_PER_SEC, text);
		break;
	case LAC_NEWS_FAILED:
		report_failed(call, text);
		break;
	case LAC_NEWS_GONE:
	case LAC_NEWS_MAX:
		break;
	}
}

void report_destination(const struct steer_destination *destination)
{
	char reason[192] = "";

	if (destination->lock == STEER_LOCKED)
		reason_format(&destination->failure, destination->failed_by_tunnel, reason,
			      sizeof(reason));
	log_write(destination->lock == STEER_LOCKED ? LOG_WARNING : LOG_NOTICE, NULL,
		  "destination %s is %s%s%s", destination->server,
		  steer_lock_name(destination->lock), reason[0] ? ": " : "", reason);
}
