/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls through their sets: levels, failover, sharing, limits, shared tunnels and lockout.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "test/unit/steer_script.h"

#define SETTINGS(...)                                                              \
	{                                                                          \
		.lockout = 300 * USEC_PER_SEC, .max_destinations = 64, __VA_ARGS__ \
	}
#define NEXT_LEVEL SETTINGS(.sharing = STEER_ROUND_ROBIN)
#define WITHIN SETTINGS(.fail_over_within_preference = true)
#define TESTED SETTINGS(.lockout_test = true)
#define SMALL                                                        \
	{                                                            \
		.lockout = 300 * USEC_PER_SEC, .max_destinations = 2 \
	}

static const struct steer_script scripts[] = {
	/* --- failover --- */
	{"the next level after a failure, what was left behind after the last",
	 NEXT_LEVEL,
	 {"set a:0 b:0 c:1 d:1", "1 > a+", "a gone 0 0", "1 > c+", "c gone 0 0", "1 > b+",
	  "b gone 0 0", "1 > d+", "d up", "1 up"}},
	{"within the level first: A and B at 0, C and D at 1",
	 WITHIN,
	 {"set a:0 b:0 c:1 d:1", "1 > a+", "a gone 0 0", "1 > b+", "b gone 0 0", "1 > c+",
	  "c gone 0 0", "1 > d+", "d up", "1 up", "2 > d"}},
	{"the best level again once it is back",
	 WITHIN,
	 {"set a:0 c:1", "1 > a+", "a gone 0 0", "1 > c+", "c up", "1 up", "2 > c", "2 up",
	  "wait 300", "a is probing", "3 > a+", "a up", "3 up", "a is unlocked", "4 > a"}},
	{"what each of them said",
	 WITHIN,
	 {"set a:0 b:1 c:2", "1 > a+", "a gone 0 0", "1 > b+", "b gone 4 0", "1 > c+", "c up",
	  "1 cdn 6 0",
	  ("1 > down a: peer: no reason given; b: peer: not authorized to open a tunnel: check "
	   "names and secret (result 4); c: peer: invalid destination (result 6)")}},
	{"a refusal of this call is no failure of the LNS",
	 WITHIN,
	 {"set a:0 b:1", "1 > a+", "a up", "1 cdn 3 0", "a is unlocked", "1 > b+", "2 > a",
	  "2 cdn 2 6", "a is unlocked", "3 > a", "3 cdn 2 7", "a is locked", "4 > b"}},
	{"a tunnel that was idle and ended under the call is opened anew, once",
	 WITHIN,
	 {"set a:0", "1 > a+", "a up", "1 up", "1 done", "2 > a", "a idle", "a is unlocked",
	  "2 > a+", "a up", "a idle",
	  "2 > down a: local: idle (result 1); a: local: idle (result 1)"}},
	{"a tunnel that died under the call too, as the last chance",
	 WITHIN,
	 {"set a:0 b:1", "1 > a+", "a up", "1 up", "2 > a", "a gone 0 0", "a is locked", "2 > b+",
	  "b gone 0 0", "2 > a+", "a up", "2 up", "a is unlocked"}},
	{"one that did not come up is not",
	 WITHIN,
	 {"set a:0", "1 > a+", "a gone 0 0", "1 > down a: peer: no reason given"}},

	/* --- sharing --- */
	{"round robin goes on from set to set",
	 NEXT_LEVEL,
	 {"set a:0 b:0 c:0", "1 > a+", "2 > b+", "set a:0 b:0 c:0", "3 > c+", "4 > a", "5 > b",
	  "set b:0 c:0", "6 > c", "7 > b", "set a:0 b:0 c:0", "8 > a"}},
	{"least sessions",
	 SETTINGS(.sharing = STEER_LEAST_SESSIONS),
	 {"set a:0 b:0", "1 > a+", "2 > b+", "3 > a", "1 done", "3 done", "4 > a", "5 > b", "6 > a",
	  "7 > b", "8 > a"}},
	{"weighted",
	 SETTINGS(.sharing = STEER_WEIGHTED),
	 {"set a:0:30 b:0:10", "1 > a+", "2 > b+", "3 > a", "4 > a", "5 > b", "6 > a", "7 > a",
	  "8 > a", "9 > b"}},
	{"weighted: one without a limit weighs as the heaviest",
	 SETTINGS(.sharing = STEER_WEIGHTED),
	 {"set a:0:2 b:0", "1 > a+", "2 > b+", "3 > a", "4 > b", "5 > b"}},
	{"weighted without any limit: the fewest",
	 SETTINGS(.sharing = STEER_WEIGHTED),
	 {"set a:0 b:0", "1 > a+", "2 > b+", "3 > a", "3 done", "4 > b", "5 > a"}},
	{"of two tunnels to one destination the emptier",
	 NEXT_LEVEL,
	 {"set a:0:0:0:x a:0:0:0:y", "1 > a+", "2 > a+", "3 > a", "4 > a", "a counts 4 2"}},

	/* --- shared tunnels and limits --- */
	{"one tunnel for all, also while it is being opened",
	 NEXT_LEVEL,
	 {"set a:0", "1 > a+", "2 > a", "3 > a", "a counts 3 1", "a up", "4 > a", "1 up", "1 done",
	  "2 done", "3 done", "4 done", "a counts 0 1", "5 > a"}},
	{"all its calls go on when it fails",
	 NEXT_LEVEL,
	 {"set a:0 b:1", "1 > a+", "2 > a", "a gone 0 0", "a counts 0 0", "1 > b+", "2 > b", "b up",
	  "1 up", "2 up"}},
	{"a tunnel that nobody opened goes with its calls",
	 NEXT_LEVEL,
	 {"set a:0", "1 > a?", "2 > a?", "a counts 2 1", "1 done", "2 done", "a counts 0 0",
	  "3 > a+"}},
	{"by assignment id alone",
	 NEXT_LEVEL,
	 {"set a:0:0:0:x", "names us them", "1 > a+", "set a:0:0:0:y", "2 > a+", "names we they",
	  "set a:0:0:0:x", "3 > a", "set a:0", "4 > a+", "a counts 4 3"}},
	{"with one secret alone",
	 NEXT_LEVEL,
	 {"set a:0:0:0:x:one", "1 > a+", "set a:0:0:0:x:two", "2 > a+", "set a:0:0:0:x:one",
	  "3 > a", "set a:0:0:0:x", "4 > a+", "a counts 4 3"}},
	{"by the names of both ends too",
	 SETTINGS(.assignment = STEER_BY_CLIENT_SERVER),
	 {"names us them", "set a:0:0:0:x", "1 > a+", "names us they", "set a:0:0:0:x", "2 > a+",
	  "names we them", "set a:0:0:0:x", "3 > a+", "names us them", "set a:0:0:0:x", "4 > a",
	  "a counts 4 3"}},
	{"a full tunnel gets a second beside it",
	 NEXT_LEVEL,
	 {"set a:0:0:2", "1 > a+", "2 > a", "3 > a+", "4 > a", "a counts 4 2", "1 done", "5 > a",
	  "a counts 4 2", "6 > a+"}},
	{"unless the peer may have no more",
	 NEXT_LEVEL,
	 {"max-tunnels 1", "set a:0:0:1 b:1", "1 > a+", "2 > b+", "set a:0:0:1",
	  "3 > full a: full: 1 of 1 tunnels, with 1 sessions each", "1 done", "4 > a"}},
	{"a full destination is passed over, and had again",
	 NEXT_LEVEL,
	 {"set a:0:1 b:1:1", "1 > a+", "2 > b+",
	  "3 > full a: full: 1 of 1 sessions; b: full: 1 of 1 sessions", "1 done", "4 > a"}},
	{"the limit is of the destination, whoever names it",
	 NEXT_LEVEL,
	 {"set a:0:2:0:x", "1 > a+", "set a:0:2:0:y", "2 > a+", "set a:0:2",
	  "3 > full a: full: 2 of 2 sessions", "set a:0:3", "4 > a+"}},
	{"one that was full has room again while the call is on its way",
	 NEXT_LEVEL,
	 {"set a:0:1 b:1", "1 > a+", "2 > b+", "1 done", "b gone 0 0", "2 > a", "2 up"}},

	{"no call joins a tunnel that another told to have failed",
	 {.max_destinations = 64},
	 {"set a:0 b:0", "1 > a+", "2 > b+", "3 > a", "1 lost", "1 > b", "4 > a+", "a counts 2 2"}},

	{"shut out from a tunnel that drains: another to the same LNS, and no failure",
	 NEXT_LEVEL,
	 {"set a:0 b:1", "1 > a+", "a up", "1 up", "2 > a", "2 shut-out", "a counts 1 1", "2 > a+",
	  "a counts 2 2", "a is unlocked", "3 > a", "3 cdn 4 0", "a is locked", "3 > b+"}},
	{"shut out when there may be no other tunnel",
	 NEXT_LEVEL,
	 {"max-tunnels 1", "set a:0 b:1", "1 > a+", "a up", "1 up", "2 > a", "2 shut-out",
	  "2 > b+"}},
	{"shut out from its last chance, which it still has",
	 NEXT_LEVEL,
	 {"set a:0", "1 > a+", "a up", "1 up", "2 > a", "2 cdn 4 0", "a is locked", "3 > a",
	  "3 shut-out", "3 > a+", "3 up", "a is unlocked"}},

	/* --- lockout --- */
	{"timers that are late",
	 TESTED,
	 {"set a:0 b:1", "1 > a+", "a gone 0 0", "1 > b+", "later 300", "a is locked", "2 > b",
	  "a is testing", "a good", "3 > a+", "3 lost", "a is locked", "a gone 0 0"}},
	{"locked out, probed with one call, unlocked",
	 NEXT_LEVEL,
	 {"set a:0 b:1", "1 > a+", "a gone 0 0",   "a is locked",   "1 > b+",
	  "b up",	 "1 up",   "2 > b",	   "wait 299",	    "a is locked",
	  "3 > b",	 "wait 1", "a is probing", "4 > a+",	    "5 > b",
	  "a up",	 "6 > b",  "4 up",	   "a is unlocked", "7 > a"}},
	{"the probe fails: locked out anew",
	 NEXT_LEVEL,
	 {"set a:0 b:1", "1 > a+", "a gone 0 0", "1 > b+", "wait 300", "2 > a+", "a up",
	  "2 cdn 4 0", "a is locked", "2 > b", "wait 299", "a is locked", "wait 1",
	  "a is probing"}},
	{"the probe is hung up: the next call is one",
	 NEXT_LEVEL,
	 {"set a:0 b:1", "1 > a+", "a gone 0 0", "1 > b+", "wait 300", "2 > a+", "3 > b", "2 done",
	  "a is probing", "4 > a", "5 > b", "a up", "4 up", "a is unlocked"}},
	{"with nowhere else to go calls come along with the probe",
	 NEXT_LEVEL,
	 {"set a:0", "1 > a+", "a gone 0 0", "1 done", "wait 300", "2 > a+", "3 > a", "a up",
	  "4 > a", "a counts 3 1", "2 up", "a is unlocked"}},
	{"all locked out: the one that failed first, once",
	 NEXT_LEVEL,
	 {"set a:0 b:0 c:1", "1 > a+", "a gone 0 0", "wait 1", "1 > c+", "c gone 0 0", "wait 1",
	  "1 > b+", "b gone 0 0", "1 done", "wait 10", "2 > a+", "a gone 0 0",
	  ("2 > down a: peer: no reason given; b: locked out for 290 s more after: peer: no reason "
	   "given; c: locked out for 289 s more after: peer: no reason given")}},
	{"and then it is another's turn, until one takes the call",
	 NEXT_LEVEL,
	 {"set a:0 b:1", "1 > a+", "a gone 0 0", "wait 1", "1 > b+", "b gone 0 0", "1 done",
	  "wait 1", "2 > a+", "a gone 0 0", "2 done", "wait 1", "3 > b+", "b up", "3 up",
	  "b is unlocked", "a is locked", "4 > b"}},
	{"a call from before does not end the lockout, nor begin it anew",
	 NEXT_LEVEL,
	 {"set a:0 b:1", "1 > a+", "2 > a", "3 > a", "a up", "1 cdn 4 0", "a is locked", "2 up",
	  "a is locked", "wait 200", "3 cdn 4 0", "wait 100", "a is probing"}},
	{"by hand",
	 NEXT_LEVEL,
	 {"set a:0 b:1", "1 > a+", "a gone 0 0", "1 > b+", "a unlock", "a is unlocked", "2 > a+",
	  "wait 300", "a is unlocked", "3 > a"}},
	{"a test before the probe",
	 TESTED,
	 {"set a:0 b:1", "1 > a+", "a gone 0 0", "1 > b+", "wait 300", "a is testing", "2 > b",
	  "a bad", "a is locked", "wait 300", "a is testing", "a good", "a is probing", "3 > a+",
	  "4 > b", "a up", "3 up", "a is unlocked"}},
	{"unlocked by hand while the test runs, and locked again: it will do",
	 TESTED,
	 {"set a:0 b:1", "1 > a+", "a gone 0 0", "1 > b+", "wait 300", "a is testing", "a unlock",
	  "2 > a+", "a gone 0 0", "a is locked", "2 > b", "wait 300", "a is testing", "a good",
	  "a is probing"}},
	{"a test that cannot begin does with the next call",
	 TESTED,
	 {"set a:0 b:1", "1 > a+", "a gone 0 0", "1 > b+", "tests fail", "wait 300",
	  "a is wait-test", "2 > b", "a is wait-test", "tests begin", "3 > b", "a is testing",
	  "a good", "4 > a+"}},
	{"a test that ends late is of no matter",
	 TESTED,
	 {"set a:0 b:1", "1 > a+", "a gone 0 0", "1 > b+", "wait 300", "a unlock", "a bad",
	  "a is unlocked"}},
	{"all locked out, and one is being tested",
	 TESTED,
	 {"set a:0 b:1", "1 > a+", "a gone 0 0", "1 > b+", "b gone 0 0", "1 done", "wait 300",
	  "2 > a+", "a is testing", "a up", "2 up", "a is unlocked"}},
	{"no lockout at all",
	 {.max_destinations = 64},
	 {"set a:0 b:1", "1 > a+", "a gone 0 0", "a is unlocked", "1 > b+", "2 > a+"}},

	/* --- the table --- */
	{"the destination that was not used for longest is forgotten, a locked one last",
	 SMALL,
	 {"set a:0 b:1", "1 > a+", "a gone 0 0", "1 > b+", "b up", "1 up", "1 done", "b idle",
	  "set c:0", "2 > c+", "a is locked", "b unknown", "set d:0", "3 > d+", "a unknown",
	  "c counts 1 1", "d counts 1 1"}},
	{"one in use is not",
	 SMALL,
	 {"set a:0", "1 > a+", "set b:0", "2 > b+", "set c:0 b:1", "3 > b", "set c:0 d:0",
	  ("4 > down c: max_destinations reached, and all are in use; d: max_destinations reached, "
	   "and all are in use"),
	  "a counts 1 1"}},

	{"each allocation fails in its turn, and the call asks again",
	 NEXT_LEVEL,
	 {"set a:0", "1 without memory", "1 > a+", "a counts 1 1"}},

	/* --- explained --- */
	{"what would become of a call",
	 NEXT_LEVEL,
	 {"set a:0 b:0:1 c:1 d:2 e:3:0:1",
	  "explain preference 0: a (a): 0 sessions, tunnel to be opened, taken: its turn",
	  "explain preference 0: b (b): 0 sessions, tunnel to be opened",
	  "explain preference 1: c (c): 0 sessions, tunnel to be opened",
	  "explain preference 2: d (d): 0 sessions, tunnel to be opened",
	  "explain preference 3: e (e): 0 sessions, tunnel to be opened",
	  "explain",
	  "a unknown",
	  "1 > a+",
	  "a gone 4 0",
	  "1 > c+",
	  "c up",
	  "2 > b+",
	  "wait 1",
	  ("explain preference 0: a (a): locked out for 299 s more after: peer: not authorized to "
	   "open a tunnel: check names and secret (result 4)"),
	  "explain preference 0: b (b): full: 1 of 1 sessions",
	  "explain preference 1: c (c): 1 sessions, tunnel up, taken: its turn",
	  "explain preference 2: d (d): 0 sessions, tunnel to be opened",
	  "explain preference 3: e (e): 0 sessions, tunnel to be opened",
	  "explain"}},
	{"all locked out, explained",
	 NEXT_LEVEL,
	 {"set a:0 b:1", "1 > a+", "a gone 0 0", "wait 1", "1 > b+", "b gone 0 0", "wait 1",
	  ("explain preference 0: a (a): locked out for 298 s more after: peer: no reason given, "
	   "taken: all are locked out, and it failed first"),
	  "explain preference 1: b (b): locked out for 299 s more after: peer: no reason given",
	  "explain"}},
	{"a probe, explained",
	 SETTINGS(.sharing = STEER_LEAST_SESSIONS),
	 {"set a:0", "1 > a+", "a gone 0 0", "1 done", "wait 300",
	  "explain preference 0: a (a): to be probed with one call, taken: fewest sessions",
	  "explain", "2 > a+",
	  "explain preference 0: a (a): being probed with one call, taken: fewest sessions",
	  "explain"}},
	{"a test, explained",
	 TESTED,
	 {"set a:0 b:1", "1 > a+", "2 > a", "a gone 0 0", "1 > b+", "wait 300",
	  ("explain preference 0: a (a): locked out until a test succeeds, after: peer: no reason "
	   "given"),
	  "explain preference 1: b (b): 1 sessions, tunnel being opened, taken: its turn",
	  "explain"}},
	{"by lot, explained",
	 SETTINGS(.sharing = STEER_RANDOM),
	 {"set a:0 b:0 c:1",
	  "explain preference 0: a (a): 0 sessions, tunnel to be opened, taken by lot",
	  "explain preference 0: b (b): 0 sessions, tunnel to be opened, taken by lot",
	  "explain preference 1: c (c): 0 sessions, tunnel to be opened", "explain"}},
};

static void play(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		steer_script_play(&scripts[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(play),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
