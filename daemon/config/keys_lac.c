/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys of what becomes of callers: where they dial in (pppoe), where their calls may go
 * (destination, domain), how one is chosen (steering), and what is told of a call that is switched.
 */
#include <net/if.h>

#include "config/keys.h"

static const struct config_choice action_choices[] = {
	{"tunnel", STEER_TUNNEL},
	{"terminate", STEER_TERMINATE},
	{"radius", STEER_RADIUS},
	{"reject", STEER_REJECT},
	{NULL},
};

static const struct config_choice caller_auth_choices[] = {
	{"chap", PPP_AUTH_CHAP},
	{"pap", PPP_AUTH_PAP},
	{"mschap-v2", PPP_AUTH_MSCHAP_V2},
	{"none", PPP_AUTH_NONE},
	{NULL},
};

static const struct config_choice caller_radius_choices[] = {
	{"no", LAC_RADIUS_NO},
	{"yes", LAC_RADIUS_YES},
	{"optional", LAC_RADIUS_OPTIONAL},
	{NULL},
};

static const struct config_choice number_choices[] = {
	{"descriptive", LAC_NUMBER_DESCRIPTIVE},
	{"fixed", LAC_NUMBER_FIXED},
	{"circuit-id", LAC_NUMBER_CIRCUIT_ID},
	{"remote-id", LAC_NUMBER_REMOTE_ID},
	{"circuit-id-remote-id", LAC_NUMBER_CIRCUIT_AND_REMOTE_ID},
	{"mac", LAC_NUMBER_MAC},
	{"none", LAC_NUMBER_NONE},
	{NULL},
};

static const struct config_choice sharing_choices[] = {
	{"round-robin", STEER_ROUND_ROBIN},
	{"weighted", STEER_WEIGHTED},
	{"least-sessions", STEER_LEAST_SESSIONS},
	{"random", STEER_RANDOM},
	{NULL},
};

static const struct config_choice assignment_choices[] = {
	{"assignment-id", STEER_BY_ASSIGNMENT_ID},
	{"client-server-id", STEER_BY_CLIENT_SERVER},
	{NULL},
};

static const struct config_choice order_choices[] = {
	{"suffix-first", STEER_SUFFIX_FIRST},
	{"prefix-first", STEER_PREFIX_FIRST},
	{NULL},
};

static const struct config_choice relay_choices[] = {
	{"relay", LAC_RELAY},
	{"regenerate", LAC_REGENERATE},
	{"drop", LAC_DROP},
	{NULL},
};

/* clang-format off */

#define RELAY(key, what)                                                                      \
	{ .name = #key, .sections = IN(SWITCH), .target = SECTION_SWITCH,                     \
	  .type = TYPE_CHOICE, .standard = "relay", .choices = relay_choices,                 \
	  MEMBER(lac_switch, key), .help = (what) }

static const struct config_key keys_lac_rows[] = {
	{ .name = "max_calls", .sections = IN(GLOBAL), .target = SECTION_GLOBAL,
	  .type = TYPE_NUMBER, .max = 1 << 24, .standard = "0", MEMBER(config, lac.max_calls),
	  .help = "Most calls of pppoe sections and of tunnels that are switched, in all; 0 is no "
		  "limit but those of tunnels and sessions." },

	/* destination */
	{ .name = "remote", .sections = IN(DESTINATION), .target = SECTION_DESTINATION,
	  .type = TYPE_HOST, .flags = KEY_REQUIRED, .max = 253,
	  MEMBER(config_destination, tunnel.server),
	  .help = "The LNS; a name is looked up when a tunnel is opened." },
	{ .name = "peer", .sections = IN(DESTINATION), .target = SECTION_DESTINATION,
	  .type = TYPE_NAME, .names = SECTION_PEER, .standard_words = "a peer with all defaults",
	  .help = "The peer section to start from; keys of the destination itself go over it." },
	{ .name = "local", .sections = IN(DESTINATION), .target = SECTION_DESTINATION,
	  .type = TYPE_ADDRESS, .standard_words = "left to routing",
	  MEMBER(config_destination, tunnel.client),
	  .help = "Our address towards it." },
	{ .name = "assignment_id", .sections = IN(DESTINATION), .target = SECTION_DESTINATION,
	  .type = TYPE_TEXT, .min = 1, .max = NAME_LEN, .standard_words = "none",
	  MEMBER(config_destination, tunnel.assignment_id),
	  .help = "Calls to one LNS share a tunnel when this is the same (RFC 2868 section 3.7)." },
	{ .name = "private_group", .sections = IN(DESTINATION), .target = SECTION_DESTINATION,
	  .type = TYPE_TEXT, .min = 1, .max = NAME_LEN, .standard_words = "none",
	  MEMBER(config_destination, tunnel.private_group),
	  .help = "The Private Group ID of its calls: tells the LNS for what network they are." },
	{ .name = "preference", .sections = IN(DESTINATION), .target = SECTION_DESTINATION,
	  .type = TYPE_NUMBER, .max = 0xffffff, .standard = "0",
	  MEMBER(config_destination, tunnel.preference),
	  .help = "Destinations of a lower number are tried first; a domain has at most 8 different "
		  "ones." },
	{ .name = "max_sessions", .sections = IN(DESTINATION), .target = SECTION_DESTINATION,
	  .type = TYPE_NUMBER, .max = 1 << 24, .standard = "0",
	  MEMBER(config_destination, tunnel.max_sessions),
	  .help = "Most calls to it, in all its tunnels, and its weight when calls are shared by "
		  "weight; 0 is no limit." },

	/* domain */
	{ .name = "action", .sections = IN(DOMAIN), .target = SECTION_DOMAIN,
	  .type = TYPE_CHOICE,
	  .standard_words = "tunnel with a destination key, terminate with a ppp key, else reject",
	  .choices = action_choices, MEMBER(steer_domain, action),
	  .help = "What becomes of its calls. tunnel: they go to a destination. terminate: their "
		  "PPP ends here, at a pppd. radius: a RADIUS server says, and they are refused "
		  "while none answers. reject: they are hung "
		  "up." },
	{ .name = "destination", .sections = IN(DOMAIN), .target = SECTION_DOMAIN,
	  .type = TYPE_NAME, .flags = KEY_LIST, .names = SECTION_DESTINATION,
	  .most = STEER_TUNNELS_MAX, .standard_words = "none", .set = domain_add_destination,
	  .help = "Where its calls may go, up to 31." },
	{ .name = "ppp", .sections = IN(DOMAIN), .target = SECTION_DOMAIN, .type = TYPE_NAME,
	  .names = SECTION_PPP, .standard_words = "pppd with no options but ours",
	  MEMBER(steer_domain, ppp),
	  .help = "How pppd runs the calls that end here." },
	{ .name = "called_number", .sections = IN(DOMAIN), .target = SECTION_DOMAIN,
	  .type = TYPE_TEXT, .min = 1, .max = NAME_LEN,
	  .standard_words = "the domain that the caller wrote", MEMBER(steer_domain, called_number),
	  .help = "The Called Number of its calls." },
	{ .name = "strip", .sections = IN(DOMAIN), .target = SECTION_DOMAIN, .type = TYPE_YES_NO,
	  .standard = "no", MEMBER(steer_domain, strip),
	  .help = "RADIUS is asked for the name without its domain." },

	/* pppoe */
	{ .name = "interface", .sections = IN(PPPOE), .target = SECTION_PPPOE, .type = TYPE_TEXT,
	  .flags = KEY_LIST | KEY_REQUIRED, .min = 1, .max = IFNAMSIZ - 1,
	  .set = access_add_interface,
	  .help = "The interfaces on which callers are answered; a VLAN is its own interface, "
		  "such as eth1.100. One that is not there yet is waited for." },
	{ .name = "ac_name", .sections = IN(PPPOE), .target = SECTION_PPPOE, .type = TYPE_TEXT,
	  .min = 1, .max = NAME_LEN, .standard_words = "the name of the system",
	  MEMBER(lac_access, pppoe.ac_name),
	  .help = "The AC-Name (RFC 2516)." },
	{ .name = "service_name", .sections = IN(PPPOE), .target = SECTION_PPPOE,
	  .type = TYPE_TEXT, .flags = KEY_LIST, .min = 1, .max = NAME_LEN, .most = 16,
	  .standard_words = "any service is one", .set = access_add_service,
	  .help = "The services that are offered, beside the one without a name; callers who ask "
		  "for another are not answered." },
	{ .name = "max_sessions", .sections = IN(PPPOE), .target = SECTION_PPPOE,
	  .type = TYPE_NUMBER, .max = 65534, .standard = "0",
	  MEMBER(lac_access, pppoe.max_sessions),
	  .help = "Most sessions on one interface; 0 is as many as there are ids, 65534." },
	{ .name = "max_sessions_per_mac", .sections = IN(PPPOE), .target = SECTION_PPPOE,
	  .type = TYPE_NUMBER, .max = 65534, .standard = "8",
	  MEMBER(lac_access, pppoe.max_sessions_per_mac),
	  .help = "Most of them of one MAC address; 0 is no limit." },
	{ .name = "max_padi_rate", .sections = IN(PPPOE), .target = SECTION_PPPOE,
	  .type = TYPE_NUMBER, .max = 1000000, .standard = "2000",
	  MEMBER(lac_access, pppoe.max_padi_rate),
	  .help = "How many PADIs, and how many PADRs, one interface takes a second; more are "
		  "dropped. 0 is any number." },
	{ .name = "max_padi_rate_per_mac", .sections = IN(PPPOE), .target = SECTION_PPPOE,
	  .type = TYPE_NUMBER, .max = 1000000, .standard = "20",
	  MEMBER(lac_access, pppoe.max_padi_rate_per_mac),
	  .help = "The same of one MAC address." },
	{ .name = "max_payload", .sections = IN(PPPOE), .target = SECTION_PPPOE,
	  .type = TYPE_NUMBER, .min = 1492, .max = 9192, .standard = "1492",
	  MEMBER(lac_access, pppoe.max_payload),
	  .help = "The largest PPP-Max-Payload that is granted to who asks for more than 1492 (RFC "
		  "4638). The interface has to carry 8 octets more." },
	{ .name = "mru", .sections = IN(PPPOE), .target = SECTION_PPPOE, .type = TYPE_NUMBER,
	  .min = 128, .max = 9192, .standard = "1492", MEMBER(lac_access, ppp.mru),
	  .help = "The MRU that callers are asked to keep to; never more than the session carries." },
	{ .name = "auth", .sections = IN(PPPOE), .target = SECTION_PPPOE, .type = TYPE_CHOICE,
	  .flags = KEY_LIST, .most = PPP_AUTHS_MAX, .standard_words = "{chap, pap}",
	  .choices = caller_auth_choices, .set = access_add_auth,
	  .help = "How a caller may say who he is, the best first. What he says goes to the LNS, or "
		  "to RADIUS. none: he is not asked, and only the domain section none fits. What he "
		  "says in mschap-v2 cannot be told to an LNS (RFC 2661 has no type for it): it asks "
		  "him again." },
	{ .name = "ppp_name", .sections = IN(PPPOE), .target = SECTION_PPPOE, .type = TYPE_TEXT,
	  .min = 1, .max = NAME_LEN, .standard_words = "the name of the system",
	  MEMBER(lac_access, ppp.name),
	  .help = "Who we are in a CHAP Challenge." },
	{ .name = "lcp_restart", .sections = IN(PPPOE), .target = SECTION_PPPOE,
	  .type = TYPE_TIME, .min = MSECS(100), .max = SECONDS(60), .standard = "3s",
	  MEMBER(lac_access, ppp.restart),
	  .help = "How long a PPP request waits for its answer before it is sent again (RFC 1661 "
		  "section 4.6)." },
	{ .name = "lcp_max_configure", .sections = IN(PPPOE), .target = SECTION_PPPOE,
	  .type = TYPE_NUMBER, .min = 1, .max = 255, .standard = "10",
	  MEMBER(lac_access, ppp.max_configure),
	  .help = "After so many requests without an answer the caller is hung up." },
	{ .name = "lcp_max_terminate", .sections = IN(PPPOE), .target = SECTION_PPPOE,
	  .type = TYPE_NUMBER, .min = 1, .max = 255, .standard = "2",
	  MEMBER(lac_access, ppp.max_terminate),
	  .help = "A caller who does not answer so many Terminate-Requests is gone." },
	{ .name = "lcp_max_failure", .sections = IN(PPPOE), .target = SECTION_PPPOE,
	  .type = TYPE_NUMBER, .min = 1, .max = 255, .standard = "5",
	  MEMBER(lac_access, ppp.max_failure),
	  .help = "After so many Configure-Naks an option is rejected." },
	{ .name = "ppp_timeout", .sections = IN(PPPOE), .target = SECTION_PPPOE,
	  .type = TYPE_TIME, .min = SECONDS(1), .max = SECONDS(600), .standard = "60s",
	  MEMBER(lac_access, ppp.timeout),
	  .help = "A caller who has not said who he is by then is hung up." },
	{ .name = "domain", .sections = IN(PPPOE), .target = SECTION_PPPOE, .type = TYPE_NAME,
	  .names = SECTION_DOMAIN, .standard_words = "calls that no domain section fits are hung up",
	  MEMBER(lac_access, default_domain),
	  .help = "The domain section for calls that no other fits." },
	{ .name = "radius", .sections = IN(PPPOE), .target = SECTION_PPPOE, .type = TYPE_CHOICE,
	  .standard = "no", .choices = caller_radius_choices, MEMBER(lac_access, radius),
	  .help = "Whether RADIUS is asked about each caller, before the domain sections. yes: "
		  "callers are refused while no server answers. optional: the domain sections "
		  "decide then, and the LNS or pppd is the one that asks for the password." },
	{ .name = "calling_number", .sections = IN(PPPOE), .target = SECTION_PPPOE,
	  .type = TYPE_CHOICE, .standard = "descriptive", .choices = number_choices,
	  MEMBER(lac_access, calling_number),
	  .help = "What the LNS gets as Calling Number. descriptive: interface, PPPoE session, MAC "
		  "address, and what the line says of itself. fixed: system name (4), interface (5) "
		  "and VLAN (8), without separators. circuit-id, remote-id: what the access node "
		  "wrote (TR-101). mac: the caller's address. none: nothing." },
	{ .name = "calling_number_fallback", .sections = IN(PPPOE), .target = SECTION_PPPOE,
	  .type = TYPE_CHOICE, .standard = "descriptive", .choices = number_choices,
	  MEMBER(lac_access, calling_number_fallback),
	  .help = "The same for lines of which nothing is told." },
	{ .name = "number_separator", .sections = IN(PPPOE), .target = SECTION_PPPOE,
	  .type = TYPE_TEXT, .min = 1, .max = 3, .standard = " ", .standard_words = "a blank",
	  .set = access_set_separator,
	  .help = "What stands between the parts of a Calling Number." },
	{ .name = "tx_connect_speed", .sections = IN(PPPOE), .target = SECTION_PPPOE,
	  .type = TYPE_SPEED, .max = UINT32_LIMIT, .standard = "0",
	  MEMBER(lac_access, tx_connect_speed),
	  .help = "The speed towards the caller that the LNS is told when neither RADIUS nor the "
		  "line says one; 0 is that of the interface." },
	{ .name = "rx_connect_speed", .sections = IN(PPPOE), .target = SECTION_PPPOE,
	  .type = TYPE_SPEED, .max = UINT32_LIMIT, .standard = "0",
	  MEMBER(lac_access, rx_connect_speed),
	  .help = "The same for the speed from the caller." },
	{ .name = "line_avps", .sections = IN(PPPOE), .target = SECTION_PPPOE,
	  .type = TYPE_YES_NO, .standard = "no", MEMBER(lac_access, line_avps),
	  .help = "The LNS is told what the access node says of the line, and of other speeds when "
		  "they change, by adit set call or RADIUS (RFC 5515)." },

	/* steering */
	{ .name = "domain_suffix", .sections = IN(STEERING), .target = SECTION_STEERING,
	  .type = TYPE_TEXT, .min = 1, .max = 7, .standard = "@", .set = steering_set_suffix,
	  .help = "Characters that part a name from a domain behind it: user@domain; the last of "
		  "them counts." },
	{ .name = "domain_prefix", .sections = IN(STEERING), .target = SECTION_STEERING,
	  .type = TYPE_TEXT, .min = 1, .max = 7, .standard_words = "none",
	  .set = steering_set_prefix,
	  .help = "Characters that part a domain from a name behind it: domain/user; the first of "
		  "them counts." },
	{ .name = "domain_order", .sections = IN(STEERING), .target = SECTION_STEERING,
	  .type = TYPE_CHOICE, .standard = "suffix-first", .choices = order_choices,
	  MEMBER(lac_settings, domains.order),
	  .help = "Which of the two is looked for first." },
	{ .name = "sharing", .sections = IN(STEERING), .target = SECTION_STEERING,
	  .type = TYPE_CHOICE, .standard = "round-robin", .choices = sharing_choices,
	  MEMBER(lac_settings, steer.sharing),
	  .help = "Among destinations of the same preference. weighted: in proportion to their "
		  "max_sessions. least-sessions: the one with the fewest calls." },
	{ .name = "share_tunnels_by", .sections = IN(STEERING), .target = SECTION_STEERING,
	  .type = TYPE_CHOICE, .standard = "assignment-id", .choices = assignment_choices,
	  MEMBER(lac_settings, steer.assignment),
	  .help = "Which calls to an LNS share a tunnel: those of one assignment_id, or those of "
		  "one assignment_id and the same names of both ends." },
	{ .name = "fail_over_within_preference", .sections = IN(STEERING),
	  .target = SECTION_STEERING, .type = TYPE_YES_NO, .standard = "no",
	  MEMBER(lac_settings, steer.fail_over_within_preference),
	  .help = "After a failure the other destinations of the same preference are tried first; "
		  "else it is the next preference's turn, and theirs after the last." },
	{ .name = "lockout", .sections = IN(STEERING), .target = SECTION_STEERING,
	  .type = TYPE_TIME, .min = SECONDS(1), .max = SECONDS(3600), .standard = "300s",
	  MEMBER(lac_settings, steer.lockout),
	  .help = "A destination that failed gets no call for so long." },
	{ .name = "lockout_test", .sections = IN(STEERING), .target = SECTION_STEERING,
	  .type = TYPE_YES_NO, .standard = "no", MEMBER(lac_settings, steer.lockout_test),
	  .help = "After that it gets none until a tunnel to it came up." },
	{ .name = "max_destinations", .sections = IN(STEERING), .target = SECTION_STEERING,
	  .type = TYPE_NUMBER, .min = 32, .max = 1 << 20, .standard = "4096",
	  MEMBER(lac_settings, steer.max_destinations),
	  .help = "How many are remembered at most, those that RADIUS names included." },

	/* switch */
	RELAY(calling_number, "Calling Number."),
	RELAY(called_number, "Called Number."),
	RELAY(sub_address, "Sub-Address."),
	RELAY(physical_channel, "Physical Channel ID."),
	RELAY(bearer_type, "Bearer Type."),
	RELAY(private_group, "Private Group ID."),
	RELAY(speeds, "Tx and Rx Connect Speed."),
	RELAY(proxy, "Proxy LCP and authentication."),
	RELAY(line, "What the access node says of the line (RFC 5515)."),
};
/* clang-format on */

TABLE(keys_lac);
