/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Administrative states over time: reloads, peers that are copies, tunnels that outlive a section.
 * What the states do to messages is in test/scenario/admin-*.
 */
#include "engine_fixture.h"

#include <errno.h>
#include <string.h>

#define NO_SECTION (-1)
#define NOT_SET (-1)

/* A peer as a section of that name makes it. */
static struct peer *make_peer(const struct box *box, const char *name, int configured)
{
	struct peer *peer = peer_new(name);

	assert_non_null(peer);
	peer->local_name = strdup(box->name);
	peer->calls = CALL_PPP;
	peer->admin_configured = (enum admin_state)configured;
	return peer;
}

/* The engine gets a configuration with this one section, or none. */
static void load(struct box *box, const char *name, int configured)
{
	struct list peers;

	list_init(&peers);
	if (configured != NO_SECTION)
		list_append(&peers, &make_peer(box, name, configured)->node);
	l2tp_engine_set_peers(box->engine, &peers);
	l2tp_admin_apply(box->engine, box->world->now);
	box_check(box);
}

static void test_names(void **state)
{
	(void)state;
	for (enum admin_state s = 0; s < ADMIN_STATE_MAX; s++)
		assert_string_not_equal(admin_state_name(s), "unknown");
	for (enum admin_level l = 0; l < ADMIN_LEVEL_MAX; l++)
		assert_string_not_equal(admin_level_name(l), "unknown");
	assert_string_equal(admin_state_name(ADMIN_STATE_MAX), "unknown");
	assert_string_equal(admin_level_name(ADMIN_LEVEL_MAX), "unknown");
}

static void test_words(void **state)
{
	char text[64];

	(void)state;
	l2tp_admin_say(ADMIN_SESSION, ADMIN_DRAIN, "alice", text, sizeof(text));
	assert_string_equal(text, "the administrator drains session alice");
	l2tp_admin_say(ADMIN_SYSTEM, ADMIN_DISABLED, NULL, text, sizeof(text));
	assert_string_equal(text, "the administrator disabled the system");
}

/* What was set by hand holds until the section says something else than it did. */
static const struct reload {
	int before;
	int by_hand;
	int after;
	enum admin_state effect;
	unsigned int told; /* by the reload */
} reloads[] = {
	{ADMIN_ENABLED, NOT_SET, ADMIN_ENABLED, ADMIN_ENABLED, 0},
	{ADMIN_ENABLED, NOT_SET, ADMIN_DRAIN, ADMIN_DRAIN, 1},
	{ADMIN_ENABLED, ADMIN_DRAIN, ADMIN_ENABLED, ADMIN_DRAIN, 0},
	{ADMIN_ENABLED, ADMIN_DRAIN, ADMIN_DRAIN, ADMIN_DRAIN, 0},
	{ADMIN_ENABLED, ADMIN_DISABLED, ADMIN_DRAIN, ADMIN_DRAIN, 1},
	{ADMIN_DRAIN, NOT_SET, ADMIN_DRAIN, ADMIN_DRAIN, 0},
	{ADMIN_DRAIN, NOT_SET, ADMIN_ENABLED, ADMIN_ENABLED, 1},
	{ADMIN_DRAIN, ADMIN_ENABLED, ADMIN_DRAIN, ADMIN_ENABLED, 0},
	{ADMIN_DRAIN, ADMIN_ENABLED, ADMIN_DISABLED, ADMIN_DISABLED, 1},
	{ADMIN_DISABLED, ADMIN_ENABLED, ADMIN_ENABLED, ADMIN_ENABLED, 0},
};

static void run_reload(struct box *box, const struct reload *reload)
{
	struct l2tp_engine *engine = box->engine;
	unsigned int told;

	load(box, "p", reload->before);
	if (reload->by_hand != NOT_SET)
		assert_int_equal(l2tp_admin_set_peer(engine, "p", (enum admin_state)reload->by_hand,
						     box->world->now),
				 0);
	told = box->events[EVENT_ADMIN];
	load(box, "p", reload->after);
	assert_int_equal(l2tp_engine_find_peer(engine, "p")->admin, reload->effect);
	assert_int_equal(box->events[EVENT_ADMIN] - told, reload->told);
	/* Nobody is left who had it. */
	load(box, "p", NO_SECTION);
	assert_int_equal(l2tp_admin_set_peer(engine, "p", ADMIN_ENABLED, box->world->now), -ENOENT);
}

static void test_reloads(void **state)
{
	struct world w;

	(void)state;
	world_init(&w, 31);
	for (size_t i = 0; i < sizeof(reloads) / sizeof(reloads[0]); i++)
		run_reload(&w.boxes[0], &reloads[i]);
	world_end(&w);
}

static struct l2tp_tunnel *call_up(struct world *w)
{
	struct l2tp_tunnel *t = open_tunnel(&w->boxes[0], &w->boxes[1]);

	open_session(t);
	world_settle(w);
	assert_int_equal(w->boxes[1].engine->n_sessions, 1);
	return t;
}

/* A tunnel goes on with the peer that it was made with; its state is that of the name. */
static void test_tunnel_outlives_peer(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0];
	struct l2tp_tunnel *t;
	char name[64];

	(void)state;
	world_init(&w, 32);
	t = call_up(&w);
	strcpy(name, t->peer->name);
	load(lac, name, ADMIN_ENABLED);
	assert_ptr_not_equal(t->peer, l2tp_engine_find_peer(lac->engine, name));
	/* The new section's peer and the old one of the tunnel. */
	l2tp_admin_set_peer(lac->engine, name, ADMIN_DRAIN, w.now);
	assert_int_equal(l2tp_admin_of_tunnel(t).state, ADMIN_DRAIN);
	assert_int_equal(l2tp_admin_of_tunnel(t).from, ADMIN_PEER);
	/* Whose section went it still drains, until somebody says otherwise. */
	load(lac, name, NO_SECTION);
	assert_int_equal(l2tp_admin_of_tunnel(t).state, ADMIN_DRAIN);
	load(lac, name, ADMIN_ENABLED);
	assert_int_equal(l2tp_engine_find_peer(lac->engine, name)->admin, ADMIN_DRAIN);
	assert_int_equal(l2tp_admin_set_peer(lac->engine, name, ADMIN_ENABLED, w.now), 0);
	assert_int_equal(l2tp_admin_of_tunnel(t).state, ADMIN_ENABLED);
	/* A section that says "disabled" closes it. */
	load(lac, name, ADMIN_DISABLED);
	world_settle(&w);
	assert_int_equal(lac->engine->n_tunnels, 0);
	assert_int_equal(lac->kernel_tunnels + lac->kernel_sessions, 0);
	load(lac, name, ADMIN_ENABLED);
	world_end(&w);
}

/* A tunnel of the configuration with keys of its own has a copy of the peer's section. */
static void test_copy_of_peer(void **state)
{
	struct world w;
	struct box *lac = &w.boxes[0], *lns = &w.boxes[1];
	struct peer *copy;
	struct tunnel_params params = {0};
	struct l2tp_tunnel *t;
	char text[128];

	(void)state;
	world_init(&w, 33);
	copy = make_peer(lac, lac->peer->name, ADMIN_ENABLED);
	params.peer = copy;
	params.remote = lns->addr;
	l2tp_admin_set_peer(lac->engine, copy->name, ADMIN_DRAIN, w.now);
	assert_false(
		l2tp_admin_may_open(lac->engine, copy, ADMIN_ENABLED, "isp", text, sizeof(text)));
	assert_string_equal(text + strlen(text) - strlen(copy->name), copy->name);
	assert_int_equal(l2tp_tunnel_open(lac->engine, &params, w.now, &t), -ESHUTDOWN);
	l2tp_admin_set_peer(lac->engine, copy->name, ADMIN_ENABLED, w.now);
	assert_false(
		l2tp_admin_may_open(lac->engine, copy, ADMIN_DISABLED, "isp", text, sizeof(text)));
	assert_string_equal(text, "the administrator disabled tunnel isp");
	assert_int_equal(l2tp_tunnel_open(lac->engine, &params, w.now, &t), 0);
	l2tp_admin_set_peer(lac->engine, copy->name, ADMIN_DISABLED, w.now);
	world_settle(&w);
	assert_int_equal(lac->engine->n_tunnels, 0);
	/* While no tunnel held the copy its state was not kept up. */
	l2tp_admin_set_peer(lac->engine, copy->name, ADMIN_ENABLED, w.now);
	assert_int_equal(l2tp_tunnel_open(lac->engine, &params, w.now, &t), 0);
	assert_int_equal(l2tp_admin_of_tunnel(t).state, ADMIN_ENABLED);
	peer_unref(copy);
	world_end(&w);
}

/* In the middle of everything: both ends at rest afterwards, and a new call comes up. */
static void test_disable_everywhere(void **state)
{
	struct world w;

	(void)state;
	for (usec_t after = 0; after < 60 * USEC_PER_MSEC; after += 5 * USEC_PER_MSEC) {
		world_init(&w, 34);
		w.delay = 10 * USEC_PER_MSEC;
		open_session(open_tunnel(&w.boxes[0], &w.boxes[1]));
		world_run(&w, after);
		l2tp_admin_set_system(w.boxes[1].engine, ADMIN_DISABLED, w.now);
		world_run(&w, 90 * USEC_PER_SEC);
		for (int i = 0; i < BOXES; i++) {
			assert_int_equal(w.boxes[i].engine->n_tunnels, 0);
			assert_int_equal(w.boxes[i].kernel_sessions, 0);
			assert_int_equal(w.boxes[i].ppps, 0);
		}
		l2tp_admin_set_system(w.boxes[1].engine, ADMIN_ENABLED, w.now);
		call_up(&w);
		world_end(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),	     cmocka_unit_test(test_words),
		cmocka_unit_test(test_reloads),	     cmocka_unit_test(test_tunnel_outlives_peer),
		cmocka_unit_test(test_copy_of_peer), cmocka_unit_test(test_disable_everywhere),
	};

	return cmocka_run_group_tests_name("engine_admin", tests, NULL, NULL);
}
