/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an administrator decides about callers: plain data that the configuration fills in.
 */
#pragma once

#include "ppp/proxy.h"
#include "pppoe/ac.h"
#include "steer/domain.h"
#include "steer/steer.h"

/* What the Calling Number says (RFC 2661 4.4.4). */
enum lac_number {
	/* "eth1.100 3 02:00:5e:00:00:01 circuit remote": interface, session id, MAC, what the line
	 * says, with a blank between. */
	LAC_NUMBER_DESCRIPTIVE,
	/* Fixed width: system name (4), interface index (5), VLAN (8), as JunosE's fixed. */
	LAC_NUMBER_FIXED,
	LAC_NUMBER_CIRCUIT_ID,
	LAC_NUMBER_REMOTE_ID,
	LAC_NUMBER_CIRCUIT_AND_REMOTE_ID,
	LAC_NUMBER_MAC,
	LAC_NUMBER_NONE, /* not sent */
};

/* Whether RADIUS decides about a caller before the domain map does. */
enum lac_radius {
	LAC_RADIUS_NO,
	LAC_RADIUS_YES,	     /* and he is refused when no server answers */
	LAC_RADIUS_OPTIONAL, /* and when none answers it is the map's turn */
};

/* A `pppoe` section: where callers dial in, and how they are treated. Shared by the configuration
 * and the calls that came through it. */
struct lac_access {
	struct list node;
	unsigned int refs;
	char *name;
	char **interfaces;
	size_t n_interfaces;
	struct pppoe_settings pppoe;
	struct ppp_proxy_settings ppp;
	/* A domain section for all calls that no other decides about; NULL: they are rejected. */
	char *default_domain;
	enum lac_radius radius;
	enum lac_number calling_number;
	enum lac_number calling_number_fallback; /* when the line says nothing */
	char number_separator[4];
	/* Told when the line does not say, bit/s; 0 in the end: the link speed of the interface. */
	uint32_t tx_connect_speed;
	uint32_t rx_connect_speed;
	bool line_avps; /* RFC 5515 */
};

/* What becomes of an AVP of a call that is switched from one tunnel into another. */
enum lac_relay { LAC_RELAY, LAC_REGENERATE, LAC_DROP };

/* A `switch` section (RFC 2661 has no word of it; vendors call it LTS, multihop). */
struct lac_switch {
	enum lac_relay calling_number, called_number, sub_address, physical_channel, bearer_type,
		private_group, speeds, proxy, line;
};

struct lac_settings {
	struct list accesses; /* of struct lac_access */
	struct steer_domains domains;
	struct steer_settings steer;
	struct lac_switch relay;
	unsigned int max_calls; /* in all, 0 for no limit */
};

struct lac_access *lac_access_new(const char *name);
struct lac_access *lac_access_ref(struct lac_access *access);
void lac_access_unref(struct lac_access *access);
