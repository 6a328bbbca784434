/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message as one line: every format, escaping, secrets, and a buffer that is too small.
 */
#include "wire/avp.h"
#include "wire_messages.h"

static const struct {
	struct l2tp_msg msg;
	const char *text;
} lines[] = {
	{{.type = MSG_HELLO}, "HELLO"},
	{{.type = MSG_ZLB}, "ZLB"},
	{{.type = (enum msg_type)99}, "unknown message"},
	{{.type = MSG_HELLO, .unknown_avps = 2, .misplaced_avps = 3},
	 "HELLO unknown_avps=2 misplaced_avps=3"},
	{{.type = MSG_SCCRQ,
	  .present = {{IN(AVP_PROTOCOL_VERSION) | IN(AVP_FRAMING_CAPABILITIES) |
		       IN(AVP_TIE_BREAKER) | IN(AVP_HOST_NAME) | IN(AVP_VENDOR_NAME) |
		       IN(AVP_ASSIGNED_TUNNEL_ID) | IN(AVP_CHALLENGE)}},
	  .protocol_version = 0x0100,
	  .framing_capabilities = 3,
	  .tie_breaker = 0xfedcba98,
	  .host_name = STR("lac"),
	  .vendor_name = STR("two words"),
	  .assigned_tunnel_id = 65535,
	  .challenge = STR("guess")},
	 "SCCRQ protocol_version=1.0 framing_capabilities=0x3 tie_breaker=0x00000000fedcba98 "
	 "host_name=lac vendor_name=\"two words\" assigned_tunnel_id=65535 challenge=<5 octets>"},
	{{.type = MSG_SCCCN,
	  .present = {{IN(AVP_CHALLENGE_RESPONSE)}},
	  .challenge_response = "guess"},
	 "SCCCN challenge_response=<16 octets>"},
	{{.type = MSG_STOPCCN,
	  .present = {{IN(AVP_RESULT_CODE)}},
	  .result_code = {2, 8, STR("no \"99\"\n\x80\\")}},
	 "StopCCN result_code=2/8/\"no \\x2299\\x22\\x0a\\x80\\x5c\""},
	{{.type = MSG_CDN,
	  .present = {{IN(AVP_RESULT_CODE) | IN(AVP_CAUSE_CODE) | IN(AVP_PPP_DISCONNECT_CAUSE)}},
	  .result_code = {1, 0, {0}},
	  .cause_code = {16, 69, STR("bye")},
	  .ppp_disconnect_cause = {16, 0xc023, 2, STR("~!")}},
	 "CDN result_code=1/0 cause_code=16/69/bye ppp_disconnect_cause=16/0xc023/2/~!"},
	{{.type = MSG_ICRQ,
	  .present = {{IN(AVP_CALL_SERIAL_NUMBER) | IN(AVP_CALLED_NUMBER)}},
	  .call_serial_number = 4294967295,
	  .called_number = STR("")},
	 "ICRQ call_serial_number=4294967295 called_number=\"\""},
	{{.type = MSG_ICCN,
	  .present = {{IN(AVP_INITIAL_LCP_CONFREQ) | IN(AVP_PROXY_AUTHEN_NAME) |
		       IN(AVP_PROXY_AUTHEN_CHALLENGE) | IN(AVP_PROXY_AUTHEN_ID) |
		       IN(AVP_PROXY_AUTHEN_RESPONSE) | IN(AVP_SEQUENCING_REQUIRED)}},
	  .initial_lcp_confreq = STR("\x01\x04\x05\xd4"),
	  .proxy_authen_name = STR("user@isp"),
	  .proxy_authen_challenge = STR("guess"),
	  .proxy_authen_id = 255,
	  .proxy_authen_response = STR("password")},
	 "ICCN initial_lcp_confreq=0x010405d4 proxy_authen_name=user@isp "
	 "proxy_authen_challenge=<5 octets> proxy_authen_id=255 proxy_authen_response=<8 octets> "
	 "sequencing_required"},
	{{.type = MSG_WEN, .present = {{IN(AVP_CALL_ERRORS)}}, .call_errors = {1, 2, 3, 4, 5, 6}},
	 "WEN call_errors=1/2/3/4/5/6"},
	{{.type = MSG_SLI, .present = {{IN(AVP_ACCM)}}, .accm = {0xa0000, 0xffffffff}},
	 "SLI accm=0xa0000/0xffffffff"},
	{{.type = MSG_ICRQ,
	  .present = {{IN(AVP_TSA_ID) | IN(AVP_LINE_CIRCUIT_ID) | IN(AVP_LINE_ACTUAL_UP) |
		       IN(AVP_LINE_ENCAPSULATION) | IN(AVP_LINE_TYPE) | IN(AVP_LINE_IWF_SESSION)}},
	  .tsa_id = {2, {STR("lts1"), STR("a b")}},
	  .line = {.circuit_id = "eth 1/2",
		   .numbers = {64000},
		   .encapsulation = {1, 2, 255},
		   .type = 5,
		   .iwf_session = true}},
	 "ICRQ tsa_id=lts1,\"a b\" line_circuit_id=\"eth 1/2\" line_actual_up=64000 "
	 "line_encapsulation=1/2/255 line_type=5 line_iwf_session=1"},
	{{.type = MSG_CSUN,
	  .present = {{IN(AVP_CONNECT_SPEED_UPDATE)}},
	  .connect_speed_update = {2,
				   {{(const uint8_t *)"\0\0\x01\x02\0\0\xfa\0\0\1\xf4\0", 12},
				    {(const uint8_t *)"\0\0\0\7\0\0\0\1\0\0\0\2", 12}}}},
	 "CSUN connect_speed_update=258/64000/128000,7/1/2"},
};

static void test_lines(void **state)
{
	char text[512];

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		assert_ptr_equal(msg_format(&lines[i].msg, text, sizeof(text)), text);
		assert_string_equal(text, lines[i].text);
	}
}

/* Cut at every size, always with a NUL; the buffer is of its exact size. */
static void test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		size_t whole = strlen(lines[i].text);

		for (size_t size = 1; size <= whole + 1; size++) {
			char *text = malloc(size);

			assert_non_null(text);
			msg_format(&lines[i].msg, text, size);
			assert_int_equal(strlen(text), size - 1);
			assert_memory_equal(text, lines[i].text, size - 1);
			free(text);
		}
	}
}

static void test_no_buffer(void **state)
{
	char text[] = "left alone";

	(void)state;
	assert_ptr_equal(msg_format(&lines[0].msg, text, 0), text);
	assert_string_equal(text, "left alone");
}

static bool has_key(const char *text, const char *key)
{
	size_t len = strlen(key);

	while ((text = strchr(text, ' '))) {
		text++;
		if (strncmp(text, key, len) == 0 && strchr("= ", text[len]))
			return true;
	}
	return false;
}

/* Every AVP of every message is in its line, under its key, and no other. */
static void test_all_messages(void **state)
{
	char text[2048];

	(void)state;
	for (size_t i = 0; i < COUNT(wire_messages); i++) {
		const struct l2tp_msg *msg = &wire_messages[i].msg;

		msg_format(msg, text, sizeof(text));
		for (unsigned int id = AVP_MESSAGE_TYPE + 1; id < AVP_ID_MAX; id++) {
			assert_int_equal(has_key(text, avp_rows[id].key),
					 msg_has(msg, (enum avp_id)id));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_no_buffer),
		cmocka_unit_test(test_all_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
