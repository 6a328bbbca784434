/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * load [SESSIONS]: measures the engine at 1,000, 10,000 and so on up to SESSIONS sessions, as LNS
 * and as LAC, and prints tables. With fewer than 1,000 sessions it only shows that it works.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "test/sim/load/load.h"
#include "wire/result.h"

#define SESSIONS_A_TUNNEL 50
#define CHURN 20000

struct result {
	double setup, message, teardown; /* microseconds */
	double longest;
	double session_octets, tunnel_octets;
};

static size_t memory(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

static struct meter take_meter(struct load *load, struct result *result)
{
	struct meter meter = load->meter;
	double longest = (double)meter.longest / 1000;

	load->meter = (struct meter){0};
	result->longest = longest > result->longest ? longest : result->longest;
	return meter;
}

static void call_open_tunnel(struct load *load, size_t i)
{
	const struct tunnel_params params = {.peer = load->peer, .remote = load->opening[i]->addr};
	struct l2tp_tunnel *t;

	if (l2tp_tunnel_open(load->engine, &params, load->now, &t))
		abort();
}

static void call_open_session(struct load *load, size_t i)
{
	const struct session_params params = {.called_number = "5551234",
					      .calling_number = "5554321"};
	struct l2tp_session *s;

	if (l2tp_session_open(load->opening[i]->tunnel, &params, load->now, &s))
		abort();
}

static void call_close_session(struct load *load, size_t i)
{
	struct reason reason = reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "closed");

	l2tp_session_close(load->closing[i], &reason, load->now);
}

static void open_tunnels(struct load *load)
{
	for (unsigned int at = 0; at < load->n_fars;) {
		unsigned int n = 0;

		for (; n < BATCH && at < load->n_fars; n++, at++) {
			load->opening[n] = &load->fars[at];
			if (!load->as_lac)
				far_request_tunnel(load, &load->fars[at]);
		}
		if (load->as_lac)
			meter_run(&load->meter, load, n, call_open_tunnel);
		load_deliver(load);
		load_pass(load, USEC_PER_MSEC);
	}
	load_pass(load, USEC_PER_SEC);
}

/* One call in each of n tunnels. */
static void open_calls(struct load *load, unsigned int n, uint16_t id)
{
	for (unsigned int i = 0; i < n && !load->as_lac; i++)
		far_request_call(load, load->opening[i], id);
	if (load->as_lac)
		meter_run(&load->meter, load, n, call_open_session);
	load_deliver(load);
	load_pass(load, USEC_PER_MSEC);
}

static void open_sessions(struct load *load)
{
	for (unsigned int id = 1; id <= load->per_far; id++) {
		for (unsigned int at = 0; at < load->n_fars;) {
			unsigned int n = 0;

			for (; n < BATCH && at < load->n_fars; n++, at++)
				load->opening[n] = &load->fars[at];
			open_calls(load, n, (uint16_t)id);
		}
	}
}

/* As LNS the peer hangs up, as LAC we do. */
static void close_calls(struct load *load, unsigned int n, uint16_t id)
{
	for (unsigned int i = 0; i < n; i++) {
		if (!load->as_lac)
			far_disconnect(load, load->opening[i], id);
		else
			load->closing[i] = l2tp_session_next(load->opening[i]->tunnel, NULL);
	}
	if (load->as_lac)
		meter_run(&load->meter, load, n, call_close_session);
	load_deliver(load);
	load_pass(load, USEC_PER_MSEC);
}

static void close_sessions(struct load *load)
{
	for (unsigned int id = 1; id <= load->per_far; id++) {
		for (unsigned int at = 0; at < load->n_fars;) {
			unsigned int n = 0;

			for (; n < BATCH && at < load->n_fars; n++, at++)
				load->opening[n] = &load->fars[at];
			close_calls(load, n, (uint16_t)id);
		}
	}
}

/* Calls end and others begin, anywhere, while all the others live on. Returns messages. */
static uint64_t churn(struct load *load)
{
	unsigned int batch = load->n_fars < BATCH ? load->n_fars : BATCH;
	uint64_t done;

	for (done = 0; done < CHURN; done += batch) {
		uint16_t id = (uint16_t)(1 + load_random(load) % load->per_far);
		unsigned int at = (unsigned int)(load_random(load) % load->n_fars);

		for (unsigned int n = 0; n < batch; n++, at = (at + 7919) % load->n_fars)
			load->opening[n] = &load->fars[at];
		close_calls(load, batch, id);
		open_calls(load, batch, id);
	}
	/* CDN, the request, the reply and the connected message. */
	return done * 4;
}

static void must_have(const struct load *load, unsigned int sessions)
{
	const struct l2tp_tunnel *t;
	unsigned int established = 0;

	list_for_each (t, &load->engine->tunnels, node) {
		const struct l2tp_session *s;

		for (s = l2tp_session_next(t, NULL); s; s = l2tp_session_next(t, s))
			established += s->core.state == SESSION_ESTABLISHED;
	}
	if (load->engine->n_tunnels != load->n_fars || established != sessions) {
		fprintf(stderr, "load: %u tunnels, %u sessions\n", load->engine->n_tunnels,
			established);
		abort();
	}
}

static void call_run(struct load *load, size_t i)
{
	(void)i;
	l2tp_engine_run(load->engine, load->now);
}

/* What it costs that all these are there. */
static void measure_idle(struct load *load)
{
	struct result ignored = {0};
	struct meter minute, nothing = {0};

	load_pass(load, 120 * USEC_PER_SEC);
	take_meter(load, &ignored);
	load_pass(load, 60 * USEC_PER_SEC);
	minute = take_meter(load, &ignored);
	meter_run(&nothing, load, 1000000, call_run);
	printf("# idle, %u tunnels: %.1f ms of processor a minute, HELLOs and their answers "
	       "included; "
	       "a look at the timers when nothing is due: %.0f ns\n",
	       load->n_fars, (double)minute.ns / 1e6, meter_us(&nothing, nothing.calls) * 1000);
}

static struct result measure(unsigned int sessions, bool as_lac, bool idle)
{
	unsigned int n_fars = sessions / SESSIONS_A_TUNNEL;
	struct result result = {0};
	struct load load;
	struct meter meter;
	uint64_t messages;
	size_t before, with_tunnels;

	load_begin(&load, n_fars, SESSIONS_A_TUNNEL, as_lac);
	before = memory();
	open_tunnels(&load);
	take_meter(&load, &result);
	with_tunnels = memory();
	result.tunnel_octets = (double)(with_tunnels - before) / n_fars;
	open_sessions(&load);
	meter = take_meter(&load, &result);
	result.setup = meter_us(&meter, sessions);
	load_pass(&load, USEC_PER_SEC);
	must_have(&load, sessions);
	result.session_octets = (double)(memory() - with_tunnels) / sessions;
	take_meter(&load, &result);
	messages = churn(&load);
	meter = take_meter(&load, &result);
	result.message = meter_us(&meter, messages);
	must_have(&load, sessions);
	if (idle)
		measure_idle(&load);
	take_meter(&load, &(struct result){0});
	close_sessions(&load);
	meter = take_meter(&load, &result);
	result.teardown = meter_us(&meter, sessions);
	must_have(&load, 0);
	load_end(&load);
	return result;
}

static void measure_all(unsigned int most, bool as_lac)
{
	printf("\n| as %s | set-ups/s | tear-downs/s | us a message | longest call, us | octets a "
	       "session | octets a tunnel |\n|---:|---:|---:|---:|---:|---:|---:|\n",
	       as_lac ? "LAC" : "LNS");
	for (unsigned int sessions = most < 1000 ? most : 1000; sessions <= most; sessions *= 10) {
		struct result r = measure(sessions, as_lac, sessions * 10 > most);

		printf("| %u | %.0f | %.0f | %.2f | %.0f | %.0f | %.0f |\n", sessions,
		       1e6 / r.setup, 1e6 / r.teardown, r.message, r.longest, r.session_octets,
		       r.tunnel_octets);
		fflush(stdout);
	}
}

/* Ids are drawn at random: what when nearly all are taken? */
static void measure_full(void)
{
	static const unsigned int steps[] = {32768, 60000, 65000, 65400, 65534};
	struct load load;
	unsigned int n = 0;

	printf("\n| sessions in one tunnel | us to open the last of them | longest, us "
	       "|\n|---:|---:|---:|\n");
	load_begin(&load, 1, 65535, true);
	load.opening[0] = &load.fars[0];
	open_tunnels(&load);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		for (; n + 100 < steps[i]; n++)
			open_calls(&load, 1, 1);
		load.meter = (struct meter){0};
		for (; n < steps[i]; n++)
			meter_run(&load.meter, &load, 1, call_open_session);
		printf("| %u | %.2f | %.0f |\n", n, meter_us(&load.meter, load.meter.calls),
		       (double)load.meter.longest / 1000);
		load_deliver(&load);
		load_pass(&load, USEC_PER_SEC);
	}
	load_end(&load);
}

int main(int argc, char **argv)
{
	unsigned int most = argc > 1 ? (unsigned int)strtoul(argv[1], NULL, 10) : 1000000;

	if (most < SESSIONS_A_TUNNEL) {
		fprintf(stderr, "usage: load [SESSIONS], %u at least\n", SESSIONS_A_TUNNEL);
		return 2;
	}
	mem_init();
	measure_all(most, false);
	measure_all(most, true);
	if (most >= 1000)
		measure_full();
	return 0;
}
