/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tunnel authentication (RFC 2661 5.1.1, 4.4.3) and AVP hiding (4.3): MD5 over a shared secret.
 */
#pragma once

#include "base/cursor.h"
#include "wire/msg.h"

/* Octets of a Challenge Response AVP. */
#define CHALLENGE_RESPONSE_LEN 16

/* Response to a challenge: MD5(message type, secret, challenge). `type` is the message that
 * carries the response: MSG_SCCRP or MSG_SCCCN. */
void challenge_response(enum msg_type type, struct bytes secret, struct bytes challenge,
			uint8_t ret[static CHALLENGE_RESPONSE_LEN]);
/* Constant in time for what it compares. */
bool challenge_verify(enum msg_type type, struct bytes secret, struct bytes challenge,
		      const uint8_t response[static CHALLENGE_RESPONSE_LEN]);

/*
 * Hides a value of an attribute: writes the 2 octets of original length, the value and `padding`
 * octets of zero, enciphered, to w. RFC 2661 4.3 chains MD5 over ciphertext.
 */
void avp_hide(struct writer *w, uint16_t attribute, struct bytes secret, struct bytes random_vector,
	      struct bytes value, size_t padding);
/*
 * Reveals into out (at least hidden.len octets). Returns 0 with a view of the value in *ret, or
 * -EBADMSG when the original length exceeds what is there, which a wrong secret looks like.
 */
int avp_reveal(uint16_t attribute, struct bytes secret, struct bytes random_vector,
	       struct bytes hidden, uint8_t *out, struct bytes *ret);
