#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What all other tests here rely on: the kernel's parts, the namespaces, the helpers.
# Not sanitized: it is about the machine.
# shellcheck source=test/kernel/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

test_begin "the kernel has L2TP and PPP"
for module in l2tp_core l2tp_netlink l2tp_ppp l2tp_eth l2tp_ip l2tp_ip6 pppoe ppp_generic; do
	[ -d /sys/module/$module ] || modprobe $module || fail "no $module"
done
[ -c /dev/ppp ] || fail "no /dev/ppp"
[ -c /dev/net/tun ] || fail "no /dev/net/tun"

test_begin "this process may use them"
grep -q '^PPPOL2TP ' /proc/net/protocols || fail "no pppol2tp sockets"
grep -q '^PPPOE ' /proc/net/protocols || fail "no PPPoE sockets"
: <>/dev/ppp
assert_match 'pppd version' "$(pppd --version 2>&1)"

test_begin "two namespaces reach each other"
ns_pair
in_ns lac ping -q -c 1 -W 2 "$lns4"
in_ns lns ping -q -c 1 -W 2 "$lac6"

test_begin "a new namespace is clean"
assert_no_leftover

test_begin "a static tunnel carries Ethernet"
static_end() {
	ip -n "$1" -batch - <<-EOF
		l2tp add tunnel tunnel_id $4 peer_tunnel_id $5 encap udp local $2 remote $3 udp_sport 5000 udp_dport 5000
		l2tp add session tunnel_id $4 session_id $6 peer_session_id $7 name l2tpeth0
		address add $8/24 dev l2tpeth0
		link set l2tpeth0 up
	EOF
}
static_end lac "$lac4" "$lns4" 10 20 1000 2000 198.51.100.1
static_end lns "$lns4" "$lac4" 20 10 2000 1000 198.51.100.2
wait_for 5 in_ns lac ping -c 1 -W 1 198.51.100.2

test_begin "what is left over is seen"
leftover=$(leftover lac)
assert_match 'Tunnel 10' "$leftover"
assert_match 'Session 1000' "$leftover"
assert_match 'link l2tpeth0' "$leftover"

test_begin "and gone when removed"
ip -n lac l2tp del tunnel tunnel_id 10
ip -n lns l2tp del tunnel tunnel_id 20
assert_no_leftover

test_begin "pppd makes a link, and leaves none behind"
far="nsenter --net=/run/netns/lns pppd notty noauth nodefaultroute nolog"
spawn pppd lac pppd pty "$far" nodetach noauth nodefaultroute 198.51.100.1:198.51.100.2
wait_for 20 in_ns lac ping -c 1 -W 1 198.51.100.2
assert_match 'link ppp0' "$(leftover lac)"
assert_match 'pppd [0-9]' "$(leftover lns)"
end pppd
assert_no_leftover

test_begin "programs in a namespace are started, watched and ended"
spawn sleeper lac sh -c 'echo ready; exec sleep 100'
wait_for_log sleeper '^ready$'
sleeps() {
	[ -n "$(processes_in lac sleep)" ]
}
wait_for 5 sleeps
assert_eq '' "$(processes_in lns sleep)"
files=$(fds_of "${pid_of[sleeper]}")
assert_no_leaked_fds "${pid_of[sleeper]}" "$files"
end sleeper
assert_eq 143 "$ended_with" "status of the sleeper"
assert_eq '' "$(processes_in lac sleep)"
