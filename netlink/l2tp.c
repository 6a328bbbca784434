/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests to the kernel's "l2tp" generic netlink family, one at a time, and their answers.
 *
 * Sequence numbers of data packets (RFC 2661 section 5.4): the LNS decides whether a session uses
 * them. With lns_mode the kernel keeps to send_seq, and discards frames without numbers when it is
 * set; without lns_mode (a LAC) it obeys what the LNS sends. So send_seq goes with lns_mode only
 * when the LAC demanded numbers (Sequencing Required, section 4.4.6). recv_seq discards frames that
 * carry none.
 *
 * Left out: L2TPv3 cookies and Ethernet pseudowires, tunnels without a socket of ours, the
 * notifications of the multicast group (the kernel sends them for netlink commands only).
 */
#include "netlink/l2tp.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/l2tp.h>
#include <string.h>

#include "base/mem.h"
#include "netlink/l2tp_attr.h"

struct l2tp_nl {
	struct mnl_socket *socket;
	unsigned int portid;
	unsigned int seq;
	uint16_t family;
	/* The kernel fills parts of dumps up to the size of the reader's buffer, 32 KiB at most. */
	char buf[16384] __attribute__((aligned(8)));
};

static struct nlmsghdr *request(struct l2tp_nl *nl, uint16_t family, uint8_t version, uint8_t cmd,
				uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(nl->buf);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = family;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++nl->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = version;
	return nlh;
}

static struct nlmsghdr *l2tp_request(struct l2tp_nl *nl, uint8_t cmd, uint16_t flags)
{
	return request(nl, nl->family, L2TP_GENL_VERSION, cmd, flags);
}

/* Sends and reads up to the acknowledgement, or to the end of a dump. */
static int talk(struct l2tp_nl *nl, const struct nlmsghdr *nlh, mnl_cb_t answer, void *ctx)
{
	const struct nlmsghdr *first = (const struct nlmsghdr *)nl->buf;
	unsigned int seq = nlh->nlmsg_seq;
	ssize_t len;
	int more;

	if (mnl_socket_sendto(nl->socket, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	do {
		len = mnl_socket_recvfrom(nl->socket, nl->buf, sizeof(nl->buf));
		if (len < 0 && errno == EINTR) {
			more = 1;
			continue;
		}
		if (len < 0)
			return -errno;
		/* The rest of an answer that was given up: a dump that changed under way. */
		if (len >= (ssize_t)sizeof(*first) && first->nlmsg_seq != seq) {
			more = 1;
			continue;
		}
		more = mnl_cb_run(nl->buf, (size_t)len, seq, nl->portid, answer, ctx);
		if (more < 0)
			return -errno;
	} while (more > 0);
	return 0;
}

/* The family says "no such device" for a tunnel or session that does not exist. */
static int l2tp_talk(struct l2tp_nl *nl, const struct nlmsghdr *nlh, mnl_cb_t answer, void *ctx)
{
	int err = talk(nl, nlh, answer, ctx);

	return err == -ENODEV ? -ENOENT : err;
}

static int family_answer(const struct nlmsghdr *nlh, void *ctx)
{
	uint16_t *family = ctx;
	const struct nlattr *attr;

	mnl_attr_for_each (attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
		    mnl_attr_validate(attr, MNL_TYPE_U16) == 0)
			*family = mnl_attr_get_u16(attr);
	}
	return MNL_CB_OK;
}

static int find_family(struct l2tp_nl *nl)
{
	struct nlmsghdr *nlh = request(nl, GENL_ID_CTRL, 1, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	int err;

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, L2TP_GENL_NAME);
	err = talk(nl, nlh, family_answer, &nl->family);
	if (err < 0)
		return err;
	return nl->family ? 0 : -EPROTO;
}

int l2tp_nl_open(struct l2tp_nl **ret)
{
	struct l2tp_nl *nl = mem_alloc(sizeof(*nl));
	int err;

	if (!nl)
		return -ENOMEM;
	nl->socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!nl->socket || mnl_socket_bind(nl->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		err = -errno;
		goto out;
	}
	nl->portid = mnl_socket_get_portid(nl->socket);
	err = find_family(nl);
out:
	if (err < 0) {
		l2tp_nl_close(nl);
		return err;
	}
	*ret = nl;
	return 0;
}

void l2tp_nl_close(struct l2tp_nl *nl)
{
	if (!nl)
		return;
	if (nl->socket)
		mnl_socket_close(nl->socket);
	mem_free(nl);
}

int l2tp_nl_tunnel_create(struct l2tp_nl *nl, const struct l2tp_nl_tunnel *tunnel)
{
	struct nlmsghdr *nlh = l2tp_request(nl, L2TP_CMD_TUNNEL_CREATE, NLM_F_ACK);

	l2tp_attr_put_tunnel(nlh, tunnel);
	return l2tp_talk(nl, nlh, NULL, NULL);
}

int l2tp_nl_tunnel_delete(struct l2tp_nl *nl, uint32_t tunnel_id)
{
	struct nlmsghdr *nlh = l2tp_request(nl, L2TP_CMD_TUNNEL_DELETE, NLM_F_ACK);

	mnl_attr_put_u32(nlh, L2TP_ATTR_CONN_ID, tunnel_id);
	return l2tp_talk(nl, nlh, NULL, NULL);
}

int l2tp_nl_session_create(struct l2tp_nl *nl, const struct l2tp_nl_session *session)
{
	struct nlmsghdr *nlh = l2tp_request(nl, L2TP_CMD_SESSION_CREATE, NLM_F_ACK);

	l2tp_attr_put_session(nlh, session);
	return l2tp_talk(nl, nlh, NULL, NULL);
}

int l2tp_nl_session_modify(struct l2tp_nl *nl, const struct l2tp_nl_session *session)
{
	struct nlmsghdr *nlh = l2tp_request(nl, L2TP_CMD_SESSION_MODIFY, NLM_F_ACK);

	l2tp_attr_put_session_changes(nlh, session);
	return l2tp_talk(nl, nlh, NULL, NULL);
}

int l2tp_nl_session_delete(struct l2tp_nl *nl, uint32_t tunnel_id, uint32_t session_id)
{
	struct nlmsghdr *nlh = l2tp_request(nl, L2TP_CMD_SESSION_DELETE, NLM_F_ACK);

	mnl_attr_put_u32(nlh, L2TP_ATTR_CONN_ID, tunnel_id);
	mnl_attr_put_u32(nlh, L2TP_ATTR_SESSION_ID, session_id);
	return l2tp_talk(nl, nlh, NULL, NULL);
}

static int tunnel_answer(const struct nlmsghdr *nlh, void *ctx)
{
	l2tp_attr_get_tunnel(nlh, ctx);
	return MNL_CB_OK;
}

int l2tp_nl_tunnel_get(struct l2tp_nl *nl, uint32_t tunnel_id, struct l2tp_nl_tunnel *ret)
{
	struct nlmsghdr *nlh = l2tp_request(nl, L2TP_CMD_TUNNEL_GET, NLM_F_ACK);
	struct l2tp_nl_tunnel tunnel = {.fd = -1};
	int err;

	mnl_attr_put_u32(nlh, L2TP_ATTR_CONN_ID, tunnel_id);
	err = l2tp_talk(nl, nlh, tunnel_answer, &tunnel);
	if (err < 0)
		return err;
	*ret = tunnel;
	return 0;
}

static int session_answer(const struct nlmsghdr *nlh, void *ctx)
{
	l2tp_attr_get_session(nlh, ctx);
	return MNL_CB_OK;
}

int l2tp_nl_session_get(struct l2tp_nl *nl, uint32_t tunnel_id, uint32_t session_id,
			struct l2tp_nl_session *ret)
{
	struct nlmsghdr *nlh = l2tp_request(nl, L2TP_CMD_SESSION_GET, NLM_F_ACK);
	struct l2tp_nl_session session = {0};
	int err;

	mnl_attr_put_u32(nlh, L2TP_ATTR_CONN_ID, tunnel_id);
	mnl_attr_put_u32(nlh, L2TP_ATTR_SESSION_ID, session_id);
	err = l2tp_talk(nl, nlh, session_answer, &session);
	if (err < 0)
		return err;
	*ret = session;
	return 0;
}

/* A walk that was stopped still reads to the end of the dump, which the next request needs. */
struct walk {
	int (*tunnel)(const struct l2tp_nl_tunnel *tunnel, void *ctx);
	int (*session)(const struct l2tp_nl_session *session, void *ctx);
	void *ctx;
	int stopped;
};

static int tunnel_dump_answer(const struct nlmsghdr *nlh, void *ctx)
{
	struct walk *walk = ctx;
	struct l2tp_nl_tunnel tunnel;

	if (!walk->stopped) {
		l2tp_attr_get_tunnel(nlh, &tunnel);
		walk->stopped = walk->tunnel(&tunnel, walk->ctx);
	}
	return MNL_CB_OK;
}

static int session_dump_answer(const struct nlmsghdr *nlh, void *ctx)
{
	struct walk *walk = ctx;
	struct l2tp_nl_session session;

	if (!walk->stopped) {
		l2tp_attr_get_session(nlh, &session);
		walk->stopped = walk->session(&session, walk->ctx);
	}
	return MNL_CB_OK;
}

int l2tp_nl_tunnel_dump(struct l2tp_nl *nl,
			int (*each)(const struct l2tp_nl_tunnel *tunnel, void *ctx), void *ctx)
{
	struct nlmsghdr *nlh = l2tp_request(nl, L2TP_CMD_TUNNEL_GET, NLM_F_DUMP);
	struct walk walk = {.tunnel = each, .ctx = ctx};
	int err = l2tp_talk(nl, nlh, tunnel_dump_answer, &walk);

	return err < 0 ? err : walk.stopped;
}

int l2tp_nl_session_dump(struct l2tp_nl *nl,
			 int (*each)(const struct l2tp_nl_session *session, void *ctx), void *ctx)
{
	struct nlmsghdr *nlh = l2tp_request(nl, L2TP_CMD_SESSION_GET, NLM_F_DUMP);
	struct walk walk = {.session = each, .ctx = ctx};
	int err = l2tp_talk(nl, nlh, session_dump_answer, &walk);

	return err < 0 ? err : walk.stopped;
}
