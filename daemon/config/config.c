/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration as a whole: loaded, freed, searched, and compared for a reload.
 */
#include "config/config.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "config/build.h"
#include "config/load.h"

static struct config *config_new(void)
{
	struct config *config = mem_alloc(sizeof(*config));

	if (!config)
		return NULL;
	config->defaults = peer_new("defaults");
	if (!config->defaults) {
		mem_free(config);
		return NULL;
	}
	list_init(&config->listens);
	list_init(&config->peers);
	list_init(&config->ppps);
	list_init(&config->tunnels);
	list_init(&config->sessions);
	list_init(&config->destinations);
	list_init(&config->lac.accesses);
	list_init(&config->lac.domains.domains);
	list_init(&config->radius.servers);
	return config;
}

static void listen_free(struct config_listen *listen)
{
	list_remove(&listen->node);
	mem_free(listen->device);
	mem_free(listen);
}

static void tunnel_free(struct config_tunnel *tunnel)
{
	list_remove(&tunnel->node);
	peer_unref(tunnel->peer);
	mem_free(tunnel->name);
	mem_free(tunnel->remote);
	mem_free(tunnel);
}

static void session_free(struct config_session *session)
{
	list_remove(&session->node);
	mem_free(session->name);
	mem_free(session->tunnel);
	mem_free(session->ppp);
	mem_free(session->called_number);
	mem_free(session->calling_number);
	mem_free(session->sub_address);
	mem_free(session->private_group);
	mem_free(session);
}

static void destination_free(struct config_destination *destination)
{
	list_remove(&destination->node);
	mem_free(destination->tunnel.name);
	mem_free(destination->tunnel.server);
	mem_free(destination->tunnel.assignment_id);
	mem_free(destination->tunnel.private_group);
	peer_unref(destination->tunnel.peer);
	mem_free(destination);
}

static void server_free(struct radius_server *server)
{
	list_remove(&server->node);
	if (server->secret)
		explicit_bzero(server->secret, strlen(server->secret));
	mem_free(server->secret);
	mem_free(server->host);
	mem_free(server->name);
	mem_free(server);
}

/* Accesses and domains live on while calls hold them, but in no list of ours. */
static void free_lac(struct config *config)
{
	struct config_destination *destination, *after_destination;
	struct lac_access *access, *after_access;
	struct steer_domain *domain, *after_domain;
	struct radius_server *server, *after_server;

	list_for_each_safe (destination, after_destination, &config->destinations, node)
		destination_free(destination);
	list_for_each_safe (access, after_access, &config->lac.accesses, node) {
		list_remove(&access->node);
		lac_access_unref(access);
	}
	list_for_each_safe (domain, after_domain, &config->lac.domains.domains, node) {
		list_remove(&domain->node);
		steer_domain_unref(domain);
	}
	list_for_each_safe (server, after_server, &config->radius.servers, node)
		server_free(server);
	mem_free(config->radius.nas_identifier);
}

void config_free(struct config *config)
{
	struct config_listen *listen, *after_listen;
	struct config_tunnel *tunnel, *after_tunnel;
	struct config_session *session, *after_session;
	struct ppp_profile *profile, *after_profile;
	struct peer *peer, *after_peer;

	if (!config)
		return;
	list_for_each_safe (listen, after_listen, &config->listens, node)
		listen_free(listen);
	list_for_each_safe (tunnel, after_tunnel, &config->tunnels, node)
		tunnel_free(tunnel);
	list_for_each_safe (session, after_session, &config->sessions, node)
		session_free(session);
	/* Peers and profiles live on while tunnels and calls hold them, but in no list of ours. */
	list_for_each_safe (peer, after_peer, &config->peers, node) {
		list_remove(&peer->node);
		peer_unref(peer);
	}
	list_for_each_safe (profile, after_profile, &config->ppps, node) {
		list_remove(&profile->node);
		ppp_profile_unref(profile);
	}
	free_lac(config);
	peer_unref(config->lns);
	peer_unref(config->defaults);
	mem_free(config->control_path);
	mem_free(config->state_path);
	mem_free(config->pppd_path);
	mem_free(config);
}

static int load(const char *name, const char *text, void (*fault)(void *ctx, const char *line),
		void *ctx, struct config **ret)
{
	struct config *config = config_new();
	struct parsed parsed;
	struct faults faults;
	int err = 0;

	if (!config)
		return -ENOMEM;
	faults_init(&faults);
	parsed_init(&parsed, &faults, !text);
	if (text)
		parse_text(&parsed, name, text);
	else
		parse_file(&parsed, name);
	if (!faults.no_memory)
		build_config(&parsed, &faults, config);

	if (faults.no_memory) {
		err = -ENOMEM;
	} else if (!list_empty(&faults.list)) {
		faults_tell(&faults, fault, ctx);
		err = -EINVAL;
	}
	parsed_fini(&parsed);
	faults_fini(&faults);
	if (err)
		config_free(config);
	else
		*ret = config;
	return err;
}

int config_load(const char *path, void (*fault)(void *ctx, const char *line), void *ctx,
		struct config **ret)
{
	return load(path, NULL, fault, ctx, ret);
}

int config_load_text(const char *name, const char *text, void (*fault)(void *ctx, const char *line),
		     void *ctx, struct config **ret)
{
	return load(name, text, fault, ctx, ret);
}

static bool text_same(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return strcmp(a, b) == 0;
}

bool config_tunnel_same(const struct config_tunnel *a, const struct config_tunnel *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->remote, b->remote) == 0 &&
	       addr_equal(&a->local, &b->local) && a->tunnel_id == b->tunnel_id &&
	       a->idle_timeout == b->idle_timeout && peer_same(a->peer, b->peer);
}

bool config_session_same(const struct config_session *a, const struct config_session *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->tunnel, b->tunnel) == 0 &&
	       text_same(a->ppp, b->ppp) && text_same(a->called_number, b->called_number) &&
	       text_same(a->calling_number, b->calling_number) &&
	       a->tx_connect_speed == b->tx_connect_speed &&
	       a->rx_connect_speed == b->rx_connect_speed &&
	       text_same(a->sub_address, b->sub_address) &&
	       text_same(a->private_group, b->private_group) && a->type == b->type &&
	       a->minimum_bps == b->minimum_bps && a->maximum_bps == b->maximum_bps;
}

struct config_tunnel *config_find_tunnel(const struct config *config, const char *name)
{
	struct config_tunnel *tunnel;

	list_for_each (tunnel, &config->tunnels, node) {
		if (strcmp(tunnel->name, name) == 0)
			return tunnel;
	}
	return NULL;
}

struct config_session *config_find_session(const struct config *config, const char *name)
{
	struct config_session *session;

	list_for_each (session, &config->sessions, node) {
		if (strcmp(session->name, name) == 0)
			return session;
	}
	return NULL;
}

struct steer_domain *config_find_domain(const struct config *config, const char *name)
{
	struct steer_domain *domain;

	list_for_each (domain, &config->lac.domains.domains, node) {
		if (strcasecmp(domain->name, name) == 0)
			return domain;
	}
	return NULL;
}

struct ppp_profile *config_find_ppp(const struct config *config, const char *name)
{
	struct ppp_profile *profile;

	list_for_each (profile, &config->ppps, node) {
		if (strcmp(profile->name, name) == 0)
			return profile;
	}
	return NULL;
}
