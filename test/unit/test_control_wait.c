/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests that take their time, and events: who is answered when, and with what.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control_end.h"

static const struct {
	const char *args;
	const char *answer; /* of what comes after an object, if any */
	bool object;
	const char *calls;
} adds[] = {
	{"tunnel\",\"args\":{\"remote\":\"192.0.2.5\"}", OK, true,
	 "open_tunnel 192.0.2.5 port 0\n"},
	{"tunnel\",\"args\":{\"remote\":\"192.0.2.5\",\"wait\":\"none\"}", OK, true,
	 "open_tunnel 192.0.2.5 port 0\n"},
	{"tunnel\",\"args\":{\"remote\":\"at-once.example\"}", OK, true,
	 "open_tunnel at-once.example port 0\n"},
	{"tunnel\",\"args\":{\"name\":\"kept\"}", OK, true, "open_tunnel section port 0\n"},
	{"tunnel\",\"args\":{\"remote\":\"192.0.2.6\",\"udp_dport\":1702,\"host_name\":\"me\","
	 "\"secret\":\"xyzzy\",\"hello_interval\":0}",
	 OK, true, "open_tunnel 192.0.2.6 port 1702 host_name me secret xyzzy hello 0\n"},
	{"tunnel\",\"args\":{\"remote\":\"refuse.example\"}",
	 ERROR("ECONNREFUSED",
	       "peer: not authorized to open a tunnel: check names and secret: who are you "
	       "(result 4)"),
	 false, "open_tunnel refuse.example port 0\n"},
	{"tunnel\",\"args\":{\"remote\":\"nowhere.example\"}",
	 ERROR("EHOSTUNREACH", "nowhere.example: no such host"), false,
	 "open_tunnel nowhere.example port 0\n"},
	{"tunnel\",\"args\":{\"remote\":\"twice.example\"}",
	 ERROR("EEXIST", "a tunnel of that name exists"), false,
	 "open_tunnel twice.example port 0\n"},
	{"tunnel\",\"args\":{\"remote\":\"full.example\"}",
	 ERROR("ENOSPC", "No space left on device"), false, "open_tunnel full.example port 0\n"},
	{"tunnel\",\"args\":{\"remote\":\"silent.example\",\"timeout\":1}",
	 ERROR("ETIMEDOUT", "not up after 1 s; aditd goes on trying"), false,
	 "open_tunnel silent.example port 0\n"},
	{"session\",\"args\":{\"tunnel\":\"isp\"}", OK, true, "open_session in isp\n"},
	{"session\",\"args\":{\"tunnel_id\":7,\"wait\":\"none\",\"name\":\"x\"}", OK, true,
	 "open_session in isp\n"},
	{"session\",\"args\":{\"tunnel_id\":7,\"name\":\"busy\"}",
	 ERROR("ECONNREFUSED", "peer: busy signal detected (result 8)"), false,
	 "open_session in isp\n"},
	{"session\",\"args\":{\"tunnel_id\":7,\"session_id\":9}", ERROR("EEXIST", "File exists"),
	 false, "open_session in isp\n"},
	{"session\",\"args\":{\"name\":\"kept\"}",
	 ERROR("ENOENT", "there is no session kept in the configuration"), false,
	 "open_session in section\n"},
	{"session\",\"args\":{\"tunnel_id\":99}", ERROR("ENOENT", "no tunnel has tunnel_id 99"),
	 false, ""},
};

static void test_add(void **state)
{
	struct fixture *f = *state;
	struct end *end = end_new(f);
	char request[512];

	for (size_t i = 0; i < sizeof(adds) / sizeof(adds[0]); i++) {
		snprintf(request, sizeof(request), "{\"command\":\"add %s}\n", adds[i].args);
		end_say(end, request);
		if (adds[i].object) {
			end_wait(end, 1);
			assert_int_equal(end->text[2], adds[i].args[0]);
			end_take_line(end);
		}
		end_expect(end, adds[i].answer);
		calls_expect(f, adds[i].calls);
	}
	end_free(end);
}

/* Who goes away while waiting is forgotten, and what he asked for goes on. */
static void test_leave_while_waiting(void **state)
{
	struct fixture *f = *state;
	struct end *end = end_new(f);

	end_say(end, "{\"command\":\"add tunnel\",\"args\":{\"name\":\"x\",\"remote\":"
		     "\"silent.example\"}}\n");
	end_expect_silence(end);
	assert_int_equal(f->control->n_clients, 1);
	end_free(end);
	assert_int_equal(f->control->n_clients, 0);
	assert_non_null(l2tp_tunnel_find_name(f->engine, "x"));
	fixture_event(f, EVENT_TUNNEL_UP, l2tp_tunnel_find_name(f->engine, "x"), NULL);
}

/* Events of others' tunnels do not answer a request; those of its own do. */
static void test_wait_for_own(void **state)
{
	struct fixture *f = *state;
	struct end *end = end_new(f);
	struct l2tp_tunnel *other = l2tp_tunnel_find(f->engine, 7), *own;

	end_say(end, "{\"command\":\"add tunnel\",\"args\":{\"name\":\"x\",\"remote\":"
		     "\"silent.example\"}}\n");
	end_expect_silence(end);
	own = l2tp_tunnel_find_name(f->engine, "x");
	fixture_event(f, EVENT_TUNNEL_UP, other, NULL);
	fixture_event(f, EVENT_TUNNEL_DOWN, other, NULL);
	control_failed(f->control, own->owner + 1, -EIO, "not yours");
	end_expect_silence(end);
	fixture_event(f, EVENT_TUNNEL_UP, own, NULL);
	end_take_line(end);
	end_expect(end, OK);
	end_free(end);
}

static void test_del(void **state)
{
	struct fixture *f = *state;
	struct l2tp_tunnel *t = l2tp_tunnel_find(f->engine, 7);
	struct end *end = end_new(f);

	fixture_session(f, t, "two", 2);
	fixture_session(f, t, "three", 3);
	end_say(end, "{\"command\":\"del session\",\"args\":{\"tunnel_id\":7,\"session_id\":3,"
		     "\"wait\":\"none\"}}\n");
	end_expect(end, OK);
	calls_expect(f, "close_session 7/3\n");
	end_say(end, "{\"command\":\"del session\",\"args\":{\"tunnel\":\"isp\",\"all\":true}}\n");
	end_expect(end, OK);
	assert_int_equal(t->n_sessions, 0);
	f->calls[0] = '\0';
	end_say(end, "{\"command\":\"del session\",\"args\":{\"tunnel\":\"isp\",\"all\":true}}\n");
	end_expect(end, OK);
	calls_expect(f, "");
	end_say(end, "{\"command\":\"del tunnel\",\"args\":{\"all\":true,\"timeout\":5}}\n");
	end_expect(end, OK);
	calls_expect(f, "close_tunnel 7\nclose_tunnel 8\n");
	assert_int_equal(f->engine->n_tunnels, 0);
	end_free(end);
}

static void test_reload_and_debug(void **state)
{
	struct fixture *f = *state;
	struct end *end = end_new(f);

	end_say(end, "{\"command\":\"debug\",\"args\":{\"level\":2}}\n");
	end_expect(end, OK);
	end_say(end, "{\"command\":\"reload\"}\n");
	end_expect(end, OK);
	f->reload_text = "one tunnel changed";
	end_say(end, "{\"command\":\"reload\"}\n");
	end_expect(end, "{\"status\":\"ok\",\"message\":\"one tunnel changed\"}\n");
	f->reload_err = -EINVAL;
	f->reload_text = "adit.conf:1: bad\nadit.conf:2: worse";
	end_say(end, "{\"command\":\"reload\"}\n");
	end_expect(end, ERROR("EINVAL", "adit.conf:1: bad\\nadit.conf:2: worse"));
	calls_expect(f, "set_debug 2\nreload\nreload\nreload\n");
	end_free(end);
}

static void test_counters(void **state)
{
	static const char request[] =
		"{\"command\":\"show session\",\"args\":{\"statistics\":true}}\n";
	static const char of_one[] = "{\"command\":\"show session\",\"args\":{\"tunnel_id\":7,"
				     "\"session_id\":9,\"statistics\":true}}\n";
	struct fixture *f = *state;
	struct end *end = end_new(f);
	uint64_t ticket;

	/* The answer waits for the kernel's. */
	f->hold_counters = true;
	end_say(end, request);
	end_expect_silence(end);
	ticket = f->counters_ticket;
	control_counters(f->control, ticket + 1, 0, NULL, 0);
	end_expect_silence(end);
	control_counters(f->control, ticket, 0, NULL, 0);
	end_expect(end, "{\"session\":{" SESSION_9 "}}\n" OK);
	/* An answer that comes twice, or too late, is nobody's. */
	control_counters(f->control, ticket, 0, NULL, 0);
	end_say(end, request);
	end_free(end);
	control_counters(f->control, f->counters_ticket, 0, NULL, 0);

	/* Without counters there is the rest, and the error. */
	f->hold_counters = false;
	f->counters_err = -EPERM;
	end = end_new(f);
	end_say(end, request);
	end_expect(end, "{\"session\":{" SESSION_9
			"}}\n" ERROR("EPERM", "the kernel's counters could not be read: "
					      "Operation not permitted"));
	f->counters_err = -ENOENT;
	end_say(end, of_one);
	end_expect(end, "{\"session\":{" SESSION_9 "}}\n" OK);
	calls_expect(f, "counters 0/0\ncounters 0/0\ncounters 0/0\ncounters 7/9\n");
	end_free(end);
}

/* Takes one event's line and asserts what it says after its time, which is now. */
static void expect_event(struct end *end, const char *name, const char *rest)
{
	double seconds, now = ev_time();
	char expected[1024];
	char *newline, *end_of_time;

	end_wait(end, 1);
	newline = strchr(end->text, '\n');
	assert_non_null(newline);
	*newline = '\0';
	snprintf(expected, sizeof(expected), "{\"event\":\"%s\",\"time\":", name);
	assert_memory_equal(end->text, expected, strlen(expected));
	seconds = strtod(end->text + strlen(expected), &end_of_time);
	assert_true(seconds > now - 60 && seconds < now + 60);
	assert_string_equal(end_of_time, rest);
	*newline = '\n';
	end_take_line(end);
}

static void test_monitor(void **state)
{
	struct fixture *f = *state;
	struct l2tp_tunnel *t = l2tp_tunnel_find(f->engine, 7);
	struct end *one = end_new(f), *two = end_new(f);
	struct l2tp_event dropped = {
		.type = EVENT_PACKET_DROPPED,
		.peer = &t->core.peer,
		.text = "not L2TP: \xff",
	};

	end_say(one, SHOW_NONE);
	end_say(one, "{\"command\":\"monitor\"}\n");
	end_expect(one, OK);
	expect_event(one, "monitor start", ",\"version\":\"" ADIT_VERSION "\"}");
	end_say(two, "{\"command\":\"monitor\"}\n");
	expect_event(two, "monitor start", ",\"version\":\"" ADIT_VERSION "\"}");
	/* What a monitor says is not listened to. */
	end_say(one, "{\"command\":\"del tunnel\",\"args\":{\"all\":true}}\n{{{\n");
	fixture_event(f, EVENT_TUNNEL_UP, t, NULL);
	expect_event(one, "tunnel up", ",\"tunnel\":{" TUNNEL_7 "},\"from\":\"192.0.2.2:1701\"}");
	expect_event(two, "tunnel up", ",\"tunnel\":{" TUNNEL_7 "},\"from\":\"192.0.2.2:1701\"}");
	control_event(f->control, &dropped, f->now);
	expect_event(one, "packet dropped",
		     ",\"from\":\"192.0.2.2:1701\",\"text\":\"not L2TP: \\\\xff\"}");
	end_free(one);
	assert_int_equal(f->control->n_clients, 1);
	fixture_event(f, EVENT_SESSION_DOWN, t, l2tp_session_find(t, 9));
	end_take_line(two);
	expect_event(two, "session down",
		     ",\"session\":{" SESSION_9 "},\"from\":\"192.0.2.2:1701\"}");
	calls_expect(f, "");
	end_free(two);
}

/* A monitor that reads nothing is dropped before it has cost much; one that reads stays. */
static void test_slow_monitor(void **state)
{
	struct fixture *f = *state;
	struct l2tp_tunnel *t = l2tp_tunnel_find(f->engine, 7);
	struct end *slow = end_new(f), *fast = end_new(f);
	struct client *client;

	end_say(slow, "{\"command\":\"monitor\"}\n");
	end_say(fast, "{\"command\":\"monitor\"}\n");
	end_take_line(slow);
	for (int i = 0; i < 10000 && f->control->n_clients == 2; i++) {
		fixture_event(f, EVENT_TUNNEL_UP, t, NULL);
		ev_run(f->loop, EVRUN_NOWAIT);
		end_read(fast);
		list_for_each (client, &f->control->clients, node)
			assert_in_range(client->out_room, 0, 4 * 1024 * 1024);
	}
	assert_int_equal(f->control->n_clients, 1);
	assert_false(fast->eof);
	end_free(slow);
	end_free(fast);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
		TEST(test_add),	    TEST(test_leave_while_waiting), TEST(test_wait_for_own),
		TEST(test_del),	    TEST(test_reload_and_debug),    TEST(test_counters),
		TEST(test_monitor), TEST(test_slow_monitor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
