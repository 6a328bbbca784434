/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dialers: as much of PPP as a client needs to be let in. LCP (RFC 1661), PAP (RFC 1334), CHAP with
 * MD5 (RFC 1994); who renegotiates is followed. Network protocols are not answered.
 */
#include <nettle/md5.h>
#include <string.h>

#include "dialers.h"

#define RETRY (3 * USEC_PER_SEC)
#define LCP_LOOP (50 * USEC_PER_MSEC)
#define MRU 1492
#define MD5_LEN 16

enum {
	CONF_REQ = 1,
	CONF_ACK = 2,
	CONF_NAK = 3,
	CONF_REJ = 4,
	TERM_REQ = 5,
	TERM_ACK = 6,
	ECHO_REQ = 9,
	ECHO_REPLY = 10,
};

enum { OPTION_MRU = 1, OPTION_AUTH = 3, OPTION_MAGIC = 5, OPTION_LAST = 8 };
enum { PAP_REQUEST = 1, PAP_ACK = 2, PAP_NAK = 3 };
enum { CHAP_CHALLENGE = 1, CHAP_RESPONSE = 2, CHAP_SUCCESS = 3, CHAP_FAILURE = 4 };

struct packet {
	uint8_t code, id;
	struct bytes data;
};

static void send_packet(struct subscriber *s, uint16_t protocol, uint8_t code, uint8_t id,
			struct bytes data)
{
	uint8_t frame[FRAME_MAX];
	struct writer w = writer_init(frame, sizeof(frame));

	pppoe_session_begin(s, &w, protocol);
	writer_u8(&w, code);
	writer_u8(&w, id);
	writer_u16(&w, (uint16_t)(4 + data.len));
	writer_bytes(&w, data);
	pppoe_session_send(s, &w);
}

static void send_request(struct subscriber *s)
{
	uint8_t data[16];
	struct writer w = writer_init(data, sizeof(data));

	if (!s->ppp.no_mru) {
		writer_u16(&w, OPTION_MRU << 8 | 4);
		writer_u16(&w, MRU);
	}
	if (!s->ppp.no_magic) {
		writer_u16(&w, OPTION_MAGIC << 8 | 6);
		writer_u32(&w, s->ppp.magic);
	}
	send_packet(s, PPP_LCP, CONF_REQ, ++s->ppp.id, (struct bytes){data, writer_len(&w)});
}

void ppp_start(struct subscriber *s, usec_t now)
{
	s->ppp = (struct ppp_client){.magic = random_u32()};
	expand(s->ppp.user, sizeof(s->ppp.user), s->dialers->options.user, s->number);
	if (s->dialers->options.manner == MANNER_MUTE)
		subscriber_retry(s, s->dialers->options.timeout, now);
	else
		ppp_again(s, now);
}

static void send_pap(struct subscriber *s)
{
	uint8_t data[256];
	struct writer w = writer_init(data, sizeof(data));
	const char *password = s->dialers->options.password;

	writer_u8(&w, (uint8_t)strlen(s->ppp.user));
	writer_bytes(&w, bytes_str(s->ppp.user));
	writer_u8(&w, (uint8_t)strlen(password));
	writer_bytes(&w, bytes_str(password));
	send_packet(s, PPP_PAP, PAP_REQUEST, ++s->ppp.id, (struct bytes){data, writer_len(&w)});
}

/* The credentials are out; what comes next is not the LAC's any more. */
static void answered(struct subscriber *s, usec_t now)
{
	s->ppp.answered = true;
	if (s->dialers->options.until == UNTIL_AUTH && s->state == DIAL_AUTH)
		subscriber_up(s, now);
}

void ppp_again(struct subscriber *s, usec_t now)
{
	if (s->state == DIAL_LCP && !s->ppp.ours_acked)
		send_request(s);
	else if (s->state == DIAL_AUTH && s->ppp.auth == PPP_PAP)
		send_pap(s);
	subscriber_retry(s, s->dialers->options.manner == MANNER_LCP ? LCP_LOOP : RETRY, now);
}

void ppp_terminate(struct subscriber *s)
{
	send_packet(s, PPP_LCP, TERM_REQ, ++s->ppp.id, bytes_str("User request"));
}

/* --- LCP ------------------------------------------------------------------------------------- */

static void opened(struct subscriber *s, usec_t now)
{
	if (!s->ppp.ours_acked || !s->ppp.theirs_acked)
		return;
	if (s->state == DIAL_LCP)
		subscriber_state(s, DIAL_AUTH);
	if (s->ppp.auth == PPP_PAP) {
		send_pap(s);
		subscriber_retry(s, RETRY, now);
	}
	/* Who asks for no authentication knows all that he will. */
	if (s->ppp.auth != PPP_CHAP)
		answered(s, now);
}

/* The answer to a Configure-Request, by the worst option in it. */
struct verdict {
	uint8_t code;
	uint8_t data[FRAME_MAX];
	struct writer w;
	uint16_t auth;
	uint32_t magic;
};

static void reject(struct verdict *v, uint8_t type, struct bytes value)
{
	if (v->code != CONF_REJ)
		v->w = writer_init(v->data, sizeof(v->data));
	v->code = CONF_REJ;
	writer_u16(&v->w, (uint16_t)(type << 8 | (value.len + 2)));
	writer_bytes(&v->w, value);
}

static void judge_auth(struct verdict *v, struct bytes value)
{
	static const uint8_t chap_md5[] = {OPTION_AUTH, 5, 0xc2, 0x23, 5};
	struct reader r = reader_init(value.data, value.len);

	v->auth = reader_u16(&r);
	if (v->auth == PPP_PAP || (v->auth == PPP_CHAP && reader_u8(&r) == 5))
		return;
	if (v->code == CONF_REJ)
		return;
	v->code = CONF_NAK;
	v->w = writer_init(v->data, sizeof(v->data));
	writer_bytes(&v->w, (struct bytes){chap_md5, sizeof(chap_md5)});
}

static bool judge(struct verdict *v, struct bytes options)
{
	struct reader r = reader_init(options.data, options.len), value;

	v->code = CONF_ACK;
	while (reader_left(&r)) {
		uint8_t type = reader_u8(&r), len = reader_u8(&r);

		if (len < 2)
			return false;
		value = reader_sub(&r, len - 2u);
		if (type == OPTION_AUTH)
			judge_auth(v, reader_rest(&value));
		else if (type == OPTION_MAGIC)
			v->magic = reader_u32(&value);
		else if (type == 0 || type > OPTION_LAST)
			reject(v, type, reader_rest(&value));
	}
	return r.ok;
}

/* Never the same twice, and nothing that one could agree to. */
static void refuse_for_ever(struct subscriber *s, uint8_t id)
{
	uint8_t data[4] = {OPTION_MRU, 4, 2, s->ppp.id};

	send_packet(s, PPP_LCP, CONF_NAK, id, (struct bytes){data, sizeof(data)});
	send_request(s);
}

static void on_request(struct subscriber *s, const struct packet *p, usec_t now)
{
	struct verdict v = {0};

	if (s->dialers->options.manner == MANNER_LCP) {
		refuse_for_ever(s, p->id);
		return;
	}
	if (!judge(&v, p->data))
		return;
	/* Renegotiation: by the LAC, whose magic number we know, or by somebody behind it. */
	if (s->ppp.answered && v.magic != s->ppp.peer_magic && s->state == DIAL_AUTH)
		subscriber_up(s, now);
	if (s->ppp.theirs_acked) {
		s->ppp.ours_acked = false;
		s->ppp.magic = random_u32();
		send_request(s);
	}
	s->ppp.theirs_acked = v.code == CONF_ACK;
	if (v.code != CONF_ACK) {
		send_packet(s, PPP_LCP, v.code, p->id, (struct bytes){v.data, writer_len(&v.w)});
		return;
	}
	s->ppp.peer_magic = v.magic;
	s->ppp.auth = v.auth;
	send_packet(s, PPP_LCP, CONF_ACK, p->id, p->data);
	opened(s, now);
}

static void on_refusal(struct subscriber *s, const struct packet *p)
{
	struct reader r = reader_init(p->data.data, p->data.len);

	while (reader_left(&r) >= 2) {
		uint8_t type = reader_u8(&r), len = reader_u8(&r);

		if (type == OPTION_MRU)
			s->ppp.no_mru = true;
		else if (type == OPTION_MAGIC && p->code == CONF_REJ)
			s->ppp.no_magic = true;
		else if (type == OPTION_MAGIC)
			s->ppp.magic = random_u32();
		if (len > 2)
			reader_skip(&r, len - 2u);
	}
	send_request(s);
}

static void on_lcp(struct subscriber *s, const struct packet *p, usec_t now)
{
	uint8_t data[4];
	struct writer w = writer_init(data, sizeof(data));

	switch (p->code) {
	case CONF_REQ:
		on_request(s, p, now);
		break;
	case CONF_ACK:
		if (p->id != s->ppp.id || s->ppp.ours_acked)
			break;
		s->ppp.ours_acked = true;
		opened(s, now);
		break;
	case CONF_NAK:
	case CONF_REJ:
		if (p->id == s->ppp.id)
			on_refusal(s, p);
		break;
	case TERM_REQ:
		send_packet(s, PPP_LCP, TERM_ACK, p->id, (struct bytes){0});
		subscriber_over(s, "LCP Terminate", p->data, now);
		break;
	case TERM_ACK:
		if (s->state == DIAL_TERMINATING)
			subscriber_over(s, "hung up", (struct bytes){0}, now);
		break;
	case ECHO_REQ:
		writer_u32(&w, s->ppp.magic);
		send_packet(s, PPP_LCP, ECHO_REPLY, p->id, (struct bytes){data, sizeof(data)});
		break;
	default:
		break;
	}
}

/* --- authentication -------------------------------------------------------------------------- */

static void on_pap(struct subscriber *s, const struct packet *p, usec_t now)
{
	if (p->code == PAP_ACK && s->state == DIAL_AUTH)
		subscriber_up(s, now);
	else if (p->code == PAP_NAK)
		subscriber_over(s, "PAP Nak", (struct bytes){0}, now);
}

/* RFC 1994 section 4.1: of the identifier, the secret and the challenge. */
static void respond(struct subscriber *s, uint8_t id, struct bytes challenge)
{
	const char *password = s->dialers->options.password;
	uint8_t data[256];
	struct writer w = writer_init(data, sizeof(data));
	struct md5_ctx md5;

	md5_init(&md5);
	md5_update(&md5, 1, &id);
	md5_update(&md5, strlen(password), (const uint8_t *)password);
	md5_update(&md5, challenge.len, challenge.data);
	md5_digest(&md5, MD5_LEN, data + 1);
	writer_u8(&w, MD5_LEN);
	w.pos += MD5_LEN;
	writer_bytes(&w, bytes_str(s->ppp.user));
	send_packet(s, PPP_CHAP, CHAP_RESPONSE, id, (struct bytes){data, writer_len(&w)});
}

static void on_chap(struct subscriber *s, const struct packet *p, usec_t now)
{
	struct reader r = reader_init(p->data.data, p->data.len);
	struct bytes challenge;

	switch (p->code) {
	case CHAP_CHALLENGE:
		challenge = reader_bytes(&r, reader_u8(&r));
		if (!r.ok)
			break;
		respond(s, p->id, challenge);
		answered(s, now);
		break;
	case CHAP_SUCCESS:
		if (s->state == DIAL_AUTH)
			subscriber_up(s, now);
		break;
	case CHAP_FAILURE:
		subscriber_over(s, "CHAP Failure", p->data, now);
		break;
	default:
		break;
	}
}

void ppp_input(struct subscriber *s, struct reader r, usec_t now)
{
	uint16_t protocol = reader_u16(&r);
	struct packet p = {0};
	uint16_t len;

	p.code = reader_u8(&r);
	p.id = reader_u8(&r);
	len = reader_u16(&r);
	if (!r.ok || len < 4 || s->dialers->options.manner == MANNER_MUTE)
		return;
	p.data = reader_bytes(&r, len - 4u);
	if (!r.ok)
		return;
	if (protocol == PPP_LCP)
		on_lcp(s, &p, now);
	else if (protocol == PPP_PAP)
		on_pap(s, &p, now);
	else if (protocol == PPP_CHAP)
		on_chap(s, &p, now);
}
