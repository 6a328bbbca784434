/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dialers: PPPoE as a host, RFC 2516 section 5, with the line's tag of TR-101.
 */
#include <string.h>

#include "dialers.h"

#define HEADER_LEN 20
#define LENGTH_AT 18
#define RETRY USEC_PER_SEC
#define PADR_LOOP (10 * USEC_PER_MSEC)
/* The ADSL Forum's, TR-101 appendix. */
#define VENDOR_ADSL_FORUM 3561

enum { CODE_PADI = 0x09, CODE_PADO = 0x07, CODE_PADR = 0x19, CODE_PADS = 0x65, CODE_PADT = 0xa7 };

enum {
	TAG_END = 0x0000,
	TAG_SERVICE_NAME = 0x0101,
	TAG_HOST_UNIQ = 0x0103,
	TAG_COOKIE = 0x0104,
	TAG_VENDOR = 0x0105,
	TAG_RELAY_SESSION_ID = 0x0110,
	TAG_SERVICE_NAME_ERROR = 0x0201,
	TAG_AC_SYSTEM_ERROR = 0x0202,
	TAG_GENERIC_ERROR = 0x0203,
};

static const uint8_t everybody[MAC_LEN] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

static void header(const struct subscriber *s, struct writer *w, const uint8_t *to, uint16_t type,
		   uint8_t code)
{
	writer_bytes(w, (struct bytes){to, MAC_LEN});
	writer_bytes(w, (struct bytes){s->mac, MAC_LEN});
	writer_u16(w, type);
	writer_u8(w, 0x11);
	writer_u8(w, code);
	writer_u16(w, s->session);
	writer_u16(w, 0);
}

static void tag(struct writer *w, uint16_t type, struct bytes value)
{
	writer_u16(w, type);
	writer_u16(w, (uint16_t)value.len);
	writer_bytes(w, value);
}

static void sub_tag(struct writer *w, uint8_t type, const char *pattern, unsigned int number)
{
	char text[64];

	if (!pattern)
		return;
	expand(text, sizeof(text), pattern, number);
	writer_u8(w, type);
	writer_u8(w, (uint8_t)strlen(text));
	writer_bytes(w, bytes_str(text));
}

static void line_tag(const struct subscriber *s, struct writer *w)
{
	const struct options *options = &s->dialers->options;
	uint8_t value[160];
	struct writer line = writer_init(value, sizeof(value));

	if (!options->circuit && !options->remote)
		return;
	writer_u32(&line, VENDOR_ADSL_FORUM);
	sub_tag(&line, 1, options->circuit, s->number);
	sub_tag(&line, 2, options->remote, s->number);
	tag(w, TAG_VENDOR, (struct bytes){value, writer_len(&line)});
}

static void send_frame(struct subscriber *s, struct writer *w)
{
	writer_patch_u16(w, LENGTH_AT, (uint16_t)(writer_len(w) - HEADER_LEN));
	dialers_send(s->dialers, w);
}

/* PADI, or PADR with what the PADO gave. */
static void ask(struct subscriber *s, const uint8_t *to, uint8_t code)
{
	uint8_t frame[FRAME_MAX], number[4];
	struct writer w = writer_init(frame, sizeof(frame)), n = writer_init(number, 4);

	writer_u32(&n, s->number);
	header(s, &w, to, ETHER_DISCOVERY, code);
	tag(&w, TAG_SERVICE_NAME, bytes_str(s->dialers->options.service));
	tag(&w, TAG_HOST_UNIQ, (struct bytes){number, sizeof(number)});
	if (s->cookie_len)
		tag(&w, TAG_COOKIE, (struct bytes){s->cookie, s->cookie_len});
	if (s->relay_len)
		tag(&w, TAG_RELAY_SESSION_ID, (struct bytes){s->relay, s->relay_len});
	line_tag(s, &w);
	send_frame(s, &w);
}

void pppoe_start(struct subscriber *s, usec_t now)
{
	s->session = 0;
	s->cookie_len = 0;
	s->relay_len = 0;
	subscriber_state(s, DIAL_PADI);
	pppoe_again(s, now);
}

void pppoe_again(struct subscriber *s, usec_t now)
{
	bool looping = s->dialers->options.manner == MANNER_PADR && s->state == DIAL_PADR;

	if (s->state == DIAL_PADI)
		ask(s, everybody, CODE_PADI);
	else
		ask(s, s->ac, CODE_PADR);
	subscriber_retry(s, looping ? PADR_LOOP : RETRY, now);
}

void pppoe_padt(struct subscriber *s)
{
	uint8_t frame[FRAME_MAX];
	struct writer w = writer_init(frame, sizeof(frame));

	header(s, &w, s->ac, ETHER_DISCOVERY, CODE_PADT);
	send_frame(s, &w);
}

void pppoe_session_begin(const struct subscriber *s, struct writer *w, uint16_t protocol)
{
	header(s, w, s->ac, ETHER_SESSION, 0);
	writer_u16(w, protocol);
}

void pppoe_session_send(struct subscriber *s, struct writer *w)
{
	send_frame(s, w);
}

/* --- what comes ------------------------------------------------------------------------------ */

struct discovery {
	const uint8_t *from, *to;
	uint8_t code;
	uint16_t session;
	bool has_number;
	uint32_t number;
	struct bytes cookie, relay;
	const char *error;
	struct bytes error_text;
};

static void note_tag(struct discovery *p, uint16_t type, struct reader value)
{
	switch (type) {
	case TAG_HOST_UNIQ:
		p->number = reader_u32(&value);
		p->has_number = value.ok;
		break;
	case TAG_COOKIE:
		p->cookie = reader_rest(&value);
		break;
	case TAG_RELAY_SESSION_ID:
		p->relay = reader_rest(&value);
		break;
	case TAG_SERVICE_NAME_ERROR:
	case TAG_AC_SYSTEM_ERROR:
	case TAG_GENERIC_ERROR:
		p->error = type == TAG_SERVICE_NAME_ERROR ? "Service-Name-Error"
			   : type == TAG_AC_SYSTEM_ERROR  ? "AC-System-Error"
							  : "Generic-Error";
		p->error_text = reader_rest(&value);
		break;
	default:
		break;
	}
}

/* From the code on; the cursor is past version and type. */
static bool read_discovery(struct reader *r, struct discovery *p)
{
	struct reader tags;

	p->code = reader_u8(r);
	p->session = reader_u16(r);
	tags = reader_sub(r, reader_u16(r));
	while (reader_left(&tags) >= 4) {
		uint16_t type = reader_u16(&tags);
		struct reader value = reader_sub(&tags, reader_u16(&tags));

		if (type == TAG_END)
			break;
		note_tag(p, type, value);
	}
	return r->ok && tags.ok;
}

static void on_pado(struct subscriber *s, const struct discovery *p, usec_t now)
{
	if (s->state != DIAL_PADI || p->cookie.len > sizeof(s->cookie) ||
	    p->relay.len > sizeof(s->relay))
		return;
	memcpy(s->ac, p->from, MAC_LEN);
	/* Those that are not there have no address. */
	if (p->cookie.len)
		memcpy(s->cookie, p->cookie.data, p->cookie.len);
	s->cookie_len = p->cookie.len;
	if (p->relay.len)
		memcpy(s->relay, p->relay.data, p->relay.len);
	s->relay_len = p->relay.len;
	subscriber_state(s, DIAL_PADR);
	pppoe_again(s, now);
}

static void on_pads(struct subscriber *s, const struct discovery *p, usec_t now)
{
	if (s->state != DIAL_PADR || s->dialers->options.manner == MANNER_PADR)
		return;
	if (!p->session) {
		subscriber_over(s, p->error ? p->error : "PADS without a session", p->error_text,
				now);
		return;
	}
	s->session = p->session;
	s->dialers->by_session[s->session] = s;
	subscriber_state(s, DIAL_LCP);
	ppp_start(s, now);
}

static void on_discovery(struct dialers *d, struct reader *r, struct discovery *p, usec_t now)
{
	struct subscriber *s;

	if (!read_discovery(r, p))
		return;
	if (p->code == CODE_PADT) {
		d->rx_padt++;
		s = d->by_session[p->session];
		if (s && memcmp(p->to, s->mac, MAC_LEN) == 0)
			subscriber_over(s, "PADT", p->error_text, now);
		return;
	}
	if (!p->has_number || p->number - d->options.first >= d->options.count)
		return;
	s = &d->subscribers[p->number - d->options.first];
	if (p->code == CODE_PADO) {
		d->rx_pado++;
		on_pado(s, p, now);
	} else if (p->code == CODE_PADS) {
		d->rx_pads++;
		on_pads(s, p, now);
	}
}

void pppoe_input(struct dialers *d, struct bytes frame, usec_t now)
{
	struct reader r = reader_init(frame.data, frame.len), payload;
	struct discovery p = {0};
	struct subscriber *s;
	uint16_t type;

	p.to = reader_bytes(&r, MAC_LEN).data;
	p.from = reader_bytes(&r, MAC_LEN).data;
	type = reader_u16(&r);
	if (reader_u8(&r) != 0x11 || !r.ok)
		return;
	if (type == ETHER_DISCOVERY) {
		on_discovery(d, &r, &p, now);
		return;
	}
	if (type != ETHER_SESSION || reader_u8(&r) != 0)
		return;
	s = d->by_session[reader_u16(&r)];
	payload = reader_sub(&r, reader_u16(&r));
	if (s && payload.ok && memcmp(p.to, s->mac, MAC_LEN) == 0)
		ppp_input(s, payload, now);
}
