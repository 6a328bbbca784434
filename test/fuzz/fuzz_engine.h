/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The language of fuzz_engine.c, for the seeds too.
 *
 * An input is a head of ENGINE_HEAD_LEN octets (flags, more flags, receive window, percents of loss
 * and of doubling of the network between the boxes) and operations: an octet, modulo ENGINE_OP_MAX,
 * and its arguments, one octet each unless said otherwise. Corpora live on: append only.
 */
#pragma once

#define ENGINE_HEAD_LEN 5

enum engine_flags {
	ENGINE_SECRET = 1,
	ENGINE_CHALLENGE = 2, /* both boxes demand that the peer proves to know the secret */
	ENGINE_HIDE = 4,
	ENGINE_REJECT = 8, /* "lns" takes no calls */
	ENGINE_LIMITS = 16,
	ENGINE_CALL_ON_UP = 32, /* "lac" places a call in each tunnel, once it is up */
	ENGINE_ABORT = 64,	/* no orderly end */
	ENGINE_IDLE = 128,	/* tunnels without calls close after a while */
};

enum engine_more_flags {
	ENGINE_SEQUENCING = 1,
	/* "lns" knows its peers by address and Host Name; one source only by the latter. */
	ENGINE_SECTIONS = 2,
	ENGINE_NO_CHALLENGE = 4,
	ENGINE_SENSITIVE = 8,	/* hidden is what identifies a person */
	ENGINE_NO_SECTION = 16, /* of PPP: nobody who answers outgoing calls */
};

enum engine_op {
	/* A datagram to "lns": its source, how many octets, and those octets. */
	ENGINE_RAW,
	/* The same behind a header that is right: source, numbers, session, length, octets. */
	ENGINE_BODY,
	/* A message with all that it must have: source, numbers, session, type, enum engine_say. */
	ENGINE_SAY,
	/* An acknowledgement: source, numbers. */
	ENGINE_ACK,
	/* A source starts anew: source, its tunnel id (0: the one of before). */
	ENGINE_RESTART,
	/* In units of 2^n ms. */
	ENGINE_TIME,
	/* Until nothing is under way. */
	ENGINE_SETTLE,
	/* What a box does for its engine: box, enum engine_deed, enum engine_fake. */
	ENGINE_FAKE,
	/* pppd ends: box, which tunnel, which session. */
	ENGINE_PPP_DIES,
	/* Box, to which source or (ENGINE_OTHER_BOX) to the other box, name, tunnel id. */
	ENGINE_OPEN_TUNNEL,
	/* Box, which tunnel, name (and ENGINE_OUTGOING), session id. */
	ENGINE_OPEN_SESSION,
	/* Box, which tunnel. */
	ENGINE_CLOSE_TUNNEL,
	/* Box, which tunnel, which session. */
	ENGINE_CLOSE_SESSION,
	/* Box. */
	ENGINE_SHUTDOWN,
	/* Which allocation from now on fails. */
	ENGINE_MEMORY,
	/* The network: percent of loss, of doubling, delay and jitter in ms. */
	ENGINE_NET,
	/* Box, its and the peer's tunnel id: what a predecessor left. */
	ENGINE_CLEAR_STALE,
	/* A source goes on in another's place: source, whose. */
	ENGINE_OVERHEAR,
	/* WEN or SLI: box, which tunnel, which session, a value. */
	ENGINE_TELL,
	ENGINE_OP_MAX,
};

/* Octet "numbers": Ns and Nr relative to the right ones, four bits each, -8 to 7. */
#define ENGINE_NUMBERS(ns, nr) (((ns)&15) << 4 | ((nr)&15))
/* Octet "session": of that many of the tunnel's; from here on such as do not exist. */
#define ENGINE_NO_SESSION 16

/* Octet "source": others would do, but three talkers and one who says to be "lac" are enough. */
#define ENGINE_SOURCES 4
#define ENGINE_OTHER_BOX ENGINE_SOURCES

/* As LNS: the peer is to call. */
#define ENGINE_OUTGOING 128

enum engine_say {
	/* Of ICCN and OCCN: Sequencing Required; of OCRQ: no speed is right. */
	ENGINE_SAY_CHALLENGE = 1,
	ENGINE_SAY_RESPONSE = 2,
	ENGINE_SAY_FALSE = 4, /* the response */
	ENGINE_SAY_POISON = 8,
	ENGINE_SAY_OPTIONAL = 16,
	ENGINE_SAY_UNKNOWN = 32, /* as a message of no known type */
	ENGINE_SAY_HIDDEN = 64,
	/* Another Result Code and an Error Code; of OCRQ: no number. */
	ENGINE_SAY_RESULT = 128,
};

/* What SCCRQ and SCCRP say in place of a session. Both bits of the tie: the one that was heard. */
enum engine_connect {
	ENGINE_TIE_LOW = 1,
	ENGINE_TIE_HIGH = 2,
	ENGINE_VERSION_2 = 4,
	ENGINE_NAMED = 8, /* with the Host Name that a peer section has */
	ENGINE_WINDOW_0 = 16,
	ENGINE_BEARER = 32, /* it can place calls */
};

enum engine_deed {
	ENGINE_TUNNEL_CREATE,
	ENGINE_TUNNEL_DELETE,
	ENGINE_SESSION_CREATE,
	ENGINE_SESSION_DELETE,
	ENGINE_PPP_START,
	ENGINE_PPP_UP,
	ENGINE_PPP_GRACEFUL,
	ENGINE_PPP_HANGUP,
	ENGINE_SOCKET_OPEN,
	ENGINE_SOCKET_CONNECT,
	ENGINE_SESSION_MODIFY,
	ENGINE_DEED_MAX,
};

enum engine_fake {
	ENGINE_FAKE_WORKS,
	ENGINE_FAKE_FAILS,
	ENGINE_FAKE_FAILS_LATER,
	ENGINE_FAKE_HOLDS,
	ENGINE_FAKE_RELEASES,
	ENGINE_FAKE_IS_SLOW,
	ENGINE_FAKE_MAX,
};
