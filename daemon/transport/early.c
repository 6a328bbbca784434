/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reorder ring: one place for each number in our receive window, RFC 2661 section 5.8.
 *
 * Order is the rule and a gap the exception, and a box has tens of thousands of tunnels: the ring
 * is allocated for the first message that comes early and freed with the last. Strangers have
 * tunnels too, until they fail to prove themselves: what a ring may hold is bounded in octets as
 * well.
 */
#include "transport/early.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"

/* On average; a message of a real peer's has less than half as many. */
#define EARLY_LEN_MEAN 512

/* The window need not divide 65536, so a place is counted from that of nr, not from 0. */
static struct early_message **place(struct transport *t, uint16_t ahead)
{
	return &t->early[(t->early_first + ahead) % t->config.window];
}

static void free_if_empty(struct transport *t)
{
	if (t->early_count > 0)
		return;
	mem_free(t->early);
	t->early = NULL;
}

static int keep(struct transport *t, uint16_t ahead, const struct control_header *header,
		struct bytes body)
{
	struct early_message *message;

	if (*place(t, ahead))
		return -EEXIST;
	if (t->early_octets + body.len > t->config.window * (size_t)EARLY_LEN_MEAN)
		return -ENOMEM;
	message = mem_alloc(sizeof(*message) + body.len);
	if (!message)
		return -ENOMEM;
	message->header = *header;
	message->len = body.len;
	memcpy(message->body, body.data, body.len);
	*place(t, ahead) = message;
	t->early_count++;
	t->early_octets += body.len;
	return 0;
}

int early_put(struct transport *t, uint16_t ahead, const struct control_header *header,
	      struct bytes body)
{
	int err;

	if (!t->early)
		t->early = mem_alloc(t->config.window * sizeof(struct early_message *));
	if (!t->early)
		return -ENOMEM;
	err = keep(t, ahead, header, body);
	free_if_empty(t);
	return err;
}

void early_advance(struct transport *t)
{
	if (t->early)
		t->early_first = (uint16_t)((t->early_first + 1) % t->config.window);
}

struct early_message *early_take(struct transport *t)
{
	struct early_message *message;

	if (!t->early)
		return NULL;
	message = *place(t, 0);
	if (!message)
		return NULL;
	*place(t, 0) = NULL;
	t->early_count--;
	t->early_octets -= message->len;
	free_if_empty(t);
	return message;
}

void early_clear(struct transport *t)
{
	if (!t->early)
		return;
	for (uint16_t ahead = 0; ahead < t->config.window; ahead++)
		mem_free(*place(t, ahead));
	t->early_count = 0;
	t->early_octets = 0;
	free_if_empty(t);
}
