/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program `adit`, run against a real management socket: its words in, its text, JSON and exit
 * code out. The rows are the manual's examples, and the mistakes that people make.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "control_fixture.h"

#define PATIENCE 20000
#define WORDS_MAX 32
#define TEXT_MAX 65536

extern char **environ;

/* A run of the program. */
struct run {
	pid_t pid;
	int fds[2]; /* its output and its errors */
	char text[2][TEXT_MAX];
	size_t len[2];
	int status;
	bool done;
};

static int memory_file(const char *content)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	assert_int_equal(write(fd, content, strlen(content)), (ssize_t)strlen(content));
	lseek(fd, 0, SEEK_SET);
	return fd;
}

/* Starts it with the words of a line; words have no blanks. */
static void start(struct run *run, const char *line, const char *input)
{
	posix_spawn_file_actions_t actions;
	char program[] = ADIT;
	char *argv[WORDS_MAX] = {program};
	char *words = strdup(line);
	int in = memory_file(input ? input : ""), n = 1;
	int pipes[2][2];

	memset(run, 0, sizeof(*run));
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
		argv[n++] = word;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in, 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pipe2(pipes[i], O_CLOEXEC | O_NONBLOCK), 0);
		run->fds[i] = pipes[i][0];
		posix_spawn_file_actions_adddup2(&actions, pipes[i][1], i + 1);
	}
	assert_int_equal(posix_spawn(&run->pid, ADIT, &actions, NULL, argv, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	close(pipes[0][1]);
	close(pipes[1][1]);
	close(in);
	free(words);
}

static void take_output(struct run *run)
{
	for (int i = 0; i < 2; i++) {
		ssize_t n =
			read(run->fds[i], run->text[i] + run->len[i], TEXT_MAX - 1 - run->len[i]);

		if (n > 0)
			run->len[i] += (size_t)n;
	}
}

/* The daemon's loop turns until the program has ended; returns its exit code. */
static int finish(struct fixture *f, struct run *run)
{
	for (int i = 0; i < PATIENCE && !run->done; i++) {
		fixture_run(f);
		run->done = waitpid(run->pid, &run->status, WNOHANG) == run->pid;
		take_output(run);
	}
	assert_true(run->done);
	take_output(run);
	close(run->fds[0]);
	close(run->fds[1]);
	assert_true(WIFEXITED(run->status));
	return WEXITSTATUS(run->status);
}

struct row {
	const char *words;
	int code;
	const char *out;
	const char *err;
	const char *input;
};

static void check_rows(struct fixture *f, const struct row *rows, size_t n)
{
	struct run *run = malloc(sizeof(*run));
	int code;

	for (size_t i = 0; i < n; i++) {
		start(run, rows[i].words, rows[i].input);
		code = finish(f, run);
		/* All three in one, so that a failure shows what went wrong. */
		if (code != rows[i].code || strcmp(run->text[0], rows[i].out) != 0 ||
		    strcmp(run->text[1], rows[i].err) != 0)
			fail_msg("adit %s\nexit code %d, not %d\noutput:\n%s\nand not:\n%s\n"
				 "errors:\n%s\nand not:\n%s\n",
				 rows[i].words, code, rows[i].code, run->text[0], rows[i].out,
				 run->text[1], rows[i].err);
	}
	free(run);
}

#define CHECK_ROWS(f, rows) check_rows(f, rows, sizeof(rows) / sizeof((rows)[0]))

#define TUNNEL_7                                                  \
	"Tunnel 7, encap UDP, named isp, established for 3m12s\n" \
	"  From 192.0.2.1 to 192.0.2.2\n"                         \
	"  Peer tunnel 4711, host name lns.example\n"             \
	"  UDP source / dest ports: 1701/1701\n"                  \
	"  Peer section isp, opened by local\n"                   \
	"  Sessions: 1\n"
#define TUNNEL_8                                         \
	"Tunnel 8, encap UDP, closed\n"                  \
	"  From 2001:db8::1 to 2001:db8::2\n"            \
	"  Peer tunnel 3, host name \\x1b[31mred\\xff\n" \
	"  UDP source / dest ports: 1701/65335\n"        \
	"  Peer section guest, opened by peer\n"         \
	"  Sessions: 0\n"                                \
	"  Last error: local: wrong secret (result 4)\n"
#define SESSION_9                                                   \
	"Session 9 in tunnel 7, named dsl, established for 1m30s\n" \
	"  Peer session 21, tunnel 4711\n"                          \
	"  Tunnel named isp\n"                                      \
	"  Call type: lac-incoming\n"                               \
	"  Interface name: ppp0\n"                                  \
	"  User: joe@example\n"                                     \
	"  PPP from 10.0.0.1 to 10.0.0.2\n"                         \
	"  Called number: 5551\n"

static const struct row shows[] = {
	{"show tunnel", 0, TUNNEL_7 TUNNEL_8, ""},
	{"show", 0, TUNNEL_7 TUNNEL_8, ""},
	{"s t", 0, TUNNEL_7 TUNNEL_8, ""},
	{"list tunnels", 0, TUNNEL_7 TUNNEL_8, ""},
	{"tunnel", 0, TUNNEL_7 TUNNEL_8, ""},
	{"tunnel show name isp", 0, TUNNEL_7, ""},
	{"sh tun tunnel_id 8", 0, TUNNEL_8, ""},
	{"show tunnel peer isp", 0, TUNNEL_7, ""},
	{"show tunnel peer nobody", 0, "", ""},
	{"-o show tunnel tunnel_id 8", 0,
	 "Tunnel 8, encap UDP, closed\\  From 2001:db8::1 to 2001:db8::2\\"
	 "  Peer tunnel 3, host name \\x1b[31mred\\xff\\"
	 "  UDP source / dest ports: 1701/65335\\"
	 "  Peer section guest, opened by peer\\"
	 "  Sessions: 0\\  Last error: local: wrong secret (result 4)\n",
	 ""},
	{"-s -d show tunnel name isp", 0,
	 TUNNEL_7 "  Receive window: 32, peer's 16\n"
		  "  Ns 1, Nr 0, acknowledged 0, in flight 1 (tries 0), queued 0\n"
		  "  Congestion window 1, threshold 4\n"
		  "  RX: 0 messages, 0 ZLB, 0 duplicate, 0 early, 0 out of window\n"
		  "  RX errors: 0 AVP, 0 unexpected, 0 bad Nr, 0 no memory\n"
		  "  TX: 1 messages, 0 ZLB, 0 retransmitted\n"
		  "  Sessions: 1 opened, 0 accepted, 0 failed\n"
		  "  Peer vendor: Example Networks\n"
		  "  Peer firmware: 1680\n"
		  "  Peer framing: sync, async\n"
		  "  Peer bearer: digital\n"
		  "  Authenticated: yes\n"
		  "  Kernel: up\n"
		  "  Hello interval: 1m\n",
	 ""},
	{"show session", 0, SESSION_9, ""},
	{"show session details", 0,
	 SESSION_9 "  Connect speed: 100000000/40000000 bit/s\n"
		   "  LCP open after 40 ms, network up after 75 ms\n"
		   "  Peer name: isp\n"
		   "  Call serial: 42\n"
		   "  Framing: sync\n"
		   "  Bearer: digital\n"
		   "  Sequencing: no\n"
		   "  Kernel: up\n"
		   "  Pppd pid: 1234\n",
	 ""},
	{"-statistics show session tunnel_id 7 session_id 9", 0,
	 SESSION_9 "  RX: 22 packets, 2200 octets, 1 errors, 0 discarded, 0 out of order\n"
		   "  TX: 11 packets, 1100 octets, 0 errors\n",
	 ""},
	{"show session user nobody", 0, "", ""},
	{"show peer", 0,
	 "Peer isp, calls: reject\n"
	 "  Addresses: 192.0.2.0/24, 2001:db8::/32\n"
	 "  Its host name: lns.example\n"
	 "  Our host name: lac\n"
	 "  Secret configured: yes\n"
	 "  Tunnels: 1, sessions: 1\n"
	 "Peer guest, calls: reject\n"
	 "  Our host name: lac\n"
	 "  Secret configured: no\n"
	 "  Tunnels: 1, sessions: 0\n",
	 ""},
	{"show version", 0, "aditd " ADIT_VERSION ", process 77, up for 1m\n", ""},
	{"show stats", 0,
	 "Tunnels: 2 of 1024\n"
	 "  Half open: 0 of 256\n"
	 "  Opened 2, accepted 0, failed 0, refused 0\n"
	 "  Authentication failures: 0\n"
	 "Sessions: 1 of 32768\n"
	 "  Opened 1, accepted 0, failed 0\n"
	 "Packets received: 0\n"
	 "  Malformed 0, bad version 0, data 0\n"
	 "  Unknown tunnel 0, wrong peer 0, repeated SCCRQ 0\n",
	 ""},
	{"-j show version", 0, "[{\"version\":\"" ADIT_VERSION "\",\"pid\":77,\"uptime\":60}]\n",
	 ""},
	{"-j -p show version", 0,
	 "[\n    {\n        \"version\": \"" ADIT_VERSION
	 "\",\n        \"pid\": 77,\n        \"uptime\": 60\n    }\n]\n",
	 ""},
	{"-j -d show peer name guest", 0,
	 "[{\"name\":\"guest\",\"local_name\":\"lac\",\"secret\":false,\"calls\":\"reject\","
	 "\"tunnels\":1,\"sessions\":0,\"challenge\":\"never\",\"hide\":\"never\","
	 "\"sequencing\":false,\"window\":32,\"retry_interval\":1000,"
	 "\"retry_interval_max\":8000,\"retries\":5,\"hello_interval\":60,"
	 "\"tunnel_setup_timeout\":60,\"session_setup_timeout\":60,\"idle_timeout\":60}]\n",
	 ""},
	{"-json show session user nobody", 0, "[]\n", ""},
	{"-p -j show session user nobody", 0, "[]\n", ""},
};

static void test_show(void **state)
{
	CHECK_ROWS(*state, shows);
}

/* Text has a home for every value: each placeholder is a field, each list two objects long. */
static void check_key(void *ctx, const char *key)
{
	const enum object_type *type = ctx;

	if (!field_find(*type, key))
		fail_msg("layout of %s: no field %s", object_table[*type].name, key);
}

static void test_layout_keys(void **state)
{
	(void)state;
	for (enum object_type type = 0; type < OBJECT_MAX; type++)
		__layout_keys(type, check_key, &type);
}

#define OPENED_40                                             \
	"Tunnel 99, encap UDP, named x, established for 0s\n" \
	"  From 192.0.2.1 to 192.0.2.5\n"                     \
	"  Peer tunnel 100\n"                                 \
	"  UDP source / dest ports: 1701/1701\n"              \
	"  Peer section guest, opened by local\n"             \
	"  Sessions: 0\n"

static const struct row changes[] = {
	{"add tunnel name x tunnel_id 99 remote 192.0.2.5", 0, OPENED_40, ""},
	{"del tunnel name x", 0, "", ""},
	{"-j del tunnel tunnel_id 8", 0, "", ""},
	{"show tunnel tunnel_id 8", 2, "", "aditd answers: no tunnel has tunnel_id 8\n"},
	{"tunnel add remote 192.0.2.5 encap UDP tunnel_id 99 nowait udp_dport 1702", 0,
	 "Tunnel 99, encap UDP, wait-ctl-reply\n"
	 "  From 192.0.2.1 to 192.0.2.5\n"
	 "  UDP source / dest ports: 1701/1702\n"
	 "  Peer section guest, opened by local\n"
	 "  Sessions: 0\n",
	 ""},
	{"-j add session lns isp session_id 3", 0,
	 "[{\"tunnel_id\":7,\"session_id\":3,\"tunnel_name\":\"isp\",\"peer_tunnel_id\":4711,"
	 "\"peer_session_id\":200,\"state\":\"established\",\"uptime\":0,"
	 "\"type\":\"lac-incoming\",\"interface\":\"ppp7\"}]\n",
	 ""},
	{"del session tunnel_id 7 all", 0, "", ""},
	{"debug 1", 0, "", ""},
	{"debug level 0", 0, "", ""},
	{"reload", 0, "", ""},
	{"add tunnel remote refuse.example", 2, "",
	 "aditd answers: peer: not authorized to open a tunnel: check names and secret: "
	 "who are you (result 4)\n"},
	{"-j add tunnel remote nowhere.example", 2, "[]\n",
	 "aditd answers: nowhere.example: no such host\n"},
	{"add tunnel remote silent.example timeout 1", 2, "",
	 "aditd answers: not up after 1 s; aditd goes on trying\n"},
	{"add session tunnel isp name busy", 2, "",
	 "aditd answers: peer: busy signal detected (result 8)\n"},
};

static void test_changes(void **state)
{
	struct fixture *f = *state;
	const struct row faults = {"reload", 2, "",
				   "aditd answers: adit.conf:1: bad\nadit.conf:2: \\x1bworse\n"};
	const struct row changed = {"reload", 0, "one tunnel changed\n", ""};

	CHECK_ROWS(f, changes);
	f->reload_text = "one tunnel changed";
	check_rows(f, &changed, 1);
	f->reload_err = -EINVAL;
	f->reload_text = "adit.conf:1: bad\nadit.conf:2: \033worse";
	check_rows(f, &faults, 1);
}

/* What people type, and what they ought to be told. None of it reaches the daemon. */
static const struct row mistakes[] = {
	{"shwo tunnel", 1, "", "Error: unknown word \"shwo\"; did you mean \"show\"?\n"},
	{"show tunel", 1, "", "Error: unknown word \"tunel\"; did you mean \"tunnel\"?\n"},
	{"add tunel remote h", 1, "", "Error: unknown word \"tunel\"; did you mean \"tunnel\"?\n"},
	{"d tunnel", 1, "", "Error: \"d\" could be \"del\" or \"debug\"\n"},
	{"show s", 1, "", "Error: \"s\" could be \"session\" or \"stats\"\n"},
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
	{"del tunnel id 7", 1, "", "Error: id is not accepted: say tunnel_id or session_id\n"},
	{"add tunnel 192.0.2.1", 1, "",
	 "Error: \"add tunnel\" has no argument \"192.0.2.1\"; "
	 "did you mean \"remote 192.0.2.1\"?\n"},
	{"add tunnel remote", 1, "", "Error: remote needs a value: ADDR|HOST\n"},
	{"add tunnel remot 192.0.2.1", 1, "",
	 "Error: \"add tunnel\" has no argument \"remot\"; did you mean \"remote\"?\n"},
	{"add tunnel remote h remote h", 1, "", "Error: remote is given twice\n"},
	{"add tunnel remote h local h", 1, "",
	 "Error: local must be an IPv4 or IPv6 address, not \"h\"\n"},
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
	pid_t pid;

	if (getuid() != 0)
		skip();
	assert_int_equal(chmod(f->folder, 0700), 0);
	snprintf(err, sizeof(err),
		 "adit: cannot connect to %s: Permission denied (needs root, or the socket's "
		 "group)\n",
		 f->path);
	run = calloc(1, sizeof(*run));
	pid = fork();
	if (pid == 0) {
		struct row row = {"show tunnel", 2, "", err, NULL};

		if (setgid(65534) || setuid(65534))
			_exit(1);
		check_rows(f, &row, 1);
		_exit(0);
	}
	run->pid = pid;
	assert_int_equal(waitpid(pid, &run->status, 0), pid);
	assert_int_equal(run->status, 0);
	free(run);
}

static const struct row batches[] = {
	{"-b -", 0, "aditd " ADIT_VERSION ", process 77, up for 1m\n" TUNNEL_8, "",
	 "# first\n\n  show version   # the daemon\r\nshow tunnel \"tunnel_id\" '8'"},
	{"-b -", 2, "", "aditd answers: no tunnel is named a b\nCommand failed -:2\n",
	 "\nshow tunnel name \"a b\"\nshow version\n"},
	{"-force -b -", 1, "aditd " ADIT_VERSION ", process 77, up for 1m\n",
	 "Error: unknown word \"nothing\"; try \"adit help\"\nCommand failed -:1\n"
	 "aditd answers: no tunnel has tunnel_id 99\nCommand failed -:2\n",
	 "nothing\nshow tunnel tunnel_id 99\nshow version\n"},
	{"-b -", 1, "",
	 "Error: a quote without its end, or more than 64 words\nCommand failed -:1\n",
	 "show tunnel name \"isp\nshow version\n"},
	{"-j -b -", 0, "[]\n[{\"version\":\"" ADIT_VERSION "\",\"pid\":77,\"uptime\":60}]\n", "",
	 "show session user nobody\nshow version\n"},
};

static void test_batch(void **state)
{
	CHECK_ROWS(*state, batches);
}

static void test_secret_file(void **state)
{
	struct fixture *f = *state;
	char path[128], words[256];
	struct row row = {words, 2, "", "aditd answers: a tunnel of that name exists\n", NULL};
	FILE *file;

	snprintf(path, sizeof(path), "%s/secret", f->folder);
	file = fopen(path, "w");
	fputs("xyzzy plugh\nsecond line\n", file);
	fclose(file);
	snprintf(words, sizeof(words), "add tunnel remote twice.example secret_file %s", path);
	check_rows(f, &row, 1);
	assert_string_equal(f->calls, "open_tunnel twice.example port 0 secret xyzzy plugh\n");
	unlink(path);
}

static const struct row helps[] = {
	{"-V", 0, "adit " ADIT_VERSION "\n", ""},
	{"help monitor", 0, "Usage: adit monitor\n       tell what happens, as it happens\n", ""},
	{"show peer help", 0,
	 "Usage: adit show peer [ ARGUMENTS ]\n"
	 "       list the peers of the configuration\n"
	 "\n"
	 "  name NAME                only this one\n"
	 "  details                  everything that is known, as option -d\n",
	 ""},
	{"help fields version", 0,
	 "version: the running daemon\n"
	 "  version                string             normal       version of aditd\n"
	 "  pid                    integer            normal       its process id\n"
	 "  uptime                 integer  s         normal       since it was started\n",
	 ""},
	{"help words add", 0, "tunnel\nsession\n", ""},
	{"help words -j show", 0, "tunnel\nsession\npeer\nstats\nversion\n", ""},
	{"help words del session tunnel_id", 0, "7\n8\n", ""},
	{"help words show tunnel name", 0, "isp\n", ""},
	{"help words show peer name", 0, "isp\nguest\n", ""},
	{"help words add tunnel name", 0, "", ""},
	{"help words add tunnel wait", 0, "none\nup\n", ""},
	{"help words show tunnel name tunnel_id", 0, "tunnel_id\npeer\nstatistics\ndetails\n", ""},
	{"help words show peer", 0, "name\ndetails\n", ""},
	{"-c /nonexistent help words del tunnel name", 0, "", ""},
};

static void test_help(void **state)
{
	CHECK_ROWS(*state, helps);
}

/* Every verb and option is in the usage, which is on standard error when nobody asked. */
static void test_usage(void **state)
{
	struct run *asked = malloc(sizeof(*asked)), *needed = malloc(sizeof(*needed));

	start(asked, "help", NULL);
	assert_int_equal(finish(*state, asked), 0);
	start(needed, "", NULL);
	assert_int_equal(finish(*state, needed), 1);
	assert_string_equal(asked->text[0], needed->text[1]);
	assert_string_equal(asked->text[1], "");
	for (size_t i = 0; i < CONTROL_COMMAND_MAX; i++)
		assert_non_null(strstr(asked->text[0], control_command_table[i].name));
	free(asked);
	free(needed);
}

/* Waits for so many monitors. */
static void wait_for_monitor(struct fixture *f)
{
	struct client *client;
	bool monitoring = false;

	for (int i = 0; i < PATIENCE && !monitoring; i++) {
		fixture_run(f);
		list_for_each (client, &f->control->clients, node)
			monitoring = monitoring || client->monitoring;
	}
	assert_true(monitoring);
}

static void tell_events(struct fixture *f)
{
	struct l2tp_tunnel *t = l2tp_tunnel_find(f->engine, 7);
	struct l2tp_event dropped = {
		.type = EVENT_PACKET_DROPPED,
		.peer = &t->core.peer,
		.text = "not \033 L2TP",
	};

	fixture_event(f, EVENT_TUNNEL_UP, t, NULL);
	fixture_event(f, EVENT_TUNNEL_DOWN, l2tp_tunnel_find(f->engine, 8), NULL);
	fixture_event(f, EVENT_SESSION_PPP_UP, t, l2tp_session_find(t, 9));
	control_event(f->control, &dropped, f->now);
}

static void test_monitor(void **state)
{
	static const char *const lines[] = {
		"tunnel up: tunnel 7 (isp), peer 192.0.2.2 (lns.example)\n",
		"tunnel down: tunnel 8, peer 2001:db8::2 (\\x1b[31mred\\xff)"
		": local: wrong secret (result 4)\n",
		"ppp up: session 9 in tunnel 7 (dsl), ppp0, user joe@example\n",
		"packet dropped: 192.0.2.2:1701: not \\x1b L2TP\n",
	};
	struct fixture *f = *state;
	struct run *run = malloc(sizeof(*run));
	struct client *client;
	char *at;

	start(run, "monitor", NULL);
	wait_for_monitor(f);
	tell_events(f);
	for (int i = 0; i < 50; i++)
		fixture_run(f);
	client = list_first(&f->control->clients, struct client, node);
	client_free(client);
	assert_int_equal(finish(f, run), 2);
	assert_string_equal(run->text[1], "adit: aditd closed the connection\n");
	at = run->text[0];
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		/* "[2026-01-01T12:00:00.123456] " */
		assert_int_equal(at[0], '[');
		assert_int_equal(at[11], 'T');
		assert_memory_equal(at + 27, "] ", 2);
		at += 29;
		assert_memory_equal(at, lines[i], strlen(lines[i]));
		at += strlen(lines[i]);
	}
	assert_string_equal(at, "");
	free(run);
}

static void test_monitor_json(void **state)
{
	struct fixture *f = *state;
	struct run *run = malloc(sizeof(*run));
	char *line, *save = NULL;
	json_t *json;
	int n = 0;

	start(run, "-j monitor", NULL);
	wait_for_monitor(f);
	tell_events(f);
	for (int i = 0; i < 50; i++)
		fixture_run(f);
	client_free(list_first(&f->control->clients, struct client, node));
	assert_int_equal(finish(f, run), 2);
	for (line = strtok_r(run->text[0], "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		json = json_loads(line, 0, NULL);
		assert_non_null(json_object_get(json, "event"));
		json_decref(json);
		n++;
	}
	assert_int_equal(n, 5);
	free(run);
}

static int setup(void **state)
{
	int err = fixture_setup(state);

	if (!err)
		setenv("ADIT_CONTROL", ((struct fixture *)*state)->path, 1);
	return err;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
		TEST(test_show),	  TEST(test_layout_keys), TEST(test_changes),
		TEST(test_mistakes),	  TEST(test_refusals),	  TEST(test_no_daemon),
		TEST(test_no_permission), TEST(test_batch),	  TEST(test_secret_file),
		TEST(test_help),	  TEST(test_usage),	  TEST(test_monitor),
		TEST(test_monitor_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
