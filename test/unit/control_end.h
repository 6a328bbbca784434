/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A client's end of the management socket: says things, and asserts what comes back. The daemon's
 * loop turns meanwhile.
 */
#pragma once

#include "control_fixture.h"

/* Rounds of the loop that a test waits: far more than anything takes. */
#define PATIENCE 4000

/* The parser's own words follow, which are not ours to test. */
#define NOT_JSON "{\"status\":\"error\",\"code\":\"EBADMSG\",\"message\":\"not JSON: "
#define OK "{\"status\":\"ok\"}\n"
#define ERROR(code, message) \
	"{\"status\":\"error\",\"code\":\"" code "\",\"message\":\"" message "\"}\n"

/* The client's end. */
struct end {
	struct fixture *f;
	int fd;
	char *text;
	size_t len;
	size_t room;
	bool eof;
};

struct end *end_new(struct fixture *f);
/* Takes a descriptor over. */
struct end *end_of(struct fixture *f, int fd);
/* Closes it, and lets the daemon notice. */
void end_free(struct end *end);
/* Takes what is there. */
void end_read(struct end *end);
void end_write(struct end *end, const char *data, size_t len);
void end_say(struct end *end, const char *text);
/* Until so many octets are there. */
void end_wait(struct end *end, size_t len);
/* Asserts that this comes next, and takes it; NOT_JSON stands for a whole line. */
void end_expect(struct end *end, const char *text);
void end_take_line(struct end *end);
void end_expect_closed(struct end *end);
/* Asserts that nothing comes. */
void end_expect_silence(struct end *end);
/* Asserts what was asked of the daemon since last time. */
void calls_expect(struct fixture *f, const char *calls);

/* A request whose answer is OK. */
#define SHOW_NONE "{\"command\":\"show tunnel\",\"args\":{\"peer\":\"nobody\"}}\n"

/* What the fixture has, as it is shown. */
#define TUNNEL_7                                                                     \
	"\"tunnel_id\":7,\"name\":\"isp\",\"state\":\"established\",\"uptime\":192," \
	"\"encap\":\"UDP\",\"local\":\"192.0.2.1\",\"peer\":\"192.0.2.2\","          \
	"\"udp_sport\":1701,\"udp_dport\":1701,\"peer_tunnel_id\":4711,"             \
	"\"peer_host_name\":\"lns.example\",\"peer_name\":\"isp\","                  \
	"\"initiator\":\"local\",\"window\":32,\"peer_window\":16,\"sessions\":1"
#define TUNNEL_8                                                                 \
	"\"tunnel_id\":8,\"state\":\"closed\",\"encap\":\"UDP\","                \
	"\"local\":\"2001:db8::1\",\"peer\":\"2001:db8::2\",\"udp_sport\":1701," \
	"\"udp_dport\":65335,\"peer_tunnel_id\":3,"                              \
	"\"peer_host_name\":\"\\u001B[31mred\\\\xff\",\"peer_name\":\"guest\","  \
	"\"initiator\":\"peer\",\"window\":32,\"sessions\":0,"                   \
	"\"last_error\":\"local: wrong secret (result 4)\""
#define SESSION_9                                                                    \
	"\"tunnel_id\":7,\"session_id\":9,\"name\":\"dsl\",\"tunnel_name\":\"isp\"," \
	"\"peer_tunnel_id\":4711,\"peer_session_id\":21,\"state\":\"established\","  \
	"\"uptime\":90,\"type\":\"lac-incoming\",\"interface\":\"ppp0\","            \
	"\"user\":\"joe@example\",\"ppp_local\":\"10.0.0.1\","                       \
	"\"ppp_remote\":\"10.0.0.2\",\"called_number\":\"5551\""
#define COUNTERS_9                                                                    \
	",\"rx_packets\":22,\"rx_bytes\":2200,\"rx_errors\":1,\"rx_seq_discards\":0," \
	"\"rx_out_of_order\":0,\"tx_packets\":11,\"tx_bytes\":1100,\"tx_errors\":0"
