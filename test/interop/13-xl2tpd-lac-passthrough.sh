#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# adit as LAC between two of others: pppd with Debian's PPPoE plugin dials, Debian's xl2tpd is the
# LNS, with pppd behind it. PAP and CHAP.
# Runs beside others, since it mostly waits.
# shellcheck source=test/kernel/lac.sh
. "$(dirname "${BASH_SOURCE[0]}")/../kernel/lac.sh"

need gojq xl2tpd pppd
need_module l2tp_ppp l2tp_netlink pppoe
ns_pair
access_net
subscriber_secrets
echo "* * tunnel-secret" >"$ADIT_RESULTS/l2tp-secrets"

# xl2tpd_start AUTH
xl2tpd_start() {
	local auth=$1 other=pap
	[ "$auth" = chap ] || other=chap
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
		require $auth = yes
		refuse $other = yes
		require authentication = yes
		pppoptfile = $ADIT_RESULTS/options.xl2tpd
	EOF
	printf '%s\n' "require-$auth" noipv6 >"$ADIT_RESULTS/options.xl2tpd"
	mkdir -p /run/xl2tpd
	spawn xl2tpd lns xl2tpd -D -c "$ADIT_RESULTS/xl2tpd.conf" -p /run/xl2tpd.pid \
		-C /run/xl2tpd/l2tp-control
	wait_for 10 test -p /run/xl2tpd/l2tp-control
}

one_up() {
	calls_are lac up 1
}

come_up() {
	online alice alice@example.com
	wait_for 5 one_up
}

gone_after() {
	"$@"
	wait_hung_up alice
	assert_no_caller lac
}

# run_auth pap|chap
run_auth() {
	local auth=$1 sub before sent

	test_begin "$auth: a subscriber's call goes through the LAC to xl2tpd"
	lac_config "$auth"
	xl2tpd_start "$auth"
	start lac lac
	come_up
	assert_eq xelerance.com "$(field lac tunnel '.[0].peer_vendor')" "the LNS's vendor"
	assert_match '^198\.51\.100\.[0-9]+$' "$(address_of alice)" "the subscriber's address"
	assert_eq 1 "$(kernel_sessions lac)" "sessions in the kernel"
	assert_bridged lac

	test_begin "$auth: 1,000 pings, none lost, all counted, and no processor time of the LAC's"
	sub=$(interface_of alice)
	pings sub "$sub" 198.51.100.1 10
	before=$(kernel_count lac rx_packets)
	sent=$(kernel_count lac tx_packets)
	assert_not_woken "${pid_of[lac]}" pings sub "$sub" 198.51.100.1 1000
	assert_eq 1000 $(($(kernel_count lac rx_packets) - before)) "packets received"
	assert_eq 1000 $(($(kernel_count lac tx_packets) - sent)) "packets sent"

	test_begin "$auth: the subscriber hangs up"
	gone_after kill -TERM "${pid_of[alice]}"

	test_begin "$auth: the LAC hangs up"
	come_up
	gone_after cli lac del call user alice@example.com

	test_begin "$auth: xl2tpd goes away: its StopCCN ends the call, and PADT reaches the subscriber"
	come_up
	end xl2tpd
	wait_hung_up alice
	assert_no_caller lac
	wait_for 30 none lac tunnel
	end lac
	assert_eq 0 "$ended_with" "exit status"
	assert_no_leftover
}

run_auth pap
run_auth chap
