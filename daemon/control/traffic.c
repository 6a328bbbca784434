/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters with a column for in and one for out, as nested objects: a member a message type, by its
 * name, or a Result Code, by its number and with its words. What was never seen is left out, unless
 * details were asked for.
 */
#include <stdio.h>

#include "control/private.h"
#include "wire/avp.h"

static json_t *finish(json_t *object)
{
	if (json_object_size(object))
		return object;
	json_decref(object);
	return NULL;
}

static bool is_shown(const struct in_out *column, bool zeros)
{
	return zeros || column->in || column->out;
}

json_t *messages_json(const struct in_out *columns, bool zeros)
{
	json_t *object = json_object();

	for (unsigned int type = 0; type < MSG_TYPE_MAX; type++) {
		const struct in_out *column = &columns[type];

		if (!msg_type_known(type) || !is_shown(column, zeros))
			continue;
		json_object_set_new(object, msg_type_name(type),
				    json_pack("{s:I, s:I}", "in", (json_int_t)column->in, "out",
					      (json_int_t)column->out));
	}
	return finish(object);
}

static json_t *results_json(const struct in_out *columns, unsigned int n,
			    const char *(*text)(uint16_t result), bool zeros)
{
	json_t *object = json_object();
	char key[12];

	for (unsigned int result = 0; result < n; result++) {
		const struct in_out *column = &columns[result];

		if (!is_shown(column, zeros))
			continue;
		snprintf(key, sizeof(key), "%u", result);
		json_object_set_new(
			object, key,
			json_pack("{s:I, s:I, s:s}", "in", (json_int_t)column->in, "out",
				  (json_int_t)column->out, "text",
				  result ? text((uint16_t)result) : "any other result code"));
	}
	return finish(object);
}

json_t *stopccn_json(const struct in_out *columns, bool zeros)
{
	return results_json(columns, STOPCCN_RESULT_MAX, stopccn_result_text, zeros);
}

json_t *cdn_json(const struct in_out *columns, bool zeros)
{
	return results_json(columns, CDN_RESULT_MAX, cdn_result_text, zeros);
}
