/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A LAC's part of PPP in virtual time, and a scripted caller.
 */
#include "ppp_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START (3600 * USEC_PER_SEC)

static void event(struct rig *rig, const char *text)
{
	size_t used = strlen(rig->events);

	assert_true(used + strlen(text) + 2 < sizeof(rig->events));
	snprintf(rig->events + used, sizeof(rig->events) - used, "%s%s", used ? " " : "", text);
}

static void on_random(void *user, void *data, size_t len)
{
	memset(data, ++((struct rig *)user)->random, len);
}

static void on_send(void *user, struct bytes frame)
{
	char text[1024];
	size_t used = 0;

	assert_true(frame.len >= 6 && frame.len < 500);
	for (size_t i = 0; i < frame.len; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%02x", frame.data[i]);
	event(user, text);
}

/* Never from inside a call of ours. */
static void noticed(struct rig *rig, const char *what)
{
	assert_false(rig->inside);
	event(rig, what);
	if (!rig->frees)
		return;
	ppp_proxy_free(rig->proxy);
	rig->proxy = NULL;
}

static void on_authenticating(void *user, usec_t now)
{
	assert_int_equal(now, ((struct rig *)user)->now);
	noticed(user, "authenticating");
}

static void on_restarted(void *user, usec_t now)
{
	(void)now;
	noticed(user, "restarted");
}

static void on_down(void *user, const struct reason *reason, usec_t now)
{
	(void)now;
	((struct rig *)user)->reason = *reason;
	noticed(user, "down");
}

const struct ppp_proxy_ops rig_ops = {
	.random = on_random,
	.send = on_send,
	.authenticating = on_authenticating,
	.restarted = on_restarted,
	.down = on_down,
};

struct rig *rig_new(enum ppp_auth first, size_t n_auths)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	assert_non_null(rig);
	timer_queue_init(&rig->timers);
	rig->now = START;
	rig->settings = ppp_proxy_defaults;
	rig->settings.auths[0] = first;
	rig->settings.n_auths = n_auths;
	rig->settings.name = strdup("lac");
	assert_int_equal(
		ppp_proxy_new(&rig_ops, rig, &rig->timers, &rig->settings, 1492, &rig->proxy), 0);
	return rig;
}

void rig_free(struct rig *rig)
{
	ppp_proxy_free(rig->proxy);
	assert_int_equal(rig->timers.count + rig->timers.parked, 0);
	timer_queue_fini(&rig->timers);
	free(rig->settings.name);
	free(rig);
}

void pass(struct rig *rig, usec_t time)
{
	rig->now += time;
	timer_queue_run(&rig->timers, rig->now);
}

void input_only(struct rig *rig, const char *hex)
{
	size_t len = strlen(hex) / 2;
	uint8_t *exact = malloc(len);

	assert_non_null(exact);
	for (size_t i = 0; i < len; i++) {
		unsigned int octet;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &octet), 1);
		exact[i] = (uint8_t)octet;
	}
	rig->inside = true;
	ppp_proxy_input(rig->proxy, (struct bytes){exact, len}, rig->now);
	rig->inside = false;
	free(exact);
}

void input(struct rig *rig, const char *hex)
{
	input_only(rig, hex);
	pass(rig, 0);
}

void assert_cause(const struct rig *rig, uint16_t result, uint16_t code, uint16_t protocol,
		  uint8_t direction)
{
	assert_int_equal(rig->reason.origin, ORIGIN_PPP);
	assert_int_equal(rig->reason.result, result);
	assert_int_equal(rig->reason.ppp.code, code);
	assert_int_equal(rig->reason.ppp.protocol, protocol);
	assert_int_equal(rig->reason.ppp.direction, direction);
	assert_true(rig->reason.text[0]);
}

struct rig *rig_opened(enum ppp_auth auth, const char *request, const char *ack)
{
	struct rig *rig = rig_new(auth, 1);

	ppp_proxy_start(rig->proxy, rig->now);
	assert_events(rig, request);
	input(rig, CALLER_REQUEST);
	assert_events(rig, CALLER_ACKED);
	input(rig, ack);
	return rig;
}

struct rig *rig_pap(void)
{
	struct rig *rig = rig_opened(PPP_AUTH_PAP, REQUEST_PAP, ACK_PAP);

	assert_events(rig, "");
	input(rig, PAP_REQUEST);
	assert_events(rig, "authenticating");
	return rig;
}

void assert_view(struct bytes view, const char *hex)
{
	char text[256] = "";

	for (size_t i = 0; i < view.len; i++)
		snprintf(text + 2 * i, sizeof(text) - 2 * i, "%02x", view.data[i]);
	assert_string_equal(text, hex);
}
