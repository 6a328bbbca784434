/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why pppd ended: its exit status (pppd(8), EXIT STATUS), the CDN Result Code (RFC 2661 4.4.2)
 * and the disconnect code (RFC 3145 3) that fit it.
 *
 * No Result Code means "PPP did not come up". What is nobody's decision but a fault goes as
 * General Error with Error Code 6, "a generic vendor-specific error occurred", which is what
 * other LNSs send; the text says more.
 */
#include "ppp/pppd_exit.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "wire/result.h"

#define STATUS_ASKED 5
#define STATUS_NEGOTIATION_FAILED 10
#define STATUS_NOT_BELIEVED 19

/* Of PPP, RFC 1661 and RFC 1332. */
#define PROTOCOL_LCP 0xc021
#define PROTOCOL_IPCP 0x8021

struct exit_row {
	uint16_t result;
	uint16_t error;
	uint16_t disconnect;
	const char *text;
};

static const struct exit_row exit_rows[] = {
	[0] = {CDN_ADMIN, 0, 3, "closed by the PPP peer"},
	[1] = {CDN_GENERAL_ERROR, ERROR_VENDOR, 0, "pppd failed, its log says why"},
	[2] = {CDN_NO_FACILITIES_PERMANENT, 0, 0, "pppd does not accept its options"},
	[3] = {CDN_NO_FACILITIES_PERMANENT, 0, 0, "pppd was not started by root"},
	[4] = {CDN_NO_FACILITIES_PERMANENT, 0, 0, "the kernel does not support PPP"},
	[5] = {CDN_ADMIN, 0, 1, "pppd was told to end"},
	[6] = {CDN_GENERAL_ERROR, ERROR_VENDOR, 0, "pppd could not lock its device"},
	[7] = {CDN_GENERAL_ERROR, ERROR_VENDOR, 0, "pppd could not open its device"},
	[8] = {CDN_GENERAL_ERROR, ERROR_VENDOR, 0, "pppd could not use the session's socket"},
	[9] = {CDN_GENERAL_ERROR, ERROR_VENDOR, 0, "pppd could not run its pty command"},
	[10] = {CDN_GENERAL_ERROR, ERROR_VENDOR, 0, "PPP negotiation failed"},
	[11] = {CDN_ADMIN, 0, 16, "the peer failed to authenticate"},
	[12] = {CDN_ADMIN, 0, 1, "idle for too long"},
	[13] = {CDN_ADMIN, 0, 1, "connect time limit reached"},
	[14] = {CDN_ADMIN, 0, 1, "call-back was negotiated"},
	[15] = {CDN_CARRIER_LOST, 0, 8, "the peer does not answer LCP echoes"},
	[16] = {CDN_CARRIER_LOST, 0, 0, "the session's socket was closed"},
	[17] = {CDN_GENERAL_ERROR, ERROR_VENDOR, 7, "the PPP link is looped back"},
	[18] = {CDN_GENERAL_ERROR, ERROR_VENDOR, 0, "pppd's init script failed"},
	[19] = {CDN_ADMIN, 0, 16, "the peer refused our authentication"},
	[20] = {CDN_ADMIN, 0, 1, "traffic limit reached"},
	[21] = {CDN_ADMIN, 0, 1, "the calling number is not authorized"},
	[127] = {CDN_GENERAL_ERROR, ERROR_VENDOR, 0, "pppd crashed"},
};

static const struct exit_row *row_of(int status)
{
	if (status < 0 || (size_t)status >= sizeof(exit_rows) / sizeof(exit_rows[0]) ||
	    !exit_rows[status].text)
		return NULL;
	return &exit_rows[status];
}

/* How far it came says what failed. */
static uint16_t negotiation_disconnect(uint16_t facts)
{
	if (facts & PPP_PEER_CLOSED)
		return 3;
	if (!(facts & PPP_LCP_SEEN))
		return 6;
	if (!(facts & PPP_LCP_OPEN))
		return 5;
	return facts & PPP_AUTHENTICATED ? 18 : 13;
}

uint16_t pppd_exit_disconnect(int status, uint16_t facts)
{
	const struct exit_row *row = row_of(status);

	if (!row)
		return 0;
	if (status == STATUS_NEGOTIATION_FAILED)
		return negotiation_disconnect(facts);
	return row->disconnect;
}

/*
 * RFC 3145 3 has the protocol and the direction of each code. Which authentication protocol was in
 * use pppd does not tell; 0 is for that.
 */
static struct ppp_cause cause_of(int status, uint16_t facts)
{
	struct ppp_cause cause = {.code = pppd_exit_disconnect(status, facts)};

	if (cause.code >= 5 && cause.code <= 12)
		cause.protocol = PROTOCOL_LCP;
	else if (cause.code >= 17 && cause.code <= 20)
		cause.protocol = PROTOCOL_IPCP;
	/* 3: the peer sent the Terminate-Request; 16: who did not believe whom. */
	if (cause.code == 3)
		cause.direction = 1;
	else if (cause.code == 16)
		cause.direction = status == STATUS_NOT_BELIEVED ? 2 : 1;
	return cause;
}

static struct reason told(int status, uint16_t facts)
{
	const struct exit_row *row = row_of(status);

	if (!row)
		return reason_make(ORIGIN_PPP, CDN_GENERAL_ERROR, ERROR_VENDOR,
				   "pppd ended with status %d", status);
	if (status == STATUS_NEGOTIATION_FAILED)
		return reason_make(ORIGIN_PPP, row->result, row->error, "%s: %s", row->text,
				   facts & PPP_PEER_CLOSED
					   ? "closed by the peer"
					   : ppp_disconnect_text(negotiation_disconnect(facts)));
	return reason_make(ORIGIN_PPP, row->result, row->error, "%s", row->text);
}

static struct reason exited(int status, uint16_t facts)
{
	struct reason reason = told(status, facts);

	reason.ppp = cause_of(status, facts);
	return reason;
}

struct reason pppd_exit_reason(int wait_status, enum pppd_ending ending,
			       const struct ppp_status *last)
{
	switch (ending) {
	case PPPD_BY_ITSELF:
		break;
	case PPPD_ASKED:
		/* A signal that found pppd before it had its handlers ends it all the same. */
		if (WIFSIGNALED(wait_status) &&
		    (WTERMSIG(wait_status) == SIGTERM || WTERMSIG(wait_status) == SIGHUP))
			return exited(STATUS_ASKED, last->facts);
		break;
	case PPPD_KILLED:
		if (WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGKILL)
			return reason_make(ORIGIN_PPP, CDN_ADMIN, 0,
					   "pppd did not end in time and was killed");
		break;
	}
	if (WIFSIGNALED(wait_status))
		return reason_make(ORIGIN_PPP, CDN_GENERAL_ERROR, ERROR_VENDOR,
				   "pppd was killed by signal %d (%s)", WTERMSIG(wait_status),
				   sigdescr_np(WTERMSIG(wait_status)));
	if (last->facts & PPP_ENDED)
		return exited(last->exit_status, last->facts);
	return exited(WEXITSTATUS(wait_status), last->facts);
}

struct reason pppd_spawn_reason(int err, const char *path)
{
	bool for_now = err == -EAGAIN || err == -ENOMEM || err == -EMFILE || err == -ENFILE;

	return reason_make(ORIGIN_PPP,
			   for_now ? CDN_NO_FACILITIES_TEMPORARY : CDN_NO_FACILITIES_PERMANENT, 0,
			   "cannot run %s: %s", path, strerror(-err));
}
