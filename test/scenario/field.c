/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fields of messages as text: what msg_format() prints, read back through the same AVP table.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

#define WITHIN(member) typeof(((struct l2tp_msg *)0)->member)

enum avp_id find_field(const char *key)
{
	unsigned int id;

	for (id = AVP_MESSAGE_TYPE + 1; id < AVP_ID_MAX; id++) {
		if (strcmp(avp_rows[id].key, key) == 0)
			break;
	}
	return (enum avp_id)id;
}

/* The numbers "2/8" of a compound value, and where the text behind the next slash begins. */
static void take_numbers(const struct player *p, const struct word *word, uint32_t *numbers,
			 unsigned int count, struct bytes *rest)
{
	char *at = word->text, *end = word->text + word->len;

	for (unsigned int i = 0; i < count; i++) {
		char *before = at;

		numbers[i] = (uint32_t)strtoul(at, &at, 0);
		if (at == before && before != end)
			wrong(p, "%s=%s: a number is missing", word->key, word->text);
		if (at != end && *at++ != '/')
			wrong(p, "%s=%s: numbers need slashes between them", word->key, word->text);
	}
	*rest = (struct bytes){(uint8_t *)at, (size_t)(end - at)};
}

static void set_compound(const struct player *p, enum avp_format format, const struct word *word,
			 void *field)
{
	WITHIN(result_code) *result = field;
	WITHIN(cause_code) *cause = field;
	WITHIN(accm) *accm = field;
	WITHIN(ppp_disconnect_cause) *ppp = field;
	uint32_t n[6] = {0};
	struct bytes rest;

	if (format == FORMAT_RESULT_CODE) {
		take_numbers(p, word, n, 2, &rest);
		result->result = (uint16_t)n[0];
		result->error = (uint16_t)n[1];
		result->message = rest;
	} else if (format == FORMAT_CAUSE_CODE) {
		take_numbers(p, word, n, 2, &rest);
		cause->code = (uint16_t)n[0];
		cause->message_type = (uint8_t)n[1];
		cause->advisory = rest;
	} else if (format == FORMAT_CALL_ERRORS) {
		take_numbers(p, word, n, 6, &rest);
		memcpy(field, n, sizeof(n));
	} else if (format == FORMAT_ACCM) {
		take_numbers(p, word, n, 2, &rest);
		accm->send = n[0];
		accm->receive = n[1];
	} else {
		take_numbers(p, word, n, 3, &rest);
		ppp->code = (uint16_t)n[0];
		ppp->control_protocol = (uint16_t)n[1];
		ppp->direction = (uint8_t)n[2];
		ppp->message = rest;
	}
}

/* "lac,lts" */
static void set_texts(const struct word *word, struct avp_list *list)
{
	char *save, *text;

	list->n = 0;
	for (text = strtok_r(word->text, ",", &save); text && list->n < AVP_LIST_MAX;
	     text = strtok_r(NULL, ",", &save))
		list->values[list->n++] = bytes_str(text);
}

/* "771/64000/64000,772/0/0"; the values live until the next line that has some. */
static void set_speed_updates(const struct player *p, const struct word *word, struct l2tp_msg *msg)
{
	static uint8_t data[AVP_LIST_MAX][SPEED_UPDATE_LEN];
	struct speed_update update;
	uint32_t n[3] = {0};
	unsigned int i = 0;
	char *save, *text;

	msg->connect_speed_update.n = 0;
	for (text = strtok_r(word->text, ",/", &save); text; text = strtok_r(NULL, ",/", &save)) {
		const struct word one = {.key = word->key, .text = text, .len = strlen(text)};

		n[i++ % 3] = (uint32_t)word_number(p, &one, UINT32_MAX);
		if (i % 3)
			continue;
		update = (struct speed_update){(uint16_t)n[0], n[1], n[2]};
		if (!msg_add_speed_update(msg, &update, data[msg->connect_speed_update.n]))
			wrong(p, "%s: too many", word->key);
	}
	if (i % 3)
		wrong(p, "%s: must be ids and speeds, with slashes between them", word->key);
}

static void set_encapsulation(const struct player *p, const struct word *word, uint8_t *field)
{
	struct bytes rest;
	uint32_t n[3];

	take_numbers(p, word, n, 3, &rest);
	for (unsigned int i = 0; i < 3; i++)
		field[i] = (uint8_t)n[i];
}

static uint16_t version(const struct player *p, const struct word *word)
{
	char *end;
	unsigned long major = strtoul(word->text, &end, 10);

	if (*end != '.')
		wrong(p, "%s=%s: must be a version such as 1.0", word->key, word->text);
	return (uint16_t)(major << 8 | strtoul(end + 1, NULL, 10));
}

/* Octets stay in the word's own place: they are fewer than their digits. */
static struct bytes octets(const struct player *p, struct word *word)
{
	size_t len = word_hex(p, word, (uint8_t *)word->text, word->len);

	return (struct bytes){(uint8_t *)word->text, len};
}

void set_field(struct player *p, enum avp_id id, struct word *word, struct l2tp_msg *msg)
{
	const struct avp_row *row = &avp_rows[id];
	void *field = (char *)msg + row->offset;

	avp_add(&msg->present, id);
	if (row->format == FORMAT_PRESENCE)
		return;
	if (!word->text)
		wrong(p, "%s: a value is missing", word->key);
	switch (row->format) {
	case FORMAT_U16:
		*(uint16_t *)field = (uint16_t)word_number(p, word, UINT16_MAX);
		break;
	case FORMAT_U32:
	case FORMAT_MASK:
	case FORMAT_LINE_RATE:
		*(uint32_t *)field = (uint32_t)word_number(p, word, UINT32_MAX);
		break;
	case FORMAT_U64:
		*(uint64_t *)field = word_number(p, word, UINT64_MAX);
		break;
	case FORMAT_AUTH_ID:
	case FORMAT_LINE_TYPE:
		*(uint8_t *)field = (uint8_t)word_number(p, word, UINT8_MAX);
		break;
	case FORMAT_VERSION:
		*(uint16_t *)field = version(p, word);
		break;
	case FORMAT_STRING:
		*(struct bytes *)field = (struct bytes){(uint8_t *)word->text, word->len};
		break;
	case FORMAT_BYTES:
		*(struct bytes *)field = octets(p, word);
		break;
	case FORMAT_FIXED16:
		if (word_hex(p, word, field, 16) != 16)
			wrong(p, "%s: must be 16 octets", word->key);
		break;
	case FORMAT_LINE_FLAG:
		*(bool *)field = word_number(p, word, 1);
		break;
	case FORMAT_LINE_TEXT:
		snprintf(field, LINE_TEXT_MAX, "%s", word->text);
		break;
	case FORMAT_LINE_ENCAPSULATION:
		set_encapsulation(p, word, field);
		break;
	case FORMAT_TEXTS:
		set_texts(word, field);
		break;
	case FORMAT_SPEED_UPDATES:
		set_speed_updates(p, word, msg);
		break;
	case FORMAT_RESULT_CODE:
	case FORMAT_CAUSE_CODE:
	case FORMAT_CALL_ERRORS:
	case FORMAT_ACCM:
	case FORMAT_PPP_DISCONNECT_CAUSE:
		set_compound(p, row->format, word, field);
		break;
	case FORMAT_MESSAGE_TYPE:
	case FORMAT_RANDOM_VECTOR:
	case FORMAT_PRESENCE:
	case FORMAT_MAX:
		wrong(p, "%s is not for a scenario to give", word->key);
	}
}

/* A text that the scenario does not give may be anything. */
static bool same_text(struct bytes due, struct bytes came)
{
	return !due.len || bytes_equal(due, came);
}

static bool same_list(const struct avp_list *a, const struct avp_list *b)
{
	if (a->n != b->n)
		return false;
	for (unsigned int i = 0; i < a->n; i++) {
		if (!bytes_equal(a->values[i], b->values[i]))
			return false;
	}
	return true;
}

static bool same_field(const struct avp_row *row, const struct l2tp_msg *due,
		       const struct l2tp_msg *came)
{
	const char *a = (const char *)due + row->offset, *b = (const char *)came + row->offset;

	switch (row->format) {
	case FORMAT_U16:
	case FORMAT_VERSION:
		return memcmp(a, b, sizeof(uint16_t)) == 0;
	case FORMAT_U32:
	case FORMAT_MASK:
	case FORMAT_LINE_RATE:
		return memcmp(a, b, sizeof(uint32_t)) == 0;
	case FORMAT_U64:
		return memcmp(a, b, sizeof(uint64_t)) == 0;
	case FORMAT_AUTH_ID:
	case FORMAT_LINE_TYPE:
	case FORMAT_LINE_FLAG:
		return *a == *b;
	case FORMAT_LINE_TEXT:
		return strcmp(a, b) == 0;
	case FORMAT_LINE_ENCAPSULATION:
		return memcmp(a, b, 3) == 0;
	case FORMAT_TEXTS:
	case FORMAT_SPEED_UPDATES:
		return same_list((const struct avp_list *)a, (const struct avp_list *)b);
	case FORMAT_FIXED16:
		return memcmp(a, b, 16) == 0;
	case FORMAT_STRING:
	case FORMAT_BYTES:
		return bytes_equal(*(const struct bytes *)a, *(const struct bytes *)b);
	case FORMAT_CALL_ERRORS:
		return memcmp(a, b, sizeof(due->call_errors)) == 0;
	case FORMAT_ACCM:
		return memcmp(a, b, sizeof(due->accm)) == 0;
	case FORMAT_RESULT_CODE:
		return due->result_code.result == came->result_code.result &&
		       due->result_code.error == came->result_code.error &&
		       same_text(due->result_code.message, came->result_code.message);
	case FORMAT_CAUSE_CODE:
		return due->cause_code.code == came->cause_code.code &&
		       due->cause_code.message_type == came->cause_code.message_type &&
		       same_text(due->cause_code.advisory, came->cause_code.advisory);
	case FORMAT_PPP_DISCONNECT_CAUSE:
		return due->ppp_disconnect_cause.code == came->ppp_disconnect_cause.code &&
		       due->ppp_disconnect_cause.direction == came->ppp_disconnect_cause.direction;
	case FORMAT_PRESENCE:
		return true;
	case FORMAT_MESSAGE_TYPE:
	case FORMAT_RANDOM_VECTOR:
	case FORMAT_MAX:
		break;
	}
	return false;
}

/* The value of an AVP that is one number; false of any other. */
static bool number_of(const struct avp_row *row, const struct l2tp_msg *msg, uint64_t *ret)
{
	const char *field = (const char *)msg + row->offset;

	switch (row->format) {
	case FORMAT_AUTH_ID:
	case FORMAT_LINE_TYPE:
		*ret = *(const uint8_t *)field;
		return true;
	case FORMAT_U16:
	case FORMAT_VERSION:
		*ret = *(const uint16_t *)field;
		return true;
	case FORMAT_U32:
	case FORMAT_MASK:
	case FORMAT_LINE_RATE:
		*ret = *(const uint32_t *)field;
		return true;
	case FORMAT_U64:
		*ret = *(const uint64_t *)field;
		return true;
	case FORMAT_LINE_FLAG:
	case FORMAT_LINE_TEXT:
	case FORMAT_LINE_ENCAPSULATION:
	case FORMAT_TEXTS:
	case FORMAT_SPEED_UPDATES:
	case FORMAT_FIXED16:
	case FORMAT_STRING:
	case FORMAT_BYTES:
	case FORMAT_CALL_ERRORS:
	case FORMAT_ACCM:
	case FORMAT_RESULT_CODE:
	case FORMAT_CAUSE_CODE:
	case FORMAT_PPP_DISCONNECT_CAUSE:
	case FORMAT_PRESENCE:
	case FORMAT_MESSAGE_TYPE:
	case FORMAT_RANDOM_VECTOR:
	case FORMAT_MAX:
		break;
	}
	return false;
}

void expect_field(struct player *p, enum avp_id id, struct word *word, const struct l2tp_msg *msg)
{
	const struct avp_row *row = &avp_rows[id];
	struct l2tp_msg due = {.type = msg->type};
	char text[2048], given[128];
	uint64_t number;

	msg_format(msg, text, sizeof(text));
	if (!msg_has(msg, id))
		wrong(p, "%s is not in %s", row->key, text);
	/* Its mere presence. */
	if (!word->text)
		return;
	if (number_of(row, msg, &number) && bind_variable(p, word, number))
		return;
	strncpy(given, word->text, sizeof(given) - 1);
	given[sizeof(given) - 1] = '\0';
	set_field(p, id, word, &due);
	if (!same_field(row, &due, msg))
		wrong(p, "expected %s=%s, came %s", row->key, given, text);
}
