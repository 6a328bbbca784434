/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A peer of one engine that says what a test wants said, right or wrong.
 *
 * It keeps Ns and Nr and acknowledges, so that only what a test is about is unusual.
 */
#pragma once

#include "engine_fixture.h"

struct talker {
	struct box *box;
	/* Where it talks from, and where the box listens. */
	struct addr addr;
	struct addr to;
	const char *secret;
	/* Its own id, and the box's as learned from what that sends; the latter 0 until then. */
	uint16_t tunnel_id;
	uint16_t box_tunnel_id;
	uint16_t ns;
	uint16_t nr;
	/* What it heard last that was more than an acknowledgement. */
	enum msg_type heard;
	/* Neither hears nor acknowledges. */
	bool mute;
	/* Says even SCCRQ to the box's tunnel. */
	bool astray;
	/* The next message gets an unknown AVP with the M bit. */
	bool poison;
	/* The next message says to be of this type; 0 for its own. */
	uint16_t disguise;
	/* The next message's Message Type has no M bit. */
	bool optional;
};

/* At 198.51.100.9:1701, tunnel id 77. */
void talker_init(struct talker *talker, struct box *box);
void talker_hears(struct talker *talker, const struct sent *sent);
/* The least that a message of this type must carry, ids and secrets filled in for the talker. */
struct l2tp_msg talker_msg(const struct talker *talker, enum msg_type type);
/* Says a message to a session of the box, with the next Ns. */
void talker_say_msg(struct talker *talker, uint16_t session_id, const struct l2tp_msg *msg);
void talker_say(struct talker *talker, uint16_t session_id, enum msg_type type);
void talker_ack(struct talker *talker);
/* A tunnel with the box, opened by the talker or by the box. */
struct l2tp_tunnel *talker_opens(struct talker *talker);
struct l2tp_tunnel *talker_is_called(struct talker *talker);
/* A tunnel that the box opens; SCCRQ was sent and nothing answered. */
struct l2tp_tunnel *talker_awaits(struct talker *talker);
/* A call with the box: placed by the talker (77 is its session id), established. */
struct l2tp_session *talker_calls(struct talker *talker);

/* The session of that id; NULL for none. */
struct l2tp_session *session_of_talker(const struct l2tp_tunnel *t);

/* The id that the talker gives to its call. */
#define TALKER_SESSION 771
