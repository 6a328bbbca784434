/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pppd's command line and environment, and the profiles they are made from.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "ppp/pppd_args.h"

static const struct pppd_settings settings = {
	.path = "/usr/sbin/pppd",
	.pppol2tp = "pppol2tp.so",
	.pppoe = "rp-pppoe.so",
	.plugin = "/lib/adit.so",
};

#define HEAD_LNS                                                                     \
	"pppd plugin pppol2tp.so pppol2tp 3 pppol2tp_lns_mode pppol2tp_tunnel_id 7 " \
	"pppol2tp_session_id 65535 plugin /lib/adit.so adit-status-fd 4 "
#define HEAD_CLIENT                                                                          \
	"pppd plugin pppol2tp.so pppol2tp 3 pppol2tp_tunnel_id 7 pppol2tp_session_id 65535 " \
	"plugin /lib/adit.so adit-status-fd 4 "
#define HEAD_PPPOE                                                                           \
	"pppd plugin rp-pppoe.so rp_pppoe_sess 48879:02:00:5e:00:0a:ff nic-eth1.100 plugin " \
	"/lib/adit.so adit-status-fd 4 "
#define TAIL "nodetach nopersist logfd 1"

struct args_case {
	const char *name;
	bool lns_mode;
	/* Words of the profile, with blanks between; NULL for no profile. */
	const char *options;
	const char *file;
	unsigned int mtu;
	const char *peer;
	const char *calling_number;
	bool debug;
	const struct pppd_pppoe *pppoe;
	const char *args;
};

static const struct pppd_pppoe subscriber = {
	.interface = "eth1.100", .session_id = 0xbeef, .mac = {2, 0, 0x5e, 0, 10, 255}};

static const struct args_case args_cases[] = {
	{
		.name = "LNS without profile: CHAP, no default route, no EAP",
		.lns_mode = true,
		.args = HEAD_LNS "auth require-chap refuse-eap nodefaultroute " TAIL,
	},
	{
		.name = "client without profile: nobody needs to authenticate to us",
		.args = HEAD_CLIENT "noauth refuse-eap " TAIL,
	},
	{
		.name = "the profile says how to authenticate",
		.lns_mode = true,
		.options = "require-pap lcp-echo-interval 10",
		.args = HEAD_LNS "auth refuse-eap nodefaultroute "
				 "require-pap lcp-echo-interval 10 " TAIL,
	},
	{
		.name = "noauth in the profile comes after auth",
		.lns_mode = true,
		.options = "noauth",
		.args = HEAD_LNS "auth refuse-eap nodefaultroute noauth " TAIL,
	},
	{
		.name = "a file may say how, too",
		.lns_mode = true,
		.options = "mtu 1300",
		.file = "/etc/ppp/options.lns",
		.args = HEAD_LNS "auth refuse-eap nodefaultroute "
				 "file /etc/ppp/options.lns mtu 1300 " TAIL,
	},
	{
		.name = "a profile about something else keeps the defaults",
		.lns_mode = true,
		.options = "ms-dns 192.0.2.53",
		.args = HEAD_LNS "auth require-chap refuse-eap nodefaultroute "
				 "ms-dns 192.0.2.53 " TAIL,
	},
	{
		.name = "EAP where the profile asks for it",
		.lns_mode = true,
		.options = "require-eap",
		.args = HEAD_LNS "auth nodefaultroute require-eap " TAIL,
	},
	{
		.name = "EAP of a client, by any of its options",
		.options = "eap-timeout 5",
		.args = HEAD_CLIENT "noauth eap-timeout 5 " TAIL,
	},
	{
		.name = "a name that contains eap is no option of EAP",
		.options = "user cheap",
		.args = HEAD_CLIENT "noauth refuse-eap user cheap " TAIL,
	},
	{
		.name = "a default route on an LNS, when the profile wants it",
		.lns_mode = true,
		.options = "defaultroute",
		.args = HEAD_LNS "auth require-chap refuse-eap defaultroute " TAIL,
	},
	{
		.name = "a client that would rather go to the background and persist may not",
		.options = "updetach persist logfile /tmp/log",
		.args = HEAD_CLIENT "noauth refuse-eap updetach persist logfile /tmp/log " TAIL,
	},
	{
		.name = "what the session knows",
		.lns_mode = true,
		.mtu = 1460,
		.peer = "2001:db8::1",
		.calling_number = "5550100",
		.debug = true,
		.args = HEAD_LNS "auth require-chap refuse-eap nodefaultroute mtu 1460 mru 1460 "
				 "ipparam 2001:db8::1 remotenumber 5550100 debug " TAIL,
	},
	{
		.name = "a number that would be more than one line",
		.calling_number = "1\n2\xff",
		.args = HEAD_CLIENT "noauth refuse-eap remotenumber 1?2? " TAIL,
	},
	{
		.name = "a subscriber of PPPoE, whose session is there already",
		.lns_mode = true,
		.pppoe = &subscriber,
		.mtu = 1492,
		.args = HEAD_PPPOE
		"auth require-chap refuse-eap nodefaultroute mtu 1492 mru 1492 " TAIL,
	},
	{
		.name = "no number",
		.calling_number = "",
		.args = HEAD_CLIENT "noauth refuse-eap " TAIL,
	},
};

static struct ppp_profile *make_profile(const char *options, const char *file)
{
	struct ppp_profile *profile = ppp_profile_new("test");
	char copy[300], *rest = copy, *word;

	snprintf(copy, sizeof(copy), "%s", options ? options : "");
	while ((word = strsep(&rest, " ")))
		if (*word)
			assert_int_equal(ppp_profile_add(profile, word), 0);
	if (file) {
		profile->options_file = mem_alloc(strlen(file) + 1);
		strcpy(profile->options_file, file);
	}
	return profile;
}

static void join(const struct words *words, char *text, size_t size)
{
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < words->count; i++)
		len += (size_t)snprintf(text + len, size - len, "%s%s", i ? " " : "",
					words->word[i]);
	assert_true(len < size);
}

static void test_args(void **state)
{
	char text[2000];

	(void)state;
	for (size_t i = 0; i < sizeof(args_cases) / sizeof(args_cases[0]); i++) {
		const struct args_case *c = &args_cases[i];
		struct ppp_profile *profile =
			c->options || c->file ? make_profile(c->options, c->file) : NULL;
		struct pppd_params params = {
			.profile = profile,
			.pppoe = c->pppoe,
			.lns_mode = c->lns_mode,
			.tunnel_id = 7,
			.session_id = 65535,
			.mtu = c->mtu,
			.calling_number = c->calling_number,
			.debug = c->debug,
		};
		struct words words;

		if (c->peer)
			assert_int_equal(addr_parse(c->peer, &params.peer_addr), 0);
		assert_int_equal(pppd_args_build(&settings, &params, &words), 0);
		join(&words, text, sizeof(text));
		if (strcmp(text, c->args) != 0)
			fail_msg("%s:\n%s\nexpected\n%s", c->name, text, c->args);
		assert_null(words.word[words.count]);
		words_free(&words);
		ppp_profile_unref(profile);
	}
}

static void test_env(void **state)
{
	static const char *const expected[] = {
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"ADIT_TUNNEL_ID=7",
		"ADIT_SESSION_ID=9",
		"ADIT_CALL_SERIAL=3",
		"ADIT_CALLED_NUMBER=",
		"ADIT_CALLING_NUMBER=555?=0100",
		"ADIT_SUB_ADDRESS=$(reboot)?LD_PRELOAD=/evil.so",
		"ADIT_PRIVATE_GROUP=??`id`",
		"ADIT_PROXY_AUTHEN_NAME=a?b",
		"ADIT_TX_SPEED=64000",
		"ADIT_RX_SPEED=4294967295",
		"ADIT_PHYSICAL_CHANNEL=",
		"ADIT_CIRCUIT_ID=eth?1",
		"ADIT_REMOTE_ID=",
		"ADIT_ACTUAL_RATE_UP=64000",
		"ADIT_ACTUAL_RATE_DOWN=",
		"ADIT_PEER_NAME=lac?",
		"ADIT_PEER_ADDR=192.0.2.1",
	};
	const struct access_line line = {
		.circuit_id = "eth\n1",
		.present = LINE_BIT(LINE_ACTUAL_UP),
		.numbers = {64000, 1},
	};
	struct pppd_params params = {
		.access_line = &line,
		.tunnel_id = 7,
		.session_id = 9,
		.call_serial = 3,
		.calling_number = "555\n=0100",
		.sub_address = "$(reboot)\nLD_PRELOAD=/evil.so",
		.private_group = "\xc3\xa4`id`",
		.proxy_authen_name = "a\x7f"
				     "b",
		.tx_speed = 64000,
		.rx_speed = UINT32_MAX,
		.peer_name = "lac\x1b",
	};
	struct words words;

	(void)state;
	assert_int_equal(addr_parse("192.0.2.1", &params.peer_addr), 0);
	params.peer_addr.port = 1701;
	assert_int_equal(pppd_env_build(&params, &words), 0);
	assert_int_equal(words.count, sizeof(expected) / sizeof(expected[0]));
	for (size_t i = 0; i < words.count; i++)
		assert_string_equal(words.word[i], expected[i]);
	assert_null(words.word[words.count]);
	words_free(&words);
}

/* Each allocation fails once; what was made until then is given back, which a leak check sees. */
static void test_no_memory(void **state)
{
	struct pppd_params params = {.lns_mode = true, .tunnel_id = 1, .session_id = 1};
	struct words words;
	unsigned int n = 0;
	int rc;

	(void)state;
	do {
		__mem_fail_after(++n);
		rc = pppd_args_build(&settings, &params, &words);
		assert_true(rc == 0 || rc == -ENOMEM);
	} while (rc);
	__mem_fail_after(0);
	assert_true(n > words.count);
	words_free(&words);
}

static void test_profile_same(void **state)
{
	static const struct {
		const char *options;
		const char *file;
		bool same;
	} cases[] = {
		{"auth mtu 1400", NULL, true},	    {"auth mtu 1401", NULL, false},
		{"auth mtu", NULL, false},	    {"auth mtu 1400 x", NULL, false},
		{"auth mtu 1400", "/etc/f", false},
	};
	struct ppp_profile *a = make_profile("auth mtu 1400", NULL), *b;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		b = make_profile(cases[i].options, cases[i].file);
		assert_int_equal(ppp_profile_same(a, b), cases[i].same);
		assert_int_equal(ppp_profile_same(b, a), cases[i].same);
		ppp_profile_unref(b);
	}
	ppp_profile_unref(a);
}

static void test_profile_refs(void **state)
{
	struct ppp_profile *profile = make_profile("auth", "/etc/f");
	struct list head;

	(void)state;
	list_init(&head);
	list_append(&head, &profile->node);
	assert_ptr_equal(ppp_profile_ref(profile), profile);
	ppp_profile_unref(profile);
	assert_string_equal(profile->options[0], "auth");
	assert_false(list_empty(&head));
	ppp_profile_unref(profile);
	assert_true(list_empty(&head));
	ppp_profile_unref(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_args),	     cmocka_unit_test(test_env),
		cmocka_unit_test(test_no_memory),    cmocka_unit_test(test_profile_same),
		cmocka_unit_test(test_profile_refs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
