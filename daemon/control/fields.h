/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `adit show` tells about an object: one row a field.
 *
 * The daemon makes JSON from the rows (object.c), the CLI text, `adit help fields` the reference.
 * The CLI links the rows alone; where a value lies is nothing to it.
 */
#pragma once

#include <stddef.h>

#include "base/timer.h"
#include "l2tp/tunnel.h"

struct l2tp_engine;
struct l2tp_nl_stats;
struct l2tp_session;
struct l2tp_tunnel;
struct peer;

enum object_type {
	OBJECT_TUNNEL,
	OBJECT_SESSION,
	OBJECT_CALL,
	OBJECT_PPPOE,
	OBJECT_DOMAIN,
	OBJECT_DESTINATION,
	OBJECT_RADIUS,
	OBJECT_STEER,
	OBJECT_PEER,
	OBJECT_STATS,
	OBJECT_KEPT,
	OBJECT_SYSTEM,
	OBJECT_VERSION,
	OBJECT_MAX,
};

/* How a value lies in memory, and what becomes of it. */
enum field_type {
	FIELD_BOOL,
	FIELD_U8,
	FIELD_U16,
	FIELD_U32,
	FIELD_U64,
	FIELD_UINT,
	FIELD_INT,
	FIELD_HEX,	  /* uint32_t, a mask: "0x000a0000" */
	FIELD_CONSTANT,	  /* row->text itself */
	FIELD_ARRAY,	  /* char[], "" is none */
	FIELD_ITEM_TEXT,  /* of a struct call_info; row->offset is the enum call_item */
	FIELD_ITEM_HEX,	  /* the same, octets as digits */
	FIELD_ITEM_GIVEN, /* the same, that it is there, never what */
	FIELD_LINE_TEXT, /* of what it has of the access line; row->offset is the enum line_value */
	FIELD_LINE_NUMBER, /* the same */
	FIELD_STRING,	   /* char *, NULL is none */
	FIELD_GIVEN,	   /* a pointer: whether there is something, never what */
	FIELD_HOST,	   /* of a struct addr */
	FIELD_PORT,	   /* of a struct addr */
	FIELD_PREFIXES,	   /* of a struct peer */
	FIELD_AGE,	   /* usec_t, a moment: seconds since, 0 is none */
	FIELD_TUNNEL_AGE,  /* the same, of a tunnel while it is up */
	FIELD_SESSION_AGE, /* the same, of a session while it is up */
	FIELD_SECONDS,	   /* usec_t, a duration */
	FIELD_MSEC,	   /* usec_t, a duration */
	FIELD_DELAY, /* usec_t, a moment: milliseconds from the one at row->since, 0 is none */
	FIELD_FRAMING,
	FIELD_BEARER,
	FIELD_INITIATOR,
	FIELD_TUNNEL_STATE,
	FIELD_SESSION_STATE,
	FIELD_KERNEL_STATE,
	FIELD_CALL_TYPE,
	FIELD_PROXY_AUTHEN, /* uint16_t, 0 is none */
	FIELD_CHALLENGE,
	FIELD_HIDE,
	FIELD_CHANGE,
	FIELD_CALLS,
	FIELD_TUNNEL_REASON,
	FIELD_SESSION_REASON,
	FIELD_MESSAGES,	   /* struct in_out[MSG_TYPE_MAX] */
	FIELD_STOPCCN,	   /* struct in_out[STOPCCN_RESULT_MAX] */
	FIELD_CDN,	   /* struct in_out[CDN_RESULT_MAX] */
	FIELD_ADMIN_STATE, /* of a struct admin */
	FIELD_ADMIN_FROM,  /* the same; none has to ask for "enabled" */
	FIELD_MAC,	   /* uint8_t[6], all zero is none */
	FIELD_LINES,	   /* struct control_lines */
	FIELD_CHOICES,	   /* of a struct control_domain, objects with the fields of row->of */
};

/* Where a value lies: an offset into one of these. */
enum field_source {
	SOURCE_NONE,
	SOURCE_TUNNEL,
	SOURCE_SESSION,
	SOURCE_CALL, /* the session's struct call_info, if it has one */
	SOURCE_LINE, /* its struct call_line, if it has one */
	SOURCE_COUNTERS,
	SOURCE_TRAFFIC,
	SOURCE_PEER,
	SOURCE_USAGE,
	SOURCE_ENGINE,
	SOURCE_ENDED,
	SOURCE_INFO,
	SOURCE_TOLD,  /* what the daemon told of the object, a struct of its own */
	SOURCE_ADMIN, /* what is in effect for the object */
	SOURCE_MAX,
};

/* A tunnel or a session that the configuration keeps open. */
struct control_kept {
	const char *kind;  /* "tunnel" or "session" */
	const char *state; /* a word */
	char name[L2TP_NAME_MAX];
	char tunnel[L2TP_NAME_MAX]; /* that a session goes through, else empty */
	/* What the last attempt failed of, or what it waits for; empty while all is well. */
	char why[256];
	uint32_t next_attempt; /* seconds from now, 0 when none is due */
};

/* The daemon itself. */
struct daemon_info {
	const char *version;
	int pid;
	usec_t started_at;
};

/* When a field is shown: always, with -statistics, with -details. */
enum field_view {
	VIEW_NORMAL = 0x1,
	VIEW_STATISTICS = 0x2,
	VIEW_DETAILS = 0x4,
};

struct object_row;

struct field_row {
	const char *key;
	enum field_type type;
	enum field_view view;
	enum field_source source;
	size_t offset;
	size_t since;
	/* Of integers: 0 is no value, and left out. */
	bool zero_is_none;
	/* Of a constant itself, of a table or a list its title. */
	const char *text;
	/* What the objects in an array have. */
	const struct object_row *of;
	/* NULL for a bare number or word. */
	const char *unit;
	const char *help;
};

struct object_row {
	/* Of the answers and of `adit show`: "tunnel". */
	const char *name;
	const struct field_row *fields;
	size_t n_fields;
	const char *help;
};

extern const struct object_row *const object_table[OBJECT_MAX];

const struct field_row *field_find(enum object_type type, const char *key);
/* "integer", "string", "boolean", "array" or "object". */
const char *field_json_type(enum field_type type);
const char *field_view_name(enum field_view view);
