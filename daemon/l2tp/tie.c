/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two SCCRQs that cross, and which of them makes the one tunnel: the Tie Breaker of RFC 2661 4.4.3
 * and "lose tie-breaker" of 7.2.1.
 *
 * Each of ours carries one, so against an SCCRQ without ours wins. While an SCCRQ of ours is
 * unanswered, one of the same host's is compared with it: the winner's side ignores the loser, who
 * repeats it until the winner arrives there too. What was to happen in a tunnel that lost happens
 * in the one that won: the name, the owner and the calls that wait go over to it ("Re-queue").
 * Only an id that the tunnel was to have is lost with it: a late copy of its SCCRQ may still make
 * the peer speak to that id.
 */
#include "l2tp/private.h"

/*
 * A tunnel that does not know its peer's id yet stands in the table by_peer under the host alone,
 * so that an SCCRQ costs the same however many tunnels there are.
 */
static uint64_t host_key(const struct l2tp_engine *engine, const struct addr *peer)
{
	struct addr host = *peer;

	host.port = 0;
	return engine_peer_key(engine, &host, 0);
}

int tie_expect(struct l2tp_tunnel *t)
{
	return hash_insert(&t->engine->by_peer, &t->by_peer, host_key(t->engine, &t->core.peer));
}

static struct l2tp_tunnel *of_node(struct hash_node *node)
{
	return node ? container_of(node, struct l2tp_tunnel, by_peer) : NULL;
}

static struct l2tp_tunnel *first_of_host(const struct l2tp_engine *engine, const struct addr *peer)
{
	return of_node(hash_find(&engine->by_peer, host_key(engine, peer)));
}

static struct l2tp_tunnel *next_of_host(const struct l2tp_tunnel *t)
{
	return of_node(hash_find_next(&t->by_peer));
}

/* Whether the SCCRQ is that of a tunnel of this very engine: nothing crosses there. */
static bool is_our_own(const struct l2tp_engine *engine, const struct l2tp_msg *msg)
{
	const struct l2tp_tunnel *t = l2tp_tunnel_find(engine, msg->assigned_tunnel_id);

	return t && t->tie_breaker && msg_has(msg, AVP_TIE_BREAKER) &&
	       t->tie_breaker == msg->tie_breaker;
}

/* Of one of ours that waits for SCCRP. */
static bool is_crossed(const struct l2tp_tunnel *t, const struct addr *peer)
{
	/* Ports say nothing: ours was sent to the listener, the peer's came from another. */
	return addr_same_host(&t->core.peer, peer);
}

static enum tie compare(const struct l2tp_tunnel *t, const struct l2tp_msg *msg)
{
	if (!msg_has(msg, AVP_TIE_BREAKER))
		return t->tie_breaker ? TIE_WON : TIE_NONE;
	if (!t->tie_breaker || msg->tie_breaker < t->tie_breaker)
		return TIE_LOST;
	return msg->tie_breaker == t->tie_breaker ? TIE_EQUAL : TIE_WON;
}

enum tie tie_judge(const struct l2tp_engine *engine, const struct addr *peer,
		   const struct l2tp_msg *msg, unsigned int *ret_lost)
{
	const struct l2tp_tunnel *t;
	enum tie tie = TIE_NONE;

	*ret_lost = 0;
	if (list_empty(&engine->asking_tunnels) || is_our_own(engine, msg))
		return TIE_NONE;
	for (t = first_of_host(engine, peer); t; t = next_of_host(t)) {
		enum tie one = is_crossed(t, peer) ? compare(t, msg) : TIE_NONE;

		*ret_lost += one == TIE_LOST;
		/* With several of ours the peer's has to win against each. */
		tie = one > tie ? one : tie;
	}
	return tie;
}

static void move_sessions(struct l2tp_tunnel *from, struct l2tp_tunnel *to)
{
	struct l2tp_session *s, *next;

	for (s = l2tp_session_next(from, NULL); s; s = next) {
		next = l2tp_session_next(from, s);
		session_move(s, to);
	}
}

static void hand_over(struct l2tp_tunnel *from, struct l2tp_tunnel *to)
{
	to->idle_timeout = from->idle_timeout;
	if (!to->core.name[0])
		tunnel_take_name(to, from);
	if (!to->owner) {
		to->owner = from->owner;
		from->owner = 0;
	}
	if (from->admin > to->admin)
		to->admin = from->admin;
	move_sessions(from, to);
}

void tie_discard(struct l2tp_engine *engine, const struct addr *peer, const struct l2tp_msg *msg,
		 struct l2tp_tunnel *winner, usec_t now)
{
	enum tie lost = winner ? TIE_LOST : TIE_EQUAL;
	struct reason reason = reason_make(ORIGIN_PEER, 0, 0, "%s",
					   winner ? "its own SCCRQ won the tie"
						  : "its SCCRQ has the same tie breaker");
	struct l2tp_tunnel *t, *next;

	if (list_empty(&engine->asking_tunnels) || is_our_own(engine, msg))
		return;
	for (t = first_of_host(engine, peer); t; t = next) {
		next = next_of_host(t);
		if (t == winner || !is_crossed(t, peer) || compare(t, msg) != lost)
			continue;
		if (winner)
			hand_over(t, winner);
		tunnel_lost(t, &reason, now);
	}
}
