/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Seeds for fuzz_engine: stories that reach each state of tunnels and sessions.
 */
#include "fuzz_engine.h"
#include "seeds.h"
#include "wire/msg.h"

#include "unit/engine_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define LAC 0
#define LNS 1
#define OCTETS(...)                                                                    \
	{                                                                              \
		(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}) \
	}
#define HEAD(flags) flags, 8, 0, 0
#define SAY(source, type) ENGINE_SAY, source, 0, 0, MSG_##type, 0
#define SAY_SO(source, type, how) ENGINE_SAY, source, 0, 0, MSG_##type, how
#define SAY_EARLY(source, ahead, type) \
	ENGINE_SAY, source, ENGINE_NUMBERS(ahead, 0), 0, MSG_##type, 0
#define SETTLE ENGINE_SETTLE
#define ACK(source) ENGINE_ACK, source, 0
/* More than 2^n ms. */
#define TIME(n) ENGINE_TIME, n
#define FAKE(box, op, does) ENGINE_FAKE, box, FAKE_##op, ENGINE_FAKE_##does

#define TUNNEL_OF(source) SAY(source, SCCRQ), SAY(source, SCCCN), ACK(source)
#define CALL_OF(source) SAY(source, ICRQ), SETTLE, SAY(source, ICCN), SETTLE
#define PROVEN ENGINE_SECRET | ENGINE_CHALLENGE | ENGINE_HIDE
/* Between the boxes. */
#define TUNNEL ENGINE_OPEN_TUNNEL, LAC, ENGINE_OTHER_BOX, 0, 0
#define CALL ENGINE_OPEN_SESSION, LAC, 0, 0, 0
#define CLOSE_TUNNEL(box) ENGINE_CLOSE_TUNNEL, box, 0
#define CLOSE_CALL(box) ENGINE_CLOSE_SESSION, box, 0, 0

static const struct {
	const char *name;
	struct bytes input;
} stories[] = {
	{"called", OCTETS(HEAD(0), TUNNEL_OF(0), SETTLE, CALL_OF(0), SAY(0, HELLO), SAY(0, SLI),
			  SAY(0, WEN), SAY(0, CDN), SETTLE, SAY(0, STOPCCN), SETTLE)},
	{"called-with-secret",
	 OCTETS(HEAD(PROVEN), SAY_SO(0, SCCRQ, ENGINE_SAY_CHALLENGE | ENGINE_SAY_HIDDEN),
		SAY_SO(0, SCCCN, ENGINE_SAY_RESPONSE | ENGINE_SAY_HIDDEN), SETTLE,
		SAY_SO(0, ICRQ, ENGINE_SAY_HIDDEN), SETTLE, SAY_SO(0, ICCN, ENGINE_SAY_HIDDEN),
		SETTLE, CLOSE_TUNNEL(LNS), SETTLE, ACK(0))},
	{"called-false-secret", OCTETS(HEAD(PROVEN), SAY(0, SCCRQ),
				       SAY_SO(0, SCCCN, ENGINE_SAY_RESPONSE | ENGINE_SAY_FALSE),
				       SETTLE, ACK(0), TIME(16))},
	{"called-no-response", OCTETS(HEAD(PROVEN), SAY(0, SCCRQ), SAY(0, SCCCN), SETTLE)},
	{"calls", OCTETS(HEAD(0), ENGINE_OPEN_TUNNEL, LNS, 0, 1, 5, SAY(0, SCCRP), SETTLE, ACK(0),
			 ENGINE_OPEN_SESSION, LNS, 0, 1, 9, SAY(0, ICRP), SETTLE, ACK(0), SETTLE,
			 CLOSE_CALL(LNS), SETTLE, ACK(0), CLOSE_TUNNEL(LNS), ACK(0), SETTLE)},
	{"calls-with-secret",
	 OCTETS(HEAD(PROVEN), ENGINE_OPEN_TUNNEL, LNS, 1, 0, 0, ENGINE_OPEN_SESSION, LNS, 0, 0, 0,
		SAY_SO(1, SCCRP, ENGINE_SAY_CHALLENGE | ENGINE_SAY_RESPONSE), SETTLE, ACK(1),
		SAY(1, ICRP), SETTLE, ACK(1))},
	{"calls-other-port", OCTETS(HEAD(0), ENGINE_OPEN_TUNNEL, LNS, 0, 0, 0, ENGINE_BODY, 1, 0, 0,
				    0, SAY(1, SCCRP), SETTLE)},
	{"calls-nobody", OCTETS(HEAD(0), ENGINE_OPEN_TUNNEL, LNS, 2, 0, 0, TIME(16), TIME(17))},
	{"calls-refused", OCTETS(HEAD(0), ENGINE_OPEN_TUNNEL, LNS, 0, 0, 0,
				 SAY_SO(0, STOPCCN, ENGINE_SAY_RESULT), SETTLE)},
	{"call-refused", OCTETS(HEAD(0), ENGINE_OPEN_TUNNEL, LNS, 0, 0, 0, SAY(0, SCCRP), ACK(0),
				ENGINE_OPEN_SESSION, LNS, 0, 0, 0, ACK(0),
				SAY_SO(0, CDN, ENGINE_SAY_RESULT), SETTLE)},
	{"boxes", OCTETS(HEAD(0), TUNNEL, CALL, SETTLE, CALL, SETTLE, TIME(10), CLOSE_CALL(LAC),
			 SETTLE, CLOSE_CALL(LNS), SETTLE, CLOSE_TUNNEL(LAC), SETTLE, TIME(16))},
	{"boxes-with-secret", OCTETS(HEAD(PROVEN), TUNNEL, CALL, SETTLE, CLOSE_TUNNEL(LNS))},
	{"boxes-bad-network", OCTETS(PROVEN, 4, 30, 20, TUNNEL, CALL, CALL, TIME(13), CALL,
				     CLOSE_CALL(LNS), TIME(14), CLOSE_TUNNEL(LNS))},
	{"boxes-both-at-once", OCTETS(HEAD(0), TUNNEL, ENGINE_OPEN_TUNNEL, LNS, ENGINE_OTHER_BOX, 1,
				      8, SETTLE, CALL, ENGINE_OPEN_SESSION, LNS, 0, 1, 3, SETTLE)},
	{"boxes-call-on-up", OCTETS(HEAD(ENGINE_CALL_ON_UP), TUNNEL, SETTLE, ENGINE_SHUTDOWN, LAC)},
	{"boxes-rejected", OCTETS(HEAD(ENGINE_REJECT), TUNNEL, CALL, SETTLE)},
	{"boxes-idle", OCTETS(HEAD(ENGINE_IDLE), TUNNEL, SETTLE, TIME(15), TIME(14), TIME(16))},
	{"boxes-abort", OCTETS(HEAD(ENGINE_ABORT), TUNNEL, CALL, TIME(1), CALL, TIME(2), CALL)},
	{"boxes-cut-off",
	 OCTETS(HEAD(0), TUNNEL, CALL, SETTLE, ENGINE_NET, 99, 0, 1, 0, TIME(17), TIME(16))},
	{"kernel-tunnel-fails",
	 OCTETS(HEAD(0), FAKE(LNS, TUNNEL_CREATE, FAILS_LATER), TUNNEL, CALL, SETTLE)},
	{"kernel-session-fails",
	 OCTETS(HEAD(0), FAKE(LAC, SESSION_CREATE, FAILS_LATER), TUNNEL, CALL, SETTLE,
		FAKE(LAC, SESSION_CREATE, WORKS), FAKE(LNS, SESSION_CREATE, FAILS), CALL, SETTLE)},
	{"kernel-slow",
	 OCTETS(HEAD(0), FAKE(LNS, SESSION_CREATE, HOLDS), TUNNEL, CALL, SETTLE, CLOSE_TUNNEL(LAC),
		SETTLE, FAKE(LNS, SESSION_CREATE, RELEASES), SETTLE)},
	{"kernel-slow-delete",
	 OCTETS(HEAD(0), FAKE(LNS, SESSION_DELETE, IS_SLOW), FAKE(LAC, TUNNEL_DELETE, HOLDS),
		TUNNEL, CALL, SETTLE, CLOSE_CALL(LNS), CLOSE_TUNNEL(LNS), SETTLE)},
	{"ppp-fails", OCTETS(HEAD(0), FAKE(LNS, PPP_START, FAILS), FAKE(LNS, PPP_START, FAILS),
			     TUNNEL, CALL, SETTLE)},
	{"ppp-none", OCTETS(HEAD(0), FAKE(LAC, PPP_START, FAILS), TUNNEL, CALL, SETTLE,
			    CLOSE_CALL(LAC), SETTLE)},
	{"ppp-dies", OCTETS(HEAD(0), FAKE(LNS, PPP_UP, IS_SLOW), TUNNEL, CALL, TIME(5),
			    ENGINE_PPP_DIES, LNS, 0, 0, SETTLE, ENGINE_PPP_DIES, LAC, 0, 0)},
	{"ppp-hangs", OCTETS(HEAD(0), FAKE(LNS, PPP_GRACEFUL, HOLDS), TUNNEL, CALL, SETTLE,
			     CLOSE_CALL(LNS), TIME(15), ENGINE_SHUTDOWN, LNS)},
	{"socket-fails",
	 OCTETS(HEAD(0), FAKE(LNS, SOCKET_OPEN, FAILS), TUNNEL, SETTLE,
		FAKE(LNS, SOCKET_OPEN, WORKS), FAKE(LAC, SOCKET_CONNECT, FAILS), TUNNEL, SETTLE)},
	{"limits", OCTETS(HEAD(ENGINE_LIMITS), SAY(0, SCCRQ), SAY(1, SCCRQ), SAY(2, SCCRQ),
			  SAY(0, SCCCN), SAY(2, SCCRQ), CALL_OF(0), SAY(0, ICRQ), SAY(0, ICRQ))},
	{"restarted", OCTETS(HEAD(0), TUNNEL_OF(0), TIME(16), TIME(15), ENGINE_RESTART, 0, 77,
			     TUNNEL_OF(0), SETTLE)},
	{"repeated", OCTETS(HEAD(0), SAY(0, SCCRQ), SAY_EARLY(0, -1, SCCRQ), ENGINE_RESTART, 0, 0,
			    SAY(0, SCCRQ), TIME(13))},
	{"disordered", OCTETS(HEAD(0), SAY(0, SCCRQ), SAY_EARLY(0, 2, HELLO), SAY_EARLY(0, 1, ICRQ),
			      SAY(0, SCCCN), SAY(0, HELLO), SAY(0, HELLO), SETTLE)},
	{"wrong-order", OCTETS(HEAD(0), SAY(0, SCCRQ), SAY(0, SCCRP), SETTLE)},
	{"outgoing-call", OCTETS(HEAD(0), TUNNEL_OF(0), SAY(0, OCRQ), SETTLE, SAY(0, ICCN))},
	{"poisoned", OCTETS(HEAD(0), TUNNEL_OF(0), SAY_SO(0, ICRQ, ENGINE_SAY_POISON), SETTLE,
			    SAY_SO(0, HELLO, ENGINE_SAY_POISON), SETTLE)},
	{"unknown-messages",
	 OCTETS(HEAD(0), TUNNEL_OF(0), SAY_SO(0, HELLO, ENGINE_SAY_UNKNOWN | ENGINE_SAY_OPTIONAL),
		SAY_SO(0, HELLO, ENGINE_SAY_UNKNOWN), SETTLE)},
	{"spoofed", OCTETS(HEAD(0), TUNNEL, SETTLE, SAY(3, HELLO), SAY(3, STOPCCN), SETTLE)},
	{"stale", OCTETS(HEAD(0), ENGINE_CLEAR_STALE, LAC, 3, 4, SETTLE, ENGINE_CLEAR_STALE, LNS, 5,
			 6, SETTLE, ACK(0))},
	{"no-memory", OCTETS(HEAD(0), ENGINE_MEMORY, 9, TUNNEL, CALL, SETTLE, ENGINE_MEMORY, 20,
			     TUNNEL, CALL, SETTLE)},
	{"raw", OCTETS(HEAD(0), TUNNEL_OF(0), ENGINE_BODY, 0, 0, 0, 8, 0x80, 8, 0, 0, 0, 0, 0, 6,
		       ENGINE_RAW, 1, 20, 0xc8, 3, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 8, 0, 0, 0,
		       0, 0, 6, ENGINE_RAW, 0, 4, 0, 2, 0, 0)},
};

void seeds_engine(void)
{
	for (size_t i = 0; i < COUNT(stories); i++)
		seed_write("engine", stories[i].name, stories[i].input);
}
