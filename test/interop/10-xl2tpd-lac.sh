#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# adit as LNS, Debian's xl2tpd as LAC: its client is a call that it places with us.
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
	auth file = $ADIT_RESULTS/l2tp-secrets
	[lac adit]
	lns = $lns4
	name = lac.example
	challenge = yes
	require pap = no
	pppoptfile = $ADIT_RESULTS/options.xl2tpd
	length bit = yes
	autodial = no
EOF
echo "* * tunnel-secret" >"$ADIT_RESULTS/l2tp-secrets"
printf '%s\n' "user alice" noauth nodefaultroute noipv6 >"$ADIT_RESULTS/options.xl2tpd"

xl2tpd_start() {
	mkdir -p /run/xl2tpd
	spawn xl2tpd lac xl2tpd -D -c "$ADIT_RESULTS/xl2tpd.conf" -p /run/xl2tpd.pid \
		-C /run/xl2tpd/l2tp-control
	wait_for 10 test -p /run/xl2tpd/l2tp-control
}

dial() {
	echo "c adit" >/run/xl2tpd/l2tp-control
}

start lns lns
fds=$(fds_of "${pid_of[lns]}")

test_begin "xl2tpd's call comes up, authenticated both ways, with CHAP"
xl2tpd_start
dial
wait_ppp_up lns 1
assert_eq alice "$(field lns session '.[0].user')"
assert_eq xelerance.com "$(field lns tunnel '.[0].peer_vendor')" "vendor"

test_begin "1,000 pings cross it, none lost, all counted by the kernel"
interface=$(ip -n lac -o link show type ppp | awk -F': ' '{ print $2; exit }')
before=$(kernel_count lns rx_packets)
sent=$(kernel_count lns tx_packets)
pings lac "$interface" 198.51.100.1 1000
assert_eq 1000 $(($(kernel_count lns rx_packets) - before)) "packets received"
assert_eq 1000 $(($(kernel_count lns tx_packets) - sent)) "packets sent"

test_begin "xl2tpd hangs up"
echo "d adit" >/run/xl2tpd/l2tp-control
wait_for 20 none lns session
assert_no_call lns

test_begin "we hang up"
dial
wait_ppp_up lns 1
cli lns del session tunnel_id "$(field lns session '.[0].tunnel_id')" \
	session_id "$(field lns session '.[0].session_id')"
wait_for 20 none lns session
assert_no_call lns

test_begin "a wrong secret is refused, nothing in the kernel"
end xl2tpd
wait_for_log lns 'tunnel .* (down|failed)'
echo "* * something-else" >"$ADIT_RESULTS/l2tp-secrets"
xl2tpd_start
dial
# Both ends see it; who says so first is chance.
wait_for_log lns 'has another secret|Invalid challenge authentication'
assert_no_leftover lns
end xl2tpd

test_begin "nothing is left: no file, no tunnel, no pppd"
wait_for 60 none lns tunnel
assert_no_leaked_fds "${pid_of[lns]}" "$fds"
end lns
assert_eq 0 "$ended_with" "exit status"
assert_no_leftover lns
