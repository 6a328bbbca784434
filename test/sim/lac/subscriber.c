/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Subscribers: scripted clients of PPPoE, LCP, PAP and CHAP, most of them with a vice.
 */
#include <stdio.h>
#include <string.h>

#include "test/sim/lac/lac_sim.h"
#include "wire/result.h"

#define LCP 0xc021
#define PAP 0xc023
#define CHAP 0xc223
#define RETRY (3 * USEC_PER_SEC)
#define TRIES 8

static const uint8_t ac_mac[6] = {2, 0, 0, 0, 0, 1};
static const uint8_t everybody[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

static struct box *the_lac(struct world *w)
{
	return &w->boxes[THE_LAC];
}

struct subscriber *subscriber_of(struct world *w, const uint8_t mac[static 6])
{
	unsigned int number = (unsigned int)mac[4] << 8 | mac[5];

	return number < w->n_subscribers ? &w->subscribers[number] : NULL;
}

static const struct lac_call *call_behind(struct world *w, const struct l2tp_session *s)
{
	const struct l2tp_session *near = far_end(w, s);
	struct box *box = near ? near->tunnel->engine->ctx : NULL;

	return box && box->lac ? lac_call_of(box->lac, near) : NULL;
}

struct subscriber *subscriber_behind(struct world *w, const struct l2tp_session *s)
{
	const struct lac_call *call = call_behind(w, s);

	while (call && call->kind == LAC_SWITCHED)
		call = call->incoming ? call_behind(w, call->incoming) : NULL;
	return call ? subscriber_in(w, call) : NULL;
}

struct subscriber *subscriber_in(struct world *w, const struct lac_call *call)
{
	struct subscriber *sub = subscriber_of(w, call->mac);

	return sub && sub->state == SUB_OPEN && sub->id == call->pppoe_id ? sub : NULL;
}

/* --- the line --- */

static void frame_arrives(struct world *w, struct happening *h)
{
	(void)w;
	subscriber_hears(h->target, (struct bytes){h->data, h->len}, h->number >> 16,
			 (uint16_t)h->number);
}

void ether_to_subscriber(struct world *w, const uint8_t mac[static 6], struct bytes frame,
			 bool discovery, uint16_t id)
{
	struct subscriber *s = subscriber_of(w, mac);
	unsigned int copies = chance(w, w->twice) ? 2 : 1;
	struct happening *h;

	while (s && copies--) {
		if (chance(w, w->loss))
			continue;
		h = later(w, USEC_PER_MSEC + below(w, (unsigned int)w->jitter + 1), frame_arrives,
			  NULL, s, frame);
		h->number = (unsigned int)discovery << 16 | id;
	}
}

static void discovery_at_lac(struct world *w, struct happening *h)
{
	struct box *box = the_lac(w);
	struct bytes frame = {h->data, h->len};
	const struct pppoe_session *s;
	struct pppoe_packet packet;

	if (!box->ac)
		return;
	HOLDS(box, pppoe_parse(frame, &packet) == 0);
	s = packet.code == PPPOE_PADT ? pppoe_session_find(box->ac, packet.session_id) : NULL;
	if (s && memcmp(s->mac, packet.source, 6) == 0 && w->open[packet.session_id]) {
		w->open[packet.session_id] = false;
		w->n_open--;
	}
	INSIDE(box, pppoe_ac_input(box->ac, frame, w->now));
}

/* PPP comes out where the kernel passes it on to. */
static void frame_at_lac(struct world *w, struct happening *h)
{
	struct subscriber *s = &w->subscribers[h->number >> 16];
	struct end *end = access_end(h->box, s->mac, (uint16_t)h->number);

	if (!end)
		return;
	if (!end->joined) {
		INSIDE(h->box,
		       lac_access_input(end->call, (struct bytes){h->data, h->len}, w->now));
		return;
	}
	/* Through the bridges, to the LNS; only of his farewell is there anything to tell. */
	if (h->len < 3 || h->data[0] != LCP >> 8 || h->data[2] != 5)
		return;
	for (unsigned int i = FIRST_LNS; i < w->n_boxes; i++) {
		struct box *lns = &w->boxes[i];
		struct l2tp_session *session, *found = NULL;
		struct l2tp_tunnel *t;

		if (!lns->engine || !is_lns(lns))
			continue;
		list_for_each (t, &lns->engine->tunnels, node) {
			for (session = l2tp_session_next(t, NULL); session;
			     session = l2tp_session_next(t, session)) {
				if (session->pppd && subscriber_behind(w, session) == s)
					found = session;
			}
		}
		if (found) {
			ppp_dies(found, CDN_CARRIER_LOST, "the caller hung up");
			check_box(lns);
			return;
		}
	}
}

static void send_line(struct subscriber *s, happen_fn run, unsigned int number, struct bytes frame)
{
	struct world *w = s->world;
	unsigned int copies = chance(w, w->twice) ? 2 : 1;

	while (copies--) {
		if (!chance(w, w->loss))
			later(w, USEC_PER_MSEC + below(w, (unsigned int)w->jitter + 1), run,
			      the_lac(w), w, frame)
				->number = number;
	}
}

/* --- discovery --- */

static void say_discovery(struct subscriber *s, enum pppoe_code code)
{
	uint8_t frame[256];
	struct writer w = writer_init(frame, sizeof(frame));
	uint8_t uniq[4] = {(uint8_t)(s->attempt >> 8), (uint8_t)s->attempt, 1, 2};

	pppoe_write_header(&w, code == PPPOE_PADI ? everybody : ac_mac, s->mac, code,
			   code == PPPOE_PADT ? s->id : 0);
	if (code != PPPOE_PADT) {
		pppoe_write_tag(&w, PPPOE_SERVICE_NAME, (struct bytes){0});
		pppoe_write_tag(&w, PPPOE_HOST_UNIQ, (struct bytes){uniq, sizeof(uniq)});
	}
	if (code == PPPOE_PADR)
		pppoe_write_tag(&w, PPPOE_AC_COOKIE, (struct bytes){s->cookie, s->cookie_len});
	pppoe_write_end(&w);
	send_line(s, discovery_at_lac, 0, (struct bytes){frame, writer_len(&w)});
}

static void say(struct subscriber *s, struct bytes frame)
{
	send_line(s, frame_at_lac, s->number << 16 | s->id, frame);
}

static void say_lcp(struct subscriber *s, uint8_t code, uint8_t id, struct bytes data)
{
	uint8_t frame[512];
	struct writer w = writer_init(frame, sizeof(frame));

	writer_u16(&w, LCP);
	writer_u8(&w, code);
	writer_u8(&w, id);
	writer_u16(&w, (uint16_t)(4 + data.len));
	writer_bytes(&w, data);
	say(s, (struct bytes){frame, writer_len(&w)});
}

static void say_configure(struct subscriber *s)
{
	static const uint8_t magic[] = {5, 6, 1, 2, 3, 4};

	say_lcp(s, 1, s->lcp_id, (struct bytes){magic, sizeof(magic)});
}

static void say_proof(struct subscriber *s, uint16_t protocol, uint8_t code, uint8_t id)
{
	static const uint8_t response[16] = {7};
	uint8_t frame[256];
	struct writer w = writer_init(frame, sizeof(frame));
	size_t len = strlen(s->user);

	writer_u16(&w, protocol);
	writer_u8(&w, code);
	writer_u8(&w, id);
	writer_u16(&w, (uint16_t)(protocol == PAP ? 6 + len + 6 : 5 + 16 + len));
	if (protocol == PAP) {
		writer_u8(&w, (uint8_t)len);
		writer_bytes(&w, bytes_str(s->user));
		writer_u8(&w, 6);
		writer_bytes(&w, bytes_str("secret"));
	} else {
		writer_u8(&w, 16);
		writer_bytes(&w, (struct bytes){response, 16});
		writer_bytes(&w, bytes_str(s->user));
	}
	say(s, (struct bytes){frame, writer_len(&w)});
}

static void go_idle(struct subscriber *s)
{
	s->state = SUB_IDLE;
	s->attempt++;
}

static void draw_user(struct subscriber *s)
{
	struct world *w = s->world;

	if (!w->healed && chance(w, 5))
		snprintf(s->user, sizeof(s->user), "u%u", s->number);
	else
		snprintf(s->user, sizeof(s->user), "u%u@d%u", s->number,
			 w->healed || chance(w, 40) ? 0 : below(w, DOMAINS));
}

static void on_retry(struct world *w, struct happening *h);
static void on_vice(struct world *w, struct happening *h);

static void again(struct subscriber *s, happen_fn run, usec_t delay)
{
	later(s->world, delay, run, NULL, s, (struct bytes){0})->number = s->attempt;
}

/* The number alone may be another's by now. */
static bool is_served(const struct subscriber *s)
{
	struct world *w = s->world;
	const struct pppoe_session *session = pppoe_session_find(the_lac(w)->ac, s->id);

	return session && memcmp(session->mac, s->mac, sizeof(s->mac)) == 0 && w->open[s->id];
}

/* Whatever is due in this attempt to get through. */
static void on_retry(struct world *w, struct happening *h)
{
	struct subscriber *s = h->target;

	if (h->number != s->attempt || s->state == SUB_IDLE)
		return;
	if (s->state == SUB_OPEN && s->he_acked && s->lac_acked) {
		/* He is up, or waits; keepalives find out when nobody is there, sooner or later. */
		if (!is_served(s) && (w->healed || chance(w, 10))) {
			go_idle(s);
			return;
		}
		if (s->auth == PAP)
			say_proof(s, PAP, 1, s->lcp_id);
	} else if (++s->tries > TRIES) {
		if (s->state == SUB_OPEN)
			say_discovery(s, PPPOE_PADT);
		go_idle(s);
		return;
	} else if (s->state == SUB_OPEN) {
		say_configure(s);
	} else {
		say_discovery(s, s->state == SUB_PADI ? PPPOE_PADI : PPPOE_PADR);
	}
	again(s, on_retry, RETRY);
}

static void restart(struct subscriber *s)
{
	SAY(s->world, "subscriber", "%u begins LCP anew", s->number);
	draw_user(s);
	s->world->totals->restarts++;
	s->lcp_id++;
	s->he_acked = s->lac_acked = false;
	s->tries = 0;
	say_configure(s);
}

static void on_vice(struct world *w, struct happening *h)
{
	struct subscriber *s = h->target;

	if (h->number != s->attempt || s->state != SUB_OPEN || w->healed)
		return;
	switch (s->manner) {
	case MANNER_PADT:
		say_discovery(s, PPPOE_PADT);
		go_idle(s);
		break;
	case MANNER_TERMINATES:
		say_lcp(s, 5, ++s->lcp_id, bytes_str("bye"));
		if (chance(w, 50))
			go_idle(s);
		break;
	case MANNER_VANISHES:
		go_idle(s);
		break;
	case MANNER_RESTARTS:
		restart(s);
		again(s, on_vice, below(w, 6000000));
		break;
	case MANNER_STAYS:
	case MANNER_MAX:
		break;
	}
}

void subscriber_dial(struct subscriber *s, enum manner manner)
{
	go_idle(s);
	draw_user(s);
	s->world->totals->dials++;
	s->state = SUB_PADI;
	s->manner = manner;
	s->tries = 0;
	say_discovery(s, PPPOE_PADI);
	again(s, on_retry, RETRY);
}

void subscriber_init(struct world *w, unsigned int number)
{
	struct subscriber *s = &w->subscribers[number];

	s->world = w;
	s->number = number;
	s->mac[0] = 2;
	s->mac[1] = 0x5e;
	s->mac[4] = (uint8_t)(number >> 8);
	s->mac[5] = (uint8_t)number;
}

static void begin_session(struct subscriber *s, uint16_t id)
{
	s->state = SUB_OPEN;
	s->id = id;
	s->tries = 0;
	s->auth = 0;
	s->he_acked = s->lac_acked = false;
	s->lcp_id++;
	say_configure(s);
	if (s->manner != MANNER_STAYS)
		again(s, on_vice, below(s->world, chance(s->world, 50) ? 3000000 : 60000000));
}

static void hear_discovery(struct subscriber *s, struct bytes frame)
{
	struct pppoe_packet packet;

	HOLDS(the_lac(s->world), pppoe_parse(frame, &packet) == 0);
	if (packet.code == PPPOE_PADO && s->state == SUB_PADI) {
		s->cookie_len = packet.tags[PPPOE_AC_COOKIE].len;
		HOLDS(the_lac(s->world), s->cookie_len && s->cookie_len <= sizeof(s->cookie));
		memcpy(s->cookie, packet.tags[PPPOE_AC_COOKIE].data, s->cookie_len);
		s->state = SUB_PADR;
		s->tries = 0;
		say_discovery(s, PPPOE_PADR);
	} else if (packet.code == PPPOE_PADS && s->state == SUB_PADR) {
		if (packet.tags[PPPOE_HOST_UNIQ].len != 4 ||
		    packet.tags[PPPOE_HOST_UNIQ].data[1] != (uint8_t)s->attempt)
			return;
		if (packet.session_id)
			begin_session(s, packet.session_id);
		else
			go_idle(s);
	} else if (packet.code == PPPOE_PADT && s->state == SUB_OPEN &&
		   packet.session_id == s->id) {
		go_idle(s);
	}
}

static void hear_request(struct subscriber *s, uint8_t id, struct bytes options)
{
	struct reader r = reader_init(options.data, options.len);

	s->auth = 0;
	while (reader_left(&r) >= 2) {
		uint8_t type = reader_u8(&r), len = reader_u8(&r);
		struct bytes value = reader_bytes(&r, len - 2u);

		if (type == 3 && value.len >= 2)
			s->auth = (uint16_t)(value.data[0] << 8 | value.data[1]);
	}
	s->he_acked = true;
	say_lcp(s, 2, id, options);
}

static void hear_lcp(struct subscriber *s, uint8_t code, uint8_t id, struct bytes data)
{
	switch (code) {
	case 1:
		hear_request(s, id, data);
		break;
	case 2:
		s->lac_acked |= id == s->lcp_id;
		break;
	case 5:
		say_lcp(s, 6, id, (struct bytes){0});
		break;
	case 9:
		say_lcp(s, 10, id, data);
		break;
	default:
		break;
	}
	if (code <= 2 && s->he_acked && s->lac_acked && s->auth == PAP)
		say_proof(s, PAP, 1, s->lcp_id);
}

void subscriber_hears(struct subscriber *s, struct bytes frame, bool discovery, uint16_t id)
{
	struct reader r = reader_init(frame.data, frame.len);
	uint16_t protocol;
	uint8_t code, packet_id;

	if (discovery) {
		hear_discovery(s, frame);
		return;
	}
	if (s->state != SUB_OPEN || s->id != id)
		return;
	protocol = reader_u16(&r);
	code = reader_u8(&r);
	packet_id = reader_u8(&r);
	reader_u16(&r);
	if (protocol == LCP)
		hear_lcp(s, code, packet_id, reader_rest(&r));
	else if (protocol == CHAP && code == 1)
		say_proof(s, CHAP, 2, packet_id);
}
