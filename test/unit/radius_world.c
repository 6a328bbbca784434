/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radius_world.h"

struct radius_world w;

static void on_random(struct radius_client *client, void *data, size_t len)
{
	(void)client;
	memset(data, ++w.random, len);
}

static uint32_t on_time(struct radius_client *client)
{
	(void)client;
	return 1000000 + (uint32_t)(w.now / USEC_PER_SEC);
}

static void on_send(struct radius_client *client, const struct radius_server *server, bool acct,
		    unsigned int socket, struct bytes packet)
{
	struct sent *sent = &w.sent[w.n_sent++];

	(void)client;
	assert_true(w.n_sent <= SENT_MAX);
	sent->server = server;
	sent->acct = acct;
	sent->socket = socket;
	sent->len = packet.len;
	assert_true(packet.len <= sizeof(sent->packet));
	memcpy(sent->packet, packet.data, packet.len);
}

static void on_event(struct radius_client *client, const struct radius_server *server,
		     const char *text)
{
	(void)client;
	w.events++;
	snprintf(w.event, sizeof(w.event), "%s%s%s", server ? server->name : "", server ? ": " : "",
		 text);
}

static const struct radius_ops ops = {
	.random = on_random,
	.time = on_time,
	.send = on_send,
	.event = on_event,
};

void on_done(void *user, const struct radius_answer *answer, usec_t now)
{
	(void)user;
	assert_int_equal(now, w.now);
	w.done++;
	w.answer = *answer;
	w.answer.set = NULL;
}

static void set_servers(unsigned int n)
{
	static char names[][8] = {"one", "two", "three"};

	list_init(&w.settings.servers);
	for (unsigned int i = 0; i < n; i++) {
		w.servers[i] = (struct radius_server){
			.name = names[i],
			.host = names[i],
			.auth_port = 1812,
			.acct_port = 1813,
			.secret = names[i],
			.timeout = 2 * USEC_PER_SEC,
			.tries = 3,
			.dead_time = 60 * USEC_PER_SEC,
		};
		list_append(&w.settings.servers, &w.servers[i].node);
	}
}

int setup_of(unsigned int n)
{
	memset(&w, 0, sizeof(w));
	w.now = USEC_PER_SEC;
	set_servers(n);
	timer_queue_init(&w.timers);
	assert_int_equal(radius_client_new(&ops, &w, &w.timers, &w.settings, &w.client), 0);
	assert_ptr_equal(radius_client_ctx(w.client), &w);
	return 0;
}

int setup(void **state)
{
	(void)state;
	return setup_of(2);
}

int teardown(void **state)
{
	(void)state;
	radius_client_free(w.client);
	assert_int_equal(timer_queue_next(&w.timers), USEC_NEVER);
	timer_queue_fini(&w.timers);
	return 0;
}

void pass(usec_t time)
{
	usec_t end = w.now + time;

	while (timer_queue_next(&w.timers) <= end) {
		w.now = timer_queue_next(&w.timers);
		timer_queue_run(&w.timers, w.now);
	}
	w.now = end;
}

static const struct ppp_credentials pap = {.type = PPP_AUTH_PAP,
					   .response = {(const uint8_t *)"password", 8}};
const struct radius_user alice = {.user_name = "alice", .credentials = &pap};

struct radius_request *ask(void)
{
	struct radius_request *request = NULL;

	assert_int_equal(radius_access(w.client, &alice, on_done, NULL, w.now, &request), 0);
	assert_non_null(request);
	return request;
}

const struct sent *last(void)
{
	assert_true(w.n_sent > 0);
	return &w.sent[w.n_sent - 1];
}

void reply_as(const struct sent *sent, enum radius_code code, const char *secret)
{
	uint8_t bytes[256];
	struct writer out = writer_init(bytes, sizeof(bytes));

	assert_int_equal(radius_seal_answer(&out, code, sent->packet[1], bytes_str(secret),
					    (struct bytes){0}, sent->packet + 4),
			 0);
	radius_input(w.client, sent->server, sent->acct, sent->socket, written(&out), w.now);
}

void reply(const struct sent *sent, enum radius_code code)
{
	reply_as(sent, code, sent->server->secret);
}

const struct radius_server_state *state_of(unsigned int i)
{
	const struct radius_server_state *state = NULL;

	do {
		state = radius_server_next(w.client, state);
		assert_non_null(state);
	} while (state->server != &w.servers[i]);
	return state;
}

bool sent_value(const struct sent *sent, enum radius_attr attr, struct radius_value *ret)
{
	return radius_get(
		(struct bytes){sent->packet + RADIUS_HEADER_LEN, sent->len - RADIUS_HEADER_LEN},
		attr, ret);
}

uint32_t sent_number(const struct sent *sent, enum radius_attr attr)
{
	struct radius_value value;

	if (!sent_value(sent, attr, &value))
		return UINT32_MAX;
	return value.number;
}
