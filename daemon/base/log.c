/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line an event. Under systemd the line goes to the journal with its fields, so that
 * `journalctl ADIT_TUNNEL_ID=7` works; elsewhere to standard error with the time before it.
 */
#include "base/log.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>

#ifdef HAVE_SYSTEMD
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>
#endif

#define MESSAGE_MAX 1200

static int log_level = LOG_INFO;
static bool to_journal;

void log_init(int level)
{
	log_level = level;
#ifdef HAVE_SYSTEMD
	/* Set by systemd when standard error is the journal's own stream. */
	to_journal = getenv("JOURNAL_STREAM") != NULL;
#endif
}

void log_set_level(int level)
{
	log_level = level;
}

bool log_enabled(int priority)
{
	return priority <= log_level;
}

void log_field(struct log_fields *fields, const char *name, const char *format, ...)
{
	char *text;
	va_list args;
	int len;

	if (!to_journal || fields->count == LOG_FIELDS_MAX)
		return;
	text = fields->text[fields->count++];
	len = snprintf(text, LOG_FIELD_LEN, "%s=", name);
	va_start(args, format);
	vsnprintf(text + len, LOG_FIELD_LEN - (size_t)len, format, args);
	va_end(args);
}

static const char *priority_text(int priority)
{
	static const char *const texts[] = {"emerg",   "alert",	 "crit", "error",
					    "warning", "notice", "info", "debug"};

	return texts[priority & LOG_PRIMASK];
}

/* "2026-01-31 12:00:00". Hundreds of lines a second have the same one. */
static const char *stamp_of(time_t second)
{
	static char stamp[32];
	static time_t stamped;
	struct tm tm;

	if (second != stamped) {
		localtime_r(&second, &tm);
		strftime(stamp, sizeof(stamp), "%F %T", &tm);
		stamped = second;
	}
	return stamp;
}

static void write_stderr(int priority, const char *message)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	fprintf(stderr, "%s.%03ld aditd %s: %s\n", stamp_of(ts.tv_sec), ts.tv_nsec / 1000000,
		priority_text(priority), message);
}

#ifdef HAVE_SYSTEMD
static struct iovec as_iovec(char *text)
{
	return (struct iovec){text, strlen(text)};
}

static bool write_journal(int priority, const struct log_fields *fields, const char *message)
{
	char level[16], line[MESSAGE_MAX + 16];
	struct log_fields copy;
	struct iovec iov[2 + LOG_FIELDS_MAX];
	int count = 0;

	snprintf(level, sizeof(level), "PRIORITY=%d", priority & LOG_PRIMASK);
	snprintf(line, sizeof(line), "MESSAGE=%s", message);
	iov[count++] = as_iovec(level);
	iov[count++] = as_iovec(line);
	if (fields) {
		copy = *fields;
		for (unsigned int i = 0; i < copy.count; i++)
			iov[count++] = as_iovec(copy.text[i]);
	}
	return sd_journal_sendv(iov, count) == 0;
}
#else
static bool write_journal(int priority, const struct log_fields *fields, const char *message)
{
	(void)priority, (void)fields, (void)message;
	return false;
}
#endif

void log_write(int priority, const struct log_fields *fields, const char *format, ...)
{
	char message[MESSAGE_MAX];
	va_list args;

	if (!log_enabled(priority))
		return;
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	if (!to_journal || !write_journal(priority, fields, message))
		write_stderr(priority, message);
}

bool log_limit_allow(struct log_limit *limit, long long now, unsigned int *ret_suppressed)
{
	if (!limit->refilled_at || now - limit->refilled_at >= limit->seconds) {
		limit->refilled_at = now ? now : 1;
		limit->left = limit->burst;
	}
	if (!limit->left) {
		limit->suppressed++;
		return false;
	}
	limit->left--;
	*ret_suppressed = limit->suppressed;
	limit->suppressed = 0;
	return true;
}
