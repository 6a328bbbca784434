/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attributes of the "l2tp" generic netlink family, to and from structs. No I/O.
 */
#pragma once

#include "netlink/l2tp.h"

struct nlmsghdr;

/* What TUNNEL_CREATE, SESSION_CREATE and SESSION_MODIFY carry; the message must have room. */
void l2tp_attr_put_tunnel(struct nlmsghdr *nlh, const struct l2tp_nl_tunnel *tunnel);
void l2tp_attr_put_session(struct nlmsghdr *nlh, const struct l2tp_nl_session *session);
void l2tp_attr_put_session_changes(struct nlmsghdr *nlh, const struct l2tp_nl_session *session);
/* Read an answer to TUNNEL_GET and SESSION_GET. What it does not carry is zero, fd is -1. */
void l2tp_attr_get_tunnel(const struct nlmsghdr *nlh, struct l2tp_nl_tunnel *ret);
void l2tp_attr_get_session(const struct nlmsghdr *nlh, struct l2tp_nl_session *ret);
