/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a session says of its caller: Calling Number in the format of the access section (RFC 2661
 * 4.4.4).
 */
#include "lac/private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A number in the making. */
struct number {
	char *text;
	size_t len;
};

static void __attribute__((format(printf, 2, 3))) add(struct number *n, const char *format, ...)
{
	size_t room = LAC_NUMBER_MAX - n->len;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(n->text + n->len, room, format, args);
	va_end(args);
	/* What is too long is cut: 63 octets is what an LNS keeps of it. */
	n->len += len > 0 && (size_t)len < room ? (size_t)len : room - 1;
}

/* Behind the separator unless it is the first; what is empty is left out with it. */
static void add_word(struct number *n, const struct lac_call *call, const char *word)
{
	if (word[0])
		add(n, "%s%s", n->len ? call->access->number_separator : "", word);
}

static void add_mac(struct number *n, const struct lac_call *call)
{
	const uint8_t *mac = call->mac;
	char text[18];

	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		 mac[3], mac[4], mac[5]);
	add_word(n, call, text);
}

static void add_descriptive(struct number *n, const struct lac_call *call)
{
	char id[8];

	snprintf(id, sizeof(id), "%u", call->pppoe_id);
	add_word(n, call, call->port.interface);
	add_word(n, call, id);
	add_mac(n, call);
	if (call->line) {
		add_word(n, call, call->line->circuit_id);
		add_word(n, call, call->line->remote_id);
	}
}

static void add_fixed(struct number *n, const struct lac_call *call)
{
	const char *name = call->access->pppoe.ac_name;

	add(n, "%-4.4s%05u%08u", name ? name : "", call->port.index, call->port.vlan);
}

static void add_circuit_id(struct number *n, const struct lac_call *call)
{
	if (call->line)
		add_word(n, call, call->line->circuit_id);
}

static void add_remote_id(struct number *n, const struct lac_call *call)
{
	if (call->line)
		add_word(n, call, call->line->remote_id);
}

static void add_both_ids(struct number *n, const struct lac_call *call)
{
	add_circuit_id(n, call);
	add_remote_id(n, call);
}

static void (*const formats[])(struct number *n, const struct lac_call *call) = {
	[LAC_NUMBER_DESCRIPTIVE] = add_descriptive,
	[LAC_NUMBER_FIXED] = add_fixed,
	[LAC_NUMBER_CIRCUIT_ID] = add_circuit_id,
	[LAC_NUMBER_REMOTE_ID] = add_remote_id,
	[LAC_NUMBER_CIRCUIT_AND_REMOTE_ID] = add_both_ids,
	[LAC_NUMBER_MAC] = add_mac,
	[LAC_NUMBER_NONE] = NULL,
};

const char *lac_calling_number(const struct lac_call *call, char text[static LAC_NUMBER_MAX])
{
	struct number n = {.text = text};

	text[0] = '\0';
	if (!call->access)
		return text;
	if (formats[call->access->calling_number])
		formats[call->access->calling_number](&n, call);
	if (!n.len && formats[call->access->calling_number_fallback] &&
	    call->access->calling_number != LAC_NUMBER_NONE)
		formats[call->access->calling_number_fallback](&n, call);
	return text;
}
