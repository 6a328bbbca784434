/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RADIUS servers: they accept, reject, name tunnels or domains, or stay silent.
 */
#include <stdio.h>
#include <string.h>

#include "aaa/packet.h"
#include "test/sim/lac/lac_sim.h"

static struct box *of_client(struct radius_client *client)
{
	return radius_client_ctx(client);
}

static void on_random(struct radius_client *client, void *data, size_t len)
{
	uint8_t *out = data;

	while (len--)
		*out++ = (uint8_t)world_random(of_client(client)->world);
}

static uint32_t on_time(struct radius_client *client)
{
	return (uint32_t)(of_client(client)->world->now / USEC_PER_SEC);
}

/* Where a datagram came from, in front of it. */
struct route {
	char server[8];
	bool acct;
	unsigned int socket;
};

static void answer_arrives(struct world *w, struct happening *h)
{
	const struct radius_server *server;
	struct radius_server *found = NULL;
	struct route route;

	memcpy(&route, h->data, sizeof(route));
	list_for_each (server, &h->box->settings->radius.servers, node) {
		if (strcmp(server->name, route.server) == 0)
			found = (struct radius_server *)server;
	}
	if (!found || !h->box->radius)
		return;
	INSIDE(h->box, radius_input(h->box->radius, found, route.acct, route.socket,
				    (struct bytes){h->data + sizeof(route), h->len - sizeof(route)},
				    w->now));
}

static void put_text(struct writer *w, enum radius_attr attr, uint8_t tag, const char *text)
{
	radius_put(w, attr, tag, bytes_str(text));
}

static void put_tunnels(struct world *w, struct writer *body)
{
	uint8_t n = (uint8_t)(1 + below(w, 3));
	char text[ADDR_TEXT_MAX];

	for (uint8_t tag = 1; tag <= n; tag++) {
		unsigned int to = FIRST_LNS + below(w, w->n_boxes - FIRST_LNS);

		radius_put_number(body, ATTR_TUNNEL_TYPE, tag, 3);
		radius_put_number(body, ATTR_TUNNEL_MEDIUM_TYPE, tag, 1);
		put_text(body, ATTR_TUNNEL_SERVER_ENDPOINT, tag,
			 addr_format_host(&w->boxes[to].addr, text));
		radius_put_number(body, ATTR_TUNNEL_PREFERENCE, tag, below(w, 3));
	}
}

static enum radius_code decide(struct world *w, const struct box *box, struct writer *body)
{
	char domain[8];

	/* The map decides, for good. */
	if (w->healed)
		return RADIUS_ACCESS_ACCEPT;
	if (chance(w, 5))
		return RADIUS_ACCESS_REJECT;
	if (chance(w, 30))
		radius_put_number(body, ATTR_SESSION_TIMEOUT, 0, 1 + below(w, 100));
	if (chance(w, 30))
		radius_put_number(body, ATTR_ACCT_INTERIM_INTERVAL, 0, 60 + below(w, 60));
	if (chance(w, 40) && box->number == THE_LAC) {
		put_tunnels(w, body);
	} else if (chance(w, 30)) {
		snprintf(domain, sizeof(domain), "d%u", below(w, DOMAINS + 1));
		put_text(body, ATTR_ERX_TUNNEL_GROUP, 0, domain);
	}
	return RADIUS_ACCESS_ACCEPT;
}

static void on_send(struct radius_client *client, const struct radius_server *server, bool acct,
		    unsigned int socket, struct bytes packet)
{
	struct box *box = of_client(client);
	struct world *w = box->world;
	struct route route = {.acct = acct, .socket = socket};
	uint8_t attributes[1024], answer[2048];
	struct writer body = writer_init(attributes, sizeof(attributes));
	struct writer out = writer_init(answer + sizeof(route), sizeof(answer) - sizeof(route));
	enum radius_code code = RADIUS_ACCOUNTING_RESPONSE;
	struct radius_packet parsed;

	if (acct)
		check_account(w, packet);
	*(acct ? &w->totals->accounts : &w->totals->requests) += 1;
	HOLDS(box, radius_parse(packet, &parsed) == 0);
	if (chance(w, w->radius_loss))
		return;
	if (!acct)
		code = decide(w, box, &body);
	snprintf(route.server, sizeof(route.server), "%s", server->name);
	memcpy(answer, &route, sizeof(route));
	HOLDS(box, body.ok && radius_seal_answer(&out, code, parsed.id, bytes_str(server->secret),
						 (struct bytes){attributes, writer_len(&body)},
						 parsed.authenticator) == 0);
	later(w, below(w, w->healed ? 100000 : 3000000), answer_arrives, box, w,
	      (struct bytes){answer, sizeof(route) + writer_len(&out)});
}

static void on_event(struct radius_client *client, const struct radius_server *server,
		     const char *text)
{
	SAY(of_client(client)->world, of_client(client)->name, "  radius %s: %s",
	    server ? server->name : "", text);
}

const struct radius_ops sim_radius_ops = {
	.random = on_random,
	.time = on_time,
	.send = on_send,
	.event = on_event,
};
