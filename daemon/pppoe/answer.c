/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the access concentrator says: PADO, PADS and PADT (RFC 2516 sections 5.2, 5.4 and 5.5).
 */
#include "pppoe/private.h"

/* Given back as they came (RFC 2516 appendix A). */
static const enum pppoe_tag echoed[] = {PPPOE_HOST_UNIQ, PPPOE_RELAY_SESSION_ID};

struct pppoe_request pppoe_request_of(const struct pppoe_ac *ac, const struct pppoe_packet *packet)
{
	uint16_t wanted = pppoe_max_payload(packet), most = ac->settings->max_payload;
	struct pppoe_request request = {.present = packet->present, .max_payload = PPPOE_MTU};

	for (size_t i = 0; i < PPPOE_TAG_MAX; i++)
		request.tags[i] = packet->tags[i];
	if (wanted > PPPOE_MTU && most > PPPOE_MTU)
		request.max_payload = wanted < most ? wanted : most;
	return request;
}

static void write_echo(struct writer *w, const struct pppoe_request *request)
{
	for (size_t i = 0; i < sizeof(echoed) / sizeof(echoed[0]); i++) {
		if (request->present & UINT32_C(1) << echoed[i])
			pppoe_write_tag(w, echoed[i], request->tags[echoed[i]]);
	}
}

static void write_max_payload(struct writer *w, uint16_t max_payload)
{
	uint8_t value[2] = {(uint8_t)(max_payload >> 8), (uint8_t)max_payload};

	if (max_payload > PPPOE_MTU)
		pppoe_write_tag(w, PPPOE_MAX_PAYLOAD, (struct bytes){value, sizeof(value)});
}

/* Left out rather than the whole frame lost. */
static void write_if_fits(struct writer *w, enum pppoe_tag tag, struct bytes value)
{
	struct writer before = *w;

	pppoe_write_tag(w, tag, value);
	if (!w->ok)
		*w = before;
}

static bool send(struct pppoe_ac *ac, struct writer *w, uint64_t *counter)
{
	pppoe_write_end(w);
	if (!w->ok)
		return false;
	(*counter)++;
	ac->ops->send(ac, (struct bytes){w->start, writer_len(w)});
	return true;
}

bool pppoe_answer_offer(struct pppoe_ac *ac, const struct pppoe_packet *packet, usec_t now)
{
	const struct pppoe_settings *settings = ac->settings;
	const struct bytes asked = packet->tags[PPPOE_SERVICE_NAME];
	struct pppoe_request request = pppoe_request_of(ac, packet);
	uint8_t frame[PPPOE_FRAME_MAX], cookie[PPPOE_COOKIE_LEN];
	struct writer w = writer_init(frame, sizeof(frame));

	pppoe_cookie(ac->secret, packet->source, now, cookie);
	pppoe_write_header(&w, packet->source, ac->mac, PPPOE_PADO, 0);
	pppoe_write_tag(&w, PPPOE_AC_NAME, bytes_str(settings->ac_name));
	pppoe_write_tag(&w, PPPOE_SERVICE_NAME, asked);
	pppoe_write_tag(&w, PPPOE_AC_COOKIE, (struct bytes){cookie, sizeof(cookie)});
	write_echo(&w, &request);
	write_max_payload(&w, request.max_payload);
	for (size_t i = 0; w.ok && i < settings->n_service_names; i++) {
		struct bytes name = bytes_str(settings->service_names[i]);

		if (!bytes_equal(name, asked))
			write_if_fits(&w, PPPOE_SERVICE_NAME, name);
	}
	return send(ac, &w, &ac->stats.tx_pado);
}

void pppoe_answer_confirm(struct pppoe_session *s)
{
	const struct pppoe_echo *echo = s->echo;
	uint8_t frame[PPPOE_FRAME_MAX];
	struct writer w = writer_init(frame, sizeof(frame));

	pppoe_write_header(&w, s->mac, s->ac->mac, PPPOE_PADS, s->id);
	pppoe_write_tag(&w, PPPOE_SERVICE_NAME, echo->request.tags[PPPOE_SERVICE_NAME]);
	write_echo(&w, &echo->request);
	write_max_payload(&w, s->max_payload);
	send(s->ac, &w, &s->ac->stats.tx_pads);
}

void pppoe_answer_error(struct pppoe_ac *ac, const uint8_t mac[static PPPOE_MAC_LEN],
			const struct pppoe_request *request, enum pppoe_tag tag, const char *text)
{
	uint8_t frame[PPPOE_FRAME_MAX];
	struct writer w = writer_init(frame, sizeof(frame));

	pppoe_write_header(&w, mac, ac->mac, PPPOE_PADS, 0);
	pppoe_write_tag(&w, PPPOE_SERVICE_NAME, request->tags[PPPOE_SERVICE_NAME]);
	write_echo(&w, request);
	write_if_fits(&w, tag, bytes_str(text));
	send(ac, &w, &ac->stats.tx_pads);
}

void pppoe_answer_terminate(struct pppoe_session *s, const char *text)
{
	const struct pppoe_echo *echo = s->echo;
	uint8_t frame[PPPOE_FRAME_MAX];
	struct writer w = writer_init(frame, sizeof(frame));

	pppoe_write_header(&w, s->mac, s->ac->mac, PPPOE_PADT, s->id);
	write_echo(&w, &echo->request);
	if (text && text[0])
		write_if_fits(&w, PPPOE_GENERIC_ERROR, bytes_str(text));
	send(s->ac, &w, &s->ac->stats.tx_padt);
}
