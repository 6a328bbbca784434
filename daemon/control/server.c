/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The listening socket: who may connect, and what for.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "control/private.h"

#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif

#define BACKLOG 16
/* Seconds without accepting when descriptors are short. */
#define ACCEPT_PAUSE 1.
/* More groups than this are not looked through: the kernel then gives none. */
#define GROUPS_MAX 256

enum access __control_access(const struct ucred *cred, const gid_t *groups, size_t n_groups,
			     uid_t daemon_uid, gid_t socket_gid)
{
	if (cred->uid == 0 || cred->uid == daemon_uid)
		return ACCESS_FULL;
	if (cred->gid == socket_gid)
		return ACCESS_READ;
	for (size_t i = 0; i < n_groups; i++) {
		if (groups[i] == socket_gid)
			return ACCESS_READ;
	}
	return ACCESS_NONE;
}

static enum access access_of(const struct control *control, int fd, struct ucred *ret_cred)
{
	gid_t groups[GROUPS_MAX];
	socklen_t len = sizeof(*ret_cred);
	struct stat now;
	/* The administrator may have given it to another group since. */
	gid_t gid = stat(control->path, &now) == 0 ? now.st_gid : control->inode.st_gid;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, ret_cred, &len) == -1)
		return ACCESS_NONE;
	len = sizeof(groups);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len) == -1)
		len = 0;
	return __control_access(ret_cred, groups, len / sizeof(groups[0]), geteuid(), gid);
}

/* Best effort: who is refused may not even be listening. */
static void refuse(int fd, const char *code, const char *text)
{
	char line[256];
	int len =
		snprintf(line, sizeof(line),
			 "{\"status\":\"error\",\"code\":\"%s\",\"message\":\"%s\"}\n", code, text);

	if (send(fd, line, (size_t)len, MSG_DONTWAIT | MSG_NOSIGNAL) == -1)
		log_write(LOG_DEBUG, NULL, "control: client could not be told: %s",
			  strerror(errno));
	close(fd);
}

static void pause_accepting(struct control *control)
{
	log_write(LOG_WARNING, NULL, "control: accept: %s", strerror(errno));
	ev_io_stop(control->loop, &control->accept);
	ev_timer_set(&control->accept_pause, ACCEPT_PAUSE, 0.);
	ev_timer_start(control->loop, &control->accept_pause);
}

static void on_accept_again(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct control *control = container_of(w, struct control, accept_pause);

	(void)revents;
	ev_io_start(loop, &control->accept);
}

static void on_accept(struct ev_loop *loop, ev_io *w, int revents)
{
	struct control *control = container_of(w, struct control, accept);
	struct ucred cred = {0};
	enum access access;
	int fd;

	(void)loop;
	(void)revents;
	fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd == -1) {
		if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
			pause_accepting(control);
		return;
	}
	access = access_of(control, fd, &cred);
	if (access == ACCESS_NONE) {
		log_write(LOG_NOTICE, NULL, "control: user %u, process %d: refused", cred.uid,
			  cred.pid);
		refuse(fd, "EACCES", "only for root and the socket's group");
	} else if (control->n_clients >= CONTROL_CLIENTS_MAX) {
		log_write(LOG_WARNING, NULL, "control: too many clients");
		refuse(fd, "EBUSY", "too many clients");
	} else if (client_new(control, fd, access, &cred) < 0) {
		log_write(LOG_ERR, NULL, "control: no memory for a client");
	}
}

/* Removes a socket that nobody serves any more. */
static int clear_path(const struct sockaddr_un *addr)
{
	struct stat inode;
	int fd, err = 0;

	if (lstat(addr->sun_path, &inode) == -1)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(inode.st_mode))
		return -EADDRINUSE;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -errno;
	if (connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) == 0 || errno == EAGAIN)
		err = -EADDRINUSE;
	else if (errno != ECONNREFUSED || unlink(addr->sun_path) == -1)
		err = -errno;
	close(fd);
	return err;
}

static int make_folder(const char *path)
{
	char folder[sizeof(((struct sockaddr_un *)0)->sun_path)];
	char *slash;

	strcpy(folder, path);
	slash = strrchr(folder, '/');
	if (!slash || slash == folder)
		return 0;
	*slash = '\0';
	return mkdir(folder, 0755) == -1 && errno != EEXIST ? -errno : 0;
}

/* The socket is made closed to all and opened to its group when it is there: never wider. */
static int listen_at(const char *path, struct stat *ret_inode)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd, err;

	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	strcpy(addr.sun_path, path);
	err = make_folder(path);
	if (!err)
		err = clear_path(&addr);
	if (err)
		return err;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -errno;
	if (fchmod(fd, 0600) == -1 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == -1 ||
	    chmod(path, 0660) == -1 || stat(path, ret_inode) == -1 || listen(fd, BACKLOG) == -1) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

int control_new(struct ev_loop *loop, const struct l2tp_engine *engine, const char *path,
		const struct control_ops *ops, void *ctx, struct control **ret)
{
	struct control *control = mem_alloc(sizeof(*control));
	int fd;

	if (!control)
		return -ENOMEM;
	control->path = text_new(bytes_str(path));
	if (!control->path) {
		mem_free(control);
		return -ENOMEM;
	}
	fd = listen_at(path, &control->inode);
	if (fd < 0) {
		mem_free(control->path);
		mem_free(control);
		return fd;
	}
	control->loop = loop;
	control->engine = engine;
	control->ops = ops;
	control->ctx = ctx;
	control->fd = fd;
	control->info.version = ADIT_VERSION;
	control->info.pid = getpid();
	control->info.started_at = ops->now(ctx);
	list_init(&control->clients);
	ev_init(&control->accept_pause, on_accept_again);
	ev_io_init(&control->accept, on_accept, fd, EV_READ);
	ev_io_start(loop, &control->accept);
	*ret = control;
	return 0;
}

void control_free(struct control *control)
{
	struct client *client, *after;
	struct stat inode;

	if (!control)
		return;
	list_for_each_safe (client, after, &control->clients, node)
		client_free(client);
	ev_timer_stop(control->loop, &control->accept_pause);
	ev_io_stop(control->loop, &control->accept);
	close(control->fd);
	/* A successor may have put its own socket there, and even be given the same inode. */
	if (stat(control->path, &inode) == 0 && inode.st_dev == control->inode.st_dev &&
	    inode.st_ino == control->inode.st_ino &&
	    inode.st_ctim.tv_sec == control->inode.st_ctim.tv_sec &&
	    inode.st_ctim.tv_nsec == control->inode.st_ctim.tv_nsec)
		unlink(control->path);
	mem_free(control->path);
	mem_free(control);
}
