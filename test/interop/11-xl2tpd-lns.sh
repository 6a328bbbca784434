#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# adit as LAC, Debian's xl2tpd as LNS.
# shellcheck source=test/kernel/adit.sh
. "$(dirname "${BASH_SOURCE[0]}")/../kernel/adit.sh"

need gojq xl2tpd pppd
need_module l2tp_ppp l2tp_netlink
ns_pair
ppp_secrets
configure_pair 4

cat >"$ADIT_RESULTS/xl2tpd.conf" <<-EOF
	[global]
	port = 1701
	listen-addr = $lns4
	auth file = $ADIT_RESULTS/l2tp-secrets
	[lns default]
	ip range = 198.51.100.10-198.51.100.200
	local ip = 198.51.100.1
	name = lns.example
	challenge = yes
	require chap = yes
	refuse pap = yes
	require authentication = yes
	pppoptfile = $ADIT_RESULTS/options.xl2tpd
EOF
echo "* * tunnel-secret" >"$ADIT_RESULTS/l2tp-secrets"
printf '%s\n' require-chap noipv6 >"$ADIT_RESULTS/options.xl2tpd"

xl2tpd_start() {
	mkdir -p /run/xl2tpd
	spawn xl2tpd lns xl2tpd -D -c "$ADIT_RESULTS/xl2tpd.conf" -p /run/xl2tpd.pid \
		-C /run/xl2tpd/l2tp-control
	wait_for 10 test -p /run/xl2tpd/l2tp-control
}

start lac lac
fds=$(fds_of "${pid_of[lac]}")
xl2tpd_start

test_begin "our call comes up, authenticated both ways, with CHAP"
cli lac add tunnel name up remote "$lns4" peer lns
cli lac add session name alice tunnel up ppp alice
wait_ppp_up lac 1
assert_eq xelerance.com "$(field lac tunnel '.[0].peer_vendor')" "vendor"

test_begin "1,000 pings cross it, none lost, all counted by the kernel"
before=$(kernel_count lac tx_packets)
received=$(kernel_count lac rx_packets)
pings lac "$(field lac session '.[0].interface')" 198.51.100.1 1000
assert_eq 1000 $(($(kernel_count lac tx_packets) - before)) "packets sent"
assert_eq 1000 $(($(kernel_count lac rx_packets) - received)) "packets received"

test_begin "we hang up, and call again"
cli lac del session name alice
assert_no_call lac
cli lac add session name alice tunnel up ppp alice
wait_ppp_up lac 1

test_begin "xl2tpd goes away: its StopCCN ends the call"
end xl2tpd
wait_for 30 none lac session
assert_no_leftover lac
xl2tpd_start

test_begin "a wrong secret: we refuse it, nothing in the kernel"
echo "* * something-else" >"$ADIT_RESULTS/l2tp-secrets"
end xl2tpd
xl2tpd_start
assert_fails cli lac add tunnel name wrong remote "$lns4" peer lns
assert_no_leftover lac
end xl2tpd

test_begin "nothing is left: no file, no tunnel, no pppd"
wait_for 60 none lac tunnel
assert_no_leaked_fds "${pid_of[lac]}" "$fds"
end lac
assert_eq 0 "$ended_with" "exit status"
assert_no_leftover
