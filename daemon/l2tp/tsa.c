/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who switched a call: the TSA ID AVP of draft-ietf-l2tpext-tunnel-switching ("tunnel switching
 * aggregator"), by which calls that go in circles are found.
 *
 * Whoever switches a call adds his own id to those in its ICRQ. One that finds his own there
 * refuses the call (CDN, Result Code 26).
 */
#include "l2tp/private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "wire/result.h"

void tsa_make_id(struct l2tp_engine *engine)
{
	static const uint8_t label[] = "TSA ID";
	uint64_t id = hash_bytes(label, sizeof(label), engine->challenge_seed);

	snprintf(engine->tsa_id, sizeof(engine->tsa_id), "adit-%016llx", (unsigned long long)id);
}

void l2tp_engine_set_tsa_id(struct l2tp_engine *engine, const char *tsa_id)
{
	snprintf(engine->tsa_id, sizeof(engine->tsa_id), "%s", tsa_id);
}

static size_t stored_len(const struct avp_list *ids)
{
	size_t len = 0;

	for (unsigned int i = 0; i < ids->n; i++)
		len += 1 + ids->values[i].len;
	return len;
}

bool tsa_is_loop(const struct l2tp_engine *engine, const struct l2tp_msg *msg, struct reason *ret)
{
	const struct avp_list *ids = &msg->tsa_id;

	for (unsigned int i = 0; i < ids->n; i++) {
		if (!bytes_equal(ids->values[i], bytes_str(engine->tsa_id)))
			continue;
		*ret = reason_make(ORIGIN_LOCAL, CDN_LOOP, 0, "the call was switched here before");
		return true;
	}
	if (ids->n < AVP_LIST_MAX && stored_len(ids) <= call_info_max(CALL_TSA_IDS))
		return false;
	*ret = reason_make(ORIGIN_LOCAL, CDN_LOOP, 0, "the call was switched %u times", ids->n);
	return true;
}

int session_set_tsa_ids(struct l2tp_session *s, const struct avp_list *ids)
{
	uint8_t data[AVP_LIST_MAX * (1 + TSA_ID_MAX)];
	struct writer w = writer_init(data, sizeof(data));

	for (unsigned int i = 0; i < ids->n; i++) {
		writer_u8(&w, (uint8_t)ids->values[i].len);
		writer_bytes(&w, ids->values[i]);
	}
	if (!w.ok)
		return -EMSGSIZE;
	return call_info_set(&s->info, CALL_TSA_IDS, (struct bytes){data, writer_len(&w)});
}

void l2tp_session_tsa_ids(const struct l2tp_session *s, struct avp_list *ret)
{
	struct bytes stored = call_info_get(s->info, CALL_TSA_IDS);
	struct reader r = reader_init(stored.data, stored.len);

	ret->n = 0;
	while (reader_left(&r))
		ret->values[ret->n++] = reader_bytes(&r, reader_u8(&r));
}
