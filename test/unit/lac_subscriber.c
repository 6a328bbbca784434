/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The subscribers of a LAC's world.
 */
#include "lac_subscriber.h"

#include <stdio.h>
#include <string.h>

#include "lac_fixture.h"

#define LCP 0xc021
#define PAP 0xc023
#define CHAP 0xc223

const uint8_t ac_mac[6] = {2, 0, 0, 0, 0, 1};

void subscribers_init(struct lac_world *f)
{
	for (size_t i = 0; i < SUBSCRIBERS; i++) {
		f->subscribers[i].f = f;
		f->subscribers[i].password = "secret";
		memcpy(f->subscribers[i].mac, (uint8_t[]){2, 0, 0x5e, 0, 0, (uint8_t)i}, 6);
	}
}

struct subscriber *subscriber_of_mac(struct lac_world *f, const uint8_t *mac)
{
	for (size_t i = 0; i < SUBSCRIBERS; i++) {
		if (memcmp(f->subscribers[i].mac, mac, 6) == 0)
			return &f->subscribers[i];
	}
	fail_msg("nobody has that address");
	return NULL;
}

/* --- PPP --- */

static void say(struct subscriber *s, struct bytes frame)
{
	if (!s->mute)
		lac_take_frame(s, frame);
}

void subscriber_says(struct subscriber *s, const char *hex)
{
	uint8_t frame[256];
	unsigned int octet;
	size_t len = 0;

	for (; sscanf(hex, "%2x", &octet) == 1; hex += hex[2] == ' ' ? 3 : 2) {
		frame[len++] = (uint8_t)octet;
		if (!hex[2])
			break;
	}
	lac_take_frame(s, (struct bytes){frame, len});
}

static void say_pap(struct subscriber *s)
{
	uint8_t frame[256];
	struct writer w = writer_init(frame, sizeof(frame));
	size_t user = strlen(s->user), password = strlen(s->password);

	writer_u16(&w, PAP);
	writer_u8(&w, 1);
	writer_u8(&w, 7);
	writer_u16(&w, (uint16_t)(6 + user + password));
	writer_u8(&w, (uint8_t)user);
	writer_bytes(&w, bytes_str(s->user));
	writer_u8(&w, (uint8_t)password);
	writer_bytes(&w, bytes_str(s->password));
	say(s, (struct bytes){frame, writer_len(&w)});
}

/* What it got, with another code in front. */
static void answer(struct subscriber *s, uint8_t code, struct bytes frame)
{
	uint8_t copy[512];

	assert_true(frame.len <= sizeof(copy));
	memcpy(copy, frame.data, frame.len);
	copy[2] = code;
	say(s, (struct bytes){copy, frame.len});
}

static void hear_lcp(struct subscriber *s, struct bytes frame)
{
	switch (frame.data[2]) {
	case 1:
		answer(s, 2, frame);
		if (!s->asked)
			subscriber_says(s, "c021 01 05 000a 0506 11223344");
		s->asked = true;
		break;
	case 2:
		s->lcp_acked = true;
		if (s->f->access->ppp.auths[0] == PPP_AUTH_PAP)
			say_pap(s);
		break;
	case 5:
		s->term_requests++;
		snprintf(s->terminate_text, sizeof(s->terminate_text), "%.*s", (int)frame.len - 6,
			 (const char *)frame.data + 6);
		if (!s->deaf)
			answer(s, 6, frame);
		break;
	case 10:
		s->echo_replies++;
		break;
	default:
		break;
	}
}

/* MS-CHAPv2 (RFC 2759): a Response of 49 octets that no server of a test looks into. */
static void hear_chap(struct subscriber *s, struct bytes heard)
{
	uint8_t frame[256], value[49] = {0x11};
	struct writer w = writer_init(frame, sizeof(frame));

	if (heard.data[2] == 4)
		snprintf(s->chap_text, sizeof(s->chap_text), "%.*s", (int)heard.len - 6,
			 (const char *)heard.data + 6);
	if (heard.data[2] != 1)
		return;
	writer_u16(&w, CHAP);
	writer_u8(&w, 2);
	writer_u8(&w, heard.data[3]);
	writer_u16(&w, (uint16_t)(5 + sizeof(value) + strlen(s->user)));
	writer_u8(&w, sizeof(value));
	writer_bytes(&w, (struct bytes){value, sizeof(value)});
	writer_bytes(&w, bytes_str(s->user));
	say(s, (struct bytes){frame, writer_len(&w)});
}

void subscriber_hears(struct subscriber *s, struct bytes frame)
{
	assert_true(frame.len >= 6);
	if (s->mute)
		return;
	if (frame.data[0] == LCP >> 8 && frame.data[1] == (LCP & 0xff))
		hear_lcp(s, frame);
	else if (frame.data[0] == CHAP >> 8 && frame.data[1] == (CHAP & 0xff) &&
		 s->f->access->ppp.auths[0] == PPP_AUTH_MSCHAP_V2)
		hear_chap(s, frame);
	else if (frame.data[1] == (PAP & 0xff))
		*(frame.data[2] == 2 ? &s->acks : &s->naks) += 1;
}

/* --- PPPoE --- */

/* TR-101: vendor 3561, sub-tag 1 is the circuit, 0x82 the rate towards the caller. */
static void put_line(struct writer *w, const char *circuit)
{
	size_t len = strlen(circuit);

	writer_u16(w, 0x0105);
	writer_u16(w, (uint16_t)(4 + 2 + len + 6));
	writer_u32(w, 3561);
	writer_u8(w, 1);
	writer_u8(w, (uint8_t)len);
	writer_bytes(w, bytes_str(circuit));
	writer_u8(w, 0x82);
	writer_u8(w, 4);
	writer_u32(w, 20000000);
}

static void send_discovery(struct subscriber *s, enum pppoe_code code, uint16_t id,
			   struct bytes cookie)
{
	uint8_t frame[256];
	struct writer w = writer_init(frame, sizeof(frame));

	writer_bytes(&w,
		     (struct bytes){code == PPPOE_PADI ? (const uint8_t *)"\xff\xff\xff\xff\xff\xff"
						       : ac_mac,
				    6});
	writer_bytes(&w, (struct bytes){s->mac, 6});
	writer_u16(&w, PPPOE_ETHER_TYPE);
	writer_u8(&w, 0x11);
	writer_u8(&w, (uint8_t)code);
	writer_u16(&w, id);
	writer_u16(&w, 0);
	if (code != PPPOE_PADT)
		writer_u32(&w, 0x01010000);
	if (code != PPPOE_PADT && cookie.len) {
		writer_u16(&w, 0x0104);
		writer_u16(&w, (uint16_t)cookie.len);
		writer_bytes(&w, cookie);
	}
	if (code == PPPOE_PADR && s->circuit)
		put_line(&w, s->circuit);
	frame[18] = (uint8_t)((writer_len(&w) - 20) >> 8);
	frame[19] = (uint8_t)(writer_len(&w) - 20);
	pppoe_ac_input(s->f->ac, (struct bytes){frame, writer_len(&w)}, s->f->w.now);
}

static void keep_error(struct subscriber *s, const struct pppoe_packet *packet)
{
	enum pppoe_tag tag = pppoe_has(packet, PPPOE_AC_SYSTEM_ERROR) ? PPPOE_AC_SYSTEM_ERROR
								      : PPPOE_GENERIC_ERROR;

	snprintf(s->error, sizeof(s->error), "%.*s", (int)packet->tags[tag].len,
		 (const char *)packet->tags[tag].data);
}

void subscriber_hears_discovery(struct subscriber *s, const struct pppoe_packet *packet)
{
	struct lac_world *f = s->f;

	switch ((enum pppoe_code)packet->code) {
	case PPPOE_PADO:
		s->pado++;
		if (f->drains_at_pado)
			l2tp_admin_set_system(f->w.boxes[0].engine, ADMIN_DRAIN, f->w.now);
		send_discovery(s, PPPOE_PADR, 0, packet->tags[PPPOE_AC_COOKIE]);
		break;
	case PPPOE_PADS:
		s->pads++;
		s->id = packet->session_id;
		if (!s->id)
			keep_error(s, packet);
		break;
	case PPPOE_PADT:
		/* Of a session before this one. */
		if (s->deaf && packet->session_id != s->id)
			break;
		s->padt++;
		assert_int_equal(packet->session_id, s->id);
		keep_error(s, packet);
		s->id = 0;
		break;
	case PPPOE_PADI:
	case PPPOE_PADR:
		fail_msg("an access concentrator does not say that");
	}
}

struct subscriber *dial(struct lac_world *f, unsigned int n, const char *user)
{
	struct subscriber *s = &f->subscribers[n];

	s->user = user;
	s->asked = s->lcp_acked = false;
	send_discovery(s, PPPOE_PADI, 0, (struct bytes){0});
	world_run(&f->w, 500 * USEC_PER_MSEC);
	return s;
}

void subscriber_padt(struct subscriber *s)
{
	uint16_t id = s->id;

	s->id = 0;
	send_discovery(s, PPPOE_PADT, id, (struct bytes){0});
}

struct lac_call *call_of(const struct subscriber *s)
{
	struct lac_call *call;

	for (call = lac_next(s->f->lac, NULL); call; call = lac_next(s->f->lac, call)) {
		if (memcmp(call->mac, s->mac, 6) == 0 && call->state != LAC_CLOSING &&
		    (!s->id || s->id == call->pppoe_id))
			return call;
	}
	return NULL;
}
