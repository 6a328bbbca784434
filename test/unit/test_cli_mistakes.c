/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mistakes that people make with `adit`, and what they are told.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli_run.h"

/* What people type, and what they ought to be told. None of it reaches the daemon. */
static const struct row mistakes[] = {
	{"shwo tunnel", 1, "", "Error: unknown word \"shwo\"; did you mean \"show\"?\n"},
	{"show tunel", 1, "", "Error: unknown word \"tunel\"; did you mean \"tunnel\"?\n"},
	{"add tunel remote h", 1, "", "Error: unknown word \"tunel\"; did you mean \"tunnel\"?\n"},
	{"d tunnel", 1, "", "Error: \"d\" could be \"del\" or \"debug\"\n"},
	{"show s", 1, "", "Error: \"s\" could be \"session\" or \"stats\"\n"},
	{"se", 1, "", "Error: \"se\" could be \"set\" or \"session\"\n"},
	{"frobnicate", 1, "", "Error: unknown word \"frobnicate\"; try \"adit help\"\n"},
	{"add", 1, "", "Error: \"add\" goes with: tunnel session\n"},
	{"add peer name x", 1, "", "Error: \"add\" goes with: tunnel session; not with peer\n"},
	{"session monitor", 1, "", "Error: \"monitor\" takes no object\n"},
	{"monitor tunnel", 1, "",
	 "Error: \"monitor\" has no argument \"tunnel\"; try \"adit help monitor\"\n"},
	{"add tunnel", 1, "", "Error: remote or name is missing\n"},
	{"add session ppp dsl", 1, "", "Error: tunnel_id, tunnel or name is missing\n"},
	{"del tunnel", 1, "", "Error: tunnel_id, name or all is missing\n"},
	{"debug", 1, "", "Error: level is missing\n"},
	{"debug 3", 1, "", "Error: level must be a number from 0 to 2, not \"3\"\n"},
	{"debug loud", 1, "", "Error: level must be a number from 0 to 2, not \"loud\"\n"},
	{"del tunnel 7", 1, "",
	 "Error: \"del tunnel\" has no argument \"7\"; did you mean \"tunnel_id 7\"?\n"},
	{"del session 9", 1, "",
	 "Error: \"del session\" has no argument \"9\"; did you mean \"session_id 9\"?\n"},
	{"del tunnel isp", 1, "",
	 "Error: \"del tunnel\" has no argument \"isp\"; did you mean \"name isp\"?\n"},
	{"del tunnel id 7", 1, "",
	 "Error: id is not accepted: say tunnel_id, session_id or call_id\n"},
	{"add tunnel 192.0.2.1", 1, "",
	 "Error: \"add tunnel\" has no argument \"192.0.2.1\"; "
	 "did you mean \"remote 192.0.2.1\"?\n"},
	{"add tunnel remote", 1, "", "Error: remote needs a value: ADDR|HOST\n"},
	{"add tunnel remot 192.0.2.1", 1, "",
	 "Error: \"add tunnel\" has no argument \"remot\"; did you mean \"remote\"?\n"},
	{"add tunnel remote h remote h", 1, "", "Error: remote is given twice\n"},
	{"add tunnel remote h local h", 1, "",
	 "Error: local must be an IPv4 or IPv6 address, not \"h\"\n"},
	{"show call mac 02-00-5e-00-00-01", 1, "",
	 "Error: mac must be a MAC address such as 02:00:5e:00:00:01, "
	 "not \"02-00-5e-00-00-01\"\n"},
	{"del call mac 02:00:5e:00:00:01:02", 1, "",
	 "Error: mac must be a MAC address such as 02:00:5e:00:00:01, "
	 "not \"02:00:5e:00:00:01:02\"\n"},
	{"add tunnel remote h tunnel_id 65536", 1, "",
	 "Error: tunnel_id must be a number from 1 to 65535, not \"65536\"\n"},
	{"add tunnel remote h tunnel_id -1", 1, "",
	 "Error: tunnel_id must be a number from 1 to 65535, not \"-1\"\n"},
	{"add tunnel remote h tunnel_id 99999999999999999999", 1, "",
	 "Error: tunnel_id must be a number from 1 to 65535, not \"99999999999999999999\"\n"},
	{"add tunnel remote h peer_tunnel_id 7", 1, "",
	 "Error: peer_tunnel_id is not accepted: it is negotiated: "
	 "the peer chooses its own id\n"},
	{"add tunnel remote h encap ip", 1, "",
	 "Error: encap ip is not accepted: L2TPv2 runs over UDP only\n"},
	{"add tunnel remote h udp_csum on", 1, "",
	 "Error: udp_csum is not accepted: UDP checksums are always on\n"},
	{"add tunnel remote h secret x", 1, "",
	 "Error: secret is not accepted: every user could read it in the list of processes; "
	 "use secret_file FILE\n"},
	{"add tunnel remote h secret_file /nonexistent", 1, "",
	 "Error: /nonexistent: No such file or directory\n"},
	{"add tunnel remote h secret_file /dev/null", 1, "",
	 "Error: /dev/null: its first line must be a secret in UTF-8\n"},
	{"add session tunnel isp cookie 1234", 1, "",
	 "Error: cookie is not accepted: L2TPv2 has no cookies\n"},
	{"add session tunnel isp seq both", 1, "",
	 "Error: seq is not accepted: it is negotiated; "
	 "set sequencing in the peer's section\n"},
	{"add session remote 192.0.2.1", 1, "",
	 "Error: remote is not accepted: a session runs in a tunnel; add the tunnel first\n"},
	{"add tunnel name 0123456789012345678901234567890123456789012345678901234567890123", 1, "",
	 "Error: name must be a text of 1 to 63 octets, "
	 "not \"0123456789012345678901234567890123456789012345678901234567890123\"\n"},
	{"add tunnel remote \xff", 1, "", "Error: remote must be UTF-8\n"},
	{"add tunnel remote h nowait wait up", 1, "", "Error: wait is given twice\n"},
	{"del tunnel all wait up", 1, "", "Error: wait must be one of: none gone, not \"up\"\n"},
	{"show tunnel -s", 1, "", "Error: options stand in front: adit -s show tunnel\n"},
	{"--jsn show tunnel", 1, "", "Error: unknown option \"--jsn\"; did you mean \"-json\"?\n"},
	{"-x show tunnel", 1, "", "Error: unknown option \"-x\"; try \"adit -help\"\n"},
	{"-b", 1, "", "Error: -batch needs a value: FILE\n"},
	{"-b /nonexistent", 1, "", "Error: /nonexistent: No such file or directory\n"},
	{"drian system", 1, "", "Error: unknown word \"drian\"; did you mean \"drain\"?\n"},
	{"drain", 1, "", "Error: \"drain\" goes with: tunnel session peer system\n"},
	{"disable stats", 1, "",
	 "Error: \"disable\" goes with: tunnel session peer system; not with stats\n"},
	{"drain system now", 1, "",
	 "Error: \"drain system\" has no argument \"now\"; try \"adit help drain system\"\n"},
	{"drain peer", 1, "", "Error: name is missing\n"},
	{"drain peer isp guest", 1, "",
	 "Error: \"drain peer\" has no argument \"guest\"; try \"adit help drain peer\"\n"},
	{"enable tunnel", 1, "", "Error: tunnel_id or name is missing\n"},
	{"enable tunnel isp", 1, "",
	 "Error: \"enable tunnel\" has no argument \"isp\"; did you mean \"name isp\"?\n"},
	{"disable tunnel name isp name guest", 1, "", "Error: name is given twice\n"},
	{"disable session tunnel isp", 1, "", "Error: session_id or name is missing\n"},
	{"help nothing", 1, "", "Error: no help for \"nothing\"; try \"adit help\"\n"},
	{"help fields nothing", 1, "", "Error: unknown object \"nothing\"\n"},
};

static void test_mistakes(void **state)
{
	struct fixture *f = *state;

	CHECK_ROWS(f, mistakes);
	assert_string_equal(f->calls, "");
}

/* Mistakes that only the daemon can see. */
static const struct row refusals[] = {
	{"show tunnel name nobody", 2, "", "aditd answers: no tunnel is named nobody\n"},
	{"-j show tunnel tunnel_id 99", 2, "[]\n", "aditd answers: no tunnel has tunnel_id 99\n"},
	{"del session session_id 9", 2, "",
	 "aditd answers: tunnel_id or tunnel is needed: session ids are per tunnel\n"},
	{"del tunnel all tunnel_id 7", 2, "",
	 "aditd answers: only one of tunnel_id, name and all can be\n"},
	{"add tunnel remote h peer isp host_name me", 2, "",
	 "aditd answers: a peer section already has host_name, secret and hello_interval\n"},
	{"add tunnel remote twice.example", 2, "", "aditd answers: a tunnel of that name exists\n"},
	{"drain peer nobody", 2, "", "aditd answers: no peer is named nobody\n"},
	{"drain tunnel name nobody", 2, "", "aditd answers: no tunnel is named nobody\n"},
	{"drain tunnel tunnel_id 99", 2, "", "aditd answers: no tunnel has tunnel_id 99\n"},
	{"drain tunnel name isp tunnel_id 7", 2, "",
	 "aditd answers: only one of tunnel_id and name can be\n"},
	{"disable session name nobody", 2, "", "aditd answers: no session is named nobody\n"},
	{"disable session session_id 9", 2, "",
	 "aditd answers: tunnel_id or tunnel is needed: session ids are per tunnel\n"},
	{"disable session tunnel isp session_id 10", 2, "",
	 "aditd answers: no session of tunnel 7 has session_id 10\n"},
	{"disable session name dsl tunnel isp", 2, "", "aditd answers: a name needs no tunnel\n"},
	{"disable session name dsl session_id 9", 2, "",
	 "aditd answers: only one of session_id and name can be\n"},
	{"add session tunnel_id 7 session_id 9", 2, "", "aditd answers: File exists\n"},
};

static void test_refusals(void **state)
{
	CHECK_ROWS(*state, refusals);
}

static void test_no_daemon(void **state)
{
	struct fixture *f = *state;
	char words[256], err[256], gone[128];
	struct row row = {words, 2, "", err, NULL};

	snprintf(words, sizeof(words), "-c %s/none show tunnel", f->folder);
	snprintf(err, sizeof(err),
		 "adit: aditd is not running (cannot connect to %s/none: "
		 "No such file or directory)\n",
		 f->folder);
	check_rows(f, &row, 1);
	/* A socket that its daemon left behind. */
	snprintf(gone, sizeof(gone), "%s/gone", f->folder);
	assert_int_equal(rename(f->path, gone), 0);
	assert_int_equal(close(f->control->fd), 0);
	ev_io_stop(f->loop, &f->control->accept);
	f->control->fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	snprintf(words, sizeof(words), "-control %s monitor", gone);
	snprintf(err, sizeof(err),
		 "adit: aditd is not running (cannot connect to %s: Connection refused)\n", gone);
	check_rows(f, &row, 1);
	unlink(gone);
	snprintf(words, sizeof(words), "-j -c /dev/null/x show tunnel");
	row.out = "[]\n";
	snprintf(err, sizeof(err), "adit: cannot connect to /dev/null/x: Not a directory\n");
	check_rows(f, &row, 1);
}

/* Without the right to connect; only root can give it up. */
static void test_no_permission(void **state)
{
	struct fixture *f = *state;
	struct run *run;
	char err[256];
	int code;

	/* A program that counts what it runs tells here that it may not write that down. */
	if (COUNTS_COVERAGE)
		return;
	if (getuid() != 0)
		skip();
	snprintf(err, sizeof(err),
		 "adit: cannot connect to %s: Permission denied (needs root, or the socket's "
		 "group)\n",
		 f->path);
	run = malloc(sizeof(*run));
	run_start(run, "show tunnel", NULL, 65534);
	code = run_finish(f, run);
	/* The program lies where that user may not look. */
	if (code == NOT_RUN) {
		free(run);
		skip();
	}
	assert_int_equal(code, 2);
	assert_string_equal(run->text[0], "");
	assert_string_equal(run->text[1], err);
	free(run);
}

/* A script must not take half a list for the whole. */
static void test_output_lost(void **state)
{
	static const char *const commands[] = {"help", "-Version", "-help"};

	(void)state;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		int status, full = open("/dev/full", O_WRONLY | O_CLOEXEC);
		pid_t pid;

		assert_int_not_equal(full, -1);
		pid = fork();
		if (pid == 0) {
			dup2(full, 1);
			close(2);
			execl(ADIT, ADIT, commands[i], NULL);
			_exit(NOT_RUN);
		}
		close(full);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, cli_setup, fixture_teardown)
		TEST(test_mistakes),
		TEST(test_refusals),
		TEST(test_no_daemon),
		TEST(test_no_permission),
		cmocka_unit_test(test_output_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
