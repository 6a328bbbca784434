/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ADMIN: what the administrator wants of the system, a peer, a tunnel or a session.
 */
#include <string.h>

#include "scenario.h"

static enum admin_state state_of(const struct player *p)
{
	static const struct {
		const char *verb;
		enum admin_state state;
	} verbs[] = {
		{"enable", ADMIN_ENABLED},
		{"drain", ADMIN_DRAIN},
		{"disable", ADMIN_DISABLED},
	};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (p->words.count > 1 && word_is(&p->words.word[1], verbs[i].verb))
			return verbs[i].state;
	}
	wrong(p, "ADMIN enable, drain or disable");
}

static enum admin_level level_of(const struct player *p)
{
	for (enum admin_level level = 0; level < ADMIN_LEVEL_MAX; level++) {
		if (p->words.count > 2 && word_is(&p->words.word[2], admin_level_name(level)))
			return level;
	}
	wrong(p, "the system, a peer, a tunnel or a session?");
}

void say_admin(struct player *p)
{
	struct l2tp_engine *engine = p->box->engine;
	enum admin_state state = state_of(p);

	switch (level_of(p)) {
	case ADMIN_SYSTEM:
		l2tp_admin_set_system(engine, state, p->world.now);
		break;
	case ADMIN_PEER:
		if (p->words.count < 4 ||
		    l2tp_admin_set_peer(engine, p->words.word[3].key, state, p->world.now))
			wrong(p, "no such peer");
		break;
	case ADMIN_TUNNEL:
		l2tp_admin_set_tunnel(chosen_tunnel(p), state, p->world.now);
		break;
	case ADMIN_SESSION:
		l2tp_admin_set_session(chosen_session(p), state, p->world.now);
		break;
	case ADMIN_LEVEL_MAX:
		break;
	}
}
