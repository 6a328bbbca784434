#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The access side in the kernel: the cases of test/kernel/access.c, one process each.
# shellcheck source=test/kernel/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

tool=$ADIT_BUILD/test/kernel/access
need_module pppoe l2tp_ppp l2tp_netlink ppp_generic 8021q veth

# The far end has a VLAN more than ours.
ip -batch - <<EOT
link set lo up
link add pe0 type veth peer name pe1
link set pe0 up
link set pe1 up
link add link pe0 name pe0.100 type vlan id 100
link add link pe1 name pe1.100 type vlan id 100
link add link pe1 name pe1.200 type vlan id 200
link set pe0.100 up
link set pe1.100 up
link set pe1.200 up
EOT

cases=$("$tool")
while read -r name text; do
	test_begin "$text"
	"$tool" "$name"
	ip -batch - <<-EOT
		link set pe0 up
		link set pe0.100 up
	EOT
	assert_eq "" "$(sed 1d /proc/net/pppoe)" "PPPoE sessions left"
	assert_no_leftover -
done <<<"$cases"
