/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The language of fuzz_control.c, for the seeds too: what clients write, and between it octets that
 * no JSON has, for what else happens. Corpora live on: append only.
 */
#pragma once

enum control_happening {
	/* What was opened or closed is up or gone now. */
	CONTROL_COMPLETE = 1,
	/* The request that waits has waited long enough. */
	CONTROL_TIMEOUT = 2,
	/* The next client goes on; the last one may only read. */
	CONTROL_NEXT = 3,
	/* This client leaves. */
	CONTROL_LEAVE = 4,
	/* This client says no more, but listens. */
	CONTROL_SHUT = 5,
	/* The kernel keeps its counters for itself; again: it gives them. */
	CONTROL_HOLD = 6,
	/* This client does not read; again: it does. */
	CONTROL_DEAF = 7,
};
