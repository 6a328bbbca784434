/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The LAC's part of what the control socket asks of the daemon, as struct control_ops wants it.
 */
#pragma once

#include <stdio.h>

#include "aditd.h"

/* Into an array; NULL is no text. */
#define COPY(to, from) snprintf(to, sizeof(to), "%s", (from) ? (from) : "")

void manage_calls(void *ctx, void (*each)(void *user, const struct control_call *call), void *user);
int manage_find_call(void *ctx, const char *id, struct control_call *ret);
void manage_close_call(void *ctx, const char *id);
int manage_set_call(void *ctx, const char *id, uint32_t tx, uint32_t rx, char *text, size_t size);
void manage_pppoe(void *ctx, void (*each)(void *user, const struct control_pppoe *pppoe),
		  void *user);
int manage_domains(void *ctx, void (*each)(void *user, const struct control_domain *domain),
		   void *user);
void manage_destinations(void *ctx,
			 void (*each)(void *user, const struct control_destination *destination),
			 void *user);
int manage_unlock(void *ctx, const char *name, char *text, size_t size);
void manage_radius(void *ctx, void (*each)(void *user, const struct control_radius *radius),
		   void *user);

/* manage_steer.c */
const char *manage_action_name(enum steer_action action);
int manage_test_steer(void *ctx, const struct control_steer_request *request,
		      struct control_steer *ret, char *text, size_t size);
