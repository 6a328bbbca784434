/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rows of all objects. To show one more value is to add a row; those of large objects have
 * files of their own.
 *
 * Keys are the words of `ip l2tp` where it has one. Tables stand in the order of the output.
 */
#include "control/rows.h"

#include <string.h>

/* Rows are read side by side. */
/* clang-format off */
static const struct field_row kept_fields[] = {
	{"kind", FIELD_STRING, N, KEPT(kind), .help = "tunnel or session"},
	{"name", FIELD_ARRAY, N, KEPT(name), .help = "name of its section"},
	{"tunnel", FIELD_ARRAY, N, KEPT(tunnel), .help = "name of a session's tunnel"},
	{"state", FIELD_STRING, N, KEPT(state),
	 .help = "up, opening, waiting, idle, held (by an administrative state) or closed (by hand)"},
	{"why", FIELD_ARRAY, N, KEPT(why),
	 .help = "what the last attempt failed of, or what it waits for"},
	{"next_attempt", FIELD_U32, N, KEPT(next_attempt), .zero_is_none = true, .unit = "s",
	 .help = "until it is tried again"},
};

static const struct field_row system_fields[] = {
	{"admin_state", FIELD_ADMIN_STATE, N, ADMIN, .help = "administrative state"},
	{"tunnels", FIELD_UINT, N, ENGINE(n_tunnels), .help = "tunnels now"},
	{"sessions", FIELD_UINT, N, ENGINE(n_sessions), .help = "sessions now"},
};

static const struct field_row version_fields[] = {
	{"version", FIELD_STRING, N, INFO(version), .help = "version of aditd"},
	{"pid", FIELD_INT, N, INFO(pid), .help = "its process id"},
	{"uptime", FIELD_AGE, N, INFO(started_at), .unit = "s", .help = "since it was started"},
};
/* clang-format on */

static const struct object_row kept_object = {
	"kept", FIELDS(kept_fields), "tunnels and sessions that the configuration keeps open"};

static const struct object_row system_object = {"system", FIELDS(system_fields),
						"what the administrator wants of the whole"};

static const struct object_row version_object = {"version", FIELDS(version_fields),
						 "the running daemon"};

const struct object_row *const object_table[OBJECT_MAX] = {
	[OBJECT_TUNNEL] = &tunnel_object,   [OBJECT_SESSION] = &session_object,
	[OBJECT_CALL] = &call_object,	    [OBJECT_PPPOE] = &pppoe_object,
	[OBJECT_DOMAIN] = &domain_object,   [OBJECT_DESTINATION] = &destination_object,
	[OBJECT_RADIUS] = &radius_object,   [OBJECT_STEER] = &steer_object,
	[OBJECT_PEER] = &peer_object,	    [OBJECT_STATS] = &stats_object,
	[OBJECT_KEPT] = &kept_object,	    [OBJECT_SYSTEM] = &system_object,
	[OBJECT_VERSION] = &version_object,
};

const struct field_row *field_find(enum object_type type, const char *key)
{
	const struct object_row *object = object_table[type];

	for (size_t i = 0; i < object->n_fields; i++) {
		if (strcmp(object->fields[i].key, key) == 0)
			return &object->fields[i];
	}
	return NULL;
}

const char *field_json_type(enum field_type type)
{
	switch (type) {
	case FIELD_BOOL:
	case FIELD_GIVEN:
	case FIELD_ITEM_GIVEN:
		return "boolean";
	case FIELD_U8:
	case FIELD_U16:
	case FIELD_U32:
	case FIELD_U64:
	case FIELD_UINT:
	case FIELD_INT:
	case FIELD_PORT:
	case FIELD_AGE:
	case FIELD_TUNNEL_AGE:
	case FIELD_SESSION_AGE:
	case FIELD_SECONDS:
	case FIELD_MSEC:
	case FIELD_DELAY:
	case FIELD_LINE_NUMBER:
		return "integer";
	case FIELD_MESSAGES:
	case FIELD_STOPCCN:
	case FIELD_CDN:
		return "object";
	case FIELD_PREFIXES:
	case FIELD_FRAMING:
	case FIELD_BEARER:
	case FIELD_LINES:
	case FIELD_CHOICES:
		return "array";
	case FIELD_CONSTANT:
	case FIELD_HEX:
	case FIELD_ARRAY:
	case FIELD_ITEM_TEXT:
	case FIELD_ITEM_HEX:
	case FIELD_LINE_TEXT:
	case FIELD_PROXY_AUTHEN:
	case FIELD_STRING:
	case FIELD_HOST:
	case FIELD_INITIATOR:
	case FIELD_TUNNEL_STATE:
	case FIELD_SESSION_STATE:
	case FIELD_KERNEL_STATE:
	case FIELD_CALL_TYPE:
	case FIELD_CHALLENGE:
	case FIELD_HIDE:
	case FIELD_CHANGE:
	case FIELD_CALLS:
	case FIELD_TUNNEL_REASON:
	case FIELD_SESSION_REASON:
	case FIELD_ADMIN_STATE:
	case FIELD_ADMIN_FROM:
	case FIELD_MAC:
		break;
	}
	return "string";
}

const char *field_view_name(enum field_view view)
{
	switch (view) {
	case VIEW_NORMAL:
		return "normal";
	case VIEW_STATISTICS:
		return "-statistics";
	case VIEW_DETAILS:
		break;
	}
	return "-details";
}
