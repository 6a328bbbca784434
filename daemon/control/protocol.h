/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The management protocol as tables: its commands, and the arguments of each.
 *
 * A client connects to a Unix stream socket and writes requests, one JSON object a line:
 *
 *	{"command": "show tunnel", "args": {"tunnel_id": 7}}
 *
 * The answers come in the order of the requests. Each is any number of objects, one a line, and a
 * last line with a status:
 *
 *	{"tunnel": {"tunnel_id": 7, "state": "established", ...}}
 *	{"status": "ok"}
 *
 *	{"status": "error", "code": "ENOENT", "message": "no tunnel has tunnel_id 7"}
 *
 * `code` is the name of an errno, `message` is for people; either status may have one. What an
 * object has is in fields.c. `add` answers when the tunnel or session is up or has failed, `del`
 * when the last of it is gone; their argument `wait` = "none" turns that off, and after `timeout`
 * seconds the code is ETIMEDOUT while the daemon goes on. A request whose client goes away while
 * it waits is forgotten; what it had started goes on.
 *
 * `monitor` answers with events until the client closes. The first is "monitor start": what happens
 * after it is told.
 *
 *	{"event": "tunnel up", "time": 1767225600.123456, "tunnel": {...}}
 *	{"event": "call up", "time": 1767225600.5, "call": {...}}
 *	{"event": "destination state", "time": 1767225601.0, "destination": {...}}
 *	{"event": "refused", "time": 1767225601.5, "from": "192.0.2.9:1701", "text": "..."}
 *	{"event": "admin state", "time": 1767225602.25, "text": "peer isp: drain", "level": "peer",
 *	 "name": "isp", "admin_state": "drain"}
 *
 * A request has at most CONTROL_LINE_MAX octets with its newline. A client that sends more gets an
 * error, one that does not read its events is dropped. Root and the daemon's own user may do
 * everything, members of the socket's group may use the commands that change nothing.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/fields.h"

#define CONTROL_PATH_DEFAULT "/run/adit/control"
#define CONTROL_LINE_MAX 65536
#define CONTROL_CLIENTS_MAX 64
/* Room for a message with everything that is wrong with a configuration. */
#define CONTROL_TEXT_MAX 4096
/* Seconds: default of the argument `timeout`. */
#define CONTROL_TIMEOUT_DEFAULT 60

enum control_arg_type {
	/* JSON integer from min to max. */
	ARG_UINT,
	/* JSON string of min to max octets, without control characters. */
	ARG_TEXT,
	/* JSON string: literal IPv4 or IPv6 address. */
	ARG_ADDR,
	/* JSON string: six octets in hexadecimal, parted by colons. */
	ARG_MAC,
	/* JSON string: one of choices. */
	ARG_CHOICE,
	/* JSON boolean; on a command line the bare name. */
	ARG_FLAG,
};

struct control_arg {
	const char *name;
	enum control_arg_type type;
	uint32_t min;
	uint32_t max;
	const char *const *choices;
	/* As usage texts write the value: "ID". */
	const char *value;
	const char *help;
};

enum control_command_id {
	CONTROL_ADD_TUNNEL,
	CONTROL_ADD_SESSION,
	CONTROL_DEL_TUNNEL,
	CONTROL_DEL_SESSION,
	CONTROL_DEL_CALL,
	CONTROL_SET_CALL,
	CONTROL_SHOW_TUNNEL,
	CONTROL_SHOW_SESSION,
	CONTROL_SHOW_CALL,
	CONTROL_SHOW_PPPOE,
	CONTROL_SHOW_DOMAIN,
	CONTROL_SHOW_DESTINATION,
	CONTROL_SHOW_RADIUS,
	CONTROL_SHOW_PEER,
	CONTROL_SHOW_STATS,
	CONTROL_SHOW_KEPT,
	CONTROL_SHOW_SYSTEM,
	CONTROL_SHOW_VERSION,
	CONTROL_TEST_STEER,
	CONTROL_UNLOCK_DESTINATION,
	CONTROL_MONITOR,
	CONTROL_RELOAD,
	CONTROL_DEBUG,
	CONTROL_DRAIN_SYSTEM,
	CONTROL_DRAIN_PEER,
	CONTROL_DRAIN_TUNNEL,
	CONTROL_DRAIN_SESSION,
	CONTROL_ENABLE_SYSTEM,
	CONTROL_ENABLE_PEER,
	CONTROL_ENABLE_TUNNEL,
	CONTROL_ENABLE_SESSION,
	CONTROL_DISABLE_SYSTEM,
	CONTROL_DISABLE_PEER,
	CONTROL_DISABLE_TUNNEL,
	CONTROL_DISABLE_SESSION,
	CONTROL_COMMAND_MAX,
};

struct control_command {
	const char *name;
	/* Not for those who may only read. */
	bool changes;
	const struct control_arg *args;
	size_t n_args;
	/* At least one of these has to be there; none for a command that needs nothing. */
	const char *one_of[6];
	const char *help;
	/* On a command line the argument whose name may be left out when it comes first. */
	const char *bare;
	/* As one_of, and of these one too. */
	const char *and_one_of[2];
};

extern const struct control_command control_command_table[CONTROL_COMMAND_MAX];

/* CONTROL_COMMAND_MAX when there is none of that name. */
enum control_command_id control_command_find(const char *name);
const struct control_arg *control_arg_find(const struct control_command *command, const char *name);
/* Whether the value is what the row wants. Returns 0, or -EINVAL with the fault in text. */
int control_arg_check(const struct control_arg *arg, const json_t *value, char *text, size_t size);
/* The same for all arguments of a command; args is NULL or any JSON value. */
int control_args_check(const struct control_command *command, const json_t *args, char *text,
		       size_t size);
