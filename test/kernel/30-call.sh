#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One call between two aditd, over IPv4 and IPv6: pppd at both ends, packets counted in the kernel,
# and every way to hang up. After each nothing may be left.
# shellcheck source=test/kernel/adit.sh
. "$(dirname "${BASH_SOURCE[0]}")/adit.sh"

need gojq ping pppd
need_module l2tp_ppp l2tp_netlink
ns_pair
ppp_secrets

call() {
	cli lac add tunnel name up remote "$lns_address" peer lns
	cli lac add session name alice tunnel up ppp alice
	wait_ppp_up lns 1
}

# gone_after COMMAND...: hangs up, and all of the session disappears at both ends.
gone_after() {
	"$@"
	wait_for 20 none_anywhere session
	assert_no_call
}

run_family() {
	local family=$1 before_tx before_rx fds_lac fds_lns

	configure_pair "$family"
	test_begin "IPv$family: a tunnel with authentication and a call with CHAP come up"
	start lns lns
	start lac lac
	fds_lac=$(fds_of "${pid_of[lac]}")
	fds_lns=$(fds_of "${pid_of[lns]}")
	call
	assert_eq established "$(field lac tunnel '.[0].state')"
	assert_eq lns.example "$(field lac tunnel '.[0].peer_host_name')"
	assert_eq lac.example "$(field lns tunnel '.[0].peer_host_name')"
	assert_eq alice "$(field lns session '.[0].user')"

	test_begin "IPv$family: the kernel has the session that adit shows"
	assert_match "Session $(field lns session '.[0].session_id') in tunnel $(field lns tunnel '.[0].tunnel_id')" \
		"$(in_ns lns ip l2tp show session)"
	assert_eq 1 "$(kernel_sessions lac)"
	# 1500 less IP, UDP, L2TP and PPP headers.
	assert_match "mtu $((family == 4 ? 1462 : 1442)) " \
		"$(ip -n lac link show dev "$(field lac session '.[0].interface')")" "MTU"

	test_begin "IPv$family: 1,000 pings cross it, none lost, all counted by the kernel"
	before_tx=$(kernel_count lac tx_packets)
	before_rx=$(kernel_count lns rx_packets)
	pings lac "$(field lac session '.[0].interface')" 198.51.100.1 1000
	assert_eq 1000 $(($(kernel_count lac tx_packets) - before_tx)) "packets sent by the LAC"
	assert_eq 1000 $(($(kernel_count lns rx_packets) - before_rx)) "packets received by the LNS"
	assert_eq 0 "$(field lac session '.[0].rx_errors')"
	assert_eq true "$(field lac tunnel '.[0].data_tx_packets >= 1000')" "the tunnel's"
	assert_eq true "$(field lns stats '.[0].data_rx_packets >= 1000')" "of all tunnels"
	assert_eq "1 1 0" "$(field lns stats '.[0].messages | "\(.SCCRQ.in) \(.SCCRP.out) \(.SCCRQ.out)"')" \
		"SCCRQ in, SCCRP out, SCCRQ out"

	test_begin "IPv$family: the LAC hangs up"
	gone_after cli lac del session name alice
	assert_eq 1 "$(count_of lac tunnel)" "tunnels left"

	test_begin "IPv$family: the LNS hangs up"
	cli lac add session name alice tunnel up ppp alice
	wait_ppp_up lns 1
	gone_after cli lns del session tunnel_id "$(field lns tunnel '.[0].tunnel_id')" \
		session_id "$(field lns session '.[0].session_id')"
	assert_match 'closed by the administrator' "$(cat "$(log_of lac)")" "what the LAC logged"

	test_begin "IPv$family: the subscriber's pppd dies"
	cli lac add session name alice tunnel up ppp alice
	wait_ppp_up lns 1
	gone_after kill -KILL "$(field lac session '.[0].pppd_pid')"

	test_begin "IPv$family: the tunnel is closed with a call in it"
	cli lac add session name alice tunnel up ppp alice
	wait_ppp_up lns 1
	cli lac del tunnel name up
	assert_no_leftover lac
	wait_for 10 none_anywhere session
	assert_no_leftover

	test_begin "IPv$family: no file is left open"
	# The LNS keeps a closed tunnel's socket for a retransmission cycle, RFC 2661 5.7.
	assert_no_leaked_fds "${pid_of[lac]}" "$fds_lac"
	wait_for 45 none_anywhere tunnel
	assert_no_leaked_fds "${pid_of[lns]}" "$fds_lns"

	test_begin "IPv$family: a daemon that stops takes its calls with it"
	call
	end lns
	assert_eq 0 "$ended_with" "exit status"
	wait_for 10 none lac session
	end lac
	assert_eq 0 "$ended_with" "exit status"
	assert_no_leftover
}

run_family 4
run_family 6
