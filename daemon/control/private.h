/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the management socket share.
 *
 * A client is freed in its own watcher's callback only, so whoever holds one in a call keeps it;
 * others mark it doomed and wake it. Of a client's requests one runs at a time.
 */
#pragma once

#include <sys/socket.h>
#include <sys/stat.h>

#include "control/control.h"

enum access {
	ACCESS_NONE,
	ACCESS_READ,
	ACCESS_FULL,
};

struct control {
	struct ev_loop *loop;
	const struct l2tp_engine *engine;
	const struct control_ops *ops;
	void *ctx;
	struct daemon_info info;
	uint64_t last_ticket;
	struct list clients;
	unsigned int n_clients;
	char *path;
	int fd;
	struct stat inode;
	ev_io accept;
	/* Running while descriptors are short and nobody is accepted. */
	ev_timer accept_pause;
};

struct client {
	struct list node;
	struct control *control;
	int fd;
	ev_io io;
	enum access access;
	struct ucred cred;
	struct request *request;
	bool monitoring;
	/* Will say nothing more. */
	bool eof;
	/* In the middle of a line that was too long. */
	bool skipping;
	bool doomed;
	/* In its callback, which leaves nothing undone. */
	bool busy;
	size_t in_len;
	char *out;
	size_t out_start;
	size_t out_len;
	size_t out_room;
	char in[CONTROL_LINE_MAX];
};

enum request_stage {
	/* In its handler. */
	REQUEST_RUNNING,
	/* Waits for control_counters(), and walks then. */
	REQUEST_COUNTERS,
	/* Objects go out as the client takes them. */
	REQUEST_WALK,
	/* Waits for the tunnel or session with its ticket as owner. */
	REQUEST_UP,
	/* Waits for what stands in the walk to be gone. */
	REQUEST_GONE,
};

struct walk_item {
	uint16_t tunnel_id;
	uint16_t session_id;
	bool gone;
	uint64_t ended;	   /* serial of what is no more, else 0 */
	struct peer *peer; /* with a reference */
	char *call_id;
	void *told; /* a copy of what the daemon told of it */
};

/*
 * What a request is about, written down when it came: ids, for objects may go at any time, in
 * their order.
 */
struct walk {
	enum object_type type;
	struct walk_item *items;
	size_t n;
	size_t room;
	size_t next;
	size_t left; /* not gone yet */
};

struct request {
	struct client *client;
	enum control_command_id id;
	json_t *args;
	uint64_t ticket;
	enum request_stage stage;
	ev_timer timer;
	unsigned int views;
	struct walk walk;
	struct l2tp_nl_session *counters;
	size_t n_counters;
	int counters_err;
};

/* server.c */
/* What a process may do: its user, its groups, against the daemon's user and the socket's group. */
enum access __control_access(const struct ucred *cred, const gid_t *groups, size_t n_groups,
			     uid_t daemon_uid, gid_t socket_gid);

/* client.c */
/* Takes the descriptor over in any case. Returns 0 or -ENOMEM. */
int client_new(struct control *control, int fd, enum access access, const struct ucred *cred);
void client_free(struct client *client);
/* Comes back to the client from the loop. */
void client_wake(struct client *client);
/* Drops it, soon. */
void client_doom(struct client *client, const char *why);
/* Queues one line and takes over the reference; NULL is memory that was not there. */
void client_send(struct client *client, json_t *line);
void client_send_text(struct client *client, const char *line, size_t len);
/* Whether an answer may go on growing. */
bool client_has_room(const struct client *client);

/* request.c */
void request_begin(struct client *client, const char *line, size_t len);
void request_free(struct request *r);
/* The one with this ticket, or NULL when it was answered or forgotten. */
struct request *request_find(struct control *control, uint64_t ticket);
/* End a request; it is freed. text may be NULL or empty; for an error it is then errno's words. */
void request_done(struct request *r, const char *text);
void request_fail(struct request *r, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Goes on waiting for at most the argument `timeout`. */
void request_wait(struct request *r, enum request_stage stage);
void request_start_timer(struct request *r, double seconds);
const char *request_text(const struct request *r, const char *name);
uint32_t request_uint(const struct request *r, const char *name);
bool request_has(const struct request *r, const char *name);
bool request_waits(const struct request *r);

/* commands.c */
void command_run(struct request *r);
/*
 * The tunnel of the arguments tunnel_id and name_key, NULL when neither was given. Returns false
 * when the request is over, because they name none.
 */
bool request_find_tunnel(struct request *r, const char *name_key, struct l2tp_tunnel **ret);
/* The one session of the arguments name, or session_id in t; NULL after ending the request. */
struct l2tp_session *request_find_session(struct request *r, const struct l2tp_tunnel *t);
/* Ends a request with what the daemon said of it. */
void request_answer(struct request *r, int err, const char *text);

/* show.c */
/* Lets the walk go out as objects of that type, unless writing it down failed. */
void request_show(struct request *r, enum object_type type, int err);
void command_show_tunnel(struct request *r);
void command_show_session(struct request *r);
void command_show_peer(struct request *r);
void command_show_stats(struct request *r);
void command_show_kept(struct request *r);
void command_show_system(struct request *r);
void command_show_version(struct request *r);

/* show_lac.c */
void command_show_call(struct request *r);
void command_show_pppoe(struct request *r);
void command_show_domain(struct request *r);
void command_show_destination(struct request *r);
void command_show_radius(struct request *r);
/* What the arguments say of calls; what they do not say fits. */
bool call_matches(const struct request *r, const struct control_call *call);

/* lac.c */
void command_del_call(struct request *r);
void command_set_call(struct request *r);
void command_test_steer(struct request *r);
void command_unlock_destination(struct request *r);

/* admin.c */
/* All of drain, enable and disable. */
void command_admin(struct request *r);

/* ended.c */
/* Adds what ended and fits the request's arguments; name_key is that of the tunnel's name.
 * Returns 0 or -ENOMEM. */
int ended_add(struct request *r, enum object_type type, const char *name_key);
/* NULL when it is not kept any more. */
json_t *ended_json(const struct request *r, uint64_t serial, usec_t now);

/* walk.c */
/* Returns 0 or -ENOMEM. */
int walk_add(struct walk *walk, uint16_t tunnel_id, uint16_t session_id, struct peer *peer);
/* The same with a copy of what the daemon told. */
int walk_add_told(struct walk *walk, const void *told, size_t size);
int walk_add_call(struct walk *walk, const char *call_id);
void walk_sort(struct walk *walk);
void walk_free(struct walk *walk);
/* Marks one as gone; whether that was the last. */
bool walk_gone(struct walk *walk, uint16_t tunnel_id, uint16_t session_id);
bool walk_gone_call(struct walk *walk, const char *call_id);
/* Sends objects while the client has room, and the end of the request after the last. */
void walk_send(struct request *r);

/* object.c */
struct sources {
	const void *at[SOURCE_MAX];
	struct admin admin; /* is SOURCE_ADMIN */
};

struct sources sources_tunnel(const struct l2tp_tunnel *t);
struct sources sources_session(const struct l2tp_session *s, const struct l2tp_nl_stats *counters);
/* An object with the fields of those views, or NULL. */
json_t *object_json(enum object_type type, unsigned int views, const struct sources *sources,
		    usec_t now);
/* "02:00:5e:00:00:01" */
#define MAC_TEXT_MAX 18
const char *mac_format(const uint8_t mac[static PPPOE_MAC_LEN], char text[static MAC_TEXT_MAX]);
/* A string that need not be UTF-8: what is not comes out as \xNN. */
json_t *text_json(const char *text);

/* traffic.c */
/* Objects with in and out by message type and Result Code; NULL for one that would be empty. */
json_t *messages_json(const struct in_out *columns, bool zeros);
json_t *stopccn_json(const struct in_out *columns, bool zeros);
json_t *cdn_json(const struct in_out *columns, bool zeros);

/* events.c */
json_t *event_header(struct control *control, const char *name);
/* Sends one event to all who monitor; takes the reference over. */
void monitors_tell(struct control *control, json_t *event);
bool has_monitors(const struct control *control);
void monitor_begin(struct request *r);
/* Sends the object that an `add` has made. */
void request_send_tunnel(struct request *r, const struct l2tp_tunnel *t);
void request_send_session(struct request *r, const struct l2tp_session *s);
