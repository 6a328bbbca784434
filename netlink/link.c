/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Routes and their links over one rtnetlink socket.
 */
#include "netlink/link.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/route.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "base/mem.h"

struct link_nl {
	struct nl_sock *socket;
};

/* libnl has error numbers of its own, and its table is not one to one. */
static int errno_of(int err)
{
	static const struct {
		int nle;
		int err;
	} table[] = {
		{NLE_INTR, EINTR},	     {NLE_AGAIN, EAGAIN},
		{NLE_NOMEM, ENOMEM},	     {NLE_EXIST, EEXIST},
		{NLE_INVAL, EINVAL},	     {NLE_RANGE, ERANGE},
		{NLE_OPNOTSUPP, EOPNOTSUPP}, {NLE_AF_NOSUPPORT, EAFNOSUPPORT},
		{NLE_OBJ_NOTFOUND, ENOENT},  {NLE_PERM, EPERM},
		{NLE_NOACCESS, EACCES},	     {NLE_BUSY, EBUSY},
		{NLE_NODEV, ENODEV},
	};

	if (err >= 0)
		return 0;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].nle == -err)
			return -table[i].err;
	}
	return -EIO;
}

int link_nl_open(struct link_nl **ret)
{
	struct link_nl *nl = mem_alloc(sizeof(*nl));
	int err;

	if (!nl)
		return -ENOMEM;
	nl->socket = nl_socket_alloc();
	err = nl->socket ? errno_of(nl_connect(nl->socket, NETLINK_ROUTE)) : -ENOMEM;
	if (err < 0) {
		link_nl_close(nl);
		return err;
	}
	*ret = nl;
	return 0;
}

void link_nl_close(struct link_nl *nl)
{
	if (!nl)
		return;
	nl_socket_free(nl->socket);
	mem_free(nl);
}

struct answer {
	struct rtnl_route *route;
	int err;
	bool complete;
};

static int take_route(struct nl_msg *msg, void *ctx)
{
	struct answer *answer = ctx;

	if (nlmsg_hdr(msg)->nlmsg_type == RTM_NEWROUTE && !answer->route)
		answer->err = errno_of(rtnl_route_parse(nlmsg_hdr(msg), &answer->route));
	return NL_OK;
}

static int take_ack(struct nl_msg *msg, void *ctx)
{
	struct answer *answer = ctx;

	(void)msg;
	answer->complete = true;
	return NL_STOP;
}

/* The kernel's own number: libnl has none for an unreachable network. */
static int take_error(struct sockaddr_nl *from, struct nlmsgerr *error, void *ctx)
{
	struct answer *answer = ctx;

	(void)from;
	answer->err = error->error;
	answer->complete = true;
	return NL_STOP;
}

/* rtnl_route_lookup() of libnl knows neither marks nor devices. */
static struct nl_msg *route_request(const struct addr *peer, uint32_t mark)
{
	bool v6 = peer->family == ADDR_IPV6;
	struct rtmsg rtm = {
		.rtm_family = v6 ? AF_INET6 : AF_INET,
		.rtm_dst_len = v6 ? 128 : 32,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETROUTE, 0);

	if (!msg)
		return NULL;
	if (nlmsg_append(msg, &rtm, sizeof(rtm), NLMSG_ALIGNTO) < 0 ||
	    nla_put(msg, RTA_DST, (int)addr_size(peer->family), peer->ip) < 0 ||
	    (mark && nla_put_u32(msg, RTA_MARK, mark) < 0) ||
	    (peer->scope && nla_put_u32(msg, RTA_OIF, peer->scope) < 0)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

static int ask_route(struct link_nl *nl, struct nl_msg *msg, struct answer *answer)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int err;

	if (!cb)
		return -ENOMEM;
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, take_route, answer);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, take_ack, answer);
	nl_cb_err(cb, NL_CB_CUSTOM, take_error, answer);
	err = errno_of(nl_send_auto(nl->socket, msg));
	while (err == 0 && !answer->complete)
		err = errno_of(nl_recvmsgs(nl->socket, cb));
	nl_cb_put(cb);
	if (err < 0)
		return err;
	return answer->err;
}

static int route_mtu(struct link_nl *nl, struct rtnl_route *route, uint32_t *ret)
{
	struct rtnl_nexthop *hop = rtnl_route_nexthop_n(route, 0);
	struct rtnl_link *link;
	uint32_t mtu;
	int err;

	if (rtnl_route_get_metric(route, RTAX_MTU, &mtu) == 0 && mtu) {
		*ret = mtu;
		return 0;
	}
	if (!hop)
		return -ENETUNREACH;
	err = errno_of(
		rtnl_link_get_kernel(nl->socket, rtnl_route_nh_get_ifindex(hop), NULL, &link));
	if (err < 0)
		return err;
	*ret = rtnl_link_get_mtu(link);
	rtnl_link_put(link);
	return 0;
}

int link_nl_path_mtu(struct link_nl *nl, const struct addr *peer, uint32_t mark, uint32_t *ret)
{
	struct answer answer = {0};
	struct nl_msg *msg;
	int err;

	if (peer->family == ADDR_NONE)
		return -EAFNOSUPPORT;
	msg = route_request(peer, mark);
	if (!msg)
		return -ENOMEM;
	err = ask_route(nl, msg, &answer);
	nlmsg_free(msg);
	if (err == 0)
		err = answer.route ? route_mtu(nl, answer.route, ret) : -ENETUNREACH;
	if (answer.route)
		rtnl_route_put(answer.route);
	return err;
}
