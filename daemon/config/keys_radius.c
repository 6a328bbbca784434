/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys of RADIUS: of each server, and of all together.
 */
#include "config/keys.h"

/* clang-format off */
static const struct config_key keys_radius_rows[] = {
	/* Global. */
	{ .name = "radius_nas_identifier", .sections = IN(GLOBAL), .target = SECTION_GLOBAL,
	  .type = TYPE_TEXT, .min = 1, .max = 253, .standard_words = "the name of the system",
	  MEMBER(config, radius.nas_identifier),
	  .help = "The NAS-Identifier." },
	{ .name = "radius_nas_address", .sections = IN(GLOBAL), .target = SECTION_GLOBAL,
	  .type = TYPE_ADDRESS, .standard_words = "not told", MEMBER(config, radius.nas_address),
	  .help = "The NAS-IP-Address, or NAS-IPv6-Address." },
	{ .name = "radius_interim", .sections = IN(GLOBAL), .target = SECTION_GLOBAL,
	  .type = TYPE_TIME, .max = SECONDS(86400), .standard = "0", MEMBER(config, radius.interim),
	  .help = "How often a call that goes on is accounted; 0 is as the server asks, or not." },
	{ .name = "radius_tunnel_accounting", .sections = IN(GLOBAL), .target = SECTION_GLOBAL,
	  .type = TYPE_YES_NO, .standard = "no", MEMBER(config, radius.tunnel_accounting),
	  .help = "Tunnels are accounted (RFC 2867, Tunnel-Start, -Stop and -Reject)." },
	{ .name = "radius_link_accounting", .sections = IN(GLOBAL), .target = SECTION_GLOBAL,
	  .type = TYPE_YES_NO, .standard = "no", MEMBER(config, radius.link_accounting),
	  .help = "Calls in tunnels are accounted as links of them (RFC 2867, Tunnel-Link-Start, "
		  "-Stop and -Reject)." },
	{ .name = "radius_dynauth_port", .sections = IN(GLOBAL), .target = SECTION_GLOBAL,
	  .type = TYPE_NUMBER, .max = UINT16_MAX, .standard = "0",
	  MEMBER(config, radius.dynauth_port),
	  .help = "The UDP port on which the servers may ask to end and change calls (RFC 5176), "
		  "usually 3799; 0 is none." },
	{ .name = "radius_max_pending", .sections = IN(GLOBAL), .target = SECTION_GLOBAL,
	  .type = TYPE_NUMBER, .min = 1, .max = 1 << 20, .standard = "16384",
	  MEMBER(config, radius.max_pending),
	  .help = "Most requests that wait for an answer." },

	/* radius */
	{ .name = "host", .sections = IN(RADIUS), .target = SECTION_RADIUS, .type = TYPE_HOST,
	  .flags = KEY_REQUIRED, .max = 253, MEMBER(radius_server, host),
	  .help = "The server. Servers are asked in the order of their sections." },
	{ .name = "auth_port", .sections = IN(RADIUS), .target = SECTION_RADIUS,
	  .type = TYPE_NUMBER, .min = 1, .max = UINT16_MAX, .standard = "1812",
	  MEMBER(radius_server, auth_port),
	  .help = "Its UDP port for requests." },
	{ .name = "acct_port", .sections = IN(RADIUS), .target = SECTION_RADIUS,
	  .type = TYPE_NUMBER, .max = UINT16_MAX, .standard = "1813",
	  MEMBER(radius_server, acct_port),
	  .help = "Its UDP port for accounts; 0: it gets none." },
	{ .name = "secret", .sections = IN(RADIUS), .target = SECTION_RADIUS, .type = TYPE_TEXT,
	  .flags = KEY_SECRET, .min = 1, .max = 255, .standard_words = "none",
	  MEMBER(radius_server, secret),
	  .help = "The secret shared with it; this or secret_file has to be there." },
	{ .name = "secret_file", .sections = IN(RADIUS), .target = SECTION_RADIUS,
	  .type = TYPE_FILE, .max = 255, .standard_words = "none", .set = radius_set_secret_file,
	  .help = "A file whose first line is the secret, as in a peer section." },
	{ .name = "timeout", .sections = IN(RADIUS), .target = SECTION_RADIUS, .type = TYPE_TIME,
	  .min = MSECS(100), .max = SECONDS(60), .standard = "3s", MEMBER(radius_server, timeout),
	  .help = "How long an answer is waited for before the request is sent again." },
	{ .name = "tries", .sections = IN(RADIUS), .target = SECTION_RADIUS, .type = TYPE_NUMBER,
	  .min = 1, .max = 10, .standard = "3", MEMBER(radius_server, tries),
	  .help = "After so many the server is taken for dead, and the next one is asked." },
	{ .name = "dead_time", .sections = IN(RADIUS), .target = SECTION_RADIUS,
	  .type = TYPE_TIME, .max = SECONDS(3600), .standard = "60s",
	  MEMBER(radius_server, dead_time),
	  .help = "A dead server is not asked for so long, while another lives." },
};
/* clang-format on */

TABLE(keys_radius);
