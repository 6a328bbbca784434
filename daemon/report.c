/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events in the log: one line each, with who, and why in words.
 *
 * What a stranger's packets can cause is written at a bounded rate; the rest is told in a count.
 */
#include "aditd.h"

#include <stdio.h>

#include "base/log.h"

#define NAME_TEXT_MAX (L2TP_NAME_MAX + 24)
#define REASON_TEXT_MAX 256
#define MORE_TEXT_MAX 48

/* Of each kind of line that strangers can cause: so many in so many seconds. */
#define LINE_KINDS 16
#define LINE_BURST 3
#define LINE_SECONDS 10

/* "7 (isp)", or "7" for one without a name. */
static const char *name_of(uint16_t id, const char *name, char *text, size_t size)
{
	if (name[0])
		snprintf(text, size, "%u (%s)", id, name);
	else
		snprintf(text, size, "%u", id);
	return text;
}

static void tunnel_fields(struct log_fields *fields, const struct l2tp_tunnel *t)
{
	char text[ADDR_TEXT_MAX];

	log_field(fields, "ADIT_TUNNEL_ID", "%u", t->core.tunnel_id);
	log_field(fields, "ADIT_PEER_TUNNEL_ID", "%u", t->core.peer_tunnel_id);
	if (t->core.name[0])
		log_field(fields, "ADIT_TUNNEL", "%s", t->core.name);
	log_field(fields, "ADIT_PEER_ADDRESS", "%s", addr_format(&t->core.peer, text));
	if (t->core.peer_host_name[0])
		log_field(fields, "ADIT_PEER_HOST_NAME", "%s", t->core.peer_host_name);
}

static void session_fields(struct log_fields *fields, const struct l2tp_session *s)
{
	const char *name = call_info_text(s->info, CALL_NAME);
	const char *user = call_info_text(s->info, CALL_USER);

	log_field(fields, "ADIT_SESSION_ID", "%u", s->core.session_id);
	if (name[0])
		log_field(fields, "ADIT_SESSION", "%s", name);
	if (user[0])
		log_field(fields, "ADIT_USER", "%s", user);
}

/*
 * Whether a line that strangers can cause may be written now, and what to say of those that were
 * not. `words` say of what kind it is: each has a budget of its own as far as there are enough of
 * them, so that a flood of one hides no other.
 */
static bool allowed(enum l2tp_event_type type, const char *words, char *more, size_t size)
{
	static struct log_limit limits[EVENT_MAX][LINE_KINDS];
	uint64_t kind = hash_bytes(words, strlen(words), 0) % LINE_KINDS;
	struct log_limit *limit = &limits[type][kind];
	unsigned int suppressed;

	limit->burst = LINE_BURST;
	limit->seconds = LINE_SECONDS;
	more[0] = '\0';
	if (!log_limit_allow(limit, aditd_now() / USEC_PER_SEC, &suppressed))
		return false;
	if (suppressed)
		snprintf(more, size, " (and %u more like it before)", suppressed);
	return true;
}

/* Somebody began it, proved nothing, and was not heard of again: anybody can do that, often. */
static bool is_strangers(const struct l2tp_tunnel *t)
{
	return !t->core.initiator && !t->was_up && !t->authenticated;
}

static struct log_fields fields_of(const struct l2tp_event *event)
{
	struct log_fields fields = {0};

	if (event->tunnel)
		tunnel_fields(&fields, event->tunnel);
	if (event->session)
		session_fields(&fields, event->session);
	return fields;
}

static void report_tunnel_down(const struct l2tp_event *event, const char *name, const char *peer)
{
	const struct l2tp_tunnel *t = event->tunnel;
	char reason[REASON_TEXT_MAX], more[MORE_TEXT_MAX] = "";
	struct log_fields fields;

	if (is_strangers(t) && !allowed(event->type, t->reason.text, more, sizeof(more)))
		return;
	fields = fields_of(event);
	reason_format(&t->reason, true, reason, sizeof(reason));
	log_write(t->was_up ? LOG_NOTICE : LOG_WARNING, &fields, "tunnel %s to %s %s: %s%s", name,
		  peer, t->was_up ? "down" : "failed", reason, more);
}

static void report_tunnel(const struct l2tp_event *event)
{
	const struct l2tp_tunnel *t = event->tunnel;
	char name[NAME_TEXT_MAX], peer[ADDR_TEXT_MAX];
	struct log_fields fields;

	name_of(t->core.tunnel_id, t->core.name, name, sizeof(name));
	addr_format(&t->core.peer, peer);
	if (event->type == EVENT_TUNNEL_DOWN) {
		report_tunnel_down(event, name, peer);
		return;
	}
	fields = fields_of(event);
	if (event->type == EVENT_TUNNEL_UP)
		log_write(LOG_NOTICE, &fields, "tunnel %s up: peer %s at %s, its tunnel id %u",
			  name, t->core.peer_host_name, peer, t->core.peer_tunnel_id);
	else
		log_write(LOG_DEBUG, &fields, "tunnel %s gone", name);
}

static void report_session(const struct l2tp_event *event)
{
	const struct l2tp_tunnel *t = event->tunnel;
	const struct l2tp_session *s = event->session;
	const char *user = call_info_text(s->info, CALL_USER);
	const struct log_fields fields = fields_of(event);
	char name[NAME_TEXT_MAX], local[ADDR_TEXT_MAX], remote[ADDR_TEXT_MAX];
	char reason[REASON_TEXT_MAX];

	name_of(s->core.session_id, call_info_text(s->info, CALL_NAME), name, sizeof(name));
	if (event->type == EVENT_SESSION_UP) {
		log_write(LOG_INFO, &fields,
			  "session %s in tunnel %u up: %s, call serial number %u", name,
			  t->core.tunnel_id, call_type_name(s->core.type), s->core.call_serial);
	} else if (event->type == EVENT_SESSION_PPP_UP) {
		log_write(LOG_NOTICE, &fields,
			  "session %s in tunnel %u: ppp up on %s, user %s, local %s, remote %s",
			  name, t->core.tunnel_id, s->ppp.ifname, user[0] ? user : "none",
			  addr_format_host(&s->ppp.local, local),
			  addr_format_host(&s->ppp.remote, remote));
	} else if (event->type == EVENT_SESSION_SPEED) {
		log_write(LOG_DEBUG, &fields, "session %s in tunnel %u: speeds are %u and %u bit/s",
			  name, t->core.tunnel_id, s->core.tx_connect_speed,
			  s->core.rx_connect_speed);
	} else {
		reason_format(&s->reason, false, reason, sizeof(reason));
		log_write(s->was_up ? LOG_NOTICE : LOG_WARNING, &fields,
			  "session %s in tunnel %u %s: %s", name, t->core.tunnel_id,
			  s->was_up ? "down" : "failed", reason);
	}
}

static void report_packet(const struct l2tp_event *event)
{
	char peer[ADDR_TEXT_MAX], more[MORE_TEXT_MAX];
	struct log_fields fields;

	if (!allowed(event->type, event->text, more, sizeof(more)))
		return;
	fields = fields_of(event);
	addr_format(event->peer, peer);
	if (event->type == EVENT_REFUSED)
		log_write(LOG_WARNING, &fields, "refused %s: %s%s", peer, event->text, more);
	else
		log_write(LOG_INFO, &fields, "dropped a packet from %s: %s%s", peer, event->text,
			  more);
}

void report_event(const struct l2tp_event *event)
{
	switch (event->type) {
	case EVENT_TUNNEL_GONE:
		if (log_enabled(LOG_DEBUG))
			report_tunnel(event);
		break;
	case EVENT_TUNNEL_UP:
	case EVENT_TUNNEL_DOWN:
		report_tunnel(event);
		break;
	case EVENT_SESSION_UP:
	case EVENT_SESSION_PPP_UP:
	case EVENT_SESSION_SPEED:
	case EVENT_SESSION_DOWN:
		report_session(event);
		break;
	case EVENT_REFUSED:
	case EVENT_PACKET_DROPPED:
		report_packet(event);
		break;
	case EVENT_ADMIN:
		log_write(LOG_NOTICE, NULL, "administrative state of %s", event->text);
		break;
	case EVENT_MAX:
		break;
	}
}

void report_trace(struct l2tp_engine *engine, const struct l2tp_tunnel *t, bool out,
		  const struct l2tp_msg *msg)
{
	struct log_fields fields = {0};
	char text[MSG_TEXT_MAX];

	(void)engine;
	if (!log_enabled(LOG_DEBUG))
		return;
	if (t)
		tunnel_fields(&fields, t);
	log_write(LOG_DEBUG, &fields, "tunnel %u %s %s", t ? t->core.tunnel_id : 0,
		  out ? "sends" : "receives", msg_format(msg, text, sizeof(text)));
}

void report_pppd(const struct l2tp_session *s, const char *line)
{
	struct log_fields fields = {0};

	/* pppd tells syslog all of this itself; here it stands among our own lines for debugging.
	 */
	if (!log_enabled(LOG_DEBUG))
		return;
	tunnel_fields(&fields, s->tunnel);
	session_fields(&fields, s);
	log_write(LOG_DEBUG, &fields, "session %u in tunnel %u: pppd: %s", s->core.session_id,
		  s->tunnel->core.tunnel_id, line);
}
