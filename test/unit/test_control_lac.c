/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A LAC at the management socket: requests that wait for calls to end, and what monitors hear.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "control_end.h"

#define CALL_1                                                                            \
	"\"call_id\":\"5e0c12ab-00000011\",\"state\":\"up\",\"uptime\":90,"               \
	"\"user\":\"joe@isp.example\",\"interface\":\"eth1.100\",\"mac\":"                \
	"\"02:00:5e:00:00:01\",\"pppoe_id\":42,\"destination\":\"lns1\",\"tunnel_id\":7," \
	"\"session_id\":9"
#define CALL_2                                                                           \
	"\"call_id\":\"5e0c12ab-00000012\",\"state\":\"placing\","                       \
	"\"user\":\"\\u001B[31mred\\\\xff\",\"from_tunnel_id\":8,\"from_session_id\":3," \
	"\"from_peer\":\"lac.example\",\"destination\":\"192.0.2.9\""
#define BUSY ",\"last_error\":\"peer: busy signal detected (result 8)\""
#define CLOSED ",\"last_error\":\"local: closed by the administrator (result 3)\""

static const struct {
	const char *request;
	const char *answer;
} rows[] = {
	{"show call\"}\n", "{\"call\":{" CALL_1 "}}\n{\"call\":{" CALL_2 BUSY "}}\n" OK},
	{"show call\",\"args\":{\"call_id\":7}}\n",
	 ERROR("EINVAL", "call_id must be a text of 1 to 23 octets")},
	{"show call\",\"args\":{\"call_id\":\"7\"}}\n", ERROR("ENOENT", "no call has call_id 7")},
	{"del call\"}\n",
	 ERROR("EINVAL", "call_id, user, interface, mac, destination or all is missing")},
	{"del call\",\"args\":{\"all\":false}}\n",
	 ERROR("EINVAL", "call_id, user, interface, mac, destination or all is missing")},
	{"del call\",\"args\":{\"user\":\"x\",\"timeout\":5}}\n",
	 ERROR("ENOENT", "no call is of a user x; an id goes with call_id")},
	{"set call\"}\n", ERROR("EINVAL", "call_id or user is missing")},
	{"set call\",\"args\":{\"user\":\"x\"}}\n",
	 ERROR("EINVAL", "tx_speed or rx_speed is missing")},
	{"set call\",\"args\":{\"tx_speed\":1}}\n", ERROR("EINVAL", "call_id or user is missing")},
	{"set call\",\"args\":{\"user\":\"x\",\"tx_speed\":0}}\n",
	 ERROR("EINVAL", "tx_speed must be a number from 1 to 4294967295")},
	{"set call\",\"args\":{\"user\":\"x\",\"rx_speed\":4294967296}}\n",
	 ERROR("EINVAL", "rx_speed must be a number from 1 to 4294967295")},
	{"set call\",\"args\":{\"user\":\"x\",\"rx_speed\":\"7\"}}\n",
	 ERROR("EINVAL", "rx_speed must be a number from 1 to 4294967295")},
	{"set call\",\"args\":{\"user\":\"x\",\"rx_speed\":7}}\n",
	 ERROR("ENOENT", "no call is of a user x; an id goes with call_id")},
	{"set call\",\"args\":{\"user\":\"joe@isp.example\",\"call_id\":\"5e0c12ab-00000012\","
	 "\"rx_speed\":7}}\n",
	 ERROR("ENOENT", "there is no such call")},
	{"unlock destination\",\"args\":{\"name\":\"lns2.example\",\"all\":true}}\n",
	 ERROR("EINVAL", "only one of name and all can be")},
	{"test steer\",\"args\":{\"user\":\"\"}}\n",
	 ERROR("EINVAL", "user must be a text of 1 to 253 octets")},
	{"test steer\",\"args\":{\"user\":\"joe@x\",\"interface\":\"eth9\"}}\n",
	 ERROR("ENOENT", "nobody can dial in on eth9")},
	{"test steer\",\"args\":{\"user\":\"joe@x\"}}\n",
	 "{\"steer\":{\"user\":\"joe@x\",\"action\":\"tunnel\",\"why\":"
	 "\"domain isp.example (suffix)\",\"domain\":\"isp.example\",\"radius\":\"not asked\","
	 "\"tunnels\":[\"lns1, preference 1: first\","
	 "\"lns2.example, preference 2: locked out for 4m50s\"]}}\n" OK},
};

static void test_requests(void **state)
{
	struct end *end = end_new(*state);
	char request[256];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(request, sizeof(request), "{\"command\":\"%s", rows[i].request);
		end_say(end, request);
		end_expect(end, rows[i].answer);
	}
	calls_expect(*state, "");
	end_free(end);
}

/* It answers when the last call is gone, the one at once and the other a moment later. */
static void test_del_waits(void **state)
{
	struct fixture *f = *state;
	struct end *end = end_new(f);

	end_say(end, "{\"command\":\"del call\",\"args\":{\"all\":true}}\n"
		     "{\"command\":\"show call\"}\n"
		     "{\"command\":\"del call\",\"args\":{\"all\":true}}\n");
	end_expect(end, OK OK OK);
	calls_expect(f, "close_call 5e0c12ab-00000011\nclose_call 5e0c12ab-00000012\n");
	end_free(end);
}

/* Sessions and tunnels that go meanwhile are none of its business, nor calls that others end. */
static void test_del_waits_for_its_own(void **state)
{
	struct fixture *f = *state;
	struct end *end = end_new(f);
	struct l2tp_tunnel *t = l2tp_tunnel_find(f->engine, 7);

	end_say(end, "{\"command\":\"del call\",\"args\":{\"user\":\"joe@isp.example\"}}\n");
	while (!f->n_later)
		fixture_run(f);
	f->n_later = 0;
	fixture_call_gone(f, "5e0c12ab-00000012");
	fixture_event(f, EVENT_SESSION_DOWN, t, l2tp_session_find(t, 9));
	fixture_event(f, EVENT_TUNNEL_GONE, t, NULL);
	end_expect_silence(end);
	fixture_call_gone(f, "5e0c12ab-00000011");
	end_expect(end, OK);
	calls_expect(f, "close_call 5e0c12ab-00000011\n");
	end_free(end);
}

static void test_set(void **state)
{
	static const struct {
		const char *args;
		const char *answer;
	} sets[] = {
		{"\"user\":\"joe@isp.example\",\"tx_speed\":7,\"rx_speed\":4294967295", OK},
		{"\"call_id\":\"5e0c12ab-00000011\",\"rx_speed\":8", OK},
		{"\"call_id\":\"5e0c12ab-00000012\",\"tx_speed\":9",
		 ERROR("EOPNOTSUPP", "the speeds come from the LAC before it")},
	};
	struct fixture *f = *state;
	struct end *end = end_new(f);
	char request[256];

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		snprintf(request, sizeof(request), "{\"command\":\"set call\",\"args\":{%s}}\n",
			 sets[i].args);
		end_say(end, request);
		end_expect(end, sets[i].answer);
	}
	calls_expect(f, "set_call tx 7 rx 4294967295 5e0c12ab-00000011\n"
			"set_call tx 0 rx 8 5e0c12ab-00000011\n"
			"set_call tx 9 rx 0 5e0c12ab-00000012\n");
	/* A line is one caller's. */
	f->same_user = true;
	end_say(end, "{\"command\":\"set call\",\"args\":{\"user\":\"joe@isp.example\","
		     "\"tx_speed\":7}}\n");
	end_expect(end, ERROR("ENOTUNIQ", "2 calls are of user joe@isp.example; "
					  "say which by call_id"));
	calls_expect(f, "");
	end_free(end);
}

/* The time of an event differs, and is the last thing that a test wants to know. */
static void expect_event(struct end *end, const char *name, const char *rest)
{
	const char *line, *at;

	for (int i = 0; i < PATIENCE && !memchr(end->text, '\n', end->len); i++) {
		fixture_run(end->f);
		end_read(end);
	}
	line = end->text;
	assert_memory_equal(line, "{\"event\":\"", 10);
	assert_memory_equal(line + 10, name, strlen(name));
	at = memchr(line + 10 + strlen(name) + 10, ',', end->len);
	assert_non_null(at);
	assert_memory_equal(at + 1, rest, strlen(rest));
	end_take_line(end);
}

static void test_events(void **state)
{
	struct fixture *f = *state;
	struct end *monitor = end_new(f), *other = end_new(f);

	end_say(monitor, "{\"command\":\"monitor\"}\n");
	expect_event(monitor, "monitor start", "\"version\":");
	fixture_call_event(f, "5e0c12ab-00000011", "call up");
	expect_event(monitor, "call up", "\"call\":{" CALL_1 "}}\n");
	fixture_call_event(f, "5e0c12ab-00000012", "call moved");
	expect_event(monitor, "call moved", "\"call\":{" CALL_2 BUSY "}}\n");
	end_say(other, "{\"command\":\"del call\",\"args\":{\"destination\":\"192.0.2.9\"}}\n");
	end_expect(other, OK);
	expect_event(monitor, "call ended", "\"call\":{" CALL_2 CLOSED "}}\n");
	end_say(other, "{\"command\":\"unlock destination\",\"args\":{\"all\":true}}\n");
	end_expect(other, OK);
	expect_event(monitor, "destination state",
		     "\"destination\":{\"name\":\"lns2.example\",\"server\":\"lns2.example\","
		     "\"state\":\"unlocked\"");
	end_expect_silence(monitor);
	end_free(monitor);
	end_free(other);
}

/* Whatever allocation fails, the client is told or dropped and the daemon lives. */
static void test_no_memory(void **state)
{
	static const char *const requests[] = {
		"{\"command\":\"show call\"}\n",
		"{\"command\":\"show domain\"}\n",
		"{\"command\":\"test steer\",\"args\":{\"user\":\"joe@x\"}}\n",
		("{\"command\":\"set call\",\"args\":{\"user\":\"joe@isp.example\","
		 "\"tx_speed\":7}}\n"),
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		for (unsigned int n = 2; n < 12; n++) {
			struct end *end = end_new(f);

			fixture_run(f);
			end_say(end, SHOW_NONE);
			end_expect(end, OK);
			__mem_fail_after(n);
			end_say(end, requests[i]);
			end_wait(end, strlen(OK));
			assert_true(end->eof || end->len);
			__mem_fail_after(0);
			end_free(end);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
		TEST(test_requests), TEST(test_del_waits), TEST(test_del_waits_for_its_own),
		TEST(test_set),	     TEST(test_events),	   TEST(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
