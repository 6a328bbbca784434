/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What RADIUS makes of a call, and what it is told: the real client, with a server that answers as
 * a table says.
 */
#include "lac_fixture.h"

#include <errno.h>
#include <stdlib.h>

#include "radius_kit.h"

#define LNS "192.0.2.2"
#define RECORDS_MAX 16

/* Status types of accounting, in the order in which they came. */
struct server {
	struct lac_world f;
	struct radius_server section;
	struct radius_client *client;
	/* 0: it says nothing. */
	enum radius_code code;
	uint8_t body[256];
	size_t body_len;
	bool due;
	uint8_t id;
	unsigned int socket;
	uint8_t authenticator[RADIUS_AUTHENTICATOR_LEN];
	uint32_t records[RECORDS_MAX];
	unsigned int n_records;
	unsigned int n_asked;
	char user[64];
	uint32_t session_time, packets_in, cause;
	char session_id[LAC_CALL_ID_LEN];
};

static struct server world;

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

static uint32_t number_of(struct bytes attributes, enum radius_attr attr)
{
	struct radius_value value;

	return radius_get(attributes, attr, &value) ? value.number : 0;
}

static void text_of(struct bytes attributes, enum radius_attr attr, char *text, size_t size)
{
	struct radius_value value;

	text[0] = '\0';
	if (radius_get(attributes, attr, &value))
		snprintf(text, size, "%.*s", (int)value.value.len, (const char *)value.value.data);
}

static void keep_record(struct server *server, struct bytes attributes)
{
	assert_true(server->n_records < RECORDS_MAX);
	server->records[server->n_records++] = number_of(attributes, ATTR_ACCT_STATUS_TYPE);
	server->session_time = number_of(attributes, ATTR_ACCT_SESSION_TIME);
	server->packets_in = number_of(attributes, ATTR_ACCT_INPUT_PACKETS);
	server->cause = number_of(attributes, ATTR_ACCT_TERMINATE_CAUSE);
	text_of(attributes, ATTR_ACCT_SESSION_ID, server->session_id, sizeof(server->session_id));
}

/* Answered from answer(), as a socket would: never from inside the call. */
static void on_send(struct radius_client *client, const struct radius_server *section, bool acct,
		    unsigned int socket, struct bytes bytes)
{
	struct server *server = radius_client_ctx(client);
	struct radius_packet packet;

	(void)section;
	assert_int_equal(radius_parse(bytes, &packet), 0);
	if (acct) {
		keep_record(server, packet.attributes);
		return;
	}
	server->n_asked++;
	text_of(packet.attributes, ATTR_USER_NAME, server->user, sizeof(server->user));
	server->due = true;
	server->id = packet.id;
	server->socket = socket;
	memcpy(server->authenticator, packet.authenticator, RADIUS_AUTHENTICATOR_LEN);
}

static unsigned int on_disconnect(struct radius_client *client, const struct radius_user *who)
{
	struct server *server = radius_client_ctx(client);

	return lac_disconnect(server->f.lac, who, server->f.w.now);
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
	.disconnect = on_disconnect,
	.event = on_event,
};

static void answer(struct server *server)
{
	uint8_t packet[512];
	struct writer w = writer_init(packet, sizeof(packet));

	assert_true(server->due);
	server->due = false;
	assert_int_equal(radius_seal_answer(&w, server->code, server->id, bytes_str("secret"),
					    (struct bytes){server->body, server->body_len},
					    server->authenticator),
			 0);
	radius_input(server->client, &server->section, false, server->socket, written(&w),
		     server->f.w.now);
	world_run(&server->f.w, 3 * USEC_PER_SEC);
}

struct put {
	enum radius_attr attr;
	uint32_t number;
	const char *text;
};

static void says(struct server *server, enum radius_code code, const struct put *puts, size_t n)
{
	struct writer w = writer_init(server->body, sizeof(server->body));

	for (size_t i = 0; i < n; i++) {
		if (puts[i].text)
			radius_put(&w, puts[i].attr, 0, bytes_str(puts[i].text));
		else
			radius_put_number(&w, puts[i].attr, 0, puts[i].number);
	}
	assert_true(w.ok);
	server->code = code;
	server->body_len = writer_len(&w);
}

static int setup(void **state)
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
	server->f.access->use_radius = true;
	assert_int_equal(radius_client_new(&radius_ops, server,
					   &server->f.w.boxes[0].engine->timers, &server->f.radius,
					   &server->client),
			 0);
	lac_set_radius(server->f.lac, server->client);
	*state = server;
	return 0;
}

static int teardown(void **state)
{
	struct server *server = *state;
	struct lac_world *f = &server->f;

	/* What it accounts for while it ends nobody acknowledges. */
	lac_stop(f->lac, f->w.now);
	world_run(&f->w, 10 * USEC_PER_SEC);
	lac_set_radius(f->lac, NULL);
	radius_client_free(server->client);
	lac_world_end(f);
	return 0;
}

static const struct put to_lns[] = {
	{ATTR_TUNNEL_TYPE, 3, NULL},
	{ATTR_TUNNEL_MEDIUM_TYPE, 1, NULL},
	{ATTR_TUNNEL_SERVER_ENDPOINT, 0, LNS},
	{ATTR_SESSION_TIMEOUT, 100, NULL},
	{ATTR_ACCT_INTERIM_INTERVAL, 60, NULL},
	{ATTR_ERX_TX_CONNECT_SPEED, 5000000, NULL},
};

static struct lac_call *call_up(struct server *server)
{
	struct subscriber *s;

	says(server, RADIUS_ACCESS_ACCEPT, to_lns, COUNT(to_lns));
	s = dial(&server->f, 0, "alice@example.com");
	assert_int_equal(call_of(s)->state, LAC_AUTHORIZING);
	assert_string_equal(server->user, "alice@example.com");
	answer(server);
	assert_int_equal(call_of(s)->state, LAC_UP);
	return call_of(s);
}

static void test_tunnel_of_the_answer(void **state)
{
	struct server *server = *state;
	const struct lac_call *call = call_up(server);

	assert_string_equal(call->why, "RADIUS");
	assert_int_equal(call->session->core.tx_connect_speed, 5000000);
	/* The LNS says whether he is who he says. */
	assert_int_equal(server->f.subscribers[0].acks, 0);
}

static void test_accounts(void **state)
{
	static const uint32_t expected[] = {RADIUS_START, RADIUS_TUNNEL_LINK_START, RADIUS_INTERIM,
					    RADIUS_TUNNEL_LINK_STOP, RADIUS_STOP};
	struct server *server = *state;
	char id[LAC_CALL_ID_LEN];

	server->f.radius.link_accounting = true;
	/* One try each: what is repeated would be counted twice. */
	server->section.tries = 1;
	strcpy(id, call_up(server)->id);
	world_run(&server->f.w, 65 * USEC_PER_SEC);
	subscriber_padt(&server->f.subscribers[0]);
	world_run(&server->f.w, USEC_PER_SEC);
	assert_int_equal(lac_count(server->f.lac), 0);
	assert_int_equal(server->n_records, COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++)
		assert_int_equal(server->records[i], expected[i]);
	assert_string_equal(server->session_id, id);
	assert_in_range(server->session_time, 67, 69);
	assert_int_equal(server->packets_in, 3);
	/* RFC 2866 5.10: User Request. */
	assert_int_equal(server->cause, 1);
}

static void test_accounts_of_tunnels(void **state)
{
	static const uint32_t expected[] = {RADIUS_TUNNEL_START, RADIUS_START, RADIUS_STOP,
					    RADIUS_TUNNEL_STOP};
	struct server *server = *state;

	server->f.radius.tunnel_accounting = true;
	server->section.tries = 1;
	call_up(server);
	subscriber_padt(&server->f.subscribers[0]);
	world_run(&server->f.w, USEC_PER_SEC);
	close_tunnel(first_tunnel(&server->f.w.boxes[1]));
	world_run(&server->f.w, USEC_PER_SEC);
	assert_int_equal(server->n_records, COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++)
		assert_int_equal(server->records[i], expected[i]);
}

static void test_session_timeout(void **state)
{
	struct server *server = *state;

	call_up(server);
	world_run(&server->f.w, 90 * USEC_PER_SEC);
	assert_int_equal(server->f.subscribers[0].padt, 0);
	world_run(&server->f.w, 10 * USEC_PER_SEC);
	assert_int_equal(server->f.subscribers[0].padt, 1);
	assert_non_null(strstr(server->f.news, "Session-Timeout"));
}

static void test_rejected(void **state)
{
	static const struct put puts[] = {{ATTR_REPLY_MESSAGE, 0, "no money"}};
	struct server *server = *state;

	/* The map would have let him in. */
	add_domain(&server->f, "example.com", STEER_TUNNEL, LNS);
	says(server, RADIUS_ACCESS_REJECT, puts, COUNT(puts));
	dial(&server->f, 0, "alice@example.com");
	answer(server);
	assert_int_equal(server->f.subscribers[0].naks, 1);
	assert_int_equal(server->f.subscribers[0].padt, 1);
	assert_int_equal(lac_count(server->f.lac), 0);
	assert_non_null(strstr(server->f.news, "RADIUS: rejected: no money"));
}

static void test_contradiction(void **state)
{
	static const struct put puts[] = {{ATTR_TUNNEL_TYPE, 3, NULL},
					  {ATTR_TUNNEL_MEDIUM_TYPE, 1, NULL}};
	struct server *server = *state;

	says(server, RADIUS_ACCESS_ACCEPT, puts, COUNT(puts));
	dial(&server->f, 0, "alice@example.com");
	answer(server);
	assert_int_equal(lac_count(server->f.lac), 0);
	assert_int_equal(server->f.subscribers[0].padt, 1);
	assert_non_null(strstr(server->f.news, "Tunnel-Server-Endpoint"));
}

static void test_tunnel_group(void **state)
{
	static const struct put puts[] = {{ATTR_ERX_TUNNEL_GROUP, 0, "wholesale"}};
	struct server *server = *state;

	says(server, RADIUS_ACCESS_ACCEPT, puts, COUNT(puts));
	dial(&server->f, 0, "alice@example.com");
	answer(server);
	assert_non_null(strstr(server->f.news, "there is no such domain section"));
	assert_int_equal(lac_count(server->f.lac), 0);
	add_domain(&server->f, "wholesale", STEER_TUNNEL, LNS);
	dial(&server->f, 1, "alice@example.com");
	answer(server);
	assert_int_equal(call_of(&server->f.subscribers[1])->state, LAC_UP);
}

/* An Accept that says no more leaves it to the map; without an entry PPP ends here. */
static void test_accept_without_tunnel(void **state)
{
	struct server *server = *state;

	says(server, RADIUS_ACCESS_ACCEPT, NULL, 0);
	dial(&server->f, 0, "alice@example.com");
	answer(server);
	assert_int_equal(call_of(&server->f.subscribers[0])->state, LAC_LOCAL);
	add_domain(&server->f, "example.com", STEER_TUNNEL, LNS);
	dial(&server->f, 1, "bob@example.com");
	answer(server);
	assert_int_equal(call_of(&server->f.subscribers[1])->state, LAC_UP);
}

static void test_nobody_answers(void **state)
{
	struct server *server = *state;

	add_domain(&server->f, "example.com", STEER_TUNNEL, LNS);
	dial(&server->f, 0, "alice@example.com");
	dial(&server->f, 1, "bob@elsewhere");
	world_run(&server->f.w, 20 * USEC_PER_SEC);
	assert_int_equal(call_of(&server->f.subscribers[0])->state, LAC_UP);
	assert_null(call_of(&server->f.subscribers[1]));
	assert_int_equal(server->f.subscribers[1].padt, 1);
	assert_non_null(strstr(server->f.news, "RADIUS does not answer"));
}

/* Only the domains that say so are asked for, and without what is stripped. */
static void test_asked_for_a_domain(void **state)
{
	struct server *server = *state;

	server->f.access->use_radius = false;
	add_domain(&server->f, "example.com", STEER_RADIUS, NULL)->strip = true;
	add_domain(&server->f, "example.net", STEER_TUNNEL, LNS);
	dial(&server->f, 0, "bob@example.net");
	assert_int_equal(server->n_asked, 0);
	says(server, RADIUS_ACCESS_ACCEPT, to_lns, COUNT(to_lns));
	dial(&server->f, 1, "alice@example.com");
	assert_string_equal(server->user, "alice");
	answer(server);
	assert_int_equal(call_of(&server->f.subscribers[1])->state, LAC_UP);
}

static void test_hangs_up_while_asked(void **state)
{
	struct server *server = *state;

	says(server, RADIUS_ACCESS_ACCEPT, to_lns, COUNT(to_lns));
	dial(&server->f, 0, "alice@example.com");
	subscriber_padt(&server->f.subscribers[0]);
	world_run(&server->f.w, USEC_PER_SEC);
	answer(server);
	assert_int_equal(lac_count(server->f.lac), 0);
	assert_int_equal(server->f.channels, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_tunnel_of_the_answer),
		TEST(test_accounts),
		TEST(test_accounts_of_tunnels),
		TEST(test_session_timeout),
		TEST(test_rejected),
		TEST(test_contradiction),
		TEST(test_tunnel_group),
		TEST(test_accept_without_tunnel),
		TEST(test_nobody_answers),
		TEST(test_asked_for_a_domain),
		TEST(test_hangs_up_while_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
