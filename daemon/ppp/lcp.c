/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * LCP on the automaton: what we want, what we think of what the peer wants, and its own codes.
 *
 * Of the peer's authentication RFC 1661 6.2 is kept: one protocol a request, the best first, and
 * after a Nak or Reject the next one, or the one that the Nak names, until none is left.
 */
#include "ppp/lcp.h"

#include <errno.h>
#include <string.h>

#include "base/list.h"
#include "ppp/option.h"

#define MAGIC_LEN 4

static struct lcp *lcp_of(struct ppp_fsm *fsm)
{
	return container_of(fsm, struct lcp, fsm);
}

static void fsm_send(struct ppp_fsm *fsm, struct bytes frame)
{
	lcp_of(fsm)->ops->send(lcp_of(fsm), frame);
}

static void new_magic(struct lcp *lcp)
{
	lcp->ops->random(lcp, &lcp->magic, sizeof(lcp->magic));
	/* Zero is illegal, RFC 1661 6.4. */
	lcp->magic += !lcp->magic;
}

static void fsm_restarted(struct ppp_fsm *fsm)
{
	struct lcp *lcp = lcp_of(fsm);

	lcp->mru = lcp->settings.mru < lcp->settings.mtu ? lcp->settings.mru : lcp->settings.mtu;
	lcp->wants_mru = true;
	lcp->wants_magic = true;
	lcp->auth = 0;
	lcp->refused = 0;
	new_magic(lcp);
}

static void fsm_request(struct ppp_fsm *fsm, struct writer *w)
{
	struct lcp *lcp = lcp_of(fsm);

	if (lcp->wants_mru) {
		writer_u8(w, LCP_MRU);
		writer_u8(w, PPP_OPTION_HEADER_LEN + 2);
		writer_u16(w, lcp->mru);
	}
	if (lcp->auth < lcp->settings.n_auths) {
		const struct ppp_auth_row *row = ppp_auth_row(lcp->settings.auths[lcp->auth]);

		writer_u8(w, LCP_AUTH);
		writer_u8(w, PPP_OPTION_HEADER_LEN + row->option_len);
		writer_u16(w, row->protocol);
		if (row->option_len > 2)
			writer_u8(w, row->algorithm);
	}
	if (lcp->wants_magic) {
		writer_u8(w, LCP_MAGIC);
		writer_u8(w, PPP_OPTION_HEADER_LEN + MAGIC_LEN);
		writer_u32(w, lcp->magic);
	}
}

/* One that is too long to be kept is not known; it is answered like any other. */
static void keep(struct lcp_confreq *ret, struct bytes options)
{
	ret->known = options.len <= sizeof(ret->options);
	ret->len = ret->known ? (uint16_t)options.len : 0;
	if (ret->len)
		memcpy(ret->options, options.data, ret->len);
}

static void learn(struct lcp *lcp, struct bytes options)
{
	struct ppp_option option;
	struct reader r;

	lcp->fsm.peer_mru = PPP_DEFAULT_MRU;
	lcp->peer_magic = 0;
	if (ppp_option_find(options, LCP_MRU, &option)) {
		r = reader_init(option.value.data, option.value.len);
		lcp->fsm.peer_mru = reader_u16(&r);
	}
	if (ppp_option_find(options, LCP_MAGIC, &option)) {
		r = reader_init(option.value.data, option.value.len);
		lcp->peer_magic = reader_u32(&r);
	}
}

/* None of our options may be listed twice, RFC 1661 section 6. */
static bool is_repeated(struct bytes options, const struct ppp_option *option)
{
	struct ppp_option first;

	return ppp_option_find(options, option->type, &first) &&
	       first.whole.data != option->whole.data;
}

/* Our own magic number is answered before all else: a Nak with another one, RFC 1661 6.4. */
static bool judge_loop(struct lcp *lcp, struct bytes options, struct writer *w)
{
	struct ppp_option option;
	struct reader r;

	if (!lcp->wants_magic || !ppp_option_find(options, LCP_MAGIC, &option))
		return false;
	r = reader_init(option.value.data, option.value.len);
	if (reader_u32(&r) != lcp->magic || reader_left(&r))
		return false;
	(void)lcp_judge_option(lcp, LCP_MAGIC, option.value, w);
	return true;
}

/*
 * RFC 1661 5.4 and 5.3: a Reject when there is anything to reject, with that only; else a Nak. With
 * max_failure Naks sent it is a Reject of those, 4.6. What does not fit is told the next time.
 */
static enum ppp_code fsm_judge(struct ppp_fsm *fsm, struct bytes options, struct writer *w)
{
	struct lcp *lcp = lcp_of(fsm);
	uint8_t naks[PPP_OPTIONS_MAX];
	struct writer nak = writer_init(naks, sizeof(naks));
	struct reader r = reader_init(options.data, options.len);
	bool patient = fsm->failures < fsm->counts.max_failure;
	struct ppp_option option;
	bool reject = false;

	if (!lcp->heard) {
		lcp->heard = true;
		keep(&lcp->initial_received, options);
	}
	if (judge_loop(lcp, options, w))
		return PPP_CONFIGURE_NAK;
	while (ppp_option_next(&r, &option)) {
		enum lcp_verdict verdict =
			is_repeated(options, &option)
				? LCP_REFUSE
				: lcp_judge_option(lcp, option.type, option.value, &nak);

		if (verdict == LCP_TAKE || (verdict == LCP_NAK && patient))
			continue;
		reject = true;
		if (option.whole.len <= (size_t)(w->end - w->pos))
			writer_bytes(w, option.whole);
	}
	if (reject)
		return PPP_CONFIGURE_REJECT;
	if (writer_len(&nak)) {
		writer_bytes(w, (struct bytes){naks, writer_len(&nak)});
		return PPP_CONFIGURE_NAK;
	}
	keep(&lcp->last_received, options);
	learn(lcp, options);
	return PPP_CONFIGURE_ACK;
}

static void fsm_agreed(struct ppp_fsm *fsm)
{
	lcp_of(fsm)->loops = 0;
}

/* The one that the peer names, when it is ours and was not refused before, else the next. */
static void next_auth(struct lcp *lcp, const struct ppp_auth_row *named, usec_t now)
{
	size_t next = lcp->settings.n_auths;

	lcp->refused |= 1u << lcp->auth;
	for (size_t i = lcp->settings.n_auths; i-- > 0;) {
		if (lcp->refused & 1u << i)
			continue;
		next = i;
		if (named && lcp->settings.auths[i] == named->auth)
			break;
	}
	lcp->auth = next;
	if (next == lcp->settings.n_auths)
		lcp->ops->failed(lcp, LCP_NO_AUTH, (struct bytes){0}, now);
}

static void refused_mru(struct lcp *lcp, enum ppp_code code, struct bytes value)
{
	struct reader r = reader_init(value.data, value.len);
	uint16_t mru = reader_u16(&r);

	if (code == PPP_CONFIGURE_REJECT)
		lcp->wants_mru = false;
	else if (r.ok && mru >= LCP_MRU_MIN && mru <= lcp->settings.mtu)
		lcp->mru = mru;
}

/* RFC 1661 6.4: a Nak with the number that was in our own last Nak is our own Nak. */
static void refused_magic(struct lcp *lcp, enum ppp_code code, struct bytes value, usec_t now)
{
	struct reader r = reader_init(value.data, value.len);
	uint32_t magic = reader_u32(&r);

	if (code == PPP_CONFIGURE_REJECT) {
		lcp->wants_magic = false;
		lcp->magic = 0;
		return;
	}
	if (r.ok && magic == lcp->naked_magic)
		lcp->loops++;
	else
		lcp->loops = 0;
	new_magic(lcp);
	if (lcp->loops >= LCP_LOOPS_MAX)
		lcp->ops->failed(lcp, LCP_LOOPED, (struct bytes){0}, now);
}

static void fsm_refused(struct ppp_fsm *fsm, enum ppp_code code, struct bytes options, usec_t now)
{
	struct lcp *lcp = lcp_of(fsm);
	struct ppp_option option;

	if (ppp_option_find(options, LCP_MRU, &option) && lcp->wants_mru)
		refused_mru(lcp, code, option.value);
	if (ppp_option_find(options, LCP_MAGIC, &option) && lcp->wants_magic)
		refused_magic(lcp, code, option.value, now);
	if (ppp_option_find(options, LCP_AUTH, &option) && lcp->auth < lcp->settings.n_auths)
		next_auth(lcp, code == PPP_CONFIGURE_NAK ? ppp_auth_of_option(option.value) : NULL,
			  now);
}

static bool is_ours(const struct lcp *lcp, const struct ppp_packet *packet)
{
	struct reader r = reader_init(packet->data.data, packet->data.len);
	uint32_t magic = reader_u32(&r);

	return lcp->wants_magic && magic == lcp->magic;
}

/* RFC 1661 5.7. What we cannot do without is LCP, and the authentication that was agreed. */
static int protocol_reject(struct lcp *lcp, const struct ppp_packet *packet, usec_t now)
{
	struct reader r = reader_init(packet->data.data, packet->data.len);
	uint16_t protocol = reader_u16(&r);

	if (!r.ok || lcp->fsm.state != PPP_OPENED)
		return -EBADMSG;
	if (protocol == PPP_PROTOCOL_LCP)
		return PPP_RXJ_MINUS;
	if (protocol && protocol == ppp_auth_row(lcp_auth(lcp))->protocol)
		lcp->ops->failed(lcp, LCP_NO_AUTH, (struct bytes){0}, now);
	return PPP_RXJ_PLUS;
}

static int fsm_extended(struct ppp_fsm *fsm, const struct ppp_packet *packet, usec_t now)
{
	struct lcp *lcp = lcp_of(fsm);

	switch (packet->code) {
	case PPP_PROTOCOL_REJECT:
		return protocol_reject(lcp, packet, now);
	case PPP_ECHO_REQUEST:
	case PPP_ECHO_REPLY:
	case PPP_DISCARD_REQUEST:
		/* One that we sent ourselves must not go round for ever. */
		return packet->data.len < MAGIC_LEN || is_ours(lcp, packet) ? -EBADMSG : PPP_RXR;
	default:
		return PPP_RUC;
	}
}

/* RFC 1661 5.8: the same data, with our magic number before it, as much as the peer takes. */
static void fsm_echo(struct ppp_fsm *fsm, const struct ppp_packet *packet)
{
	uint8_t data[PPP_PACKET_MAX];
	struct writer w = writer_init(data, (size_t)fsm->peer_mru - PPP_PACKET_HEADER_LEN);
	struct bytes rest = {packet->data.data + MAGIC_LEN, packet->data.len - MAGIC_LEN};

	if (packet->code != PPP_ECHO_REQUEST)
		return;
	if (rest.len > (size_t)(w.end - w.pos) - MAGIC_LEN)
		rest.len = (size_t)(w.end - w.pos) - MAGIC_LEN;
	writer_u32(&w, lcp_of(fsm)->magic);
	writer_bytes(&w, rest);
	ppp_fsm_send(fsm, PPP_ECHO_REPLY, packet->id, (struct bytes){data, writer_len(&w)});
}

static void fsm_terminated(struct ppp_fsm *fsm, struct bytes data, usec_t now)
{
	lcp_of(fsm)->ops->failed(lcp_of(fsm), LCP_TERMINATED, data, now);
}

static void fsm_rejected(struct ppp_fsm *fsm, usec_t now)
{
	lcp_of(fsm)->ops->failed(lcp_of(fsm), LCP_REJECTED, (struct bytes){0}, now);
}

static void fsm_up(struct ppp_fsm *fsm, usec_t now)
{
	lcp_of(fsm)->ops->up(lcp_of(fsm), now);
}

static void fsm_down(struct ppp_fsm *fsm, usec_t now)
{
	lcp_of(fsm)->ops->down(lcp_of(fsm), now);
}

static void fsm_finished(struct ppp_fsm *fsm, usec_t now)
{
	lcp_of(fsm)->ops->finished(lcp_of(fsm), now);
}

static const struct ppp_fsm_ops fsm_ops = {
	.protocol = PPP_PROTOCOL_LCP,
	.send = fsm_send,
	.restarted = fsm_restarted,
	.request = fsm_request,
	.judge = fsm_judge,
	.agreed = fsm_agreed,
	.refused = fsm_refused,
	.extended = fsm_extended,
	.echo = fsm_echo,
	.terminated = fsm_terminated,
	.rejected = fsm_rejected,
	.up = fsm_up,
	.down = fsm_down,
	.finished = fsm_finished,
};

enum ppp_auth lcp_auth(const struct lcp *lcp)
{
	return lcp->auth < lcp->settings.n_auths ? lcp->settings.auths[lcp->auth] : PPP_AUTH_NONE;
}

void lcp_input(struct lcp *lcp, struct bytes packet, usec_t now)
{
	ppp_fsm_input(&lcp->fsm, packet, now);
}

void lcp_protocol_reject(struct lcp *lcp, struct bytes frame, usec_t now)
{
	size_t most = (size_t)lcp->fsm.peer_mru - PPP_PACKET_HEADER_LEN;

	if (lcp->fsm.state != PPP_OPENED || now < lcp->next_protocol_reject)
		return;
	lcp->next_protocol_reject = now + USEC_PER_SEC;
	if (frame.len > most)
		frame.len = most;
	ppp_fsm_send(&lcp->fsm, PPP_PROTOCOL_REJECT, ppp_fsm_new_id(&lcp->fsm), frame);
}

void lcp_start(struct lcp *lcp, usec_t now)
{
	ppp_fsm_event(&lcp->fsm, PPP_OPEN, now);
	ppp_fsm_event(&lcp->fsm, PPP_UP, now);
}

void lcp_close(struct lcp *lcp, const char *text, usec_t now)
{
	lcp->fsm.farewell = text;
	ppp_fsm_event(&lcp->fsm, PPP_CLOSE, now);
}

int lcp_init(struct lcp *lcp, const struct lcp_ops *ops, const struct lcp_settings *settings,
	     struct timer_queue *timers)
{
	lcp->ops = ops;
	lcp->settings = *settings;
	if (lcp->settings.mtu > PPP_PACKET_MAX)
		lcp->settings.mtu = PPP_PACKET_MAX;
	if (lcp->settings.mtu < LCP_MRU_MIN)
		lcp->settings.mtu = LCP_MRU_MIN;
	return ppp_fsm_init(&lcp->fsm, &fsm_ops, &settings->counts, timers);
}

void lcp_fini(struct lcp *lcp)
{
	ppp_fsm_fini(&lcp->fsm);
}
