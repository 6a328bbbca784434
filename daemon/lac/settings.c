/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Access sections, shared by the configuration and the calls that came through them.
 */
#include "lac/settings.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define MAX_SESSIONS_PER_MAC 8
#define MAX_PADI_RATE 2000
#define MAX_PADI_RATE_PER_MAC 20

struct lac_access *lac_access_new(const char *name)
{
	struct lac_access *access = mem_alloc(sizeof(*access));

	if (!access)
		return NULL;
	list_init(&access->node);
	access->refs = 1;
	access->name = text_new(bytes_str(name));
	if (!access->name) {
		mem_free(access);
		return NULL;
	}
	access->pppoe.max_sessions_per_mac = MAX_SESSIONS_PER_MAC;
	access->pppoe.max_padi_rate = MAX_PADI_RATE;
	access->pppoe.max_padi_rate_per_mac = MAX_PADI_RATE_PER_MAC;
	access->pppoe.max_payload = PPPOE_MTU;
	access->ppp = ppp_proxy_defaults;
	access->number_separator[0] = ' ';
	return access;
}

struct lac_access *lac_access_ref(struct lac_access *access)
{
	access->refs++;
	return access;
}

static void free_texts(char **texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		mem_free(texts[i]);
	mem_free(texts);
}

void lac_access_unref(struct lac_access *access)
{
	if (!access || --access->refs)
		return;
	list_remove(&access->node);
	free_texts(access->interfaces, access->n_interfaces);
	free_texts(access->pppoe.service_names, access->pppoe.n_service_names);
	mem_free(access->pppoe.ac_name);
	mem_free(access->ppp.name);
	mem_free(access->default_domain);
	mem_free(access->name);
	mem_free(access);
}
