/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The far end: RX says a message to the engine, whole or damaged.
 *
 * The message is encoded as a correct one, from what the line gives and the least that its type
 * must carry; then it is written anew AVP by AVP, as the line's other words want it distorted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

/* What RX makes of a message: the words that are no fields. */
struct distortion {
	bool hide;
	size_t padding; /* of hidden values */
	int m;		/* -1 clears all M bits, 1 sets all */
	const char *without[4];
	unsigned int n_without;
	size_t zeros; /* behind the AVPs */
	size_t tail;  /* behind the message */
	uint16_t type;
};

/* The least of what must be there, where the far end has no own opinion. */
static const char *const least[AVP_ID_MAX] = {
	[AVP_RESULT_CODE] = "1",
	[AVP_PROTOCOL_VERSION] = "1.0",
	[AVP_FRAMING_CAPABILITIES] = "1",
	[AVP_HOST_NAME] = "far",
	[AVP_CALL_SERIAL_NUMBER] = "1",
	[AVP_MINIMUM_BPS] = "1",
	[AVP_MAXIMUM_BPS] = "1000000",
	[AVP_BEARER_TYPE] = "1",
	[AVP_FRAMING_TYPE] = "1",
	[AVP_CALLED_NUMBER] = "1",
	[AVP_TX_CONNECT_SPEED] = "64000",
	[AVP_CALL_ERRORS] = "0/0/0/0/0/0",
	[AVP_ACCM] = "0/0",
	[AVP_CONNECT_SPEED_UPDATE] = "1/0/0",
};

static const uint8_t random_vector[16] = "random vector 16";

static struct bytes secret_of(const struct far *far)
{
	return bytes_str(far->secret);
}

static void add_least(struct player *p, struct l2tp_msg *msg)
{
	static char text[AVP_ID_MAX][24];

	for (unsigned int id = AVP_MESSAGE_TYPE + 1; id < AVP_ID_MAX; id++) {
		struct word word = {.key = (char *)avp_rows[id].key, .text = text[id]};

		if (!(avp_rows[id].required & 1u << msg->type) || msg_has(msg, (enum avp_id)id))
			continue;
		if (id == AVP_ASSIGNED_TUNNEL_ID)
			snprintf(text[id], sizeof(text[id]), "%u", p->far->tunnel_id);
		else if (id == AVP_ASSIGNED_SESSION_ID)
			snprintf(text[id], sizeof(text[id]), "%u", p->far->session_id);
		else
			snprintf(text[id], sizeof(text[id]), "%s", least[id]);
		word.len = strlen(text[id]);
		set_field(p, (enum avp_id)id, &word, msg);
	}
}

static bool takes(const struct distortion *d, const char *key)
{
	for (unsigned int i = 0; i < d->n_without; i++) {
		if (strcmp(d->without[i], key) == 0)
			return true;
	}
	return false;
}

static void put_header(struct writer *w, uint16_t bits, size_t len, uint16_t vendor,
		       uint16_t attribute)
{
	writer_u16(w, (uint16_t)(bits | (AVP_HEADER_LEN + len)));
	writer_u16(w, vendor);
	writer_u16(w, attribute);
}

static void put_value(const struct player *p, const struct distortion *d, struct writer *w,
		      uint16_t bits, const struct avp_row *row, struct bytes value)
{
	if (d->m)
		bits = d->m > 0 ? AVP_BIT_MANDATORY : 0;
	if (!d->hide || !(row->flags & AVP_H)) {
		put_header(w, bits, value.len, row->vendor, row->attribute);
		writer_bytes(w, value);
		return;
	}
	put_header(w, bits | AVP_BIT_HIDDEN, AVP_HIDDEN_LEN + value.len + d->padding, row->vendor,
		   row->attribute);
	avp_hide(w, row->attribute, secret_of(p->far),
		 (struct bytes){random_vector, sizeof(random_vector)}, value, d->padding);
}

/* Copies the AVPs of a message that the encoder wrote. */
static void distort(const struct player *p, const struct distortion *d, struct reader *r,
		    struct writer *w)
{
	while (r->ok && reader_left(r)) {
		uint16_t bits = reader_u16(r), vendor = reader_u16(r), attribute = reader_u16(r);
		struct bytes value = reader_bytes(r, (bits & AVP_LEN_MASK) - AVP_HEADER_LEN);
		enum avp_id id = avp_find(vendor, attribute);

		if (takes(d, avp_rows[id].key))
			continue;
		put_value(p, d, w, bits & AVP_BIT_MANDATORY, &avp_rows[id], value);
		if (id == AVP_MESSAGE_TYPE && d->type)
			writer_patch_u16(w, writer_len(w) - sizeof(uint16_t), d->type);
		if (id == AVP_MESSAGE_TYPE && d->hide) {
			put_header(w, AVP_BIT_MANDATORY, sizeof(random_vector), 0, 36);
			writer_bytes(w, (struct bytes){random_vector, sizeof(random_vector)});
		}
	}
}

/* True for a word about how the message is written. */
static bool take_distortion(const struct player *p, const struct word *word, struct distortion *d)
{
	if (word_is(word, "hide")) {
		d->hide = true;
		d->padding = word->text ? word_number(p, word, 512) : 0;
	} else if (word_is(word, "m")) {
		if (!word->text ||
		    (strcmp(word->text, "all") != 0 && strcmp(word->text, "none") != 0))
			wrong(p, "m=all, or m=none");
		d->m = strcmp(word->text, "all") == 0 ? 1 : -1;
	} else if (word_is(word, "without")) {
		if (!word->text || d->n_without == 4)
			wrong(p, "without=KEY, four times at most");
		d->without[d->n_without++] = word->text;
	} else if (word_is(word, "zeros")) {
		d->zeros = word_number(p, word, MSG_LEN_MAX);
	} else if (word_is(word, "tail")) {
		d->tail = word_number(p, word, 512);
	} else {
		return false;
	}
	return true;
}

/* True for a word that say_rx() looks for by itself. */
static bool about_packet(const struct word *word)
{
	static const char *const keys[] = {"from", "to",  "tid",  "sid", "ns",
					   "nr",   "avp", "body", "raw"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (word_is(word, keys[i]))
			return true;
	}
	return false;
}

static struct word *find_word(struct player *p, const char *key)
{
	for (unsigned int i = 1; i < p->words.count; i++) {
		if (word_is(&p->words.word[i], key))
			return &p->words.word[i];
	}
	return NULL;
}

static uint16_t number_or(struct player *p, const char *key, uint16_t otherwise)
{
	const struct word *word = find_word(p, key);

	return word ? (uint16_t)word_number(p, word, UINT16_MAX) : otherwise;
}

/* "challenge=echo": that of the engine's, said back. */
static bool take_echo(struct player *p, const struct word *word, struct l2tp_msg *msg)
{
	const struct far *far = p->far;

	if (!word_is(word, "challenge") || !word->text || strcmp(word->text, "echo") != 0)
		return false;
	msg->challenge = (struct bytes){far->heard, far->heard_len};
	avp_add(&msg->present, AVP_CHALLENGE);
	return true;
}

/* "challenge_response=answer": the right one. */
static bool take_answer(struct player *p, const struct word *word, struct l2tp_msg *msg)
{
	struct far *far = p->far;

	if (!word_is(word, "challenge_response") || !word->text ||
	    strcmp(word->text, "answer") != 0)
		return false;
	challenge_response(msg->type, secret_of(far), (struct bytes){far->heard, far->heard_len},
			   msg->challenge_response);
	avp_add(&msg->present, AVP_CHALLENGE_RESPONSE);
	return true;
}

static void take_words(struct player *p, struct l2tp_msg *msg, struct distortion *d)
{
	for (unsigned int i = 2; i < p->words.count; i++) {
		struct word *word = &p->words.word[i];
		enum avp_id id;

		if (about_packet(word) || take_distortion(p, word, d) ||
		    take_answer(p, word, msg) || take_echo(p, word, msg))
			continue;
		id = find_field(word->key);
		if (id == AVP_ID_MAX)
			wrong(p, "%s is neither an AVP nor an option of RX", word->key);
		set_field(p, id, word, msg);
	}
}

/* What it says of itself holds from here. */
static void remember(struct far *far, const struct l2tp_msg *msg)
{
	if ((msg->type == MSG_SCCRQ || msg->type == MSG_SCCRP) && msg->assigned_tunnel_id)
		far->tunnel_id = msg->assigned_tunnel_id;
	if ((msg->type == MSG_ICRQ || msg->type == MSG_ICRP) && msg->assigned_session_id)
		far->session_id = msg->assigned_session_id;
	if (msg_has(msg, AVP_CHALLENGE) && msg->challenge.len <= CHALLENGE_MAX) {
		memcpy(far->said, msg->challenge.data, msg->challenge.len);
		far->said_len = msg->challenge.len;
	}
}

static void put_message(struct player *p, struct l2tp_msg *msg, struct writer *w)
{
	const struct msg_encode_params params = {.hide = HIDE_NEVER};
	uint8_t plain[MSG_LEN_MAX];
	struct writer out = writer_init(plain, sizeof(plain));
	struct distortion d = {0};
	struct reader r;

	if (msg->type == MSG_ZLB) {
		d.type = (uint16_t)strtoul(p->words.word[1].key, NULL, 0);
		if (!d.type)
			wrong(p, "%s is no message", p->words.word[1].key);
		msg->type = MSG_HELLO;
	}
	take_words(p, msg, &d);
	add_least(p, msg);
	if (msg_encode(msg, 0, 0, &params, &out))
		wrong(p, "this cannot be encoded");
	remember(p->far, msg);
	r = reader_init(plain + CONTROL_HEADER_LEN, writer_len(&out) - CONTROL_HEADER_LEN);
	distort(p, &d, &r, w);
	for (unsigned int i = 2; i < p->words.count; i++) {
		uint8_t avp[AVP_LEN_MAX];

		if (word_is(&p->words.word[i], "avp"))
			writer_bytes(w, (struct bytes){avp, word_hex(p, &p->words.word[i], avp,
								     sizeof(avp))});
	}
	while (d.zeros--)
		writer_u8(w, 0);
	control_header_finish(w);
	while (d.tail--)
		writer_u8(w, 0xff);
}

static uint16_t session_due(const struct far *far, enum msg_type type)
{
	if (!msg_is_session(type) || type == MSG_ICRQ || type == MSG_OCRQ)
		return 0;
	return far->box_session_id;
}

/* A number that the line gives is the packet's own, unless it is the next one or beyond. */
static uint16_t next_ns(struct player *p, bool message)
{
	uint16_t ns = number_or(p, "ns", p->far->ns);

	if (message && (int16_t)(ns - p->far->ns) >= 0)
		p->far->ns = (uint16_t)(ns + 1);
	return ns;
}

static void send_packet(struct player *p, struct bytes packet)
{
	const struct word *from = find_word(p, "from"), *to = find_word(p, "to");
	const struct addr source = from ? word_addr(p, from) : p->far->addr;
	const struct addr target = to ? word_addr(p, to) : p->box->addr;

	l2tp_engine_input(p->box->engine, &target, &source, packet, p->world.now);
	box_check(p->box);
}

void say_rx(struct player *p)
{
	const char *name = p->words.count > 1 ? p->words.word[1].key : "";
	struct l2tp_msg msg = {.type = msg_type_parse(name)};
	struct word *raw = find_word(p, "raw"), *body = find_word(p, "body");
	bool zlb = msg.type == MSG_ZLB;
	struct far *far = p->far;
	uint8_t packet[2 * MSG_LEN_MAX], octets[2 * MSG_LEN_MAX];
	struct writer w = writer_init(packet, sizeof(packet));
	struct control_header header = {.version = 2};
	uint16_t ns;

	if (raw) {
		send_packet(p, (struct bytes){octets, word_hex(p, raw, octets, sizeof(octets))});
		return;
	}
	if (msg.type == MSG_TYPE_MAX)
		msg.type = MSG_ZLB;
	header.tunnel_id = number_or(p, "tid", msg.type == MSG_SCCRQ ? 0 : far->box_tunnel_id);
	header.session_id = number_or(p, "sid", session_due(far, msg.type));
	control_header_write(&w, &header);
	ns = next_ns(p, !zlb);
	if (body)
		writer_bytes(&w, (struct bytes){octets, word_hex(p, body, octets, sizeof(octets))});
	else if (!zlb)
		put_message(p, &msg, &w);
	if (body || zlb)
		control_header_finish(&w);
	control_header_set_seq(packet, ns, number_or(p, "nr", far->nr));
	send_packet(p, (struct bytes){packet, writer_len(&w)});
}

void far_hears(struct far *far, const struct sent *sent)
{
	const struct l2tp_msg *msg = &sent->msg;

	if (sent->header.ns == far->nr)
		far->nr++;
	if (msg->type == MSG_SCCRQ || msg->type == MSG_SCCRP)
		far->box_tunnel_id = msg->assigned_tunnel_id;
	if (msg->type == MSG_ICRQ || msg->type == MSG_ICRP)
		far->box_session_id = msg->assigned_session_id;
	if (msg_has(msg, AVP_CHALLENGE) && msg->challenge.len <= CHALLENGE_MAX) {
		memcpy(far->heard, msg->challenge.data, msg->challenge.len);
		far->heard_len = msg->challenge.len;
	}
}

static struct far *find_far(struct player *p, const char *name)
{
	for (size_t i = 0; i < FARS_MAX; i++) {
		struct far *far = &p->fars[i];

		if (!far->name[0]) {
			*far = p->fars[0];
			snprintf(far->name, sizeof(far->name), "%s", name);
			far->box_tunnel_id = far->box_session_id = 0;
			far->ns = far->nr = 0;
			return far;
		}
		if (strcmp(far->name, name) == 0)
			return far;
	}
	wrong(p, "more than %d far ends", FARS_MAX);
}

void say_far(struct player *p)
{
	unsigned int i = 1;

	if (p->words.count > 1 && !p->words.word[1].text)
		p->far = find_far(p, p->words.word[i++].key);
	for (; i < p->words.count; i++) {
		const struct word *word = &p->words.word[i];

		if (word_is(word, "address"))
			p->far->addr = word_addr(p, word);
		else if (word_is(word, "secret"))
			snprintf(p->far->secret, sizeof(p->far->secret), "%s", word->text);
		else if (word_is(word, "tunnel_id"))
			p->far->tunnel_id = (uint16_t)word_number(p, word, UINT16_MAX);
		else if (word_is(word, "session_id"))
			p->far->session_id = (uint16_t)word_number(p, word, UINT16_MAX);
		else if (word_is(word, "ns"))
			p->far->ns = (uint16_t)word_number(p, word, UINT16_MAX);
		else if (word_is(word, "nr"))
			p->far->nr = (uint16_t)word_number(p, word, UINT16_MAX);
		else
			wrong(p, "FAR knows no %s", word->key);
	}
	box_secret(p->box, p->far->secret[0] ? p->far->secret : NULL);
}
