/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers from elsewhere: as initiator we asked one address and port, and the peer answers from
 * another. RFC 2661 8.1 allows it the port; NAT and hosts of many addresses change the address.
 *
 * Such an answer is looked at once, before anything is established, and never later. Nothing of
 * the tunnel is touched before it was found to be one: whoever only guessed the tunnel id must not
 * be in the way of the true answer. A peer that we challenged has to have answered rightly.
 */
#include "l2tp/private.h"

/* What keeps a host that is known but for its port from saying no. */
static bool is_refusal(const struct l2tp_tunnel *t, const struct addr *source,
		       const struct l2tp_msg *msg)
{
	return msg->type == MSG_STOPCCN && addr_same_host(&t->core.peer, source);
}

static bool is_rejected(const struct l2tp_tunnel *t, const struct addr *source)
{
	return (!addr_same_host(&t->core.peer, source) &&
		t->peer->address_change == CHANGE_REJECT) ||
	       (t->core.peer.port != source->port && t->peer->port_change == CHANGE_REJECT);
}

static void speak_to(struct l2tp_tunnel *t, const struct addr *source)
{
	uint16_t port = t->peer->port_change == CHANGE_ACCEPT ? source->port : t->core.peer.port;

	if (t->peer->address_change == CHANGE_ACCEPT)
		t->core.peer = *source;
	t->core.peer.port = port;
}

bool tunnel_adopt(struct l2tp_tunnel *t, const struct addr *source,
		  const struct control_header *header, struct bytes body, const char **ret_why)
{
	uint8_t scratch[MSG_LEN_MAX];
	struct msg_decode_params params = {.secret = peer_secret(t->peer),
					   .scratch = scratch,
					   .scratch_size = sizeof(scratch)};
	struct msg_error error;
	struct l2tp_msg msg;

	*ret_why = "the tunnel is another peer's";
	if (t->core.state != TUNNEL_WAIT_CTL_REPLY || header->ns != t->transport.nr)
		return false;
	if (!body.len || body.len > sizeof(scratch) || msg_decode(body, &params, &msg, &error) ||
	    (msg.type != MSG_SCCRP && !is_refusal(t, source, &msg)))
		return false;
	if (is_rejected(t, source)) {
		*ret_why = "the answer comes from elsewhere than was asked";
		return false;
	}
	if (msg.type == MSG_SCCRP && peer_is_challenged(t->peer) && !tunnel_is_answered(t, &msg)) {
		t->engine->stats.auth_failures++;
		*ret_why = "the answer comes from elsewhere and does not prove the secret";
		return false;
	}
	speak_to(t, source);
	return true;
}
