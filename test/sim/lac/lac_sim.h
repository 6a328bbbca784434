/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A LAC as a whole, in virtual time: subscribers that dial in, hang up in every way and misbehave,
 * a LAC of all its real parts, LNSs with real engines that die, refuse, fill up and return, in some
 * worlds an LTS between them, RADIUS, and kernels that are slow and fail.
 *
 * All randomness comes from one seed. The first thing that is not as it must be ends the program,
 * with the line that plays it again.
 */
#pragma once

#include "l2tp/engine.h"
#include "lac/lac.h"
#include "test/sim/memory.h"

#define BOXES_MAX 7
#define SUBSCRIBERS_MAX 256
#define DOMAINS 6
/* The LAC's number, and the first that may be an LNS. */
#define THE_LAC 0
#define FIRST_LNS 1

struct world;
struct box;
struct happening;

/* An end of a call in a kernel: a PPPoE channel, or a session in a tunnel. */
struct end {
	struct list node;
	struct box *box;
	unsigned int number;
	bool up, deleting;
	struct lac_call *call;	      /* of a channel */
	struct l2tp_session *session; /* of a session */
	unsigned int wanted;	      /* the end to be joined with, 0 for none */
	struct end *joined;
};

/* What is known of a call beside the LAC. */
struct sim_call {
	struct list node;
	const struct lac_call *call;
	bool told_up, told_over;
	enum lac_state state;
	usec_t since;
	uint32_t moved; /* bit of each LNS that failed it */
	bool judged;	/* its refusal was looked at */
};

/* What an administrator wrote, as one reload has it. */
struct sim_settings {
	struct lac_settings lac;
	struct radius_settings radius;
	struct radius_server servers[2];
	struct lac_access *access;
};

struct box {
	struct world *world;
	unsigned int number;
	char name[16];
	struct addr addr;
	struct l2tp_engine *engine; /* NULL: it is dead */
	struct memory memory;
	struct list ends;
	unsigned int last_end;
	unsigned int sockets, kernel_tunnels, ppps;
	uint16_t next_port;
	bool freeing;
	/* Percent of what the kernel is asked for, and how long it takes, at most. */
	unsigned int fails;
	usec_t delay;
	/* As LNS: does it take calls, and how many. */
	bool refuses;
	unsigned int max_sessions;
	/* As LAC and LTS. */
	struct lac *lac;
	struct timer_queue timers;
	struct sim_settings *settings;
	uint64_t owners;
	struct list calls; /* of struct sim_call */
	struct radius_client *radius;
	struct pppoe_ac *ac;
	struct lac_port port;
	unsigned int pppds;
	bool stopping;
	unsigned int checks;
};

enum manner {
	MANNER_STAYS,	   /* until the LNS hangs up */
	MANNER_PADT,	   /* hangs up by PADT */
	MANNER_TERMINATES, /* by LCP */
	MANNER_VANISHES,   /* says nothing any more */
	MANNER_RESTARTS,   /* begins LCP anew, again and again, as somebody else */
	MANNER_MAX,
};

enum dialling { SUB_IDLE, SUB_PADI, SUB_PADR, SUB_OPEN };

struct subscriber {
	struct world *world;
	unsigned int number;
	uint8_t mac[6];
	enum dialling state;
	enum manner manner;
	unsigned int attempt; /* his timers of before are void */
	unsigned int tries;
	char user[48];
	uint8_t cookie[64];
	size_t cookie_len;
	uint16_t id; /* of his session */
	uint8_t lcp_id;
	bool he_acked, lac_acked;
	uint16_t auth; /* PPP number, 0 for none */
};

struct account {
	struct list node;
	char id[LAC_CALL_ID_LEN];
	bool started, stopped;
};

/* What came of all: that there is enough life in it is part of the test. */
struct totals {
	uint64_t dials, calls, up, local, moved, refused, ended, failed, restarts, switched,
		requests, accounts, lockouts, reloads, deaths, bridges, kernel_failures, no_memory,
		early_stops, padts, came_back;
};

struct world {
	uint64_t seed, random;
	bool verbose;
	bool healed;
	bool has_lts;
	bool loses_memory;
	usec_t now;
	struct happening **queue; /* a heap */
	size_t n_queue, queue_room;
	uint64_t serial;
	struct box boxes[BOXES_MAX];
	unsigned int n_boxes;
	struct subscriber subscribers[SUBSCRIBERS_MAX];
	unsigned int n_subscribers;
	/* Percent, and microseconds. */
	unsigned int loss, twice;
	usec_t jitter;
	/* Boxes that nobody hears. */
	unsigned int island;
	/* Percent of requests that RADIUS leaves alone. */
	unsigned int radius_loss;
	struct list accounts;
	/* By PPPoE session: PADS was sent and no PADT either way. */
	bool open[65536];
	unsigned int n_open;
	struct totals *totals;
};

/* world.c */
void world_play(uint64_t seed, bool verbose, struct totals *totals);
void world_begin(uint64_t seed);
uint64_t world_random(struct world *w);
unsigned int below(struct world *w, unsigned int limit);
/* True in `percent` of a hundred. */
bool chance(struct world *w, unsigned int percent);
void world_run(struct world *w, usec_t duration);
void world_broken(const struct world *w, const struct box *box, const char *file, int line,
		  const char *what) __attribute__((noreturn));
void world_say(const struct world *w, const char *who, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
#define HOLDS(box, condition) \
	((condition) ? (void)0 : world_broken((box)->world, (box), __FILE__, __LINE__, #condition))
#define SAY(w, ...) ((w)->verbose ? world_say((w), __VA_ARGS__) : (void)0)
/* A call into what a box runs, which pays for it; memory may run out in it. */
struct memory *world_enter(struct box *box);
void world_leave(struct box *box, struct memory *before);
#define INSIDE(box, call)                                  \
	do {                                               \
		struct memory *_before = world_enter(box); \
		call;                                      \
		world_leave((box), _before);               \
	} while (0)
void *sim_alloc(size_t size);
/* Of memory that fails never. */
char *sim_text(const char *text);

/* queue.c: what will happen */
typedef void (*happen_fn)(struct world *w, struct happening *h);
struct happening {
	usec_t when;
	uint64_t serial;
	happen_fn run;
	struct box *box; /* that it is for; NULL for nobody's */
	void *target;	 /* NULL: it was taken back */
	struct addr from, to;
	unsigned int number;
	size_t len;
	uint8_t data[];
};
struct happening *later(struct world *w, usec_t delay, happen_fn run, struct box *box, void *target,
			struct bytes data);
bool forget(struct world *w, happen_fn run, const void *target);
bool is_due(const struct world *w, happen_fn run, const void *target);
/* Whether it is due for anything of that box. */
bool awaits(const struct world *w, happen_fn run, const struct box *box);
/* All that would happen to a box, but for packets that find nobody. */
void forget_box(struct world *w, const struct box *box);
usec_t queue_next(const struct world *w);
void queue_run(struct world *w);
void queue_free(struct world *w);

/* box.c: engines, their sockets and the network between them */
void box_begin(struct box *box);
void box_die(struct box *box);
/* With its mood: who may call. */
void box_set_peers(struct box *box);
struct box *box_at(struct world *w, const struct addr *addr);
/* The other end of a session, NULL for none. */
struct l2tp_session *far_end(struct world *w, const struct l2tp_session *s);
bool is_lns(const struct box *box);

/* kernel.c */
usec_t kernel_delay(struct box *box);
bool kernel_fails(struct box *box);
struct end *end_new(struct box *box);
struct end *end_find(struct box *box, unsigned int number);
void end_free(struct end *end);
int kernel_tunnel_create(struct l2tp_tunnel *t);
void kernel_tunnel_delete(struct l2tp_tunnel *t);
int kernel_session_create(struct l2tp_session *s);
int kernel_session_modify(struct l2tp_session *s);
void kernel_session_delete(struct l2tp_session *s);
int ppp_start(struct l2tp_session *s);
void ppp_stop(struct l2tp_session *s, enum ppp_stop how);
void ppp_dies(struct l2tp_session *s, uint16_t result, const char *why);

/* access.c: struct lac_ops */
void access_begin(struct box *box);
/* All that is there goes at once. */
void access_free(struct box *box);
/* Keepalives of pppds: the caller is gone of some. */
void access_echo(struct box *box);
struct end *access_end(struct box *box, const uint8_t mac[static 6], uint16_t id);
void access_port_begin(struct box *box);
extern const struct lac_ops sim_lac_ops;
struct sim_call *sim_call_of(struct box *box, const struct lac_call *call);

/* settings.c */
struct sim_settings *settings_new(struct box *box);
void settings_free(struct sim_settings *settings);
void settings_apply(struct box *box);
struct peer *settings_peer(struct box *box, const char *name);

/* radius.c */
extern const struct radius_ops sim_radius_ops;

/* subscriber.c */
void subscriber_init(struct world *w, unsigned int number);
void subscriber_dial(struct subscriber *s, enum manner manner);
/* Discovery, or PPP in his session. */
void subscriber_hears(struct subscriber *s, struct bytes frame, bool discovery, uint16_t id);
struct subscriber *subscriber_of(struct world *w, const uint8_t mac[static 6]);
/* Who sits behind a session of an LNS; NULL when he is gone. */
struct subscriber *subscriber_behind(struct world *w, const struct l2tp_session *s);
/* Whose call it is; NULL when he is gone, or in another one. */
struct subscriber *subscriber_in(struct world *w, const struct lac_call *call);
void ether_to_subscriber(struct world *w, const uint8_t mac[static 6], struct bytes frame,
			 bool discovery, uint16_t id);

/* command.c */
void command_random(struct world *w);
void command_heal(struct world *w);

/* check.c */
void check_box(struct box *box);
void check_news(struct box *box, const struct lac_call *call, enum lac_news news, const char *text);
/* A frame of the LAC's is on its way to the caller. */
void check_told(struct box *box, const struct lac_call *call);
void check_account(struct world *w, struct bytes packet);
void check_rest(struct world *w);
void check_nothing(struct world *w);
