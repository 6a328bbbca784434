/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CHECK of message counters: "rx_icrq", "tx_stopccn_4", "tunnel.tx_cdn_3". The names are those of
 * the message table, the numbers Result Codes.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

/* Goes on behind the prefix when the text begins with it. */
static bool take(const char **text, const char *prefix)
{
	size_t len = strlen(prefix);

	if (strncmp(*text, prefix, len) != 0)
		return false;
	*text += len;
	return true;
}

static const struct in_out *of_result(const struct player *p, const struct traffic *traffic,
				      enum msg_type type, const char *digits, const char *key)
{
	unsigned long result = strtoul(digits, NULL, 10);

	if (!isdigit((unsigned char)*digits))
		wrong(p, "CHECK: %s has no Result Code", key);
	if (type == MSG_STOPCCN && result < STOPCCN_RESULT_MAX)
		return &traffic->stopccn[result];
	if (type == MSG_CDN && result < CDN_RESULT_MAX)
		return &traffic->cdn[result];
	wrong(p, "CHECK: %s is not counted", key);
}

bool check_count(struct player *p, const struct word *word)
{
	const struct l2tp_tunnel *t = first_tunnel(p->box);
	struct traffic traffic = p->box->engine->traffic;
	const struct in_out *column;
	const char *key = word->key;
	char name[16];
	enum msg_type type;
	uint64_t count;
	bool out;

	if (take(&key, "tunnel.")) {
		if (!t)
			wrong(p, "%s: there is nothing to ask for it", word->key);
		traffic = traffic_of_tunnel(&t->traffic);
	}
	out = take(&key, "tx_");
	if (!out && !take(&key, "rx_"))
		return false;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(key, "_"), key);
	type = msg_type_parse(name);
	if (type == MSG_TYPE_MAX || !word->text)
		return false;
	key += strlen(name);
	column = *key ? of_result(p, &traffic, type, key + 1, word->key) : &traffic.messages[type];
	count = out ? column->out : column->in;
	if (!bind_variable(p, word, count) && count != word_number(p, word, UINT64_MAX))
		wrong(p, "expected %s=%s, it is %llu", word->key, word->text,
		      (unsigned long long)count);
	return true;
}
