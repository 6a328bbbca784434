/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The domain map: what becomes of a call, by the name that the caller gave.
 *
 * The name is split at the first delimiter before (prefix) or the last behind (suffix); the
 * section of that domain decides, `default` for a domain that has none, `none` for a name without
 * a domain. Domains are compared without regard to case.
 */
#pragma once

#include "base/cursor.h"
#include "base/list.h"
#include "steer/set.h"

enum steer_action {
	STEER_REJECT,
	STEER_TUNNEL,
	/* PPP ends here, at a pppd. */
	STEER_TERMINATE,
	/* RADIUS says; without an answer to the point: as if the section were not there. */
	STEER_RADIUS,
};

struct steer_domain {
	struct list node;
	unsigned int refs;
	char *name;
	enum steer_action action;
	struct steer_set *set; /* of STEER_TUNNEL */
	char *ppp;	       /* of STEER_TERMINATE: name of a ppp section, or NULL */
	/* Called Number of calls; NULL: the domain. */
	char *called_number;
	bool strip; /* the domain is taken off the name that RADIUS is asked for */
};

enum steer_order { STEER_SUFFIX_FIRST, STEER_PREFIX_FIRST };

struct steer_domains {
	struct list domains; /* of struct steer_domain */
	/* Characters that separate; empty: none does. */
	char suffix[8]; /* user@domain */
	char prefix[8]; /* domain/user, domain\user */
	enum steer_order order;
};

struct steer_decision {
	const struct steer_domain *domain; /* NULL: no section fits */
	/* As it was found in the name, in lower case; empty for none. */
	char domain_name[256];
	char user[256]; /* without it */
	/* For people: "domain example.com (suffix)", "no domain in the name: section none". */
	char why[160];
};

struct steer_domain *steer_domain_new(const char *name);
struct steer_domain *steer_domain_ref(struct steer_domain *domain);
void steer_domain_unref(struct steer_domain *domain);
void steer_domain_decide(const struct steer_domains *domains, const char *name,
			 struct steer_decision *ret);
