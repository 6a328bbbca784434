/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests on their way: sent, repeated, handed on to the next server, answered (RFC 2865 2.4 and
 * 2.5, RFC 2866 section 2, RFC 5080 2.2).
 *
 * What is repeated to a server is the same octets, so that it can tell a repetition from another
 * request. For the next server they are made anew: another secret hides passwords otherwise, and
 * Acct-Delay-Time has grown, which needs a new identifier and authenticator (RFC 2866 section 3).
 */
#include <errno.h>
#include <string.h>

#include "aaa/private.h"
#include "base/mem.h"

void radius_request_free(struct radius_request *request, usec_t now)
{
	radius_slot_leave(request);
	timer_stop(request->client->timers, &request->timer);
	list_remove(&request->node);
	request->client->n_pending[request->acct]--;
	if (request->acct)
		radius_sequence_leave(request, now);
	explicit_bzero(request->body, request->body_len);
	mem_free(request->body);
	mem_free(request->packet);
	mem_free(request);
}

/* The request is freed before its owner hears of it. */
static void finish(struct radius_request *request, const struct radius_answer *answer, usec_t now)
{
	typeof(request->done) done = request->done;
	void *user = request->user;

	radius_request_free(request, now);
	if (done)
		done(user, answer, now);
	steer_set_unref(answer->set);
}

static void fail(struct radius_request *request, int err, const char *why, usec_t now)
{
	struct radius_answer answer = {.err = err};

	if (request->acct)
		radius_event(request->client, NULL, "accounting: a record is lost: %s", why);
	strncpy(answer.why, why, sizeof(answer.why) - 1);
	finish(request, &answer, now);
}

static void transmit(struct radius_request *request)
{
	struct radius_client *client = request->client;
	struct radius_stats *stats = &request->host->state.stats;

	if (request->tries)
		stats->retransmits++;
	else if (request->acct)
		stats->acct_requests++;
	else
		stats->requests++;
	request->tries++;
	client->ops->send(client, request->host->state.server, request->acct,
			  request->slot / RADIUS_IDS,
			  (struct bytes){request->packet, request->packet_len});
}

/* account.c puts Acct-Delay-Time ahead of all else. */
static void set_delay(struct radius_request *request, usec_t now)
{
	struct writer w = writer_init(request->body, request->body_len);

	radius_put_number(&w, ATTR_ACCT_DELAY_TIME, 0,
			  (uint32_t)((now - request->born_at) / USEC_PER_SEC));
}

static int seal(struct radius_request *request, usec_t now)
{
	struct radius_client *client = request->client;
	struct writer w = writer_init(request->packet, RADIUS_SEAL_LEN + request->body_len);
	int err;

	if (request->acct)
		set_delay(request, now);
	else
		client->ops->random(client, request->authenticator, sizeof(request->authenticator));
	err = radius_seal_request(
		&w, request->acct ? RADIUS_ACCOUNTING_REQUEST : RADIUS_ACCESS_REQUEST,
		(uint8_t)(request->slot % RADIUS_IDS),
		bytes_str(request->host->state.server->secret),
		(struct bytes){request->body, request->body_len}, request->authenticator);
	request->packet_len = writer_len(&w);
	return err;
}

/* On to the next server. Returns 0, or -errno with what to say when there is none. */
static int go_on(struct radius_request *request, usec_t now, const char **ret_why)
{
	struct radius_host *host = radius_choose(request, now);
	int err;

	radius_slot_leave(request);
	*ret_why = "no server answered";
	if (!host)
		return -ETIMEDOUT;
	request->host = host;
	request->tries = 0;
	request->sent_at = now;
	err = radius_slot_take(request);
	if (!err)
		err = seal(request, now);
	if (!err)
		err = timer_start(request->client->timers, &request->timer,
				  now + host->state.server->timeout);
	*ret_why = "memory is out";
	if (!err)
		transmit(request);
	return err;
}

static bool used_up(const struct radius_request *request, const struct radius_lane *lane)
{
	if (lane->probe == request)
		return true;
	/* Found out by another meanwhile. */
	if (lane->dead && !request->last_chance)
		return true;
	return request->tries >= request->host->state.server->tries;
}

/* No answer from a server that answered others: it may not like the question. */
static void give_up(struct radius_request *request, struct radius_lane *lane, usec_t now)
{
	struct radius_host *host = request->host;
	bool was_dead = lane->dead;

	if (request->acct)
		host->state.stats.acct_timeouts++;
	else
		host->state.stats.timeouts++;
	if (lane->heard_at > request->sent_at || (was_dead && lane->probe != request))
		return;
	radius_host_died(host, request->acct, now);
	if (!was_dead)
		radius_event(request->client, host,
			     "%s does not answer (or has another secret), left alone for %llds",
			     request->acct ? "accounting" : "access",
			     (long long)(host->state.server->dead_time / USEC_PER_SEC));
}

static void on_timeout(struct timer *timer, usec_t now)
{
	struct radius_request *request = container_of(timer, struct radius_request, timer);
	const char *why = "memory is out";
	int err;

	if (request->untellable) {
		fail(request, -EMSGSIZE, "what the caller says of himself fits no packet", now);
		return;
	}
	if (request->host && !used_up(request, radius_lane(request))) {
		err = timer_start(request->client->timers, timer,
				  now + request->host->state.server->timeout);
		if (!err)
			transmit(request);
	} else {
		if (request->host)
			give_up(request, radius_lane(request), now);
		err = go_on(request, now, &why);
	}
	if (err)
		fail(request, err, why, now);
}

static bool any_server(const struct radius_client *client, bool acct)
{
	struct radius_host *host;

	list_for_each (host, &client->hosts, node) {
		if (radius_serves(host, acct))
			return true;
	}
	return false;
}

static struct radius_request *request_new(struct radius_client *client, bool acct,
					  struct bytes body)
{
	struct radius_request *request = mem_alloc(sizeof(*request));

	if (!request)
		return NULL;
	request->body = mem_alloc(body.len);
	request->packet = mem_alloc(RADIUS_SEAL_LEN + body.len);
	if (!request->body || !request->packet) {
		mem_free(request->body);
		mem_free(request->packet);
		mem_free(request);
		return NULL;
	}
	if (body.len)
		memcpy(request->body, body.data, body.len);
	request->body_len = body.len;
	request->client = client;
	request->acct = acct;
	request->slot = NO_SLOT;
	timer_init(&request->timer, on_timeout);
	list_append(&client->requests, &request->node);
	client->n_pending[acct]++;
	return request;
}

/* One that is to be sent. Returns 0, -ENOENT, -ENOBUFS or -ENOMEM. */
static int request_begin(struct radius_client *client, bool acct, struct bytes body, usec_t now,
			 struct radius_request **ret)
{
	unsigned int limit = client->settings->max_pending;
	struct radius_request *request;

	if (!any_server(client, acct))
		return -ENOENT;
	if (limit && client->n_pending[acct] >= limit)
		return -ENOBUFS;
	request = request_new(client, acct, body);
	if (!request)
		return -ENOMEM;
	request->born_at = now;
	*ret = request;
	return 0;
}

static int ask(struct radius_client *client, struct bytes body,
	       void (*done)(void *user, const struct radius_answer *answer, usec_t now), void *user,
	       usec_t now, struct radius_request **ret)
{
	struct radius_request *request;
	const char *why;
	int err;

	err = request_begin(client, false, body, now, &request);
	if (err)
		return err;
	request->done = done;
	request->user = user;
	err = go_on(request, now, &why);
	if (err)
		radius_request_free(request, now);
	else if (ret)
		*ret = request;
	return err;
}

int radius_tell(struct radius_client *client, const struct radius_record *record, struct bytes body,
		usec_t now)
{
	struct radius_request *request;
	const char *why;
	int err;

	err = request_begin(client, true, body, now, &request);
	if (err)
		return err;
	err = radius_sequence_join(request, record);
	if (!err && !request->waits)
		err = go_on(request, now, &why);
	if (err)
		radius_request_free(request, now);
	return err;
}

/* He is told no, as by a server: where he chose what cannot be asked, nobody else may let him in.
 */
static int refuse_soon(struct radius_client *client,
		       void (*done)(void *user, const struct radius_answer *answer, usec_t now),
		       void *user, usec_t now, struct radius_request **ret)
{
	struct radius_request *request = request_new(client, false, (struct bytes){0});
	int err;

	if (!request)
		return -ENOMEM;
	request->untellable = true;
	request->done = done;
	request->user = user;
	err = timer_start(client->timers, &request->timer, now);
	if (err)
		radius_request_free(request, now);
	else if (ret)
		*ret = request;
	return err;
}

int radius_access(struct radius_client *client, const struct radius_user *who,
		  void (*done)(void *user, const struct radius_answer *answer, usec_t now),
		  void *user, usec_t now, struct radius_request **ret)
{
	uint8_t body[RADIUS_BODY_MAX];
	struct writer w = writer_init(body, sizeof(body));
	int err;

	radius_put_user(&w, who);
	radius_put_nas(&w, client->settings);
	if (radius_put_credentials(&w, who->credentials) && w.ok)
		err = ask(client, (struct bytes){body, writer_len(&w)}, done, user, now, ret);
	else
		err = refuse_soon(client, done, user, now, ret);
	explicit_bzero(body, sizeof(body));
	return err;
}

void radius_cancel(struct radius_request *request)
{
	radius_request_free(request, 0);
}

static struct radius_host *host_of(struct radius_client *client, const struct radius_server *server)
{
	struct radius_host *host;

	list_for_each (host, &client->hosts, node) {
		if (host->state.server == server)
			return host;
	}
	return NULL;
}

static bool code_fits(uint8_t code, bool acct)
{
	if (acct)
		return code == RADIUS_ACCOUNTING_RESPONSE;
	return code == RADIUS_ACCESS_ACCEPT || code == RADIUS_ACCESS_REJECT ||
	       code == RADIUS_ACCESS_CHALLENGE;
}

static void count_answer(struct radius_stats *stats, const struct radius_packet *packet)
{
	switch (packet->code) {
	case RADIUS_ACCESS_ACCEPT:
		stats->accepts++;
		break;
	case RADIUS_ACCESS_REJECT:
		stats->rejects++;
		break;
	case RADIUS_ACCESS_CHALLENGE:
		stats->challenges++;
		break;
	case RADIUS_ACCOUNTING_RESPONSE:
		stats->acct_responses++;
		break;
	}
}

static void answered(struct radius_request *request, const struct radius_packet *packet, usec_t now)
{
	struct radius_host *host = request->host;
	struct radius_answer answer = {0};

	count_answer(&host->state.stats, packet);
	radius_host_lives(host, request, now);
	if (!request->acct)
		radius_read_answer(packet, bytes_str(host->state.server->secret),
				   request->authenticator, request->client->settings->base,
				   &answer);
	finish(request, &answer, now);
}

void radius_input(struct radius_client *client, const struct radius_server *server, bool acct,
		  unsigned int socket, struct bytes datagram, usec_t now)
{
	struct radius_host *host = host_of(client, server);
	struct radius_request *request = NULL;
	struct radius_packet packet;
	int err;

	if (!host)
		return;
	if (radius_parse(datagram, &packet)) {
		host->state.stats.rx_malformed++;
		return;
	}
	if (socket < host->lanes[acct].n_sockets)
		request = host->lanes[acct].slots[socket * RADIUS_IDS + packet.id];
	if (!request || !code_fits(packet.code, acct)) {
		host->state.stats.rx_unexpected++;
		return;
	}
	err = radius_check_answer(&packet, bytes_str(server->secret), request->authenticator,
				  !acct);
	if (err) {
		host->state.stats.rx_bad_authenticator++;
		radius_event(client, host, "an answer does not count: %s",
			     err == -ENODATA ? "it has no Message-Authenticator"
					     : "it is not signed with our secret");
		return;
	}
	answered(request, &packet, now);
}
