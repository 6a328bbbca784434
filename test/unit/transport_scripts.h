/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scripts for one transport: what comes in, and what must come of it. Played by test_transport.c.
 *
 * A step is a command and the events that it causes, in order, up to the next step:
 *
 *   send AB 7      transport_send() of the messages A and B of session 7 (0 if not given)
 *   rx b 3/1       a packet of the peer with Ns 3 and Nr 1; its body is "b", or none for "-"
 *   until 1500     lets time pass, up to that many milliseconds after the start
 *   (the others are in the table `commands`)
 *
 *   A:0/2  -:1/2   we sent the message A, or a ZLB, with Ns/Nr; #77 follows for Tunnel ID 77
 *   <b             b was delivered; that of some messages does more, see rig_deliver()
 *   @1000          the events that follow come from a timer, at that time
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct step {
	const char *command;
	const char *events;
};

#define STEPS(...) ((const struct step[]){__VA_ARGS__, {0}})

struct script {
	const char *name;
	/* What differs from base_config; times in milliseconds. */
	int retry_first, retries, hello, window;
	/* The first allocation fails already at the start. */
	bool no_memory;
	const struct step *steps;
};

static const struct script scripts[] = {
	{
		.name = "RFC 2661 B.1, lock-step establishment: the side that calls",
		.steps = STEPS({"send A", "A:0/0"}, {"rx b 0/1", "<b"}, {"send C", "C:1/1"},
			       {"rx - 1/2", ""}, {"until 60000", ""}),
	},
	{
		.name = "RFC 2661 B.1, lock-step establishment: the side that is called",
		.steps = STEPS({"rx r 0/0", "<r R:0/1"}, {"rx b 1/1", "<b"},
			       {"until 60000", "@100 -:1/2"}),
	},
	{
		.name = "RFC 2661 B.2, lost packet with retransmission",
		.steps = STEPS({"seq 1 2", ""}, {"rx r 2/1", "<r R:1/3"}, {"until 900", ""},
			       {"rx r 2/1", "-:2/3"}, {"until 1000", "@1000 R:1/3"},
			       {"rx d 3/2", "<d"}, {"until 60000", "@1100 -:2/4"}),
	},
	{
		.name = "who does not acknowledge is not heard beyond what may wait for it",
		.steps = STEPS({"send A", "A:0/0"}, {"fill 65535", ""}, {"rx b 0/0", "<b"},
			       {"until 100", "@100 -:1/1"}, {"send B", ""}, {"rx c 1/0", ""},
			       {"stats", "tx=1 tx_zlb=1 rx=1 outside=1"},
			       {"rx - 1/1", "Q:1/1 Q:2/1"}, {"rx d 1/1", "<d"}),
	},
	{
		.name = "intervals double up to the cap, then timed_out, once",
		.steps = STEPS({"send A", "A:0/0"},
			       {"until 200000", "@1000 A:0/0 @3000 A:0/0 @7000 A:0/0 @15000 A:0/0 "
						"@23000 A:0/0 @31000 timed-out"},
			       {"send B", "=ESHUTDOWN"}, {"rx b 0/1", ""}, {"close", ""},
			       {"stats", "tx=1 again=5"}),
	},
	{
		.name = "intervals from another first one",
		.retry_first = 3000,
		.retries = 2,
		.steps = STEPS({"send A", "A:0/0"},
			       {"until 200000", "@3000 A:0/0 @9000 A:0/0 @17000 timed-out"}),
	},
	{
		.name = "a retransmission carries the newest Nr, and so acknowledges",
		.steps = STEPS({"send A", "A:0/0"}, {"until 950", ""}, {"rx b 0/0", "<b"},
			       {"until 2999", "@1000 A:0/1"}),
	},
	{
		.name = "only the oldest is sent again, the next after an interval of its own",
		.steps = STEPS({"send A", "A:0/0"}, {"rx - 0/1", ""}, {"send BC", "B:1/0 C:2/0"},
			       {"until 3500", "@1000 B:1/0 @3000 B:1/0"}, {"rx - 0/2", ""},
			       {"until 7499", "@4500 C:2/0 @6500 C:2/0"}, {"rx - 0/3", ""},
			       {"until 200000", ""}),
	},
	{
		.name = "an acknowledgement starts the clock of the next oldest anew",
		.steps = STEPS({"send A", "A:0/0"}, {"rx - 0/1", ""}, {"send BC", "B:1/0 C:2/0"},
			       {"until 900", ""}, {"rx - 0/2", ""}, {"until 1899", ""},
			       {"until 1900", "@1900 C:2/0"}),
	},
	{
		.name = "a message that follows does not put the retransmission off",
		.steps = STEPS({"send A", "A:0/0"}, {"rx - 0/1", ""}, {"send B", "B:1/0"},
			       {"until 600", ""}, {"send C", "C:2/0"}, {"until 700", ""},
			       {"send D", ""}, {"until 1000", "@1000 B:1/0"}),
	},
	{
		.name = "a peer that names no window gets four at most",
		.steps = STEPS({"send ABCDEFGHIJKL", "A:0/0"}, {"rx - 0/1", "B:1/0 C:2/0"},
			       {"rx - 0/2", "D:3/0 E:4/0"}, {"rx - 0/3", "F:5/0 G:6/0"},
			       {"rx - 0/4", "H:7/0"}, {"rx - 0/5", "I:8/0"}, {"cwnd", "4 of 4"}),
	},
	{
		.name = "a closed window opens with acknowledgements only",
		.steps = STEPS({"window 1", ""}, {"send ABC", "A:0/0"}, {"rx b 0/0", "<b"},
			       {"until 200", "@100 -:1/1"}, {"rx - 1/1", "B:1/1"}, {"rx - 1/1", ""},
			       {"rx - 1/2", "C:2/1"}, {"cwnd", "1 of 1"}),
	},
	{
		.name = "one acknowledgement for several opens the window for as many",
		.steps = STEPS({"window 3", ""}, {"send ABCDEFG", "A:0/0"},
			       {"rx - 0/1", "B:1/0 C:2/0"}, {"rx - 0/3", "D:3/0 E:4/0 F:5/0"},
			       {"rx - 0/5", "G:6/0"}, {"rx - 0/7", ""}, {"until 60000", ""}),
	},
	{
		.name = "a Receive Window Size of 0 is taken as 1",
		.steps = STEPS({"window 0", ""}, {"send AB", "A:0/0"}, {"rx - 0/1", "B:1/0"}),
	},
	{
		.name = "a window that shrinks waits for what is under way",
		.steps = STEPS({"window 8", ""}, {"send ABCDEFGHI", "A:0/0"},
			       {"rx - 0/1", "B:1/0 C:2/0"}, {"rx - 0/2", "D:3/0 E:4/0"},
			       {"rx - 0/3", "F:5/0 G:6/0"}, {"window 2", ""}, {"rx - 0/4", ""},
			       {"rx - 0/5", ""}, {"rx - 0/6", "H:7/0"}, {"rx - 0/7", "I:8/0"}),
	},
	{
		.name = "a window that the delivered message opens counts for what waits",
		.steps = STEPS({"send ABCDEF", "A:0/0"}, {"rx - 0/1", "B:1/0 C:2/0"},
			       {"rx - 0/2", "D:3/0 E:4/0"}, {"rx - 0/3", "F:5/0"},
			       {"send GHIJ", "G:6/0"}, {"rx w 0/4", "<w H:7/1"},
			       {"rx - 1/5", "I:8/1 J:9/1"}),
	},
	{
		.name = "slow start: one more for each acknowledgement up to the peer's window",
		.steps = STEPS({"window 8", ""}, {"send ABCDEFGHIJKLMNOPQR", "A:0/0"},
			       {"cwnd", "1 of 8"}, {"rx - 0/1", "B:1/0 C:2/0"}, {"cwnd", "2 of 8"},
			       {"rx - 0/3", "D:3/0 E:4/0 F:5/0"}, {"cwnd", "3 of 8"},
			       {"rx - 0/4", "G:6/0 H:7/0"}, {"cwnd", "4 of 8"}, {"rx - 0/4", ""},
			       {"cwnd", "4 of 8"}, {"rx - 0/5", "I:8/0 J:9/0"},
			       {"rx - 0/6", "K:10/0 L:11/0"}, {"rx - 0/7", "M:12/0 N:13/0"},
			       {"rx - 0/8", "O:14/0 P:15/0"}, {"cwnd", "8 of 8"},
			       {"rx - 0/9", "Q:16/0"}, {"cwnd", "8 of 8"}),
	},
	{
		.name = "congestion avoidance after a loss: one more for each window of them",
		.steps = STEPS({"window 8", ""}, {"send ABCDEFGH", "A:0/0"},
			       {"rx - 0/1", "B:1/0 C:2/0"}, {"rx - 0/2", "D:3/0 E:4/0"},
			       {"rx - 0/3", "F:5/0 G:6/0"}, {"rx - 0/4", "H:7/0"}, {"rx - 0/5", ""},
			       {"rx - 0/6", ""}, {"rx - 0/7", ""}, {"cwnd", "8 of 8"},
			       {"until 1000", "@1000 H:7/0"}, {"cwnd", "1 of 4"},
			       {"until 3000", "@3000 H:7/0"}, {"cwnd", "1 of 4"}, {"rx - 0/8", ""},
			       {"cwnd", "2 of 4"}, {"send I", "I:8/0"}, {"rx - 0/9", ""},
			       {"send J", "J:9/0"}, {"rx - 0/10", ""}, {"cwnd", "4 of 4"},
			       {"send KLMN", "K:10/0 L:11/0 M:12/0 N:13/0"}, {"rx - 0/11", ""},
			       {"rx - 0/12", ""}, {"rx - 0/13", ""}, {"cwnd", "4 of 4"},
			       {"rx - 0/14", ""}, {"cwnd", "5 of 4"}),
	},
	{
		.name = "after a loss nothing new goes out before the window has room",
		.steps = STEPS({"window 8", ""}, {"send ABCDE", "A:0/0"},
			       {"rx - 0/1", "B:1/0 C:2/0"}, {"rx - 0/2", "D:3/0 E:4/0"},
			       {"send FG", ""}, {"until 1000", "@1000 C:2/0"}, {"cwnd", "1 of 2"},
			       {"rx - 0/3", ""}, {"rx - 0/4", "F:5/0"}, {"rx - 0/5", "G:6/0"},
			       {"cwnd", "3 of 2"}),
	},
	{
		.name = "Ns and Nr wrap",
		.steps = STEPS({"seq 65535 65535", ""}, {"send A", "A:65535/65535"},
			       {"rx b 65535/0", "<b"}, {"send C", "C:0/0"}, {"rx d 0/1", "<d"},
			       {"rx b 65535/1", "-:1/1"}, {"rx - 1/65535", ""}, {"send E", "E:1/1"},
			       {"until 60000", "@1000 E:1/1 @3000 E:1/1 @7000 E:1/1 @15000 E:1/1 "
					       "@23000 E:1/1 @31000 timed-out"}),
	},
	{
		.name = "one Nr acknowledges several across the wrap",
		.steps = STEPS({"seq 65534 0", ""}, {"send ABCD", "A:65534/0"},
			       {"rx - 0/65535", "B:65535/0 C:0/0"}, {"rx - 0/1", "D:1/0"},
			       {"rx - 0/2", ""}, {"stats", "tx=4 rx_zlb=3"}),
	},
	{
		.name = "the reorder ring spans the wrap",
		.steps = STEPS({"seq 0 65534", ""}, {"rx e 0/0", ""}, {"rx d 65535/0", ""},
			       {"rx b 65534/0", "<b <d <e -:0/1"}, {"rx g 1/0", "<g"}),
	},
	{
		.name = "a ring that does not divide the number space spans the wrap",
		.window = 7,
		.steps = STEPS({"seq 0 65533", ""}, {"rx g 3/0", ""}, {"rx h 4/0", ""},
			       {"rx d 65534/0", ""}, {"rx b 65533/0", "<b <d"}, {"rx i 5/0", ""},
			       {"rx e 65535/0", "<e"}, {"rx k 0/0", "<k -:0/1"}, {"rx m 2/0", ""},
			       {"rx l 1/0", "<l <m <g"}, {"rx h 4/0", "<h <i -:0/6"},
			       {"ring", "none"}),
	},
	{
		.name = "early, early again, too early, and the gaps closing",
		.steps = STEPS({"ring", "none"}, {"rx d 1/0", ""}, {"ring", "ring"},
			       {"rx d 1/0", "-:0/0"}, {"rx g 3/0", ""}, {"rx h 4/0", ""},
			       {"rx b 0/0", "<b <d -:0/2"}, {"ring", "ring"}, {"rx d 1/0", "-:0/2"},
			       {"rx e 2/0", "<e <g -:0/4"}, {"ring", "none"}, {"rx h 4/0", "<h"},
			       {"until 60000", "@100 -:0/5"},
			       {"stats", "tx_zlb=5 rx=5 dup=2 early=2 outside=1"}),
	},
	{
		.name = "a peer without a send window: what is outside comes again",
		.steps =
			STEPS({"rx d 1/0", ""}, {"rx e 2/0", ""}, {"rx g 3/0", ""},
			      {"rx h 4/0", ""}, {"rx i 5/0", ""}, {"rx b 0/0", "<b <d <e <g -:0/4"},
			      {"rx i 5/0", ""}, {"rx h 4/0", "<h <i -:0/6"}, {"rx k 32773/0", ""},
			      {"rx k 32774/0", "-:0/6"},
			      {"stats", "tx_zlb=3 rx=6 dup=1 early=4 outside=3"}),
	},
	{
		.name = "a window of 0 is taken as 1: nothing is kept, each acknowledged at once",
		.window = -1,
		.steps = STEPS({"rx d 1/0", ""}, {"rx b 0/0", "<b -:0/1"}, {"rx d 1/0", "<d -:0/2"},
			       {"stats", "tx_zlb=2 rx=2 outside=1"}),
	},
	{
		.name = "the widest window",
		.window = 2000,
		.steps = STEPS({"rx b 1023/0", ""}, {"rx b 1024/0", ""},
			       {"stats", "early=1 outside=1"}),
	},
	{
		.name = "an acknowledgement waits, and further messages do not put it off",
		.window = 8,
		.steps = STEPS({"rx b 0/0", "<b"}, {"until 60", ""}, {"rx d 1/0", "<d"},
			       {"until 99", ""}, {"rx e 2/0", "<e"}, {"until 60000", "@100 -:0/3"},
			       {"rx g 3/0", "<g"}, {"until 90000", "@60100 -:0/4"}),
	},
	{
		.name = "half of the window is acknowledged at once",
		.window = 6,
		.steps = STEPS({"rx b 0/0", "<b"}, {"rx d 1/0", "<d"}, {"rx e 2/0", "<e -:0/3"},
			       {"rx g 3/0", "<g"}, {"rx h 4/0", "<h"}, {"send A", "A:0/5"},
			       {"rx i 5/1", "<i"}, {"until 60000", "@100 -:1/6"}),
	},
	{
		.name = "no ZLB when a message carries Nr",
		.steps = STEPS({"rx b 0/0", "<b"}, {"send AB", "A:0/1"}, {"until 500", ""},
			       {"rx d 1/1", "<d B:1/2"}, {"until 1000", ""}, {"rx - 2/2", ""},
			       {"until 60000", ""}, {"stats", "tx=2 rx=2 rx_zlb=1"}),
	},
	{
		.name = "a ZLB takes no number, and no ZLB is acknowledged",
		.steps = STEPS({"rx b 0/0", "<b"}, {"until 100", "@100 -:0/1"}, {"send A", "A:0/1"},
			       {"rx - 1/1", ""}, {"rx - 7/1", ""}, {"rx - 0/1", ""},
			       {"until 60000", ""}, {"rx d 1/1", "<d"},
			       {"stats", "tx=1 tx_zlb=1 rx=2 rx_zlb=3"}),
	},
	{
		.name = "a repeated message is acknowledged at once, not delivered",
		.steps = STEPS({"rx b 0/0", "<b"}, {"rx b 0/0", "-:0/1"}, {"rx b 0/0", "-:0/1"},
			       {"until 60000", ""}, {"stats", "tx_zlb=2 rx=1 dup=2"}),
	},
	{
		.name = "a repeated message is acknowledged by what its Nr lets out",
		.steps = STEPS({"rx r 0/0", "<r R:0/1"}, {"send A", ""}, {"rx r 0/1", "A:1/1"},
			       {"stats", "tx=2 rx=1 dup=1"}),
	},
	{
		.name = "an Nr of what was never sent is ignored and counted, its message taken",
		.steps = STEPS({"rx - 0/1", ""}, {"send AB", "A:0/0"}, {"rx - 0/2", ""},
			       {"rx b 0/32767", "<b"}, {"until 1000", "@100 -:1/1 @1000 A:0/1"},
			       {"stats", "tx=1 tx_zlb=1 again=1 rx=1 rx_zlb=2 bad_nr=3"}),
	},
	{
		.name = "an Nr of the past is ignored",
		.steps = STEPS({"send A", "A:0/0"}, {"rx - 0/1", ""}, {"send BC", "B:1/0 C:2/0"},
			       {"rx - 0/0", ""}, {"rx - 0/32769", ""}, {"cwnd", "2 of 4"},
			       {"until 1000", "@1000 B:1/0"}, {"stats", "tx=3 again=1 rx_zlb=3"}),
	},
	{
		.name = "HELLO after silence, and again",
		.hello = 10000,
		.steps = STEPS({"until 9999", ""}, {"until 10500", "@10000 hello H:0/0"},
			       {"rx - 0/1", ""}, {"until 20499", ""},
			       {"until 20500", "@20500 hello H:1/0"}),
	},
	{
		.name = "HELLO not while the peer speaks",
		.hello = 10000,
		.steps = STEPS({"until 5000", ""}, {"rx b 0/0", "<b"},
			       {"until 14000", "@5100 -:0/1"}, {"rx - 1/0", ""},
			       {"until 23999", ""}, {"until 24000", "@24000 hello H:0/1"}),
	},
	{
		.name = "HELLO not while something of ours is under way",
		.hello = 2000,
		.steps = STEPS({"until 1500", ""}, {"send A", "A:0/0"},
			       {"until 6000", "@2500 A:0/0 @4500 A:0/0"}, {"rx - 0/1", ""},
			       {"until 7999", ""}, {"until 8000", "@8000 hello H:1/0"}),
	},
	{
		.name = "HELLO comes due again when none was sent",
		.hello = 10000,
		.steps = STEPS({"mute", ""},
			       {"until 31000", "@10000 hello @20000 hello @30000 hello"}),
	},
	{
		.name = "a HELLO without an answer ends the tunnel",
		.hello = 10000,
		.steps = STEPS({"until 200000", "@10000 hello H:0/0 @11000 H:0/0 @13000 H:0/0 "
						"@17000 H:0/0 @25000 H:0/0 @33000 H:0/0 "
						"@41000 timed-out"}),
	},
	{
		.name = "the HELLO interval changes, the window does not",
		.hello = 60000,
		.steps = STEPS({"until 5000", ""}, {"hello 8000", ""},
			       {"until 8000", "@8000 hello H:0/0"}, {"rx - 0/1", ""},
			       {"hello 0", ""}, {"until 50000", ""}, {"hello 1000", ""},
			       {"until 50000", "@50000 hello H:1/0"}, {"rx b 4/2", ""},
			       {"stats", "tx=2 rx_zlb=1 outside=1"}),
	},
	{
		.name = "unsent messages of a session are dropped and leave no gap",
		.steps = STEPS({"send A", "A:0/0"}, {"send BC 7", ""}, {"send D 8", ""},
			       {"send E 7", ""}, {"send F", ""}, {"cancel 7", ""},
			       {"rx - 0/1", "D:1/0 F:2/0"}, {"rx - 0/3", ""}, {"until 60000", ""},
			       {"stats", "tx=3 rx_zlb=2"}),
	},
	{
		.name = "a message of a session that was sent once must arrive",
		.steps =
			STEPS({"send AB 7", "A:0/0"}, {"cancel 7", ""},
			      {"until 1000", "@1000 A:0/0"}, {"rx - 0/1", ""}, {"until 60000", ""}),
	},
	{
		.name = "close with nothing queued",
		.hello = 10000,
		.steps = STEPS({"close", "drained"}, {"close", ""}, {"send A", "=ESHUTDOWN"},
			       {"rx - 0/0", ""}, {"until 60000", ""}),
	},
	{
		.name = "close sends what is queued, is drained once, and goes on acknowledging",
		.hello = 10000,
		.steps = STEPS({"send AB", "A:0/0"}, {"close", ""}, {"send C", "=ESHUTDOWN"},
			       {"until 1000", "@1000 A:0/0"}, {"rx - 0/1", "B:1/0"},
			       {"rx - 0/2", "drained"}, {"rx b 0/2", "<b -:2/1"},
			       {"rx b 0/2", "-:2/1"}, {"hello 1000", ""}, {"until 60000", ""},
			       {"rx b 0/2", "-:2/1"}),
	},
	{
		.name = "close pays the acknowledgement that nothing will carry",
		.steps = STEPS({"rx b 0/0", "<b"}, {"close", "-:0/1 drained"}, {"until 60000", ""}),
	},
	{
		.name = "close leaves the acknowledgement to what still waits",
		.window = 8,
		.steps = STEPS({"send AB", "A:0/0"}, {"rx b 0/0", "<b"}, {"close", ""},
			       {"rx - 1/1", "B:1/1"}, {"rx - 1/2", "drained"}, {"until 60000", ""}),
	},
	{
		.name = "a peer that goes away while we close: timed_out, not drained",
		.retries = 1,
		.steps = STEPS({"send A", "A:0/0"}, {"close", ""},
			       {"until 60000", "@1000 A:0/0 @3000 timed-out"}),
	},
	{
		.name = "deliver answers each of several, with an Nr that covers it",
		.steps = STEPS({"window 8", ""}, {"send A", "A:0/0"}, {"rx - 0/1", ""},
			       {"rx r 1/1", ""}, {"rx r 2/1", ""},
			       {"rx b 0/1", "<b <r R:1/2 <r R:2/3"}, {"rx - 3/3", ""},
			       {"until 60000", ""}),
	},
	{
		.name = "deliver closes: acknowledged at once, then drained",
		.steps = STEPS({"rx b 1/0", ""}, {"rx c 0/0", "<c <b -:0/2 drained"},
			       {"rx c 0/0", "-:0/2"}, {"until 60000", ""}),
	},
	{
		.name = "mute drops what is under way and what waits, and goes on acknowledging",
		.hello = 20000,
		.steps = STEPS({"send AB", "A:0/0"}, {"only-ack", ""}, {"send C", "=ESHUTDOWN"},
			       {"until 60000", ""}, {"rx b 0/1", "<b -:1/1"}, {"rx b 0/1", "-:1/1"},
			       {"rx - 1/1", ""}, {"close", ""}, {"until 120000", ""},
			       {"stats", "tx=1 tx_zlb=2 rx=1 rx_zlb=1 dup=1"}),
	},
	{
		.name = "deliver mutes",
		.steps = STEPS({"send AB", "A:0/0"}, {"rx b 1/0", ""}, {"rx z 0/0", "<z <b -:1/2"},
			       {"until 60000", ""}),
	},
	{
		.name = "deliver closes while something of ours is under way",
		.steps = STEPS({"send AB", "A:0/0"}, {"rx c 0/0", "<c"}, {"rx - 1/1", "B:1/1"},
			       {"rx - 1/2", "drained"}, {"until 60000", ""}),
	},
	{
		.name = "deliver closes with the message that acknowledges our last",
		.steps = STEPS({"send A", "A:0/0"}, {"rx c 0/1", "<c -:1/1 drained"}),
	},
	{
		.name = "deliver ends the transport: nothing more is delivered or sent",
		.hello = 1000,
		.steps = STEPS({"send A", "A:0/0"}, {"rx b 1/0", ""}, {"rx f 0/0", "<f"},
			       {"send B", "=ESHUTDOWN"}, {"rx b 1/1", ""}, {"until 60000", ""}),
	},
	{
		.name = "deliver ends the transport from the middle of the ring",
		.steps = STEPS({"rx f 1/0", ""}, {"rx b 2/0", ""}, {"rx d 0/0", "<d <f"},
			       {"until 60000", ""}),
	},
	{
		.name = "deliver drops what its Nr would have let out",
		.steps = STEPS({"send A", "A:0/0"}, {"send B 7", ""}, {"rx x 0/1", "<x"},
			       {"until 60000", "@100 -:1/1"}, {"send C", "C:1/1"}),
	},
	{
		.name = "timed_out may free",
		.retries = 1,
		.steps = STEPS({"frees", ""}, {"send AB", "A:0/0"},
			       {"until 60000", "@1000 A:0/0 @3000 timed-out"}),
	},
	{
		.name = "hello_due may free",
		.hello = 1000,
		.steps = STEPS({"frees", ""}, {"until 60000", "@1000 hello"}),
	},
	{
		.name = "drained may free, from close",
		.steps = STEPS({"frees", ""}, {"rx b 0/0", "<b"}, {"close", "-:0/1 drained"}),
	},
	{
		.name = "drained may free, from a packet whose message closed",
		.steps =
			STEPS({"frees", ""}, {"send A", "A:0/0"}, {"rx c 0/1", "<c -:1/1 drained"}),
	},
	{
		.name = "the Tunnel ID is written when a message is first sent",
		.steps = STEPS({"send AB", "A:0/0"}, {"peer 77", ""}, {"until 1000", "@1000 A:0/0"},
			       {"rx b 0/1", "<b B:1/1#77"}, {"rx b 0/1", "-:2/1#77"}),
	},
	{
		.name = "no memory for a message, then none for its timer",
		.steps = STEPS({"nomem 1", ""}, {"send A", "=ENOMEM"}, {"nomem 2", ""},
			       {"send B", "=ENOMEM"}, {"until 60000", ""}, {"send C", "C:0/0"},
			       {"until 61000", "@61000 C:0/0"}),
	},
	{
		.name = "no memory for the acknowledgement timer: at once, then",
		.steps = STEPS({"nomem 1", ""}, {"rx b 0/0", "<b -:0/1"}, {"rx d 1/0", "<d"},
			       {"until 60000", "@100 -:0/2"}),
	},
	{
		.name = "no memory for the ring, then none for what is early",
		.steps = STEPS({"nomem 1", ""}, {"rx d 1/0", ""}, {"ring", "none"}, {"nomem 2", ""},
			       {"rx d 1/0", ""}, {"ring", "none"}, {"rx e 2/0", ""},
			       {"rx b 0/0", "<b"}, {"rx d 1/0", "<d <e -:0/3"},
			       {"stats", "tx_zlb=1 rx=3 early=1 nomem=2"}),
	},
	{
		.name = "no memory for the HELLO timer: the next packet starts it",
		.hello = 10000,
		.no_memory = true,
		.steps = STEPS({"until 30000", ""}, {"rx - 0/0", ""},
			       {"until 40000", "@40000 hello H:0/0"}),
	},
};
