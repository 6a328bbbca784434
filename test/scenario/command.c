/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the scenario does to the engine from its own side: configuration, commands of the
 * administrator, the kernel's and pppd's answers, and time.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/load.h"
#include "scenario.h"

__attribute__((format(printf, 2, 3))) static void add_config(struct player *p, const char *format,
							     ...)
{
	size_t len = strlen(p->config);
	va_list args;

	if (p->configured)
		wrong(p, "the engine runs already");
	va_start(args, format);
	vsnprintf(p->config + len, sizeof(p->config) - len, format, args);
	va_end(args);
	if (strlen(p->config) + 1 == sizeof(p->config))
		wrong(p, "the configuration is too long");
}

static void add_keys(struct player *p, unsigned int first)
{
	for (unsigned int i = first; i < p->words.count; i++) {
		const struct word *word = &p->words.word[i];

		if (!word->text)
			wrong(p, "%s: a value is missing", word->key);
		add_config(p, "%s = \"%s\"\n", word->key, word->text);
	}
}

static bool gives(const struct player *p, const char *key)
{
	for (unsigned int i = 1; i < p->words.count; i++) {
		if (word_is(&p->words.word[i], key))
			return true;
	}
	return false;
}

void say_peer(struct player *p)
{
	if (p->words.count < 2 || p->words.word[1].text)
		wrong(p, "PEER needs a name");
	add_config(p, "peer %s {\n", p->words.word[1].key);
	if (!gives(p, "local_name"))
		add_config(p, "local_name = \"adit\"\n");
	if (!gives(p, "calls"))
		add_config(p, "calls = ppp\n");
	/* So that a HELLO comes when it can be said to. */
	if (!gives(p, "hello_jitter"))
		add_config(p, "hello_jitter = 0\n");
	add_keys(p, 2);
	add_config(p, "}\n");
	/* What a ppp key names; nobody here runs pppd, so the section may be empty. */
	if (gives(p, "ppp") && !strstr(p->config, "ppp client {"))
		add_config(p, "ppp client {\n}\n");
}

void say_limit(struct player *p)
{
	add_keys(p, 1);
}

/* The lines that follow take the place of what was configured. */
void say_reload(struct player *p)
{
	p->config[0] = '\0';
	p->configured = false;
}

static void on_fault(void *ctx, const char *line)
{
	wrong(ctx, "the configuration is not valid: %s", line);
}

void configure(struct player *p)
{
	struct config *config = NULL;

	if (p->configured)
		return;
	p->configured = true;
	if (!strstr(p->config, "peer "))
		strcat(p->config,
		       "peer far {\nlocal_name = adit\ncalls = ppp\nhello_jitter = 0\n}\n");
	if (config_load_text("scenario", p->config, on_fault, p, &config))
		wrong(p, "the configuration could not be read");
	p->box->engine->limits = config->limits;
	l2tp_engine_set_peers(p->box->engine, &config->peers);
	l2tp_admin_set_system(p->box->engine, config->admin, p->world.now);
	config_free(config);
}

void settle(struct player *p)
{
	world_run(&p->world, 0);
	box_check(p->box);
}

static struct word *take(struct player *p, const char *key)
{
	for (unsigned int i = 2; i < p->words.count; i++) {
		if (word_is(&p->words.word[i], key))
			return &p->words.word[i];
	}
	return NULL;
}

static const char *text_of(struct player *p, const char *key)
{
	const struct word *word = take(p, key);

	return word ? word->text : NULL;
}

static uint32_t number_of(struct player *p, const char *key)
{
	const struct word *word = take(p, key);

	return word ? (uint32_t)word_number(p, word, UINT32_MAX) : 0;
}

static void only(const struct player *p, const char *const *keys)
{
	for (unsigned int i = 2; i < p->words.count; i++) {
		const char *const *key = keys;

		while (*key && !word_is(&p->words.word[i], *key))
			key++;
		if (!*key)
			wrong(p, "%s is not known here", p->words.word[i].key);
	}
}

static struct peer *chosen_peer(struct player *p)
{
	const char *name = text_of(p, "peer");
	struct peer *peer = name ? l2tp_engine_find_peer(p->box->engine, name)
				 : list_first(&p->box->engine->peers, struct peer, node);

	if (!peer)
		wrong(p, "no such peer");
	return peer;
}

#define PROXY_KEYS                                                                   \
	"initial_lcp_confreq", "last_sent_lcp_confreq", "last_received_lcp_confreq", \
		"proxy_authen_type", "proxy_authen_name", "proxy_authen_challenge",  \
		"proxy_authen_id", "proxy_authen_response"

/* What is told of the line, and of the call's way, in ICRQ. */
#define REQUEST_KEYS                                                                            \
	"tsa_id", "speed_update_enable", "line_circuit_id", "line_remote_id", "line_actual_up", \
		"line_actual_down", "line_maximum_delay_up", "line_type", "line_encapsulation", \
		"line_iwf_session"

struct l2tp_tunnel *chosen_tunnel(struct player *p)
{
	const struct word *word = take(p, "tid");
	struct l2tp_tunnel *t =
		word ? l2tp_tunnel_find(p->box->engine, (uint16_t)word_number(p, word, UINT16_MAX))
		     : first_tunnel(p->box);

	if (!t)
		wrong(p, "there is no such tunnel");
	return t;
}

struct l2tp_session *chosen_session(struct player *p)
{
	const struct word *sid = take(p, "sid");
	struct l2tp_session *s =
		sid ? l2tp_session_find(chosen_tunnel(p), (uint16_t)word_number(p, sid, UINT16_MAX))
		    : first_session(p->box);

	if (!s)
		wrong(p, "there is no such session");
	return s;
}

static int open_tunnel_now(struct player *p)
{
	static const char *const keys[] = {"peer",	   "name",  "tunnel_id", "to",
					   "idle_timeout", "error", NULL};
	const struct word *to = take(p, "to");
	struct tunnel_params params = {
		.name = text_of(p, "name"),
		.peer = chosen_peer(p),
		.remote = to ? word_addr(p, to) : p->far->addr,
		.tunnel_id = (uint16_t)number_of(p, "tunnel_id"),
		.idle_timeout = number_of(p, "idle_timeout") * USEC_PER_SEC,
	};
	struct l2tp_tunnel *t;

	only(p, keys);
	return l2tp_tunnel_open(p->box->engine, &params, p->world.now, &t);
}

/* What a LAC passes on of the user, in the words of its AVPs; NULL when there is none. */
static const struct l2tp_msg *proxy_of(struct player *p, struct l2tp_msg *msg)
{
	static const char *const keys[] = {PROXY_KEYS};
	bool any = false;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct word *word = take(p, keys[i]);

		if (!word)
			continue;
		set_field(p, find_field(keys[i]), word, msg);
		any = true;
	}
	return any ? msg : NULL;
}

static struct l2tp_msg request_of(struct player *p)
{
	static const char *const keys[] = {REQUEST_KEYS};
	struct l2tp_msg msg = {.type = MSG_ICRQ};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct word *word = take(p, keys[i]);

		if (word)
			set_field(p, find_field(keys[i]), word, &msg);
	}
	return msg;
}

static int open_session_now(struct player *p)
{
	static const char *const keys[] = {
		"tid",	       "name",		"called_number",    "calling_number",
		"sub_address", "private_group", "physical_channel", PROXY_KEYS,
		REQUEST_KEYS,  "session_id",	"tx_connect_speed", "rx_connect_speed",
		"outgoing",    "minimum_bps",	"maximum_bps",	    "error",
		NULL};
	struct l2tp_msg proxy = {.type = MSG_ICCN}, request = request_of(p);
	struct access_line line;
	const struct session_params params = {
		.name = text_of(p, "name"),
		.called_number = text_of(p, "called_number"),
		.calling_number = text_of(p, "calling_number"),
		.sub_address = text_of(p, "sub_address"),
		.private_group = text_of(p, "private_group"),
		.physical_channel = number_of(p, "physical_channel"),
		.proxy = proxy_of(p, &proxy),
		.line = msg_line(&request, &line) ? &line : NULL,
		.speed_updates = msg_has(&request, AVP_SPEED_UPDATE_ENABLE),
		.tsa_ids = &request.tsa_id,
		.session_id = (uint16_t)number_of(p, "session_id"),
		.tx_connect_speed = number_of(p, "tx_connect_speed"),
		.rx_connect_speed = number_of(p, "rx_connect_speed"),
		.outgoing = number_of(p, "outgoing"),
		.minimum_bps = number_of(p, "minimum_bps"),
		.maximum_bps = number_of(p, "maximum_bps"),
	};
	struct l2tp_session *s;

	only(p, keys);
	return l2tp_session_open(chosen_tunnel(p), &params, p->world.now, &s);
}

static bool is_tunnel(const struct player *p)
{
	if (p->words.count < 2 ||
	    (!word_is(&p->words.word[1], "tunnel") && !word_is(&p->words.word[1], "session")))
		wrong(p, "a tunnel or a session?");
	return word_is(&p->words.word[1], "tunnel");
}

void say_open(struct player *p)
{
	const char *error = text_of(p, "error");
	int due = error ? -word_errno(p, error) : 0;
	int err = is_tunnel(p) ? open_tunnel_now(p) : open_session_now(p);

	if (err != due)
		wrong(p, "expected %s, it gave %s", due ? strerrorname_np(-due) : "success",
		      err ? strerrorname_np(-err) : "success");
}

void say_close(struct player *p)
{
	if (is_tunnel(p))
		close_tunnel(chosen_tunnel(p));
	else
		close_session(chosen_session(p));
}

static int tell_speed(struct l2tp_session *s, const struct l2tp_msg *msg, usec_t now)
{
	struct speed_update update = msg_speed_update(msg, 0);

	return l2tp_session_tell_line(s, NULL, update.tx, update.rx, now);
}

/* What PPP agreed on, or the line counted, in the words of the AVPs. */
void say_tell(struct player *p)
{
	static const char *const keys[] = {"error", NULL};
	const char *error = text_of(p, "error");
	struct l2tp_session *s = first_session(p->box);
	struct word *word = &p->words.word[1];
	struct l2tp_msg msg = {0};
	enum avp_id id = p->words.count > 1 ? find_field(word->key) : AVP_ID_MAX;
	int err, due = error ? -word_errno(p, error) : 0;

	only(p, keys);
	if (!s || (id != AVP_ACCM && id != AVP_CALL_ERRORS && id != AVP_CONNECT_SPEED_UPDATE))
		wrong(p, "TELL accm=, call_errors=, or connect_speed_update=, of a session");
	set_field(p, id, word, &msg);
	if (id == AVP_ACCM)
		err = l2tp_session_set_accm(s, &msg.accm, p->world.now);
	else if (id == AVP_CONNECT_SPEED_UPDATE)
		err = tell_speed(s, &msg, p->world.now);
	else
		err = l2tp_session_tell_errors(s, &msg.call_errors, p->world.now);
	if (err != due)
		wrong(p, "expected %s, it gave %s", due ? strerrorname_np(-due) : "success",
		      err ? strerrorname_np(-err) : "success");
}

void say_shutdown(struct player *p)
{
	l2tp_engine_shutdown(p->box->engine, p->world.now);
}

struct operation {
	const char *name;
	enum fake_op op;
};

/* "ok", "hold", "release", "refuse ERROR" in the call, "fail ERROR" in its completion. */
static void set_answer(struct player *p, const struct operation *operations)
{
	const char *how = p->words.count > 2 ? p->words.word[2].key : "";
	const char *error = p->words.count > 3 ? p->words.word[3].key : "";
	struct fake_control *control;

	while (operations->name &&
	       (p->words.count < 2 || !word_is(&p->words.word[1], operations->name)))
		operations++;
	if (!operations->name)
		wrong(p, "no such operation");
	control = &p->box->fake[operations->op];
	if (strcmp(how, "release") == 0) {
		box_release(p->box, operations->op);
		return;
	}
	control->fails = strcmp(how, "refuse") == 0 ? -word_errno(p, error) : 0;
	control->fails_later = strcmp(how, "fail") == 0 ? -word_errno(p, error) : 0;
	control->hold = strcmp(how, "hold") == 0;
	if (!control->fails && !control->fails_later && !control->hold && strcmp(how, "ok") != 0)
		wrong(p, "ok, hold, release, refuse ERROR or fail ERROR");
}

void say_kernel(struct player *p)
{
	static const struct operation operations[] = {
		{"tunnel-create", FAKE_TUNNEL_CREATE},
		{"tunnel-delete", FAKE_TUNNEL_DELETE},
		{"session-create", FAKE_SESSION_CREATE},
		{"session-delete", FAKE_SESSION_DELETE},
		{NULL},
	};

	set_answer(p, operations);
}

void say_ppp(struct player *p)
{
	static const struct operation operations[] = {
		{"start", FAKE_PPP_START},
		{"up", FAKE_PPP_UP},
		{"graceful", FAKE_PPP_GRACEFUL},
		{"hangup", FAKE_PPP_HANGUP},
		{NULL},
	};
	struct l2tp_session *s = first_session(p->box);

	if (p->words.count < 2 || !word_is(&p->words.word[1], "dies")) {
		set_answer(p, operations);
		return;
	}
	if (!s || !s->ppp.running)
		wrong(p, "no PPP runs");
	fake_ppp_dies(s);
}

void say_socket(struct player *p)
{
	static const struct operation operations[] = {
		{"open", FAKE_SOCKET_OPEN},
		{"connect", FAKE_SOCKET_CONNECT},
		{NULL},
	};

	set_answer(p, operations);
}

void say_time(struct player *p)
{
	const char *text = p->words.count == 2 ? p->words.word[1].key : "";
	static const struct {
		const char *name;
		usec_t length;
	} units[] = {{"ms", USEC_PER_MSEC}, {"s", USEC_PER_SEC}, {"min", 60 * USEC_PER_SEC}};
	char *unit;
	unsigned long long count = strtoull(text, &unit, 10);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (text[0] != '+' || strcmp(unit, units[i].name) != 0)
			continue;
		world_run(&p->world, count * units[i].length);
		return;
	}
	wrong(p, "TIME +100ms, +1s or +2min");
}
