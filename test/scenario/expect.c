/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the engine has to have done: packets, events, and deeds in the kernel and with PPP.
 */
#include <stdio.h>
#include <string.h>

#include "scenario.h"

static const struct sent *peek(const struct player *p)
{
	const struct box *box = p->box;

	if (box->n_sent - p->seen > SENT_MAX)
		wrong(p, "%u packets wait for their EXPECT", box->n_sent - p->seen);
	return p->seen == box->n_sent ? NULL : box->sent[p->seen % SENT_MAX];
}

static const char *describe(const struct sent *sent)
{
	static char text[1200];
	char words[1024], to[ADDR_TEXT_MAX];

	msg_format(&sent->msg, words, sizeof(words));
	snprintf(text, sizeof(text), "%s%s (to %s, tunnel %u, session %u, Ns %u, Nr %u)",
		 sent->sending == SENT_AGAIN ? "a repeated " : "", words,
		 addr_format(&sent->to, to), sent->header.tunnel_id, sent->header.session_id,
		 sent->header.ns, sent->header.nr);
	return text;
}

/* The next message, over any ZLB before it. */
static const struct sent *next_message(struct player *p)
{
	const struct sent *sent;

	while ((sent = peek(p)) && sent->msg.type == MSG_ZLB)
		p->seen++;
	return sent;
}

void all_expected(struct player *p)
{
	const struct sent *sent = next_message(p);

	if (sent)
		wrong(p, "nothing expected %s", describe(sent));
}

static bool is_hidden(const struct sent *sent, enum avp_id id)
{
	struct reader r = reader_init(sent->packet + CONTROL_HEADER_LEN,
				      sent->header.length - CONTROL_HEADER_LEN);

	while (r.ok && reader_left(&r)) {
		uint16_t bits = reader_u16(&r), vendor = reader_u16(&r), attribute = reader_u16(&r);

		if (avp_find(vendor, attribute) == id)
			return bits & AVP_BIT_HIDDEN;
		reader_skip(&r, (bits & AVP_LEN_MASK) - AVP_HEADER_LEN);
	}
	return false;
}

static void expect_number(struct player *p, const struct word *word, uint32_t came,
			  const struct sent *sent)
{
	if (bind_variable(p, word, came))
		return;
	if (word_number(p, word, UINT16_MAX) != came)
		wrong(p, "expected %s=%s, came %s", word->key, word->text, describe(sent));
}

static enum avp_id field_named(const struct player *p, const struct word *word)
{
	enum avp_id id = word->text ? find_field(word->text) : AVP_ID_MAX;

	if (id == AVP_ID_MAX)
		wrong(p, "%s: must name an AVP", word->key);
	return id;
}

static void expect_addr(const struct player *p, const struct word *word, const struct addr *came,
			const struct sent *sent)
{
	struct addr addr = word_addr(p, word);

	if (!addr_equal(&addr, came))
		wrong(p, "expected %s=%s, came %s", word->key, word->text, describe(sent));
}

/* True for a word about the packet. */
static bool expect_packet(struct player *p, const struct word *word, const struct sent *sent)
{
	if (word_is(word, "ns"))
		expect_number(p, word, sent->header.ns, sent);
	else if (word_is(word, "nr"))
		expect_number(p, word, sent->header.nr, sent);
	else if (word_is(word, "tid"))
		expect_number(p, word, sent->header.tunnel_id, sent);
	else if (word_is(word, "sid"))
		expect_number(p, word, sent->header.session_id, sent);
	else if (word_is(word, "to"))
		expect_addr(p, word, &sent->to, sent);
	else if (word_is(word, "from"))
		expect_addr(p, word, &sent->from, sent);
	else
		return false;
	return true;
}

static bool expect_answer(const struct player *p, const struct word *word, const struct sent *sent)
{
	const struct far *far = p->far;

	if (!word_is(word, "challenge_response") || !word->text ||
	    strcmp(word->text, "answer") != 0)
		return false;
	if (!msg_has(&sent->msg, AVP_CHALLENGE_RESPONSE) ||
	    !challenge_verify(sent->msg.type, bytes_str(far->secret),
			      (struct bytes){far->said, far->said_len},
			      sent->msg.challenge_response))
		wrong(p, "the challenge was not answered rightly: %s", describe(sent));
	return true;
}

static void expect_word(struct player *p, struct word *word, const struct sent *sent)
{
	enum avp_id id;

	if (expect_packet(p, word, sent) || expect_answer(p, word, sent))
		return;
	if (word_is(word, "without")) {
		if (msg_has(&sent->msg, field_named(p, word)))
			wrong(p, "expected no %s, came %s", word->text, describe(sent));
		return;
	}
	if (word_is(word, "hidden")) {
		if (!is_hidden(sent, field_named(p, word)))
			wrong(p, "%s is not hidden", word->text);
		return;
	}
	id = find_field(word->key);
	if (id == AVP_ID_MAX)
		wrong(p, "%s is neither an AVP nor an option of EXPECT", word->key);
	expect_field(p, id, word, &sent->msg);
}

/* Unless the line says otherwise, it goes to the far end and names its ids. */
static void expect_envelope(const struct player *p, const struct sent *sent)
{
	bool to = false, tid = false;

	for (unsigned int i = 1; i < p->words.count; i++) {
		to |= word_is(&p->words.word[i], "to");
		tid |= word_is(&p->words.word[i], "tid");
	}
	if (!to && !addr_equal(&sent->to, &p->far->addr))
		wrong(p, "this went elsewhere: %s", describe(sent));
	if (!tid && sent->header.tunnel_id != (sent->msg.type == MSG_SCCRQ ? 0 : p->far->tunnel_id))
		wrong(p, "this has another tunnel id: %s", describe(sent));
}

static void expect_nothing(struct player *p, bool silence)
{
	const struct sent *sent = silence ? peek(p) : next_message(p);

	if (sent)
		wrong(p, "expected nothing, came %s", describe(sent));
}

void say_expect(struct player *p)
{
	unsigned int i = 1;
	bool again = p->words.count > 2 && word_is(&p->words.word[1], "retransmit");
	const struct sent *sent;
	enum msg_type type;

	i += again;
	if (i == p->words.count)
		wrong(p, "EXPECT what?");
	if (word_is(&p->words.word[i], "none") || word_is(&p->words.word[i], "silence")) {
		expect_nothing(p, word_is(&p->words.word[i], "silence"));
		return;
	}
	type = msg_type_parse(p->words.word[i++].key);
	if (type == MSG_TYPE_MAX)
		wrong(p, "%s is no message", p->words.word[i - 1].key);
	sent = type == MSG_ZLB ? peek(p) : next_message(p);
	if (!sent)
		wrong(p, "expected %s, came nothing", msg_type_name(type));
	if (sent->msg.type != type || again != (sent->sending == SENT_AGAIN))
		wrong(p, "expected %s%s, came %s", again ? "a repeated " : "", msg_type_name(type),
		      describe(sent));
	p->seen++;
	expect_envelope(p, sent);
	for (; i < p->words.count; i++)
		expect_word(p, &p->words.word[i], sent);
	if (type != MSG_ZLB)
		far_hears(p->far, sent);
}

void on_event(struct box *box, const struct l2tp_event *event)
{
	struct player *p = container_of(box->world, struct player, world);
	struct happened *happened = &p->events[p->n_events++ % EVENTS_MAX];

	happened->type = event->type;
	snprintf(happened->text, sizeof(happened->text), "%s",
		 event->text			   ? event->text
		 : event->session || event->tunnel ? box->reason
						   : "");
}

static bool is_named(const struct happened *happened, const char *name)
{
	char text[64];

	snprintf(text, sizeof(text), "%s", l2tp_event_name(happened->type));
	for (char *c = text; *c; c++)
		*c = *c == ' ' ? '-' : *c;
	return strcmp(text, name) == 0;
}

void say_event(struct player *p)
{
	const char *name = p->words.count > 1 ? p->words.word[1].key : "";
	char last[300] = "nothing";

	for (; p->events_seen < p->n_events; p->events_seen++) {
		const struct happened *happened = &p->events[p->events_seen % EVENTS_MAX];

		snprintf(last, sizeof(last), "%s \"%s\"", l2tp_event_name(happened->type),
			 happened->text);
		if (!is_named(happened, name))
			continue;
		p->events_seen++;
		if (p->words.count > 2 && !strstr(happened->text, p->words.word[2].key))
			wrong(p, "expected the words \"%s\", came %s", p->words.word[2].key, last);
		return;
	}
	wrong(p, "expected the event %s, came last %s", name, last);
}

/* The journal without what EXPECT and EVENT are for. */
static bool is_deed(const char *word)
{
	return strncmp(word, "tx:", 3) != 0 && strncmp(word, "reply:", 6) != 0 &&
	       strncmp(word, "ev:", 3) != 0;
}

void say_did(struct player *p)
{
	char due[1024] = "", did[1024] = "", journal[JOURNAL_MAX], *save;

	for (unsigned int i = 1; i < p->words.count; i++) {
		strcat(due, due[0] ? " " : "");
		strcat(due, p->words.word[i].key);
	}
	strcpy(journal, p->box->journal);
	for (char *word = strtok_r(journal, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		if (!is_deed(word))
			continue;
		strcat(did, did[0] ? " " : "");
		strncat(did, word, sizeof(did) - strlen(did) - 2);
	}
	box_forget(p->box);
	if (strcmp(due, "nothing") == 0)
		due[0] = '\0';
	if (strcmp(due, did) != 0)
		wrong(p, "expected %s, it did %s", due[0] ? due : "nothing",
		      did[0] ? did : "nothing");
}
