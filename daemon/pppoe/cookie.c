/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HMAC-SHA256 over the client's MAC address and the minute, cut to 16 octets. The cookie of this
 * minute is good, and that of the last one, for a PADI may come at its very end.
 */
#include "pppoe/cookie.h"

#include <nettle/hmac.h>
#include <nettle/memops.h>

#define SLOT (60 * USEC_PER_SEC)

static void make(const uint8_t secret[static PPPOE_SECRET_LEN],
		 const uint8_t mac[static PPPOE_MAC_LEN], uint64_t slot,
		 uint8_t ret[static PPPOE_COOKIE_LEN])
{
	uint8_t text[PPPOE_MAC_LEN + sizeof(slot)];
	struct writer w = writer_init(text, sizeof(text));
	struct hmac_sha256_ctx hmac;

	writer_bytes(&w, (struct bytes){mac, PPPOE_MAC_LEN});
	writer_u64(&w, slot);
	hmac_sha256_set_key(&hmac, PPPOE_SECRET_LEN, secret);
	hmac_sha256_update(&hmac, sizeof(text), text);
	hmac_sha256_digest(&hmac, PPPOE_COOKIE_LEN, ret);
}

void pppoe_cookie(const uint8_t secret[static PPPOE_SECRET_LEN],
		  const uint8_t mac[static PPPOE_MAC_LEN], usec_t now,
		  uint8_t ret[static PPPOE_COOKIE_LEN])
{
	make(secret, mac, (uint64_t)(now / SLOT), ret);
}

bool pppoe_cookie_is_good(const uint8_t secret[static PPPOE_SECRET_LEN],
			  const uint8_t mac[static PPPOE_MAC_LEN], usec_t now, struct bytes cookie)
{
	uint64_t slot = (uint64_t)(now / SLOT);
	uint8_t expected[PPPOE_COOKIE_LEN];

	if (cookie.len != PPPOE_COOKIE_LEN)
		return false;
	for (unsigned int back = 0; back < 2; back++) {
		make(secret, mac, slot - back, expected);
		if (memeql_sec(expected, cookie.data, PPPOE_COOKIE_LEN))
			return true;
	}
	return false;
}
