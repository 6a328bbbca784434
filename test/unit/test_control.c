/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests to the management socket: what goes in, byte by byte if need be, and what comes out.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "control_end.h"
#include "wire/result.h"

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
	{"{\"command\":\"add session\",\"args\":{\"tunnel_id\":7,\"type\":\"x\"}}\n", 0,
	 ERROR("EINVAL", "type must be one of: incoming outgoing")},
	{"{\"command\":\"add session\",\"args\":{\"tunnel_id\":7,\"type\":\"outgoing\"}}\n", 0,
	 ERROR("EINVAL", "an outgoing call needs a called_number")},
	{"{\"command\":\"add "
	 "session\",\"args\":{\"name\":\"dsl2\",\"type\":\"outgoing\",\"called_number\":\"5\"}}\n",
	 0, ERROR("EINVAL", "an outgoing call needs a tunnel_id or a tunnel")},
	{"{\"command\":\"add "
	 "session\",\"args\":{\"tunnel_id\":7,\"type\":\"outgoing\",\"called_number\":\"5\","
	 "\"minimum_bps\":2,\"maximum_bps\":1}}\n",
	 0, ERROR("EINVAL", "minimum_bps is more than maximum_bps")},
	{"{\"command\":\"add session\",\"args\":{\"tunnel_id\":7,\"type\":\"outgoing\","
	 "\"called_number\":\"5\",\"private_group\":\"red\"}}\n",
	 0, ERROR("EINVAL", "private_group and physical_channel are a LAC's to tell")},
	{"{\"command\":\"add "
	 "session\",\"args\":{\"tunnel_id\":7,\"type\":\"outgoing\",\"called_number\":\"5\",\"tx_"
	 "connect_speed\":9}}\n",
	 0, ERROR("EINVAL", "the peer tells the speed of an outgoing call")},
	{"{\"command\":\"add session\",\"args\":{\"tunnel_id\":7,\"maximum_bps\":9}}\n", 0,
	 ERROR("EINVAL", "minimum_bps and maximum_bps are of outgoing calls")},
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
	{"{\"command\":\"drain peer\",\"args\":{\"name\":7}}\n", 0,
	 ERROR("EINVAL", "name must be a text of 1 to 63 octets")},
	{"{\"command\":\"disable tunnel\",\"args\":{\"name\":\"isp\",\"tunnel_id\":7}}\n", 0,
	 ERROR("EINVAL", "only one of tunnel_id and name can be")},
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

static void test_bad_requests(void **state)
{
	struct fixture *f = *state;
	struct end *end = end_new(f);

	for (size_t i = 0; i < sizeof(bad_requests) / sizeof(bad_requests[0]); i++) {
		const char *request = bad_requests[i].request;
		size_t len = bad_requests[i].len ? bad_requests[i].len : strlen(request);

		end_write(end, request, len);
		end_expect(end, bad_requests[i].answer);
		end_say(end, SHOW_NONE);
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
		end_expect(end, bad_requests[i].answer);
	for (size_t i = 0; i < len; i++) {
		end_write(end, all + i, 1);
		end_read(end);
	}
	for (size_t i = 0; i < n; i++)
		end_expect(end, bad_requests[i].answer);
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
		memcpy(line, SHOW_NONE, sizeof(SHOW_NONE) - 2);
		line[lengths[i] - 1] = '\n';
		end_write(end, line, lengths[i]);
		end_expect(end, lengths[i] <= CONTROL_LINE_MAX ? OK : too_long);
		end_say(end, SHOW_NONE);
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
	end_expect(end, NOT_JSON);
	end_free(end);
}

static void test_half_close(void **state)
{
	struct end *end = end_new(*state);

	end_say(end, SHOW_NONE);
	end_say(end, SHOW_NONE);
	end_say(end, "{\"command\":\"del tunnel\",\"args\":{\"all\":true}}");
	shutdown(end->fd, SHUT_WR);
	end_expect(end, OK OK ERROR("EBADMSG", "the last line has no end"));
	end_expect_closed(end);
	calls_expect(*state, "");
	end_free(end);
}

#define STATS                                                                                  \
	"\"uptime\":60,\"tunnels\":2,\"sessions\":1,\"half_open\":0,\"max_tunnels\":1024,"     \
	"\"max_sessions\":32768,\"max_half_open\":256,\"rx_packets\":0,\"rx_octets\":0,"       \
	"\"tx_packets\":2,\"tx_octets\":232,\"tx_failed\":0,\"rx_malformed\":0,"               \
	"\"rx_bad_version\":0,\"rx_data\":0,\"rx_unknown_tunnel\":0,\"rx_wrong_peer\":0,"      \
	"\"sccrq_refused\":0,\"sccrq_over_rate\":0,\"sccrq_duplicate\":0,\"sccrq_crossed\":0," \
	"\"admin_refused\":0,\"auth_failures\":0,"                                             \
	"\"rx_avp_errors\":0,\"rx_unexpected\":0,\"rx_ignored_avps\":0,\"tx_messages\":2,"     \
	"\"tx_zlb\":0,\"tx_retransmits\":0,\"rx_messages\":0,\"rx_zlb\":0,"                    \
	"\"rx_duplicates\":0,\"rx_out_of_order\":0,\"rx_out_of_window\":0,"                    \
	"\"rx_no_memory\":0,\"rx_bad_nr\":0,\"rx_given_up\":0,\"tunnels_opened\":2,"           \
	"\"tunnels_accepted\":0,\"tunnels_established\":0,\"tunnels_failed\":0,"               \
	"\"sessions_opened\":1,\"sessions_accepted\":0,\"sessions_refused\":0,"                \
	"\"sessions_established\":0,\"sessions_failed\":0"

#define TRAFFIC                                                                               \
	"\"messages\":{\"SCCRQ\":{\"in\":0,\"out\":2},\"StopCCN\":{\"in\":1,\"out\":3},"      \
	"\"CDN\":{\"in\":5000000000,\"out\":2}},"                                             \
	"\"stopccn\":{\"0\":{\"in\":1,\"out\":0,\"text\":\"any other result code\"},"         \
	"\"4\":{\"in\":0,\"out\":3,"                                                          \
	"\"text\":\"not authorized to open a tunnel: check names and secret\"}},"             \
	"\"cdn\":{\"2\":{\"in\":1,\"out\":2,\"text\":\"general error, see the error code\"}," \
	"\"8\":{\"in\":4999999999,\"out\":0,\"text\":\"busy signal detected\"}}"

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
	 "{\"tunnel\":{" TUNNEL_7 ","
	 "\"peer_vendor\":\"Example Networks\",\"peer_firmware\":1680,"
	 "\"peer_framing\":[\"sync\",\"async\"],\"peer_bearer\":[\"digital\"],"
	 "\"authenticated\":true,\"kernel\":\"up\",\"hello_interval\":60,"
	 "\"hello_jitter\":10,\"retry_interval\":1000,\"retry_interval_max\":8000,"
	 "\"retries\":5,"
	 "\"admin_state\":\"enabled\"}}\n" OK},
	{"{\"command\":\"show tunnel\",\"args\":{\"name\":\"isp\",\"statistics\":true,"
	 "\"details\":false}}\n",
	 "{\"tunnel\":{" TUNNEL_7 ",\"ns\":1,\"nr\":0,\"acked\":0,\"in_flight\":1,"
	 "\"queued\":0,\"tries\":0,\"cwnd\":1,\"ssthresh\":4,\"tx_messages\":1,\"tx_zlb\":0,"
	 "\"tx_retransmits\":0,\"rx_messages\":0,\"rx_zlb\":0,\"rx_duplicates\":0,"
	 "\"rx_out_of_order\":0,\"rx_out_of_window\":0,\"rx_no_memory\":0,\"rx_bad_nr\":0,"
	 "\"rx_given_up\":0,\"rx_avp_errors\":0,\"rx_unexpected\":0,\"rx_ignored_avps\":0,"
	 "\"sessions_opened\":1,\"sessions_accepted\":0,\"sessions_refused\":0,"
	 "\"sessions_established\":0,\"sessions_failed\":0,"
	 "\"data_rx_packets\":42,\"data_rx_bytes\":4200,\"data_rx_errors\":2,"
	 "\"data_rx_seq_discards\":3,\"data_rx_out_of_order\":4,\"data_tx_packets\":21,"
	 "\"data_tx_bytes\":2100,\"data_tx_errors\":1,"
	 "\"messages\":{\"SCCRQ\":{\"in\":0,\"out\":1},\"CDN\":{\"in\":1,\"out\":0}},"
	 "\"cdn\":{\"8\":{\"in\":1,\"out\":0,\"text\":\"busy signal detected\"}}}}\n" OK},
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
	 "\"framing\":[\"sync\"],\"bearer\":[\"digital\"],\"sequencing\":false,"
	 "\"send_accm\":\"0x000a0000\",\"receive_accm\":\"0xffffffff\",\"crc_errors\":4,"
	 "\"alignment_errors\":5,\"rx_sli\":1,\"rx_wen\":2,\"kernel\":\"up\","
	 "\"pppd_pid\":1234,"
	 "\"lcp_time\":40,\"ppp_time\":75,\"admin_state\":\"enabled\"}}\n" OK},
	{"{\"command\":\"show session\",\"args\":{\"statistics\":true}}\n",
	 "{\"session\":{" SESSION_9 COUNTERS_9 "}}\n" OK},
	{"{\"command\":\"show peer\"}\n",
	 "{\"peer\":{\"name\":\"isp\",\"addresses\":[\"192.0.2.0/24\",\"2001:db8::/32\"],"
	 "\"host_name\":\"lns.example\",\"local_name\":\"lac\",\"secret\":true,"
	 "\"calls\":\"reject\",\"tunnels\":1,\"sessions\":1}}\n"
	 "{\"peer\":{\"name\":\"guest\",\"local_name\":\"lac\",\"secret\":false,\"calls\":"
	 "\"reject\",\"tunnels\":1,"
	 "\"sessions\":0}}\n" OK},
	/* Nothing to count: the kernel is not asked. */
	{"{\"command\":\"show session\",\"args\":{\"user\":\"x\",\"statistics\":true}}\n", OK},
	{"{\"command\":\"show version\"}\n",
	 "{\"version\":{\"version\":\"" ADIT_VERSION "\",\"pid\":77,\"uptime\":60}}\n" OK},
	{"{\"command\":\"show stats\"}\n", "{\"stats\":{" STATS "," TRAFFIC "}}\n" OK},
	{"{\"command\":\"show stats\",\"args\":{\"statistics\":true}}\n",
	 "{\"stats\":{" STATS ","
	 "\"data_rx_packets\":47,\"data_rx_bytes\":4200,\"data_rx_errors\":2,"
	 "\"data_rx_seq_discards\":3,\"data_rx_out_of_order\":4,\"data_tx_packets\":21,"
	 "\"data_tx_bytes\":2100,\"data_tx_errors\":1," TRAFFIC "}}\n" OK},
};

static void test_show(void **state)
{
	struct end *end = end_new(*state);

	for (size_t i = 0; i < sizeof(shows) / sizeof(shows[0]); i++) {
		end_say(end, shows[i].request);
		end_expect(end, shows[i].answer);
	}
	calls_expect(*state, "tunnel_counters 7\ncounters 0/0\ntunnel_counters 0\n");
	end_free(end);
}

/* What a LAC told of a user is shown; his password, or what stands for it, never. */
static void test_show_call(void **state)
{
	static const char *const shown[] = {
		"\"sub_address\":\"12\",\"private_group\":\"red\"",
		"\"physical_channel\":9",
		"\"proxy_authen_type\":\"pap\",\"proxy_authen_name\":\"joe\"",
		"\"proxy_authen_response\":true,\"initial_lcp_confreq\":\"0104ff00\"",
		"\"circuit_id\":\"eth 1/2\",\"actual_rate_down\":64000,\"actual_delay_up\":7",
		"\"loop_encapsulation\":\"1/2/3\",\"line_type\":5,\"iwf_session\":1",
	};
	struct fixture *f = *state;
	struct l2tp_session *s = l2tp_session_find(l2tp_tunnel_find(f->engine, 7), 9);
	static const struct access_line line = {
		.circuit_id = "eth 1/2",
		.present = LINE_BIT(LINE_ACTUAL_DOWN) | LINE_BIT(LINE_ACTUAL_DELAY_UP),
		.numbers = {[1] = 64000, [11] = 7},
		.encapsulation = {1, 2, 3},
		.has_encapsulation = true,
		.type = 5,
		.iwf_session = true,
	};
	struct l2tp_msg msg = {.type = MSG_ICCN};
	struct end *end = end_new(f);

	assert_int_equal(call_info_set(&s->info, CALL_ACCESS_LINE,
				       (struct bytes){(const uint8_t *)&line, sizeof(line)}),
			 0);
	MSG_SET(&msg, AVP_SUB_ADDRESS, sub_address, bytes_str("12"));
	MSG_SET(&msg, AVP_PRIVATE_GROUP_ID, private_group_id, bytes_str("red"));
	MSG_SET(&msg, AVP_PROXY_AUTHEN_NAME, proxy_authen_name, bytes_str("joe"));
	MSG_SET(&msg, AVP_PROXY_AUTHEN_RESPONSE, proxy_authen_response, bytes_str("wonder"));
	MSG_SET(&msg, AVP_INITIAL_LCP_CONFREQ, initial_lcp_confreq,
		((struct bytes){(const uint8_t *)"\x01\x04\xff", 4}));
	assert_int_equal(call_info_learn(&s->info, &msg), 0);
	s->core.proxy_authen_type = 3;
	s->core.physical_channel = 9;
	end_say(end, "{\"command\":\"show session\",\"args\":{\"details\":true}}\n");
	for (int i = 0; i < PATIENCE && !strstr(end->text, "status"); i++) {
		fixture_run(f);
		end_read(end);
	}
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (!strstr(end->text, shown[i]))
			fail_msg("%s is not in %s", shown[i], end->text);
	assert_null(strstr(end->text, "wonder"));
	assert_null(strstr(end->text, "776f6e646572"));
	assert_null(strstr(end->text, "proxy_authen_challenge"));
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

#define SESSION_ENDED                                                                \
	"\"tunnel_id\":7,\"session_id\":9,\"name\":\"dsl\",\"tunnel_name\":\"isp\"," \
	"\"peer_tunnel_id\":4711,\"peer_session_id\":21,\"state\":\"ended\","        \
	"\"ended\":5,\"type\":\"lac-incoming\",\"last_error\":\"local: line down (result 3)\""
#define TUNNEL_ENDED                                                             \
	"\"tunnel_id\":8,\"state\":\"ended\",\"ended\":5,\"encap\":\"UDP\","     \
	"\"local\":\"2001:db8::1\",\"peer\":\"2001:db8::2\",\"udp_sport\":1701," \
	"\"udp_dport\":65335,\"peer_tunnel_id\":3,"                              \
	"\"peer_host_name\":\"\\u001B[31mred\\\\xff\",\"peer_name\":\"guest\","  \
	"\"initiator\":\"peer\",\"sessions\":0,"                                 \
	"\"last_error\":\"local: wrong secret (result 4)\""

/* What ended is shown for its time, to show alone; and after what has its id now. */
static void test_ended(void **state)
{
	static const struct {
		const char *request;
		const char *answer;
	} rows[] = {
		{"show session\"}\n", "{\"session\":{" SESSION_ENDED "}}\n" OK},
		{"show session\",\"args\":{\"session_id\":9,\"details\":true}}\n",
		 "{\"session\":{" SESSION_ENDED "}}\n" OK},
		{"show session\",\"args\":{\"name\":\"dsl\"}}\n",
		 "{\"session\":{" SESSION_ENDED "}}\n" OK},
		{"show session\",\"args\":{\"tunnel\":\"isp\"}}\n",
		 "{\"session\":{" SESSION_ENDED "}}\n" OK},
		{"show session\",\"args\":{\"tunnel_id\":8}}\n",
		 ERROR("ENOENT", "no tunnel has tunnel_id 8")},
		{"show session\",\"args\":{\"user\":\"joe@example\"}}\n", OK},
		{"show session\",\"args\":{\"session_id\":10}}\n",
		 ERROR("ENOENT", "no such session")},
		{"show tunnel\",\"args\":{\"tunnel_id\":8}}\n",
		 "{\"tunnel\":{" TUNNEL_ENDED "}}\n" OK},
		{"show tunnel\",\"args\":{\"peer\":\"guest\"}}\n",
		 "{\"tunnel\":{" TUNNEL_ENDED "}}\n" OK},
		{"show tunnel\",\"args\":{\"tunnel_id\":9}}\n",
		 ERROR("ENOENT", "no tunnel has tunnel_id 9")},
		{"del tunnel\",\"args\":{\"tunnel_id\":8}}\n",
		 ERROR("ENOENT", "no tunnel has tunnel_id 8")},
		{"del session\",\"args\":{\"name\":\"dsl\"}}\n",
		 ERROR("ENOENT", "no session is named dsl")},
	};
	struct fixture *f = *state;
	struct l2tp_tunnel *isp = l2tp_tunnel_find(f->engine, 7);
	struct l2tp_tunnel *guest = l2tp_tunnel_find(f->engine, 8);
	struct l2tp_session *s = l2tp_session_find(isp, 9);
	struct end *end = end_new(f);
	char request[256];

	f->engine->limits.max_ended = 10;
	isp->peer->destruct_timeout = guest->peer->destruct_timeout = 60 * USEC_PER_SEC;
	s->reason = reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "line down");
	session_free(s, f->now);
	ended_keep_tunnel(guest, f->now);
	tunnel_free(guest);
	f->now += 5 * USEC_PER_SEC;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(request, sizeof(request), "{\"command\":\"%s", rows[i].request);
		end_say(end, request);
		end_expect(end, rows[i].answer);
	}
	calls_expect(f, "");
	fixture_session(f, isp, "dsl", 9);
	end_say(end, "{\"command\":\"show session\"}\n");
	end_expect(end, "{\"session\":{" SESSION_9 "}}\n{\"session\":{" SESSION_ENDED "}}\n" OK);
	end_free(end);
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
	end_say(other, SHOW_NONE);
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

/* Whatever allocation fails in an answer, the client is dropped and the daemon lives. */
static void test_no_memory(void **state)
{
	struct fixture *f = *state;

	for (unsigned int n = 1; n < 12; n++) {
		struct end *end = end_new(f);

		fixture_run(f);
		end_say(end, SHOW_NONE);
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
		TEST(test_bad_requests), TEST(test_framing),	 TEST(test_long_lines),
		TEST(test_deep_nesting), TEST(test_half_close),	 TEST(test_show),
		TEST(test_pipeline),	 TEST(test_long_answer), TEST(test_no_memory),
		TEST(test_ended),	 TEST(test_show_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
