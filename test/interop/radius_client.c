/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's RADIUS, sockets and all, with no calls behind it: for servers of others.
 *
 * usage: radius_client CONFIG
 *
 * Reads commands, a line each, and prints what came of it:
 *   pap USER PASSWORD        an Access-Request
 *   chap USER PASSWORD
 *   mschap2                  User and clientPass, the example of RFC 2759 section 9.2
 *   account TYPE NAME        a record with that Acct-Status-Type, of that user
 *   wait                     until every record was taken or is lost
 * An order to end or change calls finds one call, of user alice. "ready" comes first.
 */
#include "daemon/aditd.h"

#include <errno.h>
#include <nettle/md5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "aaa/client.h"
#include "base/log.h"

static struct aditd d;
static ev_async pool_ready;
static bool waiting;

/* What the rest of the daemon would be. */
usec_t aditd_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (usec_t)ts.tv_sec * USEC_PER_SEC + ts.tv_nsec / 1000;
}

void aditd_random(void *data, size_t len)
{
	if (getrandom(data, len, 0) != (ssize_t)len)
		abort();
}

void lac_set_radius(struct lac *lac, struct radius_client *radius)
{
	(void)lac, (void)radius;
}

void lac_account_on(struct lac *lac, usec_t now)
{
	(void)lac, (void)now;
}

static bool says(const char *said, const char *expected)
{
	return !said || strcmp(said, expected) == 0;
}

unsigned int lac_disconnect(struct lac *lac, const struct radius_user *who, usec_t now)
{
	(void)lac, (void)now;
	if (!says(who->user_name, "alice") || !says(who->acct_session_id, "session-1"))
		return 0;
	printf("disconnect %s\n", who->user_name ? who->user_name : who->acct_session_id);
	return 1;
}

int lac_change(struct lac *lac, const struct radius_user *who, uint32_t tx, uint32_t rx, usec_t now)
{
	(void)lac, (void)now;
	if (!says(who->user_name, "alice") || !says(who->acct_session_id, "session-1"))
		return -ENOENT;
	printf("change %s tx=%u rx=%u\n", who->user_name ? who->user_name : who->acct_session_id,
	       tx, rx);
	return 0;
}

static void print_tunnel(const struct steer_tunnel *t)
{
	char text[ADDR_TEXT_MAX];

	printf("tunnel tag=%u preference=%u server=%s client=%s secret=%s local=%s peer=%s "
	       "assignment=%s group=%s max=%u\n",
	       t->tag, t->preference, t->server,
	       t->client.family ? addr_format_host(&t->client, text) : "-",
	       t->peer->secret ? t->peer->secret : "-",
	       t->peer->local_name ? t->peer->local_name : "-",
	       t->peer->host_name ? t->peer->host_name : "-",
	       t->assignment_id ? t->assignment_id : "-", t->private_group ? t->private_group : "-",
	       t->max_sessions_per_tunnel);
}

static void on_answer(void *user, const struct radius_answer *answer, usec_t now)
{
	(void)user, (void)now;
	for (size_t i = 0; answer->set && i < answer->set->n; i++)
		print_tunnel(&answer->set->tunnels[i]);
	printf("%s err=%d why=%s message=%s group=%s timeout=%u\n",
	       answer->accepted ? "accept" : "refuse", answer->err, answer->why, answer->message,
	       answer->domain, answer->session_timeout);
}

static void ask(const char *user, enum ppp_auth type, struct bytes challenge, struct bytes response)
{
	struct ppp_credentials c = {
		.type = type, .id = 1, .challenge = challenge, .response = response};
	const struct radius_user who = {
		.user_name = user,
		.credentials = &c,
		.nas_port_id = "eth1.100:42",
		.nas_port_type = 15,
		.calling_station_id = "02:00:5e:00:00:01",
		.acct_session_id = "session-1",
	};
	struct radius_request *request;
	int err = radius_access(d.radius, &who, on_answer, NULL, aditd_now(), &request);

	if (err)
		printf("refuse err=%d\n", err);
}

static void ask_chap(const char *user, const char *password)
{
	static const uint8_t challenge[] = "sixteen octets..";
	struct bytes bytes = {challenge, 16};
	uint8_t response[MD5_DIGEST_SIZE];
	const uint8_t id = 1;
	struct md5_ctx md5;

	md5_init(&md5);
	md5_update(&md5, 1, &id);
	md5_update(&md5, strlen(password), (const uint8_t *)password);
	md5_update(&md5, bytes.len, bytes.data);
	md5_digest(&md5, sizeof(response), response);
	ask(user, PPP_AUTH_CHAP, bytes, (struct bytes){response, sizeof(response)});
}

/* RFC 2759 section 9.2. */
static void ask_ms_chap2(void)
{
	static const uint8_t challenge[] = {0x5b, 0x5d, 0x7c, 0x7d, 0x7b, 0x3f, 0x2f, 0x3e,
					    0x3c, 0x2c, 0x60, 0x21, 0x32, 0x26, 0x26, 0x28};
	static const uint8_t response[49] = {
		0x21, 0x40, 0x23, 0x24, 0x25, 0x5e, 0x26, 0x2a, 0x28, 0x29, 0x5f, 0x2b,
		0x3a, 0x33, 0x7c, 0x7e, 0,    0,    0,	  0,	0,    0,    0,	  0,
		0x82, 0x30, 0x9e, 0xcd, 0x8d, 0x70, 0x8b, 0x5e, 0xa0, 0x8f, 0xaa, 0x39,
		0x81, 0xcd, 0x83, 0x54, 0x42, 0x33, 0x11, 0x4a, 0x3d, 0x85, 0xd6, 0xdf};

	ask("User", PPP_AUTH_MSCHAP_V2, (struct bytes){challenge, sizeof(challenge)},
	    (struct bytes){response, sizeof(response)});
}

static void account(const char *type, const char *user)
{
	static const struct reason reason = {.origin = ORIGIN_PEER,
					     .result = 3,
					     .text = "bye",
					     .ppp = {.code = 3, .direction = 1}};
	char server[] = "lns.example.net", assignment[] = "group-1";
	struct steer_tunnel tunnel = {
		.server = server, .assignment_id = assignment, .peer = d.config->defaults};
	struct radius_record record = {
		.type = (enum radius_record_type)atoi(type),
		.who = {.user_name = user, .acct_session_id = "session-1"},
		.tunnel = &tunnel,
		.tunnel_connection = "4711",
		.tunnel_packets_lost = 2,
		.session_time = 60,
		.octets_in = 0x100000001,
		.packets_in = 10,
		.reason = &reason,
	};
	int err;

	addr_parse("192.0.2.1", &record.tunnel_local);
	addr_parse("192.0.2.2", &record.tunnel_peer);
	err = radius_account(d.radius, &record, aditd_now());
	if (err)
		printf("account err=%d\n", err);
}

static void run_line(char *line)
{
	char *verb = strtok(line, " \n"), *first = strtok(NULL, " \n"),
	     *second = strtok(NULL, " \n");

	if (!verb)
		return;
	if (strcmp(verb, "mschap2") == 0)
		ask_ms_chap2();
	else if (strcmp(verb, "wait") == 0)
		waiting = true;
	else if (!second)
		printf("what? %s\n", verb);
	else if (strcmp(verb, "pap") == 0)
		ask(first, PPP_AUTH_PAP, (struct bytes){0}, bytes_str(second));
	else if (strcmp(verb, "chap") == 0)
		ask_chap(first, second);
	else if (strcmp(verb, "account") == 0)
		account(first, second);
}

static void on_stdin(struct ev_loop *loop, ev_io *ev, int revents)
{
	char line[256];

	(void)revents;
	if (fgets(line, sizeof(line), stdin))
		run_line(line);
	else
		ev_io_stop(loop, ev);
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int revents)
{
	(void)loop, (void)timer, (void)revents;
	timer_queue_run(&d.timers, aditd_now());
	if (waiting && !radius_is_busy(&d)) {
		waiting = false;
		printf("idle\n");
	}
}

static void wake(void *ctx)
{
	(void)ctx;
	ev_async_send(d.loop, &pool_ready);
}

static void on_pool(struct ev_loop *loop, ev_async *async, int revents)
{
	(void)loop, (void)async, (void)revents;
	pool_reap(d.pool);
}

static void print_fault(void *ctx, const char *line)
{
	(void)ctx;
	fprintf(stderr, "%s\n", line);
}

int main(int argc, char **argv)
{
	ev_io in;
	ev_timer timer;

	if (argc != 2) {
		fprintf(stderr, "usage: radius_client CONFIG\n");
		return 2;
	}
	setvbuf(stdin, NULL, _IONBF, 0);
	setvbuf(stdout, NULL, _IOLBF, 0);
	log_init(LOG_DEBUG);
	d.loop = ev_default_loop(EVFLAG_AUTO);
	list_init(&d.resolving);
	timer_queue_init(&d.timers);
	if (!d.loop || config_load(argv[1], print_fault, NULL, &d.config) ||
	    pool_new(1, wake, NULL, &d.pool))
		return 1;
	ev_async_init(&pool_ready, on_pool);
	ev_async_start(d.loop, &pool_ready);
	ev_io_init(&in, on_stdin, STDIN_FILENO, EV_READ);
	ev_io_start(d.loop, &in);
	/* The daemon sets its timer to the next of the queue; here a tick is good enough. */
	ev_timer_init(&timer, on_timer, 0.01, 0.01);
	ev_timer_start(d.loop, &timer);
	if (radius_apply(&d))
		return 1;
	printf("ready\n");
	ev_run(d.loop, 0);
	return 0;
}
