/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why pppd ended, out of how it ended.
 */
#pragma once

#include <stdint.h>

#include "l2tp/reason.h"
#include "ppp/status.h"

enum pppd_ending {
	PPPD_BY_ITSELF,
	PPPD_ASKED,  /* we sent a signal */
	PPPD_KILLED, /* we did, and it did not listen */
};

/* wait_status as wait() gives it; `last` is what its plugin last told, or all zero. */
struct reason pppd_exit_reason(int wait_status, enum pppd_ending ending,
			       const struct ppp_status *last);
/* The code of RFC 3145 section 3 for an exit status; 0 for no information. */
uint16_t pppd_exit_disconnect(int status, uint16_t facts);
/* pppd could not be started: err is -errno. */
struct reason pppd_spawn_reason(int err, const char *path);
