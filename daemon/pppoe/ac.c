/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The access concentrator of one interface: what becomes of each frame (RFC 2516 section 5).
 */
#include "pppoe/ac.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "pppoe/private.h"

int pppoe_ac_new(const struct pppoe_ops *ops, void *ctx, const struct pppoe_settings *settings,
		 const uint8_t mac[static PPPOE_MAC_LEN], struct pppoe_ac **ret)
{
	struct pppoe_ac *ac = mem_alloc(sizeof(*ac));

	if (!ac)
		return -ENOMEM;
	ac->ops = ops;
	ac->ctx = ctx;
	ac->settings = settings;
	memcpy(ac->mac, mac, PPPOE_MAC_LEN);
	ops->random(ac, ac->secret, sizeof(ac->secret));
	ops->random(ac, &ac->seed, sizeof(ac->seed));
	list_init(&ac->sessions);
	hash_init(&ac->by_id);
	hash_init(&ac->by_mac);
	hash_init(&ac->by_request);
	rate_init(&ac->by_source);
	*ret = ac;
	return 0;
}

void pppoe_ac_free(struct pppoe_ac *ac)
{
	if (!ac)
		return;
	hash_fini(&ac->by_id);
	hash_fini(&ac->by_mac);
	hash_fini(&ac->by_request);
	rate_fini(&ac->by_source);
	mem_free(ac);
}

void pppoe_ac_set(struct pppoe_ac *ac, const struct pppoe_settings *settings)
{
	ac->settings = settings;
}

void *pppoe_ac_ctx(const struct pppoe_ac *ac)
{
	return ac->ctx;
}

const struct pppoe_stats *pppoe_ac_stats(const struct pppoe_ac *ac)
{
	return &ac->stats;
}

unsigned int pppoe_ac_count(const struct pppoe_ac *ac)
{
	return (unsigned int)ac->by_id.count;
}

/* One source's budget first, so that it does not eat up what all have together. */
static bool within_rate(struct pppoe_ac *ac, const struct pppoe_packet *packet, usec_t *full_at,
			usec_t now)
{
	unsigned int of_mac = ac->settings->max_padi_rate_per_mac;
	unsigned int of_all = ac->settings->max_padi_rate;
	/* PADIs need no proof of where they come from and must not use up a client's PADRs. */
	uint64_t key = hash_bytes(packet->source, PPPOE_MAC_LEN, ac->seed + packet->code);

	if ((!of_mac || rate_allow(&ac->by_source, key, of_mac, now)) &&
	    (!of_all || rate_take(full_at, of_all, now)))
		return true;
	ac->stats.rx_over_rate++;
	return false;
}

static bool offers(const struct pppoe_ac *ac, struct bytes name)
{
	const struct pppoe_settings *settings = ac->settings;

	if (!name.len || !settings->n_service_names)
		return true;
	for (size_t i = 0; i < settings->n_service_names; i++) {
		if (bytes_equal(name, bytes_str(settings->service_names[i])))
			return true;
	}
	return false;
}

static const char *why_busy(const struct pppoe_ac *ac)
{
	return ac->ops->busy ? ac->ops->busy(ac) : NULL;
}

/* RFC 2516 5.2: one that cannot be served is not answered. */
static void on_padi(struct pppoe_ac *ac, const struct pppoe_packet *packet, usec_t now)
{
	if (!within_rate(ac, packet, &ac->padi_full_at, now))
		return;
	if (!offers(ac, packet->tags[PPPOE_SERVICE_NAME]))
		ac->stats.refused_service++;
	else if (pppoe_limit_reached(ac, packet->source))
		ac->stats.refused_limit++;
	else if (why_busy(ac))
		ac->stats.refused_system++;
	else if (!pppoe_answer_offer(ac, packet, now))
		ac->stats.rx_malformed++;
}

static void open_session(struct pppoe_ac *ac, const struct pppoe_packet *packet, usec_t now)
{
	struct pppoe_request request = pppoe_request_of(ac, packet);
	const char *limit = pppoe_limit_reached(ac, packet->source), *busy = why_busy(ac);
	struct pppoe_session *s;

	if (!offers(ac, packet->tags[PPPOE_SERVICE_NAME])) {
		ac->stats.refused_service++;
		pppoe_answer_error(ac, packet->source, &request, PPPOE_SERVICE_NAME_ERROR, NULL);
	} else if (limit) {
		ac->stats.refused_limit++;
		pppoe_answer_error(ac, packet->source, &request, PPPOE_AC_SYSTEM_ERROR, limit);
	} else if (busy) {
		ac->stats.refused_system++;
		pppoe_answer_error(ac, packet->source, &request, PPPOE_AC_SYSTEM_ERROR, busy);
	} else if (pppoe_session_new(ac, packet, now, &s)) {
		ac->stats.refused_system++;
		pppoe_answer_error(ac, packet->source, &request, PPPOE_AC_SYSTEM_ERROR,
				   "out of memory");
	} else {
		ac->ops->requested(s, now);
	}
}

static void on_padr(struct pppoe_ac *ac, const struct pppoe_packet *packet, usec_t now)
{
	struct pppoe_session *s;

	if (pppoe_has(packet, PPPOE_AC_NAME) &&
	    !bytes_equal(packet->tags[PPPOE_AC_NAME], bytes_str(ac->settings->ac_name))) {
		ac->stats.rx_unexpected++;
		return;
	}
	if (!pppoe_cookie_is_good(ac->secret, packet->source, now, packet->tags[PPPOE_AC_COOKIE])) {
		ac->stats.rx_bad_cookie++;
		return;
	}
	if (!within_rate(ac, packet, &ac->padr_full_at, now))
		return;
	/* Asked again before the answer was there, or because it was lost. */
	s = pppoe_session_asked(ac, packet, now);
	if (!s)
		open_session(ac, packet, now);
	else if (s->accepted)
		pppoe_answer_confirm(s);
}

static void on_padt(struct pppoe_ac *ac, const struct pppoe_packet *packet, usec_t now)
{
	struct pppoe_session *s = pppoe_session_find(ac, packet->session_id);
	char text[128];

	if (!s || s->peer_done || memcmp(s->mac, packet->source, PPPOE_MAC_LEN) != 0) {
		ac->stats.rx_unexpected++;
		return;
	}
	text_copy(text, sizeof(text), packet->tags[PPPOE_GENERIC_ERROR]);
	s->peer_done = true;
	ac->ops->closed(s, text, now);
}

struct code_row {
	enum pppoe_code code;
	/* Which of the counters. */
	size_t counter;
	bool broadcast;
	/* RFC 2516 5.1 and 5.3: exactly one Service-Name, and session id 0. */
	bool asks;
	void (*act)(struct pppoe_ac *ac, const struct pppoe_packet *packet, usec_t now);
};

/* What an access concentrator gets. */
static const struct code_row code_rows[] = {
	{PPPOE_PADI, offsetof(struct pppoe_stats, rx_padi), true, true, on_padi},
	{PPPOE_PADR, offsetof(struct pppoe_stats, rx_padr), false, true, on_padr},
	{PPPOE_PADT, offsetof(struct pppoe_stats, rx_padt), false, false, on_padt},
};

static const struct code_row *find_row(uint8_t code)
{
	for (size_t i = 0; i < sizeof(code_rows) / sizeof(code_rows[0]); i++) {
		if (code_rows[i].code == code)
			return &code_rows[i];
	}
	return NULL;
}

static bool is_for_us(const struct pppoe_ac *ac, const struct code_row *row,
		      const struct pppoe_packet *packet)
{
	static const uint8_t everybody[PPPOE_MAC_LEN] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

	if (memcmp(packet->source, ac->mac, PPPOE_MAC_LEN) == 0)
		return false;
	return memcmp(packet->destination, ac->mac, PPPOE_MAC_LEN) == 0 ||
	       (row->broadcast && memcmp(packet->destination, everybody, PPPOE_MAC_LEN) == 0);
}

static bool is_well_formed(const struct code_row *row, const struct pppoe_packet *packet)
{
	/* Nobody sends from a group's address. */
	if (packet->source[0] & 1)
		return false;
	return !row->asks || (packet->session_id == 0 && pppoe_has(packet, PPPOE_SERVICE_NAME));
}

void pppoe_ac_input(struct pppoe_ac *ac, struct bytes frame, usec_t now)
{
	const struct code_row *row;
	struct pppoe_packet packet;

	if (pppoe_parse(frame, &packet)) {
		ac->stats.rx_malformed++;
		return;
	}
	row = find_row(packet.code);
	if (!row || !is_for_us(ac, row, &packet)) {
		ac->stats.rx_unexpected++;
		return;
	}
	(*(uint64_t *)((char *)&ac->stats + row->counter))++;
	if (is_well_formed(row, &packet))
		row->act(ac, &packet, now);
	else
		ac->stats.rx_malformed++;
}

static void end_all(struct pppoe_ac *ac, const char *text, bool tell, usec_t now)
{
	struct pppoe_session *s;
	struct list left;

	/* closed() may free any of them, so only the first is ever looked at. */
	list_init(&left);
	while ((s = list_first(&ac->sessions, struct pppoe_session, node))) {
		list_remove(&s->node);
		list_append(&left, &s->node);
	}
	while ((s = list_first(&left, struct pppoe_session, node))) {
		list_remove(&s->node);
		list_append(&ac->sessions, &s->node);
		if (s->peer_done)
			continue;
		if (tell && s->accepted)
			pppoe_answer_terminate(s, text);
		s->peer_done = s->line_gone = true;
		ac->ops->closed(s, text, now);
	}
}

void pppoe_ac_down(struct pppoe_ac *ac, const char *text, usec_t now)
{
	end_all(ac, text, false, now);
}

void pppoe_ac_stop(struct pppoe_ac *ac, const char *text, usec_t now)
{
	end_all(ac, text, true, now);
}
