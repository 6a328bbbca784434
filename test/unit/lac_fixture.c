/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The LAC's world: a LAC on the engine of box 0, and what it is configured to do.
 */
#include "lac_fixture.h"

#include <stdlib.h>
#include <string.h>

/* --- the engine's side --- */

static struct lac_world *of_session(const struct l2tp_session *s)
{
	struct box *box = s->tunnel->engine->ctx;

	return container_of(box->world, struct lac_world, w);
}

static int ppp_start(struct l2tp_session *s)
{
	struct lac_world *f = of_session(s);
	int err;

	if (!lac_owns(f->lac, s))
		return fake_ops.ppp_start(s);
	err = lac_session_start(f->lac, s, f->w.now);
	/* So that the fixture sees that its PPP runs. */
	if (!err)
		s->pppd = malloc(1);
	return err;
}

static void ppp_stop(struct l2tp_session *s, enum ppp_stop how)
{
	struct lac_world *f = of_session(s);

	if (lac_owns(f->lac, s))
		lac_session_stop(f->lac, s, how, f->w.now);
	else
		fake_ops.ppp_stop(s, how);
}

static void session_delete(struct l2tp_session *s)
{
	if (lac_owns(of_session(s)->lac, s) && s->pppd) {
		free(s->pppd);
		s->pppd = NULL;
	}
	fake_ops.session_delete(s);
}

static void on_event(struct box *box, const struct l2tp_event *event)
{
	struct lac_world *f = container_of(box->world, struct lac_world, w);

	if (f->lac)
		lac_event(f->lac, event, f->w.now);
}

static struct l2tp_ops lac_engine_ops;

/* --- the world --- */

static void settings_init(struct lac_world *f)
{
	list_init(&f->settings.accesses);
	list_init(&f->settings.domains.domains);
	strcpy(f->settings.domains.suffix, "@");
	f->settings.steer = steer_defaults;
	list_init(&f->radius.servers);
	f->access = lac_access_new("street");
	f->access->ppp.auths[0] = PPP_AUTH_PAP;
	f->access->ppp.n_auths = 1;
	f->access->pppoe.ac_name = strdup("ac");
	f->port = (struct lac_port){.interface = "eth1", .index = 3, .speed = 1000000000};
}

void lac_world_init(struct lac_world *f)
{
	struct lac_params params = {.ops = &fake_lac_ops, .ctx = f};
	struct box *box;

	memset(f, 0, sizeof(*f));
	list_init(&f->queue);
	world_init(&f->w, 1);
	settings_init(f);
	box = &f->w.boxes[0];
	lac_engine_ops = fake_ops;
	lac_engine_ops.ppp_start = ppp_start;
	lac_engine_ops.ppp_stop = ppp_stop;
	lac_engine_ops.session_delete = session_delete;
	box->engine->ops = &lac_engine_ops;
	box->listener = on_event;
	params.engine = box->engine;
	params.timers = &box->engine->timers;
	params.settings = &f->settings;
	params.radius_settings = &f->radius;
	assert_int_equal(lac_new(&params, &f->lac), 0);
	assert_int_equal(pppoe_ac_new(&fake_pppoe_ops, f, &f->access->pppoe, ac_mac, &f->ac), 0);
	subscribers_init(f);
}

void lac_world_end(struct lac_world *f)
{
	struct steer_domain *domain, *after;

	for (int op = 0; op < LAC_FAKE_MAX; op++)
		lac_release(f, (enum fake_lac_op)op);
	for (int op = 0; op < FAKE_OP_MAX; op++)
		box_release(&f->w.boxes[0], (enum fake_op)op);
	lac_stop(f->lac, f->w.now);
	world_run(&f->w, 300 * USEC_PER_SEC);
	assert_int_equal(lac_count(f->lac), 0);
	assert_int_equal(f->channels, 0);
	assert_int_equal(f->pppds, 0);
	assert_int_equal(pppoe_ac_count(f->ac), 0);
	l2tp_engine_shutdown(f->w.boxes[0].engine, f->w.now);
	world_run(&f->w, 300 * USEC_PER_SEC);
	lac_free(f->lac);
	f->lac = NULL;
	pppoe_ac_free(f->ac);
	list_for_each_safe (domain, after, &f->settings.domains.domains, node)
		steer_domain_unref(domain);
	/* Nobody but us keeps it. */
	assert_int_equal(f->access->refs, 1);
	lac_access_unref(f->access);
	assert_true(list_empty(&f->queue));
	world_end(&f->w);
}

struct steer_domain *add_domain(struct lac_world *f, const char *name, enum steer_action action,
				const char *servers)
{
	struct steer_domain *domain = steer_domain_new(name);
	char text[160];

	assert_non_null(domain);
	domain->action = action;
	list_append(&f->settings.domains.domains, &domain->node);
	if (!servers)
		return domain;
	domain->set = steer_set_new();
	for (uint32_t preference = 0; *servers; preference++) {
		struct steer_tunnel *tunnel = steer_set_add(domain->set);
		size_t len = strcspn(servers, " ");

		assert_non_null(tunnel);
		tunnel->server = strndup(servers, len);
		tunnel->name = strndup(servers, len);
		tunnel->preference = preference;
		tunnel->peer = peer_ref(f->w.boxes[0].peer);
		servers += len + (servers[len] == ' ');
	}
	assert_int_equal(steer_set_finish(domain->set, text, sizeof(text)), 0);
	return domain;
}
