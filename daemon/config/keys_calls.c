/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys of tunnels and sessions that are opened and kept open.
 */
#include "config/keys.h"

static const struct config_choice session_choices[] = {
	{"incoming", CONFIG_CALL_INCOMING},
	{"outgoing", CONFIG_CALL_OUTGOING},
	{NULL},
};

/* clang-format off */
static const struct config_key keys_calls_rows[] = {
	/* tunnel */
	{ .name = "remote", .sections = IN(TUNNEL), .target = SECTION_TUNNEL, .type = TYPE_HOST,
	  .flags = KEY_REQUIRED, .max = 253, MEMBER(config_tunnel, remote),
	  .help = "The LNS; a name is looked up at each attempt." },
	{ .name = "peer", .sections = IN(TUNNEL), .target = SECTION_TUNNEL, .type = TYPE_NAME,
	  .names = SECTION_PEER, .standard_words = "a peer with all defaults",
	  .help = "The peer section to start from; keys of the tunnel itself go over it." },
	{ .name = "local", .sections = IN(TUNNEL), .target = SECTION_TUNNEL, .type = TYPE_ADDRESS,
	  .standard_words = "left to routing", MEMBER(config_tunnel, local),
	  .help = "Our address." },
	{ .name = "source_port", .sections = IN(TUNNEL), .target = SECTION_TUNNEL,
	  .type = TYPE_NUMBER, .max = UINT16_MAX, .standard = "0",
	  MEMBER(config_tunnel, local.port),
	  .help = "Our UDP port; 0 is any free one. Some servers want 1701." },
	{ .name = "tunnel_id", .sections = IN(TUNNEL), .target = SECTION_TUNNEL,
	  .type = TYPE_NUMBER, .max = UINT16_MAX, .standard = "0",
	  MEMBER(config_tunnel, tunnel_id),
	  .help = "Our Tunnel ID; 0 is a random one, as it should be." },
	{ .name = "idle_timeout", .sections = IN(TUNNEL), .target = SECTION_TUNNEL,
	  .type = TYPE_TIME, .max = SECONDS(86400), .standard = "0",
	  MEMBER(config_tunnel, idle_timeout),
	  .help = "The tunnel is closed when it had no session for so long, and opened again when "
		  "a session section needs it, or by hand; 0 keeps it open." },

	{ .name = "admin_state", .sections = IN(TUNNEL), .target = SECTION_TUNNEL,
	  .type = TYPE_CHOICE, .standard = "enabled", .choices = config_admin_choices,
	  MEMBER(config_tunnel, admin),
	  .help = "The same for this tunnel and its calls. Neither drain nor disabled opens it." },

	/* session */
	{ .name = "tunnel", .sections = IN(SESSION), .target = SECTION_SESSION, .type = TYPE_NAME,
	  .names = SECTION_TUNNEL, .flags = KEY_REQUIRED, MEMBER(config_session, tunnel),
	  .help = "The tunnel that the call goes through." },
	{ .name = "ppp", .sections = IN(SESSION), .target = SECTION_SESSION, .type = TYPE_NAME,
	  .names = SECTION_PPP, .standard_words = "that of the tunnel's peer",
	  MEMBER(config_session, ppp),
	  .help = "How pppd runs the call." },
	{ .name = "type", .sections = IN(SESSION), .target = SECTION_SESSION, .type = TYPE_CHOICE,
	  .standard = "incoming", .choices = session_choices, MEMBER(config_session, type),
	  .help = "Whether we place the call, as LAC, or have the peer place it, as LNS: an "
		  "outgoing call needs a called_number, and the peer tells the speeds." },
	{ .name = "called_number", .sections = IN(SESSION), .target = SECTION_SESSION,
	  .type = TYPE_TEXT, .min = 1, .max = NAME_LEN, .standard_words = "none",
	  MEMBER(config_session, called_number),
	  .help = "What the call says it called (RFC 2661 section 4.4.4)." },
	{ .name = "calling_number", .sections = IN(SESSION), .target = SECTION_SESSION,
	  .type = TYPE_TEXT, .min = 1, .max = NAME_LEN, .standard_words = "none",
	  MEMBER(config_session, calling_number),
	  .help = "Where the call says it comes from." },
	{ .name = "tx_connect_speed", .sections = IN(SESSION), .target = SECTION_SESSION,
	  .type = TYPE_SPEED, .max = UINT32_LIMIT, .standard = "0",
	  MEMBER(config_session, tx_connect_speed),
	  .help = "The speed towards the subscriber; 0 says a sane one." },
	{ .name = "rx_connect_speed", .sections = IN(SESSION), .target = SECTION_SESSION,
	  .type = TYPE_SPEED, .max = UINT32_LIMIT, .standard = "0",
	  MEMBER(config_session, rx_connect_speed),
	  .help = "The speed from the subscriber; 0 says that it is the same." },
	{ .name = "sub_address", .sections = IN(SESSION), .target = SECTION_SESSION,
	  .type = TYPE_TEXT, .min = 1, .max = NAME_LEN, .standard_words = "none",
	  MEMBER(config_session, sub_address),
	  .help = "More of the address, beside the number called." },
	{ .name = "private_group", .sections = IN(SESSION), .target = SECTION_SESSION,
	  .type = TYPE_TEXT, .min = 1, .max = NAME_LEN, .standard_words = "none",
	  MEMBER(config_session, private_group),
	  .help = "The Private Group ID: tells the LNS for what network the user is." },
	{ .name = "minimum_bps", .sections = IN(SESSION), .target = SECTION_SESSION,
	  .type = TYPE_SPEED, .max = UINT32_LIMIT, .standard = "0",
	  MEMBER(config_session, minimum_bps),
	  .help = "The least speed of an outgoing call." },
	{ .name = "maximum_bps", .sections = IN(SESSION), .target = SECTION_SESSION,
	  .type = TYPE_SPEED, .max = UINT32_LIMIT, .standard = "0",
	  MEMBER(config_session, maximum_bps),
	  .help = "The greatest; 0 is no limit." },
	{ .name = "admin_state", .sections = IN(SESSION), .target = SECTION_SESSION,
	  .type = TYPE_CHOICE, .standard = "enabled", .choices = config_admin_choices,
	  MEMBER(config_session, admin),
	  .help = "The same for this call. Neither drain nor disabled places it." },
};
/* clang-format on */

TABLE(keys_calls);
