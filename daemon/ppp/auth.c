/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The authenticator: PAP waits for the caller, CHAP asks until he answers.
 *
 * A Challenge that is repeated is the same packet, identifier and value: a caller whose answer is
 * on its way was not asked in vain. PAP's caller repeats himself, with another identifier perhaps
 * (pppd does): the last one is what the answer carries.
 */
#include "ppp/auth.h"

#include <stdio.h>
#include <string.h>

#include "base/list.h"
#include "ppp/fsm.h"

#define PROTOCOL_PAP 0xc023
#define PROTOCOL_CHAP 0xc223

/* RFC 1334 2.2, RFC 1994 section 4. */
enum {
	PAP_REQUEST = 1,
	PAP_ACK = 2,
	PAP_NAK = 3,
	CHAP_CHALLENGE = 1,
	CHAP_RESPONSE = 2,
	CHAP_SUCCESS = 3,
	CHAP_FAILURE = 4,
};

static const struct ppp_auth_row rows[] = {
	{PPP_AUTH_NONE, "none", 0, 0, 0, 0},
	{PPP_AUTH_PAP, "pap", PROTOCOL_PAP, 0, 2, 0},
	/* RFC 1994 section 3, RFC 2759 section 2. */
	{PPP_AUTH_CHAP, "chap", PROTOCOL_CHAP, 5, 3, 16},
	{PPP_AUTH_MSCHAP_V2, "mschap-v2", PROTOCOL_CHAP, 0x81, 3, 49},
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

const struct ppp_auth_row *ppp_auth_row(enum ppp_auth auth)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (rows[i].auth == auth)
			return &rows[i];
	return &rows[0];
}

const struct ppp_auth_row *ppp_auth_of_option(struct bytes value)
{
	struct reader r = reader_init(value.data, value.len);
	uint16_t protocol = reader_u16(&r);
	uint8_t algorithm = reader_left(&r) ? reader_u8(&r) : 0;

	for (size_t i = 1; r.ok && i < N_ROWS; i++)
		if (rows[i].protocol == protocol && rows[i].algorithm == algorithm &&
		    rows[i].option_len == value.len)
			return &rows[i];
	return NULL;
}

const char *ppp_auth_name(enum ppp_auth auth)
{
	return ppp_auth_row(auth)->name;
}

static void set_timer(struct ppp_authenticator *a, usec_t when)
{
	/* It has a place in the queue since the beginning, which cannot fail. */
	(void)timer_start(a->timers, &a->timer, when);
}

static void send_packet(struct ppp_authenticator *a, uint8_t code, uint8_t id, struct bytes data)
{
	uint8_t frame[PPP_PROTOCOL_LEN + PPP_PACKET_HEADER_LEN + 512];
	struct writer w = writer_init(frame, sizeof(frame));

	writer_u16(&w, ppp_auth_row(a->credentials.type)->protocol);
	writer_u8(&w, code);
	writer_u8(&w, id);
	writer_u16(&w, (uint16_t)(PPP_PACKET_HEADER_LEN + data.len));
	writer_bytes(&w, data);
	if (w.ok)
		a->ops->send(a, (struct bytes){frame, writer_len(&w)});
}

static void send_challenge(struct ppp_authenticator *a, usec_t now)
{
	uint8_t data[1 + PPP_CHALLENGE_LEN + 255];
	struct writer w = writer_init(data, sizeof(data));
	struct bytes name = bytes_str(a->name);

	if (name.len > 255)
		name.len = 255;
	writer_u8(&w, PPP_CHALLENGE_LEN);
	writer_bytes(&w, a->credentials.challenge);
	writer_bytes(&w, name);
	a->left--;
	set_timer(a, now + a->interval);
	send_packet(a, CHAP_CHALLENGE, a->credentials.id, (struct bytes){data, writer_len(&w)});
}

static void on_timer(struct timer *timer, usec_t now)
{
	struct ppp_authenticator *a = container_of(timer, struct ppp_authenticator, timer);

	set_timer(a, USEC_NEVER);
	if (a->left > 0)
		send_challenge(a, now);
	else
		a->ops->failed(a, "the caller does not answer the Challenge", now);
}

/* RFC 1334 2.2.2: a Message and its length. RFC 1994 4.2: the Message alone. */
static void send_answer(struct ppp_authenticator *a)
{
	bool accept = a->state == PPP_AUTH_ACCEPTED;
	uint8_t data[1 + sizeof(a->text)];
	struct writer w = writer_init(data, sizeof(data));
	struct bytes text = bytes_str(a->text);

	if (a->credentials.type == PPP_AUTH_NONE)
		return;
	if (a->credentials.type == PPP_AUTH_PAP) {
		writer_u8(&w, (uint8_t)text.len);
		writer_bytes(&w, text);
		send_packet(a, accept ? PAP_ACK : PAP_NAK, a->credentials.id,
			    (struct bytes){data, writer_len(&w)});
		return;
	}
	send_packet(a, accept ? CHAP_SUCCESS : CHAP_FAILURE, a->credentials.id, text);
}

/* RFC 2759 section 6: fields with a meaning. No retry, and no change of the password. */
static void mschap_failure(struct ppp_authenticator *a, const char *text)
{
	int len = snprintf(a->text, sizeof(a->text), "E=691 R=0 C=");

	for (size_t i = 0; i < sizeof(a->challenge); i++)
		len += snprintf(a->text + len, sizeof(a->text) - (size_t)len, "%02X",
				a->challenge[i]);
	snprintf(a->text + len, sizeof(a->text) - (size_t)len, " V=3 M=%s", text);
}

void ppp_authenticator_answer(struct ppp_authenticator *a, bool accept, const char *text)
{
	const char *words = text ? text : "";

	if (a->state != PPP_AUTH_TAKEN)
		return;
	a->state = accept ? PPP_AUTH_ACCEPTED : PPP_AUTH_REJECTED;
	if (!accept && a->credentials.type == PPP_AUTH_MSCHAP_V2 && strncmp(words, "E=", 2) != 0)
		mschap_failure(a, words);
	else
		snprintf(a->text, sizeof(a->text), "%s", words);
	send_answer(a);
}

/* Returns NULL or what is wrong with it. */
static const char *take_user(struct ppp_authenticator *a, struct bytes name)
{
	if (name.len > PPP_USER_MAX)
		return "the caller's name is too long";
	if (name.len && memchr(name.data, 0, name.len))
		return "the caller's name has a NUL in it";
	if (name.len)
		memcpy(a->credentials.user, name.data, name.len);
	a->credentials.user[name.len] = '\0';
	return NULL;
}

static void take(struct ppp_authenticator *a, uint8_t id, struct bytes name, struct bytes response,
		 usec_t now)
{
	const char *wrong = take_user(a, name);

	set_timer(a, USEC_NEVER);
	a->credentials.id = id;
	a->state = PPP_AUTH_TAKEN;
	if (wrong) {
		ppp_authenticator_answer(a, false, "bad name");
		a->ops->failed(a, wrong, now);
		return;
	}
	if (response.len)
		memcpy(a->response, response.data, response.len);
	a->credentials.response = (struct bytes){a->response, response.len};
	a->ops->taken(a, now);
}

/* What he said is settled with the first of it; asked again, we answer again. */
static void take_again(struct ppp_authenticator *a, uint8_t id, struct bytes name,
		       struct bytes response)
{
	if (!bytes_equal(name, bytes_str(a->credentials.user)) ||
	    !bytes_equal(response, a->credentials.response)) {
		a->discarded++;
		return;
	}
	a->credentials.id = id;
	if (a->state != PPP_AUTH_TAKEN)
		send_answer(a);
}

static void heard(struct ppp_authenticator *a, uint8_t id, struct bytes name, struct bytes response,
		  usec_t now)
{
	if (a->state == PPP_AUTH_ASKING)
		take(a, id, name, response, now);
	else
		take_again(a, id, name, response);
}

/* RFC 1334 2.2.1. */
static void pap_input(struct ppp_authenticator *a, const struct ppp_packet *packet, usec_t now)
{
	struct reader r = reader_init(packet->data.data, packet->data.len);
	struct bytes name, password;

	name = reader_bytes(&r, reader_u8(&r));
	password = reader_bytes(&r, reader_u8(&r));
	if (packet->code != PAP_REQUEST || !r.ok)
		a->discarded++;
	else
		heard(a, packet->id, name, password, now);
}

/* RFC 1994 4.1. */
static void chap_input(struct ppp_authenticator *a, const struct ppp_packet *packet, usec_t now)
{
	struct reader r = reader_init(packet->data.data, packet->data.len);
	uint8_t len = reader_u8(&r);
	struct bytes value = reader_bytes(&r, len);
	struct bytes name = reader_rest(&r);

	if (packet->code != CHAP_RESPONSE || !r.ok || packet->id != a->credentials.id ||
	    len != ppp_auth_row(a->credentials.type)->value_len)
		a->discarded++;
	else
		heard(a, packet->id, name, value, now);
}

void ppp_authenticator_input(struct ppp_authenticator *a, struct bytes bytes, usec_t now)
{
	struct ppp_packet packet;

	if (a->state == PPP_AUTH_IDLE || ppp_packet_read(bytes, &packet)) {
		a->discarded++;
		return;
	}
	switch (a->credentials.type) {
	case PPP_AUTH_NONE:
		a->discarded++;
		break;
	case PPP_AUTH_PAP:
		pap_input(a, &packet, now);
		break;
	case PPP_AUTH_CHAP:
	case PPP_AUTH_MSCHAP_V2:
		chap_input(a, &packet, now);
		break;
	}
}

void ppp_authenticator_start(struct ppp_authenticator *a, enum ppp_auth auth, usec_t now)
{
	ppp_authenticator_stop(a);
	a->credentials.type = auth;
	a->state = PPP_AUTH_ASKING;
	a->left = a->retries;
	switch (auth) {
	case PPP_AUTH_NONE:
		take(a, 0, (struct bytes){0}, (struct bytes){0}, now);
		break;
	case PPP_AUTH_PAP:
		break;
	case PPP_AUTH_CHAP:
	case PPP_AUTH_MSCHAP_V2:
		a->ops->random(a, a->challenge, sizeof(a->challenge));
		a->credentials.challenge = (struct bytes){a->challenge, sizeof(a->challenge)};
		a->credentials.id = ++a->last_id;
		send_challenge(a, now);
		break;
	}
}

void ppp_authenticator_stop(struct ppp_authenticator *a)
{
	if (timer_running(&a->timer))
		set_timer(a, USEC_NEVER);
	a->state = PPP_AUTH_IDLE;
	explicit_bzero(&a->credentials, sizeof(a->credentials));
	explicit_bzero(a->challenge, sizeof(a->challenge));
	explicit_bzero(a->response, sizeof(a->response));
	explicit_bzero(a->text, sizeof(a->text));
	a->credentials.type = PPP_AUTH_NONE;
}

int ppp_authenticator_init(struct ppp_authenticator *a, const struct ppp_authenticator_ops *ops,
			   struct timer_queue *timers, const char *name, usec_t interval,
			   unsigned int retries)
{
	*a = (struct ppp_authenticator){
		.ops = ops,
		.timers = timers,
		.name = name,
		.interval = interval,
		.retries = retries ? retries : 1,
		.credentials.type = PPP_AUTH_NONE,
	};
	timer_init(&a->timer, on_timer);
	return timer_start(timers, &a->timer, USEC_NEVER);
}

void ppp_authenticator_fini(struct ppp_authenticator *a)
{
	ppp_authenticator_stop(a);
	timer_stop(a->timers, &a->timer);
}
