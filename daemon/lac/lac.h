/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls that come from somewhere and go on in a tunnel: a subscriber of PPPoE, or the call of
 * another LAC that is switched (LTS).
 *
 * One struct lac_call from its beginning to its end, and one table of what each state makes of what
 * happens. PPPoE: the kernel's channel is made, LCP and authentication are done (ppp/proxy.h), the
 * domain map or RADIUS says where to, steer chooses tunnel after tunnel until an LNS takes the
 * call, and the kernel bridges the two channels before ICCN goes out. From then on no packet of the
 * call is ours. Pure: what takes time is in lac_ops, tunnels and sessions are the engine's.
 *
 * For the engine the bridge is the PPP of a session: its ppp_start() and ppp_stop() come here for
 * sessions that lac_owns().
 */
#pragma once

#include "aaa/client.h"
#include "l2tp/engine.h"
#include "lac/settings.h"
#include "ppp/proxy.h"
#include "pppoe/ac.h"
#include "steer/steer.h"

enum lac_state {
	LAC_ACCESS,	    /* the kernel makes the caller's channel */
	LAC_NEGOTIATING,    /* LCP and authentication */
	LAC_AUTHORIZING,    /* RADIUS is asked */
	LAC_PLACING,	    /* tunnels are tried */
	LAC_UP,		    /* bridged */
	LAC_LOCAL_STARTING, /* it ends here: the channel is given up for pppd */
	LAC_LOCAL,	    /* pppd has it */
	LAC_TERMINATING,    /* LCP Terminate, or pppd, is on its way */
	LAC_CLOSING,	    /* the kernel still works */
	LAC_STATE_MAX,
};

enum lac_kind {
	LAC_PPPOE,    /* a subscriber's */
	LAC_SWITCHED, /* another LAC's, with us as LNS */
};

/* What of a call is worth telling. */
enum lac_news {
	LAC_NEWS_UP,	 /* placed, or at a pppd: where */
	LAC_NEWS_MOVED,	 /* a destination did not take it, the next is tried: which, and why */
	LAC_NEWS_ENDED,	 /* it was up: why it ended */
	LAC_NEWS_FAILED, /* it never came up: why */
	LAC_NEWS_GONE,	 /* one of these two was told, and now the last of it is gone */
	LAC_NEWS_MAX,
};

/* An interface that callers dial in through. */
struct lac_port {
	char interface[16];
	unsigned int index;
	uint16_t vlan;	/* 0 for none */
	uint32_t speed; /* of the link, bit/s; 0 when nobody knows */
};

struct lac;
struct lac_tunnel;

/* What RADIUS said of a call that is of use after it is placed. */
struct lac_grant {
	uint32_t session_timeout; /* seconds, 0: none */
	uint32_t interim;	  /* seconds, 0: as configured */
	uint32_t tx_connect_speed;
	uint32_t rx_connect_speed;
	size_t class_len;
	uint8_t class[];
};

struct lac_count {
	uint64_t packets_in, octets_in; /* from the caller */
	uint64_t packets_out, octets_out;
};

#define LAC_CALL_ID_LEN 24
#define LAC_WHY_MAX 160

struct lac_call {
	struct list node;
	struct hash_node by_owner;    /* of its session in a tunnel */
	struct hash_node by_incoming; /* of the session that it came by */
	struct lac *lac;
	uint64_t owner;
	uint64_t incoming_owner;
	enum lac_kind kind;
	enum lac_state state;
	usec_t began_at;
	usec_t up_at; /* 0: it is not, or was not */
	/* Acct-Session-Id, and what people call it by. */
	char id[LAC_CALL_ID_LEN];

	/* The caller: of PPPoE... */
	struct lac_access *access;
	struct lac_port port;
	uint16_t pppoe_id;
	uint8_t mac[PPPOE_MAC_LEN];
	uint16_t mtu;		     /* octets of PPP payload that the access link carries */
	struct pppoe_session *pppoe; /* NULL once PADT was sent or heard */
	struct access_line *line;    /* NULL when the line said nothing */
	/* Of the line since it changed, to and from the caller, bit/s; 0: as it was. */
	uint32_t tx_speed, rx_speed;
	enum kernel_state channel;
	struct ppp_proxy *proxy; /* until it is placed */
	bool named;		 /* he said who he is, and nothing was made of it yet */
	bool ppp_ended;
	/* ...or another tunnel's. */
	struct l2tp_session *incoming;

	/* Who he is, cleaned of what is not printable, empty until he said; and where to. */
	char *user;
	char *called_number; /* of its session, NULL for none */
	struct radius_request *request;
	struct lac_grant *grant; /* NULL: RADIUS was not asked, or had nothing to say */
	struct steer_domain *domain;
	char why[LAC_WHY_MAX]; /* what decided: "domain example.com (suffix)" */
	struct steer_call steer;
	bool steered;		   /* steer is in use */
	bool looped;		   /* a destination was left out: the call came from there */
	struct lac_tunnel *tunnel; /* that it waits for or is in */
	struct list in_tunnel;	   /* of those that wait for its address */
	struct l2tp_session *session;
	/* pppd has it. */
	bool pppd_running;
	char pppd_interface[16];

	struct reason reason; /* why it ends */
	bool account;	      /* RADIUS heard that it began */
	bool counting;	      /* lac_counted() is due */
	bool counted;	      /* for the last time */
	struct lac_count count;
	struct timer wake;    /* what is not to be done from inside of others' calls */
	struct timer limit;   /* Session-Timeout */
	struct timer interim; /* accounting */
	/* Of whoever implements lac_ops: of the channel, and of pppd. */
	void *io;
	void *pppd;
};

/* Completions follow from the loop, never from inside. */
struct lac_ops {
	void (*random)(struct lac *lac, void *data, size_t len);
	/* A number that no tunnel or session has as its owner. */
	uint64_t (*new_owner)(struct lac *lac);
	/* The kernel's end of a PPPoE session -> lac_access_created(), or -errno at once. */
	int (*access_create)(struct lac_call *call);
	/* -> lac_access_deleted(); before lac_access_created() too, which then still comes first.
	 */
	void (*access_delete)(struct lac_call *call);
	/* A PPP frame to the caller, from the protocol number on. Failures are soft. */
	void (*access_send)(struct lac_call *call, struct bytes frame);
	/* The kernel passes frames by itself now: those that waited in either channel while the
	 * call was placed go on, no more are read here. */
	void (*replay)(struct lac_call *call);
	/* pppd on a PPPoE session whose channel we gave up -> lac_pppd_up(), lac_pppd_down(). */
	int (*pppd_start)(struct lac_call *call);
	void (*pppd_stop)(struct lac_call *call, enum ppp_stop how);
	/* An address for a server's name -> lac_resolved(); an address at once is no exception. */
	int (*resolve)(struct lac *lac, const char *host, enum addr_family prefer, void *token);
	void (*resolve_cancel)(struct lac *lac, const void *token);
	/* Packets and octets of a call so far -> lac_counted(), for accounting, or -errno at once.
	 */
	int (*count)(struct lac_call *call);
	void (*event)(const struct lac_call *call, enum lac_news news, const char *text);
	/* Lock state of a destination changed. */
	void (*destination_event)(struct lac *lac, const struct steer_destination *destination);
};

struct lac_params {
	const struct lac_ops *ops;
	void *ctx;
	struct l2tp_engine *engine;
	struct timer_queue *timers;
	/* As for lac_set(). */
	const struct lac_settings *settings;
	const struct radius_settings *radius_settings;
};

/* ops, engine and timers must outlive it. Returns 0 or -ENOMEM. */
int lac_new(const struct lac_params *params, struct lac **ret);
/* Frees all calls at once, telling nobody. Takes NULL. */
void lac_free(struct lac *lac);
/* Settings must stay until others are set; calls keep what they began with. */
void lac_set(struct lac *lac, const struct lac_settings *settings,
	     const struct radius_settings *radius_settings);
/* Who is asked and told; NULL for nobody. It must outlive the lac. */
void lac_set_radius(struct lac *lac, struct radius_client *radius);
struct radius_client *lac_radius(const struct lac *lac);
void *lac_ctx(const struct lac *lac);
struct steer *lac_steer(const struct lac *lac);
const struct lac_settings *lac_settings(const struct lac *lac);
unsigned int lac_count(const struct lac *lac);
/* Walks the calls, oldest first: NULL first, NULL at the end. */
struct lac_call *lac_next(const struct lac *lac, const struct lac_call *last);
struct lac_call *lac_find(const struct lac *lac, const char *id);
/* The call whose session in a tunnel this is, or that came by it; NULL for none. */
struct lac_call *lac_call_of(const struct lac *lac, const struct l2tp_session *s);

/* Why no call can be taken now: the daemon stops, the administrator drains it, a limit is reached;
 * NULL when one can. */
const char *lac_busy(const struct lac *lac);
/* PADR came: the session is accepted, refused, or closed later. `port` is copied. */
void lac_pppoe_requested(struct lac *lac, struct lac_access *access, const struct lac_port *port,
			 struct pppoe_session *s, usec_t now);
/* PADT came, or the interface is gone. */
void lac_pppoe_closed(struct pppoe_session *s, const char *text, usec_t now);

/* Completions of struct lac_ops. */
void lac_access_created(struct lac_call *call, int err, const char *step, usec_t now);
void lac_access_input(struct lac_call *call, struct bytes frame, usec_t now);
void lac_access_deleted(struct lac_call *call, usec_t now);
void lac_resolved(struct lac *lac, void *token, int err, const char *why, const struct addr *addr,
		  usec_t now);
/* -errno when it cannot be known: what was counted before stays. */
void lac_counted(struct lac_call *call, int err, const struct lac_count *count, usec_t now);
void lac_pppd_up(struct lac_call *call, const char *interface, const char *user, usec_t now);
void lac_pppd_down(struct lac_call *call, const struct reason *reason, usec_t now);

/* The engine's ppp_start() and ppp_stop() for sessions that are ours: of calls that we placed, and
 * those that arrive from peers whose calls are switched. */
bool lac_owns(const struct lac *lac, const struct l2tp_session *s);
int lac_session_start(struct lac *lac, struct l2tp_session *s, usec_t now);
void lac_session_stop(struct lac *lac, struct l2tp_session *s, enum ppp_stop how, usec_t now);
/* Every event of the engine. */
void lac_event(struct lac *lac, const struct l2tp_event *event, usec_t now);

/* What is decided of a caller's name. */
struct lac_decision {
	struct steer_decision map;
	const struct steer_domain *domain; /* that decides; NULL: none does */
	char why[LAC_WHY_MAX];
	bool asks_radius;  /* and comes before that */
	bool needs_radius; /* and nothing comes after it when it does not answer */
};

/* What would become of a caller of that name without RADIUS, or when it leaves it to the map, and
 * whether it is asked. access is where he dials in, NULL for nowhere in particular. */
void lac_decide_name(const struct lac *lac, const struct lac_access *access, const char *name,
		     struct lac_decision *ret);

/* Bit/s, to and from the caller, as his LNS is told; 0 when nobody knows. */
void lac_speeds(const struct lac_call *call, uint32_t *ret_tx, uint32_t *ret_rx);
/* Why the LNS of a call cannot hear of other speeds; NULL when it can, or will when it has it. */
const char *lac_cannot_tell(const struct lac_call *call);
/* The line of a call has other speeds, bit/s, 0 for as it was: its LNS is told (RFC 5515 section
 * 4). Returns 0, -EOPNOTSUPP when it cannot be told, or -ENOMEM, with all as it was. */
int lac_set_speeds(struct lac_call *call, uint32_t tx, uint32_t rx, usec_t now);

/* Ends a call: the caller is told as far as he can be. */
void lac_close(struct lac_call *call, const struct reason *reason, usec_t now);
/* RFC 5176: those that fit all that is told. Returns how many. */
unsigned int lac_disconnect(struct lac *lac, const struct radius_user *who, usec_t now);
/* The same for other speeds, but of one call: a line is one caller's. Returns as lac_set_speeds(),
 * -ENOENT when none fits, or -ENOTUNIQ when several do. */
int lac_change(struct lac *lac, const struct radius_user *who, uint32_t tx, uint32_t rx,
	       usec_t now);
/* RFC 2866 5.1: the first time that there is a server for it, and when all calls are gone. */
void lac_account_on(struct lac *lac, usec_t now);
void lac_account_off(struct lac *lac, usec_t now);
/* The daemon stops: all calls end, no more are taken. Done when lac_count() is 0. */
void lac_stop(struct lac *lac, usec_t now);

const char *lac_state_name(enum lac_state state);
const char *lac_news_name(enum lac_news news);
