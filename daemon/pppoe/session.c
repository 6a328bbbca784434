/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions of the access concentrator: their ids, who they belong to, and their limits.
 */
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "pppoe/private.h"

/* A client whose PADS was lost asks again (RFC 2516 section 8), by then at the latest. */
#define FRESH (15 * USEC_PER_SEC)

/* What tells one request of a client from another. */
static const enum pppoe_tag asked_by[] = {PPPOE_HOST_UNIQ, PPPOE_RELAY_SESSION_ID};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static uint64_t id_key(const struct pppoe_ac *ac, uint16_t id)
{
	return hash_u64(id, ac->seed);
}

static uint64_t mac_key(const struct pppoe_ac *ac, const uint8_t mac[static PPPOE_MAC_LEN])
{
	return hash_bytes(mac, PPPOE_MAC_LEN, ac->seed);
}

static uint64_t request_key(const struct pppoe_ac *ac, const uint8_t mac[static PPPOE_MAC_LEN],
			    const struct bytes tags[static PPPOE_TAG_MAX])
{
	uint64_t key = mac_key(ac, mac);

	for (size_t i = 0; i < COUNT(asked_by); i++)
		key = hash_bytes(tags[asked_by[i]].data, tags[asked_by[i]].len, key);
	return key;
}

struct pppoe_session *pppoe_session_find(const struct pppoe_ac *ac, uint16_t id)
{
	struct hash_node *node = hash_find(&ac->by_id, id_key(ac, id));

	for (; node; node = hash_find_next(node)) {
		struct pppoe_session *s = container_of(node, struct pppoe_session, by_id);

		if (s->id == id)
			return s;
	}
	return NULL;
}

struct pppoe_session *pppoe_session_next(const struct pppoe_ac *ac,
					 const struct pppoe_session *last)
{
	struct list *next = last ? last->node.next : ac->sessions.next;

	return next == &ac->sessions ? NULL : list_entry(next, struct pppoe_session, node);
}

static bool same_request(const struct pppoe_session *s, const struct pppoe_packet *packet)
{
	const struct pppoe_echo *echo = s->echo;

	if (memcmp(s->mac, packet->source, PPPOE_MAC_LEN) != 0)
		return false;
	for (size_t i = 0; i < COUNT(asked_by); i++) {
		if (!bytes_equal(echo->request.tags[asked_by[i]], packet->tags[asked_by[i]]))
			return false;
	}
	return true;
}

struct pppoe_session *pppoe_session_asked(const struct pppoe_ac *ac,
					  const struct pppoe_packet *packet, usec_t now)
{
	uint64_t key = request_key(ac, packet->source, packet->tags);
	struct hash_node *node = hash_find(&ac->by_request, key);

	for (; node; node = hash_find_next(node)) {
		struct pppoe_session *s = container_of(node, struct pppoe_session, by_request);
		const struct pppoe_echo *echo = s->echo;

		if (!s->peer_done && !s->leaving &&
		    (!s->accepted || now - echo->asked_at < FRESH) && same_request(s, packet))
			return s;
	}
	return NULL;
}

/* Counts no further than the limit. Those that the client ended are on their way out. */
static bool mac_has(const struct pppoe_ac *ac, const uint8_t mac[static PPPOE_MAC_LEN],
		    unsigned int limit)
{
	struct hash_node *node = hash_find(&ac->by_mac, mac_key(ac, mac));
	unsigned int count = 0;

	for (; node && count < limit; node = hash_find_next(node)) {
		const struct pppoe_session *s = container_of(node, struct pppoe_session, by_mac);

		count += !s->peer_done && memcmp(s->mac, mac, PPPOE_MAC_LEN) == 0;
	}
	return count >= limit;
}

const char *pppoe_limit_reached(const struct pppoe_ac *ac, const uint8_t mac[static PPPOE_MAC_LEN])
{
	const struct pppoe_settings *settings = ac->settings;

	if (ac->by_id.count >= PPPOE_SESSION_ID_MAX ||
	    (settings->max_sessions && ac->by_id.count >= settings->max_sessions))
		return "too many sessions";
	if (settings->max_sessions_per_mac && mac_has(ac, mac, settings->max_sessions_per_mac))
		return "too many sessions of this address";
	return NULL;
}

/* Any that is free, from a random one on: whoever guesses ids finds no order in them. */
static uint16_t new_id(struct pppoe_ac *ac)
{
	uint16_t id;

	ac->ops->random(ac, &id, sizeof(id));
	do {
		id = (uint16_t)(id % PPPOE_SESSION_ID_MAX + 1);
	} while (pppoe_session_find(ac, id));
	return id;
}

static bool is_kept(enum pppoe_tag tag)
{
	return tag == PPPOE_SERVICE_NAME || tag == PPPOE_HOST_UNIQ || tag == PPPOE_RELAY_SESSION_ID;
}

/* One piece of memory, no larger than the frame. */
static struct pppoe_echo *echo_new(const struct pppoe_ac *ac, const struct pppoe_packet *packet,
				   usec_t now)
{
	struct pppoe_request request = pppoe_request_of(ac, packet);
	struct pppoe_echo *echo;
	size_t len = 0;

	for (enum pppoe_tag tag = 0; tag < PPPOE_TAG_MAX; tag++)
		len += is_kept(tag) ? packet->tags[tag].len : 0;
	echo = mem_alloc(sizeof(*echo) + len);
	if (!echo)
		return NULL;
	echo->asked_at = now;
	echo->request.max_payload = request.max_payload;
	len = 0;
	for (enum pppoe_tag tag = 0; tag < PPPOE_TAG_MAX; tag++) {
		struct bytes value = packet->tags[tag];

		if (!is_kept(tag) || !pppoe_has(packet, tag))
			continue;
		echo->request.present |= UINT32_C(1) << tag;
		echo->request.tags[tag] = (struct bytes){echo->data + len, value.len};
		memcpy(echo->data + len, value.data, value.len);
		len += value.len;
	}
	return echo;
}

static void session_free(struct pppoe_session *s)
{
	hash_remove(&s->ac->by_id, &s->by_id);
	hash_remove(&s->ac->by_mac, &s->by_mac);
	hash_remove(&s->ac->by_request, &s->by_request);
	list_remove(&s->node);
	mem_free(s->line);
	mem_free(s->echo);
	mem_free(s);
}

static int insert(struct pppoe_session *s, const struct pppoe_packet *packet)
{
	struct pppoe_ac *ac = s->ac;
	int err = hash_insert(&ac->by_id, &s->by_id, id_key(ac, s->id));

	if (!err)
		err = hash_insert(&ac->by_mac, &s->by_mac, mac_key(ac, s->mac));
	if (!err)
		err = hash_insert(&ac->by_request, &s->by_request,
				  request_key(ac, s->mac, packet->tags));
	return err;
}

int pppoe_session_new(struct pppoe_ac *ac, const struct pppoe_packet *packet, usec_t now,
		      struct pppoe_session **ret)
{
	struct pppoe_session *s = mem_alloc(sizeof(*s));
	struct pppoe_echo *echo;

	if (!s)
		return -ENOMEM;
	s->ac = ac;
	list_init(&s->node);
	s->echo = echo = echo_new(ac, packet, now);
	if (packet->has_line)
		s->line = mem_alloc(sizeof(*s->line));
	s->id = new_id(ac);
	memcpy(s->mac, packet->source, PPPOE_MAC_LEN);
	if (!echo || (packet->has_line && !s->line) || insert(s, packet) < 0) {
		session_free(s);
		return -ENOMEM;
	}
	if (s->line)
		*s->line = packet->line;
	s->max_payload = echo->request.max_payload;
	text_copy(s->service_name, sizeof(s->service_name), packet->tags[PPPOE_SERVICE_NAME]);
	list_append(&ac->sessions, &s->node);
	*ret = s;
	return 0;
}

void pppoe_session_accept(struct pppoe_session *s)
{
	s->accepted = true;
	s->ac->stats.sessions_opened++;
	pppoe_answer_confirm(s);
}

void pppoe_session_refuse(struct pppoe_session *s, const char *text)
{
	const struct pppoe_echo *echo = s->echo;

	s->ac->stats.refused_system++;
	if (!s->peer_done)
		pppoe_answer_error(s->ac, s->mac, &echo->request, PPPOE_AC_SYSTEM_ERROR, text);
	session_free(s);
}

void pppoe_session_leaves(struct pppoe_session *s)
{
	s->leaving = true;
}

void pppoe_session_close(struct pppoe_session *s, const char *text)
{
	if (s->accepted) {
		s->ac->stats.sessions_closed++;
		if (!s->peer_done)
			pppoe_answer_terminate(s, text);
	}
	session_free(s);
}
