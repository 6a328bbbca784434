/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AVPs of a switched call, one row each: relayed, regenerated or dropped.
 *
 * Not in the table is what belongs to one leg alone and is always regenerated (ids, serial number,
 * framing, sequencing), and what may never be regenerated or dropped: the list of those who
 * switched the call, to which we are added.
 */
#include "lac/relay.h"

#include "wire/result.h"

static void nothing(struct relay *out)
{
	(void)out;
}

/* It is there when nothing else is said of it. */
static void drop_bearer_type(struct relay *out)
{
	out->params.without_bearer = true;
}

static const char *text_of(const struct l2tp_session *in, enum call_item item)
{
	return call_info_text(in->info, item);
}

static void relay_calling_number(const struct l2tp_session *in, struct relay *out)
{
	out->params.calling_number = text_of(in, CALL_CALLING_NUMBER);
}

static void own_calling_number(const struct session_params *own, struct relay *out)
{
	out->params.calling_number = own->calling_number;
}

static void relay_called_number(const struct l2tp_session *in, struct relay *out)
{
	out->params.called_number = text_of(in, CALL_CALLED_NUMBER);
}

static void own_called_number(const struct session_params *own, struct relay *out)
{
	out->params.called_number = own->called_number;
}

static void relay_sub_address(const struct l2tp_session *in, struct relay *out)
{
	out->params.sub_address = text_of(in, CALL_SUB_ADDRESS);
}

static void own_sub_address(const struct session_params *own, struct relay *out)
{
	out->params.sub_address = own->sub_address;
}

static void relay_physical_channel(const struct l2tp_session *in, struct relay *out)
{
	out->params.physical_channel = in->core.physical_channel;
}

static void own_physical_channel(const struct session_params *own, struct relay *out)
{
	out->params.physical_channel = own->physical_channel;
}

static void relay_bearer_type(const struct l2tp_session *in, struct relay *out)
{
	out->params.bearer = in->core.bearer;
	out->params.without_bearer = !in->core.bearer;
}

static void own_bearer_type(const struct session_params *own, struct relay *out)
{
	out->params.bearer = own->bearer;
	out->params.without_bearer = own->without_bearer;
}

static void relay_private_group(const struct l2tp_session *in, struct relay *out)
{
	out->params.private_group = text_of(in, CALL_PRIVATE_GROUP);
}

static void own_private_group(const struct session_params *own, struct relay *out)
{
	out->params.private_group = own->private_group;
}

static void relay_speeds(const struct l2tp_session *in, struct relay *out)
{
	out->params.tx_connect_speed = in->core.tx_connect_speed;
	out->params.rx_connect_speed = in->core.rx_connect_speed;
}

static void own_speeds(const struct session_params *own, struct relay *out)
{
	out->params.tx_connect_speed = own->tx_connect_speed;
	out->params.rx_connect_speed = own->rx_connect_speed;
}

/* RFC 2661 4.4.5. The Private Group ID goes in ICCN too, and has a row of its own. */
static void relay_proxy(const struct l2tp_session *in, struct relay *out)
{
	const struct session_core *core = &in->core;
	struct l2tp_msg *msg = &out->proxy;

	*msg = (struct l2tp_msg){.type = MSG_ICCN};
	call_info_tell(in->info, msg);
	avp_remove(&msg->present, AVP_PRIVATE_GROUP_ID);
	if (core->proxy_authen_type) {
		MSG_SET(msg, AVP_PROXY_AUTHEN_TYPE, proxy_authen_type, core->proxy_authen_type);
		MSG_SET(msg, AVP_PROXY_AUTHEN_ID, proxy_authen_id, core->proxy_authen_id);
	}
	out->params.proxy = msg;
}

static void own_proxy(const struct session_params *own, struct relay *out)
{
	out->params.proxy = own->proxy;
}

/* RFC 5515: whoever tells another speed of the line when it changes must have said so before. */
static void relay_line(const struct l2tp_session *in, struct relay *out)
{
	if (l2tp_session_line(in, &out->line))
		out->params.line = &out->line;
	out->params.speed_updates = in->core.speed_updates;
}

static void own_line(const struct session_params *own, struct relay *out)
{
	out->params.line = own->line;
	out->params.speed_updates = own->speed_updates;
}

#define POLICY(member) offsetof(struct lac_switch, member)

static const struct {
	size_t policy;
	void (*relay)(const struct l2tp_session *in, struct relay *out);
	void (*regenerate)(const struct session_params *own, struct relay *out);
	void (*drop)(struct relay *out);
} rows[] = {
	{POLICY(calling_number), relay_calling_number, own_calling_number, nothing},
	{POLICY(called_number), relay_called_number, own_called_number, nothing},
	{POLICY(sub_address), relay_sub_address, own_sub_address, nothing},
	{POLICY(physical_channel), relay_physical_channel, own_physical_channel, nothing},
	{POLICY(bearer_type), relay_bearer_type, own_bearer_type, drop_bearer_type},
	{POLICY(private_group), relay_private_group, own_private_group, nothing},
	{POLICY(speeds), relay_speeds, own_speeds, nothing},
	{POLICY(proxy), relay_proxy, own_proxy, nothing},
	{POLICY(line), relay_line, own_line, nothing},
};

void relay_build(const struct l2tp_session *in, const struct lac_switch *policy,
		 const struct session_params *own, struct relay *ret)
{
	const struct l2tp_engine *engine = in->tunnel->engine;

	ret->params = (struct session_params){
		.name = own->name,
		.ppp_profile = own->ppp_profile,
		.session_id = own->session_id,
		.owner = own->owner,
		.tsa_ids = &ret->tsa_ids,
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		switch (*(const enum lac_relay *)((const char *)policy + rows[i].policy)) {
		case LAC_RELAY:
			rows[i].relay(in, ret);
			break;
		case LAC_REGENERATE:
			rows[i].regenerate(own, ret);
			break;
		case LAC_DROP:
			rows[i].drop(ret);
			break;
		}
	}
	l2tp_session_tsa_ids(in, &ret->tsa_ids);
	/* A full list is a loop already, see below. */
	if (ret->tsa_ids.n < AVP_LIST_MAX)
		ret->tsa_ids.values[ret->tsa_ids.n++] = bytes_str(engine->tsa_id);
}

int relay_new_speeds(const struct l2tp_session *in, const struct lac_switch *policy,
		     struct l2tp_session *out, usec_t now)
{
	if (policy->speeds != LAC_RELAY)
		return 0;
	return l2tp_session_tell_line(out, NULL, in->core.tx_connect_speed,
				      in->core.rx_connect_speed, now);
}

bool relay_is_loop(const struct l2tp_session *in, const struct addr *to, struct reason *ret)
{
	char text[ADDR_TEXT_MAX];
	struct avp_list ids;

	if (addr_same_host(&in->tunnel->core.peer, to)) {
		*ret = reason_make(ORIGIN_LOCAL, CDN_LOOP, 0, "the call came from %s",
				   addr_format_host(to, text));
		return true;
	}
	l2tp_session_tsa_ids(in, &ids);
	if (ids.n < AVP_LIST_MAX)
		return false;
	*ret = reason_make(ORIGIN_LOCAL, CDN_LOOP, 0, "the call was switched %u times", ids.n);
	return true;
}
