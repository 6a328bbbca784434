/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's log: to the journal with fields when systemd runs us, else to standard error.
 *
 * Only the daemon's own layer logs; the protocol layers report events instead.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <syslog.h>

/* Most fields a line can carry, and the longest. */
#define LOG_FIELDS_MAX 8
#define LOG_FIELD_LEN 160

/* "NAME=value" strings for the journal, beside the message. */
struct log_fields {
	unsigned int count;
	char text[LOG_FIELDS_MAX][LOG_FIELD_LEN];
};

/* level: the least important of syslog's priorities that is still written, LOG_INFO by default. */
void log_init(int level);
void log_set_level(int level);
bool log_enabled(int priority);

/* Nothing where no journal takes them. */
void log_field(struct log_fields *fields, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* fields may be NULL. */
void log_write(int priority, const struct log_fields *fields, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#define log_error(...) log_write(LOG_ERR, NULL, __VA_ARGS__)
#define log_warning(...) log_write(LOG_WARNING, NULL, __VA_ARGS__)
#define log_notice(...) log_write(LOG_NOTICE, NULL, __VA_ARGS__)
#define log_info(...) log_write(LOG_INFO, NULL, __VA_ARGS__)
#define log_debug(...) log_write(LOG_DEBUG, NULL, __VA_ARGS__)

/*
 * A budget of lines for what strangers can cause: `burst` lines, refilled over `seconds`. What is
 * over it is counted, and told in the next line that is not.
 */
struct log_limit {
	unsigned int burst;
	unsigned int seconds;
	unsigned int left;
	unsigned int suppressed;
	long long refilled_at;
};

/* Whether a line may be written now (in seconds of any clock); *ret_suppressed is how many were
 * not since the last one. */
bool log_limit_allow(struct log_limit *limit, long long now, unsigned int *ret_suppressed);
