/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The RADIUS server of a LAC's world.
 */
#include "lac_radius.h"

#define ORDERER "198.51.100.5"

static struct server world;

static struct bytes inside(const struct heard *heard)
{
	return (struct bytes){heard->body, heard->len};
}

uint32_t heard_number(const struct heard *heard, enum radius_attr attr)
{
	struct radius_value value;

	return radius_get(inside(heard), attr, &value) ? value.number : UINT32_MAX;
}

const char *heard_text(const struct heard *heard, enum radius_attr attr)
{
	static char texts[8][RADIUS_VALUE_MAX + 1];
	static unsigned int next;
	struct radius_value value;
	char *text = texts[next++ % 8];

	text[0] = '\0';
	if (radius_get(inside(heard), attr, &value))
		snprintf(text, RADIUS_VALUE_MAX + 1, "%.*s", (int)value.value.len,
			 (const char *)value.value.data);
	return text;
}

/* --- struct radius_ops --- */

static void on_random(struct radius_client *client, void *data, size_t len)
{
	struct server *server = radius_client_ctx(client);
	uint8_t *out = data;

	while (len--)
		*out++ = (uint8_t)world_random(&server->f.w);
}

static uint32_t on_time(struct radius_client *client)
{
	(void)client;
	return 1;
}

/* Answered later, as by a socket: never from inside the call. */
static void on_send(struct radius_client *client, const struct radius_server *section, bool acct,
		    unsigned int socket, struct bytes bytes)
{
	struct server *server = radius_client_ctx(client);
	struct heard *heard = &server->heard[server->n_heard];
	struct radius_packet packet;

	(void)section;
	assert_int_equal(radius_parse(bytes, &packet), 0);
	assert_true(server->n_heard++ < HEARD_MAX);
	heard->acct = acct;
	heard->due = true;
	heard->id = packet.id;
	heard->socket = socket;
	memcpy(heard->authenticator, packet.authenticator, RADIUS_AUTHENTICATOR_LEN);
	assert_true(packet.attributes.len <= sizeof(heard->body));
	memcpy(heard->body, packet.attributes.data, packet.attributes.len);
	heard->len = packet.attributes.len;
}

static void on_reply(struct radius_client *client, const struct addr *local,
		     const struct addr *peer, struct bytes bytes)
{
	struct server *server = radius_client_ctx(client);
	struct radius_packet packet;
	struct radius_value value;

	(void)local, (void)peer;
	assert_int_equal(radius_parse(bytes, &packet), 0);
	server->order_code = packet.code;
	server->order_error =
		radius_get(packet.attributes, ATTR_ERROR_CAUSE, &value) ? value.number : 0;
}

static bool on_is_server(struct radius_client *client, const struct radius_server *section,
			 const struct addr *peer)
{
	(void)client, (void)section, (void)peer;
	return true;
}

static unsigned int on_disconnect(struct radius_client *client, const struct radius_user *who)
{
	struct server *server = radius_client_ctx(client);

	return lac_disconnect(server->f.lac, who, server->f.w.now);
}

static int on_change(struct radius_client *client, const struct radius_user *who, uint32_t tx,
		     uint32_t rx)
{
	struct server *server = radius_client_ctx(client);

	return lac_change(server->f.lac, who, tx, rx, server->f.w.now);
}

static void on_event(struct radius_client *client, const struct radius_server *section,
		     const char *text)
{
	(void)client, (void)section, (void)text;
}

static const struct radius_ops radius_ops = {
	.random = on_random,
	.time = on_time,
	.send = on_send,
	.reply = on_reply,
	.is_server = on_is_server,
	.disconnect = on_disconnect,
	.change = on_change,
	.event = on_event,
};

/* --- what it says --- */

static void answer(struct server *server, struct heard *heard, enum radius_code code,
		   struct bytes body)
{
	uint8_t packet[512];
	struct writer w = writer_init(packet, sizeof(packet));

	assert_true(heard->due);
	heard->due = false;
	assert_int_equal(radius_seal_answer(&w, code, heard->id, bytes_str("secret"), body,
					    heard->authenticator),
			 0);
	radius_input(server->client, &server->section, heard->acct, heard->socket, written(&w),
		     server->f.w.now);
}

static void acknowledge(struct server *server)
{
	for (unsigned int i = 0; i < server->n_heard; i++) {
		if (server->heard[i].acct && server->heard[i].due)
			answer(server, &server->heard[i], RADIUS_ACCOUNTING_RESPONSE,
			       (struct bytes){0});
	}
}

/* In steps that are shorter than a try. */
void server_run(struct server *server, usec_t duration)
{
	const usec_t step = 100 * USEC_PER_MSEC;

	acknowledge(server);
	for (usec_t done = 0; done < duration; done += step) {
		world_run(&server->f.w, step);
		acknowledge(server);
	}
}

static struct bytes put_all(uint8_t *body, size_t size, const struct put *puts, size_t n)
{
	struct writer w = writer_init(body, size);

	for (size_t i = 0; i < n; i++) {
		if (puts[i].text)
			radius_put(&w, puts[i].attr, 0, bytes_str(puts[i].text));
		else
			radius_put_number(&w, puts[i].attr, 0, puts[i].number);
	}
	return written(&w);
}

void server_says(struct server *server, enum radius_code code, const struct put *puts, size_t n)
{
	server->code = code;
	server->body_len = put_all(server->body, sizeof(server->body), puts, n).len;
}

void server_answer(struct server *server)
{
	answer(server, (struct heard *)server_asked(server), server->code,
	       (struct bytes){server->body, server->body_len});
	server_run(server, 3 * USEC_PER_SEC);
}

struct lac_call *server_call(struct server *server, unsigned int n, const char *user,
			     const struct put *puts, size_t n_puts)
{
	struct subscriber *s;

	server_says(server, RADIUS_ACCESS_ACCEPT, puts, n_puts);
	s = dial(&server->f, n, user);
	assert_non_null(call_of(s));
	assert_int_equal(call_of(s)->state, LAC_AUTHORIZING);
	server_answer(server);
	assert_non_null(call_of(s));
	assert_int_equal(call_of(s)->state, LAC_UP);
	return call_of(s);
}

static void order(struct server *server, enum radius_code code, const struct put *puts, size_t n)
{
	static uint8_t id;
	uint8_t body[512], packet[600];
	struct writer w = writer_init(packet, sizeof(packet));
	struct bytes inside = put_all(body, sizeof(body), puts, n);
	struct addr local = {.family = ADDR_IPV4}, peer;
	uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN];

	assert_int_equal(addr_parse(ORDERER, &peer), 0);
	assert_int_equal(
		radius_seal_request(&w, code, ++id, bytes_str("secret"), inside, authenticator), 0);
	server->order_code = 0;
	radius_order(server->client, &local, &peer, written(&w), server->f.w.now);
	server_run(server, USEC_PER_SEC);
}

void server_order(struct server *server, const struct put *puts, size_t n)
{
	order(server, RADIUS_DISCONNECT_REQUEST, puts, n);
}

void server_change(struct server *server, const struct put *puts, size_t n)
{
	order(server, RADIUS_COA_REQUEST, puts, n);
}

/* --- what it heard --- */

const struct heard *server_asked(const struct server *server)
{
	for (unsigned int i = server->n_heard; i--;) {
		if (!server->heard[i].acct)
			return &server->heard[i];
	}
	fail_msg("nobody asked");
	return NULL;
}

unsigned int server_times_asked(const struct server *server)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < server->n_heard; i++)
		n += !server->heard[i].acct;
	return n;
}

const struct heard *server_record(const struct server *server, enum radius_record_type type,
				  unsigned int n)
{
	for (unsigned int i = 0; i < server->n_heard; i++) {
		const struct heard *heard = &server->heard[i];

		if (heard->acct && heard_number(heard, ATTR_ACCT_STATUS_TYPE) == type && !n--)
			return heard;
	}
	return NULL;
}

void server_expect(const struct server *server, const enum radius_record_type *types, size_t n)
{
	size_t at = 0;

	for (unsigned int i = 0; i < server->n_heard; i++) {
		if (!server->heard[i].acct)
			continue;
		assert_true(at < n);
		assert_int_equal(heard_number(&server->heard[i], ATTR_ACCT_STATUS_TYPE),
				 types[at++]);
	}
	assert_int_equal(at, n);
}

int server_setup(void **state)
{
	struct server *server = &world;

	memset(server, 0, sizeof(*server));
	lac_world_init(&server->f);
	server->section = (struct radius_server){
		.name = (char *)"aaa",
		.host = (char *)"aaa",
		.auth_port = 1812,
		.acct_port = 1813,
		.secret = (char *)"secret",
		.timeout = USEC_PER_SEC,
		.tries = 2,
		.dead_time = 10 * USEC_PER_SEC,
	};
	list_append(&server->f.radius.servers, &server->section.node);
	server->f.radius.base = server->f.w.boxes[0].peer;
	server->f.access->radius = LAC_RADIUS_OPTIONAL;
	assert_int_equal(radius_client_new(&radius_ops, server,
					   &server->f.w.boxes[0].engine->timers, &server->f.radius,
					   &server->client),
			 0);
	lac_set_radius(server->f.lac, server->client);
	*state = server;
	return 0;
}

int server_teardown(void **state)
{
	struct server *server = *state;
	struct lac_world *f = &server->f;

	/* What is accounted for from here on is nobody's to read. */
	server->n_heard = 0;
	lac_stop(f->lac, f->w.now);
	server_run(server, 10 * USEC_PER_SEC);
	lac_set_radius(f->lac, NULL);
	radius_client_free(server->client);
	lac_world_end(f);
	return 0;
}
