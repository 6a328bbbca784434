/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CHECK: what the engine, its first tunnel and its first session are now.
 */
#include <stdio.h>
#include <string.h>

#include "scenario.h"

enum kind {
	UINT,
	U8,
	U16,
	U32,
	U64,
	TEXT,
	OCTETS, /* in hexadecimal digits */
	TUNNEL_STATE,
	SESSION_STATE,
	BOOL,
	/* What is in effect, of a whole tunnel or session. */
	TUNNEL_ADMIN,
	TUNNEL_ADMIN_FROM,
	SESSION_ADMIN,
	SESSION_ADMIN_FROM,
};

enum owner {
	OF_BOX,
	OF_ENGINE,
	OF_TUNNEL,
	OF_SESSION,
	OF_CALL, /* the offset is an enum call_item */
	OF_LINE,
};

#define BOX(field) OF_BOX, offsetof(struct box, field)
#define ENGINE(field) OF_ENGINE, offsetof(struct l2tp_engine, field)
#define TUNNEL(field) OF_TUNNEL, offsetof(struct l2tp_tunnel, field)
#define SESSION(field) OF_SESSION, offsetof(struct l2tp_session, field)
#define CALL(item) OF_CALL, item
#define LINE(field) OF_LINE, offsetof(struct call_line, field)
#define STAT(field)                                       \
	{                                                 \
		"stats." #field, U64, ENGINE(stats.field) \
	}
#define TUNNEL_STAT(field)                                 \
	{                                                  \
		"tunnel." #field, U64, TUNNEL(stats.field) \
	}
#define TOTAL(field)                                          \
	{                                                     \
		"stats." #field, U64, ENGINE(transport.field) \
	}
#define TRANSPORT_STAT(field)                                           \
	{                                                               \
		"transport." #field, U64, TUNNEL(transport.stats.field) \
	}

static const struct check {
	const char *key;
	enum kind kind;
	enum owner owner;
	size_t offset;
} checks[] = {
	{"tunnels", UINT, ENGINE(n_tunnels)},
	{"sessions", UINT, ENGINE(n_sessions)},
	{"half_open", UINT, ENGINE(n_half_open)},
	{"ended", UINT, ENGINE(n_ended)},
	{"sockets", UINT, BOX(sockets)},
	{"kernel_tunnels", UINT, BOX(kernel_tunnels)},
	{"kernel_sessions", UINT, BOX(kernel_sessions)},
	{"ppp", UINT, BOX(ppps)},
	{"reason", TEXT, BOX(reason)},
	STAT(rx_packets),
	STAT(rx_octets),
	STAT(tx_packets),
	STAT(tx_octets),
	STAT(tx_failed),
	STAT(rx_malformed),
	STAT(rx_bad_version),
	STAT(rx_data),
	STAT(rx_unknown_tunnel),
	STAT(rx_wrong_peer),
	STAT(sccrq_refused),
	STAT(sccrq_duplicate),
	STAT(sccrq_crossed),
	STAT(sccrq_over_rate),
	STAT(admin_refused),
	STAT(auth_failures),
	STAT(rx_avp_errors),
	STAT(rx_unexpected),
	STAT(rx_ignored_avps),
	STAT(tunnels_opened),
	STAT(tunnels_accepted),
	STAT(tunnels_established),
	STAT(tunnels_failed),
	STAT(sessions_opened),
	STAT(sessions_accepted),
	STAT(sessions_refused),
	STAT(sessions_established),
	STAT(sessions_failed),
	TOTAL(tx_messages),
	TOTAL(tx_zlb),
	TOTAL(tx_retransmits),
	TOTAL(rx_messages),
	TOTAL(rx_zlb),
	TOTAL(rx_duplicates),
	TOTAL(rx_out_of_order),
	TOTAL(rx_out_of_window),
	TOTAL(rx_bad_nr),
	TOTAL(rx_given_up),
	{"state", TUNNEL_STATE, TUNNEL(core.state)},
	{"tunnel_id", U16, TUNNEL(core.tunnel_id)},
	{"peer_tunnel_id", U16, TUNNEL(core.peer_tunnel_id)},
	{"peer_host_name", TEXT, TUNNEL(core.peer_host_name)},
	{"peer_vendor", TEXT, TUNNEL(core.peer_vendor)},
	{"peer_window", U16, TUNNEL(core.peer_window)},
	{"peer_framing", U32, TUNNEL(core.peer_framing)},
	{"peer_bearer", U32, TUNNEL(core.peer_bearer)},
	{"authenticated", BOOL, TUNNEL(authenticated)},
	{"admin_state", TUNNEL_ADMIN, OF_TUNNEL},
	{"admin_from", TUNNEL_ADMIN_FROM, OF_TUNNEL},
	TUNNEL_STAT(rx_avp_errors),
	TUNNEL_STAT(rx_unexpected),
	TUNNEL_STAT(rx_ignored_avps),
	TUNNEL_STAT(sessions_refused),
	TUNNEL_STAT(sessions_established),
	TRANSPORT_STAT(tx_messages),
	TRANSPORT_STAT(tx_zlb),
	TRANSPORT_STAT(tx_retransmits),
	TRANSPORT_STAT(rx_messages),
	TRANSPORT_STAT(rx_zlb),
	TRANSPORT_STAT(rx_duplicates),
	TRANSPORT_STAT(rx_out_of_order),
	TRANSPORT_STAT(rx_out_of_window),
	TRANSPORT_STAT(rx_bad_nr),
	TRANSPORT_STAT(rx_given_up),
	{"session_state", SESSION_STATE, SESSION(core.state)},
	{"session_admin_state", SESSION_ADMIN, OF_SESSION},
	{"session_admin_from", SESSION_ADMIN_FROM, OF_SESSION},
	{"session_id", U16, SESSION(core.session_id)},
	{"peer_session_id", U16, SESSION(core.peer_session_id)},
	{"call_serial", U32, SESSION(core.call_serial)},
	{"called_number", TEXT, CALL(CALL_CALLED_NUMBER)},
	{"calling_number", TEXT, CALL(CALL_CALLING_NUMBER)},
	{"tx_connect_speed", U32, SESSION(core.tx_connect_speed)},
	{"rx_connect_speed", U32, SESSION(core.rx_connect_speed)},
	{"framing", U32, SESSION(core.framing)},
	{"bearer", U32, SESSION(core.bearer)},
	{"physical_channel", U32, SESSION(core.physical_channel)},
	{"sequencing", BOOL, SESSION(core.sequencing)},
	{"sub_address", TEXT, CALL(CALL_SUB_ADDRESS)},
	{"private_group", TEXT, CALL(CALL_PRIVATE_GROUP)},
	{"proxy_authen_type", U16, SESSION(core.proxy_authen_type)},
	{"proxy_authen_id", U8, SESSION(core.proxy_authen_id)},
	{"proxy_authen_name", TEXT, CALL(CALL_PROXY_AUTHEN_NAME)},
	{"proxy_authen_challenge", OCTETS, CALL(CALL_PROXY_AUTHEN_CHALLENGE)},
	{"proxy_authen_response", OCTETS, CALL(CALL_PROXY_AUTHEN_RESPONSE)},
	{"initial_lcp_confreq", OCTETS, CALL(CALL_INITIAL_LCP_CONFREQ)},
	{"last_sent_lcp_confreq", OCTETS, CALL(CALL_LAST_SENT_LCP_CONFREQ)},
	{"last_received_lcp_confreq", OCTETS, CALL(CALL_LAST_RECEIVED_LCP_CONFREQ)},
	{"speed_updates", BOOL, SESSION(core.speed_updates)},
	{"send_accm", U32, LINE(accm.send)},
	{"receive_accm", U32, LINE(accm.receive)},
	{"rx_sli", UINT, LINE(rx_sli)},
	{"rx_wen", UINT, LINE(rx_wen)},
	{"crc_errors", U32, LINE(errors.crc_errors)},
	{"alignment_errors", U32, LINE(errors.alignment_errors)},
};

static const struct call_line *first_line(const struct player *p)
{
	const struct l2tp_session *s = first_session(p->box);

	return s ? s->line : NULL;
}

static const void *owner(const struct player *p, const struct check *check)
{
	const void *owner = NULL;

	switch (check->owner) {
	case OF_BOX:
		owner = p->box;
		break;
	case OF_ENGINE:
		owner = p->box->engine;
		break;
	case OF_TUNNEL:
		owner = first_tunnel(p->box);
		break;
	case OF_SESSION:
	case OF_CALL:
		owner = first_session(p->box);
		break;
	case OF_LINE:
		owner = first_line(p);
		break;
	}
	if (!owner)
		wrong(p, "%s: there is nothing to ask for it", check->key);
	return owner;
}

/* Good until the next. */
static const char *digits(struct bytes octets)
{
	static char text[2 + 2 * 1024 + 1];

	strcpy(text, octets.len ? "0x" : "");
	for (size_t i = 0; i < octets.len && i < 1024; i++)
		snprintf(text + 2 + 2 * i, 3, "%02x", octets.data[i]);
	return text;
}

static const void *where(const struct player *p, const struct check *check)
{
	const void *base = owner(p, check);
	const struct l2tp_session *s = base;

	if (check->kind == OCTETS)
		return digits(call_info_get(s->info, (enum call_item)check->offset));
	if (check->owner == OF_CALL)
		return call_info_text(s->info, (enum call_item)check->offset);
	return (const char *)base + check->offset;
}

static bool is_number(enum kind kind)
{
	return kind == UINT || kind == U8 || kind == U16 || kind == U32 || kind == U64;
}

static uint64_t number(const struct check *check, const void *at)
{
	switch (check->kind) {
	case UINT:
		return *(const unsigned int *)at;
	case U8:
		return *(const uint8_t *)at;
	case U16:
		return *(const uint16_t *)at;
	case U32:
		return *(const uint32_t *)at;
	case U64:
		return *(const uint64_t *)at;
	case TEXT:
	case OCTETS:
	case BOOL:
	case TUNNEL_STATE:
	case SESSION_STATE:
	case TUNNEL_ADMIN:
	case TUNNEL_ADMIN_FROM:
	case SESSION_ADMIN:
	case SESSION_ADMIN_FROM:
		break;
	}
	return 0;
}

static const char *text(const struct check *check, const void *at)
{
	switch (check->kind) {
	case TUNNEL_STATE:
		return tunnel_state_name(*(const enum tunnel_state *)at);
	case SESSION_STATE:
		return session_state_name(*(const enum session_state *)at);
	case TEXT:
	case OCTETS:
		return at;
	case BOOL:
		return *(const bool *)at ? "yes" : "no";
	case TUNNEL_ADMIN:
		return admin_state_name(l2tp_admin_of_tunnel(at).state);
	case TUNNEL_ADMIN_FROM:
		return admin_level_name(l2tp_admin_of_tunnel(at).from);
	case SESSION_ADMIN:
		return admin_state_name(l2tp_admin_of_session(at).state);
	case SESSION_ADMIN_FROM:
		return admin_level_name(l2tp_admin_of_session(at).from);
	case UINT:
	case U8:
	case U16:
	case U32:
	case U64:
		break;
	}
	return "";
}

static void check_word(struct player *p, const struct word *word)
{
	const struct check *check = NULL;
	const void *at;

	if (check_count(p, word))
		return;
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (word_is(word, checks[i].key))
			check = &checks[i];
	}
	if (!check || !word->text)
		wrong(p, "CHECK knows no %s", word->key);
	at = where(p, check);
	if (is_number(check->kind) && bind_variable(p, word, number(check, at)))
		return;
	if (is_number(check->kind)) {
		if (number(check, at) != word_number(p, word, UINT64_MAX))
			wrong(p, "expected %s=%s, it is %llu", word->key, word->text,
			      (unsigned long long)number(check, at));
	} else if (strcmp(text(check, at), word->text) != 0) {
		wrong(p, "expected %s=\"%s\", it is \"%s\"", word->key, word->text,
		      text(check, at));
	}
}

void say_check(struct player *p)
{
	for (unsigned int i = 1; i < p->words.count; i++)
		check_word(p, &p->words.word[i]);
}
