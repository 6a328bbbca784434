/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A LAC's part of PPP with nobody but a test at either end, in virtual time. Frames are hex from
 * the protocol number on; what the proxy does stands in one text, in its order.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ppp/proxy.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

struct rig {
	/* By itself on the heap, so that a checker sees who touches it when it is gone. */
	struct ppp_proxy *proxy;
	struct ppp_proxy_settings settings;
	struct timer_queue timers;
	usec_t now;
	uint8_t random;
	bool frees; /* authenticating() and down() do */
	bool inside;
	struct reason reason;
	char events[8192];
};

extern const struct ppp_proxy_ops rig_ops;

struct rig *rig_new(enum ppp_auth first, size_t n_auths);
void rig_free(struct rig *rig);
void pass(struct rig *rig, usec_t time);
/* What the proxy tells comes later, with pass(). */
void input_only(struct rig *rig, const char *hex);
void input(struct rig *rig, const char *hex);

#define assert_events(rig, text)                          \
	do {                                              \
		assert_string_equal((rig)->events, text); \
		(rig)->events[0] = '\0';                  \
	} while (0)

void assert_cause(const struct rig *rig, uint16_t result, uint16_t code, uint16_t protocol,
		  uint8_t direction);
void assert_view(struct bytes view, const char *hex);

#define MRU "010405d4"
#define MAGIC "050601010101"
#define PAP_OPTION "0304c023"
#define CHAP_OPTION "0305c22305"
#define MSCHAP_OPTION "0305c22381"

#define REQUEST_PAP "c02101010012" MRU PAP_OPTION MAGIC
#define REQUEST_CHAP "c02101010013" MRU CHAP_OPTION MAGIC
#define REQUEST_MSCHAP "c02101010013" MRU MSCHAP_OPTION MAGIC
#define ACK_PAP "c02102010012" MRU PAP_OPTION MAGIC
#define ACK_CHAP "c02102010013" MRU CHAP_OPTION MAGIC
#define ACK_MSCHAP "c02102010013" MRU MSCHAP_OPTION MAGIC
#define CALLER_REQUEST "c0210107000a050677777777"
#define CALLER_ACKED "c0210207000a050677777777"

/* LCP is open: `request` is what we ask for, `ack` what the caller says to it. */
struct rig *rig_opened(enum ppp_auth auth, const char *request, const char *ack);

/* "joe", "pw" */
#define PAP_REQUEST "c0230109000b036a6f65027077"

/* And he has said who he is. */
struct rig *rig_pap(void);
