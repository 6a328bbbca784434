/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The management socket, seen from a client: what goes in, byte by byte if need be, and what comes
 * out.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/mem.h"
#include "control_fixture.h"

/* Rounds of the loop that a test waits: far more than anything takes. */
#define PATIENCE 4000

/* The parser's own words follow, which are not ours to test. */
#define NOT_JSON "{\"status\":\"error\",\"code\":\"EBADMSG\",\"message\":\"not JSON: "
#define OK "{\"status\":\"ok\"}\n"
#define ERROR(code, message) \
	"{\"status\":\"error\",\"code\":\"" code "\",\"message\":\"" message "\"}\n"

/* The client's end. */
struct end {
	struct fixture *f;
	int fd;
	char *text;
	size_t len;
	size_t room;
	bool eof;
};

static struct end *end_of(struct fixture *f, int fd)
{
	struct end *end = calloc(1, sizeof(*end));

	end->f = f;
	end->fd = fd;
	end->room = 1024;
	end->text = calloc(1, end->room);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return end;
}

static int connect_to(const char *path)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0)
		return fd;
	close(fd);
	return -1;
}

static struct end *end_new(struct fixture *f)
{
	int fd = connect_to(f->path);

	assert_int_not_equal(fd, -1);
	return end_of(f, fd);
}

static void end_free(struct end *end)
{
	close(end->fd);
	for (int i = 0; i < 20; i++)
		fixture_run(end->f);
	free(end->text);
	free(end);
}

/* Takes what is there. */
static void end_read(struct end *end)
{
	ssize_t n;

	if (end->room - end->len < 65536) {
		end->room = end->room * 2 + 65536;
		end->text = realloc(end->text, end->room);
	}
	n = recv(end->fd, end->text + end->len, end->room - end->len - 1, MSG_DONTWAIT);
	if (n > 0)
		end->len += (size_t)n;
	else if (n == 0 || errno != EAGAIN)
		end->eof = true;
	end->text[end->len] = '\0';
}

static void end_write(struct end *end, const char *data, size_t len)
{
	while (len) {
		ssize_t n = send(end->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n > 0) {
			data += n;
			len -= (size_t)n;
		} else {
			assert_int_equal(errno, EAGAIN);
		}
		fixture_run(end->f);
	}
}

static void end_say(struct end *end, const char *text)
{
	end_write(end, text, strlen(text));
}

static void end_wait(struct end *end, size_t len)
{
	for (int i = 0; i < PATIENCE && end->len < len && !end->eof; i++) {
		fixture_run(end->f);
		end_read(end);
	}
}

/* Asserts that this comes next, and takes it. */
static void end_expect(struct end *end, const char *text)
{
	size_t len = strlen(text);

	end_wait(end, len);
	if (end->len > len && strncmp(end->text, text, len) == 0) {
		memmove(end->text, end->text + len, end->len - len + 1);
		end->len -= len;
		return;
	}
	assert_string_equal(end->text, text);
	end->len = 0;
	end->text[0] = '\0';
}

static void take_line(struct end *end)
{
	char *newline;

	for (int i = 0; i < PATIENCE && !strchr(end->text, '\n') && !end->eof; i++) {
		fixture_run(end->f);
		end_read(end);
	}
	newline = strchr(end->text, '\n');
	assert_non_null(newline);
	end->len -= (size_t)(newline + 1 - end->text);
	memmove(end->text, newline + 1, end->len + 1);
}

static void expect_answer(struct end *end, const char *answer)
{
	if (strcmp(answer, NOT_JSON) != 0) {
		end_expect(end, answer);
		return;
	}
	end_wait(end, strlen(NOT_JSON));
	assert_memory_equal(end->text, NOT_JSON, strlen(NOT_JSON));
	take_line(end);
}

static void end_expect_closed(struct end *end)
{
	end_wait(end, SIZE_MAX);
	assert_string_equal(end->text, "");
	assert_true(end->eof);
}

/* Asserts that nothing comes. */
static void end_expect_silence(struct end *end)
{
	for (int i = 0; i < 20; i++) {
		fixture_run(end->f);
		end_read(end);
	}
	assert_string_equal(end->text, "");
	assert_false(end->eof);
}

static void calls_expect(struct fixture *f, const char *calls)
{
	assert_string_equal(f->calls, calls);
	f->calls[0] = '\0';
}

/* Requests that cannot be understood, and what is said of them; the connection lives on. */
static const struct {
	const char *request;
	size_t len; /* 0: strlen() */
	const char *answer;
} bad_requests[] = {
	{"\n\n\n", 0, ""},
	{"{\n", 0, NOT_JSON},
	{"7\n", 0, NOT_JSON},
	{"[]\n", 0, ERROR("EBADMSG", "a request must be a JSON object")},
	{"{} {}\n", 0, NOT_JSON},
	{"{\"command\":\"show stats\",\"command\":\"reload\"}\n", 0, NOT_JSON},
	{"{\"command\":\"show\0stats\"}\n", 25, NOT_JSON},
	{"\0\n", 2, NOT_JSON},
	{"{\"command\":\"show \\u0000stats\"}\n", 0, NOT_JSON},
	{"{\"command\":\"\xff\"}\n", 0, NOT_JSON},
	{"{}\n", 0, ERROR("EINVAL", "a request must have a text \\\"command\\\"")},
	{"{\"command\":7}\n", 0, ERROR("EINVAL", "a request must have a text \\\"command\\\"")},
	{"{\"command\":\"reload\",\"arg\":{}}\n", 0,
	 ERROR("EINVAL", "a request has no member arg")},
	{"{\"command\":\"show\"}\n", 0, ERROR("EOPNOTSUPP", "unknown command show")},
	{"{\"command\":\"show tunnel \"}\n", 0,
	 ERROR("EOPNOTSUPP", "unknown command show tunnel ")},
	{"{\"command\":\"show tunnel\",\"args\":[]}\n", 0,
	 ERROR("EINVAL", "args must be an object")},
	{"{\"command\":\"show tunnel\",\"args\":null}\n", 0,
	 ERROR("EINVAL", "args must be an object")},
	{"{\"command\":\"show tunnel\",\"args\":{\"tunel_id\":7}}\n", 0,
	 ERROR("EINVAL", "show tunnel has no argument tunel_id")},
	{"{\"command\":\"show tunnel\",\"args\":{\"tunnel_id\":\"7\"}}\n", 0,
	 ERROR("EINVAL", "tunnel_id must be a number from 1 to 65535")},
	{"{\"command\":\"show tunnel\",\"args\":{\"tunnel_id\":7.5}}\n", 0,
	 ERROR("EINVAL", "tunnel_id must be a number from 1 to 65535")},
	{"{\"command\":\"show tunnel\",\"args\":{\"tunnel_id\":0}}\n", 0,
	 ERROR("EINVAL", "tunnel_id must be a number from 1 to 65535")},
	{"{\"command\":\"show tunnel\",\"args\":{\"tunnel_id\":65536}}\n", 0,
	 ERROR("EINVAL", "tunnel_id must be a number from 1 to 65535")},
	{"{\"command\":\"show tunnel\",\"args\":{\"tunnel_id\":-1}}\n", 0,
	 ERROR("EINVAL", "tunnel_id must be a number from 1 to 65535")},
	{"{\"command\":\"show tunnel\",\"args\":{\"tunnel_id\":99999999999999999999}}\n", 0,
	 NOT_JSON},
	{"{\"command\":\"show tunnel\",\"args\":{\"name\":\"\"}}\n", 0,
	 ERROR("EINVAL", "name must be a text of 1 to 63 octets")},
	{"{\"command\":\"show tunnel\",\"args\":{\"name\":"
	 "\"0123456789012345678901234567890123456789012345678901234567890123\"}}\n",
	 0, ERROR("EINVAL", "name must be a text of 1 to 63 octets")},
	{"{\"command\":\"show tunnel\",\"args\":{\"name\":\"a\\nb\"}}\n", 0,
	 ERROR("EINVAL", "name must have no control characters")},
	{"{\"command\":\"show tunnel\",\"args\":{\"details\":1}}\n", 0,
	 ERROR("EINVAL", "details must be true or false")},
	{"{\"command\":\"add tunnel\",\"args\":{\"remote\":\"h\",\"local\":\"h\"}}\n", 0,
	 ERROR("EINVAL", "local must be an IPv4 or IPv6 address")},
	{"{\"command\":\"add tunnel\",\"args\":{\"remote\":\"h\",\"wait\":\"gone\"}}\n", 0,
	 ERROR("EINVAL", "wait must be one of: none up")},
	{"{\"command\":\"add tunnel\"}\n", 0, ERROR("EINVAL", "remote or name is missing")},
	{"{\"command\":\"add tunnel\",\"args\":{}}\n", 0,
	 ERROR("EINVAL", "remote or name is missing")},
	{"{\"command\":\"add tunnel\",\"args\":{\"remote\":\"h\",\"peer\":\"isp\","
	 "\"secret\":\"x\"}}\n",
	 0, ERROR("EINVAL", "a peer section already has host_name, secret and hello_interval")},
	{"{\"command\":\"add tunnel\",\"args\":{\"remote\":\"h\",\"peer\":\"isp\","
	 "\"hello_interval\":0}}\n",
	 0, ERROR("EINVAL", "a peer section already has host_name, secret and hello_interval")},
	{"{\"command\":\"add session\",\"args\":{\"ppp\":\"x\"}}\n", 0,
	 ERROR("EINVAL", "tunnel_id, tunnel or name is missing")},
	{"{\"command\":\"del tunnel\",\"args\":{\"all\":false}}\n", 0,
	 ERROR("EINVAL", "tunnel_id, name or all is missing")},
	{"{\"command\":\"del tunnel\",\"args\":{\"all\":true,\"tunnel_id\":7}}\n", 0,
	 ERROR("EINVAL", "only one of tunnel_id, name and all can be")},
	{"{\"command\":\"del session\",\"args\":{\"session_id\":9}}\n", 0,
	 ERROR("EINVAL", "tunnel_id or tunnel is needed: session ids are per tunnel")},
	{"{\"command\":\"del session\",\"args\":{\"name\":\"dsl\",\"tunnel_id\":7}}\n", 0,
	 ERROR("EINVAL", "a name needs no tunnel")},
	{"{\"command\":\"show session\",\"args\":{\"tunnel\":\"isp\",\"tunnel_id\":8}}\n", 0,
	 ERROR("EINVAL", "tunnel_id 8 is not the tunnel named isp")},
	{"{\"command\":\"debug\",\"args\":{\"level\":3}}\n", 0,
	 ERROR("EINVAL", "level must be a number from 0 to 2")},
	{"{\"command\":\"debug\"}\n", 0, ERROR("EINVAL", "level is missing")},
	{"{\"command\":\"show tunnel\",\"args\":{\"tunnel_id\":99}}\n", 0,
	 ERROR("ENOENT", "no tunnel has tunnel_id 99")},
	{"{\"command\":\"show tunnel\",\"args\":{\"name\":\"nobody\"}}\n", 0,
	 ERROR("ENOENT", "no tunnel is named nobody")},
	{"{\"command\":\"show session\",\"args\":{\"tunnel\":\"nobody\"}}\n", 0,
	 ERROR("ENOENT", "no tunnel is named nobody")},
	{"{\"command\":\"show session\",\"args\":{\"tunnel_id\":8,\"session_id\":9}}\n", 0,
	 ERROR("ENOENT", "no such session")},
	{"{\"command\":\"show peer\",\"args\":{\"name\":\"nobody\"}}\n", 0,
	 ERROR("ENOENT", "no peer is named nobody")},
	{"{\"command\":\"del session\",\"args\":{\"tunnel_id\":7,\"session_id\":10}}\n", 0,
	 ERROR("ENOENT", "no session of tunnel 7 has session_id 10")},
	{"{\"command\":\"del session\",\"args\":{\"name\":\"nobody\"}}\n", 0,
	 ERROR("ENOENT", "no session is named nobody")},
};

static const char show_none[] = "{\"command\":\"show tunnel\",\"args\":{\"peer\":\"nobody\"}}\n";

static void test_bad_requests(void **state)
{
	struct fixture *f = *state;
	struct end *end = end_new(f);

	for (size_t i = 0; i < sizeof(bad_requests) / sizeof(bad_requests[0]); i++) {
		const char *request = bad_requests[i].request;
		size_t len = bad_requests[i].len ? bad_requests[i].len : strlen(request);

		end_write(end, request, len);
		expect_answer(end, bad_requests[i].answer);
		end_say(end, show_none);
		end_expect(end, OK);
	}
	calls_expect(f, "");
	end_free(end);
}

/* The same bytes, one at a time and all at once, mean the same. */
static void test_framing(void **state)
{
	struct end *end = end_new(*state);
	char *all = calloc(1, 65536);
	size_t len = 0, n = sizeof(bad_requests) / sizeof(bad_requests[0]);

	for (size_t i = 0; i < n; i++) {
		size_t one =
			bad_requests[i].len ? bad_requests[i].len : strlen(bad_requests[i].request);

		memcpy(all + len, bad_requests[i].request, one);
		len += one;
	}
	end_write(end, all, len);
	for (size_t i = 0; i < n; i++)
		expect_answer(end, bad_requests[i].answer);
	for (size_t i = 0; i < len; i++) {
		end_write(end, all + i, 1);
		end_read(end);
	}
	for (size_t i = 0; i < n; i++)
		expect_answer(end, bad_requests[i].answer);
	free(all);
	end_free(end);
}

/* Lines of just the greatest length, one more, and far more; the next request is heard. */
static void test_long_lines(void **state)
{
	static const size_t lengths[] = {CONTROL_LINE_MAX - 1, CONTROL_LINE_MAX,
					 CONTROL_LINE_MAX + 1, 5 * CONTROL_LINE_MAX + 7};
	static const char too_long[] =
		ERROR("EMSGSIZE", "a request must not be longer than 65536 octets");
	struct end *end = end_new(*state);
	char *line = malloc(6 * CONTROL_LINE_MAX);

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		memset(line, ' ', lengths[i]);
		memcpy(line, show_none, sizeof(show_none) - 2);
		line[lengths[i] - 1] = '\n';
		end_write(end, line, lengths[i]);
		end_expect(end, lengths[i] <= CONTROL_LINE_MAX ? OK : too_long);
		end_say(end, show_none);
		end_expect(end, OK);
	}
	free(line);
	end_free(end);
}

/* Nesting as deep as a line can hold is refused by the parser, not by the stack. */
static void test_deep_nesting(void **state)
{
	struct end *end = end_new(*state);
	char line[60001];

	memset(line, '[', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	end_write(end, line, sizeof(line));
	expect_answer(end, NOT_JSON);
	end_free(end);
}

static void test_half_close(void **state)
{
	struct end *end = end_new(*state);

	end_say(end, show_none);
	end_say(end, show_none);
	end_say(end, "{\"command\":\"del tunnel\",\"args\":{\"all\":true}}");
	shutdown(end->fd, SHUT_WR);
	end_expect(end, OK OK ERROR("EBADMSG", "the last line has no end"));
	end_expect_closed(end);
	calls_expect(*state, "");
	end_free(end);
}

#define TUNNEL_7                                                                     \
	"\"tunnel_id\":7,\"name\":\"isp\",\"state\":\"established\",\"uptime\":192," \
	"\"encap\":\"UDP\",\"local\":\"192.0.2.1\",\"peer\":\"192.0.2.2\","          \
	"\"udp_sport\":1701,\"udp_dport\":1701,\"peer_tunnel_id\":4711,"             \
	"\"peer_host_name\":\"lns.example\",\"peer_name\":\"isp\","                  \
	"\"initiator\":\"local\",\"sessions\":1"
#define TUNNEL_8                                                                 \
	"\"tunnel_id\":8,\"state\":\"closed\",\"encap\":\"UDP\","                \
	"\"local\":\"2001:db8::1\",\"peer\":\"2001:db8::2\",\"udp_sport\":1701," \
	"\"udp_dport\":65335,\"peer_tunnel_id\":3,"                              \
	"\"peer_host_name\":\"\\u001B[31mred\\\\xff\",\"peer_name\":\"guest\","  \
	"\"initiator\":\"peer\",\"sessions\":0,"                                 \
	"\"last_error\":\"local: wrong secret (result 4)\""
#define SESSION_9                                                                    \
	"\"tunnel_id\":7,\"session_id\":9,\"name\":\"dsl\",\"tunnel_name\":\"isp\"," \
	"\"peer_tunnel_id\":4711,\"peer_session_id\":21,\"state\":\"established\","  \
	"\"uptime\":90,\"type\":\"lac-incoming\",\"interface\":\"ppp0\","            \
	"\"user\":\"joe@example\",\"ppp_local\":\"10.0.0.1\","                       \
	"\"ppp_remote\":\"10.0.0.2\",\"called_number\":\"5551\""
#define COUNTERS_9                                                                    \
	",\"rx_packets\":22,\"rx_bytes\":2200,\"rx_errors\":1,\"rx_seq_discards\":0," \
	"\"rx_out_of_order\":0,\"tx_packets\":11,\"tx_bytes\":1100,\"tx_errors\":0"

/* Requests that change nothing, each with its whole answer. */
static const struct {
	const char *request;
	const char *answer;
} shows[] = {
	{"{\"command\":\"show tunnel\"}\n",
	 "{\"tunnel\":{" TUNNEL_7 "}}\n{\"tunnel\":{" TUNNEL_8 "}}\n" OK},
	{"{\"command\":\"show tunnel\",\"args\":{\"tunnel_id\":8}}\n",
	 "{\"tunnel\":{" TUNNEL_8 "}}\n" OK},
	{"{\"command\":\"show tunnel\",\"args\":{\"peer\":\"isp\"}}\n",
	 "{\"tunnel\":{" TUNNEL_7 "}}\n" OK},
	{"{\"args\":{\"name\":\"isp\",\"details\":true},\"command\":\"show tunnel\"}\n",
	 "{\"tunnel\":{" TUNNEL_7 ",\"window\":32,\"peer_window\":16,"
	 "\"peer_vendor\":\"Example Networks\",\"peer_firmware\":1680,"
	 "\"peer_framing\":[\"sync\",\"async\"],\"peer_bearer\":[\"digital\"],"
	 "\"authenticated\":true,\"kernel\":\"up\",\"hello_interval\":60}}\n" OK},
	{"{\"command\":\"show tunnel\",\"args\":{\"name\":\"isp\",\"statistics\":true,"
	 "\"details\":false}}\n",
	 "{\"tunnel\":{" TUNNEL_7 ",\"ns\":1,\"nr\":0,\"acked\":0,\"in_flight\":1,"
	 "\"queued\":0,\"tries\":0,\"cwnd\":1,\"ssthresh\":4,\"tx_messages\":1,\"tx_zlb\":0,"
	 "\"tx_retransmits\":0,\"rx_messages\":0,\"rx_zlb\":0,\"rx_duplicates\":0,"
	 "\"rx_out_of_order\":0,\"rx_out_of_window\":0,\"rx_no_memory\":0,\"rx_bad_nr\":0,"
	 "\"rx_avp_errors\":0,\"rx_unexpected\":0,\"sessions_opened\":1,"
	 "\"sessions_accepted\":0,\"sessions_failed\":0}}\n" OK},
	{"{\"command\":\"show session\"}\n", "{\"session\":{" SESSION_9 "}}\n" OK},
	{"{\"command\":\"show session\",\"args\":{\"user\":\"joe@example\"}}\n",
	 "{\"session\":{" SESSION_9 "}}\n" OK},
	{"{\"command\":\"show session\",\"args\":{\"user\":\"nobody\"}}\n", OK},
	{"{\"command\":\"show session\",\"args\":{\"interface\":\"ppp0\",\"tunnel\":\"isp\"}}\n",
	 "{\"session\":{" SESSION_9 "}}\n" OK},
	{"{\"command\":\"show session\",\"args\":{\"interface\":\"ppp1\"}}\n", OK},
	{"{\"command\":\"show session\",\"args\":{\"tunnel_id\":8}}\n", OK},
	{"{\"command\":\"show session\",\"args\":{\"session_id\":9,\"details\":true}}\n",
	 "{\"session\":{" SESSION_9 ",\"peer_name\":\"isp\",\"call_serial\":42,"
	 "\"tx_connect_speed\":100000000,\"rx_connect_speed\":40000000,"
	 "\"framing\":[\"sync\"],\"bearer\":[\"digital\"],\"sequencing\":false,\"kernel\":\"up\","
	 "\"pppd_pid\":1234,"
	 "\"lcp_time\":40,\"ppp_time\":75}}\n" OK},
	{"{\"command\":\"show session\",\"args\":{\"statistics\":true}}\n",
	 "{\"session\":{" SESSION_9 COUNTERS_9 "}}\n" OK},
	{"{\"command\":\"show peer\"}\n",
	 "{\"peer\":{\"name\":\"isp\",\"addresses\":[\"192.0.2.0/24\",\"2001:db8::/32\"],"
	 "\"host_name\":\"lns.example\",\"local_name\":\"lac\",\"secret\":true,"
	 "\"calls\":\"reject\",\"tunnels\":1,\"sessions\":1}}\n"
	 "{\"peer\":{\"name\":\"guest\",\"local_name\":\"lac\",\"secret\":false,\"calls\":"
	 "\"reject\",\"tunnels\":1,"
	 "\"sessions\":0}}\n" OK},
	{"{\"command\":\"show version\"}\n",
	 "{\"version\":{\"version\":\"" ADIT_VERSION "\",\"pid\":77,\"uptime\":60}}\n" OK},
	{"{\"command\":\"show stats\"}\n",
	 "{\"stats\":{\"tunnels\":2,\"sessions\":1,\"half_open\":0,\"max_tunnels\":1024,"
	 "\"max_sessions\":32768,\"max_half_open\":256,\"rx_packets\":0,\"rx_malformed\":0,"
	 "\"rx_bad_version\":0,\"rx_data\":0,\"rx_unknown_tunnel\":0,\"rx_wrong_peer\":0,"
	 "\"sccrq_refused\":0,\"sccrq_duplicate\":0,\"auth_failures\":0,\"tunnels_opened\":2,"
	 "\"tunnels_accepted\":0,\"tunnels_failed\":0,\"sessions_opened\":1,"
	 "\"sessions_accepted\":0,\"sessions_failed\":0}}\n" OK},
};

static void test_show(void **state)
{
	struct end *end = end_new(*state);

	for (size_t i = 0; i < sizeof(shows) / sizeof(shows[0]); i++) {
		end_say(end, shows[i].request);
		end_expect(end, shows[i].answer);
	}
	calls_expect(*state, "counters 0/0\n");
	end_free(end);
}

/* Requests in a row are answered in a row, also those that wait. */
static void test_pipeline(void **state)
{
	struct end *end = end_new(*state);

	end_say(end, "{\"command\":\"del session\",\"args\":{\"name\":\"dsl\"}}\n"
		     "{\"command\":\"show session\"}\n"
		     "{\"command\":\"del tunnel\",\"args\":{\"tunnel_id\":8}}\n"
		     "{\"command\":\"show tunnel\",\"args\":{\"tunnel_id\":8}}\n");
	end_expect(end, OK OK OK ERROR("ENOENT", "no tunnel has tunnel_id 8"));
	calls_expect(*state, "close_session 7/9\nclose_tunnel 8\n");
	end_free(end);
}

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
			take_line(end);
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
	take_line(end);
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
	take_line(end);
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

	end_say(one, show_none);
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
	take_line(two);
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
	take_line(slow);
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

/* A long answer is made as it is read, and in between the daemon does other things. */
static void test_long_answer(void **state)
{
	const unsigned int n = 4000;
	struct fixture *f = *state;
	struct l2tp_tunnel *t = l2tp_tunnel_find(f->engine, 7);
	struct end *end = end_new(f), *other = end_new(f);
	struct client *client;
	unsigned int lines = 0;

	for (unsigned int i = 0; i < n; i++)
		fixture_session(f, t, NULL, (uint16_t)(1000 + i));
	end_say(end, "{\"command\":\"show session\",\"args\":{\"details\":true}}\n");
	for (int i = 0; i < 100; i++)
		ev_run(f->loop, EVRUN_NOWAIT);
	client = list_first(&f->control->clients, struct client, node);
	assert_int_equal(client->request->stage, REQUEST_WALK);
	assert_in_range(client->out_room, 1, 256 * 1024);
	/* Sessions that go meanwhile are left out. */
	session_free(l2tp_session_find(t, (uint16_t)(1000 + n - 1)), f->now);
	end_say(other, show_none);
	end_expect(other, OK);
	for (int i = 0; i < PATIENCE && !strstr(end->text, "status"); i++) {
		fixture_run(f);
		end_read(end);
	}
	for (const char *c = end->text; (c = strchr(c, '\n')); c++)
		lines++;
	assert_int_equal(lines, n + 1);
	assert_string_equal(end->text + end->len - strlen(OK), OK);
	end_free(end);
	end_free(other);
}

static const struct {
	struct ucred cred;
	gid_t groups[3];
	size_t n_groups;
	enum access access;
} accesses[] = {
	{{1, 0, 0}, {0}, 0, ACCESS_FULL},	  {{1, 0, 5}, {0}, 0, ACCESS_FULL},
	{{1, 500, 5}, {0}, 0, ACCESS_FULL},	  {{1, 501, 7}, {0}, 0, ACCESS_READ},
	{{1, 501, 5}, {5, 6, 7}, 3, ACCESS_READ}, {{1, 501, 5}, {5, 6, 7}, 2, ACCESS_NONE},
	{{1, 501, 5}, {0}, 0, ACCESS_NONE},
};

static void test_access(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(accesses) / sizeof(accesses[0]); i++)
		assert_int_equal(__control_access(&accesses[i].cred, accesses[i].groups,
						  accesses[i].n_groups, 500, 7),
				 accesses[i].access);
}

/* Who may only read gets answers, and changes nothing. */
static void test_read_only(void **state)
{
	static const char *const changes[] = {
		"add tunnel", "add session", "del tunnel", "del session", "reload", "debug",
	};
	struct fixture *f = *state;
	struct ucred cred = {1, 501, 7};
	char request[256], answer[256];
	struct end *end;
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	assert_int_equal(client_new(f->control, fds[0], ACCESS_READ, &cred), 0);
	end = end_of(f, fds[1]);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		snprintf(request, sizeof(request), "{\"command\":\"%s\",\"args\":{\"all\":true}}\n",
			 changes[i]);
		snprintf(answer, sizeof(answer), ERROR("EACCES", "%s is for root only"),
			 changes[i]);
		end_say(end, request);
		end_expect(end, answer);
	}
	end_say(end, show_none);
	end_expect(end, OK);
	end_say(end, "{\"command\":\"monitor\"}\n");
	take_line(end);
	calls_expect(f, "");
	end_free(end);
}

static void test_too_many_clients(void **state)
{
	struct end *ends[CONTROL_CLIENTS_MAX + 1];

	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		ends[i] = end_new(*state);
		end_say(ends[i], show_none);
		end_expect(ends[i], OK);
	}
	ends[CONTROL_CLIENTS_MAX] = end_new(*state);
	end_expect(ends[CONTROL_CLIENTS_MAX], ERROR("EBUSY", "too many clients"));
	end_expect_closed(ends[CONTROL_CLIENTS_MAX]);
	end_free(ends[0]);
	ends[0] = end_new(*state);
	end_say(ends[0], show_none);
	end_expect(ends[0], OK);
	for (size_t i = 0; i <= CONTROL_CLIENTS_MAX; i++)
		end_free(ends[i]);
}

static void test_path(void **state)
{
	struct fixture *f = *state;
	char path[sizeof(f->path) + 16], too_long[256];
	struct control *second = NULL;
	struct stat inode;
	int fd;

	assert_int_equal(stat(f->path, &inode), 0);
	assert_int_equal(inode.st_mode & 07777, 0660);
	assert_int_equal(control_new(f->loop, f->engine, f->path, f->control->ops, f, &second),
			 -EADDRINUSE);

	/* Nobody answers any more: the successor takes the path, the predecessor leaves it. */
	close(f->control->fd);
	ev_io_stop(f->loop, &f->control->accept);
	f->control->fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(control_new(f->loop, f->engine, f->path, f->control->ops, f, &second), 0);
	control_free(f->control);
	f->control = second;
	assert_int_equal(access(f->path, F_OK), 0);

	snprintf(path, sizeof(path), "%s.file", f->path);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_not_equal(fd, -1);
	close(fd);
	assert_int_equal(control_new(f->loop, f->engine, path, f->control->ops, f, &second),
			 -EADDRINUSE);
	assert_int_equal(access(path, F_OK), 0);
	unlink(path);
	snprintf(path, sizeof(path), "%s/a/b/control", f->folder);
	assert_int_equal(control_new(f->loop, f->engine, path, f->control->ops, f, &second),
			 -ENOENT);
	memset(too_long, 'x', sizeof(too_long));
	too_long[sizeof(too_long) - 1] = '\0';
	assert_int_equal(control_new(f->loop, f->engine, too_long, f->control->ops, f, &second),
			 -ENAMETOOLONG);
}

/* Whatever allocation fails in an answer, the client is dropped and the daemon lives. */
static void test_no_memory(void **state)
{
	struct fixture *f = *state;

	for (unsigned int n = 1; n < 12; n++) {
		struct end *end = end_new(f);

		fixture_run(f);
		end_say(end, show_none);
		end_expect(end, OK);
		__mem_fail_after(n);
		end_say(end, "{\"command\":\"show session\",\"args\":{\"statistics\":true}}\n");
		end_wait(end, strlen(OK));
		assert_true(end->eof || end->len);
		__mem_fail_after(0);
		end_free(end);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
		TEST(test_bad_requests),     TEST(test_framing),    TEST(test_long_lines),
		TEST(test_deep_nesting),     TEST(test_half_close), TEST(test_show),
		TEST(test_pipeline),	     TEST(test_add),	    TEST(test_leave_while_waiting),
		TEST(test_wait_for_own),     TEST(test_del),	    TEST(test_reload_and_debug),
		TEST(test_counters),	     TEST(test_monitor),    TEST(test_slow_monitor),
		TEST(test_long_answer),	     TEST(test_access),	    TEST(test_read_only),
		TEST(test_too_many_clients), TEST(test_path),	    TEST(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
