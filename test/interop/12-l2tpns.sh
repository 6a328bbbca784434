#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# adit as LAC, Debian's l2tpns as LNS, whose data plane and PPP are its own.
#
# Not tried with it: a tunnel that it opens (its LAC side wants a PPPoE or L2TP call to forward), outgoing
# calls (it answers OCRQ with nothing), its Challenge (it answers ours and sends none), sequence numbers
# (it ignores Sequencing Required).
# Not sanitized: what it says is in the scenarios.
# shellcheck source=test/kernel/adit.sh
. "$(dirname "${BASH_SOURCE[0]}")/../kernel/adit.sh"

need gojq l2tpns pppd
need_module l2tp_ppp l2tp_netlink tun
ns_pair
ppp_secrets
configure_pair 4

# It reads these names only. A node of a cluster, so it is ready when it has found no other.
mkdir /run/l2tpns
mount --bind /run/l2tpns /etc/l2tpns
echo 198.51.100.8/29 >/run/l2tpns/ip_pool
: >/run/l2tpns/users

l2tpns_start() {
	cat >/run/l2tpns/startup-config <<-END
		set debug 3
		set hostname "lns.example"
		set l2tp_secret "$1"
		set primary_radius 127.0.0.1
		set radius_secret "radius-secret"
		set radius_authtypes "chap"
		set bind_address $lns4
		set iftun_address 198.51.100.1
		set peer_address 198.51.100.1
		set cluster_interface "eth0"
		set cluster_hb_interval 1
		set cluster_hb_timeout 15
	END
	: >"$(log_of l2tpns)"
	# When it ends it ends its process group, which would be ours.
	spawn l2tpns lns setsid l2tpns
	wait_for_log l2tpns 'declaring myself the master' 30
}

call() {
	cli lac add session name alice tunnel up ppp alice
	wait_ppp_up lac 1
}

spawn radius lns "$ADIT_BUILD/test/interop/radius_yes" 127.0.0.1 radius-secret
wait_for_log radius ready
start lac lac
fds=$(fds_of "${pid_of[lac]}")
l2tpns_start tunnel-secret

test_begin "our call comes up, l2tpns authenticated, PPP with CHAP and an address of its pool"
cli lac add tunnel name up remote "$lns4" peer lns
assert_eq lns.example "$(field lac tunnel '.[0].peer_host_name')"
call
assert_match '^198\.51\.100\.(8|9|1[0-5])$' "$(field lac session '.[0].ppp_local')" "our address"

test_begin "500 pings cross it, none lost, all counted by our kernel"
sent=$(kernel_count lac tx_packets)
received=$(kernel_count lac rx_packets)
pings lac "$(field lac session '.[0].interface')" 198.51.100.1 500
# Beside the pings it asks for LCP echoes whenever it likes.
[ $(($(kernel_count lac tx_packets) - sent)) -ge 500 ] || fail "packets sent"
[ $(($(kernel_count lac rx_packets) - received)) -ge 500 ] || fail "packets received"

test_begin "we hang up, and call again in the same tunnel"
cli lac del session name alice
assert_no_call lac
call

test_begin "it is told to close: its StopCCN ends the call"
end l2tpns QUIT
wait_for 30 none lac session
assert_no_leftover lac

test_begin "a wrong secret: we refuse it, nothing in the kernel"
l2tpns_start something-else
assert_fails cli lac add tunnel name wrong remote "$lns4" peer lns
assert_match 'secret' "$(tail -n 3 "$(log_of lac)")" "what the LAC logged"
assert_no_leftover lac
end l2tpns

test_begin "nothing is left: no file, no tunnel, no pppd"
wait_for 60 none lac tunnel
assert_no_leaked_fds "${pid_of[lac]}" "$fds"
end lac
assert_eq 0 "$ended_with" "exit status"
assert_no_leftover lac
