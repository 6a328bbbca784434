/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counting of control messages and Result Codes. The columns are the message table's and the
 * codes': a new type needs no line here.
 */
#include "l2tp/traffic.h"

static unsigned int column(uint16_t result, unsigned int columns)
{
	return result < columns ? result : 0;
}

static void count(struct in_out *column, bool out)
{
	*(out ? &column->out : &column->in) += 1;
}

static void count32(struct in_out32 *column, bool out)
{
	*(out ? &column->out : &column->in) += 1;
}

void traffic_count(struct traffic *traffic, bool out, const struct l2tp_msg *msg)
{
	count(&traffic->messages[msg->type], out);
	if (msg->type == MSG_STOPCCN)
		count(&traffic->stopccn[column(msg->result_code.result, STOPCCN_RESULT_MAX)], out);
	else if (msg->type == MSG_CDN)
		count(&traffic->cdn[column(msg->result_code.result, CDN_RESULT_MAX)], out);
}

void tunnel_traffic_count(struct tunnel_traffic *traffic, bool out, const struct l2tp_msg *msg)
{
	count32(&traffic->messages[msg->type], out);
	if (msg->type == MSG_CDN)
		count32(&traffic->cdn[column(msg->result_code.result, CDN_RESULT_MAX)], out);
}

static void widen(struct in_out *wide, const struct in_out32 *narrow, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		wide[i] = (struct in_out){.in = narrow[i].in, .out = narrow[i].out};
}

struct traffic traffic_of_tunnel(const struct tunnel_traffic *traffic)
{
	struct traffic wide = {0};

	widen(wide.messages, traffic->messages, MSG_TYPE_MAX);
	widen(wide.cdn, traffic->cdn, CDN_RESULT_MAX);
	return wide;
}
