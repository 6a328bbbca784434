/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The launcher with a fake pppd, which does what its arguments say, and all that is heard of it.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ppp/pppd.h"

#define CALLS_MAX 8

/* One pppd and what was heard of it. */
struct call {
	struct pppd *pppd;
	unsigned int lcp_opens;
	unsigned int accms;
	struct accm accm;
	unsigned int ups;
	unsigned int downs;
	struct pppd_link link;
	struct reason reason;
	/* Its lines, each with a newline behind it. */
	char log[4096];
	/* All events in their order, a letter each. */
	char order[64];
	/* When this appears in the log, stop it so; NULL for never. */
	const char *stop_at;
	enum ppp_stop stop_how;
};

struct fixture {
	struct ev_loop *loop;
	struct pppd_settings settings;
	struct pppd_launcher *launcher;
	int pppox_fd;
	struct call calls[CALLS_MAX];
};

extern const struct pppd_ops call_ops;

/* For cmocka. */
int pppd_setup(void **state);
/* And sees that no child is left. */
int pppd_teardown(void **state);
#define TEST(name) cmocka_unit_test_setup_teardown(name, pppd_setup, pppd_teardown)

/* Words with blanks between. */
int try_start(struct fixture *f, struct call *call, const char *words);
struct call *start(struct fixture *f, int i, const char *words);
void stop(struct call *call, enum ppp_stop how);
/* Runs the loop until *count has reached `value`. */
void run_until(struct fixture *f, const unsigned int *count, unsigned int value);
/* Runs the loop for a while. */
void run_for(struct fixture *f, double seconds);
