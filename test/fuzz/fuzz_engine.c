/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two engines in a world of fakes, and whatever may happen to them: fuzz_engine.h has the moves.
 *
 * "lac" and "lns" may call each other; strangers talk to "lns", with packets that are right up to
 * where the input wants them otherwise. box_check() and the fakes' own assertions hold after each
 * step, and all comes to its end when the boxes shut down.
 */
#include "fuzz_engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fuzz.h"
#include "unit/engine_talker.h"
#include "wire/auth.h"
#include "wire/avp.h"

#define INPUT_MAX 2048
#define MOVES_MAX 250
#define SECRET "secret"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A stranger. Its talker counts; what it says is put together here. */
struct source {
	struct talker talker;
	uint8_t challenge[64];
	size_t challenge_len;
};

static struct game {
	struct world world;
	struct reader in;
	struct source sources[ENGINE_SOURCES];
	bool secret;
	/* Of what "lns" sent. */
	unsigned int listened;
} game;

static struct box *const lac = &game.world.boxes[0];
static struct box *const lns = &game.world.boxes[1];

static uint8_t argument(void)
{
	return reader_u8(&game.in);
}

static struct box *box_argument(void)
{
	return &game.world.boxes[argument() % BOXES];
}

static struct source *source_argument(void)
{
	return &game.sources[argument() % ENGINE_SOURCES];
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

static struct l2tp_session *nth_session(const struct l2tp_tunnel *t, unsigned int n)
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
static const char *name_argument(void)
{
	static const char *const names[] = {NULL, "one", "two"};

	return names[argument() % COUNT(names)];
}

/* --- strangers --- */

static void source_start(struct source *source, uint16_t tunnel_id)
{
	static const struct addr addrs[ENGINE_SOURCES] = {
		{.family = ADDR_IPV4, .port = L2TP_PORT, .ip = {198, 51, 100, 9}},
		{.family = ADDR_IPV4, .port = 40001, .ip = {198, 51, 100, 9}},
		{.family = ADDR_IPV4, .port = L2TP_PORT, .ip = {203, 0, 113, 5}},
		{.family = ADDR_IPV4, .port = L2TP_PORT, .ip = {192, 0, 2, 1}},
	};

	*source = (struct source){0};
	talker_init(&source->talker, lns);
	/* The world knows one talker only; ours listen by themselves. */
	game.world.talker = NULL;
	source->talker.addr = addrs[source - game.sources];
	source->talker.secret = game.secret ? SECRET : NULL;
	source->talker.tunnel_id = tunnel_id;
}

static void source_hears(struct source *source, const struct sent *sent)
{
	uint16_t nr = source->talker.nr;

	talker_hears(&source->talker, sent);
	if (nr == source->talker.nr || !msg_has(&sent->msg, AVP_CHALLENGE))
		return;
	source->challenge_len = sent->msg.challenge.len < sizeof(source->challenge)
					? sent->msg.challenge.len
					: sizeof(source->challenge);
	memcpy(source->challenge, sent->msg.challenge.data, source->challenge_len);
}

/* What "lns" said since last time, as far as it is still known. */
static void listen(void)
{
	if (lns->n_sent - game.listened > SENT_MAX)
		game.listened = lns->n_sent - SENT_MAX;
	for (; game.listened != lns->n_sent; game.listened++) {
		for (size_t i = 0; i < ENGINE_SOURCES; i++)
			source_hears(&game.sources[i], lns->sent[game.listened % SENT_MAX]);
	}
}

static void hit(const struct source *source, struct bytes packet)
{
	uint8_t *copy = fuzz_copy(packet.data, packet.len);

	box_input(lns, &source->talker.addr, (struct bytes){copy, packet.len});
	free(copy);
}

static int signed4(uint8_t bits)
{
	return (bits & 15) - ((bits & 8) << 1);
}

/* Ns is used up when it is the right one and the packet is a message. */
static void set_numbers(struct source *source, uint8_t *packet, uint8_t numbers, bool message)
{
	struct talker *talker = &source->talker;
	int ns = signed4(numbers >> 4), nr = signed4(numbers);

	control_header_set_seq(packet, (uint16_t)(talker->ns + ns), (uint16_t)(talker->nr + nr));
	if (message && !ns)
		talker->ns++;
}

/* The session of "lns" that a message is for. */
static uint16_t session_id_of(const struct source *source, uint8_t which)
{
	const struct l2tp_tunnel *t = l2tp_tunnel_find(lns->engine, source->talker.box_tunnel_id);
	const struct l2tp_session *s = nth_session(t, which);

	if (which >= ENGINE_NO_SESSION)
		return which - ENGINE_NO_SESSION;
	return s ? s->core.session_id : 0;
}

static void move_raw(void)
{
	const struct source *source = source_argument();
	size_t len = argument();

	if (len > reader_left(&game.in))
		len = reader_left(&game.in);
	hit(source, reader_bytes(&game.in, len));
}

static void move_body(void)
{
	struct source *source = source_argument();
	uint8_t numbers = argument();
	struct control_header header = {
		.version = 2,
		.tunnel_id = source->talker.box_tunnel_id,
		.session_id = session_id_of(source, argument()),
	};
	size_t len = argument();
	uint8_t packet[CONTROL_HEADER_LEN + UINT8_MAX];
	struct writer w = writer_init(packet, sizeof(packet));

	if (len > reader_left(&game.in))
		len = reader_left(&game.in);
	control_header_write(&w, &header);
	writer_bytes(&w, reader_bytes(&game.in, len));
	control_header_finish(&w);
	set_numbers(source, packet, numbers, len);
	hit(source, (struct bytes){packet, writer_len(&w)});
}

/* Adds what the flags say to the least that the message must have. */
static void elaborate(const struct source *source, struct l2tp_msg *msg, uint8_t how)
{
	enum msg_type type = msg->type;

	if (how & ENGINE_SAY_CHALLENGE)
		MSG_SET(msg, AVP_CHALLENGE, challenge, bytes_str("who are you"));
	if (how & ENGINE_SAY_RESPONSE) {
		challenge_response(type, bytes_str(how & ENGINE_SAY_FALSE ? "guess" : SECRET),
				   (struct bytes){source->challenge, source->challenge_len},
				   msg->challenge_response);
		avp_add(&msg->present, AVP_CHALLENGE_RESPONSE);
	}
	if (how & ENGINE_SAY_RESULT && msg_has(msg, AVP_RESULT_CODE)) {
		msg->result_code.result = 2;
		msg->result_code.error = 4;
		msg->result_code.message = bytes_str("full \x1b[1m");
	}
}

static void say(struct source *source, uint8_t numbers, uint16_t session_id,
		const struct l2tp_msg *msg, uint8_t how)
{
	static const uint8_t vector[16] = {1};
	struct msg_encode_params params = {
		.secret = bytes_str(source->talker.secret),
		.hide = how & ENGINE_SAY_HIDDEN ? HIDE_ALWAYS : HIDE_NEVER,
		.random_vector = {vector, sizeof(vector)},
	};
	uint8_t packet[MSG_LEN_MAX];
	struct writer w = writer_init(packet, sizeof(packet));
	uint16_t tunnel_id = msg->type == MSG_SCCRQ ? 0 : source->talker.box_tunnel_id;

	assert_int_equal(msg_encode(msg, tunnel_id, session_id, &params, &w), 0);
	if (how & ENGINE_SAY_POISON) {
		writer_u16(&w, 0x8000 | 6);
		writer_u16(&w, 0);
		writer_u16(&w, 1000);
		control_header_finish(&w);
	}
	/* Message Type is the first AVP. */
	if (how & ENGINE_SAY_UNKNOWN)
		writer_patch_u16(&w, CONTROL_HEADER_LEN + 6, 99);
	if (how & ENGINE_SAY_OPTIONAL)
		writer_patch_u16(&w, CONTROL_HEADER_LEN, 8);
	set_numbers(source, packet, numbers, true);
	hit(source, (struct bytes){packet, writer_len(&w)});
}

static void move_say(void)
{
	struct source *source = source_argument();
	uint8_t numbers = argument(), session = argument();
	enum msg_type type = (enum msg_type)(argument() % MSG_TYPE_MAX);
	uint8_t how = argument();
	struct l2tp_msg msg;

	if (!msg_type_known(type))
		return;
	msg = talker_msg(&source->talker, type);
	/* So that one talker may have several calls. */
	if (msg_has(&msg, AVP_ASSIGNED_SESSION_ID))
		msg.assigned_session_id = (uint16_t)(TALKER_SESSION + session % ENGINE_NO_SESSION);
	elaborate(source, &msg, how);
	say(source, numbers, session_id_of(source, session), &msg, how);
}

static void move_ack(void)
{
	struct source *source = source_argument();
	const struct control_header header = {
		.version = 2,
		.length = CONTROL_HEADER_LEN,
		.tunnel_id = source->talker.box_tunnel_id,
	};
	uint8_t packet[CONTROL_HEADER_LEN];
	struct writer w = writer_init(packet, sizeof(packet));

	control_header_write(&w, &header);
	set_numbers(source, packet, argument(), false);
	hit(source, (struct bytes){packet, sizeof(packet)});
}

static void move_restart(void)
{
	struct source *source = source_argument();
	uint8_t tunnel_id = argument();

	source_start(source, tunnel_id ? tunnel_id : source->talker.tunnel_id);
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
	struct box *box = box_argument();
	enum fake_op op = (enum fake_op)(argument() % FAKE_PACKET);
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

	params.name = name_argument();
	params.tunnel_id = argument();
	(void)l2tp_tunnel_open(box->engine, &params, game.world.now, &t);
}

static void move_open_session(void)
{
	struct l2tp_tunnel *t = tunnel_argument(box_argument());
	struct session_params params = {.called_number = "100", .calling_number = ""};
	struct l2tp_session *s;

	params.name = name_argument();
	params.session_id = argument();
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
};

static void set_up_box(struct box *box, uint8_t flags, uint8_t window)
{
	static const struct limits tight = {
		.max_tunnels = 4, .max_sessions = 6, .max_half_open = 2};

	box->no_journal = true;
	box_secret(box, flags & ENGINE_SECRET ? SECRET : NULL);
	box->peer->challenge = flags & ENGINE_CHALLENGE ? CHALLENGE_REQUIRE : CHALLENGE_ANSWER;
	box->peer->hide = flags & ENGINE_HIDE ? HIDE_ALWAYS : HIDE_NEVER;
	box->peer->transport.window = window;
	if (flags & ENGINE_IDLE)
		box->peer->idle_timeout = 20 * USEC_PER_SEC;
	if (flags & ENGINE_LIMITS) {
		box->engine->limits = tight;
		box->peer->max_tunnels = 3;
		box->peer->max_sessions = 2;
	}
}

static void set_up(void)
{
	static const struct session_params call = {.called_number = "1"};
	uint8_t flags = argument(), window = argument();

	world_init(&game.world, 1);
	game.secret = flags & ENGINE_SECRET;
	game.world.loss = argument() % 100;
	game.world.twice = argument() % 100;
	for (size_t i = 0; i < BOXES; i++)
		set_up_box(&game.world.boxes[i], flags, window);
	if (flags & ENGINE_REJECT)
		lns->peer->calls = CALL_REJECT;
	if (flags & ENGINE_CALL_ON_UP && !(flags & ENGINE_LIMITS))
		lac->call_on_up = &call;
	for (size_t i = 0; i < ENGINE_SOURCES; i++)
		source_start(&game.sources[i], (uint16_t)(77 + i));
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
		for (size_t box = 0; box < BOXES; box++)
			box_check(&game.world.boxes[box]);
		listen();
	}
	__mem_fail_after(0);
	if (aborted)
		world_abort(&game.world);
	else
		world_end(&game.world);
	return 0;
}
