/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a tunnel or a session ended: who caused it, the codes of RFC 2661 4.4.2, and words.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum reason_origin {
	ORIGIN_NONE = 0, /* nothing ended */
	ORIGIN_LOCAL,	 /* we, the administrator, or a limit of ours */
	ORIGIN_PEER,	 /* it said so, or fell silent */
	ORIGIN_KERNEL,	 /* the kernel refused */
	ORIGIN_PPP,	 /* the PPP session ended or never came up */
};

/* Why PPP ended, RFC 3145; code 0 for no information. */
struct ppp_cause {
	uint16_t code;
	uint16_t protocol; /* PPP number of the one that failed, 0 for none or unknown */
	uint8_t direction; /* 1: at the peer of who says it, 2: at himself, 0: of no matter */
};

struct reason {
	enum reason_origin origin;
	/* Of StopCCN for a tunnel, of CDN for a session. */
	uint16_t result;
	uint16_t error;
	/* Q.931 Cause Code, 0 for none. */
	uint16_t cause;
	/* The advisory text that goes, or came, with the codes; may be empty. */
	char text[128];
	struct ppp_cause ppp;
};

/* "reason(ORIGIN_LOCAL, CDN_ADMIN, 0, "closed by %s", who)": text as printf. */
struct reason reason_make(enum reason_origin origin, uint16_t result, uint16_t error,
			  const char *format, ...) __attribute__((format(printf, 4, 5)));
/* A kernel call that failed: General Error, insufficient resources, and errno in words. */
struct reason reason_kernel(int err, const char *step);

const char *reason_origin_text(enum reason_origin origin);
/*
 * The whole story in one line: "peer: not authorized (result 4)", "kernel: L2TP_CMD_SESSION_CREATE:
 * File exists (result 2, error 4)". is_tunnel chooses between StopCCN's and CDN's words.
 */
const char *reason_format(const struct reason *reason, bool is_tunnel, char *text, size_t size);
