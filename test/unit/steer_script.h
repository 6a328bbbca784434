/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scripts played against steer, a line a step, in a world without tunnels:
 *
 *	set a:0 b:0:100:10:id:s ... server, preference, max_sessions, max_sessions_per_tunnel,
 *				   assignment id, secret: what calls take from now on
 *	max-tunnels 1		   of all peers of the sets that follow
 *	names ours theirs	   of both ends, in the same way
 *	1 > a+			   call 1 goes on to a, where a tunnel is to be opened
 *	1 > a			   or takes one that is there
 *	1 > a?			   or one that should be opened, and is not
 *	1 > down TEXT		   or nowhere: all were tried or are locked out, what is said
 *	1 > full TEXT		   or there is no room
 *	1 without memory	   it asks, and each allocation fails in its turn
 *	1 up, 1 done		   the LNS has taken it; it ended
 *	1 cdn 4 0		   the LNS refused it, with that result and error
 *	1 lost			   its tunnel fell silent; that it is gone is not told yet
 *	1 shut-out		   its tunnel takes no more calls
 *	a up			   the newest tunnel to it is up
 *	a gone 0 0		   the peer ended it with StopCCN, or 0 for silence; its calls fail
 *	a idle			   we ended it, in the same way
 *	a is locked		   as steer_lock_name() says
 *	a counts 3 1		   sessions, paths
 *	a good, a bad		   how the test went that runs, and must
 *	a unlock
 *	wait 300		   seconds
 *	tests fail, tests begin	   when steer asks for one
 *	later 300		   the same, and no timer runs
 *	explain TEXT		   the next line of it; `explain` alone: there are no more
 */
#pragma once

#include "steer/steer.h"

struct steer_script {
	const char *what;
	struct steer_settings settings;
	const char *lines[48];
};

void steer_script_play(const struct steer_script *script);
