/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two engines in a world of fakes, and whatever may happen to them: fuzz_engine.h has the moves.
 *
 * "lac" and "lns" may call each other; strangers talk to "lns", with packets that are right up to
 * where the input wants them otherwise. box_check() and the fakes' own assertions hold after each
 * step, and all comes to its end when the boxes shut down.
 */
#include "engine_game.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define INPUT_MAX 2048
#define MOVES_MAX 250

struct game game;

static struct box *const lac = &game.world.boxes[0];
static struct box *const lns = &game.world.boxes[1];

static struct box *box_argument(void)
{
	return &game.world.boxes[argument() % BOXES];
}

static struct l2tp_tunnel *nth_tunnel(const struct box *box, unsigned int n)
{
	struct l2tp_tunnel *t;

	if (!box->engine->n_tunnels)
		return NULL;
	n %= box->engine->n_tunnels;
	list_for_each (t, &box->engine->tunnels, node) {
		if (!n--)
			break;
	}
	return t;
}

struct l2tp_session *nth_session(const struct l2tp_tunnel *t, unsigned int n)
{
	struct l2tp_session *s = NULL;

	if (!t || !t->n_sessions)
		return NULL;
	n %= t->n_sessions;
	do
		s = l2tp_session_next(t, s);
	while (n--);
	return s;
}

static struct l2tp_tunnel *tunnel_argument(const struct box *box)
{
	return nth_tunnel(box, argument());
}

static struct l2tp_session *session_argument(const struct box *box)
{
	const struct l2tp_tunnel *t = tunnel_argument(box);

	return nth_session(t, argument());
}

/* Names are few, so that they collide. */
static const char *name_of(uint8_t which)
{
	static const char *const names[] = {NULL, "one", "two"};

	return names[which % COUNT(names)];
}

/* --- the world --- */

static void move_time(void)
{
	world_run(&game.world, USEC_PER_MSEC << argument() % 18);
}

static void move_settle(void)
{
	world_settle(&game.world);
}

static void move_fake(void)
{
	static const enum fake_op ops[ENGINE_DEED_MAX] = {
		[ENGINE_TUNNEL_CREATE] = FAKE_TUNNEL_CREATE,
		[ENGINE_TUNNEL_DELETE] = FAKE_TUNNEL_DELETE,
		[ENGINE_SESSION_CREATE] = FAKE_SESSION_CREATE,
		[ENGINE_SESSION_DELETE] = FAKE_SESSION_DELETE,
		[ENGINE_PPP_START] = FAKE_PPP_START,
		[ENGINE_PPP_UP] = FAKE_PPP_UP,
		[ENGINE_PPP_GRACEFUL] = FAKE_PPP_GRACEFUL,
		[ENGINE_PPP_HANGUP] = FAKE_PPP_HANGUP,
		[ENGINE_SOCKET_OPEN] = FAKE_SOCKET_OPEN,
		[ENGINE_SOCKET_CONNECT] = FAKE_SOCKET_CONNECT,
		[ENGINE_SESSION_MODIFY] = FAKE_SESSION_MODIFY,
	};
	struct box *box = box_argument();
	enum fake_op op = ops[argument() % ENGINE_DEED_MAX];
	struct fake_control *control = &box->fake[op];

	switch ((enum engine_fake)(argument() % ENGINE_FAKE_MAX)) {
	case ENGINE_FAKE_WORKS:
		control->fails = control->fails_later = 0;
		control->delay = 0;
		break;
	case ENGINE_FAKE_FAILS:
		/* Without PPP is how a session may be, too. */
		control->fails = op == FAKE_PPP_START && !control->fails ? 1 : -EIO;
		break;
	case ENGINE_FAKE_FAILS_LATER:
		control->fails_later = -EEXIST;
		break;
	case ENGINE_FAKE_HOLDS:
		control->hold = true;
		break;
	case ENGINE_FAKE_RELEASES:
		box_release(box, op);
		break;
	case ENGINE_FAKE_IS_SLOW:
		control->delay = 3 * USEC_PER_SEC;
		break;
	case ENGINE_FAKE_MAX:
		break;
	}
}

static void move_ppp_dies(void)
{
	struct l2tp_session *s = session_argument(box_argument());

	if (s && s->pppd)
		fake_ppp_dies(s);
}

static void move_net(void)
{
	game.world.loss = argument() % 100;
	game.world.twice = argument() % 100;
	game.world.delay = argument() * USEC_PER_MSEC;
	game.world.jitter = argument() * USEC_PER_MSEC;
}

/* --- the administrator --- */

static void move_open_tunnel(void)
{
	struct box *box = box_argument();
	const struct box *other = box == lac ? lns : lac;
	uint8_t to = argument() % (ENGINE_SOURCES + 1);
	struct tunnel_params params = {
		.peer = box->peer,
		.remote = to == ENGINE_OTHER_BOX ? other->addr : game.sources[to].talker.addr,
	};
	struct l2tp_tunnel *t;

	params.name = name_of(argument());
	params.tunnel_id = argument();
	(void)l2tp_tunnel_open(box->engine, &params, game.world.now, &t);
}

static void move_open_session(void)
{
	struct l2tp_tunnel *t = tunnel_argument(box_argument());
	uint8_t name = argument();
	struct l2tp_msg proxy = {.type = MSG_ICCN, .proxy_authen_type = 2};
	struct session_params params = {
		.name = name_of(name & ~ENGINE_OUTGOING),
		.ppp_profile = "p",
		.called_number = "100",
		.calling_number = "200",
		.sub_address = "7",
		.private_group = "red",
		.physical_channel = 9,
		.proxy = &proxy,
		.session_id = argument(),
		.rx_connect_speed = 64000,
		.outgoing = name & ENGINE_OUTGOING,
		.minimum_bps = 9600,
	};
	struct l2tp_session *s;

	avp_add(&proxy.present, AVP_PROXY_AUTHEN_TYPE);
	MSG_SET(&proxy, AVP_PROXY_AUTHEN_NAME, proxy_authen_name, bytes_str("joe"));
	if (t)
		(void)l2tp_session_open(t, &params, game.world.now, &s);
}

static void move_close_tunnel(void)
{
	struct l2tp_tunnel *t = tunnel_argument(box_argument());
	struct reason reason = reason_make(ORIGIN_LOCAL, STOPCCN_CLEAR, 0, "closed by the test");

	if (t)
		l2tp_tunnel_close(t, &reason, game.world.now);
}

static void move_close_session(void)
{
	struct l2tp_session *s = session_argument(box_argument());
	struct reason reason = reason_make(ORIGIN_LOCAL, CDN_ADMIN, 0, "closed by the test");

	if (s)
		l2tp_session_close(s, &reason, game.world.now);
}

static void move_tell(void)
{
	struct l2tp_session *s = session_argument(box_argument());
	uint8_t value = argument();
	const struct accm accm = {.send = value, .receive = value};
	const struct call_errors errors = {.crc_errors = value};

	if (s && call_is_lns(s->core.type))
		(void)l2tp_session_set_accm(s, &accm, game.world.now);
	else if (s)
		(void)l2tp_session_tell_errors(s, &errors, game.world.now);
}

static void move_shutdown(void)
{
	l2tp_engine_shutdown(box_argument()->engine, game.world.now);
}

static void move_memory(void)
{
	uint8_t which = argument();

	/* That of the call in the tunnel's own event is not to fail. */
	if (!lac->call_on_up)
		__mem_fail_after(which);
}

static void move_clear_stale(void)
{
	struct box *box = box_argument();
	struct tunnel_core core = {.state = TUNNEL_ESTABLISHED, .peer = {.family = ADDR_IPV4}};

	core.tunnel_id = argument();
	core.peer_tunnel_id = argument();
	core.peer = box == lac ? lns->addr : game.sources[0].talker.addr;
	if (core.tunnel_id && core.peer_tunnel_id)
		(void)l2tp_tunnel_clear_stale(box->engine, &core, box->peer, game.world.now);
}

static void (*const moves[ENGINE_OP_MAX])(void) = {
	[ENGINE_RAW] = move_raw,
	[ENGINE_BODY] = move_body,
	[ENGINE_SAY] = move_say,
	[ENGINE_ACK] = move_ack,
	[ENGINE_RESTART] = move_restart,
	[ENGINE_TIME] = move_time,
	[ENGINE_SETTLE] = move_settle,
	[ENGINE_FAKE] = move_fake,
	[ENGINE_PPP_DIES] = move_ppp_dies,
	[ENGINE_OPEN_TUNNEL] = move_open_tunnel,
	[ENGINE_OPEN_SESSION] = move_open_session,
	[ENGINE_CLOSE_TUNNEL] = move_close_tunnel,
	[ENGINE_CLOSE_SESSION] = move_close_session,
	[ENGINE_SHUTDOWN] = move_shutdown,
	[ENGINE_MEMORY] = move_memory,
	[ENGINE_NET] = move_net,
	[ENGINE_CLEAR_STALE] = move_clear_stale,
	[ENGINE_OVERHEAR] = move_overhear,
	[ENGINE_TELL] = move_tell,
};

/* One peer may be anywhere but has a name, the other is where "lac" and two sources are. */
static void set_up_sections(struct box *box)
{
	struct peer *named = peer_new(NAMED);
	struct prefix *prefixes = calloc(2, sizeof(*prefixes));
	struct list peers;

	assert_non_null(named);
	assert_non_null(prefixes);
	named->host_name = strdup(NAMED);
	named->local_name = strdup(box->name);
	named->secret = box->peer->secret ? strdup(box->peer->secret) : NULL;
	named->calls = CALL_PPP;
	assert_int_equal(prefix_parse("192.0.2.0/24", &prefixes[0]), 0);
	assert_int_equal(prefix_parse("198.51.100.9", &prefixes[1]), 0);
	box->peer->addresses = prefixes;
	box->peer->n_addresses = 2;
	list_init(&peers);
	list_append(&peers, &named->node);
	list_remove(&box->peer->node);
	list_append(&peers, &box->peer->node);
	l2tp_engine_set_peers(box->engine, &peers);
}

static void set_up_peer(struct peer *peer, uint8_t flags, uint8_t more, uint8_t window)
{
	peer->challenge = flags & ENGINE_CHALLENGE ? CHALLENGE_REQUIRE : CHALLENGE_ANSWER;
	if (more & ENGINE_NO_CHALLENGE)
		peer->challenge = CHALLENGE_NEVER;
	peer->hide = flags & ENGINE_HIDE ? HIDE_ALWAYS : HIDE_NEVER;
	if (more & ENGINE_SENSITIVE)
		peer->hide = HIDE_SENSITIVE;
	peer->transport.window = window;
	peer->sequencing = more & ENGINE_SEQUENCING;
	if (!(more & ENGINE_NO_SECTION))
		peer->ppp = strdup("p");
	if (flags & ENGINE_IDLE)
		peer->idle_timeout = 20 * USEC_PER_SEC;
	if (flags & ENGINE_LIMITS) {
		peer->max_tunnels = more & ENGINE_SECTIONS ? 0 : 2;
		peer->max_sessions = 2;
	}
}

static void set_up(void)
{
	static const struct limits tight = {
		.max_tunnels = 3, .max_sessions = 3, .max_half_open = 2};
	static const struct session_params call = {.called_number = "1"};
	uint8_t flags = argument(), more = argument(), window = argument();

	world_init(&game.world, 1);
	game.secret = flags & ENGINE_SECRET;
	game.world.loss = argument() % 100;
	game.world.twice = argument() % 100;
	for (size_t i = 0; i < BOXES; i++) {
		struct box *box = &game.world.boxes[i];

		box->no_journal = true;
		box_secret(box, flags & ENGINE_SECRET ? SECRET : NULL);
		set_up_peer(box->peer, flags, more, window);
		if (flags & ENGINE_LIMITS)
			box->engine->limits = tight;
	}
	if (more & ENGINE_SECTIONS)
		set_up_sections(lns);
	if (flags & ENGINE_REJECT)
		lns->peer->calls = CALL_REJECT;
	if (flags & ENGINE_CALL_ON_UP && !(flags & ENGINE_LIMITS))
		lac->call_on_up = &call;
	for (size_t i = 0; i < ENGINE_SOURCES; i++)
		source_start(&game.sources[i], (uint16_t)(77 + i));
}

static void check(const struct box *box)
{
	const struct l2tp_engine *engine = box->engine;

	box_check(box);
	assert_true(engine->n_tunnels - engine->n_ending <= engine->limits.max_tunnels);
	assert_true(engine->n_sessions <= engine->limits.max_sessions);
	assert_true(engine->n_half_open <= engine->limits.max_half_open);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool aborted = size && data[0] & ENGINE_ABORT;

	if (size > INPUT_MAX)
		return 0;
	memset(&game, 0, sizeof(game));
	game.in = reader_init(data, size);
	set_up();
	for (unsigned int i = 0; i < MOVES_MAX && reader_left(&game.in); i++) {
		moves[argument() % ENGINE_OP_MAX]();
		check(lac);
		check(lns);
		listen_all();
	}
	__mem_fail_after(0);
	if (aborted)
		world_abort(&game.world);
	else
		world_end(&game.world);
	return 0;
}
