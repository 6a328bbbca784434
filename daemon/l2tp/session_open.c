/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls that begin with us: what the caller wants said of them, in ICRQ as LAC (RFC 2661 5.2.1) or
 * in OCRQ as LNS (5.2.2).
 */
#include "l2tp/private.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static int set_name(struct l2tp_session *s, const char *name)
{
	struct l2tp_engine *engine = s->tunnel->engine;

	int err;

	if (!name || !name[0])
		return 0;
	err = call_info_set(&s->info, CALL_NAME, bytes_str(name));
	if (err)
		return err;
	return hash_insert(&engine->session_names, &s->by_name,
			   engine_name_key(engine, call_info_text(s->info, CALL_NAME)));
}

/* Returns 0, -ENOMEM, or -EMSGSIZE when too many switched the call before. */
static int describe_incoming(struct l2tp_session *s, const struct session_params *params)
{
	struct session_core *core = &s->core;
	int err = 0;

	core->tx_connect_speed =
		params->tx_connect_speed ? params->tx_connect_speed : CONNECT_SPEED_DEFAULT;
	core->rx_connect_speed =
		params->rx_connect_speed ? params->rx_connect_speed : core->tx_connect_speed;
	core->framing = FRAMING_SYNC;
	if (!params->without_bearer)
		core->bearer = params->bearer ? params->bearer : BEARER_DIGITAL;
	core->sequencing = s->tunnel->peer->sequencing;
	core->physical_channel = params->physical_channel;
	core->speed_updates = params->speed_updates;
	if (params->proxy)
		err = session_learn(s, params->proxy);
	if (!err && params->line)
		err = session_set_line(s, params->line);
	if (!err && params->tsa_ids)
		err = session_set_tsa_ids(s, params->tsa_ids);
	return err;
}

/* Speed and framing are the LAC's to tell, bearers those it has, and numbers its to ask for. */
static void describe_outgoing(struct session_core *core, const struct session_params *params)
{
	core->minimum_bps = params->minimum_bps;
	core->maximum_bps = params->maximum_bps ? params->maximum_bps : UINT32_MAX;
}

static bool is_possible(const struct session_params *params)
{
	if (!params->outgoing)
		return true;
	return params->called_number && params->called_number[0] &&
	       (!params->maximum_bps || params->minimum_bps <= params->maximum_bps);
}

static int copy_texts(struct l2tp_session *s, const struct session_params *params)
{
	const struct {
		enum call_item item;
		const char *text;
	} texts[] = {
		{CALL_CALLED_NUMBER, params->called_number},
		{CALL_CALLING_NUMBER, params->calling_number},
		{CALL_SUB_ADDRESS, params->sub_address},
		{CALL_PRIVATE_GROUP, params->private_group},
	};
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(texts) / sizeof(texts[0]); i++)
		err = call_info_set(&s->info, texts[i].item, bytes_str(texts[i].text));
	return err;
}

static int copy_params(struct l2tp_session *s, const struct session_params *params)
{
	struct session_core *core = &s->core;
	int err = set_name(s, params->name);

	if (!err)
		err = copy_texts(s, params);
	if (err)
		return err;
	core->call_serial = ++s->tunnel->engine->call_serial;
	if (params->outgoing)
		describe_outgoing(core, params);
	else
		err = describe_incoming(s, params);
	if (err)
		return err;
	s->owner = params->owner;
	if (!params->ppp_profile)
		return 0;
	s->ppp_profile = text_new(bytes_str(params->ppp_profile));
	return s->ppp_profile ? 0 : -ENOMEM;
}

int l2tp_session_open(struct l2tp_tunnel *t, const struct session_params *params, usec_t now,
		      struct l2tp_session **ret)
{
	enum call_type type = params->outgoing ? CALL_LNS_OUTGOING : CALL_LAC_INCOMING;
	struct l2tp_engine *engine = t->engine;
	struct l2tp_session *s;
	int err;

	if (!is_possible(params))
		return -EINVAL;
	if (engine->shutting_down || t->core.state >= TUNNEL_DRAINING ||
	    l2tp_admin_of_tunnel(t).state != ADMIN_ENABLED)
		return -ESHUTDOWN;
	if (engine->n_sessions >= engine->limits.max_sessions ||
	    (t->peer->max_sessions && t->usage->sessions >= t->peer->max_sessions) ||
	    (t->peer->max_sessions_per_tunnel && t->n_sessions >= t->peer->max_sessions_per_tunnel))
		return -ENOSPC;
	if (params->name && l2tp_session_find_name(engine, params->name))
		return -EEXIST;
	if (params->session_id && l2tp_session_find(t, params->session_id))
		return -EEXIST;
	err = session_new(t, type, params->session_id, &s);
	if (err)
		return err;
	err = copy_params(s, params);
	if (!err && t->was_up)
		err = call_kinds[type].send_request(s, now);
	if (err) {
		session_discard(s);
		return err;
	}
	TUNNEL_COUNT(t, sessions_opened);
	session_enter(s, t->was_up ? SESSION_WAIT_REPLY : SESSION_WAIT_TUNNEL, now);
	*ret = s;
	return 0;
}
