/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the engine's own files share, and nobody above calls.
 */
#pragma once

#include "l2tp/engine.h"

/* Counts in a tunnel, and in the engine's sums. */
#define TUNNEL_COUNT(t, counter)              \
	do {                                  \
		(t)->stats.counter++;         \
		(t)->engine->stats.counter++; \
	} while (0)

/* engine.c */
void engine_event(struct l2tp_engine *engine, enum l2tp_event_type type,
		  const struct l2tp_tunnel *t, const struct l2tp_session *s,
		  const struct addr *peer, const char *text);
/* Frees tunnels that died; called last in every public entry point. */
void engine_reap(struct l2tp_engine *engine);
/* A random id that the owner has not given out, or 0 when all are. */
uint16_t engine_new_id(struct l2tp_engine *engine, bool (*is_taken)(const void *owner, uint16_t id),
		       const void *owner);
/* The same for a tunnel. */
uint16_t engine_new_tunnel_id(struct l2tp_engine *engine);
uint64_t engine_peer_key(const struct l2tp_engine *engine, const struct addr *peer,
			 uint16_t peer_tunnel_id);
/* Of who is one and the same for limits: a host, whatever its port. */
uint64_t engine_source_key(const struct l2tp_engine *engine, const struct addr *source);
uint64_t engine_name_key(const struct l2tp_engine *engine, const char *name);
struct bytes peer_secret(const struct peer *peer);
/* NULL or an empty name is none. Returns 0 or -ENOMEM. */
int tunnel_set_name(struct l2tp_tunnel *t, const char *name);
/* The name of another becomes this one's. */
void tunnel_take_name(struct l2tp_tunnel *t, struct l2tp_tunnel *from);

/* admin.c */
/* Whether a tunnel of this peer's, one of the configuration, is refused; *ret says how. */
bool admin_refuses_tunnel(struct l2tp_engine *engine, const struct peer *peer, struct reason *ret);
/* Whether a call of the peer's is. */
bool admin_refuses_call(const struct l2tp_tunnel *t, struct reason *ret);
/* Closes it if it may not live any more. */
void admin_apply_tunnel(struct l2tp_tunnel *t, usec_t now);
/* The tunnel was made with a peer that need not be the one of the configuration's list. */
void admin_join_peer(struct l2tp_tunnel *t);
/* The engine's peers take the states of those that were there before. */
void admin_inherit(struct l2tp_engine *engine, const struct list *old);

/* input.c */
/* A tunnel that a peer opened is up and proven: those it had under the same id are no more. */
void engine_end_predecessors(const struct l2tp_tunnel *t, usec_t now);

/* adopt.c */
/*
 * Whether a control message for the tunnel, from another address or port than the tunnel's, is
 * nevertheless the answer to its SCCRQ. The tunnel then speaks to whom the policy says. When not,
 * *ret_why tells.
 */
bool tunnel_adopt(struct l2tp_tunnel *t, const struct addr *source,
		  const struct control_header *header, struct bytes body, const char **ret_why);

/* ended.c */
/* Called with the last that is seen of them. */
void ended_keep_tunnel(const struct l2tp_tunnel *t, usec_t now);
void ended_keep_session(const struct l2tp_session *s, usec_t now);
void ended_drop_all(struct l2tp_engine *engine);

/* half_open.c */
/* The peer opened it and has proven nothing yet. Returns 0 or -ENOMEM. */
int half_open_enter(struct l2tp_tunnel *t);
/* Nothing to do for one that is not. */
void half_open_leave(struct l2tp_tunnel *t);
/* One StopCCN without repetition, for it may go to nobody, and the tunnel is done. */
void half_open_drop(struct l2tp_tunnel *t, const struct reason *reason, usec_t now);
/* Ends those that must go before there may be one more, of this peer's and from this source. */
void half_open_make_room(struct l2tp_engine *engine, const struct peer *peer,
			 const struct addr *source, usec_t now);

/* challenge.c */
/* Whether there is an answer to a Challenge of this peer's. */
bool peer_can_answer(const struct peer *peer);
/* Whether we send it a Challenge of ours. */
bool peer_is_challenged(const struct peer *peer);
/* Another one for this tunnel. */
void tunnel_make_challenge(struct l2tp_tunnel *t);
/* Whether a Challenge was made here, for any tunnel, ever since the engine began. */
bool engine_made_challenge(const struct l2tp_engine *engine, struct bytes challenge);
/* Whether a message carries the right answer to the Challenge that we sent. */
bool tunnel_is_answered(const struct l2tp_tunnel *t, const struct l2tp_msg *msg);

/* message.c */
/* A message that came, and is no repetition: in the engine's sums, and in those of its tunnel. */
void count_received(struct l2tp_engine *engine, const struct l2tp_msg *msg);
void tunnel_count_received(struct l2tp_tunnel *t, const struct l2tp_msg *msg);
/* A message with no business here that nothing follows from: `why` is the end of the sentence. */
void tunnel_ignore(struct l2tp_tunnel *t, const struct l2tp_msg *msg, const char *why);
/* Encodes and queues a message; `s` is its session, NULL for the tunnel's own. */
int tunnel_send(struct l2tp_tunnel *t, const struct l2tp_session *s, struct l2tp_msg *msg,
		usec_t now);
/* CDN for a call that we keep nothing of. */
void tunnel_send_cdn(struct l2tp_tunnel *t, uint16_t peer_session_id, const struct reason *reason,
		     usec_t now);
/* Returns 0 or -errno. */
int session_send_cdn(struct l2tp_session *s, usec_t now);
/* Returns 0 or -errno. */
int tunnel_send_stopccn(struct l2tp_tunnel *t, usec_t now);
/* StopCCN in answer to a message that no tunnel is there for; keeps nothing. */
void engine_reply_stopccn(struct l2tp_engine *engine, const struct addr *local,
			  const struct addr *peer, const struct control_header *header,
			  uint16_t peer_tunnel_id, const struct reason *reason);
void trace_message(struct l2tp_engine *engine, const struct l2tp_tunnel *t, bool out,
		   const struct l2tp_msg *msg);
/* The reason a peer gave in StopCCN or CDN. */
struct reason reason_received(const struct l2tp_msg *msg);
/* What the tunnel's and the session's SCCxx and ICxx messages say of us. */
void tunnel_describe_self(struct l2tp_tunnel *t, struct l2tp_msg *msg);

/* tunnel.c */
int tunnel_new(struct l2tp_engine *engine, const char *name, struct peer *peer, uint16_t tunnel_id,
	       usec_t now, struct l2tp_tunnel **ret);
void tunnel_free(struct l2tp_tunnel *t);
/* Tells that it is up, once it is in the kernel too, and lets its sessions go on. */
void tunnel_announce_up(struct l2tp_tunnel *t, usec_t now);
void tunnel_enter(struct l2tp_tunnel *t, enum tunnel_state state, usec_t now);
/* Ends it at once because of something wrong: StopCCN, sessions hung up. */
/* Before TUNNEL_CLOSING, that is. */
void tunnel_fail(struct l2tp_tunnel *t, const struct reason *reason, usec_t now);
/* As l2tp_tunnel_close(), where somebody up the stack may still use a tunnel that died. */
void tunnel_close(struct l2tp_tunnel *t, const struct reason *reason, usec_t now);
/* The peer said StopCCN. */
void tunnel_stopped(struct l2tp_tunnel *t, const struct reason *reason, usec_t now);
/* The peer is not there any more: nothing is said to it, and none of its repetitions will come. */
void tunnel_lost(struct l2tp_tunnel *t, const struct reason *reason, usec_t now);
/* Peer's tunnel id became known. */
void tunnel_set_peer_id(struct l2tp_tunnel *t, uint16_t peer_tunnel_id);
/* Called when a session left, and whenever the last thing it waited for may have happened. */
void tunnel_check_done(struct l2tp_tunnel *t, usec_t now);
void tunnel_dirty(struct l2tp_tunnel *t);

/* tie.c */
/* What an SCCRQ is to ours that wait for an answer of the same peer's; a greater one prevails. */
enum tie {
	TIE_NONE,  /* nothing crossed, or nobody minds two tunnels */
	TIE_LOST,  /* the peer's makes the tunnel */
	TIE_EQUAL, /* neither */
	TIE_WON,   /* ours makes the tunnel */
};
/* Ours is about to ask core.peer, and an SCCRQ of the same host's may cross. Returns 0 or -ENOMEM.
 */
int tie_expect(struct l2tp_tunnel *t);
/* *ret_lost: how many of ours lost to it. */
enum tie tie_judge(const struct l2tp_engine *engine, const struct addr *peer,
		   const struct l2tp_msg *msg, unsigned int *ret_lost);
/* Ends those of ours that lost to the SCCRQ of `winner`, who takes over what they were for; with
 * NULL those whose tie breaker is the same. */
void tie_discard(struct l2tp_engine *engine, const struct addr *peer, const struct l2tp_msg *msg,
		 struct l2tp_tunnel *winner, usec_t now);

/* tunnel_kernel.c */
/* Returns false when it failed at once, and with it the tunnel. */
bool tunnel_create_kernel(struct l2tp_tunnel *t, usec_t now);
void tunnel_delete_kernel(struct l2tp_tunnel *t);

/* tunnel_fsm.c */
void tunnel_deliver(struct transport *transport, const struct control_header *header,
		    struct bytes body, usec_t now);
/* The first message of a tunnel that a peer opens: it is not in any transport yet. */
void tunnel_accept_sccrq(struct l2tp_tunnel *t, const struct l2tp_msg *msg, usec_t now);

/* session.c */
int session_new(struct l2tp_tunnel *t, enum call_type type, uint16_t session_id,
		struct l2tp_session **ret);
void session_free(struct l2tp_session *s, usec_t now);
/* Without a word, for one that nobody was told of. */
void session_discard(struct l2tp_session *s);
void session_enter(struct l2tp_session *s, enum session_state state, usec_t now);
/* Ends it: CDN unless the peer is done, PPP stopped as `how` says, then the kernel's part. */
void session_end(struct l2tp_session *s, const struct reason *reason, enum ppp_stop how,
		 usec_t now);
/* To a tunnel where it waits as it did in its own; without memory it stays. */
void session_move(struct l2tp_session *s, struct l2tp_tunnel *to);
void session_set_peer_id(struct l2tp_session *s, uint16_t peer_session_id);
/* The peer has ended the call, or will hear no more of it: it may give its id to another. */
void session_forget_peer_id(struct l2tp_session *s);
void session_set_peer_done(struct l2tp_session *s);
struct l2tp_session *session_find_peer_id(const struct l2tp_tunnel *t, uint16_t peer_session_id);
/* Ends it when err says that the message could not be sent; returns whether it could. */
bool session_sent(struct l2tp_session *s, int err, enum msg_type type, usec_t now);
/* The tunnel came up, in the kernel too: go on with what waited for it. */
void session_tunnel_ready(struct l2tp_session *s, usec_t now);
/* Returns false when it failed at once, and with it the session. */
bool session_create_kernel(struct l2tp_session *s, usec_t now);
/* As LNS: the LAC is connected, and the data plane ready. When it wants sequence numbers on data
 * (RFC 2661 5.4) the session is established when the kernel sends them. */
void session_connected(struct l2tp_session *s, usec_t now);
/* A random id that no session of the tunnel has, or 0. */
uint16_t tunnel_new_session_id(struct l2tp_tunnel *t);

/* session_info.c */
/* What a message says of the call. Returns 0 or -ENOMEM. */
int session_learn(struct l2tp_session *s, const struct l2tp_msg *msg);
/* Returns 0 or -ENOMEM. */
int session_set_line(struct l2tp_session *s, const struct access_line *line);
/* Puts what is known of the call into a message whose type may carry it, as views. */
void session_tell(const struct l2tp_session *s, struct l2tp_msg *msg);
/* Rows of session_fsm.c's table. */
bool session_accept_wen(struct l2tp_session *s, const struct l2tp_msg *msg, usec_t now);
bool session_accept_sli(struct l2tp_session *s, const struct l2tp_msg *msg, usec_t now);

/* speed.c */
/* CSUN and CSURQ, RFC 5515 4.1 and 4.2. */
bool tunnel_accept_csun(struct l2tp_tunnel *t, const struct l2tp_msg *msg, usec_t now);
bool tunnel_accept_csurq(struct l2tp_tunnel *t, const struct l2tp_msg *msg, usec_t now);

/* tsa.c */
/* A name for an engine that got none. */
void tsa_make_id(struct l2tp_engine *engine);
/* Whether a call that is to be switched was here before, or goes in circles elsewhere. */
bool tsa_is_loop(const struct l2tp_engine *engine, const struct l2tp_msg *msg, struct reason *ret);
/* Keeps the ids. Returns 0, -ENOMEM, or -EMSGSIZE when there are too many. */
int session_set_tsa_ids(struct l2tp_session *s, const struct avp_list *ids);

/* session_fsm.c */
void session_message(struct l2tp_tunnel *t, uint16_t session_id, const struct l2tp_msg *msg,
		     usec_t now);

/* call.c */
struct call_kind {
	const char *name;
	bool is_lns;
	/* Of calls that begin with us: when the tunnel is up. Returns 0 or -errno. */
	int (*send_request)(struct l2tp_session *s, usec_t now);
	enum msg_type request;
	/* When its data plane is ready; NULL when the peer has to say something first. */
	int (*send_ready)(struct l2tp_session *s, usec_t now);
	enum msg_type ready;
	enum session_state when_ready;
};

extern const struct call_kind call_kinds[CALL_TYPE_MAX];

/* Said when nobody told a speed: real peers refuse a call of 0 bit/s. */
#define CONNECT_SPEED_DEFAULT 1000000000u

/* call_accept.c */
/* The peer's request for a call. */
void call_accept(struct l2tp_tunnel *t, enum call_type type, const struct l2tp_msg *msg,
		 usec_t now);
