/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What ended and is still kept, shown among what lives: the same rows, of which a record fills in
 * the few that it knows.
 */
#include <errno.h>
#include <string.h>

#include "control/private.h"

static bool is_named(const struct request *r, const char *key, const char *name)
{
	const char *wanted = request_text(r, key);

	return !wanted || strcmp(wanted, name) == 0;
}

static bool has_id(const struct request *r, const char *key, uint16_t id)
{
	return !request_has(r, key) || request_uint(r, key) == id;
}

static bool matches(const struct request *r, const struct l2tp_ended *e, enum object_type type,
		    const char *name_key)
{
	if (!e->session_id != (type == OBJECT_TUNNEL) || !has_id(r, "tunnel_id", e->tunnel_id) ||
	    !is_named(r, name_key, e->tunnel_name))
		return false;
	if (type == OBJECT_TUNNEL)
		return is_named(r, "peer", e->peer_name);
	/* Interface and user went with the session. */
	return has_id(r, "session_id", e->session_id) && is_named(r, "name", e->name) &&
	       !request_text(r, "interface") && !request_text(r, "user");
}

int ended_add(struct request *r, enum object_type type, const char *name_key)
{
	const struct l2tp_ended *e;

	list_for_each (e, &r->client->control->engine->ended, node) {
		if (!matches(r, e, type, name_key))
			continue;
		if (walk_add(&r->walk, e->tunnel_id, e->session_id, NULL))
			return -ENOMEM;
		r->walk.items[r->walk.n - 1].ended = e->serial;
	}
	return 0;
}

json_t *ended_json(const struct request *r, uint64_t serial, usec_t now)
{
	const struct l2tp_ended *e = l2tp_ended_find(r->client->control->engine, serial);
	struct l2tp_tunnel t = {0};
	struct l2tp_session s = {0};
	struct peer peer = {0};
	struct sources sources = {
		.at = {[SOURCE_TUNNEL] = &t, [SOURCE_PEER] = &peer, [SOURCE_ENDED] = e}};
	json_t *json;

	if (!e)
		return NULL;
	t.core.tunnel_id = e->tunnel_id;
	t.core.peer_tunnel_id = e->peer_tunnel_id;
	t.core.initiator = e->initiator;
	t.core.local = e->local;
	t.core.peer = e->peer;
	memcpy(t.core.name, e->tunnel_name, sizeof(t.core.name));
	memcpy(t.core.peer_host_name, e->peer_host_name, sizeof(t.core.peer_host_name));
	peer.name = (char *)e->peer_name;
	if (e->session_id) {
		s.core.session_id = e->session_id;
		s.core.peer_session_id = e->peer_session_id;
		s.core.type = e->type;
		s.reason = e->reason;
		if (call_info_set(&s.info, CALL_NAME, bytes_str(e->name)))
			return NULL;
		sources.at[SOURCE_SESSION] = &s;
		sources.at[SOURCE_CALL] = s.info;
	} else {
		t.reason = e->reason;
	}
	json = object_json(r->walk.type, VIEW_NORMAL, &sources, now);
	call_info_free(s.info);
	json_object_set_new(json, "state", json_string("ended"));
	return json;
}
