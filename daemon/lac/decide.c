/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What becomes of a call: what RADIUS answers, else what the domain map says of the caller's name,
 * else the domain that the interface gives to everybody.
 *
 * RADIUS is asked where the access section or the domain says so. Its answer may name tunnels, or
 * the section whose tunnels are meant (Tunnel-Group); an Accept without either leaves it to the
 * map. While no server answers the call is refused, unless the access section has RADIUS optional
 * and the domain does not ask for it: then the map decides alone, and whoever ends the call, LNS or
 * pppd, asks the caller for his proof again.
 */
#include "lac/private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "wire/result.h"

static struct steer_domain *find_domain(const struct lac *lac, const char *name)
{
	struct steer_domain *domain;

	list_for_each (domain, &lac->settings->domains.domains, node) {
		if (strcasecmp(domain->name, name) == 0)
			return domain;
	}
	return NULL;
}

/* The reference goes to the call. */
static void take_domain(struct lac_call *call, const struct steer_domain *domain)
{
	steer_domain_unref(call->domain);
	call->domain = domain ? steer_domain_ref((struct steer_domain *)domain) : NULL;
}

void lac_refuse(struct lac_call *call, const struct reason *reason, const char *text, usec_t now)
{
	lac_keep_reason(call, reason);
	lac_say_why(call, text, now);
}

static void reject(struct lac_call *call, const char *why, const char *text, usec_t now)
{
	/* RFC 3145 2.2: 16, authentication failed, at us. */
	struct reason reason = reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "%s", why);

	reason.ppp = (struct ppp_cause){.code = 16, .protocol = 0, .direction = 2};
	if (call->kind == LAC_SWITCHED) {
		lac_refuse(call, &reason, text, now);
		return;
	}
	lac_keep_reason(call, &reason);
	lac_enter(call, LAC_TERMINATING, now);
	ppp_proxy_reject(call->proxy, text, now);
}

static void tunnel(struct lac_call *call, struct steer_set *set, usec_t now)
{
	steer_call_init(&call->steer, set);
	call->steered = true;
	lac_enter(call, LAC_PLACING, now);
	lac_place(call, now);
}

static void terminate(struct lac_call *call, usec_t now)
{
	struct reason reason = reason_make(ORIGIN_LOCAL, CDN_NO_FACILITIES_PERMANENT, 0,
					   "a switched call cannot end here: %s", call->why);

	if (call->kind == LAC_SWITCHED) {
		lac_refuse(call, &reason, reason.text, now);
		return;
	}
	lac_end_ppp(call);
	lac_enter(call, LAC_LOCAL_STARTING, now);
	call->channel = KERNEL_DELETING;
	call->lac->ops->access_delete(call);
}

static void follow(struct lac_call *call, const struct steer_domain *domain, usec_t now)
{
	char why[LAC_WHY_MAX + 32];

	take_domain(call, domain);
	switch (domain->action) {
	case STEER_REJECT:
		snprintf(why, sizeof(why), "rejected: %s", call->why);
		reject(call, why, "access is denied", now);
		break;
	case STEER_TUNNEL:
		tunnel(call, domain->set, now);
		break;
	case STEER_TERMINATE:
		terminate(call, now);
		break;
	case STEER_RADIUS: /* decides nothing itself */
		break;
	}
}

/* The section that decides without RADIUS: that of the name, else the interface's default. */
static const struct steer_domain *choose(const struct lac *lac, const struct lac_access *access,
					 const struct steer_decision *decision,
					 char why[static LAC_WHY_MAX])
{
	const char *name = access ? access->default_domain : NULL;
	const struct steer_domain *domain = decision->domain;

	snprintf(why, LAC_WHY_MAX, "%s", decision->why);
	if (domain && domain->action != STEER_RADIUS)
		return domain;
	domain = name ? find_domain(lac, name) : NULL;
	if (!domain || domain->action == STEER_RADIUS)
		return NULL;
	snprintf(why, LAC_WHY_MAX, "default domain %s of %s", name, access->name);
	return domain;
}

static void set_called_number(struct lac_call *call, const struct steer_decision *decision)
{
	const struct steer_domain *domain = decision->domain;

	lac_set_text(&call->called_number, domain && domain->called_number ? domain->called_number
									   : decision->domain_name);
}

/* Returns whether there is a section for it. */
static bool follow_map(struct lac_call *call, const struct steer_decision *decision, usec_t now)
{
	const struct steer_domain *domain = choose(call->lac, call->access, decision, call->why);

	if (domain)
		follow(call, domain, now);
	return domain;
}

static const char *name_of(const struct lac_call *call)
{
	return call->kind == LAC_PPPOE
		       ? ppp_proxy_credentials(call->proxy)->user
		       : call_info_text(call->incoming->info, CALL_PROXY_AUTHEN_NAME);
}

/* A call of another LAC that says nothing of a user: by the number called, or as its LAC's calls
 * are in general. */
static void decide_by_call(const struct lac_call *call, struct steer_decision *ret)
{
	const struct l2tp_session *s = call->incoming;
	const char *number = call_info_text(s->info, CALL_CALLED_NUMBER);
	const char *domain = s->tunnel->peer->domain;

	*ret = (struct steer_decision){.domain = find_domain(call->lac, number)};
	snprintf(ret->domain_name, sizeof(ret->domain_name), "%s", number);
	snprintf(ret->why, sizeof(ret->why), "domain %.63s (called number)", number);
	if (ret->domain || !domain)
		return;
	ret->domain = find_domain(call->lac, domain);
	snprintf(ret->domain_name, sizeof(ret->domain_name), "%s", domain);
	snprintf(ret->why, sizeof(ret->why), "domain %.63s (of peer %.63s)", domain,
		 s->tunnel->peer->name);
}

/* What its LAC heard from the caller, as the caller said it. */
static void relayed_credentials(const struct l2tp_session *s, struct ppp_credentials *ret)
{
	/* A LAC that says nothing of it did not ask him. */
	*ret = (struct ppp_credentials){
		.type = s->core.proxy_authen_type ? (enum ppp_auth)s->core.proxy_authen_type
						  : PPP_AUTH_NONE,
		.id = s->core.proxy_authen_id,
		.challenge = call_info_get(s->info, CALL_PROXY_AUTHEN_CHALLENGE),
		.response = call_info_get(s->info, CALL_PROXY_AUTHEN_RESPONSE),
	};
	snprintf(ret->user, sizeof(ret->user), "%s",
		 call_info_text(s->info, CALL_PROXY_AUTHEN_NAME));
}

/* A name is not printable perhaps. */
static void set_user(struct lac_call *call, const char *name)
{
	lac_set_text(&call->user, name);
	if (call->user)
		text_clean(call->user);
}

static void on_answer(void *user, const struct radius_answer *answer, usec_t now)
{
	struct lac_call *call = user;
	const struct lac_signal signal = {.input = LAC_ON_ANSWER, .answer = answer};

	call->request = NULL;
	lac_fsm_run(call, &signal, now);
}

/* Whether nobody else may decide in its place. */
static bool needs_radius(const struct lac_access *access, const struct steer_domain *domain)
{
	return (access && access->radius == LAC_RADIUS_YES) ||
	       (domain && domain->action == STEER_RADIUS);
}

static bool asks_radius(const struct lac_access *access, const struct steer_domain *domain)
{
	return (access && access->radius != LAC_RADIUS_NO) || needs_radius(access, domain);
}

/* Returns 0 when it will answer, or -errno. */
static int ask_radius(struct lac_call *call, const struct steer_decision *decision, usec_t now)
{
	const struct steer_domain *domain = decision->domain;
	struct ppp_credentials relayed;
	struct lac_user_texts texts = {0};
	struct radius_user who;

	if (!call->lac->radius)
		return -ENOENT;
	lac_user(call, &texts, &who);
	who.user_name = domain && domain->strip ? decision->user : name_of(call);
	if (call->incoming) {
		relayed_credentials(call->incoming, &relayed);
		who.credentials = &relayed;
	} else {
		who.credentials = ppp_proxy_credentials(call->proxy);
	}
	return radius_access(call->lac->radius, &who, on_answer, call, now, &call->request);
}

static const char *not_asked(int err)
{
	switch (err) {
	case -ENOENT:
		return "there is no radius section";
	case -ENOBUFS:
		return "radius_max_pending requests wait already";
	default:
		return strerror(-err);
	}
}

/* It cannot be asked, or does not answer. */
static void do_without(struct lac_call *call, const struct steer_decision *decision,
		       const char *why, usec_t now)
{
	struct reason reason = reason_make(ORIGIN_LOCAL, CDN_NO_FACILITIES_TEMPORARY, 0,
					   "RADIUS does not decide: %s", why);
	char text[LAC_WHY_MAX + 96];

	snprintf(text, sizeof(text), "no domain section fits, and RADIUS does not decide: %s", why);
	if (needs_radius(call->access, decision->domain))
		lac_refuse(call, &reason, "try again later", now);
	else if (!follow_map(call, decision, now))
		reject(call, text, "access is denied", now);
}

static void decide_by_name(struct lac_call *call, struct steer_decision *ret)
{
	if (name_of(call)[0] || call->kind == LAC_PPPOE)
		steer_domain_decide(&call->lac->settings->domains, name_of(call), ret);
	else
		*ret = (struct steer_decision){0};
	if (!ret->domain && call->incoming)
		decide_by_call(call, ret);
	set_called_number(call, ret);
}

void lac_decide(struct lac_call *call, usec_t now)
{
	struct steer_decision decision;
	int err;

	set_user(call, name_of(call));
	decide_by_name(call, &decision);
	if (!asks_radius(call->access, decision.domain)) {
		if (!follow_map(call, &decision, now))
			reject(call, "no domain section fits, and there is no default",
			       "access is denied", now);
		return;
	}
	err = ask_radius(call, &decision, now);
	if (!err)
		lac_enter(call, LAC_AUTHORIZING, now);
	else
		do_without(call, &decision, not_asked(err), now);
}

void lac_decide_name(const struct lac *lac, const struct lac_access *access, const char *name,
		     struct lac_decision *ret)
{
	*ret = (struct lac_decision){0};
	steer_domain_decide(&lac->settings->domains, name, &ret->map);
	ret->domain = choose(lac, access, &ret->map, ret->why);
	ret->asks_radius = asks_radius(access, ret->map.domain);
	ret->needs_radius = needs_radius(access, ret->map.domain);
}

static void take_grant(struct lac_call *call, const struct radius_answer *answer)
{
	struct lac_grant *grant = mem_alloc(sizeof(*grant) + answer->class_len);

	mem_free(call->grant);
	call->grant = grant;
	if (!grant)
		return;
	grant->session_timeout = answer->session_timeout;
	grant->interim = answer->interim;
	grant->tx_connect_speed = answer->tx_connect_speed;
	grant->rx_connect_speed = answer->rx_connect_speed;
	grant->class_len = answer->class_len;
	memcpy(grant->class, answer->class, answer->class_len);
}

static void accepted(struct lac_call *call, const struct radius_answer *answer, usec_t now)
{
	struct steer_decision decision;

	take_grant(call, answer);
	if (!call->grant) {
		reject(call, strerror(ENOMEM), "try again later", now);
		return;
	}
	if (answer->user[0])
		set_user(call, answer->user);
	decide_by_name(call, &decision);
	if (answer->set) {
		snprintf(call->why, sizeof(call->why), "RADIUS");
		tunnel(call, answer->set, now);
		return;
	}
	if (answer->domain[0]) {
		decision.domain = find_domain(call->lac, answer->domain);
		snprintf(decision.why, sizeof(decision.why), "Tunnel-Group %s of RADIUS",
			 answer->domain);
		if (!decision.domain) {
			snprintf(call->why, sizeof(call->why),
				 "RADIUS names Tunnel-Group %s: there is no such domain section",
				 answer->domain);
			reject(call, call->why, "access is denied", now);
			return;
		}
	}
	if (!follow_map(call, &decision, now)) {
		snprintf(call->why, sizeof(call->why), "RADIUS, without a tunnel");
		terminate(call, now);
	}
}

void lac_take_answer(struct lac_call *call, const struct radius_answer *answer, usec_t now)
{
	struct steer_decision decision;
	char why[LAC_WHY_MAX + 32];

	if (answer->err == -ETIMEDOUT) {
		decide_by_name(call, &decision);
		do_without(call, &decision, answer->why, now);
	} else if (answer->err) {
		snprintf(why, sizeof(why), "answer of RADIUS: %s", answer->why);
		reject(call, why, "access is denied", now);
	} else if (!answer->accepted) {
		snprintf(why, sizeof(why), "RADIUS: %s", answer->why);
		reject(call, why, answer->message[0] ? answer->message : "access is denied", now);
	} else {
		accepted(call, answer, now);
	}
}
