/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From sections of text to the objects of struct config.
 */
#pragma once

#include "config/config.h"
#include "config/fault.h"
#include "config/parse.h"
#include "l2tp/tunnel.h"

struct builder {
	struct config *config;
	const struct parsed *parsed;
	struct faults *faults;
	const struct section *section; /* the one at hand, which faults are about */
};

/* Fills the empty config; what is wrong goes to the faults. */
void build_config(const struct parsed *parsed, struct faults *faults, struct config *config);

/*
 * Puts the values of a section into the objects of its keys' targets, in the order of the table.
 * Targets that are NULL are left out.
 */
void build_values(struct builder *b, const struct section *section,
		  void *const objects[static SECTION_MAX]);
/* The value that a key has when it is not given, if the table has one. */
void build_standard(struct builder *b, const struct config_key *key, void *object);

/* "peer lns1: hello_interval = 99999: ..."; without the value for a secret or if it is NULL. */
void build_fault(struct builder *b, const struct given *given, const struct given_value *value,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));
/* "peer lns1: ..." */
void build_section_fault(struct builder *b, const struct section *section, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Of the objects, one after the other, with all checks that look at one of them. */
void build_peer(struct builder *b, const struct section *base, const struct section *own,
		struct peer *peer);

/* What several keys must be to each other, when one of the two sections gives one of them. */
void check_retry(struct builder *b, const struct section *base, const struct section *own,
		 const struct peer *peer);

/* The functions of keys whose values need more than a type. */
void peer_set_address(struct builder *b, void *object, const struct given *given,
		      const struct given_value *value);
void peer_set_secret_file(struct builder *b, void *object, const struct given *given,
			  const struct given_value *value);
void ppp_set_address(struct builder *b, void *object, const struct given *given,
		     const struct given_value *value);
void ppp_set_options(struct builder *b, void *object, const struct given *given,
		     const struct given_value *value);
void ppp_set_options_file(struct builder *b, void *object, const struct given *given,
			  const struct given_value *value);
/* Appends what a key becomes for pppd. */
void ppp_add_option(struct builder *b, struct ppp_profile *profile, const struct config_key *key,
		    const char *value);

/* What no object can tell by itself: whether they go together. */
void check_config(struct builder *b);
