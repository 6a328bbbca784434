/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AC-Cookies (RFC 2516 section 9): proof that a PADR comes from where a PADO went to, a minute or
 * two ago, without a memory of the PADI.
 */
#pragma once

#include "base/timer.h"
#include "pppoe/packet.h"

#define PPPOE_SECRET_LEN 32
#define PPPOE_COOKIE_LEN 16

void pppoe_cookie(const uint8_t secret[static PPPOE_SECRET_LEN],
		  const uint8_t mac[static PPPOE_MAC_LEN], usec_t now,
		  uint8_t ret[static PPPOE_COOKIE_LEN]);
bool pppoe_cookie_is_good(const uint8_t secret[static PPPOE_SECRET_LEN],
			  const uint8_t mac[static PPPOE_MAC_LEN], usec_t now, struct bytes cookie);
