/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects as JSON, from the rows of fields.c.
 *
 * A field without a value is left out: a reader tells "unknown" from 0 and from "".
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "control/lac.h"
#include "control/private.h"

/* Words of the enums that have no function for it; in the configuration's spelling. */
static const char *const challenge_names[] = {
	[CHALLENGE_REQUIRE] = "require",
	[CHALLENGE_OFFER] = "offer",
	[CHALLENGE_ANSWER] = "answer",
	[CHALLENGE_NEVER] = "never",
};

static const char *const hide_names[] = {
	[HIDE_NEVER] = "never",
	[HIDE_SENSITIVE] = "sensitive",
	[HIDE_ALWAYS] = "always",
};

static const char *const change_names[] = {
	[CHANGE_ACCEPT] = "accept",
	[CHANGE_IGNORE] = "ignore",
	[CHANGE_REJECT] = "reject",
};

static const char *const call_policy_names[] = {
	[CALL_REJECT] = "reject",
	[CALL_PPP] = "ppp",
	[CALL_SWITCH] = "switch",
};

/* RFC 2661 4.4.5, and IANA's registry. */
static const char *const proxy_authen_names[] = {
	[1] = "text", [2] = "chap", [3] = "pap", [4] = "none", [5] = "mschap", [7] = "eap",
};

/* Bits of framing and bearer values in RFC 2661 4.4.3 and 4.4.4, lowest first. */
static const char *const framing_names[] = {"sync", "async"};
static const char *const bearer_names[] = {"digital", "analog"};

json_t *text_json(const char *text)
{
	static const char hex[] = "0123456789abcdef";
	json_t *json = json_string(text);
	size_t len = strlen(text);
	char *escaped, *out;

	if (json)
		return json;
	escaped = out = mem_alloc(len * 4 + 1);
	if (!escaped)
		return NULL;
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x80) {
			*out++ = *text;
			continue;
		}
		*out++ = '\\';
		*out++ = 'x';
		*out++ = hex[c >> 4];
		*out++ = hex[c & 0xf];
	}
	json = json_string(escaped);
	mem_free(escaped);
	return json;
}

static json_t *bits_json(uint32_t value, const char *const names[static 2])
{
	json_t *array;

	if (!value)
		return NULL;
	array = json_array();
	for (unsigned int i = 0; i < 2; i++) {
		if (value >> i & 1)
			json_array_append_new(array, json_string(names[i]));
	}
	return array;
}

static json_t *prefixes_json(const struct peer *peer)
{
	char text[ADDR_TEXT_MAX];
	json_t *array;

	if (!peer->n_addresses)
		return NULL;
	array = json_array();
	for (size_t i = 0; i < peer->n_addresses; i++)
		json_array_append_new(array, json_string(prefix_format(&peer->addresses[i], text)));
	return array;
}

static json_t *reason_json(const struct reason *reason, bool is_tunnel)
{
	char text[512];

	if (reason->origin == ORIGIN_NONE)
		return NULL;
	return text_json(reason_format(reason, is_tunnel, text, sizeof(text)));
}

static json_t *host_json(const struct addr *addr)
{
	char text[ADDR_TEXT_MAX];

	return addr->family == ADDR_NONE ? NULL : json_string(addr_format_host(addr, text));
}

static json_t *number_json(const struct field_row *row, uint64_t value)
{
	if (!value && row->zero_is_none)
		return NULL;
	return json_integer((json_int_t)value);
}

static json_t *age_json(const struct field_row *row, const void *at, const void *base, usec_t now)
{
	const struct l2tp_tunnel *t = base;
	const struct l2tp_session *s = base;
	usec_t since = *(const usec_t *)at;

	if (!since)
		return NULL;
	if (row->type == FIELD_TUNNEL_AGE && t->core.state != TUNNEL_ESTABLISHED &&
	    t->core.state != TUNNEL_DRAINING)
		return NULL;
	if (row->type == FIELD_SESSION_AGE && s->core.state != SESSION_ESTABLISHED)
		return NULL;
	return json_integer((now - since) / USEC_PER_SEC);
}

static json_t *delay_json(const struct field_row *row, const void *at, const void *base)
{
	usec_t since = *(const usec_t *)((const char *)base + row->since);
	usec_t moment = *(const usec_t *)at;

	if (!moment || !since || moment < since)
		return NULL;
	return json_integer((moment - since) / USEC_PER_MSEC);
}

static json_t *item_json(const struct call_info *info, enum call_item item)
{
	const char *text = call_info_text(info, item);

	return text[0] ? text_json(text) : NULL;
}

static json_t *octets_json(struct bytes octets)
{
	char *text, *out;
	json_t *json;

	if (!octets.len)
		return NULL;
	text = out = mem_alloc(octets.len * 2 + 1);
	if (!text)
		return NULL;
	for (size_t i = 0; i < octets.len; i++)
		out += sprintf(out, "%02x", octets.data[i]);
	json = json_string(text);
	mem_free(text);
	return json;
}

static json_t *proxy_authen_json(uint16_t type)
{
	const char *name = type < sizeof(proxy_authen_names) / sizeof(proxy_authen_names[0])
				   ? proxy_authen_names[type]
				   : NULL;

	if (!type)
		return NULL;
	return name ? json_string(name) : json_sprintf("type %u", type);
}

static json_t *admin_json(const struct field_row *row, const struct admin *admin)
{
	if (row->type == FIELD_ADMIN_STATE)
		return json_string(admin_state_name(admin->state));
	return admin->state == ADMIN_ENABLED ? NULL : json_string(admin_level_name(admin->from));
}

const char *mac_format(const uint8_t mac[static PPPOE_MAC_LEN], char text[static MAC_TEXT_MAX])
{
	snprintf(text, MAC_TEXT_MAX, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		 mac[3], mac[4], mac[5]);
	return text;
}

static json_t *mac_json(const uint8_t *mac)
{
	static const uint8_t none[PPPOE_MAC_LEN];
	char text[MAC_TEXT_MAX];

	return memcmp(mac, none, sizeof(none)) ? json_string(mac_format(mac, text)) : NULL;
}

static json_t *lines_json(const struct control_lines *lines)
{
	json_t *array;

	if (!lines->n)
		return NULL;
	array = json_array();
	for (size_t i = 0; i < lines->n; i++)
		json_array_append_new(array, text_json(lines->text[i]));
	return array;
}

static json_t *rows_json(const struct object_row *object, unsigned int views,
			 const struct sources *sources, usec_t now);

/* NOLINTNEXTLINE(misc-no-recursion): an array's objects hold no arrays */
static json_t *choices_json(const struct field_row *row, const struct control_domain *domain,
			    usec_t now)
{
	struct sources sources = {0};
	json_t *array;

	if (!domain->n_choices)
		return NULL;
	array = json_array();
	for (size_t i = 0; i < domain->n_choices; i++) {
		sources.at[SOURCE_TOLD] = &domain->choices[i];
		json_array_append_new(array, rows_json(row->of, VIEW_NORMAL, &sources, now));
	}
	return array;
}

/* What is known of the line, of the call's items; false when nothing. */
static bool line_of(const struct call_info *info, struct access_line *ret)
{
	struct bytes value = call_info_get(info, CALL_ACCESS_LINE);

	if (value.len != sizeof(*ret))
		return false;
	memcpy(ret, value.data, sizeof(*ret));
	return true;
}

static json_t *line_text_json(const struct field_row *row, const struct call_info *info)
{
	struct access_line line;
	const char *text;

	if (!line_of(info, &line))
		return NULL;
	if (row->offset == LINE_ENCAPSULATION)
		return line.has_encapsulation
			       ? json_sprintf("%u/%u/%u", line.encapsulation[0],
					      line.encapsulation[1], line.encapsulation[2])
			       : NULL;
	text = row->offset == LINE_CIRCUIT_ID ? line.circuit_id : line.remote_id;
	return text[0] ? text_json(text) : NULL;
}

static json_t *line_number_json(const struct field_row *row, const struct call_info *info)
{
	struct access_line line;
	uint32_t number;

	if (!line_of(info, &line))
		return NULL;
	if (row->offset == LINE_TYPE)
		return line.type ? json_integer(line.type) : NULL;
	if (row->offset == LINE_IWF_SESSION)
		return line.iwf_session ? json_integer(1) : NULL;
	if (!access_line_number(&line, (enum line_value)row->offset, &number))
		return NULL;
	return json_integer(number);
}

/* The value of a row, or NULL when it has none. */
/* NOLINTNEXTLINE(readability-function-size, misc-no-recursion): a line or two a type of field */
static json_t *field_json(const struct field_row *row, unsigned int views, const void *base,
			  usec_t now)
{
	const void *at = (const char *)base + row->offset;
	bool zeros = views & VIEW_DETAILS;

	switch (row->type) {
	case FIELD_BOOL:
		return json_boolean(*(const bool *)at);
	case FIELD_U8:
		return number_json(row, *(const uint8_t *)at);
	case FIELD_U16:
		return number_json(row, *(const uint16_t *)at);
	case FIELD_U32:
		return number_json(row, *(const uint32_t *)at);
	case FIELD_U64:
		return number_json(row, *(const uint64_t *)at);
	case FIELD_UINT:
		return number_json(row, *(const unsigned int *)at);
	case FIELD_INT:
		return number_json(row, (uint64_t) * (const int *)at);
	case FIELD_HEX:
		return json_sprintf("0x%08x", *(const uint32_t *)at);
	case FIELD_CONSTANT:
		return json_string(row->text);
	case FIELD_ARRAY:
		return *(const char *)at ? text_json(at) : NULL;
	case FIELD_ITEM_TEXT:
		return item_json(base, (enum call_item)row->offset);
	case FIELD_ITEM_HEX:
		return octets_json(call_info_get(base, (enum call_item)row->offset));
	case FIELD_ITEM_GIVEN:
		return call_info_get(base, (enum call_item)row->offset).len ? json_true() : NULL;
	case FIELD_LINE_TEXT:
		return line_text_json(row, base);
	case FIELD_LINE_NUMBER:
		return line_number_json(row, base);
	case FIELD_STRING:
		return *(char *const *)at ? text_json(*(char *const *)at) : NULL;
	case FIELD_GIVEN:
		return json_boolean(*(void *const *)at != NULL);
	case FIELD_HOST:
		return host_json(at);
	case FIELD_PORT:
		return number_json(row, ((const struct addr *)at)->port);
	case FIELD_PREFIXES:
		return prefixes_json(base);
	case FIELD_AGE:
	case FIELD_TUNNEL_AGE:
	case FIELD_SESSION_AGE:
		return age_json(row, at, base, now);
	case FIELD_SECONDS:
		return number_json(row, (uint64_t)(*(const usec_t *)at / USEC_PER_SEC));
	case FIELD_MSEC:
		return number_json(row, (uint64_t)(*(const usec_t *)at / USEC_PER_MSEC));
	case FIELD_DELAY:
		return delay_json(row, at, base);
	case FIELD_FRAMING:
		return bits_json(*(const uint32_t *)at, framing_names);
	case FIELD_BEARER:
		return bits_json(*(const uint32_t *)at, bearer_names);
	case FIELD_INITIATOR:
		return json_string(*(const bool *)at ? "local" : "peer");
	case FIELD_TUNNEL_STATE:
		return json_string(tunnel_state_name(*(const enum tunnel_state *)at));
	case FIELD_SESSION_STATE:
		return json_string(session_state_name(*(const enum session_state *)at));
	case FIELD_KERNEL_STATE:
		return json_string(kernel_state_name(*(const enum kernel_state *)at));
	case FIELD_CALL_TYPE:
		return json_string(call_type_name(*(const enum call_type *)at));
	case FIELD_PROXY_AUTHEN:
		return proxy_authen_json(*(const uint16_t *)at);
	case FIELD_CHALLENGE:
		return json_string(challenge_names[*(const enum challenge_policy *)at]);
	case FIELD_HIDE:
		return json_string(hide_names[*(const enum hide_policy *)at]);
	case FIELD_CHANGE:
		return json_string(change_names[*(const enum change_policy *)at]);
	case FIELD_CALLS:
		return json_string(call_policy_names[*(const enum call_policy *)at]);
	case FIELD_TUNNEL_REASON:
		return reason_json(at, true);
	case FIELD_SESSION_REASON:
		return reason_json(at, false);
	case FIELD_MESSAGES:
		return messages_json(at, zeros);
	case FIELD_STOPCCN:
		return stopccn_json(at, zeros);
	case FIELD_CDN:
		return cdn_json(at, zeros);
	case FIELD_ADMIN_STATE:
	case FIELD_ADMIN_FROM:
		return admin_json(row, at);
	case FIELD_MAC:
		return mac_json(at);
	case FIELD_LINES:
		return lines_json(at);
	case FIELD_CHOICES:
		return choices_json(row, base, now);
	}
	return NULL;
}

/* NOLINTNEXTLINE(misc-no-recursion): an array's objects hold no arrays */
static json_t *rows_json(const struct object_row *object, unsigned int views,
			 const struct sources *sources, usec_t now)
{
	json_t *json = json_object();
	json_t *value;

	assert(sources);
	for (size_t i = 0; i < object->n_fields; i++) {
		const struct field_row *row = &object->fields[i];
		const void *base =
			row->source == SOURCE_ADMIN ? &sources->admin : sources->at[row->source];

		if (!(row->view & views) || !base)
			continue;
		value = field_json(row, views, base, now);
		if (value)
			json_object_set_new(json, row->key, value);
	}
	return json;
}

json_t *object_json(enum object_type type, unsigned int views, const struct sources *sources,
		    usec_t now)
{
	return rows_json(object_table[type], views, sources, now);
}

struct sources sources_tunnel(const struct l2tp_tunnel *t)
{
	return (struct sources){.at = {[SOURCE_TUNNEL] = t, [SOURCE_PEER] = t->peer},
				.admin = l2tp_admin_of_tunnel(t)};
}

struct sources sources_session(const struct l2tp_session *s, const struct l2tp_nl_stats *counters)
{
	return (struct sources){.at =
					{
						[SOURCE_TUNNEL] = s->tunnel,
						[SOURCE_SESSION] = s,
						[SOURCE_CALL] = s->info,
						[SOURCE_LINE] = s->line,
						[SOURCE_PEER] = s->tunnel->peer,
						[SOURCE_COUNTERS] = counters,
					},
				.admin = l2tp_admin_of_session(s)};
}
