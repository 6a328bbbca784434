/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reasons in words, for the log, the CLI and the peer.
 */
#include "l2tp/reason.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "wire/cause.h"
#include "wire/result.h"

struct reason reason_make(enum reason_origin origin, uint16_t result, uint16_t error,
			  const char *format, ...)
{
	struct reason reason = {.origin = origin, .result = result, .error = error};
	va_list args;

	va_start(args, format);
	vsnprintf(reason.text, sizeof(reason.text), format, args);
	va_end(args);
	return reason;
}

struct reason reason_kernel(int err, const char *step)
{
	/* StopCCN and CDN share the number of General Error, RFC 2661 4.4.2. */
	return reason_make(ORIGIN_KERNEL, CDN_GENERAL_ERROR, ERROR_RESOURCES, "%s: %s",
			   step ? step : "kernel", strerror(-err));
}

const char *reason_origin_text(enum reason_origin origin)
{
	switch (origin) {
	case ORIGIN_NONE:
		break;
	case ORIGIN_LOCAL:
		return "local";
	case ORIGIN_PEER:
		return "peer";
	case ORIGIN_KERNEL:
		return "kernel";
	case ORIGIN_PPP:
		return "ppp";
	}
	return "none";
}

/* Of a General Error the Error Code tells what it was, RFC 2661 4.4.2. */
static const char *code_words(const struct reason *reason, bool is_tunnel)
{
	if (reason->result == CDN_GENERAL_ERROR && reason->error)
		return l2tp_error_text(reason->error);
	return is_tunnel ? stopccn_result_text(reason->result) : cdn_result_text(reason->result);
}

/* What a peer's line and its PPP say of their end; of our own the text tells more. */
static void format_causes(const struct reason *reason, char *text, size_t size)
{
	const struct ppp_cause *ppp = &reason->ppp;
	int len = 0;

	if (reason->origin != ORIGIN_PEER)
		return;
	if (reason->cause)
		len = snprintf(text, size, "; Q.931: %s (cause %u)", q931_cause_text(reason->cause),
			       reason->cause);
	if (ppp->code)
		snprintf(text + len, size - (size_t)len, "; PPP: %s (disconnect %u%s)",
			 ppp_disconnect_text(ppp->code), ppp->code,
			 ppp->direction == 1   ? ", at its peer"
			 : ppp->direction == 2 ? ", at itself"
					       : "");
}

const char *reason_format(const struct reason *reason, bool is_tunnel, char *text, size_t size)
{
	const char *origin = reason_origin_text(reason->origin);
	const char *words = code_words(reason, is_tunnel);
	char error[32] = "", causes[256] = "";

	if (reason->origin == ORIGIN_NONE) {
		snprintf(text, size, "none");
		return text;
	}
	if (reason->error)
		snprintf(error, sizeof(error), ", error %u", reason->error);
	format_causes(reason, causes, sizeof(causes));
	/* Our own text tells more than the code's; a peer's text is shown beside what it means. */
	if (!reason->result)
		snprintf(text, size, "%s: %s", origin,
			 reason->text[0] ? reason->text : "no reason given");
	else if (!reason->text[0])
		snprintf(text, size, "%s: %s (result %u%s)%s", origin, words, reason->result, error,
			 causes);
	else if (reason->origin == ORIGIN_PEER)
		snprintf(text, size, "%s: %s: %s (result %u%s)%s", origin, words, reason->text,
			 reason->result, error, causes);
	else
		snprintf(text, size, "%s: %s (result %u%s)", origin, reason->text, reason->result,
			 error);
	return text;
}
