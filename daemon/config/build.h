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

/* One that starts from the defaults. NULL when memory is out, which the faults know then. */
struct peer *build_peer_new(struct builder *b, const char *name);
/* What a section that names a peer, and may change it, has: beginning as `start`. NULL as above. */
struct peer *build_peer_from(struct builder *b, const struct section *section,
			     const struct peer *start);
/* Every key of the target that has a value to begin with gets it. */
void build_standards(struct builder *b, enum config_section target, void *object);
void build_radius(struct builder *b, const struct section *section);
void build_destination(struct builder *b, const struct section *section);
void build_domain(struct builder *b, const struct section *section);
void build_pppoe(struct builder *b, const struct section *section);
void build_steering(struct builder *b, const struct section *section);
void build_switch(struct builder *b, const struct section *section);

/* The nodename of the system, to be freed with mem_free(). NULL as above. */
char *build_system_name(struct builder *b);
/* Reads a secret from a file into *member; adds a fault if it must. */
void build_secret_file(struct builder *b, const struct given *given,
		       const struct given_value *value, char **member);
/* Whether the value names a section of the kind; if not a fault is added, with a guess. */
bool build_names(struct builder *b, const struct given *given, const struct given_value *value);
/* Whether it is a choice of the key; if not a fault is added. */
bool build_choice(struct builder *b, const struct given *given, const struct given_value *value,
		  int *ret);
/* Whether a text has the length of the key; if not a fault is added. */
bool build_text(struct builder *b, const struct given *given, const struct given_value *value);

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
void domain_add_destination(struct builder *b, void *object, const struct given *given,
			    const struct given_value *value);
void access_add_interface(struct builder *b, void *object, const struct given *given,
			  const struct given_value *value);
void access_add_service(struct builder *b, void *object, const struct given *given,
			const struct given_value *value);
void access_add_auth(struct builder *b, void *object, const struct given *given,
		     const struct given_value *value);
void access_set_separator(struct builder *b, void *object, const struct given *given,
			  const struct given_value *value);
void steering_set_suffix(struct builder *b, void *object, const struct given *given,
			 const struct given_value *value);
void steering_set_prefix(struct builder *b, void *object, const struct given *given,
			 const struct given_value *value);
void radius_set_secret_file(struct builder *b, void *object, const struct given *given,
			    const struct given_value *value);
/* Appends what a key becomes for pppd. */
void ppp_add_option(struct builder *b, struct ppp_profile *profile, const struct config_key *key,
		    const char *value);

/* What no object can tell by itself: whether they go together. */
void check_config(struct builder *b);
