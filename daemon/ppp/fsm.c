/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The automaton's table (RFC 1661 4.1), its actions (4.4), Restart timer and counters (4.6).
 *
 * Options taken: a Stopped protocol does not wait passively [p], Open in an open state changes
 * nothing [r]. An answer to a Configure-Request is taken once, so a doubled Ack is out of sequence
 * and is discarded before it could be a crossed connection [x].
 */
#include "ppp/fsm.h"

#include <string.h>

#include "base/list.h"

#define GO(actions, state)               \
	{                                \
		true, (actions), (state) \
	}
#define TO(state)                \
	{                        \
		true, 0, (state) \
	}
#define NO                            \
	{                             \
		false, 0, PPP_INITIAL \
	}

/* A column a state, in the order of enum ppp_state; the second part begins at Req-Sent. */
/* clang-format off */
const struct ppp_transition ppp_transitions[PPP_EVENT_MAX][PPP_STATE_MAX] = {
	[PPP_UP] = {
		TO(PPP_CLOSED), GO(PPP_IRC | PPP_SCR, PPP_REQ_SENT), NO, NO, NO, NO,
		NO, NO, NO, NO,
	},
	[PPP_DOWN] = {
		NO, NO, TO(PPP_INITIAL), GO(PPP_TLS, PPP_STARTING), TO(PPP_INITIAL),
			TO(PPP_STARTING),
		TO(PPP_STARTING), TO(PPP_STARTING), TO(PPP_STARTING), GO(PPP_TLD, PPP_STARTING),
	},
	[PPP_OPEN] = {
		GO(PPP_TLS, PPP_STARTING), TO(PPP_STARTING), GO(PPP_IRC | PPP_SCR, PPP_REQ_SENT),
			TO(PPP_STOPPED), TO(PPP_STOPPING), TO(PPP_STOPPING),
		TO(PPP_REQ_SENT), TO(PPP_ACK_RCVD), TO(PPP_ACK_SENT), TO(PPP_OPENED),
	},
	[PPP_CLOSE] = {
		TO(PPP_INITIAL), GO(PPP_TLF, PPP_INITIAL), TO(PPP_CLOSED), TO(PPP_CLOSED),
			TO(PPP_CLOSING), TO(PPP_CLOSING),
		GO(PPP_IRC | PPP_STR, PPP_CLOSING), GO(PPP_IRC | PPP_STR, PPP_CLOSING),
			GO(PPP_IRC | PPP_STR, PPP_CLOSING),
			GO(PPP_TLD | PPP_IRC | PPP_STR, PPP_CLOSING),
	},
	[PPP_TO_PLUS] = {
		NO, NO, NO, NO, GO(PPP_STR, PPP_CLOSING), GO(PPP_STR, PPP_STOPPING),
		GO(PPP_SCR, PPP_REQ_SENT), GO(PPP_SCR, PPP_REQ_SENT), GO(PPP_SCR, PPP_ACK_SENT),
			NO,
	},
	[PPP_TO_MINUS] = {
		NO, NO, NO, NO, GO(PPP_TLF, PPP_CLOSED), GO(PPP_TLF, PPP_STOPPED),
		GO(PPP_TLF, PPP_STOPPED), GO(PPP_TLF, PPP_STOPPED), GO(PPP_TLF, PPP_STOPPED), NO,
	},
	[PPP_RCR_PLUS] = {
		NO, NO, GO(PPP_STA, PPP_CLOSED), GO(PPP_IRC | PPP_SCR | PPP_SCA, PPP_ACK_SENT),
			TO(PPP_CLOSING), TO(PPP_STOPPING),
		GO(PPP_SCA, PPP_ACK_SENT), GO(PPP_SCA | PPP_TLU, PPP_OPENED),
			GO(PPP_SCA, PPP_ACK_SENT), GO(PPP_TLD | PPP_SCR | PPP_SCA, PPP_ACK_SENT),
	},
	[PPP_RCR_MINUS] = {
		NO, NO, GO(PPP_STA, PPP_CLOSED), GO(PPP_IRC | PPP_SCR | PPP_SCN, PPP_REQ_SENT),
			TO(PPP_CLOSING), TO(PPP_STOPPING),
		GO(PPP_SCN, PPP_REQ_SENT), GO(PPP_SCN, PPP_ACK_RCVD), GO(PPP_SCN, PPP_REQ_SENT),
			GO(PPP_TLD | PPP_SCR | PPP_SCN, PPP_REQ_SENT),
	},
	[PPP_RCA] = {
		NO, NO, GO(PPP_STA, PPP_CLOSED), GO(PPP_STA, PPP_STOPPED), TO(PPP_CLOSING),
			TO(PPP_STOPPING),
		GO(PPP_IRC, PPP_ACK_RCVD), GO(PPP_SCR, PPP_REQ_SENT),
			GO(PPP_IRC | PPP_TLU, PPP_OPENED), GO(PPP_TLD | PPP_SCR, PPP_REQ_SENT),
	},
	[PPP_RCN] = {
		NO, NO, GO(PPP_STA, PPP_CLOSED), GO(PPP_STA, PPP_STOPPED), TO(PPP_CLOSING),
			TO(PPP_STOPPING),
		GO(PPP_IRC | PPP_SCR, PPP_REQ_SENT), GO(PPP_SCR, PPP_REQ_SENT),
			GO(PPP_IRC | PPP_SCR, PPP_ACK_SENT), GO(PPP_TLD | PPP_SCR, PPP_REQ_SENT),
	},
	[PPP_RTR] = {
		NO, NO, GO(PPP_STA, PPP_CLOSED), GO(PPP_STA, PPP_STOPPED),
			GO(PPP_STA, PPP_CLOSING), GO(PPP_STA, PPP_STOPPING),
		GO(PPP_STA, PPP_REQ_SENT), GO(PPP_STA, PPP_REQ_SENT), GO(PPP_STA, PPP_REQ_SENT),
			GO(PPP_TLD | PPP_ZRC | PPP_STA, PPP_STOPPING),
	},
	[PPP_RTA] = {
		NO, NO, TO(PPP_CLOSED), TO(PPP_STOPPED), GO(PPP_TLF, PPP_CLOSED),
			GO(PPP_TLF, PPP_STOPPED),
		TO(PPP_REQ_SENT), TO(PPP_REQ_SENT), TO(PPP_ACK_SENT),
			GO(PPP_TLD | PPP_SCR, PPP_REQ_SENT),
	},
	[PPP_RUC] = {
		NO, NO, GO(PPP_SCJ, PPP_CLOSED), GO(PPP_SCJ, PPP_STOPPED),
			GO(PPP_SCJ, PPP_CLOSING), GO(PPP_SCJ, PPP_STOPPING),
		GO(PPP_SCJ, PPP_REQ_SENT), GO(PPP_SCJ, PPP_ACK_RCVD), GO(PPP_SCJ, PPP_ACK_SENT),
			GO(PPP_SCJ, PPP_OPENED),
	},
	[PPP_RXJ_PLUS] = {
		NO, NO, TO(PPP_CLOSED), TO(PPP_STOPPED), TO(PPP_CLOSING), TO(PPP_STOPPING),
		TO(PPP_REQ_SENT), TO(PPP_REQ_SENT), TO(PPP_ACK_SENT), TO(PPP_OPENED),
	},
	[PPP_RXJ_MINUS] = {
		NO, NO, GO(PPP_TLF, PPP_CLOSED), GO(PPP_TLF, PPP_STOPPED), GO(PPP_TLF, PPP_CLOSED),
			GO(PPP_TLF, PPP_STOPPED),
		GO(PPP_TLF, PPP_STOPPED), GO(PPP_TLF, PPP_STOPPED), GO(PPP_TLF, PPP_STOPPED),
			GO(PPP_TLD | PPP_IRC | PPP_STR, PPP_STOPPING),
	},
	[PPP_RXR] = {
		NO, NO, TO(PPP_CLOSED), TO(PPP_STOPPED), TO(PPP_CLOSING), TO(PPP_STOPPING),
		TO(PPP_REQ_SENT), TO(PPP_ACK_RCVD), TO(PPP_ACK_SENT), GO(PPP_SER, PPP_OPENED),
	},
};
/* clang-format on */

/* "Identifiable by the presence of TO events". */
static bool has_timer(enum ppp_state state)
{
	return ppp_transitions[PPP_TO_PLUS][state].legal;
}

static bool is_negotiating(enum ppp_state state)
{
	return state == PPP_REQ_SENT || state == PPP_ACK_RCVD || state == PPP_ACK_SENT;
}

/* It has a place in the queue since the beginning, which cannot fail. */
static void set_timer(struct ppp_fsm *fsm, usec_t when)
{
	(void)timer_start(fsm->timers, &fsm->timer, when);
}

uint8_t ppp_fsm_new_id(struct ppp_fsm *fsm)
{
	return ++fsm->last_id;
}

void ppp_fsm_send(struct ppp_fsm *fsm, uint8_t code, uint8_t id, struct bytes data)
{
	uint8_t frame[PPP_PROTOCOL_LEN + PPP_PACKET_MAX];
	struct writer w = writer_init(frame, sizeof(frame));

	writer_u16(&w, fsm->ops->protocol);
	writer_u8(&w, code);
	writer_u8(&w, id);
	writer_u16(&w, (uint16_t)(PPP_PACKET_HEADER_LEN + data.len));
	writer_bytes(&w, data);
	if (w.ok)
		fsm->ops->send(fsm, (struct bytes){frame, writer_len(&w)});
}

/* A repetition for a lost packet is the same packet: the answer to the first one is as good. */
static void send_configure_request(struct ppp_fsm *fsm, bool repeats, usec_t now)
{
	struct writer w = writer_init(fsm->request, sizeof(fsm->request));

	if (!repeats || !fsm->awaited) {
		fsm->ops->request(fsm, &w);
		fsm->request_len = writer_len(&w);
		fsm->request_id = ppp_fsm_new_id(fsm);
		fsm->awaited = true;
	}
	if (fsm->restarts > 0)
		fsm->restarts--;
	set_timer(fsm, now + fsm->counts.restart);
	ppp_fsm_send(fsm, PPP_CONFIGURE_REQUEST, fsm->request_id,
		     (struct bytes){fsm->request, fsm->request_len});
}

static void send_terminate_request(struct ppp_fsm *fsm, bool repeats, usec_t now)
{
	fsm->awaited = false;
	if (fsm->restarts > 0)
		fsm->restarts--;
	set_timer(fsm, now + fsm->counts.restart);
	ppp_fsm_send(fsm, PPP_TERMINATE_REQUEST, repeats ? fsm->last_id : ppp_fsm_new_id(fsm),
		     bytes_str(fsm->farewell));
}

/* To a Terminate-Request, or to say that nothing is up here. */
static void send_terminate_ack(struct ppp_fsm *fsm)
{
	bool asked = fsm->packet && fsm->packet->code == PPP_TERMINATE_REQUEST;

	ppp_fsm_send(fsm, PPP_TERMINATE_ACK, asked ? fsm->packet->id : ppp_fsm_new_id(fsm),
		     (struct bytes){0});
}

/* RFC 1661 5.6: cut to what the peer can receive. */
static void send_code_reject(struct ppp_fsm *fsm)
{
	struct bytes whole = fsm->packet->whole;
	size_t most = (size_t)fsm->peer_mru - PPP_PACKET_HEADER_LEN;

	if (whole.len > most)
		whole.len = most;
	ppp_fsm_send(fsm, PPP_CODE_REJECT, ppp_fsm_new_id(fsm), whole);
}

static void send_answer(struct ppp_fsm *fsm)
{
	if (fsm->answer == PPP_CONFIGURE_ACK)
		fsm->failures = 0;
	else if (fsm->answer == PPP_CONFIGURE_NAK)
		fsm->failures++;
	ppp_fsm_send(fsm, (uint8_t)fsm->answer, fsm->packet->id, fsm->answer_options);
}

static void send_packets(struct ppp_fsm *fsm, unsigned int actions, enum ppp_event event,
			 usec_t now)
{
	bool repeats = event == PPP_TO_PLUS;

	if (actions & PPP_SCR)
		send_configure_request(fsm, repeats, now);
	if (actions & PPP_STR)
		send_terminate_request(fsm, repeats, now);
	if (actions & (PPP_SCA | PPP_SCN))
		send_answer(fsm);
	if (actions & PPP_STA)
		send_terminate_ack(fsm);
	if (actions & PPP_SCJ)
		send_code_reject(fsm);
	if (actions & PPP_SER && fsm->ops->echo)
		fsm->ops->echo(fsm, fsm->packet);
}

static void reset_counter(struct ppp_fsm *fsm, unsigned int actions, usec_t now)
{
	if (actions & PPP_IRC)
		fsm->restarts =
			actions & PPP_STR ? fsm->counts.max_terminate : fsm->counts.max_configure;
	if (actions & PPP_ZRC) {
		fsm->restarts = 0;
		set_timer(fsm, now + fsm->counts.restart);
	}
}

bool ppp_fsm_event(struct ppp_fsm *fsm, enum ppp_event event, usec_t now)
{
	const struct ppp_transition *row = &ppp_transitions[event][fsm->state];
	enum ppp_state before = fsm->state;

	if (!row->legal)
		return false;
	fsm->state = row->next;
	if (has_timer(before) && !has_timer(row->next))
		set_timer(fsm, USEC_NEVER);
	if (row->actions & PPP_TLD)
		fsm->ops->down(fsm, now);
	if (row->actions & PPP_SCR && !is_negotiating(before)) {
		fsm->failures = 0;
		fsm->awaited = false;
		fsm->ops->restarted(fsm);
	}
	reset_counter(fsm, row->actions, now);
	send_packets(fsm, row->actions, event, now);
	if (event == PPP_RTR && fsm->ops->terminated)
		fsm->ops->terminated(fsm, fsm->packet->data, now);
	if (event == PPP_RXJ_MINUS && fsm->ops->rejected)
		fsm->ops->rejected(fsm, now);
	if (row->actions & PPP_TLF)
		fsm->ops->finished(fsm, now);
	if (row->actions & PPP_TLU)
		fsm->ops->up(fsm, now);
	return true;
}

static void on_timer(struct timer *timer, usec_t now)
{
	struct ppp_fsm *fsm = container_of(timer, struct ppp_fsm, timer);

	set_timer(fsm, USEC_NEVER);
	ppp_fsm_event(fsm, fsm->restarts > 0 ? PPP_TO_PLUS : PPP_TO_MINUS, now);
}

int ppp_fsm_init(struct ppp_fsm *fsm, const struct ppp_fsm_ops *ops,
		 const struct ppp_counts *counts, struct timer_queue *timers)
{
	*fsm = (struct ppp_fsm){
		.ops = ops,
		.timers = timers,
		.counts = *counts,
		.state = PPP_INITIAL,
		.peer_mru = PPP_DEFAULT_MRU,
	};
	timer_init(&fsm->timer, on_timer);
	return timer_start(timers, &fsm->timer, USEC_NEVER);
}

void ppp_fsm_fini(struct ppp_fsm *fsm)
{
	timer_stop(fsm->timers, &fsm->timer);
}
