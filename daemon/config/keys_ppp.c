/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys of the ppp section, most of which become words for pppd; those that are given as such come
 * last.
 */
#include "config/keys.h"

/* Protocols that pppd has require- and refuse- options for. */
static const struct config_choice auth_choices[] = {
	{"pap"}, {"chap"}, {"mschap"}, {"mschap-v2"}, {"eap"}, {NULL},
};

/* clang-format off */
static const struct config_key keys_ppp_rows[] = {
	/* ppp */
	{ .name = "local_address", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_IPV4,
	  .standard_words = "left to pppd", .set = ppp_set_address, .option = ":",
	  .help = "Our address inside the call." },
	{ .name = "remote_address", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_IPV4,
	  .standard_words = "left to pppd", .set = ppp_set_address, .option = ":",
	  .help = "The address that the other side gets." },
	{ .name = "mtu", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_NUMBER,
	  .min = 128, .max = 16384, .standard_words = "left to pppd", .option = "mtu",
	  .help = "The largest packet we send inside the call." },
	{ .name = "mru", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_NUMBER,
	  .min = 128, .max = 16384, .standard_words = "left to pppd", .option = "mru",
	  .help = "The largest packet we ask the other side to send." },
	{ .name = "user", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_TEXT,
	  .min = 1, .max = 255, .standard_words = "the name of the system", .option = "user",
	  .help = "Who we are when the other side authenticates us; the password is that of this "
		  "name in /etc/ppp/chap-secrets or pap-secrets." },
	{ .name = "password", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_REFUSED,
	  .flags = KEY_SECRET,
	  .help = "put it into /etc/ppp/chap-secrets: everybody on the system can read the command "
		  "line of pppd" },
	{ .name = "require", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_CHOICE,
	  .flags = KEY_LIST, .standard_words = "left to pppd", .choices = auth_choices,
	  .option = "require-",
	  .help = "The other side has to authenticate itself by one of these." },
	{ .name = "refuse", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_CHOICE,
	  .flags = KEY_LIST, .standard_words = "left to pppd", .choices = auth_choices,
	  .option = "refuse-",
	  .help = "We do not authenticate ourselves by any of these." },
	{ .name = "dns", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_IPV4,
	  .flags = KEY_LIST, .most = 2, .standard_words = "none", .option = "ms-dns",
	  .help = "Name servers that the other side is told." },
	{ .name = "default_route", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_YES_NO,
	  .standard_words = "left to pppd", .option = "defaultroute",
	  .help = "Whether the default route goes through the call." },
	{ .name = "options_file", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_FILE,
	  .max = 255, .standard_words = "none", .set = ppp_set_options_file,
	  .help = "An options file for pppd to read." },
	{ .name = "options", .sections = IN(PPP), .target = SECTION_PPP, .type = TYPE_WORDS,
	  .flags = KEY_LIST | KEY_SECRET, .standard_words = "none", .set = ppp_set_options,
	  .help = "Options of pppd(8), each text split into words as a line of an options file. They "
		  "come after what the other keys say." },
};
/* clang-format on */

TABLE(keys_ppp);
