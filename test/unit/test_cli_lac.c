/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `adit` says of a LAC: its words in, its text and exit code out, and what is said of
 * mistakes.
 */
#include <stdlib.h>
#include <string.h>

#include "cli_run.h"

#define CALL_1                                                                               \
	"Call 5e0c12ab-00000011, joe@isp.example, from eth1.100 02:00:5e:00:00:01 PPPoE 42 " \
	"to lns1 tunnel 7 session 9, up for 1m30s\n"
#define CALL_2                                                                \
	"Call 5e0c12ab-00000012, \\x1b[31mred\\xff, from tunnel 8 session 3 " \
	"(lac.example) to 192.0.2.9, placing: peer: busy signal detected (result 8)\n"

static const struct row shows[] = {
	{"show call", 0, CALL_1 CALL_2, ""},
	{"call", 0, CALL_1 CALL_2, ""},
	{"show call joe@isp.example", 0, CALL_1, ""},
	{"call joe@isp.example", 0, CALL_1, ""},
	{"call show joe@isp.example", 0, CALL_1, ""},
	{"show call call_id 5e0c12ab-00000012", 0, CALL_2, ""},
	{"show call interface eth1.100", 0, CALL_1, ""},
	{"show call mac 02:00:5E:00:00:01", 0, CALL_1, ""},
	{"show call destination lns1", 0, CALL_1, ""},
	{"show call nobody", 0, "", ""},
	{"-d show call user joe@isp.example", 0,
	 CALL_1 "  Domain section: isp.example, tunnels tried: 2\n"
		"  Connect speed: 16000000/1000000 bit/s\n"
		"  Age: 1m35s\n"
		"  Circuit id: dslam7 atm 1/2\n",
	 ""},
	{"-j show call destination 192.0.2.9", 0,
	 "[{\"call_id\":\"5e0c12ab-00000012\",\"state\":\"placing\","
	 "\"user\":\"\\u001B[31mred\\\\xff\",\"from_tunnel_id\":8,\"from_session_id\":3,"
	 "\"from_peer\":\"lac.example\",\"destination\":\"192.0.2.9\","
	 "\"last_error\":\"peer: busy signal detected (result 8)\"}]\n",
	 ""},
	{"show pppoe", 0,
	 "PPPoE on eth1.100, open, section access\n"
	 "  Sessions: 1 of 8000, our MAC address 02:00:5e:00:00:ff\n"
	 "PPPoE on eth2, absent, section access: No such device\n"
	 "  Sessions: 0\n",
	 ""},
	{"-s show pppoe eth1.100", 0,
	 "PPPoE on eth1.100, open, section access\n"
	 "  Sessions: 1 of 8000, our MAC address 02:00:5e:00:00:ff\n"
	 "  RX: 3 PADI, 1 PADR, 0 PADT\n"
	 "  RX errors: 0 malformed, 0 unexpected, 0 bad cookie, 1 over rate\n"
	 "  TX: 2 PADO, 1 PADS, 0 PADT\n"
	 "  Refused: 0 service, 0 limit, 0 system\n"
	 "  Sessions: 1 opened, 0 closed\n",
	 ""},
	{"show domain", 0,
	 "Domain isp.example, tunnel, called number 5551\n"
	 "  Destination: lns1, server 192.0.2.2, preference 1, max sessions 100, "
	 "max sessions per tunnel 50, state unlocked\n"
	 "  Destination: lns2.example, server lns2.example, preference 2, state locked\n"
	 "  Destination: lns3, server 192.0.2.9, preference 16777215\n"
	 "Domain none, reject\n",
	 ""},
	{"-d show domain none", 0, "Domain none, reject\n  Domain stripped for RADIUS: no\n", ""},
	{"-j show domain ISP.example", 0,
	 "[{\"name\":\"isp.example\",\"action\":\"tunnel\",\"called_number\":\"5551\","
	 "\"destinations\":[{\"name\":\"lns1\",\"server\":\"192.0.2.2\","
	 "\"preference\":1,\"max_sessions\":100,\"max_sessions_per_tunnel\":50,"
	 "\"state\":\"unlocked\"},{\"name\":\"lns2.example\",\"server\":\"lns2.example\","
	 "\"preference\":2,\"state\":\"locked\"},{\"name\":\"lns3\",\"server\":\"192.0.2.9\","
	 "\"preference\":16777215}]}]\n",
	 ""},
	{"show destination", 0,
	 "Destination lns1, unlocked\n"
	 "  Server: 192.0.2.2, from 192.0.2.1\n"
	 "  Sessions: 1, tunnels: 1\n"
	 "Destination lns2.example, locked, 4m50s left\n"
	 "  Server: lns2.example\n"
	 "  Sessions: 0, tunnels: 0\n"
	 "  Failed 10s ago: local: no answer after 5 retransmissions (result 2)\n",
	 ""},
	{"-s show destination 192.0.2.2", 0,
	 "Destination lns1, unlocked\n"
	 "  Server: 192.0.2.2, from 192.0.2.1\n"
	 "  Sessions: 1, tunnels: 1\n"
	 "  Calls: 5, failures: 0, lockouts: 0\n",
	 ""},
	{"-s show radius", 0,
	 "RADIUS server first, dead, 12s left\n"
	 "  Host: 192.0.2.5, authentication port 1812, accounting port 1813\n"
	 "  Pending: 0\n"
	 "  Access: 3 requests, 0 accepts, 0 rejects, 0 challenges, 3 timed out\n"
	 "  Accounting: 0 requests, 0 responses, 0 timed out\n"
	 "  Sent again: 6\n"
	 "  RX errors: 0 bad authenticator, 0 malformed, 0 unexpected\n"
	 "  Disconnect: 0 obeyed, 0 refused\n"
	 "  CoA: 0 obeyed, 0 refused\n"
	 "RADIUS server second, alive\n"
	 "  Host: radius.example, authentication port 1812\n"
	 "  Pending: 1, round trip 850 us\n"
	 "  Access: 4 requests, 2 accepts, 1 rejects, 0 challenges, 0 timed out\n"
	 "  Accounting: 0 requests, 0 responses, 0 timed out\n"
	 "  Sent again: 0\n"
	 "  RX errors: 0 bad authenticator, 0 malformed, 0 unexpected\n"
	 "  Disconnect: 0 obeyed, 0 refused\n"
	 "  CoA: 3 obeyed, 1 refused\n",
	 ""},
	{"show radius name second", 0,
	 "RADIUS server second, alive\n"
	 "  Host: radius.example, authentication port 1812\n"
	 "  Pending: 1, round trip 850 us\n",
	 ""},
	{"test steer joe@isp.example interface eth1.100", 0,
	 "Call of joe@isp.example on eth1.100: tunnel\n"
	 "  Why: domain isp.example (suffix)\n"
	 "  Section domain: isp.example\n"
	 "  RADIUS: not asked\n"
	 "  Tunnel: lns1, preference 1: first\n"
	 "  Tunnel: lns2.example, preference 2: locked out for 4m50s\n",
	 ""},
	{"steer joe", 0,
	 "Call of joe: reject\n"
	 "  Why: no domain in the name, and no section none\n"
	 "  RADIUS: not asked\n",
	 ""},
	{"-j test steer user joe", 0,
	 "[{\"user\":\"joe\",\"action\":\"reject\","
	 "\"why\":\"no domain in the name, and no section none\",\"radius\":\"not asked\"}]\n",
	 ""},
};

static void test_show(void **state)
{
	CHECK_ROWS(*state, shows);
}

static const struct row changes[] = {
	{"unlock destination nobody", 2, "", "aditd answers: there is no destination nobody\n"},
	{"unlock destination lns2.example", 0, "", ""},
	{"show destination lns2.example", 0, NULL, "",
	 .part = "Destination lns2.example, unlocked\n"},
	{"unlock destination all", 0, "", ""},
	{"set call joe@isp.example tx_speed 7000000", 0, "", ""},
	{"set call call_id 5e0c12ab-00000011 tx_speed 7000000 rx_speed 4294967295", 0, "", ""},
	{"change call user joe@isp.example rx_speed 1", 0, "", ""},
	{"call set joe@isp.example rx_connect_speed 800000 tx_connect_speed 8000000", 0, "", ""},
	{"set call call_id 5e0c12ab-00000012 rx_speed 9", 2, "",
	 "aditd answers: the speeds come from the LAC before it\n"},
	{"del call joe@isp.example", 0, "", ""},
	{"show call", 0, CALL_2, ""},
	{"del call call_id 5e0c12ab-00000012 nowait", 0, "", ""},
	{"show call", 0, "", ""},
	{"del call all", 0, "", ""},
};

static void test_changes(void **state)
{
	struct fixture *f = *state;

	CHECK_ROWS(f, changes);
	assert_string_equal(f->calls, "unlock nobody\nunlock lns2.example\nunlock all\n"
				      "set_call tx 7000000 rx 0 5e0c12ab-00000011\n"
				      "set_call tx 7000000 rx 4294967295 5e0c12ab-00000011\n"
				      "set_call tx 0 rx 1 5e0c12ab-00000011\n"
				      "set_call tx 8000000 rx 800000 5e0c12ab-00000011\n"
				      "set_call tx 0 rx 9 5e0c12ab-00000012\n"
				      "close_call 5e0c12ab-00000011\n"
				      "close_call 5e0c12ab-00000012\n");
}

/* None of it reaches the daemon. */
static const struct row mistakes[] = {
	{"test", 1, "", "Error: \"test\" goes with: steer\n"},
	{"test stear joe", 1, "", "Error: unknown word \"stear\"; did you mean \"steer\"?\n"},
	{"test steer", 1, "", "Error: user is missing\n"},
	{"test call joe", 1, "", "Error: \"test\" goes with: steer; not with call\n"},
	{"tset steer joe", 1, "", "Error: unknown word \"tset\"; did you mean \"test\"?\n"},
	{"test steer usr joe", 1, "",
	 "Error: \"test steer\" has no argument \"usr\"; did you mean \"user\"?\n"},
	{"test steer joe eth1", 1, "",
	 "Error: \"test steer\" has no argument \"eth1\"; did you mean \"interface eth1\"?\n"},
	{"test steer joe interface", 1, "", "Error: interface needs a value: NAME\n"},
	{"test steer joe interface eth0123456789012", 1, "",
	 "Error: interface must be a text of 1 to 15 octets, not \"eth0123456789012\"\n"},
	{"test steer joe user jack", 1, "", "Error: user is given twice\n"},
	{"unlock lns1", 1, "", "Error: \"unlock\" goes with: destination; not with lns1\n"},
	{"unlock all", 1, "", "Error: \"unlock\" goes with: destination; not with all\n"},
	{"unlock destination", 1, "", "Error: name or all is missing\n"},
	{"unlock tunnel name isp", 1, "",
	 "Error: \"unlock\" goes with: destination; not with tunnel\n"},
	{"unlok destination all", 1, "",
	 "Error: unknown word \"unlok\"; did you mean \"unlock\"?\n"},
	{"del call", 1, "",
	 "Error: call_id, user, interface, mac, destination or all is missing\n"},
	{"del call id 5e0c12ab-00000011", 1, "",
	 "Error: id is not accepted: say tunnel_id, session_id or call_id\n"},
	{"set", 1, "", "Error: \"set\" goes with: call\n"},
	{"set tunnel isp", 1, "", "Error: \"set\" goes with: call; not with tunnel\n"},
	{"sett call joe tx_speed 1", 1, "",
	 "Error: unknown word \"sett\"; did you mean \"set\"?\n"},
	{"chang call joe tx_speed 1", 1, "", "Error: unknown word \"chang\"; try \"adit help\"\n"},
	{"set call", 1, "", "Error: call_id or user is missing\n"},
	{"set call tx_speed 7000000", 1, "", "Error: call_id or user is missing\n"},
	{"set call joe", 1, "", "Error: tx_speed or rx_speed is missing\n"},
	{"set call joe tx_speed", 1, "", "Error: tx_speed needs a value: BPS\n"},
	{"set call joe tx_speed 0", 1, "",
	 "Error: tx_speed must be a number from 1 to 4294967295, not \"0\"\n"},
	{"set call joe rx_speed 4294967296", 1, "",
	 "Error: rx_speed must be a number from 1 to 4294967295, not \"4294967296\"\n"},
	{"set call joe rx_speed 7M", 1, "",
	 "Error: rx_speed must be a number from 1 to 4294967295, not \"7M\"\n"},
	{"set call joe tx_speed 7 tx_connect_speed 8", 1, "", "Error: tx_speed is given twice\n"},
	{"set call joe 7000000", 1, "",
	 "Error: \"set call\" has no argument \"7000000\"; try \"adit help set call\"\n"},
	{"set call joe txspeed 7000000", 1, "",
	 "Error: \"set call\" has no argument \"txspeed\"; did you mean \"tx_speed\"?\n"},
	{"set call joe interface eth1 tx_speed 7", 1, "",
	 "Error: \"set call\" has no argument \"interface\"; try \"adit help set call\"\n"},
	{"set call id 7 tx_speed 7", 1, "",
	 "Error: id is not accepted: say tunnel_id, session_id or call_id\n"},
	{"add call joe", 1, "", "Error: \"add\" goes with: tunnel session; not with call\n"},
	{"show steer", 1, "",
	 "Error: \"show\" goes with: tunnel session call pppoe domain destination radius peer "
	 "stats kept system version; not with steer\n"},
	{"show destinaton", 1, "",
	 "Error: unknown word \"destinaton\"; did you mean \"destination\"?\n"},
	{"show d", 1, "", "Error: \"d\" could be \"domain\" or \"destination\"\n"},
	{"call shwo", 1, "", "Error: unknown word \"shwo\"; did you mean \"show\"?\n"},
	{"destination d lns1", 1, "", "Error: \"d\" could be \"del\" or \"debug\"\n"},
	{"tunnel isp", 1, "",
	 "Error: \"show tunnel\" has no argument \"isp\"; did you mean \"name isp\"?\n"},
	{"steer", 1, "", "Error: user is missing\n"},
	{"t", 1, "", "Error: \"t\" could be \"test\" or \"tunnel\"\n"},
	{"de destination", 1, "", "Error: \"de\" could be \"del\" or \"debug\"\n"},
	{"show domain nmae isp.example", 1, "",
	 "Error: \"show domain\" has no argument \"nmae\"; did you mean \"name\"?\n"},
	{"show destination lns1 lns2", 1, "",
	 "Error: \"show destination\" has no argument \"lns2\"; "
	 "try \"adit help show destination\"\n"},
	{"show radius -s", 1, "", "Error: options stand in front: adit -s show radius\n"},
};

static void test_mistakes(void **state)
{
	struct fixture *f = *state;

	CHECK_ROWS(f, mistakes);
	assert_string_equal(f->calls, "");
}

/* Mistakes that only the daemon can see. */
static const struct row refusals[] = {
	{"show pppoe eth9", 2, "", "aditd answers: nobody can dial in on eth9\n"},
	{"show domain nobody", 2, "", "aditd answers: there is no domain section nobody\n"},
	{"show destination nobody", 2, "", "aditd answers: there is no destination nobody\n"},
	{"-j show radius third", 2, "[]\n", "aditd answers: there is no radius section third\n"},
	{"show call call_id 1", 2, "", "aditd answers: no call has call_id 1\n"},
	{"test steer joe interface eth9", 2, "", "aditd answers: nobody can dial in on eth9\n"},
	{"del call nobody", 2, "",
	 "aditd answers: no call is of a user nobody; an id goes with call_id\n"},
	{"del call call_id 1", 2, "", "aditd answers: no call has call_id 1\n"},
	{"set call nobody tx_speed 7", 2, "",
	 "aditd answers: no call is of a user nobody; an id goes with call_id\n"},
	{"set call call_id 1 tx_speed 7", 2, "", "aditd answers: no call has call_id 1\n"},
	{"set call joe@isp.example call_id 1 tx_speed 7", 2, "",
	 "aditd answers: there is no such call\n"},
	{"del call interface eth9", 2, "", "aditd answers: there is no such call\n"},
	{"del call joe@isp.example interface eth9", 2, "",
	 "aditd answers: there is no such call\n"},
	{"del call joe@isp.example all", 2, "",
	 "aditd answers: all means every call, and nothing can be beside it\n"},
	{"unlock destination lns2.example all", 2, "",
	 "aditd answers: only one of name and all can be\n"},
};

static void test_refusals(void **state)
{
	struct fixture *f = *state;

	CHECK_ROWS(f, refusals);
	assert_string_equal(f->calls, "");
}

static const struct row words[] = {
	{"help words test", 0, "steer\n", ""},
	{"help words unlock", 0, "destination\n", ""},
	{"help words unlock destination", 0, "lns1\nlns2.example\nname\nall\n", ""},
	{"help words unlock destination name", 0, "lns1\nlns2.example\n", ""},
	{"help words test steer joe interface", 0, "eth1.100\neth2\n", ""},
	{"help words show domain name", 0, "isp.example\nnone\n", ""},
	{"help words show radius", 0, "first\nsecond\nname\nstatistics\n", ""},
	{"help words del call call_id", 0, "5e0c12ab-00000011\n5e0c12ab-00000012\n", ""},
	{"help words del call mac", 0, "02:00:5e:00:00:01\n", ""},
	{"help words set", 0, "call\n", ""},
	{"help words set call", 0,
	 "joe@isp.example\n\\x1b[31mred\\xff\ncall_id\nuser\ntx_speed\nrx_speed\n"
	 "tx_connect_speed\nrx_connect_speed\n",
	 ""},
	{"help words show session interface", 0, "ppp0\n", ""},
	{"help fields domain", 0, NULL, "", .part = "    preference               integer "},
};

static void test_words(void **state)
{
	CHECK_ROWS(*state, words);
}

static void tell_events(struct fixture *f)
{
	fixture_call_event(f, "5e0c12ab-00000012", "call moved");
	fixture_call_event(f, "5e0c12ab-00000011", "call up");
	fixture_call_gone(f, "5e0c12ab-00000011");
	control_destination_event(f->control,
				  &(struct control_destination){.name = "lns1",
								.server = "192.0.2.2",
								.state = "locked",
								.time_left = 300 * USEC_PER_SEC,
								.failure = "peer: no answer"},
				  f->now);
}

static void test_monitor(void **state)
{
	static const char *const lines[] = {
		"call moved: call 5e0c12ab-00000012, \\x1b[31mred\\xff, from tunnel 8 session 3 "
		"(lac.example) to 192.0.2.9: peer: busy signal detected (result 8)\n",
		"call up: call 5e0c12ab-00000011, joe@isp.example, from eth1.100 "
		"02:00:5e:00:00:01 PPPoE 42 to lns1 tunnel 7 session 9\n",
		"call ended: call 5e0c12ab-00000011, joe@isp.example, from eth1.100 "
		"02:00:5e:00:00:01 PPPoE 42 to lns1 tunnel 7 session 9: "
		"local: closed by the administrator (result 3)\n",
		"destination state: destination lns1, locked, 5m left: peer: no answer\n",
	};

	check_monitor(*state, tell_events, lines, sizeof(lines) / sizeof(lines[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, cli_setup, fixture_teardown)
		TEST(test_show),     TEST(test_changes), TEST(test_mistakes),
		TEST(test_refusals), TEST(test_words),	 TEST(test_monitor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
