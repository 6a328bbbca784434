/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The player of scripts.
 */
#include "test/unit/steer_script.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "wire/result.h"

#define CALLS 256
#define PATHS 64
#define EXPLAINED 32

struct world {
	struct steer *steer;
	struct timer_queue timers;
	usec_t now;
	struct steer_set *set;
	unsigned int max_tunnels;
	char ours[32], theirs[32];
	struct steer_call calls[CALLS];
	struct steer_path *paths[PATHS]; /* opened, oldest first */
	size_t n_paths;
	bool tests[128]; /* that run, by the first letter of the server */
	bool no_tests;
	uint32_t random;
	char explained[EXPLAINED][512];
	size_t n_explained, at_explained;
};

static void fake_random(struct steer *steer, void *data, size_t len)
{
	struct world *w = steer_ctx(steer);
	uint8_t *octets = data;

	for (size_t i = 0; i < len; i++) {
		w->random = w->random * 1103515245 + 12345;
		octets[i] = (uint8_t)(w->random >> 16);
	}
}

static int fake_test(struct steer *steer, struct steer_destination *destination,
		     const struct steer_tunnel *tunnel)
{
	struct world *w = steer_ctx(steer);

	assert_false(w->tests[(unsigned char)destination->server[0]]);
	assert_string_equal(tunnel->server, destination->server);
	assert_non_null(tunnel->peer);
	if (w->no_tests)
		return -ENOMEM;
	w->tests[(unsigned char)destination->server[0]] = true;
	return 0;
}

static void fake_event(struct steer *steer, const struct steer_destination *destination)
{
	print_message("#   %s is %s\n", destination->server, steer_lock_name(destination->lock));
	assert_non_null(steer);
}

static const struct steer_ops ops = {
	.random = fake_random,
	.test = fake_test,
	.event = fake_event,
};

static char *text_of(const char *text)
{
	char *copy = mem_alloc(strlen(text) + 1);

	assert_non_null(copy);
	return strcpy(copy, text);
}

/* --- sets --- */

static void set_add(struct world *w, char *spec)
{
	struct steer_tunnel *tunnel = steer_set_add(w->set);
	char *server = strtok_r(spec, ":", &spec), *field;

	assert_non_null(tunnel);
	tunnel->name = text_of(server);
	tunnel->server = text_of(server);
	tunnel->peer = peer_new(server);
	assert_non_null(tunnel->peer);
	tunnel->peer->max_tunnels = w->max_tunnels;
	if (w->ours[0])
		tunnel->peer->local_name = text_of(w->ours);
	if (w->theirs[0])
		tunnel->peer->host_name = text_of(w->theirs);
	tunnel->preference = (uint32_t)atoi(strtok_r(NULL, ":", &spec));
	if ((field = strtok_r(NULL, ":", &spec)))
		tunnel->max_sessions = (unsigned int)atoi(field);
	if ((field = strtok_r(NULL, ":", &spec)))
		tunnel->max_sessions_per_tunnel = (unsigned int)atoi(field);
	if ((field = strtok_r(NULL, ":", &spec)))
		tunnel->assignment_id = text_of(field);
	if ((field = strtok_r(NULL, ":", &spec)))
		tunnel->peer->secret = text_of(field);
}

static void do_set(struct world *w, char *rest)
{
	char text[160], *spec;

	steer_set_unref(w->set);
	w->set = steer_set_new();
	assert_non_null(w->set);
	while ((spec = strtok_r(NULL, " ", &rest)))
		set_add(w, spec);
	assert_int_equal(steer_set_finish(w->set, text, sizeof(text)), 0);
}

/* --- calls --- */

static void open_path(struct world *w, struct steer_path *path)
{
	assert_true(w->n_paths < PATHS);
	path->user = path;
	w->paths[w->n_paths++] = path;
}

static void expect_next(struct world *w, struct steer_call *call, const char *expected)
{
	static const struct {
		const char *word;
		int err;
	} refusals[] = {{"down ", -EHOSTUNREACH}, {"full ", -ENOSPC}};
	char text[1100] = "", got[64];
	int err;

	if (!call->set)
		steer_call_init(call, w->set);
	err = steer_call_next(w->steer, call, w->now, text, sizeof(text));
	for (size_t i = 0; i < 2; i++) {
		if (strncmp(expected, refusals[i].word, 5) != 0)
			continue;
		assert_int_equal(err, refusals[i].err);
		assert_string_equal(text, expected + 5);
		assert_null(call->path);
		steer_call_done(w->steer, call, w->now);
		return;
	}
	assert_string_equal(text, "");
	assert_int_equal(err, 0);
	snprintf(got, sizeof(got), "%s%s", call->path->destination->server,
		 call->path->user			 ? ""
		 : expected[strlen(expected) - 1] == '?' ? "?"
							 : "+");
	assert_string_equal(got, expected);
	if (strchr(got, '+'))
		open_path(w, call->path);
}

/* Each allocation of a first call fails in its turn. */
static void do_without_memory(struct world *w, struct steer_call *call)
{
	char text[64];

	steer_call_init(call, w->set);
	/* Destination, its server, the table, path; then, the first three being there, the path's
	 * name and server. */
	for (unsigned int i = 0; i < 6; i++) {
		unsigned int n = i < 4 ? i + 1 : i - 2;

		__mem_fail_after(n);
		assert_int_equal(steer_call_next(w->steer, call, w->now, text, sizeof(text)),
				 -ENOMEM);
		assert_string_equal(text, "no memory");
		assert_null(call->path);
	}
	__mem_fail_after(0);
}

static void do_call(struct world *w, unsigned int number, char *rest)
{
	struct steer_call *call = &w->calls[number];
	char *verb = strtok_r(rest, " ", &rest);
	struct reason reason;

	assert_true(number < CALLS);
	if (strcmp(verb, "without") == 0) {
		do_without_memory(w, call);
	} else if (strcmp(verb, ">") == 0) {
		expect_next(w, call, rest);
	} else if (strcmp(verb, "up") == 0) {
		steer_call_up(w->steer, call, w->now);
	} else if (strcmp(verb, "done") == 0) {
		steer_call_done(w->steer, call, w->now);
	} else if (strcmp(verb, "lost") == 0) {
		reason = reason_make(ORIGIN_PEER, 0, 0, "silence");
		steer_call_failed(w->steer, call, &reason, true, w->now);
	} else if (strcmp(verb, "shut-out") == 0) {
		steer_call_shut_out(w->steer, call);
		assert_null(call->path);
	} else if (strcmp(verb, "cdn") == 0) {
		reason = reason_make(ORIGIN_PEER, (uint16_t)strtoul(rest, &rest, 10), 0, "%s", "");
		reason.error = (uint16_t)strtoul(rest, NULL, 10);
		steer_call_failed(w->steer, call, &reason, false, w->now);
	} else {
		fail_msg("call %s?", verb);
	}
}

/* --- destinations --- */

/* The newest there is to it, and it is taken off the list. */
static struct steer_path *path_of(struct world *w, const char *server, bool take)
{
	for (size_t i = w->n_paths; i--;) {
		struct steer_path *path = w->paths[i];

		if (strcmp(path->destination->server, server) != 0)
			continue;
		if (take)
			memmove(&w->paths[i], &w->paths[i + 1],
				(--w->n_paths - i) * sizeof(w->paths[0]));
		return path;
	}
	fail_msg("no path to %s", server);
	return NULL;
}

static void end_path(struct world *w, const char *server, const struct reason *reason)
{
	struct steer_path *path = path_of(w, server, true);
	struct steer_call *on[CALLS];
	size_t n = 0;

	for (size_t i = 0; i < CALLS; i++) {
		if (w->calls[i].path == path)
			on[n++] = &w->calls[i];
	}
	steer_path_gone(w->steer, path, reason, w->now);
	for (size_t i = 0; i < n; i++) {
		if (on[i]->up)
			steer_call_done(w->steer, on[i], w->now);
		else
			steer_call_failed(w->steer, on[i], reason, true, w->now);
	}
}

static void test_went(struct world *w, const char *server, bool good)
{
	struct steer_destination *destination = steer_find(w->steer, server);
	struct reason reason = reason_make(ORIGIN_PEER, 0, 0, "no answer to the test");

	assert_true(w->tests[(unsigned char)*server]);
	w->tests[(unsigned char)*server] = false;
	steer_test_done(w->steer, destination, good, &reason, w->now);
}

static void expect_counts(const struct steer_destination *destination, char *rest)
{
	assert_int_equal(destination->n_sessions, strtoul(rest, &rest, 10));
	assert_int_equal(destination->n_paths, strtoul(rest, NULL, 10));
}

static void do_destination(struct world *w, const char *server, char *rest)
{
	char *verb = strtok_r(rest, " ", &rest);
	struct steer_destination *destination = steer_find(w->steer, server);
	struct reason reason;

	if (strcmp(verb, "unknown") == 0) {
		assert_null(destination);
		return;
	}
	assert_non_null(destination);
	if (strcmp(verb, "up") == 0) {
		steer_path_up(w->steer, path_of(w, server, false), w->now);
	} else if (strcmp(verb, "gone") == 0) {
		reason = reason_make(ORIGIN_PEER, (uint16_t)strtoul(rest, &rest, 10), 0, "%s", "");
		reason.error = (uint16_t)strtoul(rest, NULL, 10);
		end_path(w, server, &reason);
	} else if (strcmp(verb, "idle") == 0) {
		reason = reason_make(ORIGIN_LOCAL, STOPCCN_CLEAR, 0, "idle");
		end_path(w, server, &reason);
	} else if (strcmp(verb, "is") == 0) {
		assert_string_equal(steer_lock_name(destination->lock), rest);
	} else if (strcmp(verb, "counts") == 0) {
		expect_counts(destination, rest);
	} else if (strcmp(verb, "unlock") == 0) {
		steer_unlock(w->steer, destination, w->now);
	} else if (strcmp(verb, "good") == 0 || strcmp(verb, "bad") == 0) {
		test_went(w, server, verb[0] == 'g');
	} else {
		fail_msg("destination %s?", verb);
	}
}

/* --- lines --- */

static void take_line(void *ctx, const char *text)
{
	struct world *w = ctx;

	assert_true(w->n_explained < EXPLAINED);
	snprintf(w->explained[w->n_explained++], sizeof(w->explained[0]), "%s", text);
}

static void do_explain(struct world *w, const char *rest)
{
	if (!w->n_explained)
		steer_explain(w->steer, w->set, w->now, take_line, w);
	if (*rest) {
		assert_true(w->at_explained < w->n_explained);
		assert_string_equal(w->explained[w->at_explained], rest);
		w->at_explained++;
		return;
	}
	assert_int_equal(w->at_explained, w->n_explained);
	w->n_explained = w->at_explained = 0;
}

static void do_line(struct world *w, const char *text)
{
	char line[1200], *rest, *word;

	snprintf(line, sizeof(line), "%s", text);
	print_message("#   %s\n", line);
	word = strtok_r(line, " ", &rest);
	if (strcmp(word, "set") == 0) {
		do_set(w, rest);
	} else if (strcmp(word, "max-tunnels") == 0) {
		w->max_tunnels = (unsigned int)atoi(rest);
	} else if (strcmp(word, "names") == 0) {
		assert_int_equal(sscanf(rest, "%31s %31s", w->ours, w->theirs), 2);
	} else if (strcmp(word, "wait") == 0) {
		w->now += atoi(rest) * USEC_PER_SEC;
		timer_queue_run(&w->timers, w->now);
	} else if (strcmp(word, "tests") == 0) {
		w->no_tests = strcmp(rest, "fail") == 0;
	} else if (strcmp(word, "later") == 0) {
		w->now += atoi(rest) * USEC_PER_SEC;
	} else if (strcmp(word, "explain") == 0) {
		do_explain(w, rest);
	} else if (*word >= '0' && *word <= '9') {
		do_call(w, (unsigned int)atoi(word), rest);
	} else {
		do_destination(w, word, rest);
	}
}

void steer_script_play(const struct steer_script *script)
{
	struct reason reason = reason_make(ORIGIN_LOCAL, STOPCCN_CLEAR, 0, "the end");
	struct world *w = calloc(1, sizeof(*w));
	const struct steer_destination *at = NULL;

	assert_non_null(w);
	print_message("# %s\n", script->what);
	w->now = 1000 * USEC_PER_SEC;
	timer_queue_init(&w->timers);
	assert_int_equal(steer_new(&ops, w, &w->timers, &script->settings, &w->steer), 0);
	for (size_t i = 0; i < sizeof(script->lines) / sizeof(script->lines[0]); i++) {
		if (script->lines[i])
			do_line(w, script->lines[i]);
	}
	for (size_t i = 0; i < CALLS; i++) {
		if (w->calls[i].set)
			steer_call_done(w->steer, &w->calls[i], w->now);
	}
	while (w->n_paths)
		steer_path_gone(w->steer, w->paths[--w->n_paths], &reason, w->now);
	while ((at = steer_next(w->steer, at))) {
		assert_int_equal(at->n_sessions, 0);
		assert_int_equal(at->n_paths, 0);
	}
	steer_free(w->steer);
	assert_int_equal(w->timers.count, 0);
	timer_queue_fini(&w->timers);
	steer_set_unref(w->set);
	free(w);
}
