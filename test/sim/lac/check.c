/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What must be true: after everything that happens to a box, at rest, and at the end.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aaa/packet.h"
#include "lac/private.h"
#include "test/sim/lac/lac_sim.h"

/* No state that is not for good lasts longer: many destinations are tried, all silent. */
#define LONGEST (600 * USEC_PER_SEC)
#define NO_TUNNEL "no tunnel could be had"

static bool is_set(const struct timer *timer)
{
	return timer_running(timer) && timer->when != USEC_NEVER;
}

/* A session that the engine, the kernel or the peer is at. */
static bool ends(const struct l2tp_session *s)
{
	return s && s->core.state == SESSION_CLOSING && !s->ppp.running;
}

static bool waits(const struct lac_call *call)
{
	switch (call->state) {
	case LAC_ACCESS:
		return call->channel == KERNEL_CREATING;
	case LAC_NEGOTIATING:
		return call->proxy || is_set(&call->wake) || call->session;
	case LAC_AUTHORIZING:
		return call->request;
	case LAC_PLACING:
		return call->session || call->tunnel || is_set(&call->wake);
	case LAC_LOCAL_STARTING:
		return call->channel == KERNEL_DELETING;
	case LAC_TERMINATING:
		return call->proxy || call->pppd_running;
	case LAC_CLOSING:
		return is_set(&call->wake) || call->counting || ends(call->session) ||
		       ends(call->incoming) || call->pppd_running ||
		       call->channel == KERNEL_DELETING;
	case LAC_UP:
	case LAC_LOCAL:
	case LAC_STATE_MAX:
		break;
	}
	return true;
}

/* The LNS that a text for people begins with. */
static unsigned int number_in(const char *name)
{
	unsigned int number = 0;

	if (sscanf(name, "lns%u", &number) != 1 && sscanf(name, "10.0.0.%u", &number) == 1)
		number--;
	return number;
}

static bool is_full(const struct steer *steer, const struct steer_tunnel *tunnel)
{
	const struct steer_destination *at = steer_find(steer, tunnel->server);

	return at && tunnel->max_sessions && at->n_sessions >= tunnel->max_sessions;
}

static bool cannot_be_had(const struct steer *steer, const struct steer_tunnel *tunnel)
{
	const struct steer_destination *at = steer_find(steer, tunnel->server);
	bool locked = at && at->lock != STEER_UNLOCKED && at->lock != STEER_PROBING;

	return locked || is_full(steer, tunnel);
}

static bool is_refusal(const struct lac_call *call)
{
	return call->steered && call->reason.origin == ORIGIN_LOCAL &&
	       strncmp(call->reason.text, NO_TUNNEL, strlen(NO_TUNNEL)) == 0;
}

/* Nobody is told that there is no tunnel while there is one that did not fail him. At the moment
 * when he is told, for a moment later others have hung up or a lockout is over. */
static void judge(struct box *box, const struct lac_call *call)
{
	const struct steer_set *set = call->steer.set;
	struct sim_call *sc = sim_call_of(box, call);
	bool room = false;

	if (sc->judged || !is_refusal(call))
		return;
	sc->judged = true;
	box->world->totals->refused++;
	if (box->world->loses_memory)
		return;
	for (size_t i = 0; i < set->n; i++) {
		HOLDS(box, sc->moved & 1u << number_in(set->tunnels[i].name) ||
				   cannot_be_had(lac_steer(box->lac), &set->tunnels[i]));
		room |= !is_full(lac_steer(box->lac), &set->tunnels[i]);
	}
	/* Be they all locked out, he was let through to one of them. */
	HOLDS(box, sc->moved || !room);
}

void check_told(struct box *box, const struct lac_call *call)
{
	if (call->state >= LAC_TERMINATING)
		judge(box, call);
	/* Those that failed him before he began anew may be tried again. */
	if (call->state == LAC_NEGOTIATING)
		sim_call_of(box, call)->moved = 0;
}

static void check_joined(struct box *box, const struct lac_call *call)
{
	const struct end *out = call->session ? call->session->dp : NULL;
	const struct end *in = call->incoming ? call->incoming->dp : call->io;

	HOLDS(box, out && in && out->joined == in && in->joined == out);
}

static void check_call(struct box *box, const struct lac_call *call)
{
	struct sim_call *sc = sim_call_of(box, call);

	if (sc->state != call->state) {
		sc->state = call->state;
		sc->since = box->world->now;
	}
	HOLDS(box, waits(call));
	HOLDS(box, call->state == LAC_UP || call->state == LAC_LOCAL ||
			   box->world->now - sc->since < LONGEST);
	HOLDS(box, (call->state == LAC_AUTHORIZING) == !!call->request);
	HOLDS(box, list_empty(&call->in_tunnel) || call->state == LAC_PLACING);
	HOLDS(box, !call->tunnel || call->steered);
	HOLDS(box, list_empty(&call->in_tunnel) || call->tunnel);
	HOLDS(box, call->steered || !call->steer.set);
	HOLDS(box, !call->session || lac_call_of(box->lac, call->session) == call);
	HOLDS(box, !call->incoming || lac_call_of(box->lac, call->incoming) == call);
	HOLDS(box, call->pppd_running == !!call->pppd);
	HOLDS(box, call->state != LAC_CLOSING || !call->pppoe);
	HOLDS(box, call->state != LAC_CLOSING || sc->told_over);
	HOLDS(box, !call->pppoe || call->pppoe->user == call);
	HOLDS(box,
	      (call->state == LAC_UP || (call->state == LAC_LOCAL && call->up_at)) <= sc->told_up);
	if (call->state == LAC_UP)
		check_joined(box, call);
	HOLDS(box, sc->judged || !is_refusal(call));
}

static void check_steer(struct box *box)
{
	const struct steer *steer = lac_steer(box->lac);
	const struct steer_destination *at = NULL;
	const struct lac_call *call;

	while ((at = steer_next(steer, at))) {
		const struct steer_path *path;
		unsigned int n = 0, paths = 0, in_path;

		for (call = lac_next(box->lac, NULL); call; call = lac_next(box->lac, call))
			n += call->steer.path && call->steer.path->destination == at;
		HOLDS(box, at->n_sessions == n);
		list_for_each (path, &at->paths, node) {
			const struct lac_tunnel *lt = path->user;

			paths++;
			in_path = 0;
			for (call = lac_next(box->lac, NULL); call; call = lac_next(box->lac, call))
				in_path += call->steer.path == path;
			HOLDS(box, path->n_sessions == in_path);
			HOLDS(box, !lt || lt->path == path);
		}
		HOLDS(box, at->n_paths == paths);
	}
}

/* Each tunnel knows how many calls hold on to it, and how many of those were up. */
static void check_counts(struct box *box)
{
	const struct hash_node *node;
	const struct lac_call *call;

	for (node = hash_walk(&box->lac->tunnels, NULL); node;
	     node = hash_walk(&box->lac->tunnels, node)) {
		const struct lac_tunnel *lt = container_of(node, struct lac_tunnel, by_owner);
		unsigned int n = 0, up = 0;

		for (call = lac_next(box->lac, NULL); call; call = lac_next(box->lac, call)) {
			n += call->tunnel == lt;
			up += call->tunnel == lt && call->up_at;
		}
		HOLDS(box, lt->n_calls == n && lt->n_up == up);
	}
}

/* Each waits for its address, or is one of the engine's, or of an SCCRQ that lost a tie. */
static void check_tunnels(struct box *box)
{
	const struct hash_node *node;
	const struct lac_call *call;

	for (node = hash_walk(&box->lac->tunnels, NULL); node;
	     node = hash_walk(&box->lac->tunnels, node)) {
		const struct lac_tunnel *lt = container_of(node, struct lac_tunnel, by_owner);

		/* Only for the sake of the accounts of its calls. */
		if (lt->gone) {
			HOLDS(box, lt->n_calls && !lt->resolving && list_empty(&lt->waiting));
			continue;
		}
		HOLDS(box, lt->resolving == !lt->tunnel_id);
		HOLDS(box, lt->resolving || lac_tunnel_of(lt));
		list_for_each (call, &lt->waiting, in_tunnel)
			HOLDS(box, call->tunnel == lt && !call->session);
	}
}

static void check_ends(struct box *box)
{
	const struct end *end;

	list_for_each (end, &box->ends, node) {
		const struct lac_call *call = end->call;

		HOLDS(box, !call || (call->io == end && sim_call_of(box, call)));
		HOLDS(box, !end->session || end->session->dp == end);
		if (!end->joined)
			continue;
		HOLDS(box, end->joined->joined == end);
		if (!call)
			call = lac_call_of(box->lac, end->session);
		HOLDS(box, call);
		if (end->joined->session)
			HOLDS(box, lac_call_of(box->lac, end->joined->session) == call);
		else
			HOLDS(box, end->joined->call == call);
	}
}

static void check_sessions(struct box *box)
{
	const struct l2tp_session *s;
	const struct l2tp_tunnel *t;

	list_for_each (t, &box->engine->tunnels, node) {
		for (s = l2tp_session_next(t, NULL); s; s = l2tp_session_next(t, s)) {
			const struct lac_call *call = lac_call_of(box->lac, s);

			/* A session that we placed is of a call, and knows which. */
			if (s->core.type == CALL_LAC_INCOMING)
				HOLDS(box, call && call->session == s);
			/* One that came in is when it is up, until it ends. */
			else
				HOLDS(box, !s->ppp.running || (call && call->incoming == s));
		}
	}
}

static unsigned int accepted(const struct pppoe_ac *ac)
{
	const struct pppoe_session *s = NULL;
	unsigned int n = 0;

	while ((s = pppoe_session_next(ac, s)))
		n += s->accepted && !s->peer_done;
	return n;
}

void check_box(struct box *box)
{
	const struct lac_call *call;
	unsigned int n = 0;

	if (!box->lac)
		return;
	/* Where there is much to look at, not at each step. */
	if (lac_count(box->lac) > 12 && box->checks++ % 16)
		return;
	for (call = lac_next(box->lac, NULL); call; call = lac_next(box->lac, call)) {
		check_call(box, call);
		n++;
	}
	HOLDS(box, n == lac_count(box->lac));
	check_counts(box);
	check_steer(box);
	check_tunnels(box);
	check_ends(box);
	check_sessions(box);
	HOLDS(box, !box->ac || accepted(box->ac) == box->world->n_open);
}

void check_news(struct box *box, const struct lac_call *call, enum lac_news news, const char *text)
{
	struct sim_call *sc = sim_call_of(box, call);
	struct totals *totals = box->world->totals;

	switch (news) {
	case LAC_NEWS_UP:
		HOLDS(box, !sc->told_up && !sc->told_over);
		sc->told_up = true;
		totals->up++;
		totals->switched += call->kind == LAC_SWITCHED;
		break;
	case LAC_NEWS_MOVED:
		HOLDS(box, !sc->told_up && !sc->told_over);
		/* That the LAC itself ends or drains a tunnel is no failure of its LNS. */
		HOLDS(box, box->stopping || !strstr(text, strerror(ESHUTDOWN)));
		sc->moved |= 1u << number_in(text);
		totals->moved++;
		break;
	case LAC_NEWS_ENDED:
	case LAC_NEWS_FAILED:
		HOLDS(box, (news == LAC_NEWS_ENDED) == sc->told_up && !sc->told_over);
		HOLDS(box, call->reason.origin != ORIGIN_NONE);
		judge(box, call);
		sc->told_over = true;
		*(sc->told_up ? &totals->ended : &totals->failed) += 1;
		break;
	case LAC_NEWS_GONE:
		HOLDS(box, sc->told_over);
		list_remove(&sc->node);
		free(sc);
		break;
	case LAC_NEWS_MAX:
		break;
	}
}

static struct account *account_of(struct world *w, struct bytes id)
{
	struct account *account;

	list_for_each (account, &w->accounts, node) {
		if (bytes_equal(bytes_str(account->id), id))
			return account;
	}
	account = sim_alloc(sizeof(*account));
	HOLDS(&w->boxes[THE_LAC], id.len < sizeof(account->id));
	memcpy(account->id, id.data, id.len);
	list_append(&w->accounts, &account->node);
	return account;
}

/* What is repeated says the same: only the order can be wrong. No Start follows its Stop, even when
 * answers are lost, for a session that never ends would stay in the books. */
void check_account(struct world *w, struct bytes packet)
{
	struct box *box = &w->boxes[THE_LAC];
	struct radius_value type, id;
	struct radius_packet parsed;
	struct account *account;

	HOLDS(box, radius_parse(packet, &parsed) == 0);
	HOLDS(box, radius_get(parsed.attributes, ATTR_ACCT_STATUS_TYPE, &type));
	HOLDS(box, radius_get(parsed.attributes, ATTR_ACCT_SESSION_ID, &id));
	account = account_of(w, id.value);
	if (type.number == RADIUS_START || type.number == RADIUS_TUNNEL_START) {
		HOLDS(box, !account->stopped || w->loses_memory);
		account->started = true;
	}
	if (type.number == RADIUS_INTERIM)
		HOLDS(box, account->started || w->loses_memory);
	if (type.number == RADIUS_STOP || type.number == RADIUS_TUNNEL_STOP) {
		HOLDS(box, account->started || w->loses_memory);
		account->stopped = true;
	}
}

static void check_far_end(struct box *box, const struct l2tp_session *s)
{
	const struct l2tp_session *far = far_end(box->world, s);

	HOLDS(box, far && far_end(box->world, far) == s);
	HOLDS(box, s->core.state == SESSION_ESTABLISHED && far->core.state == SESSION_ESTABLISHED);
}

/* All is well, and has been for long: whoever wants a tunnel has one, from end to end. */
void check_rest(struct world *w)
{
	const struct l2tp_session *s;
	const struct l2tp_tunnel *t;

	for (unsigned int i = 0; i < w->n_boxes; i++) {
		struct box *box = &w->boxes[i];

		list_for_each (t, &box->engine->tunnels, node) {
			for (s = l2tp_session_next(t, NULL); s; s = l2tp_session_next(t, s))
				check_far_end(box, s);
		}
	}
	for (unsigned int i = 0; i < w->n_subscribers; i++) {
		struct subscriber *sub = &w->subscribers[i];
		struct box *box = &w->boxes[THE_LAC];
		const struct end *end = access_end(box, sub->mac, sub->id);

		if (sub->state != SUB_OPEN)
			SAY(w, "subscriber", "%u is not up", sub->number);
		HOLDS(box, sub->state == SUB_OPEN);
		/* At a pppd he has no channel of ours. */
		if (!end)
			continue;
		HOLDS(box, end->joined && end->call->state == LAC_UP);
		w->totals->came_back++;
	}
}

/* A LAC that stopped has left nothing. */
void check_nothing(struct world *w)
{
	const struct account *account;

	for (unsigned int i = 0; i < w->n_boxes; i++) {
		struct box *box = &w->boxes[i];

		if (!box->lac)
			continue;
		HOLDS(box, lac_count(box->lac) == 0 && list_empty(&box->calls));
		HOLDS(box, radius_pending(box->radius) == 0);
		HOLDS(box, box->pppds == 0 && list_empty(&box->ends));
		HOLDS(box, !box->engine->n_tunnels && !box->kernel_tunnels && !box->sockets);
		HOLDS(box, !box->ac || pppoe_ac_count(box->ac) == 0);
	}
	HOLDS(&w->boxes[THE_LAC], w->n_open == 0);
	list_for_each (account, &w->accounts, node)
		HOLDS(&w->boxes[THE_LAC], account->started == account->stopped || w->loses_memory);
}
