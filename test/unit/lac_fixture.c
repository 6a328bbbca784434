/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The LAC's world: the fakes of struct lac_ops, and the subscribers.
 */
#include "lac_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pppoe/packet.h"
#include "wire/result.h"

#define LCP 0xc021
#define PAP 0xc023
#define CHAP 0xc223

static const uint8_t ac_mac[6] = {2, 0, 0, 0, 0, 1};

/* Something of the future. */
struct later {
	struct list node;
	struct timer timer;
	struct lac_world *f;
	enum fake_lac_op op;
	void *target;
	size_t len;
	uint8_t data[2048];
};

static struct lac_world *of_lac(const struct lac *lac)
{
	return lac_ctx(lac);
}

static struct lac_world *of_call(const struct lac_call *call)
{
	return of_lac(call->lac);
}

static struct subscriber *of_mac(struct lac_world *f, const uint8_t *mac)
{
	for (size_t i = 0; i < SUBSCRIBERS; i++) {
		if (memcmp(f->subscribers[i].mac, mac, 6) == 0)
			return &f->subscribers[i];
	}
	fail_msg("nobody has that address");
	return NULL;
}

static struct timer_queue *timers_of(struct lac_world *f)
{
	return &f->w.boxes[0].engine->timers;
}

static void happen(struct later *l);

static void on_later(struct timer *timer, usec_t now)
{
	(void)now;
	happen(container_of(timer, struct later, timer));
}

static struct later *later(struct lac_world *f, enum fake_lac_op op, void *target,
			   struct bytes data)
{
	struct later *l = calloc(1, sizeof(*l));

	assert_non_null(l);
	l->f = f;
	l->op = op;
	l->target = target;
	assert_true(data.len <= sizeof(l->data));
	if (data.len)
		memcpy(l->data, data.data, data.len);
	l->len = data.len;
	list_append(&f->queue, &l->node);
	timer_init(&l->timer, on_later);
	/* One after the other, as they were asked for. */
	f->last = f->w.now + USEC_PER_MSEC > f->last ? f->w.now + USEC_PER_MSEC : f->last + 1;
	if (!f->hold[op])
		assert_int_equal(timer_start(timers_of(f), &l->timer, f->last), 0);
	return l;
}

void lac_release(struct lac_world *f, enum fake_lac_op op)
{
	struct later *l;

	f->hold[op] = false;
	list_for_each (l, &f->queue, node) {
		if (l->op == op && !timer_running(&l->timer))
			timer_start(timers_of(f), &l->timer, f->w.now);
	}
}

static struct later *find_later(struct lac_world *f, enum fake_lac_op op, const void *target)
{
	struct later *l;

	list_for_each (l, &f->queue, node) {
		if (l->op == op && l->target == target)
			return l;
	}
	return NULL;
}

static void forget(struct later *l)
{
	timer_stop(timers_of(l->f), &l->timer);
	list_remove(&l->node);
	free(l);
}

static void resolved(struct lac_world *f, const struct later *l)
{
	struct addr addr = {0};
	int err = f->fails[LAC_RESOLVE];

	if (!err)
		assert_int_equal(addr_parse((const char *)l->data, &addr), 0);
	lac_resolved(f->lac, l->target, err, err ? "no such name" : NULL, &addr, f->w.now);
}

static void counted(struct lac_world *f, struct lac_call *call)
{
	const struct lac_count count = {.packets_in = 3, .octets_in = 300};

	lac_counted(call, f->fails[LAC_COUNT], &count, f->w.now);
}

static void pppd_stopped(struct lac_world *f, struct lac_call *call)
{
	struct reason reason = reason_make(ORIGIN_PPP, CDN_ADMIN, 0, "pppd ended");

	f->pppds--;
	lac_pppd_down(call, &reason, f->w.now);
}

static void happen(struct later *l)
{
	struct later copy = *l;
	struct lac_world *f = l->f;
	int err = f->fails[l->op];
	struct later *follow;

	forget(l);
	switch (copy.op) {
	case LAC_CHANNEL_CREATE:
		f->channels += !err;
		follow = find_later(f, LAC_CHANNEL_DELETE, copy.target);
		if (follow)
			timer_start(timers_of(f), &follow->timer, f->w.now);
		lac_access_created(copy.target, err, err ? "connect(PPPoE)" : NULL, f->w.now);
		break;
	case LAC_CHANNEL_DELETE:
		assert_null(find_later(f, LAC_CHANNEL_CREATE, copy.target));
		f->channels--;
		lac_access_deleted(copy.target, f->w.now);
		break;
	case LAC_RESOLVE:
		resolved(f, &copy);
		break;
	case LAC_COUNT:
		counted(f, copy.target);
		break;
	case LAC_PPPD_UP:
		lac_pppd_up(copy.target, "ppp7", "alice", f->w.now);
		break;
	case LAC_PPPD_STOP:
		pppd_stopped(f, copy.target);
		break;
	case LAC_FRAME:
		if (call_of(copy.target))
			lac_access_input(call_of(copy.target), (struct bytes){copy.data, copy.len},
					 f->w.now);
		break;
	case LAC_FAKE_MAX:
		break;
	}
}

/* --- struct lac_ops --- */

static void on_random(struct lac *lac, void *data, size_t len)
{
	uint8_t *out = data;

	while (len--)
		*out++ = (uint8_t)world_random(&of_lac(lac)->w);
}

static uint64_t on_new_owner(struct lac *lac)
{
	return ++of_lac(lac)->owners;
}

static int on_access_create(struct lac_call *call)
{
	later(of_call(call), LAC_CHANNEL_CREATE, call, (struct bytes){0});
	return 0;
}

static void on_access_delete(struct lac_call *call)
{
	struct lac_world *f = of_call(call);

	struct later *l;

	assert_null(find_later(f, LAC_CHANNEL_DELETE, call));
	l = later(f, LAC_CHANNEL_DELETE, call, (struct bytes){0});
	/* The object's queue keeps the order. */
	if (find_later(f, LAC_CHANNEL_CREATE, call))
		timer_stop(timers_of(f), &l->timer);
}

static void on_replay(struct lac_call *call)
{
	assert_non_null(call->session);
	of_call(call)->bridges++;
}

static int on_pppd_start(struct lac_call *call)
{
	struct lac_world *f = of_call(call);

	assert_int_equal(call->channel, KERNEL_NONE);
	if (f->fails[LAC_PPPD_UP])
		return f->fails[LAC_PPPD_UP];
	f->pppds++;
	later(f, LAC_PPPD_UP, call, (struct bytes){0});
	return 0;
}

static void on_pppd_stop(struct lac_call *call, enum ppp_stop how)
{
	struct lac_world *f = of_call(call);
	struct later *up = find_later(f, LAC_PPPD_UP, call);

	(void)how;
	if (up)
		forget(up);
	if (!find_later(f, LAC_PPPD_STOP, call))
		later(f, LAC_PPPD_STOP, call, (struct bytes){0});
}

static int on_resolve(struct lac *lac, const char *host, enum addr_family prefer, void *token)
{
	(void)prefer;
	later(of_lac(lac), LAC_RESOLVE, token,
	      (struct bytes){(const uint8_t *)host, strlen(host) + 1});
	return 0;
}

static void on_resolve_cancel(struct lac *lac, const void *token)
{
	struct later *l = find_later(of_lac(lac), LAC_RESOLVE, token);

	assert_non_null(l);
	forget(l);
}

static int on_count(struct lac_call *call)
{
	if (of_call(call)->cannot_count)
		return -ENOMEM;
	later(of_call(call), LAC_COUNT, call, (struct bytes){0});
	return 0;
}

static void on_news(const struct lac_call *call, enum lac_news news, const char *text)
{
	struct lac_world *f = of_call(call);
	size_t len = strlen(f->news);

	/* What every end is followed by. */
	if (news == LAC_NEWS_GONE) {
		f->gone_events++;
		return;
	}
	snprintf(f->news + len, sizeof(f->news) - len, "%s%s%s%s", len ? "\n" : "",
		 lac_news_name(news), text[0] ? ": " : "", text);
}

static void on_destination(struct lac *lac, const struct steer_destination *destination)
{
	(void)destination;
	of_lac(lac)->lock_events++;
}

void _expect_news(struct lac_world *f, const char *text, const char *file, int line)
{
	char news[NEWS_MAX];

	if (strcmp(f->news, text) != 0)
		print_error("%s:%d: told\n%s\n", file, line, f->news);
	strcpy(news, f->news);
	f->news[0] = '\0';
	assert_string_equal(news, text);
}

/* --- PPP of a subscriber --- */

static void say(struct subscriber *s, struct bytes frame)
{
	if (!s->mute)
		later(s->f, LAC_FRAME, s, frame);
}

void subscriber_says(struct subscriber *s, const char *hex)
{
	uint8_t frame[256];
	unsigned int octet;
	size_t len = 0;

	for (; sscanf(hex, "%2x", &octet) == 1; hex += hex[2] == ' ' ? 3 : 2) {
		frame[len++] = (uint8_t)octet;
		if (!hex[2])
			break;
	}
	later(s->f, LAC_FRAME, s, (struct bytes){frame, len});
}

static void say_pap(struct subscriber *s)
{
	uint8_t frame[256];
	struct writer w = writer_init(frame, sizeof(frame));
	size_t user = strlen(s->user), password = strlen(s->password);

	writer_u16(&w, PAP);
	writer_u8(&w, 1);
	writer_u8(&w, 7);
	writer_u16(&w, (uint16_t)(6 + user + password));
	writer_u8(&w, (uint8_t)user);
	writer_bytes(&w, bytes_str(s->user));
	writer_u8(&w, (uint8_t)password);
	writer_bytes(&w, bytes_str(s->password));
	say(s, (struct bytes){frame, writer_len(&w)});
}

/* What it got, with another code in front. */
static void answer(struct subscriber *s, uint8_t code, struct bytes frame)
{
	uint8_t copy[512];

	assert_true(frame.len <= sizeof(copy));
	memcpy(copy, frame.data, frame.len);
	copy[2] = code;
	say(s, (struct bytes){copy, frame.len});
}

static void hear_lcp(struct subscriber *s, struct bytes frame)
{
	switch (frame.data[2]) {
	case 1:
		answer(s, 2, frame);
		if (!s->asked)
			subscriber_says(s, "c021 01 05 000a 0506 11223344");
		s->asked = true;
		break;
	case 2:
		s->lcp_acked = true;
		if (s->f->access->ppp.auths[0] == PPP_AUTH_PAP)
			say_pap(s);
		break;
	case 5:
		s->term_requests++;
		snprintf(s->terminate_text, sizeof(s->terminate_text), "%.*s", (int)frame.len - 6,
			 (const char *)frame.data + 6);
		answer(s, 6, frame);
		break;
	case 10:
		s->echo_replies++;
		break;
	default:
		break;
	}
}

/* MS-CHAPv2 (RFC 2759): a Response of 49 octets that no server of a test looks into. */
static void hear_chap(struct subscriber *s, struct bytes heard)
{
	uint8_t frame[256], value[49] = {0x11};
	struct writer w = writer_init(frame, sizeof(frame));

	if (heard.data[2] == 4)
		snprintf(s->chap_text, sizeof(s->chap_text), "%.*s", (int)heard.len - 6,
			 (const char *)heard.data + 6);
	if (heard.data[2] != 1)
		return;
	writer_u16(&w, CHAP);
	writer_u8(&w, 2);
	writer_u8(&w, heard.data[3]);
	writer_u16(&w, (uint16_t)(5 + sizeof(value) + strlen(s->user)));
	writer_u8(&w, sizeof(value));
	writer_bytes(&w, (struct bytes){value, sizeof(value)});
	writer_bytes(&w, bytes_str(s->user));
	say(s, (struct bytes){frame, writer_len(&w)});
}

static void on_access_send(struct lac_call *call, struct bytes frame)
{
	struct subscriber *s = of_mac(of_call(call), call->mac);

	assert_int_equal(call->channel, KERNEL_UP);
	assert_true(frame.len >= 6);
	if (s->mute)
		return;
	if (frame.data[0] == LCP >> 8 && frame.data[1] == (LCP & 0xff))
		hear_lcp(s, frame);
	else if (frame.data[0] == CHAP >> 8 && frame.data[1] == (CHAP & 0xff) &&
		 s->f->access->ppp.auths[0] == PPP_AUTH_MSCHAP_V2)
		hear_chap(s, frame);
	else if (frame.data[1] == (PAP & 0xff))
		*(frame.data[2] == 2 ? &s->acks : &s->naks) += 1;
}

static const struct lac_ops fake_lac_ops = {
	.random = on_random,
	.new_owner = on_new_owner,
	.access_create = on_access_create,
	.access_delete = on_access_delete,
	.access_send = on_access_send,
	.replay = on_replay,
	.pppd_start = on_pppd_start,
	.pppd_stop = on_pppd_stop,
	.resolve = on_resolve,
	.resolve_cancel = on_resolve_cancel,
	.count = on_count,
	.event = on_news,
	.destination_event = on_destination,
};

/* --- PPPoE --- */

static void on_ac_random(struct pppoe_ac *ac, void *data, size_t len)
{
	const struct lac_world *f = pppoe_ac_ctx(ac);

	on_random(f->lac, data, len);
}

/* TR-101: vendor 3561, sub-tag 1 is the circuit, 0x82 the rate towards the caller. */
static void put_line(struct writer *w, const char *circuit)
{
	size_t len = strlen(circuit);

	writer_u16(w, 0x0105);
	writer_u16(w, (uint16_t)(4 + 2 + len + 6));
	writer_u32(w, 3561);
	writer_u8(w, 1);
	writer_u8(w, (uint8_t)len);
	writer_bytes(w, bytes_str(circuit));
	writer_u8(w, 0x82);
	writer_u8(w, 4);
	writer_u32(w, 20000000);
}

static void send_discovery(struct subscriber *s, enum pppoe_code code, uint16_t id,
			   struct bytes cookie)
{
	uint8_t frame[256];
	struct writer w = writer_init(frame, sizeof(frame));

	writer_bytes(&w,
		     (struct bytes){code == PPPOE_PADI ? (const uint8_t *)"\xff\xff\xff\xff\xff\xff"
						       : ac_mac,
				    6});
	writer_bytes(&w, (struct bytes){s->mac, 6});
	writer_u16(&w, PPPOE_ETHER_TYPE);
	writer_u8(&w, 0x11);
	writer_u8(&w, (uint8_t)code);
	writer_u16(&w, id);
	writer_u16(&w, 0);
	if (code != PPPOE_PADT)
		writer_u32(&w, 0x01010000);
	if (code != PPPOE_PADT && cookie.len) {
		writer_u16(&w, 0x0104);
		writer_u16(&w, (uint16_t)cookie.len);
		writer_bytes(&w, cookie);
	}
	if (code == PPPOE_PADR && s->circuit)
		put_line(&w, s->circuit);
	frame[18] = (uint8_t)((writer_len(&w) - 20) >> 8);
	frame[19] = (uint8_t)(writer_len(&w) - 20);
	pppoe_ac_input(s->f->ac, (struct bytes){frame, writer_len(&w)}, s->f->w.now);
}

static void keep_error(struct subscriber *s, const struct pppoe_packet *packet)
{
	enum pppoe_tag tag = pppoe_has(packet, PPPOE_AC_SYSTEM_ERROR) ? PPPOE_AC_SYSTEM_ERROR
								      : PPPOE_GENERIC_ERROR;

	snprintf(s->error, sizeof(s->error), "%.*s", (int)packet->tags[tag].len,
		 (const char *)packet->tags[tag].data);
}

static void on_ac_send(struct pppoe_ac *ac, struct bytes frame)
{
	struct lac_world *f = pppoe_ac_ctx(ac);
	struct pppoe_packet packet;
	struct subscriber *s;

	assert_int_equal(pppoe_parse(frame, &packet), 0);
	s = of_mac(f, packet.destination);
	switch ((enum pppoe_code)packet.code) {
	case PPPOE_PADO:
		s->pado++;
		if (f->drains_at_pado)
			l2tp_admin_set_system(f->w.boxes[0].engine, ADMIN_DRAIN, f->w.now);
		send_discovery(s, PPPOE_PADR, 0, packet.tags[PPPOE_AC_COOKIE]);
		break;
	case PPPOE_PADS:
		s->pads++;
		s->id = packet.session_id;
		if (!s->id)
			keep_error(s, &packet);
		break;
	case PPPOE_PADT:
		s->padt++;
		assert_int_equal(packet.session_id, s->id);
		keep_error(s, &packet);
		s->id = 0;
		break;
	case PPPOE_PADI:
	case PPPOE_PADR:
		fail_msg("an access concentrator does not say that");
	}
}

static const char *on_busy(const struct pppoe_ac *ac)
{
	const struct lac_world *f = pppoe_ac_ctx(ac);

	return lac_busy(f->lac);
}

static void on_requested(struct pppoe_session *s, usec_t now)
{
	struct lac_world *f = pppoe_ac_ctx(s->ac);

	lac_pppoe_requested(f->lac, f->access, &f->port, s, now);
}

static const struct pppoe_ops ac_ops = {
	.random = on_ac_random,
	.send = on_ac_send,
	.busy = on_busy,
	.requested = on_requested,
	.closed = lac_pppoe_closed,
};

struct subscriber *dial(struct lac_world *f, unsigned int n, const char *user)
{
	struct subscriber *s = &f->subscribers[n];

	s->user = user;
	s->asked = s->lcp_acked = false;
	send_discovery(s, PPPOE_PADI, 0, (struct bytes){0});
	world_run(&f->w, 500 * USEC_PER_MSEC);
	return s;
}

void subscriber_padt(struct subscriber *s)
{
	uint16_t id = s->id;

	s->id = 0;
	send_discovery(s, PPPOE_PADT, id, (struct bytes){0});
}

struct lac_call *call_of(const struct subscriber *s)
{
	struct lac_call *call;

	for (call = lac_next(s->f->lac, NULL); call; call = lac_next(s->f->lac, call)) {
		if (memcmp(call->mac, s->mac, 6) == 0 && call->state != LAC_CLOSING)
			return call;
	}
	return NULL;
}

void pppd_ends(struct subscriber *s)
{
	on_pppd_stop(call_of(s), PPP_STOP_HANGUP);
}

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
	assert_int_equal(pppoe_ac_new(&ac_ops, f, &f->access->pppoe, ac_mac, &f->ac), 0);
	for (size_t i = 0; i < SUBSCRIBERS; i++) {
		f->subscribers[i].f = f;
		f->subscribers[i].password = "secret";
		memcpy(f->subscribers[i].mac, (uint8_t[]){2, 0, 0x5e, 0, 0, (uint8_t)i}, 6);
	}
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
