/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fakes of struct lac_ops and of struct pppoe_ops.
 */
#include "lac_fakes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lac_fixture.h"
#include "wire/result.h"

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

static void on_access_send(struct lac_call *call, struct bytes frame)
{
	struct subscriber *s = subscriber_of_mac(of_call(call), call->mac);

	assert_int_equal(call->channel, KERNEL_UP);
	/* What is of a session that he gave up is not for him. */
	if (!s->id || s->id == call->pppoe_id)
		subscriber_hears(s, frame);
}

const struct lac_ops fake_lac_ops = {
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

void _expect_news(struct lac_world *f, const char *text, const char *file, int line)
{
	char news[NEWS_MAX];

	if (strcmp(f->news, text) != 0)
		print_error("%s:%d: told\n%s\n", file, line, f->news);
	strcpy(news, f->news);
	f->news[0] = '\0';
	assert_string_equal(news, text);
}

void pppd_ends(struct subscriber *s)
{
	on_pppd_stop(call_of(s), PPP_STOP_HANGUP);
}

void lac_take_frame(struct subscriber *s, struct bytes frame)
{
	later(s->f, LAC_FRAME, s, frame);
}

/* --- struct pppoe_ops --- */

static void on_ac_random(struct pppoe_ac *ac, void *data, size_t len)
{
	const struct lac_world *f = pppoe_ac_ctx(ac);

	on_random(f->lac, data, len);
}

static void on_ac_send(struct pppoe_ac *ac, struct bytes frame)
{
	struct pppoe_packet packet;

	assert_int_equal(pppoe_parse(frame, &packet), 0);
	subscriber_hears_discovery(subscriber_of_mac(pppoe_ac_ctx(ac), packet.destination),
				   &packet);
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

const struct pppoe_ops fake_pppoe_ops = {
	.random = on_ac_random,
	.send = on_ac_send,
	.busy = on_busy,
	.requested = on_requested,
	.closed = lac_pppoe_closed,
};
