/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of this layer share.
 */
#pragma once

#include "lac/lac.h"

struct lac {
	const struct lac_ops *ops;
	void *ctx;
	struct l2tp_engine *engine;
	struct timer_queue *timers;
	const struct lac_settings *settings;
	const struct radius_settings *radius_settings;
	struct radius_client *radius;
	struct steer *steer;
	struct list calls;
	struct hash by_owner;	 /* of struct lac_call */
	struct hash by_incoming; /* of those that came in a tunnel */
	struct hash tunnels;	 /* of struct lac_tunnel, by owner */
	unsigned int n_calls;
	uint32_t boot; /* random: ids of calls of two runs differ */
	bool stopping;
	bool accounting; /* RADIUS heard Accounting-On */
};

/* A tunnel that calls wait for or are in, or one that only tries a destination. */
struct lac_tunnel {
	struct hash_node by_owner;
	struct lac *lac;
	uint64_t owner;
	/* One of the two. */
	struct steer_path *path;
	struct steer_destination *tested;
	struct peer *peer;
	struct addr local, remote;
	uint16_t tunnel_id; /* 0 until it was opened */
	uint16_t peer_id;   /* 0 until it was up */
	bool resolving;
	/* It lives on for the calls that are still in it. */
	bool gone;
	struct reason reason; /* and why */
	usec_t up_at;	      /* 0: it is not, yet */
	struct list waiting;  /* of struct lac_call: for its address */
	unsigned int n_calls; /* that have it as theirs */
	unsigned int n_up;    /* of them, and they were up */
	/* For accounting: whose call wanted it, what those counted that are over. */
	char *user;
	struct lac_count count;
};

/* What happens to a call. */
enum lac_input {
	LAC_ON_CHANNEL,	     /* the caller's channel is made */
	LAC_ON_NO_CHANNEL,   /* or cannot be */
	LAC_ON_RESTART,	     /* the caller began LCP anew */
	LAC_ON_NAME,	     /* LCP is open, the caller said who he is */
	LAC_ON_ANSWER,	     /* RADIUS answered, or will not */
	LAC_ON_TURN,	     /* the wake timer: go on with what the state is about */
	LAC_ON_CONNECTED,    /* ICCN is out, the channels are bridged */
	LAC_ON_LOST,	     /* its session in a tunnel is gone */
	LAC_ON_SESSION_ENDS, /* the engine wants the session's PPP ended */
	LAC_ON_CALLER_GONE,  /* PADT, or the other leg ends */
	LAC_ON_PPP_DOWN,     /* LCP ended */
	LAC_ON_CHANNEL_GONE, /* the caller's channel is deleted */
	LAC_ON_COUNTED,
	LAC_ON_PPPD_UP,
	LAC_ON_PPPD_DOWN,
	LAC_ON_CLOSE, /* the administrator, RADIUS, a limit */
	LAC_INPUT_MAX,
};

struct lac_signal {
	enum lac_input input;
	const struct reason *reason;	    /* of what ends, else NULL */
	bool is_tunnel;			    /* it is the tunnel's */
	const struct radius_answer *answer; /* of LAC_ON_ANSWER */
};

/* fsm.c */
/* The call may be freed in it. */
void lac_fsm_run(struct lac_call *call, const struct lac_signal *signal, usec_t now);
/* Into LAC_CLOSING the call may be freed. */
void lac_enter(struct lac_call *call, enum lac_state state, usec_t now);

/* call.c: beginning and end */
int lac_call_new(struct lac *lac, enum lac_kind kind, usec_t now, struct lac_call **ret);
/* Acct-Session-Id of a call or a tunnel. */
void lac_format_id(const struct lac *lac, uint64_t owner, char text[static LAC_CALL_ID_LEN]);
void lac_call_free(struct lac_call *call);
/* Runs LAC_ON_TURN, or what proxy told, when no call of others is on the stack. */
void lac_wake(struct lac_call *call, usec_t now);
/* The first one stays. */
void lac_keep_reason(struct lac_call *call, const struct reason *reason);
void lac_begin_closing(struct lac_call *call, usec_t now);
/* One step further towards the end, if nothing of the present one is left to wait for. */
void lac_go_on_closing(struct lac_call *call, usec_t now);
/* The sessions that it has in tunnels. */
void lac_hang_up(struct lac_call *call, const struct reason *reason, usec_t now);
void lac_cancel_request(struct lac_call *call);
void lac_let_go_of_destination(struct lac_call *call, usec_t now);
void lac_set_text(char **field, const char *text);

/* access.c: the caller's end */
void lac_start_ppp(struct lac_call *call, usec_t now);
void lac_end_ppp(struct lac_call *call);
/* Ends a call that is not placed, for call->reason: LCP Terminate with the words, and on with it
 * when PPP is down; one that came in a tunnel ends at once. */
void lac_say_why(struct lac_call *call, const char *text, usec_t now);

/* decide.c: what becomes of it */
/* Each takes the call into another state, in which it may be freed. */
void lac_decide(struct lac_call *call, usec_t now);
void lac_take_answer(struct lac_call *call, const struct radius_answer *answer, usec_t now);
/* What the caller hears is `text`, what the log says the reason. */
void lac_refuse(struct lac_call *call, const struct reason *reason, const char *text, usec_t now);

/* place.c: tunnel after tunnel */
/* The next that can be had, or the end of the call. */
void lac_place(struct lac_call *call, usec_t now);
/* The one that it is on failed; lac_place() is due. */
void lac_place_failed(struct lac_call *call, const struct reason *reason, bool is_tunnel,
		      usec_t now);

/* tunnel.c: the tunnels themselves */
/* Begins to open the call's path. Returns 0 or -ENOMEM. */
int lac_tunnel_new(struct lac_call *call);
struct lac_tunnel *lac_tunnel_find(const struct lac *lac, uint64_t owner);
/* The engine's tunnel, or NULL while there is none. */
struct l2tp_tunnel *lac_tunnel_of(const struct lac_tunnel *t);
void lac_tunnel_event(struct lac *lac, const struct l2tp_event *event, usec_t now);
void lac_tunnel_free(struct lac_tunnel *t);
/* The daemon stops: its address is not waited for. It may be freed. */
void lac_tunnel_give_up(struct lac_tunnel *t);
/* It is the call's from now on, and not any more; of a call without one nothing happens. */
void lac_tunnel_join(struct lac_call *call, struct lac_tunnel *t);
void lac_tunnel_leave(struct lac_call *call, usec_t now);
extern const struct steer_ops lac_steer_ops;
/* place.c, for tunnels: its address is known, place those that waited. */
void lac_place_in(struct lac_call *call, struct l2tp_tunnel *t, usec_t now);

/* number.c: what a session says of its caller */
#define LAC_NUMBER_MAX 64
/* Empty for none. */
const char *lac_calling_number(const struct lac_call *call, char text[static LAC_NUMBER_MAX]);

/* account.c: what RADIUS is told */
struct lac_user_texts {
	char port[40];
	char calling[LAC_NUMBER_MAX];
	char connect_info[40];
	char multi_session_id[LAC_CALL_ID_LEN];
};
void lac_user(const struct lac_call *call, struct lac_user_texts *texts, struct radius_user *ret);
void lac_account_up(struct lac_call *call, usec_t now);
void lac_account_interim(struct lac_call *call, usec_t now);
void lac_account_down(struct lac_call *call, usec_t now);
/* A tunnel that is up did not take it (RFC 2867 Tunnel-Link-Reject). */
void lac_account_rejected(struct lac_call *call, const struct reason *reason, usec_t now);
bool lac_wants_count(const struct lac_call *call);
/* A tunnel came up, went, or never came (RFC 2867 Tunnel-Start, -Stop, -Reject). */
void lac_account_tunnel(const struct lac_tunnel *lt, enum radius_record_type type,
			const struct reason *reason, usec_t now);

/* switch.c: calls that came in a tunnel */
/* Whether a call of a peer is to be placed again. */
bool lac_is_switched(const struct l2tp_session *s);
int lac_switch(struct lac *lac, struct l2tp_session *s, usec_t now);

/* local.c: calls that end here */
bool lac_start_pppd(struct lac_call *call, usec_t now);
